"""What ``depeche notify`` can set: a producer's settings, and the secret with which webhooks are signed."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from depeche.settings import ClientSettings, read_settings

#: As Standard Webhooks has them: the prefix of a secret, and how many bytes it may have.
PREFIX, FEWEST, MOST = "whsec_", 24, 64


def _secrets(text: SecretStr) -> SecretStr:
    found = text.get_secret_value().split()
    if not found or not all(map(_is_secret, found)):
        raise ValueError(
            f"must be {PREFIX} and the base64 of {FEWEST} to {MOST} random bytes, as is made by "
            f"echo {PREFIX}$(openssl rand -base64 32); while it is replaced, give the new and the old one, and a space "
            "between them"
        )
    return text


def _is_secret(text: str) -> bool:
    try:
        size = len(base64.b64decode(text.removeprefix(PREFIX), validate=True))
    except binascii.Error:
        return False
    return text.startswith(PREFIX) and FEWEST <= size <= MOST


class NotifySettings(ClientSettings):
    """Build it with :func:`load_notify_settings`."""

    webhook_secret: Annotated[SecretStr, AfterValidator(_secrets)] = Field(
        SecretStr(""),
        title="secret",
        description="What depeche notify signs webhooks with; several while it is replaced.",
    )

    @property
    def secrets(self) -> list[str]:
        """The secrets, the newest first."""
        return self.webhook_secret.get_secret_value().split()


def load_notify_settings(**overrides: object) -> NotifySettings:
    """Read and check them. :func:`depeche.settings.read_settings` says how.

    Raises:
        SettingsError: has one line for each fault: the variable, its value (masked if secret) and what is allowed.
    """
    return read_settings(NotifySettings, overrides)
