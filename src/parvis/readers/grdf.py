"""GRDF: gas meters, as rows of the schema `releves-energie`.

Three forms: the workbook of a client's area (a meter's number above, then a row for each day, week or month), a table of many meters
as CSV or workbook (a column `N° PCE`), and JSON: of the client's area (readings under each meter's number) or of the API ADICT (an
object a line or a list). A gas day goes from six in the morning to six, by the clock of Paris; a date without an hour is one.

GRDF writes energy by the higher calorific value; a reading of ours is by the lower one, 0.901 of it. Where no energy is written,
volume times the coefficient of conversion is. Sources: GRDF, client's area and API ADICT v6 (`donnees_consos_publiees`,
`donnees_consos_informatives`).
"""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from parvis.core.errors import Unreadable
from parvis.core.reading import Example, Issue, RawTable, Reader, Reading, Workspace
from parvis.core.sentence import Sentence
from parvis.core.text import fold
from parvis.readers import flatten, json_text, sheets, zips
from parvis.readers.archive import members
from parvis.readers.encoding import MEND
from parvis.readers.json import broken
from parvis.readers.json_text import BadJson
from parvis.readers.minimal_files import small_xlsx
from parvis.readers.plain_utf8 import plain
from parvis.readers.raw import Cell
from parvis.readers.xlsx_bounds import xml_sheets

READINGS, OTHERS = "releves", "sans-periode"
PARIS = ZoneInfo("Europe/Paris")
SIX, DAY = time(6), timedelta(days=1)
LOWER = 0.901
"""Lower calorific value of natural gas, as a share of the higher one."""
JSON_MB = 200
HEADINGS = 30
"""Rows in which the headings are looked for."""
SNIFFED = 1 << 18
"""Bytes of a part of a workbook in which they are sniffed."""

_MONTHS = ("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre", "decembre")  # fmt: skip
_DAY_FIRST = re.compile(r"(\d\d?)/(\d\d?)/(\d{4})(?:[ T](\d\d?):(\d\d)(?::\d\d)?)?")
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d).*)?")
_SPAN = re.compile(r"du (\S+) au (\S+)")
_MONTH = re.compile(r"([a-z]+) (\d{4})")
_PCE = re.compile(r"(?:\d{14}|GI\d{6})")
_GUESSED = ("estim", "absence", "corrig", "calcul")

_HEADS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("point", re.compile(r"(?:n[°o]?\s*)?(?:de )?pce|id_?pce|identifiant pce|numero (?:de )?pce|point de comptage.*")),
    ("start", re.compile(r"date (?:de )?debut.*|debut(?: de)?(?: la)? (?:periode|consommation)|du")),
    ("end", re.compile(r"date (?:de )?fin.*|fin(?: de)?(?: la)? (?:periode|consommation)|au")),
    ("period", re.compile(r"date(?: de| du)? releve|journee gaziere|periode.*|semaine|mois|jour")),
    ("energy", re.compile(r"energie(?: consommee?)?\s*\(?k?wh.*|energie consommee?|consommation\s*\(?kwh.*")),
    ("volume", re.compile(r"volume(?: brut)? consomme.*|volume brut.*|volume\s*\(?m3.*")),
    ("factor", re.compile(r"(?:coeff?(?:icient)?)(?: de)? conversion.*")),
    ("quality", re.compile(r"(?:qualification|type|nature|qualite)(?: du| de)?(?: la)?(?: releve| consommation)?")),
)  # fmt: skip

Attributes = Mapping[str, Cell]


def sniff(head: bytes, path: Path) -> float:
    """By the headings or keys that a reading of gas bears; a workbook by those that it holds."""
    if head.startswith(zips.MAGIC):
        return 1.0 if _sniffed_workbook(head, path) else 0.0
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        adict = b'"date_debut_consommation"' in head and b'"id_pce"' in head
        return 0.97 if adict or (b'"energieConsomme"' in head and b'"dateDebutReleve"' in head) else 0.0
    try:
        text = head[:4096].decode("utf-8-sig")
    except UnicodeDecodeError:
        text = head[:4096].decode("cp1252", "replace")
    rows = [re.split(r"[;,\t]", line) for line in text.splitlines()[:HEADINGS]]
    heads = next((h for row in rows if "energy" in (h := headed(row)).values()), {})
    return 0.98 if "point" in heads.values() and _dates(heads) else 0.0


