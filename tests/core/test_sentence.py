"""Sentences as values: each has its English in the `.po` files and keeps its places, is put into words in its
reader's language, and comes back from a store as it was.
"""

from __future__ import annotations

import ast
import json
import pickle
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from scripts import texts
from starlette.testclient import TestClient

from parvis.cli.app import run
from parvis.core.errors import ParvisError, Unreadable, UsageError
from parvis.core.language import Language, language
from parvis.core.sentence import (
    Listed,
    Number,
    Sentence,
    Within,
    joined,
    placed,
    quoted,
    reread,
    spoken,
    unplaced,
    written,
)
from parvis.core.translations import SHIPPED
from parvis.engine.grammar import BadExpression
from parvis.publication.city import City
from parvis.readers.limits import past
from parvis.web.app import create_app
from tests.cities import webcity

PLACE = re.compile(r"%\((\w+)\)s|\{([a-z_][a-z_0-9]*)\}")


@pytest.fixture(scope="module")
def english() -> Language:
    return language("en")


# --- the files ---


def test_every_value_of_a_sentence_has_its_place_in_it() -> None:
    """`Sentence` takes places in braces and nothing else: another one is shown as it is written."""
    wrong: list[str] = []
    for path in sorted(texts.SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Sentence"
            ):
                continue
            if not (node.args and isinstance(node.args[0], ast.Constant)):
                continue
            places = {a or b for a, b in PLACE.findall(str(node.args[0].value))}
            values = {k.arg for k in node.keywords}
            if "%(" in str(node.args[0].value) or (None not in values and places != values):
                wrong.append(f"{path.relative_to(texts.SOURCE)}:{node.lineno}: {sorted(places)} {values}")
    assert not wrong, "\n".join(wrong)


def test_every_sentence_of_the_program_has_its_english() -> None:
    """After a change: `python -m scripts.texts` brings the files up to the program, and lists what lacks it."""
    made, lacking = texts.files()
    assert lacking == []
    for name, data in made.items():
        assert texts.po(name).read_bytes() == data, name
        assert data.count(b"msgid") > 500


