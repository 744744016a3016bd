"""The demo city's bikes: a small GBFS 2.3 server on loopback, whose stations fill and empty with the hour of the day."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
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


@dataclass(frozen=True, slots=True)
class Station:
    """A station of the demo city. pull: how many bikes its riders bring in the morning (> 0: offices; < 0: homes)."""

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
        made.append(Station(f"{100 + number}", shown, round(lon, 6), round(lat, 6), int(rng.integers(10, 31)), float(rng.uniform(-1, 1))))
    return tuple(made)


def bikes(station: Station, seed: int, at: datetime) -> tuple[int, int]:
    """Mechanical and electric bikes at that minute: a function of the minute, so that a restart goes on where it was."""
    hour = at.hour + at.minute / 60
    tide = np.exp(-0.5 * ((hour - 9) / 1.6) ** 2) - np.exp(-0.5 * ((hour - 18.5) / 2) ** 2)
    noise = np.random.default_rng([seed, int(station.id), int(at.timestamp() // 300)]).normal(0, 1.6)
    total = int(np.clip(round(station.capacity * (0.45 + 0.6 * station.pull * float(tide)) + float(noise)), 0, station.capacity))
    return total - total // 3, total // 3


def documents(world: World, base: str, at: datetime) -> Mapping[str, bytes]:
    """The feed at that moment, by file name."""
    known = stations(world)
    stamp = int(at.timestamp())
    head = {"last_updated": stamp, "ttl": 60, "version": "2.3"}
    feeds = [{"name": n, "url": f"{base}/{n}.json"} for n in ("system_information", "station_information", "station_status")]
    information = [{"station_id": s.id, "name": s.name, "lat": s.lat, "lon": s.lon, "capacity": s.capacity} for s in known]
    status: list[object] = []
    for number, station in enumerate(known):
        mechanical, electric = bikes(station, world.seed, at)
        works = number == CLOSED
        status.append(
            {
                "station_id": station.id,
                "num_bikes_available": 0 if works else mechanical + electric,
                "num_bikes_available_types": {"mechanical": 0 if works else mechanical, "ebike": 0 if works else electric},
                "num_docks_available": 0 if works else station.capacity - mechanical - electric,
                "is_installed": True,
                "is_renting": not works,
                "is_returning": not works,
                "last_reported": stamp - (3 * 3600 if number == SILENT else 20 + 7 * number % 90),
            }
        )
    bodies: Mapping[str, object] = {
        "gbfs": {"fr": {"feeds": feeds}},
        "system_information": {"system_id": "rivemont", "language": "fr", "name": "Vélos de Rivemont", "timezone": "Europe/Paris"},
        "station_information": {"stations": information},
        "station_status": {"stations": status},
    }
    return {f"{name}.json": orjson.dumps(head | {"data": data}) for name, data in bodies.items()}


@contextmanager
def serving(world: World, port: int = 0, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Generator[str]:
    """Serve the feed on loopback; yields the address of its gbfs.json. port 0: any that is free."""

    class Feed(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            base = f"http://127.0.0.1:{server.server_port}"
            body = documents(world, base, clock()).get(self.path.lstrip("/"))
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name of the base class)
            """Say nothing: a poll a minute is no news."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Feed)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/gbfs.json"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
