"""The same cell under three engines: each line where they differ is a case, with our verdict; then the rules
of section « constraints » of the standard.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from parvis.checks import check, load_schema
from parvis.checks.checking import checks
from parvis.core.errors import UsageError
from parvis.core.reading import ParquetScan, RawColumn, RawTable
from parvis.core.types import Column, ColumnType, Json, Schema
from parvis.engine import connect
from tests.tables.raw_tables import blamed, csv_table


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A processing connection, as the pipeline makes it."""
    made = connect.processing(tmp_path_factory.mktemp("spool"), threads=2)
    yield made
    made.close()


FR: dict[str, Json] = {"type": "number", "groupChar": " ", "decimalChar": ","}
PIPE: dict[str, Json] = {"type": "string", "constraints": {"pattern": "AB|CD"}}
DMY: dict[str, Json] = {"type": "date", "format": "%d/%m/%Y"}

# name: (field, cells that pass, cells that are blamed). Where frictionless says otherwise, the line says so.
CELLS: Mapping[str, tuple[dict[str, Json], tuple[str, ...], tuple[str, ...]]] = {
    "integer-fraction": ({"type": "integer"}, ("10",), ("1.5", "1.0", "5.", "1e3", "1e-3", "-0.5", "2.5")),
    "integer-hex": ({"type": "integer"}, (), ("0x10", "0b101")),
    "number-hex": ({"type": "number"}, (), ("0x10", "0b101")),
    "underscore (frictionless lets it in: Python's int, not the standard)": ({"type": "integer"}, (), ("1_000", "1__0", "_1")),
    "underscore in a number (frictionless lets it in)": ({"type": "number"}, (), ("1_000",)),
    "blanks around an integer": ({"type": "integer"}, (" 12 ", "\t12", "12\n", "\u00a012"), ("1 2",)),
    "blanks around a number": ({"type": "number"}, (" 1.5 ", "\t1.5", "1.5\n", "\u202f1.5"), ("1 .5",)),
    "full-width and Arabic digits (frictionless lets them in)": ({"type": "integer"}, (), ("１２", "\u0661\u0662")),
    "huge integer": ({"type": "integer"}, ("99999999999999999999", "-99999999999999999999", "9" * 60), ()),
    "huge integer, compared": ({"type": "integer", "constraints": {"maximum": 10}}, ("9", "-" + "9" * 60), ("99999999999999999999", "9" * 60)),
    "special numbers by name": ({"type": "number"}, ("NaN", "INF", "-INF", "inf", "1e5", "1e400", "1e-400"), ("+-1", "nane", "infini", "1e", "e5", ".")),
    "no-break spaces between thousands (frictionless refuses them)": (FR, ("1 234,5", "1\u00a0234,5", "1\u202f234,5"), ("1'234,5",)),
    "groups are not counted": (FR, ("1 2 3",), ()),
    "point when the mark is a comma": (FR, ("1,5", "-1,5e3", ",5", "5,"), ("1.5", "1.234,5")),
    "minus sign U+2212": ({"type": "integer"}, ("-5",), ("−5",)),
    "bare number": ({"type": "number", "bareNumber": False}, ("€ 12.50", "12 %", "-3"), ("€",)),
    "bare integer": ({"type": "integer", "bareNumber": False}, ("12 km", "n° 4"), ("km",)),
    "decimal with a point": ({"type": "number"}, ("5.", ".5", "+1.5", "00.10"), ("1,5", "1 234")),
    "date without zeros": ({"type": "date", "format": "%Y-%m-%d"}, ("2020-1-5", "2020-01-05"), ()),
    "date with a year of two digits": ({"type": "date", "format": "%Y-%m-%d"}, (), ("20-01-05",)),
    "French date with a year of two digits": (DMY, ("01/02/2020", "1/2/2020"), ("01/02/20", "31/02/2020", "2020-02-01")),
    "date with a blank": ({"type": "date"}, (), (" 2020-01-05", "2020-01-05 ")),
    "date in other forms": ({"type": "date"}, (), ("2020/01/05", "2020 01 05", "2020-01-05T10:00", "2020-01-05 (BC)")),
    "words that DuckDB takes for dates": ({"type": "date"}, ("0001-01-01",), ("epoch", "infinity", "0000-01-01", "+2020-01-05")),
    "no such day": ({"type": "date"}, ("2024-02-29",), ("20200105", "2020.01.05", "2020-02-30", "2023-02-29", "2020-13-45")),
    "year as a date": ({"type": "date", "format": "%Y"}, ("2020",), ("20", "02020", "2020-01")),
    "format written otherwise": ({"type": "date", "format": "fmt:DD/MM/YYYY"}, ("01/02/2020",), ("2020-02-01",)),
    "date, any form": ({"type": "date", "format": "any"}, ("2020-01-05", "05/01/2020", "20200105", "5 January 2020"), ("hier", "31/02/2020", "12")),
    "datetime at midnight": ({"type": "datetime"}, ("2020-01-01T24:00:00Z", "2020-01-01T10:00:00", "2020-01-01 10:00:00"), ()),
    "datetime without time or seconds": ({"type": "datetime"}, (), ("2020-01-01", "2020-01-01 10:00", "20200101T100000", "2020-01-01 99:00:00")),
    "datetime with a zone": ({"type": "datetime"}, ("2020-01-01T10:00:00Z",), ("2020-01-01T10:00:00 Paris",)),
    "datetime with an offset": ({"type": "datetime"}, ("2020-01-01T10:00:00+02:00", "2020-01-01T10:00:00.5Z", "2020-01-01T10:00:00+0200"), ()),
    "datetime of a pattern": ({"type": "datetime", "format": "%d/%m/%Y %H:%M"}, ("01/02/2020 10:30",), ("01/02/2020", "01/02/20 10:30", "01/02/2020 25:00")),
    "time": ({"type": "time"}, ("10:00:00", "24:00:00", "23:59:59.5"), ("10:00", "25:00:00", "24:00:01", "9:00:00")),
    "time of a pattern": ({"type": "time", "format": "%H:%M"}, ("10:00", "9:05"), ("10:00:00", "25:00")),
    "letters that are no boolean": ({"type": "boolean"}, ("true", "True", "TRUE", "1", "false", "0"), ("t", "f", "y", "yes", "no", "oui", "on", " true")),
    "boolean of the schema": ({"type": "boolean", "trueValues": ["oui"], "falseValues": ["non"]}, ("oui", "non"), ("true", "1", "Oui", "oui ")),
    "year (frictionless refuses those before our era; the standard's gYear has them)": ({"type": "year"}, ("2020", "0999", "-0044"), ("24", "02020", "20 20", "-200")),
    "integer with groups (Table Schema 2; frictionless does not apply them)": ({"type": "integer", "groupChar": " "}, ("1 000", "1\u202f234\u202f567", "-12"), ("1,000", "1.5", " - 1")),
    "integer with groups, compared": ({"type": "integer", "groupChar": ",", "constraints": {"maximum": 2000}}, ("1,000", "12"), ("2,001", "1 000")),
    "datetime with %z": ({"type": "datetime", "format": "%Y-%m-%dT%H:%M:%S%z"}, ("2024-02-29T10:00:00Z", "2024-02-29T10:00:00+01:00"), ("2024-02-29T10:00:00",)),
    "date, any form, in words": ({"type": "date", "format": "any"}, ("March 3, 2024", "Mar 3, 2024"), ("Marz 3, 2024", "3 of March, 2024")),
    "duration with bounds": ({"type": "duration", "constraints": {"minimum": "PT1H", "maximum": "P1D"}}, ("PT60M", "PT24H", "P1D"), ("PT59M", "P2D", "-PT2H", "P1M")),
    "geojson must be whole": (
        {"type": "geojson"},
        ('{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}', '{"type":"Feature","geometry":null,"properties":{}}', '{"type":"MultiPoint","coordinates":[]}'),
        ('{"type":"Point"}', '{"type":"Point","coordinates":"a"}', '{"type":"Polygon","coordinates":[[0,0],[1,1]]}', '{"type":"FeatureCollection"}'),
    ),
    "topojson": ({"type": "geojson", "format": "topojson"}, ('{"type":"Topology","objects":{},"arcs":[]}',), ('{"type":"Topology"}', '{"type":"Point","coordinates":[1,2]}')),
    "list, counted by items": ({"type": "list", "delimiter": "|", "constraints": {"minLength": 2, "maxLength": 3}}, ("a|b", "aaaa|b|c"), ("aaaa", "a|b|c|d")),
    "object, counted by members": ({"type": "object", "constraints": {"minLength": 1, "maxLength": 1}}, ('{"a": 1}',), ("{}", '{"a": 1, "b": 2}')),
    "yearmonth": ({"type": "yearmonth"}, ("2020-01", "2020-12"), ("2020-13", "2020", "2020-00")),
    "geopoint (lon, lat)": ({"type": "geopoint"}, ("2.35, 48.85", "48.85,2.35", "-61.5,16"), ("95,100", "2.35 48.85", "190, 0", "a, b")),
    "geopoint as a list": ({"type": "geopoint", "format": "array"}, ("[2.35, 48.85]", '["2.35","48.85"]'), ("2.35, 48.85", "[1]", "[200, 0]")),
    "geopoint as an object": ({"type": "geopoint", "format": "object"}, ('{"lon": 2.35, "lat": 48.85}', '{"lat":"1","lon":"2"}'), ('{"lon": 2.35}', "2,3")),
    "geojson": ({"type": "geojson"}, ('{"type": "Point", "coordinates": [1, 2]}',), ('{"type": "Pointe"}', "{", "[1]", '"Point"')),
    "duration": ({"type": "duration"}, ("P1Y2M10DT2H30M", "PT1H", "P2W"), ("P", "PT", "1H", "1 heure")),
    "array": ({"type": "array"}, ("[]", '["a"]'), ("a,b", "{}", "[")),
    "object": ({"type": "object"}, ("{}", '{"a": 1}'), ("[]", "{a}", "1")),
    "any": ({"type": "any"}, ("a", "1", " "), ()),
    "unknown type": ({"type": "tartine"}, ("a", "1"), ()),
    "email": ({"type": "string", "format": "email"}, ("a@b.fr", "é.è@école.fr"), ("a@b", "pas un courriel", "a@b .fr")),
    "uri: only a scheme is wanted": ({"type": "string", "format": "uri"}, ("http://a.fr/ x", "mailto:a@b.fr"), ("www.a.fr", "a")),
    "uuid": ({"type": "string", "format": "uuid"}, ("123E4567-e89b-12d3-a456-426614174000", "123e4567e89b12d3a456426614174000"), ("123e4567",)),
}  # fmt: skip

