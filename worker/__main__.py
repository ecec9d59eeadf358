"""``python -m worker`` is ``depeche-worker``."""

from worker.cli import main

main()
