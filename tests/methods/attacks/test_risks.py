"""The attacker's own tests: each attack against a slow twin, what they must flag and let pass, and the peer's
figures on Adult.
"""

from __future__ import annotations

import datetime

import numpy as np
import pyarrow as pa
import pytest

from parvis.core.errors import UsageError
from parvis.methods.attacks.inference import inference
from parvis.methods.attacks.nearest import nearest
from parvis.methods.attacks.rates import Outcome, Rate
from parvis.methods.attacks.records import Column, Names, Numbers
from parvis.methods.attacks.singling_out import singling_out
from parvis.privacy.attacking import CAVEATS, Assessment, assess
from parvis.privacy.stated_values import compared


def people_drawn(seed: int, count: int = 400) -> tuple[pa.Table, pa.Table]:
    """Invented people, and others like them."""
    rng = np.random.default_rng(seed)

    def some() -> pa.Table:
        age = rng.integers(18, 95, count)
        trade = rng.integers(0, 12, count)
        return pa.table(
            {
                "age": age,
                "quartier": [f"q{i}" for i in rng.integers(0, 9, count)],
                "metier": [f"m{i}" for i in trade],
                "revenu": (900 + 150 * trade + 10 * age + rng.normal(0, 200, count)).round(2),
                "enfants": rng.integers(0, 5, count),
            }
        )

    return some(), some()


def shuffled(table: pa.Table, seed: int) -> pa.Table:
    rng = np.random.default_rng(seed)
    return pa.table({n: table[n].take(rng.permutation(table.num_rows)) for n in table.column_names})


def mixed(table: pa.Table, seed: int) -> pa.Table:
    return table.take(np.random.default_rng(seed).permutation(table.num_rows))


# the pieces, against slow twins


@pytest.mark.parametrize("seed", range(6))
def test_nearest_rows_are_those_of_brute_force(seed: int) -> None:
    rng = np.random.default_rng(seed)
    people, rows = 30, 150
    amount = np.where(rng.random(people) < 0.1, np.nan, rng.integers(0, 50, people).astype(float))
    low = np.where(rng.random(rows) < 0.1, np.nan, rng.integers(0, 50, rows).astype(float))
    high = low + rng.integers(0, 6, rows)
    trade, said = rng.integers(-1, 6, people), rng.integers(-1, 4, rows)
    held = rng.random((4, 6)) < 0.4
    columns: list[Column] = [
        Numbers(amount, low, high, np.zeros(0)),
        Names(trade, said, held, np.zeros(0, np.int64)),
    ]
    count = 1 + seed
    found = nearest(columns, count, seed)
    for person in range(people):
        far = []
        for row in range(rows):
            out = max(low[row] - amount[person], amount[person] - high[row], 0.0) / columns[0].span  # type: ignore[union-attr]
            numbers = 1.0 if np.isnan(low[row]) or np.isnan(amount[person]) else out
            names = 0.0 if trade[person] >= 0 and said[row] >= 0 and held[said[row], trade[person]] else 1.0
            far.append(numbers + names)
        assert len(set(found[person].tolist())) == count
        assert sorted(far[r] for r in found[person]) == pytest.approx(sorted(far)[:count], abs=1e-5)


def test_ties_are_broken_at_random() -> None:
    same = Names.exact(np.zeros(4_000, np.int64), np.zeros(10, np.int64))
    drawn = np.bincount(nearest([same], 1, 3)[:, 0], minlength=10)
    assert drawn.min() > 300


def test_singling_out_is_that_of_brute_force() -> None:
    """Each condition that the attack counts as a success is met by one row and one person; the slow way
    counts as many.
    """
    original, _ = people_drawn(2, 150)
    release = mixed(original, 5)
    columns = [compared(original[n], release[n]) for n in original.column_names]
    found = singling_out(columns, "multivariate", attempts=100, tries=3_000, seed=4)
    assert found.successes == found.predicates == 100
    univariate = singling_out(columns, "univariate", attempts=10_000, seed=4)
    slow = 0
    for name in original.column_names:
        values = original[name].to_pylist()
        slow += sum(values.count(v) == 1 for v in values)
        if name in ("age", "revenu", "enfants"):
            slow += sum(values.count(e) == 1 for e in (min(values), max(values)))
    assert univariate.predicates == univariate.successes == slow


