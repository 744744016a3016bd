"""A guard on its own: whole classes, persons counted once, amounts that tell of nobody."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from parvis.core.errors import HeldBack, UsageError
from parvis.core.types import Column, Schema
from parvis.methods.disclosure import thresholds
from parvis.privacy import anonymising
from parvis.privacy.anonymising import Anonymised

DAY = date(2026, 11, 26)


def guarded(columns: dict[str, list[object]], policy: str) -> Anonymised:
    table = pa.table(columns)
    types = {pa.string(): "text", pa.int64(): "integer", pa.float64(): "number"}
    schema = Schema(
        "t", columns=tuple(Column(n, types.get(table.schema.field(n).type, "json")) for n in columns)
    )  # type: ignore[arg-type]
    return anonymising.anonymise(table, schema, anonymising.from_toml(policy), key=b"k" * 32, seed=7, day=DAY)


def test_random_tables_show_whole_classes_only() -> None:
    """Of 300 tables: every class shown is whole and large enough, in persons; those left out are nobody, or
    enough.
    """
    random = np.random.default_rng(20261126)
    some = 0
    for _ in range(300):
        rows, least = int(random.integers(1, 120)), int(random.integers(2, 9))
        classes = np.unique(random.integers(0, int(random.integers(1, 12)), rows), return_inverse=True)[1]
        people = random.integers(0, rows, rows) if random.random() < 0.5 else np.arange(rows)
        shown = thresholds.publishable(classes, people, least)
        sizes = [len(set(people[classes == c].tolist())) for c in range(len(shown))]
        assert all(size >= least for size, there in zip(sizes, shown, strict=True) if there)
        out = set(people[~shown[classes]].tolist())
        assert not shown.any() or not out or len(out) >= least
        # No class is left out that could be shown, but for the one that hides how many the others are.
        left = [size for size, there in zip(sizes, shown, strict=True) if size >= least and not there]
        assert len(left) <= 1
        some += len(left)
    assert some > 10


def test_an_amount_that_one_person_makes_or_few_lack_is_not_shown() -> None:
    """Four classes of 12: even amounts; one of a million; three of them empty; all of them empty but one. And
    one person with all the rows.
    """
    cas = [("égaux", "un seul", "trois vides", "un rempli")[i // 12] for i in range(48)]
    don = [1e6 if i == 12 else None if i in (24, 25, 26) or i > 36 else 10.0 for i in range(48)]
    done = guarded({"cas": [*cas], "don": [*don]}, '[guard]\nby = ["cas"]\namounts = ["don"]\nleast = 5')
    assert {(r["cas"], r["don"]) for r in done.table.to_pylist()} == {
        ("égaux", 10.0),
        ("un seul", None),
        ("trois vides", None),
        ("un rempli", None),
    }
    people, amounts = np.array([0] * 9 + [1, 2, 3]), np.full(12, 10.0)
    assert np.isnan(thresholds.means(amounts, np.zeros(12, np.int64), people, 3, 0.5)).all()
    assert thresholds.means(amounts, np.zeros(12, np.int64), people, 3, 0.8).tolist() == [10.0]


def test_persons_are_counted_not_rows() -> None:
    columns: dict[str, list[object]] = {
        "zone": ["A"] * 12 + ["B"] * 12,
        "qui": [f"p{i % 3}" for i in range(12)] + [f"q{i}" for i in range(12)],
    }
    assert guarded(columns, '[guard]\nby = ["zone"]\nleast = 5').table.num_rows == 24
    columns = {
        name: [*cells, *(["C" if name == "zone" else f"r{i}" for i in range(20)])]
        for name, cells in columns.items()
    }
    done = guarded(columns, '[guard]\nby = ["zone"]\nleast = 5\npersons = "qui"')
    assert set(done.table["zone"].to_pylist()) == {
        "C"
    }  # three people in A: B, the smallest that is enough, goes with them
    assert done.before is not None
    assert done.after is not None
    assert (done.before.k, done.after.k) == (3, 20)


def test_equal_rows_may_be_one_with_their_number() -> None:
    columns: dict[str, list[object]] = {"zone": ["A"] * 12 + ["B"] * 9 + ["C"] * 2 + ["D"] * 30}
    done = guarded(columns, '[guard]\nby = ["zone"]\nleast = 5\n[output]\ncount = "nombre"')
    # Two are left out with C: B goes with them, or whoever knows the total would know that they are two.
    assert done.table.to_pylist() == [{"zone": "A", "nombre": 12}, {"zone": "D", "nombre": 30}]
    assert (done.loss.suppressed_rows, done.method) == (11, "guard")


def test_a_policy_is_written_as_it_is_read() -> None:
    text = 'title = "Aides"\n\n[guard]\nby = ["age", "rue"]\namounts = ["don"]\nleast = 11\npersons = "qui"\nshare = 0.5\n\n[output]\ncount = "nombre"\n'
    policy = anonymising.from_toml(text)
    assert anonymising.to_toml(policy) == text
    assert anonymising.from_toml(anonymising.to_toml(policy)) == policy


def test_what_does_not_fit_the_table_is_told() -> None:
    columns: dict[str, list[object]] = {"zone": ["A"] * 3, "don": [1.0, 2.0, 3.0]}
    for policy, told in (
        ('[guard]\nby = ["rue"]', "inconnue : « rue »"),
        ('[guard]\nby = ["zone", "don"]\namounts = ["don"]', "à la fois"),
        ('[guard]\nby = ["don"]\namounts = ["zone"]', "nombres"),
    ):
        with pytest.raises(UsageError, match=told):
            guarded(columns, policy)
    with pytest.raises(HeldBack, match="Aucune classe"):
        guarded(columns, '[guard]\nby = ["zone"]\nleast = 4')
