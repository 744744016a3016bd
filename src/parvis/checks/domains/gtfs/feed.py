# pyright: reportMissingTypeArgument=false, reportUnknownParameterType=false
# Arrow's own functions are only partly typed.
"""A feed judged: its files loaded, their cells typed into tables, every rule run on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from babel.numbers import get_currency_precision, list_currencies
from sqlglot import exp

from parvis.checks.domains.declaration import Outcome, Package
from parvis.checks.domains.gtfs import cells, paths
from parvis.checks.domains.gtfs.load import Loaded, load
from parvis.checks.domains.gtfs.notices import NOTICES
from parvis.checks.domains.gtfs.rules import Rule, rules
from parvis.checks.domains.gtfs.schema import RECOMMENDED, File, files
from parvis.checks.domains.tally import Tally
from parvis.core.errors import Unreadable
from parvis.core.types import Row
from parvis.engine import connect

OTHERS = frozenset({"locations.geojson"})
"""Files of the standard that are no tables."""

SMALL = 1 << 20
"""Bytes of a feed whose questions are answered before a second thread has been woken."""

_SETUP = (
    "CREATE MACRO hms(s) AS printf('%02d:%02d:%02d', s // 3600, s // 60 % 60, s % 60)",
    # Haversine on a sphere of 6,371.01 km, as S2 has it.
    """
    CREATE MACRO metres(lat1, lon1, lat2, lon2) AS 2 * 6371010 * asin(sqrt(least(1.0,
        pow(sin(radians(lat2 - lat1) / 2), 2) + cos(radians(lat1)) * cos(radians(lat2)) * pow(sin(radians(lon2 - lon1) / 2), 2))))
    """,
    # Rec. 601: what the eye sees of a colour.
    """
    CREATE MACRO luma(c) AS 0.30 * ('0x' || substr(c, 1, 2))::INT + 0.59 * ('0x' || substr(c, 3, 2))::INT + 0.11 * ('0x' || substr(c, 5, 2))::INT
    """,
)

_DERIVED = (
    # A calendar to the year 9999 would be millions of days: twenty years of each service are enough to judge
    # it.
    """
    CREATE TABLE active AS
    WITH weekly AS (
        SELECT service_id, [sunday, monday, tuesday, wednesday, thursday, friday, saturday] AS week,
            unnest(generate_series(start_date, least(end_date, start_date + INTERVAL 7305 DAY), INTERVAL 1 DAY))::DATE AS day
        FROM calendar WHERE start_date IS NOT NULL AND end_date IS NOT NULL
    )
    SELECT service_id, day FROM (
        SELECT service_id, day FROM weekly WHERE week[dayofweek(day) + 1] = 1
        UNION SELECT service_id, date FROM calendar_dates WHERE exception_type = 1
    ) WHERE (service_id, day) NOT IN (SELECT (service_id, date) FROM calendar_dates WHERE exception_type = 2 AND date IS NOT NULL AND service_id IS NOT NULL)
    """,
    "CREATE TABLE services AS SELECT service_id, min(day) AS first, max(day) AS last FROM active GROUP BY service_id",
    # Where a stop is, or its station when it does not say.
    """
    CREATE TABLE places AS SELECT s.stop_id, row_number() OVER (ORDER BY s.stop_id) - 1 AS place,
        any_value(coalesce(s.stop_lat, p.stop_lat, g.stop_lat)) AS lat, any_value(coalesce(s.stop_lon, p.stop_lon, g.stop_lon)) AS lon
    FROM stops s LEFT JOIN stops p ON p.stop_id = s.parent_station LEFT JOIN stops g ON g.stop_id = p.parent_station
    WHERE s.stop_id IS NOT NULL GROUP BY s.stop_id
    """,
    """
    CREATE VIEW steps AS SELECT line, shape_id, shape_pt_sequence, shape_dist_traveled AS d, shape_pt_lat AS lat, shape_pt_lon AS lon,
        lag(shape_dist_traveled) OVER w AS d0, lag(shape_pt_lat) OVER w AS lat0, lag(shape_pt_lon) OVER w AS lon0
    FROM shapes WINDOW w AS (PARTITION BY shape_id ORDER BY shape_pt_sequence, line)
    """,
    # Fastest that a mode goes, in km/h, as the canonical validator has it.
    """
    CREATE VIEW timed AS SELECT s.line, s.trip_id, s.stop_sequence, s.stop_id, s.arrival_time, s.departure_time, p.lat, p.lon, t.route_id,
        CASE r.route_type WHEN 0 THEN 100 WHEN 1 THEN 150 WHEN 2 THEN 500 WHEN 3 THEN 150 WHEN 4 THEN 80 WHEN 5 THEN 30 WHEN 6 THEN 50 WHEN 7 THEN 50
            WHEN 11 THEN 150 WHEN 12 THEN 150 ELSE 200 END AS limit_kph
    FROM stop_times s JOIN trips t USING (trip_id) JOIN routes r USING (route_id) JOIN places p USING (stop_id) WHERE p.lat IS NOT NULL AND p.lon IS NOT NULL
    """,
    # Only those that may be too fast, whatever is granted for times without seconds.
    """
    CREATE TABLE legs AS SELECT * FROM (SELECT *, metres(lat0, lon0, lat, lon) * 3.6
            / CASE WHEN arrival_time <= left_at THEN 60 WHEN arrival_time % 60 = 0 AND left_at % 60 = 0 THEN arrival_time - left_at + 60
                ELSE arrival_time - left_at END AS speed,
        metres(lat0, lon0, lat, lon) * 3.6 / greatest(arrival_time - left_at, 0.5) AS at_most
    FROM (
        SELECT *, lag(departure_time) OVER w AS left_at, lag(lat) OVER w AS lat0, lag(lon) OVER w AS lon0
        FROM timed WHERE arrival_time IS NOT NULL OR departure_time IS NOT NULL WINDOW w AS (PARTITION BY trip_id ORDER BY stop_sequence, line)
    )) WHERE at_most > limit_kph
    """,
)


@dataclass(frozen=True, slots=True)
class Feed:
    """The typed tables of a feed in an engine of their own."""

    con: duckdb.DuckDBPyConnection
    loaded: Mapping[str, Loaded]

    def sound(self, table: str) -> bool:
        """Whether a table may be judged as a whole. One that is absent is empty, unless it had to be there."""
        return self.loaded[table].sound if table in self.loaded else not files()[f"{table}.txt"].required

    def has(self, table: str, columns: tuple[str, ...]) -> bool:
        """Whether the file itself has these columns."""
        return not columns or (table in self.loaded and self.loaded[table].names.issuperset(columns))


def check(package: Package, _profile: str) -> Outcome:
    """Judge a feed. Raises Unreadable when it holds no stops, no trips and no routes."""
    feed_files = _members(package)
    if not set(feed_files) & set(files()):
        raise Unreadable(
            "L’archive ne contient aucun fichier GTFS.",
            mend="Placez stops.txt, routes.txt, trips.txt… à la racine d’une archive zip.",
        )
    tally = Tally(NOTICES, limit=package.limit)
    _presence(package, feed_files, tally)
    small = sum(path.stat().st_size for path in feed_files.values()) < SMALL
    con = connect.processing(package.spool, memory_mb=package.memory_mb, threads=1 if small else 0)
    try:
        feed = _typed(con, feed_files, tally, package)
        skipped = _run(feed, tally, package.limit)
        if all(feed.sound(t) for t in paths.NEEDS):
            paths.check(con, tally)
        elif feed.loaded.get("shapes"):
            skipped += [(code, paths.NEEDS) for code in paths.CODES]
        rows = sum(each.rows for each in feed.loaded.values())
    finally:
        con.close()
    return Outcome(tally.findings(), _unchecked(feed, skipped), rows)


def _members(package: Package) -> dict[str, Path]:
    """The files of the feed by name; those of the folder that holds stops.txt when they are all in one."""
    beside = package.below("stops.txt") or package.below("trips.txt") or package.files
    return {name.lower(): path for name, path in beside.items() if "/" not in name}


def _presence(package: Package, feed_files: Mapping[str, Path], tally: Tally) -> None:
    inside = [n for n in package.files if "/" in n and n.rsplit("/", 1)[-1].lower() in files()]
    for name in inside:
        tally.hit("invalid_input_files_in_subfolder", table=name, value=name)
    for file in files().values():
        if file.name not in feed_files and file.required:
            tally.hit("missing_required_file", table=file.name)
    if not {"stops.txt", "locations.geojson"} & set(feed_files):
        tally.hit("missing_required_file", table="stops.txt")
    if not {"calendar.txt", "calendar_dates.txt"} & set(feed_files):
        tally.hit("missing_calendar_and_calendar_date_files")
    for name in RECOMMENDED:
        if name not in feed_files:
            tally.hit("missing_recommended_file", table=name)
    for name in sorted(set(feed_files) - set(files()) - OTHERS):
        tally.hit("unknown_file", table=name)


def _typed(
    con: duckdb.DuckDBPyConnection, feed_files: Mapping[str, Path], tally: Tally, package: Package
) -> Feed:
    """Every table of the standard, typed; those that the feed has not are empty."""
    loaded: dict[str, Loaded] = {}
    con.execute("; ".join(_absent(file) for file in files().values() if file.name not in feed_files))
    for file in files().values():
        if file.name not in feed_files:
            continue
        each = loaded[file.table] = load(feed_files[file.name], file, tally)
        typed = {
            f.name: cells.column(each, f, tally, package.limit) for f in file.fields if f.name in each.columns
        }
        bad = [c.bad for c in typed.values() if c.bad is not None]
        arrow = pa.table({"line": pa.array(each.lines), **{name: c.values for name, c in typed.items()}})
        if bad:
            each.sound = False
            arrow = arrow.filter(pa.array(~np.logical_or.reduce(bad)))
        con.register("arriving", arrow)
        con.execute(_table_query(file.table))
        con.unregister("arriving")
        con.execute(_whole(file, frozenset(typed)))
        each.columns.clear()  # the cells are in the engine now
    for statement in _SETUP:
        con.execute(statement)
    con.execute("CREATE TABLE clock AS SELECT CAST(? AS DATE) AS today", [package.now.date()])
    con.register("arriving", _currencies())
    con.execute("CREATE TABLE currencies AS SELECT * FROM arriving")
    con.unregister("arriving")
    for statement in _DERIVED:
        con.execute(statement)
    return Feed(con, loaded)


def _currencies() -> pa.Table:
    """Every currency with the decimals of its amounts."""
    codes = sorted(list_currencies())
    return pa.table({"code": codes, "digits": [get_currency_precision(c) for c in codes]})


@cache
def _table_query(table: str) -> str:
    rows = exp.select("*").from_("arriving")
    return exp.Create(this=exp.to_table(f"{table}_rows"), kind="TABLE", expression=rows).sql("duckdb")


@cache
def _absent(file: File) -> str:
    """The table of a file that the feed has not: no row."""
    nulls = [
        exp.alias_(exp.cast(exp.null(), kind), name)
        for name, kind in (
            ("line", "BIGINT"),
            *((f.name, SQL_TYPES.get(f.type, "VARCHAR")) for f in file.fields),
        )
    ]
    return exp.Create(
        this=exp.to_table(file.table), kind="VIEW", expression=exp.select(*nulls).where(exp.false())
    ).sql("duckdb")


@lru_cache(maxsize=256)
def _whole(file: File, known: frozenset[str]) -> str:
    """A table with every field of the standard: those that the file has not are null, and take no room. Most
    files of the standard are in no feed: what is asked for them is written once.
    """
    absent = [
        exp.alias_(exp.cast(exp.null(), SQL_TYPES.get(f.type, "VARCHAR")), f.name)
        for f in file.fields
        if f.name not in known
    ]
    rows = exp.select("*", *absent).from_(f"{file.table}_rows")
    return exp.Create(this=exp.to_table(file.table), kind="VIEW", expression=rows).sql("duckdb")


SQL_TYPES = {
    "int": "BIGINT",
    "enum": "BIGINT",
    "time": "BIGINT",
    "float": "DOUBLE",
    "lat": "DOUBLE",
    "lon": "DOUBLE",
    "date": "DATE",
}


def _run(feed: Feed, tally: Tally, limit: int) -> list[tuple[str, tuple[str, ...]]]:
    """Try every rule; returns the codes that could not be tried with the tables at fault."""
    skipped: list[tuple[str, tuple[str, ...]]] = []
    for rule in rules():
        broken = tuple(t for t in rule.needs if not feed.sound(t))
        if broken:
            skipped.append((rule.code, broken))
        elif feed.has(rule.table, rule.columns) and (not rule.table or rule.table in feed.loaded):
            _try(feed.con, rule, tally, limit)
    return skipped


def _try(con: duckdb.DuckDBPyConnection, rule: Rule, tally: Tally, limit: int) -> None:
    rows_found = con.execute(rule.sql).to_arrow_table()
    if not rows_found.num_rows:
        return
    lines, values = rows_found.column(0).to_pylist(), rows_found.column(1).to_pylist()
    table = f"{rule.table}.txt" if rule.table else ""
    first = sorted(
        zip((line or 0 for line in lines), (None if v is None else str(v) for v in values), strict=True),
        key=lambda r: (r[0], r[1] or ""),
    )[:limit]
    rows = (Row(table, line, max(0, line - 1), value) for line, value in first)
    tally.many(rule.code, rows_found.num_rows, rows, table=table, column=rule.column)


def _unchecked(feed: Feed, skipped: list[tuple[str, tuple[str, ...]]]) -> tuple[str, ...]:
    """What broken files kept from being judged, in French."""
    codes = sorted({code for code, _ in skipped})
    if not codes:
        return ()
    broken = sorted({f"{t}.txt" for _, tables in skipped for t in tables if not feed.sound(t)})
    return (
        f"{len(codes)} contrôles sur l’ensemble des fichiers, en attendant que {', '.join(broken)} soit lisible : {', '.join(codes)}.",
    )
