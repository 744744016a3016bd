"""How a dataset is used: by month, what is done with it and by what kind of client. Small numbers are told to
those who publish it alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from parvis.catalogue.entries import absent, entry, visible
from parvis.people.rights import can
from parvis.store import uses
from parvis.store.uses import FEW, Act, Client, Use
from parvis.web.page import Page, Visit, page
from parvis.work.usage import USAGE

MONTHS = 24
"""Months that the page shows."""


@dataclass(frozen=True, slots=True)
class UsageLine:
    """What was done in a month by a kind of client."""

    month: Annotated[str, "Mois, AAAA-MM."]
    act: Annotated[Act, "view : page vue, download : fichier téléchargé, api : appel d’API."]
    client: Annotated[Client, "browser : navigateur, program : programme, robot : robot qui se dit tel."]
    n: Annotated[int | None, "Nombre ; absent s’il est trop petit pour être dit."]


@dataclass(frozen=True, slots=True)
class UsagePage:
    """How often a dataset is seen, taken and asked for, without following anyone."""

    id: Annotated[str, "Identifiant du jeu."]
    title: Annotated[str, "Titre du jeu."]
    few: Annotated[int, "En dessous de ce nombre dans un mois, rien n’est dit."]
    whole: Annotated[bool, "Vrai pour qui publie le jeu : les petits nombres y sont aussi."]
    lines: Annotated[
        tuple[UsageLine, ...], "Usages, le mois le plus récent d’abord ; du mois en cours, les dizaines."
    ]
    published: Annotated[bool, "Vrai si l’usage de tous les jeux est publié en données."]


def usage(visit: Visit) -> UsagePage:
    """GET /jeux/{id}/usage. Raises NotFound or Gone as the page of the dataset does."""
    now = visit.city.now()
    with visit.city.db.read() as conn:
        shown = entry(conn, visit.links, visit.params["id"])
        if shown is None:
            raise absent(conn, visit.params["id"])
        since = (now - timedelta(days=31 * MONTHS)).date().isoformat()
        found = uses.by_month(conn, shown.id, since=since)
        published = bool(visible(conn, {USAGE.id}))
    whole = visit.person is not None and can(visit.person, "send", shown.organisation.id)
    lines = tuple(
        UsageLine(u.when, u.act, u.client, u.n if whole else told(u, f"{now:%Y-%m}")) for u in found
    )
    return UsagePage(shown.id, shown.dataset.title, FEW, whole, lines, published)


def told(use: Use, month: str) -> int | None:
    """What everybody is told of a count: nothing of a small one; of the month under way whole tens, so that no single
    visit is seen to come.

    >>> [told(Use("2026-11", "arbres", "view", "browser", n), "2026-11") for n in (9, 10, 27)]
    [None, 10, 20]
    """
    if use.n < FEW:
        return None
    return use.n if use.when != month else use.n - use.n % 10


PAGES: tuple[Page, ...] = (page("/jeux/{id}/usage", usage, "usage.html", steady=False),)
