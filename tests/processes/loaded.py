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

from parvis.cli import all_commands  # noqa: F401
from parvis.core.types import Report, Schema
from parvis.inspection import warm
from parvis.privacy import fingerprint
from parvis.publication import pipeline
from parvis.store import codec
from parvis.work import service_runs
from tests.alerts import alert_child  # noqa: F401
from tests.browser import serve_city  # noqa: F401
from tests.processes import migrated
from tests.work import kill_child  # noqa: F401

migrated.install()
warm.load()
service_runs.declared()
fingerprint.fingerprint()
for kind in (tuple[pipeline.Draft, ...], Report, Schema):
    codec.coder(kind)
gc.collect()
gc.freeze()  # a child never looks through what it was born with
