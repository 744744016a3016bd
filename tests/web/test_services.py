"""The pages of services: the answer is right, near is near, what is old is said to be old, and what is wrong
is told.
"""

from __future__ import annotations

import importlib
import math
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import datetime, timedelta
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import pyarrow as pa
import pytest
from starlette.testclient import TestClient

from parvis.core.errors import SourceDown, Unreadable
from parvis.core.language import language
from parvis.demo import feed, world
from parvis.engine.read import read
from parvis.services.declaration import texts
from parvis.services.velos.service import SERVICE
from parvis.store import live as rows
from parvis.store import releases
from parvis.store import versions as kept
from parvis.web import live_state, nearest, places
from parvis.web.app import create_app
from parvis.web.views.live_table import Present
from parvis.web.views.services import ServicePage, ServicesPage
from parvis.work import service_runs
from tests.cities.livecity import ETAT, RELEVES, START, Clock, Rides, riding

FR, EN = language("fr"), language("en")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The city before its first poll, made once and copied by each test."""
    folder = tmp_path_factory.mktemp("live") / "city"
    with riding(folder, Clock()):
        pass
    return folder


@pytest.fixture
def rides(made: Path, tmp_path: Path) -> Iterator[Rides]:
    """A city of its own for each test, and its real feed on loopback."""
    shutil.copytree(made, tmp_path / "city")
    with riding(tmp_path / "city", Clock(), fresh=False) as opened:
        yield opened


@pytest.fixture
def site(rides: Rides) -> TestClient:
    """The portal of that city."""
    return TestClient(create_app(rides.city))


@pytest.fixture(scope="module")
def still(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Rides, TestClient]]:
    """A city polled once, and its portal, for the tests that only look."""
    folder = tmp_path_factory.mktemp("still") / "city"
    shutil.copytree(made, folder)
    with riding(folder, Clock(), fresh=False) as opened:
        opened.poll()
        yield opened, TestClient(create_app(opened.city))


def page(site: TestClient, path: str = "/services/velos", **query: str) -> dict[str, Any]:
    """The twin of a page."""
    answer = site.get(f"{path}.json", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def words(site: TestClient, path: str, **query: str) -> str:
    """The page as text, spaces made plain."""
    answer = site.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return plain(answer.text)


def plain(text: str) -> str:
    """Without tags and special spaces."""
    bare = "".join(part.split(">", 1)[-1] for part in text.split("<"))
    return " ".join(unescape(bare).replace("\u00a0", " ").replace("\u202f", " ").split())


def stations(rides: Rides) -> list[dict[str, Any]]:
    """Every row of the present state, with its place, straight from the engine."""
    released, _ = rides.city.tip(ETAT)
    with read(rides.city.engine, released) as found:
        return found.rows()


def haversine(lon: float, lat: float, to_lon: float, to_lat: float) -> float:
    """The same distance by another formula (the spherical law of cosines through vectors), in metres."""
    a, b, c, d = (math.radians(v) for v in (lon, lat, to_lon, to_lat))
    u = (math.cos(b) * math.cos(a), math.cos(b) * math.sin(a), math.sin(b))
    v = (math.cos(d) * math.cos(c), math.cos(d) * math.sin(c), math.sin(d))
    cross = (u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0])
    return 6_371_008.8 * math.atan2(math.hypot(*cross), sum(x * y for x, y in zip(u, v, strict=True)))


MET = {
    "velo": lambda r: r["velos"] > 0 and r["etat"] not in ("fermée", "sans nouvelles", "retour seul"),
    "electrique": lambda r: (
        r["electriques"] > 0 and r["etat"] not in ("fermée", "sans nouvelles", "retour seul")
    ),
    "place": lambda r: r["places"] > 0 and r["etat"] not in ("fermée", "sans nouvelles", "prêt seul"),
}


# --- the answer ---------------------------------------------------------------------------------------------


def test_the_answer_counts_what_the_rows_say(rides: Rides, site: TestClient) -> None:
    """Each need against a count by hand over every row; the moment in words; the list of services says that
    this one answers.
    """
    rides.poll()
    rides.clock.forward(minutes=1)
    said, all_rows = page(site), stations(rides)
    assert said["total"] == len(all_rows) == feed.STATIONS
    assert {n["name"]: n["count"] for n in said["needs"]} == {
        name: sum(map(met, all_rows)) for name, met in MET.items()
    }
    assert sum(s["count"] for s in said["states"]) == feed.STATIONS
    assert plain(said["moment"]["words"]) == "à 8 h 42, il y a 1 minute"
    assert said["moment"]["fresh"] is True
    assert said["sentence"].startswith(
        f"Sur {feed.STATIONS} stations, {said['needs'][0]['count']} avec un vélo à prendre, "
    )
    shown = words(site, "/services/velos")
    assert "Réponse à 8 h 42, il y a 1 minute" in shown
    assert f"{said['needs'][2]['count']}" in shown
    assert ("velos", True) in [(s["name"], s["ready"]) for s in page(site, "/services")["services"]]
    assert "Où trouver un vélo, ou une place pour le rendre ?" in words(site, "/services")
    assert '<a href="/services/velos">Vélos en libre-service</a>' in site.get("/plan-du-site").text
    assert "<loc>http://localhost/services/velos</loc>" in site.get("/sitemap.xml").text


def test_a_station_that_gives_no_bike_is_never_counted_nor_suggested(rides: Rides, site: TestClient) -> None:
    """Bikes at a station that does not lend, or that says nothing for hours, are nobody's bikes; places at
    one that takes none back are no places.
    """
    got = rides.fetch()
    table = got.table
    names = table.column_names
    lending = pa.array([i not in (0, feed.CLOSED) for i in range(table.num_rows)])
    taking = pa.array([i not in (1, feed.CLOSED) for i in range(table.num_rows)])
    full = pa.array([5] * table.num_rows)
    for name, column in (
        ("prend", lending),
        ("rend", taking),
        ("velos", full),
        ("places", full),
        ("electriques", full),
    ):
        table = table.set_column(names.index(name), name, column)
    rides.keep(replace(got, table=table))
    states = {r["station_id"]: r["etat"] for r in stations(rides)}
    ids = table["station_id"].to_pylist()
    assert (states[ids[0]], states[ids[1]], states[ids[feed.SILENT]]) == (
        "retour seul",
        "prêt seul",
        "sans nouvelles",
    )
    lon, lat = (str(table["_point"][0].as_py()[k]) for k in ("lon", "lat"))
    assert page(site, besoin="velo", lat=lat, lon=lon)["near"]["rows"][0]["row"]["station_id"] != ids[0]
    assert page(site, besoin="place", lat=lat, lon=lon)["near"]["rows"][0]["row"]["station_id"] == ids[0]
    counts = {n["name"]: n["count"] for n in page(site)["needs"]}
    assert counts == dict.fromkeys(MET, feed.STATIONS - 3), (
        "all but the silent one, the closed one, and the one that does not lend (or take back)"
    )


def test_before_the_first_reading_the_page_says_so(rides: Rides, site: TestClient) -> None:
    """A declared service without data is a page that explains, not an error; an unknown one is a 404."""
    said = page(site)
    assert (said["moment"], said["table"], said["map"], said["near"], said["sentence"]) == (
        None,
        None,
        None,
        None,
        "",
    )
    assert "Pas encore de réponse" in words(site, "/services/velos")
    assert "Flux : pas encore interrogé" in words(site, "/services/velos")
    assert site.get("/services/velos/carte.geojson").status_code == 404
    assert page(site, "/services")["services"][0]["ready"] is False
    assert site.get("/services/trottinettes").status_code == 404
    assert site.get("/services/trottinettes.json").json()["error"] == "Ce service n’existe pas."


def test_a_withdrawn_release_shows_nothing(rides: Rides, site: TestClient) -> None:
    """No release row, no answer: neither page, nor twin, nor map."""
    rides.poll()
    assert page(site)["total"] == feed.STATIONS
    with rides.city.db.begin() as conn:
        for version in kept.history(conn, ETAT):
            for row in releases.rows(conn, version.digest):
                releases.withdraw(conn, row.id, rides.clock())
    assert "station_id" not in site.get("/services/velos").text.replace("list", "")
    assert page(site)["table"] is None
    assert site.get("/services/velos/carte.geojson").status_code == 404


# --- near a place -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("need", list(MET))
@pytest.mark.parametrize(("lat", "lon"), [(43.731, 3.742), (43.75, 3.70), (43.60, 3.90)])
def test_the_nearest_are_those_that_brute_force_finds(
    still: tuple[Rides, TestClient], need: str, lat: float, lon: float
) -> None:
    """The five nearest that meet the need, in order, with their distance to the metre, by another formula
    over every row.
    """
    rides, site = still
    by_hand = sorted(
        (haversine(r["_point"]["lon"], r["_point"]["lat"], lon, lat), r["nom"])
        for r in stations(rides)
        if MET[need](r)
    )[:5]
    found = page(site, besoin=need, lat=str(lat), lon=str(lon))["near"]
    assert found["place"]["name"] == ""
    assert [r["label"] for r in found["rows"]] == [name for _, name in by_hand]
    assert [r["distance_m"] for r in found["rows"]] == [round(d) for d, _ in by_hand]
    first = found["rows"][0]
    assert (
        first["osm"]
        == f"https://www.openstreetmap.org/?mlat={first['lat']:.6f}&mlon={first['lon']:.6f}#map=18/{first['lat']:.6f}/{first['lon']:.6f}"
    )
    assert first["geo"].startswith(f"geo:{first['lat']:.6f},{first['lon']:.6f}?q=")
    assert "vol d’oiseau" in words(site, "/services/velos", besoin=need, lat=str(lat), lon=str(lon))


def test_distances_hold_far_away_and_across_the_antimeridian(still: tuple[Rides, TestClient]) -> None:
    """The engine's haversine against the other formula, from every corner of the world."""
    rides, _ = still
    released, _ = rides.city.tip(ETAT)
    for lon, lat in ((0.0, 0.0), (179.9, -43.7), (-176.2, -43.73), (3.742, 43.731), (12.0, 90.0)):
        hits = nearest.nearest(rides.city.engine, released, None, lon, lat, label="nom", most=100)
        assert len(hits) == feed.STATIONS
        assert all(abs(h.metres - haversine(h.lon, h.lat, lon, lat)) < 0.5 for h in hits)
        assert all(a.metres <= b.metres for a, b in pairwise(hits))


