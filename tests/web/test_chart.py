"""What a chart shows of a table that nobody has chosen columns of yet."""

from __future__ import annotations

import pytest
from starlette.datastructures import QueryParams

from parvis.core.types import Column, ColumnProfile
from parvis.web.chart_choice import choose

YEAR = Column("annee", "year")
PROFILE = (ColumnProfile("annee", "year", 100, 0, 30), ColumnProfile("section", "text", 100, 0, 2))


@pytest.mark.parametrize(
    ("columns", "query", "shown"),
    [
        ((Column("hauteur", "number", unit="m"),), "", ("hauteur", "mean")),
        (
            (Column("fonction", "integer"),),
            "",
            (None, "count"),
        ),  # a number without a unit is as likely a code
        ((Column("fonction", "integer"), Column("vote", "number", unit="€")), "", ("vote", "sum")),
        ((Column("pm10", "number", unit="µg/m³"), Column("passages", "integer")), "", ("passages", "sum")),
        ((Column("nb_eleves", "integer"),), "", ("nb_eleves", "sum")),
        ((Column("nombre", "integer", unit="naissances"),), "", ("nombre", "sum")),
        ((Column("nombre_moyen", "number", unit="passages/h"),), "", ("nombre_moyen", "mean")),
        ((Column("fonction", "integer"),), "calcul=mean", ("fonction", "mean")),
        (
            (Column("fonction", "integer"), Column("vote", "number", unit="€")),
            "y=fonction&calcul=sum",
            ("fonction", "sum"),
        ),
        ((Column("vote", "number", unit="€"),), "y=", (None, "count")),
    ],
)
def test_an_amount_or_a_mean_or_the_rows(
    columns: tuple[Column, ...], query: str, shown: tuple[str | None, str]
) -> None:
    made = choose(QueryParams(query), (YEAR, Column("section"), *columns), PROFILE)
    assert made is not None
    made, _ = made
    assert (made.y.name if made.y else None, made.how) == shown
