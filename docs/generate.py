"""Writes the reference pages that come from the code: ``python -m docs.generate docs``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pydantic import BaseModel

from config.settings import Settings
from depeche.article import Article, ArticleResult, JobStatus, Options, Stats
from depeche.batches import BatchStatus
from depeche.settings import PREFIX

SCHEMAS: dict[str, type[BaseModel]] = {
    "article": Article,
    "batch": BatchStatus,
    "options": Options,
    "result": ArticleResult,
    "status": JobStatus,
    "stats": Stats,
}

SETTINGS_HEAD = """\
# Settings

Settings are environment variables, which are read once when a process starts. A setting that has no variable is taken
from a file in `/run/secrets`, where containers find their secrets; `depeche_redis_url` there sets `DEPECHE_REDIS_URL`,
and so on. All faults are reported together, and a worker with a fault does not start.

Producers use `DEPECHE_REDIS_URL`, `DEPECHE_MAX_ARTICLE_CHARS`, `DEPECHE_MAX_QUEUE_LENGTH`, `DEPECHE_MIN_REPLICAS`,
`DEPECHE_RESULT_TTL_S` and `DEPECHE_MAX_EVENTS`. Workers use all settings except the length of the queue and the
replicas, and must agree on `DEPECHE_LEASE_S`. A worker refuses to start where `CELERY_BROKER_URL`,
`CELERY_BROKER_READ_URL`, `CELERY_BROKER_WRITE_URL` or `CELERY_RESULT_BACKEND` is set, as its Celery would use them
instead of `DEPECHE_REDIS_URL`. This page is written by `make docs`.

| variable | unit or values | default | why |
| --- | --- | --- | --- |
"""


def pages() -> dict[str, str]:
    """Each page's path below ``docs/``, and its text."""
    rendered = {
        f"schemas/{name}.json": json.dumps(model.model_json_schema(), ensure_ascii=False, indent=2) + "\n"
        for name, model in SCHEMAS.items()
    }
    return rendered | {"settings.md": SETTINGS_HEAD + "".join(_rows())}


def write(folder: Path) -> None:
    """Write every page below a folder."""
    for name, text in pages().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _rows() -> list[str]:
    rows = []
    for name, field in Settings.model_fields.items():
        default = field.get_default()
        # Where the default depends on the machine, the description says what it is.
        shown = "see right" if field.default_factory else f"`{getattr(default, 'get_secret_value', lambda: default)()}`"  # noqa: B023
        rows.append(f"| `{PREFIX}{name.upper()}` | {field.title} | {shown} | {field.description} |\n")
    return rows


if __name__ == "__main__":
    write(Path(sys.argv[1]))
