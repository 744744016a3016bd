"""The home page: whose data, how to find them, what is new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from parvis.catalogue import lists, vocabularies
from parvis.people import accounts
from parvis.people.rights import can
from parvis.web.page import Visit
from parvis.web.views.cards import Card, cards
from parvis.web.views.services import ServiceLine, lines

LATEST = 6


@dataclass(frozen=True, slots=True)
class ThemeCount:
    """A theme and what it holds."""

    code: Annotated[str, "Code européen du thème."]
    datasets: Annotated[int, "Nombre de jeux publiés sous ce thème."]


@dataclass(frozen=True, slots=True)
class HomePage:
    """What the portal offers, at a glance."""

    city: Annotated[str, "Nom de la collectivité."]
    datasets: Annotated[int, "Nombre de jeux de données publiés."]
    rows: Annotated[int, "Nombre total d’enregistrements publiés."]
    organisations: Annotated[int, "Nombre d’organisations qui publient."]
    live: Annotated[int, "Nombre de jeux relevés en continu."]
    themes: Annotated[tuple[ThemeCount, ...], "Thèmes présents, du plus fourni au moins fourni."]
    services: Annotated[tuple[ServiceLine, ...], "Services publics dont les résultats sont publiés."]
    accounts: Annotated[bool, "Vrai si quelqu’un a un compte ; regardé tant que rien n’est publié."]
    may_send: Annotated[bool, "Vrai si la personne connectée peut déposer un fichier."]
    latest: Annotated[
        tuple[Card, ...], "Jeux mis à jour le plus récemment ; ce que les services calculent vient après."
    ]


def home(visit: Visit) -> HomePage:
    """Counts and the newest datasets."""
    with visit.city.db.read() as conn:
        totals = lists.totals(conn)
        latest = cards(conn, visit.links, lists.newest(conn, limit=LATEST), visit.city.now())
        themes = [(code, n) for code, n in lists.by_theme(conn).items() if code in vocabularies.THEMES]
        known = bool(totals.datasets) or bool(accounts.everybody(conn))
    person = visit.person
    sends = person is not None and any(can(person, "send", o) for o in ("", *person.roles))
    return HomePage(
        visit.city.settings.city.name,
        totals.datasets,
        totals.rows,
        totals.organisations,
        totals.live,
        tuple(ThemeCount(code, n) for code, n in sorted(themes, key=lambda t: (-t[1], t[0]))),
        tuple(s for s in lines(visit) if s.ready),
        known,
        sends,
        latest,
    )
