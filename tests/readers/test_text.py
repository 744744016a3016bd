"""Text tables: what is written in any dialect and encoding is read back cell by cell, in place when it is
clean, record by record when it is not.
"""

from __future__ import annotations

import csv
import io
import string
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sqlglot import exp

from parvis import readers
from parvis.core.errors import Unreadable
from parvis.core.reading import CsvScan, ParquetScan, RawTable, Workspace
from parvis.core.settings import Limits
from parvis.engine.scans import select_raw
from parvis.readers import structure
from parvis.readers.encoding import detect
from parvis.readers.lines import physical_lines

CON = duckdb.connect(":memory:")


def cells(table: RawTable) -> list[tuple[str | None, ...]]:
    """Every cell of a table, as the engine reads it."""
    return CON.cursor().execute(select_raw(table.scan, len(table.columns)).sql("duckdb")).fetchall()


def read(content: bytes, folder: Path, limits: Limits | None = None, **chosen: object) -> RawTable:
    path = folder / "recu"
    path.write_bytes(content)
    (table,) = readers.read(path, Workspace(folder / "spool", limits or Limits(), **chosen)).tables  # type: ignore[arg-type]
    return table


def codes(table: RawTable) -> set[str]:
    return {i.code for i in table.issues}


def names(table: RawTable) -> list[str]:
    return [c.name for c in table.columns]


# ---- what is read in place, and what is not


LINES = (
    "a;b\n",
    '"";b\n',
    '"a\n";"b;""\nc"\n',
    "a;b\r\n",
    ";\n",
    "\n",
    "\r\n",
    "a;b;c\n",
    '"a;b\n',
    "a\rb;c\n",
    "a;b",
)


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(LINES[:3]), max_size=6),
    st.lists(st.sampled_from(LINES), max_size=6),
    st.sampled_from((None, False, True)),
    st.booleans(),
)
def test_two_threads_see_what_one_sees(
    before: list[str], lines: list[str], crlf: bool | None, quoted: bool
) -> None:
    """A half each, cut wherever a line ends; blocks of some bytes, so that each half has several."""
    data = "".join((*before, *lines)).encode()

    def seen(large: int) -> structure.Shape:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(structure, "LARGE", large)
            patch.setattr(structure, "BLOCK", 5)
            quote = ord('"') if quoted else -1
            return structure.shape(
                data,
                0,
                separator=ord(";"),
                newline=10,
                quote=quote,
                width=2,
                limits=Limits(),
                returns=b"\r" in data,
                crlf=crlf,
            )

    assert seen(0) == seen(1 << 30)


