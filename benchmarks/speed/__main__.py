"""Measures what was asked for, and puts it into benchmarks/RESULTS.md, section by section.

    python -m benchmarks.speed [SECTION ...] [--quick] [--news FILE.jsonl] [--argos-python PYTHON]

Each section is written when it is done, so that a run which is interrupted keeps what it has. Models of random weights
in the true sizes are made first where they are not there: that needs torch, as do the sections `engine` and `ordinary`.
Linux only.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import fairness, growth
from benchmarks.scale.__main__ import section
from benchmarks.speed import argos, embedded, engine, ordinary, report, worker
from benchmarks.speed.bench import Bench


def short_beside_long(bench: Bench) -> list[str]:
    """How long a short article waits for long ones."""
    return fairness.section(rounds=4 if bench.quick else 40)


def reach(bench: Bench) -> list[str]:
    """How far one Redis reaches."""
    return section((1, 2), (1_000,), job_s=0.5, share=0.25) if bench.quick else section()


#: Each section's name, title and program, in the order of the page.
SECTIONS: dict[str, tuple[str, Callable[[Bench], list[str]]]] = {
    "engine": ("The engine by itself", engine.batches),
    "presets": ("Presets", engine.presets),
    "vmap": ("A vocabulary map", engine.vocabulary_map),
    "worker": ("A worker from end to end", worker.end_to_end),
    "alone": ("One article alone", worker.alone),
    "stages": ("What each stage costs", worker.stages),
    "start": ("Start", worker.start),
    "ordinary": ("The ordinary way", ordinary.lines),
    "argos": ("Argos Translate", argos.lines),
    "embedded": ("The embedded profile", embedded.lines),
    "fairness": ("A short article beside long ones", short_beside_long),
    "growth": ("Growth", growth.lines),
    "scale": ("Many workers, long queues", reach),
}
#: What can be measured with the profile echo.
WITHOUT_MODELS = ("worker", "alone", "stages", "start", "fairness", "growth", "scale")
QUICK = {"rounds": 1, "sentences": 12}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and write."""
    options = _options(arguments)
    bench = Bench(
        profile=options.profile,
        checkpoints=options.checkpoints.absolute(),
        model_dir=options.models.absolute(),
        rounds=options.rounds,
        sentences=options.sentences,
        news=options.news,
        torch_python=options.torch_python,
        argos_python=options.argos_python,
        picture=options.out.with_name("growth.png"),
        quick=options.quick,
    )
    if bench.profile == "standard" and not set(options.sections) <= {"embedded", "fairness", "growth", "scale"}:
        make_models(bench)
    for name in options.sections:
        title, measure = SECTIONS[name]
        print(f"{time.strftime('%H:%M:%S')} {title} …", file=sys.stderr, flush=True)
        began = time.monotonic()
        lines = measure(bench)
        text = report.section(title, command(name, options), lines, time.monotonic() - began, quick=options.quick)
        report.put(options.out, [each for each, _ in SECTIONS.values()], title, text)
        print(text, flush=True)


def make_models(bench: Bench) -> None:
    """Checkpoints of the true sizes, and what is prepared of them, where they are not there."""
    if not bench.checkpoint.exists():
        subprocess.run([bench.torch_python, "-m", "benchmarks.full_size", str(bench.checkpoints)], check=True)
    if not bench.prepared.exists():
        settings = bench.settings
        own = {
            "DEPECHE_PROFILE": settings.profile,
            "DEPECHE_MODEL_DIR": str(settings.model_dir),
            "DEPECHE_TRANSLATION_MODEL": settings.translation_model,
            "DEPECHE_SUMMARY_MODEL": settings.summary_model,
        }
        prepare = [bench.torch_python, "-m", "worker", "models", "prepare", "--no-trial"]
        subprocess.run(prepare, check=True, env=os.environ | own)


def command(name: str, options: argparse.Namespace) -> str:
    """What measures this section again, without the paths of this machine."""
    words = ["python -m benchmarks.speed", name]
    words += [f"--profile {options.profile}"] if options.profile != "standard" else []
    words += [f"--rounds {options.rounds}", f"--sentences {options.sentences}"]
    words += [f"--news {options.news.name}"] if options.news and name == "worker" else []
    words += ["--argos-python PYTHON"] if options.argos_python and name == "argos" else []
    return " ".join(words)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"by default all: {', '.join(SECTIONS)}")
    parser.add_argument("--quick", action="store_true", help="one round of few articles, to try it")
    parser.add_argument("--rounds", type=int, default=None, help=f"by default {Bench.rounds}")
    parser.add_argument("--sentences", type=int, default=None, help=f"in each round, by default {Bench.sentences}")
    parser.add_argument("--news", type=Path, help="articles for the mixed load, as for depeche submit --jsonl")
    parser.add_argument("--profile", choices=["standard", "echo"], default="standard", help="echo needs no model")
    parser.add_argument("--checkpoints", type=Path, default=Bench.checkpoints, help="where full_size has written")
    parser.add_argument("--models", type=Path, default=Bench.model_dir, help="where models are prepared")
    parser.add_argument("--torch-python", default=sys.executable, help="an interpreter with torch and transformers")
    parser.add_argument("--argos-python", help="an interpreter with argostranslate")
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "RESULTS.md")
    options = parser.parse_args(arguments)
    able = list(SECTIONS) if options.profile == "standard" else list(WITHOUT_MODELS)
    if unknown := set(options.sections) - set(able):
        parser.error(f"no section with this profile: {', '.join(sorted(unknown))}; there are {', '.join(able)}")
    options.sections = [name for name in able if not options.sections or name in options.sections]
    options.rounds = options.rounds or (QUICK["rounds"] if options.quick else Bench.rounds)
    options.sentences = options.sentences or (QUICK["sentences"] if options.quick else Bench.sentences)
    return options


if __name__ == "__main__":
    # So that all that was started ends too, also behind a shell that has turned Ctrl-C off.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, frame: sys.exit(128 + number))
    main()
