"""The hourly feed of the air: every dialect in which associations serve it, what is refused and why, what is
kept of answers that repeat themselves, and that the service says the same of a feed as of a file.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import orjson
import pyarrow as pa
import pytest

from parvis.cli.init import create
from parvis.core import settings
from parvis.core.errors import SourceDown, Unreadable
from parvis.core.types import PUBLIC, Organisation, Resource
from parvis.demo import air, feed, world
from parvis.publication.city import City, open_city
from parvis.services.air.batch import AIR, batch
from parvis.services.air.compute import work
from parvis.services.air.schemas import RELEVES
from parvis.services.air.service import SERVICE
from parvis.store import datasets, versions
from parvis.store import live as rows
from parvis.work import polling, service_runs
from tests.services.air import airtown

PARIS = ZoneInfo("Europe/Paris")
ONE = {
    "code_station": "FR1",
    "nom_station": "Centre",
    "typologie": "Urbaine",
    "nom_poll": "PM10",
    "date_debut": "2026-01-20T08:00:00+01:00",
    "valeur": 41.5,
    "unite": "ug.m-3",
}
"""A record, as everybody agrees to write it, but for its wrapping."""


def document(said: object) -> bytes:
    return orjson.dumps(said)


@pytest.mark.parametrize(
    ("body", "zone", "ending"),
    [
        (document([ONE]), None, False),
        (document({"results": [ONE | {"geo_point_2d": {"lon": 3.87, "lat": 43.61}}]}), None, False),
        (
            document(
                {
                    "type": "FeatureCollection",
                    "features": [
                        {
                            "type": "Feature",
                            "properties": ONE,
                            "geometry": {"type": "Point", "coordinates": [3.87, 43.61]},
                        }
                    ],
                }
            ),
            None,
            False,
        ),
        (
            document(
                {
                    "features": [
                        {
                            "attributes": ONE | {"date_debut": 1768892400000},
                            "geometry": {"x": 3.87, "y": 43.61},
                        }
                    ]
                }
            ),
            None,
            False,
        ),
        (
            document(
                [
                    {
                        "fields": {
                            "cd_sttn": "FR1",
                            "nm_sttn": "Centre",
                            "nom_pll": "PM10",
                            "dat_dbt": "2026-01-20 08:00:00",
                            "valeur": 41.5,
                            "unite": "ug.m-3",
                        }
                    }
                ]
            ),
            PARIS,
            False,
        ),
        (
            "code site;nom site;Polluant;Date de début;valeur;unité de mesure;validité\r\nFR1;Centre;PM10;2026/01/20 07:00:00;41,5;µg-m3;1\r\n".encode(
                "cp1252"
            ),
            UTC,
            False,
        ),
        ("\ufeffStation,Date et heure,PM10 (µg/m³)\nFR1,20/01/2026 09:00,41.5\n".encode(), PARIS, True),
        (
            document(
                [
                    ONE,
                    ONE | {"nom_poll": "CO"},
                    ONE | {"code_station": None},
                    ONE | {"date_debut": "hier"},
                    {"autre": 1},
                    3,
                ]
            ),
            None,
            False,
        ),
        (
            document(
                [
                    ONE
                    | {"date_debut": "20/01/2026 8h00", "nom_poll": "Particules en suspension PM 10 (PM10)"},
                    ONE | {"nom_poll": "Plomb dans PM10"},
                ]
            ),
            PARIS,
            False,
        ),
        (document([ONE | {"date_debut": "2026-01-20 07:00:00 UTC", "nom_poll": "PM₁₀"}]), PARIS, False),
    ],
    ids=[
        "list",
        "explore",
        "geojson",
        "arcgis",
        "explore 1",
        "lcsqa",
        "a column a pollutant",
        "strangers left out",
        "8h, its name at length",
        "UTC said",
    ],
)
def test_one_measure_said_in_every_dialect(body: bytes, zone: ZoneInfo | None, ending: bool) -> None:
    at, table = batch(body, zone=zone, ending=ending)
    (row,) = table.to_pylist()
    assert at == datetime(2026, 1, 20, 8, tzinfo=UTC), "the end of the hour"
    assert (row["id_station"], row["polluant"], row["date_debut"], row["valeur"]) == (
        "FR1",
        "pm10",
        at - timedelta(hours=1),
        41.5,
    )
    assert service_runs.fitted(table, RELEVES).num_rows == 1


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<html><body>503</body></html>", "ni du JSON, ni un texte en colonnes"),
        (document([ONE])[:-9], "coup\u00e9e"),
        (document({"error": {"code": 400}}), "sans liste de mesures"),
        (document([ONE | {"date_debut": "2026-01-20 08:00:00"}]), "pas de fuseau"),
        (document([ONE | {"valeur": None}]), "aucune mesure"),
        (document([]), "aucune mesure"),
        (b"nom;prix\r\nA;1\r\n", "aucune mesure"),
        (b"", "ni du JSON, ni un texte en colonnes"),
    ],
)
def test_what_is_no_list_of_measures_is_refused_with_a_reason(body: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        batch(body)


def test_what_is_old_is_left_out() -> None:
    late = [ONE | {"date_debut": f"2026-01-{d}T08:00:00Z"} for d in (10, 18, 19, 20)]
    assert [r["date_debut"].day for r in batch(document(late))[1].to_pylist()] == [19, 20]


# --- polled -------------------------------------------------------------------------------------------------


@dataclass
class Clock:
    """Moved by hand."""

    at: datetime = datetime(2026, 11, 25, 7, 42, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Polled:
    """A city whose air is polled. answers: what the source says instead of the demo's, while there is any."""

    city: City
    clock: Clock
    resource: Resource
    client: httpx.Client
    instead: list[bytes]

    def poll(self) -> str:
        return polling.poll(
            self.city, self.resource, lambda: polling.fetch(self.client, self.resource, threading.Event())
        ).state

    def kept(self) -> list[dict[str, object]]:
        """All that is kept."""
        table = service_runs.history(self.city, SERVICE, "releves", self.clock())
        return table.to_pylist() if table is not None else []


