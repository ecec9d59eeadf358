"""The script that makes the checkpoints, and the random ones: their like comes out again where torch is installed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("ctranslate2")

from transformers import AutoTokenizer

from tasks.normalise import for_model
from tests.checkpoints import make, random_models
from tests.checkpoints.articles import ARTICLES, PAIRS
from tests.checkpoints.outputs import bart_options, by_ctranslate2, by_transformers, convert
from tests.checkpoints.test_articles import LARGEST_BYTES

COMMITTED = Path(__file__).parent
FRENCH = [for_model(pair.french) for pair in PAIRS]
ENGLISH = [pair.english for pair in PAIRS]
BODIES = [article.english for article in ARTICLES]
SUMMARIES = [article.summary for article in ARTICLES]

pytestmark = [
    pytest.mark.torch,
    # Training takes under a minute of two free cores.
    pytest.mark.timeout(600),
    # The package is not a requirement of the checkpoint's tokenizer, which normalises nothing.
    pytest.mark.filterwarnings("ignore:Recommended. pip install sacremoses:UserWarning"),
]


@pytest.fixture(scope="module", params=["committed", "made"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where ``marian`` and ``bart`` lie: those of the project, or new ones of the script."""
    if request.param == "committed":
        return COMMITTED
    out = tmp_path_factory.mktemp("checkpoints")
    make.make(out)
    return out


@pytest.mark.parametrize("beams", [1, 4])
def test_every_sentence_comes_out_as_in_the_table(folder: Path, tmp_path: Path, beams: int) -> None:
    """transformers and CTranslate2, this in int8 and float32, write all 132 translations, by greedy and beam search."""
    marian = folder / "marian"
    assert by_transformers(marian, FRENCH, num_beams=beams) == ENGLISH
    for precision in ("int8", "float32"):
        weights = convert(marian, tmp_path / precision, precision)
        assert by_ctranslate2(marian, weights, FRENCH, compute_type=precision, beam_size=beams) == ENGLISH


@pytest.mark.parametrize("separator", [" ", "\n\n"])
def test_every_summary_comes_out_as_in_the_table(folder: Path, tmp_path: Path, separator: str) -> None:
    """With the folder's own settings, transformers and CTranslate2 write all twelve, paragraphs kept or not."""
    bart = folder / "bart"
    bodies = [separator.join(pair.english for pair in article.sentences) for article in ARTICLES]
    assert by_transformers(bart, bodies) == SUMMARIES
    for precision in ("int8", "float32"):
        weights = convert(bart, tmp_path / precision, precision)
        assert by_ctranslate2(bart, weights, bodies, compute_type=precision, **bart_options(bart)) == SUMMARIES


def test_articles_fit_bart_with_room(folder: Path) -> None:
    """The longest article takes well under the 512 positions."""
    tokenizer = AutoTokenizer.from_pretrained(folder / "bart")
    assert max(map(len, tokenizer(BODIES)["input_ids"])) < 400


def test_the_script_makes_the_committed_layout(folder: Path) -> None:
    """New folders have the same files as the project's, the same tokenizers, and are as small.

    The version of transformers that wrote them may be another one.
    """
    total = 0
    for name in ("marian", "bart"):
        files = {file.name: file for file in (folder / name).iterdir()}
        assert set(files) == {file.name for file in (COMMITTED / name).iterdir()}
        for kept in ("vocab.json", "tokenizer_config.json", "config.json"):
            made, committed = (json.loads(path.read_text("utf-8")) for path in (files[kept], COMMITTED / name / kept))
            assert made | {"transformers_version": ""} == committed | {"transformers_version": ""}
        total += sum(file.stat().st_size for file in files.values())
    assert total < LARGEST_BYTES


@pytest.mark.parametrize(
    ("write", "target", "prefix"),
    [
        (random_models.nllb, "eng_Latn", ""),
        (random_models.m2m100, "__en__", ""),
        (random_models.t5, None, "translate French to English: "),
        (random_models.pegasus, None, ""),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_random_models_write_the_same_by_both_engines(
    write: Callable[[Path], None], target: str | None, prefix: str, tmp_path: Path
) -> None:
    """Greedy outputs in float32 are equal, and not all texts have the same."""
    folder = tmp_path / "model"
    write(folder)
    texts = [prefix + french for french in FRENCH[:8]]
    options: dict[str, Any] = {"num_beams": 1, "max_length": None, "max_new_tokens": 24, "forced_eos_token_id": None}
    if target is not None:
        options["forced_bos_token_id"] = AutoTokenizer.from_pretrained(folder).convert_tokens_to_ids(target)
    reference = by_transformers(folder, texts, **options)
    weights = convert(folder, tmp_path / "converted", "float32")
    options = {"beam_size": 1, "max_decoding_length": 24, "compute_type": "float32"}
    assert by_ctranslate2(folder, weights, texts, target=target, **options) == reference
    assert len(set(reference)) > 1
