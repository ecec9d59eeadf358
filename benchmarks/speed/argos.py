"""Argos Translate on the same converted model."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from benchmarks.speed.bench import Bench
from benchmarks.speed.children import started
from benchmarks.speed.measure import in_turns, table
from benchmarks.speed.worker import LIMIT, forced
from depeche.article import Options
from worker.models import standard


def lines(bench: Bench) -> list[str]:
    """Argos against our worker and the engine."""
    if not bench.argos_python:
        return ["Not run: `--argos-python` names an interpreter that has the package argostranslate."]
    found = [
        "Argos Translate with the same converted model in int8 and its own settings (beam 4, batches of 32 tokens), "
        "all cores for one batch. Its splitter of sentences is a model that it downloads, and is left out: a full stop "
        "ends a sentence here.",
    ]
    with ExitStack() as stack:
        ours = stack.enter_context(forced(bench, 8))
        engine = stack.enter_context(bench.engine())
        folder = stack.enter_context(_package(bench))
        command = [bench.argos_python, "-m", "benchmarks.speed.argos_child"]
        # The checkpoint's own tokenizer is sentencepiece, as Argos wants it.
        argos = stack.enter_context(started([*command, str(folder)], _environment(folder)))
        for name in ("short", "medium"):
            load = bench.load(name)
            amount = load.sentences * bench.tokens
            runs = {
                LIMIT: partial(engine.run, bench.work(load)),
                "our worker, 8 at once": partial(ours.run, load.articles, amount, Options(summary=False)),
                "Argos Translate": partial(argos.run, {"texts": load.articles, "tokens": bench.tokens}),
            }
            title = f"{name}: {len(load.articles)} articles, {load.sentences} sentences"
            found += ["", *table(title, "tokens", in_turns(runs, bench.rounds), LIMIT)]
    return found


def _environment(folder: Path) -> dict[str, str]:
    # It makes folders of its own below these, and no package is to be found there.
    return {name: str(folder / "home") for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")} | {
        "ARGOS_CHUNK_TYPE": "MINISBD",
        "ARGOS_BEAM_SIZE": "4",
    }


@contextmanager
def _package(bench: Bench) -> Iterator[Path]:
    """The prepared model in Argos' layout."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "model").symlink_to(bench.prepared.absolute())
        shutil.copyfile(bench.prepared / standard.CODEC / "source.spm", folder / "sentencepiece.model")
        about = {"package_version": "1.0", "argos_version": "1.11", "from_code": "fr", "to_code": "en"}
        names = {"from_name": "French", "to_name": "English"}
        (folder / "metadata.json").write_text(json.dumps(about | names), encoding="utf-8")
        yield folder
