"""Meters of a small town: homes that rest at night, a building, and what was planted behind some of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa

END = datetime(2026, 11, 19, 23, tzinfo=UTC)
"""Midnight in Paris at which the last day that is measured ends."""

DAYS = 75
HOUR = timedelta(hours=1)

ABOUT = pa.schema([("compteur", pa.string()), ("genre", pa.string()), ("logements", pa.int64()), ("impulsion_l", pa.float64()), ("zone", pa.string()), ("secteur", pa.string())])  # fmt: skip
READ = pa.schema([("compteur", pa.string()), ("debut", pa.timestamp("us", "UTC")), ("fin", pa.timestamp("us", "UTC")), ("litres", pa.float64()), ("qualite", pa.string())])  # fmt: skip


def counted(use: np.ndarray, pulse: float) -> np.ndarray:
    """What a meter of so many litres a pulse counts of it, hour by hour."""
    return np.diff(np.r_[0, np.floor(np.cumsum(use) / pulse)]) * pulse


def home(seed: int) -> np.ndarray:
    """Litres an hour of a home: mornings, noons, evenings, and now and then a glass of water at night."""
    rng = np.random.default_rng(seed)
    hour = np.arange(DAYS * 24) % 24
    use = np.where(np.isin(hour, (7, 12, 19, 20)), rng.gamma(2.0, 35.0, len(hour)), 0.0)
    return use + np.where(rng.random(len(hour)) < 0.03, 6.0, 0.0)


def building(seed: int) -> np.ndarray:
    """Litres an hour of thirty homes behind one meter: it never rests."""
    rng = np.random.default_rng(seed)
    hour = np.arange(DAYS * 24) % 24
    return rng.gamma(6.0, np.where(hour < 6, 6.0, 60.0) * 30 / 6 / 10, len(hour))


def leaking(use: np.ndarray, days: int, flow: float, until: int = 0) -> np.ndarray:
    """The same with a leak since so many days before the end, until so many before it."""
    ago = DAYS - np.arange(len(use)) // 24
    return use + np.where((ago <= days) & (ago > until), flow, 0.0)


HOMES = 24
PLANTED = {"C-07": 12, "C-BAT": 20}
"""Days before the end since when a home and the building leak."""


def tables() -> dict[str, pa.Table]:
    """compteurs, releves: two zones of homes, one of nine only; a home that leaks, one that leaked and was repaired; a building that
    leaks; bills of which one passes twice its reference.
    """
    about, rows = list[dict[str, object]](), list[dict[str, object]]()

    def meter(name: str, kind: str, pulse: float, zone: str, use: np.ndarray) -> None:
        about.append({"compteur": name, "genre": kind, "logements": 30 if kind == "collectif" else 1, "impulsion_l": pulse, "zone": zone, "secteur": "Centre"})  # fmt: skip
        start = END - timedelta(days=DAYS)
        rows.extend(
            {"compteur": name, "debut": start + n * HOUR, "fin": start + (n + 1) * HOUR, "litres": float(v), "qualite": "réel"}
            for n, v in enumerate(counted(use, pulse).tolist())
        )  # fmt: skip

    for n in range(HOMES):
        use = home(n)
        if n == 7:
            use = leaking(use, PLANTED["C-07"], 15)
        if n == 11:
            use = leaking(use, 40, 20, until=30)
        meter(f"C-{n:02d}", "logement", 10.0 if n % 2 else 1.0, "Petite" if n >= 15 else "Tanneries", use)
    meter("C-BAT", "collectif", 1.0, "", leaking(building(99), PLANTED["C-BAT"], 150))
    for name, litres in (("XYLOFACT-1", 250_000), ("XYLOFACT-2", 239_000)):
        about.append({"compteur": name, "genre": "logement", "logements": 1, "impulsion_l": 1.0, "zone": "Tanneries", "secteur": "Centre"})  # fmt: skip
        for year, used in ((2023, 120_000), (2024, 120_000), (2025, 120_000), (2026, litres)):
            rows.append({"compteur": name, "debut": _at(date(year - 1, 11, 10)), "fin": _at(date(year, 11, 10)), "litres": float(used), "qualite": "réel"})  # fmt: skip
    return {"compteurs": pa.Table.from_pylist(about, ABOUT), "releves": pa.Table.from_pylist(rows, READ)}


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
