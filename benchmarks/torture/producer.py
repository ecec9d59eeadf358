"""A producer's process: it takes its steps of the schedule, and writes down what it asks and what it is told.

    DEPECHE_REDIS_URL=… python -m benchmarks.torture.producer SCHEDULE WHO FILE STARTED

A step is written down before it is taken. So where this process is killed, the answer is lost to the history too, and
the next process of the same name goes on with the step after it. STARTED is when the run began, by the monotonic clock.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import redis
from celery import Celery
from kombu.exceptions import KombuError
from redis.backoff import NoBackoff
from redis.retry import Retry

from benchmarks.torture import articles
from benchmarks.torture.history import LOST
from benchmarks.torture.schedule import Schedule, Step, read
from depeche.article import JobState
from depeche.client import Client
from depeche.errors import DepecheError, RedisUnavailable
from depeche.queue import QUEUES
from depeche.redis_client import connect
from depeche.settings import load_settings

#: Steps that one process takes at the same time.
THREADS = 2
#: Submit refuses more, so that some schedules find the queue full.
MAX_QUEUE_LENGTH = 2000
#: Of the dead letters only so many are looked at.
LETTERS = 200


class Journal:
    """Lines that are in the file when the call returns, whatever happens to this process then.

    Args:
        file: what this process and those before it have written.
    """

    def __init__(self, file: Path) -> None:
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        known = [json.loads(line) for line in lines]
        self.begun = {line["step"] for line in known}
        self.ids: dict[str, str] = {
            line["name"]: line["task_id"] for line in known if line.get("answer") == "ok" and line["do"] == "submit"
        }
        self._file = file.open("ab", buffering=0)

    def write(self, step: Step, **facts: Any) -> None:
        """One line on a step."""
        line = {"step": step.number, "do": step.do, "name": step.name, **facts}
        self._file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")


class Producer:
    """Takes steps; several threads may call :meth:`take` at once."""

    def __init__(self, schedule: Schedule, journal: Journal, url: str) -> None:
        self._seed = schedule.seed
        self._journal = journal
        self._jobs = {step.name: step for step in schedule.steps if step.do in {"submit", "push", "send"}}
        self._client = Client(load_settings(redis_url=url, max_queue_length=MAX_QUEUE_LENGTH))
        self._raw = connect(url)
        # What is pushed by hand must not be pushed twice because an answer was lost.
        self._raw.set_retry(Retry(NoBackoff(), 0))
        self._celery = Celery(broker=url, set_as_current=False)
        waits = {"socket_timeout": 5, "socket_connect_timeout": 2, "max_retries": 1}
        self._celery.conf.update(broker_transport_options=waits, broker_connection_timeout=2)

    def take(self, step: Step) -> None:
        """Take a step, and write down what came of it."""
        try:
            task_id = self._letter(step.more["nth"]) if step.do in {"retry", "drop"} else self._id(step.name)
        except DepecheError:
            task_id = None
        if task_id is None and step.do != "submit":
            # Nobody knows the id: its submit had no answer, or there is no dead letter.
            self._journal.write(step, answer="skipped")
            return
        self._journal.write(step, task_id=task_id)
        answer = self._answer(getattr(self, f"_{step.do}"), step, task_id)
        self._journal.write(step, **{"task_id": task_id} | answer)

    def _answer(self, action: Callable[[Step, Any], dict[str, Any]], step: Step, task_id: str | None) -> dict[str, Any]:
        try:
            return {"answer": "ok"} | action(step, task_id)
        except RedisUnavailable as error:
            return {"answer": LOST, "lost_text": str(error)}
        except DepecheError as error:
            return {"answer": error.code}
        except (redis.RedisError, KombuError, OSError) as error:
            return {"answer": LOST, "lost_text": f"{type(error).__name__}: {error}"}

    def _id(self, name: str) -> str | None:
        # It is not there where its step was cut out of the schedule.
        if (job := self._jobs.get(name)) is None:
            return None
        if job.do != "submit":
            return articles.own_id(self._seed, name)
        return articles.key_id(job.more["key"]) if "key" in job.more else self._journal.ids.get(name)

    def _letter(self, nth: int) -> str | None:
        letters = self._client.dead_letters(LETTERS)
        return letters[nth % len(letters)].id if letters else None

    def _submit(self, step: Step, _: Any) -> dict[str, Any]:
        more, article = step.more, articles.article(step.name, french(step))
        task_id = self._client.submit(article, priority=more["priority"], key=more.get("key"))
        self._journal.ids[step.name] = task_id
        return {"task_id": task_id}

    def _push(self, step: Step, task_id: str) -> dict[str, Any]:
        more = step.more
        message = articles.by_hand(task_id, step.name, more["kind"], french(step), more["priority"])
        self._raw.lpush(QUEUES[more["priority"]], message)
        return {}

    def _send(self, step: Step, task_id: str) -> dict[str, Any]:
        more = step.more
        task, args, kwargs = articles.call(step.name, more["kind"], french(step))
        options = {} if more["celery_priority"] is None else {"priority": more["celery_priority"]}
        queue = QUEUES[more["priority"]]
        self._celery.send_task(task, args, kwargs, task_id=task_id, queue=queue, retry=False, **options)
        return {}

    def _cancel(self, _: Step, task_id: str) -> dict[str, Any]:
        return {"state": self._client.cancel(task_id).state}

    def _look(self, _: Step, task_id: str) -> dict[str, Any]:
        state = self._client.status(task_id).state
        if state is not JobState.SUCCEEDED:
            return {"state": state}
        return {"state": state, "english": self._client.result(task_id).text_en}

    def _retry(self, _: Step, task_id: str) -> dict[str, Any]:
        self._client.retry_dead(task_id)
        return {}

    def _drop(self, _: Step, task_id: str) -> dict[str, Any]:
        self._client.drop_dead(task_id)
        return {}


def french(step: Step) -> str:
    """The text of a step's article."""
    more = step.more
    return articles.text(step.name, more["kind"], more.get("sentences", 1), more.get("sleep_s", 0))


def _work(producer: Producer, steps: Iterator[Step], started: float) -> None:
    while step := next(steps, None):
        time.sleep(max(0.0, started + step.at - time.monotonic()))
        producer.take(step)


class _Shared:
    """The steps that are left, for several threads."""

    def __init__(self, steps: list[Step]) -> None:
        self._steps = iter(steps)
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[Step]:
        return self

    def __next__(self) -> Step:
        with self._lock:
            return next(self._steps)


def main(schedule_file: str, who: str, file: str, started: str) -> None:
    """Take all steps that no process of this name has begun."""
    schedule, journal = read(Path(schedule_file)), Journal(Path(file))
    producer = Producer(schedule, journal, os.environ["DEPECHE_REDIS_URL"])
    steps = _Shared([step for step in schedule.of(who) if step.number not in journal.begun])
    threads = [threading.Thread(target=_work, args=(producer, steps, float(started))) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Not by the interpreter's own end, in which Celery's pools may wait for a Redis that is away.
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
