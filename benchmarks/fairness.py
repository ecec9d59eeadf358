"""How long an article of three sentences takes while ten of three hundred are in work, beside its time alone.

    python -m benchmarks.fairness [--rounds 40] [--threads 2] [--long 10]

The batcher and the translation are the worker's own. The engine is a clock: a batch takes as long as CTranslate2 needs
for it with a model of opus-mt's size (measured on two cores: 0.107 s, and 0.087 s for each sentence of 30 tokens), and
computes nothing, so that the figures are the same on a busy machine. Articles of other lengths and with other costs
are options. With --real, a prepared model of the settings takes the place of the clock.
"""

from __future__ import annotations

import argparse
import random
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from config.settings import load_settings
from tasks.engines import Hypothesis, Translator, turn
from tasks.translation import translate
from worker.models.engines.batcher import Batcher
from worker.models.engines.echo import EchoTranslator
from worker.models.profiles import load_engines

#: What one batch takes, and each of its sentences, in seconds; and how many it may have.
BATCH_S, SENTENCE_S, BATCH = 0.107, 0.087, 8
#: How many sentences the short article has, and a long one.
SHORT, LONG = 3, 300


class Clock:
    """A ``Model`` of ``worker/models/engines/batcher.py`` that takes its time and gives back nothing of worth."""

    def most(self, longest: int, request: int) -> int:  # noqa: ARG002  # the Protocol's
        """As CTranslate2 on a CPU."""
        return BATCH

    def compute(self, inputs: Sequence[Sequence[int]], request: int) -> list[Hypothesis]:  # noqa: ARG002
        """Wait as long as it would take."""
        time.sleep(BATCH_S + SENTENCE_S * len(inputs))
        return [Hypothesis("It was inaugurated.")] * len(inputs)


class Pooled(EchoTranslator):
    """A translator on a batcher, as the real ones are."""

    def __init__(self, threads: int) -> None:
        self._batcher = Batcher(threads)
        self._clock = Clock()
        self.batch_size = 2 * BATCH * threads

    def translate(self, sentences: Sequence[str], *, attempt: int = 0) -> list[Hypothesis]:
        """Through the batcher."""
        return self._batcher.run(self._clock, attempt, [[1] * count for count in self.count_tokens(sentences)])


class Over(Exception):
    """Enough was measured."""


def sentences(count: int, chance: random.Random) -> list[str]:
    """Sentences of six to thirty words, each another one."""
    words = "le maire a promis hier que la gare de la vieille ville sera bientôt rénovée et agrandie".split()
    return [
        f"La ligne {chance.randrange(10**9)} {' '.join(chance.choices(words, k=chance.randint(3, 27)))}."
        for _ in range(count)
    ]


def seconds(translator: Translator, chance: random.Random) -> float:
    """How long a short article takes."""
    article = sentences(SHORT, chance)
    began = time.perf_counter()
    translate(article, translator, repair=False)
    return time.perf_counter() - began


@contextmanager
def long_articles(translator: Translator, count: int, chance: random.Random) -> Iterator[None]:
    """So many long articles are in work, and when one is done the next begins."""
    over, begun = threading.Event(), threading.Semaphore(0)

    def stop() -> None:
        if over.is_set():
            raise Over

    def work(article: list[str]) -> None:
        on_batch: Callable[[int, int], None] = lambda done, total: stop() if done else begun.release()  # noqa: E731
        try:
            with turn("normal", stop):
                while True:
                    translate(article, translator, on_batch, repair=False)
        except Over:
            pass

    with ThreadPoolExecutor(count) as threads:
        for _ in range(count):
            threads.submit(work, sentences(LONG, chance))
        for _ in range(count):
            begun.acquire()
        try:
            yield
        finally:
            over.set()


def section(rounds: int = 40, threads: int = 2, long: int = 10, real: bool = False) -> list[str]:
    """Measure, and tell it.

    Args:
        rounds: so many short articles, one after the other.
        threads: batches computed at once; a real model has as many as the machine has cores.
        long: so many long articles in work.
        real: with the model of the settings.

    Returns:
        Lines of Markdown, without a heading.
    """
    chance = random.Random(1)
    translator = load_engines(load_settings(profile="standard")).translator if real else Pooled(threads)
    alone = [seconds(translator, chance) for _ in range(max(3, rounds // 4))]
    with long_articles(translator, long, chance):
        beside = []
        for _ in range(rounds):
            # At any moment of a batch.
            time.sleep(chance.uniform(0, 1))
            beside.append(seconds(translator, chance))
    usual = statistics.median(alone)
    ranked = sorted(beside)
    return [
        f"An article of {SHORT} sentences, alone and while {long} of {LONG} sentences are in work:",
        "",
        "| | median s | nine of ten within | longest | times its time alone: median | nine of ten | longest |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
        _row("alone", sorted(alone), usual),
        _row("beside them", ranked, usual),
    ]


def _row(name: str, ranked: Sequence[float], usual: float) -> str:
    marks = [statistics.median(ranked), ranked[int(0.9 * (len(ranked) - 1))], ranked[-1]]
    seconds_told = " | ".join(f"{mark:.2f}" for mark in marks)
    return f"| {name} | {seconds_told} | {' | '.join(f'{mark / usual:.1f}' for mark in marks)} |"


def main() -> None:
    """Print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--long", type=int, default=10)
    parser.add_argument("--real", action="store_true")
    options = parser.parse_args()
    print("\n".join(section(options.rounds, options.threads, options.long, options.real)))


if __name__ == "__main__":
    main()
