"""The services of waste and sorting, from a city's files to what its page says: published by commands, asked
over HTTP.
"""

from __future__ import annotations

import ast
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
import shapely
from lxml import etree  # type: ignore
from pyarrow import csv
from starlette.testclient import TestClient

from parvis.cli.init import create
from parvis.cli.publish import plan, process
from parvis.core import settings
from parvis.core.language import language, languages
from parvis.core.types import PUBLIC
from parvis.demo import build, world
from parvis.demo.files import conteneurs, tournees_faites, tri_quartiers, troncons_routiers
from parvis.demo.raw import on
from parvis.methods.roads import graph
from parvis.methods.rounds import checking, shift_checking
from parvis.methods.rounds.choosing import Daily, Prices, detours
from parvis.methods.rounds.job import Job, Plan, Stop, Tip, Truck
from parvis.methods.rounds.picking import pick
from parvis.methods.rounds.season import Known
from parvis.publication import pipeline
from parvis.publication.city import City, open_city
from parvis.services import dechets, tri
from parvis.services.answers import Asked, Said, Value
from parvis.services.dechets import compute, depot, faites, ground, rues
from parvis.services.dechets.answer import answer
from parvis.services.dechets.breakdown import BREAKDOWN
from parvis.services.dechets.service import SERVICE as WASTE
from parvis.services.declaration import texts
from parvis.services.study import texts as study_texts
from parvis.services.tri.service import SERVICE as SORTING
from parvis.store import runs, versions
from parvis.web.app import create_app
from parvis.work import service_runs, studies
from tests.cities.livecity import Clock

FILES = (
    conteneurs.CONTAINERS,
    conteneurs.READINGS,
    conteneurs.MEANS,
    troncons_routiers.FILE,
    tri_quartiers.FILE,
    tri_quartiers.MEASURES,
    tournees_faites.FILE,
)
MORNING = world.NOW.replace(hour=4)


@pytest.fixture(scope="module", autouse=True)
def few_weeks() -> Iterator[None]:
    """The comparison over fewer weeks and prices than a city has: what it says is bench/waste.py's to prove."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compute, "WEEKS", 2)
        patch.setattr(compute, "RUNS", 1)
        patch.setattr(compute, "PRICE", 8000.0)  # dear enough that a Friday has rounds to look at
        patch.setattr(compute, "SEARCHED", 30)
        yield


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """The demo city's waste files, published as anybody would, and the two services computed from them."""
    folder = tmp_path_factory.mktemp("dechets")
    drawn = world.build()
    raw = folder / "raw"
    raw.mkdir()
    dated = [on(file, drawn.days) for file in FILES]
    for file in dated:
        (raw / file.name).write_bytes(file.write(drawn)[0])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "raw_files", lambda days: {f.name: f for f in dated})
        (raw / "datasets.toml").write_text(build.manifest(drawn.days), "utf-8")
        patch.setattr(service_runs, "declared", lambda: (WASTE, SORTING))
        create(folder / "ville", "Rivemont", {"city": {"insee": '"34990"'}})
        opened = open_city(settings.load(folder / "ville", {}), clock=Clock(MORNING))
        entries = plan(opened, [raw])
        sent = [
            pipeline.receive(opened, e.file, name=e.file.name, resource=e.resource.id)
            for e in entries
            if e.file is not None
        ]
        assert {d.state for d in process(opened, [d.id for d in sent])} == {"published"}
        service_runs.refresh(opened)
        yield opened


@pytest.fixture(scope="module")
def site(city: City) -> Iterator[TestClient]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(service_runs, "declared", lambda: (WASTE, SORTING))
        yield TestClient(create_app(city))


def table(city: City, resource: str) -> list[dict[str, Any]]:
    service, name = (
        (WASTE, resource.rsplit("/", 1)[1])
        if resource in WASTE.resources
        else (SORTING, resource.rsplit("/", 1)[1])
    )
    asked = service_runs.Input(resource)
    found = service_runs.history(city, service_runs.replace(service, inputs={name: asked}), name, MORNING)
    assert found is not None
    return found.to_pylist()


