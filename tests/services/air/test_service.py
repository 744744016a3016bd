"""The service of the air from measures to what it publishes and says; every shape of measures that networks
publish; and its alert.
"""

from __future__ import annotations

import ast
import datetime as dt
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from parvis.core.language import languages
from parvis.methods.air import exceedance
from parvis.methods.air.exceedance import Level
from parvis.methods.air.procedure import Evidence
from parvis.services import air as package
from parvis.services.air import alert, compute, measures
from parvis.services.air.answer import answer
from parvis.services.air.compute import work
from parvis.services.air.rules import shipped
from parvis.services.air.service import SERVICE
from parvis.services.answers import Asked, Chart, Map, Points, Rows, Said
from parvis.services.declaration import texts
from parvis.work import service_runs
from tests.services.air import airtown

TODAY = date(2026, 1, 20)


def asked(language: str = "fr", **values: str) -> Asked:
    return Asked(
        {"polluant": "pm10"} | values, airtown.NOW, airtown.NOW, languages("Europe/Paris")[language].of("air")
    )


@pytest.fixture(scope="module")
def made() -> dict[str, pa.Table]:
    """An episode: 55 on the 17th, 60 on the 18th, 90 on the 19th, in the station that is the highest."""
    return dict(work({"mesures": airtown.table(episode=(55.0, 60.0, 90.0))}, airtown.NOW))


def rows(table: pa.Table, **wanted: object) -> list[dict[str, object]]:
    return [r for r in table.to_pylist() if all(r[k] == v for k, v in wanted.items())]


def test_outputs_keep_their_promises(made: dict[str, pa.Table]) -> None:
    assert set(made) == set(SERVICE.outputs)
    for name, table in made.items():
        fitted = service_runs.fitted(table, SERVICE.outputs[name].schema)
        assert fitted.num_rows > 0, name


def test_the_index_of_the_past_days(made: dict[str, pa.Table]) -> None:
    found = {r["date_ech"]: r for r in rows(made["indice"])}
    assert [found[TODAY - timedelta(days=n)]["code_pm10"] for n in (3, 2, 1)] == [4, 4, 4], (
        "55, 60 and 90 are all class 4 (50 to 100)"
    )
    assert found[TODAY]["nature"] == "prévu"
    assert found[TODAY + timedelta(days=1)]["proba_mauvais"] is not None
    assert not found[TODAY]["complet"], "no ozone, no fine particles, no sulphur dioxide here"
    assert min(found) == TODAY - timedelta(days=14)


def test_the_road_stands_for_its_street_only(made: dict[str, pa.Table]) -> None:
    (day,) = rows(made["procedures"], polluant="pm10", jour=TODAY - timedelta(days=3))
    assert day["valeur"] == 55.0, "the station beside the road had three times as much"


def test_the_procedures_are_those_of_the_text(made: dict[str, pa.Table]) -> None:
    known = {
        r["jour"]: (r["niveau"], r["connu"], r["etat"], r["motif"])
        for r in rows(made["procedures"], polluant="pm10")
    }
    assert known[TODAY - timedelta(days=3)][:4] == (1, "mesuré", "information", "level"), (
        "passed that day and the next, of which nobody had foretold anything"
    )
    assert known[TODAY - timedelta(days=2)] == (1, "mesuré", "alert", "persistence")
    assert known[TODAY - timedelta(days=1)] == (2, "mesuré", "alert", "level")


@pytest.mark.parametrize(
    ("foretold", "state"), [((), "information"), ((-4,), "information"), ((-2,), "alert")]
)
def test_what_was_decided_that_day_stays(foretold: tuple[int, ...], state: str) -> None:
    """Passed three and two days ago: three days ago it was an alert only if the next day had been foretold;
    then its measure changes nothing.
    """
    rule = exceedance.rule_in_force(shipped().rules, "pm10", TODAY)
    assert rule is not None
    passed = {TODAY - timedelta(days=n): Evidence(Level.INFORMATION, "measured", 55.0) for n in (3, 2)}
    states = compute.states_of_days(
        TODAY, passed, rule, {}, frozenset(TODAY + timedelta(days=n) for n in foretold)
    )
    assert [states[TODAY - timedelta(days=n)].state for n in (3, 2)] == [state, "alert"]


