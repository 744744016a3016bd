"""Green waves against geometry, offsets against enumeration."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from parvis.methods.signals import green_wave, platoons


@given(st.integers(2, 7), st.integers(0, 10_000))
@example(5, 9443)  # the solver's presolve fails on it
@settings(max_examples=25, deadline=None)
def test_a_band_is_what_vehicles_find(signals: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    out_red, in_red = rng.uniform(0.35, 0.6, (2, signals))
    between = rng.uniform(-0.15, 0.15, signals)
    metres = rng.uniform(120, 600, signals - 1)
    wave = green_wave.green_wave(
        green_wave.street(out_red, in_red, metres, between=between), (60, 110), (11.0, 15.0)
    )
    assert wave.proved
    assert 60 - 1e-6 <= wave.cycle <= 110 + 1e-6
    for travel in (wave.out_travel, wave.in_travel):
        assert (travel >= metres / 15.0 - 1e-6).all()
        assert (travel <= metres / 11.0 + 1e-6).all()
    out = green_wave.passing(out_red * wave.cycle, wave.offsets, wave.out_travel, wave.cycle, step=0.05)
    back = green_wave.passing(
        in_red[::-1] * wave.cycle,
        (wave.offsets - between * wave.cycle)[::-1],
        wave.in_travel[::-1],
        wave.cycle,
        step=0.05,
    )
    assert out >= wave.out_band - 0.15
    assert back >= wave.in_band - 0.15


def test_no_cycle_and_no_offsets_have_wider_bands() -> None:
    """Three signals, one speed, every offset in whole seconds: nothing is wider than what the program proves."""
    out_red, in_red = np.array([0.5, 0.45, 0.55]), np.array([0.5, 0.5, 0.48])
    metres, cycle, speed = np.array([260.0, 410.0]), 80.0, 13.0
    wave = green_wave.green_wave(green_wave.street(out_red, in_red, metres), (cycle, cycle), (speed, speed))
    travel = metres / speed
    widest = 0.0
    for a, b in product(range(80), repeat=2):
        at = np.array([0.0, a, b])
        out = green_wave.passing(out_red * cycle, at, travel, cycle, step=0.5)
        back = green_wave.passing(in_red[::-1] * cycle, at[::-1], travel[::-1], cycle, step=0.5)
        if out and back:
            widest = max(widest, out + back)
    assert wave.out_band + wave.in_band >= widest - 2.0
    assert wave.out_band + wave.in_band <= widest + 2.0


def test_the_way_that_counts_less_keeps_its_share() -> None:
    reds = np.full(6, 0.5)
    street = green_wave.street(reds, reds, np.array([310.0, 190, 420, 260, 350]))
    half = green_wave.green_wave(street, (70, 90), (12.0, 14.0), weight=0.5)
    assert half.in_band >= 0.5 * half.out_band - 1e-6
    twice = green_wave.green_wave(street, (70, 90), (12.0, 14.0), weight=2.0)
    assert twice.in_band <= 2.0 * twice.out_band + 1e-6


def test_a_street_without_green_has_no_wave() -> None:
    with pytest.raises(green_wave.NoWave):
        green_wave.green_wave(
            green_wave.street(np.array([0.5, 1.0]), np.array([1.0, 0.5]), np.array([200.0])),
            (60, 90),
            (10.0, 14.0),
        )


def test_a_platoon_spreads_and_loses_nobody() -> None:
    sent = np.zeros(90)
    sent[10:30] = 0.5
    come = platoons.dispersed(sent, 25.0)
    assert come.sum() == pytest.approx(sent.sum())
    assert come[:30].sum() < 0.2 * come.sum()  # 0.8 of 25 s later at the soonest
    assert 0 < come.max() < 0.5
    assert int(come.argmax()) == 49  # when the last of the platoon arrives


def test_a_signal_with_fixed_times_lets_out_what_comes_in() -> None:
    come = np.full(60, 0.2)
    green = np.arange(60) < 30
    out, waiting, stops = platoons.leaving(come, green, 0.5)
    assert out.sum() == pytest.approx(12.0)
    assert not out[~green].any()
    # A triangle of 30 s of red and 20 s of discharge: 0.5 * 6 * 50 / 60 vehicles wait on average.
    assert waiting == pytest.approx(2.5, rel=0.05)
    assert stops == pytest.approx(0.2 * 50, rel=0.05)


def test_offsets_of_a_chain_are_the_best_of_all() -> None:
    cycle = 24
    rng = np.random.default_rng(3)
    green = np.arange(cycle) < 12
    links: list[platoons.Link] = []
    for a, b in ((0, 1), (1, 0), (1, 2), (2, 1)):
        sent = np.where(np.arange(cycle) < 12, rng.uniform(0.1, 0.3), 0.02)
        links.append(platoons.link(a, b, sent, float(rng.uniform(4, 15)), green, 0.5, stop=2.0))
    found, total = platoons.offsets(links, 3)
    every = min(
        sum(float(one.delays[(at[one.downstream] - at[one.upstream]) % cycle]) for one in links)
        for at in ((0, a, b) for a, b in product(range(cycle), repeat=2))
    )
    assert total == pytest.approx(every)
    assert found[0] == 0


def test_a_platoon_that_arrives_at_green_waits_least() -> None:
    cycle = 60
    green = np.arange(cycle) < 30
    one = platoons.link(0, 1, np.where(green, 0.4, 0.0), 20.0, green, 0.5)
    assert 14 <= int(one.delays.argmin()) <= 24  # starts about when the head of the platoon comes
