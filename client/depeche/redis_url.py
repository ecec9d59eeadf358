"""Reads from one URL where Redis is: a server, a server behind TLS, or the server that Sentinel says is the master."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

#: What to do about a password of any characters.
ENCODED = (
    "in both, all but letters and digits is percent-encoded there: / as %2F, ? as %3F, # as %23, @ as %40, % as %25"
)

UNIX = "is a unix:// socket, which is not supported: have Redis listen on 127.0.0.1 too, and use redis://"

FORMS = (
    "must look like redis://[[user]:password@]host[:port][/database], rediss:// for TLS (?ssl_ca_certs=FILE where the "
    "system does not know the authority), or sentinel://[[user]:password@]host[:port],host[:port]/database?master=NAME "
    f"(user and password: {ENCODED})"
)

#: The parameters for TLS, with redis-py's names. Certificates are always checked, so no parameter turns that off.
TLS_PARAMETERS = ("ssl_ca_certs", "ssl_certfile", "ssl_keyfile")
SENTINEL_PARAMETERS = ("master", "sentinel_username", "sentinel_password", "tls")

_PORTS = {"redis": 6379, "rediss": 6379, "sentinel": 26379}


@dataclass(frozen=True)
class RedisAddress:
    """What a Redis URL says. :func:`parse_redis_url` makes it.

    Attributes:
        hosts: name and port of the server, or of each Sentinel.
        database: the number of the database.
        username: the user; None is Redis' default user.
        password: the user's password on the server.
        tls: the ``ssl_*`` arguments of redis-py; None for plain TCP.
        master: the name under which Sentinel knows the servers; None without Sentinel.
        sentinel_login: ``username`` and ``password`` for the Sentinels themselves, if they ask for them.
    """

    hosts: tuple[tuple[str, int], ...]
    database: int = 0
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: dict[str, Any] | None = None
    master: str | None = None
    sentinel_login: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def client_tls(self) -> dict[str, Any]:
        """The arguments about TLS for redis-py's clients; empty for plain TCP."""
        return {"ssl": True, **self.tls} if self.tls else {}

    @property
    def broker_url(self) -> str:
        """The same in kombu's form, which has no parameters and one URL for each Sentinel."""
        scheme = "sentinel" if self.master else "rediss" if self.tls is not None else "redis"
        login = ":".join(quote(part or "", safe="") for part in (self.username, self.password))
        login = f"{login}@" if self.username or self.password else ""
        hosts = [(f"[{host}]" if ":" in host else host, port) for host, port in self.hosts]
        return ";".join(f"{scheme}://{login}{host}:{port}/{self.database}" for host, port in hosts)


def parse_redis_url(url: str) -> RedisAddress:
    """Read a URL, in one of the forms of :data:`FORMS`.

    Raises:
        ValueError: says what is allowed. It does not repeat the URL, which may hold a password.
    """
    if url.startswith(("unix:", "socket:", "redis+socket:")):
        raise ValueError(UNIX)
    try:
        parts = urlsplit(url)
        names = [name for name, _ in parse_qsl(parts.query, keep_blank_values=True)]
        if any("@" in part for part in (parts.path, parts.fragment, *names)):
            # The password ended too early, and no message may show its rest.
            raise ValueError(url)
        login, _, location = parts.netloc.rpartition("@")
        default = _PORTS[parts.scheme]
        hosts = tuple(_host(text, default) for text in location.split(","))
        database = int(parts.path.strip("/") or 0)
        if database < 0 or (len(hosts) > 1 and parts.scheme != "sentinel"):
            raise ValueError(url)
    except (KeyError, ValueError):  # the message of urlsplit itself would quote the URL
        raise ValueError(FORMS) from None
    parameters = _parameters(parts)
    username, _, password = login.partition(":")
    encrypted = parts.scheme == "rediss" or parameters.get("tls") == "true"
    return RedisAddress(
        hosts,
        database,
        unquote(username) or None,
        unquote(password) or None,
        # Without ssl_ca_certs, OpenSSL takes its own list of authorities.
        {"ssl_cert_reqs": "required", **{k: v for k, v in parameters.items() if k in TLS_PARAMETERS}}
        if encrypted
        else None,
        parameters.get("master"),
        {key: parameters[f"sentinel_{key}"] for key in ("username", "password") if f"sentinel_{key}" in parameters},
    )


def mask_url(url: str) -> str:
    """The URL with ``***`` in place of its credentials, so that logs and error messages may show it."""
    credentials, at_sign, rest = url.rpartition("@")
    scheme, separator, _ = credentials.partition("://")
    shown = (f"{scheme}{separator}***@" if separator else "***@") if at_sign else ""
    return shown + re.sub(r"(password=)[^&\s]*", r"\1***", rest)


def _host(text: str, default_port: int) -> tuple[str, int]:
    parts = urlsplit(f"//{text}")
    if not parts.hostname or parts.port == 0:
        raise ValueError(text)
    return parts.hostname, parts.port or default_port


def _parameters(parts: SplitResult) -> dict[str, str]:
    allowed: tuple[str, ...] = {
        "redis": (),
        "rediss": TLS_PARAMETERS,
        "sentinel": SENTINEL_PARAMETERS + TLS_PARAMETERS,
    }[parts.scheme]
    parameters = dict(parse_qsl(parts.query, keep_blank_values=True))
    if unknown := sorted(set(parameters) - set(allowed)):
        raise ValueError(f"has the parameter {unknown[0]!r}; {parts.scheme}:// takes {', '.join(allowed) or 'none'}")
    if parts.scheme == "sentinel" and not parameters.get("master"):
        raise ValueError("needs ?master=NAME, the name under which Sentinel knows the servers")
    if parameters.get("tls", "true") not in {"true", "false"}:
        raise ValueError("tls must be true or false")
    return parameters