def test_an_opinion_on_how_far_it_reaches_decides() -> None:
    said = {
        "polluant": "pm10",
        "code_zone": "34990",
        "surface_km2": 12.0,
        "habitants": 9000,
        "habitants_departement": 1_100_000,
        "situation_locale": False,
        "meteo_maintient": False,
    }
    opinions = pa.Table.from_pylist([said | {"jour": TODAY - timedelta(days=n)} for n in (1, 2, 3)])
    found = work({"mesures": airtown.table(episode=(55.0, 60.0, 90.0)), "avis": opinions}, airtown.NOW)
    assert {r["niveau"] for r in rows(found["procedures"], polluant="pm10") if r["connu"] == "mesuré"} == {0}
    wide = pa.Table.from_pylist(
        [said | {"jour": TODAY - timedelta(days=n), "surface_km2": 100.0} for n in (1, 2, 3)]
    )
    found = work({"mesures": airtown.table(episode=(55.0, 60.0, 90.0)), "avis": wide}, airtown.NOW)
    assert {r["critere"] for r in rows(found["procedures"], polluant="pm10") if r["niveau"]} >= {"area"}


def test_the_forecast_shows_its_doubt_and_its_worth(made: dict[str, pa.Table]) -> None:
    found = rows(made["previsions"])
    assert {(r["polluant"], r["echeance"]) for r in found} == {
        ("pm10", 0),
        ("pm10", 1),
        ("no2", 0),
        ("no2", 1),
    }
    for one in found:
        assert one["bas"] < one["valeur"] < one["haut"]  # type: ignore[operator]
        assert one["jours_juges"] >= 100  # type: ignore[operator]
        assert one["gain"] is not None
        assert 0.8 <= one["couverture"] <= 1.0  # type: ignore[operator]


def test_the_map_is_surer_near_the_stations(made: dict[str, pa.Table]) -> None:
    points = rows(made["carte"], polluant="pm10")
    assert len(points) == 24 * 24
    centre = min(points, key=lambda r: (r["_point"]["lon"] - 3.74) ** 2 + (r["_point"]["lat"] - 43.74) ** 2)  # type: ignore[index]
    corner = max(points, key=lambda r: (r["_point"]["lon"] - 3.74) ** 2 + (r["_point"]["lat"] - 43.74) ** 2)  # type: ignore[index]
    assert centre["doute"] < corner["doute"]  # type: ignore[operator]
    assert all(p["bas"] <= p["valeur"] <= p["haut"] for p in points)  # type: ignore[operator]


def test_old_measures_are_not_today_s() -> None:
    """Two days without news: no index of today, no forecast, and the page says which day it speaks of."""
    later = airtown.NOW + timedelta(days=2)
    found = work({"mesures": airtown.table()}, later)
    assert rows(found["indice"], date_ech=later.date()) == []
    assert found["previsions"].num_rows == 0
    said = answer(Asked({}, later, later, languages("Europe/Paris")["fr"]), found)
    assert isinstance(said[0], Said)
    assert "n’est pas connu" in said[0].text
    assert "19 janvier" in said[0].text or "20 janvier" in said[0].text


