"""Parts of the world and of countries, cities, and peoples without a country: a table for ``terms``.

The lines are like those of ``countries``, with keys of our own.
"""

from __future__ import annotations

REGIONS = """
Africa | Afrique | africain | africa afro ^au
subsaharan | Afrique subsaharienne | subsaharien | (sub sahara) subsahara (south of the sahara)
america-north | Amérique du Nord | nord-américain | (north america) (north and south) (north and central)
america-south | Amérique du Sud | sud-américain | (south america) (latin america) (south and central)
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
