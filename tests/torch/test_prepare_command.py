"""The real ``depeche-worker models prepare``: what it prints, a kill, several at once, a full disk."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from depeche.errors import ModelUnavailable
from tests import fake_hub
from tests.torch.test_prepare import CHECKPOINTS, left, standard
from worker.models import prepared
from worker.models.profiles import verify_models

pytestmark = pytest.mark.torch

COMMAND = [sys.executable, "-m", "worker", "models", "prepare", "--profile", "standard"]


def environment(tmp_path: Path, **settings: str) -> dict[str, str]:
    """For the real command."""
    own = {"MODEL_DIR": str(tmp_path / "models"), "SUMMARY_MODEL": "none", "DEVICE": "cpu"} | settings
    return os.environ | {f"DEPECHE_{name}": value for name, value in own.items()}


def test_from_a_hub_by_the_real_command(tmp_path: Path) -> None:
    """Folders alone on standard output, bars on standard error; the second time nothing needs the hub."""
    with fake_hub.running_hub() as hub:
        commits = [
            hub.add("port-amel/tramway", CHECKPOINTS / "marian"),
            hub.add("port-amel/bart", CHECKPOINTS / "bart"),
        ]
        models = {"TRANSLATION_MODEL": "port-amel/tramway@v1", "SUMMARY_MODEL": "port-amel/bart"}
        mirror = fake_hub.environment(hub.url, tmp_path / "hf")
        first = subprocess.run(
            COMMAND, env=environment(tmp_path, **models) | mirror, capture_output=True, text=True, timeout=90
        )
    assert first.returncode == 0, first.stderr
    folders = [Path(line) for line in first.stdout.splitlines()]
    names = ["port-amel--tramway@v1--ctranslate2-int8", "port-amel--bart--ctranslate2-int8"]
    assert folders == [tmp_path / "models" / name for name in names]
    assert [prepared.read(folder).revision for folder in folders] == commits
    assert "Fetching" in first.stderr
    assert "Loading weights" in first.stderr
    nowhere = fake_hub.environment(fake_hub.NOWHERE, tmp_path / "hf")
    again = subprocess.run(
        COMMAND, env=environment(tmp_path, **models) | nowhere, capture_output=True, text=True, timeout=90
    )
    assert (again.returncode, again.stdout) == (0, first.stdout)
    assert again.stderr.count("is prepared already") == 2


def test_a_kill_and_four_at_once(tmp_path: Path) -> None:
    """A killed preparation leaves no model; of four processes that come then, one makes it, and all are served."""
    settings = standard(tmp_path, CHECKPOINTS / "marian")
    target = prepared.find(settings.translation_model, settings)
    part = target.with_name(f".{target.name}.part")

    def start() -> subprocess.Popen[str]:
        return subprocess.Popen(
            COMMAND,
            env=environment(tmp_path, TRANSLATION_MODEL=settings.translation_model),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    killed = start()
    deadline = time.monotonic() + 60
    # Without a pause between the looks: the folder is there for some hundredths of a second only.
    while not part.exists():
        assert time.monotonic() < deadline
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    assert left(tmp_path) == [part.name]
    with pytest.raises(ModelUnavailable, match="run depeche-worker models prepare"):
        verify_models(settings)
    processes = [start() for _ in range(4)]
    done = [(*process.communicate(timeout=90), process.returncode) for process in processes]
    assert [(stdout, status) for stdout, _, status in done] == [(f"{target}\n", 0)] * 4, done
    said = "".join(stderr for _, stderr, _ in done)
    assert (said.count(" is prepared: "), said.count(" is prepared already: ")) == (1, 3)
    assert left(tmp_path) == [target.name]
    assert "right" in verify_models(settings)[0]


def test_a_truly_full_disk(tmp_path: Path) -> None:
    """On a file system of 100 KB, where we may make one: exit status 5, one line, nothing left but the lock."""
    script = 'mount -t tmpfs -o size=100k tmpfs "$1" || exit 77; shift; "$@"; status=$?; ls -A "$0"; exit $status'
    (tmp_path / "models").mkdir()
    models = str(tmp_path / "models")
    if not shutil.which("unshare"):
        pytest.skip("there is no unshare here")
    done = subprocess.run(
        ["unshare", "--map-root-user", "--mount", "sh", "-c", script, models, models, *COMMAND],
        env=environment(tmp_path, TRANSLATION_MODEL=str(CHECKPOINTS / "marian")),
        capture_output=True,
        text=True,
        timeout=90,
    )
    if done.returncode == 77 or done.stderr.startswith("unshare:"):
        pytest.skip(f"no file system of our own can be made here: {done.stderr[-200:]}")
    assert done.stderr.splitlines()[-1].startswith("depeche: model_unavailable: the disk is full")
    assert done.returncode == 5
    assert [Path(name).suffix for name in done.stdout.split()] == [".lock"]
