"""Remembered translations: an engine is asked once for what it can only answer alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from depeche.article import Article, ModelInfo, Options
from depeche.errors import ModelUnavailable
from tasks.engines import TURN, Hypothesis, Score
from tasks.pipeline import Context, process
from tasks.translation import CachingTranslator
from tests.fakes import INFO, FakeSentenceCache, FakeTranslator, fake_engines, texts
from worker.models.engines.seq2seq import Seq2SeqTranslator

TEXT = "La gare a fermé lundi. Elle rouvrira en 2027.\n\n* * *\n\nLa gare a fermé lundi. Le maire est content."

ENGLISH = {
    "La gare a fermé lundi.": "The station closed on Monday.",
    "Elle rouvrira en 2027.": "It will reopen in 2027.",
    "Le maire est content.": "The mayor is happy.",
    "La gare": "The station",
}


def shout(sentence: str, attempt: int) -> str:
    """A translation that tells its sentence and attempt."""
    return f"{sentence.upper()} {attempt}"


def test_the_engine_is_asked_only_for_what_is_missing() -> None:
    """In one call, each sentence once; all come back in the order asked, and the counts say which were which."""
    cache, engine = FakeSentenceCache(), FakeTranslator(shout)
    CachingTranslator(engine, cache).translate(["b", "d"])
    translator = CachingTranslator(engine, cache)
    assert texts(translator.translate(["a", "b", "c", "a", "d"])) == ["A 0", "B 0", "C 0", "A 0", "D 0"]
    assert engine.calls == [(0, ["b", "d"]), (0, ["a", "c"])]
    assert (translator.hits, translator.misses) == (2, 2)
    assert texts(translator.translate(["c", "e"])) == ["C 0", "E 0"]
    assert (translator.hits, translator.misses) == (3, 3)


def test_the_engine_is_left_alone_when_all_is_known() -> None:
    """Not even an empty call, for sentences that are known or for none."""
    cache, engine = FakeSentenceCache(), FakeTranslator(shout)
    first, second = CachingTranslator(engine, cache), CachingTranslator(engine, cache)
    assert first.translate(["a", "b"]) == second.translate(["a", "b"])
    assert second.translate([]) == []
    assert len(engine.calls) == 1
    assert (second.hits, second.misses) == (2, 0)


def test_attempts_are_remembered_apart() -> None:
    """Another decoding gives another translation, so that a repair does not get the translation that failed."""
    cache, engine = FakeSentenceCache(), FakeTranslator(shout)
    for _ in range(2):
        translator = CachingTranslator(engine, cache)
        assert [texts(translator.translate(["a"], attempt=attempt)) for attempt in range(3)] == [
            ["A 0"],
            ["A 1"],
            ["A 2"],
        ]
    assert [attempt for attempt, _ in engine.calls] == [0, 1, 2]


@pytest.mark.parametrize("field", [*ModelInfo.model_fields, "settings"])
def test_another_model_or_setting_finds_nothing(field: str) -> None:
    """Whatever changes the output is a part of the key."""
    cache, one, other = FakeSentenceCache(), FakeTranslator(shout), FakeTranslator(shout)
    if field == "settings":
        other.settings = "other"
    else:
        other.info = INFO.model_copy(update={field: "other"})
    CachingTranslator(one, cache).translate(["a"])
    CachingTranslator(other, cache).translate(["a"])
    assert len(other.calls) == 1
    assert len(cache.texts) == 2
    assert all(len(key) == 32 and int(key, 16) >= 0 for key in cache.texts)


def test_nothing_is_no_translation_to_remember() -> None:
    """An engine that gave nothing is asked again, and the job sees that it gave nothing."""
    cache, engine = FakeSentenceCache(), FakeTranslator(lambda sentence, attempt: "" if sentence == "a" else "B")
    for _ in range(2):
        assert texts(CachingTranslator(engine, cache).translate(["a", "b"])) == ["", "B"]
    assert [batch for _, batch in engine.calls] == [["a", "b"], ["a"]]


def test_a_failing_engine_loses_only_the_batch_in_flight() -> None:
    """What was translated before is remembered at once."""

    def english(sentence: str, attempt: int) -> str:
        if sentence == "c":
            raise ModelUnavailable("broken")
        return shout(sentence, attempt)

    cache, engine = FakeSentenceCache(), FakeTranslator(english)
    translator = CachingTranslator(engine, cache)
    translator.translate(["a", "b"])
    with pytest.raises(ModelUnavailable):
        translator.translate(["c"])
    again = CachingTranslator(engine, cache)
    assert (texts(again.translate(["a", "b"])), again.hits) == (["A 0", "B 0"], 2)


def test_how_sure_the_model_was_is_remembered() -> None:
    """A sentence from the cache has the score that it had when it was written, or none if it had none."""
    cache = FakeSentenceCache()
    engine = FakeTranslator(lambda sentence, attempt: Hypothesis("A", Score(-1.5, 4)) if sentence == "a" else "B")
    first, second = (CachingTranslator(engine, cache).translate(["a", "b"]) for _ in range(2))
    assert first == second == [Hypothesis("A", Score(-1.5, 4)), Hypothesis("B")]
    assert len(engine.calls) == 1


@pytest.mark.parametrize("stored", ["The station.", "{}", "[]", "[[]]", '["A", "x", 2]', '["A", -1.0]', "[" * 100_000])
def test_what_is_not_of_our_making_is_not_used(stored: str) -> None:
    """Whatever another program or version put under the key, the engine is asked again."""
    cache, engine = FakeSentenceCache(), FakeTranslator(shout)
    CachingTranslator(engine, cache).translate(["a"])
    cache.texts = dict.fromkeys(cache.texts, stored)
    translator = CachingTranslator(engine, cache)
    assert (texts(translator.translate(["a"])), translator.hits, translator.misses) == (["A 0"], 0, 1)


def test_it_is_a_translator_like_its_engine() -> None:
    """Model, settings, limits, prompt and tokens are the engine's."""
    engine = FakeTranslator(shout, lacking="€")
    translator = CachingTranslator(engine, FakeSentenceCache())
    assert (translator.info, translator.settings) == (engine.info, engine.settings)
    assert (translator.max_input_tokens, translator.batch_size) == (engine.max_input_tokens, engine.batch_size)
    assert translator.prompt_texts == engine.prompt_texts
    assert translator.unreadable("12 €") == {"€"}
    assert translator.count_tokens(["un deux", "trois"]) == engine.count_tokens(["un deux", "trois"])


