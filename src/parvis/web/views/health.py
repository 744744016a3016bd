"""Whether the portal is well, for machines that look after it: one address that anybody may ask, and measures for
those who have the token.
"""

from __future__ import annotations

import hmac
import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from parvis.core.errors import NotFound
from parvis.core.late import late
from parvis.publication.city import City
from parvis.store import failures, journal
from parvis.web.observing import BOUNDS_S, Observer
from parvis.web.page import NOWHERE, site_of

if TYPE_CHECKING:
    import prometheus_client
    from prometheus_client import core, registry
else:
    prometheus_client = late("prometheus_client")
    core = late("prometheus_client.core")
    registry = late("prometheus_client.registry")

LOW_DISK = 500_000_000
"""Bytes below which no version can be published safely."""


def health(request: Request) -> Response:
    """/healthz: 200 where pages can be answered, else 503; and the parts that stopped by themselves."""
    city = site_of(request).city
    parts = {"database": _answers(city), "disk": shutil.disk_usage(city.settings.folder).free > LOW_DISK}
    stopped = sorted({f.part for f in failures.noted(city.settings.folder)})
    well = all(parts.values())
    body = {
        "ok": well,
        **{name: "ok" if good else "down" for name, good in parts.items()},
        "stopped": stopped,
    }
    return JSONResponse(body, 200 if well else 503, headers=dict(NOWHERE))


def _answers(city: City) -> bool:
    try:
        with city.db.read() as conn:
            return journal.last_seq(conn) >= 0
    except SQLAlchemyError:
        return False


def metrics(request: Request) -> Response:
    """/metrics: measures of this process, for Prometheus. Raises NotFound for whoever has not the token."""
    site = site_of(request)
    wanted = site.city.settings.logs.metrics_token
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    if (
        not wanted
        or kind.lower() != "bearer"
        or not hmac.compare_digest(given.strip().encode(), wanted.encode())
    ):
        raise NotFound("Cette page n’existe pas.")
    known = registry.CollectorRegistry(auto_describe=False)
    known.register(_Collector(site.city, request.app.state.observer))  # pyright: ignore[reportArgumentType]
    return Response(
        prometheus_client.generate_latest(known),
        media_type=prometheus_client.CONTENT_TYPE_LATEST,
        headers=dict(NOWHERE),
    )


class _Collector:
    """What this process counted, as Prometheus reads it."""

    def __init__(self, city: City, seen: Observer) -> None:
        self._city, self._measures = city, seen.measures

    def collect(self) -> Iterator[core.Metric]:
        of = {"process": str(os.getpid())}
        asked = core.CounterMetricFamily(
            "parvis_requests",
            "Requests answered, by route, method and status.",
            labels=["route", "method", "status", "process"],
        )
        for (route, method, status), n in sorted(self._measures.answered.items()):
            asked.add_metric([route, method, str(status), of["process"]], n)
        yield asked
        lasted = core.HistogramMetricFamily(
            "parvis_request_seconds", "Time to answer a request, by route.", labels=["route", "process"]
        )
        for route, places in sorted(self._measures.lasted.items()):
            total, buckets = 0, list[tuple[str, float]]()
            for bound, n in zip((*map(str, BOUNDS_S), "+Inf"), places, strict=True):
                total += n
                buckets.append((bound, total))
            lasted.add_metric([route, of["process"]], buckets, float(self._measures.seconds[route]))
        yield lasted
        free = shutil.disk_usage(self._city.settings.folder).free
        yield core.GaugeMetricFamily("parvis_disk_free_bytes", "Bytes free where the city lies.", value=free)
        stopped = core.GaugeMetricFamily(
            "parvis_part_stopped", "Parts that stopped by themselves and are tried again.", labels=["part"]
        )
        for part in sorted({f.part for f in failures.noted(self._city.settings.folder)}):
            stopped.add_metric([part], 1)
        yield stopped


ROUTES = (Route("/healthz", health), Route("/metrics", metrics))
