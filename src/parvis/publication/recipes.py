"""The recipes of a city: kept, brought back, tried on the last file that came, and put to work on each new
one.

A recipe lies twice: in its resource, where the pipeline takes it, and by digest among what was handed in,
where nothing is ever changed. The journal says which digest was saved when and by whom; so the history of a
recipe is a query on the journal, and undoing is saving a former digest again.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import cast

import duckdb
from sqlalchemy import Connection
from sqlglot import exp

from parvis import columns, prepare, privacy, readers
from parvis.core.errors import HeldBack, NotFound, Refused, Unreadable, UsageError
from parvis.core.reading import ParquetScan, RawColumn, RawTable, Workspace
from parvis.core.sentence import Sentence, quoted
from parvis.core.settings import Settings
from parvis.core.types import PUBLIC, RAW_PREFIX, Finding, Json, Resource, Schema, Version
from parvis.engine import connect, render
from parvis.engine import trees as t
from parvis.engine.relations import parquet
from parvis.engine.scans import column as cell_name
from parvis.prepare import Prepared, Preview, Recipe, Unfit
from parvis.prepare.frame import write
from parvis.prepare.tracing import Source
from parvis.privacy.fingerprint import fingerprint
from parvis.publication import file_tables, receiving
from parvis.publication import sensitivity as inherited
from parvis.publication.sensitivity import HIDDEN, Inherited, Marks, inherit
from parvis.store import codec, datasets, deposits, detector_scans, journal, versions
from parvis.store import parts as known_parts
from parvis.store.deposits import Deposit
from parvis.store.place import City

SAVED = "recipe-saved"
"""Verb: a recipe was saved; ids: its digest, and `former` when it was brought back."""
FILE = "recipe-file"
"""Verb: a file was kept with the recipe of a resource; ids: the digest of its bytes."""
BESIDE = "file:"
"""What a reference to a kept file begins with: `file:<digest>/<name>`; in a TOML on disk, `file:<path>` from
its folder.
"""
TRIED = "recipe-tried"
"""Verb: somebody tried a recipe that reads personal columns of the last file; ids: its deposit, and the
digest of the recipe.
"""
SAMPLE = 5_000
"""Records that a preview is made of."""


# --- kept ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Saved:
    """One state of a recipe: its digest, when and by whom it was saved, and whether it was a former one
    brought back.
    """

    digest: str
    at: datetime
    actor: str
    seq: int
    former: bool = False


def save(
    city: City,
    resource_id: str,
    recipe: Recipe,
    *,
    actor: str,
    base: str = "",
    former: bool = False,
    reader: Reader | None = None,
) -> str:
    """Keep a recipe for a resource; returns its digest. Saving what is there already changes nothing.

    reader: who saves, where that is not the machine's own keeper: a recipe whose steps read the values of
    personal columns of the last file is kept for whoever may see them, and refused (Refused) to others, since
    what a file becomes tells of what it holds; steps that the recipe has already may stay. base: digest of
    the recipe that this one was made from. Raises HeldBack when another was saved meanwhile, NotFound, and
    UsageError when the recipe names a file that was not kept with this resource.
    """
    digest = prepare.digest(recipe)
    if reader is not None:
        _allowed(city, resource_id, recipe, reader)
    saved = city.inbox.put_bytes(codec.canonical([dict(one) for one in recipe]))
    with city.db.begin() as conn:
        resource = datasets.resource(conn, resource_id)
        if resource is None:
            raise NotFound(Sentence("Ressource inconnue : « {name} ».", name=resource_id))
        now = prepare.digest(resource.recipe)
        if base and base not in (now, digest):
            raise HeldBack(
                "Quelqu’un a enregistré une autre recette entre-temps.",
                mend="Rechargez la page pour la voir, puis refaites vos changements.",
            )
        files = kept_files(conn, resource_id)
        for reference in prepare.references(recipe):
            if reference.startswith(BESIDE) and reference.removeprefix(BESIDE).partition("/")[0] not in files:
                raise UsageError(
                    "Cette recette nomme un fichier qui n’est pas gardé avec elle.",
                    mend="Joignez d’abord le fichier.",
                )
        if digest != now:
            datasets.save_recipe(conn, resource_id, recipe)
            ids = {"recipe": saved} | ({"former": digest} if former else {})
            journal.append(conn, at=city.now(), actor=actor, verb=SAVED, subject=resource_id, ids=ids)
    return digest


def history(conn: Connection, resource_id: str, *, limit: int = 50) -> Sequence[Saved]:
    """The states of a recipe, newest first."""
    events = journal.of(conn, resource_id, limit=limit, verb=SAVED)
    return tuple(Saved(e.ids["recipe"], e.at, e.actor, e.seq, "former" in e.ids) for e in events)


def former(city: City, resource_id: str, seq: int) -> Recipe:
    """The recipe as it was saved at that event. Raises NotFound."""
    with city.db.read() as conn:
        events = [e for e in journal.of(conn, resource_id, limit=10_000, verb=SAVED) if e.seq == seq]
    if not events:
        raise NotFound("Cette recette n’a pas été enregistrée pour cette ressource.")
    return prepare.read(cast(Json, json.loads(city.inbox.read(events[0].ids["recipe"]))))


def _allowed(city: City, resource_id: str, recipe: Recipe, reader: Reader) -> None:
    """Raises Refused when a recipe reads, by a step that it has not already, personal values that this person
    may not see; the try is an event.
    """
    with city.db.read() as conn:
        resource = datasets.resource(conn, resource_id)
        last = last_file(conn, resource_id)
    if resource is None or last is None or reader.sees(last) or recipe == tuple(resource.recipe):
        return
    now, before = (
        _reading(r, attempt(city, resource, r, len(r), reader, whole=True))
        for r in (recipe, tuple(resource.recipe))
    )
    if now - before:
        names = quoted(sorted({name for _, read in now - before for _, name in read}))
        raise Refused(
            Sentence(
                "Cette recette lit des colonnes personnelles que votre compte ne permet pas de voir : {names}.",
                names=names,
            ),
            mend="Demandez cette étape à la personne qui a déposé le fichier, ou à la protection des données. Renommer, garder et retirer restent possibles.",
        )


def _reading(recipe: Recipe, trial: Trial | None) -> frozenset[tuple[str, frozenset[Source]]]:
    """The steps of a recipe that read personal columns, and which columns."""
    if trial is None:
        return frozenset()
    return frozenset(
        (prepare.digest((one,)), read)
        for one, each in zip(recipe, trial.read, strict=True)
        if (read := each & trial.secret)
    )


def bring_back(city: City, resource_id: str, seq: int, *, actor: str, reader: Reader | None = None) -> str:
    """Save a former recipe again; 0 is the time before the first one, without any step. Returns its digest.
    Raises as `save`.
    """
    return save(
        city,
        resource_id,
        former(city, resource_id, seq) if seq else (),
        actor=actor,
        former=True,
        reader=reader,
    )


def keep_file(city: City, resource_id: str, path: Path, name: str, *, actor: str) -> str:
    """Keep a file with the recipe of a resource; returns the reference by which a step names it."""
    digest = city.inbox.put(path)
    with city.db.begin() as conn:
        if datasets.resource(conn, resource_id) is None:
            raise NotFound(Sentence("Ressource inconnue : « {name} ».", name=resource_id))
        if digest not in kept_files(conn, resource_id):
            journal.append(
                conn, at=city.now(), actor=actor, verb=FILE, subject=resource_id, ids={"bytes": digest}
            )
    return f"{BESIDE}{digest}/{name}"


def kept_files(conn: Connection, resource_id: str) -> frozenset[str]:
    """Digests of the files that were kept with the recipe of a resource."""
    return frozenset(e.ids["bytes"] for e in journal.of(conn, resource_id, limit=10_000, verb=FILE))


def load(path: Path, keep: Callable[[Path], str]) -> Recipe:
    """A recipe from a TOML file, each file beside it that it names handed to `keep`, which answers with the
    reference to use. Raises UsageError.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as wrong:
        raise UsageError(
            Sentence("Recette illisible : {path}.", path=path), mend="Donnez un fichier TOML en UTF-8."
        ) from wrong
    steps: list[Mapping[str, Json]] = []
    for one in prepare.from_toml(text, name=path.name):
        changed = dict(one)
        for key, value in one.items():
            if isinstance(value, str) and value.startswith(BESIDE) and key == "with":
                file = path.parent / value.removeprefix(BESIDE)
                if not file.is_file():
                    raise UsageError(
                        Sentence(
                            "{where} : fichier introuvable « {file} ».",
                            where=path.name,
                            file=value.removeprefix(BESIDE),
                        ),
                        mend="Son chemin part du dossier de la recette.",
                    )
                changed[key] = keep(file)
        steps.append(changed)
    return tuple(steps)


