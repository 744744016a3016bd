"""Every declared repair on its own examples."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import duckdb
import pytest
from sqlglot import exp

from parvis.checks import load_schema
from parvis.checks.mending import exchanges, repairs
from parvis.checks.repair import Suspect
from parvis.checks.sql import text

CASES = [(name, i) for name, r in repairs().items() for i in range(len(r.examples))]


@pytest.mark.parametrize(("name", "place"), CASES)
def test_repairs_do_what_their_examples_say(name: str, place: int) -> None:
    """Exactly the texts of the example change, to exactly what it says; a second time nothing changes."""
    each = repairs()[name]
    example = each.examples[place]
    (column,) = load_schema({"fields": [{**example.field, "name": "c"}]}).columns
    counts = Counter(example.cells)
    suspect = Suspect(replace(column, meaning=example.meaning), counts, counts)
    changed = {t: good for t, good in each.mend(suspect).items() if t != good}
    assert changed == dict(example.mended)
    after = Counter(changed.get(t, t) for t in example.cells)
    again = each.mend(Suspect(suspect.column, Counter(changed.values()), after))
    assert {t for t, good in again.items() if t != good} == set()


@pytest.mark.parametrize("name", sorted(exchanges()))
def test_exchanges_do_what_their_examples_say(name: str) -> None:
    """The bad pairs are exchanged, the right ones left alone."""
    each = exchanges()[name]
    with duckdb.connect() as con:
        for pairs, wanted in ((each.right, False), (each.bad, True)):
            for a, b in pairs:
                query = exp.Select(expressions=[each.wrong(text(a), text(b))]).sql("duckdb")
                assert con.execute(query).fetchone() == (wanted,), (a, b)
