"""What English speakers call the things of a town hall: English words, then the French expressions that they
stand for in search.

One way only: who types « waste » gets what is said of « déchet », who types « déchet » is never sent to an
English word. One line a thing: its English words parted by `,` (a plural beside its singular where French
rules wouldn't join them), then `:`, then French expressions parted by `|`, the plainest first. Left out: what
is written alike in both languages (transport, budget, population).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from parvis.catalogue.synonyms import Expression, expression

STOP = frozenset(
    {"and", "are", "at", "by", "for", "in", "is", "my", "near", "of", "the", "to", "where", "which", "with"}
)
"""English words that say nothing of the subject. Of questions only: « the » is the folded « thé » in what is
indexed.
"""

_WORDS = """
school: école | scolaire | établissement scolaire
primary school, nursery school, elementary school: école | élémentaire | maternelle
secondary school, high school, middle school: collège | lycée
pupil, student, enrolment, enrollment: élève | effectif scolaire | étudiant
school district, school zone, catchment area: carte scolaire | périmètre scolaire | secteur scolaire
school meal, school lunch, canteen, lunch: cantine | restauration scolaire | menu
food waste: gaspillage alimentaire | gaspillage
day care, daycare, childcare, nursery, kindergarten: crèche | petite enfance | garderie
childminder, babysitter: assistante maternelle
summer camp, holiday club, leisure centre: centre de loisirs | accueil de loisirs
child, children, kid: enfant | enfance
bike, bicycle, cycle, cycling: vélo | cyclable | bicyclette
bike share, bike sharing, shared bike, bikeshare: vélo en libre-service | VLS
bike lane, cycle lane, bike path, cycle path, cycle track, cycleway: piste cyclable | aménagement cyclable
bike parking, bicycle parking, bike rack, cycle parking: stationnement vélo | stationnement cyclable | arceau
bike counter, bicycle counter, bike count, bicycle count: comptage vélo | compteur vélo
scooter, e-scooter: trottinette
car, vehicle: voiture | véhicule | automobile
car park, parking lot, parking garage: parking | parc de stationnement
parking space, parking spot: place de stationnement | stationnement
parking meter: horodateur
parking ticket, parking fine, fine: forfait de post-stationnement | amende
disabled parking, blue badge: place PMR | stationnement handicapé
electric vehicle, electric car: véhicule électrique | borne de recharge
charging station, charging point, charger, charge point: borne de recharge | IRVE
car sharing, carsharing: autopartage
carpool, carpooling, ride sharing: covoiturage
public transport, public transit, transit: transport en commun | transport
bus stop, tram stop, stop: arrêt
timetable, schedule: horaire
ridership, boarding: validation | fréquentation
delay, punctuality: ponctualité | retard
subway, underground: métro
railway, train station: gare | train
traffic: circulation | trafic
traffic count, traffic counter: comptage routier | trafic
traffic light, traffic signal: feu tricolore | carrefour à feux
speed limit: limitation de vitesse | vitesse
low emission zone: ZFE | zone à faibles émissions
pedestrian, walking: piéton
pedestrian zone, pedestrian area, car-free: aire piétonne | zone piétonne
road accident, traffic accident, crash, collision: accident de la circulation | accident
road, street: rue | voie | voirie
street name: nom de rue | dénomination des voies | voie
roadwork, road work, construction work, works: travaux | chantier
bridge: pont | ouvrage d’art
street light, streetlight, street lighting, street lamp, public lighting: éclairage public | point lumineux
sidewalk, pavement: trottoir
snow, snow clearing, gritting: neige | viabilité hivernale
tree: arbre
park, public garden, garden: parc | jardin | square
green space: espace vert
playground: aire de jeux
community garden, allotment: jardin partagé | jardin familial
public toilet, restroom, toilet: toilettes | sanisette
drinking fountain, fountain, water point: fontaine | point d’eau
bench, benches, seating: banc
bin, trash can, garbage can, litter bin: corbeille | poubelle | bac
waste, garbage, rubbish, trash, refuse, litter: déchet | ordure | poubelle
waste collection, garbage collection, bin collection: collecte des déchets | collecte
recycling: recyclage | tri | point d’apport volontaire
recycling centre, recycling center, dump, landfill: déchèterie
bulky waste: encombrant
fly tipping, illegal dumping, illegal dump: dépôt sauvage
compost bin, composting: compost | composteur
glass: verre
noise: bruit
air quality, air pollution: qualité de l’air | pollution
pollutant: pollution | polluant
hay fever, allergy, allergies: pollen | allergie
weather, rain, rainfall, wind: météo | pluie | vent
heat island, heat wave, heatwave, cool place: îlot de chaleur | îlot de fraîcheur | canicule
flood, flooding, flood risk, flood zone: inondation | zone inondable
hazard, risk: risque
tap water, drinking water, water quality: eau potable | eau du robinet | qualité de l’eau
water: eau
water consumption, water use: consommation d’eau
sewer, sewage, wastewater, sanitation: assainissement | eaux usées
beach, beaches, bathing, bathing water: baignade | plage
energy, electricity, power: énergie | électricité
energy consumption, energy use: consommation énergétique | consommation d’énergie
district heating, heating: réseau de chaleur | chauffage urbain
solar, solar panel: solaire | photovoltaïque
greenhouse gas, carbon footprint, carbon emission, emission: gaz à effet de serre | carbone
climate: climat
wildlife, biodiversity, species: biodiversité | espèce
dog: chien | canisite
bee, honey: ruche | abeille
farm, farming: agriculture
swimming pool, pool, swimming: piscine
library, libraries: bibliothèque | médiathèque
book, books, loan: livre | prêt
museum: musée
artwork, public art, street art, statue, mural: œuvre d’art | statue | fresque
heritage, listed building, historic building, historic monument, landmark: monument historique | patrimoine
event, calendar: agenda | événement
show, gig: concert | spectacle
movie, movie theater, film location, filming location: film | cinéma | tournage
theatre, theater: théâtre | spectacle
music school: conservatoire
sports facility, sports facilities, sports ground, gym, stadium, playing field: équipement sportif | gymnase | stade
sports club: club sportif
soccer, football pitch: football | terrain
charity, charities, nonprofit: association
grant, subsidy, subsidies: subvention
venue hire, room hire, hall hire: salle municipale | location de salle
town hall, city hall: mairie | hôtel de ville
opening hour, opening hours, opening times: horaire | heure d’ouverture
passport, identity card, id card: passeport | carte d’identité | titre d’identité
waiting time: délai | attente
birth, births: naissance | état civil
baby name, first name, given name: prénom
wedding, marriage: mariage
death, deaths: décès
cemetery, cemeteries, graveyard, grave: cimetière
council member, councillor, councilor, elected official, elected representative, mayor: élu | conseiller municipal | maire
council meeting, city council, town council, council: conseil municipal
council decision, resolution: délibération
bylaw, by-law, decree: arrêté
attendance: présence | assiduité
election, voting, vote, ballot: élection | vote
election result: résultat des élections | résultat électoral
polling station, polling place: bureau de vote
participatory budget, participatory budgeting: budget participatif
public spending, spending, expenditure, expense, expenses: dépense | compte administratif
accounts, finance, finances: comptes | finances
debt, loans: dette | emprunt
tax, taxes, property tax: taxe | impôt | taxe foncière
public procurement, procurement, tender, public contract: marché public | commande publique
supplier, vendor, invoice: fournisseur | facture
staff, employee, workforce, civil servant: agent | effectif
salary, salaries, wage, pay: salaire | rémunération
gender equality, gender pay gap: égalité femmes-hommes
sick leave: absentéisme | absence
job, jobs, job offer, vacancy, vacancies, employment, hiring: offre d’emploi | emploi
unemployment, jobless, unemployed: chômage | demandeur d’emploi
zoning, land use, town planning, city planning, urban planning: PLU | urbanisme | zonage
building permit, planning permission, planning application: permis de construire | autorisation d’urbanisme
land registry, parcel, plot: cadastre | parcelle
real estate, property price, house price, housing price, property sale: transaction immobilière | DVF | valeur foncière
rent, rents, rent control: loyer | encadrement des loyers
housing: logement
social housing, public housing, affordable housing: logement social
holiday rental, short-term rental, vacation rental: meublé de tourisme | location saisonnière
building: bâtiment
address, addresses: adresse
neighbourhood, neighborhood, district, ward: quartier | arrondissement
boundary, boundaries: limite | contour | périmètre
deprived area, deprived neighbourhood: QPV | quartier prioritaire
census, inhabitant, resident: recensement | population | habitant
income, poverty: revenu | pauvreté
aerial photo, aerial photograph, aerial imagery: photographie aérienne | orthophotographie
map, maps: carte | plan
shop, store, retail: commerce | magasin
vacant shop, empty shop, vacant store: local vacant | local commercial vacant
market, farmers market, street market: marché | marché alimentaire
pavement café, outdoor seating: terrasse
restaurant inspection, food inspection, food hygiene, food safety: contrôle sanitaire | hygiène
business, businesses, company, companies, firm: entreprise | établissement
business park: zone d’activités
tourism, tourist: tourisme | touristique
accommodation, lodging: hébergement | hôtel
tourist tax: taxe de séjour
hiking, hike, trail, footpath: randonnée | balade | sentier
broadband, fiber, fibre: fibre | très haut débit
mobile antenna, cell tower, mast: antenne relais
digital inclusion, computer help: médiation numérique
website, web traffic: site internet
pharmacy, chemist, drugstore: pharmacie
doctor, physician, dentist, nurse: médecin | professionnel de santé
hospital, emergency room: hôpital | urgences
health: santé
vaccine, flu shot: vaccination | vaccin
nursing home, retirement home, care home, elderly: EHPAD | personne âgée | maison de retraite
disability, disabled, wheelchair, accessibility: handicap | PMR | accessibilité
homeless, shelter: hébergement d’urgence | sans-abri
food bank, food aid: aide alimentaire | épicerie solidaire
welfare, social aid: aide sociale | CCAS
crime, offence, offense, burglary, theft: délinquance | crime
policing: police
cctv, security camera, surveillance camera: vidéoprotection | caméra
lost property, lost item, lost and found: objet trouvé
fire hydrant, hydrant, fire: bouche d’incendie | incendie
defibrillator: défibrillateur
siren, warning: sirène | alerte
complaint, report a problem: signalement | réclamation
twin town, sister city, sister cities: jumelage | ville jumelée
fleet: flotte | parc automobile
open data, dataset, data catalogue: données ouvertes | catalogue
real time, live: temps réel
"""


@cache
def in_french() -> Mapping[Expression, tuple[Expression, ...]]:
    """English expression, by the roots that the French rules give its words, to the French ones that it
    stands for. Read when it is first asked for.
    """
    found: dict[Expression, tuple[Expression, ...]] = {}
    for line in _WORDS.strip().splitlines():
        english, french = line.split(":")
        meant = tuple(expression(part) for part in french.split("|"))
        for written in english.split(","):
            one = tuple(root for root in expression(written) if root not in STOP)
            found[one] = tuple(
                dict.fromkeys(other for other in (*found.get(one, ()), *meant) if other != one)
            )
    return MappingProxyType(found)
