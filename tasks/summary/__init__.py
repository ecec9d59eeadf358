"""The English text in a few sentences: written by a model and checked, or taken from the text itself."""

from tasks.summary.article import Summary, summarise
from tasks.summary.extractive import ExtractiveSummariser

__all__ = ["ExtractiveSummariser", "Summary", "summarise"]
