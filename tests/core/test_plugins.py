"""Packages of others: what they bring is found by an entry point, what is wrong with one is named, and the
rest goes on. Each case is a folder with a package and its metadata, as an installer leaves them.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from parvis.core import settings
from parvis.core.plugins import STABLE, misshapen
from parvis.core.reading import Reader
from parvis.core.types import PUBLIC
from parvis.publication.city import open_city
from parvis.store import datasets, versions
from tests.acceptance.commands import environment
from tests.conftest import ROOT

CHECK = '''"""A check."""
from parvis.checks.declaration import Check
{variable} = Check(name="{name}", title="Plaque", message="{{values}} dans {{column}}", fix="-", custom="{name}",
    wrong="NOT regexp_full_match(v, '[A-Z]{{2}}')", right=("AB",), bad=("A",))
'''

DETECTOR = """
from parvis.core.types import Sensitivity
from parvis.privacy.declaration import Detector, stars
badge = Detector(name="badge", title="numéros de badge", sensitivity=Sensitivity.DIRECT, within=r"\\b(BDG[0-9]{6})\\b", mask=stars, right=("BDG123456",))
"""

STEP = """
from parvis.prepare.declaration import Parameter, Step
from parvis.prepare.steps.trim import trim
other = trim
"""

ALERT = """
from parvis.alerts.declaration import Alert
flood = Alert(name="crue", title="Crue", topic="water", about="Quand l’eau monte.", categories=("Met",))
"""

SCHEMA = {"name": "nichoirs", "version": "1.0.0", "fields": [{"name": "n", "type": "integer"}]}


CANARY = "canari.dupont84@courriel.example"

LEAK = f"""
from datetime import datetime
import pyarrow as pa
from parvis.core.types import Column, Dataset, Schema
from parvis.services.declaration import Input, Output, Service

def work(tables, now):
    rows = tables["nids"].to_pylist()
    return {{"nids": pa.table({{"n": [r["n"] for r in rows], "qui": ["{CANARY}" for r in rows]}})}}

ABOUT = Dataset("nids-suivis", "Nids suivis", "Les nids que quelqu’un suit.", "nids")
OUT = Schema("nids/suivis", "1", (Column("n", "integer"), Column("qui")))
SERVICE = Service(name="nids", title="Nids", question="Qui suit les nids ?", inputs={{"nids": Input("nids/nids", schema="nichoirs")}},
    outputs={{"nids": Output(ABOUT, OUT, "nid", "nids")}}, method="Comptés.", caveats=("Un essai.",), work=work)
