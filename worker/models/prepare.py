"""``depeche-worker models prepare``: from a published checkpoint to a folder that a worker loads without torch."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.settings import Engine, Settings
from depeche.article import ModelInfo
from depeche.errors import ModelUnavailable
from worker.models import prepared
from worker.models.engines.decoding import Decoding, Role
from worker.models.hub import Checkpoint, fetch
from worker.models.hub_faults import broken_off
from worker.models.prepared import Manifest, Say

if TYPE_CHECKING:
    from worker.models.engines.codec import Codec

INSTALL_CONVERT = "pip install '.[convert]' in Dépêche's folder (docs/models.md has a way to torch without CUDA)"

_APART = "its configuration says that the output layer is the embeddings, but its file has another one"

#: Encoder-decoder models for text that CTranslate2 converts, by the model_type of their configuration.
CONVERTIBLE = ("bart", "m2m_100", "marian", "mbart", "mt5", "pegasus", "t5")


def prepare(
    source: str,
    role: Role,
    settings: Settings,
    *,
    force: bool = False,
    say: Say = lambda line: None,
    trial: bool = True,
) -> Path:
    """Make the folder that the worker loads, unless it is there already. Several may try at once: one does it.

    Args:
        source: hub id, hub id@revision, or a folder.
        role: what the model is for.
        settings: model directory, engine and number format.
        force: make it anew in any case.
        say: called with one line for the person who waits.
        trial: refuse a model that writes nonsense; without, it is only seen that it runs.

    Returns:
        The prepared folder.

    Raises:
        ModelUnavailable: says what is wrong and the way out; what was there before is still there.
    """
    target = prepared.find(source, settings)
    if prepared.is_folder(source) and target == prepared.folder_of(source):
        return _as_it_is(target, settings.engine, say)
    try:
        prepared.make(
            target,
            source,
            lambda work: _build(source, role, settings, work, say, trial=trial),
            lambda: not force and _is_current(source, target, settings.engine),
            say,
        )
    except OSError as error:
        raise ModelUnavailable(broken_off(error, source), {"path": str(target)}) from error
    return target


def _as_it_is(folder: Path, engine: Engine, say: Say) -> Path:
    """A setting that names a prepared folder: nothing to make it of."""
    try:
        prepared.load(folder, engine)
    except ModelUnavailable as fault:
        raise ModelUnavailable(
            f"{fault}; and set the hub id or folder that it was made of: it cannot be made of itself", fault.detail
        ) from fault
    say(f"{folder} is prepared already.")
    return folder


def _build(source: str, role: Role, settings: Settings, work: Path, say: Say, *, trial: bool) -> None:
    # Before the download, which may take long.
    if find_spec("torch") is None:
        raise ModelUnavailable(f"preparing a model needs torch: {INSTALL_CONVERT}")
    checkpoint = fetch(source, say)
    if checkpoint.pickled:
        say(f"{source} has no safetensors: its weights are a pickle, read by torch so that no code in it is run.")
    _make(checkpoint, role, settings, work, say, trial=trial)


def _is_current(source: str, target: Path, engine: Engine) -> bool:
    """Whether what is there is whole, fits what is installed, and, for a checkpoint's folder, is of its files."""
    try:
        manifest = prepared.load(target, engine)
    except ModelUnavailable:
        return False
    if not prepared.is_folder(source) or not prepared.folder_of(source).is_dir():
        return True
    return fetch(source).revision == manifest.revision


def _make(checkpoint: Checkpoint, role: Role, settings: Settings, work: Path, say: Say, *, trial: bool) -> None:
    if settings.engine == "ctranslate2" and checkpoint.architecture not in CONVERTIBLE:
        raise ModelUnavailable(
            f"{checkpoint.source} is a {checkpoint.architecture} model, which CTranslate2 cannot run here: choose an "
            f"encoder-decoder model for text ({', '.join(CONVERTIBLE)}), or try DEPECHE_ENGINE=transformers"
        )
    # Not before: to find that a model is prepared already should not take the seconds that importing these takes.
    from worker.models.engines.codec import Codec

    codec = Codec(checkpoint.folder, role)
    is_apart = _write_model(checkpoint, settings, work, tie=False)
    finding = _try_out(work, codec, checkpoint, role, settings, trial=trial)
    if is_apart and finding:
        shutil.rmtree(work)
        _write_model(checkpoint, settings, work, tie=True)
        if _try_out(work, codec, checkpoint, role, settings, trial=trial) is None:
            finding = None
            say(f"{checkpoint.source}: {_APART}. It writes nonsense, and is left out: the embeddings take its place.")
    elif is_apart:
        say(f"{checkpoint.source}: {_APART}, which is used.")
    if finding:
        raise ModelUnavailable(_nonsense(checkpoint, role, codec, finding))
    manifest = Manifest(
        source=checkpoint.source,
        revision=checkpoint.revision,
        architecture=checkpoint.architecture,
        engine=settings.engine,
        compute_type=prepared.stored_compute_type(settings),
        versions={name: prepared.installed(name) for name in ("ctranslate2", "torch", "transformers")},
        files=prepared.file_digests(work),
    )
    prepared.write(manifest, work)


