"""Texts for choosing a language detector: invented news by language and length, and the mixtures that fool detectors.

Lengths: ``short`` is a headline of 3 to 8 words, ``medium`` one or two sentences, ``long`` a paragraph.
"""

from __future__ import annotations

from typing import NamedTuple


class Case(NamedTuple):
    """One text and the language that a reader would say it is in (ISO 639-1; ``ht`` is Haitian Creole)."""

    language: str
    length: str
    text: str


def _cases(language: str, *, short: list[str], medium: list[str], long: list[str]) -> list[Case]:
    by_length = {"short": short, "medium": medium, "long": long}
    return [Case(language, length, text) for length, texts in by_length.items() for text in texts]


FRENCH = _cases(
    "fr",
    short=[
        "Grève des éboueurs à Valmont",
        "Le maire sortant battu",
        "Inondations : trois villages évacués",
        "La pêche au thon suspendue",
        "Budget 2031 : le Sénat dit non",
        "Une centrale solaire à Tombelaine",
        "Football : Clairval s'impose à domicile",
        "Mort du photographe Anselme Duvauchel",
        "Marée noire au large de Port-Cressy",
        "Nouvelle ligne de tramway inaugurée",
    ],
    medium=[
        "Le conseil municipal de Saint-Orens-la-Rive a voté mardi soir la fermeture de la piscine pour travaux.",
        "Deux randonneurs égarés ont été retrouvés sains et saufs. Ils avaient passé la nuit dans une bergerie.",
        "Selon la préfecture, près de quatre mille personnes ont défilé dans le calme.",
        "« Nous n'avons plus d'eau depuis dix jours », déplore une habitante du quartier des Tanneries.",
        "Le prix du blé a encore reculé de 4,2 % à la bourse de Hauterive, son plus bas niveau depuis 2019.",
        "L'entreprise familiale, fondée en 1884, emploie soixante-deux salariés et vend ses couteaux au Japon.",
    ],
    long=[
        "La rivière est montée de deux mètres en une nuit. Au petit matin, les pompiers ont conduit les habitants de "
        "la rue basse jusqu'au gymnase, où la Croix-Rouge avait installé des lits. « On n'avait pas vu cela depuis "
        "1977 », raconte Odile Marchessou, qui tient la boulangerie du pont. Les écoles resteront fermées jusqu'à "
        "lundi, et la préfecture demande à chacun d'éviter les berges.",
        "Réunis pendant trois jours à Lausanvert, les ministres des transports n'ont pas réussi à s'accorder sur le "
        "prix des sillons ferroviaires. Le texte prévoyait une baisse de douze pour cent pour les trains de nuit ; "
        "plusieurs délégations ont jugé l'effort insuffisant. Une nouvelle rencontre est prévue au mois de mars, sans "
        "que son ordre du jour soit encore connu.",
        "Le musée des Cordeliers rouvre samedi après quatre ans de travaux. Les visiteurs y découvriront une salle "
        "consacrée aux faïences, un jardin et un atelier pour les enfants. L'entrée sera gratuite tout le week-end. "
        "La directrice espère accueillir quatre-vingt mille personnes par an, deux fois plus qu'avant la fermeture.",
        "Les chercheurs ont suivi pendant six hivers une colonie de chauves-souris installée dans un tunnel "
        "abandonné. Leur étude montre que les animaux se réveillent plus souvent lorsque la température dépasse huit "
        "degrés, et qu'ils perdent alors jusqu'à un cinquième de leur poids. Le tunnel a été muré à l'automne.",
    ],
)

