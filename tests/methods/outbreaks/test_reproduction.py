"""How fast an illness passes on, beside R's EpiEstim 2.2-4 and by hand."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from parvis.methods.outbreaks.reproduction import (
    case_reproduction,
    enough_cases,
    infectivity,
    over_windows,
    reproduction,
    serial_interval,
    windows,
)

QUANTILES = (0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975)
FLU = np.array([0, 0.233, 0.359, 0.198, 0.103, 0.053, 0.027, 0.014, 0.007, 0.003, 0.002, 0.001])


def table(path: Path) -> np.ndarray:
    with path.open(newline="") as file:
        return np.array(
            [[np.nan if cell == "NA" else float(cell) for cell in row] for row in list(csv.reader(file))[1:]]
        )


@pytest.mark.parametrize("name", ["Flu1918", "Flu2009", "Measles1861"])
def test_windows_equal_those_of_r(shared: Path, name: str) -> None:
    data = shared / "data" / "health" / "epi"
    cases, interval = table(data / f"{name}_incidence.csv")[:, 1], table(data / f"{name}_si.csv")[:, 1]
    told = table(data / f"{name}_R_nonparam.csv")
    made = reproduction(cases, interval, quantiles=QUANTILES)
    ours = np.column_stack([made.mean[0], made.sd[0], *(made.quantiles[q][0] for q in QUANTILES)])
    assert np.array_equal(np.column_stack([made.start, made.end]) + 1, told[:, :2])
    np.testing.assert_allclose(ours, told[:, 2:], rtol=1e-10)
    assert np.isnan(ours[:, 0]).sum() == (7 if name == "Measles1861" else 0)


def test_an_interval_by_mean_and_deviation_equals_that_of_r(shared: Path) -> None:
    data = shared / "data" / "health" / "epi"
    told = table(data / "discr_si_2.6_1.5.csv")[:, 1]
    np.testing.assert_allclose(serial_interval(2.6, 1.5, len(told) - 1), told, atol=1e-14)
    cases = table(data / "Flu2009_incidence.csv")[:, 1]
    made = reproduction(cases, serial_interval(2.6, 1.5, len(cases) - 1))
    np.testing.assert_allclose(
        made.mean[0], table(data / "Flu2009_R_parametric_2.6_1.5.csv")[:, 2], rtol=1e-10
    )


def test_cases_traced_back_equal_those_of_r(shared: Path) -> None:
    data = shared / "data" / "health" / "epi"
    cases, interval = table(data / "Flu2009_incidence.csv")[:, 1], table(data / "Flu2009_si.csv")[:, 1]
    made = over_windows(cases, case_reproduction(cases, interval), *windows(len(cases)))
    np.testing.assert_allclose(made, table(data / "Flu2009_WT.csv")[:, 2], rtol=1e-10)


def test_by_hand() -> None:
    """Two chances of a half: the infectivity of a day is the mean of the two before; the first is abroad."""
    made = reproduction([2, 4, 6, 1], [0, 0.5, 0.5], start=[2], end=[3], prior_mean=1, prior_sd=1)
    force = (4 + 2) / 2 + (6 + 4) / 2
    assert made.mean[0, 0] == pytest.approx((1 + 7) / (1 + force))
    assert made.cases[0, 0] == 7


def test_cases_from_elsewhere_pass_on_but_were_not_passed_on_here() -> None:
    cases = np.array([3.0, 2, 4, 6, 5, 7, 8, 9, 12, 11])
    abroad = np.array([0.0, 1, 0, 2, 0, 0, 0, 3, 0, 0])
    without, told = reproduction(cases, FLU), reproduction(cases, FLU, imported=abroad)
    assert (told.mean < without.mean).all()
    np.testing.assert_allclose(told.mean / without.mean, (1 + told.cases) / (1 + without.cases), rtol=1e-12)


def test_many_districts_are_each_as_alone_short_or_long() -> None:
    rng = np.random.default_rng(5)
    for days in (40, 500):
        many = rng.poisson(6, (3, days)).astype(float)
        together = reproduction(many, FLU)
        for row, cases in enumerate(many):
            np.testing.assert_allclose(together.mean[row], reproduction(cases, FLU).mean[0], rtol=1e-12)
        direct = [sum(FLU[k] * many[0, t - k] for k in range(1, min(t, 11) + 1)) for t in range(1, days)]
        np.testing.assert_allclose(infectivity(many, FLU)[0, 1:], direct, rtol=1e-10)


def test_too_early_is_no_number() -> None:
    slow = np.zeros(21)
    slow[20] = 1.0
    assert np.isnan(reproduction(np.ones(15), slow).mean).all()
    assert enough_cases() == 11
    assert enough_cases(sure=0.5) == 3


@pytest.mark.parametrize(
    ("cases", "interval", "imported"),
    [
        ([1, -1, 2], FLU, None),
        ([1, np.nan, 2], FLU, None),
        ([1, 2, 3], [0.5, 0.5], None),
        ([1, 2, 3], [0, 0.5, 0.2], None),
        ([1, 2, 3], [0, 1.5, -0.5], None),
        ([1, 2, 3], FLU, [2, 0, 0]),
    ],
)
def test_what_makes_no_sense_is_refused(cases: list[float], interval: object, imported: object) -> None:
    with pytest.raises(ValueError, match=r"serial interval|cases"):
        reproduction(cases, interval, imported=imported)  # type: ignore[arg-type]
