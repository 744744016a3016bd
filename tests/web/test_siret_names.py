"""A number of an establishment has the name that a public table of the city gives it, and no other."""

from __future__ import annotations

import html
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from parvis.catalogue import entries
from parvis.catalogue.links import Links
from parvis.core.types import Column, Dataset, Resource, Schema
from parvis.publication.city import City
from parvis.store import datasets
from parvis.web import siret_names
from parvis.web.app import create_app
from tests.cities import canarycity
from tests.cities.canarycity import Clock, hand_in

TOWN, THEATRE, TWICE, NOBODY = "21340172201787", "39860733300059", "35600000000048", "55210055400013"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    made = canarycity.build(tmp_path_factory.mktemp("names") / "ville", Clock())
    files = {
        # numbers alone
        "factures": f"siret;montant\n{TOWN};10\n{THEATRE};20\n{TWICE};30\n{NOBODY};40\n",
        # a directory: a row an establishment
        "etablissements": f"siret;denomination\n{TOWN};Ville de Montclair\n{THEATRE};Théâtre municipal\n{TWICE};La Poste\n",
        # pairs of a national schema, one number with another name
        "actes": f"COLL_NOM;COLL_SIRET;objet\nPoste centrale;{TWICE};un\nPoste centrale;{TWICE};deux\nville de montclair;{TOWN};trois\n",
        "bancs": "banc;places\nA;3\nB;4\n",  # nothing of the kind
        # numbers that come twice beside a name that is not theirs
        "achats": f"siret;nom\n{NOBODY};Chaise\n{NOBODY};Chaise\n{THEATRE};Table\n",
    }
    for name, text in files.items():
        with made.db.begin() as conn:
            datasets.save_dataset(conn, Dataset(name, name, "", "vivre"))
            datasets.save_resource(conn, Resource(f"{name}/t", name, name))
        done = hand_in(made, f"{name}/t", text.encode(), f"{name}.csv")
        if done.state == "held":
            canarycity.let_out(made, done.version)
    yield made
    made.engine.connection.close()
    made.db.close()


def test_a_name_that_the_city_publishes_is_beside_its_number(city: City) -> None:
    """By a directory and by the pair of a national schema, which agree but for capitals; two names are none; what a table
    says of chairs is no name.
    """
    site = TestClient(create_app(city))
    names = site.get("/jeux/factures.json").json()["resource"]["names"]
    assert {number: one["name"].casefold() for number, one in names.items()} == {
        TOWN: "ville de montclair",
        THEATRE: "théâtre municipal",
    }
    page = html.unescape(site.get("/jeux/factures").text)
    assert "Théâtre municipal</a>" in page
    assert 'href="/jeux/etablissements"' in page
    assert "Chaise" not in page
    assert "Théâtre municipal</a>" in html.unescape(site.get("/integrer/factures/table").text)
    assert site.get("/jeux/etablissements.json").json()["resource"]["names"] != {NOBODY: "Chaise"}


@pytest.mark.parametrize(
    ("columns", "paired"),
    [
        ("COLL_SIRET COLL_NOM", [("COLL_SIRET", "COLL_NOM")]),
        ("idAttribuant nomAttribuant idBeneficiaire nomBeneficiaire", [("idAttribuant", "nomAttribuant"), ("idBeneficiaire", "nomBeneficiaire")]),
        ("siret nom", [("siret", "nom")]),
        ("siret objet", []),
        ("siret siret_siege nom", []),  # which one is named?
    ],
)  # fmt: skip
def test_which_name_belongs_to_which_number(columns: str, paired: list[tuple[str, str]]) -> None:
    made = tuple(
        Column(c, "text", meaning="siret" if "siret" in c.lower() or c.startswith("id") else "")
        for c in columns.split()
    )
    assert list(siret_names.pairs(Schema(columns=made))) == paired


def test_only_tables_that_may_say_a_number_are_read(city: City) -> None:
    """A page costs nothing of the rest of the catalogue."""
    with city.db.read() as conn:
        every = {e.id for e in entries.entries(conn, Links("http://localhost"))}
        read = entries.mentioning(conn, "siret")
    assert read == every - {"bancs"}
    assert "bancs" in every
