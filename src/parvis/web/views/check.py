"""A file checked for whoever sends it: no account, nothing published, nothing kept. One address answers with the report, or with a file to take away.

The sender's browser posts the file each time: between two posts the portal holds nothing, so nothing can leak, and no token has to be guarded.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated, BinaryIO

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from parvis import checks, examine, schemas
from parvis.checks.answer import Answer, Repaired, unfit
from parvis.checks.codes import Tongue
from parvis.core.english import turn
from parvis.core.errors import ParvisError, TooMany, UsageError
from parvis.core.text import slug
from parvis.core.types import Schema
from parvis.people import throttle
from parvis.web.form import Sent, limited
from parvis.web.language import mark
from parvis.web.page import Page, Visit, dump, page, render, send, site_of, visit_of
from parvis.web.views.deposits import Wrong

SCHEMA_KB = 2_000
"""Size of a schema that is sent along."""

SHOWN = 100
"""Rows of each fault."""

OFTEN = throttle.Limit(free=60, first=timedelta(seconds=10), longest=timedelta(minutes=5), window=timedelta(minutes=10))
"""Checks of one address: a town hall that mends its files is not slowed down; a machine is."""

PREFIX = "check-"
"""Begins the name of the temporary folder of a check."""

LEFT_S = 3600
"""Age in seconds at which such a folder belongs to nobody any more: its process was killed."""

NO_STORE: Mapping[str, str] = {"Cache-Control": "no-store"}


class Gate:
    """How many checks run at once in this process: each takes a core and up to `limits.memory_mb`."""

    def __init__(self, places: int) -> None:
        self._free = threading.BoundedSemaphore(places)

    @contextmanager
    def enter(self, wait_s: float = 20) -> Generator[None]:
        """Wait for a place. Raises TooMany when none comes free in time."""
        if not self._free.acquire(timeout=wait_s):
            raise TooMany("Beaucoup de fichiers sont vérifiés en ce moment.", mend="Réessayez dans une minute.", wait_s=60)
        try:
            yield
        finally:
            self._free.release()


GATE = Gate(2)
"""One per process."""


@dataclass(frozen=True, slots=True)
class SchemaChoice:
    """A schema that a file can be held to."""

    name: Annotated[str, "Nom du schéma."]
    title: Annotated[str, "Titre du schéma."]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A schema that seems to fit the file."""

    name: Annotated[str, "Nom du schéma."]
    title: Annotated[str, "Titre du schéma."]
    why: Annotated[str, "Pourquoi il conviendrait."]


@dataclass(frozen=True, slots=True)
class CheckPage:
    """The form to have a file checked and, once it was sent, the report."""

    upload_mb: Annotated[int, "Taille maximale du fichier, en Mo."]
    schemas: Annotated[tuple[SchemaChoice, ...], "Schémas connus de la ville."]
    schema: Annotated[str, "Schéma déjà choisi."] = ""
    name: Annotated[str, "Nom du fichier envoyé, vide tant qu’il n’y en a pas."] = ""
    answer: Annotated[Answer | None, "Le rapport : le même objet que la commande et que l’API."] = None
    repaired: Annotated[Repaired | None, "Ce que la copie réparée changerait."] = None
    fits: Annotated[tuple[Suggestion, ...], "Schémas qui semblent convenir."] = ()
    wrong: Annotated[tuple[Wrong, ...], "Champs à corriger."] = ()


def _empty(visit: Visit) -> CheckPage:
    known = tuple(SchemaChoice(k.name, k.title) for k in schemas.library(visit.city.settings.folder).newest)
    return CheckPage(visit.city.settings.limits.check_mb, known)


def form(visit: Visit) -> CheckPage:
    """GET /verifier."""
    asked = visit.query.get("schema", "")
    empty = _empty(visit)
    return replace(empty, schema=asked) if any(asked == s.name for s in empty.schemas) else empty


PAGES: tuple[Page, ...] = (page("/verifier", form, "check.html", steady=False),)


# --- a file was sent ---------------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Taken:
    """A file to take away."""

    name: str
    media: str
    body: bytes


MEDIA = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "json": "application/json"}


