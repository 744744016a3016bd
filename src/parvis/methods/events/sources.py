"""Rows of the agendas that cities have, to entries: OpenAgenda (JSON and exports), « Que faire » of Explore portals, calendars from iCalendar, our own schema.

Each thing that we look for has the names that it goes by; a row is read by the names that it has, so that a mixed or renamed export still says what it says.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import cast

from parvis.core.text import fold
from parvis.methods.events.entry import ACCESS, CATEGORIES, Entry
from parvis.methods.events.ical import EARLIEST, LATEST
from parvis.methods.events.lines import Line, escaped, text_of, texts_of
from parvis.methods.events.recurrence import occurrences
from parvis.methods.events.values import Event, Span, Time
from parvis.methods.events.zones import PARIS, resolved, zone

Row = Mapping[str, object]

_NAMES: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "uid", "uid_ics", "identifiant", "event_id", "recordid", "slug"),
    "title": ("titre", "title.fr", "title_fr", "title", "summary", "nom", "nom_evenement"),
    "text": ("description", "description.fr", "description_fr", "lead_text", "longdescription.fr", "longdescription_fr", "chapeau", "free_text"),
    "category": ("categorie", "type", "category", "qfap_tags", "tags", "keywords.fr", "keywords_fr", "categories", "rubrique"),
    "state": ("statut", "status", "status.label.fr", "etat"),
    "place": ("lieu", "location.name", "location_name", "placename", "address_name", "location", "nom_lieu", "lieu.nom"),
    "address": ("adresse", "location.address", "location_address", "address", "address_street", "lieu.adresse"),
    "city": ("location.city", "location_city", "address_city", "city", "ville", "commune"),
    "lat": ("lat", "latitude", "location.latitude", "lieu.lat"),
    "lon": ("lon", "lng", "longitude", "location.longitude", "lieu.lon"),
    "point": ("_point", "lat_lon", "latlon", "location_coordinates", "coordonnees", "geo_point_2d", "geo"),
    "free": ("gratuit", "price_type", "is_accessible_for_free", "isaccessibleforfree"),
    "price": ("tarif", "conditions.fr", "conditions_fr", "conditions", "price_detail", "pricing_info", "tarifs"),
    "age_min": ("age_min", "age.min"),
    "age_max": ("age_max", "age.max"),
    "audience": ("audience", "public"),
    "access": ("accessibilite", "accessibility", "accessibility_label", "accessibility_label_fr", "accessibilite.label"),
    "organiser": ("organisateur", "organizer", "originagenda_title", "originagenda.title", "contact_organisation_name"),
    "url": ("url", "canonicalurl", "link", "lien", "event_url", "onlineaccesslink"),
    "image": ("image", "cover_url", "thumbnail", "originalimage"),
    "times": ("timings", "occurrences", "timetable", "horaires_iso"),
    "start": ("debut", "date_start", "firsttiming.begin", "firstdate_begin", "dtstart", "date_debut", "startdate", "start"),
    "end": ("fin", "date_end", "lasttiming.end", "lastdate_end", "dtend", "date_fin", "enddate", "end"),
}
_FLAGS = {"pmr": "fauteuil", "blind": "audiodescription", "deaf": "lsf", "sign_language": "lsf", "mental": "facile"}
"""Columns of yes and no of Explore portals."""
_CODES = {
    "mi": "fauteuil", "hi": "boucle", "vi": "audiodescription", "ii": "facile", "pi": "facile", "sl": "lsf",
    "handicap moteur": "fauteuil", "handicap visuel": "audiodescription", "handicap auditif": "boucle", "handicap intellectuel": "facile",
    "handicap psychique": "facile", "langue des signes": "lsf", "langue des signes francaise": "lsf", "fauteuil roulant": "fauteuil", "pmr": "fauteuil",
}  # fmt: skip
"""Codes and labels of accessibility of OpenAgenda and others."""
_STATES = {
    "2": "prévu", "3": "prévu", "4": "prévu", "5": "complet", "6": "annulé", "1": "prévu",
    "confirmed": "prévu", "tentative": "prévu", "cancelled": "annulé", "canceled": "annulé", "annule": "annulé", "annulee": "annulé", "reporte": "reporté",
    "reportee": "reporté", "postponed": "reporté", "rescheduled": "reporté", "complet": "complet", "sold out": "complet", "sold_out": "complet",
    "deprogramme": "annulé", "eventcancelled": "annulé", "eventpostponed": "reporté", "eventrescheduled": "reporté",
}  # fmt: skip
"""States in folded words. OpenAgenda's codes: 1 scheduled, 2 rescheduled, 3 moved online, 4 postponed, 5 full, 6 cancelled."""
_KINDS: Mapping[str, tuple[str, ...]] = {
    "concert": ("concert", "musique", "opera", "jazz", "chanson", "recital", "chorale", "choeur"),
    "spectacle": ("spectacle", "theatre", "danse", "cirque", "humour", "marionnette", "conte"),
    "exposition": ("expo", "exposition", "vernissage", "musee"),
    "cinéma": ("cinema", "projection", "film"),
    "atelier": ("atelier", "stage", "initiation", "cours"),
    "visite": ("visite", "balade", "promenade", "patrimoine", "parcours"),
    "conférence": ("conference", "debat", "rencontre", "colloque", "table ronde"),
    "lecture": ("lecture", "litterature", "poesie", "livre", "dedicace"),
    "fête": ("fete", "bal", "festival", "carnaval", "animation", "soiree", "feu d'artifice"),
    "sport": ("sport", "course", "tournoi", "match", "yoga", "randonnee"),
    "marché": ("marche", "brocante", "vide-grenier", "salon", "braderie"),
}
_AGE = re.compile(r"(?:des|a partir de|plus de|des l'age de)\s+(\d{1,2})\s*ans|(?:de\s+)?(\d{1,2})\s*(?:a|-)\s*(\d{1,2})\s*ans|(\d{1,2})\s*\+")
_PRICE = re.compile(r"\d\s*(?:€|euro)")
_FREE = re.compile(r"\b(gratuit\w*|entree libre|acces libre|free)\b")
_TAG = re.compile(r"<[^>]{0,200}>")
OVERNIGHT = timedelta(hours=12)
"""An end before its start by no more than a day is taken for the next morning when it then lasts no longer than this."""


