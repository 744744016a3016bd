"""The demo city's signals: the plan and the loop that were planted at fault are found, and nothing else is. Its files
leave out columns that a schema does not ask for.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pyarrow.csv as pcsv
import pytest

from parvis.demo import street, world
from parvis.demo.files import feux
from parvis.demo.raw import RawFile
from parvis.services.declaration import Tables
from parvis.services.feux import live_choice
from parvis.services.feux.junctions import counts, current, site
from parvis.services.feux.live_counts import PARIS


def _read(drawn: world.World, file: RawFile) -> pa.Table:
    data, truth = file.write(drawn)
    options = pcsv.ParseOptions(delimiter=";"), pcsv.ConvertOptions(strings_can_be_null=True)
    table = pcsv.read_csv(io.BytesIO(data), parse_options=options[0], convert_options=options[1])
    assert table.num_rows == truth.rows
    return table


@pytest.fixture(scope="module")
def tables() -> Tables:
    drawn = world.build(2026, world.NOW)
    now = datetime(2026, 11, 25, 9, 3, tzinfo=PARIS).astimezone(UTC)  # a Wednesday, in the morning
    rows = [
        {"arc": m.loop.id, "debut": m.start, "minutes": 6, "debit": m.flow}
        for m in street.measures(drawn, now - timedelta(hours=8), now, now)
    ]
    stuck = street.loops(drawn)[street.STUCK].id
    return {
        "groupes": _read(drawn, feux.GROUPS), "interverts": _read(drawn, feux.INTERGREENS), "plans": _read(drawn, feux.PLANS), "comptages": _read(drawn, feux.COUNTS),
        "mesures": pa.Table.from_pylist(rows), "capteurs": pa.table({"arc": [stuck, "B01"], "etat": ["bloqué", "en service"]}),
    }  # fmt: skip


def test_the_planted_plan_is_set_aside_and_no_other(tables: Tables) -> None:
    now = datetime(2026, 11, 25, 9, 3, tzinfo=PARIS).astimezone(UTC)
    states = {r["carrefour"]: r for r in live_choice.work(tables, now)["etat"].to_pylist()}
    assert {name: r["ecartes"] for name, r in states.items()} == {"Gare": "soir", "Marché": "", "Pont": ""}
    assert all(r["plan_horaire"] == "matin" for r in states.values())


def test_the_planted_loop_is_not_listened_to_and_the_others_are(tables: Tables) -> None:
    now = datetime(2026, 11, 25, 9, 3, tzinfo=PARIS).astimezone(UTC)
    states = {r["carrefour"]: r for r in live_choice.work(tables, now)["etat"].to_pylist()}
    assert {name: (r["vus"], r["groupes"]) for name, r in states.items()} == {
        "Gare": (4, 4),
        "Marché": (3, 4),
        "Pont": (4, 4),
    }


def test_counts_and_plans_of_the_demo_can_be_studied(tables: Tables) -> None:
    for name in feux.LOOPS:
        one = site(tables, name)
        assert len(current(tables, one, "ouvrés")) == 3
        assert counts(tables, one, "ouvrés").step == 15
