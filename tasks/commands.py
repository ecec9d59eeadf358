"""The commands that depeche-worker adds to ``depeche`` if both are installed. They need the rules for text."""

from __future__ import annotations

import json

import click

from depeche.cli import read_text
from tasks.segment import segment


@click.command("segment")
@click.argument("file")
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON, with the separators that join the sentences to the text again."
)
def segment_file(file: str, as_json: bool) -> None:
    """Show how FILE is cut into paragraphs and sentences. Needs neither Redis nor a worker."""
    segmentation = segment(read_text(file))
    if as_json:
        sentences = [vars(sentence) for sentence in segmentation.sentences]
        click.echo(json.dumps({"leading": segmentation.leading, "sentences": sentences}, ensure_ascii=False))
        return
    for sentence in segmentation.sentences:
        click.echo(f"{sentence.paragraph}.{sentence.sentence}\t{' '.join(sentence.text.split())}")
