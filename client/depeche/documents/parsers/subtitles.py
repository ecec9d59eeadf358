"""Subtitles, SRT and WebVTT: sentences are put together from the cues that they run over.

Only what is said is taken out. Times, names, settings and notes stay in the skeleton as they stand, which the libraries
for subtitles would rewrite or lose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from depeche.documents.drafts import Draft, Fault
from depeche.documents.model import Line, Passage, Share, SubtitleSkeleton
from depeche.documents.parsers.plain import text_of

_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_TIMES = re.compile(rf"^[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}(?:[ \t].*)?$", re.MULTILINE)
_SPEECH = re.compile(r"[-–—]\s?(?=\S)")
#: What may stand before a line and belongs to no word: a place on the screen, a voice, the start of italics.
_BEFORE = re.compile(r"(?:\s|\{\\[^{}]*\}|<(?:v|lang|c|i|b|u|font|ruby)\b[^<>]*>)*")
_CLOSING = re.compile(r"</(?:v|lang|c|i|b|u|font|ruby)>\Z")
_LONGEST_CLOSING = len("</lang>")
#: The number of the next cue, where no empty line stands before it.
_NUMBER = re.compile(r"(?:\A|\n|(?<=\n))\d+[ \t]*\n\Z")
_LONGEST_NUMBER = 20
_EMPTY_LINE = re.compile(r"\n[ \t]*(?:\n|\Z)")
_MARKS = re.compile(r"</?[a-zA-Z][^<>]*>|<\d[\d:.]*>|\{\\[^{}]*\}")
_SENTENCE_END = re.compile(r"[.!?…][\s\"'’”»)\]]*\Z")

#: A sentence that runs on over more cues than this has no punctuation, as machines write: it is cut here.
_MOST_SHARES = 8
#: A longer silence ends a sentence.
_MOST_SILENCE_MS = 4000


@dataclass
class _Cue:
    start_ms: int
    end_ms: int
    #: Where its text stands in the source.
    span: tuple[int, int]


@dataclass
class _Said:
    """What one speaker says in one cue, with the place that takes its English."""

    text: str
    line: Line
    cue: _Cue
    is_speech: bool


@dataclass
class _Passages:
    """Puts together what is said, sentence by sentence."""

    done: list[Passage] = field(default_factory=list)
    _open: list[tuple[int, str]] = field(default_factory=list)

    def add(self, number: int, text: str) -> None:
        self._open.append((number, text))

    def end(self) -> None:
        if not self._open:
            return
        shares, text = [], ""
        for number, part in self._open:
            text += " " if text else ""
            shares.append(Share(line=number, start=len(text), end=len(text) + len(part)))
            text += part
        self.done.append(Passage(text=text, shares=tuple(shares)))
        self._open = []

    @property
    def is_long(self) -> bool:
        return len(self._open) >= _MOST_SHARES


def parse(data: bytes) -> Iterator[Draft]:
    """One article: a paragraph for each sentence, or for the sentences of one cue.

    Raises:
        Fault: there is no cue in it, or no text in the cues.
    """
    text, warnings = text_of(data)
    newline = "\r\n" if "\r\n" in text else "\n"
    source = text.replace("\r\n", "\n").replace("\r", "\n")
    cues = list(_cues(source))
    if not cues:
        raise Fault("there is no line of times such as 00:00:01,000 --> 00:00:04,000 in it: use it as text")
    said, marked = _said(source, cues)
    passages = _joined(said)
    if not passages:
        raise Fault("its cues have no text")
    if marked:
        shown = ", ".join(map(str, marked[:10])) + (" …" if len(marked) > 10 else "")
        warnings = (*warnings, f"italics and the like inside a line are not kept: cue {shown}")
    skeleton = SubtitleSkeleton(
        source=source, newline=newline, lines=tuple(one.line for one in said), passages=tuple(passages)
    )
    yield Draft("\n\n".join(passage.text for passage in passages), skeleton=skeleton, warnings=warnings)


def _cues(source: str) -> Iterator[_Cue]:
    """Each cue. Its text begins under its times, and ends at an empty line, or where the next cue begins."""
    for match, following in pairwise([*_TIMES.finditer(source), None]):
        assert match
        start = min(match.end() + 1, len(source))
        # Without a text, the empty line follows the times.
        end = start if source[start : start + 1] == "\n" else _text_end(source, start)
        if following and following.start() <= end:
            number = _NUMBER.search(source, max(start, following.start() - _LONGEST_NUMBER), following.start())
            end = max(start, number.start() if number else following.start() - 1)
        yield _Cue(_ms(match.groups()[:4]), _ms(match.groups()[4:]), (start, end))


def _text_end(source: str, start: int) -> int:
    end = _EMPTY_LINE.search(source, start)
    return end.start() if end else len(source)


def _ms(parts: Sequence[str | None]) -> int:
    hours, minutes, seconds, fraction = parts
    whole = (int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)
    return whole * 1000 + int((fraction or "").ljust(3, "0"))


def _said(source: str, cues: Sequence[_Cue]) -> tuple[list[_Said], list[int]]:
    """What is said in each cue, by speaker, and the cues in which a part of a line is marked."""
    said: list[_Said] = []
    marked = []
    for number, cue in enumerate(cues, start=1):
        for start, end, rows in _speakers(source, *cue.span):
            before = _BEFORE.match(source, start, end)
            assert before
            first = before.end()
            last = _end_of_words(source, first, end)
            speech = _SPEECH.match(source, first, last)
            inside = _BEFORE.match(source, speech.end(), last) if speech else None
            first = inside.end() if inside else first
            inner = source[first:last]
            text = " ".join(_MARKS.sub("", inner).split())
            if not any(map(str.isalpha, text)):
                continue
            if _MARKS.search(inner):
                marked.append(number)
            line = Line(start=start, end=end, before=source[start:first], after=source[last:end], rows=rows)
            said.append(_Said(text, line, cue, speech is not None))
    return said, sorted(set(marked))


def _end_of_words(source: str, start: int, end: int) -> int:
    while True:
        while end > start and source[end - 1].isspace():
            end -= 1
        closing = _CLOSING.search(source, max(start, end - _LONGEST_CLOSING), end)
        if not closing:
            return end
        end = closing.start()


def _speakers(source: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Start, end and rows of what each speaker says in a cue. A new speaker's row begins with a dash."""
    rows, position = [], start
    for row in source[start:end].split("\n"):
        rows.append((position, position + len(row)))
        position += len(row) + 1
    first = 0
    for index in range(1, len(rows) + 1):
        before = _BEFORE.match(source, *rows[index]) if index < len(rows) else None
        if index == len(rows) or (before and _SPEECH.match(source, before.end(), rows[index][1])):
            yield rows[first][0], rows[index - 1][1], index - first
            first = index


def _joined(said: Sequence[_Said]) -> list[Passage]:
    passages = _Passages()
    for number, one in enumerate(said):
        if number and not _goes_on(said[number - 1], one):
            passages.end()
        if passages.is_long:
            passages.end()
        passages.add(number, one.text)
    passages.end()
    return passages.done


def _goes_on(said: _Said, following: _Said) -> bool:
    """Whether a sentence goes on in what is said next."""
    if following.is_speech or following.cue.start_ms - said.cue.end_ms > _MOST_SILENCE_MS:
        return False
    opening = following.text.lstrip("…. ")
    if said.text.endswith(("…", "...")) and opening[:1].islower():
        return True
    return not _SENTENCE_END.search(said.text)
