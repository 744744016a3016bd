"""What is published of small counts, week after week, and what somebody who keeps all of it computes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from parvis.methods.disclosure import weekly
from parvis.services.epidemies import register
from parvis.services.epidemies.register import closed, published
from parvis.services.epidemies.series import WEEK, Weekly

LEAST, WEEKS = 11, 8
START = date(2026, 8, 17)
"""The first Monday of a block."""
PLACES: Mapping[str, Mapping[str, Any]] = {
    f"q{k}": {"lieu": f"q{k}", "nom": f"Quartier {k}", "secteur": "ABC"[k // 3]} for k in range(9)
}
Row = Mapping[str, Any]
Key = tuple[str, str, date, int]


def counted(rng: np.random.Generator, weeks: int) -> np.ndarray:
    """Cases by place and week: most small, some none, some many; a place that misses a week."""
    mean = rng.choice([0.4, 2, 5, 9, 25], 9)
    counts = rng.poisson(mean[:, None] * np.ones((1, weeks))).astype(float)
    counts[int(rng.integers(9)), int(rng.integers(weeks))] = np.nan
    return counts


def grown(seed: int, weeks: int) -> tuple[list[list[dict[str, Any]]], list[Any]]:
    """What is published week after week, while cases of past weeks go on being declared; and the register, which the
    group alone reads.
    """
    rng = np.random.default_rng(seed)
    counts = counted(rng, weeks)
    kept: list[Any] = []
    out: list[list[dict[str, Any]]] = []
    for week in range(1, weeks + 1):
        told = Weekly(tuple(PLACES), tuple(START + WEEK * k for k in range(week)), counts[:, :week])
        kept = closed(
            {"cas": told}, PLACES, kept, [], least=LEAST, delay=timedelta(days=9),
            today=START + WEEK * week + timedelta(days=9), town="La ville",
        )  # fmt: skip
        out.append(published(kept))
        late = rng.random(counts.shape) < 0.3
        counts = np.where(np.isnan(counts), counts, counts + late)
    return out, kept


def cells(rows: Sequence[Row]) -> dict[Key, Row]:
    return {(r["niveau"], r["zone"], r["debut"], r["semaines"]): r for r in rows}


def members(key: Key, weeks: int) -> np.ndarray:
    """Which places and weeks a number counts, (9 * weeks,)."""
    level, zone, since, span = key
    of = np.zeros((9, weeks), bool)
    first = (since - START).days // 7
    for k, place in enumerate(PLACES.values()):
        if level == "ville" or zone in (place["lieu"], place["secteur"]):
            of[k, first : first + span] = True
    return of.ravel()


def attack(
    versions: Sequence[Sequence[Row]], truth: Mapping[Key, Row], weeks: int
) -> list[tuple[Key, float, float]]:
    """Small numbers that every version together bounds too narrowly, by linear programs over places and weeks."""
    known = [(key, r) for version in versions for key, r in cells(version).items()]
    left = [members(key, weeks) for key, r in known if r["cas"] is not None or r["etat"] == "non compté"]
    right = [r["cas"] or 0 for _, r in known if r["cas"] is not None or r["etat"] == "non compté"]
    a, first = np.unique(np.array(left), axis=0, return_index=True)
    b = np.array(right)[first]
    found: list[tuple[Key, float, float]] = []
    for key, r in truth.items():
        if 0 < r["cas"] < LEAST:
            of = members(key, weeks).astype(float)
            low, high = (linprog(s * of, A_eq=a, b_eq=b, method="highs") for s in (1, -1))
            assert low.status == 0
            bounds = low.fun, np.inf if high.status == 3 else -high.fun
            if bounds[0] > 1e-6 or bounds[1] < LEAST - 1e-6:
                found.append((key, *bounds))
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_whoever_keeps_every_week_finds_no_small_count(seed: int) -> None:
    versions, kept = grown(seed, WEEKS)
    # What was said stays said: no later version changes a number or opens one that was closed.
    for before, after in pairwise(versions):
        now = cells(after)
        assert all(now[key] == r for key, r in cells(before).items())
    truth = cells(kept)
    assert sum(0 < r["cas"] < LEAST for r in truth.values()) > 30
    assert attack(versions, truth, WEEKS) == []
    shown = [r for r in versions[-1] if r["etat"] == "publié"]
    assert sum(r["niveau"] == "ville" for r in shown) >= 6, "the town is seen nearly every week"
    assert all(r["cas"] == 0 or r["cas"] >= LEAST for r in shown)


def test_the_attack_finds_what_a_table_without_care_gives_away() -> None:
    """Only the small counts left out, their sums kept: the same attacker finds them."""
    _, kept = grown(1, 4)
    careless = [
        {
            **r,
            "cas": None if 0 < r["cas"] < LEAST else r["cas"],
            "etat": "trop peu" if 0 < r["cas"] < LEAST else "publié",
        }
        for r in kept
    ]
    assert len(attack([careless], cells(kept), 4)) > 5


def test_a_whole_block_is_closed_at_once_and_small_weeks_show_as_four() -> None:
    rng = np.random.default_rng(7)
    counts = rng.poisson(4.0, (9, 4)).astype(float)
    told = Weekly(tuple(PLACES), tuple(START + WEEK * k for k in range(4)), counts)
    kept = closed(
        {"ecole": told},
        PLACES,
        [],
        [],
        least=LEAST,
        delay=timedelta(0),
        today=START + 4 * WEEK,
        town="La ville",
    )
    rows = published(kept)
    assert attack([rows], cells(kept), 4) == []
    assert any(r["semaines"] == 4 and r["niveau"] == "lieu" and r["cas"] for r in rows)
    assert {r["serie"] for r in rows} == {"malades dans les écoles"}


def test_a_register_that_was_lost_says_nothing_again_of_weeks_that_are_out() -> None:
    rng = np.random.default_rng(5)
    counts = counted(rng, 6)
    told = Weekly(tuple(PLACES), tuple(START + WEEK * k for k in range(6)), counts)
    out = published(
        closed(
            {"cas": told}, PLACES, [], [], least=LEAST, delay=timedelta(0), today=START + 6 * WEEK, town="V"
        ),
    )
    longer = Weekly(
        tuple(PLACES), tuple(START + WEEK * k for k in range(10)), np.hstack([counts + 1, counted(rng, 4)])
    )
    again = closed(
        {"cas": longer}, PLACES, [], out, least=LEAST, delay=timedelta(0), today=START + 10 * WEEK, town="V"
    )
    assert {r["debut"] for r in again} == {START + WEEK * k for k in (8, 9)}


def test_a_block_has_as_many_weeks_here_as_where_it_is_protected() -> None:
    assert register.BLOCK == weekly.WEEKS
    assert register._block(START) == START