def test_too_few_days_make_no_forecast() -> None:
    found = work({"mesures": airtown.table(days=60)}, airtown.NOW)
    assert found["previsions"].num_rows == 0
    assert any(isinstance(b, Said) and "120 jours" in b.text for b in answer(asked(), found))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_answers_first(made: dict[str, pa.Table], language: str) -> None:
    blocks = answer(asked(language), made)
    assert isinstance(blocks[0], Said)
    assert "Rivemont" in blocks[0].text
    assert ("Aujourd’hui" in blocks[0].text) == (language == "fr")
    kinds = [type(b) for b in blocks]
    assert {Points, Rows, Chart, Map} <= set(kinds)
    tables = {b.title for b in blocks if isinstance(b, Rows)}
    assert all(b.table in tables for b in blocks if isinstance(b, Map)), (
        "the table says all that the map says"
    )
    publics = tuple(name.of(language) for name in package.advice.PUBLICS.values())
    advised = [b for b in blocks if isinstance(b, Points) and any(name in b.title for name in publics)]
    assert len(advised) == 3, (
        "for everybody, for sensitive and for vulnerable people: nobody is asked which they are"
    )
    everybody, *others = ({p.text for p in b.points} for b in advised)
    assert all(everybody.isdisjoint(more) for more in others), "what everybody is told is told once"
    assert sum("20 août 2014" in b.text for b in blocks if isinstance(b, Said)) == 1, (
        "and so is where it comes from"
    )


def test_advice_rises_with_the_level_and_the_public() -> None:
    said = {
        (s, p): tuple(w.fr for w in package.advice.advice(s, ("pm10",), p))
        for s in ("none", "information", "alert")
        for p in package.advice.PUBLICS
    }
    assert len(set(said.values())) >= 7
    assert "Évitez" in said["alert", "vulnerable"][0]
    assert "Réduisez" in said["information", "vulnerable"][0]
    assert any("grands axes" in line for line in said["information", "sensible"])
    assert any("après-midi" in w.fr for w in package.advice.advice("information", ("o3",), "vulnerable"))


