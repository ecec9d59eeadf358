"""Points of the compass, dates, languages and money in French and English: tables for ``terms``.

The rows are those of ``countries`` but for the adjectives: ``KEY | French | English``, where phrases of several words
stand in brackets in both languages.
"""

from __future__ import annotations

#: Weekdays and months. Feasts and dates that have a name in English may stand for their month.
DATES = """
day-0 | lundi lundis | monday ^mon =mondays
day-1 | mardi mardis | tuesday ^tue ^tues (mardi gras)
day-2 | mercredi mercredis | wednesday ^wed ^weds
day-3 | jeudi jeudis | thursday ^thu ^thur ^thurs
day-4 | vendredi vendredis | friday ^fri
day-5 | samedi samedis | saturday ^sat
day-6 | dimanche dimanches | sunday ^sun
month-1 | janvier | january ^jan (new year) (mid january)
month-2 | février | february ^feb
month-3 | mars | ^march ^mar (mid march)
month-4 | avril | april ^apr
month-5 | mai | ^may =mayday (ve day) (labor day) (labour day)
month-6 | juin | june ^jun (d day)
month-7 | juillet | july ^jul bastille
month-8 | août aout | ^august ^aug (assumption day)
month-9 | septembre | september ^sept ^sep
month-10 | octobre | october ^oct
month-11 | novembre | november ^nov (armistice day) (remembrance day) (all saints)
month-12 | décembre | december ^dec (christmas day) (new year)
"""

#: Beginnings of other French words that English translates by a weekday or month.
DATE_WORDS = {
    "day-0": ("lun.",),
    "day-1": ("mar.",),
    "day-2": ("mer.", "cendres"),
    "day-3": ("jeu.", "ascension"),
    "day-4": ("ven.",),
    "day-5": ("sam.", "sabbat"),
    "day-6": ("dim.", "dominica", "rameaux", "pâques"),
    "month-1": ("janv", "jan.", "épiphanie"),
    "month-2": ("fév",),
    "month-3": ("mar.",),
    "month-4": ("avr",),
    "month-6": ("jun", "saint-jean"),
    "month-7": ("juil",),
    "month-8": ("aou", "aoû", "assomption"),
    "month-9": ("sept", "rentrée"),
    "month-10": ("oct",),
    "month-11": ("nov", "toussaint"),
    "month-12": ("déc", "noël"),
}

COMPASS = """
north | nord septentrional septentrionale septentrionaux septentrionales | north ^n ^ne ^nw =nordic arctic upstate
south | sud méridional méridionale méridionaux méridionales austral australe | south ^s ^se ^sw ^sse ^ssw downstate
west | ouest | west ^w ^nw ^sw midwest ^wnw =wsw northwest southwest
western | occident occidental occidentale occidentaux occidentales | west occident northwest southwest
eastern | oriental orientale orientaux orientales | east =eastern orient levant northeast southeast timor
"""
#: "Est" is a verb as well: it is the east only after one of these, or in a compound.
EAST = "east =eastern eastward northeast southeast ^e ^ne ^se ^ene ^ese"

MONEY = """
dollar | dollar dollars | dollar buck $ cent ^us usd
euro | euro euros | euro ^eur €
pound | (livre sterling) (livres sterling) | pound sterling £ gbp
lira | (livre turque) (livres turques) | pound lira
pound-lebanese | (livre libanaise) (livres libanaises) (livre égyptienne) (livres égyptiennes) | pound
yen | yen yens | =yen ¥
yuan | yuan yuans renminbi | yuan renminbi =rmb ¥
ruble | rouble roubles | rubl roubl
rupee | roupie roupies | rupee rupiah
peso | peso pesos | peso $
franc | (de francs) (en francs) (franc français) (francs français) | franc ^fr
franc-swiss | (franc suisse) (francs suisses) | franc ^chf
franc-cfa | (franc CFA) (francs CFA) | franc ^cfa
zloty | zloty zlotys | zlot
forint | forint forints | forint
dirham | dirham dirhams | dirham
dinar | dinar dinars | dinar
shekel | shekel shekels | shekel
riyal | riyal riyals rial rials | riyal rial
rand | rands | =rand =rands
hryvnia | hryvnia hryvnias | hryvn
naira | naira nairas | naira
drachma | drachme drachmes | drachm
bolivar | bolivars | bolivar
krona-sek | (couronne suédoise) (couronnes suédoises) | kron korun crown ^sek
krona-nok | (couronne norvégienne) (couronnes norvégiennes) | kron korun crown ^nok
krona-dkk | (couronne danoise) (couronnes danoises) | kron korun crown ^dkk
krona-czk | (couronne tchèque) (couronnes tchèques) | kron korun crown ^czk
mark | deutschemark deutschemarks | mark deutsche
"""

#: Languages by another name than their people's or CLDR's, and the word for Spanish in the Americas.
LANGUAGES = """
mandarin | mandarin | mandarin chinese
farsi | farsi | farsi persian
yiddish | yiddish | yiddish
latin | latin | latin
esperanto | espéranto | esperanto
creole | créole créoles | creol
hebrew | hébreu | hebrew
arabic | arabophone arabophones | arab
french-speaking | francophone francophones | french francophon
english-speaking | anglophone anglophones | english anglophon
spanish-speaking | hispanophone hispanophones | spanish hispan
german-speaking | germanophone germanophones | german
portuguese-speaking | lusophone lusophones | portugu luso
russian-speaking | russophone russophones | russia
dutch-speaking | néerlandophone néerlandophones | dutch flemish
"""

#: Names of languages in CLDR that are other words far more often, or kinds of a language that have its name.
NO_LANGUAGES = frozenset(
    """
    bas haut moyen ancien vieux signes cri marie papa ga ho more son mari dan fon gan luba sango songe mende sara soga
    """.split()
)

#: Phrases in which a word of the lists is none, as English says the thing in another way.
IDIOMS = (
    "anglo-saxon",
    "anglo-saxons",
    "anglo-saxonne",
    "anglo-saxonnes",
    "montagnes russes",
    "montagne russe",
    "salade russe",
    "cochon d'Inde",
    "cochons d'Inde",
    "coq d'Inde",
    "œillet d'Inde",
    "à l'anglaise",
    "crème anglaise",
    "crèmes anglaises",
    "clé anglaise",
    "capote anglaise",
    "capotes anglaises",
    "petits pois à la française",
    "téléphone arabe",
    "casse-tête chinois",
    "ombres chinoises",
    "chinois de porcelaine",
    "omelette norvégienne",
    "marmite norvégienne",
    "petit suisse",
    "petits suisses",
    "petit-suisse",
    "garde suisse",
    "berger allemand",
    "bergers allemands",
    "sauce hollandaise",
    "perdre le nord",
    "perdu le nord",
    "perd le nord",
    "terre de Sienne",
    "peau d'Espagne",
    "châteaux en Espagne",
    "auberge espagnole",
    "à la grecque",
    "calendes grecques",
    "fort comme un Turc",
    "tête de Turc",
    "têtes de Turc",
    "point d'Alençon",
    "bleu de Prusse",
    "blanc d'Espagne",
    "vert anglais",
    "pelouse anglaise",
    "jardin anglais",
    "semaine anglaise",
    "quart d'heure américain",
    "vedette américaine",
    "plan américain",
    "poing américain",
    "coup de poing américain",
    "nuit américaine",
    "nouvelle vague",
    "Air Canada",
    "rive sud",
    "jour de l'an",
    "poisson d'avril",
    "poissons d'avril",
    "premier avril",
)
