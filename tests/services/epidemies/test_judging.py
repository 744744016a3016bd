"""Which method judges a series, what its alarms are worth, and what is said where too little is known: the same words
on the page, in its twin and in the study.
"""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from parvis.core.arrow import arrow_table
from parvis.core.errors import UsageError
from parvis.core.language import language
from parvis.methods.outbreaks.unusual_weeks import judge, years_before
from parvis.services.answers import Asked, Chart, Rows, Said
from parvis.services.epidemies import coordination, coordination_answer, doubt, rules, signals, situation
from parvis.services.epidemies.answer import answer
from parvis.services.epidemies.schemas import PUBLISHED, SERIES, SIGNALS
from tests.services.epidemies import outbreaktown

BENCH = Path(__file__).parents[3] / "bench" / "results" / "detection.json"
MONDAY, NOW = outbreaktown.MONDAY, outbreaktown.NOW
ASKED = {code: Asked({}, NOW, NOW, language(code).of("epidemies")) for code in ("fr", "en")}


def weekly(weeks: int, *, seed: int = 1, level: float = 20.0) -> tuple[np.ndarray, list[date]]:
    counts = np.random.default_rng(seed).poisson(level, weeks).astype(float)
    return counts, [MONDAY - timedelta(weeks=weeks - 1 - k) for k in range(weeks)]


def test_two_years_before_are_held_against_their_season_and_less_is_added_up() -> None:
    weeks, watched = 200, 26
    least = next(n for n in range(weeks) if years_before(n, watched) == 2)
    assert 104 <= least - watched <= 110
    for n, method, learnt in ((least, "saisons", 104), (least - 1, "cumul", least - 1 - watched - 4)):
        row = signals.last_week(*weekly(n))
        assert (row["methode"], row["apprises"]) == (method, learnt)
    assert signals.last_week(*weekly(least), method="sums")["methode"] == "cumul"
    assert signals.last_week(*weekly(55))["methode"] is None
    assert years_before(5000, watched) == 5


def test_the_default_is_on_the_front_and_what_pages_say_of_it_was_measured() -> None:
    bench = [r for r in json.loads(BENCH.read_text("utf-8"))["rows"] if r["judge"]]
    words = {"season": "saisons", "sums": "cumul"}
    measured = {(words[r["judge"]], r["learnt"]): (r["false %"], r["found %"], r["right %"]) for r in bench}
    assert {(t.method, t.learnt): (t.false, t.seen, t.right) for t in doubt.trials()} == measured
    assert {r["front"] for r in bench if r["judge"] == "season"} == {"yes"}


def test_a_row_has_the_figures_of_as_much_past_as_it_has() -> None:
    def trial(method: str, learnt: int) -> tuple[str, int]:
        one = doubt.trial_of({"methode": method, "apprises": learnt})
        return one.method, one.learnt

    assert trial("saisons", 104) == ("saisons", 104)
    assert trial("saisons", 261) == ("saisons", 261)
    assert trial("cumul", 60) == ("cumul", 52)
    assert trial("cumul", 150) == ("cumul", 104)


def test_the_rate_that_is_asked_for_is_the_one_that_rings() -> None:
    """Half an alarm a year and six of them: ordinary weeks with five years before, within the 99 % band of chance."""
    rng = np.random.default_rng(8)
    for rate, low, high in ((0.5, 0.1, 1.0), (6.0, 4.0, 8.0)):
        rung = 0
        for _ in range(20):
            made = judge(rng.poisson(12, 5 * 53 + 104).astype(float), 104, alarms_a_year=rate)
            assert made is not None
            rung += int(made.alarms.sum())
        assert low <= rung / 20 / 2 <= high, rate


def test_a_city_may_ask_for_sums_and_for_no_method_that_is_not_there() -> None:
    text = '[signals]\nmethod = "{}"\nrise = 2.0\nalarms_a_year = 1.0\n'
    assert rules.with_city(text.format("sums")).method == "sums"
    assert rules.shipped().method == "season"
    with pytest.raises(UsageError, match="season, sums"):
        rules.with_city(text.format("magic"))


def group_tables(weeks: int = outbreaktown.WEEKS, reglages: str = "") -> dict[str, pa.Table]:
    drawn = outbreaktown.tables()
    first = MONDAY - timedelta(weeks=weeks - 1)
    named = {"cas": "cas-par-lieu", "etablissements": "malades-par-etablissement", "lieux": "lieux-peuples"}
    tables = {
        name: outbreaktown.arrow(schema, [r for r in drawn[schema] if r.get("semaine", first) >= first])
        for name, schema in named.items()
    }
    return tables | ({"reglages": pa.table({"texte": [reglages]})} if reglages else {})


def said(blocks: Any) -> str:
    return " ".join(b.text for b in blocks if isinstance(b, Said))


@pytest.mark.parametrize(
    ("weeks", "method", "words"),
    [(outbreaktown.WEEKS, "saisons", ("même saison", "same season")), (90, "cumul", ("écarts cumulés", "deviations added up"))],
)  # fmt: skip
def test_the_page_of_the_group_says_the_method_and_what_it_is_worth(
    weeks: int, method: str, words: tuple[str, str]
) -> None:
    tables = coordination.work(group_tables(weeks), NOW)
    rows = tables["signaux"].to_pylist()
    assert {r["methode"] for r in rows} <= {method, None}
    assert sum(r["methode"] == method for r in rows) > 10
    worst = min((doubt.trial_of(r) for r in rows if r["methode"]), key=lambda t: t.seen)
    for code, word in zip(("fr", "en"), words, strict=True):
        blocks = coordination_answer.answer(ASKED[code], tables)
        table = next(b for b in blocks if isinstance(b, Rows) and "methode" in {c.name for c in b.columns})
        assert word in {r["methode"] for r in table.rows}
        assert re.search(rf"\b{worst.seen:.0f}\b", said(blocks))
        assert {"fr": "flambées simulées (420)", "en": "simulated outbreaks (420)"}[code] in said(blocks)


