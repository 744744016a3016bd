"""The recipes of a city: kept, brought back, tried on the last file that came, and put to work on each new one.

A recipe lies twice: in its resource, where the pipeline takes it, and by digest among what was handed in, where nothing is ever changed. The journal says which
digest was saved when and by whom; so the history of a recipe is a query on the journal, and undoing is saving a former digest again.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import cast

import duckdb
from sqlalchemy import Connection
from sqlglot import exp

from parvis import columns, parts, prepare, privacy, readers
from parvis.core.errors import HeldBack, NotFound, Unreadable, UsageError
from parvis.core.reading import ParquetScan, RawColumn, RawTable, Workspace
from parvis.core.settings import Settings
from parvis.core.types import PUBLIC, RAW_PREFIX, Json, Resource, Schema, Sensitivity, Version
from parvis.engine import connect, render
from parvis.engine import trees as t
from parvis.engine.relations import parquet
from parvis.engine.scans import column as cell_name
from parvis.prepare import Prepared, Preview, Recipe, Unfit
from parvis.prepare.frame import write
from parvis.privacy.fingerprint import fingerprint
from parvis.store import codec, datasets, deposits, journal, scans, versions
from parvis.store import parts as known_parts
from parvis.store.deposits import Deposit
from parvis.store.place import City

SAVED = "recipe-saved"
"""Verb: a recipe was saved; ids: its digest, and `former` when it was brought back."""
FILE = "recipe-file"
"""Verb: a file was kept with the recipe of a resource; ids: the digest of its bytes."""
BESIDE = "file:"
"""What a reference to a kept file begins with: `file:<digest>/<name>`; in a TOML on disk, `file:<path>` from its folder."""
SAMPLE = 5_000
"""Records that a preview is made of."""


# --- kept ----------------------------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Saved:
    """One state of a recipe: its digest, when and by whom it was saved, and whether it was a former one brought back."""

    digest: str
    at: datetime
    actor: str
    seq: int
    former: bool = False


def save(city: City, resource_id: str, recipe: Recipe, *, actor: str, base: str = "", former: bool = False) -> str:
    """Keep a recipe for a resource; returns its digest. Saving what is there already changes nothing.

    base: digest of the recipe that this one was made from. Raises HeldBack when another was saved meanwhile, NotFound, and UsageError when the recipe names a
    file that was not kept with this resource.
    """
    digest = prepare.digest(recipe)
    kept = city.inbox.put_bytes(codec.canonical([dict(one) for one in recipe]))
    with city.db.begin() as conn:
        resource = datasets.resource(conn, resource_id)
        if resource is None:
            raise NotFound(f"Ressource inconnue : « {resource_id} ».")
        now = prepare.digest(resource.recipe)
        if base and base not in (now, digest):
            raise HeldBack("Quelqu’un a enregistré une autre recette entre-temps.", mend="Rechargez la page pour la voir, puis refaites vos changements.")
        files = kept_files(conn, resource_id)
        for reference in prepare.references(recipe):
            if reference.startswith(BESIDE) and reference.removeprefix(BESIDE).partition("/")[0] not in files:
                raise UsageError("Cette recette nomme un fichier qui n’est pas gardé avec elle.", mend="Joignez d’abord le fichier.")
        if digest != now:
            datasets.save_recipe(conn, resource_id, recipe)
            said = {"recipe": kept} | ({"former": digest} if former else {})
            journal.append(conn, at=city.now(), actor=actor, verb=SAVED, subject=resource_id, ids=said)
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


def bring_back(city: City, resource_id: str, seq: int, *, actor: str) -> str:
    """Save a former recipe again; 0 is the time before the first one, without any step. Returns its digest."""
    return save(city, resource_id, former(city, resource_id, seq) if seq else (), actor=actor, former=True)


def keep_file(city: City, resource_id: str, path: Path, name: str, *, actor: str) -> str:
    """Keep a file with the recipe of a resource; returns the reference by which a step names it."""
    digest = city.inbox.put(path)
    with city.db.begin() as conn:
        if datasets.resource(conn, resource_id) is None:
            raise NotFound(f"Ressource inconnue : « {resource_id} ».")
        if digest not in kept_files(conn, resource_id):
            journal.append(conn, at=city.now(), actor=actor, verb=FILE, subject=resource_id, ids={"bytes": digest})
    return f"{BESIDE}{digest}/{name}"


def kept_files(conn: Connection, resource_id: str) -> frozenset[str]:
    """Digests of the files that were kept with the recipe of a resource."""
    return frozenset(e.ids["bytes"] for e in journal.of(conn, resource_id, limit=10_000, verb=FILE))


def load(path: Path, keep: Callable[[Path], str]) -> Recipe:
    """A recipe from a TOML file, each file beside it that it names handed to `keep`, which answers with the reference to use. Raises UsageError."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as wrong:
        raise UsageError(f"Recette illisible : {path}.", mend="Donnez un fichier TOML en UTF-8.") from wrong
    made: list[Mapping[str, Json]] = []
    for one in prepare.from_toml(text, name=path.name):
        changed = dict(one)
        for key, value in one.items():
            if isinstance(value, str) and value.startswith(BESIDE) and key == "with":
                file = path.parent / value.removeprefix(BESIDE)
                if not file.is_file():
                    raise UsageError(f"{path.name} : fichier introuvable « {value.removeprefix(BESIDE)} ».", mend="Son chemin part du dossier de la recette.")
                changed[key] = keep(file)
        made.append(changed)
    return tuple(made)


