"""The Explore API over a small city: paths, parameters, errors, headers and caches, as its clients rely on
them.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import orjson
import pytest
from starlette.testclient import TestClient

from parvis import api
from parvis.api import explore, openapi, parameters, ranges
from parvis.core.atom import NAMESPACE
from parvis.core.types import Column, Dataset, Version
from parvis.privacy import releasing
from parvis.store import datasets, versions
from tests.cities import explorecity
from tests.cities.explorecity import City
from tests.tables import velo

ROOT = "/api/explore/v2.1/catalog"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    made = explorecity.build(tmp_path_factory.mktemp("ville"))
    yield made
    made.db.close()
    made.engine.connection.close()


@pytest.fixture(scope="module")
def client(city: City) -> Iterator[TestClient]:
    with TestClient(api.app(city)) as made:
        yield made


def get(client: TestClient, path: str, status: int = 200, **params: Any) -> Any:
    answer = client.get(ROOT + path, params=params)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/json")
    return answer.json()


PATHS = (
    "", "/datasets", "/facets", "/exports", "/exports/json", "/exports/csv", "/datasets/velo", "/datasets/velo/records", "/datasets/velo/records/1",
    "/datasets/velo/facets", "/datasets/velo/attachments", "/datasets/velo/exports", "/datasets/velo/exports/json",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_every_path_with_and_without_slash(client: TestClient, path: str) -> None:
    """Both forms answer at once, to GET, HEAD and OPTIONS, for any page of the web and whatever is accepted."""
    bodies = [
        client.get(ROOT + path + slash, headers={"Accept": "application/x-unknown"}, follow_redirects=False)
        for slash in ("", "/")
    ]
    assert [b.status_code for b in bodies] == [200, 200]
    assert bodies[0].content == bodies[1].content
    assert all(b.headers["access-control-allow-origin"] == "*" for b in bodies)
    head = client.head(ROOT + path)
    assert (head.status_code, head.content) == (200, b"")
    preflight = client.options(
        ROOT + path, headers={"Origin": "https://ailleurs.example", "Access-Control-Request-Method": "GET"}
    )
    assert preflight.status_code == 204
    assert "GET" in preflight.headers["access-control-allow-methods"]


def test_records(client: TestClient) -> None:
    """A page of records: all that match are counted, missing values are null with their key."""
    found = get(client, "/datasets/velo/records", where="ouvert", order_by="cap desc", limit=2)
    assert found["total_count"] == 5
    assert [r["id"] for r in found["results"]] == [2, 1]
    assert found["results"][0]["geo"] == {"lon": 2.26, "lat": 48.843}
    seventh = get(client, "/datasets/velo/records", where="id=7")["results"][0]
    assert seventh["ville"] is None
    assert list(seventh) == [c.name for c in velo.COLUMNS]


@pytest.mark.parametrize(
    ("params", "total", "rows"),
    [
        ({}, 8, 8),
        ({"limit": 0}, 8, 0),
        ({"limit": 3}, 8, 3),
        ({"offset": 6}, 8, 2),
        ({"offset": 50}, 8, 0),
        ({"where": "cap > 15"}, 3, 3),
        ({"where": "cap > 15", "limit": 2}, 3, 2),
        ({"where": "cap > 15", "offset": 2}, 3, 1),
        ({"where": "cap > 15", "offset": 5}, 3, 0),
        ({"where": "cap > 900"}, 0, 0),
        ({"where": "cap > 15", "limit": 0}, 3, 0),
        ({"group_by": "ville"}, 4, 4),
        ({"group_by": "ville", "limit": 1}, 4, 1),
        ({"select": "count(*)"}, 8, 10),
        ({"select": "count(*)", "limit": 1, "where": "ouvert"}, 5, 1),
        ({"where": ["cap > 10", "cap < 20"]}, 2, 2),
    ],
)
def test_the_count_is_exact(client: TestClient, params: dict[str, Any], total: int, rows: int) -> None:
    """However it is found (known, told by a short page, or counted), total_count is how many match."""
    found = get(client, "/datasets/velo/records", **params)
    assert (found["total_count"], len(found["results"])) == (total, rows)


def test_one_record(client: TestClient) -> None:
    """A record is found by its place; another place is nothing."""
    assert get(client, "/datasets/velo/records/8", select="nom")["nom"] == "Gare de Lyon"
    assert get(client, "/datasets/velo/records", select="recordid", where="id=8")["results"] == [
        {"recordid": "8"}
    ]
    for wrong in ("nope", "0", "9", "99999999999999999999", "1e3", "²"):
        assert get(client, f"/datasets/velo/records/{wrong}", 404)["error_code"] == "NotFoundResource"


def test_further_tables_of_a_dataset(client: TestClient) -> None:
    """The first table bears the name of the dataset, the next ones theirs beside it."""
    assert get(client, "/datasets/velo/records")["total_count"] == 8
    assert get(client, "/datasets/velo--b-fermees/records")["total_count"] == 2
    assert get(client, "/datasets/velo--a-stations/records", 404)["error_code"] == "NotFoundResource"


@pytest.mark.parametrize(
    ("path", "params", "status", "code", "text"),
    [
        ("/datasets/nope/records", {}, 404, "NotFoundResource", "nope"),
        ("/datasets/agents/records", {}, 404, "NotFoundResource", "agents"),
        (
            "/datasets/velo/records",
            {"limit": 101},
            400,
            "InvalidRESTParameterError",
            "limit API parameter: 101 was found but -1 <= limit <= 100",
        ),
        ("/datasets/velo/records", {"limit": "dix"}, 400, "InvalidRESTParameterError", "dix"),
        (
            "/datasets/velo/records",
            {"offset": 9990, "limit": 20},
            400,
            "InvalidRESTParameterError",
            "10010 was found but <= 10000",
        ),
        (
            "/datasets/velo/records",
            {"where": "zz = 1"},
            400,
            "ODSQLError",
            "Unknown field: zz. Clause(s) containing the error(s): where.",
        ),
        (
            "/datasets/velo/records",
            {"where": 'contains(nom,"a")'},
            400,
            "ODSQLSyntaxError",
            "unexpected ( at position 8",
        ),
        (
            "/datasets/velo/records",
            {"where": 'maj = "2024"'},
            400,
            "IncompatibleTypesInComparisonFilter",
            "date'2024'",
        ),
        (
            "/datasets/velo/records",
            {"timezone": "Mars/Olympus"},
            400,
            "InvalidRESTParameterError",
            "timezone",
        ),
        (
            "/datasets/velo/records",
            {"timezone": "../../etc/passwd"},
            400,
            "InvalidRESTParameterError",
            "timezone",
        ),
        ("/datasets/velo/records", {"lang": "xx"}, 400, "InvalidRESTParameterError", "lang"),
        ("/datasets/velo/records", {"select": "cap*9223372036854775807"}, 400, "value", "limites"),
        ("/datasets/velo/exports/doc", {}, 404, "NotFoundResource", "doc"),
        ("/datasets/budget/exports/geojson", {}, 404, "NotFoundResource", "geojson"),
        ("/datasets/velo/exports/csv", {"where": "zz = 1"}, 400, "ODSQLError", "zz"),
        ("/datasets/velo/exports/csv", {"offset": 3}, 400, "InvalidRESTParameterError", "offset"),
        ("/datasets/velo/exports/csv", {"delimiter": "x"}, 400, "InvalidRESTParameterError", "delimiter"),
        (
            "/datasets/velo/exports/json",
            {"group_by": "ville", "order_by": "count(*)", "limit": 20001},
            400,
            "ODSQLError",
            "limit > 20000",
        ),
        ("/datasets/velo/aggregates", {}, 410, "GoneResource", "2.1"),
        ("/datasets", {"where": "zz = 1"}, 400, "ODSQLError", "zz"),
        ("/exports/doc", {}, 404, "NotFoundResource", "doc"),
    ],
)
def test_errors_in_the_words_of_the_dialect(
    client: TestClient, path: str, params: dict[str, Any], status: int, code: str, text: str
) -> None:
    """Known clients read error_code and message; the oldest only know error."""
    found = get(client, path, status, **params)
    assert found["error_code"] == code
    assert text in found["message"]
    assert found["error"] == found["message"]


def test_unknown_parameters_are_ignored_but_told(client: TestClient) -> None:
    """`limt=1` changes nothing, as upstream, and a header says so."""
    answer = client.get(f"{ROOT}/datasets/velo/records?limt=1&qv1=é&apikey=x")
    assert len(answer.json()["results"]) == 8
    assert answer.headers["x-parvis-ignored-parameters"] == "limt, qv1"


def test_who_holds_the_answer_is_told_so(client: TestClient) -> None:
    """Same version and question: 304. Another question or now(): a new answer."""
    first = client.get(f"{ROOT}/datasets/velo/records?where=cap>10")
    etag = first.headers["etag"]
    again = client.get(
        f"{ROOT}/datasets/velo/records?where=cap>10", headers={"If-None-Match": f'W/"x", {etag}'}
    )
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert (
        client.get(f"{ROOT}/datasets/velo/records?where=cap>11", headers={"If-None-Match": etag}).status_code
        == 200
    )
    moving = client.get(f"{ROOT}/datasets/velo/records?where=maj<now()")
    assert "etag" not in moving.headers
    assert moving.headers["cache-control"] == "no-store"
    export = client.get(f"{ROOT}/datasets/velo/exports/csv")
    assert (
        client.get(
            f"{ROOT}/datasets/velo/exports/csv", headers={"If-None-Match": export.headers["etag"]}
        ).status_code
        == 304
    )


def test_gzip(client: TestClient) -> None:
    """Compressed when the caller takes it, and only then; `compressed=true` is a gzip file."""
    url = f"{ROOT}/datasets/velo/exports/json"
    plain = client.get(url, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert client.get(url, headers={"Accept-Encoding": "gzip"}).headers["content-encoding"] == "gzip"
    file = client.get(url + "?compressed=true", headers={"Accept-Encoding": "identity"})
    assert file.headers["content-disposition"].startswith('attachment; filename="velo.json.gz"')
    assert gzip.decompress(file.content) == plain.content
    assert (
        client.get(
            f"{ROOT}/datasets/prenoms/records?limit=100", headers={"Accept-Encoding": "br, gzip;q=0.5"}
        ).headers["content-encoding"]
        == "gzip"
    )
    assert (
        "content-encoding"
        not in client.get(
            f"{ROOT}/datasets/prenoms/records?limit=100", headers={"Accept-Encoding": "gzip;q=0"}
        ).headers
    )


def test_exports(client: TestClient) -> None:
    """Formats are listed and each is a file; clauses apply; there is no cap."""
    listed = get(client, "/datasets/velo/exports")["links"]
    assert [link["rel"] for link in listed] == [
        "csv",
        "fgb",
        "geojson",
        "gpx",
        "json",
        "jsonl",
        "kml",
        "parquet",
        "shp",
        "xlsx",
    ]
    assert listed[0]["href"] == f"{explorecity.BASE}{ROOT}/datasets/velo/exports/csv"
    assert "geojson" not in [link["rel"] for link in get(client, "/datasets/budget/exports")["links"]]
    answer = client.get(
        f"{ROOT}/datasets/velo/exports/csv",
        params={
            "select": "id,nom",
            "where": "cap>30",
            "order_by": "-id",
            "delimiter": ",",
            "with_bom": "false",
        },
    )
    assert answer.text == "id,nom\r\n5,Les Bleuets\r\n2,Exelmans - Versailles\r\n"
    assert (
        answer.headers["content-disposition"]
        == "attachment; filename=\"velo.csv\"; filename*=UTF-8''velo.csv"
    )
    assert len(get(client, "/datasets/prenoms/exports/json")) == 2160
    assert client.get(f"{ROOT}/datasets/budget/exports/csv").text.count("à voter") == 1
    assert len(client.get(f"{ROOT}/datasets/prenoms/exports/jsonl?limit=3").text.splitlines()) == 3
    assert get(
        client,
        "/datasets/velo/exports/json",
        select="ville, count(*) as n",
        group_by="ville",
        order_by="n desc",
        limit=1,
    ) == [{"ville": "Paris", "n": 4}]


def test_a_download_goes_on_where_it_broke_off(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """HEAD tells the size, a range is a part of the same bytes; another version, several ranges or gzip are
    the whole; past the end is said.
    """
    plain = {"Accept-Encoding": "identity"}
    for url in (
        f"{ROOT}/datasets/prenoms/exports/csv",
        f"{ROOT}/datasets/velo/exports/parquet",
        f"{ROOT}/datasets/velo/exports/xlsx",
    ):
        head = client.head(url, headers=plain)
        whole = client.get(url, headers=plain)
        assert (int(head.headers["content-length"]), head.headers["accept-ranges"]) == (
            len(whole.content),
            "bytes",
        )
        etag = whole.headers["etag"]
        for wanted, part in (
            ("bytes=0-9", slice(0, 10)),
            ("bytes=100-", slice(100, None)),
            ("bytes=-8", slice(-8, None)),
        ):
            answer = client.get(url, headers={**plain, "Range": wanted, "If-Range": etag})
            assert (answer.status_code, answer.content, answer.headers["etag"]) == (
                206,
                whole.content[part],
                etag,
            )
            assert answer.headers["content-range"].endswith(f"/{len(whole.content)}")
        past = client.get(url, headers={**plain, "Range": f"bytes={len(whole.content)}-"})
        assert (past.status_code, past.headers["content-range"]) == (416, f"bytes */{len(whole.content)}")
        for said in (
            {"Range": "bytes=0-9", "If-Range": '"older"'},
            {"Range": "bytes=0-1,4-5"},
            {"Range": f"bytes={'9' * 5000}-"},
            {"Range": f"bytes=-{'9' * 5000}"},
            {"Range": "lines=1-2"},
        ):
            answer = client.get(url, headers={**plain, **said})
            assert (answer.status_code, answer.content) == (200, whole.content)
    gzipped = client.get(
        f"{ROOT}/datasets/prenoms/exports/csv", headers={"Accept-Encoding": "gzip", "Range": "bytes=0-9"}
    )
    assert (gzipped.status_code, gzipped.headers["content-encoding"], len(gzipped.text.splitlines())) == (
        200,
        "gzip",
        2161,
    )
    monkeypatch.setattr(ranges, "SMALL", 1000)  # what is large is made into a file, and is not kept
    url = f"{ROOT}/datasets/prenoms/exports/jsonl?limit=2000"
    assert "content-length" not in client.head(url, headers=plain).headers
    whole = client.get(url, headers=plain)
    assert client.get(url, headers={**plain, "Range": "bytes=5000-5099"}).content == whole.content[5000:5100]
    # its bytes change each time: a part of it would fit no other part
    url = f"{ROOT}/datasets/prenoms/exports/xlsx?limit=2000"
    assert client.get(url, headers={**plain, "Range": "bytes=5000-5099"}).status_code == 200


def test_the_document_of_the_api_says_what_is_served(city: City, client: TestClient) -> None:
    """Every route of the dialect and every parameter that it knows is in it, and nothing else; each reference
    leads somewhere; its example addresses answer.
    """
    said = client.get(openapi.PATH).json()
    assert (said["openapi"], said["servers"]) == ("3.1.0", [{"url": f"{explorecity.BASE}/api/explore/v2.1"}])
    served = {r.path.removeprefix("/api/explore/v2.1").rstrip("/") for r in explore.ROUTES} - {
        f"/catalog/datasets/{{id}}/{gone}" for gone in ("aggregates", "query")
    }
    assert set(said["paths"]) == served
    asked = parameters.QUERY | parameters.RECORD | parameters.FACETS | parameters.EXPORT
    assert set(said["components"]["parameters"]) == asked
    operations = [path["get"] for path in said["paths"].values()]
    assert len({o["operationId"] for o in operations}) == len(operations)
    for text in set(re.findall(r'"#/components/(\w+)/(\w+)"', orjson.dumps(said).decode())):
        assert text[1] in said["components"][text[0]]
    for path, operation in said["paths"].items():
        url = (said["servers"][0]["url"] + path).removeprefix(explorecity.BASE)
        known = {p["name"]: p for p in operation["get"]["parameters"] if "name" in p}
        form = "json" if "format" in known else ""
        answer = client.get(url.replace("{id}", "velo").replace("{rid}", "1").replace("{format}", form))
        assert answer.status_code == 200, url
        assert (
            answer.headers["content-type"].partition(";")[0]
            in operation["get"]["responses"]["200"]["content"]
        )
    assert (
        client.get(
            openapi.PATH, headers={"If-None-Match": client.get(openapi.PATH).headers["etag"]}
        ).status_code
        == 304
    )


def test_a_dataset_is_a_data_package(client: TestClient) -> None:
    """Its rows are where it says, read with no dialect, under the names and types of its Table Schema."""
    said = client.get("/jeux/velo/datapackage.json").json()
    (resource,) = [r for r in said["resources"] if r["name"] == "velo"]
    path = resource["path"].removeprefix(explorecity.BASE)
    rows = list(csv.DictReader(client.get(path).text.splitlines()))
    fields = {f["name"]: f["type"] for f in resource["schema"]["fields"]}
    assert list(rows[0]) == list(fields)
    assert len(rows) == resource["rows"]
    assert "integer" in fields.values()
    assert all(
        row[n] == "" or float(row[n]) is not None
        for row in rows
        for n, kind in fields.items()
        if kind in ("integer", "number")
    )
    assert client.get("/jeux/rien/datapackage.json").status_code == 404


def test_facets(client: TestClient) -> None:
    """Counts under the filters; the declared facets when none is named; sort and limit as asked."""
    assert get(client, "/datasets/velo/facets", facet="ville", where="ouvert")["facets"] == [
        {
            "name": "ville",
            "facets": [
                {"name": "Paris", "count": 3, "value": "Paris", "state": "displayed"},
                {"name": "Clichy", "count": 1, "value": "Clichy", "state": "displayed"},
            ],
        }
    ]
    tags = get(client, "/datasets/velo/facets", facet='facet(name="tags",sort="alphanum",limit=2)')["facets"][
        0
    ]["facets"]
    assert [(v["value"], v["count"]) for v in tags] == [("eau", 2), ("gare", 3)]
    assert [f["name"] for f in get(client, "/datasets/velo/facets")["facets"]] == [
        "ville",
        "tags",
        "maj",
        "chemin",
    ]
    assert [f["name"] for f in get(client, "/datasets/prenoms/facets")["facets"]] == [
        "annee",
        "prenom",
        "sexe",
    ]
    assert get(client, "/datasets/velo/facets", 400, facet="geo")["error_code"] == "ODSQLError"


def test_refined_facets(client: TestClient) -> None:
    """A refined year lists its months, a refined path what is below it; a disjunctive facet still counts its
    other values; an excluded value is named.
    """
    years = get(client, "/datasets/velo/facets", facet="maj", refine="maj:2024/07")["facets"][0]["facets"]
    assert [(y["value"], y["count"], y["state"]) for y in years] == [("2024", 3, "refined")]
    assert [(m["name"], m["value"], m["count"]) for m in years[0]["facets"]] == [("07", "2024/07", 3)]
    assert sorted((d["value"], d["count"]) for d in years[0]["facets"][0]["facets"]) == [
        ("2024/07/01", 2),
        ("2024/07/14", 1),
    ]
    paths = get(client, "/datasets/velo/facets", facet="chemin", refine="chemin:A")["facets"][0]["facets"]
    assert [(p["value"], p["count"], p["state"]) for p in paths] == [("A", 4, "refined")]
    assert [(p["name"], p["value"], p["count"]) for p in paths[0]["facets"]][:1] == [("x", "A/x", 2)]
    towns = get(client, "/datasets/velo/facets", facet="ville", refine="ville:Clichy")["facets"][0]["facets"]
    assert {(t["value"], t["count"], t["state"]) for t in towns} == {
        ("Paris", 4, "displayed"),
        ("Créteil", 2, "displayed"),
        ("Clichy", 1, "refined"),
    }
    left = get(client, "/datasets/velo/facets", facet="ville", exclude="ville:Paris")["facets"][0]["facets"]
    assert {"name": "Paris", "value": "Paris", "state": "excluded"} in left


def test_dataset(client: TestClient) -> None:
    """The dataset object says its fields, their types and annotations, and what people read."""
    found = get(client, "/datasets/velo")
    fields = {f["name"]: f for f in found["fields"]}
    assert (fields["maj"]["type"], fields["geo"]["type"], fields["id"]["type"], fields["prix"]["type"]) == (
        "datetime",
        "geo_point_2d",
        "int",
        "double",
    )
    assert fields["nom"]["label"] == "Nom de la station"
    assert {"facet", "disjunctive"} <= set(fields["ville"]["annotations"])
    assert fields["chemin"]["annotations"]["hierarchical"] == ["/"]
    assert "multivalued" in fields["tags"]["annotations"]
    metas = found["metas"]["default"]
    assert (metas["records_count"], metas["publisher"], metas["language"]) == (
        8,
        "Direction des mobilités",
        "fr",
    )
    assert set(found["features"]) == {"analyze", "geo", "timeserie"}
    shape = get(client, "/datasets/quartiers")
    assert shape["fields"][-1] == {
        "name": "geo_shape",
        "label": "Géométrie",
        "type": "geo_shape",
        "annotations": {},
        "description": None,
    }


def test_catalogue(client: TestClient) -> None:
    """Datasets are found, ordered, cut and shaped by flat or dotted names; what is held back is not there."""
    found = get(client, "/datasets", limit=100)
    assert {d["dataset_id"] for d in found["results"]} == {
        "velo",
        "velo--b-fermees",
        "prenoms",
        "budget",
        "quartiers",
    }
    assert found["total_count"] == 5
    some = get(
        client,
        "/datasets",
        select="dataset_id, records_count, default.title",
        where='publisher = "Service de l’état civil"',
    )
    assert some["results"] == [
        {"dataset_id": "prenoms", "records_count": 2160, "title": "Prénoms des nouveau-nés"}
    ]
    assert get(client, "/datasets", where='"velos"')["total_count"] == 2
    assert [
        r["dataset_id"] for r in get(client, "/datasets", order_by="-records_count", limit=2)["results"]
    ] == ["prenoms", "velo"]
    assert get(client, "/datasets", refine="keyword:naissance")["total_count"] == 1
    assert get(client, "/datasets", exclude="keyword:naissance")["total_count"] == 4
    assert (
        get(client, "/datasets", where="records_count > 1000 and not publisher like 'mobilites'")[
            "total_count"
        ]
        == 1
    )
    assert get(client, "/datasets", where="modified >= date'2026-11-19'")["total_count"] == 2
    assert get(client, "/datasets", where='search("stat")')["total_count"] == 2
    assert get(client, "/datasets", limit=2, offset=4)["total_count"] == 5


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ('"velos"', {"velo", "velo--b-fermees"}),
        ('"VÉLO"', {"velo", "velo--b-fermees"}),
        ('"stations fermees"', {"velo", "velo--b-fermees"}),  # words of two fields
        ('"stat"', set[str]()),  # a whole word
        ('"naissance 1990"', {"prenoms"}),
        ('"civil naissance"', {"prenoms"}),
        ('search("nouv")', {"prenoms"}),
        ('search(title, "depuis")', set[str]()),
        ('search(description, title, "depuis")', {"prenoms"}),
        ('suggest("dep")', {"prenoms"}),
        ("title like 'fermees'", {"velo--b-fermees"}),  # its own title, beside the dataset's
        ("keyword like 'STATION'", {"velo", "velo--b-fermees"}),
        ("theme like 'transports'", {"velo", "velo--b-fermees"}),
        ("publisher like 'état'", {"prenoms"}),
        ('"transports"', {"velo", "velo--b-fermees"}),
        ('search("theme")', set[str]()),  # how a code is kept is no word
        ('"theme"', set[str]()),
        ('"2026"', set[str]()),  # nor is the date of a version
        ('"velos" and startswith(title, "Vélos —")', {"velo--b-fermees"}),  # one in SQL, one in Python
        ('not search("e")', {"budget", "quartiers"}),
    ],
)
def test_words_of_the_catalogue(client: TestClient, where: str, found: set[str]) -> None:
    """Whole words, or their beginnings, whatever their case and accents, in what is written for people."""
    results = get(client, "/datasets", where=where, limit=100)["results"]
    assert {r["dataset_id"] for r in results} == found


def test_orders_of_the_catalogue(client: TestClient) -> None:
    """Texts by their code points, up or down."""
    titles = [d["metas"]["default"]["title"] for d in get(client, "/datasets", limit=100)["results"]]
    for order, backwards in (("title", False), ("title desc", True)):
        answer = get(client, "/datasets", order_by=order, select="title", limit=100)["results"]
        assert [r["title"] for r in answer] == sorted(titles, reverse=backwards)


def test_catalogue_facets_and_exports(client: TestClient) -> None:
    """Facets of the catalogue count its datasets; its exports list them all."""
    facets = {f["name"]: f["facets"] for f in get(client, "/facets")["facets"]}
    assert {
        "name": "Direction des mobilités",
        "count": 4,
        "value": "Direction des mobilités",
        "state": "displayed",
    } in facets["publisher"]
    assert [f["name"] for f in get(client, "/facets", facet="theme")["facets"]] == ["theme"]
    assert len(get(client, "/exports/json")) == 5
    text = client.get(f"{ROOT}/exports/csv").text
    assert text.startswith("\ufefftitle;")
    assert text.count("\r\n") == 6
    assert (
        client.get(f"{ROOT}/exports/ttl", follow_redirects=False).headers["location"]
        == f"{explorecity.BASE}/catalogue.ttl"
    )


def test_links_to_other_pages(client: TestClient) -> None:
    """`include_links` says where the other pages are."""
    links = {
        x["rel"]: x["href"]
        for x in get(client, "/datasets/velo/records", include_links="true", limit=3, offset=3)["links"]
    }
    assert set(links) == {"self", "first", "last", "next", "prev"}
    assert "offset=6" in links["next"]
    assert all(link.startswith(f"{explorecity.BASE}{ROOT}/") for link in links.values()), (
        "the public address, not the one behind a proxy"
    )


def test_withdrawn_is_gone_at_once(city: City, client: TestClient, tmp_path: Path) -> None:
    """A version that is withdrawn is not served any more, whatever was kept of it; a new one is served at
    once.
    """

    def publish(number: int) -> Version:
        dataset = Dataset("ephemere", "Éphémère", "", "mobilites", state="published")
        return explorecity.publish(
            city, tmp_path, dataset, "ephemere/t", f"SELECT {number}::BIGINT AS a", (Column("a", "integer"),)
        )

    publish(1)
    assert get(client, "/datasets/ephemere/records")["results"] == [{"a": 1}]
    publish(2)
    assert get(client, "/datasets/ephemere/records")["results"] == [{"a": 2}]
    with city.db.begin() as conn:
        for version in versions.history(conn, "ephemere/t"):
            releasing.withdraw(conn, version, explorecity.NOW, "Erreur.")
    assert get(client, "/datasets/ephemere/records", 404)["error_code"] == "NotFoundResource"


def test_a_feed_tells_each_version_that_may_be_read(city: City, client: TestClient, tmp_path: Path) -> None:
    """Of every table, the newest first, each with an id of its own; what is withdrawn leaves it; an unknown
    dataset has none.
    """

    def publish(number: int, minutes: int) -> Version:
        dataset = Dataset("suivi", "Suivi & relevés", "", "mobilites", state="published")
        at = explorecity.NOW + timedelta(minutes=minutes)
        return explorecity.publish(
            city,
            tmp_path,
            dataset,
            "suivi/t",
            f"SELECT range AS a FROM range({number})",
            (Column("a", "integer"),),
            at=at,
        )

    first, second = publish(3, 1), publish(1_234, 2)
    answer = client.get("/jeux/suivi.atom")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(answer.content)
    atom = {"a": NAMESPACE}
    assert root.findtext("a:title", namespaces=atom) == "Suivi & relevés"
    titles = [t.text for t in root.findall("a:entry/a:title", atom)]
    assert [str(t).partition(" : ")[2] for t in titles] == ["1\u202f234 enregistrements", "3 enregistrements"]
    ids = [str(t.text) for t in root.findall("a:entry/a:id", atom)]
    assert [second.digest in ids[0], first.digest in ids[1]] == [True, True]
    assert (
        client.get("/jeux/suivi.atom", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    )
    with city.db.begin() as conn:
        releasing.withdraw(conn, second, explorecity.NOW, "Erreur.")
    assert second.digest not in client.get("/jeux/suivi.atom").text
    assert client.get("/jeux/rien.atom").status_code == 404
    with city.db.begin() as conn:
        releasing.withdraw(conn, first, explorecity.NOW, "Erreur.")


def test_answers_are_valid_json_whatever_the_data(client: TestClient) -> None:
    """The strict parser takes every page."""
    for name in ("velo", "quartiers", "budget", "prenoms"):
        assert isinstance(
            orjson.loads(client.get(f"{ROOT}/datasets/{name}/records?limit=-1").content)["results"], list
        )


def test_a_description_that_changes_is_seen(city: City, client: TestClient) -> None:
    """What the journal does not tell is not kept for ever: another shelf sees it, and the tag changes with
    it.
    """
    before = client.get(f"{ROOT}/datasets/budget").headers["etag"]
    with city.db.begin() as conn:
        told = datasets.dataset(conn, "budget")
        assert told is not None
        datasets.save_dataset(conn, replace(told, title="Budget de la ville"))
    with TestClient(api.app(city)) as other:
        answer = other.get(f"{ROOT}/datasets/budget", headers={"If-None-Match": before})
        assert answer.status_code == 200
        assert answer.json()["metas"]["default"]["title"] == "Budget de la ville"


def test_fields_have_names_that_need_no_quotes(tmp_path: Path) -> None:
    """The file's labels become titles; both name a field in a query, and a plain name stays as it is."""
    city = explorecity.build(tmp_path)
    labels = ("Nom de l’équipement", "2024", "Prénom", "prenom", "idAchat", "Geo Point 2D", "€")
    select = ", ".join(f'i * {n} AS "{label}"' for n, label in enumerate(labels, 1))
    columns = tuple(Column(label, "integer", "Montant" if label == "€" else "") for label in labels)
    made = Dataset("libelles", "Libellés", "", "mobilites", state="published")
    explorecity.publish(
        city, tmp_path, made, "libelles/libelles", f"SELECT {select} FROM range(1, 4) t(i)", columns
    )
    with TestClient(api.app(city)) as client:
        fields = get(client, "/datasets/libelles")["fields"]
        names = ["nom_de_l_equipement", "_2024", "prenom_2", "prenom", "idAchat", "geo_point_2d", "sans_nom"]
        assert [f["name"] for f in fields] == names
        assert [f["label"] for f in fields] == [
            "Nom de l’équipement",
            "2024",
            "Prénom",
            "prenom",
            "idAchat",
            "Geo Point 2D",
            "Montant",
        ]
        found = get(
            client,
            "/datasets/libelles/records",
            where="nom_de_l_equipement >= 2 and `Prénom` < 9",
            order_by="_2024 desc",
        )
        assert found == {
            "total_count": 1,
            "results": [dict(zip(names, (2, 4, 6, 8, 10, 12, 14), strict=True))],
        }
        assert get(
            client,
            "/datasets/libelles/records",
            select="`Nom de l’équipement`, sum(_2024) as s",
            group_by="`Nom de l’équipement`",
            limit=1,
        )["results"] == [{"Nom de l’équipement": 1, "s": 2}]
        assert get(client, "/datasets/libelles/records/3")["nom_de_l_equipement"] == 3
        assert get(client, "/datasets/libelles/records", refine="prenom_2:3")["total_count"] == 1
        csv = client.get(
            ROOT + "/datasets/libelles/exports/csv", params={"with_bom": "false"}
        ).text.splitlines()
        assert csv[0] == ";".join(names)
        labelled = client.get(
            ROOT + "/datasets/libelles/exports/csv", params={"use_labels": "true", "with_bom": "false"}
        ).text.splitlines()
        assert labelled[0] == "Nom de l’équipement;2024;Prénom;prenom;idAchat;Geo Point 2D;Montant"
        assert labelled[1:] == csv[1:]
        assert len(csv) == 4
    city.db.close()
    city.engine.connection.close()


