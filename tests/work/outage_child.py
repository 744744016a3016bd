"""A real process that works while the disk takes no file larger than so many bytes, as one that is full; then
the disk has room again, and it goes on.
"""

from __future__ import annotations

import resource
import time
from pathlib import Path

from parvis.core import settings
from parvis.publication.city import open_city
from parvis.store import deposits
from parvis.work import jobs

ROOM = 6_000_000
"""Bytes: less than the file handed in, more than the database and the index of a small city."""


def full_disk(folder: Path, deposit: str) -> None:
    """Work until the deposit waits, make room, and work until nothing is open. Fails when the deposit ends
    before there is room.
    """
    none = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, none[1]))
    city = open_city(settings.load(folder, {}))
    with jobs.worker(city) as turn:
        while turn():
            with city.db.read() as conn:
                now = deposits.get(conn, deposit)
            assert now is not None
            if now.message:
                assert now.state == "reading"
                assert now.message == "En attente. Le disque est plein. Nouvel essai dans 2 secondes au plus."
                break
            time.sleep(0.02)
        else:
            raise AssertionError("it should have waited")
        resource.setrlimit(resource.RLIMIT_FSIZE, none)
        while turn():
            time.sleep(0.02)
