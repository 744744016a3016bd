"""Public money by its page: files in, national tables out, where the money goes, every figure opens its rows,
errors and legal dates said.
"""

from __future__ import annotations

import ast
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from starlette.testclient import TestClient

from parvis import services
from parvis.cli.init import create
from parvis.core import settings
from parvis.core.arrow import arrow_schema
from parvis.core.language import language
from parvis.core.types import Column, Dataset, Organisation, Resource, Schema
from parvis.methods.money.budget import FUNCTIONS, FUNCTIONS_M14
from parvis.methods.money.deadlines import RULES, VOTES
from parvis.methods.money.faults import Fault
from parvis.publication.city import City, open_city
from parvis.services.declaration import texts
from parvis.services.finances.compute import STATES
from parvis.services.finances.service import SERVICE
from parvis.services.finances.words import FAULTS, sentence
from parvis.store import datasets
from parvis.web.app import create_app
from parvis.work import live_hours, service_runs
from tests.cities.livecity import Clock

NOW = datetime(2026, 11, 26, 15, tzinfo=UTC)
SIRET = "73282932000074"


def schema(name: str, **kinds: Any) -> Schema:
    return Schema(name=name, version="1", columns=tuple(Column(n, t) for n, t in kinds.items()))


BUDGET = schema(
    "budget",
    Exercice="text",
    Document="text",
    Section="text",
    Sens="text",
    Chapitre="text",
    Fonction="text",
    Mouvement="text",
    Voté="number",
    Réalisé="number",
)
GRANTS = schema(
    "subventions",
    nomBeneficiaire="text",
    idBeneficiaire="text",
    dateConvention="date",
    objet="text",
    montant="number",
    referenceDecision="text",
)
CONTRACTS = Schema(
    "marches",
    "1",
    (
        Column("id", "text"),
        Column("objet", "text"),
        Column("dateNotification", "date"),
        Column("datePublicationDonnees", "date"),
        Column("montant", "number"),
        Column("titulaire.id", "text"),
    ),
)  # type: ignore[arg-type]
DECISIONS = schema(
    "deliberations",
    DELIB_ID="text",
    DELIB_DATE="date",
    DELIB_OBJET="text",
    VOTE_REEL="integer",
    VOTE_POUR="integer",
    VOTE_CONTRE="integer",
    VOTE_ABSTENTION="integer",
)
PEOPLE = schema("population", population="integer")


def line(
    function: str,
    way: str,
    voted: float,
    spent: float,
    chapter: str = "65",
    order: str = "réel",
    year: str = "2026",
) -> dict[str, object]:
    return {
        "Exercice": year,
        "Document": "CA",
        "Section": "F",
        "Sens": way,
        "Chapitre": chapter,
        "Fonction": function,
        "Mouvement": order,
        "Voté": voted,
        "Réalisé": spent,
    }


