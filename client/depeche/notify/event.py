"""An entry of the stream ``depeche:events``, and the webhook that it becomes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from depeche.records import shown


@dataclass(frozen=True)
class Event:
    """An entry of the stream.

    Attributes:
        entry_id: Redis' id of it: milliseconds since 1970, and a number.
        fields: what it holds. ``docs/events.md`` says what that may be; anybody may have written something else.
    """

    entry_id: str
    fields: Mapping[str, str]

    @property
    def at(self) -> float:
        """When it happened, in seconds since 1970: as it says itself, or else when it was written."""
        written = int(self.entry_id.partition("-")[0]) / 1000
        try:
            at = float(self.fields["at"])
        except (KeyError, ValueError):
            return written
        # A time that is no time of a calendar could not be shown.
        return at if 0 <= at < 10_000_000_000 else written

    @property
    def webhook_id(self) -> str:
        """The same for each try, so that a receiver knows an event that comes twice."""
        return f"depeche_{self.entry_id}"

    def payload(self) -> str:
        """The webhook's body: JSON in ASCII, with ``type``, ``timestamp`` and the event's fields as ``data``."""
        fields = {shown(name): shown(value) for name, value in self.fields.items()}
        about = "job" if "id" in fields else "batch"
        when = datetime.fromtimestamp(self.at, UTC).isoformat(timespec="milliseconds")
        data = {"code": None, "batch": None} | fields | {"at": self.at}
        return json.dumps({"type": f"{about}.{fields.get('state', 'ended')}", "timestamp": when, "data": data})
