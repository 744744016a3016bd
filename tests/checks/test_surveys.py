"""Checks of many rows on real data: what is known to be wrong there is found, and little else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pytest

from parvis import readers
from parvis.checks.survey import survey
from parvis.checks.table_checks import mixed_units
from parvis.checks.table_checks.outlier import outlier, outlying
from parvis.checks.territory import load
from parvis.checks.typed_view import Span, TypedView
from parvis.columns import type_table
from parvis.core.errors import UsageError
from parvis.core.reading import Workspace
from parvis.core.types import Column, ColumnProfile, Finding, Schema, Sensitivity
from parvis.engine import connect
from parvis.inspection.reporting import with_lines
from tests.acceptance.commands import parvis


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A processing connection, as the pipeline makes it."""
    made = connect.processing(tmp_path, threads=2)
    yield made
    made.close()


def surveyed(
    con: duckdb.DuckDBPyConnection, file: Path, spool: Path, *, hidden: frozenset[str] = frozenset()
) -> dict[str, Finding]:
    """What a survey says of a file, by check."""
    raw = readers.read(file, Workspace(spool), name=file.name).tables[0]
    typed = type_table(raw, spool / "typed.parquet", con=con)
    columns = tuple(
        replace(c, sensitivity=Sensitivity.DIRECT) if c.name in hidden else c for c in typed.schema.columns
    )
    found = survey(
        typed.path,
        replace(typed.schema, columns=columns),
        typed.profile,
        typed.rows,
        con=con,
        today=date(2026, 2, 1),
    )
    assert len({f.check for f in found}) == len(found)
    return {f.check: with_lines(f, raw) for f in found}


@pytest.mark.shared
def test_three_weeks_of_parkings_and_bikes(
    con: duckdb.DuckDBPyConnection, shared: Path, tmp_path: Path
) -> None:
    """752 polls of Montpellier: the eight frozen series, 4,161 rows without a name, 4,088 repeated keys;
    nothing else is called frozen.
    """
    found = surveyed(con, shared / "data" / "mobility" / "montpellier_parkings_bikes.csv", tmp_path)
    frozen = found["frozen-series"]
    assert (frozen.column, frozen.count) == ("Places_Libres", 8)
    assert sorted((r.value or "").split(" · ")[0] for r in frozen.rows) == [
        "Comedie Baudin",
        "Deux Ponts - Gare Saint-Roch",
        "Gaumont EST",
        "Gaumont OUEST",
        "Gaumont-Circe",
        "Halles Castellane",
        "Odysseum",
        "Saint-Denis",
    ]
    assert (found["placeholder"].column, found["placeholder"].count) == ("Nom", 4161)
    assert found["series-repeated"].count == 4088
    assert found["duplicate-row"].count == 2209
    assert found["series-gap"].count == 3
    assert "4 h 19" in found["series-gap"].message
    assert found.keys() == {"frozen-series", "placeholder", "series-repeated", "series-gap", "duplicate-row"}


@pytest.mark.shared
def test_a_year_of_hourly_counts(con: duckdb.DuckDBPyConnection, shared: Path, tmp_path: Path) -> None:
    """Paris 2020: seven holes; the hour that the change of clocks takes away is none."""
    found = surveyed(
        con, shared / "data" / "mobility" / "paris_counts_2020" / "paris_hourly_count.csv", tmp_path
    )
    assert found.keys() == {"series-gap"}
    assert found["series-gap"].count == 7


@pytest.mark.shared
def test_rest_of_the_real_data_is_left_in_peace(
    con: duckdb.DuckDBPyConnection, shared: Path, tmp_path: Path
) -> None:
    """Tables of people, places, amounts and measures that are as they should be."""
    data = shared / "data"
    for place, path in enumerate(
        (
            "pii/arx/adult.csv",
            "health/epi/Flu2009_incidence.csv",
            "mobility/chicago_l_ridership.csv.gz",
            "culture/cinemas_paris.json",
            "safety/clmfires.csv",
        )
    ):
        if (data / path).exists():
            spool = tmp_path / str(place)
            spool.mkdir()
            assert surveyed(con, data / path, spool).keys() <= {"duplicate-row"}, path


def _ground(
    con: duckdb.DuckDBPyConnection, query: str, known: ColumnProfile, rows: int, out: Path
) -> TypedView:
    """The table of a query, of one column, as the checks see it."""
    con.execute(f"COPY ({query}) TO '{out}' (FORMAT parquet)")
    return TypedView(
        out,
        Schema(columns=(Column(known.name, known.type),)),
        {known.name: known},
        rows,
        con,
        date(2026, 2, 1),
    )


