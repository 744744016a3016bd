"""Charts of every kind: what is drawn adds up to the rows, the words and the table say the same, whatever the values:
none, one, negative, missing, ten thousand categories, texts of any length.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.datastructures import QueryParams

from parvis.core.language import language
from parvis.core.types import Column, ColumnProfile, Schema
from parvis.engine.read import Engine
from parvis.web import chart, chart_choice, chart_figures, chart_spec, chart_words
from parvis.web.chart_figures import ChartView
from tests.tables.velo import engine, release

COLUMNS = (
    Column("jour", "date"),
    Column("sorte", "text"),
    Column("ouvert", "boolean"),
    Column("montant", "number", unit="€"),
    Column("effectif", "integer"),
    Column("hauteur", "number", unit="m"),
)
ROWS = """
    SELECT DATE '2024-01-15' + INTERVAL (i * 3) DAY AS jour_, ('s' || i % 7) AS sorte, i % 3 = 0 AS ouvert,
    (i * 37 % 100) - 20.5 AS montant, (i % 5)::BIGINT AS effectif, 2.0 + i % 10 AS hauteur FROM range({n}) t(i)
"""
TABLE = "SELECT jour_::DATE AS jour, sorte, ouvert, montant, effectif, hauteur FROM (" + ROWS + ")"
FRENCH, ENGLISH = language("fr"), language("en")
NARROW_SPACE = "\u202f"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("charts")


@pytest.fixture(scope="module")
def on(folder: Path) -> Iterator[Engine]:
    opened = engine(folder)
    yield opened
    opened.connection.close()


def profile(columns: tuple[Column, ...], distinct: int = 7, rows: int = 100) -> tuple[ColumnProfile, ...]:
    return tuple(ColumnProfile(c.name, c.type, rows, 0, distinct) for c in columns)


def drawn(
    on: Engine,
    folder: Path,
    query: str,
    *,
    sql: str = TABLE.format(n=100),
    columns: tuple[Column, ...] = COLUMNS,
    distinct: int = 7,
    rows: int = 100,
) -> ChartView | None:
    released = release(folder, sql, Schema(columns=columns), sql[:40])
    chosen = chart_choice.choose(QueryParams(query), columns, profile(columns, distinct, rows))
    assert chosen is not None
    return chart_figures.chart(chart_figures.Rows(on, released), *chosen)


def picture(view: ChartView, *, french: bool = True) -> str:
    """Drawn for a desk and for a phone: Vega refuses nothing of it."""
    asked = FRENCH if french else ENGLISH
    spec = chart_spec.spec(view, text=str, series=chart_words.series(view, asked))
    wide = chart.svg(spec, french=french, labelled="a")
    return wide + chart.svg(chart.narrowed(spec), french=french, labelled="a")


@pytest.mark.parametrize(
    ("query", "kind", "total"),
    [
        ("", "line", None),
        ("type=bar&y=&calcul=count", "bar", 100),
        ("type=area&y=&calcul=count", "area", 100),
        ("type=histogram&x=montant", "histogram", 100),
        ("type=stacked&y=&x=sorte", "stacked", 100),
        ("type=stacked&y=&x=jour&pile=sorte", "stacked", 100),
        ("type=scatter&x=effectif&y=hauteur", "scatter", None),
        ("type=pair&y=montant&y2=effectif&calcul=sum", "pair", None),
        ("type=pair&y=montant&y2=effectif&x=sorte", "pair", None),
        ("type=pie", "line", None),  # what is not known is ours
    ],
)
def test_each_kind_is_drawn_and_adds_up(
    on: Engine, folder: Path, query: str, kind: str, total: int | None
) -> None:
    view = drawn(on, folder, query)
    assert view is not None
    assert view.kind == kind
    if total is not None:
        assert sum(b.y for b in view.bars) == total
    if kind == "scatter":
        assert sum(b.rows for b in view.bars) == view.of == 100
    assert picture(view).count("<svg") == 2
    for asked in (FRENCH, ENGLISH):
        assert chart_words.title(view, asked)
        figures = chart_words.figures(view, asked)
        assert figures.rows
        assert {len(r) for r in figures.rows} == {len(figures.heads)}
    assert chart_words.sentence(view, FRENCH) != chart_words.sentence(view, ENGLISH)


def test_sums_are_those_of_the_rows(on: Engine, folder: Path) -> None:
    """The parts of stacked bars, and two measures, each add up to what one bar says."""
    one = drawn(on, folder, "type=bar&x=sorte&y=effectif&calcul=sum")
    parted = drawn(on, folder, "type=stacked&x=sorte&y=effectif&calcul=sum&pile=ouvert")
    pair = drawn(on, folder, "type=pair&x=sorte&y=effectif&y2=montant&calcul=sum")
    assert one is not None
    assert parted is not None
    assert pair is not None
    by_name = {b.x: b.y for b in one.bars}
    assert {x: sum(b.y for b in parted.bars if b.x == x) for x in parted.positions} == by_name
    assert {b.x: b.y for b in pair.bars if b.series == "effectif"} == by_name
    assert sum(b.y for b in pair.bars if b.series == "montant") == pytest.approx(
        sum((i * 37 % 100) - 20.5 for i in range(100))
    )
    assert 'class="serie-fill paper-line"' in picture(parted), "one class attribute for both colours"


@pytest.mark.parametrize(
    "query", ["type=stacked&x=sorte&y=effectif&calcul=sum&pile=ouvert", "type=stacked&y=&x=jour&pile=sorte"]
)
def test_parts_are_told_apart_without_colour(on: Engine, folder: Path, query: str) -> None:
    """Each part bears its number, in the drawing, in its legend and in the words; the words tell its total too."""
    view = drawn(on, folder, query)
    assert view is not None
    name = chart_words.series(view, FRENCH)
    words = chart_words.sentence(view, FRENCH)
    image = picture(view)
    for number, part in enumerate(view.series, 1):
        assert image.count(f">{number}</text>") >= 2, "on the desk and on the phone"
        assert f">{number} · {name(part)}" in image
        total = FRENCH.number(sum(b.y for b in view.bars if b.series == part), 2)
        assert f"{number} {name(part)} ({total})" in words
    assert "dans l’ordre" in words


def test_ten_thousand_categories_are_twenty_bars_and_their_part(on: Engine, folder: Path) -> None:
    sql = "SELECT 'très long intitulé de la catégorie numéro ' || i AS sorte, 1 + (i < 5)::BIGINT * 999 AS effectif FROM range(10000) t(i), range(2)"
    columns = (Column("sorte", "text"), Column("effectif", "integer"))
    view = drawn(
        on,
        folder,
        "type=bar&x=sorte&y=effectif&calcul=sum",
        sql=sql,
        columns=columns,
        distinct=10_000,
        rows=20_000,
    )
    assert view is not None
    assert (len(view.bars), view.cut, view.of) == (20, True, 10_000)
    assert view.part == pytest.approx((5 * 1000 + 15) * 2 / (5 * 1000 + 9995) / 2)
    text = chart_words.sentence(view, FRENCH).replace(NARROW_SPACE, " ")
    assert "20 plus grandes de 10 000, qui font 33" in text
    assert "…" in picture(view), "a label that has no room is cut, with its whole text in the table"


@pytest.mark.parametrize(
    ("values", "query", "text"),
    [
        ("(NULL, 5.0), ('a', NULL), ('a', 2.0)", "x=sorte&y=montant&calcul=sum&type=bar", "2 lignes sans valeur n’y sont pas."),
        ("('a', -3.0), ('b', -1.0)", "x=sorte&y=montant&calcul=sum&type=bar", "2 valeurs, de −3 (a) à −1 (b)."),
        ("('a', 7.0)", "x=sorte&y=montant&calcul=sum&type=bar", "1 valeur : 7 (a)."),
        ("('a', 7.0), ('b', 7.0)", "type=histogram&x=montant", "2 valeurs, toutes égales à 7."),
        ("('a', 7.0)", "type=histogram&x=montant", "1 valeur : 7."),
        ("('a', 1.0), ('b', 'inf'::DOUBLE), ('c', NULL)", "type=histogram&x=montant", "2 lignes sans valeur"),
        ("('a', 1e-7), ('b', 2e-7), ('c', 9e-7)", "type=histogram&x=montant", "3 valeurs"),
        ("('', 1.0), ('b', 2.0)", "x=sorte&y=montant&calcul=sum&type=bar", "2 valeurs"),
    ],
)  # fmt: skip
def test_values_out_of_the_usual(on: Engine, folder: Path, values: str, query: str, text: str) -> None:
    sql = f"SELECT s AS sorte, v::DOUBLE AS montant FROM (VALUES {values}) t(s, v)"
    columns = (Column("sorte", "text"), Column("montant", "number"))
    view = drawn(on, folder, query, sql=sql, columns=columns)
    assert view is not None
    assert text in chart_words.sentence(view, FRENCH).replace("-", "−")
    assert "NaN" not in picture(view)


@pytest.mark.parametrize(
    ("n", "query"), [(0, ""), (0, "type=histogram"), (0, "type=scatter"), (0, "type=stacked")]
)
def test_no_row_is_no_chart(on: Engine, folder: Path, n: int, query: str) -> None:
    assert drawn(on, folder, query, sql=TABLE.format(n=n)) is None


@pytest.mark.parametrize("how_far", [1e3, 1e6, 1e12])
def test_a_value_beyond_all_others_does_not_flatten_a_histogram(
    on: Engine, folder: Path, how_far: float
) -> None:
    """It is counted in the class at the edge, which the sentence says; classes are round."""
    sql = f"SELECT i::DOUBLE AS montant FROM range(1000) t(i) UNION ALL SELECT {how_far!r} * 100"
    columns = (Column("montant", "number"),)
    view = drawn(on, folder, "type=histogram", sql=sql, columns=columns)
    assert view is not None
    assert view.spread is not None
    assert sum(b.y for b in view.bars) == 1001
    assert max(b.y for b in view.bars) < 200
    assert view.spread.width in {20.0, 50.0}
    assert "classe du bord" in chart_words.sentence(view, FRENCH)


@pytest.mark.parametrize(
    ("column", "distinct", "kind"),
    [
        (Column("jour", "date"), 7, "line"),
        (Column("sorte", "text"), 7, "bar"),
        (Column("hauteur", "number", unit="m"), 7, "histogram"),
        (Column("nom", "text"), 90, None),  # a name a row: nothing to draw
    ],
)
def test_the_kind_that_the_columns_are_fit_for(column: Column, distinct: int, kind: str | None) -> None:
    chosen = chart_choice.choose(QueryParams(""), (column,), profile((column,), distinct))
    assert (chosen[0].kind if chosen else None) == kind


def test_two_measures_of_two_units_have_two_scales(on: Engine, folder: Path) -> None:
    """One axis for euros and metres would say nothing; two of one unit share it."""
    apart = drawn(on, folder, "type=pair&y=montant&y2=hauteur")
    assert apart is not None
    spec = chart_spec.spec(apart, text=str, series=chart_words.series(apart, FRENCH))
    assert "row" in str(spec["encoding"])
    assert "independent" in str(spec["resolve"])
    together = drawn(
        on,
        folder,
        "type=pair",
        columns=(*COLUMNS[:3], COLUMNS[3], Column("effectif", "integer", unit="€"), COLUMNS[5]),
    )
    assert together is not None
    assert "strokeDash" in str(
        chart_spec.spec(together, text=str, series=chart_words.series(together, FRENCH))
    ), "not by colour alone"
