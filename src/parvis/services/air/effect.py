"""What the forecast of the air is worth, that alerts rest on."""

from __future__ import annotations

from datetime import date, timedelta

from parvis.services.declaration import Input, Tables
from parvis.services.effect import Case, Effect, Measured


def measure(tables: Tables) -> Measured | None:
    """Share of the error that tomorrow's forecast spares the best persistence, in per cent: mean over the
    pollutants, each by the days it was judged on; the bounds are the least and the most of them.
    """
    rows = [
        r
        for r in tables["previsions"].to_pylist()
        if r["echeance"] == 1 and r["gain"] is not None and r["jours_juges"]
    ]
    if not rows:
        return None
    days = [r["jours_juges"] for r in rows]
    gains = [100 * r["gain"] for r in rows]
    value = sum(g * d for g, d in zip(gains, days, strict=True)) / sum(days)
    last = min(r["jour"] for r in rows) - timedelta(days=2)  # yesterday is the last day that was judged
    several = len(rows) > 1
    return Measured(
        round(value, 1),
        round(min(gains), 1) if several else None,
        round(max(gains), 1) if several else None,
        last - timedelta(days=max(days) - 1),
        last,
        sum(days),
    )


def _row(pollutant: str, gain: float | None, days: int, ahead: int = 1) -> dict[str, object]:
    return {
        "polluant": pollutant, "echeance": ahead, "gain": gain, "jours_juges": days, "jour": date(2026, 11, 30),
    }  # fmt: skip


FORECAST = Effect(
    name="air-prevision",
    of="air",
    title="Prévision de l’air de demain, dont partent les alertes : erreur évitée",
    against="la meilleure persistance (veille, soir, mois ou semaine)",
    unit="%",
    better="higher",
    how="Des jours passés sont prévus sans être connus, puis comparés à ce qui est venu. "
    "Les bornes sont celles du polluant le moins bien et du mieux prévu, non un intervalle de confiance.",
    inputs={"previsions": Input("previsions-air/previsions")},
    measure=measure,
    cases=(
        Case(
            {"previsions": [_row("o3", 0.3, 30), _row("pm10", 0.1, 10), _row("pm10", 0.9, 10, 0)]},
            Measured(25.0, 10.0, 30.0, date(2026, 10, 30), date(2026, 11, 28), 40),
        ),
        Case({"previsions": [_row("o3", None, 0)]}, None),
    ),
)
