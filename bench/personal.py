"""The test set of the search for personal data: French tables and sentences with their labels, by seed.

A table is columns with the kinds that they hold; what is there and may go out (a service's address, an
elected person's name) bears no label, and is a false alarm when it is held. `ALSO` kinds may be told or not:
opinions differ (the first names given in a year). Two splits that share neither lists, headers nor sentences:
one to work on ("dev"), one that is only ever looked at by the bench ("held").
"""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bench.personal_lists import Lists

Split = Literal["dev", "held"]
CHECKED = ("nir", "iban", "payment-card", "tax-number")
"""Kinds that a checksum tells."""
NAMED = ("person-name", "postal-address", "birth-date")


@dataclass(frozen=True)
class Cells:
    """A column: its cells, the kinds that must be told, and those that may be."""

    header: str
    cells: list[str]
    kinds: frozenset[str] = frozenset()
    also: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Made:
    """A labelled table."""

    name: str
    columns: tuple[Cells, ...]


@dataclass(frozen=True)
class Line:
    """A labelled sentence."""

    text: str
    kinds: frozenset[str] = frozenset()


# --- values -------------------------------------------------------------------------------------------------


def digits(rng: random.Random, n: int) -> str:
    return "".join(rng.choice(string.digits) for _ in range(n))


def nir_body(rng: random.Random) -> str:
    department = rng.choice([f"{d:02}" for d in (*range(1, 20), *range(21, 96), 99)] + ["2A", "2B"])
    return f"{rng.choice('12')}{rng.randrange(100):02}{rng.randrange(1, 13):02}{department}{rng.randrange(1, 990):03}{rng.randrange(1, 999):03}"


def nir(rng: random.Random, *, spaced: bool = False) -> str:
    body = nir_body(rng)
    key = 97 - int(body.replace("2A", "19").replace("2B", "18")) % 97
    if spaced:
        return f"{body[0]} {body[1:3]} {body[3:5]} {body[5:7]} {body[7:10]} {body[10:]} {key:02}"
    return f"{body}{key:02}"


def iban(rng: random.Random, *, spaced: bool = False) -> str:
    account = digits(rng, 23)
    key = 98 - int(account + "152700") % 97
    whole = f"FR{key:02}{account}"
    return " ".join(whole[i : i + 4] for i in range(0, 27, 4)) if spaced else whole


def luhn(body: str) -> str:
    total = sum(
        d if i % 2 else (d * 2 - 9 if d > 4 else d * 2) for i, d in enumerate(map(int, reversed(body)))
    )
    return f"{body}{-total % 10}"


def card(rng: random.Random) -> str:
    whole = luhn("4" + digits(rng, 14))
    return " ".join(whole[i : i + 4] for i in range(0, 16, 4)) if rng.random() < 0.5 else whole


def siret(rng: random.Random) -> str:
    return luhn(luhn(digits(rng, 8)) + "000" + rng.choice("12345"))


def tax_number(rng: random.Random) -> str:
    body = rng.choice("0123") + digits(rng, 9)
    return f"{body}{int(body) % 511:03}"


def mobile(rng: random.Random) -> str:
    pairs = [rng.choice(("06", "07")), *(digits(rng, 2) for _ in range(4))]
    shape = rng.randrange(4)
    return (
        "".join(pairs)
        if shape == 0
        else " ".join(pairs)
        if shape == 1
        else ".".join(pairs)
        if shape == 2
        else f"+33 {pairs[0][1]} {' '.join(pairs[1:])}"
    )


def landline(rng: random.Random) -> str:
    return " ".join([rng.choice(("01", "02", "03", "04", "05")), *(digits(rng, 2) for _ in range(4))])


def plate(rng: random.Random) -> str:
    letters = "ABCDEFGHJKLMNPQRTVWXYZ"
    return f"{rng.choice(letters)}{rng.choice(letters)}-{digits(rng, 3)}-{rng.choice(letters)}{rng.choice(letters)}"


def plain(text: str) -> str:
    table = str.maketrans("àâäéèêëîïôöùûüçœ’ '", "aaaeeeeiioouuuco...")
    return text.lower().translate(table)


def email(rng: random.Random, first: str, surname: str) -> str:
    host = rng.choice(("orange.fr", "gmail.com", "free.fr", "laposte.net", "ville-exemple.fr", "wanadoo.fr"))
    return rng.choice(
        (
            f"{plain(first)}.{plain(surname)}@{host}",
            f"{plain(first)[:1]}{plain(surname)}@{host}",
            f"{plain(surname)}{rng.randrange(99)}@{host}",
        )
    )


def date(rng: random.Random, early: int, late: int) -> str:
    day, month, year = rng.randrange(1, 29), rng.randrange(1, 13), rng.randrange(early, late + 1)
    return f"{day:02}/{month:02}/{year}"


