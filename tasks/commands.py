"""The commands that this distribution adds to ``depeche``, where both are installed: those that need the text rules."""

from __future__ import annotations

import json

import click

from depeche.cli import read_text
from depeche.output import say, say_json
from tasks.segment import segment


@click.command("segment")
@click.argument("file")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with the separators that join the sentences again.")
def segment_file(file: str, as_json: bool) -> None:
    """Show how FILE is cut into paragraphs and sentences. Needs neither Redis nor a worker."""
    segmentation = segment(read_text(file))
    if as_json:
        sentences = [vars(sentence) for sentence in segmentation.sentences]
        say_json(json.dumps({"leading": segmentation.leading, "sentences": sentences}, ensure_ascii=False))
        return
    for sentence in segmentation.sentences:
        say(f"{sentence.paragraph}.{sentence.sentence}\t{' '.join(sentence.text.split())}")
