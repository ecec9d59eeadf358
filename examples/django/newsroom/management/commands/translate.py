"""``manage.py translate FILE...``: for a Django project that has articles to translate."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from depeche import Client, DepecheError


class Command(BaseCommand):
    """Queues all files, then prints their English in the same order."""

    help = "Translate French text files by Dépêche's workers."

    def add_arguments(self, parser: CommandParser) -> None:
        """The files, and how long to wait."""
        parser.add_argument("files", nargs="+", type=Path)
        parser.add_argument("--timeout", type=float, default=600, help="seconds for all of them")

    def handle(self, *_: Any, **options: Any) -> None:
        """In a project of yours, the texts would come from a model, and go back to it."""
        try:
            with Client() as client:
                ids = [client.submit(file.read_text(encoding="utf-8")) for file in options["files"]]
                for status in client.wait_many(ids, timeout_s=options["timeout"]):
                    self.stdout.write(client.result_of(status).text_en)
        except DepecheError as error:
            raise CommandError(str(error)) from None