SERVICES = (
    "Voirie",
    "Urbanisme",
    "État civil",
    "Espaces verts",
    "Finances",
    "Culture",
    "Sports",
    "Police municipale",
    "Petite enfance",
    "Ressources humaines",
)
WORKS = (
    "Réfection de chaussée", "Curage du réseau", "RAS", "Travaux de nuit", "Marquage au sol", "Pose de bordures", "Élagage des platanes", "Remplacement d’un candélabre",
    "Nid-de-poule signalé", "Dépôt sauvage", "Éclairage en panne", "Banc cassé", "Fuite sur trottoir", "Néant", "À revoir", "Fait", "Ok", "Sans objet", "En attente de devis",
)  # fmt: skip
TREES = (
    "Platane",
    "Micocoulier",
    "Olivier",
    "Tilleul",
    "Érable",
    "Chêne vert",
    "Prunus",
    "Rose de Chine",
    "Laurier",
    "Cerisier",
    "Frêne",
    "Jasmin",
    "Violette",
    "Prune",
    "Cyprès",
)
TITLES = (
    "Les Misérables",
    "Bel-Ami",
    "Madame Bovary",
    "Le Petit Prince",
    "Jean de Florette",
    "César",
    "Thérèse Raquin",
    "Germinal",
    "Nana",
    "Le Père Goriot",
    "Eugénie Grandet",
    "Colomba",
)
KINDS = (
    "Gymnase",
    "École",
    "Collège",
    "Stade",
    "Salle",
    "Médiathèque",
    "Crèche",
    "Parc",
    "Square",
    "Piscine",
    "Maison pour tous",
)
THINGS = ("banc", "corbeille", "fontaine", "potelet", "arceau", "abri", "jardinière", "borne")


class Draw:
    """What one table is made from. Headers differ from a split to the other."""

    def __init__(self, rng: random.Random, lists: Lists, split: Split, rows: int) -> None:
        self.rng, self.lists, self.split, self.rows = rng, lists, split, rows
        self.people = [(lists.a_first(rng), lists.a_surname(rng)) for _ in range(rows)]

    def say(self, dev: Sequence[str], held: Sequence[str]) -> str:
        return self.rng.choice(dev if self.split == "dev" else held)

    def of(
        self,
        header: str,
        make: Callable[[int], str],
        *kinds: str,
        holes: float = 0.0,
        also: Sequence[str] = (),
    ) -> Cells:
        cells = ["" if holes and self.rng.random() < holes else make(i) for i in range(self.rows)]
        return Cells(header, cells, frozenset(kinds) if any(cells) else frozenset(), frozenset(also))

    # people

    def first(self, header: str = "") -> Cells:
        shout = self.rng.random() < 0.2
        return self.of(
            header or self.say(("prenom", "Prénom", "PRENOM"), ("prenom_usuel", "Prénoms", "first_name")),
            lambda i: _cased(self.people[i][0], shout),
            "person-name",
        )

    def surname(self, header: str = "") -> Cells:
        shout = self.rng.random() < 0.5
        return self.of(
            header or self.say(("nom", "Nom", "NOM"), ("nom_usage", "Nom de famille", "last_name")),
            lambda i: _cased(self.people[i][1], shout),
            "person-name",
        )

    def full(self, header: str = "", *, also: Sequence[str] = ()) -> Cells:
        style = self.rng.randrange(4)
        forms = ("{f} {s}", "{S} {f}", "M. {f} {s}", "{s} {f}")
        name = header or self.say(
            ("nom_prenom", "Agent", "Demandeur", "Responsable"),
            ("Nom complet", "beneficiaire", "Titulaire", "Instructeur"),
        )
        return self.of(
            name,
            lambda i: forms[style].format(
                f=self.people[i][0], s=self.people[i][1], S=self.people[i][1].upper()
            ),
            "person-name",
        )

    def birth(self, header: str = "", early: int = 1940, late: int = 2005) -> Cells:
        return self.of(
            header
            or self.say(
                ("date_naissance", "Né(e) le", "Date de naissance"), ("naissance", "ddn", "date_naiss")
            ),
            lambda i: date(self.rng, early, late),
            "birth-date",
        )

    def mails(self, header: str = "") -> Cells:
        return self.of(
            header
            or self.say(("email", "courriel", "Mél"), ("adresse électronique", "mail", "contact_mail")),
            lambda i: email(self.rng, *self.people[i]),
            "email",
            holes=0.1,
        )

    def phones(self, header: str = "") -> Cells:
        return self.of(
            header or self.say(("telephone", "Tél", "portable"), ("num_tel", "Mobile", "GSM")),
            lambda i: mobile(self.rng),
            "phone",
            holes=0.15,
        )

    def homes(self, header: str = "") -> Cells:
        town = self.rng.random() < 0.4

        def one(_: int) -> str:
            number = f"{self.rng.randrange(1, 180)}{self.rng.choice(('', '', '', ' bis', 'ter', ' B'))}{self.rng.choice((' ', ', ', ' '))}"
            return f"{number}{self.street()}{f' 34{digits(self.rng, 3)} {self.rng.choice(self.lists.towns)}' if town else ''}"

        return self.of(
            header
            or self.say(("adresse", "Adresse", "ADRESSE"), ("domicile", "adresse_1", "lieu de résidence")),
            one,
            "postal-address",
        )

    def street(self) -> str:
        return self.rng.choice(self.lists.streets)

    def nirs(self, header: str = "") -> Cells:
        spaced = self.rng.random() < 0.4
        return self.of(
            header or self.say(("nir", "N° sécu", "numero_secu"), ("securite_sociale", "no_ss", "NIR agent")),
            lambda i: nir(self.rng, spaced=spaced),
            "nir",
            holes=0.1,
        )

    def ibans(self, header: str = "") -> Cells:
        spaced = self.rng.random() < 0.5
        return self.of(
            header or self.say(("iban", "IBAN", "rib"), ("coordonnees_bancaires", "compte", "IBAN/RIB")),
            lambda i: iban(self.rng, spaced=spaced),
            "iban",
            holes=0.1,
        )

    # things

    def order(self, header: str = "") -> Cells:
        width = self.rng.choice((6, 8, 10, 13, 15, 16))
        return self.of(
            header
            or self.say(("numero_commande", "reference", "id"), ("dossier", "no_facture", "identifiant")),
            lambda i: digits(self.rng, width),
        )

    def code(self, header: str = "") -> Cells:
        return self.of(
            header or self.say(("ref", "code"), ("cle", "numero_dossier")),
            lambda i: f"{self.rng.choice('ABCD')}{self.rng.choice('EFG')}-{i:05}",
        )

    def sirets(self, header: str = "siret") -> Cells:
        return self.of(header, lambda i: siret(self.rng))

    def service(self) -> Cells:
        """Where somebody works: a colleague knows it (decision 0079)."""
        return self.of(
            self.say(("service", "direction"), ("pôle", "affectation")),
            lambda i: self.rng.choice(SERVICES),
            also=("person-trait",),
        )

    def amount(self) -> Cells:
        return self.of(
            self.say(("montant", "montant_ttc"), ("somme", "total_eur")),
            lambda i: f"{self.rng.randrange(10, 90000)},{self.rng.randrange(100):02}",
        )

    def dates(self, header: str = "") -> Cells:
        return self.of(
            header or self.say(("date_demande", "date"), ("date_depot", "le")),
            lambda i: date(self.rng, 2019, 2025),
        )

    def works(self, header: str = "", *, ras: float = 0.0) -> Cells:
        return self.of(
            header or self.say(("observations", "commentaire"), ("remarque", "note")),
            lambda i: "RAS" if self.rng.random() < ras else self.rng.choice(WORKS),
        )

    def points(self) -> tuple[Cells, Cells]:
        lat, lon = (
            self.say(("latitude", "lat"), ("Latitude", "latitude")),
            self.say(("longitude", "lon"), ("Longitude", "longitude")),
        )
        return self.of(lat, lambda i: f"43.{digits(self.rng, 6)}"), self.of(
            lon, lambda i: f"3.{digits(self.rng, 6)}"
        )