#: French as it really arrives: each must still be taken for French.
FRENCH_HARD = {
    "all caps": [
        "LE GOUVERNEMENT ANNONCE UNE BAISSE DES IMPÔTS POUR LES MÉNAGES LES PLUS MODESTES",
        "URGENT : ÉVACUATION DE LA GARE CENTRALE APRÈS LA DÉCOUVERTE D'UN COLIS SUSPECT",
    ],
    "no accents": [
        "Le president de la region a presente hier son plan pour les lycees, les ecoles d'ete et la sante des eleves.",
        "L'eleveur espere que la secheresse cessera bientot : ses betes n'ont deja plus rien a manger.",
    ],
    "English quotes": [
        "Le groupe anglais a quitté la scène sous les huées. « We will never come back to this town as long as we "
        "live, and that is a promise we intend to keep », a lancé le chanteur. Le festival a regretté ces mots et "
        "promis de rembourser les spectateurs.",
        "Interrogé par la presse, l'ancien entraîneur a répondu : « I have always said that this team would surprise "
        "everyone, and nobody believed me when I said so. » Puis il a quitté la salle sans un mot de plus.",
    ],
    "foreign names": [
        "Kristoffer Lindqvist, Hiroshi Takahara, Wojciech Brzezina et Siobhan O'Malley ont signé l'accord à "
        "Hallgrimsvik.",
        "Ont été élus : Giancarlo Bertolucci, Iñigo Etxeberria, Jürgen Weißmüller, Nguyen Thi Bich et Mwangi Kariuki.",
        "Chez Bergstrom & Whitfield Holdings, Katherine Blackwood succède à Jonathan Fairweather.",
    ],
    "URLs and hyphens": [
        "--- Billetterie : https://tickets.example.org/en/buy?event=summer-festival --- ouverture des portes à 19 h "
        "---",
        "www.example.com/news/latest-headlines | contact@example.com | Toute reproduction, même partielle, est "
        "interdite.",
    ],
    "Quebec": [
        "La mairesse de Rivière-aux-Castors veut bannir les souffleuses à feuilles dès la fin de semaine prochaine.",
        "Le traversier restera à quai : l'équipage, en congé de maladie, dénonce le manque de relève et de "
        "stationnement.",
    ],
    "African French": [
        "Le chef de l'État a reçu en audience les imams de Bouradougou et de Sikambara à la veille de la Tabaski.",
        "À Ndiobène, les orpailleurs ont déguerpi le site après le passage du préfet et des éléments de la "
        "gendarmerie.",
    ],
    "dispatch header": [
        "KINVARA (NewsDesk) - Mis à jour 12/03/2031 14:02 GMT - Le cuivre finit en baisse sur le London Metal Desk",
        "date 2031-04 | id 88213 | Trois start-up de la « green tech » lauréates du Blue Harbor Award, selon leur "
        "agence.",
    ],
}

#: Another language with something French in it: each must not be taken for French.
OTHER_MIXED = {
    "en": [
        "The striker shrugged. « On a mal joué, voilà tout », he told reporters after the match, before walking to "
        "the bus with his head down and his shirt over his shoulder.",
        "The restaurant, Chez Marguerite et Fils, serves coq au vin and crème brûlée, but its owner was born in Ohio "
        "and has never set foot in France.",
        "Jean-Baptiste Lefebvre and Marie-Hélène Dubois-Martin of Crédit Rural de Bretagne declined to comment.",
    ],
    "es": ["El presidente francés Étienne Delacroix visitó la Île de Kervao y dijo « merci à tous » al despedirse."],
    "it": ["Il ministro francese François Delahaye ha ringraziato Aix-les-Bois con un semplice « merci beaucoup »."],
    "ca": ["El primer ministre francès, Jean-Luc Dumontier, arribarà demà a Perpinyà amb el prefecte Lemaître."],
}

ENGLISH = _cases(
    "en",
    short=[
        "Floods force three villages to evacuate",
        "Mayor loses seat after recount",
        "Copper prices fall again",
        "Police question bus driver",
        "New tram line opens in Ashford Vale",
    ],
    medium=[
        "The town council voted on Tuesday to close the swimming pool for repairs.",
        "Two hikers lost since Sunday were found safe. They had spent the night in a shepherd's hut.",
        "About four thousand people marched peacefully, according to police.",
    ],
    long=[
        "The river rose two metres overnight. At dawn firefighters led people from the lower street to the sports "
        "hall, where volunteers had set up beds. Schools will stay closed until Monday, and residents have been told "
        "to keep away from the banks.",
        "Researchers followed a colony of bats in a disused tunnel over six winters. The animals wake more often when "
        "it is warmer than eight degrees, and lose up to a fifth of their weight. The tunnel was sealed last autumn.",
    ],
)

