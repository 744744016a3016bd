"""What a file says beside its tables: its author, its comments, its hidden sheets and columns, the place
where a photo was taken, its own name.

Tables are published without any of it; the bytes are not harmless all the same, when they are sent on, and a
hidden sheet is read as a table like any other. Nothing is trusted: members are read up to a bound, and no XML
is parsed.
"""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterator, Sequence
from html import unescape
from pathlib import Path

from parvis.core.text import fold
from parvis.core.types import Row, Sensitivity, Severity
from parvis.privacy.declaration import stars
from parvis.privacy.detection import Detection
from parvis.privacy.names import SURNAMES
from parvis.privacy.surrounding_words import CODES
from parvis.privacy.text import spans

MEMBERS = 500
"""Members of an archive that are looked at."""

MOST = 8_000_000
"""Bytes of a member that are read."""

_FIXES = {
    "file-author": "Effacez les propriétés du document avant de le transmettre (Fichier, Informations, Inspecter).",
    "file-comments": "Les commentaires d’un tableur ne sont pas publiés, mais partent avec le fichier : relisez-les, supprimez-les.",
    "hidden-sheet": "Une feuille masquée est lue comme les autres : supprimez-la si elle ne doit pas sortir.",
    "hidden-column": "Une colonne masquée est publiée comme les autres : supprimez-la si elle ne doit pas sortir.",
    "image-position": "La photo dit où elle a été prise : effacez ses métadonnées.",
    "image-author": "La photo nomme son auteur : effacez ses métadonnées, ou demandez-lui son accord.",
    "margin-name": "Au-dessus de la table, ou dans la marge des pages, quelqu’un est nommé : effacez ces lignes avant de transmettre le fichier.",
    "file-name": "Le nom du fichier nomme quelqu’un : renommez-le.",
}
_AUTHORS = re.compile(
    rb"<(?:dc:creator|(?:cp:)?lastModifiedBy|creator|meta:initial-creator)(?: [^>]*)?>([^<]{1,200})<"
)
_MARGINS = re.compile(rb"<(?:odd|even|first)(?:Header|Footer)>([^<]{3,2000})<")
_PROGRAMS = re.compile(
    r"(?i)openpyxl|xlsxwriter|libreoffice|microsoft|apache|excel|calibre|utilisateur|user|admin|windows|unknown|inconnu|auteur"
)
_PDF_AUTHOR = re.compile(rb"/Author\s*\(([^)]{2,200})\)")


_DOCUMENTS = (b"%PDF", b"\xff\xd8", b"II*\x00", b"MM\x00*")


def beside(path: Path, name: str, *, above: Sequence[str] = ()) -> tuple[Detection, ...]:
    """What a file says beside its tables, masked. name: as its sender called it; above: the lines over the
    header of its first table.
    """
    detections = [*_named(name), *_margins(above)]
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            detections += _archive(archive)
    else:
        with path.open("rb") as file:
            head = file.read(8)
            if head.startswith(_DOCUMENTS):
                detections += _document(head + file.read(MOST), Path(name).suffix.lower())
    return tuple(detections)


def _archive(archive: zipfile.ZipFile) -> Iterator[Detection]:
    members = [m for m in archive.infolist()[:MEMBERS] if not m.is_dir()]
    names = {m.filename for m in members}
    comments = hidden = columns = 0
    margins: list[str] = []
    for member in members:
        if not member.filename.startswith(
            ("xl/", "docProps/", "_rels/", "META-INF/", "Configurations2/", "Thumbnails/", "word/", "ppt/")
        ):
            yield from _named(member.filename)
        kind = Path(member.filename).suffix.lower()
        if kind not in (".xml", ".jpg", ".jpeg", ".pdf", ".tif", ".tiff"):
            continue
        with archive.open(member) as file:
            body = file.read(MOST)
        if member.filename in ("docProps/core.xml", "meta.xml"):
            yield from _authors(body)
        elif re.match(r"xl/(?:threadedComments/|comments)", member.filename):
            comments += body.count(b"<comment ") + body.count(b"<threadedComment ")
        elif member.filename == "xl/workbook.xml":
            hidden += len(re.findall(rb'<(?:\w+:)?sheet [^>]*state="(?:hidden|veryHidden)"', body))
        elif member.filename.startswith("xl/worksheets/sheet"):
            columns += len(re.findall(rb'<(?:\w+:)?col [^>]*hidden="(?:1|true)"', body))
            margins += [unescape(m.decode("utf-8", "replace")) for m in _MARGINS.findall(body)]
        elif member.filename == "content.xml" and "mimetype" in names:
            comments += body.count(b"<office:annotation")
            hidden += len(re.findall(rb'table:display="false"', body))
            columns += len(re.findall(rb'<table:table-column [^>]*table:visibility="collapse"', body))
        elif kind != ".xml":
            yield from _document(body, kind)
    yield from _margins([re.sub(r"&amp;|&[LCRPNDTAFGZ]|&\"[^\"]*\"|&\d+", " ", line) for line in margins])
    if comments:
        yield _detection("file-comments", "commentaires de cellules", comments, Sensitivity.INDIRECT)
    if hidden:
        yield _detection("hidden-sheet", "feuilles masquées", hidden, Sensitivity.INDIRECT)
    if columns:
        yield _detection("hidden-column", "colonnes masquées", columns, Sensitivity.INDIRECT)