ROWS: list[tuple[str, Schema, list[dict[str, object]]]] = [
    (
        "budget",
        BUDGET,
        [
            line("30", "D", 1000.10, 900.05),
            line("31", "D", 500, 700),
            line("211", "D", 2000, 1000),
            line("01", "R", 3500.10, 3000),
            line("01", "D", 80, 80, "042", "ordre"),
            line("01", "R", 80, 80, "042", "ordre"),
            line("30", "D", 1, 1, year="2025"),
        ],
    ),
    (
        "aides",
        GRANTS,
        [
            {
                "nomBeneficiaire": "Vélo Cité",
                "idBeneficiaire": SIRET,
                "dateConvention": date(2026, 11, 1),
                "objet": "Ateliers",
                "montant": 30000.0,
                "referenceDecision": "D1",
            },
            {
                "nomBeneficiaire": "Mme Jeanne Durand",
                "idBeneficiaire": None,
                "dateConvention": date(2026, 10, 1),
                "objet": "Prime vélo de Jeanne Durand",
                "montant": 250.0,
                "referenceDecision": "D2",
            },
            {
                "nomBeneficiaire": "Vélo Cité",
                "idBeneficiaire": SIRET[:-1] + "5",
                "dateConvention": date(2026, 3, 1),
                "objet": "Fête",
                "montant": 100.0,
                "referenceDecision": "D3",
            },
        ],
    ),
    (
        "contrats",
        CONTRACTS,
        [
            {
                "id": "M1",
                "objet": "Toiture",
                "dateNotification": date(2026, 1, 5),
                "datePublicationDonnees": date(2026, 6, 1),
                "montant": 50000.0,
                "titulaire.id": SIRET,
            },
            {
                "id": "M2",
                "objet": "Repas",
                "dateNotification": date(2026, 10, 5),
                "datePublicationDonnees": None,
                "montant": 60000.0,
                "titulaire.id": "35600000000048",
            },
        ],
    ),
    (
        "conseil",
        DECISIONS,
        [
            {
                "DELIB_ID": "1",
                "DELIB_DATE": date(2026, 11, 20),
                "DELIB_OBJET": "Budget",
                "VOTE_REEL": 10,
                "VOTE_POUR": 8,
                "VOTE_CONTRE": 1,
                "VOTE_ABSTENTION": 0,
            }
        ],
    ),
    ("habitants", PEOPLE, [{"population": 60}, {"population": 40}]),
]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    folder = tmp_path_factory.mktemp("finances") / "city"
    create(folder, "Ville")
    opened = open_city(settings.load(folder, {}), clock=Clock(NOW))
    with opened.db.begin() as conn:
        datasets.save_organisation(conn, Organisation("finances", "Finances"))
    for name, made, rows in ROWS:
        with opened.db.begin() as conn:
            datasets.save_dataset(conn, Dataset(name, name.title(), "Fichier.", "finances"))
            datasets.save_resource(
                conn, resource := Resource(f"{name}/{name}", name, name.title(), schema=made.name)
            )
        live_hours.publish(
            opened,
            resource,
            made,
            (live_hours.put(opened, pa.Table.from_pylist(rows, schema=arrow_schema(made))),),
            (),
            what="import",
        )
    service_runs.refresh(opened)
    return opened


@pytest.fixture(scope="module")
def site(city: City) -> TestClient:
    return TestClient(create_app(city))


def blocks(site: TestClient, **said: str) -> list[dict[str, Any]]:
    return site.get("/services/finances.json", params=said).json()["blocks"]


def table(site: TestClient, title: str, **said: str) -> list[dict[str, Any]]:
    return next(b for b in blocks(site, **said) if b.get("title") == title and b["kind"] == "rows")["rows"]


def test_the_answer_first_then_where_it_goes(site: TestClient) -> None:
    first = blocks(site)[0]["text"].replace("\u202f", " ").replace("\u00a0", " ")
    assert first == "En 2026, la ville a dépensé 2 600 € sur 3 500 € votés, soit 74 %."
    rows = table(site, "Où va l’argent")
    assert [(r["poste"][:1], r["vote"], r["realise"]) for r in rows] == [
        ("2", 2000, 1000),
        ("3", 1500.10, 1600.05),
    ]
    assert [r["habitant"] for r in rows] == [
        10.0,
        16.0,
    ]  # a hundred inhabitants, counted by the city's own table
    assert not any(
        "Dépensé au-delà" in b.get("text", "") for b in blocks(site)
    )  # chapter 65 in all stays within its vote


def test_every_figure_opens_its_rows(site: TestClient) -> None:
    """The link of an item leads to the very lines that it is the sum of."""
    for row in table(site, "Où va l’argent"):
        opened = site.get(row["page"].replace("/jeux/budget-national", "/jeux/budget-national.json")).json()[
            "resource"
        ]["table"]
        assert sum(r["BGT_MTPREV"] for r in opened["rows"]) == pytest.approx(row["vote"])
        assert opened["wrong"] == []
    for row in table(site, "À qui"):
        opened = site.get(
            row["page"].replace("/jeux/beneficiaires-argent-public", "/jeux/beneficiaires-argent-public.json")
        ).json()["resource"]["table"]
        assert sum(r["montant"] for r in opened["rows"]) == pytest.approx(row["montant"])


