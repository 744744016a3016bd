"""The first run of a city: what it is called, how it looks and who administers it, asked once of whoever holds the link
that the terminal shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from parvis.administration import first_run
from parvis.administration.first_run import ACCENT, Start
from parvis.administration.logo import MOST_BYTES, drawn
from parvis.checks import territory
from parvis.checks.territory import Territory
from parvis.core.errors import ParvisError
from parvis.core.language import mark
from parvis.core.text import fold
from parvis.people import accounts
from parvis.people.passwords import SHORTEST, judge
from parvis.web.form import Again, Moved, Sent, form
from parvis.web.page import Visit, dump, send, visit_of
from parvis.web.views.desk import Wrong
from parvis.web.views.password import bound
from parvis.web.views.reauthentication import PASSWORDS

HERE = "/premiere-visite"
TEMPLATE = "first_run.html"
NEXT = "/depots/nouveau"
"""Where the first person goes once signed in."""


CHOICES = 2_000
"""Communes that a list can hold; of more, the name or the code is written."""


@dataclass(frozen=True, slots=True)
class KnownCommune:
    """A commune of the city's list."""

    insee: Annotated[str, "Code INSEE."]
    name: Annotated[str, "Nom."]


@dataclass(frozen=True, slots=True)
class FirstRunPage:
    """What is asked of the first person. Nothing of a password comes back."""

    link: Annotated[str, "Ce que porte le lien, rendu par le formulaire."]
    name: Annotated[str, "Nom de la collectivité."]
    insee: Annotated[str, "Code INSEE de la commune, ou SIREN du groupement."]
    communes: Annotated[
        tuple[KnownCommune, ...],
        "Communes que le dossier de la ville connaît, à choisir ; vide s’il en connaît trop.",
    ]
    accent: Annotated[str, "Couleur des liens et des boutons."]
    themed: Annotated[bool, "Vrai si le dossier de la ville a déjà son apparence (theme.css)."]
    contact: Annotated[str, "Adresse publique de l’équipe des données."]
    email: Annotated[str, "Adresse du premier compte."]
    person: Annotated[str, "Nom affiché du premier compte."]
    least: Annotated[int, "Nombre de caractères d’un mot de passe au moins."] = SHORTEST
    commune: Annotated[str, "Code de la commune choisie dans la liste, vide si aucune."] = ""
    wrong: Annotated[tuple[Wrong, ...], "Champs à corriger."] = ()


def show(request: Request) -> Response:
    """GET /premiere-visite?lien=: the form, for who holds the link; refused to others, whatever the city is."""
    visit = visit_of(request)
    return bound(request, visit, TEMPLATE, _empty(visit))


def twin(request: Request) -> Response:
    """GET /premiere-visite.json?lien=: the same as JSON."""
    body = dump(_empty(visit_of(request)))
    return send(request, body, "application/json", private=True, headers={"Cache-Control": "no-store"})


def begin(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /premiere-visite: the city and its first account, or what is wrong."""
    first_run.check(visit.city, sent.text("lien"))
    known = territory.load(visit.city.settings.folder)
    chosen = sent.text("commune") if sent.text("commune") in known.names else ""
    asked = Start(
        sent.text("nom")[:200],
        chosen or sent.text("insee").replace(" ", "").upper()[:9],
        (sent.text("couleur") or ACCENT).lower()[:7],
        sent.text("contact")[:200],
    )
    start = first_run.completed(asked, known)
    try:
        logo = _logo(sent)
    except ParvisError as refused:
        logo, unfit = b"", [Wrong("logo", refused.told)]
    else:
        unfit = []
    email, name, password = sent.text("courriel")[:200], sent.text("personne")[:200], _typed(sent, "nouveau")
    wrong = [*(Wrong(f.field, f.message) for f in first_run.faults(start)), *unfit]
    for field, address in (("contact", start.contact), ("courriel", email)):
        wrong += _address(field, address, needed=field == "courriel")
    try:
        judge(password, email, name, start.name)
    except ParvisError as refused:
        wrong.append(Wrong("nouveau", refused.told))
    else:
        if password != _typed(sent, "encore"):
            wrong.append(Wrong("encore", mark("Les deux mots de passe diffèrent.")))
    if wrong:
        page = FirstRunPage(
            sent.text("lien")[:100],
            start.name,
            start.insee,
            _choices(known),
            asked.accent,
            _themed(visit),
            start.contact,
            email,
            name,
            commune=chosen,
            wrong=tuple(wrong),
        )
        return Again(HERE, TEMPLATE, page)
    first_run.begin(
        visit.city,
        sent.text("lien"),
        start,
        email=email,
        person_name=name,
        password_hash=PASSWORDS.hash(password),
        logo=logo,
    )
    return Moved("/connexion", {"fait": "choisi", "suite": NEXT})


def _logo(sent: Sent) -> bytes:
    """The picture of a logo, empty where none was chosen. Raises UsageError for what is unfit."""
    chosen = sent.file("logo")
    return drawn(chosen.file.read(MOST_BYTES + 1)) if chosen is not None else b""


def _typed(sent: Sent, name: str) -> str:
    value = sent.fields.get(name)
    return value if isinstance(value, str) else ""


def _address(field: str, address: str, *, needed: bool) -> list[Wrong]:
    if not address and not needed:
        return []
    try:
        accounts.folded(address)
    except ParvisError as refused:
        return [Wrong(field, refused.told)]
    return []


def _choices(known: Territory) -> tuple[KnownCommune, ...]:
    """By name, as people look for them; none where they are too many for a list."""
    if len(known.names) > CHOICES:
        return ()
    by_name = sorted(known.names.items(), key=lambda one: (fold(one[1]), one[0]))
    return tuple(KnownCommune(insee, name) for insee, name in by_name)


def _themed(visit: Visit) -> bool:
    return (visit.city.settings.folder / "theme.css").exists()


def _empty(visit: Visit) -> FirstRunPage:
    link = visit.query.get("lien", "")[:100]
    first_run.check(visit.city, link)
    of = visit.city.settings.city
    known = territory.load(visit.city.settings.folder)
    name = "" if of.name == type(of)().name else of.name
    return FirstRunPage(
        link,
        name,
        of.insee,
        _choices(known),
        ACCENT,
        _themed(visit),
        of.contact,
        "",
        "",
    )


ROUTES = (
    *(Route(prefix + HERE, show, methods=["GET"]) for prefix in ("", "/en")),
    *(Route(prefix + HERE + ".json", twin, methods=["GET"]) for prefix in ("", "/en")),
    *form(HERE, begin),
)
