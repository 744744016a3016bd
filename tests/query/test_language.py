"""The language as a whole: its functions run, its faults have a place, and nothing else ever comes out of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.core.errors import BadQuery
from parvis.core.released import Public
from parvis.core.types import Column, Schema
from parvis.engine.read import Engine, read
from parvis.query import facets, instants, parser, text_search
from parvis.query.functions import FUNCTIONS
from parvis.query.instants import known_zones
from parvis.query.lexer import MAX_TEXT
from parvis.query.places import MAX_VERTICES
from parvis.query.plans import Page, Plans
from parvis.query.question import Ask
from parvis.query.rows import json_rows
from parvis.query.statement import LANGUAGES, records
from tests.tables.velo import NOW, engine, release, velo

Table = tuple[Engine, Public]


@pytest.fixture(scope="module")
def stations(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Table]:
    folder = tmp_path_factory.mktemp("velo")
    made = engine(folder)
    yield made, velo(folder)
    made.connection.close()


def rows(table: Table, ask: Ask) -> list[dict[str, object]]:
    answer = records(table[1], ask, now=NOW, dataset="velo", modified=NOW)
    with read(table[0], answer.count) as counted:
        assert isinstance(counted.scalar(), int)
    with read(table[0], json_rows(answer.rows, ask.timezone)) as found:
        return [orjson.loads(str(v)) for v in found.values()]


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda f: f.name)
def test_every_function_has_an_example_that_runs(stations: Table, function: object) -> None:
    """The example in the declaration is a condition, or a value to select."""
    from_table = FUNCTIONS[getattr(function, "name", "")]
    assert from_table.title
    if from_table.aggregate:
        assert len(rows(stations, Ask(select=f"{from_table.example} as x", limit=1))) == 1
    else:
        assert isinstance(rows(stations, Ask(where=(from_table.example,))), list)


SNAPSHOTS = {
    Ask(select="nom, cap*2 as c", where=("cap > 10 and not ouvert",), order_by="-cap", limit=5): (
        'SELECT "nom" AS "nom", ("cap" * 2) AS "c" FROM "v" WHERE "cap" > 10 AND NOT (("ouvert") IS TRUE) ORDER BY "cap" DESC, "_record" ASC LIMIT 5'
    ),
    Ask(select="count(*) as n", where=("maj = date'2024-07'",), group_by="ville", order_by="n desc"): (
        'SELECT "_g0" AS "ville", "_a0" AS "n" FROM (SELECT "ville" AS "_g0", COUNT(*) AS "_a0" FROM "v" WHERE "maj" >= CAST(\'2024-07-01 00:00:00+00:00\' AS '
        'TIMESTAMPTZ) AND "maj" < CAST(\'2024-08-01 00:00:00+00:00\' AS TIMESTAMPTZ) GROUP BY 1) AS _groups ORDER BY "_a0" DESC, "_g0" ASC LIMIT 10'
    ),
}


@pytest.mark.parametrize("ask", SNAPSHOTS)
def test_what_the_engine_is_asked(stations: Table, ask: Ask) -> None:
    """Identifiers quoted, no text of the user outside a literal. The engine puts missing values last both
    ways by itself.
    """
    released = stations[1]
    tree = records(released, ask, now=NOW).rows.table.tree
    assert tree is not None
    assert tree.sql("duckdb").replace(released.versions[0], "v") == SNAPSHOTS[ask]


SEEDS = (
    "cap > 15 and ouvert", "nom like '%a%'", "maj in [date'2024'..date'2025'[", "in_bbox(geo,48,2,49,3)", "count(distinct ville) as n", "range(cap, 10)",
    "date_format(maj, 'yyyy')", "geo_cluster(geo, 8)", "random(3) desc", "within_distance(geo, geom'POINT(2 48)', 3km)", "now(days=-3)", "include(n*), exclude(geo)",
    "search(nom, 'x')", "sum(cap*prix)/count(*)", "percentile(cap, 50)", "`nom` is not null", "facet(name='ville', sort='-count')", "ville:Paris", "maj:2024/07",
    "case", "limit", "'", "\"", "\\", ";", "--", "/*", "union select", "\x00", "é", "²", "٣", "1e5", "0x1", "..", "a.b", "é = 'É'",
)  # fmt: skip
PIECES = st.sampled_from([
    *SEEDS, "nom", "cap", "maj", "geo", "tags", "jour", "ouvert", "chemin", "prix", "zz", "(", ")", "[", "]", ",", "=", "!=", "<", ">=", ":", "+", "-", "*", "/",
    "and", "or", "not", "in", "is", "null", "true", "like", "as", "to", "..", "date'2024-13'", "date'2024'", "geom'POINT(0 0)'", "geom'{}'", "geom'POLYGON((0 0))'",
    "'x'", '"a b"', "1", "0", "-1", "9223372036854775807", "99999999999999999999", "1.5", "lower(", "length(", "min(", "avg(", "year(", "ifnull(", "range(", "envelope(",
    "bbox(", "median(", "distinct", "5 m", "now(", "hour=1", "json_format(", "intersects(", "recordid", "datasetid", "record_timestamp",
])  # fmt: skip
CLAUSES = st.one_of(
    st.lists(PIECES, max_size=9).map(" ".join), st.text(max_size=30), st.sampled_from(SEEDS), st.just("")
)


def _refusal(attempt: Callable[[], object]) -> BadQuery | None:
    """None when it went well. Any other error than BadQuery goes through."""
    try:
        attempt()
    except BadQuery as refused:
        return refused
    return None


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    CLAUSES,
    CLAUSES,
    CLAUSES,
    CLAUSES,
    CLAUSES,
    st.sampled_from(["UTC", "Europe/Paris", "America/St_Johns"]),
    st.sampled_from(LANGUAGES),
    st.booleans(),
    st.integers(0, 31),
)
def test_any_text_gives_rows_or_a_fault_with_a_place(
    stations: Table,
    select: str,
    where: str,
    group: str,
    order: str,
    refine: str,
    zone: str,
    lang: str,
    whole: bool,
    used: int,
) -> None:
    """Whatever stands in a clause, the answer is rows or BadQuery with its offset in the text, never another
    error.
    """
    ask = Ask(
        select if used & 1 else "",
        (where,) if used & 2 else (),
        group if used & 4 else "",
        order if used & 8 else "",
        refine=(refine,) if used & 16 else (),
        exclude=(refine,) if used & 16 else (),
        timezone=zone,
        lang=lang,
        whole=whole,
    )
    refused = _refusal(lambda: rows(stations, ask))
    assert refused is None or (
        refused.code and 0 <= refused.at <= max(map(len, (select, where, group, order, refine)))
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CLAUSES, CLAUSES)
def test_any_text_in_facets(stations: Table, facet: str, refine: str) -> None:
    """The same for facets."""

    def counted() -> None:
        for one in facets.facets(stations[1], Ask(refine=(refine,)), [facet], now=NOW, default=("ville",)):
            with read(stations[0], one.counts) as found:
                assert isinstance(found.rows(), list)

    refused = _refusal(counted)
    assert refused is None or 0 <= refused.at <= max(len(facet), len(refine))


@pytest.mark.parametrize(
    "where",
    [
        "(" * 5000 + "1" + ")" * 5000,
        "not " * 5000 + "ouvert",
        "-" * 5000 + "1 < cap",
        "lower(" * 5000,
        "cap" + "+1" * 5000 + " > 3",
        "x" * (MAX_TEXT + 1),
        "9" * 400 + " > cap",
        f"intersects(geo, geom'LINESTRING({','.join('0 0' for _ in range(MAX_VERTICES + 2))})')",
        "1 " * 30_000,
    ],
    ids=["parentheses", "not", "minus", "calls", "sum", "text", "digits", "vertices", "words"],
)
def test_what_is_too_deep_or_too_long_is_refused(stations: Table, where: str) -> None:
    """Refused in words, and the stack never overflows."""
    with pytest.raises(BadQuery):
        rows(stations, Ask(where=(where,)))


def test_a_text_may_hold_what_ends_a_query(stations: Table) -> None:
    """A NUL, at which the engine stops reading SQL, is a character like another: wherever a text may stand."""
    asks = [
        *(
            Ask(where=(w,))
            for w in (
                "nom = 'Gare\0'",
                "startswith(nom, 'Gare\0')",
                "nom like 'a\0b'",
                "nom in ('\0', 'a\0')",
                "search('\0gare\0')",
                "'\0' in tags",
            )
        ),
        Ask(refine=("ville:Paris\0",)),
        Ask(refine=("chemin:\0A",)),
        Ask(refine=("tags:\0",)),
    ]
    found = [len(rows(stations, ask)) for ask in asks]
    assert found == [0, 0, 0, 0, 3, 0, 0, 0, 0]
    assert len(rows(stations, Ask(exclude=("ville:Paris\0",)))) == 8
    assert rows(stations, Ask('"a\0b" as k', ("id = 1",))) == [{"k": "a\0b"}]


def test_long_lists_are_no_problem(stations: Table) -> None:
    """Thousands of values, or conditions, in one clause."""
    assert len(rows(stations, Ask(where=(f"id in ({', '.join(map(str, range(5, 3000)))})",)))) == 4
    assert len(rows(stations, Ask(where=(" or ".join(f"id = {i}" for i in range(5, 1000)),)))) == 4
    assert len(rows(stations, Ask(where=(" and ".join(f"id != {i}" for i in range(5, 1000)),)))) == 4


def test_a_shuffle_is_the_same_for_one_seed(stations: Table) -> None:
    """random(seed): one order for one seed, its reverse for desc, another for another seed."""
    order = [
        [r["id"] for r in rows(stations, Ask(order_by=text))]
        for text in ("random(1)", "random(1)", "random(1) desc", "random(2)", "random(3)")
    ]
    assert order[0] == order[1] == order[2][::-1]
    assert len({tuple(o) for o in order}) > 2


def test_clusters_hold_every_point(stations: Table) -> None:
    """Each point is in one cluster, whose centre is the mean of its points; a closer look makes more
    clusters.
    """
    counts = []
    for zoom in (0, 8, 20):
        found = rows(stations, Ask(select="count(*) as n", group_by=f"geo_cluster(geo,{zoom})", limit=100))
        assert sum(int(str(r["n"])) for r in found) == 7
        assert all(set(r[f"geo_cluster(geo,{zoom})"]["cluster_centroid"]) == {"lat", "lon"} for r in found)  # type: ignore[index, call-overload]
        counts.append(len(found))
    assert counts[0] == 1
    assert counts[0] <= counts[1] <= counts[2] == 7


def test_aggregates_of_places(stations: Table) -> None:
    """bbox and envelope are features."""
    (found,) = rows(stations, Ask(select="bbox(geo) as b, envelope(geo) as e", limit=1))
    assert found["b"]["type"] == found["e"]["type"] == "Feature"  # type: ignore[index]
    corners = found["b"]["geometry"]["coordinates"][0]  # type: ignore[index]
    assert {tuple(c) for c in corners} == {(2.26, 48.79), (2.455, 48.79), (2.26, 48.904), (2.455, 48.904)}


def test_hour_that_comes_twice_makes_two_buckets(tmp_path_factory: pytest.TempPathFactory) -> None:
    """25 October 2026: 02:30 in summer time and 02:30 in winter time are an hour apart."""
    folder = tmp_path_factory.mktemp("heures")
    made = engine(folder)
    sql = "SELECT unnest([TIMESTAMPTZ '2026-10-25T00:30:00Z', TIMESTAMPTZ '2026-10-25T01:30:00Z', TIMESTAMPTZ '2026-10-25T01:40:00Z']) AS t"
    table = (made, release(folder, sql, Schema(columns=(Column("t", "datetime"),))))
    found = rows(
        table,
        Ask(select="count(*) as n", group_by="range(t, 1h) as h", order_by="h", timezone="Europe/Paris"),
    )
    assert found == [
        {"h": "[2026-10-25T02:00:00+02:00, 2026-10-25T02:00:00+01:00[", "n": 1},
        {"h": "[2026-10-25T02:00:00+01:00, 2026-10-25T03:00:00+01:00[", "n": 2},
    ]
    made.connection.close()


def test_names_that_need_care(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Fields named like keywords, with blanks, accents, quotes or a leading digit; technical geometry under
    its public name.
    """
    folder = tmp_path_factory.mktemp("noms")
    made = engine(folder)
    sql = """SELECT 1::BIGINT AS "count", DATE '2024-05-01' AS "date", 'x' AS "Nom de l'élève", 'y' AS "1_uai", 'z' AS "a""b", {'lon': 2.0, 'lat': 48.0} AS _point"""
    columns = (
        Column("count", "integer"),
        Column("date", "date"),
        Column("Nom de l'élève"),
        Column("1_uai"),
        Column('a"b'),
    )
    table = (made, release(folder, sql, Schema(columns=columns, geometry="point")))
    assert (
        len(
            rows(
                table,
                Ask(
                    where=(
                        "count = 1 and date > date'2024-04' and `1_uai` = 'y' and `Nom de l'élève`: 'x' and `a\"b` = 'z'",
                    )
                ),
            )
        )
        == 1
    )
    assert rows(table, Ask(select="`a\"b` as `c'd`, count(*) as count", group_by='`a"b`')) == [
        {'a"b': "z", "c'd": "z", "count": 1}
    ]
    made.connection.close()


