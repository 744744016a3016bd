"""One datum over several columns, or turned round: the pairs of a telephone number, a social security number cut
before its key, bank, branch, account and key, an address whose host stands beside.

Neighbouring cells of a row are put end to end and read like one cell, by the same detectors. Columns of words between
them are passed over; a number that a spreadsheet made of « 05 » has its zeros again, up to the width of its column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from parvis.core.types import Row
from parvis.privacy import forms
from parvis.privacy.cells import ROWS, aliased, cell_of, record_of, rows_of
from parvis.privacy.coincidence import tail
from parvis.privacy.declaration import Detector, stars
from parvis.privacy.detection import Detection
from parvis.privacy.headers import spoken
from parvis.privacy.looking import NAMED_ELSE, Look, message_of

MOST = 7
"""Columns over which one number stands: a social security number has seven parts."""
WIDEST = 300
"""Columns of digits of a table past which none are joined: each width asks for its windows."""
ROWS_READ, CELLS = 2_000, 100_000
"""Rows of columns of digits that are read at most, spread evenly over the table, and cells."""
FEW = 3
"""Rows under which no header, no number over several columns is told: any few digits pass by luck."""
NEARLY = 0.9
"""Share of the rows that a form must have."""
LUCK, LUCK_NAMED = 1e-5, 0.02
"""Likelihood of so many right keys by luck, over all that was tried, up to which they are none; under a header that
names the kind."""

_PART = re.compile(r"[0-9A-Z]{1,27}")
_FORMS: Mapping[str, re.Pattern[str]] = {
    "nir": re.compile(r"[1-478][0-9]{2}(?:0[1-9]|1[0-2])(?:2[AB]|[0-9]{2})[0-9]{8}"),
    "nir-without-key": re.compile(r"[12][0-9]{2}(?:0[1-9]|1[0-2])(?:2[AB]|[0-9]{2})[0-9]{6}"),
    "tax-number": re.compile(r"[0-3][0-9]{12}"),
    "payment-card": re.compile(r"(?:4[0-9]|5[1-5])[0-9]{14}"),
    "bank-account": re.compile(r"[1-4][0-9]{9}[0-9A-Z]{11}[0-9]{2}"),
    "iban": re.compile(r"(?:FR|MC)[0-9]{12}[0-9A-Z]{11}[0-9]{2}"),
    "phone": re.compile(r"0[1-9][0-9]{8}"),
}
"""What nearly all rows must look like for a detector to be asked."""
_WIDTHS: Mapping[int, Sequence[str]] = {
    10: ("phone",),
    13: ("nir-without-key", "tax-number"),
    15: ("nir",),
    16: ("payment-card",),
    23: ("bank-account",),
    27: ("iban",),
}
_BACK = frozenset({"nir", "bank-account", "iban", "phone", "tax-number"})
"""Kinds that are looked for in a single column that is written backwards."""

_PLACE = re.compile(r"\b(?:cp|postal|postale|insee|communes?|iris|cog)\b")

_MAILBOXES = frozenset({
    "orange.fr", "wanadoo.fr", "laposte.net", "free.fr", "sfr.fr", "neuf.fr", "bbox.fr",
    "gmail.com", "googlemail.com", "hotmail.com", "hotmail.fr", "outlook.com", "outlook.fr", "live.fr",
    "live.com", "msn.com", "yahoo.fr", "yahoo.com", "icloud.com", "me.com", "aol.com",
    "gmx.fr", "gmx.com", "protonmail.com", "proton.me", "numericable.fr",
})  # fmt: skip
"""Hosts at which private people have their letter box."""
MAILBOXES = 0.2
"""Share of the hosts of a column that are those of private people, from which what stands beside is somebody's."""
_LOCAL = re.compile(r"[\w.%+'-]{2,40}")


@dataclass(frozen=True, slots=True)
class _Digits:
    """A column of codes. cells: by sampled row, all of one width, "" where empty."""

    name: str
    width: int
    cells: Sequence[str]


