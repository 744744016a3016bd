"""A file checked for whoever sends it: no account, nothing published, nothing kept. One address answers with
the report, or with a file to take away.

The sender's browser posts the file each time: between two posts the portal holds nothing, so nothing can
leak, and no token has to be guarded.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from parvis import schemas
from parvis.checks.answer import Answer, Repaired
from parvis.core.errors import Busy, ParvisError, TooMany, UsageError
from parvis.core.language import language_of, mark
from parvis.core.sentence import Sentence, Speaker
from parvis.core.text import slug
from parvis.inspection import bounds, limited_process
from parvis.people import throttle
from parvis.privacy.answer import Scan
from parvis.web.checking import (
    MEDIA,
    SHOWN,
    VALUES,
    Checked,
    Job,
    Made,
    Suggestion,
    Wanted,
    no_such_limit,
    work,
)
from parvis.web.form import Sent, limited
from parvis.web.gate import Gate
from parvis.web.page import Page, Visit, page, render, send, site_of, visit_of
from parvis.web.views.deposits import Wrong

SCHEMA_KB = 2_000
"""Size of a schema that is sent along."""

UNPACKED_MB = 2_000
"""Size of an archive once open, whatever `limits.unpacked_mb` lets a publisher send."""

PLACES = 2
"""Checks at once in one process."""

OFTEN = throttle.Limit(
    free=60, first=timedelta(seconds=10), longest=timedelta(minutes=5), window=timedelta(minutes=10)
)
"""Checks of one address: a town hall that mends its files is not slowed down; a machine is."""

PREFIX = "check-"
"""Begins the name of the temporary folder of a check."""

LEFT_S = 3600
"""Age in seconds at which such a folder belongs to nobody any more: its process was killed."""

NO_STORE: Mapping[str, str] = {"Cache-Control": "no-store"}


GATE = Gate(PLACES, PLACES - 1)
"""One per process. Each check takes a core and up to `limits.check_memory_mb`."""
WAIT_S = 10.0


def _busy() -> Busy:
    return Busy(
        "Beaucoup de fichiers sont vérifiés en ce moment.", mend="Réessayez dans une minute.", wait_s=60
    )


@dataclass(frozen=True, slots=True)
class SchemaChoice:
    """A schema that a file can be held to."""

    name: Annotated[str, "Nom du schéma."]
    title: Annotated[str, "Titre du schéma."]


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


# --- a file was sent ----------------------------------------------------------------------------------------


async def check_file(request: Request) -> Response:
    """POST /verifier: the report as a page; or, by `reponse`, the mended copy, the list of changes, the
    annotated file, the report as JSON.
    """
    return await received(request, _answer, files=2, fields=20)


async def check_api(request: Request) -> Response:
    """POST /api/check/v1 (multipart: fichier, schema, limite, langue): the same object as `parvis check
    --json`.
    """
    return await received(request, _answer_api, files=2, fields=20)


Handler = Callable[[Request, Sent, threading.Event], Response]
"""The event is set when whoever asked has left."""


async def received(request: Request, handler: Handler, *, files: int, fields: int) -> Response:
    """Read what was sent, within `limits.check_mb`, and answer it in a thread. Errors are in the language
    that the form asks for. Raises TooMany, before anything is read, for whoever sends too many.
    """
    gone = threading.Event()
    await run_in_threadpool(_often, request)
    async with limited(request, most(request)).form(max_files=files, max_fields=fields) as read:
        sent = Sent(read, request.client.host if request.client else "")
        leaving = asyncio.create_task(_leaves(request, gone))
        request.state.language = sent.text("langue")  # what errors are told in
        try:
            return await run_in_threadpool(handler, request, sent, gone)
        finally:
            leaving.cancel()


def _often(request: Request) -> None:
    """Count one more check of a visitor, before anything of it is read. Raises TooMany for whoever sends too many."""
    visit = visit_of(request)
    if visit.person is not None:
        return
    address = request.client.host if request.client else ""
    with visit.city.db.begin() as conn:
        waiting = throttle.enter(
            conn,
            ((throttle.visitor_key(visit.secret, "check", address), OFTEN),),
            visit.city.now(),
            of="check",
        )
    if waiting > timedelta():
        seconds = max(1, round(waiting.total_seconds()))
        raise TooMany(
            "Trop de fichiers vérifiés en peu de temps.",
            mend=Sentence("Réessayez dans {seconds} s.", seconds=seconds),
            wait_s=seconds,
        )


async def _leaves(request: Request, gone: threading.Event) -> None:
    """Wait for the end of the connection."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
    gone.set()


def most(request: Request) -> int:
    return site_of(request).city.settings.limits.check_mb * 1_000_000 + SCHEMA_KB * 1_000


