"""The quality pages without a browser: the city, one dataset over time, the feed, the protocol, and a round
in the field from its draw to its estimate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from lxml import etree
from starlette.testclient import TestClient

from parvis.core.types import PUBLIC, Column, Dataset, Finding, ReleaseRow, Resource, Schema
from parvis.harvest.links import Answer
from parvis.inspection import file_check
from parvis.publication import hidden_parts, pipeline
from parvis.publication.city import City
from parvis.store import datasets, journal, quality, releases, versions
from parvis.store.quality import Protocol
from parvis.web.app import create_app
from parvis.work import nightly
from tests.cities import webcity

ATOM = "{http://www.w3.org/2005/Atom}"
PUBLISHER = "agent@montclair.example"


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = webcity.build(tmp_path, base_url="http://testserver")
    yield made
    made.engine.connection.close()
    made.db.close()


@pytest.fixture
def visitor(city: City) -> Iterator[TestClient]:
    with TestClient(create_app(city), follow_redirects=False) as client:
        yield client


def token(html: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', html)
    assert found is not None
    return found[1]


def sign_in(client: TestClient, email: str) -> None:
    page = client.get("/connexion")
    answer = client.post(
        "/connexion",
        data={"csrf": token(page.text), "email": email, "password": webcity.PASSWORD, "suite": "/depots"},
    )
    assert answer.status_code == 303


def down(urls: list[str]) -> dict[str, Answer]:
    return {url: Answer("down", "Réponse 404.", certain=True) for url in urls}


def test_the_city_page_sorts_and_filters_by_its_address(visitor: TestClient) -> None:
    every = visitor.get("/qualite.json").json()
    scores = [line["score"] for line in every["lines"] if line["score"] is not None]
    assert scores == sorted(scores)
    assert every["total"] == every["found"] == len(every["lines"])
    titles = [line["title"] for line in visitor.get("/qualite.json?tri=titre").json()["lines"]]
    assert titles[0].startswith("Budget")
    wrong = visitor.get("/qualite.json?etat=erreurs").json()["lines"]
    assert [line["id"] for line in wrong] == ["budget-primitif"]
    assert [(f["code"], f["column"], f["count"]) for f in wrong[0]["faults"]] == [
        ("type-error", "montant", 1)
    ]
    late = {line["id"] for line in visitor.get("/qualite.json?etat=retard").json()["lines"]}
    assert late == {line["id"] for line in every["lines"] if line["freshness"] == "late"} == {"qualite-air"}
    of_one = visitor.get("/qualite.json?organisation=finances").json()
    assert {line["organisation"] for line in of_one["lines"]} == {"finances"}
    assert visitor.get("/qualite?tri=hasard").status_code == 400
    assert "Qualité de l’air" in visitor.get("/qualite?etat=retard").text
    assert "agents" not in visitor.get("/qualite").text, "what is held is nowhere to be seen"


def test_the_trend_of_a_dataset_is_a_chart_a_sentence_and_a_table(city: City, visitor: TestClient) -> None:
    """A second version with more errors: the score falls, the rule is a column of the table, the chart names
    itself.
    """
    with city.db.begin() as conn:
        (first,) = versions.history(conn, "budget-primitif/budget")
        fault = Finding("constraint-required", "3 cellules vides.", "error", "completeness", "chapitre", 3)
        report = replace(first.report, findings=(*first.report.findings, fault))
        second = replace(first, digest="ab" * 32, at=webcity.NOW - timedelta(days=1), report=report)
        versions.save(conn, second)
        row = ReleaseRow("r2", second.digest, PUBLIC, "open", "system", "Essai.", second.at)
        releases.save(conn, row)
    said = visitor.get("/qualite/budget-primitif.json").json()
    assert [v["errors"] for v in said["versions"]] == [1, 4]
    assert said["versions"][0]["score"] > said["versions"][1]["score"]
    assert {r["code"] for r in said["rules"]} == {"type-error", "constraint-required"}
    page = visitor.get("/qualite/budget-primitif").text
    assert 'role="img" aria-labelledby="tendance-titre tendance-phrase"' in page
    assert page.count("<tr>") >= 3
    line = next(x for x in visitor.get("/qualite.json?etat=baisse").json()["lines"])
    assert line["id"] == "budget-primitif"
    assert line["change"] < 0


def test_a_dataset_that_is_not_public_has_no_quality_page(visitor: TestClient) -> None:
    assert visitor.get("/qualite/agents").status_code == 404
    assert visitor.get("/qualite/nulle-part.json").status_code == 404


def test_the_feed_is_atom_and_tells_what_got_worse(city: City, visitor: TestClient) -> None:
    """RFC 4287: what a feed and an entry must hold is there, ids are absolute and unlike, dates have a zone,
    and the newest comes first.
    """
    with city.db.begin() as conn:
        quality.save_protocol(
            conn, Protocol("prenoms", "monthly", webcity.NOW - timedelta(days=40), "education")
        )
    nightly.nightly(city, look=down)
    answer = visitor.get("/qualite/regressions.atom")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = etree.fromstring(answer.content)
    assert feed.tag == f"{ATOM}feed"
    for of in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(of.findall(f"{ATOM}{name}")) == 1, name
        assert (of.findtext(f"{ATOM}id") or "").startswith("http://testserver/")
        assert datetime.fromisoformat(of.findtext(f"{ATOM}updated") or "").tzinfo is not None
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    assert {link.get("rel") for link in feed.findall(f"{ATOM}link")} == {"self", "alternate"}
    entries = feed.findall(f"{ATOM}entry")
    assert all(e.find(f"{ATOM}link") is not None and e.findtext(f"{ATOM}summary") for e in entries)
    assert len({e.findtext(f"{ATOM}id") for e in entries}) == len(entries) > 3
    assert {e.find(f"{ATOM}category").get("term") for e in entries} == {"link", "late", "verification"}
    dates = [e.findtext(f"{ATOM}updated") for e in entries]
    assert dates == sorted(dates, reverse=True)
    assert feed.findtext(f"{ATOM}updated") == dates[0]
    assert visitor.get("/qualite/regressions.atom").content == answer.content, "ids and dates do not move"
    assert visitor.get("/qualite.json?etat=liens").json()["lines"]
    assert "qualite-des-donnees" in visitor.get("/qualite").text


def test_a_round_in_the_field_from_its_protocol_to_its_estimate(city: City, visitor: TestClient) -> None:
    """Set up, drawn, judged row by row on the phone's page, closed; its estimate is on the quality page, and
    what was wrong is nobody's but theirs.
    """
    assert visitor.get("/terrain/capteurs").status_code == 303
    sign_in(visitor, PUBLISHER)
    page = visitor.get("/terrain/capteurs/protocole")
    assert page.status_code == 200, "the publisher of the education department"
    csrf = token(page.text)
    wish = {
        "csrf": csrf,
        "organisation": "education",
        "personne": "",
        "periode": "chaque jour",
        "marge": "20",
    }
    refused = visitor.post("/terrain/capteurs/protocole", data=wish)
    assert refused.status_code == 422
    assert "Choisissez un rythme de la liste." in refused.text
    done = visitor.post("/terrain/capteurs/protocole", data=wish | {"periode": "quarterly"})
    assert (done.status_code, done.headers["location"]) == (303, "/qualite/capteurs?protocole=garde")
    assert [line["id"] for line in visitor.get("/terrain.json").json()["lines"]] == ["capteurs"]
    start = visitor.get("/terrain/capteurs")
    planned = visitor.get("/terrain/capteurs.json").json()["planned"]
    assert planned == 14
    visitor.post("/terrain/capteurs", data={"csrf": token(start.text)})
    for n in range(planned):
        said = visitor.get("/terrain/capteurs.json").json()
        assert (said["seen"], said["size"], said["row"]["position"]) == (n, planned, n)
        assert {c["column"]["name"] for c in said["row"]["cells"]} >= {"site", "page", "mesure_00"}
        at = f"/terrain/capteurs/{n}"
        if n == 0:
            assert visitor.post(at, data={"csrf": csrf}).status_code == 422
            assert (
                "Écrivez ce qui est juste." in visitor.post(at, data={"csrf": csrf, "verdict": "wrong"}).text
            )
            visitor.post(at, data={"csrf": csrf, "verdict": "wrong", "juste": "mesure 3 : 18"})
        else:
            last = visitor.post(at, data={"csrf": csrf, "verdict": "absent" if n == 1 else "exact"})
    assert last.headers["location"] == "/qualite/capteurs?tournee=finie"
    said = visitor.get("/qualite/capteurs.json").json()
    (one,) = said["rounds"]
    assert (one["size"], one["exact"], one["wrong"], one["absent"]) == (14, 12, 1, 1)
    assert one["estimate"]["value"] == pytest.approx(2 / 14)
    assert one["estimate"]["low"] < 2 / 14 < one["estimate"]["high"]
    assert re.search(r"14\s%", visitor.get("/qualite/capteurs").text)
    with TestClient(create_app(city)) as anybody:
        assert re.search(r"14\s%", anybody.get("/qualite").text)
        for path in ("/qualite/capteurs", "/qualite/capteurs.json", "/qualite.json"):
            assert "mesure 3 : 18" not in anybody.get(path).text
    with city.db.read() as conn:
        assert {e.verb for e in journal.of(conn, "capteurs")} >= {
            "protocol-saved",
            "round-started",
            "round-closed",
        }


def test_only_who_may_verify_does(city: City, visitor: TestClient) -> None:
    """Neither a reader, nor somebody of another department, nor a form from elsewhere."""
    with city.db.begin() as conn:
        quality.save_protocol(conn, Protocol("budget-primitif", "annual", webcity.NOW, "finances"))
    sign_in(visitor, PUBLISHER)
    assert visitor.get("/terrain/budget-primitif").status_code == 403
    assert visitor.get("/terrain/budget-primitif/protocole").status_code == 403
    assert (
        visitor.post(
            "/terrain/budget-primitif", data={"csrf": token(visitor.get("/terrain").text)}
        ).status_code
        == 403
    )
    assert visitor.post("/terrain/capteurs", data={"csrf": "00" * 32}).status_code == 403
    with city.db.begin() as conn:
        quality.save_protocol(conn, Protocol("budget-primitif", "annual", webcity.NOW, "education"))
    assert visitor.get("/terrain/budget-primitif").status_code == 200, "her department was asked to verify it"
    with city.db.read() as conn:
        assert quality.rounds(conn) == ()


def workbook(path: Path) -> Path:
    """Two sheets of data, a hidden one with a table, an empty one."""
    book = openpyxl.Workbook()
    for number, (name, state) in enumerate(
        (("Gymnases", "visible"), ("Stades", "visible"), ("Brouillon", "hidden"), ("Vide", "visible"))
    ):
        sheet = book.create_sheet(name, number)
        sheet.sheet_state = state
        for i in range(0 if name == "Vide" else 12):
            sheet.append([f"{name} {i}", 10 * i, 2 + i] if i else ["nom", "places", "entrées"])
    del book["Sheet"]
    book.save(path)
    return path


def test_a_hidden_sheet_is_told_once(city: City, visitor: TestClient, tmp_path: Path) -> None:
    """Its own table tells it, none of the others does; what is of no table, the first one tells."""
    with city.db.begin() as conn:
        datasets.save_dataset(conn, Dataset("sport", "Équipements sportifs", "", "mobilites"))
        datasets.save_resource(conn, Resource("sport/lieux", "sport", "Lieux"))
    sent = pipeline.receive(
        city, workbook(tmp_path / "sport.xlsx"), name="sport.xlsx", resource="sport/lieux"
    )
    assert pipeline.decide(city, sent.id, pipeline.draft(city, sent)).state == "held"
    again = hidden_parts.choose(city, sent.id, "publish", actor="publisher")
    assert pipeline.decide(city, again.id, pipeline.draft(city, again)).state == "published"
    (line,) = [x for x in visitor.get("/qualite.json").json()["lines"] if x["id"] == "sport"]
    assert [f["code"] for f in line["faults"] if f["code"].startswith("file-")] == ["file-hidden-sheet"]
    told = {}
    with city.db.read() as conn:
        for name in ("lieux", "lieux-stades", "lieux-brouillon"):
            served = versions.served(conn, f"sport/{name}", PUBLIC)
            assert served is not None
            told[name] = [f.check for f in served.report.findings if f.check.startswith("file-")]
    assert told == {
        "lieux": ["file-empty-sheet"],
        "lieux-stades": [],
        "lieux-brouillon": ["file-hidden-sheet"],
    }


def test_a_check_tells_a_hidden_sheet_once_whatever_it_looks_at(tmp_path: Path) -> None:
    path = workbook(tmp_path / "sport.xlsx")
    schema = Schema("sport", columns=(Column("nom"), Column("places", "integer")))
    for wish in (file_check.CheckRequest(), file_check.CheckRequest(schema, "sport")):
        with file_check.opened(path) as desk:
            said = file_check.answered(desk, wish)
        assert sorted(f.code for f in (*said.warnings, *said.notes) if f.code.startswith("file-")) == [
            "file-empty-sheet",
            "file-hidden-sheet",
        ]
