"""A file that its sender looks at first: who may do what with it, and what no way around gives."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import openpyxl
import pytest
from httpx import Response
from starlette.testclient import TestClient

from parvis import api
from parvis.core.errors import HeldBack
from parvis.core.types import PUBLIC
from parvis.decisions import deciding
from parvis.people import accounts
from parvis.publication.city import City
from parvis.store import datasets, deposits, journal, versions
from parvis.web.app import create_app
from parvis.work import steps
from tests.cities import sharecity, webcity
from tests.cities.sharecity import sign_in, token

PLACES = b"quartier;arbres\nCentre;310\nPort;42\nPlaine;95\n"
AGENTS = "service;nom;courriel\n" + "".join(
    f"Voirie;{n};{n.lower()}@ville.example\n" for n in ("Martin", "Durand", "Lefebvre", "Moreau") * 5
)


def sheet(*sheets: list[list[str | int]]) -> bytes:
    """A workbook of sheets of cells."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.worksheets[0])
    for rows in sheets:
        each = book.create_sheet()
        for row in rows:
            each.append(row)
    book.save(out)
    return out.getvalue()


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    sharecity.build(tmp_path)
    made = webcity.open_again(tmp_path, base_url="http://testserver")
    yield made
    sharecity.close(made)


def browser(city: City, name: str) -> TestClient:
    app = create_app(city)
    api.install(app, city)
    client = TestClient(app, follow_redirects=False)
    return sign_in(city, client, name) if name else client


def hand_in(city: City, client: TestClient, name: str, content: bytes, **fields: str) -> str:
    """The page of a file that was handed in and read."""
    page = client.get("/depots/nouveau").text
    answer = client.post(
        "/depots/nouveau",
        data={"csrf": token(page), "organisation": "education", "relire": "1"} | fields,
        files={"fichier": (name, content, "text/csv")},
    )
    assert answer.status_code == 303, answer.text
    work(city)
    return answer.headers["location"].partition("?")[0]


def work(city: City) -> None:
    with city.db.read() as conn:
        waiting = deposits.in_states(conn, ("received",))
    for one in waiting:
        if drafted := steps.draft(city, one.id):
            steps.decide(city, one.id, drafted)


def send(client: TestClient, page: str, act: str, **changed: str) -> Response:
    """The form as the page shows it, some fields changed."""
    words = client.get(f"{page}.json").json()["review"]["words"]
    fields = {
        "csrf": token(client.get(page).text),
        "titre": words["title"],
        "licence": words["licence"],
        "frequence": words["frequency"],
        **{f"titre-{n}": one["title"] for n, one in enumerate(words["resources"], 1)},
        "acte": act,
    }
    return client.post(f"{page}/relecture", data=fields | changed)  # type: ignore[return-value]


def state(client: TestClient, page: str) -> str:
    return str(client.get(f"{page}.json").json()["deposit"]["state"])


def test_nothing_goes_out_before_its_sender_says_so(city: City) -> None:
    agent = browser(city, "agent")
    page = hand_in(city, agent, "arbres_par_quartier.csv", PLACES)
    assert state(agent, page) == "ready"
    assert agent.get("/jeux/arbres-par-quartier").status_code == 404
    with city.db.read() as conn:
        assert versions.served(conn, "arbres-par-quartier/arbres-par-quartier", PUBLIC) is None
    assert "arbres_par_quartier.csv" not in browser(city, "dpo").get("/decisions").text
    assert (
        send(agent, page, "garder", description="Arbres d’alignement.").headers["location"].endswith("garde")
    )
    assert state(agent, page) == "ready"
    assert send(agent, page, "publier", titre="Arbres").headers["location"].endswith("diffuse=1")
    assert agent.get("/jeux/arbres-par-quartier.json").json()["title"] == "Arbres"
    assert send_again(agent, page) == 303
    assert state(agent, page) == "published"


def send_again(client: TestClient, page: str) -> int:
    """A form left open, sent once more: nothing to look at any more."""
    return client.post(f"{page}/relecture", data={"csrf": token(client.get(page).text)}).status_code


def test_who_may_send_but_not_publish_keeps_a_draft(city: City) -> None:
    steward = browser(city, "qualite")
    page = hand_in(city, steward, "arbres.csv", PLACES)
    assert 'value="publier"' not in steward.get(page).text
    assert send(steward, page, "publier").status_code == 403
    assert browser(city, "lecteur").get(f"{page}.json").json()["review"] is None
    assert browser(city, "autre").get(page).status_code == 404


