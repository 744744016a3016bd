"""Live choice among approved plans, played again on counted days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from parvis.core.errors import UsageError
from parvis.services.feux import replay
from parvis.services.feux.replay_study import LIVE_CHOICE, REASONS
from parvis.services.study import Result
from tests.services.feux import signaltown

SAID: Mapping[str, Any] = {
    "carrefour": "Gare",
    "jours": "ouvrés",
    "gain_min": 10.0,
    "tenue": 2.0,
    "changements": 12.0,
}
EVEN, NORTH = signaltown.PLAIN_PLAN, {
    "N": (0, 40), "S": (0, 40), "PE": (0, 40), "NL": (47, 10), "SL": (47, 10), "E": (64, 10), "W": (64, 10), "PN": (64, 10), "EL": (81, 8), "WL": (81, 8),
}  # fmt: skip


class Quiet:
    """A progress that nobody follows."""

    kept = b""

    def __call__(self, share: float, step: str = "") -> None:
        assert 0 <= share <= 1

    def keep(self, state: bytes) -> None:
        raise AssertionError("nothing takes long here")


def counts(*, late: int = 0, days: int = 8) -> pa.Table:
    """Ordinary days with a peak from the north at 8; on the last day it comes so many quarters of an hour late."""
    rng = np.random.default_rng(3)
    rows: list[dict[str, object]] = []
    for d in range(days):
        day = date(2026, 11, 2) + timedelta(days=d + 2 * (d // 5))
        for k in range(96):
            moved = k - (late if d == days - 1 else 0)
            for g, levels in signaltown.PEAKS.items():
                mean = (
                    (levels[1] if 32 <= moved < 40 and g in "NS" else levels[0])
                    / 4
                    * (0.2 if k < 24 else 1.0)
                )
                rows.append({"carrefour": "Gare", "groupe": g, "date": day, "heure_debut": time(k // 4, k % 4 * 15), "minutes": 15, "passages": float(rng.poisson(mean))})  # fmt: skip
    return pa.Table.from_pylist(rows)


def plans(*, only: bool = False) -> pa.Table:
    rows: list[dict[str, object]] = []
    for name, greens, cycle, start, end in (("creux", EVEN, 90, 10, 8), ("matin", NORTH, 96, 8, 10)):
        if only and name == "matin":
            continue
        rows += [
            {"carrefour": "Gare", "plan": name, "jours": "tous", "de": time(start), "a": time(end), "cycle": cycle, "decalage": 0, "groupe": g, "debut": s, "duree": n}
            for g, (s, n) in greens.items()
        ]  # fmt: skip
    return pa.Table.from_pylist(rows)


def run(**others: pa.Table) -> Result:
    tables = {
        "groupes": signaltown.groups(),
        "interverts": signaltown.intergreens(),
        "comptages": counts(),
        "plans": plans(),
    } | others
    return replay.run(tables, SAID, 0, Quiet(), lambda: False)


@pytest.fixture(scope="module")
def late() -> Result:
    return run(comptages=counts(late=8))


def test_a_peak_that_comes_late_is_followed_and_usual_days_stay_by_their_hours(late: Result) -> None:
    days = late.tables["jours"].to_pylist()
    assert len(days) == 8
    assert days[-1]["gain"] > 2
    assert all(d["gain"] >= -2 for d in days)
    last = [r for r in late.tables["choix"].to_pylist() if r["date"] == days[-1]["date"]]
    assert any(r["plan"] == "matin" and r["plan_horaire"] == "creux" for r in last)


def test_every_decision_is_in_the_file_with_its_reason(late: Result) -> None:
    lines = late.files["choix.csv"].decode().splitlines()
    assert len(lines) == 1 + 8 * 96
    assert {line.split(",")[4] for line in lines[1:]} <= {*REASONS, *replay.LASTING}
    for name, schema in LIVE_CHOICE.schemas.items():
        assert late.tables[name].column_names == [c.name for c in schema.columns]


def test_what_can_not_be_chosen_is_told() -> None:
    with pytest.raises(UsageError, match="deux plans"):
        run(plans=plans(only=True))
    with pytest.raises(UsageError, match="trois jours"):
        run(comptages=counts(days=2))
