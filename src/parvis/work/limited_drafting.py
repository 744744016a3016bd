"""How a deposit is read, checked and put by: in a process of its own, which one clock and one limit of memory end.
Readers are native code and patterns are other people's: what would never end, or would take all the memory, ends
with a refusal that says what to do, and the worker goes on with the next file.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from pathlib import Path

from parvis.core.errors import NotFound, Unreadable
from parvis.core.settings import Settings
from parvis.core.types import Finding, Version
from parvis.decisions import deciding, rescan
from parvis.inspection import bounds, limited_process
from parvis.publication import pipeline
from parvis.publication.city import City, open_city
from parvis.publication.pipeline import Draft
from parvis.store import codec, versions
from parvis.store.deposits import Deposit

PRELOAD = "parvis.work.preload"
PREFIX = "draft-"
"""Of the folders in the spool that are the worker's."""


def apart(city: City, deposit: Deposit, gone: threading.Event | None = None) -> tuple[Draft, ...]:
    """In a process of its own, whose spool goes with it. Raises Unreadable, too, when it took more than `limits.deposit_s` or
    `limits.deposit_memory_mb`; TooSlow once `gone` is set, which ends the process.
    """
    with tempfile.TemporaryDirectory(
        prefix=PREFIX, dir=city.settings.path(city.settings.storage.spool)
    ) as name:
        answer = limited_process.run(
            _drafted,
            (city.settings.spooling(name), deposit),
            folder=Path(name),
            bounds=bounds.publishing(city.settings.limits),
            gone=gone or threading.Event(),
            preload=PRELOAD,
        )
    return codec.loads(tuple[Draft, ...], answer)


def searched(city: City, version: Version, gone: threading.Event | None = None) -> tuple[Finding, ...]:
    """What today's detectors see in a version, in a process of its own too. Raises as `apart`, and NotFound."""
    with tempfile.TemporaryDirectory(
        prefix=PREFIX, dir=city.settings.path(city.settings.storage.spool)
    ) as name:
        answer = limited_process.run(
            _searched,
            (city.settings.spooling(name), version.digest),
            folder=Path(name),
            bounds=bounds.publishing(city.settings.limits),
            gone=gone or threading.Event(),
            preload=PRELOAD,
        )
    return codec.loads(tuple[Finding, ...], answer)


def measured(city: City, version_digest: str) -> None:
    """Measure the risk of a version and keep it (`deciding.measure`), in a process of its own too: what takes more
    than the limits of a deposit is told as not measured.
    """
    with tempfile.TemporaryDirectory(
        prefix=PREFIX, dir=city.settings.path(city.settings.storage.spool)
    ) as name:
        try:
            limited_process.run(
                _measured,
                (city.settings.spooling(name), version_digest),
                folder=Path(name),
                bounds=bounds.publishing(city.settings.limits),
                gone=threading.Event(),
                preload=PRELOAD,
            )
        except Unreadable:
            deciding.stopped(city, version_digest, deciding.TOO_MUCH)


def sweep(city: City) -> None:
    """Remove what a worker that was ended left: the one that begins is the only one."""
    for path in city.settings.path(city.settings.storage.spool).glob(f"{PREFIX}*"):
        shutil.rmtree(path, ignore_errors=True)


def ready() -> None:
    """Have the processes start at once, from one that has imported what they need."""
    limited_process.ready(PRELOAD)


def _drafted(settings: Settings, deposit: Deposit) -> str:
    """The drafts, written down."""
    city = open_city(settings)
    try:
        return codec.dumps(tuple[Draft, ...], pipeline.draft(city, deposit))
    finally:
        city.db.close()


def _measured(settings: Settings, digest: str) -> None:
    city = open_city(settings)
    try:
        deciding.measure(city, digest)
    finally:
        city.db.close()


def _searched(settings: Settings, digest: str) -> str:
    """The findings, written down."""
    city = open_city(settings)
    try:
        with city.db.read() as conn:
            version = versions.version(conn, digest)
        if version is None:
            raise NotFound("Cette version n’est plus là.")
        return codec.dumps(tuple[Finding, ...], rescan.here(city, version))
    finally:
        city.db.close()
