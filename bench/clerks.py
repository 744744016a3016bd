"""A second test set of the search for personal data: municipal tables with headers as clerks write them, and
sentences, by seed and by look.

Headers are shortened, shouted, joined, misspelt, in English or not there at all; a column may lie under a
name that says nothing. What is there and may go out bears no label, as in `bench.personal`: a held one is a
false alarm. The looks share no word (`bench.clerks_said`).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from bench.clerks_said import LOOKS, Look
from bench.personal import (
    Cells,
    Line,
    Made,
    card,
    date,
    digits,
    email,
    landline,
    luhn,
    mobile,
    nir,
    nir_body,
    plate,
    siret,
    tax_number,
)

PERSON = "person-name"


def account(rng: random.Random, bank: str = "") -> str:
    """A French account number with its keys. bank: 5 digits."""
    body = (
        (bank or rng.choice(("20041", "14505", "13506", "16607")))
        + digits(rng, 5)
        + digits(rng, 7)
        + rng.choice("ABCDE0123456789")
        + digits(rng, 5)
    )
    key = 98 - int("".join(str(int(c, 36)) for c in body + "FR00")) % 97
    return f"FR{key:02}{body}"


class Clerk:
    """Makes the columns of one table."""

    def __init__(self, rng: random.Random, look: Look, rows: int) -> None:
        self.rng, self.look, self.rows = rng, look, rows
        self.people = [(look.lists.a_first(rng), look.lists.a_surname(rng)) for _ in range(rows)]

    def header(self, what: str) -> str:
        """As a clerk types it: one in three is mangled."""
        said = self.rng.choice(self.look.headers[what])
        way = self.rng.randrange(9)
        if way == 0:
            return said.upper()
        if way == 1:
            return said.replace(" ", "_").replace("'", "_").lower()
        if way == 2 and len(said) > 5:
            i = self.rng.randrange(2, len(said) - 2)
            return said[:i] + said[i + 1] + said[i] + said[i + 2 :]  # two letters changed places
        return said

    def of(
        self, what: str, make: Callable[[int], str], *kinds: str, holes: float = 0.0, also: Sequence[str] = ()
    ) -> Cells:
        """A column. what: a key of the look's headers, or the header itself."""
        header = self.header(what) if what in self.look.headers else what
        cells = ["" if holes and self.rng.random() < holes else make(i) for i in range(self.rows)]
        return Cells(header, cells, frozenset(kinds) if any(cells) else frozenset(), frozenset(also))

    def pick(self, what: str, *values: str) -> Cells:
        return self.of(what, lambda i: self.rng.choice(values))

    def surname(self, what: str = "surname", *kinds: str) -> Cells:
        shout = self.rng.random() < 0.5
        return self.of(
            what, lambda i: self.people[i][1].upper() if shout else self.people[i][1], *(kinds or (PERSON,))
        )

    def first(self, what: str = "first", *kinds: str) -> Cells:
        return self.of(what, lambda i: self.people[i][0], *(kinds or (PERSON,)))

    def full(self, what: str = "full") -> Cells:
        form = self.rng.choice(("{S} {f}", "{f} {s}", "{f} {S}", "Mme {S}", "{S}, {f}", "{S} {i}."))
        return self.of(
            what,
            lambda i: form.format(
                f=self.people[i][0], s=self.people[i][1], S=self.people[i][1].upper(), i=self.people[i][0][0]
            ),
            PERSON,
        )

    def birth(self, what: str = "birth", early: int = 1938, late: int = 2006) -> Cells:
        iso = self.rng.random() < 0.3

        def one(_: int) -> str:
            made = date(self.rng, early, late)
            return f"{made[6:]}-{made[3:5]}-{made[:2]}" if iso else made

        return self.of(what, one, "birth-date")

    def mail(self) -> Cells:
        return self.of("mail", lambda i: email(self.rng, *self.people[i]), "email", holes=0.2)

    def phone(self) -> Cells:
        def one(_: int) -> str:
            raw = "".join(c for c in mobile(self.rng).replace("+33 ", "0") if c.isdigit())
            pairs = [raw[i : i + 2] for i in range(0, 10, 2)]
            shapes = (
                " ".join(pairs),
                ".".join(pairs),
                "-".join(pairs),
                f"+33(0){raw[1]} {' '.join(pairs[1:])}",
                f"0033{raw[1:]}",
                raw,
                "/".join(pairs),
            )
            return self.rng.choice(shapes)

        return self.of("phone", one, "phone", holes=0.2)

    def street(self) -> str:
        return self.rng.choice(self.look.lists.streets)

    def home(self, what: str = "home") -> Cells:
        town = self.rng.random() < 0.5

        def one(_: int) -> str:
            number = self.rng.choice(
                (
                    f"{self.rng.randrange(1, 200)}",
                    f"{self.rng.randrange(1, 90)} bis",
                    f"{self.rng.randrange(1, 90)},",
                )
            )
            inside = self.rng.choice(("", "", "", "Bât. C - ", "Apt 12, "))
            end = (
                f" {self.rng.choice(('34', '30', '11'))}{digits(self.rng, 3)} {self.rng.choice(self.look.lists.towns).upper()}"
                if town
                else ""
            )
            return f"{inside}{number} {self.street()}{end}"

        return self.of(what, one, "postal-address")

    def nir(self) -> Cells:
        spaced = self.rng.random() < 0.5
        return self.of("nir", lambda i: nir(self.rng, spaced=spaced), "nir", holes=0.15)

    def iban(self) -> Cells:
        low, spaced = self.rng.random() < 0.3, self.rng.random() < 0.5

        def one(_: int) -> str:
            made = account(self.rng)
            made = " ".join(made[i : i + 4] for i in range(0, 27, 4)) if spaced else made
            return made.lower() if low else made

        return self.of("iban", one, "iban", holes=0.15)

    def order(self, what: str = "order") -> Cells:
        width = self.rng.choice((7, 9, 13, 14, 15))
        return self.of(what, lambda i: digits(self.rng, width))

    def serial(self) -> Cells:
        return self.of("code", lambda i: f"{self.rng.choice('KRTZ')}{i:04}")

    def dates(self, what: str = "date") -> Cells:
        return self.of(what, lambda i: date(self.rng, 2018, 2026))

    def amount(self) -> Cells:
        return self.of("amount", lambda i: f"{self.rng.randrange(5, 60_000)},{self.rng.randrange(100):02}")

    def service(self) -> Cells:
        """Where somebody works: a colleague knows it (decision 0079)."""
        services = ("Voirie", "CCAS", "Éducation", "Finances", "Propreté", "Police municipale", "Sports")
        return self.of("service", lambda i: self.rng.choice(services), also=("person-trait",))

    def body(self) -> Cells:
        def one(i: int) -> str:
            return self.rng.choice(self.look.bodies).format(F=self.people[i][0], S=self.people[i][1])

        return self.of("body", one)

    def points(self, *kinds: str) -> tuple[Cells, Cells]:
        return (
            self.of("lat", lambda i: f"43.{digits(self.rng, 6)}", *kinds),
            self.of("lon", lambda i: f"3.{digits(self.rng, 6)}", *kinds),
        )


