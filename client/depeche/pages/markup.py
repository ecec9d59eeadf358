"""HTML put together so that text stays text: whatever is not markup already is escaped."""

from __future__ import annotations

import html

from depeche.printable import printable

#: Elements without an end tag.
_VOID = frozenset({"br", "meta"})


class Markup(str):
    """HTML that is finished. Only this module makes it, and only of what it has escaped."""

    __slots__ = ()


def escape(text: object) -> Markup:
    """Text as HTML, also for an attribute in quotation marks. Markup stays as it is."""
    return text if isinstance(text, Markup) else Markup(html.escape(printable(str(text))))


def join(parts: list[Markup], between: str = "") -> Markup:
    """Pieces of HTML after each other, with text between them."""
    return Markup(escape(between).join(parts))


def element(tag: str, *children: object, **attributes: object) -> Markup:
    """An element.

    Args:
        tag: its name, which must not come from outside.
        children: what stands in it: markup, or text, which is escaped.
        attributes: by name, with an underscore for a hyphen, and one more at the end where Python needs the name, as
            in ``class_``; those that are None are left out.
    """
    given = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for name, value in attributes.items()
        if value is not None
    )
    content = "".join(map(escape, children))
    return Markup(f"<{tag}{given}>" if tag in _VOID else f"<{tag}{given}>{content}</{tag}>")
