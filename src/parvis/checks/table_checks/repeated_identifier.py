"""An identifier that stands on two rows, in a table that has a row for each: no schema has to say that it is the key."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlglot import exp

from parvis.checks.declaration import Check, English, Example
from parvis.checks.sql import select_from, surely, whole
from parvis.checks.typed_view import IDENTIFIERS, PLACES, RECORD, RuleHit, TypedView, cell, present
from parvis.core.text import fold
from parvis.core.types import Column

AT_LEAST = 6
"""Rows from which a column tells what it identifies."""
SOME = 0.02
"""Share of repetitions above which the column says something else than which row it is."""
_NAMES = re.compile(
    r"(?:^|_)(?:id|ident|identifiant|identifier|uid|uuid|guid|gid|fid|objectid|matricule)(?:_|$)"
)
"""What a key is called; a code, a number or a reference may be that of something else."""
_OWN = re.compile(r"^(?:code|numero|num|no|n|ref|reference)(?:_|$)")
"""…but for the first column of the table, and in it."""


def _look(view: TypedView) -> Iterator[RuleHit]:
    if view.rows < AT_LEAST or view.series is not None:
        return
    first = view.schema.columns[0].name if view.schema.columns else ""
    keys = [
        (column, known)
        for column, known in view.columns("text", "integer")
        if _key(column, first=column.name == first)
    ]
    if any(known.distinct >= view.rows for _, known in keys):
        return  # another tells the rows apart: these are of something else
    for column, known in keys[:1]:
        filled = view.rows - known.nulls
        if filled - known.distinct > max(1, SOME * filled) * 2:  # a distinct count may be approximate
            continue
        query = view.select(exp.Count(this=exp.Distinct(expressions=[cell(column.name)])))
        ((distinct,),) = view.fetch(query)
        late = filled - distinct if isinstance(distinct, int) else 0
        if 0 < late <= max(1, SOME * filled):
            yield RuleHit(column.name, late, view.first(_again(view, column.name)))


def _key(column: Column, *, first: bool) -> bool:
    """Whether a column is named as what identifies the rows of its table."""
    name = re.sub(r"[\W_]+", "_", fold(column.name)).strip("_")
    elsewhere = column.meaning in (IDENTIFIERS | PLACES) - {"id", "uuid"}
    return not elsewhere and (_NAMES.search(name) is not None or (first and _OWN.search(name) is not None))


def _again(view: TypedView, name: str) -> exp.Select:
    """The rows whose identifier stands on a row before."""
    turn = exp.Window(
        this=exp.RowNumber(),
        partition_by=[cell(name)],
        order=exp.Order(expressions=[exp.column("file_row_number")]),
    )
    number = exp.Alias(
        this=exp.Add(this=exp.column("file_row_number"), expression=whole(1)),
        alias=exp.to_identifier(RECORD, quoted=True),
    )
    evidence = exp.Alias(this=surely(cell(name), "VARCHAR"), alias=exp.to_identifier("evidence"))
    turned = view.select(number, evidence, exp.Alias(this=turn, alias=exp.to_identifier("turn")))
    turned = turned.where(present(name), copy=False)
    return select_from(turned, exp.column(RECORD, quoted=True), exp.column("evidence")).where(
        exp.GT(this=exp.column("turn"), expression=whole(1)), copy=False
    )


repeated_identifier = Check(
    name="repeated-identifier",
    title="Identifiant en double",
    message="{values} de la colonne « {column} » : un identifiant qui est déjà celui d’une autre ligne.",
    fix="Donnez à chaque ligne son identifiant, ou supprimez la ligne de trop.",
    why="Qui joint ou met à jour par l’identifiant prend une ligne pour l’autre, ou compte deux fois.",
    english=English(
        title="Repeated identifier",
        message="{values} of column “{column}”: an identifier that another row has already.",
        fix="Give each row an identifier of its own, or delete the row that is too many.",
        why="Whoever joins or updates by the identifier takes one row for another, or counts twice.",
    ),
    severity="warning",
    dimension="uniqueness",
    look=_look,
    examples=(
        Example(
            {},
            ("id_arbre", "essence", "hauteur"),
            tuple((f"A-{2 if i == 5 else i}", "Tilleul", str(9 + i)) for i in range(1, 9)),
            (5,),
        ),
        Example(
            {},
            ("N° de dossier", "objet"),
            tuple((f"26-{4 if i == 9 else i:03}", f"Clôture {i}") for i in range(1, 20)),
            (9,),
        ),
        Example(
            {},
            ("id_ligne", "arret"),
            tuple((f"L{i // 3}", f"Arrêt {i}") for i in range(1, 20)),
            (),
        ),
        Example(
            {},
            ("id_site", "id_arbre"),
            tuple((f"S{min(i, 11)}", f"A{i}") for i in range(1, 13)),
            (),
        ),
        Example({}, ("nom", "places"), tuple((f"École {min(i, 7)}", str(i)) for i in range(1, 9)), ()),
    ),
)