EMPTY = (
    ("rien.csv", "1", b"rien\n", "n’a aucun enregistrement"),
    ("rien.xlsx", "1", sheet([["rien"]]), "une seule cellule"),
    ("entete.xlsx", "", sheet([["quartier", "arbres"]]), "n’a aucun enregistrement"),
)


def test_a_file_without_any_record_waits_for_somebody_to_say_why(city: City) -> None:
    """Looked at before or not; published by who answers for it, who says why."""
    agent, admin = browser(city, "agent"), browser(city, "admin")
    page = ""
    for name, look, content, why in EMPTY:
        page = hand_in(city, agent, name, content, relire=look)
        assert state(agent, page) == "held", name
        text = agent.get(page).text
        assert why in text, name
        assert "Publier ce jeu vide ?" in text
        assert "file-no-record" in text
    english = agent.get(f"/en{page}").text
    assert "The publication rule of this resource holds this file: The file has no record" in english
    motif = {"csrf": token(admin.get(page).text), "motif": "Aucun arbre abattu ce mois-ci."}
    assert admin.post(f"{page}/diffuser", data=motif).status_code == 303
    assert state(agent, page) == "published"


def test_a_version_that_loses_all_its_rows_is_held(city: City) -> None:
    agent = browser(city, "agent")
    page = hand_in(city, agent, "arbres.csv", PLACES, relire="")
    assert state(agent, page) == "published"
    empty = hand_in(city, agent, "arbres.csv", b"quartier;arbres\n", ressource="arbres/arbres", relire="")
    assert state(agent, empty) == "held"
    with city.db.read() as conn:
        served = versions.served(conn, "arbres/arbres", PUBLIC)
    assert served is not None
    assert served.rows == 3


def test_one_empty_sheet_beside_others_is_told_and_holds_nothing(city: City) -> None:
    agent = browser(city, "agent")
    content = sheet([["quartier", "arbres"], ["Centre", 3], ["Port", 4]], [["quartier", "bancs"]])
    page = hand_in(city, agent, "rues.xlsx", content)
    assert state(agent, page) == "ready"
    text = agent.get(page).text
    assert "1 autre table dans ce fichier" in text
    assert "La table « Sheet1 » n’a aucun enregistrement." in text.replace("\u00a0", " ")
    (told,) = agent.get(f"{page}.json").json()["beside"]
    assert (told["rows"], told["columns"]) == (0, ["quartier", "bancs"])
    assert [f["severity"] for f in told["findings"] if f["check"] == "file-no-record"] == ["warning"]


def test_nobody_publishes_in_the_name_of_others(city: City) -> None:
    """A publisher of one organisation who may only send in another gives it their draft, and publishes in that
    very act: the right is that of the organisation which the form names.
    """
    with city.db.begin() as conn:
        agent_id = next(p.id for p in accounts.everybody(conn) if p.email == "agent@montclair.example")
        for one in ("education", "finances"):
            accounts.take_role(conn, agent_id, one, actor="system", at=webcity.NOW)
        accounts.give_role(conn, agent_id, "education", "publisher", actor="system", at=webcity.NOW)
        accounts.give_role(conn, agent_id, "finances", "steward", actor="system", at=webcity.NOW)
    agent = browser(city, "agent")
    page = hand_in(city, agent, "arbres_par_quartier.csv", PLACES)
    assert send(agent, page, "publier", organisation="finances").status_code == 403
    with city.db.read() as conn:
        dataset = datasets.dataset(conn, "arbres-par-quartier")
        assert versions.served(conn, "arbres-par-quartier/arbres-par-quartier", PUBLIC) is None
    assert dataset is not None
    assert (dataset.publisher, dataset.state) == ("education", "draft"), "and nothing of the form was kept"
    assert send(agent, page, "garder", organisation="finances").status_code == 303
    assert send(agent, page, "publier").status_code == 403, "it is theirs now"


def test_what_was_read_meanwhile_has_the_file_read_again_first(city: City) -> None:
    agent = browser(city, "agent")
    first = hand_in(city, agent, "arbres.csv", PLACES)
    hand_in(city, agent, "bancs.csv", PLACES.replace(b"arbres", b"bancs"), relire="")
    answer = send(agent, first, "publier")
    assert answer.status_code == 303
    assert state(agent, first) == "received"
    asked = "La publication est demandée."
    assert asked in agent.get(answer.headers["location"]).text, "else it looks as if nothing had been done"
    work(city)
    assert state(agent, first) == "published"
    after = agent.get(answer.headers["location"]).text
    assert asked not in after
    assert "La version est diffusée." in after


