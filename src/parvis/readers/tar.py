"""A tar archive, as archiving programs and servers write it: its files are put in a zip of the spool,
uncompressed, and read from there.

So shapefiles, GTFS and all else that comes in several files is understood in either. The headers are read
here, field by field: they are few, and the standard library's own reader can be held up by a forged one.
Sources: POSIX.1-2017, pax (ustar and extended headers); GNU tar manual, « Basic Tar Format ».
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from parvis import readers
from parvis.core.errors import Unreadable
from parvis.core.reading import Example, Reader, Reading, Workspace
from parvis.core.sentence import Sentence
from parvis.core.settings import Limits
from parvis.readers.archive import BLOCK, Meter, inside
from parvis.readers.limits import past

UNIT = 512
"""Bytes of a header; contents are padded to as many."""
_EXTENDED = 1 << 20
"""Bytes of an extended header that are believed: names, not data."""
_FILE, _CONTIGUOUS, _FOLDER = b"0\x00", b"7", b"5"
_LINKS, _DEVICES, _LONG_NAME, _LONG_LINK, _PAX, _PAX_ALL = b"12", b"346", b"L", b"K", b"xX", b"g"


@dataclass(frozen=True, slots=True)
class Entry:
    """One header: a file, a folder, or what is neither."""

    name: str
    kind: bytes
    size: int
    at: int
    """Offset of its content."""


def sniff(head: bytes, path: Path) -> float:
    """The sum that a first header keeps of itself; every tar of the last fifty years has it."""
    return 0.9 if len(head) >= UNIT and _sound(head[:UNIT]) and head[:1] != b"\x00" else 0.0


def read(path: Path, workspace: Workspace) -> Reading:
    """Read the files in turn. Raises Unreadable when none holds a table, and for all that makes an archive
    unsafe.
    """
    workspace.spool.mkdir(parents=True, exist_ok=True)
    packed = workspace.spool / "contenu.zip"
    _packed(path, packed, workspace.limits)
    reading = readers.read(packed, replace(workspace, spool=workspace.spool / "lecture"))
    packed.unlink()
    return replace(reading, format=f"tar+{reading.format.removeprefix('zip+')}")


def _packed(path: Path, out: Path, limits: Limits) -> None:
    """The files of the archive in a zip, uncompressed."""
    meter = Meter(limits, path.stat().st_size)
    taken: set[str] = set()
    with path.open("rb") as source, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target:
        for count, entry in enumerate(entries(source, path.stat().st_size), 1):
            if count > limits.members:
                raise past("members", limits.members, Sentence("L’archive contient trop de fichiers"))
            if entry.kind == _FOLDER or (entry.kind in _FILE and entry.name.endswith("/")):
                continue
            name = inside(entry.name)
            if entry.kind in _LINKS or entry.kind in _DEVICES:
                raise Unreadable(
                    Sentence("« {name} » est un lien, pas un fichier.", name=name),
                    mend="Refaites l’archive avec les fichiers eux-mêmes.",
                )
            if entry.kind not in _FILE + _CONTIGUOUS:
                continue
            meter = meter.more(entry.size)
            name = _free(name, taken)
            source.seek(entry.at)
            with target.open(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), "w", force_zip64=True) as content:
                left = entry.size
                while left:
                    block = source.read(min(BLOCK, left))
                    if not block:
                        raise _cut()
                    content.write(block)
                    left -= len(block)


def _free(name: str, taken: set[str]) -> str:
    """The name, or one beside it when it is taken: an archive may hold two states of a file."""
    stem, dot, suffix = name.rpartition(".") if "." in name.rpartition("/")[2] else (name, "", "")
    unique, turn = name, 1
    while unique in taken:
        turn += 1
        unique = f"{stem}_{turn}{dot}{suffix}"
    taken.add(unique)
    return unique


def entries(source: BinaryIO, total: int) -> Iterator[Entry]:
    """Every header of an archive of `total` bytes, long names in place. Raises Unreadable: cut short,
    damaged, or with parts left out (sparse files).
    """
    at = 0
    extended: dict[str, str] = {}
    while at + UNIT <= total:
        source.seek(at)
        header = source.read(UNIT)
        if not header.strip(b"\x00"):
            return
        if not _sound(header):
            raise Unreadable("L’archive tar est endommagée.", mend="Refaites l’archive.")
        kind, size = header[156:157], _number(header[124:136])
        if kind in _FILE + _CONTIGUOUS and extended.get("size", "").isdecimal():
            size = int(extended["size"][:18])
        content = at + UNIT
        if kind in _LINKS or kind in _DEVICES:
            size = 0  # whatever they say, nothing follows
        if not 0 <= size <= total - content:
            raise _cut()
        if kind in (_LONG_NAME, _LONG_LINK) or kind in _PAX or kind == _PAX_ALL:
            if size > _EXTENDED:
                raise Unreadable("L’archive tar est endommagée.", mend="Refaites l’archive.")
            body = source.read(size)
            if kind == _LONG_NAME:
                extended["path"] = _text(body.partition(b"\x00")[0])
            elif kind in _PAX:
                extended |= _pax(body)
        else:
            if kind == b"S" or any(key.startswith("GNU.sparse") for key in extended):
                raise Unreadable(
                    "L’archive tar contient un fichier à trous (« sparse »), qui n’est pas lu.",
                    mend="Refaites l’archive sans l’option --sparse.",
                )
            yield Entry(extended.get("path") or _name(header), kind, size, content)
            extended = {}
        at = content + -(-size // UNIT) * UNIT
    raise _cut()  # an archive ends with a block of zeros


def _sound(header: bytes) -> bool:
    """Whether the header keeps the sum of its own bytes, its field counted as spaces."""
    digits = header[148:156].strip(b" \x00")
    if not re.fullmatch(rb"[0-7]{1,7}", digits):
        return False
    return int(digits, 8) == sum(header[:148]) + 8 * 32 + sum(header[156:])


def _number(field: bytes) -> int:
    """Octal digits, or GNU's big-endian binary; -1 when it is neither."""
    if field[0] & 0x80:
        return int.from_bytes(bytes([field[0] & 0x7F]) + field[1:], "big") if field[0] == 0x80 else -1
    digits = field.strip(b" \x00")
    return int(digits, 8) if re.fullmatch(rb"[0-7]{1,12}", digits) else 0 if not digits else -1


