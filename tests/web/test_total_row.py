"""The row of totals under a table, left out by one button before anything is published, and from the next files too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from parvis import prepare
from parvis.core.types import PUBLIC, Json
from parvis.publication import recipes
from parvis.publication.city import City
from parvis.store import datasets, versions
from tests.cities import sharecity, webcity
from tests.cities.sharecity import token
from tests.web.test_before_publishing import browser, hand_in, send, sheet, state, work

ROWS = "".join(f"Club n° {n};{100 + n},50\n" for n in range(12))
FILE = f"Subventions votées\n\nAssociation;Montant\n{ROWS};99,00\nTOTAL de l'année;1 365,00\n".encode(
    "cp1252"
)


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    sharecity.build(tmp_path)
    made = webcity.open_again(tmp_path, base_url="http://testserver")
    yield made
    sharecity.close(made)


def test_one_button_leaves_it_out_and_keeps_every_other_row(city: City) -> None:
    agent = browser(city, "agent")
    page = hand_in(city, agent, "subventions.csv", FILE)
    shown = agent.get(page).text
    assert "file-total-row" in shown
    assert "TOTAL de l&#39;année" in shown
    assert 'form="avant-publier" name="acte" value="sans-total"' in shown
    assert agent.get(f"{page}.json").json()["rows"] == 14
    done = send(agent, page, "sans-total", titre="Subventions de la commune")
    assert done.headers["location"].endswith("fait=total")
    work(city)
    after = agent.get(f"{page}.json").json()
    assert (after["rows"], after["deposit"]["state"]) == (13, "ready"), "the row without a name is kept"
    assert "file-total-row" not in [f["check"] for f in after["findings"]]
    assert after["total"] == ""
    assert after["review"]["words"]["title"] == "Subventions de la commune", (
        "what was written meanwhile is kept"
    )
    send(agent, page, "publier")
    assert state(agent, page) == "published"
    with city.db.read() as conn:
        served = versions.served(conn, "subventions/subventions", PUBLIC)
    assert served is not None
    assert served.rows == 13
    assert "TOTAL" not in agent.get("/jeux/subventions").text


def test_a_workbook_too_and_what_is_no_total_is_not_offered(city: City) -> None:
    agent = browser(city, "agent")
    rows: list[list[str | int]] = [["Salle", "Places"], *([f"Salle {n}", n] for n in range(9)), ["Total", 36]]
    page = hand_in(city, agent, "salles.xlsx", sheet(rows))
    assert agent.get(f"{page}.json").json()["total"] == "Total"
    send(agent, page, "sans-total")
    work(city)
    assert agent.get(f"{page}.json").json()["rows"] == 9
    pivot: list[list[str | int]] = [["Nature", "Montant"], *([f"Nature {n}", n] for n in range(9))]
    pivot.append(["Total Résultat", 36])
    page = hand_in(city, agent, "natures.xlsx", sheet(pivot))
    assert agent.get(f"{page}.json").json()["total"] == "Total Résultat", "as a pivot table says it"
    plain = hand_in(city, agent, "clubs.csv", FILE.rsplit(b"TOTAL", 1)[0])
    assert agent.get(f"{plain}.json").json()["total"] == ""
    named = hand_in(city, agent, "ventes.csv", FILE.replace("l'année".encode("cp1252"), b"Jean Martin"))
    assert agent.get(f"{named}.json").json()["total"] == "", "words that may name somebody are kept nowhere"
    refused = send(agent, plain, "sans-total")
    assert refused.status_code == 400
    assert state(agent, plain) == "ready"


def test_who_may_not_edit_does_not_leave_it_out(city: City) -> None:
    page = hand_in(city, browser(city, "agent"), "subventions.csv", FILE)
    reader = browser(city, "lecteur")
    fields = {"csrf": token(reader.get("/compte").text), "acte": "sans-total"}
    assert reader.post(f"{page}/relecture", data=fields).status_code in (403, 404)
    assert browser(city, "agent").get(f"{page}.json").json()["rows"] == 14


def test_a_recipe_that_keeps_it_keeps_the_warning(city: City) -> None:
    agent = browser(city, "agent")
    page = hand_in(city, agent, "ventes.csv", FILE.replace("l'année".encode("cp1252"), b"Jean Martin"))
    with city.db.read() as conn:
        (resource,) = datasets.resources(conn, "ventes")
    step: dict[str, Json] = {"step": "rename", "columns": {"Montant": "Prix"}}
    recipes.save(city, resource.id, prepare.read([step]), actor="agent", base=prepare.digest(()))
    again = hand_in(city, agent, "ventes.csv", FILE, ressource=resource.id)
    answer = agent.get(f"{again}.json").json()
    assert "file-total-row" in [f["check"] for f in answer["findings"]]
    assert answer["total"] == "TOTAL de l'année", "offered after a recipe too"
    assert page != again
