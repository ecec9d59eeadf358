"""The worker process. ``celery -A worker worker`` finds the app here.

:func:`translate` does a worker's work on one article in this process, without a queue.

>>> from worker import translate
>>> translate("Le maire a inauguré la bibliothèque mardi.").text_en
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from worker.in_process import translate as translate


def __getattr__(name: str) -> Any:
    # The app is made when somebody asks for it. So importing a module of this package neither reads the environment nor
    # needs Celery.
    if name == "celery":
        _stop_while_starting()
        from depeche.errors import SettingsError
        from worker.app import create_app

        try:
            globals()["celery"] = create_app()
        except SettingsError as error:
            # Celery's command would print a traceback, and the reason would be hard to find in it.
            raise SystemExit(f"{error.code}: {error}") from None
        return globals()["celery"]
    if name == "translate":
        from worker.in_process import translate

        return translate
    raise AttributeError(f"module 'worker' has no attribute {name!r}")


def _stop_while_starting() -> None:
    import click

    from worker.signals import exit_at_once, handle_stop

    # This is only for Celery's command that runs a worker. Its other commands end by a signal like any program.
    context = click.get_current_context(silent=True)
    if context is not None and context.invoked_subcommand == "worker":
        handle_stop(exit_at_once)