def test_a_place_is_found_by_its_name_as_people_write_it(still: tuple[Rides, TestClient]) -> None:
    """A district, a street with its number, postcode and city, an abbreviation, a station; accents and case
    do not matter; other places are offered.
    """
    _, site = still
    drawn = world.build()
    district = next(d for d in drawn.districts if d.name == "Gare")
    lon, lat = (getattr(world.to_degrees(district.shape).centroid, k) for k in "xy")
    found = page(site, depart="GARE")["near"]
    assert (found["place"]["name"], found["place"]["dataset"]) == ("Gare", "quartiers")
    assert haversine(found["place"]["lon"], found["place"]["lat"], lon, lat) < 20
    assert (
        found["rows"]
        == page(site, lat=str(found["place"]["lat"]), lon=str(found["place"]["lon"]))["near"]["rows"]
    )
    assert found["others"][0]["name"] == "avenue de la Gare"
    for text in (
        "12 bis, av. de la republique 34995 Rivemont",
        "Avenue de la République",
        "avenue republique",
    ):
        assert page(site, depart=text)["near"]["place"]["name"] == "avenue de la République"
    one = feed.stations(drawn)[5]
    there = page(site, depart=one.name)["near"]
    assert (there["place"]["name"], there["place"]["dataset"]) == (one.name, "etat-stations-velos")
    assert (round(there["place"]["lon"], 6), round(there["place"]["lat"], 6)) == (one.lon, one.lat)