def _cased(name: str, shout: bool) -> str:
    return name.upper() if shout else name


def _homes(d: Draw) -> tuple[Cells, Cells]:
    lat, lon = d.points()
    return Cells(lat.header, lat.cells, frozenset({"home-point"})), Cells(
        lon.header, lon.cells, frozenset({"home-point"})
    )


# --- tables about people ------------------------------------------------------------------------------------


def agents(d: Draw) -> list[Cells]:
    some = [d.mails(), d.phones(), d.nirs(), d.ibans(), d.birth(), d.homes()]
    return [d.order("matricule"), d.surname(), d.first(), d.service(), *d.rng.sample(some, 3)]


def agents_in_full(d: Draw) -> list[Cells]:
    return [d.code(), d.full(), d.service(), d.mails(), d.dates("date_embauche")]


def pupils(d: Draw) -> list[Cells]:
    health = d.of(
        d.say(("allergies",), ("regime alimentaire", "pai")),
        lambda i: d.rng.choice(("arachide", "gluten", "aucune", "lactose")),
        "health",
        holes=0.3,
    )
    return [
        d.surname("nom_enfant"),
        d.first("prenom_enfant"),
        d.birth(early=2010, late=2020),
        health,
        d.phones(d.say(("tel_parent",), ("tel responsable",))),
        d.homes(),
    ]


def quotient(d: Draw) -> list[Cells]:
    return [
        d.full(d.say(("Usager",), ("Allocataire",))),
        d.of("quotient_familial", lambda i: str(d.rng.randrange(100, 2500)), also=("social-condition",)),
        d.dates(),
    ]


def loans(d: Draw) -> list[Cells]:
    return [
        d.order("no_carte"),
        d.full(d.say(("lecteur",), ("abonné nom complet",))),
        d.mails(),
        d.of("titre", lambda i: d.rng.choice(TITLES)),
        d.dates("date_pret"),
    ]


def reports(d: Draw) -> list[Cells]:
    def told(i: int) -> str:
        first, surname = d.people[i]
        return d.rng.choice(
            (
                f"Signalé par Mme {surname}, rappeler au {mobile(d.rng)}",
                f"M. {first} {surname} demande un passage",
                *WORKS,
                *WORKS,
            )
        )

    note = d.of(d.say(("commentaire", "description"), ("details", "message")), told)
    kinds = {"person-in-text"} if any("Mme" in c or "M." in c for c in note.cells) else set()
    kinds |= {"phone"} if any("rappeler" in c for c in note.cells) else set()
    return [
        d.code(),
        d.dates(),
        Cells(note.header, note.cells, frozenset(kinds)),
        d.of("statut", lambda i: d.rng.choice(("ouvert", "clos"))),
    ]


def parking(d: Draw) -> list[Cells]:
    place = d.of(d.say(("lieu",), ("voie",)), lambda i: d.street())
    return [
        d.code(),
        d.of(
            d.say(("immatriculation", "plaque"), ("Immat", "plaque_vehicule")),
            lambda i: plate(d.rng),
            "plate",
        ),
        d.dates("date_stationnement"),
        place,
    ]