def entries(rows: Iterable[Row], agenda: str, begin: datetime, end: datetime, *, floating: str = PARIS) -> list[Entry]:
    """The events of one agenda that take place within [begin, end[, each with its times there; rows of one identifier are one event.

    floating: zone of times that have none. Rows that say no title or no time are kept out of the entries: see `unusable`.
    """
    plain: list[Row] = []
    calendar: list[Row] = []
    for row in rows:
        low = {k.casefold(): v for k, v in row.items() if v is not None and v != ""}
        (calendar if "dtstart" in low else plain).append(low)
    found = [e for row in plain if (e := _entry(row, agenda, floating)) is not None]
    found += _recurring(calendar, agenda, begin, end, floating)
    return [e for e in (_within(e, begin, end) for e in _joined(found)) if e.times]


def unusable(row: Row) -> str:
    """Why a row can't be an event: `no-title`, `no-time`, or "" when it can."""
    low = {k.casefold(): v for k, v in row.items() if v is not None and v != ""}
    if not _text(low, "title"):
        return "no-title"
    return "" if "dtstart" in low or _times(low, PARIS)[0] else "no-time"


def _within(entry: Entry, begin: datetime, end: datetime) -> Entry:
    return replace(entry, times=tuple((s, e) for s, e in entry.times if s < end and (e > begin or s == e >= begin)))


def _joined(found: Sequence[Entry]) -> list[Entry]:
    """Rows of one identifier and title are the times of one event; an occurrence with a state of its own stays apart."""
    together: dict[tuple[str, str, str], list[Entry]] = defaultdict(list)
    for i, entry in enumerate(found):
        together[entry.id or f"#{i}", fold(entry.title), entry.state].append(entry)
    return [replace(es[0], times=tuple(sorted({t for e in es for t in e.times}))) for es in together.values()]


def _first(row: Row, thing: str) -> object:
    return next((row[n] for n in _NAMES[thing] if n in row), None)


