"""Pydantic models of what crosses the queue: the article that goes in, and the result that comes out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, ValidationError

from depeche.errors import InvalidArticle, TooLong

MAX_METADATA_BYTES = 16_384
#: Terms of one glossary.
MAX_TERMS = 1000
MAX_DETAILS, MAX_DETAIL_CHARS = 20, 200
#: Levels of brackets, the outermost included. Workers refuse messages that are nested deeper than 32 in all.
MAX_METADATA_DEPTH = 24

#: How many faults of a message an error names, and how many characters of a faulty field's name.
SHOWN_FAULTS, SHOWN_NAME = 10, 40


class Message(BaseModel):
    """Base of what comes in. It is read-only. Unknown fields are faults, as most of them are misspelt."""

    # Each validator is built at its first use, as a short command needs few of them.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Report(BaseModel):
    """Base of what goes out. It is read-only. Unknown fields are ignored, as workers may be newer than producers."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


def _plain(text: str) -> str:
    if "\0" in text:
        raise ValueError(f"has a NUL character at position {text.index(chr(0))}; is it a binary file?")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"is not valid Unicode: a lone surrogate at position {error.start}") from None
    return text


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    if not any(character.isalnum() for character in line):
        raise ValueError("has neither a letter nor a digit")
    return line


def _with_letters(text: str) -> str:
    if not any(character.isalpha() for character in text):
        raise ValueError("has no letter, so there is nothing to translate")
    return text


def _shallow(metadata: Any) -> Any:
    # Level by level, as what is nested deeply enough ends every function that calls itself.
    level = [metadata]
    for _ in range(MAX_METADATA_DEPTH):
        level = [part for whole in level if isinstance(whole, dict | list) for part in _parts(whole)]
    if any(isinstance(part, dict | list) for part in level):
        raise ValueError(f"is nested deeper than {MAX_METADATA_DEPTH} levels of brackets")
    return metadata


def _parts(whole: dict[Any, Any] | list[Any]) -> Iterable[Any]:
    return whole.values() if isinstance(whole, dict) else whole


def _bounded(metadata: dict[str, JsonValue]) -> dict[str, JsonValue]:
    size = len(json.dumps(metadata, allow_nan=False, ensure_ascii=False).encode())
    if size > MAX_METADATA_BYTES:
        raise ValueError(f"has {size} bytes as JSON; at most {MAX_METADATA_BYTES} are kept")
    return metadata


#: A language tag, such as fr or fr-CA.
LanguageTag = Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*$")]


class Article(Message):
    """An article to translate. ``metadata`` comes back in the result, and nothing here reads it."""

    text: Annotated[str, AfterValidator(_plain), AfterValidator(_with_letters)]
    title: Annotated[str, Field(max_length=1000), AfterValidator(_plain)] | None = None
    language: LanguageTag = "fr"
    source_url: Annotated[str, Field(max_length=2048), AfterValidator(_plain)] | None = None
    metadata: Annotated[dict[str, JsonValue], BeforeValidator(_shallow), AfterValidator(_bounded)] = {}


class Term(Message):
    """A line of a glossary: what a French term is in English, or null where it stays as it is."""

    fr: Annotated[str, Field(max_length=100), AfterValidator(_plain), AfterValidator(_one_line)]
    en: Annotated[str, Field(max_length=200), AfterValidator(_plain), AfterValidator(_one_line)] | None = None


def _without_contradiction(terms: list[Term]) -> list[Term]:
    known: dict[str, tuple[int, Term]] = {}
    for number, term in enumerate(terms, start=1):
        first, other = known.setdefault(term.fr, (number, term))
        if other.en != term.en:
            raise ValueError(f"terms {first} and {number} are both {term.fr!r} and differ in their English")
    return [term for _, term in known.values()]


