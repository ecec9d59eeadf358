"""The standard profile: a translator and a summariser from prepared folders, on CTranslate2 or transformers."""

from __future__ import annotations

from pathlib import Path

from config.settings import Settings
from depeche.article import ModelInfo
from depeche.errors import ModelUnavailable
from tasks.engines import Engines
from tasks.summary import ExtractiveSummariser
from worker.models import prepared
from worker.models.engines.batcher import Batcher
from worker.models.engines.codec import Codec
from worker.models.engines.decoding import Generator, Role
from worker.models.engines.language import Detector
from worker.models.engines.seq2seq import Seq2SeqSummariser, Seq2SeqTranslator
from worker.models.host import cores, give_memory_back

#: The folder in a prepared one that has the checkpoint's configuration and tokenizer: CTranslate2's files have the same
#: names.
CODEC = "codec"


def load(settings: Settings) -> Engines:
    """Load the prepared models of the settings.

    Raises:
        ModelUnavailable: one is not prepared, damaged, or cannot run here.
    """
    give_memory_back()
    # One for both models, so that translations and summaries share the cores.
    batcher = Batcher(cores())
    translator = _translator(settings, batcher)
    abstractive = None if settings.summary_model == prepared.NO_MODEL else _summariser(settings, batcher)
    return Engines(translator, ExtractiveSummariser(), Detector(), abstractive=abstractive)


def open_model(
    folder: Path, role: Role, settings: Settings, batcher: Batcher | None = None
) -> tuple[ModelInfo, Codec, Generator]:
    """What a prepared folder says of its model, its tokenizer, and the model on the engine of the settings.

    Raises:
        ModelUnavailable: it is not prepared for this engine, damaged, or cannot run here.
    """
    manifest = prepared.load(folder, settings.engine)
    codec = Codec(folder / CODEC, role)
    return manifest.info, codec, generator(folder, codec, settings, batcher)


def generator(folder: Path, codec: Codec, settings: Settings, batcher: Batcher | None = None) -> Generator:
    """The model in a prepared folder, on the engine of the settings.

    Raises:
        ModelUnavailable: it cannot be loaded, or the engine is not installed.
    """
    device, compute_type = settings.device, settings.compute_type
    if settings.engine == "ctranslate2":
        from worker.models.engines.ctranslate2 import CTranslate2Generator

        return CTranslate2Generator(
            folder, codec, device=device, compute_type=compute_type, threads=cores(), batcher=batcher
        )
    try:
        from worker.models.engines.transformers import TransformersGenerator
    except ImportError as error:
        raise ModelUnavailable(
            f"DEPECHE_ENGINE=transformers needs {error.name}: pip install '.[convert]' in Dépêche's folder"
        ) from error
    return TransformersGenerator(folder, codec, device=device, compute_type=compute_type, threads=cores())


def _translator(settings: Settings, batcher: Batcher) -> Seq2SeqTranslator:
    info, codec, model = open_model(
        prepared.find(settings.translation_model, settings), "translation", settings, batcher
    )
    translator = Seq2SeqTranslator(info, codec, model, beam_size=settings.beam_size)
    _try_again(translator, settings)
    return translator


def _try_again(translator: Seq2SeqTranslator, settings: Settings) -> None:
    """Where transformers itself runs the model, another version of it may make something else of the same weights."""
    here = prepared.installed("transformers")
    there = prepared.read(prepared.find(settings.translation_model, settings)).versions.get("transformers")
    if settings.engine != "transformers" or there in (here, None):
        return
    from worker.models.trial import try_translator

    outcome = try_translator(translator, Detector())
    if not outcome.is_passed:
        raise ModelUnavailable(
            f"{settings.translation_model} was prepared with transformers {there}, and with {here} it does not "
            f"translate any more: {outcome.finding}. Install the former version, or set DEPECHE_ENGINE=ctranslate2"
        )


def _summariser(settings: Settings, batcher: Batcher) -> Seq2SeqSummariser:
    info, codec, model = open_model(prepared.find(settings.summary_model, settings), "summary", settings, batcher)
    return Seq2SeqSummariser(info, codec, model, beam_size=settings.beam_size)
