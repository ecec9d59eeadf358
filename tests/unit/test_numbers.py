"""Numbers may change their clothes in translation, never their value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.checks import numbers_agree

SAME_NUMBERS = [
    ("Le taux atteint 3,5 %.", "The rate stands at 3.5 percent."),
    ("Il y avait 1.200 manifestants.", "There were 1,200 demonstrators."),
    ("Il y avait 1 200 manifestants.", "There were 1,200 demonstrators."),
    ("Il y avait 1\u202f200 manifestants.", "There were 1200 demonstrators."),
    ("Il y avait 1\u00a0200 manifestants.", "There were 1.200 demonstrators."),
    ("Plus de 100.000 foyers sont privés de courant.", "More than 100,000 homes are without power."),
    ("Un prêt de 1.234.567,89 euros.", "A loan of 1,234,567.89 euros."),
    ("Le projet coûte 3,8 milliards.", "The project costs 3.8 billion."),
    ("Le projet coûte 1,5 million d'euros.", "The project costs €1,500,000."),
    ("Le projet coûte 1 500 000 euros.", "The project costs €1.5m."),
    ("De 3 à 4 milliards d'euros.", "Between 3 billion and 4 billion euros."),
    ("Deux à trois millions de tonnes.", "Two million to three million tonnes."),
    ("Le 1er mai, la 2e équipe et la 3ème.", "On May 1st, the second team and the third."),
    ("Une église du XXe siècle.", "A 20th century church."),
    ("Une église du XVIIe siècle.", "A seventeenth-century church."),
    ("Louis XIV y dormit.", "Louis XIV slept there."),
    ("La séance ouvre à 18 h 30.", "The session opens at 6:30 pm."),
    ("La séance ouvre à 18h30.", "The session opens at 18:30."),
    ("La séance ouvre à 18h00.", "The session opens at 6 p.m."),
    ("La séance ouvre à midi.", "The session opens at 12 noon."),
    ("Signé le 12/03/2021.", "Signed on 12 March 2021."),
    ("Signé le 12.03.2021.", "Signed on March 12, 2021."),
    ("Il a 2 filles.", "He has two daughters."),
    ("Il a deux filles.", "He has 2 daughters."),
    ("Elle a soixante-dix ans.", "She is 70."),
    ("Elle a 97 ans.", "She is ninety-seven."),
    ("Elle a quatre-vingt-dix-sept ans.", "She is 97 years old."),
    ("Quatre-vingts communes et vingt et un hameaux.", "80 towns and 21 hamlets."),
    ("Deux mille dix-sept voix.", "2,017 votes."),
    ("Une vingtaine de maisons, une dizaine de granges.", "About 20 houses and 10 barns."),
    ("Six cent soixante-douze postes.", "Six hundred and seventy-two jobs."),
    ("Dans les années 60.", "In the 1960s."),
    ("Dans les années 1980.", "In the eighties."),
    ("Deux heures et demie.", "2.5 hours."),
    ("Entre 10-12 ans, victoire 3-1.", "Between 10 and 12 years old, a 3-1 win."),
    ("La saison 2018-19.", "The 2018-2019 season."),
    ("Cent pour cent des voix, soit 25%.", "All the votes, or 25 per cent."),
    ("L'A320 et le Covid-19 au G7.", "The A320 and Covid-19 at the G7."),
    ("Appelez le 04 76 00 12 34.", "Call 04 76 00 12 34."),
    ("Un terrain de 300 m2.", "A plot of 300 square metres."),
    ("Les émissions de CO2.", "Carbon emissions."),
    ("Le séisme a eu lieu à 8 h 46.", "The earthquake struck at 8:46 a.m."),
    ("La séance ouvre à 20 h.", "The session opens at 8:00 p.m."),
    ("La séance ouvre à 14 h.", "The session opens at 14:00."),
    ("Il est né vers 0h30.", "He was born at about 12:30 a.m."),
    ("La IIIe République, puis la 5e.", "The Third Republic, then the 5th."),
    ("Il revient dans quinze jours.", "He will be back in two weeks."),
    ("Vingt élèves et une trentaine de parents.", "Twenty pupils and about thirty parents."),
    ("Deux ou trois personnes, la première surtout.", "A few people, above all one of them."),
]

OTHER_NUMBERS = [
    ("Il y avait 1 200 manifestants.", "There were 1,300 demonstrators."),
    ("Il y avait 1 200 manifestants.", "There were 12,000 demonstrators."),
    ("Il y avait 1 200 manifestants.", "There were demonstrators."),
    ("Le projet coûte 3,8 milliards.", "The project costs 3.8 million."),
    ("Le taux atteint 3,5 %.", "The rate stands at 35 percent."),
    ("La séance ouvre à 18 h 30.", "The session opens at 5:30 pm."),
    ("Une église du XXe siècle.", "A 19th century church."),
    ("Elle a soixante-dix ans.", "She is 60."),
    ("Elle a soixante-quinze ans.", "She is sixty-five."),
    ("Il vit à Lons.", "He has lived in Lons since 1987."),
    ("Dans les années 1980.", "In the 1880s."),
    ("Vingt élèves sont partis.", "Thirty pupils left."),
    ("Quinze maisons ont brûlé.", "Fourteen houses burnt down."),
    ("Le séisme a eu lieu à 8 h 46.", "The earthquake struck at 8:45 a.m."),
    ("Le 1er mai.", "On May 2."),
    ("L'A320 a atterri.", "The plane landed."),
]


#: Numbers that come up again, where the French has none or another.
SAID_AGAIN = [
    (
        "La région en paiera 40 %, l'État 25 % et la ville le reste.",
        "The region pays 40%, the state 25%, the city 25%.",
    ),
    ("Le pont, long de 320 m, a été élargi.", "The bridge, 320 m long, was widened by 320 m."),
    ("Il a remis 1 200 euros à la caisse.", "He gave 1,200 euros to the fund, which has 1,200 euros."),
    ("Elle a fini 14e en 2019.", "She finished 14th in 2019, and again in 2019."),
]
#: Numbers that stand there as often, or are said again for a reason that shows.
SAID_AS_OFTEN = [
    ("Il y a 25 % de femmes et 25 % de jeunes.", "There are 25% women and 25% young people."),
    ("Un mur de 2 m sur 2 m.", "A wall of 2 m by 2 m."),
    ("Le score fut de 3 partout.", "The score was 3-3."),
    ("La course fait 10 km.", "The race is 10 km (6 miles) long."),
    ("Quatorze élus ont voté pour, 14 contre.", "14 members voted in favour, 14 against."),
    ("Il a 36 ans et a couru en 2 h 24.", "Aged 36, he ran it in 2:24."),
]


@pytest.mark.parametrize(("french", "english"), SAID_AGAIN)
def test_a_number_that_is_said_once_more_is_flagged(french: str, english: str) -> None:
    """What takes the place of a lost clause is often a number of its neighbour."""
    assert not numbers_agree(french, english)


@pytest.mark.parametrize(("french", "english"), SAID_AS_OFTEN)
def test_a_number_may_come_as_often_as_in_the_french(french: str, english: str) -> None:
    """Equal numbers are common, and the other unit is a service to readers."""
    assert numbers_agree(french, english)


@pytest.mark.parametrize(("french", "english"), SAME_NUMBERS)
def test_numbers_may_change_their_form(french: str, english: str) -> None:
    """One number in two notations is one number."""
    assert numbers_agree(french, english)


@pytest.mark.parametrize(("french", "english"), OTHER_NUMBERS)
def test_a_changed_lost_or_new_number_is_flagged(french: str, english: str) -> None:
    """Numbers that differ are a mismatch, whichever side has the odd one."""
    assert not numbers_agree(french, english)


@given(st.lists(st.integers(min_value=0, max_value=10**12).map(str), min_size=1, max_size=6, unique=True))
def test_copied_numbers_are_right(numbers: list[str]) -> None:
    """A list of figures is its own translation, with any mark between the thousands."""
    french = " ; ".join(f"{int(number):_}".replace("_", "\u202f") for number in numbers)
    english = "; ".join(f"{int(number):,}" for number in numbers)
    assert numbers_agree(french, french)
    assert numbers_agree(french, english)


@given(st.integers(min_value=1, max_value=10**9), st.integers(min_value=1, max_value=10**9))
def test_another_number_is_never_right(one: int, other: int) -> None:
    """Two numbers agree only when they are equal."""
    assert numbers_agree(f"Il en reste {one}.", f"There are {other} left.") is (one == other)
