"""Outbreaks: cases still to be told, beside two other ways; speed of reproduction numbers, detection and scans.

`python -m bench.outbreaks`. A list of cases is replayed day by day: each day is nowcast from what had been told by
then and judged, once all is told, by the weighted interval score (11 intervals) and by how often the 95 % interval
holds the truth. Days of the last week are asked, every eighth day of the replay; the settings were chosen on the
drawn epidemics of seeds 1 and 2, not on those shown here. Whole weeks are asked too (table `nowcast_weeks`): four weeks of seven
days at each replay, ending 0, 2, 4 and 7 days before; how far past errors widen (`TRUSTED`) was chosen looking at the list of 2011
as well.

"delays and past errors" is the method of `baselinenowcast` written again from its description (the package is R's
and is not installed here): delays by chain ladder, what is still to come negative binomial, its size by age from
past nowcasts.
"""

from __future__ import annotations

import csv
import gzip
import os
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

import numpy as np
from scipy import stats

from bench.report import write
from parvis.methods.outbreaks import nowcast
from parvis.methods.outbreaks.farrington import farrington_flexible
from parvis.methods.outbreaks.nowcast_total import nowcast_totals
from parvis.methods.outbreaks.reproduction import reproduction, serial_interval
from parvis.methods.scan.scanning import scan_poisson

DATA = Path(os.environ.get("PARVIS_SHARED", "../shared")) / "data" / "health"
QUANTILES = (.01, .025, .05, .1, .15, .2, .25, .3, .35, .4, .45, .5, .55, .6, .65, .7, .75, .8, .85, .9, .95, .975, .99)  # fmt: skip
LONGEST, HUS_LONGEST = 14, 15
ASKED = range(7)
SEEDS = range(10, 16)
Told = Mapping[float, np.ndarray]
Way = Callable[[np.ndarray], Told]


def main() -> None:
    write(
        "nowcast",
        list(_nowcasts()),
        notes=[
            "score: mean weighted interval score, less is better; held: share of days whose truth lies in the 95 % interval; CPU ms: of one nowcast",
            "dengue: onset and notification of the list of Taiwan, April to October 2014; drawn: epidemics of seeds 10 to 15 that rise and fall, with weekly habits of reporting",
        ],
    )
    write(
        "nowcast_weeks",
        list(_weeks()),
        notes=[
            "score, held, CPU ms: as above, of sums of seven days; below, above: truths outside the interval of 95 %",
            "2011: hospital admissions of the outbreak of Germany, 630 cases, delays up to 15 days, every day from the thirtieth (a model of less is told nothing) to the last week whose truth is known",
        ],
    )
    write(
        "outbreak_speed",
        list(_speed()),
        notes=[
            "s: by the clock, on two cores; measured elsewhere on two cores: SaTScan 10.3.2 takes 2.40 s and 26.1 s for the two scans, R's surveillance 38 ms a week"
        ],
    )


def _tables() -> dict[str, tuple[np.ndarray, range]]:
    tables = {f"drawn, seed {seed}": (drawn(seed), range(100, 200, 8)) for seed in SEEDS}
    tables["dengue, Taiwan 2014"] = (_dengue(), range(90, 175, 8))
    tables["HUS, Germany 2011"] = (_hus(), range(30, 55))
    return tables


def _weeks() -> Iterator[dict[str, object]]:
    for name, (full, days) in _tables().items():
        truth = full.sum(axis=1)
        for way, week in WEEK_WAYS.items():
            scores, sides, began = list[float](), list[int](), time.process_time()
            for today in days:
                known = nowcast.cut(full, today)[max(0, today - 150) :]
                for age, at in zip(AGES, week(known), strict=True):
                    total = truth[today - age - 6 : today - age + 1].sum()
                    scores.append(interval_score(at, total))
                    sides.append(int(total > at[0.975]) - int(total < at[0.025]))
            yield {
                "cases": name, "way": way, "score": round(float(np.mean(scores)), 2), "held": round(sides.count(0) / len(sides), 3),
                "below": sides.count(-1), "above": sides.count(1), "CPU ms": round((time.process_time() - began) / len(sides) * 1e3),
            }  # fmt: skip


def _nowcasts() -> Iterator[dict[str, object]]:
    for name, (full, days) in _tables().items():
        for way, judged in replayed(full, days).items():
            yield {"cases": name, "way": way, **judged}


