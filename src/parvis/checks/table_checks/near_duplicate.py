"""One item entered twice with small differences: a name a letter apart, at the same address or at the same
place.

Blocking, then similarity: rows are compared only within one place (address without case and accents, or
coordinates to some ten metres); names are alike by Jaro-Winkler on their sorted words; names that differ by a
number (« École 1 », « École 2 ») are two things.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.checks.declaration import Check, English, Example
from parvis.checks.sql import both, call, select_from, surely, text, whole
from parvis.checks.typed_view import RECORD, RuleHit, TypedView, cell, present
from parvis.core.text import fold
from parvis.core.types import POINT

ALIKE = 0.93
"""Similarity of names, from 0 to 1."""
CROWD = 50
"""Rows of one place from which it is no place but a default."""
SOME = 0.1
"""Share of near repetitions above which the table is a list of like things."""

_NAME = re.compile(
    r"(^|_)(nom|noms|name|libelle|denomination|raison_sociale|intitule|titre|etablissement|equipement|enseigne)(_|$)"
)


def _look(view: TypedView) -> Iterator[RuleHit]:
    name = next(
        (
            c.name
            for c, p in view.columns("text")
            if _named(c.name) and p.distinct > 0.5 * (view.rows - p.nulls)
        ),
        None,
    )
    place = _place(view)
    if name is None or place is None or view.series is not None:
        return
    folded = exp.Lower(this=call("strip_accents", cell(name)))
    words = call(
        "list_sort",
        call(
            "string_split_regex",
            call("trim", call("regexp_replace", folded, text("[^a-z0-9]+"), text(" "), text("g"))),
            text(" "),
        ),
    )
    number = exp.Alias(
        this=exp.Add(this=exp.column("file_row_number"), expression=whole(1)),
        alias=exp.to_identifier(RECORD, quoted=True),
    )
    rows = view.select(
        number,
        _as(cell(name), "said"),
        _as(call("array_to_string", words, text(" ")), "name"),
        _as(place, "place"),
    )
    rows = rows.where(present(name), copy=False)
    crowd = exp.Window(this=exp.Count(this=exp.Star()), partition_by=[exp.column("place")])
    placed = select_from(rows, exp.Star(), _as(crowd, "crowd"))
    near = select_from(placed, exp.Star()).where(
        exp.Between(this=exp.column("crowd"), low=whole(2), high=whole(CROWD)), copy=False
    )

    def side(alias: str) -> exp.Subquery:
        return exp.Subquery(this=near.copy(), alias=exp.TableAlias(this=exp.to_identifier(alias)))

    def of(alias: str, column: str) -> Expr:
        return exp.column(column, table=alias, quoted=True)

    def figures(alias: str) -> Expr:
        return call("regexp_extract_all", of(alias, "name"), text("[0-9]+"))

    meets = both(
        exp.EQ(this=of("a", "place"), expression=of("b", "place")),
        exp.LT(this=of("a", RECORD), expression=of("b", RECORD)),
        exp.EQ(this=figures("a"), expression=figures("b")),
        exp.GTE(
            this=call("jaro_winkler_similarity", of("a", "name"), of("b", "name")),
            expression=exp.Literal.number(ALIKE),
        ),
    )
    pair_text = call("concat", exp.Min(this=of("a", "said")), text(" ≈ "), exp.Min(this=of("b", "said")))
    pairs = exp.Select(
        expressions=[of("b", RECORD), pair_text],
        from_=exp.From(this=side("a")),
        joins=[exp.Join(this=side("b"), on=meets)],
    ).group_by(of("b", RECORD), copy=False)
    pairs_found = view.fetch(pairs)
    late = sorted((n, s) for n, s in pairs_found if isinstance(n, int) and isinstance(s, str))
    if 0 < len(late) <= max(1, SOME * view.rows):
        yield RuleHit(name, len(late), tuple(late[: view.limit]))


def _named(name: str) -> bool:
    return _NAME.search(re.sub(r"[\W_]+", "_", fold(name))) is not None


def _place(view: TypedView) -> Expr | None:
    """Where a row is, as a text that two entries of one item share; NULL when it is not known."""
    address = next(
        (
            c.name
            for c, p in view.columns("text")
            if c.meaning == "address" and p.distinct > 0.3 * (view.rows - p.nulls)
        ),
        None,
    )
    if address is not None:
        plain = call(
            "regexp_replace",
            exp.Lower(this=call("strip_accents", cell(address))),
            text("[^a-z0-9]+"),
            text(" "),
            text("g"),
        )
        return call("nullif", call("trim", plain), text(""))
    if view.schema.geometry == "point":
        lon, lat = (
            call("round", call("struct_extract", cell(POINT), text(axis)), whole(4))
            for axis in ("lon", "lat")
        )
        return exp.DPipe(
            this=surely(lon, "VARCHAR"),
            expression=exp.DPipe(this=text(" "), expression=surely(lat, "VARCHAR")),
        )
    return None


def _as(value: Expr, name: str) -> Expr:
    return exp.Alias(this=value, alias=exp.to_identifier(name, quoted=True))


near_duplicate = Check(
    name="near-duplicate",
    title="Presque doublon",
    message="{rows} qui semblent redire une ligne précédente : nom presque égal (« {column} ») au même endroit.",
    fix="Comparez les deux lignes : gardez-en une, ou écrivez ce qui les distingue.",
    english=English(
        title="Near duplicate",
        message="{rows} that seem to repeat a row before: a name almost equal (“{column}”) at the same place.",
        fix="Compare the two rows: keep one, or write what tells them apart.",
    ),
    severity="warning",
    dimension="uniqueness",
    look=_look,
    examples=(
        Example(
            {},
            ("nom", "adresse", "places"),
            (
                *(
                    (f"École {n}", f"{i} rue Foch", str(20 + i))
                    for i, n in enumerate(("Jules Ferry", "Victor Hugo", "Jean Moulin", "Marie Curie"), 1)
                ),
                *(
                    (f"Crèche {n}", f"{i} avenue de Nîmes", str(20 + i))
                    for i, n in enumerate(("Les Lutins", "Pic et Plume", "Olympe", "Thérèse"), 1)
                ),
                ("Ecole Jules-Ferry", "1 Rue Foch", "21"),
                ("École Jules Ferry 2", "1 rue Foch", "8"),
            ),
            (9,),
        ),
    ),
)
