"""`parvis demo [DIR]`: the demo city, from raw files and a live feed to a served portal."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import pyarrow as pa

from parvis import schemas
from parvis.cli import init, serve
from parvis.cli.arguments import AsJson
from parvis.cli.city import settings
from parvis.cli.commands import Argument, Commands, Option
from parvis.cli.output import print_json, progress, say, table
from parvis.cli.port import claim
from parvis.cli.publish import WORDS, plan, process
from parvis.core.arrow import arrow_schema, arrow_table
from parvis.core.sentence import Sentence
from parvis.core.settings import Serve
from parvis.core.types import POINT, Audience, Dataset, Resource, Schema
from parvis.demo import air, build, charging, feed, incidents, outbreak, parking, street, world
from parvis.harvest.gbfs import Documents
from parvis.people import groups as circles
from parvis.publication import hidden_parts, pipeline
from parvis.publication.city import SYSTEM, City, open_city
from parvis.services.air.batch import batch as hourly
from parvis.services.air.schemas import RELEVES as HOURLY
from parvis.services.circulation import batch as traffic
from parvis.services.circulation.schemas import MEASURES
from parvis.services.declaration import Batch
from parvis.services.epidemies.coordination_service import GROUP as HEALTH
from parvis.services.epidemies.coordination_service import SERVICE as COORDINATION
from parvis.services.feux.live_service import GROUP as ENGINEERS
from parvis.services.incidents.group_service import GROUP as QUIET
from parvis.services.incidents.group_service import SERVICE as POINTS
from parvis.services.recharge.batch import batch as charged
from parvis.services.stationnement.batch import batch as parked
from parvis.services.velos.batch import batch
from parvis.services.velos.schemas import RELEVES
from parvis.services.velos.service import SERVICE
from parvis.store import datasets, deposits, groups, versions
from parvis.store.deposits import Deposit
from parvis.work import live_hours, polling, service_runs

PAST_MIN, STEP_MIN = 190, 10
"""Minutes of the bikes' past that the first start writes, and the step between two of its moments."""

AIR_FILE = "mesures-air.geojson"
"""Where the feed of the air is, beside that of the bikes."""

LOOP_DAYS = 15
"""Whole days of the loops in the streets that the first start writes."""

PAST_DAYS = 7
"""Whole days before, of which only what changed is written: enough to learn from."""

GROUPS = (
    (ENGINEERS, "Ingénieurs des feux", "mobilites"),
    (QUIET, "Tranquillité publique", "proximite"),
    (HEALTH, "Coordination sanitaire", "sante"),
)
"""Name, title and organisation of each group of the city."""

SHARED_FOR = timedelta(days=365)
"""How long a group may read what is shared with it."""


SCHOOLS = "Effectifs écoles.xlsx"
"""The workbook of the demo that has a hidden sheet."""


def register(app: Commands) -> None:
    """Add the command."""

    @app.declare("demo")
    def demo(
        directory: Annotated[Path, Argument(help="Dossier de la ville.")] = Path("demo"),
        no_serve: Annotated[bool, Option("--no-serve", help="Construire sans servir.")] = False,
        port: Annotated[int, Option(help="Port du portail.")] = 8000,
        seed: Annotated[int, Option(help="Graine : la même écrit la même ville.")] = 2026,
        as_json: AsJson = False,
    ) -> None:
        for number in (
            () if no_serve else (port, port + 1)
        ):  # the portal, and beside it the feeds that it reads: before the city is built, not after
            claim(Serve().host, number)
        done = make(directory, seed)
        if as_json:
            print_json(
                {
                    "ok": True,
                    "folder": directory.resolve(),
                    "states": Counter(d.state for d in done),
                    "deposits": [_deposit_as_json(d) for d in done],
                }
            )
        else:
            table(
                Sentence("La ville de Rivemont"),
                ("fichier", "devient", "pourquoi"),
                [(d.name, WORDS[d.state], _short(d.message)) for d in done],
            )
            say(
                " · ".join(
                    f"{n} {WORDS[state]}{'s' if n > 1 else ''}"
                    for state, n in Counter(d.state for d in done).items()
                )
            )
        if not no_serve:
            drawn, city = world.build(seed), open_city(settings(directory))
            built, loops_built = _built(city), _looped(city)
            with feed.serving(
                drawn,
                port + 1,
                beside={
                    AIR_FILE: lambda at: air.document(drawn, at, built),
                    street.FILE: lambda at: street.document(drawn, at, loops_built),
                    parking.FILE: lambda at: parking.document(drawn, at),
                    charging.FILE: lambda at: charging.document(drawn, at),
                },
            ) as url:
                _describe_bikes(city, url)
                _describe_air(city, url.replace("gbfs.json", AIR_FILE))
                _describe_loops(city, url.replace("gbfs.json", street.FILE))
                _describe_cars(city, url.removesuffix("gbfs.json"))
                # The feeds of the demo are on this machine; nothing else is asked here.
                os.environ |= {"PARVIS_NETWORK_PRIVATE": f"{Serve().host}:{port + 1}"}
                serve.run(settings(directory), port=port)


