"""Live choice as a service: it decides as the study that plays days again, says each decision once, goes on from what it
said, waits for a person where asked, and falls back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from parvis.core.arrow import arrow_table
from parvis.core.errors import UsageError
from parvis.core.language import language
from parvis.services.answers import Asked, Figures, Proposed, Rows, Said
from parvis.services.declaration import AGREED, AGREEMENTS, texts
from parvis.services.feux import live_choice, live_counts, live_rules, replay
from parvis.services.feux.live_answer import REASONS, answer
from parvis.services.feux.live_counts import PARIS
from parvis.services.feux.live_schemas import AUDITED, DECISIONS, HOURS, STATE
from parvis.services.feux.live_service import SERVICE, SPARED
from tests.services.feux import signaltown
from tests.services.feux.test_replay import SAID, Quiet, counts, plans

HOLIDAY, DAY = date(2026, 11, 11), date(2026, 11, 12)
"""The last of the days of `counts` is a public holiday, on which Sunday's plans serve: it is moved by one."""
OUTS = {"etat": STATE, "decisions": DECISIONS, "controles": AUDITED, "heures": HOURS}


def measures(day: pa.Table, *, without: Sequence[str] = ()) -> pa.Table:
    """The counts of a day as loops say them: one a group, six quarters of an hour before all else."""
    rows = [
        {"arc": f"B-{r['groupe']}", "debut": datetime.combine(r["date"], r["heure_debut"], PARIS).astimezone(UTC), "minutes": 15, "debit": r["passages"] * 4}
        for r in day.to_pylist() if r["groupe"] not in without
    ]  # fmt: skip
    kinds = pa.schema(
        [
            ("arc", pa.string()),
            ("debut", pa.timestamp("us", "UTC")),
            ("minutes", pa.int64()),
            ("debit", pa.float64()),
        ]
    )
    return pa.Table.from_pylist(rows, kinds)


def days(late: int) -> pa.Table:
    rows = counts(late=late).to_pylist()
    return pa.Table.from_pylist([r | {"date": DAY if r["date"] == HOLIDAY else r["date"]} for r in rows])


def looped(name: str = "Gare") -> pa.Table:
    groups = signaltown.groups(name)
    return groups.append_column("capteurs", pa.array([f"B-{g}" for g in groups["groupe"].to_pylist()]))


@dataclass
class Town:
    """A junction, its past days, a day that comes in, and what was said and answered so far."""

    day: date
    tables: dict[str, pa.Table]
    coming: pa.Table
    said: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {n: [] for n in OUTS})
    answers: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def at(
        self, clock: str, *, seen: Callable[[pa.Table], pa.Table] = lambda t: t
    ) -> Mapping[str, list[dict[str, Any]]]:
        """One poll at a local time; what is new in its logs is kept."""
        hour, minute = map(int, clock.split(":"))
        now = datetime.combine(self.day, time(hour, minute), PARIS).astimezone(UTC)
        arrived = self.coming.filter(
            pc.less_equal(
                self.coming["debut"], pa.scalar(now - timedelta(minutes=15), pa.timestamp("us", "UTC"))
            )
        )
        past = {"avant": "decisions", "controles_avant": "controles", "heures_avant": "heures"}
        tables = {
            **self.tables, "mesures": seen(arrived), AGREEMENTS: pa.Table.from_pylist(self.answers, AGREED),
            **{name: arrow_table(OUTS[of], self.said[of]) for name, of in past.items()},
        }  # fmt: skip
        out = {n: t.to_pylist() for n, t in live_choice.work(tables, now).items()}
        for name in ("decisions", "controles", "heures"):
            self.said[name] += out[name]
        return out

    def through(self, since: str = "00:00", until: str = "23:45", **more: Any) -> None:
        for k in range(_quarter(since), _quarter(until) + 1):
            self.at(f"{k // 4}:{k % 4 * 15:02d}", **more)


def _quarter(clock: str) -> int:
    hour, minute = map(int, clock.split(":"))
    return 4 * hour + minute // 15


def town(late: int = 8, **others: pa.Table) -> Town:
    every = days(late)
    today = pc.equal(every["date"], pa.scalar(DAY))
    tables = {
        "groupes": looped(),
        "interverts": signaltown.intergreens(),
        "comptages": every.filter(pc.invert(today)),
        "plans": plans(),
    }
    return Town(DAY, tables | others, measures(every.filter(today)))