def test_a_title_that_points_at_somebody_does_not_go_out(city: City) -> None:
    agent = browser(city, "agent")
    page = hand_in(city, agent, "arbres.csv", PLACES)
    answer = send(agent, page, "publier", titre="Arbres de Mme Zéphyrine Quatresous, 06 12 34 56 78")
    assert answer.status_code == 422
    assert 'id="titre-why"' in answer.text
    assert state(agent, page) == "ready"


def test_several_files_make_one_dataset_that_goes_out_together(city: City) -> None:
    agent = browser(city, "agent")
    shown = agent.get("/depots/nouveau").text
    sent = [
        ("fichier", (f"{n}.csv", PLACES.replace(b"arbres", n.encode()), "text/csv"))
        for n in ("bancs", "lampes")
    ]
    fields = {"csrf": token(shown), "organisation": "education", "titre": "Rues", "relire": "1"}
    assert agent.post("/depots/nouveau", data=fields, files=sent).headers["location"] == "/depots?recus=2"
    work(city)
    page = "/depots/" + re.findall(r"/depots/(\w{32})", agent.get("/depots").text)[0]
    assert send(agent, page, "publier", tous="1").status_code == 303
    with city.db.read() as conn:
        (one,) = [d for d in datasets.datasets(conn) if d.title == "Rues"]
        found = [r.id for r in datasets.resources(conn, one.id)]
        assert all(versions.served(conn, id_, PUBLIC) for id_ in found)
    assert found == ["rues/bancs", "rues/lampes"]


def test_a_corrected_file_is_what_goes_out_not_the_one_it_corrects(city: City) -> None:
    """The form publishes the other files of the dataset that wait, unless one says no."""
    agent = browser(city, "agent")
    wrong = hand_in(city, agent, "arbres.csv", PLACES)
    with city.db.read() as conn:
        (resource,) = [r.id for r in datasets.resources(conn, "arbres")]
    right = hand_in(city, agent, "arbres_corrige.csv", PLACES.replace(b"310", b"319"), ressource=resource)
    assert 'name="tous"' not in agent.get(right).text, (
        "the older file is no other file: it is the one that this one corrects"
    )
    assert send(agent, right, "publier", tous="1").status_code == 303
    work(city)
    with city.db.read() as conn:
        served = versions.served(conn, resource, PUBLIC)
        sent = deposits.get(conn, right.rpartition("/")[2])
    assert served is not None
    assert sent is not None
    assert served.digest == sent.version
    assert state(agent, wrong) != "published"


def test_an_older_file_names_the_newer_one_and_is_not_published_by_mistake(city: City) -> None:
    seconds = count(1)
    city = replace(city, now=lambda: webcity.NOW + timedelta(seconds=next(seconds)))
    agent = browser(city, "agent")
    old = hand_in(city, agent, "arbres.csv", PLACES)
    with city.db.read() as conn:
        (resource,) = [r.id for r in datasets.resources(conn, "arbres")]
    assert agent.get(f"{old}.json").json()["newer"] is None
    new = hand_in(city, agent, "arbres_mai.csv", PLACES.replace(b"310", b"319"), ressource=resource)
    other = hand_in(city, agent, "bancs.csv", PLACES)
    assert [state(agent, page) for page in (old, new, other)] == ["outdated", "ready", "ready"]
    seen = agent.get(f"{old}.json").json()["newer"]
    assert (seen["path"], seen["name"], seen["published"]) == (new, "arbres_mai.csv", False)
    assert f'href="{new}"' in agent.get(old).text
    listed = {one["name"]: one["state"] for one in agent.get("/depots.json").json()["deposits"]}
    assert (listed["arbres.csv"], listed["arbres_mai.csv"]) == ("outdated", "ready")
    refused = send(agent, old, "publier")
    assert refused.status_code == 422
    assert 'name="ancien"' in refused.text
    assert 'id="ancien-why"' in refused.text
    assert state(agent, old) == "outdated"
    assert send(agent, new, "publier").status_code == 303
    work(city)
    assert agent.get(f"{old}.json").json()["newer"]["published"] is True
    assert send(agent, old, "publier").status_code == 422, "it would put the older rows back"
    assert send(agent, old, "publier", ancien="1").status_code == 303
    work(city)
    assert state(agent, old) == "published"


