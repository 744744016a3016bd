"""More tables of town halls (`bench.halls`), written after the first mending and before its result on the
half that is only counted was looked into.

They were made to find what the first half did not: other headers for the same families, other shapes of the
same values, other twins.
"""

from __future__ import annotations

import random
import string
from collections.abc import Callable

from bench.halls import AGENCY, FAMOUS, FIRST, SURNAME, TOWN, Fate, Hall, HallColumn, HallTable, Maker, isbn
from bench.personal import digits, luhn, mobile, nir, plain, plate

MAKERS: list[tuple[str, Fate, int, Maker]] = []


def table(fate: Fate, rows: int) -> Callable[[Maker], Maker]:
    def keep(maker: Maker) -> Maker:
        MAKERS.append((maker.__name__, fate, rows, maker))
        return maker

    return keep


@table("stays", 70)
def conventions_occupation(h: Hall) -> list[HallColumn]:
    return [
        h.serial("Conv.", "CO-{n}"),
        h.mixed("Preneur", 0.45, "{c} {f} {S}"),
        h.pick("bien", "hangar", "terrain nu", "logement", "garage"),
        h.day("prise d'effet"),
        h.money("loyer", truth="either"),
    ]


@table("stays", 54)
def foodtrucks(h: Hall) -> list[HallColumn]:
    names = [
        h.rng.choice(
            (
                f"{h.first[i]} {h.last[i]}",
                f"{h.last[i].upper()} {h.first[i]}",
                "Le Camion qui fume",
                "Burger & Co",
                "Crêpes du Port",
                "Chez Momo",
            )
        )
        for i in range(54)
    ]
    return [
        h.pick("place", "P1", "P2", "P3"),
        h.col("marchand", lambda i: names[i], "personal"),
        h.pick("soir", "mardi", "jeudi"),
        h.col("tarif", lambda i: "12,50"),
    ]


@table("stays", 41)
def halles(h: Hall) -> list[HallColumn]:
    return [
        h.serial("étal", "E{n}"),
        h.mixed("Dénomination", 0.35, "{S} {f}"),
        h.pick("activité", "primeur", "boucherie", "fromages"),
        h.number("ml", 2, 10),
    ]


@table("stays", 66)
def debits_de_boissons(h: Hall) -> list[HallColumn]:
    return [
        h.pick("enseigne", "Le Balto", "Bar du Marché", "Le Central", "Chez Paul"),
        h.names("exploitant", "{S} {f}"),
        h.pick("licence", "III", "IV", "restaurant"),
        h.address("adresse", "either", town=False),
    ]


@table("stays", 125)
def planning_garde(h: Hall) -> list[HallColumn]:
    return [
        h.day("date"),
        h.few("matin", 6),
        h.few("après-midi", 6, "{S} {f}"),
        h.pick("lieu", "accueil", "standard"),
    ]


@table("stays", 160)
def saisie_compta(h: Hall) -> list[HallColumn]:
    return [
        h.serial("pièce", "P{n:05}"),
        h.few("saisi par", 5, "{f} {s}"),
        h.money("montant"),
        h.pick("compte", "6061", "6156", "6232"),
    ]


@table("stays", 240)
def interventions_espaces_verts(h: Hall) -> list[HallColumn]:
    return [
        h.day("le"),
        h.few("c2", 8, "{s} {f}"),
        h.pick("tâche", "tonte", "taille", "arrosage"),
        h.pick("parc", "Parc du Château", "Square Zola"),
    ]


@table("stays", 99)
def cle_remises(h: Hall) -> list[HallColumn]:
    return [
        h.serial("clé", "K{n}"),
        h.names("remise à", "{f} {S}"),
        h.day("remise le"),
        h.pick("bâtiment", "Mairie", "CTM", "Gymnase"),
    ]


@table("stays", 76)
def plaintes_bruit(h: Hall) -> list[HallColumn]:
    return [
        h.day("reçue le"),
        h.names("auteur", "{c} {S}"),
        h.pick("objet", "bruit", "odeurs", "stationnement"),
        h.pick("suite donnée", "courrier", "visite"),
    ]


@table("stays", 90)
def contributions_budget(h: Hall) -> list[HallColumn]:
    return [
        h.pick("titre", "Plus de bancs", "Un skatepark", "Des ruches", "Piste cyclable"),
        h.names("auteur", "{f} {s}"),
        h.pick("quartier", "Nord", "Sud"),
        h.number("votes", 0, 200),
    ]


@table("stays", 84)
def chauffage_aides(h: Hall) -> list[HallColumn]:
    return [
        h.pick("équipement", "poêle", "pompe à chaleur", "isolation"),
        h.money("prime", truth="either"),
        h.lat("latitude", "personal"),
        h.lon("longitude", "personal"),
        h.pick("revenus du foyer", "très modestes", "modestes", "intermédiaires", truth="either"),
    ]