def test_a_record_too_long_has_its_number_in_either_half(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(structure, "LARGE", 0)
    monkeypatch.setattr(structure, "MB", 10)
    for record in (2, 19):
        data = "".join("aaaa;bbbbbbbbbb\n" if i == record else "a;b\n" for i in range(1, 21)).encode()
        with pytest.raises(Unreadable, match=f"L’enregistrement {record} est trop long"):
            structure.shape(
                data, 0, separator=ord(";"), newline=10, quote=-1, width=2, limits=Limits(line_mb=1)
            )


def test_clean_file_is_read_where_it_lies(tmp_path: Path) -> None:
    """No copy: the scan names the received file, and nothing is written to the spool."""
    table = read("id;nom;prix\n1;Hélène;1,5\n2;Zoé;2,5\n".encode(), tmp_path)
    assert table.scan == CsvScan(tmp_path / "recu", ";", "", 1, longest=len("1;Hélène;1,5".encode()))
    assert (table.rows, table.header_row, table.encoding, table.separator, table.decimal, table.issues) == (
        2,
        1,
        "utf-8",
        ";",
        ",",
        (),
    )
    assert not (tmp_path / "spool").exists()
    assert cells(table) == [("1", "Hélène", "1,5"), ("2", "Zoé", "2,5")]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("end", ["", "n", "nn"])
def test_line_ends_of_every_kind_stay_in_place(tmp_path: Path, newline: str, end: str) -> None:
    """LF, CRLF and CR alone, with or without a last line end, with empty lines after it."""
    text = newline.join(["id;nom", "1;a", "2;b"]) + newline * len(end)
    table = read(text.encode(), tmp_path)
    assert isinstance(table.scan, CsvScan)
    assert (table.rows, cells(table)) == (2, [("1", "a"), ("2", "b")])
    assert physical_lines(table, [1, 2, 3, 0]) == {1: 2, 2: 3}


def test_quotes_in_place_keep_breaks_separators_and_doubled_quotes(tmp_path: Path) -> None:
    table = read(b'id;texte\n1;"a\nb"\n2;"c;d"\n3;"e ""f"""\n4;""\n', tmp_path)
    assert isinstance(table.scan, CsvScan)
    assert cells(table) == [("1", "a\nb"), ("2", "c;d"), ("3", 'e "f"'), ("4", "")]
    assert physical_lines(table, [1, 2, 3, 4]) == {1: 2, 2: 4, 3: 5, 4: 6}


def test_inches_are_no_quotes(tmp_path: Path) -> None:
    """A quote inside a cell is a character; the rest of the file is not swallowed."""
    table = read(b'id;taille\n1;5" long\n2;7\n3;"pas fini\n4;8\n', tmp_path)
    assert cells(table) == [("1", '5" long'), ("2", "7"), ("3", '"pas fini'), ("4", "8")]
    assert physical_lines(table, [4]) == {4: 5}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(
            b"id,nom,x\n1,a,b\n2,c\n3,d,e,f\n",
            [("1", "a", "b"), ("2", "c", None), ("3", "d", "e")],
            id="inégal",
        ),
        pytest.param(
            b"id,nom,x\n1,a,b\n\n2,c,d\n,,\n3,e,f\n",
            [("1", "a", "b"), ("2", "c", "d"), ("3", "e", "f")],
            id="lignes vides",
        ),
        pytest.param(
            b"id,nom,x\n1,a,b\r\n2,c,d\n3,e,f\r\n",
            [("1", "a", "b"), ("2", "c", "d"), ("3", "e", "f")],
            id="fins de ligne mêlées",
        ),
        pytest.param(
            b"id,nom,x\n1,a,b\nid,nom,x\n2,c,d\n", [("1", "a", "b"), ("2", "c", "d")], id="en-tête répété"
        ),
        pytest.param(
            b"id,nom,x\n1,a,b\n2,c,d\n\nSource : INSEE\n", [("1", "a", "b"), ("2", "c", "d")], id="note"
        ),
        pytest.param(
            b"id,nom,x\n1,a,b\n# remarque, bien\n2,c,d\n",
            [("1", "a", "b"), ("2", "c", "d")],
            id="commentaire",
        ),
        pytest.param(
            b"id,nom,x,,\n1,a,b,,\n2,c,d,,\n", [("1", "a", "b"), ("2", "c", "d")], id="séparateurs finaux"
        ),
        pytest.param(
            b"id,nom,x\n1,a,b,\n2,c,d\n3,e,f\n",
            [("1", "a", "b"), ("2", "c", "d"), ("3", "e", "f")],
            id="séparateur final sur une ligne",
        ),
        pytest.param(b"id,nom,x\n1,a\x00,b\n2,c,d\n", [("1", "a", "b"), ("2", "c", "d")], id="NUL"),
        pytest.param(
            b"id,nom,x\r\r\n1,a,b\r\r\n2,c,d\r\r\n", [("1", "a", "b"), ("2", "c", "d")], id="CR CR LF"
        ),
        pytest.param(
            b'id,nom,x\n1, "a" ,b\n2,"c" x,d\n',
            [("1", "a", "b"), ("2", '"c" x', "d")],
            id="espaces autour des guillemets",
        ),
        pytest.param(
            b"id,nom,x\n1,'a,b',c\n2,'d','e'\n", [("1", "a,b", "c"), ("2", "d", "e")], id="apostrophes"
        ),
        pytest.param(
            b'id;nom;x\n1;"a \\"b\\" c";d\n2;"e \\"f\\" g; h";i\n',
            [("1", 'a "b" c', "d"), ("2", 'e "f" g; h', "i")],
            id="barre oblique inverse",
        ),
    ],
)
def test_what_is_not_of_one_shape_is_read_record_by_record(
    tmp_path: Path, content: bytes, expected: list[tuple[str | None, ...]]
) -> None:
    table = read(content, tmp_path)
    assert (table.rows, names(table)[0], len(table.columns)) == (len(expected), "id", 3)
    assert cells(table) == expected


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"id,nom\n1,a\n2\n3,b,c\n", "ragged-rows"),
        (b"id,nom\n1,a\n\n2,b\n", "blank-rows"),
        (b"id,nom,x\n1,a,b\n2,c,d\nSource : la ville\n", "footer"),
        (b"id,nom\n1,a\nid,nom\n2,b\n", "repeated-header"),
        (b"id,nom\nid,nom\n1,a\n2,b\n", "repeated-header"),
        (b"Les services de la ville,,\n,,\nid,nom,x\n1,a,2\n2,b,3\n", "title-lines"),
        (b"id,nom,nom\n1,a,b\n", "duplicate-label"),
        (b"id,,nom\n1,a,b\n", "empty-label"),
        ("id,nom\n1,caf\ufffd\n".encode(), "encoding-damage"),
        ("id,nom\n1,été\n2,élu\n3,École\n4,à\n".encode() + b"5,caf\xe9\n", "encoding-damage"),
        ("id,nom\n1,Ã©tÃ©\n".encode(), "double-encoding"),
        (b"1,2\n3,4\n5,6\n", "no-header"),
        (b"\xef\xbb\xbf\xef\xbb\xbfid,nom\n1,a\n", "two-boms"),
        (b"id,nom,\n1,a,\n2,b,\n", "trailing-delimiter"),
        (b"# export du jour\nid,nom\n1,a\n", "comment-lines"),
        (b"id,nom\n1,a\x00\n", "nul-bytes"),
        (b"id,nom,n\n1,a,4\n2,b,5\nTotal,,9\n", "total-row"),
    ],
)
def test_each_oddity_is_told_by_its_code(tmp_path: Path, content: bytes, code: str) -> None:
    assert code in codes(read(content, tmp_path))


