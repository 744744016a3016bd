"""How published datasets are used, published as a dataset like any other: by month, act and kind of client, where
at least ten uses are counted. There are no totals, so nothing small can be worked out of them.
"""

from __future__ import annotations

from parvis.catalogue.entries import base_url, entries
from parvis.catalogue.links import Links
from parvis.core.types import Column, Dataset, Resource, Schema
from parvis.publication.city import City
from parvis.store import uses
from parvis.work import own_tables

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
        monthly = [
            u
            for u in uses.by_month(conn)
            if u.n >= uses.FEW and u.dataset in listed and u.when < f"{now:%Y-%m}"
        ]
    if not monthly:
        return False
    rows = [
        {"mois": u.when, "jeu": u.dataset, "acte": u.act, "client": u.client, "nombre": u.n} for u in monthly
    ]
    resource = Resource(f"{USAGE.id}/mois", USAGE.id, USAGE.title, source="service:usage")
    publishers = [e.organisation.id for e in known]
    return own_tables.publish(city, USAGE, resource, SCHEMA, rows, what="usage", publishers=publishers)