PATTERNS: Mapping[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "top-level alternative (frictionless lets ABxx in)": ("AB|CD", ("AB", "CD"), ("ABxx", "zzCD", "xAB")),
    "last new line (frictionless lets it in)": ("AB|CD", (), ("AB\n",)),
    "anchored alternative": ("^AB|CD$", ("AB", "CD"), ("ABxx", "zzCD")),
    "unicode classes": (r"\d\w", ("1é", "\u0661a", "1_"), ("1-", "éé")),
    "unicode classes inside": (r"[\d\w'-]+", ("L'Haÿ-1",), ("a b",)),
    "negated classes": (r"\D\S", ("a1", "é!"), ("1a", "a ", "a\u00a0")),
    "escapes of Python": (r"[\u00C0-\u00FF]+", ("é", "ÀÉ"), ("e",)),
    "back-reference": (r"([A-Z])\1", ("AA",), ("AB", "AAA")),
    "look-ahead": (r"(?!00)[0-9]{2}", ("01",), ("00",)),
    "inner anchors": (r"(?:(?:^|\|)(a|b))+$", ("a", "a|b"), ("a|", "|a|c", "c")),
    "large repetition": (r"a{1,2000}", ("a" * 1500,), ("b", "a" * 2001)),
    "word boundary": (r"\bsoleil\b.*", ("soleil", "soleil levant"), ("soleils",)),
    "letters by property": (r"\p{L}+", ("été",), ("1",)),
    "a class without another": ("[a-z-[aeiou]]+", ("bcd",), ("abc", "bcd]")),
    "dot and new line": ("a.b", ("axb",), ("a\nb",)),
}  # fmt: skip


