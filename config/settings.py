"""Settings of a worker: a producer's, and those of models, leases, cache, metrics and log."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from depeche.settings import PREFIX, ClientSettings, read_settings

Profile = Literal["standard", "embedded", "echo"]
Engine = Literal["ctranslate2", "transformers"]
LogFormat = Literal["console", "json"]
Device = Literal["auto", "cpu", "cuda"]
ComputeType = Literal[
    "auto", "int8", "int8_float32", "int8_float16", "int8_bfloat16", "int16", "float16", "bfloat16", "float32"
]

#: Celery reads these by itself, and a worker's Celery would prefer them to DEPECHE_REDIS_URL without a word.
RIVALS = ("CELERY_BROKER_URL", "CELERY_BROKER_READ_URL", "CELERY_BROKER_WRITE_URL", "CELERY_RESULT_BACKEND")

#: Value of DEPECHE_METRICS_ADDR with which nothing is served.
NO_METRICS = "none"


def _metrics_addr(address: str) -> str:
    if address == NO_METRICS:
        return address
    host, colon, port = address.rpartition(":")
    if not (host and colon and port.isdecimal() and int(port) < 65_536):
        raise ValueError("must be host:port, such as 127.0.0.1:9464 or 0.0.0.0:9464, or none")
    return address


def _folder(path: Path) -> Path:
    if path == Path():
        raise ValueError("must name a folder")
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
    """All that can be set, by variables with the prefix ``DEPECHE_``. Build it with :func:`load_settings`."""

    profile: Profile = Field(
        "standard",
        title="standard, embedded or echo",
        description="Which models the worker loads. A worker never changes it by itself.",
    )
    model_dir: Annotated[Path, AfterValidator(_folder)] = Field(
        default_factory=_model_dir,
        title="folder",
        description="Where prepared models are kept: in the user's cache (~/.cache/depeche/models), as they can be "
        "made again.",
    )
    translation_model: Annotated[str, AfterValidator(_model)] = Field(
        "Helsinki-NLP/opus-mt-fr-en",
        title="hub id, id@revision or folder",
        description="The standard profile's translator: a Marian, NLLB, M2M100, mBART or T5 checkpoint. A folder may "
        "be a prepared one. The default is small, fast and made for these two languages.",
    )
    summary_model: Annotated[str, AfterValidator(_model)] = Field(
        "sshleifer/distilbart-cnn-12-6",
        title="hub id, id@revision, folder or none",
        description="The standard profile's summariser: a BART, Pegasus or T5 checkpoint. With none, summaries are the "
        "article's own sentences.",
    )
    engine: Engine = Field(
        "ctranslate2",
        title="ctranslate2 or transformers",
        description="What runs the standard profile's models. CTranslate2 is several times faster and needs no torch; "
        "transformers takes any encoder-decoder model and is what CTranslate2 is checked against.",
    )
    device: Device = Field(
        "auto",
        title="auto, cpu or cuda",
        description="Where the standard profile's models run. auto is the GPU where there is one.",
    )
    compute_type: ComputeType = Field(
        "auto",
        title="auto, int8, float16, float32 …",
        description="Number format of the standard profile's models, used by models prepare too. auto is int8 on a "
        "CPU, the fastest there, and float16 on a GPU (with transformers: float32 and float16).",
    )
    beam_size: int = Field(
        4,
        ge=1,
        le=32,
        title="hypotheses",
        description="Width of the beam search of the standard profile. 1 is about twice as fast and a little worse.",
    )
    adapter: Annotated[Literal["packaged", "none"] | Path, AfterValidator(_adapter)] = Field(
        "packaged",
        title="packaged, none or a GGUF file",
        description="What teaches the embedded profile's base model to translate. With none, examples in its prompt "
        "do, slower and worse.",
    )
    concurrency: int = Field(
        2,
        ge=1,
        le=64,
        title="jobs",
        description="Articles in work at once in one worker process. They share one engine, so two are enough to "
        "fill the gaps between stages; more only make each article slower.",
    )
    job_deadline_s: int = Field(
        7200,
        ge=1,
        le=86_400,
        title="seconds",
        description="How long one attempt at an article may take; then it fails as deadline_exceeded. Two hours are "
        "enough for a book's chapter on the slowest profile.",
    )
    batch_timeout_s: int = Field(
        600,
        ge=5,
        le=86_400,
        title="seconds",
        description="A worker whose engine gives no sign of life for so long has hung: it ends itself, and its "
        "articles start elsewhere. A batch takes seconds.",
    )
    max_attempts: int = Field(
        3,
        ge=1,
        le=100,
        title="attempts",
        description="An article whose worker died so often in the middle of it is dead: kept with the reason, and not "
        "tried again by itself. Retryable faults count too.",
    )
    lease_s: int = Field(
        20,
        ge=3,
        le=3600,
        title="seconds",
        description="How long a worker that shows no sign of life keeps its articles. It renews its leases three times "
        "as often; a short one finds dead workers sooner and bears shorter pauses. The same for all workers.",
    )
    grace_s: int = Field(
        25,
        ge=0,
        le=3600,
        title="seconds",
        description="After SIGTERM, articles in work may finish for so long, then they are handed back. Below the 30 s "
        "after which Kubernetes kills; give docker stop a longer time than this.",
    )
    cache_sentences: int = Field(
        200_000,
        ge=0,
        le=100_000_000,
        title="sentences",
        description="How many translated sentences are kept in Redis, for restarts and repeats; 0 keeps none, and an "
        "article that is interrupted then starts afresh. 200 000 take about 45 MB.",
    )
    cache_ttl_s: int = Field(
        604_800,
        ge=60,
        le=31_536_000,
        title="seconds",
        description="How long a translated sentence is kept at most; the half of it at least, as space allows.",
    )
    metrics_addr: Annotated[str, AfterValidator(_metrics_addr)] = Field(
        "127.0.0.1:9464",
        title="host:port or none",
        description="Where the worker serves /metrics, /healthz and /readyz. Loopback, as they need no password; in a "
        "container 0.0.0.0:9464. Where the port is taken, the worker says so and runs without.",
    )
    log_format: LogFormat = Field(
        "console",
        title="console or json",
        description="How the worker writes its log: for people, or one JSON object a line.",
    )


def load_settings(**overrides: object) -> Settings:
    """Read and check a worker's settings, see :func:`depeche.settings.read_settings`.

    Args:
        overrides: field values that win over the environment, for tests and the demo.

    Raises:
        SettingsError: with one line a fault: the variable, its value (masked where secret) and what is allowed.
    """
    rivals = [f"{name} would win over DEPECHE_REDIS_URL: unset it here" for name in RIVALS if os.environ.get(name)]
    return read_settings(Settings, overrides, rivals)


def unknown_variables(environment: Mapping[str, str]) -> list[str]:
    """One line for each ``DEPECHE_`` variable that no setting reads: most are misspelt."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    lines = []
    for name in sorted(set(environment) - known):
        if name.startswith(PREFIX):
            near = difflib.get_close_matches(name, known, n=1)
            lines.append(f"{name} is not a setting of this version" + (f"; did you mean {near[0]}?" if near else ""))
    return lines
