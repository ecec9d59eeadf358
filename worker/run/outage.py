"""Tells a Redis that is away from a Redis that refuses one step."""

from __future__ import annotations

import re

import redis
from redis.exceptions import ClusterDownError, InvalidResponse, NoPermissionError, NoScriptError, TryAgainError

#: These errors are about the connection, or about a state of the server that has nothing to do with the step.
_OUTAGES = (
    redis.ConnectionError,
    redis.TimeoutError,
    InvalidResponse,
    redis.OutOfMemoryError,
    redis.ReadOnlyError,
    ClusterDownError,
    NoPermissionError,
    # redis-py loads a script and calls it. Redis may have forgotten it in between, and the next call loads it again.
    NoScriptError,
    TryAgainError,
)

#: The codes of such states, where the client library has no class for them. Redis 6.2 also hides the code of an error
#: that happened within a script in the middle of its text: "Error running script (…): @user_script: 22: -READONLY …".
#: It has no code for a right that is missing there.
_STATES = re.compile(
    r"(?:^|-)(?:LOADING|BUSY|READONLY|OOM|MISCONF|NOREPLICAS|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|NOAUTH|NOPERM) "
    r"|The user executing the script can't |ACL failure in script"
)


def is_outage(error: redis.RedisError) -> bool:
    """Whether the same step may succeed later, once Redis is back or its operator has mended its configuration.

    A Redis that is loading, full, read-only, short of replicas or refuses our user is as good as away. Any other
    answer is about this one step, such as a key of a wrong type: trying it again would not help.
    """
    if isinstance(error, _OUTAGES):
        return True
    return isinstance(error, redis.ResponseError) and _STATES.search(str(error)) is not None
