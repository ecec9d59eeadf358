"""The worker process. ``celery -A worker worker`` finds the app here."""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    # Made when asked for, so that importing a module of this package neither reads the environment nor needs Celery.
    if name == "celery":
        _stop_while_starting()
        from depeche.errors import SettingsError
        from worker.app import create_app

        try:
            globals()["celery"] = create_app()
        except SettingsError as error:
            # Celery's command would print a traceback, in which the reason is hard to find.
            raise SystemExit(f"{error.code}: {error}") from None
        return globals()["celery"]
    raise AttributeError(f"module 'worker' has no attribute {name!r}")


def _stop_while_starting() -> None:
    import click

    from worker.signals import exit_at_once, handle_stop

    # Only where Celery's command is to run a worker: its other commands end by a signal as any program.
    context = click.get_current_context(silent=True)
    if context is not None and context.invoked_subcommand == "worker":
        handle_stop(exit_at_once)
