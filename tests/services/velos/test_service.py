"""Bikes from a feed to an answer: what moved is kept, a night learns, a poll forecasts, the page says the
chance and what our chances were worth.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
import shapely
from starlette.testclient import TestClient

from parvis.core.language import language
from parvis.core.types import Dataset, Resource
from parvis.demo import feed, world
from parvis.methods.bikes import HORIZONS_S, calendar, forecast, situate
from parvis.services import velos
from parvis.services.answers import Asked, Rows, Said, Spot
from parvis.services.declaration import texts
from parvis.services.velos import learning, modele, movements, previsions, service, voisines
from parvis.services.velos.answer import answer
from parvis.services.velos.schemas import MOUVEMENTS, RELEVES
from parvis.store import datasets
from parvis.web.app import create_app
from parvis.work import live_hours, service_runs
from tests.cities.livecity import START, Clock, Rides, riding
from tests.methods import bikereal, bikesim

SERVICES = (service.SERVICE, movements.SERVICE, modele.SERVICE, previsions.SERVICE, voisines.SERVICE)


def movements_of(made: bikesim.Simulated, shift_s: int = 0, *, electric: bool = True) -> pa.Table:
    """A simulated city in the columns of `MOUVEMENTS`: a third of its bikes are electric."""
    size = made.sizes[made.station]
    third = made.count // 3
    rows = len(made.station)
    return pa.table(
        {
            "station_id": pa.array([f"S{s:02d}" for s in made.station]),
            "velos": pa.array(made.count, pa.int64()),
            "mecaniques": pa.array(made.count - third, pa.int64())
            if electric
            else pa.nulls(rows, pa.int64()),
            "electriques": pa.array(third, pa.int64()) if electric else pa.nulls(rows, pa.int64()),
            "places": pa.array(size - made.count, pa.int64()),
            "ouverte": pa.array([True] * rows),
            "flux_du": pa.array((made.at_s + shift_s) * 1_000_000, pa.int64()).cast(
                pa.timestamp("us", "UTC")
            ),
            "_point": pa.array(
                [{"lon": 3.87 + s / 1000, "lat": 43.61} for s in made.station],
                pa.struct([("lon", pa.float64()), ("lat", pa.float64())]),
            ),
        }
    )


Night = tuple[bikesim.Simulated, dict[str, pa.Table]]


@pytest.fixture(scope="module")
def night() -> Night:
    made = bikesim.simulate(16, 15, 21, broken={3: 2}, dead={6: 13 * 86_400})
    return made, dict(modele.work({"mouvements": movements_of(made)}, datetime(2026, 4, 17, 1, tzinfo=UTC)))


# --- what a night learns ------------------------------------------------------------------------------------


def test_outputs_are_in_the_columns_of_their_schemas(night: Night) -> None:
    _, made = night
    for name, output in modele.SERVICE.outputs.items():
        assert service_runs.fitted(made[name], output.schema).num_rows > 0, name


def test_a_model_comes_back_out_of_its_tables(night: Night) -> None:
    """What is forecast from the published tables is what is forecast from the model that was fitted, to the
    rounding of the tables.
    """
    made, tables = night
    ids, back = learning.models(tables["demande"], tables["correction"])
    assert set(back) == set(learning.QUANTITIES)
    assert sorted(ids) == [f"S{n:02d}" for n in range(16)]
    known = learning.past([movements_of(made)])
    assert known is not None
    again = learning.models(
        learning.demand_rows(known, "velos", back["velos"]), learning.correction_rows("velos", back["velos"])
    )[1]["velos"]
    for part in ("hourly", "usual", "top", "weights", "horizons_s", "bands"):
        assert getattr(again, part) == pytest.approx(getattr(back["velos"], part), abs=1e-4), part
    clock = calendar("Europe/Paris", bikesim.START_S, bikesim.START_S + 20 * 86_400)
    now, _ = situate(
        known.histories["velos"], np.arange(16), np.full(16, bikesim.START_S + 14 * 86_400), np.zeros(16)
    )
    for law, same in zip(
        forecast(back["velos"], clock, now, HORIZONS_S), forecast(again, clock, now, HORIZONS_S), strict=True
    ):
        assert law == pytest.approx(same, abs=1e-3)


def test_yesterday_is_scored_and_older_notes_are_kept(night: Night) -> None:
    made, tables = night
    scores = tables["scores"].to_pylist()
    assert {r["jour"] for r in scores} == {date(2026, 4, 14)}, (
        "the last whole day: the feed ends at 02:00 of the 16th, local time"
    )
    half_hour = {r["quantite"]: r for r in scores if r["horizon_min"] == 30}
    assert set(half_hour) == set(learning.QUANTITIES)
    assert half_hour["velos"]["crps"] < 0.85 * half_hour["velos"]["crps_inchange"]
    assert half_hour["velos"]["brier_vide"] < half_hour["velos"]["brier_vide_inchange"]
    assert 0.7 < half_hour["velos"]["couverture"] < 0.9
    old = [{**r, "jour": date(2026, 4, 1)} for r in scores]
    again = modele.work(
        {"mouvements": movements_of(made), "notes": modele.told(modele.SCORES, old + scores)},
        datetime(2026, 4, 17, 2, tzinfo=UTC),
    )
    assert sorted(r["jour"] for r in again["scores"].to_pylist()) == sorted(
        [date(2026, 4, 1)] * len(scores) + [date(2026, 4, 14)] * len(scores)
    )


def test_the_planted_faults_are_told(night: Night) -> None:
    _, tables = night
    told = {(r["station_id"], r["doute"]): r["nombre"] for r in tables["doutes"].to_pylist()}
    assert ("S06", "figée") in told
    assert told["S03", "vélos"] == 2
    assert len(told) <= 3


def test_habits_are_the_shares_of_time(night: Night) -> None:
    made, tables = night
    row = next(
        r
        for r in tables["fiabilite"].to_pylist()
        if (r["station_id"], r["jour"], r["minute"]) == ("S00", "ouvré", 600)
    )
    at, count = made.at_s[made.station == 0], made.count[made.station == 0]
    hits = total = 0
    for day in range(15):
        begin = bikesim.START_S + day * 86_400 + 8 * 3600  # 10:00 in Paris in April
        if (
            day + 2
        ) % 7 >= 5 or day == 5:  # the simulation starts on a Wednesday; 2026-04-06 is Easter Monday
            continue
        for t in range(begin, begin + 3600, 10):
            hits += count[np.searchsorted(at, t, side="right") - 1] > 0
            total += 1
    assert row["avec_velo"] == pytest.approx(hits / total, abs=0.02)


def test_three_days_are_needed_and_less_is_no_error() -> None:
    made = modele.work(
        {"mouvements": movements_of(bikesim.simulate(4, 1, 1))}, datetime(2026, 4, 3, tzinfo=UTC)
    )
    assert {n: t.num_rows for n, t in made.items()} == dict.fromkeys(modele.SERVICE.outputs, 0)
    for name, output in modele.SERVICE.outputs.items():
        service_runs.fitted(made[name], output.schema)


def test_a_station_that_left_the_feed_is_closed_not_still() -> None:
    """Five days unheard while others go on: no hours without a rider since, and no doubt; two days of
    standing still are those of a station that is there.
    """
    said = movements_of(bikesim.simulate(4, 9, 2))
    day = np.asarray(said["flux_du"].cast(pa.int64()).to_numpy()) / 86_400e6
    since = day.max() - day
    ids = np.array(said["station_id"].to_pylist())
    cut = said.filter(pa.array(~((ids == "S00") & (since < 5)) & ~((ids == "S01") & (since < 2))))
    made = learning.ended(cut)
    assert made.schema == cut.schema
    (closing,) = made.slice(cut.num_rows).to_pylist()
    heard = max(r["flux_du"] for r in cut.to_pylist() if r["station_id"] == "S00")
    assert (closing["station_id"], closing["ouverte"], closing["flux_du"] - heard) == (
        "S00",
        False,
        timedelta(days=1),
    )
    assert learning.ended(said).equals(said)
    night = modele.work({"mouvements": cut}, datetime(2026, 4, 11, 1, tzinfo=UTC))
    assert {r["station_id"] for r in night["doutes"].to_pylist() if r["doute"] == "figée"} == {"S01"}


def test_a_feed_that_tells_no_kinds_and_an_archive_without_columns() -> None:
    said = movements_of(bikesim.simulate(6, 8, 4), electric=False)
    bare = said.select(["station_id", "velos", "flux_du"])
    both = modele.work({"archives": bare}, datetime(2026, 4, 10, tzinfo=UTC))
    assert set(both["demande"]["quantite"].to_pylist()) == {"velos"}
    assert set(
        modele.work({"archives": said.drop_columns(["_point"])}, datetime(2026, 4, 10, tzinfo=UTC))[
            "demande"
        ]["quantite"].to_pylist()
    ) == {
        "velos",
        "places",
    }


# --- what a poll forecasts ----------------------------------------------------------------------------------


def readings(made: bikesim.Simulated, at_s: int, **changed: Any) -> pa.Table:
    """A poll of the simulated city."""
    rows = []
    for station, size in enumerate(made.sizes.tolist()):
        at, count = made.at_s[made.station == station], made.count[made.station == station]
        n = int(count[np.searchsorted(at, at_s, side="right") - 1])
        rows.append(
            {
                "station_id": f"S{station:02d}",
                "nom": f"Station {station}",
                "capacite": size,
                "velos": n,
                "mecaniques": n - n // 3,
                "electriques": n // 3,
                "places": size - n,
                "installee": True,
                "prend": True,
                "rend": True,
                "releve_le": datetime.fromtimestamp(at_s - 30, UTC),
                "flux_du": datetime.fromtimestamp(at_s, UTC),
                "_point": {"lon": 3.87 + station / 1000, "lat": 43.61},
                **changed.get(f"S{station:02d}", {}),
            }
        )
    return modele.told(RELEVES, rows)


def test_every_open_station_has_its_chances_at_every_horizon(night: Night) -> None:
    made, tables = night
    at = bikesim.START_S + 15 * 86_400 - 3600
    said = readings(made, at, S02={"prend": False}, S04={"electriques": None, "mecaniques": None})
    found = previsions.work(
        {"releves": said, "demande": tables["demande"], "correction": tables["correction"]},
        datetime.fromtimestamp(at, UTC),
    )["previsions"]
    rows = service_runs.fitted(found, previsions.SERVICE.outputs["previsions"].schema).to_pylist()
    assert {r["station_id"] for r in rows} == {f"S{n:02d}" for n in range(16)} - {"S02"}
    assert sorted({r["horizon_min"] for r in rows}) == [h // 60 for h in HORIZONS_S]
    for row in rows:
        assert 0 <= row["velo"] <= 1
        assert 0 <= row["place"] <= 1
        assert row["velos_bas"] <= row["velos_haut"]
        assert (row["electrique"] is None) == (row["station_id"] == "S04")
        if row["electrique"] is not None:
            assert row["electrique"] <= row["velo"] + 0.1
    soon = {r["station_id"]: r for r in rows if r["horizon_min"] == 5}
    counts = dict(zip(said["station_id"].to_pylist(), said["velos"].to_pylist(), strict=True))
    assert all(soon[s]["velo"] > 0.9 for s in soon if (counts[s] or 0) >= 4)


def test_since_when_a_station_says_the_same_is_carried_from_poll_to_poll(night: Night) -> None:
    made, tables = night
    at = bikesim.START_S + 15 * 86_400 - 3600
    given = {"demande": tables["demande"], "correction": tables["correction"]}
    first = previsions.work({**given, "releves": readings(made, at)}, datetime.fromtimestamp(at, UTC))[
        "previsions"
    ]
    later = readings(made, at, S01={"velos": 7, "mecaniques": 5, "electriques": 2})
    later = later.set_column(
        later.schema.get_field_index("flux_du"),
        "flux_du",
        pa.array([datetime.fromtimestamp(at + 1200, UTC)] * 16, pa.timestamp("us", "UTC")),
    )
    later = later.set_column(
        later.schema.get_field_index("releve_le"),
        "releve_le",
        pa.array([datetime.fromtimestamp(at + 1190, UTC)] * 16, pa.timestamp("us", "UTC")),
    )
    second = previsions.work(
        {**given, "releves": later, "avant": first}, datetime.fromtimestamp(at + 1200, UTC)
    )["previsions"]
    since = {r["station_id"]: r["change_le"].timestamp() - at for r in second.to_pylist()}
    assert since["S00"] == -30
    assert since["S01"] == 1190


# --- the whole way ------------------------------------------------------------------------------------------


@pytest.fixture
def rides(tmp_path: Path) -> Iterator[Rides]:
    with riding(tmp_path / "city", Clock()) as made:
        yield made


def test_of_polls_that_repeat_themselves_only_changes_are_kept(rides: Rides) -> None:
    """An hour of polls: the history of movements holds each station's first row and its changes, and says the
    same as all the polls at any minute.
    """
    said: list[tuple[datetime, str | None, int | None]] = []
    for _ in range(70):
        assert rides.poll() == "up"
        batch = rides.fetch()
        said += [
            (batch.at, s, n)
            for s, n in zip(
                batch.table["station_id"].to_pylist(), batch.table["velos"].to_pylist(), strict=True
            )
        ]
        rides.clock.forward(minutes=1)
    end = START.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    asked = replace(modele.SERVICE, inputs={"m": replace(modele.SERVICE.reads["mouvements"], days=1)})
    kept = service_runs.history(rides.city, asked, "m", rides.clock())
    assert kept is not None
    assert set(kept.column_names) == {*(c.name for c in MOUVEMENTS.columns), "_point"}
    closed = [r for r in kept.to_pylist() if r["flux_du"] < end]
    polled = [r for r in said if r[0] < end]
    assert len(closed) < len(polled) / 2
    of = {s: [r for r in closed if r["station_id"] == s] for s in {s for _, s, _ in polled}}
    for at, station, count in polled:
        told = [r for r in of[station] if r["flux_du"] <= at]
        assert max(told, key=lambda r: r["flux_du"])["velos"] == count


def archive(days: int) -> pa.Table:
    """What an operator kept of the demo city's stations, ten days up to the start of the clock."""
    said = sorted(feed.moments(world.build(), START - timedelta(days=days), START), key=lambda m: m.at)
    rows = [
        {
            "station_id": m.station.id,
            "velos": m.mechanical + m.electric,
            "mecaniques": m.mechanical,
            "electriques": m.electric,
            "places": m.station.capacity - m.mechanical - m.electric,
            "ouverte": True,
            "flux_du": m.at,
            "_point": {"lon": m.station.lon, "lat": m.station.lat},
        }
        for m in said
    ]
    return modele.told(MOUVEMENTS, rows)


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rides]:
    """A city whose operator published an archive of ten days: learned in a night, then polled."""
    with riding(tmp_path_factory.mktemp("velos") / "city", Clock()) as rides:
        city = rides.city
        with city.db.begin() as conn:
            datasets.save_dataset(
                conn,
                Dataset("archive-operateur", "Historique des vélos", "Archive de l’exploitant.", "mobilites"),
            )
            datasets.save_resource(
                conn,
                kept := Resource(
                    "archive-operateur/etats", "archive-operateur", "Archive", schema="historique-velos"
                ),
            )
        live_hours.publish(city, kept, MOUVEMENTS, (live_hours.put(city, archive(10)),), (), what="import")
        service_runs.refresh(city)
        assert rides.poll() == "up"
        yield rides


