"""What errors say, in English: every sentence of the program has its own, keeps its places, is found among
all others, and reaches whoever reads English.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from scripts.errors import shape, templates
from starlette.testclient import TestClient

from parvis.cli.app import run
from parvis.core.english import COUNTS, LONGEST, PLACEHOLDER, PO, english, sentences, turn
from parvis.core.errors import UsageError
from parvis.publication.city import City
from parvis.web.app import create_app
from tests.cities import webcity

INNER = "un texte"
"""One of our sentences, to stand within another one."""


@pytest.fixture(scope="module")
def pairs() -> dict[str, str]:
    with PO.open("rb") as source:
        return {str(m.id): str(m.string) for m in read_po(source, locale="en") if m.id}


def test_every_sentence_has_its_english(pairs: dict[str, str]) -> None:
    """After a change: `python -m scripts.errors` lists what lacks it."""
    found = {shape(t) for t in templates()}
    assert len(found) > 550
    assert sorted(found - {shape(t) for t in pairs}) == []
    assert [french for french, said in pairs.items() if not said.strip()] == []


def test_every_place_survives_and_nothing_stays_french(pairs: dict[str, str]) -> None:
    for french, said in pairs.items():
        assert Counter(m[0] for m in PLACEHOLDER.finditer(french)) == Counter(
            m[0] for m in PLACEHOLDER.finditer(said)
        ), french
        assert not any(mark in said for mark in ("«", "»", " :", " ?")), said
        assert (french[0] == " ") == (said[0] == " "), french


def test_every_sentence_is_found_among_the_others(pairs: dict[str, str]) -> None:
    """Filled with data, or with one of our sentences where one stands, each comes out as its own English; the
    few that another one reads too, as that one's.
    """
    wrong: list[tuple[str, str]] = []
    for french, said in pairs.items():
        data = {
            name: INNER if mark == "*" else str(7 + place) if name in COUNTS else f"x{place}y"
            for place, (name, mark) in enumerate(PLACEHOLDER.findall(french))
        }
        wanted = PLACEHOLDER.sub(lambda m, data=data: english(data[m[1]]) if m[2] else data[m[1]], said)
        filled = PLACEHOLDER.sub(lambda m, data=data: data[m[1]], french)
        if english(filled) != wanted:
            wrong.append((filled, english(filled)))
    assert len(wrong) <= 0.02 * len(pairs), wrong


@pytest.mark.parametrize(
    ("french", "said"),
    [
        ("Le classeur est protégé par un mot de passe.", "The workbook is protected by a password."),
        (
            "Une fois ouverte, l’archive est trop grosse : la limite est de 4\u202f000 Mo. "
            "Découpez le fichier, ou relevez le réglage « unpacked_mb » de la section [limits].",
            "Once opened, the archive is too large: the limit is 4,000 MB. Split the file, or raise the setting “unpacked_mb” of the section [limits].",
        ),
        (
            "Le fichier est une page web (HTML) : il ne contient pas de table.",
            "The file is a web page (HTML): it holds no table.",
        ),
        (
            "« x.bin » est une archive RAR : il ne contient pas de table.",
            "“x.bin” is a RAR archive: it holds no table.",
        ),
        (
            "« regles.toml », ligne 3 : la table n’a pas de colonne « prix ».",
            "“regles.toml”, line 3: the table has no column “prix”.",
        ),
        (
            "Étape 2 (Calculer une colonne) : la colonne « un texte » n’est pas dans le fichier à cette étape. Colonnes présentes : a, b.",
            "Step 2 (Compute a column): the column “un texte” is not in the file at this step. Columns present: a, b.",
        ),
        ("Schéma introuvable : « Le fichier ».", "Schema not found: “Le fichier”."),
        (
            "« regles.toml », ligne 3 : expression mal écrite : « n = » (caractère 3). Un guillemet ou une apostrophe n’est pas refermé.",
            "“regles.toml”, line 3: badly written expression: “n =” (character 3). A quotation mark or an apostrophe is not closed.",
        ),
        (
            "Étape 2 (Garder certaines lignes) : Fonction inconnue : « sleep » (caractère 1).",
            "Step 2 (Filter rows): Unknown function: “sleep” (character 1).",
        ),
        (
            "Il manque le fichier à vérifier. N’importe quoi d’autre.",
            "Il manque le fichier à vérifier. N’importe quoi d’autre.",
        ),
        ("", ""),
    ],
)
def test_sentences_in_sentences_and_data_that_is_left(french: str, said: str) -> None:
    assert english(french) == said


def test_what_nobody_said_stays_as_it_is() -> None:
    for text in (
        "Rien de tout cela.",
        "Bonjour : ceci n’est pas de nous.",
        "x" * 100_000,
        "ligne 3 : {",
        "Population des communes",
    ):
        assert english(text) == text
    unknown = UsageError("Rien de tout cela.")
    turn(unknown)
    assert (unknown.message, unknown.language) == ("Rien de tout cela.", "fr")


@pytest.mark.parametrize(
    "piece",
    [
        "a. ",
        "Le fichier : ",
        "Fonction inconnue : « x » : un texte. ",
        "« » : « » est trop lourd : la limite est de ",
        "Il est vide. ",
        "Étape 2 (a) : ",
        "Étape 1 (",
        "x",
        " ",
    ],
)
def test_a_text_without_end_is_given_up_soon(piece: str) -> None:
    """Whatever it is made of: pieces are counted, and no template reads a text more than twice."""
    begun = time.process_time()
    sentences().english(piece * (LONGEST // len(piece)))
    assert time.process_time() - begun < 2


# --- the faces ---


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    made = webcity.build(tmp_path_factory.mktemp("city"))
    yield made
    made.db.close()


@pytest.fixture(scope="module")
def visitor(city: City) -> Iterator[TestClient]:
    with TestClient(create_app(city), follow_redirects=False) as client:
        yield client


def test_an_english_page_says_what_is_wrong_in_english(visitor: TestClient) -> None:
    """On the page and in its JSON twin; a French page stays French."""
    page = visitor.get("/en/jeux/nulle-part")
    assert page.status_code == 404
    assert "This dataset does not exist or is not published." in page.text
    assert '<p class="text">' in page.text
    twin = visitor.get("/en/jeux/nulle-part.json").json()
    assert (twin["error"], twin["language"]) == ("This dataset does not exist or is not published.", "en")
    assert (
        visitor.get("/jeux/nulle-part.json").json()["error"]
        == "Ce jeu de données n’existe pas ou n’est pas publié."
    )


def test_an_english_form_says_what_is_wrong_in_english(visitor: TestClient) -> None:
    sent = {"fichier": ("page.csv", b"<!DOCTYPE html><html><body>404</body></html>", "text/csv")}
    assert "it holds no table" in visitor.post("/en/verifier", files=sent).text
    assert "il ne contient pas de table" in visitor.post("/verifier", files=sent).text


def test_programs_ask_for_english(visitor: TestClient) -> None:
    sent = {"fichier": ("vide.csv", b"", "text/csv")}
    said = visitor.post("/api/check/v1", files=sent, data={"langue": "en"})
    assert (said.status_code, said.json()["language"]) == (422, "en")
    assert "is empty" in said.json()["error"]
    assert "est vide" in visitor.post("/api/check/v1", files=sent).json()["error"]
    assert visitor.get("/api/nulle-part?lang=en").json()["error"].isascii()


def test_the_command_says_what_is_wrong_in_english(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "vide.csv"
    empty.write_bytes(b"")
    assert run(["check", str(empty), "--lang", "en", "--json"]) == 2
    told = capsys.readouterr()
    assert "is empty" in json.loads(told.out)["message"]
    assert told.err.startswith("Error:")
    run(["check", str(empty), "--json"])
    assert "est vide" in json.loads(capsys.readouterr().out)["message"]
    run(["check", str(empty), "--schema", "equipments", "--lang", "en", "--json"])
    assert "Did you mean “equipements”" in json.loads(capsys.readouterr().out)["mend"]
