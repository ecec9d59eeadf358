"""News of our own in French, with its English: as many sentences as are wanted, no two alike, the same for a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from tests.checkpoints.articles import Pair

_WHO = (
    ("Le conseil municipal", "The town council"),
    ("La directrice du port", "The director of the port"),
    ("Le syndicat des enseignants", "The teachers' union"),
    ("Une association de riverains", "A residents' association"),
    ("Le ministère des transports", "The ministry of transport"),
    ("L'hôpital régional", "The regional hospital"),
    ("La coopérative laitière", "The dairy cooperative"),
    ("Le tribunal de commerce", "The commercial court"),
    ("Un groupe de chercheurs", "A group of researchers"),
    ("La compagnie des eaux", "The water company"),
)
_DID = (
    ("a annoncé", "announced"),
    ("a présenté", "presented"),
    ("a défendu", "defended"),
    ("a contesté", "contested"),
    ("a reporté", "postponed"),
    ("a approuvé", "approved"),
)
_WHAT = (
    ("un budget de {n} euros pour le gymnase", "a budget of {n} euros for the gymnasium"),
    ("la fermeture de {n} places à la crèche", "the closure of {n} places at the nursery"),
    ("un projet de {n} logements près de la gare", "a project of {n} homes near the station"),
    ("la plantation de {n} arbres le long du canal", "the planting of {n} trees along the canal"),
    ("une étude sur {n} familles de la vallée", "a study of {n} families in the valley"),
    ("un programme de formation pour {n} apprentis", "a training programme for {n} apprentices"),
    ("la réparation de {n} mètres de digue", "the repair of {n} metres of dyke"),
)
_WHEN = (
    ("", ""),
    (" lundi soir", " on Monday evening"),
    (" mercredi matin", " on Wednesday morning"),
    (" avant la fin du mois", " before the end of the month"),
    (" après trois heures de débat", " after three hours of debate"),
)
_MORE = (
    ("", ""),
    (", malgré les réserves de plusieurs élus", ", despite the reservations of several councillors"),
    (", ce que l'opposition juge trop coûteux", ", which the opposition considers too expensive"),
    (", et les travaux commenceront au printemps prochain", ", and the work will begin next spring"),
    (
        ", alors que les habitants attendaient une réponse plus rapide de la part de la région",
        ", while the inhabitants were expecting a quicker answer from the region",
    ),
)
#: The numbers in the sentences: how many there are, the least, and from one to the next.
_NUMBERS, _LEAST, _STEP = 899_000, 1_000, 7_919
#: Sentences of a paragraph.
_PARAGRAPH = 4


@dataclass(frozen=True)
class News:
    """An article by its sentences."""

    pairs: tuple[Pair, ...]

    @property
    def text(self) -> str:
        """The French, in paragraphs."""
        starts = range(0, len(self.pairs), _PARAGRAPH)
        return "\n\n".join(" ".join(pair.french for pair in self.pairs[at : at + _PARAGRAPH]) for at in starts)


def pairs(seed: int) -> Iterator[Pair]:
    """Up to 899 000 sentences. Each has a number that no other of this seed has."""
    chance = random.Random(seed)
    # A step that has no divisor in common with the range comes to each of its numbers once.
    first = chance.randrange(_NUMBERS)
    for index in range(_NUMBERS):
        number = _LEAST + (first + index * _STEP) % _NUMBERS
        chosen = [chance.choice(slot) for slot in (_WHO, _DID, _WHAT, _WHEN, _MORE)]
        french, english = (
            "{} {} {}{}{}.".format(*(words[language] for words in chosen)).replace("{n}", str(number))
            for language in (0, 1)
        )
        yield Pair(french, english)


def news(sentences: int, seed: int) -> News:
    """One article of so many sentences."""
    found = pairs(seed)
    return News(tuple(next(found) for _ in range(sentences)))
