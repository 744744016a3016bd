"""The mended copy of a file, handed in as the next file of its resource by one button of its page."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from parvis.publication import hidden_parts
from parvis.publication.city import City
from parvis.store import datasets, deposits, journal
from tests.cities import sharecity, webcity
from tests.cities.sharecity import token
from tests.web.test_before_publishing import browser, hand_in, send, sheet, work

ROWS = "".join(f"Salle {n};{n % 28 + 1:02d}/0{n % 9 + 1}/2026;{n * 3}\n" for n in range(40))
FILE = f"salle;ouverture;places\n{ROWS} Salle du Port ;12 mars 2026;12O\nSalle des fÃªtes;2026-04-02;1 200,0\n".encode()
CLEAN = f"salle;ouverture;places\n{ROWS}".encode()


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    sharecity.build(tmp_path)
    made = webcity.open_again(tmp_path, base_url="http://testserver")
    yield made
    sharecity.close(made)


def test_one_button_hands_the_copy_in_and_keeps_what_was_written(city: City) -> None:
    agent = browser(city, "agent")
    page = hand_in(city, agent, "salles.csv", FILE)
    before = agent.get(f"{page}.json").json()
    cells = sum(one["cells"] for one in before["mends"])
    assert cells >= 2, before["findings"]
    shown = agent.get(page).text
    assert 'form="avant-publier" name="acte" value="corriger"' in shown
    assert f"{cells} cellules peuvent être corrigées" in re.sub(r"\s+", " ", shown)
    done = send(agent, page, "corriger", titre="Salles de la commune")
    assert done.status_code == 303, done.text
    copy, _, query = done.headers["location"].partition("?")
    assert (copy != page, query) == (True, "fait=corrige")
    work(city)
    after = agent.get(f"{copy}.json").json()
    assert after["deposit"]["name"] == "salles-corrige.csv"
    assert after["review"]["words"]["title"] == "Salles de la commune"
    assert after["made_from"]["name"] == "salles.csv"
    assert after["made_from"]["changes"] == before["mends"]
    assert after["mends"] == [], "nothing certain is left to be mended"
    assert after["rows"] == before["rows"]
    text = agent.get(copy).text
    assert "Copie corrigée de" in text
    with city.db.read() as conn:
        event = journal.of(conn, "salles/salles", verb="mended-copy")[0]
        kept = deposits.get(conn, event.ids["deposit"])
    assert kept is not None
    assert "\nSalle des fêtes;" in city.inbox.read(kept.received).decode()
    assert event.ids == {"deposit": copy.rpartition("/")[2], "of": page.rpartition("/")[2]}
    assert "Mended copy of" in agent.get(f"/en{copy}").text


def test_a_workbook_stays_a_workbook_with_each_of_its_sheets_mended(city: City) -> None:
    rows: list[list[str | int]] = [
        ["salle", "places"],
        *([f"Salle {n}", n] for n in range(30)),
        ["Salle des fÃªtes", 9],
    ]
    other: list[list[str | int]] = [
        ["rue", "arbres"],
        *([f"Rue {n}", n] for n in range(30)),
        ["Rue des FrÃ¨res", 9],
    ]
    agent = browser(city, "agent")
    page = hand_in(city, agent, "lieux.xlsx", sheet(rows, other))
    assert agent.get(f"{page}.json").json()["mends"][0]["cells"] == 2
    copy = send(agent, page, "corriger").headers["location"].partition("?")[0]
    with city.db.read() as conn:
        kept = deposits.get(conn, copy.rpartition("/")[2])
    assert kept is not None
    assert kept.name == "lieux-corrige.xlsx"
    out = city.settings.folder / "copy.xlsx"
    city.inbox.copy(kept.received, out)
    book = openpyxl.load_workbook(io.BytesIO(out.read_bytes()))
    assert [s.cell(32, 1).value for s in book.worksheets] == ["Salle des fêtes", "Rue des Frères"]
    work(city)
    assert len(agent.get(f"{copy}.json").json()["beside"]) == 1


def test_nothing_is_offered_where_nothing_would_change(city: City) -> None:
    agent = browser(city, "agent")
    page = hand_in(city, agent, "salles.csv", CLEAN)
    assert agent.get(f"{page}.json").json()["mends"] == []
    assert 'value="corriger"' not in agent.get(page).text
    assert send(agent, page, "corriger").status_code == 400


def test_who_may_not_hand_in_makes_no_copy(city: City) -> None:
    page = hand_in(city, browser(city, "agent"), "salles.csv", FILE)
    reader = browser(city, "lecteur")
    fields = {"csrf": token(reader.get("/compte").text), "acte": "corriger"}
    assert reader.post(f"{page}/relecture", data=fields).status_code in (403, 404)
    with city.db.read() as conn:
        assert len(deposits.list(conn, resource="salles/salles")) == 1


def test_what_a_workbook_hides_is_decided_first(city: City) -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(
            sheet([["salle", "places"], *([f"Salle {n}", n] for n in range(30)), ["Salle des fÃªtes", 9]])
        )
    )
    book.worksheets[0].row_dimensions[5].hidden = True
    raw = io.BytesIO()
    book.save(raw)
    agent = browser(city, "agent")
    page = hand_in(city, agent, "lieux.xlsx", raw.getvalue())
    assert agent.get(f"{page}.json").json()["mends"] == []
    assert send(agent, page, "corriger").status_code == 400
    hidden_parts.choose(city, page.rpartition("/")[2], "leave", actor="agent")
    work(city)
    assert agent.get(f"{page}.json").json()["mends"] != []


def test_a_header_line_that_was_said_is_the_header_of_the_copy(city: City) -> None:
    """Written under a title, the table begins at the third line; the copy begins at its header."""
    agent = browser(city, "agent")
    page = hand_in(city, agent, "salles.csv", b"Salles municipales 2026\n\n" + FILE)
    assert send(agent, page, "garder", entete="1").status_code == 303
    work(city)
    with city.db.read() as conn:
        resource = datasets.resource(conn, "salles/salles")
    assert resource is not None
    assert resource.header_row == 1
    send(agent, page, "garder", entete="3")
    work(city)
    before = agent.get(f"{page}.json").json()
    assert before["mends"] != []
    copy = send(agent, page, "corriger").headers["location"].partition("?")[0]
    work(city)
    after = agent.get(f"{copy}.json").json()
    assert after["review"]["columns"][0]["name"] == "salle"
    assert after["rows"] == before["rows"]
