"""Going out: rules worked out beside recurring-ical-events, doubles beside the rule of the same title and
hour, and 50,000 occurrences filtered.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from tests.methods.events import eventlabels, eventpairs

from bench import report
from bench.peers import environment
from parvis.core.language import language
from parvis.core.text import fold
from parvis.methods.events.duplicates import pairs
from parvis.methods.events.entry import CATEGORIES, Entry
from parvis.methods.events.ical import Calendar, parsed, written
from parvis.methods.events.recurrence import BadRule, expand, occurrences
from parvis.methods.events.search import CHILDREN, FREE, LASTING, OFF, Occurrences, Wish, access_bits, select
from parvis.methods.events.values import Event, Span, Time
from parvis.services.answers import Asked, Spot, Value
from parvis.services.sorties.compute import occurrences as table_of
from parvis.services.sorties.finding import found as fitting

VERSION = "3.8.2"
SEED = 20261126
BEGIN, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)
BYDAYS = ("MO", "TU,TH", "SA,SU", "FR")


def random_rule(rng: np.random.Generator) -> str:
    """A rule such as people make, with the odd corner."""
    pick = int(rng.integers(9))
    n = int(rng.integers(1, 5))
    day = BYDAYS[int(rng.integers(4))]
    until = f";UNTIL=2026{int(rng.integers(3, 13)):02d}15T120000Z"
    count = f";COUNT={int(rng.integers(2, 40))}"
    end = ("", until, count)[int(rng.integers(3))]
    return (
        f"FREQ=DAILY;INTERVAL={n}{end}",
        f"FREQ=WEEKLY;INTERVAL={n};BYDAY={day}{end}",
        f"FREQ=WEEKLY;INTERVAL=2;BYDAY={day};WKST=SU{end}",
        f"FREQ=MONTHLY;BYDAY={int(rng.choice([1, 2, -1]))}{day[:2]}{end}",
        f"FREQ=MONTHLY;BYMONTHDAY={int(rng.choice([1, 13, 31, -1]))}{end}",
        f"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29{end}",
        f"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS={int(rng.choice([-1, 2]))}{end}",
        f"FREQ=YEARLY;BYWEEKNO={n * 10};BYDAY=TU{end}",
        f"FREQ=DAILY;BYHOUR=10,15;BYMINUTE=30{end}",
    )[pick]


def calendar(events: int, *, plain: bool) -> Calendar:
    """Seeded events. plain: weekly, as a class of a year; else of all kinds, with cancelled, added and moved
    times.
    """
    rng = np.random.default_rng(SEED)
    made: list[Event] = []
    for i in range(events):
        first = datetime(2025, 9, 1) + timedelta(  # noqa: DTZ001
            days=int(rng.integers(0, 400)), minutes=30 * int(rng.integers(14, 44))
        )
        if plain:
            made.append(Event(f"{i}", Time(first, "Europe/Paris"), timedelta(hours=2), ("FREQ=WEEKLY",)))
            continue
        whole = rng.random() < 0.2
        start = (
            Time(first.date())
            if whole
            else Time(first, str(rng.choice(["Europe/Paris", "UTC", "America/Martinique"])))
        )
        rule = random_rule(rng)
        if whole and "BYHOUR" in rule:
            rule = "FREQ=WEEKLY"
        if whole and "UNTIL" in rule:
            rule = rule.replace("T120000Z", "")
        try:  # the standard leaves open what a first time outside of its own rule means: begin on the rule
            times = expand(
                Event("", start, timedelta(hours=1), (rule.split(";COUNT")[0],)),
                BEGIN - timedelta(days=200),
                BEGIN + timedelta(days=1500),
            )
        except (BadRule, OverflowError):
            continue
        later = [t for t, _, _ in times][1:] or [BEGIN]
        at = later[0].astimezone(_zone(start)).replace(tzinfo=None)
        start = Time(at.date()) if whole else Time(at, start.zone)
        event = Event(
            f"{i}",
            start,
            timedelta(days=int(rng.integers(1, 4)))
            if whole
            else timedelta(minutes=int(rng.choice([0, 45, 120, 600]))),
            (rule,),
        )
        own = [
            t.astimezone(_zone(start)).replace(tzinfo=None)
            for t, _, _ in expand(event, BEGIN - timedelta(days=400), END)
        ]
        gone = tuple(Time(t.date()) if whole else Time(t, start.zone) for t in own[2:8:3])
        also = () if whole else (Span(Time(at + timedelta(days=3, hours=1), start.zone)),)
        event = Event(event.uid, start, event.lasts, (rule,), also, gone)
        made.append(event)
        if len(own) > 5 and not whole and rng.random() < 0.5:
            made.append(
                Event(
                    event.uid,
                    Time(own[5] + timedelta(days=1, hours=2), start.zone),
                    timedelta(minutes=50),
                    replaces=Time(own[5], start.zone),
                )
            )
    return Calendar(tuple(made))


def _zone(start: Time) -> ZoneInfo:
    return ZoneInfo(start.zone or "Europe/Paris")


def recurrences() -> list[dict[str, object]]:
    """Same times, and in how many CPU seconds."""
    python = environment(
        "recurring", f"recurring-ical-events=={VERSION}", "icalendar==7.3.2", "tzdata==2026.6"
    )
    rows: list[dict[str, object]] = []
    for case, plain, count, begin, end in (
        (
            "1,000 weekly events, one week",
            True,
            1000,
            datetime(2026, 11, 23, tzinfo=UTC),
            datetime(2026, 11, 30, tzinfo=UTC),
        ),
        ("1,000 weekly events, 13 months", True, 1000, BEGIN, END),
        ("600 rules of all kinds, 13 months", False, 600, BEGIN, END),
    ):
        text = written(calendar(count, plain=plain))
        script = Path(__file__).with_name("answers_of_recurring.py")
        question = json.dumps({"calendar": text, "begin": begin.isoformat(), "end": end.isoformat()})
        theirs = json.loads(
            subprocess.run(
                [str(python), str(script)], input=question, text=True, stdout=subprocess.PIPE, check=True
            ).stdout
        )
        started = time.process_time()
        read = parsed(text)
        reading = time.process_time() - started
        started = time.process_time()
        found, aside = occurrences(read.events, begin, end)
        expanding = time.process_time() - started
        ours = sorted([o.of.uid, o.start.isoformat(), o.end.isoformat()] for o in found)
        a, b = {tuple(x) for x in ours}, {tuple(x) for x in theirs["times"]}
        rows.append(
            {
                "case": case,
                "events": len(read.events),
                "times": len(ours),
                "theirs": len(theirs["times"]),
                "same": len(a & b),
                "only_ours": len(a - b),
                "only_theirs": len(b - a),
                "aside": len(aside),
                "read_cpu_s": round(reading, 3),
                "expand_cpu_s": round(expanding, 3),
                "its_read_cpu_s": round(theirs["read"], 3),
                "its_expand_cpu_s": round(theirs["expand"], 3),
                "times_quicker": round((theirs["read"] + theirs["expand"]) / (reading + expanding), 1),
            }
        )
    return rows


def naive(entries: Sequence[Entry]) -> set[tuple[int, int]]:
    """The rule of most importers: the same folded title and the same first start."""
    keys = [(fold(e.title), e.times[0][0]) for e in entries]
    return {(i, j) for i in range(len(keys)) for j in range(i + 1, len(keys)) if keys[i] == keys[j]}


def doubles() -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for name, words, seeds in (
        ("development", eventpairs.DEV, range(10)),
        ("held out", eventpairs.HELD_OUT, range(100, 110)),
    ):
        for how in ("parvis", "same title and start"):
            hits = wrong = missed = count = 0
            started = time.process_time()
            for seed in seeds:
                some, labels = eventpairs.agendas(words, seed)
                count += len(some)
                found = {(p.first, p.second) for p in pairs(some)} if how == "parvis" else naive(some)
                true = {
                    (i, j)
                    for i in range(len(some))
                    for j in range(i + 1, len(some))
                    if labels[i] == labels[j]
                }
                hits, wrong, missed = (
                    hits + len(found & true),
                    wrong + len(found - true),
                    missed + len(true - found),
                )
            seconds = time.process_time() - started
            rows.append(
                {
                    "vocabulary": name,
                    "seeds": f"{seeds.start}-{seeds.stop - 1}",
                    "by": how,
                    "entries": count,
                    "precision": round(hits / (hits + wrong), 4),
                    "recall": round(hits / (hits + missed), 4),
                    "f1": round(2 * hits / (2 * hits + wrong + missed), 4),
                    "cpu_s": round(seconds, 2),
                }
            )
    for name, lines in (("150 pairs by hand", eventlabels.FIRST), ("100 pairs by hand", eventlabels.SECOND)):
        for how in ("parvis", "same title and start"):
            some, same = eventlabels.labelled(lines)
            started = time.process_time()
            found = {(p.first, p.second) for p in pairs(some)} if how == "parvis" else naive(some)
            seconds = time.process_time() - started
            told = [(2 * i, 2 * i + 1) in found for i in range(len(same))]
            hits = sum(t and s for t, s in zip(told, same, strict=True))
            rows.append(
                {
                    "vocabulary": name,
                    "seeds": "",
                    "by": how,
                    "entries": len(some),
                    "precision": round(hits / sum(told), 4),
                    "recall": round(hits / sum(same), 4),
                    "f1": round(2 * hits / (sum(told) + sum(same)), 4),
                    "cpu_s": round(seconds, 2),
                }
            )
    return rows


def filters(n: int = 50_000, queries: int = 2_000) -> list[dict[str, object]]:
    """Queries of all kinds over n occurrences of 13 months."""
    rng = np.random.default_rng(SEED)
    base = int(BEGIN.timestamp())
    start = np.sort(base + rng.integers(0, 396 * 86400, n))
    lasts = np.where(rng.random(n) < 0.05, rng.integers(5, 200, n) * 86400, rng.integers(0, 6, n) * 3600)
    flags = (
        rng.integers(0, 32, n)
        | np.where(rng.random(n) < 0.5, FREE, 0)
        | np.where(rng.random(n) < 0.3, CHILDREN, 0)
        | np.where(lasts > 86400, LASTING, 0)
        | np.where(rng.random(n) < 0.02, OFF, 0)
    ).astype(np.uint16)
    among = Occurrences(
        start,
        start + lasts,
        48.86 + rng.normal(0, 0.03, n),
        2.34 + rng.normal(0, 0.04, n),
        flags,
        rng.integers(0, 12, n).astype(np.int16),
        np.arange(n),
    )
    spent: list[float] = []
    worked: list[float] = []
    shown: list[int] = []
    for _ in range(queries):
        since = base + int(rng.integers(0, 380 * 86400))
        near = (
            (
                48.86 + float(rng.normal(0, 0.02)),
                2.34 + float(rng.normal(0, 0.02)),
                float(rng.choice([500, 1500, 5000])),
            )
            if rng.random() < 0.6
            else None
        )
        kinds = int(
            rng.choice(
                [0, FREE, CHILDREN, FREE | CHILDREN, access_bits(["fauteuil"]), FREE | access_bits(["lsf"])]
            )
        )
        wish = Wish(
            since,
            since + int(rng.choice([6, 24, 54, 168, 720])) * 3600,
            near,
            kinds,
            tuple(rng.choice(12, 2, replace=False).tolist()) if rng.random() < 0.4 else (),
        )
        started, cpu = time.perf_counter(), time.process_time()
        rows, _ = select(among, wish)
        worked.append((time.process_time() - cpu) * 1000)
        spent.append((time.perf_counter() - started) * 1000)
        shown.append(len(rows))
    return [_row("arrays alone", n, worked, spent, shown)]


def _row(
    what: str, n: int, worked: Sequence[float], spent: Sequence[float], shown: Sequence[int]
) -> dict[str, object]:
    cpu, wall = (np.percentile(v, [50, 95, 99]).round(2).tolist() for v in (worked, spent))
    return {
        "what": what,
        "occurrences": n,
        "queries": len(spent),
        "median_rows": int(np.median(shown)),
        "p50_cpu_ms": cpu[0],
        "p95_cpu_ms": cpu[1],
        "p99_cpu_ms": cpu[2],
        "p50_wall_ms": wall[0],
        "p95_wall_ms": wall[1],
        "bar_ms": 30,
    }


def answers(events: int = 10_000, each: int = 5, queries: int = 600) -> list[dict[str, object]]:
    """What the page does: the published table as it is read, its columns made arrays, filtered, searched for
    words, its rows taken.
    """
    rng = np.random.default_rng(SEED)
    now = datetime(2026, 11, 26, 15, tzinfo=UTC)
    made: list[tuple[str, Entry]] = []
    for i in range(events):
        start = now + timedelta(minutes=int(rng.integers(0, 360 * 1440)))
        times = tuple(
            (start + timedelta(days=7 * k), start + timedelta(days=7 * k, hours=2)) for k in range(each)
        )
        lat, lon = 48.85 + float(rng.normal(0, 0.03)), 2.35 + float(rng.normal(0, 0.04))
        access = frozenset({"fauteuil"} if i % 3 else ())
        made.append(
            (
                f"e{i}",
                Entry(
                    f"{i}",
                    "a",
                    f"Concert de l’orchestre n° {i}",
                    times,
                    text="Une description de l’événement. " * 6,
                    category=CATEGORIES[i % 12],
                    place="Salle",
                    lat=lat,
                    lon=lon,
                    free=bool(i % 2),
                    age_min=i % 15 or None,
                    access=access,
                ),
            )
        )
    table = table_of(made)
    spent: list[float] = []
    worked: list[float] = []
    shown: list[int] = []
    for q in range(queries):
        said: dict[str, Value] = {"quand": ("ce-soir", "ce-week-end", "semaine", "mois")[q % 4]}
        if q % 3:
            said |= {"lieu": Spot("", 2.35, 48.85), "rayon": (500.0, 2000.0, 5000.0)[q % 3]}
        said |= {
            "gratuit": q % 5 == 0,
            "enfants": q % 7 == 0,
            "acces": "fauteuil" if q % 11 == 0 else "",
            "genre": "concert" if q % 6 == 0 else "",
            "mots": "orchestre 12" if q % 4 == 1 else "",
        }
        asked = Asked(said, now, None, language("fr"))
        started, cpu = time.perf_counter(), time.process_time()
        found = fitting(asked, table)
        worked.append((time.process_time() - cpu) * 1000)
        spent.append((time.perf_counter() - started) * 1000)
        shown.append(found.total)
    return [_row("as the page does", events * each, worked, spent, shown)]


def main() -> None:
    """The three tables."""
    notes = [
        f"recurring-ical-events {VERSION} with icalendar 7.3.2 in an environment of its own; CPU seconds of one process each; seed {SEED}"
    ]
    report.write("events-recurrence", recurrences(), notes=notes)
    report.write(
        "events-doubles",
        doubles(),
        notes=[
            "labels by construction (tests/methods/events/eventpairs.py); weights set on development only",
            "by hand (tests/methods/events/eventlabels.py): the score before these pairs held 0.798 and 0.836; it was changed on the 150, and tried once on the 100, 0.948, before « after work » was mended",
        ],
    )
    report.write(
        "events-search",
        [*filters(), *answers()],
        notes=["each query, one process; wall time on a machine that seven others were working on"],
    )


if __name__ == "__main__":
    main()
