"""An attacker at every face of a protected table that takes a filter: every count he can ask for, and every
difference of two, through the real routes.

The faces come from the route table: each that answers otherwise to a filter is attacked, and one whose rows
the test can't count fails it.
"""

from __future__ import annotations

import io
import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from fastapi import FastAPI
from starlette.routing import BaseRoute
from starlette.testclient import TestClient

from parvis import api, exports
from parvis.core.errors import Refused, UsageError
from parvis.core.types import PUBLIC, Dataset, Resource
from parvis.publication import pipeline, policies, recipes
from parvis.publication.city import City
from parvis.store import datasets, deposits
from parvis.web.app import create_app
from parvis.work import jobs
from tests.cities import canarycity
from tests.cities.canarycity import Clock, hand_in

LEAST = 11
BY = ("tranche", "quartier", "sexe")
POLICY = f"""
title = "Aides versées"
[guard]
by = ["tranche", "quartier", "sexe"]
amounts = ["aide"]
least = {LEAST}
"""
ALONE = "Q9"
"""A quarter with one person in it."""


def aides() -> bytes:
    """150 people, two of whom stand alone, with where they live."""
    lines = ["tranche;quartier;sexe;aide;nom;latitude;longitude"]
    for i in range(148):
        said = (
            ("18-29", "30-44", "45-59")[(i * 7 + i // 13) % 3],
            f"Q{(i * i + i // 5) % 3 // 2}",
            "FH"[i // 3 % 2],
            200 + i * 37 % 900,
        )
        lines.append(
            f"{said[0]};{said[1]};{said[2]};{said[3]};personne {i};{43.6 + i / 1e5:.5f};{3.87 + i / 1e5:.5f}"
        )
    lines += [f"45-59;{ALONE};F;4321;la seule;43.61;3.88", "30-44;;H;100;sans adresse;43.62;3.89"]
    return ("\n".join(lines) + "\n").encode()


def nowhere() -> bytes:
    """The same without where they live: a line a person still, which people let out."""
    return b"".join(b";".join(line.split(b";")[:5]) + b"\n" for line in aides().splitlines())


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """The same file twice: `ouvertes` as it is, `aides` protected; both let out by people, though the first
    shows in clear whom the second protects.
    """
    made = canarycity.build(tmp_path_factory.mktemp("asked") / "ville", Clock())
    with made.db.begin() as conn:
        for name in ("ouvertes", "aides"):
            datasets.save_dataset(conn, Dataset(name, "Aides versées", "", "vivre"))
            datasets.save_resource(conn, Resource(f"{name}/aides", name, "Aides"))
    clear = hand_in(made, "ouvertes/aides", aides(), "aides.csv")
    assert clear.state == "held", "where each person lives"
    canarycity.let_out(made, clear.version)
    policies.save(made, "aides/aides", POLICY, actor="agent")
    held = hand_in(made, "aides/aides", aides(), "aides.csv")
    assert held.state == "held"
    canarycity.let_out(made, held.version)
    yield made
    made.engine.connection.close()
    made.db.close()


@pytest.fixture(scope="module")
def client(city: City) -> Iterator[TestClient]:
    app = create_app(city)
    api.install(app, city)
    with TestClient(app, follow_redirects=False) as made:
        yield made


# --- faces --------------------------------------------------------------------------------------------------


def routes(app: FastAPI) -> Iterator[str]:
    """Every address that answers to GET and names a dataset. A final slash, and English, are the same view."""

    def below(known: Sequence[BaseRoute], before: str) -> Iterator[str]:
        for route in known:
            path = before + getattr(route, "path", "")
            methods = getattr(route, "methods", None)
            if methods is None:
                yield from below(getattr(route, "routes", None) or [], path)
            elif "GET" in methods:
                yield path

    for path in sorted(set(below(app.routes, ""))):
        if "{id}" in path and not path.endswith("/") and not path.startswith("/en"):
            for form in sorted(exports.exporters()) if "{format}" in path else [""]:
                yield path.replace("{format}", form).replace("{rid}", "0")


def asked(where: Mapping[str, str]) -> list[tuple[str, str]]:
    """A filter in every dialect at once: each face takes its own and passes over the others."""
    said = " and ".join(f"{c} is null" if v == "" else f"{c} = '{v}'" for c, v in where.items())
    pages = [("f", f"empty:{c}" if v == "" else f"equals:{c}:{v}") for c, v in where.items()]
    return [*pages, *([("where", said)] if said else []), ("facet", "sexe")]


def counted(client: TestClient, path: str, dataset: str, where: Mapping[str, str]) -> int | None:
    """How many rows a face says that there are; None where it says nothing of rows, or is not there."""
    answer = client.get(
        path.replace("{id}", dataset), params=asked(where), headers={"accept-encoding": "identity"}
    )
    return (
        rows(path, answer.content, answer.headers.get("content-type", ""))
        if answer.status_code == 200
        else None
    )


def rows(path: str, body: bytes, kind: str) -> int | None:
    """The rows that an answer counts, or holds."""
    if "parquet" in kind:
        return int(pq.ParquetFile(io.BytesIO(body)).metadata.num_rows)
    if "spreadsheet" in kind:
        return int(openpyxl.load_workbook(io.BytesIO(body)).worksheets[0].max_row or 1) - 1
    if "csv" in kind:
        return body.count(b"\n") - 1
    if "jsonl" in kind or "ndjson" in kind:
        return body.count(b"\n")
    if "html" in kind:
        said = re.search(r'id="legende">.*?sur ([\d\s]+)', body.decode(), re.DOTALL)
        return int(re.sub(r"\D", "", said[1])) if said else None
    return _in_json(json.loads(body)) if "json" in kind else None


def _in_json(said: Any) -> int | None:
    if isinstance(said, list):
        return len(said)
    if "vega-lite" in str(said.get("$schema")):
        return round(sum(v["y"] for v in said["data"]["values"]))
    if isinstance(said.get("features"), list):
        return len(said["features"])
    if isinstance(said.get("facets"), list):
        return sum(v["count"] for v in said["facets"][0]["facets"]) if said["facets"] else 0
    if isinstance(said.get("source"), dict):  # what other sites frame
        if "chart" in said:
            return round(sum(bar["y"] for bar in said["chart"]["bars"]))
        return int(said["table"]["total"] if "table" in said else said["map"]["placed"])
    if isinstance(said.get("resource"), dict) and "table" in said["resource"]:
        return int(said["resource"]["table"]["total"])
    return said.get("total_count") if isinstance(said.get("results"), list) else None


@pytest.fixture(scope="module")
def faces(client: TestClient) -> list[str]:
    """The faces of a table that answer otherwise to a filter. One whose rows can't be counted here must not,
    or must not be there for a protected table.
    """
    found: list[str] = []
    app = client.app
    assert isinstance(app, FastAPI)
    every = list(routes(app))
    for path in every:
        if path.startswith("/integrer/") and f"{path}.json" in every:
            continue  # a page says what its twin says
        whole, one = (counted(client, path, "ouvertes", where) for where in ({}, {"quartier": ALONE}))
        if whole is not None and whole != one:
            found.append(path)
        elif whole is None and client.get(path.replace("{id}", "aides")).status_code != 404:
            bodies = {
                _without_query(client.get(path.replace("{id}", "ouvertes"), params=asked(w)).text)
                for w in ({}, {"quartier": ALONE})
            }
            assert len(bodies) == 1, f"{path} takes a filter, and nothing here counts its rows"
    return found


def _without_query(text: str) -> str:
    """An answer without the addresses that hold the question, and without what changes at each request."""
    text = re.sub(r'(href|action|value|src)="[^"]*"', "", text)
    return re.sub(r'nonce="[^"]*"|[^\s"<>]*(\?|%3F)[^\s"<>]*', "", text)


# --- the attack ---------------------------------------------------------------------------------------------


TRANCHES, QUARTIERS, SEXES = ("18-29", "30-44", "45-59"), ("Q0", "Q1", ALONE, ""), ("F", "H")

Answers = dict[tuple[tuple[str, str], ...], int]


def answers(client: TestClient, path: str, dataset: str) -> Answers:
    """What a face counts for every filter that names values of some columns, and for none."""
    found: Answers = {}
    for values in itertools.product((None, *TRANCHES), (None, *QUARTIERS), (None, *SEXES)):
        where = {c: v for c, v in zip(BY, values, strict=True) if v is not None}
        said = counted(client, path, dataset, where)
        if said is not None:
            found[tuple(where.items())] = said
    return found


def differences(known: Answers) -> list[int]:
    """How many people, where they are some but fewer than the threshold, stand in an answer, or between it
    and narrower ones.
    """
    small = list(known.values())
    for wide, many in known.items():
        small += [many - fewer for narrow, fewer in known.items() if set(wide) < set(narrow)]
        # All values but one of a further column, by adding up.
        for column in set(BY) - {c for c, _ in wide}:
            parts = [
                n
                for narrow, n in known.items()
                if set(wide) < set(narrow) and len(narrow) == len(wide) + 1 and column in dict(narrow)
            ]
            small += [many - sum(parts) + p for p in parts] + [many - sum(parts)]
    return [n for n in small if 0 < n < LEAST]


def test_the_faces_are_those_that_count(faces: list[str]) -> None:
    """What takes a filter is found by itself, in both dialects."""
    assert {"/jeux/{id}", "/jeux/{id}.json", "/jeux/{id}/carte.geojson"} <= set(faces)
    explore = "/api/explore/v2.1/catalog/datasets/{id}"
    assert {
        f"{explore}/records",
        f"{explore}/facets",
        *(f"{explore}/exports/{e.name}" for e in exports.exporters().values() if not e.geo),
    } <= set(faces)


def test_no_difference_of_answers_is_a_small_group(client: TestClient, faces: list[str]) -> None:
    """Bar 4: the differencing attack finds nobody on any face of the protected table; the same attack on the
    same table left open finds many.
    """
    for path in faces:
        if f"{path}.json" not in faces:  # a page says what its twin says
            attacked = answers(client, path, "aides")
            assert differences(attacked) == [], path
            none = not attacked and ("geojson" in path or "carte" in path)  # its places are not published
            some = len(attacked) > 20 and "graphique" in path  # nothing is drawn of no row
            assert len(attacked) == 60 or none or some, path
    assert len(differences(answers(client, "/jeux/{id}.json", "ouvertes"))) > 30


def records(client: TestClient, dataset: str = "aides", **params: str) -> list[dict[str, Any]]:
    answer = client.get(
        f"/api/explore/v2.1/catalog/datasets/{dataset}/records", params={"limit": "-1", **params}
    )
    assert answer.status_code == 200, answer.text
    return answer.json()["results"]


def test_filters_that_carve_one_person_out_get_nothing(client: TestClient) -> None:
    """Exactly, by exclusion, by range, by pattern and by facet."""
    carving = [
        "quartier = 'Q9'",
        "quartier is null",
        "tranche = '45-59' and not quartier in ('Q0','Q1')",
        "quartier >= 'Q2'",
        "quartier like 'Q9'",
    ]
    everything = records(client, select="count(*) as n")[0]["n"]
    for where in carving:
        assert records(client, "ouvertes", where=where, select="count(*) as n")[0]["n"] == 1
        assert records(client, where=where, select="count(*) as n")[0]["n"] == 0
        assert records(client, where=f"not ({where})", select="count(*) as n")[0]["n"] in (everything, 0)
    facets = client.get(
        "/api/explore/v2.1/catalog/datasets/aides/facets", params={"facet": "quartier"}
    ).json()["facets"]
    assert all(value["count"] >= LEAST for facet in facets for value in facet["facets"])
    for column in BY:
        bars = client.get("/jeux/aides.json", params={"x": column, "y": "", "calcul": "count"}).json()[
            "resource"
        ]["chart"]["bars"]
        assert all(bar["y"] >= LEAST for bar in bars)


def test_names_are_not_there_and_amounts_are_of_classes(client: TestClient) -> None:
    page = client.get("/jeux/aides.json").json()["resource"]
    assert [c["column"]["name"] for c in page["columns"]] == ["tranche", "quartier", "sexe", "aide"]
    (held,) = [c["profile"] for c in page["columns"] if c["column"]["name"] == "aide"]
    assert float(held["max"]) < 1_100, "the mean of a class, not a person's"
    assert page["rows"] == page["table"]["of"] == held["rows"] <= 150 - LEAST
    assert "privacy-guarded" in {f["check"] for f in page["quality"]["findings"]}
    assert (
        client.get(
            "/api/explore/v2.1/catalog/datasets/aides/records", params={"where": "nom = 'la seule'"}
        ).status_code
        == 400
    )
    sums = records(
        client, select="tranche,quartier,sexe,sum(aide) as s,count(*) as n", group_by="tranche,quartier,sexe"
    )
    truth: dict[tuple[str, str, str], list[float]] = {}
    for line in aides().decode().splitlines()[1:]:
        tranche, quartier, sexe, aide, *_ = line.split(";")
        truth.setdefault((tranche, quartier, sexe), []).append(float(aide))
    for row in sums:
        amounts = truth[row["tranche"], row["quartier"], row["sexe"]]
        assert (row["n"], round(row["s"], 4)) == (len(amounts), round(sum(amounts), 4))


# --- protecting ---------------------------------------------------------------------------------------------


def test_protecting_takes_from_the_public_at_once_what_was_out(tmp_path: Path) -> None:
    """From the moment the policy is saved nobody reads the rows; the file read again brings the classes, and
    no hand or late job brings the rows back.
    """
    city = canarycity.build(tmp_path / "ville", Clock())
    with city.db.begin() as conn:
        datasets.save_dataset(conn, Dataset("aides", "Aides versées", "", "vivre"))
        datasets.save_resource(conn, Resource("aides/aides", "aides", "Aides"))
    first = hand_in(city, "aides/aides", nowhere(), "aides.csv")
    canarycity.let_out(city, first.version)
    (tmp_path / "plus.csv").write_bytes(nowhere() + b"18-29;Q9;H;10;un autre\n")
    late = pipeline.receive(
        city, tmp_path / "plus.csv", name="plus.csv", resource="aides/aides", actor="agent"
    )
    drafted = jobs.draft(city, late.id)  # read before, decided after
    app = create_app(city)
    api.install(app, city)
    with TestClient(app, follow_redirects=False) as client:
        assert client.get("/jeux/aides.json").json()["resource"]["rows"] == 150
        policies.save(city, "aides/aides", POLICY, actor="agent")
        for path in routes(app):
            if path.startswith(("/jeux/{id}", "/api/")) and "{" not in path.replace("{id}", ""):
                assert client.get(path.replace("{id}", "aides")).status_code in (303, 401, 404, 410), path
        jobs.decide(city, late.id, drafted)
        assert client.get("/jeux/aides.json").status_code == 404
        with city.db.read() as conn:
            waiting = deposits.get(conn, late.id)
        assert waiting is not None
        assert (waiting.state, waiting.message) == ("held", pipeline.UNGUARDED)
        for digest in (first.version, waiting.version):
            with pytest.raises(Refused, match="protégée"):
                pipeline.release(city, digest, PUBLIC, why="Tout de même.", actor="delegate")
        again = recipes.reread(city, "aides/aides", actor="agent")
        jobs.decide(city, again.id, jobs.draft(city, again.id))
        shown = client.get("/jeux/aides.json").json()["resource"]
        assert (shown["rows"], [c["column"]["name"] for c in shown["columns"]]) == (
            shown["table"]["of"],
            ["tranche", "quartier", "sexe", "aide"],
        )
        assert shown["rows"] < 150 - LEAST
        assert len(shown["versions"]) == 1, "versions of before are not told either"
        policies.save(
            city, "aides/aides", "", actor="agent"
        )  # the protection ends: what was taken back stays so until a person says why
        hand_in(city, "aides/aides", nowhere(), "aides.csv")
        assert client.get("/jeux/aides.json").json()["resource"]["rows"] == shown["rows"]
    city.engine.connection.close()
    city.db.close()


def test_what_can_not_be_guarded_is_refused(city: City) -> None:
    for text, told in (
        ("[guard]\nleast = 11", "une colonne au moins"),
        ('[guard]\nby = ["age"]\nleast = 1', "à partir de 2"),
        ('[guard]\nby = ["age"]\n[models]\nk = 5', "ne va pas avec"),
        ('[guard]\nby = ["age"]\nleast = "onze"', "least"),
    ):
        with pytest.raises(UsageError, match=told):
            policies.save(city, "aides/aides", text, actor="agent")
    with city.db.begin() as conn:
        datasets.save_resource(conn, Resource("aides/flux", "aides", "Flux", every_s=60))
    with pytest.raises(UsageError, match="continu"):
        policies.save(city, "aides/flux", POLICY, actor="agent")
    with city.db.read() as conn:
        kept = policies.current(city, "aides/aides")
        assert kept is not None
        assert policies.guard_of(conn, "aides/aides") == LEAST
