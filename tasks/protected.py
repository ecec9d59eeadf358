"""What stands in an article and is not language: addresses, placeholders, code, hashtags, mentions, emoji.

A model that is given such a span may translate it, change its quotation marks or drop it, and the reader cannot tell.
So it does not get the span: it gets a short name in its place, and the span is put back as it stood.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tasks.normalise import has_letters

#: Endings of domain names. A full stop without a space after it ("parti.Elle") is followed by a capital, so a small
#: ending that is a top-level domain is enough to tell an address.
_TOP_LEVEL = (
    "com|org|net|info|edu|gov|gouv|int|mil|eu|fr|be|ch|ca|lu|mc|re|pf|nc|gp|mq|yt|ma|dz|tn|sn|ci|ml|bf|ne|td|cm|ga|cg|cd|"
    "bj|tg|gn|mg|mu|ht|dj|km|rw|bi|cf|lb|de|at|it|es|pt|nl|uk|ie|us|io|ai|co|tv|me|cc|se|no|dk|fi|pl|cz|ro|gr|ru|ua|cn|"
    "jp|kr|in|br|mx|ar|au|nz|za|tr|il|app|dev|blog|news|press|media|paris|bzh|alsace|corsica|brussels|quebec|museum|"
    "online|site|shop|xyz|cloud|tech|pro|biz|aero|coop|name|example|test|invalid|localhost|local"
)
_FILE_ENDINGS = (
    "pdf|txt|docx?|odt|rtf|xlsx?|ods|csv|tsv|pptx?|odp|jpe?g|png|gif|svg|webp|mp3|mp4|avi|mkv|mov|wav|ogg|zip|gz|tgz|tar|rar|"
    "7z|html?|xml|json|jsonl|ya?ml|toml|ini|conf|cfg|log|sh|bash|bat|exe|dll|py|js|ts|java|cpp|rs|go|php|rb|sql|md|tex|"
    "bin|iso|deb|rpm|apk|dmg"
)
#: What may stand in an address: brackets in pairs, and at its end no punctuation, which is the sentence's.
_INSIDE = r"[^\s<>\"«»“”`{}|\\^\[\]()]"
_TAIL = rf"(?:(?:{_INSIDE}|\({_INSIDE}*\))*(?:(?![.,;:!?…'’*_]){_INSIDE}|\({_INSIDE}*\)))?"
#: After the text of a link in Markdown: its address, or the name of one.
_ADDRESS = r"\([^()\s]{0,2000}(?:\([^()\s]{0,200}\)[^()\s]{0,200})?(?:[ ]\"[^\"\n]{0,200}\")?\)|\[[^\[\]\n]{1,80}\]"
_LABEL = r"[^\W_](?:[\w-]*[^\W_])?"
_SPANS = re.compile(
    rf"""
      (?P<code> ``[^\n]{{1,400}}?`` | `[^`\n]{{1,400}}` )
    | (?P<link> (?<=\]) (?:{_ADDRESS}) | \[\^[\w-]{{1,40}}\] | <(?:https?://|mailto:)[^<>\s]+> )
    | (?P<url>
        (?<!\w) (?:[a-z][a-z0-9+.-]{{0,20}}://|(?:mailto|tel|sms|magnet|doi|urn|news):|www\.) (?=[\w/+%]) {_TAIL}
      )
    | (?P<mail> (?<![\w.+-]) [\w.+-]{{1,64}}@{_LABEL}(?:\.{_LABEL})+ )
    | (?P<tag> </?[a-z][a-z0-9-]*(?:\s+[\w:-]+(?:=(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>]+))?)*\s*/?> )
    | (?P<placeholder>
        \{{\{{[^{{}}\n]{{1,80}}\}}\}} | \$?\{{[^{{}}\n]{{0,80}}\}} | \[\[[^\[\]\n]{{1,80}}\]\]
      | %\([\w.]+\)[sdfr] | %(?:\d\$)?[sdf](?!\w) | \$[A-Za-z_]\w+ | %[A-Za-z_]\w*% | (?<!\S):[a-z_]+:(?!\S)
      )
    | (?P<domain> (?<![\w@.-]) (?:{_LABEL}\.)+(?:{_TOP_LEVEL})(?![\w-]|\.\w) (?:(?::\d+)?[/?\#]{_TAIL})? )
    | (?P<file>
        (?<![\w.=]) (?:[A-Za-z]:\\[\w.\\$-]*[\w$] | (?:~|\.{{1,2}})/[\w./-]*\w | /(?:\w[\w.-]*/)+[\w.-]*\w)
      | (?<![\w./=-]) (?:[\w-]+/)*[\w-]+(?:\.[\w-]+)*\.(?:{_FILE_ENDINGS})(?!\w)
      )
    | (?P<social> (?<![\w&/]) [\#@] (?=\w*[^\W\d]) \w+ (?:[.-]\w+)*(?:@{_LABEL}(?:\.{_LABEL})+)? )
    | (?P<identifier> (?<![\w./=-]) (?:[A-Za-z]\w*_\w+ | [A-Za-z_]\w*(?:\.\w+)*\(\)) (?!\w) )
    | (?P<emoji>
        (?:[\U0001F1E6-\U0001F1FF]{{2}} | [0-9\#*]\ufe0f?\u20e3
        | [\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001F000-\U0001FAFF]
          [\ufe0f\u200d\U0001F3FB-\U0001F3FF\U0001F000-\U0001FAFF\u2640\u2642\u2695\u2696\u2708\u2764\U000e0020-\U000e007f]*
        )+
      )
    """,
    re.VERBOSE,
)
#: Each of these spans has one of these. Most sentences have none, and this is found out twenty times as fast.
_SIGNS = re.compile(
    r"[]<`@{\\#_\u20e3\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001F000-\U0001FAFF]"
    r"|[:./](?=\S)|%(?=[\w(])|\$(?=\w)|\(\)"
)
#: What stands for a span: models copy it as they copy the name of a part or a room. The first that a text lacks.
_STEMS = ("XX", "ZQ", "QX", "KZ", "WQ")