def plates_untold(d: Draw) -> list[Cells]:
    return [d.code(), d.of(d.say(("vehicule",), ("v",)), lambda i: plate(d.rng), "plate"), d.amount()]


def housing(d: Draw) -> list[Cells]:
    motive = d.of(
        d.say(("situation",), ("motif",)),
        lambda i: d.rng.choice(("handicap", "séparation", "grossesse", "mutation", "expulsion")),
        also=("health", "social-condition"),
    )
    return [
        d.full(d.say(("demandeur",), ("nom et prénom",))),
        d.phones(),
        d.homes(),
        d.of("revenus", lambda i: str(d.rng.randrange(8000, 40000)), also=("social-condition",)),
        motive,
    ]


def wifi(d: Draw) -> list[Cells]:
    ip = d.of(
        d.say(("ip", "adresse_ip"), ("IP client", "adresse ip")),
        lambda i: ".".join(str(d.rng.randrange(1, 255)) for _ in range(4)),
        "ip",
    )
    mac = d.of(
        d.say(("mac",), ("adresse_mac",)),
        lambda i: ":".join(f"{d.rng.randrange(256):02X}" for _ in range(6)),
        "mac",
    )
    return [ip, mac, d.of("octets", lambda i: digits(d.rng, 7)), d.dates("connexion")]


def payments(d: Draw) -> list[Cells]:
    return [
        d.order(),
        d.of(d.say(("carte", "carte_bancaire"), ("CB", "pan")), lambda i: card(d.rng), "payment-card"),
        d.amount(),
        d.dates("date_paiement"),
    ]


def payments_untold(d: Draw) -> list[Cells]:
    return [
        d.of("a", lambda i: card(d.rng), "payment-card"),
        d.of("b", lambda i: iban(d.rng), "iban"),
        d.of("c", lambda i: nir(d.rng), "nir"),
        d.of("d", lambda i: tax_number(d.rng), "tax-number"),
    ]


def taxes(d: Draw) -> list[Cells]:
    return [
        d.of(
            d.say(("numero_fiscal",), ("spi", "référence fiscale")), lambda i: tax_number(d.rng), "tax-number"
        ),
        d.full(d.say(("contribuable",), ("nom prénom",))),
        d.homes(),
        d.amount(),
    ]


def traders(d: Draw) -> list[Cells]:
    form = d.of(
        d.say(("forme_juridique",), ("categorie_juridique",)),
        lambda i: d.rng.choice(("SARL", "Entrepreneur individuel", "SAS", "Entrepreneur individuel")),
    )
    numbers = d.sirets()
    trade = d.of(
        d.say(("activite",), ("métier",)),
        lambda i: d.rng.choice(("Coiffure", "Boulangerie", "Plomberie", "Librairie")),
    )
    return [Cells("siret", numbers.cells, frozenset({"sole-trader"})), trade, form]


def strikes(d: Draw) -> list[Cells]:
    union = d.of(
        d.say(("syndicat",), ("organisation syndicale",)),
        lambda i: d.rng.choice(("CGT", "CFDT", "FO", "UNSA", "")),
        "trade-union",
    )
    return [d.full("agent"), union, d.service()]


def numbers_only(d: Draw) -> list[Cells]:
    return [
        d.order(),
        d.of(
            d.say(("nir",), ("numero_secu",)),
            lambda i: nir(d.rng).replace("2A", "34").replace("2B", "34"),
            also=("nir", "nir-without-key"),
        ),
        d.amount(),
    ]


def nir_as_number(d: Draw) -> list[Cells]:
    def one(_: int) -> str:
        while True:
            made = nir(d.rng)
            if made.isdigit():
                return made

    return [d.order(), d.of(d.say(("valeur",), ("champ_3",)), one, "nir"), d.service()]


def nir_short(d: Draw) -> list[Cells]:
    return [
        d.order(),
        d.of(d.say(("nir",), ("securite_sociale",)), lambda i: nir_body(d.rng), "nir-without-key"),
        d.service(),
    ]


def mixed(d: Draw) -> list[Cells]:
    some = d.of(
        d.say(("reference",), ("identifiant_externe",)),
        lambda i: nir(d.rng) if i % 12 == 3 else digits(d.rng, 15),
        "nir",
    )
    return [some, d.amount(), d.dates()]


def documents(d: Draw) -> list[Cells]:
    papers = d.of(
        d.say(("passeport", "numero_cni"), ("piece_identite", "carte d’identité")),
        lambda i: f"{digits(d.rng, 2)}{d.rng.choice('ABCDEFG')}{d.rng.choice('HKLMNP')}{digits(d.rng, 5)}",
        "identity-document",
    )
    return [d.full(), papers, d.birth()]


def untold(d: Draw) -> list[Cells]:
    return [d.full("c1"), d.mails("c2"), d.phones("c3"), d.homes("c4")]


def untold_apart(d: Draw) -> list[Cells]:
    born = d.birth(d.say(("date",), ("jour",)), early=1935, late=2004)
    return [d.first("colonne_1"), d.surname("colonne_2"), born, d.order("colonne_4")]


