"""The Lua scripts of ``depeche/lua/``: each changes the ledger in one step that happens whole or not at all."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

from depeche import keys

if TYPE_CHECKING:
    import redis


class Scripts:
    """Runs them by name. Each script has one method somewhere that calls it and gives its answer a type.

    Args:
        client: a connected client that decodes responses.
    """

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        self._registered: dict[str, Any] = {}

    def run(self, name: str, *arguments: str | float | bytes) -> Any:
        """The answer of ``depeche/lua/NAME.lua``, which says what its arguments are.

        Raises:
            redis.RedisError: Redis is away, full or read-only; nothing has changed, unless only the answer was lost.
        """
        return self._script(name)(args=arguments)

    def run_replicated(
        self, name: str, *arguments: str | float | bytes, replicas: int, wait_ms: int
    ) -> tuple[Any, int]:
        """The script's answer, and how many replicas have what it wrote; waits for ``replicas`` of them.

        Raises:
            redis.RedisError: Redis is away, full or read-only.
        """
        # One connection for both, as WAIT asks for what was written on its own.
        with self._client.pipeline(transaction=False) as pipe:
            self._script(name)(args=arguments, client=pipe)
            pipe.wait(replicas, wait_ms)
            answer, reached = pipe.execute()
        return answer, int(reached)

    def _script(self, name: str) -> Any:
        if name not in self._registered:
            self._registered[name] = self._client.register_script(source(name))
        return self._registered[name]


def source(name: str) -> str:
    """The text of a script as Redis gets it: the keys' names, the prelude and the script itself."""
    folder = files("depeche").joinpath("lua")
    texts = [folder.joinpath(f"{part}.lua").read_text(encoding="utf-8") for part in ("prelude", name)]
    return "\n".join([keys.lua(), *texts])
