"""Results to read: pages for a browser, Markdown, text, a terminal's view, and memories for translators' tools.

``depeche.output.render`` gives one result in any of the formats, and :func:`index` a page of many.
"""

from depeche.pages.folder import Entry, entries, index

__all__ = ["Entry", "entries", "index"]
