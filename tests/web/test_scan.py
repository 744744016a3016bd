"""The page and the API that search a file for personal data: one object, masked evidence, nothing kept."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from parvis.publication.city import City
from parvis.web.app import create_app
from tests.cities import webcity

PATH = "/verifier/donnees-personnelles"
AGENTS = (
    "nom;prenom;secu;observations\n"
    "Zylberstein;Julie;185057800608491;RAS\n"
    "Quéré;Nathan;;rappeler Mme Trinquet au 06 12 34 56 78\n"
    "Prudhomme;Océane;;RAS\n"
)
SECRETS = ("Zylberstein", "Trinquet", "185057800608491", "06 12 34 56 78")


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """A small published city."""
    made = webcity.build(tmp_path_factory.mktemp("city"))
    yield made
    made.db.close()


@pytest.fixture(scope="module")
def visitor(city: City) -> Iterator[TestClient]:
    """Somebody with a browser of their own, and no account."""
    with TestClient(create_app(city), follow_redirects=False) as client:
        yield client


def sent(text: str = AGENTS) -> dict[str, tuple[str, bytes, str]]:
    return {"fichier": ("agents.csv", text.encode(), "text/csv")}


def test_the_form_is_there_in_both_languages(visitor: TestClient) -> None:
    """And its twin; the check page leads to it."""
    assert "Chercher les données personnelles" in visitor.get(PATH).text
    assert "Search for personal data" in visitor.get(f"/en{PATH}").text
    assert visitor.get(f"{PATH}.json").json()["answer"] is None
    assert PATH in visitor.get("/verifier").text


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_what_is_found_is_shown_masked_and_kept_nowhere(visitor: TestClient, city: City, prefix: str) -> None:
    """Each column, what follows, the questions that no search answers; no value in clear, no cache, no file
    left.
    """
    answer = visitor.post(prefix + PATH, files=sent())
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert {
        True
        for kind in ("secu", "observations", "prenom")
        if f"« {kind} »" in answer.text or f"“{kind}”" in answer.text
    } == {True}
    assert not [s for s in SECRETS if s in answer.text]
    assert ("Ce qu’aucune recherche ne voit" if not prefix else "What no search can see") in answer.text
    assert ("ne peut pas sortir tel quel" if not prefix else "cannot go out as it is") in answer.text
    assert list(city.settings.path(city.settings.storage.spool).glob("check-*")) == []


def test_the_api_answers_as_the_command_does(visitor: TestClient) -> None:
    """rows, columns with findings and verdict, combinations, verdict, why."""
    said = visitor.post("/api/scan/v1", files=sent(), data={"langue": "en"}).json()
    assert (said["rows"], said["verdict"]) == (3, "refuse")
    columns = {c["name"]: c for c in said["columns"]}
    assert {n: [f["kind"] for f in c["findings"]] for n, c in columns.items()} == {
        "nom": ["person-name"],
        "prenom": ["person-name"],
        "secu": ["nir"],
        "observations": ["person-in-text", "phone"],
    }
    finding = columns["secu"]["findings"][0]
    assert (finding["category"], finding["share"], finding["evidence"]) == (
        "special",
        1.0,
        ["1••••••••••••••"],
    )
    assert 0.5 <= finding["confidence"] <= 1
    assert said["why"].startswith("Cannot go out as it is: social security numbers in “secu”.")
    assert not [s for s in SECRETS if s in str(said)]


def test_an_unreadable_file_or_none_is_told(visitor: TestClient) -> None:
    """By the page at its field, by the API with what to do."""
    assert visitor.post(PATH).status_code == 422
    pdf = visitor.post(PATH, files={"fichier": ("x.pdf", b"%PDF-1.7\n" + bytes(500), "application/pdf")})
    assert (pdf.status_code, "PDF" in pdf.text) == (422, True)
    assert visitor.post("/api/scan/v1").json()["mend"]
