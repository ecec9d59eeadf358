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
noel: christmas xmas noel santa
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
tgv: tgv high train
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
sdf: homeless
quint: fifth v
saxons saxonne: english anglo saxon american british
crs: riot crs
btp: construction
cdi cdd: permanent fixed contract
smic: minimum wage
rsa: welfare income benefit
ivg: abortion
pma: ivf assisted fertil
gpa: surroga
bd: comic
cv: resume
ehpad: nursing care home
chu: hospital
samu: ambulance emergency paramedic samu
pacs: civil
qi: iq
mst: std sti
ist: sti std
avc: stroke
drh: human hr
cicr: icrc red cross
msf: borders msf
rsf: borders rsf
cio: ioc olympic
ase: esa european space
cedeao: ecowas west african
uemoa: waemu uemoa west african
uit: itu
pam: wfp food
pnud: undp
pnue: unep
cnuced: unctad
anase: asean
oci: oic islamic
ccg: gcc gulf
ape: epa
tgi: court
pv: minutes ticket
vtc: cab driver
pj: police detective
rn: national rn
fn: national front fn
lr: republican lr
ps: socialist ps
angeles: la l.a
sylvestre: new year
nil: nile
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
kadhafi khadafi: gaddafi gadhafi qaddafi qadhafi gadafi khadafi kadhafi
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
