"""Ordinary words that decide what a capitalised word is: folded, our own."""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ASIDE = _words(
    """
    rue avenue av boulevard bd allee allees impasse chemin place route quai cours square passage ruelle faubourg esplanade promenade pont gare arret
    station metro tram
    ecole ecoles college lycee universite creche gymnase stade piscine salle complexe centre espace maison parc jardin bibliotheque mediatheque musee
    theatre cinema hopital
    clinique ehpad residence foyer batiment immeuble groupe institut fondation association cimetiere eglise chapelle cathedrale amphitheatre
    auditorium halle marche prix
    trophee coupe tournoi fete promotion statue buste monument rond-point giratoire quartier zac lotissement hameau site parking station-service
    pharmacie cabinet garage
    boulangerie boucherie librairie restaurant hotel bar cafe societe entreprise ets etablissements sarl sas sci eurl sa compagnie festival exposition
    spectacle concert film
    livre roman auteur autrice chanteur peintre sculpteur poete philosophe ecrivain terrain dojo skatepark mediathèque plateau accueil multi-accueil
    resto conservatoire
    orchestre pavillon tour villa chateau domaine ferme moulin passerelle tunnel viaduc rocade carrefour parvis mail voie rues loi plan methode norme
    bld blvd imp pl sq rte che lot res pass challenge championnat concours memorial criterium meeting rallye regate cross finale tournoi bourse confrerie
    terminus mas mazet col pic lac plage port aire borne croix cave digue
    amis amicale club comite cercle collectif chorale ligue ass asso harmonie ecole elem coll lyc eepu empu
    eppu gs mjc mpt
    venelle sente sentier traverse montee cote cite faubourg digue corniche chaussee villa rampe escalier
    """
)
"""What bears a name and is nobody."""

ROLES = _words(
    """
    maire president presidente directeur directrice prefet prefete adjoint adjointe conseiller conseillere ministre depute deputee senateur senatrice
    proviseur principal
    principale inspecteur inspectrice commissaire juge procureur responsable chef secretaire gardien gardienne facteur docteur professeur general
    delegue deleguee regisseur
    tresorier tresoriere referent referente concierge gerant gerante proprietaire locataire usager riverain riveraine voisin voisine client cliente
    agent agents eleve enfant habitant demandeur abonne
    """
)
"""What a title is followed by when it names nobody: « Monsieur le Maire »."""

BODIES = _words(
    """
    sarl sas sa sci eurl scop snc ets etablissements societe association federation cabinet groupe syndicat comite mairie commune ville departement
    region metropole
    """
)

NOT_A_NAME = _words(
    """
    lundi mardi mercredi jeudi vendredi samedi dimanche janvier fevrier avril mai juin juillet aout septembre octobre novembre decembre nord sud est
    ouest ras neant bonjour
    merci bonne bon cordialement travaux voir suite rappel attention urgent rdv ok oui non test tva ttc ht cedex france paris lyon marseille toulouse
    nice nantes montpellier
    strasbourg bordeaux lille rennes je il elle nous vous ils elles on le la les un une des ce cette ces et ou mais donc car ni or pas plus tres bien
    avec sans pour dans sur
    sous chez par selon apres avant depuis demande dossier facture commande numero service direction lot phase tranche article bien tous toutes si quand comme
    isole isolee age agee ages agees seul seule
    generale general police municipale municipal nationale francaise travaux commune mairie madame monsieur mademoiselle mesdames messieurs mme mlle
    docteur maitre svp stp pb
    """
)

COMMON = _words(
    """
    rose pierre claire blanche victoire constant aime desire france prune iris jade fleur ange violette perle luna come marine celeste angelique
    modeste clement juste
    petit petite grand grande blanc brun brune roux gros noir rouge vert bleu gris legrand lenoir moulin pont roche riviere bois fontaine berger
    boulanger boucher meunier marchand
    carpentier charpentier mercier chevalier bourgeois voisin parent marin pasteur rossignol loiseau poisson lion roy marie noel avril janvier pages
    page port porte menu goutte
    olive olivier laurier melisse marguerite capucine anemone cerise valentin jourdan martin robin colin cousin masse simple ferme vallee mont
    montagne colline serre
    serres lac bassin canal barre barriere grille sol terre sable gravier ecole eglise couvreur macon tonnelier tisserand carre rond bonnet cape
    bouton caillou cailloux
    lambert perche perrier lagrange lacroix laval duval dumont verger pommier poirier cerisier rosier lavigne granger granier hardy gentil vaillant
    bon bonhomme lebon ami lamy
    loup renard lievre pinson merle geai faucon aigle coq paon chat moine prieur comte baron marquis leduc leroy prince roi reine pape
    eve max tom tim lou lea mia line lise nine ben sam dan jo theo leon rome florence vienne nancy orange valence
    """
)
"""First names and surnames that are ordinary words too."""

NOT_GIVEN = _words(
    "rose prune perle luna france victoire constant modeste juste aime desire avril janvier florence nancy vienne orange valence olive "
    "marine celeste fleur line"
)
"""First names that are words or places before they are anyone: only a known surname beside them makes them
one.
"""

HOME = re.compile(
    r"\bhabit|\bdomicil|\bdemeur|\breside\b|\bresident au|\bmon adresse|\bma maison|\bmon logement|\bmon appartement|\bchez (?:moi|lui|elle|nous|eux)\b"
    r"|\bson domicile|\bson logement"
    r"|\blocataire|\bproprietaire|\bfoyer\b|\bloge(?:e|s)? au|\badresse (?:perso|personnelle|du demandeur|de l'usager)|\bvit au|\ba son domicile|\bdemenag"
    r"|\bmon immeuble|\bnous vivons"
    r"|\bdame\b|\bpersonnes? (?:agee|isolee|seule|handicapee|vulnerable)|\bisolee? |\bseule? (?:au|a|chez)\b|\b(?:notre|leur) domicile"
    r"|\bsa maison|\bson appartement|\bmon pavillon|\bma residence\b|\bveuve?\b|\bepouse?\b|\bcourrier a\b|\benvoyer a\b|\badresse postale"
)
"""Folded: what makes a street number a home."""

FORMULAS = _words(
    """
    attribue affecte confie dossier aupres convocation recu appelle suis soussigne soussignee part fils fille mari femme epouse epoux voisin voisine
    mere pere frere soeur enfant eleve agent usager
    appele rappeler contacter contact signe signature cordialement vous merci salutations demandeur nom prenom interlocuteur vu voir appeler
    joindre transmis signale demande plainte
    """
)
"""What comes before a name in a letter or a note: « je m’appelle », « rappeler », « cordialement »."""

CARS = _words(
    """
    vehicule vehicules voiture voitures scooter scooters moto motos camion camions camionnette camionnettes utilitaire utilitaires fourgon
    fourgons plaque plaques immatricule immatriculee immatricules immatriculation enlevement fourriere stationnement stationne stationnee gare garee
    epave verbalise verbalisee verbalisation conducteur conductrice chauffard quad remorque berline
    """
)
"""What a plate is found beside."""

BETWEEN = _words(
    """
    elem mat mater prim sportive culturelle les de amis
    pour tous docteur general marechal colonel capitaine professeur abbe saint sainte commandant president dr lieutenant elementaire maternelle
    primaire municipal municipale publique public et scolaire sportif culturel social les frere soeur pere nom
    """
)
"""What may stand between « rue » or « école » and the name that it bears."""
