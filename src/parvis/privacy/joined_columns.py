"""One datum over several cells, or turned round: the pairs of a telephone number, a social security number cut
before its key or a digit a cell, bank, branch, account and key, an address whose host stands beside.

Cells that follow each other, in a row or down a column, are put end to end and read like one cell
(`arrangements`). What reads so by luck is told apart by the check digits of the kind, over all that was tried.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from parvis.core.types import Row
from parvis.privacy.arrangements import FEW, FORMS, Arrangement, CodeCells, code_cells, shaped
from parvis.privacy.cells import ROWS
from parvis.privacy.check_digits import CHECK_DIGITS
from parvis.privacy.coincidence import tail
from parvis.privacy.declaration import Detector, stars
from parvis.privacy.detection import Detection
from parvis.privacy.detectors.email import PRIVATE_HOSTS
from parvis.privacy.headers import spoken
from parvis.privacy.looking import Look, message_of

NEARLY = 0.9
"""Share of the rows that a form must have."""
TRIED_FIRST = 8
"""Numbers of an arrangement whose check digits are looked at before the rest of the table is read."""
LUCK, LUCK_NAMED = 1e-5, 0.02
"""Likelihood of so many right keys by luck, over all that was tried, up to which they are none; under a header that
names the kind."""

_PLACE = re.compile(r"\b(?:cp|postal|postale|insee|communes?|iris|cog)\b")

MAILBOXES = 0.2
"""Share of the hosts of a column that are those of private people, from which what stands beside is somebody's."""
_LOCAL = re.compile(r"[\w.%+'-]{2,40}")


@dataclass(frozen=True, slots=True)
class _Try:
    """A kind that cells read in one way may be of. prior: a header names the kind; places: one names codes of places,
    which begin as telephones do in nine departments.
    """

    detector: Detector
    way: Arrangement
    prior: bool
    places: bool


def joined(
    look: Look, every: Sequence[Detector], rows: int, seen: Collection[Detection] = ()
) -> Iterator[Detection]:
    """What cells that follow each other say together, or one says backwards, a detection for each column of it. seen:
    what cells say by themselves.
    """
    alone = {(one.kind, one.column) for one in seen}
    known = {d.name: d for d in every}
    yield from _addresses(look, known)
    cells = code_cells(look, rows)
    tries = [
        _try(known[kind], way)
        for way, kind in shaped(cells)
        if kind in known and (kind, "".join(way.columns)) not in alone
    ]
    tries.sort(
        key=lambda one: (-one.way.width, not one.prior)
    )  # the number with its key before the number without
    whole: dict[tuple[str, ...], CodeCells] = {}
    detected: set[str] = set()
    for one in _first_right(cells, tries):
        if not detected.isdisjoint(one.way.columns):
            continue
        names = tuple(n for n in look.schema.names if n in one.way.columns)
        if names not in whole:
            more = cells if one.way.down else code_cells(look, rows, names)
            whole[names] = more if more.cells.keys() >= set(names) else cells  # codes on the first rows only
        texts, places = one.way.texts(whole[names])
        right = _right(one.detector.name, texts)
        if _holds(one.detector, texts, right, len(tries), prior=one.prior, places=one.places):
            detected |= set(one.way.columns)
            yield from _detections(one, whole[names], texts, places, right)


def _try(detector: Detector, way: Arrangement) -> _Try:
    headers = [spoken(name) for name in way.columns]
    prior = bool(detector.headers) and any(re.search(detector.headers, h) for h in headers)
    return _Try(detector, way, prior, any(_PLACE.search(h) for h in headers))


def _first_right(cells: CodeCells, tries: Sequence[_Try]) -> Iterator[_Try]:
    """Those of which half of the first numbers have the check digits of their kind, where it has any."""
    for one in tries:
        texts = [t for t in one.way.texts(cells)[0] if t][:TRIED_FIRST]
        if 2 * sum(_right(one.detector.name, texts)) >= len(texts):
            yield one


def _right(kind: str, texts: Sequence[str]) -> list[bool]:
    """Which texts are of a kind: have its form, and its check digits where it has any."""
    holds, form = CHECK_DIGITS.get(kind), FORMS[kind]
    return [form.fullmatch(t) is not None and (holds is None or holds(t)) for t in texts]


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
    hit_once = {t for t, hit in zip(texts, right, strict=True) if hit}
    luck = tail(len(set(filled)), len(hit_once), detector.chance) * tried
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


def _detections(
    one: _Try, cells: CodeCells, texts: Sequence[str], places: Sequence[int], right: Sequence[bool]
) -> Iterator[Detection]:
    detector, way = one.detector, one.way
    count, filled = sum(right), sum(map(bool, texts))
    first = [place for place, hit in zip(places, right, strict=True) if hit][:ROWS]
    for name in dict.fromkeys(way.columns):
        rows = tuple(Row("", 0, cells.records[i], stars(cells.cells[name][i])) for i in first)
        yield Detection(
            detector.name, name, detector.sensitivity, detector.sensitivity, detector.severity, count, filled, 1.0,
            message_of(detector.title, name, count, filled, _how(way)), detector.article, rows,
        )  # fmt: skip


def _how(way: Arrangement) -> str:
    """Where the number stands, in French."""
    if way.down:
        return " Le numéro est réparti sur plusieurs lignes."
    if len(way.columns) == 1:
        return " C’est écrit à l’envers." if way.backwards else " Ses chiffres sont séparés."
    turned = " et écrit à l’envers" if way.backwards else ""
    return f" Le numéro est réparti sur {_quoted(way.columns)}{turned}."


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f"« {n} »" for n in names)


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
        v in PRIVATE_HOSTS for v in values
    ) >= MAILBOXES * len(values)
