"""Once its models are prepared, a worker speaks to Redis and to nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from depeche.client import Client
from tests.conftest import StartWorker, wait_until
from tests.integration.test_standard import VARIABLES

#: Writes down, and forbids, every connection and every look-up of a name that leads away from this machine.
WATCH = """
import sys

def watch(event, arguments):
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if str(host) not in {"127.0.0.1", "::1", "localhost", "None"}:
        with open({path!r}, "a") as file:
            print(event, host, file=file)
        raise OSError("there is no network here")

sys.addaudithook(watch)
"""


@pytest.mark.parametrize(
    "variables",
    [
        pytest.param(VARIABLES | {"DEPECHE_PROFILE": "standard"}, id="standard", marks=pytest.mark.integration),
        pytest.param({"DEPECHE_PROFILE": "embedded"}, id="embedded", marks=pytest.mark.quality),
    ],
)
def test_a_prepared_worker_needs_no_network(
    client: Client, start_worker: StartWorker, tmp_path: Path, variables: dict[str, str]
) -> None:
    """It starts and does an article; what it may have tried to reach is written down, and that is nothing."""
    tried = tmp_path / "tried"
    (tmp_path / "sitecustomize.py").write_text(WATCH.replace("{path!r}", repr(str(tried))))
    # A library that asks the hub first and takes what is there if it fails would go unnoticed without the list.
    worker = start_worker(PYTHONPATH=str(tmp_path), **variables).wait_ready()
    result = client.wait(client.submit("La gare est fermée depuis lundi. Le maire le regrette."), timeout_s=120)
    assert len(result.segments) == 2
    assert worker.stop() == 0
    assert not tried.exists(), tried.read_text()


def test_the_watch_sees_a_connection(start_worker: StartWorker, tmp_path: Path) -> None:
    """A worker that is sent elsewhere is caught, so that the test above can fail."""
    tried = tmp_path / "tried"
    (tmp_path / "sitecustomize.py").write_text(WATCH.replace("{path!r}", repr(str(tried))))
    elsewhere = "redis://192.0.2.1:6379/0"
    start_worker(PYTHONPATH=str(tmp_path), DEPECHE_REDIS_URL=elsewhere)
    wait_until(tried.exists, "caught")
    assert "192.0.2.1" in wait_until(tried.read_text, "written down")
