"""Two looks of the second test set (`bench.clerks`): names, streets, headers and sentences, written by hand
without reading a detector's lists.

Each look has its own of everything, so that what was mended on the first is proved on the second. Nobody is
meant: first names and surnames are drawn apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bench.personal_lists import Lists

Form = tuple[str, frozenset[str]]
"""A sentence with its {blanks}, and the kinds that it holds once filled."""


@dataclass(frozen=True)
class Look:
    """What one look draws from."""

    lists: Lists
    headers: Mapping[str, tuple[str, ...]]
    """How clerks call a column, by what it holds."""
    forms: tuple[Form, ...]
    bodies: tuple[str, ...]
    """Names of associations and firms, {F} and {S} being somebody's."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(w.strip() for w in text.replace("\n", " ").split(",") if w.strip())


def _headers(text: str) -> dict[str, tuple[str, ...]]:
    """One a line: what it holds, `:`, the headers between bars."""
    made: dict[str, tuple[str, ...]] = {}
    for line in text.strip().splitlines():
        what, _, said = line.strip().partition(":")
        made[what.strip()] = tuple(h.strip() for h in said.split("|"))
    return made


def _forms(text: str) -> tuple[Form, ...]:
    made: list[Form] = []
    for line in text.strip().splitlines():
        kinds, _, said = line.strip().partition("|")
        made.append((said.strip(), frozenset(kinds.split())))
    return tuple(made)


_FIRST_NAMES = _words("""
    Awena, Goulven, Tugdual, Maïwenn, Ximun, Maialen, Oihana, Peio, Wendelin, Gunther, Solveig, Aleksandra, Zbigniew, Kateryna, Oleksandr, Thi Mai, Sokha,
    Rattanak, Adjoua, Kouamé, Ndeye, Cheikh, Binta, Souleymane, Zahia, Abdelkrim, Nour-Eddine, Tassadit, Massinissa, Ghislaine, Eustache, Clovis, Philiberte,
    Maixent, Léocadie, Fulgence, Hippolyte, Marie-Odile, Jean-Loup, Paul-Henri, Anne-Laure, Lou-Ann, Kerstin, Dragana, Rui, Graça, Iñaki, Salvatore, Ornella,
    Despina, Vasile, Julien, Nathalie, Philippe, Martine, Alain, Sylvie, Thierry, Valérie, Claire, Rose, Victoire, Marius, Clément, Pierre, Océane
""")
_FIRST_SURNAMES = _words("""
    Le Goaziou, Kerhervé, Guivarc'h, Troadec, Etchegoyhen, Harispuru, Iturralde, Casanova-Pietri, Luccioni, Schwendenmann, Oberhauser, Zumbiehl, Vandenbroucke,
    Desmedt, d'Ornano, de La Fressange, du Plessis-Mornay, de Saint-Exupère, Van Overstraeten, von Hallberg, Benmokhtar, Aït Ouarab, Boukhelifa, El Mansouri,
    Ben Youssef, Diakhaté, N'Guessan, Kouyaté, Coulibaly, Rakotomalala, Phommachanh, Huynh, Lê, Sivakumar, Kurnaz, Yıldırım, Szymczak, Wojciechowski, Hrytsenko,
    Popescu, Teixeira de Sousa, Pires-Carvalho, Etxeberria, Dell'Aquila, Papadimitriou, Mouysset, Roumégous, Lacassagne, Puech, Baudouy, Sicard, Fabrègues,
    Peyronnet, Martin, Petit, Leroy, Boulanger, Fournier, Blanc, Marchand, Poisson, Legrand, Mercier, Carpentier, Lesage-Dupont, Roy, Meunier-Roy, Faure, Rivière
""")
_SECOND_NAMES = _words("""
    Gwendal, Nolwenn, Riwal, Enora-Lou, Bixente, Nahia, Eneko, Ghjulia, Lisandru, Ange-Marie, Sigolène, Enguerrand, Aubin, Barnabé, Guilhem, Magali, Mireille,
    Elzéar, Adélaïde, Wilfried, Ottilie, Jürgen, Bogdan, Ewelina, Svitlana, Ihor, Minh Anh, Quoc, Boupha, Aminata, Moussa, Fatou, Ibrahima, Koffi, Akissi,
    Mahamat, Hafida, Redouane, Yacine, Kahina, Slimane, Sid-Ahmed, Priya, Arjun, Emre, Elif, João, Conceição, Giuseppina, Ilaria, Stavros, Mihaela, Marie-Ange,
    Jean-Noël, Louis-Marie, Éléonore, Bruno, Corinne, Didier, Sabrina, Vincent, Hélène, Olive, Marguerite, Fleur, Ambroise
""")
_SECOND_SURNAMES = _words("""
    Quéméneur, Le Doaré, Bozec, Cloarec'h, Ihidoy, Mendiburu, Sallaberry, Orsoni-Leca, Battistelli, Muckensturm, Hoffstetter, Kuntzmann, Dewaele, Vercruysse,
    Hennebelle, d'Aubigné, de Montgolfier, de La Rochette, du Boisrouvray, Van den Bossche, von Steiger, Bouhafs, Aït Slimane, Chergui, El Haddaoui, Ben Salah,
    Ndiaye, N'Diaye, Sissoko, Bamba, Razafindrakoto, Saengsavang, Trinh, Pham, Ramasamy, Çelik, Karataş, Nowakowska, Jabłoński, Kovalenko, Ionescu, Gonçalves,
    Da Silva-Reis, Arregui, Di Benedetto, Economou, Viguié, Cabanel, Combescure, Bonnafous, Pradeilles, Estève, Marquès, Bernard, Richard, Simon, Laurent,
    Berger, Leclerc, Charpentier, Bourgeois, Lebrun, Maréchal, Prévost-Lemaire, Collet, Jacquet-Vial, Rey, Chauvin
""")

