"""« En ce moment »: the present state of a live table, on the page of its dataset, beside the history that
its versions hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from sqlalchemy import Connection

from parvis.core.errors import NotFound
from parvis.core.types import Column
from parvis.services.declaration import Service
from parvis.store import datasets, live
from parvis.web import live_state, table
from parvis.web.live_state import FeedView, Moment
from parvis.web.page import Visit
from parvis.web.table import Asked
from parvis.web.views.services import ServiceLine, line
from parvis.work import service_runs

ROWS = 10
"""Rows shown; the service has them all."""


@dataclass(frozen=True, slots=True)
class Present:
    """The last state that a live source gave."""

    moment: Annotated[Moment, "Quand cet état était vrai."]
    feeds: Annotated[tuple[FeedView, ...], "Comment vont les flux dont il vient."]
    columns: Annotated[tuple[Column, ...], "Colonnes montrées."]
    rows: Annotated[tuple[Mapping[str, object], ...], "Premières lignes, dix au plus."]
    total: Annotated[int, "Nombre de lignes de cet état."]
    service: Annotated[ServiceLine | None, "Service public qui le montre tout entier."]


def _for_all(conn: Connection) -> Sequence[Service]:
    """The services that public faces know of, bound to this city."""
    return [one for one in service_runs.known(conn) if not one.group]


def present(visit: Visit, resource: str) -> Present | None:
    """The present state of a resource, None when it is not live or not public."""
    with visit.city.db.read() as conn:
        if live.newest(conn, resource) is None:
            return None
    try:
        released, at = visit.city.tip(resource)
    except NotFound:
        return None
    with visit.city.db.read() as conn:
        service = live_state.service_of(resource, _for_all(conn))
        fed = (resource,) if service is None or resource in service.sources else service.sources
        feeds = live_state.feeds(conn, visit.language, fed, at, visit.city.now())
    shown = table.view(
        visit.city.engine, released, Asked("", (), "", False, 1, ROWS, ()), visit.language.zone
    )
    return Present(
        live_state.moment(visit.language, at, visit.city.now(), feeds),
        feeds,
        shown.columns,
        shown.rows,
        shown.total,
        line(visit, service) if service else None,
    )


def pulse(visit: Visit) -> str:
    """What the page of a dataset changes with when one of its tables is live. One that is not public is not
    looked into: it takes as long as none.
    """
    with visit.city.db.read() as conn:
        known = datasets.dataset(conn, visit.params["id"])
        shown = known is not None and known.state == "published" and known.access == "public"
        names = [r.id for r in datasets.resources(conn, visit.params["id"])] if shown else []
        service = next((s for name in names if (s := live_state.service_of(name, _for_all(conn)))), None)
        return live_state.pulse(conn, names, service.sources if service else (), visit.city.now())
