"""A small city for the tests of pages: SQLite and files in a folder, versions published through the store,
seeded so that every run shows the same.
"""

from __future__ import annotations

import atexit
import json
import math
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from parvis.catalogue.search import Index
from parvis.core import settings
from parvis.core.types import (
    Column,
    ColumnProfile,
    Contact,
    Dataset,
    File,
    Finding,
    Organisation,
    Report,
    Resource,
    Row,
    Run,
    Schema,
    Sensitivity,
    Version,
)
from parvis.people import accounts
from parvis.people.passwords import Passwords
from parvis.publication import pipeline
from parvis.publication.city import City, open_city
from parvis.services.velos.service import SERVICE
from parvis.store import datasets, deposits, live, runs, versions
from parvis.store.database import Database
from parvis.store.files import Files

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
CENTRE = (3.8767, 43.6108)


def build(folder: Path, *, base_url: str = "") -> City:
    """Make the city in an empty folder."""
    shutil.copytree(_built(), folder, dirs_exist_ok=True)
    return open_again(folder, base_url=base_url)


@cache
def _built() -> Path:
    """The city, made once a process: to be copied."""
    folder = Path(tempfile.mkdtemp(prefix="webcity-"))
    atexit.register(shutil.rmtree, folder)
    city = open_again(folder)
    fill(city.db, city.files, city.settings.path("var/spool"))
    Index.open(city.settings.path(city.settings.storage.index)).rebuild(city.db)
    city.db.scrub()
    city.db.close()
    return folder


def open_again(folder: Path, *, base_url: str = "") -> City:
    """The same city, in this process or another."""
    serve = settings.Serve(base_url=base_url, query_mb=512, hosts=("testserver",))
    return open_city(
        settings.Settings(
            folder,
            settings.City("Montclair", "34172", (3.75, 43.5, 4.0, 43.7), "donnees@montclair.example"),
            serve,
        ),
        clock=lambda: NOW,
    )


ORGANISATIONS = (
    Organisation(
        "mobilites",
        "Direction des mobilités",
        "Voirie, vélo, stationnement et transports de la ville.",
        siret="21340172201787",
    ),
    Organisation("finances", "Direction des finances", "Prépare et exécute le budget de la ville."),
    Organisation(
        "atmo",
        "Observatoire de l’air",
        "Association agréée de surveillance de la qualité de l’air.",
        kind="body",
        url="https://air.example/",
    ),
    Organisation("education", "Direction de l’éducation", "Écoles, cantines et accueils de loisirs."),
)

Rows = Sequence[Mapping[str, Any]]


