"""Settings of a worker: those of a producer, and those of models, leases, cache, metrics and log."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from depeche import settings
from depeche.settings import ClientSettings, read_settings

Profile = Literal["standard", "embedded", "echo"]
Engine = Literal["ctranslate2", "transformers"]
Preset = Literal["quality", "speed"]
LogFormat = Literal["console", "json"]
Device = Literal["auto", "cpu", "cuda"]
ComputeType = Literal[
    "auto", "int8", "int8_float32", "int8_float16", "int8_bfloat16", "int16", "float16", "bfloat16", "float32"
]

#: Celery reads these by itself. In a worker they would silently replace DEPECHE_REDIS_URL.
RIVALS = ("CELERY_BROKER_URL", "CELERY_BROKER_READ_URL", "CELERY_BROKER_WRITE_URL", "CELERY_RESULT_BACKEND")

#: The width of the beam search that each preset stands for.
BEAM_SIZES: dict[Preset, int] = {"quality": 4, "speed": 1}

#: The value of DEPECHE_METRICS_ADDR that turns the status page off.
NO_METRICS = "none"

#: The value of DEPECHE_CALLBACK_TASKS that allows none.
NO_CALLBACKS = "none"


def _task_names(names: str) -> str:
    listed = [name.strip() for name in names.split(",")]
    if not all(name.isprintable() and name and " " not in name for name in listed):
        raise ValueError("must be names of Celery tasks with commas between them, such as presse.publish, or none")
    if kept := [name for name in listed if name.startswith("celery.")]:
        raise ValueError(f"must not name {kept[0]}: chains, groups and chords of the tasks named are allowed with them")
    return ",".join(listed)


def _metrics_addr(address: str) -> str:
    if address == NO_METRICS:
        return address
    host, colon, port = address.rpartition(":")
    if not (host and colon and port.isdecimal() and int(port) < 65_536):
        raise ValueError("must be host:port, such as 127.0.0.1:9464 or 0.0.0.0:9464, or none")
    return address


def _folder(path: Path) -> Path:
    if path == Path():
        raise ValueError("must be the path of a folder")
    return _expanded(path)


def _expanded(path: Path) -> Path:
    return Path(os.path.expanduser(path))  # noqa: PTH111  # Path.expanduser() raises where there is no home


def _adapter(wanted: Path | Literal["packaged", "none"]) -> Path | Literal["packaged", "none"]:
    if wanted == Path():
        raise ValueError("must be packaged, none or the path of a GGUF file")
    return _expanded(wanted) if isinstance(wanted, Path) else wanted


def _model(source: str) -> str:
    if not source.strip():
        raise ValueError("must be a model's hub id (owner/name or owner/name@revision) or a folder")
    return source.strip()


def _model_dir() -> Path:
    return _folder(Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache")) / "depeche" / "models"


class Settings(ClientSettings):
    """All settings, from variables with the prefix ``DEPECHE_``. Build it with :func:`load_settings`."""

    profile: Profile = Field(
        "standard",
        title="standard, embedded or echo",
        description="Which models the worker loads. A worker never changes its profile by itself.",
    )
    model_dir: Annotated[Path, AfterValidator(_folder)] = Field(
        default_factory=_model_dir,
        title="folder",
        description="Where prepared models are kept. The default is in the user's cache (~/.cache/depeche/models), as "
        "they can be made again.",
    )
    translation_model: Annotated[str, AfterValidator(_model)] = Field(
        "Helsinki-NLP/opus-mt-fr-en",
        title="hub id, id@revision or folder",
        description="The translator of the standard profile: a Marian, NLLB, M2M100, mBART or T5 checkpoint. A folder "
        "may also be a prepared one. The default is small, fast and made for these two languages.",
    )
    summary_model: Annotated[str, AfterValidator(_model)] = Field(
        "sshleifer/distilbart-cnn-12-6",
        title="hub id, id@revision, folder or none",
        description="The summariser of the standard profile: a BART, Pegasus or T5 checkpoint. With none, a summary "
        "is made of the article's own sentences.",
    )
    engine: Engine = Field(
        "ctranslate2",
        title="ctranslate2 or transformers",
        description="The library that runs the models of the standard profile. CTranslate2 is several times faster "
        "and needs no torch. transformers takes any encoder-decoder model, and CTranslate2 is checked against it.",
    )
    device: Device = Field(
        "auto",
        title="auto, cpu or cuda",
        description="Where the models of the standard profile run. auto takes the GPU if there is one.",
    )
    compute_type: ComputeType = Field(
        "auto",
        title="auto, int8, float16, float32 …",
        description="The number format of the standard profile's models; models prepare uses it too. auto is int8 on "
        "a CPU, where it is the fastest, and float16 on a GPU (with transformers: float32 and float16).",
    )
    preset: Preset = Field(
        "quality",
        title="quality or speed",
        description="How thoroughly the standard profile searches for words: quality keeps 4 hypotheses, speed keeps "
        "one, for six tenths of the CPU time; what that costs in quality was not measured. DEPECHE_BEAM_SIZE sets "
        "another number. The other "
        "profiles have one way of searching.",
    )
    beam_size: int = Field(
        default_factory=lambda known: BEAM_SIZES[known["preset"]],
        ge=1,
        le=32,
        title="hypotheses",
        description="The width of the standard profile's beam search. The default is that of DEPECHE_PRESET.",
    )
    adapter: Annotated[Literal["packaged", "none"] | Path, AfterValidator(_adapter)] = Field(
        "packaged",
        title="packaged, none or a GGUF file",
        description="What teaches the base model of the embedded profile to translate. With none, examples in its "
        "prompt teach it, which is slower and worse.",
    )
    concurrency: int = Field(
        2,
        ge=1,
        le=64,
        title="jobs",
        description="How many articles one worker process works on at the same time. Their sentences share the "
        "engine's batches. Two long articles fill them; for articles of a few sentences take 8.",
    )
    job_deadline_s: int = Field(
        7200,
        ge=1,
        le=86_400,
        title="seconds",
        description="How long one attempt at an article may take. After that, the article fails as deadline_exceeded. "
        "Two hours are enough for the chapter of a book with the slowest profile.",
    )
    batch_timeout_s: int = Field(
        600,
        ge=5,
        le=86_400,
        title="seconds",
        description="When an engine gives no sign of life for this long, it hangs. The worker then ends itself, and "
        "its articles start elsewhere. A batch takes seconds.",
    )
    max_attempts: int = Field(
        3,
        ge=1,
        le=100,
        title="attempts",
        description="After so many attempts in which its worker died, an article is dead: it is kept with the reason, "
        "and not tried again by itself. Attempts that ended for short memory count too.",
    )
    lease_s: int = Field(
        20,
        ge=3,
        le=3600,
        title="seconds",
        description="How long a worker keeps its articles without a sign of life. It renews its leases three times in "
        "this time. A shorter lease finds dead workers sooner, but a worker may then pause less long. All workers "
        "must have the same value.",
    )
    grace_s: int = Field(
        25,
        ge=0,
        le=3600,
        title="seconds",
        description="How long articles in work may go on after SIGTERM. Then they are handed back. The default is "
        "below the 30 s after which Kubernetes kills. Give docker stop a longer time than this.",
    )
    cache_sentences: int = Field(
        200_000,
        ge=0,
        le=100_000_000,
        title="sentences",
        description="How many translated sentences are kept in Redis, for restarts and for repeated texts. 0 keeps "
        "none, and an interrupted article then starts again from its beginning. 200 000 take about 45 MB.",
    )
    cache_ttl_s: int = Field(
        604_800,
        ge=60,
        le=31_536_000,
        title="seconds",
        description="How long a translated sentence is kept at most. It is kept at least half of this time if there "
        "is room.",
    )
    callback_tasks: Annotated[str, AfterValidator(_task_names)] = Field(
        NO_CALLBACKS,
        title="none, or names with commas between them",
        description="Which other Celery tasks a message may have sent after its article (link, link_error, chain, "
        "chord). With none, a message that asks for any is refused, as its sender could have tasks run with the "
        "worker's rights. All workers must have the same value.",
    )
    metrics_addr: Annotated[str, AfterValidator(_metrics_addr)] = Field(
        "127.0.0.1:9464",
        title="host:port or none",
        description="Where the worker serves /metrics, /healthz and /readyz. The default is loopback, as they ask for "
        "no password; in a container, set 0.0.0.0:9464. If the port is taken, the worker says so and runs without "
        "them.",
    )
    log_format: LogFormat = Field(
        "console",
        title="console or json",
        description="How the worker writes its log: as text for people, or as one JSON object on each line.",
    )


def callback_tasks(settings: Settings) -> frozenset[str]:
    """The names of the tasks that may be sent after an article."""
    named = settings.callback_tasks
    return frozenset() if named == NO_CALLBACKS else frozenset(named.split(","))


def load_settings(**overrides: object) -> Settings:
    """Read and check a worker's settings. :func:`depeche.settings.read_settings` says how.

    Args:
        overrides: values of fields, which are taken instead of those of the environment; for tests and the demo.

    Raises:
        SettingsError: has one line for each fault: the variable, its value (masked if secret) and what is allowed.
    """
    rivals = [
        f"{name} would be used instead of DEPECHE_REDIS_URL: unset it here" for name in RIVALS if os.environ.get(name)
    ]
    return read_settings(Settings, overrides, rivals)


def unknown_variables(environment: Mapping[str, str]) -> list[str]:
    """One line for each ``DEPECHE_`` variable that no setting of a worker's reads. Most of these are misspelt."""
    return settings.unknown_variables(environment, Settings, others=())
