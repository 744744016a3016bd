"""Whether a column tells of somebody's private life, and of which family of it, by its cells and its header."""

from __future__ import annotations

from collections.abc import Mapping

from parvis.core.types import Column
from parvis.privacy import vocabulary
from parvis.privacy.confidence import confidence
from parvis.privacy.families import family, private, saying, told
from parvis.privacy.headers import says_birth, says_count, says_nothing, says_trait, spoken
from parvis.privacy.looking import LABEL, SURE, Look
from parvis.privacy.vocabulary import known_vocabularies

KINDS: Mapping[str, str] = {
    "health": "health",
    "social": "social-condition",
    "family": "social-condition",
    "offence": "offences",
    "religion": "religion",
    "union": "trade-union",
    "sexual": "sex-life",
    "origin": "origin",
    "politics": "politics",
    "appraisal": "appraisal",
}
"""The vocabulary in whose name a family is told."""
READ = 60
"""Distinct cells of a column that are read: kinds are few."""
CODE = 2
"""Letters of a cell that stand for something, and tell nothing by themselves."""
LOUD = 1.0
"""Log-odds from which a cell speaks."""


def private_life(look: Look, column: Column, rows: int) -> tuple[float, str]:
    """How sure it is that a column of text, or of yes and no, tells of private life, and of which family; 0
    where it is none that could. rows: that were sampled.
    """
    if column.type not in ("text", "boolean") or column.meaning or says_count(column.name):
        return 0.0, ""
    if says_trait(column.name) or says_birth(column.name):
        return 0.0, ""
    some = saying(look.values(column.name, READ)[:READ])
    if some and (
        len(look.samples[column.name]) > max(0.7 * rows, 2)
        or sum(v.count(" ") <= LABEL for v in some) < 0.6 * len(some)
    ):
        return 0.0, ""
    # « prestation », « motif », « type » head anything: what a header denies weighs little
    header = 0.0 if says_nothing(column.name) else max(-1.0, private(column.name))
    if some and (len(look.samples[column.name]) < 2 or all(len(v.strip()) <= CODE for v in some)):
        return 0.0, ""  # one value for all, and codes of a letter or two, say nothing of anybody
    loud = [v for v in some if private(v) >= LOUD]
    evidence = {"cells": told(some), "header": header, "loud": len(loud) / len(some) if some else 0.0}
    sure = confidence("unlisted", evidence)
    if sure < SURE:
        return sure, ""
    of = family(loud or [column.name])
    if not loud and vocabulary.set_aside(known_vocabularies()[KINDS[of]], spoken(column.name)):
        return 0.0, ""
    return sure, of
