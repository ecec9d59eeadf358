"""The faults: each is a method, called in a thread of its own, that returns when what it broke is whole again."""

from __future__ import annotations

import hashlib
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import redis

from benchmarks.torture.history import Befallen
from benchmarks.torture.schedule import Step
from benchmarks.torture.world import World
from depeche.scripts import source
from tests.proxy import Fate, Proxy

#: Between what Redis uses and what it may use, in bytes: so little that the next articles fill it.
HEADROOM = 20_000
#: How long a worker may take from SIGTERM to its end: its grace, its last batch, its farewell, and a busy machine.
STOP_S = 60.0
#: Answers that are to be lost may not come, as nobody may ask.
ANSWERS_S = 5.0


class Faults:
    """Carries out the driver's steps.

    Args:
        world: the processes.
        clock: the file from which the server's false clock takes how much it is wrong; None where there is none.

    Attributes:
        befallen: what was carried out.
    """

    def __init__(self, world: World, clock: Path | None = None) -> None:
        self.befallen: list[Befallen] = []
        self._world = world
        self._clock = clock
        self._clock_s = 0
        # Two faults of the same process wait for each other; all others may happen at once.
        self._server = threading.Lock()
        self._memory = threading.Lock()
        self._sides = [threading.Lock() for _ in world.proxies]

    def carry_out(self, step: Step) -> None:
        """One step. It is written down, whatever comes of it."""
        failed = ""
        try:
            getattr(self, f"_{step.do}")(**step.more)
        except (redis.RedisError, OSError) as error:
            failed = f"{type(error).__name__}: {error}"
        self.befallen.append(Befallen(step.number, step.do, failed))

    def _kill_producer(self, which: int) -> None:
        self._world.producers[which].kill_and_restart()

    def _kill_worker(self, which: int) -> None:
        with self._world.workers[which].lock:
            self._world.workers[which].kill()
            self._world.workers[which].start()

    def _stop_worker(self, which: int, twice: bool) -> None:
        with self._world.workers[which].lock:
            self._world.workers[which].stop(STOP_S, twice=twice)
            self._world.workers[which].start()

    def _pause_worker(self, which: int, for_s: float) -> None:
        with self._world.workers[which].lock:
            self._world.workers[which].signal(signal.SIGSTOP)
            time.sleep(for_s)
            self._world.workers[which].signal(signal.SIGCONT)

    def _kill_redis(self, for_s: float) -> None:
        with self._server:
            self._world.server.kill()
            time.sleep(for_s)
            self._world.server.start()

    def _pause_redis(self, for_s: float) -> None:
        with self._server:
            self._world.server.signal(signal.SIGSTOP)
            time.sleep(for_s)
            self._world.server.signal(signal.SIGCONT)

    def _cut_all(self) -> None:
        with self._server, self._world.raw() as raw:
            raw.execute_command("CLIENT KILL TYPE normal SKIPME yes")

    def _client_pause(self, for_s: float) -> None:
        with self._server, self._world.raw() as raw:
            raw.client_pause(round(for_s * 1000))
            time.sleep(for_s)

    def _debug_sleep(self, for_s: float) -> None:
        with self._server, self._world.raw() as raw:
            raw.execute_command("DEBUG", "SLEEP", for_s)

    def _script_flush(self) -> None:
        with self._server, self._world.raw() as raw:
            raw.script_flush()

    def _full_memory(self, for_s: float) -> None:
        with self._memory:
            with self._server, self._world.raw() as raw:
                memory: dict[str, Any] = raw.info("memory")
                raw.config_set("maxmemory", memory["used_memory"] + HEADROOM)
            time.sleep(for_s)
            # A server that was killed meanwhile has forgotten it.
            with self._server, self._world.raw() as raw:
                raw.config_set("maxmemory", 0)

    def _delay(self, side: int, for_s: float, delay_s: float) -> None:
        with self._through(side) as proxy:
            proxy.delay_s = delay_s
            time.sleep(for_s)

    def _cut(self, side: int, for_s: float) -> None:
        with self._through(side) as proxy:
            ends_at = time.monotonic() + for_s
            while time.monotonic() < ends_at:
                proxy.cut()
                time.sleep(0.2)

    def _silence(self, side: int, for_s: float) -> None:
        with self._through(side) as proxy:
            proxy.silent = True
            time.sleep(for_s)

    def _lose_answers(self, side: int, answers: int, to: str) -> None:
        self._spoil(side, answers, to, "lost")

    def _halve_answers(self, side: int, answers: int, to: str) -> None:
        self._spoil(side, answers, to, "halved")

    def _swallow_answers(self, side: int, answers: int, to: str) -> None:
        self._spoil(side, answers, to, "swallowed")

    def _spoil(self, side: int, answers: int, to: str, fate: Fate) -> None:
        # Renewals and readings without a script are left out, as there are many of them.
        asked = [hashlib.sha1(source(to).encode()).hexdigest().encode()] if to else [b"EVALSHA", b"BRPOP", b"LPUSH"]
        with self._through(side) as proxy:
            left = iter(range(answers))
            done = threading.Event()

            def spoil(request: bytes) -> Fate:
                if not any(words in request for words in asked):
                    return "passed"
                if next(left, None) is None:
                    done.set()
                    return "passed"
                return fate

            proxy.fate = spoil
            done.wait(ANSWERS_S)

    @contextmanager
    def _through(self, side: int) -> Iterator[Proxy]:
        with self._sides[side]:
            proxy = self._world.proxies[side]
            try:
                yield proxy
            finally:
                proxy.delay_s, proxy.silent, proxy.fate = 0.0, False, _passes

    def _step_clock(self, by_s: int) -> None:
        if self._clock is None:
            raise OSError("there is no libfaketime: name it with --faketime")
        with self._server:
            self._clock_s += by_s
            self._clock.write_text(f"{self._clock_s:+d}\n")


def _passes(request: bytes) -> Fate:  # noqa: ARG001  # as each fate is asked
    return "passed"


def in_threads(steps: list[Step], started: float, carry_out: Callable[[Step], None]) -> None:
    """Carry out each step at its time, and return when the last one is over."""
    threads = []
    for step in steps:
        time.sleep(max(0.0, started + step.at - time.monotonic()))
        threads.append(threading.Thread(target=carry_out, args=(step,), name=step.do))
        threads[-1].start()
    for thread in threads:
        thread.join()
