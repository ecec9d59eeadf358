"""Makes articles of what people have: files, folders and standard input, as texts, JSON lines and tables.

:class:`Inputs` reads them one by one, as there may be millions, and any number of times.
"""

from __future__ import annotations

from depeche.inputs.entries import Entry
from depeche.inputs.reading import Inputs, Reading
from depeche.inputs.sources import STANDARD_INPUT, Sources
from depeche.inputs.tables import Columns
from depeche.inputs.texts import read_article, read_text

__all__ = ["STANDARD_INPUT", "Columns", "Entry", "Inputs", "Reading", "Sources", "read_article", "read_text"]
