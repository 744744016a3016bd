"""Rows that count people or facts: by headers and sizes, or because other columns key them as those of a table of totals do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import combinations

from sqlglot import exp

from parvis.core.types import Column
from parvis.privacy import vocabulary
from parvis.privacy.addresses import says_address, shaped
from parvis.privacy.cells import cell_of, rows_of
from parvis.privacy.headers import says_birth, says_counted, says_persons, says_trait, spoken
from parvis.privacy.identifiers import coded, identifying, numbered, says_number_of
from parvis.privacy.looking import SAMPLE, WORDS, Look, integers
from parvis.privacy.people import Named
from parvis.privacy.row_cells import (
    AGAIN,
    AREA,
    ONCE,
    banded,
    combinations_of,
    lived,
    point,
    says_birth_year,
    says_household,
)
from parvis.privacy.vocabulary import known_vocabularies


def borne(look: Look, names: Mapping[str, Named]) -> tuple[str, ...]:
    """The numbers of a table that says of first names, and of a sex, a year or a place, how many bear them."""
    if not names:
        return ()  # looking at each number costs a question, and of a wide table that is all there is
    others = [c for c in look.schema.columns if c.name not in names]
    numbers = {
        c.name: c
        for c in others
        if c.type == "integer"
        and not _KEPT.search(spoken(c.name))
        and not coded(cells := integers(look, c.name))
        and not (numbered(cells) and len(cells) == look.filled(c.name)[0])
    }
    keys = all(
        c.name in numbers or c.type == "year" or _PERIOD.search(spoken(c.name)) or _KEY.search(spoken(c.name))
        for c in others
    )
    return tuple(numbers) if numbers and keys else ()


_KEPT = re.compile(r"\bage\b|\bnais|\bnee?\b|\bid\b|\bnumero\b|\bn (?=.)|\bno\b|\btel|\bcode\b")
"""Numbers that are one person's."""
MANY = 12
"""What no household, class of a meal or file of one person reaches: a column of counts has some above."""
USUAL = 3
"""Least mean of a column of counts."""


def counted_columns(look: Look, rows: int) -> Iterator[str]:
    """Columns that count people or facts, row by row: by their header and their size; or whole numbers in a
    table that its other columns key, each of their combinations standing once and nearly all standing: a
    table of totals.
    """
    if any(says_number_of(c.name) and identifying(_tokens(look, c), rows) for c in look.schema.columns):
        return  # each row bears the number of somebody
    if _one_by_one(look, rows):
        return
    numbers = [
        c
        for c in look.schema.columns
        if c.type in ("integer", "number") and not point(c) and not says_birth_year(c)
    ]
    counted = [c.name for c in numbers if says_counted(c.name)]
    if called := counted or _told_by_keys(look, [c.name for c in numbers]):
        sizes = [
            size
            for n in called
            for size in (
                exp.Max(this=cell_of(n)),
                exp.Avg(this=cell_of(n)),
                exp.Min(this=cell_of(n)),
                exp.Count(this=exp.Distinct(expressions=[cell_of(n)])),
            )
        ]
        found = look.con.execute(exp.select(*sizes).from_(rows_of(look.paths)).sql("duckdb")).fetchone() or ()
        large = [
            n
            for i, n in enumerate(called)
            if found[4 * i] is not None
            and found[4 * i] > MANY
            and found[4 * i + 1] >= USUAL
            and (
                n in counted or found[4 * i + 3] < rows or found[4 * i] - found[4 * i + 2] >= rows
            )  # « 1, 2, 3 » under « rep »
        ]
        if large:
            yield from large
            return
    if called := _by_area(look, rows) or _tallied(look, rows) or _totals(look, rows):
        yield from called
    elif rows <= SAMPLE and numbers and _keyed(look, rows, {c.name for c in numbers}):
        yield from (c.name for c in numbers)


def _one_by_one(look: Look, rows: int) -> bool:
    """Whether each row has a day of its own beside a birth, or the whole day of a birth: somebody's, however often they came.
    A table of totals has births by year, and days that come again.
    """
    born = [
        c
        for c in look.schema.columns
        if says_birth(c.name)
        and (
            c.type == "date" or (c.type in ("year", "integer") and says_birth_year(c) and lived(look, c.name))
        )
    ]
    days = [c.name for c in look.schema.columns if c.type in ("date", "datetime") and c not in born]
    if not born or rows < 2:
        return False
    if any(c.type == "date" for c in born):
        days += [c.name for c in born if c.type == "date"]
    if not days:
        return False
    each = [exp.Count(this=exp.Distinct(expressions=[cell_of(n)])) for n in days]
    counts = look.con.execute(exp.select(*each).from_(rows_of(look.paths)).sql("duckdb")).fetchone()
    return any(many >= OWN_DAY * rows for many in counts or ())


OWN_DAY = 0.7
"""Different days by row from which each row has its own."""


