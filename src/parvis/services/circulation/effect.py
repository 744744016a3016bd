"""What the forecast of the street is worth, on days that it did not know."""

from __future__ import annotations

from datetime import date

import numpy as np

from parvis.methods.gains import relative_gain
from parvis.services.declaration import Input, Tables
from parvis.services.effect import Case, Effect, Measured


def measure(tables: Tables) -> Measured | None:
    """Share of the error at 30 minutes that it spares the better of last value and last week, in per cent."""
    rows = [r for r in tables["scores"].to_pylist() if r["horizon_min"] == 30 and r["erreur"] is not None]
    if not rows:
        return None
    weights = np.array([r["previsions"] for r in rows], np.float64)
    ours, week, last = (
        np.array([r[name] for r in rows], np.float64)
        for name in ("erreur", "erreur_semaine", "erreur_derniere")
    )
    better = min((week, last), key=lambda errors: float((errors * weights).sum()))
    if not (better * weights).sum() > 0:
        return None
    value, low, high = (round(100 * v, 1) for v in relative_gain(ours, better, weights))
    sure = not np.isnan(low)
    days = [r["jour"] for r in rows]
    return Measured(
        value, low if sure else None, high if sure else None, min(days), max(days), int(weights.sum())
    )


def _row(day: int, ours: float, week: float, last: float, horizon: int = 30) -> dict[str, object]:
    return {
        "jour": date(2026, 11, day), "horizon_min": horizon, "previsions": 50, "erreur": ours, "erreur_semaine": week, "erreur_derniere": last,
    }  # fmt: skip


FORECAST = Effect(
    name="circulation-prevision",
    of="circulation",
    title="Prévoir la circulation à 30 minutes : erreur évitée",
    against="la meilleure de la dernière valeur et de la même heure une semaine avant",
    unit="%",
    better="higher",
    how="Chaque nuit, les prévisions faites au fil des sept derniers jours, sans rien savoir de la suite, sont comparées aux mesures. "
    "Les bornes (95 %) viennent de l’écart entre les jours.",
    inputs={"scores": Input("scores-circulation/scores")},
    measure=measure,
    cases=(
        Case(
            {"scores": [_row(1, 30, 60, 40), _row(2, 30, 60, 40), _row(2, 99, 1, 1, 60)]},
            Measured(25.0, 25.0, 25.0, date(2026, 11, 1), date(2026, 11, 2), 100),
        ),
        Case({"scores": [_row(1, 30, 60, 40, 60)]}, None),
    ),
)
