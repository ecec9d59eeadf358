"""The layouts of the hub's repositories, oddities included: both engines read them alike, or they are refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("ctranslate2")

from transformers.models.nllb.tokenization_nllb import FAIRSEQ_LANGUAGE_CODES

from config.settings import Engine, load_settings
from depeche.errors import ModelUnavailable
from tasks.normalise import for_model
from tasks.translation import translate
from tasks.typography import typographic
from tests import fake_hub
from tests.checkpoints import hub_layouts
from tests.checkpoints.articles import ARTICLES, PAIRS
from worker.models import standard
from worker.models.engines.codec import Codec
from worker.models.engines.decoding import Decoding, Generator, Role
from worker.models.prepare import prepare

pytestmark = [pytest.mark.torch, pytest.mark.timeout(400)]

ENGINES: tuple[Engine, ...] = ("ctranslate2", "transformers")
#: Of random weights one output in twelve may hang on a tie.
TEXTS, EQUAL = 12, 11
DECODINGS = {
    "greedy": Decoding(1),
    "greedy, no trigram twice": Decoding(1, no_repeat_ngram_size=3),
    "greedy, repetitions dear": Decoding(1, repetition_penalty=1.2),
    "beam": Decoding(4),
    "beam, no trigram twice": Decoding(4, length_penalty=2.0, no_repeat_ngram_size=3),
    "beam, repetitions dear": Decoding(4, no_repeat_ngram_size=4, repetition_penalty=1.1),
}


def load(folder: Path, role: Role, engine: Engine, tmp_path: Path) -> tuple[Codec, Generator]:
    """A checkpoint prepared and loaded in float32, whatever it writes."""
    settings = load_settings(
        profile="standard", device="cpu", model_dir=tmp_path / "models", engine=engine, compute_type="float32"
    )
    _, codec, model = standard.open_model(prepare(str(folder), role, settings, trial=False), role, settings)
    return codec, model


@pytest.mark.parametrize(
    ("layout", "role", "options"),
    [
        (hub_layouts.marian_2020, "translation", {}),
        (hub_layouts.marian_tc_big, "translation", {}),
        (hub_layouts.marian_tc_big, "translation", {"output_layer": "other"}),
        (hub_layouts.mbart50, "translation", {}),
        (hub_layouts.m2m100, "translation", {}),
        (hub_layouts.nllb, "translation", {}),
        (hub_layouts.t5, "translation", {}),
        (hub_layouts.distilbart, "summary", {}),
        (hub_layouts.distilbart, "summary", {"generation": True}),
        (hub_layouts.pegasus, "summary", {}),
        (hub_layouts.t5, "summary", {}),
    ],
)
def test_both_engines_write_the_same(
    layout: Callable[..., None], role: Role, options: dict[str, Any], tmp_path: Path
) -> None:
    """By every decoding: greedy and beam search, repetitions forbidden or dear, down to their scores."""
    layout(tmp_path / "checkpoint", **options)
    texts = [for_model(pair.french if role == "translation" else pair.english) for pair in PAIRS[:TEXTS]]
    found = []
    for engine in ENGINES:
        codec, model = load(tmp_path / "checkpoint", role, engine, tmp_path)
        inputs = codec.encode(texts)
        outputs = {
            name: model.generate(inputs, decoding, min_tokens=1, max_tokens=20) for name, decoding in DECODINGS.items()
        }
        found.append(
            {
                name: [(codec.decode([output.ids])[0], output.score) for output in written]
                for name, written in outputs.items()
            }
        )
    ours, theirs = found
    for name in DECODINGS:
        pairs = list(zip(ours[name], theirs[name], strict=True))
        equal = [(one[1], other[1]) for one, other in pairs if one[0] == other[0]]
        assert len(equal) >= EQUAL, name
        close = [one.log_probability == pytest.approx(other.log_probability, rel=0.002) for one, other in equal]
        assert sum(close) >= EQUAL - 1, (name, equal)
        assert [one.tokens for one, _ in equal] == [other.tokens for _, other in equal], name


def test_positions_are_not_rounded(tmp_path: Path) -> None:
    """A checkpoint in float16 has its position encodings computed in float32, as transformers does for float32."""
    hub_layouts.marian_tc_big(tmp_path / "checkpoint")
    text = for_model(" ".join(pair.french for pair in PAIRS[:12]))
    scores = []
    for engine in ENGINES:
        codec, model = load(tmp_path / "checkpoint", "translation", engine, tmp_path)
        inputs = [ids[-500:] for ids in codec.encode([text])]
        scores.append(model.generate(inputs, Decoding(1), min_tokens=30, max_tokens=30)[0].score.log_probability)
    assert scores[0] == pytest.approx(scores[1], rel=2e-5)


def test_opus_mt_from_a_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it lies there: its pickle is read, other libraries' files stay there, and its sentences come out right."""
    hub_layouts.marian_2020(tmp_path / "checkpoint")
    with fake_hub.running_hub() as hub:
        hub.add("port-amel/opus-mt", tmp_path / "checkpoint")
        hub.cdn.add("pytorch_model.bin")
        fake_hub.use(hub.url, tmp_path, monkeypatch)
        said: list[str] = []
        settings = load_settings(profile="standard", device="cpu", model_dir=tmp_path, summary_model="none")
        folder = prepare("port-amel/opus-mt", "translation", settings, say=said.append)
        fetched = hub.downloaded()
    files = ["config.json", "pytorch_model.bin", "source.spm", "target.spm", "tokenizer_config.json", "vocab.json"]
    assert sorted(fetched) == files
    assert any("its weights are a pickle" in line for line in said)
    here = load_settings(profile="standard", device="cpu", translation_model=str(folder), summary_model="none")
    translator = standard.load(here).translator
    for pair in ARTICLES[0].sentences:
        assert translate([pair.french], translator)[0].text == typographic(pair.english)


