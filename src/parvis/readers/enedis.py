"""Enedis: load curves and daily energy of electricity meters, as rows of the schema `releves-energie`.

Three forms: the CSV of many points (flux R63 and its kin, a column for each attribute), the CSV of a client's area (two lines that
say what follows, then stamps and values), and the JSON of Data Connect (`meter_reading`). What was taken from the grid becomes kWh
between the two ends of a period; what was fed in and other quantities (reactive energy, voltage, greatest power) stand beside, as
they were written. Tables of indexes are left to the reader of CSV.

A stamp marks the end of its period where the file does not show that it marks the beginning. One without an offset is the clock of
Paris, and of the hour that comes twice in October the first is the first. Sources: Enedis, guides of the fluxes and of Data Connect.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from parvis.core.errors import Unreadable
from parvis.core.reading import Example, Issue, RawTable, Reader, Reading, Workspace
from parvis.core.sentence import Sentence
from parvis.core.text import fold
from parvis.readers import flatten, json_text
from parvis.readers.encoding import MEND
from parvis.readers.json import broken
from parvis.readers.json_text import BadJson
from parvis.readers.plain_utf8 import plain
from parvis.readers.raw import Cell

READINGS, OTHERS = "releves", "autres-grandeurs"
PARIS = ZoneInfo("Europe/Paris")
DAY, HOUR, HALF_HOUR = timedelta(days=1), timedelta(hours=1), timedelta(minutes=30)
JSON_MB = 200

_HEADS = {
    "identifiant prm": "point", "date de debut": "since", "date de fin": "until", "type de donnees": "type", "grandeur physique": "quantity",
    "grandeur metier": "direction", "etape metier": "stage", "unite": "unit", "horodate": "stamp", "date": "stamp", "valeur": "value",
    "nature": "nature", "pas": "step", "pas en minutes": "step",
}  # fmt: skip
"""Heading without accents to the attribute that it heads; others are left out of readings, and stand in what is beside them."""
_KWH = {"w": 0.001, "kw": 1.0, "wh": 0.001, "kwh": 1.0}
"""To kWh, of an energy or of a mean power over an hour."""
_POWER = frozenset({"w", "kw"})
_ESTIMATED = frozenset({"e", "h", "p", "k", "estime", "estimee"})
"""Natures of a value that was reconstituted, estimated or computed from another curve."""
_STEP = re.compile(r"(?:PT)?(\d+)\s*(M|H|)", re.IGNORECASE)
_UNIT = re.compile(r"valeur \(?(?:en )?(k?wh?)\)?$")
_DAY_FIRST = re.compile(r"(\d\d)/(\d\d)/(\d{4})")

Attributes = Mapping[str, str]


def sniff(head: bytes, path: Path) -> float:
    """The headings of either CSV, unless what follows are indexes; the root of the JSON."""
    if json_text.first_level(head).get("meter_reading") == "{":
        return 0.97 if b"usage_point_id" in head else 0.0
    text = fold(head[:4096].decode("utf-8-sig", "replace").replace("\ufffd", "e"))
    if not text.lstrip().startswith("identifiant prm;"):
        return 0.0
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return 0.98 if any(_heads_values(line.split(";")) for line in lines[:4]) else 0.0


def read(path: Path, workspace: Workspace) -> Reading:
    """Readings, then what else the file holds. Raises Unreadable: no value in it, a stamp that is none, broken JSON."""
    with path.open("rb") as file:
        from_json = file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")
    encoding, issues = "utf-8", tuple[Issue, ...]()
    lines: Iterable[tuple[int, Attributes]]
    if from_json:
        lines = tuple(_from_json(path, workspace))
    else:
        text = plain(path, workspace.spool, workspace.limits)
        lines, encoding, issues = _Lines(text.path), text.encoding.codec, text.issues
    points = _surveyed(lines)
    tables = [
        _table(READINGS, _readings(lines, points), workspace, encoding, lines=not from_json),
        _table(OTHERS, _others(lines), workspace, encoding, lines=not from_json),
    ]
    tables = [table for table in tables if table.rows]
    if not tables:
        raise Unreadable(
            "Ce fichier d’Enedis ne contient aucune mesure.", mend="Téléchargez à nouveau les mesures."
        )
    if workspace.sheet:
        tables = [table for table in tables if table.name == workspace.sheet]
        if not tables:
            raise Unreadable(
                Sentence("Le fichier d’Enedis n’a pas de table « {sheet} ».", sheet=workspace.sheet),
                mend=Sentence("Tables possibles : {names}.", names=f"{READINGS}, {OTHERS}"),
            )
    return Reading("enedis", tuple(tables), (*issues, *_doubts(points)))


def _table(
    name: str,
    rows: Iterable[tuple[int, Mapping[str, Cell]]],
    workspace: Workspace,
    encoding: str,
    *,
    lines: bool,
) -> RawTable:
    columns, scan, count = flatten.write(rows, workspace.spool, name, workspace.limits, lines=lines)
    return RawTable(name, columns, scan, count, encoding=encoding)


# --- the three forms, line by line ---


@dataclass(frozen=True, slots=True)
class _Lines:
    """The values of a CSV, read anew each time that they are gone through: many points do not fit in memory."""

    path: Path

    def __iter__(self) -> Iterator[tuple[int, Attributes]]:
        return _from_csv(self.path)


def _from_csv(path: Path) -> Iterator[tuple[int, Attributes]]:
    """(line, attributes of a value). Blocks of a client's area may follow one another."""
    heads: list[str] = []
    common: dict[str, str] = {}
    values = False
    with path.open(encoding="utf-8-sig", errors=MEND, newline="") as file:
        reader = csv.reader(file, delimiter=";")
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if fold(cells[0]).strip() == "identifiant prm" or _heads_values(cells):
                heads, values = [fold(cell).strip() for cell in cells], _heads_values(cells)
                common = {} if heads[0] == "identifiant prm" else common
                if (unit := next((m[1] for head in heads if (m := _UNIT.match(head))), None)) is not None:
                    common["unit"] = unit
                heads = ["valeur" if _UNIT.match(head) else head for head in heads]
                continue
            if not values and common:  # headings of values that are none of ours
                heads, values = [fold(cell).strip() for cell in cells], True
                continue
            row = {
                _HEADS.get(head, head): cell.strip()
                for head, cell in zip(heads, cells, strict=False)
                if head and (cell.strip() or head == "valeur")
            }
            if values:
                yield reader.line_num, {**common, **row}
            else:
                common = row


