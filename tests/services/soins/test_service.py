"""The service of care on a real small city: the planted truths of the demo found through the page's JSON
twin, and what is not known said.
"""

from __future__ import annotations

import ast
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient

from parvis import readers
from parvis.core.language import language
from parvis.core.reading import ParquetScan, Workspace
from parvis.core.types import PUBLIC
from parvis.demo import world
from parvis.demo.files import lieux_soins
from parvis.methods.hours import evaluation, reading, territory
from parvis.publication.city import City
from parvis.services import open_places, soins, walking
from parvis.services.declaration import texts
from parvis.services.soins import advice, compute, places, rota
from parvis.services.soins.advice import Level
from parvis.services.soins.service import SERVICE
from parvis.store import runs, versions
from parvis.web.app import create_app
from parvis.work import service_runs
from tests.cities import carecity
from tests.cities.livecity import Clock

START = datetime(2026, 11, 25, 9, 42, tzinfo=UTC)
"""A Wednesday, 10 h 42 in Rivemont."""


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock(START)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Iterator[City]:
    made = carecity.build(tmp_path_factory.mktemp("care") / "city", clock)
    yield made
    made.db.close()


@pytest.fixture
def site(city: City, clock: Clock) -> TestClient:
    clock.at = START
    return TestClient(create_app(city))


def said(site: TestClient, **asked: str) -> list[dict[str, Any]]:
    """The blocks of an answer."""
    answered = site.get("/services/soins.json", params=asked)
    assert answered.status_code == 200, answered.text
    return answered.json()["blocks"]


def table(blocks: list[dict[str, Any]], title: str) -> list[dict[str, Any]]:
    """The rows of the table whose title begins so; [] when it is not there."""
    return next((b["rows"] for b in blocks if b["kind"] == "rows" and b["title"].startswith(title)), [])


def everywhere() -> list[list[str]]:
    return lieux_soins.rows(world.build())


def tables(city: City) -> dict[str, pa.Table]:
    """What the answer reads."""
    with city.db.read() as conn:
        service = service_runs.bound(conn, SERVICE)
    names = (*service.reads, *service.shown)
    found = {name: service_runs.present(city, service, name, START) for name in names}
    return {name: one for name, one in found.items() if one is not None}


def test_the_nearest_open_pharmacy_on_foot_from_every_district(site: TestClient, city: City) -> None:
    """The five shown are the five nearest by the street, door to door, worked out again from every place; for
    some districts they are not the crow's.
    """
    rows = tables(city)
    known = [
        p
        for p in places.places(rows["lieux"])
        if p.kind == "pharmacie" and open_places.status(p, START).state == "open"
    ]
    goals = [(p.lon, p.lat) for p in known]
    differ = 0
    for district in (
        "rue du Four",
        "quai de l’Ansonne",
        "rue des Tanneurs",
        "avenue de la Gare",
        "chemin des Vignes",
    ):
        blocks = said(site, lieu=district)
        shown = table(blocks, "Ouverts")
        spot = next(m for b in blocks if b["kind"] == "map" for m in b["marks"] if m["shape"] == "line")[
            "coordinates"
        ][0]
        all_walks = walking.walks(
            rows["rues"], True, (spot[0], spot[1]), goals, np.ones(len(goals), dtype=bool), len(goals)
        )
        crow = walking.walks(None, True, (spot[0], spot[1]), goals, np.ones(len(goals), dtype=bool), 5)
        assert all(w.by_streets for w in all_walks)
        still = [
            w
            for w in all_walks
            if open_places.status(known[w.index], START + timedelta(seconds=w.metres / 1.25)).state == "open"
        ][:5]
        assert [(r["adresse"]) for r in shown] == [known[w.index].address for w in still]
        assert [r["metres"] for r in shown] == sorted(r["metres"] for r in shown)
        assert all(w.metres >= c.metres - 1 for w, c in zip(all_walks, crow, strict=False))
        differ += [w.index for w in still] != [c.index for c in crow]
        assert blocks[0]["tone"] == "ok"
        assert shown[0]["nom"] in blocks[0]["text"]
    assert differ >= 1, "the river makes a difference somewhere"


