"""Tables of counts that are out one beside another: whoever has all of them, and knows which bands lie in which,
subtracts nobody.
"""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from parvis.core.errors import HeldBack, UsageError
from parvis.methods.disclosure.presets import PRESETS
from parvis.privacy.tables import TOTAL, Counts, Tabulated, counts_of, tabulate
from tests.acceptance.commands import parvis
from tests.methods.disclosure.attacker import Attacker, Label
from tests.privacy.test_disclosure_tabulate import published, write

LEAST = PRESETS["personnes"].least
COLUMNS = ("quartier", "age", "retraite")


def people(seed: int, between: int) -> list[dict[str, str]]:
    """People by district and by two ways of cutting ages, of which a few lie between the two cuts."""
    rng = np.random.default_rng(seed)
    found = [("18-64", "avant 67 ans"), ("65 et plus", "67 ans et plus")]
    kinds = [
        *(found[i] for i in rng.choice(2, 300, p=[0.75, 0.25])),
        *[("65 et plus", "avant 67 ans")] * between,
    ]
    return [
        {"quartier": str(rng.choice(["Nord", "Sud", "Est"])), "age": age, "retraite": other}
        for age, other in kinds
    ]


def arrow(rows: list[dict[str, str]]) -> pa.Table:
    return pa.table({name: [row[name] for row in rows] for name in COLUMNS})


def shown(made: Tabulated) -> dict[tuple[str, ...], float | None]:
    """What the public sees of a table: a number a cell, by what it says in all columns."""
    said: dict[tuple[str, ...], float | None] = {}
    for label, value, hide in zip(made.labels, made.values.tolist(), made.hidden.tolist(), strict=True):
        where = dict(zip(made.columns, label, strict=True))
        said[tuple(where.get(name, TOTAL) for name in COLUMNS)] = None if hide else value
    return said


def given_away(rows: list[dict[str, str]], tables: list[Tabulated]) -> list[tuple[str, ...]]:
    """Small groups that an attacker bounds on both sides: he knows which crossings there are, each published number
    is the sum of some, and he solves for each.
    """
    used = [k for k, name in enumerate(COLUMNS) if any(name in table.columns for table in tables)]
    everybody = [tuple(row[COLUMNS[k]] for k in used) for row in rows]
    atoms = sorted(set(everybody))
    number = {atom: (i,) for i, atom in enumerate(atoms)}
    sums = list[tuple[Label, list[Label]]]()
    numbers: dict[Label, float | None] = dict.fromkeys(number.values())
    for k, (label, value) in enumerate(itertools.chain(*(shown(t).items() for t in tables))):
        said, cell = [label[j] for j in used], (len(atoms) + k,)
        numbers[cell] = value
        inside = [
            n for atom, n in number.items() if all(s in (TOTAL, a) for s, a in zip(said, atom, strict=True))
        ]
        sums.append((cell, inside))
    attacker = Attacker(sums, numbers)
    counts = {atom: everybody.count(atom) for atom in atoms}
    found = list[tuple[str, ...]]()
    for atom, count in counts.items():
        low, high = attacker.interval(number[atom])
        if 0 < count < LEAST and low > 0.5 and high < LEAST - 0.5:
            found.append(atom)
    return found


def beside(rows: pa.Table, *tables: Tabulated) -> list[Counts]:
    return [
        counts_of(t.published().cast(pa.schema([(n, pa.string()) for n in t.published().column_names])), rows)
        for t in tables
    ]


@pytest.mark.parametrize("seed", range(6))
def test_two_cuts_of_the_same_ages_subtract_to_nobody(seed: int) -> None:
    """Each alone is right, both together show the few between 65 and 67: beside the first, the second hides them."""
    rows = people(seed, 4)
    table, rule = arrow(rows), PRESETS["personnes"]
    first, careless = (tabulate(table, [[name]], preset=rule) for name in ("age", "retraite"))
    assert not first.hidden.any()
    assert not careless.hidden.any()
    assert given_away(rows, [first, careless])
    careful = tabulate(table, [["retraite"]], preset=rule, beside=beside(table, first))
    assert careful.hidden.any()
    assert not given_away(rows, [first, careful])
    with pytest.raises(HeldBack):  # what is out tells already: nothing that is hidden now takes it back
        tabulate(table, [["quartier"]], preset=rule, beside=beside(table, first, careless))
    wide = [["quartier"], ["retraite"]]
    assert given_away(
        rows, [tabulate(table, [["quartier"], ["age"]], preset=rule), tabulate(table, wide, preset=rule)]
    )


@pytest.mark.parametrize("seed", range(6))
def test_what_may_be_hidden_is_and_the_rest_goes_out(seed: int) -> None:
    """A table by district and age beside one by age: the attacker who has both bounds no small group."""
    rows = people(seed, 14)
    table, rule = arrow(rows), PRESETS["personnes"]
    first = tabulate(table, [["age"]], preset=rule)
    second = tabulate(table, [["quartier"], ["retraite"]], preset=rule, beside=beside(table, first))
    third = tabulate(table, [["quartier"], ["age"]], preset=rule, beside=beside(table, first, second))
    assert not given_away(rows, [first, second, third])
    assert np.count_nonzero(~third.hidden) > 4


def test_it_is_a_command_that_takes_the_files_it_wrote(tmp_path: Path) -> None:
    """Labels that are numbers stay labels; numbers of other people are not compared in silence."""
    rows = [
        {**row, "retraite": "66" if row["retraite"].startswith("avant") else "67"} for row in people(3, 14)
    ]
    write(rows, tmp_path / "gens.csv")
    by = ("tabulate", "gens.csv", "--preset", "personnes", "--json")
    said = parvis(*by, "--by", "retraite", "-o", "a.csv", cwd=tmp_path)
    assert (said.code, said.json["beside"]) == (0, 0)
    said = parvis(*by, "--by", "quartier", "--by", "age", "--beside", "a.csv", "-o", "b.csv", cwd=tmp_path)
    assert (said.code, said.json["beside"], said.json["found"]) == (0, 1, 0), said.err
    assert published(tmp_path / "b.csv")[TOTAL, TOTAL] == len(rows)
    write(rows[1:], tmp_path / "gens.csv")
    said = parvis(*by, "--by", "quartier", "--beside", "a.csv", "-o", "c.csv", cwd=tmp_path)
    assert said.code == 3
    assert "--before" in said.err
    said = parvis(*by, "--by", "quartier", "--beside", "gens.csv", "-o", "c.csv", cwd=tmp_path)
    assert said.code == 64
    assert not (tmp_path / "c.csv").exists()


def test_rounded_tables_and_amounts_are_not_compared() -> None:
    table, rule = arrow(people(1, 14)), PRESETS["personnes"]
    first = tabulate(table, [["age"]], preset=rule)
    for more in ({"base": 5}, {"preset": rule, "amount": "age"}, {"preset": rule, "earlier": table}):
        with pytest.raises(UsageError):
            tabulate(table, [["retraite"]], beside=beside(table, first), **more)  # type: ignore[arg-type]
    with pytest.raises(UsageError):
        beside(table, tabulate(table, [["age"]], base=5))
