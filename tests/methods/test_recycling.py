"""Sorting by district: rates against hand sums, intervals against planted truth, gains and effects where some
were planted and where none were.
"""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest

from parvis.methods.recycling import Sorting, effect, gains, rates
from parvis.services.tri.compute import months, work


def city(seed: int, *, months: int = 24, shares: tuple[float, ...] = (0.2, 0.3, 0.4)) -> Sorting:
    rng = np.random.default_rng(seed)
    total = rng.normal(100, 6, (months, len(shares)))
    share = np.clip(np.array(shares) + rng.normal(0, 0.03, total.shape), 0.01, 0.99)
    brought = total * share
    return Sorting(total - brought, brought, brought * np.clip(rng.normal(0.15, 0.03, total.shape), 0, 1))


def test_rates_by_hand() -> None:
    """10 t sorted of 40, 2 of them refused: 25 %, net 20 %, refused 20 %."""
    sorting = Sorting(np.full((6, 1), 30.0), np.full((6, 1), 10.0), np.full((6, 1), 2.0))
    for kind, value in (("recycled", 0.25), ("net", 0.2), ("refused", 0.2)):
        (one,) = rates(sorting, seed=1, kind=kind)
        assert (one.value, one.low, one.high) == pytest.approx((value, value, value))
    nothing = Sorting(np.zeros((6, 1)), np.zeros((6, 1)), np.zeros((6, 1)))
    assert rates(nothing, seed=1)[0].value == 0.0


def test_intervals_hold_the_truth() -> None:
    """Sixty cities of three districts: the 95 % interval of the rate holds the planted share in 85 to 100 %
    of them.
    """
    held = [
        low.low <= share <= low.high
        for seed in range(60)
        for low, share in zip(rates(city(seed), seed=seed), (0.2, 0.3, 0.4), strict=True)
    ]
    assert 0.85 <= np.mean(held) <= 1.0


def test_few_months_are_said_to_be_few() -> None:
    one = rates(city(1, months=5), seed=1)[0]
    assert (one.low, one.high) == (0.0, 1.0)
    assert "six mois" in one.method


def test_a_campaign_gains_most_where_least_is_sorted_of_most() -> None:
    """District 0 sorts least, district 1 as little but of ten times as much, district 3 best."""
    residual = np.tile([80.0, 800.0, 60.0, 50.0], (12, 1))
    brought = np.tile([20.0, 200.0, 40.0, 50.0], (12, 1))
    found = gains(
        Sorting(residual, brought, brought * 0.1), np.array([1000.0, 10000.0, 1000.0, 1000.0]), seed=1
    )
    assert [g.district for g in found] == [1, 0, 2, 3]
    assert found[0].tonnes == pytest.approx(10 * found[1].tonnes)
    assert found[0].each == pytest.approx(found[1].each)
    assert found[-1].tonnes == 0.0
    goal = np.quantile([20 / 52, 20 / 52, 40 / 64, 50 / 70], 0.75)
    assert found[1].tonnes == pytest.approx(12 * 0.5 * (goal - 20 / 52) * 52)


def test_a_planted_effect_is_found_and_none_is_not() -> None:
    rng = np.random.default_rng(4)
    treated = np.arange(10) < 3
    season = 0.05 * np.sin(np.arange(24) * 2 * np.pi / 12)
    plain = 0.3 + season[:, None] + rng.normal(0, 0.015, (24, 10))
    done = plain.copy()
    done[12:, treated] += 0.06
    found = effect(done, treated, 12, seed=1)
    assert found.change.low <= 0.06 <= found.change.high
    assert found.p == pytest.approx(1 / 120)
    assert (found.treated, found.controls, found.months_before, found.months_after) == (3, 7, 12, 12)
    assert effect(plain, treated, 12, seed=1).p > 0.05


def test_chance_alone_is_called_an_effect_as_often_as_promised() -> None:
    """Two hundred measures that did nothing: at most 9 % have p <= 0.05."""
    treated = np.arange(8) < 3
    false = [
        effect(np.random.default_rng(s).normal(0.3, 0.02, (12, 8)), treated, 6, seed=s).p <= 0.05
        for s in range(200)
    ]
    assert np.mean(false) <= 0.09


def test_many_districts_are_drawn() -> None:
    treated = np.arange(40) < 12
    rate = np.random.default_rng(1).normal(0.3, 0.02, (12, 40))
    rate[6:, treated] += 0.2
    assert effect(rate, treated, 6, seed=1).p == pytest.approx(1 / 20_001)


def test_what_has_no_answer_is_refused() -> None:
    rate = np.full((12, 3), 0.3)
    for treated, month in (
        (np.array([True, True, True]), 6),
        (np.array([False, False, False]), 6),
        (np.array([True, False, False]), 2),
        (np.array([True, False, False]), 10),
    ):
        with pytest.raises(ValueError, match="three months"):
            effect(rate, treated, month, seed=1)
    with pytest.raises(ValueError, match="refused"):
        Sorting(np.ones((2, 2)), np.ones((2, 2)), np.full((2, 2), 3.0))
    with pytest.raises(ValueError, match="inhabitants"):
        gains(city(1), np.array([1.0, 2.0]), seed=1)


def test_a_name_misspelt_once_takes_no_month_from_the_others() -> None:
    """A recycling centre without residual waste, a district that came late and a blank too many: the months
    of the town stay whole.
    """
    rows: list[dict[str, object]] = []
    for month in range(1, 13):
        for name, people in (("Centre", 5000), ("Gare ", None), ("Gare" if month == 3 else "Nord", 2000)):
            rows += [
                {
                    "mois": f"2026-{month:02d}",
                    "flux": f,
                    "quartier": name,
                    "tonnes": t,
                    "tonnes_refus": 1.0,
                    "population": people,
                }
                for f, t in (("ordures ménagères", 60.0), ("emballages", 20.0))
            ]
        rows.append(
            {
                "mois": f"2026-{month:02d}",
                "flux": "verre",
                "quartier": "Déchèterie",
                "tonnes": 9.0,
                "tonnes_refus": None,
                "population": None,
            }
        )
    rows.append(
        {
            "mois": "2026-05",
            "flux": "ordures ménagères",
            "quartier": "Centr",
            "tonnes": 1.0,
            "tonnes_refus": None,
            "population": None,
        }
    )
    found = months(pa.Table.from_pylist(rows))
    assert found is not None
    assert (found.districts, len(found.months)) == (("Centre", "Gare", "Nord"), 11)
    told = {
        r["quartier"]: (r["habitants"], r["taux_pct"])
        for r in work({"tonnages": pa.Table.from_pylist(rows)}, datetime(2027, 1, 2, tzinfo=UTC))[
            "quartiers"
        ].to_pylist()
    }
    assert told == {"Centre": (5000, 25.0), "Gare": (2000, 25.0), "Nord": (2000, 25.0)}
    assert months(pa.Table.from_pylist([rows[1]])) is None