@pytest.fixture
def site(learned: Rides) -> TestClient:
    return TestClient(create_app(learned.city))


def blocks(site: TestClient, **said: str) -> list[dict[str, Any]]:
    answered = site.get("/services/velos.json", params=said)
    assert answered.status_code == 200, answered.text
    return answered.json()["blocks"]


def table(found: list[dict[str, Any]], title: str) -> dict[str, Any]:
    return next(b for b in found if b["kind"] == "rows" and b["title"].startswith(title))


def corner(learned: Rides, number: int) -> str:
    """Some metres from a station."""
    one = feed.stations(world.build())[number]
    return f"{one.lat + 0.0004:.5f}, {one.lon:.5f}"


def test_a_bike_here_at_nine_and_a_dock_there(site: TestClient, learned: Rides) -> None:
    """The first sentence is the answer: a chance, a station, a walk, a time. Then the dock at the other end;
    then tables, maps, the hours to come and the score.
    """
    asked = {"depart": corner(learned, 4), "arrivee": corner(learned, 30), "heure": "9:05"}
    found = blocks(site, **asked)
    assert found[0]["kind"] == "said"
    assert found[0]["text"].replace("\u00a0", " ").startswith("À 9 h 05, ")
    assert "chances de trouver un vélo à «" in found[0]["text"]
    assert "chances de trouver une place à «" in found[0]["text"], (
        "both ends in one sentence, before each end's own"
    )
    assert any(
        b["kind"] == "said" and b["text"].startswith("À l’arrivée vers 9") and "une place" in b["text"]
        for b in found
    )
    taking, leaving = table(found, "Où prendre"), table(found, "Où laisser")
    assert 1 <= len(taking["rows"]) <= 6
    assert taking["rows"][0]["nom"] in found[0]["text"]
    assert leaving["rows"]
    assert [b["table"] for b in found if b["kind"] == "map"] == [taking["title"], leaving["title"]]
    assert {m["label"] for m in found[[b["kind"] for b in found].index("map")]["marks"]} > {
        r["nom"] for r in taking["rows"]
    }
    curve = next(b for b in found if b["kind"] == "chart")
    assert [r["horizon_min"] for r in curve["rows"]] == [5, 15, 30, 60, 120]
    assert [b["kind"] for b in found].index("figures") < [b["kind"] for b in found].index("chart")
    spaces = str.maketrans("\u00a0\u202f", "  ")
    page = unescape(site.get("/services/velos", params=asked).text).translate(spaces)
    for said in (
        found[0]["text"],
        taking["title"],
        leaving["title"],
        curve["text"],
        taking["rows"][0]["chance"],
    ):
        assert said.translate(spaces) in page, said


