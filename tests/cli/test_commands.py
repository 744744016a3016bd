"""How commands are declared and found: what is typed reaches the function as its parameters say; names and
help cost no room of the house.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import pytest

from parvis.cli.app import BESIDE, COMMANDS, Program, run
from parvis.cli.arguments import existing
from parvis.cli.commands import Argument, Commands, Option
from parvis.cli.output import table
from parvis.core.errors import UsageError


class LanguageCode(StrEnum):
    FRENCH = "fr"
    ENGLISH = "en"


def typed(*arguments: str) -> dict[str, object]:
    """What a command with every kind of parameter is called with."""
    got: dict[str, object] = {}
    app = Commands("essai")

    @app.declare("tout", "Tout.")
    def everything(
        first: Path,
        others: Annotated[list[str], Argument(help="D’autres.")],
        why: Annotated[str, Option(help="Motif.")],
        limit: Annotated[int, Option("--limit -l", min=0)] = 100,
        port: int | None = None,
        links: Annotated[bool, Option("--links/--no-links")] = True,
        as_json: Annotated[bool, Option("--json")] = False,
        language: LanguageCode = LanguageCode.FRENCH,
        until: Annotated[datetime | None, Option(formats=("%Y-%m-%d",))] = None,
        folder: Annotated[Path, Option("--city -C", envvar="ESSAI_FOLDER")] = Path(),
        by: Annotated[list[str], Option()] = [],  # noqa: B006
        copies: Annotated[list[Path] | None, Option()] = None,
    ) -> int:
        got.update(locals())
        return 3

    assert app.main(["tout", *arguments], prog_name="essai", standalone_mode=False) == 3
    return got


def test_what_is_typed_reaches_the_function(monkeypatch: pytest.MonkeyPatch) -> None:
    least = typed("a.csv", "b", "--why", "w")
    assert (least["first"], least["others"], least["why"], least["limit"], least["port"]) == (
        Path("a.csv"),
        ["b"],
        "w",
        100,
        None,
    )
    assert (least["links"], least["as_json"], least["language"], least["until"]) == (
        True,
        False,
        LanguageCode.FRENCH,
        None,
    )
    assert (least["folder"], least["by"], least["copies"]) == (Path(), [], None)
    most = typed(
        "--why=w",
        "-l5",
        "--port",
        "80",
        "--no-links",
        "a.csv",
        "--json",
        "--language",
        "en",
        "--until",
        "2026-11-26",
        "-C",
        "ville",
        "--by",
        "x",
        "--by",
        "y",
        "--copies",
        "z",
        "b",
        "c",
    )
    assert (most["others"], most["limit"], most["port"], most["links"], most["as_json"]) == (
        ["b", "c"],
        5,
        80,
        False,
        True,
    )
    assert (most["language"], most["until"], most["folder"]) == (
        LanguageCode.ENGLISH,
        datetime.fromisoformat("2026-11-26"),
        Path("ville"),
    )
    assert (most["by"], most["copies"]) == (["x", "y"], [Path("z")])
    monkeypatch.setenv("ESSAI_FOLDER", "dite")
    assert typed("a.csv", "b", "--why", "w")["folder"] == Path("dite")


def test_a_type_that_no_command_line_gives_is_a_fault() -> None:
    app = Commands("essai")
    with pytest.raises(TypeError, match="complex"):

        @app.declare("faux")
        def wrong(value: complex) -> None: ...


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["chek"], "Erreur : commande inconnue : chek.\n→ « parvis --help »"),
        (["check"], "Erreur : il manque « FILE ».\n→ « parvis check --help »"),
        (
            ["check", "a.csv", "--limit", "-1"],
            "Erreur : la valeur de « limit » n’est pas du bon type ou hors des limites.",
        ),
        (
            ["check", "a.csv", "--lang", "de"],
            "Erreur : Langue inconnue : « de ».\n→ Langues : fr, en.",
        ),
        (["check", "a.csv", "--foo"], "Erreur : option inconnue : --foo."),
        (["people", "ad"], "Erreur : commande inconnue : ad.\n→ « parvis people --help »"),
    ],
)
def test_wrong_usage_is_told_in_french(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 64
    assert capsys.readouterr().err.startswith(said)


def test_the_help_shows_values_as_they_are_typed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--help"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert (
        "--lang TEXT Langue des messages de --json et des fichiers écrits : fr, en, ou celle de vos traductions (langues/). [default: fr]"
        in said
    )
    assert "[default: 100; x>=0]" in said


def test_every_word_has_its_command() -> None:
    """Each word of the help is registered by the module that is looked for, and each module of commands has
    its word.
    """
    app = Program()
    assert [app.load(word).name for word in COMMANDS] == list(COMMANDS)
    assert set(app.commands) == set(COMMANDS)
    folder = Path(sys.modules["parvis.cli"].__path__[0])
    registering = {
        p.stem for p in folder.glob("*.py") if "\ndef register(app: Commands)" in p.read_text("utf-8")
    }
    assert registering == {BESIDE.get(word, word) for word in COMMANDS}


LOADED = "import sys; from parvis.cli.app import run; code = run(sys.argv[1:]); sys.stderr.write(' '.join(sorted(sys.modules))); raise SystemExit(code)"


def loaded(*arguments: str, code: int = 0) -> set[str]:
    """The modules that a command line loads."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"COVERAGE_PROCESS_START": ""},
    )
    assert done.returncode == code, done.stderr
    return set(done.stderr.split())


