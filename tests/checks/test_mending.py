"""Mending a whole table: what was broken on purpose comes back as it was, clean cells are left alone, and
what can't be certain is left and told.
"""

from __future__ import annotations

import csv
import io
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.checks import load_schema
from parvis.core.types import Schema
from parvis.inspection import file_check
from tests.tables.broken_files import HEADER, SCHEMA_BYTES, clean
from tests.tables.broken_files import csv as written

SCHEMA = load_schema(SCHEMA_BYTES)

Break = Callable[[str, random.Random], str]


def _mojibake(text: str, _: random.Random) -> str:
    return text.encode().decode("cp1252")


BREAKS: Mapping[str, tuple[str, Break]] = {
    "outer space": ("nom", lambda v, r: r.choice((" ", "\u00a0", "\u202f", "\t")) + v + r.choice(("", " "))),
    "no-break space around a code": ("id", lambda v, r: v + "\u00a0"),
    "double encoding": ("type", _mojibake),
    "day/month/year": ("ouverture", lambda v, r: "{2}/{1}/{0}".format(*v.split("-"))),
    "points in a date": ("ouverture", lambda v, r: "{2}.{1}.{0}".format(*v.split("-"))),
    "year first, slashes": ("ouverture", lambda v, r: v.replace("-", "/")),
    "month in words": ("ouverture", lambda v, r: f"{int(v[8:])} {_MONTHS[int(v[5:7]) - 1]} {v[:4]}"),
    "decimal comma": ("surface", lambda v, r: v.replace(".", ",")),
    "decimal comma of a latitude": ("latitude", lambda v, r: v.replace(".", ",")),
    "thousands": ("surface", lambda v, r: f"{float(v):,.1f}".replace(",", r.choice((" ", "\u202f", "\u00a0"))).replace(".", ",")),
    "lost zero": ("code_insee", lambda v, r: v.removeprefix("0")),
    "SIRET with an exponent": ("siret", lambda v, r: f"{v[0]},{v[1:]}E+13"),
    "SIRET with a decimal": ("siret", lambda v, r: f"{v}.0"),
    "capitals": ("type", lambda v, r: v.upper()),
    "small letters": ("type", lambda v, r: v.lower()),
    "lost accents": ("type", lambda v, r: v.replace("é", "e").replace("è", "e")),
    "full-width digits": ("surface", lambda v, r: "".join(chr(0xFF10 + int(c)) if c.isdigit() else c for c in v)),
}  # fmt: skip
_MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def mended(
    rows: Sequence[Sequence[str]], schema: Schema | None = SCHEMA, header: Sequence[str] = HEADER
) -> tuple[list[list[str]], file_check.Mended]:
    """The rows of the mended copy, and what was done."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_bytes(written(rows, header=header))
        with file_check.opened(path) as desk:
            done = file_check.mended(desk, file_check.CheckRequest(schema, "t" if schema else ""))
            out = io.BytesIO()
            file_check.write_mended(desk, done, out)
    return list(csv.reader(io.StringIO(out.getvalue().decode()), delimiter=";")), done


def test_a_clean_table_is_left_alone() -> None:
    """Nothing is proposed where nothing is wrong, with a schema and without."""
    for schema in (SCHEMA, None):
        rows, done = mended(clean(), schema)
        assert done.cells == ()
        assert rows == [list(HEADER), *clean()]


def test_nine_seeded_errors_in_ten_come_back_right() -> None:
    """Every kind of break, in a few cells of a table each time: the cell is what it was, and no other cell is
    touched. Which are not is counted.
    """
    right, seeded = Counter[str](), Counter[str]()
    touched = 0
    for seed, (kind, (column, change)) in enumerate(BREAKS.items()):
        rng = random.Random(seed)
        rows, place = clean(seed), HEADER.index(column)
        before = [list(r) for r in rows]
        for i in rng.sample(range(len(rows)), 8):
            rows[i][place] = change(rows[i][place], rng)
        after = mended(rows)[0][1:]
        for was, broken, now in zip(before, rows, after, strict=True):
            for a, b, c in zip(was, broken, now, strict=True):
                if a != b:
                    seeded[kind] += 1
                    right[kind] += a == c
                else:
                    touched += a != c
    assert touched == 0
    assert sum(right.values()) >= 0.9 * sum(seeded.values()), {k: (right[k], n) for k, n in seeded.items()}
    assert all(right[k] for k in seeded), {k: (right[k], n) for k, n in seeded.items()}


def test_without_a_schema_most_cells_say_how_a_category_is_written() -> None:
    """Capitals, spaces and lost accents go back to what most of the column has."""
    rows, place = clean(), HEADER.index("type")
    rows[3][place], rows[9][place], rows[5][place] = (
        rows[3][place].upper(),
        rows[9][place].upper(),
        rows[5][place] + " ",
    )
    after, done = mended(rows, None)
    assert after[1:] == clean()
    assert len(done.cells) == 3


def test_swapped_coordinates_are_put_back_row_by_row() -> None:
    """Both cells of the row change, and only those of rows whose point lies nowhere in France."""
    rows = clean()
    for i in (3, 17, 30):
        rows[i][7], rows[i][8] = rows[i][8], rows[i][7]
    after, done = mended(rows)
    assert after[1:] == clean()
    assert {c.record for c in done.cells} == {4, 18, 31}


def test_a_misspelt_header_is_renamed() -> None:
    """The label changes; its cells do not."""
    after, done = mended(clean(), header=("ID", "Nom", *HEADER[2:]))
    assert after == [list(HEADER), *clean()]
    assert [(c.record, c.before, c.after) for c in done.cells] == [(0, "ID", "id"), (0, "Nom", "nom")]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("ouverture", "03/04/2012"),  # which comes first, nothing says
        ("ouverture", "31/02/2012"),
        ("surface", "1,234"),
        ("surface", "environ 200"),
        ("siret", "2,13E+13"),
        ("code_insee", "Montpellier"),
        ("type", "Gymnaze"),
        ("siret", "2134017220178"),
    ],
)
def test_what_is_not_certain_is_left_and_told(column: str, value: str) -> None:
    """The cell stays, the fault stays in the list of what is left."""
    rows = clean()
    rows[5][HEADER.index(column)] = value
    after, done = mended(rows)
    assert after[6][HEADER.index(column)] == value
    left = file_check.repaired(done).left
    assert [f.column for f in left] == [column]
    assert left[0].fix


def test_shifted_rows_are_not_mended() -> None:
    """Where a cell may stand in the column of its neighbour nothing is certain."""
    rows = [[*row[:6], "43", "61", *row[7:]] for row in clean()]
    _, done = mended(rows)
    assert done.cells == ()


def test_the_list_of_changes_says_where() -> None:
    """Line of the file, column, before, after and repair; a quoted line break above does not shift it."""
    rows = clean()
    rows[0][1] = "Gymnase\nJean Moulin"
    rows[4][6] = rows[4][6].replace(".", ",")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_bytes(written(rows))
        with file_check.opened(path) as desk:
            out = io.BytesIO()
            file_check.write_changes(file_check.mended(desk, file_check.CheckRequest(SCHEMA, "t")), out)
    said = list(csv.DictReader(io.StringIO(out.getvalue().decode())))
    line = {
        "ligne": "7",
        "enregistrement": "5",
        "colonne": "surface",
        "avant": rows[4][6],
        "apres": clean()[4][6],
        "reparation": "numbers",
    }
    assert said == [line]


def test_a_workbook_stays_a_workbook() -> None:
    """Title, other sheets and formulas stay; the mended cell is a number, a code stays text; a text that
    looks like a formula does not become one.
    """
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["B1"] = "Équipements"
    for i, row in enumerate([HEADER, *clean()], 3):
        for j, value in enumerate(row, 2):
            sheet.cell(i, j, value)
    sheet["H6"], sheet["D7"], sheet["C8"] = "1 234,5", "1004", " =1+1"
    book.create_sheet("Notes")["A1"] = "à garder"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.xlsx"
        book.save(path)
        with file_check.opened(path, sheet="Sheet") as desk:
            done, marked = io.BytesIO(), io.BytesIO()
            assert (
                file_check.write_mended(
                    desk, file_check.mended(desk, file_check.CheckRequest(SCHEMA, "t")), done
                )
                == "xlsx"
            )
            assert file_check.write_annotated(desk, file_check.CheckRequest(SCHEMA, "t"), marked) == "xlsx"
    after = openpyxl.load_workbook(done)
    assert (after["Sheet"]["B1"].value, after["Notes"]["A1"].value) == ("Équipements", "à garder")
    assert (after["Sheet"]["H6"].value, after["Sheet"]["D7"].value) == (1234.5, "01004")
    assert (after["Sheet"]["C8"].value, after["Sheet"]["C8"].data_type) == ("=1+1", "s")
    told = openpyxl.load_workbook(marked)
    comment = told["Sheet"]["H6"].comment
    assert comment is not None
    assert "un nombre" in comment.text
    assert told["Sheet"]["H7"].comment is None
    assert told["Sheet"]["D7"].comment is not None
    assert [c.value for c in told["Rapport"][1]][:2] == ["Gravité", "Colonne"]
    assert {row[1].value for row in told["Rapport"].iter_rows(min_row=2)} >= {"surface", "code_insee"}


def test_an_annotated_csv_marks_every_fault_on_its_line() -> None:
    """All records are there; those at fault say on which line they stand, what is wrong and how to mend it."""
    rows = clean()
    rows[2][6], rows[9][4], rows[9][0] = "douze", "Autre", ""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_bytes(written(rows))
        with file_check.opened(path) as desk:
            out = io.BytesIO()
            file_check.write_annotated(desk, file_check.CheckRequest(SCHEMA, "t"), out)
    said = list(csv.DictReader(io.StringIO(out.getvalue().decode()), delimiter=";"))
    assert len(said) == 40
    assert [i for i, row in enumerate(said) if row["anomalies"]] == [2, 9]
    assert (said[2]["ligne_du_fichier"], said[9]["ligne_du_fichier"]) == ("4", "11")
    assert said[9]["anomalies"].count(" | ") == 1
    assert "Gymnase" in said[9]["corrections"]


MUTATIONS = st.lists(st.tuples(st.integers(0, 39), st.sampled_from(sorted(BREAKS))), max_size=12)


@given(MUTATIONS, st.integers(0, 1_000_000))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_repair_then_check_is_clean_or_says_why_not(mutations: list[tuple[int, str]], seed: int) -> None:
    """Whatever is broken where: the copy has no more faults than the file, no cell is changed into something
    that was never there, what is left is told.
    """
    rng = random.Random(seed)
    rows = clean(seed % 50)
    was = [list(r) for r in rows]
    for i, kind in mutations:
        column, change = BREAKS[kind]
        place = HEADER.index(column)
        if rows[i][place] == was[i][place]:
            rows[i][place] = change(rows[i][place], rng)
    after, done = mended(rows)
    for broken, now, true in zip(rows, after[1:], was, strict=True):
        assert all(n in (b, t) for b, n, t in zip(broken, now, true, strict=True)), (broken, now, true)
    report = file_check.repaired(done)
    assert report.after <= report.before
    again, second = mended(after[1:])
    assert second.cells == ()
    assert again == after
    assert report.after == 0 or (report.left and all(f.fix and f.message for f in report.left))
