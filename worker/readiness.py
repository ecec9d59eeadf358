"""What is looked at before a worker takes its first article: Redis, and the engines."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor

import redis

from depeche.errors import RedisUnavailable
from depeche.redis_client import refusal
from depeche.redis_url import mask_url
from tasks.checks import check
from tasks.engines import Engines

log = logging.getLogger("depeche.worker")

#: Every stage of an engine runs once on this before the worker says that it is ready.
WARM_UP_SENTENCE = "Le conseil municipal se réunit mardi soir."
#: And the checks on this: numbers, units, dates and names of places each have a table.
WARM_UP_PAIR = (
    "En janvier, la ville a versé 3 millions d'euros à l'Allemagne.",
    "In January the city paid 3 million euros to Germany.",
)


def check_redis(client: redis.Redis, url: str) -> None:
    """Look at Redis once. One that does not answer is waited for later.

    Raises:
        SystemExit: waiting would not mend what is wrong with it; the log has one line on that.
    """
    try:
        reason = refusal(client, url)
    except redis.RedisError as error:
        log.warning("Redis at %s does not answer yet, and is waited for: %s", mask_url(url), error)
        return
    if reason:
        log.critical("redis_unavailable: %s", reason)
        raise SystemExit(RedisUnavailable.exit_status)


def warm_up(engines: Engines) -> None:
    """Run each engine and the checks once, so that the first articles do not pay for lazy loading.

    Articles that come at once would even each load the checks' tables, and hold up one another.
    """
    with ThreadPoolExecutor(1) as beside:
        # The tables are read in Python while the engines compute outside it.
        checks = beside.submit(check, *WARM_UP_PAIR)
        engines.detector.detect(WARM_UP_SENTENCE)
        (english,) = engines.translator.translate([WARM_UP_SENTENCE])
        engines.summariser.summarise([[english.text] * 6], max_sentences=1)
        if engines.abstractive:
            engines.abstractive.summarise([WARM_UP_SENTENCE], min_tokens=1, max_tokens=8)
        checks.result()
