"""Imported once, by the process that checks are forked from (`limited_process`): the program, and what its first file
would have loaded. Opens nothing that stays open: the signatures of the engine's extensions are looked at, and
no thread is left behind.
"""

from __future__ import annotations

import gc

from parvis import readers
from parvis.checks import checks, domains, drift, survey
from parvis.columns import guess
from parvis.columns.form import compiled
from parvis.engine import connect
from parvis.privacy import finding, vocabulary
from parvis.web import checking, limited_process

readers.readers()
domains.domains()
checks()
survey.known_table_checks()
drift.drifts()
finding.known_detectors()
vocabulary.known_vocabularies()
for each in guess.meanings():
    compiled(each.pattern)
connect.verified()
WORK = (limited_process.run, checking.work)
"""What is forked, with all that it imports."""

gc.collect()
gc.freeze()  # a child never looks through what it was born with
