"""French sentences with a wrong and a right translation: closed lists of words, negation; and names that change."""

from __future__ import annotations

from tests.unit.check_golden_numbers import Case

#: Weekdays and months.
DATES: list[Case] = [
    (
        "Le procès s'ouvre mardi 3 mars.",
        "The trial opens on Thursday, March 3.",
        "The trial opens on Tuesday, March 3.",
    ),
    ("Il est né le 3 mars 1990.", "He was born on May 3, 1990.", "He was born on 3 March 1990."),
    ("Elle part lundi matin.", "She leaves on Sunday morning.", "She leaves on Monday morning."),
    ("Le vote a lieu mercredi.", "The vote is on Friday.", "The vote is on Wednesday."),
    ("Le marché se tient le jeudi.", "The market is held on Tuesdays.", "The market is held on Thursdays."),
    ("Il pleuvra vendredi et samedi.", "It will rain on Friday and Sunday.", "It will rain on Friday and Saturday."),
    ("La messe de dimanche est annulée.", "Saturday's mass is cancelled.", "Sunday's mass is cancelled."),
    ("La chasse ouvre en janvier.", "Hunting starts in June.", "Hunting starts in January."),
    ("Les ventes de février reculent.", "Sales in December are down.", "February sales are down."),
    ("Le congrès d'avril est reporté.", "The congress in August is put off.", "The April congress is put off."),
    ("Rendez-vous le 12 mai.", "See you on 12 March.", "See you on 12 May."),
    ("Le bac commence le 17 juin.", "The exams begin on 17 July.", "The exams begin on June 17."),
    ("Fermé du 14 juillet au 20 août.", "Closed from 14 June to 20 August.", "Closed from 14 July to 20 August."),
    (
        "Les pluies d'août ont tout noyé.",
        "The October rains flooded everything.",
        "The August rains flooded everything.",
    ),
    (
        "La loi entre en vigueur en septembre.",
        "The law takes effect in November.",
        "The law takes effect in September.",
    ),
    ("L'accord date du 9 octobre 2011.", "The deal dates from 9 September 2011.", "The deal dates from Oct. 9, 2011."),
    ("Signé le 4 novembre 1956.", "Signed on 4 December 1956.", "Signed on Nov 4, 1956."),
    (
        "Le gel de décembre a tué les oliviers.",
        "The January frost killed the olive trees.",
        "The December frost killed the olive trees.",
    ),
    ("Le match a été remis.", "The match was put off until Wednesday.", "The match was put off."),
    ("Il reviendra au printemps.", "He will be back in April.", "He will be back in the spring."),
    ("Signé le 12/03/2021 à Arvelle.", "Signed on 12 April 2021 in Arvelle.", "Signed on 12 March 2021 in Arvelle."),
]

#: Countries, regions, peoples, languages, points of the compass, money.
TERMS: list[Case] = [
    ("Le ministre allemand a parlé.", "The Dutch minister spoke.", "The German minister spoke."),
    (
        "L'Afrique subsaharienne importe du riz.",
        "South African countries import rice.",
        "Sub-Saharan Africa imports rice.",
    ),
    ("Il vit en Autriche.", "He lives in Australia.", "He lives in Austria."),
    ("La Slovénie a voté.", "Slovakia voted.", "Slovenia voted."),
    ("Les pêcheurs islandais protestent.", "The Irish fishermen protest.", "The Icelandic fishermen protest."),
    ("L'armée irakienne avance.", "The Iranian army is advancing.", "The Iraqi army is advancing."),
    ("Le Niger exporte de l'uranium.", "Nigeria exports uranium.", "Niger exports uranium."),
    ("La presse suédoise en parle.", "The Swiss press talks about it.", "The Swedish press talks about it."),
    ("Deux Polonaises ont gagné.", "Two Portuguese women won.", "Two Polish women won."),
    ("Le vent vient du nord.", "The wind comes from the south.", "The wind comes from the north."),
    ("Le village est à l'est du lac.", "The village is west of the lake.", "The village lies east of the lake."),
    (
        "L'ouest du pays est inondé.",
        "The east of the country is flooded.",
        "The western part of the country is flooded.",
    ),
    ("Une tempête frappe le sud-est.", "A storm is hitting the south-west.", "A storm is hitting the Southeast."),
    ("La Corée du Nord a tiré.", "South Korea fired.", "North Korea fired."),
    ("Elle enseigne le russe.", "She teaches Greek.", "She teaches Russian."),
    ("Il parle couramment l'hébreu.", "He speaks fluent Arabic.", "He speaks fluent Hebrew."),
    ("Le poème est écrit en swahili.", "The poem is written in Hindi.", "The poem is written in Swahili."),
    ("Le dollar recule encore.", "The euro is falling again.", "The dollar is falling again."),
    ("La livre sterling remonte.", "The dollar is rising again.", "Sterling is rising again."),
    (
        "Les vignerons bourguignons s'inquiètent.",
        "The winegrowers of Bordeaux are worried.",
        "Burgundy's winegrowers are worried.",
    ),
    ("Un élu catalan a démissionné.", "A Castilian councillor has resigned.", "A Catalan councillor has resigned."),
    ("Les réfugiés kurdes attendent.", "The Turkish refugees are waiting.", "The Kurdish refugees are waiting."),
    ("Le président ivoirien est arrivé.", "The Iranian president has arrived.", "The Ivorian president has arrived."),
    ("Les Pays-Bas ont refusé l'offre.", "Denmark refused the offer.", "The Dutch refused the offer."),
    ("Le Royaume-Uni quitte la salle.", "The United States leaves the room.", "Britain leaves the room."),
    ("Des soldats tchadiens sont tombés.", "Chinese soldiers fell.", "Chadian soldiers fell."),
    ("La cuisine libanaise plaît.", "Libyan cooking is popular.", "Lebanese cooking is popular."),
    (
        "Un médecin sud-africain l'a soignée.",
        "A South American doctor treated her.",
        "A South African doctor treated her.",
    ),
    (
        "Les peuples d'Amérique latine votent.",
        "The peoples of North America vote.",
        "The peoples of Latin America vote.",
    ),
]

