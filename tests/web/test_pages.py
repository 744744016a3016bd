"""The pages without a browser: one context for page and twin, errors by one door, safe headers, cheap
repeats, both languages, forms that can't be forged.
"""

from __future__ import annotations

import dataclasses
import io
import re
import types
import typing
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete
from starlette.testclient import TestClient

from parvis.catalogue import vocabularies
from parvis.core import language
from parvis.core.sentence import Sentence, joined
from parvis.core.types import Column, Dataset, Resource
from parvis.publication.city import City
from parvis.store import deposits, tables
from parvis.web import form, words
from parvis.web.app import create_app
from parvis.web.page import Page
from parvis.web.pages import PAGES
from parvis.web.views.session import safe
from tests.cities import webcity

FILLED = {"{code}": "siret", "{id}": "stations-velos", "{name}": "velos"}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """A small city, read by every test here and changed by none."""
    made = webcity.build(tmp_path_factory.mktemp("city"), base_url="http://testserver")
    yield made
    made.engine.connection.close()
    made.db.close()


@pytest.fixture
def visitor(city: City) -> Iterator[TestClient]:
    """Somebody with a browser of their own."""
    with TestClient(create_app(city), follow_redirects=False) as client:
        yield client


def _address(page: Page) -> str:
    path = (
        page.path.replace("/organisations/{id}", "/organisations/atmo")
        .replace("/depots/{id}", "/depots/depot0")
        .replace("{name:path}", "budget")
    )
    for part, value in FILLED.items():
        path = path.replace(part, value)
    return path


LINKED = ("/alertes/a-valider", "/alertes/message", "/alertes/confirmer", "/alertes/quitter", "/apercu")
"""Pages that only a link or a role leads to: tests/alerts/test_pages.py goes there, page and twin."""
INNER = (
    *LINKED,
    "/depots",
    "/terrain",
    "/flux",
    "/partages",
    "/decisions",
    "/groupes",
    "/comptes",
    "/mon-compte",
    "/registre",
    "/violations",
    "/retraits",
    "/retirer",
    "/etudes",
)
PUBLIC = [
    p
    for p in PAGES
    if not p.path.startswith(INNER)
    and not p.path.endswith(
        ("/recette", "/anonymisation", "/releves-retenus", "/description", "/colonnes", "/calcul")
    )
]
"""Those that this city has; no table of it is calculated (`/calcul`): tests/web/test_calculations.py goes there, page and twin."""


