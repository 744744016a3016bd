"""When and where people were born: by the header, by a date in three columns, by dates that span the ages of
people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from sqlglot import exp

from parvis.core.text import french_number
from parvis.core.types import Column, Sensitivity, Severity
from parvis.privacy.cells import call, cell_of, rows_of
from parvis.privacy.confidence import confidence
from parvis.privacy.detection import Detection
from parvis.privacy.headers import birth_part, says_birth, says_count, says_event, says_nothing, spoken
from parvis.privacy.identifiers import numbered, years_written_together
from parvis.privacy.individuals import graded
from parvis.privacy.looking import SURE, Look, integers
from parvis.privacy.people import Named
from parvis.privacy.row_cells import lived
from parvis.privacy.rows import PAST, About

_BIRTH_FIX = "Gardez l’année ou une tranche d’âge : avec le sexe et la commune, une date de naissance suffit à désigner quelqu’un."


def births(look: Look, names: Mapping[str, Named], about: About, this_year: int) -> Iterator[Detection]:
    """Columns that their header calls a birth, a birth in three columns; beside people, dates that span their
    ages.
    """
    parts = _in_parts(look) if about.named else frozenset[str]()
    for column in look.schema.columns:
        by_header = (
            says_birth(column.name) and not says_count(column.name) and not about.counts
        ) or column.name in parts
        if column.name in names:  # « nom de naissance »
            continue
        dated = column.type in ("date", "datetime")
        if (
            not by_header
            and about.named
            and (_serial(look, column, this_year) or _joined(look, column, this_year))
        ):
            by_header = True
        if not (by_header and (dated or column.type in ("text", "year", "integer"))) and not (
            dated and about.persons and not says_event(column.name)
        ):
            continue
        if by_header and column.type in ("integer", "year") and not lived(look, column.name):
            continue
        evidence: dict[str, float] = {"header": by_header, "people": about.persons}
        if not by_header:
            evidence |= _ages(
                look, column.name, children=about.named and _of_children(look), this_year=this_year
            )
        sure = confidence("birth", evidence)
        if sure < SURE:
            continue
        count, rows = look.filled(column.name)
        level = Sensitivity.DIRECT if about.named else Sensitivity.INDIRECT
        message = f"Dates ou lieux de naissance dans la colonne « {column.name} » : {french_number(count)} cellules remplies."
        severity: Severity = "error" if about.persons else "warning"
        seen = Detection(
            "birth-date",
            column.name,
            Sensitivity.INDIRECT,
            level,
            severity,
            count,
            count,
            sure,
            message,
            _BIRTH_FIX,
            rows,
        )
        yield (
            seen.allowed(PAST)
            if about.past
            else seen.allowed(about.ground, severity="warning")
            if about.elected
            else seen
        )


SERIAL = 25_569
"""1 January 1970, as spreadsheets count days."""


def _serial(look: Look, column: Column, this_year: int) -> bool:
    """Whether whole numbers under a header that says nothing, or a date, are days as spreadsheets count them,
    nearly each its own, years apart and past: births of those who are named.
    """
    if column.type != "integer" or column.meaning or says_event(column.name):
        return False
    header = spoken(column.name)
    if not says_nothing(column.name) and re.search(r"\bdates?\b|^dt\b|^d$", header) is None:
        return False
    values = [int(v) for v in integers(look, column.name)]
    if len(values) < FEWEST_SERIALS:
        return False
    years = sorted(1970 + (v - SERIAL) / 365.25 for v in values)
    cells = look.filled(column.name)[0]
    return (
        years[0] >= EARLIEST
        and years[-1] < this_year
        and years[-1] - years[0] >= SPREAD
        and len(values) >= 0.8 * cells
        and not numbered([str(v) for v in values])
    )


FEWEST_SERIALS = 8


def _joined(look: Look, column: Column, this_year: int) -> bool:
    """Whether whole numbers under a header that says nothing are days written together, year first, a generation apart and
    none to come: births of those who are named.
    """
    if column.type != "integer" or column.meaning or not says_nothing(column.name):
        return False
    years = years_written_together(integers(look, column.name))
    if len(years) < FEWEST_SERIALS:
        return False
    return years[0] <= LATEST and years[-1] <= this_year and years[-1] - years[0] >= GENERATION


def _in_parts(look: Look) -> frozenset[str]:
    """The columns of a date that was cut into day, month and year, when its years could be those of births."""
    parts = {
        birth_part(c.name): c.name
        for c in look.schema.columns
        if c.type in ("integer", "year", "text", "number") and birth_part(c.name)
    }
    if len(parts) < 3:
        return frozenset()
    whole = any(says_birth(name) for name in parts.values())
    year = exp.TryCast(this=cell_of(parts["year"]), to=exp.DataType.build("BIGINT"))
    ends = (call("quantile_cont", year.copy(), exp.Literal.number(q)) for q in ("0.05", "0.95"))
    early, late = look.con.execute(exp.select(*ends).from_(rows_of(look.paths)).sql("duckdb")).fetchone() or (
        None,
        None,
    )
    born = early is not None and 1900 <= early <= 2030 and (whole or late - early >= SPREAD)
    return frozenset(parts.values()) if born else frozenset()


SPREAD = 5
"""Years that dates in three columns must span to be births where nothing but the people beside them says so.
"""


EARLIEST, LATEST = 1905, 1995
"""Years between which the oldest people of a table are born."""
GENERATION = 25
"""Years that births span."""


def _of_children(look: Look) -> bool:
    """Whether some column tells what school children are in, or is called after them."""
    if any(
        re.search(r"\benfants?\b|\beleves?\b|\bclasses?\b|\bscolaire", spoken(c.name))
        for c in look.schema.columns
    ):
        return True
    return any(graded(v) for v in look.samples.values())


def _ages(look: Look, name: str, *, children: bool, this_year: int) -> dict[str, float]:
    """Whether the dates of a column could be births: a generation apart, and as old as people are; of
    children, several years apart.
    """
    first, last = look.years.get(name, (0, 9999))
    if not children and (first > LATEST or last < EARLIEST) and last - first < GENERATION:
        return {"ages": False, "spread": False}
    column = look.schema.column(name)
    moment = cell_of(name)
    if column is not None and column.type == "datetime":
        moment = call(
            "make_timestamp", call("epoch_us", moment)
        )  # in UTC; the year of an instant goes through a calendar, ten times slower
    year = call("year", moment)
    tenths = exp.Array(expressions=[exp.Literal.number(q) for q in ("0.05", "0.95")])
    row = look.con.execute(
        exp.select(call("quantile_cont", year, tenths)).from_(rows_of(look.paths)).sql("duckdb")
    ).fetchone()
    if not row or not row[0]:
        return {}
    early, late = row[0]
    if children and early >= LATEST and late - early >= SPREAD:
        return {"ages": True, "spread": True}
    return {
        "ages": EARLIEST <= early <= LATEST,
        "spread": late - early >= GENERATION and late <= this_year,  # leases end a generation apart too
    }
