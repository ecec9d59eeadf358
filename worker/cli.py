"""The ``depeche-worker`` command, for those who run workers."""

from __future__ import annotations

import click

from config.settings import Profile
from tasks.cli import Commands, read_article


@click.group(cls=Commands)
@click.version_option(package_name="depeche")
def main() -> None:
    """Run the workers that translate and summarise articles.

    Everything is set by environment variables with the prefix DEPECHE_; docs/settings.md lists them.
    """


@main.command()
@click.option("--concurrency", type=click.IntRange(1, 64), help="Articles at once, instead of DEPECHE_CONCURRENCY.")
def run(concurrency: int | None) -> None:
    """Take articles off the queue until told to stop (SIGTERM or Ctrl-C finish the articles in work first)."""
    from worker.app import create_app

    # Not worker_main(), which loses the exit status. Neither gossip nor mingle: workers need not know of each other,
    # and both cost start-up time.
    worker = create_app().Worker(concurrency=concurrency, loglevel="INFO", without_gossip=True, without_mingle=True)
    worker.start()
    raise SystemExit(worker.exitcode)


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
