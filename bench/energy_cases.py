"""Meters of buildings, made from a seed: weather, use by the weather and the week, what remains correlated."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from parvis.methods.energy.baseline import AS_CLOSED

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Meter:
    """One meter. days: datetime64[D]; temperature: °C; use: kWh a day; expected: the same without noise. calendar: when it
    is closed, of a school.
    """

    name: str
    days: NDArray[np.datetime64]
    temperature: Array
    use: Array
    expected: Array
    calendar: NDArray[np.int8] | None = None


def weather(
    rng: np.random.Generator, days: NDArray[np.datetime64], mean: float = 12.0, swing: float = 9.0
) -> Array:
    """Daily mean temperature: the year, and weather that lasts some days."""
    number = days.astype("datetime64[D]").astype(np.int64)
    return (
        mean
        - swing * np.cos(2 * np.pi * (number % 365.2425 - 20) / 365.2425)
        + ar1(rng, len(days), 0.75) * 3.6
    )


def ar1(rng: np.random.Generator, n: int, rho: float) -> Array:
    """Noise of variance 1 whose next value remembers rho of the last."""
    drawn = rng.normal(size=n)
    out = np.empty(n)
    last = drawn[0]
    for i in range(n):
        last = drawn[i] if i == 0 else rho * last + np.sqrt(1 - rho * rho) * drawn[i]
        out[i] = last
    return out


def meter(
    seed: int, number: int, *, first: str = "2023-01-01", count: int = 365, noise: float | None = None
) -> Meter:
    """One of a portfolio: schools that close in summer, offices with weekends, flats, pools, plain meters; gas
    or electricity.
    """
    rng = np.random.default_rng([seed, number])
    days = np.datetime64(first) + np.arange(count)
    temperature = weather(rng, days, 10 + 4 * rng.random(), 7 + 4 * rng.random())
    kind = number % 5
    gas = rng.random() < 0.4
    base = float(np.exp(rng.normal(5, 1)))
    heating = base * rng.uniform(0.02, 0.3) if kind != 4 or gas else 0.0
    cooling = base * rng.uniform(0.02, 0.15) if not gas and rng.random() < 0.5 else 0.0
    weekend = (days.astype(np.int64) + 3) % 7 >= 5
    month = days.astype("datetime64[M]").astype(np.int64) % 12 + 1
    level = np.where(weekend, rng.uniform(0.3, 1.0) if kind in (0, 1) else 1.0, 1.0)
    slope = np.where(weekend, rng.uniform(0.4, 1.0) if kind in (0, 1) else 1.0, 1.0)
    calendar = None
    if kind == 0:
        calendar = np.where((month == 7) | (month == 8), AS_CLOSED, 0).astype(np.int8)
        level = np.where(calendar, 0.35, level)
    expected = (
        base * level
        + slope * heating * np.maximum(0, rng.uniform(14, 18) - temperature)
        + slope * cooling * np.maximum(0, temperature - rng.uniform(18, 22))
    )
    sigma = (noise if noise is not None else rng.uniform(0.04, 0.25)) * expected.mean()
    use = np.maximum(0.0, expected + sigma * ar1(rng, count, rng.uniform(0.1, 0.6)))
    return Meter(
        f"{'gas' if gas else 'electricity'}-{number:03d}", days, temperature, use, expected, calendar
    )


def samples(folder: Path) -> Iterator[Meter]:
    """The daily meters of Illinois that come with eemeter 4.1.1, 365 days before the works, temperature in °C."""
    told = json.loads((folder / "metadata.json").read_text("utf-8"))
    for name, about in told.items():
        if about["freq"] != "daily":
            continue
        until = date.fromisoformat(about["blackout_start_date"])
        held: dict[date, list[float]] = {}
        for at, value in _rows(folder / about["temperature_filename"]):
            held.setdefault(at.date(), []).append((value - 32) / 1.8)
        uses = {at.date(): value for at, value in _rows(folder / about["meter_data_filename"])}
        days = [d for d in sorted(uses) if 0 < (until - d).days <= 365]
        temperature = np.array([np.mean(held[d]) if d in held else np.nan for d in days])
        use = np.array([uses[d] for d in days])
        yield Meter(name, np.array(days, "datetime64[D]"), temperature, use, use)


def _rows(path: Path) -> Iterator[tuple[datetime, float]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        reader = csv.reader(file)
        next(reader)
        for at, value in reader:
            if value:
                yield datetime.fromisoformat(at), float(value)


def write(meters: Iterator[Meter] | list[Meter], folder: Path) -> None:
    """One CSV a meter, as the peer's script reads them."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in meters:
        with (folder / f"{one.name}.csv").open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(["day", "temperature_f", "use"])
            for d, t, u in zip(one.days.astype(str), one.temperature, one.use, strict=True):
                out.writerow([d, "" if np.isnan(t) else round(float(t) * 1.8 + 32, 4), round(float(u), 4)])