def test_another_year_another_cut_other_inhabitants(site: TestClient) -> None:
    assert [r["vote"] for r in table(site, "Où va l’argent", annee="2025")] == [1]
    assert [r["poste"] for r in table(site, "Où va l’argent", par="chapitre")] == [
        "65 – Autres charges de gestion courante"
    ]
    assert table(site, "Où va l’argent", habitants="10")[0]["habitant"] == 100.0


def test_people_are_not_named_anywhere(site: TestClient) -> None:
    for path in (
        "/services/finances",
        "/services/finances.json",
        "/jeux/beneficiaires-argent-public.json",
        "/jeux/controles-finances.json",
        "/jeux/echeances-publication.json",
    ):
        assert "Durand" not in site.get(path).text, path
    paid = {(r["beneficiaire"].replace("\u202f", " "), r["source"]) for r in table(site, "À qui")}
    assert paid == {
        ("Vélo Cité", "subvention"),
        ("Vélo Cité", "marché"),  # its contract says the SIRET alone, its grant the name
        ("personne physique", "subvention"),
        ("SIRET 356 000 000 00048, sans nom dans les fichiers", "marché"),
    }
    assert [r["montant"] for r in table(site, "À qui", beneficiaire="vélo cite")] == [50000.0, 30100.0]


def test_errors_are_said_with_their_line(site: TestClient) -> None:
    found = {(r["fichier"], r["ligne"]) for r in table(site, "Ce qui ne va pas dans les fichiers")}
    assert found == {
        ("budget", 7),
        ("subventions", 2),
        ("subventions", 3),
        ("marchés", 1),
        ("délibérations", 1),
    }


def test_legal_dates(site: TestClient) -> None:
    rows = site.get("/jeux/echeances-publication.json").json()["resource"]["table"]["rows"]
    assert {(r["reference"], r["limite"], r["etat"]) for r in rows} == {
        ("D1", "2027-02-01", "à temps"),
        ("M1", "2026-03-05", "publié en retard"),
        ("M2", "2026-12-05", "à temps"),
        ("2026-11-20", "2026-11-27", "à temps"),
        ("2027", "2027-04-15", "à publier"),
        ("2026", "2026-04-15", "délai passé"),
    }
    late = next(b for b in blocks(site) if b["kind"] == "said" and "date légale" in b["text"])
    assert (late["tone"], late["text"][:1]) == ("bad", "2")


def test_every_fault_has_its_words() -> None:
    for code in FAULTS:
        said = sentence(
            Fault(code, 1, "fonctionnement", "12", "34|twice|5" if code == "total-wrong" else "34")
        )
        assert "%" not in said
        assert said.endswith(".")


def test_every_word_has_its_english(site: TestClient) -> None:
    folder = Path(services.__file__).parent / "finances"
    said = {
        n.args[0].value
        for f in folder.glob("*.py")
        for n in ast.walk(ast.parse(f.read_text("utf-8")))
        if isinstance(n, ast.Call)
        and isinstance(n.func, ast.Attribute)
        and n.func.attr == "say"
        and n.args
        and isinstance(n.args[0], ast.Constant)
    }
    said |= {
        *FAULTS.values(),
        *FUNCTIONS.values(),
        *FUNCTIONS_M14.values(),
        *STATES.values(),
        *(r.what for r in RULES if r.name != "budget"),
        *(v.what for v in VOTES),
    }
    english = language("en").of(SERVICE.name)
    assert [t for t in {*texts(SERVICE), *SERVICE.words, *said} if not english.knows(str(t))] == []
    page = site.get("/en/services/finances").text
    assert "Where the money goes" in page
    assert "natural person" in page
