"""What is taken down of a live resource takes along what live services computed from it: the state of the
open hour, the closed hours, their bytes.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pytest
from sqlalchemy import select

from parvis.core.errors import Gone, NotFound
from parvis.core.types import PUBLIC, Column, Dataset, Schema
from parvis.decisions import takedown
from parvis.services.declaration import Input, Output, Service
from parvis.store import datasets, live, runs, versions
from parvis.store.tables import segments, tips
from parvis.work import service_runs
from tests.cities.livecity import ETAT, RELEVES, Clock, Rides, riding

WHY = "Des habitants y sont nommés."
COMPUTED = (ETAT, "mouvements-velos/mouvements")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("live") / "city"
    with riding(folder, Clock()):
        pass
    return folder


@pytest.fixture
def rides(made: Path, tmp_path: Path) -> Iterator[Rides]:
    shutil.copytree(made, tmp_path / "city")
    with riding(tmp_path / "city", Clock(), fresh=False) as opened:
        yield opened


def hours_of(rides: Rides, resource: str) -> dict[str, bool]:
    """Digest of each batch and closed hour of a resource, and whether its bytes are there."""
    with rides.city.db.read() as conn:
        found = [
            d
            for t in (tips, segments)
            for d in conn.execute(select(t.c.digest).where(t.c.resource == resource)).scalars()
        ]
    return {d: rides.city.files.exists(d) for d in found}


@pytest.mark.parametrize("polls", [2, 8])
def test_what_a_live_service_computed_goes_with_what_it_read(rides: Rides, polls: int) -> None:
    """In the first hour, when nothing is closed yet, and later: no state, no history, no bytes; and none of
    it comes back when the feed does.
    """
    for _ in range(polls):
        assert rides.poll() == "up"
        rides.clock.forward(minutes=10)
    before = {d for r in COMPUTED for d, there in hours_of(rides, r).items() if there}
    assert len(before) >= 2
    last = {resource: rides.city.tip(resource)[1] for resource in COMPUTED}
    takedown.withdraw(rides.city, RELEVES, why=WHY, actor="system", everywhere=True)
    for resource in COMPUTED:
        with pytest.raises((NotFound, Gone)):
            rides.city.tip(resource)
        with pytest.raises((NotFound, Gone)):
            rides.city.served(resource)
        assert hours_of(rides, resource) == {}
    assert not [d for d in before if rides.city.files.exists(d)]
    with rides.city.db.begin() as conn:
        datasets.save_resource(conn, rides.resource)
    rides.clock.forward(hours=2)
    assert rides.poll() == "up"
    for resource in COMPUTED:
        with rides.city.db.read() as conn:
            assert [t.at for t in live.readable(conn, resource) if t.at <= last[resource]] == []
        assert before.isdisjoint(hours_of(rides, resource))


NOMBRE = Schema("nombre", columns=(Column("stations", "integer"),))


def counting(tables: Mapping[str, pa.Table], now: datetime) -> Mapping[str, pa.Table]:
    return {"nombre": pa.table({"stations": [tables["releves"].num_rows + tables["quartiers"].num_rows]})}


COUNTS = Service(
    "essai",
    "Essai",
    "Combien ?",
    {"releves": Input(RELEVES), "quartiers": Input("quartiers/quartiers")},
    {"nombre": Output(Dataset("nombre", "Nombre", "", "mobilites"), NOMBRE)},
    "Somme.",
    (),
    work=counting,
    live=True,
)


def test_the_hours_of_a_live_service_name_what_they_were_computed_from(rides: Rides) -> None:
    """Both inputs, those of hours before too; so that either of them taken down takes the state and the hours
    along.
    """
    for _ in range(8):
        rides.poll()
        service_runs._work(rides.city, COUNTS, rides.resource)  # pyright: ignore[reportPrivateUsage]
        rides.clock.forward(minutes=10)
    with rides.city.db.read() as conn:
        table = versions.served(conn, "quartiers/quartiers", PUBLIC)
        assert table is not None
        made = [d for run in runs.using(conn, table.digest) for d in run.outputs]
        known = [v.digest for v in versions.history(conn, "nombre/nombre")]
    assert len(known) == 2, "the first, without rows, and one closed hour"
    assert {*made} >= {*known}
    takedown.withdraw(rides.city, "quartiers", why=WHY, actor="system", everywhere=True)
    with pytest.raises((NotFound, Gone)):
        rides.city.tip("nombre/nombre")
    assert hours_of(rides, "nombre/nombre") == {}


@pytest.mark.parametrize("subject", ["quartiers", RELEVES])
def test_nothing_is_kept_of_what_is_withdrawn_while_a_live_service_works(rides: Rides, subject: str) -> None:
    """Its own table, or the feed itself: neither a state nor a version of the result."""
    rides.poll()

    def working(tables: Mapping[str, pa.Table], now: datetime) -> Mapping[str, pa.Table]:
        takedown.withdraw(rides.city, subject, why=WHY, actor="system", everywhere=True)
        return counting(tables, now)

    service_runs._work(rides.city, replace(COUNTS, work=working), rides.resource)  # pyright: ignore[reportPrivateUsage]
    assert hours_of(rides, "nombre/nombre") == {}
    with rides.city.db.read() as conn:
        assert versions.latest(conn, "nombre/nombre") is None
