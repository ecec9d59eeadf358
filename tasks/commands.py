"""The commands that depeche-worker adds to ``depeche`` if both are installed. They need the rules for text."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence

import click

from depeche.article import Flag
from depeche.cli.groups import examples
from depeche.files import read_bytes
from depeche.inputs import read_text
from depeche.output import say, say_json
from tasks.checks import Finding, details, findings, flags_of
from tasks.normalise import for_model
from tasks.pair_files import FORMATS, Pair, PairFormat, read_pairs
from tasks.segment import segment

#: The flags that a pair of sentences can have by itself.
CHECKED = [flag for flag in Flag if flag not in (Flag.RESPLIT, Flag.ALREADY_ENGLISH, Flag.LOW_CONFIDENCE)]

#: Columns of the table, in characters; longer texts are cut there, and whole with --json.
_FLAG_WIDTH, _TEXT_WIDTH = 18, 40


@click.command("segment", epilog=examples("depeche segment article.txt", "depeche segment - --json < article.txt"))
@click.argument("file")
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON, with the separators that join the sentences to the text again."
)
def segment_file(file: str, as_json: bool) -> None:
    """Show how FILE is cut into paragraphs and sentences. Needs neither Redis nor a worker."""
    segmentation = segment(read_text(file))
    if as_json:
        sentences = [vars(sentence) for sentence in segmentation.sentences]
        say_json(json.dumps({"leading": segmentation.leading, "sentences": sentences}, ensure_ascii=False))
        return
    for sentence in segmentation.sentences:
        say(f"{sentence.paragraph}.{sentence.sentence}\t{' '.join(sentence.text.split())}")


def count_sentences(text: str) -> int:
    """How many sentences a text has, for ``depeche submit --dry-run``."""
    return len(segment(text).sentences)


@click.command("check", epilog=examples("depeche check pairs.tsv", "depeche check pairs.tmx --fail-on number_mismatch"))
@click.argument("file")
@click.option("--format", "layout", type=click.Choice(FORMATS), help="What FILE is; else its name or its start tells.")
@click.option("--json", "as_json", is_flag=True, help="Print an object a pair, in order: fr, en, flags and details.")
@click.option(
    "--fail-on",
    "failing",
    type=click.Choice([flag.value for flag in CHECKED]),
    multiple=True,
    help="Exit with status 1 where a pair has this flag. May be given several times.",
)
@click.pass_context
def check_file(
    ctx: click.Context, file: str, layout: PairFormat | None, as_json: bool, failing: tuple[str, ...]
) -> None:
    """Check French sentences and their English translations from anywhere, without Redis, worker or model.

    FILE, or standard input for -, has a pair a line, parted by a tab, or JSON lines with the fields fr and en, or is
    TMX. The table has a line for each thing that was found; the last lines count the flags.
    """
    name = "standard input" if file == "-" else file
    pairs = read_pairs(read_bytes(file), name, layout)
    counts: Counter[Flag] = Counter()
    flagged = 0
    for number, pair in enumerate(pairs, start=1):
        found = findings(for_model(pair[0]), for_model(pair[1]))
        flags = flags_of(found)
        counts.update(flags)
        flagged += bool(flags)
        for line in [_as_json(pair, flags, found)] if as_json else _rows(number, found):
            say(line)
    if not as_json:
        say(_summary(len(pairs), flagged, counts))
    ctx.exit(1 if any(counts[Flag(flag)] for flag in failing) else 0)


def _as_json(pair: Pair, flags: Sequence[Flag], found: Sequence[Finding]) -> str:
    told = [detail.model_dump(mode="json") for detail in details(found)]
    return json.dumps({"fr": pair[0], "en": pair[1], "flags": flags, "details": told}, ensure_ascii=False)


def _rows(number: int, found: Sequence[Finding]) -> Iterator[str]:
    for finding in found:
        yield f"{number:>6}  {finding.flag:<{_FLAG_WIDTH}} {_cell(finding.fr)} {_cell(finding.en)}".rstrip()


def _cell(text: str) -> str:
    cut = text if len(text) <= _TEXT_WIDTH else f"{text[: _TEXT_WIDTH - 1]}…"
    return f"{cut:<{_TEXT_WIDTH}}"


def _summary(pairs: int, flagged: int, counts: Counter[Flag]) -> str:
    share = f"{pairs} pairs, {flagged} flagged ({flagged / pairs:.1%})"
    return "\n".join([share, *(f"{counts[flag]:>6}  {flag}" for flag in Flag if counts[flag])])
