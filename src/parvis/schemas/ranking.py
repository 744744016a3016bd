"""Which schema fits a file: by its headers and by what stands below them. Pure but for one look at the first
rows.

Headers are compared without case, accents and punctuation; a header that few schemas know says more than one
that all have (`EQUIP_THEME` against `id`). Values are compared with the type, the allowed values and the
pattern of the field, kindly: « 1 234,50 » is a number and « 03/02/2026 » a date, because the question is what
the file means to be, not whether it is right.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb
from sqlglot import exp

from parvis.core.reading import RawTable
from parvis.core.text import french_number
from parvis.core.types import Json
from parvis.engine.scans import column, select_raw
from parvis.schemas.headers import Header, Near, header
from parvis.schemas.library import Known
from parvis.schemas.values import Requirements, Seen, requirements, seen

ROWS = 500
"""Rows looked at, from the head of the file."""

VALUES = 60
"""Distinct values of a column looked at."""

ALIKE = 0.62
"""Likeness from which two headers may be the same."""

BLIND = 0.9
"""Share of values that must fit a field's list or pattern for a column to be taken for it under another
header.
"""

DENIED = 0.3
"""Share of values below which two headers that are only alike are not the same: « remarque » is not «
remarquable ».
"""

FEW = 3
"""Values that tell at once that a column is not of a field."""

FLOOR = 0.15
"""A fit below this is not worth telling."""

LIKELY = 0.5
"""From here on the schema is worth proposing."""


@dataclass(frozen=True, slots=True)
class Match:
    """A column of the file taken for a field of the schema.

    alike: likeness of the headers from 0 to 1 (0: known by its values alone). fits: share of its values that
    fit, None when it is empty.
    """

    field: str
    label: str
    alike: float
    fits: float | None


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a schema fits a file, and why. Shares go from 0 to 1."""

    name: str
    version: str
    title: str
    score: float
    headers: float
    """Share of the file's columns that the schema knows, rare ones counting more."""
    required: float
    """Share of the schema's compulsory columns that the file has; of all its columns when none is compulsory.
    """
    values: float
    """Share of the values seen that fit."""
    matches: tuple[Match, ...]
    missing: tuple[str, ...]
    """Compulsory columns that the file lacks."""
    unknown: tuple[str, ...]
    """Columns of the file that the schema does not know."""

    @property
    def likely(self) -> bool:
        return self.score >= LIKELY

    @property
    def why(self) -> str:
        """In words, in French."""
        known, all_ = len(self.matches), len(self.matches) + len(self.unknown)
        reasons = [
            f"{_counted(known, 'colonne')} sur {french_number(all_)} reconnue{'s' if known > 1 else ''}"
        ]
        renamed = [m for m in self.matches if m.alike < 1]
        if renamed:
            reasons.append(
                f"{_counted(len(renamed), 'colonne')} sous un autre nom (« {renamed[0].label} » pour {renamed[0].field})"
            )
        lacking = ", ".join(self.missing[:5]) + ("…" if len(self.missing) > 5 else "")
        reasons.append(f"il manque {lacking}" if lacking else "toutes les colonnes obligatoires sont là")
        reasons.append(f"{math.floor(100 * self.values)} % des valeurs vues conviennent")
        return " ; ".join(reasons) + "."


def rank(raw: RawTable, con: duckdb.DuckDBPyConnection, known: Iterable[Known]) -> tuple[Fit, ...]:
    """The schemas that may fit a table, the best first; none when nothing comes near. Never raises on
    content.
    """
    return judge([c.label for c in raw.columns], _sample(raw, con), known)


def judge(labels: Sequence[str], samples: Sequence[Sequence[str]], known: Iterable[Known]) -> tuple[Fit, ...]:
    """`rank` on plain values: the labels of the columns and some distinct texts of each."""
    candidates = [_Candidate.of(k) for k in known]
    spread = Counter(key for c in candidates for key in {h.key for h in c.headers})
    every = math.log(1 + max(len(candidates), 1))
    weights = {key: math.log(1 + len(candidates) / n) / every for key, n in spread.items()}
    own = [header(label) for label in labels]
    near = Near(h for c in candidates for h in (*c.headers, *c.titles))
    likenesses = [near.to(mine, ALIKE) for mine in own]
    texts = [seen(column) for column in samples]
    fits = [_fit(own, likenesses, labels, texts, c, weights) for c in candidates]
    # At equal score the schema of a national catalogue goes first: it is the one that other portals know.
    order = sorted(
        zip(fits, candidates, strict=True),
        key=lambda pair: (-round(pair[0].score, 2), pair[1].known.origin != "national", -pair[0].score),
    )
    return tuple(fit for fit, _ in order if fit.score >= FLOOR)


@dataclass(frozen=True, slots=True)
class _Candidate:
    known: Known
    headers: tuple[Header, ...]
    titles: tuple[Header, ...]
    requirements: tuple[Requirements, ...]
    required: frozenset[int]

    @classmethod
    def of(cls, known: Known) -> _Candidate:
        named = [str(f["name"]) for f in known.fields]
        titles = [str(f.get("title") or "") for f in known.fields]
        required = frozenset(i for i, f in enumerate(known.fields) if _required(f))
        return cls(
            known,
            tuple(header(n) for n in named),
            tuple(header(t) for t in titles),
            tuple(requirements(f) for f in known.fields),
            required,
        )


