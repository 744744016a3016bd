"""Free places as a DATEX II publication of car parks says them, as records that `batch` puts in its columns.

Two families of names are met: those of the parking publications (v2.3 and v3: `parkingRecordStatus`, `parkingRecord`) and
the older ones of facilities (v2: `parkingFacilityStatus`, `parkingFacility`). The table of parks, which names and places
them, may stand in the same document or in one of its own. No entity is expanded and nothing is fetched while reading.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping

from parvis.core.errors import Unreadable
from parvis.core.settings import Limits
from parvis.readers.xml_stream import BadXml, Element, local, walk

PARKS = 100_000
"""More are no town's."""
CLOSED = frozenset({"closed", "closedabnormal", "closedpermanently", "noparkingallowed"})
OPEN = frozenset({"open", "openingtimesinforce", "spacesavailable", "almostfull", "full", "fullatentrance"})
"""Words of the enumerations of both families: a park that is full is open."""

Record = Mapping[str, object]


def is_xml(document: bytes) -> bool:
    """Whether it begins as XML does, a mark of the encoding set aside."""
    return document.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"


def records(*documents: bytes) -> list[Record]:
    """One record a park of which a number is stated, with what the tables say of it. Raises Unreadable where a document
    is not well-formed.
    """
    known, statuses = dict[str, Record](), dict[str, Element]()
    for document in documents:
        try:
            for event, element in walk(io.BytesIO(document), Limits()):
                if event != "end":
                    continue
                match local(element):
                    case "parkingRecord" | "parkingFacility" if element.get("id"):
                        known[element.get("id") or ""] = _described(element)
                    case "parkingRecordStatus" | "parkingFacilityStatus":
                        # an older status has its state in a child of the same name, which refers to no park
                        if identifier := _reference(element):
                            statuses[identifier] = element
                    case _:
                        pass
                if len(known) + len(statuses) > PARKS:
                    raise Unreadable("Le document DATEX II décrit trop de parcs.")
        except BadXml as wrong:
            raise Unreadable("Le flux des parcs n’est pas du XML bien formé.") from wrong
    return [
        _counted(identifier, status, known.get(identifier, {})) for identifier, status in statuses.items()
    ]


def _counted(identifier: str, status: Element, known: Record) -> Record:
    """What a status says; how many places are left where it says how many are taken, of how many."""
    counts = next(_children(status, "parkingOccupancy"), status)
    total = (
        _text(counts, "parkingNumberOfSpacesOverride")
        or _text(counts, "totalParkingCapacityOverride")
        or _text(counts, "totalParkingCapacityShortTermOverride")
        or known.get("total")
    )
    free = _text(counts, "parkingNumberOfVacantSpaces") or _text(counts, "totalNumberOfVacantParkingSpaces")
    taken = _text(counts, "parkingNumberOfOccupiedSpaces") or _text(
        counts, "totalNumberOfOccupiedParkingSpaces"
    )
    if not free and taken.isdecimal() and str(total).isdecimal():
        free = str(int(str(total)) - int(taken))
    return {
        **known,
        "id": identifier,
        "libres": free,
        "total": total,
        "ouvert": _lets_in(status),
        "releve_le": _text(status, "parkingStatusOriginTime") or _text(status, "parkingFacilityStatusTime"),
    }


def _lets_in(status: Element) -> str:
    """« open » or « closed », "" where it is not said: whatever says closed comes first."""
    words = {
        (one.text or "").strip().lower()
        for one in _children(status, "parkingSiteOpeningStatus", "parkingSiteStatus", "parkingFacilityStatus")
    }
    return "closed" if words & CLOSED else "open" if words & OPEN else ""


def _described(element: Element) -> Record:
    """Name, places and point of a park of a table."""
    name = next(_children(element, "parkingName", "parkingFacilityName"), None)
    found: dict[str, object] = {
        "nom": "" if name is None else _name(name),
        "total": _text(element, "parkingNumberOfSpaces") or _text(element, "totalParkingCapacity"),
    }
    for place in _below(element, "pointCoordinates", "coordinatesForDisplay", "locationForDisplay"):
        lat, lon = (_number(_text(place, word)) for word in ("latitude", "longitude"))
        if lat is not None and lon is not None:
            return found | {"location": {"lon": lon, "lat": lat}}
    return found


def _name(element: Element) -> str:
    """In French where it is said in several languages, else as it is said first."""
    texts = list(_below(element, "value"))
    french = [one for one in texts if (one.get("lang") or "").lower().startswith("fr")]
    chosen = next(iter(french or texts), element)
    return (chosen.text or "").strip()


def _reference(element: Element) -> str:
    one = next(_children(element, "parkingRecordReference", "parkingFacilityReference"), None)
    return "" if one is None else (one.get("id") or "").strip()


def _children(element: Element, *names: str) -> Iterator[Element]:
    """Of the element itself: a group of places within a park has counts of its own, which are not the park's."""
    return (child for child in element if local(child) in names)


def _below(element: Element, *names: str) -> Iterator[Element]:
    for child in element:
        if local(child) in names:
            yield child
        yield from _below(child, *names)


def _text(element: Element, name: str) -> str:
    return next(((one.text or "").strip() for one in _children(element, name)), "")


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
