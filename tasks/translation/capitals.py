"""Puts text that is in capitals in sentence case for the model, which has learnt little from capitals.

A title may be all in capitals, or a sentence may begin with a block of them: ``INONDATIONS AU SUD : le bilan monte``.
The rest of the article shows which of these words are names and acronyms, where it is not in capitals itself.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from tasks.checks.names import begins_sentence
from tasks.normalise import fold

_WORD = re.compile(r"[^\W_]+")
#: The endings of "1er", "18h" and "XXe" are small letters even in a text in capitals.
_SMALL_ENDING = re.compile(r"(?<=\d)(?:ers?|res?|[eè]mes?|es?|h)\b|(?<=\b[XVI])es?\b|(?<=[XVI]{2})es?\b")
#: White space is only looked at from its beginning, so that the time grows with its length and no faster.
_LEAD = re.compile(r"(?P<block>[^:;–—\n]*?)(?<!\s)(?:\s*[:;]|\s+[–—-])\s+(?=\S)")
#: A Roman numeral. VIE looks like one, but is a word.
_ROMAN = re.compile(r"(?!VIE$)(?=[XVI]{2}|[XV](?i:e)$|I(?i:er)$)(X{0,3})(IX|IV|V?I{0,3})(?P<ending>(?i:er|e|[èe]me))?")
_VOWELS = re.compile("[aeiouy]")
_TITLES = {"MME": "Mme", "MMES": "Mmes", "MLLE": "Mlle", "MGR": "Mgr", "DR": "Dr"}
#: A longer word in capitals is an ordinary word. A shorter one that stands alone may also be an acronym.
_LONGEST_ACRONYM = 5
_LEAST_LETTERS = 4


class Spellings:
    """How an article spells its words in those sentences that are not in capitals."""

    def __init__(self, sentences: Iterable[str]) -> None:
        """Learn from the sentences, except those in capitals and blocks of capitals at the start of one."""
        self._forms: dict[str, Counter[str]] = defaultdict(Counter)
        for sentence in sentences:
            start = _surely_shouted(sentence)
            for word in _WORD.finditer(sentence, start):
                is_shouted = word[0].isupper() and len(word[0]) > _LONGEST_ACRONYM
                if not is_shouted and not begins_sentence(sentence, word.start()):
                    self._forms[word[0].casefold()][word[0]] += 1

    def shouted_end(self, sentence: str) -> int:
        """Where the block of capitals at the start of ``sentence`` ends, with the mark and the space after it.

        This is 0 if the sentence does not start with such a block, and its length if all of it is in capitals. A single
        word before a mark that is short enough for an acronym counts as an acronym, unless the article spells it in
        another way elsewhere.
        """
        end = _surely_shouted(sentence)
        if end or not (lead := _LEAD.match(sentence)):
            return end
        block = lead["block"].strip()
        known = self._known(block)
        return lead.end() if _in_capitals(block) and known and known != block else 0

    def sentence_case(self, text: str) -> str:
        """A text in capitals, with only those capitals that it would have in an ordinary sentence.

        Words that the article also has elsewhere are spelt as there. Roman numerals, initials, and short words without
        a vowel, which can only be acronyms, stay as they are. Everything else becomes small, except the first letter if
        no figure stands before it.
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
    """Where a block of capitals ends that cannot be a single acronym; 0 if there is none."""
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