# --- tables about people ------------------------------------------------------------------------------------


def staff(c: Clerk) -> list[Cells]:
    return [c.serial(), c.surname(), c.first(), c.service(), c.nir(), c.birth()]


def payroll(c: Clerk) -> list[Cells]:
    return [c.full(), c.iban(), c.amount(), c.service()]


def canteen(c: Clerk) -> list[Cells]:
    return [c.surname(), c.first(), c.birth(early=2013, late=2022), c.phone(), c.home(), c.mail()]


def canteen_bare(c: Clerk) -> list[Cells]:
    """No header row at all."""
    return [
        Cells("", col.cells, col.kinds, col.also)
        for col in (c.surname(), c.first(), c.birth(early=2013, late=2022), c.phone())
    ]


def contacts_bare(c: Clerk) -> list[Cells]:
    return [Cells("", col.cells, col.kinds, col.also) for col in (c.full(), c.mail(), c.home())]


def numbers_bare(c: Clerk) -> list[Cells]:
    return [Cells("", col.cells, col.kinds, col.also) for col in (c.serial(), c.nir(), c.iban(), c.dates())]


def library(c: Clerk) -> list[Cells]:
    return [c.serial(), c.surname(), c.first(), c.mail(), c.dates(), c.pick("amount", "0", "12", "7")]


