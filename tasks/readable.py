"""What a model's vocabulary lacks is written so that the model can read it, and put back into the English.

The vocabularies of many translation models have no dash but the hyphen, or no euro sign: each such character reaches
the model as an unknown token, which garbles the sentence around it. Which characters those are, the model's tokenizer
says. What to write in their place stands here for all languages, and in the two modules ``signs.py`` of translation and
summary for the signs that are read as words of a language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

#: Says which characters of a text a model cannot read where they stand.
Unreadable = Callable[[str], Set[str]]

#: Letters that do not come apart into a plain one and its accents.
_LETTERS = {"œ": "oe", "Œ": "Oe", "æ": "ae", "Æ": "Ae", "ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d"} | {
    "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i", "ƒ": "f", "µ": "u"
}  # fmt: skip
#: Marks that part what stands on either side, as a dash does.
_SEPARATORS = "—–―‒−⁃|¦•·▪■►→"
#: Marks in whose place another says the same.
_MARKS = (
    dict.fromkeys(_SEPARATORS, "-")
    | dict.fromkeys("«»“”„‟″", '"')
    | dict.fromkeys("‹›‘’‚‛′`´", "'")
    | {"…": "...", "\\": "/", "⁄": "/", "[": "(", "]": ")", "{": "(", "}": ")", "!": ".", ";": ","}
)
#: Signs behind a name that come apart into letters, which would read as a part of it.
_RAISED = "™℠"
#: Categories of what may be taken off the ends of a sentence: marks that do not come in pairs, signs, accents.
_TAKEN_OFF = frozenset({"Pd", "Po", "Pc", "So", "Sk", "Sm", "Mn"})

#: A run without spaces, apostrophes, quotation marks and brackets: a word, an address, a pair of figures.
_CHUNK = re.compile(r"[^\s'\"’“”«»()\[\]]+")
_EDGES = ".,;:!?…"
_OPENING = tuple("([{")
_SPACES = re.compile(r"\s+")
_SPACE_BEFORE_STOP = re.compile(r" (?=[.,](?:\s|$))")
_LONE = r"(?<!\S)[{}](?!\S)"
_IN_FIGURES = r"(?<=\d)[{}](?=\d)"


@dataclass(frozen=True)
class Readable:
    """A text as a model can read it, with what its translation needs to get the original's characters back.

    Attributes:
        text: what the model is given; without letters where it can read none of the original.
        before: taken off the front, such as the dash of a dialogue, with the space after it.
        after: taken off the end, with the space before it.
        lone: for each hyphen between spaces in ``text``, what the original has there.
        in_figures: the same for each hyphen between figures.
        words: names, addresses and the like as the original has them, by what the model is given for each.
        lost: signs that say something and that the model is given nothing for.
    """

    text: str
    before: str = ""
    after: str = ""
    lone: tuple[str, ...] = ()
    in_figures: tuple[str, ...] = ()
    words: tuple[tuple[str, str], ...] = ()
    lost: frozenset[str] = frozenset()

    def restored(self, english: str) -> str:
        """The translation of ``text`` with the original's own characters where they can only belong there."""
        if not english:
            return english
        for given, original in self.words:
            # A long text has many, and most of them are not in its summary: a look is cheaper than a pattern.
            english = _with_word(english, given, original) if given in english else english
        english = _with_marks(_LONE, self.lone, english)
        english = _with_marks(_IN_FIGURES, self.in_figures, english)
        return f"{self.before}{english}{self.after}"

    def misses(self, english: str) -> bool:
        """Whether a restored translation lacks signs that say something: more than accents and kinds of dashes."""
        return any(sign not in english for sign in self.lost)


def readable(original: str, unreadable: Unreadable, *, keeps_language: bool = False) -> Readable:
    """What a model is given for a text, so that nothing of it is unknown to it.

    Args:
        original: normalised text on one line, its signs spelt out.
        unreadable: the characters of a text that the model cannot read.
        keeps_language: whether the model writes in the language of the text, so that common words can be found again.
    """
    lacking = unreadable(original)
    if not lacking:
        return Readable(original)
    before, core, after = _ends_taken_off(original, lacking)
    draft = _Draft(keeps_language)
    end = 0
    for chunk in _CHUNK.finditer(core):
        draft.add_between(core[end : chunk.start()], lacking)
        draft.add_chunk(chunk[0], unreadable(chunk[0]) if lacking & set(chunk[0]) else frozenset())
        end = chunk.end()
    draft.add_between(core[end:], lacking)
    text = "".join(draft.given)
    # A mark may be readable in the vocabulary's longer pieces alone; and a stand-in may be lacking itself.
    if left := unreadable(text):
        text = "".join(_stand_in(c) or "" if c in left else c for c in text)
    if left := unreadable(text):
        draft.lost |= {c for c in left if c not in _MARKS}
        text = "".join(c for c in text if c not in left)
    text = _SPACES.sub(" ", text).strip()
    if draft.lost:
        text = _SPACE_BEFORE_STOP.sub("", text)
    return Readable(
        text,
        before,
        after,
        tuple(draft.lone),
        tuple(draft.in_figures),
        tuple(draft.changed_words()),
        frozenset(draft.lost),
    )