def test_a_name_of_many_places_is_said_to_be(still: tuple[Rides, TestClient]) -> None:
    """Streets of one name far apart: one of them is used, on a street, and the page says how many there are."""
    _, site = still
    drawn = world.build()
    same = [s for s in drawn.streets if s.name == "rue du Stade"]
    assert len(same) > 1
    place = page(site, depart="rue du stade")["near"]["place"]
    assert place["apart"] == len(same)
    centres = [world.to_degrees(s.line).centroid for s in same]
    assert min(haversine(place["lon"], place["lat"], c.x, c.y) for c in centres) < 50
    assert f"Ce nom désigne {len(same)} endroits éloignés" in words(
        site, "/services/velos", depart="rue du stade"
    )


def test_what_finds_nothing_is_explained(rides: Rides, site: TestClient) -> None:
    """An unknown place, an empty one, a place far away, a need that nothing meets: each its own sentence,
    never an error.
    """
    rides.poll()
    assert "Ce lieu n’a pas été trouvé dans les données de la ville" in words(
        site, "/services/velos", depart="zanzibar"
    )
    assert "Ce lieu n’a pas été trouvé" in words(site, "/services/velos", depart="???")
    assert 'id="proche"' not in site.get("/services/velos", params={"depart": ""}).text
    assert "loin de tout ce que ce service connaît" in words(site, "/services/velos", lat="48.85", lon="2.35")
    assert page(site)["near"] is None
    got = rides.fetch()
    empty = pa.array([0] * got.table.num_rows)
    table = got.table.set_column(got.table.column_names.index("electriques"), "electriques", empty)
    rides.clock.forward(minutes=1)
    rides.keep(replace(got, at=got.at + timedelta(minutes=1), table=table))
    assert page(site, besoin="electrique", depart="gare")["near"]["rows"] == []
    assert "Rien ne convenait dans toute la ville à 8 h 43" in words(
        site, "/services/velos", besoin="electrique", depart="gare"
    )


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"besoin": "avion"}, "« besoin=avion » n’est pas un choix connu."),
        ({"lat": "abc", "lon": "3"}, "« lat=abc » n’est pas une latitude"),
        (
            {"lat": "91", "lon": "3"},
            "« lat=91 » n’est pas une latitude : un nombre de degrés de −90 à 90 est attendu.",
        ),
        ({"lat": "nan", "lon": "3"}, "« lat=nan »"),
        ({"lat": "43", "lon": "1e999"}, "« lon=1e999 » n’est pas une longitude"),
        ({"lat": "43"}, "Il manque « lon »"),
        ({"depart": "x" * 121}, "Un lieu s’écrit en 120 caractères au plus."),
    ],
)
def test_wrong_parameters_are_a_clear_400(
    still: tuple[Rides, TestClient], query: Mapping[str, str], said: str
) -> None:
    """The page in French for people, the twin for programs, both with what was expected."""
    _, site = still
    as_page, twin = site.get("/services/velos", params=query), site.get("/services/velos.json", params=query)
    assert (as_page.status_code, twin.status_code) == (400, 400)
    assert said in plain(as_page.text)
    assert said in plain(twin.json()["error"])
    assert twin.json()["mend"]


