"""The weather forecast as an input of the air: every dialect in which open services give it, that nothing is
learnt from what was not known yet, and what it is worth to the service.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import orjson
import pyarrow as pa
import pytest

from parvis.cli.init import create
from parvis.core import settings
from parvis.core.errors import Unreadable
from parvis.core.language import languages
from parvis.core.types import PUBLIC, Dataset, Organisation, Resource
from parvis.publication.city import open_city
from parvis.services.air import weather
from parvis.services.air.answer import answer
from parvis.services.air.compute import work
from parvis.services.air.schemas import METEO
from parvis.services.air.weather_feed import batch
from parvis.services.answers import Asked, Rows
from parvis.services.declaration import Batch
from parvis.store import datasets, versions
from parvis.work import polling, service_runs
from tests.services.air import airtown

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 1, 20, 17, 5, tzinfo=UTC)
HOUR = datetime(2026, 1, 21, 6, tzinfo=UTC)

OPEN_METEO = {
    "latitude": 43.6,
    "longitude": 3.9,
    "utc_offset_seconds": 3600,
    "timezone": "Europe/Paris",
    "hourly_units": {
        "time": "iso8601",
        "temperature_2m": "°C",
        "relative_humidity_2m": "%",
        "pressure_msl": "hPa",
        "wind_speed_10m": "km/h",
        "wind_direction_10m": "°",
        "precipitation": "mm",
    },
    "hourly": {
        "time": ["2026-01-18T07:00", "2026-01-21T07:00", "2026-01-30T07:00"],
        "temperature_2m": [0.0, 20.0, 9.0],
        "relative_humidity_2m": [50, 50, 50],
        "pressure_msl": [1000.0, 1013.2, 1.0],
        "wind_speed_10m": [1.0, 36.0, 1.0],
        "wind_direction_10m": [0, 315, 0],
        "precipitation": [0, 0.4, 0],
    },
}
MET_NORWAY = {
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": [3.9, 43.6, 20]},
    "properties": {
        "meta": {"updated_at": "2026-01-20T16:40:00Z"},
        "timeseries": [
            {
                "time": "2026-01-21T06:00:00Z",
                "data": {
                    "instant": {
                        "details": {
                            "air_temperature": 20.0,
                            "relative_humidity": 50.0,
                            "air_pressure_at_sea_level": 1013.2,
                            "wind_speed": 10.0,
                            "wind_from_direction": 315.0,
                        }
                    },
                    "next_1_hours": {
                        "summary": {"symbol_code": "rain"},
                        "details": {"precipitation_amount": 0.4},
                    },
                },
            }
        ],
    },
}
INFOCLIMAT = {
    "request_state": 200,
    "model_run": "12",
    "2026-01-21 07:00:00": {
        "temperature": {"2m": 293.15, "sol": 291.0},
        "pression": {"niveau_de_la_mer": 101320},
        "pluie": 0.4,
        "humidite": {"2m": 50.0},
        "vent_moyen": {"10m": 36.0},
        "vent_rafales": {"10m": 50},
        "vent_direction": {"10m": 315},
        "iso_zero": 1500,
    },
}
OPEN_WEATHER = {
    "cod": "200",
    "city": {"coord": {"lat": 43.6, "lon": 3.9}},
    "list": [
        {
            "dt": 1768975200,
            "main": {"temp": 293.15, "pressure": 1013.2, "humidity": 50},
            "wind": {"speed": 10.0, "deg": 315},
            "rain": {"3h": 0.4},
        }
    ],
}
OURS = [
    {
        "emis_le": "2026-01-20T17:00:00Z",
        "heure": "2026-01-21T06:00:00Z",
        "temperature": 20.0,
        "point_rosee": 9.27,
        "pression": 1013.2,
        "vent_vitesse": 10.0,
        "vent_direction": 315,
        "precipitations": 0.4,
        "lat": 43.6,
        "lon": 3.9,
    }
]


@pytest.mark.parametrize(
    ("said", "made", "placed"),
    [
        (OPEN_METEO, NOW.replace(minute=0), True),
        ([OPEN_METEO], NOW.replace(minute=0), True),
        (MET_NORWAY, datetime(2026, 1, 20, 16, 40, tzinfo=UTC), True),
        (INFOCLIMAT, NOW.replace(minute=0), False),
        (OPEN_WEATHER, NOW.replace(minute=0), True),
        (OURS, NOW.replace(minute=0), True),
    ],
    ids=["open-meteo", "several places", "met norway", "infoclimat", "openweather", "ours"],
)
def test_one_hour_said_in_every_dialect(said: object, made: datetime, placed: bool) -> None:
    at, table = batch(orjson.dumps(said), now=NOW, zone=PARIS)
    (row,) = table.to_pylist()
    assert (at, row["emis_le"], row["heure"]) == (made, made, HOUR), (
        "of hours long past or far ahead nothing is kept"
    )
    assert {
        k: round(row[k], 1)
        for k in (
            "temperature",
            "point_rosee",
            "pression",
            "vent_vitesse",
            "vent_direction",
            "precipitations",
        )
    } == {
        "temperature": 20.0,
        "point_rosee": 9.3,
        "pression": 1013.2,
        "vent_vitesse": 10.0,
        "vent_direction": 315.0,
        "precipitations": 0.4,
    }
    assert row["_point"] == ({"lon": 3.9, "lat": 43.6} if placed else None)
    assert service_runs.fitted(table, METEO).num_rows == 1


def test_miles_fahrenheit_and_holes() -> None:
    said = {
        "hourly_units": {"temperature_2m": "°F", "wind_speed_10m": "mp/h", "precipitation": "inch"},
        "hourly": {
            "time": ["2026-01-21T06:00", "2026-01-21T07:00"],
            "temperature_2m": [68.0, None],
            "wind_speed_10m": [10.0, None],
            "precipitation": [1.0, None],
        },
    }
    _, table = batch(orjson.dumps(said), now=NOW)
    (row,) = table.to_pylist()
    assert (
        round(row["temperature"], 2),
        round(row["vent_vitesse"], 2),
        row["precipitations"],
        row["pression"],
    ) == (20.0, 4.47, 25.4, None)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<html>", "JSON lisible"),
        (orjson.dumps(OPEN_METEO)[:-20], "JSON lisible"),
        (b'{"error": true, "reason": "quota"}', "rien d’une heure à venir"),
        (b"[]", "rien d’une heure à venir"),
        (b"3", "forme connue"),
        (
            orjson.dumps({"hourly": {"time": ["2020-01-01T00:00"], "temperature_2m": [3.0]}}),
            "rien d’une heure à venir",
        ),
        (orjson.dumps({"hourly": {"time": ["2026-01-21T07:00"]}}), "rien d’une heure à venir"),
    ],
)
def test_what_is_no_forecast_is_refused(body: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        batch(body, now=NOW, zone=PARIS)


def test_hours_without_a_zone_are_not_guessed() -> None:
    with pytest.raises(Unreadable, match="pas de fuseau"):
        batch(orjson.dumps(INFOCLIMAT), now=NOW)


# --- what was known, and when -------------------------------------------------------------------------------


def issues(made: list[tuple[datetime, datetime, float]]) -> pa.Table:
    moments = pa.timestamp("us", "UTC")
    emitted, hour, value = zip(*made, strict=True)
    return pa.table(
        {
            "emis_le": pa.array(emitted, moments),
            "heure": pa.array(hour, moments),
            "temperature": pa.array(value, pa.float64()),
        }
    )


def test_nothing_is_known_before_it_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weather, "LEAST_DAYS", 1)
    monkeypatch.setattr(weather, "LEAST_HOURS", 1)
    first, days = date(2026, 3, 28), 3  # the last night of March: an hour fewer on the 29th
    made = []
    for day in range(28, 31):
        noon = datetime(2026, 3, day, 12, tzinfo=PARIS).astimezone(UTC)
        for back, value in ((36, 1.0), (19, 2.0), (17, 3.0), (1, 4.0), (-1, 5.0)):
            made.append((noon - timedelta(hours=back), noon, value + day * 10))
    found = weather.known_at_issue(weather.read(issues(made)), first, days, PARIS, lead=1, issued=18)
    # 18 hours of the day before are over at 18:00, and at 19:00 on the 29th, which lacks an hour; from noon
    # to noon of that night there are 23 hours
    assert [float(np.nanmax(found.grids["temperature"][n])) for n in range(3)] == [282.0, 293.0, 303.0]
    assert found.emitted == datetime(2026, 3, 30, 10, tzinfo=UTC) - timedelta(hours=17)
    same_day = weather.known_at_issue(weather.read(issues(made)), first, days, PARIS, lead=0, issued=11)
    assert [float(np.nanmax(same_day.grids["temperature"][n])) for n in range(3)] == [284.0, 294.0, 304.0]
    assert (
        weather.known_at_issue(weather.read(issues(made)), first, days + 1, PARIS, lead=1, issued=18)
        == weather.NOTHING
    ), "of the day that is asked for nothing was told"


def sky(table: pa.Table, *, days: int) -> pa.Table:
    """For each of the last days and two to come, a forecast made at 16:00 UTC two days and one day before: a
    « temperature » that says how loaded the air will be.
    """
    rows = [r for r in table.to_pylist() if r["station"] == "ST0" and r["polluant"] == "pm10"]
    means: dict[date, list[float]] = {}
    for row in rows:
        means.setdefault(row["debut"].astimezone(PARIS).date(), []).append(row["valeur"])
    rng = np.random.default_rng(1)
    made = []
    last = max(means)
    for day in [last + timedelta(days=n) for n in range(1 - days, 2)]:
        level = float(np.log(np.mean(means.get(day, [40.0]))))
        for back in (2, 1):
            emitted = datetime(day.year, day.month, day.day, 16, tzinfo=UTC) - timedelta(days=back)
            made += [
                (
                    emitted,
                    datetime(day.year, day.month, day.day, h, tzinfo=PARIS).astimezone(UTC),
                    10 * level + rng.normal(0, 0.5 * back),
                )
                for h in range(24)
            ]
    return issues(made)


def tomorrow(tables: dict[str, pa.Table]) -> Mapping[str, object]:
    made = dict(work(tables, airtown.NOW))
    return next(
        r for r in made["previsions"].to_pylist() if r["polluant"] == "pm10" and r["echeance"] == 1
    ) | {"_tables": made}


def test_the_weather_halves_the_error_of_a_town_where_it_makes_the_air() -> None:
    table = airtown.table(days=400, pollutants=("pm10",))
    without, with_ = tomorrow({"mesures": table}), tomorrow({"mesures": table, "meteo": sky(table, days=380)})
    assert without["meteo_du"] is None
    assert with_["meteo_du"] == datetime(2026, 1, 20, 16, tzinfo=UTC), "what was told before the last measure"
    assert float(str(with_["erreur"])) < 0.5 * float(str(without["erreur"]))
    assert abs(float(str(with_["valeur"])) - 40.0) < 0.5 * abs(float(str(without["valeur"])) - 40.0), (
        "and tomorrow is where the weather says"
    )
    assert 0.86 <= float(str(with_["couverture"])) <= 0.94
    said = answer(Asked({}, airtown.NOW, airtown.NOW, languages("Europe/Paris")["en"]), with_["_tables"])  # type: ignore[arg-type]
    assert any("It takes into account the weather forecast of" in b.note for b in said if isinstance(b, Rows))


def test_too_short_an_archive_or_a_feed_that_stopped_changes_nothing() -> None:
    table = airtown.table(days=200, pollutants=("pm10",))
    plain = tomorrow({"mesures": table})
    told = sky(table, days=180)
    stopped = told.filter(
        pa.array([h is not None and h < airtown.NOW - timedelta(days=3) for h in told["heure"].to_pylist()])
    )
    for given in (sky(table, days=40), stopped, told.slice(0, 0)):
        found = tomorrow({"mesures": table, "meteo": given})
        assert {k: v for k, v in found.items() if k != "_tables"} == {
            k: v for k, v in plain.items() if k != "_tables"
        }


def test_a_polled_forecast_is_kept_issue_by_issue(tmp_path: Path) -> None:
    create(tmp_path / "ville", "Rivemont")
    clock = [NOW]
    city = open_city(settings.load(tmp_path / "ville", {}), clock=lambda: clock[0])
    with city.db.begin() as conn:
        datasets.save_organisation(conn, Organisation("environnement", "Environnement"))
        datasets.save_dataset(conn, Dataset("meteo", "Météo prévue", "Une description.", "environnement"))
        datasets.save_resource(
            conn,
            kept := Resource(
                "meteo/previsions",
                "meteo",
                "Prévisions",
                source="http://meteo.example",
                reader="meteo",
                every_s=3600,
            ),
        )
    for hours in (0, 0, 6):
        clock[0] = NOW + timedelta(hours=hours)
        at, table = batch(orjson.dumps(OPEN_METEO), now=clock[0])
        assert polling.poll(city, kept, lambda at=at, table=table: Batch(at, table, METEO)).state == "up"
    with city.db.read() as conn:
        served = versions.served(conn, kept.id, PUBLIC)
    assert served is not None, "the first hour is closed"
    assert served.rows == 1, "what is asked again within the hour is the same forecast"
    city.db.close()