def test_hours_in_words_are_understood_and_unreadable_ones_are_shown(site: TestClient) -> None:
    """The two planted pharmacies: one is open like the others, the other is in no list of open places but in
    that of the texts not understood.
    """
    every = everywhere()
    words, unread = every[lieux_soins.IN_WORDS - 1], every[lieux_soins.UNREADABLE - 1]
    blocks = said(site)
    opened = [r["adresse"] for r in table(blocks, "Ouverts, par nom")]
    assert words[4] in opened
    assert unread[4] not in opened
    assert [r["horaires"] for r in table(blocks, "Horaires que nous")] == ["voir affichage sur la porte"]


def test_hours_are_told_by_their_days_never_by_their_grammar(site: TestClient) -> None:
    """Of the nearest place, seven rows; of each in the list, one cell, in the reader's language."""
    days = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
    blocks = said(site, lieu="rue du Four")
    nearest = table(blocks, "Les sept jours qui viennent : ")
    assert len({row["jour"].split()[0] for row in nearest} & set(days)) == 7
    cells = [row["horaires"] for row in table(blocks, "Ouverts")]
    assert len(cells) == 5
    for cell in cells:
        assert cell.startswith(("tous les jours : ", *days)), cell
        assert not re.search(r"\b(Mo|Tu|We|Th|Fr|Sa|Su|PH|SH|off)\b|\d:\d\d", cell), cell
    english = site.get("/en/services/soins.json", params={"lieu": "rue du Four"}).json()["blocks"]
    for cell in (row["horaires"] for row in table(english, "Open, nearest first")):
        assert re.match(r"every day: |(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day", cell), cell
        assert " ;" not in cell
        assert " :" not in cell


def test_duty_comes_from_the_rota_alone(site: TestClient, clock: Clock, tmp_path: Path) -> None:
    """At 23:00 the one on duty is named with the number to call; without a rota nobody is inferred to be on
    duty, and 3237 is said.
    """
    blocks = said(site, lieu="rue du Four", heure="23:00")
    assert blocks[0]["text"].startswith("De garde : ")
    assert "3237" in blocks[0]["note"]
    assert len(table(blocks, "Ouverts")) == 1
    bare = carecity.build(tmp_path / "bare", clock, without=("pharmacies-garde.csv",))
    night = said(TestClient(create_app(bare)), lieu="rue du Four", heure="23:00")
    bare.db.close()
    assert night[0]["text"].startswith("En partant à 23\u00a0h\u00a000, rien n’est ouvert à votre arrivée")
    assert "26 novembre 2026" in night[0]["text"]
    assert any("3237" in b["text"] for b in night if b["kind"] == "said")


def test_a_pharmacy_across_the_border_keeps_its_own_holidays(clock: Clock, tmp_path: Path) -> None:
    """26 December: « PH off » is open here and closed in Germany; where only a part of the country keeps a
    day and nobody says which, it is in no list of open places.
    """
    made = carecity.build(tmp_path / "border", clock)
    site = TestClient(create_app(made))
    head, *rows = csv.reader(io.StringIO(lieux_soins.FILE.write(world.build())[0].decode()))
    at = {name: i for i, name in enumerate(head)}
    model = next(r for r in rows if r[at["type"]] == "pharmacie")
    lines = [[*head, "pays"], *([*r, ""] for r in rows)]
    for number, (country, code) in enumerate(
        (("DE-BW", "99109"), ("", "99109"), ("", "67482"), ("", "34172")), 1
    ):
        row = list(model)
        row[at["id"]], row[at["nom"]], row[at["code_insee"]], row[at["horaires"]] = (
            f"X-{number}",
            f"Rive {number}",
            code,
            "Mo-Su 09:00-18:00; PH off",
        )
        lines.append([*row, country])
    out = io.StringIO()
    csv.writer(out).writerows(lines)
    carecity.publish(made, tmp_path, lieux_soins.FILE, out.getvalue().encode())
    service_runs.refresh(made)
    opened: dict[str, set[str]] = {}
    for day in ("2026-12-26", "2027-01-06", "2027-01-07"):
        clock.at = datetime.fromisoformat(f"{day}T10:00:00+00:00")
        opened[day] = {r["nom"] for r in table(said(site), "Ouverts, par nom") if r["nom"].startswith("Rive")}
    made.db.close()
    assert opened == {
        "2026-12-26": {"Rive 4"},
        "2027-01-06": {"Rive 3", "Rive 4"},
        "2027-01-07": {"Rive 1", "Rive 2", "Rive 3", "Rive 4"},
    }