def test_a_hostile_place_is_only_text(still: tuple[Rides, TestClient]) -> None:
    """Quotes, percent signs, tags: looked for as they are, written back escaped."""
    _, site = still
    for text in (
        "'; DROP TABLE x; --",
        "100%",
        "%(asked)s",
        "<script>alert(1)</script>",
        "\u0001",
        "l’Œuvre \\' \"",
    ):
        answer = site.get("/services/velos", params={"depart": text})
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text


def test_a_position_stays_between_the_browser_and_the_portal(still: tuple[Rides, TestClient]) -> None:
    """No shared cache may keep an answer about a visitor; links outside carry no referrer; the search is not
    in the canonical address.
    """
    _, site = still
    answer = site.get("/services/velos", params={"lat": "43.7310", "lon": "3.7420"})
    assert answer.headers["cache-control"] == "private, no-cache"
    assert '<meta name="referrer" content="no-referrer">' in answer.text
    assert '<link rel="canonical" href="http://localhost/services/velos">' in answer.text
    again = site.get(
        "/services/velos",
        params={"lat": "43.7310", "lon": "3.7420"},
        headers={"If-None-Match": answer.headers["etag"]},
    )
    assert (again.status_code, again.headers["cache-control"]) == (304, "private, no-cache")
    assert site.get("/services/velos").headers["cache-control"] == "no-cache"
    assert "43.7310" not in site.get("/services/velos").text


# --- table, map, twin ---------------------------------------------------------------------------------------


def test_the_table_has_all_that_the_map_has_and_sorts_by_address(still: tuple[Rides, TestClient]) -> None:
    """Every object of the map is a row of the table; `tri` sorts over all rows; each object says in words
    whether it meets the need.
    """
    rides, site = still
    said = page(site, tri="-velos", lignes="50")
    bikes = [r["velos"] for r in said["table"]["rows"]]
    assert bikes == sorted(bikes, reverse=True)
    assert len(bikes) == feed.STATIONS
    assert [c["name"] for c in said["table"]["columns"][:3]] == ["nom", "etat", "velos"]
    objects = site.get("/services/velos/carte.geojson", params={"besoin": "place"}).json()["features"]
    assert {o["properties"]["Nom"] for o in objects} == {r["nom"] for r in said["table"]["rows"]}
    met = {r["nom"]: MET["place"](r) for r in stations(rides)}
    assert {o["properties"]["Nom"]: o["properties"]["Une place libre"] == "oui" for o in objects} == met
    english = site.get("/en/services/velos/carte.geojson").json()["features"][0]["properties"]
    assert {"Name", "Bikes", "A bike to take"} <= english.keys()


def test_the_map_is_drawn_without_script(still: tuple[Rides, TestClient]) -> None:
    """Full dots and rings, a cross at the place of the search, and a key in words."""
    _, site = still
    html = site.get("/services/velos", params={"depart": "gare"}).text
    assert 'class="rings"' in html
    assert 'class="cross"' in html
    assert "lieu de la recherche" in html
    assert 'class="cross"' not in site.get("/services/velos").text


