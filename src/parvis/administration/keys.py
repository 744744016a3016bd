"""The city's key of what is held, changed for another: after a copy of `var/key` was lost or seen, when somebody who had
one leaves, or by habit.

Each sealed object has a key of its own, which the city's wraps: these are wrapped anew, the objects stay as they lie. The
old key still opens, so that what is killed half-way is readable, and so are backups of before, until it is forgotten.
Marks that cannot be made again (`city_secret.KEPT`) keep the key that they were made with.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from parvis.core.errors import HeldBack, UsageError
from parvis.core.settings import Settings
from parvis.decisions import takedown
from parvis.people import city_secret
from parvis.publication.city import SYSTEM, City, open_city
from parvis.store import journal, signed_list
from parvis.work.worker_lock import worker_lock

ROTATED = "keys-rotated"
"""Verb: what is held was sealed under another key; ids: how many objects."""
FORGOTTEN = "keys-forgotten"
"""Verb: keys of before open nothing any more."""


@dataclass(frozen=True, slots=True)
class Resealed:
    """What was done. objects: sealed under the key of today now and not before; takedowns: their list was signed anew."""

    objects: int
    takedowns: bool


@contextmanager
def _stopped(city: City) -> Generator[None]:
    try:
        with worker_lock(city):
            yield
    except HeldBack as busy:
        raise HeldBack(
            "Le portail tourne : un processus scelle encore avec la clé d’avant.",
            mend="Arrêtez « parvis serve » et « parvis worker » sur toutes les machines, puis recommencez.",
        ) from busy


def _nothing(_done: int) -> None:
    return


def rotate(settings: Settings, *, each: Callable[[int], None] = _nothing) -> Resealed:
    """Draw another key into `var/key`, and seal under it what is held. each: told how many objects are done.

    Raises UsageError where the key is in the settings, which this program does not write; HeldBack while a worker is there:
    a process that is running seals with the key that it began with.
    """
    if settings.storage.key:
        raise UsageError(
            "La clé de la ville est dans les réglages (storage.key) : cette commande ne les change pas.",
            mend="Écrivez la suivante par « parvis keys rotate --to FICHIER », mettez-la dans storage.key de chaque machine, puis « parvis keys reseal ».",
        )
    city = open_city(settings)
    try:
        with _stopped(city):
            file = settings.path("var/key")
            city_secret.replace_file(file, city_secret.another(city_secret.storage_keys(settings)))
            return _reseal(settings, each)
    finally:
        city.db.close()


def draw(settings: Settings, to: Path) -> None:
    """Write the next key to a new file, for `storage.key`. Raises UsageError when it is there already."""
    text = city_secret.another(city_secret.storage_keys(settings)).text
    try:
        handle = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as there:
        raise UsageError("Ce fichier existe déjà.", mend="Donnez un autre nom.") from there
    with os.fdopen(handle, "w") as out:
        out.write(text)


def reseal(settings: Settings, *, each: Callable[[int], None] = _nothing) -> Resealed:
    """Seal under the key of today what lies under one of before: what `rotate` does after it drew a key, or left when it
    was killed. Raises HeldBack while a worker is there.
    """
    city = open_city(settings)
    try:
        with _stopped(city):
            return _reseal(settings, each)
    finally:
        city.db.close()


def _reseal(settings: Settings, each: Callable[[int], None]) -> Resealed:
    city = open_city(settings)  # with the keys that lie there now
    try:
        done = 0
        for moved in city.inbox.wrap_again():
            done += moved
            each(done)
        signed = signed_list.sign_again(takedown.list_of(settings), takedown.list_keys(settings))
        if done or signed:
            _note(city, ROTATED, {"objects": str(done)})
        return Resealed(done, signed)
    finally:
        city.db.close()


def forget(settings: Settings) -> int:
    """Take the keys of before out of `var/key`, once nothing lies under them; returns how many there were. Backups that
    were taken under them open with a copy of `var/key` of before only.
    """
    keys = city_secret.storage_keys(settings)
    if not keys.before:
        return 0
    if settings.storage.key:
        raise UsageError(
            "La clé de la ville est dans les réglages (storage.key) : cette commande ne les change pas.",
            mend="Ôtez-en ce qui suit « before: », après « parvis keys reseal ».",
        )
    reseal(settings)
    city_secret.replace_file(settings.path("var/key"), replace(keys, before=()))
    city = open_city(settings)
    try:
        _note(city, FORGOTTEN, {})
    finally:
        city.db.close()
    return len(keys.before)


def _note(city: City, verb: str, ids: dict[str, str]) -> None:
    with city.db.begin() as conn:
        journal.append(conn, at=city.now(), actor=SYSTEM, verb=verb, subject="storage", ids=ids)
