"""The street: feeds read as they come and never by force, faults of detectors found, states with doubt, forecasts
beside what whoever has no method says, and the page in both languages.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import httpx
import numpy as np
import pyarrow as pa
import pytest

from parvis.core.errors import NotFound, Unreadable
from parvis.core.language import language
from parvis.demo import street, world
from parvis.methods.traffic.grid import Floats
from parvis.services.answers import Asked, Map, Points, Rows, Said, Spot
from parvis.services.circulation import batch, datex, detectors, series, state
from parvis.services.circulation.answer import answer
from parvis.services.circulation.batch import Row
from parvis.services.circulation.schemas import DETECTORS, FORECASTS, STATE
from parvis.services.circulation.service import SERVICE

BUILT = datetime(2026, 11, 24, 16, 3, tzinfo=UTC)  # a Tuesday, 17:03 in Paris


def rows(since: datetime, until: datetime) -> list[Row]:
    return [
        Row(m.loop.id, m.loop.name, m.start, 6, m.flow, m.occupancy, None, m.loop.lon, m.loop.lat)
        for m in street.measures(world.build(), since, until, BUILT)
    ]


@pytest.fixture(scope="module")
def measured() -> pa.Table:
    """Fifteen days of the demo city's loops."""
    midnight = BUILT.replace(hour=0, minute=0)
    return batch.table(rows(midnight - timedelta(days=15), BUILT))


@pytest.fixture(scope="module")
def night(measured: pa.Table) -> Mapping[str, pa.Table]:
    return detectors.work({"mesures": measured}, BUILT)


@pytest.fixture(scope="module")
def now(measured: pa.Table, night: Mapping[str, pa.Table]) -> Mapping[str, pa.Table]:
    return state.work({"mesures": measured, **night}, BUILT)


# --- what the night learns ----------------------------------------------------------------------------------


def test_the_planted_detectors_are_found_and_nothing_else(night: Mapping[str, pa.Table]) -> None:
    found = {r["arc"]: r["etat"] for r in night["capteurs"].to_pylist() if r["etat"] != detectors.WORKS}
    known = street.loops(world.build())
    assert found == {
        known[street.DOUBLE].id: "compte double",
        known[street.STUCK].id: "figé",
        known[street.SILENT].id: "muet",
    }


def test_a_fault_is_dated(night: Mapping[str, pa.Table]) -> None:
    told = {r["etat"]: r["depuis"] for r in night["capteurs"].to_pylist()}
    assert abs(told["compte double"] - (BUILT - timedelta(days=street.DOUBLE_DAYS))) <= timedelta(days=1)
    assert abs(told["muet"] - (BUILT - timedelta(hours=street.SILENT_H))) <= timedelta(minutes=12)
    assert abs(told["figé"] - (BUILT - timedelta(hours=street.STUCK_H))) <= timedelta(minutes=30)


def test_tables_are_as_they_are_declared(night: Mapping[str, pa.Table], now: Mapping[str, pa.Table]) -> None:
    for made, outputs in ((night, detectors.SERVICE.outputs), (now, SERVICE.outputs)):
        for name, output in outputs.items():
            assert set(made[name].column_names) - {"_point"} == {c.name for c in output.schema.columns}
            assert made[name].num_rows


def test_forecasts_are_worth_more_than_the_last_value_and_last_week(night: Mapping[str, pa.Table]) -> None:
    told = [r for r in night["scores"].to_pylist() if r["horizon_min"] == 30]
    weights = np.array([r["previsions"] for r in told])

    def mean(name: str) -> float:
        return float(np.average([r[name] for r in told], weights=weights))

    assert mean("erreur") < 0.95 * min(mean("erreur_semaine"), mean("erreur_derniere"))
    assert 0.76 <= mean("couverture") <= 0.84


def test_a_town_without_counts_has_tables_without_rows() -> None:
    made = detectors.work({}, BUILT)
    assert all(table.num_rows == 0 for table in made.values())
    assert (
        answer(_asked(), {"etat": state.work({"mesures": batch.table([])}, BUILT)["etat"]})[0].kind == "said"
    )


def test_a_file_of_paris_is_read_as_it_is_meant() -> None:
    said = [
        {"iu_ac": "1", "libelle": "Av_Exemple", "t_1h": "2026-11-24T09:00:00+01:00", "q": 400.0, "k": None, "etat_barre": "Ouvert", "geo_point_2d": "48.85, 2.35"},
        {"iu_ac": "*", "t_1h": "2026-11-24T09:00:00+01:00", "q": 1.0, "k": 1.0},
        {"iu_ac": "2", "t_1h": "2026-11-24T09:00:00+01:00", "q": None, "k": None},
        {"iu_ac": "3", "t_1h": "2026-11-24T09:00:00+01:00", "q": 0.0, "k": 0.0, "etat_barre": "Barré"},
    ]  # fmt: skip
    (row,) = batch.paris(said)
    assert (row.arc, row.name, row.start, row.flow, row.occupancy) == (
        "1",
        "Av Exemple",
        datetime(2026, 11, 24, 7, tzinfo=UTC),
        400.0,
        None,
    )
    assert (row.lon, row.lat) == (2.35, 48.85)