def test_forecasts_and_rounds_are_published_with_their_lineage(city: City) -> None:
    with city.db.read() as conn:
        for resource in (*WASTE.resources, *SORTING.resources):
            made = versions.served(conn, resource, PUBLIC)
            assert made is not None, resource
            assert runs.producing(conn, made.digest)[0].inputs


def test_the_planted_bins_are_found(city: City) -> None:
    """C-0001 fills in a day; nothing was ever put into C-0002; neither is guessed from the neighbours."""
    rows = {r["id_point"]: r for r in table(city, "remplissage-conteneurs/remplissage")}
    assert len(rows) == 120
    assert rows["C-0001"]["risque_soir_pct"] > 80
    assert rows["C-0002"]["risque_3_jours_pct"] < 1
    assert rows["C-0002"]["deborde_le"] is None
    assert {r["su_par"] for r in rows.values()} == {"sonde", "vidages"}
    for row in rows.values():
        assert row["risque_soir_pct"] <= row["risque_lendemain_pct"] + 0.1 <= row["risque_3_jours_pct"] + 0.2


def test_rounds_of_the_day_go_out_come_home_and_empty_what_is_said(city: City) -> None:
    rows = table(city, "tournees-collecte/tournees")
    filled = table(city, "remplissage-conteneurs/remplissage")
    by: dict[str, list[dict[str, Any]]] = {}
    for row in sorted(rows, key=lambda r: r["ordre"]):
        by.setdefault(row["tournee"], []).append(row)
    assert by
    for stops in by.values():
        assert [r["ordre"] for r in stops] == list(range(1, len(stops) + 1))
        kinds = [r["type_arret"] for r in stops]
        assert (kinds[0], kinds[-2], kinds[-1]) == ("départ", "vidage", "retour")
        assert [r["heure_prevue"] for r in stops] == sorted(r["heure_prevue"] for r in stops)
        flow = stops[0]["tournee"].rsplit(" ", 1)[0]
        assert {f["flux"] for f in filled if f["id_point"] in {r["id_point"] for r in stops}} == {flow}
    assert {r["id_point"] for r in rows if r["id_point"]} == {
        r["id_point"] for r in filled if r["etat"] == "à vider"
    }
    straight = {r["id_point"] for r in rows if not r["par_les_rues"]}
    assert straight <= {"C-0027", "C-0045"}  # one of the two lies farther than 400 m from every street


def _tables() -> dict[str, pa.Table]:
    drawn = world.build()
    as_text = csv.ConvertOptions(
        column_types={"ouvre": pa.string(), "ferme": pa.string(), "vide": pa.string()},
        strings_can_be_null=True,
    )

    def read(content: bytes) -> pa.Table:
        return csv.read_csv(
            io.BytesIO(content), parse_options=csv.ParseOptions(delimiter=";"), convert_options=as_text
        )

    levels = read(conteneurs.READINGS.write(drawn)[0])
    rows = [{**r, "vide": r["vide"] == "oui"} for r in levels.to_pylist()]
    return {
        "conteneurs": read(conteneurs.CONTAINERS.write(drawn)[0]),
        "releves": pa.Table.from_pylist(rows),
        "moyens": read(conteneurs.MEANS.write(drawn)[0]),
    }


