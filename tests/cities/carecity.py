"""A small city with its places of care, its rota, its walking network: the demo's own raw files, published by
the pipeline.
"""

from __future__ import annotations

from pathlib import Path

from parvis.cli.init import create
from parvis.core import settings
from parvis.core.types import Dataset, Organisation, Resource
from parvis.demo import world
from parvis.demo.files import (
    campagnes_vaccination,
    cheminements,
    indicateurs_sante,
    lieux_soins,
    pharmacies_garde,
    rues,
)
from parvis.demo.raw import RawFile
from parvis.publication import pipeline
from parvis.publication.city import City, open_city
from parvis.store import datasets
from parvis.work import service_runs
from tests.cities.livecity import Clock

FILES = (
    lieux_soins.FILE,
    pharmacies_garde.FILE,
    cheminements.FILE,
    campagnes_vaccination.FILE,
    indicateurs_sante.FILE,
    rues.FILE,
)


def build(folder: Path, clock: Clock, *, without: tuple[str, ...] = ()) -> City:
    """The city in an empty folder, its service of care computed. without: names of raw files that it does not
    have.
    """
    create(folder, f"Ville de {world.NAME}", {"city": {"contact": '"donnees@rivemont.example"'}})
    city = open_city(settings.load(folder, {}), clock=clock)
    drawn = world.build()
    for file in FILES:
        if file.name not in without:
            publish(city, folder, file, file.write(drawn)[0])
    service_runs.refresh(city)
    return city


def publish(city: City, folder: Path, file: RawFile, content: bytes) -> None:
    """One raw file by the door that a town hall uses."""
    d = file.dossier
    resource = f"{d.id}/{Path(file.name).stem}"
    with city.db.begin() as conn:
        datasets.save_organisation(conn, Organisation(d.publisher, d.publisher.capitalize()))
        datasets.save_dataset(conn, Dataset(d.id, d.title, d.description, d.publisher))
        datasets.save_resource(conn, Resource(resource, d.id, d.title, schema=d.schema))
    raw = folder / file.name
    raw.write_bytes(content)
    deposit = pipeline.receive(city, raw, name=file.name, resource=resource)
    decided = pipeline.decide(city, deposit.id, pipeline.draft(city, deposit))
    assert decided.state == "published", decided
