"""Where each message was, by Redis' own history: on a queue, on its way to a worker, held by one, or settled."""

from __future__ import annotations

import json
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator
from typing import Any

from depeche import keys
from depeche.queue import QUEUES
from depeche.strays import LISTS

#: The lists on which messages lie.
MAILBOXES = {*QUEUES.values(), *(name for names in LISTS.values() for name in names)}


class Mail:
    """Follows all messages by what they are of: the task id that their sender gave them, or their text without one.

    A worker takes a message in two steps: off the queue, and then it is held. In between it is on its way, and there
    it stays for ever where the worker does not come to the second step.
    """

    def __init__(self) -> None:
        self._lists: dict[str, deque[str]] = defaultdict(deque)
        self._held: dict[str, str] = {}
        self._on_its_way: Counter[str] = Counter()

    def apply(self, step: Iterable[list[str]]) -> tuple[list[str], list[str]]:
        """Follow what was changed in one step.

        Returns:
            What the messages are of that nobody holds any more, and of these what went back to a queue.
        """
        pushed, popped, let_go = list[str](), list[str](), list[str]()
        for name, *arguments in step:
            match name.upper(), arguments:
                case "LPUSH" | "RPUSH", [key, *texts] if key in MAILBOXES:
                    pushed += self._push(name.upper(), key, texts)
                case "LPOP" | "RPOP", [key, *_] if self._lists.get(key):
                    popped.append(self._lists[key].popleft() if name.upper() == "LPOP" else self._lists[key].pop())
                case "HSET", [keys.UNACKED.name, tag, entry]:
                    self._held[tag] = of_entry(entry)
                    self._on_its_way[self._held[tag]] -= 1
                case "HDEL", [keys.UNACKED.name, *tags]:
                    let_go += [self._held.pop(tag) for tag in tags if tag in self._held]
                case "DEL" | "UNLINK", names:
                    for key in names:
                        self._lists.pop(key, None)
        # What goes from list to list in one step is never on its way.
        self._on_its_way.update((Counter(popped) - Counter(pushed)).elements())
        return let_go, list((Counter(let_go) & Counter(pushed)).elements())

    def elsewhere(self, of: str) -> int:
        """How many messages of something there are."""
        lying = sum(found.count(of) for found in self._lists.values())
        return lying + sum(held == of for held in self._held.values()) + max(0, self._on_its_way[of])

    def vanished(self) -> list[str]:
        """What the messages are of that were taken off a queue and never held."""
        return [of for of, count in self._on_its_way.items() if count > 0]

    def _push(self, end: str, key: str, texts: Iterable[str]) -> Iterator[str]:
        for text in texts:
            of = of_message(text)
            self._lists[key].appendleft(of) if end == "LPUSH" else self._lists[key].append(of)
            yield of


def of_message(text: str) -> str:
    """What a message is of."""
    try:
        return _of(json.loads(text)) or text
    except (ValueError, RecursionError):
        return text


def of_entry(text: str) -> str:
    """What the message is of that a worker holds, by kombu's record of it."""
    message, *_ = json.loads(text)
    # What its worker is about to refuse is held as the text that lay on the queue.
    if isinstance(message, str):
        return of_message(message)
    return _of(message) or json.dumps(message, ensure_ascii=False)


def _of(message: Any) -> str | None:
    try:
        found = message["headers"]["id"]
    except (LookupError, TypeError):
        return None
    return found if isinstance(found, str) else None
