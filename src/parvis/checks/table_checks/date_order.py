"""An end before its beginning on one row."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlglot import exp

from parvis.checks.declaration import Check, English, Example
from parvis.checks.sql import surely
from parvis.checks.typed_view import RuleHit, TypedView, cell
from parvis.core.text import fold

SOME = 0.2
"""Share of rows out of order above which the two columns are no beginning and end."""

_PAIRS = (
    ("debut", "fin"), ("start", "end"), ("begin", "end"), ("ouverture", "fermeture"), ("creation", "suppression"), ("naissance", "deces"),
    ("depart", "arrivee"), ("depot", "decision"),
    ("demande", "reponse"), ("entree", "sortie"), ("pose", "depose"), ("plantation", "abattage"), ("discovery", "out"),
)  # fmt: skip
"""Words that make the names of two columns a beginning and an end, all else in the names being equal."""


def _look(view: TypedView) -> Iterator[RuleHit]:
    named = {_words(c.name): c for kind in ("date", "datetime") for c, _ in view.columns(kind)}
    for first, second in _PAIRS:
        for words, start in named.items():
            end = named.get(tuple(second if w == first else w for w in words)) if first in words else None
            if end is None or end.type != start.type:
                continue
            hit = view.where(
                exp.LT(
                    this=surely(cell(end.name), "TIMESTAMP"), expression=surely(cell(start.name), "TIMESTAMP")
                ),
                end.name,
            )
            if hit is not None and hit.count <= SOME * view.rows:
                yield RuleHit(end.name, hit.count, hit.rows, {"start": start.name})


def _words(name: str) -> tuple[str, ...]:
    return tuple(
        w
        for w in re.split(r"[\W_]+", fold(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)))
        if w not in ("de", "d", "du", "la", "l", "")
    )


date_order = Check(
    name="date-order",
    title="Fin avant le début",
    message="{values} de la colonne « {column} » avant celle de « {start} » sur la même ligne.",
    fix="Vérifiez les deux dates : elles sont peut-être inversées, ou l’année est fausse.",
    english=English(
        title="End before the beginning",
        message="{values} of column “{column}” before the one of “{start}” in the same row.",
        fix="Check both dates: they may be swapped, or the year may be wrong.",
    ),
    severity="warning",
    dimension="consistency",
    look=_look,
    examples=(
        Example(
            {},
            ("nom", "date_debut", "date_fin"),
            tuple(
                (f"a{i}", f"2026-03-{i:02}", "2025-04-01" if i == 6 else f"2026-04-{i:02}")
                for i in range(1, 15)
            ),
            (6,),
        ),
        Example(
            {},
            ("nom", "date_debut", "date_maj"),
            tuple((f"a{i}", f"2026-03-{i:02}", "2025-04-01") for i in range(1, 15)),
            (),
        ),
    ),
)