def test_the_chances_on_the_page_are_those_of_the_dataset(site: TestClient, learned: Rides) -> None:
    """Half an hour after the feed's moment the page says what `previsions-velos` says for thirty minutes."""
    with learned.city.db.read():
        told = service_runs.present(learned.city, replace(service.SERVICE), "previsions", learned.clock())
    assert told is not None
    half = {r["nom"]: r["velo"] for r in told.to_pylist() if r["horizon_min"] == 30}
    when = (told["flux_du"][0].as_py() + timedelta(minutes=30)).astimezone(ZoneInfo("Europe/Paris"))
    rows = table(blocks(site, depart=corner(learned, 4), heure=f"{when:%H:%M}"), "Où prendre")["rows"]
    for row in rows:
        said = (
            float(
                row["chance"]
                .replace("\u202f", "")
                .replace("\u00a0", "")
                .replace("%", "")
                .replace("<", "")
                .replace(">", "")
                .replace(",", ".")
                .split()[-1]
            )
            / 100
        )
        assert said == pytest.approx(half[row["nom"]], abs=0.03), row


def test_beyond_two_hours_it_speaks_of_habit_and_without_an_hour_of_five_minutes(
    site: TestClient, learned: Rides
) -> None:
    assert "d’habitude un vélo" in blocks(site, depart=corner(learned, 4), heure="18:30")[0]["text"]
    assert (
        blocks(site, depart=corner(learned, 4))[0]["text"].replace("\u00a0", " ").startswith("À 8 h 47, ")
    ), "the clock stands at 8:42"


