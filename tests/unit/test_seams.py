"""Parts that were translated one by one read as one sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.translation.seams import join

SEAMS = [
    (
        [
            ("le conseil a voté le budget ; ", "The council voted on the budget."),
            ("on a protesté.", "People protested."),
        ],
        "The council voted on the budget; people protested.",
    ),
    ([("Il pleut, ", "It is raining."), ("mais il part.", "But he is leaving.")], "It is raining, but he is leaving."),
    ([("Il part, ", "He leaves,"), ("je reste.", "I stay.")], "He leaves, I stay."),
    ([("Il part ", "He leaves."), ("parce qu'il pleut.", "Because it rains.")], "He leaves because it rains."),
    ([("Bilan : ", "Toll"), ("deux blessés.", "Two injured.")], "Toll: two injured."),
    ([("Le maire – ", "The mayor"), ("en retard – ", "Late."), ("arrive.", "Arrives.")], "The mayor – late – arrives."),
    ([("Il vit ici, ", "He lives here."), ("le Maroc est loin.", "Morocco is far.")], "He lives here, Morocco is far."),
    ([("Il part, ", "He leaves."), ("lundi il revient.", "Monday he is back.")], "He leaves, Monday he is back."),
    ([("Il part, ", "He leaves."), ("Odile reste.", "Odile stays.")], "He leaves, Odile stays."),
    ([("il lit, ", "He reads."), ("allemands et russes lisent.", "Germans read.")], "He reads, Germans read."),
    ([("Il vit là, ", "He lives in the U.S."), ("il le dit.", "He says so.")], "He lives in the U.S., he says so."),
    ([("« Oui », ", '"Yes."'), ("dit-il.", "He says.")], '"Yes," he says.'),
    ([("« Quoi ? », ", '"What?"'), ("dit-il.", "He says.")], '"What?" he says.'),
    ([("« Quoi ? » ", '"What?"'), ("dit-il.", "He says.")], '"What?" he says.'),
    ([("Il est là (", "He is there ("), ("enfin).", "finally).")], "He is there (finally)."),
    # The English part may lack the bracket or mark that the French one ends with, or close its sentence behind it.
    ([("Elle est venue (", "She came."), ("hier) à pied.", "Yesterday) on foot.")], "She came yesterday) on foot."),
    ([("Il a dit « ", 'He said ".'), ("oui ».", 'Yes".')], 'He said "yes".'),
    ([('Il a dit : "', "He said."), ('oui".', 'Yes".')], 'He said: yes".'),
    ([("Il vit là [", "He lives in the U.S."), ("enfin].", "Finally].")], "He lives in the U.S. finally]."),
    ([("12 13 14 ", "12 13 14"), ("15 16", "15 16")], "12 13 14 15 16"),
    ([("anticonstitu", "anticonstitu"), ("tionnel", "tional")], "anticonstitutional"),
    ([("Seul.", "Alone.")], "Alone."),
]


@pytest.mark.parametrize(("parts", "expected"), SEAMS)
def test_the_french_decides_the_seam(parts: list[tuple[str, str]], expected: str) -> None:
    """Its mark comes back once, no full stop stays in mid-sentence, and names keep their capital."""
    assert join(parts) == expected


@given(st.lists(st.tuples(st.text(alphabet="ab ,;:.–»A", max_size=20), st.text(max_size=20)), min_size=1, max_size=5))
def test_no_word_is_lost(parts: list[tuple[str, str]]) -> None:
    """Every letter and figure of every part is there, in order, but for case."""
    joined = [c for c in join(parts).casefold() if c.isalnum()]
    assert joined == [c for _, english in parts for c in english.casefold() if c.isalnum()]
