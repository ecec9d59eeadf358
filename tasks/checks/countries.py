"""Countries and their peoples in French and English: what CLDR does not have, as a table for ``terms``.

A line is ``KEY | French names | French adjectives | English forms``. The key is the country's CLDR code, and CLDR's
names in both languages come to those of the line. Adjectives stand in the masculine singular; feminine and plural are
made of it. An English form is the beginning of a word, or a whole word after "=", or a whole word with a capital after
"^", or several words in brackets.
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
AU | | australien | australia aussie A$ ^aud
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
BR | | brésilien | brazil brasil R$ ^brl
BS | | bahaméen bahamien | baham
BT | | bhoutanais | bhutan
BW | | botswanais | botswan motswana batswana
BY | Biélorussie, Bélarus, Belarus | biélorusse bélarusse | belarus byeloruss belorus (white russia)
BZ | | bélizien | beliz
CA | | canadien | canad C$ CA$ ^cad
CD | République démocratique du Congo, RDC | | congo drc
CG | République du Congo, Congo | congolais | congo drc zaire
CF | Centrafrique, République centrafricaine | centrafricain | (central african) ^car
CH | Confédération helvétique | suisse helvétique | swiss switzerland helvet ^chf
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
HK | Hong Kong, Hongkong, Hong-Kong | hongkongais | (hong kong) hongkong HK$ ^hkd
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
JP | Japon | japonais nippon nippone | japan nippon ^jpy
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
MX | | mexicain | mexic MX$ ^mxn
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
NZ | Nouvelle-Zélande | néo-zélandais | zealand kiwi NZ$ ^nzd
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
SG | Singapour | singapourien | singapor S$ ^sgd
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
US | Amérique, Etats-Unis, USA | américain états-unien étasunien étatsunien | america ^us =usa (united states) yank
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