def test_everything_that_is_said_has_its_english() -> None:
    english = languages("Europe/Paris")["en"].of("air")
    missing = [t for t in (*texts(SERVICE), *SERVICE.words) if not english.knows(t)]
    folder = Path(package.__file__).parent
    for node in ast.walk(ast.parse((folder / "answer.py").read_text("utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "say"
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            missing += [node.args[0].value] if not english.knows(str(node.args[0].value)) else []
    assert missing == []
    assert [t for t in (alert.AIR.title, alert.AIR.about, *alert.AIR.examples) if not english.knows(t)] == []


# --- shapes of measures -------------------------------------------------------------------------------------


def at(hour: int) -> datetime:
    return datetime(2026, 1, 10, hour, tzinfo=UTC)


def test_hourly_files_of_the_lcsqa() -> None:
    table = pa.table(
        {
            "Date de début": [at(1), at(2), at(3), at(4), at(5)],
            "Date de fin": [at(2)] * 5,
            "Organisme": ["ATMO"] * 5,
            "code zas": ["FR84ZAG02"] * 5,
            "Zas": ["LYON"] * 5,
            "code site": ["FR20062"] * 5,
            "nom site": ["Lyon Centre"] * 5,
            "type d'implantation": ["Urbaine"] * 5,
            "Polluant": ["NO2", "NO2", "NO2", "CO", "PM2.5"],
            "type d'influence": ["Fond"] * 5,
            "valeur": [41.0, -2.0, 900.0, 0.3, 12.5],
            "unité de mesure": ["µg-m3", "µg-m3", "µg-m3", "mg-m3", "µg-m3"],
            "validité": [1, 1, -1, 1, 1],
            "Latitude": [45.76] * 5,
            "Longitude": [4.85] * 5,
        }
    )
    found = measures.read(table)
    assert {(s.pollutant, s.station.name, s.station.background) for s in found.series} == {
        ("no2", "Lyon Centre", True),
        ("pm25", "Lyon Centre", True),
    }
    no2 = next(s for s in found.series if s.pollutant == "no2")
    assert no2.hours(date(2026, 1, 10))[2:4].tolist() == [41.0, 0.0], (
        "01:00 UTC is 02:00 in Paris; a small negative is a zero"
    )
    assert found.left_out == 2, "the value that is not valid, and the carbon monoxide"


def test_the_schema_of_the_library() -> None:
    table = pa.table(
        {
            "id_station": ["A"] * 4 + ["B"],
            "nom_station": ["Centre"] * 5,
            "typologie": ["urbaine de fond"] * 4 + ["trafic"],
            "polluant": ["NO2", "NO2", "CO", "PM2.5", "NO2"],
            "date_debut": [at(1), at(2), at(1), at(1), at(1)],
            "date_fin": [at(2), at(3), at(2), at(2), at(2)],
            "valeur": [20.0, 21.0, 0.3, 9.0, 50.0],
            "unite": ["µg/m³", "µg/m³", "mg/m³", "µg/m³", "µg/m³"],
            "validite": ["brute", "invalide", "validée", "validée", "brute"],
            "code_insee": ["34172"] * 5,
            "lat": [43.6] * 5,
            "lon": [3.9] * 5,
        }
    )
    found = measures.read(table)
    assert {(s.station.code, s.pollutant, s.station.background, s.station.zone) for s in found.series} == {
        ("A", "no2", True, "34172"),
        ("A", "pm25", True, "34172"),
        ("B", "no2", False, "34172"),
    }
    assert found.left_out == 2
    assert found.series[0].station.lon == 3.9


def test_a_column_a_pollutant() -> None:
    table = pa.table(
        {
            "Station": ["A", "A", "B"],
            "Date et heure": [at(1), at(2), at(1)],
            "NO2 (µg/m³)": [10.0, None, 30.0],
            "O3 (µg/m³)": [50.0, 60.0, None],
            "Remarque": ["", "", ""],
        }
    )
    found = measures.read(table)
    assert {(s.station.code, s.pollutant) for s in found.series} == {("A", "no2"), ("A", "o3"), ("B", "no2")}


def test_parts_per_billion_are_left_out_not_guessed() -> None:
    table = pa.table(
        {
            "station": ["A"] * 2,
            "polluant": ["o3"] * 2,
            "debut": [at(1), at(2)],
            "valeur": [30.0, 31.0],
            "unite": ["ppb", "µg/m3"],
        }
    )
    found = measures.read(table)
    assert found.left_out == 1
    assert np.isfinite(found.series[0].grid).sum() == 1


def test_a_table_of_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="no station"):
        measures.read(pa.table({"nom": ["a"], "prix": [1.0]}))


def test_the_legal_day_is_that_of_the_place() -> None:
    here = {
        "station": ["A"],
        "polluant": ["o3"],
        "debut": [datetime(2026, 1, 10, 22, tzinfo=UTC)],
        "valeur": [30.0],
    }
    paris, reunion = (
        measures.read(pa.table(here | {"code_zone": [code]})).series[0] for code in ("34990", "97411")
    )
    assert (paris.first, reunion.first) == (date(2026, 1, 10), date(2026, 1, 11))


# --- its alert ----------------------------------------------------------------------------------------------


def test_the_alert_tells_each_step_once(made: dict[str, pa.Table]) -> None:
    known, told = alert.look(made, "", airtown.NOW)
    again, nothing = alert.look(made, known, airtown.NOW)
    assert (again, nothing) == (known, [])
    assert {m.topic for m in told} <= {"air"}
    calm = dict(work({"mesures": airtown.table()}, airtown.NOW))
    assert alert.look(calm, "", airtown.NOW)[1] == []


def test_the_alert_speaks_of_the_day_as_it_is(made: dict[str, pa.Table]) -> None:
    evening = datetime(2026, 1, 19, 22, 30, tzinfo=UTC)
    table = work(
        {"mesures": airtown.table(until=evening + timedelta(hours=1), episode=(55.0, 60.0, 90.0))},
        evening + timedelta(minutes=29),
    )
    _, told = alert.look(table, "", evening + timedelta(minutes=29))
    one = next(m for m in told if m.parameters["polluant"] == "pm10")
    part = one.parts[0]
    assert (part.severity, part.certainty) == ("Severe", "Observed")
    assert part.onset == datetime(2026, 1, 19, tzinfo=airtown.PARIS)
    assert one.area.insee == "34990"
    assert "seul le préfet" in part.text.fr
    assert dt.timedelta(0) <= evening + timedelta(hours=1) - one.data_at <= timedelta(hours=2)
