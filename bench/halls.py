"""A third test set of the search for personal data: tables of town halls, each column with its truth and each
table with what must become of it.

Written before any detector was read (2026-11-29), for the families that a reader of the product named as
unseen, each beside its innocent twin: leases and post offices, births and deeds, nine-digit phones and
meters, tokens and checksums, follow-up of persons and counts of the same motives. Every value is made up:
first names and surnames are drawn apart, check digits are computed. Half of the tables ("work") may be looked
at to mend, the other ("final") only counted.
"""

from __future__ import annotations

import hashlib
import random
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from bench.personal import digits, luhn, mobile, nir, plain, plate, siret

Truth = Literal["personal", "secret", "not", "either"]
"""Of a column. "either": opinions differ, it counts neither way (an amount in a table about persons, the
label of a sole trader).
"""
Fate = Literal["goes", "stays"]
"""Of a table: it may be published, or a person must look at it first."""
Half = Literal["work", "final"]


@dataclass(frozen=True)
class HallColumn:
    header: str
    cells: list[str]
    truth: Truth


@dataclass(frozen=True)
class HallTable:
    name: str
    fate: Fate
    columns: tuple[HallColumn, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(w.strip() for w in text.replace("\n", " ").split(",") if w.strip())


FIRST = _words("""
    Aurélie, Bastien, Camille, Damien, Élodie, Fabrice, Gaëlle, Hervé, Inès, Jérémy, Karine, Laurent, Maëva, Nadège, Olivier, Pascale, Quentin, Régine, Samir,
    Tiphaine, Ulysse, Véronique, William, Yasmina, Zoé, Amandine, Benoît, Cécile, Didier, Estelle, Franck, Géraldine, Hugo, Isabelle, Jacques, Khadija, Ludovic,
    Marie-Claude, Noémie, Odile, Patrick, Rachid, Sandrine, Théo, Ursula, Vincent, Wassim, Xavier, Yves, Anne-Sophie, Brigitte, Christophe, Delphine, Éric,
    Fatoumata, Gilles, Hélène, Ismaël, Joëlle, Kévin, Lucie, Mehdi, Nicole, Oscar, Priscilla, Romain, Stéphanie, Tanguy, Virginie, Jean-Marc, Assia, Bruno
""")
SURNAME = _words("""
    Abadie, Barbotin, Chauvet, Delmas, Esnault, Faucher, Grandjean, Hoarau, Imbert, Jourdain, Kerbrat, Lamotte, Mercadier, Nivelle, Ollivier, Perrin, Quéré,
    Rambaud, Sabatier, Tessier, Urbain, Vasseur, Weber, Yvon, Zeller, Aubry, Belkacem, Carpentier, Diallo, El Amrani, Ferreira, Garnier, Haddad, Jacquot, Koné,
    Leblanc, Mazet, Nguyen, Ouattara, Poirier, Roussel, Schmitt, Traoré, Vidal, Benoit, Charpentier, Da Silva, Fournier, Guérin, Hamon, Julien, Lopez, Marchand,
    Meunier, Noël, Petitjean, Renaud, Simonet, Thomas, Valette, Albert, Le Bihan, Castaing, Dufour, Bonnefoy, Cazenave, Lesage, Maillard, Pruvost, Riou
""")
STREET = _words("""
    rue des Tanneurs, avenue de la Gare, chemin du Lavoir, place du Marché, impasse des Acacias, boulevard Carnot, rue Victor Hugo, allée des Peupliers,
    rue du Four, quai de la Marine, rue Jean Moulin, route de Saint-Loup, rue du 8 mai 1945, cours Pasteur, rue de la République, venelle du Puits
""")
TOWN = _words(
    "Valmorel-sur-Orb, Saint-Loup-des-Prés, Montfaucon, La Roche-Vieille, Beaulieu, Castelneuf, Pont-Aubert, Sainte-Croix-du-Lac"
)
FAMOUS = _words("""
    Jean Moulin, Jules Ferry, Marie Curie, Victor Hugo, Louise Michel, Jean Jaurès, Simone Veil, Louis Pasteur, George Sand, Jacques Prévert, Paul Éluard,
    Pierre Brossolette, Rosa Parks, Anatole France, Camille Claudel, Antoine de Saint-Exupéry, Jean Zay, Marcel Pagnol, Germaine Tillion, Léon Blum, Émile Zola,
    Albert Camus, Robert Desnos, Lucie Aubrac, Olympe de Gouges, Gérard Philipe, Joliot-Curie, Paul Langevin, Pablo Picasso, Frédéric Mistral
""")
TRADE = _words(
    "fruits et légumes, fromages, textile, rôtisserie, fleurs, miel, poissons, maroquinerie, olives, vaisselle, pain, huîtres"
)
AGENCY = _words(
    "Voirie, Bâtiments, Espaces verts, Éducation, Sports, Culture, Finances, État civil, Propreté, CCAS"
)
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


class Hall:
    """Makes the columns of one table."""

    def __init__(self, rng: random.Random, rows: int) -> None:
        self.rng, self.rows = rng, rows
        self.first = [rng.choice(FIRST) for _ in range(rows)]
        self.last = [rng.choice(SURNAME) for _ in range(rows)]

    def col(
        self, header: str, make: Callable[[int], str], truth: Truth = "not", holes: float = 0.0
    ) -> HallColumn:
        return HallColumn(
            header, ["" if holes and self.rng.random() < holes else make(i) for i in range(self.rows)], truth
        )

    def pick(self, header: str, *values: str, truth: Truth = "not", holes: float = 0.0) -> HallColumn:
        return self.col(header, lambda i: self.rng.choice(values), truth, holes)

    def person(self, i: int, form: str = "{S} {f}") -> str:
        f, s = self.first[i], self.last[i]
        return form.format(f=f, s=s, S=s.upper(), F=f.upper(), i=f[0], c=self.rng.choice(("M.", "Mme")))

    def names(
        self, header: str, form: str = "{S} {f}", truth: Truth = "personal", holes: float = 0.0
    ) -> HallColumn:
        return self.col(header, lambda i: self.person(i, form), truth, holes)

    def few(self, header: str, many: int, form: str = "{f} {s}", truth: Truth = "personal") -> HallColumn:
        """So many full names, repeated."""
        chosen = [
            form.format(f=f, s=s, S=s.upper())
            for f, s in zip(self.rng.sample(FIRST, many), self.rng.sample(SURNAME, many), strict=True)
        ]
        return self.col(header, lambda i: self.rng.choice(chosen), truth)

    def firm(self) -> str:
        r, s = self.rng, self.rng.choice(SURNAME)
        return r.choice(
            (
                f"SARL {s.upper()} ET FILS",
                f"SCI {r.choice(('LES TILLEULS', 'DU CENTRE', 'HORIZON', 'SAINT-LOUP'))}",
                f"EURL {r.choice(('Le Fournil', 'Optique du Marché'))}",
                f"{s} Bâtiment SAS",
                "Crédit Mutuel",
                "Association Familles Rurales",
                "SNC Le Balto",
                f"GAEC {r.choice(('des Rives', 'du Moulin'))}",
                "La Poste SA",
                f"Garage {s}",
                f"Boulangerie {s}",
                "SAS Fibre Ouest",
                f"Cabinet {s} Associés",
            )
        )

    def mixed(
        self, header: str, share: float = 0.5, form: str = "{S} {f}", truth: Truth = "personal"
    ) -> HallColumn:
        """Persons for so many rows, firms for the others."""
        return self.col(
            header, lambda i: self.person(i, form) if self.rng.random() < share else self.firm(), truth
        )

    def day(
        self, header: str, early: int = 2019, late: int = 2026, truth: Truth = "not", iso: bool = False
    ) -> HallColumn:
        def one(_: int) -> str:
            d, m, y = (
                self.rng.randrange(1, 29),
                self.rng.randrange(1, 13),
                self.rng.randrange(early, late + 1),
            )
            return f"{y}-{m:02}-{d:02}" if iso else f"{d:02}/{m:02}/{y}"

        return self.col(header, one, truth)

    def stamp(self, header: str, truth: Truth = "not") -> HallColumn:
        r = self.rng
        return self.col(
            header,
            lambda i: (
                f"2026-{r.randrange(1, 12):02}-{r.randrange(1, 29):02} {r.randrange(24):02}:{r.randrange(60):02}:{r.randrange(60):02}"
            ),
            truth,
        )

    def number(self, header: str, low: int, high: int, truth: Truth = "not") -> HallColumn:
        return self.col(header, lambda i: str(self.rng.randrange(low, high)), truth)

    def money(self, header: str, low: int = 50, high: int = 20_000, truth: Truth = "not") -> HallColumn:
        return self.col(
            header, lambda i: f"{self.rng.randrange(low, high)},{self.rng.randrange(100):02}", truth
        )

    def serial(self, header: str, form: str = "{n}", truth: Truth = "not", start: int = 1) -> HallColumn:
        return self.col(header, lambda i: form.format(n=i + start), truth)

    def address(self, header: str, truth: Truth, town: bool = True) -> HallColumn:
        r = self.rng
        return self.col(
            header,
            lambda i: (
                f"{r.randrange(1, 140)} {r.choice(STREET)}"
                + (f" 34{digits(r, 3)} {r.choice(TOWN)}" if town else "")
            ),
            truth,
        )

    def phone(self, header: str, truth: Truth, holes: float = 0.1) -> HallColumn:
        return self.col(header, lambda i: mobile(self.rng), truth, holes)

    def fixed(self, header: str, truth: Truth = "not") -> HallColumn:
        return self.col(header, lambda i: "04 67 " + " ".join(digits(self.rng, 2) for _ in range(3)), truth)

    def mail(self, header: str, truth: Truth = "personal", holes: float = 0.1) -> HallColumn:
        r = self.rng
        return self.col(
            header,
            lambda i: (
                f"{plain(self.first[i])}.{plain(self.last[i])}@{r.choice(('orange.fr', 'gmail.com', 'sfr.fr', 'laposte.net'))}"
            ),
            truth,
            holes,
        )

    def lat(self, header: str = "lat", truth: Truth = "not") -> HallColumn:
        return self.col(header, lambda i: f"43.{digits(self.rng, 6)}", truth)

    def lon(self, header: str = "lon", truth: Truth = "not") -> HallColumn:
        return self.col(header, lambda i: f"3.{digits(self.rng, 6)}", truth)

    def ip(self, header: str, truth: Truth = "personal") -> HallColumn:
        r = self.rng
        return self.col(
            header,
            lambda i: (
                f"{r.choice((82, 90, 176, 10))}.{r.randrange(256)}.{r.randrange(256)}.{r.randrange(1, 255)}"
            ),
            truth,
        )

    def mac(self, header: str, truth: Truth = "personal", sep: str = ":") -> HallColumn:
        return self.col(header, lambda i: sep.join(f"{self.rng.randrange(256):02x}" for _ in range(6)), truth)

    def siret(self, header: str = "SIRET", truth: Truth = "not") -> HallColumn:
        return self.col(header, lambda i: siret(self.rng), truth)

    def token(self, alphabet: str, n: int) -> str:
        return "".join(self.rng.choice(alphabet) for _ in range(n))

    def secret(self) -> str:
        r, both = self.rng, string.ascii_letters + string.digits
        return r.choice(
            (
                "AKIA" + self.token(string.ascii_uppercase + "234567", 16),
                "ghp_" + self.token(both, 36),
                "sk_live_" + self.token(both, 24),
                "xoxb-" + digits(r, 12) + "-" + digits(r, 12) + "-" + self.token(both, 24),
                "AIza" + self.token(both + "-_", 35),
                "glpat-" + self.token(both, 20),
                "eyJhbGciOiJIUzI1NiJ9." + self.token(both, 40) + "." + self.token(both + "-_", 43),
            )
        )


Maker = Callable[[Hall], list[HallColumn]]
MAKERS: list[tuple[str, Fate, int, Maker]] = []


def table(fate: Fate, rows: int) -> Callable[[Maker], Maker]:
    def keep(maker: Maker) -> Maker:
        MAKERS.append((maker.__name__, fate, rows, maker))
        return maker

    return keep


# --- what must stay: persons by name ------------------------------------------------------------------------


@table("stays", 64)
def baux_commerciaux(h: Hall) -> list[HallColumn]:
    return [
        h.serial("ref_bail", "BC-{n:03}"),
        h.mixed("exploitant"),
        h.address("local", "either", town=False),
        h.money("loyer annuel", 2000, 30_000, "either"),
        h.day("date d'effet"),
        h.day("échéance", 2027, 2035),
    ]


@table("stays", 90)
def marche_plein_air(h: Hall) -> list[HallColumn]:
    return [
        h.serial("n° place", "{n}"),
        h.mixed("enseigne", 0.4, "{f} {s}"),
        h.pick("produits", *TRADE),
        h.number("ml", 2, 14),
        h.pick("jour", "mardi", "vendredi", "dimanche"),
    ]


@table("stays", 48)
def terrasses(h: Hall) -> list[HallColumn]:
    return [
        h.serial("AOT", "2026-T{n:03}"),
        h.mixed("permissionnaire", 0.6, "{c} {S} {f}"),
        h.address("emplacement", "either", town=False),
        h.number("surface m2", 4, 60),
        h.money("redevance", truth="either"),
    ]


@table("stays", 40)
def taxis(h: Hall) -> list[HallColumn]:
    return [
        h.serial("ADS", "{n}"),
        h.names("titulaire", "{f} {S}"),
        h.col("immat", lambda i: plate(h.rng), "personal"),
        h.day("arrêté du"),
        h.pick("statut", "active", "cédée"),
    ]


@table("stays", 118)
def projets(h: Hall) -> list[HallColumn]:
    what = (
        "Réhabilitation du gymnase",
        "Plan vélo",
        "Refonte du portail",
        "Cantine bio",
        "Végétalisation des cours",
        "Budget participatif",
        "Écoquartier des Berges",
    )
    return [
        h.col("Projet", lambda i: f"{h.rng.choice(what)} - lot {i + 1}"),
        h.names("Chef de projet", "{f} {S}"),
        h.money("Budget", 10_000, 900_000),
        h.pick("Avancement", "étude", "travaux", "livré"),
    ]


@table("stays", 245)
def annuaire_associations_contacts(h: Hall) -> list[HallColumn]:
    return [
        h.col(
            "Association",
            lambda i: (
                h.rng.choice(("Club", "Amicale", "Les Amis", "Comité"))
                + " "
                + h.rng.choice(
                    ("de pétanque", "des boulistes", "du patrimoine", "de danse", "laïque", "de judo")
                )
                + f" {h.rng.choice(TOWN)}"
            ),
        ),
        h.names("Contact", "{f} {s}"),
        h.phone("Portable", "personal"),
        h.mail("Courriel"),
        h.pick("Domaine", "sport", "culture", "social"),
    ]


@table("stays", 200)
def astreintes(h: Hall) -> list[HallColumn]:
    return [
        h.day("semaine du"),
        h.few("qui", 9),
        h.pick("quoi", "hiver", "voirie", "bâtiments"),
        h.number("heures", 2, 40),
    ]


@table("stays", 180)
def bons_de_travaux(h: Hall) -> list[HallColumn]:
    return [
        h.serial("bon", "BT{n:05}"),
        h.few("libelle", 7, "{S} {f}"),
        h.pick("nature", "peinture", "serrurerie", "plomberie"),
        h.day("fait le"),
        h.number("durée (h)", 1, 9),
    ]


@table("stays", 130)
def tournees(h: Hall) -> list[HallColumn]:
    return [
        h.pick("circuit", "C1", "C2", "C3", "C4"),
        h.few("chauffeur", 11, "{S} {f}"),
        h.few("équipier", 6, "{s} {f}"),
        h.number("tonnage", 2, 9),
        h.day("jour"),
    ]


@table("stays", 70)
def concessions(h: Hall) -> list[HallColumn]:
    return [
        h.pick("carré", "A", "B", "C", "D"),
        h.serial("n°"),
        h.names("concessionnaire", "{S} {f}"),
        h.names("ayant droit", "{c} {f} {s}", holes=0.5),
        h.day("acquise le", 1970, 2024),
        h.pick("durée", "15 ans", "30 ans", "50 ans"),
    ]


@table("stays", 55)
def bureaux_de_vote_assesseurs(h: Hall) -> list[HallColumn]:
    return [
        h.col("bureau", lambda i: f"{i // 5 + 1:02}"),
        h.pick("rôle", "assesseur", "secrétaire", "scrutateur"),
        h.names("volontaire", "{S} {f}"),
        h.phone("joignable au", "personal"),
    ]


@table("stays", 60)
def jures(h: Hall) -> list[HallColumn]:
    return [
        h.col("NOM PATRONYMIQUE", lambda i: h.last[i].upper(), "personal"),
        h.col("PRENOMS", lambda i: h.first[i].upper(), "personal"),
        h.day("NE(E) LE", 1950, 2000, "personal"),
        h.pick("A", *TOWN, truth="either"),
        h.address("DOMICILE", "personal"),
    ]


@table("stays", 75)
def objets_trouves(h: Hall) -> list[HallColumn]:
    both = h.mail("x", holes=0).cells
    return [
        h.pick("objet", "clés", "sac", "téléphone", "parapluie", "gants"),
        h.day("trouvé le"),
        h.names("déposant", "{f} {s}", holes=0.3),
        h.col("pour rappeler", lambda i: both[i] if i % 2 else mobile(h.rng), "personal", 0.2),
        h.pick("lieu", *STREET),
    ]


@table("stays", 85)
def jardins_familiaux(h: Hall) -> list[HallColumn]:
    return [
        h.serial("parcelle", "P{n}"),
        h.names("attributaire", "{S}"),
        h.number("m²", 60, 200),
        h.money("cotisation", 20, 90, "either"),
        h.pick("point d'eau", "oui", "non"),
    ]


@table("stays", 100)
def mariages(h: Hall) -> list[HallColumn]:
    other = Hall(random.Random(5), 100)
    return [
        h.day("célébré le"),
        h.names("époux 1", "{S} {f}"),
        h.col("époux 2", lambda i: other.person(i), "personal"),
        h.pick("salle", "salle des mariages", "mairie annexe"),
        h.few("officier", 5, "{f} {S}", "either"),
    ]


@table("stays", 95)
def natation_enfants(h: Hall) -> list[HallColumn]:
    return [
        h.names("Enfant", "{f} {S}"),
        h.pick("niveau", "débutant", "moyen", "confirmé"),
        h.col("Resp. légal", lambda i: f"{h.rng.choice(FIRST)} {h.last[i].upper()}", "personal"),
        h.phone("tél. mère", "personal", 0.2),
        h.pick("créneau", "lundi 17h", "mercredi 10h"),
    ]


@table("stays", 110)
def permis_de_construire(h: Hall) -> list[HallColumn]:
    return [
        h.serial("num_pc", "PC 034 172 26 {n:05}"),
        h.mixed("demandeur", 0.55, "{c} {S} {f}"),
        h.address("adresse des travaux", "either", town=False),
        h.day("déposé le"),
        h.number("surface créée", 12, 900),
        h.pick("décision", "accordé", "refusé", "en cours"),
    ]


@table("stays", 45)
def aides_ravalement(h: Hall) -> list[HallColumn]:
    return [
        h.mixed("bénéficiaire", 0.3, "{f} {S}"),
        h.money("aide versée", truth="either"),
        h.day("votée le"),
        h.pick("quartier", "Centre", "Berges", "Gare"),
    ]


@table("stays", 66)
def meubles_de_tourisme(h: Hall) -> list[HallColumn]:
    return [
        h.serial("n° enregistrement", "34172{n:06}AB"),
        h.mixed("loueur", 0.85, "{s} {f}"),
        h.address("adresse du meublé", "either"),
        h.number("couchages", 1, 9),
        h.pick("classement", "1 étoile", "2 étoiles", "3 étoiles", "non classé"),
    ]


@table("stays", 50)
def assistantes_maternelles(h: Hall) -> list[HallColumn]:
    return [
        h.col("Nom", lambda i: h.last[i], "personal"),
        h.col("Prénom", lambda i: h.first[i], "personal"),
        h.address("Adresse", "personal"),
        h.fixed("Téléphone", "personal"),
        h.number("Places", 1, 5),
    ]


@table("stays", 140)
def abonnes_eau(h: Hall) -> list[HallColumn]:
    return [
        h.serial("PDL", "{n:06}", "either", 40_000),
        h.names("abonné", "{c} {S}"),
        h.address("branchement", "personal"),
        h.number("index", 100, 9000),
        h.number("conso m3", 10, 300, "either"),
    ]


@table("stays", 60)
def conseils_de_quartier(h: Hall) -> list[HallColumn]:
    return [
        h.pick("quartier", "Berges", "Gare", "Centre", "Plateau"),
        h.names("habitant tiré au sort", "{f} {S}"),
        h.pick("collège", "habitants", "acteurs locaux"),
        h.day("désigné le"),
    ]


@table("stays", 80)
def acquisitions_foncieres(h: Hall) -> list[HallColumn]:
    return [
        h.col("parcelle", lambda i: f"{h.rng.choice('ABCD')}{h.rng.choice('EKM')} {i + 12:04}"),
        h.mixed("vendeur", 0.5, "Consorts {S}"),
        h.day("date de l'acte", 1948, 2012),
        h.number("m2", 40, 5000),
        h.money("prix", 1000, 90_000, "either"),
    ]


@table("stays", 120)
def reservations_salles(h: Hall) -> list[HallColumn]:
    return [
        h.pick("salle", "Salle Molière", "Salle des fêtes", "Foyer"),
        h.mixed("réservataire", 0.5, "{f} {s}"),
        h.day("date"),
        h.pick("motif", "anniversaire", "réunion", "loto", "mariage", truth="either"),
        h.money("caution", 100, 900),
    ]


@table("stays", 77)
def formation_agents(h: Hall) -> list[HallColumn]:
    return [
        h.pick("stage", "SST", "CACES", "Excel", "habilitation B0"),
        h.names("stagiaire", "{s} {f}"),
        h.pick("service", *AGENCY),
        h.number("jours", 1, 5),
    ]


@table("stays", 36)
def sans_entete_naissances(h: Hall) -> list[HallColumn]:
    return [
        h.col("", lambda i: h.last[i].upper(), "personal"),
        h.col("", lambda i: h.first[i], "personal"),
        h.day("", 1955, 2012, "personal"),
        h.pick("", "Gymnastique", "Judo", "Danse", "Théâtre"),
        h.money("", 40, 200, "either"),
    ]


@table("stays", 58)
def sans_entete_contacts(h: Hall) -> list[HallColumn]:
    return [
        h.names("", "{f} {S}"),
        h.phone("", "personal", 0.05),
        h.pick("", *STREET),
        h.pick("", "rappelé", "à rappeler", "clos"),
    ]


@table("stays", 150)
def rendez_vous(h: Hall) -> list[HallColumn]:
    return [
        h.stamp("debut"),
        h.pick("objet", "passeport", "CNI", "PACS"),
        h.names("intitulé", "RDV {c} {S}"),
        h.pick("guichet", "G1", "G2", "G3"),
    ]


@table("stays", 88)
def benevoles(h: Hall) -> list[HallColumn]:
    return [
        h.names("col1", "{f} {s}"),
        h.pick("col2", "accueil", "buvette", "sécurité"),
        h.phone("col3", "personal", 0.3),
        h.pick("col4", "S", "M", "L", "XL"),
    ]


@table("stays", 300)
def suivi_chantier(h: Hall) -> list[HallColumn]:
    return [
        h.serial("lot", "L{n}"),
        h.few("suivi", 12, "{i}. {S}".replace("{i}", "{f}")),
        h.number("%", 0, 101),
        h.pick("entreprise", "Eurovia", "Colas", "Bouygues", "SPIE"),
    ]


@table("stays", 72)
def accidents_agents(h: Hall) -> list[HallColumn]:
    return [
        h.col("matricule", lambda i: f"{h.rng.randrange(1000, 9999)}", "either"),
        h.names("victime", "{f} {S}"),
        h.day("survenu le"),
        h.pick("lésion", "entorse", "coupure", "lombalgie", "fracture", truth="personal"),
        h.number("jours d'arrêt", 0, 60, "either"),
    ]


# --- what must stay: numbers, traces, keys ------------------------------------------------------------------


@table("stays", 240)
def wifi_public(h: Hall) -> list[HallColumn]:
    return [
        h.stamp("connexion"),
        h.ip("ip"),
        h.mac("mac"),
        h.pick("borne", "Mairie", "Gare", "Halles"),
        h.number("octets", 1000, 9_000_000),
    ]


@table("stays", 220)
def portail_captif(h: Hall) -> list[HallColumn]:
    return [
        h.stamp("horodatage"),
        h.mac("appareil", sep="-"),
        h.number("durée_s", 10, 9000),
        h.pick("hotspot", "Médiathèque", "Piscine"),
    ]


@table("stays", 200)
def journal_web(h: Hall) -> list[HallColumn]:
    r = h.rng
    return [
        h.stamp("date"),
        h.ip("client"),
        h.pick("methode", "GET", "POST"),
        h.pick("page", "/accueil", "/demarches", "/contact"),
        h.col("agent", lambda i: r.choice(("Firefox/128", "Chrome/127", "Safari/17"))),
        h.pick("code", "200", "302", "404"),
    ]


@table("stays", 160)
def acces_vpn(h: Hall) -> list[HallColumn]:
    r = h.rng
    return [
        h.stamp("ouvert"),
        h.col("utilisateur", lambda i: plain(h.first[i])[0] + plain(h.last[i]).replace(".", ""), "personal"),
        h.col(
            "source",
            lambda i: (
                f"2a01:cb0{r.randrange(10)}:{r.randrange(65536):x}:{r.randrange(65536):x}::{r.randrange(65536):x}"
            ),
            "personal",
        ),
        h.number("minutes", 1, 500),
    ]


@table("stays", 260)
def passages_badge(h: Hall) -> list[HallColumn]:
    held = [digits(h.rng, 8) for _ in range(40)]
    return [
        h.stamp("passage"),
        h.col("n° badge", lambda i: h.rng.choice(held), "personal"),
        h.pick("porte", "Entrée nord", "Parking", "Archives"),
        h.pick("sens", "E", "S"),
    ]


@table("stays", 90)
def comptes_informatiques(h: Hall) -> list[HallColumn]:
    return [
        h.col("login", lambda i: f"{plain(h.last[i]).replace('.', '')}{plain(h.first[i])[0]}", "personal"),
        h.pick("profil", "agent", "admin", "élu"),
        h.stamp("dernière connexion", "either"),
        h.pick("service", *AGENCY),
    ]


@table("stays", 130)
def tickets_support(h: Hall) -> list[HallColumn]:
    return [
        h.serial("ticket", "INC{n:06}"),
        h.col("demandé par", lambda i: f"{plain(h.first[i])}.{plain(h.last[i])}", "personal"),
        h.pick("catégorie", "imprimante", "messagerie", "réseau"),
        h.stamp("ouvert le"),
    ]


@table("stays", 150)
def restauration_scolaire(h: Hall) -> list[HallColumn]:
    r = h.rng
    return [
        h.col("num_alloc_caf", lambda i: digits(r, 7) + r.choice(string.ascii_uppercase), "personal"),
        h.number("QF", 150, 2200, "either"),
        h.pick("école", "Jules Ferry", "Les Tilleuls", "La Fontaine"),
        h.pick("tranche", "T1", "T2", "T3", "T4"),
    ]


@table("stays", 170)
def eleves_ine(h: Hall) -> list[HallColumn]:
    r = h.rng
    return [
        h.col("INE", lambda i: digits(r, 9) + r.choice("ABCDEFGHJK") + r.choice("ABCDEFGHJK"), "personal"),
        h.pick("niveau", "CP", "CE1", "CE2", "CM1", "CM2"),
        h.pick("étude surveillée", "oui", "non"),
        h.pick("UAI", "0340123A", "0340456B"),
    ]


@table("stays", 105)
def demandeurs_logement(h: Hall) -> list[HallColumn]:
    return [
        h.col(
            "NUR", lambda i: f"0{h.rng.randrange(30, 35)}{digits(h.rng, 9)}34{digits(h.rng, 4)}", "personal"
        ),
        h.pick("typologie", "T1", "T2", "T3", "T4"),
        h.number("revenu fiscal", 4000, 40_000, "either"),
        h.pick(
            "motif", "sans logement", "divorce", "violences conjugales", "rapprochement", truth="personal"
        ),
        h.day("demande du"),
    ]


@table("stays", 190)
def fps_stationnement(h: Hall) -> list[HallColumn]:
    return [
        h.stamp("constaté"),
        h.col("véhicule", lambda i: plate(h.rng), "personal"),
        h.pick("voie", *STREET),
        h.pick("montant", "17", "35"),
        h.pick("payé", "oui", "non"),
    ]


@table("stays", 84)
def joindre_secteur(h: Hall) -> list[HallColumn]:
    return [
        h.pick("secteur", "Nord", "Sud", "Est", "Ouest"),
        h.col("joindre", lambda i: h.rng.choice("67") + digits(h.rng, 8), "personal"),
        h.pick("fonction", "référent", "relais"),
        h.pick("jour", "lundi", "jeudi"),
    ]


@table("stays", 64)
def numeros_pleine_chasse(h: Hall) -> list[HallColumn]:
    return [
        h.col("famille", lambda i: h.last[i].upper(), "personal"),
        h.col("appel", lambda i: mobile(h.rng).replace("+33 ", "0").translate(WIDE), "personal"),
        h.number("parts", 1, 6),
        h.pick("retrait", "mardi", "jeudi"),
    ]


@table("stays", 52)
def zero_largeur(h: Hall) -> list[HallColumn]:
    def one(_: int) -> str:
        made = nir(h.rng)
        return "\u200b".join((made[:5], made[5:10], made[10:]))

    return [
        h.serial("dossier", "D{n:04}"),
        h.col("réf. assuré", one, "personal"),
        h.pick("prestation", "RSA", "APL", "ASPA", truth="either"),
        h.day("instruit le"),
    ]


@table("stays", 24)
def parametres(h: Hall) -> list[HallColumn]:
    return [
        h.serial("parametre", "param_{n}"),
        h.col(
            "valeur",
            lambda i: (
                h.secret()
                if i % 3 == 0
                else h.rng.choice(("true", "30", "https://api.ville-exemple.fr", "fr_FR", "prod"))
            ),
            "secret",
        ),
        h.pick("environnement", "prod", "test"),
    ]


@table("stays", 30)
def connecteurs(h: Hall) -> list[HallColumn]:
    return [
        h.pick("fournisseur", "météo", "cartographie", "SMS", "paiement"),
        h.col("accès", lambda i: h.secret(), "secret"),
        h.day("expire le", 2027, 2029),
    ]


@table("stays", 28)
def flux_externes(h: Hall) -> list[HallColumn]:
    return [
        h.pick("nom", "trafic", "air", "eau"),
        h.col(
            "url",
            lambda i: (
                f"https://flux{i}.exemple.fr/v2/data?token={h.token(string.hexdigits.lower()[:16], 32)}&f=json"
            ),
            "secret",
        ),
        h.pick("fréquence", "5 min", "1 h"),
    ]


@table("stays", 33)
def alarmes(h: Hall) -> list[HallColumn]:
    return [
        h.col("bâtiment", lambda i: f"École {FAMOUS[i % len(FAMOUS)]}"),
        h.col("code alarme", lambda i: digits(h.rng, 4), "secret"),
        h.pick("télésurveilleur", "Protec", "Vigi Sud"),
    ]


@table("stays", 31)
def wifi_batiments(h: Hall) -> list[HallColumn]:
    return [
        h.pick("site", "Mairie", "CTM", "CCAS"),
        h.serial("ssid", "VILLE-{n}"),
        h.col("mot de passe", lambda i: h.token(string.ascii_letters + string.digits + "!?#", 12), "secret"),
    ]


@table("stays", 140)
def sms_envoyes(h: Hall) -> list[HallColumn]:
    r = h.rng
    return [
        h.stamp("envoi"),
        h.col("destinataire", lambda i: f"+33{r.choice('67')}{digits(r, 8)}", "personal"),
        h.pick("statut", "remis", "échec"),
        h.pick("campagne", "canicule", "crue", "coupure d'eau"),
    ]


@table("stays", 115)
def prets_mediatheque(h: Hall) -> list[HallColumn]:
    return [
        h.day("prêté le"),
        h.col("carte lecteur", lambda i: "2" + digits(h.rng, 12), "personal"),
        h.col("isbn", lambda i: isbn(h.rng)),
        h.pick("titre", "Germinal", "Nana", "L'Étranger", "La Peste", "Colomba"),
    ]


# --- what must stay: health, social life, opinions, minors --------------------------------------------------


@table("stays", 80)
def suivi_social(h: Hall) -> list[HallColumn]:
    return [
        h.names("usager", "{S} {f}"),
        h.pick(
            "problématique",
            "suivi addictologie",
            "violences conjugales",
            "surendettement",
            "isolement",
            "expulsion locative",
            truth="personal",
        ),
        h.few("référent", 4),
        h.day("ouvert le"),
    ]


@table("stays", 96)
def accompagnements(h: Hall) -> list[HallColumn]:
    return [
        h.serial("code usager", "U{n:04}", "either"),
        h.number("âge", 18, 80, "either"),
        h.pick(
            "accompagnement",
            "sevrage alcool",
            "suivi addictologie",
            "consultation psy",
            "insertion",
            "aide alimentaire",
            truth="personal",
        ),
        h.day("entrée"),
    ]


@table("stays", 75)
def eleves_besoins(h: Hall) -> list[HallColumn]:
    return [
        h.serial("élève", "E-{n:03}", "either"),
        h.pick("école", "Jules Ferry", "Les Tilleuls"),
        h.pick("besoin", "TSA", "dyslexie", "TDAH", "déficience auditive", "aucun", truth="personal"),
        h.pick("notification MDPH", "oui", "non", "en cours", truth="personal"),
        h.pick("heures AESH", "6", "12", "24", truth="either"),
    ]


@table("stays", 65)
def registre_canicule(h: Hall) -> list[HallColumn]:
    return [
        h.col("Nom", lambda i: h.last[i].upper(), "personal"),
        h.col("Prénom", lambda i: h.first[i], "personal"),
        h.number("étage", 0, 9, "either"),
        h.pick(
            "observations",
            "sous oxygène",
            "diabète insulinodépendant",
            "vit seule",
            "fauteuil roulant",
            "RAS",
            truth="personal",
        ),
        h.phone("à prévenir", "personal"),
    ]


@table("stays", 90)
def centre_de_loisirs(h: Hall) -> list[HallColumn]:
    return [
        h.names("enfant", "{f} {i}."),
        h.day("né(e) le", 2014, 2022, "personal"),
        h.pick("PAI", "asthme", "arachide", "gluten", "épilepsie", "", truth="personal"),
        h.pick("repas", "standard", "sans porc", "végétarien", truth="personal"),
    ]


@table("stays", 120)
def absences(h: Hall) -> list[HallColumn]:
    return [
        h.col("matricule agent", lambda i: f"A{h.rng.randrange(100, 160)}", "personal"),
        h.pick(
            "motif",
            "maladie ordinaire",
            "accident du travail",
            "congé maternité",
            "CLM",
            "formation",
            truth="personal",
        ),
        h.number("jours", 1, 40, "either"),
        h.day("du"),
    ]


@table("stays", 40)
def heures_syndicales(h: Hall) -> list[HallColumn]:
    return [
        h.names("agent", "{S} {f}"),
        h.pick("organisation", "CGT", "CFDT", "FO", "UNSA", "SUD", truth="personal"),
        h.number("heures", 1, 20),
    ]


@table("stays", 100)
def interventions_pm(h: Hall) -> list[HallColumn]:
    return [
        h.stamp("appel"),
        h.address("lieu", "personal", town=False),
        h.pick(
            "nature",
            "violences conjugales",
            "tapage",
            "différend familial",
            "ivresse publique",
            truth="personal",
        ),
        h.pick("suite", "OPJ avisé", "médiation", "sans suite", truth="either"),
    ]


@table("stays", 85)
def aides_maintien_domicile(h: Hall) -> list[HallColumn]:
    return [
        h.lat("lat", "personal"),
        h.lon("lon", "personal"),
        h.pick("GIR du bénéficiaire", "1", "2", "3", "4", "5", truth="either"),
        h.number("heures/mois", 4, 60),
        h.pick("intervenant", "ADMR", "CCAS"),
    ]


@table("stays", 95)
def portage_repas(h: Hall) -> list[HallColumn]:
    return [
        h.pick("régime", "diabétique", "sans sel", "mixé", "normal", truth="personal"),
        h.address("livraison", "personal", town=False),
        h.pick("jours", "LMMJV", "LMJ"),
        h.col("bénéficiaire", lambda i: f"{h.first[i][0]}. {h.last[i]}", "personal"),
    ]


@table("stays", 70)
def vaccination_enfants(h: Hall) -> list[HallColumn]:
    return [
        h.col("n° patient", lambda i: digits(h.rng, 6), "personal"),
        h.day("naissance", 2010, 2024, "personal"),
        h.pick("vaccin", "DTP", "ROR", "BCG", truth="either"),
        h.day("injection"),
    ]


@table("stays", 60)
def chantier_insertion(h: Hall) -> list[HallColumn]:
    return [
        h.names("salarié en insertion", "{f} {S}"),
        h.pick(
            "situation",
            "RSA",
            "ASS",
            "sortant de détention",
            "sans domicile",
            "demandeur d'asile",
            truth="personal",
        ),
        h.day("début"),
        h.pick("atelier", "espaces verts", "peinture"),
    ]


@table("stays", 110)
def petitions(h: Hall) -> list[HallColumn]:
    return [
        h.names("signataire", "{f} {s}"),
        h.pick("opinion", "pour", "contre", truth="either"),
        h.mail("adresse élec."),
        h.stamp("signé"),
    ]


@table("stays", 68)
def cours_de_langue(h: Hall) -> list[HallColumn]:
    return [
        h.names("apprenant", "{s} {f}"),
        h.pick(
            "nationalité", "afghane", "malienne", "ukrainienne", "syrienne", "portugaise", truth="personal"
        ),
        h.pick("niveau", "A1", "A2", "B1"),
        h.pick("titre de séjour", "réfugié", "étudiant", "VPF", truth="personal"),
    ]


# --- what may go: places, works, deeds ----------------------------------------------------------------------


@table("goes", 140)
def bureaux_de_poste(h: Hall) -> list[HallColumn]:
    return [
        h.col("identifiant", lambda i: f"{34 * 1000 + i:05}A"),
        h.col(
            "libellé du site",
            lambda i: (
                h.rng.choice(
                    (
                        "SAINT ANDRE",
                        "MARTIN EGLISE",
                        "VILLENEUVE",
                        "ROSE PARADIS",
                        "SAINTE MARIE",
                        "BEAULIEU",
                        "LA FLOTTE",
                        "PIERRE BENITE",
                        "CLERMONT",
                    )
                )
                + h.rng.choice(("", " BP", " CENTRE", " RP", " PDC1"))
            ),
        ),
        h.address("adresse", "not", town=False),
        h.col("code postal", lambda i: f"34{digits(h.rng, 3)}"),
        h.lat("latitude"),
        h.lon("longitude"),
    ]


@table("goes", 90)
def agences_postales(h: Hall) -> list[HallColumn]:
    return [
        h.col(
            "site",
            lambda i: (
                f"{h.rng.choice(('SAINT', 'SAINTE'))} {h.rng.choice(FIRST).upper()} {h.rng.choice(('LE CHATEL', 'DU BOIS', 'LES BAINS', ''))}".strip()
            ),
        ),
        h.pick("type", "bureau de poste", "agence communale", "relais commerçant"),
        h.fixed("téléphone"),
        h.lat("y"),
        h.lon("x"),
    ]


@table("goes", 60)
def ecoles(h: Hall) -> list[HallColumn]:
    uai = [f"034{digits(h.rng, 4)}{h.rng.choice('ABCDEFGH')}" for _ in range(60)]
    return [
        h.col("UAI", lambda i: uai[i]),
        h.col("nom", lambda i: h.rng.choice(FAMOUS)),
        h.address("adresse", "not"),
        h.fixed("tel"),
        h.col("mail", lambda i: f"ce.{uai[i].lower()}@ac-montpellier.fr"),
        h.number("élèves", 40, 400),
    ]


@table("goes", 45)
def ecoles_majuscules(h: Hall) -> list[HallColumn]:
    return [
        h.pick("nature", "EEPU", "EMPU"),
        h.col("appellation", lambda i: h.rng.choice(FAMOUS).upper()),
        h.pick("commune", *TOWN),
        h.number("nb classes", 2, 15),
    ]


@table("goes", 160)
def voies(h: Hall) -> list[HallColumn]:
    return [
        h.serial("rivoli", "{n:04}"),
        h.pick("type", "rue", "avenue", "impasse", "place"),
        h.col(
            "libellé",
            lambda i: (
                h.rng.choice(FAMOUS) if i % 3 else h.rng.choice(("du Lavoir", "des Acacias", "de la Gare"))
            ),
        ),
        h.number("longueur", 20, 1200),
    ]


@table("goes", 80)
def noms_de_rues_hommages(h: Hall) -> list[HallColumn]:
    return [
        h.col("voie", lambda i: f"Rue {FAMOUS[i % len(FAMOUS)]}"),
        h.col("personnalité", lambda i: FAMOUS[i % len(FAMOUS)]),
        h.number("naissance", 1750, 1920),
        h.number("décès", 1820, 2010),
        h.day("délibération du"),
    ]


def isbn(rng: random.Random) -> str:
    body = "9782" + digits(rng, 8)
    return body + str(-sum(int(c) * (3 if i % 2 else 1) for i, c in enumerate(body)) % 10)


@table("goes", 150)
def fonds_mediatheque(h: Hall) -> list[HallColumn]:
    return [
        h.col("isbn", lambda i: isbn(h.rng)),
        h.col(
            "titre",
            lambda i: (
                h.rng.choice(("Le Jardin", "La Nuit", "Carnets", "Histoire", "L'Atelier", "Contes"))
                + " "
                + h.rng.choice(("des ombres", "d'hiver", "de Provence", "perdue", "du fleuve"))
            ),
        ),
        h.names("auteur", "{S}, {f}", "not"),
        h.pick("éditeur", "Gallimard", "Actes Sud", "Le Seuil", "Grasset"),
        h.number("année", 1960, 2026),
    ]


@table("goes", 110)
def nouveautes_livres(h: Hall) -> list[HallColumn]:
    return [
        h.col(
            "Titre",
            lambda i: (
                h.rng.choice(("Un été", "Les Marées", "Le Silence", "Petite", "Mémoires"))
                + f" {h.rng.choice(('à Sète', 'de loin', 'du monde', 'et après'))}"
            ),
        ),
        h.names("Auteur(s)", "{f} {s}", "not"),
        h.pick("Cote", "R", "RP", "BD", "J 840"),
        h.pick("Rayon", "adulte", "jeunesse"),
    ]


@table("goes", 60)
def cinema(h: Hall) -> list[HallColumn]:
    return [
        h.pick("film", "La Traversée", "Petits Matins", "Nord", "Le Chant", "Retour"),
        h.names("réalisation", "{f} {s}", "not"),
        h.stamp("séance"),
        h.pick("version", "VF", "VOST"),
        h.pick("salle", "1", "2"),
    ]


@table("goes", 70)
def programmation_concerts(h: Hall) -> list[HallColumn]:
    return [
        h.day("date"),
        h.names("artiste", "{f} {s}", "not"),
        h.pick("lieu", "Théâtre Jean Vilar", "Kiosque", "Salle Molière"),
        h.pick("genre", "jazz", "rock", "baroque"),
        h.pick("tarif", "12", "8", "gratuit"),
    ]


@table("goes", 35)
def conseillers_municipaux(h: Hall) -> list[HallColumn]:
    return [
        h.col("Nom de l'élu", lambda i: h.last[i].upper(), "not"),
        h.col("Prénom de l'élu", lambda i: h.first[i], "not"),
        h.pick("Fonction", "Maire", "Adjoint au maire", "Conseiller municipal", "Conseillère municipale"),
        h.day("Date de début du mandat", 2020, 2026),
    ]


@table("goes", 40)
def commissions(h: Hall) -> list[HallColumn]:
    return [
        h.pick("commission", "Finances", "Urbanisme", "Culture"),
        h.names("élu référent", "{f} {S}", "not"),
        h.pick("qualité", "vice-président", "membre"),
        h.pick("groupe", "majorité", "opposition", truth="either"),
    ]


@table("goes", 120)
def deliberations(h: Hall) -> list[HallColumn]:
    return [
        h.serial("n°", "2026-{n:03}"),
        h.day("date de l'acte", 2019, 2026),
        h.pick("objet", "Budget primitif", "Subvention", "Tarifs 2026", "Convention"),
        h.pick("vote", "unanimité", "majorité"),
        h.day("affiché le"),
    ]


@table("goes", 95)
def actes_notaries_domaine(h: Hall) -> list[HallColumn]:
    return [
        h.col("parcelle", lambda i: f"AB {i + 1:04}"),
        h.day("date acte", 1942, 2009),
        h.pick("nature", "vente", "échange", "donation"),
        h.pick("cédant", "État", "SNCF Réseau", "Département", "SCI du Port", "Commune"),
        h.number("contenance", 50, 9000),
    ]


@table("goes", 100)
def ouvrages_d_art(h: Hall) -> list[HallColumn]:
    return [
        h.serial("ouvrage", "OA{n:03}"),
        h.day("mise en service", 1930, 2015),
        h.day("dernière visite", 2022, 2026),
        h.pick("matériau", "béton", "acier", "maçonnerie"),
        h.lat(),
        h.lon(),
    ]


@table("goes", 55)
def permis_historiques(h: Hall) -> list[HallColumn]:
    return [
        h.serial("cote", "4W{n}"),
        h.day("acte du", 1938, 1999, iso=True),
        h.pick("service versant", "Urbanisme", "Voirie"),
        h.number("pièces", 1, 60),
    ]


@table("goes", 130)
def articles_magasin(h: Hall) -> list[HallColumn]:
    return [
        h.col("article", lambda i: "0" + h.rng.choice("123456789") + digits(h.rng, 8)),
        h.pick("désignation", "vis M6", "gaine 20", "ampoule LED", "peinture blanche", "joint 15/21"),
        h.number("stock", 0, 400),
        h.money("PU HT", 1, 90),
        h.pick("fournisseur", "Rexel", "Würth", "Cedeo"),
    ]


@table("goes", 90)
def references_catalogue(h: Hall) -> list[HallColumn]:
    return [
        h.col("ref", lambda i: "06" + digits(h.rng, 8)),
        h.pick("famille", "papeterie", "entretien", "mobilier"),
        h.pick("unité", "boîte", "carton", "pièce"),
        h.number("quantité", 1, 200),
    ]


@table("goes", 100)
def horodatage_capteurs(h: Hall) -> list[HallColumn]:
    return [
        h.col("ts", lambda i: str(1_764_000_000 + 600 * i)),
        h.pick("capteur", "C-01", "C-02", "C-03"),
        h.money("valeur", 5, 30),
        h.pick("unité", "°C"),
    ]


@table("goes", 85)
def compteurs_eau_batiments(h: Hall) -> list[HallColumn]:
    return [
        h.col("compteur", lambda i: h.rng.choice("67") + digits(h.rng, 8)),
        h.pick("bâtiment", "Mairie", "Stade", "École Jean Zay", "Piscine"),
        h.number("index", 100, 90_000),
        h.day("relevé le"),
    ]


@table("goes", 125)
def etablissements_sirene(h: Hall) -> list[HallColumn]:
    return [
        h.siret(),
        h.col("dénomination", lambda i: h.person(i) if i % 2 else h.firm(), "either"),
        h.pick("NAF", "47.11B", "56.10A", "96.02A", "43.21A"),
        h.pick("commune", *TOWN),
        h.pick("catégorie juridique", "1000", "5499", "5710"),
    ]


@table("goes", 70)
def marches_publics(h: Hall) -> list[HallColumn]:
    return [
        h.serial("marché", "2026M{n:03}"),
        h.col("titulaire", lambda i: h.firm()),
        h.siret("siret titulaire"),
        h.money("montant HT", 5000, 900_000),
        h.day("notifié le"),
    ]


@table("goes", 95)
def subventions(h: Hall) -> list[HallColumn]:
    return [
        h.col(
            "bénéficiaire",
            lambda i: (
                h.rng.choice(("Les Amis de", "Cercle", "Association sportive", "Comité"))
                + " "
                + h.rng.choice(FAMOUS)
            ),
        ),
        h.siret(),
        h.money("montant", 100, 40_000),
        h.pick("objet", "fonctionnement", "projet"),
        h.day("votée le"),
    ]


@table("goes", 80)
def associations(h: Hall) -> list[HallColumn]:
    slug = ["".join(h.rng.choice(string.ascii_lowercase) for _ in range(6)) for _ in range(80)]
    return [
        h.col(
            "nom",
            lambda i: (
                h.rng.choice(("Amicale laïque", "Chorale", "Club nautique", "Foyer rural"))
                + f" de {h.rng.choice(TOWN)}"
            ),
        ),
        h.col("contact", lambda i: f"{h.rng.choice(('info', 'contact', 'bureau', 'asso'))}@{slug[i]}.fr"),
        h.col("site", lambda i: f"https://www.{slug[i]}.fr"),
        h.col("RNA", lambda i: f"W34{digits(h.rng, 7)}"),
    ]


@table("goes", 45)
def creches(h: Hall) -> list[HallColumn]:
    return [
        h.col(
            "structure",
            lambda i: (
                f"Crèche {h.rng.choice(('Les Lutins', 'Petit Prince', 'Françoise Dolto', 'Pomme d’Api'))}"
            ),
        ),
        h.pick("gestionnaire", "Ville", "Association Pirouette", "People&Baby"),
        h.fixed("téléphone"),
        h.serial("courriel", "creche{n}@ville-exemple.fr"),
        h.number("places", 12, 60),
    ]


@table("goes", 65)
def bornes_irve(h: Hall) -> list[HallColumn]:
    return [
        h.serial("id_pdc_itinerance", "FRS34E34172{n:03}"),
        h.pick("nom_operateur", "Révéo", "Izivia", "Freshmile"),
        h.pick("contact_operateur", "info@reveo.fr", "support@izivia.com"),
        h.pick("telephone_operateur", "0970830213", "0972668001"),
        h.lat("consolidated_latitude"),
        h.lon("consolidated_longitude"),
    ]


@table("goes", 75)
def gymnases(h: Hall) -> list[HallColumn]:
    return [
        h.col("équipement", lambda i: h.rng.choice(FAMOUS)),
        h.pick("type", "gymnase", "stade", "piscine", "dojo"),
        h.number("surface", 200, 9000),
        h.lat(),
        h.lon(),
    ]


@table("goes", 120)
def arrets_bus(h: Hall) -> list[HallColumn]:
    return [
        h.serial("stop_id", "S{n}"),
        h.col(
            "stop_name",
            lambda i: (
                h.rng.choice(FAMOUS) if i % 2 else h.rng.choice(("Gare", "Mairie", "Hôpital", "Les Halles"))
            ),
        ),
        h.lat("stop_lat"),
        h.lon("stop_lon"),
    ]


@table("goes", 140)
def arbres(h: Hall) -> list[HallColumn]:
    return [
        h.pick("essence", "Rose de Chine", "Olivier", "Laurier", "Platane", "Jasmin", "Prunus"),
        h.day("planté le", 1955, 2022),
        h.number("hauteur", 2, 25),
        h.lat("latitude"),
        h.lon("longitude"),
    ]


@table("goes", 60)
def rosiers(h: Hall) -> list[HallColumn]:
    return [
        h.pick(
            "variété",
            "Pierre de Ronsard",
            "Mme Meilland",
            "Charles de Gaulle",
            "Catherine Deneuve",
            "Edith Piaf",
            "Yves Piaget",
            "Louis de Funès",
            "Jacques Cartier",
        ),
        h.pick("massif", "M1", "M2", "M3"),
        h.number("pieds", 2, 40),
    ]


@table("goes", 80)
def menus(h: Hall) -> list[HallColumn]:
    return [
        h.day("jour"),
        h.pick("entrée", "salade César", "carottes râpées", "céleri"),
        h.pick("plat", "poulet Marengo", "hachis Parmentier", "poisson Bercy"),
        h.pick("dessert", "poire Belle Hélène", "pêche Melba", "crêpe Suzette"),
        h.pick("allergènes", "gluten", "lait", "œuf", "arachide"),
    ]


@table("goes", 50)
def bateaux(h: Hall) -> list[HallColumn]:
    return [
        h.pick("poste", "A1", "A2", "B1"),
        h.pick("navire", "Marie-Louise", "Jean-Pierre", "Saint Nicolas", "Belle Rose", "Petit Paul"),
        h.number("longueur cm", 400, 1500),
        h.day("escale"),
    ]


@table("goes", 55)
def restaurants(h: Hall) -> list[HallColumn]:
    return [
        h.pick(
            "établissement",
            "Chez Paul",
            "Le Bistrot de Marie",
            "Au Petit Nicolas",
            "La Table d’Hugo",
            "Le Comptoir",
        ),
        h.address("adresse", "not"),
        h.number("couverts", 20, 120),
        h.pick("cuisine", "française", "italienne"),
    ]


@table("goes", 48)
def pharmacies(h: Hall) -> list[HallColumn]:
    return [
        h.col("raison sociale", lambda i: f"PHARMACIE {h.last[i].upper()}"),
        h.address("adresse", "not"),
        h.fixed("téléphone"),
        h.col("FINESS", lambda i: luhn("34" + digits(h.rng, 6))),
    ]


@table("goes", 40)
def permanences(h: Hall) -> list[HallColumn]:
    return [
        h.pick("organisme", "CPAM", "Mission locale", "CIDFF", "Centre d'addictologie", "France Victimes"),
        h.pick(
            "public", "victimes de violences", "personnes handicapées", "tout public", "malades et aidants"
        ),
        h.pick("jour", "lundi", "jeudi"),
        h.fixed("tél."),
    ]


@table("goes", 36)
def motifs_ccas(h: Hall) -> list[HallColumn]:
    return [
        h.pick("année", "2023", "2024", "2025"),
        h.pick("motif", "violences conjugales", "addictions", "surendettement", "logement", "santé mentale"),
        h.number("nombre de situations", 25, 400),
    ]


@table("goes", 30)
def effectifs_ulis(h: Hall) -> list[HallColumn]:
    return [
        h.pick("école", "Jules Ferry", "Les Tilleuls", "Jean Zay"),
        h.pick("trouble", "TSA", "dyslexie", "déficience visuelle"),
        h.number("effectif", 20, 90),
        h.pick("rentrée", "2024", "2025"),
    ]


@table("goes", 88)
def places_pmr(h: Hall) -> list[HallColumn]:
    return [
        h.serial("place", "PMR-{n}"),
        h.pick("type", "handicapé", "handicapé van"),
        h.pick("voie", *STREET),
        h.lat(),
        h.lon(),
    ]


@table("goes", 60)
def controles_fichiers(h: Hall) -> list[HallColumn]:
    return [
        h.serial("fichier", "export_{n}.csv"),
        h.col("sha256", lambda i: hashlib.sha256(str(i).encode()).hexdigest()),
        h.number("octets", 100, 900_000),
        h.stamp("produit le"),
    ]


@table("goes", 50)
def jeux_de_donnees(h: Hall) -> list[HallColumn]:
    return [
        h.col("id", lambda i: h.token("0123456789abcdef", 24)),
        h.serial("titre", "Jeu n° {n}"),
        h.serial("url", "https://data.exemple.fr/d/{n}?format=csv&lang=fr"),
        h.day("mis à jour"),
    ]


@table("goes", 90)
def communes(h: Hall) -> list[HallColumn]:
    return [
        h.col("INSEE", lambda i: f"34{i + 1:03}"),
        h.col("commune", lambda i: h.rng.choice(("Saint-", "Sainte-")) + h.rng.choice(FIRST)),
        h.number("population", 100, 30_000),
        h.col("SIREN", lambda i: luhn("2134" + digits(h.rng, 4))),
    ]


@table("goes", 70)
def prix_litteraires_salles(h: Hall) -> list[HallColumn]:
    return [
        h.pick("salle", "Salle Barbara", "Salle Molière", "Espace Brassens", "Auditorium Ravel"),
        h.number("jauge", 50, 600),
        h.pick("équipement", "vidéo", "piano", "sono"),
        h.money("tarif", 50, 800),
    ]


@table("goes", 44)
def fournisseurs(h: Hall) -> list[HallColumn]:
    return [
        h.col("raison sociale", lambda i: h.firm()),
        h.col("SIREN", lambda i: luhn(digits(h.rng, 8))),
        h.col(
            "mail",
            lambda i: (
                f"{h.rng.choice(('contact', 'commercial', 'devis'))}@{h.token(string.ascii_lowercase, 7)}.com"
            ),
        ),
        h.fixed("standard"),
    ]


@table("goes", 100)
def mobilier_serie(h: Hall) -> list[HallColumn]:
    return [
        h.col("n° de série", lambda i: "1" + digits(h.rng, 14)),
        h.pick("modèle", "Urbis 3", "Métropole"),
        h.day("posé le", 1998, 2024),
        h.lat(),
        h.lon(),
    ]


@table("goes", 64)
def capteurs_lora(h: Hall) -> list[HallColumn]:
    return [
        h.col("devEUI", lambda i: h.token("0123456789abcdef", 16)),
        h.pick("grandeur", "CO2", "niveau", "température"),
        h.pick("lieu", "École Jean Zay", "Crèche Dolto", "Stade Pelé"),
        h.number("batterie", 10, 100),
    ]


@table("goes", 52)
def oeuvres_espace_public(h: Hall) -> list[HallColumn]:
    return [
        h.pick("œuvre", "Le Baiser", "Fontaine", "La Vague", "Jeanne d’Arc"),
        h.names("sculpteur", "{f} {s}", "not"),
        h.number("année", 1880, 2020),
        h.pick("place", *STREET),
    ]


# --- asked --------------------------------------------------------------------------------------------------


def halves() -> dict[str, Half]:
    """Which half each table belongs to, drawn once."""
    names = sorted(name for name, *_ in MAKERS)
    random.Random(2611).shuffle(names)
    return {name: "work" if i % 2 else "final" for i, name in enumerate(names)}


def tables(half: Half | None = None, *, seed: int = 29) -> Sequence[HallTable]:
    """The tables of a half, or all of them."""
    which = halves()
    return [
        HallTable(name, fate, tuple(maker(Hall(random.Random(f"{seed}-{name}"), rows))))
        for name, fate, rows, maker in MAKERS
        if half in (None, which[name])
    ]