@table("stays", 72)
def teleassistance(h: Hall) -> list[HallColumn]:
    return [
        h.col("n° abonné", lambda i: digits(h.rng, 6), "personal"),
        h.lat("y", "personal"),
        h.lon("x", "personal"),
        h.pick("appareil", "pendentif", "bracelet"),
        h.day("posé le"),
    ]


@table("stays", 68)
def dossiers_mdph(h: Hall) -> list[HallColumn]:
    return [
        h.col("numéro MDPH", lambda i: f"34-{digits(h.rng, 6)}", "personal"),
        h.pick("droit", "AAH", "AEEH", "PCH", "CMI", truth="personal"),
        h.day("accordé le"),
        h.number("âge", 4, 80, "either"),
    ]


@table("stays", 58)
def suivi_educatif(h: Hall) -> list[HallColumn]:
    return [
        h.names("jeune", "{f} {S}"),
        h.pick(
            "motif",
            "décrochage",
            "fugue",
            "placement ASE",
            "consommation de cannabis",
            "violences intrafamiliales",
            truth="personal",
        ),
        h.few("éducateur", 4, "{f}", "either"),
    ]


@table("stays", 80)
def permanence_victimes(h: Hall) -> list[HallColumn]:
    return [
        h.day("venue le"),
        h.number("âge de la personne", 18, 75, "either"),
        h.pick("situation", "violences conjugales", "viol", "harcèlement", "menaces", truth="personal"),
        h.pick("orientation", "CIDFF", "avocat", "police"),
    ]


@table("stays", 63)
def hebergement_urgence(h: Hall) -> list[HallColumn]:
    return [
        h.serial("ménage", "M{n}", "either"),
        h.pick("composition", "femme seule", "couple", "famille 2 enfants", truth="either"),
        h.pick(
            "cause",
            "expulsion",
            "violences conjugales",
            "sortie d'hôpital psychiatrique",
            "sans domicile",
            truth="personal",
        ),
        h.pick("nuitées", "3", "7", "15"),
    ]


@table("stays", 50)
def eleves_ulis(h: Hall) -> list[HallColumn]:
    return [
        h.names("Nom de l'élève", "{S} {f}"),
        h.pick("handicap", "TSA", "moteur", "visuel", truth="personal"),
        h.pick("transport adapté", "oui", "non"),
        h.pick("établissement", "Collège Zola", "Collège Camus"),
    ]


@table("stays", 74)
def fiches_sanitaires(h: Hall) -> list[HallColumn]:
    return [
        h.col("enfant", lambda i: h.first[i], "personal"),
        h.col("nom famille", lambda i: h.last[i].upper(), "personal"),
        h.pick("traitement", "Ventoline", "aucun", "Ritaline", truth="personal"),
        h.pick("vaccins à jour", "oui", "non", truth="personal"),
    ]


@table("stays", 44)
def agents_rqth(h: Hall) -> list[HallColumn]:
    return [
        h.col("agent", lambda i: f"{h.last[i].upper()} {h.first[i][0]}.", "personal"),
        h.pick("RQTH", "oui", "non", truth="personal"),
        h.pick("restriction médicale", "pas de port de charge", "station debout", "aucune", truth="personal"),
    ]


@table("stays", 130)
def journal_proxy(h: Hall) -> list[HallColumn]:
    return [
        h.stamp("time"),
        h.ip("src"),
        h.pick("dst", "portail.exemple.fr", "mail.exemple.fr"),
        h.number("bytes", 100, 9_000_000),
    ]


@table("stays", 120)
def capteurs_wifi_flux(h: Hall) -> list[HallColumn]:
    return [
        h.stamp("vu à"),
        h.col("terminal", lambda i: "".join(f"{h.rng.randrange(256):02X}" for _ in range(6)), "personal"),
        h.pick("capteur", "Place", "Halles", "Gare"),
        h.number("rssi", -90, -30),
    ]


@table("stays", 85)
def emprunts_velos(h: Hall) -> list[HallColumn]:
    users = [digits(h.rng, 5) for _ in range(30)]
    return [
        h.stamp("départ"),
        h.col("id_usager", lambda i: h.rng.choice(users), "personal"),
        h.pick("station", "Gare", "Mairie"),
        h.number("minutes", 2, 60),
    ]


@table("stays", 140)
def controle_acces(h: Hall) -> list[HallColumn]:
    cards = [f"{h.rng.randrange(16**8):08X}" for _ in range(35)]
    return [
        h.stamp("heure"),
        h.col("carte", lambda i: h.rng.choice(cards), "personal"),
        h.pick("lecteur", "L1", "L2", truth="either"),  # where they are at that hour
        h.pick("résultat", "accepté", "refusé"),
    ]


@table("stays", 60)
def messagerie(h: Hall) -> list[HallColumn]:
    return [
        h.col("boîte", lambda i: f"{plain(h.first[i])}.{plain(h.last[i])}@ville-exemple.fr", "personal"),
        h.number("taille Mo", 10, 9000),
        h.pick("licence", "E1", "E3"),
    ]


