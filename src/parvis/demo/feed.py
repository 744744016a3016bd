"""The demo city's bikes: a small GBFS 2.3 server on loopback, whose riders come and go one by one, at rates
of their own by station and hour.

Each day is drawn from the city's seed, station by station: any minute of any day can be asked for, and a
restart goes on where it was. At night trucks put the stations back to where they start. Planted: a station
that has said nothing for hours, one that is closed, and bikes of one that nobody takes.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import orjson

from parvis.core.types import Contact, Dataset
from parvis.demo.world import INSEE, World, lonlat

DATASET = Dataset(
    id="velos-libre-service",
    title="Vélos en libre-service, relevés du flux",
    description="Ce que le flux de l’exploitant dit de chaque station, minute par minute : vélos mécaniques et électriques, places libres. L’historique se "
    "complète à chaque heure close.",
    publisher="mobilites",
    contact=Contact("Service des données", "donnees@rivemont.example"),
    themes=("TRAN",),
    keywords=("vélo", "libre-service", "temps réel", "gbfs"),
    spatial=INSEE,
    frequency="continuous",
)

STATIONS = 42
SILENT = 7
"""This station has said nothing for hours."""

CLOSED = 19
"""This one is closed for works."""

BROKEN, BROKEN_BIKES = 11, 3
"""At this one so many bikes stand on flat tyres: they are counted, and nobody takes them."""

ZONE = ZoneInfo("Europe/Paris")

NOTHING: Mapping[str, Callable[[datetime], bytes]] = {}


@dataclass(frozen=True, slots=True)
class Station:
    """A station of the demo city. pull: how many bikes its riders bring in the morning (> 0: offices; < 0:
    homes).
    """

    id: str
    name: str
    lon: float
    lat: float
    capacity: int
    pull: float


def stations(world: World) -> tuple[Station, ...]:
    """The stations, drawn from the city's seed."""
    rng = world.rng("bikes")
    made: list[Station] = []
    for number, (x, y, address, _) in enumerate(world.places(rng, STATIONS), 1):
        lon, lat = lonlat(x, y)
        name = address.split(" ", 1)[1]
        shown = f"{name[0].upper()}{name[1:]} {number}"
        made.append(
            Station(
                f"{100 + number}",
                shown,
                round(lon, 6),
                round(lat, 6),
                int(rng.integers(10, 31)),
                float(rng.uniform(-1, 1)),
            )
        )
    return tuple(made)


@dataclass(frozen=True, slots=True)
class Day:
    """What happens at a station from midnight to midnight: seconds since midnight, growing from 0, and from
    then on how many bikes of each kind there are.
    """

    at_s: tuple[int, ...]
    mechanical: tuple[int, ...]
    electric: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """How many bikes a station has from a moment on."""

    at: datetime
    station: Station
    mechanical: int
    electric: int