def _text(row: Row, thing: str) -> str:
    value = _first(row, thing)
    if isinstance(value, dict):
        value = next((v for k in ("fr", "name", "label", "en") if (v := cast(Row, value).get(k))), next(iter(cast(Row, value).values()), ""))
    if isinstance(value, list):
        value = ", ".join(str(v) for v in cast(list[object], value))
    return " ".join(_TAG.sub(" ", str(value)).split()) if value is not None else ""


def _entry(row: Row, agenda: str, floating: str) -> Entry | None:
    title = _text(row, "title")
    times, doubts = _times(row, floating)
    if not title or not times:
        return None
    return replace(_about(row, agenda, title), times=times, doubts=doubts)


def _about(row: Row, agenda: str, title: str) -> Entry:
    """All that is said of an event but its times."""
    price, audience = _text(row, "price"), _text(row, "audience")
    lat, lon = _place(row)
    low, high = _number(_first(row, "age_min")), _number(_first(row, "age_max"))
    if low is None and high is None:
        low, high = _ages(f"{audience} {title}")
    address = _text(row, "address")
    city = _text(row, "city")
    where = f"{address}, {city}" if city and address and fold(city) not in fold(address) else address or city
    return Entry(
        id=_text(row, "id"), agenda=agenda, title=title[:300], times=(), text=_text(row, "text")[:2000], category=_category(_text(row, "category"), title),
        state=_state(_first(row, "state")), place=_text(row, "place"), address=where,
        lat=lat, lon=lon, free=_free(_first(row, "free"), price), price=price[:200], age_min=low, age_max=high, access=_access(row),
        organiser=_text(row, "organiser"), url=_web(_text(row, "url")), image=_web(_text(row, "image")),
    )  # fmt: skip


def _web(address: str) -> str:
    return address if address.startswith(("https://", "http://")) else ""


def _number(value: object) -> int | None:
    try:
        number = float(str(value).replace(",", "."))
    except ValueError:
        return None
    return int(number) if 0 <= number <= 120 else None


def _ages(words: str) -> tuple[int | None, int | None]:
    """Ages that a text invites; children where it names them without a number.

    >>> _ages("Enfants de 6 à 10 ans"), _ages("dès 3 ans"), _ages("Tout public")
    ((6, 10), (3, None), (None, None))
    """
    plain = fold(words)
    if found := _AGE.search(plain):
        since, low, high, plus = found.groups()
        return (int(low), int(high)) if low else (int(since or plus), None)
    if re.search(r"\b(enfants?|jeune public|en famille|tout-petits?|bebes?)\b", plain):
        return 0, 12
    return None, None


def _category(said: str, title: str) -> str:
    for words in (fold(said), fold(title)):
        exact = next((c for c in CATEGORIES if fold(c) == words), "")
        if exact:
            return exact
        for category, roots in _KINDS.items():
            if any(re.search(rf"\b{re.escape(r)}s?\b", words) for r in roots):
                return category
    return "autre"


def _state(value: object) -> str:
    if isinstance(value, dict):
        value = cast(Row, value).get("id", "")
    text = fold(str(value)).rsplit("/", 1)[-1].strip() if value is not None else ""
    if text == "4":
        return "reporté"
    return _STATES.get(text, "prévu")


def _free(said: object, price: str) -> bool | None:
    if isinstance(said, bool):
        return said
    words = fold(f"{said if said is not None else ''} {price}")
    if re.search(r"\b(payant|paid)", fold(str(said or ""))):
        return False
    if fold(str(said)) in ("oui", "vrai", "true", "1", "gratuit"):
        return True
    if fold(str(said)) in ("non", "faux", "false", "0"):
        return False
    if _PRICE.search(words) and not re.search(r"\b0\s*(?:€|euro)", words):
        return False
    return True if _FREE.search(words) else None