def test_the_api_of_paris_is_read_in_both_of_its_forms() -> None:
    record = {
        "iu_ac": "7",
        "t_1h": "2026-11-24T08:00:00+00:00",
        "q": 12,
        "k": 0.4,
        "geo_point_2d": {"lon": 2.3, "lat": 48.8},
    }
    for body in ({"results": [record]}, {"records": [{"fields": record}]}):
        client = httpx.Client(transport=httpx.MockTransport(lambda _, b=body: httpx.Response(200, json=b)))
        got = batch.fetch_paris(client, "https://ville.example/api", lambda _: None)
        assert got.at == datetime(2026, 11, 24, 8, tzinfo=UTC)
        assert got.table["debit"].to_pylist() == [12.0]
    with pytest.raises(Unreadable):
        batch.fetch_paris(
            httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, json={"results": []}))),
            "https://ville.example/api",
            lambda _: None,
        )


# --- now ----------------------------------------------------------------------------------------------------


def test_a_state_is_said_where_the_detector_is_sound_and_fresh(now: Mapping[str, pa.Table]) -> None:
    told = {r["arc"]: r for r in now["etat"].to_pylist()}
    known = street.loops(world.build())
    for number, loop in enumerate(known):
        if number in (street.DOUBLE, street.STUCK, street.SILENT):
            assert told[loop.id]["etat"] == "inconnu"
        else:
            assert told[loop.id]["etat"] in ("fluide", "pré-saturé", "saturé", "bloqué")
            assert 0 <= told[loop.id]["doute"] <= 0.75
            assert (
                told[loop.id]["prevu_30_bas"] <= told[loop.id]["prevu_30"] <= told[loop.id]["prevu_30_haut"]
            )


def test_what_is_old_is_grey_never_green(measured: pa.Table, night: Mapping[str, pa.Table]) -> None:
    later = state.work({"mesures": measured, **night}, BUILT + timedelta(minutes=45))
    assert set(later["etat"]["etat"].to_pylist()) == {"inconnu"}
    assert set(later["etat"]["anomalie"].to_pylist()) == {""}


def test_the_street_that_jams_is_jammed_in_the_rush_hour_and_free_at_night(
    measured: pa.Table, night: Mapping[str, pa.Table]
) -> None:
    loop = street.loops(world.build())[street.JAMMED].id

    def at(moment: datetime) -> str:
        until = measured.filter(pa.array([d < moment for d in measured["debut"].to_pylist()]))
        told = state.work({"mesures": until, **night}, moment)["etat"].to_pylist()
        return next(r["etat"] for r in told if r["arc"] == loop)

    assert at(datetime(2026, 11, 24, 7, 24, tzinfo=UTC)) in ("saturé", "bloqué")
    assert at(datetime(2026, 11, 24, 2, 0, tzinfo=UTC)) == "fluide"


def test_an_hour_to_come_in_quarters(now: Mapping[str, pa.Table]) -> None:
    assert sorted(set(now["previsions"]["horizon_min"].to_pylist())) == [15, 30, 45, 60]
    first = min(now["previsions"]["debut"].to_pylist())
    assert BUILT - timedelta(minutes=15) <= first <= BUILT + timedelta(minutes=15)


def test_without_what_the_night_learns_there_is_no_state_and_no_forecast(measured: pa.Table) -> None:
    made = state.work({"mesures": measured}, BUILT)
    assert set(made["etat"]["etat"].to_pylist()) == {"inconnu"}
    assert made["previsions"].num_rows == 0


# --- DATEX II -----------------------------------------------------------------------------------------------


def test_the_feed_of_the_demo_is_read_back() -> None:
    at, told = batch.datex(street.document(world.build(), BUILT, BUILT))
    assert at == datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
    assert len(told) == street.LOOPS - 1  # one is silent
    wanted = {r.arc: r for r in rows(at - timedelta(minutes=6), at)}
    for one in told:
        assert (one.flow, one.start, one.lon) == (
            wanted[one.arc].flow,
            wanted[one.arc].start,
            wanted[one.arc].lon,
        )
        assert one.occupancy == pytest.approx(wanted[one.arc].occupancy)