def _answer(request: Request, sent: Sent, gone: threading.Event) -> Response:
    visit = visit_of(request)
    empty = _empty(visit)
    language = visit.language
    chosen = sent.text("schema")
    file = sent.file("fichier")
    asked = sent.text("reponse")
    wanted: Wanted = "page"
    for one in TAKEN:
        wanted = one if one == asked else wanted
    if file is None:
        return _page(
            request,
            visit,
            replace(
                empty, schema=chosen, wrong=(Wrong("fichier", mark("Choisissez un fichier à vérifier.")),)
            ),
            status=422,
        )
    name = Path(file.filename or "fichier").name
    try:
        with at_desk(visit, sent, file, wanted, language, gone) as made:
            if isinstance(made, Made):
                return _taken(made, wanted, slug(Path(name).stem))
    except UsageError as wrong:
        return _page(
            request, visit, replace(empty, schema=chosen, wrong=(Wrong("schema", wrong.told),)), status=422
        )
    except ParvisError as wrong:
        if wrong.status >= 500 and not isinstance(wrong, Busy):
            raise
        later = {"Retry-After": str(wrong.wait_s)} if isinstance(wrong, (Busy, TooMany)) else {}
        return _page(
            request,
            visit,
            replace(empty, schema=chosen, wrong=(Wrong("fichier", wrong.told),)),
            status=wrong.status,
            headers=later,
        )
    if not isinstance(made, Checked):
        raise TypeError("a page was wanted")
    return _page(
        request,
        visit,
        replace(
            empty, schema=made.schema, name=name, answer=made.answer, repaired=made.repaired, fits=made.fits
        ),
    )


TAKEN: tuple[Wanted, ...] = ("json", "annote", "copie", "changements")
"""What the form may ask for instead of the page."""
FILES: Mapping[Wanted, str] = {
    "annote": "annote",
    "copie": "repare",
    "changements": "changements",
    "json": "rapport",
}


def _taken(made: Made, wanted: Wanted, stem: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{stem}-{FILES[wanted]}.{made.extension}"',
        **NO_STORE,
    }
    return Response(Path(made.path).read_bytes(), 200, headers, MEDIA[made.extension])


def _answer_api(request: Request, sent: Sent, gone: threading.Event) -> Response:
    visit = visit_of(request)
    file = sent.file("fichier") or sent.file("file")
    if file is None:
        raise UsageError(
            "Il manque le fichier à vérifier.", mend="Envoyez-le en multipart/form-data, champ « fichier »."
        )
    language = language_of(visit.city.settings, sent.text("langue"))
    limit = sent.text("limite")
    if limit and (not limit.isascii() or not limit.isdigit() or int(limit) > 10_000):
        raise no_such_limit(limit)
    with at_desk(visit, sent, file, "json", language, gone, limit=int(limit) if limit else SHOWN) as made:
        return sent_json(request, made)


def sent_json(request: Request, made: object) -> Response:
    """What was made, for a program of anybody's."""
    if not isinstance(made, Made):
        raise TypeError("JSON was wanted")
    return send(
        request,
        Path(made.path).read_bytes(),
        "application/json",
        private=True,
        headers={**NO_STORE, "Access-Control-Allow-Origin": "*"},
    )


def _page(
    request: Request,
    visit: Visit,
    context: CheckPage,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    body = render(site_of(request), replace(visit, path="/verifier"), "check.html", context)
    return send(
        request,
        body,
        "text/html; charset=utf-8",
        status=status,
        private=True,
        headers={**NO_STORE, **(headers or {})},
    )


@contextmanager
def at_desk(
    visit: Visit,
    sent: Sent,
    file: UploadFile,
    wanted: Wanted,
    language: Speaker,
    gone: threading.Event,
    *,
    limit: int = SHOWN,
) -> Generator[Checked | Scan | Made]:
    """What was made of the file that was sent, in a folder that is gone when the block ends. Raises Busy when
    all places are taken, Unreadable when the file asks for more than a check may take.
    """
    now = visit.city.now()
    settings = visit.city.settings
    folder = settings.path(settings.storage.spool)
    _sweep(folder, now.timestamp() - LEFT_S)
    with (
        GATE.enter(sent.address, WAIT_S, _busy()),
        tempfile.TemporaryDirectory(prefix=PREFIX, dir=folder) as place,
    ):
        path = Path(place) / "recu"
        with path.open("wb") as out:
            shutil.copyfileobj(file.file, out, 1 << 20)
        limits = replace(
            settings.limits,
            upload_mb=settings.limits.check_mb,
            unpacked_mb=min(settings.limits.unpacked_mb, UNPACKED_MB),
        )
        job = Job(
            path,
            Path(file.filename or "fichier").name,
            Path(place),
            wanted,
            language.code,
            limits,
            settings.folder,
            settings.city.bbox,
            limit,
            sent.text("schema"),
            _own(sent, Path(place)),
            settings.translations,
        )
        yield limited_process.run(
            work,
            (job,),
            folder=Path(place),
            bounds=bounds.checking(settings.limits),
            gone=gone,
            preload="parvis.web.preload",
            values=VALUES,
        )


def _own(sent: Sent, folder: Path) -> tuple[Path, str] | None:
    """The schema that was sent along: where it lies now, and its name."""
    own = sent.file("schema_fichier")
    if own is None:
        return None
    body = own.file.read(SCHEMA_KB * 1_000 + 1)
    if len(body) > SCHEMA_KB * 1_000:
        raise UsageError(
            Sentence("Le schéma dépasse {schema_kb} ko.", schema_kb=SCHEMA_KB),
            mend="Un Table Schema tient en quelques kilo-octets.",
        )
    path = folder / "schema"
    path.write_bytes(body)
    return path, Path(own.filename or "schema.json").name


def _sweep(folder: Path, before: float) -> None:
    """Remove what a check left that was killed in the middle. before: seconds since 1970."""
    for left in folder.glob(f"{PREFIX}*"):
        try:
            if left.stat().st_mtime < before:
                shutil.rmtree(left, ignore_errors=True)
        except FileNotFoundError:
            continue  # another check swept it


ROUTES = (
    *(Route(prefix + "/verifier", check_file, methods=["POST"]) for prefix in ("", "/en")),
    Route("/api/check/v1", check_api, methods=["POST"]),
)
