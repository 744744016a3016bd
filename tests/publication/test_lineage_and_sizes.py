"""The lineage names what was read, and what is announced of a download is what comes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pytest
import rdflib
from rdflib.namespace import DCAT
from starlette.testclient import TestClient

from parvis import api
from parvis.core.types import PUBLIC, Column, Dataset, Schema
from parvis.decisions import takedown
from parvis.publication.city import City
from parvis.services.declaration import Input, Output, Service
from parvis.store import runs, versions
from parvis.web.app import create_app
from parvis.work import service_runs
from tests.access import table
from tests.cities import canarycity
from tests.cities.canarycity import INNOCENT, Clock, hand_in


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = canarycity.build(tmp_path / "ville", Clock())
    hand_in(made, "arbres/arbres", INNOCENT, "arbres.csv")
    yield made
    made.engine.connection.close()
    made.db.close()


OUT = Schema("bilan", columns=(Column("arbres", "integer"),))
BILAN = Dataset("bilan", "Bilan", "Somme des arbres.", "vivre")


def total(tables: Mapping[str, pa.Table], now: datetime) -> Mapping[str, pa.Table]:
    return {"bilan": pa.table({"arbres": [sum(sum(t["arbres"].to_pylist()) for t in tables.values())]})}


SERVICE = Service(
    "essai",
    "Essai",
    "Combien d’arbres ?",
    {"un": Input("arbres/arbres"), "deux": Input("signalements/table")},
    {"bilan": Output(BILAN, OUT)},
    "Somme.",
    (),
    work=total,
)


def test_the_lineage_names_the_versions_that_were_read(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another version of the second input arrives while the first one is being read: the run names the one
    whose rows are in the result.
    """
    hand_in(city, "signalements/table", INNOCENT, "b.csv")
    with city.db.read() as conn:
        before = {r: versions.served(conn, r, PUBLIC).digest for r in ("arbres/arbres", "signalements/table")}  # type: ignore[union-attr]
    really, once = service_runs._rows, list[int]()

    def slow(city: City, released: object) -> pa.Table:
        made = really(city, released)  # type: ignore[arg-type]
        if not once:
            once.append(1)
            hand_in(city, "signalements/table", INNOCENT + b"Parc;1000\n", "b.csv")
        return made

    monkeypatch.setattr(service_runs, "_rows", slow)
    assert service_runs.recompute(city, SERVICE)
    with city.db.read() as conn:
        (run,) = [r for r in runs.using(conn, before["arbres/arbres"]) if r.what == "service:essai"]
        named = [versions.version(conn, d) for d in run.inputs]
    sums = sum(
        sum(service_runs._rows(city, city.reopen(v.digest))["arbres"].to_pylist())
        for v in named
        if v is not None
    )  # type: ignore[arg-type]
    result = service_runs._rows(city, city.served("bilan/bilan"))["arbres"].to_pylist()
    assert result == [sums]


def test_nothing_is_published_of_what_was_withdrawn_meanwhile(city: City) -> None:
    """The input is taken down while the service works on it: its result is not published, and does not come
    back.
    """
    with city.db.read() as conn:
        digest = versions.served(conn, "arbres/arbres", PUBLIC).digest  # type: ignore[union-attr]

    def working(tables: Mapping[str, pa.Table], now: datetime) -> Mapping[str, pa.Table]:
        takedown.withdraw(city, digest, why="Des habitants y sont nommés.", actor="dpo")
        return total(tables, now)

    alone = replace(SERVICE, inputs={"un": Input("arbres/arbres")}, work=working)
    assert not service_runs.recompute(city, alone)
    with city.db.read() as conn:
        assert versions.served(conn, "bilan/bilan", PUBLIC) is None


def test_what_is_announced_of_a_download_is_what_comes(city: City) -> None:
    """Every distribution of every description: size, digest and media type are those of the bytes, or not
    said.
    """
    app = create_app(city)
    api.install(app, city)
    with TestClient(app) as client:
        graph = rdflib.Graph().parse(data=client.get("/jeux/arbres.ttl").text, format="turtle")
        seen = 0
        for one in graph.subjects(rdflib.RDF.type, DCAT.Distribution):
            address = str(graph.value(one, DCAT.downloadURL))
            got = client.get(address[address.index("/api/") :])
            assert got.status_code == 200, address
            media, size = graph.value(one, DCAT.mediaType), graph.value(one, DCAT.byteSize)
            if media is not None:
                assert (
                    got.headers["content-type"].partition(";")[0] == str(media).partition("media-types/")[2]
                ), address
            if size is not None:
                assert int(size) == len(got.content), address
            for sum_ in graph.objects(None, rdflib.URIRef("http://spdx.org/rdf/terms#checksumValue")):
                assert str(sum_) == hashlib.sha256(got.content).hexdigest()
            seen += 1
        assert seen >= 5
        page = client.get("/jeux/arbres.json").json()
        for one in page["resource"]["downloads"]:
            assert one["bytes"] in (None, len(client.get(one["url"][one["url"].index("/api/") :]).content)), (
                one
            )


def test_a_withdrawn_dataset_is_gone_at_every_address_of_it(city: City) -> None:
    """Whatever answered for it answers 410: pages, twins, English pages, exports, API, feeds, DCAT. One that
    was never public is not there.
    """
    app = create_app(city)
    api.install(app, city)
    addresses = {
        filled
        for path, methods in table(app).items()
        if "GET" in methods and re.search(r"\{(id|dataset|dataset_id|table)\}", path)
        for filled in [
            re.sub(r"\{(id|dataset|dataset_id|table)\}", "arbres", path)
            .replace("{format}", "csv")
            .replace("{record}", "1")
        ]
        if "{" not in filled
    }
    with TestClient(app, follow_redirects=False) as client:
        answered = sorted(a for a in addresses if client.get(a).status_code == 200)
        assert len(answered) > 35
        assert {a.rpartition(".")[2] for a in answered if a.startswith("/jeux/")} >= {"json", "ttl", "atom"}
        takedown.withdraw(city, "arbres", why="Des habitants y sont nommés.", actor="dpo")
        assert {a: status for a in answered if (status := client.get(a).status_code) != 410} == {}
        takedown.withdraw(city, "signalements", why="Des habitants y sont nommés.", actor="dpo")
        assert {client.get(a.replace("arbres", "signalements")).status_code for a in answered} == {404}