def _told_by_keys(look: Look, numbers: Sequence[str]) -> list[str]:
    """The numbers of a table whose other columns are periods, places and sexes only: nothing there is said of
    one person, unless a number is one's age.
    """
    measures = [n for n in numbers if not _PERIOD.search(spoken(n))]
    measured = frozenset(measures)
    keys = [spoken(c.name) for c in look.schema.columns if c.name not in measured]
    told = any(_KEY.search(k) or _DAY.search(k) for k in keys) and all(
        _KEY.search(k) or _PERIOD.search(k) for k in keys
    )
    special = [v for v in known_vocabularies().values() if v.of == "people"]
    owned = any(
        says_persons(n, number=True)
        or any(vocabulary.says(v, spoken(n)) or vocabulary.nearly(v, spoken(n)) for v in special)
        for n in measures
    )
    return measures if told and len(measures) > 1 and not owned else []


def _tokens(look: Look, column: Column) -> Sequence[str]:
    """The distinct cells of a column of texts or of whole numbers."""
    return integers(look, column.name) if column.type == "integer" else look.samples.get(column.name, ())


_DAY = re.compile(r"^(?:jours?|dates?|semaines?)\b(?!.*nais)")
TIMES = 3
"""Rows for each value of a key from which what it says of another key is no luck."""
MOST_KEYS = 8
"""Keys of which each pair is looked at: whether one of them says the other."""
FULL = 0.5
"""Share of all combinations of the keys that stand in a table of totals."""


def _keyed(look: Look, rows: int, measures: AbstractSet[str]) -> bool:
    """Whether the columns that are no measures key the rows as those of a cross table do."""
    keys = [c.name for c in look.schema.columns if c.name not in measures]
    periods = [c.name for c in look.schema.columns if c.name in measures and _PERIOD.search(spoken(c.name))]
    keys += periods
    if (
        not keys
        or len(measures) == len(periods)
        or rows < 8
        or (len(keys) == 1 and not _KEY.search(spoken(keys[0])))
    ):
        return False
    each = [exp.Count(this=exp.Distinct(expressions=[cell_of(k)])) for k in keys]
    together = combinations_of(keys)
    pairs = list(combinations(range(len(keys)), 2)) if len(keys) <= MOST_KEYS else []
    found = look.con.execute(
        exp.select(together, *each, *(combinations_of([keys[i], keys[j]]) for i, j in pairs))
        .from_(rows_of(look.paths))
        .sql("duckdb")
    ).fetchone() or (0,)
    found, both = found[: 1 + len(keys)], dict(zip(pairs, found[1 + len(keys) :], strict=True))
    said = {
        j if many == found[1 + i] else i  # the code of a school says no more than its name
        for (i, j), many in both.items()
        if many == max(found[1 + i], found[1 + j]) and TIMES * many <= rows
    }
    crossed = 1
    for place, distinct in enumerate(found[1:]):
        crossed *= 1 if place in said else max(1, distinct)
    if len(keys) == 1:  # a place or a period that stands once, and numbers
        return found[0] == rows
    return (
        found[0] == rows
        and sum(d > 1 for d in found[1:]) >= 2
        and max(found[1:]) < rows
        and rows >= FULL * crossed
    )


def _by_area(look: Look, rows: int) -> tuple[str, ...]:
    """The measures of a table that has one row for an area, or for an area and a period, and nothing that
    people have: a median, a share, a rate of each.
    """
    columns = look.schema.columns
    areas = [c.name for c in columns if c.meaning == "commune_insee" or AREA.search(spoken(c.name))]
    keys = [*areas, *(c.name for c in columns if _PERIOD.search(spoken(c.name)) and c.name not in areas)]
    measures = tuple(c.name for c in columns if c.name not in keys and c.type in ("integer", "number"))
    if not areas or len(measures) < 2 or rows < FEWEST_AREAS or len(keys) + len(measures) < len(columns):
        return ()
    if any(
        says_persons(n, number=True)
        or says_birth(n)
        or (_PERSON_OF.search(spoken(n)) and not says_counted(n))
        for n in (*keys, *measures)
    ):
        return ()
    found = look.con.execute(
        exp.select(combinations_of(keys)).from_(rows_of(look.paths)).sql("duckdb")
    ).fetchone() or (0,)
    return measures if found[0] >= ONCE * rows else ()


def _tallied(look: Look, rows: int) -> tuple[str, ...]:
    """The measures of a table that tallies what a place does day by day: a period, kinds that come again, and
    whole numbers of what is many (tickets, entries, tariffs).
    """
    columns = look.schema.columns
    measures = [c for c in columns if c.type in ("integer", "number")]
    kinds = [
        c
        for c in columns
        if c not in measures and c.type in ("text", "boolean") and not _PERIOD.search(spoken(c.name))
    ]
    dated = any(c.type in ("date", "datetime", "year") or _PERIOD.search(spoken(c.name)) for c in columns)
    if (
        not dated
        or sum(c.type == "integer" for c in measures) < 2
        or rows < FEWEST_AREAS
        or not any(_TALLIED.search(spoken(c.name)) for c in measures)
        or any(len(look.samples.get(c.name, ())) > max(1, TALLY * min(rows, SAMPLE)) for c in kinds)
        or any(says_trait(c.name) or says_birth(c.name) or says_number_of(c.name) for c in columns)
    ):
        return ()
    return tuple(c.name for c in measures)


