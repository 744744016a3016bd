"""Services at work: what each reads, when it is computed again, and how its results are published with their
lineage.

    versions served -> recompute -> versions of the outputs          (a service that reads versions: when they
    change, or once a day)
    a batch is kept -> derive    -> tips of the outputs, hours closed (a live service)

What comes out of a service is made of what everybody may read, or for a group of what is shared with it too
(`service_audience`), and is published by the same door as any version.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import uuid
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cache, partial
from zoneinfo import ZoneInfo

import pyarrow as pa
from sqlalchemy import Connection

from parvis import columns, privacy, services
from parvis.core import registry, traces
from parvis.core.arrow import arrow_schema
from parvis.core.errors import NotFound, UsageError
from parvis.core.released import Public, Released
from parvis.core.sentence import Sentence
from parvis.core.types import PUBLIC, Dataset, File, Finding, Json, Resource, Run, Schema, Version
from parvis.engine import connect
from parvis.engine.read import read, table
from parvis.privacy import audiences
from parvis.privacy.batches import Memory
from parvis.publication import version_files
from parvis.publication.city import City
from parvis.services.declaration import AGREEMENTS, Input, Service
from parvis.services.effect import NAME as GATHERED
from parvis.services.effect import Effect, gathering
from parvis.services.study import Study
from parvis.store import datasets, journal, live, runs, versions
from parvis.store.live import Segment, Tip
from parvis.work import live_hours, service_audience, service_inputs
from parvis.work.service_inputs import open_present, open_version

LOG = logging.getLogger("parvis")

KEPT_MIN = 15
"""Of the results of a live service that works on tables, one every so many minutes stays as history: one a
poll would be more than anybody reads.
"""


TUNINGS = "reglages"
"""Folder of a city with what it sets itself of its services, a file each; and the name of that text among the
tables of a service.
"""


@cache
def declared() -> Sequence[Service]:
    """Every service as it is declared, by name, and the one that measures what they are worth. A live service
    of a plugin is none of them: what it makes would be seen at each batch, before it was searched.
    """
    by_name = registry.declared(services, Service, belongs=lambda one: not one.live)
    if not effects():
        return tuple(by_name.values())
    apart = {
        one.name for one in (*by_name.values(), *registry.declared(services, Study).values()) if one.group
    }
    return (*by_name.values(), gathering(effects(), apart))


def for_all() -> Sequence[Service]:
    """The services that have a page which everybody may see: what public faces know of."""
    return tuple(one for one in declared() if one.page and not one.group)


@cache
def effects() -> Sequence[Effect]:
    """Every measured effect that is declared, by name."""
    return tuple(registry.declared(services, Effect).values())


def of_others(service: Service) -> bool:
    """Whether a plugin brings it. What ours make follows from what is public; what theirs make is searched."""
    return service.name not in _ours()


@cache
def _ours() -> frozenset[str]:
    gathered = {GATHERED} if len(registry.own(services, Effect)) == len(effects()) else set[str]()
    return frozenset({*registry.own(services, Service), *gathered})


def known(conn: Connection) -> Sequence[Service]:
    """Every service, bound to what this city has: an input that names a schema is the resource declared, or
    else the one that follows that schema.
    """
    every = declared()
    here = _here(conn, _inputs_of(every))
    return [_bound(here, one) for one in every]


def bound(conn: Connection, service: Service) -> Service:
    """A service whose inputs are resources of this city."""
    return _bound(_here(conn, _inputs_of((service,))), service)


def _inputs_of(services: Sequence[Service]) -> Sequence[Input]:
    return [i for one in services for i in (*one.reads.values(), *one.shown.values())]


def _here(conn: Connection, wanted: Collection[Input]) -> Mapping[str, str]:
    """What of these inputs is there in this city: resource to the schema that it follows."""
    return datasets.following(
        conn, schemas={i.schema for i in wanted if i.schema}, named={i.resource for i in wanted}
    )


def _bound(here: Mapping[str, str], service: Service) -> Service:
    """here: resource to the schema that it follows."""

    return replace(
        service,
        inputs={n: _in_city(here, i) for n, i in service.reads.items()},
        shows={n: _in_city(here, i) for n, i in service.shown.items()},
    )


def _in_city(here: Mapping[str, str], wanted: Input) -> Input:
    """An input as the resource of this city that it is."""
    if not wanted.schema or wanted.resource in here:
        return wanted
    return replace(
        wanted,
        resource=next((name for name, schema in here.items() if schema == wanted.schema), wanted.resource),
    )


def bound_inputs(conn: Connection, reads: Mapping[str, Input]) -> Mapping[str, Input]:
    """Inputs as resources of this city, whoever reads them."""
    here = _here(conn, reads.values())
    return {name: _in_city(here, one) for name, one in reads.items()}


# --- services that read versions ----------------------------------------------------------------------------


def refresh(city: City) -> None:
    """Compute every service whose inputs have changed since it last did; one that reads what another
    publishes comes after it.
    """
    with city.db.read() as conn:
        every = known(conn)
    for service in _ordered(every):
        recompute(city, service)


@contextmanager
def computer(city: City) -> Generator[Callable[[], None]]:
    """Yields `turn()`: when the journal has moved on, or a new day has begun, compute again what reads it, in
    a thread of its own: a model may take minutes.

    A service that fails is a fault of ours: it is logged, and neither the other services nor the worker stop
    for it.
    """
    seen: object = None
    running = list[Future[bool]]()

    def turn() -> None:
        nonlocal seen
        if any(not one.done() for one in running):
            return
        for one in running:
            if (fault := one.exception()) is not None:
                LOG.error("a service failed: %s", traces.told(fault))
        running.clear()
        today = city.now().astimezone(ZoneInfo(city.settings.city.timezone)).date()
        set_ = tuple(
            (path.name, path.stat().st_mtime_ns)
            for path in sorted((city.settings.folder / TUNINGS).glob("*.toml"))
        )
        with city.db.read() as conn:
            reached = journal.last_seq(conn), today, set_
            every = known(conn) if reached != seen else ()
        seen = reached
        running.extend(pool.submit(recompute, city, service) for service in _ordered(every))

    with ThreadPoolExecutor(1, "compute") as pool:
        yield turn
        for one in running:
            one.cancel()


def _ordered(every: Sequence[Service]) -> Iterator[Service]:
    """Makers before readers; where two read each other, by name."""
    left = list(every)
    while left:
        outputs = {output for s in left for output in s.resources}
        ready = [
            s for s in left if not (outputs - set(s.resources)) & {i.resource for i in s.reads.values()}
        ] or left[:1]
        yield from ready
        left = [s for s in left if s not in ready]


def recompute(city: City, service: Service, *, anew: bool = False) -> bool:
    """Compute a service that reads versions, unless it has done so from the versions served now, and publish
    its outputs with their lineage.

    Returns whether it was computed: not when an input that it must have is published nowhere, nor for a live
    service (see `derive`). anew: even from the same versions.
    """
    what = f"service:{service.name}"
    now = city.now()
    tuning = _tuned(city, service)
    if service.group:
        service_audience.end(city, service)
    with city.db.begin() if service.group else city.db.read() as conn:
        opened = service_inputs.inputs(conn, service, now)
        answers = service_audience.answers(conn, service) if service.agreed else None
        set_ = _set(tuning, answers)
        inputs = tuple(one.versions[0] for one in opened.values())
        lacking = [n for n, i in service.reads.items() if n not in opened and not i.optional]
        if (
            service.live
            or lacking
            or not inputs
            or not service_audience.at_work(conn, service)
            or (not anew and _done(conn, service, inputs, set_, now, city.settings.city.timezone))
        ):
            return False
        service_audience.read(conn, service, opened, now)
    try:
        for output, result in _results(city, service, opened, _besides(tuning, answers), now).items():
            declared_output = service.outputs[output]
            schema = covered(city, result, declared_output.schema)
            apart = service.group or of_others(service)
            findings, schema = searched(city, result, schema) if apart else ((), schema)
            resource = target(city, service, output)
            live_hours.publish(
                city,
                resource,
                schema,
                (result,),
                inputs,
                what=service_audience.named(service, declared_output),
                parameters=set_,
                more=partial(service_inputs.still, inputs, service.group, now),
                findings=findings,
                audience=service_audience.audience(service, declared_output, opened),
            )
            if service.group:
                version_files.settle(city, [resource.id])
    except service_inputs.Withdrawn:  # nothing is published of it, and the journal has us look again
        return False
    with city.db.begin() as conn:
        if not any(
            r.at >= now for r in _runs_of(conn, what, inputs, set_)
        ):  # nothing new came of it: that it was done is kept all the same
            runs.save(
                conn, Run(uuid.uuid4().hex, what, now, parameters=set_, inputs=inputs, outcome="unchanged")
            )
    return True


def tuning(city: City, service: Service) -> str:
    """What the city sets itself of a service, `reglages/<service>.toml` in its folder; "" where there is
    none. Raises UsageError where it is badly written.
    """
    path = city.settings.folder / TUNINGS / f"{service.name}.toml"
    if service.tune is None or not path.is_file():
        return ""
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError as wrong:
        raise UsageError(
            Sentence("{tunings}/{name} n’est pas écrit en UTF-8.", tunings=TUNINGS, name=path.name),
            mend="Enregistrez-le à nouveau en UTF-8.",
        ) from wrong
    service.tune(text, f"{TUNINGS}/{path.name}")
    return text


def _tuned(city: City, service: Service) -> str:
    """As `tuning`; where it is badly written the service does without, and the log and `parvis doctor` tell."""
    try:
        return tuning(city, service)
    except UsageError as wrong:
        LOG.error("%s %s", wrong.message, wrong.mend)
        return ""


def _set(tuning: str, answers: pa.Table | None) -> Mapping[str, Json]:
    """What a run remembers of it, and of what members answered."""
    parameters: dict[str, Json] = {TUNINGS: hashlib.sha256(tuning.encode()).hexdigest()} if tuning else {}
    return parameters | ({AGREEMENTS: answers.num_rows} if answers is not None else {})


def _besides(tuning: str, answers: pa.Table | None) -> Mapping[str, pa.Table]:
    """What a method is given beside its inputs."""
    tables = {TUNINGS: pa.table({"texte": [tuning]})} if tuning else {}
    return tables | ({AGREEMENTS: answers} if answers is not None else {})


def _done(
    conn: Connection,
    service: Service,
    inputs: tuple[str, ...],
    set_: Mapping[str, Json],
    now: datetime,
    zone: str,
) -> bool:
    """Whether there is nothing to do: see `Service.every`."""
    what = f"service:{service.name}"
    same = _runs_of(conn, what, inputs, set_)

    def today(run: Run) -> bool:
        return run.at.astimezone(ZoneInfo(zone)).date() == now.astimezone(ZoneInfo(zone)).date()

    match service.every:
        case "change":
            return bool(same)
        case "day":
            return any(today(r) for r in same)
        case "night":
            last = runs.last(conn, what)
            return bool(same) or (last is not None and today(last))


def _runs_of(conn: Connection, what: str, inputs: tuple[str, ...], set_: Mapping[str, Json]) -> Sequence[Run]:
    """The runs of a service on these very versions, set as it is."""
    return [
        r
        for r in runs.using(conn, inputs[0])
        if r.what == what
        and r.inputs == inputs
        and all(r.parameters.get(name) == set_.get(name) for name in (TUNINGS, AGREEMENTS))
    ]


def _results(
    city: City,
    service: Service,
    opened: Mapping[str, Released],
    besides: Mapping[str, pa.Table],
    now: datetime,
) -> dict[str, File]:
    """The outputs of a service as files put by digest."""
    if service.work is not None:
        read_ = {name: _rows(city, one) for name, one in opened.items()}
        return {
            name: live_hours.put(city, fitted(table, service.outputs[name].schema))
            for name, table in service.work({**read_, **besides}, now).items()
        }
    public = {name: one for name, one in opened.items() if isinstance(one, Public)}
    return (
        {name: _put(city, result) for name, result in service.compute(public, now).items()}
        if service.compute
        else {}
    )


def history(city: City, service: Service, name: str, now: datetime) -> pa.Table | None:
    """An input as one Arrow table: the version served, or what a live resource has said in the days that the
    service asks for; None when there is none.
    """
    wanted = service.reads.get(name) or service.shown[name]
    with city.db.read() as conn:
        opened = open_version(conn, wanted.resource, wanted.days, now)
    return _rows(city, opened) if opened is not None else None


def present(city: City, service: Service, name: str, now: datetime, *, member: str = "") -> pa.Table | None:
    """An input as visitors are answered from it: the current state where the resource is live and no history
    is asked for, else as `history`; None when there is none. member: who asks, of a service for a group: what is
    shared with it they read, and it is written down. Raises NotFound for whoever is not one.
    """
    wanted = service.reads.get(name) or service.shown[name]
    opened = _opened(city, service, now, member, lambda conn: open_present(conn, wanted, now, service.group))
    return table(city.engine, opened) if opened is not None else None


def result(city: City, service: Service, output: str, now: datetime, *, member: str = "") -> Released | None:
    """What a service publishes under that resource: its current state where it is live; None when there is none.
    member, raises: as `present`.
    """
    return _opened(
        city,
        service,
        now,
        member,
        lambda conn: (
            service_inputs.open_tip(conn, output, now, service.group)
            if service.live
            else open_version(conn, output, 0, now, service.group)
        ),
    )


def answered(city: City, service: Service) -> pa.Table:
    """What members answered to what it proposes."""
    with city.db.read() as conn:
        return service_audience.answers(conn, service)


def _opened(
    city: City,
    service: Service,
    now: datetime,
    member: str,
    opening: Callable[[Connection], Released | None],
) -> Released | None:
    """What is opened for everybody, or for a member who is asked for in the same transaction, and it is written
    down.
    """
    if not service.group:
        with city.db.read() as conn:
            return opening(conn)
    with city.db.begin() as conn:
        audiences.member(conn, service.group, member)
        opened = opening(conn)
        if opened is not None:
            audiences.consulted(conn, opened, by=member, now=now, way="service")
        return opened


def covered(city: City, result: File, schema: Schema) -> Schema:
    """The schema with the places and the days that a result speaks of, as an import has them: the catalogue
    tells of both.
    """
    spool = city.settings.path(city.settings.storage.spool)
    spool.mkdir(parents=True, exist_ok=True)
    with connect.processing(spool, memory_mb=city.settings.limits.memory_mb) as con:
        out = city.files.local(result.digest)
        return replace(
            schema,
            coverage=columns.coverage(
                out, schema, con=con, bbox=city.settings.city.bbox, timezone=city.settings.city.timezone
            ),
        )


def searched(city: City, result: File, schema: Schema) -> tuple[tuple[Finding, ...], Schema]:
    """What the detectors find in a result, and its schema with the sensitivity of each column: what is
    personal in it is held when it comes to be published.
    """
    spool = city.settings.path(city.settings.storage.spool)
    with connect.processing(spool, memory_mb=city.settings.limits.memory_mb) as con:
        findings, levels = privacy.find(con, city.files.local(result.digest), schema, result.rows)
    marked = (replace(c, sensitivity=levels.get(c.name, c.sensitivity)) for c in schema.columns)
    return findings, replace(schema, columns=tuple(marked))


def _rows(city: City, released: Released) -> pa.Table:
    with read(city.engine, released) as result:
        return result.table()


def fitted(table: pa.Table, schema: Schema) -> pa.Table:
    """The columns that a schema declares, in its order and types. Raises KeyError or pyarrow's ArrowInvalid:
    a service that breaks its promise is our fault.
    """
    wanted = arrow_schema(schema)
    return table.select(wanted.names).cast(wanted)


# --- what a result is in the catalogue ----------------------------------------------------------------------


def target(city: City, service: Service, output: str) -> Resource:
    """The resource of an output, described in the catalogue as the service declares it; where its publisher
    is unknown, that of the input answers for it. The public part of a service for a group is described by itself.
    """
    declared_output = service.outputs[output]
    apart = service.group and declared_output.dataset.access == "public"
    method = declared_output.dataset.description if apart else service.method
    source = service_audience.named(service, declared_output)
    return described(city, declared_output.dataset, output, method, source, service.reads)


def described(
    city: City, dataset: Dataset, name: str, method: str, source: str, reads: Mapping[str, Input]
) -> Resource:
    """The resource of what was computed, in the catalogue. reads: what it was computed from, as resources of
    this city.
    """
    resource = Resource(f"{dataset.id}/{name}", dataset.id, dataset.title, method, source=source)
    with city.db.read() as conn:
        known = datasets.resource(conn, resource.id)
    if known is not None and (known.title, known.description, known.source) == (
        resource.title,
        resource.description,
        resource.source,
    ):
        return known
    with city.db.begin() as conn:
        datasets.describe(
            conn,
            replace(dataset, publisher=publisher(conn, reads, dataset.publisher)),
        )
        return datasets.describe_resource(conn, resource)


def publisher(conn: Connection, reads: Mapping[str, Input], named: str) -> str:
    """Who answers for what is computed from these: the organisation of that name where there is one, else
    that of the first input.
    """
    if datasets.organisation(conn, named) is not None:
        return named
    read_ = next((r for i in reads.values() if (r := datasets.resource(conn, i.resource)) is not None), None)
    owner = datasets.dataset(conn, read_.dataset) if read_ is not None else None
    return owner.publisher if owner is not None else named


# --- live services ------------------------------------------------------------------------------------------


def derive(city: City, resource: Resource) -> None:
    """Bring the outputs of every live service that reads this live resource up to it. What changes meanwhile
    is left to the next batch, or to its author.
    """
    with city.db.read() as conn:
        every = known(conn)
    reading = [one for one in every if one.live and resource.id in {i.resource for i in one.reads.values()}]
    with contextlib.ExitStack() as each:  # one that fails stops no other, and is told when all had their turn
        for service in reversed(reading):
            each.callback(_follow, city, service, resource)


def _follow(city: City, service: Service, resource: Resource) -> None:
    if service.work is not None:
        _work(city, service, resource)
        return
    with contextlib.suppress(live_hours.Overtaken):
        _derive(city, service, resource)


def _work(city: City, service: Service, resource: Resource) -> None:
    """A live service that works on tables: its results are the tip of each output; one every `KEPT_MIN`
    minutes is kept, and closed hour by hour.

    All inputs are of one moment; nothing is kept of what is not public any more when it comes to be kept.
    """
    now = city.now()
    if service.group:
        service_audience.end(city, service)
    with city.db.begin() if service.group else city.db.read() as conn:
        last = live.newest(conn, resource.id)
        opened = {
            name: one
            for name, wanted in service.reads.items()
            if (one := open_present(conn, wanted, now, service.group)) is not None
        }
        if (
            last is None
            or any(n not in opened and not i.optional for n, i in service.reads.items())
            or not service_audience.at_work(conn, service)
            or service.work is None
        ):
            return
        answers = service_audience.answers(conn, service) if service.agreed else None
        service_audience.read(conn, service, opened, now)
    inputs = tuple(dict.fromkeys(one.versions[0] for one in opened.values()))

    def still(conn: Connection) -> None:
        service_inputs.still(inputs, service.group, now, conn)
        if live.newest(conn, resource.id) is None:
            raise service_inputs.Withdrawn(resource.id)

    read_ = {name: table(city.engine, one) for name, one in opened.items()}
    try:
        for output, result in service.work(
            {**read_, **_besides(_tuned(city, service), answers)}, now
        ).items():
            declared_ = service.outputs[output]
            target_resource, schema = target(city, service, output), declared_.schema
            audience = service_audience.audience(service, declared_, opened)
            live_hours.begin(city, target_resource, schema, inputs, still, audience)
            rows = fitted(result, schema)
            findings = live_hours.look(city, rows, schema, Memory(), ()) if service.group else ()
            held = bool(privacy.holding(findings))  # its rows are kept nowhere, as those of a feed are not
            file = live_hours.put(city, rows.slice(0, 0) if held else rows)
            tip = Tip(
                target_resource.id, last.at, replace(file, rows=rows.num_rows) if held else file, held=held
            )
            with city.db.begin() as conn:
                still(conn)
                live.append(conn, tip)
                if not declared_.log:
                    live.thin(conn, target_resource.id, minutes=KEPT_MIN)
            if not held:
                live_hours.close(city, target_resource, schema, findings, inputs, audience)
    except service_inputs.Withdrawn:
        return


def _derive(city: City, service: Service, resource: Resource) -> None:
    """A live service that is a query: the current state, and each closed segment that the output lacks."""
    name = next(n for n, i in service.reads.items() if i.resource == resource.id)
    with city.db.read() as conn:
        version = versions.served(conn, resource.id, PUBLIC)
        if version is None or service.compute is None:
            return
        current, at = privacy.reopen_tip(conn, resource.id, PUBLIC, now=city.now())
        inputs = live.closed(conn, resource.id)
    for output, declaration in service.outputs.items():
        target_resource = target(city, service, output)
        with city.db.read() as conn:
            have = live.closed(conn, target_resource.id)
        live_hours.begin(city, target_resource, declaration.schema, (version.digest,))
        if [(s.start, s.span) for s in have] != [(s.start, s.span) for s in inputs]:
            _catch_up(city, service, name, output, target_resource, version, inputs, have)
        if isinstance(current, Public):
            file = _put(city, service.compute({name: current}, city.now())[output])
            with city.db.begin() as conn:
                if (last := live.newest(conn, resource.id)) is None or last.at != at:
                    return  # withdrawn meanwhile, or another batch came: who kept it derives it
                live.append(conn, Tip(target_resource.id, at, file))
                live.drop_tips(conn, target_resource.id, before=at)


def _catch_up(
    city: City,
    service: Service,
    name: str,
    output: str,
    target_resource: Resource,
    version: Version,
    inputs: Sequence[Segment],
    have: Sequence[Segment],
) -> None:
    known_ = {(s.start, s.span): s for s in have}
    parts: list[Segment] = []
    for segment in inputs:
        part = known_.get((segment.start, segment.span))
        if part is None and service.compute is not None:
            with city.db.read() as conn:
                opened = privacy.reopen_part(
                    conn, version.digest, segment.file.digest, PUBLIC, now=city.now()
                )
            if not isinstance(opened, Public):
                raise NotFound(Sentence("« {resource} » n’est plus publiée.", resource=version.resource))
            part = Segment(
                target_resource.id,
                segment.start,
                segment.span,
                _put(city, service.compute({name: opened}, segment.start)[output]),
            )
        if part is not None:
            parts.append(part)
    past = [
        s for s in have if s not in parts and (not parts or s.start < parts[0].start)
    ]  # what the input's history lost

    def record(conn: Connection) -> None:
        live_hours.unchanged(conn, version.resource, inputs)
        live_hours.unchanged(conn, target_resource.id, have)
        for segment in parts:
            live.close(conn, segment)
        for old in have:
            if old not in parts:
                live.forget(conn, old)
        live_hours.tell_dropped(conn, city, past)

    schema = service.outputs[output].schema
    live_hours.publish(
        city,
        target_resource,
        schema,
        live_hours.files_of(city, parts, schema),
        (version.digest,),
        what=f"service:{service.name}",
        more=record,
    )


def _put(city: City, released: Public) -> File:
    return live_hours.put(city, _rows(city, released))
