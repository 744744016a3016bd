"""What was handed in, opened and held to the standard that it belongs to: an archive or a folder of several
files, or one file of a known form.

Archives are opened by the readers' own rules (names, links, sizes, ratio); a folder is looked at no deeper
than an archive would be.
"""

from __future__ import annotations

import itertools
import zipfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from parvis import readers
from parvis.checks.domains import Domain, Outcome, Package, domains, json_schema, named, recognise
from parvis.checks.domains.json_places import NotJson, parse, text_of
from parvis.core.errors import Unreadable, UsageError
from parvis.core.reading import RawTable, Reading, Workspace
from parvis.core.sentence import Sentence
from parvis.core.settings import Limits
from parvis.core.types import Checked, Dimension, Finding
from parvis.readers import archive
from parvis.readers.limits import past
from parvis.readers.lines import physical_lines


@dataclass(frozen=True, slots=True)
class Judged:
    """What a standard had to say. name: as `--schema` would ask for it."""

    name: str
    domain: Domain
    outcome: Outcome

    @property
    def checked(self) -> tuple[Checked, ...]:
        """What was looked at, by dimension: all that the standard asks, on the whole."""
        counts: dict[Dimension, int] = {}
        for notice in self.domain.notices.values():
            counts[notice.dimension] = counts.get(notice.dimension, 0) + 1
        return tuple(Checked(dimension, rules, ("",)) for dimension, rules in sorted(counts.items()))


def judge(
    path: Path,
    *,
    now: datetime,
    name: str = "",
    standard: str = "",
    limits: Limits | None = None,
    limit: int = 100,
    folder: Path | None = None,
) -> Judged | None:
    """Hold a file or a folder to a standard. standard: its name (`gtfs`, `bal-1.5`), the path of a JSON Schema,
    or "" for the one that the content bears marks of.

    None when no standard is asked for, or none is recognised. Raises Unreadable when an archive is unsafe or
    the content is not what it was said to be.
    """
    wanted = named(standard)
    schema = None if wanted or not standard else _json_schema(Path(standard))
    if standard and wanted is None and schema is None:
        return None
    with packaged(
        path, name=name, now=now, limits=limits or Limits(), limit=limit, whole=bool(standard), folder=folder
    ) as package:
        if package is None:
            return None
        if schema is not None:
            return Judged(
                standard, domains()["json-schema"], json_schema.hold(package, json_schema.load(schema))
            )
        match = wanted or recognise(package)
        if match is None:
            return None
        domain, profile = match
        called = f"{domain.name}-{profile}" if profile else domain.name
        try:
            return Judged(called, domain, domain.check(package, profile))
        except Unreadable as wrong:
            if standard:
                raise
            # Nobody asked for this standard: what it can't take is said not to be checked.
            return Judged(called, domain, Outcome(not_checked=(f"{domain.title} : {wrong.message}",)))


def _json_schema(path: Path) -> Path | None:
    """The path when a JSON Schema lies there."""
    if not path.is_file():
        return None
    try:
        return path if json_schema.is_json_schema(parse(text_of(path))) else None
    except NotJson:
        return None


@contextmanager
def packaged(
    path: Path,
    *,
    name: str,
    now: datetime,
    limits: Limits,
    limit: int,
    whole: bool,
    folder: Path | None = None,
) -> Generator[Package | None]:
    """The files of what was handed in, as long as the block lasts. whole: open an archive even when no
    standard knows a name in it.

    None for an archive that no standard knows.
    """
    with TemporaryDirectory(prefix="parvis-", dir=folder) as place:
        spool = Path(place)
        files = _files(path, name or path.name, spool, limits, whole)
        if files is None:
            yield None
            return
        spent = itertools.count()

        def read(file: Path, called: str) -> Reading:
            return readers.read(file, Workspace(spool / f"read-{next(spent)}", limits), name=called)

        yield Package(files, spool, read, now, limit, limits.memory_mb, _lined)


def _lined(finding: Finding, raw: RawTable) -> Finding:
    """The finding with the physical line of each of its rows."""
    lines = physical_lines(raw, [r.record for r in finding.rows if r.line == 0 and r.record > 0])
    return replace(
        finding, rows=tuple(replace(r, line=r.line or lines.get(r.record, 0)) for r in finding.rows)
    )


MARKS = frozenset(
    {
        "stops.txt",
        "trips.txt",
        "datapackage.json",
        "gbfs.json",
        "station_information.json",
        "station_status.json",
        "system_information.json",
        "schema.json",
    }
)
"""Names for which an archive is opened."""


def _files(path: Path, name: str, spool: Path, limits: Limits, whole: bool) -> Mapping[str, Path] | None:
    if path.is_dir():
        return _below(path, limits)
    if not zipfile.is_zipfile(path):
        return {name: path}
    members = [m for m in archive.members(path, limits) if not m.noise]
    if not whole and not any(PurePosixPath(m.name).name.lower() in MARKS for m in members):
        return None
    return archive.extract(path, members, spool / "members", limits)


def _below(folder: Path, limits: Limits) -> Mapping[str, Path]:
    """The files of a folder; links are not followed. Raises UsageError when there are none, Unreadable past a
    limit.
    """
    by_path: dict[str, Path] = {}
    total = 0
    for file in sorted(folder.rglob("*")):
        if (
            file.is_symlink()
            or not file.is_file()
            or any(part.startswith(".") for part in file.relative_to(folder).parts)
        ):
            continue
        by_path[file.relative_to(folder).as_posix()] = file
        total += file.stat().st_size
        if len(by_path) > limits.members:
            raise past("members", limits.members, Sentence("Le dossier contient trop de fichiers"))
        if total > limits.unpacked_mb * 1_000_000:
            raise past("unpacked_mb", limits.unpacked_mb, Sentence("Le dossier est trop gros"), unit="Mo")
    if not by_path:
        raise UsageError(Sentence("Le dossier {folder} est vide.", folder=folder))
    return by_path