@table("stays", 95)
def parc_postes(h: Hall) -> list[HallColumn]:
    return [
        h.serial("poste", "PC-{n:04}"),
        h.col("affecté à", lambda i: f"{plain(h.first[i])[0]}.{plain(h.last[i])}", "personal"),
        h.pick("modèle", "Latitude", "EliteBook"),
        h.day("garantie"),
    ]


@table("stays", 105)
def aides_caf(h: Hall) -> list[HallColumn]:
    return [
        h.col("Alloc.", lambda i: digits(h.rng, 7), "personal"),
        h.pick("aide", "AVE", "Pass sports", "BAFA", truth="either"),
        h.money("versé", truth="either"),
        h.day("payé le"),
    ]


@table("stays", 73)
def carte_transport_scolaire(h: Hall) -> list[HallColumn]:
    return [
        h.col("n° de carte", lambda i: digits(h.rng, 10), "personal"),
        h.pick("ligne", "L12", "L14"),
        h.pick("arrêt de montée", "Mairie", "Pont", "Lavoir"),
        h.pick("classe", "6e", "5e", "2nde"),
    ]


@table("stays", 88)
def a_rappeler(h: Hall) -> list[HallColumn]:
    return [
        h.stamp("appel du"),
        h.col("rappeler au", lambda i: h.rng.choice("6745") + digits(h.rng, 8), "personal"),
        h.pick("sujet", "urbanisme", "état civil", "déchets"),
    ]


@table("stays", 47)
def benevoles_portables(h: Hall) -> list[HallColumn]:
    return [
        h.col("prénom", lambda i: h.first[i], "personal"),
        h.col("numéro", lambda i: "0" + h.rng.choice("67") + digits(h.rng, 8), "personal"),
        h.pick("dispo", "samedi", "dimanche"),
    ]


@table("stays", 39)
def nir_espaces_fines(h: Hall) -> list[HallColumn]:
    return [
        h.serial("n", "{n}"),
        h.col("immat.", lambda i: nir(h.rng, spaced=True).replace(" ", "\u2009"), "personal"),
        h.pick("caisse", "CPAM", "MSA"),
    ]


@table("stays", 26)
def variables_environnement(h: Hall) -> list[HallColumn]:
    both = string.ascii_letters + string.digits
    return [
        h.serial("nom", "VAR_{n}"),
        h.col(
            "contenu",
            lambda i: h.rng.choice(
                (
                    f"postgres://app:{h.token(both, 12)}@db.exemple.fr/ville",
                    "hf_" + h.token(both, 34),
                    "INFO",
                    "8080",
                    "npm_" + h.token(both, 36),
                )
            ),
            "secret",
        ),
    ]


@table("stays", 22)
def webhooks(h: Hall) -> list[HallColumn]:
    return [
        h.pick("canal", "alertes", "crue"),
        h.col(
            "adresse",
            lambda i: (
                f"https://hooks.exemple.com/services/T{digits(h.rng, 8)}?access_token={h.token(string.ascii_letters + string.digits, 40)}"
            ),
            "secret",
        ),
    ]


@table("stays", 34)
def cles_ssh(h: Hall) -> list[HallColumn]:
    return [
        h.pick("serveur", "web", "sig", "ged"),
        h.col("identifiant", lambda i: h.rng.choice(("root", "admin", "deploy")), "either"),
        h.col("mdp", lambda i: h.token(string.ascii_letters + string.digits + "!$%", 10), "secret"),
    ]


@table("stays", 30)
def sans_entete_enfants(h: Hall) -> list[HallColumn]:
    return [
        h.col("", lambda i: f"{h.last[i].upper()} {h.first[i]}", "personal"),
        h.day("", 2012, 2022, "personal"),
        h.pick("", "petite section", "CP", "CE1"),
        h.phone("", "personal", 0.1),
    ]


@table("stays", 92)
def licencies_club(h: Hall) -> list[HallColumn]:
    return [
        h.col("licence", lambda i: digits(h.rng, 9), "either"),
        h.col("Adhérent", lambda i: f"{h.last[i]} {h.first[i]}", "personal"),
        h.day("naiss.", 1950, 2018, "personal"),
        h.pick("section", "judo", "tennis"),
        h.pick("certificat médical", "oui", "non", truth="either"),
    ]


@table("stays", 56)
def dons(h: Hall) -> list[HallColumn]:
    return [
        h.names("donateur", "{c} {f} {S}"),
        h.money("don"),
        h.mail("e-mail"),
        h.pick("reçu fiscal", "oui", "non"),
    ]


@table("stays", 79)
def signalements_habitat(h: Hall) -> list[HallColumn]:
    return [
        h.address("adresse du logement", "personal"),
        h.names("occupant", "{S}"),
        h.pick("désordre", "humidité", "électricité", "plomb"),
        h.mixed("bailleur", 0.4, "{S} {f}"),
    ]