def fill(db: Database, files: Files, spool: Path) -> None:
    """Publish the datasets that tests name."""
    spool.mkdir(parents=True, exist_ok=True)
    rng = random.Random(34)
    with db.begin() as conn:
        for one in ORGANISATIONS:
            datasets.save_organisation(conn, one)
    mobility = Contact("Équipe des données", "donnees@montclair.example")
    stations = [_station(i, rng) for i in range(48)]
    publish(
        db,
        files,
        spool,
        Dataset(
            "stations-velos",
            "Stations de vélos en libre-service",
            "Emplacement et capacité des stations de vélos en libre-service.\n\nLes coordonnées viennent du relevé de l’exploitant, vérifié sur le terrain chaque "
            "printemps. Une station fermée pour travaux garde sa ligne, avec l’état « fermée ».",
            "mobilites",
            mobility,
            themes=("TRAN", "ENVI"),
            keywords=("vélo", "mobilité", "station"),
            frequency="daily",
            state="published",
            issued=NOW - timedelta(days=400),
        ),
        Resource(
            "stations-velos/stations", "stations-velos", "Stations", source="upload:stations.csv", every_s=60
        ),
        stations,
        (
            Column("code", "text", "Code", "Code de la station, unique", meaning="code"),
            Column("nom", "text", "Nom", "Nom affiché sur la borne"),
            Column("capacite", "integer", "Capacité", "Nombre de points d’attache", unit="places"),
            Column("etat", "text", "État"),
            Column("ouverture", "date", "Date d’ouverture"),
            Column("latitude", "number", "Latitude", unit="°"),
            Column("longitude", "number", "Longitude", unit="°"),
        ),
        geometry="point",
        at=NOW - timedelta(hours=6),
        older=3,
    )
    publish(
        db,
        files,
        spool,
        Dataset(
            "quartiers",
            "Quartiers de la ville",
            "Limites des quartiers, telles que le conseil municipal les a adoptées.",
            "mobilites",
            mobility,
            themes=("REGI",),
            keywords=("quartier", "fond de carte"),
            frequency="punctual",
            state="published",
        ),
        Resource("quartiers/quartiers", "quartiers", "Quartiers", source="upload:quartiers.geojson"),
        [_district(i) for i in range(9)],
        (
            Column("nom", "text", "Nom"),
            Column("habitants", "integer", "Habitants", unit="habitants"),
            Column("surface", "number", "Surface", unit="ha"),
        ),
        geometry="shape",
        at=NOW - timedelta(days=200),
    )
    budget = [
        {"annee": y, "section": s, "chapitre": c, "montant": round(rng.uniform(0.2, 40) * 1e6, 2)}
        for y in range(2019, 2027)
        for s, names in (
            ("Fonctionnement", ("Personnel", "Charges générales", "Subventions")),
            ("Investissement", ("Équipement", "Dette")),
        )
        for c in names
    ]
    budget[3] |= {"montant": None, "_raw_montant": "à voter"}
    publish(
        db,
        files,
        spool,
        Dataset(
            "budget-primitif",
            "Budget primitif de la ville depuis 2019",
            "Montants votés par section et par chapitre, en euros.",
            "finances",
            Contact("Direction des finances", url="https://montclair.example/finances"),
            themes=("ECON", "GOVE"),
            keywords=("budget", "finances"),
            frequency="annual",
            state="published",
            licence="ODC_BL",
            temporal=(date(2019, 1, 1), date(2026, 12, 31)),
        ),
        Resource("budget-primitif/budget", "budget-primitif", "Budget", source="upload:budget.xlsx"),
        budget,
        (
            Column("annee", "year", "Année"),
            Column("section", "text", "Section"),
            Column("chapitre", "text", "Chapitre"),
            Column("montant", "number", "Montant voté", "Crédits ouverts au budget primitif", unit="€"),
        ),
        at=NOW - timedelta(days=40),
        raw=("montant",),
        findings=(
            Finding(
                "type-error",
                "1 montant n’est pas un nombre.",
                "error",
                "validity",
                "montant",
                1,
                (Row("", 5, 4, "à voter"),),
                "Laissez la cellule vide tant que le montant n’est pas voté.",
            ),
            Finding(
                "missing-unit",
                "La colonne « annee » n’a pas de description.",
                "info",
                "completeness",
                "annee",
                1,
            ),
        ),
    )
    hours = [NOW - timedelta(hours=h) for h in range(24 * 30)]
    publish(
        db,
        files,
        spool,
        Dataset(
            "qualite-air",
            "Qualité de l’air : mesures horaires",
            "Concentrations mesurées par la station du parvis.",
            "atmo",
            None,
            themes=("ENVI", "HEAL"),
            keywords=("air", "pollution", "ozone"),
            frequency="daily",
            state="published",
            derived_from=("stations-velos",),
        ),
        Resource("qualite-air/mesures", "qualite-air", "Mesures", source="https://air.example/mesures.csv"),
        [
            {
                "instant": t,
                "polluant": p,
                "valeur": round(20 + 12 * math.sin(i / 4) + rng.uniform(0, 6), 1),
                "valide": rng.random() > 0.03,
            }
            for i, t in enumerate(hours)
            for p in ("NO2", "O3")
        ],
        (
            Column("instant", "datetime", "Instant"),
            Column("polluant", "text", "Polluant"),
            Column("valeur", "number", "Concentration", unit="µg/m³"),
            Column("valide", "boolean", "Mesure validée"),
        ),
        at=NOW - timedelta(days=12),
    )
    names = ("Ada", "Jean-Baptiste", "Zoé", "Léonie", "Moïse", "Inès", "Éloi", "Noûr", "Côme", "Anaïs")
    publish(
        db,
        files,
        spool,
        Dataset(
            "prenoms",
            "Prénoms des enfants nés dans la ville",
            "Prénoms donnés au moins trois fois dans l’année.",
            "education",
            mobility,
            themes=("SOCI",),
            keywords=("état civil",),
            frequency="annual",
            state="published",
        ),
        Resource("prenoms/prenoms", "prenoms", "Prénoms", source="upload:prenoms.csv"),
        [
            {
                "annee": 1990 + i // 60,
                "prenom": f"{names[i % 10]} {i % 60 // 10}".removesuffix(" 0"),
                "sexe": "FM"[i % 2],
                "nombre": 3 + (i * 7) % 90,
            }
            for i in range(2160)
        ],
        (
            Column("annee", "year", "Année"),
            Column("prenom", "text", "Prénom"),
            Column("sexe", "text", "Sexe"),
            Column("nombre", "integer", "Nombre", unit="naissances"),
        ),
        at=NOW - timedelta(days=300),
    )
    wide = [
        {f"mesure_{i:02d}": round(rng.random() * 100, 2) for i in range(44)}
        | {"site": f"Site {n}", "page": f"https://montclair.example/sites/{n}"}
        for n in range(30)
    ]
    publish(
        db,
        files,
        spool,
        Dataset(
            "capteurs",
            "Relevés des quarante-quatre capteurs des bâtiments municipaux, de la toiture du gymnase à la chaufferie du conservatoire",
            "",
            "education",
            None,
            themes=("ENER", "TECH"),
            state="published",
            language="fr",
        ),
        Resource("capteurs/releves", "capteurs", "Relevés", source="upload:releves.parquet"),
        wide,
        (
            Column("site", "text", "Site"),
            Column("page", "text", "Page", meaning="url"),
            *(Column(f"mesure_{i:02d}", "number", f"Mesure {i}") for i in range(44)),
        ),
        at=NOW - timedelta(days=2),
    )
    publish(
        db,
        files,
        spool,
        Dataset(
            "chantiers",
            "Chantiers en cours",
            "Aucun chantier n’est déclaré cette semaine.",
            "mobilites",
            mobility,
            themes=("TRAN",),
            frequency="weekly",
            state="published",
        ),
        Resource("chantiers/chantiers", "chantiers", "Chantiers", source="upload:chantiers.csv"),
        [],
        (Column("rue", "text", "Rue"), Column("debut", "date", "Début")),
        at=NOW - timedelta(days=3),
    )
    _bikes(db, files, spool, rng)
    held = publish(
        db,
        files,
        spool,
        Dataset(
            "agents",
            "Agents du service technique",
            "Fichier déposé par erreur.",
            "education",
            mobility,
            state="published",
        ),
        Resource("agents/agents", "agents", "Agents", source="upload:agents.csv"),
        [{"nom": "Martin", "courriel": "m…@m…"} for _ in range(12)],
        (
            Column("nom", "text", "Nom", sensitivity=Sensitivity.DIRECT),
            Column("courriel", "text", "Courriel", sensitivity=Sensitivity.DIRECT),
        ),
        at=NOW - timedelta(days=1),
        held=True,
        findings=(
            Finding(
                "personal-email",
                "La colonne « courriel » contient 12 adresses de courriel.",
                "error",
                "confidentiality",
                "courriel",
                12,
                (Row("", 2, 1, "m…@m…"), Row("", 3, 2, "m…@m…")),
                "Supprimez la colonne, ou remplacez-la par une adresse de service.",
            ),
        ),
    )
    people(db, held)


