"""The hourly measures of stations as French associations serve them, polled: JSON, GeoJSON or CSV, the last
hours in each answer.

    [{"code_station": …, "nom_poll": …, "date_debut": …, "valeur": …}]    a list, or one under a name of
    `LISTS`, each with its parts under one of `PARTS`
    code site;Polluant;Date de début;valeur;unité de mesure               a delimited text, of which the
    hourly files of the LCSQA are one

Columns are known by the names of `measures.COLUMNS`, or one a pollutant. An address may end in what the
source does not say of its hours, which is not sent to it: `#fuseau=Europe/Paris` or `#fuseau=UTC` for hours
without a zone, `#heure=fin` where a stamp names the end of its hour.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, cast
from urllib.parse import parse_qsl, urldefrag
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import httpx
import orjson
import pyarrow as pa

from parvis.core.errors import Unreadable
from parvis.core.sentence import Sentence
from parvis.harvest import asking
from parvis.services.air import measures
from parvis.services.air.schemas import RELEVES
from parvis.services.declaration import Batch, Feed

REPEATED = timedelta(hours=48)
"""Hours before the end of an answer that are taken from it, repeated or not: corrections of older hours come
with the validated files.
"""

LISTS = ("features", "results", "records", "data", "value")
PARTS = ("properties", "attributes", "fields")
EMPTY = ("", "na", "nan", "null", "n/a", "-")
SECONDS = (1_000_000_000, 4_000_000_000)
"""Between these a number is a count of seconds since 1970 (2001 to 2096), a thousand times as much one of
milliseconds; any other is no moment.
"""

FORMS = (
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y %Hh",
    "%d/%m/%Y %Hh%M",
    "%Y-%m-%d %Hh",
    "%Y-%m-%d %Hh%M",
)
_MIDNIGHT = re.compile(r"(?<=[ T])24(?=[:h]00|h$)")
_UNIVERSAL = re.compile(r" ?(?:UTC|GMT|TU)$")

Record = Mapping[str, object]
Row = Mapping[str, Any]
"""A value a column of `RELEVES`, and its point."""


def fetch(client: httpx.Client, url: str, pause: Callable[[float], None]) -> Batch:
    """One poll. Raises SourceDown, Unreadable."""
    address, fragment = urldefrag(url)
    options = dict(parse_qsl(fragment))
    at, table = batch(
        asking.get(client, address, pause),
        zone=zone_named(options.get("fuseau", "")),
        ending=options.get("heure") == "fin",
    )
    return Batch(at, table, RELEVES)


AIR = Feed(
    "air",
    "Mesures horaires de la qualité de l’air, en JSON, GeoJSON ou CSV",
    fetch,
    stale=timedelta(hours=3),
    repeats=REPEATED + timedelta(hours=1),
    places=("nom_station",),
)


def batch(body: bytes, *, zone: ZoneInfo | None = None, ending: bool = False) -> tuple[datetime, pa.Table]:
    """The end of the last hour that was heard, and the rows of the hours before it in the columns of
    `RELEVES`, in order of time.

    zone: that of hours without one; ending: stamps name the end of the hour. Raises Unreadable when this is
    no list of measures, or says none that is known.
    """
    rows = [
        row
        for record in _records(body)
        for row in _rows(record, zone, timedelta(hours=1) if ending else timedelta(0))
    ]
    heard = [r["date_debut"] for r in rows if r["valeur"] is not None]
    if not heard:
        raise Unreadable(
            "Le flux de l’air ne donne aucune mesure : ni station, ni polluant, ni heure connus avec une valeur.",
            mend=NAMES,
        )
    at = max(heard) + timedelta(hours=1)
    recent = sorted(
        (r for r in rows if at - REPEATED <= r["date_debut"] < at),
        key=lambda r: (r["date_debut"], r["id_station"], r["polluant"]),
    )
    point = pa.struct([("lon", pa.float64()), ("lat", pa.float64())])
    kinds = {"date_debut": pa.timestamp("us", "UTC"), "valeur": pa.float64(), "_point": point}
    names = (*(c.name for c in RELEVES.columns), "_point")
    return at, pa.table(
        {name: pa.array([r[name] for r in recent], kinds.get(name, pa.string())) for name in names}
    )


NAMES = Sentence(
    "Colonnes attendues, entre autres : code_station, nom_poll, date_debut, valeur, unite ; ou id_station, polluant, date_debut, valeur."
)


# --- records ------------------------------------------------------------------------------------------------


def _records(body: bytes) -> Iterator[Record]:
    """The records of a document, each flat, a point as lon and lat."""
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start not in (b"{", b"["):
        yield from _delimited(body)
        return
    try:
        document = orjson.loads(body.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as wrong:
        raise Unreadable(
            "Le flux de l’air n’est pas du JSON lisible : la réponse est peut-être coupée."
        ) from wrong
    listed = (
        document
        if isinstance(document, list)
        else next((document[k] for k in LISTS if isinstance(document.get(k), list)), None)
    )
    if listed is None:
        raise Unreadable("Le flux de l’air est du JSON sans liste de mesures.", mend=NAMES)
    for one in cast("Sequence[object]", listed):
        if isinstance(one, dict):
            yield _flat(cast("Record", one))


def _flat(entry: Record) -> Record:
    """An entry with the values of its part (`PARTS`), and its point, if any, as lon and lat."""
    inner = next((entry[k] for k in PARTS if isinstance(entry.get(k), dict)), entry)
    record = dict(cast("Record", inner))
    place = entry.get("geometry") or record.get("geo_point_2d")
    if isinstance(place, dict):
        held = cast("Record", place)
        pair = held.get("coordinates") or (held.get("lon", held.get("x")), held.get("lat", held.get("y")))
        if isinstance(pair, list | tuple) and len(cast("Sequence[object]", pair)) >= 2:
            record |= {"lon": pair[0], "lat": pair[1]}
    return record


def _delimited(body: bytes) -> Iterator[Record]:
    """The records of a delimited text. Raises Unreadable where its first line has no separator."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("cp1252", "replace")
    head = text.partition("\n")[0]
    separator = max(";,\t", key=head.count)
    if not head.count(separator) or "<" in head:
        raise Unreadable("Le flux de l’air n’est ni du JSON, ni un texte en colonnes.", mend=NAMES)
    yield from csv.DictReader(io.StringIO(text), delimiter=separator, restkey="")


