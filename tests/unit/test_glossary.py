"""Glossaries: which terms are found, what their English must be, how the model is helped, and what files may hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from depeche import messages
from depeche.article import MAX_TERMS, Article, Flag, Options, Term, parse
from depeche.errors import InvalidArticle
from depeche.glossary import read_glossary
from tasks.translation import Glossary, translate
from tasks.translation.glossary import missing
from tests.fakes import FakeTranslator


def glossary(**terms: str | None) -> Glossary:
    """Of terms whose spaces are written as underscores."""
    return Glossary(Term(fr=fr.replace("_", " "), en=en) for fr, en in terms.items())


TERMS = glossary(
    commune="municipality",
    conseil="board",
    conseil_municipal="town council",
    droits_de_douane="customs duties",
    journal_local="local paper",
    Orange="Orange SA",
    ARS="regional health agency",
    eau="water supply",
)


@pytest.mark.parametrize(
    ("french", "expected"),
    [
        ("Les Communes votent.", [("Communes", "municipalities")]),
        ("La commune vote.", [("commune", "municipality")]),
        ("Le Conseil municipal suit le conseil.", [("Conseil municipal", "town council"), ("conseil", "board")]),
        (
            "Un droit de douane et des droits\u00a0de douane",
            [("droit de douane", "customs duties")] * 1 + [("droits\u00a0de douane", "customs duties")],
        ),
        ("Les journaux locaux", [("journaux locaux", "local papers")]),
        ("Une orange chez Orange", [("Orange", "Orange SA")]),
        ("L'ARS et l’ARS, pas les ars", [("ARS", "regional health agency")] * 2),
        ("L'eau de la commune", [("eau", "water supply"), ("commune", "municipality")]),
        ("Les eaux", [("eaux", "water supplies")]),
        ("Les communautés, le conseiller et les beaux jours", []),
        ("", []),
    ],
)
def test_terms_are_found_in_their_forms(french: str, expected: list[tuple[str, str]]) -> None:
    """Plural, capitals, white space and elision do not hide one, and longer words do not have it."""
    assert [(french[o.start : o.end], o.english) for o in TERMS.translated(french)] == expected


@pytest.mark.parametrize(
    ("french", "english", "lacking"),
    [
        ("Les communes votent.", "The municipalities vote.", []),
        ("La commune vote.", "The Municipality's vote.", []),
        ("La commune vote.", "The commune votes.", ["commune"]),
        ("Le conseil municipal", "The town-council", []),
        ("Le conseil municipal", "The municipal council", ["conseil municipal"]),
        ("La commune de la commune", "The town of the town", ["commune"]),
    ],
)
def test_english_has_its_terms(french: str, english: str, lacking: list[str]) -> None:
    """In any form; each one that is missing is reported once."""
    assert [term.fr for term in missing(TERMS.translated(french), english)] == lacking


def test_a_right_translation_costs_nothing_more() -> None:
    """The model sees the sentence whole, and where the terms come out as given it is not asked again."""
    engine = FakeTranslator(lambda given, attempt: "The municipality votes on Monday.")
    [found] = translate(["La commune vote lundi."], engine, glossary=TERMS)
    assert (found.flags, engine.calls) == ((), [(0, ["La commune vote lundi."])])


def test_a_missing_term_is_put_in() -> None:
    """The model gets a name in its place, and the English stands where the name stood, with a capital if it opens."""
    engine = FakeTranslator(
        lambda given, attempt: {"Communes votent lundi.": "Villages vote on Monday."}.get(given, "XX1 vote on Monday.")
    )
    [found] = translate(["Communes votent lundi."], engine, glossary=TERMS)
    assert (found.text, found.flags) == ("Municipalities vote on Monday.", ())


def test_a_lost_name_has_the_words_around_it_translated() -> None:
    """Then the term stands between what they came to."""
    english = {"La": "The", "vote lundi.": "votes on Monday."}
    engine = FakeTranslator(lambda given, attempt: english.get(given, "The village votes on Monday."))
    [found] = translate(["La commune vote lundi."], engine, glossary=TERMS)
    assert (found.text, found.flags) == ("The municipality votes on Monday.", (Flag.RESPLIT,))


def test_a_term_that_cannot_be_had_is_flagged() -> None:
    """With the term and what it should have been."""
    engine = FakeTranslator(lambda given, attempt: "The village votes on Monday." if "commune" in given else "")
    [found] = translate(["La commune vote lundi."], engine, glossary=TERMS)
    assert found.flags == (Flag.TERM_MISSING,)
    assert [(f.flag, f.fr, f.en) for f in found.findings] == [(Flag.TERM_MISSING, "commune", "municipality")]


def test_a_term_that_stays_does_not_reach_the_model() -> None:
    """It stands in the English as it stood in the French."""
    engine = FakeTranslator(lambda given, attempt: given.replace("La", "The").replace("ferme", "closes"))
    [found] = translate(["La Grande Halle ferme lundi."], engine, glossary=glossary(Grande_Halle=None))
    assert found.text == "The Grande Halle closes lundi."
    assert all("Halle" not in given for _, batch in engine.calls for given in batch)


def test_the_checks_do_not_miss_a_name_that_the_glossary_translates() -> None:
    """The sender knows better what a name is in English."""
    engine = FakeTranslator(lambda given, attempt: "The head of the River Board resigned on Monday.")
    article = ["La directrice du Comité Lormont a démissionné lundi."]
    assert translate(article, engine, glossary=glossary(Comité_Lormont="River Board"))[0].flags == ()
    assert Flag.NAME_MISSING in translate(article, engine)[0].flags


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ([{"fr": "a", "en": "b"}, {"fr": "a", "en": "c"}], "terms 1 and 2"),
        ([{"fr": ""}], "neither a letter nor a digit"),
        ([{"fr": "…", "en": "b"}], "neither a letter nor a digit"),
        ([{"fr": "a", "en": " "}], "neither a letter nor a digit"),
        ([{"fr": "a" * 101}], "at most 100"),
        ([{"fr": "a", "de": "b"}], "extra"),
        ([{"fr": f"mot{n}"} for n in range(MAX_TERMS + 1)], "at most 1000"),
    ],
)
def test_a_bad_glossary_is_refused(terms: list[dict[str, str]], message: str) -> None:
    """Contradictory, empty, too long or too many: nothing is queued."""
    with pytest.raises(InvalidArticle, match=message):
        parse(Options, {"glossary": terms})


def test_equal_lines_count_once() -> None:
    """A term that stands twice with the same English is not a fault."""
    assert len(Options(glossary=[Term(fr="a", en="b"), Term(fr=" a ", en="b")]).glossary) == 1


def test_without_a_glossary_the_message_is_that_of_the_first_release() -> None:
    """Workers that know no glossaries take it, and the same article under the same key is the same."""
    assert messages.arguments(Article(text="Le pont."), Options())[1] == {
        "options": {"summary": True, "summary_sentences": 3, "force": False}
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("commune\tmunicipality\nGrande Halle\t\n", [("commune", "municipality"), ("Grande Halle", None)]),
        ("fr,en\r\ncommune,municipality\r\n", [("commune", "municipality")]),
        ("French;English\ncommune;municipality;\n\n;;\n", [("commune", "municipality")]),
        ('"Roy, Blin et Cie","Roy, Blin & Co"\n', [("Roy, Blin et Cie", "Roy, Blin & Co")]),
        ("Grande Halle\nLa Poste\n", [("Grande Halle", None), ("La Poste", None)]),
        ("\ufefffr\ten\ncommune\tmunicipality", [("commune", "municipality")]),
    ],
)
def test_files(tmp_path: Path, text: str, expected: list[tuple[str, str | None]]) -> None:
    """Tabs, commas or semicolons; with a heading or without; quotation marks as a spreadsheet puts them."""
    file = tmp_path / "terms"
    file.write_text(text, encoding="utf-8", newline="")
    assert [(term.fr, term.en) for term in read_glossary(str(file))] == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\na,c\n", "line 2: 'a' has another English on line 1"),
        ("a,b\n,c\n", "line 2: fr: has neither"),
        ("a,b,c\n", "line 1: 3 columns"),
        ("a\tb\n" + "x" * 101 + "\tb\n", "line 2: fr: "),
        ("", "no terms"),
        ("fr\ten\n", "no terms"),
        ("\x00\x01", "binary"),
        ("\n".join(f"mot{n};word" for n in range(MAX_TERMS + 1)), "1001 terms"),
        ("\n".join(f"mot{n};a;b" for n in range(12)), "and 2 more"),
    ],
)
def test_bad_files_are_refused_by_line(tmp_path: Path, text: str, message: str) -> None:
    """Every faulty line is named, the first ten in full."""
    file = tmp_path / "terms"
    file.write_text(text, encoding="utf-8", newline="")
    with pytest.raises(InvalidArticle, match=message):
        read_glossary(str(file))