def _access(row: Row) -> frozenset[str]:
    found = {kind for column, kind in _FLAGS.items() if str(row.get(column, "")).casefold() in ("1", "true", "oui", "vrai")}
    said = _first(row, "access")
    if isinstance(said, str) and said[:1] in "[{":
        said = _json(said)
    parts: list[object] = []
    if isinstance(said, dict):
        parts += [k for k, v in cast(Row, said).items() if v is True or v == 1]
    elif isinstance(said, list):
        parts += cast(list[object], said)
    elif isinstance(said, str):
        parts += re.split(r"[|;,]", said)
    for code in ("hi", "ii", "mi", "pi", "vi", "sl"):
        if row.get(f"accessibility.{code}") in (True, "true", "True", 1):
            parts.append(code)
    for part in parts:
        word = fold(str(part)).strip()
        kind = word if word in ACCESS else _CODES.get(word, "")
        if kind:
            found.add(kind)
    return frozenset(found)


def _place(row: Row) -> tuple[float | None, float | None]:
    """Latitude and longitude, (None, None) where they are missing, out of the world, or the point 0, 0."""
    lat, lon = _float(_first(row, "lat")), _float(_first(row, "lon"))
    point = _first(row, "point")
    if (lat is None or lon is None) and point is not None:
        if isinstance(point, str) and point[:1] in "{[":
            point = _json(point)
        if isinstance(point, dict):
            where = cast(Row, point)
            lat, lon = _float(where.get("lat", where.get("latitude"))), _float(where.get("lon", where.get("longitude", where.get("lng"))))
        elif isinstance(point, (list, tuple)) and len(cast(list[object], point)) == 2:
            lat, lon = (_float(v) for v in cast(list[object], point))
        elif isinstance(point, str):
            parts = re.split(r"[;,\s]+", point.strip())
            lat, lon = (_float(p) for p in parts) if len(parts) == 2 else (None, None)
    if lat is None or lon is None or not (-90 <= lat <= 90 and -180 <= lon <= 180) or (lat == 0 and lon == 0):
        return None, None
    return lat, lon


def _float(value: object) -> float | None:
    try:
        return float(str(value).strip()) if value is not None else None
    except ValueError:
        return None


def _json(text: str) -> object:
    try:
        return cast(object, json.loads(text))
    except ValueError:
        return None


# --- times ---


def _times(row: Row, floating: str) -> tuple[tuple[tuple[datetime, datetime], ...], tuple[str, ...]]:
    """The times of a row, and what is odd about them."""
    there = zone(_zone_name(row)) or zone(floating) or UTC
    pairs = _listed(_first(row, "times"))
    if not pairs:
        start, end = _first(row, "start"), _first(row, "end")
        pairs = [(start, end)] if start is not None else []
    found: set[tuple[datetime, datetime]] = set()
    doubts: set[str] = set()
    for begins, ends in pairs:
        start, whole = _when(begins, there)
        if start is None:
            continue
        end, last = _when(ends, there)
        if end is None:
            doubts.add("no-end")
            end = _next_day(start, there) if whole else start
        elif last:
            end = _next_day(end, there)  # the last day is one of them
        if end < start:
            turned = end + timedelta(days=1)
            if start < turned <= start + OVERNIGHT:  # 21:30 to 00:00 "of the same day"
                doubts.add("past-midnight")
                end = turned
            else:
                doubts.add("ends-before")
                end = start
        found.add((start, end))
    return tuple(sorted(found)), tuple(sorted(doubts))


def _zone_name(row: Row) -> str:
    said = row.get("timezone") or row.get("location.timezone") or row.get("tzid")
    return resolved(str(said)) if said else ""


def _next_day(at: datetime, there: tzinfo) -> datetime:
    day = at.astimezone(there).date() + timedelta(days=1)
    return datetime.combine(day, time(), there).astimezone(UTC)


def _listed(value: object) -> list[tuple[object, object]]:
    """The pairs of a list of times: objects with begin and end, or text `a_b;c_d` or `a b;c d`."""
    if isinstance(value, str) and value[:1] in "[{":
        value = _json(value)
    if isinstance(value, dict):
        value = [cast(object, value)]
    if isinstance(value, list):
        found: list[tuple[object, object]] = []
        for item in cast(list[object], value):
            part = _json(item) if isinstance(item, str) and item[:1] == "{" else item
            if isinstance(part, dict):
                said = cast(Row, part)
                found.append((said.get("begin", said.get("start")), said.get("end")))
            elif isinstance(part, str):
                found += _listed(part)
        return found
    if isinstance(value, str):
        cut = [re.split(r"[_\s]", p.strip()) for p in value.split(";") if p.strip()]
        return [(p[0], p[1] if len(p) > 1 else None) for p in cut]
    return []


