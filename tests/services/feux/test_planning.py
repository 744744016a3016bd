"""The study of signal plans, as a function: tables and parameters in, tables and files out."""

from __future__ import annotations

import itertools
import json

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from parvis.core.errors import UsageError
from parvis.services.feux import planning
from parvis.services.feux.plans_study import PLANS
from parvis.services.study import Result
from tests.services.feux import signaltown

ASKED = {
    "carrefour": "Gare",
    "jours": "ouvrés",
    "cycle_min": 50.0,
    "cycle_max": 110.0,
    "plans": 4.0,
    "pietons": 1.0,
    "eprouver": "non",
}


class Kept:
    """A run's progress: what it said, and its checkpoints."""

    def __init__(self, kept: bytes = b"", stop_after: int = 99) -> None:
        self.kept = kept
        self.shares: list[float] = []
        self.checkpoints: list[bytes] = []
        self.stop_after = stop_after

    def __call__(self, share: float, step: str = "") -> None:
        self.shares.append(share)

    def keep(self, state: bytes) -> None:
        self.checkpoints.append(state)

    def stopped(self) -> bool:
        return len(self.checkpoints) >= self.stop_after


def run(tables: dict[str, pa.Table], progress: Kept | None = None, **other: object) -> Result:
    kept = progress or Kept()
    return planning.run(tables, {**ASKED, **other}, 1, kept, kept.stopped)  # type: ignore[dict-item]


@pytest.fixture(scope="module")
def town() -> dict[str, pa.Table]:
    return signaltown.tables()


@pytest.fixture(scope="module")
def result(town: dict[str, pa.Table]) -> Result:
    return run(town)


def test_each_time_of_day_gets_a_plan_that_loses_less_than_one_for_all(result: Result) -> None:
    periods = result.tables["periodes"].to_pylist()
    assert 2 <= len(periods) <= 4
    assert periods[0]["de"] == "00:00"
    assert periods[-1]["a"] == "00:00"
    assert all(b["de"] == a["a"] for a, b in itertools.pairwise(periods))
    morning = next(p for p in periods if p["de"] <= "08:00" < (p["a"].replace("00:00", "24:00")))
    night = periods[0]
    assert morning["gain"] > 10
    assert night["gain"] > 20
    assert morning["cycle"] > night["cycle"]  # more flow wants a longer cycle
    assert result.tables["regles"].num_rows == 0


def test_every_movement_has_its_figures_before_and_after(result: Result) -> None:
    rows = result.tables["mouvements"].to_pylist()
    periods = result.tables["periodes"].num_rows
    assert len(rows) == periods * 10
    for row in rows:
        foot = row["nature"] == "piétons"
        assert row["vert_propose"] >= 6
        assert (row["charge_proposee"] is None) == foot
        assert (row["niveau"] is None) == foot
        assert row["retard_aujourdhui"] > 0


def test_the_result_is_in_its_schemas_and_the_files_open(result: Result) -> None:
    for name, schema in PLANS.schemas.items():
        assert result.tables[name].column_names == [c.name for c in schema.columns]
    body = json.loads(result.files["plans.json"])
    assert body["carrefour"] == "Gare"
    assert len(body["plans"]) == result.tables["plans"].num_rows
    assert result.files["plans.csv"].decode().splitlines()[0].startswith("carrefour,plan,jours,de,a,cycle")
    assert result.files["diagrammes.pdf"].startswith(b"%PDF")


def test_a_run_that_was_killed_ends_with_the_same_bytes(town: dict[str, pa.Table], result: Result) -> None:
    first = Kept(stop_after=1)
    run(town, first)
    assert len(first.checkpoints) == 1
    again = run(town, Kept(first.checkpoints[-1]))
    assert again.tables == result.tables
    assert again.files == result.files


def test_a_plan_of_today_that_is_not_safe_is_told(town: dict[str, pa.Table]) -> None:
    bad = signaltown.PLAIN_PLAN | {"E": (22, 41)}
    found = run({**town, "plans": signaltown.plans(bad)}, plans=1.0)
    rows = found.tables["regles"].to_pylist()
    assert {"intergreen", "conflict"} <= {r["regle"] for r in rows}
    assert {"E"} <= {r["groupe"] for r in rows} | {r["autre"] for r in rows}


def test_without_plans_of_today_nothing_is_compared(town: dict[str, pa.Table]) -> None:
    found = run({k: v for k, v in town.items() if k != "plans"}, plans=1.0)
    assert found.tables["periodes"].column("gain").null_count == 1
    assert found.tables["mouvements"].column("vert_aujourdhui").null_count == 10


def test_more_weight_on_foot_makes_pedestrians_wait_less(town: dict[str, pa.Table]) -> None:
    waits = [
        run(town, plans=1.0, pietons=weight).tables["periodes"].column("attente_pietons")[0].as_py()
        for weight in (0.0, 8.0)
    ]
    assert waits[1] < waits[0]


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"cycle_min": 110.0, "cycle_max": 60.0}, "dépasse le plus long"),
        ({"cycle_min": 30.0, "cycle_max": 36.0}, "demandent un cycle d’au moins"),
        ({"jours": "samedi", "carrefour": "Gare"}, ""),
    ],
)
def test_what_can_not_be_done_is_told(
    town: dict[str, pa.Table], broken: dict[str, object], said: str
) -> None:
    if not said:
        assert run(town, plans=1.0, **broken).tables["periodes"].num_rows == 1
        return
    with pytest.raises(UsageError) as caught:
        run(town, **broken)
    assert said in str(caught.value)


def test_tables_that_contradict_themselves_are_told(town: dict[str, pa.Table]) -> None:
    matrix = town["interverts"]
    one_way = matrix.filter(
        pc.invert(pc.and_(pc.equal(matrix["groupe_ferme"], "E"), pc.equal(matrix["groupe_ouvert"], "N")))
    )
    with pytest.raises(UsageError, match="non l’inverse"):
        run({**town, "interverts": one_way})
    strange = pa.concat_tables([matrix, pa.Table.from_pylist([{"carrefour": "Gare", "groupe_ferme": "Z", "groupe_ouvert": "N", "secondes": 5.0}])])  # fmt: skip
    with pytest.raises(UsageError, match="« Z »"):
        run({**town, "interverts": strange})
    mixed = town["comptages"].to_pylist()
    mixed[0]["minutes"] = 60
    with pytest.raises(UsageError, match="sont mêlés"):
        run({**town, "comptages": pa.Table.from_pylist(mixed)})
    with pytest.raises(UsageError, match="aucun comptage"):
        run({**town, "comptages": town["comptages"].slice(0, 0)})
