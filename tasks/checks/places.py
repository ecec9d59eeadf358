"""Countries, regions and their peoples in French and English: what CLDR does not have, as a table for ``terms``.

A line is ``KEY | French names | French adjectives | English forms``. With a country's CLDR code as its key, CLDR's names
in both languages come to it. Adjectives stand in the masculine singular; feminine and plural are made of it. An English
form is the beginning of a word, or a whole word after "=", a whole word with a capital after "^", or several words in brackets.
"""

from __future__ import annotations

COUNTRIES = """
AD | | andorran | andorra
AE | Émirats | émirati émirien | emirat uae (u.a.e)
AF | | afghan | afghan
AL | | albanais | albania
AM | | arménien | armenia
AO | | angolais | angola
AR | | argentin | argentin
AT | | autrichien | austria
AU | | australien | australia aussie
AZ | Azerbaïdjan, Azerbaidjan | azerbaïdjanais azéri | azerbaijan azeri azerbaidjan
BA | Bosnie | bosniaque bosnien | bosnia bosniak herzegovin
BB | Barbade | barbadien | barbad bajan
BD | | bangladais | bangladesh bengal
BE | | belge | belgi
BF | Burkina | burkinabé burkinabè | burkina
BG | | bulgare | bulgar
BH | Bahreïn, Bahrein | bahreïni bahreïnien | bahrain bahrein
BI | | burundais | burundi
BJ | | béninois | benin
BN | | brunéien | brunei
BO | | bolivien | bolivia
BR | | brésilien | brazil brasil
BS | | bahaméen bahamien | baham
BT | | bhoutanais | bhutan
BW | | botswanais | botswan motswana batswana
BY | Biélorussie, Bélarus, Belarus | biélorusse bélarusse | belarus byeloruss belorus (white russia)
BZ | | bélizien | beliz
CA | | canadien | canad
CD | République démocratique du Congo, RDC | | congo drc
CG | République du Congo, Congo | congolais | congo drc zaire
CF | Centrafrique, République centrafricaine | centrafricain | (central african) ^car
CH | Confédération helvétique | suisse helvétique | swiss switzerland helvet
CI | Côte d'Ivoire | ivoirien | (ivory coast) (cote d'ivoire) ivorian ivoirian
CL | | chilien | chile
CM | | camerounais | cameroon
CN | Chine, Empire du Milieu | chinois | chin sino prc (middle kingdom)
CO | | colombien | colombia
CR | | costaricain costaricien | (costa rica)
CU | | cubain | cuba
CV | Cap-Vert | capverdien cap-verdien | (cape verd) (cabo verd)
CY | | chypriote cypriote | cypr
CZ | République tchèque, Tchéquie, Tchécoslovaquie, Bohême | tchèque tchécoslovaque | czech bohemia
DE | Allemagne, République fédérale, RFA, RDA | allemand germanique | german germania prussia gdr frg
DJ | | djiboutien | djibouti
DK | | danois | danish denmark dane
DM | | dominiquais | dominica
DO | République dominicaine | dominicain | dominica
DZ | Algérie | algérien | algeria
EC | Équateur | équatorien | ecuador equator
EE | | estonien | estonia
EG | | égyptien | egypt
EH | Sahara occidental | sahraoui | sahara sahrawi
ER | Érythrée, Erythrée | érythréen | eritrea
ES | | espagnol | spain spanish spaniard hispan
ET | | éthiopien | ethiopia
EU | Union européenne, UE | | (european union) ^eu european europe
FI | | finlandais finnois | finland finn
FJ | | fidjien | fiji
FO | Féroé, îles Féroé | féroïen | faroe faeroe
FR | | français | french france franco gallic
GA | | gabonais | gabon
GB | Grande-Bretagne, Angleterre, Royaume-Uni | britannique anglais | brit engl ^uk (u.k) (united kingdom) anglo
GE | | géorgien | georgia
GF | Guyane | guyanais | guian guyan
GH | | ghanéen | ghana
GL | | groenlandais | greenland
GM | | gambien | gambia
GN | Guinée, Guinée-Conakry, Guinée-Bissau, Guinée équatoriale | guinéen équatoguinéen bissau-guinéen | guinea
GP | Guadeloupe | guadeloupéen | guadeloup
GR | | grec hellénique | greece greek grecian hellen graec greco
GT | | guatémaltèque | guatemal
GY | | guyanien | guyan
HK | Hong Kong, Hongkong, Hong-Kong | hongkongais | (hong kong) hongkong
HN | | hondurien | hondur
HR | | croate | croat
HT | Haïti | haïtien | haiti
HU | | hongrois magyar | hungar magyar
ID | | indonésien | indonesia
IE | Irlande, Eire, Irlande du Nord | irlandais | ireland irish
IL | Israël | israélien | israel
IN | Inde, Indes | indien | india indies indo
IQ | Irak, Iraq | irakien iraquien | iraq irak
IR | Iran, Perse | iranien persan perse | iran persia farsi
IS | | islandais | iceland
IT | | italien transalpin | ital
JM | | jamaïcain jamaïquain | jamaica
JO | | jordanien | jordan
JP | Japon | japonais nippon nippone | japan nippon
KE | | kényan kenyan | kenya
KG | Kirghizstan, Kirghizistan, Kirghizie | kirghize kirghiz | kyrgyz kirghiz kirgiz
KH | | cambodgien khmer | cambodia khmer kampuchea
KM | | comorien | comor
KP | Corée du Nord | nord-coréen | (north korea) (northern korea) dprk pyongyang
KR | Corée du Sud | sud-coréen | (south korea) (southern korea) ^rok seoul
korea | Corée | coréen | korea
KW | Koweït, Koweit | koweïtien koweïti | kuwait
KZ | Kazakhstan | kazakh kazakhstanais | kazakh qazaq
LA | | laotien | =lao laos laotian
LB | | libanais | leban
LI | | liechtensteinois | liechtenstein
LK | Sri Lanka, Ceylan | sri-lankais srilankais cinghalais | (sri lanka) ceylon sinhal
LR | Libéria, Liberia | libérien | liberia
LT | | lituanien | lithuania
LU | | luxembourgeois | luxembourg luxemburg
LV | | letton | latvia lett
LY | Libye, Libye | libyen | libya
MA | | marocain chérifien | morocc maghreb
MC | | monégasque | monac monegas
MD | | moldave | moldov moldavia
ME | | monténégrin | montenegr
MG | | malgache | madagasca malagas
MK | Macédoine | macédonien | macedonia
ML | Mali | malien | =mali malian
MM | Birmanie, Myanmar | birman | burm myanmar
MN | | mongol | mongol
MR | | mauritanien | mauritania
MT | | maltais | malt
MU | île Maurice, Île Maurice | mauricien | mauriti
MV | | maldivien | maldiv
MX | | mexicain | mexic
MY | Malaisie | malaisien malais | malay
MZ | | mozambicain | mozambi mocambi
NA | | namibien | namibia
NC | Nouvelle-Calédonie, Calédonie | néo-calédonien calédonien | caledonia
NE | Niger | nigérien | =niger nigerien (niger's)
NG | Nigeria, Nigéria | nigérian | nigeria
NI | | nicaraguayen | nicaragua
NL | Hollande, Pays-Bas | néerlandais hollandais batave | dutch netherland holland holland
NO | | norvégien | norw norse
NP | | népalais | nepal
NZ | Nouvelle-Zélande | néo-zélandais | zealand kiwi
OM | Oman, sultanat d'Oman | omanais | oman
PA | | panaméen | panama
PE | | péruvien | peru
PF | Polynésie, Tahiti | polynésien tahitien | polynesia tahiti
PG | Papouasie, Papouasie-Nouvelle-Guinée | papou papouasien | papua
PH | | philippin | philippin filipin pinoy
PK | | pakistanais | pakistan
PL | | polonais | poland polish =pole =poles
PR | Porto Rico | portoricain | (puerto ric) (porto ric)
PS | Palestine | palestinien | palestin
PT | | portugais lusitanien | portug luso
PY | | paraguayen | paraguay
QA | | qatari qatarien | qatar
RE | | réunionnais | reunion
RO | | roumain | romania rumania roumania
RS | | serbe | serb
RU | Russie, Fédération de Russie, Fédération russe | russe | russ
RW | | rwandais | rwand
SA | Arabie saoudite, Arabie Saoudite | saoudien | saudi
SC | | seychellois | seychel
SD | | soudanais | sudan
SE | | suédois | swed
SG | Singapour | singapourien | singapor
SI | | slovène | sloven
SK | | slovaque | slovak
SL | | sierra-léonais | (sierra leon)
SM | Saint-Marin | saint-marinais | (san marin) sammarin
SN | | sénégalais | senegal
SO | | somalien | somali
SS | Soudan du Sud | sud-soudanais | sudan
SV | Salvador | salvadorien | salvador
SY | | syrien | syria
TD | | tchadien | chad
TG | | togolais | togo
TH | Thaïlande | thaïlandais thaï | thai siam
TJ | | tadjik | tajik tadjik tadzhik
TL | Timor | timorais | timor
TM | | turkmène | turkmen
TN | | tunisien | tunisia
TR | Turquie, Empire ottoman | turc | turk ottoman
TT | Trinité-et-Tobago, Trinidad | trinidadien | trinidad trinbago tobago
TW | Taïwan, Taiwan | taïwanais taiwanais | taiwan formos
TZ | | tanzanien | tanzan
UA | | ukrainien | ukrain
UG | | ougandais | ugand
US | Amérique, Etats-Unis, USA | américain états-unien étasunien étatsunien | america ^us =usa (u.s) (united states) (the states) yank
UY | | uruguayen | urugua
UZ | | ouzbek ouzbèke | uzbek
VE | | vénézuélien | venezuel
VN | Viêt Nam, Vietnam, Viêtnam, Viet Nam, Indochine | vietnamien indochinois | viet (indo china) indochin
XK | | kosovar | kosov
YE | Yémen | yéménite | yemen
ZA | Afrique du Sud | sud-africain | (south africa) ^sa
ZM | | zambien | zambia
ZW | | zimbabwéen | zimbabwe
"""