async def check_file(request: Request) -> Response:
    """POST /verifier: the report as a page; or, by `reponse`, the mended copy, the list of changes, the annotated file, the report as JSON."""
    async with limited(request, most(request)).form(max_files=2, max_fields=20) as fields:
        return await run_in_threadpool(_answer, request, Sent(fields, request.client.host if request.client else ""))


async def check_api(request: Request) -> Response:
    """POST /api/check/v1 (multipart: fichier, schema, limite, langue): the same object as `parvis check --json`."""
    async with limited(request, most(request)).form(max_files=2, max_fields=20) as fields:
        sent = Sent(fields, request.client.host if request.client else "")
        try:
            return await run_in_threadpool(_answer_api, request, sent)
        except ParvisError as wrong:
            if sent.text("langue") == "en":
                turn(wrong)
            raise


def most(request: Request) -> int:
    return site_of(request).city.settings.limits.check_mb * 1_000_000 + SCHEMA_KB * 1_000


def _answer(request: Request, sent: Sent) -> Response:
    visit = visit_of(request)
    empty = _empty(visit)
    tongue: Tongue = "en" if visit.language.code == "en" else "fr"
    chosen = sent.text("schema")
    file = sent.file("fichier")
    try:
        if file is None:
            return _page(request, visit, replace(empty, schema=chosen, wrong=(Wrong("fichier", mark("Choisissez un fichier à vérifier.")),)), status=422)
        made = _made(visit, sent, file, tongue, sent.text("reponse"))
    except UsageError as wrong:
        return _page(request, visit, replace(empty, schema=chosen, wrong=(Wrong("schema", str(wrong)),)), status=422)
    except ParvisError as wrong:
        if wrong.status >= 500:
            raise
        return _page(request, visit, replace(empty, schema=chosen, wrong=(Wrong("fichier", str(wrong)),)), status=wrong.status)
    if isinstance(made, Taken):
        disposition = f'attachment; filename="{made.name}"'
        return Response(made.body, 200, {"Content-Disposition": disposition, **NO_STORE}, made.media)
    return _page(request, visit, made)


def _answer_api(request: Request, sent: Sent) -> Response:
    visit = visit_of(request)
    file = sent.file("fichier") or sent.file("file")
    if file is None:
        raise UsageError("Il manque le fichier à vérifier.", mend="Envoyez-le en multipart/form-data, champ « fichier ».")
    tongue: Tongue = "en" if sent.text("langue") == "en" else "fr"
    with at_desk(visit, sent, file) as (desk, wish):
        limit = sent.text("limite")
        if limit and (not limit.isascii() or not limit.isdigit() or int(limit) > 10_000):
            raise UsageError(f"« limite={limit[:20]} » : un nombre entier de 0 à 10 000 est attendu.")
        said = examine.answered(desk, replace(wish, limit=int(limit) if limit else SHOWN), tongue)
    return send(request, dump(said), "application/json", private=True, headers={**NO_STORE, "Access-Control-Allow-Origin": "*"})


def _page(request: Request, visit: Visit, context: CheckPage, *, status: int = 200) -> Response:
    body = render(site_of(request), replace(visit, path="/verifier"), "check.html", context)
    return send(request, body, "text/html; charset=utf-8", status=status, private=True, headers=NO_STORE)


def _made(visit: Visit, sent: Sent, file: UploadFile, tongue: Tongue, wanted: str) -> CheckPage | Taken:
    name = Path(file.filename or "fichier").name
    stem = slug(Path(name).stem)
    with at_desk(visit, sent, file) as (desk, wish):
        if wanted == "annote":
            return _taken(desk, wish, tongue, stem)
        if wanted in ("copie", "changements"):
            done = examine.mended(desk, wish)
            with tempfile.TemporaryFile(dir=desk.spool) as out:
                kind = examine.write_mended(desk, done, out) if wanted == "copie" else "csv"
                if wanted == "changements":
                    examine.write_changes(done, out, tongue)
                return Taken(f"{stem}-{'repare' if wanted == 'copie' else 'changements'}.{kind}", MEDIA[kind], _whole(out))
        found = examine.examined(desk, wish)
        said = examine.answered(desk, wish, tongue, tables=found)
        if wanted == "json":
            return Taken(f"{stem}-rapport.json", MEDIA["json"], dump(said))
        done = examine.mended(desk, wish)
        said, repaired = examine.told_with(said, done, tongue), examine.repaired(done, tongue)
        fits = _fits(visit, desk) if wish.schema is None or unfit(said) is not None else ()
    return replace(_empty(visit), schema=wish.asked, name=name, answer=said, repaired=repaired, fits=fits)


