"""`datasets.toml`: what it says of periods and languages, and what it refuses in words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from parvis.catalogue import manifest
from parvis.core.errors import UsageError
from parvis.core.types import Dataset


def dataset(folder: Path, said: str) -> Dataset:
    (folder / "a.csv").write_text("n\n1\n")
    (folder / manifest.NAME).write_text(
        f'[[dataset]]\nid = "a"\ntitle = "A"\npublisher = "b"\n{said}\n[[dataset.resource]]\nfile = "a.csv"\n',
        "utf-8",
    )
    return manifest.load(folder / manifest.NAME).datasets[0]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("[2020-01-01, 2020-12-31]", (date(2020, 1, 1), date(2020, 12, 31))),
        ('[2020-01-01, ""]', (date(2020, 1, 1), None)),
        ('["", 2020-01-01]', (None, date(2020, 1, 1))),
        ("[2020-01-01T10:00:00Z, 2020-01-01]", (date(2020, 1, 1), date(2020, 1, 1))),
        ("[]", None),
    ],
)
def test_a_period_may_be_open(
    tmp_path: Path, written: str, meant: tuple[date | None, date | None] | None
) -> None:
    assert dataset(tmp_path, f"temporal = {written}").temporal == meant


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("temporal = [2022-01-01, 2020-01-01]", "avant de commencer"),
        ('temporal = ["2020", ""]', "deux dates"),
        ("temporal = [2020-01-01]", "deux dates"),
        ("temporal = 2020-01-01", "deux dates"),
        ('language = "français"', "code de langue"),
        ('language = ""', "code de langue"),
    ],
)
def test_what_means_nothing_is_refused(tmp_path: Path, written: str, word: str) -> None:
    with pytest.raises(UsageError, match=word):
        dataset(tmp_path, written)
