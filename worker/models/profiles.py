"""Profiles: which engines a worker runs, and where their weights come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from config.settings import Settings
from depeche.errors import ModelUnavailable
from tasks.engines import Engines
from worker.models import prepared
from worker.models.engines.decoding import Role

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
    from worker.models.hub import is_within_reach

    if not all(is_within_reach(source, timeout_s) for source, _ in _wanted(settings)):
        return "the hub does not answer"
    return None


def prepare_models(settings: Settings, *, force: bool, say: Callable[[str], None], trial: bool = True) -> list[Path]:
    """Get all that the profile needs; what is there already stays. Returns the files or folders.

    Without ``trial``, models that write nonsense are taken too.

    Raises:
        ModelUnavailable: says what is wrong and the way out.
    """
    match settings.profile:
        case "echo":
            return []
        case "embedded":
            from worker.models import embedded

            with _telling_what_to_install(INSTALL_EMBEDDED):
                return [embedded.prepare(settings, force=force, say=say, trial=trial)]
        case "standard":
            with _telling_what_to_install(INSTALL_WORKER):
                from worker.models.prepare import prepare
            return [
                prepare(source, role, settings, force=force, say=say, trial=trial) for source, role in _wanted(settings)
            ]


def verify_models(settings: Settings) -> list[str]:
    """Check all that the profile needs, as a worker does; one line for each that is right.

    Raises:
        ModelUnavailable: one line for each that is not, with the way out.
    """
    if settings.profile == "echo":
        return []
    if settings.profile == "embedded":
        from worker.models import embedded

        with _telling_what_to_install(INSTALL_EMBEDDED):
            return [embedded.verify(settings)]
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


@contextmanager
def _telling_what_to_install(command: str) -> Iterator[None]:
    """A library that is not there becomes a fault with the command that brings it."""
    try:
        yield
    except ImportError as error:
        raise ModelUnavailable(f"{error.name or error} is not installed: {command}") from error


def _standard(settings: Settings) -> Engines:
    with _telling_what_to_install(INSTALL_WORKER):
        from worker.models import standard

    return standard.load(settings)


def _echo() -> Engines:
    from worker.models.engines.echo import EchoDetector, EchoSummariser, EchoTranslator

    return Engines(EchoTranslator(), EchoSummariser(), EchoDetector())


def _embedded(settings: Settings) -> Engines:
    from worker.models import embedded

    with _telling_what_to_install(INSTALL_EMBEDDED):
        return embedded.load(settings)