def test_no_issue_repeats_the_content_of_a_cell(tmp_path: Path) -> None:
    """Issues are shown before personal data are looked for."""
    secret = "dupont@exemple.fr"
    table = read(f"id,nom\n1,a,{secret}\n2\n\n3,b,{secret}\nSource : {secret}\n".encode(), tmp_path)
    assert secret not in str(table.issues)


def test_cells_past_the_width_are_kept_beside(tmp_path: Path) -> None:
    """`_extra` holds what stands past the last column, NULL elsewhere."""
    table = read(b"id;nom\n1;a\n2;b;c;d\n", tmp_path)
    assert isinstance(table.scan, ParquetScan)
    assert CON.cursor().execute(
        "SELECT _line, _extra FROM read_parquet(?)", [str(table.scan.path)]
    ).fetchall() == [(2, None), (3, "c;d")]


def test_lines_are_exact_below_titles_breaks_and_blanks(tmp_path: Path) -> None:
    table = read(b'Titre\r\n\r\nid;nom\r\n1;"a\r\nb"\r\n\r\n2;c\r\n3\r\n4;d\r\n', tmp_path)
    assert (table.header_row, table.rows) == (3, 4)
    assert physical_lines(table, [4, 1, 2, 3]) == {1: 4, 2: 7, 3: 8, 4: 9}


