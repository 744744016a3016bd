"""Cells where incidents gather, and what a ranking was worth on what followed."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from parvis.methods.incidents.hotspots import BASELINE, back_test, counted, faded, grid, smoothed, worth


def fires(shared: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    with (shared / "data" / "safety" / "clmfires.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    days = [date.fromisoformat(row["date"]) for row in rows]
    when = np.array([d.year + (d.timetuple().tm_yday - 1) / 366 for d in days])
    return np.array([float(row["x"]) for row in rows]), np.array([float(row["y"]) for row in rows]), when


def test_worth_by_hand() -> None:
    """Ten cells; the two watched caught 6 of 10, the two best would have caught 8: PAI 6/10 over 2/10, PEI 6/8."""
    x = np.repeat(np.arange(10) + 0.5, 1)
    over = grid(x, np.full(10, 0.5), 1.0, grown=0)
    scores, after = np.array([9.0, 8, 7, 6, 5, 4, 3, 2, 1, 0]), np.array([5, 1, 3, 0, 0, 0, 0, 0, 1, 0])
    told = worth(over, scores, after, 0.2)
    assert (told.caught, told.of, told.watched) == (6, 10, 2)
    assert (told.pai, told.pei) == (pytest.approx(3.0), pytest.approx(6 / 8))


def test_cells_count_fade_and_spread() -> None:
    over = grid([0.5, 0.6, 3.5], [0.5, 0.5, 0.5], 1.0)
    assert over.studied.sum() == 3 * 3 + 3 * 3 - 0
    ages = np.array([0.0, 2.0, np.nan])
    assert counted(over, ages).max() == 2
    assert faded(over, ages)[over.cell[0]] == pytest.approx(1 + np.exp(-1))
    spread = smoothed(over, counted(over, ages), 1.0)
    assert spread.sum() < 2.0 + 1e-9
    assert spread.argmax() == over.cell[0]
    with pytest.raises(ValueError, match="coordinates"):
        grid([1.0, np.nan], [0.0, 0.0], 1.0)


@pytest.mark.parametrize("share", [0.02, 0.05, 0.10])
def test_on_ten_years_of_fires_the_fading_count_is_kept(shared: Path, share: float) -> None:
    """As measured elsewhere (PEI .61, .63, .63 and .55 to .61 for the count, .43 to .47 for a kernel; the PAI
    depends on where the grid begins): nothing beats the count that fades beyond chance, so it is what is shown.
    """
    x, y, when = fires(shared)
    made = back_test(grid(x, y, 5.0), when, (2004, 2005, 2006, 2007), share, draws=200)
    judged = made.judged
    assert made.chosen == BASELINE
    assert judged["faded"].pei == pytest.approx(0.62, abs=0.02)
    assert judged["count"].pei == pytest.approx(0.59, abs=0.05)
    assert judged["kernel"].pei == pytest.approx(0.45, abs=0.04)
    assert judged["faded"].pai > judged["count"].pai > judged["kernel"].pai
    assert judged["count"].high < 0


def test_a_ranking_that_is_better_beyond_chance_is_taken() -> None:
    """Incidents move on by a cell each year: who knows that beats any count."""
    rng = np.random.default_rng(3)
    when = rng.uniform(0, 5, 6000)
    x = 2 * np.floor(when) + rng.random(6000) * 2 + 1
    over = grid(x, np.full(6000, 0.5), 1.0)

    def moved(cells: object, ages: np.ndarray) -> np.ndarray:
        latest = np.where(ages < 1, ages, np.nan)
        return np.roll(counted(over, latest), 2)

    rankings = {"faded": faded, "count": counted, "moved": moved}
    made = back_test(over, when, (2.0, 3.0, 4.0), 0.08, rankings=rankings, draws=100)  # type: ignore[arg-type]
    assert made.chosen == "moved"
    assert made.judged["moved"].low > 0