# --- rows ---------------------------------------------------------------------------------------------------


def _rows(record: Record, zone: ZoneInfo | None, back: timedelta) -> Iterator[Row]:
    """The measures of a record: one, or one a pollutant. Nothing where a station, an hour or a pollutant is
    not known.
    """
    column_of = measures.columns(list(record))
    wide = (
        {} if "pollutant" in column_of else {n: p for n in record if (p := measures.wide_of(n)) is not None}
    )
    if not {"start", "station"} <= set(column_of) or ("pollutant" not in column_of and not wide):
        return

    def text(key: str) -> str | None:
        value = record.get(column_of[key]) if key in column_of else None
        return None if value is None or str(value).strip() == "" else str(value).strip()

    station, start = text("station"), moment(record.get(column_of["start"]), zone)
    if station is None or start is None:
        return
    lon, lat = (_number(record.get(column_of.get(k, k))) for k in ("lon", "lat"))
    about: Row = {
        "id_station": station,
        "nom_station": text("name"),
        "typologie": text("kind"),
        "date_debut": start - back,
        "unite": text("unit"),
        "validite": text("valid"),
        "code_insee": text("zone"),
        "lib_zone": text("zone_name"),
        "_point": None if lon is None or lat is None else {"lon": lon, "lat": lat},
    }
    if wide:
        yield from ({**about, "polluant": p, "valeur": _number(record.get(n))} for n, p in wide.items())
    elif (pollutant := measures.pollutant(text("pollutant") or "")) is not None:
        yield {
            **about,
            "polluant": pollutant,
            "valeur": _number(record.get(column_of["value"])) if "value" in column_of else None,
        }


def moment(value: object, zone: tzinfo | None) -> datetime | None:
    """A moment, in UTC; None for none. Raises Unreadable for one without a zone, when none was given: nothing
    is guessed.
    """
    if isinstance(value, bool) or value is None:
        return None
    low, high = SECONDS
    if (number := _number(value)) is not None and number >= low:
        seconds = number / 1000 if number >= 1000 * low else number
        return datetime.fromtimestamp(seconds, UTC) if low <= seconds < high else None
    read = _written(str(value).strip())
    if read is None:
        return None
    if read.tzinfo is None:
        if zone is None:
            raise Unreadable(
                Sentence("Les heures du flux n’ont pas de fuseau : « {value} ».", value=value),
                mend="Ajoutez #fuseau=Europe/Paris ou #fuseau=UTC à son adresse.",
            )
        read = read.replace(tzinfo=zone)
    return read.astimezone(UTC)


def _written(text: str) -> datetime | None:
    """The moment of a text in ISO 8601 or one of `FORMS`, None for another. « 24:00 » is the midnight that
    follows; « UTC » after the hour is its zone.
    """
    if _MIDNIGHT.search(text):
        started = _written(_MIDNIGHT.sub("00", text))
        return None if started is None else started + timedelta(days=1)
    if _UNIVERSAL.search(text):
        plain = _written(_UNIVERSAL.sub("", text))
        return None if plain is None else plain.replace(tzinfo=UTC)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for form in FORMS:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007
        except ValueError:
            continue
    return None


def _number(value: object) -> float | None:
    if value is None or isinstance(value, bool) or str(value).strip().lower() in EMPTY:
        return None
    try:
        number = float(str(value).strip().replace("\u202f", "").replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def zone_named(name: str) -> ZoneInfo | None:
    """The zone of that name, None for "". Raises Unreadable for a name that is none."""
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as wrong:
        raise Unreadable(
            Sentence("Le fuseau « {name} » de l’adresse du flux n’existe pas.", name=name),
            mend="Exemple : #fuseau=Europe/Paris.",
        ) from wrong
