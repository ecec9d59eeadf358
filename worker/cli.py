"""The ``depeche-worker`` command, for those who run workers."""

from __future__ import annotations

import click

from config.settings import Profile, load_settings
from depeche.cli import read_article
from depeche.commands import Commands
from depeche.output import remark, say


@click.group(cls=Commands)
@click.version_option(package_name="depeche-worker")
def main() -> None:
    """Run the workers that translate and summarise articles.

    Everything is set by environment variables with the prefix DEPECHE_; docs/settings.md lists them.
    """


@main.command()
@click.option("--concurrency", type=click.IntRange(1, 64), help="Articles at once, instead of DEPECHE_CONCURRENCY.")
@click.option(
    "-n", "--name", help="Name for Celery's tools, such as press@%h (%h: this host); by default a unique one."
)
def run(concurrency: int | None, name: str | None) -> None:
    """Take articles off the queue until told to stop.

    SIGTERM and Ctrl-C let the articles in work finish for DEPECHE_GRACE_S, then hand them back; the second one does so
    at once.
    """
    from celery.utils.nodenames import default_nodename, host_format

    from worker.app import create_app

    # Not worker_main(), which loses the exit status. Neither gossip nor mingle: workers need not know of each other,
    # and both cost start-up time.
    settings = load_settings()
    worker = create_app(settings).Worker(
        hostname=name and host_format(default_nodename(name)),
        concurrency=concurrency,
        loglevel="INFO",
        without_gossip=True,
        without_mingle=True,
        # No banner among JSON lines.
        quiet=settings.log_format == "json",
    )
    worker.start()
    raise SystemExit(worker.exitcode)


@main.command()
def doctor() -> None:
    """Look at Redis, models, settings and machine, and say what to do about each fault.

    A line each. The exit status is 1 if there is a fault, with which articles are lost or not processed; warnings leave
    it at 0.
    """
    from worker.doctor import examine

    faulty = False
    for finding in examine(load_settings()):
        faulty = faulty or finding.level == "fault"
        remedy = f" → {finding.remedy}" if finding.remedy else ""
        say(f"{finding.level:<8} {finding.text}{remedy}")
    if faulty:
        raise SystemExit(1)


@main.command()
def health() -> None:
    """Say whether this host's worker is ready; the exit status is 0 or 1.

    Asks the worker itself, at DEPECHE_METRICS_ADDR; cheap enough for every few seconds.
    """
    from worker.health import ask

    faults = ask(load_settings())
    for line in faults:
        remark(line)
    if faults:
        raise SystemExit(1)
    say("ready")


@main.command()
@click.argument("file", required=False)
@click.option("--title", help="The article's title.")
@click.option(
    "--profile", type=click.Choice(["standard", "embedded", "echo"]), help="By default the best that runs here."
)
@click.option("--json", "as_json", is_flag=True, help="Print the result object alone.")
def demo(file: str | None, title: str | None, profile: Profile | None, as_json: bool) -> None:
    """Send one article through a real worker and a real Redis of their own, and print the result.

    FILE is a French text, - for standard input; without it, a sample article is used.
    """
    from worker.demo import run_demo

    run_demo(read_article(file, title) if file else None, profile, as_json)


_PROFILE = click.option("--profile", type=click.Choice(["standard", "embedded"]), help="Instead of DEPECHE_PROFILE.")


@main.group(cls=Commands)
def models() -> None:
    """Get the models that a profile needs, and look after them.

    Which models, which engine and where: DEPECHE_TRANSLATION_MODEL, DEPECHE_SUMMARY_MODEL, DEPECHE_ENGINE,
    DEPECHE_COMPUTE_TYPE and DEPECHE_MODEL_DIR. A worker must be started with the same.
    """


@models.command()
@_PROFILE
@click.option("--force", is_flag=True, help="Make them anew, even where they are there already.")
def prepare(profile: Profile | None, force: bool) -> None:
    """Download or copy the profile's models, and convert them.

    Those that are there already stay. Prints the folders. Converting needs torch, running does not.
    """
    from worker.models.profiles import prepare_models

    for folder in prepare_models(load_settings(**_chosen(profile)), force=force, say=_say):
        say(folder)


@models.command(name="list")
def list_() -> None:
    """List the models in DEPECHE_MODEL_DIR.

    A line each: folder, model, revision, engine and number format, size.
    """
    from worker.models.profiles import list_models

    for line in list_models(load_settings()):
        say(line)


@models.command()
@_PROFILE
def verify(profile: Profile | None) -> None:
    """Check the profile's models as a starting worker does.

    They must be there, whole, and fit what is installed; else the exit status is 5, with a line for each that is not.
    """
    from worker.models.profiles import verify_models

    for line in verify_models(load_settings(**_chosen(profile))):
        say(line)


def _chosen(profile: Profile | None) -> dict[str, Profile]:
    return {"profile": profile} if profile else {}


def _say(line: str) -> None:
    remark(line)
