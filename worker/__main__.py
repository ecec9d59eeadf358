"""The ``depeche-worker`` command; ``python -m worker`` is the same."""

from __future__ import annotations

import atexit
import sys

from worker.signals import exit_at_once, handle_stop, ignore_signals


def main() -> None:
    """Run the command that the arguments name, see :mod:`worker.cli`."""
    # The imports take a second, and somebody may stop the worker meanwhile. Other commands end by a signal like any
    # program.
    if sys.argv[1:2] == ["run"]:
        handle_stop(exit_at_once)
        # What is registered first is called last: when nothing is left that might be waited for.
        atexit.register(ignore_signals)
    from worker.cli import main as commands

    commands()


if __name__ == "__main__":
    main()
