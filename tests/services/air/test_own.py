"""What a city sets itself of the air: its own thresholds and actions, with their dates, read or refused,
beside those of the law on the page and in the message.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from parvis.cli import doctor
from parvis.cli.init import create
from parvis.core import settings
from parvis.core.errors import UsageError
from parvis.core.language import languages
from parvis.core.types import PUBLIC, Dataset, Organisation, Resource
from parvis.methods.air.exceedance import Level
from parvis.publication.city import open_city
from parvis.services.air import alert, city, compute
from parvis.services.air.answer import answer
from parvis.services.air.schemas import RELEVES
from parvis.services.air.service import SERVICE
from parvis.services.answers import Asked, Points, Rows, Said
from parvis.store import datasets, runs, versions
from parvis.work import live_hours, service_runs
from tests.services.air import airtown

OWN = """
[[rule]]
pollutant = "pm10"
since = 2025-01-01
source = "Délibération du 12 décembre 2024"
thresholds = [{ level = "information", bound = 35, measure = "day" }, { level = "alert", bound = 60, measure = "day" }]
persistence = [[-1, 0]]

[[rule]]
pollutant = "pm25"
since = 2025-01-01
source = "Délibération du 12 décembre 2024"
thresholds = [{ level = "information", bound = 25, measure = "day" }]

[[action]]
level = "information"
since = 2025-01-01
source = "Délibération du 12 décembre 2024"
text = "Les parcs relais sont gratuits."
english = "Park-and-ride is free."

