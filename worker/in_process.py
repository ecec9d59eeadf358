"""Translates in this process, without a queue, Redis or Celery: for notebooks, tests and single articles."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable

from config.settings import Settings, load_settings
from depeche.article import Article, ArticleResult, Options, Progress, check_length, parse
from tasks.engines import Engines
from tasks.pipeline import Context, process

_lock = threading.Lock()
_loaded: dict[Settings, Engines] = {}


def translate(
    article: Article | str,
    options: Options | None = None,
    *,
    settings: Settings | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> ArticleResult:
    """Translate and summarise an article here and now, as a worker with the same settings does.

    The engines of the profile are loaded with the first call, which takes seconds, and kept for the next ones. Several
    threads may call it. Nothing is tried again and nothing is kept: an error is raised as it comes.

    Args:
        article: the article, or its text alone.
        options: how to process it.
        settings: which profile and models, from ``config.settings.load_settings``. By default they are read from the
            environment variables with the prefix ``DEPECHE_``.
        on_progress: is called after every step and every batch.

    Returns:
        The result. Its ``id`` is a random one, and ``timings_ms.queued`` is None.

    Raises:
        SettingsError: a variable cannot be used.
        InvalidArticle, TooLong, NotFrench: the article cannot be taken.
        ModelUnavailable: the profile's models are not there, or fail; the message says how to get them.
    """
    settings = settings or load_settings()
    article = parse(Article, {"text": article}) if isinstance(article, str) else article
    check_length(article, settings.max_article_chars)
    context = Context(str(uuid.uuid4()), report=on_progress or (lambda progress: None))
    return process(article, options or Options(), _engines(settings), context)


def _engines(settings: Settings) -> Engines:
    from worker.models.profiles import load_engines

    with _lock:
        if settings not in _loaded:
            # Only one set is kept, as each may take gigabytes.
            _loaded.clear()
            _loaded[settings] = load_engines(settings)
        return _loaded[settings]
