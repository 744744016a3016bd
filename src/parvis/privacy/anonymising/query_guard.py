"""A table guarded against questions: the classes of its columns that may be asked for, where they are of
enough people; amounts as means of their class.

It is made once, before the table is looked at: every face then filters, counts, draws and exports what no
question can take a person out of, its number of rows and its profile included, and no face has to remember
to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from parvis.core.errors import HeldBack, UsageError
from parvis.core.sentence import Sentence
from parvis.core.text import fold, in_number
from parvis.core.types import Column, Schema
from parvis.methods.anonymity import Measures
from parvis.methods.anonymity.grouping import equal_rows
from parvis.methods.anonymity.hierarchy import Codes
from parvis.methods.disclosure import thresholds
from parvis.privacy.anonymising.policy import Guard, Policy
from parvis.privacy.anonymising.treatments import Cells, chunked, coded, numbers
from parvis.privacy.anonymising.utility import Done, hold, measured

Integers = npt.NDArray[np.int64]

_NUMERIC = ("integer", "number", "year")
_PLAIN = ("text", "integer", "number", "boolean", "date", "datetime", "time", "year")


@dataclass(frozen=True, slots=True)
class Guarded:
    """What a guard leaves. lost: share of the rows that are not shown; left_out: how many."""

    published: list[tuple[Column, Cells]]
    before: Measures
    after: Measures
    lost: float
    left_out: int
    done: tuple[Done, ...]
    warnings: tuple[str, ...]
    order: Integers
    """Which row of the source each published row is."""


def guard(
    table: pa.Table, schema: Schema, policy: Policy, persons: Integers | None, random: np.random.Generator
) -> Guarded:
    """The table as it may be asked about, its rows in an order of chance. persons: whose each row is, None
    where each is somebody's.

    Raises UsageError where the guard names columns that are not there or can't be asked for, HeldBack when no
    class is large enough.
    """
    rule = policy.guard
    if rule is None:
        raise ValueError("a policy without a guard")
    by, amounts = _named(schema, rule)
    rows = table.num_rows
    people = persons if persons is not None else np.arange(rows)
    codes: list[Codes] = [coded(table.column(c.name))[0] for c in by]
    classes = equal_rows(codes).ids
    enough = thresholds.publishable(classes, people, rule.least)
    order = random.permutation(np.flatnonzero(enough[classes]))
    if not len(order):
        raise HeldBack(
            Sentence("Aucune classe n’a {least} personnes : rien ne pourrait être publié.", least=rule.least),
            mend="Nommez moins de colonnes, ou de plus larges.",
        )
    published = [(replace(c, constraints={}), table.column(c.name).take(order)) for c in by]
    hidden = 0
    for column in amounts:
        mean = thresholds.means(numbers(table.column(column.name)), classes, people, rule.least, rule.share)
        hidden += int(np.isnan(mean[enough]).sum())
        means = mean[classes[order]]
        cells = chunked(pa.array(means, pa.float64(), mask=np.isnan(means)))
        published.append(
            (replace(column, type="number", format="default", options={}, constraints={}), cells)
        )
    place = {name: i for i, name in enumerate(schema.names)}
    published.sort(key=lambda p: place[p[0].name])
    left_out = rows - len(order)
    after = measured(
        [c[order] for c in codes], (), people[order] if persons is not None else None, policy, left_out
    )
    hold(after, policy)
    lost = left_out / rows
    done = (
        *(
            Done(c.name, "by", "Se filtre et se compte", False, lost, _moved(codes[i], order))
            for i, c in enumerate(by)
        ),
        *(Done(c.name, "mean", "Moyenne de sa classe") for c in amounts),
        *(Done(c.name, "drop", "Retirée") for c in schema.columns if c not in by and c not in amounts),
    )
    before = measured(codes, (), persons, policy)
    return Guarded(
        published,
        before,
        after,
        lost,
        left_out,
        done,
        _warnings(schema, left_out, int((~enough).sum()), hidden),
        order,
    )


def _named(schema: Schema, rule: Guard) -> tuple[list[Column], list[Column]]:
    """The columns to ask by, and the amounts."""

    def covered(names: Sequence[str]) -> list[Column]:
        missing = [n for n in names if not any(_fits(c, n) for c in schema.columns)]
        if missing:
            raise UsageError(
                Sentence("Colonne inconnue : « {wanted} ».", wanted=missing[0]),
                mend=Sentence("Colonnes du fichier : {list}.", list=", ".join(schema.names)),
            )
        return [c for c in schema.columns if any(_fits(c, n) for n in names)]

    by, amounts = covered(rule.by), covered(rule.amounts)
    if twice := [c.name for c in amounts if c in by]:
        raise UsageError(
            Sentence(
                "« {twice} » ne peut pas à la fois faire des classes et être publiée en moyenne.",
                twice=twice[0],
            ),
            mend="Nommez-la une seule fois.",
        )
    if odd := [c.name for c in by if c.type not in _PLAIN]:
        raise UsageError(
            Sentence("« {odd} » ne se filtre pas : c’est un lieu, une liste ou un objet.", odd=odd[0]),
            mend="Nommez une colonne de valeurs simples.",
        )
    if odd := [c.name for c in amounts if c.type not in _NUMERIC]:
        raise UsageError(
            Sentence("« {odd} » n’est pas une colonne de nombres.", odd=odd[0]),
            mend="Seuls des nombres sont publiés en moyenne.",
        )
    return by, amounts


def _fits(column: Column, name: str) -> bool:
    return fnmatchcase(fold(column.name.strip()), fold(name.strip()))


def _moved(codes: Codes, order: Integers) -> float:
    """Total variation between the values of a column before and after."""
    before, after = (np.bincount(c, minlength=int(codes.max()) + 1) for c in (codes, codes[order]))
    return float(np.abs(before / before.sum() - after / after.sum()).sum() / 2)


def _warnings(schema: Schema, left_out: int, classes: int, hidden: int) -> tuple[str, ...]:
    sentences: list[str] = []
    if left_out:
        sentences.append(
            in_number(
                left_out,
                "{n} ligne[s] de {of} [n’est pas publiée|ne sont pas publiées] : les totaux publiés sont plus bas que les vrais.",
                of=in_number(classes, "{n} classe[s] trop petite[s]"),
            )
        )
    if hidden:
        sentences.append(
            in_number(
                hidden,
                "{n} moyenne[s] [n’est pas publiée|ne sont pas publiées] : une personne en ferait l’essentiel, ou trop peu ont un montant.",
            )
        )
    if schema.geometry:
        sentences.append("Les positions de la table ne sont pas publiées.")
    sentences.append(
        "Une classe dont tous ont la même valeur la dit de chacun : n’ajoutez pas aux colonnes qui filtrent ce qui ne doit pas se savoir."
    )
    return tuple(sentences)