def _fit(
    own: Sequence[Header],
    likenesses: Sequence[Mapping[Header, float]],
    labels: Sequence[str],
    texts: Sequence[Sequence[Seen]],
    c: _Candidate,
    weights: Mapping[str, float],
) -> Fit:
    pairs = _pairs(own, likenesses, texts, c)
    fields = c.known.fields
    matches: list[Match] = []
    matched = whole = fitting = seen = 0.0
    for i, mine in enumerate(own):
        j, near = pairs.get(i, (-1, 0.0))
        weight = weights.get(c.headers[j].key, 1.0) if j >= 0 else weights.get(mine.key, 1.0)
        whole += weight
        if j < 0:
            continue
        matched += weight * max(near, ALIKE)
        fits = c.requirements[j].share(texts[i])
        if fits is not None:
            fitting, seen = fitting + weight * fits, seen + weight
        matches.append(
            Match(str(fields[j]["name"]), labels[i], round(near, 3), None if fits is None else round(fits, 3))
        )
    taken = {j for j, _ in pairs.values()}
    required_places = c.required or frozenset(range(len(fields)))
    headers = matched / whole if whole else 0.0
    required = len(required_places & taken) / len(required_places) if required_places else 0.0
    # All columns of the schema count a little: of two schemas of which one holds the other, the smaller one
    # fits a file that has nothing more.
    breadth = len(taken) / len(fields) if fields else 0.0
    values = fitting / seen if seen else 1.0
    score = headers * (0.55 + 0.3 * required + 0.15 * breadth) * (0.4 + 0.6 * values)
    missing = tuple(str(fields[j]["name"]) for j in sorted(c.required - taken))
    unknown = tuple(label for i, label in enumerate(labels) if i not in pairs)
    score, headers, required, values = (round(s, 4) for s in (score, headers, required, values))
    return Fit(
        c.known.name,
        c.known.version,
        c.known.title,
        score,
        headers,
        required,
        values,
        tuple(matches),
        missing,
        unknown,
    )


def _pairs(
    own: Sequence[Header],
    likenesses: Sequence[Mapping[Header, float]],
    texts: Sequence[Sequence[Seen]],
    c: _Candidate,
) -> dict[int, tuple[int, float]]:
    """Column of the file to field of the schema and likeness: each once, the most alike first."""
    exact = {h.key: j for j, h in reversed(list(enumerate(c.headers)))}
    near: list[tuple[float, int, int]] = []
    for i, mine in enumerate(own):
        j = exact.get(mine.key)
        if j is not None:
            near.append((1.0, i, j))
            continue
        for k in range(len(c.headers)):
            likeness = max(likenesses[i].get(c.headers[k], 0.0), 0.95 * likenesses[i].get(c.titles[k], 0.0))
            fits = c.requirements[k].share(texts[i]) if likeness >= ALIKE else 0.0
            if fits is None or fits >= DENIED:
                near.append((min(likeness, 0.99), i, k))
    pairs: dict[int, tuple[int, float]] = {}
    taken: set[int] = set()
    for likeness, i, j in sorted(near, key=lambda n: (-n[0], n[1], n[2])):
        if i not in pairs and j not in taken:
            pairs[i] = (j, likeness)
            taken.add(j)
    if pairs:
        _blind(pairs, taken, texts, c)
    return pairs


def _blind(
    pairs: dict[int, tuple[int, float]], taken: set[int], texts: Sequence[Sequence[Seen]], c: _Candidate
) -> None:
    """Columns that no header gives away but whose values do: all of them in a list, or of a pattern, that a
    field alone has.
    """
    for j, field in enumerate(c.requirements):
        if j in taken or not field.telling:
            continue
        for i, values in enumerate(texts):
            if (
                i not in pairs
                and (field.share(values[:FEW]) or 0.0) >= BLIND
                and (field.share(values) or 0.0) >= BLIND
            ):
                pairs[i] = (j, 0.0)
                taken.add(j)
                break


def _required(field: Mapping[str, Json]) -> bool:
    constraints = field.get("constraints")
    return isinstance(constraints, dict) and constraints.get("required") is True


def _sample(raw: RawTable, con: duckdb.DuckDBPyConnection) -> list[list[str]]:
    """Some distinct texts of each column, as the file says them; none of a column of shapes."""
    wanted = [i for i, c in enumerate(raw.columns) if c.native not in ("point", "shape")]
    samples: list[list[str]] = [[] for _ in raw.columns]
    if not wanted or raw.rows == 0:
        return samples
    head = exp.select(*(exp.cast(exp.column(column(i), quoted=True), "VARCHAR") for i in wanted))
    rows = con.execute(
        head.from_(select_raw(raw.scan, len(raw.columns), wanted).limit(ROWS).subquery("head")).sql("duckdb")
    ).fetchall()
    for place, i in enumerate(wanted):
        texts = (row[place] for row in rows)
        samples[i] = list(dict.fromkeys(t.strip() for t in texts if isinstance(t, str) and t.strip()))[
            :VALUES
        ]
    return samples


def _counted(count: int, noun: str) -> str:
    return f"{french_number(count)} {noun}{'s' if count > 1 else ''}"
