"""Where a zone is: its clock."""

from __future__ import annotations

from zoneinfo import ZoneInfo

OVERSEAS = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "976": "Indian/Mayotte",
}


def zone_of(insee: str) -> ZoneInfo:
    """The time zone of a commune or EPCI by its INSEE code: the legal day is that of the place. Mainland France for "" and for a SIREN.

    >>> zone_of("97411").key, zone_of("34990").key
    ('Indian/Reunion', 'Europe/Paris')
    """
    return ZoneInfo(OVERSEAS.get(insee[:3], "Europe/Paris") if len(insee) == 5 else "Europe/Paris")
