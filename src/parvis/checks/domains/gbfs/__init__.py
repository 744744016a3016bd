"""GBFS, the feeds of shared bikes and other vehicles, versions 1.0 to 3.1: each document by the standard, all
of them together by what they share.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from parvis.checks.domains.declaration import Domain, Example, Package
from parvis.checks.domains.gbfs.notices import NOTICES
from parvis.checks.domains.gbfs.spec import VERSIONS, documents
from parvis.core.late import late

if TYPE_CHECKING:
    from parvis.checks.domains.gbfs.judge import check
else:
    check = late("parvis.checks.domains.gbfs.judge", "check")

_ENVELOPE = re.compile(rb'"(?:ttl|last_updated|lastUpdatedOther)"\s*:')


def recognises(package: Package) -> str | None:
    """Documents with the names of the standard, or one that has its envelope: data, with ttl or last_updated."""
    names = {
        re.sub(r"-[0-9]+$", "", n.rsplit("/", 1)[-1].lower().removesuffix(".json"))
        for n in package.files
        if n.lower().endswith(".json")
    }
    if len(package.files) > 1:
        return (
            ""
            if len(names & documents().keys()) >= 2
            and names & {"gbfs", "station_information", "station_status", "system_information"}
            else None
        )
    path = package.only
    head = package.head(path).lstrip(b"\xef\xbb\xbf \t\r\n") if path is not None else b""
    return (
        "" if head[:1] == b"{" and re.search(rb'"data"\s*:\s*\{', head) and _ENVELOPE.search(head) else None
    )


_STATUS = (
    '{"last_updated": 1796040000, "ttl": 60, "version": "2.3", "data": {"stations": [\n'
    '  {"station_id": "1", "num_bikes_available": 4, "num_docks_available": 6, "is_installed": true, "is_renting": true, "is_returning": true,\n'
    '   "last_reported": 1796039990}]}}\n'
)
_INFORMATION = (
    '{"last_updated": "2026-11-30T12:00:00+01:00", "ttl": 3600, "version": "3.0", "data": {"stations": [\n'
    '  {"station_id": "1", "name": [{"text": "Comédie", "language": "fr"}], "lat": 43.6086, "lon": 3.8797, "capacity": 10}]}}\n'
)


def _status(old: str, new: str) -> dict[str, bytes]:
    return {"station_status.json": _STATUS.replace(old, new).encode()}


GBFS = Domain(
    name="gbfs",
    title="GBFS (vélos et véhicules en libre-service)",
    recognises=recognises,
    check=check,
    notices=NOTICES,
    profiles=("", *(v for v in VERSIONS)),
    examples=(
        Example(
            "l’état d’une station",
            {
                "station_status.json": _STATUS.replace("1796040000", "1795520000")
                .replace("1796039990", "1795519990")
                .encode()
            },
        ),
        Example(
            "une station, version 3.0",
            {"station_information.json": _INFORMATION.replace("2026-11-30", "2026-11-20").encode()},
        ),
        Example(
            "un compte négatif",
            _status('"num_bikes_available": 4', '"num_bikes_available": -4'),
            frozenset({"gbfs-range", "gbfs-future-feed"}),
        ),
        Example(
            "l’heure d’une autre version",
            {
                "station_information.json": _INFORMATION.replace(
                    '"2026-11-30T12:00:00+01:00"', "1795520000"
                ).encode()
            },
            frozenset({"gbfs-type"}),
        ),
    ),
)
