"""What stands in an article and is no language: addresses, placeholders, code, hashtags, mentions, emoji.

A model that is given such a span may translate it, change its quotation marks or drop it, and the reader cannot tell.
So it does not get the span: it gets a short name in its place, and the span is put back as it stood.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

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
#: What may stand in an address, but not at its end, where it is punctuation of the sentence.
_TAIL = r"(?:[^\s<>\"«»“”`{}|\\^\[\]]*(?:\([^\s<>()]*\)|[^\s<>\"«»“”`{}|\\^\[\].,;:!?…()'’*_]))?"
_LABEL = r"[^\W_](?:[\w-]*[^\W_])?"
_SPANS = re.compile(
    rf"""
      (?P<code> ``[^\n]{{1,400}}?`` | `[^`\n]{{1,400}}` )
    | (?P<url> (?<!\w) (?:[a-z][a-z0-9+.-]{{0,20}}://|(?:mailto|tel|sms|magnet|doi|urn|news):|www\.) (?=[\w/+%]) {_TAIL} )
    | (?P<mail> (?<![\w.+-]) [\w.+-]{{1,64}}@{_LABEL}(?:\.{_LABEL})+ )
    | (?P<tag> </?[a-z][a-z0-9-]*(?:\s+[\w:-]+(?:=(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>]+))?)*\s*/?> )
    | (?P<placeholder>
        \{{\{{[^{{}}\n]{{1,80}}\}}\}} | \$?\{{[^{{}}\n]{{0,80}}\}} | \[\[[^\[\]\n]{{1,80}}\]\]
      | %\([\w.]+\)[sdfr] | %(?:\d\$)?[sdf](?!\w) | \$[A-Za-z_]\w+ | %[A-Za-z_]\w*% | (?<!\S):[a-z_]+:(?!\S)
      )
    | (?P<domain> (?<![\w@.-]) (?:{_LABEL}\.)+(?:{_TOP_LEVEL})(?![\w-]|\.\w) (?:(?::\d+)?[/?\#]{_TAIL})? )
    | (?P<file>
        (?<![\w.]) (?:[A-Za-z]:\\[\w.\\$-]*[\w$] | (?:~|\.{{1,2}})/[\w./-]*\w | /(?:\w[\w.-]*/)+[\w.-]*\w)
      | (?<![\w./-]) [\w-]+(?:\.[\w-]+)*\.(?:{_FILE_ENDINGS})(?!\w)
      )
    | (?P<social> (?<![\w&/]) [\#@] (?=\w*[^\W\d]) \w+ (?:[.-]\w+)*(?:@{_LABEL}(?:\.{_LABEL})+)? )
    | (?P<identifier> (?<![\w.-]) (?:[A-Za-z]\w*_\w+ | [A-Za-z_]\w*(?:\.\w+)*\(\)) (?!\w) )
    | (?P<emoji>
        (?:[\U0001F1E6-\U0001F1FF]{{2}} | [0-9\#*]\ufe0f?\u20e3
        | [\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001F000-\U0001FAFF]
          [\ufe0f\u200d\U0001F3FB-\U0001F3FF\U0001F000-\U0001FAFF\u2640\u2642\u2695\u2696\u2708\u2764\U000e0020-\U000e007f]*
        )+
      )
    """,
    re.VERBOSE,
)
#: The names that stand for the spans: two letters that hardly any text has together, and a figure.
_NAME = "Z{}Q"
_NAMED = re.compile(r"Z(\d+)Q", re.IGNORECASE)


@dataclass(frozen=True)
class Span:
    """A part of a text that is no language.

    Attributes:
        start, end: its place, in characters.
        kind: code, url, mail, tag, placeholder, domain, file, social, identifier or emoji.
    """

    start: int
    end: int
    kind: str


def spans(text: str) -> Iterator[Span]:
    """The protected spans of a text, in order; none overlaps another."""
    for match in _SPANS.finditer(text):
        yield Span(match.start(), match.end(), str(match.lastgroup))
