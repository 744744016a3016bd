"""Every reader declares small files that it must understand: each is read here through the dispatcher, so
that the right reader is also the surest.
"""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import duckdb
import pytest

from parvis import readers
from parvis.core.errors import Unreadable
from parvis.core.reading import Example, ParquetScan, Reader, Reading, Workspace
from parvis.engine.scans import select_raw
from parvis.readers.minimal_files import zipped

EXAMPLES = [
    pytest.param(reader, example, id=f"{reader.name}: {example.name}")
    for reader in readers.readers().values()
    for example in reader.examples
]


@pytest.mark.parametrize(("reader", "example"), EXAMPLES)
def test_example(reader: Reader, example: Example, tmp_path: Path) -> None:
    """Columns, records, encoding and separator are those declared; the scan delivers as many records and as
    many columns.
    """
    path = tmp_path / "recu"
    path.write_bytes(example.content)
    best, sure = readers.surest(example.content[: readers.HEAD], path)
    assert best is not None
    assert (best.name, sure > 0.3) == (reader.name, True)
    reading = readers.read(path, Workspace(tmp_path / "spool"))
    table = reading.tables[0]
    assert tuple(c.name for c in table.columns) == example.columns
    assert (table.rows, table.encoding, table.separator) == (
        example.rows,
        example.encoding,
        example.separator,
    )
    rows = duckdb.sql(select_raw(table.scan, len(table.columns)).sql("duckdb")).fetchall()
    assert len(rows) == example.rows
    if isinstance(table.scan, ParquetScan) and table.scan.line_column:
        numbers = duckdb.read_parquet(str(table.scan.path)).project("_line").fetchall()
        assert numbers == sorted(set(numbers))


def test_every_reader_has_examples_and_a_french_title() -> None:
    for reader in readers.readers().values():
        assert reader.examples, reader.name
        assert reader.title[:1].isupper(), reader.name


@pytest.mark.parametrize(("reader", "example"), EXAMPLES)
def test_a_damaged_example_is_read_or_refused(reader: Reader, example: Example, tmp_path: Path) -> None:
    """Cut at a third and two thirds, and with bytes changed at random: a reading, or Unreadable with a French
    sentence; never another error.
    """
    draw = random.Random(11)
    size = len(example.content)
    variants = [example.content[: size // 3], example.content[: 2 * size // 3]]
    for _ in range(6):
        changed = bytearray(example.content)
        for _ in range(draw.randint(1, 6)):
            changed[draw.randrange(size)] = draw.randrange(256)
        variants.append(bytes(changed))
    for number, content in enumerate(variants):
        path = tmp_path / f"recu-{number}"
        path.write_bytes(content)
        said = ""
        try:
            assert isinstance(readers.read(path, Workspace(tmp_path / f"spool-{number}")), Reading)
        except Unreadable as refused:
            said = str(refused)
        assert not said or said.endswith((".", "»", "…"))


ZIPPED = [
    pytest.param(reader, example, id=f"{reader.name}: {example.name}")
    for reader, example in (p.values for p in EXAMPLES)
    if example.content[:2] == b"PK"
]


@pytest.mark.parametrize(("reader", "example"), ZIPPED)
def test_a_package_with_damaged_parts_is_read_or_refused(
    reader: Reader, example: Example, tmp_path: Path
) -> None:
    """The zip itself is sound, so that the damage reaches the programs behind: calamine, GDAL, the parsers."""
    draw = random.Random(13)
    with zipfile.ZipFile(io.BytesIO(example.content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for number in range(12):
        changed = {name: bytearray(content) for name, content in parts.items()}
        for name in draw.sample(sorted(changed), min(2, len(changed))):
            if changed[name]:
                for _ in range(draw.randint(1, 5)):
                    changed[name][draw.randrange(len(changed[name]))] = draw.randrange(256)
        path = tmp_path / f"recu-{number}"
        path.write_bytes(zipped({name: bytes(content) for name, content in changed.items()}))
        said = ""
        try:
            assert isinstance(readers.read(path, Workspace(tmp_path / f"spool-{number}")), Reading)
        except Unreadable as refused:
            said = str(refused)
        assert "Traceback" not in said
