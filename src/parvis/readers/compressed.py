"""A file compressed by itself (gzip, bzip2, xz): unpacked into the spool, block by block and counted, then
read as if it had come alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Protocol

from parvis import readers
from parvis.core.errors import Unreadable
from parvis.core.reading import Issue, Reading, Workspace
from parvis.core.sentence import Sentence
from parvis.core.settings import Limits
from parvis.readers.archive import BLOCK, DEPTH, Meter, remaining

Unpack = Callable[[Path, Path, Limits], tuple[int, bool]]
"""(file, where to, limits) -> bytes written, and whether something foreign follows. Raises Unreadable: cut
short, damaged, past a limit.
"""


class Inflater(Protocol):
    """What the decompressors of bz2 and lzma have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


def read_inner(path: Path, workspace: Workspace, name: str, unpack: Unpack) -> Reading:
    """Unpack, then read. name: how the compression is called. Raises Unreadable: cut short, damaged, past a
    limit, or nested too deep.
    """
    if workspace.depth >= DEPTH:
        raise Unreadable(
            Sentence("Des archives sont emboîtées sur plus de {depth} niveaux.", depth=DEPTH),
            mend="Déposez l’archive intérieure.",
        )
    workspace.spool.mkdir(parents=True, exist_ok=True)
    inner = workspace.spool / "contenu"
    size, tail = unpack(path, inner, workspace.limits)
    within = replace(
        workspace,
        spool=workspace.spool / "lecture",
        depth=workspace.depth + 1,
        limits=remaining(workspace.limits, size, 1),
    )
    reading = readers.read(inner, within)
    issues = (
        (Issue("trailing-bytes", f"Des octets étrangers suivent le fichier {name} ; ils sont ignorés."),)
        if tail
        else ()
    )
    return Reading(f"{name}+{reading.format}", reading.tables, (*issues, *reading.issues))


def unpack(
    path: Path,
    out: Path,
    limits: Limits,
    *,
    name: str,
    magic: bytes,
    start: Callable[[], Inflater],
    broken: tuple[type[Exception], ...],
) -> tuple[int, bool]:
    """Unpack every stream of a bzip2 or xz file: one after the other they are one content (pbzip2 and pixz
    write many). Zeros between them are padding.

    start: makes a decompressor. broken: what it raises on damage.
    """
    meter = Meter(limits, path.stat().st_size)
    with path.open("rb") as source, out.open("wb") as target:
        engine, begun = start(), False
        while block := source.read(BLOCK):
            while block:
                if engine.eof or not begun:
                    block = block.lstrip(b"\x00") if begun else block
                    block = _filled(block, source, len(magic)) if block else block
                    if not block:
                        break
                    if begun and not block.startswith(magic):
                        return meter.unpacked, True
                    engine, begun = start(), True
                meter = _decompressed(engine, block, target, meter, name, broken)
                block = engine.unused_data if engine.eof else b""
        if not engine.eof:
            raise Unreadable(
                Sentence("Le fichier {name} est tronqué : sa fin manque.", name=name),
                mend="Déposez-le à nouveau.",
            )
    return meter.unpacked, False


def _filled(block: bytes, source: BinaryIO, wanted: int) -> bytes:
    """The block with more behind it when it is too short to tell what it begins."""
    return block if len(block) >= wanted else block + source.read(wanted - len(block))


def _decompressed(
    engine: Inflater,
    block: bytes,
    target: BinaryIO,
    meter: Meter,
    name: str,
    broken: tuple[type[Exception], ...],
) -> Meter:
    """Pass one block through, never more than a block of output at a time. Returns the meter as it stands
    then.
    """
    try:
        data = engine.decompress(block, BLOCK)
        while True:
            meter = meter.more(len(data))
            target.write(data)
            if engine.eof or engine.needs_input:
                return meter
            data = engine.decompress(b"", BLOCK)
    except broken as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the disk, not the file
        raise Unreadable(
            Sentence("Le fichier {name} est endommagé.", name=name), mend="Déposez-le à nouveau."
        ) from error
