"""CPU of the pipeline alone for a short article, without queue, Redis or model: segmentation, language, checks.

    python -m benchmarks.pipeline [--articles 500]

The article has three sentences and a title. The translator gives back a good translation that was written beforehand,
so no sentence is repaired. The language is found by py3langid, as in all profiles but echo. The same is printed with
the echo profile: for one sentence that passes its checks, and for these sentences, whose echoes fail theirs, so that
each is asked for again, whole and in pieces.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence

from config.settings import load_settings
from depeche.article import Article, Options
from tasks.engines import Engines, Hypothesis, Score
from tasks.pipeline import Context, process
from worker.models.engines.echo import EchoTranslator
from worker.models.engines.language import Detector
from worker.models.profiles import load_engines

TITLE = ("La gare de Vernay rouvre", "Vernay station reopens")
SENTENCES = {
    "La gare de Vernay a rouvert lundi après deux ans de travaux.": (
        "Vernay station reopened on Monday after two years of work."
    ),
    "Selon la maire, Claire Aubertin, le chantier a coûté 3,4 millions d'euros.": (
        "According to the mayor, Claire Aubertin, the work cost 3.4 million euros."
    ),
    "Huit trains par jour s'y arrêteront, contre cinq auparavant.": (
        "Eight trains a day will stop there, compared with five before."
    ),
}


class _Known(EchoTranslator):
    """Translates the sentences above, and these alone."""

    def translate(self, sentences: Sequence[str], *, attempt: int = 0) -> list[Hypothesis]:  # noqa: ARG002
        known = {**SENTENCES, TITLE[0]: TITLE[1]}
        return [Hypothesis(known[sentence], Score(-2.0, 12)) for sentence in sentences]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=500)
    count = parser.parse_args().articles
    echo = load_engines(load_settings(profile="echo"))
    text = " ".join(SENTENCES)
    known = Engines(_Known(), echo.summariser, Detector())
    print(f"{'':<34} CPU ms an article")
    print(f"{'three sentences, translated':<34} {_cpu_ms(Article(text=text, title=TITLE[0]), known, count):.2f}")
    print(f"{'three sentences, echo':<34} {_cpu_ms(Article(text=text, title=TITLE[0]), echo, count):.2f}")
    print(f"{'one sentence, echo':<34} {cpu_ms_of_a_job(count):.2f}")


def cpu_ms_of_a_job(count: int) -> float:
    """CPU milliseconds of an article of one sentence, with the echo profile."""
    echo = load_engines(load_settings(profile="echo"))
    return _cpu_ms(Article(text="Article numéro 1234."), echo, count)


def _cpu_ms(article: Article, engines: Engines, count: int) -> float:
    def run(times: int) -> None:
        for _ in range(times):
            process(article, Options(), engines, Context("x")).model_dump(mode="json")

    # What is compiled or looked up once in a process does not count.
    run(20)
    started = time.process_time()
    run(count)
    return (time.process_time() - started) * 1000 / count


if __name__ == "__main__":
    main()
