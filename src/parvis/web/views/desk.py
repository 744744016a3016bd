"""What the pages of the inner desk share: whose desk it is, names for opaque ids, groups to choose from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

from sqlalchemy import Connection

from parvis.people import accounts
from parvis.people.rights import Action, Person, can
from parvis.store import datasets, groups


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with one field of a form."""

    field: Annotated[str, "Nom du champ."]
    message: Annotated[str, "Ce qui ne va pas et comment le corriger."]


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a form."""

    value: Annotated[str, "Valeur envoyée."]
    title: Annotated[str, "Ce que lit la personne."]
    chosen: Annotated[bool, "Vrai si ce choix est fait d’avance."] = False


def where(conn: Connection, person: Person, *actions: Action) -> tuple[str, ...]:
    """Organisations in which somebody may do one of these, by id."""
    return tuple(o.id for o in datasets.organisations(conn) if any(can(person, a, o.id) for a in actions))


def names(conn: Connection, ids: Iterable[str]) -> Mapping[str, str]:
    """A name to show for each actor."""
    known = tuple(dict.fromkeys(ids))
    return {i: said or i for i, said in accounts.labels(conn, known).items()}


def group_choices(conn: Connection, chosen: str = "") -> tuple[Choice, ...]:
    """Every open group."""
    return tuple(Choice(g.id, g.name, g.id == chosen) for g in groups.all_groups(conn))
