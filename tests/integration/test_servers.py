"""Redis and Valkey alike: what docker-compose.yml tells the server, and what one server leaves to another."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest
import redis
import yaml

from tests.conftest import wait_until
from tests.servers import Server, all_servers, used
from worker.embedded_redis import EmbeddedRedis

pytestmark = pytest.mark.integration

COMPOSE = yaml.safe_load((Path(__file__).parents[2] / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICE: dict[str, Any] = COMPOSE["services"]["redis"]


def flags(words: list[str]) -> dict[str, str]:
    """The options of a command line, of which each has a value."""
    return {name.removeprefix("--"): value for name, value in zip(words[::2], words[1::2], strict=True)}


def composed(server: Server, folder: Path) -> list[str]:
    """Compose's options for a server as lines of its configuration, with a folder of the test's."""
    options = flags(SERVICE["command"])
    if server.product == "Valkey":
        # The entry point of Redis' image does not look at it.
        options |= flags(SERVICE["environment"]["VALKEY_EXTRA_FLAGS"].split())
    (folder / "users.acl").write_text("user default on nopass ~* &* +@all\n")
    own = {"dir": str(folder), "aclfile": str(folder / "users.acl"), "maxmemory": "64mb"}
    return [f'{name} "{value}"' for name, value in (options | own).items()]


def test_the_server_takes_what_compose_tells_it(tmp_path: Path) -> None:
    """Every option, by its name and with its value."""
    told = flags(SERVICE["command"])
    with (
        EmbeddedRedis(extra=composed(used(), tmp_path)) as server,
        redis.Redis.from_url(server.url, decode_responses=True) as client,
    ):
        taken = {name: client.config_get(name)[name] for name in told}
    # These are the test's own, as there is no such folder here, and the value comes from outside.
    others = {name: value for name, value in told.items() if name not in ("dir", "aclfile", "maxmemory")}
    assert others == {name: taken[name] for name in others}
    assert len(others) >= 5


def test_valkey_goes_on_with_the_data_of_a_newer_redis(tmp_path: Path) -> None:
    """Release 0.1's compose had Redis 7.4, whose files Valkey refuses unless it is told to read them."""
    found = all_servers()
    olds = [one for one in found if one.product == "Redis" and one.version >= (7, 4)]
    news = [one for one in found if one.product == "Valkey" and one.version >= (9,)]
    if not olds or not news:
        pytest.skip("Redis 7.4 or newer is not here, or Valkey 9 is not: make servers gets them")
    for number, (old, new) in enumerate(product(olds, news)):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert_goes_on(old, new, folder)


def assert_goes_on(old: Server, new: Server, folder: Path) -> None:
    """With every key, each as it was, and with its time to live."""
    files = [f"dir {folder}"]
    with EmbeddedRedis(binary=old.binary, extra=files) as server, redis.Redis.from_url(server.url) as client:
        client.hset("depeche:job:one", mapping={str(number): "x" * 100 for number in range(200)})
        client.zadd("depeche:waiting:normal", {"one": 1.5})
        client.set("depeche:message:one", "x" * 5000, ex=1000)
        # So that all of it is in the part of the file whose format has a version.
        client.bgrewriteaof()
        wait_until(lambda: client.info("persistence")["aof_rewrites"] == 1, "rewritten")
        client.rpush("articles", "one")
    with (
        EmbeddedRedis(binary=new.binary, extra=composed(new, folder)) as server,
        redis.Redis.from_url(server.url) as client,
    ):
        assert client.dbsize() == 4
        assert (client.hlen("depeche:job:one"), client.zscore("depeche:waiting:normal", "one")) == (200, 1.5)
        assert 0 < client.ttl("depeche:message:one") <= 1000
        assert client.lrange("articles", 0, -1) == [b"one"]
