"""What a header, the headers beside it and the look of the values say together: whether a column tells of a
person, by weights learnt on the registers of a town hall (`bench/registers`, `bench/learn_columns.py`).

Two questions in turn. What is a row: each column adds its log-odds that rows are people. Then, given what the
other columns say of that, what a column tells: logistic regressions over words and letters of the header and
over what its values look like. No value is kept in the weights, only kinds of looks.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from parvis.privacy.families import saying, told
from parvis.privacy.headers import says_nothing, spoken
from parvis.privacy.people import Shares

FILE = Path(__file__).with_suffix(".txt")


@dataclass(frozen=True, slots=True)
class Seen:
    """A column as it was looked at. values: distinct ones, as texts; cells: how many were read, filled;
    shares: of a column of texts, what could be names.
    """

    name: str
    type: str
    meaning: str
    values: Sequence[str]
    cells: int
    shares: Shares | None = None


_WORD = re.compile("[a-z]+|[0-9]+")


def of_header(name: str) -> Iterator[str]:
    """Words of a header, side by side, their letters by three to five, and the whole of it.

    >>> sorted(of_header("N° CAF"))
    ['b:n caf', 'c:^caf', 'c:^caf$', 'c:caf', 'c:caf$', 'h:n caf', 'l:caf', 'w:caf', 'w:n']
    """
    words = [w if w.isalpha() else "0" for w in _WORD.findall(spoken(name))]
    if not words or says_nothing(name):
        yield "h:"
        return
    yield "h:" + " ".join(words)
    yield "l:" + words[-1]
    for word in words:
        yield f"w:{word}"
        if len(word) > 2:
            marked = f"^{word}$"
            for long in (3, 4, 5):
                for i in range(len(marked) - long + 1):
                    yield f"c:{marked[i : i + long]}"
    for one, other in pairwise(words):
        yield f"b:{one} {other}"


def _step(value: float, *steps: float) -> int:
    return sum(value >= s for s in steps)


def _mask(value: str) -> str:
    """The making of a value: runs of letters, of figures, and the signs between."""
    return re.sub(r"[^\W\d_]+", "a", re.sub("[0-9]+", "0", value.strip()))[:12]


def of_values(seen: Seen) -> Iterator[str]:
    """What the values of a column look like: type, how often they come again, making, size, likeness to names."""
    values = [v for v in seen.values if v.strip()]
    yield f"t:{seen.type}"
    if seen.meaning:
        yield f"m:{seen.meaning}"
    if not values:
        yield "v:none"
        return
    distinct = len(values)
    ratio = min(1.0, distinct / max(1, seen.cells))
    yield f"d:{_step(ratio, 0.1, 0.3, 0.7, 0.95)}"
    yield f"n:{_step(distinct, 2, 3, 7, 13, 31)}"
    if seen.type == "text":
        yield from _of_texts(values, seen.shares)
    elif seen.type in ("integer", "number", "year"):
        numbers = sorted(n for v in values if (n := _number(v)) is not None)
        if numbers:
            low, high = numbers[len(numbers) // 20], numbers[-1 - len(numbers) // 20]
            yield f"lo:{_step(low, 0, 1, 15, 100, 1000, 1900, 2100, 10_000, 1e6)}"
            yield f"hi:{_step(high, 2, 7, 13, 50, 121, 1000, 1900, 2100, 10_000, 1e6, 1e9)}"
            yield f"r:{_step(math.log10(1 + (high - low)), 0.5, 1, 1.7, 2.5, 3.5, 5)}"
            run = numbers[-1] - numbers[0] < 1.2 * len(numbers) and len(numbers) > 7
            yield f"run:{run}"
    elif seen.type in ("date", "datetime"):
        years = sorted(int(v[:4]) for v in values if v[:4].isdigit())
        if years:
            low, high = years[len(years) // 20], years[-1 - len(years) // 20]
            yield f"y0:{_step(low, 1900, 1930, 1970, 2000, 2015, 2023)}"
            yield f"y1:{_step(high, 1930, 2000, 2010, 2020, 2025, 2028)}"
            yield f"ys:{_step(high - low, 1, 3, 8, 20, 40)}"


def _number(text: str) -> float | None:
    try:
        told = float(text)
    except ValueError:
        return None
    return told if math.isfinite(told) else None


def _of_texts(values: Sequence[str], shares: Shares | None) -> Iterator[str]:
    some, many = values[:60], len(values[:60])
    long = sum(map(len, some)) / many
    yield f"len:{_step(long, 2, 4, 8, 14, 25, 50)}"
    yield f"sp:{_step(sum(v.count(' ') for v in some) / many, 0.1, 0.8, 1.5, 3, 6)}"
    yield f"dg:{_step(sum(any(map(str.isdigit, v)) for v in some) / many, 0.05, 0.3, 0.8)}"
    yield f"up:{_step(sum(v.isupper() for v in some) / many, 0.1, 0.8)}"
    yield f"eq:{len({len(v) for v in some}) == 1}"
    made, times = Counter(map(_mask, some)).most_common(1)[0]
    if times >= 0.7 * many:
        yield f"mask:{made}"
    if shares is not None:
        for name, share in (
            ("full", shares.full),
            ("first", shares.first),
            ("sur", shares.surname),
            ("body", shares.body),
            ("place", shares.place),
            ("strong", shares.strong),
            ("written", shares.written),
        ):
            yield f"{name}:{_step(share, 0.05, 0.25, 0.5, 0.8)}"
    said = saying(some)
    yield f"priv:{_step(told(said), -2, -1, -0.3, 0.3, 1, 2)}" if said else "priv:none"


def features(seen: Seen) -> list[str]:
    """All that is seen of one column, and header beside type: a « date » that is a text is none."""
    header, look = set(of_header(seen.name)), list(dict.fromkeys(of_values(seen)))
    typed = [f"{h}|{seen.type}" for h in header if h[0] in "wh"]
    return [*sorted(header), *look, *sorted(typed)]


BOUNDS = (-4.0, -1.5, 0.0, 1.5, 4.0)
"""Log-odds that rows are people, by what the other columns say, that part what a column says beside them."""


def beside(own: Sequence[str], rows: float) -> list[str]:
    """What a column says, given what a row is. rows: log-odds, by the other columns, that it is a person."""
    place = _step(rows, *BOUNDS)
    return [
        f"@{place}",
        *(
            f"{f}@{place}"
            for f in own
            if f[:2] in ("w:", "l:", "t:", "h:") or (f[0] not in "cb" and "|" not in f)
        ),
    ]


@dataclass(frozen=True, slots=True)
class Weights:
    """Log-odds of each feature, "start" the one of all. rows: that rows are people; column: that it tells of
    them; last: that it does, once the detectors have spoken.
    """

    rows: Mapping[str, float]
    column: Mapping[str, float]
    last: Mapping[str, float]


def judge(columns: Sequence[Sequence[str]], weights: Weights) -> tuple[list[float], list[float]]:
    """columns: features of each. Log-odds, column by column, that rows are people by the others, and that it
    tells of a person.
    """
    each = [sum(weights.rows.get(f, 0.0) for f in own) / math.sqrt(max(1, len(columns))) for own in columns]
    whole = weights.rows["start"] + sum(each)
    others = [whole - one for one in each]
    said = [
        weights.column["start"]
        + sum(weights.column.get(f, 0.0) for f in own)
        + sum(weights.column.get(f, 0.0) for f in beside(own, rows))
        for own, rows in zip(columns, others, strict=True)
    ]
    return others, said


@dataclass(frozen=True, slots=True)
class Told:
    """What detectors say of a column. held: kinds of what holds it, with their confidence; ground: why what was
    seen may go out, "" where nothing was.
    """

    held: tuple[tuple[str, float], ...] = ()
    ground: str = ""
    sure: bool = False
    """Whether most of its values are names of people beyond doubt."""


def weighed(
    at: int, rows: Sequence[float], said: Sequence[float], told: Sequence[Told], marks: Sequence[str]
) -> dict[str, float]:
    """What speaks for a column in the end: what was learnt, what the detectors say of it and of the others.
    at: which column; rows, said: of `judge`; marks: what the detectors take a row for.
    """
    own, around = _cut(said[at]) / 2, _cut(rows[at])
    others = sorted((_cut(s) for i, s in enumerate(said) if i != at), reverse=True)
    people = 1 / (1 + math.exp(-around))
    found = {
        "said": own,
        "rows": around / 2,
        "said, people": own * people,
        "said, much": max(0.0, own - 1),
        "said, little": min(0.0, own + 1),
        "others, most": others[0] / 2 if others else 0.0,
        "others, next": others[1] / 2 if len(others) > 1 else 0.0,
        f"others held {min(4, sum(bool(t.held) for i, t in enumerate(told) if i != at))}": 1.0,
    }
    for mark in marks:
        found |= {mark: 1.0, f"{mark}, said": own}
    mine = told[at]
    state = "held" if mine.held else "free"
    found |= {state: 1.0, f"{state}, said": own}
    for kind, sure in mine.held[:3]:
        found |= {f"held {kind}": 1.0, f"held {kind}, said": own, f"held {kind}, sure": sure}
    if mine.ground:
        found[f"ground {mine.ground[:16]}"] = 1.0
    return found


def _cut(odds: float) -> float:
    return max(-8.0, min(8.0, odds))


def read(text: str) -> Weights:
    """Weights from their file: a name between brackets, then a feature and its weight in hundredths a line."""
    parts: dict[str, dict[str, float]] = {}
    part: dict[str, float] = {}
    for line in text.splitlines():
        if line.startswith("["):
            part = parts.setdefault(line.strip("[]"), {})
        elif line and not line.startswith("#"):
            weight, _, feature = line.partition(" ")
            part[feature] = int(weight) / 100
    return Weights(parts["rows"], parts["column"], parts["last"])


@cache
def weights() -> Weights:
    """Those of this platform, read once a process."""
    return read(FILE.read_text(encoding="utf-8"))
