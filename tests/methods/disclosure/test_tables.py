"""Small counts in tables: what is hidden stays hidden against an attacker who shares no code with the
protector; what is rounded still adds up.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from parvis.methods.disclosure import presets, rounding, rules
from parvis.methods.disclosure.audit import Protection, audit
from parvis.methods.disclosure.suppression import suppress
from parvis.methods.disclosure.tables import Axis, filled, margins, owners
from tests.methods.disclosure.attacker import Attacker, Label, sums_by_label

SEEDS = range(200)


def axes_drawn(rng: np.random.Generator) -> list[Axis]:
    """One to three ways to break a table down, some with zones within zones."""
    many = int(rng.integers(1, 4))
    widest = 5 if many < 3 else 3
    return [
        Axis.flat(int(rng.integers(2, widest + 1)))
        if rng.random() < 0.6
        else Axis.nested(sorted([0, 1, *rng.integers(0, 2, widest - 2).tolist()]))
        for _ in range(many)
    ]


def trees(axes: Sequence[Axis]) -> list[Mapping[int, list[int]]]:
    """What lies below each node, read from the parents."""
    return [
        {
            n: below
            for n in range(len(a.parents))
            if (below := [c for c, p in enumerate(a.parents.tolist()) if p == n])
        }
        for a in axes
    ]


def seen(axes: Sequence[Axis], values: np.ndarray, hidden: np.ndarray) -> Attacker:
    """The attacker before the published table."""
    shape = tuple(len(a.parents) for a in axes)
    labels = list(itertools.product(*map(range, shape)))
    shown: dict[Label, float | None] = {
        label: None if h else float(v)
        for label, v, h in zip(labels, values.tolist(), hidden.tolist(), strict=True)
    }
    return Attacker(sums_by_label(trees(axes), shape), shown)


def label_of(axes: Sequence[Axis], cell: int) -> Label:
    return tuple(int(i) for i in np.unravel_index(cell, tuple(len(a.parents) for a in axes)))


def counts_drawn(seed: int) -> tuple[list[Axis], np.ndarray, int]:
    rng = np.random.default_rng(seed)
    axes = axes_drawn(rng)
    inner = rng.poisson(rng.choice([2, 6, 15, 40]), [len(a.leaves) for a in axes]) * (
        rng.random([len(a.leaves) for a in axes]) < 0.9
    )
    return axes, filled(axes, inner.astype(float)).reshape(-1).astype(np.int64), int(rng.choice([3, 5, 11]))


def test_no_small_count_is_given_back_in_200_tables() -> None:
    """Bar 4: the attacker finds no under-protected cell."""
    attacked, under, hidden_for_others = 0, [], 0
    for seed in SEEDS:
        axes, counts, least = counts_drawn(seed)
        asked = rules.counts_protected(counts, least)
        found = suppress(counts.astype(float), margins(axes), asked.sensitive, asked)
        assert not found.open.any()
        attacker = seen(axes, counts, found.hidden)
        hidden_for_others += int(np.count_nonzero(found.hidden & ~asked.sensitive))
        for cell in np.flatnonzero(rules.small(counts, least)):
            low, high = attacker.interval(label_of(axes, int(cell)))
            attacked += 1
            if low > 1e-6 or high < least - 1e-6:
                under.append((seed, int(cell), low, high))
    assert under == []
    assert attacked > 900
    assert hidden_for_others > 500


def test_the_attacker_succeeds_where_only_small_cells_are_hidden() -> None:
    """The same attacker before primary suppression alone: most small counts come back, so that finding none
    means something.
    """
    back = total = 0
    for seed in range(30):
        axes, counts, least = counts_drawn(seed)
        small = rules.small(counts, least)
        attacker = seen(axes, counts, small)
        for cell in np.flatnonzero(small):
            low, high = attacker.interval(label_of(axes, int(cell)))
            total += 1
            back += bool(low > 1e-6 or high < least - 1e-6)
    assert back > 0.2 * total


def test_our_audit_and_the_attacker_agree() -> None:
    for seed in range(0, 60, 3):
        axes, counts, least = counts_drawn(seed)
        hidden = rules.small(counts, least) | (np.random.default_rng(seed).random(len(counts)) < 0.2)
        ours = audit(counts.astype(float), margins(axes), hidden, rules.counts_protected(counts, least))
        theirs = seen(axes, counts, hidden)
        for cell, low, high in zip(ours.cells.tolist(), ours.low.tolist(), ours.high.tolist(), strict=True):
            assert theirs.interval(label_of(axes, cell)) == pytest.approx((low, high), abs=1e-5)


def amounts_drawn(seed: int) -> tuple[list[Axis], np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Turnovers of firms: axes, then totals, units, largest and whose, laid flat."""
    rng = np.random.default_rng(1_000 + seed)
    axes = axes_drawn(rng)[:2]
    shape = [len(a.leaves) for a in axes]
    units = rng.poisson(rng.choice([3, 6]), shape) * (rng.random(shape) < 0.9)
    amounts = [np.round(rng.lognormal(3, 1.2, n), 1) for n in units.reshape(-1)]
    total = np.array([a.sum() for a in amounts]).reshape(shape)
    largest = np.array([a.max(initial=0) for a in amounts]).reshape(shape)
    return (
        axes,
        filled(axes, total).reshape(-1),
        filled(axes, units.astype(float)).reshape(-1).astype(np.int64),
        filled(axes, largest, combine=np.maximum).reshape(-1),
        owners(axes, units).reshape(-1),
    )


