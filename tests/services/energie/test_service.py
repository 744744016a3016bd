"""The service of energy, from a town's files to what its page says: what was planted is found, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest
from starlette.testclient import TestClient

from parvis.cli.init import create
from parvis.cli.publish import plan, process
from parvis.core import settings
from parvis.core.errors import UsageError
from parvis.core.language import language
from parvis.core.types import PUBLIC
from parvis.demo import build, energy, world
from parvis.demo.files import energie
from parvis.demo.raw import on
from parvis.methods.energy.goals import factor_of
from parvis.publication import pipeline
from parvis.publication.city import City, open_city
from parvis.services.declaration import texts
from parvis.services.energie import rules
from parvis.services.energie.compute import work
from parvis.services.energie.service import SERVICE
from parvis.store import runs, versions
from parvis.web.app import create_app
from parvis.work import service_runs
from tests.cities.livecity import Clock

FILES = (energie.METERS_FILE, energie.READINGS_FILE, energie.WEATHER_FILE, energie.WORKS_FILE)
MORNING = world.NOW.replace(hour=4)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """The demo city's files of energy, published as anybody would, and the service computed from them."""
    folder = tmp_path_factory.mktemp("energie")
    drawn = world.build()
    raw = folder / "raw"
    raw.mkdir()
    dated = [on(file, drawn.days) for file in FILES]
    for file in dated:
        (raw / file.name).write_bytes(file.write(drawn)[0])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "raw_files", lambda days: {f.name: f for f in dated})
        (raw / "datasets.toml").write_text(build.manifest(drawn.days), "utf-8")
        patch.setattr(service_runs, "declared", lambda: (SERVICE,))
        create(folder / "ville", "Rivemont", {"city": {"insee": '"34990"'}})
        opened = open_city(settings.load(folder / "ville", {}), clock=Clock(MORNING))
        entries = plan(opened, [raw])
        sent = [
            pipeline.receive(opened, e.file, name=e.file.name, resource=e.resource.id)
            for e in entries
            if e.file is not None
        ]
        assert {d.state for d in process(opened, [d.id for d in sent])} == {"published"}
        service_runs.refresh(opened)
        yield opened


@pytest.fixture(scope="module")
def site(city: City) -> Iterator[TestClient]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(service_runs, "declared", lambda: (SERVICE,))
        yield TestClient(create_app(city))


def table(city: City, name: str) -> list[dict[str, Any]]:
    resource = next(r for r in SERVICE.resources if r.endswith(f"/{name}"))
    asked = service_runs.Input(resource)
    found = service_runs.history(city, service_runs.replace(SERVICE, inputs={name: asked}), name, MORNING)
    assert found is not None
    return found.to_pylist()


def test_every_table_is_published_with_its_lineage(city: City) -> None:
    with city.db.read() as conn:
        for resource in SERVICE.resources:
            made = versions.served(conn, resource, PUBLIC)
            assert made is not None, resource
            assert runs.producing(conn, made.digest)[0].inputs


def test_the_planted_faults_are_found_and_nothing_else(city: City) -> None:
    """The boiler's step to the day, the weekends that are heated, the machines of the night."""
    odd = {(r["compteur"], r["genre"]): r for r in table(city, "anomalies")}
    step = odd[("GYMNASE-COUBERTIN-GAZ", "palier")]
    began = world.build().today - timedelta(days=energy.FAULT_DAYS)
    assert abs((step["depuis"] - began).days) <= 3
    assert (step["vu_le"] - began).days <= 21
    assert step["valeur_pct"] == pytest.approx(100 * energy.FAULT, abs=3)
    assert step["gain_bas"] < step["gain_kwh"] < step["gain_haut"]
    assert odd[("ECOLE-JAURES-GAZ", "week-end")]["valeur_pct"] == pytest.approx(100, abs=5)
    assert odd[("MAIRIE-ELEC", "nuit")]["valeur_pct"] == pytest.approx(80, abs=3)
    # the sports hall is open at weekends and heats them by nine tenths: planted too
    assert set(odd) == {
        ("GYMNASE-COUBERTIN-GAZ", "palier"),
        ("GYMNASE-COUBERTIN-GAZ", "week-end"),
        ("ECOLE-JAURES-GAZ", "week-end"),
        ("MAIRIE-ELEC", "nuit"),
    }


def test_works_are_verified_with_an_interval_that_holds_what_was_planted(city: City) -> None:
    by = {r["batiment"]: r for r in table(city, "economies")}
    school = by["École Pasteur"]
    expected = school["economie_kwh"] / (school["economie_pct"] / 100)
    assert school["etat"] == "économie vue"
    assert school["bas_kwh"] <= energy.WORKS_PART * expected <= school["haut_kwh"]


def test_years_add_up_and_each_figure_of_carbon_has_its_dated_factor(city: City) -> None:
    drawn = world.build()
    days, _ = energy.temperatures(drawn)
    rows = {(r["compteur"], r["annee"]): r for r in table(city, "annees")}
    for meter in energy.METERS:
        use = energy.used(drawn, meter)
        by_hand = sum(u for d, u in zip(days, use.tolist(), strict=True) if d.year == 2025)
        row = rows[(meter.id, 2025)]
        if meter.id == "MEDIATHEQUE-ELEC":  # ten days of silence in that year or the next
            continue
        assert row["kwh"] == pytest.approx(by_hand, abs=1), meter.id
        if row["co2_kg"] is not None:
            assert row["co2_kg"] == pytest.approx(row["kwh"] * row["facteur"], abs=0.1)
            assert row["facteur_source"]
    assert rows[("ECLAIRAGE-CENTRE", 2021)]["facteur"] == 0.053
    assert rows[("ECLAIRAGE-CENTRE", 2022)]["facteur"] == 0.052
    assert rows[("FLOTTE-GAZOLE", 2025)]["facteur"] == 0.317
    assert factor_of(rules.shipped().factors, "gazole", date(2016, 12, 31)) is None, (
        "before its text: said, not guessed"
    )