def test_a_sentence_without_its_english_fails_the_check(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    known = dict(texts.translated())
    gone = "Le classeur est protégé par un mot de passe."
    assert known.pop(("", gone))
    monkeypatch.setattr(texts, "translated", lambda: known)
    assert texts.main(["--check"]) == 1
    assert f"no English: {gone}" in capsys.readouterr().out


def test_every_place_survives_and_nothing_stays_french() -> None:
    for path in sorted((SHIPPED / "en" / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as source:
            for message in read_po(source, locale="en"):
                if message.id and message.string:
                    french = message.id if isinstance(message.id, str) else message.id[-1]
                    said = message.string if isinstance(message.string, str) else message.string[-1]
                    # a check may have words of its own for each language: tests/checks holds them to theirs
                    alike = Counter(PLACE.findall(french)) == Counter(PLACE.findall(said))
                    assert alike or path.stem == "checks", french
                    if path.stem == "program":
                        assert not any(mark in said for mark in ("«", "»", " :", " ?")), said
                        assert (french[0] == " ") == (said[0] == " "), french


EITHER = re.compile(r"(?<=\w)\((?:s|x|es|ies|nt|e)\)")
"""« ligne(s) »: a number that nobody reads."""
OF_OTHERS = {"api", "columns", "demo", "query"}
"""Rooms that answer queries in the words of another program, or that hold the cells of files."""


def test_no_sentence_leaves_its_number_to_the_reader() -> None:
    """Every text of the program, of its tables of notices and of its pages, in both languages: « 1 ligne », « 2 lignes »."""
    wrong: list[str] = []
    for path in sorted(texts.SOURCE.rglob("*.py")):
        if path.relative_to(texts.SOURCE).parts[0] in OF_OTHERS:
            continue
        tree = ast.parse(path.read_bytes())
        docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
                text = node.value.replace("http(s)", "")
                if EITHER.search(text) and " AS " not in text:  # no SQL
                    wrong.append(f"{path.relative_to(texts.SOURCE)}:{node.lineno}: {text[:80]}")
    for path in (*texts.SOURCE.rglob("*.tsv"), *texts.SOURCE.rglob("*.html")):
        rows = enumerate(path.read_text("utf-8").splitlines(), 1)
        wrong += [f"{path.name}:{n}" for n, row in rows if re.search(r"\{n\}[^\t]*" + EITHER.pattern, row)]
    assert wrong == []


def test_a_notice_reads_right_with_one_and_with_two(english: Language) -> None:
    """Each counted sentence of a standard, in both languages: none leaves a bracket, the two differ, « 1 » has no plural
    that « 2 » has not, and each comes back from a store in English.
    """
    from parvis.checks.codes import codes
    from parvis.checks.domains.declaration import Notice
    from parvis.core.text import numbered

    seen = 0
    for code in codes().values():
        notice = code.source
        if not isinstance(notice, Notice) or "{n}" not in notice.fr:
            continue
        seen += 1
        assert notice.of(0) == notice.of(1) != notice.of(2) == notice.message, notice.code
        for template in (notice.fr, notice.en):
            one, many = numbered(template)
            assert not set("[]|") & {*one, *many}, template
        assert {fr for fr, _ in notice.sentences} >= {notice.of(1), notice.of(2)}
        assert re.search(
            r"\{n\} (?:\w|[-’'{}])+(?<!s)(?<!x)\b|\{n\} \w*(?:fois|repas|avis|mois)\b|\{class\}", notice.of(1)
        ), notice.of(1)
    assert seen > 150
    assert english.say("{n} cellule vide dans « {column} ».") == "{n} empty cell in {column}."


# --- the value ---


def test_sentences_in_sentences_and_data_that_is_left(english: Language) -> None:
    """Data is never translated, even where it is written as a sentence of ours."""
    inner = Sentence("Le fichier")
    said = Sentence(
        "{called} est {what} : il ne contient pas de table.", called=inner, what=Sentence("une archive RAR")
    )
    assert said == "Le fichier est une archive RAR : il ne contient pas de table."
    assert said.said_in(english) == "Le fichier is a RAR archive: it holds no table.".replace(
        "Le fichier", english.say(inner)
    )
    data = Sentence("Schéma introuvable : « {asked} ».", asked="Le fichier")
    assert data.said_in(english) == "Schema not found: “Le fichier”."


def test_numbers_lists_and_limits_are_written_as_each_language_does(english: Language) -> None:
    wrong = past("unpacked_mb", 4000, Sentence("Une fois ouverte, l’archive est trop grosse"), unit="Mo")
    assert wrong.message == "Une fois ouverte, l’archive est trop grosse : la limite est de 4\u202f000 Mo."
    assert english.say(wrong.message) == "Once opened, the archive is too large: the limit is 4,000 MB."
    missing = Sentence("Colonnes absentes du fichier : {list}.", list=quoted(["a", "b"]))
    assert missing.endswith("« a », « b ».")
    assert english.say(missing).endswith("“a”, “b”.")


def test_plurals_are_those_of_the_language(english: Language) -> None:
    """In French 0 and 1 are singular; what no translation holds has French plurals."""
    none, two = (Sentence.counting(n, "{n} jeu", "{n} jeux") for n in (0, 2))
    assert (str(none), str(two)) == ("0 jeu", "2 jeux")
    assert english.say(none) == "0 jeu"


def test_what_nobody_translated_stays_french(english: Language) -> None:
    unknown = UsageError("Rien de tout cela.")
    assert english.say(unknown.message) == "Rien de tout cela."
    assert not english.knows(unknown.message)
    assert english.knows(Sentence("Le classeur est protégé par un mot de passe."))
    assert not english.knows(joined("Rien de tout cela.", "Le classeur est protégé par un mot de passe."))


def test_a_place_holds_what_it_is_given_and_is_not_read_again() -> None:
    """A hostile name cannot open a place, nor fill one."""
    said = Sentence("« {name} » n’est pas un fichier de {of}.", name="{of} %(of)s {", of="x")
    assert said == "« {of} %(of)s { » n’est pas un fichier de x."


def test_an_error_says_its_message_then_its_cure(english: Language) -> None:
    wrong = BadExpression(Sentence("Fonction inconnue : « {name} »", name="sleep"), at=3)
    assert wrong.message == "Fonction inconnue : « sleep » (caractère 3)."
    assert english.say(wrong.message) == "Unknown function: “sleep” (character 3)."
    both = Unreadable("Le classeur est protégé par un mot de passe.", mend="Rechargez la page.")
    assert str(both) == both.told == "Le classeur est protégé par un mot de passe. Rechargez la page."
    assert english.say(both.told).startswith("The workbook is protected by a password. ")


def test_a_place_can_be_left_out_and_a_sentence_stand_within_another() -> None:
    what = Sentence("Il manque « step », le nom de l’étape.")
    at = placed(Sentence("Étape {number}", number=2), what)
    assert unplaced(at) is what
    assert unplaced("Étape 2 : autre chose.") == "Étape 2 : autre chose."
    assert Within(what, capital=False, stop=False) == "il manque « step », le nom de l’étape"


EVERY = (
    "texte",
    "",
    "{ceci n’est pas du JSON",
    '{"msgid": "ni ceci"}',
    Sentence("Rien."),
    Sentence("« {name} » : {n} de {x}", name="a{b}", n=3, x=1.5),
    Sentence.counting(2, "{n} ligne", "{n} lignes"),
    Number(1204.5, 1),
    Listed(["a", Sentence("b {c}", c="d")], " "),
    quoted(["x"]),
    placed(Sentence("Étape {number}", number=2), Within(Sentence("Rien de {x}.", x="y"), capital=True)),
)


@pytest.mark.parametrize("text", EVERY, ids=range(len(EVERY)))
def test_a_sentence_comes_back_from_a_store_and_from_another_process(text: str, english: Language) -> None:
    for again in (reread(written(text)), pickle.loads(pickle.dumps(text))):
        assert again == text
        assert english.say(again) == english.say(text)
        assert written(again) == written(text)


def test_texts_of_before_sentences_were_kept_are_plain() -> None:
    assert reread("Une phrase d’avant.") == "Une phrase d’avant."
    assert reread('{"cassé": ') == '{"cassé": '
    assert written("Une phrase d’avant.") == "Une phrase d’avant."


def test_an_error_passes_between_processes_with_its_sentences() -> None:
    wrong = Unreadable(Sentence("« {name} » : {what}", name="a", what="b"), mend="Rien.", line=3)
    assert wrong.message.as_data() == {"msgid": "« {name} » : {what}", "values": {"name": "a", "what": "b"}}
    assert isinstance(ParvisError("a").message, type(spoken("a")))


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
