"""A town whose quarters count: three years of weeks, an outbreak in the north since five weeks, schools and care homes,
the series of its département, its wastewater, and what is to be done. Small counts are for the coordinators.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from parvis import schemas
from parvis.cli.init import create
from parvis.core import settings
from parvis.core.arrow import arrow_table
from parvis.core.types import PUBLIC, Audience, Dataset, Organisation, Resource, Schema
from parvis.people import accounts, groups
from parvis.publication.city import City, open_city
from parvis.store import datasets
from parvis.work import live_hours
from tests.cities.livecity import Clock

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
MONDAY = date(2026, 11, 23)
WEEKS = 144
FOR = Audience(
    "coordination-sante", "coordonner la réponse sanitaire de la ville", NOW.date() + timedelta(days=90)
)
NAMES = ("Nord-Gare", "Moulin", "Halles", "Centre", "Citadelle", "Port", "Coteaux", "Plaine", "Vignes")
SECTORS = ("Nord", "Centre-ville", "Sud")
PLANTED = "q0"
Rows = list[dict[str, Any]]


def tables(*, planted: bool = True) -> Mapping[str, Rows]:
    """By schema. Quarter q0 has three times its cases for five weeks, its care home five ill."""
    rng = np.random.default_rng(4)
    people = (9000, 1500, 4000, 8000, 2500, 900, 6000, 3000, 1200)
    places = [
        {
            "lieu": f"q{k}", "nom": NAMES[k], "latitude": 48.10 + 0.01 * (k // 3), "longitude": -1.7 + 0.014 * (k % 3),
            "population": people[k], "secteur": SECTORS[k // 3],
        }
        for k in range(9)
    ]  # fmt: skip
    cases, sites, series, water = Rows(), Rows(), Rows(), Rows()
    for w in range(WEEKS):
        day = MONDAY - timedelta(weeks=WEEKS - 1 - w)
        season = 1 + 0.5 * np.cos(2 * np.pi * day.timetuple().tm_yday / 365)
        for k in range(9):
            rise = 3.0 if planted and k == 0 and w >= WEEKS - 5 else 1.0
            cases.append(
                {"lieu": f"q{k}", "semaine": day, "cas": int(rng.poisson(people[k] / 500 * season * rise))}
            )
        for k in (0, 4, 7):
            sites.append(
                {
                    "etablissement": f"S{k}",
                    "genre": "ecole",
                    "lieu": f"q{k}",
                    "semaine": day,
                    "malades": int(rng.poisson(6 * season)),
                    "accueillis": 180,
                }
            )
            ill = 5 if planted and k == 0 and w == WEEKS - 1 else int(rng.poisson(0.4))
            sites.append(
                {
                    "etablissement": f"E{k}",
                    "genre": "ehpad",
                    "lieu": f"q{k}",
                    "semaine": day,
                    "malades": ill,
                    "accueillis": 80,
                }
            )
        climb = 1.0 + (0.5 * max(0, w - WEEKS + 5) if planted else 0.0)
        series.append({
            "semaine": day, "code_zone": "35", "zone": "Ille-et-Vilaine", "niveau": "departement", "maladie": "grippe", "mesure": "passages aux urgences",
            "valeur": round(40 * season**3 * climb * float(np.exp(rng.normal(0, 0.05))), 1), "unite": "pour 10 000 passages", "source": "Santé publique France", "url": "https://odisse.santepubliquefrance.fr/",
        })  # fmt: skip
        water.append({
            "semaine": day, "station": "Beaurade", "virus": "SARS-CoV-2", "valeur": round(900 * season * float(np.exp(rng.normal(0, 0.2)))), "unite": "copies/mL",
            "habitants": 300_000, "source": "Sum’Eau", "url": "",
        })  # fmt: skip
    tasks = [
        {"tache": "T1", "action": "Appeler l’Ehpad des Tilleuls", "lieu": "q0", "service": "Service santé", "ouverte": date(2026, 11, 24), "echeance": date(2026, 11, 27), "faite": None},
        {"tache": "T2", "action": "Prévenir les écoles", "lieu": None, "service": "Direction de l’éducation", "ouverte": date(2026, 11, 26), "echeance": date(2026, 12, 4), "faite": None},
        {"tache": "T3", "action": "Vérifier les savons", "lieu": "q4", "service": "Direction de l’éducation", "ouverte": date(2026, 11, 20), "echeance": None, "faite": date(2026, 11, 23)},
    ]  # fmt: skip
    return {
        "lieux-peuples": places, "cas-par-lieu": cases, "malades-par-etablissement": sites, "taches-sanitaires": tasks,
        "series-epidemies": series, "eaux-usees-virus": water,
    }  # fmt: skip


SHARED = ("cas-par-lieu", "malades-par-etablissement", "taches-sanitaires")
"""For the group alone."""


def arrow(name: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    return arrow_table(schema(name), rows)


def schema(name: str) -> Schema:
    return schemas.library().find(name).schema


def build(folder: Path, *, planted: bool = True) -> City:
    """The town, its group, and its tables; nothing is computed yet."""
    create(folder / "ville", "Ville")
    city = open_city(settings.load(folder / "ville", {}), clock=Clock(NOW))
    with city.db.begin() as conn:
        datasets.save_organisation(conn, Organisation("sante", "Service santé"))
        for name in ("membre", "etranger", "garante"):
            accounts.make(
                conn,
                email=f"{name}@ville.example",
                name=name,
                password_hash="x",
                actor="system",
                at=NOW,
                person_id=name,
            )
        groups.make(conn, FOR.name, "Coordination sanitaire", "sante", actor="system", at=NOW)
        groups.enrol(conn, FOR.name, "membre@ville.example", actor="system", at=NOW)
    for name, rows in tables(planted=planted).items():
        put(city, name, rows)
    return city


def put(city: City, name: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """Publish a table, or share it with the group; returns the version."""
    apart = name in SHARED
    with city.db.begin() as conn:
        datasets.save_dataset(
            conn,
            Dataset(
                name,
                f"Table {name}",
                "Une table de la ville, pour l’essai.",
                "sante",
                access="restricted" if apart else "public",
            ),
        )
        datasets.save_resource(conn, resource := Resource(f"{name}/{name}", name, name, schema=name))
    file = live_hours.put(city, arrow(name, rows))
    return live_hours.publish(
        city, resource, schema(name), (file,), (), what="import", audience=FOR if apart else PUBLIC
    ).digest