def test_an_opinion_that_was_asked_for_is_not_skipped(city: City) -> None:
    """Not by the page, not by who answers for quality, not by the command's way."""
    agent = browser(city, "agent")
    page = hand_in(city, agent, "arbres.csv", PLACES)
    assert send(agent, page, "avis").headers["location"].endswith("avis")
    assert state(agent, page) == "held"
    assert "arbres.csv" in browser(city, "dpo").get("/decisions").text
    assert send(agent, page, "publier").status_code == 422
    steward = browser(city, "qualite")
    data = {"csrf": token(steward.get(page).text), "motif": "Rien de personnel là-dedans."}
    assert steward.post(f"{page}/diffuser", data=data).status_code == 403
    with city.db.read() as conn:
        digest = deposits.in_states(conn, ("held",))[-1].version
    with pytest.raises(HeldBack):
        deciding.accept(city, digest, PUBLIC, why="Rien de personnel là-dedans.", actor="qualite")
    assert state(agent, page) == "held"


def test_a_draft_is_seen_by_a_link_that_ends(city: City) -> None:
    agent = browser(city, "agent")
    page = hand_in(city, agent, "arbres.csv", PLACES)
    path = agent.get(f"{page}.json").json()["review"]["link"]["path"]
    visitor = browser(city, "")
    assert "310" in visitor.get(path).text
    assert "noindex" in visitor.get(path).text
    assert visitor.get(path[:-1] + ("0" if path[-1] != "0" else "1")).status_code == 404
    later = replace(city, now=lambda: webcity.NOW + timedelta(days=9))
    assert browser(later, "").get(path).status_code == 404
    assert send(agent, page, "avis").status_code == 303
    assert visitor.get(path).status_code == 404


def test_others_than_sender_and_deciders_see_no_personal_cell(city: City) -> None:
    agent = browser(city, "agent")
    page = hand_in(city, agent, "agents.csv", AGENTS.encode())
    assert "durand@ville.example" in agent.get(page).text
    assert agent.get(f"{page}.json").json()["review"]["context"]
    for name in ("qualite", "admin", "lecteur"):
        other = browser(city, name)
        assert "durand@ville.example" not in other.get(page).text + other.get(f"{page}.json").text
    for name in ("dpo", "delegue"):
        assert "durand@ville.example" in browser(city, name).get(f"{page}/decision").text
    with city.db.read() as conn:
        looked = journal.of(conn, "agents-2/agents", verb="read-held")
    assert {e.actor for e in looked} >= {"dpo"}


def test_why_a_file_is_held_is_said_in_english_too(city: City) -> None:
    agent = browser(city, "agent")
    page = hand_in(city, agent, "agents_du_service.csv", AGENTS.encode())
    french, english = (agent.get(prefix + page).text.replace("\u00a0", " ") for prefix in ("", "/en"))
    assert "ont été trouvées (colonnes « " in french
    assert "were found (columns “courriel”, “nom”" in english
    assert "ont été trouvées" not in english
    assert "were found (columns" in agent.get("/en/depots").text


def test_what_is_decided_on_is_said_in_english_too(city: City) -> None:
    page = hand_in(city, browser(city, "agent"), "agents_du_service.csv", AGENTS.encode())
    officer = browser(city, "dpo")
    french, english = officer.get(f"{page}/decision").text, officer.get(f"/en{page}/decision").text
    assert "nom (personnelle)" in french
    assert "ce qui est encore en cours de mesure" in french
    assert "nom (personal)" in english
    assert "what is still being measured" in english
    assert not [words for words in ("personnelle)", "en cours de mesure") if words in english]


PARKS = "parc;surface\nParc du Port;310\nJardin de la Source;42\n"


@pytest.mark.parametrize(
    ("line", "proposed"),
    [
        ("Parcs et jardins ouverts au public en 2026", "Parcs et jardins ouverts au public en 2026"),
        ("Parcs visités par Mme Jeanne Martin, 06 39 98 12 34", "Releve"),
        ("2026", "Releve"),
    ],
    ids=["title", "of somebody", "year"],
)
def test_the_line_above_the_header_is_proposed_as_the_title(city: City, line: str, proposed: str) -> None:
    """In a text and in a workbook; never words in which somebody is named, and never over a title that was said."""
    agent = browser(city, "agent")
    rows: list[list[str | int]] = [[line], *([*one.split(";")] for one in PARKS.splitlines())]
    for name, content in (("releve.csv", f"{line}\n\n{PARKS}".encode()), ("releve.xlsx", sheet(rows))):
        page = hand_in(city, agent, name, content)
        seen = agent.get(f"{page}.json").json()["review"]
        assert seen["words"]["title"] == proposed, name
        if proposed == line:
            assert seen["heading"] == line
            assert f'value="{line}"' in agent.get(page).text
            assert "Titre proposé d’après la ligne au-dessus" in agent.get(page).text
            assert send(agent, page, "garder", titre="Nos parcs").status_code == 303
            again = agent.get(f"{page}.json").json()["review"]
            assert (again["words"]["title"], again["heading"]) == ("Nos parcs", "")
