"""What is said of a dataset, edited by whoever answers for it: title, description, keywords, licence, contact,
rhythm, period; titles and descriptions of its resources. A new description makes no new version.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

from parvis.catalogue import vocabularies
from parvis.catalogue.manifest import Entry, Manifest
from parvis.core.errors import NotFound, Refused, UsageError
from parvis.core.language import mark
from parvis.core.types import Contact, Dataset, Resource
from parvis.decisions import clearing
from parvis.people.rights import Person, can, require
from parvis.publication import describing
from parvis.publication.describing import Place
from parvis.store import datasets
from parvis.web import words
from parvis.web.form import Again, Moved, Sent, form
from parvis.web.page import Page, Visit, page
from parvis.web.views.desk import Choice, Wrong

TEMPLATE = "describing.html"
PERSONAL = mark("Ces mots désignent quelqu’un, ou portent un numéro personnel.")
"""What is wrong with the words of one field."""
TITLE = 350
"""Characters of a title, as data.gouv.fr takes them."""
LONG = 20_000
"""Characters of a description."""
KEYWORDS = 50
"""Keywords of a dataset."""
_EMAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]{2,}")
_WEB = re.compile(r"https?://[^\s/]+\.[^\s]+$")
_INSEE = re.compile(r"\d[\dAB]\d{3}|\d{9}|\d{2,3}|\d[AB]")
"""Code of a commune, SIREN of an intercommunal body, code of a département or of a region."""
_FIELDS: Mapping[tuple[str, str], str] = {
    ("dataset", "title"): "titre",
    ("dataset", "description"): "description",
    ("dataset", "keywords"): "mots-cles",
    ("dataset", "contact_name"): "contact-nom",
    ("dataset", "contact_email"): "contact-courriel",
}


@dataclass(frozen=True, slots=True)
class ResourceWords:
    """One resource of the dataset."""

    id: Annotated[str, "Identifiant de la ressource."]
    title: Annotated[str, "Titre."]
    description: Annotated[str, "Description."]


@dataclass(frozen=True, slots=True)
class DescriptionPage:
    """What is said of a dataset, to be edited."""

    id: Annotated[str, "Identifiant du jeu."]
    state: Annotated[str, "draft, published ou archived."]
    title: Annotated[str, "Titre."]
    description: Annotated[str, "Description."]
    keywords: Annotated[tuple[str, ...], "Mots-clés."]
    licence: Annotated[str, "Code européen de la licence."]
    frequency: Annotated[str, "Fréquence de mise à jour, au vocabulaire de data.gouv.fr."]
    spatial: Annotated[str, "Code INSEE du territoire couvert, vide pour toute la ville."]
    contact: Annotated[Contact, "À qui écrire."]
    since: Annotated[str, "Premier jour couvert, vide s’il n’est pas dit."]
    until: Annotated[str, "Dernier jour couvert, vide s’il n’est pas dit."]
    themes: Annotated[tuple[Choice, ...], "Thèmes européens."]
    licences: Annotated[tuple[Choice, ...], "Licences possibles."]
    frequencies: Annotated[tuple[Choice, ...], "Fréquences possibles."]
    resources: Annotated[tuple[ResourceWords, ...], "Ressources du jeu."]
    may_clear: Annotated[
        bool, "Vrai si la personne peut dire que des mots ne désignent personne, ou avec son accord."
    ]
    may_publish: Annotated[bool, "Vrai si la personne peut dépublier le jeu, ou le remettre en ligne."]
    personal: Annotated[
        bool, "Vrai si le formulaire est renvoyé parce que des mots semblent désigner quelqu’un."
    ] = False
    wrong: Annotated[tuple[Wrong, ...], "Champs à corriger."] = ()


def describe(visit: Visit) -> DescriptionPage:
    """GET /jeux/{id}/description."""
    return shown(visit, *editable(visit, visit.params["id"]))


@dataclass(frozen=True, slots=True)
class Written:
    """What a form says of a dataset. page: the form as it was sent, with what is wrong with it."""

    said: Manifest
    texts: Sequence[Resource]
    page: DescriptionPage


def written(
    visit: Visit, sent: Sent, person: Person, dataset: Dataset, resources: Sequence[Resource]
) -> Written:
    """Read the fields of the form."""
    told, wrong = _read(dataset, sent)
    texts = tuple(
        replace(
            one,
            title=sent.text(f"titre-{n}")[:TITLE],
            description=sent.raw(f"description-{n}").strip()[:LONG],
        )
        for n, one in enumerate(resources, 1)
    )
    wrong += [
        Wrong(f"titre-{n}", mark("Donnez un titre à cette ressource."))
        for n, one in enumerate(texts, 1)
        if not one.title
    ]
    page = replace(
        shown(visit, person, told, texts),
        since=sent.text("depuis")[:30],
        until=sent.text("jusque")[:30],
        wrong=tuple(wrong),
    )
    said = Manifest(
        (),
        (told,),
        tuple(Entry(r, None, frozenset({"title", "description"})) for r in texts),
        {dataset.id: EDITED},
    )
    return Written(said, texts, page)


def save(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /jeux/{id}/description: keep it, unless a field is wrong or a word points at somebody."""
    person, dataset, resources = editable(visit, visit.params["id"])
    form_ = written(visit, sent, person, dataset, resources)
    here = f"/jeux/{dataset.id}/description"
    if form_.page.wrong:
        return Again(here, TEMPLATE, form_.page)
    cleared = sent.text("personne") == "1" and clearing.may_clear(person, dataset.publisher)
    places = () if cleared else describing.personal_words(visit.city, form_.said)
    if places:
        pointed = tuple(Wrong(field_of(p, form_.texts), PERSONAL) for p in places)
        return Again(here, TEMPLATE, replace(form_.page, personal=True, wrong=pointed))
    describing.keep(visit.city, form_.said, actor=person.id, cleared=cleared)
    return Moved(here, {"fait": "1"})


