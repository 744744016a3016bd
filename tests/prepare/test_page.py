"""The page of a recipe: made step by step with plain forms, looked at, saved, brought back, and masked for
who may not see.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from parvis import prepare
from parvis.publication import pipeline, recipes
from parvis.publication.city import City
from parvis.store import datasets, journal
from parvis.web.app import create_app
from tests.cities import webcity

HERE = "/jeux/prenoms/recette"
FILE = "prenom;lettre;2024;2025;contact\nAda;P;3;5;ada.mer@montclair.example\nZoé;P;4 ;;zoe.vent@montclair.example\nCôme;Q;;7;come.pin@montclair.example\n"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    made = webcity.build(tmp_path_factory.mktemp("city"), base_url="http://testserver")
    file = tmp_path_factory.mktemp("files") / "prenoms.csv"
    file.write_text(FILE, "utf-8")
    pipeline.receive(made, file, name="prenoms.csv", resource="prenoms/prenoms", actor="publisher")
    yield made
    made.engine.connection.close()
    made.db.close()


@pytest.fixture
def editor(city: City) -> Iterator[TestClient]:
    yield from _signed_in(city, "agent@montclair.example")


def _signed_in(city: City, email: str) -> Iterator[TestClient]:
    with TestClient(create_app(city), follow_redirects=False) as client:
        page = client.get("/connexion").text
        client.post(
            "/connexion",
            data={
                "csrf": _hidden(page)["csrf"],
                "email": email,
                "password": webcity.PASSWORD,
                "suite": "/depots",
            },
        )
        yield client


def _hidden(html: str) -> dict[str, str]:
    """What the first form of the page carries along."""
    form = html[html.index('name="csrf"') - 30 :]
    return {
        k: unescape(v)
        for k, v in re.findall(
            r'<input type="hidden" name="(\w+)" value="([^"]*)">',
            form[: form.find("</form>", form.find('name="recette"'))],
        )
    }


def _does(client: TestClient, html: str, gesture: str, **fields: object) -> str:
    """Press a button of the page; the page that comes back."""
    main = html[html.index('<main id="contenu"') :]
    answer = client.post(HERE, data={**_hidden(main), "geste": gesture, **fields})
    assert answer.status_code in (200, 422), answer.text[:500]
    return answer.text


def test_a_recipe_is_made_with_plain_forms_saved_and_brought_back(city: City, editor: TestClient) -> None:
    html = editor.get(HERE).text
    assert "Aucune étape" in html
    html = _does(editor, html, "ajouter", etape="rename")
    assert "2024 =&gt; 2024" in html  # the form begins with the columns that are there
    html = _does(
        editor,
        html,
        "valider:1",
        etape="rename",
        p_columns="2024 => n2024\nprenom => prénom\nlettre => lettre",
    )
    assert "Cette recette n’est pas encore enregistrée." in html
    assert "Colonnes nouvelles : prénom, n2024." in html
    html = _does(editor, html, "ajouter", etape="trim")
    html = _does(editor, html, "valider:2", etape="trim", p_inside="1")
    assert "modifié, avant : 4" in html
    assert "Zoé" not in html, "a first name beside a mail is somebody's"
    html = _does(editor, html, "ajouter", etape="unpivot")
    html = _does(
        editor,
        html,
        "valider:3",
        etape="unpivot",
        p_columns=["n2024", "2025"],
        p_name="annee",
        p_value="nombre",
    )
    assert "3 lignes avant, 4 lignes après." in html
    html = _does(editor, html, "monter:2")
    with city.db.read() as conn:
        assert datasets.resource(conn, "prenoms/prenoms").recipe == ()  # nothing is kept before one says so
    answer = editor.post(HERE, data={**_hidden(html[html.index("<main") :]), "geste": "enregistrer"})
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"{HERE}?ressource=prenoms%2Fprenoms&fait=enregistree",
    )
    with city.db.read() as conn:
        saved = datasets.resource(conn, "prenoms/prenoms").recipe
        first = journal.of(conn, "prenoms/prenoms", verb="recipe-saved")[0]
    assert [s["step"] for s in saved] == ["trim", "rename", "unpivot"]
    assert (first.actor, first.ids) == ("publisher", {"recipe": prepare.digest(saved)})
    html = editor.get(HERE).text
    html = _does(editor, html, "retirer:3")
    editor.post(HERE, data={**_hidden(html[html.index("<main") :]), "geste": "enregistrer"})
    answer = editor.post(
        HERE, data={**_hidden(editor.get(HERE).text.partition("<main")[2]), "geste": f"rendre:{first.seq}"}
    )
    assert answer.status_code == 303
    with city.db.read() as conn:
        again = datasets.resource(conn, "prenoms/prenoms").recipe
        events = journal.of(conn, "prenoms/prenoms", verb="recipe-saved")
    assert prepare.digest(again) == prepare.digest(saved)
    assert len(events) == 3
    assert events[0].ids == {"recipe": prepare.digest(saved), "former": prepare.digest(saved)}
    twin = editor.get(f"{HERE}.json").json()
    assert [s["step"] for s in twin["steps"]] == ["trim", "rename", "unpivot"]
    assert prepare.from_toml(twin["toml"]) == prepare.read([dict(s) for s in saved])
    answer = editor.post(
        HERE, data={**_hidden(editor.get(HERE).text.partition("<main")[2]), "geste": "relire"}
    )
    assert answer.headers["location"].startswith("/depots/")
    recipes.save(city, "prenoms/prenoms", (), actor="publisher")


def test_a_wrong_step_says_why_and_keeps_what_was_typed(editor: TestClient) -> None:
    html = _does(editor, editor.get(HERE).text, "ajouter", etape="filter")
    html = _does(editor, html, "valider:1", etape="filter", p_where="prenom = ")
    assert "Expression mal écrite" in html
    assert ">\nprenom =</textarea>" in html
    html = _does(editor, html, "valider:1", etape="filter", p_where="prénoms = 'Ada'")
    assert "Ne passe plus" in html
    assert "S’appelle-t-elle maintenant « prenom »" in html
    assert "prenom, lettre, 2024, 2025, contact" in html


def test_personal_cells_are_masked_for_who_may_not_see_whatever_the_recipe_makes_of_them(
    city: City, editor: TestClient
) -> None:
    steps = [
        {"step": "rename", "columns": {"contact": "qui"}},
        {"step": "compute", "to": "copie", "value": "lower(qui)"},
        {"step": "split", "column": "copie", "separator": "@", "into": ["a", "b"]},
    ]
    recipes.save(city, "prenoms/prenoms", prepare.read(steps), actor="publisher")
    for number in range(4):
        html = editor.get(f"{HERE}?etape={number}").text
        assert not any(said in html for said in ("Ada", "ada.mer"))
        assert "ada.mer" not in editor.get(f"{HERE}.json?etape={number}").text
        assert "masquée" in html
    recipes.save(city, "prenoms/prenoms", (), actor="publisher")


def test_only_who_may_edit_sees_the_page(city: City) -> None:
    with TestClient(create_app(city), follow_redirects=False) as nobody:
        assert nobody.get(f"{HERE}.json").status_code == 401
    for client in _signed_in(city, "dpo@montclair.example"):
        assert client.get(HERE).status_code == 403
        assert client.get("/jeux/stations-velos/recette").status_code == 404  # of another organisation


def test_a_file_kept_with_the_recipe_is_joined_and_no_other(
    city: City, editor: TestClient, tmp_path: Path
) -> None:
    main = editor.get(HERE).text.partition("<main")[2]
    answer = editor.post(
        f"{HERE}/fichier",
        data=_hidden(main),
        files={"fichier": ("lettres.csv", b"code;mot\n5;11111\n7;22222\n", "text/csv")},
    )
    assert "lettres.csv" in answer.text
    reference = _hidden(answer.text.partition("<main")[2])["fichiers"]
    digest = re.search(r"[0-9a-f]{64}", reference)[0]
    html = _does(editor, answer.text, "ajouter", etape="join")
    html = _does(
        editor,
        html,
        "valider:1",
        etape="join",
        p_with=f"file:{digest}/lettres.csv",
        p_on="2025 => code",
        p_take="mot",
        p_missing="keep",
        p_several="refuse",
    )
    assert "22222" in html
    secret = tmp_path / "secret.csv"
    secret.write_text("code;mot\n5;33333\n7;44444\n", "utf-8")
    foreign = city.inbox.put(secret)
    html = _does(
        editor,
        html,
        "valider:1",
        etape="join",
        p_with=f"file:{foreign}/s.csv",
        p_on="2025 => code",
        p_take="mot",
        p_missing="keep",
        p_several="refuse",
    )
    assert "44444" not in html
    assert "Joignez-le à nouveau" in html
    assert "n’est pas gardé avec elle" in _does(editor, html, "enregistrer")


def test_two_who_edit_at_once_do_not_overwrite_each_other(city: City, editor: TestClient) -> None:
    html = _does(editor, editor.get(HERE).text, "ajouter", etape="trim")
    html = _does(editor, html, "valider:1", etape="trim")
    recipes.save(
        city, "prenoms/prenoms", prepare.read([{"step": "drop", "columns": ["lettre"]}]), actor="publisher"
    )
    assert "Quelqu’un a enregistré une autre recette" in _does(editor, html, "enregistrer")
    recipes.save(city, "prenoms/prenoms", (), actor="publisher")
