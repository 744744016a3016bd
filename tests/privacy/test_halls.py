"""Personal data by column and by table: what a row is, what stands beside, how values repeat. A cut of the
town halls' tables (`bench.halls`), then each rule alone.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bench import halls, halls_again
from bench.halls_quality import Count, answers, count

from parvis.core.types import Column, ColumnType, Schema, Sensitivity
from parvis.engine import connect
from parvis.privacy import detections
from parvis.privacy.detection import Detection
from parvis.privacy.identifiers import hardware, identifying, logins, numbered
from parvis.privacy.people import shares

PEOPLE = [
    "Tiphaine Barbotin", "Samir Mercadier", "Odile Carpentier", "Quentin Vasseur", "Khadija Lopez", "Bruno Tessier", "Régine Faucher", "Ismaël Thomas",
]  # fmt: skip
FIRMS = [
    "SARL DURAND ET FILS",
    "Le Fournil",
    "Garage du Port",
    "SCI HORIZON",
    "Boulangerie Petit",
    "Chez Paul",
    "EURL Optique",
    "Crédit Mutuel",
]


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    made = connect.processing(tmp_path_factory.mktemp("spool"), threads=2)
    yield made
    made.close()


def look(
    con: duckdb.DuckDBPyConnection, path: Path, columns: dict[str, Sequence[object]], **meanings: str
) -> dict[tuple[str, str], Detection]:
    """What is seen in a small table, by (kind, column). Datetimes and integers are typed so, the rest is
    text.
    """
    kinds: dict[str, ColumnType] = {}
    for name, cells in columns.items():
        kinds[name] = (
            "datetime"
            if isinstance(cells[0], datetime)
            else "integer"
            if isinstance(cells[0], int)
            else "text"
        )
    pq.write_table(pa.table({n: pa.array(list(v)) for n, v in columns.items()}), path / "v.parquet")
    schema = Schema(columns=tuple(Column(n, kinds[n], meaning=meanings.get(n, "")) for n in columns))
    return {
        (s.kind, s.column): s
        for s in detections(con, path / "v.parquet", schema, len(next(iter(columns.values()))))
    }


def hours(n: int) -> list[datetime]:
    return [datetime(2026, 3, 1, 8, tzinfo=UTC) + timedelta(minutes=17 * i) for i in range(n)]


@pytest.fixture(scope="module")
def counted() -> Count:
    made = [*halls.tables("work")[::3], *halls_again.tables()[1::3]]
    return count(made, answers(made))


def test_personal_columns_are_found(counted: Count) -> None:
    assert counted.right >= 30
    assert counted.recall >= 0.97, counted.missed


def test_few_columns_are_accused_wrongly(counted: Count) -> None:
    assert counted.precision >= 0.95, counted.false


def test_no_table_of_people_goes_out_and_none_of_places_is_held(counted: Count) -> None:
    assert (counted.gone, counted.held) == ([], [])


@pytest.mark.parametrize("header", ["exploitant", "enseigne", "Preneur", "c1"])
def test_people_among_firms(con: duckdb.DuckDBPyConnection, tmp_path: Path, header: str) -> None:
    """A register of operators holds firms in some rows and people in others: theirs count. A list of firms
    holds nobody.
    """
    found = look(con, tmp_path, {header: PEOPLE + FIRMS, "local": [f"lot {i}" for i in range(16)]})
    assert found[("person-name", header)].personal is Sensitivity.DIRECT
    assert look(con, tmp_path, {header: FIRMS * 2, "local": [f"lot {i}" for i in range(16)]}) == {}


@pytest.mark.parametrize("header", ["qui", "libelle", "suivi", "x"])
def test_few_names_that_come_again(con: duckdb.DuckDBPyConnection, tmp_path: Path, header: str) -> None:
    """Six people in 120 rows; six varieties, streets or halls called after somebody are none."""
    found = look(con, tmp_path, {header: PEOPLE[:6] * 20, "quoi": ["tonte", "taille", "RAS"] * 40})
    assert ("person-name", header) in found
    famous = ["Jean Moulin", "Jules Ferry", "Marie Curie", "Louise Michel", "Jean Zay", "Paul Bert"]
    assert look(con, tmp_path, {header: famous * 20, "quoi": ["tonte", "taille", "RAS"] * 40}) == {}
    roses = [
        "Rose de Chine",
        "Olivier d’Europe",
        "salade César",
        "pêche Melba",
        "Laurier rose",
        "Jasmin étoilé",
    ]
    assert look(con, tmp_path, {header: roses * 20, "quoi": ["tonte", "taille", "RAS"] * 40}) == {}


def test_a_mandate_clears_its_own_names_only(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """The elected person of a project is public, its manager is not; nor is a digital adviser, nor who is
    paid by a mandate.
    """
    found = look(
        con,
        tmp_path,
        {"élu référent": PEOPLE, "Chef de projet": PEOPLE[::-1], "projet": [f"p{i}" for i in range(8)]},
    )
    assert found[("person-name", "élu référent")].personal is Sensitivity.NONE
    assert found[("person-name", "Chef de projet")].severity == "error"
    found = look(
        con, tmp_path, {"nom": PEOPLE, "fonction": ["1er adjoint au maire", "Conseiller municipal"] * 4}
    )
    assert found[("person-name", "nom")].personal is Sensitivity.NONE
    for beside in (
        {"grade": ["adjoint technique", "adjoint administratif"] * 4},
        {"n° mandat": [f"{410 + i}" for i in range(8)]},
    ):
        assert look(con, tmp_path, {"agent": PEOPLE, **beside})[("person-name", "agent")].severity == "error"


def test_who_made_a_work_is_named_with_it(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """The author of a book goes out beside its ISBN, who borrowed it does not; the author of a complaint does
    not either.
    """
    found = look(
        con,
        tmp_path,
        {"isbn": [f"97820123456{i:02}" for i in range(8)], "auteur": PEOPLE, "emprunteur": PEOPLE[::-1]},
    )
    assert found[("person-name", "auteur")].personal is Sensitivity.NONE
    assert found[("person-name", "emprunteur")].severity == "error"
    found = look(con, tmp_path, {"plainte": [f"p{i}" for i in range(8)], "auteur": PEOPLE})
    assert found[("person-name", "auteur")].severity == "error"


def test_a_directory_of_associations_is_none_of_public_servants(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = tmp_path / "v.parquet"
    pq.write_table(pa.table({"Association": [f"Amicale {i}" for i in range(8)], "Contact": PEOPLE}), path)
    (found,) = (
        s
        for s in detections(
            con, path, Schema(columns=(Column("Association"), Column("Contact"))), 8, called="annuaire"
        )
        if s.kind == "person-name"
    )
    assert found.severity == "error"


def test_traces_of_devices_hold(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """What the advice forbids to publish is held: addresses of the network, of the hardware with or without
    its colons, under any header of a log.
    """
    rng = random.Random(1)
    macs = [":".join(f"{rng.randrange(256):02x}" for _ in range(6)) for _ in range(40)]
    found = look(
        con,
        tmp_path,
        {
            "t": hours(40),
            "client": [f"90.12.{i}.7" for i in range(40)],
            "mac": macs,
            "terminal": [m.replace(":", "").upper() for m in macs],
        },
    )
    for kind, column in (("ip", "client"), ("mac", "mac"), ("mac", "terminal")):
        assert (found[(kind, column)].severity, found[(kind, column)].personal) == (
            "error",
            Sensitivity.INDIRECT,
        )


@pytest.mark.parametrize("header", ["login", "utilisateur", "x"])
def test_accounts(con: duckdb.DuckDBPyConnection, tmp_path: Path, header: str) -> None:
    """An initial and a surname, under a header that says so or not."""
    cells = [
        "jdurand",
        "mpetit",
        "ptessier",
        "lbernard",
        "cmoreau",
        "sgarcia",
        "tlopez",
        "nroux",
        "blefevre",
        "zgirard",
    ]
    assert (
        look(con, tmp_path, {header: cells, "profil": ["agent", "admin"] * 5})[
            ("person-number", header)
        ].severity
        == "error"
    )
    things = [
        "balcon",
        "banc",
        "potelet",
        "corbeille",
        "fontaine",
        "jardin",
        "arceau",
        "borne",
        "abri",
        "mur",
    ]
    assert look(con, tmp_path, {"x": things, "n": ["a", "b"] * 5}) == {}


@pytest.mark.parametrize(
    "header",
    ["n° allocataire CAF", "num_badge", "carte lecteur", "matricule agent", "n° patient", "code élève"],
)
def test_numbers_that_somebody_bears(con: duckdb.DuckDBPyConnection, tmp_path: Path, header: str) -> None:
    """Texts or whole numbers; what only numbers the rows from one on points at nobody, nor does a number of
    something else.
    """
    rng = random.Random(2)
    numbers = [rng.randrange(10**6, 10**7) for _ in range(30)]
    for cells in (numbers, [f"{n}K" for n in numbers]):
        assert (
            look(con, tmp_path, {header: cells, "jour": ["lundi", "mardi"] * 15})[
                ("person-number", header)
            ].severity
            == "error"
        )
    assert ("person-number", header) not in look(
        con, tmp_path, {header: [f"U{i:04}" for i in range(30)], "jour": ["lundi", "mardi"] * 15}
    )
    assert look(con, tmp_path, {"n° compteur": numbers, "jour": ["lundi", "mardi"] * 15}) == {}


def test_values_of_identifiers() -> None:
    assert numbered([f"A{i}" for i in range(5, 30)])
    assert not numbered(["A5", "B6", "A7"])
    assert identifying([f"{i * 7919 % 10007}X" for i in range(20)])
    assert not identifying(["agent", "élu"])
    assert hardware([f"{i * 7919:011x}f" for i in range(20)])
    assert logins(["secteur nord", "lot 3"]) == 0


def test_codes_of_ten_digits_are_no_telephones(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Their second digit is any; telephones of a town are mobiles and landlines of a region, whatever their
    header.
    """
    rng = random.Random(3)
    codes = [f"0{rng.choice('123456789')}{rng.randrange(10**8):08}" for _ in range(60)]
    phones = [f"0{rng.choice('6677674')}{rng.randrange(10**8):08}" for _ in range(60)]
    for header in ("article", "libelle"):
        assert look(con, tmp_path, {header: codes, "famille": ["vis", "joint"] * 30}) == {}
    assert look(con, tmp_path, {"ref": phones, "famille": ["vis", "joint"] * 30}) == {}
    assert ("phone", "c1") in look(con, tmp_path, {"c1": phones, "famille": ["vis", "joint"] * 30})
    assert ("phone", "à joindre") in look(
        con, tmp_path, {"à joindre": [p[1:] for p in phones], "jour": ["lundi", "mardi"] * 30}
    )