def test_two_laws_stand_side_by_side(city: City) -> None:
    rows = table(city, "objectifs")
    town = {r["annee"]: r for r in rows if r["loi"].startswith("Code") and r["batiment"] is None}
    assert town[2021]["etat"] == "tenu"
    assert town[2025]["reference_annee"] == 2021
    assert town[2025]["permis_kwh"] == pytest.approx(town[2021]["consomme_kwh"] * (1 - 4 * 0.019), rel=1e-4)
    tertiary = {r["batiment"] for r in rows if r["loi"] == "Décret tertiaire"}
    assert tertiary == {
        "École Pasteur",
        "École Jean-Jaurès",
        "Gymnase Coubertin",
        "Hôtel de ville",
        "Médiathèque",
    }


def test_the_area_to_renovate_each_year_by_hand() -> None:
    """L.235-1: 3 % a year of the floor of buildings above 250 m². A building counts once whatever its meters; works of another year,
    of a smaller building or beyond the floor of theirs add nothing.
    """
    about = [
        ("MAIRIE-E", "Mairie", "batiment", "électricité", 1000.0),
        ("MAIRIE-G", "Mairie", "batiment", "gaz", 1000.0),
        ("ECOLE", "École", "batiment", "gaz", 400.0),
        ("ABRI", "Abri", "batiment", "électricité", 250.0),
        ("RUES", "Rues", "eclairage", "électricité", None),
    ]
    meters = [
        {"compteur": c, "batiment": b, "poste": p, "usage": None, "energie": e, "surface_m2": m2, "reference_annee": None,
         "reference_kwh": None} for c, b, p, e, m2 in about
    ]  # fmt: skip
    readings = [
        {"compteur": c[0], "debut": f"{y}-01-01T00:00:00", "fin": f"{y + 1}-01-01T00:00:00", "kwh": 3650.0}
        for c in about
        for y in (2021, 2024, 2025)
    ]
    works = [
        {"batiment": b, "jour": date(y, 9, 1), "action": "isolation", "surface_renovee_m2": m2}
        for b, y, m2 in (
            ("École", 2025, 300.0),
            ("École", 2025, 300.0),
            ("Mairie", 2024, 500.0),
            ("Abri", 2025, 90.0),
            ("Mairie", 2025, None),
        )
    ]
    tables = {
        "compteurs": pa.Table.from_pylist(meters),
        "releves": pa.Table.from_pylist(readings),
        "travaux": pa.Table.from_pylist(works),
    }
    rows = [r for r in work(tables, MORNING)["objectifs"].to_pylist() if r["loi"].startswith("Code")]
    by_year = {r["annee"]: (r["inventaire_m2"], r["a_renover_m2"], r["renovee_m2"]) for r in rows}
    assert by_year == {2021: (None, None, None), 2024: (None, None, None), 2025: (1400.0, 42.0, 400.0)}


def test_the_page_its_twin_and_its_files(city: City, site: TestClient) -> None:
    page = site.get("/services/energie")
    assert page.status_code == 200
    assert "Gymnase Coubertin" in page.text
    assert "<svg" in page.text
    assert "m² rénovés en 2025, pour" in page.text.replace("\xa0", " ").replace("\u202f", " ")
    twin = site.get("/services/energie.json").json()
    assert twin["question"] == SERVICE.question if "question" in twin else True
    assert "Gymnase Coubertin" in site.get("/services/energie.json?batiment=gymnase").text
    english = site.get("/en/services/energie")
    assert english.status_code == 200
    assert "What is odd, and what to do" in english.text
    sheet = site.get("/services/energie/operat.csv")
    assert sheet.status_code == 200
    assert (
        sheet.content.decode("utf-8-sig")
        .splitlines()[0]
        .startswith("entite_fonctionnelle;activite;surface_m2")
    )
    assert "Gymnase Coubertin" in site.get("/services/energie/actions.csv").content.decode("utf-8-sig")
    nobody = site.get("/services/energie?batiment=rien-de-tel")
    assert nobody.status_code == 200
    assert "Aucun relevé d’énergie ne porte ce nom" in nobody.text


def test_all_of_it_is_said_in_english() -> None:
    english = language("en")
    assert [t for t in texts(SERVICE) if not english.knows(t)] == []


def test_a_city_adds_its_prices_and_factors_and_a_false_entry_is_refused() -> None:
    text = '[[price]]\nenergy = "gaz"\neuros = 0.11\n[[factor]]\nenergy = "gazole"\nsince = 2020-01-01\nkg = 0.25\nsource = "essai"\n'
    own = rules.with_city(text)
    assert own.prices == {"gaz": 0.11}
    assert any(f.energy == "gazole" for f in own.factors)
    assert rules.with_city("").goals == rules.shipped().goals
    for wrong in (
        '[[goal]]\nname = "x"\nsince = 2020-01-01\nsource = ""\nuses = ["piscines"]\nyearly = 0.1\n',
        '[[factor]]\nenergy = "gaz"\nsince = "hier"\nkg = 0.2\nsource = ""\n',
        '[[price]]\nenergy = "gaz"\neuros = true\n',
        '[[action]]\nkind = "magie"\neuros = 3\n',
    ):
        with pytest.raises(UsageError):
            rules.read(wrong, "reglages/energie.toml")
