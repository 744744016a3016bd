"""What a file says beside its tables is told, masked: author, comments, hidden sheets and columns, photos,
names of files.
"""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment

from parvis.privacy.containers import ARTIST, GPS, beside, exif


def photo(*tags: int) -> bytes:
    """A JPEG that holds nothing but an EXIF directory with these tags."""
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, 0) for tag in sorted(tags))
    return (
        b"\xff\xd8\xff\xe1\x00\x00Exif\x00\x00II*\x00"
        + struct.pack("<IH", 8, len(tags))
        + entries
        + b"\xff\xd9"
    )


def workbook(path: Path, *, creator: str = "openpyxl") -> Path:
    """A workbook with an author, a comment, a hidden sheet and a hidden column."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "nom"
    sheet["A1"].comment = Comment("à relire", "x")
    sheet.column_dimensions["C"].hidden = True
    book.create_sheet("brouillon").sheet_state = "hidden"
    book.properties.creator = creator
    book.save(path)
    return path


def test_a_workbook_tells_its_author_comments_and_hidden_parts(tmp_path: Path) -> None:
    """Each once, with its count, and the author masked."""
    found = {s.kind: s for s in beside(workbook(tmp_path / "a.xlsx", creator="Hélène Trinquet"), "a.xlsx")}
    assert {k: s.count for k, s in found.items()} == {
        "file-author": 1,
        "file-comments": 1,
        "hidden-sheet": 1,
        "hidden-column": 1,
    }
    assert [r.value for r in found["file-author"].rows] == ["•••••• ••••••••"]


def test_a_program_is_no_author(tmp_path: Path) -> None:
    """What wrote the file without anybody's name says nothing."""
    assert "file-author" not in {s.kind for s in beside(workbook(tmp_path / "a.xlsx"), "a.xlsx")}


def test_an_open_document_tells_too(tmp_path: Path) -> None:
    """Author in meta.xml, comment, hidden sheet and column in content.xml."""
    path = tmp_path / "a.ods"
    with zipfile.ZipFile(path, "w") as z:
        z.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        z.writestr(
            "meta.xml",
            "<m><meta:initial-creator>Karim Benali</meta:initial-creator><dc:creator>LibreOffice</dc:creator></m>",
        )
        z.writestr(
            "content.xml",
            '<t table:display="false"><table:table-column x="1" table:visibility="collapse"/><office:annotation>ok</office:annotation></t>',
        )
    assert {s.kind: s.count for s in beside(path, "a.ods")} == {
        "file-author": 1,
        "file-comments": 1,
        "hidden-sheet": 1,
        "hidden-column": 1,
    }


def test_photos_and_papers_in_a_zip(tmp_path: Path) -> None:
    """A position, an artist, the author of a PDF, a member called after someone; a plain photo says nothing."""
    path = tmp_path / "photos.zip"
    with zipfile.ZipFile(path, "w") as z:
        z.writestr("a.jpg", photo(*GPS))
        z.writestr("b.jpg", photo(ARTIST))
        z.writestr("c.jpg", photo(0x0110))
        z.writestr("d.pdf", b"%PDF-1.4 /Author (Julie Quere) %%EOF")
        z.writestr("dossier_julie_martin.csv", "a;b\n1;2\n")
    assert sorted(s.kind for s in beside(path, "photos.zip")) == [
        "file-author",
        "file-name",
        "image-author",
        "image-position",
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xd8",
        b"II*\x00",
        b"II*\x00\xff\xff\xff\xff",
        b"\xff\xd8Exif\x00\x00II*\x00\x08\x00\x00\x00\xff\xff",
        photo(1)[:-30],
    ],
)
def test_cut_images_are_read_without_harm(body: bytes) -> None:
    """Broken bytes have no tags, or those that are whole."""
    assert not exif(body) & GPS


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("dossier_julie_martin.csv", True),
        ("rue_jean_jaures.csv", False),
        ("arbres_2026.csv", False),
        ("iris_indicateurs.csv", False),
        ("iris_martin.csv", True),
    ],
)
def test_names_of_files(tmp_path: Path, name: str, told: bool) -> None:
    """A file called after someone is told; a street is nobody."""
    path = tmp_path / name
    path.write_text("a\n1\n", "utf-8")
    assert ("file-name" in {s.kind for s in beside(path, name)}) is told
