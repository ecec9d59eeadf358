"""The Lua scripts of ``depeche/lua/``: each changes the ledger in one step that happens whole or not at all."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

from depeche import keys

if TYPE_CHECKING:
    import redis

#: A definition of the prelude: each begins at the beginning of a line, and defines one name.
_DEFINED = re.compile(r"^local (?:function )?(\w+)", re.MULTILINE)
_COMMENT = re.compile(r"--.*")
_WORD = re.compile(r"\w+")


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
    """The text of a script as Redis gets it, with what it needs of the keys' names and of the prelude before it.

    Redis runs all of the text at each call, and to define all that any script needs takes as long as some scripts do.
    """
    text = _read(name)
    words, needed = _words(text), [text]
    # What is defined first may be needed by what comes later, and not the other way round.
    for definition in reversed(_prelude()):
        if definition.name in words:
            words |= definition.words
            needed.append(definition.text)
    return "".join(reversed(needed))


class _Definition(NamedTuple):
    """One definition of the prelude, with the comments after it, and all words that are in it."""

    name: str
    text: str
    words: frozenset[str]


@cache
def _prelude() -> list[_Definition]:
    text = f"{keys.lua()}\n{_read('prelude')}"
    found = list(_DEFINED.finditer(text))
    ends = [*(definition.start() for definition in found[1:]), len(text)]
    texts = [text[definition.start() : end] for definition, end in zip(found, ends, strict=True)]
    return [_Definition(one[1], text, _words(text)) for one, text in zip(found, texts, strict=True)]


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(_COMMENT.sub("", text)))


def _read(name: str) -> str:
    return files("depeche").joinpath("lua", f"{name}.lua").read_text(encoding="utf-8")