@pytest.fixture(scope="module")
def late() -> Town:
    made = town()
    made.through()
    return made


def test_it_decides_as_the_study_that_plays_the_day_again(late: Town) -> None:
    result = replay.run({**late.tables, "comptages": days(8)}, SAID, 0, Quiet(), lambda: False)
    lines = [line.split(",") for line in result.files[replay.LOG].decode().splitlines()]
    played = [
        (clock, plan, reason) for day, clock, _, plan, reason, *_ in lines if day == late.day.isoformat()
    ]
    lived = [
        (f"{r['debut'].astimezone(PARIS):%H:%M}", r["plan"], r["raison"]) for r in late.said["decisions"]
    ]
    assert lived == played
    assert {"changed", "returned"} <= {reason for _, _, reason in lived}, "a peak that comes late is followed"


def test_an_ordinary_day_stays_by_its_hours() -> None:
    made = town(late=0)
    made.through("05:00", "12:00")
    assert {r["raison"] for r in made.said["decisions"]} == {"timetable"}


def test_each_decision_is_said_once_and_a_poll_more_says_nothing(late: Town) -> None:
    again = late.at("23:52")
    assert again["decisions"] == []
    assert [r["plan"] for r in again["etat"]] == [late.said["decisions"][-1]["plan"]], "and still what runs"
    keys = [r["debut"] for r in late.said["decisions"]]
    assert len(keys) == len(set(keys)) == 96


def test_a_decision_explains_itself(late: Town) -> None:
    first = next(r for r in late.said["decisions"] if r["raison"] == "changed")
    assert first["plan"] == first["voulu"] == "matin"
    assert first["plan_horaire"] == "creux"
    assert first["attendu"] < 0.9 * first["attendu_horaire"]
    assert first["comptes"] != first["habituels"] > 0
    assert first["changements"] == 1


def test_what_is_over_is_audited_once_under_what_came(late: Town) -> None:
    keys = [r["debut"] for r in late.said["controles"]]
    assert len(keys) == len(set(keys)) >= 94
    off = [r for r in late.said["controles"] if r["plan"] != r["plan_horaire"]]
    assert sum(r["passages"] * (r["retard_horaire"] - r["retard"]) for r in off) > 0
    hours = late.said["heures"]
    assert len(hours) == len({r["heure"] for r in hours}) >= 21
    assert sum(r["changements"] for r in hours) == sum(
        r["raison"] == "changed" for r in late.said["decisions"]
    )
    inside = [
        r
        for r in late.said["controles"]
        if r["debut"].astimezone(UTC) < hours[-1]["heure"] + timedelta(hours=1)
    ]
    assert sum(r["passages"] for r in hours) == pytest.approx(sum(r["passages"] for r in inside), rel=1e-3)


def test_the_last_intervals_of_a_day_are_audited_after_midnight(late: Town) -> None:
    morrow = Town(
        late.day + timedelta(days=1), late.tables, late.coming, {n: [*rows] for n, rows in late.said.items()}
    )
    morrow.at("00:46")
    assert len({r["debut"] for r in morrow.said["controles"]}) == 96


# --- a person in the loop -----------------------------------------------------------------------------------

ASKING = pa.table({"texte": ["accord = true\n"]})


def _asked(made: Town) -> dict[str, Any]:
    """The first proposal of the day: the town has come to its moment."""
    for k in range(_quarter("08:00"), _quarter("11:00")):
        out = made.at(f"{k // 4}:{k % 4 * 15:02d}")
        if out["etat"][0]["proposition"]:
            return out["etat"][0]
    raise AssertionError("nothing was proposed")


def test_a_change_waits_for_a_person_and_follows_their_word_at_the_next_poll() -> None:
    made = town(reglages=ASKING)
    waits = _asked(made)
    assert (waits["plan"], waits["voulu"], waits["raison"]) == ("creux", "matin", "asked")
    begun = waits["debut"].astimezone(PARIS)
    after = f"{begun + timedelta(minutes=15):%H:%M}"
    still = made.at(after)["etat"][0]
    assert (still["proposition"], still["plan"]) == (waits["proposition"], "creux"), (
        "one proposal while it is the same"
    )
    moment = begun + timedelta(minutes=18)
    made.answers.append({"proposition": waits["proposition"], "accord": True, "le": moment})
    moved = made.at(f"{begun + timedelta(minutes=21):%H:%M}")
    assert [(r["plan"], r["raison"], r["accord"]) for r in moved["decisions"]] == [("matin", "changed", True)]
    assert made.at(f"{begun + timedelta(minutes=24):%H:%M}")["decisions"] == []