def _heads_values(cells: Iterable[str]) -> bool:
    """Whether these are the headings of values: of either CSV, without being those of indexes."""
    heads = [fold(cell).strip() for cell in cells]
    return any(h in ("horodate", "date") for h in heads) and any(
        h == "valeur" or _UNIT.match(h) for h in heads
    )


def _from_json(path: Path, workspace: Workspace) -> Iterator[tuple[int, Attributes]]:
    """(0, attributes of a value)."""
    encoding = json_text.encoding_of(path)
    try:
        document = json_text.whole(path, encoding, workspace.limits, most_mb=JSON_MB)
    except BadJson as error:
        raise broken(error) from error
    reading = document.get("meter_reading") if isinstance(document, dict) else None
    if not isinstance(reading, dict):
        return
    kind = reading.get("reading_type")
    about = kind if isinstance(kind, dict) else {}
    common = {
        "point": _text(reading.get("usage_point_id")),
        "since": _text(reading.get("start")),
        "until": _text(reading.get("end")),
        "unit": _text(about.get("unit")),
        "step": _text(about.get("interval_length")),
        "direction": "prod" if "prod" in _text(about.get("flow_direction")).lower() else "cons",
    }
    intervals = reading.get("interval_reading")
    for one in intervals if isinstance(intervals, list) else []:
        if isinstance(one, dict):
            row = {
                "stamp": _text(one.get("date")),
                "value": _text(one.get("value")),
                "step": _text(one.get("interval_length")) or common["step"],
                "nature": _text(one.get("measure_type")),
            }
            yield 0, {k: v for k, v in {**common, **row}.items() if v or k == "value"}


def _text(value: Cell) -> str:
    return "" if value is None or isinstance(value, (dict, list)) else str(value)


# --- what a point's stamps mean ---


