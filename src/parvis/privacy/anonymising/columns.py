"""A column by which somebody may be recognised: its cells as leaves of a hierarchy, and what a class shows of
it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence
from parvis.core.types import POINT, Column, Schema
from parvis.methods import anonymity
from parvis.methods.anonymity import Hierarchy, Outcome
from parvis.methods.anonymity.hierarchy import Codes
from parvis.privacy.anonymising import places
from parvis.privacy.anonymising.declaration import ANY, EMPTY, Scale, Value, number_of
from parvis.privacy.anonymising.policy import Place, Rule, ladders
from parvis.privacy.anonymising.treatments import Cells, chunked, coded, numbers

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Quasi:
    """A column that makes classes."""

    name: str
    codes: Codes
    """Leaf of each row."""
    raw: Codes
    """The same before any level was imposed: what an attacker would see in the source."""
    scale: Scale
    hierarchy: Hierarchy
    column: Column
    cells: Cells | None
    """The cells, where its leaves are their values; None where they are labels."""

    @property
    def intervals(self) -> bool:
        return self.hierarchy.ranged


def from_cells(column: Column, cells: Cells, rule: Rule) -> Quasi:
    """A column as the policy wants it. Raises UsageError where the hierarchy does not fit its values."""
    raw, values = coded(cells)
    codes = raw
    ladder = ladders().get(rule.hierarchy) if rule.treatment == "generalise" else None
    scale = Scale(tuple(values), ()) if ladder is None else ladder.scale(values, rule.params)
    if scale.leaves != tuple(values):
        place = {value: i for i, value in enumerate(scale.leaves)}
        codes = np.array([place[v] for v in values], dtype=np.int32)[codes]
    if ladder is not None and rule.at_least:
        labels, scale = _above(scale, ladder.steps.index(rule.at_least))
        return _quasi(column.name, column, labels[codes], raw, scale, None)
    if scale.ranged:
        rank, scale = _in_order(scale)
        codes = rank[codes]
    return _quasi(column.name, column, codes, raw, scale, cells)


def from_point(table: pa.Table, schema: Schema, place: Place) -> Quasi:
    """A point as the square or the zone that it lies in. Raises UsageError where there is none."""
    if place.longitude:
        missing = [s for s in (place.longitude, place.latitude) if s not in table.column_names]
        if missing:
            raise place.params.wrong(f"la colonne « {missing[0]} » n’est pas dans le fichier.")
        x, y = numbers(table.column(place.longitude)), numbers(table.column(place.latitude))
    elif schema.geometry == "point":
        point = table.column(POINT).combine_chunks()
        x, y = (
            np.asarray(pc.struct_field(point, part).to_numpy(zero_copy_only=False), dtype=np.float64)
            for part in ("lon", "lat")
        )
    else:
        raise place.params.wrong(
            "cette table n’a pas de points.", "Donnez les colonnes longitude et latitude."
        )
    codes, scale = (places.grid if place.treatment == "grid" else places.zones)(x, y, place.params)
    raw = np.unique(np.nan_to_num(np.stack([x, y], axis=1), nan=1e9), axis=0, return_inverse=True)[1]
    return _quasi(place.name, Column(place.name), codes, raw.reshape(-1).astype(np.int32), scale, None)


def _above(scale: Scale, level: int) -> tuple[Codes, Scale]:
    """The groups of a level as the leaves: the new leaf of each old one, and the scale of the new ones."""
    labels = list(dict.fromkeys(scale.levels[level]))
    place = {label: i for i, label in enumerate(labels)}
    some = {label: i for i, label in enumerate(scale.levels[level])}
    levels = tuple(tuple(higher[some[label]] for label in labels) for higher in scale.levels[level + 1 :])
    return np.array([place[label] for label in scale.levels[level]], dtype=np.int32), Scale(
        tuple(labels), levels
    )


def _in_order(scale: Scale) -> tuple[Codes, Scale]:
    """The leaves in the order of their numbers: the new place of each, and the scale."""
    order = sorted(range(len(scale.leaves)), key=lambda i: number_of(scale.leaves[i]) or 0.0)
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return rank, Scale(
        tuple(scale.leaves[i] for i in order),
        tuple(tuple(level[i] for i in order) for level in scale.levels),
        ranged=True,
    )


def _quasi(name: str, column: Column, codes: Codes, raw: Codes, scale: Scale, cells: Cells | None) -> Quasi:
    levels = [_coded(level)[1] for level in scale.levels]
    try:
        tree = anonymity.hierarchy([np.arange(len(scale.leaves)), *levels], ranged=scale.ranged)
    except ValueError as wrong:
        message = Sentence(
            "La hiérarchie de « {name} » sépare à un niveau ce qu’elle réunit au-dessous.", name=name
        )
        raise UsageError(message, mend="Chaque niveau réunit des groupes du précédent.") from wrong
    return Quasi(name, codes, raw, scale, tree, column, cells)


def spans(one: Quasi, outcome: Outcome) -> bool:
    """Whether the classes show intervals of this column: an attacker learns more from them, so the careful
    modes show groups.
    """
    return one.hierarchy.ranged and outcome.method not in ("full-domain", "robust")


def generalised(one: Quasi, outcome: Outcome, j: int, of: Integers, order: Integers) -> tuple[Column, Cells]:
    """Column j as its classes show it: its own values where no class shows less. of: class of each row;
    order: rows that are published, in their order.
    """
    done = outcome.recoding
    levels, low, high = done.levels[:, j], done.low[:, j], done.high[:, j]
    column = replace(one.column, name=one.name, constraints={}, sensitivity=one.column.sensitivity)
    if one.cells is not None and not levels.any() and not (spans(one, outcome) and (low != high).any()):
        return column, one.cells.take(order)
    column = replace(column, type="text", format="default", options={}, unit="", meaning="")
    leaves = [_written(v) for v in one.scale.leaves]
    if spans(one, outcome):
        top = one.hierarchy.height - 1
        texts = [
            ANY if level == top else leaves[a] if a == b else f"{leaves[a]}-{leaves[b]}"
            for level, a, b in zip(levels.tolist(), low.tolist(), high.tolist(), strict=True)
        ]
        return column, chunked(pa.array(texts, pa.string()).take(of[order]))
    labels = [leaves, *one.scale.levels]
    if len(labels) < one.hierarchy.height:
        labels.append((ANY,) * len(leaves))
    names, ids = _coded([label for level in labels for label in level])
    chosen = ids.reshape(len(labels), -1)[levels[of[order]], one.codes[order]]
    return column, chunked(pa.array(names, pa.string()).take(chosen))


def _coded(labels: Sequence[str]) -> tuple[list[str], Integers]:
    """The distinct labels, sorted, and the place of each label among them. Many values share few labels: to sort
    them all, as `numpy.unique` does, takes six times as long.
    """
    names = sorted(set(labels))
    place = {name: i for i, name in enumerate(names)}
    return names, np.fromiter(map(place.__getitem__, labels), dtype=np.int64, count=len(labels))


def _written(value: Value) -> str:
    if value is None:
        return EMPTY
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
