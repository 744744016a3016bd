"""Studies at work: asked for by a face, done by the worker, kept with what they read, read again, published.

    ask      -> a row « waiting », its versions fixed by digest, and an Event
    compute  -> the worker: progress, checkpoints, then the parts of the result, or why there is none
    result   -> the tables and files of a run, for whoever may still read all that it was made from
    publish  -> its tables through the gate, as any version

A face never computes, and whoever may not use a study is told that there is none.
"""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from time import monotonic

import pyarrow as pa
from sqlalchemy import Connection

from parvis import services
from parvis.core import registry, traces
from parvis.core.errors import Gone, HeldBack, NotFound, ParvisError, Refused, UsageError
from parvis.core.released import Released
from parvis.core.sentence import Sentence
from parvis.core.types import PUBLIC, Audience, Version
from parvis.engine.read import read
from parvis.people import accounts
from parvis.people.rights import Action, Person, reaches, require
from parvis.privacy import audiences
from parvis.publication import version_files
from parvis.publication.city import City
from parvis.services.answers import Asked, Attached, Block, Speech, Value
from parvis.services.declaration import Output
from parvis.services.parameters import reread, sends_file, written
from parvis.services.study import Parameters, Study
from parvis.store import groups, journal, study_runs, versions
from parvis.store.outage import outage
from parvis.store.study_runs import OPEN, Part, StudyRun
from parvis.work import live_hours, service_inputs, service_runs, study_process
from parvis.work.study_process import Bounds, packed, unpacked

LOG = logging.getLogger("parvis")

WRITE_S = 0.5
"""Time between two times that the row of a run is written, or looked at for a cancellation."""

FAULT = ParvisError("Une faute de Parvis a arrêté cette étude.", mend="Elle est au journal de la machine.")
UNKNOWN = "Cette étude n’existe pas."
NO_RUN = "Ce calcul n’existe pas."


@cache
def declared() -> Sequence[Study]:
    """Every study as it is declared, by name."""
    return tuple(registry.declared(services, Study).values())


def may(city: City, person: Person | None, study: Study) -> bool:
    """Whether somebody may ask for this study and read its results: for a group, its members and nobody
    else, whoever administers the city included.
    """
    if person is None or not reaches(person, "study"):
        return False
    if study.group:
        with city.db.read() as conn:
            return study.group in {group.id for group in groups.of(conn, person.id)}
    return person.city_admin or not study.roles.isdisjoint(person.roles.values())


def named(city: City, person: Person | None, name: str) -> Study:
    """The study of that name. Raises NotSignedIn when nobody is signed in, NotFound for who may not use it:
    the two can't be told apart from there being none.
    """
    if person is None:
        require(None, "study")
    study = next((one for one in declared() if one.name == name), None)
    if study is None or not may(city, person, study):
        raise NotFound(UNKNOWN, mend="La page « Études » donne celles que vous pouvez demander.")
    return study


def bound(conn: Connection, study: Study) -> Study:
    """A study whose inputs are resources of this city."""
    return replace(study, inputs=service_runs.bound_inputs(conn, study.reads))


def opened(city: City, study: Study) -> Mapping[str, Released]:
    """What a study would read now, by the name of the input; one that is published nowhere is not there."""
    with city.db.read() as conn:
        here = bound(conn, study)
        by_input = {
            name: service_inputs.open_version(conn, one.resource, 0, city.now(), study.group)
            for name, one in here.reads.items()
        }
    return {name: released for name, released in by_input.items() if released is not None}


def lacking(study: Study, there: Mapping[str, object]) -> tuple[str, ...]:
    """Names of the inputs that it must have and that are published nowhere."""
    return tuple(n for n, one in study.reads.items() if n not in there and not one.optional)


def table(city: City, released: Released) -> pa.Table:
    """An input as one Arrow table."""
    with read(city.engine, released) as result:
        return result.table()


