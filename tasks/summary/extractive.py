"""The extractive summariser: picks an English article's own most telling sentences, so it cannot invent facts.

LexRank by degree centrality (Erkan and Radev, "LexRank: Graph-based Lexical Centrality as Salience in Text
Summarization", JAIR 22, 2004, section 3.1), with a large bonus for a lead that carries the article, as leads of news
mostly do, and maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998) against saying things twice. Own code,
because what is left of LexRank for a single article is a sum of word vectors: it needs no similarity matrix, no model
and no download, whereas the libraries need nltk with downloaded data, or fill a matrix of all pairs of sentences.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from depeche.article import ModelInfo
from tasks.summary.abstract import MIN_WORDS, SHARE
from tasks.summary.boilerplate import is_boilerplate
from tasks.summary.english import STOP_WORDS, WORD, stem

#: How much more the first sentence of the prose counts than a late one, whatever it says: half as much again.
LEAD_BONUS = 0.5
#: Number of sentences over which that bonus falls to about a third.
LEAD_SENTENCES = 3.0
#: How much more the sentences of a strong lead count. All these figures were chosen with benchmarks/headlines.py, where
#: leads are good, and benchmarks/summary.py, where most are not: the bonus took the first from 0.32 to 0.38, and left
#: the second's weak leads at 17 facts of 45.
STRONG_LEAD_BONUS = 60.0
#: Number of sentences over which that one falls.
STRONG_LEAD_SENTENCES = 4.0
#: A lead has no strength where its first sentence has this share of the words of a usual one, and all from the second
#: on: the first sentence of a report says who, what and where, that of an anecdote is short.
NO_LEAD, FULL_LEAD = 0.6, 1.4
#: Sentences looked at for the one that begins the lead: a question or a dateline may stand before it.
LEAD_BEGINS = 4
#: Once more for the first sentence of the lead, where its words are among those that the article is about.
FIRST_BONUS = 1.0
FIRST_RANK = 0.5
#: How much more a sentence counts that has the title's words.
TITLE_BONUS = 2.0
#: Centrality of a sentence that shares no word with another: where none do, place and length still choose.
UNCONNECTED = 0.01
#: Value that only connected sentences reach; others are taken for want of a better one, never to fill the summary up.
WORTHWHILE = 0.05
#: Factor on a sentence that leans on the one before it, unless that one is in the summary too.
DANGLING_FACTOR = 0.25
#: Cosine from which a sentence says the same as one already chosen, and is left out whatever its score.
SAME = 0.6

_LIST_ITEM = re.compile(r"(?:[-–—•*▪●]|\(?\d{1,2}[.)]|\(?[a-z]\))\s", re.IGNORECASE)
_FINAL = re.compile(r"[.!?…][\"'”’»)\]]*$")
# An auxiliary, a frequent irregular past, or a word in -ed or -s: wide enough for every English sentence with a finite
# verb but those in the plural present without any -s; two nouns side by side have none of them.
_VERB = re.compile(
    r"\b(?!(?:this|its|his|us|thus|plus|less|yes|across|perhaps|always|unless|besides|towards)\b)"
    r"(?:am|is|are|was|were|been|be|have|had|do|did|can|could|may|might|must|shall|should|will|would|said|told|rose|"
    r"fell|won|lost|took|made|went|came|saw|began|met|gave|left|held|kept|found|sent|built|cut|put|set|hit|led|ran|got|"
    r"grew|knew|thought|brought|bought|sold|paid|spent|stood|spoke|wrote|broke|chose|drove|flew|became|let|say|want|need|"
    r"[a-z]{2,}(?:ed|s|n['’]t))\b"
)
_DANGLING = re.compile(
    r"[\"'“‘«]?\s*(?:(?:he|she|it|they|him|her|his|hers|its|their|theirs|them|this|these|those|that|such|some|others?|"
    r"both|neither|however|but|and|or|so|yet|then|also|moreover|meanwhile|instead|therefore|thus|hence|nevertheless|"
    r"nonetheless|besides|furthermore|still|otherwise|until then|since then|in addition|as a result|in contrast|"
    r"on the other hand|of them|all of them|for (?:his|her|its|their) part|"
    r"according to (?:him|her|it|them|this|that|these|those)|the (?:latter|former|same))\b)",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"\b(?:I|[Ww]e|[Mm]y|[Oo]ur|me|us)\b")


@dataclass(frozen=True)
class _Sentence:
    """A sentence of the prose and its place in it."""

    place: int
    text: str

    @cached_property
    def words(self) -> list[str]:
        return [word.casefold().replace("’", "'") for word in WORD.findall(self.text)]

    @property
    def is_telling(self) -> bool:
        """Whether it could stand in a summary at all: long enough, with a verb, and no question."""
        is_question = self.text.rstrip("\"'”’»)] ").endswith("?")
        return len(self.words) >= MIN_WORDS and bool(_VERB.search(self.text)) and not is_question

    @cached_property
    def is_dangling(self) -> bool:
        """Whether a reader needs the sentence before: a pronoun or connective in front, or a voice without a name."""
        return bool(_DANGLING.match(self.text) or _FIRST_PERSON.search(self.text))


class ExtractiveSummariser:
    """Fulfils ``SentenceExtractor``; no model, no state, deterministic."""

    info = ModelInfo(id="lexrank", revision="2", engine="extractive", compute_type="none")

    def summarise(
        self, paragraphs: Sequence[Sequence[str]], *, max_sentences: int, title: str | None = None
    ) -> list[str]:
        """Choose sentences of an English article.

        Headings, credits, list items and the like are no prose: they are neither chosen nor counted. The summary has at
        most a third of the prose's sentences, and its sentences at most a third of the prose's characters; where
        no sentence fits, as in an article of one or two sentences, there is no summary.

        Args:
            paragraphs: the article's sentences by paragraph, headings included as one-sentence paragraphs.
            max_sentences: the most sentences wanted, at least 1.
            title: the article's, in English: sentences with its words are preferred.

        Returns:
            Sentences exactly as given, each once, in reading order. Time and memory grow linearly with the article.
        """
        prose = _prose(paragraphs)
        limit = min(max_sentences, len(prose) // SHARE)
        budget_chars = sum(len(sentence.text) for sentence in prose) // SHARE
        chosen = _choose(_scored(prose, title or ""), limit, budget_chars)
        return [sentence.text for sentence in sorted(chosen, key=lambda sentence: sentence.place)]


def _prose(paragraphs: Sequence[Sequence[str]]) -> list[_Sentence]:
    texts = [
        sentence
        for paragraph in paragraphs
        for sentence in paragraph
        if WORD.search(sentence)
        and not is_boilerplate(sentence)
        and not _LIST_ITEM.match(sentence.lstrip())
        # Only alone on its paragraph is a sentence without a full stop a heading; else the translator forgot it.
        and (len(paragraph) > 1 or _FINAL.search(sentence.rstrip()))
    ]
    return [_Sentence(place, text) for place, text in enumerate(texts)]


@dataclass(frozen=True)
class _Candidate:
    sentence: _Sentence
    vector: dict[str, float]
    score: float


def _scored(prose: Sequence[_Sentence], title: str) -> list[_Candidate]:
    """The telling sentences with their unit word vectors and their centrality, weighted by place and by the title."""
    vectors = _unit_vectors(prose)
    # The sum of a sentence's similarities to all sentences is its similarity to their sum; less its likeness to itself,
    # which says nothing, and in a short article would outweigh the rest.
    total: defaultdict[str, float] = defaultdict(float)
    for vector in vectors:
        for word, weight in vector.items():
            total[word] += weight
    centralities = [max(_dot(vector, total) - _dot(vector, vector), UNCONNECTED) for vector in vectors]
    lead = _Lead.of(prose, vectors, centralities)
    wanted = {stem(word.casefold()) for word in WORD.findall(title)} - STOP_WORDS
    candidates = []
    for sentence, vector, centrality in zip(prose, vectors, centralities, strict=True):
        if sentence.is_telling:
            # As in TextRank, by the logarithm: a longer sentence tells more, but not in proportion.
            fullness = math.log1p(len(vector))
            titled = 1 + TITLE_BONUS * len(wanted & vector.keys()) / (len(wanted) or 1)
            score = centrality * fullness * titled * lead.weight(sentence.place)
            candidates.append(_Candidate(sentence, vector, score))
    return candidates


@dataclass(frozen=True)
class _Lead:
    """Where the article's lead begins, and how far it can be trusted to say what the article is about.

    Attributes:
        begins: the place of its first sentence.
        strength: 0 to 1.
        is_central: whether its first sentence has the words of many others.
    """

    begins: int = 0
    strength: float = 0.0
    is_central: bool = False

    @classmethod
    def of(
        cls, prose: Sequence[_Sentence], vectors: Sequence[dict[str, float]], centralities: Sequence[float]
    ) -> _Lead:
        able = (s.place for s in prose[:LEAD_BEGINS] if s.is_telling and not s.is_dangling)
        begins = next(able, None)
        if begins is None:
            return cls()
        usual = sum(map(len, vectors)) / len(vectors)
        length = len(vectors[begins]) / (usual or 1.0)
        strength = min(max((length - NO_LEAD) / (FULL_LEAD - NO_LEAD), 0.0), 1.0)
        below = sum(centrality <= centralities[begins] for centrality in centralities)
        return cls(begins, strength, below >= FIRST_RANK * len(prose))

    def weight(self, place: int) -> float:
        """How much a sentence counts for its place."""
        weight = 1 + LEAD_BONUS * math.exp(-place / LEAD_SENTENCES)
        if place >= self.begins:
            weight += self.strength * STRONG_LEAD_BONUS * math.exp((self.begins - place) / STRONG_LEAD_SENTENCES)
        return weight * (1 + FIRST_BONUS * (self.is_central and place == self.begins))


def _unit_vectors(prose: Sequence[_Sentence]) -> list[dict[str, float]]:
    """Each sentence's words weighted by frequency and rarity, at length 1 (0 where it has stop words only).

    By the root of the usual measure of rarity, since what an article is about comes often in it.
    """
    counts = [Counter(stem(word) for word in sentence.words if word not in STOP_WORDS) for sentence in prose]
    frequency = Counter(word for count in counts for word in count)
    vectors = []
    for count in counts:
        weights = {word: n * math.sqrt(math.log(1 + len(prose) / frequency[word])) for word, n in count.items()}
        norm = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        vectors.append({word: weight / norm for word, weight in weights.items()})
    return vectors


def _dot(vector: dict[str, float], other: dict[str, float]) -> float:
    return sum(weight * other.get(word, 0.0) for word, weight in vector.items())


def _choose(candidates: Sequence[_Candidate], limit: int, budget_chars: int) -> list[_Sentence]:
    """Greedily take the best sentence that fits, is new, and stands by itself or beside its neighbour."""
    chosen: list[_Candidate] = []
    # Similarity to the nearest chosen sentence, kept up to date so that each round is one pass.
    nearest = [0.0] * len(candidates)
    left = budget_chars
    while len(chosen) < limit:
        places = {candidate.sentence.place for candidate in chosen}
        best, best_value = None, WORTHWHILE if chosen else 0.0
        for index, candidate in enumerate(candidates):
            if len(candidate.sentence.text) > left or nearest[index] >= SAME:
                continue
            value = candidate.score * (1 - nearest[index])
            if candidate.sentence.is_dangling and candidate.sentence.place - 1 not in places:
                value *= DANGLING_FACTOR
            if value > best_value:
                best, best_value = candidate, value
        if best is None:
            break
        chosen.append(best)
        left -= len(best.sentence.text)
        nearest = [max(near, _dot(other.vector, best.vector)) for near, other in zip(nearest, candidates, strict=True)]
    return [candidate.sentence for candidate in chosen]
