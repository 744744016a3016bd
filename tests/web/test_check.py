"""The check page and its API: the report, the files to take away, nothing kept, and the limits of an open
door.
"""

from __future__ import annotations

import json
import os
import pickle
import re
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from parvis import schemas
from parvis.checks.answer import Answer, Fault, Summary
from parvis.core import settings
from parvis.core.errors import TooSlow
from parvis.core.sentence import IN_FRENCH
from parvis.core.types import Row
from parvis.inspection import limited_process
from parvis.inspection.bounds import Bounds
from parvis.publication.city import City
from parvis.schemas import templates
from parvis.web import checking
from parvis.web.app import create_app
from parvis.web.checking import VALUES
from parvis.web.views import check
from parvis.web.views.check import OFTEN
from tests.cities import webcity
from tests.tables.broken_files import HEADER, SCHEMA_BYTES, clean, csv


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """A small published city."""
    made = webcity.build(tmp_path_factory.mktemp("city"))
    yield made
    made.db.close()


@pytest.fixture
def visitor(city: City) -> Iterator[TestClient]:
    """Somebody with a browser of their own, and no account."""
    with TestClient(create_app(city), follow_redirects=False) as client:
        yield client


def broken() -> bytes:
    """Two faults that can be mended, one that can't, one secret in a column of notes."""
    rows = [[*row, ""] for row in clean()]
    rows[3][6], rows[8][2] = rows[3][6].replace(".", ","), "1004"
    rows[20][4] = "Patinoire"
    rows[30][9] = "rappeler le 1 85 05 78 006 084 91"
    return csv(rows, header=[*HEADER, "notes"])


SENT = {
    "fichier": ("lieux 2026.csv", broken(), "text/csv"),
    "schema_fichier": ("lieux.json", SCHEMA_BYTES, "application/json"),
}


def test_the_report_shows_faults_fixes_and_the_senders_values(visitor: TestClient) -> None:
    """What is wrong, why, where and how to mend it; values in clear for the sender, personal data masked; no
    cache keeps any of it.
    """
    answer = visitor.post("/verifier", files=SENT)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert "Patinoire" in answer.text
    assert "Choisissez une valeur de la liste" in answer.text
    assert "n’est comptée dans aucune catégorie" in answer.text
    assert "2 cellules peuvent être réparées sans risque" in answer.text
    assert "185057800608491" not in re.sub(r"\W", "", answer.text)
    assert "set-cookie" not in answer.headers


def test_a_bad_cell_of_four_rows_is_told(visitor: TestClient) -> None:
    """No schema and few rows: the header says what the column was meant to be."""
    few = (
        "nom;SIRET\nJudo;21340172201787\nTennis;2134017220178\nChorale;73282932000074\nYoga;21340172201787\n"
    )
    answer = visitor.post("/verifier", files={"fichier": ("clubs.csv", few.encode(), "text/csv")})
    assert "SIRET non valides dans la colonne" in answer.text
    assert "2134017220178" in answer.text


def test_without_a_schema_what_most_values_fail_is_an_error_and_a_slip_is_a_doubt(
    visitor: TestClient,
) -> None:
    """A column called SIRET of whose values most are none is no use, whatever its schema; two in five, or two
    of two, are slips. Nobody said what is valid.
    """

    def said(siret: str, day: str = "12/03/2024") -> dict[str, object]:
        rows = "".join(f"Judo {n};{one};{day}\n" for n, one in enumerate(siret.split()))
        sent = {"fichier": ("clubs.csv", f"nom;siret;jour\n{rows}".encode(), "text/csv")}
        found = visitor.post("/api/check/v1", files=sent).json()
        return {
            "valid": found["valid"],
            "errors": [e["code"] for e in found["errors"]],
            "warnings": [w["code"] for w in found["warnings"]],
        }

    good, bad = "21340172201787 73282932000074", "12345678901234 2134017220178 98765432109876"
    assert said(f"{good} {bad}") == {"valid": False, "errors": ["siret"], "warnings": []}
    assert said(f"{good} 35600000000048 {bad}") == {"valid": True, "errors": [], "warnings": ["siret"]}
    assert said("12345678901234 98765432109876")["valid"] is True
    assert "type-misfit" in said(good.replace(" ", f" {good} "), day="31/02/2024")["errors"]  # type: ignore[operator]
    shown = visitor.post(
        "/verifier",
        files={"fichier": ("clubs.csv", f"nom;siret\nJudo;{good.split()[0]}\n".encode(), "text/csv")},
    ).text
    assert "Aucune erreur trouvée, sans schéma" in shown
    assert "<strong>Valide</strong>" not in shown