@pytest.fixture
def polled(tmp_path: Path) -> Iterator[Polled]:
    create(tmp_path / "ville", "Rivemont")
    clock, instead, drawn = Clock(), list[bytes](), world.build()
    city = open_city(settings.load(tmp_path / "ville", {}), clock=clock)
    said = {"air.geojson": lambda at: instead[0] if instead else air.document(drawn, at, date(2026, 11, 25))}
    with feed.serving(drawn, clock=clock, beside=said) as url, httpx.Client(timeout=5) as client:
        resource = air.live(url.replace("gbfs.json", "air.geojson"))
        with city.db.begin() as conn:
            datasets.save_organisation(conn, Organisation("environnement", "Environnement"))
            datasets.save_dataset(conn, air.DATASET)
            datasets.save_resource(conn, resource)
        yield Polled(city, clock, resource, client, instead)
    city.db.close()


def test_each_measure_is_kept_once_and_again_when_it_changes(polled: Polled) -> None:
    assert polled.poll() == "up"
    first = polled.kept()
    assert len(first) == 48 * len(air.STATIONS) * 2
    polled.clock.at += timedelta(minutes=10)
    assert polled.poll() == "up"
    assert polled.kept() == first, "the same hour again"
    polled.clock.at += timedelta(hours=1)
    said = orjson.loads(air.document(world.build(), polled.clock.at, date(2026, 11, 25)))
    said["features"][5]["properties"]["valeur"] = 123.4
    polled.instead.append(orjson.dumps(said))
    assert polled.poll() == "up"
    news = polled.kept()[len(first) :]
    assert len(news) == len(air.STATIONS) * 2 + 1, "an hour more, and what was corrected"
    assert [r["valeur"] for r in news].count(123.4) == 1
    with polled.city.db.read() as conn:
        assert [s.span for s in rows.closed(conn, polled.resource.id)] == ["hour"]


def test_how_the_feed_goes_is_told(polled: Polled) -> None:
    assert polled.poll() == "up"
    frozen = air.document(world.build(), polled.clock.at, date(2026, 11, 25))
    polled.instead.append(frozen)
    polled.clock.at += timedelta(hours=2)
    assert polled.poll() == "up", "an hour is published some time after it is over"
    polled.clock.at += timedelta(hours=2)
    assert polled.poll() == "stale"
    polled.instead[0] = frozen[:-40]
    assert polled.poll() == "malformed"
    polled.instead[0] = document([ONE | {"date_debut": "2126-01-20T08:00:00Z"}])
    assert polled.poll() == "malformed", "kept, it would bar all that comes in a hundred years"
    with polled.city.db.read() as conn:
        assert "à venir" in rows.feed(conn, polled.resource.id).message  # type: ignore[union-attr]
    polled.instead.clear()
    assert polled.poll() == "up"
    gone = Resource(
        polled.resource.id,
        "stations-air",
        "Mesures",
        source="http://127.0.0.1:9/rien",
        reader="air",
        every_s=600,
    )
    with pytest.raises(SourceDown):
        AIR.fetch(polled.client, gone.source, lambda _: None)


