"""Sharing, advising, deciding and recording as people meet them: pages, twins, downloads, keys; and for
everybody else the same « not there ».
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from httpx2 import Response
from sqlalchemy import event
from sqlalchemy.engine import Engine
from starlette.testclient import TestClient

from parvis import api
from parvis.api.response_cache import ResponseCache
from parvis.decisions import deciding
from parvis.people import api_keys
from parvis.privacy import assessing, breaches, checklist
from parvis.privacy import deciding as rules
from parvis.publication.city import City
from parvis.store import codec, deposits, journal, measured_risks, register
from parvis.store.register import Breach, Opinion
from parvis.web import words
from parvis.web.app import create_app
from tests.cities import sharecity, webcity

CLEAR = {q.name: "no" for q in checklist.QUESTIONS}
DECIDED = {
    "issue": "released",
    "pour": "public",
    "finalite": "Joindre les agents du service.",
    "base": "accord",
    "texte": "Accord écrit de chacun, dossier 12.",
    "motif": "Les agents l’ont demandé par écrit.",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    sharecity.build(folder)
    return folder


@pytest.fixture
def city(built: Path, tmp_path: Path) -> Iterator[City]:
    made = sharecity.copy(built, tmp_path / "city")
    yield made
    sharecity.close(made)


Browse = Callable[..., TestClient]


@pytest.fixture
def browse(city: City) -> Iterator[Browse]:
    """A browser, signed in under that name or as nobody, or with an API key."""
    app = create_app(city)
    api.install(app, city)
    opened: list[TestClient] = []

    def browser(name: str = "", key: str = "") -> TestClient:
        client = TestClient(
            app, follow_redirects=False, headers={"Authorization": f"Bearer {key}"} if key else {}
        )
        opened.append(client)
        return sharecity.sign_in(city, client, name) if name else client

    yield browser
    for one in opened:
        one.close()


def send(client: TestClient, page: str, to: str = "", **fields: str) -> int:
    """Fill in a form and send it; the status of the answer."""
    return client.post(to or page, data=fields | {"csrf": sharecity.token(client.get(page).text)}).status_code


def plain(answer: Response, address: str) -> str:
    """An answer without its own address and the tokens of its forms."""
    return re.sub(r"[0-9a-f]{96}", "", answer.text.replace(address, ""))


@contextmanager
def counted(city: City, asked: list[str]) -> Iterator[None]:
    """Every statement that the database is asked, while the `with` lasts."""

    def note(conn: object, cursor: object, statement: str, *rest: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def shared(city: City) -> str:
    """Address of a table shared with the group."""
    record = deciding.share(
        city,
        sharecity.restricted(city).digest,
        sharecity.AIDES,
        why="Convention entre les deux services.",
        actor="agent",
    )
    return f"/partages/{record.release}"


def test_the_words_of_the_pages_are_those_of_the_rules() -> None:
    """A ground, a criterion or a missing thing has one wording, in the record and on the page."""
    assert words.BASES == rules.BASES
    assert words.CRITERIA == assessing.CRITERIA
    every = [
        rules.weigh(
            opinions=opinions,
            checklist=None,
            person="p",
            audience="public",
            outcome="released",
            personal=True,
            basis=b,
            basis_text="",
            purpose="",
            why="",
            against="",
        )
        for b in ("", "aucune", "sans-objet", "accord")
        for opinions in ((), (Opinion("o", "v", "public", "favourable", "Bien.", "p", webcity.NOW),))
    ]
    assert {f.message for found in every for f in found} <= {
        *words.MISSING,
        "Dites pourquoi (dix caractères au moins).",
    }


def test_a_member_reads_filters_and_takes_home(city: City, browse: Browse) -> None:
    """Listed, shown, filtered, downloaded in each format, in both languages and as JSON; each reading is an
    event; no cache keeps any of it.
    """
    address = shared(city)
    member = browse("membre")
    assert "Aides sociales par quartier" in member.get("/partages").text
    assert "Quartier secret 7" in member.get(address).text
    assert "Not public." in member.get(f"/en{address}").text
    found = member.get(f"{address}.json?f=over:foyers:60")
    assert found.json()["table"]["total"] == 10
    assert found.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in found.headers
    file = member.get(f"{address}/export/csv")
    assert file.text.count("Quartier secret") == 30
    assert file.headers["cache-control"] == "private, no-store"
    assert member.get(f"{address}/export/parquet").content[:4] == b"PAR1"
    assert member.get(f"{address}/export/geojson").status_code == 404
    with city.db.read() as conn:
        ways = [e.ids["way"] for e in journal.of(conn, "aides-quartiers/aides", verb="consulted")]
    assert ways == ["geojson", "parquet", "csv", "page", "page", "page"]


def test_who_publishes_nothing_arrives_at_what_is_shared(city: City, browse: Browse) -> None:
    """A member of a group without any role signs in by the form and is not sent to a desk that is closed to
    them.
    """
    client = browse()
    form = {
        "csrf": sharecity.token(client.get("/connexion").text),
        "email": "membre@montclair.example",
        "password": webcity.PASSWORD,
        "suite": "/depots",
    }
    assert client.post("/connexion", data=form).headers["location"] == "/partages"
    assert "Mes dépôts" not in client.get("/partages").text
    assert client.get("/connexion").headers["location"] == "/partages"
    assert browse("agent").get("/connexion").headers["location"] == "/depots"


def test_for_everybody_else_a_share_is_no_share(city: City, browse: Browse) -> None:
    """An address that exists and one that never did give the same status and the same words, whoever asks:
    another account, the officer of the publisher, nobody.
    """
    address = shared(city)
    for name in ("autre", "dpo", "delegue", "admin", "lecteur"):
        client = browse(name)
        for tail in ("", ".json", "/export/csv", "/export/rien"):
            there, never = client.get(address + tail), client.get(f"/partages/{'0' * 32}{tail}")
            assert (there.status_code, never.status_code) == (404, 404)
            assert plain(there, address) == plain(never, f"/partages/{'0' * 32}")
            asked: list[str] = []
            with counted(city, asked):
                client.get(address + tail)
                cost = len(asked)
                client.get(f"/partages/{'0' * 32}{tail}")
            assert len(asked) == 2 * cost, "the time it takes would tell"
        assert client.get("/partages.json").json() == {"shares": [], "services": [], "groups": []}
    nobody = browse()
    for tail in ("", ".json", "/export/csv"):
        there, never = nobody.get(address + tail), nobody.get(f"/partages/{'0' * 32}{tail}")
        assert there.status_code == never.status_code
        assert there.status_code in (303, 401)


FACES = (
    "/jeux/{id}", "/jeux/{id}.json", "/en/jeux/{id}", "/jeux/{id}.ttl", "/jeux/{id}/qualite", "/jeux/{id}/qualite.svg", "/jeux/{id}/decision",
    "/jeux/{id}/decision.json", "/jeux/{id}/carte.geojson", "/jeux/{id}/graphique.json", "/jeux/{id}/metadonnees",
    "/api/explore/v2.1/catalog/datasets/{id}", "/api/explore/v2.1/catalog/datasets/{id}/records", "/api/explore/v2.1/catalog/datasets/{id}/facets",
    "/api/explore/v2.1/catalog/datasets/{id}/exports", "/api/explore/v2.1/catalog/datasets/{id}/exports/csv",
)  # fmt: skip
LISTS = (
    "/", "/jeux", "/jeux.json", "/jeux?q=aides", "/jeux?q=foyers", "/organisations", "/organisations/education", "/organisations/education.json", "/qualite",
    "/qualite.json", "/metadonnees", "/plan-du-site", "/plan-du-site.json", "/sitemap.xml", "/catalog.ttl", "/catalog.rdf", "/catalog.jsonld",
    "/api/explore/v2.1/catalog/datasets", "/api/explore/v2.1/catalog/facets", "/api/explore/v2.1/catalog/exports/csv",
)  # fmt: skip


def test_the_public_faces_do_not_know_it(city: City, browse: Browse) -> None:
    """Its own addresses answer as those of a name that never was; lists, counts, search, facets and DCAT are
    byte for byte what they were before it came.
    """
    nobody = browse()

    def lists() -> dict[str, str]:
        return {path: nobody.get(path).text for path in LISTS}

    before = lists()
    shared(city)
    city_index = nobody.app.state.site.index  # type: ignore[attr-defined]
    city_index.follow(city.db)
    for path in FACES:
        there, never = (
            nobody.get(path.format(id="aides-quartiers")),
            nobody.get(path.format(id="aides-quartierx")),
        )
        assert (there.status_code, there.text.replace("aides-quartiers", "")) == (
            never.status_code,
            never.text.replace("aides-quartierx", ""),
        ), path
    after = lists()
    assert [p for p in LISTS if after[p] != before[p]] == []
    assert all(
        "foyers aidés" not in text.lower().replace("q=", "") or "?q=" in p for p, text in after.items()
    )
    asked: list[str] = []
    with counted(city, asked):
        for path in FACES:
            costs = []
            for dataset in ("aides-quartiers", "aides-quartierx"):
                nobody.app.state.explore = ResponseCache(city)  # type: ignore[attr-defined]  # what the API remembers of the last second is no measure
                asked.clear()
                nobody.get(path.format(id=dataset), params={"sans": dataset})
                costs.append(len(asked))
            assert costs[0] == costs[1], f"{path}: the time it takes would tell"
    for name in ("membre", "autre"):
        assert "aides-quartiers" not in browse(name).get("/jeux.json").text, (
            "not among the open data, even for a member"
        )


def test_a_key_of_a_member_reads_as_the_member(city: City, browse: Browse) -> None:
    """With the scope read-shared, and with no other; revoked or out of the group it opens nothing."""
    address = shared(city)
    keys: dict[str, str] = {}
    with city.db.begin() as conn:
        for who, scope in (("membre", "read-shared"), ("membre", "see-drafts"), ("autre", "read-shared")):
            keys[f"{who} {scope}"] = api_keys.make(
                conn, who, label="script", scopes=[scope], ends_at=None, actor="system", at=webcity.NOW
            ).text  # type: ignore[list-item]
    assert (
        browse(key=keys["membre read-shared"]).get(f"{address}/export/csv").text.count("Quartier secret")
        == 30
    )
    assert browse(key=keys["membre see-drafts"]).get(f"{address}/export/csv").status_code == 403
    assert browse(key=keys["autre read-shared"]).get(f"{address}/export/csv").status_code == 404
    with city.db.begin() as conn:
        deciding.groups.remove(conn, "ccas", "membre")
    assert browse(key=keys["membre read-shared"]).get(f"{address}/export/csv").status_code == 404


def test_groups_are_made_filled_and_closed_by_form(city: City, browse: Browse) -> None:
    """By who keeps the list; the member comes and goes at once; others see neither list nor form."""
    admin = browse("admin")
    assert send(admin, "/groupes", nom="", organisation="education") == 422
    assert send(admin, "/groupes", nom="Public", organisation="education") == 303
    assert (
        send(admin, "/groupes/public-2", "/groupes/public-2/membres", email="inconnu@montclair.example")
        == 422
    )
    assert (
        send(admin, "/groupes/public-2", "/groupes/public-2/membres", email="autre@montclair.example") == 303
    )
    assert [m["name"] for m in admin.get("/groupes/public-2.json").json()["members"]] == ["Autre"]
    assert browse("autre").get("/partages.json").json()["groups"] == ["Public"]
    assert send(admin, "/groupes/public-2", "/groupes/public-2/retirer", personne="autre") == 303
    assert browse("autre").get("/partages.json").json()["groups"] == []
    assert send(admin, "/groupes/public-2", "/groupes/public-2/fermer") == 303
    assert admin.get("/groupes/public-2").status_code == 404
    assert (
        browse("membre").get("/groupes").status_code,
        browse("autre").get("/groupes/ccas").status_code,
    ) == (403, 404)
    assert browse().get("/groupes.json").status_code == 401


def test_shared_by_form_and_ended_by_form(city: City, browse: Browse) -> None:
    """What is missing is told by field; shared, the member reads; ended, nobody does."""
    version = sharecity.restricted(city)
    with city.db.begin() as conn:
        deciding.deposits.save(
            conn,
            deciding.deposits.Deposit(
                "depot9",
                version.resource,
                "9" * 64,
                "aides.csv",
                "publisher",
                webcity.NOW,
                "held",
                "",
                version.digest,
            ),
        )
    admin, page = browse("admin"), "/depots/depot9/partage"
    assert "Partager avec un groupe" in admin.get("/depots/depot9").text
    answer = admin.post(
        page, data={"csrf": sharecity.token(admin.get(page).text), "groupe": "public", "fin": "hier"}
    )
    assert answer.status_code == 422
    assert [f for f in ("groupe", "finalite", "fin", "motif") if f'href="#{f}"' not in answer.text] == []
    day = sharecity.AIDES.until.isoformat()  # type: ignore[union-attr]
    assert (
        send(admin, page, groupe="ccas", finalite="suivi des aides", fin=day, motif="Convention du 3 mars.")
        == 303
    )
    (line,) = browse("membre").get("/partages.json").json()["shares"]
    assert line["until"] == day
    assert send(admin, page, page + "/fin", partage=line["id"]) == 303
    assert browse("membre").get(f"/partages/{line['id']}").status_code == 404
    assert browse("lecteur").get(page).status_code == 403


def test_held_rows_are_seen_by_sender_steward_officer_and_delegate(city: City, browse: Browse) -> None:
    """Others of the organisation see the report and no row; personal columns are masked for all but who sent
    them, who advises and who decides; strangers see nothing at all.
    """
    seen = {
        name: browse(name).get("/depots/depot0/decision.json").json()["preview"]
        for name in ("dpo", "agent", "qualite", "delegue", "admin", "lecteur")
    }
    assert {name for name, preview in seen.items() if preview is None} == {"admin", "lecteur"}
    for name in ("dpo", "agent", "delegue"):
        assert seen[name]["hidden"] == []
        assert seen[name]["rows"][0]["nom"] == "Martin"
    assert seen["qualite"]["hidden"] == ["nom", "courriel"]
    assert seen["qualite"]["rows"] == []
    assert (
        browse("autre").get("/depots/depot0/decision").status_code
        == browse("autre").get("/depots/rien/decision").status_code
        == 404
    )
    assert "Martin" not in browse("qualite").get("/depots/depot0/decision").text


def test_the_page_shows_what_is_measured_and_says_that_the_rest_is_coming(city: City, browse: Browse) -> None:
    """No table is measured in a request: before, in between, and after; a plain link shows the rest."""
    dpo, here = browse("dpo"), "/depots/depot0/decision"
    with city.db.read() as conn:
        one = deposits.get(conn, "depot0")
        assert one is not None
        found = deciding.dossier_of(conn, one.version)
    said = dpo.get(f"{here}.json").json()
    assert (said["measuring"], said["measures"], said["not_measured"]) == (True, [], [deciding.PENDING])
    assert f'href="{here}"' in dpo.get(here).text.split('role="status"', 1)[1][:700]
    state, part = next(deciding.risk(city, found))
    with city.db.begin() as conn:
        measured_risks.save(conn, one.version, state, codec.dumps(deciding.Risk, part), city.now())
    said = dpo.get(f"{here}.json").json()
    assert said["measuring"]
    assert len(said["measures"]) == len(part.measures)
    deciding.measure(city, one.version)
    said = dpo.get(f"{here}.json").json()
    assert not said["measuring"]
    assert deciding.PENDING not in said["not_measured"]
    assert 'role="status"' not in dpo.get(here).text


def test_the_officer_advises_the_delegate_decides_the_public_reads(city: City, browse: Browse) -> None:
    """By forms: what is missing is told by field; each does their part and no other's; then the page, the
    short form and the register say so.
    """
    here = "/depots/depot0/decision"
    dpo, delegate, agent = browse("dpo"), browse("delegue"), browse("agent")
    assert send(agent, here, "/depots/depot0/avis", avis="favourable") == 403
    assert send(agent, here, "/depots/depot0/decider", **DECIDED) == 403
    assert send(dpo, here, "/depots/depot0/decider", **DECIDED) == 403
    assert send(delegate, here, "/depots/depot0/avis", avis="favourable") == 403
    assert send(dpo, here, "/depots/depot0/avis", avis="", **{"texte-avis": "x"}) == 422
    early = delegate.post(
        "/depots/depot0/decider", data=DECIDED | {"csrf": sharecity.token(delegate.get(here).text)}
    )
    assert early.status_code == 422
    assert "L’avis de la protection des données n’est pas encore donné" in early.text
    assert "Personne n’a signé" in early.text
    assert (
        send(
            dpo,
            here,
            "/depots/depot0/avis",
            avis="conditional",
            **{"texte-avis": "Oui, si chaque agent l’a écrit."},
        )
        == 303
    )
    assert send(agent, here, "/depots/depot0/secrets", **(CLEAR | {"small-counts": "unsure"})) == 422
    assert send(agent, here, "/depots/depot0/secrets", **CLEAR) == 303
    assert [d["verdict"] for d in delegate.get("/decisions.json").json()["waiting"]] == ["conditional"]
    assert send(delegate, here, "/depots/depot0/decider", **DECIDED) == 422
    assert browse().get("/jeux/agents").status_code == 404
    assert (
        send(
            delegate,
            here,
            "/depots/depot0/decider",
            **DECIDED,
            contre="Les douze accords sont au dossier 12.",
        )
        == 303
    )
    assert browse().get("/jeux/agents").status_code == 200
    assert delegate.get("/decisions.json").json()["waiting"] == []
    short = browse().get("/jeux/agents/decision.json").json()
    assert (short["purpose"], short["basis"], short["verdict"], short["against"]) == (
        DECIDED["finalite"],
        "accord",
        "conditional",
        True,
    )
    assert "delegate" not in browse().get("/jeux/agents/decision").text.lower(), "no name, no id"
    assert browse().get("/jeux/prenoms/decision.json").json()["decided"] is False


def test_the_register_as_page_json_csv_and_pdf(city: City, browse: Browse) -> None:
    """Whole, for the organisation's officer and delegate; every entry of art. 30 stands in each form; the PDF
    is tagged and says its language; others see nothing.
    """
    version = sharecity.held(city)
    deciding.advise(
        city, version.digest, "public", "favourable", "Les agents ont donné leur accord.", actor="dpo"
    )
    deciding.sign(city, version.digest, CLEAR, {}, actor="agent")
    asked = deciding.DecisionRequest(
        "released",
        deciding.PUBLIC,
        "Joindre les agents du service.",
        "accord",
        "=HYPERLINK(1) dossier",
        "Demande des agents.",
        criteria=("echelle", "vulnerables"),
    )
    record = deciding.settle(city, version.digest, asked, actor="delegate")
    assert isinstance(record, register.Record)
    assert record.assessment is not None, "two criteria of nine"
    dpo = browse("dpo")
    page = dpo.get(f"/registre/{record.id}.json").json()
    said = {f["label"]: f["text"] for g in page["groups"] for f in g["facts"]}
    for label in (
        "Responsable de traitement",
        "Finalité",
        "Base légale",
        "Personnes concernées",
        "Données",
        "Destinataires",
        "Transferts hors de l’Union",
        "Durée",
        "Sécurité",
        "Décidée par",
        "Motif",
        "À compléter",
    ):
        assert said[label], label
    (row,) = csv.DictReader(io.StringIO(dpo.get("/registre.csv").content.decode("utf-8-sig")), delimiter=";")
    assert row["id"] == record.id
    assert {f"{g['title']} – {f['label']}" for g in page["groups"] for f in g["facts"]} <= set(row)
    assert row["Traitement (RGPD, art. 30) – Texte cité"] == "'=HYPERLINK(1) dossier", (
        "no formula in a spreadsheet"
    )
    for address in ("/registre.pdf", f"/registre/{record.id}.pdf", f"/en/registre/{record.id}.pdf"):
        pdf = dpo.get(address)
        assert (pdf.status_code, pdf.headers["content-type"], pdf.content[:5]) == (
            200,
            "application/pdf",
            b"%PDF-",
        )
        for mark in (b"/StructTreeRoot", b"/Marked true", b"/Lang"):
            assert mark in pdf.content, (address, mark)
    assert dpo.get("/registre").status_code == 200
    for name in ("agent", "lecteur", "membre"):
        assert browse(name).get("/registre").status_code == 403
        assert (
            browse(name).get(f"/registre/{record.id}").status_code
            == browse(name).get("/registre/rien").status_code
            == 404
        )
    assert browse("autre").get("/registre.json").json() == {"records": [], "cleared": [], "wrong": []}, (
        "the officer of another organisation has an empty register"
    )
    assert browse().get("/registre.csv").status_code in (303, 401)


def test_a_file_for_a_group_is_never_published(city: City, browse: Browse) -> None:
    """The box of the form makes a dataset that the public does not read, whatever is in the file."""
    agent = browse("agent")
    sent = agent.post(
        "/depots/nouveau",
        data={
            "csrf": sharecity.token(agent.get("/depots/nouveau").text),
            "titre": "Pour le CCAS",
            "organisation": "education",
            "reserve": "1",
        },
        files={"fichier": ("foyers.csv", io.BytesIO(b"quartier;foyers\nNord;12\nSud;30\n"), "text/csv")},
    )
    assert sent.status_code == 303
    with city.db.read() as conn:
        dataset = deciding.datasets.dataset(conn, "pour-le-ccas")
        (one,) = deciding.deposits.list(conn, resource="pour-le-ccas/foyers")
    assert dataset is not None
    assert dataset.access == "restricted"
    pipeline = deciding.pipeline
    done = pipeline.decide(city, one.id, pipeline.draft(city, one))
    assert done.state == "held"
    assert "Partagez-le avec un groupe" in done.message


KNOWN = datetime(2026, 11, 18, 9, 30, tzinfo=webcity.NOW.tzinfo)
"""48 hours before the clock of the small city."""


@pytest.mark.parametrize(
    ("hours", "risk", "told", "state"),
    [
        (0, "risk", None, "running"),
        (72, "risk", None, "running"),
        (73, "risk", None, "overdue"),
        (73, "none", None, "not-due"),
        (200, "risk", 71, "told"),
        (200, "risk", 73, "told-late"),
        (200, "none", 73, "told-late"),
    ],
)
def test_the_72_hours_run_from_the_moment_it_was_known(
    hours: int, risk: str, told: int | None, state: str
) -> None:
    one = Breach(
        "b",
        "education",
        KNOWN,
        "Fichier envoyé par erreur.",
        ("confidentiality",),
        "dpo",
        KNOWN,
        risk=risk,
        authority_at=None if told is None else KNOWN + timedelta(hours=told),
    )  # type: ignore[arg-type]
    found = breaches.clock(one, KNOWN + timedelta(hours=hours))
    assert (found.state, found.due) == (state, KNOWN + timedelta(hours=72))


def test_a_breach_is_recorded_counted_down_and_told(city: City, browse: Browse) -> None:
    """By form: what is missing is told; hours left are shown; told late without a reason is refused; when it
    was known can't be changed.
    """
    dpo = browse("dpo")
    assert send(dpo, "/violations", quoi="x") == 422
    body = {
        "organisation": "education",
        "quoi": "Un tableur d’agents est parti au mauvais destinataire.",
        "nature": "confidentiality",
        "risque": "high",
    }
    assert send(dpo, "/violations", **body, connue="2026-11-21T00:00") == 422, "not in the future"
    assert send(dpo, "/violations", **body, connue="2026-11-18T10:30", personnes="1 200") == 303
    (line,) = dpo.get("/violations.json").json()["breaches"]
    assert (line["clock"]["state"], line["clock"]["hours"], line["clock"]["people_due"]) == (
        "running",
        24,
        True,
    )
    page = dpo.get(f"/violations/{line['id']}").text
    assert "il reste 24" in page.replace("\u202f", " ")
    assert "Les personnes doivent être prévenues" in page
    here = f"/violations/{line['id']}"
    assert send(dpo, here, quoi=body["quoi"], risque="high", autorite="2026-11-17T00:00") == 422, (
        "not before it was known"
    )
    assert (
        send(
            dpo,
            here,
            quoi=body["quoi"],
            risque="high",
            autorite="2026-11-20T09:00",
            prevenues="2026-11-20T09:00",
            connue="2020-01-01T00:00",
        )
        == 303
    )
    said = dpo.get(here + ".json").json()
    assert (said["clock"]["state"], said["clock"]["people_due"], said["known_at"][:10]) == (
        "told",
        False,
        "2026-11-18",
    )
    assert send(dpo, "/violations", **body, connue="2026-11-10T10:30") == 303
    late = next(b for b in dpo.get("/violations.json").json()["breaches"] if b["clock"]["state"] == "overdue")
    assert "Délai dépassé" in dpo.get("/violations").text
    assert (
        send(dpo, f"/violations/{late['id']}", quoi=body["quoi"], risque="risk", autorite="2026-11-20T09:00")
        == 422
    ), "late: why?"
    assert (
        send(
            dpo,
            f"/violations/{late['id']}",
            quoi=body["quoi"],
            risque="risk",
            autorite="2026-11-20T09:00",
            retard="Découverte un vendredi, équipe absente.",
        )
        == 303
    )
    assert (browse("agent").get("/violations").status_code, browse("autre").get(here).status_code) == (
        403,
        404,
    )