#: Parts of the world and of countries, peoples without a country of their own, and people of some cities.
REGIONS = """
Africa | Afrique | africain | africa afro ^au
subsaharan | Afrique subsaharienne | subsaharien | (sub sahara) subsahara (south of the sahara)
america-north | Amérique du Nord | nord-américain | (north america) (north and south america) (north and central america)
america-south | Amérique du Sud | sud-américain | (south america) (latin america) (south and central america)
america-latin | Amérique latine | latino-américain | (latin america) latino (south america)
america-central | Amérique centrale | centraméricain | (central america) (central and south america)
america-african | | afro-américain | (african america) afro (black america)
asia | Asie | asiatique | asia
europe | Europe, Vieux Continent | européen | europ euro ^eu ^emu
oceania | Océanie | océanien | oceani pacific (down under) australasia
antarctic | Antarctique | | antarctic
arctic | Arctique | | arctic
maghreb | Maghreb | maghrébin nord-africain | maghreb (north africa) (northern africa)
sahel | Sahel | sahélien | sahel
sahara | Sahara | saharien | sahar
middle-east | Moyen-Orient, Proche-Orient | moyen-oriental proche-oriental | (middle east) (near east) mideast
caribbean | Caraïbes, Caraïbe, Antilles | antillais caribéen caraïbe | caribbean antill (west ind) carib
balkans | Balkans | balkanique | balkan
scandinavia | Scandinavie | scandinave | scandinav nordic
baltic | Baltique | balte | baltic balt
caucasus | Caucase | caucasien | caucas
mediterranean | Méditerranée | méditerranéen | mediterran
soviet | Union soviétique, URSS | soviétique | soviet ussr russia (u.s.s.r)
yugoslavia | Yougoslavie | yougoslave | yugoslav jugoslav
scotland | Écosse, Ecosse | écossais | scot
wales | pays de Galles, Pays de Galles, Galles | gallois | wales welsh
zealand | Zélande | zélandais | zeeland zealand
quebec | Québec | québécois | quebec quebec
acadia | Acadie | acadien | acadia cajun
newfoundland | Terre-Neuve | terre-neuvien | newfoundland
nova-scotia | Nouvelle-Écosse | | (nova scotia)
new-brunswick | Nouveau-Brunswick | | (new brunswick)
california | Californie | californien | californ
florida | Floride | floridien | florid ^fl
texas | Texas | texan | texa ^tx tex
louisiana | Louisiane | louisianais | louisian
virginia | Virginie, Virginie-Occidentale | virginien | virgini
carolina | Caroline du Nord, Caroline du Sud | | carolin
pennsylvania | Pennsylvanie | pennsylvanien | pennsylvan ^pa ^penn
georgia | Géorgie | | georgi
hawaii | Hawaï, Hawaii | hawaïen hawaiien | hawai
alaska | Alaska | | alaska
catalonia | Catalogne | catalan | catal
andalusia | Andalousie | andalou | andal
castile | Castille | castillan | castil spanish
galicia | Galice | galicien | galici
basque | Pays basque, Pays Basque, Euskadi | basque | basque euskad euskara
navarre | Navarre | navarrais | navarr
aragon | Aragon | aragonais | aragon
brittany | Bretagne | breton | brittan breton
normandy | Normandie | normand | norman
burgundy | Bourgogne | bourguignon | burgund bourgogne bourguignon
corsica | Corse | corse | corsic
alsace | Alsace | alsacien | alsac alsat
lorraine | Lorraine | lorrain | lorrain
savoy | Savoie, Haute-Savoie | savoyard | savo
picardy | Picardie | picard | picard
provence | Provence | provençal | provenc
occitania | Occitanie | occitan | occit
gascony | Gascogne | gascon | gascon
flanders | Flandre, Flandres | flamand | fleming flemish flander dutch
wallonia | Wallonie | wallon | wallon
bavaria | Bavière | bavarois | bavari
saxony | Saxe, Basse-Saxe, Saxe-Anhalt | saxon | saxon
prussia | Prusse | prussien | prussi
rhineland | Rhénanie | rhénan | rhine rhenish rhenan
swabia | Souabe | souabe | swabia
thuringia | Thuringe | thuringien | thuringi
hesse | Hesse | hessois | hess
westphalia | Westphalie | westphalien | westphal
brandenburg | Brandebourg | brandebourgeois | brandenburg
silesia | Silésie | silésien | silesi
moravia | Moravie | morave | moravi
transylvania | Transylvanie | transylvanien | transylvan
sicily | Sicile | sicilien | sicil
sardinia | Sardaigne | sarde | sardi
tuscany | Toscane | toscan | tusc
lombardy | Lombardie | lombard | lombard
piedmont | Piémont | piémontais | piedmont piemont
umbria | Ombrie | ombrien | umbri
calabria | Calabre | calabrais | calabr
apulia | Pouilles | | apuli puglia
crete | Crète | crétois | cret
crimea | Crimée | | crimea
chechnya | Tchétchénie | tchétchène | chech
ossetia | Ossétie | ossète | osset
abkhazia | Abkhazie | abkhaze | abkhaz
dagestan | Daghestan | daghestanais | dagestan daghestan
siberia | Sibérie | sibérien | siberi
tibet | Tibet | tibétain | tibet
uighur | | ouïghour ouïgour ouighour | uighur uyghur
kashmir | Cachemire | cachemirien | kashmir
bengal | Bengale | bengali | bengal
punjab | Pendjab | pendjabi | punjab panjab
tamil | | tamoul | tamil
kurdistan | Kurdistan | kurde | kurd
mesopotamia | Mésopotamie | mésopotamien | mesopotam
babylon | Babylone | babylonien | babylon
phoenicia | Phénicie | phénicien | phoenici
carthage | Carthage | carthaginois | carthag punic
byzantium | Byzance | byzantin | byzant
assyria | Assyrie | assyrien | assyri
etruria | Étrurie | étrusque | etrus
sparta | Sparte | spartiate | sparta
troy | Troie | troyen | troy troj
judea | Judée | | jude
galilee | Galilée | galiléen | galile
westbank | Cisjordanie | | (west bank) cisjordan
gaza | Gaza | gazaoui | gaza
golan | Golan | | golan
kabylia | Kabylie | kabyle | kabyl
darfur | Darfour | | darfur
katanga | Katanga | katangais | katang
biafra | Biafra | biafrais | biafra
zanzibar | Zanzibar | | zanzibar
tuareg | | touareg | tuareg touareg
berber | | berbère amazigh | berber amazigh
arab | | arabe | arab
jew | | juif | jew
gypsy | | tzigane tsigane gitan | gyps =roma romani tzigan
inuit | | inuit esquimau | inuit eskimo
maori | | maori | maori
aztec | | aztèque | aztec
mayan | | maya | maya
inca | | inca | inca
viking | | viking | viking norse
slav | | slave | slav
celt | | celte celtique | celt
gaul | Gaule | gaulois | gaul gall asterix
tutsi | | tutsi | tutsi
hutu | | hutu | hutu
zulu | | zoulou | zulu
pashtun | | pachtoune pachtoun | pasht pusht pathan
hazara | | hazara | hazara
druze | | druze | druze
afrikaner | | afrikaner | afrikaner boer
cossack | | cosaque | cossack
tatar | | tatar | tatar tartar
iberian | péninsule Ibérique | ibérique | iberi spain spanish portug
alps | Alpes | alpin | alp
andes | Andes | andin | ande andin
himalaya | Himalaya | himalayen | himalaya
pyrenees | Pyrénées | pyrénéen | pyrene
channel | Manche | | channel mancha
falklands | Malouines, îles Malouines | | falkland malvin
canaries | Canaries, îles Canaries | canarien | canar
balearic | Baléares | baléare | balear
azores | Açores | | azor
paris | Paris | parisien francilien | paris (ile de france)
london | Londres | londonien | london
berlin | Berlin | berlinois | berlin
moscow | Moscou | moscovite | mosc musc
new-york | New York | new-yorkais | (new york) newyork ^ny ^nyc
brussels | Bruxelles | bruxellois | brussel
geneva | Genève | genevois | genev
rome | Rome | romain | rom
venice | Venise | vénitien | venet veni
naples | Naples | napolitain | neapol napl
milan | Milan | milanais | milan
florence | | florentin | florent florence
turin | Turin | turinois | turin
genoa | Gênes | génois | geno
vienna | Vienne | viennois | vien
athens | Athènes | athénien | athen
lisbon | Lisbonne | lisboète | lisb
madrid | Madrid | madrilène | madrid
barcelona | Barcelone | barcelonais | barcelon catal
beijing | Pékin | pékinois | beij peking
cairo | Caire | cairote | cair
algiers | Alger | algérois | algier algeria
beirut | Beyrouth | beyrouthin | beirut beyrouth
damascus | Damas | damascène | damasc
jerusalem | Jérusalem | | jerusalem
mecca | Mecque, La Mecque | mecquois | mecca makka
warsaw | Varsovie | varsovien | warsaw
prague | Prague | pragois praguois | prague praha
copenhagen | Copenhague | copenhaguois | copenhag
hague | La Haye | | (the hague) hague
antwerp | Anvers | anversois | antwerp
ghent | Gand | gantois | ghent gent
bruges | | brugeois | brug
dunkirk | Dunkerque | dunkerquois | dunkirk dunkerque
cologne | Cologne | | cologne koln
munich | Munich | munichois | munich munch
frankfurt | Francfort | francfortois | frankfurt
hamburg | Hambourg | hambourgeois | hamburg
nuremberg | Nuremberg | | nuremberg nurnberg
aachen | Aix-la-Chapelle | | aachen
basel | Bâle | bâlois | basel basle
bern | Berne | bernois | bern
zurich | Zurich | zurichois | zurich
philadelphia | Philadelphie | | philadelph philly
new-orleans | Nouvelle-Orléans | | (new orlean)
mexico-city | Mexico | | mexico
havana | Havane, La Havane | havanais | havana habana
seville | Séville | sévillan | sevill
grenada | | grenadin | granad grenad
edinburgh | Édimbourg, Edimbourg | édimbourgeois | edinburgh
dublin | Dublin | dublinois | dublin
"""