_FIRST = Look(
    Lists(
        "first",
        _FIRST_NAMES,
        _FIRST_SURNAMES,
        _words("""
        rue du Puits Neuf, ruelle de l’Abreuvoir, venelle des Carmes, faubourg Saint-Jaumes, chemin rural n° 4, rue Simone Veil, av. Rosa Parks, bd de la
        Liberté, sentier des Douaniers, rue Marius Carrieu, cité Gély, route départementale 112, allée Jean-de-Florac, imp. des Genêts, pl. du Marché aux Fleurs,
        rue Pierre-Paul Riquet, hameau de Courbessac, résidence Val d’Orb, quai Paul Riquet, cour du Prieuré, promenade des Anglades, voie Domitienne, esplanade
        Jules Ferry, rue Haute, rue de la Vieille Poste, lot. Les Pins, ZA de la Plaine, lieu-dit La Rouvière
        """),
        _words("Valmary, Saint-Amans, Corbière-sur-Lez, La Salvetat, Beaulieu, Puy-Ginestet"),
    ),
    _headers("""
        surname: nom_pers | NOM USAGER | nomAgent | lastName | NOM_NAISS | surname | Nom patronymique | NOM_MARIT | nom.
        first: prén | PRENOM1 | prenomEnfant | firstname | Prénom usuel | given_name | prnm
        full: Nom / Prénom | NOMPRENOM | agentNomPrenom | full_name | identité | Intéressé(e) | Dmdeur | Usager concerné | id_personne_nom | réf. client
        birth: DATENAISS | dt_naiss | birthDate | né le | DDN enfant | date_of_birth | Date de nais.
        mail: E-MAIL | adr_mail | emailAddress | mel | Courriel perso | @
        phone: TEL1 | tel_mob | phoneNumber | n° de portable | Téléph. | contact_tel | joignable au
        home: ADR1 | adresse_perso | homeAddress | Domicile | Adr. postale | street_address | demeurant
        nir: NUMSECU | n°SS | socialSecurityNumber | immat_ss | INSEE agent | NNI
        iban: IBAN_TIERS | rib_iban | bankAccount | Cpte bancaire | coord. banc.
        card: num_cb | cardNumber | N° CARTE | PAN
        tax: NUM_FISC | spi_declarant | taxId | n° fiscal de réf.
        plate: IMMAT | plaqueVeh | licence_plate | n° immat.
        paper: num_cni | passportNumber | N° PIECE ID | titre de séjour n°
        order: NUM_CDE | ref_bdc | orderNumber | n° pièce | ENGAGEMENT
        code: CODE | ref_int | recordId | n°
        date: DT_DEM | date_crea | createdAt | reçu le
        amount: MTT_TTC | montantHT | amount | Total €
        note: OBS | comment. | notes | remarquesAgent | REM
        service: SCE | dir_pole | department | Unité
        body: NOM_ASSO | tiers | organisationName | Bénéf. | RAISON SOC.
        place: NOM_EQPT | lib_lieu | placeName | Désignation
        street: LIB_VOIE | nom_rue | streetName | Voie
        siret: SIRET | num_siret | siretNumber | N° SIRET
        meter: PRM | n°compteur | meterId | PDL
        day: JJ | jour_nais | birthDay
        month: MM | mois_nais | birthMonth
        year: AAAA | an_nais | birthYear
        lat: Y_WGS84 | lat. | latitude
        lon: X_WGS84 | lng | longitude
        ill: PATHO | handicap_type | medicalCondition | Pb de santé
        hours: HORAIRES | ouv_ferm | openingHours | h. ouverture
    """),
    _forms("""
        person-in-text | Mme {S} est venue retirer son badge
        person-in-text | {F} {S} n'a pas pu être joint
        person-in-text | Réclamation déposée par M. {F} {S} (2e relance)
        person-in-text | Le sinistre de Mr {S} est pris en charge
        person-in-text | vu av. Mme {SU} au sujet du trottoir
        person-in-text | {SU} {F} : clés rendues
        person-in-text | Pris en charge par l'éducatrice {F} {S}
        person-in-text | Dr {S} - certificat reçu
        person-in-text | Me {S}, notaire, relance le dossier
        person-in-text | La gardienne, {F} {S}, confirme la fuite
        person-in-text | Famille {S} : impayé de cantine
        person-in-text | Veuve {S}, logement à adapter
        person-in-text | Mon mari {F} est en fauteuil roulant
        person-in-text | signé {F} {S}
        person-in-text phone | {F} {S} - {tel}
        person-in-text phone | Rappeler M. {S} au {tel} svp
        phone | merci de me rappeler ({tel})
        phone | Tél. du déclarant {tel}
        email | joindre {mail} pour la visite
        email person-in-text | {F} {S} <{mail}>
        nir | N°SS : {nir} - carte illisible
        nir person-in-text | {SU} {F} {nir} maintien de salaire
        iban | RIB modifié, nouvel IBAN {iban}
        address-in-text | Dame âgée seule au {n} {street}, à visiter
        address-in-text | J'habite au {n}, {street}
        address-in-text person-in-text | M. {S}, domicilié {n} {street}, se plaint du bruit
        birth-in-text person-in-text | {F} {S} né(e) le {birth}
        birth-in-text | Bébé née le {birth} à l'hôpital
        plate-in-text | Camionnette {plate} ventouse sur le parking
        plate-in-text person-in-text | Enlèvement demandé : {plate}, propriétaire M. {S}
         | Rue {F} {S} : regard descellé
         | Groupe scolaire {F} {S} : chaudière en panne
         | Subvention à l'association {F} {S} Solidarité
         | Devant le {n} {street}, potelet arraché
         | Délibération n° {order} du {date}
         | Bon d'engagement {order} soldé
         | Compteur {order} relevé le {date}
         | Lu et approuvé
         | RAS ce jour
         | Mme la Maire a signé l'arrêté
         | M. le Directeur général valide
         | Ouvert de 09h00 à 12h15 et de 13h30 à 17h00
         | Société {SU} TP : fin du chantier lundi
         | Titulaire du marché : SIRET {siret}
         | Arrêt de bus {S} supprimé pendant les travaux
         | Trophée {F} {S}, gymnase B
         | Plantation de 12 oliviers et de rosiers Victoire
         | Salle {F} {S} : vidéoprojecteur HS
         | La Saint-Jean aura lieu au parc {S}
         | Convention avec la fondation {F} {S}
    """),
    _words(
        "Amicale des Anciens, Les Amis de {F} {S}, Club bouliste de la Mosson, SARL {S} Frères, Fondation {F} {S}, Foyer rural, Ligue de l’enseignement, "
        "{S} Bâtiment SAS, Comité des fêtes Saint-{F}, Secours local, Harmonie municipale, Ass. sportive {S}, Chorale À Tout Chœur, Centre {F} {S}, Radio Lez"
    ),
)

