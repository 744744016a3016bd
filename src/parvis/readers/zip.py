"""A zip archive of files that each hold a table: one table a member. What is one thing together (shapefile,
GTFS, workbook) has readers of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from parvis import readers
from parvis.core.errors import Unreadable
from parvis.core.reading import Example, Issue, RawTable, Reader, Reading, Workspace
from parvis.core.sentence import Listed, Sentence, joined
from parvis.readers import archive
from parvis.readers.archive import DEPTH, Member
from parvis.readers.minimal_files import zipped

WHOLE = ("unpacked_mb", "ratio", "members")
"""Limits that stop the whole archive, not one member."""


DESCRIPTOR = "datapackage.json"
"""What the Data Package standard calls the description of the other members: no table."""


def sniff(head: bytes, path: Path) -> float:
    """Any zip, when no other reader knows better what it is."""
    return 0.5 if head[:4] in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08") else 0.0


def read(path: Path, workspace: Workspace) -> Reading:
    """Read each member in turn; those that hold no table are told. Raises Unreadable when none does, and for
    all that makes an archive unsafe.
    """
    if workspace.depth >= DEPTH:
        raise Unreadable(
            Sentence("Des archives sont emboîtées sur plus de {depth} niveaux.", depth=DEPTH),
            mend="Déposez l’archive intérieure.",
        )
    entries = archive.members(path, workspace.limits)
    other = archive.other_kind(entries)
    if other:
        raise Unreadable(
            Sentence("Le fichier est {other} : il ne contient pas de table.", other=other),
            mend="Exportez ses tables en CSV ou en classeur.",
        )
    useful = [m for m in entries if not m.noise and m.name != DESCRIPTOR]
    if not useful:
        raise Unreadable("L’archive est vide.", mend="Vérifiez son contenu avant de la déposer.")
    chosen, sheet = _chosen(useful, workspace.sheet)
    inner = replace(workspace, depth=workspace.depth + 1, sheet=sheet)
    formats: list[str] = []
    tables: list[RawTable] = []
    issues: list[Issue] = []
    spent = 0
    for number, member in enumerate(chosen):
        spool = workspace.spool / str(number)
        left = archive.remaining(workspace.limits, spent, len(entries))
        reading = _one(path, member, replace(inner, spool=spool, limits=left), alone=len(chosen) == 1)
        # What archives within the archive unpacked counts as well.
        spent += sum(f.stat().st_size for f in spool.rglob("*") if f.is_file())
        if isinstance(reading, Unreadable):
            issues.append(Issue("member-skipped", joined(reading.message, reading.mend), member.name))
            continue
        formats.append(reading.format)
        issues += [replace(i, where=f"{member.name} {i.where}".strip()) for i in reading.issues]
        tables += [
            replace(t, name=member.name if not t.name else f"{member.name}/{t.name}") for t in reading.tables
        ]
    if not tables:
        reasons = Listed(
            (Sentence("{where} : {what}", where=i.where, what=i.message) for i in issues[:3]), " "
        )
        raise Unreadable(
            Sentence("Aucun fichier de l’archive ne contient de table. {reasons}", reasons=reasons)
        )
    tables, prose = _without_prose(tables)
    issues += prose
    return Reading(f"zip+{Counter(formats).most_common(1)[0][0]}", tuple(tables), tuple(issues))


def _chosen(useful: Sequence[Member], sheet: str) -> tuple[Sequence[Member], str]:
    """The members to read, and the sheet to read in them. sheet: `member` or `member/sheet`, as tables are
    named; "" for all.
    """
    for member in useful:
        if sheet == member.name or sheet.startswith(member.name + "/"):
            return [member], sheet[len(member.name) + 1 :]
    return useful, sheet


def _one(path: Path, member: Member, workspace: Workspace, *, alone: bool) -> Reading | Unreadable:
    """One member read, or why not. alone: nothing else is asked for, so that its name says nothing."""
    place = archive.extract(path, [member], workspace.spool / "contenu", workspace.limits)[member.name]
    left = archive.remaining(workspace.limits, place.stat().st_size, 0)
    try:
        if settings_text(place):
            return Unreadable("C’est un texte de réglages (YAML), sans table : ignoré.")
        if not alone and (_BESIDE.search(member.name.rpartition("/")[2]) or assignments(place)):
            return Unreadable(
                "C’est un texte qui accompagne les données (programme, réglages, notice), sans table : ignoré."
            )
        return readers.read(place, replace(workspace, spool=workspace.spool / "lecture", limits=left))
    except Unreadable as wrong:
        if wrong.limit in WHOLE:
            raise
        return wrong


_YAML = re.compile(r"\s*(?:#.*|---.*|\.\.\.|-(?: .*)?|[\w.\"'/ -]{1,60}:(?: .*)?|[\]}],?|)")
_YAML_KEY = re.compile(r"\s*(?:- )?([\w.\"'/-]{1,60}):(?: .*)?")


_BESIDE = re.compile(
    r"^\.|\.(?:md|rst|py|r|js|mjs|ts|css|sh|bat|ps1|toml|ini|cfg|conf|env|properties|prj|qpj|cpg|qmd|qml|qgs|sld|lyr|cff|bib)$|^(?:licen[cs]e|changelog|authors)(?:\.txt)?$",
    re.IGNORECASE,
)
"""Members that hold no table by what they are called, beside others that may."""
_ASSIGNED = re.compile(r"(?:export )?[A-Za-z_][\w.-]{0,60}\s*=.*|\[{1,2}[\w.\" -]+\]{1,2}")


def assignments(path: Path) -> bool:
    """Whether a text says settings as programs do: names, each with « = » and a value, under headings in brackets."""
    with path.open("rb") as source:
        head = source.read(8192)
    lines = [line.strip() for line in head.decode("utf-8", "replace").splitlines()[:100]]
    statements = [line for line in lines if line and not line.startswith(("#", ";", "!"))]
    return (
        b"\0" not in head
        and sum("=" in line for line in statements) > 1
        and all(map(_ASSIGNED.fullmatch, statements))
    )


def settings_text(path: Path) -> bool:
    """Whether a text says settings as YAML does: names, each with a colon and a blank or nothing after it,
    and lists of dashes. No table is written so.
    """
    with path.open("rb") as source:
        head = source.read(8192)
    if b"\0" in head:
        return False
    lines = [
        line
        for line in head.decode("utf-8", "replace").splitlines()[:100]
        if line.strip() and not line.lstrip().startswith("#")
    ]
    keys = [match[1] for line in lines if (match := _YAML_KEY.fullmatch(line))]
    plain = [
        line for line in lines if not line.startswith((" ", "\t"))
    ]  # the text of a value may go on, indented
    return len(keys) > 1 and len(keys) * 4 >= len(lines) and all(_YAML.fullmatch(line) for line in plain)


def _without_prose(tables: Sequence[RawTable]) -> tuple[list[RawTable], Iterator[Issue]]:
    """A « lisez-moi » beside tables is no table: a single column whose label is a sentence, or that has none;
    a few lines cut at their commas.
    """
    texts = [t for t in tables if t.encoding is not None and (t.separator is None or t.rows <= 3)]
    prose = [
        t
        for t in texts
        if (len(t.columns) == 1 and not t.header_row) or any(len(c.label.split()) > 3 for c in t.columns[:2])
    ]
    if not prose or len(prose) == len(tables):
        return list(tables), iter(())
    data_tables = [t for t in tables if t not in prose]
    return data_tables, (
        Issue("member-skipped", "Texte d’accompagnement, sans table : ignoré.", t.name) for t in prose
    )


ZIP = Reader(
    name="zip",
    title="Archive zip de fichiers",
    sniff=sniff,
    read=read,
    examples=(
        Example(
            "deux csv", zipped({"a.csv": "x;y\n1;2\n", "b/c.csv": "z;t\n3;4\n"}), ("x", "y"), 1, "utf-8", ";"
        ),
    ),
)