def joined(look: Look, every: Sequence[Detector], rows: int) -> Iterator[Detection]:
    """What neighbouring columns say together, or one says backwards, a detection for each column of it."""
    known = {d.name: d for d in every}
    yield from _addresses(look, known)
    records, columns = _columns(look, rows)
    tried = [w for w in _windows(columns) if not _shaped(w).isdisjoint(known)]
    tried.sort(key=lambda w: -w.width)  # the number with its key before the number without
    for window in tried:
        texts = _texts(window)
        for name in sorted(_shaped(window) & known.keys()):
            detector = known[name]
            headers = [spoken(c.name) for c in window.columns]
            prior = bool(detector.headers) and any(re.search(detector.headers, h) for h in headers)
            places = any(_PLACE.search(h) for h in headers)
            right = _right(look, detector, texts)
            if _holds(detector, texts, right, len(tried), prior=prior, places=places):
                yield from _told(look, detector, window, records, right)
                return


@dataclass(frozen=True, slots=True)
class _Window:
    """Columns that are read as one, or one that is read backwards."""

    columns: Sequence[_Digits]
    backwards: bool = False

    @property
    def width(self) -> int:
        return sum(c.width for c in self.columns)


def _texts(window: _Window) -> list[str]:
    """What each sampled row says, "" where a part is empty."""
    rows = zip(*(c.cells for c in window.columns), strict=True)
    whole = ["".join(parts) if all(parts) else "" for parts in rows]
    return [t[::-1] for t in whole] if window.backwards else whole


def _windows(columns: Sequence[_Digits]) -> Iterator[_Window]:
    """The runs of columns whose widths are those of a number."""
    for i, first in enumerate(columns):
        if first.width in _WIDTHS:
            yield _Window((first,), backwards=True)
        width = first.width
        for j in range(i + 1, min(i + MOST, len(columns))):
            width += columns[j].width
            if width in _WIDTHS:
                yield _Window(columns[i : j + 1])


def _shaped(window: _Window) -> frozenset[str]:
    """The kinds that nearly all rows may be."""
    names = [n for n in _WIDTHS[window.width] if not window.backwards or n in _BACK]
    filled = [t for t in _texts(_Window([_first(c) for c in window.columns], window.backwards)) if t]
    return frozenset(n for n in names if filled and _share(_FORMS[n], filled) >= NEARLY)


def _first(column: _Digits, most: int = 60) -> _Digits:
    return _Digits(column.name, column.width, column.cells[:most])


def _share(form: re.Pattern[str], texts: Sequence[str]) -> float:
    return sum(form.fullmatch(t) is not None for t in texts) / len(texts)


def _right(look: Look, detector: Detector, texts: Sequence[str]) -> list[bool]:
    """Which rows the detector sees something in."""
    return [detector.name in each for each in forms.marks(look.con, texts, [detector])]


def _holds(
    detector: Detector, texts: Sequence[str], right: Sequence[bool], tried: int, *, prior: bool, places: bool
) -> bool:
    """Whether rows have that kind of number on purpose of nobody's luck. tried: windows of the table; prior: a
    header names the kind; places: one names codes of places, which begin as telephones do in nine departments.
    """
    filled = [t for t in texts if t]
    hits = sum(right)
    if not filled or hits < 0.5 * len(filled) or (len(filled) < FEW and not prior):
        return False
    if detector.name == "phone":
        return hits >= NEARLY * len(filled) and (prior or (not places and _subscribers(filled)))
    if detector.name == "nir-without-key":
        sexes = [t[0] for t in filled]
        both = min(sexes.count("1"), sexes.count("2")) >= 0.1 * len(filled)
        return hits >= NEARLY * len(filled) and (prior or (len(filled) >= 20 and both and _once(filled)))
    luck = tail(len(filled), hits, detector.chance) * tried
    return luck <= (LUCK_NAMED * tried if prior else LUCK)


def _once(texts: Sequence[str]) -> bool:
    return len(set(texts)) >= NEARLY * len(texts)


def _of_many_blocks(texts: Sequence[str]) -> bool:
    """Whether the beginnings of numbers differ, as those of subscribers do and postcodes do not."""
    first = texts[:500]
    return len({t[:6] for t in first}) >= 0.5 * len(first)


HIGH = "6789"


def _subscribers(texts: Sequence[str]) -> bool:
    """Whether ten digits are given out as telephone numbers are: many mobiles, each its own, and digits of any height
    at nearly every place, as no date and no hour has.
    """
    mobile = sum(t[1] in "67" for t in texts) >= 0.4 * len(texts)
    high = sum(any(t[place] in HIGH for t in texts) for place in range(2, 10))
    return mobile and high >= 6 and _once(texts) and _of_many_blocks(texts)


