"""What people call the things of a town hall: rings of expressions that stand for each other in search.

One ring a line, expressions parted by `|`. An expression of several words is met when they follow each other
(stop words aside). Kept small: a ring that would bring a hundred datasets for one word does harm.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from parvis.catalogue import french

Expression = tuple[str, ...]
"""Roots of the words of an expression, without stop words."""

_RINGS = """
vélo | bicyclette | cycle | deux-roues | vélib | vcub | vélos partagés
cyclable | vélo | cycliste
bus | autobus | autocar | transport en commun | transports publics
tramway | tram | transport en commun
métro | transport en commun
horaire de bus | horaire de tram | fiche horaire | GTFS
parking | parc de stationnement | se garer | garer
stationnement | se garer | garer
voiture | véhicule | automobile | auto
borne de recharge | IRVE | recharge électrique | recharger | borne électrique
bouchon | embouteillage | trafic | congestion
circulation | trafic
travaux | chantier | rue barrée | route barrée
rue | voie | voirie
chaussée | voirie | route
trottoir | voirie
piéton | marche à pied | piétonnier
covoiturage | autopartage | trajet partagé
école | scolaire | établissement scolaire
élève | écolier | scolarisé
collège | établissement scolaire
cantine | restauration scolaire | repas | restaurant scolaire
menu | repas
crèche | garderie | halte-garderie | petite enfance | nourrice | assistante maternelle | nounou
bébé | petite enfance | nouveau-né | naissance
naissance | état civil | prénom
enfant | jeunesse | enfance
centre de loisirs | accueil de loisirs | périscolaire
piscine | natation | nager | baignade | centre aquatique
équipement sportif | gymnase | stade | terrain de sport | complexe sportif
football | foot | stade | terrain
basket | gymnase
tennis | terrain
sport | sportif
association | vie associative
subvention | aide financière
marché public | commande publique | appel d’offres | DECP | contrat public
contrat | marché public
fournisseur | titulaire | marché public
budget | finances | dépense | comptes
dette | emprunt | budget | endettement
impôt | fiscalité | taxe
foncier | taxe foncière
élu | conseiller municipal | maire | adjoint | élu municipal
conseil municipal | délibération
élection | scrutin | vote | voter | électoral | électeur | urne
résultat de vote | résultat électoral | résultat des élections
acte administratif | délibération | arrêté
déchet | ordure | poubelle | détritus
poubelle | bac | ramassage | collecte des déchets
ordures ménagères | collecte | bac
tri sélectif | recyclage | tri | point d’apport volontaire
déchèterie | déchetterie | encombrant
compost | composteur | biodéchet
verre | conteneur à verre | point d’apport volontaire
toilettes | WC | sanisette | sanitaire | vespasienne | latrine
fontaine | point d’eau | eau potable
eau potable | eau du robinet | eau distribuée
assainissement | eaux usées | égout
pollution | qualité de l’air | polluant
pollution atmosphérique | qualité de l’air
pollen | allergie | qualité de l’air
bruit | nuisance sonore | sonore | décibel
canicule | îlot de fraîcheur | chaleur
arbre | végétal | patrimoine arboré
jardin | parc | espace vert | square
aire de jeux | jeu pour enfants | terrain de jeux | toboggan | balançoire
animal | chien
énergie | électricité | consommation
solaire | photovoltaïque | panneau solaire | énergie renouvelable
éclairage public | lampadaire | réverbère | candélabre | point lumineux
gaz à effet de serre | GES | carbone | CO2
climat | environnement
logement social | HLM | habitat social | parc locatif social
loyer | logement
permis de construire | autorisation d’urbanisme | déclaration préalable
PLU | plan local d’urbanisme | zonage
cadastre | parcelle
adresse | BAL | numéro de rue
quartier | arrondissement
habitant | population | démographie | recensement
chômage | emploi | chômeur | demandeur d’emploi | sans emploi
revenu | pauvreté | précarité
personne âgée | senior | aîné | EHPAD | maison de retraite | retraité
handicap | PMR | accessibilité | fauteuil roulant | mobilité réduite
aide sociale | CCAS | solidarité
santé | médical
défibrillateur | DAE | arrêt cardiaque | AED
pharmacie | médicament
hôpital | clinique
inondation | crue | inondable | submersion
risque | prévention | danger
sécurité | police | tranquillité
délinquance | crime | police municipale | criminalité | délit | insécurité
contravention | amende | verbalisation | PV
accident | accidentologie | sécurité routière
pompier | incendie | secours
bibliothèque | médiathèque | ludothèque
livre | bibliothèque | bouquin
agenda | événement | sortie | manifestation | programme
concert | spectacle | musique
exposition | musée
cinéma | film
culture | culturel
monument | patrimoine | monument historique
tourisme | touristique | vacances
hôtel | hébergement | meublé | gîte | location saisonnière | airbnb
marché forain | marché alimentaire | halle | marché de plein vent
jour de marché | marché de plein vent | marché forain | halle
commerce | magasin | boutique | commerçant | enseigne
restaurant | terrasse | commerce
entreprise | société | établissement
wifi | wi-fi | internet | hotspot
numérique | informatique
agent | fonctionnaire | personnel | salarié | employé | effectif
salaire | rémunération | paie
signalement | réclamation | plainte | doléance
tag | graffiti | propreté
nid-de-poule | trou dans la chaussée | signalement
cimetière | funéraire | tombe | concession | obsèques
bureau de vote | où voter | lieu de vote
carte scolaire | secteur scolaire | sectorisation
ZFE | zone à faibles émissions | Crit’Air
trottinette | free-floating | engin de déplacement
budget participatif | démocratie participative | concertation
photo aérienne | vue aérienne | image aérienne | orthophotographie | orthophoto
club | association
fréquentation | affluence | visiteurs
arbre | platane | tilleul | chêne | marronnier | érable
week-end | agenda | sortie
famille | foyer | ménage
bac à compost | composteur
transport scolaire | ramassage scolaire | car scolaire
sentier | randonnée | chemin | balade
déneigement | viabilité hivernale | salage
vidéosurveillance | vidéoprotection | caméra
antenne relais | antenne mobile | radiofréquence | 5G
œuvre d’art | statue | sculpture | fresque | art public
festival | événement | manifestation
jardin partagé | jardin familial | jardin ouvrier | potager
skatepark | boulodrome | pétanque | équipement sportif
vaccin | vaccination
médecin | docteur | généraliste | professionnel de santé
mariage | pacs | état civil
décès | mort | état civil | funéraire
fourrière | enlèvement de véhicule
feu tricolore | feu rouge | carrefour à feux | feu de signalisation
ralentisseur | dos d’âne
place handicapée | place PMR | GIG-GIC
horodateur | parcmètre | stationnement payant
taxi | VTC
fuite d’eau | réseau d’eau | consommation d’eau
hydrant | bouche d’incendie | poteau d’incendie | borne incendie | PEI
arceau | range-vélo | attache-vélo | parking à vélos | garage à vélos | box à vélos
voyageur | passager | usager du bus | usager du tramway | usager des transports
abribus | abri voyageurs | arrêt de bus
renverser | accident
ticket | titre de transport | billet | validation
déviation | travaux | route barrée | perturbation
rue fermée | rue barrée | rue coupée | route coupée | route fermée | travaux
nombre de voitures | nombre de véhicules | nombre d’autos | comptage routier | trafic
vitesse | radar | excès de vitesse
tué | mort sur la route | accident mortel | accident
blessé | accident | victime
diesel | voiture polluante | véhicule polluant | ZFE
vignette | Crit’Air
voiture électrique | véhicule électrique | borne de recharge
train | gare | SNCF
abstention | participation | taux de participation | participation électorale | votant
candidat | élection | scrutin
opposition | majorité | groupe politique | élu
bulletin | élection | vote
toilettes | pipi | uriner | pissotière | urinoir | petit coin
changer bébé | table à langer
tapage | vacarme | boucan | bruit | nuisance sonore
avion | bruit | aéroport
jeter | déchet | déchèterie | poubelle
se débarrasser | déchèterie | encombrant
matelas | canapé | meuble | encombrant | monstre
décharge | déchèterie | dépotoir
frigo | électroménager | machine à laver | encombrant | déchèterie
branchage | tonte | gazon | déchets verts
poids | tonnage | quantité
vêtement | textile | habit
carton | papier
constructible | construire | PLU | zonage
terrain constructible | terrain à bâtir | PLU | zonage
jeter le verre | jeter du verre | bouteille | conteneur à verre | point d’apport volontaire
construire | construction | permis de construire | bâtir
agrandir | extension | surélévation | permis de construire
véranda | abri de jardin | déclaration préalable | permis de construire
église | cathédrale | chapelle | basilique | monument | patrimoine
château | monument | patrimoine
culte | église | mosquée | synagogue | temple
dormir | hébergement | hôtel | nuitée
camping | caravane | hébergement
rue sans voiture | rue piétonne | zone piétonne | aire piétonne | piétonnisation
promener | se promener | balade | promenade | parc
pique-nique | pique-niquer | pelouse | parc | espace vert
gourde | bouteille d’eau | fontaine | eau potable
carambolage | collision | accident
club de sport | association sportive | association
prendre le bus | voyageur | validation
courir | jogging | running | course à pied | stade | parc
musculation | fitness | salle de sport | gymnase
dojo | judo | karaté | danse | gymnase | équipement sportif
nageur | baigneur | piscine
faire garder | garde d’enfants | mode de garde | crèche
inscrire à l’école | inscription scolaire | carte scolaire | secteur scolaire
professeur | enseignant | instituteur | école
déjeuner | repas | cantine | menu
argent | budget | finances
dépenser | dépense | budget
coûter | coût | prix | tarif
payer | tarif | prix
courses | commerce | marché
primeur | maraîcher | producteur | marché
local vide | local vacant | magasin vide | vacance commerciale
boulangerie | épicerie | boucherie | alimentation | commerce
bar | café | bistrot | restaurant
chauffage | chaleur | énergie | consommation
facture | consommation | dépense
lumière | éclairage | lampe | luminaire
internet gratuit | connexion | wifi
malaise | premiers secours | défibrillateur | urgence
cambriolage | vol | agression | délinquance
policier | agent de police | police municipale
rivière | fleuve | crue | inondation
débordement | inondation
embauche | recrutement | emploi
gagner | gagne | salaire | rémunération
se plaindre | plainte | signalement | réclamation
signaler | signalement
dépôt sauvage | décharge sauvage | signalement
enterrement | enterrer | inhumation | obsèques | cimetière
crématorium | crémation | funéraire
vieux | vieillard | personne âgée | senior
grand-parent | personne âgée | senior
aide ménagère | aide à domicile
pauvre | précarité | aide sociale
sans-abri | SDF | précarité
RSA | allocation | aide sociale
appartement | logement
louer | location | loyer
nom de rue | voie | adresse | plaque de rue
âge | population | pyramide des âges
que faire | agenda | sortie | événement
théâtre | spectacle | comédie
emprunter | emprunt de livres | prêt | bibliothèque
lire | lecture | livre | bibliothèque
roman | bande dessinée | BD | livre
toit | toiture
respirer | qualité de l’air | air
fumée | pollution
boire | eau potable | fontaine
calcaire | dureté | eau du robinet | qualité de l’eau
robinet | eau potable
élagage | abattage | arbre
planter | plantation | arbre
forêt | bois | arbre
panneau | signalisation
lieu de rendez-vous | point de rencontre
médaille | distinction
naître | natalité | naissance
mourir | mortalité | décès
se marier | nuptialité | mariage
étudiant | université | enseignement supérieur
lycée | lycéen | établissement scolaire
touriste | tourisme | visiteur
visiter | visite | tourisme | patrimoine
hôtel de ville | mairie
heure d’ouverture | horaire
retard | ponctualité | régularité
flotte | parc automobile | voiture de service | véhicule municipal
abeille | ruche | apiculture
oiseau | insecte | papillon | faune | biodiversité
plante | fleur | flore | biodiversité
neige | verglas | déneigement | viabilité hivernale
pont | passerelle | tunnel | viaduc | ouvrage d’art
crotte | déjection canine | canisite
carte d’identité | passeport | titre d’identité | CNI
absence | absentéisme | arrêt maladie
présence | assiduité
parité | égalité femmes-hommes | égalité professionnelle
maquette | 3D | modèle 3D
centre aéré | centre de loisirs | accueil de loisirs
compte rendu | procès-verbal | délibération
formalité | démarche
prix immobilier | prix au mètre carré | valeur foncière | DVF | transaction immobilière
niveau de vie | revenu | pauvreté
brocante | vide-grenier | marché
îlot de chaleur | canicule | fraîcheur
bail | loyer | location
transparence | open data | données ouvertes
nuit | nuitée | hébergement
borne à incendie | bouche d’incendie | PEI
objet perdu | objet trouvé
pigeon | rat | nuisible | dératisation
généalogie | archives | état civil
histoire | archives | patrimoine
mobilité | déplacement | transport
scolarité | école | élève
propreté | nettoiement | nettoyage | balayage
dirigeant | diriger | dirige | maire | élu
masse salariale | rémunération | effectif
périscolaire | garderie du matin | accueil du matin | étude surveillée
"""


def expression(text: str) -> Expression:
    """The roots of a text's words, without stop words."""
    return tuple(w.root for unit in french.units(text) for w in unit.words if not w.stop)


@cache
def synonyms() -> Mapping[Expression, tuple[Expression, ...]]:
    """Expression to those that stand for it. Read when it is first asked for: who publishes asks for none."""
    found: dict[Expression, list[Expression]] = {}
    for line in _RINGS.strip().splitlines():
        ring = [e for e in dict.fromkeys(expression(part) for part in line.split("|")) if e]
        for one in ring:
            known = found.setdefault(one, [])
            known.extend(other for other in ring if other != one and other not in known)
    return MappingProxyType({one: tuple(others) for one, others in found.items()})