def _when(value: object, there: tzinfo) -> tuple[datetime | None, bool]:
    """An instant in UTC, and whether a day without an hour was said."""
    if isinstance(value, str):
        text = value.strip()
        try:
            value = date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
        except ValueError:
            return None, False
    if not isinstance(value, date) or not EARLIEST <= value.year <= LATEST:
        return None, False
    if not isinstance(value, datetime):
        return datetime.combine(value, time(), there).astimezone(UTC), True
    at = value
    return (at if at.tzinfo else at.replace(tzinfo=there)).astimezone(UTC), False


# --- rows of a calendar ---


def _recurring(rows: Sequence[Row], agenda: str, begin: datetime, end: datetime, floating: str) -> list[Entry]:
    """The rows of an iCalendar file, their rules worked out."""
    events: list[Event] = []
    about: dict[int, Entry] = {}
    for row in rows:
        event = event_of(row)
        title = _text(row, "title")
        if event is None or not title:
            continue
        event = replace(event, line=len(events) + 1)
        events.append(event)
        about[event.line] = _about(row, agenda, title)
    found, aside = occurrences(events, begin, end, floating=floating)
    times: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for o in found:
        times[o.of.line].append((o.start, o.end))
    whys = {"rule": "bad-rule", "flood": "flood"}
    told = {e.line: whys[w] for e, w in aside}
    for event, _ in aside:  # the rule is lost, its first time is not
        times[event.line] += [(o.start, o.end) for o in occurrences([replace(event, rules=())], begin, end, floating=floating)[0]]
    return [replace(about[line], times=tuple(sorted(set(ts))), doubts=(told[line],) if line in told else ()) for line, ts in sorted(times.items()) if ts]


def event_of(row: Row) -> Event | None:
    """The event of a row that our iCalendar reader wrote; None when its start can't be read."""
    name = str(row.get("tzid") or "")
    whole = str(row.get("journee_entiere", "")).casefold() in ("true", "1", "oui", "vrai")
    start = _time(row.get("dtstart"), name, whole=whole)
    if start is None:
        return None
    end = _time(row.get("dtend"), name, whole=whole)
    lasts = timedelta(days=1) if start.whole_day else timedelta()
    if end is not None:
        lasts = max(timedelta(), _apart(start, end))
    moved = _time(row.get("recurrence_id"), name, whole=whole)
    rules = tuple(filter(None, str(row.get("rrule") or "").split("|")))
    also = tuple(s for part in str(row.get("rdate") or "").split() if (s := _span(part, name)) is not None)
    gone = tuple(t for part in str(row.get("exdate") or "").split() if (t := _time(part, name)) is not None)
    sequence = str(row.get("sequence") or "0")
    return Event(
        uid=str(row.get("uid_ics") or row.get("uid") or ""), start=start, lasts=lasts, rules=rules, also=also, except_=gone, replaces=moved,
        onwards=str(row.get("range") or "").upper() == "THISANDFUTURE", sequence=int(sequence) if sequence.isdecimal() else 0,
        status=str(row.get("status") or "").upper(),
    )  # fmt: skip


def _time(value: object, name: str, *, whole: bool = False) -> Time | None:
    there = zone(name)
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, date) and not EARLIEST <= value.year <= LATEST:
        return None
    if isinstance(value, datetime):
        if value.tzinfo is not None:
            local = value.astimezone(there or UTC).replace(tzinfo=None)
            if whole:
                return Time(local.date())
            return Time(local, name if there else "UTC")
        return Time(value.date()) if whole else Time(value, name if there else "")
    return Time(value) if isinstance(value, date) else None


def _span(part: str, name: str) -> Span | None:
    head, _, tail = part.partition("/")
    start, end = _time(head, name), _time(tail, name) if tail else None
    return Span(start, _apart(start, end) if end else None) if start else None