def handles(d: Draw) -> list[Cells]:
    return [
        d.full("adherent"),
        d.of(
            d.say(("instagram",), ("twitter", "compte x")),
            lambda i: f"@{plain(d.people[i][0])}{d.rng.randrange(99)}".replace(".", ""),
            "handle",
        ),
        d.dates(),
    ]


def trips(d: Draw) -> list[Cells]:
    lat, lon = _homes(d)
    return [d.full("abonné"), lat, lon, d.of("distance_km", lambda i: str(d.rng.randrange(1, 30)))]


def patients(d: Draw) -> list[Cells]:
    ill = d.of(
        d.say(("pathologie",), ("diagnostic", "maladie")),
        lambda i: d.rng.choice(("diabète", "asthme", "hypertension", "dépression", "cancer")),
        "health",
    )
    return [
        d.of("sexe", lambda i: d.rng.choice("FM")),
        d.of("age", lambda i: str(d.rng.randrange(1, 99))),
        ill,
        d.of("quartier", lambda i: f"Quartier {i % 9}"),
    ]


def beliefs(d: Draw) -> list[Cells]:
    menu = d.of(
        d.say(("menu",), ("type_repas",)),
        lambda i: d.rng.choice(("sans porc", "halal", "standard", "casher")),
        "religion",
    )
    return [d.surname("nom_enfant"), d.first("prenom_enfant"), menu]


def offenders(d: Draw) -> list[Cells]:
    deed = d.of(
        d.say(("infraction",), ("fait_reproche", "sanction")),
        lambda i: d.rng.choice(("tapage", "dépôt sauvage", "violences volontaires")),
        "offences",
    )
    return [d.full(d.say(("contrevenant nom prénom",), ("personne",))), deed, d.amount()]


def presidents(d: Draw) -> list[Cells]:
    body = d.of(
        "association", lambda i: f"{d.rng.choice(('Club', 'Amicale', 'Comité'))} {d.rng.choice(SERVICES)} {i}"
    )
    contact = d.of(
        d.say(("courriel",), ("mail",)), lambda i: f"contact@{d.rng.choice(('club', 'asso'))}{i}.fr"
    )
    return [body, d.sirets(), d.full(d.say(("president",), ("représentant légal",))), contact, d.amount()]


# --- tables about nobody ------------------------------------------------------------------------------------


def cameras(d: Draw) -> list[Cells]:
    kind = d.of(
        d.say(("type",), ("modele",)),
        lambda i: d.rng.choice(("caméra dôme", "caméra fixe", "caméra LAPI")),
        "camera-sites",
    )
    return [d.code("id"), kind, *d.points()]


def valves(d: Draw) -> list[Cells]:
    kind = d.of(
        d.say(("ouvrage",), ("type_objet",)),
        lambda i: d.rng.choice(("vanne", "réservoir d’eau", "surpresseur", "vanne")),
        "water-network",
    )
    return [d.code("id"), kind, *d.points()]


def bids(d: Draw) -> list[Cells]:
    price = d.of(
        d.say(("prix_unitaire",), ("bordereau_prix", "marge")),
        lambda i: f"{d.rng.randrange(5, 500)},5",
        "business-secrecy",
    )
    return [d.of("entreprise", lambda i: f"Société {d.rng.choice(SERVICES)} {i}"), d.sirets(), price]


def trees(d: Draw) -> list[Cells]:
    return [
        d.of(d.say(("essence",), ("espece",)), lambda i: d.rng.choice(TREES)),
        d.of("adresse", lambda i: f"{d.rng.randrange(1, 90)} {d.street()}"),
        d.dates("date_plantation"),
        *d.points(),
    ]


def places(d: Draw) -> list[Cells]:
    name = d.of(
        d.say(("nom",), ("nom_equipement", "libelle")),
        lambda i: f"{d.rng.choice(KINDS)} {d.people[i][0]} {d.people[i][1]}",
    )
    where = d.of("adresse", lambda i: f"{d.rng.randrange(1, 90)} {d.street()}")
    return [
        name,
        d.of("type", lambda i: d.rng.choice(KINDS)),
        where,
        d.of("telephone", lambda i: landline(d.rng)),
        d.sirets(),
        *d.points(),
    ]


def streets(d: Draw) -> list[Cells]:
    name = d.of(
        d.say(("voie", "nom_voie"), ("libelle_voie", "toponyme")),
        lambda i: f"{d.rng.choice(('Rue', 'Avenue', 'Place', 'Impasse'))} {d.people[i][0]} {d.people[i][1]}",
    )
    return [
        d.of("code", lambda i: f"{i:04}"),
        name,
        d.of("longueur_m", lambda i: str(d.rng.randrange(20, 900))),
    ]


def street_names(d: Draw) -> list[Cells]:
    return [
        d.of(d.say(("rue", "nom_voie"), ("odonyme", "voie")), lambda i: f"{d.people[i][0]} {d.people[i][1]}"),
        d.of("annee", lambda i: str(d.rng.randrange(1850, 2020))),
    ]


def elected(d: Draw) -> list[Cells]:
    who = Cells("nom", d.surname().cells), Cells("prenom", d.first().cells)
    party = d.of(
        d.say(("nuance",), ("groupe politique",)), lambda i: d.rng.choice(("DVG", "DVD", "DVC", "ECO"))
    )
    return [
        *who,
        d.of(
            d.say(("mandat",), ("fonction d’élu",)),
            lambda i: d.rng.choice(("maire", "adjoint", "conseiller municipal")),
        ),
        party,
        d.dates("debut_mandat"),
    ]


