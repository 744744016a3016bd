"""The house as a newcomer finds it on the disk: its papers are there, its links lead somewhere, and nothing
that can be typed, set or opened lacks its sentence.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from scripts import docs

from parvis.api import dcat, explore
from parvis.cli.all_commands import app
from parvis.core import settings
from parvis.web.pages import PAGES
from parvis.web.views import data, deposits, session, well_known
from tests.acceptance.commands import environment
from tests.acceptance.test_city_by_command import commands
from tests.conftest import LONGEST, ROOT
from tests.processes.forks import together

PAPERS = (
    "README.md",
    "CHANGELOG.md",
    "LICENSE",
    "SECURITY.md",
    "Makefile",
    ".ci/run",
    "constraints.txt",
    "docs/house.md",
    "docs/threat-model.md",
    "docs/scenarios.md",
)


def read(page: str) -> str:
    return (ROOT / "docs" / "reference" / f"{page}.md").read_text("utf-8")


def test_the_papers_are_there_and_their_links_lead_somewhere() -> None:
    """Every relative link of README, SECURITY, CHANGELOG and docs/ names a file of the repository."""
    assert [p for p in PAPERS if not (ROOT / p).is_file()] == []
    pages = [ROOT / "README.md", ROOT / "SECURITY.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]
    links = {
        os.path.relpath(target, ROOT)
        for page in pages
        for found in re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8"))
        if "://" not in found
        and not found.startswith("mailto:")
        and not (target := (page.parent / found).resolve()).exists()
    }
    assert links == set()


def test_decisions_are_numbered_dated_and_short() -> None:
    """One page each, 40 lines at most, numbers without a gap."""
    notes = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [n.name[:4] for n in notes] == [f"{i:04d}" for i in range(1, len(notes) + 1)]
    for note in notes:
        text = note.read_text("utf-8")
        assert len(text.splitlines()) <= 40, note.name
        assert re.match(r"# \d{4}\. .+ \(\d{4}-\d{2}-\d{2}\)\n", text), note.name


def test_what_is_pinned_names_no_address() -> None:
    """constraints.txt holds names and versions; pyproject has a licence and the extras of heavy parts."""
    pins = [
        line
        for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    assert pins
    assert [p for p in pins if not re.fullmatch(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==[^\s/:]+( ?;.*)?", p)] == []
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["license"] in ("Apache-2.0", "EUPL-1.2")
    assert {"simulation", "water", "text"} <= set(project["optional-dependencies"])


def test_the_menu_has_what_the_house_promises() -> None:
    """setup, demo, test, check, bench, docs; and the continuous integration types the same words."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert [
        w
        for w in ("setup", "demo", "test", "check", "bench", "docs", "audit", "sbom")
        if not re.search(rf"^{w}:", makefile, re.MULTILINE)
    ] == []
    assert re.search(r"^make check test$", (ROOT / ".ci" / "run").read_text("utf-8"), re.MULTILINE)
    assert [file for file in LONGEST if not (ROOT / file).is_file()] == []


def test_no_identifier_of_the_words_that_are_not_used() -> None:
    """The last column of the table of words in docs/house.md: nothing in src/ is called so any more."""
    page = (ROOT / "docs" / "house.md").read_text("utf-8").split("## Words")[1].split("## ")[0]
    banned = {
        w
        for line in page.splitlines()
        if line.startswith("| `")
        for w in re.findall(r"[\w.]+", line.rsplit("|", 2)[1])
    }
    assert len(banned) > 20
    names: dict[str, set[str]] = {}
    for path in (ROOT / "src").rglob("*.py"):
        names.setdefault(path.name, set()).add(path.as_posix())
        names.setdefault(path.stem, set()).add(path.as_posix())
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                names.setdefault(node.name, set()).add(path.as_posix())
            elif isinstance(node, ast.alias):
                names.setdefault(node.asname or node.name, set()).add(path.as_posix())
            elif isinstance(node, ast.arg):
                names.setdefault(node.arg, set()).add(path.as_posix())
    assert {w: names[w] for w in banned if w in names} == {}


CALLED_BY_OTHERS = {
    ("store/takedowns.py", "asked"),
    ("work/study_process.py", "kept"),
    ("core/errors.py", "told"),
    ("core/traces.py", "told"),
}
"""Functions that rooms which do not follow yet call by those names."""


def test_no_local_of_the_words_that_name_nothing() -> None:
    """The rooms that docs/house.md lists have no function, argument or local called by one of those words."""
    page = (ROOT / "docs" / "house.md").read_text("utf-8").split("### Words that name nothing")[1]
    words = set(re.findall(r"\w+", page.split("Not used:")[1].split(".")[0]))
    rooms = re.findall(r"`([a-z/]+)`", page.split("is called so in")[1].split(";")[0])
    assert len(words) == 7
    assert len(rooms) > 20
    src = ROOT / "src" / "parvis"
    left: set[tuple[str, str]] = set()
    for path in (file for room in rooms for file in (src / room).rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        fields = {
            id(part.target)
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef)
            for part in node.body
            if isinstance(part, ast.AnnAssign)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                name = node.name
            elif isinstance(node, ast.arg):
                name = node.arg
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and id(node) not in fields:
                name = node.id
            else:
                continue
            if name.lstrip("_") in words:
                left.add((path.relative_to(src).as_posix(), name))
    assert left == CALLED_BY_OTHERS


def test_the_floors_hold() -> None:
    """Imports go down only; only privacy mints a Released; no face runs the engine on a bare Table."""
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_the_reference_is_that_of_the_declarations() -> None:
    """What `make docs` would write is what is there."""
    assert together(docs.main, (True,)) == [
        0
    ]  # in a process of its own: tests of this one may have declared something


def test_every_setting_and_command_has_its_sentence() -> None:
    """Settings with variable, default and meaning; commands with their options, none without help."""
    page = read("settings")
    assert [s.env for s in settings.declared() if f"`{s.env}`" not in page or not s.help.strip()] == []
    page = read("commands")
    for name, command in commands(app).items():
        assert f"## parvis {name}\n\n{command.help}" in page, name
        options = [
            p for p in command.params if p.param_type_name == "option" and not getattr(p, "hidden", False)
        ]
        assert [p.name for p in options if not getattr(p, "help", "")] == [], name


ROUTES = (*well_known.ROUTES, *data.ROUTES, *session.ROUTES, *deposits.ROUTES, *dcat.ROUTES, *explore.ROUTES)


@pytest.mark.parametrize(
    "path",
    sorted(
        {
            r.path
            for r in ROUTES
            if not r.path.startswith("/en/") and (r.path == "/" or not r.path.endswith("/"))
        }
    ),
)
def test_every_address_has_its_sentence(path: str) -> None:
    """Each route of the portal and of its dialects stands in the reference, and says what it does."""
    (line,) = {
        row
        for row in read("routes").splitlines()
        if f"| `{path}` |" in row and row.startswith(f"| {method(path)} |")
    }
    assert line.rpartition(f"`{path}` |")[2].strip(" |")


def method(path: str) -> str:
    methods = next(r.methods for r in ROUTES if r.path == path)
    return ", ".join(sorted((methods or {"GET"}) - {"HEAD", "OPTIONS"}))


def test_every_page_has_its_fields() -> None:
    page = read("routes")
    assert [p.path for p in PAGES if f"\n## {p.path}\n" not in page] == []