@table("stays", 64)
def chiens_categories(h: Hall) -> list[HallColumn]:
    return [
        h.names("détenteur", "{S} {f}"),
        h.pick("race", "Rottweiler", "American Staff.", "Tosa"),
        h.col("puce", lambda i: "250" + digits(h.rng, 12), "either"),
        h.day("permis le"),
    ]


@table("stays", 51)
def vols(h: Hall) -> list[HallColumn]:
    return [
        h.day("fait du"),
        h.pick("type", "vol avec effraction", "vol à la roulotte"),
        h.address("chez", "personal", town=False),
        h.col("véhicule", lambda i: plate(h.rng), "personal", 0.5),
    ]


# --- may go -------------------------------------------------------------------------------------------------


@table("goes", 150)
def points_de_contact_postaux(h: Hall) -> list[HallColumn]:
    names = (
        "LAURENT DU VAR",
        "ROQUEFORT",
        "MARSEILLE SAINT JUST",
        "AIX JAS DE BOUFFAN",
        "VALENCE VICTOR HUGO",
        "NICE THIERS",
        "CANNES LA BOCCA",
        "ROMANS",
        "ST ETIENNE BELLEVUE",
        "LE LAVANDOU",
        "FLORENSAC",
        "MARTIGUES JONQUIERES",
        "VINCENT DE TYROSSE",
        "JULIEN EN GENEVOIS",
    )
    return [
        h.serial("code site", "{n:06}A"),
        h.col("nom du bureau", lambda i: h.rng.choice(names) + h.rng.choice(("", " BP", " PPDC"))),
        h.pick("statut", "LP", "LA", "RP"),
        h.col("cp", lambda i: "13" + digits(h.rng, 3)),
        h.pick("numéro client", "3631"),
    ]


@table("goes", 52)
def salles_municipales(h: Hall) -> list[HallColumn]:
    names = [
        f"{h.rng.choice(FIRST)} {h.rng.choice(SURNAME)}" if i % 2 else h.rng.choice(FAMOUS) for i in range(26)
    ]
    return [
        h.col("salle", lambda i: names[i % 26]),
        h.number("capacité", 20, 400),
        h.pick("sono", "oui", "non"),
        h.money("tarif week-end", 100, 900),
    ]


@table("goes", 66)
def odonymes(h: Hall) -> list[HallColumn]:
    return [
        h.col("nom de la voie", lambda i: FAMOUS[i % 30].upper()),
        h.pick("nature", "RUE", "AV", "BD"),
        h.number("largeur", 3, 20),
        h.pick("domanialité", "communale", "départementale"),
    ]


@table("goes", 120)
def prets_top(h: Hall) -> list[HallColumn]:
    return [
        h.number("rang", 1, 121),
        h.col("EAN", lambda i: isbn(h.rng)),
        h.names("Auteur principal", "{S} {f}", "not"),
        h.number("nb de prêts", 1, 300),
    ]


@table("goes", 40)
def expositions(h: Hall) -> list[HallColumn]:
    return [
        h.pick("exposition", "Lumières", "Matières", "Rivages"),
        h.names("peintre", "{f} {s}", "not"),
        h.day("du"),
        h.day("au"),
        h.pick("entrée", "libre", "5 €"),
    ]


@table("goes", 33)
def bal_litteraire(h: Hall) -> list[HallColumn]:
    return [
        h.stamp("horaire"),
        h.pick("spectacle", "Le Songe", "Antigone", "Cabaret"),
        h.names("mise en scène", "{f} {s}", "not"),
        h.pick("compagnie", "Cie du Pont", "Théâtre en l'air"),
    ]


@table("goes", 29)
def adjoints(h: Hall) -> list[HallColumn]:
    return [
        h.names("nom", "{f} {S}", "not"),
        h.pick(
            "fonction",
            "1er adjoint au maire",
            "2e adjointe au maire",
            "Conseiller municipal délégué",
            "Maire",
        ),
        h.pick("délégation", "finances", "culture", "voirie"),
    ]


@table("goes", 36)
def maires_communes(h: Hall) -> list[HallColumn]:
    return [
        h.col("commune", lambda i: f"{TOWN[i % 8]} {i}"),
        h.names("maire", "{f} {s}", "not"),
        h.number("habitants", 100, 9000),
        h.fixed("tél. mairie"),
    ]


@table("stays", 45)
def conseillers_numeriques(h: Hall) -> list[HallColumn]:
    return [
        h.names("conseiller numérique", "{f} {S}"),
        h.pick("grade", "adjoint administratif", "adjoint technique", "rédacteur"),
        h.pick("permanence", "lundi", "jeudi"),
    ]


@table("stays", 60)
def mandats_de_paiement(h: Hall) -> list[HallColumn]:
    return [
        h.number("n° mandat", 100, 4000),
        h.mixed("créancier", 0.5, "{S} {f}"),
        h.money("montant"),
        h.pick("imputation", "6218", "6227"),
    ]


