"""What an anonymised table is worth, beside what it hides: losses by column, distributions, correlations, and
what whoever decides must know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from parvis.core.text import french_number, in_number
from parvis.core.types import Column, Schema
from parvis.methods import anonymity
from parvis.methods.anonymity import Measures, Outcome, Tuples
from parvis.methods.anonymity.grouping import equal_rows
from parvis.methods.anonymity.hierarchy import Codes
from parvis.methods.anonymity.measures import correlations
from parvis.privacy.anonymising.columns import Quasi, spans
from parvis.privacy.anonymising.declaration import number_of
from parvis.privacy.anonymising.distributions import Spread, of_cells, of_leaves
from parvis.privacy.anonymising.policy import Policy, Rule
from parvis.privacy.anonymising.treatments import Cells, coded, numbers

Integers = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]

_NUMERIC = ("integer", "number", "year")


@dataclass(frozen=True, slots=True)
class Done:
    """What was done to one column. personal: what is published of it still is personal data. ncp: what it
    lost, from 0 to 1, None when it made no class. shift: distance between its values before and after, each
    group spread evenly over its values; None when it made no class. spread: those values as a dozen bars;
    None where what is published says nothing of them.
    """

    column: str
    treatment: str
    told: str
    personal: bool = False
    ncp: float | None = None
    shift: float | None = None
    spread: Spread | None = None


@dataclass(frozen=True, slots=True)
class Loss:
    """What the table lost."""

    ncp: float
    suppressed_rows: int
    """Rows that were left out, and rows that show nothing of their quasi-identifiers."""
    discernibility: int
    average_class: float
    """Rows of a class in the mean, over k."""
    correlation: float | None
    """Largest change in a correlation between two columns of numbers; None where there are not two."""


def measured(
    columns: Sequence[Codes],
    values: Sequence[Codes],
    persons: Integers | None,
    policy: Policy,
    left_out: int = 0,
    wholes: Sequence[Codes] = (),
) -> Measures:
    """The measures of classes of equal codes, as the policy counts them. wholes: the sensitive values of all
    rows, those that are left out too.
    """
    models = policy.models
    return anonymity.measure(
        columns,
        sensitive=values,
        persons=persons,
        ordered=[models.ordered] * len(values),
        c=models.c,
        sampling=policy.sampling,
        left_out=left_out,
        asked_k=models.k,
        wholes=wholes,
    )


def republished(
    published: Sequence[tuple[Column, Cells]],
    quasi: Sequence[Quasi],
    values: Sequence[Codes],
    persons: Integers | None,
    policy: Policy,
    left_out: int,
    wholes: Sequence[Codes] = (),
) -> Measures | None:
    """The measures of the cells that are published. wholes: the sensitive values of all rows, those that are
    left out too.
    """
    names = {q.name for q in quasi}
    cells = [coded(cells)[0] for column, cells in published if column.name in names]
    return measured(cells, values, persons, policy, left_out, wholes) if cells else None


def knowing(
    published: Sequence[tuple[Column, Cells]], quasi: Sequence[Quasi], values: Sequence[Codes]
) -> tuple[str, ...]:
    """What is to be said where a class and a sensitive value single a row out: k counts those whom nobody
    knows that of.
    """
    names = {q.name for q in quasi}
    cells = [coded(cells)[0] for column, cells in published if column.name in names]
    if not cells or not values:
        return ()
    alone = max(int((np.bincount(equal_rows([*cells, secret]).ids) == 1).sum()) for secret in values)
    share = french_number(100 * alone / len(values[0]), 1)
    warning = in_number(
        alone,
        "{n} ligne[s], soit {share} %, [est seule avec sa|sont seules avec leur] classe et [sa|leur] valeur sensible : "
        "qui connaît déjà cette valeur d’une personne retrouve sa ligne.",
        share=share,
    )
    return (warning,) if alone else ()


def hold(after: Measures | None, policy: Policy) -> None:
    """What was promised holds, or it is our fault."""
    models = policy.models
    if after is None:
        return
    reached = {"distinct": after.l, "entropy": after.entropy_l, "recursive": after.recursive_l}[
        models.diversity
    ]
    if (
        after.k < models.k
        or (models.l > 1 and (reached or 0) < models.l - 1e-6)
        or (models.t < 1 and (after.t or 0) > models.t + 1e-6)
    ):
        raise RuntimeError(f"the release does not meet its models: k {after.k}, l {reached}, t {after.t}")


def judged(one: Quasi, outcome: Outcome, j: int, tuples: Tuples, rule: Rule | None) -> Done:
    """What was done to a column that makes classes, and what it lost."""
    sentence = (
        "Point publié par zone"
        if rule is None
        else f"Publié par groupes ({rule.hierarchy})"
        if rule.hierarchy
        else "Publié tel quel, ou masqué"
    )
    before, after = _leaves(one, outcome, j, tuples)
    moved = float(np.abs(before / before.sum() - after / max(after.sum(), 1e-12)).sum() / 2)
    spread = of_leaves(one.scale.leaves, before, after)
    return Done(
        one.name,
        "place" if rule is None else rule.treatment,
        sentence,
        False,
        float(outcome.losses[j]),
        moved,
        spread,
    )


def _leaves(one: Quasi, outcome: Outcome, j: int, tuples: Tuples) -> tuple[Reals, Reals]:
    """Rows of each leaf before, and after when each group is spread evenly over its own. Total variation
    between the two is how far the column moved.
    """
    of = outcome.recoding.classes
    inside = of >= 0
    leaves, rows, levels = (
        tuples.codes[j][inside],
        tuples.rows[inside].astype(np.float64),
        outcome.recoding.levels[of[inside], j],
    )
    before = np.bincount(tuples.codes[j], tuples.rows, one.hierarchy.leaves)
    after = np.zeros(one.hierarchy.leaves)
    intervals = spans(one, outcome)
    for level, groups in enumerate(one.hierarchy.levels):
        mine = (levels == level) & (not intervals or level == one.hierarchy.height - 1)
        if mine.any():
            held = np.bincount(groups[leaves[mine]], rows[mine], int(groups.max(initial=0)) + 1)
            after += (held / np.bincount(groups))[groups]
    if intervals:
        mine = levels < one.hierarchy.height - 1
        low, high = outcome.recoding.low[of[inside][mine], j], outcome.recoding.high[of[inside][mine], j]
        each = rows[mine] / (high - low + 1)
        after += np.cumsum(
            np.bincount(low, each, one.hierarchy.leaves + 1)
            - np.bincount(high + 1, each, one.hierarchy.leaves + 1)
        )[:-1]
    return before.astype(np.float64), after


SHOWN = frozenset({"keep", "round", "microaggregate", "top-bottom", "perturb", "by", "mean"})
"""Treatments whose column says what the first one says, or nearly."""


def spread_out(done: Done, table: pa.Table, published: Sequence[tuple[Column, Cells]]) -> Done:
    """The same with its bars, for a column that makes no class and whose cells are of the same kind as
    before.
    """
    after = next((cells for column, cells in published if column.name == done.column), None)
    if done.spread is not None or done.treatment not in SHOWN or after is None:
        return done
    before = table.column(done.column)
    plain = not (
        pa.types.is_nested(before.type)
        or pa.types.is_binary(before.type)
        or pa.types.is_large_binary(before.type)
    )
    return replace(done, spread=of_cells(before, after)) if plain else done


def correlation(
    table: pa.Table,
    schema: Schema,
    published: Sequence[tuple[Column, Cells]],
    quasi: Sequence[Quasi],
    outcome: Outcome | None,
    of: Integers,
    order: Integers,
) -> float | None:
    """Largest change in a correlation between columns of numbers; a group counts as the mean of its values.
    None where there are not two such columns.

    of: class of each row; order: rows that are published.
    """
    places = {q.name: j for j, q in enumerate(quasi)}
    pairs: list[tuple[Reals, Reals]] = []
    for column, cells in published:
        was = schema.column(column.name)
        if was is None or was.type not in _NUMERIC:
            continue
        before = numbers(table.column(column.name))
        if column.name in places and outcome is not None:
            pairs.append(
                (before, _means(quasi[places[column.name]], outcome, places[column.name], of[order], order))
            )
        elif column.type in _NUMERIC:
            pairs.append((before, numbers(cells)))
    if len(pairs) < 2:
        return None
    changed = np.abs(
        correlations(np.stack([b for b, _ in pairs])) - correlations(np.stack([a for _, a in pairs]))
    )
    return float(changed.max())


def _means(one: Quasi, outcome: Outcome, j: int, of: Integers, order: Integers) -> Reals:
    """The mean of the values that each published cell may stand for; NaN where none is a number."""
    leaf_numbers = [number_of(v) for v in one.scale.leaves]
    leaf = np.array([0.0 if n is None else n for n in leaf_numbers])
    weight = np.array([0.0 if n is None else 1.0 for n in leaf_numbers])
    if spans(one, outcome):
        low, high = outcome.recoding.low[of, j], outcome.recoding.high[of, j]
        sums, weights = (np.r_[0.0, np.cumsum(x)] for x in (leaf, weight))
        total, count = sums[high + 1] - sums[low], weights[high + 1] - weights[low]
    else:
        tables = [(np.bincount(g, leaf)[g], np.bincount(g, weight)[g]) for g in one.hierarchy.levels]
        levels = outcome.recoding.levels[of, j]
        total = np.stack([t for t, _ in tables])[levels, one.codes[order]]
        count = np.stack([c for _, c in tables])[levels, one.codes[order]]
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def warnings(
    schema: Schema, policy: Policy, done: Sequence[Done], before: Measures | None, left_out: int
) -> tuple[str, ...]:
    """What whoever decides must know."""
    sentences: list[str] = []
    personal = [d.column for d in done if d.personal]
    if personal:
        sentences.append(
            f"Reste une donnée personnelle : {', '.join(f'« {c} »' for c in personal)} (un pseudonyme ou un masque n’est pas une anonymisation)."
        )
    raw = [name for name in schema.raw if any(d.column == name and d.treatment != "drop" for d in done)]
    if raw:
        sentences.append(
            f"Les valeurs illisibles de {', '.join(f'« {c} »' for c in raw)} ne sont pas publiées."
        )
    if schema.geometry and not policy.places:
        sentences.append("Les positions de la table ne sont pas publiées : la politique n’en dit rien.")
    if policy.mode != "robust" and before is not None and policy.models.k > 1:
        sentences.append(
            "Publication la moins coûteuse : qui connaît la méthode apprend qu’aucune classe plus fine n’était possible (minimalité, downcoding). "
            "Le mode robust s’en garde, au prix d’un peu de précision."
        )
    if left_out:
        sentences.append(
            in_number(
                left_out,
                "{n} ligne[s] [a été retirée|ont été retirées] : les totaux de la table publiée sont plus bas que les vrais.",
            )
        )
    if before is not None and 1 < policy.models.k < 5:
        sentences.append(
            "k est petit : cinq au moins pour des personnes, onze pour des données fiscales ou de santé."
        )
    if (
        before is not None
        and policy.models.only_k
        and not any(d.treatment == "drop" for d in done)
        and before.l is not None
    ):
        sentences.append(
            "Une colonne est sensible, et ni l ni t ne sont demandés : une classe peut n’avoir qu’une valeur."
        )
    return tuple(sentences)