def lent(city: City, study: Study) -> Mapping[str, pa.Table]:
    """The inputs whose rows may be chosen, as they are now."""
    chosen = {ask.rows.partition(".")[0] for ask in study.asks if ask.rows}
    return {name: table(city, released) for name, released in opened(city, study).items() if name in chosen}


# --- asking -------------------------------------------------------------------------------------------------


def ask(city: City, study: Study, parameters: Parameters, *, seed: int = 1, actor: str) -> StudyRun:
    """Have a study done by the worker. What it reads is fixed here, by digest.

    Raises HeldBack while a table that it must have is not published.
    """
    there = opened(city, study)
    if missing := lacking(study, there):
        needed = ", ".join(f"« {study.reads[name].resource} »" for name in missing)
        raise HeldBack(
            Sentence("Cette étude attend {needed}.", needed=needed), mend="Publiez d’abord cette table."
        )
    written_parameters = {
        name: written(value, partial(_stored, city)) for name, value in sorted(parameters.items())
    }
    one = StudyRun(
        uuid.uuid4().hex,
        study.name,
        actor,
        city.now(),
        seed,
        written_parameters,
        {name: released.versions[0] for name, released in there.items()},
    )
    with city.db.begin() as conn:
        study_runs.save(conn, one)
        _tell(conn, one, "study-asked", actor)
        for released in there.values():
            audiences.consulted(conn, released, by=actor, now=one.at, way="study")
    return one


def _stored(city: City, file: Attached) -> str:
    return city.inbox.put_bytes(file.data)


def cancel(city: City, run_id: str, *, actor: str) -> StudyRun:
    """Say that nobody waits for a run any more; one that is over is left as it is."""
    with city.db.begin() as conn:
        one = _get(conn, run_id)
        if one.state not in OPEN or one.cancelled:
            return one
        one = replace(one, cancelled=True)
        if one.state == "waiting":
            one = replace(one, state="cancelled", ended_at=city.now())
        study_runs.save(conn, one)
        _tell(conn, one, "study-cancelled", actor)
    return one


def _get(conn: Connection, run_id: str) -> StudyRun:
    run_ = study_runs.get(conn, run_id)
    if run_ is None:
        raise NotFound(NO_RUN)
    return run_


def _tell(conn: Connection, one: StudyRun, verb: str, actor: str) -> None:
    ids = {"study": one.study, "attempt": str(one.attempt)}
    journal.append(conn, at=one.ended_at or one.at, actor=actor, verb=verb, subject=one.id, ids=ids)


# --- the worker ---------------------------------------------------------------------------------------------


def compute(city: City, run_id: str, *, leaving: Callable[[], bool] = lambda: False) -> str:
    """Do a run, or go on with it from its last checkpoint, to its end. Returns its state; « running » when
    the worker leaves before. leaving: whether it does.

    Raises what an outage raises: the run is then begun anew later.
    """
    with city.db.begin() as conn:
        one = study_runs.get(conn, run_id)
        if one is None or one.state not in OPEN:
            return one.state if one is not None else ""
        one = replace(one, state="running", attempt=one.attempt + 1)
        study_runs.save(conn, one)
    study = next((s for s in declared() if s.name == one.study), None)
    try:
        if study is None:
            raise HeldBack(UNKNOWN)
        return _Attempt(city, study, one, leaving).work()
    except study_process.Stopped:
        if leaving() and not _cancelled(city, one):
            return "running"
        return _over(city, run_id, "cancelled", "")
    except (study_process.Fault, KeyError, pa.ArrowInvalid) as fault:
        reason = str(fault) if isinstance(fault, study_process.Fault) else traces.told(fault)
        LOG.error("the study %s failed (run %s): %s", one.study, run_id, reason)
        return _over(city, run_id, "failed", str(FAULT))
    except ParvisError as wrong:
        if outage(wrong) is not None:
            raise
        return _over(city, run_id, "failed", wrong.told)


def _cancelled(city: City, one: StudyRun) -> bool:
    with city.db.read() as conn:
        return study_runs.is_cancelled(conn, one.id)


