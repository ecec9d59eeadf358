"""A proper name of the French stands in the English, in one of its forms."""

from __future__ import annotations

import pytest

from tasks.checks import missing_names
from tasks.normalise import fold

KEPT_NAMES = [
    ("Il a quitté San Francisco.", "He left San Francisco."),
    ("Le salon de Maroc Export ouvre.", "Maroc Export's fair opens."),
    ("Selon l'ASTEC, tout va bien.", "All is well, according to ASTEC."),
    ("La Nasa et Google l'ont dit.", "NASA and Google said so."),
    ("Il vit aux États-Unis, puis à Londres.", "He lives in the United States, then in London."),
    ("Il vit aux Etats-Unis.", "He lives in the U.S."),
    ("Un rapport de l'ONU et de l'OTAN.", "A UN and NATO report."),
    ("L'UE, le FMI, le PIB, la TVA, les TIC et le SIDA.", "The EU, the IMF, GDP, VAT, ICT and AIDS."),
    ("Les PME et les ONG du Brésil.", "Brazil's SMEs and NGOs."),
    ("L'État et le Premier ministre.", "The state and the prime minister."),
    ("La rencontre entre Poutine et Tchernov.", "The meeting between Putin and Chernov."),
    ("Les élèves de l'École des Arts.", "The pupils of the art school."),
    ("« Tout va bien. Personne ne part. Demain non plus », dit-il.", '"All is well. No one leaves," he says.'),
    ("LA GRÈVE CONTINUE À VALMONT", "Strike goes on"),
    ("Le musée d'Elena Batourine.", "Baturina's museum."),
    ("L'Assemblée générale des Nations Unies.", "The UN general assembly."),
    ("Le XIXe siècle sans Napoléon III.", "The 19th century without Napoleon the Third."),
]

LOST_NAMES = [
    ("Il a quitté San Francisco.", "He left the city.", "San Francisco"),
    ("Il a quitté San Francisco.", "He left San Diego.", "San Francisco"),
    ("Le salon de Maroc Export ouvre.", "The fair opens.", "Maroc Export"),
    ("Selon l'ASTEC, tout va bien.", "All is well.", "ASTEC"),
    ("ASTEC ouvre une usine.", "It is opening a factory.", "ASTEC"),
    ("La Nasa l'a dit hier.", "It said so yesterday.", "Nasa"),
    ("Le moteur de Google est lent.", "The search engine is slow.", "Google"),
    ("Il vit en Allemagne.", "He lives in Austria.", "Allemagne"),
    ("Elle traduit tout avec Google Translate.", "She makes all her translations with it.", "Google Translate"),
    ("Il vit en France depuis mai.", "He has lived there since May.", "France"),
    ("Elle a étudié à Nantes.", "She studied there.", "Nantes"),
    ("Selon M. Duvauchel, non.", "No, he says.", "Duvauchel"),
]


@pytest.mark.parametrize(("french", "english"), KEPT_NAMES)
def test_translated_names_count_as_kept(french: str, english: str) -> None:
    """Exonyms, reordered acronyms, other transliterations and translated institutions are not a loss."""
    assert missing_names(french, english) == []


@pytest.mark.parametrize(("french", "english", "name"), LOST_NAMES)
def test_a_lost_name_is_flagged(french: str, english: str, name: str) -> None:
    """A name inside the sentence, or an acronym anywhere, must be in the translation."""
    assert missing_names(french, english) == [name]


def test_folding_removes_case_and_accents() -> None:
    """Names are compared without what the languages write differently."""
    assert fold("Élysée-ÇÜ") == "elysee-cu"
