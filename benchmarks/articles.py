"""Articles through one real worker: seconds and flags of each, tokens a second, peak memory of the worker.

    python -m benchmarks.articles FILE.jsonl --ranks 5 20 40 [--profile embedded]

FILE has one article a line, as for ``depeche submit --jsonl``. Ranks count from the shortest article, from 0; all
articles are submitted at once. Linux only, as peak memory is read from /proc.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from benchmarks.speed.measure import peak_mib
from benchmarks.speed.workers import running
from config.settings import load_settings
from depeche.article import ArticleResult
from depeche.client import Client
from depeche.inputs import Inputs, Reading, Sources
from worker.embedded_redis import EmbeddedRedis
from worker.models.profiles import load_engines


def main() -> None:
    """Run the articles and print a row each, then the totals."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--ranks", type=int, nargs="+", required=True)
    parser.add_argument("--profile", default="embedded")
    options = parser.parse_args()
    with EmbeddedRedis() as server, Client(settings := load_settings(redis_url=server.url)) as client:
        with Sources([str(options.file)]) as sources:
            entries = list(Inputs(sources, Reading(settings.max_article_chars, "jsonl")))
        articles = sorted((entry.article for entry in entries if entry.article), key=lambda found: len(found.text))
        chosen = [articles[rank] for rank in options.ranks]
        with running(server.url, environment={"DEPECHE_PROFILE": options.profile}) as worker:
            started = time.perf_counter()
            results = [client.wait(task_id) for task_id in [client.submit(article) for article in chosen]]
            took_s = time.perf_counter() - started
            peak = peak_mib(worker.pid)
    _report(results, took_s, peak, options.profile)


def _report(results: list[ArticleResult], took_s: float, peak: float, profile: str) -> None:
    translator = load_engines(load_settings(profile=profile)).translator
    print("| characters | sentences | flagged | translate s | total s | summary sentences |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: |")
    for result in results:
        timings, summary = result.timings_ms, result.summary_en or ""
        chosen = sum(1 for segment in result.segments if segment.en and segment.en in summary)
        print(
            f"| {result.source.chars} | {len(result.segments)} | {result.quality.flagged_segments} "
            f"| {timings.translate / 1000:.1f} | {timings.total / 1000:.1f} | {chosen} |"
        )
    sentences = [segment.en for result in results for segment in result.segments]
    tokens = sum(translator.count_tokens(sentences))
    flagged = sum(result.quality.flagged_segments for result in results)
    print(
        f"\n{len(results)} articles, {len(sentences)} sentences ({flagged} flagged), {tokens} English tokens in "
        f"{took_s:.0f} s: {tokens / took_s:.0f} tokens/s, {len(sentences) / took_s:.2f} sentences/s. "
        f"Peak memory of the worker: {peak:.0f} MiB."
    )


if __name__ == "__main__":
    main()
