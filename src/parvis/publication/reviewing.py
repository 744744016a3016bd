"""A file that its sender looks at before anybody else: how it was read is corrected, and it is published, or waits
for an opinion.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from parvis import prepare, privacy
from parvis.core.errors import HeldBack, NotFound, UsageError
from parvis.core.sentence import Sentence
from parvis.core.types import PUBLIC, Held, Json, Version
from parvis.publication import (
    column_clearings,
    describing,
    pipeline,
    policies,
    receiving,
    recipes,
    reshaping,
    version_files,
)
from parvis.publication.city import City
from parvis.publication.reshaping import Way
from parvis.store import datasets, deposits, journal, runs, versions
from parvis.store.deposits import Deposit, Look

ASKED = "opinion-asked"
"""Verb: the sender of a file asks for an opinion on it; ids: its deposit, and its version where it is read already."""
READ_OTHERWISE = "read-otherwise"
"""Verb: somebody said how the files of a resource are read; ids: what was said, parted by dots."""


def correct(
    city: City,
    deposit_id: str,
    *,
    sheet: str,
    header_row: int | None,
    types: Mapping[str, Mapping[str, str]],
    actor: str,
) -> Deposit:
    """Say how the files of a resource are read, and have this one read again; its sender looks at it once more.

    sheet, header_row: as in `Resource`, of what the file was handed in for; types: by resource of the file, the type
    of each column that is not as it was found. Raises NotFound.
    """
    with city.db.begin() as conn:
        deposit = receiving.known(conn, deposit_id)
        for id_ in dict.fromkeys([deposit.resource, *types]):
            resource = datasets.resource(conn, id_)
            if resource is None:
                raise NotFound(Sentence("Ressource inconnue : « {name} ».", name=id_))
            corrected = replace(resource, corrections={**resource.corrections, **types.get(id_, {})})
            if id_ == deposit.resource:
                corrected = replace(corrected, table=sheet, header_row=header_row)
            changed = [
                f
                for f in ("table", "header_row", "corrections")
                if getattr(corrected, f) != getattr(resource, f)
            ]
            if changed:
                datasets.save_resource(conn, corrected)
                _say(conn, city, READ_OTHERWISE, id_, actor, {"fields": ".".join(changed)})
        return receiving.read_again(conn, deposit.id, actor=actor, at=city.now(), look="sender")


def publish(city: City, deposit_ids: Sequence[str], *, actor: str) -> None:
    """Publish files of one dataset that their sender has looked at and that nothing holds: all of them, or none.

    What was found in a file counts as long as nothing else came to be read since: else it is read again first, and
    published if nothing holds it then. Raises NotFound; UsageError where one does not wait for its sender, or where
    words of the description point at somebody; HeldBack.
    """
    with city.db.read() as conn:
        every = [_waiting(conn, id_) for id_ in deposit_ids]
        datasets_ = {r.dataset for d in every if (r := datasets.resource(conn, d.resource)) is not None}
        digests = [digest for d in every for digest in _outputs(conn, d)]
    for dataset in sorted(datasets_):
        describing.refuse_pointing(city, dataset)
    with ExitStack() as laid:
        for digest in digests:
            laid.enter_context(version_files.decided(city, digest))
        with city.db.begin() as conn:
            every = [_waiting(conn, id_) for id_ in deposit_ids]
            later = {
                d.id: journal.since(conn, _ready_since(conn, d), limit=1, verbs=("published", "released"))
                for d in every
            }
            for deposit in every:
                if later[deposit.id]:
                    receiving.read_again(conn, deposit.id, actor=actor, at=city.now(), look="")
                    continue
                for digest in _outputs(conn, deposit):
                    outcome = pipeline.release_in(conn, city, digest, PUBLIC, why="", actor=actor)
                    if isinstance(outcome, Held):
                        raise HeldBack(outcome.todo)
                deposits.save(conn, replace(deposit, state="published", message="", look=""))


def _waiting(conn: Connection, deposit_id: str) -> Deposit:
    deposit = receiving.known(conn, deposit_id)
    if deposit.look != "ready":
        raise UsageError("Ce fichier n’attend pas d’être publié.", mend="Rechargez la page.")
    return deposit


def leave_out(city: City, deposit_id: str, *, actor: str) -> Deposit:
    """Have a held file go on without the columns that hold it, from now on: a step of its recipes, and the file read
    again; its sender looks at what is left. Raises NotFound; UsageError where that is not proposed.
    """
    with city.db.read() as conn:
        deposit = receiving.known(conn, deposit_id)
        proposed = [
            (u, r)
            for u in deposit.understood
            if u.without and (r := datasets.resource(conn, u.resource)) is not None
        ]
    if deposit.state != "held" or not proposed:
        raise UsageError("Retirer ces colonnes ne suffirait pas.", mend="Rechargez la page.")
    for understood, resource in proposed:
        step: dict[str, Json] = {"step": "drop", "columns": [*understood.without]}
        recipe = prepare.read([*(dict(one) for one in resource.recipe), step])
        recipes.save(city, resource.id, recipe, actor=actor, base=prepare.digest(resource.recipe))
    with city.db.begin() as conn:
        return receiving.read_again(conn, deposit_id, actor=actor, at=city.now(), look="sender")


def reshape(city: City, deposit_id: str, way: Way, *, actor: str) -> Deposit:
    """Have a file go on with its tables in another shape, from now on: steps of their recipes, and the file read again;
    its sender looks at what comes out. Raises NotFound; UsageError where that is not offered.
    """
    with city.db.read() as conn:
        deposit = receiving.known(conn, deposit_id)
        offered = [
            (steps, r)
            for u in deposit.understood
            if (steps := reshaping.steps(way, u)) and (r := datasets.resource(conn, u.resource)) is not None
        ]
    if deposit.state != "held" or not offered:
        raise UsageError("Ce fichier n’a rien de tel à changer.", mend="Rechargez la page.")
    for steps, resource in offered:
        recipe = prepare.read([*(dict(one) for one in resource.recipe), *steps])
        recipes.save(city, resource.id, recipe, actor=actor, base=prepare.digest(resource.recipe))
    with city.db.begin() as conn:
        return receiving.read_again(conn, deposit_id, actor=actor, at=city.now(), look="sender")


def anonymise(city: City, deposit_id: str, *, look: Look, actor: str) -> Deposit:
    """Put a held file under the policy that was tried on it, from now on, and have it read again. look: "sender" to
    look at what comes out, "asked" to have it wait for an opinion at once. Raises NotFound; UsageError where nothing
    was proposed.
    """
    with city.db.read() as conn:
        deposit = receiving.known(conn, deposit_id)
    proposals = [(u.resource, u.proposal) for u in deposit.understood if u.proposal is not None]
    if deposit.state != "held" or not proposals:
        raise UsageError("Rien n’est proposé pour ce fichier.", mend="Rechargez la page.")
    for resource, proposal in proposals:
        policies.save(city, resource, proposal.policy, actor=actor)
    with city.db.begin() as conn:
        if look == "asked":
            _say(conn, city, ASKED, deposit.resource, actor, {"deposit": deposit.id})
        return receiving.read_again(conn, deposit_id, actor=actor, at=city.now(), look=look)


@dataclass(frozen=True, slots=True)
class HeldColumn:
    """A column of a file that something personal found in it holds. version: digest of the table that it is of."""

    version: str
    resource: str
    column: str


def held_columns(conn: Connection, deposit: Deposit) -> tuple[HeldColumn, ...]:
    """The columns that hold a file, those of all its tables, each once."""
    if deposit.state != "held":
        return ()
    return tuple(
        HeldColumn(version.digest, version.resource, column.name)
        for version in _drafted(conn, deposit)
        for named in ({f.column for f in privacy.holding(version.report.findings)},)
        for column in version.schema.columns
        if column.name in named
    )


def _drafted(conn: Connection, deposit: Deposit) -> list[Version]:
    return [v for digest in _outputs(conn, deposit) if (v := versions.version(conn, digest)) is not None]


def not_a_person(
    city: City, deposit_id: str, columns: Sequence[tuple[str, str]], *, why: str, actor: str
) -> Deposit:
    """Say that what was found in these columns of a held file is nobody, all of them or none, and have it read again.
    Nothing goes out by that: a file that nothing holds any more waits for its sender, or for the opinion that was
    asked. columns: by version and name.

    Raises NotFound where one of them does not hold the file, and as `column_clearings` does.
    """
    if not columns:
        raise UsageError("Choisissez au moins une colonne.")
    with city.db.read() as conn:
        deposit = receiving.known(conn, deposit_id)
        _refuse_other_columns(conn, deposit, columns)
        tables = [(v, [c for d, c in columns if d == v.digest]) for v in _drafted(conn, deposit)]
    because = column_clearings.reason(city, why)
    remembered = [(v, column_clearings.remembered(city, v, names)) for v, names in tables if names]
    with city.db.begin() as conn:
        deposit = receiving.known(conn, deposit_id)
        _refuse_other_columns(conn, deposit, columns)
        for version, held in remembered:
            column_clearings.clear(conn, version, held.values(), why=because, actor=actor, at=city.now())
        look: Look = "asked" if deposit.look == "asked" else "sender"
        return receiving.read_again(conn, deposit_id, actor=actor, at=city.now(), look=look)


def _refuse_other_columns(conn: Connection, deposit: Deposit, columns: Sequence[tuple[str, str]]) -> None:
    if not {*columns} <= {(h.version, h.column) for h in held_columns(conn, deposit)}:
        raise NotFound("Rien ne retient cette colonne.", mend="Rechargez la page.")


def ask_opinion(city: City, deposit_id: str, *, actor: str) -> Deposit:
    """Have a file that waits for its sender wait for an opinion and for another person's decision. Raises NotFound,
    and UsageError where it waits for nobody.
    """
    with city.db.begin() as conn:
        deposit = receiving.known(conn, deposit_id)
        if deposit.state != "held" or not deposit.version:
            raise UsageError("Ce fichier n’attend pas d’être publié.", mend="Rechargez la page.")
        ids = {"deposit": deposit.id, "version": deposit.version}
        _say(conn, city, ASKED, deposit.resource, actor, ids)
        return deposits.save(conn, replace(deposit, look="asked", message=pipeline.OPINION_ASKED))


def _outputs(conn: Connection, deposit: Deposit) -> tuple[str, ...]:
    run = runs.run(conn, deposit.id)
    return run.outputs if run is not None else ()


def _ready_since(conn: Connection, deposit: Deposit) -> int:
    """Number of the event after which nothing of what was found in a file may have changed."""
    events = journal.about(conn, deposit.resource, ("received",))
    return max((e.seq for e in events if e.ids.get("deposit") == deposit.id), default=0)


def _say(conn: Connection, city: City, verb: str, subject: str, actor: str, ids: Mapping[str, str]) -> None:
    journal.append(conn, at=city.now(), actor=actor, verb=verb, subject=subject, ids=ids)
