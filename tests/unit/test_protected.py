"""What is not language does not pass through the model: addresses, placeholders, code, hashtags, mentions, emoji."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from depeche.article import Flag
from tasks import protected
from tasks.protected import mask, spans
from tasks.translation import translate
from tests.fakes import FakeTranslator

#: The flag is a black one, and tags that spell gbsct.
SCOTLAND = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
#: A sentence, and the spans in it that stay as they are.
CASES: list[tuple[str, list[str]]] = [
    ("Le dossier complet est sur exemple.org/aide.", ["exemple.org/aide"]),
    ("Écrivez à presse@mairie.example avant lundi.", ["presse@mairie.example"]),
    ("Bonjour {nom}, votre commande est prête.", ["{nom}"]),
    ('La commande `git commit -m "ok"` enregistre le travail.', ['`git commit -m "ok"`']),
    ("Le mot-clé #Transports reste en tête des discussions.", ["#Transports"]),
    ("Le ministre a répondu à @paul_roy dans la soirée.", ["@paul_roy"]),
    ("Tout est sur https://exemple.fr/a.html?x=1&y=2#haut.", ["https://exemple.fr/a.html?x=1&y=2#haut"]),
    ("Le site www.brignac.example est en panne depuis mardi.", ["www.brignac.example"]),
    ("Voir (https://exemple.fr/plan) pour le plan des travaux.", ["https://exemple.fr/plan"]),
    ("Contactez mairie+presse@ville-de-brignac.fr ou le standard.", ["mairie+presse@ville-de-brignac.fr"]),
    ("Ouvrez rapport-final.pdf avant de signer.", ["rapport-final.pdf"]),
    ("Le fichier /etc/hosts doit être modifié.", ["/etc/hosts"]),
    ("Le document C:\\Users\\Paul\\bilan.docx a disparu.", ["C:\\Users\\Paul\\bilan.docx"]),
    ("La variable DEPECHE_REDIS_URL indique l'adresse du serveur.", ["DEPECHE_REDIS_URL"]),
    ("La fonction print() affiche le résultat.", ["print()"]),
    ("Vous avez {{ count }} messages non lus.", ["{{ count }}"]),
    ("Il reste %d places pour le concert de %s.", ["%d", "%s"]),
    ("Cher %(prenom)s, votre train part à 8 h.", ["%(prenom)s"]),
    ("Le solde de ${COMPTE} est négatif.", ["${COMPTE}"]),
    ("Le titre est entre <strong>balises</strong> dans la page.", ["<strong>", "</strong>"]),
    ('Cliquez sur <a href="https://exemple.fr">ce lien</a> pour voter.', ['<a href="https://exemple.fr">', "</a>"]),
    ("La rédaction est joignable sur Mastodon à @redaction@journal.example.", ["@redaction@journal.example"]),
    ("Les élus ont lancé #SauvonsLaGare et #Brignac2030 mardi.", ["#SauvonsLaGare", "#Brignac2030"]),
    ("Bravo à toute l'équipe 🎉 pour cette victoire.", ["🎉"]),
    ("La famille 👨‍👩‍👧 est arrivée hier soir.", ["👨‍👩‍👧"]),
    ("La France 🇫🇷 affrontera la Suisse 🇨🇭 samedi.", ["🇫🇷", "🇨🇭"]),
    ("Le code `if x == 'y': print(\"z\")` est faux.", ["`if x == 'y': print(\"z\")`"]),
    ("Le paquet s'installe par `pip install depeche-client`.", ["`pip install depeche-client`"]),
    ("Tapez ``ls `pwd` `` dans le terminal.", ["``ls `pwd` ``"]),
    ("Le serveur redis://localhost:6379 ne répond pas.", ["redis://localhost:6379"]),
    ("Le dépôt github.com/exemple/projet est public.", ["github.com/exemple/projet"]),
    ("Le blog de la ville, ville-de-brignac.bzh, a fermé.", ["ville-de-brignac.bzh"]),
    ("L'article est publié sous doi:10.1000/xyz123.", ["doi:10.1000/xyz123"]),
    ("Appelez le tel:+33123456789 pour réserver.", ["tel:+33123456789"]),
    ("Les photos sont dans ~/Images/vacances.", ["~/Images/vacances"]),
    ("Le script ./install.sh doit être lancé en premier.", ["./install.sh"]),
    ("La page [[Accueil]] doit être traduite.", ["[[Accueil]]"]),
    (
        "Lisez [le plan](plan.html) et [l'avis](https://exemple.org/a_(bis)).",
        ["(plan.html)", "(https://exemple.org/a_(bis))"],
    ),
    ('Voir [le tableau](t2.html "Tableau 2") avant de voter.', ['(t2.html "Tableau 2")']),
    ("Selon [l'institut][insee], la hausse ralentit[^3] un peu.", ["[insee]", "[^3]"]),
    ("Écrivez à <mailto:mairie@exemple.org> avant lundi.", ["<mailto:mairie@exemple.org>"]),
    ("Le maire [absent] (il est en congé) n'a pas voté.", []),
    ("Le fichier config.yaml contient les réglages.", ["config.yaml"]),
    (
        "Écrivez à redaction@exemple.org ou sur exemple.org/contact, avant lundi.",
        ["redaction@exemple.org", "exemple.org/contact"],
    ),
    ("Selon l'adresse http://exemple.com/page_(bis), le texte a changé.", ["http://exemple.com/page_(bis)"]),
    ("Le fil est https://exemple.org/p/(a)/b, puis plus rien.", ["https://exemple.org/p/(a)/b"]),
    ("Réponse à Mme Roy (a.roy@exemple.ca) : non.", ["a.roy@exemple.ca"]),
    ("L'adresse « http://exemple.be/page » est fausse.", ["http://exemple.be/page"]),
    ("Lisez https://exemple.fr/été/à-voir?q=l'été.", ["https://exemple.fr/été/à-voir?q=l'été"]),
    ("Le serveur ftp://fichiers.exemple.net:21/bilan/ est plein.", ["ftp://fichiers.exemple.net:21/bilan/"]),
    ("Les sites exemple.com, exemple.net et exemple.org sont fermés.", ["exemple.com", "exemple.net", "exemple.org"]),
    ("Bonjour {{prenom}} {nom} !", ["{{prenom}}", "{nom}"]),
    ("Utilisez `d'accord` et non `d’accord`.", ["`d'accord`", "`d’accord`"]),
    ("La balise <br/> coupe la ligne.", ["<br/>"]),
    (f"Le drapeau {SCOTLAND} flotte sur le port.", [SCOTLAND]),
    ("Il faut 👩🏽\u200d🚒 deux équipes.", ["👩🏽\u200d🚒"]),
    ("Le champ user_name est vide.", ["user_name"]),
    ("Le code est dans src/mon_outil/lire.py et lib/a_b.", ["src/mon_outil/lire.py"]),
    ("La note %1$s dépasse %2$d points.", ["%1$s", "%2$d"]),
    ("Le chemin %APPDATA% est inconnu.", ["%APPDATA%"]),
    ("Ouvrez ../photos/port.jpg ou port-2.jpeg.", ["../photos/port.jpg", "port-2.jpeg"]),
    ("Le compte @mairie.brignac a répondu au compte @roy.", ["@mairie.brignac", "@roy"]),
    ("Allez → à gauche.", ["→"]),
    ("Envoyez un SMS à sms:+33612345678 avant midi.", ["sms:+33612345678"]),
    ("Le message de noreply@[exemple] est faux.", []),
    ("Le taux passe de 3,5 % à 5 %.", []),
    ("M. Roy (Brignac) et Mme Blin (Lalande) ont signé.", []),
    ("Le train part à 8h30, quai A/B.", []),
    ("Rendez-vous le 12/03/2031 à 18:30.", []),
    ("Il est parti.Elle est restée.", []),
    ("Le n° 5 et le no. 6 : A&B, R&D, 24h/24.", []),
    ("Si 3 < 5 et 7 > 2, alors tout va bien.", []),
    ("Le prix est de 12 $ ou 10 €.", []),
    ("L'acteur (né en 1950) joue l'Avare.", []),
    ("« Non ! » dit-il [sic] {en riant}.", ["{en riant}"]),
]


@pytest.mark.parametrize(("sentence", "expected"), CASES)
def test_spans(sentence: str, expected: list[str]) -> None:
    """Every address, placeholder and the like is found, whole, and nothing else."""
    assert [sentence[span.start : span.end] for span in spans(sentence)] == expected


@pytest.mark.parametrize(("sentence", "expected"), CASES)
def test_a_model_that_keeps_the_names_keeps_the_spans(sentence: str, expected: list[str]) -> None:
    """The model is given none of them, and each stands in the English as it stood in the French, quotes and all."""
    engine = FakeTranslator(lambda given, attempt: given)
    [translation] = translate([sentence], engine)
    assert all(span not in given for span in expected for _, batch in engine.calls for given in batch)
    assert all(translation.text.count(span) >= 1 for span in expected)
    assert Flag.ADDRESS_CHANGED not in translation.flags


@pytest.mark.parametrize("habit", ["drops", "doubles", "changes"])
@pytest.mark.parametrize(("sentence", "expected"), [case for case in CASES if case[1]])
def test_a_model_that_loses_a_name_loses_no_span(sentence: str, expected: list[str], habit: str) -> None:
    """Then the words around the spans are translated by themselves."""

    def careless(given: str, attempt: int) -> str:
        for name in mask(sentence).names:
            given = given.replace(name, {"drops": "", "doubles": f"{name} {name}", "changes": "QQ9"}[habit])
        return given

    [translation] = translate([sentence], FakeTranslator(careless))
    assert all(span in translation.text for span in expected)
    assert Flag.ADDRESS_CHANGED not in translation.flags


@given(st.text())
def test_masking_loses_nothing(text: str) -> None:
    """The names put back give the text again."""
    masked = mask(text)
    assert masked.restore(masked.text) == text
    assert masked.keeps_names(masked.text)


def test_names_are_such_as_the_text_does_not_have() -> None:
    """A text that has the usual name gets another; with a figure after a name, neither is taken for the other."""
    masked = mask("Le XX1 est sur exemple.org.")
    assert masked.text == "Le XX1 est sur ZQ1."
    many = mask(" ".join(["exemple.org"] * 12))
    assert many.restore("XX12 XX1 xx2") == "exemple.org exemple.org exemple.org"


def test_emoji_at_the_ends_are_no_part_of_what_the_model_gets() -> None:
    """They go back where they stood."""
    engine = FakeTranslator(lambda given, attempt: given.upper())
    [translation] = translate(["🚧 Le pont rouvre ! 🎉 🎉"], engine)
    assert translation.text == "🚧 LE PONT ROUVRE! 🎉 🎉"
    assert engine.calls == [(0, ["Le pont rouvre !"])]
    assert translate(["🎉🎉", "→ 👍"], engine)[0].text == "🎉🎉"


#: What spans are made of, and what stands beside them.
PIECES = [
    *"abZ09é ..::,;//\\\\##@@__(()){{}}[[]]<>%%$$``~-+*?!\"'«»’…=&^|\n\t\u20e3\ufe0f",
    *r"www. http:// mailto: gouv.fr pdf () %( %s $x :ab: ./ ~/ /a/b C:\a d:".split(),
    *("😀", "→", "①", "■", "⤀", "⬛", "🇫", "🇷"),
]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_no_span_without_a_sign(text: str) -> None:
    """The quick look, which most sentences do not pass, overlooks none."""
    assert not protected._SPANS.search(text) or protected._SIGNS.search(text)