def permits(c: Clerk) -> list[Cells]:
    return [c.order(), c.full(), c.home(), c.dates(), c.pick("Décision", "accordé", "refusé", "tacite")]


def under_ref(c: Clerk) -> list[Cells]:
    """Names in a column that is called otherwise."""
    return [c.full("ref"), c.dates(), c.amount()]


def nameless(c: Clerk) -> list[Cells]:
    return [c.surname("A"), c.first("B"), c.order("C"), c.dates("D")]


def born_apart(c: Clerk) -> list[Cells]:
    """A birth in three columns."""
    day = c.of("day", lambda i: f"{c.rng.randrange(1, 29)}", "birth-date")
    month = c.of("month", lambda i: f"{c.rng.randrange(1, 13)}", "birth-date")
    year = c.of("year", lambda i: f"{c.rng.randrange(1940, 2015)}", "birth-date")
    if any(w in h for h in (day.header.lower(), year.header.lower()) for w in ("nais", "birth")):
        return [c.surname(), c.first(), day, month, year]
    return [
        c.surname(),
        c.first(),
        *(Cells(x.header, x.cells, frozenset(), frozenset({"birth-date"})) for x in (day, month, year)),
    ]


def fines(c: Clerk) -> list[Cells]:
    return [
        c.order(),
        c.of("plate", lambda i: plate(c.rng).replace("-", c.rng.choice(("-", "", " "))), "plate"),
        c.of("street", lambda i: c.street()),
        c.dates(),
    ]


def residents(c: Clerk) -> list[Cells]:
    return [c.full(), c.of("plate", lambda i: plate(c.rng), "plate"), c.home(), c.phone()]


def tills(c: Clerk) -> list[Cells]:
    return [c.order(), c.of("card", lambda i: card(c.rng), "payment-card"), c.amount(), c.dates()]


def rates(c: Clerk) -> list[Cells]:
    return [c.of("tax", lambda i: tax_number(c.rng), "tax-number"), c.full(), c.home(), c.amount()]


def rates_untold(c: Clerk) -> list[Cells]:
    return [c.of("code", lambda i: tax_number(c.rng), "tax-number"), c.amount(), c.dates()]


def accounts_untold(c: Clerk) -> list[Cells]:
    return [c.of("code", lambda i: account(c.rng), "iban"), c.amount()]


def numbers_untold(c: Clerk) -> list[Cells]:
    return [c.of("code", lambda i: nir(c.rng), "nir"), c.service()]


def keyless(c: Clerk) -> list[Cells]:
    return [c.surname(), c.of("nir", lambda i: nir_body(c.rng), "nir-without-key"), c.dates()]


def one_leak(c: Clerk) -> list[Cells]:
    """One number among remarks."""
    at = c.rng.randrange(c.rows)
    note = c.of(
        "note",
        lambda i: (
            f"voir dossier {nir(c.rng, spaced=True)}"
            if i == at
            else c.rng.choice(("RAS", "fait", "à relancer", ""))
        ),
        "nir",
    )
    return [c.serial(), note, c.dates()]


def disability(c: Clerk) -> list[Cells]:
    return [
        c.surname(),
        c.first(),
        c.of(
            "ill",
            lambda i: c.rng.choice(("malvoyant", "diabète type 1", "épilepsie", "néant", "surdité")),
            "health",
        ),
        c.home(),
    ]


def carers(c: Clerk) -> list[Cells]:
    return [c.full(), c.phone(), c.mail(), *c.points("home-point")]


def papers(c: Clerk) -> list[Cells]:
    return [
        c.surname(),
        c.first(),
        c.of(
            "paper",
            lambda i: f"{digits(c.rng, 2)}{c.rng.choice('ACDFGH')}{c.rng.choice('KLPRV')}{digits(c.rng, 5)}",
            "identity-document",
        ),
    ]


def tickets(c: Clerk) -> list[Cells]:
    """Remarks of which a third speak of somebody."""
    forms = [f for f in c.look.forms if f[1] == frozenset({"person-in-text"})]

    def one(i: int) -> str:
        if i % 3:
            return c.rng.choice(
                ("RAS", "Fait", "Banc repeint", "Lampadaire éteint", "en attente", "devis demandé")
            )
        return c.rng.choice(forms)[0].format(F=c.people[i][0], S=c.people[i][1], SU=c.people[i][1].upper())

    return [c.order(), c.of("note", one, "person-in-text"), c.service(), c.dates()]