def test_a_file_of_another_schema_is_sent_to_its_own(visitor: TestClient) -> None:
    """That is the first fault, with a link to the schema that fits; what is held against the wrong one stays
    folded.
    """
    subsidies = templates.filled(schemas.library().find("subventions"), "csv")
    answer = visitor.post(
        "/verifier", files={"fichier": ("fichier.csv", subsidies, "text/csv")}, data={"schema": "equipements"}
    )
    first, _, rest = answer.text.partition('<details class="folded">')
    assert "lui convient" in first
    assert "manque." not in first
    assert rest.count("La colonne obligatoire") == 13
    assert 'href="/verifier?schema=subventions"' in answer.text
    english = visitor.post(
        "/en/verifier",
        files={"fichier": ("fichier.csv", subsidies, "text/csv")},
        data={"schema": "equipements"},
    ).text
    assert "other findings, held against this schema" in english


def test_in_english_the_report_is_english(visitor: TestClient) -> None:
    """Messages, reasons and fixes from the same declarations."""
    answer = visitor.post("/en/verifier", files=SENT)
    assert "1 value in column “type” outside the permitted list." in answer.text
    assert "Choose a value of the list" in answer.text
    assert "Leading zero put back (1)" in answer.text
    assert re.findall(r'<li class="fault[^>]*lang="fr"', answer.text) == []


@pytest.mark.parametrize(
    ("wanted", "name", "says"),
    [
        ("copie", "lieux-2026-repare.csv", "01004"),
        ("changements", "lieux-2026-changements.csv", "leading-zeros"),
        ("annote", "lieux-2026-annote.csv", "ligne_du_fichier"),
        ("json", "lieux-2026-rapport.json", "constraint-enum"),
    ],
)
def test_files_are_taken_away(visitor: TestClient, wanted: str, name: str, says: str) -> None:
    """Each button answers with a file; no page, no cache, nothing to fetch later."""
    answer = visitor.post("/verifier", files=SENT, data={"reponse": wanted})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert says in answer.text


def test_the_api_answers_as_the_command_does(visitor: TestClient) -> None:
    """One object: valid, rows, columns, errors, warnings, scores, unchecked; rows with line, record and
    value;
    --limit cuts rows, not counts.
    """
    answer = visitor.post("/api/check/v1", files=SENT, data={"limite": "1", "langue": "en"})
    assert (
        answer.status_code,
        answer.headers["cache-control"],
        answer.headers["access-control-allow-origin"],
    ) == (200, "no-store", "*")
    said = answer.json()
    assert list(said) == [
        "valid",
        "rows",
        "columns",
        "schema",
        "errors",
        "warnings",
        "notes",
        "scores",
        "unchecked",
    ]
    assert (said["valid"], said["rows"], said["columns"], said["schema"]) == (False, 40, 10, "lieux.json")
    faults = {(f["code"], f["column"]): f for f in said["errors"]}
    assert faults["constraint-enum", "type"]["rows"] == [
        {"table": "", "line": 22, "record": 21, "value": "Patinoire"}
    ]
    assert faults["constraint-pattern", "code_insee"]["count"] == 1
    assert {"privacy-nir"} <= {f["code"] for f in said["errors"]}
    assert said["scores"]["level"] == "ko"


