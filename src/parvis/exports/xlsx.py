"""Excel workbook (Office Open XML), written by the engine as text and zipped as it comes: memory stays flat
and no Python object is made per cell.

A sheet holds 1,048,576 rows: a larger table goes on in further sheets. A cell holds 32,767 characters, as
UTF-16 counts them: a longer text is cut, or Excel would call the workbook damaged. Control characters, which
XML can't hold, are left out. Each is told in a last sheet, « À lire ». Whole numbers of more than 15 digits
are written as text: Excel would round them. A datetime is the wall clock of the time zone asked for.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

import pyarrow as pa
from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.released import Released
from parvis.core.text import french_number, in_number
from parvis.core.types import Column, Schema
from parvis.engine import trees as t
from parvis.engine.read import Engine, read
from parvis.engine.relations import over
from parvis.engine.render import Shown, moment, plain, shown_columns
from parvis.engine.result import utf8
from parvis.exports import xml
from parvis.exports.declaration import Chunks, Exporter, Options
from parvis.exports.spool import Pipe

SHEET_ROWS = 1_048_576
CELL = 32_767
NOTES = "À lire"
EXACT = 999_999_999_999_999
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

BOLD, DATE, DATETIME, TIME = "1", "2", "3", "4"
_STYLES = (
    f'{_HEAD}<styleSheet {_MAIN}><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="5"><xf/><xf fontId="1" applyFont="1"/><xf numFmtId="165" applyNumberFormat="1"/><xf numFmtId="164" applyNumberFormat="1"/>'
    '<xf numFmtId="21" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def chunks(engine: Engine, released: Released, options: Options, sheet_rows: int = SHEET_ROWS) -> Chunks:
    columns = shown_columns(released.schema)
    pipe = Pipe()
    titles = [(c.title or c.name) if options.use_labels else c.name for c in columns]
    sheets: list[str] = []
    rows = 0
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:  # pyright: ignore[reportArgumentType] (writes in order only)
        tree = over(released).select(t.alias(_row(columns, options), "row"), copy=False)
        with read(engine, released.querying(tree, Schema(columns=(Column("row"),)))) as result:
            pieces = _slices(result.batches(), sheet_rows - 1)
            piece = next(pieces, None)
            while piece is not None or not sheets:
                sheets.append(_sheet_name(options.title, len(sheets) + 1))
                with archive.open(f"xl/worksheets/sheet{len(sheets)}.xml", "w", force_zip64=True) as sheet:
                    sheet.write(_top(titles))
                    full = False
                    while piece is not None and not full:
                        texts, full = piece
                        for chunk in utf8(texts):
                            sheet.write(chunk)
                        rows += len(texts)
                        yield pipe.take()
                        piece = next(pieces, None)
                    sheet.write(b"</sheetData></worksheet>")
        notes = [*_notes(engine, released, columns)]
        if len(sheets) > 1:
            notes.insert(
                0,
                f"Le tableau compte {french_number(rows)} lignes ; une feuille en contient {french_number(sheet_rows)} au plus : il continue "
                f"sur {len(sheets)} feuilles.",
            )
        if notes:
            sheets.append(NOTES)
            archive.writestr(f"xl/worksheets/sheet{len(sheets)}.xml", _note_sheet(notes))
        for name, content in _parts(sheets):
            archive.writestr(name, content)
    yield pipe.take()


def _slices(batches: Iterator[pa.RecordBatch], size: int) -> Iterator[tuple[pa.Array[pa.StringScalar], bool]]:
    """The one column, cut so that no piece crosses a multiple of `size` rows; whether a piece ends on one."""
    place = 0
    for batch in batches:
        texts = batch.column(0)
        while len(texts):
            room = size - place % size
            head, texts = texts.slice(0, room), texts.slice(room)
            place += len(head)
            yield head, place % size == 0  # pyright: ignore[reportReturnType] (of any type, says the stub)


def _row(columns: tuple[Shown, ...], options: Options) -> Expr:
    return t.call("concat", t.text("<row>"), *(_cell(c, options) for c in columns), t.text("</row>"))


def _cell(one: Shown, options: Options) -> Expr:
    """A cell as XML; `<c/>` keeps the place of what is missing."""
    value = t.column(one.stored)
    absent: Expr = t.text("<c/>")
    if one.raw:
        absent = exp.Coalesce(this=_inline(t.column(one.raw)), expressions=[absent])
    content = _typed(one, value, options)
    return exp.Coalesce(this=content, expressions=[absent])


def _typed(one: Shown, value: Expr, options: Options) -> Expr:
    as_text = _inline(plain(t.column(one.stored), one.type, options.timezone, options.list_separator))
    match one.type:
        case "integer" | "year":
            small = exp.Between(this=value, low=t.number(-EXACT), high=t.number(EXACT))
            return t.either(small, _number(value.copy()), as_text)
        case "number":
            return t.either(t.call("isfinite", t.cast(value, "DOUBLE")), _number(value.copy()))
        case "boolean":
            return t.joined(
                t.text('<c t="b"><v>'), t.cast(t.cast(value, "INTEGER"), "VARCHAR"), t.text("</v></c>")
            )
        case "date":
            days = t.call("date_diff", t.text("day"), t.cast(t.text("1899-12-30"), "DATE"), value)
            return t.either(_in_calendar(value.copy()), _number(days, DATE), as_text)
        case "datetime":
            clock = moment(value, options.timezone)
            since = t.call(
                "date_diff", t.text("microsecond"), t.cast(t.text("1899-12-30"), "TIMESTAMP"), clock
            )
            return t.either(
                _in_calendar(clock.copy()),
                _number(exp.Div(this=since, expression=t.number(86_400_000_000.0)), DATETIME),
                as_text,
            )
        case "time":
            since = t.call("date_diff", t.text("microsecond"), t.cast(t.text("00:00:00"), "TIME"), value)
            return _number(exp.Div(this=since, expression=t.number(86_400_000_000.0)), TIME)
        case _:
            return as_text


def _in_calendar(value: Expr) -> Expr:
    """Excel's own calendar holds these dates without a doubt."""
    first, last = t.cast(t.text("1900-03-01"), "DATE"), t.cast(t.text("9999-12-31"), "DATE")
    return exp.and_(
        exp.GTE(this=value, expression=first), exp.LT(this=value.copy(), expression=last), copy=False
    )