def _taken(desk: examine.Desk, wish: examine.Wish, tongue: Tongue, stem: str) -> Taken:
    with tempfile.TemporaryFile(dir=desk.spool) as out:
        kind = examine.write_annotated(desk, wish, out, tongue)
        return Taken(f"{stem}-annote.{kind}", MEDIA[kind], _whole(out))


def _whole(out: BinaryIO) -> bytes:
    out.seek(0)
    return out.read()


def _fits(visit: Visit, desk: examine.Desk) -> tuple[Suggestion, ...]:
    """Schemas that the headers and values of the first table speak for."""
    if not desk.reading.tables:
        return ()
    ranked = schemas.rank(desk.reading.tables[0], desk.con, schemas.library(visit.city.settings.folder).newest)
    return tuple(Suggestion(f.name, f.title, f.why) for f in ranked[:3] if f.likely)


@contextmanager
def at_desk(visit: Visit, sent: Sent, file: UploadFile) -> Generator[tuple[examine.Desk, examine.Wish]]:
    """The file that was sent, read in a folder that is gone when the block ends. Raises TooMany for whoever sends too many."""
    now = visit.city.now()
    if visit.person is None:
        with visit.city.db.begin() as conn:
            waiting = throttle.enter(conn, ((throttle.visitor_key(visit.secret, "check", sent.address), OFTEN),), now)
        if waiting > timedelta():
            seconds = max(1, round(waiting.total_seconds()))
            raise TooMany("Trop de fichiers vérifiés en peu de temps.", mend=f"Réessayez dans {seconds} s.", wait_s=seconds)
    settings = visit.city.settings
    asked, schema = _schema(visit, sent)
    folder = settings.path(settings.storage.spool)
    _sweep(folder, now.timestamp() - LEFT_S)
    with GATE.enter(), tempfile.TemporaryDirectory(prefix=PREFIX, dir=folder) as place:
        path = Path(place) / "recu"
        with path.open("wb") as out:
            shutil.copyfileobj(file.file, out, 1 << 20)
        limits = replace(settings.limits, upload_mb=settings.limits.check_mb)
        wish = examine.Wish(schema, asked, SHOWN, personal=True, bbox=settings.city.bbox, folder=settings.folder)
        with examine.opened(path, name=Path(file.filename or "fichier").name, limits=limits, folder=Path(place)) as desk:
            yield desk, wish


def _sweep(folder: Path, before: float) -> None:
    """Remove what a check left that was killed in the middle. before: seconds since 1970."""
    for left in folder.glob(f"{PREFIX}*"):
        try:
            if left.stat().st_mtime < before:
                shutil.rmtree(left, ignore_errors=True)
        except FileNotFoundError:
            continue  # another check swept it


def _schema(visit: Visit, sent: Sent) -> tuple[str, Schema | None]:
    """What the file is held to: a schema that was sent along, one of the city's library by its name, or nothing. Never a path."""
    own = sent.file("schema_fichier")
    if own is not None:
        body = own.file.read(SCHEMA_KB * 1_000 + 1)
        if len(body) > SCHEMA_KB * 1_000:
            raise UsageError(f"Le schéma dépasse {SCHEMA_KB} ko.", mend="Un Table Schema tient en quelques kilo-octets.")
        name = Path(own.filename or "schema.json").name
        return name, checks.load_schema(body, source=name)
    chosen = sent.text("schema")
    return (chosen, schemas.library(visit.city.settings.folder).find(chosen).schema) if chosen else ("", None)


ROUTES = (
    *(Route(prefix + "/verifier", check_file, methods=["POST"]) for prefix in ("", "/en")),
    Route("/api/check/v1", check_api, methods=["POST"]),
)
