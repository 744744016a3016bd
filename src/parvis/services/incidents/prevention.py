"""Measures of prevention: what is expected of each with its doubt, then what the shown cells say became of its place.

Only whole years before and after are compared, with the rest of the town beside, and only by what everybody reads: nothing
more can follow from it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from parvis.core.types import Column, Schema
from parvis.methods.sphere import distances

Floats = npt.NDArray[np.float64]

Z = 1.959963984540054
FEWEST = 10
"""Incidents of the shown cells of a place, before and after, under which nothing is said."""

VERIFIED = Schema(
    "parvis/prevention-verifiee", "1",
    (
        Column("mesure", title="Mesure"),
        Column("lieu", title="Lieu"),
        Column("debut", "date", title="Depuis"),
        Column("attendu_pct", "number", title="Effet attendu", unit="%", description="Négatif : moins d’incidents."),
        Column("attendu_bas_pct", "number", title="Attendu, borne basse", unit="%"),
        Column("attendu_haut_pct", "number", title="Attendu, borne haute", unit="%"),
        Column("source", title="Source de l’attente"),
        Column("etat", title="État"),
        Column("effet_pct", "number", title="Effet vu", unit="%", description="Au-delà de ce que fit le reste de la ville."),
        Column("bas_pct", "number", title="Vu, borne basse", unit="%"),
        Column("haut_pct", "number", title="Vu, borne haute", unit="%"),
        Column("annee_avant", "integer", title="Année d’avant"),
        Column("annee_apres", "integer", title="Année d’après"),
        Column("incidents", "integer", title="Incidents comparés"),
    ),
    geometry="point",
)  # fmt: skip

WAITING, TOO_FEW, SEEN = "trop tôt", "trop peu pour le dire", "vérifié"


def verified(
    measures: Sequence[Mapping[str, Any]],
    cells: Sequence[Mapping[str, Any]],
    months: Sequence[Mapping[str, Any]],
) -> list[dict[str, object]]:
    """Each measure with what became of its place. cells: rows of `incidents-mailles`; months: of `incidents-mois`."""
    return [
        _row(m, cells, months)
        for m in measures
        if m.get("latitude") is not None and m.get("longitude") is not None
    ]


def _row(
    m: Mapping[str, Any], cells: Sequence[Mapping[str, Any]], months: Sequence[Mapping[str, Any]]
) -> dict[str, object]:
    start = m["debut"]
    before, after = start.year - 1, start.year + 1
    made: dict[str, object] = {
        "mesure": m["mesure"], "lieu": m["lieu"], "debut": start, "attendu_pct": m["effet_pct"], "attendu_bas_pct": m["bas_pct"],
        "attendu_haut_pct": m["haut_pct"], "source": m["source"], "etat": WAITING, "effet_pct": None, "bas_pct": None, "haut_pct": None,
        "annee_avant": None, "annee_apres": None, "incidents": None, "_point": {"lon": m["longitude"], "lat": m["latitude"]},
    }  # fmt: skip
    if not {before, after} <= {r["annee"] for r in cells}:
        return made
    here = _here(m, cells, before, after)
    town = _town(months, before, after)
    rest = town.sum(axis=0) - here
    if min(here) < FEWEST or min(rest) < FEWEST:
        return made | {"etat": TOO_FEW}
    ratio = float(np.log(here[1] / here[0]) - np.log(rest[1] / rest[0]))
    half = Z * float(np.sqrt(_spread(town) * (1 / here + 1 / rest).sum()))
    value, low, high = (round(100 * float(np.expm1(v)), 1) for v in (ratio, ratio - half, ratio + half))
    return made | {
        "etat": SEEN, "effet_pct": value, "bas_pct": low, "haut_pct": high, "annee_avant": before, "annee_apres": after,
        "incidents": int(here.sum()),
    }  # fmt: skip


def _here(m: Mapping[str, Any], cells: Sequence[Mapping[str, Any]], before: int, after: int) -> Floats:
    """Incidents around a measure in both years, of the cells that are shown in both: one that is hidden in one of them holds
    between 0 and 4, and nobody knows which.
    """
    seen: dict[str, set[int]] = defaultdict(set)
    for r in cells:
        seen[r["maille"]].add(r["annee"])
    both = [r for r in cells if r["annee"] in (before, after) and {before, after} <= seen[r["maille"]]]
    if not both:
        return np.zeros(2)
    points = np.array([(r["_point"]["lat"], r["_point"]["lon"]) for r in both])
    far = distances(points[:, 0], points[:, 1], m["latitude"], m["longitude"])
    near = [r for r, metres in zip(both, far, strict=True) if metres <= max(m["rayon_m"], r["cote_m"] / 2)]
    return np.array(
        [sum(r["incidents"] for r in near if r["annee"] == y) for y in (before, after)], np.float64
    )


def _town(months: Sequence[Mapping[str, Any]], before: int, after: int) -> Floats:
    """(pairs, 2): incidents of each nature in each month of both years, of those that are shown in both."""
    by = {
        (r["nature"], r["mois"].month, r["mois"].year): r["incidents"] for r in months if r["incidents"] is not None
    }  # fmt: skip
    pairs = [
        (n, by[nature, month, after])
        for (nature, month, year), n in by.items()
        if year == before and (nature, month, after) in by
    ]
    return np.array(pairs, np.float64).reshape(-1, 2)


def _spread(pairs: Floats) -> float:
    """How many times more than chance alone counts move from one year to the other: Pearson's, 1 at least."""
    if len(pairs) < 3:
        return 1.0
    expected = pairs.sum(axis=1, keepdims=True) * (pairs.sum(axis=0) / pairs.sum())
    return max(1.0, float(((pairs - expected) ** 2 / expected).sum() / (len(pairs) - 1)))
