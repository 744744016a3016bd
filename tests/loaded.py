"""What is imported once, before the processes of tests are forked from it (`forks`): the commands, and what publishing has loaded after its first file.
Opens nothing."""

from __future__ import annotations

import gc

import alembic.command  # noqa: F401 - who makes a city needs it
import pyarrow.dataset  # noqa: F401
import pytest  # noqa: F401 - the work of a process may stand in a test's own module

from parvis import computing, readers
from parvis.checks import checks, domains, drift, survey
from parvis.cli import every  # noqa: F401
from parvis.columns import guess
from parvis.columns.form import compiled
from parvis.privacy import finding, fingerprint, vocabulary
from tests import alert_child, kill_child  # noqa: F401
from tests.browser import serve_city  # noqa: F401

readers.readers()
domains.domains()
computing.declared()
checks()
survey.looks()
drift.drifts()
finding.known_detectors()
vocabulary.known_vocabularies()
fingerprint.fingerprint()
for each in guess.meanings():
    compiled(each.pattern)
gc.collect()
gc.freeze()  # a child never looks through what it was born with
