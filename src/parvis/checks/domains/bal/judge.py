"""A BAL file judged: its cells column by column, its rows, and what rows must share."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
import numpy.typing as npt

from parvis.checks.domains.bal.fields import FIELDS, PLACE, Parsed, cell, column
from parvis.checks.domains.bal.notices import NOTICES, SEVERITIES
from parvis.checks.domains.declaration import Outcome, Package
from parvis.checks.domains.tally import Tally
from parvis.core.late import late
from parvis.core.text import fold
from parvis.core.types import Row

if TYPE_CHECKING:
    import pyproj
else:
    pyproj = late("pyproj")

TOLERANCE_M = 10.0

ZONES: tuple[tuple[int, tuple[float, float, float, float]], ...] = (
    (2154, (-9.86, 41.15, 10.38, 51.56)), (5490, (-63.66, 14.08, -57.52, 18.54)), (2972, (-54.6, 2.11, -49.46, 8.88)),
    (2975, (51.83, -24.72, 58.24, -18.28)),
    (4471, (43.68, -14.49, 46.7, -11.33)), (4467, (-57.1, 43.41, -55.9, 47.37)), (3163, (163.55, -22.75, 168.2, -19.54)),
    (3296, (-155.0, -24.0, -150.0, -9.0)),
    (3297, (-150.0, -29.0, -144.0, -13.0)), (3298, (-144.0, -29.0, -138.0, -7.0)), (3299, (-138.0, -25.0, -132.0, -18.0)),
    (2988, (-177.0, -14.0, -176.0, -13.0)),
)  # fmt: skip
"""Legal projections of France (EPSG) and the degrees where each is used: west, south, east, north."""

Ids = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Text:
    """The records of a file: cells by column label; line of each record, from 1."""

    labels: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    encoding: str
    delimiter: str
    old_mac: bool
    ragged: tuple[int, ...]


def read(path: Path) -> Text:
    """The records of a text file, whatever separator or encoding it has: both are judged afterwards."""
    data = path.read_bytes()
    try:
        text, encoding = data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        text, encoding = data.decode("cp1252", "replace"), "windows-1252"
    first = text[: 1 << 16].splitlines()[0] if text.strip() else ""
    delimiter = max(";,\t|", key=first.count)
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    ragged: list[int] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    labels: tuple[str, ...] = ()
    for record in reader:
        if not record or record == [""]:
            continue
        if not labels:
            labels = tuple(c.strip() for c in record)
        elif len(record) != len(labels):
            ragged.append(reader.line_num)
        else:
            rows.append(tuple(record))
            lines.append(reader.line_num)
    old_mac = "\r" in text and "\n" not in text
    return Text(labels, tuple(rows), tuple(lines), encoding, delimiter, old_mac, tuple(ragged))


@dataclass(frozen=True, slots=True)
class Cells:
    """The columns that a file has, judged: one `Parsed` for each row."""

    text: Text
    columns: Mapping[str, Sequence[Parsed]]
    raw: Mapping[str, Sequence[str]]

    def values(self, name: str) -> Sequence[Parsed]:
        """A column; empty cells when the file has it not."""
        return self.columns[name] if name in self.columns else (_NOTHING,) * len(self.text.rows)

    def filled(self, name: str) -> Sequence[bool]:
        """Whether the file says anything there."""
        return (
            [bool(v.strip()) for v in self.raw[name]] if name in self.raw else [False] * len(self.text.rows)
        )


_NOTHING = Parsed()


def check(package: Package, profile: str) -> Outcome:
    """Judge a file under a profile."""
    path = package.only or next(p for n, p in package.files.items() if n.lower().endswith((".csv", ".txt")))
    text = read(path)
    tally = Tally(NOTICES, limit=package.limit, severities=SEVERITIES[profile])
    _file(text, tally)
    for each in FIELDS.values():
        if profile[:3] in each.formats and each.name not in text.labels:
            tally.hit(f"field.{each.name}.missing", column=each.name)
    if not text.rows:
        tally.hit("rows.empty")
    cells = _cells(text, package, tally, profile[:3])
    _rows(cells, tally)
    _identifiers(cells, tally)
    return Outcome(tally.findings(), NOT_CHECKED, len(text.rows))


NOT_CHECKED = (
    "L’existence de la commune, son nom, ses communes déléguées et son identifiant dans la BAN : seule la forme du code est vérifiée.",
)


def _file(text: Text, tally: Tally) -> None:
    if text.encoding != "utf-8":
        tally.hit("file.encoding.non_standard", value=text.encoding)
    if text.delimiter != ";":
        tally.hit("file.delimiter.non_standard", value=text.delimiter)
    if text.old_mac:
        tally.hit("file.linebreak.non_standard")
    for line in text.ragged:
        tally.hit("file.row_length.invalid", line=line)


def _cells(text: Text, package: Package, tally: Tally, version: str) -> Cells:
    """Each distinct text of a column is judged once. Of columns that this version of the standard has not,
    only errors are told.
    """
    today = package.now.date()
    columns: dict[str, Sequence[Parsed]] = {}
    raw: dict[str, Sequence[str]] = {}
    for place, label in enumerate(text.labels):
        known = column(label)
        if known is None or label in raw:
            continue
        field, language = known
        raw[label] = [row[place] for row in text.rows]
        judged = {
            value: cell(field, value, today, other_language=bool(language))
            for value in dict.fromkeys(raw[label])
        }
        columns[label] = [judged[value] for value in raw[label]]
        for code in sorted({c for parsed in judged.values() for c in parsed.codes}):
            if version not in field.formats and tally.severity(f"{label}.{code}") != "error":
                continue
            wrong = [i for i, parsed in enumerate(columns[label]) if code in parsed.codes]
            rows = (
                _row(text, i, _evidence(raw[label][i], columns[label][i])) for i in wrong[: package.limit]
            )
            tally.many(f"{label}.{code}", len(wrong), rows, column=label)
    return Cells(text, columns, raw)


def _evidence(raw: str, parsed: Parsed) -> str:
    """What the file says, and what it is corrected to when that is sure."""
    return f"{raw} → {parsed.mended}" if parsed.mended else raw


def _row(text: Text, place: int, value: str | None) -> Row:
    return Row("", text.lines[place], place + 1, value)


Named = tuple[str | None, str]
"""Name of the street, and the same folded for comparing."""


@cache
def _folded(name: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in fold(name)).split())


def _streets(cells: Cells) -> list[Named]:
    old, new = cells.values("voie_nom"), cells.values("toponyme")
    names = [cast("str | None", a.value or b.value) for a, b in zip(old, new, strict=True)]
    return [(name, _folded(name) if name else "") for name in names]


def _rows(cells: Cells, tally: Tally) -> None:
    """What must hold within one row."""
    streets = _streets(cells)
    keys, numbers, communes = (
        cells.values("cle_interop"),
        cells.values("numero"),
        cells.values("commune_insee"),
    )
    places, positions = cells.values("lieudit_complement_nom"), cells.filled("position")
    lon_said, lat_said = cells.filled("long"), cells.filled("lat")
    declared = {name for (name, _), number in zip(streets, numbers, strict=True) if number.value == PLACE}
    for i in range(len(cells.text.rows)):
        number, key = numbers[i].value, keys[i]
        addressed = number is not None and number != PLACE
        faults: list[tuple[str, str | None]] = []
        if key.value is not None and number and int(key.parts["numero"]) != number:
            faults.append(("row.incoherence_numero", f"{key.value} / {number}"))
        if key.value is None and communes[i].value is None:
            faults.append(("row.commune_manquante", None))
        if addressed and not positions[i]:
            faults.append(("row.position_manquante", str(number)))
        if addressed and not (lon_said[i] and lat_said[i]):
            faults.append(("row.longlat_vides", str(number)))
        if number is None or not streets[i][0]:
            faults.append(
                ("row.adresse_incomplete", " ".join(str(v) for v in (number, streets[i][0]) if v is not None))
            )
        place = places[i].value
        if place is not None and streets[i][1] and _folded(str(place)) == streets[i][1]:
            faults.append(("row.voie_nom_have_same_lieudit_complement_nom", str(place)))
        if place is not None and place not in declared:
            faults.append(("row.lieudit_complement_nom_not_declared", str(place)))
        for code, value in faults:
            tally.many(code, 1, [_row(cells.text, i, value)])
    _positions(cells, tally)


def _positions(cells: Cells, tally: Tally) -> None:
    """Degrees in France, and the metres beside them at the same place."""
    lon, lat, x, y = (_numbers(cells.values(name)) for name in ("long", "lat", "x", "y"))
    metres = _projected(lon, lat)
    numbers = cells.values("numero")
    lon_said, lat_said = cells.filled("long"), cells.filled("lat")
    for i in np.flatnonzero(np.isnan(metres[:, 0])).tolist():
        number = numbers[i].value
        if number != PLACE and (number is None or (lon_said[i] and lat_said[i])):
            value = f"{_raw_cell(cells, 'long', i)}, {_raw_cell(cells, 'lat', i)}"
            tally.many("row.longlat_invalides", 1, [_row(cells.text, i, value)])
    apart = np.hypot(x - metres[:, 0], y - metres[:, 1])
    for i in np.flatnonzero(apart > TOLERANCE_M).tolist():
        tally.many("row.longlat_xy_incoherents", 1, [_row(cells.text, i, f"{apart[i]:.0f} m")])


def _raw_cell(cells: Cells, name: str, place: int) -> str:
    return cells.raw[name][place] if name in cells.raw else ""


def _numbers(column: Sequence[Parsed]) -> npt.NDArray[np.float64]:
    return np.array([p.value if isinstance(p.value, float) else np.nan for p in column], dtype=np.float64)


def _projected(lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Metres in the legal projection of each place, shape (n, 2); NaN outside France."""
    out = np.full((len(lon), 2), np.nan)
    for epsg, (west, south, east, north) in ZONES:
        inside = np.isnan(out[:, 0]) & (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
        if inside.any():
            x, y = _transformer(epsg).transform(lon[inside], lat[inside])
            out[inside, 0], out[inside, 1] = x, y
    return out


@cache
def _transformer(epsg: int) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(4326, epsg, always_xy=True)


def _identifiers(cells: Cells, tally: Tally) -> None:
    """BAN identifiers: all three or none, one for each thing, one thing for each."""
    grouped = cells.values("uid_adresse")
    ids: list[Ids] = [
        {name: str(parsed.value) for name, parsed in zip(_IDS, row, strict=True) if parsed.value is not None}
        | dict(group.parts)
        for *row, group in zip(*(cells.values(name) for name in _IDS), grouped, strict=True)
    ]
    numbers = [p.value for p in cells.values("numero")]
    whole = 0
    for i, row_ids in enumerate(ids):
        missing = [
            name
            for name in _IDS
            if name not in row_ids and not (name == "id_ban_adresse" and numbers[i] == PLACE)
        ]
        whole += not missing
        if row_ids and missing:
            tally.many("row.lack_of_id_ban", 1, [_row(cells.text, i, ", ".join(missing))])
    if 0 < whole < len(ids):
        tally.hit("rows.every_line_required_id_ban")
    elif whole and len({row_ids["id_ban_commune"] for row_ids in ids}) > 1:
        tally.hit("rows.multi_id_ban_commune")
    _shared(cells, ids, numbers, tally)


_IDS = ("id_ban_commune", "id_ban_toponyme", "id_ban_adresse")


def _shared(cells: Cells, ids: Sequence[Ids], numbers: Sequence[object], tally: Tally) -> None:
    streets = [folded for _, folded in _streets(cells)]
    keys = [p.parts.get("voie", "") for p in cells.values("cle_interop")]
    suffixes, delegated = ([p.value for p in cells.values(n)] for n in ("suffixe", "commune_deleguee_insee"))
    codes = [
        c.value or k.parts.get("commune")
        for c, k in zip(cells.values("commune_insee"), cells.values("cle_interop"), strict=True)
    ]
    street = [(a, b) for a, b in zip(streets, keys, strict=True)]
    kind = [(*s, n == PLACE) for s, n in zip(street, numbers, strict=True)]
    address = list(zip(numbers, suffixes, streets, delegated, strict=True))
    commune_id, street_id, address_id = ([row_ids.get(name) for row_ids in ids] for name in _IDS)
    addressed = [n != PLACE for n in numbers]
    for code, by, of, wanted in (
        (
            "row.different_voie_nom_with_same_id_ban_toponyme",
            street_id,
            street,
            [s is not None for s in street_id],
        ),
        (
            "row.different_id_ban_toponyme_with_same_voie_nom",
            kind,
            street_id,
            [s is not None for s in street_id],
        ),
        (
            "row.different_adresse_with_same_id_ban_adresse",
            address_id,
            address,
            [a is not None and n for a, n in zip(address_id, addressed, strict=True)],
        ),
        ("row.different_id_ban_adresses_with_same_adresse", address, address_id, addressed),
    ):
        _blame(cells, tally, code, _torn(by, of, wanted), lambda i, by=by: str(by[i]))
    _blame(
        cells, tally, "row.cog_no_match_id_ban_commune", _odd(codes, commune_id), lambda i: str(commune_id[i])
    )


def _torn(by: Sequence[Hashable], of: Sequence[Hashable], wanted: Sequence[bool]) -> Iterator[int]:
    """Rows whose key comes with more than one value."""
    groups: dict[Hashable, set[Hashable]] = defaultdict(set)
    for key, thing, is_wanted in zip(by, of, wanted, strict=True):
        if is_wanted:
            groups[key].add(thing)
    return (
        i
        for i, (key, is_wanted) in enumerate(zip(by, wanted, strict=True))
        if is_wanted and len(groups[key]) > 1
    )


def _odd(codes: Sequence[Hashable], ids: Sequence[str | None]) -> Iterator[int]:
    """Rows without the identifier that most rows of their commune have; all of them when none has most."""
    counts: dict[Hashable, Counter[str]] = defaultdict(Counter)
    for code, identifier in zip(codes, ids, strict=True):
        if code is not None and identifier is not None:
            counts[code][identifier] += 1
    usual = {
        code: top[0][0] if len(top) < 2 or top[0][1] > top[1][1] else None
        for code, by_identifier in counts.items()
        if (top := by_identifier.most_common(2))
    }
    return (
        i
        for i, (code, identifier) in enumerate(zip(codes, ids, strict=True))
        if code is not None and identifier is not None and identifier != usual[code]
    )


def _blame(
    cells: Cells, tally: Tally, code: str, rows: Iterable[int], evidence: Callable[[int], str]
) -> None:
    for i in rows:
        tally.many(code, 1, [_row(cells.text, i, evidence(i))])


def fitting(labels: Iterable[str]) -> str:
    """The profile that a header calls for."""
    known = set(labels)
    if known >= set(_IDS):
        return "1.5" if "toponyme" in known else "1.4"
    return "1.5" if "toponyme" in known and "voie_nom" not in known else "1.4"
