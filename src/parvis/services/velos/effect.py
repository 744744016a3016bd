"""What the forecasts at the stations of bikes are worth, on days that the model had not seen."""

from __future__ import annotations

from datetime import date

import numpy as np

from parvis.methods.gains import relative_gain
from parvis.services.declaration import Input, Tables
from parvis.services.effect import Case, Effect, Measured

HORIZON_MIN = 30


def _gain(tables: Tables, error: str, quantity: str = "velos") -> Measured | None:
    """The share of an error that the forecast spares whoever says that nothing will change, in per cent."""
    rows = [
        r
        for r in tables["scores"].to_pylist()
        if r["horizon_min"] == HORIZON_MIN and r["quantite"] == quantity and r[error] is not None
    ]
    other = f"{error}_inchange"
    if not rows or not any(r[other] for r in rows):
        return None
    weights = np.array([r["previsions"] for r in rows], np.float64)
    value, low, high = relative_gain(
        np.array([r[error] for r in rows], np.float64),
        np.array([r[other] for r in rows], np.float64),
        weights,
    )
    days = [r["jour"] for r in rows]
    sure = not np.isnan(low)
    return Measured(
        round(100 * value, 1),
        round(100 * low, 1) if sure else None,
        round(100 * high, 1) if sure else None,
        min(days),
        max(days),
        int(weights.sum()),
    )


def brier(tables: Tables) -> Measured | None:
    """Of the Brier score of « no bike »."""
    return _gain(tables, "brier_vide")


def crps(tables: Tables) -> Measured | None:
    """Of the CRPS of the number of bikes."""
    return _gain(tables, "crps")


def _row(day: int, ours: float, theirs: float, horizon: int = HORIZON_MIN) -> dict[str, object]:
    return {
        "jour": date(2026, 11, day), "quantite": "velos", "horizon_min": horizon, "previsions": 100, "brier_vide": ours, "brier_vide_inchange": theirs,
        "crps": 10 * ours, "crps_inchange": 10 * theirs,
    }  # fmt: skip


CASES = (
    Case(
        {"scores": [_row(1, 0.03, 0.04), _row(2, 0.03, 0.04), _row(2, 0.9, 0.1, 60)]},
        Measured(25.0, 25.0, 25.0, date(2026, 11, 1), date(2026, 11, 2), 200),
    ),
    Case(
        {"scores": [_row(3, 0.03, 0.04)]},
        Measured(25.0, None, None, date(2026, 11, 3), date(2026, 11, 3), 100),
    ),
    Case({"scores": [_row(1, 0.03, 0.04, 60)]}, None),
)
HOW = (
    "Chaque nuit, les prévisions d’un jour que le modèle n’avait pas vu sont comparées à ce qui s’est passé, à trente minutes. "
    "Les bornes (95 %) viennent de l’écart entre les jours."
)
INPUTS = {"scores": Input("scores-previsions-velos/scores")}

BRIER = Effect(
    name="velos-brier", of="velos", title="Savoir si une station de vélos sera vide : erreur évitée (Brier)",
    against="dire que rien ne changera", unit="%", better="higher", how=HOW, inputs=INPUTS, measure=brier, cases=CASES,
)  # fmt: skip
CRPS = Effect(
    name="velos-crps", of="velos", title="Savoir combien il y aura de vélos : erreur évitée (CRPS)",
    against="dire que rien ne changera", unit="%", better="higher", how=HOW, inputs=INPUTS, measure=crps, cases=CASES,
)  # fmt: skip
