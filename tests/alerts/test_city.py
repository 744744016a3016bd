"""The episodes of a city's own thresholds, beside those of the law: told once a step, not where the law says
as much, by real processes that are killed too.

Expected by hand from `alert_own` (the city's 35 and 60 µg/m³, the law's 50 and 80):

    2: forecast, measured, over.   6: forecast, extended by the 7th; measured at 55, which the law's own
    message says; the 7th measured; over on the 8th.
    12: an alert of the city where the law would inform, measured at 85, which the law's alert says; both are
    over on the 13th.
    20: forecast on the 19th, no longer expected that evening.   24: over 50 at once: the law alone speaks, to
    the end.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from lxml import etree

from parvis.alerts import cap, message
from parvis.core import settings
from parvis.publication.city import open_city
from parvis.services.air import city_alert
from parvis.services.air.city_alert import CITY_AIR
from parvis.store import alerts, journal
from parvis.work import alerting
from tests.alerts import alert_own
from tests.alerts.alert_child import POINTS
from tests.alerts.alert_servers import Post, mail_server
from tests.alerts.test_replay import Reader, build, told
from tests.processes.forks import ended, fork


def own(*steps: str) -> set[str]:
    return {f"air-ville.ville.pm10.34990.2026-01-{s}" for s in steps}


def law(*steps: str) -> set[str]:
    return {f"air.pm10.34990.2026-01-{s}" for s in steps}


OWN = own("02.1", "02.2", "02.3", "06.1", "06.2", "06.4", "06.5", "12.1", "12.3", "20.1", "20.2")
LAW = law("06.1", "06.2", "12.1", "12.2", "12.3", "24.1", "24.2")
CALM = own("02.1", "02.3", "06.1", "06.2", "06.5", "12.1", "12.3", "20.1", "20.2") | law("12.1", "12.3")
"""Between 20:00 and 8:00 nothing comes."""

READERS: tuple[Reader, ...] = (
    ("tout@exemple.fr", "information", "", OWN | LAW),
    ("grave@exemple.fr", "alert", "", own("12.1", "12.3") | law("12.2", "12.3")),
    ("dort@exemple.fr", "information", "20-8", CALM),
)


def child(folder: Path, post: Post, point: str = "", count: int = 0) -> int | None:
    return ended(fork(alert_own.main, folder, post.port, point, count))


def check(folder: Path, post: Post, *, doubles: int) -> None:
    found = told(folder, post.taken())
    assert {address: set(steps) for address, steps in found.items()} == {
        address: steps for address, _, _, steps in READERS
    }
    assert sum(sum(steps.values()) - len(steps) for steps in found.values()) == doubles
    city = open_city(settings.load(folder, {}))
    with city.db.read() as conn:
        states = {s.id: s.state for s in alerts.every(conn)}
        issued = {e.subject for e in journal.since(conn, 0) if e.verb == "alert-issued"}
    city.db.close()
    assert states == dict.fromkeys(OWN | LAW, "issued") | dict.fromkeys(own("24.2"), "void"), (
        "of an episode that only the law told there is nothing to take back"
    )
    assert issued == OWN | LAW, "each is in the journal"


def test_undisturbed(tmp_path: Path) -> None:
    folder = build(tmp_path / "ville", READERS)
    with mail_server() as post:
        assert child(folder, post) == 0
        check(folder, post, doubles=0)
        assert child(folder, post) == 0, "replayed whole, it tells nothing twice"
        check(folder, post, doubles=0)


def test_killed_ten_times(tmp_path: Path) -> None:
    """At each point once; three of them stand between « taken » and « written down », where a mail comes
    again under its own id.
    """
    folder = build(tmp_path / "ville", READERS)
    with mail_server() as post:
        for number, point in enumerate(POINTS):
            assert child(folder, post, point, 1 + (number * 2) % 3) == -9, f"no kill at {point}"
        assert child(folder, post) == 0
        check(folder, post, doubles=3)


@pytest.mark.shared
def test_each_message_as_cap_refers_to_all_that_it_replaces(tmp_path: Path, shared: Path) -> None:
    schema = etree.XMLSchema(etree.parse(shared / "standards" / "cap" / "CAP-v1.2.xsd"))
    folder = build(tmp_path / "ville", READERS)
    with mail_server() as post:
        assert child(folder, post) == 0
    city = open_city(settings.load(folder, {}))
    with city.db.read() as conn:
        for day, kinds in (
            ("02", "Alert Update Cancel"),
            ("06", "Alert Update Update Cancel"),
            ("12", "Alert Cancel"),
            ("20", "Alert Cancel"),
        ):
            before: list[str] = []
            steps = [
                s for s in alerts.of_episode(conn, f"ville.pm10.34990.2026-01-{day}") if s.state == "issued"
            ]
            for step, kind in zip(steps, kinds.split(), strict=True):
                data = alerting.as_cap(conn, city, step)
                root = etree.fromstring(data)
                schema.assertValid(root)
                assert cap.faults(data, known=before) == ()
                text = {e.tag.rpartition("}")[2]: e.text for e in root.iter()}
                assert text["msgType"] == kind
                assert [r.split(",")[1] for r in (text.get("references") or "").split()] == before, (
                    "every earlier one, in order"
                )
                assert text["event"] == "Air pollution: the city’s thresholds"
                before.append(step.id)
    city.db.close()


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 1, day, hour, tzinfo=UTC)


def test_it_says_whose_threshold_it_is_what_it_is_and_what_the_city_does() -> None:
    bounds = pa.Table.from_pylist(
        [
            {
                "polluant": "pm10",
                "niveau": n,
                "cadre": whose,
                "seuil": s,
                "echelon": 0,
                "actions": "Les parcs relais sont gratuits.",
                "actions_en": "Park-and-ride is free.",
            }
            for whose, n, s in (("loi", 1, 50.0), ("loi", 2, 80.0), ("ville", 1, 35.0), ("ville", 2, 60.0))
        ]
    )
    _, (said,) = city_alert.look(
        {"procedures": alert_own.table(date(2026, 1, 2), at(2, 22), evening=True), "seuils": bounds},
        "",
        at(2, 22),
    )
    (part,) = said.parts
    assert part.headline == message.Words(
        "Particules PM10 : seuil d’information de la ville mesuré le 02/01",
        "PM10 particles: the city’s information threshold measured on 02/01",
    )
    assert "42 µg/m³ pour un seuil de 35" in part.text.fr
    assert "La ville agit : Les parcs relais sont gratuits." in part.text.fr
    assert "aucun seuil de la loi n’est passé" in part.text.fr
    assert "préfectorale" not in part.text.fr
    assert (part.severity, part.certainty, part.onset) == (
        "Moderate",
        "Observed",
        datetime(2026, 1, 1, 23, tzinfo=UTC),
    )
    assert "Si vous ressentez une gêne, ralentissez" in part.advice.fr, (
        "no procedure of the law: none of its advice"
    )
    assert (said.parameters["regle"], said.parameters["niveau"]) == (alert_own.SOURCE, "information")
    _, (grave,) = city_alert.look(
        {"procedures": alert_own.table(date(2026, 1, 11), at(11, 5), evening=False), "seuils": bounds},
        "",
        at(11, 5),
    )
    assert (grave.severe, grave.parts[0].certainty) == (True, "Likely")
    assert "65 µg/m³ pour un seuil de 60" in grave.parts[0].text.fr
    assert "pour la loi, ce jour est au niveau d’information" in grave.parts[0].text.fr


def test_a_person_lets_it_out_where_the_policy_says_so(tmp_path: Path) -> None:
    folder = build(tmp_path / "ville", READERS)
    clock = [at(1, 5)]
    city = open_city(
        replace(settings.load(folder, {}), alerts=settings.Alerts(approval="first")), clock=lambda: clock[0]
    )
    made: list[alerts.Step] = []
    for moment, table in list(alert_own.looks())[:9]:
        clock[0] = moment
        if table is not None:
            made += alerting.tell(city, CITY_AIR, {"procedures": table}, moment.isoformat())
            if moment == at(1, 5):
                assert alerting.approve(city, made[0].id, "agent-1").decided_by == "agent-1"
    assert [(s.kind, s.state) for s in made] == [
        ("open", "proposed"),
        ("confirm", "issued"),
        ("end", "issued"),
    ]
    with city.db.read() as conn:
        verbs = [e.verb for e in journal.since(conn, 0) if e.verb.startswith("alert-")]
    assert verbs == ["alert-proposed", "alert-issued", "alert-issued", "alert-issued"]
    city.db.close()


def test_thresholds_that_are_taken_back_leave_no_episode_open() -> None:
    known, told_ = city_alert.look(
        {"procedures": alert_own.table(date(2026, 1, 2), at(2, 22), evening=True)}, "", at(2, 22)
    )
    assert len(told_) == 1
    for day in (3, 4, 5):
        table = alert_own.table(date(2026, 1, day), at(day, 5), evening=False)
        rows = [r for r in table.to_pylist() if r["cadre"] == "loi"]
        known, told_ = city_alert.look({"procedures": pa.Table.from_pylist(rows)}, known, at(day, 5))
        assert told_ == [], "its messages have expired; « it is over » would be invented"
    known, told_ = city_alert.look(
        {"procedures": alert_own.table(date(2026, 1, 6), at(6, 5), evening=False)}, known, at(6, 5)
    )
    assert [m.kind for m in told_] == ["open"], "and the next is a new one"


def test_a_day_that_nobody_measured_keeps_what_was_told() -> None:
    known, _ = city_alert.look(
        {"procedures": alert_own.table(date(2026, 1, 2), at(2, 22), evening=True)}, "", at(2, 22)
    )
    rows = alert_own.table(date(2026, 1, 3), at(3, 5), evening=False).to_pylist()
    for row in rows:
        if row["jour"] > date(2026, 1, 2):
            row |= {
                "niveau": None,
                "connu": None,
                "valeur": None,
                "etat": "information" if row["cadre"] == "ville" else "none",
                "motif": "unknown",
            }
    _, told_ = city_alert.look({"procedures": pa.Table.from_pylist(rows)}, known, at(3, 5))
    assert told_ == [], "silence is no end"