def test_an_hour_that_is_past_is_that_of_tomorrow_and_said_so(site: TestClient, learned: Rides) -> None:
    said = blocks(site, depart=corner(learned, 4), arrivee=corner(learned, 30), heure="8:30")[0][
        "text"
    ].replace("\u00a0", " ")
    assert said.startswith("D’habitude vers 8 h 30 demain, "), "the clock stands at 8:42"
    page = site.get("/services/velos", params={"depart": corner(learned, 4), "heure": "9:05"}).text
    assert re.search(r'name="heure" value="09:05"', page), "a field of hours takes two digits only"


def test_a_feed_that_went_silent_fades_into_habit(site: TestClient, learned: Rides) -> None:
    """Three hours after the last poll, what a station held then says nothing any more."""
    before = learned.clock.at
    try:
        learned.clock.forward(hours=3)
        assert "d’habitude un vélo" in blocks(site, depart=corner(learned, 4))[0]["text"]
    finally:
        learned.clock.at = before


def test_without_a_place_every_station_is_told_and_mapped(site: TestClient) -> None:
    found = blocks(site, heure="9:10")
    assert "stations sur" in found[0]["text"]
    rows = table(found, "Chances à chaque station")["rows"]
    shown = next(b for b in found if b["kind"] == "map")
    assert len(rows) == len(shown["marks"]) == feed.STATIONS - 2, "neither the closed one nor the silent one"


