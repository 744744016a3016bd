"""Who may come by which address with which method, as the table of rights says it: what
`tests/acceptance/test_route_matrix.py` holds the portal to.

`python -m tests.access` writes docs/access.md.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI
from starlette.routing import BaseRoute

from parvis.people.rights import RIGHTS, Action, Person, Role, can
from parvis.services.study import WHO

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "access.md"

HOME = "vivre"
"""The organisation that everything of the story belongs to."""

PEOPLE: Mapping[str, Person | None] = {
    "anonymous": None,
    "stranger": Person("stranger"),
    "neighbour": Person("neighbour", roles={"ailleurs": "admin"}),
    "member": Person("member", roles={"ailleurs": "reader"}),
    **{
        name: Person(name, roles={HOME: role})  # pyright: ignore[reportArgumentType] (each is a Role)
        for name, role in {
            "reader": "reader",
            "sender": "publisher",
            "admin": "admin",
            "steward": "steward",
            "dpo": "dpo",
            "delegate": "delegate",
        }.items()
    },
    "mayor": Person("mayor", city_admin=True),
}  # type: ignore[dict-item]
"""Nobody; an account without a role; another organisation's administrator; one of the group that a table is
shared with; each role of `HOME`; who administers the city.
"""

TITLES: Mapping[str, str] = {
    "anonymous": "nobody signed in", "stranger": "an account without a role", "neighbour": "another organisation's administrator",
    "member": "a member of the group", "reader": "reader", "sender": "publisher", "admin": "administrator", "steward": "steward", "dpo": "dpo",
    "delegate": "delegate", "mayor": "who administers the city",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Needs:
    """What an address asks for. said: how docs/access.md says it."""

    said: str
    them: frozenset[str]


def _all() -> Needs:
    return Needs("everybody", frozenset(PEOPLE))


def _account() -> Needs:
    return Needs("an account", frozenset(PEOPLE) - {"anonymous"})


def _here(*actions: Action) -> Needs:
    """One of these rights in the organisation that the thing belongs to."""
    return Needs(
        " or ".join(f"`{a}`" for a in actions) + " in its organisation",
        frozenset(n for n, p in PEOPLE.items() if any(can(p, a, HOME) for a in actions)),
    )


def _somewhere(*actions: Action) -> Needs:
    """One of these rights in some organisation: the page shows what is of those."""
    return Needs(
        " or ".join(f"`{a}`" for a in actions) + " somewhere",
        frozenset(
            n for n, p in PEOPLE.items() if any(can(p, a, o) for a in actions for o in ("", HOME, "ailleurs"))
        ),
    )


def _city(action: Action) -> Needs:
    """A right over the whole city."""
    return Needs(f"`{action}`, over the city", frozenset(n for n, p in PEOPLE.items() if can(p, action)))


def _group() -> Needs:
    return Needs("a member of the group, while it is shared", frozenset({"member"}))


def _study() -> Needs:
    """Who may ask for the study of the address: by its declaration, these roles in any organisation."""
    return Needs(
        "a role that the study names, in any organisation",
        frozenset(n for n, p in PEOPLE.items() if p and (p.city_admin or WHO & set(p.roles.values()))),
    )


def _own_run() -> Needs:
    """Whose matter a run is: it was asked for by an account of `HOME`."""
    return Needs(
        "who asked for the run, who works beside them, or who administers the city",
        frozenset(
            n for n in STUDY.them if (p := PEOPLE[n]) is not None and (p.city_admin or HOME in p.roles)
        ),
    )


ALL, ACCOUNT, GROUP, STUDY = _all(), _account(), _group(), _study()
SERVICE = Needs("a member of the group for whom the service is", GROUP.them)
SEE = _here("see-drafts")
EDIT = _here("edit")

NEEDED: Mapping[str, Mapping[str, Needs]] = {
    "/alertes/a-valider": {"GET": _somewhere("publish"), "POST": _somewhere("publish")},
    "/comptes": {"GET": _somewhere("manage-members", "manage-people"), "POST": _somewhere("manage-members", "manage-people")},
    "/comptes/essai-courriel": {"POST": _city("manage-people")},
    "/comptes/{id}": {"GET": _here("manage-members", "manage-people")},
    "/decisions": {"GET": _somewhere("advise", "decide", "see-register", "keep-breaches", "manage-groups")},
    "/depots": {"GET": _somewhere("see-drafts")},
    "/depots/nouveau": {"GET": _somewhere("send"), "POST": _somewhere("send")},
    "/depots/{id}": {"GET": SEE},
    "/depots/{id}/avis": {"POST": _here("advise")},
    "/depots/{id}/decider": {"POST": _here("decide")},
    "/depots/{id}/decision": {"GET": SEE},
    "/depots/{id}/diffuser": {"POST": _here("accept", "publish")},
    "/depots/{id}/partage": {"GET": _here("share"), "POST": _here("share")},
    "/depots/{id}/partage/fin": {"POST": _here("share")},
    "/depots/{id}/anonymiser": {"POST": _here("edit")},
    "/depots/{id}/sans-colonnes": {"POST": _here("edit")},
    "/depots/{id}/pas-une-personne": {"POST": _here("advise", "decide")},
    "/depots/{id}/relecture": {"POST": _here("edit")},
    "/depots/{id}/relancer": {"POST": _here("send")},
    "/depots/{id}/masque": {"POST": _here("send")},
    "/depots/{id}/suivi": {"GET": SEE},
    "/depots/{id}/secrets": {"POST": _here("sign")},
    "/etudes": {"GET": ACCOUNT},
    "/etudes/{name}": {"GET": STUDY, "POST": STUDY},
    "/etudes/{name}/comparer": {"GET": STUDY},
    "/etudes/{name}/reponse.geojson": {"GET": STUDY},
    "/etudes/{name}/{run}": {"GET": STUDY},
    "/etudes/{name}/{run}/arreter": {"POST": _own_run()},
    "/etudes/{name}/{run}/publier": {"POST": STUDY},
    "/etudes/{name}/{run}/{part}": {"GET": STUDY},
    "/groupes": {"GET": _somewhere("manage-groups"), "POST": _somewhere("manage-groups")},
    "/groupes/{id}": {"GET": _here("manage-groups")},
    "/groupes/{id}/fermer": {"POST": _here("manage-groups")},
    "/groupes/{id}/membres": {"POST": _here("manage-groups")},
    "/groupes/{id}/retirer": {"POST": _here("manage-groups")},
    "/jeux/{id}/anonymisation": {"GET": EDIT, "POST": EDIT},
    "/jeux/{id}/colonnes": {"GET": _here("edit", "advise", "decide"), "POST": _here("edit", "advise", "decide")},
    "/jeux/{id}/description": {"GET": _here("edit", "advise", "decide"), "POST": _here("edit", "advise", "decide")},
    "/jeux/{id}/en-ligne": {"POST": _here("publish")},
    "/jeux/{id}/recette": {"GET": EDIT, "POST": EDIT},
    "/jeux/{id}/recette/fichier": {"POST": EDIT},
    "/jeux/{id}/releves-retenus": {"GET": _here("see-held"), "POST": _here("advise", "decide")},
    "/mon-compte": {"GET": ACCOUNT, "POST": ACCOUNT},
    "/mon-compte/securite": {"GET": ACCOUNT},
    **{f"/mon-compte/securite/{step}": {"POST": ACCOUNT} for step in ("commencer", "confirmer", "codes", "retirer", "cles", "cles/nouvelle", "cles/retirer", "sessions", "programmes")},
    "/partages": {"GET": ACCOUNT},
    "/partages/{id}": {"GET": GROUP},
    "/partages/{id}/export/{format}": {"GET": GROUP},
    **{f"/partages/services/{{name}}{part}": {"GET": SERVICE} for part in ("", "/carte.geojson", "/reponse.geojson", "/{file}")},
    "/partages/services/{name}/accord": {"POST": SERVICE},
    "/flux": {"GET": _somewhere("see-drafts"), "POST": _somewhere("publish")},
    "/registre": {"GET": _somewhere("see-register")},
    "/registre/colonnes": {"POST": _somewhere("advise", "decide")},
    "/registre.csv": {"GET": _somewhere("see-register")},
    "/registre.pdf": {"GET": _somewhere("see-register")},
    "/registre/{id}": {"GET": _here("see-register")},
    "/registre/{id}.pdf": {"GET": _here("see-register")},
    "/retirer": {"GET": ACCOUNT, "POST": _here("withdraw")},
    "/retraits": {"GET": _somewhere("withdraw", "see-journal")},
    "/retraits/{id}": {"GET": _here("withdraw", "see-journal")},
    "/retraits/{id}/accord": {"POST": _here("withdraw")},
    "/terrain": {"GET": ACCOUNT},
    "/terrain/etudes/{name}/{run}": {"GET": STUDY, "POST": STUDY},
    "/terrain/{id}": {"GET": _here("send"), "POST": _here("send")},
    "/terrain/{id}/protocole": {"GET": EDIT, "POST": EDIT},
    "/terrain/{id}/{position}": {"POST": _here("send")},
    "/violations": {"GET": _somewhere("keep-breaches"), "POST": _somewhere("keep-breaches")},
    "/violations/{id}": {"GET": _here("keep-breaches"), "POST": _here("keep-breaches")},
    **{f"/comptes/{{id}}/{verb}": {"POST": _city("manage-people")} for verb in ("administrer", "effacer", "lien", "ne-plus-administrer", "retablir", "suspendre")},
    **{f"/comptes/{{id}}/{verb}": {"POST": _somewhere("manage-members")} for verb in ("role", "reprendre")},
}  # fmt: skip
"""What is not for everybody. An address that is not here, nor among `OPEN`, is told by the test."""

OPEN: Sequence[str] = (
    "/", "/.well-known/security.txt", "/a-propos", "/accessibilite", "/alertes", "/alertes.atom", "/alertes/cap/{id}.xml", "/alertes/confirmer/{token}", "/apercu/{token}",
    "/alertes/envoye", "/alertes/journal", "/alertes/message/{id}", "/alertes/quitter/{token}", "/api", "/carte/fond.geojson", "/chez-moi", "/connexion", "/connexion/cle", "/connexion/code", "/controles",
    "/controles/{code}", "/deconnexion", "/donnees-personnelles", "/effets", "/favicon.ico", "/healthz", "/metrics", "/jeux/{id}/usage", "/manifest.webmanifest", "/mentions-legales", "/metadonnees",
    "/mot-de-passe", "/mot-de-passe/nouveau", "/premiere-visite", "/premiere-visite.json", "/plan-du-site", "/robots.txt", "/security.txt", "/sitemap.xml", "/verifier", "/verifier/donnees-personnelles",
    "/integrer/{id}/carte", "/integrer/{id}/graphique", "/integrer/{id}/table", "/jeux", "/jeux/{id}", "/jeux/{id}.atom", "/jeux/{id}/calcul", "/jeux/{id}/carte.geojson", "/jeux/{id}/decision", "/jeux/{id}/metadonnees", "/jeux/{id}/qualite",
    "/jeux/{id}/qualite.svg", "/jeux/{id}/graphique", "/organisations", "/organisations/{id}", "/qualite", "/qualite/regressions.atom", "/qualite/{id}", "/schemas",
)  # fmt: skip
"""What anybody may come by, whoever they are; what they see there is what is published."""

OPEN_BELOW: Sequence[str] = (
    "/api/",
    "/catalogue",
    "/jeux/{id}.",
    "/jeux/{id}/datapackage",
    "/schemas/",
    "/services",
    "/static/",
)


def bare(path: str) -> str:
    """The address in French, as a page: `/en/jeux/{id}.json` is `/jeux/{id}`."""
    path = path.removeprefix("/en") or "/"
    path = path.removesuffix(".json") if not path.startswith(("/api/", "/catalogue")) else path
    return "/" if path == "/index" else path


def needs(path: str, method: str) -> Needs:
    """What a route asks for. Raises KeyError for one that nobody thought of."""
    plain = bare(path)
    if plain in NEEDED:
        return NEEDED[plain]["GET" if method == "HEAD" else method]
    if plain in OPEN or plain.startswith(tuple(OPEN_BELOW)):
        return ALL
    raise KeyError(
        f"{method} {path}: who may? Say it in tests/access.py, and `python -m tests.access` writes docs/access.md again."
    )


def table(app: FastAPI) -> Mapping[str, frozenset[str]]:
    """Every address of the route table, with its methods."""
    found: dict[str, set[str]] = {}

    def below(known: Sequence[BaseRoute], before: str) -> None:
        for route in known:
            path = before + getattr(route, "path", "")
            methods = getattr(route, "methods", None)
            if methods is None:
                below(getattr(route, "routes", None) or [], path)
            else:
                found.setdefault(path, set()).update(methods)

    below(app.routes, "")
    return {path: frozenset(methods) for path, methods in sorted(found.items())}


def page() -> Iterator[str]:
    """docs/access.md."""
    yield "<!-- Written by `python -m tests.access`, and held by the test of the matrix: change tests/access.py, not this page. -->\n\n# Who may do what, by address\n\n"
    yield "Rights come from one table (`parvis.people.rights`). What is not listed here anybody may come by, and is shown what is published. The English address (`/en…`)\n"
    yield "and the `.json` twin of a page ask for the same. Whoever may not is sent to sign in (401 for a program), refused (403), or told that nothing is there (404).\n\n"
    yield "## Rights\n\n| right | what | roles, in their organisation | over the whole city |\n|---|---|---|---|\n"
    roles: Sequence[Role] = ("admin", "publisher", "steward", "dpo", "delegate", "reader")
    for right in RIGHTS.values():
        yield f"| `{right.action}` | {right.title} | {', '.join(r for r in roles if r in right.roles) or 'nobody'} | {'who administers the city' if right.city else 'nobody'} |\n"
    yield "\n## Addresses\n\n| address | method | needs | let in |\n|---|---|---|---|\n"
    for path, methods in sorted(NEEDED.items()):
        for method, asked in methods.items():
            yield f"| `{path}` | {method} | {asked.said} | {', '.join(TITLES[n] for n in PEOPLE if n in asked.them)} |\n"


if __name__ == "__main__":
    PAGE.write_text("".join(page()), "utf-8")
    sys.stderr.write(f"{PAGE.name} written\n")
