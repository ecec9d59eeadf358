"""Markdown's rules, as documents are read and written here: CommonMark with tables and struck text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import MutableMapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

#: Quotations and lists in each other. What stands deeper is left out by the parser without a word.
MAX_NESTING = 60

#: What markdown-it keeps of a document besides its tokens: the addresses that are named in it.
Env = MutableMapping[str, Any]

#: The address after a link's text, ``(https://…)`` or ``[name]``; ``[^1]``; ``<https://…>``. Workers keep these as they
#: stand (tasks/protected.py).
_ADDRESS = r"\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s\"[^\"\n]*\")?\)|\[[^\[\]\n]+\]"
_TAIL = re.compile(rf"(?<=\])(?:{_ADDRESS})")
_LINK = re.compile(
    r"!?\[[^\[\]]*\](?:\((?P<address>[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?:\s\"[^\"\n]*\")?\)|\[[^\[\]\n]+\])"
)
_CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
_OTHERS = re.compile(r"\[\^[\w-]+\]|<[a-z]+:[^<>\s]+>|</?[a-zA-Z][^<>]*>")
_EMPHASIS = re.compile(r"\*+|~~|(?<!\w)_+|_+(?!\w)|!?\[|\]")
_STARS = re.compile(r"\*+")
_LAST_STARS = re.compile(r"(\*+)[.!?… ]*\Z")
_LITERALS = "*~[]`"


def parser() -> MarkdownIt:
    """A parser of whole documents and of single paragraphs."""
    return MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable(["table", "strikethrough"])


def marks_of(text: str, env: Env) -> Counter[tuple[str, str]]:
    """What is marked in a paragraph, each with its address or content; and marks that stand for themselves."""
    (inline,) = parser().parseInline(text, env)
    found: Counter[tuple[str, str]] = Counter()
    for token in _flat(inline.children or []):
        if token.type in ("link_open", "image"):
            found[token.type, str(token.attrs.get("href") or token.attrs.get("src") or "")] += 1
        elif token.type in ("code_inline", "html_inline"):
            found[token.type, token.content] += 1
        elif token.type.endswith("_open"):
            found[token.type, ""] += 1
        elif token.type == "text":
            found.update((character, "") for character in token.content if character in _LITERALS)
    return found


def _flat(tokens: Sequence[Token]) -> list[Token]:
    return [one for token in tokens for one in [token, *_flat(token.children or [])]]


def without_marks(text: str) -> str:
    """The words of a paragraph, and its code, without emphasis and addresses."""
    pieces = []
    position = 0
    for code in _CODE.finditer(text):
        pieces += [_stripped(text[position : code.start()]), code[0]]
        position = code.end()
    return " ".join("".join([*pieces, _stripped(text[position:])]).split())


def _stripped(text: str) -> str:
    return _EMPHASIS.sub("", _OTHERS.sub("", _TAIL.sub("", text)))


def mended(english: str, french: str) -> str:
    """The English with each link in one piece: models like to put a space between its text and its address."""
    addresses = {link["address"] for link in _LINK.finditer(french) if link["address"]}
    for address in addresses:
        english = re.sub(rf"\]\s+(?=\({re.escape(address)}[)\s])", "]", english)
    return english


def with_stars(english: str, french: str) -> str:
    """The English with the French stars in their order, where it has as many runs of stars, or lacks but the last.

    Models like to write one star for two, and to leave out the stars before the last full stop. The caller checks what
    comes of it.
    """
    runs = _STARS.findall(french)
    if "`" in french:
        return english
    last = _LAST_STARS.search(french)
    if last and len(_STARS.findall(english)) == len(runs) - 1:
        words = english.rstrip(".!?… ")
        english = words + last[1] + english[len(words) :]
    if len(_STARS.findall(english)) != len(runs):
        return english
    in_order = iter(runs)
    return _STARS.sub(lambda run: next(in_order), english)


def has_words(text: str) -> bool:
    """Whether there is a letter in a paragraph besides code and addresses: something to translate."""
    return any(map(str.isalpha, _stripped(_CODE.sub("", text))))


def flattened(english: str, french: str) -> str:
    """The English without marks, and the French links, pictures and pieces of code that it then lacks after it."""
    links = list(_LINK.finditer(_CODE.sub("", french)))
    words = without_marks(english)
    for address in {link["address"] for link in links if link["address"]}:
        # The model may have left the address somewhere, without the text of its link.
        words = re.sub(rf"\s?\({re.escape(address)}[^()]*\)|{re.escape(address)}", "", words)
    words = " ".join(words.split())
    lacking = [link[0] for link in links]
    lacking += [code[0] for code in _CODE.finditer(french) if code[0] not in words]
    lacking += [mark for mark in _OTHERS.findall(_CODE.sub("", french)) if mark[1] in "^hm"]
    return f"{words} ({', '.join(lacking)})" if lacking else words


def shape_of(source: str) -> list[tuple[str, str, str]]:
    """The blocks of a document, without what is in them that can be translated."""
    kept = ("fence", "code_block", "html_block")
    return [
        (token.type, token.tag, token.content if token.type in kept else "")
        for token in parser().parse(source)
        if token.type != "inline"
    ]
