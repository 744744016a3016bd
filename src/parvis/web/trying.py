"""What the pages of recipes and of anonymisation try on the last file of a resource, by a process of its own
(`limited_process`): whoever edits waits for it, and no file and no pattern may keep the portal from its visitors.
"""

from __future__ import annotations

import dataclasses
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import TypeVar, get_args, get_type_hints

from parvis.core.errors import Busy
from parvis.core.settings import Settings
from parvis.core.types import Resource, Schema
from parvis.inspection import bounds, first_rows, limited_process
from parvis.methods.anonymity.measures import Measures
from parvis.prepare import Recipe, Unfit
from parvis.privacy.anonymising.applying import Anonymised
from parvis.privacy.anonymising.utility import Done, Loss
from parvis.publication import mended_copy, policies, recipes
from parvis.publication.city import City, open_city
from parvis.publication.recipes import Reader
from parvis.store.deposits import Deposit
from parvis.web.gate import Gate

T = TypeVar("T")

ROWS = 10
"""Rows of an anonymised table that are shown."""
WIDTH = 80
"""Characters of a cell."""
PLACES = 2
"""Trials at once in one web process. They share its memory for files with the checks, and go before them."""
GATE = Gate(PLACES, PLACES - 1)
"""One per process; the caller is a person."""
WAIT_S = 20.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a policy makes of a file, as far as a page shows it. head: its first rows, as texts."""

    rows: int
    names: tuple[str, ...]
    head: tuple[tuple[str | None, ...], ...]
    before: Measures | None
    after: Measures | None
    loss: Loss
    done: tuple[Done, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PolicyTrial:
    """A policy on the last file of a resource; see `policies.Trial`."""

    deposit: Deposit
    schema: Schema
    hidden: frozenset[str]
    done: Outcome | None
    problem: str = ""
    mend: str = ""


def recipe(
    city: City, resource: Resource, recipe: Recipe, shown: int, reader: Reader
) -> recipes.Trial | None:
    """As `recipes.attempt`. Raises Unreadable, too, when it takes too long or too much memory; Busy when
    others are being tried.
    """
    return _apart(city, reader.person, _recipe, (resource, recipe, shown, reader))


def policy(city: City, resource: Resource, text: str, reader: Reader) -> PolicyTrial | None:
    """As `policies.attempt`; raises as `recipe`."""
    return _apart(city, reader.person, _policy, (resource, text, reader))


def save(city: City, resource: str, recipe: Recipe, *, actor: str, base: str, reader: Reader) -> str:
    """As `recipes.save`, which tries the recipe on the whole file; raises as `recipe`."""
    return _apart(city, reader.person, _save, (resource, recipe, actor, base, reader))


def bring_back(city: City, resource: str, seq: int, *, actor: str, reader: Reader) -> str:
    """As `recipes.bring_back`; raises as `recipe`."""
    return _apart(city, reader.person, _bring_back, (resource, seq, actor, reader))


def file_head(city: City, name: str, body: bytes, person: str) -> first_rows.FirstRows:
    """The first rows of a file that an address gave. name: what messages call it; person: who asks, an opaque id. Raises
    Unreadable, with the reason, and as `recipe`.
    """
    return _apart(city, person, _file_head, (name, body, city.now().date()))


def mended_copy_of(city: City, deposit_id: str, person: str) -> str:
    """The id of the deposit that `mended_copy.hand_in` makes; raises as it does, and as `recipe`."""
    return _apart(city, person, _mended_copy, (deposit_id, person))


def _apart(city: City, person: str, work: Callable[..., T], arguments: Sequence[object]) -> T:
    busy = Busy(
        "D’autres essais sont en cours : toutes les places sont prises.",
        mend="Réessayez dans quelques instants.",
    )
    spool = city.settings.path(city.settings.storage.spool)
    with GATE.enter(person, WAIT_S, busy), tempfile.TemporaryDirectory(dir=spool) as name:
        return limited_process.run(
            work,
            (city.settings.spooling(name), *arguments),
            folder=Path(name),
            bounds=bounds.trying(city.settings.limits),
            gone=threading.Event(),
            preload="parvis.web.preload",
            values=VALUES,
        )


# --- in the process -----------------------------------------------------------------------------------------


def _recipe(
    settings: Settings, resource: Resource, recipe: Recipe, shown: int, reader: Reader
) -> recipes.Trial | None:
    return recipes.attempt(open_city(settings), resource, recipe, shown, reader)


def _file_head(settings: Settings, name: str, body: bytes, today: date) -> first_rows.FirstRows:
    folder = settings.path(settings.storage.spool)
    file = folder / "received"
    file.write_bytes(body)
    return first_rows.first_rows(file, name, folder, settings.limits, today)


def _policy(settings: Settings, resource: Resource, text: str, reader: Reader) -> PolicyTrial | None:
    trial = policies.attempt(open_city(settings), resource, text, reader)
    if trial is None:
        return None
    return PolicyTrial(
        trial.deposit,
        trial.schema,
        trial.hidden,
        None if trial.done is None else _outcome(trial.done),
        trial.problem,
        trial.mend,
    )


def _outcome(done: Anonymised) -> Outcome:
    table = done.table
    head = tuple(
        tuple(None if v is None else str(v)[:WIDTH] for v in row.values())
        for row in table.slice(0, ROWS).to_pylist()
    )
    return Outcome(
        table.num_rows,
        tuple(table.column_names),
        head,
        done.before,
        done.after,
        done.loss,
        done.done,
        done.warnings,
    )


def _save(settings: Settings, resource: str, recipe: Recipe, actor: str, base: str, reader: Reader) -> str:
    return recipes.save(open_city(settings), resource, recipe, actor=actor, base=base, reader=reader)


def _bring_back(settings: Settings, resource: str, seq: int, actor: str, reader: Reader) -> str:
    return recipes.bring_back(open_city(settings), resource, seq, actor=actor, reader=reader)


def _mended_copy(settings: Settings, deposit_id: str, person: str) -> str:
    return mended_copy.hand_in(open_city(settings), deposit_id, actor=person).id


def _classes(*roots: type) -> frozenset[type]:
    """These values, and what their fields are made of."""
    found, waiting = set[type](), list[object](roots)
    while waiting:
        one = waiting.pop()
        waiting += get_args(one)
        if isinstance(one, type) and one not in found and one.__module__.startswith("parvis."):
            found.add(one)
            waiting += get_type_hints(one).values() if dataclasses.is_dataclass(one) else ()
    return frozenset(found)


VALUES = _classes(PolicyTrial, recipes.Trial, Unfit, first_rows.FirstRows) | {
    date,
    datetime,
    time,
    timedelta,
    timezone,
    Decimal,
}
"""The classes that an answer is made of."""
