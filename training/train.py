"""Trains the adapter; runs on a CPU or a CUDA device, and goes on where it was after any end.

    python -m training.train --pairs pairs.tsv.gz --held-out dev.fr dev.en --out run

``run/`` gets a checkpoint every ten minutes (``--save-every``) and at the end (also at Ctrl-C and SIGTERM), and with
each the adapter as it is then, in peft's format under ``adapter/``; the loss of every step in ``loss.csv`` and, with
``--dev``, that on sentences which are not learnt from in ``dev.csv``. The same command resumes.
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

from training.batches import Example, plan, to_batch
from training.dev_loss import dev_batches, dev_loss
from training.model import (
    TargetLoss,
    adapter_weights,
    add_adapter,
    load_adapter_weights,
    load_base,
    load_tokenizer,
    save_adapter,
)
from training.pairs import load_pairs
from training.recipe import RECIPE, Recipe, Training, load_recipe
from worker.models.embedded import base_weights

SAVE_EVERY_S = 600.0
_PRINT_EVERY_STEPS = 20


@dataclass
class Run:
    """A training run: what is learnt and how far it is.

    Attributes:
        average: mean of the weights of the last steps, by peft's names: the adapter that comes out.
    """

    model: PeftModel
    optimizer: torch.optim.Optimizer
    batches: Sequence[Sequence[Example]]
    settings: Training
    folder: Path
    digest: str
    average: dict[str, torch.Tensor]
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
        average = {name: weight.detach().clone() for name, weight in adapter_weights(model).items()}
        run = cls(model, optimizer, batches, recipe.training, folder, digest, average)
        run._resume()
        return run

    def take_step(self, rate: float) -> None:
        """Change the weights by their gradients, and the average by the weights."""
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        torch.nn.utils.clip_grad_norm_(trainable(self.model), self.settings.largest_gradient_norm)
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.step += 1
        # The first steps count in full, so that the beginning has no share in the mean.
        share = 1 / min(self.step, self.settings.average_steps)
        weights = adapter_weights(self.model)
        torch._foreach_lerp_(list(self.average.values()), [weights[name].detach() for name in self.average], share)

    def save(self) -> None:
        """Write the checkpoint, whole or not at all, and the adapter."""
        state = {
            "digest": self.digest,
            "step": self.step,
            "trained_s": self.trained_s,
            "adapter": adapter_weights(self.model),
            "average": self.average,
            "optimizer": self.optimizer.state_dict(),
        }
        new = self._path.with_suffix(".new")
        with new.open("wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path)
        save_adapter(self.model, self.average, self.folder / "adapter")

    def _resume(self) -> None:
        if not self._path.exists():
            return
        state: dict[str, Any] = torch.load(self._path, map_location="cpu", weights_only=True)
        if state["digest"] != self.digest:
            raise ValueError(f"{self._path} was made with another recipe or other pairs: use another --out")
        load_adapter_weights(self.model, state["adapter"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.average = state["average"]
        self.step, self.trained_s = state["step"], state["trained_s"]

    @property
    def _path(self) -> Path:
        return self.folder / "checkpoint.pt"


def train(
    run: Run,
    loss_of: TargetLoss,
    *,
    device: torch.device,
    stopped: Callable[[], bool],
    save_every_s: float = SAVE_EVERY_S,
    saved: Callable[[], None] = lambda: None,
) -> None:
    """Take the steps that are left, until ``stopped``; the run is saved either way, and ``saved`` called after it."""
    settings = run.settings
    saved_s = started_s = time.monotonic()
    before_s = run.trained_s
    with _LossLog(run.folder / "loss.csv", run.step) as log:
        while run.step < len(run.batches) and not stopped():
            rate = learning_rate(settings, run.step, len(run.batches))
            loss = loss_of(to_batch(run.batches[run.step], device))
            if not math.isfinite(loss.item()):
                raise FloatingPointError(
                    f"the loss of step {run.step + 1} is {loss.item()}: the last checkpoint is sound"
                )
            loss.backward()
            run.take_step(rate)
            run.trained_s = before_s + time.monotonic() - started_s
            log.add(run, loss.item(), rate)
            if time.monotonic() - saved_s > save_every_s:
                run.save()
                saved()
                saved_s = time.monotonic()
    run.save()
    saved()


def trainable(model: PeftModel) -> list[torch.nn.Parameter]:
    """The adapter's weights; all others are frozen."""
    return [parameter for parameter in model.parameters() if parameter.requires_grad]