def test_the_closed_and_the_silent_are_never_proposed(site: TestClient, learned: Rides) -> None:
    drawn = feed.stations(world.build())
    for number in (feed.SILENT, feed.CLOSED):
        names = [
            r["nom"]
            for r in table(blocks(site, depart=corner(learned, number), heure="9:00"), "Où prendre")["rows"]
        ]
        assert names
        assert drawn[number].name not in names


def test_mechanical_and_electric_bikes_have_chances_of_their_own(site: TestClient, learned: Rides) -> None:
    asked = {"depart": corner(learned, 4), "heure": "9:10"}
    every, electric = (
        table(blocks(site, **asked, velo=kind), "Où prendre")["rows"] for kind in ("velo", "electrique")
    )
    assert [(r["nom"], r["chance"]) for r in every] != [(r["nom"], r["chance"]) for r in electric]


def test_a_nearer_and_a_surer_station_are_both_told() -> None:
    """A station at the door with one chance in five, one at seven minutes with nineteen in twenty, and one at
    ten minutes that is as good.
    """
    here = {"lon": 3.87, "lat": 43.61}
    ids = ["proche", "sure", "loin"]
    state = pa.table(
        {
            "station_id": ids,
            "nom": [i.title() for i in ids],
            "etat": ["ok"] * 3,
            "velos": [1, 9, 9],
            "mecaniques": [1, 9, 9],
            "electriques": [0, 0, 0],
            "places": [9, 9, 9],
            "_point": [{"lon": 3.87, "lat": 43.61 + metres / 111_195} for metres in (50, 390, 550)],
        }
    )
    told = pa.table(
        {
            "station_id": ids,
            "nom": ids,
            "horizon_min": [30, 30, 30],
            "velo": [0.2, 0.95, 0.95],
            "mecanique": [0.2, 0.95, 0.95],
            "electrique": [0.1] * 3,
            "place": [0.9] * 3,
            "velos": [0.3, 5.0, 5.0],
            "velos_bas": [0, 3, 3],
            "velos_haut": [1, 7, 7],
            "masse": [0.8] * 3,
            "flux_du": pa.array([START] * 3, pa.timestamp("us", "UTC")),
        }
    )
    asked = Asked(
        {
            "depart": Spot("", here["lon"], here["lat"]),
            "heure": START + timedelta(minutes=30),
            "velo": "velo",
        },
        START,
        START,
        language("fr"),
    )
    texts_ = [b.text for b in answer(asked, {"etat": state, "previsions": told}) if isinstance(b, Said)]
    assert "« Sure », à 7 min" in texts_[0]
    assert texts_[1] == "« Proche » est plus près (1 min), mais 20\u00a0% de chances seulement."
    doubtful = told.set_column(told.schema.get_field_index("velo"), "velo", pa.array([0.7, 0.9, 0.2]))
    texts_ = [b.text for b in answer(asked, {"etat": state, "previsions": doubtful}) if isinstance(b, Said)]
    assert "« Proche », à 1 min" in texts_[0]
    assert texts_[1] == "Plus sûr : « Sure », à 7 min, 90\u00a0% de chances."