def test_a_name_within_another_is_not_the_pharmacy_on_duty(city: City) -> None:
    """Nobody is sent at night to « Port » for « Portail », nor to number 1 for number 11; accents and dashes
    do not matter.
    """
    first = next(p for p in places.places(tables(city)["lieux"]) if p.kind == "pharmacie")
    port, long, one, eleven = (
        replace(first, id=i, name=n, address=a)
        for i, n, a in (
            ("a", "Pharmacie du Port", "2 quai"),
            ("b", "Pharmacie du Port-Neuf", "3 quai"),
            ("c", "Pharmacie Roux", "1 rue X"),
            ("d", "Pharmacie Roux", "11 rue X"),
        )
    )
    table_ = pa.table(
        {
            "summary": [
                "PHARMACIE DU PORT",
                "Pharmacie du Portail",
                "pharmacie du Port Neuf (garde)",
                "Pharmacie Roux, 11 rue X",
                "Pharmacie Roux",
            ],
            "dtstart": [f"2026-11-{n}T20:00:00+01:00" for n in range(10, 15)],
            "dtend": [f"2026-11-{n}T22:00:00+01:00" for n in range(10, 15)],
            "uid_ics": list("12345"),
        }
    )
    found = rota.duties(table_, [port, long, one, eleven], datetime(2026, 11, 12, tzinfo=UTC))
    assert [d.place for d in found] == ["a", "", "b", "d", ""]