#: Right as they stand: phrases in which a word of the lists is none.
NO_TERMS: list[tuple[str, str]] = [
    ("Elle adore les montagnes russes.", "She loves roller coasters."),
    ("Le hamster et le cochon d'Inde dorment.", "The hamster and the guinea pig are asleep."),
    ("Il a filé à l'anglaise.", "He slipped away."),
    ("Elle n'est pas venue.", "She did not come."),
    ("Mars est une planète froide.", "Mars is a cold planet."),
    ("Ce vin est assez corsé.", "This wine is rather full-bodied."),
    ("Il ressent un malaise.", "He feels uneasy."),
    ("C'est l'été, il l'est resté.", "It is summer, and he stayed so."),
    ("Il est parti dans la nuit de samedi à dimanche.", "He left on Saturday night."),
    ("Soyons francs : cela coûte cher.", "Let us be frank: it costs a lot."),
]

#: A denial that is lost, or added.
NEGATIONS: list[Case] = [
    ("Le ministre n'a pas signé le texte.", "The minister signed the text.", "The minister did not sign the text."),
    ("Il ne boit jamais de vin.", "He always drinks wine.", "He never drinks wine."),
    (
        "L'accident n'a fait aucun blessé.",
        "The accident left several people injured.",
        "No one was hurt in the accident.",
    ),
    ("Personne ne l'a vu sortir.", "Everybody saw him leave.", "Nobody saw him leave."),
    ("Elle n'a rien dit au juge.", "She told the judge everything.", "She told the judge nothing."),
    ("Il n'y a ni eau ni pain.", "There is water and bread.", "There is neither water nor bread."),
    (
        "Il est parti sans ses papiers d'identité.",
        "He left with his identity papers.",
        "He left without his identity papers.",
    ),
    ("La direction refuse de négocier.", "The management agrees to negotiate.", "The management refuses to negotiate."),
    ("Le pont n'est plus ouvert.", "The bridge is still open.", "The bridge is no longer open."),
    ("Aucune plainte n'a été déposée.", "A complaint was filed.", "No complaint was filed."),
    ("Rien ne change au village.", "Everything changes in the village.", "Nothing changes in the village."),
    ("Ne touchez pas la vitre.", "Touch the glass.", "Do not touch the glass."),
    ("Il n’est pas coupable.", "He is guilty.", "He isn't guilty."),
    ("Elle n'ira nulle part cet été.", "She will go everywhere this summer.", "She is going nowhere this summer."),
    ("Les enfants ne dorment guère.", "The children sleep a lot.", "The children hardly sleep."),
    ("Je n'ai jamais pris cet argent.", "I took that money.", "I never took that money."),
    ("Le maire a signé.", "The mayor has not signed.", "The mayor has signed."),
    ("Le vaccin est efficace.", "The vaccine is not effective.", "The vaccine is effective."),
    ("Les témoins l'ont reconnu.", "The witnesses never recognised him.", "The witnesses recognised him."),
    ("Il reste du pain.", "There is no bread.", "There is some bread left."),
    ("Les deux camps se parlent.", "Neither side is talking.", "The two sides are talking."),
    ("La route n'est pas encore dégagée.", "The road is already clear.", "The road has yet to be cleared."),
]