def test_wilson_and_what_is_left_of_a_control() -> None:
    """Figures worked by hand from Wilson's formula and the propagation of errors."""
    rate = Rate.of(50, 100)
    assert (rate.value, round(rate.error, 4)) == (0.5, 0.0962)
    risk = Outcome(100, 80, 10, 50, 100).risk
    assert (round(risk.value, 4), round(risk.low, 4), round(risk.high, 4)) == (0.5778, 0.4024, 0.7532)
    assert Outcome(100, 10, 10).conclusive is False
    assert Outcome(100, 30, 10).conclusive is True
    nothing = Outcome(100, 0, 0, 90, 100).risk
    assert (nothing.value, nothing.low) == (0.0, 0.0)


# what must be flagged, what may pass


def risks(found: Assessment) -> dict[str, tuple[float, bool]]:
    return {test: (attack.risk.value, attack.conclusive) for test, attack in found.worst.items()}


def test_the_data_themselves_are_flagged() -> None:
    original, control = people_drawn(1)
    found = assess(
        original,
        mixed(original, 9),
        control=control,
        linked=(("age", "revenu"), ("metier", "quartier", "enfants")),
        seed=1,
    )
    told = risks(found)
    assert told["singling-out"][0] >= 0.95
    assert max(a.risk.value for a in found.attacks if a.kind == "inference") >= 0.95
    assert all(conclusive for _, conclusive in told.values())
    every = [("age", "revenu", "metier", "quartier"), ("age", "revenu", "metier", "quartier", "enfants")]
    assert (
        risks(assess(original, mixed(original, 9), linked=(every[0], every[1]), seed=1))["linkability"][0]
        >= 0.95
    )


def rounded(table: pa.Table) -> pa.Table:
    """An income in cents tells a person by itself, shuffled or not: to 500 it doesn't."""
    coarse = pa.array((np.round(table["revenu"].to_numpy() / 500) * 500).tolist())
    return table.set_column(table.column_names.index("revenu"), "revenu", coarse)


def test_shuffled_columns_pass_unless_one_tells_by_itself() -> None:
    original, control = people_drawn(1)
    alone = assess(original, shuffled(original, 3), control=control, seed=1)
    assert next(a for a in alone.attacks if a.kind == "singling-out").risk.value > 0.95
    original, control = rounded(original), rounded(control)
    found = assess(original, shuffled(original, 3), control=control, seed=1)
    for attack in found.attacks:
        assert attack.risk.low < 0.02, attack
        assert attack.risk.value < 0.15, attack


def test_ranges_and_names_that_hold_several_are_understood() -> None:
    """A release in bands of ten years and three sectors: whoever knows the person knows which row says them,
    but not alone.
    """
    original, _ = people_drawn(6)
    ages = original["age"].to_pylist()
    trades = original["metier"].to_pylist()
    sector = {f"m{i}": f"s{i // 4}" for i in range(12)}
    release = mixed(
        pa.table(
            {
                "age": [f"{a // 10 * 10}-{a // 10 * 10 + 9}" for a in ages],
                "metier": [sector[t] for t in trades],
                "enfants": original["enfants"],
            }
        ),
        2,
    )
    covers = {"metier": {s: [t for t in sector if sector[t] == s] for s in sector.values()}}
    found = assess(original, release, covers=covers, seed=3)
    assert found.known == ("age", "metier", "enfants")
    banded = compared(original["age"], release["age"])
    assert isinstance(banded, Numbers)
    known: list[Column] = [banded, compared(original["metier"], release["metier"], covers=covers["metier"])]
    near = nearest(known, 1, 1)[:, 0]
    says = list(zip(release["age"].to_pylist(), release["metier"].to_pylist(), strict=True))
    truth = [(f"{a // 10 * 10}-{a // 10 * 10 + 9}", sector[t]) for a, t in zip(ages, trades, strict=True)]
    assert [says[r] for r in near.tolist()] == truth
    # A sector doesn't tell the trade, and no trade is counted as told.
    assert next(a for a in found.attacks if a.secret == "metier").successes == 0


