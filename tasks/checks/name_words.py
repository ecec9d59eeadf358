"""Tables for ``names``: what a French capital may become in English. All words are folded: no case, no accents.

A country's entry also serves for its people and its adjectives when those begin alike. Names that begin alike in both
languages, or have the same consonants, need no entry.
"""

from __future__ import annotations

#: French words, and the English beginnings of which one must stand somewhere in the translation.
_EXONYMS = """
francais francaise francaises: french france
bucarest: bucharest
soyouz: soyuz
marie: mary marie
jean: john jean
pierre: peter pierre
cesar: caesar
benoit: benedict
allemagne allemand allemande allemands allemandes: german
angleterre anglais anglaise anglaises: engl brit
autriche autrichien autrichiens autrichienne: austria
espagne espagnol espagnole espagnols espagnoles: spain spanish spaniard
etats unis unies unie americain americains: united states us america usa
royaume uni grande bretagne britannique britanniques: united kingdom uk britain british
ecosse ecossais ecossaise: scot
galles gallois: wales welsh
irlande irlandais irlandaise: irish ireland
suisse suisses: swiss switzerland
suede suedois suedoise: swed
norvege norvegien norvegiens norvegienne: norw
danemark danois danoise: danish denmark dane
finlande finlandais: finland finn finnish
lettonie letton lettons: latvia
pologne polonais polonaise: poland polish pole
hongrie hongrois hongroise: hungar
tchequie tcheque tcheques tchecoslovaquie tchecoslovaque: czech
roumain roumains: romania
grece grec grecs grecque: greece greek hellenic
pays bas hollande neerlandais hollandais: netherlands dutch holland
turquie turcs: turk
indes: india indies
pekin: beijing peking
japonais japonaise: japan
coree coreen coreens: korea
birmanie birman: burma myanmar
libanais: leban
arabie saoudite saoudien saoudiens: saudi arabia
emirats: emirates uae
marocain marocains: morocc
algerie algerien alger: algeria algiers
lybie: libya
tchad tchadien: chad
cap: cape
tchetchenie tchetchene tchetchenes: chech
kiev: kyiv kiev
moise: moses
genes: genoa
guillaume: william guillaume
sarre: saar
lerida: lleida lerida
tchecoslovaques: czech
equateur: ecuador equator
perou: peru
terre neuve: newfoundland
zelande zelandais: zealand
nouvelle orleans: new orleans
ecosse: scotland scottish
cote ivoire ivoirien ivoiriens: ivory coast ivoire ivorian
caraibes caraibe: caribbean
antilles: antill west indies caribbean
egee: aegean
manche: channel
alpes: alp
bretagne breton bretons: britt brit
sarre: saarland
edimbourg: edinburgh
bale: basel basle
romain romains: rom
venise: venice venet
padoue: padua
naples: napl neapol
pouilles: apulia puglia
anvers: antwerp
gand: ghent
haye: hague
aix: aachen aix
cologne: cologne koln
munich: munich munchen
nuremberg: nuremberg nurnberg
ispahan: isfahan
mecque: mecca makkah
cisjordanie cisjordanie: west bank
ouighour ouighours: uighur uyghur
mahomet mohamed mohammed: muham moham mahom
qaida: qaeda qaida
occident occidentaux occidental: west occident
orient: east orient
noel: christmas xmas noel
paques: easter
toussaint: all saints
saint sainte saints: saint st. st holy
dieu: god
pape: pope
soleil: sun solar
lune: moon lunar
terre: earth land
oscars: oscar academy award
onu: un united nations
otan: nato
ue: eu european union
bce: ecb european central bank
fmi: imf monetary fund
omc: wto world trade
oms: who world health
ocde: oecd
oea: oas american states
uem: emu monetary union
pib pnb: gdp gnp gross
tva: vat value
tic: ict information
sida: aids
vih: hiv
adn: dna
arn: rna
ong: ngo non
pdg: ceo chief chairm president head
pme pmes pmi: sme small medium
opa: takeover bid
ovni ovnis: ufo
irm: mri magnetic
vtt: mountain bik mtb
tgv: tgv high
rfa: frg germany
rda: gdr east german democratic
urss: ussr soviet
usa: us states america
cei: cis
jo: olympic
sms: sms text
hlm: hous hlm
tnt: tnt digital
pvd: developing
oit: ilo labo
giec: ipcc climate
ges: ghg greenhouse
ogm: gmo genetic modif
tda tdah: add adhd attention
rctp: pstn
bei: eib investment
berd: ebrd
tzigane tziganes gitans: gyps roma
opep: opec
aqmi: aqim
co2: co2 carbon
unies: un
europeenne europeen: eu european
bombay: mumbai bombay
hadj: hajj
islam: islam muslim
renaissance: renaissance rebirth revival
souabe: swabia
majorque: majorca mallorca
malouines: falkland
djihad: jihad
hadj: haj
bouddha: buddh
kadhafi khadafi: addafi adhafi
rhenanie: rhin rhen
tu: ut
oua: oau
aiea: iaea atomic
cpi: icc criminal
cij: icj court
tpi tpiy: tribunal icty
cee: eec
ceca: ecsc
aelc: efta
alena: nafta
pac: cap agricult
pesc: cfsp
cedh: echr human rights
onusida: unaids
hcr: unhcr refugee
bird: ibrd world bank
ied: fdi foreign
"""

