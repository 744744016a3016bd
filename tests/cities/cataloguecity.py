"""Entries for the tests of the catalogue: some made by hand, some seeded in a real store."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection

from parvis.catalogue.entries import Catalogue, Entry, Item, Measure, Selection, offers
from parvis.catalogue.links import Links, table_name
from parvis.core.types import (
    PUBLIC,
    Audience,
    Column,
    Contact,
    Dataset,
    File,
    Organisation,
    Report,
    Resource,
    Run,
    Schema,
    Version,
)
from parvis.publication import pipeline
from parvis.store import datasets, journal, runs, versions

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BASE = "https://data.montclair-ville.fr"
MOBILITY = Organisation(
    "mobilite",
    "Direction des mobilités",
    url="https://www.montclair-ville.fr/mobilite",
    siret="21340172201787",
)
ROADS = Organisation("voirie", "Voirie & propreté")
CITY = Organisation("", "Ville de Montclair")
IRVE = Schema(
    "irve",
    "2.3.1",
    (Column("id", title="Identifiant"), Column("puissance", "number")),
    geometry="point",
    source="https://schema.data.gouv.fr/schemas/irve.json",
)
PLAIN = Schema(columns=(Column("année", "year"), Column("montant", "number", "Montant")))


def entry(
    dataset: Dataset,
    *,
    schemas: Sequence[Schema] = (PLAIN,),
    organisation: Organisation = MOBILITY,
    at: datetime = NOW,
    base: str = BASE,
    measured: bool = False,
) -> Entry:
    """One entry as the store would give it: a resource a schema, a digest that depends on the resource's id
    only.
    """
    links = Links(base)
    items: list[Item] = []
    for i, schema in enumerate(schemas):
        said = "Une ligne par « point », avec <sa> mesure & son heure." if i == 0 else ""
        resource = Resource(f"{dataset.id}/table-{i + 1}", dataset.id, f"Table {i + 1}", said)
        digest = hashlib.sha256(resource.id.encode()).hexdigest()
        table = table_name(resource.id, first=i == 0)
        selection = Selection(
            measures={(digest, "csv"): Measure(1234, hashlib.sha256(b"csv").hexdigest())} if measured else {}
        )
        given = offers(links, table, schema, digest, selection)
        items.append(
            Item(
                resource, digest, at, 10 * (i + 1), 4096, schema, "run-1", table, links.records(table), given
            )
        )
    return Entry(
        dataset,
        organisation,
        tuple(items),
        links.dataset(dataset.id),
        dataset.issued or at - timedelta(days=30),
        at,
    )


def described() -> Catalogue:
    """A catalogue with every kind of thing that DCAT says: a high-value dataset, a derived one, a table
    without geometry, awkward texts.
    """
    charging = Dataset(
        "bornes-recharge",
        "Bornes de recharge",
        "Infrastructures de recharge pour véhicules électriques ouvertes au public : puissance, prises, horaires et tarifs.",
        "mobilite",
        Contact("Équipe mobilités", "mobilites@montclair-ville.fr", "https://www.montclair-ville.fr/contact"),
        themes=("TRAN", "ENER"),
        keywords=("hvd", "mobilité", "IRVE", "véhicule électrique"),
        temporal=(date(2020, 1, 1), None),
        frequency="daily",
    )
    budget = Dataset(
        "budget",
        'Budget "primitif" \\ vote\nen séance',
        "Dépenses et recettes <votées> & réalisées\r\npar chapitre\t: l’essentiel.\x0b",
        "voirie",
        licence="ODC_BL",
        themes=("GOVE",),
        keywords=("budget",),
        temporal=(date(2019, 1, 1), date(2025, 12, 31)),
        frequency="annual",
    )
    derived = Dataset(
        "etat-bornes",
        "État des bornes",
        "Calculé de l’inventaire.",
        "mobilite",
        frequency="realtime",
        derived_from=("bornes-recharge", "ailleurs"),
    )
    bare = Dataset(
        "sans-rien", "Sans rien", "", "voirie", frequency="unknown", themes=("XXXX",), language="oc"
    )
    made = (
        entry(charging, schemas=(IRVE,), measured=True),
        entry(budget, schemas=(PLAIN, PLAIN), organisation=ROADS),
        entry(derived, schemas=(replace(PLAIN, geometry="shape"),)),
        entry(bare, organisation=ROADS),
    )
    return Catalogue(
        BASE,
        "Données ouvertes de Montclair",
        "Les jeux de données de la ville.",
        CITY,
        made,
        Contact("Équipe des données", "donnees@montclair-ville.fr"),
        "Montclair",
        (3.75, 43.5, 4.0, 43.7),
    )


def many(number: int) -> Catalogue:
    """A catalogue of so many datasets, one table each."""
    start = described()
    model = start.datasets[0]
    made = tuple(
        entry(replace(model.dataset, id=f"jeu-{n:04}", title=f"Jeu de données n° {n}"), schemas=(IRVE,))
        for n in range(number)
    )
    return replace(start, datasets=made)


def seed(
    conn: Connection,
    dataset: Dataset,
    *,
    name: str = "table-1",
    at: datetime = NOW,
    rows: int = 3,
    audience: Audience | None = PUBLIC,
    inputs: tuple[str, ...] = (),
    schema: Schema = PLAIN,
) -> Version:
    """Put a dataset, a resource and a version in a store by the real transaction, and say so in the journal.
    audience None: no release.
    """
    for organisation in (MOBILITY, ROADS):
        datasets.save_organisation(conn, organisation)
    if datasets.dataset(conn, dataset.id) is None:
        datasets.save_dataset(conn, dataset)
        journal.append(conn, at=at, actor="system", verb="described", subject=dataset.id)
    resource = Resource(f"{dataset.id}/{name}", dataset.id, f"Table {name}")
    datasets.save_resource(conn, resource)
    file = File(hashlib.sha256(f"{resource.id} {at} {rows}".encode()).hexdigest(), 100, rows)
    digest = versions.digest(resource.id, schema, [file.digest])
    version = Version(
        digest, resource.id, at, rows, 100, (file,), schema, Report(rows=rows), f"run-{digest[:8]}"
    )
    policy = replace(resource, policy="hold") if audience is None else resource
    pipeline.publish(
        conn, policy, version, actor="system", at=at, ids={"run": version.run}, audience=audience or PUBLIC
    )
    datasets.save_dataset(
        conn, datasets.dataset(conn, dataset.id) if dataset.state == "published" else dataset
    )
    runs.save(
        conn,
        Run(
            version.run,
            "publish",
            at,
            {"path": "/chemin/privé"},
            inputs=inputs,
            outputs=(digest,),
            outcome="held" if audience is None else "published",
        ),
    )
    return version
