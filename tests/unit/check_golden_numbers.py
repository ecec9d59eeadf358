"""French sentences with a wrong and a right translation: numbers in words, scales, signs, units and ordinals."""

from __future__ import annotations

#: French, a wrong translation, a right one. Each case serves both ways.
Case = tuple[str, str, str]

#: Words with cent and mille: only "cent", "mille" and "des milliers" by themselves are loose.
WORDS: list[Case] = [
    ("Dix-huit mille abonnés ont résilié.", "Thirty thousand subscribers have left.", "18,000 subscribers have left."),
    ("Le lycée compte trois cents élèves.", "The school has four hundred pupils.", "The school has 300 pupils."),
    ("Deux mille manifestants ont défilé.", "Twelve thousand people marched.", "Two thousand people marched."),
    ("Elle a lu cent vingt pages.", "She read a hundred and two pages.", "She read a hundred and twenty pages."),
    ("Il reste neuf cents places.", "There are nine seats left.", "There are 900 seats left."),
    ("Le bourg a mille deux cents habitants.", "The town has 2,200 inhabitants.", "The town has 1,200 inhabitants."),
    ("Cinq cent mille doses sont arrivées.", "Five thousand doses arrived.", "Half a million doses arrived."),
    ("Six cent soixante-douze postes partent.", "Six hundred and sixty-two jobs go.", "In all, 672 jobs are going."),
    ("Quatre-vingt mille vignes ont gelé.", "Eighteen thousand vines froze.", "Eighty thousand vines froze."),
    ("Soixante-quinze mille litres ont fui.", "65,000 litres leaked.", "Seventy-five thousand litres leaked."),
    ("Un million de foyers sont câblés.", "Two million homes have cable.", "A million homes have cable."),
    ("Trois millions deux cent mille voix.", "Three million five hundred thousand votes.", "3.2 million votes."),
    ("Il est né en mil neuf cent.", "He was born in 1800.", "He was born in 1900."),
    ("Né en mille neuf cent quatre-vingt-quatre.", "Born in 1974.", "Born in nineteen eighty-four."),
    ("Dix-neuf cents soldats sont rentrés.", "Nineteen soldiers came home.", "Nineteen hundred soldiers came home."),
    ("Deux cent un votes contre.", "Two hundred and ten votes against.", "Two hundred and one votes against."),
    ("Mille cinq cents arbres ont été plantés.", "1,050 trees were planted.", "Fifteen hundred trees were planted."),
    ("Quatre cent quarante mètres de haies.", "Four hundred and fourteen metres of hedges.", "440 metres of hedges."),
    ("Quarante et un mille tonnes de blé.", "Fourteen thousand tonnes of wheat.", "41,000 tonnes of wheat."),
    ("Septante mille spectateurs sont venus.", "Sixty thousand spectators came.", "Seventy thousand spectators came."),
    ("Nonante-deux mille francs de dégâts.", "82,000 francs of damage.", "Ninety-two thousand francs of damage."),
    ("Deux mille milliards de dette.", "Two billion of debt.", "Two trillion of debt."),
]

#: Right as they stand: loose numbers, and those said in another way.
LOOSE: list[tuple[str, str]] = [
    ("Il a mille raisons de partir.", "He has countless reasons to leave."),
    ("Je te l'ai dit cent fois.", "I told you a thousand times."),
    ("Des milliers de gens sont venus.", "Huge crowds came."),
    ("Des centaines de milliers de sardines.", "Hundreds of thousands of sardines."),
    ("Une dizaine de milliers de signatures.", "About 10,000 signatures."),
    ("Une centaine de bénévoles nettoient.", "About 100 volunteers are cleaning."),
    ("Un millier d'emplois disparaît.", "A thousand jobs are going."),
    ("Il y a mille et une façons de le faire.", "There are countless ways of doing it."),
    ("Un demi-million de foyers.", "500,000 households."),
]

