"""Settings are read once, checked whole, and never tell a secret."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import pytest
from celery import Celery

from config.queue import celery_options
from config.settings import RIVALS, Settings, load_settings, unknown_variables
from depeche import Client
from depeche import settings as producer
from depeche.errors import SettingsError
from depeche.redis_url import mask_url


def test_defaults_are_the_documented_ones() -> None:
    """With an empty environment, a worker runs the standard profile against a local Redis."""
    settings = load_settings()
    assert settings.profile == "standard"
    assert settings.redis_url.get_secret_value() == "redis://127.0.0.1:6379/0"
    assert settings.model_dir.parts[-2:] == ("depeche", "models")


def test_environment_wins_over_defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each variable is the field's name in capitals after DEPECHE_."""
    monkeypatch.setenv("DEPECHE_CONCURRENCY", "7")
    monkeypatch.setenv("DEPECHE_MODEL_DIR", str(tmp_path))
    settings = load_settings()
    assert (settings.concurrency, settings.model_dir) == (7, tmp_path)


@pytest.mark.parametrize(
    ("variables", "beam_size"),
    [
        ({}, 4),
        ({"PRESET": "quality"}, 4),
        ({"PRESET": "speed"}, 1),
        ({"PRESET": "speed", "BEAM_SIZE": "2"}, 2),
        ({"PRESET": "quality", "BEAM_SIZE": "1"}, 1),
        ({"BEAM_SIZE": "8"}, 8),
    ],
)
def test_a_preset_is_a_beam_unless_one_is_set(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], beam_size: int
) -> None:
    """What is set for itself counts more than the preset."""
    for name, value in variables.items():
        monkeypatch.setenv(f"DEPECHE_{name}", value)
    assert load_settings().beam_size == beam_size


def test_an_unknown_preset_is_one_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """The beam, which would follow from it, is not to blame."""
    monkeypatch.setenv("DEPECHE_PRESET", "fast")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value) == "DEPECHE_PRESET='fast': input should be 'quality' or 'speed'"


def test_all_faults_are_reported_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each line names the variable, the bad value and what is allowed."""
    monkeypatch.setenv("DEPECHE_PROFILE", "best")
    monkeypatch.setenv("DEPECHE_CONCURRENCY", "0")
    monkeypatch.setenv("DEPECHE_RESULT_TTL_S", "soon")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value).splitlines() == [
        "DEPECHE_RESULT_TTL_S='soon': input should be a valid integer, unable to parse string as an integer",
        "DEPECHE_PROFILE='best': input should be 'standard', 'embedded' or 'echo'",
        "DEPECHE_CONCURRENCY='0': input should be greater than or equal to 1",
    ]


@pytest.mark.parametrize(
    "url",
    ["http://:hunter2@host", "redis//:hunter2@host", ":hunter2@host", "redis://:hunter2@[host", "x:hunter2@h:99999"],
)
def test_a_bad_redis_url_keeps_its_password_to_itself(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """However malformed the URL is, the password in it is not printed."""
    monkeypatch.setenv("DEPECHE_REDIS_URL", url)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "DEPECHE_REDIS_URL" in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_settings_do_not_show_the_password_when_printed() -> None:
    """Neither repr nor a dump of the settings holds the secret."""
    settings = load_settings(redis_url="redis://:hunter2@host/0")
    assert "hunter2" not in f"{settings!r} {settings.model_dump()}"


@pytest.mark.parametrize("name", RIVALS)
def test_a_worker_refuses_celerys_own_variables(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """They would have it work on another Redis than DEPECHE_REDIS_URL says. Other faults are reported with them."""
    monkeypatch.setenv(name, "redis://elsewhere")
    monkeypatch.setenv("DEPECHE_CONCURRENCY", "0")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    first, second = str(caught.value).splitlines()
    assert first == f"{name} would be used instead of DEPECHE_REDIS_URL: unset it here"
    assert second.startswith("DEPECHE_CONCURRENCY='0'")


@pytest.mark.parametrize("name", RIVALS)
def test_a_producer_can_be_a_celery_project(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """That project's own Celery variables say nothing about Dépêche's Redis."""
    monkeypatch.setenv(name, "redis://elsewhere")
    Client().close()
    assert producer.load_settings().redis_url.get_secret_value() == "redis://127.0.0.1:6379/0"


def test_a_producer_reads_its_own_settings_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker's faulty setting is not a concern of a producer, its own faults are reported together."""
    monkeypatch.setenv("DEPECHE_PROFILE", "best")
    monkeypatch.setenv("DEPECHE_MAX_QUEUE_LENGTH", "5")
    assert producer.load_settings().max_queue_length == 5
    monkeypatch.setenv("DEPECHE_MAX_QUEUE_LENGTH", "0")
    monkeypatch.setenv("DEPECHE_REDIS_URL", "redis://:hunter2@[host")
    with pytest.raises(SettingsError) as caught:
        producer.load_settings()
    assert [line.partition("=")[0] for line in str(caught.value).splitlines()] == [
        "DEPECHE_REDIS_URL",
        "DEPECHE_MAX_QUEUE_LENGTH",
    ]
    assert "hunter2" not in str(caught.value)


