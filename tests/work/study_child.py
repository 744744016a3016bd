"""A real worker that does the runs of the studies of tests, until none is open: to be killed."""

from __future__ import annotations

import time
from pathlib import Path

from parvis.core import settings
from parvis.publication.city import open_city
from parvis.store import study_runs
from parvis.work import jobs, studies
from tests.cities.studycity import WANDER


def main(folder: Path) -> None:
    """Work until no run is open."""
    studies.declared = lambda: (WANDER,)  # type: ignore[assignment]
    city = open_city(settings.load(folder, {}))
    with jobs.worker(city) as turn:
        while True:
            turn()
            with city.db.read() as conn:
                if not study_runs.in_states(conn, study_runs.OPEN):
                    return
            time.sleep(0.05)