#: Denials that one language says without one.
NO_NEGATIONS: list[tuple[str, str]] = [
    ("Il ne boit que de l'eau.", "He drinks only water."),
    ("Cela n'est pas sans risque.", "There is a risk in it."),
    ("Elle utilise un casque sans fil.", "She uses a wireless headset."),
    ("Il viendra sans doute demain.", "He will probably come tomorrow."),
    ("Le texte n'est pas clair.", "The text is unclear."),
    ("Elle n'a pas réussi à ouvrir.", "She failed to open it."),
    ("C'est le plus beau jour que j'aie jamais vu.", "It is the finest day I have ever seen."),
    ("Il travaille sans relâche.", "He works around the clock."),
    ("L'appel est gratuit.", "There is no charge for the call."),
    ("Il ignore la réponse.", "He does not know the answer."),
    ("Pourquoi ne pas essayer ?", "Why not try?"),
    ("Le train n'arrive qu'à midi.", "The train does not arrive until noon."),
    ("Il manque de temps.", "He does not have enough time."),
    ("Cet accord n'est plus qu'une question de jours.", "This deal is now only a matter of days."),
    ("Il est plus riche que jamais.", "He is richer than ever."),
    ("Le prix ne cesse de monter.", "The price keeps rising."),
    ("C'est impossible à dire.", "You cannot tell."),
    ("Elle est la seule à l'avoir cru.", "Nobody else believed him."),
    ("Ils sont restés chez eux faute d'argent.", "They stayed at home as they had no money."),
    ("Il a échoué à l'examen.", "He did not pass the exam."),
]

#: Right as they stand: names that English writes in another way, and capitals that are not names.
OTHER_NAMES: list[tuple[str, str]] = [
    ("Un rapport de l'ONU accable la firme.", "A UN report is damning for the firm."),
    ("Le bureau du CPM est fermé.", "The PMO is closed."),
    ("Les Casques bleus sont restés.", "The peacekeepers stayed."),
    ("Il a écrit Le Livre des Âmes.", "He wrote The Book of Souls."),
    ("Oussama Kader a été libéré.", "Osama Kader has been freed."),
    ("La FIAS quitte la vallée.", "ISAF is leaving the valley."),
    ("L'accord de libre-échange (ALE) est signé.", "The free-trade agreement (FTA) is signed."),
    ("Iouri Loubkov est mort.", "Yuri Lubkov has died."),
    ("Le roi Édouard VII aimait la mer.", "King Edward VII loved the sea."),
    ("La Première Dame visite l'école.", "The First Lady visits the school."),
    ("Le Père Noël arrive en barque.", "Father Christmas comes by boat."),
    ("Elle chante avec le Chœur de Valmont.", "She sings with the Valmont Choir."),
    ("Kadhafi est tombé en août.", "Gaddafi fell in August."),
    ("Il joue dans La Planète des Singes.", "He is in Planet of the Apes."),
    ("L'OTAN et l'UE se réunissent.", "NATO and the EU are meeting."),
    ("Le film a gagné un Ours d'or.", "The film won a Golden Bear."),
    ("Elle vit à Los Angeles.", "She lives in LA."),
    ("Le Comité des Pêches a tranché.", "The Fisheries Committee has decided."),
    ("Les SDF du quartier ont froid.", "The homeless of the district are cold."),
    ("La SNCF supprime des trains.", "The SNCF is cancelling trains."),
    ("Le TGV est en retard.", "The high-speed train is late."),
    ("Il a visité le Kremlin et la Maison Blanche.", "He visited the Kremlin and the White House."),
    ("Le Nil est en crue.", "The Nile is in flood."),
]

#: Wrong: names that are lost or another one.
LOST_NAMES: list[tuple[str, str]] = [
    ("Il a rejoint Marchessou hier.", "He joined him yesterday."),
    ("L'usine de Lausanvert ferme.", "The factory is closing."),
    ("Selon l'ASTEC, tout va bien.", "All is well, they say."),
    ("Elle a quitté Duvauchel pour Berthier.", "She left Duvauchel."),
    ("Le barrage de Torvannes cède.", "The dam is giving way."),
    ("Il travaille chez Orvadis.", "He works in a shop."),
    ("La rivière passe à Melcourt.", "The river runs through Arvelle."),
    ("Il a battu Kerguidou en finale.", "He won the final."),
    ("Le groupe Sielhoff licencie.", "The group is laying people off."),
    ("Elle cite Ibrahim Tolbène.", "She quotes a friend."),
    ("Le port de Brest est bloqué.", "The port is blocked."),
    ("Il a fui vers Nantes.", "He fled to the coast."),
    ("L'OTAN se réunit demain.", "The EU meets tomorrow."),
    ("Le FMI prête encore.", "The World Bank is lending again."),
    ("Écrivez à info@valmont.fr avant lundi.", "Write to us before Monday."),
    ("Voir www.valmont.fr pour le plan.", "See our site for the map."),
    ("L'avion d'Air Corvane a atterri.", "The plane has landed."),
    ("Il joue pour Tottenham.", "He plays for Arsenal."),
    ("L'avocat de Pruvost a plaidé.", "The lawyer pleaded."),
    ("Elle a lu Balzac et Zola.", "She has read Balzac."),
]
