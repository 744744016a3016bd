"""The series that the forecast of the air and its peer are judged on, and how a score is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.methods.air import air_series

from parvis.methods.air import skill
from parvis.methods.air.forecast import Past

SHARED = Path(__file__).resolve().parents[2] / "shared"

CASES: tuple[tuple[str, Callable[[], tuple[Past, int]], float], ...] = (
    ("Beijing PM2.5 >= 150, weather measured", lambda: air_series.beijing(SHARED), 150),
    ("Beijing PM2.5 >= 150, no weather at all", lambda: air_series.beijing(SHARED, weather=False), 150),
    ("Beijing PM2.5 >= 150, weather forecast (simulated errors)", lambda: air_series.beijing(SHARED, ahead="simulated"), 150),
    ("Beijing PM2.5 >= 150, weather forecast alone", lambda: air_series.beijing(SHARED, weather=False, ahead="simulated"), 150),
    ("Beijing PM2.5 >= 150, weather forecast alone, archive of 120 days", lambda: air_series.beijing(SHARED, weather=False, ahead="simulated", archive=120), 150),
    ("Beijing PM2.5 >= 150, perfect weather: upper bound", lambda: air_series.beijing(SHARED, ahead="perfect"), 150),
    ("London PM10 mean >= 50", lambda: air_series.london(SHARED, "pm10", "mean"), 50),
    ("London NO2 max >= 105 ppb", lambda: air_series.london(SHARED, "no2", "max"), 105),
    ("London O3 max >= 25 ppb", lambda: air_series.london(SHARED, "o3", "max"), 25),
)  # fmt: skip


def line(case: str, who: str, of: skill.Score) -> dict[str, object]:
    return {
        "case": case,
        "who": who,
        "days": of.days,
        "events": of.events,
        "mae": round(of.mae, 2),
        "rmse": round(of.rmse, 2),
        "pod": round(of.pod, 3),
        "far": round(of.far, 3),
        "csi": round(of.csi, 3),
    }