SPANISH = _cases(
    "es",
    short=[
        "Inundaciones obligan a evacuar tres pueblos",
        "Muere el fotógrafo Anselmo Duarte",
        "El alcalde pierde las elecciones",
        "Huelga de basureros en Valmonte",
    ],
    medium=[
        "El ayuntamiento aprobó el martes por la noche el cierre de la piscina por obras.",
        "Dos excursionistas perdidos fueron hallados sanos y salvos en un refugio de pastores.",
        "Según la policía, unas cuatro mil personas marcharon en calma por el centro.",
    ],
    long=[
        "El río creció dos metros en una sola noche. Al amanecer, los bomberos llevaron a los vecinos de la calle "
        "baja al polideportivo, donde los voluntarios habían puesto camas. Las escuelas seguirán cerradas hasta el "
        "lunes.",
        "Los investigadores siguieron durante seis inviernos una colonia de murciélagos. El estudio muestra que los "
        "animales se despiertan más a menudo cuando hace más de ocho grados y que pierden hasta una quinta parte del "
        "peso.",
    ],
)

ITALIAN = _cases(
    "it",
    short=[
        "Alluvione, evacuati tre paesi",
        "Morto il fotografo Anselmo Duranti",
        "Il sindaco perde le elezioni",
        "Sciopero dei netturbini a Valmonte",
    ],
    medium=[
        "Martedì sera il consiglio comunale ha votato la chiusura della piscina per lavori.",
        "Due escursionisti dispersi sono stati ritrovati sani e salvi in un rifugio di pastori.",
        "Secondo la questura, circa quattromila persone hanno sfilato nella calma.",
    ],
    long=[
        "Il fiume è salito di due metri in una notte. All'alba i pompieri hanno accompagnato gli abitanti della via "
        "bassa nella palestra, dove i volontari avevano preparato dei letti. Le scuole resteranno chiuse fino a "
        "lunedì.",
        "I ricercatori hanno seguito per sei inverni una colonia di pipistrelli. Lo studio mostra che gli animali si "
        "svegliano più spesso quando la temperatura supera gli otto gradi e perdono fino a un quinto del peso.",
    ],
)

CATALAN = _cases(
    "ca",
    short=[
        "Inundacions: tres pobles evacuats",
        "Mor el fotògraf Anselm Duran",
        "L'alcalde perd les eleccions",
        "Vaga d'escombriaires a Vallmont",
    ],
    medium=[
        "L'ajuntament va votar dimarts al vespre el tancament de la piscina per obres.",
        "Dos excursionistes perduts han estat trobats sans i estalvis en un refugi de pastors.",
        "Segons la policia, unes quatre mil persones van desfilar amb calma pel centre.",
    ],
    long=[
        "El riu va pujar dos metres en una sola nit. A trenc d'alba, els bombers van dur els veïns del carrer de baix "
        "al poliesportiu, on els voluntaris havien posat llits. Les escoles continuaran tancades fins dilluns.",
        "Els investigadors van seguir durant sis hiverns una colònia de ratpenats. L'estudi mostra que els animals es "
        "desperten més sovint quan fa més de vuit graus i que perden fins a una cinquena part del pes.",
    ],
)