def test_the_service_computes_from_the_feed_alone(polled: Polled) -> None:
    polled.poll()
    service_runs.refresh(polled.city)
    with polled.city.db.read() as conn:
        assert versions.served(conn, "indice-air/indice", PUBLIC) is not None
    found = service_runs.history(polled.city, SERVICE, "releves", polled.clock())
    made = work({"releves": found}, polled.clock())  # type: ignore[dict-item]
    known = {
        r["jour"]: (r["niveau"], r["connu"])
        for r in made["procedures"].to_pylist()
        if r["polluant"] == "pm10"
    }
    assert known[date(2026, 11, 24)] == (1, "mesuré"), (
        "the episode was planted on the two days up to the one on which the demo is built"
    )


def test_a_feed_says_what_a_file_says() -> None:
    """The same two days as a file, as a feed, and half as each."""
    file = airtown.table(days=2, episode=(60.0,))
    said = [
        {
            "code_station": r["station"],
            "nom_station": r["nom_station"],
            "typologie": r["typologie"],
            "nom_poll": r["polluant"],
            "date_debut": r["debut"],
            "valeur": r["valeur"],
            "insee_com": r["code_zone"],
            "nom_com": r["lib_zone"],
            "lon": r["_point"]["lon"],
            "lat": r["_point"]["lat"],
        }
        for r in file.to_pylist()
    ]
    _, polled = batch(orjson.dumps(said))
    middle = airtown.NOW - timedelta(hours=24)
    before = file.filter(pa.array([r < middle for r in file["debut"].to_pylist()]))
    after = polled.filter(pa.array([r >= middle for r in polled["date_debut"].to_pylist()]))
    found = [
        work(tables, airtown.NOW)
        for tables in ({"mesures": file}, {"releves": polled}, {"mesures": before, "releves": after})
    ]
    assert found[0]["procedures"].num_rows
    for name in SERVICE.outputs:
        assert found[0][name].to_pylist() == found[1][name].to_pylist() == found[2][name].to_pylist(), name


def test_a_measure_that_is_taken_back_no_longer_counts() -> None:
    hours = [
        ONE | {"date_debut": f"2026-01-19T{h:02d}:00:00+01:00", "valeur": 60.0, "validite": "brute"}
        for h in range(24)
    ]
    _, first = batch(orjson.dumps(hours))
    _, again = batch(orjson.dumps([one | {"validite": "invalide"} for one in hours[:12]] + hours[12:]))
    said = {
        len(t): work({"releves": pa.concat_tables(t)}, airtown.NOW)["procedures"].to_pylist()
        for t in ([first], [first, again])
    }
    levels = {
        n: next((r["niveau"] for r in found if r["jour"] == date(2026, 1, 19)), None)
        for n, found in said.items()
    }
    assert levels == {1: 1, 2: None}, "half a day is too little to say anything"


def test_hours_written_as_24_and_what_a_logger_writes_for_nothing() -> None:
    """« 24:00 » is the midnight after, whichever end of the hour it names; 9999 and -999 are no measures, and
    no alert.
    """
    for form in ("2026-01-19 24:00", "19/01/2026 24:00:00", "19/01/2026 24h"):
        at, table = batch(document([ONE | {"date_debut": form}]), zone=PARIS, ending=True)
        assert (at, table["date_debut"].to_pylist()) == (
            datetime(2026, 1, 19, 23, tzinfo=UTC),
            [datetime(2026, 1, 19, 22, tzinfo=UTC)],
        )
    hours = [
        ONE | {"date_debut": f"2026-01-19T{h:02d}:00:00+01:00", "valeur": {3: 9999, 4: -999}.get(h, 20.0)}
        for h in range(24)
    ]
    found = work({"releves": batch(document(hours))[1]}, airtown.NOW)["procedures"].to_pylist()
    assert {
        (r["jour"], r["niveau"]) for r in found if r["polluant"] == "pm10" and r["connu"] == "mesuré"
    } == {(date(2026, 1, 19), 0)}


def test_without_any_measure_nothing_is_said() -> None:
    assert work({}, airtown.NOW) == {}
