"""The extra ``documents`` of depeche-client: the libraries that read what is not text."""

from __future__ import annotations

from importlib.util import find_spec

from depeche.documents.kinds import TRAITS, Kind
from depeche.errors import UnreadableDocument

INSTALL = "pip install 'depeche-client[documents]'"


def check_package(kind: Kind, name: str) -> None:
    """Check that what reads this kind of document is installed.

    Raises:
        UnreadableDocument: it is not.
    """
    traits = TRAITS[kind]
    if traits.package and find_spec(traits.package) is None:
        package = traits.package.replace("_", "-")
        raise UnreadableDocument(
            f"{name} is {traits.title}, which is read with {package}, and this is not installed: {INSTALL}, or give "
            "plain text",
            {"source": name, "kind": kind.value},
        )