@dataclass(slots=True)
class _Point:
    """What is known of the stamps of one point before its readings are written, in UTC. since, until: the period that the file says;
    step: the shortest gap between two stamps; stepless: no duration is written.
    """

    first: datetime
    last: datetime
    since: datetime | None = None
    until: datetime | None = None
    step: timedelta | None = None
    before: datetime | None = None
    whole_days: bool = True
    stepless: bool = False
    fall: set[datetime] = field(default_factory=set[datetime])
    """Stamps of the hour that comes twice, once they came."""

    @property
    def begins(self) -> bool | None:
        """Whether a stamp marks the beginning of its period; None where the period that the file says fits neither."""
        if self.since is not None and self.until is not None and self.step is not None:
            starts = self.first == self.since and self.last < self.until
            ends = self.last == self.until and self.first > self.since
            return starts if starts != ends else None
        return None


def _surveyed(lines: Iterable[tuple[int, Attributes]]) -> Mapping[str, _Point]:
    """Each point by its number, with where its stamps begin and end. Raises Unreadable for a stamp that is none."""
    points: dict[str, _Point] = {}
    for line, row in lines:
        if not _is_taken(row):
            continue
        stamp = _stamp(row, line).astimezone(UTC)
        point = points.get(row.get("point", ""))
        if point is None:
            points[row.get("point", "")] = point = _Point(stamp, stamp)
        for bound in (_bound(row.get("since")), _bound(row.get("until"))):
            if bound is not None:
                point.since, point.until = min(point.since or bound, bound), max(point.until or bound, bound)
        point.first, point.last = min(point.first, stamp), max(point.last, stamp)
        point.whole_days = point.whole_days and _is_day(row["stamp"])
        point.stepless = point.stepless or (not _step(row) and not point.whole_days)
        gap = stamp - point.before if point.before is not None else None
        if gap is not None and timedelta(0) < abs(gap) and (point.step is None or abs(gap) < point.step):
            point.step = abs(gap)
        point.before = stamp
    return points


def _is_taken(row: Attributes) -> bool:
    """Whether a line says what was taken from the grid: an energy, or a mean power."""
    quantity, direction = fold(row.get("quantity", "")), fold(row.get("direction", ""))
    return (
        fold(row.get("unit", "")) in _KWH
        and direction in ("", "cons", "consommation", "soutirage")
        and quantity in ("", "ea", "pa", "energie active", "puissance active", "courbe de charge")
        and "maximale" not in fold(row.get("type", ""))
        and "stamp" in row
        and "value" in row
        and (not row["value"] or _number(row["value"]) is not None)
    )


def _readings(
    lines: Iterable[tuple[int, Attributes]], points: Mapping[str, _Point]
) -> Iterator[tuple[int, Mapping[str, Cell]]]:
    """(line, a row of the schema)."""
    for line, row in lines:
        if not _is_taken(row):
            continue
        point = points[row.get("point", "")]
        stamp = _stamp(row, line, point.fall)
        if _is_day(row["stamp"]):
            start = stamp
            end = datetime.combine(stamp.date() + DAY, stamp.timetz())
        else:
            step = _step(row) or point.step or HALF_HOUR
            start = stamp if point.begins else _later(stamp, -step)
            end = _later(start, step)
        value, unit = _number(row["value"]), fold(row["unit"])
        hours = (end.astimezone(UTC) - start.astimezone(UTC)) / HOUR if unit in _POWER else 1.0
        yield (
            line,
            {
                "compteur": row.get("point"),
                "debut": start.isoformat(),
                "fin": end.isoformat(),
                "kwh": None if value is None else round(value * _KWH[unit] * hours, 6),
                "qualite": "estimé" if fold(row.get("nature", "")) in _ESTIMATED else "réel",
            },
        )


def _others(lines: Iterable[tuple[int, Attributes]]) -> Iterator[tuple[int, Mapping[str, Cell]]]:
    """(line, what it says, under the headings of the file)."""
    heads = {attribute: head.replace(" ", "_") for head, attribute in reversed(_HEADS.items())}
    for line, row in lines:
        if not _is_taken(row):
            yield line, {heads.get(k, k.replace(" ", "_")): v for k, v in row.items() if v}


def _doubts(points: Mapping[str, _Point]) -> Iterator[Issue]:
    doubtful = sum(1 for point in points.values() if point.begins is None and not point.whole_days)
    if doubtful:
        yield Issue(
            "enedis-stamps",
            "Le fichier ne montre pas si ses horodates marquent le début ou la fin de chaque période : la fin a été prise.",
            f"{doubtful} sur {len(points)}",
        )
    stepless = sum(1 for point in points.values() if point.stepless)
    if stepless:
        yield Issue(
            "enedis-steps",
            "Le fichier ne dit pas la durée de ses périodes : le plus court écart entre deux horodates a été pris.",
            f"{stepless} sur {len(points)}",
        )


