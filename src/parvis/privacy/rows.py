"""What one row of a table is: decided once, from all of its columns, and handed to every detector with what
it was decided on.

A row that counts people is nobody's; a row that tells an illness, a school year or an age is somebody's,
named or not; a work bears the name of who made it, an official candidacy that of who stands. What speaks:
headers, the form of the values, how often they come again, how columns key the rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from sqlglot import exp

from parvis.core.text import fold
from parvis.core.types import Column
from parvis.privacy import vocabulary
from parvis.privacy.addresses import dwellings, says_address, shaped
from parvis.privacy.cells import call, cell_of, number_filled, rows_of
from parvis.privacy.families import private, saying, told
from parvis.privacy.headers import (
    about_contest,
    about_meals,
    about_outsiders,
    about_vehicles,
    about_votes,
    allergens,
    creators,
    delegates,
    names_body,
    says_birth,
    says_called,
    says_candidate,
    says_count,
    says_counted,
    says_directory,
    says_elected,
    says_firm,
    says_made,
    says_metered,
    says_name,
    says_persons,
    says_point,
    says_scale,
    says_subject,
    says_trait,
    says_votes,
    spoken,
)
from parvis.privacy.identifiers import coded, identifying, numbered, says_number_of
from parvis.privacy.looking import LABEL, SAMPLE, WORDS, Look, integers
from parvis.privacy.offices import elected_rows, in_office
from parvis.privacy.people import Named, says_whose, shares
from parvis.privacy.private_life import LOUD, private_life
from parvis.privacy.vocabulary import Vocabulary, known_vocabularies
from parvis.privacy.ways import about_streets

Unit = Literal["person", "body", "work", "candidacy", "count", "rule", "incident", "thing"]
"""One row: somebody, an organisation or a place, a work, a candidacy, a number of people or facts, a rule, a
thing that happened somewhere, anything else.
"""

_PLACED = frozenset({"latitude", "longitude", "lambert93_x", "lambert93_y"})


@dataclass(frozen=True, slots=True)
class About:
    """What the rows of a table are. persons: people, named or not; named: some column holds their names;
    bodies: organisations or places.
    """

    persons: bool
    named: bool
    bodies: bool
    elected: bool
    directory: bool
    fleet: bool
    """Whether its rows are vehicles of services, and name nobody."""
    apart: bool
    """Whether each row is a body of its own; otherwise bodies are where rows belong: a school, a service."""
    placed: bool
    """Whether the table says where its rows are: coordinates, a geometry, an address."""
    incidents: bool
    """Whether its rows are things that happened at a time and a place of their own."""
    counts: bool
    """Whether its rows count people or facts, and name nobody."""
    candidacies: bool
    """Whether its rows are official candidacies, or what votes they got."""
    grounds: Mapping[str, str]
    """Columns of names that may go out, and why: those of elected people, of who made a work, of traders in
    the SIRENE directory.
    """
    evidence: tuple[str, ...] = ()
    """What made the rows people without a name, or counts: the columns, by name."""
    past: bool = False
    """Whether its rows are people who died long ago."""
    rules: bool = False
    """Whether its rows are rules of a schedule: at which age something is due, not to whom it was done."""
    streets: AbstractSet[str] = frozenset()
    """Columns that tell what each row, a street, is called: whoever is named there is honoured, and no data is theirs."""

    @property
    def ground(self) -> str:
        """On what ground the names of these people may go out, "" where there is none."""
        return ELECTED if self.elected else DIRECTORY if self.directory else ""

    @property
    def unit(self) -> Unit:
        if self.counts:
            return "count"
        if self.candidacies:
            return "candidacy"
        if self.rules:
            return "rule"
        if self.persons:
            return "person"
        if WORK in self.grounds.values():
            return "work"
        return "body" if self.bodies else "incident" if self.incidents else "thing"


DIRECTORY = "annuaire, organigramme ou liste de promotion : publiables tels quels (CRPA, D312-1-3)"
ELECTED = "mandat électif : les noms et mandats des élus sont publics"
CANDIDATE = "candidature officielle : les candidats et leurs résultats sont publics"
WORK = "auteurs et artistes : leur nom fait partie de l’œuvre publiée"
HONOURED = "nom de voie : il honore quelqu’un, et ne dit rien de personne d’autre"
PAST = "personnes mortes depuis longtemps : leurs données ne sont plus personnelles (RGPD, considérant 27)"
TRADER = "annuaire SIRENE, sauf opposition de la personne"
SERVICE = "coordonnées d’un service ou d’un organisme, non d’une personne"
NO_PERSON = "aucune personne dans la table : une adresse ou un lieu seul ne désigne personne"


NOTHING = About(False, False, False, False, False, False, False, False, False, False, False, {})
"""Of a table without rows."""

FEW_BODIES = 5
"""Different bodies or buildings from which a column makes the rows theirs."""


def about(
    look: Look,
    called: str,
    names: Mapping[str, Named],
    rows: int,
    bodied: AbstractSet[str],
    *,
    past: bool = False,
    scheduled: bool = False,
    streets: AbstractSet[str] = frozenset(),
) -> About:
    """rows: of the table; bodied: columns whose values are bodies and buildings; past: whether its people
    died long ago; scheduled: whether some columns hold the milestones of a rule; streets: columns that tell what each street is called.
    """
    schema, samples, sampled = look.schema, look.samples, min(rows, SAMPLE)
    elected = elected_rows(look) and not _presiding(look, names)
    candidacies = (
        any(says_votes(c.name) and c.type in ("integer", "number") for c in schema.columns)
        or about_contest(called, schema)
    ) and not about_outsiders(schema)
    directory = (
        says_directory(called) or any(says_directory(c.name) for c in schema.columns)
    ) and not about_outsiders(schema)
    grounds = (
        dict.fromkeys(names, PAST)
        if past
        else _grounds(look, names, elected=elected, candidacies=candidacies)
    )
    whole = elected and all(grounds.get(n) == ELECTED for n in names)
    theirs = {
        n: named for n, named in names.items() if n not in grounds or (elected and grounds[n] == ELECTED)
    }
    alone = {n.kind for n in theirs.values()} == {"first"}
    counting = () if theirs and not alone else tuple(_counting(look, rows)) or _borne(look, theirs)
    named = bool(theirs) and not (
        alone and (counting or any(says_count(c.name) for c in schema.columns))
    )  # first names that are counted are nobody's
    made = not theirs and any(says_made(c.name) for c in schema.columns)
    said = [
        c.name
        for c in schema.columns
        if not past
        and not (made and c.type == "text" and _banded(look.values(c.name, WORDS)))
        and says_persons(c.name, number=c.type in ("integer", "number", "boolean"))
        and not _of_others(look, c, sampled)
        and not _nameless(look, c)
        and not (c.type == "text" and _MATRICULE.search(spoken(c.name)) and _worded(samples.get(c.name, ())))
    ]
    said = [n for n in said if not (about_meals(schema) and allergens(look.values(n, WORDS)))]
    fleet = about_vehicles(schema) and not named
    said = [n for n in said if not (fleet and _AGED.search(spoken(n)))]  # that of a van
    own = [
        c.name
        for c in schema.columns
        if c.meaning in ("siret", "siren")
        or (
            (names_body(c.name) or c.name in bodied)
            and not says_birth(c.name)  # where somebody was born
            and not _mailed(samples.get(c.name, ()))
        )
    ]
    own = [
        n for n in own if shaped(samples.get(n, ())[:WORDS]).numbered < 0.3
    ]  # a « lieu » of street numbers is where something was
    ways = not named and (bool(streets) or about_streets(look, rows))
    rules = scheduled and not (named or past) and all(map(_OF_A_RULE.search, map(spoken, said)))
    rules = rules and not any(says_birth(c.name) or says_number_of(c.name) for c in schema.columns)
    if ways or rules:
        said = []
    if not (said or named or counting or candidacies or elected or past or ways or rules):
        said = list(_individuals(look, sampled, rows)) or list(_homes(look, rows))
    apart = any(n not in samples or len(samples[n]) >= 0.5 * sampled for n in own if n not in theirs)
    bodies = bool(own) and (
        apart or not (named or said)
    )  # people and their school, or bodies and who speaks for them: the ones come again, the others do not
    placed = bool(schema.geometry) or any(point(c) or says_address(c.name) for c in schema.columns)
    counted = any(says_count(c.name) and c.type in ("integer", "number") for c in schema.columns)
    dated = any(c.type == "datetime" or (c.type == "date" and not says_birth(c.name)) for c in schema.columns)
    incidents = (
        dated
        and not bodies
        and not counted
        and (placed or any(shaped(v[:WORDS]).numbered >= 0.3 for v in samples.values()))
    )
    counts = bool(counting) and not named
    persons = named or (bool(said) and not bodies and not counts and not candidacies)
    evidence = counting if counts else tuple(said) if persons else ()
    return About(
        persons,
        named,
        bodies,
        whole,
        directory,
        fleet,
        apart,
        placed,
        incidents,
        counts,
        candidacies,
        grounds,
        evidence,
        past,
        rules,
        streets,
    )


_AGED = re.compile(r"\bages?\b")
_OF_A_RULE = re.compile(
    r"\bages?\b|\b(?:min|max)age|age(?:min|max)?\b|\bpublics?\b|\bpopulations?\b|\bgender\b|\bsexe?\b"
)
"""Headers of people that rules have too: an age, a public, a sex for which something is due."""


def _mailed(values: Sequence[str]) -> bool:
    """Whether most distinct values are addresses of mail: who is called so (« acheteur ») is reached by one, and is no body."""
    return bool(values) and sum(v.count("@") == 1 and " " not in v.strip() for v in values) >= 0.8 * len(
        values
    )


def _nameless(look: Look, column: Column) -> bool:
    """Whether a column that is called first names (« prenom_site ») holds places: halls and schools bear them."""
    if column.type != "text" or "prenom" not in spoken(column.name):
        return False
    seen = shares(look.values(column.name, WORDS)[:WORDS])
    return seen.place + seen.body >= 0.5 and seen.first < 0.2


def _presiding(look: Look, names: Mapping[str, Named]) -> bool:
    """Whether the mayor stands beside several names, in one town and one term: whoever is named is somebody else, whom
    they marry or receive.
    """
    named = [n for n, one in names.items() if one.kind != "first"]
    columns = look.schema.columns
    if not named or any(
        c.meaning == "commune_insee" or _TERM.search(spoken(c.name)) or _AREA.search(spoken(c.name))
        for c in columns
    ):
        return False
    for column, values in look.samples.items():
        mayors = [v for v in values if _MAYOR.fullmatch(fold(v).strip())]
        if not mayors or len(values) < 2 or column in named:
            continue
        theirs = exp.In(this=cell_of(column), expressions=[exp.Literal.string(v) for v in mayors])
        counted = exp.select(_distinct(named)).from_(rows_of(look.paths)).where(theirs)
        many = look.con.execute(counted.sql("duckdb")).fetchone()
        if many is not None and many[0] >= MARRIED:
            return True
    return False


MARRIED = 3
"""Names beside one mayor from which these are not hers."""
_MAYOR = re.compile(r"(?:le |la |m\.? le |mme (?:la |le )?)?maire")
_TERM = re.compile(r"\bmandats?\b|\belections?\b|\belue?s?\b|\bville\b|\bmairie\b|\bannee\b")

_MATRICULE = re.compile(r"\bmatr(?:icule)?\b")


def _worded(values: Sequence[str]) -> bool:
    """Whether distinct values are words without a figure: materials (« Mat. ») are no numbers of staff."""
    return bool(values) and sum(not any(map(str.isdigit, v)) for v in values) >= 0.8 * len(values)


def _banded(values: Sequence[str]) -> bool:
    """Whether distinct values are classes of age: « 2-6 », « 6/12 ans », « 3+ »."""
    return bool(values) and sum(_BAND.fullmatch(fold(v).strip()) is not None for v in values) >= 0.8 * len(
        values
    )


_BAND = re.compile(
    r"(?:de |des )?\d{1,2} ?(?:-|/|a|et|\+) ?(?:\d{1,2})?(?: ?ans)?(?: et plus)?|tout age|tous ages"
)


def _of_others(look: Look, column: Column, sampled: int) -> bool:
    """Whether a column that is called after people (« propriétaire », « demandeur ») holds kinds of owners or
    bodies that come again, and nobody.
    """
    if column.type != "text" or says_trait(column.name):
        return False
    cells = saying(look.values(column.name, WORDS)[:WORDS])
    if not cells or len(cells) > AGAIN * sampled:
        return False
    seen = shares(cells)
    return seen.full < 0.2 and (
        seen.body + seen.place >= 0.6 or (told(cells) < 0 and max(map(private, cells)) < 1)
    )


def _borne(look: Look, names: Mapping[str, Named]) -> tuple[str, ...]:
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


# --- rows that count ----------------------------------------------------------------------------------------

MANY = 12
"""What no household, class of a meal or file of one person reaches: a column of counts has some above."""
USUAL = 3
"""Least mean of a column of counts."""


def _counting(look: Look, rows: int) -> Iterator[str]:
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


def says_birth_year(column: Column) -> bool:
    """Whether a column of numbers is called a birth, one birth: « naissance », not « naissances »."""
    return says_birth(column.name) and not says_counted(column.name)


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
    together = _distinct(keys)
    pairs = list(combinations(range(len(keys)), 2)) if len(keys) <= MOST_KEYS else []
    found = look.con.execute(
        exp.select(together, *each, *(_distinct([keys[i], keys[j]]) for i, j in pairs))
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


def _distinct(columns: Sequence[str]) -> exp.Count:
    """How many combinations of some columns there are."""
    return exp.Count(this=exp.Distinct(expressions=[exp.Tuple(expressions=[cell_of(c) for c in columns])]))


def _by_area(look: Look, rows: int) -> tuple[str, ...]:
    """The measures of a table that has one row for an area, or for an area and a period, and nothing that
    people have: a median, a share, a rate of each.
    """
    columns = look.schema.columns
    areas = [c.name for c in columns if c.meaning == "commune_insee" or _AREA.search(spoken(c.name))]
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
        exp.select(_distinct(keys)).from_(rows_of(look.paths)).sql("duckdb")
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
        exp.select(_distinct([c.name for c in keys]), *each).from_(rows_of(look.paths)).sql("duckdb")
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
        each.search(header) for each in (_AREA, _PERIOD, _KEY, _SHORT)
    )


def _hidden(values: Sequence[str]) -> bool:
    """Whether distinct texts are numbers of which the small ones are hidden: « <5 », « 12 », « nc »."""
    return all(map(_NUMBER_OR_HIDDEN.fullmatch, values)) and any(map(_LESS.fullmatch, values))


def _sorted(values: Sequence[str]) -> bool:
    """Whether distinct values are classes that anybody is sorted into: an age by bands, a sex."""
    return _banded(values) or 2 <= len(values) <= 4


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
ONCE = 0.95
"""Share of rows whose area, and period, stands once: a row may have been entered twice."""
FEWEST_AREAS = 8
"""Rows under which areas that stand once may be those where a few people live."""
_AREA = re.compile(
    r"\b(?:communes?|insee|cantons?|quartiers?|iris|epci|departements?|regions?|carreaux?|mailles?|arrondissements?|qpv)\b"
)
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


# --- rows that are people without a name --------------------------------------------------------------------

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
AGAIN = 0.7
"""Distinct values by row under which a column tells kinds, that come again; above it names things, each of
its own.
"""

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


def lived(look: Look, name: str) -> bool:
    """Whether the numbers of a column may be births of the living: years, or days written as numbers; not
    those of the dead whom streets are called after, nor how many were born.
    """
    ends = (call("quantile_cont", cell_of(name), exp.Literal.number(q)) for q in ("0.05", "0.95"))
    early, late = look.con.execute(exp.select(*ends).from_(rows_of(look.paths)).sql("duckdb")).fetchone() or (
        None,
        None,
    )
    if early is None or late is None:
        return False
    if early < 1000:
        return (
            late < 100 and early != late and not says_counted(name)
        )  # « 54 », « 87 »: years without their century
    return not late < DEAD


DEAD = 1920
"""Year of birth before which nobody lives."""


def _individuals(look: Look, sampled: int, rows: int) -> Iterator[str]:
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
    ] or [n for n, v in look.samples.items() if len(v) > 1 and sampled > len(v) and _banded(v) and _grown(v)]
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
        exp.select(_distinct([grades[0], steps[0]])).from_(rows_of(look.paths)).sql("duckdb")
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

_HOUSEHOLD = re.compile(
    r"^(?:(?:nb|nbre|nombre|n) )?(?:de |d )?(?:pers|personnes?|enf|enfants|parts?|adultes?|mineurs|occ(?:up)?|occupants?|hab|habitants)"
    r"(?: (?:fiscales?|a charge|mineurs|au foyer"
    r"|(?:du |dans le )?(?:foyer|menage|logement)|scolarises?))?$"
    r"|^(?:pers|personnes?|enf|enfants?) (?:au |du |dans le |a )?(?:foyer|menage|charge|logement)$"
    r"|^taille (?:du |de la )?(?:foyer|menage|famille)$|^(?:foyer|menage|fam|famille) (?:nb|pers|personnes|taille|nb pers)$|^occup$"
)
_BARE = re.compile(r"^(?:pers|personnes?|enf|enfants|adultes?|mineurs|hab|habitants|occ)$")
"""Who may be in a row for other reasons than that they live there: at a fight, in a class."""


def says_household(name: str) -> bool:
    """Whether a header says how many live in a household: « nb_pers », « occupants », « enfants à charge »."""
    said = spoken(name)
    return _HOUSEHOLD.search(said) is not None and _BARE.search(said) is None


def within(look: Look, column: Column, low: float, high: float) -> bool:
    """Whether nearly all the numbers of a column lie between two others, and are not all the same."""
    if column.type not in ("integer", "number"):
        return False
    ends = (call("quantile_cont", cell_of(column.name), exp.Literal.number(q)) for q in ("0.02", "0.98"))
    found = look.con.execute(exp.select(*ends).from_(rows_of(look.paths)).sql("duckdb")).fetchone()
    return found is not None and found[0] is not None and low <= found[0] < found[1] <= high


HOUSED = 12
"""More than live in one home."""
_HAPPENS = re.compile(
    r"\baccident|\bcollision|\bvehicule|\bvictime|\bgravite|\bblesse|\bcapacite|\bplaces?\b|\bsalles?\b|\breserv|\bcouverts\b|\bligne\b|\bbateau"
    r"|\bcovoit|\btrajet|\bcourse|\bcouchages?\b|\bepis\b|\bclassement|\betoiles?\b|\btel\b|\btelephone|\bsite web|\bcourriel|\bhoraires?\b"
)


def _homes(look: Look, rows: int) -> tuple[str, ...]:
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
        exp.select(_distinct(places)).from_(rows_of(look.paths)).sql("duckdb")
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


def _grounds(look: Look, names: Mapping[str, Named], *, elected: bool, candidacies: bool) -> dict[str, str]:
    """The columns of names that may go out, each with why. elected: the rows are elected people; a column
    that says whose else its names are is not theirs.
    """
    works = creators(look.schema, look.samples)
    sent = delegates(look.schema, look.samples)
    registered = any(
        c.meaning in ("siret", "siren")
        and number_filled(look.con, look.paths, c.name) >= REGISTERED * look.filled(n)[0]
        for c in look.schema.columns
        for n, named in names.items()
        if named.kind == "full" and names_body(n)
    )
    acts = any(_ACT.search(spoken(c.name)) for c in look.schema.columns)
    grounds: dict[str, str] = {}
    columned = (
        elected
        and any(  # they have a column of their own: other names are of whom they meet
            names[n].kind == "full" and (says_elected(n) or in_office(look.values(n, WORDS)[:WORDS]))
            for n in names
        )
    )
    for name, named in names.items():
        if name in works:
            grounds[name] = WORK
        elif (
            in_office(look.values(name, WORDS)[:WORDS])
            or says_elected(name)
            or name in sent
            or (elected and not says_whose(name) and not (columned and named.kind == "full"))
        ):
            grounds[name] = ELECTED
        elif candidacies and (says_candidate(name) or not says_whose(name)):
            grounds[name] = CANDIDATE
        elif registered and named.kind == "full" and names_body(name):
            grounds[name] = TRADER
        elif acts and _DELEGATED.search(spoken(name)):
            grounds[name] = DIRECTORY  # delegations are published for whoever reads the act to check them
    return grounds


REGISTERED = 0.8
"""Share of those who are named that have their number in the directory of firms, from which it names them."""
_ACT = re.compile(r"\barretes?\b|\bactes?\b|\braa\b")
_DELEGATED = re.compile(r"\bdelegants?\b|\bdelegataires?\b|\bdelegat(?:eur|rice)s?\b")


def point(column: Column) -> bool:
    return (
        column.meaning in _PLACED
        or column.type in ("point", "shape")
        or (column.type == "number" and says_point(column.name))
    )
