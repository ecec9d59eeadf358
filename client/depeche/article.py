"""What crosses the queue: the article that goes in and the result that comes out, as pydantic models."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, ValidationError

from depeche.errors import InvalidArticle, TooLong

MAX_METADATA_BYTES = 16_384
MAX_DETAILS, MAX_DETAIL_CHARS = 20, 200

#: Of a message's faults, how many are told, and how much of a faulty field's name.
SHOWN_FAULTS, SHOWN_NAME = 10, 40


class Message(BaseModel):
    """Base of what comes in: read-only, and unknown fields are faults, as most are misspelt."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Report(BaseModel):
    """Base of what goes out: read-only; unknown fields are passed over, as producers may be older than workers."""

    model_config = ConfigDict(frozen=True, extra="ignore")


def _plain(text: str) -> str:
    if "\0" in text:
        raise ValueError(f"has a NUL character at position {text.index(chr(0))}; is it a binary file?")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"is not valid Unicode: a lone surrogate at position {error.start}") from None
    return text


def _with_letters(text: str) -> str:
    if not any(character.isalpha() for character in text):
        raise ValueError("has no letter, so there is nothing to translate")
    return text


def _bounded(metadata: dict[str, JsonValue]) -> dict[str, JsonValue]:
    size = len(json.dumps(metadata, allow_nan=False, ensure_ascii=False).encode())
    if size > MAX_METADATA_BYTES:
        raise ValueError(f"has {size} bytes as JSON; at most {MAX_METADATA_BYTES} are kept")
    return metadata


#: Such as fr or fr-CA.
LanguageTag = Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*$")]


class Article(Message):
    """An article to translate. ``metadata`` comes back unread in the result."""

    text: Annotated[str, AfterValidator(_plain), AfterValidator(_with_letters)]
    title: Annotated[str, Field(max_length=1000), AfterValidator(_plain)] | None = None
    language: LanguageTag = "fr"
    source_url: Annotated[str, Field(max_length=2048), AfterValidator(_plain)] | None = None
    metadata: Annotated[dict[str, JsonValue], AfterValidator(_bounded)] = {}


class Options(Message):
    """How to process one article."""

    summary: bool = True
    summary_sentences: Annotated[int, Field(ge=1, le=20)] = 3
    force: Annotated[bool, Field(description="translate it as French whatever language is detected")] = False


class Flag(StrEnum):
    """What may be wrong with a segment's English, for a reader to look at.

    Of numbers also the scale, sign and unit. A name may be a place, a people, a language, money, a point of the compass
    or an address, a date is a weekday or a month, and a negation is one that only one of the texts has.
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
    DATE_MISMATCH = "date_mismatch"
    NEGATION_MISMATCH = "negation_mismatch"


#: The model gave nothing, or nothing but its prompt: worse than French, so the segment's ``en`` is the French.
FRENCH_KEPT = frozenset({Flag.EMPTY, Flag.PROMPT_LEAK})


class Detail(Report):
    """What a flag found, as it stands in each language: the first 20 of a segment, each text cut at 200 characters."""

    flag: Flag
    fr: str
    en: str


class Segment(Report):
    """A sentence and its translation. ``paragraph`` and ``sentence`` count from 0; the title is no segment."""

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
    """What produced a text: enough to produce it again."""

    id: str
    revision: str
    engine: str
    compute_type: str


class Models(Report):
    """The models that ran; null where none was needed."""

    translation: ModelInfo | None
    summary: ModelInfo | None


class Timings(Report):
    """Milliseconds by stage. ``queued`` is null where the submit time is not known."""

    queued: int | None
    segment: int
    translate: int
    summarise: int
    total: int


class Cache(Report):
    """Sentences taken from the cache, and sentences that the model was given.

    With a cache, those that were tried again after a failed check count each time, and equal ones of one batch once;
    without one, ``hits`` is 0 and ``misses`` the number of sentences to translate.
    """

    hits: int
    misses: int


class Source(Report):
    """What is known of the article itself. ``language`` is the detected one."""

    language: str
    chars: int
    metadata: dict[str, JsonValue]


class ArticleResult(Report):
    """A finished article. ``text_en`` keeps the paragraphs and the layout of the French text."""

    id: str
    title_en: str | None
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
    """Where a job stands. ``unknown``: never submitted here, or expired."""

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
    """Why a job failed: a code for programs, a sentence for people, and figures."""

    code: str
    message: str
    detail: dict[str, JsonValue] = {}


#: The steps that an article's time is told by, in order; ``Timings`` has a field for each.
Stage = Literal["segment", "translate", "summarise"]
STAGES: tuple[Stage, ...] = get_args(Stage)


class Progress(Report):
    """How far a running job is.

    While it translates, ``done`` and ``total`` count sentences, those too long for the model, and those that begin with
    a block of capitals, by their parts; else steps.
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
    """What ``depeche stats`` prints. ``queued`` is by priority; ``delayed`` jobs wait for another attempt."""

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
        InvalidArticle: names every faulty field and what is wrong with it, without repeating the text.
    """
    try:
        return model.model_validate(payload)
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False, include_context=False)
        lines = [_fault(model, fault["loc"], fault["msg"]) for fault in faults[:SHOWN_FAULTS]]
        raise InvalidArticle("; ".join(lines), {"faults": lines}) from None


def _fault(model: type[Message], location: tuple[int | str, ...], message: str) -> str:
    # Names come from outside and may be anything, and deep nesting makes many of them.
    names = [str(part) if str(part).isidentifier() else ascii(part) for part in location[:3]]
    field = ".".join(name[:SHOWN_NAME] for name in names) or model.__name__.lower()
    message = message.removeprefix("Value error, ")
    return f"{field}: {message[0].lower()}{message[1:]}"


def check_length(article: Article, max_chars: int) -> None:
    """Hold the article against DEPECHE_MAX_ARTICLE_CHARS.

    Raises:
        TooLong: says both figures.
    """
    chars = len(article.text)
    if chars > max_chars:
        raise TooLong(
            f"the article has {chars} characters and at most {max_chars} are taken: split it, or raise "
            "DEPECHE_MAX_ARTICLE_CHARS for the producer and the workers",
            {"chars": chars, "max_chars": max_chars},
        )