# --- moments, steps, numbers ---


def _stamp(row: Attributes, line: int, fall: set[datetime] | None = None) -> datetime:
    """The moment, with its offset. fall: stamps of the hour that comes twice that came before. Raises Unreadable."""
    text = row["stamp"]
    moment = _moment(text)
    if moment is None:
        raise Unreadable(
            Sentence("L’horodate « {text} » n’est pas un moment.", text=text[:40]),
            mend="Téléchargez à nouveau les mesures, sans les ouvrir dans un tableur.",
            line=line,
        )
    if moment.tzinfo is not None:
        return moment.astimezone(PARIS)
    first = moment.replace(tzinfo=PARIS)
    if fall is not None and first.utcoffset() != (second := first.replace(fold=1)).utcoffset():
        if moment in fall:
            return second
        fall.add(moment)
    return first


def _moment(text: str) -> datetime | None:
    iso = _DAY_FIRST.sub(r"\3-\2-\1", text)
    try:
        return datetime.fromisoformat(iso)
    except ValueError:
        return None


def _bound(text: str | None) -> datetime | None:
    moment = None if text is None else _moment(text)
    return (
        None
        if moment is None
        else (moment if moment.tzinfo else moment.replace(tzinfo=PARIS)).astimezone(UTC)
    )


def _is_day(stamp: str) -> bool:
    return len(stamp) == len("2026-01-31")


def _step(row: Attributes) -> timedelta | None:
    match = _STEP.fullmatch(row.get("step", ""))
    if match is None or not int(match[1]):
        return None
    return int(match[1]) * (HOUR if match[2].upper() == "H" else timedelta(minutes=1))


def _later(moment: datetime, step: timedelta) -> datetime:
    """So much later by the sun, whatever the clock does."""
    return (moment.astimezone(UTC) + step).astimezone(PARIS)


def _number(text: str) -> float | None:
    """None for what is no number; nothing written is one that is missing, not one that is wrong."""
    try:
        return float(text.replace(",", ".").replace("\u202f", "").replace(" ", "")) if text else None
    except ValueError:
        return None


_MANY = """Identifiant PRM;Date de début;Date de fin;Grandeur physique;Grandeur métier;Etape métier;Unité;Horodate;Valeur;Nature;Pas
30001234567890;2026-10-25 00:00:00;2026-10-25 02:30:00;PA;CONS;BRUT;W;2026-10-25 01:30:00;692;B;PT30M
30001234567890;2026-10-25 00:00:00;2026-10-25 02:30:00;PA;CONS;BRUT;W;2026-10-25 02:30:00;1284;E;PT30M
30001234567890;2026-10-25 00:00:00;2026-10-25 02:30:00;PA;PROD;BRUT;W;2026-10-25 02:30:00;10;B;PT30M
"""
_AREA = """Identifiant PRM;Type de donnees;Date de debut;Date de fin;Grandeur physique;Grandeur metier;Etape metier;Unite;Pas en minutes
30001234567890;Courbe de charge;01/02/2026;02/02/2026;Energie active;Consommation;Comptage Brut;W;30

Horodate;Valeur
2026-02-01T00:30:00+01:00;540
2026-02-01T01:00:00+01:00;
"""
_CONNECT = """{"meter_reading":{"usage_point_id":"30001234567890","start":"2026-02-01","end":"2026-02-03","quality":"BRUT",
"reading_type":{"unit":"Wh","measurement_kind":"energy","aggregate":"sum"},
"interval_reading":[{"value":"12571","date":"2026-02-01"},{"value":"9800","date":"2026-02-02"}]}}
"""
_COLUMNS = ("compteur", "debut", "fin", "kwh", "qualite")

ENEDIS = Reader(
    name="enedis",
    title="Enedis (courbes de charge et énergies de compteurs)",
    sniff=sniff,
    read=read,
    examples=(
        Example("plusieurs points, une production", _MANY.encode("cp1252"), _COLUMNS, 2, "cp1252"),
        Example("espace client, une valeur absente", _AREA.encode(), _COLUMNS, 2, "utf-8"),
        Example("Data Connect, énergies d’un jour", _CONNECT.encode(), _COLUMNS, 2, "utf-8"),
    ),
)
