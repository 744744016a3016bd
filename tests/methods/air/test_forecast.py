"""The forecast and the map of the air: never worse than what costs nothing, and doubts that hold; on real
series, and on tiny ones known to the end.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from parvis.methods.air import forecast, mapping, skill
from parvis.methods.air.forecast import Past
from tests.methods.air import air_series

EVERY = 120
"""Days between two fits in the tests; the bench takes 30."""


def judged(past: Past, since: int, bound: float) -> tuple[skill.Score, dict[str, skill.Score], float]:
    """Ours, each reference, and the share of figures in their interval; all on the same days. The event is a
    figure of `bound` or more.
    """
    over = float(np.nextafter(bound, 0))
    made = skill.replay(past, since=since - 1, bound=over, every=EVERY)
    said = {name: values[made.day] for name, values in skill.references(past).items()}
    same = np.isfinite(np.stack(list(said.values()))).all(axis=0)
    ours = skill.score(made.mean[same], made.figures[same], made.announced[same], over)
    others = {
        name: skill.score(v[same], made.figures[same], v[same] > over, over) for name, v in said.items()
    }
    return ours, others, skill.covered(made.low, made.high, made.figures)


@pytest.mark.shared
def test_particles_of_beijing_without_a_forecast_of_the_weather(shared: Path) -> None:
    ours, others, covered = judged(*air_series.beijing(shared), 150)
    assert ours.rmse <= 0.82 * others["soir"].rmse
    assert ours.csi >= max(o.csi for o in others.values())
    assert 0.87 <= covered <= 0.93


@pytest.mark.shared
def test_particles_of_beijing_with_a_forecast_of_the_weather(shared: Path) -> None:
    ours, others, covered = judged(*air_series.beijing(shared, ahead="simulated"), 150)
    assert ours.rmse <= 0.70 * others["soir"].rmse
    assert ours.csi >= max(o.csi for o in others.values())
    assert 0.87 <= covered <= 0.93


@pytest.mark.shared
@pytest.mark.parametrize(
    ("pollutant", "statistic", "bound"), [("pm10", "mean", 50), ("no2", "max", 105), ("o3", "max", 25)]
)
def test_london(shared: Path, pollutant: str, statistic: str, bound: float) -> None:
    ours, others, covered = judged(*air_series.london(shared, pollutant, statistic), bound)
    assert ours.rmse < min(o.rmse for o in others.values())
    assert ours.csi >= max(o.csi for o in others.values())
    assert 0.87 <= covered <= 0.93


@pytest.mark.shared
@pytest.mark.parametrize("seed", [0, 1])
def test_a_map_from_the_other_stations(shared: Path, seed: int) -> None:
    x, y, days, since = air_series.germany(shared)
    chosen = np.sort(np.random.default_rng(seed).choice(np.arange(since, len(days)), 60, replace=False))
    error, held, peer = [], [], []
    for place in chosen:
        likeness = mapping.learn(x, y, days[place - 30 : place])
        told = mapping.leave_one_out(x, y, days[place], likeness)
        heard = np.flatnonzero(np.isfinite(days[place]))
        error.append((told.middle - days[place])[heard])
        held.append(((told.low <= days[place]) & (days[place] <= told.high))[heard])
        for one in heard:
            rest = heard[heard != one]
            peer.append(
                mapping.by_distance(x[rest], y[rest], days[place][rest], x[[one]], y[[one]])[0]
                - days[place][one]
            )
    rmse = float(np.sqrt((np.concatenate(error) ** 2).mean()))
    assert rmse <= 6.7
    assert rmse <= float(np.sqrt((np.array(peer) ** 2).mean()))
    assert 0.87 <= np.concatenate(held).mean() <= 0.93


def made(days: int, seed: int = 1) -> Past:
    """A series that remembers, with a peak of traffic; some hours are missing."""
    rng = np.random.default_rng(seed)
    level = np.zeros(days)
    for n in range(1, days):
        level[n] = 0.8 * level[n - 1] + rng.normal(0, 0.3)
    hours = np.exp(
        3.0
        + np.repeat(level[:, None], 24, 1)
        + 0.2 * np.sin(np.arange(24) / 24 * 2 * np.pi)
        + rng.normal(0, 0.1, (days, 24))
    )
    hours[rng.random((days, 24)) < 0.03] = np.nan
    return Past(date(2024, 1, 1), hours, "mean")


def test_the_doubt_holds_on_a_series_that_is_known() -> None:
    replay = skill.replay(made(900), since=400, bound=40.0, every=100)
    assert 0.86 <= skill.covered(replay.low, replay.high, replay.figures) <= 0.94
    assert replay.fits == 5


def test_nothing_of_the_future_is_read() -> None:
    """What comes after the issue changes no forecast made before it."""
    past = made(400)
    changed = past.hours.copy()
    changed[301:] *= 7.0
    for lead, issued in ((1, 24), (0, 9), (1, 18)):
        cut = changed.copy()
        cut[300, issued:] *= 7.0
        before = forecast.design(past, lead=lead, issued=issued)  # type: ignore[arg-type]
        after = forecast.design(Past(past.first, cut, "mean"), lead=lead, issued=issued)  # type: ignore[arg-type]
        np.testing.assert_array_equal(before[:301], after[:301])
    honest = skill.replay(past, since=250, bound=40.0, every=25)
    other = skill.replay(Past(past.first, changed, "mean"), since=250, bound=40.0, every=25)
    # the figure of day 300 is that of 301, which was changed: forecasts issued up to day 300 are the same
    np.testing.assert_array_equal(honest.mean[honest.day <= 300], other.mean[other.day <= 300])


def test_today_is_better_known_as_its_hours_pass() -> None:
    past = made(500)
    errors = []
    for issued in (6, 18):
        features, figures = forecast.design(past, lead=0, issued=issued), forecast.target(past, lead=0)
        model = forecast.fit(features[:400], figures[:400])
        said = forecast.predict(model, features[400:])
        kept = np.isfinite(figures[400:])
        errors.append(float(np.abs(said.mean - figures[400:])[kept].mean()))
    assert errors[1] < errors[0]


def test_too_few_days_are_refused() -> None:
    past = made(100)
    with pytest.raises(ValueError, match="120 are needed"):
        forecast.fit(forecast.design(past), forecast.target(past))


def test_a_forecast_of_the_weather_needs_its_last_row() -> None:
    past = made(300)
    ahead = np.arange(301 * 24.0).reshape(301, 24)
    with_row = forecast.design(Past(past.first, past.hours, "mean", {}, {"t": ahead}))
    without = forecast.design(Past(past.first, past.hours, "mean", {}, {"t": ahead[:300]}))
    assert np.isfinite(with_row[-1, -1])
    assert np.isnan(without[-1, -1])
    np.testing.assert_array_equal(with_row[:-1], without[:-1])


def test_a_place_on_a_station_and_one_far_away() -> None:
    x, y = np.array([0.0, 10.0, 0.0, 10.0, 5.0]), np.array([0.0, 0.0, 10.0, 10.0, 5.0])
    values = np.array([10.0, 12.0, 14.0, 16.0, 13.0])
    likeness = mapping.Likeness(50.0, 0.1, 1.0, 100, 1.0)
    near = mapping.krige(x, y, values, np.array([5.0, 400.0]), np.array([5.0, 0.0]), likeness)
    assert near.high[0] - near.low[0] < near.high[1] - near.low[1], "the doubt grows with the distance"
    assert 10.0 <= near.middle.min() <= near.middle.max() <= 16.0
    with pytest.raises(ValueError, match="4 are needed"):
        mapping.krige(x[:3], y[:3], values[:3], x, y, likeness)


def test_one_inverse_tells_what_leaving_out_tells() -> None:
    """The closed form against leaving each station out in turn."""
    rng = np.random.default_rng(3)
    x, y, values = rng.uniform(0, 100, 12), rng.uniform(0, 100, 12), np.exp(rng.normal(3, 0.3, 12))
    likeness = mapping.Likeness(50.0, 0.2, 1.0, 100, 1.0)
    quick = mapping.leave_one_out(x, y, values, likeness)
    for one in range(12):
        rest = np.arange(12) != one
        slow = mapping.krige(x[rest], y[rest], values[rest], x[[one]], y[[one]], likeness)
        np.testing.assert_allclose(
            [slow.middle[0], slow.low[0], slow.high[0]],
            [quick.middle[one], quick.low[one], quick.high[one]],
            rtol=1e-9,
        )
