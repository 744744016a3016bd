"""Bring columns of another table beside those of this one, where a key is the same."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from parvis.core.reading import RawColumn
from parvis.core.sentence import Sentence
from parvis.core.text import french_number
from parvis.core.types import Finding, Row
from parvis.engine import trees as t
from parvis.engine.scans import column as cell_name
from parvis.prepare.declaration import Bench, Choice, Example, Names, Parameter, Step, Unfit, Values
from parvis.prepare.frame import PART, RECORD, Frame, NoColumn, cell, start, tell_rows
from parvis.prepare.tracing import Cells, Flow, carried

_PLACE = "_place"


def _apply(frame: Frame, params: Values, bench: Bench) -> Frame:
    raw = bench.table(params.text("with"))
    other = start(raw, con=bench.con, spool=bench.spool)
    ours, theirs = (
        [frame.at(a) for a in params.pairs("on")],
        [_theirs(other, b, params) for b in params.pairs("on").values()],
    )
    taken = [_theirs(other, name, params) for name in params.texts("take")]
    names = [f"{params.text('prefix')}{other.columns[i].name}" for i in taken]
    frame.free(*names)
    keyed = _keyed(other, theirs, taken)
    if params.text("several") == "refuse":
        _refuse_several(keyed, params.text("with"), bench)
    first = exp.EQ(this=t.column(_PLACE), expression=t.number(1))
    known = (
        keyed
        if params.text("several") == "all"
        else exp.Select(expressions=[exp.Star()])
        .from_(exp.Subquery(this=keyed), copy=False)
        .where(first, copy=False)
    )
    met = exp.and_(
        *(
            exp.EQ(
                this=t.call("trim", _of(frame.text(i), "ours")),
                expression=exp.column(f"k{n}", table="theirs", quoted=True),
            )
            for n, i in enumerate(ours)
        ),
        copy=False,
    )
    cells: list[tuple[RawColumn, exp.Expr]] = [
        (c, exp.column(cell_name(i), table="ours", quoted=True)) for i, c in enumerate(frame.columns)
    ]
    at = frame.end()
    cells[at:at] = [
        (RawColumn(name, name), exp.column(f"v{n}", table="theirs", quoted=True))
        for n, name in enumerate(names)
    ]
    match = exp.column(_PLACE, table="theirs", quoted=True)
    order = exp.Order(expressions=[exp.column(PART, table="ours", quoted=True), match])
    part = exp.Window(
        this=exp.RowNumber(), partition_by=[exp.column(RECORD, table="ours", quoted=True)], order=order
    )
    beside = [
        *(t.alias(value, cell_name(i)) for i, (_, value) in enumerate(cells)),
        t.alias(exp.column(RECORD, table="ours", quoted=True), RECORD),
        t.alias(
            part if params.text("several") == "all" else exp.column(PART, table="ours", quoted=True), PART
        ),
        t.alias(match.copy(), _PLACE),
    ]
    query = exp.Select(expressions=beside).from_(
        exp.Subquery(this=frame.query.copy(), alias=exp.TableAlias(this=exp.to_identifier("ours"))),
        copy=False,
    )
    query = query.join(
        exp.Subquery(this=known, alias=exp.TableAlias(this=exp.to_identifier("theirs"))),
        on=met,
        join_type="left",
        copy=False,
    )
    joined = replace(frame, columns=tuple(c for c, _ in cells), query=query, ordered=False)
    alone = t.absent(t.column(_PLACE))
    if params.text("missing") == "drop":
        return _plain(joined.where(exp.Not(this=alone)))

    def say(count: int, rows: tuple[Row, ...]) -> Finding:
        many = f"{french_number(count)} lignes n’ont" if count > 1 else "1 ligne n’a"
        return Finding(
            "recipe-join-alone",
            f"Jointure avec « {params.text('with')} » : {many} pas de correspondance.",
            "warning",
            "consistency",
            ", ".join(params.pairs("on")),
            count,
            rows,
            "Corrigez la clé dans le fichier, ou complétez l’autre table.",
        )

    key = t.call("concat_ws", t.text(" · "), *(joined.text(i) for i in ours))
    return _plain(tell_rows(joined, alone, key, say, con=bench.con))


def _plain(frame: Frame) -> Frame:
    """Without the technical column that says whether a row has a match."""
    return frame.select([(c, cell(i)) for i, c in enumerate(frame.columns)])


def _of(text: exp.Expr, table: str) -> exp.Expr:
    """The same, of one side of the join."""
    for column in text.find_all(exp.Column):
        column.set("table", exp.to_identifier(table))
    return text


def _theirs(other: Frame, name: str, params: Values) -> int:
    try:
        return other.at(name)
    except NoColumn as wrong:
        raise Unfit(
            Sentence(
                "la table « {with_} » n’a pas de colonne « {name} ». Elle a : {list}.",
                with_=params.text("with"),
                name=name,
                list=", ".join(other.names),
            ),
            mend=Sentence("Corrigez l’étape."),
            column=name,
        ) from wrong


def _keyed(other: Frame, theirs: list[int], taken: list[int]) -> exp.Select:
    """The other table: its key k0…, its values v0…, and the place of each row among those of one key, from 1."""
    keys = [t.alias(t.call("trim", other.text(i)), f"k{n}") for n, i in enumerate(theirs)]
    values = [t.alias(other.text(i), f"v{n}") for n, i in enumerate(taken)]
    inner = exp.Select(expressions=[*keys, *values, t.column(RECORD)]).from_(other.below(), copy=False)
    order = exp.Order(expressions=[t.column(RECORD)])
    place = exp.Window(
        this=exp.RowNumber(), partition_by=[t.column(f"k{n}") for n in range(len(theirs))], order=order
    )
    whole = exp.and_(*(exp.Not(this=t.absent(t.column(f"k{n}"))) for n in range(len(theirs))), copy=False)
    return (
        exp.Select(expressions=[exp.Star(), t.alias(place, _PLACE)])
        .from_(exp.Subquery(this=inner), copy=False)
        .where(whole)
    )


def _refuse_several(keyed: exp.Select, reference: str, bench: Bench) -> None:
    second = exp.EQ(this=t.column(_PLACE), expression=t.number(2))
    query = (
        exp.Select(expressions=[t.column(RECORD)])
        .from_(exp.Subquery(this=keyed.copy()))
        .where(second)
        .order_by(t.column(RECORD))
        .limit(1)
    )
    row = bench.con.execute(query.sql("duckdb")).fetchone()
    if row is not None:
        raise Unfit(
            Sentence(
                "dans « {reference} », la clé de la ligne {found} désigne plusieurs lignes.",
                reference=reference,
                found=row[0],
            ),
            mend=Sentence(
                "Rendez la clé unique, joignez sur plus de colonnes, ou choisissez de prendre la première ligne ou toutes."
            ),
        )


def _flow(params: Values, before: Names, after: Names) -> Flow:
    ours, theirs = tuple(params.pairs("on")), tuple(params.pairs("on").values())
    taken = {f"{params.text('prefix')}{name}": Cells(ours, (*theirs, name)) for name in params.texts("take")}
    chosen = params.text("missing") == "drop" or params.text("several") == "all"
    return Flow(
        {**carried(before), **taken},
        ours if chosen else (),
        theirs if chosen else (),
        params.text("with"),
        params.text("several") == "all",
    )


join = Step(
    name="join",
    title="Joindre une autre table",
    english="Join another table",
    parameters=(
        Parameter(
            "with",
            "source",
            "Autre table",
            "Une ressource publiée, ou un fichier gardé avec la recette",
            ("Other table", "A published resource, or a kept file"),
        ),
        Parameter(
            "on",
            "pairs",
            "Colonnes qui se correspondent",
            "Une ligne par paire : colonne d’ici => colonne de l’autre table",
            ("Columns that match", "One line a pair: column here => column there"),
        ),
        Parameter(
            "take",
            "columns",
            "Colonnes à prendre dans l’autre table",
            english=("Columns to take from the other table", ""),
            free=True,
        ),
        Parameter(
            "prefix",
            "text",
            "Ce qui précède leurs noms",
            english=("What goes before their names", ""),
            default="",
        ),
        Parameter(
            "missing",
            "choice",
            "Lignes sans correspondance",
            english=("Rows without a match", ""),
            default="keep",
            choices=(
                Choice("keep", "les garder, colonnes vides", "keep them, columns empty"),
                Choice("drop", "les retirer", "drop them"),
            ),
        ),
        Parameter(
            "several",
            "choice",
            "Si la clé désigne plusieurs lignes de l’autre table",
            english=("When the key names several rows there", ""),
            default="refuse",
            choices=(
                Choice("refuse", "s’arrêter", "stop"),
                Choice("first", "prendre la première", "take the first"),
                Choice("all", "une ligne pour chacune", "one row for each"),
            ),
        ),
    ),
    apply=_apply,
    flow=_flow,
    examples=(
        Example(
            {"with": "communes", "on": {"code": "insee"}, "take": ["nom"], "prefix": "commune_"},
            ("code", "n"),
            (("34172", "1"), ("34001", "2"), ("", "3"), (" 34172 ", "4")),
            ("code", "n", "commune_nom"),
            (
                ("34172", "1", "Montclair"),
                ("34001", "2", None),
                (None, "3", None),
                (" 34172 ", "4", "Montclair"),
            ),
            findings=("recipe-join-alone",),
            tables={"communes": (("insee", "nom"), (("34172", "Montclair"), ("34003", "Agde")))},
        ),
        Example(
            {"with": "prix", "on": {"a": "a", "b": "b"}, "take": ["p"], "missing": "drop", "several": "all"},
            ("a", "b"),
            (("y", "1"), ("x", "1"), ("z", "1"), ("x", "1")),
            ("a", "b", "p"),
            (("y", "1", "7"), ("x", "1", "5"), ("x", "1", "6"), ("x", "1", "5"), ("x", "1", "6")),
            (1, 2, 2, 4, 4),
            tables={
                "prix": (
                    ("a", "b", "p"),
                    (("x", "1", "5"), ("x", "2", "9"), ("y", "1", "7"), ("x", "1", "6")),
                )
            },
        ),
        Example(
            {"with": "prix", "on": {"a": "a"}, "take": ["p"], "several": "first"},
            ("a",),
            (("x",),),
            ("a", "p"),
            (("x", "5"),),
            tables={"prix": (("a", "p"), (("x", "5"), ("x", "6")))},
        ),
    ),
)
