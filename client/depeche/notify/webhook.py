"""Sends one webhook, signed as https://www.standardwebhooks.com says, and tells what came of it."""

from __future__ import annotations

import asyncio
import ipaddress
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from depeche.errors import SettingsError
from depeche.notify.event import Event

#: How long a receiver has for its answer, from the first byte that is sent to the last one that is read.
TIMEOUT_S = 15.0
#: So much of an answer is read, as what it says does not matter: with its whole body the connection can be kept.
MOST_BYTES = 65_536
#: The longest pause that a receiver may ask for.
LONGEST_RETRY_AFTER_S = 3600.0

INSTALL = "pip install './client[notify]' in Dépêche's folder"


def check_url(url: str, *, allow_http: bool) -> str:
    """A URL to which webhooks may be sent.

    Raises:
        SettingsError: says what is wrong with it.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in {"http", "https"}:
        raise SettingsError("--url must be like https://host/path")
    if parts.username or parts.password:
        raise SettingsError("--url holds a password, which everybody on this machine could read: take it out")
    if parts.scheme == "http" and not (allow_http or _is_loopback(host)):
        raise SettingsError(
            f"--url is http:// and {host} another machine, so anybody on the way could read and change what is sent: "
            "use https://, or --allow-http where the network is your own"
        )
    return url


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True)
class Answer:
    """What came of a try.

    Attributes:
        fault: why the event was not taken; empty where it was.
        gone: the receiver wants no more events at all (status 410).
        retry_after_s: the pause that the receiver asks for.
    """

    fault: str = ""
    gone: bool = False
    retry_after_s: float = 0.0


class Webhooks:
    """Sends events to one URL. Use it as a context manager.

    Args:
        url: where to, see :func:`check_url`.
        secrets: what to sign with, the newest first.
        parallel: so many requests at a time.

    Raises:
        SettingsError: the extra ``notify`` is not installed.
    """

    def __init__(self, url: str, secrets: list[str], parallel: int) -> None:
        try:
            import httpx2
            from standardwebhooks import Webhook
        except ImportError as error:
            raise SettingsError(f"depeche notify needs {error.name}, which is not installed: run {INSTALL}") from None
        self._url = url
        self._signers = [Webhook(secret) for secret in secrets]
        self._failures = (httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL)
        self._client = httpx2.AsyncClient(
            timeout=TIMEOUT_S, follow_redirects=False, limits=httpx2.Limits(max_connections=parallel)
        )

    async def __aenter__(self) -> Webhooks:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def send(self, event: Event) -> Answer:
        """Try once. Whatever the receiver does is an answer."""
        body, now = event.payload(), datetime.now(UTC)
        headers = {
            "content-type": "application/json",
            "user-agent": "depeche-notify",
            "webhook-id": event.webhook_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(signer.sign(event.webhook_id, now, body) for signer in self._signers),
        }
        try:
            async with (
                asyncio.timeout(TIMEOUT_S),
                self._client.stream("POST", self._url, content=body.encode(), headers=headers) as response,
            ):
                answer = _answer(response.status_code, response.headers)
                # The status says it all: what goes wrong with the rest of the answer changes nothing.
                with suppress(*self._failures):
                    await _read(response)
                return answer
        except TimeoutError:
            return Answer(f"no answer within {TIMEOUT_S:g} s")
        except self._failures as error:
            return Answer(" ".join(str(error).split()) or type(error).__name__)


async def _read(response: Any) -> None:
    size = 0
    async for part in response.aiter_raw():
        size += len(part)
        if size > MOST_BYTES:
            return


def _answer(status: int, headers: Any) -> Answer:
    if 200 <= status < 300:
        return Answer()
    try:
        retry_after_s = min(max(0.0, float(headers.get("retry-after", "0"))), LONGEST_RETRY_AFTER_S)
    except ValueError:
        retry_after_s = 0.0
    return Answer(f"status {status}", gone=status == 410, retry_after_s=retry_after_s)
