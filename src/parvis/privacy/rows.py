"""What one row of a table is: decided once, from all of its columns, and handed to every detector with what
it was decided on.

A row that counts people is nobody's; a row that tells an illness, a school year or an age is somebody's,
named or not; a work bears the name of who made it, an official candidacy that of who stands. What speaks:
headers, the form of the values, how often they come again, how columns key the rows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal

from sqlglot import exp

from parvis.core.text import fold
from parvis.core.types import Column
from parvis.privacy.addresses import says_address, shaped
from parvis.privacy.cells import cell_of, number_filled, rows_of
from parvis.privacy.counted_rows import borne, counted_columns
from parvis.privacy.families import private, saying, told
from parvis.privacy.headers import (
    about_contest,
    about_meals,
    about_outsiders,
    about_vehicles,
    allergens,
    creators,
    delegates,
    names_body,
    says_birth,
    says_candidate,
    says_count,
    says_directory,
    says_elected,
    says_made,
    says_persons,
    says_trait,
    says_votes,
    spoken,
)
from parvis.privacy.identifiers import says_number_of
from parvis.privacy.individuals import homes_of_people, individuals
from parvis.privacy.looking import SAMPLE, WORDS, Look
from parvis.privacy.offices import elected_rows, in_office
from parvis.privacy.people import Named, says_whose, shares
from parvis.privacy.row_cells import AGAIN, AREA, banded, combinations_of, point
from parvis.privacy.ways import about_streets

Unit = Literal["person", "body", "work", "candidacy", "count", "rule", "incident", "thing"]
"""One row: somebody, an organisation or a place, a work, a candidacy, a number of people or facts, a rule, a
thing that happened somewhere, anything else.
"""


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
    counting = () if theirs and not alone else tuple(counted_columns(look, rows)) or borne(look, theirs)
    named = bool(theirs) and not (
        alone and (counting or any(says_count(c.name) for c in schema.columns))
    )  # first names that are counted are nobody's
    made = not theirs and any(says_made(c.name) for c in schema.columns)
    said = [
        c.name
        for c in schema.columns
        if not past
        and not (made and c.type == "text" and banded(look.values(c.name, WORDS)))
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
        said = list(individuals(look, sampled, rows)) or list(homes_of_people(look, rows))
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
        c.meaning == "commune_insee" or _TERM.search(spoken(c.name)) or AREA.search(spoken(c.name))
        for c in columns
    ):
        return False
    for column, values in look.samples.items():
        mayors = [v for v in values if _MAYOR.fullmatch(fold(v).strip())]
        if not mayors or len(values) < 2 or column in named:
            continue
        theirs = exp.In(this=cell_of(column), expressions=[exp.Literal.string(v) for v in mayors])
        counted = exp.select(combinations_of(named)).from_(rows_of(look.paths)).where(theirs)
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
    charged = any(
        c.type in ("integer", "number", "text") and _CHARGED.search(spoken(c.name))
        for c in look.schema.columns
    )  # what somebody is charged or owes is in no directory
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
        elif registered and not charged and named.kind == "full" and names_body(name):
            grounds[name] = TRADER
        elif acts and _DELEGATED.search(spoken(name)):
            grounds[name] = DIRECTORY  # delegations are published for whoever reads the act to check them
    return grounds


REGISTERED = 0.8
"""Share of those who are named that have their number in the directory of firms, from which it names them."""
_CHARGED = re.compile(
    r"\bredevances?\b|\bloyers?\b|\bdroits? de (?:place|voirie|terrasse|stationnement)\b|\bimpayes?\b|\bdettes?\b|\bsolde\b|\breste du\b|^du\b"
    r"|\btaxes?\b|\bamendes?\b|\bpenalites?\b|\bfactur|\bcotis"
)
_ACT = re.compile(r"\barretes?\b|\bactes?\b|\braa\b")
_DELEGATED = re.compile(r"\bdelegants?\b|\bdelegataires?\b|\bdelegat(?:eur|rice)s?\b")