def test_another_rate_of_false_alarms_is_not_given_figures_of_ours() -> None:
    own = group_tables(reglages="[signals]\nrise = 2.0\nalarms_a_year = 3.0\n")
    text = said(coordination_answer.answer(ASKED["fr"], coordination.work(own, NOW)))
    assert "par série et par an : 3 ; à ce réglage la méthode n’a pas été essayée" in text
    assert "simulées" not in text


def published(weeks: int) -> pa.Table:
    counts, days = weekly(weeks)
    rows = [
        {
            "serie": SERIES["cas"], "niveau": "ville", "zone": "ville", "nom": "Toute la ville", "dans": "", "debut": day, "semaines": 1,
            "cas": int(n), "comptes": 9, "etat": "publié",
        }
        for n, day in zip(counts, days, strict=True)
    ]  # fmt: skip
    return arrow_table(PUBLISHED, rows)


def rates(weeks: int, last: date) -> pa.Table:
    rows = [
        {
            "semaine": last - timedelta(weeks=k), "code_zone": "35", "zone": "Ille-et-Vilaine", "niveau": "departement", "maladie": "grippe",
            "mesure": "consultations", "valeur": 100.0 - 9 * k if k < 6 else 50.0, "unite": "pour 10 000 actes", "source": "Ici", "url": None,
        }
        for k in range(weeks)
    ]  # fmt: skip
    return pa.Table.from_pylist(rows)


BLANK = ("habituel", "rang", "depuis", "tendance", "methode", "apprises", "admises")


@pytest.mark.parametrize(
    "tables",
    [
        {"publies": published(40)},
        {"series": rates(40, MONDAY)},
        {"series": rates(90, MONDAY - timedelta(weeks=8))},
    ],
    ids=["few weeks of counts", "few weeks of rates", "old rates that rose"],
)
def test_what_is_too_short_or_too_old_says_its_number_and_nothing_else(tables: dict[str, pa.Table]) -> None:
    made = situation.work(tables, NOW)
    (row,) = made["situation"].to_pylist()
    assert row["etat"] in (situation.SHORT, situation.OLD)
    assert row["valeur"] is not None
    assert {row[name] for name in BLANK} == {None}
    for code in ("fr", "en"):
        blocks = answer(ASKED[code], {**tables, **made})
        first, *_ = blocks
        assert isinstance(first, Said)
        assert first.tone == "warn"
        assert {"fr": "Rien ne permet de dire", "en": "Nothing lets us say"}[code] in first.text
        (table,) = [b for b in blocks if isinstance(b, Rows)]
        assert table.rows[0]["tendance"] is None


def test_a_group_whose_weeks_are_all_too_few_is_not_told_that_all_is_well() -> None:
    tables = coordination.work(group_tables(40), NOW)
    rows = tables["signaux"].to_pylist()
    assert {r["etat"] for r in rows} == {signals.UNKNOWN}
    assert {(r["habituels"], r["seuil"], r["depuis"]) for r in rows} == {(None, None, None)}
    first = coordination_answer.answer(ASKED["fr"], tables)[0]
    assert isinstance(first, Said)
    assert (first.tone, f"jugées : 0 sur {len(rows)}" in first.text) == ("warn", True)


def test_a_place_with_next_to_no_cases_says_that_it_can_not_ring() -> None:
    counts, days = weekly(200, level=0.3)
    row = signals.last_week(counts, days)
    assert (row["etat"], row["seuil"], row["dit"]) == (signals.USUAL, None, signals.FEW)


def test_the_chart_of_weeks_dates_them_in_the_language_and_draws_what_is_usual() -> None:
    tables = {"publies": published(200)}
    made = situation.work(tables, NOW)
    (row,) = made["situation"].to_pylist()
    (chart,) = [b for b in answer(ASKED["fr"], {**tables, **made}) if isinstance(b, Chart)]
    spec = json.dumps(chart.spec)
    assert '"format": "%b %Y"' in spec, "not « janv. 01, 2025 »"
    assert f'"datum": {row["habituel"]}' in spec
    assert f"habituel de la dernière semaine : {ASKED['fr'].number(row['habituel'], 1)}" in chart.text


def test_coordinators_are_told_first_what_is_still_to_be_declared_and_what_it_leaves_open() -> None:
    tables = coordination.work(group_tables(), NOW)
    rows = tables["signaux"].to_pylist()
    late = {"declares": 30, "attendus": 41.0, "attendus_bas": 35.0, "attendus_haut": 52.0}
    some = [{**r, **late} if (r["niveau"], r["serie"]) == ("ville", SERIES["cas"]) else r for r in rows]
    told = {**tables, "signaux": arrow_table(SIGNALS, some)}
    kinds = [b.kind for b in coordination_answer.answer(ASKED["fr"], told)]
    assert kinds.index("figures") < kinds.index("rows")
    assert "un signal de la dernière semaine peut manquer encore" in said(
        coordination_answer.answer(ASKED["fr"], told)
    )
    assert "peut manquer encore" not in said(coordination_answer.answer(ASKED["fr"], tables))