def sentences(kind: object, path: str = "") -> list[str]:
    """Fields of a context, and of what it holds, that have no sentence."""
    missing: list[str] = []
    if not (isinstance(kind, type) and is_dataclass(kind)):
        for inner in get_args(kind):
            missing += sentences(inner, path)
        return missing
    hints = get_type_hints(kind, include_extras=True)
    for f in fields(kind):
        hint = hints[f.name]
        if get_origin(hint) is Annotated:
            if not hint.__metadata__[0].endswith((".", "»")):
                missing.append(f"{path}{kind.__name__}.{f.name}")
            missing += sentences(hint.__origin__, path)
        elif kind.__module__.startswith("parvis.web"):
            missing.append(f"{path}{kind.__name__}.{f.name}")
    return missing


@pytest.mark.parametrize("context", [ServicePage, ServicesPage, Present])
def test_every_field_of_the_twin_has_its_sentence(context: type) -> None:
    """The twin is the API: each of its fields is explained."""
    assert sentences(context) == []


# --- how the feed goes --------------------------------------------------------------------------------------


def test_a_feed_that_goes_down_makes_the_answer_a_past_one(rides: Rides, site: TestClient) -> None:
    """Down: since when, last try, the reason; the last known state with its age, never as if it were fresh;
    then back up.
    """
    rides.poll()
    rides.clock.forward(minutes=1)
    rides.fail(SourceDown("Le flux ne répond pas : délai dépassé."))
    rides.clock.forward(minutes=4)
    rides.fail(SourceDown("Le flux ne répond pas : délai dépassé."))
    rides.clock.forward(minutes=2)
    said = page(site)
    assert said["total"] == feed.STATIONS
    assert (said["moment"]["fresh"], plain(said["moment"]["words"])) == (False, "à 8 h 42, il y a 7 minutes")
    (feed_,) = said["feeds"]
    assert (feed_["health"], feed_["label"], feed_["tone"], feed_["failures"]) == (
        "down",
        "ne répond plus",
        "bad",
        2,
    )
    assert plain(feed_["sentence"]) == (
        "Le flux ne répond plus depuis 8 h 43 ; dernier essai à 8 h 47. L’état montré est le dernier connu, à 8 h 42, il y a 7 minutes : il a pu changer depuis."
    )
    assert feed_["reason"] == "Le flux ne répond pas : délai dépassé."
    shown = words(site, "/services/velos")
    assert "Dernier état connu, à 8 h 42, il y a 7 minutes" in shown
    assert "Réponse à 8 h" not in shown
    assert "En ce moment" not in shown
    assert "2 interrogations manquées d’affilée." in shown
    rides.poll()
    rides.clock.forward(minutes=1)
    assert "Réponse à 8 h 49, il y a 1 minute" in words(site, "/services/velos")


def test_a_feed_that_stands_still_is_said_to(rides: Rides, site: TestClient) -> None:
    """Stale: it answers, but speaks of the past."""
    got = rides.fetch()
    rides.clock.forward(minutes=30)
    rides.keep(got)
    said = page(site)
    assert (said["feeds"][0]["health"], said["moment"]["fresh"]) == ("stale", False)
    assert plain(said["feeds"][0]["sentence"]).startswith(
        "Le flux répond, mais il n’avance plus : c’est constaté depuis 9 h 12. L’état montré est le dernier connu, à 8 h 42"
    )


def test_a_feed_that_speaks_nonsense_is_said_to(rides: Rides, site: TestClient) -> None:
    """Malformed, before and after there is something to show."""
    rides.fail(Unreadable("Le document du flux n’est pas du JSON."))
    said = page(site)
    assert said["feeds"][0]["health"] == "malformed"
    assert plain(said["feeds"][0]["sentence"]) == (
        "Le flux répond, mais ce qu’il envoie est illisible depuis 8 h 42 ; dernier essai à 8 h 42. Aucun relevé n’a encore été reçu."
    )
    rides.poll()
    rides.clock.forward(minutes=2)
    rides.fail(Unreadable("Le document du flux n’est pas du JSON."))
    assert "Flux : illisible" in words(site, "/services/velos")
    assert "Le document du flux n’est pas du JSON." in words(site, "/services/velos")


def test_a_portal_that_no_longer_asks_says_it_is_our_fault(rides: Rides, site: TestClient) -> None:
    """The feed's row still says « up », but nobody polls: the state is no longer fresh after some missed
    minutes.
    """
    rides.poll()
    rides.clock.forward(minutes=3)
    assert page(site)["feeds"][0]["health"] == "up"
    rides.clock.forward(minutes=6)
    said = page(site)
    assert (said["feeds"][0]["health"], said["moment"]["fresh"]) == ("unasked", False)
    assert "la panne est de notre côté" in said["feeds"][0]["sentence"]


