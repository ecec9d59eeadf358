"""The relay: takes events at its place in the stream, sends each until it is taken, and confirms it then."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from depeche.errors import DepecheError
from depeche.notify.event import Event
from depeche.notify.place import Place
from depeche.notify.webhook import Answer, Webhooks

#: The pause before another try grows from the first to the last; half of it is by chance, so that not all tries come
#: together.
FIRST_PAUSE_S, LAST_PAUSE_S = 0.5, 60.0
#: So many events are held at a time, those that wait for another try included, and so many are read in one step.
MOST_OPEN, CHUNK = 500, 50
#: How long Redis may keep a read waiting, and the pause where it is away.
BLOCK_MS, AWAY_PAUSE_S = 2000, 1.0
#: How long requests that are under way may go on when the relay is to end.
GRACE_S = 10.0


@dataclass
class Counts:
    """What a relay has done so far.

    Attributes:
        delivered: events that were taken.
        tries: requests that were sent.
        given_up: events that were not taken in the time that they had.
        lost: events that were trimmed from the stream before they were taken.
    """

    delivered: int = 0
    tries: int = 0
    given_up: int = 0
    lost: int = 0

    def __str__(self) -> str:
        return f"{self.delivered} events delivered in {self.tries} requests, {self.given_up} given up, {self.lost} lost"


class Gone(DepecheError):
    """The receiver wants no more events."""

    code = "gone"


class Relay:
    """Relays events to one receiver.

    Args:
        place: where it is in the stream.
        webhooks: sends events.
        give_up_s: how long after its event a webhook is still tried.
        parallel: so many requests at a time.
        tell: is called with lines for whoever looks after the relay.
    """

    def __init__(
        self, place: Place, webhooks: Webhooks, *, give_up_s: float, parallel: int, tell: Callable[[str], None]
    ) -> None:
        self.counts = Counts()
        self._place, self._webhooks, self._tell = place, webhooks, tell
        self._give_up_s = give_up_s
        self._slots = asyncio.Semaphore(parallel)
        self._room = asyncio.Semaphore(MOST_OPEN)
        self._open: set[asyncio.Task[None]] = set()
        self._ending = asyncio.Event()
        self._gone: str | None = None
        self._unexpected: BaseException | None = None
        self._fault = ""
        self._redis_away = False

    def stop(self) -> None:
        """Begin nothing new; :meth:`run` returns when what is under way has ended."""
        self._ending.set()

    async def run(self) -> None:
        """Relay events until :meth:`stop`. A Redis or a receiver that is away is waited for.

        Raises:
            Gone: the receiver wants no more events. Its place is kept.
        """
        reader = asyncio.create_task(self._read())
        ending = asyncio.create_task(self._ending.wait())
        await asyncio.wait({reader, ending}, return_when=asyncio.FIRST_COMPLETED)
        for task in (reader, ending):
            task.cancel()
        await asyncio.gather(reader, ending, return_exceptions=True)
        if self._open:
            await asyncio.wait(self._open, timeout=GRACE_S)
        for delivery in self._open:
            delivery.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
        if not reader.cancelled() and (error := reader.exception()):
            raise error
        if self._unexpected:
            raise self._unexpected
        if self._gone:
            raise Gone(f"the receiver wants no more events ({self._gone}); its place in the stream is kept")

    async def _read(self) -> None:
        if await self._insist(self._place.behind):
            self._tell("the stream begins after the last event that was relayed: some may have been lost in between")
        # First what a relay before this one was given and has not confirmed.
        after = "0"
        while events := await self._insist(partial(self._place.read, after, CHUNK)):
            await self._begin(events)
            after = events[-1].entry_id
        while True:
            await self._begin(await self._insist(partial(self._place.read, ">", CHUNK, BLOCK_MS)))

    async def _begin(self, events: list[Event]) -> None:
        for event in events:
            await self._room.acquire()
            delivery = asyncio.create_task(self._deliver(event))
            self._open.add(delivery)
            delivery.add_done_callback(self._delivered)

    def _delivered(self, delivery: asyncio.Task[None]) -> None:
        self._open.discard(delivery)
        self._room.release()
        if not delivery.cancelled() and (fault := delivery.exception()):
            self._unexpected = fault
            self.stop()

    async def _deliver(self, event: Event) -> None:
        """Send an event until it is taken or given up, and confirm it."""
        if not event.fields:
            self.counts.lost += 1
            self._tell(f"the event {event.entry_id} is lost: the stream was trimmed before it was relayed")
        elif not await self._send(event):
            return
        await self._insist(partial(self._place.confirm, event.entry_id))

    async def _send(self, event: Event) -> bool:
        """Whether the event is done with; not where the relay ends before."""
        pause_s = FIRST_PAUSE_S
        while True:
            async with self._slots:
                if self._ending.is_set():
                    return False
                self.counts.tries += 1
                answer = await self._webhooks.send(event)
            self._note(answer)
            if not answer.fault:
                self.counts.delivered += 1
                return True
            if answer.gone:
                self._gone = answer.fault
                self.stop()
                return False
            if time.time() - event.at > self._give_up_s:
                self.counts.given_up += 1
                self._tell(f"the event {event.webhook_id} is given up: {answer.fault}: {event.payload()}")
                return True
            await self._pause(max(answer.retry_after_s, pause_s * random.uniform(0.5, 1.0)))  # noqa: S311
            pause_s = min(2 * pause_s, LAST_PAUSE_S)

    async def _pause(self, seconds: float) -> None:
        """Wait so long, or until the relay ends."""
        try:
            async with asyncio.timeout(seconds):
                await self._ending.wait()
        except TimeoutError:
            return

    def _note(self, answer: Answer) -> None:
        """Say when the receiver begins to refuse, and when it takes events again."""
        if bool(answer.fault) != bool(self._fault):
            self._tell(
                f"the receiver does not take events ({answer.fault}): each is tried again"
                if answer.fault
                else f"the receiver takes events again; {len(self._open)} are open"
            )
        self._fault = answer.fault

    async def _insist(self, step: Callable[[], Awaitable[Any]]) -> Any:
        """What a step in Redis answers, however long Redis is away."""
        import redis

        while True:
            try:
                answer = await step()
            except (redis.RedisError, OSError) as error:
                if "NOGROUP" in str(error):
                    # The stream was deleted, or has expired, so all that is in it is new.
                    self._tell("the stream of events is another one than before: it is relayed from its beginning")
                    await self._insist(partial(self._place.open, "0"))
                    continue
                if not self._redis_away:
                    self._tell(f"Redis does not answer ({error}): it is waited for")
                self._redis_away = True
                await asyncio.sleep(AWAY_PAUSE_S)
                continue
            if self._redis_away:
                self._tell("Redis answers again")
            self._redis_away = False
            return answer