def publish(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /jeux/{id}/en-ligne: take the dataset off the public pages, or put it back."""
    person, dataset, resources = editable(visit, visit.params["id"])
    require(person, "publish", dataset.publisher)
    here = f"/jeux/{dataset.id}/description"
    if sent.text("en-ligne") == "non":
        describing.unpublish(visit.city, dataset.id, actor=person.id)
        return Moved(here, {"fait": "depublie"})
    try:
        describing.publish_again(visit.city, dataset.id, actor=person.id)
    except UsageError as personal:
        wrong = (Wrong("titre", personal.told),)
        return Again(here, TEMPLATE, replace(shown(visit, person, dataset, resources), wrong=wrong))
    return Moved(here, {"fait": "republie"})


EDITED = frozenset(
    {
        "title",
        "description",
        "keywords",
        "licence",
        "frequency",
        "spatial",
        "contact",
        "temporal",
        "themes",
    }
)
"""Fields of a dataset that the page edits."""


def editable(visit: Visit, dataset_id: str) -> tuple[Person, Dataset, Sequence[Resource]]:
    """Who asks, the dataset of that id and its resources. Raises NotSignedIn, NotFound, and Refused where the description
    is written by a service.
    """
    person = visit.person or require(None, "edit")
    with visit.city.db.read() as conn:
        dataset = datasets.dataset(conn, dataset_id)
        resources = datasets.resources(conn, dataset.id) if dataset is not None else ()
    if dataset is None or dataset.state == "withdrawn" or not can(person, "see-drafts", dataset.publisher):
        raise NotFound("Ce jeu de données n’existe pas, ou n’est pas de vos organisations.")
    if not clearing.may_clear(
        person, dataset.publisher
    ):  # whoever says that words are nobody's may write them
        require(person, "edit", dataset.publisher)
    if resources and all(r.source.startswith("service:") for r in resources):
        raise Refused(
            "Ce jeu est calculé par un service, qui écrit sa description à chaque calcul.",
            mend="Décrivez les jeux dont il est calculé.",
        )
    return person, dataset, resources


def shown(visit: Visit, person: Person, dataset: Dataset, resources: Sequence[Resource]) -> DescriptionPage:
    """The form, as the catalogue has it."""
    since, until = dataset.temporal or (None, None)
    language = visit.language
    licences = {code: one.title for code, one in vocabularies.LICENCES.items()}
    if dataset.licence not in licences:
        licences = {dataset.licence: dataset.licence, **licences}
    rhythms = {code: language.say(said) for code, said in words.FREQUENCIES.items()}
    chosen = dataset.frequency if dataset.frequency in rhythms else "unknown"
    return DescriptionPage(
        dataset.id,
        dataset.state,
        dataset.title,
        dataset.description,
        dataset.keywords,
        dataset.licence,
        chosen,
        dataset.spatial,
        _shown(dataset.contact),
        since.isoformat() if since else "",
        until.isoformat() if until else "",
        tuple(
            Choice(code, language.either(said.fr, said.en), code in dataset.themes)
            for code, said in vocabularies.THEMES.items()
        ),
        tuple(Choice(code, title, code == dataset.licence) for code, title in licences.items()),
        tuple(Choice(code, said, code == chosen) for code, said in rhythms.items()),
        tuple(ResourceWords(r.id, r.title, r.description) for r in resources),
        clearing.may_clear(person, dataset.publisher),
        can(person, "publish", dataset.publisher),
    )


def _shown(contact: Contact | None) -> Contact:
    """A contact as the form shows it: an address that no page can be at, which a manifest may have brought, is
    not offered again.
    """
    known = contact or Contact("")
    return known if not known.url or _WEB.match(known.url) else replace(known, url="")


def _read(dataset: Dataset, sent: Sent) -> tuple[Dataset, list[Wrong]]:
    """The dataset as the form says it, and what is wrong with it."""
    wrong: list[Wrong] = []
    title, licence, frequency = (sent.text(name) for name in ("titre", "licence", "frequence"))
    if not title:
        wrong.append(Wrong("titre", mark("Donnez un titre.")))
    elif len(title) > TITLE:
        wrong.append(Wrong("titre", mark("Ce titre est trop long : 350 caractères au plus.")))
    if licence not in {*vocabularies.LICENCES, dataset.licence}:
        wrong.append(Wrong("licence", mark("Choisissez une licence de la liste.")))
    if frequency not in words.FREQUENCIES:
        wrong.append(Wrong("frequence", mark("Choisissez une fréquence de la liste.")))
    keywords = tuple(
        dict.fromkeys(filter(None, (k.strip() for k in re.split(r"[,;\n]", sent.text("mots-cles")))))
    )
    if len(keywords) > KEYWORDS:
        wrong.append(Wrong("mots-cles", mark("Cinquante mots-clés au plus.")))
    spatial = sent.text("territoire").upper()
    if spatial and not _INSEE.fullmatch(spatial) and spatial != dataset.spatial:
        wrong.append(
            Wrong(
                "territoire",
                mark(
                    "Ce n’est pas un code INSEE : 5 caractères pour une commune (85191), 9 chiffres pour un EPCI."
                ),
            )
        )
    contact = Contact(
        sent.text("contact-nom")[:TITLE], sent.text("contact-courriel"), sent.text("contact-url")
    )
    wrong += _contact_faults(contact)
    temporal, ill = _period(sent.text("depuis"), sent.text("jusque"))
    wrong += ill
    themes = tuple(code for code in vocabularies.THEMES if code in sent.all("theme"))
    kept = tuple(code for code in dataset.themes if code not in vocabularies.THEMES)
    return replace(
        dataset,
        title=title[:TITLE],
        description=sent.raw("description").strip()[:LONG],
        keywords=keywords[:KEYWORDS],
        licence=licence,
        frequency=frequency,
        spatial=spatial[:20],
        contact=contact if contact != Contact("") else None,
        temporal=temporal,
        themes=(*themes, *kept),
    ), wrong


def _contact_faults(contact: Contact) -> Iterator[Wrong]:
    if contact.email and not _EMAIL.fullmatch(contact.email):
        yield Wrong("contact-courriel", mark("Ce n’est pas une adresse électronique."))
    if contact.url and not _WEB.match(contact.url):
        yield Wrong("contact-url", mark("Une adresse de page commence par https:// ou http://."))
    if (contact.email or contact.url) and not contact.name:
        yield Wrong("contact-nom", mark("Dites à quel service cette adresse écrit."))


def _period(since: str, until: str) -> tuple[tuple[date | None, date | None] | None, list[Wrong]]:
    days: list[date | None] = []
    wrong: list[Wrong] = []
    for field, text in (("depuis", since), ("jusque", until)):
        try:
            days.append(_day(text))
        except ValueError:
            days.append(None)
            wrong.append(Wrong(field, mark("Écrivez un jour du calendrier : 31/12/2026.")))
    first, last = days
    if first and last and first > last:
        wrong.append(Wrong("jusque", mark("La période finit avant de commencer.")))
    return ((first, last) if first or last else None), wrong


def _day(text: str) -> date | None:
    """A day as browsers send it (2026-12-31) or as people write it (31/12/2026); None without one. Raises
    ValueError.
    """
    if not text:
        return None
    if found := re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", text):
        return date(int(found[3]), int(found[2]), int(found[1]))
    return date.fromisoformat(text)


def field_of(place: Place, resources: Sequence[Resource]) -> str:
    """The field of the form in which the words of that place stand."""
    if place.thing == "dataset":
        return _FIELDS[place.thing, place.field]
    number = next(n for n, one in enumerate(resources, 1) if one.id == place.id)
    return f"{'titre' if place.field == 'title' else 'description'}-{number}"


PAGES: tuple[Page, ...] = (page("/jeux/{id}/description", describe, TEMPLATE, steady=False),)

ROUTES = (
    *form("/jeux/{id}/description", save, fields=400),
    *form("/jeux/{id}/en-ligne", publish),
)
