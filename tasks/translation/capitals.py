"""Text in capitals, put in sentence case for the model and back: models were trained on little of it.

A title may be all capitals, or a sentence begin with a block of them: ``INONDATIONS AU SUD : le bilan monte``. Which of
its words are names and acronyms is seen from the rest of the article, where that is not in capitals.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from tasks.checks.names import begins_sentence
from tasks.normalise import fold

_WORD = re.compile(r"[^\W_]+")
#: "1er", "18h" and "XXe" are small even in capitals.
_SMALL_ENDING = re.compile(r"(?<=\d)(?:ers?|res?|[eè]mes?|es?|h)\b|(?<=\b[XVI])es?\b|(?<=[XVI]{2})es?\b")
#: White space is only looked at from its beginning, so that the time grows with its length and no faster.
_LEAD = re.compile(r"(?P<block>[^:;–—\n]*?)(?<!\s)(?:\s*[:;]|\s+[–—-])\s+(?=\S)")
#: VIE is a word.
_ROMAN = re.compile(r"(?!VIE$)(?=[XVI]{2}|[XV](?i:e)$|I(?i:er)$)(X{0,3})(IX|IV|V?I{0,3})(?P<ending>(?i:er|e|[èe]me))?")
_VOWELS = re.compile("[aeiouy]")
_TITLES = {"MME": "Mme", "MMES": "Mmes", "MLLE": "Mlle", "MGR": "Mgr", "DR": "Dr"}
#: Longer words in capitals are shouted ones; a shorter one alone may as well be an acronym.
_LONGEST_ACRONYM = 5
_LEAST_LETTERS = 4


class Spellings:
    """How an article spells its words where it does not use capitals throughout."""

    def __init__(self, sentences: Iterable[str]) -> None:
        """Learn from the sentences, those in capitals and leading blocks left out."""
        self._forms: dict[str, Counter[str]] = defaultdict(Counter)
        for sentence in sentences:
            start = _surely_shouted(sentence)
            for word in _WORD.finditer(sentence, start):
                is_shouted = word[0].isupper() and len(word[0]) > _LONGEST_ACRONYM
                if not is_shouted and not begins_sentence(sentence, word.start()):
                    self._forms[word[0].casefold()][word[0]] += 1

    def shouted_end(self, sentence: str) -> int:
        """Where the capitals at the start of ``sentence`` end, the mark and space after them included.

        0 where it does not start with any, its length where it is all capitals. One word short enough for an acronym,
        before a mark, counts as one unless the article elsewhere spells it otherwise.
        """
        end = _surely_shouted(sentence)
        if end or not (lead := _LEAD.match(sentence)):
            return end
        block = lead["block"].strip()
        known = self._known(block)
        return lead.end() if _in_capitals(block) and known and known != block else 0

    def sentence_case(self, text: str) -> str:
        """A text in capitals with those that it would have in a sentence.

        Words that the article has in other places are spelt as there. Roman numerals, initials, and short words without
        a vowel, which can only be acronyms, stay; all else becomes small, but for the first letter, where no figure
        stands before it.
        """
        cased = _WORD.sub(lambda match: self._cased(match[0], text[match.end() : match.end() + 1]), text)
        first = next((place for place, c in enumerate(cased) if c.isalpha()), 0)
        if any(map(str.isdigit, cased[:first])):
            return cased
        return cased[:first] + cased[first : first + 1].upper() + cased[first + 1 :]

    def _cased(self, word: str, after: str) -> str:
        if any(map(str.isdigit, word)):
            return word.lower() if word[0].isdigit() else word
        if word in _TITLES:
            return _TITLES[word]
        if known := self._known(word):
            return known
        if roman := _ROMAN.fullmatch(word):
            return roman[1] + roman[2] + (roman["ending"] or "").lower()
        is_initial = len(word) == 1 and after == "."
        is_acronym = 1 < len(word) <= _LONGEST_ACRONYM and not _VOWELS.search(fold(word))
        return word if is_initial or is_acronym else word.lower()

    def _known(self, word: str) -> str | None:
        forms = self._forms.get(word.casefold())
        return forms.most_common(1)[0][0] if forms else None


def _surely_shouted(sentence: str) -> int:
    """Where capitals that cannot be a single acronym end; 0 where there are none."""
    if _in_capitals(sentence) and _letters(sentence) >= _LEAST_LETTERS:
        return len(sentence)
    lead = _LEAD.match(sentence)
    if not lead or not _in_capitals(lead["block"]):
        return 0
    words = [word for word in _WORD.findall(lead["block"]) if not word.isdigit()]
    return lead.end() if len(words) > 1 or any(len(word) > _LONGEST_ACRONYM for word in words) else 0


def _in_capitals(text: str) -> bool:
    return _SMALL_ENDING.sub("", text).isupper()


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))