def chairs(c: Clerk) -> list[Cells]:
    return [
        c.body(),
        c.of("siret", lambda i: siret(c.rng)),
        c.full(c.rng.choice(("president(e)", "Trésorier", "signataire"))),
        c.phone(),
        c.amount(),
    ]


def graves(c: Clerk) -> list[Cells]:
    return [
        c.serial(),
        c.full(c.rng.choice(("concessionnaire", "ayant droit"))),
        c.dates("échéance"),
        c.amount(),
    ]


def volunteers(c: Clerk) -> list[Cells]:
    return [c.first(), c.surname(), c.birth(), c.mail(), c.pick("taille_tshirt", "S", "M", "L")]


# --- tables about nobody ------------------------------------------------------------------------------------


def purchase(c: Clerk) -> list[Cells]:
    return [
        c.of("order", lambda i: digits(c.rng, 13)),
        c.of("code", lambda i: digits(c.rng, 15)),
        c.of("ENGAGT", lambda i: digits(c.rng, 14)),
        c.amount(),
        c.dates(),
    ]


def suppliers(c: Clerk) -> list[Cells]:
    return [c.of("siret", lambda i: siret(c.rng)), c.body(), c.amount(), c.pick("NAF", "43.21A", "81.30Z")]


def road_list(c: Clerk) -> list[Cells]:
    return [
        c.of("RIVOLI", lambda i: f"{i:04}{c.rng.choice('ABCD')}"),
        c.of("street", lambda i: c.street()),
        c.of("long_m", lambda i: digits(c.rng, 3)),
    ]


def roads_of_people(c: Clerk) -> list[Cells]:
    return [
        c.of("RIVOLI", lambda i: f"{i:04}A"),
        c.of(
            "street",
            lambda i: f"{c.rng.choice(('R', 'AV', 'Rue', 'IMP', 'Allée'))} {c.people[i][0]} {c.people[i][1]}",
        ),
        c.dates("délib. du"),
    ]


def council(c: Clerk) -> list[Cells]:
    who = c.rng.choice(((c.surname(), c.first()), (c.full(),)))
    return [
        *(Cells(x.header, x.cells) for x in who),
        c.pick("Mandat", "Maire", "1er adjoint", "Conseiller municipal délégué", "Conseillère"),
        c.pick("Délégation", "Voirie", "Culture", "Sports"),
    ]


def hamlet(c: Clerk) -> list[Cells]:
    return [
        c.of(
            "place",
            lambda i: c.rng.choice(
                (
                    f"La {c.people[i][0]}",
                    f"Mas de {c.people[i][0]}",
                    f"Saint-{c.people[i][0]}",
                    f"Col de {c.people[i][1]}",
                )
            ),
        ),
        *c.points(),
    ]


def nothing_said(c: Clerk) -> list[Cells]:
    return [
        c.serial(),
        c.of(
            "note",
            lambda i: c.rng.choice(
                ("RAS",) * 30 + ("R.A.S.", "Néant", "OK", "Rien", "vu", "NC", "Sans suite")
            ),
        ),
        c.dates(),
    ]


def stock(c: Clerk) -> list[Cells]:
    return [
        c.of("EAN", lambda i: luhn(f"3{digits(c.rng, 11)}")),
        c.of("GTIN14", lambda i: digits(c.rng, 14)),
        c.pick("article", "gants", "bottes", "casque"),
        c.amount(),
    ]


def own_account(c: Clerk) -> list[Cells]:
    ours = account(
        c.rng, c.rng.choice(("30001", "10071"))
    )  # a public accountant's, at the Banque de France or the Treasury
    return [c.order(), c.of("iban", lambda i: ours), c.amount(), c.dates("échéance")]


def meters(c: Clerk) -> list[Cells]:
    return [
        c.of("meter", lambda i: digits(c.rng, 14)),
        c.of("place", lambda i: c.rng.choice(("École", "Gymnase", "Serre")) + f" {c.people[i][1]}"),
        c.of("kWh", lambda i: digits(c.rng, 5)),
    ]


def fleet(c: Clerk) -> list[Cells]:
    kind = c.pick("marque", "Renault Kangoo", "Peugeot Expert", "Iveco Daily", "Goupil G4")
    return [
        c.of("plate", lambda i: plate(c.rng)),
        kind,
        c.service(),
        c.of("kilométrage", lambda i: digits(c.rng, 5)),
        c.dates("mise en circ."),
    ]


