"""Water: the legal rule by hand, meters of one litre and of ten, district nights, national indicators."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pytest

from parvis.methods.water import districts, indicators, meters
from parvis.methods.water.overconsumption import Due, Judged, Span, due, judge, one_month_after

D = date


def flat(start: date, end: date, a_day: int) -> Span:
    """A span of so many litres a day."""
    return Span(start, end, a_day * (end - start).days)


YEARS = tuple(Span(D(y, 1, 1), D(y + 1, 1, 1), 120_000) for y in (2022, 2023, 2024))
"""Three years of 120 m³, 2024 a leap year."""

PERIOD = (D(2025, 1, 1), D(2026, 1, 1))


@pytest.mark.parametrize(
    ("litres", "history", "zone", "reference", "abnormal"),
    [
        # a whole year against three: the mean is 120 m³, twice is 240
        (239_999, YEARS, None, 120_000, False),
        (240_000, YEARS, None, 120_000, False),  # exactly twice: not abnormal, strictly greater
        (240_001, YEARS, None, 120_000, True),
        (0, YEARS, None, 120_000, False),
        # unequal years: (90 + 120 + 180) / 3 = 130
        (260_000, (Span(D(2022, 1, 1), D(2023, 1, 1), 90_000), YEARS[1], Span(D(2024, 1, 1), D(2025, 1, 1), 180_000)), None, 130_000, False),
        (260_001, (Span(D(2022, 1, 1), D(2023, 1, 1), 90_000), YEARS[1], Span(D(2024, 1, 1), D(2025, 1, 1), 180_000)), None, 130_000, True),
        # a year is missing: the mean of the two that are there
        (240_001, YEARS[1:], None, 120_000, True),
        (240_000, YEARS[1:], None, 120_000, False),
        # one year alone
        (240_001, YEARS[2:], None, 120_000, True),
        # none, and a zone of 300 litres a day: 109.5 m³ in 365 days
        (219_000, (), Fraction(300), 109_500, False),
        (219_001, (), Fraction(300), 109_500, True),
        # the dwelling's own years come before the zone
        (240_000, YEARS, Fraction(10), 120_000, False),
        # neither: nothing can be said
        (999_999, (), None, None, False),
        # a year that is covered in part is left out
        (240_001, (*YEARS[:2], Span(D(2024, 1, 1), D(2024, 12, 1), 999_999)), None, 120_000, True),
        # a change of meter in June: two spans, one year
        (240_001, (*YEARS[:2], Span(D(2024, 1, 1), D(2024, 6, 10), 50_000), Span(D(2024, 6, 10), D(2025, 1, 1), 70_000)), None, 120_000, True),
        (240_000, (*YEARS[:2], Span(D(2024, 1, 1), D(2024, 6, 10), 50_000), Span(D(2024, 6, 10), D(2025, 1, 1), 70_000)), None, 120_000, False),
        # a dwelling that stood empty for a year counts with zero: (0 + 120 + 120) / 3 = 80
        (160_001, (Span(D(2022, 1, 1), D(2023, 1, 1), 0), *YEARS[1:]), None, 80_000, True),
        (160_000, (Span(D(2022, 1, 1), D(2023, 1, 1), 0), *YEARS[1:]), None, 80_000, False),
        # all three years empty: any litre is abnormal, none is not
        (1, tuple(Span(s.start, s.end, 0) for s in YEARS), None, 0, True),
        (0, tuple(Span(s.start, s.end, 0) for s in YEARS), None, 0, False),
        # four years back is not three
        (240_001, (Span(D(2021, 1, 1), D(2022, 1, 1), 900_000), *YEARS), None, 120_000, True),
    ],
)  # fmt: skip
def test_a_year_against_three(litres: int, history: tuple[Span, ...], zone: Fraction | None, reference: int | None, abnormal: bool) -> None:  # fmt: skip
    got = judge(Span(*PERIOD, litres), history, zone)
    assert got.reference == reference
    assert got.abnormal is abnormal


@pytest.mark.parametrize(
    ("period", "history", "reference"),
    [
        # a half-year: 181 of 2024's 366 days (1 January to 30 June 2024 has 182), pro rata of days
        ((D(2025, 1, 1), D(2025, 7, 1)), YEARS[2:], Fraction(120_000 * 182, 366)),
        ((D(2025, 7, 1), D(2026, 1, 1)), YEARS[2:], Fraction(120_000 * 184, 366)),
        ((D(2025, 1, 1), D(2025, 7, 1)), YEARS[1:2], Fraction(120_000 * 181, 365)),
        # winter over the new year: 62 days of 2022-23, ten litres a day more in the second half
        ((D(2025, 12, 1), D(2026, 2, 1)), (flat(D(2024, 12, 1), D(2025, 1, 1), 100), flat(D(2025, 1, 1), D(2025, 2, 1), 120)), 31 * 100 + 31 * 120),
        # readings on other days than the period's: both neighbours give their share
        ((D(2025, 3, 1), D(2025, 4, 1)), (flat(D(2024, 2, 10), D(2024, 3, 10), 100), flat(D(2024, 3, 10), D(2024, 5, 1), 200)), 9 * 100 + 22 * 200),
        # a period that begins on 29 February: the years before have the 28th
        ((D(2024, 2, 29), D(2024, 3, 31)), (flat(D(2023, 1, 1), D(2024, 1, 1), 100),), 31 * 100),
        # a bill of four months
        ((D(2025, 9, 15), D(2026, 1, 15)), (flat(D(2022, 1, 1), D(2025, 9, 1), 150),), 122 * 150),
        # leap day inside the year before counts: 1 February to 1 April 2024 has 60 days
        ((D(2025, 2, 1), D(2025, 4, 1)), (flat(D(2024, 1, 1), D(2025, 1, 1), 100),), 60 * 100),
    ],
)  # fmt: skip
def test_unequal_periods_by_days(
    period: tuple[date, date], history: tuple[Span, ...], reference: Fraction | int
) -> None:
    got = judge(Span(*period, 10), history)
    assert got.reference == reference


ODD = Judged(500_000, (), Fraction(120_000), "logement", True)
PLAIN = Judged(200_000, (), Fraction(120_000), "logement", False)
TOLD, LAST = D(2026, 1, 31), D(2026, 2, 28)


@pytest.mark.parametrize(
    ("judged", "said", "expected"),
    [
        (PLAIN, {}, Due(Fraction(200_000), Fraction(200_000), "normal")),
        (ODD, {"certificate": LAST}, Due(Fraction(240_000), Fraction(120_000), "attestation")),
        (ODD, {"certificate": D(2026, 3, 1)}, Due(Fraction(500_000), Fraction(500_000), "sans attestation")),
        (ODD, {}, Due(Fraction(500_000), Fraction(500_000), "sans attestation")),
        (ODD, {"dwelling": False, "certificate": LAST}, Due(Fraction(500_000), Fraction(500_000), "hors champ")),
        (ODD, {"cause": "appareil", "certificate": LAST}, Due(Fraction(500_000), Fraction(500_000), "sans attestation")),
        (ODD, {"cause": "inconnue"}, Due(Fraction(500_000), Fraction(500_000), "sans attestation")),
        (ODD, {"informed": None}, Due(Fraction(240_000), Fraction(120_000), "non informé")),
        (ODD, {"informed": D(2026, 2, 2), "billed": D(2026, 2, 1)}, Due(Fraction(240_000), Fraction(120_000), "non informé")),
        (ODD, {"informed": D(2026, 2, 1), "billed": D(2026, 2, 1)}, Due(Fraction(500_000), Fraction(500_000), "sans attestation")),
        (ODD, {"informed": None, "cause": "appareil"}, Due(Fraction(240_000), Fraction(500_000), "non informé")),
        (ODD, {"meter_check": "asked"}, Due(None, None, "compteur")),
        (ODD, {"meter_check": "faulty"}, Due(Fraction(240_000), Fraction(120_000), "compteur")),
        (ODD, {"meter_check": "sound"}, Due(Fraction(500_000), Fraction(500_000), "sans attestation")),
        (ODD, {"meter_check": "sound", "certificate": TOLD}, Due(Fraction(240_000), Fraction(120_000), "attestation")),
    ],
)  # fmt: skip
def test_what_is_due(judged: Judged, said: dict[str, object], expected: Due) -> None:
    facts = {"dwelling": True, "cause": "conduite", "informed": TOLD, "certificate": None, **said}
    assert due(judged, **facts) == expected  # type: ignore[arg-type]


def test_months_and_spans() -> None:
    assert one_month_after(D(2026, 12, 15)) == D(2027, 1, 15)
    assert one_month_after(D(2028, 1, 30)) == D(2028, 2, 29)
    with pytest.raises(ValueError, match="overlap"):
        judge(Span(*PERIOD, 1), (YEARS[0], Span(D(2022, 6, 1), D(2022, 7, 1), 3)))
    with pytest.raises(ValueError, match="ends after"):
        Span(D(2026, 1, 1), D(2026, 1, 1), 1)


def test_a_leak_shows_through_any_pulse() -> None:
    """10 L/h from the thirtieth day, a home that rests at night: by litres and by tens, and not before."""
    hour = np.arange(60 * 24)
    use = np.where(np.isin(hour % 24, (7, 12, 19)), 60.0, 0.0)
    leak = use + np.where(hour >= 720, 10.0, 0.0)
    for pulse in (1.0, 10.0):
        counted = np.diff(np.r_[0, np.floor(np.cumsum(leak) / pulse)]) * pulse
        (found,) = meters.continuous(counted, pulse)
        assert 720 <= found.seen <= 720 + 72
        assert abs(found.since - 720) <= 2
        assert found.flow == pytest.approx(10, abs=1.5)
        rest = np.diff(np.r_[0, np.floor(np.cumsum(use) / pulse)]) * pulse
        assert meters.continuous(rest, pulse) == []
    leak[730:760] = np.nan  # no reading neither opens nor closes
    assert len(meters.continuous(leak, 1.0)) == 1


def test_a_building_by_its_nights() -> None:
    rng = np.random.default_rng(2)
    use = rng.gamma(2.0, 40.0, 90 * 24)
    assert meters.collective(use) == []
    use[60 * 24 :] += 90
    (found,) = meters.collective(use)
    assert abs(found.since // 24 - 60) <= 7
    assert found.seen // 24 <= 63


def test_a_building_by_pulses_of_ten_litres() -> None:
    """Forty buildings of twenty homes, a quiet night each: a meter that counts by tens tells leaks of 60 L/h and more within three
    days, and nothing of the others.
    """
    rng = np.random.default_rng(31)
    hour = np.arange(120 * 24) % 24
    often = np.where(
        (hour >= 6) & (hour < 9),
        1.2,
        np.where((hour >= 18) & (hour < 23), 0.9, np.where(hour >= 9, 0.45, 0.06)),
    )
    false, late = 0, 0
    for building in range(40):
        draws = rng.poisson(20 * often)
        use = np.where(draws > 0, rng.gamma(np.maximum(draws, 1) * 1.5, 8.0), 0.0)
        start = int(rng.integers(40, 110)) * 24 if building % 4 == 0 else len(hour)
        use[start:] += 60 * rng.uniform(1, 2)
        found = meters.collective(np.diff(np.r_[0, np.floor(np.cumsum(use) / 10)]) * 10, 10.0)
        false += sum(leak.seen < start for leak in found)
        late += start < len(hour) and not any(start <= leak.seen <= start + 72 for leak in found)
    assert false == 0  # one, where the spread may be less than two steps
    assert late == 0


def test_the_onset_of_a_district_leak_beside_weekends_and_season() -> None:
    rng = np.random.default_rng(6)
    days = np.datetime64("2025-01-01") + np.arange(365)
    kind = districts.kinds(days)
    season = 4 * np.sin(2 * np.pi * np.arange(365) / 365)
    night = 65 + np.array([0.0, 18.0, 28.0])[kind] + season + rng.normal(0, 4, 365)
    inflow = np.full(365, 176.0)
    assert len(districts.watch(days, night, inflow).onsets) <= 1
    delays: list[int] = []
    for start in range(40, 340, 20):
        raised = night + np.where(np.arange(365) >= start, 10.0, 0.0)
        late = [o for o in districts.watch(days, raised, inflow).onsets if o.seen >= days[start]]
        delays.append(int((late[0].seen - days[start]).astype(int)) if late else 99)
    assert sum(d <= 7 for d in delays) >= 13  # of fifteen: 10 m³/h where chance moves a night by 4


def test_night_flow_is_a_mean_of_known_hours() -> None:
    flow = np.tile(np.arange(24.0), (3, 1))
    flow[1, 2:4] = np.nan
    assert districts.night_flow(np.repeat(flow, 2, axis=1), 2).tolist()[0] == pytest.approx(
        (1 + 2 + 2 + 3 + 3 + 4) / 6
    )
    assert np.isnan(districts.night_flow(np.repeat(flow, 2, axis=1), 2)[1])
    assert districts.night_leak(5.0, 1000) == pytest.approx(4.4)
    assert districts.daily_leak(2.0, np.full(24, 50.0), 50.0) == 48


def test_indicators_by_hand() -> None:
    """A service worked with a pocket calculator."""
    y = indicators.Year(
        2025, 900_000, 200_000, 100_000, 700_000, 80_000, 6_000, 14_000, 150, 4_500, 4_000, 40, 45
    )
    assert y.distributed == 1_000_000
    assert indicators.network_yield(y) == pytest.approx(900_000 / 1_100_000)
    assert indicators.not_metered_index(y) == pytest.approx(220_000 / 54_750)
    assert indicators.loss_index(y) == pytest.approx(200_000 / 54_750)
    assert indicators.consumption_index(y) == pytest.approx(900_000 / 54_750)
    assert indicators.threshold(y) == pytest.approx(0.65 + 900_000 / 54_750 / 500)
    assert indicators.good_loss_index(y) == 5.0
    assert indicators.unavoidable_losses(y) == pytest.approx((18 * 150 + 3200 + 1000) * 45 * 0.365)
    assert indicators.infrastructure_index(y) == pytest.approx(
        200_000 / ((18 * 150 + 3200 + 1000) * 45 * 0.365)
    )
    assert indicators.network_yield(indicators.Year(2025, 0, 0, 0, 0, 0, 0, 0, 0)) is None


def test_a_day_more_is_a_day_more() -> None:
    """The judgement depends on days, not on the order of the spans."""
    spans = [
        flat(D(2024, 1, 1) + timedelta(days=30 * i), D(2024, 1, 1) + timedelta(days=30 * (i + 1)), 100 + i)
        for i in range(12)
    ]
    one = judge(Span(D(2025, 2, 1), D(2025, 3, 1), 1), spans)
    assert one == judge(Span(D(2025, 2, 1), D(2025, 3, 1), 1), spans[::-1])