def _few(tables: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """The bins of one flow."""
    return {**tables, "conteneurs": tables["conteneurs"].slice(60, 60)}


def _roads() -> pa.Table:
    features = json.loads(troncons_routiers.FILE.write(world.build())[0])["features"]
    return pa.Table.from_pylist(
        [
            {**f["properties"], "_shape": shapely.to_wkb(shapely.LineString(f["geometry"]["coordinates"]))}
            for f in features
        ]
    )


ONE_BIN = pa.Table.from_pylist(
    [
        {
            "id_point": "C-1",
            "adresse": "1 rue Basse",
            "flux": "verre",
            "niveau_pct": 10,
            "risque_soir_pct": 1.0,
            "etat": "ça va",
            "passage": None,
            "jour": MORNING.date(),
            "su_par": "sonde",
            "_point": {"lon": 3.7, "lat": 43.7},
        }
    ]
)


def _said(made: dict[str, pa.Table]) -> list[str]:
    """The sentences of the page over tables."""
    asked = Asked({}, MORNING, MORNING, languages("Europe/Paris")["fr"])
    return [b.text for b in answer(asked, made) if isinstance(b, Said)]


@pytest.fixture(scope="module")
def tables() -> dict[str, pa.Table]:
    return _tables()


def test_each_plan_of_the_service_passes_the_checker(tables: dict[str, pa.Table]) -> None:
    """The job of the morning as the service puts it, at three times the bins' fullness, with rests, hours and
    tips.
    """
    every = depot.bins(tables["conteneurs"])
    vehicles, tips = depot.means(tables["moyens"])
    for flow in ("verre", "emballages"):
        chosen = [b for b in every if b.flow == flow]
        read = depot.readings(tables["releves"], {b.id: i for i, b in enumerate(chosen)})
        placed = compute.site(flow, chosen, vehicles, tips, None)
        assert placed is not None
        day = depot.planned_day(float(read.at.max()), MORNING)
        known = depot.known(read, len(chosen), day + 2)
        daily = Daily(
            placed[0],
            Prices(compute.PRICE, detours(placed[0], None)[None]),
            depot.WORKING,
            iterations=200,
            seed=1,
        )
        daily.learn(compute.learned(chosen, read, day))
        morning = daily.morning(day + 2, known.level, known.since)
        found = pick(morning.job, iterations=200, seed=1)
        assert found is not None
        assert found.rounds
        assert checking.faults(morning.job, found) == []
        assert checking.faults(morning.job, Plan(found.rounds[1:], found.left)) != []


def test_without_roads_distances_are_straight_and_said_to_be(tables: dict[str, pa.Table]) -> None:
    made = compute.work(_few(tables), MORNING)
    assert made["tournees"].num_rows
    assert made["traces"].num_rows
    legs = made["tournees"].filter(pc.greater(made["tournees"]["km"], 0))  # type: ignore
    assert set(legs["par_les_rues"].to_pylist()) == {False}
    assert made["rues"].num_rows == 0
    assert set(made["bilan"]["source"].to_pylist()) == {"jours de passage"}
    assert any(text.startswith("Aucune tournée faite n’est publiée") for text in _said(dict(made)))


def _made(rows: list[tuple[str, str, int, str, str | None, str, float | None]]) -> pa.Table:
    names = ("tournee", "jour", "ordre", "type_arret", "id_point", "heure_reelle", "km")
    return pa.Table.from_pylist(
        [{**dict(zip(names, row, strict=True)), "jour": date.fromisoformat(row[1])} for row in rows]
    )


def test_rounds_that_were_made_are_read_back() -> None:
    """Two whole weeks and a piece of each neighbour: kilometres as noted and by our roads, hours, emptyings,
    and who is emptied when.
    """
    metres = (
        np.abs(np.arange(5.0)[:, None] - np.arange(5.0)[None]) * 1000
    )  # bins at 0, 1, 2 km, the depot at 3, the tip at 4
    job = Job(
        tuple(Stop(i, 1.0, 60) for i in range(3)), (Truck(1, 9.0, 3, 3),), metres, metres / 10, (Tip(4, 60),)
    )
    numbers = {"A": 0, "B": 1, "C": 2}
    days = ("2026-11-05", "2026-11-09", "2026-11-12", "2026-11-16", "2026-11-23")
    rows = [
        row
        for day in days
        for row in (
            ("T1", day, 1, "dépôt", None, "06:00:00", None),
            ("T1", day, 2, "collecte", "C", "06:10:00", 1.2),
            ("T1", day, 3, "collecte", "A", "06:20:00", 2.5),
            ("T1", day, 4, "vidage", None, "06:40:00", 4.4),
            ("T1", day, 5, "dépôt", None, "07:00:00", 1.1),
            ("T9", day, 1, "collecte", "Z", "06:00:00", 50.0),
        )
    ]
    day = int(depot.number_of(date(2026, 11, 24)))
    found = faites.done(_made(rows), job, numbers, day)  # type: ignore
    assert found is not None
    assert (found.weeks, found.since.isoformat(), found.until.isoformat()) == (2, "2026-11-09", "2026-11-22")
    assert (found.km, found.km_roads, found.hours, found.emptied) == pytest.approx(
        (3 * 9.2 / 2, 3 * 8 / 2, 3 / 2, 3)
    )
    assert [p is not None for p in found.plans] == [d in (0, 3, 7) for d in range(14)]
    again = found.again()
    plan = again(Known(14 + 3, np.zeros(3), np.zeros(3), np.zeros(0, np.int64), np.zeros(0), np.zeros(0)))
    assert plan is not None
    assert plan.rounds[0].stops == (2, 0)
    unmeasured = faites.done(_made([(*r[:6], None) for r in rows]), job, numbers, day)  # type: ignore
    assert unmeasured is not None
    assert unmeasured.km is None
    assert faites.done(_made(rows[:12]), job, numbers, day) is None  # type: ignore
    assert faites.done(_made(rows), job, {"X": 0}, day) is None  # type: ignore


def test_old_readings_are_not_taken_for_those_of_today(tables: dict[str, pa.Table]) -> None:
    """A month later the plan is still that of the day after the last reading."""
    made = compute.work(_few(tables), MORNING + timedelta(days=30))
    assert {d.isoformat() for d in made["remplissage"]["jour"].to_pylist()} == {"2026-11-20"}  # type: ignore


def test_ways_follow_the_streets_and_their_direction() -> None:
    """A one-way ring of three sides: there in one, back in two; a place beyond the network is joined
    straight.
    """
    corners = [(3.7, 43.7), (3.71, 43.7), (3.705, 43.71)]
    streets = pa.Table.from_pylist(
        [
            {
                "id": str(i),
                "vitesse_kmh": 36.0,
                "sens": "direct",
                "_shape": shapely.to_wkb(shapely.LineString([corners[i], corners[(i + 1) % 3]])),
            }
            for i in range(3)
        ]
    )
    laid = ground.lay(streets, [3.7, 3.71, 3.8], [43.7, 43.7, 43.7])
    assert laid.by_streets.tolist() == [True, True, False]
    assert laid.metres[1, 0] > 2 * laid.metres[0, 1]
    assert laid.seconds[0, 1] == pytest.approx(laid.metres[0, 1] / 10)
    assert laid.metres[0, 2] == pytest.approx(laid.metres[2, 0])
    assert len(laid.way(1, 0, ((3.71, 43.7), (3.7, 43.7)))) == 3


def test_the_page_says_what_is_to_empty(site: TestClient) -> None:
    said = site.get("/services/dechets.json").json()
    page = site.get("/services/dechets").text
    assert said["blocks"][0]["text"].split(" ")[1:4] == ["conteneurs", "sur", "120"]
    assert said["blocks"][0]["text"] in page.replace("\u00a0", " ")  # a page keeps a colon with its word
    titles = [b.get("title") for b in said["blocks"]]
    for title in (
        "Conteneurs à vider ou à surveiller",
        "Tournées du jour",
        "Trajet de la tournée",
        "Porte à porte : les tours d’un jour de collecte",
    ):
        assert title in titles
    figures = next(b for b in said["blocks"] if b["kind"] == "chart")
    assert {r["indicateur"] for r in figures["rows"]} == {
        "distance",
        "distance par le réseau",
        "temps de tournée",
        "CO2",
        "vidages",
        "conteneurs débordants",
    }
    assert any(
        b.get("text", "").startswith("« Aujourd’hui » vient des tournées faites du") for b in said["blocks"]
    )


def test_near_me(site: TestClient) -> None:
    said = site.get("/services/dechets.json", params={"lieu": "43.733319, 3.7293"}).json()
    near = next(b for b in said["blocks"] if b.get("title") == "Les conteneurs les plus proches")
    assert near["rows"][0]["conteneur"] == "C-0001"
    assert [r["distance"] for r in near["rows"]] == sorted(r["distance"] for r in near["rows"])
    assert near["rows"][0]["adresse"] not in said["blocks"][0]["text"]  # it is full: another one is named


def test_a_driver_s_sheet_and_track(site: TestClient, city: City) -> None:
    names = sorted({r["tournee"] for r in table(city, "tournees-collecte/tournees")})
    sheet = site.get("/services/dechets/feuille-de-route.pdf", params={"tournee": names[-1]})
    assert sheet.content.startswith(b"%PDF-")
    track = site.get("/services/dechets/tournee.gpx", params={"tournee": names[-1]})
    root = etree.fromstring(track.content)
    space = {"g": "http://www.topografix.com/GPX/1/1"}
    stops = [
        r
        for r in table(city, "tournees-collecte/tournees")
        if r["tournee"] == names[-1] and r["type_arret"] != "pause"
    ]
    assert len(root.findall("g:wpt", space)) == len(stops)
    assert len(root.findall(".//g:trkpt", space)) > 3 * len(stops)  # along the streets, not from stop to stop
    assert site.get("/services/dechets/tournee.gpx", params={"tournee": "cuivre 9"}).status_code == 404


def test_a_breakdown_is_shared_out(city: City) -> None:
    rows = table(city, "tournees-collecte/tournees")
    name = rows[0]["tournee"]
    mine = [r for r in rows if r["tournee"] == name]
    all_of_flow = {
        r["id_point"]
        for r in rows
        if r["id_point"] and r["tournee"].rsplit(" ", 1)[0] == name.rsplit(" ", 1)[0]
    }
    at = sorted(mine, key=lambda r: r["ordre"])[3]["repart"]
    said: dict[str, Value] = {"tournee": name, "heure": time.fromisoformat(at), "essais": 3.0}
    one = studies.ask(city, BREAKDOWN, said, actor="system")
    assert studies.compute(city, one.id) == "done", studies.run(city, BREAKDOWN, one.id).message
    one = studies.run(city, BREAKDOWN, one.id)
    made = studies.result(city, one)
    later = {r["conteneur"] for r in made.tables["reste"].to_pylist() if r["conteneur"]}
    left = {r["conteneur"] for r in made.tables["restants"].to_pylist()}
    (total,) = made.tables["partage"].to_pylist()
    assert later | left <= all_of_flow
    assert not later & left
    assert (total["repris"], total["restants"]) == (len(later), len(left))
    assert total["faits"] + total["repris"] + total["restants"] == len(all_of_flow)
    first = studies.answered(city, BREAKDOWN, one, made, language("fr"))[0]
    assert isinstance(first, Said)
    assert f"Panne de « {name} » à {at}" in first.text
    english = studies.answered(city, BREAKDOWN, one, made, language("en"))[0]
    assert isinstance(english, Said)
    assert f"Breakdown of “{name}” at {at}" in english.text
    again = studies.ask(city, BREAKDOWN, said, actor="system")
    assert studies.compute(city, again.id) == "done"
    assert studies.run(city, BREAKDOWN, again.id).parts == one.parts, "the same bytes"
    more = studies.ask(city, BREAKDOWN, {**said, "essais": 1.0}, actor="system")
    assert studies.compute(city, more.id) == "done"
    (fewer,) = studies.result(city, studies.run(city, BREAKDOWN, more.id)).tables["partage"].to_pylist()
    assert (total["restants"], total["km"]) <= (fewer["restants"], fewer["km"]), "more tries are no worse"


def test_the_study_of_a_breakdown_speaks_english() -> None:
    english = languages("Europe/Paris")["en"].of(BREAKDOWN.name)
    assert [t for t in study_texts(BREAKDOWN) if not english.knows(t)] == []


def test_the_page_of_the_service_asks_for_no_breakdown_any_more(site: TestClient) -> None:
    asks = site.get("/services/dechets.json").json()["asks"]
    assert [a["name"] for a in asks] == ["lieu", "tournee"]


def test_streets_are_served_once_in_a_direction_allowed(city: City) -> None:
    rows = table(city, "tournees-porte-a-porte/rues")
    features = troncons_routiers.FILE.write(world.build())[0]
    known = {f["properties"]["id"]: f["properties"] for f in json.loads(features)["features"]}
    wanted = {i for i, p in known.items() if p["collecte_kg"] > 0}
    served = [r["troncon"] for r in rows]
    assert len(served) == len(set(served))
    lines, kmh, forth, back, every = ground.parts(_roads())
    roads = graph.build(lines, kmh=kmh, forth=forth, back=back)
    cut_off = {every[int(roads.line[e])]["id"] for e in np.flatnonzero(~graph.main_part(roads))}
    assert wanted - set(served) == wanted & cut_off
    assert set(served) <= wanted
    assert not [r for r in rows if known[r["troncon"]]["sens"] == "direct" and r["sens"] == "inverse"]
    loads: dict[int, float] = {}
    for row in rows:
        loads[row["tournee"]] = loads.get(row["tournee"], 0.0) + row["kg"]
    assert max(loads.values()) <= 7000
    assert {r["vehicule"] for r in rows} == {"Benne de rue 1"}
    assert all(
        "05:00" <= r["depart"] <= r["heure_prevue"] < r["vide_a"] < r["retour"] <= "12:30" for r in rows
    )


def test_trips_of_small_trucks_are_packed_into_their_shifts(tables: dict[str, pa.Table]) -> None:
    """Trucks that hold 200 kg and are home by eight: what they have no time for is left, and said on the
    page.
    """
    vehicles, tips = depot.means(tables["moyens"])
    small = [replace(v, kilos=200.0, hours=(5 * 3600, 8 * 3600)) for v in vehicles if v.kilos]
    here = rues.sector(_roads(), small, tips)
    assert here is not None
    made = rues.planned(here, 1)
    assert made is not None
    trips, packed = made
    assert packed.left
    assert len(packed.shifts) == 2
    assert max(sum(here.asked.load[s // 2] for s in t) for t in trips.trips) <= 200
    depots = [(c.count, d, c.hours, c.rest) for c, d in zip(here.crews, here.depots, strict=True)]
    given = (
        here.network,
        here.forth.tolist(),
        here.back.tolist(),
        here.asked.serving.tolist(),
        trips.trips,
        depots,
        here.work.tip,
        packed,
    )
    assert shift_checking.faults(*given, turn_back=rues.TURN_S) == []
    assert any(
        "ne tiennent pas dans les heures des camions" in text
        for text in _said({"rues": rues.table(here, small, *made), "remplissage": ONE_BIN})
    )


def test_sorting_names_the_district_to_talk_to(site: TestClient, city: City) -> None:
    """Planted: the first district sorts least; the sixth refuses most; the measure in the third gained six
    points.
    """
    drawn = world.build()
    said = site.get("/services/tri.json", params={"quartier": drawn.districts[0].name.upper()}).json()
    assert said["blocks"][0]["text"].startswith(f"{drawn.districts[0].name} trie")
    rows = {r["quartier"]: r for r in table(city, "tri-par-quartier/quartiers")}
    least = rows[drawn.districts[0].name]
    assert least["taux_bas_pct"] <= 17.5
    assert least["taux_haut_pct"] >= 16.5
    assert least["taux_pct"] == min(r["taux_pct"] for r in rows.values())
    assert max(rows.values(), key=lambda r: r["refus_pct"])["quartier"] == drawn.districts[5].name
    assert least["gain_bas_t_an"] > 0
    (effect,) = table(city, "effets-mesures-dechets/effets")
    assert effect["bas_points"] <= 100 * tri_quartiers.EFFECT <= effect["haut_points"]
    assert effect["verdict"] == "mieux"
    assert "Ce que les mesures ont changé" in site.get("/services/tri").text
    assert "Aucun quartier ne s’appelle" in site.get("/services/tri", params={"quartier": "Atlantide"}).text


@pytest.mark.parametrize(("service", "package"), [(WASTE, dechets), (SORTING, tri)])
def test_everything_is_said_in_english_too(service: Any, package: Any) -> None:
    """Every text of the declaration, and every literal that the folder says."""
    english = languages("Europe/Paris")["en"].of(service.name)
    assert [t for t in (*texts(service), *service.words) if not english.knows(t)] == []
    for file in Path(package.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "say"
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                assert english.knows(str(node.args[0].value)), node.args[0].value


def test_the_english_page(site: TestClient) -> None:
    said = site.get("/en/services/dechets.json").json()
    assert "bins of 120 are to be emptied" in said["blocks"][0]["text"]
    assert "a campaign would gain most" in site.get("/en/services/tri").text


def test_the_day_that_is_planned() -> None:
    monday = depot.number_of(datetime(2026, 11, 23, 6, tzinfo=world.NOW.tzinfo))
    assert int(monday) % 7 == 0
    sunday = datetime(2026, 11, 22, 9, tzinfo=world.NOW.tzinfo)
    assert depot.planned_day(monday - 2, sunday) % 7 == 0
    assert depot.day_of(depot.planned_day(monday - 2, sunday)).isoformat() == "2026-11-23"