def test_amounts_of_firms_are_safe_from_each_other() -> None:
    """3 units, 85 %: even whoever knows all the cells of other single firms can't come near a total that is
    hidden.
    """
    attacked, refused = 0, 0
    for seed in range(40):
        axes, totals, units, largest, owner = amounts_drawn(seed)
        sensitive = rules.small(units, 3) | rules.dominated(totals, largest, 0.85) & (units > 0)
        asked = rules.totals_protected(totals, sensitive, largest, 0.85)
        found = suppress(totals, margins(axes), sensitive, asked, owner=owner)
        refused += int(found.open.sum())
        for cell in np.flatnonzero(sensitive & ~found.open):
            # An insider: all single cells but the target's own are known.
            known = (owner >= 0) & (owner != owner[cell])
            low, high = seen(axes, totals, found.hidden & ~known).interval(label_of(axes, int(cell)))
            attacked += 1
            assert low <= totals[cell] - asked.down[cell] + 1e-4 * totals[cell]
            assert high >= totals[cell] + asked.up[cell] - 1e-4 * totals[cell]
    assert attacked > 60
    assert refused < attacked / 10


def test_what_nothing_can_protect_is_said() -> None:
    """All that could move is published already: the small count stands open, and the audit refuses the table."""
    axes = [Axis.flat(2)]
    counts = filled(axes, np.array([2.0, 30.0])).reshape(-1)
    asked = rules.counts_protected(counts.astype(np.int64), 11)
    frozen = np.array([True, False, True])
    found = suppress(counts, margins(axes), asked.sensitive, asked, frozen=frozen)
    assert found.open.tolist() == [False, True, False]
    told = audit(counts, margins(axes), found.hidden, asked)
    assert not told.safe
    assert told.exact.tolist() == [1]


def test_one_hidden_cell_is_solved_by_subtraction_and_two_are_not_enough_in_a_row() -> None:
    axes = [Axis.flat(3), Axis.flat(3)]
    counts = filled(axes, np.array([[2.0, 20, 30], [40, 50, 60], [70, 80, 90]]))
    asked = rules.counts_protected(counts.reshape(-1).astype(np.int64), 11)
    alone = asked.sensitive
    row = alone.reshape(4, 4).copy()
    row[1, 2] = True
    for hidden in (alone, row.reshape(-1)):
        assert audit(counts.reshape(-1), margins(axes), hidden, asked).exact.tolist()
    found = suppress(counts.reshape(-1), margins(axes), alone, asked)
    assert found.hidden.reshape(4, 4).astype(int).tolist() == [
        [0, 0, 0, 0],
        [0, 1, 1, 0],
        [0, 1, 1, 0],
        [0, 0, 0, 0],
    ]


def test_rounded_tables_add_up_next_to_their_counts() -> None:
    further = 0
    for seed in range(80):
        axes, counts, _ = counts_drawn(seed)
        base = 3 if seed % 2 else 5
        shown = rounding.rounded(counts, margins(axes), base)
        assert not (shown % base).any()
        assert (shown >= 0).all()
        for total, parts in sums_by_label(trees(axes), [len(a.parents) for a in axes]):
            by_label = shown.reshape([len(a.parents) for a in axes])
            assert by_label[total] == sum(int(by_label[p]) for p in parts)
        moved = np.abs(shown - counts)
        assert len(axes) == 3 or moved.max() < base
        assert not moved[counts % base == 0].any() or len(axes) == 3
        further += int((moved >= base).sum())
    assert further < 10


def test_a_rounded_count_could_be_another() -> None:
    axes = [Axis.flat(3), Axis.flat(2)]
    counts = filled(axes, np.array([[1.0, 7], [2, 11], [30, 4]])).reshape(-1).astype(np.int64)
    shown = rounding.rounded(counts, margins(axes), 5)
    low, high = rounding.audit_rounded(shown, margins(axes), 5)
    assert (low <= counts).all()
    assert (high >= counts).all()
    assert (high - low >= 4).all()


def test_rules_and_presets() -> None:
    assert presets.PRESETS["personnes"].least == 11
    assert (presets.PRESETS["entreprises"].least, presets.PRESETS["entreprises"].share) == (3, 0.85)
    assert (presets.PRESETS["delinquance"].least, presets.PRESETS["delinquance"].years) == (6, 3)
    assert all(p.source and p.title for p in presets.PRESETS.values())
    assert rules.sustained(np.array([[6, 7, 8], [6, 5, 8], [0, 0, 0]]), 5, 3).tolist() == [True, False, False]
    assert not rules.sustained(np.array([[6, 7]]), 5, 3).any()
    assert not Protection(np.zeros(2), np.zeros(2)).sensitive.any()


def test_the_solver_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    """A command's answer is one object on standard output."""
    axes, counts, least = counts_drawn(4)
    asked = rules.counts_protected(counts, least)
    suppress(counts.astype(float), margins(axes), asked.sensitive, asked)
    assert capfd.readouterr() == ("", "")