def test_what_a_person_declined_is_not_asked_again_under_the_same_timetable() -> None:
    made = town(reglages=ASKING)
    waits = _asked(made)
    begun = waits["debut"].astimezone(PARIS)
    made.answers.append(
        {"proposition": waits["proposition"], "accord": False, "le": begun + timedelta(minutes=2)}
    )
    made.through(f"{begun + timedelta(minutes=15):%H:%M}", "12:00")
    told = [r for r in made.said["decisions"] if r["debut"] > waits["debut"] and r["plan_horaire"] == "creux"]
    assert told
    assert {r["plan"] for r in told} == {"creux"}
    assert not any(r["proposition"] for r in told)


def test_an_answer_to_something_else_changes_nothing() -> None:
    made = town(reglages=ASKING)
    waits = _asked(made)
    begun = waits["debut"].astimezone(PARIS)
    made.answers.append({"proposition": "autre-20261111-0800-matin", "accord": True, "le": begun})
    assert made.at(f"{begun + timedelta(minutes=15):%H:%M}")["etat"][0]["plan"] == "creux"


# --- falling back -------------------------------------------------------------------------------------------


def test_without_counts_the_timetable_holds() -> None:
    made = town()
    made.through("00:00", "11:00")
    assert made.said["decisions"][-1]["plan"] != made.said["decisions"][-1]["plan_horaire"]
    begun = pa.scalar(
        datetime.combine(made.day, time(10, 45), PARIS).astimezone(UTC), pa.timestamp("us", "UTC")
    )
    made.through("11:15", "11:30", seen=lambda t: t.filter(pc.less(t["debut"], begun)))
    last = made.said["decisions"][-1]
    assert (last["raison"], last["plan"]) == ("no_counts", last["plan_horaire"])


def test_a_loop_at_fault_is_not_listened_to() -> None:
    faults = pa.table(
        {"arc": [f"B-{g}" for g in signaltown.PEAKS], "etat": ["bloqué"] * len(signaltown.PEAKS)}
    )
    made = town(capteurs=faults)
    made.through("08:00", "10:00")
    state = made.at("10:15")["etat"][0]
    assert (state["raison"], state["vus"], state["groupes"]) == ("no_counts", 0, 10)
    one = town(capteurs=faults.slice(0, 1))
    one.through("08:00", "10:00")
    assert one.at("10:15")["etat"][0]["vus"] == 9


def test_a_plan_that_is_not_safe_is_never_chosen_and_is_told() -> None:
    bad = plans().to_pylist()
    for r in bad:
        if r["plan"] == "matin" and r["groupe"] in ("E", "W"):
            r["debut"] = 42  # two seconds after the north: an intergreen of six is wanted
    made = town(plans=pa.Table.from_pylist(bad, plans().schema))
    made.through("00:00", "12:00")
    assert not any(r["plan"] == "matin" != r["plan_horaire"] for r in made.said["decisions"])
    state = made.at("12:15")["etat"][0]
    assert (state["ecartes"], state["raison"]) == ("matin", "alone")


def test_a_junction_whose_tables_contradict_stops_no_other() -> None:
    wrong = pa.concat_tables([looped("Gare"), looped("Port")])
    made = town(groupes=wrong)
    out = made.at("09:00")["etat"]
    assert [(r["carrefour"], r["raison"]) for r in out] == [("Gare", "timetable"), ("Port", "tables")]
    assert "Port" in out[1]["a_corriger"]


def test_after_an_outage_the_day_goes_on_by_its_timetable() -> None:
    made = town()
    made.through("00:00", "09:45")
    before = made.said["decisions"][-1]
    assert before["plan"] == "matin"
    out = made.at("11:30")
    assert out["decisions"][0]["plan"] in (out["decisions"][0]["plan_horaire"], out["decisions"][0]["voulu"])
    assert out["decisions"][0]["tenu"] <= 0, "nothing is held from before"
    assert out["decisions"][0]["changements"] >= before["changements"]


# --- counts -------------------------------------------------------------------------------------------------