def test_beam_sizes_are_told_apart() -> None:
    """The same prepared model with another beam is another translator."""
    generator = cast("Any", SimpleNamespace(compute_type="int8"))
    settings = [Seq2SeqTranslator(INFO, cast("Any", None), generator, beam_size=size).settings for size in (2, 2, 4)]
    assert settings[0] == settings[1] != settings[2]


@pytest.mark.parametrize(
    "english",
    [
        lambda sentence, attempt: ENGLISH[sentence],
        # Each is faulty: the repairs are remembered too.
        lambda sentence, attempt: f"{sentence} {attempt} 99",
    ],
    ids=["sound", "faulty"],
)
def test_a_second_run_gives_the_same_without_the_engine(english: Any) -> None:
    """An article that was translated before costs no translation; text, flags and the model's name are the same."""
    cache, engine = FakeSentenceCache(), FakeTranslator(english, batch_size=2)
    article = Article(text=TEXT, title="La gare")
    plain = process(article, Options(), fake_engines(FakeTranslator(english, batch_size=2)), Context("1"))
    job = Context("1", cache=cache)
    first = process(article, Options(), fake_engines(engine), job)
    calls = list(engine.calls)
    second = process(article, Options(), fake_engines(engine), replace(job, id="2"))
    assert engine.calls == calls
    for result in (first, second):
        assert result.segments == plain.segments
        assert (result.text_en, result.title_en, result.summary_en) == (
            plain.text_en,
            plain.title_en,
            plain.summary_en,
        )
        assert (result.quality, result.models) == (plain.quality, plain.models)
    assert first.cache.misses == sum(len(batch) for _, batch in calls)
    assert (second.cache.hits >= len(ENGLISH), second.cache.misses) == (True, 0)