def test_a_schema_of_the_library_is_known_by_its_name(visitor: TestClient) -> None:
    """A name, never a path of the server."""
    assert (
        visitor.post(
            "/verifier", files={"fichier": SENT["fichier"]}, data={"schema": "equipements"}
        ).status_code
        == 200
    )
    for wrong in ("../parvis.toml", "/etc/passwd", "nulle-part"):
        answer = visitor.post("/api/check/v1", files={"fichier": SENT["fichier"]}, data={"schema": wrong})
        assert (answer.status_code, answer.json()["ok"]) == (400, False)
    answer = visitor.post(
        "/verifier",
        files={"fichier": SENT["fichier"], "schema_fichier": ("s.json", b"{", "application/json")},
    )
    assert answer.status_code == 422
    assert 'href="#schema"' in answer.text


def test_a_schema_that_fits_is_proposed(visitor: TestClient) -> None:
    """Without a schema, the page says which one of the library seems to be meant, and that little was
    checked.
    """
    known = schemas.library().find("arbres").schema.names
    file = ";".join(known) + "\n" + "\n".join(";".join(["x"] * len(known)) for _ in range(5))
    answer = visitor.post("/verifier", files={"fichier": ("inventaire.csv", file.encode(), "text/csv")})
    assert "Un schéma semble convenir" in answer.text
    assert 'href="/verifier?schema=arbres"' in answer.text
    assert "contrôle partiel" in answer.text
    assert "Aucun schéma" in answer.text


def test_nothing_is_kept(city: City, visitor: TestClient) -> None:
    """No file in the city's folder, no event, no deposit; the table of tries holds a keyed hash."""
    before = _files(city.settings.folder)
    for wanted in ("rapport", "copie", "annote"):
        assert visitor.post("/verifier", files=SENT, data={"reponse": wanted}).status_code == 200
    visitor.post("/verifier", files={"fichier": ("x.bin", b"\x00\x01\x02" * 100, "application/octet-stream")})
    assert _files(city.settings.folder) == before
    assert not any(b"Patinoire" in p.read_bytes() for p in city.settings.folder.rglob("*") if p.is_file())


def test_what_a_killed_check_left_goes_with_the_next(city: City, visitor: TestClient) -> None:
    """A folder older than an hour is nobody's; a younger one may be at work."""
    spool = city.settings.path(city.settings.storage.spool)
    old, young = spool / "check-old", spool / "check-young"
    for folder in (old, young):
        folder.mkdir()
        (folder / "recu").write_bytes(b"secret")
    moment = webcity.NOW.timestamp() - 3601
    os.utime(old, (moment, moment))
    assert visitor.post("/api/check/v1", files={"fichier": SENT["fichier"]}).status_code == 200
    assert (old.exists(), young.exists()) == (False, True)
    shutil.rmtree(young)


def _files(folder: Path) -> set[str]:
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if not p.name.startswith("parvis.db")}


def test_what_can_t_be_read_is_said_on_the_form(visitor: TestClient) -> None:
    """No file, no table in it, too large: the form again, with what to do; the API answers as JSON."""
    assert "Choisissez un fichier" in visitor.post("/verifier", data={"reponse": "rapport"}).text
    answer = visitor.post(
        "/verifier", files={"fichier": ("x.pdf", b"%PDF-1.7\n" + bytes(500), "application/pdf")}
    )
    assert answer.status_code == 422
    assert "PDF" in answer.text
    said = visitor.post(
        "/api/check/v1", files={"fichier": ("x.pdf", b"%PDF-1.7\n" + bytes(500), "application/pdf")}
    )
    assert (said.status_code, said.json()["ok"]) == (422, False)
    assert visitor.post("/api/check/v1").json()["mend"]


