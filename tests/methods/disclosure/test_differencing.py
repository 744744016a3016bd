"""What two publications tell together: the attacker subtracts one version, or one table, from the other, and
must find no small group.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from parvis.methods.disclosure import differencing, rules
from parvis.methods.disclosure.suppression import suppress
from parvis.methods.disclosure.tables import Axis, filled, margins
from tests.methods.disclosure.attacker import Attacker, Label, sums_by_label

LEAST = 5


def register(seed: int, *, few: int) -> tuple[list[Axis], np.ndarray, np.ndarray]:
    """A table of people by district (in zones) and age, then the same once a few came to some cells and many
    to others.
    """
    rng = np.random.default_rng(seed)
    axes = [Axis.nested([0, 0, 1, 1]), Axis.flat(3)]
    shape = [len(a.leaves) for a in axes]
    before = rng.poisson(20, shape) * (rng.random(shape) < 0.9)
    came = np.where(rng.random(shape) < 0.3, rng.poisson(25, shape), 0)
    for cell in rng.choice(before.size, few, replace=False):
        came.reshape(-1)[cell] = rng.integers(1, LEAST)
    return axes, before, before + came


def both_seen(
    axes: list[Axis], before: np.ndarray, after: np.ndarray, hidden: list[np.ndarray], *, growing: bool
) -> Attacker:
    """An attacker who has both versions: labels are (which, node, node), and a change plus what was is what
    is.
    """
    shape = tuple(len(a.parents) for a in axes)
    trees = [
        {
            n: below
            for n in range(len(a.parents))
            if (below := [c for c, p in enumerate(a.parents.tolist()) if p == n])
        }
        for a in axes
    ]
    labels = list(itertools.product(*map(range, shape)))
    single = sums_by_label(trees, shape)
    sums = [((which, *total), [(which, *p) for p in parts]) for which in range(3) for total, parts in single]
    sums += [((1, *label), [(0, *label), (2, *label)]) for label in labels]
    shown: dict[Label, float | None] = {}
    for which, values in enumerate((before, after)):
        for label, value, hide in zip(labels, values.tolist(), hidden[which].tolist(), strict=True):
            shown[(which, *label)] = None if hide else float(value)
    shown |= {(2, *label): None for label in labels}
    assert growing, "the attacker's unknowns are at least 0"
    return Attacker(sums, shown)


def found_by(
    attacker: Attacker, changes: np.ndarray, shape: tuple[int, ...]
) -> list[tuple[int, float, float]]:
    """Small groups of newcomers that the attacker bounds too well."""
    under = []
    for cell in np.flatnonzero((changes > 0) & (changes < LEAST)):
        low, high = attacker.interval((2, *(int(i) for i in np.unravel_index(cell, shape))))
        if low > 1e-6 or high < LEAST - 1e-6:
            under.append((int(cell), low, high))
    return under


@pytest.mark.parametrize("seed", range(12))
def test_nobody_is_found_by_subtracting_two_versions(seed: int) -> None:
    """Each version alone is safe; together they give a few newcomers away, unless the second was protected
    with the first in mind.
    """
    axes, first, second = register(seed, few=2)
    shape = tuple(len(a.parents) for a in axes)
    before, after = (filled(axes, v.astype(float)).reshape(-1).astype(np.int64) for v in (first, second))
    sums = margins(axes)
    alone = []
    for counts in (before, after):
        asked = rules.counts_protected(counts, LEAST)
        alone.append(suppress(counts.astype(float), sums, asked.sensitive, asked).hidden)
    changes = after - before
    assert found_by(both_seen(axes, before, after, alone, growing=True), changes, shape), (
        "the attack must succeed where nothing is done"
    )
    together = differencing.versions(before, after, sums, alone[0], rules.small(after, LEAST), LEAST)
    assert not differencing.versions(before, after, sums, alone[0], alone[1], LEAST).audited().safe
    protected = together.protected()
    assert not protected.open.any()
    hidden = protected.hidden[len(before) : 2 * len(before)]
    assert found_by(both_seen(axes, before, after, [alone[0], hidden], growing=True), changes, shape) == []
    assert (~hidden).any(), "something is still published"


def test_one_person_planted_between_two_versions_is_refused() -> None:
    """Everything of the first version is out, and so are all totals of the second: one newcomer can't be
    protected any more, and that is said.
    """
    axes = [Axis.flat(3), Axis.flat(2)]
    first = np.array([[30.0, 41], [52, 33], [64, 25]])
    second = first.copy()
    second[1, 0] += 1
    before, after = (filled(axes, v).reshape(-1).astype(np.int64) for v in (first, second))
    nothing = np.zeros(len(before), bool)
    found = differencing.versions(before, after, margins(axes), nothing, nothing, 11).audited()
    assert not found.safe
    shape = (4, 3)
    assert {
        (2 * len(before) + int(np.ravel_multi_index(at, shape))) for at in ((2, 1), (2, 0), (0, 1), (0, 0))
    } == set(found.exact.tolist()) & set(found.cells[found.narrow].tolist())


def test_people_who_left_are_protected_too() -> None:
    axes = [Axis.flat(4)]
    before = filled(axes, np.array([30.0, 40, 50, 60])).reshape(-1).astype(np.int64)
    after = filled(axes, np.array([30.0, 38, 50, 60])).reshape(-1).astype(np.int64)
    nothing = np.zeros(5, bool)
    together = differencing.versions(before, after, margins(axes), nothing, nothing, 5, growing=False)
    assert not together.audited().safe
    hidden = together.protected().hidden[5:10]
    again = differencing.versions(before, after, margins(axes), nothing, hidden, 5, growing=False)
    assert again.audited().safe


def test_two_tables_of_one_city_tell_no_small_group() -> None:
    """Districts of yesterday and of today: three people live between the two boundaries. Each table is safe
    alone; the difference is them.
    """
    atoms = np.array([40, 3, 55, 60])  # the commune in four pieces; the second changed district
    old = np.array([[1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [1, 1, 1, 1]], bool)
    new = np.array([[1, 0, 0, 0], [0, 1, 1, 0], [0, 0, 0, 1]], bool)
    shown = [np.zeros(len(old), bool), np.zeros(len(new), bool)]
    together = differencing.overlapping(atoms, [old, new], shown, 11)
    found = together.audited()
    assert not found.safe
    assert found.exact.tolist() == [1]
    protected = together.protected()
    assert not protected.open.any()
    hidden = protected.hidden[4:]
    assert not hidden[:4].any(), "what is out is out"
    again = differencing.overlapping(atoms, [old, new], [shown[0], hidden[4:]], 11)
    assert again.audited().safe
    assert (~hidden[4:]).any()


@pytest.mark.parametrize("seed", range(10))
def test_overlapping_tables_drawn_at_random_are_protected(seed: int) -> None:
    """The same with the attacker of the tests: sums over pieces that nobody publishes."""
    rng = np.random.default_rng(seed)
    atoms = rng.integers(0, 40, 12) * (rng.random(12) < 0.9)
    tables = []
    for cells in (3, 4):
        zone = np.concatenate([np.arange(cells), rng.integers(0, cells, 12 - cells)])
        rng.shuffle(zone)
        tables.append(zone[None, :] == np.arange(cells)[:, None])
    first = rules.small(tables[0] @ atoms, LEAST)
    hidden = [first, rules.small(tables[1] @ atoms, LEAST)]
    protected = differencing.overlapping(atoms, tables, hidden, LEAST).protected()
    shown: dict[Label, float | None] = {(0, i): None for i in range(12)}
    sums = []
    for k, (members, hide) in enumerate(zip(tables, (first, protected.hidden[12 + 3 :]), strict=True), 1):
        for j, row in enumerate(members):
            shown[(k, j)] = None if hide[j] else float(row @ atoms)
            sums.append(((k, j), [(0, int(i)) for i in np.flatnonzero(row)]))
    attacker = Attacker(sums, shown)
    for atom in np.flatnonzero((atoms > 0) & (atoms < LEAST)):
        if protected.open[atom]:
            continue
        low, high = attacker.interval((0, int(atom)))
        assert low <= 1e-6
        assert high >= LEAST - 1e-6
