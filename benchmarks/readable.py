"""What reaches a model of twenty French sentences that hold every dash, quotation mark and sign of the newspapers.

    python -m benchmarks.readable CHECKPOINT [CHECKPOINT ...]

Each checkpoint is a folder with a translator's configuration and tokenizer; weights are not needed. For each sentence
that is changed on its way, a line says what the model is given and what is kept for the English, and how many unknown
tokens there were before. Ends with status 1 where an unknown token is left.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tasks.normalise import for_model
from tasks.readable import Readable, readable
from tasks.translation.figures import clock_times
from tasks.translation.signs import spelt_out
from worker.models.engines.codec import Codec

SENTENCES = (
    "— Vous partez déjà ? demanda la gardienne du phare.",
    "Le bac — le seul du fleuve – ne circulait plus depuis la saison 2020–2021.",
    "La course Port-Amel–Vaubrune part à 10 h, celle de Saint‑Hélier à 14 h 30.",
    "Le billet coûte 12 €, l'abonnement 3,50€ par jour et la carte 1 € seulement.",
    "Le chantier du port coûtera 12 M€, puis 3 Mds€, soit 20 k€ par habitant.",
    "Il faut avoir ≥ 18 ans, boire < 3 % d'alcool et compter ± 2 °C d'écart.",
    "« Jamais », dit-elle, “jamais” ; puis ‹ peut-être ›, enfin ‘oui’ et „non“.",
    "<< Le pont rouvrira lundi >>, promet la mairie.",
    ">> Le pont << rouvrira lundi, promet la mairie.",
    "Écrire à redaction@port-amel.example ou signaler la panne avec #PontFermé.",
    "Recep Tayyip Erdoğan a reçu Lech Wałęsa à Łódź, puis José Peña à São Tomé.",
    "Le cœur de l'œuvre, un vitrail d'ægirine, vient de Tromsø et de la Straße des Jungfernstiegs.",
    "Ça alors : ÊTRE élu à l'ÎLE-AUX-MOINES, c'est possible dès l'ÂGE de 18 ans !",
    "Les étudiant·e·s, les lecteur·rice·s et tous·tes les habitant·es sont invité·e·s.",
    "Il reste ½ heure, 2½ pages au n° 3, le § 4 et 5×4 m², à 20 °C près, soit 7 ‰.",
    "Culture | Musique • Sport → Résultats · Météo ■ Annonces",
    "R&D, Marks & Spencer, Vélib®, Tramway™ et © Mairie : que dit la loi† ?",
    "Il a crié… puis plus rien [sic] {fin}, ~20 µm de neige, 10 = 7 + 3, et voilà_tout ^ `bref` ´.",
    "Bravo aux marins 👏👏 ♥",
    "Le nom Владимир s'écrit autrement, et le £ vaut ¥ 190 ou $ 1,25 ; 45 ¢ de moins.",
)


def main() -> None:
    """Print the table of each checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path, nargs="+")
    left = 0
    for folder in parser.parse_args().checkpoint:
        codec = Codec(folder, "translation")
        print(f"{folder}\n")
        for french, given in given_for(codec):
            before, after = (unknown(codec, text) for text in (french, given.text))
            left += after
            kept = {name: found for name, found in vars(given).items() if found and name != "text"}
            if given != replace(Readable(french), text=french):
                print(f"{before} → {after}  {french}\n       {given.text}\n       {kept or ''}")
        print()
    print(f"unknown tokens left: {left}")
    sys.exit(bool(left))


def given_for(codec: Codec) -> Iterator[tuple[str, Readable]]:
    """Each sentence, normalised, and what a model with this tokenizer is given for it."""
    for sentence in SENTENCES:
        french = for_model(sentence)
        yield french, readable(clock_times(spelt_out(french, codec.unreadable(french))), codec.unreadable)


def unknown(codec: Codec, text: str) -> int:
    """How many unknown tokens a text comes to."""
    return codec.encode([text])[0].count(codec.unknown) if codec.unknown is not None else 0


if __name__ == "__main__":
    main()
