"""``depeche-worker demo``: sends one article all the way, with nothing set up beforehand."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from importlib.resources import files
from pathlib import Path
from types import FrameType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from config.settings import Profile, load_settings
from depeche.article import Article, ArticleResult, JobState, JobStatus
from depeche.client import Client
from depeche.errors import ModelUnavailable
from depeche.output import render, say, say_json
from worker.embedded_redis import EmbeddedRedis
from worker.models.profiles import prepare_models, standard_is_installed, standard_is_prepared, why_not_prepare_standard

#: How long to wait for the hub before the demo takes the embedded profile.
HUB_TIMEOUT_S = 5
#: How long a worker without work may take to end after SIGTERM.
STOP_TIMEOUT_S = 20

QUALITY = {
    "standard": "fit to publish after a look at the flagged sentences",
    "embedded": "to read, not to publish: a small model of 270M parameters; names, numbers and meaning can be wrong",
    "echo": "no translation at all: it only marks the text",
}


def sample_article() -> Article:
    """The demo's own article."""
    text = files("worker").joinpath("sample.fr.txt").read_text(encoding="utf-8")
    title, _, body = text.partition("\n\n")
    return Article(text=body, title=title)


def choose_profile(wanted: Profile | None) -> tuple[Profile, str]:
    """The profile to run, and the reason, which the demo prints in one line."""
    if wanted is not None:
        return wanted, "as you asked"
    settings = load_settings(profile="standard")
    if not standard_is_installed():
        return "embedded", "its weights come as packages, and the standard profile is not installed"
    if standard_is_prepared(settings):
        return "standard", "its models are prepared"
    why_not = why_not_prepare_standard(settings, timeout_s=HUB_TIMEOUT_S)
    if why_not is None:
        return "standard", "its models are downloaded and prepared now, which may take minutes"
    return "embedded", f"the standard profile's models are not prepared, and {why_not}"


def run_demo(article: Article | None, profile: Profile | None, as_json: bool) -> None:
    """Run one article through a Redis and a worker, which are started for it and end with this call.

    Args:
        article: what to process; None for the sample.
        profile: which models; None lets the demo choose.
        as_json: print only the result on standard output, as JSON.

    Raises:
        DepecheError: the worker could not start, or the job failed.
    """
    console = Console(stderr=True)
    with _stoppable() as stop:
        chosen, why = choose_profile(profile)
        console.print(f"Profile {chosen} ({_quality(chosen)}): {why}.", highlight=False, soft_wrap=True)
        if profile is None and chosen == "standard":
            prepare_models(load_settings(profile=chosen), force=False, say=console.print)
        with (
            EmbeddedRedis() as server,
            Client(load_settings(redis_url=server.url, profile=chosen)) as client,
            _worker(server.url, chosen) as worker,
        ):
            task_id = client.submit(article or sample_article())
            result = _follow(client, task_id, (stop.check, worker.check), console)
        stop.check()
    if as_json:
        say_json(result.model_dump_json())
    else:
        say(_report(result))


class _Stop:
    """Whether a signal has come that ends the demo."""

    def __init__(self) -> None:
        self._came = False

    def on_signal(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002  # the signal module's signature
        """Note the signal, and end whatever goes on."""
        self._came = True
        raise KeyboardInterrupt

    def check(self) -> None:
        """End the demo if a signal has come and its exception got lost.

        Python drops what is raised while it clears an object away, which it also does while modules are imported.
        """
        if self._came:
            raise KeyboardInterrupt


@contextmanager
def _stoppable() -> Iterator[_Stop]:
    """SIGTERM and a closed terminal end the block as Ctrl-C does, so that every context in it cleans up."""
    stop = _Stop()
    with _handled((signal.SIGINT, signal.SIGTERM, signal.SIGHUP), stop.on_signal):
        yield stop


def _quality(profile: Profile) -> str:
    if profile == "embedded" and load_settings().adapter == "none":
        return "only the gist: a small model of 270M parameters with examples in its prompt; facts are often wrong"
    return QUALITY[profile]


@contextmanager
def _handled(numbers: Iterable[int], handler: Callable[[int, FrameType | None], Any]) -> Iterator[None]:
    """Send these signals to a handler while the block runs."""
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, former in before.items():
            signal.signal(number, former)


class _Worker:
    """A worker process and its log."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process = process
        self._log = log

    def check(self) -> None:
        """Raise ModelUnavailable with the last line of the log if the process has ended."""
        if self.process.poll() is not None:
            lines = self._log.read_text(errors="replace").strip().splitlines() or ["it said nothing"]
            raise ModelUnavailable(f"the worker ended with status {self.process.returncode}: {lines[-1]}")


@contextmanager
def _worker(redis_url: str, profile: Profile) -> Iterator[_Worker]:
    environment = os.environ | {
        "DEPECHE_REDIS_URL": redis_url,
        "DEPECHE_PROFILE": profile,
        "DEPECHE_METRICS_ADDR": "none",
    }
    with tempfile.TemporaryDirectory(prefix="depeche-worker-") as folder:
        log, process = Path(folder) / "worker.log", None
        try:
            with log.open("wb") as output, _uninterrupted():
                process = subprocess.Popen(
                    # Without -P, a worker.py in the user's folder would be run instead.
                    [sys.executable, "-P", "-m", "worker", "run"],
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    # Ctrl-C reaches only the demo, which then stops its worker in order.
                    start_new_session=True,
                )
            yield _Worker(process, log)
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(STOP_TIMEOUT_S)
        finally:
            # After Ctrl-C or a failure there is nothing to finish, so the worker need not end in order.
            if process:
                process.kill()
                process.wait()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Delay Ctrl-C and the like until the block has ended. A process that is just being started would be left over."""
    came: list[int] = []
    try:
        with _handled((signal.SIGINT, signal.SIGTERM, signal.SIGHUP), lambda number, frame: came.append(number)):
            yield
    finally:
        if came:
            signal.raise_signal(came[0])


def _follow(client: Client, task_id: str, checks: Iterable[Callable[[], None]], console: Console) -> ArticleResult:
    """Wait for the result, and show a progress bar meanwhile. The checks are made again and again, and may raise."""
    columns = TextColumn("{task.description:<16}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True) as bar:
        shown = bar.add_task("loading models", total=None)

        def show(status: JobStatus) -> None:
            for check in checks:
                check()
            if status.state is JobState.RUNNING and status.progress:
                progress = status.progress
                bar.update(shown, description=progress.stage, completed=progress.done, total=progress.total)

        return client.wait(task_id, on_status=show)


def _report(result: ArticleResult) -> str:
    models = [f"{m.id} ({m.engine}, {m.compute_type})" for m in (result.models.translation, result.models.summary) if m]
    timings = result.timings_ms
    return "\n".join(
        [
            render(result, "text"),
            "",
            f"Models:  {'; '.join(models)}",
            f"Timings: queued {timings.queued} ms, segment {timings.segment} ms, translate {timings.translate} ms, "
            f"summarise {timings.summarise} ms, total {timings.total} ms",
            f"Task id: {result.id}",
        ]
    )
