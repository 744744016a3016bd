"""What rounds by filling spare, against those of today."""

from __future__ import annotations

from datetime import date

from parvis.services.declaration import Input, Tables
from parvis.services.effect import Case, Effect, Measured


def measure(tables: Tables) -> Measured | None:
    """Change of the kilometres of a week, all flows together, in per cent; the bounds are those of the flow
    that gains most and of the one that gains least.
    """
    rows = [
        r
        for r in tables["bilan"].to_pylist()
        if r["indicateur"] == "distance" and r["aujourdhui"] and r["propose"] is not None
    ]
    if not rows:
        return None
    today, after = sum(r["aujourdhui"] for r in rows), sum(r["propose"] for r in rows)
    by_flow = [100 * (r["propose"] / r["aujourdhui"] - 1) for r in rows]
    since = [r["depuis"] for r in rows if r["depuis"] is not None]
    until = [r["jusqua"] for r in rows if r["jusqua"] is not None]
    several = len(rows) > 1
    return Measured(
        round(100 * (after / today - 1), 1),
        round(min(by_flow), 1) if several else None,
        round(max(by_flow), 1) if several else None,
        min(since, default=None),
        max(until, default=None),
        len(rows),
    )


def _row(flow: str, today: float, after: float, of: str = "distance") -> dict[str, object]:
    return {
        "flux": flow, "indicateur": of, "aujourdhui": today, "propose": after, "depuis": date(2026, 11, 2), "jusqua": date(2026, 11, 15),
    }  # fmt: skip


ROUNDS = Effect(
    name="dechets-km",
    of="dechets",
    title="Kilomètres des tournées de collecte, par semaine",
    against="les tournées d’aujourd’hui",
    unit="%",
    better="lower",
    how="Les tournées faites, ou leurs jours de passage, à côté des tournées calculées chaque matin, sur les mêmes semaines simulées. "
    "Les bornes sont celles du flux qui gagne le plus et de celui qui gagne le moins, non un intervalle de confiance.",
    inputs={"bilan": Input("bilan-collecte/bilan")},
    measure=measure,
    cases=(
        Case(
            {"bilan": [_row("verre", 100, 60), _row("papier", 100, 80), _row("verre", 5, 1, "vidages")]},
            Measured(-30.0, -40.0, -20.0, date(2026, 11, 2), date(2026, 11, 15), 2),
        ),
        Case(
            {"bilan": [_row("verre", 100, 60)]},
            Measured(-40.0, None, None, date(2026, 11, 2), date(2026, 11, 15), 1),
        ),
        Case({"bilan": [_row("verre", 5, 1, "vidages")]}, None),
    ),
)
