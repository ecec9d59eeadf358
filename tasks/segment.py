"""Splits a French article into paragraphs and sentences, and puts it together again without losing a character.

Rules of our own, in three layers. Each takes time in proportion to the length of the text, whatever stands in it:

1. Lines to paragraphs. A blank line ends a paragraph. A single line break ends one too, unless it is a hard wrap, that
   is, a break that a program put into a sentence to keep lines short (``_is_wrap``). So headings, list items, dialogue
   lines and one-paragraph-a-line texts each become paragraphs of their own.
2. Candidates. ``_CANDIDATE`` finds final punctuation with the closing quotes and footnote marks that belong to it, and
   the bullets of a list that somebody wrote in one line.
3. Decisions. ``_is_boundary`` looks at the word before and the word after: abbreviations, initials, numbers, quotes.

The libraries for this break French titles, initials or hard-wrapped lines. ``tests/unit/segment_golden.py`` holds the
cases that the rules must get right, and those that they are known to get wrong.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Sentence:
    """One sentence of an article, as it stands there.

    Attributes:
        paragraph: index of its paragraph in the article, from 0.
        sentence: index in its paragraph, from 0.
        text: not empty, no whitespace at either end; keeps the line breaks of hard-wrapped text.
        separator: the whitespace between it and the next sentence, or after it at the end of the article.
    """

    paragraph: int
    sentence: int
    text: str
    separator: str


@dataclass(frozen=True)
class Segmentation:
    """An article cut into sentences.

    Attributes:
        leading: the whitespace before the first sentence; the whole text where there is none.
        sentences: in reading order.
    """

    leading: str
    sentences: tuple[Sentence, ...]

    def join(self, texts: Sequence[str] | None = None) -> str:
        """Put the article together again, or its translation in the article's own layout.

        Args:
            texts: what to put in the place of each sentence, in order; by default the sentences themselves, which gives
                the article back exactly.

        Raises:
            ValueError: there are more or fewer texts than sentences.
        """
        if texts is None:
            texts = [sentence.text for sentence in self.sentences]
        return self.leading + "".join(text + s.separator for text, s in zip(texts, self.sentences, strict=True))


def segment(text: str) -> Segmentation:
    """Cut a text into paragraphs and sentences; ``segment(text).join() == text`` for every text.

    Whitespace is what ``str.isspace`` calls so, line ends are those of ``str.splitlines``.
    """
    spans = [
        (paragraph, number, start, end)
        for paragraph, (first, last) in enumerate(_paragraph_spans(text))
        for number, (start, end) in enumerate(_sentence_spans(text, first, last))
    ]
    starts = [start for _, _, start, _ in spans] + [len(text)]
    sentences = (
        Sentence(paragraph, number, text[start:end], text[end:following])
        for (paragraph, number, start, end), following in zip(spans, starts[1:], strict=True)
    )
    return Segmentation(text[: starts[0]], tuple(sentences))


# --- Lines to paragraphs ---------------------------------------------------------------------------------------------

#: Widths of hard-wrapped text, in characters. Mail and agency wires wrap at 65 to 80; a line beyond the upper bound was
#: not wrapped by anybody, and one below the lower bound may as well be a heading or an item.
_MIN_WRAP, _MAX_WRAP = 50, 120

_ITEM = re.compile(r"[–—•▪●■◦‣►]|[-*·]\s|(?:\d{1,2}|[a-zA-Z])\)\s|\d{1,2}\.\s")
_CLOSING = "\"'’”»)]\u00a0\u202f "
#: What may stand before the first letter of a sentence: quotes, brackets, dashes, and the mark of a cut, ``[…]``.
_OPENING = re.compile(r"""\A(?:[\[(](?:…|\.\.\.)[\])]|[\s"'‘“«(\[•–—-])*""")
#: The same between two sentences of a line, where signs, emoji, Markdown and invisible characters may stand as well.
_OPENING_IN_LINE = re.compile(r"\A(?:[\[(](?:…|\.\.\.)[\])]|[^\w.!?…,;:)\]}»”’#@€$£&%/=]|_)*")


def _paragraph_spans(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each paragraph, without the whitespace around it."""
    for block in _blocks(text):
        lines = [text[start:end] for start, end in block]
        width = _wrap_width(lines)
        first = block[0][0]
        for number in range(1, len(block)):
            if not _is_wrap(lines[number - 1], lines[number], width):
                yield first, block[number - 1][1]
                first = block[number][0]
        yield first, block[-1][1]


def _blocks(text: str) -> Iterator[list[tuple[int, int]]]:
    """Runs of lines without a blank line between them: start and end of each line, without the whitespace around it."""
    block: list[tuple[int, int]] = []
    position = 0
    for line in text.splitlines(keepends=True):
        if content := line.strip():
            start = position + line.index(content[0])
            block.append((start, start + len(content)))
        elif block:
            yield block
            block = []
        position += len(line)
    if block:
        yield block


def _wrap_width(lines: Sequence[str]) -> int:
    """The column at which a block was hard-wrapped, or 0 where it was not: no line of it ends in mid-sentence."""
    width = max(map(len, lines))
    wrapped = _MIN_WRAP <= width <= _MAX_WRAP and not all(map(_ends_clause, lines[:-1]))
    return width if wrapped else 0


def _ends_clause(line: str) -> bool:
    return line.rstrip(_CLOSING)[-1:] in tuple(".!?…:;")


def _is_wrap(line: str, following: str, width: int) -> bool:
    """Whether the break between two lines is a hard wrap, so that the paragraph goes on.

    A line of hard-wrapped text is full: the next word had no room on it. A full line is taken for a wrap unless the
    next line starts like a sentence though this one did not end one (a heading does that). In text that is not
    hard-wrapped, a break counts as a stray wrap only after a long line that goes on in lower case.
    """
    if _ITEM.match(following) or (line.isupper() and not following.isupper()):
        return False
    full = len(line) + 1 + len(following.split(maxsplit=1)[0]) > width > 0
    if _ends_clause(line):
        return full
    if _OPENING.sub("", following)[:1].islower():
        return full or len(line) >= _MIN_WRAP
    return full and not _opens_sentence(following)


# --- Paragraphs to sentences -----------------------------------------------------------------------------------------

#: How many characters a decision sees on each side of a full stop: more than any abbreviation or opening word needs.
_WINDOW = 40

_BULLETS = "•●▪■◦‣►▶"
_CANDIDATE = re.compile(
    rf"""
      (?:https?://|www\.) \S* [\w/]                                 # a web address: no dot in it is final
    | (?P<mark>
        [.!?…]++
        (?: (?:\s|&nbsp;)? (?:[!?…»”]|&raquo;|&rdquo;)            # « Quoi ? ! »
          | [.!?…"'’)\]] | &(?:quot|rsquo); )*+                     # (Non.)
        (?: \s? \[ \d{{1,3}} \] | [¹²³⁰⁴-⁹] )*+                     # footnote marks
        (?: [*_`]++ (?=\s) )?                                       # the end of Markdown's **emphasis**
        (?: [\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff] | &(?:nbsp|\#160|\#x[aA]0); )*+  # what nobody sees
      ) \s*+
    | (?<=\s) (?P<bullet> [{_BULLETS}] ) \s
    """,
    re.VERBOSE,
)
#: Before the first bullet of a list that is written in one line.
_BEFORE_LIST = tuple(":;.!?…")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: A name or a phrase always follows: the full stop never ends a sentence. Written small, they count capitalised too.
_NEVER_LAST = _words("""
    M MM Mr Mrs Ms Mme Mmes Mlle Mlles Dr Dre Drs Pr Pre Prs Me Mgr St Ste Sts Stes Sté Ets Ch Ph Th
    cf p.ex c.-à-d c-à-d av apr bd boul rte env approx ca v vs
""")
#: No end of a sentence before a figure: the number belongs to it. Most are words of their own as well (art, vol, no).
_BEFORE_NUMBER = _words("""
    art al par p pp vol chap ch n no nos fig tél tel t tab ms f max min h m s sec
    janv févr fév avr juil juill sept oct nov déc
""")
#: As initials, they end a sentence only where the next word is one that opens sentences.
_BEFORE_NAME = _words("""
    gén col cap cdt cne lt sgt adj sgt-chef adj-chef prof éd rééd trad dir coll sén prés dép min univ lyc
    pl imp all sq bât app esc arr hôt chât réf ann jr sr inc corp ltd cie
""")
_ABBREVIATIONS = _NEVER_LAST | _BEFORE_NUMBER | _BEFORE_NAME

#: Capitals alone, and ``Ch`` and ``Ph`` among them: J.-P., J-P., J.R.R., Ch.-A.
_INITIALS = re.compile(r"(?:[^\W\d_a-zß-ÿ]h?(?:\.-?|-))*[^\W\d_a-zß-ÿ]")
_LAST_WORD = re.compile(r"[\w.-]*\Z")
_FIRST_WORD = re.compile(r"[^\W\d_]*['’]?")
_NUMBER = re.compile(r"\d|[IVXLC]+(?![\w'’])")
_ENUMERATOR = re.compile(r"[\W_]*(?:\d{1,2}|[IVX]+|[a-zA-Z])")
_FOR_EXAMPLE = re.compile(r"\bp(?:\.|ar)\sex\Z", re.IGNORECASE)
_BEFORE_CHRIST = re.compile(r"\b(?:av|apr)\.\sJ\.?-?C\Z")
_SPACED_QUOTE = re.compile(r'"\s+')
_STRAIGHT_QUOTE = re.compile(r'"(?!\w)|(?<!\w)"')
_BRAND = re.compile(r"[a-z]{1,2}[A-Z]")
_FILE_OR_ADDRESS = re.compile(r"[\w’'-]*(?:[@/_=]|\.\w)")

#: Capitalised, these open a sentence; the articles may also be part of a name (Le Goff, La Fontaine).
_ARTICLES = _words("Le La Les L' Du Des De D'")
_OPENERS = _words("""
    Il Elle Ils Elles On Nous Vous Je J' Tu Ce C' Cet Cette Ces Ça Cela Ceci Celui Celle Ceux Celles Un Une En Au Aux À
    Dans Par Pour Sur Sous Selon Avec Sans Chez Vers Entre Depuis Pendant Durant Dès Malgré Mais Et Ou Or Donc Car Ni
    Puis Alors Après Avant Ainsi Aussi Si S' Qui Que Qu' Quand Quel Quelle Quels Quelles Quoi Comment Pourquoi Où Son Sa
    Ses Leur Leurs Mon Ma Mes Notre Nos Votre Vos Tout Tous Toute Toutes Aucun Aucune Nul Nulle Personne Rien Plusieurs
    Certains Certaines Chaque Lors Lorsque Lorsqu' Comme Puisque Parce Bien Ici Là Ne N' Non Oui Pas Plus Très Enfin
    Ensuite Toutefois Cependant Pourtant Néanmoins Aujourd' Lui Y Deux Trois Quatre Cinq
""")


def _sentence_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence of the paragraph ``text[start:end]``."""
    in_list = False
    for match in _CANDIDATE.finditer(text, start, end):
        if match["bullet"]:
            window = text[max(start, match.start() - _WINDOW) : match.start()]
            before = window.rstrip()
            in_list = in_list or before.endswith(_BEFORE_LIST)
            if in_list and before:
                yield start, match.start() - (len(window) - len(before))
                start = match.start()
            continue
        if not match["mark"] or match.end() == end:
            continue
        before = text[max(start, match.start() - _WINDOW) : match.start()]
        after = text[match.end() : min(match.end() + _WINDOW, end)]
        glued = match.end("mark") == match.end()
        if _is_glued_boundary(before, after) if glued else _is_boundary(before, match["mark"], after):
            stop, following = match.end("mark"), match.end()
            # A straight quote between two spaces shows no side: it closes where an odd number of them came before.
            quote = _SPACED_QUOTE.match(text, following, end)
            if quote and len(_STRAIGHT_QUOTE.findall(text, start, stop)) % 2:
                stop, following = following + 1, quote.end()
            yield start, stop
            start = following
    yield start, end


def _is_boundary(before: str, mark: str, after: str) -> bool:
    """Whether a sentence ends with a mark that whitespace follows."""
    before, after = html.unescape(before), _OPENING_IN_LINE.sub("", html.unescape(after))
    if not after[:1].isalnum():
        return after[:1] in tuple("#@€$£")
    if after[0].islower():
        return bool(_BRAND.match(after))
    if mark[0] in "!?":
        return True
    if mark.startswith(("…", "..")):
        return not (after[0].isdigit() or before.endswith(("[", "(")))
    return _is_full_stop(before, after)


def _is_full_stop(before: str, after: str) -> bool:
    """Whether the dot between a word and a capital or figure ends a sentence, rather than an abbreviation."""
    word = _last_word(before)
    if word in _NEVER_LAST or _ENUMERATOR.fullmatch(before) or _FOR_EXAMPLE.search(before):
        return False
    if word in _BEFORE_NUMBER and _NUMBER.match(after):
        return False
    if _BEFORE_CHRIST.search(before):
        return True
    if word in _BEFORE_NAME:
        return _opens_sentence(after)
    if _INITIALS.fullmatch(word):
        is_acronym = "." in word and "-" not in word
        return _opens_sentence(after) or (is_acronym and _first_word(after) in _ARTICLES)
    return True


def _is_glued_boundary(before: str, after: str) -> bool:
    """Whether a sentence ends with a mark that the next one follows without a space, as in ``parti.Elle``."""
    word = _last_word(before.rstrip())
    if not (word[-2:].isalpha() and word[-2:].islower() and len(word) > 1) or word in _NEVER_LAST:
        return False
    starts_word = after[0].isupper() and (after[1:2].islower() or after[1:2] in tuple("'’ \u00a0"))
    return after[0] in "«“" or (starts_word and not _FILE_OR_ADDRESS.match(after))


def _last_word(before: str) -> str:
    """The word that a dot follows; an abbreviation that starts a sentence loses its capital (``Cf``, ``Art``).

    Not so a single letter: ``P.`` is an initial, ``p.`` a page.
    """
    match = _LAST_WORD.search(before)
    word = match[0] if match else ""
    small = word[:1].lower() + word[1:]
    if len(word) > 1 and word not in _NEVER_LAST and small in _ABBREVIATIONS:
        return small
    first, _, last = word.rpartition("-")
    return last if first and len(last) > 1 and last in _ABBREVIATIONS else word


def _first_word(after: str) -> str:
    match = _FIRST_WORD.match(after)
    return match[0].replace("’", "'") if match else ""


def _opens_sentence(after: str) -> bool:
    """Whether a text starts with a capitalised function word, as sentences do and names do not."""
    word = _first_word(after)
    if word in _ARTICLES:
        return not _OPENING.sub("", after[len(word) :])[:1].isupper()
    return word in _OPENERS