def grants(c: Clerk) -> list[Cells]:
    return [
        c.body(),
        c.pick("objet", "fonctionnement", "manifestation", "investissement"),
        c.amount(),
        c.dates("vote"),
    ]


def rulings(c: Clerk) -> list[Cells]:
    told = c.of(
        "objet",
        lambda i: c.rng.choice(
            (
                f"Dénomination de la rue {c.people[i][0]} {c.people[i][1]}",
                "Budget primitif",
                "Tarifs de la cantine",
                "Cession d’une parcelle",
            )
        ),
    )
    return [
        c.of("numéro", lambda i: f"2026-{i:03}"),
        told,
        c.dates(),
        c.pick("vote", "unanimité", "majorité"),
    ]


def schools(c: Clerk) -> list[Cells]:
    name = c.of(
        "place",
        lambda i: (
            f"{c.rng.choice(('EEPU', 'École élém.', 'Coll.', 'Crèche', 'EMPU'))} {c.people[i][0]} {c.people[i][1]}"
        ),
    )
    return [
        c.of("UAI", lambda i: f"034{digits(c.rng, 4)}{c.rng.choice('ABCDEF')}"),
        name,
        c.of("effectif", lambda i: digits(c.rng, 3)),
        c.of("tel", lambda i: landline(c.rng)),
    ]


def schools_bare_names(c: Clerk) -> list[Cells]:
    return [
        c.of("école", lambda i: f"{c.people[i][0]} {c.people[i][1]}"),
        c.of("nb_classes", lambda i: f"{c.rng.randrange(3, 18)}"),
        c.pick("secteur", "Nord", "Sud"),
    ]


def openings(c: Clerk) -> list[Cells]:
    return [
        c.of("place", lambda i: f"Piscine {c.people[i][1]}"),
        c.of(
            "hours", lambda i: c.rng.choice(("0900123014001800", "0830-1200", "09 00 12 00 14", "0614202210"))
        ),
        c.of("jour", lambda i: "lun"),
    ]


def grid(c: Clerk) -> list[Cells]:
    return [
        c.serial(),
        c.of("X_L93", lambda i: f"7{digits(c.rng, 5)}.{digits(c.rng, 2)}"),
        c.of("Y_L93", lambda i: f"62{digits(c.rng, 5)}.{digits(c.rng, 2)}"),
        c.pick("type", "banc", "borne"),
    ]


def insee(c: Clerk) -> list[Cells]:
    return [
        c.of("COG", lambda i: f"{c.rng.choice(('34', '2A', '2B', '971'))}{digits(c.rng, 3)}"[:5]),
        c.of("IRIS", lambda i: f"34172{digits(c.rng, 4)}"),
        c.of("pop", lambda i: digits(c.rng, 4)),
    ]


def parcels(c: Clerk) -> list[Cells]:
    return [
        c.of("IDU", lambda i: f"34172000{c.rng.choice('ABCD')}{c.rng.choice('EFGH')}{digits(c.rng, 4)}"),
        c.of("contenance", lambda i: digits(c.rng, 4)),
        *c.points(),
    ]


def planting(c: Clerk) -> list[Cells]:
    kinds = (
        "Olivier",
        "Rosier Victoire",
        "Laurier-rose",
        "Cerisier",
        "Micocoulier",
        "Tilleul",
        "Érable de Montpellier",
        "Prunus",
        "Marguerite",
    )
    return [
        c.serial(),
        c.pick("essence", *kinds),
        c.of("emplacement", lambda i: f"{c.rng.randrange(1, 90)} {c.street()}"),
        c.dates("plantation"),
        *c.points(),
    ]


def halls(c: Clerk) -> list[Cells]:
    mail = c.of(
        "mail",
        lambda i: f"{c.rng.choice(('mairie', 'accueil', 'contact', 'etat-civil'))}.{i}@commune-exemple{i}.fr",
    )
    return [
        c.of("place", lambda i: f"Mairie annexe {i}"),
        mail,
        c.of("Tél. accueil", lambda i: landline(c.rng)),
        c.of("Adresse", lambda i: f"{c.rng.randrange(1, 99)} {c.street()}"),
    ]


