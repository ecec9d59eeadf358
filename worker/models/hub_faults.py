"""What went wrong between here and a model hub, and the way out, in one line."""

from __future__ import annotations

import errno
import json
import re
from collections.abc import Iterator
from typing import Any

from depeche.errors import first_line

#: What leads on where a hub cannot be used.
_OTHERWISE = (
    "set HF_ENDPOINT to a mirror, or give a local folder in DEPECHE_TRANSLATION_MODEL and DEPECHE_SUMMARY_MODEL"
)
_TITLE = re.compile(r"<title[^>]*>\s*([^<]{1,80})", re.IGNORECASE)
_LONGEST_PAGE = 20_000


class Busy(Exception):
    """A hub that wants to be left alone for a while.

    Attributes:
        status: 429 for too many requests; 502, 503 and 504 for a hub that is overloaded or down.
        host: which.
        retry_after_s: for how long, where it says so.
    """

    def __init__(self, status: int, host: str, retry_after_s: float | None) -> None:
        super().__init__(f"{host} answers {status}")
        self.status = status
        self.host = host
        self.retry_after_s = retry_after_s

    @property
    def reason(self) -> str:
        """The status in words."""
        return "too many requests" if self.status == 429 else "it is overloaded or down"


def causes(error: Exception) -> Iterator[Exception]:
    """The error itself, and what it was raised from."""
    seen: set[int] = set()
    current: BaseException | None = error
    while isinstance(current, Exception) and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__


def explain(error: Exception, source: str, endpoint: str) -> str:
    """What happened to a download, and the way out.

    Args:
        error: what huggingface_hub raised.
        source: the model, as the setting names it.
        endpoint: where the hub is.
    """
    for reason in (_from_the_hub, _from_the_way_there):
        for each in causes(error):
            if said := reason(each, source, endpoint):
                return said
    return broken_off(error, source)


def broken_off(error: Exception, source: str) -> str:
    """What to say where the disk or the connection gave up."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return (
            f"the disk is full: {source} could not be prepared. Free some space, or set DEPECHE_MODEL_DIR and HF_HOME "
            "to a larger disk; nothing half-made is left behind"
        )
    if isinstance(error, OSError) and error.filename:
        return (
            f"{source} could not be prepared: {error.filename}: {error.strerror}; mend that, or set DEPECHE_MODEL_DIR "
            "(and HF_HOME, for downloads) to another folder"
        )
    return f"{source} could not be prepared: {first_line(error)}; run it again: files that came whole are kept"


def _from_the_hub(error: Exception, source: str, endpoint: str) -> str | None:
    """What a hub itself, or somebody in its place, answered."""
    from huggingface_hub import errors

    # A special error is also an instance of the more general one after it.
    messages: list[tuple[type[Exception], str]] = [
        (errors.HFValidationError, f"{source!r} is neither a folder here nor a hub id such as owner/name"),
        (errors.GatedRepoError, f"{source} is gated: accept its terms on its page, and set HF_TOKEN to your token"),
        (
            errors.RepositoryNotFoundError,
            f"the hub has no model {source}: check the name; a private one needs HF_TOKEN",
        ),
        (
            errors.RevisionNotFoundError,
            f"{source}: no such revision: give a branch, tag or commit after the @, or none",
        ),
        (
            errors.FileMetadataError,
            _no_hub(source, endpoint),
        ),
        (json.JSONDecodeError, _no_hub(source, endpoint)),
    ]
    if isinstance(error, Busy):
        leads_on = (
            "wait some minutes, or set HF_TOKEN, as those who sign in may ask more often"
            if error.status == 429
            else "run it again later"
        )
        return (
            f"{source} cannot be downloaded: {error.host} answers {error.status} ({error.reason}): {leads_on}, "
            f"{_OTHERWISE}; files that came whole are kept"
        )
    for kind, message in messages:
        if isinstance(error, kind):
            return message
    if isinstance(error, errors.HfHubHTTPError):
        return _refused(error, source, endpoint)
    return None


def _refused(error: Any, source: str, endpoint: str) -> str:
    """An answer that is none of the hub's well-known refusals."""
    response = error.response
    page = _page(response)
    if response.status_code in (403, 407) and page is not None:
        return (
            f"{source} cannot be downloaded: a proxy or firewall on the way to {endpoint} refused it "
            f"({response.status_code}{page}): ask for access to that address, set HTTPS_PROXY to another proxy, "
            + _OTHERWISE
        )
    if response.status_code >= 500:
        return (
            f"{source} cannot be downloaded: {endpoint} has a fault of its own ({response.status_code}): run it again "
            f"later, {_OTHERWISE}; files that came whole are kept"
        )
    return (
        f"{source} cannot be downloaded: {first_line(error)}; check HF_TOKEN, or run it again later: files that "
        "came whole are kept"
    )


def _page(response: Any) -> str | None:
    """The title of the web page that an answer is, with a colon before it; None for an answer that is none."""
    if "html" not in response.headers.get("content-type", ""):
        return None
    try:
        title = _TITLE.search(response.text[:_LONGEST_PAGE])
    except Exception:  # noqa: BLE001  # the body of a streamed answer was not read
        title = None
    return f": {' '.join(title[1].split())}" if title else ""


def _no_hub(source: str, endpoint: str) -> str:
    return (
        f"{source} cannot be downloaded: {endpoint} does not answer as a model hub does. Perhaps the network's login "
        f"page answers in its place: open a web page and log in; or HF_ENDPOINT is not a hub's address: {_OTHERWISE}"
    )


def _from_the_way_there(error: Exception, source: str, endpoint: str) -> str | None:
    """What stood between here and the hub."""
    from huggingface_hub import errors

    said = first_line(error)
    if isinstance(error, ImportError) and "socksio" in str(error):
        return (
            f"{source} cannot be downloaded: the proxy that HTTPS_PROXY or ALL_PROXY names is a SOCKS proxy, for which "
            "the package socksio is missing: pip install socksio, or name an HTTP proxy"
        )
    if type(error).__name__ == "ProxyError":
        return (
            f"{source} cannot be downloaded: the proxy on the way to {endpoint} refused it ({said}): check "
            f"HTTPS_PROXY, list the address in NO_PROXY where it is reached without one, {_OTHERWISE}"
        )
    if type(error).__name__ in ("ReadTimeout", "WriteTimeout", "RemoteProtocolError", "ReadError"):
        return (
            f"{source} cannot be downloaded: the connection to {endpoint} breaks off or is too slow ({said}): run it "
            "again, as files that came whole are kept, or set HF_ENDPOINT to a nearer mirror"
        )
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return (
            f"{source} cannot be downloaded: the certificate of {endpoint} is not trusted. A proxy that looks into "
            "connections has one of its own: set SSL_CERT_FILE to the file of its authority"
        )
    if isinstance(error, (errors.LocalEntryNotFoundError, errors.OfflineModeIsEnabled, ConnectionError)):
        return (
            f"{source} cannot be downloaded: the hub is out of reach. Check the network (HF_HUB_OFFLINE must not be "
            f"set), {_OTHERWISE}"
        )
    return None