def _number(value: Expr, style: str = "") -> Expr:
    opening = f'<c s="{style}"><v>' if style else "<c><v>"
    return t.joined(t.text(opening), t.cast(value, "VARCHAR"), t.text("</v></c>"))


def _inline(value: Expr) -> Expr:
    """A text cell; characters that XML can't hold are dropped. One that UTF-16 writes in two, as pictures
    are, counts twice.
    """
    most = t.either(exp.GT(this=_pairs(value), expression=t.number(0)), t.number(CELL // 2), t.number(CELL))
    content = xml.written(t.either(_too_long(value), t.call("left", value.copy(), most), value.copy()))
    return t.joined(t.text('<c t="inlineStr"><is><t xml:space="preserve">'), content, t.text("</t></is></c>"))


def _too_long(value: Expr) -> Expr:
    """Whether a text has more characters than a cell holds, as UTF-16 counts. Only texts of more than half
    are looked at closely.
    """
    length = t.call("length", value.copy())
    some = exp.GT(this=length.copy(), expression=t.number(CELL // 2))
    return t.either(
        some,
        exp.GT(this=exp.Add(this=length, expression=_pairs(value)), expression=t.number(CELL)),
        exp.false(),
    )


def _pairs(value: Expr) -> Expr:
    """How many characters of a text UTF-16 writes in two."""
    return t.call(
        "length",
        t.call("regexp_replace", value.copy(), t.text(r"[^\x{10000}-\x{10FFFF}]"), t.text(""), t.text("g")),
    )


def _notes(engine: Engine, released: Released, columns: tuple[Shown, ...]) -> Iterator[str]:
    """One sentence for each column that had texts too long for a cell, and one for each whose texts had
    characters that no cell can hold.
    """
    texts = [c for c in columns if c.type in ("text", "json", "array", "shape")]
    if not texts:
        return
    values = [plain(t.column(c.stored), c.type) for c in texts]
    conditions = [_too_long(v) for v in values] + [
        t.call("regexp_matches", v.copy(), t.text(xml.NOT_XML)) for v in values
    ]
    names = [f"n{i}" for i in range(len(conditions))]
    tree = over(released).select(
        *(t.alias(t.call("count_if", one), name) for one, name in zip(conditions, names, strict=True)),
        copy=False,
    )
    with read(
        engine, released.querying(tree, Schema(columns=tuple(Column(name, "integer") for name in names)))
    ) as result:
        (counts,) = result.rows()
    for i, column in enumerate(texts):
        cut, bare = counts[f"n{i}"], counts[f"n{i + len(texts)}"]
        if isinstance(cut, int) and cut:
            yield (
                in_number(
                    cut,
                    "Colonne « {name} » : {n} texte[s] de plus de {most} caractères, coupé[s] ici parce qu’une cellule n’en contient pas plus. "
                    "Les formats CSV, JSON et Parquet [le|les] contiennent en entier.",
                    name=column.name,
                    most=french_number(CELL),
                )
            )
        if isinstance(bare, int) and bare:
            yield (
                in_number(
                    bare,
                    "Colonne « {name} » : {n} texte[s] avec des caractères de commande, ôtés ici parce qu’un classeur ne peut pas les "
                    "contenir. Les formats CSV, JSON et Parquet les gardent.",
                    name=column.name,
                )
            )


def _top(titles: list[str]) -> bytes:
    cells = "".join(_text_cell(one, f' s="{BOLD}"') for one in titles)
    pane = '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    return f"{_HEAD}<worksheet {_MAIN}>{pane}<sheetData><row>{cells}</row>".encode()


def _note_sheet(notes: list[str]) -> str:
    rows = "".join(f"<row>{_text_cell(one)}</row>" for one in notes)
    return f'{_HEAD}<worksheet {_MAIN}><cols><col min="1" max="1" width="120" customWidth="1"/></cols><sheetData>{rows}</sheetData></worksheet>'


def _text_cell(text: str, attributes: str = "") -> str:
    return f'<c t="inlineStr"{attributes}><is><t xml:space="preserve">{xml.text(text[:CELL])}</t></is></c>'


def _sheet_name(title: str, number: int) -> str:
    plain_title = re.sub(r"[\\/*?:\[\]]|[\x00-\x1f]", " ", title).strip("' ") or "Données"
    if plain_title.lower() in _TAKEN:
        plain_title = f"Table {plain_title}"
    return plain_title[:31] if number == 1 else f"{plain_title[:25]} ({number})"


_TAKEN = frozenset({"à lire", "history", "historique"})
"""Our own last sheet, and the names that Excel keeps for itself, in English and in French."""


def _parts(sheets: list[str]) -> Iterator[tuple[str, str]]:
    numbers = range(1, len(sheets) + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for n in numbers
    )
    yield (
        "[Content_Types].xml",
        (
            f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{overrides}</Types>'
        ),
    )
    office = f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    yield "_rels/.rels", f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{office}</Relationships>'
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>'
        for n, name in zip(numbers, sheets, strict=True)
    )
    yield (
        "xl/workbook.xml",
        f'{_HEAD}<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
    )
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    styles = f'<Relationship Id="rId{len(sheets) + 1}" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    yield (
        "xl/_rels/workbook.xml.rels",
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{relations}{styles}</Relationships>',
    )
    yield "xl/styles.xml", _STYLES


XLSX = Exporter(
    "xlsx",
    "Classeur Excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xlsx",
    chunks,
    b"PK\x03\x04",
    packed=True,
    steady=False,
)
