"""The vaccination calendar: every case by hand in Python and in the browser's language, the data file whole
and sourced, spans of time.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import date, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from parvis.methods.vaccination import dates, engine, rules
from parvis.methods.vaccination.engine import Dose, Person
from tests.methods.vaccination_cases import Case, cases, missing, plain

DATA: dict[str, Any] = json.loads(
    resources.files("parvis.services.soins").joinpath("calendrier.json").read_text(encoding="utf-8")
)
CALENDAR = rules.read(DATA)
SCRIPT = Path(str(resources.files("parvis.web").joinpath("static/vaccins.js")))
ASK = """
import { plan } from %s
import { readFileSync } from "node:fs"
const { calendar, asked } = JSON.parse(readFileSync(0, "utf8"))
process.stdout.write(JSON.stringify(asked.map(([person, today]) => plan(calendar, person, today))))
"""


@pytest.mark.parametrize("case", cases(), ids=lambda c: f"{c.number}-{c.source}")
def test_each_case_by_hand(case: Case) -> None:
    """What is done, due, late, to come, closed, and why a dose does not count."""
    items = [plain(i) for i in engine.plan(CALENDAR, case.person, case.today)]
    assert missing(case.expected, items) == [], items


def test_there_are_enough_cases_and_each_has_its_source() -> None:
    """At least 150, none twice, each series tried; a source is one of the file's, or a rule of ours about
    dates.
    """
    every = cases()
    assert len(every) >= 150
    assert len({(c.person, c.today) for c in every}) >= 150
    assert {c.source for c in every} <= {*DATA["sources"], "own"}
    tried = {want.removeprefix("-").split("/")[0] for c in every for want in c.expected}
    assert tried == {s.id for s in CALENDAR.series}


def test_the_browsers_engine_says_the_same() -> None:
    """All lines of all cases, and of 600 people more on days of their lives, through the very file that the
    page loads.
    """
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node.js is not installed: the browser's engine is tried in tests/browser/test_care.py")
    asked = [(c.person, c.today, c.sent) for c in cases()]
    vaccines = list(DATA["vaccines"])
    for i in range(600):
        born = date(1940, 1, 1) + timedelta(days=(i * 7919) % 31700)
        today = born + timedelta(days=(i * i * 37 + i * 101) % 31000)
        given = tuple(
            Dose(
                vaccines[(i + j * 5) % len(vaccines)],
                born + timedelta(days=(i * 53 + j * j * 211) % max((today - born).days, 1)),
            )
            for j in range(i % 7)
        )
        term = today + timedelta(days=i % 280) if i % 5 == 0 else None
        person = Person(born, given, i % 3 == 0, term)
        asked.append((person, today, Case(0, "", today, person, ()).sent))
    script = ASK % json.dumps(SCRIPT.as_uri())
    sent = json.dumps({"calendar": DATA, "asked": [(said, today.isoformat()) for _, today, said in asked]})
    run = subprocess.run(
        [node, "--input-type=module", "-e", script],
        input=sent,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    theirs = json.loads(run.stdout)
    ours = [[plain(i) for i in engine.plan(CALENDAR, person, today)] for person, today, _ in asked]
    assert len(theirs) == len(ours)
    assert [(a, b) for a, b in zip(ours, theirs, strict=True) if a != b] == []
    assert sum(map(len, ours)) > 2000


def test_every_rule_is_dated_sourced_and_in_both_languages() -> None:
    """A rule without dates is a hazard: since, source, state of checking, names, what it protects from; ids
    once; vaccines known.
    """
    assert len({s.id for s in CALENDAR.series}) == len(CALENDAR.series)
    for raw, series in zip(DATA["series"], CALENDAR.series, strict=True):
        assert series.source in DATA["sources"], series.id
        assert series.status in ("obligatoire", "recommandé", "possible")
        assert isinstance(raw["checked"], bool)
        assert len(raw["name"]) == len(raw["against"]) == 2
        assert all(raw["name"] + raw["against"])
        assert series.counts <= set(DATA["vaccines"]), series.id
        assert series.until is None or series.until >= series.since
    assert all(s["title"] and date.fromisoformat(s["date"]) for s in DATA["sources"].values())


def test_nobody_has_read_it_yet_and_it_says_so() -> None:
    """The file names its reviewer, or nobody; the day a professional signs, this test is to be changed with
    the file.
    """
    assert CALENDAR.reviewed_by == ""
    assert CALENDAR.reviewed_on is None


@pytest.mark.parametrize(
    ("day", "span", "expected"),
    [
        ("2026-01-31", "1m", "2026-03-01"),
        ("2024-01-30", "1m", "2024-03-01"),
        ("2024-01-29", "1m", "2024-02-29"),
        ("2024-02-29", "4y", "2028-02-29"),
        ("2026-12-31", "2m", "2027-03-01"),
        ("2026-12-15", "1d", "2026-12-16"),
        ("2026-03-29", "6w", "2026-05-10"),
        ("1999-12-31", "1y2m3d", "2001-03-04"),
    ],
)
def test_spans_of_time(day: str, span: str, expected: str) -> None:
    """Never too early: a day that its month does not have is the first of the next."""
    assert dates.later(date.fromisoformat(day), span).isoformat() == expected


@pytest.mark.parametrize("span", ["", "2", "m", "2 m", "2m!", "-2m"])
def test_what_is_no_span_is_refused(span: str) -> None:
    """A misspelt rule stops the calendar; it is not read as « no condition »."""
    with pytest.raises(ValueError):
        dates.later(date(2026, 1, 1), span)


def test_a_broken_file_is_refused() -> None:
    """Without its dates, or with another type."""
    for broken in (
        {**DATA, "fresh_until": "soon"},
        {**DATA, "series": [{**DATA["series"][0], "since": ""}]},
        {**DATA, "edition": 2025},
    ):
        with pytest.raises((KeyError, ValueError, TypeError)):
            rules.read(broken)
