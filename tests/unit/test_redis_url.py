"""One URL says where Redis is, for the client and for Celery alike."""

from __future__ import annotations

import pytest

from config.queue import celery_options
from config.settings import load_settings
from depeche.errors import SettingsError
from depeche.redis_url import mask_url, parse_redis_url

SENTINELS = "sentinel://app:p%40ss@[::1],two:27000/3?master=main&sentinel_username=s&sentinel_password=x"


@pytest.mark.parametrize(
    ("url", "broker_url"),
    [
        ("redis://127.0.0.1", "redis://127.0.0.1:6379/0"),
        ("redis://:p%40ss@host:1/2", "redis://:p%40ss@host:1/2"),
        ("rediss://user:word@host?ssl_ca_certs=/ca.pem", "rediss://user:word@host:6379/0"),
        (SENTINELS, "sentinel://app:p%40ss@[::1]:26379/3;sentinel://app:p%40ss@two:27000/3"),
    ],
)
def test_broker_url(url: str, broker_url: str) -> None:
    """Celery gets the same servers, with what it takes elsewhere left out."""
    assert parse_redis_url(url).broker_url == broker_url


def test_tls_always_checks_certificates() -> None:
    """There is no way to turn that off, and a file of authorities reaches Celery too."""
    options = celery_options(load_settings(redis_url="rediss://host?ssl_ca_certs=/ca.pem"))
    assert options["broker_use_ssl"]["ssl_cert_reqs"].name == "CERT_REQUIRED"
    assert options["broker_use_ssl"]["ssl_ca_certs"] == "/ca.pem"
    with pytest.raises(SettingsError, match="ssl_cert_reqs"):
        load_settings(redis_url="rediss://host?ssl_cert_reqs=none")


def test_sentinel() -> None:
    """Name, login and TLS of the Sentinels are known to client and Celery."""
    address = parse_redis_url(SENTINELS + "&tls=true")
    assert (address.master, address.password, address.database) == ("main", "p@ss", 3)
    assert address.tls == {"ssl_cert_reqs": "required"}
    transport = celery_options(load_settings(redis_url=SENTINELS))["broker_transport_options"]
    assert transport["master_name"] == "main"
    assert transport["sentinel_kwargs"]["password"] == "x"


@pytest.mark.parametrize(
    "url",
    [
        *("", "http://host", "redis://", "redis://:secret@", "redis://:secret@host:99999", "redis://:secret@host/x"),
        *("redis://:secret@a,b", "redis://:secret@host:0", "redis://:secret@host?socket_timeout=1"),
        *("sentinel://:secret@a,b/0", "sentinel://:secret@a?master=m&tls=perhaps", "rediss://:secret@[::1"),
    ],
)
def test_unusable(url: str) -> None:
    """The complaint says what is allowed and does not repeat the password."""
    with pytest.raises(SettingsError) as caught:
        load_settings(redis_url=url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("character", "/?#")
def test_a_password_that_must_be_encoded(character: str) -> None:
    """The complaint says so and how, and shows no part of the password; encoded, it is taken."""
    with pytest.raises(SettingsError, match="%2F") as caught:
        load_settings(redis_url=f"redis://user:one{character}two@host:6379/0")
    assert "two" not in str(caught.value)
    assert parse_redis_url(f"redis://user:one%{ord(character):02X}two@host/0").password == f"one{character}two"


@pytest.mark.parametrize("url", ["unix:///run/redis.sock", "unix:/run/redis.sock", "redis+socket:///run/redis.sock"])
def test_a_socket(url: str) -> None:
    """It is refused by its name, with what to do instead."""
    with pytest.raises(SettingsError, match=r"unix:// socket, which is not supported: have Redis listen"):
        load_settings(redis_url=url)


def test_masking_a_sentinel_url() -> None:
    """Neither password is shown."""
    assert (
        mask_url(SENTINELS) == "sentinel://***@[::1],two:27000/3?master=main&sentinel_username=s&sentinel_password=***"
    )
