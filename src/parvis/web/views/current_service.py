"""The service of an address, bound to this city, and its present answer when there is one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from parvis.catalogue import entries
from parvis.core.errors import Gone, NotFound
from parvis.core.language import Language
from parvis.core.released import Public
from parvis.core.types import Schema
from parvis.services.declaration import Output, Service, texts
from parvis.store import versions
from parvis.web.page import Visit
from parvis.work import service_runs


@dataclass(frozen=True, slots=True)
class Shown:
    """The service of an address, and its present answer when there is one."""

    service: Service
    output: Output
    resource: str
    released: Public | None
    at: datetime | None
    speech: Language
    """What it is shown in: the language of the page when the service speaks it, else French."""

    @property
    def language(self) -> str:
        """Its code."""
        return self.speech.code

    def say(self, text: str) -> str:
        """A text of the declaration, in the page's language when the service speaks it."""
        return self.speech.say(text)

    @property
    def schema(self) -> Schema:
        """Schema of the answer; the declared one while there is none."""
        return self.released.schema if self.released else self.output.schema

    @property
    def label(self) -> str:
        """Column that names a row."""
        if self.schema.column(self.output.label):
            return self.output.label
        return next((c.name for c in self.schema.columns if c.type == "text"), "")


def spoken(service: Service, wanted: Language) -> Language:
    """The language in which a page shows a declaration: another one than French only when none of its texts
    is missing, so that no page mixes the two.
    """
    own = wanted.of(service.name)
    return own if all(own.knows(text) for text in texts(service)) else wanted.french


def shown(visit: Visit) -> Shown:
    """What the address names. Raises NotFound for an unknown service, Gone when what it published was
    withdrawn; a service whose results are not published yet is there, without an answer.
    """
    service = named(visit)
    if service is None:
        raise NotFound("Ce service n’existe pas.", mend="La page « Services » les donne tous.")
    output = next(iter(service.outputs.values()))
    (resource, *_) = service.resources
    released, at = _answer(visit, service, resource)
    if released is None:
        with visit.city.db.read() as conn:
            if isinstance(gone := entries.absent(conn, output.dataset.id), Gone):
                raise gone
    return Shown(service, output, resource, released, at, spoken(service, visit.language))


def _answer(visit: Visit, service: Service, resource: str) -> tuple[Public | None, datetime | None]:
    try:
        if service.live:
            return visit.city.tip(resource)
        released = visit.city.served(resource)
    except NotFound:
        return None, None
    with visit.city.db.read() as conn:
        version = versions.version(conn, released.versions[0])
    return released, version.at if version else None


def named(visit: Visit) -> Service | None:
    """The service of the address, bound to this city."""
    service = next((s for s in service_runs.declared() if s.page and s.name == visit.params["name"]), None)
    if service is None:
        return None
    with visit.city.db.read() as conn:
        return service_runs.bound(conn, service)
