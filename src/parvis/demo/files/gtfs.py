"""Buses: a GTFS archive."""

from __future__ import annotations

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import NAME, World, lonlat
from parvis.demo.writing import text_table, zipped

LINES = (
    ("A", "Gare – Université", "1F6F8B"),
    ("B", "Port-Neuf – Les Coteaux", "C8553D"),
    ("C", "Saint-Aubin – La Plaine", "588157"),
)


def write(world: World) -> tuple[bytes, Truth]:
    """Three lines of twelve stops, a bus every quarter of an hour."""
    rng = world.rng("gtfs")
    begins, ends = world.days.season
    stops: list[list[str]] = []
    trips: list[list[str]] = []
    times: list[list[str | int]] = []
    for line, (name, _, _) in enumerate(LINES):
        for order, (x, y, address, _) in enumerate(
            sorted(world.places(rng, 12), key=lambda p: p[line % 2]), 1
        ):
            lon, lat = lonlat(x, y)
            stops.append(
                [f"{name}{order:02d}", address.split(" ", 1)[1].capitalize(), f"{lat:.6f}", f"{lon:.6f}"]
            )
        for run in range(56):
            trip = f"{name}-{run:02d}"
            trips.append([f"L{name}", "SEM", trip, LINES[line][1].split(" – ")[1]])
            start = 6 * 60 + 15 * run
            for order in range(1, 13):
                clock = start + 3 * (order - 1)
                times.append(
                    [
                        trip,
                        f"{clock // 60:02d}:{clock % 60:02d}:00",
                        f"{clock // 60:02d}:{clock % 60:02d}:00",
                        f"{name}{order:02d}",
                        order,
                    ]
                )
    members = {
        "agency.txt": text_table(
            ["agency_id", "agency_name", "agency_url", "agency_timezone"],
            [["TR", f"Bus de {NAME}", "https://bus.rivemont.example", "Europe/Paris"]],
            separator=",",
        ),
        "stops.txt": text_table(["stop_id", "stop_name", "stop_lat", "stop_lon"], stops, separator=","),
        "routes.txt": text_table(
            ["route_id", "route_short_name", "route_long_name", "route_type", "route_color"],
            [[f"L{n}", n, t, "3", c] for n, t, c in LINES],
            separator=",",
        ),
        "trips.txt": text_table(["route_id", "service_id", "trip_id", "trip_headsign"], trips, separator=","),
        "stop_times.txt": text_table(
            ["trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence"], times, separator=","
        ),
        "calendar.txt": text_table(
            [
                "service_id",
                "monday",
                "tuesday",
                "wednesday",
                "thursday",
                "friday",
                "saturday",
                "sunday",
                "start_date",
                "end_date",
            ],
            [["SEM", 1, 1, 1, 1, 1, 0, 0, f"{begins:%Y%m%d}", f"{ends:%Y%m%d}"]],
            separator=",",
        ),
    }
    return zipped(members), Truth(
        "gtfs",
        encoding="utf-8",
        separator=",",
        header_row=1,
        rows=len(stops),
        types={"stop_id": "text", "stop_lat": "number", "stop_lon": "number"},
        geometry="point",
    )


FILE = RawFile(
    "gtfs_rivemont.zip",
    "Horaires des bus (GTFS)",
    Dossier(
        "horaires-bus",
        "Arrêts et horaires des bus",
        "Arrêts, lignes et horaires théoriques des bus de Rivemont, de septembre à juin, au format GTFS. Les jours fériés ne sont pas "
        "encore décrits.",
        "bus",
        ("TRAN",),
        ("bus", "transport en commun", "horaire", "arrêt"),
        "semiannual",
        resource="Arrêts",
        about="Arrêts, lignes, courses, horaires et calendrier au format GTFS.",
    ),
    write,
)
