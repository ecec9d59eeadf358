"""``depeche notify``: a process of its own, as workers have no way out of their network."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from depeche.cli.groups import INTERRUPTED, examples
from depeche.output import remark

if TYPE_CHECKING:
    from depeche.notify.settings import NotifySettings

#: So many requests at a time.
PARALLEL = 8


@click.command(
    epilog=examples(
        "export DEPECHE_WEBHOOK_SECRET=whsec_$(openssl rand -base64 32)   # the receiver has the same",
        "depeche notify --url https://newsroom.example/hooks/depeche",
    )
)
@click.option("--url", required=True, help="Where events are sent to. Each URL has a place of its own in the stream.")
@click.option("--allow-http", is_flag=True, help="Send over http:// to other machines too.")
@click.option("--from-start", is_flag=True, help="The first time, begin with all events that the stream still has.")
@click.option(
    "--give-up-after",
    "give_up_h",
    type=click.FloatRange(min=0, min_open=True),
    default=72,
    show_default=True,
    metavar="HOURS",
    help="An event that is not taken for so long is written to standard error, and not tried any more.",
)
@click.pass_context
def notify(ctx: click.Context, url: str, allow_http: bool, from_start: bool, give_up_h: float) -> None:
    """Send a signed webhook for each job that ends.

    Each event comes at least once, and may come twice: the header webhook-id is the same then. One that is not taken
    is tried again. The signature is that of Standard Webhooks, with the secret in DEPECHE_WEBHOOK_SECRET. The place in
    the stream is kept in Redis: stop and start this command as you like, but run one for each URL.

    It needs the extra notify of depeche-client: pip install './client[notify]' in Dépêche's folder.
    """
    # These are imported here, as they would take a quarter of every other command's start.
    import asyncio

    from depeche.notify.settings import load_notify_settings
    from depeche.notify.webhook import check_url

    settings = load_notify_settings()
    check_url(url, allow_http=allow_http)
    ended_by = asyncio.run(_relay(settings, url, "0" if from_start else "$", give_up_h * 3600))
    ctx.exit(INTERRUPTED if ended_by == signal.SIGINT else 0)


async def _relay(settings: NotifySettings, url: str, start: str, give_up_s: float) -> signal.Signals | None:
    """Relay events until a signal comes, and return which."""
    import asyncio

    from depeche.async_redis import connect_async
    from depeche.notify.place import Place, group_for
    from depeche.notify.relay import Relay
    from depeche.notify.webhook import Webhooks
    from depeche.redis_client import redis_faults

    redis_url = settings.redis_url.get_secret_value()
    place = Place(client := connect_async(redis_url), group_for(url))
    signals: list[signal.Signals] = []

    def stop(by: signal.Signals) -> None:
        signals.append(by)
        relay.stop()

    try:
        async with Webhooks(url, settings.secrets, PARALLEL) as webhooks:
            relay = Relay(place, webhooks, give_up_s=give_up_s, parallel=PARALLEL, tell=_tell)
            for by in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(by, stop, by)
            with redis_faults(redis_url):
                await place.open(start)
            # The whole URL may be a secret, as many services have it.
            _tell(f"events are relayed to {urlsplit(url).hostname}")
            try:
                await relay.run()
            finally:
                _tell(str(relay.counts))
    finally:
        await client.aclose()
    return signals[0] if signals else None


def _tell(line: str) -> None:
    remark(f"depeche: {line}")