def rates(station: Station, weekend: bool) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Riders an hour who bring a bike, and who want one, in each hour of the day, local time."""
    hour = np.arange(24) + 0.5
    morning, evening = np.exp(-0.5 * ((hour - 8.7) / 1.1) ** 2), np.exp(-0.5 * ((hour - 18.2) / 1.6) ** 2)
    if weekend:
        morning, evening = 0.25 * morning, 0.5 * evening + 0.5 * np.exp(-0.5 * ((hour - 15) / 2.5) ** 2)
    busy = 0.12 + 0.18 * station.capacity * (0.12 * ((hour > 7) & (hour < 22)) + morning + 0.8 * evening)
    tide = 0.75 * station.pull * (morning - evening)
    return busy * np.clip(1 + tide, 0.1, None), busy * np.clip(1 - tide, 0.1, None)


@lru_cache(maxsize=4096)
def day(station: Station, seed: int, ordinal: int, broken: int) -> Day:
    """One day of a station (ordinal: of `date`), by thinning. broken: mechanical bikes that nobody takes."""
    rng = np.random.default_rng([seed, int(station.id), ordinal])
    brought, wanted = rates(station, date.fromordinal(ordinal).weekday() >= 5)
    most = float((brought + wanted).max())
    at = np.sort(rng.uniform(0, 24, rng.poisson(most * 24)))
    lot, kind = rng.uniform(0, most, len(at)), rng.random(len(at))
    mechanical, electric = max(round(station.capacity * 0.3), broken), round(station.capacity * 0.15)
    told = [(0, mechanical, electric)]
    for t, drawn, which in zip(at.tolist(), lot.tolist(), kind.tolist(), strict=True):
        hour = int(t)
        if drawn < brought[hour] and mechanical + electric < station.capacity:
            mechanical, electric = (mechanical, electric + 1) if which < 0.35 else (mechanical + 1, electric)
        elif brought[hour] <= drawn < brought[hour] + wanted[hour] and mechanical - broken + electric > 0:
            takes_electric = electric > 0 and (mechanical <= broken or which < 0.45)
            mechanical, electric = (
                (mechanical, electric - 1) if takes_electric else (mechanical - 1, electric)
            )
        else:
            continue
        told.append((int(t * 3600), mechanical, electric))
    return Day(*(tuple(v) for v in zip(*told, strict=True)))


def bikes(station: Station, seed: int, at: datetime, broken: int = 0) -> tuple[int, int]:
    """Mechanical and electric bikes at that moment: a function of the moment, so that a restart goes on where
    it was.
    """
    local = at.astimezone(ZONE)
    today = day(station, seed, local.toordinal(), broken)
    last = bisect_right(today.at_s, local.hour * 3600 + local.minute * 60 + local.second) - 1
    return today.mechanical[last], today.electric[last]


def moments(world: World, since: datetime, until: datetime) -> Iterator[Moment]:
    """Every moment between two at which a station had another number of bikes, and each midnight, station by
    station.

    The silent station and the closed one say nothing.
    """
    first, last = since.astimezone(ZONE).date(), until.astimezone(ZONE).date()
    for number, station in enumerate(stations(world)):
        if number in (SILENT, CLOSED):
            continue
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            midnight = datetime.combine(date.fromordinal(ordinal), time(), ZONE).astimezone(UTC)
            today = day(station, world.seed, ordinal, _broken(number))
            for at_s, mechanical, electric in zip(today.at_s, today.mechanical, today.electric, strict=True):
                when = midnight + timedelta(seconds=at_s)
                if since <= when < until:
                    yield Moment(when, station, mechanical, electric)


def _broken(number: int) -> int:
    return BROKEN_BIKES if number == BROKEN else 0


def documents(world: World, base: str, at: datetime) -> Mapping[str, bytes]:
    """The feed at that moment, by file name."""
    known = stations(world)
    stamp = int(at.timestamp())
    head = {"last_updated": stamp, "ttl": 60, "version": "2.3"}
    feeds = [
        {"name": n, "url": f"{base}/{n}.json"}
        for n in ("system_information", "station_information", "station_status")
    ]
    information = [
        {"station_id": s.id, "name": s.name, "lat": s.lat, "lon": s.lon, "capacity": s.capacity}
        for s in known
    ]
    status: list[object] = []
    for number, station in enumerate(known):
        mechanical, electric = bikes(station, world.seed, at, _broken(number))
        works = number == CLOSED
        status.append(
            {
                "station_id": station.id,
                "num_bikes_available": 0 if works else mechanical + electric,
                "num_bikes_available_types": {
                    "mechanical": 0 if works else mechanical,
                    "ebike": 0 if works else electric,
                },
                "num_docks_available": 0 if works else station.capacity - mechanical - electric,
                "is_installed": True,
                "is_renting": not works,
                "is_returning": not works,
                "last_reported": stamp - (3 * 3600 if number == SILENT else 20 + 7 * number % 90),
            }
        )
    bodies: Mapping[str, object] = {
        "gbfs": {"fr": {"feeds": feeds}},
        "system_information": {
            "system_id": "rivemont",
            "language": "fr",
            "name": "Vélos de Rivemont",
            "timezone": "Europe/Paris",
        },
        "station_information": {"stations": information},
        "station_status": {"stations": status},
    }
    return {f"{name}.json": orjson.dumps(head | {"data": data}) for name, data in bodies.items()}


@contextmanager
def serving(
    world: World,
    port: int = 0,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    beside: Mapping[str, Callable[[datetime], bytes]] = NOTHING,
) -> Generator[str]:
    """Serve the feed on loopback; yields the address of its gbfs.json. port 0: any that is free; beside:
    other documents of a moment, by file name.
    """

    class Feed(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            base = f"http://127.0.0.1:{server.server_port}"
            name = self.path.lstrip("/")
            body = beside[name](clock()) if name in beside else documents(world, base, clock()).get(name)
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing: a poll a minute is no news."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Feed)
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/gbfs.json"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
