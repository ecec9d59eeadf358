"""Looks through the whole input before anything is queued: how much it is, and every fault of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from depeche.errors import InvalidArticle
from depeche.inputs.duplicates import KeysSeen
from depeche.inputs.entries import Entry


@dataclass
class Survey:
    """What the input holds.

    Attributes:
        articles: how many can be queued.
        refused: how many entries cannot.
        sentences: how many sentences the articles have; None where nobody counts them.
        all_keyed: whether each article has a key, so that the whole input can be submitted again.
        faults: one line for each of the first faults.
        codes: the codes of all faults.
    """

    articles: int = 0
    refused: int = 0
    sentences: int | None = None
    all_keyed: bool = True
    faults: list[str] = field(default_factory=list)
    codes: set[str] = field(default_factory=set)


def checked(entries: Iterable[Entry], seen: KeysSeen) -> Iterator[Entry]:
    """The same entries, of which those with a key that came before are faults.

    Args:
        entries: the input. Where it is read again with the same ``seen``, the same entries are faults.
        seen: the keys so far.
    """
    for entry in entries:
        if entry.key is not None and entry.error is None:
            first = seen.first_place(entry.key, entry.place)
            if first != entry.place:
                twice = InvalidArticle(
                    f"the key {entry.key!r} is that of {first} already: give each article a key of its own"
                )
                yield replace(entry, article=None, error=twice)
                continue
        yield entry


def survey(
    entries: Iterable[Entry],
    *,
    on_entry: Callable[[Entry], None],
    count_sentences: Callable[[str], int] | None,
    shown_faults: int,
) -> Survey:
    """Count the articles and the faults of the input.

    Args:
        entries: the input, as :func:`checked` gives it.
        on_entry: is called with each entry.
        count_sentences: counts those of a text.
        shown_faults: so many faults are kept as lines.
    """
    found = Survey(sentences=None if count_sentences is None else 0)
    for entry in entries:
        on_entry(entry)
        if entry.article is None:
            found.refused += 1
            found.codes |= {entry.error.code} if entry.error else set()
            if len(found.faults) < shown_faults:
                found.faults.append(f"{entry.place}: {entry.error}")
            continue
        found.articles += 1
        found.all_keyed = found.all_keyed and entry.key is not None
        if count_sentences is not None and found.sentences is not None:
            found.sentences += count_sentences(entry.article.text)
    return found
