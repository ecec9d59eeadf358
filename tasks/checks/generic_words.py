"""Capitalised French words that are not names: what ``names`` asks nothing of. All are folded: no case, no accents."""

from __future__ import annotations

#: Capitalised words that are translated in too many ways to be asked for: offices, institutions, directions, feasts.
_GENERIC = """
muraille mds mrds meur keur peches avancees arnaque brevets
academie accord accords administration affaire affaires age agence agriculture aide alliance alors ambassade ames
amiral amis amitie amour ancien ancienne ange anges annee annees ans antiquite aout apres arbre arbres archives argent
armee armees art arts assemblee assistance association assurance assurances atelier ateliers au aucun aucune audience
aujourd aussi autorite autre autres aux avant avec avenir avent aventure aventures avenue avions avril azur baie bal
balle ballet banque banquet bar barrage barreau bas basse bataille bateau beaucoup beaux berger bibliotheque bien
biens blanc blanche blanches blancs bleu bleue boeuf bois boissons boite bon bonheur bonne bord bouclier boule bourg
bourse bourses boutique bras brigade brut bureau bureaux ca cabinet cadre cahier cahiers caisse caisses camp canal
canton capitaine capitole car caravane carnaval carnet carre carrefour carte cartes casque casques cathedrale
cavalerie ce ceci cela celle celles celui cent central centrale centre cercle ces cet cette ceux chaine chaines
chambre chambres champ champion championnat championnats champions champs chancelier chanceliere chanson chansons
chapelle chapitre chaque charte chasse chat chateau chats chatte chaud chef chefs chemin chemins cheval chevalier
chevaliers chez chien chiens chimie choeur chose choses chute ci ciel cimetiere cinema cinq cinquieme cite classe
cloche clos club coalition cochon cochons code coeur coeurs coin collectif collectivites college colline colombe
colonel colonne combat combats combien comique comite commandant comme comment commerce commissaire commissariat
commission communaute commune communes compagnie compris compte comptes comte comtesse concours concurrence
confederation conference congres conquete conseil conseiller conseils conservateur conservateurs conservatoire
constitution conte contes contre convention cooperation copie corbeau corps cosmos cote coupe coupole cour courage
courir couronne couronnes course courses couteau coutume craie crane crime crimes crise croisade croisades croissant
croix cuisine culture cygne dame dames dans danse de debat debut decembre defense delegation delits democrate
democrates departement depuis deputes dernier derniere dernieres derniers des desert destin deux deuxieme
developpement diable dialogue dieux dimanche directeur direction directive directoire disque division dix docteur
domaine donc drapeau droit droite droits du duc duche dunes eau eaux eclair ecole economie education effet egalite
eglise electeurs elections electrique elle elles emeute empereur empereurs empire emploi en encore encyclopedie
energie enfance enfant enfants enfer enquete enquetes enseignement entente entre entreprise entreprises environnement
epee equipe equipes ere escadron espace espoir esprit essai essais est et etang etat etats ete etendard etoile etoiles
etranger etrangeres etude etudes etudiant etudiants eu eur europeens eux evangile evangiles evasion eveche eveque exil
expedition exposition express extreme fable fables faculte faible faire famille famine fantome fantomes faucon faut
fauteuil federal federale federation feminin femme femmes fer ferme fete feu feuille feux fevrier fi fiction
fiere fil filiale fille filles film fils fin finances firme flamme fleur fleurs fleuve flotte foi foire folie fonction
fondation fonds football force forces foret formation formule forteresse fortune forum foudre foyer francophonie frere
freres front fruit fruits furie futur galerie galeries garcon garde gardien gardiens gare gauche gbp geant geants
gendarmerie gendarmes general genie genre gens glace glaciers gloire golfe gouffre gouvernement gouverneur graal grace
grand grande grandes grands grange grosse grotte groupe guerre guerres guide guides habitat halle halles haras hasard
haut haute hauts herbe heritage heros heure heures hier hirondelle histoire hiver homard homme hommes honneur honneurs
hopital horloge hotel huf huit humanite humour ici il ile iles ils impot impots inconnu inconnue industrie
industriel industries information initiative inspection institut institution instruction interieur interieure
international internationale internaute internet invalides jalousie jamais janvier jardin jardinier jardins jaune
jaunes jazz je jeu jeudi jeunes jeunesse jeux joie jour journal journaux journee joyau juge juges juif juifs juillet
juin jumeaux jungle jury jusque justice kc ksh la laboratoire labyrinthe lac land lander langue lanterne larmes le
lecture legende legion les lettre lettres leur leurs liberte libre libres lieutenant ligne ligue ligueurs linceul lion
lions livre livres loge logement loi lois lors lorsque louange lui lumiere lumieres lundi lutte luttes
lycee ma madame magistrat magistrature mai maire mairie mais maison maitre majeste malade maladie maladies malheur
malle mandat manoir marais marche marches mardi marechal mariage marine marins mars marteau martyrs masque masques
matin me medaille medecins mediateur medicaments meilleur melle melodie membre membres meme memoire menace mer merci
mercredi mere meres mes messe messie metal meteo metier metiers metro metropole mgr militaire mille milliard milliards
million millions mine mines ministere ministre ministres miracle miserables misere mission mlle mme moderne moi moine
moines moins mois mon monde mondial mondiale mondiaux monnaie monseigneur monsieur monstre monstres mont montagne
monts monument mort morts mots mouche moulin moutons mouvement moyen moyenne mulet municipal municipalite mur muse
musee musique mystere mysteres naissance nation nationale nations nature navire ne neige neuf neuve nez ni nid nobel
noces noir noire noirs nombre non nord nos notre nous nouveau nouveaux nouvel nouvelle nouvelles novembre novice nuit
numerique objectifs obscur observatoire occidental occidentale octobre oeil oeuf oeuvre oeuvres office oiseau oiseaux
ombre on oncle ont onze opera opinion opposition or oracle orage orchestre ordre oreille organisation organisme
orgueil orientale orphelins orthodoxe ou ouest oui ours outre ouvrier ouvriere ouvriers pacte page pain paix
palais panier panthere papier papillon par paradis parc parce parents paresse parfum parlement parmi parole paroles
parquet parrain parti particuliers partis pas passage passe passion patrie patrimoine patrouille pays paysan paysans
peau peche penal pendant penitencier pere peres perle perles personne personnel peste petit petite petits petrole
peuple peuples peur peut phare philosophie photographie pilote piscine piste place plage plaine plan planete planetes
pluie plume plus plusieurs poeme poemes poete poetes poisson pole police politique pomme pompiers pont populaire porc
port porte portrait poudre poupee pour pourquoi pourtant pouvoir prefecture prefet prefets prehistoire premier
premiere premieres premiers presidence president presidente presse pretre pretres primaire prince princes princesse
printemps prison prix procureur produit produits professeur programme projet prophete propos propre proprete
protection province public puis puisque puits pur pures qu qua quai quand quartier quatre quatrieme que quel quelle
quelles quelqu quels question questions qui quinze quoi radio rafale raisin raison rapport ravin rebelle recettes
recherche reforme reformes refuge regard regiment region regional regionale regionaux regle reglement regles reine
reines religion rempart renard rencontre rencontres renouveau rep republicain republicains republique republiques
requin reserve resistance responsable responsables resto restos retour retraite reve reves revolution revue rhum
rideau rien rire risque rivage riviere robe roche rocher roi rois roman romans rond ronde roseau roses roue rouge
rouges route royal royale royaume ruban ruche rue ruines ruisseau sa sable sac sacre sage sages saison saisons salle
salon salut samedi sang sans sante sauvegarde sauveur savant savants scandale scene science sciences se seconde
secours secret secretaire secretariat secretariats secrets securite seigneur seigneurs sel selection selon semaine
senat senateur sentier sept septembre septieme serpent service services serviteur ses seul seule si siecle siecles
siege silence singe singes sinon sire six sixieme social sociale socialiste socialistes societe societes soeur soeurs
soif soir soit soldat soldats solidarite sommet son sondage sont sorciere sorcieres souffle source sourire sous
souvenir souvenirs spectacle sport sports stade statistique statistiques statue suaire succes sud sultan super supreme
sur surete surprise surveillance survie syndicat syndicats systeme ta tableau tableaux tache tant tapis taureau te tel
telecommunications telephone television telle temoin temoins tempete temple temps tennis terrain terres terreur
territoire territoires tes theatre tiers tigre titre toi toile toit tombe tombeau ton tonnerre toujours tour tournoi
tous tout toute toutes tragedie train traite traitement traites transition transports travail travailliste
travaillistes tremblement trente tres tresor tresors tribunal tribune tricolore triomphe triumvirat trois troisieme
trone trop tu tunnel un une union unions unite univers universite urbain urbains urgence urgences usd usine vache
vague vagues vaisseau valet vallee valse vampire veau veillee veilleur vendredi vengeance vent vente ventes vents
verite vers vert verts vertu vertus vice victime victimes victoire vie vieille vierge vierges vieux vigie vigne villa
village villages ville villes vin vingt vins violence violon visage vision vitesse vive voici voie voila voile voiles
voisin voix vol voleur volonte vos votre vous voyage voyages voyageur web wi wifi y zone zones
"""

GENERIC = frozenset(_GENERIC.split())