V3 = """<mc:messageContainer xmlns:mc="http://datex2.eu/schema/3/messageContainer" xmlns:roa="http://datex2.eu/schema/3/roadTrafficData" xmlns:com="http://datex2.eu/schema/3/common">
<mc:payload><roa:siteMeasurements><roa:measurementSiteReference id="S1" version="1"/>
<roa:measurementTimeDefault>2026-11-24T08:06:00+01:00</roa:measurementTimeDefault>
<roa:physicalQuantity index="1"><roa:basicData><roa:vehicleFlow><com:vehicleFlowRate>720</com:vehicleFlowRate></roa:vehicleFlow></roa:basicData></roa:physicalQuantity>
<roa:physicalQuantity index="2"><roa:basicData><roa:averageVehicleSpeed><com:speed>48.5</com:speed></roa:averageVehicleSpeed></roa:basicData></roa:physicalQuantity>
</roa:siteMeasurements></mc:payload></mc:messageContainer>"""


def test_version_3_is_read_too_and_its_time_is_that_of_the_end() -> None:
    at, (row,) = batch.datex(V3.encode())
    assert at == datetime(2026, 11, 24, 7, 6, tzinfo=UTC)
    assert (row.flow, row.occupancy, row.speed, row.start) == (
        720.0,
        None,
        48.5,
        datetime(2026, 11, 24, 7, tzinfo=UTC),
    )


def test_what_its_source_calls_an_error_or_no_number_is_no_measure() -> None:
    wrong = V3.replace(
        "<com:vehicleFlowRate>720", "<com:dataError>true</com:dataError><com:vehicleFlowRate>720"
    )
    (row,) = batch.datex(wrong.encode())[1]
    assert row.flow is None
    (row,) = batch.datex(V3.replace("720", "NaN").encode())[1]
    assert row.flow is None
    (row,) = batch.datex(V3.replace("720", "-1").encode())[1]
    assert row.flow is None


@pytest.mark.parametrize(
    "body",
    [
        b"not xml",
        b"<a/>",
        b"<d2LogicalModel><payloadPublication/></d2LogicalModel>",
        b'<!DOCTYPE a [<!ENTITY x "y">]><a><siteMeasurements>&x;</siteMeasurements></a>',
        V3.replace("+01:00", "").encode(),
        b"<siteMeasurements>" * 2000,
    ],
)
def test_what_is_no_measured_data_is_refused_in_words(body: bytes) -> None:
    with pytest.raises(Unreadable):
        batch.datex(body)


def test_a_lane_or_lorries_alone_are_not_all_that_passes() -> None:
    table = (
        '<x><measurementSiteRecord id="S1"><measurementSpecificCharacteristics index="1"><specificLane>lane1</specificLane>'
        "<specificMeasurementValueType>trafficFlow</specificMeasurementValueType></measurementSpecificCharacteristics>"
        '<measurementSpecificCharacteristics index="2"><period>360</period><specificMeasurementValueType>trafficSpeed</specificMeasurementValueType>'
        "</measurementSpecificCharacteristics></measurementSiteRecord></x>"
    )
    (row,) = batch.datex(V3.encode(), table.encode())[1]
    assert (row.flow, row.speed) == (None, 48.5)


def test_the_state_is_given_as_datex_that_is_read_back(now: Mapping[str, pa.Table]) -> None:
    made = datex.export(_asked(), now)
    ElementTree.fromstring(made)
    at, told = batch.datex(made)
    fresh = {r["arc"]: r for r in now["etat"].to_pylist() if r["debit"] is not None}
    assert at == max(r["mesure_le"] for r in fresh.values())
    assert {r.arc: r.flow for r in told} == {a: r["debit"] for a, r in fresh.items()}
    with pytest.raises(NotFound):
        datex.export(_asked(), {})


def test_names_are_escaped_in_datex() -> None:
    row = {"arc": '"<&', "debit": 1.0, "taux": None, "mesure_le": BUILT}
    made = datex.export(_asked(), {"etat": pa.Table.from_pylist([row])})
    assert batch.datex(made)[1][0].arc == '"<&'


# --- the page -----------------------------------------------------------------------------------------------


def _asked(code: str = "fr", **values: object) -> Asked:
    return Asked(values, BUILT, BUILT, language(code).of("circulation"))  # type: ignore[arg-type]