def _write_model(checkpoint: Checkpoint, settings: Settings, work: Path, *, tie: bool) -> bool:
    """Write weights, configuration and tokenizer; whether the file's output layer is not what its configuration says.

    Args:
        tie: leave such an output layer out.
    """
    from worker.models import standard

    if settings.engine == "ctranslate2":
        is_apart = _convert(checkpoint, prepared.stored_compute_type(settings), work, tie=tie)
    else:
        is_apart = _copy(checkpoint, work, tie=tie)
    # CTranslate2 writes a config.json of its own, so the checkpoint's small files get a folder of theirs.
    (work / standard.CODEC).mkdir()
    for path in checkpoint.small_files:
        shutil.copyfile(path, work / standard.CODEC / path.name)
    return is_apart


def _convert(checkpoint: Checkpoint, compute_type: str, work: Path, *, tie: bool) -> bool:
    import torch
    from ctranslate2.converters import TransformersConverter

    from worker.models.engines import tokenizers
    from worker.models.engines.transformers import (
        LOADING,
        check_complete,
        has_output_layer_apart,
        reason,
        tie_output_layer,
    )

    is_apart = False

    class Converter(TransformersConverter):  # type: ignore[misc]  # it ships no types
        """Reads a checkpoint as our engines do, and refuses one whose weights are not all there."""

        def load_model(self, model_class: Any, model_name_or_path: Any, **options: Any) -> Any:
            # Whatever they are stored in: position encodings computed in float16 are others than the model was
            # trained with.
            wide = {**options, "dtype": torch.float32}
            model, report = model_class.from_pretrained(model_name_or_path, **LOADING, **wide)
            check_complete(report, checkpoint.folder)
            if model.config.model_type == "mbart":
                # transformers does not ask for these, as its mBART knows no others.
                model.config.normalize_before = model.config.normalize_embedding = True
            nonlocal is_apart
            is_apart = has_output_layer_apart(model)
            if tie:
                tie_output_layer(model)
            return model

        def load_tokenizer(self, tokenizer_class: Any, model_name_or_path: Any, **options: Any) -> Any:  # noqa: ARG002
            tokenizer = tokenizers.load(checkpoint.folder)
            if tokenizer.bos_token is None and checkpoint.architecture == "mbart":
                # Its tokenizer knows it only where special_tokens_map.json says so, and CTranslate2 wants to know.
                tokenizer.bos_token = "<s>"  # noqa: S105
            return tokenizer

    try:
        Converter(str(checkpoint.folder)).convert(str(work), quantization=compute_type)
    except ModelUnavailable:
        raise
    except Exception as error:  # the converter raises whatever a checkpoint provokes
        if isinstance(error, OSError) and error.errno:  # the disk, not the checkpoint
            raise
        raise ModelUnavailable(
            f"{checkpoint.source} cannot be converted ({reason(error)}): get the checkpoint again, or try "
            "DEPECHE_ENGINE=transformers",
            {"path": str(checkpoint.folder)},
        ) from error
    return is_apart


def _copy(checkpoint: Checkpoint, work: Path, *, tie: bool) -> bool:
    from worker.models.engines.transformers import has_output_layer_apart, load_checkpoint, tie_output_layer

    work.mkdir()
    model = load_checkpoint(checkpoint.folder, "float32")
    is_apart = has_output_layer_apart(model)
    if tie:
        tie_output_layer(model)
        model.save_pretrained(work)
    files = checkpoint.small_files if tie else (*checkpoint.small_files, *checkpoint.weights)
    for path in files:
        shutil.copyfile(path, work / path.name)
    return is_apart


def _try_out(
    work: Path, codec: Codec, checkpoint: Checkpoint, role: Role, settings: Settings, *, trial: bool
) -> str | None:
    """Load it and run it, as a worker will; what is wrong with what it writes, None where nothing is.

    Raises:
        ModelUnavailable: it does not run: what fails now would fail there.
    """
    from worker.models import standard
    from worker.models.engines.language import Detector
    from worker.models.engines.seq2seq import Seq2SeqSummariser, Seq2SeqTranslator
    from worker.models.trial import try_summariser, try_translator

    model = standard.generator(work, codec, settings)
    if not trial:
        model.generate(codec.encode(["Bonjour."]), Decoding(1), min_tokens=1, max_tokens=4)
        return None
    info = ModelInfo(
        id=checkpoint.source, revision=checkpoint.revision, engine=settings.engine, compute_type=model.compute_type
    )
    if role == "translation":
        outcome = try_translator(Seq2SeqTranslator(info, codec, model, beam_size=settings.beam_size), Detector())
    else:
        outcome = try_summariser(Seq2SeqSummariser(info, codec, model, beam_size=settings.beam_size))
    return None if outcome.is_passed else outcome.finding


def _nonsense(checkpoint: Checkpoint, role: Role, codec: Codec, finding: str) -> str:
    """That a model cannot be used, with what is known of the cause, and the way out."""
    if not codec.is_told_a_known_task:
        cause = f"its configuration names no task {codec.task}, so it was hardly taught that one: choose another model"
    else:
        cause = (
            "it is no such model, its files are of different trainings, or transformers "
            f"{prepared.installed('transformers')} reads it wrongly: choose another model, or install another version "
            "of transformers"
        )
    does = "translate French into English" if role == "translation" else "summarise English"
    return f"{checkpoint.source} does not {does}: {finding}. {cause[0].upper()}{cause[1:]}"
