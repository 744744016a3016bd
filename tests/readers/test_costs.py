"""What a sender writes costs a reader no more than its length: 16,000 names in one place are read, or refused, and
not looked through once for each of them. `python -m bench.reader_costs` measures it; with a cost by the square
these tests take minutes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from parvis import readers
from parvis.core.errors import Unreadable
from parvis.core.reading import Workspace
from parvis.core.settings import Limits
from parvis.readers import labels
from parvis.readers.minimal_files import zipped

MANY = 16_000
"""Names of a table: fewer than `limits.columns`."""


def attributes(count: int) -> str:
    return " ".join(f'a{i}="{i}"' for i in range(count))


def of_one_name(count: int) -> str:
    """A place whose data bear one name `count` times."""
    data = "".join(f'<Data name="a"><value>{i}</value></Data>' for i in range(count))
    return (
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><ExtendedData>'
        f"{data}</ExtendedData><Point><coordinates>3,43</coordinates></Point></Placemark></Document></kml>"
    )


def of_two_ways(count: int) -> str:
    """Names that are met again once what nests is laid flat."""
    return json.dumps(
        [{f"a.{i}": 1 for i in range(count // 2)} | {"a": {str(i): 1 for i in range(count // 2)}}]
    )


def relations(count: int) -> bytes:
    """A workbook whose only sheet says `count` things of itself."""
    return zipped({
        "[Content_Types].xml": b"<Types/>",
        "xl/workbook.xml": f"<workbook><sheets><sheet {attributes(count)}/></sheets></workbook>".encode(),
        "xl/_rels/workbook.xml.rels": f"<R><Relationship {attributes(count)}/></R>".encode(),
    })  # fmt: skip


def excel_2003(count: int) -> str:
    return (
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">'
        f"<Worksheet><Table><Row><Cell {attributes(count)}><Data>a</Data></Cell></Row>"
        "<Row><Cell><Data>1</Data></Cell></Row></Table></Worksheet></Workbook>"
    )


WRITTEN: dict[str, Callable[[int], str | bytes]] = {
    "attributes of an XML record": lambda n: f"<r><p {attributes(n)}/><p {attributes(n)}/></r>",
    "attributes of a group": lambda n: f"<r><g {attributes(n)}><p n='1'/><p n='2'/></g></r>",
    "attributes of a sheet of 2003": excel_2003,
    "attributes of a workbook's parts": relations,
    "data of one name in KML": of_one_name,
    "keys of one JSON record": lambda n: json.dumps([{f"k{i}": i for i in range(n)}] * 2),
    "keys of JSON that meet once flat": of_two_ways,
    "headers of one name": lambda n: ",".join(["a"] * n) + "\n" + ",".join(["1"] * n) + "\n",
    "headers that differ by case": lambda n: (
        ",".join(
            "".join(c.upper() if i >> k & 1 else c for k, c in enumerate("abcdefghijklmn")) for i in range(n)
        )
        + "\n"
        + ",".join(["1"] * n)
        + "\n"
    ),
}


COLUMNS = {
    "attributes of an XML record": MANY,
    "attributes of a group": MANY + 1,
    "attributes of a sheet of 2003": 1,
    "data of one name in KML": MANY + 1,
    "keys of one JSON record": MANY,
    "keys of JSON that meet once flat": MANY,
    "headers of one name": MANY,
    "headers that differ by case": MANY,
}
"""What is read of each; a workbook whose parts are like that is refused."""


@pytest.mark.parametrize("case", WRITTEN)
def test_many_names_are_read(case: str, tmp_path: Path) -> None:
    content = WRITTEN[case](MANY)
    path = tmp_path / "recu"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    if case not in COLUMNS:
        with pytest.raises(Unreadable):
            readers.read(path, Workspace(tmp_path / "spool"))
        return
    columns = readers.read(path, Workspace(tmp_path / "spool")).tables[0].columns
    assert len({c.name.casefold() for c in columns}) == len(columns) == COLUMNS[case]


def test_labels_of_one_name_are_numbered() -> None:
    assert labels.names(["a", "A"] * MANY)[-1] == f"A_{2 * MANY}"


def test_a_free_name_is_not_looked_for_again_from_the_first() -> None:
    """Counted, not timed: one question a name, and one more for each that stands in the way once."""
    taken = {"a", *(f"a_{i}" for i in range(2, 50))}
    questions: list[str] = []

    def is_taken(name: str) -> bool:
        questions.append(name)
        return name in taken

    turns: dict[str, int] = {}
    for _ in range(MANY):
        taken.add(labels.free("a", is_taken, turns))
    assert len(questions) == MANY + 48
    assert f"a_{MANY + 49}" in taken


@pytest.mark.parametrize("kind", ["xml", "kml", "gpx"])
def test_an_element_of_more_attributes_than_a_table_has_columns_is_refused(kind: str, tmp_path: Path) -> None:
    inner = {
        "xml": "<r><p {0}/><p/></r>",
        "kml": "<kml><Placemark {0}><name>a</name></Placemark></kml>",
        "gpx": "<gpx><wpt lat='43' lon='3' {0}/></gpx>",
    }[kind]
    path = tmp_path / "recu"
    path.write_text(inner.format(attributes(60)))
    with pytest.raises(Unreadable, match=r"« (p|Placemark|wpt) » du XML a 6[02] attributs") as refused:
        readers.read(path, Workspace(tmp_path / "spool", limits=Limits(columns=50)))
    assert refused.value.limit == "columns"