def banks() -> tuple[pa.Table, list[tuple[float, float]]]:
    """Two banks of a river, 60 m apart, and one bridge 500 m up: a station on mine at 300 m, one on the other
    just across, and one beside that.
    """
    lon, lat, metre = 3.87, 43.61, 1 / 111_195
    mine, other = (lon, lat), (lon, lat + 60 * metre)
    east = 500 * metre / np.cos(np.radians(lat))
    lines = [
        [mine, (lon + east, lat)],
        [(lon + east, lat), (lon + east, other[1])],
        [other, (lon + east, other[1])],
    ]
    streets = pa.table({"_shape": [shapely.to_wkb(shapely.LineString(one)) for one in lines]})
    return streets, [(lon + 0.6 * east, lat), other, (lon + 0.2 * east, other[1])]


def test_walks_follow_the_streets_where_the_city_publishes_them() -> None:
    """The crow's nearest is over the river, a kilometre away by the bridge; without streets the page says
    that it measures as the crow flies.
    """
    streets, goals = banks()
    ids = ["rive", "enface", "plusloin"]
    state = pa.table(
        {
            "station_id": ids,
            "nom": [i.title() for i in ids],
            "etat": ["ok"] * 3,
            "velos": [9] * 3,
            "mecaniques": [9] * 3,
            "electriques": [0] * 3,
            "places": [9] * 3,
            "_point": [{"lon": lon, "lat": lat} for lon, lat in goals],
        }
    )
    told = pa.table(
        {
            "station_id": ids,
            "nom": ids,
            "horizon_min": [30] * 3,
            "velo": [0.95] * 3,
            "mecanique": [0.95] * 3,
            "electrique": [0.1] * 3,
            "place": [0.9] * 3,
            "velos": [5.0] * 3,
            "velos_bas": [3] * 3,
            "velos_haut": [7] * 3,
            "masse": [0.8] * 3,
            "flux_du": pa.array([START] * 3, pa.timestamp("us", "UTC")),
        }
    )
    asked = Asked(
        {"depart": Spot("", 3.87, 43.61), "heure": START + timedelta(minutes=30), "velo": "velo"},
        START,
        START,
        language("fr"),
    )
    known = pa.table({"station_id": ids, "_point": state["_point"]})
    told_near = {
        streetwise: service_runs.fitted(
            voisines.work({"fiabilite": known} | ({"rues": streets} if streetwise else {}), START)[
                "voisines"
            ],
            voisines.SERVICE.outputs["voisines"].schema,
        )
        for streetwise in (True, False)
    }
    given = {"etat": state, "previsions": told}
    by_streets = answer(asked, given | {"rues": streets, "voisines": told_near[True]})
    crow = answer(asked, given | {"voisines": told_near[False]})
    said, straight = (
        [b.text.replace("\u00a0", " ") for b in found if isinstance(b, Said)] for found in (by_streets, crow)
    )
    assert "« Rive », à 4 min" in said[0], "300 m"
    assert "« Enface », à 1 min" in straight[0], "60 m, and three tenths"
    assert said[1] == "S’il n’y en a plus : « Plusloin », à 9 min de là à pied, 95 % de chances.", (
        "200 m to the bridge, 60 over it, 400 back"
    )
    notes = [next(b.note for b in found if isinstance(b, Rows)) for found in (by_streets, crow)]
    assert notes[0].endswith("par les rues.")
    assert "vol d’oiseau" in notes[1]
    walk = {
        (r["station_id"], r["voisine_id"]): (r["metres"], r["par_les_rues"])
        for r in told_near[True].to_pylist()
    }
    assert walk["rive", "plusloin"] == (pytest.approx(660, abs=3), True)
    assert walk["rive", "plusloin"] == walk["plusloin", "rive"]
    assert not any(r["par_les_rues"] for r in told_near[False].to_pylist())


