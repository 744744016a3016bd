"""Open archives without trusting them: what a zip says of its members is checked first, what comes out of it
is counted as it comes.

Refused: names that leave the folder, links, encryption, too many members, too many bytes, a compression ratio
that no data has. Every reader that stands on a zip (shapefiles, GTFS…) takes its files through here.
"""

from __future__ import annotations

import errno
import hashlib
import lzma
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from parvis.core.errors import Unreadable
from parvis.core.sentence import Sentence
from parvis.core.settings import Limits
from parvis.readers.file_signatures import ZIPPED
from parvis.readers.limits import MB, past

DEPTH = 3
"""Archives within archives: how deep we look."""
BLOCK = 1 << 18
NAME_BYTES = 255
"""Bytes of a name that file systems take."""
PATH_BYTES = 1_000
"""Bytes of a path within the archive: the system takes 4,096 with what stands before it in the spool, also for an
archive within an archive.
"""
RATIO_FROM = 100 * MB
"""Below so many bytes a high compression ratio harms nobody."""

_NOISE = re.compile(r"(?:^|/)(?:__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|~\$|\._)", re.IGNORECASE)
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    struct.error,
    OverflowError,
)
"""What the standard library raises on a damaged zip: its own errors, those of the decompressors, and those of
the numbers that it reads from it.
"""


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a zip archive."""

    name: str
    """Path in the archive, with `/`, checked: it stays below the folder where it is put."""
    size: int
    """Bytes once unpacked, as the archive says."""
    packed: int
    info: zipfile.ZipInfo

    @property
    def noise(self) -> bool:
        """Left by an operating system: no data."""
        return bool(_NOISE.search(self.name))


def members(path: Path, limits: Limits) -> tuple[Member, ...]:
    """The files of a zip archive, in its order, folders left out. Raises Unreadable when it is damaged,
    encrypted, hostile or past a limit.
    """
    with _opened(path) as archive:
        infos = archive.infolist()
        if len(infos) > limits.members:
            raise past("members", limits.members, Sentence("L’archive contient {n} fichiers", n=len(infos)))
        members_found = tuple(_member(info) for info in infos if not info.is_dir())
    total = sum(m.size for m in members_found)
    packed = path.stat().st_size
    if total > limits.unpacked_mb * MB:
        raise past(
            "unpacked_mb",
            limits.unpacked_mb,
            Sentence("Une fois ouverte, l’archive est trop grosse"),
            unit="Mo",
        )
    if total > RATIO_FROM and total > limits.ratio * packed:
        raise past(
            "ratio",
            limits.ratio,
            Sentence("L’archive est comprimée comme aucune donnée ne l’est (bombe de décompression)"),
        )
    if sum(m.packed for m in members_found) > packed:
        raise Unreadable(
            "Des fichiers de l’archive se recouvrent : elle a été forgée ou elle est endommagée.",
            mend="Refaites l’archive.",
        )
    return members_found


def extract(path: Path, chosen: Iterable[Member], folder: Path, limits: Limits) -> dict[str, Path]:
    """Write members below `folder` under their own names, and return the path of each. The bytes are counted
    as they come: what the archive says is not trusted.

    Raises Unreadable when a member is damaged or when the whole goes past `unpacked_mb` or `ratio`.
    """
    placed: dict[str, Path] = {}
    meter = Meter(limits, path.stat().st_size)
    with _opened(path) as archive:
        for member in chosen:
            target = folder.joinpath(*PurePosixPath(member.name).parts)
            if not target.resolve().is_relative_to(folder.resolve()):
                raise _outside(member.name)
            target = _free(target)
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                with archive.open(member.info) as source, target.open("wb") as out:
                    while block := source.read(BLOCK):
                        meter = meter.more(len(block))
                        out.write(block)
            except _BROKEN as broken:
                if isinstance(broken, OSError) and broken.errno not in (None, errno.EINVAL):
                    raise  # the disk, not an offset that makes no sense in the archive
                raise Unreadable(
                    Sentence("« {name} » est endommagé dans l’archive.", name=member.name),
                    mend="Refaites l’archive.",
                ) from broken
            placed[member.name] = target
    return placed


@dataclass(frozen=True, slots=True)
class Meter:
    """What has come out of an archive so far, against what may."""

    limits: Limits
    packed: int
    """Bytes that went in."""
    unpacked: int = 0

    def more(self, count: int) -> Meter:
        """So many more bytes came out. Raises Unreadable past a limit."""
        total = self.unpacked + count
        if total > self.limits.unpacked_mb * MB:
            raise past(
                "unpacked_mb",
                self.limits.unpacked_mb,
                Sentence("Une fois ouverte, l’archive est trop grosse"),
                unit="Mo",
            )
        if total > RATIO_FROM and total > self.limits.ratio * self.packed:
            raise past(
                "ratio",
                self.limits.ratio,
                Sentence("L’archive est comprimée comme aucune donnée ne l’est (bombe de décompression)"),
            )
        return replace(self, unpacked=total)


def remaining(limits: Limits, unpacked: int, taken: int) -> Limits:
    """What an archive leaves to those within it: bytes and members are counted over all of them."""
    return replace(
        limits,
        unpacked_mb=max(0, limits.unpacked_mb - -(-unpacked // MB)),
        members=max(0, limits.members - taken),
    )


def gunzip(path: Path, out: Path, limits: Limits) -> tuple[int, bool]:
    """Unpack a gzip file, all of its members. Returns the bytes written and whether something that is not
    gzip follows.

    Raises Unreadable when it is cut short or damaged, or past a limit.
    """
    meter = Meter(limits, path.stat().st_size)
    with path.open("rb") as source, out.open("wb") as target:
        engine, held, begun = _inflater(), b"", False
        while True:
            block = held or source.read(BLOCK)
            held = b""
            if not block:
                if begun and not engine.eof:
                    raise Unreadable(
                        "Le fichier gzip est tronqué : sa fin manque.", mend="Déposez-le à nouveau."
                    )
                return meter.unpacked, False
            if engine.eof:
                # A second member may follow; zeros are padding; anything else is not gzip.
                bare = block.lstrip(b"\x00")
                if not bare:
                    continue
                if bare[:1] != b"\x1f":
                    return meter.unpacked, True
                engine, block = _inflater(), bare
            begun = True
            try:
                meter = _written(engine.decompress(block, BLOCK), target, meter)
                while engine.unconsumed_tail:
                    meter = _written(engine.decompress(engine.unconsumed_tail, BLOCK), target, meter)
            except zlib.error as broken:
                raise Unreadable("Le fichier gzip est endommagé.", mend="Déposez-le à nouveau.") from broken
            held = engine.unused_data


def _inflater() -> zlib._Decompress:  # pyright: ignore[reportPrivateUsage]
    return zlib.decompressobj(wbits=31)


def _written(data: bytes, target: BinaryIO, meter: Meter) -> Meter:
    meter = meter.more(len(data))
    target.write(data)
    return meter


@contextmanager
def _opened(path: Path) -> Generator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(path)
    except _BROKEN as broken:
        raise Unreadable(
            "L’archive zip est endommagée ou tronquée : sa table des fichiers est illisible.",
            mend="Refaites l’archive.",
        ) from broken
    with archive:
        yield archive


def _member(info: zipfile.ZipInfo) -> Member:
    name = inside(_name(info))
    if stat.S_ISLNK(info.external_attr >> 16):
        raise Unreadable(
            Sentence("« {name} » est un lien, pas un fichier.", name=name),
            mend="Refaites l’archive avec les fichiers eux-mêmes.",
        )
    if info.flag_bits & 0x1:
        raise Unreadable("L’archive est protégée par un mot de passe.", mend="Déposez-la sans chiffrement.")
    return Member(name, info.file_size, info.compress_size, info)


def inside(name: str) -> str:
    """The path of a member, with `/`. Raises Unreadable when it leaves the folder where it is put, or is longer
    than what can be put there.
    """
    name = name.replace("\\", "/")
    parts = PurePosixPath(name).parts
    if (
        name.startswith("/")
        or ".." in parts
        or re.match(r"[A-Za-z]:", name)
        or not parts
        or any(c < " " for c in name)
    ):
        raise _outside(name)
    path = "/".join(parts)
    for longest, most in ((max(map(_bytes, parts)), NAME_BYTES), (_bytes(path), PATH_BYTES)):
        if longest > most:
            raise Unreadable(
                Sentence(
                    "L’archive contient un nom de fichier trop long ({n} octets, {most} au plus) : « {start}… ».",
                    n=longest,
                    most=most,
                    start=_printable(name),
                ),
                mend="Refaites l’archive avec des noms et des dossiers plus courts.",
            )
    return path


def _bytes(name: str) -> int:
    return len(name.encode("utf-8", "surrogatepass"))


def _printable(name: str) -> str:
    """The first characters of a name, what cannot be seen as « ? »."""
    return "".join(c if c.isprintable() else "?" for c in name[:80])


def _name(info: zipfile.ZipInfo) -> str:
    """The name as its writer saw it: without the UTF-8 flag, Windows in French writes cp850, macOS UTF-8."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        raw = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp850")


def _outside(name: str) -> Unreadable:
    return Unreadable(
        Sentence(
            "L’archive contient un nom de fichier qui sort de son dossier : « {shown} ».",
            shown=_printable(name),
        ),
        mend="Refaites l’archive à partir de chemins simples.",
    )


def _free(target: Path) -> Path:
    """The same path, or one beside it when it is taken (two members of one name, or a folder)."""
    if not target.exists():
        return target
    stem, end = target.stem, target.suffix
    if _bytes(target.name) > NAME_BYTES - len("_1048575"):
        stem, end = hashlib.sha256(target.name.encode("utf-8", "surrogatepass")).hexdigest(), ""
    return next(
        p for p in (target.with_name(f"{stem}_{n}{end}") for n in range(2, 1 << 20)) if not p.exists()
    )


def other_kind(contents: Iterable[Member]) -> str:
    """What the zip is when it is a document of another kind, in French; "" when it is a plain archive."""
    names = {m.name for m in contents}
    return next((kind for name, kind in ZIPPED if name in names), "")
