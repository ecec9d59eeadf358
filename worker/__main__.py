"""The ``depeche-worker`` command; ``python -m worker`` is the same."""

from __future__ import annotations

import signal
import sys

from worker.signals import exit_at_once, handle_stop


def main() -> None:
    """Run the command that the arguments name, see :mod:`worker.cli`."""
    # The imports take a second, and somebody may stop the worker meanwhile. Other commands end by a signal like any
    # program.
    runs_a_worker = sys.argv[1:2] == ["run"]
    if runs_a_worker:
        handle_stop(exit_at_once)
    from worker.cli import main as commands

    try:
        commands()
    finally:
        if runs_a_worker:
            # Python forgets its handlers some time before the process is gone, and a second signal would then end it
            # with another exit status. What is ignored stays ignored.
            handle_stop(signal.SIG_IGN)


if __name__ == "__main__":
    main()
