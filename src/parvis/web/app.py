"""Join pages, static files and error answers into one application. `cli` adds the routes of `api`."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from parvis import __version__
from parvis.catalogue.search import Index
from parvis.web import assets, errors
from parvis.web.context import Context
from parvis.web.headers import Safety
from parvis.web.language import languages
from parvis.web.page import Page, Site, routes, site_of
from parvis.web.pages import PAGES
from parvis.web.render import environment
from parvis.web.views import data


def create_app(context: Context, *, pages: Iterable[Page] = ()) -> FastAPI:
    """The portal of one city. pages: those of services, beside our own."""
    known = assets.load() | assets.city(context.settings.folder)
    spoken = languages(context.settings.city.timezone)
    app = FastAPI(title=context.settings.city.name, version=__version__, docs_url=None, redoc_url=None, openapi_url=None)
    index = Index.open(context.settings.path(context.settings.storage.index))
    app.state.site = Site(context, index, spoken, {code: environment(one, context.settings, known) for code, one in spoken.items()}, known)
    app.add_middleware(Safety)
    app.router.routes.extend((*data.ROUTES, *routes((*PAGES, *pages))))
    app.router.routes.append(Route("/static/{name:path}", _static, name="static"))
    errors.install(app)
    return app


def _static(request: Request) -> Response:
    return assets.answer(site_of(request).assets, request)