#: Capitalised words that are translated in too many ways to be asked for: offices, institutions, directions, feasts.
_GENERIC = """
academie accord accords administration affaire affaires agence agriculture aide alliance ambassade ancien
ancienne annee annees antiquite archives armee armees art arts assemblee assistance association assurance
assurances autorite avenue avent bas basse banque barreau bataille beaux bibliotheque blanc blanche blancs
blanches bleu bleue boite bourse bourses bourg brigade bureau cabinet cadre caisse caisses canal canton
capitaine cathedrale central centrale centre chaine chambre champion champions championnat championnats
chancelier chanceliere charte chateau chef chefs chemin chemins chimie choeur cite classe coalition code
college colonel comite commandant commerce commissaire commissariat commission communaute commune communes
compagnie comte comtesse concurrence confederation conference congres conseil conseiller conservateur
conservateurs constitution convention cooperation cote coupe cour couronne croissant croix culture debat debut
defense delegation democrate democrates departement deputes deuxieme developpement dimanche directeur
direction directive direction division docteur droit droite droits duc duche ecole economie education egalite
eglise elections electeurs emploi empereur empire enfant enfants enseignement entente environnement espace est
etat etats ete etoile etoiles etranger etrangeres etude etudes europeens expedition exposition faculte famille
federal federale federation femme femmes fete feu fevrier filiale finances firme foire fonds fondation force
forces foret formation forum francophonie frere freres front gare garde gauche gendarmerie general gouverneur
gouvernement grand grande grandes grands groupe guerre guerres habitat haut haute hauts histoire hiver homme
hommes hopital hotel ile iles industrie industries information initiative inspection institut institution
instruction interieur interieure international internationale internet internaute invalides jardin
jardins jazz jeu jeudi jeunes jeunesse jeux jour journal journee juge juges juif juifs juillet juin jury
justice lac land lander langue lettre lettres liberte libre libres lieutenant ligne ligue livre loi lois lundi
lycee madame magistrat magistrature mairie maire maison maitre majeste mandat marche mardi marechal marine
mediateur membre membres mer mercredi messe messie metropole mgr militaire milliard milliards million millions
ministere ministre ministres mission moderne moine monde mondial mondiale mondiaux monseigneur monsieur mont
montagne monument mort mouvement moyen moyenne municipalite municipal musee musique nation nationale nations
nature neuf neuve noir noire noirs nobel nord nouveau nouvel nouvelle nouvelles nuit observatoire occidental
occidentale office opera opposition orchestre ordre organisation organisme orientale orthodoxe ouest outre
pacte paix palais panier parc parlement parquet parti partis pays peche penitencier pere peres petit petite
peuple phare place plan plus police politique pont port porte pouvoir prefecture prefet prehistoire premier
premiere presidence president presidente presse primaire prince princesse prison prix procureur professeur
programme projet protection province public quartier quai rapport recherche reforme reformes region reglement
reine religion republicain republicains republique reserve resistance responsable responsables
revolution revue roi rois roman rouge rouges route royal royale royaume rue salle salon samedi sante science
sciences seconde secours secretaire secretariat secretariats secrets securite seigneur selection semaine senat
senateur service services siecle siege singe sire social sociale socialiste socialistes societe societes soir
solidarite sommet sondage statistique statistiques sud super supreme surete surveillance syndicat syndicats
systeme tableau tableaux telephone telecommunications television terrain terres theatre tiers titre toile tour
train traite traites transports travail travailliste travaillistes tremblement tresor tribunal triomphe trois
troisieme trone union unions unite universite univers vallee vendredi verite vert verts vice vierge vieux
vieille ville villes voie vol web wifi janvier mars avril mai aout septembre octobre novembre decembre alors
apres au aucun aucune aujourd aussi autre autres aux avant avec beaucoup bien bon bonne ca car ce cela celle
celles celui ces cet cette ceux chaque chez ci combien comme comment contre courir dans de depuis des deux dix
donc du elle elles en encore entre et eu eux faire faut hier ici il ils je jamais jusque la le les leur leurs
lors lorsque lui ma mais me meme merci mes moi moins mon ne ni non nos notre nous on ont or ou oui par parce
parmi pas pendant personne peut plusieurs pour pourquoi pourtant puis puisque qu qua quand que quel quelle
quelles quelqu quels qui quoi rien sa sans se selon ses seul seule si sinon soit son sont sous sur ta tant te
tel telle tes toi ton toujours tous tout toute toutes tres trop tu un une vers vive voici voila vos votre vous
y melle mme mlle age amis amitie ans azur baie bois boissons bureaux chambres chute compris crane delits
energie equipe extreme glace jaunes medecins medicaments menace mois objectifs onze orgueil particuliers
patrimoine petits petrole premiers rep risque temple temps vente ventes vie sauvegarde trois quatre cinq six
sept huit neuf vingt trente cent mille sixieme feuille regard mur moulin laboratoire ceci lion gbp eur usd huf
kc ksh wi fi
"""


