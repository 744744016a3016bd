"""Join pages, static files and error answers into one application. `cli` adds the routes of `api`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fastapi import FastAPI
from starlette.routing import BaseRoute, Route

from parvis import __version__
from parvis.catalogue.search import Index
from parvis.core import origin
from parvis.core.language import Language, languages
from parvis.core.sentence import FRENCH
from parvis.people import city_secret as secrets
from parvis.publication.city import City
from parvis.web import assets, errors
from parvis.web.admission import Admission
from parvis.web.headers import Safety
from parvis.web.observing import Observed, observer
from parvis.web.origin import Origin
from parvis.web.page import Page, Site, routes
from parvis.web.pages import PAGES
from parvis.web.render import environment
from parvis.web.router import IndexedRouter
from parvis.web.views import (
    alerts,
    anonymise,
    answering,
    at_home,
    breaches,
    check,
    data,
    deposits,
    describing,
    describing_columns,
    dossier,
    feeds,
    field_checks,
    first_run,
    following,
    groups,
    health,
    held_feeds,
    password,
    people,
    quality,
    recipes,
    register,
    report,
    scan,
    schemas,
    security,
    services,
    session,
    shared_tables,
    studies,
    verdicts,
    well_known,
    withdrawals,
)


def create_app(city: City, *, pages: Iterable[Page] = ()) -> FastAPI:
    """The portal of one city. pages: those of services, beside our own."""
    known = assets.load() | assets.city(city.settings.folder)
    spoken = languages(city.settings.city.timezone, city.settings.translations)
    app = FastAPI(
        title=city.settings.city.name, version=__version__, docs_url=None, redoc_url=None, openapi_url=None
    )
    app.router = IndexedRouter()
    secret = secrets.load(city.settings.serve.secret, city.settings.path("var/secret"))
    index = Index.open(city.settings.path(city.settings.storage.index))
    hosts = origin.hosts(city.settings.serve)
    app.state.translations = city.settings.translations
    app.state.site = Site(
        city,
        index,
        secret,
        spoken,
        {code: environment(one, city.settings, known) for code, one in spoken.items()},
        known,
        hosts,
    )
    app.state.observer = observer(city)
    app.add_middleware(Admission, refusal=errors.refusal(app.state.site))
    app.add_middleware(Safety)
    app.add_middleware(
        Origin, serve=city.settings.serve, refuse=errors.misdirected
    )  # the last that is added comes first
    app.add_middleware(Observed, seen=app.state.observer)
    ours = (
        *well_known.ROUTES,
        *health.ROUTES,
        *data.ROUTES,
        *services.ROUTES,
        *at_home.ROUTES,
        *session.ROUTES,
        *deposits.ROUTES,
        *following.ROUTES,
        *check.ROUTES,
        *scan.ROUTES,
        *describing.ROUTES,
        *describing_columns.ROUTES,
        *recipes.ROUTES,
        *anonymise.ROUTES,
        *report.ROUTES,
        *schemas.ROUTES,
        *quality.ROUTES,
        *field_checks.ROUTES,
        *dossier.ROUTES,
        *shared_tables.ROUTES,
        *groups.ROUTES,
        *register.ROUTES,
        *breaches.ROUTES,
        *withdrawals.ROUTES,
        *alerts.ROUTES,
        *people.ROUTES,
        *password.ROUTES,
        *first_run.ROUTES,
        *security.ROUTES,
        *held_feeds.ROUTES,
        *feeds.ROUTES,
        *verdicts.ROUTES,
        *studies.ROUTES,
    )
    every = (*ours, *routes((*PAGES, *pages)), *answering.FILES)
    app.router.routes.extend((*every, *_in_others(every, spoken.values())))
    errors.install(app)
    return app


def _in_others(ours: Iterable[BaseRoute], spoken: Iterable[Language]) -> Iterator[Route]:
    """The pages of the languages that translations add: what is there in English, under their own addresses."""
    english = [r for r in ours if isinstance(r, Route) and (r.path == "/en" or r.path.startswith("/en/"))]
    for other in spoken:
        if other.code not in (FRENCH, "en"):
            yield from (
                Route(other.prefix + one.path.removeprefix("/en"), one.endpoint, methods=_methods(one))
                for one in english
            )


def _methods(route: Route) -> list[str] | None:
    return None if route.methods is None else sorted(route.methods - {"HEAD"})
