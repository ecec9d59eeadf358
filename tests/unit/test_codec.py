"""A checkpoint's tokenizer: what is counted is what the model gets, nothing is cut, and no text is a command."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from depeche.errors import ModelUnavailable

pytest.importorskip("transformers")

from benchmarks.readable import SENTENCES, given_for, unknown
from tasks.normalise import for_model
from tasks.summary.readable_input import ReadableInput
from tests.checkpoints import layouts
from tests.checkpoints.articles import ARTICLES, PAIRS
from tests.fakes import FakeAbstractive
from tests.unit.test_readable_input import ENGLISH
from worker.models.engines.codec import Codec

CHECKPOINTS = Path(__file__).parents[1] / "checkpoints"


@pytest.fixture(scope="module")
def marian() -> Codec:
    """The tiny translator's."""
    return Codec(CHECKPOINTS / "marian", "translation")


@pytest.fixture(scope="module")
def bart() -> Codec:
    """The tiny summariser's."""
    return Codec(CHECKPOINTS / "bart", "summary")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the tiny translator to spoil."""
    return Path(shutil.copytree(CHECKPOINTS / "marian", tmp_path / "marian"))


@pytest.fixture(scope="module")
def newspaper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A translator's folder with the oddities of real ones.

    Its vocabulary has the long dash nowhere, the shorter one at the beginning of a word alone, and of a longer piece
    the characters alone.
    """
    folder = tmp_path_factory.mktemp("newspaper")
    texts = [*(pair.french for pair in PAIRS), *["Il part – vite << demain >>, dit-on."] * 40]
    english = [pair.english for pair in PAIRS]
    size = layouts.write_marian_tokenizer(folder, texts, english, pieces=300, user_defined_symbols=["▁–"])
    config = json.loads((CHECKPOINTS / "marian/config.json").read_text())
    ends = {"vocab_size": size, "pad_token_id": size - 1}
    layouts.write_json(folder / "config.json", config | ends)
    vocabulary = json.loads((folder / "vocab.json").read_text())
    vocabulary["▁left out"] = vocabulary.pop("▁part")
    layouts.write_json(folder / "vocab.json", vocabulary)
    return folder


def test_limits_come_from_the_model(marian: Codec, bart: Codec) -> None:
    """Its positions, less the special tokens that each input has."""
    assert marian.max_input_tokens == 512 - 1
    assert bart.max_input_tokens == json.loads((CHECKPOINTS / "bart/config.json").read_text())[
        "max_position_embeddings"
    ] - len(bart.encode([""])[0])


def test_what_is_counted_is_what_is_encoded(marian: Codec, bart: Codec) -> None:
    """The count is without special tokens, of which each input has as many."""
    for codec, texts in (
        (marian, [pair.french for pair in PAIRS]),
        (bart, [pair.english for pair in ARTICLES[0].sentences]),
    ):
        extra = {len(ids) - count for ids, count in zip(codec.encode(texts), codec.count(texts), strict=True)}
        assert len(extra) == 1


def test_nothing_is_cut(marian: Codec) -> None:
    """A text far over the limit is encoded whole: cutting is not for the tokenizer to do."""
    word = PAIRS[0].french.split()[0]
    assert len(marian.encode([f"{word} " * 5000])[0]) >= 5000


@pytest.mark.parametrize("role", ["translation", "summary"])
@pytest.mark.parametrize("command", ["</s>", "<pad>", "<unk>", "<s>", "<mask>"])
def test_special_tokens_in_a_text_stay_text(role: str, command: str, marian: Codec, bart: Codec) -> None:
    """An article that spells the end mark does not end its sentence."""
    codec = marian if role == "translation" else bart
    special = len(codec.encode([""])[0])
    ids = codec.encode([f"a {command} a"])[0]
    ends = codec.encode([""])[0]
    inside = ids[1:-1] if special == 2 else ids[:-1]
    assert not (set(inside) & set(ends))


def test_decoding_undoes_encoding(bart: Codec) -> None:
    """Quotes, figures and spaces come back as they were."""
    text = 'It cost 8.4 million euros, she said. "Twice as much," he said.'
    assert bart.decode(bart.encode([text])) == [text]
    assert bart.encode([]) == []


def test_a_missing_tokenizer_file(copy: Path) -> None:
    """The message says where and what."""
    (copy / "source.spm").unlink()
    with pytest.raises(ModelUnavailable, match=r"the tokenizer in .* cannot be loaded .*missing or damaged"):
        Codec(copy, "translation")


def test_a_configuration_that_is_none(copy: Path) -> None:
    """Missing, broken, or of something else."""
    (copy / "config.json").write_text('{"model_type": "marian"}')
    with pytest.raises(ModelUnavailable, match="not a model's configuration"):
        Codec(copy, "translation")
    (copy / "config.json").unlink()
    with pytest.raises(ModelUnavailable, match="incomplete"):
        Codec(copy, "translation")


