"""Mixed articles: the language of each sentence, and that of the article. All sentences are invented.

A paragraph is a line; each sentence of it begins with its language in brackets.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Mixed(NamedTuple):
    """An article as paragraphs of sentences, and what each sentence is in."""

    name: str
    article: str
    paragraphs: list[list[str]]
    languages: list[str]


def _mixed(name: str, article: str, marked: str) -> Mixed:
    paragraphs, languages = [], []
    for line in marked.strip().splitlines():
        parts = re.split(r"\[(\w\w)\] ", line.strip())[1:]
        languages += parts[0::2]
        paragraphs.append([part.strip() for part in parts[1::2]])
    return Mixed(name, article, paragraphs, languages)


MIXED = [
    _mixed(
        "in turns",
        "fr",
        """
        [fr] Le maire a parlé mardi devant une salle pleine.
        [en] The mayor spoke on Tuesday in front of a full room.
        [fr] Le pont est fermé depuis lundi.
        [en] The bridge has been closed since Monday.
        [fr] Les travaux dureront un an.
        [en] The work will take a year.
        """,
    ),
    _mixed(
        "mostly English",
        "fr",
        """
        [en] The company announced on Tuesday that it would open a new factory near the port of the city.
        [en] It will employ two hundred people, and the first machines will arrive before the end of the year.
        [en] The mayor said that she was pleased, as the town had waited for ten years.
        [fr] La société a annoncé mardi qu'elle ouvrirait une usine près du port de la ville, avec deux cents emplois.
        """,
    ),
    _mixed(
        "short report around a long quotation",
        "fr",
        """
        [fr] L'entraîneur a réagi dans un message.
        [en] We will never forget this night. [en] Thank you all for coming, and for your songs.
        [en] You were with us when nobody else was.
        [fr] Le club jouera la finale samedi.
        """,
    ),
    _mixed(
        "song lines",
        "fr",
        """
        [fr] Le chanteur a repris son plus vieux titre devant le port.
        [en] Hold my hand, the night is young,
        [en] We will dance until the dawn,
        [en] Oh my darling, don't you cry.
        [fr] Le public a chanté avec lui.
        """,
    ),
    _mixed(
        "tweet",
        "fr",
        """
        [fr] Le joueur a tout de suite répondu.
        [en] @brignac_fc so proud of our team, what a game tonight! https://exemple.org/p/1
        [fr] Il n'a rien dit de son contrat.
        """,
    ),
    _mixed(
        "quotation in a paragraph",
        "fr",
        """
        [fr] Le directeur a parlé aux journalistes. [en] "We have to change." [fr] Il a ensuite quitté la salle.
        """,
    ),
    _mixed(
        "French frame, English quotation",
        "fr",
        """
        [fr] Il a répondu : « We will never forget what they have done for us » avant de partir.
        [fr] « We are not afraid of them », a-t-il lancé.
        [fr] Le maire n'a pas répondu.
        """,
    ),
    _mixed(
        "French frame, Spanish quotation",
        "fr",
        """
        [fr] « No vamos a parar hasta ganar, dijo el capitán de la selección », a-t-il traduit.
        [fr] Le match reprend dimanche.
        """,
    ),
    _mixed(
        "Spanish quotation",
        "fr",
        """
        [fr] Le président espagnol a parlé mardi à Madrid.
        [es] No habrá elecciones este año, y el gobierno seguirá trabajando hasta el final de la legislatura.
        [fr] La foule l'a applaudi.
        """,
    ),
    _mixed(
        "Spanish with words that are French too",
        "fr",
        """
        [fr] La maire de la ville voisine a répondu dans sa langue.
        [es] « No vamos a cerrar la oficina del barrio, porque los vecinos la necesitan. »
        [fr] Le public l'a applaudie.
        """,
    ),
    _mixed(
        "German quotation",
        "fr",
        """
        [fr] Le ministre allemand a réagi. [de] « Das werden wir nicht akzeptieren. » [fr] Il est parti.
        """,
    ),
    _mixed(
        "Italian quotation",
        "fr",
        """
        [fr] Le maire de la ville voisine a salué ses hôtes.
        [it] Siamo molto felici di essere qui con voi questa sera, e vi ringraziamo per la vostra accoglienza.
        [fr] Le repas a duré tard.
        """,
    ),
    _mixed(
        "Portuguese quotation",
        "fr",
        """
        [fr] La joueuse a remercié le public de Brignac.
        [pt] Não vamos parar enquanto não ganharmos o campeonato, e contamos com o apoio de todos vocês.
        [fr] Elle jouera samedi.
        """,
    ),
    _mixed(
        "Dutch quotation",
        "fr",
        """
        [fr] La ministre belge a répondu dans les deux langues.
        [nl] Wij zullen alles doen wat nodig is om de mensen in deze streek te helpen.
        [fr] Elle reviendra lundi.
        """,
    ),
    _mixed(
        "other scripts",
        "fr",
        """
        [fr] Le maire a salué les élèves.
        [ru] Это наша новая школа, и мы очень рады видеть вас здесь.
        [ar] مرحبا بكم في مدرستنا الجديدة التي افتتحت هذا الأسبوع
        [el] Είμαστε πολύ χαρούμενοι που σας βλέπουμε εδώ σήμερα.
        [zh] 我们很高兴今天在这里见到大家。
        [fr] La fête a duré toute la nuit.
        """,
    ),
    _mixed(
        "English article with French words",
        "en",
        """
        [en] The chef opened a bistro near the Gare du Nord last year.
        [en] Le Mans is where he learned to cook, and the Tour de France is what he watches.
        [en] He said that the menu was short, and that the wine came from the Loire.
        """,
    ),
    _mixed(
        "English article with a French sentence",
        "en",
        """
        [en] The chef opened a restaurant near the station last year, and he has not closed it for a day since.
        [en] He said that the menu was short, that the wine was local, and that he would never write down a recipe.
        [en] He has four people in the kitchen, and all of them were taught by his mother when they were young.
        [fr] « On mange ce qu'il y a. »
        [en] The guests do not seem to mind that.
        """,
    ),
    _mixed(
        "French article with an English title of a film",
        "fr",
        """
        [fr] Le film The Last Bridge of the River sort mercredi.
        [fr] The Voice revient samedi soir.
        [fr] Le groupe The Cure a joué à Brignac.
        """,
    ),
    _mixed("headings", "fr", "[fr] Sport\n[fr] Football : Brignac bat Lalande\n[fr] Le club a gagné samedi soir."),
    _mixed("names", "fr", "[fr] Paul Roy, Anna Blin, Marc Lorrain\n[fr] Les trois élus ont voté contre le projet."),
    _mixed(
        "English captions",
        "fr",
        """
        [fr] La tempête a touché toute la côte dans la nuit de lundi à mardi.
        [en] Photo: the harbour after the storm, as seen from the town hall.
        [fr] Les pompiers sont toujours sur place.
        """,
    ),
    _mixed(
        "bilingual notice",
        "fr",
        """
        [fr] Attention : le quai est fermé. [en] Caution: the platform is closed for the day.
        [fr] Merci de votre patience. [en] Thank you for your patience.
        """,
    ),
    _mixed(
        "short English lines",
        "fr",
        """
        [fr] Le slogan a fait le tour du monde en une nuit.
        [en] Yes we can.
        [en] We are the people.
        [fr] Le candidat a été élu le lendemain.
        """,
    ),
    _mixed(
        "English law quoted",
        "fr",
        """
        [fr] L'article premier est très court.
        [en] No person shall be held without the order of a judge.
        [fr] Les juges l'ont rappelé mardi dans leur arrêt.
        """,
    ),
    _mixed(
        "e-mail",
        "fr",
        """
        [fr] Voici le message que la rédaction a reçu dans la nuit.
        [en] Dear all, please find the report that you asked for. [en] It has not been published yet.
        [fr] Son auteur n'a pas pu être joint.
        """,
    ),
    _mixed(
        "interview",
        "fr",
        """
        [fr] Que pensez-vous de la ville ?
        [en] It is the first time that I have been here, and I love it.
        [fr] Reviendrez-vous ?
        [en] Of course, if they will have me.
        """,
    ),
    _mixed(
        "Spanish with a French summary",
        "fr",
        """
        [es] El puente del puerto está cerrado desde el lunes, y los vecinos tienen que dar la vuelta por el norte.
        [fr] Le pont du port est fermé depuis lundi, et les habitants doivent faire le tour par le nord de la ville.
        """,
    ),
    _mixed(
        "addresses only",
        "fr",
        """
        [fr] Tout est en ligne.
        [fr] https://exemple.org/the-news-of-the-day/what-they-said.html
        [fr] the.press@news.example
        """,
    ),
    _mixed(
        "code",
        "fr",
        """
        [fr] La commande est simple.
        [fr] `git commit -m "this is what they have done"`
        [fr] Il faut ensuite attendre une minute.
        """,
    ),
    _mixed(
        "hashtags",
        "fr",
        """
        [fr] Le mot-clé du jour est en tête depuis midi.
        [fr] #WeWillNotForget #Brignac
        [fr] Des milliers de messages le reprennent.
        """,
    ),
    _mixed(
        "Creole quotation",
        "fr",
        """
        [fr] La chanteuse a salué son public à la fin du concert.
        [ht] Mwen kontan anpil pou mwen la avèk nou tout aswè a, mèsi anpil paske nou te vini.
        [fr] Elle reviendra l'an prochain.
        """,
    ),
]
