"""A real small city with the demo's live feed, for the tests of services: served on loopback, polled by hand
under a clock that is moved by hand.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from parvis.cli.init import create
from parvis.core import settings
from parvis.core.errors import SourceDown, Unreadable
from parvis.core.types import Dataset, Organisation, Resource
from parvis.demo import feed, world
from parvis.demo.files import quartiers, rues
from parvis.publication import pipeline
from parvis.publication.city import City, open_city
from parvis.services.declaration import Batch
from parvis.store import datasets
from parvis.work import polling

START = datetime(2026, 11, 25, 7, 42, 30, tzinfo=UTC)
"""8 h 42 in Rivemont."""

RELEVES = "velos-libre-service/releves"
ETAT = "etat-stations-velos/etat"


@dataclass
class Clock:
    """Moved by hand."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass
class Rides:
    """The city, its clock, and what may happen to its feed."""

    city: City
    clock: Clock
    resource: Resource
    client: httpx.Client

    def poll(self) -> str:
        """One poll of the real feed."""
        return polling.poll(self.city, self.resource, self.fetch).state

    def fetch(self) -> Batch:
        return polling.fetch(self.client, self.resource, threading.Event())

    def keep(self, batch: Batch) -> str:
        """One poll that brings this batch."""
        return polling.poll(self.city, self.resource, lambda: batch).state

    def fail(self, wrong: SourceDown | Unreadable) -> str:
        """One poll that fails so."""

        def raising() -> Batch:
            raise wrong

        return polling.poll(self.city, self.resource, raising).state


def describe(folder: Path, clock: Clock) -> City:
    """The city in an empty folder: its districts and streets published by the pipeline, its feed described
    but not polled yet.
    """
    create(folder, f"Ville de {world.NAME}", {"city": {"contact": '"donnees@rivemont.example"'}})
    city = open_city(settings.load(folder, {}), clock=clock)
    drawn = world.build()
    with city.db.begin() as conn:
        for one in (Organisation("mobilites", "Mobilités"), Organisation("urbanisme", "Urbanisme")):
            datasets.save_organisation(conn, one)
        datasets.save_dataset(conn, feed.DATASET)
        datasets.save_dataset(
            conn,
            Dataset(
                "quartiers",
                "Quartiers de la ville",
                "Les neuf quartiers.",
                "urbanisme",
                keywords=("fond de carte",),
            ),
        )
        datasets.save_dataset(
            conn, Dataset("voies", "Voies et vitesses maximales", "Le réseau des rues.", "mobilites")
        )
        datasets.save_resource(conn, Resource("quartiers/quartiers", "quartiers", "Quartiers"))
        datasets.save_resource(conn, Resource("voies/voies", "voies", "Voies"))
    for name, resource, (content, _) in (
        ("quartiers.geojson", "quartiers/quartiers", quartiers.write(drawn)),
        ("voies.gpkg", "voies/voies", rues.write(drawn)),
    ):
        raw = folder / name
        raw.write_bytes(content)
        deposit = pipeline.receive(city, raw, name=name, resource=resource)
        assert pipeline.decide(city, deposit.id, pipeline.draft(city, deposit)).state == "published"
    return city


@contextmanager
def riding(folder: Path, clock: Clock, *, fresh: bool = True) -> Iterator[Rides]:
    """The city and its feed, served for real on loopback under the same clock. fresh: made here; else it lies
    in the folder already.
    """
    city = describe(folder, clock) if fresh else open_city(settings.load(folder, {}), clock=clock)
    with feed.serving(world.build(), clock=clock) as url, httpx.Client(timeout=5) as client:
        resource = Resource(RELEVES, "velos-libre-service", "Relevés des stations", source=url, every_s=60)
        with city.db.begin() as conn:
            datasets.save_resource(conn, resource)
        yield Rides(city, clock, resource, client)
    city.db.close()
