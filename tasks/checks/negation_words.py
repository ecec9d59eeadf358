"""How French and English say no: patterns for ``negation``, all for small letters and straight apostrophes."""

from __future__ import annotations

import re

#: What may stand between "ne" and the word that goes with it.
_GAP = r"(?:(?!qu[e'])[^.;:!?]){0,60}?"

#: French that surely denies. "Ne … que" is "only", and "jamais" without "ne" is "ever".
FRENCH_DENIES = re.compile(
    rf"\bn(?:e\b|'){_GAP}\b(?:pas|jamais|rien|personne|aucune?s?|guère|nulle part|nullement|point)\b"
    r"|\bn(?:e\b|')(?:(?!qu[e'])[^.;:!?]){0,30}?\bplus\b(?!\s(?:qu[e']|de\b|d'|en\splus))"
    rf"|\b(?:aucune?|nul(?:le)?|personne|rien|jamais)\b{_GAP}\bn(?:e\b|')(?!est\spas\ssans)"
    r"|\baucune?\s(?!doute)|\bni\b[^.;:!?]{1,60}\bni\b|\bpas\s(?:de|d'|un|une|encore|du\stout)\b"
    r"|(?<!non\s)(?<!va\s)\bsans\b(?!\s(?:abri|aucun|appel|arrêt|cesse|compter|conteste|contact|détour|dire|doute|égal|emploi"
    r"|équivoque|faille|faute|fil|fin|frais|gêne|oublier|pareil|parler|peine|précédent|plus|que|relâche|répit|surprise|tarder"
    r"|crier|pitié|succès|trêve|papier)|-)"
    r"|\brefus(?:e|ent|é|ée|er|ait|aient|a|èrent|era|eront|ant)\b"
)
#: Phrases in which a word of denial denies nothing, or that English says without one.
FRENCH_IDIOMS = re.compile(
    r"\bn'est\spas\ssans\b|\bn'est-ce\spas\b|\bpas\s(?:seulement|uniquement|que\b|plus\stard|moins\b|à\spas\b)|\bpourquoi\spas\b"
    r"|\bnon\sseulement\b|\bn'en\spas\sdouter\b|\bn'importe\b|\bn'oubli(?:ez|e|ons)\spas\b|\bn'empêche\b"
    r"|\bn(?:e\s|')(?:exclu\w+|hésit\w+|ignor\w+|manqu\w+|dout\w+|tard\w+)\s(?:\w+\s)?pas\b|\bpas\s(?:tort|rares?|exclue?s?"
    r"|im\w+|in\w+bles?|faux|mal\b|mauvaise?s?|peu\b|étonnant\w*|négligeables?|dés\w+)\b"
    r"|\bn(?:e\b|')[^.;:!?]{0,25}\brien\s(?:d'autre\s)?que\b|\bn'ont?\srien\sà\senvier\b"
)
#: English words of which one may stand for any French denial.
ENGLISH_MAY_DENY = re.compile(
    r"n't\b|\b(?:not\w*|no|nope|never|none|nobody|nothing|nowhere|neither|nor|without|cannot|non\w*|dunno"
    r"|(?:do|does|did|could|would|should|is|was|are|were|has|have|had|ca|wo)nt"
    r"|unable|inability|fail\w*|refus\w*|lack\w*|den(?:y|i\w+)|reject\w*|hardly|barely|scarcely|rarely|seldom|few|little"
    r"|unless|avoid\w*|prevent\w*|stop(?:s|ped|ping)?|ceas\w*|bans?|banned|banning|prohibit\w*|forbid\w*|forbad\w*"
    r"|absent|absence|miss(?:es|ed|ing)?|lose|loses|lost|losing|anyone|anything|anybody|anywhere|ever|wrong\w*|zero|minus"
    r"|ignor\w*|exclud\w*|declin\w*|irrespective|regardless|withh\w+|deprived?|devoid|deficient|free|far\sfrom|rather\sthan"
    r"|short\sof|too\s\w+\sto|yet\sto|out\sof|keep\s\w+\sfrom|kept\sfrom|no\slonger|exempt\w*|oppos\w*|object\w*|resist\w*"
    r"|neglect\w*|skip\w*|omit\w*|abst\w+|renounc\w*|overlook\w*|unlike|contrary|hates?|hated|dislik\w*|against|revok\w*"
    r"|turn(?:s|ed|ing)?\sdown|rul(?:es|ed|ing)\sout|around\sthe\sclock|foreign\sto|beyond|bar\snone"
    r"|uncle(?!s?\b)\w+|un(?!der|til|less|ion|it|iv|if|iq|cle|anim|esco|icef)\w{3,}|(?:in|im|il|ir)\w+(?:ble|bly|bility)"
    r"|in(?:adequa|suffici|correct|complet|activ|effect|effici|expens|secur|equal|valid|just|capa)\w*|irrelevan\w*"
    r"|impossib\w*|illeg\w*|irregular\w*|dis(?:a[bgp]|c[lo]|h|i|l|o|p[ru]|re|s|tr|u)\w+|(?!bless)\w{3,}less(?:ly|ness)?"
    r"|\w+-less)\b"
)
#: Such words say "ne … que", or may be there for another reason: they only count where French has that.
ENGLISH_DENIES = re.compile(r"n't\b|\b(?:not|never|none|nobody|nothing|neither|cannot|without|no)\b")
ENGLISH_IDIOMS = re.compile(
    r"\bnot\s(?:only|just|least|until|to\smention|surprising\w*)\b|\bno\s(?:doubt|matter|wonder|sooner|later|less|brainer)\b"
    r"|\bno\.?\s?\d|\bno\s\w+\sthan\b|\bno-\w+|\bwhether\s(?:or\snot|[^.;:!?]{0,40}\sor\snot)\b|\bor\snot\b|\bwhy\s(?:on\searth\s)?(?:not|don't)\b"
    r"|\b(?:isn't|aren't|doesn't|don't|didn't|wasn't|won't)\s(?:it|he|she|they|you|we)\b|\b(?:don't|doesn't|didn't)\s(?:mind|care)\b"
    r"|\bhow\scould\s\w+\snot\b|\bnot\s(?:that\s)?bad\b|\bcan't\shelp\b|\bbelieve\sit\sor\snot\b"
)
#: French words of which one may stand for any English denial.
FRENCH_MAY_DENY = re.compile(
    r"\bn'|\b(?:ne|pas|non\w*|sans|aucun\w*|jamais|rien|personne|ni|nul\w*|peu|guère|loin|faux|fausse\w*|refus\w*|manqu\w*"
    r"|absen\w*|évit\w*|empêch\w*|interdi\w*|impossib\w*|incapab\w*|échou\w*|échec\w*|exclu\w*|ignor\w*|sauf|sinon|moins\sde"
    r"|plutôt|contr\w*|avant\s(?:de|d'|que)|difficil\w*|rare\w*|cess\w*|perd\w*|perte|mal|anti\w*|oppos\w*|contest\w*|nie\w*"
    r"|dément\w*|rejet\w*|priv\w*|dépourv\w*|excepté|hormis|hors|lieu\sde|trop|abst\w*|renonc\w*|oubli\w*|vain\w*|gratuit\w*"
    r"|zéro|point|insu|faute\sd|seule?s?\s(?:à|qui|d)|égal|cloch\w*|in\w+(?:bles?|ements?|ants?|antes?)|im[mp]\w+bles?|il[lé]\w+"
    r"|ir[ré]\w+|dés\w+|défau\w+|dépass\w+|démun\w+|dénu\w+|dispens\w+|mécon\w+|à\speine|insomnie|stérile\w*|vide\w*|no|not|on\sse\smoqu\w+)\b"
)