def _apart(start: Time, end: Time) -> timedelta:
    if not isinstance(start.at, datetime) or not isinstance(end.at, datetime):
        first, last = (t.at.date() if isinstance(t.at, datetime) else t.at for t in (start, end))
        return last - first
    if start.zone == end.zone and (there := zone(start.zone)):
        return end.at.replace(tzinfo=there).astimezone(UTC) - start.at.replace(tzinfo=there).astimezone(UTC)
    return end.at - start.at


def row_of(event: Event, calendar_zone: str = "") -> dict[str, object]:
    """An event of a calendar file as a row: what `event_of` reads back, and what people read. Times have their offset; several are parted by a blank.

    The UID stands in `uid_ics`: it has the shape of an address of e-mail, and is none.
    """
    name = event.start.zone or (calendar_zone if not event.start.whole_day else "")
    start = replace(event.start, zone=name) if not event.start.whole_day else event.start
    row: dict[str, object] = {"uid_ics": event.uid, "summary": text_of(event.said("SUMMARY")), "dtstart": _iso(start), "dtend": _ends(start, event.lasts)}
    row |= {"journee_entiere": event.start.whole_day, "tzid": name, "rrule": "|".join(event.rules)}
    row["rdate"] = " ".join(_iso(s.start) + (f"/{_ends(s.start, s.lasts)}" if s.lasts is not None else "") for s in event.also)
    row["exdate"] = " ".join(map(_iso, event.except_))
    row |= {"recurrence_id": _iso(event.replaces) if event.replaces else "", "range": "THISANDFUTURE" if event.onwards else ""}
    row |= {"sequence": event.sequence, "status": event.status}
    depth = 0
    said: dict[str, list[str]] = defaultdict(list)
    for line in event.rest:
        depth += line.name == "BEGIN"
        if not depth and line.name not in ("SUMMARY", "DTSTAMP"):
            said[line.name].append(_value(line))
        depth -= line.name == "END"
    for key, values in said.items():
        if key == "GEO" and (found := re.fullmatch(r"([-+\d.]+)\s*[;,]\s*([-+\d.]+)", values[0])):
            row |= {"latitude": found[1], "longitude": found[2]}
        else:
            row[key.casefold()] = "|".join(values)
    return {k: v for k, v in row.items() if v not in ("", None)}


def _value(line: Line) -> str:
    if line.name in ("CATEGORIES", "RESOURCES"):
        return "|".join(texts_of(line.value))
    return text_of(line.value)


def _iso(time_: Time) -> str:
    if not isinstance(time_.at, datetime):
        return time_.at.isoformat()
    there = zone(time_.zone)
    return (time_.at.replace(tzinfo=there) if there else time_.at).isoformat()


def _ends(start: Time, lasts: timedelta) -> str:
    if not isinstance(start.at, datetime):
        return (start.at + lasts).isoformat()
    there = zone(start.zone)
    if there is None:
        return (start.at + lasts).isoformat()
    return (start.at.replace(tzinfo=there).astimezone(UTC) + lasts).astimezone(there).isoformat()


def event_from(entry: Entry, start: datetime, end: datetime, uid: str) -> Event:
    """One time of an entry as an event of a calendar that others subscribe to."""
    lines = [Line("SUMMARY", (), escaped(entry.title))]
    if entry.text:
        lines.append(Line("DESCRIPTION", (), escaped(entry.text)))
    where = ", ".join(filter(None, (entry.place, entry.address)))
    if where:
        lines.append(Line("LOCATION", (), escaped(where)))
    if entry.lat is not None and entry.lon is not None:
        lines.append(Line("GEO", (), f"{entry.lat:.6f};{entry.lon:.6f}"))
    lines.append(Line("CATEGORIES", (), escaped(entry.category)))
    if entry.url:
        lines.append(Line("URL", (), entry.url))
    status = {"annulé": "CANCELLED", "reporté": "CANCELLED"}.get(entry.state, "CONFIRMED")
    local = start.astimezone(zone(PARIS)).replace(tzinfo=None)
    return Event(uid, Time(local, PARIS), end - start, status=status, rest=tuple(lines))