def test_a_header_over_several_lines_ends_where_it_ends(tmp_path: Path) -> None:
    table = read(b'"id";"nom\nde famille"\n1;a\n2;b\n', tmp_path)
    assert (names(table), table.header_row, table.rows) == (["id", "nom de famille"], 2, 2)
    assert (cells(table), physical_lines(table, [2])) == ([("1", "a"), ("2", "b")], {2: 4})


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("Année;2019;2020;2021\nA;1;2;3\nB;4;5;6\n", 1),
        (";2019;2020\nA;1;2\nB;4;5\n", 1),
        ("epoch,8336,8337,8315,8311\n1,0,0,1,0\n2,0,1,0,0\n3,0,0,0,2\n", 1),
        ('"","region"\n"1","37009"\n"2","37005"\n', 1),
        ("Identité;;;Lieu;;\nnom;prénom;âge;rue;ville;cp\nA;B;12;r;v;45000\nC;D;14;s;w;45100\n", 2),
        ("Période;2024;;\nService;voirie;;\nid;nom;prix;date\n1;a;2;2024-01-01\n2;b;3;2024-01-02\n", 3),
        ("// remarque\nid;nom\n1;a\n2;b\n", 2),
        ("#id;nom\n1;a\n2;b\n", 1),
        ("1;a;2024-01-01\n2;b;2024-01-02\n3;c;2024-01-03\n", 0),
        ("2024-01-01;12,5\n2024-01-02;13,5\n", 0),
        ("a@b.fr;1\nc@d.fr;2\n", 0),
        ("nom;ville\nA;B\nC;D\n", 1),
        ("id;nom\n", 1),
        ("NOM;PRENOM;VILLE\n", 1),
        ("12;34\n", 0),
    ],
)
def test_header_line(tmp_path: Path, content: str, line: int) -> None:
    """Years and codes may be labels, group and parameter lines are none, a first record is not taken for one."""
    assert read(content.encode(), tmp_path).header_row == line


@pytest.mark.parametrize("label", ["ID3", "BM", "MZ", "AC10", "PK", "BZh", "GIF", "RIFF", "%PDF", "Obj"])
def test_a_first_label_like_a_signature_is_text(tmp_path: Path, label: str) -> None:
    assert names(read(f"{label};nom\n1;a\n2;b\n".encode(), tmp_path)) == [label, "nom"]


def test_a_separator_told_to_excel_is_no_data(tmp_path: Path) -> None:
    table = read(b"sep=|\nid|nom\n1|a\n2|b\n", tmp_path)
    assert (table.header_row, names(table), cells(table), physical_lines(table, [2])) == (
        2,
        ["id", "nom"],
        [("1", "a"), ("2", "b")],
        {2: 4},
    )


def test_a_chosen_header_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="La ligne 9"):
        read(b"id;nom\n1;a\n", tmp_path, header_row=9)


def test_the_publisher_chooses_the_header(tmp_path: Path) -> None:
    content = b"id;nom\ncode;libelle\n1;a\n2;b\n"
    assert names(read(content, tmp_path, header_row=2)) == ["code", "libelle"]
    table = read(content, tmp_path, header_row=0)
    assert (names(table), table.rows, table.header_row) == (["colonne_1", "colonne_2"], 4, 0)


@pytest.mark.parametrize(
    ("content", "separator", "columns", "rows"),
    [
        (b"nom\nA\nB\n", None, 1, 2),
        (b"prix\n1,5\n2,5\n3,5\n", None, 1, 3),
        (b"adresse\n1 rue de la Paix, Paris\n2 rue du Lac, Annecy\n3 place, Lyon\n", None, 1, 3),
        (b"nom;prix\nA;1,5\nB;2,5\nC;3,5\n", ";", 2, 3),
        (b"lat,lon;nom\n43.1,3.2;A\n43.2,3.3;B\n", ";", 2, 2),
        (b"nom;liste\nA;a,b,c\nB;d,e,f\nC;g,h,i\n", ";", 2, 3),
        (b"nom:age\nA:1\nB:2\n", ":", 2, 2),
        (b"nom^age\nA^1\nB^2\n", "^", 2, 2),
        (b"nom|age\nA|1\nB|2\n", "|", 2, 2),
        (b"nom\tage\nA, B\t1\nC, D\t2\n", "\t", 2, 2),
        (b"nom\nJean Dupont\nZoe Martin\nLea Petit\n", None, 1, 3),
        (b"nom complet\nJean Dupont\nZoe Martin\nLea Petit\n", None, 1, 3),
        (b"x y z\n1.5 2.5 3\n4.5 5.5 6\n", " ", 3, 2),
        (b"jour\n12/03/2024\n13/03/2024\n", None, 1, 2),
        (b"https://a.fr/x\nhttps://b.fr/y\n", None, 1, 2),
        (b"sep=,\na,b\n1;2,3\n4;5,6\n", ",", 2, 2),
        (b"sep=;\r\na;b\r\n1;2\r\n", ";", 2, 1),
        (b"heure\n10:00\n11:30\n12:45\n", None, 1, 3),
        (b'a;b\n"x, y";"z, t"\n"u, v";"w, s"\n', ";", 2, 2),
        ("nom§age\nA§1\nB§2\n".encode(), "§", 2, 2),
    ],
)
def test_separator(tmp_path: Path, content: bytes, separator: str | None, columns: int, rows: int) -> None:
    table = read(content, tmp_path)
    assert (table.separator, len(table.columns), table.rows) == (separator, columns, rows)
    assert len(cells(table)) == rows


