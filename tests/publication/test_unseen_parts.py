"""What a workbook holds out of sight waits until somebody says what becomes of it: published without, or
knowingly; the same for every kind of workbook.
"""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from starlette.testclient import TestClient

from parvis import readers
from parvis.core.errors import Unreadable, UsageError
from parvis.core.reading import Reading, Workspace
from parvis.core.types import PUBLIC
from parvis.people import accounts
from parvis.people.passwords import Passwords
from parvis.publication import hidden_parts
from parvis.publication.city import City
from parvis.readers import biff, biff12
from parvis.readers.minimal_files import biff as biff_record
from parvis.readers.minimal_files import ods_of
from parvis.store import datasets, journal, versions
from parvis.web.app import create_app
from parvis.work import jobs
from tests.cities import canarycity
from tests.cities.canarycity import Clock, hand_in

ROWS = [
    ["quartier", "arbres", "note"],
    ["Gare", 12, "a"],
    ["Port", 7, "b"],
    ["Mairie", 31, "c"],
    ["Halles", 4, "d"],
]
SECRET = [["objet", "suite"], ["plainte", "en cours"], ["absence", "close"]]


def workbook(path: Path, change: Callable[[openpyxl.Workbook], None]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Arbres"
    for row in ROWS:
        sheet.append(row)
    change(book)
    book.save(path.with_suffix(".made"))
    with zipfile.ZipFile(path.with_suffix(".made")) as made, zipfile.ZipFile(path, "w") as kept:
        for name in made.namelist():  # openpyxl writes no size of nought
            kept.writestr(
                name, made.read(name).replace(b'ht="7.25"', b'ht="0"').replace(b'width="7.25"', b'width="0"')
            )
    return path


def _sheet(state: str) -> Callable[[openpyxl.Workbook], None]:
    def change(book: openpyxl.Workbook) -> None:
        made = book.create_sheet("Suivi interne")
        for row in SECRET:
            made.append(row)
        made.sheet_state = state

    return change


def _row(**said: object) -> Callable[[openpyxl.Workbook], None]:
    def change(book: openpyxl.Workbook) -> None:
        for name, value in said.items():
            setattr(book["Arbres"].row_dimensions[3], name, value)

    return change


def _column(**said: object) -> Callable[[openpyxl.Workbook], None]:
    def change(book: openpyxl.Workbook) -> None:
        for name, value in said.items():
            setattr(book["Arbres"].column_dimensions["C"], name, value)

    return change


def _folded(book: openpyxl.Workbook) -> None:
    book["Arbres"].row_dimensions.group(3, 3, outline_level=1, hidden=True)
    book["Arbres"].row_dimensions[4].collapsed = True


def _filtered(book: openpyxl.Workbook) -> None:
    sheet = book["Arbres"]
    sheet.auto_filter.ref = "A1:C5"
    sheet.auto_filter.add_filter_column(0, ["Gare"])
    sheet.row_dimensions[3].hidden = True


def _shown_as_nothing(code: str) -> Callable[[openpyxl.Workbook], None]:
    def change(book: openpyxl.Workbook) -> None:
        for row in range(2, 6):
            book["Arbres"].cell(row, 3).number_format = code

    return change


def _no_width_unless_said(book: openpyxl.Workbook) -> None:
    book["Arbres"].sheet_format.defaultColWidth = 0
    for letter in "AB":
        book["Arbres"].column_dimensions[letter].width = 12


CASES = {
    "hidden sheet": (_sheet("hidden"), "hidden-sheet"), "very hidden sheet": (_sheet("veryHidden"), "hidden-sheet"), "hidden row": (_row(hidden=True), "hidden-rows"),
    "row of no height": (_row(height=7.25), "hidden-rows"), "folded rows": (_folded, "hidden-rows"), "filtered rows": (_filtered, "hidden-rows"),
    "hidden column": (_column(hidden=True), "hidden-columns"), "column of no width": (_column(width=7.25), "hidden-columns"),
    "no width unless said": (_no_width_unless_said, "hidden-columns"), "cells shown as nothing": (_shown_as_nothing(";;;"), "hidden-columns"),
    "cells shown as nothing, in colour": (_shown_as_nothing("[White];[White];[White];"), "hidden-columns"),
}  # fmt: skip


def read(path: Path, spool: Path, hidden: str = "read") -> Reading:
    spool.mkdir()
    return readers.read(
        path, Workspace(spool, hidden="leave" if hidden == "leave" else "read"), name=path.name
    )


@pytest.mark.parametrize("case", CASES)
def test_a_workbook_is_read_with_what_it_hides_which_is_told_or_without(case: str, tmp_path: Path) -> None:
    change, code = CASES[case]
    path = workbook(tmp_path / "a.xlsx", change)
    whole, shown = read(path, tmp_path / "whole"), read(path, tmp_path / "shown", "leave")
    assert code in {i.code for t in whole.tables for i in t.issues}
    assert not {i.code for t in shown.tables for i in t.issues} & {
        "hidden-sheet",
        "hidden-rows",
        "hidden-columns",
        "blank-rows",
    }
    assert (whole.tables[0].rows, [c.name for c in whole.tables[0].columns]) == (
        4,
        ["quartier", "arbres", "note"],
    )
    if code == "hidden-sheet":
        assert [t.name for t in shown.tables] == ["Arbres"]
    elif code == "hidden-rows":
        assert shown.tables[0].rows == 3
    else:
        assert [c.name for c in shown.tables[0].columns] == ["quartier", "arbres"]


def test_what_is_hidden_and_empty_is_nobodys_secret(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["Arbres"].row_dimensions[40].hidden = True
        book["Arbres"].column_dimensions["Z"].hidden = True
        book.create_sheet("Vide").sheet_state = "hidden"

    found = read(workbook(tmp_path / "a.xlsx", change), tmp_path / "spool")
    assert not {i.code for t in found.tables for i in (*t.issues, *found.issues)} & {
        "hidden-sheet",
        "hidden-rows",
        "hidden-columns",
    }


_ROW = (
    "<table:table-row{}>"
    + '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>' * 2
    + "</table:table-row>"
)


@pytest.mark.parametrize(
    ("xml", "styles", "rows", "columns"),
    [
        ("{0}" + _ROW.format(' table:visibility="collapse"', "Port", "7") + "{1}", "", 1, 0),
        ("{0}" + _ROW.format(' table:visibility="filter"', "Port", "7") + "{1}", "", 1, 0),
        (
            '{0}<table:table-row-group table:display="false">'
            + _ROW.format("", "Port", "7")
            + "</table:table-row-group>{1}",
            "",
            1,
            0,
        ),
        (
            "{0}" + _ROW.format(' table:style-name="r0"', "Port", "7") + "{1}",
            '<style:style style:name="r0" style:family="table-row"><style:table-row-properties style:row-height="0cm"/></style:style>',
            1,
            0,
        ),
        (
            '<table:table-column/><table:table-column table:visibility="collapse"/>{0}'
            + _ROW.format("", "Port", "7")
            + "{1}",
            "",
            0,
            1,
        ),
    ],
)
def test_an_open_document_says_what_it_hides(
    xml: str, styles: str, rows: int, columns: int, tmp_path: Path
) -> None:
    path = tmp_path / "a.ods"
    seen = (
        _ROW.format("", "quartier", "arbres") + _ROW.format("", "Gare", "12"),
        _ROW.format("", "Halles", "4"),
    )
    path.write_bytes(ods_of(xml.format(*seen), styles_xml=styles))
    whole, shown = read(path, tmp_path / "whole"), read(path, tmp_path / "shown", "leave")
    assert {i.code: i.count for t in whole.tables for i in t.issues if i.code.startswith("hidden")} == {
        **({"hidden-rows": rows} if rows else {}),
        **({"hidden-columns": columns} if columns else {}),
    }
    assert (shown.tables[0].rows, len(shown.tables[0].columns)) == (3 - rows, 2 - columns)


def test_the_xml_of_2003_says_what_it_hides(tmp_path: Path) -> None:
    def row(said: str, *values: str) -> str:
        return (
            f"<Row{said}>"
            + "".join(f'<Cell><Data ss:Type="String">{v}</Data></Cell>' for v in values)
            + "</Row>"
        )

    space = "urn:schemas-microsoft-com:office:spreadsheet"
    body = (
        row("", "quartier", "arbres", "note")
        + row(' ss:Hidden="1"', "Gare", "a", "x")
        + row("", "Port", "b", "y")
        + row(' ss:Height="0"', "Halles", "c", "z")
    )
    text = (
        f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="A"><Table><Column/><Column ss:Index="3" ss:Hidden="1"/>{body}'
        "</Table></Worksheet></Workbook>"
    )
    path = tmp_path / "a.xml"
    path.write_text(text, "utf-8")
    whole, shown = read(path, tmp_path / "whole"), read(path, tmp_path / "shown", "leave")
    assert {i.code: i.count for i in whole.tables[0].issues if i.code.startswith("hidden")} == {
        "hidden-rows": 2,
        "hidden-columns": 1,
    }
    assert (shown.tables[0].rows, [c.name for c in shown.tables[0].columns]) == (1, ["quartier", "arbres"])


def test_the_records_of_old_and_binary_workbooks_say_what_they_hide() -> None:
    """Rows hidden and of no height, columns hidden and of no width. Source: [MS-XLS] 2.4.221 and 2.4.53,
    [MS-XLSB] 2.4.714 and 2.4.324.
    """

    def row(number: int, height: int, flags: int) -> bytes:
        return biff_record(0x0208, struct.pack("<HHHHHHI", number, 0, 2, height, 0, 0, flags))

    def columns(first: int, last: int, width: int, flags: int) -> bytes:
        return biff_record(0x007D, struct.pack("<HHHHHH", first, last, width, 0, flags, 0))

    begin = biff_record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0))
    name = b"\x01\x00A"
    bound = biff_record(0x0085, struct.pack("<IH", len(begin) + 4 + 6 + len(name) + 4, 0) + name)
    sheet = (
        begin
        + row(1, 255, 0x20)
        + row(2, 255, 0)
        + row(3, 0, 0x40)
        + columns(1, 2, 2000, 1)
        + columns(4, 4, 0, 0)
        + columns(5, 5, 2000, 0)
    )
    stream = begin + bound + biff_record(0x000A) + sheet + biff_record(0x000A)
    assert biff.unseen(stream) == {"A": (frozenset({1, 3}), frozenset({1, 2, 4}))}

    def binary(kind: int, body: bytes) -> bytes:
        return bytes([kind, len(body)]) + body

    part = (
        binary(0, struct.pack("<IIHBB", 1, 0, 300, 0, 0x10))
        + binary(0, struct.pack("<IIHBB", 2, 0, 300, 0, 0))
        + binary(0, struct.pack("<IIHBB", 3, 0, 0, 0, 0x20))
        + binary(60, struct.pack("<IIIIH", 1, 2, 2000, 0, 1))
        + binary(60, struct.pack("<IIIIH", 4, 4, 0, 0, 0))
        + binary(60, struct.pack("<IIIIH", 5, 5, 2000, 0, 0))
    )
    assert biff12.unseen(part) == (frozenset({1, 3}), frozenset({1, 2, 4}))


