"""HTTP dialects. `install` adds them to the application of the portal; `app` serves them alone."""

from __future__ import annotations

from fastapi import FastAPI

from parvis.api import datapackage, dcat, explore, feed, openapi
from parvis.api.context import Context
from parvis.api.response_cache import ResponseCache

__all__ = ["Context", "app", "install"]


def install(to: FastAPI, context: Context) -> None:
    """Add the routes of every dialect."""
    to.state.explore = ResponseCache(context)
    # Before those of the pages: `/jeux/{id}` would take `x.ttl` for an id.
    to.router.routes[:0] = (*explore.ROUTES, *openapi.ROUTES, *datapackage.ROUTES, *feed.ROUTES, *dcat.ROUTES)


def app(context: Context) -> FastAPI:
    """The dialects alone, without pages."""
    dialects = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    install(dialects, context)
    return dialects
