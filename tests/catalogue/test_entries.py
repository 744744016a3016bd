"""What shows of the store through an entry, and nothing more; codes, freshness, lineage and schema.org."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import SKOS
from sqlalchemy import event
from sqlalchemy.engine import Engine

from parvis.catalogue import dcat, schema_org, vocabularies
from parvis.catalogue.entries import (
    Measure,
    Selection,
    catalogue,
    due,
    entries,
    entry,
    freshness,
    named,
    visible,
)
from parvis.catalogue.lineage import lineage
from parvis.catalogue.links import Links
from parvis.core.settings import City, Serve, Settings
from parvis.core.types import Audience, Dataset
from parvis.store import datasets, releases
from parvis.store.database import Database
from tests.cities.cataloguecity import BASE, IRVE, MOBILITY, NOW, described, seed

LINKS = Links(BASE)


@pytest.fixture
def db(database: Database) -> Database:
    """On SQLite and on PostgreSQL."""
    return database


def dataset(name: str, **more: object) -> Dataset:
    return replace(
        Dataset(name, f"Titre de {name}", "Une description.", MOBILITY.id, state="published"), **more
    )  # type: ignore[arg-type]


def test_an_entry_holds_what_is_served(db: Database) -> None:
    with db.begin() as conn:
        seed(conn, dataset("bornes"), schema=IRVE, rows=2, at=NOW - timedelta(days=9))
        newest = seed(conn, dataset("bornes"), schema=IRVE, rows=5)
        seed(conn, dataset("bornes"), schema=IRVE, rows=9, at=NOW + timedelta(days=1), audience=None)
    with db.read() as conn:
        found = entry(conn, LINKS, "bornes")
    assert found is not None
    (item,) = found.items
    assert (item.version, item.rows, found.rows) == (newest.digest, 5, 5), (
        "a version that waits for a decision is not there"
    )
    assert (found.issued, found.modified) == (NOW - timedelta(days=9), NOW)
    assert found.formats == ("csv", "json", "jsonl", "geojson", "parquet", "xlsx")
    assert found.geometry
    assert [c.name for c in found.columns] == ["id", "puissance"]
    assert item.records == f"{BASE}/api/explore/v2.1/catalog/datasets/bornes/records"
    assert found.url == f"{BASE}/jeux/bornes"


EVERY = ("public", "brouillon", "retire", "restreint", "retenu", "entre-nous", "vide", "inconnu")


def test_what_is_not_public_is_no_entry(db: Database) -> None:
    with db.begin() as conn:
        seed(conn, dataset("public"))
        seed(conn, dataset("brouillon", state="draft"))
        seed(conn, dataset("retire", state="withdrawn"))
        seed(conn, dataset("restreint", access="restricted"))
        seed(conn, dataset("retenu"), audience=None)
        seed(conn, dataset("entre-nous"), audience=Audience("ccas", "suivi", date(2027, 1, 1)))
        datasets.save_dataset(conn, dataset("vide"))
    with db.read() as conn:
        assert [e.id for e in entries(conn, LINKS)] == ["public"]
        assert visible(conn, EVERY) == {"public"}
        assert [e.id for e in entries(conn, LINKS, only=["retenu", "restreint", "public", "inconnu"])] == [
            "public"
        ]
        assert entry(conn, LINKS, "entre-nous") is None


def test_a_withdrawn_release_closes_the_entry(db: Database) -> None:
    with db.begin() as conn:
        version = seed(conn, dataset("bornes"))
        (row,) = releases.rows(conn, version.digest)
        releases.withdraw(conn, row.id, NOW)
    with db.read() as conn:
        assert entry(conn, LINKS, "bornes") is None
        assert visible(conn, ("bornes",)) == frozenset()


def test_a_table_keeps_its_name_when_others_come(db: Database) -> None:
    """The eldest resource bears the dataset's name for ever, though another sorts before it and though it may
    be withdrawn.
    """
    with db.begin() as conn:
        eldest = seed(conn, dataset("budget"), name="z-depenses")
        seed(conn, dataset("budget"), name="a-recettes", at=NOW + timedelta(days=1))
    with db.read() as conn:
        found = entry(conn, LINKS, "budget")
        assert found is not None
        assert [i.table for i in found.items] == ["budget", "budget--a-recettes"]
        by_name = named(conn, LINKS, "budget--a-recettes")
        assert by_name is not None
        assert by_name[1].resource.id == "budget/a-recettes"
    with db.begin() as conn:
        releases.withdraw(conn, releases.rows(conn, eldest.digest)[0].id, NOW)
    with db.read() as conn:
        assert named(conn, LINKS, "budget") is None
        assert named(conn, LINKS, "budget--a-recettes") is not None
        assert named(conn, LINKS, "budget--autre") is None


def test_measured_exports_tell_their_size(db: Database) -> None:
    with db.begin() as conn:
        version = seed(conn, dataset("bornes"))
    with db.read() as conn:
        found = entry(
            conn,
            LINKS,
            "bornes",
            selection=Selection(("csv", "parquet", "geojson"), {(version.digest, "csv"): Measure(42, "ab")}),
        )
    assert found is not None
    assert [(o.format, o.bytes, o.sha256) for o in found.items[0].offers] == [
        ("csv", 42, "ab"),
        ("parquet", None, ""),
    ], "no geometry, no GeoJSON"


def test_the_whole_catalogue_costs_few_queries(db: Database) -> None:
    """The number does not grow with the datasets."""
    with db.begin() as conn:
        for n in range(30):
            seed(conn, dataset(f"jeu-{n}"))
    asked: list[str] = []
    event.listen(
        Engine,
        "before_cursor_execute",
        count := lambda conn, cursor, statement, *rest: asked.append(statement),
    )
    try:
        with db.read() as conn:
            assert len(entries(conn, LINKS)) == 30
    finally:
        event.remove(Engine, "before_cursor_execute", count)
    assert len([a for a in asked if not a.startswith("PRAGMA")]) <= 12


def test_the_catalogue_of_a_city_comes_from_its_settings(db: Database) -> None:
    with db.begin() as conn:
        seed(conn, dataset("bornes"))
    settings = Settings(
        city=City("Montclair", bbox=(3.75, 43.5, 4.0, 43.7), contact="donnees@montclair.fr"),
        serve=Serve(base_url="https://data.montclair.fr/"),
    )
    with db.read() as conn:
        made = catalogue(conn, settings)
        bare = catalogue(conn, Settings())
    assert (made.base_url, made.territory, made.box) == (
        "https://data.montclair.fr",
        "Montclair",
        (3.75, 43.5, 4.0, 43.7),
    )
    assert made.datasets[0].url == "https://data.montclair.fr/jeux/bornes"
    assert (bare.base_url, bare.box, bare.contact) == ("http://127.0.0.1:8000", None, None)
    for one in (made, bare):
        read = rdflib.Graph().parse(data=dcat.serialise(one, "ttl"), format="turtle")
        assert len(set(read.subjects(rdflib.RDF.type, rdflib.DCAT.Dataset))) == 1


# Freshness and codes


@pytest.mark.parametrize(
    ("frequency", "late_after"),
    [
        ("daily", timedelta(days=2)),
        ("monthly", timedelta(days=32)),
        ("annual", timedelta(days=366)),
        ("biweekly", timedelta(days=15)),
        ("quarterly", timedelta(days=94)),
        ("oneMinute", timedelta(days=1, minutes=1)),
        ("threeTimesADay", timedelta(days=2)),
        ("fortnighly", timedelta(days=15)),
        ("biannual", timedelta(days=366)),
    ],
)
def test_a_dataset_is_late_after_its_delay_and_a_day(frequency: str, late_after: timedelta) -> None:
    one = dataset("x", frequency=frequency)
    assert due(frequency, NOW) == NOW + late_after
    assert freshness(one, NOW, NOW + late_after) == "current"
    assert freshness(one, NOW, NOW + late_after + timedelta(seconds=1)) == "late"


@pytest.mark.parametrize(
    "frequency",
    [
        "continuous",
        "realtime",
        "punctual",
        "irregular",
        "never",
        "notPlanned",
        "other",
        "unknown",
        "fourTimesAWeek",
        "n’importe quoi",
    ],
)
def test_without_a_promise_nothing_is_late(frequency: str) -> None:
    assert freshness(dataset("x", frequency=frequency), NOW, NOW + timedelta(days=99999)) == "unpromised"


def test_there_are_forty_frequencies_each_with_a_code_of_its_own() -> None:
    assert len(vocabularies.FREQUENCIES) == 40
    assert len({f.code for f in vocabularies.FREQUENCIES.values()}) == 40
    assert sum(f.delay is None for f in vocabularies.FREQUENCIES.values()) == 7


@pytest.mark.shared
def test_every_code_is_in_the_european_tables(shared: Path) -> None:
    """Both ways for the themes: none is missing. The extract of the frequencies is checked too."""
    tables = rdflib.Graph().parse(shared / "standards/eu-vocabularies/eu-vocab-min.ttl")
    known = {str(s) for s in tables.subjects(SKOS.inScheme, None)}
    ours = {
        "data-theme": set(vocabularies.THEMES),
        "licence": set(vocabularies.LICENCES),
        "frequency": {f.code for f in vocabularies.FREQUENCIES.values()},
        "access-right": {code for code, _ in vocabularies.ACCESS.values()},
        "language": set(vocabularies.LANGUAGES.values()),
        "file-type": {f.code for f in vocabularies.FORMATS.values() if f.code},
    }
    missing = {vocabularies.authority(table, code) for table, codes in ours.items() for code in codes} - known
    assert missing == set()
    themes = {k.rpartition("/")[2] for k in known if "/data-theme/" in k} - {"OP_DATPRO"}
    assert themes == ours["data-theme"]


def test_every_label_is_filled() -> None:
    for label in (
        *vocabularies.THEMES.values(),
        *vocabularies.HVD_CATEGORIES.values(),
        *(one for _, one in vocabularies.ACCESS.values()),
    ):
        assert label.fr
        assert label.en
    assert all(f.label and f.media_type and f.extension for f in vocabularies.FORMATS.values())


# Lineage


def test_the_lineage_names_sources_runs_and_what_was_made(db: Database) -> None:
    with db.begin() as conn:
        source = seed(conn, dataset("source"))
        made = seed(
            conn,
            dataset("calcul", derived_from=("source", "cachee")),
            inputs=(source.digest,),
            at=NOW + timedelta(hours=1),
        )
        seed(conn, dataset("source"), rows=8, at=NOW + timedelta(hours=2))
    with db.read() as conn:
        up, down = lineage(conn, "calcul"), lineage(conn, "source")
    assert up is not None
    assert down is not None
    assert [(s.id, s.title) for s in up.sources] == [("source", "Titre de source")]
    assert up.hidden == 1, "a private source is counted, not named"
    assert [d.id for d in down.derived] == ["calcul"]
    (step,) = up.steps
    assert (step.version, step.what, step.inputs[0].version, step.inputs[0].dataset) == (
        made.digest,
        "publish",
        source.digest,
        "source",
    )
    assert [s.rows for s in down.steps] == [8, 3], "newest first"


def test_the_lineage_betrays_nothing_private(db: Database) -> None:
    with db.begin() as conn:
        secret = seed(conn, dataset("secret", state="draft"))
        held = seed(conn, dataset("retenu"), audience=None)
        seed(conn, dataset("calcul", derived_from=("secret", "retenu")), inputs=(secret.digest, held.digest))
        seed(conn, dataset("calcul"), rows=77, at=NOW + timedelta(days=1), audience=None)
    with db.read() as conn:
        told = lineage(conn, "calcul")
        assert told is not None
        assert (told.sources, told.hidden) == ((), 2)
        (step,) = told.steps
        assert (step.inputs, step.hidden) == ((), 2)
        assert lineage(conn, "secret") is None
        assert lineage(conn, "inconnu") is None
        said = repr(told)
    assert "secret" not in said
    assert "privé" not in said, "the parameters of a run stay inside"
    assert "77" not in said


# schema.org


def test_schema_org_tells_the_same_dataset() -> None:
    city = described()
    said = schema_org.dataset(city, city.datasets[0])
    assert (said["@type"], said["identifier"], said["license"]) == (
        "Dataset",
        "bornes-recharge",
        "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
    )
    assert said["temporalCoverage"] == "2020-01-01/.."
    assert said["spatialCoverage"] == {
        "@type": "Place",
        "name": "Montclair",
        "geo": {"@type": "GeoShape", "box": "43.5 3.75 43.7 4.0"},
    }
    downloads = said["distribution"]
    assert isinstance(downloads, list)
    assert len(downloads) == 6
    assert downloads[0] == {
        "@type": "DataDownload",
        "name": "Table 1 (CSV)",
        "contentUrl": f"{BASE}/api/explore/v2.1/catalog/datasets/bornes-recharge/exports/csv",
        "encodingFormat": "text/csv",
        "contentSize": "1234 B",
    }


@pytest.mark.parametrize("description", ["", "Court.", "x" * 9000])
def test_a_description_is_of_the_length_that_engines_take(description: str) -> None:
    city = described()
    one = replace(city.datasets[0], dataset=replace(city.datasets[0].dataset, description=description))
    said = schema_org.dataset(city, one)["description"]
    assert isinstance(said, str)
    assert 50 <= len(said) <= 5000


def test_no_text_ends_the_script_element() -> None:
    city = described()
    wicked = replace(
        city.datasets[0],
        dataset=replace(city.datasets[0].dataset, title="</script><script>alert(1)</script><!--\u2028"),
    )
    written = schema_org.script(city, wicked)
    assert "<" not in written
    assert json.loads(written)["name"] == wicked.dataset.title
