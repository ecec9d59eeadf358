"""What all sections of a run have in common."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from benchmarks.speed import loads
from benchmarks.speed.children import Child, started
from benchmarks.speed.loads import Load
from config.settings import Settings, load_settings
from tasks.engines import Translator
from worker.models import prepared


@dataclass(frozen=True)
class Bench:
    """One run of the benchmark.

    Attributes:
        profile: that of the workers; ``echo`` runs all that needs no model.
        checkpoints: the folder that ``benchmarks.full_size`` has filled.
        rounds: how often each is measured, after one round that does not count.
        sentences: how many each translates in a round, about.
        news: a JSONL file of articles for the mixed load; None takes articles of our own.
        torch_python, argos_python: the interpreters that have torch and transformers, and argostranslate.
        tokens: the length of each output.
        beam: the width of the search.
        picture: where the picture of the section on growth is written.
        quick: whether sizes that take long are left out.
    """

    profile: str = "standard"
    checkpoints: Path = Path("build/full-size")
    model_dir: Path = Path("build/models")
    rounds: int = 5
    sentences: int = 96
    news: Path | None = None
    torch_python: str = sys.executable
    argos_python: str | None = None
    tokens: int = 30
    beam: int = 4
    picture: Path = Path("growth.png")
    quick: bool = False

    @cached_property
    def settings(self) -> Settings:
        """Those of the workers, without their Redis."""
        return load_settings(
            profile=self.profile,
            model_dir=self.model_dir,
            translation_model=str(self.checkpoint),
            summary_model=str(self.checkpoints / "distilbart-cnn-12-6"),
        )

    @property
    def checkpoint(self) -> Path:
        """The translator as a checkpoint."""
        return self.checkpoints / "opus-mt-fr-en"

    @property
    def prepared(self) -> Path:
        """The translator for CTranslate2, in int8."""
        return prepared.find(self.settings.translation_model, self.settings)

    @cached_property
    def translator(self) -> Translator:
        """The model's tokenizer, to see what the model is given."""
        return loads.translator_of(self.settings)

    def load(self, name: str) -> Load:
        """The articles of a kind."""
        if name == "mixed" and self.news:
            return loads.of_file(self.news, self.sentences, self.translator)
        return loads.own(name, self.sentences, self.translator)

    def work(self, load: Load, batch: int = 32, **other: object) -> dict[str, object]:
        """A line for ``engine_child``."""
        return {"articles": load.inputs, "tokens": self.tokens, "beam": self.beam, "batch": batch, **other}

    @contextmanager
    def engine(self, kind: str = "int8", folder: Path | None = None) -> Iterator[Child]:
        """The engine by itself; ``kind`` as for ``engine_child``."""
        python = self.torch_python if kind == "transformers" else sys.executable
        where = folder or (self.checkpoint if kind == "transformers" else self.prepared)
        with started([python, "-m", "benchmarks.speed.engine_child", str(where), kind]) as child:
            yield child


@contextmanager
def file_of(load: Load | None) -> Iterator[Path]:
    """The true English of a load, for ``forced.py``; without one, of nothing."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pairs.json"
        path.write_text(json.dumps(dict(load.english) if load else {}), encoding="utf-8")
        yield path
