"""How published datasets are used, published as a dataset like any other: by month, act and kind of client, where
at least ten uses are counted. There are no totals, so nothing small can be worked out of them.
"""

from __future__ import annotations

import uuid
from dataclasses import replace

import pyarrow.parquet as pq

from parvis.catalogue.entries import base_url, entries
from parvis.catalogue.links import Links
from parvis.core.arrow import arrow_table
from parvis.core.types import Column, Dataset, File, Report, Resource, Run, Schema, Version
from parvis.publication import pipeline
from parvis.publication.city import SYSTEM, City
from parvis.store import datasets, runs, uses, versions

USAGE = Dataset(
    "usage-des-donnees",
    "Usage des données publiées",
    "Combien de fois chaque jeu de données publié par la ville est vu, téléchargé ou demandé par l’API, par mois et par sorte de client. Compté sans "
    "suivre personne : ni adresse, ni cookie ; les nombres inférieurs à dix n’y sont pas, et aucun total n’y est. Calculé chaque nuit par la plateforme.",
    "",
    themes=("GOVE",),
    keywords=("usage", "données ouvertes", "indicateurs"),
    frequency="daily",
)

COLUMNS = (
    Column("mois", "text", "Mois", "Mois entier, AAAA-MM.", constraints={"required": True}),
    Column("jeu", "text", "Jeu de données", "Identifiant du jeu.", constraints={"required": True}),
    Column(
        "acte",
        "text",
        "Ce qui est fait",
        "view : page vue, download : fichier téléchargé, api : appel d’API.",
    ),
    Column(
        "client",
        "text",
        "Sorte de client",
        "browser : navigateur, program : programme, robot : robot qui se dit tel.",
    ),
    Column("nombre", "integer", "Nombre", "Au moins dix."),
)
SCHEMA = Schema("usage-des-donnees", "1", COLUMNS, ("mois", "jeu", "acte", "client"))


def publish(city: City) -> bool:
    """Publish the uses of whole months, of what is published. Returns whether there is a new version."""
    now = city.now()
    with city.db.read() as conn:
        known = entries(conn, Links(base_url(city.settings)))
        listed = {e.id for e in known}
        found = [
            u
            for u in uses.by_month(conn)
            if u.n >= uses.FEW and u.dataset in listed and u.when < f"{now:%Y-%m}"
        ]
    if not found:
        return False
    rows = [
        {"mois": u.when, "jeu": u.dataset, "acte": u.act, "client": u.client, "nombre": u.n} for u in found
    ]
    spool = city.settings.path(city.settings.storage.spool)
    spool.mkdir(parents=True, exist_ok=True)
    path = spool / f"usage-{uuid.uuid4().hex}.parquet"
    try:
        pq.write_table(arrow_table(SCHEMA, rows), path)
        file = File(city.files.put(path), path.stat().st_size, len(rows))
    finally:
        path.unlink(missing_ok=True)
    resource = Resource(f"{USAGE.id}/mois", USAGE.id, USAGE.title, source="service:usage")
    digest = versions.digest(resource.id, SCHEMA, [file.digest])
    made = Version(
        digest,
        resource.id,
        now,
        file.rows,
        file.bytes,
        (file,),
        SCHEMA,
        Report(rows=file.rows),
        run=uuid.uuid4().hex,
    )
    publishers = [e.organisation.id for e in known]
    with city.db.begin() as conn:
        if datasets.dataset(conn, USAGE.id) is None:
            most = max(sorted(set(publishers)), key=publishers.count)
            datasets.save_dataset(conn, replace(USAGE, publisher=most))
        resource = datasets.describe_resource(conn, resource)
        outcome = pipeline.publish(conn, resource, made, actor=SYSTEM, at=now, ids={"run": made.run})
        if outcome.state in ("unchanged", "ready"):  # made by the platform, it waits for nobody
            return False
        runs.save(conn, Run(made.run, "usage", now, inputs=(), outputs=(digest,), outcome=outcome.state))
    return True