def _bikes(db: Database, files: Files, spool: Path, rng: random.Random) -> None:
    """The service of bikes: its output with a version, and the present state on top of it, three minutes old."""
    output = SERVICE.outputs["etat"]
    columns, at = output.schema.columns, NOW - timedelta(minutes=3)
    rows = []
    for i in range(24):
        station, bikes = _station(i, rng), (i * 7) % 19
        rows.append(
            {
                "station_id": station["code"],
                "nom": station["nom"],
                "capacite": 20,
                "velos": bikes,
                "mecaniques": bikes - bikes // 3,
                "electriques": bikes // 3,
                "places": 20 - bikes,
                "etat": "vide" if not bikes else "ok",
                "age_min": 1,
                "releve_le": at,
                "flux_du": at,
                "_point": station["_point"],
            }
        )
    resource = Resource(
        f"{output.dataset.id}/etat", output.dataset.id, output.dataset.title, source="service:velos"
    )
    publish(
        db,
        files,
        spool,
        replace(output.dataset, state="published"),
        resource,
        rows,
        columns,
        geometry="point",
        at=NOW - timedelta(hours=1),
    )
    digest = files.put(_parquet(spool, Schema(columns=columns, geometry="point"), rows))
    with db.begin() as conn:
        datasets.save_dataset(
            conn, Dataset("velos-libre-service", "Relevés des vélos en libre-service", "", "mobilites")
        )
        datasets.save_resource(
            conn, Resource(SERVICE.inputs["releves"].resource, "velos-libre-service", "Relevés", every_s=60)
        )
        live.append(conn, live.Tip(resource.id, at, File(digest, files.size(digest), len(rows))))
        live.save_feed(
            conn,
            live.Feed(
                SERVICE.inputs["releves"].resource,
                "stale",
                NOW - timedelta(minutes=9),
                NOW - timedelta(minutes=1),
                0,
                "",
            ),
        )


