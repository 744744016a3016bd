"""The words that go out beside the cells of a table: titles, descriptions, contacts, names of sheets and files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from parvis.core.reading import RawTable
from parvis.core.types import (
    Resource,
)
from parvis.publication import (
    describing,
)
from parvis.publication.city import City
from parvis.store import (
    column_words,
    datasets,
)


def words_beside(city: City, resource: Resource, raw: RawTable) -> Mapping[str, str]:
    """What goes out beside the cells of a table, by the place where it stands."""
    with city.db.read() as conn:
        dataset = datasets.dataset(conn, resource.dataset)
        file = resource.source.removeprefix("upload:") if resource.source.startswith("upload:") else ""
        words = {
            **(
                {_OF_DATASET[f]: text for f, text in describing.dataset_words(dataset).items()}
                if dataset
                else {}
            ),
            "titre de la ressource": resource.title,
            "description de la ressource": resource.description,
            "nom de la feuille ou du membre": raw.name,
            "nom du fichier d’origine": file,
            **{
                f"ce qui est dit d’une colonne ({number})": text
                for number, text in enumerate(_of_columns(conn, resource), 1)
            },
        }
        return describing.not_cleared(city, conn, resource.dataset, words)


def _of_columns(conn: Connection, resource: Resource) -> Iterable[str]:
    by_column = column_words.of(conn, [resource.id]).get(resource.id, {})
    return describing.column_places(resource.id, by_column).values()


_OF_DATASET: Mapping[str, str] = {
    "title": "titre du jeu",
    "description": "description du jeu",
    "keywords": "mots-clés",
    "contact_name": "nom du contact",
    "contact_email": "adresse du contact",
}
