"""Results for tests of the formats: harmless ones, and such as nobody should trust."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from depeche.article import (
    ArticleResult,
    Cache,
    Detail,
    Flag,
    ModelInfo,
    Models,
    Quality,
    Segment,
    Source,
    Timings,
)

#: Texts that try to be more than text: markup, script, links, escape sequences, turned writing, broken XML.
HOSTILE = {
    "script": "<script>alert('un')</script>",
    "attribute": "\"><img src=x onerror=alert('deux')>' onfocus=alert(3) autofocus x='",
    "end of the script": "</script><script>alert('quatre')</script>",
    "end of the style": "</style><style>* { display: none }</style>",
    "end of the title": "</title></head><svg onload=alert('cinq')>",
    "comment and section": "]]> <!-- -- > --> <![CDATA[ x ]]> <?php ?>",
    "entities": "&lt;b&gt; &amp;amp; &#x3c;i> &nbsp &copy",
    "template": "$title ${style} $$ {{ 7 * 7 }} {% raw %} %s %(id)s {0}",
    "links": "[ici](javascript:alert(6)) ![vu](https://images.example/x.png) <https://liens.example> [a]: /b",
    "markdown": "# titre *gras* _x_ __y__ `code` ~~non~~ | a | b | \\ 5 $ et 6 $",
    "heading": "## Un titre",
    "item": "- un tiret",
    "numbered": "1. un point",
    "quotation": "> une parole",
    "rule": "---",
    "numbered by brackets": "12) un crochet",
    "underlined": "===",
    "code": "```\ndu code\n```",
    "turned writing": "Le prix est \u202e48\u202c euros \u2066et\u2069 \u2067non\u200f.",
    "terminal": "\x1b]0;titre\x07 \x1b]52;c;ZWNobw==\x07 \x1b[2J \x9b31m \x7f \x08\x08 fin\r\nligne\rautre",
    "no XML": "un\x00deux\x0btrois\x1fquatre\ufffecinq\uffffsix",
    "lines": "une ligne\u2028autre ligne\u0085encore",
}


def sentence(fr: str, en: str, *flags: Flag, paragraph: int = 0, **fields: Any) -> Segment:
    """A sentence, the first of its paragraph unless the fields say otherwise."""
    return Segment(**({"paragraph": paragraph, "sentence": 0, "fr": fr, "en": en, "flags": list(flags)} | fields))


def result_of(segments: Sequence[Segment], **fields: Any) -> ArticleResult:
    """A result with these sentences; the fields are those of :class:`ArticleResult`, and win."""
    flags = [flag for segment in segments for flag in segment.flags]
    known = {
        "id": "396431fc-ea11-4929-8ff5-160b96ca34b9",
        "title_en": "The lighthouse is lit again",
        "title_fr": "Le phare se rallume",
        "text_en": " ".join(segment.en for segment in segments),
        "summary_en": "The lighthouse is lit again.",
        "segments": list(segments),
        "quality": Quality(
            flagged_segments=sum(bool(segment.flags) for segment in segments),
            flags={flag: flags.count(flag) for flag in flags},
            summary="extractive",
        ),
        "models": Models(
            translation=ModelInfo(id="marian-fr-en", revision="3", engine="ctranslate2", compute_type="int8"),
            summary=ModelInfo(id="lexrank", revision="2", engine="extractive", compute_type="none"),
        ),
        "timings_ms": Timings(queued=1200, segment=3, translate=64_000, summarise=20, total=64_023),
        "attempts": 1,
        "cache": Cache(hits=1, misses=4),
        "source": Source(language="fr", chars=1234, metadata={"rubrique": "Mer", "pages": [1, 2]}),
    }
    return ArticleResult(**(known | fields))


def doubtful_result() -> ArticleResult:
    """A title, two paragraphs, and sentences with and without doubts."""
    return result_of(
        [
            sentence("Le phare a coûté 12 000 euros.", "The lighthouse cost 12,000 euros.", confidence=0.81),
            sentence(
                "Il éclaire la baie d'Aÿ depuis 1902.",
                "It has lit the bay since 1920.",
                Flag.NUMBER_MISMATCH,
                Flag.NAME_MISSING,
                sentence=1,
                confidence=0.6,
                details=[
                    Detail(flag=Flag.NUMBER_MISMATCH, fr="1902", en="1920"),
                    Detail(flag=Flag.NAME_MISSING, fr="Aÿ", en=""),
                ],
            ),
            sentence("Le gardien dort.", "The keeper sleeps.", Flag.RESPLIT, paragraph=1, confidence=0.9),
            sentence("La mer monte.", "The sea rises.", Flag.LOW_CONFIDENCE, paragraph=1, sentence=1, confidence=0.41),
        ],
        title_confidence=0.7,
    )


def result_full_of(text: str) -> ArticleResult:
    """A result with this text in every place where one can stand, the title doubtful like the sentences."""
    model = ModelInfo(id=f"{text}", revision=text, engine=text, compute_type=text)
    details = [Detail(flag=flag, fr=text, en=text) for flag in (Flag.NUMBER_MISMATCH, Flag.UNTRANSLATED)]
    flags = [Flag.NUMBER_MISMATCH, Flag.UNTRANSLATED]
    return result_of(
        [
            sentence(text, text, *flags, details=details, confidence=0.5),
            sentence(text, text, Flag.RESPLIT, paragraph=1),
            sentence(text, text, paragraph=2),
        ],
        id=text,
        title_en=text,
        title_fr=text,
        title_flags=[Flag.NAME_MISSING],
        summary_en=text,
        models=Models(translation=model, summary=model),
        source=Source(language=text, chars=3, metadata={text: text, "liste": [text]}),
    )