def test_a_batch_that_was_held_is_said(rides: Rides, site: TestClient) -> None:
    """A reading without stations is held: the state before it stays, and the page says why."""
    rides.poll()
    got = rides.fetch()
    rides.clock.forward(minutes=1)
    rides.keep(replace(got, at=rides.clock().replace(second=0), table=got.table.slice(0, 0)))
    said = page(site)
    assert (said["total"], said["feeds"][0]["health"], said["moment"]["fresh"]) == (
        feed.STATIONS,
        "held",
        False,
    )


def test_a_batch_that_names_somebody_is_held_and_said(rides: Rides, site: TestClient) -> None:
    """No page and no file of the portal has the name; the page says that the reading is held, and why; the
    next clean one is shown.
    """
    rides.poll()
    rides.clock.forward(minutes=1)
    got = rides.fetch()
    names = ["Chez Mme Jeanne Canari, 06 39 98 12 34", *got.table.column("nom").to_pylist()[1:]]
    dirty = got.table.set_column(got.table.schema.get_field_index("nom"), "nom", pa.array(names))
    assert [rides.keep(replace(got, table=dirty)) for _ in range(2)] == ["held", "held"]
    said = page(site)
    assert (said["total"], said["feeds"][0]["health"], said["moment"]["fresh"]) == (
        feed.STATIONS,
        "held",
        False,
    )
    assert said["feeds"][0]["reason"].startswith(
        "Le dernier relevé porte des données personnelles ou secrètes (colonne « nom »)"
    )
    assert "Flux : retenu" in words(site, "/services/velos")
    for path in (
        "/services/velos",
        "/services/velos.json",
        "/jeux/velos-libre-service",
        "/jeux/etat-stations-velos",
        "/jeux/etat-stations-velos.json",
        "/alertes.atom",
    ):
        assert "Canari" not in site.get(path).text
    rides.clock.forward(minutes=1)
    assert rides.poll() == "up"
    assert page(site)["feeds"][0]["health"] == "up"


def test_moments_in_words() -> None:
    """Today by the hour, another day by its date, in both languages; a feed ahead of us is not in the future."""
    at = START
    assert plain(live_state.moment(FR, at, at).words) == "à 8 h 42, il y a moins d’une minute"
    assert (
        plain(live_state.moment(FR, at + timedelta(seconds=30), at).words)
        == "à 8 h 43, il y a moins d’une minute"
    )
    assert plain(live_state.moment(FR, at - timedelta(hours=3), at).words) == "à 5 h 42, il y a 3 heures"
    for minutes, french, english in (
        (59, "il y a 59 minutes", "59 minutes ago"),
        (60, "il y a une heure", "an hour ago"),
        (73, "il y a une heure et quart", "an hour and a quarter ago"),
        (97, "il y a une heure et demie", "an hour and a half ago"),
        (112, "il y a une heure trois quarts", "an hour and three quarters ago"),
        (113, "il y a 2 heures", "2 hours ago"),
        (121, "il y a 2 heures", "2 hours ago"),
    ):
        assert plain(live_state.ago(FR, minutes)) == french
        assert plain(live_state.ago(EN, minutes)) == english
    assert (
        plain(live_state.moment(FR, at - timedelta(days=1), at).words)
        == "le 24 novembre à 8 h 42, il y a 24 heures"
    )
    assert plain(live_state.moment(EN, at - timedelta(minutes=1), at).words) == "at 08:41, 1 minute ago"
    assert plain(live_state.since(EN, at - timedelta(days=400), at)) == "since 21 October 2025 at 09:42"


def test_every_state_of_a_feed_has_its_words() -> None:
    """Each health has a label, a tone and an English sentence."""
    polled = rows.Feed("r", "up", START, START)
    for state in live_state.TITLES:
        said = [
            live_state.feed_view(
                one, "r", ("d", "Jeu"), state, None if state == "unknown" else polled, START, START
            )
            for one in (FR, EN)
        ]
        assert said[0].tone
        assert said[0].sentence != said[1].sentence


def test_every_state_of_a_public_service_has_its_english() -> None:
    """Its tag on an English page: only the words of the data themselves stay French."""
    unknown = [
        f"{one.name}: {state.value}"
        for one in service_runs.declared()
        if not one.group
        for output in one.outputs.values()
        for state in output.states
        if EN.say(state.value) == state.value
    ]
    assert unknown == []


# --- cheap and true -----------------------------------------------------------------------------------------


