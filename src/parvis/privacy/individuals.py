"""Rows that are people without a name: a birth, a school year, an illness, a step of pay, a home in which so many live."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sqlglot import exp

from parvis.core.text import fold
from parvis.core.types import Column
from parvis.privacy import vocabulary
from parvis.privacy.addresses import dwellings, says_address, shaped
from parvis.privacy.cells import rows_of
from parvis.privacy.families import private, saying, told
from parvis.privacy.headers import (
    about_votes,
    says_birth,
    says_called,
    says_count,
    says_counted,
    says_firm,
    says_metered,
    says_name,
    says_scale,
    says_subject,
    spoken,
)
from parvis.privacy.looking import LABEL, WORDS, Look, integers
from parvis.privacy.private_life import LOUD, private_life
from parvis.privacy.row_cells import (
    AGAIN,
    ONCE,
    banded,
    combinations_of,
    lived,
    point,
    says_household,
    within,
)
from parvis.privacy.vocabulary import Vocabulary, known_vocabularies

TOLD = 0.25
"""Share of the distinct values of a column that speak of somebody's health, situation or convictions, from
which its rows are people.
"""
DENIED = -1.5
"""Mean log-odds of cells (`families`) from which they are of something else than their header: the level of a
risk, the state of a building.
"""
ALONE = 0.8
"""Confidence that a column tells of private life from which it makes the rows people where nothing else does."""
KINDS = 6
"""Distinct values of a list of kinds, of which one that speaks so is enough."""
_GRADES = re.compile(
    r"(?:toute )?(?:petite|moyenne|grande) section|[tpmg]s|cp|ce[12]|cm[12]|[3-6] ?(?:e|eme)|[1-3] ?(?:e|eme|ere|nde) (?:annee|maternelle)|2nde"
    r"|seconde|terminale|maternelle|elementaire|primaire"
)
"""What school children are in, folded."""
_SCHOOLS = frozenset({"maternelle", "elementaire", "primaire"})
"""Grades that schools have too."""


def graded(values: Sequence[str]) -> bool:
    """Whether distinct values are what school children are in."""
    return 2 <= len(values) <= 30 and sum(
        _GRADES.fullmatch(fold(v)) is not None for v in values
    ) >= 0.6 * len(values)


def individuals(look: Look, sampled: int, rows: int) -> Iterator[str]:
    """Columns that only one person's row has: a birth, a school year, an illness, a situation. Not where rows
    are things, firms or points of a map.
    """
    if of_anybody := _sexed_and_aged(look, sampled) or _paid(look, rows):
        yield from of_anybody
        return
    schema = look.schema
    if (
        schema.geometry
        or about_votes(schema)
        or any(
            point(c)
            or says_subject(c.name)
            or says_called(c.name)
            or (c.type in ("integer", "number") and says_scale(c.name))
            or c.meaning in ("siret", "siren")
            for c in schema.columns
        )
    ):
        return
    if any(
        says_firm(c.name) and not 0 < len(look.samples.get(c.name, ())) <= 0.5 * sampled
        for c in schema.columns
    ):
        return  # firms; where the same ones come again, rows may be of those who come to them
    if any(says_address(c.name) for c in schema.columns) and any(
        c.type in ("date", "datetime") and not says_birth(c.name) for c in schema.columns
    ):
        return  # something that happened there: `incidents` says of what it speaks
    special = [v for v in known_vocabularies().values() if v.of == "people" and v.name != "politics"]
    metered = any(says_metered(c.name) for c in schema.columns)
    equipped = _equipped(look)
    for column in schema.columns:
        if (
            says_count(column.name)
            or (column.type in ("integer", "number") and says_counted(column.name))
            or column.name in equipped
        ):
            continue
        values = look.values(column.name, WORDS)
        again = len(values) <= max(AGAIN * sampled, 2)
        header = spoken(column.name)
        born = says_birth(column.name) and (
            column.type == "date" or (column.type in ("year", "integer") and lived(look, column.name))
        )
        if born or (metered and len(values) > AGAIN * sampled and shaped(values).numbered >= 0.8):
            yield column.name
        elif not again:
            if len(values) > AGAIN * sampled and dwellings(values) >= 0.8:
                yield column.name
        elif (
            (graded(values) and not _SCHOOLS.issuperset(map(fold, values)))
            or (
                any(
                    _says_so(v, header, values)
                    for v in special
                    if v.name != "appraisal" or column.type == "text"
                )
                and told(saying(values)) > DENIED
            )
            or _telling(look, column, sampled)
        ):
            yield column.name
        elif values and sum(v.count(" ") <= LABEL for v in values) >= 0.6 * len(values):
            plain = {v: fold(v) for v in values}
            worded = {v for each in special if each.alone for v in vocabulary.worded(each, plain)}
            if len(worded) >= TOLD * len(values) and (len(worded) > 1 or len(values) <= KINDS):
                yield column.name


def _sexed_and_aged(look: Look, sampled: int) -> tuple[str, ...]:
    """A column of women and men beside one of ages, by their values alone: headers of one letter say nothing. Animals are
    males and females.
    """
    sexes = [
        n
        for n, v in look.samples.items()
        if 2 <= len(v) <= MOST_SEXES and frozenset(map(fold, v)) - _UNSAID in _SEXES
    ]
    if not sexes:
        return ()
    ages = [
        c.name for c in look.schema.columns if c.type == "integer" and _aged(integers(look, c.name), sampled)
    ] or [n for n, v in look.samples.items() if len(v) > 1 and sampled > len(v) and banded(v) and _grown(v)]
    return (*sexes, *ages) if ages else ()


def _paid(look: Look, rows: int) -> tuple[str, ...]:
    """A grade and a step of its pay: a post has a grade, only somebody climbs its steps. Not a scale, which has one row
    for each step of each grade.
    """
    steps = [c.name for c in look.schema.columns if _STEP.search(spoken(c.name))]
    grades = [c.name for c in look.schema.columns if _GRADED.search(spoken(c.name))]
    if not (steps and grades):
        return ()
    many = look.con.execute(
        exp.select(combinations_of([grades[0], steps[0]])).from_(rows_of(look.paths)).sql("duckdb")
    )
    return (grades[0], steps[0]) if (many.fetchone() or (rows,))[0] < ONCE * rows else ()


_STEP = re.compile(r"^ech$|\bechelons?\b")
_GRADED = re.compile(r"\bgrades?\b|\bcadre d emplois?\b")


def _aged(values: Sequence[str], sampled: int) -> bool:
    """Whether distinct whole numbers spread as ages do, and don't number the rows."""
    years = sorted(map(int, values))
    return (
        FEWEST_AGES <= len(years) < sampled
        and years[0] >= 0
        and years[-1] <= OLDEST
        and years[-1] - years[0] >= GENERATION
    )


