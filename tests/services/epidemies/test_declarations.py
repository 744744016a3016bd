"""What is still to be declared of the last week, from declarations that were added up: day by day or by week."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from parvis.core.language import language
from parvis.services.answers import Asked, Figures
from parvis.services.epidemies import coordination, coordination_answer
from parvis.services.epidemies.coordination_service import SERVICE
from parvis.services.epidemies.signals import still_to_come
from tests.services.epidemies import outbreaktown
from tests.services.epidemies.outbreaktown import MONDAY, NOW

TODAY = NOW.date()
Row = dict[str, Any]


def cases(weeks: int, seed: int = 5, level: float = 12.0) -> list[Row]:
    """A list of cases, those to come too: some 12 a day, declared after 0 to 20 days, five on average."""
    rng = np.random.default_rng(seed)
    first = MONDAY - timedelta(weeks=weeks - 1)
    return [
        {"lieu": f"q{rng.integers(0, 9)}", "debut": begun, "declare": begun + timedelta(days=int(delay))}
        for day in range((TODAY - first).days + 1)
        for begun in [first + timedelta(days=day)]
        for delay in np.minimum(20, rng.negative_binomial(2, 2 / 7, rng.poisson(level)))
    ]


def added(rows: list[Row], by_week: bool = False) -> list[Row]:
    def day(one: date) -> date:
        return one - timedelta(days=one.weekday()) if by_week else one

    counts = Counter((r["lieu"], day(r["debut"]), r["declare"]) for r in rows if r["declare"] <= TODAY)
    return [
        dict(zip(("lieu", "debut", "declare"), key, strict=True)) | {"cas": n}
        for key, n in sorted(counts.items())
    ]


def truth(rows: list[Row]) -> int:
    return sum(MONDAY <= r["debut"] < MONDAY + timedelta(weeks=1) for r in rows)


def test_declarations_added_up_say_what_the_list_says() -> None:
    rows = cases(20)
    by_list, by_count = still_to_come(rows, TODAY), still_to_come(added(rows), TODAY)
    assert by_list == by_count
    assert by_count is not None
    declared = sum(MONDAY <= r["debut"] < MONDAY + timedelta(weeks=1) and r["declare"] <= TODAY for r in rows)
    assert by_count["declares"] == declared


@pytest.mark.parametrize("by_week", [False, True])
def test_the_week_is_held_by_its_interval_and_declared_cases_alone_fall_short(by_week: bool) -> None:
    inside, short = 0, 0
    for seed in range(10):
        rows = cases(40, seed)
        coming = still_to_come(added(rows, by_week), TODAY)
        assert coming is not None
        inside += coming["attendus_bas"] <= truth(rows) <= coming["attendus_haut"]
        short += coming["declares"] < 0.9 * truth(rows)
    assert inside >= 9
    assert short >= 8


def test_where_too_few_weeks_are_declared_nothing_is_said() -> None:
    assert still_to_come(added(cases(5)), TODAY) is None
    assert still_to_come(added(cases(20), by_week=True), TODAY) is None
    assert still_to_come([], TODAY) is None


def test_the_page_shows_the_declared_and_the_expected_with_their_interval() -> None:
    rows = added(cases(40))
    tables = {
        "declarations": outbreaktown.arrow("declarations-par-lieu", rows),
        "lieux": outbreaktown.arrow("lieux-peuples", outbreaktown.tables()["lieux-peuples"]),
    }
    assert SERVICE.reads["declarations"].optional
    made = coordination.work(tables, NOW)
    (town,) = [r for r in made["signaux"].to_pylist() if r["attendus"] is not None]
    assert (town["niveau"], town["semaine"], town["cas"]) == ("ville", MONDAY, town["declares"])
    for code, words in (("fr", "intervalle à 95"), ("en", "95 % interval of the whole week")):
        asked = Asked({}, NOW, NOW, language(code).of("epidemies"))
        (figures,) = [b for b in coordination_answer.answer(asked, made) if isinstance(b, Figures)]
        assert figures.figures[0].value == str(town["declares"])
        assert words in (figures.figures[1].note or "")


def test_another_week_than_the_last_is_not_given_what_is_to_come_of_it() -> None:
    """Weekly counts that stop a week sooner than the declarations."""
    drawn = outbreaktown.tables()
    tables = {
        "declarations": outbreaktown.arrow("declarations-par-lieu", added(cases(40))),
        "cas": outbreaktown.arrow(
            "cas-par-lieu", [r for r in drawn["cas-par-lieu"] if r["semaine"] < MONDAY]
        ),
        "lieux": outbreaktown.arrow("lieux-peuples", drawn["lieux-peuples"]),
    }
    assert {r["attendus"] for r in coordination.work(tables, NOW)["signaux"].to_pylist()} == {None}