def _totals(look: Look, rows: int) -> tuple[str, ...]:
    """The measures of a table that says how many facts there were of a kind, at a place or a time: a count that varies
    (« cas », « nb », « <5 » where few are hidden), and for the rest kinds that come again, whose combinations stand once,
    few of them or many. Nothing there is what one person alone has.
    """
    columns = look.schema.columns
    hidden = [n for n, v in look.samples.items() if _hidden(v)]
    counts = [
        c.name for c in columns if c.name in hidden or (c.type == "integer" and _FACTS.search(spoken(c.name)))
    ]
    measures = {c.name for c in columns if c.type == "number" and not point(c)} | set(counts)
    measures |= {c.name for c in columns if c.type == "integer" and says_counted(c.name)}
    keys = [c for c in columns if c.name not in measures]
    if (
        not counts
        or rows < FEWEST_AREAS
        or not any(c.type in ("date", "year") or _where_or_when(c) for c in keys)
        or any(point(c) or c.type == "datetime" or says_birth(c.name) or says_number_of(c.name) for c in keys)
        or any(
            says_address(c.name) or shaped(look.samples.get(c.name, ())[:WORDS]).numbered >= 0.3 for c in keys
        )
        or any(says_household(n) or says_persons(n, number=True) for n in measures)
        or any(
            says_trait(c.name) and not (c.type == "text" and _sorted(look.values(c.name, WORDS)))
            for c in keys
        )
        or any(c.type == "number" or (c.type == "integer" and not _where_or_when(c)) for c in keys)
    ):
        return ()
    each = [
        exp.Count(this=exp.Distinct(expressions=[cell_of(n)])) for n in (*counts, *(c.name for c in keys))
    ]
    together, *distinct = look.con.execute(
        exp.select(combinations_of([c.name for c in keys]), *each).from_(rows_of(look.paths)).sql("duckdb")
    ).fetchone() or (0,)
    vary = any(1 < many <= AGAIN * rows for many in distinct[: len(counts)])
    again = all(many <= AGAIN * rows for many in distinct[len(counts) :])
    return (
        tuple(n for n in (c.name for c in columns) if n in measures)
        if vary and again and together == rows
        else ()
    )


def _where_or_when(column: Column) -> bool:
    header = spoken(column.name)
    return column.meaning == "commune_insee" or any(
        each.search(header) for each in (AREA, _PERIOD, _KEY, _SHORT)
    )


def _hidden(values: Sequence[str]) -> bool:
    """Whether distinct texts are numbers of which the small ones are hidden: « <5 », « 12 », « nc »."""
    return all(map(_NUMBER_OR_HIDDEN.fullmatch, values)) and any(map(_LESS.fullmatch, values))


def _sorted(values: Sequence[str]) -> bool:
    """Whether distinct values are classes that anybody is sorted into: an age by bands, a sex."""
    return banded(values) or 2 <= len(values) <= 4


_FACTS = re.compile(
    r"^(?:n|nb|nbre|nombre|effectifs?|total|freq|frequence|count)$|^(?:(?:dont|nb|nbre|nombre|effectif|total) )*(?:(?:de|d|des) )?"
    r"(?:cas|malades|deces|hospitalises|hospitalisations|passages|signalements|faits|incidents|infractions|tests|positifs|injections|doses|recours)\b"
)
"""What is counted of facts, and not of those who live in one home."""
_SHORT = re.compile(r"^(?:sem|dept?|reg|an|trim|com|cp|s)\b|\b(?:sem|dept?|reg|iris|qpv)$")
"""Areas and periods cut short."""
_LESS = re.compile(r"\s*(?:<|≤|<=|moins de|inf(?:érieur)? à)\s*\d{1,2}\s*")
_NUMBER_OR_HIDDEN = re.compile(rf"{_LESS.pattern}|\s*\d[\d \u00a0\u202f]*\s*|(?i:n\.?[cds]\.?|s|ss|-|\*+)")
TALLY = 0.5
"""Distinct values by row up to which a column tells kinds of what is tallied."""
_TALLIED = re.compile(
    r"\b(?:tarifs?|entrees|tickets?|billets?|ventes|recettes?|frequentation|passages|visites|visiteurs|plein|reduits?|gratuits?|scolaires?|groupes?)\b"
)
FEWEST_AREAS = 8
"""Rows under which areas that stand once may be those where a few people live."""
_PERSON_OF = re.compile(
    r"\b(?:residence|domicile|habitation|foyer|menage|dossier|demandeu(?:r|se)|naissance)\b"
)
"""What makes an area where somebody lives or was born, or a row a household."""
_KEY = re.compile(
    r"\b(?:communes?|cantons?|quartiers?|iris|epci|departements?|regions?|pays|secteurs?|annees?|an|mois"
    r"|trimestre|semestre|semaine|age|tranches?)\b"
)
_PERIOD = re.compile(
    r"^(?:annees?|an|mois|trimestre|semestre|semaine|jour|heure|periode|exercice|millesime|sexe?|sx|genre|gender|classe d age|tranche)\b"
)
