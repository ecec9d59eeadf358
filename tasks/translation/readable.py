"""What a model's vocabulary lacks is written so that the model can read it, and put back into the English.

The vocabularies of many translation models have no dash but the hyphen, or no euro sign: each such character reaches
the model as an unknown token, which garbles the sentence around it. Which characters those are, the model's tokenizer
says; what to write in their place is knowledge of French, and stands here and in ``signs.py``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence, Set
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
            english = _with_word(english, given, original)
        english = _with_marks(_LONE, self.lone, english)
        english = _with_marks(_IN_FIGURES, self.in_figures, english)
        return f"{self.before}{english}{self.after}"

    def misses(self, english: str) -> bool:
        """Whether a restored translation lacks signs that say something: more than accents and kinds of dashes."""
        return any(sign not in english for sign in self.lost)


def readable(french: str, unreadable: Unreadable) -> Readable:
    """What a model is given for a text, so that nothing of it is unknown to it.

    Args:
        french: one normalised sentence, its signs spelt out.
        unreadable: the characters of a text that the model cannot read.
    """
    lacking = unreadable(french)
    if not lacking:
        return Readable(french)
    before, core, after = _ends_taken_off(french, lacking)
    draft = _Draft()
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
        words: the originals of each name or address that it is given.
    """

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
        # A name or an address can be found again in the English; a common word is another one there.
        if any(map(str.isalnum, plain)) and (original[0].isupper() or not original.isalpha()):
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


def _stand_in(sign: str) -> str | None:
    """What is nearest to a character; None where nothing is near."""
    if sign in _MARKS or sign in _LETTERS:
        return _MARKS.get(sign) or _LETTERS[sign]
    if sign in _RAISED:
        return None
    plain = "".join(c for c in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(c)).replace("⁄", "/")
    return plain if plain != sign and plain.isascii() else None


def _ends_taken_off(french: str, lacking: Set[str]) -> tuple[str, str, str]:
    """The signs at both ends that the model cannot read and that belong to no word, and what is between them."""
    signs = "".join(re.escape(c) for c in sorted(lacking) if unicodedata.category(c) in _TAKEN_OFF)
    if not signs:
        return "", french, ""
    front = re.match(rf"(?:[{signs}]+\s+)*", french)
    start = front.end() if front else 0
    back = re.search(rf"(?:\s*[{signs}]+)*$", french[start:])
    end = start + back.start() if back else len(french)
    return french[:start], french[start:end], french[end:]


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
