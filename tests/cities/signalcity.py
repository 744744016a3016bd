"""A city with the demo's signals and loops, and the group of its engineers: polled by hand under a clock that is moved
by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from parvis.cli.init import create
from parvis.cli.publish import process
from parvis.core import settings
from parvis.core.types import Dataset, Organisation, Resource
from parvis.demo import street, world
from parvis.demo.files import feux
from parvis.people import accounts, groups
from parvis.publication import pipeline
from parvis.publication.city import City, open_city
from parvis.services.circulation import batch
from parvis.services.circulation.schemas import MEASURES
from parvis.services.declaration import Batch
from parvis.services.feux.live_service import GROUP
from parvis.store import datasets
from parvis.work import polling
from tests.cities.livecity import Clock

FILES = (feux.GROUPS, feux.INTERGREENS, feux.PLANS, feux.COUNTS)
ENGINEER = "ing@montclair.example"
NORTH = ("B01", "B02", "B07", "B08")
"""Loops of the north and south of two junctions."""
MORE, LESS = 2.6, 0.6
"""What passes there, and elsewhere, on an extraordinary morning."""


@dataclass(frozen=True)
class Signals:
    """The city, its clock, and its feed."""

    city: City
    clock: Clock
    drawn: world.World
    loops: Resource

    def poll(self, *, extraordinary: bool = False) -> None:
        """What the loops say of the last six minutes; then six minutes pass."""
        at = self.clock()
        measures = street.measures(self.drawn, at - timedelta(minutes=6), at, at + timedelta(days=1))
        rows = [
            batch.Row(m.loop.id, m.loop.name, m.start, 6, m.flow * self._share(m.loop.id, extraordinary), m.occupancy, None, m.loop.lon, m.loop.lat)
            for m in measures
        ]  # fmt: skip
        polling.keep(self.city, self.loops, Batch(at, batch.table(rows), MEASURES))
        self.clock.forward(minutes=6)

    @staticmethod
    def _share(loop: str, extraordinary: bool) -> float:
        return (MORE if loop in NORTH else LESS) if extraordinary else 1.0


def build(folder: Path, start: datetime, *, rules: str = "", password: str = "x") -> Signals:
    """start: a whole six minutes; rules: of live choice; password: hash of the engineer's."""
    create(folder, "Montclair", {"city": {"bbox": "[3.70, 43.70, 3.79, 43.77]"}})
    if rules:
        (folder / "reglages").mkdir()
        (folder / "reglages" / "choix-en-direct.toml").write_text(rules, "utf-8")
    clock = Clock(start)
    city = open_city(settings.load(folder, {}), clock=clock)
    drawn = world.build(2026, world.NOW if start.date() == world.NOW.date() else start)
    with city.db.begin() as conn:
        datasets.save_organisation(conn, Organisation("mobilites", "Mobilités"))
        accounts.make(
            conn,
            email=ENGINEER,
            name="Inès Roux",
            password_hash=password,
            actor="system",
            at=start,
            person_id="ing",
        )
        groups.make(conn, GROUP, "Ingénieurs des feux", "mobilites", actor="system", at=start)
        groups.enrol(conn, GROUP, ENGINEER, actor="system", at=start)
        loops = street.live("http://127.0.0.1/trafic.xml")
        datasets.save_dataset(conn, Dataset(loops.dataset, "Comptages", "Des boucles.", "mobilites"))
        datasets.save_resource(conn, loops)
    sent: list[str] = []
    for file in FILES:
        path = folder / file.name
        path.write_bytes(file.write(drawn)[0])
        of = file.dossier
        with city.db.begin() as conn:
            datasets.save_dataset(conn, Dataset(of.id, of.title, of.description, "mobilites"))
            datasets.save_resource(conn, Resource(f"{of.id}/{path.stem}", of.id, of.title, schema=of.schema))
        sent.append(pipeline.receive(city, path, name=path.name, resource=f"{of.id}/{path.stem}").id)
    assert {d.state for d in process(city, sent)} == {"published"}
    return Signals(city, clock, drawn, loops)
