"""What the first file of a process would load: declarations, patterns, vocabularies, and what is learnt from lists."""

from __future__ import annotations

from importlib import import_module

import sqlglot

from parvis import readers
from parvis.checks import checks, domains, drift, survey
from parvis.checks.codes import codes
from parvis.columns import evidence, guess
from parvis.columns.form import compiled
from parvis.engine import connect
from parvis.privacy import evidence as personal_evidence
from parvis.privacy import families, finding, vocabulary

USUAL = (
    ("nombre", ("1", "2")),
    ("surface", ("1,5", "-2.25")),
    ("date", ("2026-01-31", "2026-02-28")),
    ("date", ("31/01/2026", "28/02/2026")),
    ("date et heure", ("2026-01-31T10:00:00Z", "2026-01-31T10:30:00Z")),
    ("heure", ("08:30", "17:00")),
    ("essence", ("chêne", "if")),
)
"""Columns of every type, header and cells: to guess it has the forms that are tried compiled."""


def load() -> None:
    """Load it. Opens nothing that stays open: the signatures of the engine's extensions are looked at, and no
    thread is left behind.
    """
    readers.readers()
    domains.domains()
    checks()
    codes()
    survey.known_table_checks()
    drift.drifts()
    finding.known_detectors()
    for each in vocabulary.known_vocabularies().values():
        vocabulary.says(each, "")
        vocabulary.worded(each, {"": ""})
    families.lexicon()
    personal_evidence.weights()
    for meaning in guess.meanings():
        compiled(meaning.pattern)
    for label, cells in USUAL:
        guess.guess(label, evidence.gather((cell, 1) for cell in cells))
    sqlglot.parse_one("SELECT 1", dialect="duckdb").sql("duckdb")
    import_module("numpy.ma")  # what the engine hands rows over by
    connect.verified()