def reread(city: City, resource_id: str, *, actor: str) -> Deposit:
    """Have the last file of a resource read again, with the recipe of now. Raises NotFound when none ever
    came.
    """
    with city.db.begin() as conn:
        last = last_file(conn, resource_id)
        if last is None:
            raise NotFound("Aucun fichier n’a encore été déposé pour cette ressource.")
        return receiving.read_again(conn, last.id, actor=actor, at=city.now())


def last_file(conn: Connection, resource_id: str) -> Deposit | None:
    """The file that came last for a resource, or for the one of whose files it is a further table."""
    before = (
        r.id
        for r in datasets.resources(conn, resource_id.partition("/")[0])
        if resource_id.startswith(f"{r.id}-")
    )  # from before `parts`
    for owner in (resource_id, *(known_parts.parents(conn, resource_id) or before)):
        for event in journal.of(conn, owner, limit=1, verb="received"):
            return deposits.get(conn, event.ids["deposit"])
    return None


# --- put to work --------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Pantry:
    """The other tables that a recipe names, fetched once each. inputs: digests of the versions that were
    used.
    """

    con: duckdb.DuckDBPyConnection
    spool: Path
    city: City | None = None
    resource: str = ""
    inputs: dict[str, None] = field(default_factory=dict[str, None])
    veiled: bool = False
    """Whether the cells of the personal columns of kept files are emptied: for whoever may not read them."""
    _known: dict[str, RawTable] = field(default_factory=dict[str, RawTable])
    _marks: dict[str, Marks] = field(default_factory=dict[str, Marks])

    def marks(self) -> Mapping[str, Marks]:
        """What is personal in the kept files that were fetched, by reference; what the public reads was let
        out already.
        """
        for reference, raw in self._known.items():
            if reference.startswith(BESIDE) and reference not in self._marks:
                self._marks[reference] = inherited.look(
                    self.con, raw, self.spool / f"beside-{len(self._marks)}.searched"
                ).marks(self.con)
        return self._marks

    def table(self, reference: str) -> RawTable:
        """The raw table of a reference. Raises Unfit when it is not there, or no longer."""
        if reference not in self._known:
            folder = self.spool / f"beside-{len(self._known)}"
            folder.mkdir(parents=True)
            self._known[reference] = (
                self._file(reference, folder)
                if reference.startswith(BESIDE)
                else self._served(reference, folder)
            )
            if self.veiled and (hidden := inherited.hidden(self.marks().get(reference, {}))):
                self._known[reference] = prepare.emptied(
                    self._known[reference], hidden, folder / "emptied.parquet", con=self.con
                )
        return self._known[reference]

    def _file(self, reference: str, folder: Path) -> RawTable:
        path_text = reference.removeprefix(BESIDE)
        if self.city is None:
            path = Path(path_text)
        else:
            digest = path_text.partition("/")[0]
            with self.city.db.read() as conn:
                if digest not in kept_files(conn, self.resource):
                    raise Unfit(
                        Sentence("le fichier gardé avec la recette n’est plus là."),
                        mend=Sentence("Joignez-le à nouveau à la recette."),
                    )
            path = self.city.inbox.copy(digest, folder.with_name(f"{folder.name}.file"))
        limits = Settings().limits if self.city is None else self.city.settings.limits
        try:
            return readers.read(path, Workspace(folder, limits), name=Path(path_text).name).tables[0]
        except Unreadable as wrong:
            raise Unfit(
                Sentence(
                    "le fichier gardé avec la recette n’est pas lisible : {message}", message=wrong.message
                ),
                mend=wrong.mend,
            ) from wrong

    def _served(self, reference: str, folder: Path) -> RawTable:
        if self.city is None:
            raise Unfit(
                Sentence(
                    "« {reference} » est une ressource : il faut une ville pour la lire.", reference=reference
                ),
                mend=Sentence("Donnez --city, ou un fichier (file:chemin)."),
            )
        with self.city.db.read() as conn:
            version = versions.served(conn, reference, PUBLIC)
        if version is None:
            raise Unfit(
                Sentence(
                    "la ressource « {reference} » n’est pas, ou n’est plus, publiée.", reference=reference
                ),
                mend=Sentence("Choisissez une ressource publiée, ou joignez un fichier."),
            )
        self.inputs[version.digest] = None
        visible = [c for c in version.schema.columns if c.type != "shape"]
        texts = [t.alias(_cell_text(version.schema, c.name), cell_name(i)) for i, c in enumerate(visible)]
        source = exp.Table(this=parquet([self.city.files.local(f.digest) for f in version.files]))
        path = write(exp.Select(expressions=texts).from_(source), folder / "served.parquet", con=self.con)
        return RawTable(
            reference, tuple(RawColumn(c.name, c.name) for c in visible), ParquetScan(path), version.rows
        )