def test_a_page_that_did_not_change_is_not_sent_again(rides: Rides, site: TestClient) -> None:
    """The tag follows the last batch, the minute and the feed's state, though none of them writes an event."""
    rides.poll()
    for path in (
        "/services/velos",
        "/services/velos.json",
        "/jeux/etat-stations-velos",
        "/jeux/velos-libre-service",
    ):
        seen: list[str] = []

        def tag(path: str = path, seen: list[str] = seen) -> int:
            answer = site.get(path, headers={"If-None-Match": seen[-1]} if seen else {})
            seen.append(answer.headers["etag"])
            return answer.status_code

        assert [tag(), tag()] == [200, 304]
        rides.clock.forward(seconds=10)
        assert tag() == 304
        rides.clock.forward(minutes=1)
        assert [tag(), tag()] == [200, 304]
        rides.poll()
        assert [tag(), tag()] == [200, 304]
        rides.fail(SourceDown("Le flux ne répond pas : délai dépassé."))
        assert [tag(), tag()] == [200, 304]
        rides.clock.forward(minutes=1)
        rides.poll()


# --- languages ----------------------------------------------------------------------------------------------


def test_the_service_speaks_english_whole(rides: Rides, site: TestClient) -> None:
    """Every text of the declaration has its English, and the English page holds none of the French ones."""
    english = language("en").of(SERVICE.name)
    assert [t for t in texts(SERVICE) if not english.knows(t)] == []
    rides.poll()
    said = page(site, "/en/services/velos", depart="gare")
    assert (said["language"], said["title"]) == ("en", "Bike share")
    assert said["sentence"].startswith("Of 42 stations, ")
    shown = words(site, "/en/services/velos", depart="gare")
    tags = site.get("/en/services/velos").text.partition('id="etats"')[2].partition("</ul>")[0]
    assert "<span>fine</span>" in tags
    assert "<span>empty</span>" in tags
    assert 'lang="fr"' not in tags
    said_in_french = shown.replace(
        feed.DATASET.title, ""
    )  # a dataset keeps the title that its publisher gave
    assert [t for t in texts(SERVICE) if t != english.say(t) and len(t) > 12 and t in said_in_french] == []


