"""Finds keys that the input has twice. Millions of them stay out of memory: they are in a temporary database."""

from __future__ import annotations

import hashlib
from types import TracebackType

#: Keys are kept as digests of so many bytes, which are as good as unique.
DIGEST_BYTES = 16
#: How much of the database is held in memory.
CACHE_KIB = 65_536


class KeysSeen:
    """The keys of the input, and where each came first. Use it as a context manager."""

    def __init__(self) -> None:
        # It is imported for the first input, as every other command would pay for it too.
        import sqlite3

        # With an empty name SQLite makes a file of its own when it needs one, and removes it at the end.
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("CREATE TABLE seen (key BLOB PRIMARY KEY, place TEXT) WITHOUT ROWID")
        self._database.execute("BEGIN")

    def __enter__(self) -> KeysSeen:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._database.close()

    def first_place(self, key: str, place: str) -> str:
        """Where this key came first, which is ``place`` if it is new."""
        digest = hashlib.blake2b(key.encode(errors="surrogatepass"), digest_size=DIGEST_BYTES).digest()
        # The name of a file may have bytes that are not UTF-8.
        own = place.encode(errors="surrogateescape")
        added = self._database.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (digest, own))
        if added.rowcount:
            return place
        (first,) = self._database.execute("SELECT place FROM seen WHERE key = ?", (digest,)).fetchone()
        return str(first.decode(errors="surrogateescape"))
