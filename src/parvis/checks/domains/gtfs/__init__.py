"""GTFS, timetables of public transport: the notices of the canonical validator, over files of any size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parvis.checks.domains.declaration import Domain, Example, Package
from parvis.checks.domains.gtfs.notices import NOTICES
from parvis.core.late import late

if TYPE_CHECKING:
    from parvis.checks.domains.gtfs.feed import check
else:
    check = late("parvis.checks.domains.gtfs.feed", "check")

_SIGNS = ("routes.txt", "trips.txt", "stop_times.txt")


def recognises(package: Package) -> str | None:
    """Stops and trips, routes or stop times in one folder."""
    beside = package.below("stops.txt")
    return "" if any(sign in beside for sign in _SIGNS) else None


_GOOD = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\n1,Réseau,https://example.org/,Europe/Paris\n",
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\nA,Comédie,43.61,3.87\nB,Foch,43.60,3.86\n",
    "routes.txt": "route_id,agency_id,route_short_name,route_type\nL1,1,T1,0\n",
    "trips.txt": "route_id,service_id,trip_id\nL1,s,t\n",
    "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nt,24:58:00,25:00:00,A,1\nt,25:05:00,25:05:00,B,2\n",
    "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\ns,1,1,1,1,1,1,1,20260101,20261231\n",
    "feed_info.txt": "feed_publisher_name,feed_publisher_url,feed_lang,feed_start_date,feed_end_date,feed_version,feed_contact_email\n"
    "Ville,https://example.org/,fr,20260101,20261231,1,a@example.org\n",
}


def _feed(**changed: str) -> dict[str, bytes]:
    return {name: changed.get(name.removesuffix(".txt"), text).encode() for name, text in _GOOD.items()}


GTFS = Domain(
    name="gtfs",
    title="GTFS (horaires de transport)",
    recognises=recognises,
    check=check,
    notices=NOTICES,
    examples=(
        Example("un réseau sans défaut", _feed()),
        Example(
            "un arrêt sans position",
            _feed(stops=_GOOD["stops.txt"].replace("43.60,3.86", ",")),
            frozenset({"stop_without_location"}),
        ),
        Example(
            "une ligne trop courte",
            _feed(stops=_GOOD["stops.txt"] + "C,Antigone\n"),
            frozenset({"invalid_row_length"}),
        ),
        Example(
            "un renvoi perdu",
            _feed(trips=_GOOD["trips.txt"].replace("L1,", "L2,")),
            frozenset({"foreign_key_violation"}),
        ),
        Example(
            "minuit mal écrit",
            _feed(stop_times=_GOOD["stop_times.txt"].replace("25:05:00,25:05:00", "00:05:00,00:05:00")),
            frozenset({"stop_time_with_arrival_before_previous_departure_time"}),
        ),
    ),
)