OCCITAN = _cases(
    "oc",
    short=[
        "Aigats: tres vilatges evacuats",
        "Lo cònsol pèrd las eleccions",
        "Una novèla linha de tramvia",
        "Debanada dels obrièrs a Vilanòva",
    ],
    medium=[
        "Lo conselh municipal a votat dimars de ser la barradura de la piscina per trabalhs.",
        "Dos caminaires perduts son estats retrobats sans e salves dins una cabana de pastres.",
        "Segon la polícia, gaireben quatre mila personas an desfilat dins lo calme.",
    ],
    long=[
        "Lo riu a montat de dos mètres dins una nuèch. A l'alba, los pompièrs an menat los estatjants de la carrièra "
        "bassa fins al gimnasi, ont los volontaris avián installat de lièches. Las escòlas demoraràn barradas fins a "
        "diluns.",
        "Los cercaires an seguit pendent sièis ivèrns una colonia de ratapenadas. L'estudi mòstra que los animals se "
        "desrevelhan mai sovent quand la temperatura passa uèch grases, e que pèrdon fins a un cinquen de lor pes.",
    ],
)

PORTUGUESE = _cases(
    "pt",
    short=[
        "Cheias obrigam a evacuar três aldeias",
        "Morreu o fotógrafo Anselmo Duarte",
        "Prefeito perde a eleição",
        "Greve dos lixeiros em Valmonte",
    ],
    medium=[
        "A câmara municipal aprovou na terça-feira à noite o fecho da piscina para obras.",
        "Dois caminhantes perdidos foram encontrados sãos e salvos num abrigo de pastores.",
        "Segundo a polícia, cerca de quatro mil pessoas desfilaram com calma pelo centro.",
    ],
    long=[
        "O rio subiu dois metros numa só noite. De madrugada, os bombeiros levaram os moradores da rua de baixo para "
        "o ginásio, onde os voluntários tinham posto camas. As escolas vão ficar fechadas até segunda-feira.",
        "Os investigadores seguiram durante seis invernos uma colónia de morcegos. O estudo mostra que os animais "
        "acordam mais vezes quando a temperatura passa dos oito graus e que perdem até um quinto do peso.",
    ],
)

GERMAN = _cases(
    "de",
    short=["Hochwasser: drei Dörfer geräumt", "Bürgermeister verliert die Wahl"],
    medium=["Der Stadtrat beschloss am Dienstagabend, das Schwimmbad wegen Bauarbeiten zu schließen."],
    long=[
        "Der Fluss stieg in einer Nacht um zwei Meter. Im Morgengrauen brachte die Feuerwehr die Bewohner der unteren "
        "Gasse in die Turnhalle, wo Helfer Betten aufgestellt hatten. Die Schulen bleiben bis Montag geschlossen."
    ],
)

ROMANIAN = _cases(
    "ro",
    short=["Inundații: trei sate evacuate", "Primarul a pierdut alegerile"],
    medium=["Consiliul local a votat marți seara închiderea piscinei pentru lucrări."],
    long=[
        "Râul a crescut cu doi metri într-o singură noapte. În zori, pompierii i-au dus pe locuitorii străzii de jos "
        "la sala de sport, unde voluntarii puseseră paturi. Școlile rămân închise până luni."
    ],
)

HAITIAN = _cases(
    "ht",
    short=["Inondasyon: yo evakye twa vilaj", "Majistra a pèdi eleksyon an"],
    medium=["Madi swa, konsèy vil la te vote pou yo fèmen pisin nan pou travay."],
    long=[
        "Rivyè a monte de mèt nan yon sèl nwit. Granmaten, ponpye yo te mennen moun ki rete nan ri anba a nan jimnaz "
        "la, kote volontè yo te mete kabann. Lekòl yo ap rete fèmen jouk lendi, e lapolis mande tout moun pa pwoche "
        "bò dlo a."
    ],
)

OTHERS = [*SPANISH, *ITALIAN, *CATALAN, *OCCITAN, *PORTUGUESE, *GERMAN, *ROMANIAN, *HAITIAN]

#: Too little to say: names, numbers, a word or two shared by several languages.
UNDECIDED = [
    "Paris",
    "Emmanuel Durand",
    "Ligue 2",
    "Festival international",
    "Grand Prix 2031",
    "Port-Cressy 3 - Valmont 1",
]
