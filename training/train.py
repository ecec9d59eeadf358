"""Trains the adapter; runs on a CPU or a CUDA device, and goes on where it was after any end.

    python -m training.train --pairs pairs.tsv.gz --held-out dev.fr dev.en --out run

``run/`` gets a checkpoint every ten minutes and at the end (also at Ctrl-C and SIGTERM), the loss of every step in
``loss.csv``, and at last the adapter in peft's format under ``adapter/``. The same command resumes.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import math
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel

from config.settings import load_settings
from training.batches import Example, plan, to_batch
from training.model import TargetLoss, adapter_weights, add_adapter, load_adapter_weights, load_base, load_tokenizer
from training.pairs import Pair, assert_apart, clean, held_out_keys, read_pairs
from training.recipe import RECIPE, Recipe, Training, load_recipe
from worker.models import embedded_weights

CHECKPOINT_EVERY_S = 600
_PRINT_EVERY_STEPS = 20


@dataclass
class Run:
    """A training run: what is learnt and how far it is."""

    model: PeftModel
    optimizer: torch.optim.Optimizer
    batches: Sequence[Sequence[Example]]
    settings: Training
    folder: Path
    digest: str
    step: int = 0
    trained_s: float = 0.0

    @classmethod
    def start(cls, model: PeftModel, batches: Sequence[Sequence[Example]], recipe: Recipe, folder: Path) -> Run:
        """Begin, or go on from the folder's checkpoint if it has one.

        Raises:
            ValueError: the checkpoint was made with another recipe or other pairs.
        """
        optimizer = torch.optim.AdamW(
            trainable(model), betas=recipe.training.betas, weight_decay=recipe.training.weight_decay
        )
        digest = hashlib.sha256(f"{recipe.digest()} {batches}".encode()).hexdigest()
        run = cls(model, optimizer, batches, recipe.training, folder, digest)
        run._resume()
        return run

    def save(self) -> None:
        """Write the checkpoint, whole or not at all."""
        state = {
            "digest": self.digest,
            "step": self.step,
            "trained_s": self.trained_s,
            "adapter": adapter_weights(self.model),
            "optimizer": self.optimizer.state_dict(),
        }
        new = self._path.with_suffix(".new")
        with new.open("wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path)

    def _resume(self) -> None:
        if not self._path.exists():
            return
        state: dict[str, Any] = torch.load(self._path, map_location="cpu", weights_only=True)
        if state["digest"] != self.digest:
            raise ValueError(f"{self._path} was made with another recipe or other pairs: use another --out")
        load_adapter_weights(self.model, state["adapter"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.step, self.trained_s = state["step"], state["trained_s"]

    @property
    def _path(self) -> Path:
        return self.folder / "checkpoint.pt"


def train(run: Run, loss_of: TargetLoss, *, device: torch.device, stopped: Callable[[], bool]) -> None:
    """Take the steps that are left, until ``stopped``; the run is saved either way."""
    settings = run.settings
    saved_s = started_s = time.monotonic()
    before_s = run.trained_s
    with _LossLog(run.folder / "loss.csv", run.step) as log:
        while run.step < len(run.batches) and not stopped():
            rate = learning_rate(settings, run.step, len(run.batches))
            for group in run.optimizer.param_groups:
                group["lr"] = rate
            loss = loss_of(to_batch(run.batches[run.step], device))
            if not math.isfinite(loss.item()):
                raise FloatingPointError(
                    f"the loss of step {run.step + 1} is {loss.item()}: the last checkpoint is sound"
                )
            loss.backward()
            torch.nn.utils.clip_grad_norm_(trainable(run.model), settings.largest_gradient_norm)
            run.optimizer.step()
            run.optimizer.zero_grad()
            run.step += 1
            run.trained_s = before_s + time.monotonic() - started_s
            log.add(run, loss.item(), rate)
            if time.monotonic() - saved_s > CHECKPOINT_EVERY_S:
                run.save()
                saved_s = time.monotonic()
    run.save()


def trainable(model: PeftModel) -> list[torch.nn.Parameter]:
    """The adapter's weights; all others are frozen."""
    return [parameter for parameter in model.parameters() if parameter.requires_grad]


def learning_rate(settings: Training, step: int, steps: int) -> float:
    """Rises linearly over the warm-up, then falls linearly to nothing."""
    if step < settings.warmup_steps:
        return settings.learning_rate * (step + 1) / settings.warmup_steps
    return settings.learning_rate * (steps - step) / (steps - settings.warmup_steps)


