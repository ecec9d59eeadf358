"""A Redis that is away is waited for; an answer about one step is not."""

from __future__ import annotations

import pytest
import redis
from redis.exceptions import InvalidResponse, MasterDownError, NoPermissionError, NoScriptError

from worker.run.backoff import Backoff
from worker.run.outage import is_outage

IN_SCRIPT = "Error running script (call to f_27): @user_script:22: @user_script: 22: "


@pytest.mark.parametrize(
    "error",
    [
        redis.ConnectionError("Connection refused"),
        redis.TimeoutError("Timeout reading from socket"),
        redis.BusyLoadingError("Redis is loading the dataset in memory"),
        redis.AuthenticationError("invalid username-password pair"),
        InvalidResponse("Protocol Error"),
        redis.OutOfMemoryError("command not allowed when used memory > 'maxmemory'."),
        redis.ReadOnlyError("You can't write against a read only replica."),
        NoPermissionError("this user has no permissions to run the 'evalsha' command or its subcommand"),
        MasterDownError("Link with MASTER is down and replica-serve-stale-data is set to 'no'."),
        NoScriptError("No matching script. Please use EVAL."),
        redis.ResponseError("BUSY Redis is busy running a script."),
        redis.ResponseError("MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist"),
        redis.ResponseError("NOREPLICAS Not enough good replicas to write. script: 27, on @user_script:22."),
        redis.ResponseError(IN_SCRIPT + "-READONLY You can't write against a read only replica."),
        redis.ResponseError(IN_SCRIPT + "-OOM command not allowed when used memory > 'maxmemory'."),
        redis.ResponseError(IN_SCRIPT + "-NOREPLICAS Not enough good replicas to write."),
        redis.ResponseError(IN_SCRIPT + "The user executing the script can't run this command or subcommand"),
        redis.ResponseError("ACL failure in script: User worker has no permissions to run the 'zrem' command"),
    ],
)
def test_an_outage(error: redis.RedisError) -> None:
    """The connection, or a state of the server that its operator mends: the same step may succeed later."""
    assert is_outage(error)


@pytest.mark.parametrize(
    "error",
    [
        redis.ResponseError("WRONGTYPE Operation against a key holding the wrong kind of value"),
        redis.ResponseError(IN_SCRIPT.removesuffix("@user_script: 22: ") + "WRONGTYPE Operation against a key"),
        redis.ResponseError(IN_SCRIPT + "attempt to compare number with nil"),
        redis.ResponseError("ERR value is not an integer or out of range script: 27, on @user_script:30."),
        redis.ResponseError("unknown command 'EVALSHA'"),
        redis.DataError("Invalid input of type: 'NoneType'"),
    ],
)
def test_no_outage(error: redis.RedisError) -> None:
    """The answer is about this step, which would get the same one for ever."""
    assert not is_outage(error)


def test_pauses_grow_up_to_a_limit() -> None:
    """They double, with up to half of each left out at random, and stay finite however long an outage lasts."""
    backoff = Backoff(first_s=1, last_s=10)
    for tries, longest_s in ((1, 1), (2, 2), (3, 4), (4, 8), (5, 10), (1_000_000, 10)):
        pauses_s = [backoff.pause_s(tries) for _ in range(50)]
        assert longest_s / 2 <= min(pauses_s) < max(pauses_s) <= longest_s
