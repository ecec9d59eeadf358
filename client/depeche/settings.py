"""Settings of a producer: the environment, read once, checked whole, with every fault reported together."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from depeche.errors import SettingsError
from depeche.redis_url import mask_url, parse_redis_url

PREFIX = "DEPECHE_"

#: Where containers find secrets: a file ``depeche_redis_url`` there sets DEPECHE_REDIS_URL, and so on.
SECRETS = Path("/run/secrets")


def _redis_url(url: SecretStr) -> SecretStr:
    parse_redis_url(url.get_secret_value())
    return url


class ClientSettings(BaseSettings):
    """What a producer can set, by environment variables with the prefix ``DEPECHE_``. A worker has these settings too.

    Build it with :func:`load_settings`. Each field's title is its unit and its description the reason for its default;
    ``docs/settings.md`` is written from them.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore", validate_default=True)

    redis_url: Annotated[SecretStr, AfterValidator(_redis_url)] = Field(
        SecretStr("redis://127.0.0.1:6379/0"),
        title="URL",
        description="Where queue, job records and results live; redis://, rediss:// or sentinel://, see the operations "
        "page. Loopback, so that nothing is exposed by default.",
    )
    max_article_chars: int = Field(
        200_000,
        ge=1,
        le=5_000_000,
        title="characters",
        description="Longer articles are refused: 200 000 characters are about a hundred pages, and more is a book.",
    )
    max_queue_length: int = Field(
        100_000,
        ge=1,
        title="articles",
        description="Submit refuses an article when this many wait, all priorities together, so that a stuck worker "
        "cannot fill Redis. 100 000 articles of 5 000 characters take about 1.3 GB: each is kept twice, in the queue "
        "and in the ledger.",
    )
    min_replicas: int = Field(
        0,
        ge=0,
        le=10,
        title="replicas",
        description="Submit returns an id only when so many replicas of Redis have the article too. With Sentinel set "
        "it to 1, or a fail-over can lose what was submitted in the moment before.",
    )
    result_ttl_s: int = Field(
        259_200,
        ge=60,
        le=31_536_000,
        title="seconds",
        description="How long results, job records and dead letters are kept after a job's end: three days, so that "
        "Friday's can be fetched on Monday.",
    )


SettingsType = TypeVar("SettingsType", bound=ClientSettings)


def load_settings(**overrides: object) -> ClientSettings:
    """Read and check a producer's settings, see :func:`read_settings`."""
    return read_settings(ClientSettings, overrides)


def read_settings(
    model: type[SettingsType], overrides: dict[str, object], known_faults: Sequence[str] = ()
) -> SettingsType:
    """Read and check the environment, and for what it does not say the files in :data:`SECRETS`.

    Args:
        model: which settings are read.
        overrides: field values that win over the environment.
        known_faults: lines on what the caller has found already; they are reported with the others.

    Raises:
        SettingsError: with one line a fault: the variable, its value (masked where secret) and what is allowed.
    """
    faults = list(known_faults)
    try:
        secrets = SECRETS if SECRETS.is_dir() else None
        settings = model(_secrets_dir=secrets, **overrides)  # type: ignore[arg-type]  # pydantic checks the values
    except ValidationError as error:
        faults += [_fault_line(str(fault["loc"][0]), fault["msg"]) for fault in error.errors(include_input=False)]
    if faults:
        raise SettingsError("\n".join(faults))
    return settings


def _fault_line(field: str, reason: str) -> str:
    variable = PREFIX + field.upper()
    value = os.environ.get(variable, "")
    if field == "redis_url":
        value = mask_url(value)
    reason = reason.removeprefix("Value error, ")
    return f"{variable}={value!r}: {reason[0].lower()}{reason[1:]}"