#: Names that end like common nouns.
_LIKE_COMMON = """
france belgique mexique mozambique martinique jamaique afrique amerique baltique adriatique arctique antarctique clement
laurent vincent florent florence provence valence constance bruxelles seychelles danielle michelle estelle isabelle
gabrielle emmanuelle joelle murielle axelle caire aires kent trent brent carthage bordeaux meaux amiens brabant pasteur
honfleur meuse creuse nantes mantes descartes gates yates bates emirates voltaire baudelaire apollinaire nazaire hilaire
byzance numance durance plaisance terence lawrence clarence sorrente adelaide montreux rennes cannes vannes rochelle
moselle bastia bastille armentieres asnieres mezieres deauville etienne vienne julienne adrienne damien sebastien lucien
fabien aurelien emilien julien damiens orient maures azores actes perpignan sargent clermont beaumont egmont belmont
piemont vermont yvelines courtes hautes socrate hippocrate euphrate mithridate
"""


def _parsed(table: str) -> dict[str, tuple[str, ...]]:
    forms: dict[str, list[str]] = {}
    for line in table.strip().splitlines():
        keys, english = line.split(": ")
        for key in keys.split():
            forms.setdefault(key, []).extend(english.split())
    return {key: tuple(value) for key, value in forms.items()}


EXONYMS = _parsed(_EXONYMS)
LIKE_COMMON = frozenset(_LIKE_COMMON.split())
GENERIC = frozenset(_GENERIC.split())