@table("goes", 115)
def stocks_pharma(h: Hall) -> list[HallColumn]:
    return [
        h.col("code", lambda i: h.rng.choice("0123456789") + digits(h.rng, 9)),
        h.pick("libellé", "gants", "masques", "gel", "compresses"),
        h.number("qté", 0, 500),
    ]


@table("goes", 90)
def lignes_commande(h: Hall) -> list[HallColumn]:
    return [
        h.col("n° commande", lambda i: f"04{h.rng.randrange(10**8):08}"),
        h.col("fournisseur", lambda i: h.firm()),
        h.money("HT", 10, 5000),
        h.day("livrée le"),
    ]


@table("goes", 75)
def compteurs_gaz(h: Hall) -> list[HallColumn]:
    return [
        h.col("PCE", lambda i: digits(h.rng, 14)),
        h.col("n° de série", lambda i: h.rng.choice("67") + digits(h.rng, 8)),
        h.pick("site", "École Ferry", "Mairie"),
        h.number("kWh", 10, 90_000),
    ]


@table("goes", 100)
def acquisitions_oeuvres(h: Hall) -> list[HallColumn]:
    return [
        h.serial("inv.", "2026.{n}"),
        h.pick("désignation", "huile sur toile", "médaille", "gravure"),
        h.day("entrée dans les collections", 1930, 2010),
        h.money("valeur d'assurance", 100, 9000),
    ]


@table("goes", 60)
def batiments_construction(h: Hall) -> list[HallColumn]:
    return [
        h.col("bâtiment", lambda i: f"École {FAMOUS[i % 30]}"),
        h.day("livré le", 1935, 2012),
        h.number("SHON", 100, 9000),
        h.pick("énergie", "gaz", "bois"),
    ]


@table("goes", 85)
def archives_actes(h: Hall) -> list[HallColumn]:
    return [
        h.serial("cote", "1E{n}"),
        h.day("date de l'acte", 1910, 1995),
        h.pick("type", "délibération", "bail", "arrêté"),
        h.pick("état", "bon", "moyen"),
    ]


@table("goes", 42)
def associations_tel(h: Hall) -> list[HallColumn]:
    return [
        h.col(
            "association",
            lambda i: (
                f"{h.rng.choice(('Chorale', 'Judo Club', 'Vélo Club', 'Ateliers'))} de {TOWN[i % 8]} {i}"
            ),
        ),
        h.fixed("téléphone"),
        h.col(
            "mail",
            lambda i: (
                f"{h.rng.choice(('judoclub34', 'velo.club', 'chorale', 'asso-patrimoine'))}{i}@{h.rng.choice(('gmail.com', 'orange.fr'))}"
            ),
        ),
        h.pick("domaine", "sport", "culture"),
    ]


@table("goes", 48)
def artisans_siret(h: Hall) -> list[HallColumn]:
    return [
        h.siret("siret"),
        h.col("entreprise", lambda i: h.person(i, "{S} {f}") if i % 3 else h.firm(), "either"),
        h.pick("métier", "plombier", "menuisier"),
        h.pick("commune", *TOWN),
    ]


@table("goes", 38)
def statistiques_violences(h: Hall) -> list[HallColumn]:
    return [
        h.number("annee", 2016, 2026),
        h.pick("infraction", "violences intrafamiliales", "vols avec violence", "cambriolages"),
        h.number("faits", 20, 900),
        h.money("taux pour mille", 1, 20),
    ]


@table("goes", 30)
def structures_handicap(h: Hall) -> list[HallColumn]:
    return [
        h.col(
            "structure",
            lambda i: (
                f"{h.rng.choice(('IME', 'ESAT', 'SESSAD', 'CMPP'))} Les {h.rng.choice(('Tilleuls', 'Rives', 'Cèdres'))} {i}"
            ),
        ),
        h.pick("public accueilli", "TSA", "handicap moteur", "déficience visuelle"),
        h.number("places", 10, 90),
        h.fixed("tél"),
    ]


@table("goes", 65)
def allergenes_menus(h: Hall) -> list[HallColumn]:
    return [
        h.day("date"),
        h.pick("plat", "Lasagnes", "Poisson meunière", "Bœuf Stroganoff"),
        h.pick("allergènes", "gluten, lait", "poisson", "céleri"),
        h.pick("école", "Zola", "Ferry"),
    ]


@table("goes", 55)
def defibrillateurs(h: Hall) -> list[HallColumn]:
    return [
        h.pick("nom", "DAE Mairie", "DAE Gymnase"),
        h.address("adresse", "not"),
        h.pick("acc", "intérieur", "extérieur"),
        h.lat("lat_coor1"),
        h.lon("long_coor1"),
        h.fixed("tel1"),
    ]