def make(
    directory: Path, seed: int = 2026, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> list[Deposit]:
    """The demo city in `directory`, written for the moment that the clock says, and published; one that is
    already there is left as it is. Returns its deposits.
    """
    now = clock()
    if not (directory / "parvis.toml").exists():
        city = world.build(seed, now)
        files = build.raw_files(city.days)
        with progress() as bar:
            task = bar.add_task("Fichiers bruts", total=len(files))
            for _ in build.write(directory, seed, now):
                bar.advance(task)
        box = "[" + ", ".join(f"{v:.5f}" for v in city.bbox) + "]"
        init.create(
            directory,
            world.NAME,
            {"city": {"insee": f'"{world.INSEE}"', "bbox": box, "contact": '"donnees@rivemont.example"'}},
        )
        (own := directory / service_runs.TUNINGS).mkdir(exist_ok=True)
        (own / "air.toml").write_text(air.OWN, "utf-8")
    opened = open_city(settings(directory), clock=clock)
    with opened.db.read() as conn:
        known = deposits.list(conn, limit=10_000)
    if known and all(d.state not in ("received", "reading") for d in known):
        return [d for d in known if d.resource != air.RESOURCE.id]
    entries = plan(opened, [directory / "raw"])
    sent = [
        pipeline.receive(opened, e.file, name=e.file.name, resource=e.resource.id)
        for e in entries
        if e.file is not None
    ]
    for one in sent:
        if one.name == SCHOOLS:  # its « notes internes » are hidden, and nobody's business
            hidden_parts.choose(opened, one.id, "leave", actor=SYSTEM)
    with opened.db.begin() as conn:
        for group, title, organisation in GROUPS:
            if groups.group(conn, group) is None:
                circles.make(conn, group, title, organisation, actor=SYSTEM, at=opened.now())
    resource = _ride(opened, drawn := world.build(seed, now))
    share_incidents(opened, drawn)
    share_outbreak(opened, drawn)
    loops = _drive(opened, drawn)
    done = process(opened, [*(d.id for d in sent), _breathe(opened, directory, drawn)])[: len(sent)]
    _poll(
        opened, resource, drawn, opened.now()
    )  # once more, now that the night's work has learned something to forecast with
    _count(opened, loops, drawn, now)
    _park_and_charge(opened, drawn)
    return done


def share_incidents(city: City, drawn: world.World) -> None:
    """The incidents, for the group that answers for quiet alone; once."""
    group = Audience(QUIET, POINTS.purpose, city.now().date() + SHARED_FOR)
    rows = incidents.table(drawn)
    _share(city, incidents.DATASET, incidents.RESOURCE, incidents.SCHEMA, rows, group)


def share_outbreak(city: City, drawn: world.World) -> None:
    """What is counted of the ill and who does what, for those who coordinate health alone; once."""
    group = Audience(HEALTH, COORDINATION.purpose, city.now().date() + SHARED_FOR)
    for one in outbreak.SHARED.values():
        resource = Resource(
            f"{one.dataset.id}/{one.schema}", one.dataset.id, one.dataset.title, schema=one.schema
        )
        schema = schemas.library().find(one.schema).schema
        _share(city, one.dataset, resource, schema, arrow_table(schema, one.rows(drawn)), group)


def _share(
    city: City, dataset: Dataset, resource: Resource, schema: Schema, rows: pa.Table, group: Audience
) -> None:
    with city.db.begin() as conn:
        if versions.latest(conn, resource.id) is not None:
            return
        datasets.describe(conn, dataset)
        resource = datasets.describe_resource(conn, resource)
    file = live_hours.put(city, rows)
    live_hours.publish(city, resource, schema, (file,), (), what="import", audience=group)


def _describe_bikes(city: City, url: str) -> Resource:
    """The bikes' dataset, and its source at this address."""
    about = "Une ligne par station et par relevé, une fois par minute : vélos mécaniques et électriques, places libres, heure du relevé."
    resource = Resource(
        SERVICE.reads["releves"].resource,
        feed.DATASET.id,
        "Relevés des stations",
        about,
        source=url,
        reader="gbfs",
        every_s=60,
    )
    with city.db.begin() as conn:
        datasets.describe(conn, feed.DATASET)
        resource = datasets.describe_resource(conn, resource)
    return resource


def _describe_air(city: City, url: str) -> Resource:
    """The dataset of the air, and its source at this address."""
    resource = air.live(url)
    with city.db.begin() as conn:
        datasets.describe(conn, air.DATASET)
        resource = datasets.describe_resource(conn, resource)
    return resource


def _describe_loops(city: City, url: str) -> Resource:
    """The dataset of the loops in the streets, and its source at this address."""
    resource = street.live(url)
    with city.db.begin() as conn:
        datasets.describe(conn, street.DATASET)
        resource = datasets.describe_resource(conn, resource)
    return resource


def _describe_cars(city: City, base: str) -> tuple[Resource, Resource]:
    """The datasets of car parks' free places and of charging points' states, and their sources below this address."""
    with city.db.begin() as conn:
        datasets.describe(conn, parking.DATASET)
        datasets.describe(conn, charging.DATASET)
        return (
            datasets.describe_resource(conn, parking.live(base + parking.FILE)),
            datasets.describe_resource(conn, charging.live(base + charging.FILE)),
        )


def _park_and_charge(city: City, drawn: world.World) -> None:
    """What car parks and charging points say now, kept."""
    parks, points = _describe_cars(city, "http://127.0.0.1/")
    now = city.now()
    polling.keep(city, parks, parked(parking.document(drawn, now), now))
    polling.keep(city, points, charged(charging.document(drawn, now), now))


def _drive(city: City, drawn: world.World) -> Resource:
    """The last weeks of the loops, kept as if they had been polled: enough to learn from."""
    resource = _describe_loops(city, f"http://127.0.0.1/{street.FILE}")
    now = city.now()
    end = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    days = dict[datetime, pa.Table]()
    for back in range(LOOP_DAYS, 0, -1):
        begin = end - timedelta(days=back)
        days[begin] = traffic.table(_rows(street.measures(drawn, begin, begin + timedelta(days=1), now)))
    live_hours.backfill(city, resource, MEASURES, days, places=polling.kind(resource).places)
    at = now.astimezone(UTC).replace(second=0, microsecond=0)
    at -= timedelta(minutes=at.minute % 6 + 6)
    if at > end:
        rows = traffic.table(_rows(street.measures(drawn, end, at, now)))
        polling.keep(city, resource, Batch(at, rows, MEASURES))
    return resource


def _count(city: City, resource: Resource, drawn: world.World, built: datetime) -> None:
    """What the feed of the loops says now, kept."""
    at, rows = traffic.datex(street.document(drawn, city.now(), built))
    polling.keep(city, resource, Batch(at, traffic.table(rows), MEASURES))


def _rows(measures: Iterable[street.Measure]) -> list[traffic.Row]:
    return [
        traffic.Row(m.loop.id, m.loop.name, m.start, 6, m.flow, m.occupancy, None, m.loop.lon, m.loop.lat)
        for m in measures
    ]


def _looped(city: City) -> datetime:
    """When the city was built: the moment of the loops' first version."""
    with city.db.read() as conn:
        every = versions.history(conn, street.live("").id)
    return min((v.at for v in every), default=city.now())


def _built(city: City) -> date:
    """The day on which the city was built: that of its file of measures."""
    with city.db.read() as conn:
        first = versions.latest(conn, air.RESOURCE.id)
    return (first.at if first is not None else city.now()).astimezone(air.PARIS).date()


def _breathe(city: City, directory: Path, drawn: world.World) -> str:
    """The measures of the air up to this hour: what the feed says of the last two days, and a file of the
    months before, handed in like any other. It is no raw file, as it differs from hour to hour. Returns the
    id of its deposit.
    """
    resource, now = _describe_air(city, f"http://127.0.0.1/{AIR_FILE}"), city.now()
    at, rows = hourly(air.document(drawn, now, now.astimezone(air.PARIS).date()))
    polling.keep(city, resource, Batch(at, rows, HOURLY))
    with city.db.begin() as conn:
        datasets.describe_resource(conn, air.RESOURCE)
    file = directory / "var" / "spool" / "mesures-air.csv"
    file.write_bytes(air.write(drawn, city.now()))
    sent = pipeline.receive(city, file, name=file.name, resource=air.RESOURCE.id)
    file.unlink()
    return sent.id


def _ride(city: City, drawn: world.World) -> Resource:
    """The last days and hours of the bikes' feed, kept as if they had been polled, so that the history is not
    empty on the first day.
    """
    resource = _describe_bikes(city, "http://127.0.0.1/gbfs.json")
    now = city.now().replace(second=0, microsecond=0)
    live_hours.backfill(
        city,
        resource,
        RELEVES,
        _past(drawn, now - timedelta(minutes=PAST_MIN + STEP_MIN)),
        places=polling.kind(resource).places,
    )
    for back in range(PAST_MIN, 0, -STEP_MIN):
        _poll(city, resource, drawn, now - timedelta(minutes=back))
    return resource


def _poll(city: City, resource: Resource, drawn: world.World, moment: datetime) -> None:
    """What the feed says at a moment, kept."""
    documents = feed.documents(drawn, "http://127.0.0.1", moment)
    at, rows = batch(Documents(documents["station_information.json"], documents["station_status.json"]))
    polling.keep(city, resource, Batch(at, rows, RELEVES))


def _past(drawn: world.World, until: datetime) -> Mapping[datetime, pa.Table]:
    """What the feed said on the days before, each station as often as it changed: by day, UTC."""
    end = until.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    days: dict[datetime, list[feed.Moment]] = {end - timedelta(days=n): [] for n in range(PAST_DAYS, 0, -1)}
    for moment in feed.moments(drawn, end - timedelta(days=PAST_DAYS), end):
        days[moment.at.replace(hour=0, minute=0, second=0, microsecond=0)].append(moment)
    return {start: _readings(rows) for start, rows in days.items()}


def _readings(moments: Sequence[feed.Moment]) -> pa.Table:
    """Moments of the feed in the columns of `RELEVES`, in order of time."""
    rows = [
        {
            "station_id": m.station.id,
            "nom": m.station.name,
            "capacite": m.station.capacity,
            "velos": m.mechanical + m.electric,
            "mecaniques": m.mechanical,
            "electriques": m.electric,
            "places": m.station.capacity - m.mechanical - m.electric,
            "installee": True,
            "prend": True,
            "rend": True,
            "releve_le": m.at,
            "flux_du": m.at,
            POINT: {"lon": m.station.lon, "lat": m.station.lat},
        }
        for m in sorted(moments, key=lambda m: (m.at, m.station.id))
    ]
    return pa.Table.from_pylist(rows, arrow_schema(RELEVES))


def _deposit_as_json(deposit: Deposit) -> dict[str, str]:
    return {
        "file": deposit.name,
        "resource": deposit.resource,
        "state": deposit.state,
        "version": deposit.version,
        "message": deposit.message,
    }


def _short(message: str) -> str:
    return message if len(message) < 110 else message[:107] + "…"
