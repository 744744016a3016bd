"""A resource with a policy: what is published is the anonymous table, its lineage says so, and nothing of the
first one is left to be looked at.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from parvis.cli.app import run
from parvis.core.errors import NotFound, UsageError
from parvis.core.settings import load
from parvis.core.types import PUBLIC, Dataset, Organisation, Resource
from parvis.publication import pipeline, policies
from parvis.publication.city import City, open_city
from parvis.publication.recipes import Reader
from parvis.store import datasets, deposits, journal, runs, versions
from parvis.store.deposits import Deposit
from parvis.work import jobs

POLICY = """
title = "Inscrits"
source = "CRPA, L. 312-1-2"
[models]
k = 5
[[columns]]
names = ["nom"]
treatment = "drop"
[[columns]]
names = ["age"]
treatment = "generalise"
hierarchy = "ages"
[[columns]]
names = ["commune"]
treatment = "generalise"
hierarchy = "communes"
[[columns]]
names = ["inscription"]
treatment = "generalise"
hierarchy = "dates"
at_least = "mois"
"""
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
SURNAME = "Quetzalcanari"


def lines(n: int = 120) -> str:
    rows = [
        f"{SURNAME}{i};{18 + i * 7 % 60};{('34172', '34057', '30189')[i % 3]};{2026}-0{1 + i % 3}-{10 + i % 18}"
        for i in range(n)
    ]
    return "\n".join(["nom;age;commune;inscription", *rows]) + "\n"


@pytest.fixture
def city(tmp_path: Path) -> City:
    folder = tmp_path / "ville"
    assert run(["init", str(folder)]) == 0
    opened = open_city(load(folder, {}), clock=lambda: NOW)
    with opened.db.begin() as conn:
        datasets.save_organisation(conn, Organisation("ville", "Ville"))
        datasets.save_dataset(conn, Dataset("inscrits", "Inscrits", "Les inscrits", "ville"))
        datasets.save_resource(conn, Resource("inscrits/liste", "inscrits", "Liste"))
    return opened


def send(city: City, text: str, name: str = "inscrits.csv") -> Deposit:
    path = city.settings.path("var") / name
    path.write_text(text, "utf-8")
    deposit = pipeline.receive(city, path, name=name, resource="inscrits/liste")
    path.unlink()
    drafted = jobs.draft(city, deposit.id)
    if drafted:
        jobs.decide(city, deposit.id, drafted)
    with city.db.read() as conn:
        found = deposits.get(conn, deposit.id)
    assert found is not None
    return found


def published(city: City) -> list[dict[str, object]]:
    with city.db.read() as conn:
        version = versions.served(conn, "inscrits/liste", PUBLIC)
    assert version is not None
    return [row for f in version.files for row in pq.read_table(city.files.local(f.digest)).to_pylist()]


def test_what_is_published_is_the_anonymous_table(city: City) -> None:
    digest = policies.save(city, "inscrits/liste", POLICY, actor="somebody")
    done = send(city, lines())
    assert (done.state, done.message) == ("published", "")
    rows = published(city)
    assert len(rows) == 120
    assert min(Counter(tuple(r.values()) for r in rows).values()) >= 5
    assert [*rows[0]] == ["age", "commune", "inscription"]
    with city.db.read() as conn:
        version = versions.served(conn, "inscrits/liste", PUBLIC)
        assert version is not None
        made = runs.run(conn, version.run)
        events = journal.of(conn, "inscrits/liste", verb=policies.SAVED)
    assert made is not None
    said = made.parameters["anonymised"]["inscrits/liste"]  # type: ignore[index,call-overload]
    assert said["policy"] == digest == events[0].ids["policy"]  # type: ignore[index,call-overload]
    assert said["k"] == [1, min(Counter(tuple(r.values()) for r in rows).values())]  # type: ignore[index,call-overload]
    assert "privacy-anonymised" in {f.check for f in version.report.findings}
    assert any("anonymisée" in what for what in version.report.not_checked)
    # nothing that a visitor's engine could open holds a name, and no report, profile, run or event does
    told = json.dumps([repr(version.report), repr(version.schema), repr(made), repr(events)])
    assert SURNAME not in told
    for path in city.settings.path("var").rglob("*"):
        if path.is_file():
            assert SURNAME.encode() not in path.read_bytes()
            if path.read_bytes()[:4] == b"PAR1":
                assert SURNAME not in str(pq.read_table(path).to_pylist())


def test_a_table_too_long_to_be_looked_at_whole_is_protected_too(city: City) -> None:
    """Past 20,000 rows its types are learnt from a sample of the anonymous table, whose columns bear names."""
    policies.save(city, "inscrits/liste", POLICY, actor="somebody")
    assert send(city, lines(20_400)).state == "published"
    rows = published(city)
    assert len(rows) == 20_400
    assert min(Counter(tuple(r.values()) for r in rows).values()) >= 5


def test_the_same_file_sent_again_tells_nothing_new(city: City) -> None:
    policies.save(city, "inscrits/liste", POLICY, actor="somebody")
    send(city, lines())
    first = published(city)
    again = send(city, lines(), "encore.csv")
    assert again.state == "unchanged"
    assert published(city) == first


def test_one_newcomer_is_not_shown_by_two_versions(city: City) -> None:
    """Each version is made of classes of five and more; whoever kept the first would find by subtraction who
    came: a person decides.
    """
    policies.save(city, "inscrits/liste", POLICY, actor="somebody")
    assert send(city, lines()).state == "published"
    before = published(city)
    later = send(city, lines() + f"{SURNAME}120;31;34172;2026-01-12\n", "decembre.csv")
    assert later.state == "held"
    with city.db.read() as conn:
        made = versions.version(conn, later.version)
        assert made is not None
        (found,) = [f for f in made.report.findings if f.check == "privacy-difference"]
    assert "de moins de 5 lignes" in found.message
    assert published(city) == before


def test_a_pseudonym_waits_for_a_decision(city: City) -> None:
    policies.save(
        city,
        "inscrits/liste",
        POLICY.replace('treatment = "drop"', 'treatment = "pseudonymise"'),
        actor="somebody",
    )
    done = send(city, lines())
    assert done.state == "held"
    assert "nom" in done.message


def test_a_file_that_the_policy_does_not_fit_waits_and_shows_nothing(city: City) -> None:
    policies.save(city, "inscrits/liste", POLICY, actor="somebody")
    for text, words in (
        (lines().replace("inscription\n", "arrivee\n", 1), "arrivee"),
        (lines(4), "Aucune publication"),
        (lines().replace("nom;", "nom de famille;", 1), "nom de famille"),
    ):
        done = send(city, text)
        assert done.state == "held"
        assert words in done.message
        assert SURNAME not in done.message
    with city.db.read() as conn:
        assert versions.served(conn, "inscrits/liste", PUBLIC) is None


def test_a_policy_ends_where_it_is_emptied_and_what_is_none_is_not_kept(city: City) -> None:
    with pytest.raises(UsageError, match="clé inconnue"):
        policies.save(city, "inscrits/liste", "modele = 3", actor="somebody")
    with pytest.raises(NotFound):
        policies.save(city, "inscrits/autre", POLICY, actor="somebody")
    policies.save(city, "inscrits/liste", POLICY, actor="somebody")
    policies.save(city, "inscrits/liste", POLICY, actor="somebody")
    kept = policies.current(city, "inscrits/liste")
    assert kept is not None
    assert kept.policy.models.k == 5
    policies.save(city, "inscrits/liste", " ", actor="somebody")
    assert policies.current(city, "inscrits/liste") is None
    with city.db.read() as conn:
        assert len(journal.of(conn, "inscrits/liste", verb=policies.SAVED)) == 2


def test_a_policy_is_tried_on_the_last_file(city: City) -> None:
    with city.db.read() as conn:
        resource = datasets.resource(conn, "inscrits/liste")
    assert resource is not None
    assert policies.attempt(city, resource, POLICY, Reader("steward", unmasked=True)) is None
    send(city, lines())
    tried = policies.attempt(city, resource, POLICY, Reader("steward", unmasked=True))
    assert tried is not None
    assert tried.done is not None
    assert tried.done.after is not None
    assert tried.done.after.k >= 5
    misfit = policies.attempt(
        city, resource, POLICY.replace('["commune"]', '["ville"]'), Reader("steward", unmasked=True)
    )
    assert misfit is not None
    assert misfit.done is None
    assert "commune" in misfit.problem


def test_by_command(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "inscrits.csv").write_text(lines(), "utf-8")
    (tmp_path / "p.toml").write_text(POLICY, "utf-8")
    assert run(["init", str(tmp_path / "ville")]) == 0
    capfd.readouterr()
    assert (
        run(
            [
                "publish",
                str(tmp_path / "inscrits.csv"),
                "--policy",
                str(tmp_path / "p.toml"),
                "-C",
                str(tmp_path / "ville"),
                "--json",
            ]
        )
        == 0
    )
    assert json.loads(capfd.readouterr().out)
    assert (
        run(
            [
                "publish",
                str(tmp_path / "inscrits.csv"),
                "--policy",
                "rien",
                "-C",
                str(tmp_path / "ville"),
                "--json",
            ]
        )
        == 64
    )
