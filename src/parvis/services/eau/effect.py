"""What the search for leaks is worth: how often an alert was a leak, and the water that repairs spare."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from parvis.methods.proportions import share
from parvis.services.declaration import Input, Tables
from parvis.services.effect import Case, Effect, Measured

FOUND = Input("eau-constats/constats")
ENDLESS = 10**9


def _days(rows: Sequence[Mapping[str, Any]]) -> tuple[date, date]:
    last = max(r["mois"] for r in rows)
    return min(r["mois"] for r in rows), last.replace(day=monthrange(last.year, last.month)[1])


def precision(tables: Tables) -> Measured | None:
    """Share of the alerts checked on the ground that were a leak, in per cent."""
    rows = tables["constats"].to_pylist()
    checked, leaks = sum(r["constats"] for r in rows), sum(r["trouvees"] for r in rows)
    if not checked:
        return None
    of = share(leaks, checked, ENDLESS)  # alerts to come are meant, not only these
    value, low, high = (round(100 * x, 1) for x in (of.value, of.low, of.high))
    since, until = _days(rows)
    return Measured(value, low, high, since, until, checked)


def spared(tables: Tables) -> Measured | None:
    """m³ a year that repairs spare, as those who repaired say."""
    rows = tables["constats"].to_pylist()
    repaired = sum(r["reparees"] for r in rows)
    if not repaired:
        return None
    since, until = _days(rows)
    return Measured(round(sum(r["m3_evites"] or 0.0 for r in rows), 1), None, None, since, until, repaired)


def _row(month: date, checked: int, leaks: int, repaired: int, m3: float) -> dict[str, object]:
    return {"mois": month, "constats": checked, "trouvees": leaks, "reparees": repaired, "m3_evites": m3}


PRECISION = Effect(
    name="eau-precision",
    of="eau-fuites",
    title="Alertes de fuite qui en étaient une",
    against="aucune fuite à l’endroit dit",
    unit="%",
    better="higher",
    how="Les constats sur place, le dernier de chaque alerte. Bornes de Wilson à 95 %. "
    "Seules les alertes vérifiées comptent : celles que personne n’est allé voir ne disent rien.",
    inputs={"constats": FOUND},
    measure=precision,
    cases=(
        Case(
            {"constats": [_row(date(2026, 10, 1), 6, 5, 3, 900), _row(date(2026, 11, 1), 4, 3, 1, 100)]},
            Measured(80.0, 49.0, 94.3, date(2026, 10, 1), date(2026, 11, 30), 10),
        ),
        Case({"constats": [_row(date(2026, 10, 1), 0, 0, 0, 0)]}, None),
    ),
)

SPARED = Effect(
    name="eau-epargnee",
    of="eau-fuites",
    title="Eau que les réparations épargnent par an",
    against="la fuite qui aurait continué",
    unit="m³",
    better="higher",
    how="Ce que disent ceux qui ont réparé, par an. Le doute n’est pas mesuré.",
    inputs={"constats": FOUND},
    measure=spared,
    cases=(
        Case(
            {"constats": [_row(date(2026, 10, 1), 6, 5, 3, 900), _row(date(2026, 11, 1), 4, 3, 1, 100.5)]},
            Measured(1000.5, None, None, date(2026, 10, 1), date(2026, 11, 30), 4),
        ),
        Case({"constats": [_row(date(2026, 10, 1), 2, 2, 0, 0)]}, None),
    ),
)
