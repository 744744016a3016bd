"""ODSQL on the eight stations: every rule of the language, one line a case.

clause=text & clause=text => ids          the ids of the rows, in any order
clause=text ... => ids !order             in that order
clause=text ... => {json} or [json]       the rows themselves, or the first one
clause=text ... => 400 text               refused, and the message holds the text; `@n`: at this offset
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import orjson
import pytest

from parvis.core.errors import BadQuery
from parvis.core.released import Public
from parvis.core.types import Column, Schema
from parvis.engine.read import Engine, read
from parvis.query.plans import Plans
from parvis.query.question import Ask
from parvis.query.rows import json_rows
from parvis.query.statement import records
from tests.tables.velo import NOW, engine, release, velo

POLYGON = "POLYGON((2.34 48.84,2.38 48.84,2.38 48.89,2.34 48.89,2.34 48.84))"
GEOJSON = (
    '{"type":"Polygon","coordinates":[[[2.34,48.84],[2.38,48.84],[2.38,48.89],[2.34,48.89],[2.34,48.84]]]}'
)

CASES = r"""
w=cap > 15 and ouvert => 1 2
w=cap > 30 or ville = "Clichy" and prix < 1 => 2 4 5
w=ville != "Paris" => 4 5 6
w=not ville = "Paris" => 4 5 6 7
w=tags = "velo" => 1 2 5 8
w="velo" in tags => 1 2 5 8
w=tags != "velo" => 4 6
w=ville: 'Paris' => 1 2 3 8
w=cap in [9..20] => 1 3 4 8
w=cap in ]9..20[ => 4 8
w=cap in [9 TO 20[ => 3 4 8
w=cap in (9,35) => 2 3
w=not cap in (9,35) => 1 4 5 6 7 8
w=maj = date'2024' => 1 2 3 6 7
w=maj > date'2024-07-01' => 6 8
w=maj >= date'2024/07/01' => 3 6 7 8
w=maj < date'2024-07' => 1 2 4
w=maj <= date'2024-07' => 1 2 3 4 6 7
w=maj in [date'2024-01'..date'2024-02'] => 1 2
w=jour = date'2024-07-01' => 3 7
w=maj > date'2024-07-01T12:00:00' => 6 8
w=year(maj) = 2024 => 1 2 3 6 7
w=year(maj) = 2024 & tz=Europe/Paris => 1 2 3 4 6 7
w=hour(maj) >= 12 => 2 3 4
w=hour(maj) >= 12 & tz=Europe/Paris => 3
w=maj is null => 5
w=ville is not null => 1 2 3 4 5 6 8
w=ouvert => 1 2 4 7 8
w=ouvert is false => 3 6
w="gare" => 1 4 8
w="gare lyon" => 8
w="gare" and not "velo" => 4
w=search(nom,"exelmnas vers") => 2
w=search("bluets eau") => 5 6
w=suggest(nom,"VERS") => 2 3
w=startswith(nom,"Gare") => 1 8
w=startswith(nom,"gare") =>
w=nom like "gare" => 1 8
w=nom like "%gare%" => 1 8
w=in_bbox(geo,48.84,2.25,48.86,2.36) => 2 7
w=not(in_bbox(geo,48.84,2.25,48.86,2.36)) => 1 3 4 5 6 8
w=within_distance(geo,geom'POINT(2.2678 48.8419)',800m) => 2
w=within_distance(geo,geom'POINT(2.2678 48.8419)',2km) => 2 3
w=distance(geo,geom'POINT(2.2678 48.8419)',2km) => 2 3
w=intersects(geo, geom'<polygon>') => 1 7 8
w=geometry(geo, geom'<geojson>') => 1 7 8
w=geometry(geo, geom'<geojson>', WITHIN) => 1 7 8
w=disjoint(geo, geom'<polygon>') => 2 3 4 6
w=not intersects(geo, geom'<polygon>') => 2 3 4 5 6
w=length(nom) = 12 => 1 8
w=lower(ville) = "créteil" => 5 6
w=cap*prix >= 60 => 2 5 8
w=cap > 10 & w=cap < 20 => 4 8
w=date_format(maj,'MM') = '07' => 3 6 7
s=nom as n, cap*2 as c2, cap/0 as z, length(nom) as l, 2023 as an, "x" as k & w=id=1 => {"n":"Gare du Nord","c2":40,"z":null,"l":12,"an":2023,"k":"x"}
s=include(n*) & w=id=1 => {"nom":"Gare du Nord"}
s=cap*2 & w=id=1 => {"cap*2":40}
s=maj & w=id=8 & tz=Europe/Paris => {"maj":"2025-03-30T03:30:00+02:00"}
s=maj & w=id=4 & tz=Europe/Paris => {"maj":"2024-01-01T00:30:00+01:00"}
s=maj & w=id=4 => {"maj":"2023-12-31T23:30:00+00:00"}
s=date_format(maj,'EEEE E e w ww D DDD xxxx') as f & w=id=2 => {"f":"mercredi mer. 3 9 09 59 059 2024"}
s=date_format(maj,"'le' d MMMM yy") as f & w=id=2 & lang=en => {"f":"le 28 February 24"}
s=count(*) as n,count(cap) as c,sum(cap) as s,avg(cap) as a,min(cap) as i,max(cap) as m,median(cap) as d & limit=1 => [{"n":8,"c":7,"s":133,"a":19.0,"i":0,"m":40,"d":15.0}]
s=count(*) => 10 * {"count(*)":8}
s=count(distinct ville) as a, count(distinct ifnull(ville,"?")) as b & limit=1 => [{"a":3,"b":4}]
s=count(distinct tags) as a & limit=1 => [{"a":3}]
s=sum(cap*prix) as p, sum(cap)/count(*) as q & limit=1 => [{"p":297.0,"q":16.625}]
s=percentile(cap, 50) as p & limit=1 => [{"p":15.0}]
s=min(maj) as a, max(jour) as b & limit=1 => [{"a":"2023-12-31T23:30:00+00:00","b":"2025-03-30"}]
s=min(nom) => 400 StatAggregation only supports numeric or date expression
g=ville & s=count(*) as n, avg(cap) as a & o=n desc, ville => [{"ville":"Paris","n":4,"a":19.75},{"ville":"Créteil","n":2,"a":20.0},{"ville":"Clichy","n":1,"a":14.0},{"ville":null,"n":1,"a":null}]
g=range(cap,15) & s=count(*) & o=range(cap,15) => [{"range(cap,15)":"[0, 14]","count(*)":3},{"range(cap,15)":"[15, 29]","count(*)":2},{"range(cap,15)":"[30, 44]","count(*)":2}]
g=RANGE(cap,*,15,20,*) as k & s=count(*) as n & o=k => [{"k":"[*, 14]","n":3},{"k":"[15, 19]","n":1},{"k":"[20, *]","n":3}]
g=range(cap,10,20) as k & s=count(*) as n => [{"k":"[10, 19]","n":2}]
g=range(prix,*,2,*) as k & s=count(*) as n & o=k => [{"k":"[*, 2[","n":3},{"k":"[2, *[","n":4}]
g=range(prix,0.5) as k & s=count(*) as n & o=n desc & limit=1 => [{"k":"[1.5, 2.0[","n":2}]
g=range(maj,1 day) as d & s=count(*) as n & w=jour = date'2024-07-01' => [{"d":"[2024-07-01T00:00:00.000Z, 2024-07-02T00:00:00.000Z[","n":2}]
g=range(maj,1 day) as d & s=count(*) as n & w=id=4 & tz=Europe/Paris => [{"d":"[2024-01-01T00:00:00+01:00, 2024-01-02T00:00:00+01:00[","n":1}]
g=range(maj, 1month) as m & s=count(*) as n & o=n desc & limit=1 => [{"m":"[2024-07-01T00:00:00.000Z, 2024-08-01T00:00:00.000Z[","n":3}]
g=range(maj,12 hour) as h & s=count(*) as n & w=id=3 => [{"h":"[2024-07-01T12:00:00.000Z, 2024-07-02T00:00:00.000Z[","n":1}]
g=range(maj,2 hours) as h & s=count(*) as n & w=id=8 & tz=Europe/Paris => [{"h":"[2025-03-30T01:00:00+01:00, 2025-03-30T04:00:00+02:00[","n":1}]
g=range(jour, *, date'2024', date'2025-01-01') as k & s=count(*) as n & o=k => [{"k":"[*, 2024-01-01T00:00:00.000Z[","n":1},{"k":"[2024-01-01T00:00:00.000Z, 2025-01-01T00:00:00.000Z[","n":5}]
g=range(maj,2 months) => 400 1
g=year(maj) as y & s=count(*) as n & o=y => [{"y":2023,"n":1},{"y":2024,"n":5},{"y":2025,"n":1},{"y":null,"n":1}]
g=date_format(maj,'yyyy-MM') as m & s=count(*) as n & tz=Europe/Paris & o=m & limit=1 => [{"m":"2024-01","n":2}]
g=tags & s=count(*) as n & o=-n => [{"tags":"velo","n":4},{"tags":"gare","n":3},{"tags":"eau","n":2},{"tags":null,"n":2}]
g=ville, ouvert & s=count(*) & o=ville, ouvert & limit=1 => [{"ville":"Clichy","ouvert":true,"count(*)":1}]
g=geo => 400 Aggregation on geo point field is not possible. Use the geo_cluster
s=year(maj) as y & g=year(maj) as y => 400 Alias 'y' is declared several times
s=hour(maj) as k & g=hour(maj) & o=k & limit=1 => [{"hour(maj)":0,"k":0}]
s=nom & g=ville => 400 nom
s=geo_cluster(geo,8) => 400 geo_cluster(
o=cap desc => 5 2 1 8 4 3 6 7 !order
o=cap => 6 3 4 8 1 2 5 7 !order
o=-prix & s=id & limit=7 => 8 5 2 6 1 7 4 !order
o=distance(geo,geom'POINT(2.35 48.85)') => 7 8 1 3 2 4 6 5 !order
o=100, "x", cap => 6 3 4 8 1 2 5 7 !order
g=ville & o=avg(cap) desc, ville & s=count(*) as n & limit=1 => [{"ville":"Créteil","n":2}]
g=ville & o=ville, avg(cap) => 400 order_by
r=ville:Paris => 1 2 3 8
r=ville:Paris & r=ville:Clichy => 1 2 3 4 8
r=tags:velo & r=tags:gare => 1 8
x=ville:Paris => 4 5 6 7
r=chemin:A => 1 2 6 8
r=chemin:A/x => 1 8
r=maj:2024/07 => 3 6 7
r=maj:"2024-07" => 3 6 7
r=maj:2024/02/29 =>
r=maj:2024/02/29 & tz=Europe/Paris => 2
r=cap:20 => 1
r=ouvert:true => 1 2 4 7 8
r=nom:"Gare du Nord" => 1
r=zz:1 => 400 Unknown field: zz
limit=101 => 400 Invalid value for limit API parameter: 101 was found but -1 <= limit <= 100 is expected.
offset=9990 & limit=20 => 400 Invalid value for sum of offset + limit API parameter: 10010 was found but <= 10000 is expected.
limit=-1 => 1 2 3 4 5 6 7 8
limit=0 =>
offset=6 => 7 8
w=zz = 1 => 400 Unknown field: zz @0
w=contains(nom,"a") => 400 unexpected ( at position 8 @8
w=maj = "2024" => 400 date'2024'
w=maj >= "2024-07-14" => 6 8
w=cap = "20" => 400 Incompatible types
w=nom = => 400 unexpected end of line
w=cap = null =>
w=not cap = null => 1 2 3 4 5 6 7 8
w=(cap > 10 => 400 unexpected end of line
w=1_uai = 2 => 400 position 1
w=(`nom`="Mairie") AND (not (search(`nom`, "x"))) AND (suggest("m")) AND (maj > date'1970-01-01T00:00:00.000Z') => 4
o=-cap,nom & limit=2 => 5 2 !order
w=((cap)) = (9) or (cap + 1) * 2 = 82 => 3 5
w=maj > now(years=-1, month=1, day=1, hour=0, minute=0) and maj < now() => 1 2 3 4 6 7
w=maj > now(days=-6, hour=0, minute=0) and maj < now() => 6
w=startswith(ville,"Pa") AND length(nom)>12 AND cap in (35, 9) => 2 3
w=minute(maj) = 30 and month(maj) = 1 and year(maj) = 2024 => 1
w=nom like "gare" AND ville like "paris" => 1 8
w=nom like "éclair" => 7
w="eclair" => 7
w=cap>=15 AND cap<=20 & limit=-1 => 1 8
w=not not ouvert => 1 2 4 7 8
w=recordid = "3" => 3
w=ouvert = true and not (ville is null) => 1 2 4 8
w=prix = 2 => 2 6
w=-cap < -30 => 2 5
w=nom = "L'Éclair" => 7
w=nom = 'L\'Éclair' => 7
w=nom != nom =>
w=jour < maj => 1 3 4 6 8
"""


class Case(NamedTuple):
    ask: Ask
    expected: str


def _case(line: str) -> Case:
    left, _, expected = line.partition("=>") if " => " not in line else line.partition(" => ")
    said: dict[str, list[str]] = {}
    for part in left.strip().split(" & "):
        key, _, value = part.strip().partition("=")
        said.setdefault(key, []).append(value.replace("<polygon>", POLYGON).replace("<geojson>", GEOJSON))
    one = {k: v[0] for k, v in said.items()}
    return Case(
        Ask(
            one.get("s", ""),
            tuple(said.get("w", ())),
            one.get("g", ""),
            one.get("o", ""),
            int(one["limit"]) if "limit" in one else None,
            int(one.get("offset", "0")),
            tuple(said.get("r", ())),
            tuple(said.get("x", ())),
            one.get("tz", "UTC"),
            one.get("lang", "fr"),
        ),
        expected.strip(),
    )


LINES = CASES.strip().splitlines()


@pytest.fixture(scope="module")
def stations(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, Public]]:
    folder = tmp_path_factory.mktemp("velo")
    released = velo(folder)
    made = engine(folder)
    yield made, released
    made.connection.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("autres")


KEPT = Plans()
"""One for all cases: a plan kept from another case must never answer this one."""


def rows(stations: tuple[Engine, Public], ask: Ask) -> list[dict[str, object]]:
    """The rows, asked anew and by plans made and kept: all three say the same."""
    made, released = stations
    answer = records(released, ask, now=NOW, dataset="velo")
    with read(made, json_rows(answer.rows, ask.timezone)) as found:
        anew = [orjson.loads(str(v)) for v in found.values()]
    with read(made, answer.count) as found:
        count = found.scalar()
    for _ in range(2):
        page = KEPT.page(released, ask, now=NOW, dataset="velo")
        with read(made, page.rows, page.given) as found:
            kept = [orjson.loads(str(v)) for v in found.values()]
        assert (kept if ask.order_by else sorted(map(str, kept))) == (
            anew if ask.order_by else sorted(map(str, anew))
        )
        with read(made, page.count, page.given[: page.counted]) as found:
            assert found.scalar() == count
    return anew


@pytest.mark.parametrize("line", LINES)
def test_case(stations: tuple[Engine, Public], line: str) -> None:
    """The language does what its table says."""
    ask, expected = _case(line)
    if expected.startswith("400 "):
        wanted, _, at = expected[4:].partition(" @")
        with pytest.raises(BadQuery) as refused:
            rows(stations, ask)
        assert wanted in refused.value.message
        assert not at or refused.value.at == int(at)
        return
    found = rows(stations, ask)
    if expected.startswith("10 * "):
        assert found == [orjson.loads(expected[5:])] * 10
    elif expected.startswith("["):
        assert found == orjson.loads(expected)
    elif expected.startswith("{"):
        assert found[0] == orjson.loads(expected)
    else:
        wanted_ids = [int(i) for i in expected.removesuffix("!order").split()]
        ids = [row["id"] for row in found]
        assert (ids if expected.endswith("!order") else sorted(ids)) == wanted_ids


@pytest.mark.parametrize(
    ("where", "select", "found"),
    [
        ("tags is null", "id, tags", [{"id": 2, "tags": None}, {"id": 3, "tags": None}]),
        ("tags != 'velo'", "id", [{"id": 4}]),
        ("not tags = 'velo'", "id", [{"id": 2}, {"id": 3}, {"id": 4}]),
        ("id > 0", "count(tags) as n", [{"n": 2}] * 10),
    ],
)
def test_a_list_without_elements_is_a_missing_one(
    folder: Path, where: str, select: str, found: list[dict[str, object]]
) -> None:
    """Filters, counts, groups and answers agree: a file of commas can't tell the two apart either."""
    sql = "SELECT i::BIGINT AS id, t::VARCHAR[] AS tags FROM (VALUES (1, ['velo']), (2, []), (3, NULL), (4, ['eau'])) v(i, t)"
    released = release(folder, sql, Schema("t", "1", (Column("id", "integer"), Column("tags", "array"))))
    made = engine(folder)
    try:
        assert (
            rows(
                (made, released),
                Ask(where=(where,), select=select, order_by="" if "count" in select else "id"),
            )
            == found
        )
    finally:
        made.connection.close()
