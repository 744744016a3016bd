"""Shapefiles in a zip archive: .shp, .shx, .dbf, .prj, .cpg side by side, at any depth; several make several
tables.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from parvis.core.errors import Unreadable
from parvis.core.late import late
from parvis.core.reading import Example, Issue, Reader, Reading, Workspace
from parvis.core.sentence import Sentence
from parvis.core.settings import Limits
from parvis.readers import archive, zips
from parvis.readers.archive import Member
from parvis.readers.encoding import detect
from parvis.readers.memory_maps import mapped
from parvis.readers.minimal_files import small_shapefile

if TYPE_CHECKING:
    from parvis.readers.layers import Layered, read_layers
else:
    Layered = late("parvis.readers.layers", "Layered")
    read_layers = late("parvis.readers.layers", "read_layers")

SIDES = ("shp", "shx", "dbf", "prj", "cpg")
_DATA = frozenset(
    {"csv", "tsv", "xls", "xlsx", "ods", "json", "geojson", "gpkg", "tab", "mif", "kml", "gml", "parquet"}
)
_MAGIC = b"\x00\x00\x27\x0a"

# ArcGIS and others write the code page in many ways; what is not here is looked up among Python's codecs.
_PAGES = {
    "ansi 1252": "cp1252", "1252": "cp1252", "windows-1252": "cp1252", "ldid/87": "cp1252", "ansi": "cp1252", "8859_1": "iso-8859-1", "88591": "iso-8859-1",
    "65001": "utf-8", "system": "",
}  # fmt: skip


def sniff(head: bytes, path: Path) -> float:
    """A zip with a .shp in it."""
    return 0.95 if any(suffix(n) == "shp" for n in zips.members(head, path)) else 0.0


def suffix(name: str) -> str:
    """Extension in small letters, without its dot."""
    return PurePosixPath(name.replace("\\", "/")).suffix[1:].lower()


def groups(
    entries: Sequence[Member], main: Sequence[str], sides: Sequence[str]
) -> Iterator[tuple[Member, dict[str, Member]]]:
    """Files that belong together: for each one with a main extension, those beside it that have its name, by
    extension.
    """
    by_stem: dict[tuple[str, str], dict[str, Member]] = {}
    for member in entries:
        place = PurePosixPath(member.name)
        if not member.noise and suffix(member.name) in sides:
            by_stem.setdefault((str(place.parent), place.stem.casefold()), {}).setdefault(
                suffix(member.name), member
            )
    for parts in by_stem.values():
        chosen = next((parts[m] for m in main if m in parts), None)
        if chosen is not None:
            yield chosen, parts


def unpack(path: Path, parts: dict[str, Member], folder: Path, limits: Limits) -> Path:
    """Put files that belong together in a folder of their own, under one plain stem; extensions in small
    letters, which GDAL looks for.
    """
    placed = archive.extract(path, parts.values(), folder / "brut", limits)
    for extension, member in parts.items():
        placed[member.name].rename(folder / f"couche.{extension}")
    return folder


def read(path: Path, workspace: Workspace) -> Reading:
    """A table for each shapefile. Raises Unreadable when none can be read."""
    entries = archive.members(path, workspace.limits)
    files = [
        _one(path, main, parts, workspace, number)
        for number, (main, parts) in enumerate(groups(entries, ("shp",), SIDES))
    ]
    if not files:
        raise Unreadable("L’archive ne contient aucun shapefile.")
    tables, issues = read_layers(files, workspace)
    others = [m.name for m in entries if suffix(m.name) in _DATA and not m.noise]
    left_out = [
        Issue("member-skipped", "Fichier à part du shapefile : ignoré. Déposez-le seul.", name)
        for name in others[:20]
    ]
    return Reading("zip+shapefile", tables, (*issues, *left_out))


def _one(path: Path, main: Member, parts: dict[str, Member], workspace: Workspace, number: int) -> Layered:
    folder = unpack(path, parts, workspace.spool / f"shp-{number}", workspace.limits)
    name = PurePosixPath(main.name).stem
    shp = folder / "couche.shp"
    with shp.open("rb") as file:
        if file.read(4) != _MAGIC:
            raise Unreadable(
                Sentence(
                    "« {name} » n’est pas un shapefile : son contenu est autre, ou endommagé.", name=main.name
                ),
                mend="Refaites l’export.",
            )
    issues: list[Issue] = []
    if "dbf" not in parts:
        issues.append(
            Issue(
                "missing-dbf", "Le fichier .dbf manque : les géométries sont lues sans leurs attributs.", name
            )
        )
    if "shx" not in parts:
        issues.append(Issue("missing-shx", "Le fichier .shx manque : il a été reconstruit.", name))
    if "prj" not in parts:
        issues.append(
            Issue("missing-prj", "Le fichier .prj manque : le système de coordonnées n’est pas dit.", name)
        )
    encoding = _encoding(folder)
    return Layered(shp, name, encoding, encoding, tuple(issues))


def _encoding(folder: Path) -> str | None:
    """Python codec of the texts: the .cpg if it holds, else what the bytes say. None without a .dbf."""
    table = folder / "couche.dbf"
    if not table.exists():
        return None
    stated = _stated(folder / "couche.cpg")
    with mapped(table) as data:
        body = bytes(data[int.from_bytes(data[8:10], "little") :]) if len(data) > 32 else b""
    if body.isascii():
        return stated or "iso-8859-1"
    # The padding of a .dbf is ASCII: the bytes of its records are judged as one text.
    seen = detect(body)
    if stated and not _fails(body, stated):
        return "cp1252" if stated == "iso-8859-1" and _c1(body) else stated
    if seen.clean:
        return "utf-8"
    return ("cp1252" if _c1(body) else "iso-8859-1") if seen.codec == "cp1252" else seen.codec


def _c1(body: bytes) -> bool:
    """Bytes that print in Windows-1252 and are control codes in ISO 8859-1."""
    return any(0x80 <= b <= 0x9F for b in set(body))


def _fails(body: bytes, codec: str) -> bool:
    try:
        # Texts are cut to the width of their field, sometimes inside a character.
        codecs.getincrementaldecoder(codec)().decode(body)
    except UnicodeDecodeError as error:
        return codec != "utf-8" or body[error.start : error.end + 1].count(b" ") == 0
    return False


def _stated(path: Path) -> str:
    if not path.exists():
        return ""
    text = path.read_bytes()[:64].decode("ascii", "ignore").strip().strip('"').lower()
    name = _PAGES.get(text, text)
    try:
        codec = codecs.lookup(name).name if name else ""
    except LookupError:
        codec = ""
    return "iso-8859-1" if codec == "iso8859-1" else codec


_PARKS = [("Éole", 700_000.0, 6_600_000.0), ("Œuvre", 700_100.0, 6_600_000.0)]

SHAPEFILE = Reader(
    name="shapefile",
    title="Shapefile (zip)",
    sniff=sniff,
    read=read,
    examples=(
        Example(
            "points en Lambert-93, accents Windows",
            small_shapefile("parcs", _PARKS),
            ("nom", "_point"),
            2,
            "cp1252",
        ),
    ),
)