class _LossLog:
    """``loss.csv``: one row a step; rows after the checkpoint that a run resumes from are dropped.

    Raises:
        ValueError: there are fewer rows than steps, so the file is not this run's.
    """

    def __init__(self, path: Path, step: int) -> None:
        kept = path.read_text(encoding="utf-8").splitlines()[1 : step + 1] if step else []
        if len(kept) < step:
            raise ValueError(f"{path} has {len(kept)} rows and the checkpoint {step} steps: use another --out")
        new = path.with_suffix(".new")
        new.write_text("\n".join(["step,pairs,tokens,loss,learning_rate,trained_s", *kept, ""]), encoding="utf-8")
        new.replace(path)
        # Line by line: a killed run must leave a row for every step up to its checkpoint.
        self._file = path.open("a", buffering=1, encoding="utf-8", newline="")
        self._recent: list[float] = []

    def __enter__(self) -> _LossLog:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, run: Run, loss: float, rate: float) -> None:
        batch = run.batches[run.step - 1]
        row = [run.step, len(batch), sum(map(len, batch)), f"{loss:.4f}", f"{rate:.3e}", f"{run.trained_s:.1f}"]
        csv.writer(self._file, lineterminator="\n").writerow(row)
        self._recent.append(loss)
        if run.step % _PRINT_EVERY_STEPS == 0:
            mean = sum(self._recent) / len(self._recent)
            print(f"step {run.step}/{len(run.batches)}  loss {mean:.3f}  {run.trained_s / 60:.1f} min", flush=True)
            self._recent = []


def load_pairs(path: Path, held_out: Sequence[Path], recipe: Recipe) -> list[Pair]:
    """Read and clean the pairs, print what each rule took, and make sure that the held-out sentences are not there."""
    keys = held_out_keys(held_out)
    pairs, counts = clean(read_pairs(path), recipe.pairs, keys)
    for reason, count in counts.most_common():
        print(f"{count:7,} {reason}")
    assert_apart(pairs, held_out)
    return pairs


def main() -> None:
    """Train, or go on training."""
    options = _options()
    recipe = load_recipe(options.recipe)
    torch.set_num_threads(options.threads)
    torch.manual_seed(recipe.training.seed)
    device = torch.device(options.device)
    options.out.mkdir(parents=True, exist_ok=True)
    pairs = load_pairs(options.pairs, options.held_out, recipe)
    weights = embedded_weights(load_settings().model_dir)
    tokenizer = load_tokenizer(weights)
    batches = plan(
        pairs, recipe, lambda text: tokenizer(text, add_special_tokens=False).input_ids, tokenizer.bos_token_id
    )
    vocabulary = {token for batch in batches for example in batch for token in example.target}
    if not batches:
        sys.exit("no pairs are left after cleaning")
    print(f"{len(batches)} steps, {sum(map(len, batches))} pairs, {len(vocabulary)} tokens in the translations")

    model = add_adapter(load_base(weights, device), recipe.lora, options.start)
    run = Run.start(model, batches, recipe, options.out)
    print(f"going on after step {run.step}; --start is not read again" if run.step else "starting", flush=True)
    stop = _StopSignal()
    train(run, TargetLoss(model, sorted(vocabulary)), device=device, stopped=lambda: stop.seen)
    if run.step < len(batches):
        sys.exit(f"stopped after step {run.step}: the same command goes on")
    # Without a look for embeddings: peft would ask the hub for the base model's configuration.
    model.save_pretrained(str(options.out / "adapter"), save_embedding_layers=False)
    print(f"trained in {run.trained_s / 60:.0f} minutes: {options.out / 'adapter'}")


class _StopSignal:
    """SIGTERM and Ctrl-C end the run after the step in work; a second Ctrl-C ends it at once."""

    def __init__(self) -> None:
        self.seen = False
        signal.signal(signal.SIGTERM, self._note)
        signal.signal(signal.SIGINT, self._note)

    def _note(self, *_: object) -> None:
        self.seen = True
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=Path, required=True, help="table of fr, en, origin, tab-separated")
    parser.add_argument("--held-out", type=Path, nargs="+", required=True, help="sentences that must not be learnt")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    parser.add_argument("--start", type=Path, help="adapter in peft's format to start from")
    parser.add_argument("--recipe", type=Path, default=RECIPE)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    return parser.parse_args()


if __name__ == "__main__":
    main()