def directory(d: Draw) -> list[Cells]:
    who = d.full()
    return [
        Cells(d.say(("annuaire_nom",), ("organigramme : nom",)), who.cells),
        d.service(),
        d.of("poste", lambda i: d.rng.choice(("directeur", "chargé de mission", "assistant"))),
    ]


def orders(d: Draw) -> list[Cells]:
    return [
        d.of(d.say(("numero_commande",), ("no_piece",)), lambda i: digits(d.rng, 15)),
        d.of(d.say(("facture",), ("ref_externe",)), lambda i: digits(d.rng, 16)),
        d.of("code_article", lambda i: digits(d.rng, 13)),
        d.amount(),
    ]


def companies(d: Draw) -> list[Cells]:
    return [
        d.sirets(),
        d.of("raison_sociale", lambda i: f"{d.people[i][1]} et fils SARL"),
        d.of("naf", lambda i: f"{digits(d.rng, 2)}.{digits(d.rng, 2)}Z"),
        d.of("siren", lambda i: luhn(digits(d.rng, 8))),
    ]


def like_siren(d: Draw) -> list[Cells]:
    return [
        d.of(d.say(("numero",), ("compteur",)), lambda i: digits(d.rng, 9)),
        d.of("index", lambda i: digits(d.rng, 5)),
        d.of("tel_borne", lambda i: digits(d.rng, 11)),
    ]


def ras(d: Draw) -> list[Cells]:
    return [d.code(), d.works(ras=0.95), d.dates()]


def roadworks(d: Draw) -> list[Cells]:
    return [
        d.code(),
        d.of(d.say(("localisation",), ("emplacement",)), lambda i: f"{d.rng.randrange(1, 90)} {d.street()}"),
        d.works(),
        d.dates("date_debut"),
        d.dates("date_fin"),
    ]


def communes(d: Draw) -> list[Cells]:
    return [
        d.of("code_insee", lambda i: f"34{digits(d.rng, 3)}"),
        d.of(
            d.say(("commune", "ville"), ("nom_commune", "libelle_commune")),
            lambda i: d.rng.choice(d.lists.towns),
        ),
        d.of("population", lambda i: digits(d.rng, 4)),
    ]


def hamlets(d: Draw) -> list[Cells]:
    return [
        d.of(
            d.say(("lieu_dit", "arret"), ("nom_arret", "hameau")),
            lambda i: d.rng.choice(
                (
                    f"Saint-{d.people[i][0]}",
                    d.people[i][0],
                    f"Mas {d.people[i][1]}",
                    f"Place {d.people[i][1]}",
                )
            ),
        ),
        *d.points(),
    ]


def first_names(d: Draw) -> list[Cells]:
    return [
        Cells("prenom", d.first().cells, frozenset(), frozenset({"person-name"})),
        d.of("nombre", lambda i: str(d.rng.randrange(3, 300))),
        d.of("annee", lambda i: str(d.rng.randrange(2010, 2024))),
    ]


def contracts(d: Draw) -> list[Cells]:
    return [
        d.sirets("acheteur_siret"),
        d.of("objet", lambda i: f"{d.rng.choice(WORKS)} lot {i}"),
        d.sirets("titulaire_siret"),
        d.amount(),
        d.dates("dateNotification"),
    ]


def counts(d: Draw) -> list[Cells]:
    return [
        d.of("ecole", lambda i: f"École {d.people[i][0]} {d.people[i][1]}"),
        d.of("nb_eleves", lambda i: str(d.rng.randrange(20, 300))),
        d.of("nb_handicap", lambda i: str(d.rng.randrange(9))),
    ]


def versions(d: Draw) -> list[Cells]:
    return [
        d.of(
            "version",
            lambda i: (
                f"{d.rng.randrange(9)}.{d.rng.randrange(9)}.{d.rng.randrange(20)}.{d.rng.randrange(300)}"
            ),
        ),
        d.of("horodatage", lambda i: f"17{digits(d.rng, 11)}"),
        d.of("ean", lambda i: f"3{digits(d.rng, 12)}"),
    ]


def budget(d: Draw) -> list[Cells]:
    return [
        d.of("nature", lambda i: f"6{digits(d.rng, 4)}"),
        d.of(
            "libelle", lambda i: d.rng.choice(("Fournitures", "Énergie", "Honoraires", "Fêtes et cérémonies"))
        ),
        d.amount(),
    ]


def contacts(d: Draw) -> list[Cells]:
    body = d.of(d.say(("service",), ("organisme",)), lambda i: f"{d.rng.choice(SERVICES)} {i}")
    return [
        body,
        d.of("courriel", lambda i: f"{d.rng.choice(('contact', 'accueil', 'mairie'))}@ville{i}.fr"),
        d.of("telephone", lambda i: landline(d.rng)),
        d.of("adresse", lambda i: f"{d.rng.randrange(1, 90)} {d.street()}"),
    ]


def sensors(d: Draw) -> list[Cells]:
    return [
        d.code("capteur"),
        d.of("valeur", lambda i: f"{d.rng.randrange(100)}.{d.rng.randrange(10)}"),
        d.of("horodatage", lambda i: f"2026-03-{1 + i % 28:02}T{i % 24:02}:00:00"),
        *d.points(),
    ]