"""
"""A service of a package that puts an address of its own into what it publishes."""

LIVE = LEAK.replace('name="nids"', 'name="vifs", live=True')


def package(
    site: Path, name: str, modules: dict[str, str], *, schemas: dict[str, object] | None = None
) -> None:
    """A package and its metadata, version 1.2."""
    folder = site / name
    folder.mkdir(parents=True)
    for module, text in modules.items():
        (folder / f"{module}.py").write_text(text, "utf-8")
    for file, said in (schemas or {}).items():
        (folder / "schemas").mkdir(exist_ok=True)
        (folder / "schemas" / file).write_text(said if isinstance(said, str) else json.dumps(said), "utf-8")
    info = site / f"{name}-1.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n", "utf-8")
    (info / "entry_points.txt").write_text(f"[parvis]\nmain = {name}\n", "utf-8")


def parvis(site: Path, *words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Type `parvis WORDS` where those packages are installed."""
    around = environment() | {"PYTHONPATH": f"{ROOT / 'src'}:{site}"}
    return subprocess.run(
        [sys.executable, "-m", "parvis", *words],
        cwd=cwd or site,
        env=around,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def plugins(site: Path) -> dict[str, Any]:
    done = parvis(site, "plugins", "--json")
    said = json.loads(done.stdout)
    assert done.returncode == (0 if said["ok"] else 1), done.stderr
    return said


def names(plugin: dict[str, Any]) -> list[tuple[str, str]]:
    return [(b["kind"], b["name"]) for b in plugin["brings"]]


def test_what_came_from_where(tmp_path: Path) -> None:
    """Each declaration with its kind, its package and its version; a value of ours that a plugin imports is
    not the plugin's.
    """
    package(
        tmp_path,
        "autre",
        {
            "__init__": CHECK.format(name="plaque-a", variable="a"),
            "detectors": DETECTOR,
            "steps": STEP,
            "alerts": ALERT,
        },
        schemas={"nichoirs.json": SCHEMA},
    )
    package(tmp_path, "encore", {"__init__": "", "deep": CHECK.format(name="plaque-b", variable="b")})
    said = plugins(tmp_path)
    assert [(p["package"], p["version"], p["name"]) for p in said["plugins"]] == [
        ("autre", "1.2", "main"),
        ("encore", "1.2", "main"),
    ]
    first, second = said["plugins"]
    assert names(first) == [
        ("check", "plaque-a"),
        ("detector", "badge"),
        ("alert", "crue"),
        ("schema", "nichoirs@1.0.0"),
    ]
    assert names(second) == [("check", "plaque-b")]
    assert second["brings"][0]["where"] == "encore.deep"
    assert said["ok"] is True
    assert "plaque-b" in parvis(tmp_path, "plugins").stdout


BROKEN = {
    "absente": ({"__init__": "import nowhere_to_be_found\n"}, "import", "ModuleNotFoundError"),
    "casse": ({"__init__": "", "below": "1 / 0\n"}, "import", "ZeroDivisionError"),
    "quitte": ({"__init__": "raise SystemExit(3)\n"}, "import", "SystemExit"),
    "syntaxe": ({"__init__": "def\n"}, "import", "SyntaxError"),
    "vide": ({"__init__": "x = 3\n"}, "empty", ""),
    "forme": (
        {
            "__init__": "from parvis.core.reading import Reader\nr = Reader(name='r', title='R', sniff=None, read=len)\n"
        },
        "shape",
        "sniff",
    ),
    "nom": ({"__init__": CHECK.format(name="siret", variable="c")}, "name", "check siret"),
    "message": (
        {"__init__": CHECK.format(name="file-encoding-damage", variable="c")},
        "name",
        "check file-encoding-damage",
    ),
    "porte": (
        {"__init__": CHECK.format(name="ok", variable="c"), "hidden": "from parvis.core import minting\n"},
        "gate",
        "parvis.core.minting",
    ),
    "moteur": (
        {"__init__": "def late():\n    from parvis.engine.run import execute\n    return execute\n"},
        "gate",
        "parvis.engine.run",
    ),
}


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every broken plugin, and a good one, in one place."""
    site = tmp_path_factory.mktemp("site")
    for name, (modules, _, _) in BROKEN.items():
        package(site, name, modules)
    package(site, "zbon", {"__init__": CHECK.format(name="plaque", variable="good")})
    return site


@pytest.fixture(scope="module")
def listed(broken: Path) -> dict[str, Any]:
    return plugins(broken)


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_what_is_wrong_is_named(listed: dict[str, Any], name: str) -> None:
    (plugin,) = [p for p in listed["plugins"] if p["package"] == name]
    (left,) = plugin["left_out"]
    _, reason, detail = BROKEN[name]
    assert (left["reason"], plugin["brings"]) == (reason, [])
    assert detail in left["detail"]


def test_the_rest_goes_on(broken: Path, listed: dict[str, Any]) -> None:
    """The good plugin works beside broken ones, in `plugins`, and in a check."""
    assert listed["ok"] is False
    assert names(next(p for p in listed["plugins"] if p["package"] == "zbon")) == [("check", "plaque")]
    (broken / "p.csv").write_text("p\nAB\nA\n", "utf-8")
    schema = {
        "fields": [{"name": "p", "type": "string"}],
        "custom_checks": [{"name": "plaque", "params": {"column": "p"}}],
    }
    (broken / "p.json").write_text(json.dumps(schema), "utf-8")
    done = parvis(broken, "check", "p.csv", "--schema", "p.json", "--json")
    assert [(e["code"], e["rows"][0]["line"]) for e in json.loads(done.stdout)["errors"]] == [("plaque", 3)]
    assert "plugin casse 1.2 (main): import casse ZeroDivisionError" in done.stderr


def test_the_doctor_names_them(broken: Path) -> None:
    """`parvis doctor` says which plugins are left out, and goes on."""
    assert parvis(broken, "init", "ville").returncode == 0
    said = parvis(broken, "doctor", "--json", cwd=broken / "ville")
    (answer,) = [a for a in json.loads(said.stdout)["answers"] if a["question"] == "Greffons"]
    assert answer["well"] is False
    assert all(name in answer["said"] for name in BROKEN)
    assert "zbon" not in answer["said"]


def test_a_schema_of_ours_is_not_hidden(tmp_path: Path) -> None:
    """A plugin's schema of a name and version that we ship is left out and named; a file that is none too."""
    package(
        tmp_path,
        "cache",
        {"__init__": ""},
        schemas={
            "fontaines.json": {
                "name": "fontaines",
                "version": "1.0.0",
                "fields": [{"name": "x", "type": "string"}],
            },
            "rien.json": "{",
            "nids.json": SCHEMA,
        },
    )
    (plugin,) = plugins(tmp_path)["plugins"]
    assert names(plugin) == [("schema", "nichoirs@1.0.0")]
    assert {(x["reason"], x["where"]) for x in plugin["left_out"]} == {
        ("file", "schemas/rien.json"),
        ("name", "schemas/fontaines.json"),
    }
    shown = json.loads(parvis(tmp_path, "schemas", "show", "fontaines", "--json").stdout)
    assert shown["title"] == "Fontaines à eau potable"


def test_of_two_plugins_with_one_name_the_first_counts(tmp_path: Path) -> None:
    for name in ("aaa", "bbb"):
        package(tmp_path, name, {"__init__": CHECK.format(name="plaque", variable="p")})
    first, second = plugins(tmp_path)["plugins"]
    assert names(first) == [("check", "plaque")]
    assert [(x["reason"], x["detail"]) for x in second["left_out"]] == [("name", "check plaque")]


def test_our_own_declarations_have_their_shapes() -> None:
    """The rule that plugins are held to finds nothing wrong with ours, of any kind."""
    from parvis.administration.plugins import KINDS

    every = [(kind.name, one) for kind in KINDS for one in kind.known()]
    assert {kind for kind, _ in every} == {kind.name for kind in KINDS}
    assert [(kind, one.name, misshapen(one)) for kind, one in every if misshapen(one)] == []


def test_shapes() -> None:
    def read(*_: object) -> Any: ...

    good = Reader("r", "R", read, read)
    assert misshapen(good) == ""
    assert misshapen(Reader("", "R", read, read)) == "name: str"
    assert misshapen(Reader("r", 3, read, read)) == "title: str"  # type: ignore[arg-type]
    assert misshapen(Reader("r", "R", read, read, [1])) == "examples: tuple[Example, ...]"  # type: ignore[arg-type]
    assert misshapen(Reader("r", "R", read, read, (1,))) == "examples: tuple[Example, ...]"  # type: ignore[arg-type]


def test_what_a_service_of_others_makes_is_searched_before_it_is_seen(tmp_path: Path) -> None:
    """It puts somebody's address into its output: the version is held, and neither export, pages nor log say
    the address.
    """
    package(tmp_path, "nids", {"__init__": LEAK}, schemas={"nichoirs.json": SCHEMA})
    (tmp_path / "nids.csv").write_text("n\n1\n2\n3\n", "utf-8")
    assert parvis(tmp_path, "init", "ville").returncode == 0
    sent = parvis(tmp_path, "publish", "nids.csv", "--schema", "nichoirs", "--city", "ville", "--json")
    assert sent.returncode == 0, sent.stdout + sent.stderr
    ran = parvis(tmp_path, "service", "run", "nids", "--city", "ville", "--json")
    assert ran.returncode == 0, ran.stderr
    out = parvis(tmp_path, "export", "nids-suivis", "--format", "csv", "-o", "sortie", "--city", "ville")
    seen = "".join(p.read_text("utf-8") for p in (tmp_path / "sortie").rglob("*.csv"))
    assert CANARY not in seen + "".join(d.stdout + d.stderr for d in (sent, ran, out))
    assert out.returncode != 0
    city = open_city(settings.load(tmp_path / "ville", {}))
    with city.db.read() as conn:
        (resource,) = datasets.resources(conn, "nids-suivis")
        assert versions.served(conn, resource.id, PUBLIC) is None
        held = versions.latest(conn, resource.id)
    city.db.close()
    assert held is not None
    assert [f.check for f in held.report.findings if f.column == "qui"] == ["privacy-email"]
    assert CANARY not in repr(held)


def test_a_live_service_of_others_is_left_out(tmp_path: Path) -> None:
    """What it makes would be seen at each batch: it is not at work, and named."""
    package(tmp_path, "vifs", {"__init__": LIVE})
    (plugin,) = plugins(tmp_path)["plugins"]
    assert names(plugin) == []
    assert [(x["reason"], x["detail"]) for x in plugin["left_out"]] == [("live", "service vifs")]
    assert "vifs" not in parvis(tmp_path, "service", "list", "--json").stdout


def test_what_is_stable_is_what_packages_use() -> None:
    """The tutorial's package takes names from stable modules only, and every stable module is on the page."""
    page = (ROOT / "docs" / "tutorial-package.md").read_text("utf-8")
    used = set(re.findall(r"^from (parvis[\w.]*) import", page, re.MULTILINE))
    assert used
    assert used <= set(STABLE)
    reference = (ROOT / "docs" / "reference" / "extending.md").read_text("utf-8")
    assert re.findall(r"^## (\S+)$", reference, re.MULTILINE) == list(STABLE)
    for module, word in re.findall(r"^from (parvis[\w.]*) import (\w+)", page, re.MULTILINE):
        part = reference.split(f"## {module}\n")[1].split("\n## ")[0]
        assert f"**{word}**" in part, (module, word)
