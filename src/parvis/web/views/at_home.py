"""What the services say at an address, on one page. The address comes in the body of a form, never in an address
that servers and browsers write down; nothing of it is kept here.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    """The answers there, in the order of `in_order`."""
    blank = empty(visit)
    sources = named_places(visit)
    found = found_at(visit, lambda: sources, asked)
    if not found:
        return replace(blank, asked=asked)
    place, *others = found
    answers = [one for s in answering() if (one := _said(visit, s, place)) is not None]
    return replace(
        blank,
        asked=asked,
        place=place,
        others=tuple(other.name for other in others),
        answers=in_order(answers),
        decisions=nearby(visit, sources, place),
    )


OPEN = 6
"""Answers that stand open; those that nearly everybody comes for always do. On a phone each is a sixth of a screen."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """An answer, with what decides of its place on the page."""

    answer: AtHomeAnswer
    rank: int  # of `Service.at_home_rank`; 0 where the service has none
    near: bool  # it depends on the address


def in_order(answers: Sequence[Ranked]) -> tuple[AtHomeAnswer, ...]:
    """Open: those that nearly everybody comes for, then what is bad, up to `OPEN` in all. Folded: what is bad beyond
    that, then the others. Within each, what is near before what is the same in the whole city.
    """
    everyday = sorted((one for one in answers if one.rank), key=lambda one: (one.rank, not one.near))
    others = sorted(
        (one for one in answers if not one.rank), key=lambda one: (not _is_bad(one), not one.near)
    )
    room = max(OPEN - len(everyday), 0)
    return tuple(one.answer for one in everyday) + tuple(
        replace(one.answer, folded=n >= room or not _is_bad(one)) for n, one in enumerate(others)
    )


def _is_bad(one: Ranked) -> bool:
    return one.answer.said.tone == "bad"


def _said(visit: Visit, service: Service, place: Place) -> Ranked | None:
    """The first sentence of a service, and what its place depends on; None when it has nothing to answer from."""
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
    answer = AtHomeAnswer(
        service.name, s.say(service.title), s.language, told.lead, told.moment, folded=False
    )
    return Ranked(answer, service.at_home_rank, near)


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
