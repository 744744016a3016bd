"""Messages as CAP 1.2 (OASIS, 2010), and what its schema lets through that is wrong all the same.

One info block a language and a stretch of time. A Cancel repeats the area and what it takes back. Polygons
are latitude first, unlike everything else here.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from parvis.alerts.message import ENDS, Area, Message, Part
from parvis.core.text import printable

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
MEDIA = "application/cap+xml"
LANGUAGES = (("fr-FR", "fr"), ("en-GB", "en"))

_STAMP = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[-+]\d{2}:\d{2}")
_BARRED = re.compile(r"[\s,<&]")


@dataclass(frozen=True, slots=True)
class Issue:
    """What a message needs to be issued. sender: an id of the city, by convention an e-mail address or a
    domain. refers: (identifier, sent) of every message that this one replaces. web: a page about it.
    """

    sender: str
    name: str
    sent: datetime
    zone: tzinfo
    categories: tuple[str, ...]
    event: Mapping[str, str]
    """By language: what kind of thing it is."""
    refers: tuple[tuple[str, datetime], ...] = ()
    web: str = ""
    contact: str = ""


def kind(message: Message, refers: Sequence[object]) -> str:
    """Alert, Update or Cancel. What replaces nothing is an Alert, whatever its step."""
    return "Cancel" if message.kind in ENDS else "Update" if refers else "Alert"


def write(message: Message, issue: Issue) -> bytes:
    """The message as XML. Raises ValueError for a Cancel that takes nothing back."""
    if message.kind in ENDS and not issue.refers:
        raise ValueError("a Cancel takes something back")
    root = ET.Element(f"{{{NAMESPACE}}}alert")
    _add(root, "identifier", message.id)
    _add(root, "sender", issue.sender)
    _add(root, "sent", stamp(issue.sent, issue.zone))
    _add(root, "status", "Exercise" if message.test else "Actual")
    _add(root, "msgType", kind(message, issue.refers))
    _add(root, "scope", "Public")
    if message.kind in ENDS:
        _add(root, "note", message.parts[0].text.fr)
    if issue.refers:
        _add(
            root,
            "references",
            " ".join(f"{issue.sender},{name},{stamp(sent, issue.zone)}" for name, sent in issue.refers),
        )
    _add(root, "incidents", message.episode)
    for part in message.parts:
        for code, language in LANGUAGES:
            _info(root, message, part, issue, code, language)
    ET.indent(root)
    return ET.tostring(root, encoding="UTF-8", xml_declaration=True, default_namespace=NAMESPACE)


def _info(root: ET.Element, message: Message, part: Part, issue: Issue, code: str, language: str) -> None:
    info = ET.SubElement(root, f"{{{NAMESPACE}}}info")
    _add(info, "language", code)
    for category in issue.categories:
        _add(info, "category", category)
    _add(info, "event", issue.event[language])
    _add(
        info,
        "responseType",
        "AllClear"
        if message.kind in ENDS
        else "Avoid"
        if part.severity in ("Extreme", "Severe")
        else "Monitor",
    )
    for name, value in (
        ("urgency", part.urgency),
        ("severity", part.severity),
        ("certainty", part.certainty),
    ):
        _add(info, name, value)
    _add(info, "effective", stamp(issue.sent, issue.zone))
    _add(info, "onset", stamp(part.onset, issue.zone))
    _add(info, "expires", stamp(part.expires, issue.zone))
    _add(info, "senderName", issue.name)
    _add(info, "headline", part.headline.of(language)[:160])
    _add(info, "description", part.text.of(language))
    if part.advice.of(language):
        _add(info, "instruction", part.advice.of(language))
    if issue.web:
        _add(info, "web", issue.web)
    if issue.contact:
        _add(info, "contact", issue.contact)
    for name, value in message.parameters.items():
        parameter = ET.SubElement(info, f"{{{NAMESPACE}}}parameter")
        _add(parameter, "valueName", name)
        _add(parameter, "value", value)
    _area(info, message.area)


def _area(info: ET.Element, area: Area) -> None:
    element = ET.SubElement(info, f"{{{NAMESPACE}}}area")
    _add(element, "areaDesc", area.name)
    if area.ring:
        _add(element, "polygon", " ".join(f"{lat:.5f},{lon:.5f}" for lon, lat in area.ring))
    if area.insee:
        code = ET.SubElement(element, f"{{{NAMESPACE}}}geocode")
        _add(code, "valueName", "INSEE")
        _add(code, "value", area.insee)


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{NAMESPACE}}}{name}").text = printable(text)


def stamp(moment: datetime, zone: tzinfo) -> str:
    """A moment as CAP writes it: to the second, with its offset; `Z` and fractions are refused by the schema.

    >>> from datetime import UTC
    >>> stamp(datetime(2026, 1, 10, 7, 0, 1, 900_000, tzinfo=UTC), UTC)
    '2026-01-10T07:00:01-00:00'
    """
    text = moment.astimezone(zone).replace(microsecond=0).isoformat()
    return text[:-6] + "-00:00" if text.endswith("+00:00") else text


def faults(data: bytes, *, known: Sequence[str] = ()) -> tuple[str, ...]:
    """What is wrong with a message that a schema may well find valid: codes, in order. known: identifiers
    that were issued before.

    `unreadable`, `identifier`, `sender`, `again` (an identifier twice), `stamp`, `references` (an Update or
    Cancel without, or one that is no triple), `no-info`, `no-area`, `headline`, `times` (expires missing, or
    not after onset), `polygon` (not closed, too short, no degrees), `language`.
    """
    try:
        root = ET.fromstring(data)
    except ET.ParseError:
        return ("unreadable",)
    if b"<!DOCTYPE" in data or root.tag != f"{{{NAMESPACE}}}alert":
        return ("unreadable",)
    codes: list[str] = []
    name, sender = _text(root, "identifier"), _text(root, "sender")
    codes += ["identifier"] if not name or _BARRED.search(name) else []
    codes += ["sender"] if not sender or _BARRED.search(sender) else []
    codes += ["again"] if name in known else []
    stamps = [
        e.text or ""
        for tag in ("sent", "effective", "onset", "expires")
        for e in root.iter(f"{{{NAMESPACE}}}{tag}")
    ]
    codes += ["stamp"] if not all(_STAMP.fullmatch(s) and _moment(s) is not None for s in stamps) else []
    refers = _text(root, "references").split()
    bad = any(
        len(r.split(",")) != 3 or _moment(r.split(",")[2]) is None or not all(r.split(",")) for r in refers
    )
    codes += ["references"] if bad or (_text(root, "msgType") in ("Update", "Cancel") and not refers) else []
    infos = root.findall(f"{{{NAMESPACE}}}info")
    codes += ["no-info"] if not infos and _text(root, "msgType") in ("Alert", "Update", "Cancel") else []
    for info in infos:
        codes += _of_info(info)
    return tuple(dict.fromkeys(codes))


def _of_info(info: ET.Element) -> list[str]:
    codes: list[str] = []
    codes += ["language"] if not _text(info, "language") else []
    headline = info.find(f"{{{NAMESPACE}}}headline")
    codes += ["headline"] if headline is None or not (headline.text or "").strip() else []
    onset, expires = (
        _moment(_text(info, "onset") or _text(info, "effective")),
        _moment(_text(info, "expires")),
    )
    codes += ["times"] if expires is None or (onset is not None and expires <= onset) else []
    areas = info.findall(f"{{{NAMESPACE}}}area")
    codes += ["no-area"] if not areas else []
    for polygon in info.iter(f"{{{NAMESPACE}}}polygon"):
        codes += ["polygon"] if not _ring(polygon.text or "") else []
    return codes


def _ring(text: str) -> bool:
    points: list[tuple[float, float]] = []
    for pair in text.split():
        pair_texts = pair.split(",")
        try:
            lat, lon = (float(v) for v in pair_texts)
        except ValueError:
            return False
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):
            return False
        points.append((lat, lon))
    return len(points) >= 4 and points[0] == points[-1]


def _text(element: ET.Element, name: str) -> str:
    return (element.findtext(f"{{{NAMESPACE}}}{name}") or "").strip()


def _moment(text: str) -> datetime | None:
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return None
    return parsed if parsed.utcoffset() is not None else None