def test_a_workbook_of_hidden_sheets_alone_has_nothing_to_publish(tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["Arbres"].sheet_state = "hidden"
        book.create_sheet("Vide")

    path = workbook(tmp_path / "a.xlsx", change)
    with pytest.raises(Unreadable, match="masqué"):
        read(path, tmp_path / "shown", "leave")


# --- in a city ----------------------------------------------------------------------------------------------


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = canarycity.build(tmp_path / "city", Clock())
    yield made
    made.db.close()


def _public(city: City) -> dict[str, tuple[int, tuple[str, ...]]]:
    with city.db.read() as conn:
        every = [versions.served(conn, r.id, PUBLIC) for r in datasets.resources(conn, "arbres")]
    return {v.resource: (v.rows, v.schema.names) for v in every if v is not None}


def _again(city: City, id_: str) -> str:
    drafted = jobs.draft(city, id_)
    if drafted:
        jobs.decide(city, id_, drafted)
    with city.db.read() as conn:
        kept = canarycity.deposits.get(conn, id_)
    assert kept is not None
    return kept.state


@pytest.mark.parametrize("case", CASES)
def test_it_waits_until_its_sender_chooses(case: str, city: City, tmp_path: Path) -> None:
    change, code = CASES[case]
    content = workbook(tmp_path / "a.xlsx", change).read_bytes()
    sent = hand_in(city, "arbres/arbres", content, "arbres.xlsx")
    assert sent.state == "held"
    assert "masquées" in sent.message
    seen = set(_public(city))
    assert seen == ({"arbres/arbres"} if code == "hidden-sheet" else set())
    with city.db.read() as conn:
        assert hidden_parts.undecided(conn, sent)
    hidden_parts.choose(city, sent.id, "leave", actor="ada")
    assert _again(city, sent.id) in ("published", "unchanged")
    without = _public(city)
    assert set(without) == {"arbres/arbres"}
    assert (
        without["arbres/arbres"]
        == {
            "hidden-sheet": (4, ("quartier", "arbres", "note")),
            "hidden-rows": (3, ("quartier", "arbres", "note")),
            "hidden-columns": (4, ("quartier", "arbres")),
        }[code]
    )
    hidden_parts.choose(city, sent.id, "publish", actor="ada")
    _again(city, sent.id)
    with city.db.read() as conn:
        chosen = journal.of(conn, "arbres/arbres", limit=10, verb=hidden_parts.CHOSEN)
    assert [(e.actor, e.ids["choice"]) for e in chosen] == [("ada", "publish"), ("ada", "leave")]


def test_a_choice_is_for_these_bytes_and_no_others(city: City, tmp_path: Path) -> None:
    content = workbook(tmp_path / "a.xlsx", _row(hidden=True)).read_bytes()
    sent = hand_in(city, "arbres/arbres", content, "arbres.xlsx")
    hidden_parts.choose(city, sent.id, "publish", actor="ada")
    assert _again(city, sent.id) == "published"
    assert _public(city)["arbres/arbres"][0] == 4
    ROWS.append(["Stade", 9, "e"])
    try:
        other = workbook(tmp_path / "b.xlsx", _row(hidden=True)).read_bytes()
    finally:
        ROWS.pop()
    assert hand_in(city, "arbres/arbres", other, "arbres.xlsx").state == "held"
    with pytest.raises(UsageError):
        hidden_parts.choose(city, sent.id, "peut-être", actor="ada")


def test_the_choice_is_made_from_the_page_of_the_deposit(city: City, tmp_path: Path) -> None:
    with city.db.begin() as conn:
        kept = Passwords().hash("une phrase de passe longue")
        person = accounts.make(
            conn,
            email="ada@montclair.example",
            name="Ada",
            password_hash=kept,
            actor="system",
            at=city.now(),
            person_id="ada",
        )
        accounts.give_role(conn, person.id, "vivre", "publisher", actor="system", at=city.now())
    sent = hand_in(
        city,
        "arbres/arbres",
        workbook(tmp_path / "a.xlsx", _sheet("hidden")).read_bytes(),
        "arbres.xlsx",
        actor="ada",
    )
    here = f"/depots/{sent.id}"

    def csrf(text: str) -> str:
        found = re.search(r'name="csrf" value="([^"]*)"', text)
        assert found is not None
        return found[1]

    with TestClient(create_app(city), follow_redirects=False) as client:
        token = csrf(client.get("/connexion").text)
        said = {
            "csrf": token,
            "email": "ada@montclair.example",
            "password": "une phrase de passe longue",
            "suite": here,
        }
        assert client.post("/connexion", data=said).status_code == 303
        page = client.get(here).text
        assert "Publier sans ce qui est masqué" in page
        assert "file-hidden-sheet" in page
        assert client.post(f"{here}/masque", data={"csrf": csrf(page), "masque": "leave"}).status_code == 303
        assert _again(city, sent.id) in ("published", "unchanged")
        assert "Publier sans ce qui est masqué" not in client.get(here).text
        public = client.get("/jeux/arbres").text
        assert "Suivi interne" not in public
        assert "plainte" not in public
