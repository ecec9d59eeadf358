"""A pool of processes in place of threads, as Celery's own command starts it."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from pathlib import Path

import pytest

from depeche.article import JobState
from depeche.client import Client
from tests.conftest import StartWorker, wait_until

pytestmark = pytest.mark.integration

TEXT = "La gare a fermé lundi.\n\nElle rouvrira en 2027."
ENGLISH = "[fr→en] La gare a fermé lundi.\n\n[fr→en] Elle rouvrira en 2027."


def children_of(pid: int) -> list[int]:
    """The processes that this one has started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # The command may hold spaces and parentheses.
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[1]) == pid:
                found.append(int(stat.parent.name))
    return found


def test_a_pool_of_processes(client: Client, start_worker: StartWorker) -> None:
    """Each child has its own engines; one that is killed takes nothing with it, and its job runs again."""
    celery = str(Path(sys.executable).with_name("celery"))
    worker = start_worker(celery, "-A", "worker", "worker", "--pool=processes", DEPECHE_LEASE_S="3").wait_ready()
    task_id = client.submit("Une phrase. echo:sleep=6")
    wait_until(lambda: client.status(task_id).state is JobState.RUNNING, "running")
    children = children_of(worker.process.pid)
    assert children
    assert client.wait(client.submit(TEXT), timeout_s=40).text_en == ENGLISH
    for child in children:
        os.kill(child, signal.SIGKILL)
    result = client.wait(task_id, timeout_s=60)
    assert (result.attempts, client.stats().workers) == (2, 1)
    assert worker.stop() == 0