def test_a_rota_may_be_a_calendar_file(city: City, tmp_path: Path) -> None:
    """Weekly nights with an exception, read by our own iCalendar reader: the pharmacy by its name and
    address, by its id; one that nobody knows is told.
    """
    known = [p for p in places.places(tables(city)["lieux"]) if p.kind == "pharmacie"]
    one, two = known[0], known[7]
    ics = tmp_path / "garde.ics"
    events = [
        (
            "w",
            f"Garde : {one.name}, {one.address}",
            "20261102T200000",
            "RRULE:FREQ=WEEKLY;BYDAY=MO\r\nEXDATE;TZID=Europe/Paris:20261116T200000\r\n",
        ),
        ("x", two.id, "20261116T200000", ""),
        ("y", "Pharmacie d’ailleurs", "20261117T200000", ""),
    ]
    body = "".join(
        f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20261101T000000Z\r\nDTSTART;TZID=Europe/Paris:{start}\r\nDURATION:PT12H\r\n{rule}SUMMARY:{said.replace(',', chr(92) + ',')}\r\nEND:VEVENT\r\n"
        for uid, said, start, rule in events
    )
    ics.write_bytes(f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{body}END:VCALENDAR\r\n".encode())
    (read_,) = readers.read(ics, Workspace(tmp_path / "spool")).tables
    assert isinstance(read_.scan, ParquetScan)
    raw = pq.read_table(read_.scan.path)
    table_ = raw.select(range(len(read_.columns))).rename_columns([c.name for c in read_.columns])
    duties = rota.duties(table_, known, datetime(2026, 11, 20, tzinfo=UTC))
    by = {(d.begin.isoformat(), d.place) for d in duties}
    assert ("2026-11-09T19:00:00+00:00", one.id) in by
    assert ("2026-11-16T19:00:00+00:00", one.id) not in by
    assert ("2026-11-16T19:00:00+00:00", two.id) in by
    assert list(rota.on_duty(duties, datetime(2026, 11, 24, 3, tzinfo=UTC))) == [one.id]
    assert [d.said for d in rota.unknown(duties, datetime(2026, 11, 17, 22, tzinfo=UTC))] == [
        "Pharmacie d’ailleurs"
    ]
    assert rota.covered(duties, datetime(2026, 11, 20, tzinfo=UTC))
    assert not rota.covered(duties, datetime(2026, 10, 1, tzinfo=UTC))


def test_without_a_network_distances_are_said_to_be_straight(clock: Clock, tmp_path: Path) -> None:
    """Never a straight line passed off as a walk."""
    bare = carecity.build(tmp_path / "bare", clock, without=("troncons.geojson",))
    blocks = said(TestClient(create_app(bare)), lieu="rue du Four")
    bare.db.close()
    assert any("vol d’oiseau" in b["text"] for b in blocks if b["kind"] == "said")
    assert not any(m["shape"] == "line" for b in blocks if b["kind"] == "map" for m in b["marks"])


def test_who_needs_it_is_sent_where_it_is(site: TestClient) -> None:
    """Wheelchair and language: none that lacks them, and fewer than without asking."""
    every = table(said(site), "Ouverts")
    for asked, column, wanted in (
        ({"fauteuil": "oui"}, "fauteuil", "oui"),
        ({"langue": "fsl"}, "langues", "langue des signes française"),
    ):
        some = table(said(site, **asked), "Ouverts")
        assert 0 < len(some) < len(every)
        assert all(wanted in r[column] for r in some)


def test_a_door_that_closes_before_one_gets_there_is_not_proposed(site: TestClient) -> None:
    """At 12:25, on foot from the centre: all that are shown are open at the minute of arrival, and some that
    are open now are not among them.
    """
    blocks = said(site, lieu="rue du Four", heure="12:25", pas="lent")
    at = datetime(2026, 11, 25, 12, 25)  # noqa: DTZ001
    for row in table(blocks, "Ouverts"):
        state, _ = evaluation.state(
            reading.read(row["horaires"]),
            at + timedelta(minutes=row["minutes"]),
            evaluation.Local(territory.holidays("34")),
        )
        assert state == "open", row
    soon = [
        r for r in table(said(site, heure="12:25"), "Ouverts") if r["jusque"].startswith("12\u00a0h\u00a030")
    ]
    assert soon


def test_when_all_close_before_one_gets_there_the_next_opening_is_told(site: TestClient) -> None:
    """At 19:52 some pharmacies are open for eight minutes more and those on duty begin at 20:00: never « next
    opening: now » at a door that closes on the way.
    """
    blocks = said(site, lieu="rue du Four", heure="19:52", quoi="laboratoire")
    assert blocks[0]["text"].startswith("En partant à 19\u00a0h\u00a052, rien n’est ouvert à votre arrivée")
    assert "26 novembre 2026, 7\u00a0h\u00a000" in blocks[0]["text"]
    evening = said(site, lieu="rue du Four", heure="19:52")
    assert "19\u00a0h\u00a052." not in evening[0]["text"]
    for row in table(evening, "Ouverts"):
        if "garde" not in row["etat"]:
            arrival = datetime(2026, 11, 25, 19, 52) + timedelta(minutes=row["minutes"])  # noqa: DTZ001
            assert (
                evaluation.state(
                    reading.read(row["horaires"]), arrival, evaluation.Local(territory.holidays("34"))
                )[0]
                == "open"
            )


def test_campaigns_and_advice_have_their_day_and_source(site: TestClient) -> None:
    """Sessions to come only; advice by season, age and the level published, each with who says so."""
    blocks = said(site, lieu="rue du Four")
    sessions = table(blocks, "Séances")
    assert 0 < len(sessions) <= 8
    advised = next(b for b in blocks if b["kind"] == "points" and b["title"].startswith("Conseils"))
    assert any(
        "vaccin contre la grippe" in p["text"] and p["text"].endswith("(femmes enceintes, 65 ans et plus)")
        for p in advised["points"]
    )
    assert any("La grippe circule" in p["text"] for p in advised["points"])
    assert all(p["source"] for p in advised["points"])
    levels = next(b for b in blocks if b["kind"] == "points" and b["title"].startswith("Niveaux"))
    assert any(p["text"].startswith("grippe : ") and p["source"] for p in levels["points"])
    assert any(
        "/services/soins/vaccins" in p["url"] for b in blocks if b["kind"] == "points" for p in b["points"]
    )


def test_rules_of_advice_hold_only_where_they_say() -> None:
    """Every rule: for its ages, its months, from its level on; never without its indicator."""
    assert len(advice.rules()) >= 10
    for rule in advice.rules():
        assert rule.ages <= set(advice.AGES)
        day = date(2026, min(rule.months) if rule.months else 5, 15)
        level = [Level(rule.indicator, rule.level, "", "")] if rule.indicator else []
        assert rule in advice.advised(day, level)
        if rule.indicator:
            assert rule not in advice.advised(day, [])
            assert rule not in advice.advised(day, [Level(rule.indicator, rule.level - 1, "", "")])
        if rule.months:
            outside = next(m for m in range(1, 13) if m not in rule.months)
            assert rule not in advice.advised(date(2026, outside, 15), level)


def test_a_level_counts_on_its_days_only() -> None:
    rows = pa.table(
        {
            "indicateur": ["grippe"],
            "niveau": [2],
            "libelle": ["épidémie"],
            "source": ["x"],
            "debut": [date(2026, 11, 23)],
            "fin": [date(2026, 11, 29)],
        }
    )
    assert [lv.level for lv in advice.levels(rows, date(2026, 11, 29))] == [2]
    assert advice.levels(rows, date(2026, 11, 30)) == []


def test_the_citys_own_index_of_the_air_counts_too() -> None:
    """The worst zone of the day; another day's index, or an unknown one, says nothing; beside a published
    level the worse one holds.
    """
    rows = pa.table(
        {
            "date_ech": [date(2026, 11, 25), date(2026, 11, 25), date(2026, 11, 26)],
            "code_qual": [2, 4, 6],
            "lib_qual": ["Moyen", "Mauvais", "Extrêmement mauvais"],
        }
    )
    (level,) = advice.of_air(rows, date(2026, 11, 25))
    assert (level.level, level.label) == (3, "Mauvais")
    assert advice.of_air(rows, date(2026, 11, 24)) == []
    assert (
        advice.of_air(
            pa.table({"date_ech": [date(2026, 11, 25)], "code_qual": [0], "lib_qual": ["Absent"]}),
            date(2026, 11, 25),
        )
        == []
    )
    low = Level("air", 0, "bon", "x")
    assert [r.text for r in advice.advised(date(2026, 5, 25), [low])] == []
    assert any("Air" in r.text for r in advice.advised(date(2026, 5, 25), [level, low]))


def test_two_weeks_of_opening_are_published_with_their_lineage(city: City) -> None:
    """Each stretch is what the grammar says; unread texts and duties are there as such; the version comes
    from the two inputs.
    """
    with city.db.read() as conn:
        made = versions.served(conn, "ouvertures-soins/ouvertures", PUBLIC)
        read_ = [
            versions.served(conn, name, PUBLIC)
            for name in ("lieux-soins/lieux-soins", "pharmacies-garde/pharmacies-garde")
        ]
        assert made is not None
        assert {v.digest for v in read_ if v} == {
            d for r in runs.producing(conn, made.digest) for d in r.inputs
        }
    rows = compute.work({k: v for k, v in tables(city).items() if k in ("lieux", "garde")}, START)[
        "ouvertures"
    ].to_pylist()
    states = {r["etat"] for r in rows}
    assert states == {open_places.OPEN, open_places.UNREAD, compute.DUTY}
    one = everywhere()[0]
    mine = [(r["debut"], r["fin"]) for r in rows if r["id_lieu"] == one[0] and r["etat"] == open_places.OPEN]
    begin = datetime(2026, 11, 25)  # noqa: DTZ001
    expected = evaluation.intervals(
        reading.read(one[9]),
        begin,
        begin + timedelta(days=compute.DAYS),
        evaluation.Local(territory.holidays("34")),
    )
    zone = territory.clock("34")
    assert mine == [(i.begin.replace(tzinfo=zone), i.end.replace(tzinfo=zone)) for i in expected]


def test_nobody_is_asked_who_they_are() -> None:
    """The questions of the form are about a place, an hour and a door: an age, a pregnancy or an illness is
    never sent to have advice.
    """
    assert [ask.name for ask in SERVICE.asks] == ["lieu", "quoi", "heure", "pas", "fauteuil", "langue"]
    english = language("en").of(SERVICE.name)
    assert [t for t in advice.AGES.values() if not english.knows(t)] == []


def test_every_sentence_has_its_english() -> None:
    """Of the declaration, and every literal that the answer says."""
    folder = Path(str(soins.__file__)).parent
    spoken = [
        node.args[0].value
        for file in folder.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "say"
        and isinstance(node.args[0], ast.Constant)
    ]
    assert len(spoken) > 30
    english = language("en").of(SERVICE.name)
    assert [t for t in (*texts(SERVICE), *spoken) if not english.knows(str(t))] == []


def test_the_page_speaks_english(site: TestClient) -> None:
    page = site.get("/en/services/soins", params={"lieu": "rue du Four"}).text
    assert "What is open now, near me, on foot?" in page
    assert "min on foot" in page


def test_clock_and_calendar_of_a_place() -> None:
    """By its commune: zones of metropolitan France all known, once each; what is not known says so."""
    mainland = {f"{n:02d}" for n in range(1, 96) if n != 20}
    assert {dep for dep in mainland if territory.school_zone(dep)} == mainland
    assert territory.holidays("2A").name("SH", date(2026, 11, 25)) is None
    assert territory.holidays("34").name("SH", date(2028, 9, 1)) is None
    assert territory.holidays("34").name("SH", date(2027, 2, 10)) == "Vacances d’hiver"
    assert territory.holidays("69").name("SH", date(2027, 2, 10)) == ""
    assert str(territory.clock(territory.departement("97411"))) == "Indian/Reunion"
    assert (
        open_places.status(
            places.places(
                pa.table(
                    {
                        "id": ["x"],
                        "nom": ["x"],
                        "type": ["pharmacie"],
                        "horaires": ["Mo-Su 08:00-12:00"],
                        "code_insee": ["97411"],
                        "lat": [-20.9],
                        "lon": [55.4],
                    }
                )
            )[0],
            datetime(2026, 11, 25, 5, tzinfo=UTC),
        ).state
        == "open"
    )


@pytest.mark.shared
def test_school_holidays_are_those_of_the_official_days(shared: Path) -> None:
    """Every day of the three zones, from the first to the last that our file says it knows."""
    rows = list(
        csv.DictReader(
            io.StringIO((shared / "data/culture/school_holidays_fr.csv").read_text(encoding="utf-8"))
        )
    )
    wrong, seen = 0, 0
    for zone, dep in (("a", "69"), ("b", "35"), ("c", "34")):
        for row in rows:
            name = territory.holidays(dep).name("SH", date.fromisoformat(row["date"]))
            if name is None:
                continue
            seen += 1
            wrong += (name != "") != (row[f"vacances_zone_{zone}"] == "True")
    assert seen > 4000
    assert wrong == 0


def test_a_place_without_position_or_with_a_broken_one_is_left_out() -> None:
    """Nobody can be sent there; the others stay."""
    rows = pa.table(
        {
            "id": ["a", "b", "c"],
            "nom": ["A", "B", "C"],
            "type": ["pharmacie"] * 3,
            "horaires": ["24/7", "", "24/7"],
            "lat": [43.6, None, 4360.0],
            "lon": [3.8, 3.8, 3.8],
        }
    )
    assert [p.id for p in places.places(rows)] == ["a"]


def test_a_far_place_is_measured_straight_and_stairs_are_avoided() -> None:
    """A goal off the network keeps its place in the list; stairs are not taken by who cannot."""
    import shapely

    lines = [
        shapely.LineString([(3.80, 43.60), (3.81, 43.60)]),
        shapely.LineString([(3.80, 43.60), (3.80, 43.601)]),
        shapely.LineString([(3.80, 43.601), (3.81, 43.601)]),
        shapely.LineString([(3.81, 43.60), (3.81, 43.601)]),
    ]
    streets = pa.table({"_shape": shapely.to_wkb(lines), "marches": [False, False, False, True]})
    goals = [(3.81, 43.601), (3.90, 43.70)]
    wanted = np.array([True, True])
    origin = (3.81, 43.60)
    by_stairs = walking.walks(streets, True, origin, goals, wanted, 2)
    around = walking.walks(streets, False, origin, goals, wanted, 2)
    assert by_stairs[0].metres == pytest.approx(111, abs=1)
    assert around[0].metres == pytest.approx(2 * 807.6 + 111, abs=4)
    assert [(w.index, w.by_streets) for w in around] == [(0, True), (1, False)]
    assert (
        walking.walks(pa.table({"_shape": pa.array([], pa.binary())}), True, origin, goals, wanted, 1)[
            0
        ].by_streets
        is False
    )


def test_the_day_of_the_last_look_is_written_as_people_write_days(site: TestClient) -> None:
    for prefix, form in (
        ("", r"(1er|[0-9]{1,2}) \w+ 20[0-9]{2}"),
        ("/en", r"[0-9]{1,2} [A-Z][a-z]+ 20[0-9]{2}"),
    ):
        blocks = site.get(f"{prefix}/services/soins.json", params={"lieu": "rue du Four"}).json()["blocks"]
        days = [row["verifie"] for b in blocks for row in b.get("rows", ()) if row.get("verifie")]
        assert days
        assert [day for day in days if not re.fullmatch(form, day.replace("\u00a0", " "))] == []
