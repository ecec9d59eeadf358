"""The names of keys stand in one place, and the head of Lua's prelude says the same."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

from depeche import keys
from depeche.queue import QUEUES
from depeche.scripts import source

LUA = files("depeche").joinpath("lua")
USERS = Path(__file__).parents[2] / "deploy" / "redis" / "users.acl"


def texts() -> dict[str, str]:
    """All scripts by name."""
    return {Path(file.name).stem: file.read_text() for file in LUA.iterdir() if file.name.endswith(".lua")}


def test_the_preludes_head_names_every_key() -> None:
    """Name, Redis' name, type and content are those of depeche/keys.py, line by line."""
    head = texts()["prelude"].partition("\nlocal ENDED")[0]
    shown = [tuple(re.split(r"  +", line)[1:]) for line in head.splitlines() if line.startswith("--   ")]
    assert shown == [(name, key.name, key.type, key.holds) for name, key in keys.ALL.items()]


def test_scripts_get_what_they_need_of_the_prelude() -> None:
    """What is defined is in the order of the prelude; what nothing in a script leads to is left out."""
    order = re.findall(r"^local (?:function )?(\w+)", f"{keys.lua()}\n{texts()['prelude']}", re.MULTILINE)
    assert len(order) > 30
    for name in texts().keys() - {"prelude"}:
        text = source(name)
        defined = re.findall(r"^local (?:function )?(\w+)", text.removesuffix(texts()[name]), re.MULTILINE)
        assert defined == [one for one in order if one in defined]
        used = set(re.findall(r"\w+", re.sub("'[^']*'|--.*", "", text)))
        assert used & set(order) <= set(defined), name
    assert "conclude" not in source("ack")
    assert "local function acknowledge" in source("ack")


def test_no_script_has_a_name_of_its_own() -> None:
    """A name that a script wrote itself could differ from Python's, and nothing would say so."""
    assert len(texts()) > 20
    for name, text in texts().items():
        code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("--"))
        assert not re.search(r"depeche:|celery-task|unacked|'articles", code), name


def test_scripts_use_names_that_there_are() -> None:
    """An unknown one would be nil in Lua, and fail only when that line runs."""
    used = {found for text in texts().values() for found in re.findall(r"KEY\.(\w+)", text)}
    assert used <= set(keys.ALL)
    assert {"JOB", "MESSAGE", "RESULT", "WAITING", "RUNNING"} <= used


def test_the_users_of_redis_know_the_keys() -> None:
    """Each key is among the worker's in deploy/redis/users.acl."""
    (worker,) = re.findall(r"^user worker .*?(?=^user)", USERS.read_text(), re.DOTALL | re.M)
    patterns = set(re.findall(r"~(\S+)", worker))
    own = [key for key in keys.ALL.values() if key is not keys.QUEUE and not key.name.startswith("_kombu")]
    assert {key.prefix + ("*" if "{" in key.name else "") for key in own} <= patterns
    assert set(QUEUES.values()) <= patterns


def test_what_lives_for_ever_is_the_brokers() -> None:
    """All others have a time to live, which an integration test of every kind looks at."""
    assert {name for name, key in keys.ALL.items() if key.lives_for_ever} == {
        *("QUEUE", "UNACKED", "UNACKED_INDEX"),
        *("BINDING", "BINDING_PERMANENT", "BINDING_DEADLINES"),
    }
