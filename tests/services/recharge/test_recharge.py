"""Charging points: the national files read, states believed while they are fresh, and the answer in both languages;
nothing is green that nobody said to be free.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from parvis.core.arrow import arrow_table
from parvis.core.errors import Unreadable
from parvis.core.language import language
from parvis.core.types import POINT, Column, Schema
from parvis.demo import charging, world
from parvis.services.answers import Asked, Blocks, Map, Rows, Said, Spot
from parvis.services.recharge.answer import answer
from parvis.services.recharge.batch import batch
from parvis.services.recharge.service import SERVICE
from parvis.services.recharge.stations import OLD_FEED, OLD_POINT, is_open, latest, now_of, stations, work

NOON = datetime(2026, 12, 1, 11, 0, tzinfo=UTC)  # a Tuesday, noon in Paris
PARIS = ZoneInfo("Europe/Paris")
TOWN = Schema(
    "irve",
    "1",
    (
        *(Column(n) for n in ("id_station_itinerance", "nom_station", "nom_enseigne", "adresse_station", "id_pdc_itinerance", "tarification", "condition_acces", "horaires")),
        Column("puissance_nominale", "number"),
        *(Column(n, "boolean") for n in ("prise_type_2", "prise_type_combo_ccs", "prise_type_ef", "gratuit", "station_deux_roues")),
    ),
    geometry="point",
)  # fmt: skip
HEAD = "id_pdc_itinerance,etat_pdc,occupation_pdc,horodatage,etat_prise_type_2,etat_prise_type_combo_ccs,etat_prise_type_chademo,etat_prise_type_ef\n"
FREE, TAKEN, OUT = ("en_service", "libre"), ("en_service", "occupe"), ("hors_service", "inconnu")


def point(station: str, number: int, east: float, **more: object) -> dict[str, object]:
    return {
        "id_station_itinerance": f"FR340P{station}", "nom_station": f"Station {station}", "adresse_station": "1 rue Haute", "horaires": "24/7",
        "id_pdc_itinerance": f"FR340E{station}{number}", "puissance_nominale": 22.0, "prise_type_2": True, "condition_acces": "Accès libre",
        POINT: {"lon": 3.74 + east, "lat": 43.73}, **more,
    }  # fmt: skip


def said(*rows: tuple[str, tuple[str, str], timedelta]) -> pa.Table:
    """(point, state and occupation, age)."""
    lines = [f"FR340E{p},{s},{o},{(NOON - age).isoformat()},,,," for p, (s, o), age in rows]
    return batch((HEAD + "\n".join(lines)).encode(), NOON).table


HERE, NOW = Spot("Gare", 3.74, 43.73), timedelta(minutes=2)
POINTS = arrow_table(
    TOWN, [point("A", 1, 0.001), point("A", 2, 0.001), point("B", 1, 0.003), point("C", 1, 0.005)]
)


def ask(tables: Mapping[str, pa.Table], code: str = "fr", now: datetime = NOON, **values: object) -> Blocks:
    return answer(Asked(values, now, now, language(code).of("recharge")), tables)  # type: ignore[arg-type]


def lead(blocks: Blocks) -> Said:
    first = blocks[0]
    assert isinstance(first, Said)
    return first


def state(now: datetime, *rows: tuple[str, tuple[str, str], timedelta], plug: str = "") -> str:
    (one,) = [s for s in stations(POINTS) if s.id == "FR340PA"]
    return now_of(one, one.points, latest(said(*rows)), plug, now, PARIS).state


# --- the national files -------------------------------------------------------------------------------------


def test_the_example_of_the_national_schema_is_read(shared: Path) -> None:
    """Its example has a stamp « +0000 », which ISO 8601 lets stand."""
    document = (shared / "standards/etalab/schema-irve/dynamique/exemple-valide-dynamique.csv").read_bytes()
    got = batch(document, NOON)
    assert {r["id_pdc_itinerance"] for r in got.table.to_pylist()} >= {"FRA68P68021001"}
    assert got.at == datetime(2022, 10, 18, 12, 35, 49, tzinfo=UTC)


def test_the_latest_word_of_a_point_counts_and_what_the_schema_does_not_know_is_unknown() -> None:
    rows = [
        f"FR340EA1,en_service,libre,{(NOON - NOW * 2).isoformat()},,,,",
        f"fr*340*ea1,en_service,occupe,{(NOON - NOW).isoformat()},,,,",
        f"FR340EA2,maintenance,libre,{(NOON - NOW).isoformat()},,,,",
        f"Non concerné,en_service,libre,{NOON.isoformat()},,,,",
        "FR340EA3,en_service,libre,2026-12-01T12:00:00,,,,",
        f"FR340EA4,en_service,libre,{(NOON + timedelta(days=365)).isoformat()},,,,",
    ]
    got = batch(("\ufeff" + HEAD.replace(",", ";") + "\n".join(rows).replace(",", ";")).encode(), NOON)
    states = {r["id_pdc_itinerance"]: (r["etat_pdc"], r["occupation_pdc"]) for r in got.table.to_pylist()}
    assert states == {"FR340EA1": ("en_service", "occupe"), "FR340EA2": ("inconnu", "libre")}
    assert got.at == NOON - NOW, "a date to come is none, and holds no later answer back"


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"<html>",
        b"\xff\xfe\x00",
        b"a,b\n1,2\n",
        HEAD.encode(),
        HEAD.encode() + b"X,en_service,libre,hier,,,,\n",
    ],
)
def test_what_is_no_national_file_is_refused_in_words(document: bytes) -> None:
    with pytest.raises(Unreadable):
        batch(document, NOON)


def test_points_of_a_station_stand_together_also_where_it_has_no_identifier() -> None:
    rows = [
        point("A", 1, 0), point("A", 2, 0), point("A", 2, 0), point("V", 1, 0, station_deux_roues=True), point("W", 1, 0) | {POINT: None},
        point("X", 1, 0, id_station_itinerance="Non concerné", puissance_nominale=22000.0), point("X", 2, 0, id_station_itinerance="Non concerné"),
        point("Y", 1, 0, id_station_itinerance="Non concerné"),
    ]  # fmt: skip
    got = {s.name: s for s in stations(arrow_table(TOWN, rows))}
    assert {n: len(s.points) for n, s in got.items()} == {"Station A": 2, "Station X": 2, "Station Y": 1}
    assert max(p.power for p in got["Station X"].points) == 22.0, "watts in the place of kilowatts"


def test_the_published_stations_are_in_their_schema() -> None:
    made = work({"points": POINTS}, NOON)["stations"]
    (output,) = SERVICE.outputs.values()
    assert set(made.column_names) - {POINT} == {c.name for c in output.schema.columns}
    first = made.to_pylist()[0]
    assert (first["nom"], first["points"], first["prises"]) == ("Station A", 2, "type 2")


# --- what is believed ---------------------------------------------------------------------------------------


def test_a_station_is_what_its_points_are() -> None:
    assert state(NOON, ("A1", FREE, NOW), ("A2", TAKEN, NOW)) == "libre"
    assert state(NOON, ("A1", TAKEN, NOW), ("A2", ("en_service", "reserve"), NOW)) == "occupé"
    assert state(NOON, ("A1", TAKEN, NOW), ("A2", OUT, NOW)) == "occupé"
    assert state(NOON, ("A1", OUT, NOW), ("A2", OUT, NOW)) == "hors service"
    assert state(NOON, ("A1", TAKEN, NOW)) == "sans nouvelles", "nothing is known of the other point"
    assert (
        state(NOON, ("A1", ("inconnu", "libre"), NOW), ("A2", ("en_service", "inconnu"), NOW))
        == "sans nouvelles"
    )
    assert state(NOON, ("B1", FREE, NOW)) == "non dit"


def test_a_plug_that_is_out_of_order_takes_its_point_with_it() -> None:
    row = f"FR340EA1,en_service,libre,{NOON.isoformat()},hors_service,,,\nFR340EA2,en_service,occupe,{NOON.isoformat()},,,,"
    (one,) = [s for s in stations(POINTS) if s.id == "FR340PA"]
    states = latest(batch((HEAD + row).encode(), NOON).table)
    assert now_of(one, one.points, states, "2", NOON, PARIS).state == "occupé"
    assert now_of(one, one.points, states, "", NOON, PARIS).state == "libre"


def test_what_is_old_says_nothing_of_now() -> None:
    assert state(NOON + OLD_FEED, ("A1", FREE, NOW), ("A2", FREE, NOW)) == "sans nouvelles", (
        "the whole feed stands still"
    )
    assert state(NOON, ("A1", FREE, OLD_POINT * 2), ("A2", TAKEN, NOW)) == "sans nouvelles", "the point alone"
    assert state(NOON, ("A1", FREE, timedelta(hours=6)), ("A2", TAKEN, NOW)) == "libre", (
        "a stamp is that of a change"
    )


def test_hours_close_a_station_and_unread_ones_do_not() -> None:
    assert is_open("24/7", NOON, PARIS) is True
    assert is_open("Mo-Fr 07:00-20:00", NOON, PARIS) is True
    assert is_open("Mo-Fr 07:00-20:00", NOON + timedelta(days=5), PARIS) is False, "a Sunday"
    assert is_open("Mo-Fr 07:00-20:00", NOON + timedelta(hours=9), PARIS) is False, "in the evening"
    assert is_open("", NOON, PARIS) is None
    shut = arrow_table(TOWN, [point("A", 1, 0.001, horaires="Sa 08:00-12:00")])
    assert (
        "fermée à cette heure"
        in lead(ask({"points": shut, "etats": said(("A1", FREE, NOW))}, lieu=HERE)).text
    )


# --- the answer ---------------------------------------------------------------------------------------------


def test_the_nearest_free_one_is_said_with_its_moment_and_why_no_nearer_one() -> None:
    blocks = ask(
        {"points": POINTS, "etats": said(("A1", TAKEN, NOW), ("A2", TAKEN, NOW), ("B1", FREE, NOW))},
        lieu=HERE,
    )
    first = lead(blocks)
    assert "« Station B »" in first.text
    assert "1 point libre sur 1, jusqu’à 22 kW" in first.text
    assert (first.tone, first.dated) == ("ok", NOON - NOW)
    assert "« Station A », plus près : occupée." in first.note
    rows, drawn = blocks[1], blocks[2]
    assert isinstance(rows, Rows)
    assert isinstance(drawn, Map)
    assert (
        [r["nom"] for r in rows.rows]
        == [m.label for m in drawn.marks]
        == ["Station A", "Station B", "Station C"]
    )
    assert [m.tone for m in drawn.marks] == ["bad", "ok", ""]


def test_a_free_point_that_has_said_nothing_for_hours_is_told_so() -> None:
    first = lead(
        ask(
            {
                "points": POINTS,
                "etats": said(
                    ("A1", FREE, timedelta(hours=6)), ("A2", TAKEN, timedelta(hours=6)), ("B1", TAKEN, NOW)
                ),
            },
            lieu=HERE,
        )
    )
    assert first.note.startswith("Rien n’y a changé depuis 6 h 00.".replace(" h ", "\u00a0h\u00a0"))


@pytest.mark.parametrize(
    "tables",
    [{}, {"etats": said(("A1", FREE, OLD_FEED * 2), ("B1", FREE, OLD_FEED * 2))}],
    ids=["nobody says", "old"],
)
def test_nothing_is_green_that_is_not_said_just_now(tables: dict[str, pa.Table]) -> None:
    for values in ({}, {"lieu": HERE}):
        blocks = ask({"points": POINTS, **tables}, **values)
        first = lead(blocks)
        assert first.tone == ""
        assert "on ne sait plus" in first.text or "personne ne dit" in first.text
        assert all(m.tone == "" for b in blocks if isinstance(b, Map) for m in b.marks)


def test_all_are_taken() -> None:
    taken = said(*((p, TAKEN, NOW) for p in ("A1", "A2", "B1", "C1")))
    first = lead(ask({"points": POINTS, "etats": taken}, lieu=HERE))
    assert (first.tone, "« Station A », la plus proche, est occupée" in first.text) == ("bad", True)


def test_what_is_asked_for_is_held_to() -> None:
    rows = [
        point("A", 1, 0.001), point("B", 1, 0.002, prise_type_2=False, prise_type_combo_ccs=True, puissance_nominale=150.0),
        point("C", 1, 0.003, gratuit=True), point("D", 1, 0.004, condition_acces="Accès réservé"),
    ]  # fmt: skip
    tables = {"points": arrow_table(TOWN, rows)}
    names = {
        k: [r["nom"] for b in ask(tables, **v) if isinstance(b, Rows) for r in b.rows]
        for k, v in {"all": {}, "plug": {"prise": "combo_ccs"}, "fast": {"puissance": "50"}, "free": {"gratuit": True}}.items()
    }  # fmt: skip
    assert names == {
        "all": ["Station A", "Station B", "Station C"],
        "plug": ["Station B"],
        "fast": ["Station B"],
        "free": ["Station C"],
    }
    assert lead(ask(tables, prise="chademo")).tone == "warn"


def test_far_from_all_the_nearest_is_named_all_the_same() -> None:
    first = lead(ask({"points": POINTS, "etats": said(("A1", FREE, NOW))}, lieu=Spot("", 3.9, 43.73)))
    assert first.tone == "warn"
    assert "« Station C », est à" in first.text


def test_the_answer_speaks_english() -> None:
    blocks = ask({"points": POINTS, "etats": said(("A1", FREE, NOW), ("A2", TAKEN, NOW))}, "en", lieu=HERE)
    assert lead(blocks).text == "At “Station A”, 1 min on foot: 1 point free out of 2, up to 22 kW."
    rows = blocks[1]
    assert isinstance(rows, Rows)
    assert [c.title for c in rows.columns][:3] == ["Station", "On foot", "State"]


@pytest.mark.parametrize("hour", [2, 11, 20])
def test_the_demo_has_a_broken_station_a_mute_one_and_an_absent_one(hour: int) -> None:
    drawn, now = world.build(), NOON.replace(hour=hour)
    states = latest(batch(charging.document(drawn, now), now).table)
    known = charging.stations(drawn)

    def of(number: int) -> list[Mapping[str, object]]:
        return [states[p] for p in known[number].points if p in states]

    assert {r["etat_pdc"] for r in of(charging.BROKEN)} == {"hors_service"}
    assert all(now - r["horodatage"] > OLD_POINT for r in of(charging.MUTE))  # type: ignore[operator]
    assert of(charging.ABSENT) == []
    assert len(of(charging.AHEAD)) == len(known[charging.AHEAD].points) - 1
    assert now - max(r["horodatage"] for r in states.values()) <= OLD_FEED, "its feed moves on, at night too"
