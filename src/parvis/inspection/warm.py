"""What the first file of a process would load: declarations, patterns, vocabularies."""

from __future__ import annotations

from parvis import readers
from parvis.checks import checks, domains, drift, survey
from parvis.columns import guess
from parvis.columns.form import compiled
from parvis.engine import connect
from parvis.privacy import finding, vocabulary


def load() -> None:
    """Load it. Opens nothing that stays open: the signatures of the engine's extensions are looked at, and no
    thread is left behind.
    """
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