@pytest.mark.parametrize(
    ("lines", "decimal"),
    [
        ("1,5|2,25", ","),
        ("1.5|2.25", "."),
        ("12|13", None),
        ("1.204|950|3.871", None),
        ("48.123|43.456", "."),
        ("1.234,5|2.345,75", ","),
        ("1 234,50|2 000,00", ","),
        ("0,125|0,250", ","),
        ("1.234.567|2.345.678", None),
    ],
)
def test_decimal_mark(tmp_path: Path, lines: str, decimal: str | None) -> None:
    table = read(("nom;valeur\n" + "".join(f"x;{v}\n" for v in lines.split("|"))).encode(), tmp_path)
    assert table.decimal == decimal


# ---- limits


@pytest.mark.parametrize(
    "content",
    [
        b"a;b\n1;" + b"x" * 10_000_000 + b"\n",
        b"x" * 10_000_000,
        b'a;b\n1;"' + (b"y" * 99 + b"\n") * 100_000 + b'"\n2;3\n',
    ],
)
def test_a_line_of_ten_megabytes_is_refused_by_its_limit(tmp_path: Path, content: bytes) -> None:
    """Quoted line breaks make a record as long: it is refused, or its quote is taken for a character; memory
    is never at the mercy of the file.
    """
    if content.count(b"\n") > 2:
        assert read(content, tmp_path).rows == 100_002
        return
    with pytest.raises(Unreadable, match="line_mb") as refused:
        read(content, tmp_path)
    assert refused.value.limit == "line_mb"


def test_a_hundred_thousand_columns_are_refused_by_their_limit(tmp_path: Path) -> None:
    content = ",".join(f"c{i}" for i in range(100_000)) + "\n" + ",".join("1" for _ in range(100_000)) + "\n"
    with pytest.raises(Unreadable) as refused:
        read(content.encode(), tmp_path)
    assert (
        refused.value.limit,
        "100\u202f000" in refused.value.message or "100000" in refused.value.message,
    ) == ("columns", True)


def test_ten_thousand_columns_are_read(tmp_path: Path) -> None:
    content = (
        ",".join(f"c{i}" for i in range(10_000))
        + "\n"
        + "\n".join(",".join("1" for _ in range(10_000)) for _ in range(3))
    )
    table = read(content.encode(), tmp_path)
    assert (len(table.columns), table.rows) == (10_000, 3)


def test_stray_quotes_on_every_line_stay_linear(tmp_path: Path) -> None:
    """Each of 20,000 lines opens a quote that never closes: all are kept, each read a few times at most."""
    table = read(b"id;nom\n" + b"".join(b'%d;"x%d\n' % (i, i) for i in range(20_000)), tmp_path)
    assert (table.rows, len(table.columns)) == (20_000, 2)


# ---- laws

TEXT = st.text(
    alphabet=string.ascii_letters + string.digits + " éèàçùôîÉœ’€-_.", min_size=1, max_size=12
).filter(lambda s: s.strip() == s)
HARD = st.text(alphabet=string.ascii_letters + "éà ;,\t|\"'\n\r0123456789.:/#", max_size=14)