def learning_rate(settings: Training, step: int, steps: int) -> float:
    """Rises linearly over the warm-up, stays, and falls linearly to nothing over the cool-down."""
    rising = (step + 1) / max(1, settings.warmup_steps)
    falling = (steps - step) / settings.cooldown_steps
    return settings.learning_rate * min(1.0, rising, falling)


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


def main() -> None:
    """Train, or go on training."""
    options = _options()
    recipe = load_recipe(options.recipe)
    torch.set_num_threads(options.threads)
    torch.manual_seed(recipe.training.seed)
    device = torch.device(options.device)
    options.out.mkdir(parents=True, exist_ok=True)
    pairs = load_pairs(options.pairs, options.held_out, recipe.pairs)
    dtype = getattr(torch, recipe.training.precision)
    with base_weights(options.out) as weights:
        tokenizer, base = load_tokenizer(weights), load_base(weights, device, dtype)
    bos = tokenizer.bos_token_id

    def tokenize(text: str) -> list[int]:
        ids: list[int] = tokenizer(text, add_special_tokens=False).input_ids
        return ids

    batches = plan(pairs, recipe, tokenize, bos)
    vocabulary = {token for batch in batches for example in batch for token in example.target}
    if not batches:
        sys.exit("no pairs are left after cleaning")
    print(f"{len(batches)} steps, {sum(map(len, batches))} pairs, {len(vocabulary)} tokens in the translations")

    model = add_adapter(base, recipe.lora, options.start)
    run = Run.start(model, batches, recipe, options.out)
    # After the digest of all batches: a run that is ended early is the same run, and its checkpoint serves both.
    run.batches = batches[: options.steps]
    if options.cooldown:
        run.settings = run.settings.model_copy(update={"cooldown_steps": options.cooldown})
    print(f"going on after step {run.step}; --start is not read again" if run.step else "starting", flush=True)
    stop = _StopSignal()
    dev = dev_batches(options.dev, recipe, tokenize, bos) if options.dev else []
    loss_of = TargetLoss(model, sorted(vocabulary.union(*(example.target for batch in dev for example in batch))))
    train(
        run,
        loss_of,
        device=device,
        stopped=lambda: stop.seen,
        save_every_s=options.save_every,
        saved=lambda: _note(run, dev_loss(model, run.average, loss_of, dev, device)) if dev else None,
    )
    if run.step < len(run.batches):
        sys.exit(f"stopped after step {run.step}: the same command goes on")
    print(f"trained in {run.trained_s / 60:.0f} minutes: {options.out / 'adapter'}")


def _note(run: Run, loss: float) -> None:
    print(f"step {run.step}: loss {loss:.4f} on the sentences held out", flush=True)
    with (run.folder / "dev.csv").open("a", encoding="utf-8") as file:
        file.write(f"{run.step},{loss:.4f}\n")


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
    parser.add_argument("--pairs", type=Path, nargs="+", required=True, help="tables of fr, en, origin, tab-separated")
    parser.add_argument("--dev", type=Path, nargs=2, help="French and English sentences to measure the loss on")
    parser.add_argument("--held-out", type=Path, nargs="+", required=True, help="sentences that must not be learnt")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    parser.add_argument("--start", type=Path, help="adapter in peft's format to start from")
    parser.add_argument("--recipe", type=Path, default=RECIPE)
    parser.add_argument("--steps", type=int, help="end after so many steps in all, with the cool-down before that")
    parser.add_argument("--cooldown", type=int, help="so many falling steps instead of the recipe's")
    parser.add_argument(
        "--save-every", type=float, default=SAVE_EVERY_S, metavar="S", help="seconds between checkpoints"
    )
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    return parser.parse_args()


if __name__ == "__main__":
    main()
