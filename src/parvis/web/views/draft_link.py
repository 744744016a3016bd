"""A draft, shown to whoever holds its link while the link lasts: its words and its first rows, nothing to do.

A link says which deposit and version, who answers for it and until when, under the city's secret. It is worth nothing
once the file is read otherwise, published, held, or once its maker may not describe it any more. Nothing personal is
behind one: a version that something holds has none.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

from parvis.core.errors import NotFound
from parvis.people import accounts
from parvis.people.city_secret import derive
from parvis.people.rights import can
from parvis.store import datasets, deposits, versions
from parvis.store.deposits import Deposit
from parvis.web.page import Page, Visit, page
from parvis.web.views import dossier
from parvis.web.views.dossier import Preview

LASTS = timedelta(days=7)
"""How long a link lasts."""
OVER = "Ce lien n’est plus valable : il est trop ancien, ou le brouillon a changé."


@dataclass(frozen=True, slots=True)
class DraftLink:
    """A link to a draft."""

    path: Annotated[str, "Chemin du lien."]
    until: Annotated[datetime, "Jusqu’à quand il vaut."]


@dataclass(frozen=True, slots=True)
class DraftPage:
    """A draft, as whoever holds its link sees it."""

    title: Annotated[str, "Titre du jeu."]
    description: Annotated[str, "Description."]
    organisation: Annotated[str, "Organisation qui publierait."]
    until: Annotated[datetime, "Jusqu’à quand le lien vaut."]
    preview: Annotated[Preview, "Premières lignes."]


def made(visit: Visit, deposit: Deposit) -> DraftLink | None:
    """The link of a draft that nothing holds, None for any other. The same all day."""
    person = visit.person
    if deposit.look != "ready" or person is None:
        return None
    day = visit.city.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    ends = int((day + LASTS + timedelta(days=1)).timestamp())
    seal = _seal(visit.secret, deposit, person.id, ends)
    path = f"/apercu/{deposit.id}.{person.id}.{ends}.{seal}"
    return DraftLink(path, datetime.fromtimestamp(ends, visit.language.zone))


def draft(visit: Visit) -> DraftPage:
    """GET /apercu/{token}. Raises NotFound for whatever is no link in force, without saying which."""
    id_, _, rest = visit.params["token"].partition(".")
    maker, _, rest = rest.partition(".")
    said, _, seal = rest.partition(".")
    ends = int(said) if said.isascii() and said.isdigit() and len(said) <= 12 else 0
    with visit.city.db.read() as conn:
        deposit = deposits.get(conn, id_)
        version = versions.version(conn, deposit.version) if deposit else None
        resource = datasets.resource(conn, deposit.resource) if deposit else None
        dataset = datasets.dataset(conn, resource.dataset) if resource else None
        person = accounts.person(conn, maker)
        body = datasets.organisation(conn, dataset.publisher) if dataset else None
    if deposit is None or version is None or dataset is None or body is None:
        raise NotFound(OVER)
    right = _seal(visit.secret, deposit, maker, ends)
    if (  # the seal first: what it is not under may be no moment at all
        not hmac.compare_digest(right.encode(), seal.encode("utf-8", "surrogatepass"))
        or visit.city.now() >= (until := datetime.fromtimestamp(ends, UTC))
        or deposit.look != "ready"
        or not can(person, "edit", dataset.publisher)
    ):
        raise NotFound(OVER)
    preview = dossier.first_rows(visit, version, maker, unmasked=False)
    return DraftPage(dataset.title, dataset.description, body.name, until, preview)


def _seal(secret: bytes, deposit: Deposit, maker: str, ends: int) -> str:
    said = f"{deposit.id}\n{deposit.version}\n{maker}\n{ends}".encode("utf-8", "surrogatepass")
    return hmac.new(derive(secret, "draft-link"), said, hashlib.sha256).hexdigest()


PAGES: tuple[Page, ...] = (page("/apercu/{token}", draft, "draft.html", steady=False),)