@dataclass(frozen=True)
class Written:
    """A table and how it is written."""

    labels: list[str]
    rows: list[list[str]]
    separator: str
    newline: str
    encoding: str
    quoting: int
    final: bool

    def bytes(self) -> bytes:
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=self.separator, lineterminator=self.newline, quoting=self.quoting)  # type: ignore[arg-type]
        writer.writerow(self.labels)
        writer.writerows(self.rows)
        text = out.getvalue()
        return (text if self.final else text.removesuffix(self.newline)).encode(self.encoding)


@st.composite
def written(draw: st.DrawFn) -> Written:
    width = draw(st.integers(2, 5))
    columns = [draw(st.sampled_from(("text", "hard", "number", "date"))) for _ in range(width)]
    kinds = {
        "text": TEXT,
        "hard": HARD,
        "number": st.integers(0, 10**6).map(str),
        "date": st.dates().map(lambda d: d.isoformat()),
    }
    first = st.integers(1, 10**6).map(str)
    rows = draw(st.lists(st.tuples(first, *(kinds[c] for c in columns)).map(list), min_size=3, max_size=12))
    labels = ["id", *(f"{c}_{i}" for i, c in enumerate(columns))]
    newline = draw(st.sampled_from(("\n", "\r\n")))
    if (
        newline == "\n"
    ):  # Python's writer leaves a carriage return without quotes then: nobody could tell it from a line end
        rows = [[c.replace("\r", "") for c in row] for row in rows]
    encoding = draw(st.sampled_from(("utf-8", "utf-8-sig", "cp1252", "utf-16")))
    quoting = draw(st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC)))
    return Written(
        labels, rows, draw(st.sampled_from(";,\t|")), newline, encoding, quoting, draw(st.booleans())
    )