def furniture(d: Draw) -> list[Cells]:
    return [
        d.code("id"),
        d.of("type", lambda i: d.rng.choice(THINGS)),
        d.of("etat", lambda i: d.rng.choice(("bon", "moyen"))),
        *d.points(),
    ]


TABLES: tuple[Callable[[Draw], list[Cells]], ...] = (
    agents, agents_in_full, pupils, quotient, loans, reports, parking, plates_untold, housing, wifi, payments, payments_untold, taxes, traders, strikes, nir_as_number, nir_short,
    mixed, documents, untold, untold_apart, handles, trips, patients, beliefs, offenders, presidents,
    cameras, valves, bids, trees, places, streets, street_names, elected, directory, orders, companies, like_siren, ras, roadworks, communes, hamlets, first_names, contracts, counts,
    versions, budget, contacts, sensors, furniture,
)  # fmt: skip


def tables(
    lists: Lists,
    split: Split,
    *,
    seed: int,
    each: int = 5,
    kinds: Sequence[Callable[[Draw], list[Cells]]] = TABLES,
) -> list[Made]:
    """`each` tables of every sort, of 25 to 160 rows."""
    rng = random.Random(seed)
    made: list[Made] = []
    for make in kinds:
        for turn in range(each):
            drawn = Draw(random.Random(rng.randrange(1 << 60)), lists, split, rng.randrange(25, 160))
            made.append(Made(f"{make.__name__}-{turn}", tuple(make(drawn))))
    return made


# --- sentences ----------------------------------------------------------------------------------------------

Form = tuple[str, frozenset[str]]
"""A sentence with its {blanks}, and the kinds that it holds once filled."""


def _forms(text: str) -> tuple[Form, ...]:
    """One a line: the kinds, `|`, the sentence."""
    made: list[Form] = []
    for line in text.strip().splitlines():
        kinds, _, said = line.strip().partition("|")
        made.append((said.strip(), frozenset(kinds.split())))
    return tuple(made)


DEV = _forms("""
person-in-text | Rappeler Mme {S} avant vendredi
person-in-text | M. {F} {S} demande une place de stationnement
person-in-text | Vu avec {F} {S} sur place
person-in-text | Plainte de {F} {S} au sujet du bruit
person-in-text | {SU} {F} absent ce jour
person-in-text | Dossier transmis par Monsieur {S}, à traiter
person-in-text | Cordialement, {F} {S}
person-in-text phone | Contacter {F} {S} au {tel}
phone | Rappeler le riverain au {tel} après 18 h
phone | Joignable uniquement au {tel}
email | Répondre à {mail} avec le devis
email person-in-text | Mme {S} ({mail}) attend une réponse
nir | NIR communiqué par l'usager : {nir}
nir person-in-text | Agent {F} {S}, n° {nir}, en arrêt
iban | Remboursement sur {iban} à faire
address-in-text | J'habite {n} {street} et le camion passe trop tôt
address-in-text person-in-text | Mme {S} demeurant {n} {street} signale une fuite
birth-in-text person-in-text | {F} {S}, née le {birth}, demande un acte
birth-in-text | Enfant né le {birth}, inscription en cours
plate-in-text | Véhicule immatriculé {plate} en stationnement gênant
person-in-text | Ma voisine {F} ne peut plus sortir
person-in-text | Merci de prévenir M. et Mme {S}
person-in-text | Signature : {F} {S}
 | Travaux rue {F} {S}, circulation alternée
 | École {F} {S} : fuite dans les sanitaires
 | Nid-de-poule devant le {n} {street}
 | Réfection de la chaussée {street}
 | Place du Général {S} : banc cassé
 | Commande {order} livrée
 | Facture {order} du {date}, montant 1 250,00 EUR
 | RAS
 | Bonjour, le lampadaire est en panne depuis le {date}
 | Madame, Monsieur, je vous prie de trouver ci-joint le devis
 | Monsieur le Maire a demandé un point d'étape
 | Passage de la balayeuse le mardi
 | Gymnase {F} {S}, vestiaires à repeindre
 | SIRET {siret}, attestation reçue
 | Standard de la mairie fermé le lundi
 | Version {version} installée
 | Élagage des platanes, avenue {S}
 | Prix {F} {S} remis à l'école
 | Salle {S} réservée pour l'assemblée générale
 | Arrêt {S} déplacé de 20 m
 | La Rose des sables, exposition de peinture
 | Olivier et laurier à arroser
""")
DEV += _forms("""
person-in-text | Appel de Madame {S} ce matin
person-in-text | {F} {S} est passé à l'accueil, mécontent
person-in-text | Le rendez-vous avec M. {S} est décalé
person-in-text | Attribué à {F} {S}
person-in-text | Mlle {F} {S} souhaite un composteur
person-in-text | Je m'appelle {F} {S} et je voudrais un badge
person-in-text | Bien à vous, {F} {S}
person-in-text | Le dossier de {SU} {F} est incomplet
person-in-text phone | M. {S}, {tel}, à rappeler
phone | Son portable : {tel}
phone | tel {tel} de préférence le soir
email | mail : {mail}
email person-in-text | Envoyer la convocation à {F} {S} : {mail}
nir | n° de sécu {nir} à vérifier
iban | RIB : {iban}
iban person-in-text | Virer à M. {S} sur {iban}
address-in-text | Le foyer est domicilié au {n} {street}
address-in-text person-in-text | {F} {S} vit au {n} {street}
birth-in-text | DDN : {birth}
birth-in-text person-in-text | Monsieur {F} {S} né le {birth} à Sète
plate-in-text | La voiture {plate} bloque la sortie
person-in-text | Mon fils {F} a chuté à cause du trottoir
person-in-text | Relance faite auprès du docteur {S}
 | Intervention place {F} {S} terminée
 | Collège {F} {S} : livraison du mobilier
 | Trou dans la chaussée au droit du {n} {street}
 | Le square {S} est fermé pour travaux
 | Bon de commande {order} à solder
 | Dossier {order} reçu le {date}
 | Rien à signaler
 | Sans objet
 | Bonjour, merci de vider la corbeille
 | Madame la Directrice est informée
 | Vu avec le service voirie
 | Stade {F} {S}, éclairage à revoir
 | Entreprise retenue, SIRET {siret}
 | Accueil au 3e étage, bureau 12
 | Mise à jour {version} reportée
 | Boulevard {S} : marquage au sol effacé
 | Tournoi {F} {S} le {date}
 | Médiathèque {S} : climatisation en panne
 | Ligne 3, arrêt {F} {S}, abri vandalisé
 | Pierre blanche et sable livrés
 | Floraison des jasmins et violettes
 | Conseil municipal du {date}, point 4
""")

