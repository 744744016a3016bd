"""A GeoPackage that computes for whoever reads it: its description is refused, its views and the layers that
compute are left out and told, and rows that share their bytes are counted for what comes out.
"""

from __future__ import annotations

import sqlite3
import struct
from pathlib import Path

import pytest

from parvis import readers
from parvis.core.errors import Unreadable
from parvis.core.reading import Reading, Workspace
from parvis.readers import sqlite_base
from parvis.readers.minimal_files import small_gpkg

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
DESCRIPTION = ("gpkg_contents", "gpkg_spatial_ref_sys", "gpkg_geometry_columns")
LISTED = "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('{0}', 'attributes', '{0}')"


def base(*statements: str) -> bytes:
    """A layer « couche » of one point, and what the statements make of it."""
    made = sqlite3.connect(":memory:")
    made.deserialize(small_gpkg("couche", [("Éole", 3.0, 43.0)], epsg=4326))
    for statement in statements:
        made.execute(statement)
    made.commit()
    content = made.serialize()
    made.close()
    return content


def read(content: bytes, folder: Path) -> Reading:
    """Read the file. The tests' own clock ends what computes without end."""
    (folder / "recu").write_bytes(content)
    return readers.read(folder / "recu", Workspace(folder / "spool"))


@pytest.mark.parametrize("name", DESCRIPTION)
def test_a_description_that_is_a_view_is_refused(name: str, tmp_path: Path) -> None:
    content = base(
        f"ALTER TABLE {name} RENAME TO vrai", f"CREATE VIEW {name} AS {ENDLESS} SELECT vrai.* FROM vrai, n"
    )
    with pytest.raises(Unreadable, match=f"« {name} », qui décrit le GeoPackage, est une vue"):
        read(content, tmp_path)


@pytest.mark.parametrize(
    "name",
    ["gpkg_extensions", "GPKG_ogr_contents", "gpkg_metadata", "gpkgext_relations", "rtree_couche_geom"],
)
def test_what_programs_read_unasked_is_refused_as_a_view(name: str, tmp_path: Path) -> None:
    columns = "'couche' AS table_name, 'geom' AS column_name, i AS id, '' AS extension_name"
    with pytest.raises(Unreadable, match=f"« {name} »"):
        read(base(f"CREATE VIEW {name} AS {ENDLESS} SELECT {columns} FROM n WHERE i < 0"), tmp_path)


def test_a_description_whose_column_is_computed_is_refused(tmp_path: Path) -> None:
    content = base("ALTER TABLE gpkg_contents ADD COLUMN z TEXT AS (hex(zeroblob(400000000)))")
    with pytest.raises(Unreadable, match="« gpkg_contents »"):
        read(content, tmp_path)


@pytest.mark.parametrize("name", ["vue", "Été", "layer_styles", 'a"b'])
@pytest.mark.parametrize("listed", [False, True])
def test_a_view_is_never_computed(name: str, listed: bool, tmp_path: Path) -> None:
    """A program that lists the layers counts the rows of each view, listed or not. Its triggers go with it."""
    content = base(
        f"CREATE VIEW {sqlite_base.quoted(name)} AS {ENDLESS} SELECT count(*) AS fid, 'a' AS nom FROM n",
        *([LISTED.format(name)] if listed else []),
        f"CREATE TRIGGER t BEFORE DELETE ON gpkg_contents BEGIN {ENDLESS.replace('WITH', 'INSERT INTO couche (nom) WITH')} SELECT i FROM n; END",
    )
    reading = read(content, tmp_path)
    assert [(t.name, t.rows) for t in reading.tables] == [("couche", 1)]
    assert [(i.code, i.where) for i in reading.issues] == ([("view-skipped", name)] if listed else [])
    assert (tmp_path / "recu").read_bytes() == content, "the sender's file is not written"


def test_a_layer_that_computes_is_left_out_and_told(tmp_path: Path) -> None:
    content = base(
        "CREATE TABLE g (fid INTEGER PRIMARY KEY, a TEXT, b TEXT AS (hex(zeroblob(400000000))) VIRTUAL)",
        "INSERT INTO g (a) VALUES ('x')",
        LISTED.format("g"),
    )
    reading = read(content, tmp_path)
    assert [t.name for t in reading.tables] == ["couche"]
    assert [(i.code, i.where) for i in reading.issues] == [("view-skipped", "g")]
    assert "calcule des colonnes quand on la lit" in reading.issues[0].message


def test_a_column_that_was_computed_when_it_was_written_is_read(tmp_path: Path) -> None:
    content = base(
        "CREATE TABLE g (fid INTEGER PRIMARY KEY, a TEXT, b TEXT AS (upper(a)) STORED)",
        "INSERT INTO g (a) VALUES ('x')",
        LISTED.format("g"),
    )
    reading = read(content, tmp_path)
    assert [(t.name, [c.name for c in t.columns]) for t in reading.tables] == [
        ("couche", ["nom", "_point"]),
        ("g", ["a", "b"]),
    ]


def shared_pages() -> bytes:
    """A layer whose one interior page points 400 times at a page that points 400 times at the same 100 rows."""
    content = bytearray(base(*["INSERT INTO couche (nom) VALUES ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaa')"] * 200))
    page = struct.unpack_from(">H", content, 16)[0]
    made = sqlite3.connect(":memory:")
    made.deserialize(bytes(content))
    (root,) = made.execute("SELECT rootpage FROM sqlite_master WHERE name = 'couche'").fetchone()
    made.close()
    at = (root - 1) * page
    (leaf,) = struct.unpack_from(">I", content, at + 8)

    def interior(child: int) -> bytes:
        cells = b"".join(struct.pack(">IB", child, 1) for _ in range(400))
        head = struct.pack(">BHHHBI", 5, 0, 400, page - len(cells), 0, child)
        places = b"".join(struct.pack(">H", page - len(cells) + 5 * i) for i in range(400))
        return (head + places).ljust(page - len(cells), b"\0") + cells

    content += interior(leaf)
    content[at : at + page] = interior(len(content) // page)
    struct.pack_into(">I", content, 28, len(content) // page)
    return bytes(content)


def test_rows_that_share_a_page_are_refused(tmp_path: Path) -> None:
    """16 million rows in 40 kilobytes."""
    with pytest.raises(Unreadable, match="plus d’octets que le fichier"):
        read(shared_pages(), tmp_path)


def test_a_text_that_stands_for_every_row_that_lacks_it_is_counted(tmp_path: Path) -> None:
    content = base(
        *["INSERT INTO couche (nom) VALUES ('a')"] * 20,
        f"ALTER TABLE couche ADD COLUMN z TEXT DEFAULT '{'z' * 20_000}'",
    )
    with pytest.raises(Unreadable, match="plus d’octets que le fichier"):
        read(content, tmp_path)


def test_a_column_added_with_a_default_is_read(tmp_path: Path) -> None:
    """As programs add one, on rows that are there."""
    content = base(
        *["INSERT INTO couche (nom) VALUES ('a')"] * 20, "ALTER TABLE couche ADD COLUMN z TEXT DEFAULT 'oui'"
    )
    assert [c.name for c in read(content, tmp_path).tables[0].columns] == ["nom", "z", "_point"]


def test_a_question_without_end_is_interrupted(tmp_path: Path) -> None:
    (tmp_path / "recu").write_bytes(base())
    with (
        pytest.raises(Unreadable, match="interrupted"),
        sqlite_base.opened(tmp_path / "recu") as opened,
    ):
        opened.execute(f"{ENDLESS} SELECT count(*) FROM n").fetchone()