def test_quartiles_of_a_nearly_empty_column_are_those_of_its_cells(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long column is judged by some of its cells, one that holds few by all of them."""
    monkeypatch.setattr("parvis.checks.table_checks.outlier.QUARTERED", 50)
    query = "SELECT CASE WHEN i % 500 = 7 THEN CASE WHEN i = 10007 THEN 1e6 ELSE 8 + i % 11 END END AS taille FROM range(20000) t(i)"
    known = ColumnProfile("taille", "number", 20_000, 19_960, 12, min="8.0", max="1000000.0")
    assert outlier.look is not None
    (rule_hit,) = outlier.look(_ground(con, query, known, 20_000, tmp_path / "n.parquet"))
    assert (rule_hit.count, rule_hit.rows) == (1, ((10_008, "1000000"),))


def test_values_of_a_column_are_asked_once_for_all_checks(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """And counted without the empty cells."""
    known = ColumnProfile("t", "text", 4, 1, 2)
    ground = _ground(con, "SELECT unnest(['a', 'b', 'a', NULL]) AS t", known, 4, tmp_path / "t.parquet")
    assert dict(ground.values("t")) == {"a": 2, "b": 1}
    (tmp_path / "t.parquet").unlink()
    assert dict(ground.values("t")) == {"a": 2, "b": 1}


def test_texts_of_a_short_table_are_read_together(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """One query for the columns of a part: who asks for the next one asks no file."""
    known = [ColumnProfile(name, "text", 3, 0, 2) for name in ("t", "u")]
    path = tmp_path / "t.parquet"
    con.execute(f"COPY (SELECT unnest(['a', 'b', 'a']) AS t, unnest(['c', 'c', 'd']) AS u) TO '{path}'")
    schema = Schema(columns=tuple(Column(k.name, "text") for k in known))
    view = TypedView(path, schema, {k.name: k for k in known}, 3, con, date(2026, 2, 1))
    assert dict(view.values("t")) == {"a": 2, "b": 1}
    path.unlink()
    assert dict(view.values("u")) == {"c": 2, "d": 1}


def test_units_are_counted_alike_in_python_and_by_the_engine(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """Numbers, blanks, signs and units put together in every way."""
    numbers = ("", "1", "12,5", "1 200", "1\u202f200.75", "300363250", "-3", "+ 4", "1  2", "x1")
    blanks, units = (
        ("", " ", "\xa0", "\t"),
        ("", "m", "M²", "km/h", "µg/m3", "%", "€", "°C", "DM", "m 2", "étage", "ℓ"),
    )
    texts = [n + b + u + e for n in numbers for b in blanks for u in units for e in ("", " ", "\n")]
    path = tmp_path / "t.parquet"
    con.execute("COPY (SELECT unnest(?) AS t) TO '" + str(path) + "'", [texts])
    known = {"t": ColumnProfile("t", "text", len(texts), 0, len(texts))}
    view = TypedView(path, Schema(columns=(Column("t", "text"),)), known, len(texts), con, date(2026, 2, 1))
    by_engine = mixed_units.units_of_rows(view, "t")
    assert len(by_engine) > 6
    assert mixed_units.units_of(Counter(texts)) == by_engine


def test_a_wide_table_is_looked_at_in_parts_and_says_the_same(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The findings are those of the whole table; a query of one column never opens a file of all of them."""
    lines = [
        f"Antigone {n};{'Inconnu' if n % 9 == 0 else 'ouvert ' + str(n)};Ã©tÃ© {n};{n % 7};{n}"
        for n in range(40)
    ]
    file = tmp_path / "lieux.csv"
    file.write_text("\n".join(("nom;etat;saison;rang;numero", *lines, "")), "utf-8")
    whole = surveyed(con, file, tmp_path)
    assert {"placeholder", "encoding-damage"} <= whole.keys()
    monkeypatch.setattr("parvis.checks.typed_view.WIDE", 2)
    assert surveyed(con, file, tmp_path) == whole
    assert len(list(tmp_path.glob("typed.part-*.parquet"))) >= 2


def test_series_are_told_one_by_one(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Their moments, their ends, and what comes again, but for the night on which clocks change."""
    hours = "SELECT unnest(range(TIMESTAMPTZ '2025-10-20 00:00:00+00', TIMESTAMPTZ '2025-10-27 00:00:00+00', INTERVAL 1 HOUR)) AS t"
    again = "SELECT TIMESTAMPTZ '2025-10-22 05:00:00+00' AS t UNION ALL SELECT TIMESTAMPTZ '2025-10-26 01:00:00+00'"
    query = f"SELECT t, 'A' AS c, epoch(t) % 7 AS n FROM (({hours}) UNION ALL ({again})) UNION ALL SELECT t, 'B', epoch(t) % 5 FROM ({hours}) WHERE t > '2025-10-21 00:00:00+00'"
    con.execute(f"COPY ({query}) TO '{tmp_path / 's.parquet'}' (FORMAT parquet)")
    known = (
        ColumnProfile("t", "datetime", 313, 0, 168),
        ColumnProfile("c", "text", 313, 0, 2),
        ColumnProfile("n", "number", 313, 0, 7),
    )
    ground = TypedView(
        tmp_path / "s.parquet",
        Schema(columns=tuple(Column(k.name, k.type) for k in known)),
        {k.name: k for k in known},
        313,
        con,
        date(2026, 2, 1),
    )
    first, last = 1760918400.0, 1761519600.0
    assert sorted(ground.spans, key=lambda s: s.keys) == [
        Span(("A",), 168, first, last, 1),
        Span(("B",), 143, first + 25 * 3600, last, 0),
    ]


def test_personal_columns_are_not_quoted(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A message shows values; where the column is personal, nothing is looked at."""
    file = tmp_path / "t.csv"
    file.write_text(
        "agent;n\n" + "".join(f"{('Dupont', 'DUPONT', 'Martin')[i % 3]};{i}\n" for i in range(30)), "utf-8"
    )
    for name in ("seen", "hidden"):
        (tmp_path / name).mkdir()
    assert "category-spelling" in surveyed(con, file, tmp_path / "seen")
    assert surveyed(con, file, tmp_path / "hidden", hidden=frozenset({"agent"})) == {}


def test_outliers_of_known_shapes() -> None:
    """A slip of the decimal mark stands out; amounts over orders of magnitude, bell shapes and constants do
    not.
    """
    drawn = np.random.default_rng(7)
    bell = drawn.normal(20, 3, 5000)
    assert not outlying(bell).any()
    assert not outlying(drawn.lognormal(5, 2, 5000)).any()
    assert not outlying(drawn.pareto(1.5, 5000) * 100).any()
    assert not outlying(np.full(100, 3.0)).any()
    assert not outlying(np.array([np.nan] * 50)).any()
    slipped = bell.copy()
    slipped[17] *= 100
    assert np.flatnonzero(outlying(slipped)).tolist() == [17]
    cold = drawn.normal(-5, 4, 1000)
    cold[3] = 250
    assert np.flatnonzero(outlying(cold)).tolist() == [3]


def test_a_territory_is_read_or_its_faults_are_told(tmp_path: Path) -> None:
    """Nothing without files; a wrong header or line is told with its line and how to mend it."""
    assert load(tmp_path).names == {}
    (tmp_path / "communes.csv").write_text(
        "code_insee;nom;codes_postaux\n34172;Montpellier;34000|34070\n", "utf-8"
    )
    (tmp_path / "communes.geojson").write_text(
        '{"type":"FeatureCollection","features":[{"properties":{"code":"34172"},"geometry":{"type":"Point","coordinates":[1,2]}}]}',
        "utf-8",
    )
    known = load(tmp_path)
    assert (known.names, known.postcodes) == (
        {"34172": "Montpellier"},
        {"34172": frozenset({"34000", "34070"})},
    )
    assert known.limits.keys() == {"34172"}
    (tmp_path / "communes.csv").write_text("code_insee;nom;codes_postaux\n3417;Montpellier\n", "utf-8")
    with pytest.raises(UsageError, match="ligne 2"):
        load(tmp_path)
    (tmp_path / "communes.csv").write_text("insee,nom\n", "utf-8")
    with pytest.raises(UsageError, match="ligne 1"):
        load(tmp_path)
    (tmp_path / "communes.csv").unlink()
    (tmp_path / "communes.geojson").write_text("{", "utf-8")
    with pytest.raises(UsageError, match="n’est pas lisible"):
        load(tmp_path)


def test_by_command(tmp_path: Path) -> None:
    """`parvis check` of a file without schema: a category spelt in two ways and damaged letters are told with
    their lines.
    """
    file = tmp_path / "equipements.csv"
    rows = "".join(f"{('Gymnase', 'Piscine')[i % 2]};{i};rue {i}\n" for i in range(20))
    file.write_text("type;n;rue\n" + rows + "GYMNASE;21;rue 21\nPiscine;22;rue de lâ€™Ã©cole\n", "utf-8")
    done = parvis("check", file, "--json", cwd=tmp_path)
    told = {w["code"]: [r["line"] for r in w["rows"]] for w in done.json["warnings"]}
    assert done.code == 0
    assert told["category-spelling"] == [22]
    assert told["encoding-damage"] == [23]
