"""Better detectors look again at what older ones let through: the DPO is told, and only the city's policy
takes anything away.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from parvis import privacy
from parvis.core.errors import NotFound, Unreadable, UsageError
from parvis.core.settings import Privacy
from parvis.core.types import PUBLIC, Finding, Version
from parvis.decisions import rescan
from parvis.inspection.limited_process import Ended
from parvis.privacy.fingerprint import fingerprint
from parvis.publication import publishing
from parvis.publication.city import City
from parvis.store import detector_scans, journal, versions
from parvis.work import limited_drafting, nightly
from tests.cities import canarycity
from tests.cities.canarycity import INNOCENT, Clock, canaries, hand_in, table


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city where an older set of detectors saw nothing in the canary table: it is public."""
    folder = tmp_path_factory.mktemp("made") / "ville"
    city = canarycity.build(folder, Clock())
    hand_in(city, "arbres/arbres", INNOCENT, "arbres.csv")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(privacy, "find", lambda *said, **more: ((), {}))
        patch.setattr(publishing, "fingerprint", lambda: "older")
        assert hand_in(city, "signalements/table", table(), "signalements.csv").state == "published"
    city.db.scrub()
    city.db.close()
    return folder


@pytest.fixture
def city(made: Path, tmp_path: Path) -> Iterator[City]:
    city = canarycity.again(Path(shutil.copytree(made, tmp_path / "ville")), Clock())
    yield city
    city.engine.connection.close()
    city.db.close()


def digest(city: City) -> str:
    with city.db.read() as conn:
        found = versions.latest(conn, "signalements/table")
    assert found is not None
    return found.digest


def test_only_what_an_older_set_saw_is_looked_at_again(city: City) -> None:
    assert [v.resource for v in rescan.due(city)] == ["signalements/table"]
    with city.db.begin() as conn:
        detector_scans.note(conn, digest(city), fingerprint(), city.now())
    assert rescan.due(city) == []


def test_the_dpo_is_told_and_nothing_goes_in_silence(city: City) -> None:
    (seen,) = rescan.rescan(city)
    assert {"privacy-nir", "privacy-email"} <= {f.check for f in seen.findings}
    assert not seen.withdrawn
    assert city.served("signalements/table").versions == (digest(city),)
    with city.db.read() as conn:
        version = versions.version(conn, digest(city))
        (event,) = journal.of(conn, "signalements/table", verb="rescan-found")
    assert version is not None
    assert event.ids["version"] == version.digest
    assert "privacy-nir" in event.ids["checks"]
    assert {f.check for f in seen.findings} <= {f.check for f in version.report.findings}
    named = {f.column for f in seen.findings}
    shown = [p for p in version.report.profile if p.name in named]
    assert shown
    assert not canaries(str(shown) + str([f for f in version.report.findings if f.column in named])), (
        "what is told shows no value"
    )
    assert rescan.rescan(city) == (), "told once"


def test_the_policy_may_withdraw(city: City) -> None:
    strict = replace(city, settings=replace(city.settings, privacy=Privacy(rescan="withdraw")))
    (seen,) = rescan.rescan(strict)
    assert seen.withdrawn
    with pytest.raises(NotFound):
        strict.served("signalements/table")
    with strict.db.read() as conn:
        assert versions.served(conn, "arbres/arbres", PUBLIC) is not None
        version = versions.version(conn, digest(strict))
    assert version is not None
    assert not strict.files.exists(version.files[0].digest), "what nobody may read lies sealed"


def test_a_word_that_is_no_policy_is_refused(city: City) -> None:
    with pytest.raises(UsageError, match="alert"):
        rescan.rescan(replace(city, settings=replace(city.settings, privacy=Privacy(rescan="peut-être"))))


def test_each_night_does_it(city: City) -> None:
    nightly.nightly(city, links=False)
    with city.db.read() as conn:
        assert journal.of(conn, "signalements/table", verb="rescan-found")
    assert [v.resource for v in rescan.due(city) if v.resource != "qualite-des-donnees/tables"] == []


def test_a_stop_is_heeded(city: City) -> None:
    assert rescan.rescan(city, over=lambda: True) == ()
    assert rescan.due(city)


def test_the_fingerprint_is_of_this_program() -> None:
    assert fingerprint() == fingerprint()
    assert len(fingerprint()) == 32


def test_a_process_of_its_own_sees_the_same(city: City) -> None:
    """The worker looks again in one, which a clock and a limit of memory end."""
    (version,) = rescan.due(city)
    seen = limited_drafting.searched(city, version)
    assert seen == rescan.here(city, version) != ()
    (told,) = rescan.rescan(city, search=limited_drafting.searched)
    assert told.findings == tuple(f for f in privacy.holding(seen))


def test_a_version_that_cannot_be_looked_at_stops_no_other_and_is_tried_again(city: City) -> None:
    for stopped in (Unreadable("Trop long."), Ended("ended with -11")):

        def search(city: City, version: Version, why: Exception = stopped) -> tuple[Finding, ...]:
            raise why

        assert rescan.rescan(city, search=search) == ()
        assert [v.resource for v in rescan.due(city)] == ["signalements/table"]
