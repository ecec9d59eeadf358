"""Tiny checkpoints laid out file by file as the repositories of the hub are, oddities included.

Each function writes one into a folder. The Marian and the BART one are those of this folder in other clothes: they know
our articles. The others have random weights. Needs torch.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from transformers import (
    AutoTokenizer,
    M2M100ForConditionalGeneration,
    MarianConfig,
    MarianMTModel,
    MBartConfig,
    MBartForConditionalGeneration,
    PegasusForConditionalGeneration,
    T5ForConditionalGeneration,
)
from transformers.models.nllb.tokenization_nllb import FAIRSEQ_LANGUAGE_CODES

from tests.checkpoints import random_models
from tests.checkpoints.articles import PAIRS
from tests.checkpoints.layouts import sentencepiece_model, write_json, write_marian_tokenizer

_HERE = Path(__file__).parent
_PIECES = 400
#: Files of other libraries, which the hub's folders hold as well.
_OTHERS = ("README.md", "tf_model.h5", "flax_model.msgpack", "rust_model.ot", ".gitattributes")


def marian_2020(folder: Path) -> None:
    """As ``opus-mt-fr-en``: a tokenizer_config of two keys, an old configuration, a legacy pickle with positions."""
    source = _copied("marian", folder, ("source.spm", "target.spm", "vocab.json"))
    write_json(folder / "tokenizer_config.json", {"target_lang": "en", "source_lang": "fr"})
    config = json.loads((source / "config.json").read_text())
    for newer in ("dtype", "transformers_version", "share_encoder_decoder_embeddings", "decoder_vocab_size"):
        config.pop(newer)
    pad = config["pad_token_id"]
    older = {"_num_labels": 3, "add_bias_logits": False, "add_final_layer_norm": False, "classif_dropout": 0.0}
    write_json(folder / "config.json", config | older | {"bad_words_ids": [[pad]], "bos_token_id": 0, "num_beams": 4})
    weights = {name: tensor.float() for name, tensor in load_file(source / "model.safetensors").items()}
    shared = weights["model.shared.weight"]
    positions = MarianMTModel(MarianConfig(**config)).model.encoder.embed_positions.weight.detach()
    for side in ("encoder", "decoder"):
        weights[f"model.{side}.embed_tokens.weight"] = shared
        weights[f"model.{side}.embed_positions.weight"] = positions
    _save_legacy(weights, folder)


def marian_tc_big(folder: Path, *, output_layer: str = "equal") -> None:
    """As ``opus-mt-tc-big-fr-en``: </s> in the middle, float16, relu, more positions than are used, an lm_head apart.

    Args:
        output_layer: whether that is ``equal`` to the embeddings, or ``other``.
    """
    size = write_marian_tokenizer(folder, *_texts(), pieces=_PIECES)
    vocabulary = json.loads((folder / "vocab.json").read_text())
    eos, unknown = size // 2, size // 2 + 9
    tokens = [token for token in vocabulary if token not in {"</s>", "<unk>"}]
    tokens.insert(eos, "</s>")
    tokens.insert(unknown, "<unk>")
    write_json(folder / "vocab.json", {token: number for number, token in enumerate(tokens)})
    ends = {"eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}
    write_json(folder / "special_tokens_map.json", ends)
    languages = {
        "source_lang": "fr",
        "target_lang": "en",
        "separate_vocabs": False,
        "tokenizer_class": "MarianTokenizer",
    }
    write_json(folder / "tokenizer_config.json", {**languages, **ends, "model_max_length": 512, "sp_model_kwargs": {}})
    marks = {"bos_token_id": 0, "eos_token_id": eos, "pad_token_id": size - 1, "decoder_start_token_id": size - 1}
    config = MarianConfig(
        vocab_size=size,
        **random_models.SMALL | {"max_position_embeddings": 1024},
        **marks,
        activation_function="relu",
        scale_embedding=True,
    )
    model = _seeded(MarianMTModel, config).half()
    weights = dict(model.state_dict())
    for name in [name for name in weights if "embed_" in name]:
        del weights[name]
    weights["lm_head.weight"] = weights["model.shared.weight"] * (1 if output_layer == "equal" else 1.25)
    _save_legacy(weights, folder)
    written = json.loads(config.to_json_string(use_diff=False))
    for newer in ("dtype", "tie_word_embeddings", "normalize_before"):
        written.pop(newer, None)
    write_json(folder / "config.json", written | {"torch_dtype": "float16", "model_type": "marian"})
    write_json(
        folder / "generation_config.json", {**marks, "forced_eos_token_id": eos, "max_length": 512, "num_beams": 4}
    )


def distilbart(folder: Path, *, generation: bool = False) -> None:
    """As ``distilbart-cnn-12-6``: no tokenizer.json, a configuration of many years, a legacy pickle.

    Args:
        generation: with a generation_config.json, and what outputs begin with in that alone.
    """
    source = _copied("bart", folder, ("vocab.json", "merges.txt"))
    write_json(folder / "tokenizer_config.json", {"model_max_length": 512})
    config = json.loads((source / "config.json").read_text())
    for newer in ("dtype", "transformers_version", "task_specific_params"):
        config.pop(newer)
    older = {
        "_num_labels": 3,
        "add_bias_logits": False,
        "add_final_layer_norm": False,
        "classif_dropout": 0.0,
        "extra_pos_embeddings": 2,
        "force_bos_token_to_be_generated": not generation,
        "prefix": " ",
        "static_position_embeddings": False,
        "student_decoder_layers": None,
        "student_encoder_layers": None,
    }
    if generation:
        forced = {"forced_bos_token_id": config.pop("forced_bos_token_id"), "decoder_start_token_id": 2}
        write_json(folder / "generation_config.json", forced | {"eos_token_id": 2, "forced_eos_token_id": 2})
    write_json(folder / "config.json", config | older)
    weights = {name: tensor.float() for name, tensor in load_file(source / "model.safetensors").items()}
    for side in ("encoder", "decoder"):
        weights[f"model.{side}.embed_tokens.weight"] = weights["model.shared.weight"]
        weights[f"model.{side}.version"] = torch.tensor([2.0])
    _save_legacy(weights, folder)


def mbart50(folder: Path) -> None:
    """As ``mbart-large-50-many-to-many-mmt``: a sentencepiece model alone, codes such as ``fr_XX``."""
    _write_pieces(folder / "sentencepiece.bpe.model", unk_id=0, bos_id=1, eos_id=2)
    write_json(folder / "tokenizer_config.json", {"tokenizer_class": "MBart50Tokenizer", "src_lang": "en_XX"})
    write_json(folder / "config.json", {"model_type": "mbart"})
    config = MBartConfig(
        vocab_size=len(AutoTokenizer.from_pretrained(folder)),
        **random_models.SMALL,
        activation_function="gelu",
        scale_embedding=True,
        decoder_start_token_id=2,
    )
    _seeded(MBartForConditionalGeneration, config).save_pretrained(folder)
    path = folder / "config.json"
    older = {"tokenizer_class": "MBart50Tokenizer", "add_bias_logits": False, "add_final_layer_norm": True}
    write_json(path, json.loads(path.read_text()) | older | {"normalize_before": True, "normalize_embedding": True})


def m2m100(folder: Path) -> None:
    """As ``m2m100_418M``: vocab.json and a sentencepiece model, made-up words after the codes; no tokenizer.json."""
    random_models.m2m100(folder)
    (folder / "tokenizer.json").unlink(missing_ok=True)


def nllb(folder: Path, *, tokenizer: bool = True) -> None:
    """As ``nllb-200-distilled-600M``: its codes before ``<mask>``, and two rows more than the tokenizer has tokens.

    Args:
        tokenizer: with the tokenizer.json that has them so.
    """
    _write_pieces(folder / "sentencepiece.bpe.model", model_type="bpe", unk_id=0, bos_id=1, eos_id=2)
    codes = list(FAIRSEQ_LANGUAGE_CODES)
    own = {"tokenizer_class": "NllbTokenizer", "src_lang": "eng_Latn", "additional_special_tokens": codes}
    write_json(folder / "tokenizer_config.json", own)
    write_json(folder / "config.json", {"model_type": "m2m_100"})
    made = AutoTokenizer.from_pretrained(folder)
    if tokenizer:
        made.backend_tokenizer.save(str(folder / "tokenizer.json"))
        _put_mask_last(folder / "tokenizer.json", codes)
    rows = len(made) + 2
    _seeded(M2M100ForConditionalGeneration, random_models.m2m100_config(rows)).save_pretrained(folder)


def pegasus(folder: Path) -> None:
    """As ``pegasus-cnn_dailymail``: a sentencepiece model alone."""
    _write_pieces(folder / "spiece.model", pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
    write_json(folder / "tokenizer_config.json", {"tokenizer_class": "PegasusTokenizer", "model_max_length": 512})
    write_json(folder / "config.json", {"model_type": "pegasus"})
    config = random_models.pegasus_config(len(AutoTokenizer.from_pretrained(folder)))
    _seeded(PegasusForConditionalGeneration, config).save_pretrained(folder)


def t5(folder: Path, *, knows_french: bool = True) -> None:
    """As ``t5-small``, made of its sentencepiece model.

    Args:
        knows_french: whether its configuration names the task; the hub's does not.
    """
    random_models.t5(folder)
    (folder / "tokenizer.json").unlink()
    _write_pieces(folder / "spiece.model", pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
    path = folder / "config.json"
    config = json.loads(path.read_text())
    if not knows_french:
        del config["task_specific_params"]["translation_fr_to_en"]
    write_json(path, config)
    config = T5ForConditionalGeneration.from_pretrained(folder).config
    config.vocab_size = len(AutoTokenizer.from_pretrained(folder)) + 28
    _seeded(T5ForConditionalGeneration, config).save_pretrained(folder)


def _copied(name: str, folder: Path, files: tuple[str, ...]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        shutil.copyfile(_HERE / name / file, folder / file)
    for other in _OTHERS:
        (folder / other).write_bytes(b"of another library")
    return _HERE / name


def _texts() -> tuple[list[str], list[str]]:
    return [pair.french for pair in PAIRS], [pair.english for pair in PAIRS]


def _write_pieces(path: Path, **options: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    french, english = _texts()
    path.write_bytes(sentencepiece_model([*french, *english], _PIECES, **options))


def _put_mask_last(path: Path, codes: list[str]) -> None:
    """The order of the hub's file, in which the codes follow the words."""
    content = json.loads(path.read_text())
    first = min(token["id"] for token in content["added_tokens"] if token["content"] in {*codes, "<mask>"})
    order = {token: first + number for number, token in enumerate([*codes, "<mask>"])}
    for token in content["added_tokens"]:
        token["id"] = order.get(token["content"], token["id"])
    content["added_tokens"].sort(key=lambda token: token["id"])
    for name in order.keys() & content["model"]["vocab"].keys():
        content["model"]["vocab"][name] = order[name]
    path.write_text(json.dumps(content, ensure_ascii=False))


def _seeded(model_class: Any, config: Any) -> Any:
    torch.manual_seed(7)
    return model_class(config).eval()


def _save_legacy(weights: Mapping[str, torch.Tensor], folder: Path) -> None:
    """In the format of torch before 1.6."""
    torch.save(dict(weights), folder / "pytorch_model.bin", _use_new_zipfile_serialization=False)