PASSWORD = "un parvis de dalles grises"
PEOPLE = (
    ("dpo@montclair.example", "Dana Pons", "dpo"),
    ("agent@montclair.example", "Alex Rey", "publisher"),
    ("delegue@montclair.example", "Maud Lys", "delegate"),
)
"""Who may sign in, all of the education department: e-mail, name, role."""


def people(db: Database, held: Version) -> None:
    """Two accounts, and the deposits that their organisation made."""
    kept = Passwords().hash(PASSWORD)
    with db.begin() as conn:
        for email, name, role in PEOPLE:
            person = accounts.make(
                conn, email=email, name=name, password_hash=kept, actor="system", at=NOW, person_id=role
            )
            accounts.give_role(conn, person.id, "education", role, actor="system", at=NOW)
        for i, (name, state, message, version) in enumerate(
            (
                (
                    "agents.csv",
                    "held",
                    "Des données personnelles ont été trouvées (colonne « courriel »).",
                    held.digest,
                ),
                ("prenoms-2026.csv", "published", "", ""),
                ("releves.pdf", "refused", "Ce fichier est un PDF : déposez le tableau d’origine.", ""),
                ("releves-novembre.csv", "reading", "", ""),
            )
        ):
            resource = ("agents/agents", "prenoms/prenoms", "capteurs/releves", "capteurs/releves")[i]
            deposits.save(
                conn,
                deposits.Deposit(
                    f"depot{i}",
                    resource,
                    f"{i:064x}",
                    name,
                    "publisher",
                    NOW - timedelta(hours=i),
                    state,
                    message,
                    version,
                ),
            )


def publish(
    db: Database,
    files: Files,
    spool: Path,
    dataset: Dataset,
    resource: Resource,
    rows: Rows,
    columns: tuple[Column, ...],
    *,
    at: datetime,
    geometry: str = "",
    raw: tuple[str, ...] = (),
    findings: tuple[Finding, ...] = (),
    held: bool = False,
    older: int = 0,
) -> Version:
    """One version with its release row, through the store."""
    schema = Schema(dataset.id, columns=columns, geometry=geometry, raw=raw)  # type: ignore[arg-type]
    with db.begin() as conn:
        datasets.save_dataset(conn, replace(dataset, modified=at))
        datasets.save_resource(conn, resource)
    for age in range(older, -1, -1):
        version = _version(
            files, spool, resource, schema, rows[: len(rows) - age], at - timedelta(days=30 * age), findings
        )
        run = Run(f"run-{version.digest[:12]}", "publish", version.at, {"file": resource.source})
        with db.begin() as conn:
            pipeline.publish(
                conn,
                replace(resource, policy="hold") if held else resource,
                replace(version, run=run.id),
                actor="system",
                at=version.at,
                ids={"run": run.id},
            )
            runs.save(conn, replace(run, outputs=(version.digest,), outcome="held" if held else "published"))
    return version


