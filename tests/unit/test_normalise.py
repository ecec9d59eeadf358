"""Models get one spelling of spaces, quotes and apostrophes, and nothing that cannot be seen."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.steps.normalise import english_numbers, for_model, has_letters


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Le port\nest  fermé.\t", "Le port est fermé."),
        ("Le port\r\nest fermé.", "Le port est fermé."),
        ("12\u00a0000 habitants, 12\u202f000 euros, 12 000 arbres", "12 000 habitants, 12 000 euros, 12 000 arbres"),
        ("Est-ce loin\u202f?", "Est-ce loin ?"),
        ("«\u202fNous partons\u00a0», dit-elle.", '"Nous partons", dit-elle.'),
        ("« Nous partons », dit-elle.", '"Nous partons", dit-elle.'),
        ("Elle a dit « oui ».", 'Elle a dit "oui".'),
        ("“Nous partons”", '"Nous partons"'),
        ("L’été de l’an dernier", "L'été de l'an dernier"),
        ("\ufeffLe\u200bport \u202aest\u202c fer\u00admé.", "Leport est fermé."),
        ("e\u0301te\u0301", "été"),
        ("Une porte-\nfenêtre", "Une porte- fenêtre"),
        ("Du\x00 bruit\x07", "Du bruit"),
        (" \u200b \u00a0", ""),
        ("Rien à changer : 3,5 % (soit 2/3).", "Rien à changer : 3,5 % (soit 2/3)."),
    ],
)
def test_one_spelling(sentence: str, expected: str) -> None:
    """White space, quotes, apostrophes and invisible characters get one form; all else stays."""
    assert for_model(sentence) == expected


@given(st.text())
def test_normalising_twice_changes_nothing_more(sentence: str) -> None:
    """The result is one line of NFC and its own normal form."""
    once = for_model(sentence)
    assert for_model(once) == once
    assert len(once.splitlines()) <= 1
    assert unicodedata.is_normalized("NFC", once)


@given(st.text())
def test_no_letter_or_digit_is_lost(sentence: str) -> None:
    """What a reader reads is what the model gets."""
    words = [c for c in unicodedata.normalize("NFC", for_model(sentence)) if c.isalnum()]
    visible = "".join(c for c in sentence if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    assert words == [c for c in unicodedata.normalize("NFC", visible) if c.isalnum()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Oui", True),
        ("é", True),
        ("日本", True),
        ("12 %", False),
        ("* * *", False),
        ("", False),
        ("—", False),
        ("G7", True),
    ],
)
def test_has_letters(text: str, expected: bool) -> None:
    """Only text with a letter is worth a model's time."""
    assert has_letters(text) is expected


@pytest.mark.parametrize(
    ("french", "english", "expected"),
    [
        ("8,4 km", "8,4 km", "8.4 km"),
        ("1,70 euro", "It costs 1,70 euros.", "It costs 1.70 euros."),
        ("12 000 foyers", "12 000 homes", "12,000 homes"),
        ("100.000 sociétés", "100.000 companies", "100,000 companies"),
        ("1 234,5 tonnes", "1 234,5 tonnes", "1,234.5 tonnes"),
        ("3,5 % et 3,5 %", "3,5% and 3.5%", "3.5% and 3.5%"),
        # The model's own numbers, and those that mean the same in both languages.
        ("12 000 foyers", "12,000 homes", "12,000 homes"),
        ("3.8 milliards en 2024", "3.8 billion in 2024", "3.8 billion in 2024"),
        ("rien", "8,4 km", "8,4 km"),
        ("3,141 mètres", "3,141 metres", "3,141 metres"),
        ("le 14.07.1789", "on 14.07.1789", "on 14.07.1789"),
        ("la version 2.0.100", "version 2.0.100", "version 2.0.100"),
        ("au 01 23 45 67 89", "at 01 23 45 67 89", "at 01 23 45 67 89"),
    ],
)
def test_english_numbers(french: str, english: str, expected: str) -> None:
    """A number copied in its French form gets its English one; no other is touched."""
    assert english_numbers(english, french) == expected
