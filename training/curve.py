"""Draws the loss of a run, with that of the sentences held out if it was noted (dev.csv in the same folder).

python -m training.curve run/loss.csv loss.png
"""

from __future__ import annotations

import argparse
import csv
from itertools import accumulate
from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot as plt

_WINDOW_STEPS = 25


def draw(log: Path, picture: Path) -> None:
    """Write a PNG of the loss of every step, the mean over 25 steps, and the sentences held out, by pairs seen."""
    with log.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    seen = list(accumulate(int(row["pairs"]) for row in rows))
    losses = [float(row["loss"]) for row in rows]
    windows = [losses[max(0, end - _WINDOW_STEPS) : end] for end in range(1, len(losses) + 1)]
    means = [sum(window) / len(window) for window in windows]
    mpl.use("Agg")
    figure, axes = plt.subplots(figsize=(8, 4.5), layout="constrained")
    axes.plot(seen, losses, color="0.8", linewidth=0.7, label="step")
    axes.plot(seen, means, color="tab:blue", label=f"mean of {_WINDOW_STEPS} steps")
    if (held_out := log.with_name("dev.csv")).exists():
        with held_out.open(encoding="utf-8", newline="") as file:
            noted = {int(step): float(loss) for step, loss in csv.reader(file)}
        axes.plot([seen[step - 1] for step in noted], list(noted.values()), "o-", color="tab:orange", label="held out")
    axes.set(xlabel="sentence pairs seen", ylabel="loss (nats a token of the translation)")
    axes.grid(alpha=0.3)
    figure.legend(loc="outside upper right", ncols=3)
    figure.savefig(picture, dpi=120)


def main() -> None:
    """Draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("log", type=Path, help="loss.csv of a run")
    parser.add_argument("picture", type=Path, help="the PNG file to write")
    options = parser.parse_args()
    draw(options.log, options.picture)


if __name__ == "__main__":
    main()
