"""A held file made anonymous by the policy that was tried on it: what is offered, to whom, and what it leads to; the
list of other secrets answered by one box, never where a finding raises a question.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from parvis.privacy import checklist
from parvis.publication import policies
from parvis.publication.city import City
from parvis.store import deposits, register
from tests.browser.test_path_of_a_held_file import ENROLLED
from tests.cities import sharecity, webcity
from tests.cities.sharecity import token
from tests.web.test_before_publishing import AGENTS, browser, hand_in, send, state, work

OPINION = {"avis": "favourable", "texte-avis": "Plus personne ne s’y reconnaît."}


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    sharecity.build(tmp_path)
    made = webcity.open_again(tmp_path, base_url="http://testserver")
    yield made
    sharecity.close(made)


def post(client: TestClient, page: str, to: str, **fields: str) -> int:
    return client.post(f"{page}/{to}", data=fields | {"csrf": token(client.get(page).text)}).status_code


def anonymous(city: City, agent: TestClient, act: str) -> str:
    page = hand_in(city, agent, "inscriptions.csv", ENROLLED.encode())
    assert post(agent, page, "anonymiser", acte=act) == 303
    work(city)
    return page


def test_what_is_offered_was_tried_and_holds_for_the_next_files(city: City) -> None:
    agent = browser(city, "agent")
    page = hand_in(city, agent, "inscriptions.csv", ENROLLED.encode())
    (told,) = agent.get(f"{page}.json").json()["proposed"]
    assert told["dropped"] == ["nom", "prenom", "courriel"]
    assert told["least"] >= 11
    assert told["after"] < told["before"]
    reader = browser(city, "lecteur")
    assert reader.get(f"{page}.json").json()["proposed"] == []
    assert post(reader, page, "anonymiser", acte="montrer") == 403
    assert "Anonymisation proposée" in agent.get(told["path"]).text
    assert policies.current(city, "inscriptions/inscriptions") is None
    assert post(agent, page, "anonymiser", acte="montrer") == 303
    work(city)
    assert state(agent, page) == "ready"
    shown = agent.get(f"{page}.json").json()["review"]["preview"]
    assert [c["name"] for c in shown["columns"]] == ["age", "quartier", "activite"]
    assert post(agent, page, "anonymiser", acte="montrer") == 400
    kept = policies.current(city, "inscriptions/inscriptions")
    assert kept is not None
    assert kept.policy.others == "drop"
    assert send(agent, page, "publier").status_code == 303


def test_nothing_is_offered_where_too_little_would_be_left(city: City) -> None:
    agent = browser(city, "agent")
    page = hand_in(city, agent, "equipe.csv", AGENTS.encode())
    assert agent.get(f"{page}.json").json()["proposed"] == []
    assert post(agent, page, "anonymiser", acte="avis") == 400


def test_an_opinion_is_asked_in_the_same_act_and_nothing_goes_out_without_it(city: City) -> None:
    agent, dpo, delegate = (browser(city, who) for who in ("agent", "dpo", "delegue"))
    page = anonymous(city, agent, "avis")
    assert state(agent, page) == "held"
    here = f"{page}/decision"
    decision = delegate.get(f"{here}.json").json()
    assert (decision["basis"], decision["data"] == []) == ("l312-1-2-anonyme", True)
    sent = {
        "issue": "released",
        "pour": "public",
        "finalite": decision["purpose"],
        "base": decision["basis"],
        "texte": decision["basis_text"],
        "motif": "Suit l’avis favorable.",
    }
    assert post(delegate, page, "decider", **sent) == 422
    assert post(dpo, page, "avis", liste="1", rien="1", **OPINION) == 303
    assert post(dpo, page, "decider", **sent) == 403
    assert post(delegate, page, "decider", **sent) == 303
    assert state(agent, page) == "published"
    with city.db.read() as conn:
        one = deposits.get(conn, page.rpartition("/")[2])
    assert one is not None
    assert one.state == "published"
    assert agent.get("/depots.json").json()["waiting"] == 1  # the one that the city held before


def test_the_purpose_of_the_public_is_none_of_a_group(city: City) -> None:
    agent, dpo, delegate = (browser(city, who) for who in ("agent", "dpo", "delegue"))
    page = anonymous(city, agent, "avis")
    assert post(dpo, page, "avis", liste="1", rien="1", destinataires="ccas", **OPINION) == 303
    told = delegate.get(f"{page}/decision.json").json()
    sent = {
        "issue": "released",
        "pour": "ccas",
        "fin": "31/12/2026",
        "finalite": told["purpose"],
        "base": told["basis"],
        "texte": told["basis_text"],
        "motif": "Suit l’avis favorable.",
    }
    assert post(delegate, page, "decider", **sent) == 422


def test_one_box_answers_no_to_all_but_what_a_finding_raises(city: City) -> None:
    """Names of agents were found: the box does not answer the question on named people."""
    agent, dpo = browser(city, "agent"), browser(city, "dpo")
    page = hand_in(city, agent, "equipe.csv", AGENTS.encode())
    told = dpo.get(f"{page}/decision.json").json()
    assert [q["name"] for q in told["questions"] if q["raised"]] == ["judgement-on-people"]
    assert post(dpo, page, "secrets") == 422
    assert post(dpo, page, "secrets", rien="1") == 422
    answer = {"rien": "1", "judgement-on-people": "no", "small-counts": "yes"}
    assert post(dpo, page, "secrets", **answer) == 422
    assert post(dpo, page, "secrets", **answer, **{"small-counts-note": "Deux services d’un agent."}) == 303
    with city.db.read() as conn:
        signed = register.signed(conn, told["version"])
    assert signed is not None
    assert dict(signed.answers) == {q.name: answer.get(q.name, "no") for q in checklist.QUESTIONS}


def test_an_opinion_with_a_list_left_open_keeps_neither(city: City) -> None:
    dpo = browser(city, "dpo")
    page = "/depots/depot0"
    assert post(dpo, page, "avis", liste="1", **OPINION) == 422
    told = dpo.get(f"{page}/decision.json").json()
    assert (told["opinions"], told["signed_by"]) == ([], "")


def test_who_advises_or_decides_goes_from_the_list_to_where_it_is_done(city: City) -> None:
    paths = {
        who: next(
            d["path"]
            for d in browser(city, who).get("/depots.json").json()["deposits"]
            if d["id"] == "depot0"
        )
        for who in ("agent", "dpo", "delegue")
    }
    assert paths == {
        "agent": "/depots/depot0",
        "dpo": "/depots/depot0/decision",
        "delegue": "/depots/depot0/decision",
    }