class _Attempt:
    """One attempt at a run: what is known of it since it was last written."""

    def __init__(self, city: City, study: Study, one: StudyRun, leaving: Callable[[], bool]) -> None:
        self._city, self._study, self._one, self._leaving = city, study, one, leaving
        self._begun = self._written = monotonic()
        self._before_s = one.seconds
        self._stop = False

    def work(self) -> str:
        limits = self._city.settings.limits
        one = self._one
        parts: list[Part] = []
        checkpoint = self._city.inbox.read(one.kept) if one.kept else b""
        bounds = Bounds(max(limits.study_s - one.seconds, 1.0), limits.study_memory_mb)
        for event in study_process.working(
            self._study.run,
            self._tables(),
            parameters(self._city, self._study, one),
            one.seed,
            checkpoint=checkpoint,
            bounds=bounds,
            stopped=lambda: self._stop,
        ):
            match event.kind if event is not None else "":
                case "progress" if event is not None:
                    progress = json.loads(event.data)
                    self._one = replace(self._one, share=float(progress["share"]), step=str(progress["step"]))
                    self._write()
                case "kept" if event is not None:
                    self._keep(event.data)
                case "table" if event is not None:
                    parts.append(self._table(event.name, unpacked(event.data)))
                case "file" if event is not None:
                    parts.append(self._file(event.name, event.data))
                case "end":
                    break
                case _:
                    self._write()
        return self._done(tuple(parts))

    def _tables(self) -> Mapping[str, pa.Table]:
        """What the run reads: the versions fixed when it was asked for."""
        with self._city.db.read() as conn:
            inputs = reopened(conn, self._city, self._one)
        return {name: table(self._city, released) for name, released in inputs.items()}

    def _write(self, *, now: bool = False) -> None:
        """Write the row and look whether the run was cancelled, from time to time."""
        if not now and monotonic() - self._written < WRITE_S:
            return
        self._written = monotonic()
        seconds = self._before_s + monotonic() - self._begun
        with self._city.db.begin() as conn:
            known = study_runs.get(conn, self._one.id)
            self._stop = known is None or known.cancelled or self._leaving()
            self._one = replace(self._one, seconds=seconds, cancelled=known is None or known.cancelled)
            if known is not None:
                study_runs.save(conn, self._one)

    def _keep(self, state: bytes) -> None:
        """The checkpoint first, then the row that names it, then the one before goes."""
        before = self._one.kept
        self._one = replace(self._one, kept=self._city.inbox.put_bytes(state))
        self._write(now=True)
        _drop(self._city, [before])

    def _table(self, name: str, rows: pa.Table) -> Part:
        data = packed(service_runs.fitted(rows, self._study.schemas[name]))
        return Part("table", name, self._city.inbox.put_bytes(data), len(data), rows.num_rows)

    def _file(self, name: str, data: bytes) -> Part:
        if name not in {file.name for file in self._study.files}:
            raise KeyError(f"study {self._study.name!r} declares no file {name!r}")
        return Part("file", name, self._city.inbox.put_bytes(data), len(data))

    def _done(self, parts: tuple[Part, ...]) -> str:
        if missing := self._study.schemas.keys() - {p.name for p in parts if p.kind == "table"}:
            raise KeyError(f"study {self._study.name!r} made no {', '.join(sorted(missing))}")
        seconds = self._before_s + monotonic() - self._begun
        self._one = replace(self._one, share=1.0, step="", seconds=seconds, parts=parts)
        return _over(self._city, self._one.id, "done", "", self._one)


def _over(city: City, run_id: str, state: study_runs.State, message: str, one: StudyRun | None = None) -> str:
    """The end of a run: its row and its Event in one transaction, then its checkpoint goes."""
    with city.db.begin() as conn:
        known = _get(conn, run_id)
        if known.state not in OPEN:
            return known.state
        checkpoints = {known.kept, one.kept if one is not None else ""}
        ended = replace(
            one if one is not None else known, state=state, message=message, ended_at=city.now(), kept=""
        )
        if known.cancelled and state == "done":
            ended = replace(ended, state="cancelled", parts=(), cancelled=True)
        study_runs.save(conn, ended)
        _tell(conn, ended, f"study-{ended.state}", "system")
    _drop(city, checkpoints)
    return ended.state


