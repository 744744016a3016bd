"""The public examination of a calculation: what was read, with what, what is left out; earlier ones; for nothing else."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module

import pyarrow as pa
import pytest
from starlette.testclient import TestClient

from parvis import services as rooms
from parvis.core.types import PUBLIC, Column, Dataset, Schema
from parvis.people.rights import Person
from parvis.publication.city import City
from parvis.services.answers import Spot
from parvis.services.declaration import Input, Output, Service
from parvis.services.study import Study
from parvis.store import runs, versions
from parvis.web.app import create_app
from parvis.work import service_runs, studies
from tests.cities import studycity
from tests.cities.studycity import WANDER

COUNT = Schema("parvis/nombre", "1", (Column("nombre", "integer", title="Nombre"),))
BENCHES = Service(
    name="bancs-comptes",
    title="Bancs comptés",
    question="Combien de bancs ?",
    inputs={"bancs": Input("bancs/liste")},
    outputs={"nombre": Output(Dataset("nombre-de-bancs", "Nombre de bancs", "Combien.", "parcs", derived_from=("bancs",)), COUNT)},
    method="On les compte.",
    caveats=("Un banc volé est encore compté.",),
    work=lambda tables, now: {"nombre": pa.table({"nombre": [tables["bancs"].num_rows]})},
    tune=lambda text, name: text,
)  # fmt: skip


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(studies, "declared", lambda: (WANDER,))
        patch.setattr(service_runs, "declared", lambda: (BENCHES,))
        patch.setattr(service_runs, "effects", tuple)
        made = studycity.city_of(tmp_path_factory.mktemp("calculs") / "city")
        service_runs.refresh(made)
        tunings = made.settings.folder / "reglages"
        tunings.mkdir()
        (tunings / "bancs-comptes.toml").write_text("secret = 'quokka'\n", "utf-8")
        studycity.publish(made, "Port", "Gare", "Pont", "Halle")
        service_runs.refresh(made)
        yield made


@pytest.fixture(scope="module")
def site(city: City) -> TestClient:
    return TestClient(create_app(city))


def test_it_says_what_was_read_in_which_version_with_what_and_what_is_left_out(
    city: City, site: TestClient
) -> None:
    told = site.get("/jeux/nombre-de-bancs/calcul.json").json()
    with city.db.read() as conn:
        served = versions.served(conn, "bancs/liste", PUBLIC)
        made = runs.last(conn, "service:bancs-comptes")
    assert served is not None
    assert made is not None
    (read,) = told["inputs"]
    assert (read["dataset"], read["resource"], read["version"]) == ("bancs", "liste", served.digest)
    assert (told["run"], told["maker"], told["method"], told["hidden"]) == (
        made.id,
        "Bancs comptés",
        "On les compte.",
        0,
    )
    assert told["limits"] == ["Un banc volé est encore compté."]
    assert told["by"] == {"id": "bancs-comptes", "title": "Bancs comptés"}
    settings = {one["name"]: one["value"] for one in told["settings"]}
    assert settings["Réglages de la ville, par leur empreinte"] == str(made.parameters["reglages"])[:16]
    assert settings["Graine du hasard"] == "0"
    page = site.get("/jeux/nombre-de-bancs/calcul").text
    for word in (
        "Comment ce résultat a été obtenu",
        served.digest[:16],
        "Un banc volé est encore compté.",
        made.id,
    ):
        assert word in page
    assert "quokka" not in page
    assert "How this result was obtained" in site.get("/en/jeux/nombre-de-bancs/calcul").text


def test_an_earlier_calculation_is_told_with_its_own_inputs_and_settings(site: TestClient) -> None:
    told = site.get("/jeux/nombre-de-bancs/calcul.json").json()
    first, before = told["earlier"]
    assert (first["shown"], before["shown"]) == (True, False)
    old = site.get("/jeux/nombre-de-bancs/calcul.json", params={"version": before["version"]}).json()
    assert old["version"] == before["version"]
    assert old["inputs"][0]["version"] != told["inputs"][0]["version"]
    assert {one["name"]: one["value"] for one in old["settings"]}["Réglages"] == "ceux qui sont fournis"
    assert site.get("/jeux/nombre-de-bancs/calcul", params={"version": "0" * 64}).status_code == 404


def test_the_result_leads_to_it_and_what_was_handed_in_has_none(site: TestClient) -> None:
    for page in ("/jeux/nombre-de-bancs", "/services/bancs-comptes"):
        assert 'href="/jeux/nombre-de-bancs/calcul' in site.get(page).text
    assert "/jeux/bancs/calcul" not in site.get("/jeux/bancs").text
    assert site.get("/jeux/bancs/calcul").status_code == 404
    assert site.get("/jeux/absent/calcul").status_code == 404


def test_of_a_study_numbers_are_told_places_are_not(city: City, site: TestClient) -> None:
    person = Person("editor", roles={"parcs": "publisher"})
    asked = studies.ask(
        city,
        WANDER,
        {"pas": 25.0, "lieux": (Spot("chez Wombat", 3.87, 43.61),), "depart": "Gare"},
        seed=7,
        actor="editor",
    )
    studies.compute(city, asked.id)
    studies.publish(city, WANDER, studies.run(city, WANDER, asked.id), "promenade", person=person)
    told = site.get("/jeux/promenades/calcul.json").json()
    settings = {one["name"]: one["value"] for one in told["settings"]}
    assert settings == {"Nombre d’étapes": "25", "Graine du hasard": "7"}
    assert (told["withheld"], told["maker"], told["by"]) == (2, "Une promenade", None)
    for address in ("/jeux/promenades/calcul", "/en/jeux/promenades/calcul", "/jeux/promenades/calcul.json"):
        text = site.get(address).text
        assert "Wombat" not in text
        assert "Gare" not in text


def test_what_is_of_the_health_and_safety_of_a_place_bears_its_dated_note_of_the_ai_act() -> None:
    """So its examination does: each is said to be classified, and when."""
    wanted: list[Service | Study] = []
    for room in ("epidemies", "incidents", "accidents", "secours", "incendie"):
        package = import_module(f"{rooms.__name__}.{room}")
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            held = vars(import_module(module.name)).values()
            wanted += [one for one in held if isinstance(one, Service | Study) and one not in wanted]
    assert len(wanted) >= 10
    lacking = [
        one.name
        for one in wanted
        if not any("règlement européen sur l’IA" in c and "2026" in c for c in one.caveats)
    ]
    assert lacking == []
