"""The same errors as frictionless 5.21 on generated pairs of schema and table, but for the differences that
are explained in one table.

`make oracles` draws the pairs, asks frictionless, and records its answers; here our own answer is compared
with the record.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from parvis.checks import check, load_schema
from parvis.engine import connect
from tests.conftest import DATA
from tests.tables.raw_tables import csv_table

RECORD = DATA / "oracles" / "frictionless.json.gz"

Error = tuple[str, str, str, int]
"""Type, constraint, field, record."""


@dataclass(frozen=True)
class Difference:
    """An error that one side tells and the other does not."""

    ours: bool
    error: Error
    field: Mapping[str, Any]
    cell: str
    key: Mapping[str, str]
    """Cells of the primary key on that row, without those that are missing."""
    parts: int
    """Columns of the primary key."""
    mine: frozenset[Error]
    missing: frozenset[str]


def _odd_digits(d: Difference) -> bool:
    return any(re.search("_|[^\x00-\x7f\u00a0\u202f−]", cell) for cell in (d.cell, *d.key.values())) and any(
        c.isdigit() for c in d.cell + "".join(d.key.values())
    )


def _mine_on_key(d: Difference) -> frozenset[str]:
    return frozenset(
        field for kind, _, field, record in d.mine if kind == "type-error" and record == d.error[3]
    )


EXPLAINED: Mapping[str, Callable[[Difference], bool]] = {
    "underscores and digits that are not ASCII are no number for the standard; frictionless takes what Python's int() takes": lambda d: (
        (d.field.get("type") in ("integer", "number") or d.error[0] == "primary-key") and _odd_digits(d)
    ),
    "a blank row is told once by us": lambda d: not d.ours and ("blank-row", "", "", d.error[3]) in d.mine,
    "a key whose every cell has a wrong type is null for frictionless, which tells it a second time": lambda d: (
        not d.ours and d.error[0] == "primary-key" and d.key.keys() <= _mine_on_key(d)
    ),
    "the standard wants every part of a key; frictionless is content with one": lambda d: (
        d.ours and d.error[0] == "primary-key" and 0 < len(d.key) < d.parts
    ),
    "a cell of a wrong type has no value: a key with such a part is not looked up by us": lambda d: (
        not d.ours and d.error[0] == "primary-key" and bool(d.key.keys() & _mine_on_key(d))
    ),
    "a key that is also unique is told once by us, as such": lambda d: (
        not d.ours and d.error[0] == "primary-key" and d.parts == 1 and any(e[0] == "unique-error" and e[3] == d.error[3] for e in d.mine)
    ),
    "no-break spaces between thousands are French typography": lambda d: (
        not d.ours and d.field.get("groupChar") == " " and bool(re.search("[\u00a0\u202f]", d.cell))
    ),
    "a pattern means the whole cell: frictionless wraps it as ^pattern$ without a group, and lets a last new line by": lambda d: (
        d.ours and d.error[1] == "pattern" and ("|" in d.field["constraints"]["pattern"] or d.cell.endswith("\n"))
    ),
    "a moment without a zone is read as UTC: it is the same as the moment written with Z": lambda d: (
        d.ours and d.error[0] == "unique-error" and d.field.get("type") == "datetime"
    ),
    "the standard gives NaN no order: it is above every number for us, outside every bound for frictionless": lambda d: (
        not d.ours and d.error[1] in ("minimum", "exclusiveMinimum") and d.cell.strip().lower() == "nan"
    ),
}  # fmt: skip
"""Why we differ, and where."""


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A processing connection, as the pipeline makes it."""
    made = connect.processing(tmp_path_factory.mktemp("spool"), threads=2)
    yield made
    made.close()


def _ours(con: duckdb.DuckDBPyConnection, path: Path, case: Mapping[str, Any]) -> frozenset[Error]:
    header, *rows = case["rows"]
    found: set[Error] = set()
    for finding in check(csv_table(path, header, rows), load_schema(case["schema"]), con=con, limit=1000):
        if finding.severity != "error":
            continue
        kind, constraint = (
            {"unique": "unique-error", "primary-key-empty": "primary-key"}.get(finding.check, finding.check),
            "",
        )
        if kind.startswith("constraint-"):
            first, *more = kind.removeprefix("constraint-").split("-")
            kind, constraint = "constraint-error", first + "".join(word.title() for word in more)
        field = "" if kind in ("primary-key", "blank-row") else finding.column
        found |= {(kind, constraint, field, row.record) for row in finding.rows}
    return frozenset(found)


def _differences(
    case: Mapping[str, Any], mine: frozenset[Error], theirs: frozenset[Error]
) -> Iterator[Difference]:
    header = case["rows"][0]
    fields = {f["name"]: f for f in case["schema"]["fields"]}
    said = case["schema"].get("missingValues", [""])
    missing = frozenset(v["value"] if isinstance(v, dict) else v for v in said)
    key = case["schema"].get("primaryKey", [])
    for error in mine ^ theirs:
        row = dict(zip(header, case["rows"][error[3]], strict=True))
        empty = {n: frozenset(fields[n].get("missingValues", missing)) for n in key}
        filled = {n: row[n] for n in key if row[n] not in empty[n]}
        yield Difference(
            error in mine,
            error,
            fields.get(error[2], {}),
            row.get(error[2], ""),
            filled,
            len(key),
            mine,
            missing,
        )


def test_only_explained_differences(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """At least 300 pairs; each error of ours that is not theirs, and of theirs that is not ours, has its line
    in the table; each line of it is needed.
    """
    record = json.loads(gzip.decompress(RECORD.read_bytes()))
    cases = [c for c in record["cases"] if not c["refused"]]
    assert len(cases) == len(record["cases"]) >= 300
    used: Counter[str] = Counter()
    unexplained: list[object] = []
    agreed = 0
    for number, case in enumerate(cases):
        mine, theirs = (
            _ours(con, tmp_path / "t.csv", case),
            frozenset((t, c, f, r) for t, c, f, r in case["errors"]),
        )
        agreed += len(mine & theirs)
        for difference in _differences(case, mine, theirs):
            why = next((name for name, holds in EXPLAINED.items() if holds(difference)), None)
            if why is None:
                unexplained.append(
                    (
                        number,
                        "ours" if difference.ours else "theirs",
                        difference.error,
                        difference.cell,
                        dict(difference.field),
                    )
                )
            else:
                used[why] += 1
    assert unexplained == []
    assert used.keys() == EXPLAINED.keys()
    assert agreed > 3000