def stopped(city: City, run_id: str) -> None:
    """A run that can't go on by a fault of ours: it is said, and whoever asked may ask again."""
    _over(city, run_id, "failed", str(FAULT))


def _drop(city: City, digests: Sequence[str] | set[str]) -> None:
    """Destroy bytes that no run names any more."""
    with city.db.read() as conn:
        named_ = study_runs.named(conn) | versions.referenced(conn)
    for digest in digests:
        if digest and digest not in named_:
            city.inbox.delete(digest)


def taken_down(city: City) -> int:
    """Destroy the results that were made from a version that is nobody's to read any more. Returns how many."""
    gone: list[StudyRun] = []
    with city.db.read() as conn:
        for one in study_runs.in_states(conn, ("done",)):
            if all(study.name != one.study for study in declared()):
                continue  # whose it was is not known here: nobody reads it meanwhile
            try:
                reopened(conn, city, one)
            except (Gone, NotFound):
                gone.append(one)
    for one in gone:
        with city.db.begin() as conn:
            study_runs.save(conn, study_runs.destroyed(_get(conn, one.id)))
            _tell(conn, one, "study-destroyed", "system")
        _drop(city, {p.digest for p in one.parts} | set(study_runs.files(one.parameters)))
    return len(gone)


# --- reading ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Read:
    """The result of a run: its tables and files by name."""

    tables: Mapping[str, pa.Table]
    files: Mapping[str, Part]


def reopened(conn: Connection, city: City, one: StudyRun) -> Mapping[str, Released]:
    """What a run was made from, by the name of the input. Raises Gone or NotFound when a version may not be
    read any more.
    """
    group = next((study.group for study in declared() if study.name == one.study), "")
    return {
        name: service_inputs.reopened(conn, digest, group, city.now()) for name, digest in one.inputs.items()
    }


def run(city: City, study: Study, run_id: str) -> StudyRun:
    """A run of this study. Raises NotFound."""
    with city.db.read() as conn:
        run_ = study_runs.get(conn, run_id)
    if run_ is None or run_.study != study.name:
        raise NotFound(NO_RUN, mend="La page de l’étude liste ceux qui existent.")
    return run_


def theirs(conn: Connection, person: Person | None, study: Study, one: StudyRun) -> bool:
    """Whether a run is this person's matter: they asked for it or work beside who did, or administer the city; of a
    study for a group, each member's.
    """
    if person is None:
        return False
    if study.group or person.city_admin or person.id == one.actor:
        return True
    asker = accounts.person(conn, one.actor)
    return asker is not None and not asker.roles.keys().isdisjoint(person.roles)


def readable(conn: Connection, person: Person | None, study: Study, one: StudyRun) -> bool:
    """Whether somebody who may use the study may read a run of it: all do of what was made from tables that are
    out; what was made from a file that somebody sent along is that person's matter.
    """
    return not any(sends_file(text) for text in one.parameters.values()) or theirs(conn, person, study, one)


def run_for(city: City, person: Person | None, study: Study, run_id: str) -> StudyRun:
    """A run of this study, for who may read it. Raises NotFound: for others it is as if there were none."""
    one = run(city, study, run_id)
    with city.db.read() as conn:
        if not readable(conn, person, study, one):
            raise NotFound(NO_RUN, mend="La page de l’étude liste ceux qui existent.")
    return one


def stop(city: City, person: Person | None, study: Study, run_id: str) -> StudyRun:
    """As `cancel`, for whose matter the run is. Raises NotFound for a run that they may not read, Refused for one of
    another organisation.
    """
    one = run_for(city, person, study, run_id)
    with city.db.read() as conn:
        if person is None or not theirs(conn, person, study, one):
            raise Refused(
                "Ce calcul a été demandé par une autre organisation.",
                mend="Demandez à qui l’attend de l’arrêter.",
            )
    return cancel(city, one.id, actor=person.id)


