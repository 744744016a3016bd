"""What stops is told once, begun again later each time, and found by `doctor`."""

from __future__ import annotations

import errno
import logging
from pathlib import Path

import pytest

from parvis.cli import doctor
from parvis.core import settings
from parvis.core.errors import UsageError
from parvis.publication.city import open_city
from parvis.store import failures
from parvis.store.failures import Watched
from parvis.work import alerting
from parvis.work.jobs import Once


def test_a_part_that_stops_says_why_once_and_waits_longer_each_time(tmp_path: Path) -> None:
    """One line when it stops, silence while it is the same, one line when it works again."""
    said: list[str] = []
    part = Watched(tmp_path, "journal", said.append)
    full = OSError(errno.ENOSPC, "No space left on device")
    assert [part.failed(full) for _ in range(7)] == [2, 4, 8, 16, 32, 60, 60]
    assert part.waits
    assert len(said) == 1
    assert "Le disque est plein." in said[0]
    (noted,) = failures.noted(tmp_path)
    assert (noted.part, noted.times) == ("journal", 7)
    part.failed(ZeroDivisionError("0612345678"))
    assert len(said) == 2
    assert "0612345678" not in said[1] + Path(tmp_path / failures.FOLDER / "journal.json").read_text("utf-8")
    part.well()
    part.well()
    assert (len(said), failures.noted(tmp_path), part.waits) == (3, (), False)


def test_what_another_process_noted_and_left_is_cleared_by_who_works(tmp_path: Path) -> None:
    """It was killed in between."""
    Watched(tmp_path, "mail", print).failed("le serveur ne répond pas.")
    Watched(tmp_path, "mail", print).well()
    assert failures.noted(tmp_path) == ()


@pytest.mark.parametrize(
    "smtp",
    [
        "smtp.ville.fr",
        "smtp.ville.fr:",
        ":25",
        "smtp.ville.fr:mail",
        "smtp.ville.fr:0",
        "smtp.ville.fr:70000",
        "smtp.ville.fr:²5",
    ],
)
def test_a_wrong_setting_of_alerts_is_told_before_anything_starts_and_by_doctor(
    tmp_path: Path, smtp: str
) -> None:
    """It ended the worker for ever, with doctor all green."""
    city = open_city(settings.Settings(tmp_path, alerts=settings.Alerts(smtp=smtp)))
    with pytest.raises(UsageError, match="hôte:port"):
        alerting.check(city)
    found = {a.question: a for a in doctor.examine(city)}
    assert not found["Réglages des alertes"].well
    assert found["Travaux en panne"].well
    Watched(tmp_path, "worker", print).failed("il s’est arrêté (code 64).")
    assert not {a.question: a for a in doctor.examine(city)}["Travaux en panne"].well
    city.db.close()


def test_the_job_library_complains_once(caplog: pytest.LogCaptureFixture) -> None:
    """The same complaint is one line for a while, without the trace of an outage; another one is told."""
    logger = logging.getLogger("test-dbos")
    logger.filters = [Once(3600)]

    def complain(number: int, fault: Exception) -> None:
        try:
            raise fault
        except (OSError, ZeroDivisionError):
            logger.exception("workflow %d", number)

    for n in range(50):
        complain(n, OSError(errno.ENOSPC, "full"))
    assert [(r.getMessage(), r.exc_info) for r in caplog.records] == [("workflow 0", None)]
    complain(51, ZeroDivisionError())
    assert len(caplog.records) == 2
    assert caplog.records[1].exc_info is None
    assert (caplog.records[1].exc_text or "").startswith("ZeroDivisionError")