def _margins(lines: Sequence[str]) -> Iterator[Detection]:
    """Lines outside the tables that name somebody."""
    people = [
        line[s.start : s.end] for line in lines for s in spans(line[:400]) if s.kind == "person-in-text"
    ]
    if people:
        yield _detection(
            "margin-name",
            "lignes hors de la table qui nomment quelqu’un",
            len(people),
            Sensitivity.DIRECT,
            tuple(stars(p) for p in people),
        )


def _authors(body: bytes) -> Iterator[Detection]:
    """Who wrote an office document and who saved it last, unless that is a program."""
    authors = {unescape(m[1].decode("utf-8", "replace")).strip() for m in _AUTHORS.finditer(body)}
    people = sorted(t for t in authors if t and not _PROGRAMS.search(t))
    if people:
        yield _detection(
            "file-author",
            "auteurs du document",
            len(people),
            Sensitivity.DIRECT,
            tuple(stars(p) for p in people),
        )


def _document(body: bytes, kind: str) -> Iterator[Detection]:
    """A photo or a PDF."""
    if body.startswith(b"%PDF") or kind == ".pdf":
        authors = {m[1].decode("latin-1") for m in _PDF_AUTHOR.finditer(body)}
        people = sorted(a for a in authors if not _PROGRAMS.search(a))
        if people:
            yield _detection(
                "file-author",
                "auteurs du document",
                len(people),
                Sensitivity.DIRECT,
                tuple(stars(p) for p in people),
            )
    elif body.startswith(_DOCUMENTS[1:]):
        tags = exif(body)
        if tags & GPS:
            yield _detection(
                "image-position", "photos qui disent où elles ont été prises", 1, Sensitivity.DIRECT
            )
        if tags & {ARTIST}:
            yield _detection("image-author", "photos qui nomment leur auteur", 1, Sensitivity.DIRECT)


ARTIST = 0x013B
GPS = frozenset({0x8825})


def exif(body: bytes) -> frozenset[int]:
    """Tags of the first directory of an image's EXIF (JPEG or TIFF); none when there is no such thing.
    Source: TIFF 6.0, Exif 2.32 section 4.
    """
    at = 0 if body[:2] in (b"II", b"MM") else body.find(b"Exif\x00\x00", 0, 70_000) + 6
    order = {b"II": "<", b"MM": ">"}.get(body[at : at + 2])
    if (at and body[at - 6 : at] != b"Exif\x00\x00") or order is None or len(body) < at + 8:
        return frozenset()
    (offset,) = struct.unpack_from(f"{order}I", body, at + 4)
    start = at + offset
    if start + 2 > len(body):
        return frozenset()
    (count,) = struct.unpack_from(f"{order}H", body, start)
    ends = [start + 2 + 12 * i for i in range(count)]
    return frozenset(struct.unpack_from(f"{order}H", body, e)[0] for e in ends if e + 12 <= len(body))


def _named(name: str) -> Iterator[Detection]:
    """A file called after someone."""
    written = re.sub(r"[_./\\-]+", " ", Path(name).stem)
    words = re.sub(r"\b([a-zà-ÿ])", lambda m: m[1].upper(), written)
    people = [s for s in spans(words) if s.kind == "person-in-text" and not _coded(written[s.start : s.end])]
    if people:
        yield _detection(
            "file-name",
            "noms de fichiers qui désignent quelqu’un",
            1,
            Sensitivity.DIRECT,
            tuple(stars(words[s.start : s.end]) for s in people),
        )


def _coded(words: str) -> bool:
    """Whether words written small are a code and no surname that lists know: « iris indicateurs »."""
    folded = set(fold(words).split())
    return words.islower() and not folded.isdisjoint(CODES) and folded.isdisjoint(SURNAMES)


def _detection(
    kind: str, title: str, count: int, level: Sensitivity, values: tuple[str, ...] = ()
) -> Detection:
    severity: Severity = "warning"
    message = f"{title.capitalize()} : {count}."
    rows = tuple(Row("", 0, 0, value) for value in values)
    return Detection(kind, "", level, level, severity, count, count, 0.9, message, _FIXES[kind], rows)
