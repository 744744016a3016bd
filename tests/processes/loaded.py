"""What is imported once, before the processes of tests are forked from it (`forks`): the commands, and what
publishing has loaded after its first file. Opens nothing that stays open: DuckDB looks at the signatures of
its extensions (0.2 s), and leaves no thread behind.
"""

from __future__ import annotations

import gc

import alembic.command  # noqa: F401
import pyarrow.dataset  # noqa: F401
import pytest  # noqa: F401
import sqlalchemy.dialects.sqlite  # noqa: F401

from parvis import readers
from parvis.checks import checks, domains, drift, survey
from parvis.cli import all_commands  # noqa: F401
from parvis.columns import evidence, guess
from parvis.columns.form import compiled
from parvis.core.types import Report, Schema
from parvis.engine import connect
from parvis.privacy import finding, fingerprint, vocabulary
from parvis.publication import pipeline
from parvis.store import codec
from parvis.work import service_runs
from tests.alerts import alert_child  # noqa: F401
from tests.browser import serve_city  # noqa: F401
from tests.processes import migrated
from tests.work import kill_child  # noqa: F401

migrated.install()
readers.readers()
domains.domains()
service_runs.declared()
checks()
survey.known_table_checks()
drift.drifts()
finding.known_detectors()
vocabulary.known_vocabularies()
fingerprint.fingerprint()
for each in guess.meanings():
    compiled(each.pattern)
for cells in (
    ("1", "2"),
    ("1,5", "-2.25"),
    ("2026-01-31", "2026-02-28"),
    ("31/01/2026", "28/02/2026"),
    ("2026-01-31T10:00:00Z", "2026-01-31T10:30:00Z"),
    ("chêne", "if"),
):
    guess.guess(
        "colonne", evidence.gather((cell, 1) for cell in cells)
    )  # which has the forms that it tries compiled
for kind in (tuple[pipeline.Draft, ...], Report, Schema):
    codec.coder(kind)
connect.verified()
gc.collect()
gc.freeze()  # a child never looks through what it was born with
