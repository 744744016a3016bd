"""Free places as operators and towns publish them, in JSON or as DATEX II, as rows of `FREE`.

No national schema says how live places are written; the lists met with are those of the data model OffStreetParking
of NGSI (whole entities or plain values), the API of Opendatasoft (both of its versions), GeoJSON, and a plain
list. `NAMES` holds what the fields are called in them. DATEX II has its reader in `datex`; its table of parks may be at
an address of its own, after a space in the source.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

import httpx
import orjson
import pyarrow as pa

from parvis.core.arrow import arrow_table
from parvis.core.errors import Unreadable
from parvis.core.types import POINT
from parvis.harvest import asking
from parvis.services.declaration import Batch, Feed
from parvis.services.stationnement import datex
from parvis.services.stationnement.schemas import FREE

PARIS = ZoneInfo("Europe/Paris")
AHEAD = timedelta(minutes=10)
"""A count dated so far ahead of us is dated by nobody."""

NAMES: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "idobj", "grp_identifiant", "identifiant", "ident", "key", "code"),
    "nom": ("nom", "name", "grp_nom", "libelle", "key"),
    "libres": ("libres", "availableSpotNumber", "grp_disponible", "places_libres", "nb_places_libres", "disponible", "free"),
    "total": ("total", "totalSpotNumber", "grp_exploitation", "places_totales", "nb_places", "capacite", "max"),
    "ouvert": ("ouvert", "status", "statut", "grp_statut", "etat"),
    "releve_le": ("releve_le", "observationDateTime", "dateObserved", "grp_horodatage", "horodatage", "last_update", "mdate", "dateModified"),
    "place": ("location", "geo_point_2d", "geo", "position", "geometry"),
}  # fmt: skip
"""What a column is called, the first that is there."""

OPEN = {
    **dict.fromkeys(("true", "1", "open", "opennormalusage", "ouvert", "libre", "complet", "full"), True),
    **dict.fromkeys(
        ("false", "0", "closed", "closedabnormal", "ferme", "fermé", "abonnes", "abonnés"), False
    ),
}
"""Words for a park that lets in or not: one that is full is open."""
GROUP = {"5": True, "1": False, "2": False}
"""Figures of `grp_statut`: open, closed, for subscribers alone."""


def fetch(client: httpx.Client, url: str, pause: Callable[[float], None]) -> Batch:
    """One poll. url: an address, or two with a space between: DATEX II statuses, then the table of parks. Raises
    SourceDown, Unreadable.
    """
    first, *others = (asking.get(client, one, pause) for one in url.split())
    return batch(first, datetime.now(UTC), *others)


PLACES = Feed("stationnement", "Places libres des parcs de stationnement", fetch, places=("nom",))


def batch(document: bytes, now: datetime, *others: bytes) -> Batch:
    """The parks of a document. now: a moment later than this is none of a count, and where nothing is dated it is
    the moment of the feed. others: tables of DATEX II that stand apart. Raises Unreadable where no park has an
    identifier and a number.
    """
    if datex.is_xml(document):
        records = datex.records(document, *others)
    else:
        try:
            records = [*_records(orjson.loads(document))]
        except orjson.JSONDecodeError as wrong:
            raise Unreadable("Le flux des parcs n’est ni du JSON ni du XML.") from wrong
    rows = {str(row["id"]): row for one in records if (row := _row(one, now)) is not None}
    if not rows:
        raise Unreadable(
            "Le flux ne donne aucun parc avec son identifiant et son nombre de places libres.",
            mend="Attendus : une liste JSON, et des champs comme id et libres, ou availableSpotNumber du modèle OffStreetParking ; "
            "ou une publication DATEX II de parcs, avec leurs places libres.",
        )
    at = max((m for r in rows.values() if isinstance(m := r["releve_le"], datetime)), default=now)
    table = arrow_table(FREE, [row | {"flux_du": at} for _, row in sorted(rows.items())])
    return Batch(at, table, FREE)


def empty() -> pa.Table:
    """No park at all."""
    return arrow_table(FREE, [])


def _records(body: object) -> Iterator[Mapping[str, object]]:
    """The records of any of the forms, flat: what is nested in `fields` or `properties` beside what is not."""
    if isinstance(body, dict):
        whole = cast("Mapping[str, object]", body)
        inner = next(
            (whole[k] for k in ("results", "records", "features", "data") if isinstance(whole.get(k), list)),
            [whole],
        )
    else:
        inner = body
    for one in cast("list[object]", inner) if isinstance(inner, list) else ():
        if isinstance(one, dict):
            record = cast("Mapping[str, object]", one)
            nested = next(
                (record[k] for k in ("fields", "properties") if isinstance(record.get(k), dict)), {}
            )
            yield {**record, **cast("Mapping[str, object]", nested)}


def _row(record: Mapping[str, object], now: datetime) -> dict[str, object] | None:
    """A park; None where it has no identifier, or no number."""
    values = {name: _value(record, names) for name, names in NAMES.items()}
    free, number = _whole(values["libres"]), values["id"]
    if free is None or number is None or not str(number).strip():
        return None
    at = _moment(values["releve_le"])
    return {
        "id": str(number).strip(),
        "nom": str(values["nom"] or number).strip(),
        "libres": free,
        "total": _whole(values["total"]),
        "ouvert": _open(record, values["ouvert"]),
        "releve_le": None if at is None or at > now + AHEAD else at,
        POINT: _point(values["place"]),
    }


def _open(record: Mapping[str, object], value: object) -> bool | None:
    words = GROUP if "grp_statut" in record else OPEN
    return words.get(str(value).strip().lower().replace(" ", ""))


def _value(record: Mapping[str, object], names: tuple[str, ...]) -> object:
    """The first of these fields that says something; an NGSI property says it in its `value`."""
    for name in names:
        one = record.get(name)
        if isinstance(one, dict) and "value" in one:
            one = cast("Mapping[str, object]", one)["value"]
        if isinstance(one, dict) and "@value" in one:
            one = cast("Mapping[str, object]", one)["@value"]
        if isinstance(one, list) and name in NAMES["ouvert"]:
            one = next(iter(cast("list[object]", one)), None)
        if one not in (None, ""):
            return one
    return None


def _whole(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    try:
        number = float(str(value).replace(",", "."))
    except ValueError:
        return None
    return round(number) if math.isfinite(number) else None


def _moment(value: object) -> datetime | None:
    """A stamp with its zone; one without is local."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=PARIS)).astimezone(UTC)


def _point(value: object) -> Mapping[str, float] | None:
    """Of {lon, lat}, of a GeoJSON point (lon, lat), or of [lat, lon] as Opendatasoft's first API writes it."""
    if isinstance(value, dict):
        place = cast("Mapping[str, object]", value)
        pair = place.get("coordinates")
        lon, lat = (
            cast("list[object]", pair)[:2]
            if isinstance(pair, list) and len(cast("list[object]", pair)) > 1
            else (place.get("lon"), place.get("lat"))
        )
    elif isinstance(value, list) and len(cast("list[object]", value)) == 2:
        lat, lon = cast("list[object]", value)
    else:
        return None
    if (
        not isinstance(lon, int | float)
        or not isinstance(lat, int | float)
        or abs(lon) > 180
        or abs(lat) > 90
    ):
        return None
    return {"lon": float(lon), "lat": float(lat)}
