"""Personal and secret data are found by check digits, form, lists and headers; look-alikes are left alone;
nothing readable comes out.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from parvis.core.types import Column, ColumnProfile, ColumnType, Finding, Schema, Sensitivity
from parvis.engine import connect
from parvis.privacy import find, forms, known_detectors
from parvis.privacy.coincidence import tail

ARROW: dict[str, pa.DataType] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "date": pa.date32(),
    "json": pa.string(),
}


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A processing connection, as the pipeline makes it."""
    made = connect.processing(tmp_path_factory.mktemp("spool"), threads=2)
    yield made
    made.close()


def look(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    columns: dict[str, Sequence[object]],
    types: dict[str, ColumnType] | None = None,
    **meanings: str,
) -> tuple[dict[tuple[str, str], Finding], dict[str, Sensitivity]]:
    """Write a small version and look into it; findings by (check, column)."""
    kinds: dict[str, ColumnType] = {name: (types or {}).get(name, "text") for name in columns}
    pq.write_table(
        pa.table({n: pa.array(list(v), ARROW[kinds[n]]) for n, v in columns.items()}),
        path / "v.parquet",
        row_group_size=2048,
    )
    schema = Schema(columns=tuple(Column(n, kinds[n], meaning=meanings.get(n, "")) for n in columns))
    found, levels = find(con, path / "v.parquet", schema, len(next(iter(columns.values()))))
    return {(f.check, f.column): f for f in found}, levels


def nir(rng: random.Random) -> str:
    """A number with a right key."""
    body = f"{rng.choice('12')}{rng.randrange(100):02}{rng.randrange(1, 13):02}{rng.randrange(1, 96):02}{rng.randrange(1, 990):03}{rng.randrange(1, 999):03}"
    return f"{body}{97 - int(body) % 97:02}"


SAID = {
    "plate": "immatriculation",
    "ip": "adresse ip",
    "payment-card": "carte bancaire",
    "identity-document": "passeport ou cni",
    "handle": "instagram",
    "nir-without-key": "numero secu",
    "device-number": "imei",
}
"""Headers that kinds need which other things look like."""

CASES = [
    (name, cell, good)
    for name, d in known_detectors().items()
    for good, cells in ((True, d.right), (False, d.bad))
    for cell in cells
]


@pytest.mark.parametrize(("name", "cell", "good"), CASES)
def test_declared_examples(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, name: str, cell: str, good: bool
) -> None:
    """Each right cell is found among ordinary ones, each look-alike left alone; the evidence keeps no run of
    four readable signs.
    """
    detector = known_detectors()[name]
    header = SAID.get(name, "valeur") if good else "valeur"
    found, levels = look(con, tmp_path, {header: [cell, "rien", None], "n": ["a", "b", "c"]})
    assert (("privacy-" + name, header) in found) is good
    if good:
        shown = found[("privacy-" + name, header)].rows[0].value or ""
        assert "•" in shown
        readable = shown.rpartition(".")[0] if name == "email" else shown  # the domain's last part may stay
        assert not any(
            part in readable for part in (cell[i : i + 4] for i in range(len(cell) - 3)) if part.isalnum()
        )
        assert levels.get(header, Sensitivity.NONE) is detector.sensitivity