def result(city: City, one: StudyRun) -> Read:
    """The result of a run that is done. Raises Gone when something that it was made from may not be read any
    more.
    """
    with city.db.read() as conn:
        try:
            reopened(conn, city, one)
        except (Gone, NotFound):
            raise _gone() from None
    if one.state == "destroyed":
        raise _gone()
    tables = {p.name: unpacked(city.inbox.read(p.digest)) for p in one.parts if p.kind == "table"}
    return Read(tables, {p.name: p for p in one.parts if p.kind == "file"})


def _gone() -> Gone:
    return Gone(
        "Ce résultat venait d’une table qui a été retirée.", mend="Demandez l’étude à nouveau sans elle."
    )


def file(city: City, part: Part) -> bytes:
    """The bytes of a file of a result."""
    return city.inbox.read(part.digest)


def parameters(city: City, study: Study, one: StudyRun) -> Mapping[str, Value]:
    """What was said to the questions, as the method has it. What is not asked any more is left out."""
    asks = {ask.name: ask for ask in study.asks}
    return {
        name: reread(asks[name], text, city.inbox.read)
        for name, text in one.parameters.items()
        if name in asks
    }


def answered(city: City, study: Study, one: StudyRun, result: Read, speech: Speech) -> tuple[Block, ...]:
    """What is said of a result, in the language of the reader."""
    request = Asked(parameters(city, study, one), one.at, one.at, speech)
    return tuple(study.answer(request, result.tables))


# --- publishing ---------------------------------------------------------------------------------------------


def publisher(city: City, study: Study, name: str) -> str:
    """The organisation that would publish a table of its result."""
    with city.db.read() as conn:
        return service_runs.publisher(conn, bound(conn, study).reads, study.published[name].dataset.publisher)


def takes(output: Output) -> Action:
    """The right that publishing a table takes: for everybody, or for a group."""
    return "publish" if output.dataset.access == "public" else "share"


def _audience(conn: Connection, city: City, study: Study, one: StudyRun, output: Output) -> Audience:
    """For whom a table is: everybody, or the group, for the purpose and as long as what it was made from is
    shared with it. Raises HeldBack when nothing of it is shared.
    """
    if output.dataset.access == "public":
        return PUBLIC
    shared = [r.audience for r in reopened(conn, city, one).values() if not r.audience.public]
    if not shared:
        raise HeldBack(
            "Rien de ce que ce calcul a lu n’est partagé avec le groupe.",
            mend="Partagez-en la table, ou publiez-la.",
        )
    ends = [a.until for a in shared if a.until is not None]
    return Audience(study.group, shared[0].purpose, min(ends) if ends else None)


def publish(city: City, study: Study, one: StudyRun, name: str, *, person: Person) -> Version:
    """Publish a table of a result as a version of its dataset, by the same door as any: released, or held
    until a person decides. Raises Refused, Gone, UsageError for a table that is not to be published.
    """
    if name not in study.published:
        raise UsageError(Sentence("« {name} » n’est pas une table qui se publie.", name=name))
    output = study.published[name]
    require(person, takes(output), publisher(city, study, name))
    with city.db.read() as conn:
        reads = bound(conn, study).reads
        audience = _audience(conn, city, study, one, output)
    rows = result(city, one).tables[name]
    resource = service_runs.described(city, output.dataset, name, study.method, one.run.what, reads)
    file_ = live_hours.put(city, rows)

    def still(conn: Connection) -> None:
        try:
            reopened(conn, city, one)
        except (Gone, NotFound):
            raise _gone() from None

    version = live_hours.publish(
        city,
        resource,
        service_runs.covered(city, file_, output.schema),
        (file_,),
        one.run.inputs,
        what=one.run.what,
        findings=live_hours.evidence(city, rows, output.schema, ()),
        more=still,
        actor=person.id,
        audience=audience,
        run=one.run,
    )
    version_files.settle(city, [resource.id])
    return version
