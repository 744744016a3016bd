"""The gate before publication: what drift and errors do to a new version, by the policy of the city and of
the resource, and who may pass over it.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from parvis.checks import gate
from parvis.cli.init import create
from parvis.core import settings
from parvis.core.errors import Refused, UsageError
from parvis.core.types import PUBLIC, Dataset, Finding, Organisation, Resource
from parvis.publication import pipeline
from parvis.publication.city import City, open_city
from parvis.store import datasets, journal, versions
from parvis.store.deposits import Deposit
from tests.cities import driftcity

PLACES = "equipements/places"
BASE = driftcity.without(driftcity.amenities(driftcity.generator("gate"), 300), "telephone")


@pytest.fixture
def city(tmp_path: Path) -> City:
    create(tmp_path / "city", "Ville")
    opened = open_city(settings.load(tmp_path / "city", {}))
    with opened.db.begin() as conn:
        datasets.save_organisation(conn, Organisation("sports", "Sports"))
        datasets.save_dataset(conn, Dataset("equipements", "Équipements", "", "sports"))
        datasets.save_resource(conn, Resource(PLACES, "equipements", "Places"))
    return opened


def hand_in(city: City, table: driftcity.Table, name: str = "places.csv") -> Deposit:
    path = city.settings.folder / name
    path.write_bytes(driftcity.as_csv(table))
    sent = pipeline.receive(city, path, name=name, resource=PLACES)
    return pipeline.decide(city, sent.id, pipeline.draft(city, sent))


def gated(city: City, **said: str) -> None:
    with city.db.begin() as conn:
        resource = datasets.resource(conn, PLACES)
        assert resource is not None
        datasets.save_resource(conn, replace(resource, gate=said))


def test_a_change_is_told_in_the_answer_and_kept_in_the_report(city: City) -> None:
    """By default a new version with a change goes out, and the sender is told; one without is only published."""
    assert hand_in(city, BASE).message == ""
    done = hand_in(city, driftcity.without(BASE, "accessible"))
    assert done.state == "published"
    assert done.message.startswith("Publié, mais à vérifier : La colonne « accessible » a disparu")
    with city.db.read() as conn:
        version = versions.served(conn, PLACES, PUBLIC)
    assert version is not None
    assert version.digest == done.version
    assert [f.check for f in version.report.findings if f.check.startswith("drift-")] == [
        "drift-column-removed"
    ]


def test_a_failed_export_does_not_take_the_place_of_good_data(city: City) -> None:
    """A break holds by default: the public still reads the version before, until a person who says why lets
    it out; that is an event.
    """
    good = hand_in(city, BASE)
    held = hand_in(city, driftcity.rows_of(BASE, range(3)))
    assert held.state == "held"
    assert "retient ce fichier : La table passe de 300 à 3 lignes" in held.message
    assert "publiez-le malgré tout en disant pourquoi" in held.message
    assert city.served(PLACES).versions == (good.version,)
    pipeline.release(city, held.version, PUBLIC, why="Tout a fermé sauf trois gymnases.", actor="p-lea")
    assert city.served(PLACES).versions == (held.version,)
    with city.db.read() as conn:
        last = journal.of(conn, PLACES, limit=1)[0]
    assert (last.verb, last.actor) == ("released", "p-lea")


def test_a_resource_may_hold_what_the_city_lets_through_and_the_other_way(city: City) -> None:
    hand_in(city, BASE)
    gated(city, changes="hold")
    assert hand_in(city, driftcity.without(BASE, "accessible")).state == "held"
    gated(city, changes="warn", breaks="warn")
    assert hand_in(city, driftcity.rows_of(BASE, range(2))).state == "published"


def test_what_the_policy_refuses_nobody_releases(city: City) -> None:
    """Refused with its report; no person publishes it, until the policy says otherwise."""
    good = hand_in(city, BASE)
    gated(city, changes="refuse")
    refused = hand_in(city, driftcity.without(BASE, "accessible"))
    assert refused.state == "refused"
    assert "refuse ce fichier : La colonne « accessible » a disparu" in refused.message
    with pytest.raises(Refused):
        pipeline.release(city, refused.version, PUBLIC, why="Le standard a changé de numéro.", actor="p-lea")
    assert city.served(PLACES).versions == (good.version,)
    gated(city)
    pipeline.release(city, refused.version, PUBLIC, why="Le standard a changé de numéro.", actor="p-lea")
    assert city.served(PLACES).versions == (refused.version,)


def test_the_same_file_again_is_no_change(city: City) -> None:
    hand_in(city, BASE)
    assert hand_in(city, BASE, "again.csv").state == "unchanged"


def test_judging_is_the_gravest_of_what_was_found() -> None:
    wrong = Finding("type-error", "Une erreur.", "error")
    changed, broken = Finding("drift-nulls", "Un vide.", "warning"), Finding("drift-rows", "Rien.", "error")
    personal, note = (
        Finding("privacy-email", "Des courriels.", "error", "confidentiality"),
        Finding("file-x", "Une note.", "info"),
    )
    usual = gate.policy()
    assert gate.judge((wrong, changed, personal, note), usual).verdict == "warn"
    assert gate.judge((wrong, changed, broken), usual) == gate.Judgement("hold", (broken,))
    strict = gate.policy({"errors": "refuse"}, {"changes": "hold"})
    assert gate.judge((wrong, changed, broken), strict) == gate.Judgement("refuse", (wrong,))
    assert gate.judge((changed,), strict).findings == (changed,)


def test_a_policy_that_is_none_is_told_at_the_start(tmp_path: Path) -> None:
    create(tmp_path / "city", "Ville")
    with pytest.raises(UsageError, match="breaks = stop"):
        open_city(settings.load(tmp_path / "city", {"PARVIS_QUALITY_BREAKS": "stop"}))
