"""A raw table typed and written: what is in the file, what is kept, what is said."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from parvis import columns
from parvis.columns.evidence import gather
from parvis.core.errors import UsageError
from parvis.core.reading import CsvScan, ParquetScan, RawColumn, RawTable
from parvis.core.types import DUCKDB_TYPES, Column, Finding, Schema
from parvis.engine.connect import processing
from tests.columns.columns_cells import table

Cells = dict[str, Sequence[str | None]]


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    made = processing(tmp_path)
    yield made
    made.close()


def read(con: duckdb.DuckDBPyConnection, typed: columns.Typed) -> dict[str, list[str | None]]:
    """Every cell of the written file as text, by column."""
    rows = con.execute("SELECT columns(*)::VARCHAR FROM read_parquet(?)", [str(typed.path)]).to_arrow_table()
    return {name: rows.column(name).to_pylist() for name in rows.column_names}


def kinds(con: duckdb.DuckDBPyConnection, typed: columns.Typed) -> Mapping[str, str]:
    return {
        r[0]: r[1]
        for r in con.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(typed.path)]).fetchall()
    }


def one(findings: Sequence[Finding], check: str) -> Finding:
    (found,) = [f for f in findings if f.check == check]
    return found


def csv_table(path: Path, header: str, lines: Sequence[str], separator: str = ";") -> RawTable:
    path.write_text("\n".join([header, *lines]) + "\n", "utf-8")
    return RawTable(
        "",
        tuple(RawColumn(n, n) for n in header.split(separator)),
        CsvScan(path, separator, '"', 1),
        len(lines),
        1,
    )


def test_a_csv_becomes_typed_columns_in_the_order_of_its_rows(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    lines = [
        f"{i};{i % 28 + 1:02}/03/2024;{i},5;{'oui' if i % 3 else 'non'};0{i % 9}100;2024-07-{i % 28 + 1:02} 10:00"
        for i in range(60_000)
    ]
    raw = csv_table(tmp_path / "a.csv", "n;date;montant;ouvert;cp;horodatage", lines)
    typed = columns.type_table(raw, tmp_path / "out.parquet", con=con)
    assert [(c.name, c.type) for c in typed.schema.columns] == [
        ("n", "integer"),
        ("date", "date"),
        ("montant", "number"),
        ("ouvert", "boolean"),
        ("cp", "text"),
        ("horodatage", "datetime"),
    ]
    expected = {
        "n": "BIGINT",
        "date": "DATE",
        "montant": "DOUBLE",
        "ouvert": "BOOLEAN",
        "cp": "VARCHAR",
        "horodatage": "TIMESTAMP WITH TIME ZONE",
    }
    assert kinds(con, typed) == expected
    got = read(con, typed)
    assert got["n"] == [str(i) for i in range(60_000)]
    assert (got["date"][13], got["montant"][13], got["ouvert"][13], got["cp"][13]) == (
        "2024-03-14",
        "13.5",
        "true",
        "04100",
    )
    assert got["horodatage"][0] == "2024-07-01 08:00:00+00"
    meta = pq.read_metadata(typed.path)
    assert {meta.row_group(g).num_rows for g in range(meta.num_row_groups - 1)} == {20_480}
    assert meta.row_group(0).column(0).compression == "LZ4"
    assert "DELTA_BINARY_PACKED" in meta.row_group(0).column(0).encodings
    assert typed.findings == ()
    assert typed.schema.raw == ()


def test_what_does_not_fit_is_kept_and_told(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    cells: Cells = {
        "date": ["12/03/2024"] * 15 + ["31/02/2024", "bientôt", "NC", "", "  ", None],
        "nom": [f"a{i}" for i in range(21)],
    }
    typed = columns.type_table(table(tmp_path / "r.parquet", cells), tmp_path / "out.parquet", con=con)
    got = read(con, typed)
    assert typed.schema.raw == ("date",)
    assert list(got) == ["date", "nom", "_raw_date"]
    assert got["date"][14:] == ["2024-03-12", None, None, None, None, None, None]
    assert got["_raw_date"][14:] == [None, "31/02/2024", "bientôt", "NC", None, None, None]
    misfit = one(typed.findings, "type-misfit")
    assert (misfit.column, misfit.count, misfit.severity) == ("date", 2, "warning")
    assert [(r.record, r.value) for r in misfit.rows] == [(16, "31/02/2024"), (17, "bientôt")]
    assert "« 12/03/2024 »" in misfit.fix
    missing = one(typed.findings, "missing-marker")
    assert (missing.count, [(r.record, r.value) for r in missing.rows], missing.severity) == (
        1,
        [(18, "NC")],
        "info",
    )
    profile = typed.profile[0]
    assert (profile.rows, profile.nulls, profile.distinct, profile.misfits) == (21, 6, 1, 2)


def test_a_column_of_few_words_is_read_like_any_other(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    """Its words are read beforehand; what the sample did not show is read cell by cell, and what does not fit
    is told.
    """
    odd = {30_001: " OUI ", 30_003: "peut-être", 30_005: ""}
    lines = [f"x{i};{odd.get(i, 'oui' if i % 2 else 'non')}" for i in range(60_000)]
    typed = columns.type_table(
        csv_table(tmp_path / "a.csv", "nom;ouvert", lines), tmp_path / "out.parquet", con=con
    )
    values = read(con, typed)["ouvert"]
    assert [values[i] for i in (30_000, 30_001, 30_002, 30_003, 30_004, 30_005)] == [
        "false",
        "true",
        "false",
        None,
        "false",
        None,
    ]
    misfit = one(typed.findings, "type-misfit")
    assert (misfit.count, [(r.record, r.value) for r in misfit.rows]) == (1, [(30_004, "peut-être")])


def test_misfits_of_a_long_table_are_kept_whether_its_sample_has_some_or_not(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    """A column that seems clean shares one place for its misfits with the others like it, until one turns up."""
    odd = {41_503: "31/02/2024", 41_504: "bientôt"}
    some = dict.fromkeys(range(3, 60_000, 50), "?!")
    lines = [
        f"{i};{odd.get(i, '12/03/2024')};{some.get(i, i)};{'' if i == 30_000 else f'{i},5'}"
        for i in range(60_000)
    ]
    typed = columns.type_table(
        csv_table(tmp_path / "a.csv", "n;date;lu;valeur", lines), tmp_path / "out.parquet", con=con
    )
    assert [c.type for c in typed.schema.columns] == ["integer", "date", "integer", "number"]
    assert typed.schema.raw == ("date", "lu")
    got = read(con, typed)
    assert list(got) == ["n", "date", "lu", "valeur", "_raw_lu", "_raw_date"]
    assert got["n"] == [str(i) for i in range(60_000)]
    assert (got["_raw_date"][41_502:41_506], got["valeur"][30_000]) == (
        [None, "31/02/2024", "bientôt", None],
        None,
    )
    assert sum(v is not None for v in got["_raw_lu"]) == 1200
    assert [(f.column, f.count) for f in typed.findings if f.check == "type-misfit"] == [
        ("date", 2),
        ("lu", 1200),
    ]


def test_rows_told_are_cut_at_a_hundred_but_counts_are_exact(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    cells: Cells = {"n": [("x" if i % 20 == 7 else str(i)) for i in range(5000)]}
    typed = columns.type_table(table(tmp_path / "r.parquet", cells), tmp_path / "out.parquet", con=con)
    found = one(typed.findings, "type-misfit")
    assert (found.count, len(found.rows), found.rows[0].record, found.rows[1].record) == (250, 100, 8, 28)


def test_the_whole_table_corrects_what_the_sample_believed(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    """Slices of a long text miss a stretch of it: the stretch still counts. Whole numbers turn decimal, and
    an empty column turns out to hold dates.
    """
    plain = [f"{i % 1000};;{'x' * 150}" for i in range(120_000)]
    stretch = plain[:60_400] + [f"{i % 1000},5;12/03/2024;{'x' * 150}" for i in range(900)] + plain[61_300:]
    raw = csv_table(tmp_path / "a.csv", "valeur;date;texte", stretch)
    typed = columns.type_table(raw, tmp_path / "out.parquet", con=con)
    assert [c.type for c in typed.schema.columns] == ["number", "date", "text"]
    assert typed.schema.raw == ()
    assert con.execute(
        "SELECT count(date), sum(valeur) FROM read_parquet(?)", [str(typed.path)]
    ).fetchone() == (900, pytest.approx(59_940_450.0 - 900 * 0, rel=0.01))


def test_a_correction_wins_and_survives_five_reloads(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    told = {"code": "integer", "jour": "date:%m/%d/%Y", "nombre": "text"}
    for reload in range(5):
        cells: Cells = {
            "code": [f"{i + reload:03}" for i in range(50)],
            "jour": ["03/04/2024", "01/02/2024"] * 25,
            "nombre": [str(i) for i in range(49)] + [["x"], ["12"]][reload % 2],
        }
        typed = columns.type_table(
            table(tmp_path / "r.parquet", cells), tmp_path / "out.parquet", con=con, corrections=told
        )
        got = read(con, typed)
        assert [c.type for c in typed.schema.columns] == ["integer", "date", "text"]
        assert got["code"][3] == str(3 + reload)
        assert got["jour"][:2] == ["2024-03-04", "2024-01-02"]
        assert got["nombre"][:2] == ["0", "1"]
        assert [f.check for f in typed.findings] == []


def test_a_correction_wins_over_a_type_that_the_format_says(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    path = tmp_path / "native.parquet"
    pq.write_table(pa.table({"c0": pa.array([34000, 34070]), "c1": pa.array([2019, 2020])}), path)
    raw = RawTable(
        "", (RawColumn("cp", "cp", "integer"), RawColumn("annee", "annee", "integer")), ParquetScan(path), 2
    )
    typed = columns.type_table(raw, tmp_path / "out.parquet", con=con, corrections={"cp": "text"})
    assert [(c.type, c.meaning) for c in typed.schema.columns] == [("text", "code_postal"), ("year", "year")]
    assert read(con, typed)["cp"] == ["34000", "34070"]


@pytest.mark.parametrize("wrong", ["nombre", "date:", "date:%Q", "integer:%d"])
def test_a_correction_that_is_no_type_is_refused(
    wrong: str, tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    raw = table(tmp_path / "r.parquet", {"a": ["1", "2"]})
    if wrong == "date:":
        assert (
            columns.type_table(raw, tmp_path / "out.parquet", con=con, corrections={"a": wrong})
            .schema.columns[0]
            .type
            == "date"
        )
        return
    with pytest.raises(UsageError, match="n’est pas un type de colonne"):
        columns.type_table(raw, tmp_path / "out.parquet", con=con, corrections={"a": wrong})


def test_a_schema_says_types_formats_and_missing_values(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    schema = Schema(
        name="essai",
        missing_values=("", "-99"),
        columns=(
            Column("montant", "number", options={"decimalChar": ",", "groupChar": "'"}),
            Column("jour", "date", format="%d'%m'%Y"),
            Column("ok", "boolean", options={"trueValues": ["d'accord"], "falseValues": ["pas d'accord"]}),
            Column("code", "text", description="Le code"),
        ),
    )
    cells: Cells = {
        "montant": ["1'234,5", "12,25", "-99"],
        "jour": ["12'03'2024", "31'02'2024", "-99"],
        "ok": ["d'accord", "pas d'accord", "oui"],
        "code": ["001", "-99", "a"],
    }
    typed = columns.type_table(
        table(tmp_path / "r.parquet", cells), tmp_path / "out.parquet", con=con, expected=schema
    )
    got = read(con, typed)
    assert got["montant"] == ["1234.5", "12.25", None]
    assert got["jour"] == ["2024-03-12", None, None]
    assert got["ok"] == ["true", "false", "true"]
    assert got["code"] == ["001", None, "a"]
    assert got["_raw_code"] == [None, "-99", None]
    assert (typed.schema.name, typed.schema.columns[3].description) == ("essai", "Le code")
    assert {(f.check, f.column, f.count) for f in typed.findings} == {
        ("type-misfit", "jour", 1),
        ("missing-marker", "jour", 1),
        ("missing-marker", "montant", 1),
        ("missing-marker", "code", 1),
    }


def test_names_that_differ_by_case_or_shadow_ours_are_told_apart(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    raw = table(
        tmp_path / "r.parquet",
        {"Nom": ["a"], "nom": ["b"], "_point": ["c"], "_raw_x": ["d"], "a\"b'; DROP": ["e"]},
    )
    typed = columns.type_table(raw, tmp_path / "out.parquet", con=con)
    assert typed.schema.names == ("Nom", "nom_2", "point", "raw_x", "a\"b'; DROP")
    assert [v[0] for v in read(con, typed).values()] == ["a", "b", "c", "d", "e"]


def test_a_table_without_rows_or_values_is_text(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    for rows in ([], ["", None, " "]):
        typed = columns.type_table(
            table(tmp_path / "r.parquet", {"a": rows, "b": rows}), tmp_path / "out.parquet", con=con
        )
        assert (typed.rows, [c.type for c in typed.schema.columns], typed.findings) == (
            len(rows),
            ["text", "text"],
            (),
        )
        assert [p.distinct for p in typed.profile] == ([0, 0] if not rows else [1, 1])


def test_infer_says_what_type_table_says_and_leaves_nothing(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    raw = table(
        tmp_path / "r.parquet",
        {"lat": ["43.61", "43.62"], "lon": ["3.87", "3.88"], "montant": ["12,5 €", "13 €"]},
    )
    typed = columns.type_table(raw, tmp_path / "out.parquet", con=con)
    said = columns.infer(raw, con=con)
    assert (said.schema, said.rows, said.profile, said.findings) == (
        typed.schema,
        typed.rows,
        typed.profile,
        typed.findings,
    )


def test_units_are_taken_off_and_told(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    cells: Cells = {
        "taux": ["12 %", "33,5 %", "100%"] * 5,
        "prix": ["1 000 €", "25 €", "12"] + ["3 €"] * 12,
        "mixte": ["12 %", "13", "14 €"] * 5,
    }
    typed = columns.type_table(table(tmp_path / "r.parquet", cells), tmp_path / "out.parquet", con=con)
    assert [(c.type, c.unit, c.meaning) for c in typed.schema.columns] == [
        ("number", "%", "percent"),
        ("integer", "€", "money"),
        ("text", "", ""),
    ]
    got = read(con, typed)
    assert got["taux"][:3] == ["12.0", "33.5", "100.0"]
    assert got["prix"][:3] == ["1000", "25", None]
    assert got["_raw_prix"][:3] == [None, None, "12"], (
        "a number without the unit of the others is not silently one of them"
    )


@pytest.mark.parametrize(
    ("values", "first", "doubt"),
    [
        (["01/02/2024", "03/04/2024"], "2024-02-01", True),
        (["01/02/2024", "25/04/2024"], "2024-02-01", False),
        (["01/02/2024", "04/25/2024"], "2024-01-02", False),
    ],
)
def test_the_order_of_day_and_month_comes_from_the_column_or_is_said_to_be_in_doubt(
    values: list[str], first: str, doubt: bool, tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    typed = columns.type_table(
        table(tmp_path / "r.parquet", {"date": values * 10}), tmp_path / "out.parquet", con=con
    )
    assert read(con, typed)["date"][0] == first
    assert [f.check for f in typed.findings] == (["date-order-ambiguous"] if doubt else [])


def test_thousands_and_decimals_are_told_apart_or_said_to_be_in_doubt(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    cells: Cells = {
        "total": ["845", "1,234", "12,500"] * 5,
        "masse": ["0,455", "12,345", "8,120"] * 5,
        "doute": ["1,234", "5,678", "9,012"] * 5,
    }
    typed = columns.type_table(table(tmp_path / "r.parquet", cells), tmp_path / "out.parquet", con=con)
    assert [c.type for c in typed.schema.columns] == ["integer", "number", "number"]
    assert [read(con, typed)[n][1] for n in ("total", "masse", "doute")] == ["1234", "12.345", "5.678"]
    assert [(f.check, f.column) for f in typed.findings] == [("decimal-ambiguous", "doute")]


@pytest.mark.parametrize(
    ("values", "read_as", "mark"),
    [
        (["412,25", "987.5", "2310.75", "12.500"], "12.5", "le point est pris pour la marque"),
        (["1.234,50", "2.310,75", "987.5", "12.500"], "12500", "le point est pris pour un séparateur"),
        (["1,234.50", "2,310.75", "987,5", "12,500"], "12500", "la virgule est prise pour un séparateur"),
        (["1.234,50", "2.310,75", "12.500"], "12500", ""),
        (["1234.5", "987.5", "12.500"], "12.5", ""),
    ],
)
def test_three_digits_behind_a_mark_are_in_doubt_in_a_column_that_has_both(
    values: list[str], read_as: str, mark: str, tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    raw = table(tmp_path / "r.parquet", {"montant": values * 5})
    typed = columns.type_table(raw, tmp_path / "out.parquet", con=con)
    assert float(str(read(con, typed)["montant"][len(values) - 1])) == float(read_as)
    doubts = [f.message for f in typed.findings if f.check == "decimal-ambiguous"]
    assert [mark in message for message in doubts] == ([True] if mark else [])


def test_a_city_overseas_tells_time_in_its_own_zone(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    raw = table(tmp_path / "r.parquet", {"horodatage": ["2024-07-01 10:00", "2024-07-01T10:00:00Z"] * 5})
    typed = columns.type_table(raw, tmp_path / "out.parquet", con=con, timezone="Indian/Reunion")
    assert read(con, typed)["horodatage"][:2] == ["2024-07-01 06:00:00+00", "2024-07-01 10:00:00+00"]


def test_native_columns_pass_through(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    path = tmp_path / "native.parquet"
    point = pa.StructArray.from_arrays(
        [pa.array([3.87, None]), pa.array([43.61, None])], names=["lon", "lat"], mask=pa.array([False, True])
    )
    pq.write_table(
        pa.table(
            {
                "c0": pa.array([1, 2], pa.int32()),
                "c1": pa.array([date(2024, 1, 1), None]),
                "c2": pa.array([["a"], []]),
                "c3": point,
                "c4": pa.array([0.5, math.nan]),
            }
        ),
        path,
    )
    raw = RawTable(
        "",
        (
            RawColumn("n", "n", "integer"),
            RawColumn("d", "d", "date"),
            RawColumn("l", "l", "array"),
            RawColumn("_point", "", "point"),
            RawColumn("x", "x", "number"),
        ),
        ParquetScan(path),
        2,
    )
    typed = columns.type_table(raw, tmp_path / "out.parquet", con=con)
    assert [(c.name, c.type) for c in typed.schema.columns] == [
        ("n", "integer"),
        ("d", "date"),
        ("l", "array"),
        ("x", "number"),
    ]
    assert typed.schema.geometry == "point"
    assert kinds(con, typed) == {
        "n": "BIGINT",
        "d": "DATE",
        "l": "VARCHAR[]",
        "x": "DOUBLE",
        "_point": DUCKDB_TYPES["point"],
    }


def test_a_table_of_many_columns_is_typed_a_slice_at_a_time(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    raw = table(tmp_path / "r.parquet", {f"v{i}": [str(i), "", "12"] for i in range(700)})
    typed = columns.type_table(raw, tmp_path / "out.parquet", con=con)
    assert {c.type for c in typed.schema.columns} == {"integer"}
    assert len(typed.profile) == 700


@pytest.mark.parametrize("word", ["?abc", "à vérifier", "12 environ"])
def test_one_word_in_place_of_many_values_keeps_its_share(
    tmp_path: Path, con: duckdb.DuckDBPyConnection, word: str
) -> None:
    """Seven cells in a hundred hold the same bad text, the others one value each: what is kept of so many
    distinct cells must not make it heavier.
    """
    rng = random.Random(2)
    cells: Cells = {
        "horodatage": [
            f"2024-03-{i % 28 + 1:02} {i % 24:02}:{i % 60:02}:{i // 1440 % 60:02}" for i in range(18_000)
        ],
        "montant": [f"{i},5" for i in range(18_000)],
        "date": [str(date(1980, 1, 1) + timedelta(days=i)) for i in range(18_000)],
    }
    bad = {name: [word if rng.random() < 0.07 else cell for cell in column] for name, column in cells.items()}
    typed = columns.infer(table(tmp_path / "r.parquet", bad), con=con)
    assert [(c.name, c.type) for c in typed.schema.columns] == [
        ("horodatage", "datetime"),
        ("montant", "number"),
        ("date", "date"),
    ]
    assert {f.column: f.count for f in typed.findings if f.check == "type-misfit"} == {
        name: column.count(word) for name, column in bad.items()
    }


def test_thinned_evidence_weighs_what_all_of_it_weighs() -> None:
    """Totals stand, and what stands often stands as often."""
    rng = random.Random(6)
    for limit in (10, 500, 2500):
        counted = [(f"v{i}", rng.choice((1, 1, 1, 2, 7, 900))) for i in range(7000)]
        seen = gather(counted, limit=limit)
        assert (seen.n, seen.seen, seen.distinct) == (
            sum(n for _, n in counted),
            sum(n for _, n in counted),
            7000,
        )
        often = {cell: n for cell, n in counted if n * limit > seen.seen}
        assert {cell: n for cell, n in seen.cells if cell in often} == often