@dataclass(frozen=True)
class Span:
    """A part of a text that is not language.

    Attributes:
        start, end: its place, in characters.
        kind: code, link, url, mail, tag, placeholder, domain, file, social, identifier or emoji; or term, which is a
            glossary's.
    """

    start: int
    end: int
    kind: str


def spans(text: str) -> Iterator[Span]:
    """The protected spans of a text, in order; none overlaps another."""
    if not _SIGNS.search(text):
        return
    for match in _SPANS.finditer(text):
        yield Span(match.start(), match.end(), str(match.lastgroup))


@dataclass(frozen=True)
class Masked:
    """A text with short names in the place of some spans.

    Attributes:
        text: what remains, with the names.
        names: the names in it, in order.
        contents: what each name stands for.
        before, after: what stood around the text and goes back around it.
    """

    text: str
    names: tuple[str, ...] = ()
    contents: tuple[str, ...] = ()
    before: str = ""
    after: str = ""

    def keeps_names(self, text: str) -> bool:
        """Whether each name is in ``text`` once, so that all contents can be put back."""
        return not self.names or Counter(_found(self.names, text)) == Counter(self.names)

    def restore(self, text: str) -> str:
        """``text`` with the contents in the place of their names, and with what stood around."""
        return f"{self.before}{self.restore_names(text)}{self.after}"

    def restore_names(self, text: str) -> str:
        """``text`` with the contents in the place of their names."""
        if not self.names:
            return text
        contents = dict(zip(self.names, self.contents, strict=True))
        return _pattern(self.names).sub(lambda name: contents.get(name[0].upper(), name[0]), text)

    def has_words(self, text: str) -> bool:
        """Whether there is a letter in ``text`` besides the names: something to translate."""
        return has_letters(_pattern(self.names).sub("", text) if self.names else text)

    def around_names(self, text: str) -> list[str]:
        """``text`` in pieces, each name one of them, with the space after it."""
        return [
            piece for piece in re.split(rf"({_pattern(self.names).pattern}\s*)", text, flags=re.IGNORECASE) if piece
        ]


#: Of a text that has no such span.
NOTHING_MASKED = Masked("")


def mask(text: str, others: Sequence[Span] = ()) -> Masked:
    """``text`` without what is not language: emoji at its ends left out, and each other span under a name.

    ``others`` are more spans that stay as they are, in order; one that overlaps a span of this module is left out.
    """
    found = list(spans(text))
    if others:
        found += [one for one in others if all(one.end <= span.start or span.end <= one.start for span in found)]
        found.sort(key=lambda span: span.start)
    start, end = 0, len(text)
    while found and found[0].kind == "emoji" and not text[start : found[0].start].strip():
        start = found.pop(0).end
    while found and found[-1].kind == "emoji" and not text[found[-1].end : end].strip():
        end = found.pop().start
    start += len(text[start:end]) - len(text[start:end].lstrip())
    end = start + len(text[start:end].rstrip())
    return replace(mask_spans(text, found, start, end), before=text[:start], after=text[end:])


def mask_spans(
    text: str, found: Sequence[Span], start: int = 0, end: int | None = None, contents: Sequence[str] | None = None
) -> Masked:
    """``text[start:end]`` with names in the place of the spans, which stand for ``contents``, by default the spans."""
    end = len(text) if end is None else end
    if not found:
        return Masked(text[start:end])
    stem = next((stem for stem in _STEMS if stem.casefold() not in text.casefold()), _STEMS[0])
    names = tuple(f"{stem}{number}" for number in range(1, len(found) + 1))
    pieces = []
    for span, name in zip(found, names, strict=True):
        pieces += [text[start : span.start], name]
        start = span.end
    if contents is None:
        contents = [text[span.start : span.end] for span in found]
    return Masked("".join([*pieces, text[start:end]]), names, tuple(contents))


def _found(names: Sequence[str], text: str) -> list[str]:
    return [name.upper() for name in _pattern(names).findall(text)]


def _pattern(names: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"{names[0][:2]}\d+", re.IGNORECASE)
