"""A file searched for personal data and secrets for whoever sends it: no account, nothing published, nothing
kept; the evidence is masked, even for " "the sender.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from parvis.core.errors import Busy, ParvisError, TooMany, UsageError
from parvis.core.language import language_of, mark
from parvis.privacy.answer import Scan
from parvis.privacy.checklist import QUESTIONS
from parvis.web.form import Sent
from parvis.web.page import Page, Visit, page, render, send, site_of, visit_of
from parvis.web.views.check import NO_STORE, at_desk, received, sent_json
from parvis.web.views.deposits import Wrong

PATH = "/verifier/donnees-personnelles"


@dataclass(frozen=True, slots=True)
class ScanPage:
    """The form to have a file searched and, once it was sent, what was found."""

    upload_mb: Annotated[int, "Taille maximale du fichier, en Mo."]
    questions: Annotated[tuple[str, ...], "Ce qu’aucune recherche ne voit, et qu’une personne vérifie."]
    name: Annotated[str, "Nom du fichier envoyé, vide tant qu’il n’y en a pas."] = ""
    answer: Annotated[Scan | None, "Ce qui est reconnu : le même objet que la commande et que l’API."] = None
    wrong: Annotated[tuple[Wrong, ...], "Champs à corriger."] = ()


def form(visit: Visit) -> ScanPage:
    """GET /verifier/donnees-personnelles."""
    questions = tuple(visit.language.either(q.title, q.english) for q in QUESTIONS)
    return ScanPage(visit.city.settings.limits.check_mb, questions)


PAGES: tuple[Page, ...] = (page(PATH, form, "scan.html", steady=False),)


async def scan_file(request: Request) -> Response:
    """POST /verifier/donnees-personnelles (multipart: fichier): the page with what was found."""
    return await received(request, _answer, files=1, fields=5)


async def scan_api(request: Request) -> Response:
    """POST /api/scan/v1 (multipart: fichier, langue): the same object as `parvis scan --json`."""
    return await received(request, _answer_api, files=1, fields=5)


def _answer(request: Request, sent: Sent, gone: threading.Event) -> Response:
    visit = visit_of(request)
    empty = form(visit)
    file = sent.file("fichier")
    try:
        if file is None:
            return _page(
                request,
                visit,
                replace(empty, wrong=(Wrong("fichier", mark("Choisissez un fichier à vérifier.")),)),
                status=422,
            )
        with at_desk(visit, sent, file, "scan", visit.language, gone) as said:
            if not isinstance(said, Scan):
                raise TypeError("a scan was wanted")
            return _page(
                request, visit, replace(empty, name=Path(file.filename or "fichier").name, answer=said)
            )
    except ParvisError as wrong:
        if wrong.status >= 500 and not isinstance(wrong, Busy):
            raise
        later = {"Retry-After": str(wrong.wait_s)} if isinstance(wrong, (Busy, TooMany)) else {}
        return _page(
            request,
            visit,
            replace(empty, wrong=(Wrong("fichier", wrong.told),)),
            status=wrong.status,
            headers=later,
        )


def _answer_api(request: Request, sent: Sent, gone: threading.Event) -> Response:
    visit = visit_of(request)
    file = sent.file("fichier") or sent.file("file")
    if file is None:
        raise UsageError(
            "Il manque le fichier à vérifier.", mend="Envoyez-le en multipart/form-data, champ « fichier »."
        )
    with at_desk(
        visit, sent, file, "scan-json", language_of(visit.city.settings, sent.text("langue")), gone
    ) as made:
        return sent_json(request, made)


def _page(
    request: Request,
    visit: Visit,
    context: ScanPage,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    body = render(site_of(request), replace(visit, path=PATH), "scan.html", context)
    return send(
        request,
        body,
        "text/html; charset=utf-8",
        status=status,
        private=True,
        headers={**NO_STORE, **(headers or {})},
    )


ROUTES = (
    *(Route(prefix + PATH, scan_file, methods=["POST"]) for prefix in ("", "/en")),
    Route("/api/scan/v1", scan_api, methods=["POST"]),
)
