"""The mended copy of a file: what is certain to be put right in its tables is counted while it is read; its sender may
hand the copy in as the next file of the resource, by one button.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from parvis import readers
from parvis.checks import mending
from parvis.checks.domains import named
from parvis.core.errors import UsageError
from parvis.core.reading import Workspace
from parvis.core.types import Finding, Resource, Schema
from parvis.engine import connect
from parvis.inspection import file_check
from parvis.inspection.file_check import CheckRequest, Mended, OpenFile
from parvis.publication import file_tables, hidden_parts, policies, prepared_tables, receiving
from parvis.publication.city import City
from parvis.store import datasets, deposits, journal
from parvis.store.deposits import Deposit, Understood

MENDED = "mended-copy"
"""Verb: the mended copy of a file was handed in; ids: its deposit, and `of`, that of the file it was made from."""
MOST = 1_000_000
"""Cells of a file past which no copy is offered: the sender waits for it."""
SUFFIX = "-corrige"
HEADER = "header"
"""What a header that was written as the schema has it is counted under: no repair of cells does it."""

Counts = tuple[tuple[str, int], ...]
"""Changed cells by the repair that changes them, most frequent first."""


def counted(
    city: City,
    desk: OpenFile,
    owner: Resource,
    parts: Sequence[Resource],
    findings: Sequence[Sequence[Finding]],
) -> Sequence[Counts]:
    """What a mended copy would change in each table of a file; nothing where none can be made of it.

    owner: what the file was handed in for; parts, findings: what each table feeds, and what was found in it.
    """
    possible = _writable(desk, owner)
    return [
        _counts(file_check.mended(desk, _request(city, part), position=position))
        if possible and any(f.severity != "info" and f.dimension != "confidentiality" for f in wrong)
        else ()
        for position, (part, wrong) in enumerate(zip(parts, findings, strict=True))
    ]


def _writable(desk: OpenFile, owner: Resource) -> bool:
    """Whether a copy can be written that holds all that the file holds, and is read as the file is. owner: what the
    file was handed in for.
    """
    tables = desk.reading.tables
    if not tables or sum(t.rows * len(t.columns) for t in tables) > MOST:
        return False
    return file_check.as_workbook(desk, tables) or (
        len(tables) == 1 and owner.header_row in (None, tables[0].header_row) and tables[0].header_row > 0
    )


def _request(city: City, resource: Resource) -> CheckRequest:
    """What a table is held to: the schema of its resource, unless a recipe or a policy makes other columns of it."""
    schema: Schema | None = None
    if resource.schema and not resource.recipe and not named(resource.schema):
        schema = prepared_tables.schema_of(city, resource.schema)
    of = city.settings.city
    return CheckRequest(
        schema,
        resource.schema if schema else "",
        bbox=tuple(of.bbox),
        surveyed=False,
        folder=city.settings.folder,
    )


def _counts(done: Mended) -> Counts:
    known = mending.titles()
    names = (n if n in known else HEADER for c in done.cells for n in c.repairs)
    return tuple(Counter(names).most_common())


def hand_in(city: City, deposit_id: str, *, actor: str) -> Deposit:
    """Make the mended copy of a held file, and hand it in for the same resource; its sender looks at it.

    Raises NotFound; UsageError where nothing would be mended, or where nobody said yet what becomes of what a
    workbook hides.
    """
    with city.db.read() as conn:
        deposit = receiving.known(conn, deposit_id)
        owner = datasets.resource(conn, deposit.resource)
        undecided = hidden_parts.undecided(conn, deposit)
        leaves = hidden_parts.choice(conn, deposit) == "leave"
    if deposit.state != "held" or undecided or owner is None or not any(u.mends for u in deposit.understood):
        raise UsageError("Il n’y a pas de copie corrigée de ce fichier.", mend="Rechargez la page.")
    with tempfile.TemporaryDirectory(dir=city.settings.path(city.settings.storage.spool)) as folder:
        spool = Path(folder)
        received = city.inbox.copy(deposit.received, spool / "received")
        limits = city.settings.limits
        workspace = Workspace(
            spool,
            limits,
            sheet=owner.table,
            header_row=owner.header_row,
            hidden="leave" if leaves else "read",
        )
        reading = readers.read(received, workspace, name=deposit.name)
        con = connect.processing(spool, memory_mb=limits.memory_mb, threads=limits.threads)
        try:
            copy, extension = _written(
                city,
                OpenFile(received, deposit.name, reading, con, spool),
                owner,
                [bool(u.mends) for u in deposit.understood],
            )
        finally:
            con.close()
        name = f"{Path(deposit.name).stem.removesuffix(SUFFIX)}{SUFFIX}.{extension}"
        copied = receiving.receive(
            city, copy, name=name, resource=deposit.resource, actor=actor, look="sender"
        )
    with city.db.begin() as conn:
        ids = {"deposit": copied.id, "of": deposit.id}
        journal.append(conn, at=city.now(), actor=actor, verb=MENDED, subject=deposit.resource, ids=ids)
    return copied


def _written(city: City, desk: OpenFile, owner: Resource, held: Sequence[bool]) -> tuple[Path, str]:
    """The copy, and its extension. held: which tables something is to be mended in. A workbook is written once a table,
    each time over what the table before left.
    """
    with city.db.read() as conn:
        parts = file_tables.assign(conn, owner, desk.reading.tables, guarded=partial(policies.in_force, conn))
    path, extension = desk.file, ""
    for position, part in enumerate(parts):
        if position < len(held) and not held[position]:
            continue
        done = file_check.mended(desk, _request(city, part.resource), position=position)
        out = desk.spool / f"copy-{position}"
        with out.open("wb") as to:
            if owner.header_row is not None and not file_check.as_workbook(desk, desk.reading.tables):
                to.write(b"\n" * (owner.header_row - 1))  # where the files of the resource have their header
            extension = file_check.write_mended(replace(desk, file=path), done, to)
        path = out
    return path, extension


def made_from(conn: Connection, deposit: Deposit) -> Deposit | None:
    """The file of which this one is the mended copy; None where it is none."""
    for event in journal.of(conn, deposit.resource, limit=1000, verb=MENDED):
        if event.ids.get("deposit") == deposit.id:
            return deposits.get(conn, event.ids["of"])
    return None


def total(understood: Iterable[Understood]) -> Counts:
    """What the copy changes in all tables of a file.

    >>> total([Understood("a", "d/a", mends=(("dates", 2),)), Understood("b", "d/b", mends=(("dates", 1),))])
    (('dates', 3),)
    """
    every = Counter[str]()
    for one in understood:
        every.update(dict(one.mends))
    return tuple(every.most_common())
