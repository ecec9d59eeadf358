"""What tests need to know of PromQL and of what a worker exports, to hold dashboard, alerts and autoscaler to it."""

from __future__ import annotations

import re
from typing import Any

from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from config.settings import Settings
from depeche.article import STAGES, Stats
from tests.fakes import fake_engines
from worker.metrics import Backlog, Metrics

#: What Prometheus adds to what it scrapes.
FROM_PROMETHEUS = {"up": {"job", "instance"}, "ALERTS": {"alertname", "alertstate", "severity"}}
#: Labels of the target, on every series.
TARGET_LABELS = {"job", "instance", "namespace", "pod"}

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_SELECTOR = re.compile(r"([a-zA-Z_:][a-zA-Z0-9_:]*)\s*\{([^}]*)\}")
_GROUPING = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)")
_NAME = re.compile(r"(?<![\w:.$])[a-zA-Z_:][a-zA-Z0-9_:]*\b(?!\s*\()")
_KEYWORDS = {"and", "or", "unless", "offset", "bool", "by", "on", "without", "ignoring", "group_left", "group_right"}


def names(expression: str) -> set[str]:
    """The metrics of an expression."""
    bare = _GROUPING.sub(" ", re.sub(r"\{[^}]*\}|\[[^\]]*\]", " ", _STRING.sub(" ", expression)))
    return {name for name in _NAME.findall(re.sub(r"\boffset\s+\w+", " ", bare)) if name not in _KEYWORDS}


def labels(expression: str) -> set[tuple[str, str]]:
    """Each label that an expression chooses by, with its metric."""
    bare = _STRING.sub('""', expression)
    return {
        (metric, label)
        for metric, inside in _SELECTOR.findall(bare)
        for label in re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", inside)
    }


def groupings(expression: str) -> set[str]:
    """The labels that an expression groups or joins by."""
    return {label.strip() for inside in _GROUPING.findall(expression) for label in inside.split(",") if label.strip()}


def exported(settings: Settings) -> dict[str, set[str]]:
    """All that a worker's /metrics shows, and Prometheus adds: the labels of each name."""
    metrics = Metrics(settings)
    metrics.measured(fake_engines())
    # Series with labels that depend on the job.
    metrics.job_seconds.labels(settings.profile)
    for stage in STAGES:
        metrics.stage_seconds.labels(stage)
    metrics.registry.register(_FullBacklog())
    found: dict[str, set[str]] = {name: set(of) for name, of in FROM_PROMETHEUS.items()}
    for family in text_string_to_metric_families(generate_latest(metrics.registry).decode()):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


class _FullBacklog(Backlog):
    """As if Redis had answered."""

    def __init__(self) -> None:
        pass

    def _read(self) -> Any:
        queued = {"high": 0, "normal": 0, "low": 0}
        stats = Stats(queued=queued, running=0, delayed=0, dead=0, workers=0)
        return stats, dict.fromkeys(queued, 0.0), 0, {"used_memory": 0, "maxmemory": 0}