def _sniffed_workbook(head: bytes, path: Path) -> bool:
    names = zips.members(head, path)
    parts = [n for n in names if n == "xl/sharedStrings.xml" or n.startswith("xl/worksheets/sheet")][:3]
    if "xl/workbook.xml" not in names or not parts:
        return False
    text = ""
    try:
        with zipfile.ZipFile(path) as package:
            for part in parts:
                with package.open(part) as member:
                    text += fold(member.read(SNIFFED).decode("utf-8", "replace"))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return False
    return "energie consomm" in text and "pce" in text and ("releve" in text or "periode" in text)


def read(path: Path, workspace: Workspace) -> Reading:
    """Readings, then those that say no period. Raises Unreadable: no reading in it, broken JSON or workbook."""
    with path.open("rb") as file:
        head = file.read(64)
    issues = tuple[Issue, ...]()
    encoding: str | None = "utf-8"
    if head.startswith(zips.MAGIC):
        lines, encoding = list(_from_workbook(path, workspace)), None
    elif head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        lines = list(_from_json(path, workspace))
    else:
        text = plain(path, workspace.spool, workspace.limits)
        lines, encoding, issues = list(_from_csv(text.path)), text.encoding.codec, text.issues
    placed, lost = _placed(lines)
    numbered = any(line for line, _ in lines)
    tables = [
        _table(READINGS, ((line, _row(a, *span)) for line, a, span in placed), workspace, encoding, lines=numbered),
        _table(OTHERS, ((line, _written(a)) for line, a in lost), workspace, encoding, lines=numbered),
    ]  # fmt: skip
    tables = [table for table in tables if table.rows]
    if not placed:
        raise _nothing_dated(lost)
    if workspace.sheet:
        tables = [table for table in tables if table.name == workspace.sheet]
        if not tables:
            raise Unreadable(
                Sentence("Le fichier de GRDF n’a pas de table « {sheet} ».", sheet=workspace.sheet),
                mend=Sentence("Tables possibles : {names}.", names=f"{READINGS}, {OTHERS}"),
            )
    calorific = Issue(
        "grdf-calorific", "Les énergies de GRDF sont sur pouvoir supérieur : 0,901 de chacune a été pris."
    )
    return Reading("grdf", tuple(tables), (*issues, calorific, *_undated(lost)))


def _nothing_dated(lost: Sequence[tuple[int, Attributes]]) -> Unreadable:
    """Why there is no reading: none at all, or dates that none reads, the first of them told with its line."""
    line, written = next(
        ((line, text) for line, a in lost for n in ("period", "start", "end") if (text := _plain(a.get(n)))),
        (0, ""),
    )
    if not written:
        return Unreadable(
            "Ce fichier de GRDF ne contient aucun relevé daté.",
            mend="Téléchargez à nouveau les consommations.",
        )
    short = written[:40]
    where = (
        Sentence(
            "Ce fichier de GRDF ne dit d’aucun relevé quand il commence et finit : « {written} » à la ligne {line}.",
            written=short,
            line=line,
        )
        if line
        else Sentence(
            "Ce fichier de GRDF ne dit d’aucun relevé quand il commence et finit : « {written} ».",
            written=short,
        )
    )
    return Unreadable(
        where,
        mend="Écrivez les dates comme 24/10/2026, ou téléchargez à nouveau les consommations.",
        line=line,
    )


def _undated(lost: Sequence[tuple[int, Attributes]]) -> Iterator[Issue]:
    if lost:
        yield Issue(
            "grdf-periods",
            "Des relevés ne disent pas quand leur période commence : ils sont mis à part.",
            count=len(lost),
            lines=tuple(line for line, _ in lost[:5] if line),
        )