[[action]]
level = "alert"
pollutants = ["pm10"]
since = 2025-01-01
until = 2026-06-30
source = "Délibération du 12 décembre 2024"
text = "Les bus sont gratuits."
english = "Buses are free."
"""
TODAY = date(2026, 1, 20)


def test_a_file_is_read_with_its_dates() -> None:
    own = city.read(OWN, city.NAME)
    assert [(r.pollutant, [t.bound for t in r.thresholds], r.persistence) for r in own.rules] == [
        ("pm10", [35, 60], ((-1, 0),)),
        ("pm25", [25], ()),
    ]
    free, buses = own.actions
    assert free.holds("no2", TODAY)
    assert (
        buses.level,
        buses.holds("pm10", date(2026, 6, 30)),
        buses.holds("pm10", date(2026, 7, 1)),
        buses.holds("o3", TODAY),
    ) == (
        Level.ALERT,
        True,
        False,
        False,
    )
    assert city.of({}) == city.Own()


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("bound = 35", "bound = 51", "moins sévère que celui de la loi, 50"),
        ("bound = 60", "bound = 80.5", "moins sévère"),
        ('bound = 35, measure = "day"', 'bound = 35, measure = "hour"', "incomplète ou fausse"),
        (
            '{ level = "information", bound = 35, measure = "day" }, { level = "alert", bound = 60, measure = "day" }',
            '{ level = "information", bound = 35, measure = "hour" }',
            "n’est pas comparable",
        ),
        ('pollutant = "pm25"', 'pollutant = "pm1"', "polluant inconnu « pm1 »"),
        ('pollutant = "pm25"', 'pollutant = "pm10"', "deux règles de pm10 valent le même jour"),
        ("since = 2025-01-01", 'since = "hier"', "incomplète ou fausse"),
        ("[[action]]", "[[actions]]", "clé inconnue « actions »"),
        ("english = ", "anglais = ", "clé inconnue « anglais »"),
        ('level = "alert"\npollutants', 'level = "grave"\npollutants', "action n° 2"),
        ('["pm10"]', '["radon"]', "action n° 2"),
        ('text = "Les bus sont gratuits."', 'text = ""', "action n° 2"),
        ("[[rule]]", "[[rule", "ce n’est pas du TOML"),
    ],
)
def test_what_is_badly_written_or_softer_than_the_law_is_refused(old: str, new: str, why: str) -> None:
    assert old in OWN
    with pytest.raises(UsageError, match=r"reglages/air\.toml") as refused:
        city.read(OWN.replace(old, new), city.NAME)
    assert why in refused.value.message


def test_a_softer_threshold_may_stand_where_the_law_was_not_yet() -> None:
    assert city.read(
        OWN.replace(
            "since = 2025-01-01\nsource", "since = 2010-01-01\nuntil = 2016-04-06\nsource", 1
        ).replace("= 35", "= 70"),
        city.NAME,
    ).rules


@pytest.fixture(scope="module")
def made() -> dict[str, pa.Table]:
    """40 µg/m³ on both days before: nothing by the law, an alert by persistence by the city's own threshold
    of 35; and its day of today goes on so.
    """
    table = airtown.table(days=8, episode=(40.0, 40.0), pollutants=("pm10", "no2"))
    return dict(compute.work({"mesures": table, "reglages": pa.table({"texte": [OWN]})}, airtown.NOW))


def rows(table: pa.Table, **wanted: object) -> list[dict[str, object]]:
    return [r for r in table.to_pylist() if all(r[k] == v for k, v in wanted.items())]


def test_days_are_held_to_both(made: dict[str, pa.Table]) -> None:
    yesterday = TODAY - timedelta(days=1)
    ((law,), (own,)) = (
        rows(made["procedures"], cadre=whose, polluant="pm10", jour=yesterday)
        for whose in (compute.LAW, compute.CITY)
    )
    assert (law["niveau"], law["etat"]) == (0, "none")
    assert (own["niveau"], own["etat"], own["motif"]) == (1, "alert", "persistence")
    assert own["regle"] == "Délibération du 12 décembre 2024"
    assert not rows(made["procedures"], cadre=compute.CITY, polluant="no2"), (
        "the city set itself nothing there"
    )
    plain = compute.work(
        {"mesures": airtown.table(days=8, episode=(40.0, 40.0), pollutants=("pm10", "no2"))}, airtown.NOW
    )
    assert plain["procedures"].to_pylist() == rows(made["procedures"], cadre=compute.LAW), (
        "the law's days are the same with and without"
    )


def test_thresholds_stand_side_by_side(made: dict[str, pa.Table]) -> None:
    found = {
        (r["polluant"], r["niveau"], r["cadre"]): r for r in made["seuils"].to_pylist() if not r["echelon"]
    }
    assert (found["pm10", 1, "loi"]["seuil"], found["pm10", 1, "ville"]["seuil"]) == (50.0, 35.0)
    assert ("pm25", 1, "loi") not in found
    assert found["no2", 1, "loi"]["actions"] == "Les parcs relais sont gratuits."
    assert found["pm10", 2, "ville"]["actions_en"] == "Buses are free."
    later = compute.work(
        {"mesures": airtown.table(days=2), "reglages": pa.table({"texte": [OWN]})},
        datetime(2026, 7, 1, 12, tzinfo=UTC),
    )
    assert not any("bus" in r["actions"] for r in later["seuils"].to_pylist()), "after its last day"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_says_both(made: dict[str, pa.Table], language: str) -> None:
    now = airtown.NOW - timedelta(days=1)  # the day that passed
    blocks = answer(Asked({}, now, now, languages("Europe/Paris")[language]), made)
    said = [b.text for b in blocks if isinstance(b, Said)]
    assert any(
        (
            "seuil d’alerte de la ville passé aujourd’hui (mesuré)"
            if language == "fr"
            else "the city’s alert threshold is crossed today"
        )
        in t
        for t in said
    )
    done = next(
        b
        for b in blocks
        if isinstance(b, Points) and b.title in ("Ce que fait la ville", "What the city does")
    )
    assert done.points[0].text == ("Les bus sont gratuits." if language == "fr" else "Buses are free.")
    table = next(
        b for b in blocks if isinstance(b, Rows) and b.title in ("Seuils en vigueur", "Thresholds in force")
    )
    assert {"loi": 50.0, "ville": 35.0}.items() <= table.rows[1].items()
    texts = next(
        b
        for b in blocks
        if isinstance(b, Points)
        and b.title in ("Textes dont ils sont pris", "Texts that they are taken from")
    )
    assert len(said) == len(set(said)), "the same sentence twice"
    assert len(done.points) == len({p.text for p in done.points}), "what is done on both days is said once"
    assert {t.text.split(",")[0] for t in texts.points} >= {
        "Code de l’environnement",
        "Délibération du 12 décembre 2024",
    }


def test_the_message_of_an_episode_says_what_the_city_does() -> None:
    evening = datetime(2026, 1, 19, 22, 59, tzinfo=UTC)  # the last minute of the day that passed
    table = airtown.table(days=8, until=evening + timedelta(minutes=1), episode=(60.0,), pollutants=("pm10",))
    known = compute.work({"mesures": table, "reglages": pa.table({"texte": [OWN]})}, evening)
    _, told = alert.look(known, "", evening)
    (message,) = told
    assert "La ville agit : Les parcs relais sont gratuits." in message.parts[0].text.fr
    assert "The city acts: Park-and-ride is free." in message.parts[0].text.en


# --- in a city ----------------------------------------------------------------------------------------------


@dataclass
class Clock:
    """Moved by hand."""

    at: datetime = airtown.NOW

    def __call__(self) -> datetime:
        return self.at


def test_a_file_that_changes_is_computed_anew_and_a_wrong_one_is_told(tmp_path: Path) -> None:
    create(tmp_path / "ville", "Rivemont")
    here = open_city(settings.load(tmp_path / "ville", {}), clock=Clock())
    with here.db.begin() as conn:
        datasets.save_organisation(conn, Organisation("environnement", "Environnement"))
        datasets.save_dataset(conn, Dataset("stations-air", "Mesures", "Une description.", "environnement"))
        datasets.save_resource(conn, kept := Resource("stations-air/releves", "stations-air", "Mesures"))
    table = airtown.table(days=3, episode=(40.0,), pollutants=("pm10",))
    columns = {"station": "id_station", "debut": "date_debut", "code_zone": "code_insee"}
    table = table.rename_columns([columns.get(n, n) for n in table.column_names])
    for name in ("unite", "validite"):
        table = table.append_column(name, pa.nulls(table.num_rows, pa.string()))
    live_hours.publish(
        here, kept, RELEVES, (live_hours.put(here, service_runs.fitted(table, RELEVES)),), (), what="import"
    )
    with here.db.read() as conn:
        air = service_runs.bound(conn, SERVICE)
    assert service_runs.recompute(here, air)
    assert not service_runs.recompute(here, air), "nothing changed"
    file = tmp_path / "ville" / "reglages" / "air.toml"
    file.parent.mkdir()
    file.write_text(OWN.replace("bound = 35", "bound = 51"), "utf-8")
    assert not service_runs.recompute(here, air), "badly written: the law alone, as before"
    assert any("moins sévère" in a.said and not a.well for a in doctor.examine(here))
    file.write_text(OWN, "utf-8")
    here.now.at += timedelta(minutes=1)  # type: ignore[attr-defined]
    assert service_runs.recompute(here, air)
    assert not service_runs.recompute(here, air)
    assert all(a.well for a in doctor.examine(here) if a.question == "Réglages des services")
    with here.db.read() as conn:
        served = versions.served(conn, "procedures-air/procedures", PUBLIC)
        assert served is not None
        (run,) = runs.producing(conn, served.digest)
        assert list(run.parameters) == ["reglages"], "the lineage says that the city's own file was read"
    here.db.close()
