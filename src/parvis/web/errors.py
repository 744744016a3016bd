"""One door for all that goes wrong: a French page for people, one JSON body for programs, by address and by
what they accept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Annotated

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Scope

from parvis.catalogue.links import Links
from parvis.core.errors import BadQuery, Busy, NotSignedIn, ParvisError, Refused, TooMany
from parvis.core.language import Language, mark
from parvis.core.sentence import FRENCH, Sentence
from parvis.store.outage import outage
from parvis.web.admission import CAPACITIES, Kind, Refusal
from parvis.web.headers import SAFETY
from parvis.web.page import SECURITY, Site, Visit, dump, language_of, render, send, site_of, visit_of


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What went wrong, for whoever asked."""

    status: Annotated[int, "Code HTTP."]
    error: Annotated[str, "Ce qui ne va pas, en une phrase."]
    mend: Annotated[str, "Comment y remédier ; vide quand la phrase le dit déjà."] = ""
    at: Annotated[int | None, "Position de la faute dans la requête, à partir de 0."] = None
    expected: Annotated[tuple[str, ...], "Ce qui aurait pu se trouver à cette position."] = ()
    ok: Annotated[bool, "Toujours faux."] = False
    language: Annotated[str, "Langue de la phrase : fr, en…"] = FRENCH


WAIT = mark("Le service reprendra de lui-même : réessayez dans un instant.")

SAID: Mapping[int, str] = {
    404: mark("Cette adresse ne correspond à aucune page."),
    405: mark("Cette adresse n’accepte pas cette méthode HTTP."),
    500: mark("Le portail n’a pas pu répondre. L’incident est noté ; réessayez dans un instant."),
}
"""What to say when the error itself brings no sentence of ours."""


def wants_json(request: Request) -> bool:
    """Programs are known by the address (`.json`, `/api/`), by a key, or by preferring JSON to HTML."""
    if (
        request.url.path.endswith(".json")
        or request.url.path.startswith("/api/")
        or "authorization" in request.headers
    ):
        return True
    accepted = request.headers.get("accept", "")
    return "json" in accepted and "text/html" not in accepted


def install(app: FastAPI) -> None:
    """Answer every error of the application; a router may still answer its own first."""
    app.add_exception_handler(ParvisError, _ours)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Exception, _fault)


def _ours(request: Request, raised: Exception) -> Response:
    if not isinstance(raised, ParvisError):
        raise raised
    if isinstance(raised, NotSignedIn) and request.method == "GET" and not wants_json(request):
        visit = visit_of(request)
        return RedirectResponse(visit.href("/connexion", suite=request.url.path), 303)
    if (
        isinstance(raised, Refused)
        and request.method == "GET"
        and not wants_json(request)
        and (visit := visit_of(request)).lacking
    ):
        return RedirectResponse(visit.href(SECURITY), 303)
    at, expected = (raised.at, raised.expected) if isinstance(raised, BadQuery) else (None, ())
    headers = {"Retry-After": str(raised.wait_s)} if isinstance(raised, (TooMany, Busy)) else None
    return answer(request, ErrorPage(raised.status, raised.message, raised.mend, at, expected), headers)


def _http(request: Request, raised: Exception) -> Response:
    if not isinstance(raised, HTTPException):
        raise raised
    return answer(
        request,
        ErrorPage(raised.status_code, SAID.get(raised.status_code, str(raised.detail))),
        raised.headers,
    )


def _invalid(request: Request, raised: Exception) -> Response:
    if not isinstance(raised, RequestValidationError):
        raise raised
    first = next(iter(raised.errors()), {})
    where = ".".join(str(p) for p in first.get("loc", ()))
    return answer(
        request,
        ErrorPage(400, Sentence("Paramètre incorrect : {where}.", where=where), str(first.get("msg", ""))),
    )


def _fault(request: Request, raised: Exception) -> Response:
    """The program's own fault: nothing of it is shown, and the server logs it when this answer has gone. What
    is away is said, as a service that comes back.
    """
    down = outage(raised)
    if down is not None:
        return answer(request, ErrorPage(503, down.message, WAIT), {**SAFETY, "Retry-After": "30"})
    return answer(request, ErrorPage(500, SAID[500]), SAFETY)


