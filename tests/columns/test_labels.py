"""Labelled columns: the type is right for at least 98 in 100, and bad cells do not change it."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from pathlib import Path

import pytest

from parvis import columns, readers
from parvis.columns.evidence import gather
from parvis.columns.guess import Guess, guess
from parvis.core.reading import Workspace
from parvis.engine.connect import processing
from tests.columns.columns_cells import Label, cells, labels, spoilt, table

OWN = [label for label in labels() if label.source == "own"]
SHARED = [label for label in labels() if label.source != "own"]
SHARE = 0.98


def judged(label: Label, made: list[str]) -> Guess:
    return guess(label.column, gather(Counter(made).items(), whole=True))


def test_there_are_enough_labels() -> None:
    assert len(OWN) >= 250
    assert len(labels()) >= 400
    assert len({(label.source, label.column, label.values) for label in labels()}) == len(labels())


@pytest.mark.parametrize("rows", [12, 60, 400])
def test_own_columns_get_their_type(rows: int) -> None:
    wrong = [
        (label.column, label.type, found.type)
        for label in OWN
        if (found := judged(label, cells(label, rows))).type != label.type
    ]
    assert len(wrong) <= (1 - SHARE) * len(OWN), wrong


def test_own_columns_get_their_meaning() -> None:
    meant = [label for label in OWN if label.meaning]
    wrong = [
        (label.column, label.meaning, found.meaning)
        for label in meant
        if (found := judged(label, cells(label, 60))).meaning != label.meaning
    ]
    assert len(meant) >= 110
    assert len(wrong) <= (1 - SHARE) * len(meant), wrong


@pytest.mark.parametrize("rows", [20, 60, 400])
def test_five_in_a_hundred_bad_cells_change_neither_type_nor_meaning(rows: int) -> None:
    changed: list[tuple[str, Guess, Guess]] = []
    for label in OWN:
        made = cells(label, rows)
        if not label.values.strip(" ¦") or set(made) == {"NC"}:
            continue  # a column without a single value has no type to lose
        before = judged(label, made)
        for seed in range(3):
            after = judged(label, spoilt(made, seed=seed))
            if (before.type, before.meaning) != (after.type, after.meaning):
                changed.append((label.column, before, after))
    assert changed == []


def test_own_columns_get_their_type_end_to_end(tmp_path: Path) -> None:
    """All own columns as one table of text cells, with five in a hundred bad cells, typed and written; header
    and cells alone decide, whatever stands beside.
    """
    made = {
        f"{label.column} {i}" if i else label.column: spoilt(cells(label, 60), seed=i)
        for i, label in enumerate(OWN)
    }
    raw = table(tmp_path / "raw.parquet", {name: made[name] for name in made})
    typed = columns.type_table(raw, tmp_path / "out.parquet", con=processing(tmp_path))
    assert typed.rows == 60
    wrong = [
        (label.column, label.type, c.type)
        for label, c in zip(OWN, typed.schema.columns, strict=True)
        if c.type != label.type
    ]
    assert len(wrong) <= (1 - SHARE) * len(OWN), wrong


@pytest.mark.shared
def test_columns_of_real_files_get_their_type(shared: Path, tmp_path: Path) -> None:
    con = processing(tmp_path)
    wrong: list[tuple[str, str, str, str]] = []
    for source, group in groupby(SHARED, key=lambda label: label.source):
        path, _, member = source.partition("#")
        spool = tmp_path / str(len(list(tmp_path.iterdir())))
        spool.mkdir()
        reading = readers.read(shared / "data" / "messy" / path, Workspace(spool))
        raw = next((t for t in reading.tables if t.name == member), reading.tables[0])
        schema = columns.infer(raw, con=con).schema
        found = {
            c.label.strip().lstrip("\ufeff"): schema.column(n)
            for c, n in reversed(list(zip(raw.columns, columns.column_names(raw), strict=True)))
        }
        for label in group:
            column = found[label.column]
            if column is None or column.type != label.type:
                wrong.append((source, label.column, label.type, column.type if column else "-"))
    assert len(wrong) <= (1 - SHARE) * len(SHARED), wrong
