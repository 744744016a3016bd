"""CSV: one header, one line a record, UTF-8. The engine writes the lines; what is missing is an empty cell;
booleans are true and false.
"""

from __future__ import annotations

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core import formulas
from parvis.core.released import Released
from parvis.core.types import Column, Schema
from parvis.engine import trees as t
from parvis.engine.read import Engine, read
from parvis.engine.relations import over
from parvis.engine.render import Shown, plain, shown_columns
from parvis.exports.declaration import Chunks, Exporter, Options

END = "\r\n"


def _chunks(engine: Engine, released: Released, options: Options) -> Chunks:
    columns = shown_columns(released.schema)
    names = [(c.title or c.name) if options.use_labels else c.name for c in columns]
    header = (
        ("\ufeff" if options.with_bom else "")
        + options.delimiter.join(_quoted(n, options) for n in names)
        + END
    )
    tree = over(released).select(
        t.alias(line(columns, options) if columns else t.text(END), "line"), copy=False
    )
    with read(engine, released.querying(tree, Schema(columns=(Column("line"),)))) as result:
        yield header.encode()
        yield from result.text()


def line(columns: tuple[Shown, ...], options: Options) -> Expr:
    """One record as text, its end of line included; never NULL."""
    parts: list[Expr] = []
    for one in columns:
        parts += [t.text(options.delimiter), _cell(one, options)]
    if len(columns) == 1:
        # A line that is empty would not be read back as a record.
        return t.call(
            "concat", exp.Coalesce(this=_cell(columns[0], options), expressions=[t.text('""')]), t.text(END)
        )
    return t.call("concat", *parts[1:], t.text(END))


def _cell(one: Shown, options: Options) -> Expr:
    """The text of a cell, quoted where it must be; the raw text where the typed value is missing."""
    value = plain(t.column(one.stored), one.type, options.timezone, options.list_separator)
    if one.raw:
        value = exp.Coalesce(this=value, expressions=[t.column(one.raw)])
    if (
        not options.quote_all
        and not one.raw
        and one.type in ("integer", "number", "boolean", "date", "datetime", "time", "year")
    ):
        return value
    if options.protect_formulas:
        value = _inert(value)
    quoted = t.joined(t.text('"'), t.call("replace", value, t.text('"'), t.text('""')), t.text('"'))
    if options.quote_all:
        return exp.Coalesce(this=quoted, expressions=[t.text('""')])
    # An empty text is written "" and what is missing is written as nothing: both can be told apart when read
    # back.
    special = exp.or_(
        exp.EQ(this=value.copy(), expression=t.text("")),
        *(t.call("contains", value.copy(), t.text(mark)) for mark in ('"', options.delimiter, "\n", "\r")),
        copy=False,
    )
    return t.either(special, quoted, value.copy())


def _inert(value: Expr) -> Expr:
    """The text with an apostrophe before it where a spreadsheet would run it."""
    runs = t.call("regexp_matches", value.copy(), t.text(formulas.BEGINS), t.text("s"))
    harmless = t.call("regexp_matches", value.copy(), t.text(formulas.HARMLESS))
    marked = t.joined(t.text(formulas.MARK), value.copy())
    return t.either(exp.and_(runs, exp.not_(harmless), copy=False), marked, value)


def _quoted(text: str, options: Options) -> str:
    if options.protect_formulas:
        text = formulas.inert(text)
    if options.quote_all or not text or any(mark in text for mark in ('"', options.delimiter, "\n", "\r")):
        return '"' + text.replace('"', '""') + '"'
    return text


CSV = Exporter("csv", "CSV", "text/csv; charset=utf-8", "csv", _chunks, b"\xef\xbb\xbf")