def _told(
    look: Look, detector: Detector, window: _Window, records: Sequence[int], right: Sequence[bool]
) -> Iterator[Detection]:
    names = [c.name for c in window.columns]
    count, filled = sum(right), sum(map(bool, _texts(window)))
    how = " C’est écrit à l’envers." if window.backwards else f" Le numéro est réparti sur {_quoted(names)}."
    places = [i for i, hit in enumerate(right) if hit][:ROWS]
    for column in window.columns:
        rows = tuple(Row("", 0, records[i], stars(column.cells[i])) for i in places)
        yield Detection(
            detector.name, column.name, detector.sensitivity, detector.sensitivity, detector.severity, count, filled, 1.0,
            message_of(detector.title, column.name, count, filled, how), detector.article, rows,
        )  # fmt: skip


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f"« {n} »" for n in names)


def _columns(look: Look, rows: int) -> tuple[Sequence[int], Sequence[_Digits]]:
    """The columns whose cells are codes of one width, in the order of the table, and the records that were read."""
    names = [
        c.name
        for c in look.schema.columns
        if c.meaning not in NAMED_ELSE
        and (
            c.type in ("integer", "boolean")
            or (c.type == "text" and _coded(look.samples.get(c.name, ())[:50]))
        )
    ]
    if not names or len(names) > WIDEST:
        return (), ()
    most = min(ROWS_READ, max(200, CELLS // len(names)))
    asked = exp.select(
        aliased(record_of(look.paths, look.con), "r"), *(exp.cast(cell_of(n), "VARCHAR") for n in names)
    ).from_(rows_of(look.paths))
    if rows > most:
        spread = exp.Mod(this=exp.column("file_row_number"), expression=exp.Literal.number(rows // most))
        asked = asked.where(exp.EQ(this=spread, expression=exp.Literal.number(0)))
    table = look.con.execute(asked.limit(2 * most).sql("duckdb")).to_arrow_table()
    records = [int(r) for r in table.column(0).to_pylist() if r is not None]
    read = (
        _of_one_width(name, ["" if v is None else str(v) for v in table.column(i).to_pylist()], look)
        for i, name in enumerate(names, 1)
    )
    return records, [column for column in read if column is not None]


def _coded(values: Sequence[str]) -> bool:
    return bool(values) and all(_PART.fullmatch(v) for v in values)


def _of_one_width(name: str, cells: Sequence[str], look: Look) -> _Digits | None:
    """A column of codes; None where widths differ, which those of numbers do only for want of zeros."""
    column = look.schema.column(name)
    widths = [len(c) for c in cells if c]
    if not widths:
        return None
    width = max(widths)
    if any(c.startswith("-") for c in cells):
        return None
    if column is not None and column.type != "text":
        return _Digits(name, width, [c and c.rjust(width, "0") for c in cells])
    even = sum(w == width for w in widths) >= NEARLY * len(widths)
    return _Digits(name, width, [c if len(c) == width else "" for c in cells]) if even else None


def _addresses(look: Look, known: Mapping[str, Detector]) -> Iterator[Detection]:
    """Letter boxes whose host stands in the column beside."""
    detector = known.get("email")
    if detector is None:
        return
    names = [n for n in look.samples if look.samples[n]]
    for at, host in enumerate(names):
        if not _hosts([v.strip().lower().lstrip("@") for v in look.samples[host][:200]]):
            continue
        for local in (*names[max(0, at - 1) : at], *names[at + 1 : at + 2]):
            boxes = [v.strip().rstrip("@") for v in look.samples[local][:200]]
            if sum(_LOCAL.fullmatch(v) is not None for v in boxes) < NEARLY * len(boxes):
                continue
            count, rows = look.filled(local)
            how = f" L’adresse est répartie sur {_quoted([local, host])}."
            message = message_of(detector.title, local, count, count, how)
            level = detector.sensitivity
            yield Detection(
                "email", local, level, level, "error", count, count, 0.9, message, detector.article, rows
            )
            break


_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}")


def _hosts(values: Sequence[str]) -> bool:
    """Whether values are hosts, of which some are those of private people."""
    return sum(_HOST.fullmatch(v) is not None for v in values) >= NEARLY * len(values) and sum(
        v in _MAILBOXES for v in values
    ) >= MAILBOXES * len(values)
