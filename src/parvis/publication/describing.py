"""What is said of a dataset and its resources, changed by hand: by a `datasets.toml` or on a page.

A new description makes no new version. What visitors would read at once is searched for people first; the
words of a draft are searched with its first version (`pipeline`).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Literal, TypeVar

from sqlalchemy import Connection

from parvis.catalogue.manifest import Manifest
from parvis.core.errors import NotFound, UsageError
from parvis.core.sentence import Sentence
from parvis.core.types import Dataset, Resource
from parvis.people import city_secret
from parvis.privacy import surrounding_words
from parvis.publication import access, version_files
from parvis.publication.city import City
from parvis.store import column_words, datasets, journal
from parvis.store.column_words import ColumnWords, Said
from parvis.store.datasets import State

Key = TypeVar("Key")

DESCRIBED = "described"
"""Verb: a person changed what is said of a dataset; ids: the fields, parted by dots."""
CLEARED = "words-cleared"
"""Verb: somebody who may said that words of a dataset are nobody's, or stand there with leave; ids: their
mark.
"""
HIDDEN, SHOWN = "unpublished", "published-again"
"""Verbs: a dataset is taken off the public pages with nothing destroyed; it is put back."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where words stand: in which thing of the catalogue, in which of its fields."""

    thing: Literal["organisation", "dataset", "resource"]
    id: str
    field: str
    column: str = ""
    """Of a resource, the column that the words are said of; "" when they are of the resource itself."""

    @property
    def dataset(self) -> str:
        """Id of the dataset that it is of, "" for an organisation."""
        return "" if self.thing == "organisation" else self.id.partition("/")[0]

    def __str__(self) -> str:
        """As a person reads it.

        >>> str(Place("dataset", "arbres", "contact_name"))
        'jeu « arbres », nom du contact'
        """
        of = f", colonne « {self.column} »" if self.column else ""
        return f"{_THINGS[self.thing]} « {self.id} »{of}, {_FIELDS[self.field]}"


_THINGS: Mapping[str, str] = {"organisation": "organisation", "dataset": "jeu", "resource": "ressource"}
_FIELDS: Mapping[str, str] = {
    "name": "nom",
    "title": "titre",
    "description": "description",
    "keywords": "mots-clés",
    "contact_name": "nom du contact",
    "contact_email": "adresse du contact",
    "unit": "unité",
}


def dataset_words(dataset: Dataset) -> Mapping[str, str]:
    """What a dataset says in words that visitors read, by field."""
    contact = dataset.contact
    return {
        "title": dataset.title,
        "description": dataset.description,
        "keywords": ", ".join(dataset.keywords),
        "contact_name": contact.name if contact else "",
        "contact_email": surrounding_words.named_mailbox(contact.email) if contact else "",
    }


def resource_words(resource: Resource) -> Mapping[str, str]:
    """The same of a resource."""
    return {"title": resource.title, "description": resource.description}


def not_cleared(city: City, conn: Connection, dataset: str, words: Mapping[Key, str]) -> dict[Key, str]:
    """Those of these words of a dataset that nobody said to be nobody's."""
    known = {event.ids["mark"] for event in journal.about(conn, dataset, (CLEARED,))}
    if not known:
        return dict(words)
    key = _key(city)
    return {place: text for place, text in words.items() if _mark(key, text) not in known}


def _key(city: City) -> bytes:
    return city_secret.storage_key(city.settings, "cleared-words")


def _mark(key: bytes, text: str) -> str:
    """What cleared words are known by: the journal holds no content."""
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]


def personal_words(city: City, manifest: Manifest) -> tuple[Place, ...]:
    """Where a description says something of somebody that visitors would read as soon as it is kept: in words
    of an organisation, or of what is published, that are not there yet and that nobody cleared.
    """
    with city.db.read() as conn:
        words = dict(_read_at_once(conn, manifest))
        for dataset in {place.dataset for place in words}:
            mine = {place: text for place, text in words.items() if place.dataset == dataset}
            uncleared = not_cleared(city, conn, dataset, mine)
            words = {place: text for place, text in words.items() if place not in mine or place in uncleared}
    return _personal(words)


