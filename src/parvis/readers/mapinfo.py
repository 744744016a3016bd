"""MapInfo tables in a zip archive: .tab with .dat, .map, .id, or the exchange format .mif with .mid."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from parvis.core.errors import Unreadable
from parvis.core.late import late
from parvis.core.reading import Example, Issue, Reader, Reading, Workspace
from parvis.core.sentence import Sentence
from parvis.readers import archive, zips
from parvis.readers.archive import Member
from parvis.readers.minimal_files import zipped
from parvis.readers.shapefile import groups, suffix, unpack

if TYPE_CHECKING:
    from parvis.readers.layers import Layered, read_layers
else:
    Layered = late("parvis.readers.layers", "Layered")
    read_layers = late("parvis.readers.layers", "read_layers")

SIDES = ("tab", "dat", "map", "id", "ind", "mif", "mid")
_CHARSETS = {
    "windowslatin1": "cp1252",
    "windowslatin2": "cp1250",
    "iso8859-1": "iso-8859-1",
    "utf-8": "utf-8",
    "macroman": "mac-roman",
    "codepage850": "cp850",
}


def sniff(head: bytes, path: Path) -> float:
    """A zip with a .tab and its .dat, or a .mif."""
    stems = {(PurePosixPath(n).stem.casefold(), suffix(n)) for n in zips.members(head, path)}
    has_table = any(
        kind == "mif" or (kind == "tab" and ((stem, "dat") in stems or (stem, "map") in stems))
        for stem, kind in stems
    )
    return 0.93 if has_table else 0.0


def read(path: Path, workspace: Workspace) -> Reading:
    """A table for each MapInfo table. Raises Unreadable when none can be read."""
    entries = archive.members(path, workspace.limits)
    files = [
        _one(path, main, parts, workspace, number)
        for number, (main, parts) in enumerate(groups(entries, ("tab", "mif"), SIDES))
    ]
    if not files:
        raise Unreadable("L’archive ne contient aucune table MapInfo.")
    tables, issues = read_layers(files, workspace)
    return Reading("zip+mapinfo", tables, issues)


def _one(path: Path, main: Member, parts: dict[str, Member], workspace: Workspace, number: int) -> Layered:
    folder = unpack(path, parts, workspace.spool / f"mapinfo-{number}", workspace.limits)
    kind = suffix(main.name)
    place = folder / f"couche.{kind}"
    with place.open("rb") as file:
        head = file.read(4096)
    start = head.lstrip().lower()
    if not start.startswith(b"!table" if kind == "tab" else b"version"):
        raise Unreadable(
            Sentence(
                "« {name} » n’est pas une table MapInfo : son contenu est autre, ou endommagé.",
                name=main.name,
            ),
            mend="Refaites l’export.",
        )
    name = PurePosixPath(main.name).stem
    if kind == "tab" and (b"seamless" in start or b"type linked" in start or b"raster" in start):
        raise Unreadable(
            Sentence("« {name} » renvoie à d’autres fichiers ou à une image.", name=main.name),
            mend="Exportez la table elle-même.",
        )
    issues: list[Issue] = []
    if kind == "tab" and "map" not in parts:
        issues.append(Issue("missing-map", "Le fichier .map manque : la table est lue sans géométrie.", name))
    charset = re.search(rb'charset\s+"?([\w-]+)"?', head, re.IGNORECASE)
    stated_charset = _CHARSETS.get(charset.group(1).decode().lower()) if charset else None
    return Layered(place, name, None, stated_charset, tuple(issues))


_MIF = (
    'Version 300\nCharset "WindowsLatin1"\nDelimiter ","\nCoordSys Earth Projection 1, 104\nColumns 2\n  nom Char(20)\n  places Integer\nData\n\n'
    "Point 3.87 43.61\nPoint 3.86 43.60\n"
)

MAPINFO = Reader(
    name="mapinfo",
    title="MapInfo (zip)",
    sniff=sniff,
    read=read,
    examples=(
        Example(
            "mif et mid",
            zipped(
                {
                    "carte/parkings.mif": _MIF,
                    "carte/parkings.mid": '"Comédie",788\n"Préfecture",660\n'.encode("cp1252"),
                }
            ),
            ("nom", "places", "_point"),
            2,
            "cp1252",
        ),
    ),
)