def _grown(values: Sequence[str]) -> bool:
    """Whether classes of age reach those of grown people, past thirty."""
    return max((int(n) for v in values for n in re.findall(r"\d{1,3}", v)), default=0) >= GROWN_UP


FEWEST_AGES, GENERATION, OLDEST, GROWN_UP = 6, 25, 110, 30
MOST_SEXES = 4
_UNSAID = frozenset(
    {"autre", "nsp", "nc", "nr", "x", "-", "?", "non binaire", "inconnu", "ne souhaite pas repondre"}
)
"""What stands beside women and men where somebody says neither."""
_SEXES = frozenset(map(frozenset, (("f", "h"), ("femme", "homme"), ("femmes", "hommes"))))
HOUSED = 12
"""More than live in one home."""
_HAPPENS = re.compile(
    r"\baccident|\bcollision|\bvehicule|\bvictime|\bgravite|\bblesse|\bcapacite|\bplaces?\b|\bsalles?\b|\breserv|\bcouverts\b|\bligne\b|\bbateau"
    r"|\bcovoit|\btrajet|\bcourse|\bcouchages?\b|\bepis\b|\bclassement|\betoiles?\b|\btel\b|\btelephone|\bsite web|\bcourriel|\bhoraires?\b"
)


def homes_of_people(look: Look, rows: int) -> tuple[str, ...]:
    """How many live in each row, where each row is a place of its own: a point or an address. Such rows are
    homes; not journeys, accidents or rooms.
    """
    columns = look.schema.columns
    lived_in = [c.name for c in columns if says_household(c.name) and within(look, c, 0, HOUSED)]
    if not lived_in or any(_HAPPENS.search(spoken(c.name)) or says_name(c.name) for c in columns):
        return ()
    places = [c.name for c in columns if point(c)] or [
        n for n, v in look.samples.items() if shaped(v[:WORDS]).numbered >= 0.5
    ]
    if not places:
        return ()
    found = look.con.execute(
        exp.select(combinations_of(places)).from_(rows_of(look.paths)).sql("duckdb")
    ).fetchone()
    return tuple(lived_in) if found is not None and found[0] >= 0.8 * rows else ()


def _says_so(each: Vocabulary, header: str, values: Sequence[str]) -> bool:
    """Whether a header names a special kind; where its words are ordinary ones too (« Syndicat »: of waters,
    of communes), its values must speak of it as well.
    """
    return vocabulary.says(each, header, numbers=vocabulary.may_be_amounts(values)) and (
        each.alone or not values or bool(vocabulary.worded(each, {v: fold(v) for v in values}))
    )


def _equipped(look: Look) -> frozenset[str]:
    """Columns called after disabilities that tell what a place has for them: one of them says « accessible »,
    or what leads, is heard or is read there.
    """
    fitted = frozenset(n for n in look.samples if _FITTED.search(spoken(n)))
    called = [n for n in look.samples if _DISABILITY.search(spoken(n)) and n not in fitted]
    told = [[v for v in look.values(n, WORDS) if _EQUIPMENT.search(fold(v))] for n in called]
    return fitted | (
        frozenset(called)
        if any(len(t) >= TOLD * len(look.values(n, WORDS)) > 0 for n, t in zip(called, told, strict=True))
        else frozenset()
    )


def _telling(look: Look, column: Column, sampled: int) -> bool:
    """Whether most cells of a column clearly tell of somebody's health, means or beliefs, whatever its header
    says: not of facts, which have a place as well, nor of households or judgements, which things have.
    """
    sure, of = private_life(look, column, sampled)
    cells = saying(look.values(column.name, WORDS)[:WORDS])
    loud = [v for v in cells if private(v) >= LOUD]
    return sure >= ALONE and of in _OF_SOMEBODY and len(loud) >= max(2, TOLD_CLEARLY * len(cells))


TOLD_CLEARLY = 0.6
"""Share of the cells."""
_OF_SOMEBODY = frozenset({"health", "social", "religion", "union", "sexual", "origin"})
_FITTED = re.compile(r"^acces\w*(?: (?:pmr|handi\w*|ufr))?$|\baccessib\w*|^pmr$")
"""Columns that say for whom a place is fit."""
_DISABILITY = re.compile(r"\bhandicap|\bdeficien")
_EQUIPMENT = re.compile(
    r"\baccessib|\bguidage|\bboucles? |\bpictogramme|\bfalc\b|\bbraille|\brampes?\b|\bascenseur|\bsignaletique|\bpodotactile|\baudiodescri"
)