#: Millions and milliards, in words, letters and signs.
SCALES: list[Case] = [
    ("Un plan de 2,4 milliards d'euros.", "A plan of 2.4 euros.", "A plan of 2.4 billion euros."),
    ("Il a gagné 12 dollars.", "He won $12 billion.", "He won $12."),
    ("Quarante millions de tonnes.", "Forty tonnes.", "Forty million tonnes."),
    ("Une dette de 7 M€.", "A debt of 7 billion euros.", "A debt of €7m."),
    ("Le don s'élève à 30 k€.", "The gift amounts to €30.", "The gift amounts to €30,000."),
    ("Le déficit atteint 3 Md€.", "The deficit stands at 3 million euros.", "The deficit stands at €3bn."),
    ("La ville doit 4,5 Mds d'euros.", "The city owes 4.5 million euros.", "The city owes 4.5 billion euros."),
    ("Le fonds gère 12 md d'euros.", "The fund manages 12 million euros.", "The fund manages 12 billion euros."),
    ("Il y a 8 millions de lecteurs.", "There are 8 billion readers.", "There are 8m readers."),
    ("Le rachat vaut 1,5 milliard.", "The takeover is worth 1.5 million.", "The takeover is worth $1.5bn."),
    ("La firme emploie 6 mille personnes.", "The firm employs 6 million people.", "The firm employs 6,000 people."),
    ("Trois milliards d'êtres humains.", "Three million human beings.", "Three billion human beings."),
    ("Le chantier coûte 250 millions.", "The works cost 250 billion.", "The works cost 250 million."),
    ("Un billion d'étoiles.", "A billion stars.", "A trillion stars."),
    ("Deux billions de dollars.", "Two billion dollars.", "Two trillion dollars."),
    ("Il a perdu 5 000 euros.", "He lost 5 euros.", "He lost 5,000 euros."),
    ("Le gouffre est de 900 millions.", "The hole is 900 thousand.", "The hole is 0.9 billion."),
    ("Un budget de 2 M$.", "A budget of $2.", "A budget of $2 million."),
    ("Il manque 350 autres milliards.", "Another 350 million are missing.", "Another 350 billion are missing."),
    ("Un investissement de 15 MEUR.", "An investment of EUR 15.", "An investment of EUR 15 million."),
    ("Le parc vaut 12 G€.", "The park is worth €12m.", "The park is worth €12bn."),
    ("Une perte de 40 milliers d'emplois.", "A loss of 40 jobs.", "A loss of 40,000 jobs."),
]

#: A scale that another number of the sentence carries.
SHARED_SCALES: list[tuple[str, str]] = [
    ("De 3 à 4 milliards d'euros.", "Between 3 billion and 4 billion euros."),
    ("Entre 200 et 300 millions de vues.", "Between 200 million and 300 million views."),
    ("Le coût passe de 3 millions en 2010 à 4 en 2020.", "The cost goes from 3 million in 2010 to 4 million in 2020."),
    ("Deux à trois millions de tonnes.", "Two million to three million tonnes."),
    ("Il vaut 2 voire 3 milliards.", "It is worth $2 or even $3 billion."),
]