def test_a_file_past_the_limit_is_refused_while_it_arrives(tmp_path: Path) -> None:
    """`limits.check_mb` holds for the public page, whatever a publisher may send."""
    city = webcity.build(tmp_path)
    small = replace(city, settings=replace(city.settings, limits=settings.Limits(check_mb=1)))
    with TestClient(create_app(small)) as client:
        answer = client.post(
            "/api/check/v1", files={"fichier": ("x.csv", b"a;b\n" + b"1;2\n" * 1_000_000, "text/csv")}
        )
        assert answer.status_code == 413
        assert "dépasse" in answer.json()["error"]
    city.db.close()


def test_who_sends_too_many_waits(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sixty-first of ten minutes waits; later the door is open again; another address never noticed."""
    now = webcity.NOW + timedelta(days=1)
    ahead = replace(city, now=lambda: now)
    one = {"fichier": ("x.csv", b"a;b\n1;2\n3;4\n", "text/csv")}
    with (
        TestClient(create_app(ahead), client=("192.0.2.7", 1)) as client,
        TestClient(create_app(ahead), client=("192.0.2.8", 1)) as other,
    ):
        answers = [
            client.post("/verifier", files={"fichier": ("x.txt", b"", "text/plain")}).status_code
            for _ in range(OFTEN.free)
        ]
        assert set(answers) == {422}
        with monkeypatch.context() as unread:
            unread.setattr(check, "limited", None)  # whoever is refused is refused before anything is read
            refused = client.post("/api/check/v1", files=one)
            assert (refused.status_code, refused.json()["ok"]) == (429, False)
            page = client.post("/verifier", files=one)
            assert (page.status_code, int(page.headers["retry-after"]) > 0) == (429, True)
        assert other.post("/api/check/v1", files=one).status_code == 200
        now += OFTEN.window
        assert client.post("/api/check/v1", files=one).status_code == 200


def test_a_check_has_one_clock_for_the_file_and_its_schema(city: City) -> None:
    """What takes longer than `limits.check_s` is ended, whatever it was at, and said so; the next one finds
    its place.
    """
    hasty = replace(city, settings=replace(city.settings, limits=settings.Limits(check_s=0.01)))
    with TestClient(create_app(hasty)) as client:
        page = client.post("/verifier", files=SENT)
        assert page.status_code == 422
        assert "demande plus de 0.01 secondes de travail" in page.text
        for path in ("/api/check/v1", "/api/scan/v1"):
            said = client.post(path, files={"fichier": SENT["fichier"]}, data={"langue": "en"})
            assert (said.status_code, said.json()["ok"]) == (422, False)
            assert "takes more than 0.01 seconds of work" in said.json()["error"]


def test_a_check_has_one_limit_of_memory(city: City) -> None:
    """The process that takes more than `limits.check_memory_mb` is ended; the portal goes on."""
    small = replace(city, settings=replace(city.settings, limits=settings.Limits(check_memory_mb=20)))
    with TestClient(create_app(small)) as client:
        said = client.post("/api/check/v1", files={"fichier": ("large.csv", broken() * 2000, "text/csv")})
        assert said.status_code == 422
        assert "Mo de mémoire" in said.json()["error"]
        assert client.get("/a-propos").status_code == 200


def sleeps(seconds: float, folder: Path) -> int:
    """Work that would go on."""
    (folder / "begun").write_text(str(os.getpid()))
    time.sleep(seconds)
    return 0


def dies(number: int) -> int:
    """Work that ends by a fault of the program."""
    return 1 // number


def smuggles() -> object:
    """Work that leaves something else than values."""
    return Path("/etc")


def test_a_check_ends_with_whoever_asked(tmp_path: Path) -> None:
    """The connection is gone: so is the process."""
    gone = threading.Event()

    class Seen(threading.Event):
        def is_set(self) -> bool:
            return (tmp_path / "begun").exists()

    with pytest.raises(TooSlow):
        limited_process.run(
            sleeps,
            (600.0, tmp_path),
            folder=tmp_path,
            bounds=Bounds(500, 2000, 2000),
            gone=Seen(),
            preload="parvis.web.preload",
            values=frozenset(),
        )
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "begun").read_text()), 0)
    with pytest.raises(RuntimeError, match="ended with 70"):
        limited_process.run(
            dies,
            (0,),
            folder=tmp_path,
            bounds=Bounds(60, 2000, 2000),
            gone=gone,
            preload="parvis.web.preload",
            values=frozenset(),
        )
    assert (
        limited_process.run(
            dies,
            (1,),
            folder=tmp_path,
            bounds=Bounds(60, 2000, 2000),
            gone=gone,
            preload="parvis.web.preload",
            values=frozenset(),
        )
        == 1
    )


def test_a_check_leaves_values_only(tmp_path: Path) -> None:
    """What a process writes that read a stranger's file is not believed: no class but those of an answer is
    made of it.
    """
    with pytest.raises(pickle.UnpicklingError):
        limited_process.run(
            smuggles,
            (),
            folder=tmp_path,
            bounds=Bounds(60, 2000, 2000),
            gone=threading.Event(),
            preload="parvis.web.preload",
            values=VALUES,
        )


def test_a_page_shows_as_much_as_a_browser_can() -> None:
    """Thousands of findings are told by their number; the JSON holds all of them."""
    rows = tuple(Row("", n, n, "x") for n in range(100))
    one = Fault("siret", "error", "validity", "", "c", 100, 1.0, "t", "m", "w", "f", "fr", rows)
    said = Answer(
        False, 100, 700, "", (one,) * 700, (one,), (), Summary(None, "ko", "ok", "ko", 1, False, {}), ()
    )
    few = checking.few(said, IN_FRENCH)
    assert (len(few.errors), len(few.errors[0].rows), len(few.warnings[0].rows)) == (500, 10, 100)
    assert few.unchecked[0].what.startswith("Cette page montre 501 constats sur 701")


def test_a_published_table_has_its_report_and_badge(visitor: TestClient) -> None:
    """By fault, by column, by dimension; masked; the badge is a small picture that says what it rates."""
    page = visitor.get("/jeux/stations-velos/qualite.json").json()
    assert {c["name"] for c in page["columns"]} == set(_columns(visitor))
    shown = visitor.get("/jeux/stations-velos/qualite")
    assert shown.status_code == 200
    assert "/jeux/stations-velos/qualite.svg" in shown.text
    badge = visitor.get("/jeux/stations-velos/qualite.svg")
    assert (badge.status_code, badge.headers["content-type"]) == (200, "image/svg+xml")
    assert badge.text.startswith("<svg ")
    assert "qualité" in badge.text
    assert "/jeux/stations-velos/qualite" in visitor.get("/jeux/stations-velos").text
    assert visitor.get("/jeux/nulle-part/qualite.svg").status_code == 404


def _columns(visitor: TestClient) -> list[str]:
    return [
        c["column"]["name"] for c in visitor.get("/jeux/stations-velos.json").json()["resource"]["columns"]
    ]


def test_every_code_has_a_page(visitor: TestClient) -> None:
    """The list names them all; each page says why and how in the visitor's language; what does not exist is
    not there.
    """
    codes = [
        c["code"] for family in visitor.get("/controles.json").json()["families"] for c in family["codes"]
    ]
    assert len(codes) > 100
    for code in (codes[0], "siret", "file-total-row", "privacy-nir", "swapped-coordinates"):
        said = visitor.get(f"/en/controles/{code}.json").json()
        assert (said["language"], bool(said["why"]), bool(said["fix"])) == ("en", True, True)
    assert "21340172201787" in visitor.get("/controles/siret").text
    assert visitor.get("/controles/nulle-part").status_code == 404


def test_the_twin_of_the_form_says_what_it_takes(visitor: TestClient) -> None:
    """Schemas and limit, for a program that would send."""
    said = visitor.get("/verifier.json").json()
    assert said["upload_mb"] == 50
    assert "equipements" in {s["name"] for s in said["schemas"]}
    assert said["answer"] is None
    assert json.dumps(said)
