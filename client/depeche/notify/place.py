"""A relay's place in the stream of events: a consumer group in Redis, which outlives the relay.

Redis keeps for the group what was given out and not yet confirmed. A relay that starts reads these events first, so
what one was killed with comes again.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from depeche.keys import EVENTS, OPEN_TTL_S
from depeche.notify.event import Event

if TYPE_CHECKING:
    import redis.asyncio

#: All relays of a group have one name, so that a new one takes over at once what the last one was killed with.
CONSUMER = "relay"


def group_for(url: str) -> str:
    """The name of the group for a receiver: each URL has a place of its own."""
    return f"notify:{hashlib.sha256(url.encode()).hexdigest()[:16]}"


class Place:
    """The place of one group.

    Args:
        client: a connected client that decodes responses.
        group: its name.
    """

    def __init__(self, client: redis.asyncio.Redis, group: str) -> None:
        self._client = client
        self._group = group

    async def open(self, start: str) -> None:
        """Make the group, where there is none: after the entry ``start``, 0 for all that are kept and $ for none.

        Raises:
            redis.RedisError: Redis does not answer, or does not allow it.
        """
        import redis

        try:
            await self._client.xgroup_create(EVENTS.name, self._group, start, mkstream=True)
            # A stream that was made here has no time to live yet.
            await self._client.expire(EVENTS.name, OPEN_TTL_S)
        except redis.ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise

    async def behind(self) -> bool:
        """Whether the stream begins after this place: what lay between is gone, or there was nothing.

        Raises:
            redis.RedisError: as :meth:`open`.
        """
        stream: Any = await self._client.xinfo_stream(EVENTS.name)
        groups: Any = await self._client.xinfo_groups(EVENTS.name)
        last = next((group["last-delivered-id"] for group in groups if group["name"] == self._group), "0-0")
        first = stream["first-entry"]
        return first is not None and last != "0-0" and _order(first[0]) > _order(last)

    async def read(self, after: str, count: int, block_ms: int | None = None) -> list[Event]:
        """Events that are given out to this group: new ones after ``>``, unconfirmed ones after any other id.

        An unconfirmed event that the stream has no more comes without fields.

        Raises:
            redis.RedisError: as :meth:`open`. NOGROUP: the stream is another one than before.
        """
        answer: Any = await self._client.xreadgroup(
            self._group, CONSUMER, {EVENTS.name: after}, count=count, block=block_ms
        )
        # Redis 6 answers with pairs of stream and entries, and newer protocols with a table of both.
        streams = answer.values() if isinstance(answer, dict) else [entries for _, entries in answer or []]
        entries = [entry for stream in streams for entry in _flat(stream)]
        return [Event(entry_id, fields or {}) for entry_id, fields in entries]

    async def confirm(self, entry_id: str) -> None:
        """This event need not come again.

        Raises:
            redis.RedisError: as :meth:`open`.
        """
        await self._client.xack(EVENTS.name, self._group, entry_id)


def _flat(entries: list[Any]) -> list[Any]:
    """Entries of a stream; redis-py puts those of its newer protocol into one more list."""
    return entries[0] if len(entries) == 1 and isinstance(entries[0], list) else entries


def _order(entry_id: str) -> tuple[int, int]:
    milliseconds, _, number = entry_id.partition("-")
    return int(milliseconds), int(number or 0)