@pytest.mark.parametrize("generation", [False, True])
def test_distilbart_makes_sense(tmp_path: Path, generation: bool) -> None:
    """With its tokenizer of two files, and what summaries begin with in either file, it passes the trial."""
    hub_layouts.distilbart(tmp_path / "checkpoint", generation=generation)
    settings = load_settings(profile="standard", device="cpu", model_dir=tmp_path / "models")
    folder = prepare(str(tmp_path / "checkpoint"), "summary", settings)
    assert Codec(folder / standard.CODEC, "summary").forced_start == 0


def test_nllbs_languages(tmp_path: Path) -> None:
    """In the hub's order; without the file that has it, where transformers mixes them up, the model is refused."""
    hub_layouts.nllb(tmp_path / "whole")
    codec = Codec(tmp_path / "whole", "translation")
    assert codec.tokens([codec.forced_start or 0]) == ["eng_Latn"]
    assert codec.forced_start == min(codec.ids(list(FAIRSEQ_LANGUAGE_CODES))) + 46
    hub_layouts.nllb(tmp_path / "half", tokenizer=False)
    with pytest.raises(ModelUnavailable, match=r"has no tokenizer\.json, and without it transformers gives NLLB's lan"):
        Codec(tmp_path / "half", "translation")
    (tmp_path / "half" / "tokenizer_config.json").write_text('{"tokenizer_class": "NllbTokenizer"}')
    with pytest.raises(ModelUnavailable, match="has no codes for French and English"):
        Codec(tmp_path / "half", "translation")


def test_a_t5_that_was_not_taught_french(tmp_path: Path) -> None:
    """As t5-small: its configuration names no such task. The error says so, and shows what the model wrote."""
    hub_layouts.t5(tmp_path / "checkpoint", knows_french=False)
    settings = load_settings(profile="standard", device="cpu", model_dir=tmp_path / "models")
    with pytest.raises(ModelUnavailable, match=r"does not translate French into English: .* names no task transla"):
        prepare(str(tmp_path / "checkpoint"), "translation", settings)