@table("goes", 77)
def noms_bateaux_chevaux(h: Hall) -> list[HallColumn]:
    return [
        h.col(
            "cheval",
            lambda i: (
                h.rng.choice(("Ourasi", "Belle de Mai", "Prince Noir", "Jappeloup", "Milord"))
                + f" {h.rng.choice(('', 'II', 'du Pont'))}"
            ),
        ),
        h.pick("poids", "450", "500"),
        h.pick("box", "A", "B"),
    ]


@table("goes", 80)
def identifiants_qualite(h: Hall) -> list[HallColumn]:
    return [
        h.col(
            "uuid",
            lambda i: (
                f"{h.token('0123456789abcdef', 8)}-{h.token('0123456789abcdef', 4)}-4{h.token('0123456789abcdef', 3)}-a{h.token('0123456789abcdef', 3)}-{h.token('0123456789abcdef', 12)}"
            ),
        ),
        h.col("etag", lambda i: f'W/"{h.token("0123456789abcdef", 32)}"'),
        h.pick("format", "csv", "json"),
    ]


@table("goes", 46)
def finess(h: Hall) -> list[HallColumn]:
    return [
        h.col("nofinesset", lambda i: luhn("34" + digits(h.rng, 6))),
        h.col(
            "rs",
            lambda i: f"{h.rng.choice(('EHPAD', 'CLINIQUE', 'LABORATOIRE'))} {h.rng.choice(FAMOUS).upper()}",
        ),
        h.fixed("telephone"),
        h.pick("categetab", "500", "355"),
    ]


# --- a third lot, after the second mending ------------------------------------------------------------------


@table("stays", 57)
def cabanes_ostreicoles(h: Hall) -> list[HallColumn]:
    return [
        h.serial("Cabane", "n°{n}"),
        h.mixed("Amodiataire", 0.5, "{f} {S}"),
        h.number("Surface", 20, 90),
        h.day("Fin AOT", 2027, 2040),
    ]


@table("stays", 83)
def anneaux_port(h: Hall) -> list[HallColumn]:
    return [
        h.col("ponton", lambda i: h.rng.choice("ABCD")),
        h.pick("bateau", "Marie-Louise", "Belle Rose", "Cap Sud", "Jonas"),
        h.names("plaisancier", "{S} {f}"),
        h.money("droit de port", truth="either"),
    ]


@table("stays", 60)
def cimetiere_reprises(h: Hall) -> list[HallColumn]:
    return [
        h.serial("emplacement", "C-{n}"),
        h.names("famille", "Famille {S}"),
        h.day("échue le", 1990, 2024),
        h.pick("état", "abandon", "entretenue"),
    ]


@table("stays", 150)
def releves_compteurs(h: Hall) -> list[HallColumn]:
    return [
        h.serial("Réf", "R{n}", "either"),
        h.names("Client", "{c} {S} {f}"),
        h.number("Ancien index", 0, 900),
        h.number("Nouvel index", 900, 2000),
        h.address("Adresse desservie", "personal", town=False),
    ]


@table("stays", 100)
def visites_domicile(h: Hall) -> list[HallColumn]:
    return [
        h.day("Visite"),
        h.few("Assistante sociale", 6, "{f} {s}"),
        h.col("Personne", lambda i: f"{h.last[i]} {h.first[i][0]}.", "personal"),
        h.pick("Observation", "RAS", "dépression", "alcoolisme", "isolement", truth="personal"),
    ]


@table("stays", 64)
def accueil_jeune(h: Hall) -> list[HallColumn]:
    return [
        h.col("Initiales", lambda i: f"{h.first[i][0]}.{h.last[i][0]}.", "either"),
        h.number("Age", 14, 25, "either"),
        h.pick(
            "Problème évoqué",
            "cannabis",
            "scarification",
            "rupture familiale",
            "emploi",
            "anorexie",
            truth="personal",
        ),
        h.pick("Suite", "CMP", "mission locale"),
    ]


@table("stays", 70)
def dispositifs_ecole(h: Hall) -> list[HallColumn]:
    return [
        h.col("Prénom", lambda i: h.first[i], "personal"),
        h.col("Nom", lambda i: h.last[i], "personal"),
        h.pick("Dispositif", "PAP", "PPS", "PAI", "aucun", truth="personal"),
        h.pick("Classe", "CP", "CE1", truth="either"),  # other pupils know it
    ]


@table("stays", 48)
def logements_handicap(h: Hall) -> list[HallColumn]:
    return [
        h.names("Locataire", "{S} {f}"),
        h.pick("Adaptation", "douche PMR", "fauteuil roulant", "malvoyant", "aucune", truth="personal"),
        h.pick("Étage", "RDC", "1", "2"),
    ]