class Options(Message):
    """How to process one article."""

    summary: bool = True
    summary_sentences: Annotated[int, Field(ge=1, le=20)] = 3
    force: Annotated[bool, Field(description="translate it as French whatever language is detected")] = False
    glossary: Annotated[
        list[Term],
        Field(
            max_length=MAX_TERMS,
            description="terms that come out as given here; where two overlap in a sentence, the longer one counts",
        ),
        AfterValidator(_without_contradiction),
    ] = []


class Flag(StrEnum):
    """What may be wrong with the English of a segment. A person should look at it.

    A number is compared with its scale, sign and unit. A name may be a place, a people, a language, money or a point of
    the compass; a date is a weekday or a month, and a negation is one that only one of the texts has.
    """

    NUMBER_MISMATCH = "number_mismatch"
    NAME_MISSING = "name_missing"
    REPETITION = "repetition"
    LENGTH_RATIO = "length_ratio"
    UNTRANSLATED = "untranslated"
    RESPLIT = "resplit"
    PROMPT_LEAK = "prompt_leak"
    EMPTY = "empty"
    ALREADY_ENGLISH = "already_english"
    LOW_CONFIDENCE = "low_confidence"
    ADDRESS_CHANGED = "address_changed"
    OTHER_LANGUAGE = "other_language"
    TERM_MISSING = "term_missing"
    DATE_MISMATCH = "date_mismatch"
    NEGATION_MISMATCH = "negation_mismatch"
    CHARACTERS_LOST = "characters_lost"

    @classmethod
    def _missing_(cls, value: object) -> Flag | None:
        """A flag that only newer workers know, as producers may be older."""
        if not isinstance(value, str) or not value.isidentifier():
            return None
        flag = str.__new__(cls, value)
        flag._name_, flag._value_ = value.upper(), value
        return flag


#: With these flags the model gave nothing, or only its prompt. The French is better than that, so the segment's ``en``
#: is the French.
FRENCH_KEPT = frozenset({Flag.EMPTY, Flag.PROMPT_LEAK})


class Detail(Report):
    """What a flag found, as it stands in each language: the first 20 of a segment, each text cut at 200 characters."""

    flag: Flag
    fr: str
    en: str


class Segment(Report):
    """A sentence and its translation. ``paragraph`` and ``sentence`` count from 0. The title is not among them."""

    paragraph: int
    sentence: int
    fr: str
    en: str
    flags: list[Flag] = []
    details: list[Detail] = []
    confidence: Annotated[
        float | None,
        Field(
            description="how sure the model was of its words, from 0 to 1: the geometric mean of the probabilities of "
            "the translation's tokens; it compares sentences of the same model, and says nothing of their truth; null "
            "where no model wrote the English, and from workers before 0.2"
        ),
    ] = None


class Quality(Report):
    """How far the result can be trusted."""

    flagged_segments: int
    flags: dict[Flag, int]
    summary: Literal["abstractive", "extractive", "none"]


class ModelInfo(Report):
    """What produced a text. This is enough to produce it again."""

    id: str
    revision: str
    engine: str
    compute_type: str


class Models(Report):
    """The models that ran. A field is null where no model was needed."""

    translation: ModelInfo | None
    summary: ModelInfo | None


class Timings(Report):
    """The time of each stage in milliseconds. ``queued`` is null where the time of the submit is not known."""

    queued: int | None
    segment: int
    translate: int
    summarise: int
    total: int


class Cache(Report):
    """How many sentences were taken from the cache (``hits``), and how many the model was given (``misses``).

    With a cache, a sentence counts each time when it is tried again after a failed check, and equal sentences of one
    article count once. Without a cache, ``hits`` is 0 and ``misses`` is the number of sentences to translate.
    """

    hits: int
    misses: int


class Source(Report):
    """What is known about the article itself. ``language`` is the one as which it was processed: ``fr`` or ``en``."""

    language: str
    chars: int
    metadata: dict[str, JsonValue]


