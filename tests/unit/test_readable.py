"""What a model cannot read is written so that it can, comes back in the English, or is flagged."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from depeche.article import Flag
from tasks.normalise import for_model
from tasks.readable import Readable, readable
from tasks.translation import translate
from tasks.translation.signs import spelt_out
from tests.fakes import FakeTranslator

#: What the vocabularies of real models lack, of either and of both.
LACKING = "—–―−‐‑‹›„€£¥¢§†©®™‰µ×≈≥≤→•·|½ŒœæßÈÊÂÇÎÑñóøłŁźğęã<#@=~^`´_&{}[]♥👏Словосº°"


def lacks(characters: str) -> Callable[[str], frozenset[str]]:
    """A vocabulary without some characters."""
    return lambda text: frozenset(characters) & set(text)


def given_for(sentence: str, characters: str = LACKING) -> Readable:
    """What a model that lacks them is given."""
    unreadable = lacks(characters)
    french = for_model(sentence)
    return readable(spelt_out(french, unreadable(french)), unreadable)


@pytest.mark.parametrize(
    ("french", "expected"),
    [
        ("Le bac — le seul – part.", "Le bac - le seul - part."),
        ("La saison 2020–2021 du tram Port-Amel–Vaubrune.", "La saison 2020-2021 du tram Port-Amel-Vaubrune."),
        ("Saint‑Hélier", "Saint-Hélier"),
        ("— Vous partez ?", "Vous partez ?"),
        ("• Le bac part à l'aube.", "Le bac part à l'aube."),
        ("Bravo aux marins 👏👏 ♥", "Bravo aux marins"),
        ("Le billet coûte 12 €.", "Le billet coûte 12 euros."),
        ("Le billet coûte 3,50€ (hier 1 €).", "Le billet coûte 3,50 euros (hier 1 euro)."),
        ("Le billet à 21 €, ou 0,1 €, ou 10 €/kg.", "Le billet à 21 euros, ou 0,1 euros, ou 10 euros/kg."),
        ("Le chantier coûte 12 M€ ou 3 Mds€.", "Le chantier coûte 12 millions d'euros ou 3 milliards d'euros."),
        ("Le chantier coûte 1,5 Md €.", "Le chantier coûte 1,5 milliards d'euros."),
        ("Une prime de 20 k€ et un prix de € 12 000.", "Une prime de 20 000 euros et un prix de 12 000 euros."),
        ("Le cours de l'€ et du £.", "Le cours de l'euro et du livre sterling."),
        ("Il faut ≥ 18 ans et <3 % d'alcool.", "Il faut au moins 18 ans et moins de 3 % d'alcool."),
        ("Le § 4 du n° 3, à 20 °C, soit 7 ‰.", "Le paragraphe 4 du numéro 3, à 20 degrés C, soit 7 pour mille."),
        ("Il reste ½ heure et 2½ pages de 5×4.", "Il reste 1/2 heure et 2 1/2 pages de 5 x 4."),
        ("Les étudiant·e·s et les lecteur·rice·s, tous·tes.", "Les étudiants et les lecteurs, tous."),
        ("Le cœur de Łódź et l'âme de ÑANDÚ ou d'Erdoğan.", "Le coeur de Lodz et l'âme de NANDÚ ou d'Erdogan."),
        ("Écrire à redaction@port-amel.example.", "Écrire à redaction-port-amel.example."),
        ("La panne #PontFermé du Vélib®, du Tramway™.", "La panne PontFermé du Vélib, du Tramway."),
        ("Culture | Musique → Météo", "Culture - Musique - Météo"),
        ("Marks & Spencer et R&D [sic]", "Marks et Spencer et R-D (sic)"),
        ("Le nom Слово s'écrit autrement.", "Le nom s'écrit autrement."),
    ],
)  # fmt: skip
def test_what_a_model_is_given(french: str, expected: str) -> None:
    """Nothing that it lacks; of what it can read, all."""
    assert given_for(french).text == expected
    assert given_for(french, "").text == for_model(french)


@pytest.mark.parametrize(
    ("french", "english", "expected"),
    [
        ("Le bac — le seul – part.", "The ferry - the only one - leaves.", "The ferry — the only one – leaves."),
        ("Le bac — le seul — part.", "The ferry - the only - one leaves.", "The ferry — the only — one leaves."),
        ("Le bac — le seul — part.", "The only ferry leaves.", "The only ferry leaves."),
        ("Le bac — le seul – part.", "The only ferry - leaves.", "The only ferry - leaves."),
        ("Le bac - le seul — part.", "The ferry - the only one - leaves.", "The ferry - the only one — leaves."),
        ("La saison 2020–2021.", "The 2020-2021 season.", "The 2020–2021 season."),
        ("La saison 2020–2021 (2021-04).", "The 2020-2021 season (2021-04).", "The 2020–2021 season (2021-04)."),
        ("Le tram Port-Amel–Vaubrune.", "The Port-Amel-Vaubrune tram.", "The Port-Amel–Vaubrune tram."),
        ("Saint‑Hélier dort.", "Saint-Hélier is asleep.", "Saint-Hélier is asleep."),
        ("— Vous partez ?", "Are you leaving?", "— Are you leaving?"),
        ("Bravo aux marins 👏👏 ♥", "Well done, sailors", "Well done, sailors 👏👏 ♥"),
        ("Erdoğan va à Łódź.", "Erdogan's visit to Lodz.", "Erdoğan's visit to Łódź."),
        ("Le pont du Mont-Ñandú.", "Nandus live there.", "Nandus live there."),
        ("Écrire à une@mer.example.", "Write to une-mer.example.", "Write to une@mer.example."),
        ("La panne #PontFermé.", "The PontFermé failure.", "The #PontFermé failure."),
        ("Vélib® et Vélib", "Vélib and Vélib", "Vélib and Vélib"),
        ("Culture | Musique → Météo", "Culture - Music - Weather", "Culture | Music → Weather"),
        ("Il fait −5 et 5 marins dorment.", "It is -5 and 5 sailors sleep.", "It is −5 and 5 sailors sleep."),
        ("Le cœur bat.", "The coeur beats.", "The coeur beats."),
        ("Le bac — le seul.", "", ""),
    ],
)  # fmt: skip
def test_the_english_gets_its_characters_back(french: str, english: str, expected: str) -> None:
    """Where they can only belong there; else the plain ones stay."""
    assert given_for(french).restored(english) == expected


@pytest.mark.parametrize(
    ("french", "english", "flags"),
    [
        ("Le maire — un marin — a parlé.", "The mayor - a sailor - spoke.", ()),
        ("Le maire a payé 12 €.", "The mayor paid 12 euros.", ()),
        ("Le maire aime le mot слово.", "The mayor likes the word.", (Flag.CHARACTERS_LOST,)),
        ("Слово", "", (Flag.UNTRANSLATED, Flag.CHARACTERS_LOST)),
    ],
)  # fmt: skip
def test_what_is_lost_is_flagged(french: str, english: str, flags: tuple[Flag, ...]) -> None:
    """Signs that say something, and no accents and kinds of dashes; another decoding is not tried for them."""
    translator = FakeTranslator(lambda sentence, attempt: english, lacking=LACKING)
    (found,) = translate([french], translator)
    assert found.flags == flags
    assert len(translator.calls) == bool(english)
    assert found.text == ((english and found.text) or french)


def test_halves_and_parts_are_readable_too() -> None:
    """A sentence that is cut, for its length or after a failed check, reaches the model without unknown characters."""
    french = "Le bac — le seul du fleuve — part à l'aube, et le prix est de 12 € depuis la saison 2020–2021 au port."
    for most in (8, 50):
        translator = FakeTranslator(lambda sentence, attempt: "No.", max_input_tokens=most, lacking=LACKING)
        translate([french, french.upper()], translator)
        assert len(translator.calls) > 2
        seen = "".join(sentence for _, sentences in translator.calls for sentence in sentences)
        assert not set(seen) & set(LACKING), seen


@given(st.text(), st.sets(st.sampled_from(LACKING + "-.'ae")))
def test_nothing_unreadable_is_left(sentence: str, characters: set[str]) -> None:
    """Whatever the text, and whatever is lacking, stand-ins included; and what is lost is named."""
    found = given_for(sentence, "".join(characters))
    assert not characters & set(found.text)
    if not characters & set(for_model(sentence)):
        assert found == Readable(for_model(sentence))


@given(st.lists(st.sampled_from(["a", "B–c", "12–15", "12—15", "12-15", "- d", "— d", "| d"]), min_size=1))
def test_a_copied_text_comes_back_whole(words: list[str]) -> None:
    """A translation that is a copy has every mark in its place again, whichever kinds the original mixes."""
    french = " ".join(words)
    found = readable(french, lacks("—–|"))
    assert found.restored(found.text) == french
