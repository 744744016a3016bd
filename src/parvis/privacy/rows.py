"""What one row of a table is, decided once from the whole table and handed to every detector."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from parvis.core.types import Column, Schema
from parvis.privacy.addresses import says_address, shaped
from parvis.privacy.headers import (
    about_elected,
    about_outsiders,
    about_vehicles,
    creators,
    names_body,
    says_birth,
    says_count,
    says_directory,
    says_elected,
    says_persons,
    says_point,
)
from parvis.privacy.looking import WORDS
from parvis.privacy.people import Named, says_whose

_PLACED = frozenset({"latitude", "longitude", "lambert93_x", "lambert93_y"})


@dataclass(frozen=True, slots=True)
class About:
    """What the rows of a table are. persons: people, named or not; named: some column holds their names; bodies: organisations or places."""

    persons: bool
    named: bool
    bodies: bool
    elected: bool
    directory: bool
    fleet: bool
    """Whether its rows are vehicles of services, and name nobody."""
    placed: bool
    """Whether the table says where its rows are: coordinates, a geometry, an address."""
    incidents: bool
    """Whether its rows are things that happened at a time and a place of their own."""
    grounds: Mapping[str, str]
    """Columns of names that may go out, and why: those of elected people, of who made a work, of traders in the SIRENE directory."""

    @property
    def ground(self) -> str:
        """On what ground the names of these people may go out, "" where there is none."""
        return ELECTED if self.elected else DIRECTORY if self.directory else ""


DIRECTORY = "annuaire, organigramme ou liste de promotion : publiables tels quels (CRPA, D312-1-3)"
ELECTED = "mandat électif : les noms et mandats des élus sont publics"
WORK = "auteurs et artistes : leur nom fait partie de l’œuvre publiée"
TRADER = "annuaire SIRENE, sauf opposition de la personne"
SERVICE = "coordonnées d’un service ou d’un organisme, non d’une personne"
NO_PERSON = "aucune personne dans la table : une adresse ou un lieu seul ne désigne personne"


FEW_BODIES = 5
"""Different bodies or buildings from which a column makes the rows theirs."""


def about(schema: Schema, called: str, names: Mapping[str, Named], samples: Mapping[str, Sequence[str]], rows: int, bodied: AbstractSet[str]) -> About:
    """samples: distinct values of each text column among so many sampled rows; bodied: columns whose values are bodies and buildings."""
    elected = about_elected(schema, samples)
    directory = (says_directory(called) or any(says_directory(c.name) for c in schema.columns)) and not about_outsiders(schema)
    grounds = _grounds(schema, names, elected=elected)
    whole = elected and all(grounds.get(n) == ELECTED for n in names)
    theirs = {n: named for n, named in names.items() if n not in grounds or (elected and grounds[n] == ELECTED)}
    alone = {n.kind for n in theirs.values()} == {"first"}
    named = bool(theirs) and not (alone and any(says_count(c.name) for c in schema.columns))  # first names that are counted are nobody's
    said = sum(says_persons(c.name, number=c.type in ("integer", "number", "boolean")) for c in schema.columns)
    own = [c.name for c in schema.columns if c.meaning in ("siret", "siren") or names_body(c.name) or c.name in bodied]
    own = [n for n in own if shaped(samples.get(n, ())[:WORDS]).numbered < 0.3]  # a « lieu » of street numbers is where something was
    bodies = bool(own)
    if bodies and (named or said):  # people and their school or their service, or bodies and who speaks for them: the ones come again, the others do not
        bodies = any(n not in samples or len(samples[n]) >= 0.5 * rows for n in own if n not in theirs)
    placed = bool(schema.geometry) or any(point(c) or says_address(c.name) for c in schema.columns)
    counted = any(says_count(c.name) and c.type in ("integer", "number") for c in schema.columns)
    dated = any(c.type == "datetime" or (c.type == "date" and not says_birth(c.name)) for c in schema.columns)
    incidents = dated and not bodies and not counted and (placed or any(shaped(v[:WORDS]).numbered >= 0.3 for v in samples.values()))
    fleet = about_vehicles(schema) and not named
    return About(named or (said > 0 and not bodies), named, bodies, whole, directory, fleet, placed, incidents, grounds)


def _grounds(schema: Schema, names: Mapping[str, Named], *, elected: bool) -> dict[str, str]:
    """The columns of names that may go out, each with why. elected: the rows are elected people; a column that says whose else its names are is not theirs."""
    works = creators(schema)
    registered = any(c.meaning in ("siret", "siren") for c in schema.columns)
    grounds: dict[str, str] = {}
    for name, named in names.items():
        if name in works:
            grounds[name] = WORK
        elif says_elected(name) or (elected and not says_whose(name)):
            grounds[name] = ELECTED
        elif registered and named.kind == "full" and names_body(name):
            grounds[name] = TRADER
    return grounds


def point(column: Column) -> bool:
    return column.meaning in _PLACED or column.type in ("point", "shape") or (column.type == "number" and says_point(column.name))
