"""Clusters and unusual weeks as studies: tables and parameters in, tables and sentences out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from parvis.core.errors import HeldBack, UsageError
from parvis.core.language import language
from parvis.services.answers import Asked, Blocks, Chart, Map, Rows, Said, Value
from parvis.services.epidemies import clusters, weeks
from parvis.services.epidemies.clusters_study import CLUSTERS
from parvis.services.epidemies.weeks_study import UNUSUAL_WEEKS
from parvis.services.study import Result, Study

MONDAY = date(2026, 11, 23)
SAID: Mapping[str, Value] = {
    "modele": "population",
    "semaines": 26.0,
    "duree": 8.0,
    "part": 25.0,
    "tirages": 199.0,
}
ASKED: Mapping[str, Value] = {"semaines": 26.0, "methode": "cumul", "hausse": 2.0, "fausses": 0.5}


class Quiet:
    """A progress that nobody follows."""

    kept = b""

    def __call__(self, share: float, step: str = "") -> None:
        assert 0 <= share <= 1

    def keep(self, state: bytes) -> None:
        raise AssertionError("nothing takes long here")


def town(*, planted: bool = True, long: int = 208, places: int = 30) -> dict[str, pa.Table]:
    """Quarters on a grid, four years of weeks with a winter; five quarters around q0 double twice from week -5."""
    rng = np.random.default_rng(12)
    about, cases = list[dict[str, object]](), list[dict[str, object]]()
    for k in range(places):
        lat, lon = 48.0 + 0.01 * (k % 6), -1.7 + 0.014 * (k // 6)
        people = int(rng.integers(2_000, 9_000))
        about.append(
            {"lieu": f"q{k}", "nom": f"Quartier {k}", "latitude": lat, "longitude": lon, "population": people}
        )
        near = k % 6 < 2 and k // 6 < 2
        for w in range(long):
            day = MONDAY - timedelta(weeks=long - 1 - w)
            mean = people / 1500 * (1 + 0.5 * np.cos(2 * np.pi * (day.timetuple().tm_yday / 365)))
            mean *= 3.0 if planted and near and w >= long - 5 else 1.0
            cases.append({"lieu": f"q{k}", "semaine": day, "cas": int(rng.poisson(mean))})
    return {"cas": pa.Table.from_pylist(cases), "lieux": pa.Table.from_pylist(about)}


def made(study: Study, tables: Mapping[str, pa.Table], said: Mapping[str, Value], seed: int = 3) -> Result:
    return study.run(dict(tables), said, seed, Quiet(), lambda: False)


def shown(study: Study, result: Result, *, english: bool = False) -> Blocks:
    speech = language("en" if english else "fr")
    return study.answer(Asked({}, datetime(2026, 11, 30, tzinfo=UTC), None, speech), result.tables)


# --- clusters -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["population", "dates"])
def test_what_was_planted_is_the_first_cluster(model: str) -> None:
    result = made(CLUSTERS, town(), {**SAID, "modele": model})
    first = result.tables["foyers"].to_pylist()[0]
    assert first["p"] <= 0.01
    assert first["fin"] == MONDAY
    assert abs((first["debut"] - (MONDAY - timedelta(weeks=4))).days) <= 7
    places = {r["lieu"] for r in result.tables["lieux"].to_pylist() if r["rang"] == 1}
    assert len(places & {"q0", "q1", "q6", "q7"}) >= 3
    assert len(places) <= 6
    assert sum(r["cas"] for r in result.tables["lieux"].to_pylist() if r["rang"] == 1) == first["cas"]


def test_the_same_seed_gives_the_same_bytes_and_the_answer_says_the_first() -> None:
    one, two = made(CLUSTERS, town(), SAID), made(CLUSTERS, town(), SAID)
    assert all(one.tables[name].equals(two.tables[name]) for name in one.tables)
    blocks = shown(CLUSTERS, one)
    first = one.tables["foyers"].to_pylist()[0]
    assert isinstance(blocks[0], Said)
    assert blocks[0].text.startswith(
        f"Autour du lieu « {first['centre']} », {first['cas']} cas, pour une attente de "
    )
    assert "0,5 fois sur cent au plus (tirages : 199)" in blocks[0].text, (
        "the least that 199 draws can say is no estimate"
    )
    assert any(isinstance(b, Map) and len(b.marks) == len(one.tables["foyers"]) for b in blocks)
    english = shown(CLUSTERS, one, english=True)[0]
    assert isinstance(english, Said)
    assert english.text.startswith(f"Around “{first['centre']}”")


def test_chance_alone_is_said_to_be_nothing_and_is_not_drawn() -> None:
    result = made(CLUSTERS, town(planted=False), SAID)
    assert len(result.tables["foyers"]) == 0
    (cover,) = result.tables["couverture"].to_pylist()
    assert cover["non_montres"] > 0
    blocks = shown(CLUSTERS, result)
    assert isinstance(blocks[0], Said)
    assert blocks[0].text.startswith("Rien que le hasard n’explique")
    assert not any(isinstance(b, Map) for b in blocks)


def test_rates_are_smoothed_and_the_page_says_what_the_scan_would_see() -> None:
    result = made(CLUSTERS, town(), SAID)
    rows = result.tables["taux"].to_pylist()
    assert len(rows) == 30
    high = {r["lieu"] for r in rows if r["haut"]}
    assert high & {"q0", "q1", "q6", "q7"}
    spread = [max(r[k] for r in rows) - min(r[k] for r in rows) for k in ("taux", "lisse", "lisse_voisins")]
    assert spread[0] >= spread[1], "smoothing draws rates together"
    power = result.tables["puissance"].to_pylist()
    assert [(r["risque"], r["lieux"]) for r in power] == [(k, n) for n in (1, 5) for k in (1.5, 2.0, 3.0)]
    assert power[-1]["vus"] > 80 > power[0]["vus"]
    assert all(r["bas"] <= r["vus"] <= r["haut"] for r in power)
    titles = {b.title for b in shown(CLUSTERS, result) if isinstance(b, Rows)}
    assert {"Taux par lieu, bruts et lissés", "Ce que ce balayage verrait"} <= titles


def test_a_winter_that_all_places_share_is_no_cluster() -> None:
    tables = town(planted=False)
    rows = [
        {**r, "cas": r["cas"] * (4 if r["semaine"] > MONDAY - timedelta(weeks=4) else 1)}
        for r in tables["cas"].to_pylist()
    ]
    result = made(CLUSTERS, {**tables, "cas": pa.Table.from_pylist(rows)}, SAID)
    assert all(r["lieux"] < 10 for r in result.tables["foyers"].to_pylist())


def test_weeks_that_nobody_counted_weigh_nothing() -> None:
    tables = town(planted=False)
    rows = [
        r
        for r in tables["cas"].to_pylist()
        if not (r["lieu"] == "q9" and r["semaine"] > MONDAY - timedelta(weeks=10))
    ]
    result = made(CLUSTERS, {**tables, "cas": pa.Table.from_pylist(rows)}, SAID)
    (cover,) = result.tables["couverture"].to_pylist()
    assert cover["manquants"] == 10
    assert not {"q9"} & {r["lieu"] for r in result.tables["lieux"].to_pylist()}


def test_what_can_not_be_scanned_is_told() -> None:
    tables = town(places=12)
    elsewhere = pa.Table.from_pylist([{**r, "lieu": f"x{r['lieu']}"} for r in tables["lieux"].to_pylist()])
    with pytest.raises(HeldBack, match="Moins de trois lieux"):
        made(CLUSTERS, {**tables, "lieux": elsewhere}, SAID)
    rows = tables["cas"].to_pylist()
    rows[5]["semaine"] += timedelta(days=2)
    with pytest.raises(UsageError, match="ne commence pas le même jour"):
        made(CLUSTERS, {**tables, "cas": pa.Table.from_pylist(rows)}, SAID)
    with pytest.raises(UsageError, match="Aucun cas"):
        made(CLUSTERS, {**tables, "cas": tables["cas"].slice(0, 0)}, SAID)


# --- unusual weeks ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["cumul", "saisons"])
def test_quarters_that_rise_are_told_with_the_week_they_began(method: str) -> None:
    result = made(UNUSUAL_WEEKS, town(), {**ASKED, "methode": method})
    planted = {"q0", "q1", "q6", "q7"}
    late = [
        r
        for r in result.tables["semaines"].to_pylist()
        if r["alerte"] and r["semaine"] > MONDAY - timedelta(weeks=5)
    ]
    assert len({r["lieu"] for r in late} & planted) >= 3
    now = {r["lieu"]: r["depuis"] for r in result.tables["lieux"].to_pylist() if r["depuis"] is not None}
    assert planted & now.keys()
    assert len(now.keys() - planted) <= 2
    assert all(MONDAY - timedelta(weeks=6) <= since <= MONDAY for since in now.values())
    blocks = shown(UNUSUAL_WEEKS, result)
    assert isinstance(blocks[0], Said)
    assert "lieux avec plus de cas que d’habitude" in blocks[0].text
    (chart,) = (b for b in blocks if isinstance(b, Chart))
    assert len(chart.rows) == 26


def test_ordinary_weeks_ring_about_as_seldom_as_was_asked() -> None:
    result = made(UNUSUAL_WEEKS, town(planted=False, long=260), {**ASKED, "semaines": 104.0})
    a_year = sum(r["alertes"] for r in result.tables["lieux"].to_pylist()) / 30 / 2
    assert 0.1 <= a_year <= 1.1


def test_a_week_without_a_count_is_no_zero_and_a_place_with_many_is_not_judged() -> None:
    tables = town()
    rows = [
        r for r in tables["cas"].to_pylist()
        if not (r["lieu"] == "q3" and r["semaine"].day < 15) and not (r["lieu"] == "q0" and r["semaine"] == MONDAY)
    ]  # fmt: skip
    result = made(UNUSUAL_WEEKS, {**tables, "cas": pa.Table.from_pylist(rows)}, ASKED)
    places = {r["lieu"]: r for r in result.tables["lieux"].to_pylist()}
    assert (places["q3"]["dit"], places["q3"]["manquantes"] > 20) == (weeks.HOLES, True)
    assert (places["q0"]["cas"], places["q0"]["depuis"]) == (None, None)
    last = [r for r in result.tables["semaines"].to_pylist() if r["lieu"] == "q0"][-1]
    assert (last["cas"], last["alerte"]) == (None, False)


def test_less_than_a_year_before_says_nothing() -> None:
    with pytest.raises(HeldBack, match="Moins d’un an"):
        made(UNUSUAL_WEEKS, town(long=60), ASKED)
    tables = town(long=120)
    rows = [
        r
        for r in tables["cas"].to_pylist()
        if r["lieu"] != "q5" or r["semaine"] > MONDAY - timedelta(weeks=50)
    ]
    result = made(UNUSUAL_WEEKS, {**tables, "cas": pa.Table.from_pylist(rows)}, ASKED)
    told = {r["lieu"]: r["dit"] for r in result.tables["lieux"].to_pylist()}
    assert (told["q5"], told["q4"]) == (weeks.TOO_SHORT, None)
    block = next(b for b in shown(UNUSUAL_WEEKS, result, english=True) if isinstance(b, Rows))
    assert {r["dit"] for r in block.rows} == {None, "less than a year of weeks before the period"}


def test_no_input_of_either_can_hold_a_person() -> None:
    for study in (CLUSTERS, UNUSUAL_WEEKS):
        assert set(study.inputs) <= {"cas", "lieux"}
        assert not study.published, "what it finds is for whoever asked"
    assert clusters.SHOWN == 0.05
