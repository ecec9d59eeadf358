"""The first pass of a command over its input: every fault is found before anything is queued."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from importlib.metadata import entry_points

from depeche import status_line
from depeche.cli.rejects import Rejects
from depeche.errors import InvalidArticle
from depeche.inputs import Entry
from depeche.inputs.duplicates import KeysSeen
from depeche.inputs.survey import Survey, checked, survey
from depeche.output import remark, say
from depeche.progress import TICK_S, spaced

#: So many faults have a line on standard error. A file of rejects has them all.
SHOWN_FAULTS = 100

#: The entry point of depeche-worker that counts the sentences of a text.
SENTENCES = "depeche.sentences"

_PASSED_OVER = {
    "hidden": "with a name that begins with a dot",
    "folders": "that are folders in folders, which --recursive takes",
    "names": "whose names --glob leaves out",
}


class Faulty(InvalidArticle):
    """The input has faults, and nothing was queued."""

    def __init__(self, found: Survey) -> None:
        total = found.refused + found.articles
        if len(found.codes) == 1:
            (self.code,) = found.codes  # type: ignore[misc]  # the one that all faults have
        if total == 1:
            super().__init__(found.faults[0])
            return
        more = [f"and {spaced(found.refused - len(found.faults))} more"] if found.refused > len(found.faults) else []
        super().__init__(
            "\n".join(
                [
                    f"nothing was queued, because {spaced(found.refused)} of {spaced(total)} articles cannot be taken; "
                    "mend them, or queue the others with --rejects FILE:",
                    *found.faults,
                    *more,
                ]
            ),
            {"refused": found.refused, "articles": found.articles},
        )


def look_through(
    entries: Iterable[Entry], seen: KeysSeen, rejects: Rejects, *, count_sentences: bool, quiet: bool
) -> Survey:
    """Count the articles and the faults of the input, and write the faults to the file of rejects.

    Args:
        entries: the input.
        seen: the keys of the input.
        rejects: takes the faults.
        count_sentences: whether the sentences are counted too, where the rules for text are installed.
        quiet: show no progress.
    """
    looked_at, shown_at = 0, time.monotonic()

    def on_entry(entry: Entry) -> None:
        nonlocal looked_at, shown_at
        looked_at += 1
        if entry.warning:
            remark(f"depeche: {entry.place}: {entry.warning}")
        if entry.error is not None:
            rejects.write(entry, entry.error)
        if not quiet and time.monotonic() - shown_at > TICK_S:
            shown_at = time.monotonic()
            status_line.show(f"{spaced(looked_at)} articles looked through")

    counter = sentence_counter() if count_sentences else None
    try:
        return survey(checked(entries, seen), on_entry=on_entry, count_sentences=counter, shown_faults=SHOWN_FAULTS)
    finally:
        status_line.show("")


def sentence_counter() -> Callable[[str], int] | None:
    """What counts the sentences of a text; None where depeche-worker is not installed."""
    for found in entry_points(group=SENTENCES):
        counter: Callable[[str], int] = found.load()
        return counter
    return None


def report(passed_over: Counter[str]) -> None:
    """Say which files were no part of the input."""
    for reason, count in passed_over.items():
        remark(f"depeche: passed over: {spaced(count)} {_PASSED_OVER[reason]}")


def report_dry_run(found: Survey) -> None:
    """Print what would be queued, and the faults."""
    for fault in found.faults:
        remark(f"depeche: {fault}")
    say(f"articles        {found.articles}")
    if found.sentences is None:
        remark("depeche: sentences are counted where depeche-worker is installed")
    else:
        say(f"sentences       {found.sentences}")
    say(f"refused         {found.refused}")
