"""The page on which whoever answers for a dataset says what it is, and takes it off the public pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx import Response
from starlette.testclient import TestClient

from parvis import api
from parvis.catalogue.description_scores import Follower
from parvis.core.types import PUBLIC, Dataset
from parvis.publication import describing, pipeline
from parvis.publication.city import City
from parvis.store import datasets, journal, versions
from parvis.web.app import create_app
from tests.cities import sharecity, webcity
from tests.cities.sharecity import sign_in, token

PAGE = "/jeux/capteurs/description"
NAMED = "Relevés de Mme Zéphyrine Quatresous"


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    sharecity.build(tmp_path)
    made = webcity.open_again(tmp_path, base_url="http://testserver")
    yield made
    sharecity.close(made)


def browser(city: City, name: str = "") -> TestClient:
    app = create_app(city)
    api.install(app, city)
    client = TestClient(app, follow_redirects=False)
    return sign_in(city, client, name) if name else client


def send(client: TestClient, page: str = PAGE, to: str = "", **changed: object) -> Response:
    """The form as the page shows it, some fields changed."""
    shown = client.get(f"{page}.json").json()
    fields: dict[str, object] = {
        "csrf": token(client.get(page).text),
        "titre": shown["title"],
        "description": shown["description"],
        "mots-cles": ", ".join(shown["keywords"]),
        "licence": shown["licence"],
        "frequence": shown["frequency"],
        "territoire": shown["spatial"],
        "contact-nom": shown["contact"]["name"],
        "contact-courriel": shown["contact"]["email"],
        "contact-url": shown["contact"]["url"],
        "depuis": shown["since"],
        "jusque": shown["until"],
        "theme": [t["value"] for t in shown["themes"] if t["chosen"]],
    }
    for n, one in enumerate(shown["resources"], 1):
        fields |= {f"titre-{n}": one["title"], f"description-{n}": one["description"]}
    return client.post(to or page, data=fields | changed)


def kept(city: City, id_: str = "capteurs") -> Dataset:
    with city.db.read() as conn:
        found = datasets.dataset(conn, id_)
    assert found is not None
    return found


def test_what_is_written_is_read_at_once_and_the_version_stays(city: City) -> None:
    before = kept(city)
    with city.db.read() as conn:
        version = versions.served(conn, "capteurs/releves", PUBLIC)
    client = browser(city, "qualite")
    answer = send(
        client,
        titre="Capteurs des bâtiments",
        description="Un relevé par heure.\n\nSites fermés exclus.",
        theme=["ENER"],
        depuis="01/02/2024",
        **{"mots-cles": "énergie, température ; énergie", "contact-nom": "Service énergie"},
        **{
            "contact-courriel": "energie@montclair.example",
            "titre-1": "Relevés horaires",
            "frequence": "hourly",
        },
    )
    assert answer.status_code == 303, answer.text
    assert "La description est enregistrée" in client.get(answer.headers["location"]).text
    shown = browser(city).get("/jeux/capteurs.json").json()
    assert shown["title"] == "Capteurs des bâtiments"
    assert (shown["themes"], shown["keywords"]) == (["ENER"], ["énergie", "température"])
    assert shown["resource"]["title"] == "Relevés horaires"
    assert shown["temporal"] == ["2024-02-01", None]
    assert shown["contact"]["email"] == "energie@montclair.example"
    assert version is not None
    assert shown["resource"]["version"] == version.digest
    assert "Capteurs des bâtiments" in browser(city).get("/catalogue.ttl").text
    with city.db.read() as conn:
        events = journal.of(conn, "capteurs", verb=describing.DESCRIBED)
    assert {f for e in events for f in e.ids["fields"].split(".")} == {
        *("title", "description", "keywords", "themes", "contact", "temporal", "frequency")
    }
    assert {e.actor for e in events} == {"qualite"}
    assert (kept(city).access, kept(city).state) == (before.access, before.state)


def test_nothing_changed_is_no_event(city: City) -> None:
    before = kept(city)
    assert send(browser(city, "qualite")).status_code == 303
    assert kept(city) == before
    with city.db.read() as conn:
        assert journal.of(conn, "capteurs", verb=describing.DESCRIBED) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("titre", ""),
        ("titre", "é" * 351),
        ("licence", "MOI"),
        ("frequence", "parfois"),
        ("territoire", "La Roche"),
        ("contact-courriel", "energie(at)ville"),
        ("contact-url", "javascript:alert(1)"),
        ("depuis", "31/02/2025"),
        ("mots-cles", ",".join(map(str, range(51)))),
        ("titre-1", ""),
    ],
)
def test_a_wrong_field_is_shown_again_with_all_that_was_typed(city: City, field: str, value: str) -> None:
    before, client = kept(city), browser(city, "qualite")
    answer = send(
        client, **{"description": "Ce que je venais d’écrire.", "contact-nom": "Énergie", field: value}
    )
    assert answer.status_code == 422
    assert "Ce que je venais d’écrire." in answer.text
    assert f'<a href="#{field}">' in answer.text
    assert f'id="{field}"' in answer.text
    assert kept(city) == before


def test_a_period_that_ends_before_it_begins_and_an_address_without_a_service(city: City) -> None:
    client = browser(city, "qualite")
    answer = send(client, depuis="2025-05-01", jusque="2025-04-30", **{"contact-courriel": "a@ville.fr"})
    assert answer.status_code == 422
    assert 'href="#jusque"' in answer.text
    assert 'href="#contact-nom"' in answer.text


def test_words_that_point_at_somebody_wait_for_whoever_may_say_that_they_do_not(city: City) -> None:
    """A publisher is told and keeps what was typed; the officer of the organisation may keep it, and is not asked
    again: neither here nor when the next file comes.
    """
    clerk, officer = browser(city, "qualite"), browser(city, "dpo")
    answer = send(clerk, titre=NAMED, personne="1")
    assert answer.status_code == 422
    assert NAMED in answer.text
    assert 'name="personne"' not in answer.text
    assert kept(city).title != NAMED
    answer = send(officer, titre=NAMED)
    assert answer.status_code == 422
    assert 'name="personne"' in answer.text
    assert send(officer, titre=NAMED, personne="1").status_code == 303
    assert kept(city).title == NAMED
    with city.db.read() as conn:
        (event,) = journal.of(conn, "capteurs", verb=describing.CLEARED)
        words = {"titre": NAMED, "description": "Suivi par Mme Zéphyrine Quatresous"}
        assert list(describing.not_cleared(city, conn, "capteurs", words)) == ["description"]
        assert list(describing.not_cleared(city, conn, "chantiers", words)) == ["titre", "description"]
    assert event.actor == "dpo"
    assert NAMED not in str(event)
    assert send(clerk, titre="Capteurs").status_code == 303
    assert send(clerk, titre=NAMED).status_code == 303


def test_a_page_that_a_service_writes_is_not_edited(city: City) -> None:
    with city.db.begin() as conn:
        for one in datasets.resources(conn, "chantiers"):
            datasets.describe_resource(
                conn, type(one)(one.id, one.dataset, one.title, source="service:travaux"), {"source"}
            )
    assert browser(city, "admin").get("/jeux/chantiers/description").status_code in (403, 404)


FACES = (
    "/jeux/capteurs",
    "/jeux/capteurs.json",
    "/jeux/capteurs.ttl",
    "/jeux/capteurs.atom",
    "/jeux/capteurs/qualite",
    "/jeux/capteurs/decision",
    "/jeux/capteurs/metadonnees",
    "/jeux/capteurs/datapackage.json",
    "/qualite/capteurs",
    "/api/explore/v2.1/catalog/datasets/capteurs",
    "/api/explore/v2.1/catalog/datasets/capteurs/records",
    "/api/explore/v2.1/catalog/datasets/capteurs/exports/csv",
)
"""Addresses of the dataset alone."""
LISTS = (
    "/",
    "/jeux?q=capteurs",
    "/catalogue.ttl",
    "/sitemap.xml",
    "/organisations/education",
    "/qualite",
    "/metadonnees",
)
"""Addresses that name it among others."""


def test_an_unpublished_dataset_is_on_no_face_and_comes_back_whole(city: City) -> None:
    """Nothing is destroyed, and a file handed in meanwhile does not put it back."""
    public, admin = browser(city), browser(city, "admin")
    title = kept(city).title
    before = {face: public.get(face) for face in FACES}
    assert {face: a.status_code for face, a in before.items()} == dict.fromkeys(FACES, 200)
    scores = Follower(city.db, city.settings)
    while scores.turn(city.now()):
        pass
    named = [face for face in LISTS if "capteurs" in public.get(face).text]
    assert {"/catalogue.ttl", "/sitemap.xml", "/metadonnees"} <= set(named)
    csrf = token(admin.get(PAGE).text)
    answer = admin.post("/jeux/capteurs/en-ligne", data={"csrf": csrf, "en-ligne": "non"})
    assert answer.status_code == 303, answer.text
    assert "n’est plus en ligne" in admin.get(PAGE).text
    assert {face: browser(city).get(face).status_code for face in FACES} == dict.fromkeys(FACES, 404)
    for face in named:
        text = browser(city).get(face).text.replace("/jeux?q=capteurs", "").replace('value="capteurs"', "")
        assert "jeux/capteurs" not in text, face
        assert title not in text, face
    with city.db.begin() as conn:
        pipeline.show(conn, datasets.resources(conn, "capteurs")[0], webcity.NOW)
    assert kept(city).state == "archived"
    csrf = token(admin.get(PAGE).text)
    assert admin.post("/jeux/capteurs/en-ligne", data={"csrf": csrf, "en-ligne": "oui"}).status_code == 303
    after = {face: browser(city).get(face) for face in FACES}
    assert {face: a.status_code for face, a in after.items()} == dict.fromkeys(FACES, 200)
    csv = next(face for face in FACES if face.endswith("csv"))
    assert after[csv].content == before[csv].content


def test_words_changed_while_nobody_read_them_are_searched_before_they_are(city: City) -> None:
    admin = browser(city, "admin")
    csrf = token(admin.get(PAGE).text)
    assert admin.post("/jeux/capteurs/en-ligne", data={"csrf": csrf, "en-ligne": "non"}).status_code == 303
    assert send(admin, titre=NAMED).status_code == 303
    answer = admin.post(
        "/jeux/capteurs/en-ligne", data={"csrf": token(admin.get(PAGE).text), "en-ligne": "oui"}
    )
    assert answer.status_code == 422
    assert kept(city).state == "archived"


def test_whoever_has_the_right_finds_the_way_on_the_page_of_the_dataset(city: City) -> None:
    """Each act that is offered opens; visitors are offered none."""
    assert browser(city).get("/jeux/capteurs.json").json()["acts"] == []
    assert "Agir sur ce jeu" not in browser(city).get("/jeux/capteurs").text
    offered: dict[str, set[str]] = {}
    for who in ("qualite", "admin", "lecteur", "dpo"):
        client = browser(city, who)
        acts = client.get("/jeux/capteurs.json").json()["acts"]
        offered[who] = {a["title"] for a in acts}
        for act in acts:
            assert client.get(act["path"]).status_code == 200, (who, act)
    assert {"Mettre à jour", "Décrire"} <= offered["qualite"]
    assert {"Mettre à jour", "Décrire", "Retirer"} <= offered["admin"]
    assert offered["lecteur"] == set()
    assert offered["dpo"] == {"Retirer"}
