"""Downloads from a model hub, by huggingface_hub: what it leaves without a bound or a word gets both here."""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from depeche.errors import ModelUnavailable
from worker.models.hub_faults import Busy, causes, explain
from worker.models.prepared import Say

#: Longest wait for one answer of the hub's, in seconds; while a file comes, for the next part of it.
_TIMEOUT_S = 15
#: The most seconds that are waited, all in all, for a hub that asks for it.
MOST_WAIT_S = 120
#: The first wait where the hub does not say how long; each further one is twice as long.
_FIRST_WAIT_S = 5
#: hf_xet, which fetches large files from a storage of their own, otherwise tries for minutes without a word.
_XET_BOUNDS = {
    "HF_XET_CLIENT_RETRY_MAX_ATTEMPTS": "1",
    "HF_XET_CLIENT_RETRY_BASE_DELAY": "1s",
    "HF_XET_CLIENT_CONNECT_TIMEOUT": "10s",
    "HF_XET_CLIENT_READ_TIMEOUT": "15s",
}
#: Statuses with which a hub asks for patience.
_BUSY = (429, 502, 503, 504)


class _NoXet(Exception):
    """The hub, a mirror of it, or a proxy does not give what hf_xet asks for first."""


def download(source: str, small: Sequence[str], weights: Sequence[str], say: Say) -> Path:
    """Get the files of a model into huggingface_hub's cache.

    A hub that is busy is waited for, up to ``MOST_WAIT_S``. Where large files do not come by Xet, they are fetched by
    plain HTTP.

    Args:
        source: ``owner/name`` or ``owner/name@revision``.
        small: patterns of the names of files that are wanted in any case.
        weights: patterns of the large ones; the first that any file fits is taken.
        say: called with one line for the person who waits.

    Returns:
        The folder, named by the commit.

    Raises:
        ModelUnavailable: says what is wrong and the way out.
    """
    try:
        from huggingface_hub import constants
    except ImportError as error:
        raise ModelUnavailable(
            f"the package {error.name} is not installed: pip install '.[convert]' in Dépêche's folder"
        ) from error
    if not constants.ENDPOINT.startswith(("http://", "https://")):
        raise ModelUnavailable(f"HF_ENDPOINT={constants.ENDPOINT} is not an address: it must begin with https://")
    for name, bound in _XET_BOUNDS.items():
        os.environ.setdefault(name, bound)
    patience = _Patience(say)
    while True:
        try:
            return _snapshot(source, small, weights)
        except Exception as error:  # whatever a network provokes
            if _is_of_xet(error) and not constants.HF_HUB_DISABLE_XET:
                constants.HF_HUB_DISABLE_XET = True
                say(
                    "Large files do not come by Xet, which a mirror or a proxy may lack: they are fetched by plain "
                    "HTTP. HF_HUB_DISABLE_XET=1 does so from the start."
                )
                continue
            busy = next((each for each in causes(error) if isinstance(each, Busy)), None)
            if busy and (cached := _cached(source, small, weights)):
                return cached
            if not busy or not patience.waits_for(busy):
                raise ModelUnavailable(explain(error, source, constants.ENDPOINT)) from error


class _Patience:
    """Waits for a hub that is busy, as long as it asks for, but not for ever."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._left_s = float(MOST_WAIT_S)
        self._next_s = float(_FIRST_WAIT_S)

    def waits_for(self, hub: Busy) -> bool:
        """Wait once more, and say so; False, at once, where that would take too long."""
        wait_s = self._next_s if hub.retry_after_s is None else hub.retry_after_s
        if wait_s > self._left_s:
            return False
        self._say(f"{hub.host} answers {hub.status} ({hub.reason}): waiting {wait_s:.0f} s.")
        time.sleep(wait_s)
        # At least a second is counted, so that a hub that says "0" is not asked without end.
        self._left_s -= max(1.0, wait_s)
        self._next_s *= 2
        return True


def _snapshot(source: str, small: Sequence[str], weights: Sequence[str], **options: Any) -> Path:
    from huggingface_hub import snapshot_download

    name, _, revision = source.partition("@")
    _bound_requests()
    folder = Path()
    for pattern in weights:
        folder = Path(
            snapshot_download(
                name,
                revision=revision or None,
                allow_patterns=[*small, pattern],
                # A star takes in slashes: what lies in folders, such as onnx/, is the model in other forms.
                ignore_patterns=["*/*"],
                etag_timeout=_TIMEOUT_S,
                **options,
            )
        )
        if any(folder.glob(pattern)):
            break
    return folder


def _cached(source: str, small: Sequence[str], weights: Sequence[str]) -> Path | None:
    """What lies in the cache already, where it is whole."""
    from huggingface_hub import errors

    try:
        return _snapshot(source, small, weights, local_files_only=True)
    except errors.LocalEntryNotFoundError:
        return None


def _bound_requests() -> None:
    """Have no request wait for ever, and no waiting go on unsaid.

    huggingface_hub asks for a list of files without a time limit, and sleeps for as long as a hub says, be it an hour.
    """
    from huggingface_hub import get_session

    # It makes a new client where a connection failed, so this comes before every try.
    hooks = get_session().event_hooks
    for kind, hook in (("request", _limit), ("response", _look_at)):
        if hook not in hooks[kind]:
            hooks[kind].append(hook)


def _limit(request: Any) -> None:
    limits = request.extensions.get("timeout") or {}
    request.extensions["timeout"] = {
        kind: limits.get(kind) or _TIMEOUT_S for kind in ("connect", "read", "write", "pool")
    }


def _look_at(response: Any) -> None:
    if response.status_code in _BUSY:
        said = response.headers.get("retry-after", "")
        raise Busy(response.status_code, str(response.url.host), float(said) if said.isdecimal() else None)
    if response.status_code >= 400 and "/xet-read-token/" in response.url.path:
        raise _NoXet(f"{response.url.host} answers {response.status_code}")


def _is_of_xet(error: Exception) -> bool:
    """Whether it arose while a file was fetched by Xet: hf_xet raises many kinds of exceptions."""
    return any(
        isinstance(each, _NoXet) or any(frame.name == "xet_get" for frame in traceback.extract_tb(each.__traceback__))
        for each in causes(error)
    )
