"""The page of a policy: chosen column by column with plain forms, tried on the last file, saved, ended; its
risk before and after, and what each mode costs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from parvis.publication import pipeline, policies
from parvis.publication.city import City
from parvis.store import versions
from parvis.web.app import create_app
from parvis.work import jobs
from tests.cities import webcity

HERE = "/jeux/prenoms/anonymisation"
NAMES = ("Ada", "Zoé", "Côme", "Léon", "Inès")


def lines() -> str:
    rows = [
        f"{NAMES[i % 5]};{20 + i * 7 % 50};{('34172', '34057')[i % 2]};enfant{i}@montclair.example;{('oui', 'non')[i % 3 == 0]}"
        for i in range(90)
    ]
    return "\n".join(["prenom;age;commune;contact;accord", *rows]) + "\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    folder = tmp_path_factory.mktemp("city")
    made = webcity.build(folder / "city", base_url="http://testserver")
    (folder / "prenoms.csv").write_text(lines(), "utf-8")
    pipeline.receive(
        made, folder / "prenoms.csv", name="prenoms.csv", resource="prenoms/prenoms", actor="publisher"
    )
    yield made
    made.engine.connection.close()
    made.db.close()


@pytest.fixture
def city(built: City) -> City:
    """The city, its resource without a policy."""
    policies.save(built, "prenoms/prenoms", "", actor="publisher")
    return built


@pytest.fixture
def editor(city: City) -> Iterator[TestClient]:
    with TestClient(create_app(city), follow_redirects=False) as client:
        page = client.get("/connexion").text
        token = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
        assert token is not None
        client.post(
            "/connexion",
            data={
                "csrf": token[1],
                "email": "agent@montclair.example",
                "password": webcity.PASSWORD,
                "suite": "/depots",
            },
        )
        yield client


def form(html: str, button: str) -> dict[str, str | list[str]]:
    """All that the form with this button would send, as a browser has it."""
    block = next(f for f in re.findall(r"<form.*?</form>", html, re.DOTALL) if f'value="{button}"' in f)
    sent: dict[str, str | list[str]] = {"geste": button}
    for name, value in re.findall(
        r'<input (?:type="hidden" )?(?:id="\w+" )?name="(\w+)" value="([^"]*)"', block
    ):
        if name == "colonne":
            held = sent.setdefault(name, [])
            assert isinstance(held, list)
            held.append(unescape(value))
        else:
            sent[name] = unescape(value)
    for name, options in re.findall(r'<select id="\w+" name="(\w+)"[^>]*>(.*?)</select>', block, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        sent[name] = unescape(chosen[1]) if chosen else ""
    return sent


def test_a_policy_is_chosen_tried_saved_and_ended(city: City, editor: TestClient) -> None:
    html = editor.get(HERE).text
    sent = form(html, "essayer")
    assert sent["colonne"] == ["prenom", "age", "commune", "contact", "accord"]
    assert sent["c3"] == "drop"  # the scan found addresses in it
    assert sent["k"] == "11"
    assert sent["mode"] == "robust"
    sent |= {
        "c0": "generalise:none",
        "c1": "generalise:ages",
        "c2": "generalise:communes",
        "c4": "keep",
        "k": "5",
        "sensible": "accord",
        "l": "2",
        "mode": "local",
    }
    answer = editor.post(HERE, data=sent)
    html = unescape(answer.text)
    assert answer.status_code == 200
    assert "Cette politique n’est pas encore enregistrée." in html
    assert "Risque, avant et après" in html
    assert "minimalité" in html
    assert re.search(r"enfant[0-9]", html) is None  # of the column that is dropped
    assert policies.current(city, "prenoms/prenoms") is None  # nothing is kept before one says so
    answer = editor.post(HERE, data=form(answer.text, "enregistrer"))
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"{HERE}?ressource=prenoms%2Fprenoms&fait=enregistree",
    )
    kept = policies.current(city, "prenoms/prenoms")
    assert kept is not None
    assert (kept.policy.models.k, kept.policy.models.l, kept.policy.mode) == (5, 2, "local")
    assert {r.names[0]: r.treatment for r in kept.policy.rules} == {
        "prenom": "generalise",
        "age": "generalise",
        "commune": "generalise",
        "contact": "drop",
        "accord": "keep",
    }
    html = editor.get(f"{HERE}?fait=enregistree").text
    assert "La politique est enregistrée." in html
    answer = editor.post(HERE, data=form(html, "relire"))
    assert answer.status_code == 303
    deposit = re.search(r"/depots/(\w+)", answer.headers["location"])
    assert deposit is not None
    jobs.decide(city, deposit[1], jobs.draft(city, deposit[1]))
    with city.db.read() as conn:
        version = versions.latest(conn, "prenoms/prenoms")
    assert version is not None
    assert version.schema.names == ("prenom", "age", "commune", "accord")
    answer = editor.post(HERE, data=form(html, "finir"))
    assert answer.headers["location"].endswith("fait=finie")
    assert policies.current(city, "prenoms/prenoms") is None


def test_the_twin_says_what_the_page_shows(city: City, editor: TestClient) -> None:
    policy = "[models]\nk = 5\n" + "".join(
        f'[[columns]]\nnames = ["{n}"]\ntreatment = "{t}"\n' + (f'hierarchy = "{h}"\n' if h else "")
        for n, t, h in (
            ("prenom", "drop", ""),
            ("age", "generalise", "ages"),
            ("commune", "generalise", "communes"),
            ("contact", "drop", ""),
            ("accord", "keep", ""),
        )
    )
    policies.save(city, "prenoms/prenoms", policy, actor="publisher")
    said = editor.get(f"{HERE}.json").json()
    assert said["kept"]
    assert not said["changed"]
    risk = {f["name"]: (f["before"], f["after"]) for f in said["preview"]["figures"]}
    assert risk["k"][0] < 5 <= risk["k"][1]
    assert risk["prosecutor"][1] <= 0.2
    prices = {p["mode"]: p["lost"] for p in said["preview"]["prices"]}
    assert prices["local"] is not None
    assert prices["robust"] > 0.9 * prices["local"]  # what the careful mode costs
    assert {t["column"] for t in said["preview"]["treated"]} == {
        "prenom",
        "age",
        "commune",
        "contact",
        "accord",
    }
    assert len(said["preview"]["cells"]) == 10
    english = editor.get(f"/en{HERE}").text
    assert "What each mode costs" in english
    assert "Garder telle quelle" not in english


def test_a_preset_is_a_start_and_text_may_be_written(city: City, editor: TestClient) -> None:
    html = editor.get(HERE).text
    answer = editor.post(HERE, data={**form(html, "modele"), "modele": "inscriptions-scolaires"})
    assert answer.status_code == 200
    assert "INSEE" in answer.text
    assert form(answer.text, "essayer")["c1"] == "="  # its bands are its own: the form keeps them as they are
    again = editor.post(HERE, data=form(answer.text, "essayer"))
    assert "steps = [3, 6]" in unescape(again.text)
    wrong = editor.post(HERE, data={**form(html, "toml"), "toml": "[models]\nkk = 3\n"})
    assert wrong.status_code == 422
    assert "Vouliez-vous dire « k »" in unescape(wrong.text).replace("\u00a0", " ")
    for number in ("beaucoup", "inf", "nan"):
        bad = editor.post(HERE, data={**form(html, "essayer"), "k": number})
        assert bad.status_code == 422
        assert "n’est pas un nombre" in unescape(bad.text)


def test_no_file_of_the_machine_is_read_by_a_name(
    city: City, editor: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A preset is a name of the list: whatever lies on the machine answers as what is not there."""
    secret = 'title = "Clé de la ville : 4f1e"\n[models]\nk = 5\n'
    (tmp_path / "ailleurs.toml").write_text(secret, "utf-8")
    token = form(editor.get(HERE).text, "essayer")["csrf"]
    monkeypatch.chdir(tmp_path)
    for named in (str(tmp_path / "ailleurs.toml"), "é" * 300):
        answer = editor.post(HERE, data={"csrf": token, "geste": "modele", "modele": named})
        assert answer.status_code == 422, named
        assert "4f1e" not in answer.text


