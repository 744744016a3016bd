"""What is personal in a file, followed through its recipe into the table that would be published.

A column that goes through as it is is judged by what the file says of it, under the name that it has there,
beside the columns that go through too: taking the names out of a table of addresses makes addresses of no
one. A column that is computed is as personal as what it is computed from, whatever it looks like, and so is a
choice of rows: detectors look at what a value is, not at where it comes from.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from parvis import columns, privacy
from parvis.columns.table import Typed
from parvis.core.reading import RawTable
from parvis.core.types import Finding, Json, Sensitivity
from parvis.prepare import Traced
from parvis.prepare.tracing import Source

HIDDEN = frozenset({Sensitivity.DIRECT, Sensitivity.SPECIAL, Sensitivity.SECRET})
"""Sensitivities whose values are shown to nobody without the right."""
_ORDER = tuple(Sensitivity)


@dataclass(frozen=True, slots=True)
class Mark:
    """How personal a column is, and whether that holds back what has it."""

    sensitivity: Sensitivity = Sensitivity.NONE
    holds: bool = False

    @property
    def hidden(self) -> bool:
        """Whether its values are shown to nobody without the right."""
        return self.holds or self.sensitivity in HIDDEN


Marks = Mapping[str, Mark]
"""By column of a table, as its reader names them; columns without anything personal are left out."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A raw table that was typed to be searched, and its columns by the name they got."""

    typed: Typed
    names: Mapping[str, str]

    def marks(self, con: duckdb.DuckDBPyConnection, only: Collection[str] | None = None) -> Marks:
        """What is personal in it, or in these columns were they alone."""
        schema = self.typed.schema
        columns = tuple(c for c in schema.columns if only is None or self.names.get(c.name) in only)
        if not columns:
            return {}
        profile = [p for p in self.typed.profile if any(p.name == c.name for c in columns)]
        findings, levels = privacy.find(
            con, self.typed.path, replace(schema, columns=columns), self.typed.rows, profile=profile
        )
        holding = {f.column for f in privacy.holding(findings)}
        return {
            self.names[n]: Mark(levels.get(n, Sensitivity.NONE), n in holding)
            for n in {*levels, *holding}
            if n in self.names
        }


def hidden(marks: Marks) -> frozenset[str]:
    """The columns whose values are shown to nobody without the right."""
    return frozenset(name for name, mark in marks.items() if mark.hidden)


def look(con: duckdb.DuckDBPyConnection, raw: RawTable, path: Path) -> Looked:
    """Type a raw table into a file, to be searched."""
    typed = columns.type_table(raw, path, con=con)
    return Looked(typed, dict(zip(columns.column_names(raw), (c.name for c in raw.columns), strict=True)))


@dataclass(frozen=True, slots=True)
class Inherited:
    """What a prepared table has of the personal columns of its file. columns: mark, and the columns it comes
    from, by column; rows: what chose its rows; several: one record of the file may be several rows, so that a
    group of k rows may be one person.
    """

    columns: Mapping[str, tuple[Mark, tuple[str, ...]]] = field(
        default_factory=dict[str, tuple[Mark, tuple[str, ...]]]
    )
    rows: tuple[str, ...] = ()
    several: bool = False


NOTHING = Inherited()


def inherit(
    con: duckdb.DuckDBPyConnection, file: Looked, traced: Traced, others: Mapping[str, Marks]
) -> Inherited:
    """Follow what is personal in a file and in the other tables of its recipe. others: marks by reference."""
    whole: dict[Source, Mark] = {("", name): mark for name, mark in file.marks(con).items()}
    whole |= {(table, name): mark for table, marks in others.items() for name, mark in marks.items()}
    if not whole:
        return NOTHING
    through = {origin.same for origin in traced.columns.values() if origin.same}
    alone = file.marks(con, through) if any(("", name) in whole for name in through) else {}
    by_column: dict[str, tuple[Mark, tuple[str, ...]]] = {}
    for name, origin in traced.columns.items():
        if origin.emptied:
            continue  # what the step left of it is looked at like any other column
        if origin.same:
            marks = [alone[origin.same]] if origin.same in alone else []
        else:  # of a column that goes out itself, what is computed from it says no more than it does
            marks = [
                m
                for s in origin.of
                if (m := alone.get(s[1]) if s[0] == "" and s[1] in through else whole.get(s)) is not None
            ]
        if marks:
            worst = Mark(max((m.sensitivity for m in marks), key=_ORDER.index), any(m.holds for m in marks))
            by_column[name] = (
                worst,
                tuple(sorted(column for table, column in origin.of if (table, column) in whole)),
            )
    rows = tuple(
        sorted(
            column for table, column in traced.rows if (table, column) in whole and whole[table, column].holds
        )
    )
    return Inherited(by_column, rows, traced.several)


def judged(
    inherited: Inherited,
    names: Mapping[str, str],
    findings: tuple[Finding, ...],
    levels: Mapping[str, Sensitivity],
    rows: int,
) -> tuple[tuple[Finding, ...], dict[str, Sensitivity]]:
    """What was found in a table, and what it inherits. names: of its columns as they lie, by the name that
    the recipe gave them; rows: records.
    """
    holding = {f.column for f in privacy.holding(findings)}
    sensitivity = dict(levels)
    more: list[Finding] = []
    for name, (mark, of) in inherited.columns.items():
        column = names.get(name)
        if column is None:
            continue
        sensitivity[column] = max(
            sensitivity.get(column, Sensitivity.NONE), mark.sensitivity, key=_ORDER.index
        )
        if mark.holds and column not in holding:
            message = f"La colonne « {column} » est tirée de données personnelles ou secrètes du fichier ({', '.join(of)})."
            more.append(
                Finding("privacy-derived", message, "error", "confidentiality", column, rows, (), DERIVED)
            )
    if inherited.rows:
        message = f"Les lignes ont été choisies d’après des données personnelles ou secrètes du fichier ({', '.join(inherited.rows)})."
        more.append(
            Finding("privacy-chosen-rows", message, "error", "confidentiality", "", rows, (), DERIVED)
        )
    return (*more, *findings), sensitivity


DERIVED = (
    "Retirez-la de la recette, anonymisez la table par une politique, ou faites décider de sa publication."
)


SMALLEST = 3
"""Rows of a group from which a policy's groups make a value that was computed from personal data anonymous.
"""


def under_policy(inherited: Inherited, lineage: Mapping[str, Json], names: Mapping[str, str]) -> Inherited:
    """What is left to inherit after a policy of anonymisation. lineage: what the policy did; names: of the
    columns that it got, as in `judged`.

    What a policy treats is anonymous by its own models, or told as personal by itself; what it keeps is not,
    nor are groups that may be one person's.
    """
    treated = lineage.get("columns")
    done = (
        {str(c.get("column")): str(c.get("treatment")) for c in treated if isinstance(c, dict)}
        if isinstance(treated, list)
        else {}
    )
    measured = lineage.get("k")
    least = measured[1] if isinstance(measured, list) and len(measured) == 2 else None
    weak = (
        {"keep"}
        if isinstance(least, int) and least >= SMALLEST and not inherited.several
        else {"keep", "generalise"}
    )
    by_name = {
        name: mark
        for name, mark in inherited.columns.items()
        if (c := names.get(name)) is not None and done.get(c, "keep") in weak
    }
    grouped = any(treatment not in {*weak, "drop"} for treatment in done.values())
    return Inherited(by_name, () if grouped else inherited.rows, inherited.several)