def test_nobody_is_sent_far_on_foot(site: TestClient) -> None:
    found = blocks(site, depart="43.9, 4.5", heure="9:10")
    assert found[0]["tone"] == "bad"
    assert "Aucune station ouverte" in found[0]["text"]


def test_what_our_chances_were_worth_is_on_the_page(site: TestClient, learned: Rides) -> None:
    rows = table(blocks(site), "Ce que valaient nos prévisions du")["rows"]
    assert {(r["quoi"], r["horizon"]) for r in rows} == {
        (q, h) for q in ("vélos", "places") for h in (15, 30, 60, 120)
    }
    assert all("%" in r["couverture"] and 0 < r["pit"] < 0.2 and r["n"] > 500 for r in rows)


def test_bikes_that_nobody_takes_are_told_beside_the_answer(site: TestClient) -> None:
    rows = table(blocks(site), "Nombres douteux")["rows"]
    broken = feed.stations(world.build())[feed.BROKEN].name
    assert {(r["nom"], r["doute"], r["nombre"]) for r in rows} == {
        (broken, "vélos qui ne partent jamais", feed.BROKEN_BIKES)
    }


def test_forecasts_are_published_with_what_they_stand_on(site: TestClient) -> None:
    found = site.get("/jeux/previsions-velos").text
    assert "Prévisions aux stations de vélos" in found
    for hidden in ("velos-modele", "velos-mouvements", "velos-previsions"):
        assert f"/services/{hidden}" not in site.get("/services").text


