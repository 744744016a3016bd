"""A third language from `.po` files alone: a folder of them in the city, and not a line of Python."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from starlette.testclient import TestClient

from parvis.administration import invitations
from parvis.alerts.sending import Envelope
from parvis.cli.app import run
from parvis.core.language import language_of
from parvis.core.sentence import FRENCH
from parvis.core.translations import SHIPPED
from parvis.people import accounts
from parvis.publication.city import City
from parvis.services.answers import Asked, Said
from parvis.services.fontaines.service import SERVICE, answer
from parvis.web.app import create_app
from tests.cities import webcity

MARK = "·òc·"
"""What every sentence of the made-up language begins with."""
LACKING = "Cette adresse ne correspond à aucune page."
"""A sentence that its translator has not come to yet."""
WRONG = b"siret,nom\n123,a\n21340172201787,b\n"


def translate(folder: Path) -> None:
    """Every sentence that English has, said in a language that marks it, with its places and plurals."""
    made = Catalog("oc")
    for path in sorted((SHIPPED / "en" / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as source:
            for message in read_po(source, locale="en"):
                if message.id and not message.context and LACKING not in message.id:
                    said = (
                        MARK + message.id
                        if isinstance(message.id, str)
                        else tuple(MARK + one for one in message.id)
                    )
                    made.add(message.id, said)
    folder.mkdir(parents=True)
    with (folder / "parvis.po").open("wb") as out:
        write_po(out, made)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    made = webcity.build(tmp_path_factory.mktemp("city"))
    translate(made.settings.folder / "langues" / "oc" / "LC_MESSAGES")
    yield made
    made.db.close()


@pytest.fixture(scope="module")
def visitor(city: City) -> Iterator[TestClient]:
    with TestClient(create_app(city), follow_redirects=False) as client:
        yield client


def test_it_is_a_folder_of_translations_and_nothing_else(city: City) -> None:
    assert {p.suffix for p in (city.settings.folder / "langues").rglob("*.*")} == {".po"}


def test_pages_speak_it_at_its_own_addresses(visitor: TestClient) -> None:
    for path in ("/oc", "/oc/jeux", "/oc/services", "/oc/qualite", "/oc/controles"):
        page = visitor.get(path)
        assert page.status_code == 200, path
        assert '<html lang="oc">' in page.text
        assert page.text.count(MARK) > 10
        assert 'hreflang="oc"' in page.text
    assert f"{MARK}Espace producteur" in visitor.get("/oc").text
    french = visitor.get("/")
    assert MARK not in french.text
    assert '<a href="/oc" lang="oc" hreflang="oc">Occitan</a>' in french.text
    assert MARK not in visitor.get("/en").text
    assert visitor.get("/br").status_code == 404


def test_errors_speak_it(visitor: TestClient) -> None:
    twin = visitor.get("/oc/jeux/nulle-part.json").json()
    assert twin["language"] == "oc"
    assert twin["error"] == f"{MARK}Ce jeu de données n’existe pas ou n’est pas publié."
    told = visitor.get("/api/explore/v2.1/catalog/datasets/nulle-part/records?lang=oc")
    assert told.status_code == 404
    assert MARK in visitor.get("/oc/jeux?page=x").text


def test_what_it_lacks_stays_french_and_says_so(visitor: TestClient) -> None:
    twin = visitor.get("/oc/nulle-part.json").json()
    assert (twin["error"], twin["language"]) == (LACKING, FRENCH)
    assert f'lang="fr">{LACKING}' in visitor.get("/oc/nulle-part").text


def test_findings_of_a_check_speak_it(visitor: TestClient) -> None:
    sent = {"fichier": ("tiers.csv", WRONG, "text/csv")}
    said = visitor.post("/api/check/v1", files=sent, data={"langue": "oc"}).json()
    every = [*said["errors"], *said["warnings"], *said["notes"]]
    assert every
    for fault in every:
        assert fault["language"] == "oc", fault
        assert all(MARK in fault[text] for text in ("title", "message", "why", "fix")), fault
    assert MARK in said["unchecked"][0]["what"]
    assert MARK in visitor.post("/oc/verifier", files=sent).text


def test_a_service_answers_in_it(city: City, visitor: TestClient) -> None:
    said = visitor.get("/oc/services/velos.json").json()
    assert (said["language"], said["title"]) == ("oc", f"{MARK}Vélos en libre-service")
    rows = pa.table({"nom": ["a"], "etat": ["coule"], "_point": pa.array([{"lon": 3.87, "lat": 43.61}])})
    asked = Asked({}, webcity.NOW, None, language_of(city.settings, "oc").of(SERVICE.name))
    (first, *_) = answer(asked, {"fontaines": rows})
    assert isinstance(first, Said)
    assert first.text.startswith(f"{MARK}1 fontaine coule dans la ville.")


def test_a_mail_speaks_it(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Envelope] = []

    class Way:
        def send(self, envelope: Envelope) -> None:
            sent.append(envelope)

        def close(self) -> None:
            pass

    monkeypatch.setattr(invitations, "ways", lambda _: {"mail": Way()})
    mailing = replace(city, settings=replace(city.settings, alerts=replace(city.settings.alerts, smtp="x")))
    with city.db.read() as conn:
        (person, *_) = accounts.everybody(conn)
    invitations.mail(mailing, b"k" * 32, person, actor=person.id, kind="lost", language="oc")
    (letter,) = sent
    assert letter.language == "oc"
    assert letter.subject.startswith(f"{MARK}Choisir un nouveau mot de passe")
    assert sum(line.startswith(MARK) for line in letter.lines) == 3
    assert any(re.search(r"/oc/mot-de-passe/nouveau\?lien=", line) for line in letter.lines)


def test_a_command_speaks_it(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file, empty = tmp_path / "tiers.csv", tmp_path / "vide.csv"
    file.write_bytes(WRONG)
    empty.write_bytes(b"")
    monkeypatch.chdir(city.settings.folder)
    run(["check", str(file), "--lang", "oc", "--json"])
    said = json.loads(capsys.readouterr().out)
    assert all(MARK in fault["message"] for fault in (*said["errors"], *said["warnings"]))
    assert run(["check", str(empty), "--lang", "oc", "--json"]) == 2
    told = capsys.readouterr()
    assert json.loads(told.out)["message"].startswith(MARK)
    assert told.err.startswith(f"{MARK}Erreur")
    assert run(["check", str(file), "--lang", "br", "--json"]) == 64
    assert "fr, en, oc" in json.loads(capsys.readouterr().out)["mend"]