def test_digits_in_disguise(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Full-width or Arabic digits, signs that nobody sees, the dashes and spaces of a typesetter: in one cell
    of a long column as in all.
    """
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    arabic = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    phones = [
        "06 12 34 56 78".translate(wide),
        "06\u200b1234\u200b5678",
        "06–12–34–56–78",
        "06\u200912\u200934\u200956\u200978",
        "06 12 34 56 78".translate(arabic),
    ]
    for phone in phones:
        found = look(con, tmp_path, {"note": [f"lot {i}" for i in range(400)] + [f"rappeler {phone} svp"]})
        assert [r.record for r in found[("phone", "note")].rows] == [401]
    assert ("nir", "x") in look(con, tmp_path, {"x": ["1\u2060850578\u200b00608491", "rien"]})


def test_what_was_done_to_people_at_home(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Each row happened at a time, at a street number: who was struck there can be found. Counts of the same
    motives are nobody's.
    """
    motives = ["violences conjugales", "tapage", "différend familial", "divagation"] * 5
    found = look(
        con,
        tmp_path,
        {"appel": hours(20), "lieu": [f"{i + 1} rue des Tanneurs" for i in range(20)], "nature": motives},
    )
    assert found[("offences", "nature")].severity == "error"
    assert found[("postal-address", "lieu")].severity == "error"
    assert (
        look(
            con,
            tmp_path,
            {"annee": ["2024", "2025"] * 10, "motif": motives, "nombre de situations": list(range(20, 40))},
        )
        == {}
    )


def test_one_illness_in_six_is_somebodys(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Beside people a few values of a category tell theirs; a treatment is one where the table speaks of
    health.
    """
    kinds = ["suivi addictologie", "insertion", "logement", "budget", "emploi", "mobilité"]
    found = look(
        con,
        tmp_path,
        {"usager": PEOPLE[:6], "accompagnement": kinds, "traitement": ["a", "b", "c", "d", "e", "f"]},
    )
    assert {("health", "accompagnement"), ("health", "traitement")} <= found.keys()
    assert not {
        k
        for k, _ in look(con, tmp_path, {"usager": PEOPLE[:6], "traitement": ["a", "b", "c", "d", "e", "f"]})
    } & {"health"}
    assert (
        look(con, tmp_path, {"organisme": ["CPAM", "CIDFF", "AAA", "BBB", "CCC", "DDD"], "public": kinds})
        == {}
    )


def test_invisible_signs_do_not_hide_a_name() -> None:
    assert shares(["Du\u200bpont Marie", "Tessier Br\u00aduno", "Lopez Khadija"]).full == 1.0


def test_an_address_of_a_body_that_names_nobody(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """« devis@ », « judoclub34@ » are the body's; « p.tessier@ » beside them is somebody's."""
    bodies = {"raison sociale": [f"Club {i}" for i in range(4)]}
    mails = [
        "devis@club-a.example",
        "judoclub34@club-b.example",
        "asso@club-c.example",
        "velo@club-d.example",
    ]
    assert look(con, tmp_path, {**bodies, "mail": mails})[("email", "mail")].personal is Sensitivity.NONE
    assert (
        look(con, tmp_path, {**bodies, "mail": [*mails[:3], "p.tessier@club-d.example"]})[
            ("email", "mail")
        ].personal
        is not Sensitivity.NONE
    )


def test_what_is_one_persons_and_what_counts_them(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A level « du bénéficiaire » makes each row somebody's, and its point a home; a number of pupils counts
    them, and an age of begin is a rule's.
    """
    points = {"latitude": [f"43.6{i:04}" for i in range(20)], "longitude": [f"3.8{i:04}" for i in range(20)]}
    meant = {"latitude": "latitude", "longitude": "longitude"}
    found = look(con, tmp_path, {**points, "GIR du bénéficiaire": [1 + i % 6 for i in range(20)]}, **meant)
    assert found[("home-point", "latitude")].severity == "error"
    assert look(con, tmp_path, {**points, "élèves": [150 + 13 * i % 97 for i in range(20)]}, **meant) == {}
    assert (
        look(con, tmp_path, {"beginAge": ["1 an"] * 4, "text": ["allergie", "grossesse", "aucune", "asthme"]})
        == {}
    )


def test_a_run_of_numbers_that_come_again_follows_people(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    cells = [f"A{100 + i * 7 % 30}" for i in range(120)]
    assert ("person-number", "matricule agent") in look(
        con, tmp_path, {"matricule agent": cells, "jour": ["lundi", "mardi"] * 60}
    )


def test_surnames_alone_under_a_part(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """One word each, under « occupant » or « famille »; families of products are none."""
    surnames = ["LESAGE", "LOPEZ", "RAMBAUD", "VASSEUR", "GARNIER", "TESSIER", "CASTAING", "BONNEFOY"] * 2
    for header in ("occupant", "famille"):
        assert ("person-name", header) in look(
            con, tmp_path, {header: surnames, "lot": [f"l{i}" for i in range(16)]}
        )
    assert (
        look(
            con,
            tmp_path,
            {
                "famille": ["visserie", "papeterie", "plomberie", "outillage"] * 4,
                "lot": [f"l{i}" for i in range(16)],
            },
        )
        == {}
    )
