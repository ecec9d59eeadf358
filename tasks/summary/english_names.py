"""Does an English sentence name anybody or anything that an English text does not?

Unlike ``names``, which finds French names in a translation, both sides are English here, so spellings must agree: a
name may only change between a country and its people, an organisation and its initials, the possessive, and letter
case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from tasks.checks.names import begins_sentence
from tasks.normalise import fold
from tasks.summary.english import STOP_WORDS, WORD, stem

_DOTTED = re.compile(r"(?<![^\W_])(?:[A-Z]\.){2,}")
_POSSESSIVE = re.compile(r"['’]s?$")
_CONTRACTION = re.compile(r"n['’]t$|['’](?:re|ve|ll|d|m)$")
#: What may stand inside a name, between two of its words.
_INSIDE = re.compile(r"[ -]")
_LINKS = frozenset("of and the for de du des la le les d'".split())
_MOST_INITIALS = 6
_STEMMED = 5

#: Words that name the same; those of a row count as one.
_SAME = """
mrs ms miss
dr doctor
prof professor
gen general
sen senator
gov governor
us usa america american americans washington
uk britain british britons england english
eu europe european europeans
un nations
france french frenchman frenchmen
germany german germans
spain spanish spaniards
italy italian italians
portugal portuguese
netherlands dutch holland
belgium belgian belgians
switzerland swiss
austria austrian austrians
poland polish poles
greece greek greeks
denmark danish danes
sweden swedish swedes
norway norwegian norwegians
finland finnish finns
ireland irish
scotland scottish scots
wales welsh
turkey turkish turks
hungary hungarian hungarians
ukraine ukrainian ukrainians
china chinese
japan japanese
lebanon lebanese
israel israeli israelis
iraq iraqi iraqis
iran iranian iranians
afghanistan afghan afghans
syria syrian syrians
algeria algerian algerians
morocco moroccan moroccans
tunisia tunisian tunisians
senegal senegalese
mali malian malians
niger nigerien
ivory ivorian ivorians
congo congolese
canada canadian canadians
quebec quebecois quebecer quebecers
brazil brazilian brazilians
mexico mexican mexicans
argentina argentine argentinian argentines
paris parisian parisians
january jan
february feb
april apr
august aug
september sept sep
october oct
november nov
december dec
monday mon
tuesday tue tues
wednesday wed
thursday thu thurs
friday fri
saturday sat
sunday sun
"""
_GROUPS = {word: row.split()[0] for row in _SAME.strip().splitlines() for word in row.split()}
#: Capitalised before a name, and no part of it.
_TITLES = frozenset(
    "mr dr prof sir lord lady saint st president vice prime minister mayor king queen prince princess pope "
    "general colonel captain lieutenant judge senator deputy secretary chancellor chief director chairman "
    "chairwoman head coach professor doctor bishop archbishop cardinal ambassador governor prefect commissioner "
    "spokesman spokeswoman spokesperson former ex north south east west northern southern eastern western central "
    "greater new".split()
)
#: Common words that open a sentence of a summary although the article may put it otherwise.
_COMMON = frozenset(
    "above according across along alongside among amid anyone around authorities besides campaigners children "
    "citizens city clubs companies company council councillors couples court critics customers despite doctors "
    "drivers earlier eight either eleven elected employees even events everyone everything experts families "
    "farmers fears few fifteen fifty fire firefighters five following forty four government half here hospitals "
    "hundreds inside instead inhabitants investigators judges lawmakers lawyers less locals management many men "
    "millions ministers near nearly neighbours neither nine nobody none nurses officers officials once opponents "
    "otherwise outside parents parties passengers past people perhaps plans police politicians prices producers "
    "prosecutors protesters pupils rather region rescuers residents researchers schools scientists seven "
    "shareholders shops shortly six soon specialists staff students supporters teachers team ten tens thirty "
    "thousands three throughout together tourists town traders trains travellers twelve twenty twice unions "
    "unlike users victims village villagers visitors volunteers voters whether within without witnesses women "
    "workers work young".split()
)
_COMMON_ENDING = re.compile(r".{3,}(?:ing|ly|ed)")


@dataclass(frozen=True)
class _Word:
    """A word of a text, and how it stands there."""

    text: str
    opens: bool
    joined: bool

    @cached_property
    def folded(self) -> str:
        return fold(self.text).replace("’", "'")

    @property
    def is_capital(self) -> bool:
        return len(self.text) > 1 and any(c.isupper() for c in self.text)


@dataclass
class Names:
    """The words of an English text, ready to be asked whether a name stands there."""

    _keys: set[str] = field(default_factory=set)
    _capital_keys: set[str] = field(default_factory=set)
    _small: set[str] = field(default_factory=set)
    _stems: set[str] = field(default_factory=set)
    _pairs: set[tuple[str, str]] = field(default_factory=set)
    _initials: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, sentences: Iterable[str]) -> Names:
        """Read a text, a sentence at a time."""
        names = cls()
        for sentence in sentences:
            names._add(list(_words(sentence)))
        return names

    def _add(self, words: Sequence[_Word]) -> None:
        for index, word in enumerate(words):
            keys = _keys(word.folded)
            self._keys |= keys
            self._stems.add(stem(word.folded)[:_STEMMED])
            if word.is_capital:
                self._capital_keys |= keys
            else:
                self._small.add(word.folded)
            # A middle name or "de la" may be left out.
            self._pairs |= {(word.folded, other.folded) for other in words[index + 1 : index + 4]}
        self._initials |= _all_initials(words)

    def unknown(self, sentence: str) -> list[str]:
        """The names of ``sentence`` that the text does not have, as written, in order.

        Two words of one name must stand near each other in the text too, so that nobody gets another's surname.
        """
        words = list(_words(sentence))
        spelt_out = _spelt_out(words, self._capital_keys)
        found = []
        for index, word in enumerate(words):
            if not word.is_capital or index in spelt_out:
                continue
            following = words[index + 1] if index + 1 < len(words) else None
            in_name = bool(following and following.joined and following.is_capital)
            if not self._has(word, in_name=in_name):
                found.append(word.text)
            elif following and in_name and index + 1 not in spelt_out and self._is_mixed(word, following):
                found.append(f"{word.text} {following.text}")
        return found

    def _has(self, word: _Word, *, in_name: bool) -> bool:
        keys = _keys(word.folded)
        if word.text.isupper():
            # "WHO" is not "who".
            return not keys.isdisjoint(self._capital_keys) or word.folded in self._initials
        if not keys.isdisjoint(self._keys) or word.folded in STOP_WORDS or _CONTRACTION.search(word.folded):
            return True
        return word.opens and (word.folded in _COMMON or (not in_name and self._is_common(word.folded)))

    def _is_common(self, folded: str) -> bool:
        return bool(_COMMON_ENDING.fullmatch(folded)) or (
            len(folded) > _STEMMED and stem(folded)[:_STEMMED] in self._stems
        )

    def _is_mixed(self, first: _Word, second: _Word) -> bool:
        one, other = first.folded, second.folded
        if not (self._is_own(one) and self._is_own(other)) or first.text.isupper():
            return False
        return (one, other) not in self._pairs

    def _is_own(self, folded: str) -> bool:
        """Whether a word is only ever a name in the text."""
        return folded not in self._small | STOP_WORDS | _TITLES | _COMMON and folded not in _GROUPS


def _words(sentence: str) -> Iterator[_Word]:
    text = _DOTTED.sub(lambda match: match[0].replace(".", ""), sentence)
    end, was_possessive = 0, True
    for match in WORD.finditer(text):
        word = _POSSESSIVE.sub("", match[0])
        joined = not was_possessive and bool(_INSIDE.fullmatch(text[end : match.start()]))
        yield _Word(word, begins_sentence(text, match.start()), joined)
        end, was_possessive = match.end(), word != match[0]


def _keys(folded: str) -> frozenset[str]:
    """What a word is found by: itself, its singular, and what names the same."""
    single = folded.removesuffix("s") if len(folded) > 3 else folded
    return frozenset({single, _GROUPS.get(folded, single)})


def _runs(words: Sequence[_Word]) -> Iterator[list[int]]:
    """The places of capitalised words that follow each other, small words of names between them."""
    run: list[int] = []
    for index, word in enumerate(words):
        if word.is_capital and word.folded not in _LINKS:
            run.append(index)
        elif word.folded not in _LINKS:
            yield run
            run = []
    yield run


def _all_initials(words: Sequence[_Word]) -> set[str]:
    return {
        "".join(words[index].folded[0] for index in run[start:end])
        for run in _runs(words)
        for start in range(len(run))
        for end in range(start + 2, min(start + _MOST_INITIALS, len(run)) + 1)
    }


def _spelt_out(words: Sequence[_Word], known: set[str]) -> set[int]:
    """The places of words that spell out initials that are known: European Union for EU."""
    return {
        index
        for run in _runs(words)
        for start in range(len(run))
        for end in range(start + 2, min(start + _MOST_INITIALS, len(run)) + 1)
        if "".join(words[i].folded[0] for i in run[start:end]) in known
        for index in run[start:end]
    }
