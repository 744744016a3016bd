"""vCard (RFC 6350): each card of an address book is a record."""

import re
from pathlib import Path

from parvis.core.errors import Unreadable
from parvis.core.reading import Example, RawTable, Reader, Reading, Workspace
from parvis.readers.plain_utf8 import plain
from parvis.readers.raw import RawWriter

_FIELDS = ("UID", "FN", "ORG", "TITLE", "TEL", "EMAIL", "ADR", "URL", "NOTE", "CATEGORIES")
_ESCAPED = re.compile(r"\\([\\;,nN])")


def sniff(head: bytes, path: Path) -> float:
    """The first line says it."""
    return 0.95 if head.lstrip(b"\xef\xbb\xbf\r\n ").upper().startswith(b"BEGIN:VCARD") else 0.0


def read(path: Path, workspace: Workspace) -> Reading:
    """One record a card, with the line where it begins. Raises Unreadable without a card."""
    text = plain(path, workspace.spool, workspace.limits)
    cards: list[dict[str, str]] = []
    lines: list[int] = []
    name = ""
    with text.path.open(encoding="utf-8", newline="") as source:
        source.read(1 if text.bom else 0)
        for number, line in enumerate(source, 1):
            said = line.rstrip("\r\n")
            if said.startswith((" ", "\t")) and name and cards:
                cards[-1][name] += _plain(said[1:])
                continue
            key, _, value = said.partition(":")
            name = key.partition(";")[0].rpartition(".")[2].upper()
            if (name, value) == ("BEGIN", "VCARD"):
                cards.append({})
                lines.append(number)
            name = name if cards and name in _FIELDS else ""
            if name:
                cards[-1][name] = _plain(value)
    if not cards:
        raise Unreadable("Le carnet d’adresses ne contient aucune fiche.")
    writer = RawWriter(workspace.spool, "fiches")
    kept = [f for f in _FIELDS if any(f in e for e in cards)]
    writer.add({f: [e.get(f) for e in cards] for f in kept}, len(cards), lines=lines)
    columns, scan = writer.finish(frozenset())
    return Reading(
        "vcard", (RawTable("", columns, scan, len(cards), encoding=text.encoding.codec),), text.issues
    )


def _plain(value: str) -> str:
    return _ESCAPED.sub(lambda m: "\n" if m[1] in "nN" else m[1], value)


VCARD = Reader(
    name="vcard",
    title="Carnet d’adresses (vCard)",
    sniff=sniff,
    read=read,
    examples=(
        Example(
            "deux fiches",
            (Path(__file__).parent / "samples" / "annuaire.vcf").read_bytes(),
            ("UID", "FN", "ORG", "URL"),
            2,
            "utf-8",
        ),
    ),
)