def _table(
    name: str,
    rows: Iterable[tuple[int, Mapping[str, Cell]]],
    workspace: Workspace,
    encoding: str | None,
    *,
    lines: bool,
) -> RawTable:
    columns, scan, count = flatten.write(rows, workspace.spool, name, workspace.limits, lines=lines)
    return RawTable(name, columns, scan, count, encoding=encoding)


# --- the three forms, line by line ---


def headed(row: Iterable[Cell]) -> dict[int, str]:
    """Position to the attribute that a heading names; the first that does."""
    heads: dict[int, str] = {}
    for place, cell in enumerate(row):
        text = " ".join(fold(str(cell)).replace("³", "3").split()) if isinstance(cell, str) else ""
        name = next((name for name, pattern in _HEADS if pattern.fullmatch(text)), None)
        if name is not None and name not in heads.values():
            heads[place] = name
    return heads


def _dates(heads: Mapping[int, str]) -> bool:
    return "period" in heads.values() or {"start", "end"} <= set(heads.values())


def _from_rows(rows: Iterable[tuple[int, Sequence[Cell]]]) -> Iterator[tuple[int, Attributes]]:
    """(line, attributes of a reading) of a table under its headings; a number of meter above them is that of all rows."""
    heads: dict[int, str] = {}
    point = ""
    for line, row in rows:
        if not heads:
            point = next((m[0] for c in row if (m := _PCE.fullmatch(_plain(c)))), point)
            named = headed(row)
            heads = named if _dates(named) and "energy" in named.values() else {}
            if not heads and line > HEADINGS:
                return
            continue
        given = {name: row[place] for place, name in heads.items() if place < len(row)}
        if any(given.get(n) not in (None, "") for n in ("period", "start", "end")):
            yield line, {"point": point, **given}


def _from_csv(path: Path) -> Iterator[tuple[int, Attributes]]:
    with path.open(encoding="utf-8-sig", errors=MEND, newline="") as file:
        separator = max(";\t,", key=file.read(4096).count)
        file.seek(0)
        reader = csv.reader(file, delimiter=separator)
        yield from _from_rows((reader.line_num, cells) for cells in reader)


def _from_workbook(path: Path, workspace: Workspace) -> Iterator[tuple[int, Attributes]]:
    """Every sheet that has the headings. Bounds first, then calamine."""
    try:
        package = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise sheets.broken(error) from error
    with package:
        members(path, workspace.limits)
        xml_sheets(package, workspace.limits)
    with sheets.opened(path) as book:
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            yield from _from_rows(enumerate(sheet.iter_rows(), 1))


def _from_json(path: Path, workspace: Workspace) -> Iterator[tuple[int, Attributes]]:
    encoding = json_text.encoding_of(path)
    try:
        if _is_by_line(path, encoding):
            with path.open(encoding=encoding, errors=MEND) as file:
                for line, text in enumerate(file, 1):
                    if text.strip():
                        yield from ((line, a) for a in _of_json(json_text.decoded(text.strip())))
        else:
            document = json_text.whole(path, encoding, workspace.limits, most_mb=JSON_MB)
            yield from ((0, a) for a in _of_json(document))
    except BadJson as error:
        raise broken(error) from error
    except ValueError as error:
        raise broken(BadJson(str(error), 0)) from error


def _is_by_line(path: Path, encoding: str) -> bool:
    """Whether the first line is an object that is whole."""
    with path.open(encoding=encoding, errors=MEND) as file:
        first = file.readline().strip()
    try:
        return isinstance(document := json_text.decoded(first), dict) and "consommation" in document
    except (ValueError, RecursionError):
        return False