def replayed(full: np.ndarray, days: range) -> dict[str, dict[str, object]]:
    truth, made = full.sum(axis=1), dict[str, dict[str, object]]()
    for name, way in WAYS.items():
        scores, held, began = list[float](), list[bool](), time.process_time()
        for today in days:
            told = way(nowcast.cut(full, today)[max(0, today - 150) :])
            for age in ASKED:
                at = {q: float(values[len(values) - 1 - age]) for q, values in told.items()}
                scores.append(interval_score(at, truth[today - age]))
                held.append(at[0.025] <= truth[today - age] <= at[0.975])
        made[name] = {
            "score": round(float(np.mean(scores)), 3),
            "held": round(float(np.mean(held)), 3),
            "CPU ms": round((time.process_time() - began) / len(days) * 1e3),
        }
    return made


def interval_score(told: Mapping[float, float], truth: float) -> float:
    """Bracher et al. 2021: widths and misses of all intervals, and the miss of the median."""
    pairs = [(q, 1 - q) for q in QUANTILES if q < 0.5]
    total = 0.5 * abs(truth - told[0.5])
    for low, high in pairs:
        a, b = told[low], told[min(told, key=lambda q: abs(q - high))]
        total += low * (b - a) + max(0.0, a - truth) + max(0.0, truth - b)
    return total / (len(pairs) + 0.5)