def test_a_policy_that_cannot_be_met_is_told_on_the_page(city: City, editor: TestClient) -> None:
    html = editor.get(HERE).text
    answer = editor.post(HERE, data={**form(html, "essayer"), "c1": "generalise:ages", "k": "91"})
    assert answer.status_code == 200
    assert "Aucune publication ne remplit les modèles" in unescape(answer.text)


def test_only_who_may_edit_sees_it(city: City) -> None:
    with TestClient(create_app(city), follow_redirects=False) as client:
        for path in (HERE, f"{HERE}.json", f"/en{HERE}"):
            answer = client.get(path)
            assert answer.status_code in (303, 401, 404)
            assert "Ada" not in answer.text


def test_a_table_is_protected_by_form(city: City, editor: TestClient) -> None:
    """Tried, then kept, and the last file read again: what is published are groups of enough people; the page
    has the protection as it was chosen.
    """
    html = editor.get(HERE).text
    sent = form(html, "essayer-protection") | {"g1": "mean", "g2": "by", "g4": "by", "seuil": "12"}
    answer = editor.post(HERE, data=sent)
    html = answer.text
    assert answer.status_code == 200
    assert "[guard]" in html
    assert policies.current(city, "prenoms/prenoms") is None
    said = form(answer.text, "proteger")
    assert {n: said[n] for n in ("g0", "g1", "g2", "g3", "g4", "seuil")} == {
        "g0": "",
        "g1": "mean",
        "g2": "by",
        "g3": "",
        "g4": "by",
        "seuil": "12",
    }
    answer = editor.post(HERE, data=said)
    assert answer.status_code == 303
    deposit = re.search(r"/depots/(\w+)", answer.headers["location"])
    assert deposit is not None
    jobs.decide(city, deposit[1], jobs.draft(city, deposit[1]))
    with city.db.read() as conn:
        assert policies.guard_of(conn, "prenoms/prenoms") == 12
        version = versions.latest(conn, "prenoms/prenoms")
    assert version is not None
    assert version.schema.names == ("age", "commune", "accord")
    answer = editor.post(HERE, data=form(html, "essayer-protection") | {"g1": "", "g2": "", "g4": ""})
    assert answer.status_code == 422
    assert "Aucune colonne ne se filtre." in answer.text


