"""Text in capitals is put in sentence case, and names and acronyms are recognised by the rest of the article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.translation.capitals import Spellings

ARTICLE = [
    "INONDATIONS AU SUD : le bilan monte",
    "Selon la SNCF et l'ONU, le port de Valmont reste fermé.",
    "Le maire de Valmont, Élie Duvauchel, attend un train de la SNCF.",
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("LE MAIRE DE VALMONT DÉMISSIONNE", "Le maire de Valmont démissionne"),
        ("GRÈVE À LA SNCF ET À L'ONU", "Grève à la SNCF et à l'ONU"),
        ("LE TGV EN PANNE À LONS", "Le TGV en panne à lons"),
        ("MME DUVAUCHEL ET M. ROY", "Mme Duvauchel et M. roy"),
        ("LOUIS XIV, LE XIXE SIÈCLE ET LE 1ER MAI À 18H30", "Louis XIV, le XIXe siècle et le 1er mai à 18h30"),
        ("DIX MORTS, IL Y A MILLE ANS", "Dix morts, il y a mille ans"),
        ("LE COVID-19 AU G20", "Le covid-19 au G20"),
        ("« ENFIN ! »", "« Enfin ! »"),
        ("LE COÛT DE LA VIE AUGMENTE", "Le coût de la vie augmente"),
        ("1ER MAI : TOUT FERME", "1er mai : tout ferme"),
        ("2E TOUR", "2e tour"),
        ("5 MORTS À VALMONT", "5 morts à Valmont"),
        ("AU XIXe SIÈCLE, LA VILLE", "Au XIXe siècle, la ville"),
        ("FRANÇOIS IER, LA VE RÉPUBLIQUE ET LE XIIIÈME", "François Ier, la Ve république et le XIIIème"),
        ("12 %", "12 %"),
    ],
)
def test_sentence_case(text: str, expected: str) -> None:
    """Words of the article are spelt as there, acronyms and numerals stay, other words become small."""
    assert Spellings(ARTICLE).sentence_case(text) == expected


def test_the_article_knows_better_than_the_look() -> None:
    """What looks like a numeral is spelt as in the rest of the article."""
    assert Spellings(["Le candidat Xi a signé."]).sentence_case("LE MAIRE ET XI SIGNENT") == "Le maire et Xi signent"


@pytest.mark.parametrize(
    ("sentence", "block"),
    [
        ("INONDATIONS AU SUD : le bilan monte", "INONDATIONS AU SUD : "),
        ("LE PORT RESTE FERMÉ", "LE PORT RESTE FERMÉ"),
        ("LE 1er MAI, TOUT FERME !", "LE 1er MAI, TOUT FERME !"),
        ("URGENT – Le pont est fermé.", "URGENT – "),
        ("VALMONT - Le pont est fermé.", "VALMONT - "),
        ("GRÈVE", "GRÈVE"),
        # One short word may be an acronym; where the article spells it otherwise, it is none.
        ("ONU : le vote est reporté.", ""),
        ("LONS : le vote est reporté.", ""),
        ("ÉLIE : « Je reste. »", "ÉLIE : "),
        ("ONU", ""),
        ("Le port de l'ONU reste fermé.", ""),
        ("À Valmont : rien.", ""),
        ("12 000 : c'est trop.", ""),
        ("", ""),
    ],
)
def test_where_capitals_end(sentence: str, block: str) -> None:
    """All of a title, or a leading block with its mark; an acronym before a colon is left alone."""
    assert sentence[: Spellings(ARTICLE).shouted_end(sentence)] == block


@given(st.text(max_size=80) | st.text(alphabet="ABÉ abé:–- XIV1.'", max_size=80))
def test_no_word_is_lost(text: str) -> None:
    """Whatever the text, only case changes, and the block is a beginning of it."""
    spellings = Spellings([text])
    assert 0 <= spellings.shouted_end(text) <= len(text)
    assert spellings.sentence_case(text).casefold() == text.casefold()
