"""A policy put to work on a typed table: the new table, what was done to each column, and what it changed in
risk and in use.

Order: columns are treated one by one; those by which somebody may be recognised become codes with a
hierarchy; classes are made; each class shows its labels; rows are shuffled. What is measured afterwards is
measured on the cells that are published, not on what the method believes.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from parvis.core.errors import HeldBack, UsageError
from parvis.core.sentence import Sentence, quoted
from parvis.core.types import Column, Schema
from parvis.methods import anonymity
from parvis.methods.anonymity import Measures, Outcome, Tuples, lattice
from parvis.methods.anonymity.hierarchy import Codes
from parvis.privacy.anonymising.columns import Quasi, from_cells, from_point, generalised
from parvis.privacy.anonymising.declaration import number_of
from parvis.privacy.anonymising.policy import Policy, Rule
from parvis.privacy.anonymising.query_guard import guard
from parvis.privacy.anonymising.treatments import TREATMENTS, Cells, Means, coded
from parvis.privacy.anonymising.utility import (
    Done,
    Loss,
    correlation,
    hold,
    judged,
    knowing,
    measured,
    republished,
    spread_out,
    warnings,
)

Integers = npt.NDArray[np.int64]

COORDINATES = frozenset({
    "latitude", "longitude", "latlon", "lonlat", "wkt", "wkb", "geojson", "lambert93_x", "lambert93_y",
    *(f"{metres}_{axis}" for metres in (*(f"cc{zone}" for zone in range(42, 51)), "utm20n", "utm22n", "utm38s", "utm40s") for axis in "xy"),
})  # fmt: skip
"""Meanings of columns that say where a row is: with a treated point they go."""


@dataclass(frozen=True, slots=True)
class Anonymised:
    """A table that was made anonymous as a policy says, before anybody decided anything about it."""

    table: pa.Table
    schema: Schema
    before: Measures | None
    """None when no column may serve to recognise somebody."""
    after: Measures | None
    loss: Loss
    done: tuple[Done, ...]
    method: str
    """full-domain, local, robust, mondrian, trees or guard; "" when no classes were made."""
    warnings: tuple[str, ...]
    seconds: float
    rows: pa.Table
    """The rows that are published, before equal ones become one with their number."""
    origin: Integers
    """Which row of the source each of `rows` is: secret, as it undoes the shuffle."""

    @property
    def personal(self) -> tuple[str, ...]:
        """Columns that still are personal data."""
        return tuple(d.column for d in self.done if d.personal)


def anonymise(
    table: pa.Table, schema: Schema, policy: Policy, *, key: bytes, seed: int, day: date
) -> Anonymised:
    """The table as the policy wants it.

    table: the columns of the schema, and its technical ones. key: secret that pseudonyms are made with. seed:
    chance of the floors, of noise and of the order of rows: whoever knows it can undo the shuffle, so it is
    drawn anew and forgotten but in tests. day: of the release, for keys that rotate. Raises UsageError when
    the policy doesn't fit the table, HeldBack when no release meets the models.
    """
    started = time.perf_counter()
    if not table.num_rows:
        raise UsageError("La table n’a aucune ligne : rien à rendre anonyme.")
    random = np.random.default_rng(seed)
    if policy.guard is not None:
        return _guarded(table, schema, policy, random, started)
    rules = _covering(schema, policy)
    treated = _treated(table, schema, policy, rules, Means(key, random, day, max(policy.models.k, 2)))
    quasi, persons, rows = treated.quasi, _persons(table, policy), table.num_rows
    before, tuples, outcome, of = None, None, None, np.zeros(rows, dtype=np.int64)
    if quasi:
        before = measured([q.raw for q in quasi], treated.sensitive, persons, policy)
        tuples = anonymity.compress(
            [q.codes for q in quasi],
            [q.hierarchy.leaves for q in quasi],
            persons=persons,
            sensitive=treated.sensitive,
        )
        outcome = _classes(tuples, quasi, policy, seed)
        of = outcome.recoding.classes[tuples.of_row]
    order = random.permutation(np.flatnonzero(of >= 0))
    if not len(order):
        raise HeldBack(
            "Aucune ligne ne pourrait être publiée avec cette politique.",
            mend="Donnez des hiérarchies plus larges, ou un k plus petit.",
        )
    left_out = rows - len(order)
    published, done = [(column, cells.take(order)) for column, cells in treated.kept], list(treated.done)
    if tuples is not None and outcome is not None:
        published += [generalised(one, outcome, j, of, order) for j, one in enumerate(quasi)]
        done += [judged(one, outcome, j, tuples, rules.get(one.name)) for j, one in enumerate(quasi)]
    secrets, people = [s[order] for s in treated.sensitive], persons[order] if persons is not None else None
    after = republished(published, quasi, secrets, people, policy, left_out, treated.sensitive)
    hold(after, policy)
    published = _sorted_as(published, schema)
    done = [spread_out(one, table, published) for one in done]
    loss = Loss(
        outcome.ncp if outcome is not None else 0.0,
        left_out + (_blank(outcome, quasi, of[order]) if outcome is not None else 0),
        after.discernibility if after is not None else 0,
        after.average_class if after is not None else 0.0,
        correlation(table, schema, published, quasi, outcome, of, order),
    )
    every, result, columns = _collapsed(published, policy)
    measures_ = replace(
        schema,
        columns=columns,
        geometry="",
        raw=(),
        coverage=None,
        primary_key=(),
        foreign_keys=(),
        custom_checks=(),
    )
    method = outcome.method if outcome is not None else ""
    notes = (*warnings(schema, policy, done, before, left_out), *knowing(published, quasi, secrets))
    return Anonymised(
        result,
        measures_,
        before,
        after,
        loss,
        tuple(done),
        method,
        notes,
        time.perf_counter() - started,
        every,
        order,
    )


def _guarded(
    table: pa.Table, schema: Schema, policy: Policy, random: np.random.Generator, started: float
) -> Anonymised:
    """The table as it may be asked about."""
    guarded = guard(table, schema, policy, _persons(table, policy), random)
    every, result, columns = _collapsed(guarded.published, policy)
    measures = replace(
        schema,
        columns=columns,
        geometry="",
        raw=(),
        coverage=None,
        primary_key=(),
        foreign_keys=(),
        custom_checks=(),
    )
    loss = Loss(
        guarded.lost, guarded.left_out, guarded.after.discernibility, guarded.after.average_class, None
    )
    done = tuple(spread_out(one, table, guarded.published) for one in guarded.done)
    return Anonymised(
        result,
        measures,
        guarded.before,
        guarded.after,
        loss,
        done,
        "guard",
        guarded.warnings,
        time.perf_counter() - started,
        every,
        guarded.order,
    )


@dataclass(frozen=True, slots=True)
class _Treated:
    """The columns after their own treatment: those that are shown as they are now, those that make classes,
    codes of the sensitive ones.
    """

    kept: list[tuple[Column, Cells]]
    quasi: list[Quasi]
    sensitive: list[Codes]
    done: list[Done]


def _treated(
    table: pa.Table, schema: Schema, policy: Policy, rules: Mapping[str, Rule], means: Means
) -> _Treated:
    treated = _Treated([], [], [], [])
    for column in schema.columns:
        rule = rules[column.name]
        treatment = TREATMENTS[rule.treatment]
        if treatment.name == "drop":
            treated.done.append(Done(column.name, "drop", treatment.title))
            continue
        if treatment.numeric and column.type not in ("integer", "number", "year"):
            raise rule.params.wrong(
                f"« {column.name} » n’est pas une colonne de nombres.",
                f"« {treatment.name} » ne traite que des nombres.",
            )
        source = table.column(column.name)
        cells = treatment.apply(source, column, rule.params, means)
        if rule.quasi:
            treated.quasi.append(from_cells(column, cells, rule))
            continue
        if cells.type != source.type:
            column = replace(
                column,
                type="number" if pa.types.is_floating(cells.type) else "text",
                format="default",
                options={},
            )
        treated.kept.append((replace(column, constraints={}), cells))
        if rule.sensitive:
            treated.sensitive.append(_ranked(cells))
        treated.done.append(Done(column.name, rule.treatment, treatment.title, treatment.personal))
    treated.quasi.extend(from_point(table, schema, place) for place in policy.places)
    names = [c.name for c, _ in treated.kept] + [q.name for q in treated.quasi]
    if len(set(names)) < len(names):
        raise UsageError(
            "Deux colonnes publiées auraient le même nom.", mend="Donnez un autre nom au point (name)."
        )
    return treated


# --- what the policy says of each column --------------------------------------------------------------------


def _covering(schema: Schema, policy: Policy) -> dict[str, Rule]:
    """The rule of every column. Raises UsageError for columns that none names, and for rules that a table
    needs.
    """
    by_column: dict[str, Rule] = {}
    loose: list[str] = []
    for column in schema.columns:
        rule = next((r for r in policy.rules if r.covers(column.name)), None)
        if rule is None and policy.places and column.meaning in COORDINATES:
            rule = Rule((column.name,), "drop")
        if rule is None and column.name in {c for p in policy.places for c in (p.longitude, p.latitude)}:
            rule = Rule((column.name,), "drop")
        if rule is None and policy.others != "refuse":
            rule = Rule((column.name,), policy.others)
        if rule is None:
            loose.append(column.name)
        else:
            by_column[column.name] = rule
    if loose:
        raise UsageError(
            Sentence("La politique ne dit rien d’une colonne : {list}.", list=quoted(loose))
            if len(loose) == 1
            else Sentence(
                "La politique ne dit rien de {n} colonnes : {list}.", n=len(loose), list=quoted(loose[:8])
            ),
            mend='Ajoutez un bloc [[columns]] pour chacune, ou others = "drop".',
        )
    if not policy.models.only_k and not any(r.sensitive for r in by_column.values()):
        raise UsageError(
            "La politique demande l ou t, et aucune colonne de ce fichier n’est sensible.",
            mend="Nommez la colonne avec sensitive = true.",
        )
    if (
        (policy.models.k > 1 or not policy.models.only_k)
        and not policy.places
        and not any(r.quasi for r in by_column.values())
    ):
        raise UsageError(
            "La politique demande un modèle, et aucune colonne de ce fichier n’entre dans les classes.",
            mend='Généralisez une colonne (treatment = "generalise"), ou marquez-la quasi = true.',
        )
    return by_column


def _persons(table: pa.Table, policy: Policy) -> Integers | None:
    if not policy.persons:
        return None
    if policy.persons not in table.column_names:
        raise UsageError(
            Sentence(
                "La colonne des personnes « {persons} » n’est pas dans le fichier.", persons=policy.persons
            )
        )
    codes, values = coded(table.column(policy.persons))
    people = codes.astype(np.int64)
    for i, value in enumerate(values):
        if value is None:  # who is not named is somebody else each time
            unknown = people == i
            people[unknown] = len(values) + np.arange(int(unknown.sum()))
    return people


# --- classes ------------------------------------------------------------------------------------------------


def _classes(tuples: Tuples, quasi: Sequence[Quasi], policy: Policy, seed: int) -> Outcome:
    trees = [q.hierarchy for q in quasi]
    if policy.mode == "full-domain" and lattice.size(trees) > lattice.MOST:
        raise UsageError(
            "Trop de hiérarchies pour le mode full-domain.",
            mend='Prenez mode = "local", ou des hiérarchies de moins de niveaux.',
        )
    outcome = anonymity.anonymise(
        tuples, trees, policy.models, mode=policy.mode, limit=policy.suppression, seed=seed
    )
    if outcome is None:
        raise HeldBack(
            "Aucune publication ne remplit les modèles demandés, même sans rien montrer des quasi-identifiants.",
            mend="Baissez k ou l, montez t ou suppression, ou retirez la colonne sensible."
            if policy.mode == "full-domain"
            else "Baissez k ou l, montez t, ou retirez la colonne sensible.",
        )
    return outcome


def _blank(outcome: Outcome, quasi: Sequence[Quasi], of: Integers) -> int:
    """Rows that show nothing but stars."""
    top = np.array([q.hierarchy.height - 1 for q in quasi])
    blank = np.all((outcome.recoding.levels == top) & (top > 0), axis=1)
    return int(blank[of].sum()) if outcome.recoding.count else 0


def _sorted_as(published: Sequence[tuple[Column, Cells]], schema: Schema) -> list[tuple[Column, Cells]]:
    """In the order of the source; what is new stands last."""
    place = {name: i for i, name in enumerate(schema.names)}
    return sorted(published, key=lambda p: place.get(p[0].name, len(place)))


def _collapsed(
    published: Sequence[tuple[Column, Cells]], policy: Policy
) -> tuple[pa.Table, pa.Table, tuple[Column, ...]]:
    """All rows, and the table: equal rows are one with their number where the policy wants counts."""
    table = pa.Table.from_arrays(
        [cells.combine_chunks() for _, cells in published], names=[c.name for c, _ in published]
    )
    columns = tuple(c for c, _ in published)
    if not policy.count:
        return table, table, columns
    if policy.count in table.column_names:
        raise UsageError(
            Sentence("La colonne de comptage « {count} » existe déjà.", count=policy.count),
            mend="Donnez un autre nom à count.",
        )
    names = table.column_names
    ones = pa.array(np.ones(table.num_rows, dtype=np.int64))
    counted = (
        table.append_column(policy.count, ones)
        .group_by(names)
        .aggregate([(policy.count, "sum")])
        .rename_columns([*names, policy.count])
    )
    return (
        table,
        counted.sort_by([(n, "ascending") for n in names]),
        (*columns, Column(policy.count, "integer")),
    )


def _ranked(cells: Cells) -> Codes:
    """Codes of values in their order, the empty ones first."""
    codes, values = coded(cells)
    order = sorted(
        range(len(values)),
        key=lambda i: (
            values[i] is not None,
            number_of(values[i]) is None,
            number_of(values[i]) or 0.0,
            str(values[i]),
        ),
    )
    rank = np.empty(len(values), dtype=np.int32)
    rank[order] = np.arange(len(values), dtype=np.int32)
    return rank[codes]
