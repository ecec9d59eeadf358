"""Results to read: pages for a browser, Markdown, text, a terminal's view, and memories for translators' tools.

``depeche.output.render`` gives one result in any of the formats, and ``index`` a page of many, which are the
``entries`` of a folder.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from depeche.pages.folder import Entry, entries, index

__all__ = ["Entry", "entries", "index"]


def __getattr__(name: str) -> Any:
    """Import the index when it is asked for: each command needs the names of the formats, and few need more."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from depeche.pages import folder

    return getattr(folder, name)