#: Minus signs.
SIGNS: list[Case] = [
    ("Il a fait -12 °C cette nuit.", "It was 12 °C last night.", "It was -12 °C last night."),
    ("Il a fait –8 °C à Arvelle.", "It was 8 °C in Arvelle.", "It was minus 8 °C in Arvelle."),
    ("Le titre affiche moins 3 %.", "The share shows 3%.", "The share shows minus 3%."),
    ("La note est de −5.", "The mark is 5.", "The mark is −5."),
    ("Le solde est de -40 points.", "The balance is 40 points.", "The balance is -40 points."),
    ("Le froid descend à moins vingt degrés.", "The cold goes to twenty degrees.", "The cold goes to minus twenty."),
    ("Il fait moins cinq degrés.", "It is five degrees.", "It is five degrees below zero."),
    ("Croissance : -0,4 %.", "Growth: 0.4%.", "Growth: -0.4%."),
    ("Croissance : – 1,2 %.", "Growth: 1.2%.", "Growth: –1.2%."),
    ("Il fait 15 degrés sous zéro.", "It is 15 degrees.", "It is -15 degrees."),
    ("Le taux passe à −0,5 %.", "The rate goes to 0.5%.", "The rate goes to −0.5%."),
    ("La balance est de -75 €.", "The balance is €75.", "The balance is -€75."),
    (
        "L'eau gèle à 0 °C et l'alcool à -114 °C.",
        "Water freezes at 0 °C, alcohol at 114 °C.",
        "Water freezes at 0 °C, alcohol at -114 °C.",
    ),
    ("Il fait 12 °C.", "It is -12 °C.", "It is 12 °C."),
    ("Le baromètre gagne 3 %.", "The barometer shows -3%.", "The barometer gains 3%."),
    ("Un écart de (-7).", "A gap of (7).", "A gap of (-7)."),
    ("Le score final est de ‑4.", "The final score is 4.", "The final score is -4."),
    ("Les ventes : −11 %.", "Sales: 11%.", "Sales: down 11%."),
    ("Il a relevé -40 °C et -52 °C.", "He measured -40 °C and 52 °C.", "He measured -40 °C and -52 °C."),
    ("Le thermomètre indique moins 30.", "The thermometer shows 30.", "The thermometer shows -30."),
]

#: Dashes that are not signs, and less said in another way.
NO_SIGNS: list[tuple[str, str]] = [
    ("Victoire 3-1 des visiteurs.", "A 3-1 win for the visitors."),
    ("Les pages 10-12 manquent.", "Pages 10 to 12 are missing."),
    ("Selon l'article L. 121-3 du code.", "Under article L. 121-3 of the code."),
    ("Il y a au moins 3 blessés.", "At least 3 people are hurt."),
    ("Il a moins de 20 ans.", "He is under 20."),
    ("On note une baisse de 3 % des ventes.", "Sales this year: -3% or so."),
    ("Le chiffre recule (-3 %).", "The figure fell by 3%."),
    ("Il est neuf heures moins 10.", "It is 10 to nine."),
    ("Le Covid-19 recule.", "Covid-19 is receding."),
    ("- 5 kg de farine", "- 5 kg of flour"),
]

