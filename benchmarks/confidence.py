"""What a translation's confidence tells: its likeness to quality, and the threshold that flags one sentence in twenty.

    python -m benchmarks.confidence --source dev.fr --reference dev.en [--other strong.en] [--limit 300]

Translates each sentence once with the engine of DEPECHE_PROFILE. Quality is chrF against the reference, or the mean of
that and chrF against other systems' outputs where they are given. Prints the rank correlation of confidence and
quality, how well confidence (and, for comparison, a length that is near the usual one) tells the worst tenth from the
rest, and the least confident sentences.
"""

from __future__ import annotations

import argparse
import math
import statistics
from collections.abc import Sequence
from pathlib import Path

from sacrebleu.metrics.chrf import CHRF

from benchmarks.sentences import read_sentences
from config.settings import load_settings
from tasks.translation.figures import clock_times
from worker.models.profiles import load_engines

_SHARE_FLAGGED, _SHARE_WORST, _SHOWN = 0.05, 0.1, 10


def main() -> None:
    """Translate, compare and print."""
    options = _options()
    sources = read_sentences(options.source, options.limit)
    references = [read_sentences(path, options.limit) for path in (options.reference, *options.other)]
    engines = load_engines(load_settings())
    found = [
        hypothesis
        for start in range(0, len(sources), engines.translator.batch_size)
        for hypothesis in engines.translator.translate(
            [clock_times(source) for source in sources[start : start + engines.translator.batch_size]]
        )
    ]
    engines.close()
    confidences = [hypothesis.score.confidence if hypothesis.score else math.nan for hypothesis in found]
    chrf = CHRF()
    qualities = [
        statistics.mean(chrf.sentence_score(hypothesis.text, [lines[index]]).score for lines in references)
        for index, hypothesis in enumerate(found)
    ]
    lengths = [len(hypothesis.text) / len(source) for hypothesis, source in zip(found, sources, strict=True)]
    usual = statistics.median(lengths)
    print(f"{len(sources)} sentences, {engines.translator.info.id}")
    for name, values in (
        ("confidence", confidences),
        ("usual length", [-abs(math.log(max(length, 0.01) / usual)) for length in lengths]),
    ):
        print(f"{name}: rank correlation {_correlation(values, qualities):.2f}, AUC {_auc(values, qualities):.2f}")
    threshold = sorted(confidences)[int(_SHARE_FLAGGED * len(confidences))]
    worst = set(_lowest(qualities, _SHARE_WORST))
    flagged = [index for index, value in enumerate(confidences) if value < threshold]
    print(
        f"under {threshold:.3f}: {len(flagged)} sentences ({len(flagged) / len(sources):.1%}), "
        f"{len(worst.intersection(flagged))} of the worst {len(worst)}"
    )
    for index in sorted(range(len(sources)), key=confidences.__getitem__)[:_SHOWN]:
        print(f"\n{confidences[index]:.3f}  chrF {qualities[index]:.0f}\n{sources[index]}\n{found[index].text}")


def _lowest(values: Sequence[float], share: float) -> list[int]:
    return sorted(range(len(values)), key=values.__getitem__)[: max(1, round(share * len(values)))]


def _correlation(one: Sequence[float], other: Sequence[float]) -> float:
    """Spearman's: of the ranks, as neither scale is linear."""
    return statistics.correlation(_ranks(one), _ranks(other))


def _ranks(values: Sequence[float]) -> list[int]:
    ranks = [0] * len(values)
    for rank, index in enumerate(sorted(range(len(values)), key=values.__getitem__)):
        ranks[index] = rank
    return ranks


def _auc(values: Sequence[float], qualities: Sequence[float]) -> float:
    """How often one of the worst tenth has a lower value than one of the rest."""
    worst = set(_lowest(qualities, _SHARE_WORST))
    bad = [value for index, value in enumerate(values) if index in worst]
    good = [value for index, value in enumerate(values) if index not in worst]
    return sum((b < g) + (b == g) / 2 for b in bad for g in good) / (len(bad) * len(good))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=Path, required=True, help="French sentences, one a line")
    parser.add_argument("--reference", type=Path, required=True, help="their English translations")
    parser.add_argument("--other", type=Path, nargs="*", default=[], help="other systems' translations of them")
    parser.add_argument("--limit", type=int, help="how many sentences; all by default")
    return parser.parse_args()


if __name__ == "__main__":
    main()
