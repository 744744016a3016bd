"""What the services say at an address, on one page. The address comes in the body of a form, never in an address
that servers and browsers write down; nothing of it is kept here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from parvis.services.answers import Said
from parvis.services.declaration import HERE, HERE_NAMED, Service
from parvis.web.decisions_nearby import NearbyDecisions, nearby
from parvis.web.form import WORDS, limited
from parvis.web.live_state import Moment
from parvis.web.page import NOWHERE, Page, Visit, page, render, send, site_of, visit_of
from parvis.web.places import Place
from parvis.web.views.current_service import shown
from parvis.web.views.nearby import PLACE, found_at, named_places
from parvis.web.views.services import telling
from parvis.work import service_runs


@dataclass(frozen=True, slots=True)
class AtHomeAnswer:
    """What one service says there."""

    service: Annotated[str, "Nom du service dans son adresse."]
    title: Annotated[str, "Titre du service."]
    language: Annotated[str, "Langue de ce qu’il dit."]
    said: Annotated[Said, "Ce qu’il dit."]
    moment: Annotated[Moment | None, "Quand c’était vrai."]
    folded: Annotated[bool, "Vrai si la page ne montre que son titre, à déplier."]


@dataclass(frozen=True, slots=True)
class AtHomePage:
    """What the services say at an address."""

    asked: Annotated[str, "Lieu écrit par le visiteur ; vide avant qu’il le dise."]
    place: Annotated[Place | None, "Lieu retenu ; absent s’il n’a pas été trouvé."]
    others: Annotated[tuple[str, ...], "Autres lieux de nom voisin."]
    answers: Annotated[tuple[AtHomeAnswer, ...], "Ce que disent les services, un par un."]
    services: Annotated[tuple[str, ...], "Titres des services qui répondent à une adresse."]
    decisions: Annotated[
        NearbyDecisions | None,
        "Délibérations qui nomment un lieu à côté ; absent si la ville n’en publie pas.",
    ] = None


def empty(visit: Visit) -> AtHomePage:
    """GET /chez-moi: the question alone."""
    return AtHomePage("", None, (), (), tuple(visit.language.of(s.name).say(s.title) for s in answering()))


def answering() -> tuple[Service, ...]:
    """The services that say something at an address."""
    return tuple(s for s in service_runs.for_all() if s.at_home is not None and s.answer is not None)


def at(visit: Visit, asked: str) -> AtHomePage:
    """The answers there: those that nearly everybody comes for, what is bad, then the others, folded: what is near
    before what is the same in the whole city.
    """
    blank = empty(visit)
    sources = named_places(visit)
    found = found_at(visit, lambda: sources, asked)
    if not found:
        return replace(blank, asked=asked)
    place, *others = found
    answers = [one for s in answering() if (one := _said(visit, s, place)) is not None]
    answers.sort(key=lambda one: one[0])
    return replace(
        blank,
        asked=asked,
        place=place,
        others=tuple(other.name for other in others),
        answers=tuple(one for _, one in answers),
        decisions=nearby(visit, sources, place),
    )


def _said(visit: Visit, service: Service, place: Place) -> tuple[tuple[int, bool], AtHomeAnswer] | None:
    """The first sentence of a service, and where it stands; None when it has nothing to answer from."""
    filled = {HERE: f"{place.lat:.5f},{place.lon:.5f}", HERE_NAMED: place.name}
    asked = {name: filled.get(value, value) for name, value in (service.at_home or {}).items()}
    there = replace(
        visit, path=f"/services/{service.name}", params={"name": service.name}, query=QueryParams(asked)
    )
    s = shown(there)
    if s.released is None:
        return None
    told = telling(there, s)
    if told.lead is None:
        return None
    near = any(value in filled for value in (service.at_home or {}).values())
    folded = not service.at_home_rank and told.lead.tone != "bad"
    rank = service.at_home_rank or (LAST if folded else LAST - 1)
    return (rank, not near), AtHomeAnswer(
        service.name, s.say(service.title), s.language, told.lead, told.moment, folded
    )


LAST = 1000
"""Rank of what is folded; what is bad stands just above it."""


async def ask(request: Request) -> Response:
    """POST /chez-moi: the answers at the address of the form. It changes nothing here, so it needs no token."""
    async with limited(request, WORDS).form(max_files=0, max_fields=5) as fields:
        said = fields.get("lieu")
        text = " ".join(said.split())[:PLACE] if isinstance(said, str) else ""
    return await run_in_threadpool(_answer, request, text)


def _answer(request: Request, text: str) -> Response:
    visit = visit_of(request)
    context = at(visit, text) if text else empty(visit)
    body = render(site_of(request), visit, "at_home.html", context)
    return send(request, body, "text/html; charset=utf-8", private=True, headers=NOWHERE)


PAGES: tuple[Page, ...] = (page("/chez-moi", empty, "at_home.html"),)

ROUTES = tuple(Route(prefix + "/chez-moi", ask, methods=["POST"]) for prefix in ("", "/en"))
