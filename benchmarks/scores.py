"""Scores of translations as cells of a markdown table: likeness to references, facts kept, faults found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from tasks.checks import check, missing_names, numbers_agree

_BLEU, _CHRF = BLEU(), CHRF()

HEADING = "BLEU | chrF | numbers kept | names kept | length ratio | flagged | flags"


def cells(sources: Sequence[str], translations: Sequence[str], references: Sequence[str]) -> str:
    """The cells under :data:`HEADING`, for sentences, their translations and one reference each, in the same order.

    Numbers are kept where those of a sentence with digits agree with its translation's; names where a sentence has
    some and none is missing; the length ratio is that of all characters to the references'; flagged are sentences in
    which the checks find any fault.
    """
    with_digits = [pair for pair in zip(sources, translations, strict=True) if any(map(str.isdigit, pair[0]))]
    with_names = [pair for pair in zip(sources, translations, strict=True) if missing_names(pair[0], "")]
    found = [check(source, translation) for source, translation in zip(sources, translations, strict=True)]
    counts = Counter(flag.value for flags in found for flag in flags)
    flags = ", ".join(f"{name} {count}" for name, count in counts.most_common())
    return " | ".join(
        [
            f"{_BLEU.corpus_score(translations, [references]).score:.1f}",
            f"{_CHRF.corpus_score(translations, [references]).score:.1f}",
            _share(sum(numbers_agree(*pair) for pair in with_digits), len(with_digits)),
            _share(sum(not missing_names(*pair) for pair in with_names), len(with_names)),
            f"{sum(map(len, translations)) / sum(map(len, references)):.2f}",
            _share(sum(map(bool, found)), len(found)),
            flags or "none",
        ]
    )


def signatures() -> str:
    """How sacrebleu computed the scores; needs a score before."""
    return f"BLEU {_BLEU.get_signature()}\nchrF {_CHRF.get_signature()}"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%} of {whole}" if whole else "none"
