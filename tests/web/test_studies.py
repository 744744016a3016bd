"""Studies at the desk, in French and in English, without JavaScript: asked for by a form, followed, read,
compared, asked for again with one answer changed, taken home, published; and no trace of them for others.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from parvis.cli.app import run
from parvis.core import settings
from parvis.people import accounts, sessions
from parvis.publication.city import City, open_city
from parvis.services.study import texts
from parvis.store import study_runs
from parvis.store.study_runs import StudyRun
from parvis.web.app import create_app
from parvis.web.page import SESSION_COOKIE
from parvis.work import studies
from tests.cities import studycity
from tests.cities.sharecity import token
from tests.cities.studycity import ENGLISH, WANDER

NOW = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)
PEOPLE = {"editrice": "publisher", "lecteur": "reader", "qualite": "steward"}
Browse = Callable[..., TestClient]


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> City:
    monkeypatch.setattr(studies, "declared", lambda: (WANDER,))
    ticks = count()
    made = studycity.city_of(tmp_path / "city", lambda: NOW + timedelta(seconds=next(ticks)))
    with made.db.begin() as conn:
        for name in (*PEOPLE, "etranger"):
            accounts.make(
                conn, email=f"{name}@ville.example", name=name.title(), password_hash="x", actor="system",
                at=NOW, person_id=name,
            )  # fmt: skip
        for name, role in PEOPLE.items():
            accounts.give_role(conn, name, "parcs", role, actor="system", at=NOW)  # type: ignore[arg-type]
    return made


@pytest.fixture
def browse(city: City) -> Browse:
    app = create_app(city)

    def as_(name: str = "") -> TestClient:
        client = TestClient(app)
        if name:
            with city.db.begin() as conn:
                client.cookies.set(SESSION_COOKIE, sessions.start(conn, name, now=NOW))
        return client

    return as_


def send(client: TestClient, path: str, form_at: str = "", **fields: Any) -> Any:
    html = client.get(form_at or path).text
    files = fields.pop("files", None)
    return client.post(path, data={"csrf": token(html), **fields}, files=files, follow_redirects=False)


def latest(city: City) -> StudyRun:
    with city.db.read() as conn:
        return study_runs.listed(conn, limit=1)[0]


def done(city: City, client: TestClient, **fields: Any) -> StudyRun:
    """A run asked for by the form, and done."""
    asked = send(client, "/etudes/promenade", **{"pas": "20", **fields})
    assert asked.status_code == 303, asked.text
    one = latest(city)
    assert asked.headers["location"] == f"/etudes/promenade/{one.id}"
    assert studies.compute(city, one.id) == "done"
    return latest(city)


def test_a_study_is_walked_through_from_form_to_publication(city: City, browse: Browse) -> None:
    client = browse("editrice")
    listed = client.get("/etudes")
    assert "Une promenade" in listed.text
    assert client.get("/etudes.json").json()["studies"][0]["ready"] is True

    # the form: fields for all, tables and maps beside them
    html = client.get("/etudes/promenade").text
    for field in (
        'name="pas" value="50"',
        'name="depart"',
        "multiple",
        "<textarea",
        'type="file"',
        'type="time"',
        'type="date"',
        'type="checkbox"',
    ):
        assert field in html, field
    assert 'data-pick="demande-depart" data-pick-by="row"' in html
    picked = client.get("/etudes/promenade/reponse.geojson").json()
    assert [f["properties"] for f in picked["features"]] == [{"Marché": ""}, {"Square": ""}, {"Quai": ""}]

    # asked for, and while it waits
    asked = send(
        client, "/etudes/promenade", pas="20", depart="Quai", evite=["Square", "Marché"], lieux="43.61, 3.87\n43.62, 3.88",
        heure="9h30", jour="31/03/2026", pluie="oui", graine="5", files={"plan": ("plan.csv", b"a;b\n", "text/csv")},
    )  # fmt: skip
    assert asked.status_code == 303, asked.text
    one = latest(city)
    assert (one.seed, one.actor) == (5, "editrice")
    assert one.parameters["evite"] == ["Square", "Marché"]
    assert one.parameters["heure"] == "09:30"
    assert one.parameters["jour"] == "2026-03-31"
    waiting = client.get(f"/etudes/promenade/{one.id}")
    assert "En attente" in waiting.text
    assert "Actualiser" in waiting.text
    assert "<progress" in waiting.text

    # its result, the same in the twin
    assert studies.compute(city, one.id) == "done"
    page = client.get(f"/etudes/promenade/{one.id}").text
    twin = client.get(f"/etudes/promenade/{one.id}.json").json()
    assert "20 étapes" in page
    assert twin["blocks"][0]["text"].startswith("20 étapes")
    assert {f["label"]: f["first"] for f in twin["facts"]}["Bancs évités"] == "Square, Marché"
    index = next(i for i, b in enumerate(twin["blocks"]) if b["kind"] == "map")
    marks = client.get(f"/etudes/promenade/{one.id}/reponse.geojson?bloc={index}").json()
    assert {f["geometry"]["type"] for f in marks["features"]} == {"Point"}

    # published through the gate
    moved = send(
        client, f"/etudes/promenade/{one.id}/publier", f"/etudes/promenade/{one.id}", table="promenade"
    )
    assert moved.status_code == 303
    assert client.get("/jeux/promenades").status_code == 200
    assert client.get(f"/etudes/promenade/{one.id}.json").json()["outputs"][0]["done"] is True


def test_a_wrong_answer_is_told_beside_its_field_and_nothing_is_begun(city: City, browse: Browse) -> None:
    client = browse("editrice")
    refused = send(
        client,
        "/etudes/promenade",
        pas="0",
        depart="Qai",
        heure="26h",
        lieux="quelque part",
        graine="9" * 5000,
    )
    assert refused.status_code == 422
    for why in (
        "n’est pas un nombre de 1 à 5000",
        "Vouliez-vous dire « Quai »",
        "n’est pas une heure",
        "n’a pas été trouvé",
        "La graine est un nombre",
    ):
        assert why in refused.text, why
    assert 'aria-invalid="true"' in refused.text
    assert 'href="#demande-pas"' in refused.text
    assert "quelque part" in refused.text, "what was typed is still there"
    english = browse("editrice")
    said = send(english, "/en/etudes/promenade", pas="0")
    assert "no number from 1 to 5000" in said.text
    with city.db.read() as conn:
        assert not study_runs.listed(conn)


def test_asked_again_with_one_answer_changed_and_compared(city: City, browse: Browse) -> None:
    client = browse("editrice")
    first = done(city, client, pas="20", files={"plan": ("plan.csv", b"a;b\n", "text/csv")})
    form = client.get(f"/etudes/promenade?de={first.id}").text
    assert 'name="pas" value="20"' in form
    assert f'name="de" value="{first.id}"' in form
    send(client, "/etudes/promenade", f"/etudes/promenade?de={first.id}", pas="25", de=first.id)
    second = latest(city)
    assert second.parameters == {**first.parameters, "pas": 25.0}, "the file is taken up too"
    assert studies.compute(city, second.id) == "done"
    page = client.get(f"/etudes/promenade/comparer?a={first.id}&b={second.id}")
    twin = client.get(f"/etudes/promenade/comparer.json?a={first.id}&b={second.id}").json()
    assert twin["parameters"] == [{"label": "Nombre d’étapes", "first": "20", "second": "25"}]
    steps = next(f for f in twin["figures"] if f["label"] == "étapes")
    assert (steps["first"], steps["second"]) == ("20", "25")
    (table,) = twin["tables"]
    assert table["same"] == 20
    assert [r["label"] for r in table["rows"]] == ["21", "22", "23", "24", "25"]
    assert "Réponses qui diffèrent" in page.text
    assert "20 lignes sont les mêmes" in page.text
    assert "comparer" in client.get(f"/etudes/promenade/{first.id}").text
    assert client.get("/etudes/promenade/comparer").status_code == 400


def test_a_result_is_taken_home(city: City, browse: Browse) -> None:
    client = browse("editrice")
    one = done(city, client)
    pdf = client.get(f"/etudes/promenade/{one.id}/resultat.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert b"pdfuaid" in pdf.content
    packed = client.get(f"/etudes/promenade/{one.id}/resultat.zip").content
    assert packed == client.get(f"/etudes/promenade/{one.id}/resultat.zip").content
    with zipfile.ZipFile(io.BytesIO(packed)) as folder:
        names = {n.rpartition("/")[2]: folder.read(n) for n in folder.namelist()}
    assert names.keys() == {"resultat.pdf", "etude.json", "promenade.csv", "notes.csv", "promenade.txt"}
    assert names["promenade.csv"].decode("utf-8-sig").splitlines()[0] == "etape;nom;metres;latitude;longitude"
    assert client.get(f"/etudes/promenade/{one.id}/promenade.csv").content == names["promenade.csv"]
    text = client.get(f"/etudes/promenade/{one.id}/promenade.txt")
    assert text.content == names["promenade.txt"]
    assert text.headers["cache-control"] == "no-store"
    assert client.get(f"/etudes/promenade/{one.id}/autre.txt").status_code == 404


def test_a_run_is_stopped_and_a_failed_one_says_why(city: City, browse: Browse) -> None:
    client = browse("qualite")
    send(client, "/etudes/promenade", pas="20")
    one = latest(city)
    send(client, f"/etudes/promenade/{one.id}/arreter", f"/etudes/promenade/{one.id}")
    assert "Arrêté" in client.get(f"/etudes/promenade/{one.id}").text
    send(client, "/etudes/promenade", pas="20", faute="dite")
    failed = latest(city)
    assert studies.compute(city, failed.id) == "failed"
    assert "Aucun banc n’est libre." in client.get(f"/etudes/promenade/{failed.id}").text
    assert client.get(f"/etudes/promenade/{failed.id}/resultat.pdf").status_code == 404


def test_the_english_page_speaks_english(city: City, browse: Browse) -> None:
    assert set(texts(WANDER)) <= set(ENGLISH)
    client = browse("editrice")
    one = done(city, client)
    page = client.get(f"/en/etudes/promenade/{one.id}").text
    assert "20 steps" in page
    assert "How far is it from bench to bench?" in page
    assert "Pigeons are left out." in page
    visible = re.sub(r"<[^>]+>", " ", page[page.index("<main") : page.index("</main")])
    assert not re.search(r"\b(étapes|calcul|résultat|Graine|Demandé)\b", visible), "no French in between"


def test_for_others_there_is_none(city: City, browse: Browse) -> None:
    one = done(city, browse("editrice"))
    paths = [
        f"/etudes/promenade{rest}"
        for rest in ("", ".json", "/reponse.geojson", f"/{one.id}", f"/{one.id}.json", f"/{one.id}/resultat.pdf",
                     f"/{one.id}/promenade.csv", f"/comparer?a={one.id}&b={one.id}")
    ]  # fmt: skip
    for name in ("lecteur", "etranger"):
        client = browse(name)
        for path in paths:
            there, none = client.get(path), client.get(path.replace("promenade", "balade", 1))
            assert (there.status_code, none.status_code) == (404, 404), path
            strip = [
                re.sub(r"balade|promenade", "", r.text).replace(
                    token(r.text) if "csrf" in r.text else "–", ""
                )
                for r in (there, none)
            ]
            assert strip[0] == strip[1], "the two can’t be told apart"
        assert "promenade" not in client.get("/etudes").text.lower()
    nobody = browse()
    for path in [*paths, "/etudes"]:
        assert nobody.get(
            path, headers={"accept": "application/json"}, follow_redirects=False
        ).status_code in (303, 401)
    for public in (
        "/",
        "/services",
        "/jeux",
        "/plan-du-site",
        "/sitemap.xml",
        "/catalogue.jsonld",
        "/flux.atom",
        "/llms.txt",
    ):
        assert "promenade" not in nobody.get(public).text.lower(), public
    page = browse("qualite").get(f"/etudes/promenade/{one.id}").text
    assert "votre rôle ne permet pas de publier" in page


def test_studies_by_command(city: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def said(*words: str, code: int = 0) -> Any:
        """In this process, which knows the study of the tests."""
        ended = run(["study", *words, "--city", str(city.settings.folder), "--json"])
        out = capsys.readouterr().out
        assert ended == code, out
        return json.loads(out)

    first = said(
        "run", "promenade", "--set", "pas=20", "--set", "evite=Quai", "--set", "evite=Square", "--seed", "3"
    )
    assert first["state"] == "done"
    assert first["parameters"]["evite"] == ["Quai", "Square"]
    assert first["seed"] == 3
    second = said("run", "promenade", "--again", first["id"][:8], "--set", "pas=25")
    assert second["parameters"] == {**first["parameters"], "pas": 25.0}
    assert second["seed"] == 3
    both = said("compare", first["id"], second["id"])
    assert both["parameters"] == [{"label": "Nombre d’étapes", "first": "20", "second": "25"}]
    shown = said("show", first["id"], "--export", str(tmp_path / "out"))
    assert shown["blocks"] == first["blocks"]
    assert {p.name for p in (tmp_path / "out").iterdir()} == {
        "resultat.pdf",
        "etude.json",
        "promenade.csv",
        "notes.csv",
        "promenade.txt",
    }
    assert [s["name"] for s in said("list")["studies"]] == ["promenade"]
    failed = said("run", "promenade", "--set", "pas=20", "--set", "faute=dite", code=3)
    assert failed["message"] == "Aucun banc n’est libre. Revenez demain."
    wrong = said("run", "promenade", "--set", "pass=20", code=64)
    assert "Vouliez-vous dire « pas »" in wrong["mend"]
    assert "Vouliez-vous dire « promenade »" in said("run", "promenad", code=64)["mend"]
    word = said("run", "promenade", "--set", "pas=20", "--set", "plan=ici.pdf", code=64)
    assert word["message"] == "« Un plan » : un fichier est attendu."
    assert word["mend"] == "Donnez-le par --file plan=CHEMIN."
    waiting = studies.ask(
        open_city(settings.load(city.settings.folder, {})), WANDER, {"pas": 20.0}, actor="editrice"
    )
    assert said("cancel", waiting.id)["state"] == "cancelled"