WORKS = pa.Table.from_pylist(
    [
        {"adresse": "Rue A", "gene": "rue barrée", "nature": "gaz", "debut": date(2026, 11, 1), "fin": date(2026, 12, 1), "statut": "en cours", "itineraire_pieton": True, "lat": 43.6, "lon": 3.87},
        {"adresse": "Rue B", "gene": "trottoir réduit", "nature": "gaz", "debut": date(2026, 11, 1), "fin": date(2026, 12, 1), "statut": "en cours", "itineraire_pieton": False, "lat": 43.6, "lon": 3.87},
        {"adresse": "Rue C", "gene": "rue barrée", "nature": "gaz", "debut": date(2026, 12, 2), "fin": date(2026, 12, 9), "statut": "prévu", "itineraire_pieton": None, "lat": 43.6, "lon": 3.87},
    ]
)  # fmt: skip


def test_the_answer_says_now_and_in_half_an_hour_and_what_is_at_fault(now: Mapping[str, pa.Table]) -> None:
    blocks = answer(_asked(), {**now, "travaux": WORKS})
    assert isinstance(blocks[0], Said)
    assert "dans 30 minutes" in blocks[0].text
    tables = [b for b in blocks if isinstance(b, Rows)]
    (map_,) = [b for b in blocks if isinstance(b, Map)]
    assert map_.table in {t.title for t in tables}
    assert len(map_.marks) == len(next(t for t in tables if t.title == map_.table).rows)
    (faulty,) = [b for b in blocks if isinstance(b, Points)]
    assert len(faulty.points) == 3
    works = next(t for t in tables if t.title == "Travaux et rues barrées")
    assert [r["adresse"] for r in works.rows] == ["Rue A", "Rue B"]


def test_who_walks_is_told_of_pavements_first_who_drives_of_closed_streets(
    now: Mapping[str, pa.Table],
) -> None:
    blocks = answer(_asked(mode="pied"), {**now, "travaux": WORKS})
    works = next(b for b in blocks if isinstance(b, Rows) and b.title == "Travaux et rues barrées")
    assert {r["pieton"] for r in works.rows} == {"passage gardé", "passage coupé"}
    first = blocks[0]
    assert isinstance(first, Said)
    assert first.text.startswith("À pied, ")
    assert "Rue B" in first.text or "Rue A" in first.text
    assert "la congestion des voitures ne vous retarde pas" in first.note


def test_near_a_place_only_what_is_near_is_told(now: Mapping[str, pa.Table]) -> None:
    loop = street.loops(world.build())[0]
    blocks = answer(_asked(lieu=Spot("ici", loop.lon, loop.lat)), now)
    (arcs,) = [b for b in blocks if isinstance(b, Rows) and b.title == "Arc par arc"]
    assert 0 < len(arcs.rows) < street.LOOPS
    assert loop.name in {r["nom"] for r in arcs.rows}


def test_the_answer_speaks_english(now: Mapping[str, pa.Table]) -> None:
    said = " ".join(str(b) for b in answer(_asked("en"), now))
    assert "in 30 minutes" in said
    for french in ("saturés", "dans 30", "Débit prévu", "fluide", "inconnu", "muet"):
        assert french not in said


# --- arrays -------------------------------------------------------------------------------------------------


def test_longer_steps_are_means_of_what_was_measured_in_them() -> None:
    start = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    made = batch.table(
        [Row("a", "a", start + timedelta(minutes=6 * n), 6, 100.0 * (n + 1), None, None) for n in range(10)]
    )
    one = series.street(made)
    assert one is not None
    flat = series.coarse(one)
    flows: Floats = flat.q[:, 0]
    assert flat.grid.step_s == 900
    assert flows.tolist() == [150.0, 350.0, 600.0, 850.0] or flows.tolist() == [150.0, 400.0, 650.0, 900.0]


def test_declared_columns_hold_for_files_too() -> None:
    body = "arc;debut\na;2026-11-24T08:00:00Z\n"
    read = list(csv.DictReader(io.StringIO(body), delimiter=";"))
    table = pa.table(
        {
            "arc": [r["arc"] for r in read],
            "debut": pa.array([datetime(2026, 11, 24, 8, tzinfo=UTC)], pa.timestamp("us", "UTC")),
        }
    )
    assert series.formed(table).num_rows == 1
    assert {DETECTORS.name, STATE.name, FORECASTS.name} == {
        "parvis/capteurs-circulation",
        "parvis/etat-circulation",
        "parvis/previsions-circulation",
    }


def test_the_first_minutes_of_a_feed_are_said_as_they_are() -> None:
    start = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)
    for minutes in (6, 12):
        rows = [
            Row("B01", "Rue", start + timedelta(minutes=6 * n), 6, 300.0, 4.0, None)
            for n in range(minutes // 6)
        ]
        made = state.work({"mesures": batch.table(rows)}, start + timedelta(minutes=minutes))
        assert [(r["arc"], r["debit"], r["etat"]) for r in made["etat"].to_pylist()] == [
            ("B01", 300.0, "inconnu")
        ]
