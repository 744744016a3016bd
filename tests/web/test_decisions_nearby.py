"""Decisions of the council around an address: names of places in what they are about, never names of people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from parvis.core.types import Column, Dataset, Resource
from parvis.publication.city import City
from parvis.web.app import create_app
from parvis.web.decisions_nearby import NamedPlace, index, named_in
from parvis.web.places import header
from tests.cities import webcity

NAMES = (
    "rue Jean-Macé", "Rue de la Gare", "rue de la Gare Haute", "Avenue de la République", "École Louise-Michel", "Jean Macé", "Louise Michel",
    "Saint-Exupéry", "Boulodrome Les Tanneries", "Boulodrome du Port", "Gare", "rue du",
)  # fmt: skip


def names(text: str, *extra: NamedPlace) -> list[str]:
    return [one.name for one in named_in(text, index([*(NamedPlace(n, 100) for n in NAMES), *extra]))]


def test_a_place_is_found_by_its_whole_name_with_its_kind() -> None:
    assert names("Travaux rue Jean Macé et av. de la république") == [
        "rue Jean-Macé",
        "Avenue de la République",
    ]
    assert names("Réfection de la rue de la gare haute") == ["rue de la Gare Haute"], (
        "the longest name, alone"
    )
    assert names("Extension de l’école Louise Michel, boulodrome du port") == [
        "École Louise-Michel",
        "Boulodrome du Port",
    ]
    assert names("RUE DE LA GARE : RUE DE LA GARE") == ["Rue de la Gare"]


def test_a_person_is_no_place() -> None:
    """Neither by a name that the city gives to a place without saying what it is, nor by one that begins like a street."""
    for text in (
        "Prise en charge des frais de M. Jean Macé",
        "Protection fonctionnelle accordée à Louise Michel",
        "Hommage à Antoine de Saint-Exupéry",
        "Subventions aux associations de la Gare",
        "Avenue",
        "",
    ):
        assert names(text) == [], text


def test_of_one_name_the_nearest_and_whether_others_lie_apart() -> None:
    known = index([NamedPlace("Place du Marché", 900), NamedPlace("place du marché", 120, True)])
    (one,) = named_in("Fermeture de la place du Marché", known)
    assert (one.metres, one.apart) == (120, True)


def test_headers_of_a_city_name_places() -> None:
    assert [header(h) for h in ("Nom de l’équipement", "NOM_VOIE", "Nom de la voie")] == [
        "nom_equipement",
        "nom_voie",
        "nom_voie",
    ]


STREETS = (
    ("rue des Lilas", 43.6101, 3.8701),
    ("impasse du Lointain", 43.7, 3.87),
    ("place du Marché", 43.61, 3.87),
)
DECISIONS = (
    ("D1", date(2026, 3, 23), "Réfection de la rue des Lilas\navec une annexe"),
    ("D2", date(2026, 5, 11), "Vente d’un terrain, impasse du Lointain"),
    ("D3", date(2026, 6, 22), "Budget supplémentaire"),
    ("D4", date(2026, 9, 14), "Sens unique rue des Lilas, vœu"),
)


def publish(
    city: City, name: str, rows: list[dict[str, object]], *columns: Column, geometry: str = ""
) -> None:
    webcity.publish(
        city.db, city.files, city.settings.path("var/spool"), Dataset(name, name.capitalize(), "", "education", state="published"),
        Resource(f"{name}/{name}", name, name.capitalize(), source=f"upload:{name}.csv"), rows, columns, geometry=geometry, at=webcity.NOW,
    )  # fmt: skip


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = webcity.build(tmp_path)
    rows: list[dict[str, object]] = [
        {"nom_voie": n, "_point": {"lon": lon, "lat": lat}} for n, lat, lon in STREETS
    ]
    publish(made, "rues", rows, Column("nom_voie", "text"), geometry="point")
    yield made
    made.db.close()


def ask(city: City, place: str) -> str:
    page = TestClient(create_app(city)).post("/chez-moi", data={"lieu": place}).text.replace("\xa0", " ")
    return page.partition("data-answers")[2]


def test_the_page_says_which_with_day_and_link(city: City) -> None:
    """The newest first; what is far, or names no place, is not there; a city without decisions says nothing of them."""
    silent = ask(city, "place du Marché")
    assert silent
    assert "Décisions à proximité" not in silent
    columns = Column("DELIB_ID", "text"), Column("DELIB_DATE", "date"), Column("DELIB_OBJET", "text")
    publish(
        city, "actes", [dict(zip((c.name for c in columns), row, strict=True)) for row in DECISIONS], *columns
    )
    page = ask(city, "place du Marché")
    assert "2 délibérations nomment un lieu à moins de 800 m d’ici." in page
    assert page.index("14 septembre 2026") < page.index("23 mars 2026")
    assert 'href="/jeux/actes?f=equals%3ADELIB_ID%3AD4"' in page
    assert "Lointain" not in page
    assert "Budget supplémentaire" not in page
    assert "deux lieux peuvent porter le même nom" in page
    assert "Aucune des 4 délibérations lues ne nomme un lieu" in ask(city, "43.5, 3.7")
