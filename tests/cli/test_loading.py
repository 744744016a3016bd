"""What a command loads: what the file at hand needs, and not what another one might."""

from __future__ import annotations

import importlib
import json
import os
import pickle
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import parvis.alerts
import parvis.checks.domains
import parvis.checks.drifts
import parvis.checks.repairs
import parvis.checks.rules
import parvis.checks.table_checks
import parvis.columns.meanings
import parvis.exports
import parvis.prepare.steps
import parvis.privacy.anonymising.hierarchies
import parvis.privacy.detectors
import parvis.privacy.vocabularies
import parvis.readers
import parvis.services
from parvis.alerts.declaration import Alert
from parvis.checks.declaration import Check
from parvis.checks.domains.declaration import Domain
from parvis.checks.drift import Drift
from parvis.checks.repair import Repair
from parvis.cli import asgi
from parvis.cli.init import create
from parvis.columns.meaning import Meaning
from parvis.core import declarations, registry
from parvis.core.late import late
from parvis.core.reading import Reader
from parvis.exports.declaration import Exporter
from parvis.prepare.declaration import Step
from parvis.privacy.anonymising.declaration import Ladder
from parvis.privacy.declaration import Detector
from parvis.privacy.vocabulary import Vocabulary
from parvis.services import sources
from parvis.services.declaration import Feed, Service

DECLARED = [
    (parvis.alerts, Alert),
    (parvis.checks.domains, Domain),
    (parvis.checks.drifts, Drift),
    (parvis.checks.repairs, Repair),
    (parvis.checks.rules, Check),
    (parvis.checks.table_checks, Check),
    (parvis.columns.meanings, Meaning),
    (parvis.exports, Exporter),
    (parvis.prepare.steps, Step),
    (parvis.privacy.anonymising.hierarchies, Ladder),
    (parvis.privacy.detectors, Detector),
    (parvis.privacy.vocabularies, Vocabulary),
    (parvis.readers, Reader),
    (parvis.services, Alert),
    (parvis.services, Feed),
    (parvis.services, Service),
]

SELDOM = (
    "alembic", "babel", "chardet", "dbos", "highspy", "httpx", "icalendar", "jsonschema", "lxml", "psycopg", "pydantic", "pyogrio", "pyproj",
    "python_calamine", "rdflib", "referencing", "scipy", "shapely", "webauthn",
    "parvis.checks.domains.dcat.judge", "parvis.checks.domains.gtfs.feed", "parvis.methods.events", "parvis.methods.hours", "parvis.people.passkeys",
    "parvis.privacy.anonymising", "parvis.privacy.overlap", "parvis.readers.layers", "parvis.services.air", "parvis.services.velos", "parvis.web",
    "parvis.work.jobs", "parvis.work.service_runs",
)  # fmt: skip
"""What a text file of two lines has no use for: each takes from a hundredth of a second to a half to load."""

ONE_PAGE = ("dbos", "numba", "psycopg", "pyogrio", "pyvrp", "scipy", "sklearn", "typst", "vl_convert")
"""What the pages of a portal do without, its list of services too, until something is computed, drawn or written
in such a format: 200 MB of a web process, and a second of its start.
"""

PORTAL = """
import json, sys
import parvis.services
from parvis.cli import asgi
from parvis.core import registry
from parvis.services.declaration import Service
from parvis.services.study import Study
registry.own(parvis.services, Service)
registry.own(parvis.services, Study)
sys.stdout.write(json.dumps(sorted(sys.modules)))
"""

RUN = """
import json, sys
from parvis.cli.app import run
code = run(sys.argv[1:])
sys.stderr.write("\\n" + json.dumps([code, sorted(sys.modules)]))
"""


def loaded(*words: str) -> tuple[int, set[str]]:
    """The exit code of a command, and the modules that its process had loaded at the end."""
    environ = {k: v for k, v in os.environ.items() if k != "PARVIS_SHARED"}  # of the tests, and no setting
    done = subprocess.run(
        [sys.executable, "-c", RUN, *words], capture_output=True, text=True, check=True, env=environ
    )
    code, names = json.loads(done.stderr.splitlines()[-1])
    return code, set(names)


def test_publishing_a_small_text_loads_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    create(tmp_path / "city", "Ville")
    file = tmp_path / "deux.csv"
    file.write_text("jour,valeur\n2026-10-01,3\n2026-10-02,4\n", "utf-8")
    loaded("publish", str(file), "--city", str(tmp_path / "city"))  # the first one makes the database
    file.write_text("jour,valeur\n2026-10-01,3\n2026-10-02,5\n", "utf-8")
    code, names = loaded("publish", str(file), "--city", str(tmp_path / "city"))
    assert code == 0
    assert "parvis.readers.csv" in names
    assert [name for name in SELDOM if name in names] == []


def test_a_portal_that_shows_its_services_loads_nothing_that_they_compute_with() -> None:
    done = subprocess.run([sys.executable, "-c", PORTAL], capture_output=True, text=True, check=True)
    names = set(json.loads(done.stdout))
    assert "parvis.services.dechets.service" in names
    assert [name for name in ONE_PAGE if name in names] == []


def test_a_web_process_lets_nobody_wait_for_its_collector_or_for_one_thread() -> None:
    look = "from parvis.cli import asgi; asgi.keep_pauses_short(); import gc, sys; print(gc.get_threshold(), gc.get_freeze_count() > 50_000, sys.getswitchinterval())"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout == f"{asgi.COLLECTING} True {asgi.TURN_S}\n"


@pytest.mark.parametrize(
    ("package", "kind"), DECLARED, ids=[f"{p.__name__}-{k.__name__}" for p, k in DECLARED]
)
def test_a_module_that_declares_a_value_names_its_kind(package: ModuleType, kind: type) -> None:
    """Only modules whose source has the word are loaded by the registry: no declaration of ours is missed."""
    every = {
        value.name: value
        for module in declarations.modules(package)
        for value in vars(module).values()
        if isinstance(value, kind)
    }
    assert dict(registry.own(package, kind)) == every  # type: ignore[type-var]
    assert every


def test_a_service_writes_the_names_of_what_it_reads() -> None:
    """`parvis publish` asks the texts of services whether any may be concerned, before it loads them."""
    for service in registry.own(parvis.services, Service).values():
        for one in service.reads.values():
            assert one.resource in sources.named(), service.name
            assert not one.schema or one.schema in sources.named(), service.name


def test_what_is_late_is_loaded_when_it_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "slow_to_load.py").write_text("def twice(n): return 2 * n\nclass Bad(Exception): pass\n")
    monkeypatch.syspath_prepend(tmp_path)
    module, call = late("slow_to_load"), late("slow_to_load", "twice")
    assert "slow_to_load" not in sys.modules
    assert call(2) == 4
    assert "slow_to_load" in sys.modules
    assert getattr(module, "twice")(3) == 6  # noqa: B009
    assert pickle.loads(pickle.dumps(call))(4) == 8
    with pytest.raises(AttributeError):
        _ = module.nothing
    bad = importlib.import_module("slow_to_load").Bad
    caught = False
    try:
        raise bad
    except module.Bad:  # pyright: ignore[reportGeneralTypeIssues]
        caught = True
    assert caught