def test_what_labels_say() -> None:
    original = pa.chunked_array([[25, 95, None]])
    said = compared(
        original,
        pa.chunked_array([["20-29", "[90 ; 100[", "*", "90 et plus", "moins de 30", "(vide)", "−5"]]),
    )
    assert isinstance(said, Numbers)
    assert said.low[:5].tolist() == [20, 90, -np.inf, 90, -np.inf]
    assert said.high[:5].tolist() == [29, 100, np.inf, np.inf, 30]
    assert np.isnan(said.low[5])
    assert said.low[6] == -5
    days = compared(
        pa.chunked_array([[datetime.date(1970, 2, 3)]]),
        pa.chunked_array([["1970", "1970-02", "1970-T1", "1970-02-03", "1970-1979"]]),
    )
    assert isinstance(days, Numbers)
    assert days.original.tolist() == [33]
    assert (days.low.tolist(), days.high.tolist()) == ([0, 31, 0, 33, 0], [365, 59, 90, 34, 3652])
    codes = compared(
        pa.chunked_array([["34000", "34070", "30100"]]), pa.chunked_array([["34***", "30100", "*", "75001"]])
    )
    assert isinstance(codes, Names)
    assert codes.covers[codes.release].astype(int).tolist() == [[0, 1, 1], [1, 0, 0], [1, 1, 1], [0, 0, 0]]


def test_a_negative_guess_is_not_right_by_itself() -> None:
    """The peer divides by the guess: every negative guess passes there. Here only near ones do."""
    debts = -np.arange(1.0, 401.0) * 100
    rng = np.random.default_rng(1)
    secret = Numbers.exact(debts, rng.permutation(debts))
    known = Names.exact(np.zeros(400, np.int64), np.zeros(400, np.int64))
    found = inference([known], secret, attempts=400, seed=2)
    assert found.successes < 0.15 * found.attempts
    assert not found.risk.low > 0.2


def test_columns_that_are_not_in_both_are_named() -> None:
    original, _ = people_drawn(1, 20)
    with pytest.raises(UsageError, match="revenu"):
        assess(original, original.drop_columns(["revenu"]), known=("age", "revenu"))
    assert assess(original.slice(0, 0), original).attacks == ()


def test_missing_values_and_single_columns_hold() -> None:
    original = pa.table({"a": pa.array([1, None, 3, None], pa.int64()), "b": pa.array(["x", None, "x", "y"])})
    found = assess(original, original, attempts=50)
    assert {a.kind for a in found.attacks} == {
        "singling-out",
        "singling-out-together",
        "linkability",
        "inference",
    }
    assert set(found.caveats) <= set(CAVEATS)
    assert all(len(both) == 2 for both in CAVEATS.values())


def test_a_control_of_another_size_is_corrected() -> None:
    """With nothing learned from the data (columns shuffled), a control a third as large gives the same
    successes once corrected, within a half.
    """
    original, _ = people_drawn(3, 2_400)
    _, other = people_drawn(4, 800)
    release = shuffled(original, 1)
    columns = [compared(original[n], release[n], other[n]) for n in original.column_names]
    found = singling_out(columns, "multivariate", attempts=600, seed=1)
    assert found.controlled is not None
    assert found.successes > 40
    assert 0.5 < found.controlled / found.successes < 1.5


def test_the_same_seed_gives_the_same_answer() -> None:
    original, control = people_drawn(5, 120)
    assert assess(original, shuffled(original, 2), control=control, seed=8) == assess(
        original, shuffled(original, 2), control=control, seed=8
    )