def test_values_before_and_after_are_drawn_and_told(city: City, editor: TestClient) -> None:
    """Bars of each column that moved, with their name, their sentence and their table; never of a column
    whose values this person may not see.
    """
    policy = "[models]\nk = 9\n" + "".join(
        f'[[columns]]\nnames = ["{n}"]\ntreatment = "{t}"\n' + (f'hierarchy = "{h}"\n' if h else "")
        for n, t, h in (
            ("prenom", "generalise", "none"),
            ("age", "generalise", "ages"),
            ("commune", "keep", ""),
            ("contact", "mask", ""),
            ("accord", "keep", ""),
        )
    )
    policies.save(city, "prenoms/prenoms", policy, actor="publisher")
    page = editor.get(HERE)
    spreads = {s["column"]: s["bars"] for s in editor.get(f"{HERE}.json").json()["preview"]["spreads"]}
    assert "age" in spreads
    assert "contact" not in spreads
    for bars in spreads.values():
        assert 1 < len(bars) <= 13
        assert all(abs(sum(b[side] for b in bars) - 1) < 1e-4 for side in ("before", "after"))
        assert any(b["before"] != b["after"] for b in bars)
    assert page.text.count('class="chart"') == len(spreads)
    assert page.text.count('<svg xmlns="http://www.w3.org/2000/svg" role="img"') == len(spreads)
    assert "La plus fréquente" in page.text
    assert "The most frequent" in editor.get(f"/en{HERE}").text
