"""Settings of a producer. The environment is read once and checked as a whole, and all faults are reported together."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from depeche.errors import SettingsError
from depeche.queue import MAX_EVENTS
from depeche.redis_url import mask_url, parse_redis_url

PREFIX = "DEPECHE_"

#: The folder where containers find secrets. A file ``depeche_redis_url`` in it sets DEPECHE_REDIS_URL, and so on.
SECRETS = Path("/run/secrets")


def _redis_url(url: SecretStr) -> SecretStr:
    parse_redis_url(url.get_secret_value())
    return url


class ClientSettings(BaseSettings):
    """What a producer can set, by environment variables with the prefix ``DEPECHE_``. A worker has these settings too.

    Build it with :func:`load_settings`. The title of each field is its unit, and its description gives the reason for
    its default. ``docs/settings.md`` is written from them.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore", validate_default=True)

    redis_url: Annotated[SecretStr, AfterValidator(_redis_url)] = Field(
        SecretStr("redis://127.0.0.1:6379/0"),
        title="URL",
        description="Where the Redis is that holds queue, job records and results: a redis://, rediss:// or "
        "sentinel:// URL, as the operations page explains. The default is loopback, so that nothing is exposed.",
    )
    max_article_chars: int = Field(
        200_000,
        ge=1,
        le=5_000_000,
        title="characters",
        description="Longer articles are refused. 200 000 characters are about a hundred pages; more than that is a "
        "book.",
    )
    max_queue_length: int = Field(
        100_000,
        ge=1,
        title="articles",
        description="Submit refuses an article when this many are waiting, all priorities together. So workers that "
        "do not work cannot fill Redis. 100 000 articles of 5 000 characters take about 1.3 GB, as each is kept "
        "twice: in the queue and in the ledger.",
    )
    min_replicas: int = Field(
        0,
        ge=0,
        le=10,
        title="replicas",
        description="Submit returns an id only when this many replicas of Redis have the article too. Set it to 1 "
        "with Sentinel. Otherwise a fail-over can lose what was submitted in the moment before it.",
    )
    result_ttl_s: int = Field(
        259_200,
        ge=60,
        le=31_536_000,
        title="seconds",
        description="How long results, job records and dead letters are kept after the end of their job. The default "
        "is three days, so that Friday's results can still be fetched on Monday.",
    )
    max_events: int = Field(
        MAX_EVENTS,
        ge=0,
        le=100_000_000,
        title="events",
        description="How many ends of jobs the stream depeche:events keeps, for programs that read it and for "
        "depeche notify. The oldest go first. 0 writes none. Give all producers and workers the same value.",
    )


#: What workers read besides. Producers pass these over, as one file of variables often serves both; so does the version
#: that docker-compose.yml reads. The last is for depeche notify.
OTHERS = tuple(
    f"{PREFIX}{name.upper()}"
    for name in (
        "profile model_dir translation_model summary_model engine device compute_type preset beam_size adapter"
        " concurrency job_deadline_s batch_timeout_s max_attempts lease_s grace_s cache_sentences cache_ttl_s"
        " metrics_addr log_format callback_tasks"
        " version"
        " webhook_secret"
    ).split()
)

#: Fields whose values no message may show.
SECRET = ("webhook_secret",)

SettingsType = TypeVar("SettingsType", bound=ClientSettings)


def load_settings(**overrides: object) -> ClientSettings:
    """Read and check a producer's settings. :func:`read_settings` says how."""
    return read_settings(ClientSettings, overrides)


def read_settings(
    model: type[SettingsType], overrides: dict[str, object], known_faults: Sequence[str] = ()
) -> SettingsType:
    """Read and check the environment, and the files in :data:`SECRETS` for what the environment does not set.

    Args:
        model: the class of the settings.
        overrides: values of fields, which are taken instead of those of the environment.
        known_faults: one line for each fault that the caller has found already. They are reported with the others.

    Raises:
        SettingsError: has one line for each fault: the variable, its value (masked if secret) and what is allowed.
    """
    faults = list(known_faults)
    try:
        secrets = SECRETS if SECRETS.is_dir() else None
        settings = model(_secrets_dir=secrets, **overrides)  # type: ignore[arg-type]  # pydantic checks the values
    except ValidationError as error:
        faults += [
            _fault_line(str(fault["loc"][0]), fault["msg"])
            for fault in error.errors(include_input=False)
            # A default that depends on another setting is not to blame for the fault of that one.
            if fault["type"] != "default_factory_not_called"
        ]
    if faults:
        raise SettingsError("\n".join(faults))
    return settings


def unknown_variables(
    environment: Mapping[str, str], model: type[ClientSettings] = ClientSettings, others: Iterable[str] = OTHERS
) -> list[str]:
    """One line for each ``DEPECHE_`` variable that no setting reads. Most of these are misspelt.

    Args:
        environment: names and values of variables.
        model: the class of the settings that are read.
        others: variables that something else reads.
    """
    known = {PREFIX + name.upper() for name in model.model_fields} | set(others)
    lines = []
    for name in sorted(set(environment) - known):
        if name.startswith(PREFIX):
            near = difflib.get_close_matches(name, sorted(known), n=1)
            lines.append(f"{name} is not a setting of this version" + (f"; did you mean {near[0]}?" if near else ""))
    return lines


def _fault_line(field: str, reason: str) -> str:
    variable = PREFIX + field.upper()
    value = os.environ.get(variable, "")
    if field == "redis_url":
        value = mask_url(value)
    elif field in SECRET and value:
        value = "***"
    reason = reason.removeprefix("Value error, ")
    return f"{variable}={value!r}: {reason[0].lower()}{reason[1:]}"