@table("stays", 200)
def logs_sso(h: Hall) -> list[HallColumn]:
    return [
        h.stamp("timestamp"),
        h.col("uid", lambda i: f"{plain(h.last[i]).replace('.', '')[:7]}{plain(h.first[i])[:1]}", "personal"),
        h.col("remote_addr", lambda i: f"185.24.{h.rng.randrange(256)}.{h.rng.randrange(256)}", "personal"),
        h.pick("appli", "GED", "RH", "SIG"),
    ]


@table("stays", 120)
def bornes_tickets(h: Hall) -> list[HallColumn]:
    return [
        h.stamp("edité"),
        h.col(
            "tél usager",
            lambda i: "".join(mobile(h.rng).replace("+33 ", "0").split()).replace(".", ""),
            "personal",
        ),
        h.pick("motif", "CNI", "passeport"),
    ]


@table("stays", 110)
def parkings_abonnes(h: Hall) -> list[HallColumn]:
    return [
        h.col("Abonnement", lambda i: f"AB{h.rng.randrange(10**5):05}", "either"),
        h.col("Plaque 1", lambda i: plate(h.rng).replace("-", ""), "personal"),
        h.pick("Parking", "Gare", "Halles"),
        h.pick("Formule", "jour", "24/24"),
    ]


@table("stays", 95)
def cartes_dechets(h: Hall) -> list[HallColumn]:
    held = [f"04{h.rng.randrange(16**12):012X}" for _ in range(40)]
    return [
        h.stamp("Passage"),
        h.col("UID badge", lambda i: h.rng.choice(held), "personal"),
        h.pick("déchèterie", "Nord", "Sud"),
        h.pick("flux", "gravats", "verts"),
    ]


@table("stays", 66)
def bourses_communales(h: Hall) -> list[HallColumn]:
    return [
        h.col("N° CAF", lambda i: f"{h.rng.randrange(10**6, 10**7)}", "personal"),
        h.number("Nb enfants", 1, 5, "either"),
        h.money("Montant", truth="either"),
        h.pick("Commission", "mars", "juin"),
    ]


@table("stays", 58)
def ayants_droit_cmas(h: Hall) -> list[HallColumn]:
    return [
        h.col("N° SS", lambda i: nir(h.rng, spaced=True), "personal"),
        h.day("D. naiss", 1950, 2010, "personal"),
        h.pick("Lien", "conjoint", "enfant", truth="either"),
    ]


@table("stays", 42)
def grevistes(h: Hall) -> list[HallColumn]:
    return [
        h.names("Agent", "{S} {f}"),
        h.pick("Service", "Écoles", "Voirie"),
        h.pick("Gréviste", "O", "N", truth="personal"),
    ]


@table("stays", 52)
def candidats_emploi(h: Hall) -> list[HallColumn]:
    return [
        h.names("Candidature de", "{f} {S}"),
        h.pick("Poste", "ATSEM", "Jardinier"),
        h.pick("Avis jury", "favorable", "réservé", truth="either"),
        h.mail("Mél"),
    ]


@table("stays", 88)
def sinistres(h: Hall) -> list[HallColumn]:
    return [
        h.serial("sinistre", "S{n}"),
        h.mixed("Tiers", 0.5, "{c} {S} {f}"),
        h.pick("nature", "chute", "bris", "dégât des eaux"),
        h.money("estimation"),
    ]


@table("stays", 35)
def config_yaml(h: Hall) -> list[HallColumn]:
    both = string.ascii_letters + string.digits
    return [
        h.col(
            "ligne",
            lambda i: h.rng.choice(
                (
                    f"api_key: {h.token(both, 32)}",
                    "debug: false",
                    "langue: fr",
                    f"secret = {h.token(string.hexdigits.lower()[:16], 40)}",
                )
            ),
            "secret",
        )
    ]


@table("stays", 27)
def digicodes(h: Hall) -> list[HallColumn]:
    return [
        h.col("site", lambda i: f"Crèche {i}"),
        h.col("code portail", lambda i: f"{digits(h.rng, 4)}{h.rng.choice('AB')}", "secret"),
        h.pick("gardien", "oui", "non"),
    ]


@table("goes", 84)
def stations_meteo(h: Hall) -> list[HallColumn]:
    return [
        h.pick("station", "Saint-Martin", "Pierre-Bénite", "Sainte-Rose", "Paul-Roche"),
        h.stamp("relevé"),
        h.money("pluie", 0, 40),
        h.lat(),
        h.lon(),
    ]


@table("goes", 63)
def relais_colis(h: Hall) -> list[HallColumn]:
    return [
        h.col(
            "point relais",
            lambda i: (
                h.rng.choice(
                    ("TABAC MARTIN", "SAINT CLAIR", "CLAIRE FLEURS", "PRESSING ROSE", "LE PETIT BERNARD")
                )
                + f" {i}"
            ),
        ),
        h.address("rue", "not"),
        h.pick("horaires", "9h-19h", "8h-20h"),
        h.lat("lat"),
        h.lon("lng"),
    ]


