"""What looks personal and is nobody: said with a reason, remembered while the values stay of one kind, in the
register; and columns that are left out in one act.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from parvis.publication import reviewing
from parvis.publication.city import City
from parvis.store import deposits
from tests.cities import sharecity, webcity
from tests.cities.sharecity import token
from tests.web.test_before_publishing import AGENTS, PLACES, browser, hand_in, send, state, work

OFFICES = ("Martin", "Durand", "Lefebvre", "Moreau", "Girard", "Fournier", "Rousseau", "Blanchard")
FIRST = ("Paul", "Julie", "Anne", "Luc", "Emma", "Hugo", "Chloé", "Nathan")


def offices(*more: str) -> bytes:
    """A column that bears the names of people, and is one of counters."""
    names = [*(f"Comptoir {f} {n}" for f, n in zip(FIRST, OFFICES, strict=True)), *more]
    return ("responsable;ouvertures\n" + "".join(f"{n};{i % 5 + 1}\n" for i, n in enumerate(names))).encode()


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    sharecity.build(tmp_path)
    made = webcity.open_again(tmp_path, base_url="http://testserver")
    yield made
    sharecity.close(made)


def say(client: TestClient, page: str, why: str, column: str = "responsable") -> int:
    version = client.get(f"{page}.json").json()["version"]
    fields = {"csrf": token(client.get(page).text), "colonne": f"{version}:{column}", "motif": why}
    return client.post(f"{page}/pas-une-personne", data=fields).status_code


def again(city: City, client: TestClient, name: str, content: bytes) -> str:
    """The next file of the same resource, published by itself if nothing holds it."""
    resource = "guichets/guichets"
    return hand_in(city, client, name, content, ressource=resource, relire="")


def test_it_is_said_remembered_and_in_the_register(city: City) -> None:
    agent, dpo = browser(city, "agent"), browser(city, "dpo")
    page = hand_in(city, agent, "guichets.csv", offices())
    assert state(agent, page) == "held"
    assert say(agent, page, "Ce sont des guichets.") == 403
    assert say(dpo, page, "Non") == 422
    assert say(dpo, page, "Ce sont des guichets, non des agents.") == 303
    work(city)
    assert state(agent, page) == "ready"
    assert "privacy-cleared" in agent.get(page).text
    assert send(agent, page, "publier").status_code == 303
    register = dpo.get("/registre.json").json()["cleared"]
    assert [(c["column"], c["why"], c["values"]) for c in register] == [
        ("responsable", "Ce sont des guichets, non des agents.", 8)
    ]
    assert "Ce sont des guichets" in dpo.get("/registre").text


def test_it_holds_for_the_next_files_until_values_change_in_kind(city: City) -> None:
    agent, dpo = browser(city, "agent"), browser(city, "dpo")
    page = hand_in(city, agent, "guichets.csv", offices())
    assert say(dpo, page, "Ce sont des guichets, non des agents.") == 303
    work(city)
    send(agent, page, "publier")
    assert state(agent, again(city, agent, "mai.csv", offices("Comptoir Zoé Lambert"))) == "published"
    assert state(agent, again(city, agent, "juin.csv", offices("Zoé Lambert"))) == "held"


def test_what_was_said_by_mistake_is_taken_back(city: City) -> None:
    agent, dpo = browser(city, "agent"), browser(city, "dpo")
    page = hand_in(city, agent, "guichets.csv", offices())
    assert say(dpo, page, "Ce sont des guichets, non des agents.") == 303
    work(city)
    send(agent, page, "publier")
    (line,) = dpo.get("/registre.json").json()["cleared"]
    fields = {"csrf": token(dpo.get("/registre").text), "numero": str(line["seq"])}
    assert dpo.post("/registre/colonnes", data=fields | {"motif": "Non"}).status_code == 422
    answer = dpo.post("/registre/colonnes", data=fields | {"motif": "Des agents y sont nommés."})
    assert answer.status_code == 303
    assert dpo.get("/registre.json").json()["cleared"] == []
    assert state(agent, again(city, agent, "mai.csv", offices("Comptoir Zoé Lambert"))) == "held"


def test_columns_that_hold_a_file_are_left_out_in_one_act_for_the_next_ones_too(city: City) -> None:
    agent = browser(city, "agent")
    page = hand_in(city, agent, "equipe.csv", AGENTS.encode())
    assert agent.get(f"{page}.json").json()["without"] == ["nom", "courriel"]
    fields = {"csrf": token(agent.get(page).text)}
    assert browser(city, "lecteur").post(f"{page}/sans-colonnes", data=fields).status_code == 403
    assert agent.post(f"{page}/sans-colonnes", data=fields).status_code == 303
    work(city)
    assert state(agent, page) == "ready"
    shown = agent.get(f"{page}.json").json()["review"]["preview"]
    assert [c["name"] for c in shown["columns"]] == ["service"]
    assert send(agent, page, "publier").status_code == 303
    more = (AGENTS + "Eaux;Petit;petit@ville.example\n").encode()
    following = hand_in(city, agent, "mai.csv", more, ressource="equipe/equipe", relire="")
    assert state(agent, following) == "published"


def two_columns() -> bytes:
    """Two columns of counters, their desks too, that bear the names of people, beside one that holds nothing."""
    rows = zip(FIRST, OFFICES, strict=True)
    return (
        "responsable;referent;ouvertures\n"
        + "".join(f"Comptoir {f} {n};Agence {n} {f};{i % 5 + 1}\n" for i, (f, n) in enumerate(rows))
    ).encode()


def test_it_is_said_once_for_named_columns_and_lets_nothing_out(city: City) -> None:
    """From the page of the opinion, of a file that nobody asked to look at: it waits for its sender all the same."""
    agent, dpo, lecteur = browser(city, "agent"), browser(city, "dpo"), browser(city, "lecteur")
    page = hand_in(city, agent, "guichets.csv", two_columns(), relire="")
    assert state(agent, page) == "held"
    assert agent.get(f"{page}.json").json()["clearing"] is None
    assert 'value="Comptoir' not in lecteur.get(f"{page}/decision").text
    shown = dpo.get(f"{page}/decision.json").json()["clearing"]["columns"]
    assert [c["column"] for c in shown] == ["responsable", "referent"]
    values = [c["value"] for c in shown]
    other = values[0].partition(":")[0] + ":ouvertures"
    form = {"csrf": token(dpo.get(page).text), "depuis": "decision", "champ": "motif-colonnes"}
    why = {"motif": "Des comptoirs et des agences, nommés d’après quelqu’un."}

    def say_of(columns: list[str], words: dict[str, str] = why, by: TestClient = dpo) -> int:
        fields = form | {"csrf": token(by.get(page).text)} | words
        return by.post(f"{page}/pas-une-personne", data=fields | {"colonne": columns}).status_code

    assert [say_of(values, by=other_) for other_ in (agent, lecteur)] == [403, 403]
    assert say_of(values, by=browser(city, "autre")) == 404, "of another organisation"
    again = dpo.post(f"{page}/pas-une-personne", data=form | {"motif": "Non", "colonne": values})
    assert again.status_code == 422
    assert "<h1>Avis et décision</h1>" in again.text
    assert again.text.count(" checked> responsable") == again.text.count(" checked> referent") == 1
    assert [say_of([]), say_of([*values, other]), say_of(["responsable"])] == [422, 404, 404]
    assert say_of([values[0].replace(values[0][:4], "0000", 1)]) == 404, "of a version that is not there"
    assert dpo.get("/registre.json").json()["cleared"] == [], "all of them or none"
    assert say_of(values) == 303
    work(city)
    assert state(agent, page) == "ready", "who may say so does not publish"
    assert agent.get("/jeux/guichets").status_code == 404
    register = dpo.get("/registre.json").json()["cleared"]
    assert {(c["column"], c["values"], c["why"]) for c in register} == {
        (name, 8, why["motif"]) for name in ("responsable", "referent")
    }
    assert say_of(values) == 404, "it holds nothing any more"
    assert send(agent, page, "publier").status_code == 303
    assert state(agent, again_(city, agent, two_columns() + b"Comptoir Rose;Agence Zola;3\n")) == "published"
    assert state(agent, again_(city, agent, two_columns() + b"Luc Petit;Agence Zola;3\n")) == "held"


def again_(city: City, client: TestClient, content: bytes) -> str:
    return again(city, client, "suite.csv", content)


def test_an_opinion_that_was_asked_is_still_given(city: City) -> None:
    agent, dpo = browser(city, "agent"), browser(city, "dpo")
    page = hand_in(city, agent, "lieux.csv", PLACES)
    assert send(agent, page, "avis").status_code == 303
    with city.db.begin() as conn:
        deposit = deposits.get(conn, page.rpartition("/")[2])
        assert deposit is not None
        assert deposit.look == "asked"
        assert reviewing.held_columns(conn, deposit) == (), "nothing to say of it: it waits for the opinion"
    assert dpo.get(f"{page}/decision.json").json()["clearing"] is None
