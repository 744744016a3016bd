"""Car parks: feeds read as towns write them, counts believed while they are fresh and possible, and the answer in both
languages; nothing is green that nobody counted just now.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import orjson
import pyarrow as pa
import pytest

from parvis.core.arrow import arrow_table
from parvis.core.errors import Unreadable
from parvis.core.language import language
from parvis.core.types import POINT, Column, Schema
from parvis.demo import parking, world
from parvis.services.answers import Asked, Blocks, Map, Rows, Said, Spot
from parvis.services.stationnement.answer import answer
from parvis.services.stationnement.batch import batch, empty
from parvis.services.stationnement.parks import OLD, parks, state, work
from parvis.services.stationnement.service import SERVICE

NOON = datetime(2026, 12, 1, 11, 0, tzinfo=UTC)  # a Tuesday, noon in Paris
TOWN = Schema(
    "stationnement",
    "1",
    (
        *(Column(n) for n in ("id", "nom", "adresse", "type_usagers", "hauteur_max", "info")),
        *(Column(n, "integer") for n in ("nb_places", "nb_pmr", "nb_voitures_electriques")),
        Column("gratuit", "boolean"),
        Column("tarif_1h", "number"),
    ),
    geometry="point",
)


def park(number: int, name: str, east: float, **more: object) -> dict[str, object]:
    return {
        "id": f"34990-P-{number:03d}", "nom": name, "type_usagers": "tous", "hauteur_max": "190", "nb_places": 100, "nb_pmr": 2,
        "gratuit": False, "tarif_1h": 1.4, POINT: {"lon": 3.74 + east, "lat": 43.73}, **more,
    }  # fmt: skip


def table(*rows: Mapping[str, object]) -> pa.Table:
    return arrow_table(TOWN, rows)


def counted(*rows: tuple[str, int, timedelta]) -> pa.Table:
    """(identifier, free places, age of the count)."""
    records = [
        {"id": i, "libres": n, "total": 100, "releve_le": (NOON - age).isoformat()} for i, n, age in rows
    ]
    return batch(orjson.dumps(records), NOON).table


HERE = Spot("Gare", 3.74, 43.73)
NOW = timedelta(minutes=2)
THREE = table(park(1, "Parc A", 0.001), park(2, "Parc B", 0.003), park(3, "Parc C", 0.005))


def ask(tables: Mapping[str, pa.Table], code: str = "fr", now: datetime = NOON, **values: object) -> Blocks:
    return answer(Asked(values, now, now, language(code).of("stationnement")), tables)  # type: ignore[arg-type]


def lead(blocks: Blocks) -> Said:
    first = blocks[0]
    assert isinstance(first, Said)
    return first


# --- feeds --------------------------------------------------------------------------------------------------


def test_every_form_that_was_met_is_read_as_it_is_meant() -> None:
    at = "2026-12-01T11:58:00+01:00"
    forms = {
        "entities of NGSI": [
            {"id": "P1", "type": "OffStreetParking", "name": {"value": "Foch"}, "availableSpotNumber": {"value": 12}, "totalSpotNumber": {"value": 40},
             "status": {"value": ["open"]}, "observationDateTime": {"value": {"@type": "DateTime", "@value": at}},
             "location": {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [3.87, 43.61]}}},
        ],
        "plain values of NGSI": [
            {"id": "P1", "name": "Foch", "availableSpotNumber": 12, "totalSpotNumber": 40, "status": "open", "observationDateTime": at,
             "location": {"type": "Point", "coordinates": [3.87, 43.61]}},
        ],
        "Opendatasoft 2": {"results": [
            {"grp_identifiant": "P1", "grp_nom": "Foch", "grp_disponible": 12, "grp_exploitation": 40, "grp_statut": 5, "grp_horodatage": at,
             "location": {"lon": 3.87, "lat": 43.61}},
        ]},
        "Opendatasoft 1": {"records": [
            {"fields": {"key": "P1", "nom": "Foch", "free": 12, "max": 40, "status": "OUVERT", "last_update": at, "geo": [43.61, 3.87]}},
        ]},
        "GeoJSON": {"type": "FeatureCollection", "features": [
            {"type": "Feature", "geometry": {"type": "Point", "coordinates": [3.87, 43.61]},
             "properties": {"ident": "P1", "nom": "Foch", "libres": 12, "total": 40, "etat": "LIBRE", "mdate": at}},
        ]},
    }  # fmt: skip
    for form, body in forms.items():
        got = batch(orjson.dumps(body), NOON)
        (row,) = got.table.to_pylist()
        assert (row["id"], row["nom"], row["libres"], row["total"], row["ouvert"]) == (
            "P1",
            "Foch",
            12,
            40,
            True,
        ), form
        assert row["releve_le"] == row["flux_du"] == got.at == NOON - timedelta(minutes=2), form
        assert row[POINT] == {"lon": 3.87, "lat": 43.61}, form


def test_what_is_not_said_is_not_made_up() -> None:
    body = [
        {"id": 1, "libres": 0},
        {"id": 2, "libres": None},
        {"id": 3, "libres": "NaN"},
        {"libres": 4},
        {"id": 5, "libres": -3, "releve_le": "2027-12-01T00:00:00Z"},
    ]
    rows = {r["id"]: r for r in batch(orjson.dumps(body), NOON).table.to_pylist()}
    assert set(rows) == {"1", "5"}
    assert rows["1"]["total"] is rows["1"]["ouvert"] is rows["1"]["releve_le"] is rows["1"][POINT] is None
    assert rows["5"]["releve_le"] is None, "a date to come is none"
    assert rows["5"]["libres"] == -3, "as the feed says it"


@pytest.mark.parametrize(
    "document",
    [
        b"{",
        b"<html></html>",
        b"[]",
        b'{"message": "too many requests"}',
        b'[{"name": "Foch"}]',
        b"3",
        b'["a"]',
    ],
)
def test_what_is_no_feed_of_parks_is_refused_in_words(document: bytes) -> None:
    with pytest.raises(Unreadable):
        batch(document, NOON)


# --- what is believed ---------------------------------------------------------------------------------------


def test_a_count_is_believed_while_it_is_fresh_and_possible() -> None:
    assert [state(n, 100, None, NOON, NOON) for n in (60, 5, 0, -1, 101)] == [
        "de la place",
        "presque plein",
        "plein",
        "douteux",
        "douteux",
    ]
    assert state(60, 100, False, NOON, NOON) == "fermé"
    assert state(60, None, None, NOON, NOON) == "de la place"
    assert state(60, 100, True, NOON - OLD - timedelta(seconds=1), NOON) == "sans nouvelles"
    assert state(60, 100, True, None, NOON) == "sans nouvelles", "dated by nobody"
    assert state(None, 100, True, NOON, NOON) == "non compté"


def test_a_park_of_the_feed_is_the_town_s_by_identifier_or_by_name_and_one_for_subscribers_is_none() -> None:
    town = table(
        park(1, "Parc du Marché", 0),
        park(2, "Parc Réservé", 0, type_usagers="abonnés"),
        park(3, "Sans place", 0) | {POINT: None},
    )
    feed = [
        {"id": "x-77", "nom": "PARC DU MARCHE", "libres": 9, "releve_le": NOON.isoformat()},
        {"id": "34990-P-002", "nom": "autre nom", "libres": 9, "location": {"lon": 3.74, "lat": 43.73}},
        {"id": "y", "nom": "parc réservé", "libres": 9, "location": {"lon": 3.74, "lat": 43.73}},
        {"id": "z", "nom": "Parc de la région", "libres": 9, "total": 50, "releve_le": NOON.isoformat(), "location": {"lon": 3.75, "lat": 43.73}},
        {"id": "nowhere", "nom": "Nulle part", "libres": 9},
    ]  # fmt: skip
    got = {p.name: p for p in parks(town, batch(orjson.dumps(feed), NOON).table, NOON)}
    assert set(got) == {"Parc du Marché", "Parc de la région"}
    assert (got["Parc du Marché"].left, got["Parc du Marché"].total) == (9, 100)
    assert got["Parc de la région"].state == "de la place"


def test_the_published_parks_are_those_open_to_all_in_their_schema() -> None:
    made = work(
        {
            "parcs": table(
                park(1, "A", 0), park(2, "B", 0, type_usagers="abonnés"), park(3, "C", 0, hauteur_max="N/A")
            )
        },
        NOON,
    )
    (output,) = SERVICE.outputs.values()
    rows = made["ouverts"].to_pylist()
    assert set(made["ouverts"].column_names) - {POINT} == {c.name for c in output.schema.columns}
    assert [(r["nom"], r["hauteur_m"]) for r in rows] == [("A", 1.9), ("C", None)]


# --- the answer ---------------------------------------------------------------------------------------------


def test_the_nearest_with_room_is_said_with_its_moment_and_why_no_nearer_one() -> None:
    blocks = ask(
        {"parcs": THREE, "places": counted(("34990-P-001", 0, NOW), ("34990-P-002", 60, NOW))}, lieu=HERE
    )
    first = lead(blocks)
    assert "« Parc B »" in first.text
    assert "60 places libres sur 100" in first.text
    assert (first.tone, first.dated) == ("ok", NOON - NOW)
    assert "« Parc A », plus près : plein." in first.note
    rows, drawn = blocks[1], blocks[2]
    assert isinstance(rows, Rows)
    assert isinstance(drawn, Map)
    assert [r["nom"] for r in rows.rows] == [m.label for m in drawn.marks] == ["Parc A", "Parc B", "Parc C"]
    assert [m.tone for m in drawn.marks] == ["bad", "ok", ""]


@pytest.mark.parametrize(
    "counts",
    [
        empty(),
        counted(("34990-P-001", 60, OLD * 2), ("34990-P-002", 60, OLD * 2)),
        counted(("34990-P-001", 400, NOW), ("34990-P-002", -2, NOW)),
    ],
    ids=["nobody counts", "old", "impossible"],
)
def test_nothing_is_green_that_is_not_counted_just_now(counts: pa.Table) -> None:
    for values in ({}, {"lieu": HERE}):
        blocks = ask({"parcs": THREE, "places": counts}, **values)
        first = lead(blocks)
        assert first.tone == ""
        assert "on ne sait plus" in first.text or "personne ne dit" in first.text
        assert all(m.tone == "" for b in blocks if isinstance(b, Map) for m in b.marks)
        assert all(r["libres"] is None for b in blocks if isinstance(b, Rows) for r in b.rows)


def test_an_answer_gets_old_while_its_feed_stands_still() -> None:
    tables = {"parcs": THREE, "places": counted(("34990-P-001", 60, NOW))}
    assert lead(ask(tables, lieu=HERE)).tone == "ok"
    assert lead(ask(tables, lieu=HERE, now=NOON + OLD)).tone == ""


def test_a_town_that_publishes_no_live_places_is_told_so() -> None:
    assert lead(ask({"parcs": THREE}, lieu=HERE)).text.startswith(
        "« Parc A » est à 1 min à pied ; personne ne dit"
    )


def test_all_are_full() -> None:
    full = counted(*((f"34990-P-00{n}", 0, NOW) for n in (1, 2, 3)))
    first = lead(ask({"parcs": THREE, "places": full}, lieu=HERE))
    assert (first.tone, "Aucune place comptée libre" in first.text, "plein" in first.text) == (
        "bad",
        True,
        True,
    )


def test_far_from_all_the_nearest_is_named_all_the_same() -> None:
    first = lead(
        ask({"parcs": THREE, "places": counted(("34990-P-001", 60, NOW))}, lieu=Spot("", 3.9, 43.73))
    )
    assert first.tone == "warn"
    assert "« votre position »" in first.text
    assert "« Parc C », est à" in first.text


def test_what_is_asked_for_is_held_to() -> None:
    town = table(
        park(1, "Bas", 0.001, hauteur_max="180"),
        park(2, "Libre", 0.002, hauteur_max="N/A", gratuit=True),
        park(3, "Sans PMR", 0.003, nb_pmr=0),
    )
    names = {
        k: [r["nom"] for b in ask({"parcs": town}, **v) if isinstance(b, Rows) for r in b.rows]
        for k, v in {"high": {"hauteur": 1.85}, "free": {"gratuit": True}, "disabled": {"pmr": True}}.items()
    }  # fmt: skip
    assert names == {"high": ["Libre", "Sans PMR"], "free": ["Libre"], "disabled": ["Bas", "Libre"]}
    assert (
        lead(ask({"parcs": town}, hauteur=1.85, gratuit=True, pmr=True)).text.startswith("« Libre »") is False
    )
    assert lead(ask({"parcs": table()})).tone == "warn"


def test_the_answer_speaks_english() -> None:
    blocks = ask({"parcs": THREE, "places": counted(("34990-P-001", 60, NOW))}, "en", lieu=HERE)
    assert lead(blocks).text == "Room at “Parc A”, 1 min on foot: 60 free spaces out of 100 at 11:58."
    rows = blocks[1]
    assert isinstance(rows, Rows)
    assert [c.title for c in rows.columns][:3] == ["Car park", "On foot", "State"]
    assert rows.rows[0]["prix"] == "€1.40"


def test_the_demo_has_a_silent_park_a_wrong_one_and_one_that_is_not_counted() -> None:
    drawn = world.build()
    got = batch(parking.document(drawn, NOON), NOON)
    known = parking.parks(drawn)
    town = table(
        *(
            park(n, p.name, 0, id=p.id, type_usagers="abonnés" if p.subscribers else "tous")
            for n, p in enumerate(known)
        )
    )
    states = {p.id: p.state for p in parks(town, got.table, NOON)}
    assert states[known[parking.SILENT].id] == "sans nouvelles"
    assert states[known[parking.WRONG].id] == "douteux"
    assert states[known[parking.UNCOUNTED].id] == "non compté"
    assert known[parking.SUBSCRIBERS].id not in states
    assert got.at == NOON
    later = batch(parking.document(drawn, NOON + timedelta(hours=6)), NOON + timedelta(hours=6))
    assert later.table.column("libres").to_pylist() != got.table.column("libres").to_pylist()