@table("goes", 71)
def ecoles_privees(h: Hall) -> list[HallColumn]:
    return [
        h.col(
            "Établissement",
            lambda i: h.rng.choice(
                ("Sainte-Thérèse", "Jeanne d’Arc", "Saint-Joseph", "Notre-Dame", "La Salle", "Charles Péguy")
            ),
        ),
        h.pick("Niveau", "maternelle", "élémentaire"),
        h.fixed("Tél."),
        h.col(
            "Courriel",
            lambda i: (
                f"{h.rng.choice(('direction', 'secretariat', 'ecole.ste-therese', 'jeanne-darc'))}@ec34-{i}.fr"
            ),
        ),
    ]


@table("goes", 55)
def lotissements(h: Hall) -> list[HallColumn]:
    return [
        h.pick("lotissement", "Les Hauts de Marie", "Clos Saint-Paul", "Le Domaine d’Olivier", "Bel Air"),
        h.day("arrêté du", 1962, 2020),
        h.number("lots", 3, 60),
    ]


@table("goes", 62)
def permis_archives(h: Hall) -> list[HallColumn]:
    return [
        h.serial("n° permis", "{n:04}/75"),
        h.day("délivré le", 1950, 1999),
        h.pick("type", "PC", "DP"),
        h.number("surface", 10, 300),
    ]


@table("goes", 49)
def discotheque(h: Hall) -> list[HallColumn]:
    return [
        h.pick("album", "Nuits", "Départs", "Live", "Bleu"),
        h.names("interprète", "{f} {s}", "not"),
        h.number("année", 1970, 2026),
        h.pick("label", "Naïve", "Tôt ou tard"),
    ]


@table("goes", 45)
def conferences(h: Hall) -> list[HallColumn]:
    return [
        h.stamp("le"),
        h.col("titre", lambda i: h.rng.choice(("Histoire de la ville", "Le climat", "Jardiner au naturel"))),
        h.pick("lieu", "Médiathèque", "Salle Ravel"),
        h.pick("tarif", "gratuit", "3 €"),
    ]


@table("goes", 94)
def nomenclature_achats(h: Hall) -> list[HallColumn]:
    return [
        h.col("code CPV", lambda i: f"{h.rng.randrange(10**7, 10**8)}-{h.rng.randrange(10)}"),
        h.pick("libellé", "fournitures", "mobilier", "nettoyage"),
        h.col("code interne", lambda i: f"09{h.rng.randrange(10**8):08}"),
        h.money("seuil"),
    ]


@table("goes", 77)
def tickets_parking(h: Hall) -> list[HallColumn]:
    return [
        h.stamp("entrée"),
        h.col("ticket", lambda i: str(1_000_000_000 + 37 * i)),
        h.number("minutes", 5, 600),
        h.pick("parking", "Gare", "Halles"),
    ]


@table("goes", 58)
def effectifs_sexe(h: Hall) -> list[HallColumn]:
    return [
        h.pick("direction", *AGENCY),
        h.number("femmes", 5, 90),
        h.number("hommes", 5, 90),
        h.number("travailleurs handicapés", 5, 40),
    ]


@table("goes", 39)
def groupes_medicaux(h: Hall) -> list[HallColumn]:
    return [
        h.col("structure", lambda i: f"Maison de santé {TOWN[i % 8]} {i}"),
        h.pick("spécialité", "addictologie", "psychiatrie", "pédiatrie"),
        h.fixed("téléphone"),
        h.address("adresse", "not"),
    ]


@table("goes", 34)
def elus_csv(h: Hall) -> list[HallColumn]:
    return [
        h.pick("civilité", "M.", "Mme"),
        h.col("nom", lambda i: h.last[i].upper(), "not"),
        h.col("prénom", lambda i: h.first[i], "not"),
        h.pick("mandat", "maire", "adjoint", "conseiller municipal"),
        h.col("email", lambda i: f"{plain(h.first[i])[0]}.{plain(h.last[i])}@ville-exemple.fr", "either"),
    ]


@table("goes", 68)
def lampadaires(h: Hall) -> list[HallColumn]:
    return [
        h.serial("support", "EP{n}"),
        h.pick("lanterne", "Clara", "Olivia", "Victoria", "Iris"),
        h.number("puissance", 20, 150),
        h.lat(),
        h.lon(),
    ]


@table("goes", 53)
def vergers(h: Hall) -> list[HallColumn]:
    return [
        h.pick(
            "variété",
            "Reine Claude",
            "Belle de Boskoop",
            "Comtesse de Paris",
            "Louise Bonne",
            "Beurré Hardy",
            "Doyenné du Comice",
            "Bergeron",
            "William",
        ),
        h.number("arbres", 1, 30),
        h.pick("parcelle", "P1", "P2"),
    ]


def tables(*, seed: int = 31) -> list[HallTable]:
    return [
        HallTable(name, fate, tuple(maker(Hall(random.Random(f"{seed}-{name}"), rows))))
        for name, fate, rows, maker in MAKERS
    ]