def _name(header: bytes) -> str:
    name = header[:100].partition(b"\x00")[0]
    prefix = header[345:500].partition(b"\x00")[0] if header[257:263] == b"ustar\x00" else b""
    return _text(prefix + b"/" + name if prefix else name)


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _pax(body: bytes) -> dict[str, str]:
    """Records « length key=value\\n »; what comes behind a record that makes no sense is let go."""
    pairs: dict[str, str] = {}
    at = 0
    while at < len(body):
        space = body.find(b" ", at, at + 12)
        digits = body[at:space] if space > 0 else b""
        if not digits.isdigit() or not space - at < int(digits) <= len(body) - at:
            return pairs
        key, _, value = body[space + 1 : at + int(digits)].removesuffix(b"\n").partition(b"=")
        pairs[_text(key)] = _text(value)
        at += int(digits)
    return pairs


def _cut() -> Unreadable:
    return Unreadable("L’archive tar est tronquée : sa fin manque.", mend="Déposez-la à nouveau.")


def small_tar(name: str, content: bytes) -> bytes:
    """The smallest archive of one file."""
    fields = (
        name.encode().ljust(100, b"\x00")
        + b"0000644\x00"
        + b"0000000\x00" * 2
        + b"%011o\x00" % len(content)
        + b"00000000000\x00"
    )
    before, after = fields, b"0" + bytes(100) + b"ustar\x0000" + bytes(247)
    total = sum(before) + 8 * 32 + sum(after)
    return before + b"%06o\x00 " % total + after + content + bytes(-len(content) % UNIT) + bytes(2 * UNIT)


TAR = Reader(
    name="tar",
    title="Archive tar de fichiers",
    sniff=sniff,
    read=read,
    examples=(
        Example("un csv", small_tar("données/a.csv", b"a;b\n1;2\n3;4\n"), ("a", "b"), 2, "utf-8", ";"),
    ),
)
