"""Columns that say who: names of people, and the numbers and accounts that they bear."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from parvis.core.text import french_number
from parvis.core.types import Sensitivity, Severity
from parvis.privacy.confidence import confidence
from parvis.privacy.declaration import known_detectors
from parvis.privacy.detection import Detection
from parvis.privacy.families import private
from parvis.privacy.headers import (
    says_called,
    says_count,
    says_persons,
    says_place,
    says_role,
    says_subject,
    says_trait,
    spoken,
)
from parvis.privacy.identifiers import (
    building_permits,
    coded,
    counted_from_one,
    documents,
    given_to_few,
    hardware,
    identifying,
    initials,
    logins,
    numbered,
    says_account,
    says_file,
    says_height,
    says_home_meter,
    says_initials,
    says_number,
    says_number_of,
    says_thing_number,
    worn,
    years_written_together,
)
from parvis.privacy.looking import SAMPLE, SURE, Look, integers, message_of
from parvis.privacy.people import Kind, Named
from parvis.privacy.row_cells import point, says_household
from parvis.privacy.rows import CANDIDATE, DIRECTORY, ELECTED, PAST, TRADER, WORK, About

_KINDS: Mapping[Kind, str] = {"first": "Prénoms", "surname": "Noms de famille", "full": "Noms de personnes"}
_NAME_FIX = (
    "Un nom ne se publie qu’avec l’accord de la personne ou si un texte le prévoit (élus, organigrammes, listes de promotion : CRPA, article D312-1-3) ; "
    "sinon supprimez la colonne."
)


_ALLOWED: Mapping[str, str] = {
    CANDIDATE: " Les candidats et leurs résultats sont publics.",
    ELECTED: " Les noms et mandats des élus sont publics.",
    DIRECTORY: " La loi laisse publier annuaires, organigrammes et listes de promotion.",
    WORK: " Le nom de qui a fait une œuvre en fait partie.",
    PAST: " Elles sont mortes depuis longtemps : ce ne sont plus des données personnelles.",
    TRADER: " L’annuaire SIRENE publie qui exerce en son nom, sauf opposition.",
}


REACH = frozenset({"email", "phone", "nir", "iban", "nir-without-key", "tax-number", "identity-document"})
"""Kinds beside which a first name points at somebody."""


def people(look: Look, names: Mapping[str, Named], about: About, *, reached: bool) -> Iterator[Detection]:
    """Columns of names. Alone, first names point at nobody; those of elected people are public. reached: a
    telephone or the like stands beside them.
    """
    alone = {n.kind for n in names.values()} == {"first"} and not reached
    for name, named in names.items():
        count, rows = look.filled(name)
        level = Sensitivity.INDIRECT if alone else Sensitivity.DIRECT
        ground = about.grounds.get(name) or (DIRECTORY if about.directory else "")
        severity: Severity = "warning" if alone or ground else "error"
        aside = (
            " Sans nom de famille à côté, ils ne désignent personne." if alone else _ALLOWED.get(ground, "")
        )
        message = f"{_KINDS[named.kind]} dans la colonne « {name} » : {french_number(count)} cellules remplies.{aside}"
        personal = Sensitivity.NONE if ground and not alone else level
        ground = "prénoms seuls : sans nom de famille, ils ne désignent personne" if alone else ground
        yield Detection(
            "person-name",
            name,
            Sensitivity.DIRECT,
            personal,
            severity,
            count,
            count,
            named.confidence,
            message,
            _NAME_FIX,
            rows,
            ground,
        )


_IDENTIFIER_FIX = "Un numéro ou un compte qui suit quelqu’un le désigne, même sans son nom : supprimez la colonne, ou comptez par jour, par lieu ou par tranche."  # noqa: E501


def identified(
    look: Look, names: Mapping[str, Named], about: About, detections: Sequence[Detection], rows: int
) -> Iterator[Detection]:
    """Columns of numbers or accounts of people, where no form has told them."""
    known = {s.column for s in detections if s.personal is not Sensitivity.NONE} | names.keys()
    network = any(s.kind in ("ip", "mac") for s in detections)
    homes = bool(about.evidence) and all(map(says_household, about.evidence))
    unnamed = (
        about.persons
        and not about.named
        and not homes  # what is numbered there is a tank, a boiler, an assessment
        and not any(s.personal in (Sensitivity.DIRECT, Sensitivity.SECRET) for s in detections)
    )
    helped = about.persons and any(
        c.name not in names and not says_file(c.name) and _says_help(c.name) for c in look.schema.columns
    )
    few = len(look.schema.columns) <= WIDE
    things = any(says_subject(c.name) or says_called(c.name) for c in look.schema.columns)
    each = (
        about.persons
        and few
        and not about.apart
        and not things
        and any(
            n.kind != "first" and len(look.samples.get(c, ())) >= EACH * min(rows, SAMPLE)
            for c, n in names.items()
        )
    )
    animals = not about.named and any(_ANIMAL.search(spoken(c.name)) for c in look.schema.columns)
    logged = any(c.type == "datetime" for c in look.schema.columns)
    placed = not about.persons and (bool(look.schema.geometry) or any(map(point, look.schema.columns)))
    for column in look.schema.columns if not about.past else ():
        if column.name in known or column.type not in ("text", "integer"):
            continue
        if placed and column.type == "integer" and says_height(column.name, integers(look, column.name)):
            continue  # « ele » beside a place is its elevation, and no pupil cut short
        account, number = says_account(column.name), says_number_of(column.name)
        follows = unnamed and not column.meaning and _FOLLOWS.search(spoken(column.name)) is not None
        after = about.persons and says_persons(column.name, number=False) and not says_trait(column.name)
        alone = unnamed and few and not column.meaning and not says_thing_number(column.name)
        values = look.samples.get(column.name, ())
        if logged and hardware(values):
            count, first = look.filled(column.name)
            device = known_detectors()["mac"]
            message = message_of(device.title, column.name, count, count)
            yield Detection(
                "mac",
                column.name,
                device.sensitivity,
                device.sensitivity,
                "error",
                count,
                count,
                0.9,
                message,
                device.article,
                first,
            )
            continue
        if column.type == "integer":
            sampled = account or number or follows or says_home_meter(column.name) or each or after or alone
            values = integers(look, column.name) if sampled else ()
        again = (
            len(values) < 0.7 * rows
        )  # one run of numbers that come again follows people, each from row to row
        if years_written_together(values):
            continue
        if number and (building_permits(values) or (animals and not _WHOSE.search(spoken(column.name)))):
            continue
        likeness = (
            logins(values) if column.type == "text" and (account or not says_place(column.name)) else 0.0
        )
        if (
            number
            and not about.named
            and column.type == "integer"
            and all(len(v) < SHORT for v in values)
            and not _given_out(values)
        ):
            continue
        if number and about.bodies and not about.named and not _BORNE.search(spoken(column.name)):
            continue
        if column.type == "text" and not says_place(column.name):
            likeness = max(likeness, min(1.0, worn(values) * (2 if network else 1)))
        own = (
            (number and (about.named or any(e != column.name for e in about.evidence)))
            or (helped and says_file(column.name) and not building_permits(values))
            or (about.persons and says_home_meter(column.name))
        )
        by_header = (
            (account or number or own or follows)
            and identifying(values, rows)
            and (own or not (counted_from_one if number else numbered)(values) or again)
        )
        by_header = by_header or (
            each
            and not column.meaning
            and (
                column.type == "text"
                or says_number(column.name)
                or sum(c.isdigit() for c in next(iter(values), "")) >= LONG
            )
            and not says_thing_number(column.name)
            and not _FOLLOWS.search(spoken(column.name))
            and not says_place(column.name)
            and not says_count(column.name)
            and len(values) >= 0.95 * min(rows, SAMPLE)
            and coded(values)
            and not numbered(values)
            and not building_permits(values)
        )
        by_header = by_header or (
            after and coded(values) and not numbered(values) and len(values) >= 0.5 * min(rows, SAMPLE)
        )
        by_header = by_header or (
            alone
            and not things
            and not says_place(column.name)
            and not says_count(column.name)
            and len(values) >= 0.95 * min(rows, SAMPLE)
            and coded(values)
            and sum(c.isdigit() for c in next(iter(values), "")) >= LONG
            and not numbered(values)
            and not building_permits(values)
        )
        by_header = by_header or (about.persons and says_initials(column.name))
        by_header = by_header or initials(column.name, values, rows)
        by_header = by_header or (number and not things and given_to_few(column.name, values))
        by_header = by_header or (about.named and documents(column.name, values))
        sure = confidence("identifier", {"header": by_header, "made": likeness})
        if sure < SURE:
            continue
        count, first = look.filled(column.name)
        message = message_of("numéros ou comptes de personnes", column.name, count, count)
        yield Detection(
            "person-number",
            column.name,
            Sensitivity.DIRECT,
            Sensitivity.DIRECT,
            "error",
            count,
            count,
            sure,
            message,
            _IDENTIFIER_FIX,
            first,
        )


def _given_out(values: Sequence[str]) -> bool:
    """Whether short whole numbers are given out, not counted: many, all of one length."""
    return len(values) >= GIVEN_OUT and len({len(v) for v in values}) == 1 and len(values[0]) == SHORT - 1


_FOLLOWS = re.compile(
    r"^(?:n|no|num|numero|id|ident|identifiant|code|ref|reference|dossier|contrat|police|cle|pseudo(?:nyme)?"
    r"|(?:n|numero) (?:de )?(?:dossier|contrat))$"
)
"""What numbers the rows of a table of people whom nothing names: there it is the number of somebody."""

EACH = 0.8
"""Different names by row from which each row is of one of them: a code of its own beside is theirs."""
WIDE = 200
"""Columns of a table beyond which a code has to be called one: each column is a question to the engine."""
SHORT = 4
"""Digits of a number that somebody bears, where nobody is named: fewer count, as how many hold a licence."""
GIVEN_OUT = 8
"""Different numbers of one length from which they are given out, not counted."""
LONG = 8
"""Digits of a number that each of some people has for his own, whatever it is called."""
HELP = 2.5
"""Log-odds of a header from which it speaks of what somebody is helped with."""


def _says_help(name: str) -> bool:
    """Whether a column tells what somebody is helped or looked after for, and not by whom."""
    return private(name) >= HELP and not says_role(name)


_ANIMAL = re.compile(r"\banima(?:l|ux)\b|\bespeces?\b|\bchiens?\b|\bchats?\b|\brace\b")
_WHOSE = re.compile(r"\b(?:proprietaire|detenteur|maitre|adoptant|permis)")
"""Chips and tattoos are those of an animal, unless the header says whose it is."""

_BORNE = re.compile(r"\bmatricule|\bbadge|\bcaf\b|\balloc|\bpatient|\blecteur|\bine\b|\bnur\b|\bcarte")
"""Numbers that a person bears, not a body."""
