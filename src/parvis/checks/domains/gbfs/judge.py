"""GBFS documents judged: each by the table of the standard, all together by what they must share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from parvis.checks.domains.declaration import Outcome, Package
from parvis.checks.domains.gbfs.notices import NOTICES
from parvis.checks.domains.gbfs.spec import VERSIONS, Node, documents, rank
from parvis.checks.domains.gbfs.values import fault, instant
from parvis.checks.domains.json_places import NotJson, Place, evidence, lines, parse, pattern, record, text_of
from parvis.checks.domains.tally import Tally
from parvis.core.errors import Unreadable
from parvis.core.types import Json, Row

PATIENCE = timedelta(minutes=5)
"""Clocks differ."""
DAY = timedelta(days=1)

_WANTED: Mapping[str, tuple[str, str]] = {
    "time": ("secondes POSIX entières, depuis décembre 2015", "heure RFC 3339, avec son décalage"), "text": ("texte", "liste de {text, language}"),
    "link": ("adresse", "liste de {text, language}"), "id": ("texte", "texte"), "int": ("nombre entier", "nombre entier"),
    "bool": ("true ou false", "true ou false"),
    "uri": ("adresse complète", "adresse complète"), "stamp": ("heure RFC 3339", "heure RFC 3339"), "phone": ("+33467347000", "+33467347000"),
    "lang": ("code de langue : fr, fr-FR", "code de langue : fr, fr-FR"), "polygons": ("MultiPolygon GeoJSON", "MultiPolygon GeoJSON"),
}  # fmt: skip


Fault = tuple[str, Place, str | None, tuple[tuple[str, str], ...]]
"""Code, place, value, and the words of the message."""


@dataclass(slots=True)
class Document:
    """One document of a feed, and the faults found in it so far."""

    file: str
    name: str
    version: str
    text: str
    whole: Mapping[str, Json]
    faults: list[Fault] = field(default_factory=list[Fault])

    def tell(self, code: str, place: Place, value: Json = None, **params: str) -> None:
        """Note a fault at a place."""
        self.faults.append((code, place, evidence(value), tuple(params.items())))

    @property
    def data(self) -> Mapping[str, Json]:
        data = self.whole.get("data")
        return data if isinstance(data, dict) else {}

    def items(self, key: str) -> Iterator[tuple[Place, Mapping[str, Json]]]:
        """The objects of a list of the data, with their places."""
        listed = self.data.get(key)
        for i, item in enumerate(listed if isinstance(listed, list) else []):
            if isinstance(item, dict):
                yield ("data", key, i), item

    @property
    def updated(self) -> datetime | None:
        return instant(self.whole.get("last_updated"))


def check(package: Package, profile: str) -> Outcome:
    """Judge the documents of a feed: one, or several together. profile: the version they must be of, "" for
    the one that each says.
    """
    tally = Tally(NOTICES, limit=package.limit)
    feed_documents: list[Document] = []
    for file, path in sorted(package.files.items()):
        if not file.lower().endswith(".json") and len(package.files) > 1:
            continue
        document = _read(file, path, profile, tally)
        if document is not None:
            feed_documents.append(document)
    if not feed_documents and not tally.findings():
        raise Unreadable(
            "Aucun document GBFS.", mend="Joignez gbfs.json, station_information.json, station_status.json…"
        )
    usual = Counter(d.version for d in feed_documents if "version" in d.whole).most_common(1)
    for document in feed_documents:
        if usual and "version" not in document.whole:
            document.version = usual[
                0
            ][
                0
            ]  # documents of one feed are of one version; a feed that names none is of 1.0, which knew no such field
        _document(document, profile, package.now)
    _together(feed_documents)
    for document in feed_documents:
        _tally_faults(document, tally, package.limit)
    rows = sum(
        1
        for d in feed_documents
        for key, value in d.data.items()
        if isinstance(value, list)
        for _ in d.items(key)
    )
    return Outcome(tally.findings(), (), rows)


def _read(file: str, path: Path, profile: str, tally: Tally) -> Document | None:
    """One file as a document; None when it is none, which is told."""
    try:
        text = text_of(path)
        whole = parse(text)
    except NotJson as wrong:
        tally.hit("gbfs-not-json", table=file, line=wrong.line, why=wrong.why)
        return None
    name = _name(file, whole) if isinstance(whole, dict) else ""
    if not isinstance(whole, dict) or not name:
        tally.hit("gbfs-unknown-document", table=file)
        return None
    stated_version = whole.get("version")
    version = profile or (
        stated_version if isinstance(stated_version, str) and stated_version in VERSIONS else "1.0"
    )
    return Document(file, name, version, text, whole)


_BY_DATA: Mapping[str, str] = {
    "bikes": "free_bike_status", "vehicles": "vehicle_status", "vehicle_types": "vehicle_types", "feeds": "gbfs", "plans": "system_pricing_plans",
    "regions": "system_regions", "alerts": "system_alerts", "versions": "gbfs_versions", "calendars": "system_calendar", "rental_hours": "system_hours",
    "datasets": "manifest", "geofencing_zones": "geofencing_zones", "system_id": "system_information",
}  # fmt: skip


def _name(file: str, whole: Mapping[str, Json]) -> str:
    """Which document it is: by its content first, then by its name. "" when it is none."""
    data = whole.get("data")
    if not isinstance(data, dict):
        stem = _stem(file)
        return stem if stem in documents() else ""
    stations = data.get("stations")
    if isinstance(stations, list):
        first = next((s for s in stations if isinstance(s, dict)), dict[str, Json]())
        return (
            "station_status"
            if first.keys() & {"num_bikes_available", "num_vehicles_available", "is_renting", "last_reported"}
            else "station_information"
        )
    vehicles = data.get("vehicles")
    if isinstance(vehicles, list) and any(
        isinstance(v, dict) and "availabilities" in v for v in vehicles[:3]
    ):
        return "vehicle_availability"
    known = next((name for key, name in _BY_DATA.items() if key in data), "")
    if not known and any(isinstance(v, dict) and "feeds" in v for v in data.values()):
        return "gbfs"
    return known or (_stem(file) if _stem(file) in documents() else "")


def _stem(file: str) -> str:
    return re.sub(r"-[0-9]+$", "", file.rsplit("/", 1)[-1].lower().removesuffix(".json"))


def _document(document: Document, profile: str, now: datetime) -> None:
    """The envelope, then the data by the table of the standard."""
    whole, version = document.whole, document.version
    stated_version = whole.get("version")
    if stated_version is None and rank(version) >= rank("1.1"):
        document.tell("gbfs-missing-field", ("version",), version=version)
    elif stated_version is not None and stated_version != version:
        document.tell("gbfs-version", ("version",), stated_version, wanted=profile or "1.0 à 3.1")
    for key, kind in (("last_updated", "time"), ("ttl", "int")):
        if key not in whole:
            document.tell("gbfs-missing-field", (key,), version=version)
        else:
            _value(document, (key,), whole[key], kind, ())
    if not isinstance(whole.get("data"), dict):
        document.tell(
            "gbfs-missing-field" if "data" not in whole else "gbfs-type",
            ("data",),
            version=version,
            wanted="objet",
        )
        return
    node = documents()[document.name]
    if not node.known(version):
        document.tell("gbfs-other-version", (), version=version)
    _object(document, ("data",), document.data, node)
    _conditions(document)
    updated = document.updated
    if updated is not None and updated > now + PATIENCE:
        document.tell("gbfs-future-feed", ("last_updated",), updated.isoformat())
    elif (
        updated is not None
        and document.name.endswith("_status")
        and now - updated > max(PATIENCE, _ttl(whole))
    ):
        document.tell("gbfs-stale-feed", ("last_updated",), updated.date().isoformat())


def _ttl(whole: Mapping[str, Json]) -> timedelta:
    ttl = whole.get("ttl")
    return (
        timedelta(seconds=min(float(ttl), 1e9)) if isinstance(ttl, (int, float)) and ttl > 0 else timedelta(0)
    )


def _object(document: Document, place: Place, value: Mapping[str, Json], node: Node) -> None:
    version = document.version
    names = {inner.name for inner in node.fields}
    for inner in node.fields:
        if inner.name == "*":
            for key in value.keys() - names if inner.known(version) else ():
                _field(document, (*place, key), value[key], inner)
        elif inner.known(version):
            if value.get(inner.name) is not None:
                _field(document, (*place, inner.name), value[inner.name], inner)
            elif inner.needed(version):
                document.tell("gbfs-missing-field", (*place, inner.name), version=version)
        elif inner.name in value and not any(
            other.name == inner.name and other.known(version) for other in node.fields
        ):
            document.tell("gbfs-other-version", (*place, inner.name), value[inner.name], version=version)


def _field(document: Document, place: Place, value: Json, node: Node) -> None:
    if not node.many:
        _one(document, place, value, node)
    elif not isinstance(value, list):
        document.tell("gbfs-type", place, value, wanted="liste")
    elif not value and node.some:
        document.tell("gbfs-empty-list", place)
    else:
        for i, item in enumerate(value):
            _one(document, (*place, i), item, node)


def _one(document: Document, place: Place, value: Json, node: Node) -> None:
    if node.type != "obj":
        _value(document, place, value, node.type, node.values)
    elif isinstance(value, dict):
        _object(document, place, value, node)
    else:
        document.tell("gbfs-type", place, value, wanted="objet")


def _value(document: Document, place: Place, value: Json, kind: str, values: tuple[str, ...]) -> None:
    code = fault(value, kind, document.version, values)
    if code in ("gbfs-type", "gbfs-format"):
        old, new = _WANTED.get(kind, (kind, kind))
        document.tell(code, place, value, wanted=new if rank(document.version) >= rank("3.0") else old)
    elif code:
        document.tell(code, place, value)


_MOTORS = frozenset(
    {
        "electric",
        "electric_assist",
        "combustion",
        "combustion_diesel",
        "hybrid",
        "plug_in_hybrid",
        "hydrogen_fuel_cell",
    }
)


def _conditions(document: Document) -> None:
    """What a field asks of its neighbours."""
    name, version = document.name, document.version
    if name in ("free_bike_status", "vehicle_status"):
        for place, item in document.items("bikes" if name == "free_bike_status" else "vehicles"):
            if not (
                ("lat" in item and "lon" in item)
                or ("station_id" in item and "lat" not in item and "lon" not in item)
            ):
                document.tell("gbfs-place-missing", place, item.get("bike_id", item.get("vehicle_id")))
    if name == "vehicle_types":
        for place, item in document.items("vehicle_types"):
            if item.get("propulsion_type") in _MOTORS and "max_range_meters" not in item:
                document.tell("gbfs-range-missing", (*place, "max_range_meters"), item.get("vehicle_type_id"))
    if name == "system_information" and rank(version) >= rank("2.3"):
        for key, other in (("terms_url", "terms_last_updated"), ("privacy_url", "privacy_last_updated")):
            if key in document.data and other not in document.data:
                document.tell("gbfs-together", ("data", key), wanted=other)
        if rank(version) >= rank("3.0") and "license_id" in document.data and "license_url" in document.data:
            document.tell("gbfs-either", ("data", "license_id"), wanted="license_id, license_url")
    if name == "system_pricing_plans":
        for place, item in document.items("plans"):
            if "reservation_price_per_min" in item and "reservation_price_flat_rate" in item:
                document.tell(
                    "gbfs-either",
                    place,
                    item.get("plan_id"),
                    wanted="reservation_price_per_min, reservation_price_flat_rate",
                )
    if name == "station_information":
        for place, item in document.items("stations"):
            if item.get("lat") == 0 and item.get("lon") == 0:
                document.tell("gbfs-null-island", place, item.get("station_id"))
    if name == "gbfs":
        _discovery(document)
    if name == "station_status":
        _reports(document)


def _discovery(document: Document) -> None:
    for place, feeds in _lists(document):
        names = [f.get("name") for f in feeds if isinstance(f, dict)]
        vehicles = "vehicle_status" if rank(document.version) >= rank("3.0") else "free_bike_status"
        if "station_status" not in names and (vehicles not in names or "station_information" in names):
            document.tell(
                "gbfs-feed-missing",
                place,
                wanted="station_status"
                if "station_information" in names
                else f"station_status ou {vehicles}",
            )


def _lists(document: Document) -> Iterator[tuple[Place, Sequence[Json]]]:
    """The lists of feeds of a discovery document, by language or not."""
    feeds = document.data.get("feeds")
    if isinstance(feeds, list):
        yield ("data", "feeds"), feeds
    for language, inner in document.data.items():
        feed_list = inner.get("feeds") if isinstance(inner, dict) else None
        if isinstance(feed_list, list):
            yield ("data", language, "feeds"), feed_list


def _reports(document: Document) -> None:
    updated = document.updated
    for place, item in document.items("stations"):
        reported = instant(item.get("last_reported"))
        if updated is not None and reported is not None and reported > updated + PATIENCE:
            document.tell(
                "gbfs-future-report",
                (*place, "last_reported"),
                f"{item.get('station_id')} : {reported.isoformat()}",
            )
        elif updated is not None and reported is not None and updated - reported > DAY:
            document.tell(
                "gbfs-stale-report",
                (*place, "last_reported"),
                f"{item.get('station_id')} : {reported.isoformat()}",
            )
        total = _count(item, "num_bikes_available", "num_vehicles_available")
        types = item.get("vehicle_types_available")
        counts = [_count(t, "count") for t in types if isinstance(t, dict)] if isinstance(types, list) else []
        if total is not None and counts and sum(c for c in counts if c is not None) > total:
            document.tell(
                "gbfs-types-over-total", (*place, "vehicle_types_available"), item.get("station_id")
            )


def _count(item: Mapping[str, Json], *keys: str) -> float | None:
    for key in keys:
        value = item.get(key)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return value
    return None


_IDS: Mapping[str, tuple[str, str]] = {
    "station_information": ("stations", "station_id"), "station_status": ("stations", "station_id"), "vehicle_types": ("vehicle_types", "vehicle_type_id"),
    "system_regions": ("regions", "region_id"), "system_pricing_plans": ("plans", "plan_id"), "free_bike_status": ("bikes", "bike_id"),
    "vehicle_status": ("vehicles", "vehicle_id"), "system_alerts": ("alerts", "alert_id"),
}  # fmt: skip

_REFERENCES: tuple[tuple[str, str, str, str], ...] = (
    ("station_status", "stations", "station_id", "station_information"), ("station_information", "stations", "region_id", "system_regions"),
    ("free_bike_status", "bikes", "station_id", "station_information"), ("vehicle_status", "vehicles", "station_id", "station_information"),
    ("free_bike_status", "bikes", "vehicle_type_id", "vehicle_types"), ("vehicle_status", "vehicles", "vehicle_type_id", "vehicle_types"),
    ("free_bike_status", "bikes", "pricing_plan_id", "system_pricing_plans"), ("vehicle_status", "vehicles", "pricing_plan_id", "system_pricing_plans"),
    ("vehicle_types", "vehicle_types", "default_pricing_plan_id", "system_pricing_plans"),
)  # fmt: skip
"""Document, list, field, and the document that holds what it refers to."""


def _together(feed_documents: Sequence[Document]) -> None:
    """Identifiers, references, capacities and the list of documents."""
    by_name: dict[str, list[Document]] = {}
    for document in feed_documents:
        by_name.setdefault(document.name, []).append(document)
    known: dict[str, set[str]] = {}
    for name, (key, identifier) in _IDS.items():
        for document in by_name.get(name, []):
            seen = Counter[str]()
            for place, item in document.items(key):
                value = str(item.get(identifier))
                seen[value] += 1
                if seen[value] == 2 and identifier in item:
                    document.tell("gbfs-duplicate-id", (*place, identifier), value)
            known.setdefault(name, set()).update(seen)
    for name, key, identifier, target in _REFERENCES:
        for document in by_name.get(name, []) if target in known else []:
            for place, item in document.items(key):
                if item.get(identifier) is not None and str(item[identifier]) not in known[target]:
                    document.tell(
                        "gbfs-unknown-reference", (*place, identifier), item[identifier], wanted=target
                    )
    if "station_status" in known:
        for document in by_name.get("station_information", []):
            for place, item in document.items("stations"):
                if str(item.get("station_id")) not in known["station_status"]:
                    document.tell("gbfs-station-without-status", place, item.get("station_id"))
    _capacities(by_name)
    _listed(by_name)


def _capacities(by_name: Mapping[str, Sequence[Document]]) -> None:
    room = {
        str(i.get("station_id")): c
        for d in by_name.get("station_information", [])
        for _, i in d.items("stations")
        if (c := _count(i, "capacity"))
    }
    for document in by_name.get("station_status", []):
        for place, item in document.items("stations"):
            parts = [
                _count(item, *keys) or 0
                for keys in (("num_bikes_available", "num_vehicles_available"), ("num_docks_available",))
            ]
            capacity = room.get(str(item.get("station_id")))
            if capacity is not None and sum(parts) > capacity:
                document.tell(
                    "gbfs-over-capacity", place, f"{item.get('station_id')} : {sum(parts):g} > {capacity:g}"
                )


def _listed(by_name: Mapping[str, Sequence[Document]]) -> None:
    if sum(len(same_name) for same_name in by_name.values()) < 2:
        return
    for document in by_name.get("gbfs", []):
        for place, feeds in _lists(document):
            for i, feed in enumerate(feeds):
                name = feed.get("name") if isinstance(feed, dict) else None
                if isinstance(name, str) and name != "gbfs" and name not in by_name:
                    document.tell("gbfs-file-missing", (*place, i, "name"), name)


def _tally_faults(document: Document, tally: Tally, limit: int) -> None:
    """The faults of a document, by code and field, with the lines of those shown."""
    shown_places: set[Place] = set()
    counts = Counter[tuple[str, str, tuple[tuple[str, str], ...]]]()
    for code, place, _, params in document.faults:
        key = (code, pattern(place), params)
        counts[key] += 1
        if counts[key] <= limit:
            shown_places.add(place)
    where = lines(document.text, shown_places)
    for code, place, value, params in document.faults:
        row = Row(document.file, where.get(place, 0), record(place), value)
        tally.many(code, 1, [row], table=document.file, column=pattern(place), **dict(params))
