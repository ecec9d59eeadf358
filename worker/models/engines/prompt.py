"""The prompts of the embedded translator: what a base language model goes on from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

#: Invented news of the kinds that go wrong most: decimals, thousands, quotes, dates, times, scores, a heading.
EXAMPLES: tuple[tuple[str, str], ...] = (
    (
        "Le conseil municipal de Valmont a adopté lundi soir, par 23 voix contre 12, un budget de 48,5 millions d'euros"
        " qui prévoit la rénovation de trois écoles et la construction d'une piscine.",
        "On Monday evening, the Valmont town council voted 23 to 12 to adopt a budget of 48.5 million euros, which"
        " provides for the renovation of three schools and the construction of a swimming pool.",
    ),
    (
        "« Nous n'avons jamais vu une telle sécheresse », a déclaré Hélène Marchand, qui cultive des pommes depuis plus"
        " de trente ans dans la vallée.",
        "“We have never seen such a drought,” said Hélène Marchand, who has been growing apples in the valley for more"
        " than thirty years.",
    ),
    (
        "Le chômage a reculé de 0,4 point au deuxième trimestre pour s'établir à 7,2 %, son niveau le plus bas depuis"
        " 2008.",
        "Unemployment fell by 0.4 points in the second quarter to 7.2%, its lowest level since 2008.",
    ),
    (
        "Trafic ferroviaire : retour à la normale attendu jeudi",
        "Rail traffic: return to normal expected on Thursday",
    ),
    (
        "Environ 12 000 foyers étaient toujours privés d'électricité mardi matin après le passage de la tempête Aurore,"
        " qui a fait deux morts et une dizaine de blessés dans le nord du pays.",
        "About 12,000 homes were still without power on Tuesday morning after storm Aurore, which killed two people and"
        " injured about ten in the north of the country.",
    ),
    (
        "Selon les chercheurs, cette protéine pourrait aider à détecter la maladie plusieurs années avant l'apparition"
        " des premiers symptômes.",
        "According to the researchers, this protein could help detect the disease several years before the first"
        " symptoms appear.",
    ),
    (
        "L'équipe a pris l'avantage à la 67e minute grâce à un coup franc de Karim Benali, mais elle n'a pas réussi à"
        " conserver le score.",
        "The team took the lead in the 67th minute with a free kick from Karim Benali, but failed to hold on to the"
        " score.",
    ),
    (
        "Né le 14 mars 1931 à Saint-Aubin, le peintre avait quitté la France pour le Canada, où il vécut jusqu'à sa"
        " mort.",
        "Born on March 14, 1931 in Saint-Aubin, the painter had left France for Canada, where he lived until his"
        " death.",
    ),
)


@dataclass(frozen=True)
class Prompt:
    """Translated examples, if any, and the marks that turn them into a pattern to continue.

    Attributes:
        examples: pairs of a French and an English sentence, without line breaks.
        header: text before the first example, with its own line breaks.
        source_mark, target_mark: what the French and the English lines start with.
    """

    examples: Sequence[tuple[str, str]] = EXAMPLES
    header: str = ""
    source_mark: str = "French:"
    target_mark: str = "English:"

    @property
    def before(self) -> str:
        """All that precedes a sentence; the same for every sentence, so it is evaluated once a slot."""
        shown = "".join(f"{self.source_mark} {fr}\n{self.target_mark} {en}\n\n" for fr, en in self.examples)
        return f"{self.header}{shown}{self.source_mark}"

    @property
    def after(self) -> str:
        """What follows a sentence and asks for its translation."""
        return f"\n{self.target_mark}"


#: For the base model alone, which knows what is wanted only from examples.
FEW_SHOT = Prompt()
#: For an adapter, which was trained on the marks alone.
BARE = Prompt(examples=())