# --- words --------------------------------------------------------------------------------------------------


def test_every_sentence_of_the_answer_has_its_english() -> None:
    """Each literal given to `asked.say`, and all that the declarations say."""
    folder = Path(velos.__file__).parent
    said = {
        node.args[0].value
        for file in folder.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "say"
        and isinstance(node.args[0], ast.Constant)
    }
    assert len(said) > 30
    for one in SERVICES:
        english = language("en").of(one.name)
        assert [t for t in texts(one) if not english.knows(t)] == []
    english = language("en").of(service.SERVICE.name)
    assert [t for t in map(str, said) if not english.knows(t)] == []


def test_the_answer_speaks_english(site: TestClient, learned: Rides) -> None:
    page = unescape(
        site.get(
            "/en/services/velos",
            params={"depart": corner(learned, 4), "arrivee": corner(learned, 30), "heure": "9:05"},
        ).text
    )
    assert "chance of a bike at" in page
    assert "Where to leave the bike" in page
    assert "Où prendre" not in page


# --- the bar, on real statuses ------------------------------------------------------------------------------


@pytest.mark.shared
def test_on_a_month_of_real_statuses_it_beats_persistence_by_what_was_promised(shared: Path) -> None:
    """Boston, April 2022: learned on three weeks, tried on the nine days after, same rows for both.
    `bench/bikes.py` has more horizons and boosting beside it.
    """
    real = bikereal.month(shared / "data" / "mobility" / "bluebikes" / "station_status_2022-04.csv.bz2")
    past = real.past("bikes")
    model = bikereal.learn(real, past, fresh=True, horizons_s=(900, 1800, 3600))
    gains = {h: bikereal.compare(real, past, model, h, fresh=True)[0] for h in (900, 1800, 3600)}
    assert gains[1800].none >= 0.25
    assert gains[1800].full >= 0.15
    assert gains[1800].crps >= 0.22
    assert gains[900].rmse >= 0.02
    assert gains[3600].rmse >= 0.10
    assert all(0.78 <= g.covered <= 0.82 for g in gains.values())
    assert all(0.78 <= g.plainly <= 0.82 for g in gains.values()), (
        "whole numbers, their level chosen on the days learned from"
    )
    as_served = bikereal.learn(real, past, fresh=False, level=False)
    held = {
        h: bikereal.compare(real, past, as_served, h, fresh=False, level=False)[0].plainly
        for h in (900, 1800, 3600, 7200)
    }
    assert all(0.78 <= part <= 0.82 for part in held.values()), (
        "however old the records, without the city's level"
    )
    assert all(g.pit < 0.03 for g in gains.values())
