"""A city of many datasets: `python -m bench.large_city FOLDER 20000` makes it in a few minutes.

Twelve small tables go the whole way of a file. Every other dataset is one of them again under its own id,
title, words, publisher and dates: `pipeline.publish` writes the rows of its version, its release and its
event, beside the deposit and the run; its Parquet file lies under its digest once. Seeded: two runs make the
same catalogue.
"""

from __future__ import annotations

import csv
import io
import random
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from parvis.catalogue.description_scores import Follower
from parvis.catalogue.vocabularies import THEMES
from parvis.cli.init import create
from parvis.core import settings
from parvis.core.types import Contact, Dataset, Organisation, Resource, Run, Version
from parvis.privacy.fingerprint import fingerprint
from parvis.publication import pipeline
from parvis.publication.city import City, open_city
from parvis.store import datasets, deposits, detector_scans, runs, versions
from parvis.store.deposits import Deposit

SUBJECTS = ("Arbres", "Budget", "Subventions", "Marchés publics", "Stationnement", "Piscines", "Bibliothèques", "Éclairage", "Fontaines", "Toilettes", "Écoles",
            "Comptages")  # fmt: skip
PLACES = (
    "Centre",
    "Nord",
    "Sud",
    "Les Cévennes",
    "Port Marin",
    "Mosson",
    "Croix d’Argent",
    "Hôpitaux",
    "Prés d’Arènes",
    "Lez",
)
FREQUENCIES = ("daily", "weekly", "monthly", "quarterly", "annual", "unknown", "irregular")
END = datetime(2026, 11, 1, 8, tzinfo=UTC)
BODIES = 40
BATCH = 200


Model = tuple[Resource, Version]


def build(folder: Path, many: int) -> City:
    """The city, with its search index and its scores of descriptions. folder: does not exist yet; many: at least as many as there are
    models.
    """
    create(
        folder,
        "Grandville",
        {"city": {"bbox": "[3.8, 43.5, 4.0, 43.7]", "contact": '"donnees@grandville.example"'}},
    )
    city = open_city(settings.load(folder, {}))
    models = begin(city)
    grow(city, models, len(models), many)
    pipeline.index(city).follow(city.db)
    scores = Follower(city.db, city.settings)
    while scores.turn(city.now()):
        pass
    return city


def begin(city: City) -> list[Model]:
    """The organisations, and the tables that the others are made after."""
    with city.db.begin() as conn:
        for n in range(BODIES):
            datasets.save_organisation(
                conn, Organisation(f"direction-{n}", f"Direction {n}", "Un service de la ville.")
            )
    return [_published(city, n, f"direction-{n}") for n in range(len(SUBJECTS))]


def grow(city: City, models: Sequence[Model], start: int, many: int) -> None:
    """Datasets number start to many - 1."""
    for first in range(start, many, BATCH):
        with city.db.begin() as conn:
            for n in range(first, min(first + BATCH, many)):
                chance = random.Random(20_000 + n)
                resource, version = models[n % len(models)]
                at = END - timedelta(minutes=chance.randrange(60 * 24 * 700))
                told = _described(n, chance, f"direction-{chance.randrange(BODIES)}")
                mine = replace(resource, id=f"{told.id}/table", dataset=told.id, title=told.title)
                datasets.save_dataset(conn, told)
                datasets.save_resource(conn, mine)
                made = replace(
                    version,
                    digest=versions.digest(mine.id, version.schema, [f.digest for f in version.files]),
                    resource=mine.id,
                    at=at,
                    run=f"d{n}",
                )
                deposits.receive(
                    conn,
                    Deposit(
                        made.run,
                        mine.id,
                        version.received,
                        "table.csv",
                        "system",
                        at,
                        "published",
                        "",
                        made.digest,
                    ),
                )
                runs.save(conn, Run(made.run, "publish", at, outputs=(made.digest,), outcome="published"))
                pipeline.publish(conn, mine, made, actor="system", at=at, ids={"deposit": made.run})
                detector_scans.note(conn, made.digest, fingerprint(), at)


def _described(n: int, chance: random.Random, body: str) -> Dataset:
    subject, place = SUBJECTS[n % len(SUBJECTS)], chance.choice(PLACES)
    text = f"{subject} du quartier {place}, relevé numéro {n}. " + " ".join(
        chance.choices(PLACES + SUBJECTS, k=chance.randrange(10, 60))
    )
    return Dataset(
        f"jeu-{n}",
        f"{subject} — {place} — {n}",
        text,
        body,
        Contact("Équipe des données", "donnees@grandville.example"),
        themes=tuple(chance.sample(sorted(THEMES), chance.randrange(1, 3))),
        keywords=(subject.lower(), place.lower(), f"lot {n % 500}"),
        frequency=chance.choice(FREQUENCIES),
    )


def _published(city: City, n: int, body: str) -> tuple[Resource, Version]:
    """One of the tables, by the whole way."""
    chance = random.Random(n)
    told = _described(n, chance, body)
    resource = Resource(f"{told.id}/table", told.id, told.title, source="upload:table.csv")
    with city.db.begin() as conn:
        datasets.save_dataset(conn, told)
        datasets.save_resource(conn, resource)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "table.csv")
        file.write_text(_table(n, chance), "utf-8")
        sent = pipeline.receive(city, file, name=file.name, resource=resource.id)
        drafts = pipeline.draft(city, sent)
        done = pipeline.decide(city, sent.id, drafts)
    if done.state != "published":
        raise RuntimeError(f"{told.id} is {done.state}: {done.message}")
    return resource, drafts[0].version


def _table(n: int, chance: random.Random) -> str:
    text = io.StringIO()
    out = csv.writer(text)
    columns = [
        "identifiant",
        "jour",
        "quartier",
        "valeur",
        *(["latitude", "longitude"] if n % 2 else []),
        *(f"mesure_{i}" for i in range(n)),
    ]
    out.writerow(columns)
    for row in range(20 + n):
        day = END.date() - timedelta(days=row)
        place = [f"{43.55 + chance.random() / 10:.5f}", f"{3.85 + chance.random() / 10:.5f}"] if n % 2 else []
        out.writerow(
            [
                row + 1,
                day.isoformat(),
                chance.choice(PLACES),
                chance.randrange(1000),
                *place,
                *(round(chance.random() * 50, 2) for _ in range(n)),
            ]
        )
    return text.getvalue()


if __name__ == "__main__":
    build(Path(sys.argv[1]), int(sys.argv[2]))
