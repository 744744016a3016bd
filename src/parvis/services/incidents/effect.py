"""What measures of prevention are worth, all of those that were verified together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np

from parvis.services.declaration import Input, Tables
from parvis.services.effect import Case, Effect, Measured
from parvis.services.incidents.prevention import SEEN, WAITING

Z = 1.959963984540054


def measure(tables: Tables) -> Measured | None:
    """Mean change of the verified measures, in per cent, weighed by what each is sure of (random effects, DerSimonian and Laird)."""
    rows = [r for r in tables["prevention"].to_pylist() if r["etat"] == SEEN]
    if not rows:
        return None
    logs, lows, highs = (
        np.log1p(np.array([r[n] for r in rows]) / 100) for n in ("effet_pct", "bas_pct", "haut_pct")
    )
    variance = np.maximum(((highs - lows) / (2 * Z)) ** 2, 1e-9)
    weights = 1 / variance
    mean = float((weights * logs).sum() / weights.sum())
    apart = float((weights * (logs - mean) ** 2).sum()) - (len(rows) - 1)
    scale = float(weights.sum() - (weights**2).sum() / weights.sum())
    between = max(0.0, apart / scale) if scale > 0 else 0.0
    weights = 1 / (variance + between)
    mean, half = float((weights * logs).sum() / weights.sum()), Z / float(np.sqrt(weights.sum()))
    value, low, high = (round(100 * float(np.expm1(v)), 1) for v in (mean, mean - half, mean + half))
    since, until = min(r["annee_avant"] for r in rows), max(r["annee_apres"] for r in rows)
    return Measured(
        value, low, high, date(since, 1, 1), date(until, 12, 31), sum(r["incidents"] for r in rows)
    )


def _row(value: float, low: float, high: float, state: str = SEEN) -> Mapping[str, object]:
    return {
        "etat": state,
        "effet_pct": value,
        "bas_pct": low,
        "haut_pct": high,
        "annee_avant": 2023,
        "annee_apres": 2025,
        "incidents": 40,
    }


PREVENTION = Effect(
    name="prevention-incidents",
    of="incidents",
    title="Incidents autour des mesures de prévention",
    against="le reste de la ville, d’une année entière à l’autre",
    unit="%",
    better="lower",
    how="L’année entière d’avant et celle d’après, dans les mailles montrées autour de chaque mesure, rapportées à celles du reste de la ville ; "
    "moyenne des mesures vérifiées "
    "et ses bornes à 95 %. Une mesure est souvent posée après une mauvaise année : une part de la baisse serait venue sans elle.",
    inputs={"prevention": Input("prevention-verifiee/prevention")},
    measure=measure,
    cases=(
        Case(
            {"prevention": [_row(-36.0, -52.0, -14.7), _row(0.0, 0.0, 0.0, WAITING)]},
            Measured(-36.0, -52.0, -14.7, date(2023, 1, 1), date(2025, 12, 31), 40),
        ),
        Case({"prevention": [_row(0.0, 0.0, 0.0, WAITING)]}, None),
    ),
)  # fmt: skip
