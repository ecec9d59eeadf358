"""The ``depeche-worker`` command. It is for people who run workers."""

from __future__ import annotations

import click

from config.settings import Profile, load_settings
from depeche.cli.groups import Commands, examples
from depeche.inputs import read_article
from depeche.output import remark, say


@click.group(cls=Commands, epilog=examples("depeche-worker run", "depeche-worker COMMAND -h    # what a command takes"))
@click.version_option(package_name="depeche-worker")
def main() -> None:
    """Run the workers that translate and summarise articles.

    The settings are environment variables with the prefix DEPECHE_. docs/settings.md lists them.
    """


@main.command(epilog=examples("depeche-worker run", "DEPECHE_PROFILE=embedded depeche-worker run --concurrency 1"))
@click.option(
    "--concurrency", type=click.IntRange(1, 64), help="How many articles at once, instead of DEPECHE_CONCURRENCY."
)
@click.option(
    "-n", "--name", help="Name for Celery's tools, such as press@%h (%h: this host); by default a unique one."
)
def run(concurrency: int | None, name: str | None) -> None:
    """Take articles off the queue and process them.

    The worker runs until a signal stops it. After SIGTERM or Ctrl-C, the articles in work may finish for
    DEPECHE_GRACE_S. The others are then handed back to the queue. A second signal hands them back at once.
    """
    from celery.utils.nodenames import default_nodename, host_format

    from worker.app import create_app

    # worker_main() would lose the exit status. Gossip and mingle are off, as workers need not know each other and both
    # make the start slower.
    settings = load_settings()
    worker = create_app(settings).Worker(
        hostname=name and host_format(default_nodename(name)),
        concurrency=concurrency,
        loglevel="INFO",
        without_gossip=True,
        without_mingle=True,
        # A banner must not stand among JSON lines.
        quiet=settings.log_format == "json",
    )
    worker.start()
    raise SystemExit(worker.exitcode)


@main.command(epilog=examples("depeche-worker doctor"))
def doctor() -> None:
    """Check Redis, models, settings and machine.

    Each finding is one line, which says what to do if something is wrong. The exit status is 1 if there is a fault,
    which means that articles can be lost or are not processed. With warnings only, it is 0.
    """
    from worker.doctor import examine

    faulty = False
    for finding in examine(load_settings()):
        faulty = faulty or finding.level == "fault"
        remedy = f" → {finding.remedy}" if finding.remedy else ""
        say(f"{finding.level:<8} {finding.text}{remedy}")
    if faulty:
        raise SystemExit(1)


@main.command(epilog=examples("depeche-worker health"))
def health() -> None:
    """Say whether the worker of this host is ready.

    The exit status is 0 if it is, else 1. This asks the worker itself, at DEPECHE_METRICS_ADDR. It is cheap enough to
    run every few seconds.
    """
    from worker.health import ask

    faults = ask(load_settings())
    for line in faults:
        remark(line)
    if faults:
        raise SystemExit(1)
    say("ready")


@main.command(epilog=examples("depeche-worker demo", "depeche-worker demo article.txt --profile embedded"))
@click.argument("file", required=False)
@click.option("--title", help="The article's title.")
@click.option(
    "--profile", type=click.Choice(["standard", "embedded", "echo"]), help="By default, the best one that runs here."
)
@click.option("--json", "as_json", is_flag=True, help="Print only the result, as JSON.")
def demo(file: str | None, title: str | None, profile: Profile | None, as_json: bool) -> None:
    """Send one article through a real worker.

    The worker and its Redis are started for this article alone, and the result is printed. FILE is a French text; - is
    standard input. Without FILE, a sample article is used.
    """
    from worker.demo import run_demo

    run_demo(read_article(file, title) if file else None, profile, as_json)


_PROFILE = click.option(
    "--profile", type=click.Choice(["standard", "embedded"]), help="The profile, instead of DEPECHE_PROFILE."
)


@main.group(
    cls=Commands,
    epilog=examples("depeche-worker models prepare --profile standard", "depeche-worker models list"),
)
def models() -> None:
    """Get the models that a profile needs, and look after them.

    DEPECHE_TRANSLATION_MODEL, DEPECHE_SUMMARY_MODEL, DEPECHE_ENGINE, DEPECHE_COMPUTE_TYPE and DEPECHE_MODEL_DIR say
    which models, for which engine, and where. Start the worker with the same values.
    """


@models.command(
    epilog=examples("depeche-worker models prepare", "depeche-worker models prepare --profile embedded --force")
)
@_PROFILE
@click.option("--force", is_flag=True, help="Make them again, even if they are there already.")
@click.option("--no-trial", is_flag=True, help="Take a model that writes nonsense too: to measure random weights.")
def prepare(profile: Profile | None, force: bool, no_trial: bool) -> None:
    """Download or copy the profile's models, and convert them.

    Models that are there already stay. Each new one is tried on a short article. The folders are printed. Converting a
    model needs torch; running it does not.
    """
    from worker.models.profiles import prepare_models

    for folder in prepare_models(load_settings(**_chosen(profile)), force=force, say=_say, trial=not no_trial):
        say(folder)


@models.command(name="list", epilog=examples("depeche-worker models list"))
def list_() -> None:
    """List the models in DEPECHE_MODEL_DIR.

    Each line has the folder, the model, its revision, engine and number format, and the size.
    """
    from worker.models.profiles import list_models

    for line in list_models(load_settings()):
        say(line)


@models.command(epilog=examples("depeche-worker models verify"))
@_PROFILE
def verify(profile: Profile | None) -> None:
    """Check the profile's models as a worker does when it starts.

    They must be there and undamaged, and must fit what is installed. Otherwise the exit status is 5, and
    each model that is not right has a line.
    """
    from worker.models.profiles import verify_models

    for line in verify_models(load_settings(**_chosen(profile))):
        say(line)


def _chosen(profile: Profile | None) -> dict[str, Profile]:
    return {"profile": profile} if profile else {}


def _say(line: str) -> None:
    remark(line)
