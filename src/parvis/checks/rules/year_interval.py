"""A school or budget year: AAAA/AAAA, the first before the second; one year alone when the schema allows it."""

from __future__ import annotations

from sqlglot import exp

from parvis.checks.custom import column, custom_params
from parvis.checks.declaration import Cell, Check, Clause, English, Example
from parvis.checks.sql import both, call, cast, matches, not_null, text, when, whole

_NAME = "year-interval-value"


def _rule(cell: Cell) -> Clause | None:
    params = next(
        (p for p in custom_params(cell.schema, _NAME) if column(p, "column") == cell.column.name), None
    )
    if params is None:
        return None
    alone = str(params.get("allow-year-only")).lower() in ("yes", "true")
    first, second = (
        cast(call("split_part", cell.text.copy(), text("/"), whole(place)), "INTEGER") for place in (1, 2)
    )
    late = exp.GTE(this=first, expression=second)
    wrong = when(
        (matches(cell.text, "[0-9]{4}/[0-9]{4}"), late),
        otherwise=exp.Not(this=matches(cell.text, "[0-9]{4}")) if alone else exp.true(),
    )
    return Clause(both(not_null(cell.text), wrong), {"form": "2025/2026, 2025" if alone else "2025/2026"})


year_interval = Check(
    name="year-interval",
    title="Intervalle d’années",
    message="{values} de la colonne « {column} » hors de la forme attendue : deux années, la première avant la seconde ({form}).",
    fix="Écrivez comme ceci : {form}.",
    english=English(
        title="Interval of years",
        message="{values} of column “{column}” not of the expected form: two years, the first before the second ({form}).",
        fix="Write like this: {form}.",
    ),
    custom=_NAME,
    rule=_rule,
    examples=(
        Example(
            {
                "fields": [{"name": "c"}, {"name": "d"}],
                "custom_checks": [{"name": _NAME, "params": {"column": "c"}}],
            },
            ("c", "d"),
            (
                ("2017/2018", "x"),
                ("2018/2017", "x"),
                ("2017/2017", "x"),
                ("2017", "x"),
                ("2017-2018", "x"),
                ("", "x"),
            ),
            (2, 3, 4, 5),
        ),
        Example(
            {
                "fields": [{"name": "c"}],
                "custom_checks": [{"name": _NAME, "params": {"column": "c", "allow-year-only": "yes"}}],
            },
            ("c",),
            (("2017",), ("2017/2018",), ("17",), ("2017/2016",)),
            (3, 4),
        ),
    ),
)
