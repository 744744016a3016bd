"""How many buildings wait for a point of water to be mended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

from parvis.services.declaration import Input, Tables
from parvis.services.effect import Case, Effect, Measured
from parvis.services.incendie.schemas import BROKEN, CASE, COVERED, DOUBT


def measure(tables: Tables) -> Measured | None:
    """Buildings that a point out of service deprives of their water; those of which nobody can say are the doubt."""
    count = Counter(tables["batiments"]["etat"].to_pylist())
    read = [day for day in tables["bilan"]["releve"].to_pylist() if day is not None]
    every = sum(count.values()) - count[CASE]
    if not every or not read:
        return None
    waiting = float(count[BROKEN])
    return Measured(waiting, waiting, waiting + count[DOUBT], max(read), max(read), every)


def _building(state: str) -> Mapping[str, object]:
    return {"etat": state}


_READ: Mapping[str, object] = {"releve": date(2026, 11, 10)}

BREAKDOWNS = Effect(
    name="eau-incendie-pannes",
    of="eau-incendie",
    title="Bâtiments sans eau contre l’incendie à cause d’une panne",
    against="tous les points d’eau en service",
    unit="bâtiments",
    better="lower",
    how="Les bâtiments qui auraient l’eau de la règle si tous les points d’eau marchaient, et ne l’ont pas. La borne haute y ajoute ceux dont l’eau tient à "
    "un point dont l’état ou le débit n’est pas dit.",
    inputs={
        "batiments": Input("eau-incendie-batiments/batiments"),
        "bilan": Input("eau-incendie-bilan/bilan"),
    },
    measure=measure,
    cases=(
        Case(
            {"batiments": [*map(_building, (COVERED, BROKEN, BROKEN, DOUBT, CASE))], "bilan": [_READ]},
            Measured(2.0, 2.0, 3.0, date(2026, 11, 10), date(2026, 11, 10), 4),
        ),
        Case({"batiments": [_building(CASE)], "bilan": [_READ]}, None),
    ),
)  # fmt: skip