#: Currencies, measures and times of day.
UNITS: list[Case] = [
    ("Cela coûte 75 €.", "It costs £75.", "It costs 75 euros."),
    ("Elle a couru 10 km.", "She ran 10 miles.", "She ran 10 km (6 miles)."),
    ("Un colis de 12 kg.", "A parcel of 12 tonnes.", "A 12-kilo parcel."),
    ("Il vient à 20 heures.", "He comes at 20 pm.", "He comes at 8 p.m."),
    ("Il vient à 8 heures.", "He comes at 8 p.m.", "He comes at 8 a.m."),
    ("Le train part à 18 h 30.", "The train leaves at 6:30 a.m.", "The train leaves at 6:30 p.m."),
    ("Il a dormi 20 heures.", "He slept for 20 days.", "He slept for 20 hours."),
    ("Une prime de 300 dollars canadiens.", "A bonus of 300 US dollars.", "A bonus of 300 Canadian dollars."),
    ("Un billet à 40 francs suisses.", "A ticket at 40 euros.", "A ticket at 40 Swiss francs."),
    ("Un prêt de 500 livres sterling.", "A loan of $500.", "A loan of £500."),
    ("Un champ de 30 hectares.", "A field of 30 acres.", "A 30-hectare field."),
    ("Un bidon de 25 litres.", "A can of 25 gallons.", "A 25-litre can."),
    ("Le mur fait 3 mètres.", "The wall is 3 feet high.", "The wall is 3 metres high."),
    ("Il roule à 130 km/h.", "He drives at 130 mph.", "He drives at 130 kilometres an hour."),
    (
        "Les loups vivent sur une île de 45 km².",
        "The wolves live on an island of 45 square miles.",
        "The wolves live on an island of 45 square kilometres.",
    ),
    ("Il fait 35 °C à l'ombre.", "It is 35 °F in the shade.", "It is 95 °F in the shade."),
    ("Le prix monte de 6 %.", "The price rises by 6 euros.", "The price rises by 6 per cent."),
    ("Elle a 15 jours pour répondre.", "She has 15 weeks to answer.", "She has 15 days to answer."),
    ("La peine est de 18 mois.", "The sentence is 18 years.", "The sentence is 18 months."),
    ("Un disque de 500 Go.", "A disk of 500 MB.", "A disk of 500 GB."),
    ("Une turbine de 12 mégawatts.", "A turbine of 12 kilowatts.", "A 12 MW turbine."),
    ("Il a perdu deux kilomètres.", "He lost two miles.", "He lost two kilometres."),
    ("Un loyer de 900 yuans.", "A rent of 900 yen.", "A rent of 900 yuan."),
    ("Une amende de 50 roubles.", "A fine of 50 rupees.", "A fine of 50 rubles."),
    ("Il boit 50 cl de lait.", "He drinks 50 litres of milk.", "He drinks 50 centilitres of milk."),
    ("Deux tonnes de pommes.", "Two pounds of apples.", "Two tons of apples."),
    ("Une aide de 10 couronnes danoises.", "Aid of 10 Norwegian kroner.", "Aid of 10 Danish crowns."),
    ("Il dort trois heures.", "He sleeps for three minutes.", "He sleeps for three hours."),
]

#: Ordinals and Roman numerals, with superior letters or not.
ORDINALS: list[Case] = [
    ("Une église du XVᵉ siècle.", "A church of the XVᵉ siècle.", "A 15th-century church."),
    ("Un pont du XIXᵉ siècle.", "A 18th-century bridge.", "A 19th-century bridge."),
    ("Le 5ᵉ jour de grève.", "The 6th day of the strike.", "The fifth day of the strike."),
    ("Le 1ᵉʳ mai.", "May 2.", "May 1st."),
    ("La Vᵉ République.", "The Fourth Republic.", "The Fifth Republic."),
    ("La IIIe République.", "The Second Republic.", "The Third Republic."),
    ("Un traité du XVIIe siècle.", "A treaty of the XVIth century.", "A treaty of the XVIIth century."),
    ("Louis XIV y dormit.", "Louis XV slept there.", "Louis XIV slept there."),
    ("Le pape Jean-Paul II.", "Pope John Paul III.", "Pope John Paul the Second."),
    ("Henri IV a signé.", "Henry VI signed.", "Henry IV signed."),
    ("Il habite le 14e arrondissement.", "He lives in the 15th district.", "He lives in the 14th district."),
    ("La 3ème édition.", "The second edition.", "The third edition."),
    ("Au IVᵉ siècle avant notre ère.", "In the 6th century BC.", "In the fourth century BC."),
    ("Le 21ᵉ concours.", "The 12th contest.", "The twenty-first contest."),
    ("Le XXIᵉ siècle commence.", "The 20th century begins.", "The 21st century begins."),
    ("La 2ᵈᵉ équipe gagne.", "The 3rd team wins.", "The second team wins."),
    ("Le VIIIᵉ plan est prêt.", "The seventh plan is ready.", "The eighth plan is ready."),
    ("Une loi du dix-neuvième siècle.", "A law of the eighteenth century.", "A law of the nineteenth century."),
    ("Son quarantième roman.", "Her fourteenth novel.", "Her fortieth novel."),
    ("François Iᵉʳ l'a bâti.", "Francis II built it.", "Francis I built it."),
    ("Le 2ème étage est vide.", "The 2ème étage is empty.", "The second floor is empty."),
    ("L'art du XIIe siècle.", "Art of the XIIe century.", "Art of the 1100s."),
]
