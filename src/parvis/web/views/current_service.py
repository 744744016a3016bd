"""The service of an address, bound to this city, and its present answer when there is one.

At `/services` are those for everybody, at `APART` those for a group of the visitor: for anybody else there is
none, in the words of what never was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from parvis.catalogue import entries
from parvis.core.errors import Gone, NotFound, Refused
from parvis.core.language import Language
from parvis.core.released import Released
from parvis.core.types import Schema
from parvis.people.rights import Person, reaches, require
from parvis.services.declaration import Output, Service, texts
from parvis.store import groups, live, versions
from parvis.web.page import NOWHERE, Visit
from parvis.work import service_runs


@dataclass(frozen=True, slots=True)
class Shown:
    """The service of an address, and its present answer when there is one."""

    service: Service
    output: Output
    resource: str
    released: Released | None
    at: datetime | None
    speech: Language
    """What it is shown in: the language of the page when the service speaks it, else French."""

    @property
    def language(self) -> str:
        """Its code."""
        return self.speech.code

    @property
    def headers(self) -> Mapping[str, str]:
        """Of what is sent of it: any page may read what is for everybody, no cache keeps the rest."""
        return NOWHERE if self.service.group else {"Access-Control-Allow-Origin": "*"}

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


APART = "/partages/services/"
"""Where the pages of services for a group stand."""


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
    if released is None and not service.group:
        with visit.city.db.read() as conn:
            if isinstance(gone := entries.absent(conn, output.dataset.id), Gone):
                raise gone
    return Shown(service, output, resource, released, at, spoken(service, visit.language))


def _answer(visit: Visit, service: Service, resource: str) -> tuple[Released | None, datetime | None]:
    released = opened(visit, service, resource)
    if released is None:
        return None, None
    with visit.city.db.read() as conn:
        version = versions.version(conn, released.versions[0])
        last = live.newest(conn, resource) if service.live else None
    return released, last.at if last else version.at if version else None


def opened(visit: Visit, service: Service, output: str) -> Released | None:
    """What a service publishes, for this visitor: its current state where it is live; None when there is none.
    Raises NotFound for whoever left the group.
    """
    reader = visit.person.id if visit.person is not None else ""
    return service_runs.result(visit.city, service, output, visit.city.now(), member=reader)


def named(visit: Visit) -> Service | None:
    """The service of the address, bound to this city; None for whom there is none. Raises NotSignedIn where only
    a person finds one.
    """
    known = reserved(visit) if visit.path.startswith(APART) else service_runs.for_all()
    service = next((s for s in known if s.name == visit.params["name"]), None)
    if service is None:
        return None
    with visit.city.db.read() as conn:
        return service_runs.bound(conn, service)


def reserved(visit: Visit) -> Sequence[Service]:
    """The services of the visitor's groups. Raises as `member`."""
    person = member(visit)
    with visit.city.db.read() as conn:
        mine = {one.id for one in groups.of(conn, person.id)}
    return [one for one in service_runs.declared() if one.page and one.group and one.group in mine]


def member(visit: Visit) -> Person:
    """The visitor, signed in, whose key reaches so far. Raises NotSignedIn; Refused for a key of another use."""
    if visit.person is None:
        return require(None, "read-shared")
    if not reaches(visit.person, "read-shared"):
        raise Refused(
            "Cette clé ne permet pas de lire ce qui est partagé.", mend="Faites-en une de portée read-shared."
        )
    return visit.person