HELD = _forms("""
person-in-text | Passage de Mme {S} au guichet, document manquant
person-in-text | {F} {S} réclame le remboursement de la cantine
person-in-text | Suite à l'échange avec M. {S}, dossier clos
person-in-text | Intervenant : {F} {S}
person-in-text | L'agent {F} {S} a constaté les dégâts
person-in-text | Mme {F} {SU} conteste l'avis
person-in-text | Bonjour, je suis {F} {S}, présidente de l'immeuble
person-in-text | Respectueusement, {F} {S}
person-in-text | {S} {F}, rendez-vous honoré
person-in-text phone | Prendre contact avec Monsieur {S} ({tel})
phone | Urgent, appeler le {tel}
phone | Numéro laissé sur le répondeur : {tel}
email | Copie à {mail}
email person-in-text | Facture à adresser à Mme {S}, {mail}
nir | Carte vitale {nir} périmée
iban | Nouveau compte {iban}
iban person-in-text | Titulaire {F} {S}, {iban}
address-in-text | Elle réside {n} {street}
address-in-text person-in-text | M. {F} {S} loge au {n} {street}
birth-in-text | Petit garçon né le {birth}
birth-in-text person-in-text | Mme {S}, née le {birth}, sans ressources
plate-in-text | Scooter {plate} abandonné depuis un mois
person-in-text | Ma fille {F} attend une place en crèche
person-in-text | Courrier du docteur {S} joint
 | Inauguration de la salle {F} {S} reportée
 | Lycée {F} {S} : livraison de chaises
 | Affaissement au niveau du {n} {street}
 | Rue {S} en sens unique
 | Marché {order} notifié
 | Référence {order}, reçue le {date}
 | Néant
 | Pas d'observation
 | Bonsoir, merci pour la réparation
 | Monsieur le Préfet a donné son accord
 | Contrôle effectué par la société
 | Piscine {F} {S} fermée pour vidange
 | Prestataire SIRET {siret} relancé
 | Porte B, 2e étage, à repeindre
 | Passage en version {version} le {date}
 | Impasse {S}, poubelles renversées
 | Coupe {F} {S} organisée le {date}
 | Station {S}, 12 vélos manquants
 | Fondation {F} {S} partenaire
 | Semis de marguerites et de capucines
 | Commission du {date}, salle 3
""")


def lines(lists: Lists, split: Split, *, seed: int, count: int = 2_000) -> list[Line]:
    """So many sentences, each form in turn."""
    rng = random.Random(seed)
    forms = DEV if split == "dev" else HELD
    made: list[Line] = []
    for i in range(count):
        said, kinds = forms[i % len(forms)]
        first, surname = lists.a_first(rng), lists.a_surname(rng)
        text = said.format(
            F=first,
            S=surname,
            SU=surname.upper(),
            tel=mobile(rng),
            mail=email(rng, first, surname),
            nir=nir(rng, spaced=rng.random() < 0.5),
            iban=iban(rng, spaced=rng.random() < 0.5),
            n=rng.randrange(1, 200),
            street=rng.choice(lists.streets),
            birth=date(rng, 1940, 2015),
            plate=plate(rng),
            order=digits(rng, rng.choice((8, 10, 15))),
            date=date(rng, 2020, 2025),
            siret=siret(rng),
            version=f"{rng.randrange(9)}.{rng.randrange(20)}.{rng.randrange(9)}",
        )
        noise = rng.random()
        text = (
            text.lower()
            if noise < 0.03
            else text.upper()
            if noise < 0.06
            else f"{text}."
            if noise < 0.2
            else text
        )
        made.append(Line(text, kinds))
    return made


@dataclass
class Tally:
    """Right, missed and false, for one kind or for all."""

    right: int = 0
    missed: int = 0
    false: int = 0
    wrong: list[str] = field(default_factory=list[str])

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.false) if self.right + self.false else 1.0
