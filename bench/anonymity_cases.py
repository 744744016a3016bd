"""Five hundred small tables, made anonymous under models of every kind: what an independent tool is asked
about, and the tests make again.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from parvis.core.errors import HeldBack
from parvis.core.types import Column, Schema
from parvis.privacy import anonymising
from parvis.privacy.anonymising import Anonymised

RELEASES = 500
QUASI = ("age", "commune", "jour", "statut")
SECRET = "motif"
MODELS = (
    "k = {k}",
    "k = {k}\nl = 2",
    "k = {k}\nl = 3",
    'k = {k}\nl = 1.7\ndiversity = "entropy"',
    'k = {k}\nl = 2\nc = 2\ndiversity = "recursive"',
    "k = {k}\nt = 0.3",
    "k = {k}\nl = 2\nt = 0.4",
)
MODES = (
    'mode = "local"',
    'mode = "robust"',
    'mode = "full-domain"\nsuppression = 0.1',
    'mode = "full-domain"\nsuppression = 1',
    'mode = "full-domain"',
)
POLICY = """
[models]
{models}
{mode}
[[columns]]
names = ["age"]
treatment = "generalise"
hierarchy = "ages"
range = {ranged}
[[columns]]
names = ["commune"]
treatment = "generalise"
hierarchy = "communes"
[[columns]]
names = ["jour"]
treatment = "generalise"
hierarchy = "dates"
[[columns]]
names = ["statut"]
treatment = "generalise"
hierarchy = "none"
[[columns]]
names = ["motif"]
treatment = "keep"
sensitive = true
"""


@dataclass(frozen=True, slots=True)
class Case:
    """A release and what it claims."""

    seed: int
    policy: str
    done: Anonymised
    secrets: tuple[str, ...]
    """The sensitive value of every row of the source, those that were left out included."""

    @property
    def text(self) -> str:
        """The published cells as CSV, in an order of their own."""
        out = io.StringIO()
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(self.done.table.column_names)
        cells = [["" if v is None else str(v) for v in row.values()] for row in self.done.table.to_pylist()]
        rows.writerows(sorted(cells))
        return out.getvalue()

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]


def made(seed: int) -> Case | None:
    """The case of a seed; None when its models can't be met."""
    random = np.random.default_rng(seed)
    n = int(random.integers(30, 220))
    holes = random.random(n) < 0.05
    days = [date(2026, 1, 1) + timedelta(days=int(d)) for d in random.integers(0, 200, n)]
    table = pa.table(
        {
            "age": pa.array(
                [
                    None if hole else int(a)
                    for hole, a in zip(holes, np.clip(random.normal(40, 18, n), 0, 95), strict=True)
                ],
                pa.int64(),
            ),
            "commune": [
                ("34172", "34057", "30189", "75056", "13055", "2A004")[i]
                for i in np.minimum(random.geometric(0.5, n) - 1, 5)
            ],
            "jour": pa.array(days, pa.date32()),
            "statut": [("a", "b", "c")[i] for i in random.choice(3, n, p=[0.7, 0.25, 0.05])],
            SECRET: [f"m{i}" for i in np.minimum(random.geometric(0.45, n) - 1, 4)],
        }
    )
    schema = Schema(
        columns=(
            Column("age", "integer"),
            Column("commune"),
            Column("jour", "date"),
            Column("statut"),
            Column(SECRET),
        )
    )
    models = MODELS[seed % len(MODELS)].format(k=(2, 3, 5, 8)[int(random.integers(4))])
    said = POLICY.format(
        models=models, mode=MODES[seed % len(MODES)], ranged=str(bool(seed % 2) and not holes.any()).lower()
    )
    try:
        done = anonymising.anonymise(
            table, schema, anonymising.from_toml(said), key=b"", seed=seed, day=date(2026, 11, 26)
        )
    except HeldBack:
        return None
    return Case(seed, said, done, tuple(map(str, table[SECRET].to_pylist())))


def cases() -> Iterator[Case]:
    """The first five hundred that come to a release."""
    found, seed = 0, 0
    while found < RELEASES:
        case = made(seed)
        seed += 1
        if case is not None:
            found += 1
            yield case
