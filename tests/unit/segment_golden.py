"""The golden table of French sentence splitting: what ``tasks.segment`` must get right.

Each text carries its own answer: ``¦`` stands where a new sentence starts, ``¶`` where a new sentence starts a new
paragraph too. The marks are taken out before the text is segmented. All sentences are invented.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Case(NamedTuple):
    """One text and the sentences it must give; ``paragraphs`` holds the paragraph index of each sentence."""

    id: str
    text: str
    sentences: list[str]
    paragraphs: list[int]


def _case(name: str, marked: str) -> Case:
    parts = re.split("([¦¶])", marked)
    paragraphs = [0]
    for mark in parts[1::2]:
        paragraphs.append(paragraphs[-1] + (mark == "¶"))
    return Case(name, "".join(parts[::2]), [part.strip() for part in parts[::2]], paragraphs)


_TITLES = {
    "m": "M. Lorrain préside le conseil. ¦Mme Vasseur l'assiste.",
    "m-particle": "Le discours de M. Le Guennec a duré une heure. ¦M. La Brosse a répondu.",
    "mme-dot": "Mme. Vasseur et Mmes. Roy et Blin ont signé. ¦Le texte est public.",
    "mm": "MM. Petit et Lagarde ont voté contre. ¦MM. Blin et Roy se sont abstenus.",
    "mlle": "Mlle. Dubreuil a gagné la course. ¦Mlle Roy est deuxième.",
    "dr-pr": "Le Dr. Aubry et le Pr. Nguyen ont opéré. ¦Le Dr Roy assistait.",
    "me": "L'avocat, Me. Kessler, fait appel. ¦Me Roy plaidera.",
    "saint": "L'église St. Martin et la rue Ste. Anne sont fermées. ¦Le bus pour St-Denis est dévié.",
    "mgr": "Mgr. Valois a célébré la messe. ¦Les fidèles étaient nombreux.",
    "couple": "Le préfet a reçu M. et Mme. Vasseur. ¦L'entretien fut bref.",
    "col-rank": "Le col. Marchand commande la base. ¦Le gén. Roy l'a nommé.",
    "col-mountain": "Les coureurs ont franchi le col. ¦Le peloton suivait.",
}

_INITIALS = {
    "single": "Le prix A. Delmas revient à L. Fournier. ¦Le jury était unanime.",
    "two": "Le roman de J. R. Castel sort lundi. ¦Il compte 300 pages.",
    "like-abbreviations": "P. Blin, S. Roy, T. Noir, V. Brun, H. Petit et N. Marc ont voté. ¦Ils sont six.",
    "hyphen": "J.-P. Dupont a battu J.-M. Roux. ¦Le score est serré.",
    "hyphen-surname-le": "L'étude de J. Le Braz fait autorité. ¦Personne ne la conteste.",
    "glued": "Le rapport de J.Dupont est sévère. ¦Il vise l'État.",
    "first-name-digraph": "Ch. Marceau et Ph. Lenoir ouvrent le bal. ¦La salle est comble.",
    "end": "L'orange apporte de la vitamine C. ¦Elle en contient beaucoup.",
    "end-plan": "Le club passe au plan B. ¦Les joueurs le savaient.",
    "legal-code": "L'article L. 121 du code s'applique. ¦L'article R. 412 aussi.",
    "roman-king": "Le château date de Louis XIV. ¦Il a brûlé deux fois.",
    "roman-century": "Ce procédé est né au siècle de François I. ¦Le roi l'aimait.",
}

_ACRONYMS = {
    "pib": "La dette dépasse le P.I.B. ¦Elle croît encore.",
    "usa": "Il vit aux U.S.A. ¦Sa sœur habite Nantes.",
    "usa-mid": "Les U.S.A. et le Canada ont signé.",
    "eu": "Le vin part aux É.-U. ¦Les droits de douane ont doublé.",
    "onu-mid": "L'O.N.U. Femmes ouvre un bureau. ¦Le bail est signé.",
    "onu-end": "La résolution vient de l'O.N.U. ¦La France l'a votée.",
    "sa": "La fusion avec Verrier S.A. est prête. ¦Les actionnaires voteront.",
    "sa-end": "Le repreneur est Verrier S.A. ¦Le prix reste secret.",
    "inc": "Boréal Inc. a publié ses comptes. ¦L'action recule.",
    "inc-end": "Le brevet appartient à Boréal Inc. ¦Aucun recours n'est possible.",
    "undotted": "Le texte arrive à l'ONU. ¦Paul Roy le lira.",
    "three-letters": "Le prix J.R.R. Marlow est remis à Lille. ¦La ville s'en réjouit.",
}

_ABBREVIATIONS = {
    "etc-mid": "Des pommes, des poires, etc. sont vendues ici. ¦Le marché ferme à midi.",
    "etc-end": "Il vend des pommes, des poires, etc. ¦Le marché ferme à midi.",
    "etc-name": "On y trouve du pain, du lait, etc. ¦Paul y va souvent.",
    "etc-ellipsis": "Des vis, des clous, etc… ¦Tout manque.",
    "etc-paren": "Les fruits (pommes, poires, etc.) sont chers. ¦Les légumes aussi.",
    "p-ex": "Des villes, p. ex. Lyon, ont dit oui. ¦D'autres hésitent.",
    "par-ex": "Un métal (par ex. Cuivre ou Zinc) suffit. ¦L'or est trop cher.",
    "p-ex-nbsp": "Des villes, p.\u00a0ex. Lyon, ont dit oui.",
    "p-ex-glued": "Un métal, p.ex. Cuivre ou Zinc, suffit.",
    "cad": "Le chef-lieu, c.-à-d. Privas, est isolé. ¦La neige tombe.",
    "cf": "Le sujet est connu (cf. Annexe B). ¦Cf. Lemoine pour le détail.",
    "numero-sign": "Le train n° 8 est parti. ¦Le n° 9 attend.",
    "numero": "La ligne no. 5 rouvre. ¦Le quai no 3 reste fermé.",
    "article-number": "L'art. 5, al. 2 est abrogé. ¦Art. 6 : sans changement.",
    "art-word": "Il ne vit que pour l'art. ¦Les musées le savent.",
    "vol-word": "La police enquête sur un vol. ¦L'avion était vide.",
    "page": "Le tableau est à la p. 12 du rapport. ¦Les pp. 13 à 20 manquent.",
    "vol-chap": "Voir vol. 3, chap. IV et fig. 2. ¦Le reste suit.",
    "page-roman": "La préface, p. XII, le dit. ¦Nul ne l'a lue.",
    "editor": "Ce livre (éd. Marchal, trad. Roy) est épuisé. ¦Il sera réimprimé.",
    "approx": "Il y avait env. 300 personnes. ¦Le temps était beau.",
    "max-min": "La charge est de max. 5 tonnes et de min. 2 tonnes. ¦Le pont tient.",
    "min-end": "Le trajet dure 5 min. ¦Le bus est gratuit.",
    "phone": "Contact : tél. 01 23 45 67 89. ¦Réponse sous deux jours.",
    "avenue": "Le feu a pris au 3, av. Foch. ¦Les pompiers du bd. Voltaire sont venus.",
    "av-jc": "La cité fut fondée en 52 av. J.-C. par des marins. ¦Elle a disparu.",
    "av-jc-end": "Le mur date de 52 av. J.-C. ¦César venait de passer.",
    "av-jc-nbsp": "Le mur date de 52 av.\u00a0J.-C. ¦Marius venait de passer.",
    "av-jc-variants": "Le mur date de 52 av. J-C. ¦César passa. ¦La tour date de 30 apr. J.C. ¦Titus régnait.",
    "apr-jc": "Il fut bâti vers 120 apr. J.-C. ¦On le visite encore.",
    "company": "Verrier et Cie. ouvre une usine. ¦Deux cents postes sont promis.",
    "versus": "Le match Brest vs. Nantes est reporté. ¦La pluie a gagné.",
    "uppercase-start": "Vol. 2 : la suite. ¦Fig. 3 : le plan.",
}

_NUMBERS = {
    "decimals": "Le taux passe de 3,5 à 3.5 points. ¦La hausse est nulle.",
    "thousands": "Il gagne 1.200 euros, soit 12 000 en tout, sur 100.000. ¦C'est peu.",
    "number-end": "Le village compte 1.200 habitants en 2020. ¦Ils étaient 900 en 1990.",
    "month": "La loi date du 1er janv. 2020. ¦Elle change le 3 févr. 2021.",
    "month-end": "Le salon ouvre en sept. ¦Les billets sont en vente.",
    "date-dots": "La fête du 14.07.1789 est connue. ¦Celle du 12/03/2021 moins.",
    "time": "Rendez-vous à 18 h 30 ou 18h30. ¦Venez tôt.",
    "time-end": "Le concert commence à 20 h. ¦Le public est déjà là.",
    "time-dot": "Le train part à 20 h. 30 du quai A.",
    "starts-with-digit": "Le vote est clos. ¦12 élus ont dit non.",
    "version": "La version 2.0.1 corrige la faille. ¦La 2.1 suivra.",
    "percent": "Le chômage atteint 7,1 %. ¦Il était de 8 %.",
    "year-end": "Le pont fut détruit en 1944. ¦Les habitants l'ont rebâti.",
    "numbered-glued": "Le règlement 3.Les exceptions est obscur.",
    "inline-enumeration": "Voici le programme. ¦1. Le budget. ¦2. La cantine.",
}

_WEB = {
    "url": "Tout est sur https://exemple.fr/a.html. ¦Puis il faut signer.",
    "url-query": "Voir https://exemple.fr/?Nom=Roy.Paul&x=1 avant lundi. ¦Merci.",
    "www": "Le site www.exemple.fr est en panne. ¦Revenez demain.",
    "mail": "Écrivez à Jean.Martin@exemple.fr avant lundi. ¦Une réponse suivra.",
    "file": "Ouvrez Rapport.Final.pdf puis lisez-moi.txt. ¦Signez la page 2.",
    "brand": "Le fabricant se tait. ¦iPhone et tablettes manquent partout.",
    "hashtag": "La grève continue. ¦#Transports reste en tête.",
    "missing-space": "Le ministre est parti.¦Elle est restée.",
    "missing-space-accent": "Le vote est clos.¦À midi, tout était dit.",
    "missing-space-question": "Qui gagne?¦Personne ne sait.",
    "missing-space-quote": "Il est parti.¦« Je reviens », dit-il.",
    "missing-space-apostrophe": "Le pont est fermé.¦L'accès reste possible.",
    "domain-capital": "Le langage ASP.NET et Exemple.com sont cités.",
}

_MARKS = {
    "plain": "Le train est en retard. ¦La gare est pleine.",
    "question": "Pourquoi partir ? ¦Nul ne le sait ! ¦Le maire se tait.",
    "question-lower": "Que faire ? se demande le maire. ¦Rien.",
    "combo": "Vraiment ?! ¦Il en doute. ¦Quoi ?... ¦Rien.",
    "bang-after-letter": "Tous au plan B! ¦Paul Roy le répète.",
    "bang-in-name": "Le magasin Encore ! & Fils ferme. ¦Les clients pleurent.",
    "spaced-combo": "Encore lui ! ? ¦On n'en peut plus.",
    "ellipsis-lower": "Il hésite… puis il part. ¦Elle attend... et s'endort.",
    "ellipsis-upper": "Il hésite… ¦Puis il part. ¦Elle attend... ¦Le jour se lève.",
    "ellipsis-number": "Le gagnant est... 12, comme prévu.",
    "cut": "« Le projet […] Verrier avance. » ¦La ville (…) Lyon, attend.",
    "cut-start": "Le préfet part. ¦[…] Le maire reste. ¦(...) Le public attend.",
    "nbsp": "Est-ce fini\u00a0? ¦Non\u202f! ¦Le chef l'a dit\u00a0: il reste.",
    "accented-start": "Le stade est plein. ¦Érik entre. ¦À Brest, on chante. ¦Ça dure.",
    "oe-start": "Tout est prêt. ¦Œufs et lait sont livrés.",
    "semicolons": "Il faut une école ; une crèche ; un stade. ¦Rien n'est prêt.",
    "colon": "Le bilan est clair : Trois blessés. ¦Deux sont rentrés.",
    "footnote": "La ville est en deuil.[1] ¦La fête est annulée.[2][3]",
    "footnote-superscript": "Le prix a doublé.¹ ¦Les clients partent.",
    "footnote-before": "Le prix a doublé[4]. ¦Les clients partent.",
    "no-final-stop": "Le maire est élu. ¦Le conseil siège mardi",
    "space-before-stop": "Le maire est élu . ¦Le conseil siège mardi .",
}

_QUOTES = {
    "guillemets": "« La route est coupée. ¦Le pont aussi. » ¦Le maire est inquiet.",
    "attribution": "« Nous partons », dit-il. ¦« Nous reviendrons. »",
    "attribution-stop": "« Nous partons. », a dit Paul. ¦Il a souri.",
    "attribution-bang": "« Partez ! » crie-t-il. ¦Personne ne bouge.",
    "question-comma": "« Qui vient ? », demande-t-elle. ¦Silence.",
    "bang-new": "« Partez ! » ¦Le public obéit.",
    "opening": "Il est sûr de lui. ¦« Je gagnerai. »",
    "tight": "«La pluie revient.» ¦Les champs sont noyés.",
    "nbsp": "«\u00a0La pluie revient.\u00a0» ¦Les champs sont noyés.",
    "stop-after": "Il parle de « miracle ». ¦Le mot choque.",
    "nested": "« Il m'a dit : “Pars !” ¦Je suis resté. » ¦La salle rit.",
    "straight": 'Elle répète : "Je reste." ¦Le jury note. ¦"Encore", dit-elle.',
    "straight-spaced": 'Elle répète : " Je reste. " ¦Le jury note. ¦" Encore ", dit-elle.',
    "english": "Le titre est “La Fin.” ¦Le film dure deux heures.",
    "single": "Il a écrit 'Non.' ¦Le papier circule.",
    "typographic-apostrophe": "C’est l’hiver. ¦L’eau gèle.",
    "mid-quote-question": "Le livre « Où va l'école ? » paraît lundi. ¦Il coûte 12 euros.",
}

_PARENTHESES = {
    "sentence": "Le vote est clos. ¦(Voir p. 3.) ¦Le maire a gagné.",
    "inside": "Le vote (voir p. 3) est clos. ¦Tout est dit (ou presque). ¦Merci.",
    "two-inside": "Le vote est clos. ¦(Il fut long. ¦Le maire dormait.) ¦On range.",
    "bang": "Le prix (12 euros !) a surpris. ¦Rien n'y fait.",
    "bracket": "Le texte [sic.] est cité. ¦Il est faux.",
}

_DIALOGUE = {
    "em": "— Tu viens ?¶\n— Non.¶\n— Pourquoi donc ?",
    "en": "– Tu viens ?¶\n– Non, dit Paul. ¦Il pleut.",
    "inline": "— Tu viens ? ¦— Non. ¦— Tant pis.",
    "attribution": "— Viens ! cria-t-il. ¦— Jamais !",
    "aside": "Le maire – qui l'eût cru ? – est parti. ¦Son adjoint reste.",
    "unspaced": "Le juge parle.¶\n–Oui, dit l'accusé.",
}

_LINES = {
    "blank-line": "Le maire parle.¶\n\nLe public écoute. ¦Il applaudit.",
    "spaces-on-blank-line": "Le maire parle.¶\n \t \nLe public écoute.",
    "crlf": "Le maire parle.¶\r\n\r\nLe public écoute.¶\r\nIl applaudit.",
    "heading": "Le budget est voté¶\nLe conseil municipal a adopté le budget mardi soir. ¦Il est en baisse.",
    "heading-caps": "BUDGET : LE CONSEIL MUNICIPAL DIT OUI À L'UNANIMITÉ¶\nMardi soir, le vote a duré une heure.",
    "heading-question": "Que fait la police ?¶\n\nElle enquête.",
    "line-paragraphs": "Le maire a parlé devant une salle comble.¶\nLe public l'a écouté.¶\nLa séance est levée.",
    "bullets": "Le plan prévoit :¶\n- une école¶\n- une crèche¶\n• un stade¶\n* une piscine",
    "numbers": "Trois mesures :¶\n1. Premier point¶\n2. Deuxième point. ¦Il coûte cher.¶\n3) Troisième point",
    "letters": "Choix possibles :¶\na) la route ;¶\nb) le rail.",
    "roman-heading": "II. Les causes de la crise¶\n\nLe blé manque.",
    "semicolon-lines": "Le plan prévoit :¶\nune école ;¶\nune crèche ;¶\nun stade.",
    "hard-wrap": (
        "Le conseil municipal de Brignac a voté mardi soir le budget de\n"
        "l'année prochaine, en hausse de trois pour cent. ¦L'opposition, menée\n"
        "par Paul Vasseur, a voté contre. ¦Le texte sera transmis à M.\n"
        "Lorrain, le préfet, qui a deux mois pour se prononcer.¶\n\n"
        "Le maire s'est dit satisfait."
    ),
    "hard-wrap-stop-at-line-end": (
        "Les pompiers de Brignac ont lutté toute la nuit contre les flammes.\n¦"
        "Le feu a pris dans une grange isolée, au nord du village, vers une\n"
        "heure du matin."
    ),
    "hard-wrap-name": (
        "La ministre a rencontré jeudi matin à la préfecture le président\n"
        "Vasseur et les élus de la vallée, inquiets pour leur avenir."
    ),
    "hard-wrap-crlf": (
        "Le conseil municipal de Brignac a voté mardi soir le budget de\r\nl'année prochaine. ¦Il est en hausse."
    ),
    "hard-wrapped-item": (
        "- la construction d'une école neuve dans le quartier du port, avec\n  deux cours¶\n- la réfection du pont"
    ),
    "heading-over-wrap": (
        "Un budget en hausse¶\nLe conseil municipal de Brignac a voté mardi soir le budget de\nl'année prochaine."
    ),
    "broken-long-line": (
        "Le conseil municipal de Brignac, réuni mardi soir en séance extraordinaire à la demande de l'opposition, "
        "a voté à mains levées le\n"
        "budget. ¦Il est en hausse."
    ),
    "blank-line-in-sentence": (
        "Le conseil municipal de Brignac a voté mardi soir le budget de¶\n\n"
        "l'année prochaine, en hausse de trois pour cent par rapport à\n"
        "celui de cette année."
    ),
    "full-heading": "Le conseil municipal de Brignac dit oui au budget du maire Roy¶\nIl l'a voté mardi soir.",
    "long-heading": (
        "Le conseil municipal de Brignac approuve le budget du maire sortant¶\n"
        "Réunis mardi soir en séance extraordinaire à la demande de l'opposition, les élus ont voté le budget "
        "de l'année prochaine à mains levées."
    ),
    "word-list": "Ingrédients¶\nfarine¶\nsucre¶\nbeurre",
}

_SIGNS = {
    "emoji": "Le pont rouvre. ¦🚧 Les travaux ont duré un an.",
    "emoji-glued": "Le pont rouvre. ¦🚧Les travaux ont duré un an.",
    "emoji-family": "La fête commence. ¦👨\u200d👩\u200d👧 Les familles arrivent. ¦🇫🇷 La fanfare joue.",
    "emoji-after-stop": "Le club a gagné ! ¦🎉 Le public chante.",
    "emoji-between": "Bravo à tous ! ¦👏👏 Le club ira en finale. 🏆",
    "arrow": "Le vote est clos. ¦→ Les résultats tombent à midi.",
    "double-arrow": "Le vote est clos. ¦⇒ Le maire est battu. ¦➡️ Son rival exulte.",
    "bullet": "Trois lieux ferment. ¦● Le stade de Brignac. ¦● La piscine du port.",
    "square": "Le plan change. ¦■ Le tram attendra. ¦▶ Le bus aussi.",
    "star": "La carte est courte. ¦★ Le plat du jour est à 12 euros.",
    "check": "Tout est prêt. ¦✔ La salle est louée. ¦✗ Le traiteur manque.",
    "plus": "Le menu change. ¦+ Une entrée offerte aux enfants.",
    "minus": "Le froid revient. ¦− Cinq degrés sont attendus à Brignac.",
    "less": "La page est vide. ¦<Aucun résultat> s'affiche à l'écran.",
    "greater": "Le message est court. ¦> Le maire a tout lu.",
    "stars-markdown": "Le maire part. ¦**Son adjoint reste.** ¦La ville attend.",
    "star-markdown": "Le maire part. ¦*Son adjoint reste.* ¦La ville attend.",
    "underscore-markdown": "Le maire part. ¦_Son adjoint reste._ ¦La ville attend.",
    "backtick-markdown": "La commande échoue. ¦`Erreur` est le seul mot affiché.",
    "tilde": "Le prix change. ¦~ Le nouveau tarif est plus bas.",
    "pipe": "Le journal de midi. ¦| Une édition de Paul Roy.",
    "hash-space": "Le sujet change. ¦# Les suites du procès.",
    "paragraph-sign": "Le texte est long. ¦§ 2 est contesté. ¦© Agence Brignac.",
    "dagger": "Le roi est mort. ¦† Il avait 80 ans.",
    "euro-sign": "Le prix monte. ¦€ 12 suffisaient hier.",
    "middle-dot": "Le prix monte. ¦· Le lait coûte 2 euros.",
    "inverted": "Le groupe espagnol joue. ¦¡Olé! est son premier titre.",
    "not-sign-inside": "Le match Brest + Nantes est reporté. ¦La note A+ est rare.",
    "sign-lower": "Le texte va de l'art. → annexe. ¦Il est long.",
    "emoji-lower": "Il pleut... 😢 et le match est annulé.",
}

_INVISIBLE = {
    "zero-width-after": "Le pont rouvre.\u200b ¦Les travaux sont finis.",
    "zero-width-glued": "Le pont rouvre.\u200b¦Les travaux sont finis.",
    "zero-width-before": "Le pont rouvre. ¦\u200bLes travaux sont finis.",
    "bom-before": "Le pont rouvre. ¦\ufeffLes travaux sont finis.",
    "direction": "Le pont rouvre.\u200e ¦\u200eLes travaux sont finis.",
    "soft-hyphen": "Le pont rou\u00advre. ¦Les tra\u00advaux sont finis.",
    "joiner-after": "Le pont rouvre.\u2060 ¦Les travaux sont finis.",
    "entity-after": "Le pont rouvre.&nbsp; ¦Les travaux sont finis.",
    "entity-glued": "Le pont rouvre.&nbsp;¦Les travaux sont finis.",
    "entity-quote": "Le pont rouvre. ¦&laquo;&nbsp;Enfin, dit le maire.&nbsp;&raquo; ¦Les travaux sont finis.",
    "entity-accent": "Le pont rouvre. ¦&Agrave; midi, tout le monde passe. ¦&Eacute;milie Roy aussi.",
    "entity-apostrophe": "Le pont rouvre. ¦L&rsquo;accès est libre.",
}

_MORE_ABBREVIATIONS = {
    "place": "Le marché se tient pl. Gambetta. ¦Il ferme à midi.",
    "reference": "Le dossier réf. AB-12 est perdu. ¦Réf. 4512 : sans suite.",
    "building": "Le feu a pris au bât. C. ¦Le bât. D est intact.",
    "flat": "Il vit à l'app. 12, esc. B, du même immeuble. ¦Elle aussi.",
    "department": "Le dép. Loire et l'arr. Roanne votent. ¦Le dép. 42 suit.",
    "phone-tel": "Le standard (tel. 01 23 45 67 89) est saturé. ¦Rappelez.",
    "phone-capital": "Tel. 01 23 45 67 89 pour s'inscrire. ¦Le stage est gratuit.",
    "junior": "Robert Dane Jr. est arrivé. ¦Sa mère aussi.",
    "senior": "Robert Dane Sr. est arrivé. ¦Sa mère aussi.",
    "inc-name": "Le groupe Boréal Inc. Canada recrute. ¦Le siège est à Laval.",
    "corp": "La société Dane Corp. France a signé. ¦Le prix reste secret.",
    "corp-end": "Le repreneur est Dane Corp. ¦Le prix reste secret.",
    "ltd": "La société Dane Ltd. Europe recule. ¦Elle perd 3 %.",
    "ltd-end": "Le repreneur est Dane Ltd. ¦Les syndicats protestent.",
    "cie-name": "Verrier et Cie. Lyon recrute. ¦Les postes sont rares.",
    "lieutenant-colonel": "Le lt-col. Marchand dirige les secours. ¦Il connaît la vallée.",
    "senator": "La sén. Lorrain a répondu. ¦Le sén. Roy s'est tu.",
    "president": "Le prés. Vasseur a salué la foule. ¦Le vice-prés. Roy aussi.",
    "university": "L'univ. Paul-Roy ouvre un campus. ¦L'univ. Lorrain suit.",
    "hyphen-no-dot": "J-P. Dupont a gagné. ¦M-C. Roux est deuxième.",
    "hyphen-first": "Ch.-A. Roy et Ph.-E. Blin ont signé. ¦Le texte est public.",
    "deputy": "La dép. Lorrain a voté contre. ¦Le texte passe.",
    "street": "Le bureau est au 3, imp. Foch, près de l'all. Roy. ¦Il ouvre lundi.",
    "square-street": "Le bureau est au 3, sq. Foch. ¦Il ouvre lundi.",
    "hotel": "L'hôt. Bellevue et le chât. Roy sont complets. ¦La saison est bonne.",
    "edition": "La 2e éd. Roy est parue. ¦La rééd. Blin suivra.",
    "collection": "Le coll. Lorrain et le lyc. Roy ferment. ¦Les élèves attendent.",
    "captain": "Le cne. Blin et l'adj-chef. Roy ont témoigné. ¦Le procès dure.",
    "sergeant": "Le sgt-chef. Roy est blessé. ¦Son état est stable.",
    "number-upper": "Le train No. 12 est supprimé. ¦Le Nº 13 aussi.",
    "paragraph": "Le par. 3 et le § 4 sont abrogés. ¦Le reste demeure.",
    "annex": "Voir ann. B et app. III. ¦Le plan y figure.",
    "ms-note": "Voir ms. 12 et f. 3. ¦Le texte est ancien.",
    "born": "Paul Roy (n. 1950, m. 2011) était peintre. ¦Ses toiles sont à Brignac.",
    "circa": "La tour date de ca. 1450. ¦Le pont est plus jeune.",
    "tel-end": "Il m'a laissé son tél. ¦Je l'ai perdu.",
    "app-end": "Il a téléchargé l'app. ¦Elle ne marche pas.",
    "dep-word": "Le train est annoncé au dép. ¦Il partira à midi.",
    "thousand": "Le loyer est de 900 € p.m. pour deux. ¦Le quartier est calme.",
    "suite": "Les élus de Brignac, Lalande, etc. ont signé. ¦Ils sont douze.",
    "ibid": "Ibid. p. 12. ¦Le passage est célèbre.",
    "op-cit": "Roy, op. cit. p. 45, le dit. ¦Nul ne l'a relu.",
}

_INLINE_LISTS = {
    "bullets": "Trois mesures : ¦• une école ¦• une crèche ¦• un stade",
    "bullets-sentences": "Trois mesures. ¦• Une école ouvre. ¦• Une crèche suit.",
    "squares": "Le programme : ¦▪ un concert ¦▪ un bal",
    "one-bullet": "Le maire • Paul Roy • a signé. ¦Le texte est public.",
    "circled": "Trois étapes. ¦① Inscrivez-vous. ¦② Payez. ¦③ Venez.",
    "number-paren": "Trois étapes. ¦1) Inscrivez-vous. ¦2) Payez. ¦3) Venez.",
}

_GROUPS = {
    "signs": _SIGNS,
    "invisible": _INVISIBLE,
    "more-abbreviations": _MORE_ABBREVIATIONS,
    "inline-lists": _INLINE_LISTS,
    "titles": _TITLES,
    "initials": _INITIALS,
    "acronyms": _ACRONYMS,
    "abbreviations": _ABBREVIATIONS,
    "numbers": _NUMBERS,
    "web": _WEB,
    "marks": _MARKS,
    "quotes": _QUOTES,
    "parentheses": _PARENTHESES,
    "dialogue": _DIALOGUE,
    "lines": _LINES,
}

#: Every case must hold.
GOLDEN = [_case(f"{group}-{name}", text) for group, cases in _GROUPS.items() for name, text in cases.items()]

#: What the rules get wrong and a reader would not: deciding these takes knowledge of the words.
KNOWN_LIMITS = [
    _case("initial-end-before-name", "Le club passe au plan B. ¦Paul Vasseur le savait."),
    _case("initial-end-before-article-name", "Le club passe au plan B. ¦La France le savait."),
    _case("acronym-end-before-name", "Il vit aux U.S.A. ¦Paul l'a rejoint."),
    _case("lowercase-start", "le train est en retard. ¦la gare est pleine."),
    _case("letter-like-title", "Cette veste existe en taille M. ¦Elle plaît."),
    _case("unit-before-figure", "Le trajet dure 5 min. ¦12 bus roulent."),
    _case(
        "wrapped-number",
        "Le juge de Brignac a rappelé jeudi que la torture est interdite par l'article\n"
        "36. ¦Le texte ne laisse aucun doute à ce sujet, selon les avocats de la ville.",
    ),
    _case("inline-letters", "Il y a deux cas : a. Le premier ; b. Le second."),
    _case("missing-space-year", "Il est né en 1950.¦Sa femme vit à Lyon."),
    _case("title-with-bang", "Le groupe Bravo ! Musique chante. ¦La salle rit."),
    _case("wrapped-aside", "Le maire de la commune de Brignac et des hameaux voisins\n– élu en 2020 – se retire."),
]