def test_exports_for_maps(client: TestClient) -> None:
    """What matches, as each format; the options of GPX; an unknown column is told, as every wrong value is;
    what is a zip is not zipped again.
    """
    for form, begins in (("kml", b"<?xml"), ("gpx", b"<?xml"), ("fgb", b"fgb"), ("shp", b"PK")):
        answer = client.get(
            f"{ROOT}/datasets/velo/exports/{form}",
            params={"where": "cap>30"},
            headers={"Accept-Encoding": "gzip"},
        )
        assert answer.status_code == 200, answer.text
        assert answer.content.startswith(begins)
        assert ("content-encoding" in answer.headers) is (form != "shp")
    gpx = client.get(
        f"{ROOT}/datasets/velo/exports/gpx",
        params={
            "name_field": "ville",
            "description_field_list": "nom, cap",
            "use_extension": "false",
            "where": "id=2",
        },
    )
    assert (
        "<name>Paris</name><desc>Nom de la station : Exelmans - Versailles\ncap : 35</desc></wpt>" in gpx.text
    )
    assert "x-parvis-ignored-parameters" not in gpx.headers
    wrong = client.get(f"{ROOT}/datasets/velo/exports/kml", params={"name_field": "rue"})
    assert (wrong.status_code, wrong.json()["error_code"]) == (400, "InvalidRESTParameterError")
    assert "rue" in wrong.json()["message"]