def reread(city: City, resource_id: str, *, actor: str) -> Deposit:
    """Have the last file of a resource read again, with the recipe of now. Raises NotFound when none ever came."""
    with city.db.begin() as conn:
        last = last_file(conn, resource_id)
        if last is None:
            raise NotFound("Aucun fichier n’a encore été déposé pour cette ressource.")
        again = deposits.again(conn, last.id)
        journal.append(conn, at=city.now(), actor=actor, verb="received", subject=again.resource, ids={"deposit": again.id, "bytes": again.received})
    return again


def last_file(conn: Connection, resource_id: str) -> Deposit | None:
    """The file that came last for a resource, or for the one of whose files it is a further table."""
    before = (r.id for r in datasets.resources(conn, resource_id.partition("/")[0]) if resource_id.startswith(f"{r.id}-"))  # from before `parts`
    for owner in (resource_id, *(known_parts.parents(conn, resource_id) or before)):
        for event in journal.of(conn, owner, limit=1, verb="received"):
            return deposits.get(conn, event.ids["deposit"])
    return None


# --- put to work ---------------------------------------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Pantry:
    """The other tables that a recipe names, fetched once each. inputs: digests of the versions that were used."""

    con: duckdb.DuckDBPyConnection
    spool: Path
    city: City | None = None
    resource: str = ""
    inputs: dict[str, None] = field(default_factory=dict[str, None])
    _known: dict[str, RawTable] = field(default_factory=dict[str, RawTable])

    def table(self, reference: str) -> RawTable:
        """The raw table of a reference. Raises Unfit when it is not there, or no longer."""
        if reference not in self._known:
            folder = self.spool / f"beside-{len(self._known)}"
            folder.mkdir(parents=True)
            self._known[reference] = self._file(reference, folder) if reference.startswith(BESIDE) else self._served(reference, folder)
        return self._known[reference]

    def _file(self, reference: str, folder: Path) -> RawTable:
        said = reference.removeprefix(BESIDE)
        if self.city is None:
            path = Path(said)
        else:
            digest = said.partition("/")[0]
            with self.city.db.read() as conn:
                if digest not in kept_files(conn, self.resource):
                    raise Unfit("le fichier gardé avec la recette n’est plus là.", mend="Joignez-le à nouveau à la recette.")
            path = self.city.inbox.copy(digest, folder.with_name(f"{folder.name}.file"))
        limits = Settings().limits if self.city is None else self.city.settings.limits
        try:
            return readers.read(path, Workspace(folder, limits), name=Path(said).name).tables[0]
        except Unreadable as wrong:
            raise Unfit(f"le fichier gardé avec la recette n’est pas lisible : {wrong.message}", mend=wrong.mend) from wrong

    def _served(self, reference: str, folder: Path) -> RawTable:
        if self.city is None:
            raise Unfit(f"« {reference} » est une ressource : il faut une ville pour la lire.", mend="Donnez --city, ou un fichier (file:chemin).")
        with self.city.db.read() as conn:
            version = versions.served(conn, reference, PUBLIC)
        if version is None:
            raise Unfit(f"la ressource « {reference} » n’est pas, ou n’est plus, publiée.", mend="Choisissez une ressource publiée, ou joignez un fichier.")
        self.inputs[version.digest] = None
        shown = [c for c in version.schema.columns if c.type != "shape"]
        texts = [t.alias(_said(version.schema, c.name), cell_name(i)) for i, c in enumerate(shown)]
        source = exp.Table(this=parquet([self.city.files.local(f.digest) for f in version.files]))
        path = write(exp.Select(expressions=texts).from_(source), folder / "served.parquet", con=self.con)
        return RawTable(reference, tuple(RawColumn(c.name, c.name) for c in shown), ParquetScan(path), version.rows)


def _said(schema: Schema, name: str) -> exp.Expr:
    """A value of a version as text, or what the file said where it could not be read."""
    column = schema.column(name)
    value = t.cast(render.plain(t.column(name), column.type if column else "text"), "VARCHAR")
    return t.call("coalesce", value, t.column(RAW_PREFIX + name)) if name in schema.raw else value


def put_through(city: City, con: duckdb.DuckDBPyConnection, raw: RawTable, resource: Resource, spool: Path) -> tuple[Prepared, tuple[str, ...]]:
    """A raw table through the recipe of its resource, and the digests of the versions that it used. spool: a folder of its own, made here.

    Raises HeldBack when the table does not fit the recipe any more (see `prepare.Unfit`), or when the recipe itself is not one any more.
    """
    spool.mkdir(parents=True)
    pantry = Pantry(con, spool, city, resource.id)
    return prepare.replay(raw, _known(resource), con=con, spool=spool, table=pantry.table), tuple(pantry.inputs)