def test_counts_are_of_this_job() -> None:
    """Of an article that shares sentences with a former one, only the others are given to the model."""
    cache, engine = FakeSentenceCache(), FakeTranslator(lambda sentence, attempt: ENGLISH[sentence])
    job = Context("1", cache=cache)
    one = process(Article(text="La gare a fermé lundi. Le maire est content."), Options(), fake_engines(engine), job)
    two = process(Article(text="Le maire est content. Elle rouvrira en 2027."), Options(), fake_engines(engine), job)
    assert [(r.cache.hits, r.cache.misses) for r in (one, two)] == [(0, 2), (1, 1)]
    assert engine.calls[-1] == (0, ["Elle rouvrira en 2027."])


class TellingTranslator(FakeTranslator):
    """One that has each translation in turn, and then may fail."""

    def __init__(self, fails_at: int | None = None) -> None:
        super().__init__(shout)
        self._fails_at = fails_at

    def translate(self, sentences: Sequence[str], *, attempt: int = 0) -> list[Hypothesis]:
        """Tell each, and fail at one."""
        found = super().translate(sentences, attempt=attempt)
        for place, hypothesis in enumerate(found):
            if place == self._fails_at:
                raise ModelUnavailable("the machine has gone")
            TURN.get().found({place: hypothesis})
        return found


def test_what_a_call_has_already_is_kept_at_once() -> None:
    """An engine that fails at the last of four sentences is asked for that one alone the next time."""
    cache = FakeSentenceCache()
    with pytest.raises(ModelUnavailable):
        CachingTranslator(TellingTranslator(fails_at=3), cache).translate(["a", "b", "c", "d"])
    engine = TellingTranslator()
    again = CachingTranslator(engine, cache)
    assert texts(again.translate(["a", "b", "c", "d"])) == ["A 0", "B 0", "C 0", "D 0"]
    assert (engine.calls, again.hits, again.misses) == ([(0, ["d"])], 3, 1)


class LateSentenceCache(FakeSentenceCache):
    """One that stores what was put with the next look into it, as the one in Redis may."""

    def __init__(self) -> None:
        super().__init__()
        self.put_since: dict[str, str] = {}

    def get(self, keys: Sequence[str]) -> list[str | None]:
        """Store, then look."""
        self.flush()
        return super().get(keys)

    def flush(self) -> None:
        """Store."""
        self.texts |= self.put_since
        self.put_since = {}

    def put(self, found: Mapping[str, str]) -> None:
        """For later."""
        self.put_since |= found


@pytest.mark.parametrize(("fails_at", "stored"), [(1, 1), (3, 3), (None, 3)])
def test_only_the_end_of_a_call_waits_for_the_next_look(fails_at: int | None, stored: int) -> None:
    """Of four batches of one call, all that are computed are stored, but the last comes with the next look."""
    cache = LateSentenceCache()
    with nullcontext() if fails_at is None else pytest.raises(ModelUnavailable):
        CachingTranslator(TellingTranslator(fails_at), cache).translate(["a", "b", "c", "d"])
    assert len(cache.texts) == stored
    cache.get(())
    assert len(cache.texts) == (4 if fails_at is None else stored)


def test_nothing_is_kept_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was told is not stored again at the end of the call, and a call without news stores once."""
    for engine, expected in ((TellingTranslator(), 3), (FakeTranslator(shout), 1)):
        cache, stored = FakeSentenceCache(), list[int]()
        monkeypatch.setattr(cache, "put", lambda found, stored=stored: stored.append(len(found)))
        CachingTranslator(engine, cache).translate(["a", "b", "c"])
        assert (len(stored), sum(stored)) == (expected, 3)


def test_what_others_ask_meanwhile_is_not_taken_for_ours() -> None:
    """Only the call itself is listened to: what this thread asks of an engine afterwards is told to nobody."""
    cache = FakeSentenceCache()
    CachingTranslator(TellingTranslator(), cache).translate(["a"])
    TellingTranslator().translate(["z"])
    assert len(cache.texts) == 1
