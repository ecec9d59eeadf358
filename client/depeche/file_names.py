"""Names of files for results: safe on every file system, one for each result, and the same each time.

A name is made of what identifies the result, which is its idempotency key or its task id. Where that is harmless as it
is, it is the name. Else the name has a part for people, which is made of a title, and a digest of the identity.
"""

from __future__ import annotations

import hashlib
import re
import threading
import unicodedata
from array import array
from bisect import bisect_left
from itertools import chain

#: What stands before the digest. No plain name has it, so a name with a digest and one without are never the same.
SEPARATOR = "--"

DIGEST_CHARS = 16

#: The most characters, which are bytes too: of a name that is an identity, and of the part for people. With the digest,
#: an ending and what marks an unfinished file, a name stays under the 143 bytes that an encrypted folder allows.
MAX_CHARS = 80

#: A file of this name is the list of the others.
INDEX = "index"

#: Windows takes these names for devices, whatever ending they have.
_DEVICES = {"con", "prn", "aux", "nul"} | {f"{port}{number}" for port in ("com", "lpt") for number in range(10)}

#: Small letters only, as macOS and Windows take two names that differ in case alone for one.
_PLAIN = re.compile(rf"[a-z0-9](?:[a-z0-9_.]|-(?!-)){{0,{MAX_CHARS - 1}}}")

_WITH_DIGEST = re.compile(rf"{SEPARATOR}([0-9a-f]{{{DIGEST_CHARS}}})")

#: Letters that Unicode does not take apart into a plain one and an accent.
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d"})


def file_name(identity: str, label: str | None = None) -> str:
    """The name of a result's file, without its ending.

    Args:
        identity: the idempotency key or the task id. Two of them never have the same name.
        label: what people know the article by, such as its title. It may be any text.

    Returns:
        At most 98 ASCII characters: small letters, digits, ``-``, ``_`` and ``.``, of which the first is a letter or a
        digit. It is no name that an operating system keeps for itself.
    """
    if not label and is_plain(identity):
        return identity
    return f"{_readable(label or identity)}{SEPARATOR}{digest(identity)}"


def is_plain(identity: str) -> bool:
    """Whether a file may have this name as it is."""
    stem, _, _ = identity.partition(".")
    harmless = _PLAIN.fullmatch(identity) is not None and identity[-1] not in "-."
    return harmless and stem not in _DEVICES and identity != INDEX


def digest(identity: str) -> str:
    """Sixteen hexadecimal digits. Among a million identities, the odds that two share them are 1 to 37 million."""
    data = identity.encode(errors="surrogatepass")
    return hashlib.blake2s(data, digest_size=DIGEST_CHARS // 2).hexdigest()


def digest_in(name: str) -> str | None:
    """The digest in a name without its ending, or None if it has none."""
    found = _WITH_DIGEST.fullmatch(name[-DIGEST_CHARS - len(SEPARATOR) :])
    return found[1] if found else None


class Digests:
    """A set of digests in eight bytes each, as there may be millions. Several threads may share it."""

    _MOST_NEW = 50_000

    def __init__(self) -> None:
        self._sorted = array("Q")
        self._new: set[int] = set()
        self._lock = threading.Lock()

    def __contains__(self, text: str) -> bool:
        number = int(text, 16)
        with self._lock:
            at = bisect_left(self._sorted, number)
            return number in self._new or (at < len(self._sorted) and self._sorted[at] == number)

    def add(self, text: str) -> None:
        """Add a digest as :func:`digest` gives it."""
        with self._lock:
            self._new.add(int(text, 16))
            if len(self._new) > self._MOST_NEW:
                self._sorted = array("Q", sorted(chain(self._sorted, self._new)))
                self._new = set()


def _readable(label: str) -> str:
    """The words of a text in plain letters with hyphens between them; a word for all results if it has none."""
    letters = unicodedata.normalize("NFKD", label[: 4 * MAX_CHARS].lower().translate(_LETTERS))
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    words = re.sub(r"[^a-z0-9]+", "-", bare).strip("-")
    if len(words) > MAX_CHARS:
        # A word that is cut in two is worse than none, but one word alone may be too long.
        words = words[: MAX_CHARS + 1].rpartition("-")[0] or words[:MAX_CHARS]
    return words or "article"
