"""Going out by its page: agendas in, doubles merged, what was asked found; its files read by others; the map
of where nothing happens.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pyarrow as pa
import pytest
from icalendar import Calendar
from starlette.testclient import TestClient

from parvis import readers, services
from parvis.cli.init import create
from parvis.core import settings
from parvis.core.arrow import arrow_schema
from parvis.core.language import language
from parvis.core.types import Column, Dataset, Organisation, Resource, Schema
from parvis.methods.events.entry import Entry
from parvis.publication.city import City, open_city
from parvis.services.answers import Asked
from parvis.services.declaration import texts
from parvis.services.sorties.compute import occurrences
from parvis.services.sorties.finding import found
from parvis.services.sorties.service import COUVERTURE_SERVICE, SORTIES_SERVICE
from parvis.store import datasets
from parvis.web.app import create_app
from parvis.work import live_hours, service_runs
from tests.acceptance.commands import parvis
from tests.cities.livecity import Clock

NOW = datetime(2026, 11, 26, 15, tzinfo=UTC)  # a Thursday, four in the afternoon

AGENDA = Schema(
    name="evenements",
    version="1",
    columns=tuple(
        Column(n, t)
        for n, t in (  # type: ignore[arg-type]
            ("id", "text"),
            ("titre", "text"),
            ("categorie", "text"),
            ("debut", "datetime"),
            ("fin", "datetime"),
            ("statut", "text"),
            ("lieu", "text"),
            ("adresse", "text"),
            ("gratuit", "boolean"),
            ("tarif", "text"),
            ("age_min", "integer"),
            ("accessibilite", "text"),
            ("lat", "number"),
            ("lon", "number"),
        )
    ),
)
CALENDAR = Schema(
    name="calendrier",
    version="1",
    columns=tuple(
        Column(n)
        for n in (
            "uid",
            "summary",
            "dtstart",
            "dtend",
            "tzid",
            "rrule",
            "exdate",
            "location",
            "latitude",
            "longitude",
            "status",
        )
    ),
)

BAL = {"id": "1", "titre": "Bal folk", "categorie": "fête", "debut": datetime(2026, 11, 26, 19, tzinfo=UTC), "fin": datetime(2026, 11, 26, 22, tzinfo=UTC), "statut": "prévu", "lieu": "Halle des Tanneurs", "adresse": "1 place Basse", "gratuit": True, "tarif": None, "age_min": None, "accessibilite": "fauteuil", "lat": 43.61, "lon": 3.87}  # fmt: skip
CONTES = BAL | {
    "id": "2",
    "titre": "Contes d’hiver",
    "categorie": "spectacle",
    "debut": datetime(2026, 11, 28, 14, tzinfo=UTC),
    "fin": datetime(2026, 11, 28, 15, tzinfo=UTC),
    "lieu": "Médiathèque",
    "gratuit": False,
    "tarif": "4 €",
    "age_min": 5,
    "accessibilite": None,
    "lat": 43.65,
    "lon": 3.90,
}
OFF = BAL | {"id": "3", "titre": "Récital", "categorie": "concert", "statut": "annulé", "lieu": "Temple"}
EXPO = BAL | {
    "id": "4",
    "titre": "Cent ans d’affiches",
    "categorie": "exposition",
    "debut": datetime(2026, 9, 1, 8, tzinfo=UTC),
    "fin": datetime(2027, 1, 31, 17, tzinfo=UTC),
    "lieu": "Musée",
}
CHORALE = {"uid": "c", "summary": "Chorale du jeudi", "dtstart": "2026-01-08T18:00:00+01:00", "dtend": "2026-01-08T20:00:00+01:00", "tzid": "Europe/Paris", "rrule": "FREQ=WEEKLY", "exdate": "2026-12-03T18:00:00+01:00", "location": "Salle Haute", "latitude": "43.611", "longitude": "3.871", "status": "CONFIRMED"}  # fmt: skip
AGAIN = CHORALE | {
    "uid": "d",
    "summary": "BAL FOLK à la Halle des Tanneurs",
    "dtstart": "2026-11-26T20:00:00+01:00",
    "dtend": "2026-11-26T23:00:00+01:00",
    "rrule": None,
    "exdate": None,
    "location": "Halle aux tanneurs",
    "latitude": "43.6101",
    "longitude": "3.8702",
}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    folder = tmp_path_factory.mktemp("sorties") / "city"
    create(folder, "Ville")
    opened = open_city(settings.load(folder, {}), clock=Clock(NOW))
    with opened.db.begin() as conn:
        datasets.save_organisation(conn, Organisation("culture", "Culture"))
        datasets.save_dataset(conn, Dataset("programme", "Programme", "Ce qui se passe.", "culture"))
        datasets.save_dataset(
            conn, Dataset("agenda-associations", "Associations", "Ce qui revient.", "culture")
        )
        datasets.save_resource(
            conn, agenda := Resource("programme/saison", "programme", "Saison", schema="evenements")
        )
        datasets.save_resource(
            conn, calendar := Resource("agenda-associations/calendrier", "agenda-associations", "Calendrier")
        )
    for resource, schema, rows in (
        (agenda, AGENDA, [BAL, CONTES, OFF, EXPO]),
        (calendar, CALENDAR, [CHORALE, AGAIN]),
    ):
        table = pa.Table.from_pylist(rows, schema=arrow_schema(schema))
        live_hours.publish(opened, resource, schema, (live_hours.put(opened, table),), (), what="import")
    service_runs.refresh(opened)
    return opened


@pytest.fixture(scope="module")
def site(city: City) -> TestClient:
    return TestClient(create_app(city))


def rows(site: TestClient, **said: str) -> list[Mapping[str, Any]]:
    body = site.get("/services/sorties.json", params=said).json()
    table = next((b for b in body["blocks"] if b["kind"] == "rows"), None)
    return table["rows"] if table else []


def titles(site: TestClient, **said: str) -> list[str]:
    return [r["titre"] for r in rows(site, **said)]


def test_tonight(site: TestClient) -> None:
    """The ball once although two agendas announce it, the choir by its rule, the cancelled recital said
    first, the exhibition at the end.
    """
    assert titles(site) == ["Bal folk", "Récital", "Chorale du jeudi", "Cent ans d’affiches"] or set(
        titles(site)[:3]
    ) == {"Bal folk", "Récital", "Chorale du jeudi"}
    assert titles(site)[-1] == "Cent ans d’affiches"
    page = site.get("/services/sorties").text
    assert "Attention" in page
    assert "Récital (annulé)" in page


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ({"quand": "ce-week-end"}, {"Contes d’hiver", "Cent ans d’affiches"}),
        ({"quand": "ce-week-end", "enfants": "oui"}, {"Contes d’hiver"}),
        ({"quand": "semaine", "genre": "fête"}, {"Bal folk"}),
        ({"quand": "semaine", "mots": "contes HIVER"}, {"Contes d’hiver"}),
        ({"quand": "ce-soir", "gratuit": "oui", "acces": "fauteuil", "genre": "fête"}, {"Bal folk"}),
        ({"jour": "2026-11-28"}, {"Contes d’hiver", "Cent ans d’affiches"}),
        ({"jour": "2026-12-03", "genre": "concert"}, set()),
    ],
)
def test_filters(site: TestClient, said: dict[str, str], wanted: set[str]) -> None:
    assert set(titles(site, **said)) == wanted


def test_near_a_position(site: TestClient) -> None:
    found = rows(site, quand="semaine", lieu="43.61, 3.87", rayon="500")
    assert "Contes d’hiver" not in [r["titre"] for r in found]
    assert found[0]["distance"] is not None
    assert found[0]["distance"] <= 500


def test_an_event_and_all_its_dates(site: TestClient) -> None:
    page = next(r["page"] for r in rows(site) if r["titre"] == "Chorale du jeudi")
    event = page.rpartition("=")[2]
    body = site.get("/services/sorties.json", params={"evenement": event}).json()
    table = next(b for b in body["blocks"] if b["kind"] == "rows")
    assert {r["titre"] for r in table["rows"]} == {"Chorale du jeudi"}
    assert len(table["rows"]) > 50


def test_the_calendar_is_read_by_another_library(site: TestClient) -> None:
    answer = site.get("/services/sorties/sorties.ics", params={"quand": "mois", "genre": "concert"})
    assert answer.headers["content-type"].startswith("text/calendar")
    events = list(Calendar.from_ical(answer.text).walk("VEVENT"))
    assert [str(e["SUMMARY"]) for e in events if e["STATUS"] == "CANCELLED"] == ["Récital"]
    choir = [e for e in events if str(e["SUMMARY"]) == "Chorale du jeudi"]
    assert [e["DTSTART"].dt.astimezone(UTC).isoformat() for e in choir] == [
        f"2026-{d}T17:00:00+00:00" for d in ("11-26", "12-10", "12-17", "12-24")
    ]
    assert len({str(e["UID"]) for e in events}) == len(events)
    assert all("DTSTAMP" in e for e in events)


def test_atom_and_schema_org(site: TestClient) -> None:
    feed = ET.fromstring(site.get("/services/sorties/sorties.atom", params={"quand": "semaine"}).content)
    names = [
        e.findtext("{http://www.w3.org/2005/Atom}title")
        for e in feed.iter("{http://www.w3.org/2005/Atom}entry")
    ]
    assert "[ANNULÉ] Récital" in names
    graph = json.loads(site.get("/services/sorties/sorties.jsonld", params={"quand": "semaine"}).content)[
        "@graph"
    ]
    ball = next(e for e in graph if e["name"] == "Bal folk")
    assert (ball["startDate"], ball["endDate"], ball["isAccessibleForFree"]) == (
        "2026-11-26T20:00+01:00",
        "2026-11-26T23:00+01:00",
        True,
    )
    assert next(e for e in graph if e["name"] == "Récital")["eventStatus"].endswith("EventCancelled")
    tales = next(e for e in graph if e["name"] == "Contes d’hiver")
    assert (tales["offers"]["description"], tales["typicalAgeRange"]) == ("4 €", "5-")


def test_what_was_merged_is_published(site: TestClient) -> None:
    found = site.get("/jeux/sorties-doublons.json").json()["resource"]["table"]["rows"]
    assert [(r["titre"], r["autre_titre"]) for r in found] == [
        ("Bal folk", "BAL FOLK à la Halle des Tanneurs")
    ]
    assert found[0]["ressemblance"] >= 0.5


def test_where_nothing_happens(site: TestClient) -> None:
    body = site.get(
        "/services/couverture-sorties.json", params={"jour_semaine": "jeudi", "moment": "soir"}
    ).json()
    table = next(b for b in body["blocks"] if b["kind"] == "rows")
    busy = [r for r in table["rows"] if r["dates"]]
    assert (
        sum(r["dates"] for r in busy) == 8
    )  # the ball, and seven of eight Thursdays of the choir; the recital is off, the exhibition goes on for long
    assert len(busy) < len(table["rows"])
    assert {m["shape"] for b in body["blocks"] if b["kind"] == "map" for m in b["marks"]} == {"area"}
    assert "carreaux" in body["blocks"][0]["text"]


def test_nothing_found_says_what_to_do(site: TestClient) -> None:
    page = site.get("/services/sorties", params={"mots": "hippopotame"}).text
    assert "Élargissez" in page


def test_every_word_has_its_english(site: TestClient) -> None:
    folder = Path(services.__file__).parent / "sorties"
    said = {
        n.args[0].value
        for f in folder.glob("*.py")
        for n in ast.walk(ast.parse(f.read_text("utf-8")))
        if isinstance(n, ast.Call)
        and isinstance(n.func, ast.Attribute)
        and n.func.attr == "say"
        and n.args
        and isinstance(n.args[0], ast.Constant)
    }
    for service in (SORTIES_SERVICE, COUVERTURE_SERVICE):
        english = language("en").of(service.name)
        assert [t for t in {*texts(service), *service.words, *said} - {""} if not english.knows(t)] == []
    page = site.get("/en/services/sorties").text
    assert "Going out" in page
    assert "cancelled" in page


def test_what_runs_now_is_found_among_a_thousand_times() -> None:
    """Begun before tonight and not over, or beginning before five. Speed is in bench/events.py."""
    many = [
        (
            "x",
            Entry(
                "x",
                "a",
                "Marché",
                tuple(
                    (NOW + timedelta(minutes=i), NOW + timedelta(minutes=i + 30)) for i in range(0, 3000, 3)
                ),
                lat=43.6,
                lon=3.8,
            ),
        )
    ]
    asked = Asked({"quand": "ce-soir"}, NOW, None, language("fr"))
    seen = found(asked, occurrences(many))
    assert seen.total == sum(
        1
        for _, e in many
        for s, t in e.times
        if s < datetime(2026, 11, 27, 4, tzinfo=UTC) and t > datetime(2026, 11, 26, 17, tzinfo=UTC)
    )


def test_any_calendar_that_follows_the_schema_is_read(tmp_path: Path) -> None:
    """By command, under whatever name: file, schema, service, what it publishes."""
    (tmp_path / "salle.ics").write_bytes(
        readers.readers()["icalendar"]
        .examples[0]
        .content.replace(b"UNTIL=20260630T215959Z", b"UNTIL=20991231T215959Z")
    )
    assert parvis("init", "ville", cwd=tmp_path).code == 0
    said = parvis(
        "publish", "salle.ics", "--schema", "agenda-icalendar", "-C", "ville", "--json", cwd=tmp_path
    )
    assert said.json["deposits"][0]["state"] == "published", said.json
    assert parvis("service", "run", "sorties", "-C", "ville", cwd=tmp_path).code == 0
    assert (
        parvis("export", "sorties", "--format", "jsonl", "-o", "out", "-C", "ville", cwd=tmp_path).code == 0
    )
    (file,) = (tmp_path / "out").rglob("*.jsonl")
    rows = [json.loads(x) for x in file.read_text("utf-8").splitlines()]
    assert {r["titre"] for r in rows} == {"Chorale, ouverte à tous"}
    assert 50 <= len(rows) <= 57  # every Monday of thirteen months