@pytest.mark.parametrize("arguments", [("--help",), ("--version",)])
def test_names_and_help_load_no_room(arguments: tuple[str, ...]) -> None:
    rooms = {
        m for m in loaded(*arguments) if m.startswith("parvis.") and m.split(".")[1] not in ("cli", "core")
    }
    assert rooms == set()
    assert not loaded(*arguments) & {
        "polars",
        "duckdb",
        "sqlglot",
        "numpy",
        "sqlalchemy",
        "rich",
        "pydantic",
        "typer",
    }


def test_a_command_loads_no_other(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text("a;b\n1;2\n", "utf-8")
    commands = {
        m.removeprefix("parvis.cli.")
        for m in loaded("inspect", str(tmp_path / "f.csv"), "--json")
        if m.startswith("parvis.cli.")
    }
    assert commands & set(COMMANDS) == {"inspect"}


LEAVING = """
import atexit, sys
class Torn:
    def __del__(self): sys.__stderr__.write("torn")
kept = Torn()
atexit.register(sys.stderr.write, "asked ")
from parvis.cli import main
main()
"""


def test_leaving_does_what_was_asked_and_takes_nothing_apart() -> None:
    """What a command loaded is given back with the process, not destroyed piece by piece first."""
    done = subprocess.run(
        [sys.executable, "-c", LEAVING, "--version"],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"COVERAGE_PROCESS_START": ""},
    )
    assert (done.returncode, done.stderr) == (0, "asked ")
    assert done.stdout.startswith("parvis ")


def test_a_file_that_is_not_there_names_the_one_that_was_meant(tmp_path: Path) -> None:
    (tmp_path / "arbres.csv").write_text("a\n1\n", "utf-8")
    for typed, mend in (
        ("arbes.csv", "Vouliez-vous dire « arbres.csv » ?"),
        ("zzz.ods", "Vérifiez le nom et le dossier."),
        ("nulle/part.csv", "Vérifiez le nom et le dossier."),
    ):
        with pytest.raises(UsageError, match="Fichier introuvable") as caught:
            existing(tmp_path / typed)
        assert caught.value.mend == mend


WIDE = (
    "Carrefour",
    "Période",
    "Début de la période",
    "Cycle",
    "Retard moyen estimé",
    "Capacité restante",
    "Saturation",
    "Phase",
)
ROW = ("Place de la Comédie", "matin", 7, 90, "12,4 s", 200, "0,83", "A")


@pytest.mark.parametrize("width", [24, 60, 80, 120, 300])
def test_a_table_breaks_no_word_on_a_narrow_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], width: int
) -> None:
    """The last columns are left out instead, and named; where the answer goes to a file, all are there."""
    for name, value in {"FORCE_COLOR": "1", "NO_COLOR": "1", "TERM": "xterm", "COLUMNS": str(width)}.items():
        monkeypatch.setenv(name, value)
    table("Plans", WIDE, [ROW, ROW])
    said = capsys.readouterr()
    out = re.sub(r"\x1b\[[0-9;]*m", "", said.out)
    assert {len(line) for line in out.splitlines()[1:]} <= set(range(width + 1))
    shown = [n for n, name in enumerate(WIDE) if all(f" {word} " in out for word in name.split())]
    assert shown == list(range(len(shown))), "the first ones"
    assert len(shown) >= 2
    assert all(f" {word} " in out for n in shown for word in str(ROW[n]).split())
    left = WIDE[len(shown) :]
    assert (", ".join(left) in " ".join(said.err.split())) if left else said.err == ""
    assert (len(shown) == len(WIDE)) is (width >= 120)
    for name in ("FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name)
    table("Plans", WIDE, [ROW, ROW])
    said = capsys.readouterr()
    assert (said.out.splitlines()[1].count("┳"), said.err) == (len(WIDE) - 1, "")
