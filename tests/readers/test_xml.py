"""XML, KML and GPX: which element repeats, what becomes of attributes, leaves and lists; geometries; and
hostile documents.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
import shapely

from parvis import readers
from parvis.core.errors import Unreadable
from parvis.core.reading import RawTable, Reading, Workspace
from parvis.core.settings import Limits
from parvis.readers.minimal_files import zipped

Read = Callable[..., Reading]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    count = 0

    def go(content: str | bytes, **asked: object) -> Reading:
        nonlocal count
        count += 1
        path = tmp_path / f"recu-{count}"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return readers.read(path, Workspace(tmp_path / f"spool-{count}", **asked))  # pyright: ignore[reportArgumentType]

    return go


def rows(table: RawTable) -> list[tuple[object, ...]]:
    return (
        duckdb.read_parquet(str(table.scan.path))
        .project(", ".join(f"c{i}" for i in range(len(table.columns))))
        .fetchall()
    )


def place_of(cell: object) -> object:
    assert isinstance(cell, bytes)
    return shapely.from_wkb(cell)


def names(table: RawTable) -> list[str]:
    return [c.name for c in table.columns]


def codes(table: RawTable) -> set[str]:
    return {i.code for i in table.issues}


# --- XML ---


def test_a_record_is_laid_flat(read: Read) -> None:
    """Attributes, nested leaves, an attribute beside a text, namespaces, nil, CDATA, repeated leaves as a
    list, repeated groups as JSON.
    """
    reading = read(
        '<r xmlns:x="urn:x" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        '<x:p id="1"><x:nom lang="fr">Éole</x:nom><x:lieu><x:lon>3.8</x:lon></x:lieu><t>a</t><t>b</t><l><n>1</n></l><l><n>2</n></l><v xsi:nil="true"/></x:p>'
        '<x:p id="2"><x:nom lang="fr"><![CDATA[A & B]]></x:nom><x:lieu><x:lon>3.9</x:lon></x:lieu><t>c</t></x:p></r>'
    )
    (table,) = reading.tables
    assert reading.format == "xml"
    assert {c.name: c.native for c in table.columns} == {
        "id": None,
        "nom.lang": None,
        "nom": None,
        "lieu.lon": None,
        "t": "array",
        "l": "json",
        "v": None,
    }
    assert rows(table) == [
        ("1", "fr", "Éole", "3.8", ["a", "b"], '[{"n":"1"},{"n":"2"}]', None),
        ("2", "fr", "A & B", "3.9", ["c"], None, None),
    ]


@pytest.mark.parametrize(
    ("content", "columns", "first", "count"),
    [
        ("<a><b>1</b><b>2</b></a>", ["b"], ("1",), 2),
        (
            "<a><meta><auteur>x</auteur><auteur>y</auteur></meta><l><p n='1' m='a'/><p n='2' m='b'/></l></a>",
            ["n", "m"],
            ("1", "a"),
            2,
        ),
        (
            "<a><g nom='A'><p n='1'/><p n='2'/><p n='3'/><p n='4'/><p n='5'/></g><g nom='B'><p n='6'/></g></a>",
            ["g.nom", "n"],
            ("A", "1"),
            6,
        ),
        (
            "<a><s n='1'><v k='1'/><v k='2'/></s><s n='2'><v k='3'/></s><s n='3'/></a>",
            ["n", "v"],
            ("1", '[{"k":"1"},{"k":"2"}]'),
            3,
        ),
        ("<a><b>1</b><c>2</c></a>", ["b", "c"], ("1", "2"), 1),
        ("<a><p><d>un <b>mot</b> gras</d></p><p><d>x</d></p></a>", ["d"], ("un mot gras",), 2),
        ("<a><p><b/></p><p><b>2</b></p></a>", ["b"], (None,), 2),
    ],
)
def test_the_repeated_element_is_found(
    read: Read, content: str, columns: list[str], first: tuple[object, ...], count: int
) -> None:
    (table,) = read(content).tables
    assert names(table) == columns
    assert (rows(table)[0], table.rows) == (first, count)


def test_another_element_may_be_asked_for(read: Read) -> None:
    content = "<a><p n='1'/><p n='2'/><p n='3'/><q m='1'/><q m='2'/></a>"
    assert codes(read(content).tables[0]) == {"other-lists"}
    assert names(read(content, sheet="a/q").tables[0]) == ["m"]
    with pytest.raises(Unreadable, match="« a/p »"):
        read(content, sheet="z")


@pytest.mark.parametrize(
    ("content", "said", "told"),
    [
        ("<r><p n='été'/><p n='b'/></r>".encode(), "utf-8", set[str]()),
        (
            "<?xml version='1.0' encoding='windows-1252'?><r><p n='été'/><p n='b'/></r>".encode("cp1252"),
            "cp1252",
            set[str](),
        ),
        (
            "<?xml version='1.0' encoding='UTF-8'?><r><p n='été'/><p n='b'/></r>".encode("cp1252"),
            "cp1252",
            {"encoding-mismatch"},
        ),
        ("<r><p n='été'/><p n='b'/></r>".encode("cp1252"), "cp1252", {"encoding-mismatch"}),
        (
            "<?xml version='1.0' encoding='UTF-16'?><r><p n='été'/><p n='b'/></r>".encode("utf-16"),
            "utf-16",
            set[str](),
        ),
        ("\ufeff<r><p n='été'/><p n='b'/></r>".encode(), "utf-8-sig", set[str]()),
    ],
)
def test_encodings_declared_or_not(read: Read, content: bytes, said: str, told: set[str]) -> None:
    """Bytes that contradict the declaration are read as what they are, and it is said."""
    (table,) = read(content).tables
    assert rows(table) == [("été",), ("b",)]
    assert (table.encoding, codes(table)) == (said, told)


ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {n} "{f"&{m};" * 10}">' for m, n in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (f"{ENTITIES}<r><p>&i;</p><p>&i;</p></r>", "entités"),
        ('<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]><r><p>&x;</p><p>&x;</p></r>', "entités"),
        (f"{ENTITIES}<kml><Placemark><name>&i;</name></Placemark></kml>", "entités"),
        (f"{ENTITIES}<gpx><wpt lat='1' lon='2'><name>&i;</name></wpt></gpx>", "entités"),
        ("<r>" + "<a>" * 220 + "</a>" * 220 + "</r>", "imbrique"),
        ("<r>" + "<a>" * 5000, "imbrique"),
        ("<r><p n='1'/><p n='2'", "mal formé"),
        ("<r><p>1</p><q></r>", "ligne 1"),
        ("<r/>", "aucune valeur"),
        ("<r>" + "".join(f"<e{i}/>" for i in range(20_001)) + "</r>", "éléments différents"),
    ],
    ids=["bomb", "external", "kml bomb", "gpx bomb", "deep", "deeper", "cut", "crossed", "empty", "wide"],
)
def test_hostile_and_broken_documents_are_refused(read: Read, content: str, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        read(content)


@pytest.mark.parametrize(
    "header", ["<img", "<img src=x onerror=alert(1)>", '<img src="x"/>', "<p>nom</p>", "<b>", "<a:b c='>'>"]
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_in_text_whose_first_header_is_a_tag_stays_one(
    read: Read, header: str, separator: str
) -> None:
    """What follows the first tag of a document is markup; here it is the rest of a line."""
    reading = read(
        "".join(f"{separator.join(line)}\n" for line in ((header, "nom"), ("1", "Éole"), ("2", "Aure")))
    )
    assert reading.format == "csv"
    assert names(reading.tables[0]) == [header, "nom"]
    assert reading.tables[0].rows == 2


@pytest.mark.parametrize(
    "content",
    [
        "<l><n>1</n><n>2</n></l>",
        "<l>\n <n a='1>'/>\n <n a='2'/></l>",
        "<l><n>1</n><n>2",
        "<l a='b'>\nPanne\n</l>",
        "<l a='b>\n<n>1</n></l>",
    ],
)
def test_a_document_stays_one_when_it_is_broken_or_holds_no_record(content: str, tmp_path: Path) -> None:
    assert (found := readers.surest(content.encode(), tmp_path)[0]) is not None
    assert found.name == "xml"


def test_an_external_document_type_is_not_fetched(read: Read) -> None:
    """A DOCTYPE that names a file or an address changes nothing."""
    (table,) = read('<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd"><r><p n="1"/><p n="2"/></r>').tables
    assert table.rows == 2


def test_too_many_columns(read: Read) -> None:
    with pytest.raises(Unreadable) as told:
        read(
            "<r><p>" + "".join(f"<e{i}>x</e{i}>" for i in range(60)) + "</p><p/></r>",
            limits=Limits(columns=50),
        )
    assert told.value.limit == "columns"


# --- KML ---


def kml(body: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Document>{body}</Document></kml>'


def place(shape: str, name: str = "x") -> str:
    return f"<Placemark><name>{name}</name>{shape}</Placemark>"


SQUARE = "3,43 4,43 4,44 3,44 3,43"


@pytest.mark.parametrize(
    ("shape", "wkt"),
    [
        ("<LineString><coordinates>3,43,0 4,44,0</coordinates></LineString>", "LINESTRING (3 43, 4 44)"),
        (
            f"<Polygon><outerBoundaryIs><LinearRing><coordinates>{SQUARE}</coordinates></LinearRing></outerBoundaryIs></Polygon>",
            "POLYGON ((3 43, 4 43, 4 44, 3 44, 3 43))",
        ),
        (
            "<Polygon><outerBoundaryIs><LinearRing><coordinates>3,43 4,43 4,44</coordinates></LinearRing></outerBoundaryIs></Polygon>",
            "POLYGON ((3 43, 4 43, 4 44, 3 43))",
        ),
        (
            "<MultiGeometry><Point><coordinates>3,43</coordinates></Point><Point><coordinates>4,44</coordinates></Point></MultiGeometry>",
            "MULTIPOINT ((3 43), (4 44))",
        ),
        (
            "<gx:Track><gx:coord>3 43 0</gx:coord><gx:coord>4 44 0</gx:coord></gx:Track>",
            "LINESTRING (3 43, 4 44)",
        ),
        (
            "<MultiGeometry><Point><coordinates>3,43</coordinates></Point><LineString><coordinates>3,43 4,44</coordinates></LineString></MultiGeometry>",
            "GEOMETRYCOLLECTION (POINT (3 43), LINESTRING (3 43, 4 44))",
        ),
    ],
)
def test_kml_geometries(read: Read, shape: str, wkt: str) -> None:
    (table,) = read(kml(place(shape))).tables
    assert place_of(rows(table)[0][-1]) == shapely.from_wkt(wkt)


def test_kml_data_folders_and_faults(read: Read) -> None:
    """Extended data of both kinds, nested folders, coordinates that are none: kept as text, and told."""
    data = '<ExtendedData><Data name="a"><value>1</value></Data><SchemaData><SimpleData name="b">2</SimpleData></SchemaData></ExtendedData>'
    good = "<Point><coordinates>\n 3.87 , 43.61 \n</coordinates></Point>"
    body = f"<Folder><name>Ville</name><Folder><name>Centre</name>{place(data + good)}</Folder>{place('<Point><coordinates>ici</coordinates></Point>', 'y')}</Folder>"
    (table,) = read(kml(body)).tables
    found = [dict(zip(names(table), row, strict=True)) for row in rows(table)]
    assert found[0] == {
        "name": "x",
        "a": "1",
        "b": "2",
        "dossier": "Ville / Centre",
        "geometrie_illisible": None,
        "_point": {"lon": 3.87, "lat": 43.61},
    }
    assert (found[1]["dossier"], found[1]["_point"]) == ("Ville", None)
    assert codes(table) == {"bad-geometry"}


def test_kmz(read: Read) -> None:
    """The document and its pictures in a zip."""
    document = kml(place("<Point><coordinates>3,43</coordinates></Point>"))
    reading = read(zipped({"doc.kml": document, "files/icone.png": b"\x89PNG"}))
    assert (reading.format, reading.tables[0].rows, reading.issues) == ("kml", 1, ())


def test_a_kml_of_links_alone_is_refused(read: Read) -> None:
    with pytest.raises(Unreadable, match="NetworkLink"):
        read(kml("<NetworkLink><Link><href>http://127.0.0.1:9/x.kml</href></Link></NetworkLink>"))


# --- GPX ---


def test_gpx_makes_a_table_of_each_kind(read: Read) -> None:
    """Way points, a track of two segments, its points with times and sensors, a route."""
    reading = read(
        '<?xml version="1.0"?><gpx xmlns="http://www.topografix.com/GPX/1/1" xmlns:g="urn:g"><metadata><name>m</name></metadata>'
        '<wpt lat="43.6" lon="3.8"><name>A</name></wpt>'
        '<rte><name>R</name><rtept lat="43" lon="3"/><rtept lat="44" lon="4"/></rte>'
        '<trk><name>T</name><trkseg><trkpt lat="43" lon="3"><time>2026-01-02T03:04:05Z</time><extensions><g:hr>120</g:hr></extensions></trkpt><trkpt lat="44" lon="4"/></trkseg>'
        '<trkseg><trkpt lat="45" lon="5"/><trkpt lat="46" lon="6"/></trkseg></trk></gpx>'
    )
    tables = {t.name: t for t in reading.tables}
    assert list(tables) == ["waypoints", "tracks", "routes", "track_points"]
    assert rows(tables["waypoints"]) == [("A", {"lon": 3.8, "lat": 43.6})]
    assert rows(tables["tracks"])[0][:2] == ("T", 4)
    assert place_of(rows(tables["tracks"])[0][2]) == shapely.from_wkt(
        "MULTILINESTRING ((3 43, 4 44), (5 45, 6 46))"
    )
    assert names(tables["track_points"]) == ["track", "segment", "time", "hr", "_point"]
    assert rows(tables["track_points"])[2][:2] == (1, 2)


def test_gpx_without_anything_is_refused(read: Read) -> None:
    with pytest.raises(Unreadable, match="ni point"):
        read('<?xml version="1.0"?><gpx xmlns="http://www.topografix.com/GPX/1/1"/>')