def _of_json(document: Cell) -> Iterator[Attributes]:
    """Readings of the API, or of the client's area, wherever they stand in lists and under numbers of meters."""
    if isinstance(document, list):
        for one in document:
            yield from _of_json(one)
    elif isinstance(document, dict) and isinstance(use := document.get("consommation"), dict):
        meter, rate = document.get("pce"), use.get("coeff_calcul")
        yield {
            "point": meter.get("id_pce") if isinstance(meter, dict) else None,
            "start": use.get("date_debut_consommation"),
            "end": use.get("date_fin_consommation"),
            "energy": use.get("energie"),
            "volume": use.get("volume_brut"),
            "factor": rate.get("coeff_conversion") if isinstance(rate, dict) else None,
            "quality": use.get("type_qualif_conso"),
        }
    elif isinstance(document, dict) and isinstance(document.get("releves"), list):
        yield from _of_area(document)
    elif isinstance(document, dict):
        for one in document.values():
            if isinstance(one, (dict, list)):
                yield from _of_json(one)


def _of_area(document: Mapping[str, Cell]) -> Iterator[Attributes]:
    readings = document["releves"]
    for one in readings if isinstance(readings, list) else []:
        if isinstance(one, dict):
            yield {
                "point": document.get("idPce"),
                "start": one.get("dateDebutReleve"),
                "end": one.get("dateFinReleve"),
                "period": one.get("journeeGaziere"),
                "energy": one.get("energieConsomme"),
                "volume": one.get("volumeBrutConsomme"),
                "factor": one.get("coeffConversion"),
                "quality": one.get("qualificationReleve"),
            }


# --- periods and energies ---


Span = tuple[datetime, datetime]


def _placed(
    lines: Sequence[tuple[int, Attributes]],
) -> tuple[list[tuple[int, Attributes, Span]], list[tuple[int, Attributes]]]:
    """(readings with both ends of their period, those without). Dates of a meter that never follow one another by a day are those of
    its readings: each period begins at the one before.
    """
    days: dict[str, list[datetime]] = {}
    for _, a in lines:
        if (only := _only(a)) is not None:
            days.setdefault(_plain(a.get("point")), []).append(only)
    before: dict[tuple[str, datetime], datetime | None] = {}
    for point, of_point in days.items():
        ordered = sorted(set(of_point))
        gaps = [later.date() - sooner.date() for sooner, later in pairwise(ordered)]
        if gaps and min(gaps) > DAY:
            before |= {(point, at): old for at, old in zip(ordered, [None, *ordered], strict=False)}
    placed: list[tuple[int, Attributes, Span]] = []
    lost: list[tuple[int, Attributes]] = []
    for line, a in lines:
        only = _only(a)
        key = (_plain(a.get("point")), only) if only is not None else None
        if key is not None and key in before:
            start = before[key]
            span = (start, key[1]) if start is not None else None
        else:
            span = _span(a)
        if span is None or span[1] <= span[0]:
            lost.append((line, a))
        else:
            placed.append((line, a, span))
    return placed, lost


def _only(a: Attributes) -> datetime | None:
    """The one date of a reading that says neither its two ends nor a span."""
    if a.get("start") not in (None, "") and a.get("end") not in (None, ""):
        return None
    return _moment(a.get("period"))


def _span(a: Attributes) -> Span | None:
    period = a.get("period")
    if period in (None, ""):
        start, end = _moment(a.get("start")), _moment(a.get("end"))
        return (start, end) if start is not None and end is not None else None
    if (day := _moment(period)) is not None:
        return day, _next(day)
    text = " ".join(fold(_plain(period)).split())
    if match := _SPAN.fullmatch(text):
        first, last = _moment(match[1]), _moment(match[2])
        return (first, _next(last)) if first is not None and last is not None else None
    if (match := _MONTH.fullmatch(text)) and match[1] in _MONTHS:
        year, month = int(match[2]), _MONTHS.index(match[1]) + 1
        return _six(date(year, month, 1)), _six(date(year + month // 12, month % 12 + 1, 1))
    return None


def _moment(value: Cell) -> datetime | None:
    """A moment by the clock of Paris, six in the morning where only a date is written. An offset is left out: GRDF writes six
    o'clock under any.
    """
    if isinstance(value, datetime):
        return value.replace(tzinfo=PARIS) if value.time() != time(0) else _six(value.date())
    if isinstance(value, date):
        return _six(value)
    text = _plain(value)
    if match := _DAY_FIRST.fullmatch(text):
        day, month, year, hour, minute = match.groups()
    elif match := _ISO.fullmatch(text):
        year, month, day, hour, minute = match.groups()
    else:
        return None
    try:
        moment = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), tzinfo=PARIS)
    except ValueError:
        return None
    return moment if moment.time() != time(0) else _six(moment.date())