def _known(resource: Resource) -> Recipe:
    try:
        return prepare.read([dict(one) for one in resource.recipe])
    except UsageError as wrong:
        raise HeldBack(f"La recette n’est plus valable : {wrong.message}", mend=wrong.mend or "Corrigez-la sur sa page.") from wrong


# --- tried -------------------------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Trial:
    """What a recipe makes of the first records of the last file. hidden: names of the columns that are personal or secret, at the start and after each step."""

    deposit: Deposit
    records: int
    preview: Preview
    hidden: tuple[frozenset[str], ...]


HIDDEN = frozenset({Sensitivity.DIRECT, Sensitivity.SPECIAL, Sensitivity.SECRET})


def attempt(city: City, resource: Resource, recipe: Recipe, shown: int) -> Trial | None:
    """Try a recipe on the last file of a resource and look at one step; None when no file ever came. Raises Unreadable when it can't be read."""
    with city.db.read() as conn:
        last = last_file(conn, resource.id)
        version = versions.latest(conn, resource.id)
        found = None if last is None else already(conn, resource.id, last)
    if last is None:
        return None
    known = _hidden(version) if version else frozenset[str]()
    with _folder(city) as folder:
        limits = city.settings.limits
        reading = readers.read(city.inbox.copy(last.received, folder / "received"), Workspace(folder / "read", limits, sheet=""), name=last.name)
        with city.db.read() as conn:
            raw = parts.of(conn, last.resource, resource, reading.tables)
        con = connect.processing(folder, memory_mb=limits.memory_mb, threads=limits.threads)
        try:
            (folder / "steps").mkdir()
            pantry = Pantry(con, folder, city, resource.id)
            first = prepare.head(raw, SAMPLE, folder / "head.parquet", con=con)
            seen = prepare.preview(first, recipe, shown, con=con, spool=folder / "steps", table=pantry.table)
            personal = (_personal(con, first, folder) if found is None else found) | known
        finally:
            con.close()
    return Trial(last, raw.rows, seen, _carried(recipe, seen, personal))


@contextmanager
def _folder(city: City) -> Generator[Path]:
    with tempfile.TemporaryDirectory(dir=city.settings.path(city.settings.storage.spool)) as name:
        yield Path(name)


PLAIN = (SAVED, "policy-saved")
"""Events before which a version holds the cells of its file, as they are."""


def already(conn: Connection, resource_id: str, last: Deposit) -> frozenset[str] | None:
    """Names of the personal or secret columns of a file, where a version was made of it as it is and today's detectors have looked at that; None otherwise."""
    version = versions.latest(conn, resource_id)
    if version is None or version.received != last.received or scans.by(conn, version.digest) != fingerprint():
        return None
    return None if any(journal.of(conn, resource_id, limit=1, verb=verb) for verb in PLAIN) else _hidden(version)


def _hidden(version: Version) -> frozenset[str]:
    """Names of the columns of a version whose values a recipe's page does not show: personal or secret ones, and those that hold it back."""
    return frozenset(c.name for c in version.schema.columns if c.sensitivity in HIDDEN) | {f.column for f in privacy.holding(version.report.findings)}


def _personal(con: duckdb.DuckDBPyConnection, raw: RawTable, folder: Path) -> frozenset[str]:
    """Names of the columns of a file that are personal or secret."""
    typed = columns.type_table(raw, folder / "typed.parquet", con=con)
    told, found = privacy.find(con, folder / "typed.parquet", typed.schema, typed.rows)
    names = dict(zip(columns.column_names(raw), (c.name for c in raw.columns), strict=True))
    holding_back = {f.column for f in privacy.holding(told)}
    return frozenset(names[n] for n, s in found.items() if s in HIDDEN or n in holding_back)


def _carried(recipe: Recipe, seen: Preview, personal: frozenset[str]) -> tuple[frozenset[str], ...]:
    """Which columns may hold something personal, at the start and after each step: what a step makes from a personal column is taken to be so too."""
    hidden = [personal]
    for number, after in enumerate(seen.columns[1:], 1):
        step, said = prepare.values(recipe[number - 1])
        before, names = seen.columns[number - 1], set[str]()
        made = set(after) - set(before)
        for parameter in step.parameters:
            match parameter.kind:
                case "column" | "columns":
                    names.update(said.texts(parameter.name))
                case "expression":
                    names.update(prepare.columns_of(said.text(parameter.name)))
                case "pairs":
                    names.update(said.pairs(parameter.name))
                    made.update(said.pairs(parameter.name).values())
                case "name" | "names":
                    made.update(said.texts(parameter.name))
                case "text":
                    names.add(said.text(parameter.name))
                case _:
                    pass
        touched = bool(names & hidden[-1])
        changed = {*names, *made} if touched else set[str]()
        hidden.append(frozenset(n for n in after if n in hidden[-1] or n in changed))
    return tuple(hidden)

