"""The shape of a table is changed by one button before anything is published, and for the next files too: totals among
the rows, periods as columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from parvis.core.types import PUBLIC
from parvis.publication.city import City
from parvis.store import datasets, versions
from tests.cities import sharecity, webcity
from tests.web.test_before_publishing import browser, hand_in, send, state, work

SCHOOLS = "École;Secteur;2023;2024;2025;Total\n" + "".join(
    f"École n° {n};Nord;{100 + n};{110 + n};;{210 + 2 * n}\n" for n in range(8)
)
STAFF = (
    "Service;Grade;Effectif\nVOIRIE;Adjoint;9\nVOIRIE;Technicien;4\nSous-total VOIRIE;;13\n"
    "ÉCOLES;ATSEM;7\nÉCOLES;Adjoint;11\nSous-total ÉCOLES;;18\nGarage;Adjoint;2\n"
)


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    sharecity.build(tmp_path)
    made = webcity.open_again(tmp_path, base_url="http://testserver")
    yield made
    sharecity.close(made)


def test_years_as_columns_become_rows_and_those_of_the_next_file_too(city: City) -> None:
    agent = browser(city, "agent")
    page = hand_in(city, agent, "effectifs.csv", SCHOOLS.encode())
    shown = agent.get(page).text
    assert "periods-in-columns" in shown
    assert 'form="avant-publier" name="acte" value="periodes-en-lignes"' in shown
    done = send(agent, page, "periodes-en-lignes", titre="Élèves des écoles")
    assert done.headers["location"].endswith("fait=periodes-en-lignes")
    assert "une ligne par période" in agent.get(done.headers["location"]).text
    work(city)
    after = agent.get(f"{page}.json").json()
    assert (after["rows"], after["reshapes"]) == (24, []), "an empty year keeps its row"
    assert "periods-in-columns" not in [f["check"] for f in after["findings"]]
    assert after["review"]["words"]["title"] == "Élèves des écoles", "what was written meanwhile is kept"
    send(agent, page, "publier")
    assert state(agent, page) == "published"
    with city.db.read() as conn:
        served = versions.served(conn, "effectifs/effectifs", PUBLIC)
        (resource,) = datasets.resources(conn, "effectifs")
    assert served is not None
    assert [c.name for c in served.schema.columns] == ["École", "Secteur", "Année", "Valeur"], (
        "the sum of the years goes"
    )
    later = SCHOOLS.replace("2023;2024;2025", "2024;2025;2026").encode()
    again = hand_in(city, agent, "effectifs.csv", later, ressource=resource.id)
    assert agent.get(f"{again}.json").json()["rows"] == 24
    assert "2026" in agent.get(again).text


def test_totals_between_the_rows_are_left_out_and_no_other_row(city: City) -> None:
    agent = browser(city, "agent")
    page = hand_in(city, agent, "effectifs.csv", STAFF.encode())
    assert 'value="sans-sous-totaux"' in agent.get(page).text
    send(agent, page, "sans-sous-totaux")
    work(city)
    after = agent.get(f"{page}.json").json()
    assert after["rows"] == 5
    assert "subtotal-row" not in [f["check"] for f in after["findings"]]
    named = STAFF.replace("Sous-total VOIRIE", "Sous-total Jean Martin")
    page = hand_in(city, agent, "primes.csv", named.encode())
    answer = agent.get(f"{page}.json").json()
    assert "subtotal-row" in [f["check"] for f in answer["findings"]]
    assert answer["reshapes"] == [], "words that may name somebody are kept nowhere"


@pytest.mark.parametrize(
    "content",
    [
        "ecole;eleves 2024;eleves 2025;eleves 2026;repas 2024;repas 2025;repas 2026\nJaurès;1;2;3;4;5;6\nZola;7;8;9;1;2;3\n",
        "ecole;2024;2025\nJaurès;1;2\nZola;7;8\n",
        "salle;travaux 2023;travaux 2024;travaux 2025\nFêtes;toit;murs;sol\nSport;sol;;toit\n",
    ],
)
def test_what_is_not_one_measure_in_columns_is_not_offered(city: City, content: str) -> None:
    agent = browser(city, "agent")
    page = hand_in(city, agent, "tables.csv", content.encode())
    assert agent.get(f"{page}.json").json()["reshapes"] == []
    assert send(agent, page, "periodes-en-lignes").status_code == 400
    assert state(agent, page) == "ready"


def test_a_sum_that_is_none_stays(city: City) -> None:
    agent = browser(city, "agent")
    page = hand_in(
        city, agent, "effectifs.csv", SCHOOLS.replace("Nord;100;110;;210", "Nord;100;110;;999").encode()
    )
    send(agent, page, "periodes-en-lignes")
    work(city)
    assert "Total" in [c["name"] for c in agent.get(f"{page}.json").json()["review"]["columns"]]


def test_columns_of_people_are_turned_and_stay_held(city: City) -> None:
    agent = browser(city, "agent")
    rows = "".join(
        f"{name};{name.lower()}@ville.example;1200;1300;1400\n"
        for name in ("Martin", "Durand", "Lefebvre") * 4
    )
    page = hand_in(city, agent, "primes.csv", f"Nom;Courriel;2023;2024;2025\n{rows}".encode())
    before = agent.get(f"{page}.json").json()
    assert before["deposit"]["state"] == "held"
    send(agent, page, "periodes-en-lignes")
    work(city)
    after = agent.get(f"{page}.json").json()
    assert after["deposit"]["state"] == "held"
    held = [f for f in after["findings"] if f["dimension"] == "confidentiality" and f["severity"] == "error"]
    assert {"Nom", "Courriel"} <= {f["column"] for f in held}


def test_who_may_not_edit_turns_nothing(city: City) -> None:
    page = hand_in(city, browser(city, "agent"), "effectifs.csv", SCHOOLS.encode())
    reader = browser(city, "lecteur")
    fields = {"csrf": sharecity.token(reader.get("/compte").text), "acte": "periodes-en-lignes"}
    assert reader.post(f"{page}/relecture", data=fields).status_code in (403, 404)
    assert browser(city, "agent").get(f"{page}.json").json()["rows"] == 8