def _baseline(known: np.ndarray) -> Told:
    """Chain-ladder delays of the last two months, and past errors by age of a day."""
    ready = known[-(60 + known.shape[1]) :]
    days, delays = ready.shape
    upto = np.nancumsum(ready, axis=1)
    still, seen, ages, _ = _coming(ready)
    actual: list[list[float]] = [[] for _ in range(delays)]
    said: list[list[float]] = [[] for _ in range(delays)]
    for cutoff in range(max(delays // 2 + 2, days - 30), days - 1):
        past = nowcast.cut(np.nan_to_num(ready), cutoff)
        coming, was, age, share = _coming(past)
        for day in range(max(0, cutoff + 1 - delays), cutoff + 1):
            reach = min(days - 1 - day, delays - 1)
            if reach > age[day]:
                part = (share[reach] - share[age[day]]) / max(1e-9, 1 - share[age[day]])
                actual[age[day]].append(upto[day, reach] - was[day])
                said[age[day]].append(max(1e-6, coming[day] * part))
    size = np.array(
        [_likely_size(np.array(a), np.array(s)) if a else 10.0 for a, s in zip(actual, said, strict=True)]
    )
    chance = np.clip(size[ages] / (size[ages] + np.maximum(still, 1e-12)), 1e-12, 1)
    return {q: seen + np.where(still > 1e-9, stats.nbinom.ppf(q, size[ages], chance), 0) for q in QUANTILES}


def _coming(known: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    share = np.cumprod(1 - nowcast.hazards(known)[:0:-1])[::-1]
    share = np.append(share, 1.0)
    seen = np.nansum(known, axis=1)
    ages = np.minimum(len(known) - 1 - np.arange(len(known)), known.shape[1] - 1)
    told = np.maximum(share[ages], 1e-6)
    return np.maximum(0.0, (seen + 1 - told) / told - seen), seen, ages, share


def _likely_size(counts: np.ndarray, means: np.ndarray) -> float:
    grid = np.geomspace(0.1, 1000, 60)
    return float(max(grid, key=lambda n: stats.nbinom.logpmf(counts, n, n / (n + means)).sum()))


def _model(known: np.ndarray) -> Told:
    end = len(known)
    totals = nowcast_totals(known, [(day, day) for day in range(end - len(ASKED), end)], quantiles=QUANTILES)
    assert totals is not None
    return {q: np.array([one.quantiles[q] for one in totals]) for q in QUANTILES}


WAYS: Mapping[str, Way] = {
    "ours": _model,
    "filter of levels": lambda known: nowcast.nowcast(known, quantiles=QUANTILES).quantiles,
    "delays and past errors": _baseline,
    "Lawless, full variance": lambda known: nowcast.lawless(known[-75:], quantiles=QUANTILES).quantiles,
}


AGES = (0, 2, 4, 7)
"""Days before the last one on which the weeks asked for end."""


def _sums(known: np.ndarray) -> list[dict[float, float]]:
    last = len(known) - 1
    totals = nowcast_totals(known, [(last - age - 6, last - age) for age in AGES], quantiles=QUANTILES)
    assert totals is not None
    return [one.quantiles for one in totals]


def _added(way: Way) -> Callable[[np.ndarray], list[dict[float, float]]]:
    """The bounds of each day added up."""

    def weeks(known: np.ndarray) -> list[dict[float, float]]:
        by_day = way(known)
        size = {len(values) for values in by_day.values()}.pop()  # some ways keep the last days alone
        return [
            {q: float(values[size - age - 7 : size - age].sum()) for q, values in by_day.items()}
            for age in AGES
        ]

    return weeks


WEEK_WAYS: Mapping[str, Callable[[np.ndarray], list[dict[float, float]]]] = {
    "ours, the sum": _sums,
    **{f"{name}, days added up": _added(way) for name, way in WAYS.items() if way is not _model},
}


def drawn(seed: int, days: int = 220) -> np.ndarray:
    """Cases by day and delay of an epidemic that nobody steers, fewer at weekends, told less on weekends."""
    rng = np.random.default_rng(seed)
    delay = stats.nbinom.pmf(np.arange(LONGEST + 1), 3, 0.4)
    made, level, drift = np.zeros((days, LONGEST + 1)), 20.0, 0.0
    for t in range(days):
        drift = 0.97 * drift + rng.normal(0, 0.02)
        level = min(400.0, max(2.0, level * np.exp(drift)))
        mean = level * (1.15 if t % 7 < 5 else 0.6)
        office = np.where((t + np.arange(LONGEST + 1)) % 7 >= 5, 0.4, 1.2) * delay
        made[t] = rng.multinomial(rng.negative_binomial(20, 20 / (20 + mean)), office / office.sum())
    return made


def _hus() -> np.ndarray:
    with (DATA / "nowcast" / "husO104Hosp.csv").open(newline="") as file:
        cases = [
            tuple(date.fromisoformat(row[k]) for k in ("dHosp", "dReport")) for row in csv.DictReader(file)
        ]
    first, last = min(day for day, _ in cases), max(report for _, report in cases)
    counts = np.zeros(((last - first).days + 1, HUS_LONGEST + 1))
    for day, report in cases:
        counts[(day - first).days, min((report - day).days, HUS_LONGEST)] += 1
    return counts


def _dengue() -> np.ndarray:
    first, last = date(2014, 4, 1), date(2014, 10, 10)
    made = np.zeros(((last - first).days + 1, LONGEST + 1))
    with gzip.open(DATA / "dengue_taiwan_2012_2014-10.csv.gz", "rt") as file:
        for row in csv.DictReader(file):
            onset, told = (date(*map(int, row[k].split("/"))) for k in ("Date_Onset", "Date_Notification"))
            if first <= onset <= last and told >= onset:
                made[(onset - first).days, min((told - onset).days, LONGEST)] += 1
    return made


def _speed() -> Iterator[dict[str, object]]:
    rng = np.random.default_rng(1)
    cases, interval = rng.poisson(20, (1000, 365)).astype(float), serial_interval(2.6, 1.5, 30)
    yield _timed("reproduction numbers, 1,000 districts of 365 days", lambda: reproduction(cases, interval))
    counts = rng.poisson(8, (200, 528)).astype(float)
    yield _timed(
        "Farrington flexible, 200 series of 104 weeks", lambda: farrington_flexible(counts, range(424, 528))
    )
    ny = _columns(DATA / "scan" / "ny" / "smerc_nydf.csv")
    where, people, ill = (ny["x"], ny["y"]), ny["population"], np.floor(ny["cases"])
    scan_poisson(ill, people, *where, replicates=9)  # compiled
    yield _timed("scan, New York, 281 places, 999 draws", lambda: scan_poisson(ill, people, *where))
    x, y = rng.random((2, 10_000))
    many = rng.multinomial(20_000, np.full(10_000, 1e-4))
    yield _timed(
        "scan, 10,000 places, circles of 5 %, 20,000 cases, 999 draws",
        lambda: scan_poisson(many, np.ones(10_000), x, y, share=0.05),
    )


def _timed(what: str, run: Callable[[], object]) -> dict[str, object]:
    cpu, clock = time.process_time(), time.perf_counter()
    run()
    return {
        "what": what,
        "CPU s": round(time.process_time() - cpu, 2),
        "s": round(time.perf_counter() - clock, 2),
    }


def _columns(path: Path) -> dict[str, np.ndarray]:
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}


if __name__ == "__main__":
    main()