class ArticleResult(Report):
    """A finished article. ``text_en`` keeps the paragraphs and the layout of the French text.

    The title has the same fields as a segment, under names of its own. Those besides ``title_en`` came with 0.2.
    """

    id: str
    title_en: str | None
    title_fr: str | None = None
    title_flags: list[Flag] = []
    title_confidence: Annotated[float | None, Field(description="as for a segment")] = None
    text_en: str
    summary_en: str | None
    segments: list[Segment]
    quality: Quality
    models: Models
    timings_ms: Timings
    attempts: int
    cache: Cache
    source: Source


class JobState(StrEnum):
    """The state of a job. It is ``unknown`` if the job was never submitted here, or if its record has expired."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    DEAD = "dead"
    UNKNOWN = "unknown"

    @property
    def terminal(self) -> bool:
        """Whether the job will not change any more."""
        return self not in {JobState.QUEUED, JobState.RUNNING, JobState.UNKNOWN}


class JobError(Report):
    """Why a job failed: a code for programs, a message for people, and details as JSON."""

    code: str
    message: str
    detail: dict[str, JsonValue] = {}


#: The stages of an article, in order. ``Timings`` has a field for each of them.
Stage = Literal["segment", "translate", "summarise"]
STAGES: tuple[Stage, ...] = get_args(Stage)


class Progress(Report):
    """How far a running job has come.

    In the stage ``translate``, ``done`` and ``total`` count sentences. A sentence that is too long for the model, or
    that begins with a block of capitals, counts once for each of its parts. In the other stages they count steps.
    """

    stage: Stage
    done: int
    total: int


class JobStatus(Report):
    """What ``depeche status`` prints. ``queued_at`` is UTC in ISO 8601."""

    id: str
    state: JobState
    progress: Progress | None = None
    attempts: int = 0
    queued_at: str | None = None
    error: JobError | None = None


class Stats(Report):
    """What ``depeche stats`` prints. ``queued`` counts by priority. ``delayed`` jobs wait for another attempt."""

    queued: dict[Literal["high", "normal", "low"], int]
    running: int
    delayed: int
    dead: int
    workers: int


MessageType = TypeVar("MessageType", bound=Message)
ReportType = TypeVar("ReportType", bound=Report)


def parse(model: type[MessageType], payload: Any) -> MessageType:
    """Check what came in from outside.

    Raises:
        InvalidArticle: names the faulty fields and what is wrong with each, without repeating the text.
    """
    try:
        return model.model_validate(payload)
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False, include_context=False)
        lines = [_fault(model, fault["loc"], fault["msg"]) for fault in faults[:SHOWN_FAULTS]]
        raise InvalidArticle("; ".join(lines), {"faults": lines}) from None


def _fault(model: type[Message], location: tuple[int | str, ...], message: str) -> str:
    # These names come from outside. They may be anything, and with deep nesting there are many of them.
    names = [str(part) if str(part).isidentifier() else ascii(part) for part in location[:3]]
    field = ".".join(name[:SHOWN_NAME] for name in names) or model.__name__.lower()
    message = message.removeprefix("Value error, ")
    return f"{field}: {message[0].lower()}{message[1:]}"


def check_key(key: str | None) -> None:
    """Hold an idempotency key, if there is one, against what can be one.

    Raises:
        InvalidArticle: it is empty, or no text.
    """
    if key is None:
        return
    if not key:
        raise InvalidArticle("key: must not be empty: leave it out, or give a text of your own for each article")
    try:
        _plain(key)
    except ValueError as error:
        raise InvalidArticle(f"key: {error}") from None


def check_length(article: Article, max_chars: int) -> None:
    """Check that the article has at most ``max_chars`` characters, which is DEPECHE_MAX_ARTICLE_CHARS.

    Raises:
        TooLong: the message has both figures.
    """
    chars = len(article.text)
    if chars > max_chars:
        raise TooLong(
            f"the article has {chars} characters, and at most {max_chars} are taken: split it, or raise "
            "DEPECHE_MAX_ARTICLE_CHARS for the producer and the workers",
            {"chars": chars, "max_chars": max_chars},
        )