def misdirected(request: Request, host: str) -> Response:
    """421: the portal was asked for by a name that the settings do not know. Its links would lead there, for
    others too.
    """
    said = Sentence("Ce portail ne répond pas au nom « {host} ».", host=host[:100] or "?")
    mend = mark(
        "Si ce nom est bien le sien, ajoutez-le au réglage serve.hosts, ou réglez serve.base_url, dans parvis.toml, puis relancez « parvis serve »."
    )
    return answer(request, ErrorPage(421, said, mend), SAFETY)


BUSY: Mapping[Kind, str] = {
    "pages": mark("Beaucoup de pages sont demandées en ce moment."),
    "queries": mark("Beaucoup de requêtes sont en cours en ce moment."),
    "exports": mark("Beaucoup de téléchargements sont en cours en ce moment."),
    "checks": mark("Beaucoup de fichiers sont vérifiés en ce moment."),
    "forms": mark("Beaucoup d’envois sont en cours en ce moment."),
    "sign-in": mark("Beaucoup de connexions sont en cours en ce moment."),
    "streams": mark("Beaucoup de pages suivent un fichier en ce moment."),
}
"""What is said when every place of a kind is taken."""

OWN = mark("Trop de demandes à la fois viennent de votre adresse.")


def refusal(site: Site) -> Refusal:
    """What answers when no place comes free: made once for each kind and language, so that refusing costs
    next to nothing.
    """
    made: dict[tuple[str, str, bool, bool], bytes] = {}

    def refuse(scope: Scope, kind: Kind, own: bool) -> tuple[int, Mapping[str, str], bytes]:
        request = Request(scope)
        spoken = language_asked(request)
        again = CAPACITIES[kind].again_s
        as_json = wants_json(request)
        key = (spoken.code, kind, own, as_json)
        if key not in made:
            mend = spoken.say(mark("Réessayez dans %(seconds)s secondes."), seconds=again)
            page = ErrorPage(
                429 if own else 503, spoken.say(OWN if own else BUSY[kind]), mend, language=spoken.code
            )
            if as_json:
                said = {
                    "error_code": "TooManyRequests" if own else "Overloaded",
                    "message": f"{page.error} {page.mend}",
                }
                made[key] = dump({**said, **asdict(page)})
            else:
                visit = Visit(site.city, site.index, Links(""), spoken, "/", {}, QueryParams(), "")
                made[key] = render(site, visit, "error.html", page)
        media = "application/json" if as_json else "text/html; charset=utf-8"
        headers = {
            "Content-Type": media,
            "Cache-Control": "no-store",
            "Retry-After": str(again),
            "Vary": "Accept",
        }
        return (
            429 if own else 503,
            headers | ({"Access-Control-Allow-Origin": "*"} if as_json else {}),
            made[key],
        )

    return refuse


def language_asked(request: Request) -> Language:
    """The language that an error is told in: the one of the form, of `lang` or `langue` where addresses have
    none, else of the address.
    """
    asked = (
        getattr(request.state, "language", ""),
        request.query_params.get("lang", ""),
        request.query_params.get("langue", ""),
    )
    of_address = language_of(request)
    if of_address.prefix:
        return of_address
    known = site_of(request).languages
    return next((known[code] for code in asked if code in known), of_address)


def answer(request: Request, page: ErrorPage, headers: Mapping[str, str] | None = None) -> Response:
    """The error as a page or as JSON, in the language that was asked for; never kept by caches. It says itself
    in which language it is: a sentence that no translation holds stays French.
    """
    spoken = language_asked(request)
    page = replace(
        page,
        error=spoken.say(page.error),
        mend=spoken.say(page.mend),
        language=spoken.code if spoken.knows(page.error) else FRENCH,
    )
    said = {**(headers or {}), "Cache-Control": "no-store"}
    if wants_json(request):
        return send(request, dump(page), "application/json", status=page.status, headers=said)
    visit = visit_of(request)
    return send(
        request,
        render(site_of(request), visit, "error.html", page),
        "text/html; charset=utf-8",
        status=page.status,
        headers=said,
    )