def test_the_tokenizer_of_a_larger_model(copy: Path) -> None:
    """Tokens that the model has no row for would read past its end."""
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps(config | {"vocab_size": 100}))
    with pytest.raises(ModelUnavailable, match="does not belong to its model"):
        Codec(copy, "translation")


def test_the_tokenizer_of_another_model_of_that_size(copy: Path) -> None:
    """Where plain text comes out as unknown tokens, the pieces and the vocabulary are not of one model."""
    vocabulary = json.loads((copy / "vocab.json").read_text())
    kept = {"</s>", "<unk>", "<pad>"}
    (copy / "vocab.json").write_text(
        json.dumps({token if token in kept else f"x{token}x": number for token, number in vocabulary.items()})
    )
    with pytest.raises(ModelUnavailable, match="does not belong to its model"):
        Codec(copy, "translation")


@pytest.mark.parametrize(
    ("configuration", "generation", "start"),
    [
        ({"forced_bos_token_id": 0}, None, 0),
        ({}, {"forced_bos_token_id": 0, "eos_token_id": [2]}, 0),
        ({"force_bos_token_to_be_generated": True, "bos_token_id": 0}, None, 0),
        ({}, {}, None),
    ],
    ids=["older", "newer", "oldest", "none"],
)
def test_what_outputs_begin_with(
    configuration: dict[str, object], generation: dict[str, object] | None, start: int | None, tmp_path: Path
) -> None:
    """It is forced wherever a checkpoint of any age says so: the model has learnt it, and writes worse without."""
    folder = Path(shutil.copytree(CHECKPOINTS / "bart", tmp_path / "bart"))
    config = json.loads((folder / "config.json").read_text())
    config.pop("forced_bos_token_id", None)
    (folder / "config.json").write_text(json.dumps(config | configuration))
    if generation is not None:
        (folder / "generation_config.json").write_text(json.dumps(generation))
    assert Codec(folder, "summary").forced_start == start


@pytest.mark.parametrize("name", ["marian", "newspaper"])
def test_no_unknown_token_reaches_the_model(name: str, marian: Codec, newspaper: Path) -> None:
    """Of twenty sentences with all that newspapers print, whatever a vocabulary lacks; before, most had some."""
    codec = marian if name == "marian" else Codec(newspaper, "translation")
    given = list(given_for(codec))
    assert len(given) == len(SENTENCES) == 20
    assert sum(unknown(codec, french) > 0 for french, _ in given) > 10
    assert [found.text for _, found in given if unknown(codec, found.text)] == []


@pytest.mark.parametrize("kind", ["t5", "pegasus"])
def test_no_unknown_token_reaches_a_summariser(kind: str, tmp_path: Path) -> None:
    """With the tokenizers of T5 and Pegasus, where their vocabularies have plain English alone."""
    plain = [pair.english.encode("ascii", "ignore").decode() for pair in PAIRS]
    marks = "0123456789 (a) 'b' \"c\" d/e?; f: Z-X J Q"
    layouts.write_sentencepiece_summariser(tmp_path, kind, [*plain, marks], pieces=300)
    codec = Codec(tmp_path, "summary")

    class Reader(FakeAbstractive):
        """Lacks what the tokenizer lacks."""

        def unreadable(self, text: str) -> frozenset[str]:
            return codec.unreadable(text)

    engine = Reader(lambda text, attempt: text)
    texts = [for_model(sentence) for sentence in ENGLISH]
    assert all(unknown(codec, text) for text in texts)
    ReadableInput(engine).summarise(texts, min_tokens=1, max_tokens=100)
    ((_, given),) = engine.calls
    assert [text for text in given if unknown(codec, text)] == []
    assert all(len(text) > 5 for text in given)


def test_what_is_unreadable_depends_on_the_place(newspaper: Path) -> None:
    """A mark may be known as a word's beginning alone; and what a text does not hold is not said."""
    codec = Codec(newspaper, "translation")
    assert codec.unreadable("Il part – vite.") == frozenset()
    assert codec.unreadable("Il part vite–demain — peut.") == {"–", "—"}


def test_a_piece_that_the_vocabulary_lacks_is_read_by_its_characters(newspaper: Path) -> None:
    """As in a real one, whose sentencepiece model finds "Is" and whose vocabulary has "I" and "s"."""
    codec = Codec(newspaper, "translation")
    assert unknown(codec, "Il part vite.") == 0
    assert codec.decode(codec.encode(["Il part vite."])) == ["Il part vite."]


def test_typed_quotation_marks_are_no_language_code(newspaper: Path) -> None:
    """A text that begins with ">>" and has "<<" later would be one unknown token up to there."""
    codec = Codec(newspaper, "translation")
    text = ">> Le maire << part demain"
    assert unknown(codec, text) == 0
    assert codec.decode(codec.encode([text])) == [text]