def verdicts(
    con: duckdb.DuckDBPyConnection, path: Path, field: dict[str, Json], cells: tuple[str, ...]
) -> list[bool]:
    """Whether each cell passes every check."""
    table = csv_table(path, ("c", "autre"), [(c, "x") for c in cells])
    schema = replace(
        load_schema({"fields": [{**field, "name": "c"}, {"name": "autre"}]}), missing_values=("",)
    )
    wrong = {r.record for f in check(table, schema, con=con) if f.severity != "info" for r in f.rows}
    return [i not in wrong for i in range(1, len(cells) + 1)]


@pytest.mark.parametrize("case", CELLS)
def test_cell(con: duckdb.DuckDBPyConnection, tmp_path: Path, case: str) -> None:
    """Each cell gets our verdict."""
    field, right, bad = CELLS[case]
    cells = right + bad
    assert dict(zip(cells, verdicts(con, tmp_path / "t.csv", field, cells), strict=True)) == {
        c: c in right for c in cells
    }


@pytest.mark.parametrize("case", PATTERNS)
def test_pattern(con: duckdb.DuckDBPyConnection, tmp_path: Path, case: str) -> None:
    """The whole cell, Unicode classes, whichever engine reads the pattern."""
    pattern, right, bad = PATTERNS[case]
    cells = right + bad
    got = verdicts(con, tmp_path / "t.csv", {"type": "string", "constraints": {"pattern": pattern}}, cells)
    assert dict(zip(cells, got, strict=True)) == {c: c in right for c in cells}


