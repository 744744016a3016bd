"""What the pages of the inner desk share: whose desk it is, names for opaque ids, groups to choose from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from sqlalchemy import Connection

from parvis.core.errors import NotFound
from parvis.core.language import mark
from parvis.core.types import Dataset, Resource
from parvis.people import accounts
from parvis.people.rights import Action, Person, can, require
from parvis.privacy import surrounding_words
from parvis.store import datasets, groups
from parvis.web.page import Visit

Access = Literal["public", "restricted", "non_public"]


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


@dataclass(frozen=True, slots=True)
class Room:
    """A page of the desk, and what one of its visitors must be allowed to do somewhere."""

    path: str
    title: str
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """What a person may do with a dataset."""

    path: Annotated[str, "Adresse de la page où cela se fait."]
    title: Annotated[str, "Ce qui s’y fait."]


def acts(person: Person | None, dataset: Dataset, resource: Resource) -> tuple[Act, ...]:
    """What this person may do with a dataset and the table of it that is shown; nothing for visitors, nor with
    what a service computes beyond taking it down.
    """
    if person is None:
        return ()
    here, computed, polled = (
        f"/jeux/{dataset.id}",
        resource.source.startswith("service:"),
        resource.every_s > 0,
    )
    known: tuple[tuple[Action, bool, str, str], ...] = (
        (
            "send",
            not computed and not polled,
            f"/depots/nouveau?ressource={resource.id}",
            mark("Mettre à jour"),
        ),
        ("edit", not computed, f"{here}/description", mark("Décrire")),
        ("edit", not computed and not polled, f"{here}/recette", mark("Préparer les fichiers")),
        ("edit", not computed and not polled, f"{here}/anonymisation", mark("Anonymiser")),
        ("advise", polled, f"{here}/releves-retenus", mark("Relevés retenus")),
        ("withdraw", True, f"/retirer?sujet={dataset.id}", mark("Retirer")),
    )
    return tuple(
        Act(path, title)
        for action, apt, path, title in known
        if apt and can(person, action, dataset.publisher)
    )


ROOMS = (
    Room("/depots", mark("Mes dépôts"), ("see-drafts",)),
    Room("/flux", mark("Flux"), ("see-drafts",)),
    Room("/etudes", mark("Études"), ("study",)),
    Room("/decisions", mark("Décisions"), ("advise", "decide")),
    Room("/registre", mark("Registre"), ("see-register",)),
    Room("/violations", mark("Violations"), ("keep-breaches",)),
    Room("/retraits", mark("Retraits"), ("withdraw", "see-journal")),
    Room("/terrain", mark("Sur le terrain"), ("see-drafts",)),
    Room("/alertes/a-valider", mark("Messages à valider"), ("publish",)),
    Room("/groupes", mark("Groupes"), ("manage-groups",)),
    Room("/comptes", mark("Comptes et rôles"), ("manage-members", "manage-people")),
)

BESIDE = ("/retirer",)
"""Forms of the desk that no room's address begins."""


def rooms(visit: Visit) -> tuple[Room, ...]:
    """The rooms of the desk that this person may enter, on a page of the desk; none elsewhere."""
    person = visit.person
    if person is None or not visit.path.startswith((*(r.path for r in ROOMS), *BESIDE)):
        return ()
    return tuple(r for r in ROOMS if any(can(person, a, o) for a in r.actions for o in ("", *person.roles)))


def where(conn: Connection, person: Person, *actions: Action) -> tuple[str, ...]:
    """Organisations in which somebody may do one of these, by id."""
    return tuple(o.id for o in datasets.organisations(conn) if any(can(person, a, o.id) for a in actions))


def editable(visit: Visit, resource_id: str) -> tuple[Dataset, Resource]:
    """The dataset and the resource that this person may edit. Raises NotFound, NotSignedIn and Refused."""
    if visit.person is None:
        require(None, "edit")
    with visit.city.db.read() as conn:
        dataset = datasets.dataset(conn, visit.params["id"])
        of = (
            [r for r in datasets.resources(conn, dataset.id) if r.every_s == 0] if dataset is not None else []
        )
    if dataset is None or not of or not can(visit.person, "see-drafts", dataset.publisher):
        raise NotFound("Ce jeu de données n’existe pas, ou n’est pas de vos organisations.")
    require(visit.person, "edit", dataset.publisher)
    resource = next((r for r in of if r.id == resource_id), None if resource_id else of[0])
    if resource is None:
        raise NotFound("Cette ressource n’est pas de ce jeu de données.")
    return dataset, resource


def open_dataset(conn: Connection, title: str, organisation: str, access: Access = "public") -> str:
    """A new dataset, in draft until something of it may be read; returns its id. A title that is taken gets a
    number.
    """
    wanted, number = surrounding_words.identifier(title, "jeu"), 2
    base = wanted[:76].strip("-")
    while datasets.dataset(conn, wanted) is not None:
        wanted, number = f"{base}-{number}", number + 1
    datasets.save_dataset(conn, Dataset(wanted, title, "", organisation, access=access))
    return wanted


def names(conn: Connection, ids: Iterable[str]) -> Mapping[str, str]:
    """A name to show for each actor."""
    known = tuple(dict.fromkeys(ids))
    return {i: said or i for i, said in accounts.labels(conn, known).items()}


def group_choices(conn: Connection, chosen: str = "") -> tuple[Choice, ...]:
    """Every open group."""
    return tuple(Choice(g.id, g.name, g.id == chosen) for g in groups.all_groups(conn))
