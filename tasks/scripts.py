"""The Lua scripts of ``tasks/lua/``: each changes the ledger in one step that happens whole or not at all."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import redis

from config.queue import QUEUES


class Scripts:
    """Runs them by name.

    Args:
        client: a connected client that decodes responses.
    """

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        self._registered: dict[str, Any] = {}

    def run(self, name: str, *arguments: str | float | bytes) -> Any:
        """The answer of ``tasks/lua/NAME.lua``, which says what its arguments are.

        Raises:
            redis.RedisError: Redis is away, full or read-only; nothing has changed.
        """
        if name not in self._registered:
            self._registered[name] = self._client.register_script(_source(name))
        return self._registered[name](args=arguments)


def _source(name: str) -> str:
    folder = files("tasks").joinpath("lua")
    queues = ", ".join(f"{priority} = '{queue}'" for priority, queue in QUEUES.items())
    texts = [folder.joinpath(f"{part}.lua").read_text(encoding="utf-8") for part in ("prelude", name)]
    return "\n".join([f"local QUEUES = {{{queues}}}", *texts])