def test_three_numbers_among_many_are_found(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A full scan: three NIR in 30,000 comments, one of them in the last row, with their records."""
    rng = random.Random(1)
    cells = [f"intervention {i} rue de la Paix" for i in range(30_000)]
    for place in (10, 20_000, 29_999):
        cells[place] = f"Mme X ({nir(rng)}) absente"
    found, levels = look(con, tmp_path, {"commentaire": cells})
    finding = found[("privacy-nir", "commentaire")]
    assert (finding.count, [r.record for r in finding.rows], finding.severity) == (
        3,
        [11, 20_001, 30_000],
        "error",
    )
    assert levels["commentaire"] is Sensitivity.SPECIAL
    assert "texte libre" in finding.message


def test_spreadsheet_numbers_are_still_numbers(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A NIR column that became integers or doubles."""
    rng = random.Random(2)
    numbers = [int(nir(rng)) for _ in range(30)]
    found, _ = look(
        con, tmp_path, {"a": numbers, "b": [float(n) for n in numbers]}, {"a": "integer", "b": "number"}
    )
    assert {k for k, f in found.items() if f.count == 30} == {("privacy-nir", "a"), ("privacy-nir", "b")}


def test_luck_is_not_a_finding(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Random identifiers of 15, 16 and 10 digits pass now and then; a column of them accuses nobody."""
    rng = random.Random(3)
    columns: dict[str, Sequence[object]] = {
        "id15": [f"{rng.randrange(10**15):015}" for _ in range(5000)],
        "id16": [f"{rng.randrange(10**16):016}" for _ in range(5000)],
        "id10": [f"{rng.randrange(10**10):010}" for _ in range(5000)],
        "id14": [f"{rng.randrange(10**14):014}" for _ in range(5000)],
    }
    found, levels = look(con, tmp_path, columns)
    assert found == {}
    assert levels == {}


def test_a_mixed_column_is_not_averaged(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """One in fifty identifiers is a NIR: far above luck."""
    rng = random.Random(4)
    cells = [nir(rng) if i % 50 == 0 else f"{rng.randrange(10**15):015}" for i in range(5000)]
    found, _ = look(con, tmp_path, {"reference": cells})
    assert found[("privacy-nir", "reference")].count >= 100


def test_chance_bound() -> None:
    """Chernoff's bound is above the exact tail and vanishes where it should."""
    assert tail(3, 3, 0.0104) == pytest.approx(0.0104**3)
    exact = sum(p for p in (0.5**10 * c for c in (45, 10, 1)))
    assert exact <= tail(10, 8, 0.5) <= 1
    assert tail(10_000, 104, 0.0104) == 1.0
    assert tail(10, 0, 0.1) == 1.0


NAMES = [
    "Jean Dupont",
    "Marie-Claude Lefèvre",
    "M. Karim Benali",
    "Hélène d’Arcy",
    "NGUYEN Thomas",
    "Léa Vasquez",
    "Pierre Étienne",
    "Fatima El Amrani",
]
PLACES = [
    "Rue Victor Hugo",
    "École Jules Ferry",
    "Gymnase Alice Milliat",
    "Place Jean Jaurès",
    "Stade Louis Michel",
    "Collège Simone Veil",
    "Parc Georges Brassens",
]
WORKS = [
    "Réfection de chaussée",
    "Curage du réseau",
    "RAS",
    "Travaux de nuit",
    "Marquage au sol",
    "Pose de bordures",
]


@pytest.mark.parametrize("header", ["nom_prenom", "agent", "Responsable", "demandeur"])
def test_full_names_under_a_telling_header(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, header: str
) -> None:
    """Even eight of them."""
    found, levels = look(con, tmp_path, {header: NAMES, "x": ["a"] * 8})
    finding = found[("privacy-person-name", header)]
    assert (finding.severity, finding.count, levels[header]) == ("error", 8, Sensitivity.DIRECT)
    assert all(set(r.value or "") <= set("• -.’'") for r in finding.rows)


def test_full_names_without_a_header(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """By the lists, from twenty distinct values on."""
    rng = random.Random(5)
    first = ["Julie", "Nathan", "Océane", "Yanis", "Brigitte", "Gérard", "Maëlle", "Inès"]
    cells = [
        f"{rng.choice(first)} {''.join(rng.choice('aeioulmnrst') for _ in range(7)).title()}"
        for _ in range(60)
    ]
    found, _ = look(con, tmp_path, {"c1": cells})
    assert ("privacy-person-name", "c1") in found


@pytest.mark.parametrize("header", ["c1", "v", "valeur"])
def test_numbers_beside_full_names_hide_none(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, header: str
) -> None:
    """A column of texts is judged by its words: what stands there in figures, a code or a date, says nothing
    of them.
    """
    rng = random.Random(6)
    first, last = (
        ["Julie", "Nathan", "Brigitte", "Gérard", "Sophie", "Nicolas"],
        ["Moreau", "Garnier", "Rousseau", "Perrin", "Chevalier", "Lefebvre"],
    )
    names = [f"{a} {b}" for a in first for b in last]
    figures = [str(rng.randrange(10_000)) for _ in range(200)] + [
        f"{rng.randrange(1, 29):02}/03/2024" for _ in range(40)
    ]
    found, _ = look(
        con, tmp_path, {header: [*figures, *names, "-", ""], "h": ["a"] * (len(figures) + len(names) + 2)}
    )
    assert found["privacy-person-name", header].severity == "error"
    other, _ = look(
        con,
        tmp_path,
        {header: [*figures, *WORKS, *PLACES], "h": ["a"] * (len(figures) + len(WORKS) + len(PLACES))},
    )
    assert other == {}


@pytest.mark.parametrize(
    "form",
    [
        "<p>{0} {1}</p>",
        '<a href="/x">{0} {1}</a><br/>',
        "{1}_{0}",
        "{0}_{1}",
        "12 {0} {1}",
        "0012-{1} {0}",
        "{0} {1};3",
    ],
)
def test_signs_of_machines_around_names_hide_none(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, form: str
) -> None:
    """What a page, a program or a register puts around a name and between its parts; the same around places
    stays nobody's.
    """
    first, last = (
        ["Julie", "Nathan", "Brigitte", "Gérard", "Sophie", "Nicolas"],
        ["Moreau", "Garnier", "Rousseau", "Perrin", "Chevalier", "Lefebvre"],
    )
    names = [form.format(a, b) for a in first for b in last]
    found, _ = look(con, tmp_path, {"c1": names, "h": ["a"] * len(names)})
    assert found["privacy-person-name", "c1"].severity == "error"
    places = [form.format(*p.split(" ", 1)) for p in PLACES if " " in p]
    assert not any(
        f.severity == "error"
        for f in look(con, tmp_path, {"c1": places, "h": ["a"] * len(places)})[0].values()
    )


def test_first_name_and_surname_columns_are_decided_together(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """« nom » beside first names is a surname, even unknown to the lists; alone it is the name of a thing."""
    first = ["Julie", "Nathan", "Océane", "Yanis", "Brigitte", "Gérard", "Maëlle", "Inès"]
    last = ["Zylberstein", "Quéré", "Abdoulaye", "Prudhomme", "Le Goff", "Kowalczyk", "Ozanne", "Trinquet"]
    found, levels = look(con, tmp_path, {"nom": last, "prenom": first})
    assert {k for k in found if k[0] == "privacy-person-name"} == {
        ("privacy-person-name", "nom"),
        ("privacy-person-name", "prenom"),
    }
    assert levels == {"nom": Sensitivity.DIRECT, "prenom": Sensitivity.DIRECT}
    alone, _ = look(con, tmp_path, {"nom": PLACES, "type": [*WORKS, "x"]})
    assert alone == {}


def test_first_names_alone_point_at_nobody(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """The list of first names given in a year is a warning, not an error."""
    found, levels = look(
        con, tmp_path, {"prenom": ["Louise", "Gabriel", "Jade", "Raphaël"], "nombre": ["12", "11", "9", "8"]}
    )
    assert found[("privacy-person-name", "prenom")].severity == "warning"
    assert levels == {"prenom": Sensitivity.INDIRECT}


def test_elected_people_are_public(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Names beside a mandate: told, and not held."""
    found, _ = look(
        con,
        tmp_path,
        {"nom": ["Dupont", "Martin"], "prenom": ["Jean", "Anne"], "mandat": ["maire", "adjointe"]},
    )
    assert {f.severity for k, f in found.items() if k[0] == "privacy-person-name"} == {"warning"}


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("voie", [f"Rue {n}" for n in NAMES] + PLACES * 3),
        ("nom", PLACES * 4),
        ("commentaire", WORKS * 10),
        (
            "ville",
            ["Saint-Denis", "Paris", "Lyon", "Marseille", "Martin-Église", "Bernard", "Nancy", "Clermont"]
            * 4,
        ),
        ("mois", ["mars", "avril", "mai", "juin"] * 10),
        ("essence", ["Rose", "Prune", "Olivier", "Platane", "Tilleul", "Chêne", "Marronnier", "Érable"] * 4),
        ("statut", ["ouvert", "fermé"] * 20),
    ],
)
def test_what_is_no_name(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, header: str, cells: list[str]
) -> None:
    """Streets, schools, towns, trees, months: no column of names."""
    found, levels = look(con, tmp_path, {header: cells})
    assert found == {}
    assert levels == {}


def test_addresses_of_services_go_out(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Role addresses are told as information, and the column stays open."""
    found, levels = look(
        con, tmp_path, {"courriel": ["contact@ville.fr", "mairie.annexe@ville.fr", "accueil2@ville.fr"]}
    )
    assert found[("privacy-email", "courriel")].severity == "info"
    assert levels == {}


def test_contacts_of_organisations_are_a_warning(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Beside a « raison sociale », a personal-looking address or a mobile warns, a landline goes out; without
    it both hold.
    """
    contacts = {
        "courriel": ["j.petit@club.example", "contact@club.example"],
        "tel": ["06 12 34 56 78", "04 67 34 50 00"],
        "fixe": ["0467345000", "0467345001"],
    }
    found, levels = look(con, tmp_path, {"raison_sociale": ["Club", "Asso"], **contacts})
    assert {k[1]: (f.severity, f.count) for k, f in found.items()} == {
        "courriel": ("warning", 1),
        "tel": ("warning", 1),
        "fixe": ("info", 2),
    }
    assert levels == {"courriel": Sensitivity.INDIRECT, "tel": Sensitivity.INDIRECT}
    found, levels = look(con, tmp_path, {"libelle": ["a", "b"], **contacts})
    assert {k[1]: (f.severity, f.count) for k, f in found.items()} == {
        "courriel": ("error", 1),
        "tel": ("error", 2),
        "fixe": ("error", 2),
    }
    assert levels == dict.fromkeys(contacts, Sensitivity.DIRECT)


def test_free_text_is_held_even_beside_organisations(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A citizen's mobile in a comment is no published contact."""
    comments = ["RAS", "rappeler M. X au 06 12 34 56 78", "vu", "ok"]
    found, levels = look(con, tmp_path, {"etablissement": ["a", "b", "c", "d"], "observations": comments})
    assert found[("privacy-phone", "observations")].severity == "error"
    assert levels == {"observations": Sensitivity.DIRECT}


def test_numbers_without_key_or_zero_need_a_header(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """13 characters under « nir », nine digits under « telephone »: the same cells elsewhere say nothing."""
    short, nine = ["1850578006084"] * 3, ["612345678", "467345000", "699887766"]
    found, _ = look(con, tmp_path, {"nir": short, "telephone": nine})
    assert {k: f.count for k, f in found.items()} == {
        ("privacy-nir-without-key", "nir"): 3,
        ("privacy-phone", "telephone"): 3,
    }
    found, _ = look(con, tmp_path, {"reference": short, "numero": nine})
    assert found == {}


def test_parents_are_named_in_few_rows_and_petit_is_a_surname(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """A small town registers twelve births: the columns of the parents hold few names, the sixth surname of
    France among them.
    """
    parents = ["LEROY Anne", "PETIT Jade", "FOURNIER Sophie", "MOREAU Julie"] * 3
    for header in ("NOM MERE", "Nom de la mère", "mère", "Conjoint"):
        found, levels = look(con, tmp_path, {"acte": [f"n{i}" for i in range(12)], header: parents})
        assert {(f.check, f.column) for f in found.values()} == {("privacy-person-name", header)}
        assert levels == {header: Sensitivity.DIRECT}
    places = ["Petit Bois", "Petite Rue", "Grand Parc", "Rue Petit", "Fontaine Wallace"] * 5
    assert look(con, tmp_path, {"acte": [f"n{i}" for i in range(25)], "nom": places})[0] == {}


def test_births(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """By the header: each row is somebody's, named or not; beside names it points at them."""
    found, levels = look(con, tmp_path, {"date_naissance": [1, 2]}, {"date_naissance": "date"})
    assert (found[("privacy-birth-date", "date_naissance")].severity, levels) == (
        "error",
        {"date_naissance": Sensitivity.INDIRECT},
    )
    found, levels = look(
        con,
        tmp_path,
        {"nom": ["Dupont", "Petit"], "prenom": ["Jean", "Anne"], "né(e) le": ["1/2/2000", "3/4/1999"]},
    )
    assert (found[("privacy-birth-date", "né(e) le")].severity, levels["né(e) le"]) == (
        "error",
        Sensitivity.DIRECT,
    )


@pytest.mark.parametrize(
    ("first", "last", "born"),
    [(1950, 1999, True), (1970, 1980, False), (1996, 2024, True), (2001, 2024, False)],
)
def test_dates_beside_people_are_births_when_they_span_their_ages(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, first: int, last: int, born: bool
) -> None:
    """Whether the profile says between which years they lie, or they are asked for."""
    dates = [date(first + i * (last - first) // 39, 3, 1) for i in range(40)]
    table = pa.table(
        {"nom": ["Dupont", "Petit"] * 20, "prenom": ["Jean", "Anne"] * 20, "le": pa.array(dates)}
    )
    pq.write_table(table, tmp_path / "v.parquet")
    schema = Schema(columns=(Column("nom"), Column("prenom"), Column("le", "date")))
    told = (ColumnProfile("le", "date", 40, 0, 40, min=str(dates[0]), max=str(dates[-1])),)
    plain = find(con, tmp_path / "v.parquet", schema, 40)
    assert ("privacy-birth-date" in {f.check for f in plain[0]}) == born
    assert find(con, tmp_path / "v.parquet", schema, 40, profile=told) == plain


def test_the_telephone_of_a_building_is_no_ones(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """The standard of a sports hall, told by the column or by its access; a mobile beside it is still
    somebody's.
    """
    halls = {
        "Nom": ["Gymnase du Bourg", "Salle des Prés"],
        "Adresse": ["1 rue de la Mairie", "2 rue de la Mairie"],
    }
    landlines = ["02 31 00 00 01", "02 31 00 00 02"]
    for own in ({"Téléphone accueil": landlines}, {"Téléphone": landlines, "Accès PMR": ["Oui", "Non"]}):
        found, _ = look(con, tmp_path, {**halls, **own})
        assert found
        assert {f.severity for f in found.values()} == {"info"}
    found, _ = look(con, tmp_path, {**halls, "Téléphone accueil": ["06 31 00 00 01", "06 31 00 00 02"]})
    assert {f.severity for f in found.values() if f.check == "privacy-phone"} == {"warning"}


def test_misfits_are_looked_at_too(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """What did not fit its column's type lies in the raw twin; a secret there is the column's."""
    table = pa.table(
        {
            "age": pa.array([1, None], pa.int64()),
            "_raw_age": pa.array([None, "jean.dupont@example.fr"], pa.string()),
        }
    )
    pq.write_table(table, tmp_path / "v.parquet")
    (finding,), levels = find(
        con, tmp_path / "v.parquet", Schema(columns=(Column("age", "integer"),), raw=("age",)), 2
    )
    assert (finding.check, finding.column, finding.rows[0].record, finding.rows[0].value) == (
        "privacy-email",
        "age",
        2,
        "j•••@•••.fr",
    )
    assert levels == {"age": Sensitivity.DIRECT}


def test_records_go_on_over_files(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A version of several files numbers its records through them, in their order."""
    paths = [tmp_path / "b.parquet", tmp_path / "a.parquet"]
    for path, cells in zip(paths, (["x", "y", "z"], ["q", "jean.dupont@example.fr"]), strict=True):
        pq.write_table(pa.table({"c": cells}), path)
    (finding,), _ = find(con, paths, Schema(columns=(Column("c"),)), 5)
    assert [r.record for r in finding.rows] == [5]


def test_names_that_would_break_sql(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A header and cells with quotes and keywords stay data; an empty table says nothing."""
    found, _ = look(con, tmp_path, {"a\"b'; --": ["jean.dupont@example.fr", "l'été\"; DROP"]})
    assert list(found) == [("privacy-email", "a\"b'; --")]
    assert look(con, tmp_path, {"c": []}) == ({}, {})


def test_a_long_column_that_repeats_itself_is_counted_and_named_row_by_row(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """A long column is looked at value by value: counts weigh each value, and a few values that stand often
    are still named by their records.
    """
    cells = [f"quai {i % 40}" for i in range(60_000)]
    for place in range(100, 60_000, 200):
        cells[place] = ("jean.dupont@courriel.example", "marie.petit@courriel.example")[place // 200 % 2]
    found, _ = look(con, tmp_path, {"note": cells})
    finding = found[("privacy-email", "note")]
    assert finding.count == 300
    assert [r.record for r in finding.rows] == [101 + 200 * k for k in range(20)]


def test_three_numbers_among_references_that_look_like_other_secrets(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """One value a row, each beginning as an IBAN does: three NIR stand out, nothing else does."""
    rng = random.Random(4)
    cells = [f"{chr(65 + i % 26)}{chr(65 + i // 26 % 26)}{i:08}" for i in range(60_000)]
    for place in (7, 31_000, 59_999):
        cells[place] = nir(rng)
    found, _ = look(con, tmp_path, {"reference": cells})
    assert [(key, f.count, [r.record for r in f.rows]) for key, f in found.items()] == [
        (("privacy-nir", "reference"), 3, [8, 31_001, 60_000])
    ]


def test_a_cell_may_hold_several(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Each detector reads the cells that bear its own hint, whoever else found something there."""
    found, _ = look(
        con,
        tmp_path,
        {
            "note": [
                "écrire à jean.dupont@example.fr ou au 06 12 34 56 78, NIR 185057800608491, FR7630006000011234567890189",
                "rien",
                "court",
            ]
        },
    )
    assert {check for check, _ in found} == {"privacy-email", "privacy-phone", "privacy-nir", "privacy-iban"}
    assert all(f.count == 1 and f.rows[0].record == 1 for f in found.values())


def test_the_hints_of_a_scan_want_no_digit_rather_than_another() -> None:
    """Each digit of a long number may else begin another one, and the engine walks through thousands of
    states: a column of SIRET took 160 times as long.
    """
    schema = Schema(columns=(Column("siret", "text"),))
    (place,) = forms.places(schema, tuple(known_detectors().values()), ())
    figures, _ = place.hints
    assert re.findall(r"\[[0-9][^]]*\]", figures)
    assert not re.search(r"\[(?!0-9)[0-9]", figures)


@pytest.mark.parametrize("name", sorted(n for n, d in known_detectors().items() if d.hint))
def test_a_wider_hint_lets_in_what_the_hint_does(name: str) -> None:
    detector = known_detectors()[name]
    con = duckdb.connect()
    for cell in detector.right:
        narrow, wide = con.execute(
            "SELECT regexp_matches($1, $2), regexp_matches($1, $3)",
            [cell, detector.hint, forms.any_digit(detector.hint)],
        ).fetchone() or (None, None)
        assert wide or not narrow, cell


@pytest.mark.parametrize("name", sorted(known_detectors()))
def test_no_candidate_is_shorter_than_declared(name: str) -> None:
    """`shortest` never shuts out an example."""
    detector = known_detectors()[name]
    assert detector.shortest <= min(len(cell.encode()) for cell in detector.right)


def test_what_is_known_to_come_again_changes_nothing(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """With a profile, columns are looked at value by value: same findings, same records, same counts."""
    rng = random.Random(5)
    secrets = (
        "jean.dupont@example.fr",
        "06 12 34 56 78",
        nir(rng),
        "FR7630006000011234567890189",
        "accueil@ville.fr",
    )
    rows = 60_000
    columns = {
        "note": [f"lot {i % 90}" if i % 700 else secrets[i // 700 % 5] for i in range(rows)],
        "vide": [None if i % 3 else f"rue {i % 9}" for i in range(rows)],
        "contact": [f"u{i % 4000}@example.fr" for i in range(rows)],
        "reference": [f"AB{i:08}" for i in range(rows)],
    }
    pq.write_table(pa.table(columns), tmp_path / "v.parquet", row_group_size=20_480)
    schema = Schema(columns=tuple(Column(n) for n in columns))
    profile = tuple(
        ColumnProfile(n, "text", rows, sum(c is None for c in cells), len(set(cells)))
        for n, cells in columns.items()
    )
    plain = find(con, tmp_path / "v.parquet", schema, rows)
    assert {(f.check, f.column) for f in plain[0]} >= {
        ("privacy-email", "contact"),
        ("privacy-nir", "note"),
        ("privacy-iban", "note"),
    }
    assert find(con, tmp_path / "v.parquet", schema, rows, profile=profile) == plain


GIVEN = (
    "Julie",
    "Nathan",
    "Océane",
    "Yanis",
    "Brigitte",
    "Gérard",
    "Maëlle",
    "Inès",
    "Oihana",
    "Kateryna",
    "Souleymane",
    "Solveig",
)
RARE = (
    "Zumbrunnen",
    "Quistinic",
    "Etcheverlepo",
    "Rakotondramboa",
    "Wojdylak",
    "Tchernoukha",
    "Guivarcabric",
    "Roumagnan",
)


@pytest.mark.parametrize(
    ("surname", "given"),
    [
        ("nomAgent", "prén"),
        ("NOM_NAISS", "PRENOM1"),
        ("lastName", "given_name"),
        ("nom.", "prnm"),
        ("NomJF", "PNOM"),
        ("Surname", "PRNEOM"),
    ],
)
def test_headers_as_clerks_write_them(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, surname: str, given: str
) -> None:
    """Shortened, joined, shouted, English, with two letters in each other's place."""
    found, _ = look(con, tmp_path, {surname: RARE, given: GIVEN[:8]})
    assert {("privacy-person-name", surname), ("privacy-person-name", given)} <= found.keys()
    assert not [column for check, column in found if check == "privacy-birth-date"]


def test_names_written_as_clerks_write_them(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Nobody of whom a list knows: the surname in capitals, the first name not; or an initial, under a header
    that says nothing.
    """
    unknown = (
        "Zorobabel",
        "Quirilla",
        "Ypolit",
        "Wenceslinde",
        "Xantippa",
        "Udalric",
        "Tibalda",
        "Sosthenis",
    )
    titled = [f"{s.upper()} {f}" for s, f in zip(RARE, unknown, strict=True)]
    initialled = [f"{f[0]}. {s}" for s, f in zip(RARE, unknown, strict=True)]
    found, _ = look(
        con, tmp_path, {"Titul.": titled, "ref": initialled, "modele": ["Renault CLIO", "Iveco DAILY"] * 4}
    )
    assert [column for check, column in found if check == "privacy-person-name"] == ["Titul.", "ref"]


def test_pupils_are_people_though_they_have_a_school(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A column of bodies that comes again is a trait of people: their addresses are homes. Where it does not,
    the rows are the bodies.
    """
    streets = [f"{i} rue des Tanneurs" for i in range(1, 25)]
    people: dict[str, Sequence[object]] = {
        "nom": [RARE[i % 8] + "aeiou"[i // 8] for i in range(24)],
        "prénom": [GIVEN[i % 12] for i in range(24)],
        "adresse": streets,
    }
    _, levels = look(con, tmp_path, {**people, "école": ["École Zola", "École Ferry"] * 12})
    assert levels["adresse"] is Sensitivity.DIRECT
    _, levels = look(
        con,
        tmp_path,
        {
            "association": [f"Club {i}" for i in range(24)],
            "président": [f"{GIVEN[i % 12]} {RARE[i % 8]}" for i in range(24)],
            "adresse": streets,
        },
    )
    assert "adresse" not in levels


def test_what_a_town_publishes_on_purpose(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """The account of its treasury, the plates of its vans, opening hours that look like telephones: told with
    a ground, or not at all.
    """
    ours = "FR1330001000000000000000000"
    assert int("".join(str(int(c, 36)) for c in ours[4:] + ours[:4])) % 97 == 1
    plates = [f"AB-{100 + i}-CD" for i in range(24)]
    found, levels = look(
        con,
        tmp_path,
        {
            "iban": [ours] * 24,
            "horaires": ["0614202210"] * 24,
            "immat": plates,
            "marque": ["Renault"] * 24,
            "service": ["Voirie"] * 24,
        },
    )
    assert levels == {}
    assert {check for check, _ in found} == {"privacy-iban", "privacy-plate"}
    _, levels = look(
        con,
        tmp_path,
        {
            "immat": plates,
            "marque": ["Renault"] * 24,
            "nom": [RARE[i % 8] for i in range(24)],
            "prénom": [GIVEN[i % 12] for i in range(24)],
            "service": ["Voirie"] * 24,
        },
    )
    assert levels["immat"] is not Sensitivity.NONE


def test_coordinates_by_their_header(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    columns: dict[str, Sequence[object]] = {
        "nom": RARE,
        "prénom": GIVEN[:8],
        "X_WGS84": [3.8 + i / 100 for i in range(8)],
        "Y_WGS84": [43.6] * 8,
    }
    found, _ = look(con, tmp_path, columns, {"X_WGS84": "number", "Y_WGS84": "number"})
    assert {("privacy-home-point", "X_WGS84"), ("privacy-home-point", "Y_WGS84")} <= found.keys()
