"""English as summarisation models write it: made plain, cut into sentences, and reduced to the words that matter.

Rules of our own, as in ``segment``, whose abbreviations and opening words are French. A summary is one short, regular
paragraph, and a library for this would come to producers too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tasks.normalise import fold, for_model

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_STOP_LIST = """
a about after again against all also although an and any are as at be been before being between both but by can could
did do does during each for from further had has have he her here him his how however i if in into is it its just like
made may me might more most much must my no nor not now of off on one only or other our out over own s said same say
says she should since so some such than that the their them then there these they this those through to too two under
until up very was we were what when where which while who whom why will with would yet you your
"""
STOP_WORDS = frozenset(_STOP_LIST.split())

#: Marks of the models' own: line ends of Pegasus, ends of text of BART and T5.
_MODEL_MARK = re.compile(r"</?(?:n|s|q|pad)>")
#: Summarisers that learnt from tokenised news put a space before marks and inside contractions.
_SPACE_BEFORE_MARK = re.compile(r"\s+([.,;:!?…%)\]]+)(?=[\s\"']|$)")
_SPLIT_CONTRACTION = re.compile(r"\s+(n't|'(?:s|re|ve|ll|d|m))\b")
_SPACE_AFTER_BRACKET = re.compile(r"([(\[])\s+")

_MARK = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+\s+")
_CLOSED = re.compile(r"[.!?…][\"'”’»)\]]*$")
_OPENING = re.compile(r"[\"'“‘(\[]*")
_LAST_WORD = re.compile(r"[\w.&’']*\Z")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
_LETTERS = re.compile(r"[^\W\d_]+")
#: More than any abbreviation or opening word needs.
_WINDOW = 40

#: A name always follows: the full stop never ends a sentence.
_NEVER_LAST = frozenset(
    "mr mrs ms mx dr prof gen sen rep gov lt col sgt capt cmdr cpl maj adm rev hon pres mt ft st ste vs e.g i.e m "
    "mm mme mlle mgr ph.d messrs supt insp det".split()
)
#: No end before a figure, which belongs to them.
_BEFORE_NUMBER = frozenset(
    "no nos p pp art fig vol ch sec para jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
#: An end only where the next word is one that opens sentences.
_SELDOM_LAST = frozenset("inc co ltd corp bros jr sr etc al approx dept univ assn ave blvd rd a.m p.m am pm".split())
_OPENERS = frozenset(
    "the a an it he she they we i you this that these those there his her its their our my but and or so yet in "
    "on at by for from with to of as if when while after before since until under over during despite although "
    "though because however meanwhile now then today yesterday tomorrow also another other others both each every "
    "all some many most more several few no not none one two three about according nearly only police officials "
    "what who how why where".split()
)


def tidy(raw: str) -> str:
    """A model's raw output as plain text on one line: its own marks gone, spaces where English has them."""
    text = for_model(_MODEL_MARK.sub(" ", raw))
    text = _SPLIT_CONTRACTION.sub(r"\1", _SPACE_BEFORE_MARK.sub(r"\1", text))
    return _SPACE_AFTER_BRACKET.sub(r"\1", text)


def split_sentences(text: str) -> list[str]:
    """Cut one paragraph into sentences; joined with spaces they are the text again, its white space apart."""
    text = text.strip()
    return [sentence for sentence in _sentences(text) if sentence]


def is_closed(sentence: str) -> bool:
    """Whether a sentence is finished: a closing mark at its end, that is not an abbreviation's own."""
    mark = _CLOSED.search(sentence)
    return mark is not None and not (mark[0][0] == "." and _last_word(sentence[: mark.start()]) in _NEVER_LAST)


def content_words(text: str) -> list[str]:
    """The stems of the words that matter, in order: no function words, nothing of one letter, no figures."""
    words = (fold(word) for word in WORD.findall(text))
    return [stem(word) for word in words if word not in STOP_WORDS and len(word) > 1 and word[0].isalpha()]


def stem(word: str) -> str:
    """Six letters tell ``investigators`` from most else, and find ``investigation`` again."""
    return word.replace("’", "'").removesuffix("'s")[:6].removesuffix("s")


def _sentences(text: str) -> Iterator[str]:
    start = 0
    for mark in _MARK.finditer(text):
        before, after = text[max(start, mark.start() - _WINDOW) : mark.start()], text[mark.end() : mark.end() + _WINDOW]
        if _is_boundary(before, mark[0], after):
            yield text[start : mark.end()].rstrip()
            start = mark.end()
    yield text[start:]


def _is_boundary(before: str, mark: str, after: str) -> bool:
    after = _OPENING.sub("", after, count=1)
    if after[:1].islower() or not after[:1].isalnum():
        return after[:1] in tuple("$£€")
    return mark[0] != "." or mark.startswith("..") or _is_full_stop(before, after)


def _is_full_stop(before: str, after: str) -> bool:
    """Whether the dot between a word and a capital or figure ends a sentence, rather than an abbreviation."""
    word = _last_word(before)
    if word in _NEVER_LAST or (word in _BEFORE_NUMBER and after[0].isdigit()):
        return False
    if word in _SELDOM_LAST or _INITIALS.fullmatch(word):
        first = _LETTERS.match(after)
        return first is not None and first[0].lower() in _OPENERS
    return True


def _last_word(before: str) -> str:
    match = _LAST_WORD.search(before)
    return match[0].lstrip("'’.").lower() if match else ""