def _cell_text(schema: Schema, name: str) -> exp.Expr:
    """A value of a version as text, or what the file said where it could not be read."""
    column = schema.column(name)
    value = t.cast(render.plain(t.column(name), column.type if column else "text"), "VARCHAR")
    return t.call("coalesce", value, t.column(RAW_PREFIX + name)) if name in schema.raw else value


@dataclass(frozen=True, slots=True)
class Through:
    """A table that went through its recipe. inputs: digests of the versions that it used; inherited: what it
    has of the personal columns of the file.
    """

    prepared: Prepared
    inputs: tuple[str, ...]
    inherited: Inherited


def put_through(
    city: City, con: duckdb.DuckDBPyConnection, raw: RawTable, resource: Resource, spool: Path
) -> Through:
    """A raw table through the recipe of its resource. spool: a folder of its own, made here.

    Raises HeldBack when the table does not fit the recipe any more (see `prepare.Unfit`), or when the recipe
    itself is not one any more.
    """
    spool.mkdir(parents=True)
    pantry = Pantry(con, spool, city, resource.id)
    prepared = prepare.replay(raw, _known(resource), con=con, spool=spool, table=pantry.table)
    carried = inherit(
        con, inherited.look(con, raw, spool / "searched.parquet"), prepared.traced, pantry.marks()
    )
    masked = _masked(prepared.findings) if carried.columns or carried.rows else prepared.findings
    return Through(replace(prepared, findings=masked), tuple(pantry.inputs), carried)