def test_years_and_times(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A year compares to numbers, dates and quoted years; a time to a text."""
    folder = tmp_path_factory.mktemp("annees")
    made = engine(folder)
    sql = "SELECT * FROM (VALUES (2023::BIGINT, TIME '08:30:00'), (2024, TIME '18:00:00'), (NULL, NULL)) v(an, h)"
    table = (made, release(folder, sql, Schema(columns=(Column("an", "year"), Column("h", "time")))))
    for where in (
        "an = 2023",
        'an = "2023"',
        "an = date'2023'",
        "year(an) = 2023",
        "an < date'2024'",
        "h < '12:00'",
    ):
        assert [r["an"] for r in rows(table, Ask(where=(where,)))] == [2023], where
    made.connection.close()


NOON = datetime(2021, 5, 6, 12, 34, 55, 450500, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("year=2001,months=-1", "2001-04-06T12:34:55.450500"),
        ("day=31,month=2", "2021-02-28T12:34:55.450500"),
        ("weekday=0", "2021-05-10T12:34:55.450500"),
        ("mondays=-1", "2021-05-03T12:34:55.450500"),
        ("mondays=+1", "2021-05-10T12:34:55.450500"),
        ("hour=0,minute=0,second=0,microsecond=0", "2021-05-06T00:00:00"),
        ("days=1,days=2", "2021-05-08T12:34:55.450500"),
        ("years=-1,months=+1", "2020-06-06T12:34:55.450500"),
    ],
)
def test_now_goes_from_left_to_right(text: str, expected: str) -> None:
    """The examples of the reference, from a Thursday."""
    pairs = [(name, int(value)) for name, _, value in (part.partition("=") for part in text.split(","))]
    assert instants.now(NOON, "UTC", pairs).replace(tzinfo=None).isoformat() == expected


def test_zones_are_those_of_the_engine(stations: Table) -> None:
    """Every time zone that is accepted is known to the engine."""
    known = {
        r[0]
        for r in stations[0].connection.cursor().execute("SELECT name FROM pg_timezone_names()").fetchall()
    }
    assert known_zones() <= known
    assert "Europe/Paris" in known_zones()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("L’Éclair d’or", ("l", "eclair", "d", "or")),
        ("Œuvre", ("oeuvre",)),
        ("a_b-c", ("a", "b", "c")),
        ("", ()),
        ("75 011", ("75", "011")),
    ],
)
def test_terms(text: str, found: tuple[str, ...]) -> None:
    """Tokens are folded runs of letters and digits."""
    assert text_search.terms(text) == found


@pytest.mark.parametrize("text", ["ville:a,b:c", "`ville` : a,b:c", "ville:'a,b:c'", 'ville: "a,b:c"'])
def test_a_refinement_may_hold_anything(text: str) -> None:
    """The value is the rest of the text."""
    assert parser.refine(text).value == "a,b:c"
    assert parser.refine(text).name == "ville"


def test_a_question_that_differs_by_its_values_is_built_once(stations: Table) -> None:
    """Same shape, other values: the same query with other values given; another type, another query."""
    plans = Plans()

    def page(where: str, limit: int = 5) -> Page:
        return plans.page(stations[1], Ask(where=(where,), limit=limit), now=NOW)

    first, second = page("cap > 10 and ville = 'Paris'"), page("cap > 20 and ville = 'Clichy'", 7)
    assert first.rows is second.rows
    assert (first.given, second.given) == ((10, "Paris", 5, 0), (20, "Clichy", 7, 0))
    assert page("cap > 10.0 and ville = 'Paris'").rows is not first.rows
    assert page("maj > date'2024-01'").rows is not page("maj > date'2024-02'").rows
    assert page("maj < now()").rows is not page("maj < now()").rows
    select = [
        plans.page(stations[1], Ask(select=text), now=NOW).rows
        for text in ("1 as a", "1.0 as a", "cap *2", "cap*2")
    ]
    assert len({id(s) for s in select}) == 4
