"""More pairs of all kinds, a line each, ``French|English``: those that must have a flag, and those that must not."""

from __future__ import annotations

_WRONG = """
Vingt-cinq mille fans ont chanté.|Twenty-five hundred fans sang.
Deux cent mille euros ont disparu.|Two thousand euros have gone.
Il a vécu cent deux ans.|He lived to be a hundred and twelve.
Onze cents ouvriers sont en grève.|Eleven workers are on strike.
Un million et demi de visiteurs.|A million visitors came in all.
La température oscille entre -5 et -10 °C.|The temperature is between 5 and 10 °C.
Un froid de –15 degrés.|A temperature of 15 degrees.
Le déficit est de –0,3 point.|The change is 0.3 point.
Il est arrivé à 7 h du matin.|He arrived at 7 p.m.
La réunion est à 13 h.|The meeting is at 1 a.m.
Ajoutez 500 g de sucre.|Add 500 kg of sugar.
Le mur mesure 3 pieds.|The wall measures 3 metres.
Une voiture de 100 ch.|A 100 kW car.
Il gagne 2 000 roupies.|He earns 2,000 rubles.
La note est de 12 dirhams.|The bill is 12 dinars.
Il doit 300 zlotys.|He owes 300 forints.
Un prêt de 50 shekels.|A loan of 50 dollars.
Il a versé 10 000 yens.|He paid 10,000 yuan.
Un taux de 5 pour mille.|A rate of 5 per cent.
Elle a pris 3 points.|She gained 3%.
Il court le 400 m en 45 secondes.|He runs the 400 m in 45 minutes.
La IIᵉ Guerre mondiale.|The First World War.
Élisabeth II est reine.|Elizabeth III is queen.
Lisez le chapitre IV.|Read chapter six.
Le XXᵉ arrondissement.|The 12th district.
Nul ne sait où il vit.|Everyone knows where he lives.
Il a refusé l'offre du club.|He accepted the club's offer.
Elle vit sans électricité.|She lives with electricity.
Il n'a point menti.|He lied.
Cela ne sert à rien.|This is useful.
Le Sénat n'a pas encore voté.|The Senate has already voted.
Ils n'ont guère d'argent.|They have a lot of money.
Les Bulgares ont gagné.|The Belgians won.
L'équipe galloise perd.|The Scottish team lost.
Un touriste autrichien.|An Australian tourist.
L'océan Indien monte.|The Atlantic Ocean is rising.
La mer du Nord est froide.|The South Sea is cold.
Elle étudie le mandarin.|She studies Japanese.
Le Proche-Orient attend.|The Far East waits.
Les Lettons votent.|The Lithuanians are voting.
Un film brésilien.|A Bolivian film.
Le Parlement européen siège.|The African Parliament is sitting.
L'Amérique du Sud brûle.|North America is burning.
Le yen baisse.|The dollar is falling.
La Sibérie dégèle.|Scandinavia is thawing.
Fin août, il partira.|He will leave at the end of April.
Le conseil siège le lundi et le jeudi.|The council sits on Monday and Friday.
Début janvier, il neigeait.|In early July it was snowing.
Il est né le 1ᵉʳ avril.|He was born on August 1st.
La Moldavie proteste.|Macedonia protests.
Un diplomate turc.|A Greek diplomat.
Les Néo-Zélandais fêtent leur titre.|The Australians celebrate their title.
Le peuple ouïghour.|The Tibetan people.
La frontière syrienne.|The Serbian border.
Un berger corse.|A Sardinian shepherd.
Douze mille milliards de dettes.|Twelve billion in debts.
Une dette de 4 mds.|A debt of 4 m.
Le contrat porte sur 80 M$.|The contract is worth $80bn.
Quelque 3,5 millions de personnes.|Some 3.5 people.
Le bénéfice : 12 k€.|Profit: €12m.
Il vend 15 000 livres par an.|He sells 15 books a year.
Une hausse de 0,5 %.|A rise of 5%.
Il mesure 1,85 m.|He is 185 m tall.
"""