def _parquet(spool: Path, schema: Schema, rows: Rows) -> Path:
    fields = [pa.field(c.name, ARROW[c.type]) for c in schema.columns] + [
        pa.field(f"_raw_{name}", pa.string()) for name in schema.raw
    ]
    if schema.geometry == "point":
        fields.append(pa.field("_point", pa.struct([("lon", pa.float64()), ("lat", pa.float64())])))
    if schema.geometry == "shape":
        fields.append(pa.field("_shape", pa.binary()))
    table = pa.Table.from_pylist(
        [{f.name: row.get(f.name) for f in fields} for row in rows], pa.schema(fields)
    )
    path = spool / "version.parquet"
    pq.write_table(table, path, compression="snappy", row_group_size=20_480)
    return path


def _version(
    files: Files,
    spool: Path,
    resource: Resource,
    schema: Schema,
    rows: Rows,
    at: datetime,
    findings: tuple[Finding, ...],
) -> Version:
    path = _parquet(spool, schema, rows)
    size = path.stat().st_size
    digest = files.put(path)
    return Version(
        versions.digest(resource.id, schema, [digest]),
        resource.id,
        at,
        len(rows),
        size,
        (File(digest, size, len(rows)),),
        schema,
        Report(
            findings,
            tuple(_profile(c, rows) for c in schema.columns),
            len(rows),
            ("Les règles d’un schéma national : aucun n’est demandé.",),
        ),
        "",
    )


ARROW = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us", "UTC"),
    "year": pa.int64(),
}


def _profile(column: Column, rows: Rows) -> ColumnProfile:
    values = [row.get(column.name) for row in rows]
    held = [v for v in values if v is not None]
    common = Counter(str(v) for v in held).most_common(5)
    histogram: tuple[tuple[str, int], ...] = ()
    mean = None
    if column.type in ("integer", "number", "year") and held:
        low, high = min(held), max(held)
        step = (high - low) / 12 or 1
        bins = Counter(min(int((v - low) / step), 11) for v in held)
        histogram = tuple((f"{low + i * step:.6g} – {low + (i + 1) * step:.6g}", bins[i]) for i in range(12))
        mean = sum(held) / len(held)
    return ColumnProfile(
        column.name,
        column.type,
        len(rows),
        len(values) - len(held),
        len(set(map(str, held))),
        sum(1 for r in rows if r.get(f"_raw_{column.name}")),
        str(min(held)) if held else None,
        str(max(held)) if held else None,
        mean,
        tuple(common),
        histogram,
        tuple(str(v) for v in held[:3]),
    )


def _station(i: int, rng: random.Random) -> dict[str, Any]:
    lon, lat = CENTRE[0] + rng.gauss(0, 0.02), CENTRE[1] + rng.gauss(0, 0.014)
    squares = (
        "Place de la Comédie",
        "Gare Saint-Roch",
        "Jardin des Plantes",
        "Hôtel de ville",
        "Les Arceaux",
        "Antigone",
        "Beaux-Arts",
        "Corum",
    )
    return {
        "code": f"{i + 1:03d}",
        "nom": f"{squares[i % 8]} {i // 8 + 1}",
        "capacite": 8 + (i * 5) % 28,
        "etat": "fermée" if i % 11 == 0 else "ouverte",
        "ouverture": date(2019, 1, 1) + timedelta(days=i * 40),
        "latitude": round(lat, 6),
        "longitude": round(lon, 6),
        "_point": {"lon": lon, "lat": lat},
    }


def _district(i: int) -> dict[str, Any]:
    """Nine districts round the centre, with shared edges that wander."""

    def corner(x: int, y: int) -> tuple[float, float]:
        return (
            CENTRE[0] + (x - 1.5) * 0.03 + 0.006 * math.sin(3 * y + x),
            CENTRE[1] + (y - 1.5) * 0.022 + 0.004 * math.cos(2 * x + y),
        )

    x, y = i % 3, i // 3
    ring = [corner(x, y), corner(x + 1, y), corner(x + 1, y + 1), corner(x, y + 1)]
    names = (
        "Port Marianne",
        "Centre",
        "Croix d’Argent",
        "Les Cévennes",
        "Mosson",
        "Hôpitaux",
        "Prés d’Arènes",
        "Celleneuve",
        "Millénaire",
    )
    return {
        "nom": names[i],
        "habitants": 9000 + 3100 * i,
        "surface": round(210.5 + 31.25 * i, 2),
        "_shape": shapely.to_wkb(shapely.Polygon(ring)),
    }


def twin(text: str) -> Any:
    """A JSON twin, read."""
    return json.loads(text)
