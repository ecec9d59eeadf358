"""The worker process. ``celery -A worker worker`` finds the app here."""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    # Made when asked for, so that importing a module of this package neither reads the environment nor needs Celery.
    if name == "celery":
        from depeche.errors import SettingsError
        from worker.app import create_app

        try:
            globals()["celery"] = create_app()
        except SettingsError as error:
            # Celery's command would print a traceback, in which the reason is hard to find.
            raise SystemExit(f"{error.code}: {error}") from None
        return globals()["celery"]
    raise AttributeError(f"module 'worker' has no attribute {name!r}")