def _six(day: date) -> datetime:
    return datetime.combine(day, SIX, PARIS)


def _next(day: datetime) -> datetime:
    """The same hour of the day after, whatever the clock does between."""
    return datetime.combine(day.date() + DAY, day.time(), PARIS)


def _row(a: Attributes, start: datetime, end: datetime) -> Mapping[str, Cell]:
    """A row of the schema."""
    quality = fold(_plain(a.get("quality")))
    energy, volume, factor = (_number(a.get(name)) for name in ("energy", "volume", "factor"))
    if energy is None and volume is not None and factor is not None:
        energy = volume * factor
    missing = energy is None or (not energy and "absence" in quality)
    return {
        "compteur": _plain(a.get("point")) or None,
        "debut": start.isoformat(),
        "fin": end.isoformat(),
        "kwh": None if missing or energy is None else round(energy * LOWER, 3),
        "qualite": "estimé" if quality.startswith(_GUESSED) else "réel",
    }


def _written(a: Attributes) -> Mapping[str, Cell]:
    """A reading without a period, as it was written."""
    names = {"point": "pce", "start": "debut", "end": "fin", "period": "date_de_releve", "energy": "energie_kwh_pcs",
             "volume": "volume_m3", "factor": "coefficient", "quality": "qualification"}  # fmt: skip
    return {
        names[k]: str(v) if isinstance(v, (date, datetime)) else v
        for k, v in a.items()
        if v not in (None, "")
    }


def _plain(value: Cell) -> str:
    """The text of a cell; a whole number as one."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None or isinstance(value, (dict, list)) else str(value).strip()


def _number(value: Cell) -> float | None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    text = _plain(value).replace(",", ".").replace("\u202f", "").replace("\xa0", "").replace(" ", "")
    try:
        return float(text) if text else None
    except ValueError:
        return None


_AREA_ROWS = [
    [], [], [], ["", "Numéro PCE", "", "", "09123456789012"], ["", "Alias", "", "", "École"], [], [], [],
    ["", "Date de relevé", "Index début (m3)", "Index fin (m3)", "Volume consommé (m3)", "Energie consommée (kWh)",
     "Coefficient de conversion", "Température locale (°C)", "Qualification du relevé"],
    ["", "24/10/2026", 100, 110, 10, 112, 11.2, 9, "Mesuré"],
    ["", "25/10/2026", 110, 118, 8, 90, 11.2, 11, "Estimé"],
]  # fmt: skip
_MANY = """N° PCE;Date de relevé;Volume consommé (m3);Energie consommée (kWh);Type de relevé
GI123456;01/02/2026;80;900;Mesuré
GI123456;02/02/2026;85;955,5;Mesuré
"""
_ADICT = """[{"pce":{"id_pce":"09123456789012"},"consommation":{
"date_debut_consommation":"2026-01-01T06:00:00+01:00","date_fin_consommation":"2026-02-01T06:00:00+01:00",
"volume_brut":180,"coeff_calcul":{"coeff_conversion":11.29},"energie":2032,"type_qualif_conso":"Mesuré"}}]
"""
_COLUMNS = ("compteur", "debut", "fin", "kwh", "qualite")

GRDF = Reader(
    name="grdf",
    title="GRDF (consommations de gaz)",
    sniff=sniff,
    read=read,
    examples=(
        Example("classeur de l’espace client", small_xlsx(_AREA_ROWS), _COLUMNS, 2),
        Example("table de plusieurs compteurs", _MANY.encode("cp1252"), _COLUMNS, 2, "cp1252"),
        Example("API ADICT", _ADICT.encode(), _COLUMNS, 1, "utf-8"),
    ),
)