_SECOND = Look(
    Lists(
        "second",
        _SECOND_NAMES,
        _SECOND_SURNAMES,
        _words("""
        rue des Tanneurs, passage du Chapeau Rouge, montée du Calvaire, rte de Ganges, chemin de Halage, rue Joséphine Baker, bld Aristide Briand, avenue du 11
        Novembre, pass. Berlioz, rue Germaine Tillion, cité des Abeilles, RD 613, allée Marie-Louise Dissard, impasse Ste-Anne, place aux Herbes, quai François
        Maillol, lieudit Fontfroide, rés. Le Clos d’Orphée, clos des Amandiers, rond-point Schuman, chaussée Jules César, rue Basse, rue du Four Banal, traverse
        Sœur Rosalie, sq. Jean-Mermoz, ZI du Salaison, hameau de Gardies, rue Louis Aragon
        """),
        _words("Montaubrac, Sainte-Foy, Villelongue, Le Poujol, Rochebelle, Fontanès"),
    ),
    _headers("""
        surname: NOM_AGT | nom d'épouse | patronyme | familyName | NomJF | nom_famille_resp | NOM_ELEVE | Surname_1
        first: PNOM | prenom_resp | Prenom(s) | forename | prénomÉlève | FIRST_NM | pren.
        full: NOM ET PRENOM | nom_complet_usager | contactName | Déclarant | Titul. | Resp. légal | personne à prévenir | proprio | ref dossier
        birth: DNAISS | date_nais_resp | dob | D. de naissance | naissance_le | Né(e)
        mail: MAIL_PERSO | courriel_resp | e_mail | adresse mail | mèl
        phone: NUM_PORT | tel_dom | mobilePhone | Tph | gsm_resp | N° à appeler
        home: ADRESSE_LIGNE1 | adr_dom | address1 | Résidence principale | lieu d'habitation | adresse_foyer
        nir: NIR_AGENT | numero_ss | ssn | N° assuré social | matricule_secu
        iban: IBAN_BENEF | compte_iban | iban_code | RIB (IBAN)
        card: CARTE_PAIEMENT | credit_card | num. carte bancaire
        tax: IDFISC | num_fiscal_foyer | tax_number | N° fiscal
        plate: PLAQUE_IMMAT | immat_vl | vehiclePlate | Immatric.
        paper: NUM_PASSEPORT | cni_numero | idCardNumber | n° titre identité
        order: NO_MANDAT | bon_cde | po_number | réf. fact. | num_titre
        code: IDENT | cle_ext | uid | N° ordre
        date: DATE_SAISIE | dt_enreg | updated_on | déposé le
        amount: MONTANT_E | total_ht | price | Coût (€)
        note: COMMENTAIRES | obs_libre | remarks | suite donnée | Détail
        service: SERVICE_GEST | pole_ref | team | Direc.
        body: ASSOCIATION | lib_tiers | companyName | Structure | DENOMINATION
        place: LIBELLE_SITE | nom_batiment | siteName | Intitulé
        street: ODONYME | voie_lib | road_name | Nom de la voie
        siret: SIRET_TIERS | no_siret | siret_id
        meter: NUM_PRM | cpt_elec | meter_number | Point de livraison
        day: NAIS_J | jour_naissance | dayOfBirth
        month: NAIS_M | mois_naissance | monthOfBirth
        year: NAIS_A | annee_naissance | yearOfBirth
        lat: LATITUDE_N | coord_lat | lat
        lon: LONGITUDE_E | coord_long | lon
        ill: TYPE_HANDICAP | regime_medical | disease | traitement suivi
        hours: H_OUV | plages | hours | heures d'accueil
    """),
    _forms("""
        person-in-text | Mme {S} souhaite être recontactée
        person-in-text | Pas de nouvelle de {F} {S} depuis lundi
        person-in-text | Doléance de Mr et Mme {S}, voisins du stade
        person-in-text | L'ATSEM {F} {S} remplace sa collègue
        person-in-text | RDV fixé avec M. {S} mardi
        person-in-text | {F} {SU} : attestation manquante
        person-in-text | transmis à {F} {S} pour suite
        person-in-text | Pr {S}, avis favorable
        person-in-text | Maître {S} sollicite une copie de l'acte
        person-in-text | Mlle {S} a perdu sa carte de bus
        person-in-text | Consorts {S} : succession en cours
        person-in-text | Feu {F} {S}, concession à reprendre
        person-in-text | Ma mère {F} ne peut plus monter les escaliers
        person-in-text | Salutations, {F} {S}
        person-in-text phone | {S} {F}, tél {tel}
        person-in-text phone | demander Mme {S} ({tel})
        phone | numéro du plaignant : {tel}
        phone | Appelez-moi le matin, {tel}
        email | réponse attendue sur {mail}
        email person-in-text | Mme {F} {S} - {mail}
        nir | sécurité sociale {nir}, dossier incomplet
        nir person-in-text | M. {S} ({nir}) accident de trajet
        iban | virement vers {iban} rejeté
        address-in-text | Monsieur isolé habitant {n} {street}
        address-in-text | notre domicile est {n} {street}
        address-in-text person-in-text | Mme {F} {S}, {n} {street}, demande un bac jaune
        birth-in-text person-in-text | M. {S}, né le {birth}, inscrit sur liste
        birth-in-text | date de naissance de l'enfant : {birth}
        plate-in-text | véhicule {plate} verbalisé deux fois
        plate-in-text person-in-text | {F} {S} déclare le vol de sa moto {plate}
         | Avenue {F} {S} : feu tricolore éteint
         | Crèche {F} {S} : livraison de couches
         | Aide versée au collectif {F} {S}
         | Au droit du {n} {street}, bouche d'égout ouverte
         | Arrêté n° {order} affiché le {date}
         | Mandat {order} rejeté par la trésorerie
         | Relevé du compteur {order} impossible
         | Bon pour accord
         | néant à ce jour
         | Mme l'Adjointe à la culture est saisie
         | M. le Président du conseil départemental excusé
         | Fermé de 12h00 à 14h00 en août
         | Ets {SU} et Fils : devis reçu
         | Attributaire SIRET {siret}, notification faite
         | Terminus {S} provisoirement déplacé
         | Challenge {F} {S} reporté au {date}
         | Massif de lavande, marguerites et prunus à tailler
         | Espace {F} {S} : sono à réparer
         | Le mas {S} sera raccordé en mai
         | Bourse {F} {S} : jury le {date}
    """),
    _words(
        "Boule joyeuse, Cercle {F} {S}, Vélo-club de la Vallée, EURL {S} et Fille, Institut {F} {S}, Maison des jeunes, Réseau parents, {S} Travaux Publics, "
        "Confrérie Sainte-{F}, Épicerie solidaire, Orchestre du Lez, Tennis-club {S}, Théâtre de poche, École de danse {F} {S}, Ciné-club"
    ),
)

LOOKS: Mapping[str, Look] = {"first": _FIRST, "second": _SECOND}