def _personal(words: Mapping[Place, str]) -> tuple[Place, ...]:
    """Those of these places whose words say something of somebody."""
    keyed = dict(zip(map(str, count()), words, strict=False))
    keys = surrounding_words.says({key: words[place] for key, place in keyed.items()})
    return tuple(keyed[key] for key in keys)


def keep(city: City, manifest: Manifest, *, actor: str, cleared: bool = False) -> None:
    """Write a description into the catalogue; datasets and resources that exist keep what it has no word on.

    actor: who describes; what is changed of a dataset that exists is an event. cleared: `actor` may say that
    the words are nobody's, and says so; they are known from then on. Raises UsageError where words point at
    somebody, naming the places, and for a publisher that is no organisation.
    """
    places = personal_words(city, manifest)
    if places and not cleared:
        raise _pointing(places)
    with city.db.begin() as conn:
        _clear(city, conn, dict(_read_at_once(conn, manifest)) if places else {}, places, actor)
        for organisation in manifest.organisations:
            datasets.save_organisation(conn, organisation)
        _known_publishers(conn, manifest)
        closed: list[str] = []
        for each in manifest.datasets:
            before = datasets.dataset(conn, each.id)
            closed += access.describe(conn, each, manifest.said.get(each.id), actor=actor, at=city.now())
            after = datasets.dataset(conn, each.id)
            if before is not None and after is not None:
                _note(city, conn, each.id, _changed(before, after), actor)
        for entry in manifest.entries:
            former = datasets.resource(conn, entry.resource.id)
            described = datasets.describe_resource(conn, entry.resource, entry.said)
            if former is not None:
                _note(city, conn, described.dataset, _changed(former, described), actor)
    version_files.settle(city, closed)


def _known_publishers(conn: Connection, manifest: Manifest) -> None:
    known = [o.id for o in datasets.organisations(conn)]
    for each in manifest.datasets:
        if each.publisher not in known and "publisher" in manifest.said.get(each.id, ("publisher",)):
            raise UsageError(
                Sentence("Organisation inconnue : « {organisation} ».", organisation=each.publisher),
                mend=Sentence("Organisations : {list}.", list=", ".join(known)) if known else "",
            )


def _pointing(places: Sequence[Place]) -> UsageError:
    return UsageError(
        Sentence(
            "Ces intitulés désignent quelqu’un, ou portent un numéro personnel : {listed}.",
            listed=", ".join(map(str, places)),
        ),
        mend="Écrivez-les sans nommer personne.",
    )


def _clear(
    city: City, conn: Connection, words: Mapping[Place, str], places: Sequence[Place], actor: str
) -> None:
    key = _key(city) if places else b""
    for place in places:
        ids = {"mark": _mark(key, words[place])}
        journal.append(
            conn, at=city.now(), actor=actor, verb=CLEARED, subject=place.dataset or place.id, ids=ids
        )


def column_places(resource: str, by_column: Said) -> Mapping[Place, str]:
    """What is said of the columns of a resource, by the place where it stands."""
    return {
        Place("resource", resource, field, name): text
        for name, words in by_column.items()
        for field, text in (
            ("title", words.title),
            ("description", words.description),
            ("unit", words.unit),
        )
        if text
    }


def personal_columns(city: City, resource: Resource, by_column: Said) -> tuple[Place, ...]:
    """Where what is said of columns points at somebody, in words that are not there yet and that nobody cleared;
    nothing while nobody reads them: they are searched with the first version.
    """
    with city.db.read() as conn:
        dataset = datasets.dataset(conn, resource.dataset)
        if dataset is None or dataset.state != "published":
            return ()
        known = column_places(resource.id, column_words.of(conn, [resource.id]).get(resource.id, {}))
        new = {p: text for p, text in column_places(resource.id, by_column).items() if known.get(p) != text}
        new = not_cleared(city, conn, resource.dataset, new)
    return _personal(new)