@settings(max_examples=250, deadline=None)
@given(written())
def test_what_is_written_is_read_back(table: Written) -> None:
    """read(write(t)) == t, in each common dialect and encoding, whatever stands inside quotes; and each
    record is on its line.
    """
    content = table.bytes()
    # « AéA » in cp1252 is « AÈA » in mac-roman: random letters are no French. Encodings are proven on texts,
    # elsewhere.
    assume(
        table.encoding != "cp1252"
        or content.decode(detect(content).codec, "replace") == content.decode("cp1252")
    )
    with tempfile.TemporaryDirectory() as folder:
        seen = read(content, Path(folder))
        assert names(seen) == table.labels
        assert [list(r) for r in cells(seen)] == table.rows
        assert seen.rows == len(table.rows)
        breaks, expected = 2 + 0, {}
        for number, row in enumerate(table.rows, 1):
            expected[number] = breaks
            breaks += 1 + sum(
                len(io.StringIO(c, newline="").readlines()) - (0 if c[-1:] in "\r\n" and c else 1)
                for c in row
                if c
            )
        if isinstance(seen.scan, ParquetScan) or not any("\r" in c for r in table.rows for c in r):
            assert physical_lines(seen, range(1, len(table.rows) + 1)) == expected


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_end_in_a_reading_or_unreadable(content: bytes) -> None:
    """Never another exception; and what is read, the engine reads too."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "recu"
        path.write_bytes(content)
        try:
            reading = readers.read(path, Workspace(Path(folder) / "spool"))
        except Unreadable:
            return
        for table in reading.tables:
            assert len(cells(table)) == table.rows


@settings(max_examples=400, deadline=None)
@given(st.text(alphabet="ab1;,\t|\"'\n\r #é.\\:", max_size=120))
def test_any_text_is_read_by_the_engine_as_it_was_counted(text: str) -> None:
    """Texts made of what dialects are made of: the engine agrees with our scan on rows, in place or not."""
    assume(text.strip())
    with tempfile.TemporaryDirectory() as folder:
        try:
            table = read(text.encode(), Path(folder))
        except Unreadable:
            return
        found = cells(table)
        assert len(found) == table.rows
        lines = physical_lines(table, range(1, table.rows + 1))
        assert list(lines) == list(range(1, table.rows + 1))
        assert sorted(set(lines.values())) == sorted(lines.values())


def test_relation_is_a_table_function(tmp_path: Path) -> None:
    """The engine takes the scan as data: its path is a literal, never text of the query."""
    table = read(b"a;b\n1;2\n", tmp_path)
    assert isinstance(select_raw(table.scan, 2).find(exp.Table), exp.Table)


def test_line_breaks_in_quotes_of_a_long_crlf_file(tmp_path: Path) -> None:
    """Many blocks, LF within quotes and CRLF between records: read in place, the engine agrees, and lines are
    those of the file.
    """
    content = "id;texte\r\n" + "".join(
        f'{i};"suite\nde {i} ""x"" {"été" * (i % 9)}\n"\r\n' if i % 3 == 0 else f"{i};simple\r\n"
        for i in range(60_000)
    )
    table = read(content.encode(), tmp_path)
    assert isinstance(table.scan, CsvScan)
    assert [int(str(c[0])) for c in cells(table)] == list(range(60_000))
    lines = content.split("\n")
    asked = [1, 2, 3, 4, 20_000, 40_001, 59_999, 60_000]
    assert {n: lines[line - 1].split(";")[0] for n, line in physical_lines(table, asked).items()} == {
        n: str(n - 1) for n in asked
    }


def test_whole_file_is_checked_not_its_first_lines(tmp_path: Path) -> None:
    """One short record after 50,000 good ones is found, kept and told with its line."""
    content = (
        "id;nom\n"
        + "".join(f"{i};n{i}\n" for i in range(50_000))
        + "seul\n"
        + "".join(f"{i};n{i}\n" for i in range(50_000))
    )
    table = read(content.encode(), tmp_path)
    assert (table.rows, [(i.code, i.where) for i in table.issues]) == (
        100_001,
        [("ragged-rows", "ligne 50002")],
    )
    assert physical_lines(table, [50_001, 100_001]) == {50_001: 50_002, 100_001: 100_002}
    assert cells(table)[50_000] == ("seul", None)


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("nom;age;ville\nA,1,Paris\nB,2,Lyon\nC,3,Nice\n", ["nom", "age", "ville"]),
        ("nom,age,ville\nA;1;Paris\nB;2;Lyon\nC;3;Nice\n", ["nom", "age", "ville"]),
        ("nom\tquartier\nLuc,Gare\nAnne,Port\nPaul,Centre\n", ["nom", "quartier"]),
        ('"nom";"age"\nLuc|31\nAnne|42\nPaul|18\n', ["nom", "age"]),
        ("Liste des agents\nnom;age;ville\nA,1,Paris\nB,2,Lyon\nC,3,Nice\n", ["nom", "age", "ville"]),
    ],
)
def test_labels_cut_by_another_separator_than_the_rows_are_labels(
    text: str, labels: list[str], tmp_path: Path
) -> None:
    """They were lost: a line of one cell above the table passed for a title."""
    table = read(text.encode(), tmp_path)
    assert [c.name for c in table.columns] == labels
    assert len(cells(table)) == 3


@pytest.mark.parametrize(
    "text",
    [
        "Budget 2026 ; en euros\nA,1,Paris\nB,2,Lyon\nC,3,Nice\n",  # two cells above three
        "Ville ; Rivemont ; 2026\nA,1,Paris\nB,2,Lyon\nC,3,Nice\n",  # a year is no label
        "nom;nom;ville\nA,1,Paris\nB,2,Lyon\nC,3,Nice\n",  # one label twice
        "a;b;c\nA,1,x;y\nB,2,Lyon\nC,3,Nice\n",  # the sign stands in cells too
    ],
)
def test_a_title_above_rows_stays_a_title(text: str, tmp_path: Path) -> None:
    first = text.partition("\n")[0]
    assert not {*names(read(text.encode(), tmp_path))} & {part.strip() for part in first.split(";")}