_RIGHT = """
Onze cents ouvriers sont en grève.|1,100 workers are on strike.
Un million et demi de visiteurs sont venus.|One and a half million visitors came.
Deux millions et demi de foyers.|2.5 million households.
Mille euros suffisent.|1,000 euros are enough.
Il a cent ans.|He is a hundred years old.
Plusieurs centaines de personnes.|Several hundred people.
Quelques milliers de votes.|A few thousand votes.
Mille mercis !|Many thanks!
La température passe de -2 à +3 °C.|The temperature goes from -2 to +3 °C.
Entre -5 et -10 °C.|Between -5 and -10 °C.
La loi n° 2019-1147 du 8 novembre 2019.|Law no. 2019-1147 of 8 November 2019.
La guerre de 1939-1945.|The war of 1939-1945.
Les 24-25 mai.|May 24-25.
Un Boeing 737-800.|A Boeing 737-800.
Il fait -7 ce matin.|It is seven below this morning.
La réunion est à 13 h.|The meeting is at 1 p.m.
À 0 h 15, tout était calme.|At 12:15 a.m. all was quiet.
Rendez-vous à 14h30.|Meet at 2:30pm.
Il arrive à 7 h du matin.|He arrives at 7 a.m.
Le bateau est à 12 milles nautiques.|The boat is 12 nautical miles away.
Le vent souffle à 12 nœuds.|The wind is blowing at 12 knots.
Le loyer est de 1 200 €.|The rent is €1,200.
Le pain coûte 2 euros 50.|Bread costs €2.50.
Un billet à 12,50 €.|A €12.50 ticket.
Il a payé 5 $ CA.|He paid C$5.
La IIᵉ Guerre mondiale.|World War II.
La Seconde Guerre mondiale.|World War Two.
Lisez le chapitre III.|Read chapter 3.
Élisabeth II est reine.|Elizabeth II is queen.
Le roi Charles Quint.|King Charles V.
Henri III fut tué.|Henry the Third was killed.
Nul ne sait où il vit.|No one knows where he lives.
L'océan Indien monte.|The Indian Ocean is rising.
La mer du Nord est froide.|The North Sea is cold.
François Hollande est venu.|François Hollande came.
Florence a épousé Romain.|Florence married Romain.
Mai 68 a tout changé.|May '68 changed everything.
Vendredi 13, il pleuvait.|It rained on Friday the 13th.
Elle parle anglais.|She speaks English.
La crise de 2008 a coûté 3 % du PIB.|The 2008 crisis cost 3% of GDP.
Un litre et demi d'eau.|A litre and a half of water.
Les trois quarts des élèves.|Three quarters of the pupils.
Les deux tiers des voix.|Two thirds of the votes.
Il a 18 ans et mesure 1,85 m.|He is 18 and is 1.85 m tall.
Le 100 mètres haies.|The 100 m hurdles.
Une équipe de 5e division.|A fifth-division team.
Dans les années 1990.|In the nineties.
L'inflation a atteint 2,1 % sur un an.|Inflation reached 2.1% year on year.
24 heures plus tard, il partait.|A day later, he left.
Un bébé de 18 mois.|An 18-month-old baby.
Il a fait 3 h 15 au marathon.|He ran the marathon in 3 hours 15 minutes.
Un match gagné 6-4, 7-5.|A match won 6-4, 7-5.
Il n'a que 12 ans.|He is only 12.
Le taux est passé de 5 à 7 %.|The rate went from 5 to 7 per cent.
La dette passe de 3 à 4 milliards.|The debt rises from $3bn to $4bn.
Il a acheté 2 kg de pommes à 3 € le kilo.|He bought 2 kilos of apples at €3 a kilo.
Elle n'a pas pu venir.|She was unable to come.
Il ne cesse de pleuvoir.|It keeps raining.
Je n'ai rien contre.|I have nothing against it.
Cette loi n'est pas applicable.|This law is inapplicable.
Il n'a pas tort.|He is right.
On ne peut que s'en réjouir.|One can only be glad of it.
Rien que pour cela, merci.|Thank you just for that.
C'est un non-lieu.|The case was dismissed.
Pas moins de 30 élus sont venus.|As many as 30 councillors came.
Il n'est pas rare de voir des cerfs.|Deer are a common sight.
N'hésitez pas à nous écrire.|Feel free to write to us.
Le Premier ministre n'exclut pas un vote.|The prime minister says a vote is possible.
Un Franco-Allemand dirige le groupe.|A Franco-German heads the group.
Les Anglo-Saxons le savent.|The English-speaking world knows it.
Le Moyen-Orient s'embrase.|The Middle East is ablaze.
L'Union africaine se réunit.|The African Union is meeting.
Il joue au Real Madrid.|He plays for Real Madrid.
La Banque de France prévoit 1 %.|The Bank of France forecasts 1%.
La Côte d'Azur attire les touristes.|The French Riviera draws tourists.
Les États-Unis ont refusé.|The US has refused.
La Grande-Bretagne hésite.|Britain hesitates.
"""


def _pairs(lines: str) -> list[tuple[str, str]]:
    return [(french, english) for french, english in (line.split("|") for line in lines.strip().splitlines())]


WRONG, RIGHT = _pairs(_WRONG), _pairs(_RIGHT)
