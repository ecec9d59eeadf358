"""What came to nothing in a command with many articles: a line each when it happens, and a table in the end."""

from __future__ import annotations

from dataclasses import dataclass, field

from depeche import status_line
from depeche.errors import DepecheError, JobFailed
from depeche.output import remark
from depeche.progress import spaced

_HEADINGS = ("reason", "articles", "the first of them")


@dataclass
class Failures:
    """Counts them by reason. It holds one place for each reason, however many there are."""

    first: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    exit_status: int = 0

    def add(self, where: str, error: DepecheError) -> None:
        """Count one, and print its line."""
        code, message = reason(error)
        self.counts[code] = self.counts.get(code, 0) + 1
        self.first.setdefault(code, f"{where}: {message}")
        # That of a job that failed is the highest.
        self.exit_status = max(self.exit_status, error.exit_status)
        remark(f"depeche: {where}: {code}: {message}")

    def table(self) -> list[str]:
        """The lines of the table, the most frequent reason first; none where nothing failed."""
        if not self.counts:
            return []
        ordered = sorted(self.counts, key=lambda code: (-self.counts[code], code))
        rows = [_HEADINGS, *((code, spaced(self.counts[code]), self.first[code]) for code in ordered)]
        widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
        # On a terminal a line that is broken in two is no table any more.
        room = max(20, status_line.width() - sum(widths) - 5) if status_line.on_terminal() else None
        return [
            f"{name:<{widths[0]}}  {count:>{widths[1]}}  {_cut(' '.join(first.split()), room)}"
            for name, count, first in rows
        ]


def reason(error: DepecheError) -> tuple[str, str]:
    """The code and the message of what went wrong, for a job that failed those of the job's own error."""
    if isinstance(error, JobFailed) and "code" in error.detail:
        return str(error.detail["code"]), str(error.detail.get("message", error.message))
    return error.code, error.message


def _cut(text: str, room: int | None) -> str:
    return text if room is None or len(text) <= room else text[: room - 3] + "..."