def _masked(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """What steps have to tell of a file that holds something personal, without values: a step tells them
    under the names of its own moment.
    """
    return tuple(replace(f, rows=tuple(replace(r, value=None) for r in f.rows)) for f in findings)


def _known(resource: Resource) -> Recipe:
    try:
        return prepare.read([dict(one) for one in resource.recipe])
    except UsageError as wrong:
        raise HeldBack(
            Sentence("La recette n’est plus valable : {message}", message=wrong.message),
            mend=wrong.mend or Sentence("Corrigez-la sur sa page."),
        ) from wrong


# --- tried --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Trial:
    """What a recipe makes of the first records of the last file. hidden: names of the columns that are
    personal or secret, at the start and after each step.

    secret: such columns of the file and of the files kept with the recipe; read: the columns whose values
    each step reads.
    """

    deposit: Deposit
    records: int
    preview: Preview
    hidden: tuple[frozenset[str], ...]
    secret: frozenset[Source]
    read: tuple[frozenset[Source], ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who tries a recipe. person: opaque id; unmasked: whether they may see the personal values of the
    dataset's files, whoever sent them.
    """

    person: str
    unmasked: bool = False

    def sees(self, deposit: Deposit) -> bool:
        """Whether the personal values of a file are theirs to know: they sent it, or their role is to see
        them.
        """
        return self.unmasked or deposit.actor == self.person


def attempt(
    city: City, resource: Resource, recipe: Recipe, step: int, reader: Reader, *, whole: bool = False
) -> Trial | None:
    """Try a recipe on the last file of a resource and look at one step; None when no file ever came. Raises
    Unreadable when it can't be read.

    For whoever may not see the personal columns of the file, their cells are emptied before anything runs: no
    count, no error and no cell of the answer depends on them. The first step that chooses rows by one of them
    is not tried. A recipe that is not the saved one and reads such a column is an event. whole: personal
    columns are sought in all records, not in those of the preview alone: a recipe that is saved runs on all.
    """
    with city.db.read() as conn:
        last = last_file(conn, resource.id)
        version = versions.latest(conn, resource.id)
        known_hidden = None if last is None else already(conn, resource.id, last)
    if last is None:
        return None
    known = hidden_of(version) if version else frozenset[str]()
    sees = reader.sees(last)
    with _folder(city) as folder:
        limits = city.settings.limits
        reading = readers.read(
            city.inbox.copy(last.received, folder / "received"),
            Workspace(folder / "read", limits, sheet=""),
            name=last.name,
        )
        with city.db.read() as conn:
            raw = file_tables.of(conn, last.resource, resource, reading.tables)
        con = connect.processing(folder, memory_mb=limits.memory_mb, threads=limits.threads)
        try:
            (folder / "steps").mkdir()
            pantry = Pantry(con, folder, city, resource.id, veiled=not reader.unmasked)
            first = prepare.head(raw, SAMPLE, folder / "head.parquet", con=con)
            personal = _spelled(
                raw,
                (_searched(con, raw if whole else first, folder) if known_hidden is None else known_hidden)
                | known,
            )
            if personal and not sees:
                first = prepare.emptied(first, personal, folder / "emptied.parquet", con=con)

            def barred(read: frozenset[Source]) -> str:
                return (
                    next(
                        (f"« {name} »" for table, name in sorted(read) if not table and name in personal), ""
                    )
                    if not sees
                    else ""
                )

            seen = prepare.preview(
                first, recipe, step, con=con, spool=folder / "steps", table=pantry.table, barred=barred
            )
            others = {reference: inherited.hidden(marks) for reference, marks in pantry.marks().items()}
        finally:
            con.close()
    secret = frozenset((table, name) for table, names in ({"": personal} | others).items() for name in names)
    traced = prepare.traced(recipe, seen.columns)
    hidden = tuple(frozenset(n for n, origin in at.columns.items() if origin.of & secret) for at in traced)
    read = prepare.read_by(recipe, seen.columns)
    if recipe != tuple(resource.recipe) and any(each & secret for each in read):
        with city.db.begin() as conn:
            ids = {"deposit": last.id, "recipe": prepare.digest(recipe)}
            journal.append(conn, at=city.now(), actor=reader.person, verb=TRIED, subject=resource.id, ids=ids)
    return Trial(last, raw.rows, seen, hidden, secret, read)


def _spelled(raw: RawTable, names: Collection[str]) -> frozenset[str]:
    """The columns of a raw table that are meant by these names, as its reader or its version spells them."""
    written = zip(columns.column_names(raw), raw.columns, strict=True)
    return frozenset(c.name for name, c in written if name in names or c.name in names)


@contextmanager
def _folder(city: City) -> Generator[Path]:
    with tempfile.TemporaryDirectory(dir=city.settings.path(city.settings.storage.spool)) as name:
        yield Path(name)


PLAIN = (SAVED, "policy-saved")
"""Events before which a version holds the cells of its file, as they are."""


def already(conn: Connection, resource_id: str, last: Deposit) -> frozenset[str] | None:
    """Names of the personal or secret columns of a file, where a version was made of it as it is and today's
    detectors have looked at that; None otherwise.
    """
    version = versions.latest(conn, resource_id)
    if (
        version is None
        or version.received != last.received
        or detector_scans.by(conn, version.digest) != fingerprint()
    ):
        return None
    return (
        None
        if any(journal.of(conn, resource_id, limit=1, verb=verb) for verb in PLAIN)
        else hidden_of(version)
    )


def hidden_of(version: Version) -> frozenset[str]:
    """Columns of a version whose values the pages of a recipe and of a policy do not show: personal or secret
    ones, and those that hold it back.
    """
    return frozenset(c.name for c in version.schema.columns if c.sensitivity in HIDDEN) | {
        f.column for f in privacy.holding(version.report.findings)
    }


def _searched(con: duckdb.DuckDBPyConnection, raw: RawTable, folder: Path) -> frozenset[str]:
    return inherited.hidden(inherited.look(con, raw, folder / "typed.parquet").marks(con))