def test_periods_of_six_minutes_are_shared_out_and_an_interval_half_seen_is_none() -> None:
    midnight = datetime(2026, 11, 24, tzinfo=PARIS)
    rows = [
        {
            "arc": "a",
            "debut": (midnight + timedelta(minutes=6 * i)).astimezone(UTC),
            "minutes": 6,
            "debit": 60.0 * (i + 1),
        }
        for i in range(4)
    ]
    got = live_counts.by_loop(pa.Table.from_pylist(rows), {"a"}, midnight.date(), 15)["a"]
    assert got[0] == pytest.approx(6 * 1 + 6 * 2 + 3 * 3)
    assert np.isnan(got[1]), "nine minutes of fifteen"
    assert live_counts.counted({"a": got}, [["a"], ["a", "b"], []], (), 96)[0].tolist() == pytest.approx(
        [27.0, np.nan, np.nan], nan_ok=True
    )
    assert np.isnan(live_counts.counted({"a": got}, [["a"]], ("a",), 96)).all()


def test_the_hour_that_comes_twice_is_counted_once() -> None:
    hours = [datetime(2026, 10, 25, h, tzinfo=UTC) for h in (0, 1)]  # both are 2 o'clock in Paris
    rows = [
        {"arc": "a", "debut": h + timedelta(minutes=15 * q), "minutes": 15, "debit": 100.0}
        for h in hours
        for q in range(4)
    ]
    got = live_counts.by_loop(pa.Table.from_pylist(rows), {"a"}, date(2026, 10, 25), 15)["a"]
    assert got[8:12].tolist() == [25.0] * 4


# --- settings, words ----------------------------------------------------------------------------------------


def test_a_city_sets_its_rules() -> None:
    rules = live_rules.read("gain_min = 20\ntenue = 4\naccord = true\n", live_rules.NAME)
    assert (rules.least_gain, rules.hold, rules.person, rules.changes) == (0.2, 4, True, 12)


@pytest.mark.parametrize(
    ("text", "why"),
    [("gain = 3\n", "clé inconnue"), ("tenue = -1\n", "de 0 à 12"), ("accord = 1\n", "true ou false"), ("gain_min = 2.5\n", "nombre entier"), ("gain_min = [", "TOML|toml")],
)  # fmt: skip
def test_a_badly_written_rule_is_told(text: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        live_rules.read(text, live_rules.NAME)


@pytest.mark.parametrize("code", ["fr", "en"])
def test_the_answer_says_what_runs_why_and_what_it_was_worth(late: Town, code: str) -> None:
    spoken = language(code).of(SERVICE.name)
    assert all(spoken.knows(t) for t in texts(SERVICE))
    asked = Asked({}, datetime(2026, 11, 11, 23, tzinfo=UTC), None, spoken)
    out = late.at("23:50")
    waiting = {
        **out["etat"][0],
        "raison": "asked",
        "proposition": "gare-1",
        "voulu": "matin",
        "attendu_voulu": 20.0,
    }
    tables = {
        "etat": arrow_table(STATE, [*out["etat"], waiting]), "avant": arrow_table(DECISIONS, late.said["decisions"]),
        "controles_avant": arrow_table(AUDITED, late.said["controles"]),
        AGREEMENTS: pa.Table.from_pylist([{"proposition": "gare-1", "accord": True, "le": datetime(2026, 11, 11, tzinfo=UTC)}], AGREED),
    }  # fmt: skip
    blocks = answer(asked, tables)
    assert isinstance(blocks[0], Said)
    assert blocks[0].text.startswith("2 ")
    (proposed,) = [b for b in blocks if isinstance(b, Proposed)]
    assert (proposed.id, bool(proposed.answered)) == ("gare-1", True)
    assert any(isinstance(b, Figures) for b in blocks)
    titles = [b.title for b in blocks if isinstance(b, Rows)]
    assert len(titles) == 3
    changed = next(
        b
        for b in blocks
        if isinstance(b, Rows) and b.columns[1].name == "debut" and any(r.get("raison") for r in b.rows)
    )
    assert {r["raison"] for r in changed.rows} <= {spoken.say(t) for t in REASONS.values()}


def test_its_effect_is_what_everybody_reads(late: Town) -> None:
    measured = SPARED.measure({"heures": arrow_table(HOURS, late.said["heures"])})
    assert measured is not None
    assert measured.value > 1
    assert SERVICE.outputs["heures"].dataset.access == "public"
    assert {o.dataset.access for n, o in SERVICE.outputs.items() if n != "heures"} == {"restricted"}
