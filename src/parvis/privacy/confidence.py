"""How sure we are that a column holds a kind of datum: evidence added up as log-odds, then a probability.

A naive Bayes score: each piece of evidence is a number (most from 0 to 1), each has its weight for a family
of kinds, and the sum passes the logistic function. The weights are set by hand on the development split of
our test set so that 0.5 is where the evidence begins to speak; `bench/scan.py` prints, on the held-out split,
how often what was said with 70 to 90 % confidence was so.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

Family = Literal[
    "form",
    "shy",
    "first",
    "surname",
    "full",
    "address",
    "birth",
    "vocabulary",
    "unlisted",
    "text",
    "home",
    "identifier",
]
"""form: e-mail, NIR, IBAN… whose form speaks by itself; shy: forms that many other things have; then lists,
headers and sentences.
"""

WEIGHTS: Mapping[Family, Mapping[str, float]] = {
    # luck: -ln P(so many by luck), at most 12, of 12; most: at least half of what looks like one passes;
    # whole: share of the cells that it fills.
    "form": {"start": -3.4, "header": 4.5, "luck": 6, "most": 3, "whole": 1},
    "shy": {"start": -12, "header": 13, "luck": 6, "uniform": 9, "whole": 1},
    # listed: share of the distinct values that the lists know; few: too few distinct values to judge without
    # a header; plain: share that could be a name. written: share that is DUPONT Jean or Jean DUPONT; next: a
    # header that says nothing, side by side with first names.
    "first": {"start": -6, "header": 3.4, "listed": 10, "few": -8, "place": -6},
    # strong: share that is somebody beyond doubt, by a first name and a surname that the lists know, or a
    # title.
    "full": {"start": -6, "header": 3.6, "listed": 10, "written": 4, "strong": 3, "few": -8, "place": -6},
    "surname": {"start": -6, "header": 3.8, "beside": 3, "next": 2, "listed": 12, "few": -4, "plain": 1.6},
    # shaped: share of the distinct values that begin as an address does; street: share that name a street
    # without a number.
    "address": {"start": -5, "header": 2.5, "shaped": 8, "people": 0.5},
    # ages: share of the dates at which a living person may be born; spread: whether they span a generation;
    # people: names in the table.
    "birth": {"start": -5, "header": 8, "ages": 2, "spread": 3, "people": 2, "event": -6},
    "vocabulary": {"start": -4, "header": 4.2, "worded": 9, "counted": -8, "empty": -3},
    # cells, header: log-odds that they speak of private life (`families`), at most 4 either way; loud: share of
    # the cells that do so clearly.
    "unlisted": {"start": -3, "cells": 1, "header": 0.8, "loud": 2},
    # titled: someone is called M., Mme…; listed: first name and surname side by side; luck: as for forms.
    "text": {"start": -3.5, "titled": 5, "listed": 2, "luck": 5},
    # header: says whose the number is, and the cells are identifiers; made: share of an initial beside a
    # known surname, which lists know in one case of four.
    "identifier": {"start": -4, "header": 6, "made": 14},
    "home": {"start": -3, "people": 5, "place": -6},
}  # fmt: skip

MOST = 12.0
"""Natural logarithm beyond which luck is out of the question."""


def confidence(family: Family, evidence: Mapping[str, float]) -> float:
    """Probability that the kind is there. evidence: by name; each must have its weight. Source: naive Bayes with independent evidence, log-odds added.

    >>> round(confidence("home", {"people": 1}), 2)
    0.88
    """
    weights = WEIGHTS[family]
    odds = weights["start"] + sum(weights[name] * value for name, value in evidence.items())
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, odds))))


def against_luck(tail: float) -> float:
    """How far from luck, from 0 to 1. tail: probability of so many hits by luck.

    >>> against_luck(1.0), against_luck(0.0)
    (0.0, 1.0)
    """
    return 1.0 if tail <= 0 else min(MOST, -math.log(tail)) / MOST
