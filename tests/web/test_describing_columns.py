"""The page on which the columns of a table get a title, a unit and a meaning, beside a version that stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx import Response
from starlette.testclient import TestClient

from parvis.core.types import PUBLIC, Schema, Version
from parvis.decisions import takedown
from parvis.publication import describing
from parvis.publication.city import City
from parvis.store import column_words, datasets, journal, versions
from parvis.store.column_words import ColumnWords, worded
from tests.cities import sharecity, webcity
from tests.cities.sharecity import token
from tests.web.test_describing import browser

PAGE = "/jeux/prenoms/colonnes"


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    sharecity.build(tmp_path)
    made = webcity.open_again(tmp_path, base_url="http://testserver")
    yield made
    sharecity.close(made)


def send(client: TestClient, **changed: str) -> Response:
    """The form as the page shows it, some fields changed."""
    shown = client.get(f"{PAGE}.json").json()
    fields = {"csrf": token(client.get(PAGE).text), "ressource": shown["resource"]}
    for n, one in enumerate(shown["columns"], 1):
        fields |= {
            f"titre-{n}": one["title"],
            f"unite-{n}": one["unit"],
            f"description-{n}": one["description"],
        }
    return client.post(PAGE, data=fields | changed)


def served(city: City) -> Version:
    with city.db.read() as conn:
        found = versions.served(conn, "prenoms/prenoms", PUBLIC)
    assert found is not None
    return found


def place(city: City, name: str) -> int:
    """Number of a column in the form."""
    return served(city).schema.names.index(name) + 1


def test_words_of_columns_are_on_every_face_and_the_version_is_the_same(city: City) -> None:
    before, n = served(city), place(city, "nombre")
    rows = "/api/explore/v2.1/catalog/datasets/prenoms/exports/json"
    data = browser(city).get(rows).content
    said = {
        f"titre-{n}": "Naissances",
        f"unite-{n}": "enfants",
        f"description-{n}": "Dans l’année, dès trois.",
    }
    assert send(browser(city, "qualite"), **said).status_code == 303
    after = served(city)
    assert (after.digest, after.files) == (before.digest, before.files)
    column = after.schema.column("nombre")
    assert column is not None
    assert (column.title, column.unit, column.description) == (
        "Naissances",
        "enfants",
        "Dans l’année, dès trois.",
    )
    assert {c.name: c.title for c in after.schema.columns if c.name != "nombre"} == {
        c.name: c.title for c in before.schema.columns if c.name != "nombre"
    }
    public = browser(city)
    for face in (
        "/jeux/prenoms",
        "/jeux/prenoms.json",
        "/api/explore/v2.1/catalog/datasets/prenoms",
        "/jeux/prenoms/datapackage.json",
    ):
        assert "Naissances" in public.get(face).text, face
    assert public.get(rows).content == data
    with city.db.read() as conn:
        (event,) = journal.of(conn, "prenoms", verb=describing.DESCRIBED)
    assert (event.ids["fields"], event.actor) == ("columns", "qualite")


def test_nothing_changed_is_no_event_and_what_is_emptied_goes_back_to_what_the_version_says(
    city: City,
) -> None:
    client, n = browser(city, "qualite"), place(city, "nombre")
    own = served(city).schema.column("nombre")
    assert send(client).status_code == 303
    assert send(client, **{f"titre-{n}": "Naissances"}).status_code == 303
    assert send(client, **{f"titre-{n}": ""}).status_code == 303
    back = served(city).schema.column("nombre")
    assert own is not None
    assert back is not None
    assert (back.title, back.unit, back.description) == (own.title, own.unit, own.description)


def test_words_that_point_at_somebody_wait_and_are_remembered(city: City) -> None:
    clerk, officer, n = browser(city, "qualite"), browser(city, "dpo"), place(city, "nombre")
    field = {f"description-{n}": "Demander à Mme Zéphyrine Quatresous, 06 12 34 56 78"}
    answer = send(clerk, **field, personne="1")
    assert answer.status_code == 422
    assert f'href="#description-{n}"' in answer.text
    assert "Quatresous" in answer.text
    assert "Quatresous" not in browser(city).get("/jeux/prenoms").text
    assert send(officer, **field, personne="1").status_code == 303
    assert "Quatresous" in browser(city).get("/jeux/prenoms").text
    assert send(clerk, **field, **{f"titre-{n}": "Naissances"}).status_code == 303


def test_too_long_is_shown_again_with_all_that_was_typed(city: City) -> None:
    answer = send(browser(city, "qualite"), **{"titre-1": "é" * 201, "description-2": "Fille ou garçon."})
    assert answer.status_code == 422
    assert 'href="#titre-1"' in answer.text
    assert "Fille ou garçon." in answer.text


def test_a_takedown_takes_the_words_of_columns_along(city: City) -> None:
    assert send(browser(city, "qualite"), **{"titre-1": "Prénom de naissance"}).status_code == 303
    takedown.withdraw(city, "prenoms", why="Un essai de retrait.", actor="admin")
    with city.db.read() as conn:
        assert column_words.of(conn, ["prenoms/prenoms"]) == {}


def test_a_table_of_which_nothing_was_read_says_so(city: City) -> None:
    with city.db.begin() as conn:
        one = datasets.resources(conn, "prenoms")[0]
        datasets.save_resource(conn, type(one)("prenoms/vide", "prenoms", "Vide"))
    assert browser(city, "qualite").get(f"{PAGE}?ressource=vide").status_code == 404


def test_what_is_said_of_a_column_that_is_gone_changes_nothing() -> None:
    assert worded(Schema(), {"gone": ColumnWords("Titre")}) == Schema()