def test_every_setting_of_a_producer_is_one_of_a_worker() -> None:
    """With the same default, so that one file of variables serves both."""
    of_worker, of_producer = load_settings().model_dump(), producer.load_settings().model_dump()
    assert {name: of_worker[name] for name in of_producer} == of_producer
    assert len(of_producer) == 6


def test_no_home_is_no_obstacle(monkeypatch: pytest.MonkeyPatch) -> None:
    """A producer in a container needs no home folder; an empty MODEL_DIR is not the current folder."""
    monkeypatch.setenv("HOME", "/home/me")
    assert load_settings(model_dir="~/models").model_dir == Path("/home/me/models")
    with pytest.raises(SettingsError, match="must be the path of a folder"):
        load_settings(model_dir="")


def test_a_tls_url_makes_a_usable_app() -> None:
    """Certificates are checked, and Celery accepts the configuration."""
    options = celery_options(load_settings(redis_url="rediss://:pw@host:6380/0"))
    connection: Any = Celery("tls", config_source=options, set_as_current=False).connection()
    assert connection.ssl["ssl_cert_reqs"] == ssl.CERT_REQUIRED
    assert options["broker_use_ssl"] == {"ssl_cert_reqs": ssl.CERT_REQUIRED}


@pytest.mark.parametrize(
    ("url", "masked"),
    [
        ("redis://host:6379/0", "redis://host:6379/0"),
        ("redis://:p@ss:w@host:1/0", "redis://***@host:1/0"),
        ("rediss://me:p://x@host", "rediss://***@host"),
        ("redis://host/0?password=p&db=1", "redis://host/0?password=***&db=1"),
    ],
)
def test_masked_urls(url: str, masked: str) -> None:
    """Credentials are replaced wherever they stand; the address stays readable."""
    assert mask_url(url) == masked


def test_misspelt_variables_are_named() -> None:
    """A DEPECHE_ variable that nothing reads is reported with the nearest real one."""
    lines = unknown_variables({"DEPECHE_PROFIL": "echo", "DEPECHE_PROFILE": "echo", "PATH": ""})
    assert lines == ["DEPECHE_PROFIL is not a setting of this version; did you mean DEPECHE_PROFILE?"]


def test_every_setting_says_its_unit_and_reason() -> None:
    """docs/settings.md is written from these."""
    assert all(field.title and field.description for field in Settings.model_fields.values())


def test_secrets_of_a_container(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A file named for the variable sets it; the variable itself wins."""
    (tmp_path / "depeche_redis_url").write_text("redis://:from-a-file@host/1\n")
    monkeypatch.setattr("depeche.settings.SECRETS", tmp_path)
    assert load_settings().redis_url.get_secret_value() == "redis://:from-a-file@host/1"
    monkeypatch.setenv("DEPECHE_REDIS_URL", "redis://elsewhere")
    assert load_settings().redis_url.get_secret_value() == "redis://elsewhere"