@dataclass
class _Draft:
    """What the model is given, as far as it is written.

    Attributes:
        keeps_language: see :func:`readable`.
        words: the originals of each word that it is given and that can be found again in what it writes.
    """

    keeps_language: bool
    given: list[str] = field(default_factory=list)
    lone: list[str] = field(default_factory=list)
    in_figures: list[str] = field(default_factory=list)
    words: dict[str, set[str]] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)

    def add_between(self, text: str, lacking: Set[str]) -> None:
        """Spaces, quotation marks and brackets."""
        self.given.append("".join(_stand_in(c) or "" if c in lacking else c for c in text))

    def add_chunk(self, chunk: str, lacking: Set[str]) -> None:
        """A word or a sign with what touches it."""
        written = [self._written(chunk, place, lacking) for place in range(len(chunk))]
        if written == ["-"]:
            self.lone.append(chunk)
        inside = range(1, len(chunk) - 1)
        self.in_figures += [
            chunk[i] for i in inside if written[i] == "-" and chunk[i - 1].isdigit() and chunk[i + 1].isdigit()
        ]
        given = "".join(written)
        self.given.append(given)
        plain, original = given.strip(_EDGES), chunk.strip(_EDGES)
        # A name or an address stays what it is in another language; a common word is another one there.
        stays = self.keeps_language or original[:1].isupper() or not original.isalpha()
        if stays and any(map(str.isalnum, plain)):
            self.words.setdefault(plain, set()).add(original)

    def changed_words(self) -> Iterator[tuple[str, str]]:
        """Each word that the model is given in another spelling than the original's, where that has one alone."""
        for given, originals in self.words.items():
            if len(originals) == 1 and given not in originals:
                yield given, next(iter(originals))

    def _written(self, chunk: str, place: int, lacking: Set[str]) -> str:
        sign = chunk[place]
        if sign not in lacking:
            return sign
        stand_in = _stand_in(sign)
        if stand_in is not None:
            return stand_in
        self.lost.add(sign)
        is_between = chunk[place - 1 : place].isalnum() and chunk[place + 1 : place + 2].isalnum()
        return "-" if is_between and not sign.isalnum() else ""


def with_words(text: str, lacking: Set[str], words: Mapping[str, str], words_before_figures: Mapping[str, str]) -> str:
    """A text with words for those signs in ``lacking`` that stand for words, anywhere or before figures alone."""
    for sign in sorted(lacking & words.keys()):
        text = worded(text, re.escape(sign), words[sign])
    for sign in sorted(lacking & words_before_figures.keys()):
        text = worded(text, rf"{re.escape(sign)}\s?(?=\d)", words_before_figures[sign])
    return text


def worded(text: str, sign: str, word: str) -> str:
    """With a word for each sign that a pattern finds, parted from the words and figures around it."""

    def written(found: re.Match[str]) -> str:
        previous, following = text[max(0, found.start() - 1) : found.start()], text[found.end() : found.end() + 1]
        before = " " if found[1] or (previous and previous not in "('\"") else ""
        after = " " if found[2] or following.isalnum() or following in _OPENING else ""
        return f"{before}{word}{after}"

    return re.sub(rf"(\s*){sign}(\s*)", written, text).strip()


def _stand_in(sign: str) -> str | None:
    """What is nearest to a character; None where nothing is near."""
    if sign in _MARKS or sign in _LETTERS:
        return _MARKS.get(sign) or _LETTERS[sign]
    if sign in _RAISED:
        return None
    plain = "".join(c for c in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(c)).replace("⁄", "/")
    return plain if plain != sign and plain.isascii() else None


def _ends_taken_off(text: str, lacking: Set[str]) -> tuple[str, str, str]:
    """The signs at both ends that the model cannot read and that belong to no word, and what is between them."""
    signs = "".join(c for c in lacking if unicodedata.category(c) in _TAKEN_OFF)
    # No regular expression: one for rows of signs and spaces tries every way to part a row of dashes.
    row = len(text) - len(text.lstrip(signs + " "))
    start = text.rfind(" ", 0, row) + 1 if text[:1] in set(signs) else 0
    core = text[start:]
    if core[-1:] in set(signs):
        core = core.rstrip(signs + " ")
    return text[:start], core, text[start + len(core) :]


def _with_marks(place: str, marks: Sequence[str], english: str) -> str:
    """The original's marks in their places: one by one where there are as many, or where all are the same."""
    pattern = re.compile(place.format(re.escape("".join({"-", *marks}))))
    places = len(pattern.findall(english))
    if not marks or not places or (places != len(marks) and len(set(marks)) > 1):
        return english
    following = iter(marks if places == len(marks) else [marks[0]] * places)
    return pattern.sub(lambda _: next(following), english)


def _with_word(english: str, given: str, original: str) -> str:
    return re.sub(rf"(?<!\w){re.escape(given)}(?!\w)", lambda _: original, english)