def baby_names(c: Clerk) -> list[Cells]:
    return [
        c.of("prenoms_donnes", lambda i: c.people[i][0], also=(PERSON,)),
        c.of("NB", lambda i: f"{c.rng.randrange(3, 90)}"),
        c.pick("annee", "2022", "2023"),
    ]


def works(c: Clerk) -> list[Cells]:
    said = c.of(
        "note",
        lambda i: c.rng.choice(
            (
                "Dépose du mobilier",
                "Reprise d’enrobé",
                "Branchement gaz",
                "Sondage",
                "Fouille",
                "Grue mobile",
                "Déménagement",
            )
        ),
    )
    return [
        c.order(),
        c.of("emprise", lambda i: f"du {c.rng.randrange(1, 90)} au {c.rng.randrange(90, 160)} {c.street()}"),
        said,
        c.dates("début"),
        c.dates("fin"),
    ]


def stops(c: Clerk) -> list[Cells]:
    return [
        c.of("stop_id", lambda i: f"S{i:05}"),
        c.of(
            "stop_name",
            lambda i: c.rng.choice(
                (c.people[i][1], f"{c.people[i][0]} {c.people[i][1]}", "Gare", "Hôtel de Ville")
            ),
        ),
        *c.points(),
    ]


def awards(c: Clerk) -> list[Cells]:
    return [
        c.of(
            "titulaire",
            lambda i: c.rng.choice(
                (f"{c.people[i][1]} SAS", f"SARL {c.people[i][1]} & Fils", "Bouygatelle TP")
            ),
        ),
        c.of("siret", lambda i: siret(c.rng)),
        c.amount(),
        c.dates("notif."),
    ]


TABLES: tuple[Callable[[Clerk], list[Cells]], ...] = (
    staff, payroll, canteen, canteen_bare, contacts_bare, numbers_bare, library, permits, under_ref, nameless, born_apart, fines, residents, tills, rates,
    rates_untold, accounts_untold, numbers_untold, keyless, one_leak, disability, carers, papers, tickets, chairs, graves, volunteers,
    purchase, suppliers, road_list, roads_of_people, council, hamlet, nothing_said, stock, own_account, meters, fleet, grants, rulings, schools,
    schools_bare_names, openings, grid, insee, parcels, planting, halls, baby_names, works, stops, awards,
)  # fmt: skip


def tables(
    look: str, *, seed: int, each: int = 4, kinds: Sequence[Callable[[Clerk], list[Cells]]] = TABLES
) -> list[Made]:
    """`each` tables of every sort, of 20 to 150 rows."""
    rng = random.Random(seed)
    made: list[Made] = []
    for make in kinds:
        for turn in range(each):
            clerk = Clerk(random.Random(rng.randrange(1 << 60)), LOOKS[look], rng.randrange(20, 150))
            made.append(Made(f"{make.__name__}-{turn}", tuple(make(clerk))))
    return made


def lines(look: str, *, seed: int, count: int = 2_000) -> list[Line]:
    """So many sentences, each form in turn; some shouted, some without capitals, some hurried."""
    rng = random.Random(seed)
    said = LOOKS[look]
    made: list[Line] = []
    for i in range(count):
        form, kinds = said.forms[i % len(said.forms)]
        first, surname = said.lists.a_first(rng), said.lists.a_surname(rng)
        account_said = account(rng)
        text = form.format(
            F=first,
            S=surname,
            SU=surname.upper(),
            tel=mobile(rng),
            mail=email(rng, first, surname),
            nir=nir(rng, spaced=rng.random() < 0.5),
            iban=account_said
            if rng.random() < 0.5
            else " ".join(account_said[j : j + 4] for j in range(0, 27, 4)),
            n=rng.randrange(1, 200),
            street=rng.choice(said.lists.streets),
            birth=date(rng, 1930, 2020),
            plate=plate(rng),
            order=digits(rng, rng.choice((8, 11, 14, 15))),
            date=date(rng, 2020, 2026),
            siret=siret(rng),
        )
        way = rng.random()
        text = (
            text.lower()
            if way < 0.03
            else text.upper()
            if way < 0.06
            else f"{text} !"
            if way < 0.1
            else f"{text}."
            if way < 0.25
            else text
        )
        made.append(Line(text, kinds))
    return made