def test_length_counts_code_points(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A decomposed é is two, a family emoji five."""
    cells = ("e\u0301", "\U0001f468\u200d\U0001f469\u200d\U0001f467")
    assert verdicts(con, tmp_path / "t.csv", {"constraints": {"minLength": 2, "maxLength": 2}}, cells) == [
        True,
        False,
    ]
    assert verdicts(con, tmp_path / "t.csv", {"constraints": {"minLength": 5, "maxLength": 5}}, cells) == [
        False,
        True,
    ]


def test_a_pattern_that_blows_up_is_given_up(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A look-ahead with nested repetitions on a hostile cell ends, and the report says that the control is
    incomplete.
    """
    table = csv_table(tmp_path / "t.csv", ("c", "x"), [("a" * 40 + "!", "x"), ("aaa", "x"), ("b", "x")])
    schema = load_schema({"fields": [{"name": "c", "constraints": {"pattern": r"(?=a|b)((a|a)+)+\1?"}}]})
    found = {f.check: f for f in check(table, schema, con=con)}
    assert found["schema-not-applied"].count == 1
    assert [r.record for r in found["constraint-pattern"].rows] == [3]


def test_a_type_error_silences_the_constraints_of_its_cell(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """Else every broken constraint is told on its own."""
    field: dict[str, Json] = {
        "name": "n",
        "type": "integer",
        "constraints": {"required": True, "minimum": 0, "enum": [1]},
    }
    found = check(
        csv_table(tmp_path / "t.csv", ("n",), (("x",), ("-5",), ("1",))),
        load_schema({"fields": [field]}),
        con=con,
    )
    assert {f.check: [r.record for r in f.rows] for f in found} == {
        "type-error": [1],
        "constraint-minimum": [2],
        "constraint-enum": [2],
    }


def test_a_blank_row_is_told_once(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """No required, no key error beside it."""
    schema = load_schema(
        {"fields": [{"name": "a", "constraints": {"required": True}}, {"name": "b"}], "primaryKey": "b"}
    )
    found = check(
        csv_table(tmp_path / "t.csv", ("a", "b"), (("1", "2"), ("", ""), ("", "3"))), schema, con=con
    )
    assert {f.check: [r.record for r in f.rows] for f in found} == {
        "blank-row": [2],
        "constraint-required": [3],
    }


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_counts_are_exact_and_rows_cut(con: duckdb.DuckDBPyConnection, tmp_path: Path, form: str) -> None:
    """Over several row groups and chunks: the first rows in order, the exact count, the cell as the file
    says.
    """
    cells = [str(i) if i % 3 else f"v{i}" for i in range(1, 50_001)]
    schema = load_schema(
        {"fields": [{"name": "n", "type": "integer", "constraints": {"unique": True, "maximum": "49999"}}]}
    )
    if form == "csv":
        table = csv_table(tmp_path / "t", ("n", "b"), [(c, "x") for c in cells])
    else:
        pq.write_table(pa.table({"c0": cells, "c1": ["x"] * len(cells)}), tmp_path / "t", row_group_size=2048)
        table = RawTable(
            "",
            (RawColumn("n", "n"), RawColumn("b", "b")),
            ParquetScan(tmp_path / "t"),
            len(cells),
            header_row=1,
        )
    found = {f.check: f for f in check(table, schema, con=con, limit=5)}
    bad = [i for i in range(1, 50_001) if i % 3 == 0]
    assert found["type-error"].count == len(bad)
    assert [(r.record, r.value) for r in found["type-error"].rows] == [(i, f"v{i}") for i in bad[:5]]
    assert [(r.record, r.value) for r in found["constraint-maximum"].rows] == [(50_000, "50000")]
    assert "unique" not in found
    assert found["type-error"].message.startswith("16\u202f666 valeurs de la colonne « n »")


def test_more_rules_than_bits(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Ninety columns with four rules each: every one is told on its own column."""
    fields: list[Json] = [
        {"name": f"f{i}", "type": "integer", "constraints": {"required": True, "minimum": i, "maximum": i}}
        for i in range(90)
    ]
    rows = [
        [str(i) for i in range(90)],
        [str(i + 1) for i in range(90)],
        ["x"] * 90,
        [*[str(i) for i in range(89)], ""],
    ]
    found = check(
        csv_table(tmp_path / "t.csv", [f"f{i}" for i in range(90)], rows),
        load_schema({"fields": fields}),
        con=con,
    )
    assert {(f.check, f.column) for f in found} == {
        (k, f"f{i}") for i in range(90) for k in ("type-error", "constraint-maximum")
    } | {("constraint-required", "f89")}
    assert {f.count for f in found} == {1}
    assert {r.record for f in found if f.check == "type-error" for r in f.rows} == {3}


NATIVE: tuple[tuple[ColumnType, pa.DataType, list[object], dict[str, Json], list[int]], ...] = (
    ("number", pa.float64(), [34172.0, 1.5, None], {"type": "integer"}, [2]),
    (
        "number",
        pa.float64(),
        [1.5, 2.5, None],
        {"type": "number", "decimalChar": ",", "constraints": {"maximum": 2}},
        [2],
    ),
    (
        "number",
        pa.float64(),
        [34172.0, 1.5, None],
        {"type": "string", "constraints": {"pattern": "[0-9]{5}"}},
        [2],
    ),
    (
        "date",
        pa.date32(),
        [18262, 18263, None],
        {"type": "date", "format": "%d/%m/%Y", "constraints": {"maximum": "01/01/2020"}},
        [2],
    ),
    ("date", pa.date32(), [18262, 18263, None], {"type": "integer"}, [1, 2]),
    (
        "boolean",
        pa.bool_(),
        [True, False, None],
        {"type": "boolean", "trueValues": ["oui"], "constraints": {"enum": [True]}},
        [2],
    ),
    (
        "integer",
        pa.int64(),
        [1, 2, None],
        {"type": "number", "constraints": {"required": True, "enum": ["1", 2.0]}},
        [3],
    ),
    (
        "shape",
        pa.binary(),
        [b"\x01", b"\x02", None],
        {"type": "geojson", "constraints": {"required": True}},
        [3],
    ),
)


@pytest.mark.parametrize("case", range(len(NATIVE)))
def test_cells_typed_by_their_format(con: duckdb.DuckDBPyConnection, tmp_path: Path, case: int) -> None:
    """A real date is a date whatever text form the schema asks for; a number in a text column is read as it
    would be written.
    """
    native, arrow, values, field, wrong = NATIVE[case]
    pq.write_table(pa.table({"c0": pa.array(values, arrow), "c1": ["x"] * 3}), tmp_path / "t.parquet")
    table = RawTable(
        "", (RawColumn("c", "c", native), RawColumn("d", "d")), ParquetScan(tmp_path / "t.parquet"), 3
    )
    found = check(table, load_schema({"fields": [{**field, "name": "c"}, {"name": "d"}]}), con=con)
    assert sorted(r.record for f in found for r in f.rows) == wrong


def test_names_that_would_break_sql(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Labels, values, patterns and enum members with quotes and keywords stay data."""
    label = "a\"b'; DROP TABLE x --"
    schema = load_schema(
        {
            "fields": [
                {"name": label, "constraints": {"enum": ["l'été", '"; --'], "pattern": "[l'\"é;t -]+"}}
            ],
            "missingValues": ["", "n'a"],
        }
    )
    found = check(
        csv_table(
            tmp_path / "t.csv", (label, "z"), (("l'été", ""), ('"; --', ""), ("n'a", "y"), ("autre", ""))
        ),
        schema,
        con=con,
    )
    assert blamed(found, "constraint-enum") == {4}
    assert "constraint-required" not in {f.check for f in found}


def test_an_inferred_schema_only_asks_for_meaning(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """What the house itself inferred is not held against the file: values of a known meaning are, as
    warnings.
    """
    schema = Schema(
        columns=(Column("s", meaning="siret"), Column("n", "integer", constraints={"required": True}))
    )
    (found,) = check(
        csv_table(tmp_path / "t.csv", ("s", "n"), (("21340172201787", "x"), ("123", ""))),
        schema,
        con=con,
        inferred=True,
    )
    assert (found.check, found.severity, found.column, [r.record for r in found.rows]) == (
        "siret",
        "warning",
        "s",
        [2],
    )


def test_no_rows_and_no_columns(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A header alone is checked as a header."""
    schema = load_schema({"fields": [{"name": "a", "constraints": {"required": True, "unique": True}}]})
    assert check(csv_table(tmp_path / "t.csv", ("a",), ()), schema, con=con) == ()
    assert [f.check for f in check(csv_table(tmp_path / "t.csv", ("b",), ()), schema, con=con)] == [
        "missing-column",
        "extra-column",
    ]


ODD: Mapping[str, tuple[dict[str, Json], Mapping[str, Json]]] = {
    "enum outside": ({"enum": ["a"]}, {"enum": ["a"]}),
    "typo": ({"contraints": {"minimum": "-90"}}, {"minimum": "-90"}),
    "proper place wins": ({"enum": ["a"], "constraints": {"enum": ["b"]}}, {"enum": ["b"]}),
    "required false": ({"constraints": {"required": False, "unique": False}}, {}),
    "required as text": ({"constraints": {"required": "true"}}, {"required": True}),
    "length as text": (
        {"constraints": {"maxLength": "80", "minLength": 1.0}},
        {"maxLength": 80, "minLength": 1},
    ),
    "nothing said": ({"constraints": {"enum": [], "pattern": "", "minimum": None, "maximum": ""}}, {}),
    "constraints that are no object": ({"constraints": ["required"]}, {}),
    "unknown keys": (
        {
            "constraints": {"minProperties": 1, "required": True},
            "maxProperties": 3,
            "arrayItem": {"enum": ["x"]},
        },
        {"required": True},
    ),
}


@pytest.mark.parametrize("case", ODD)
def test_odd_schemas_mean_what_they_mean(case: str) -> None:
    """Constraints are found wherever they stand, and what says nothing is left out."""
    field, wanted = ODD[case]
    assert load_schema({"fields": [{**field, "name": "c"}]}).columns[0].constraints == wanted


def test_what_no_file_can_hold_is_no_constraint(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """NUL, half a character, an endless length, lists in lists: each is taken for something that no query
    stumbles over.
    """
    deep: Json = "x"
    for _ in range(500):
        deep = [deep]
    limits: dict[str, Json] = {
        "minimum": "\x00",
        "maximum": "\ud800",
        "maxLength": float("inf"),
        "enum": ["\udfff", deep],
        "pattern": "\x00",
    }
    fields: list[Json] = [
        {"name": f"c{i}", "type": kind, "constraints": limits}
        for i, kind in enumerate(("string", "integer", "yearmonth", "date", "array"))
    ]
    table = csv_table(tmp_path / "t.csv", [f"c{i}" for i in range(len(fields))], [["1"] * len(fields)])
    assert check(table, load_schema({"fields": fields}), con=con)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"fields": []}',
        b'{"fields": [{"type": "string"}]}',
        b'{"fields": ["a"]}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_what_is_no_schema_is_said(content: bytes) -> None:
    """A clear error, with the name of the file."""
    with pytest.raises(UsageError, match=r"s\.json"):
        load_schema(content, "s.json")


def test_optional_and_unknown_columns_are_said_once(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """One line for all of them where they are no errors, one each where the schema says how columns must agree."""
    fields: list[Json] = [{"name": "a"}, {"name": "b"}, {"name": "c"}]
    table = csv_table(tmp_path / "t.csv", ("a", "y", "z"), (("1", "2", "3"),))
    told = check(table, load_schema({"fields": fields}), con=con)
    assert [(f.check, f.column, f.count) for f in told] == [
        ("extra-column", "y, z", 1),
        ("missing-optional-column", "b, c", 1),
    ]
    assert [f.message for f in told] == [
        "Colonnes que le schéma ne connaît pas : y, z.",
        "Absent du fichier, sans y être obligatoire : b, c.",
    ]
    strict = check(table, load_schema({"fields": fields, "fieldsMatch": ["exact"]}), con=con)
    assert [(f.check, f.column) for f in strict if f.severity == "error"] == [
        ("extra-column", "y"),
        ("extra-column", "z"),
        ("missing-optional-column", "b"),
        ("missing-optional-column", "c"),
    ]


def test_the_geometry_of_features_is_no_column_that_a_schema_lacks(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    table = csv_table(tmp_path / "t.csv", ("a", "_shape"), (("1", ""),))
    drawn = replace(table, columns=(table.columns[0], replace(table.columns[1], native="shape")))
    (unknown,) = check(table, load_schema({"fields": [{"name": "a"}]}), con=con)
    assert (unknown.check, unknown.column) == ("extra-column", "_shape")
    labels = checks()["extra-column"].labels
    assert labels is not None
    assert list(labels(drawn, load_schema({"fields": [{"name": "a"}]}))) == []