def test_a_service_without_english_stays_french_and_says_so(
    rides: Rides, site: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One missing text, and the page does not mix: all of the declaration in French, marked as such."""
    rides.poll()
    partial = replace(SERVICE, caveats=(*SERVICE.caveats, "Une réserve que personne n’a traduite."))
    monkeypatch.setattr(service_runs, "declared", lambda: [partial])
    said = page(site, "/en/services/velos")
    assert (said["language"], said["title"]) == ("fr", "Vélos en libre-service")
    assert '<h1 lang="fr">' in site.get("/en/services/velos").text


# --- a dataset that is live ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dataset", "resource"), [("etat-stations-velos", ETAT), ("velos-libre-service", RELEVES)]
)
def test_a_live_dataset_shows_its_present_state_beside_its_history(
    rides: Rides, site: TestClient, dataset: str, resource: str
) -> None:
    """The tip above, the versions below, and the way to the service; other datasets have neither."""
    rides.clock.forward(hours=-2)
    rides.poll()
    rides.clock.forward(hours=2)
    rides.poll()
    rides.clock.forward(minutes=1)
    said = page(site, f"/jeux/{dataset}")
    present = said["resource"]["present"]
    assert said["live"] is True
    assert (present["total"], len(present["rows"]), present["service"]["name"]) == (
        feed.STATIONS,
        10,
        "velos",
    )
    assert plain(present["moment"]["words"]) == "à 8 h 42, il y a 1 minute"
    assert present["feeds"][0]["resource"] == RELEVES
    assert said["resource"]["rows"] == feed.STATIONS, "the closed hour alone"
    released, at = rides.city.tip(resource)
    assert datetime.fromisoformat(present["moment"]["at"]) == at
    with read(rides.city.engine, released) as found:
        assert [r["station_id"] for r in present["rows"]] == [r["station_id"] for r in found.rows()][:10]
    shown = words(site, f"/jeux/{dataset}")
    assert "En ce moment" in shown
    assert "Voir le service : Vélos en libre-service" in shown
    assert page(site, "/jeux/quartiers")["resource"]["present"] is None
    assert "En ce moment" not in words(site, "/jeux/quartiers")


# --- a newcomer's service -----------------------------------------------------------------------------------

NEWCOMER = """
from collections.abc import Mapping
from datetime import datetime

from sqlglot import exp

from parvis.core.released import Public
from parvis.core.types import Column, Dataset, Schema
from parvis.services.declaration import Need, Output, Service

C = Schema(name="x/grandes", geometry="point", columns=(Column("nom", title="Nom"), Column("capacite", "integer", title="Capacité", unit="places")))


def compute(inputs: Mapping[str, Public], now: datetime) -> Mapping[str, Public]:
    (version,) = inputs["releves"].versions
    tree = exp.select(*(exp.column(n, quoted=True) for n in ("nom", "capacite", "_point"))).from_(exp.Table(this=exp.to_identifier(version, quoted=True)))
    return {"liste": inputs["releves"].querying(tree, C)}


SERVICE = Service(
    name="capacites", title="Grandes stations", question="Où sont les grandes stations ?", inputs={"releves": "velos-libre-service/releves"},
    outputs={"liste": Output(Dataset("grandes-stations", "Grandes stations", "Par capacité.", "mobilites"), C)}, compute=compute,
    method="La capacité vient du flux.", caveats=("Elle peut changer.",), needs=(Need("grande", "vingt places ou plus", exp.column("capacite", quoted=True) >= 20),), live=True,
)
"""


def test_a_newcomer_gets_a_page_by_one_folder(
    rides: Rides, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service written in one file, found beside ours: list, answer, search, table and map, with no other
    file touched.
    """
    (tmp_path / "newcomer.py").write_text(NEWCOMER, "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    service = importlib.import_module("newcomer").SERVICE
    del sys.modules["newcomer"]
    monkeypatch.setattr(service_runs, "declared", lambda: [service, SERVICE])
    rides.poll()
    site = TestClient(create_app(rides.city))
    assert [s["name"] for s in page(site, "/services")["services"]] == ["capacites", "velos"]
    said = page(site, "/services/capacites", depart="gare")
    large = sum(1 for s in feed.stations(world.build()) if s.capacity >= 20)
    assert (said["needs"][0]["count"], said["total"], said["one"], said["states"]) == (
        large,
        feed.STATIONS,
        "ligne",
        [],
    )
    assert len(said["near"]["rows"]) == 5
    assert all(r["row"]["capacite"] >= 20 for r in said["near"]["rows"])
    assert [f["title"] for f in said["near"]["rows"][0]["facts"]] == ["Capacité"]
    assert "« zanzibar » n’a pas été trouvé dans les données de la ville" in words(
        site, "/services/capacites", depart="zanzibar"
    )
    assert "« ??? » n’a pas été trouvé" in words(site, "/services/capacites", depart="???")
    assert "Écrivez un lieu pour lancer la recherche" in words(site, "/services/capacites", depart="")
    assert "Où sont les grandes stations ?" in words(site, "/services/capacites")
    assert "Où sont les grandes stations ?" in words(site, "/en/services/capacites")
    assert len(site.get("/services/capacites/carte.geojson").json()["features"]) == feed.STATIONS


def test_places_are_named_by_public_columns_only(still: tuple[Rides, TestClient]) -> None:
    """A column that may name people is never looked into; a table without a place is no gazetteer."""
    rides, _ = still
    released, _ = rides.city.tip(ETAT)
    schema = released.schema
    assert places.naming(schema, first="nom") == "nom"
    assert places.naming(replace(schema, geometry="")) == ""
    hidden = tuple(replace(c, sensitivity="direct") if c.name == "nom" else c for c in schema.columns)
    assert places.naming(replace(schema, columns=hidden)) == ""


def test_where_one_is_is_asked_once(rides: Rides, site: TestClient) -> None:
    """A service that asks for a place has one form; the nearest follow the same answer, typed as a name or as
    a position.
    """
    rides.poll()
    blank = site.get("/services/velos").text
    assert (blank.count("data-asking"), blank.count("data-near"), blank.count('id="proche"')) == (1, 0, 0)
    found = site.get("/services/velos", params={"depart": "gare", "besoin": "place"}).text
    assert (found.count('id="demande-depart"'), found.count('id="proche"')) == (1, 1)
    spot = page(site, besoin="place", depart="gare")["near"]["place"]
    assert (
        page(site, besoin="place", depart=f"{spot['lat']}, {spot['lon']}")["near"]["rows"][0]["label"]
        == page(site, besoin="place", depart="gare")["near"]["rows"][0]["label"]
    )


def test_the_home_page_shows_what_people_publish_before_what_is_computed(
    rides: Rides, site: TestClient
) -> None:
    """Outputs of services are renewed all day: they would hide the rest."""
    rides.poll()
    computed = {name for s in page(site, "/services")["services"] for name in s["outputs"]}
    late = [card["id"] in computed for card in page(site, "/index")["latest"]]
    assert late == sorted(late)
    assert not late[0]
