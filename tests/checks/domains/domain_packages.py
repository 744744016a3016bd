"""Packages for the domain checkers: files in a folder, as the pipeline opens them."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from parvis import readers
from parvis.checks.domains import Package
from parvis.core.reading import Reading, Workspace
from parvis.core.types import Finding
from parvis.inspection import reporting

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def package(
    files: Mapping[str, bytes | str], folder: Path, *, now: datetime = NOW, limit: int = 1000
) -> Package:
    """A package of files written in the folder."""
    places: dict[str, Path] = {}
    for name, content in files.items():
        places[name] = folder / "handed" / name
        places[name].parent.mkdir(parents=True, exist_ok=True)
        places[name].write_bytes(content.encode() if isinstance(content, str) else content)
    spool = folder / "spool"
    spool.mkdir(exist_ok=True)
    spent = iter(range(1 << 30))

    def read(path: Path, name: str) -> Reading:
        return readers.read(path, Workspace(spool / str(next(spent))), name=name)

    return Package(places, spool, read, now, limit, lined=reporting.with_lines)


def unzipped(path: Path) -> dict[str, bytes]:
    """The members of an archive."""
    with zipfile.ZipFile(path) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist() if not info.is_dir()}


def lines(findings: tuple[Finding, ...]) -> dict[str, tuple[str, int, list[int]]]:
    """Code to severity, count and lines blamed, 0 for the file as a whole."""
    found: dict[str, tuple[str, int, list[int]]] = {}
    for each in findings:
        severity, count, rows = found.get(each.check, (each.severity, 0, []))
        found[each.check] = (
            severity,
            count + each.count,
            sorted([*rows, *([r.line for r in each.rows] or [0] * each.count)]),
        )
    return found
