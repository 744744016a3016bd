"""The package that docs/tutorial-package.md prints: installed by pip in a fresh environment that sees ours,
without network; its service is on its page, its check in a report, its reader reads, its exporter answers.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import venv
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.acceptance.commands import Process, answers, environment, free_port
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "tutorial-package.md"
LONGEST = 150

CARDS = """#fiches
numero: BL-001
lieu: Gare
places: 4

numero: BL-002
lieu: Médiathèque | entrée
places: 0

numero: BL-003
lieu: Place Haute
places: 11
"""


@dataclass(frozen=True)
class Town:
    """An environment with the package installed, and a folder to work in."""

    python: Path
    here: Path

    def parvis(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.python, "-m", "parvis", *words],
            cwd=self.here,
            env=self.around(),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def around(self) -> dict[str, str]:
        """Nothing on PYTHONPATH: what is not installed is not found."""
        return {k: v for k, v in environment().items() if k != "PYTHONPATH"}


def printed() -> dict[str, str]:
    """Each file of the page, by its path: what stands in the block below its name."""
    blocks = re.findall(r"`([\w./-]+)`\n\n```\w+\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    return dict(blocks)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """pip installs the page's files as they are; the environment finds Parvis and what it stands on by a path
    of ours, not the package.
    """
    root = tmp_path_factory.mktemp("town")
    for path, text in printed().items():
        file = root / "package" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    venv.create(root / "env", with_pip=True)
    python = root / "env" / "bin" / "python"
    site = Path(
        sysconfig.get_path("purelib", vars={"base": str(root / "env"), "platbase": str(root / "env")})
    )
    (site / "ours.pth").write_text(f"{sysconfig.get_path('purelib')}\n{ROOT / 'src'}\n", "utf-8")
    pip = ["-m", "pip", "install", "--quiet", "--no-index", "--no-build-isolation", "--no-deps"]
    done = subprocess.run(
        [python, *pip, "--disable-pip-version-check", root / "package"],
        env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    made = Town(python, root / "here")
    made.here.mkdir()
    (made.here / "boites.txt").write_text(CARDS, "utf-8")
    assert made.parvis("init", "ville").returncode == 0
    return made


@pytest.fixture(scope="module")
def published(town: Town) -> Town:
    done = town.parvis("publish", "boites.txt", "--schema", "boites-a-livres", "--city", "ville", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    return town


def test_the_page_is_short() -> None:
    assert len(PAGE.read_text("utf-8").splitlines()) < LONGEST
    assert set(printed()) == {
        "pyproject.toml",
        "parvis_boites/schemas/boites-a-livres.json",
        "parvis_boites/locale/oc/LC_MESSAGES/boites.po",
        *(f"parvis_boites/{m}.py" for m in ("__init__", "reader", "exporter", "service")),
    }


def test_what_came(town: Town) -> None:
    said = json.loads(town.parvis("plugins", "--json").stdout)
    (plugin,) = said["plugins"]
    assert (plugin["package"], plugin["version"], plugin["name"]) == ("parvis-boites", "1.0", "boites")
    assert [(b["kind"], b["name"]) for b in plugin["brings"]] == [
        ("check", "numero-boite"),
        ("reader", "fiches"),
        ("exporter", "markdown"),
        ("service", "boites"),
        ("language", "oc"),
        ("schema", "boites-a-livres@1.0.0"),
    ]
    assert said["ok"] is True


def test_nothing_of_it_is_ours() -> None:
    """Without the package Parvis knows none of it: the cards are a text like any other."""
    done = subprocess.run(
        [sys.executable, "-m", "parvis", "plugins", "--json"],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "boites" not in done.stdout


def test_its_reader_and_its_check(town: Town) -> None:
    """Cards are read under any name; a wrong number is blamed with the line of its card."""
    seen = json.loads(town.parvis("inspect", "boites.txt", "--json").stdout)
    assert (seen["format"], seen["rows"]) == ("fiches", 3)
    assert [c["name"] for c in seen["columns"]] == ["numero", "lieu", "places"]
    (town.here / "faux.bin").write_text(CARDS.replace("BL-002", "BL02"), "utf-8")
    done = town.parvis("check", "faux.bin", "--schema", "boites-a-livres", "--json")
    (found,) = json.loads(done.stdout)["errors"]
    assert (done.returncode, found["code"], found["rows"][0]["line"]) == (1, "numero-boite", 6)
    assert found["message"].startswith("Numéros de boîte non valides")


def test_its_exporter_by_command(published: Town) -> None:
    done = published.parvis("export", "boites", "--format", "markdown", "-o", "sortie", "--city", "ville")
    assert done.returncode == 0, done.stderr
    (file,) = (published.here / "sortie" / "boites").iterdir()
    assert file.read_text("utf-8").splitlines() == [
        "| numero | lieu | places |",
        "| --- | --- | --- |",
        "| BL-001 | Gare | 4 |",
        "| BL-002 | Médiathèque \\| entrée | 0 |",
        "| BL-003 | Place Haute | 11 |",
    ]


def test_its_service_on_its_page_and_its_exporter_at_its_address(published: Town, tmp_path: Path) -> None:
    """A portal of that environment: the page, its twin, the list of services, the page of the check, and the
    export of the dataset that the service makes.
    """
    port = free_port()
    log = tmp_path / "log"
    with log.open("wb") as out:
        portal = subprocess.Popen(
            [published.python, "-m", "parvis", "serve", "--port", str(port)],
            cwd=published.here / "ville",
            env=published.around(),
            stdout=out,
            stderr=out,
        )
    try:
        base = f"http://127.0.0.1:{port}"
        answers(Process(portal, log), f"{base}/a-propos")
        site = httpx.Client(
            timeout=60
        )  # the first page of a process that has just started, on a busy machine
        page = site.get(f"{base}/services/boites")
        assert page.status_code == 200, page.text
        assert "2 boîtes à livres ont de la place." in page.text
        first, rows = site.get(f"{base}/services/boites.json").json()["blocks"]
        assert first["text"] == "2 boîtes à livres ont de la place."
        assert [(r["lieu"], r["places"]) for r in rows["rows"]] == [("Gare", 4), ("Place Haute", 11)]
        assert "Où déposer un livre" in site.get(f"{base}/services").text
        assert "BL-, puis trois chiffres" in site.get(f"{base}/controles/numero-boite").text
        address = f"{base}/api/explore/v2.1/catalog/datasets/boites-libres/exports/markdown"
        answer = site.get(address)
        assert answer.headers["content-type"].startswith("text/markdown")
        assert "| Gare | 4 |" in answer.text
        occitan = site.get(f"{base}/oc").text
        assert '<html lang="oc"' in occitan
        assert "Donadas" in occitan
        site.close()
    finally:
        portal.terminate()
        portal.wait(30)