def keep_columns(
    city: City, resource: Resource, by_column: Said, *, actor: str, cleared: bool = False
) -> None:
    """Write what is said of the columns of a resource; the version stays the one it is. cleared and raised as in
    `keep`.
    """
    places = personal_columns(city, resource, by_column)
    if places and not cleared:
        raise _pointing(places)
    with city.db.begin() as conn:
        before = column_words.of(conn, [resource.id]).get(resource.id, {})
        _clear(city, conn, column_places(resource.id, by_column), places, actor)
        if any(before.get(name, ColumnWords()) != words for name, words in by_column.items()):
            column_words.save(conn, resource.id, by_column)
            _note(city, conn, resource.dataset, ("columns",), actor)


def pointing(city: City, dataset_id: str) -> tuple[Place, ...]:
    """Where words of a dataset, its resources and their columns point at somebody, but those that were cleared:
    whether visitors read them already or not.
    """
    with city.db.read() as conn:
        dataset = datasets.dataset(conn, dataset_id)
        resources = datasets.resources(conn, dataset_id)
        words: dict[Place, str] = {}
        for thing in (dataset, *resources) if dataset else ():
            kind, texts = (
                ("dataset", dataset_words(thing))
                if isinstance(thing, Dataset)
                else ("resource", resource_words(thing))
            )
            words |= {Place(kind, thing.id, field): text for field, text in texts.items() if text}
        for id_, by_column in column_words.of(conn, [r.id for r in resources]).items():
            words |= column_places(id_, by_column)
        words = not_cleared(city, conn, dataset_id, words)
    return _personal(words)


def refuse_pointing(city: City, dataset_id: str) -> None:
    """Raises UsageError where `pointing` finds a place, naming it."""
    if places := pointing(city, dataset_id):
        raise _pointing(places)


def unpublish(city: City, dataset_id: str, *, actor: str) -> None:
    """Take a dataset off every public face. Nothing is destroyed; services that compute from it go on. Raises
    NotFound where it is not published.
    """
    _move(city, dataset_id, "published", "archived", HIDDEN, actor)


def publish_again(city: City, dataset_id: str, *, actor: str) -> None:
    """Put back what was taken off. Raises NotFound where it was not, UsageError where its words, changed since,
    point at somebody.
    """
    refuse_pointing(city, dataset_id)
    _move(city, dataset_id, "archived", "published", SHOWN, actor)


def _move(city: City, dataset_id: str, before: State, after: State, verb: str, actor: str) -> None:
    with city.db.begin() as conn:
        dataset = datasets.dataset(conn, dataset_id)
        if dataset is None or dataset.state != before:
            raise NotFound("Ce jeu de données n’existe pas, ou son état a changé entre-temps.")
        datasets.save_dataset(conn, replace(dataset, state=after))
        journal.append(conn, at=city.now(), actor=actor, verb=verb, subject=dataset_id)


def _note(city: City, conn: Connection, dataset: str, changed: tuple[str, ...], actor: str) -> None:
    if changed:
        journal.append(
            conn,
            at=city.now(),
            actor=actor,
            verb=DESCRIBED,
            subject=dataset,
            ids={"fields": ".".join(changed)},
        )


def _changed(before: Dataset | Resource, after: Dataset | Resource) -> tuple[str, ...]:
    """Names of the fields that differ."""
    return tuple(f for f in type(before).__slots__ if getattr(before, f) != getattr(after, f))


def _read_at_once(conn: Connection, manifest: Manifest) -> Iterator[tuple[Place, str]]:
    """The words of a description that visitors read as soon as they are kept and that are not there yet."""
    for body in manifest.organisations:
        known = datasets.organisation(conn, body.id)
        before = (known.name, known.description) if known else ()
        for field, text in (("name", body.name), ("description", body.description)):
            if text and text not in before:
                yield Place("organisation", body.id, field), text
    for one in manifest.datasets:
        dataset = datasets.dataset(conn, one.id)
        if dataset is not None and dataset.state == "published":
            visible = set(dataset_words(dataset).values())
            for field, text in dataset_words(one).items():
                if text and text not in visible:
                    yield Place("dataset", one.id, field), text
    for entry in manifest.entries:
        dataset = datasets.dataset(conn, entry.resource.dataset)
        former = datasets.resource(conn, entry.resource.id)
        if dataset is not None and dataset.state == "published" and former is not None:
            visible = set(resource_words(former).values())
            for field, text in resource_words(entry.resource).items():
                if text and text not in visible:
                    yield Place("resource", entry.resource.id, field), text
