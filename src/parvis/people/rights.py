"""Who may do what: one table, and one pure function over it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, get_args

from parvis.core.errors import NotSignedIn, Refused
from parvis.core.sentence import Sentence, Within, spoken

Role = Literal["admin", "publisher", "steward", "dpo", "delegate", "reader"]
"""What a person is in an organisation: one role each."""

ROLES: tuple[Role, ...] = get_args(Role)

ROLE_TITLES: Mapping[Role, str] = {
    "admin": "Administration de l’organisation",
    "publisher": "Publication",
    "steward": "Qualité des données",
    "dpo": "Protection des données",
    "delegate": "Délégation du responsable de traitement",
    "reader": "Lecture",
}

Action = Literal[
    "see-drafts",
    "see-held",
    "see-journal",
    "see-unmasked",
    "see-register",
    "read-shared",
    "study",
    "send",
    "edit",
    "publish",
    "share",
    "sign",
    "advise",
    "decide",
    "accept",
    "withdraw",
    "keep-breaches",
    "manage-groups",
    "manage-members",
    "manage-organisations",
    "manage-people",
    "manage-city",
]

ACTIONS: tuple[Action, ...] = get_args(Action)


@dataclass(frozen=True, slots=True)
class Right:
    """One action, and the roles that may do it in their own organisation. No role: only who administers the
    city.

    city: whether who administers the city may do it everywhere. Running the platform gives no look at what is
    held, no opinion, no decision.
    """

    action: Action
    title: str
    roles: frozenset[Role] = frozenset()
    city: bool = True


RIGHTS: Mapping[Action, Right] = MappingProxyType(
    {
        right.action: right
        for right in (
            Right("see-drafts", "Voir les brouillons, les dépôts et les rapports", frozenset(ROLES)),
            Right(
                "see-held",
                "Voir les lignes d’une table retenue, hors colonnes masquées",
                frozenset({"steward", "dpo", "delegate"}),
                city=False,
            ),
            Right(
                "see-journal",
                "Consulter le journal de l’organisation",
                frozenset({"admin", "steward", "dpo", "delegate"}),
            ),
            Right(
                "see-unmasked",
                "Voir les valeurs personnelles signalées",
                frozenset({"dpo", "delegate"}),
                city=False,
            ),
            Right(
                "see-register", "Consulter le registre des décisions", frozenset({"admin", "dpo", "delegate"})
            ),
            Right("read-shared", "Lire ce qui est partagé avec ses groupes", frozenset(ROLES)),
            Right("study", "Demander une étude et lire ses résultats", frozenset(ROLES)),
            Right("send", "Déposer un fichier", frozenset({"admin", "publisher", "steward"})),
            Right(
                "edit",
                "Modifier la description, le schéma et les corrections",
                frozenset({"admin", "publisher", "steward"}),
            ),
            Right("publish", "Publier ce que rien ne retient", frozenset({"admin", "publisher"})),
            Right(
                "share",
                "Partager avec un groupe ce que rien ne retient",
                frozenset({"admin", "publisher", "delegate"}),
            ),
            Right(
                "sign",
                "Signer la liste des autres secrets",
                frozenset({"admin", "publisher", "steward", "dpo", "delegate"}),
            ),
            Right("advise", "Donner l’avis de la protection des données", frozenset({"dpo"}), city=False),
            Right("decide", "Décider de ce qui est retenu", frozenset({"delegate"}), city=False),
            Right("accept", "Publier malgré des défauts de qualité", frozenset({"admin", "steward"})),
            Right("withdraw", "Retirer une version", frozenset({"admin", "publisher", "dpo", "delegate"})),
            Right(
                "keep-breaches", "Tenir le registre des violations de données", frozenset({"dpo", "delegate"})
            ),
            Right(
                "manage-groups", "Créer un groupe, y inscrire des personnes", frozenset({"admin", "delegate"})
            ),
            Right("manage-members", "Donner et retirer les rôles de l’organisation", frozenset({"admin"})),
            Right("manage-organisations", "Créer et modifier les organisations"),
            Right("manage-people", "Créer, suspendre et effacer les comptes"),
            Right("manage-city", "Régler la plateforme"),
        )
    }
)
"""An organisation's administrator does not decide on personal data: the DPO advises, the controller's
delegate decides, and they are two people.
"""


PERSONAL: frozenset[Action] = frozenset({"see-held", "see-unmasked", "advise", "decide"})
"""To look at personal data that is held, to advise on it, to decide on it."""

APART: frozenset[Role] = frozenset(role for action in PERSONAL for role in RIGHTS[action].roles)
"""Roles that nobody who gives roles comes to hold by their own doing (`people.duties`)."""

WEIGHTY: frozenset[Role] = APART | RIGHTS["manage-members"].roles
"""Roles that are given only by somebody who shows their password again: a page left open, or a forged click,
gives none.
"""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account, as a request meets them."""

    id: str
    """Opaque: all that the journal knows."""
    email: str = ""
    name: str = ""
    city_admin: bool = False
    roles: Mapping[str, Role] = field(default_factory=dict[str, Role])
    """Organisation id to role."""
    active: bool = True
    """False when the account is suspended or erased."""
    scopes: frozenset[Action] | None = None
    """Only these actions, when the request bears an API key; None: all that the roles allow."""


def can(person: Person | None, action: Action, organisation: str = "") -> bool:
    """Whether this person may do that in this organisation; "" for what concerns the whole city.

    Nobody signed in, or a suspended account, may do nothing here; what is public needs no right.
    """
    if person is None or not reaches(person, action):
        return False
    right = RIGHTS[action]
    return (person.city_admin and right.city) or (
        organisation != "" and person.roles.get(organisation) in right.roles
    )


def reaches(person: Person, action: Action) -> bool:
    """Whether the account is active and its key, if it bears one, may be used for that; what the person may
    do is another question.
    """
    return person.active and (person.scopes is None or action in person.scopes)


def require(person: Person | None, action: Action, organisation: str = "") -> Person:
    """The person, when they may. Raises NotSignedIn when nobody is signed in, Refused otherwise."""
    if person is None:
        raise NotSignedIn("Connectez-vous d’abord.")
    if not can(person, action, organisation):
        raise Refused(
            Sentence(
                "Votre compte ne permet pas cette action : {title}.",
                title=Within(spoken(RIGHTS[action].title), capital=False),
            ),
            mend="Demandez ce rôle à l’administration de l’organisation.",
        )
    return person