def _token(html: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', html)
    assert found is not None
    return found[1]


def _sign_in(client: TestClient, email: str) -> None:
    page = client.get("/connexion")
    answer = client.post(
        "/connexion",
        data={"csrf": _token(page.text), "email": email, "password": webcity.PASSWORD, "suite": "/depots"},
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/depots")


def _contexts(kind: object, seen: set[type]) -> None:
    """Every dataclass of the web room below a context."""
    if (
        isinstance(kind, type)
        and dataclasses.is_dataclass(kind)
        and kind not in seen
        and kind.__module__.startswith("parvis.web")
    ):
        seen.add(kind)
        for hint in typing.get_type_hints(kind).values():
            _contexts(hint, seen)
    for part in typing.get_args(kind):
        _contexts(part, seen)


def test_every_field_of_every_context_has_its_sentence() -> None:
    """The reference of a page is written from its context: a field without a French sentence would be a hole
    in it.
    """
    seen: set[type] = set()
    for page in PAGES:
        _contexts(page.context, seen)
    assert len(seen) > 20
    bare: list[str] = []
    for kind in seen:
        for name, hint in typing.get_type_hints(kind, include_extras=True).items():
            said = getattr(hint, "__metadata__", ())
            if (
                not said
                or not isinstance(said[0], str)
                or not said[0].endswith((".", "(?ressource=).", "(?besoin=)."))
            ):
                bare.append(f"{kind.__name__}.{name}")
    assert bare == []


def test_every_context_is_frozen() -> None:
    """A template can't change what the twin says."""
    assert [p.path for p in PAGES if not p.context.__dataclass_params__.frozen] == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("page", PUBLIC, ids=lambda p: p.path)
def test_page_and_twin_come_from_one_context(visitor: TestClient, page: Page) -> None:
    """Both answer, in both languages; the twin has exactly the fields of the context; the page names its
    twin.
    """
    address = _address(page)
    twin = "/index.json" if address == "/" else f"{address}.json"
    shown, said = visitor.get(address), visitor.get(twin)
    assert (shown.status_code, said.status_code) == (200, 200)
    assert list(said.json()) == [f.name for f in dataclasses.fields(page.context)]
    assert f'type="application/json" href="{twin}"' in shown.text
    english = visitor.get(f"/en{address}".removesuffix("/"))
    assert english.status_code == 200
    assert '<html lang="en">' in english.text
    assert visitor.get(f"/en{twin}").json().keys() == said.json().keys()


def test_the_twin_says_what_the_page_shows(visitor: TestClient) -> None:
    """Filter, sort and page apply to both: the first name of the twin is the first cell of the page."""
    query = "?f=over:capacite:20&tri=-capacite&lignes=25"
    said = visitor.get(f"/jeux/stations-velos.json{query}").json()["resource"]["table"]
    shown = visitor.get(f"/jeux/stations-velos{query}").text
    assert [f["operator"] for f in said["filters"]] == ["over"]
    assert said["sort"] == "capacite"
    sizes = [row["capacite"] for row in said["rows"]]
    assert sizes == sorted(sizes, reverse=True)
    assert min(sizes) >= 20
    cells = re.findall(r"<tr><td>(\d{3})</td>", shown)
    assert cells == [row["code"] for row in said["rows"]]


def test_a_search_without_hits_proposes_themes_and_what_the_filters_hide(visitor: TestClient) -> None:
    said = visitor.get("/jeux.json?q=velo&theme=HEAL").json()
    assert (said["total"], said["unfiltered"] > 0) == (0, True)
    assert {t["value"] for t in said["themes"]} >= {"TRAN"}
    shown = visitor.get("/jeux?q=velo&theme=HEAL").text
    assert f"Cherchez sans les filtres : {said['unfiltered']} jeu" in shown
    assert 'href="/jeux?theme=TRAN"' in shown
    assert visitor.get("/jeux.json?q=velo").json()["themes"] == []


def test_what_is_held_is_nowhere_to_be_seen(visitor: TestClient) -> None:
    """A dataset whose only version waits for a decision: no page, no twin, no search hit, no line in the
    sitemap or on any list.
    """
    assert visitor.get("/jeux/agents").status_code == 404
    assert visitor.get("/jeux/agents.json").status_code == 404
    assert visitor.get("/jeux/agents/carte.geojson").status_code == 404
    for path in ("/", "/jeux?q=agents", "/sitemap.xml", "/organisations/education", "/plan-du-site"):
        assert "agents" not in visitor.get(path).text.replace("q=agents", "").replace(
            'value="agents"', ""
        ).replace("« agents »", ""), path


def test_a_withdrawn_dataset_says_that_it_is_gone(tmp_path: Path) -> None:
    """410, not 404: a link from elsewhere learns that it was there."""
    city = webcity.build(tmp_path)
    with city.db.begin() as conn:
        from_store = webcity.datasets.dataset(conn, "prenoms")
        assert from_store is not None
        webcity.datasets.save_dataset(conn, dataclasses.replace(from_store, state="withdrawn"))
    with TestClient(create_app(city)) as client:
        assert [
            client.get(p).status_code
            for p in ("/jeux/prenoms", "/jeux/prenoms/metadonnees", "/qualite/prenoms")
        ] == [410, 410, 410]
        assert client.get("/jeux/prenoms.json").json()["error"] == "Ce jeu de données a été retiré."
    city.engine.connection.close()
    city.db.close()


def test_a_page_opens_with_the_first_table_that_has_rows(tmp_path: Path) -> None:
    """The first one is live, and nothing has come yet: the dataset is not empty for that."""
    city = webcity.build(tmp_path)
    spool = tmp_path / "spool"
    spool.mkdir()
    about = Dataset("mesures", "Mesures", "Des mesures.", "education", state="published")
    for name, rows in (("a-direct", []), ("b-hier", [{"valeur": 3}, {"valeur": 4}])):
        webcity.publish(
            city.db,
            city.files,
            spool,
            about,
            Resource(f"mesures/{name}", "mesures", name),
            rows,
            (Column("valeur", "integer"),),
            at=webcity.NOW,
        )
    with TestClient(create_app(city)) as client:
        page = client.get("/jeux/mesures.json").json()
        assert (page["resource"]["name"], page["resource"]["rows"]) == ("b-hier", 2)
        text = client.get("/jeux/mesures").text
        assert "2 enregistrements" in text
        assert "/jeux/mesures/qualite?ressource=b-hier" in text
        assert "/jeux/mesures/decision?ressource=b-hier" in text
        empty = client.get("/jeux/mesures.json?ressource=a-direct").json()
        assert (empty["resource"]["name"], empty["resource"]["rows"]) == ("a-direct", 0)
    city.engine.connection.close()
    city.db.close()


@pytest.mark.parametrize(
    ("address", "accept", "status", "kind"),
    [
        ("/nulle-part", "text/html", 404, "text/html"),
        ("/nulle-part.json", "text/html", 404, "application/json"),
        ("/nulle-part", "application/json", 404, "application/json"),
        ("/jeux?tri=envers", "text/html", 400, "text/html"),
        ("/jeux.json?page=zero", "*/*", 400, "application/json"),
        ("/depots.json", "*/*", 401, "application/json"),
        ("/jeux/stations-velos?ressource=autre", "text/html", 404, "text/html"),
        ("/en/nowhere", "text/html", 404, "text/html"),
        ("/services/velos?lat=a&lon=b", "text/html", 400, "text/html"),
    ],
)
def test_errors_have_one_door(visitor: TestClient, address: str, accept: str, status: int, kind: str) -> None:
    """A page for people, one body for programs, by address and by what they accept; safe headers on both;
    never cached.
    """
    answer = visitor.get(address, headers={"accept": accept})
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith(kind)
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    if kind == "application/json":
        body = answer.json()
        assert (body["ok"], body["status"]) == (False, status)
        assert body["error"]


@pytest.mark.parametrize(
    ("address", "said"),
    [("/depots", "Cette clé d’API n’est pas valable."), ("/en/depots", "This API key is not valid.")],
)
def test_a_bad_key_is_told_in_the_language_of_the_address(
    visitor: TestClient, address: str, said: str
) -> None:
    """The error itself never asks again who it is."""
    answer = visitor.get(address, headers={"authorization": "Bearer parvis_0_0"})
    assert (answer.status_code, answer.json()["error"]) == (401, said)


def test_a_fault_shows_nothing_of_itself(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug answers 500 with a sentence, without a trace, and with the same safe headers."""

    def broken(visit: object) -> object:
        raise ZeroDivisionError("secret detail")

    app = create_app(city, pages=(Page("/panne", broken, "home.html", steady=False),))
    with TestClient(app, raise_server_exceptions=False) as client:
        answer = client.get("/panne")
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert "n’a pas pu répondre" in answer.text
    assert "default-src 'self'" in answer.headers["content-security-policy"]


def test_no_page_needs_what_the_policy_forbids(visitor: TestClient) -> None:
    """No inline script, style or handler in any page: the policy would stop them silently. Data between
    script tags are no script.
    """
    for page in PUBLIC:
        html = visitor.get(_address(page)).text
        assert (
            re.findall(
                r"<script(?![^>]*\b(?:src=|type=\"application/json\"))[^>]*>|<style|\sstyle=|\son[a-z]+=|javascript:",
                html,
            )
            == []
        ), page.path
        assert set(re.findall(r'(?:src|href)="(https?://[^"]+)"[^>]*(?:stylesheet|preload)', html)) == set()


def test_an_unchanged_page_is_not_built_again(visitor: TestClient) -> None:
    """The same page asked again with its tag: 304, before any template or query of rows; another query or
    language has another tag.
    """
    first = visitor.get("/jeux/stations-velos")
    tag = first.headers["etag"]
    again = visitor.get("/jeux/stations-velos", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert "content-security-policy" in again.headers
    assert visitor.get("/jeux/stations-velos?lot=2", headers={"if-none-match": tag}).status_code == 200
    assert visitor.get("/en/jeux/stations-velos", headers={"if-none-match": tag}).status_code == 200
    assert visitor.get("/jeux/stations-velos.json", headers={"if-none-match": tag}).status_code == 200


def test_assets_are_kept_for_ever_and_fetched_once(visitor: TestClient) -> None:
    """Every asset that a page names carries its digest; style sheets name fonts and pictures the same way."""
    html = visitor.get("/").text
    named = re.findall(r'(?:src|href)="(/static/[^"]+)"', html)
    sheet = next(n for n in named if ".css" in n)
    named += re.findall(r'url\("(/static/[^"]+)"\)', visitor.get(sheet).text)
    assert len(named) >= 5
    for name in set(named):
        answer = visitor.get(name)
        assert answer.status_code == 200, name
        assert "immutable" in answer.headers["cache-control"], name
    assert visitor.get("/static/../app.py").status_code == 404
    assert visitor.get("/static/%2e%2e/app.py").status_code == 404


def test_users_text_stays_text(visitor: TestClient) -> None:
    """What a visitor types comes back as text, in words, attributes and addresses."""
    hostile = "\"><script>alert(1)</script>'"
    for path in ("/jeux", "/jeux/stations-velos"):
        html = visitor.get(
            path, params={"q": hostile, "mots": hostile, "f": f"equals:nom:{hostile}", "theme": hostile}
        ).text
        assert "<script>alert" not in html


def test_no_text_of_a_visitor_reaches_the_sql(visitor: TestClient) -> None:
    """Quotes, placeholders and column names from the address neither break nor change the query."""
    for value in ("'; DROP TABLE x; --", '"', "?", "%", "\\", "a\u0000b", "’"):
        said = visitor.get(
            "/jeux/stations-velos.json",
            params={"mots": value, "f": f"equals:nom:{value}", "tri": f'nom" {value}'},
        )
        assert said.status_code == 200, value
        assert said.json()["resource"]["table"]["total"] == 0, value


@pytest.mark.parametrize(
    ("query", "total", "wrong"),
    [
        ("f=over:capacite:30", 10, 0),
        ("f=over:capacite:30,0", 10, 0),
        ("f=under:ouverture:31/12/2019", 10, 0),
        ("f=under:ouverture:2019-12-31", 10, 0),
        ("f=equals:etat:fermée", 5, 0),
        ("f=differs:etat:fermée", 43, 0),
        ("f=contains:nom:hotel", 6, 0),
        ("mots=Hôtel", 6, 0),
        ("mots=hotel+ouverte", 5, 0),
        ("f=empty:nom:", 0, 0),
        ("f=filled:nom:", 48, 0),
        ("f=over:nom:a", 48, 1),
        ("f=over:capacite:beaucoup", 48, 1),
        ("f=nonsense", 48, 0),
        ("col=capacite&op=over&val=30", 10, 0),
        ("f=over:inconnue:3", 48, 0),
        ("f=over:capacite:30&f=equals:etat:ouverte", 6, 0),
    ],
)
def test_filters_read_values_as_people_write_them(
    visitor: TestClient, query: str, total: int, wrong: int
) -> None:
    """French numbers and days, accents or none; a value that can't be read is told and not applied."""
    table = visitor.get(f"/jeux/stations-velos.json?{query}").json()["resource"]["table"]
    assert (table["total"], len(table["wrong"]), table["of"]) == (total, wrong, 48)


def test_paging_covers_the_whole_table_once(visitor: TestClient) -> None:
    """Every row on exactly one page, ties and all; past the end is the last page."""
    seen: list[tuple[int, str]] = []
    for page in range(1, 23):
        table = visitor.get(f"/jeux/prenoms.json?tri=sexe&lignes=100&lot={page}").json()["resource"]["table"]
        seen += [(r["annee"], r["prenom"], r["nombre"]) for r in table["rows"]]
    assert len(seen) == 2160
    assert visitor.get("/jeux/prenoms.json?lignes=100&lot=999").json()["resource"]["table"]["page"] == 22


def test_a_value_that_does_not_fit_its_type_is_shown_as_the_file_says_it(visitor: TestClient) -> None:
    """The raw text stands in the cell, marked, and in the twin."""
    assert "à voter" in visitor.get("/jeux/budget-primitif").text
    said = visitor.get("/jeux/budget-primitif.json").json()["resource"]["table"]["misfits"]
    assert [m for m in said if m] == [{"montant": "à voter"}]


def test_the_map_has_the_rows_of_the_table(visitor: TestClient) -> None:
    """GeoJSON and table agree under the same filters; shapes too."""
    query = "?f=over:capacite:30"
    said = visitor.get(f"/jeux/stations-velos/carte.geojson{query}").json()
    assert (
        len(said["features"])
        == visitor.get(f"/jeux/stations-velos.json{query}").json()["resource"]["table"]["total"]
    )
    assert {
        f["geometry"]["type"] for f in visitor.get("/jeux/quartiers/carte.geojson").json()["features"]
    } == {"Polygon"}
    assert visitor.get("/jeux/prenoms/carte.geojson").status_code == 404


def test_the_chart_says_what_it_draws(visitor: TestClient) -> None:
    """Figures of the chart add up to the table's; the picture is named in the page's language; nothing of
    another host is in the spec.
    """
    chart = visitor.get("/jeux/prenoms.json").json()["resource"]["chart"]
    assert (chart["x"]["name"], chart["y"]["name"], chart["how"]) == ("annee", "nombre", "sum")
    rows = [
        visitor.get(f"/jeux/prenoms.json?lignes=100&lot={n}").json()["resource"]["table"]["rows"]
        for n in range(1, 23)
    ]
    assert sum(b["y"] for b in chart["bars"]) == sum(r["nombre"] for page in rows for r in page)
    html = visitor.get("/jeux/prenoms").text
    assert (
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="graphique-titre graphique-phrase"'
        in html
    )
    assert 'role="graphics' not in html
    assert "url" not in str(visitor.get("/jeux/prenoms/graphique.json").json()["data"])


def test_every_code_of_the_catalogue_has_its_words() -> None:
    """A frequency that the catalogue knows and the pages don't would be shown as a code."""
    assert words.FREQUENCIES.keys() == vocabularies.FREQUENCIES.keys()


def test_numbers_and_days_are_written_as_each_language_does() -> None:
    """Narrow spaces and commas in French, commas and points in English; sizes in decimal units; never a round
    100 % that is not.
    """
    french, english = language.language("fr"), language.language("en")
    assert french.number(1234567.5) == "1\u202f234\u202f567,5"
    assert english.number(1234567.5) == "1,234,567.5"
    assert (french.bytes(999), french.bytes(1_260_000), english.bytes(1_260_000)) == (
        "999\u00a0octets",
        "1,3\u00a0Mo",
        "1.3\u00a0MB",
    )
    assert french.day(webcity.NOW) == "20 novembre 2026"
    assert (french.count("%(n)s jeu", "%(n)s jeux", 0), english.count("%(n)s jeu", "%(n)s jeux", 0)) == (
        "0 jeu",
        "0 datasets",
    )
    assert french.percent(0.9999).startswith("99")


def test_what_is_too_long_is_told_so(visitor: TestClient) -> None:
    """A body past what a form takes: 413 under its own title, not an unreadable file."""
    answer = visitor.post("/connexion", data={"courriel": "a" * (form.WORDS + 1)})
    assert answer.status_code == 413
    assert "Fichier trop volumineux" in answer.text
    assert "L’envoi dépasse" in answer.text


def test_a_form_without_its_token_does_nothing(visitor: TestClient, city: City) -> None:
    """No token, a foreign one, or one of another session: 403, and nobody is signed in or out."""
    assert (
        visitor.post(
            "/connexion", data={"email": "dpo@montclair.example", "password": webcity.PASSWORD}
        ).status_code
        == 403
    )
    with TestClient(create_app(city)) as other:
        foreign = _token(other.get("/connexion").text)
    visitor.get("/connexion")
    answer = visitor.post(
        "/connexion", data={"csrf": foreign, "email": "dpo@montclair.example", "password": webcity.PASSWORD}
    )
    assert answer.status_code == 403
    assert "parvis_session" not in visitor.cookies
    _sign_in(visitor, "dpo@montclair.example")
    assert visitor.post("/deconnexion", data={}).status_code == 403
    assert visitor.get("/depots").status_code == 200


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(visitor: TestClient) -> None:
    """HttpOnly and SameSite on both cookies; a public page sets none."""
    assert "set-cookie" not in visitor.get("/").headers
    page = visitor.get("/connexion")
    assert "HttpOnly" in page.headers["set-cookie"]
    answer = visitor.post(
        "/connexion",
        data={"csrf": _token(page.text), "email": "dpo@montclair.example", "password": webcity.PASSWORD},
    )
    session = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("parvis_session="))
    assert "HttpOnly" in session
    assert "SameSite=lax" in session


def test_signing_in_leads_back_to_this_portal_only() -> None:
    """A link that carries another address to go to afterwards leads home."""
    assert [
        safe(p) for p in ("/depots/x", "//mal.example", "https://mal.example", "/\\mal.example", "", "/a\nb")
    ] == ["/depots/x", *["/depots"] * 5]


def test_a_deposit_that_an_outage_stopped_is_begun_again_from_its_page(
    visitor: TestClient, city: City
) -> None:
    """It says in both languages what it waits for; once it was stopped, whoever may send files has a button,
    and others don't.
    """

    def now(state: deposits.State, message: str) -> None:
        with city.db.begin() as conn:
            one = deposits.get(conn, "depot0")
            assert one is not None
            deposits.save(
                conn,
                dataclasses.replace(
                    one, id="panne0", received="f" * 64, state=state, message=message, version=""
                ),
            )

    waiting = joined(
        "En attente.",
        "Le disque est plein.",
        Sentence("Nouvel essai dans {seconds} secondes au plus.", seconds=8),
    )
    now("reading", waiting)
    _sign_in(visitor, "agent@montclair.example")
    page = visitor.get("/depots/panne0").text
    assert "Arrêté par une panne, en attente" in page
    assert "Nouvel essai dans 8 secondes au plus." in page
    assert (
        "Waiting. The disk is full. Next try in 8 seconds at most." in visitor.get("/en/depots/panne0").text
    )
    assert "relancer" not in page
    now("reading", str(waiting))  # as it was kept before sentences were: it stays French, and says so
    english = visitor.get("/en/depots/panne0").text
    assert f'lang="fr">{waiting}' in english
    now(
        "failed",
        "Le disque est plein. Votre fichier est conservé. Une fois la panne réparée, relancez son traitement.",
    )
    page = visitor.get("/depots/panne0").text
    assert "Relancer le traitement" in page
    answer = visitor.post("/depots/panne0/relancer", data={"csrf": _token(page)})
    assert (answer.status_code, answer.headers["location"]) == (303, "/depots/panne0")
    with city.db.read() as conn:
        again = deposits.get(conn, "panne0")
    assert again is not None
    assert (again.state, again.message, again.attempt) == ("received", "", 2)
    twice = visitor.post("/depots/panne0/relancer", data={"csrf": _token(page)})
    assert twice.status_code == 400
    with city.db.begin() as conn:
        conn.execute(delete(tables.deposits).where(tables.deposits.c.id == "panne0"))


def test_only_who_may_decide_decides(visitor: TestClient, city: City) -> None:
    """A publisher sees the held version, masked, without a form; posting one anyway is refused and releases
    nothing.
    """
    _sign_in(visitor, "agent@montclair.example")
    page = visitor.get("/depots/depot0").text
    assert "m…@m…" in page
    assert "Diffuser à tous" not in page
    assert "Avis et décision" in page
    token = _token(page)
    answer = visitor.post(
        "/depots/depot0/diffuser", data={"csrf": token, "motif": "Parce que je le veux bien."}
    )
    assert answer.status_code == 403
    assert visitor.get("/jeux/agents").status_code == 404


def test_deposits_of_others_do_not_exist(visitor: TestClient, city: City) -> None:
    """Somebody of another organisation can't tell a deposit from none."""
    with city.db.begin() as conn:
        person = webcity.accounts.make(
            conn,
            email="autre@montclair.example",
            name="Autre",
            password_hash=webcity.Passwords().hash(webcity.PASSWORD),
            actor="system",
            at=webcity.NOW,
        )
        webcity.accounts.give_role(conn, person.id, "finances", "dpo", actor="system", at=webcity.NOW)
    _sign_in(visitor, "autre@montclair.example")
    assert visitor.get("/depots/depot0").status_code == visitor.get("/depots/rien").status_code == 404
    assert visitor.get("/depots.json").json()["deposits"] == []


def test_a_file_is_handed_in_by_a_plain_form(tmp_path: Path) -> None:
    """What is missing is told field by field; a whole form gives a deposit, kept by digest, in a dataset that
    nobody sees yet.
    """
    city = webcity.build(tmp_path)
    with TestClient(create_app(city), follow_redirects=False) as client:
        _sign_in(client, "agent@montclair.example")
        form = client.get("/depots/nouveau")
        empty = client.post(
            "/depots/nouveau", data={"csrf": _token(form.text), "titre": "", "organisation": "atmo"}
        )
        assert empty.status_code == 422
        for field in ("fichier", "organisation"):
            assert f'href="#{field}"' in empty.text
        sent = client.post(
            "/depots/nouveau",
            data={"csrf": _token(empty.text), "titre": "Cantines scolaires", "organisation": "education"},
            files={
                "fichier": ("cantines.csv", io.BytesIO("école;repas\nJean Moulin;120\n".encode()), "text/csv")
            },
        )
        assert sent.status_code == 303
        page = client.get(sent.headers["location"])
        assert "Votre fichier est reçu" in page.text
        assert "Cantines scolaires" in client.get("/depots").text
        assert client.get("/jeux/cantines-scolaires").status_code == 404
    city.engine.connection.close()
    city.db.close()


def test_the_sitemap_names_only_pages_that_answer(visitor: TestClient) -> None:
    """Every address of the sitemap gives a page, in both languages."""
    xml = visitor.get("/sitemap.xml").text
    found = re.findall(r"<loc>http://testserver([^<]*)</loc>", xml)
    assert len(found) >= 17
    assert [p for p in found if visitor.get(p or "/").status_code != 200] == []
    assert "Contact: mailto:donnees@montclair.example" in visitor.get("/.well-known/security.txt").text
    assert "Sitemap: http://testserver/sitemap.xml" in visitor.get("/robots.txt").text


def test_a_city_changes_the_look_with_two_files(tmp_path: Path) -> None:
    """theme.css and logo.svg beside parvis.toml are served and named on every page."""
    city = webcity.build(tmp_path)
    (tmp_path / "theme.css").write_text(":root { --accent: #703; }", "utf-8")
    (tmp_path / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', "utf-8")
    with TestClient(create_app(city)) as client:
        html = client.get("/").text
        sheet = re.search(r'href="(/static/city/theme.css[^"]*)"', html)
        assert sheet is not None
        assert client.get(sheet[1]).text == ":root { --accent: #703; }"
        assert "/static/city/logo.svg" in html
    city.engine.connection.close()
    city.db.close()


def test_handlers_are_plain_functions() -> None:
    """They wait for the database and the engine: Starlette runs them in threads only when they are not
    coroutines.
    """
    assert [p.path for p in PAGES if not isinstance(p.handler, types.FunctionType)] == []


def test_by_date_what_services_compute_comes_last(visitor: TestClient) -> None:
    """The bikes' state, newer than all the rest, does not push away what people publish; asked by title it
    stands where it belongs.
    """
    by_date = [c["id"] for c in visitor.get("/jeux.json?tri=modified").json()["results"]]
    assert by_date[-1] == "etat-stations-velos"
    assert by_date[0] != "etat-stations-velos"
    assert [c["id"] for c in visitor.get("/jeux.json?tri=title").json()["results"]][
        -1
    ] != "etat-stations-velos"
    assert visitor.get("/jeux.json?tri=modified&page=2").json()["results"] == []
