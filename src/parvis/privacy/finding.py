"""What is personal or secret in a table of typed cells: forms in every cell, lists and words on a sample; nothing readable in the answer.

Forms come first (`forms`), for they need nobody's opinion; then names, which say whether the table is about people; then what depends on it: addresses, births,
special categories, homes. Each piece of evidence is weighed (`weighing`), and what is allowed out says on what ground.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import duckdb
from sqlglot import exp

from parvis.core.registry import declared
from parvis.core.text import fold, french_number
from parvis.core.types import Column, ColumnProfile, Finding, Row, Schema, Sensitivity, Severity
from parvis.privacy import detectors as declarations
from parvis.privacy import forms, vocabulary
from parvis.privacy.addresses import says_address, says_home, shaped
from parvis.privacy.cells import aliased, call, cell_of, filled, matches, number_filled, rows_of, those
from parvis.privacy.chance import tail
from parvis.privacy.declaration import Detector, stars
from parvis.privacy.forms import Seen
from parvis.privacy.headers import (
    about_bodies,
    about_elected,
    about_vehicles,
    birth_part,
    names_body,
    says_birth,
    says_count,
    says_directory,
    says_event,
    says_number,
    says_persons,
    says_place,
    says_point,
    spoken,
)
from parvis.privacy.people import Kind, Named, Shares, name_columns, shares
from parvis.privacy.sighting import Sighting
from parvis.privacy.text import Span, people, spans
from parvis.privacy.vocabulary import Vocabulary, known_vocabularies
from parvis.privacy.weighing import against_luck, confidence

SAMPLE = 20_000
"""Rows looked at for names, words and sentences; a table of as many is looked at whole."""

SENTENCES = 600
"""Distinct values of a column of a larger table that are read as sentences: the longest reading there is, some 25 µs each."""

WORDS = 200
"""Distinct values of a column of a larger table in which addresses and words are sought."""

LONGEST = 400
"""Characters of a cell that are read as a sentence."""

SURE = 0.5
"""Confidence from which a kind is told."""

NAMED_ELSE = frozenset({"siret", "siren", "commune_insee", "code_postal", "email", "phone", "url"})
"""Meanings whose texts are no names."""

_ORDER = tuple(Sensitivity)
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

    @property
    def ground(self) -> str:
        """On what ground the names of these people may go out, "" where there is none."""
        return "mandat électif : les noms et mandats des élus sont publics" if self.elected else DIRECTORY if self.directory else ""


DIRECTORY = "annuaire, organigramme ou liste de promotion : publiables tels quels (CRPA, D312-1-3)"
SERVICE = "coordonnées d’un service ou d’un organisme, non d’une personne"
NO_PERSON = "aucune personne dans la table : une adresse ou un lieu seul ne désigne personne"


@cache
def known_detectors() -> Mapping[str, Detector]:
    """All declared detectors by name."""
    return declared(declarations, Detector)


def find(
    con: duckdb.DuckDBPyConnection, files: Path | Sequence[Path], schema: Schema, rows: int, *, profile: Sequence[ColumnProfile] = (),
    known: Mapping[str, Detector] | None = None, called: str = "",
) -> tuple[tuple[Finding, ...], dict[str, Sensitivity]]:  # fmt: skip
    """Look for personal and secret data in the Parquet files of a version; see `sightings`.

    Returns findings, worst first, with masked evidence, and the sensitivity of the columns that have any.
    """
    seen = sightings(con, files, schema, rows, profile=profile, known=known, called=called)
    return tuple(s.finding for s in seen), levels(seen)


def levels(seen: Sequence[Sighting]) -> dict[str, Sensitivity]:
    """The sensitivity of each column that has any."""
    worst: dict[str, Sensitivity] = {}
    for s in seen:
        if s.column and s.personal is not Sensitivity.NONE:
            worst[s.column] = max(worst.get(s.column, Sensitivity.NONE), s.personal, key=_ORDER.index)
    return worst


def sightings(
    con: duckdb.DuckDBPyConnection, files: Path | Sequence[Path], schema: Schema, rows: int, *, profile: Sequence[ColumnProfile] = (),
    known: Mapping[str, Detector] | None = None, called: str = "", thorough: bool = False,
) -> tuple[Sighting, ...]:  # fmt: skip
    """What is seen in the Parquet files of a version, worst first.

    files: in record order; schema: of the typed columns (their `_raw_` twins are read too); rows: records in all. profile: of the columns, where there is
    one: those whose values come again are looked at value by value. known: detectors, all declared by default. called: name of the file or of the sheet.
    thorough: read every sampled value of a larger table, not the first ones only.
    """
    paths = [files] if isinstance(files, Path) else list(files)
    if not rows:
        return ()
    every = tuple((known_detectors() if known is None else known).values())
    again = frozenset(p.name for p in profile if p.distinct * forms.AGAIN <= rows)
    look = _Look(con, paths, schema, _samples(con, paths, schema, rows), thorough or rows <= SAMPLE, rows <= SAMPLE, rows > forms.MANY, again, _years(profile))
    names = name_columns({n: shares(v, min(rows, SAMPLE)) for n, v in look.samples.items() if _nameable(schema, n)}, bodies=about_bodies(schema))
    about = _about(schema, called, names, {n: len(v) for n, v in look.samples.items()}, min(rows, SAMPLE))
    prose = {n: "" if look.whole else TELLING for n, v in look.samples.items() if n not in names and any(t.count(" ") >= 2 for t in v[:SENTENCES])}
    found, signed = _forms(look, every, prose, about)
    if not about.persons and any(
        s.kind in _OF_PEOPLE and s.share > 0.3 and (s.kind == "nir" or not about.bodies) for s in found if s.personal is not Sensitivity.NONE
    ):
        about = replace(about, persons=True)  # only people have one
    found += _people(look, names, about)
    found += _births(look, names, about)
    found += _addresses(look, names, about)
    found += _vocabularies(look, names, about)
    found += _homes(look, about)
    found += _traders(look, names)
    told = {s.column for s in found if s.kind in ("person-name", "postal-address")}
    found += _sentences(look, prose.keys() - told, signed)
    found += _headers(schema)
    rank: Mapping[Severity, int] = {"error": 0, "warning": 1, "info": 2}
    return tuple(sorted((s for s in found if s.count), key=lambda s: (rank[s.severity], s.kind, s.column)))


@dataclass(frozen=True, slots=True)
class _Look:
    """A table that is being looked at. samples: distinct values of its text columns, on rows spread evenly over it."""

    con: duckdb.DuckDBPyConnection
    paths: Sequence[Path]
    schema: Schema
    samples: Mapping[str, Sequence[str]]
    thorough: bool
    whole: bool
    """Whether the samples are the whole table."""
    many: bool
    """Whether columns whose values come again are looked at value by value."""
    again: frozenset[str]
    """Columns whose values are known to come again."""
    years: Mapping[str, tuple[int, int]]
    """First and last year (UTC) of the columns of dates of which they are known."""

    def values(self, column: str, most: int) -> Sequence[str]:
        """Distinct values of a text column: all that were sampled, or at most so many."""
        known = self.samples.get(column, ())
        return known if self.thorough else known[:most]

    def filled(self, column: str) -> tuple[int, tuple[Row, ...]]:
        return filled(self.con, self.paths, column, stars)


def _nameable(schema: Schema, name: str) -> bool:
    column = schema.column(name)
    return column is not None and column.meaning not in NAMED_ELSE


def _samples(con: duckdb.DuckDBPyConnection, paths: Sequence[Path], schema: Schema, rows: int) -> dict[str, list[str]]:
    """Distinct values by text column, on rows spread evenly over the table: the same ones each time."""
    texts = [c.name for c in schema.columns if c.type == "text"]
    if not texts:
        return {}
    query = exp.select(*(cell_of(n) for n in texts)).from_(rows_of(paths))
    if rows > SAMPLE:
        spread = exp.Mod(this=call("hash", exp.column("file_row_number")), expression=exp.Literal.number(max(1, rows // SAMPLE)))
        query = query.where(exp.EQ(this=spread, expression=exp.Literal.number(0)))
    cells = con.execute(query.limit(4 * SAMPLE).sql("duckdb")).to_arrow_table()
    return {n: [v for v in cells.column(n).unique().to_pylist() if isinstance(v, str)] for n in texts}


def _about(schema: Schema, called: str, names: Mapping[str, Named], distinct: Mapping[str, int], rows: int) -> About:
    """distinct: values of each text column among so many sampled rows."""
    elected = about_elected(schema)
    bodies = about_bodies(schema)
    alone = {n.kind for n in names.values()} == {"first"}
    named = bool(names) and not (alone and any(says_count(c.name) for c in schema.columns))  # first names that are counted are nobody's
    if bodies and named:  # people and their school or their service, or bodies and who speaks for them: the ones come again, the others do not
        theirs = [c.name for c in schema.columns if c.meaning in ("siret", "siren") or names_body(c.name)]
        bodies = any(n not in distinct or distinct[n] >= 0.5 * rows for n in theirs if n not in names)
    said = sum(says_persons(c.name, number=c.type in ("integer", "number", "boolean")) for c in schema.columns)
    placed = bool(schema.geometry) or any(_point(c) or says_address(c.name) for c in schema.columns)
    directory = says_directory(called) or any(says_directory(c.name) for c in schema.columns)
    fleet = about_vehicles(schema) and not named
    return About(named or (said > 0 and not bodies), named, bodies, elected, directory, fleet, placed)


def _point(column: Column) -> bool:
    return column.meaning in _PLACED or column.type in ("point", "shape") or (column.type == "number" and says_point(column.name))


# --- forms ---------------------------------------------------------------------------------------------------------------------------------------------------


def _forms(look: _Look, every: Sequence[Detector], signs: Mapping[str, str], about: About) -> tuple[list[Sighting], frozenset[str]]:
    """What has a form, and the columns of which some cell bears its sign."""
    places = forms.places(look.schema, every, look.again if look.many else (), signs)
    bodies = about.bodies and not about.named
    found: list[Sighting] = []
    signed: set[str] = set()
    for place, (cells, marked, told) in zip(places, forms.marked(look.con, look.paths, places), strict=True):
        signed |= {place.physical} if told else set()
        seen = forms.look(look.con, look.paths, place, cells) if marked else []
        judged = (_judge(detector, place.column, each, bodies or names_body(place.column.name)) for detector, each in seen)
        kept = [s for s in judged if s is not None]
        kept = [s.allowed(SERVICE) if s.kind == "plate" and about.fleet else s for s in kept]
        counts = {s.kind: s.count for s in kept}
        found += [s for s in kept if s.count > counts.get(_WITHIN.get(s.kind, ""), 0)]
    return found, frozenset(signed)


_OF_PEOPLE = frozenset({"nir", "nir-without-key", "tax-number", "email", "phone"})
"""Kinds that make a table one about people when a good part of its rows has them."""

_WITHIN = {"payment-card": "iban", "nir-without-key": "nir"}
"""Kinds whose digits may lie within those of another: the digits of an account now and then make a card's."""


def _judge(detector: Detector, column: Column, seen: Seen, bodies: bool) -> Sighting | None:
    """Whether what was seen is there on purpose of nobody's luck, and how grave it is."""
    prior = bool(detector.headers) and re.search(detector.headers, spoken(column.name)) is not None
    hits = seen.hits
    if prior and seen.named > hits and seen.named >= 0.5 * seen.cells:
        hits, sure = seen.named, confidence("shy", {"header": 1, "whole": 1})
    elif not hits:
        return None
    else:
        sure = _sure(detector, seen, prior)
    if sure < SURE:
        return None
    spared = min(seen.harmless, hits) if bodies or detector.harmless_alone else 0
    personal = hits - spared
    free = seen.whole < 0.5 * hits and hits == seen.hits
    severity, level, ground = detector.severity, detector.sensitivity, ""
    if not personal:
        severity, level, ground = "info", Sensitivity.NONE, SERVICE
    elif detector.harmless and bodies and not free and detector.sensitivity is not Sensitivity.SECRET:
        severity, level = "warning", Sensitivity.INDIRECT
    count = personal or hits
    purpose = {
        "info": " Elles désignent des services : elles peuvent sortir.",
        "warning": " La table décrit des organismes : vérifiez qu’ils sont publiés exprès.",
    }
    told = purpose.get(severity, "") if detector.harmless else ""
    rows = tuple(Row("", 0, record, detector.mask(candidate)) for record, candidate in seen.first)
    message = _message(detector.title, column.name, count, seen.cells, told, free=free)
    return Sighting(detector.name, column.name, detector.sensitivity, level, severity, count, seen.cells, sure, message, detector.article, rows, ground)


def _sure(detector: Detector, seen: Seen, prior: bool) -> float:
    """How sure the hits are more than luck."""
    luck = against_luck(tail(seen.tries, seen.hits, detector.chance)) if detector.chance else 1.0
    whole = seen.whole / seen.cells if seen.cells else 0.0
    if not detector.alone:
        uniform = seen.hits >= 20 and seen.hits >= 0.8 * seen.cells
        return confidence("shy", {"header": prior, "uniform": uniform, "luck": luck if uniform or prior else 0, "whole": whole})
    most = seen.tries <= 20 and seen.hits >= detector.few and seen.hits >= 0.5 * seen.tries
    return confidence("form", {"header": prior, "luck": luck, "most": most, "whole": whole})


def _message(title: str, column: str, count: int, cells: int, told: str = "", *, free: bool = False) -> str:
    share = f"{french_number(100 * min(1.0, count / cells), 1)} % des cellules remplies" if cells else ""
    where = "dans le texte libre de" if free else "dans"
    return f"{title.capitalize()} {where} la colonne « {column} » : {french_number(count)} ({share}).{told}"


# --- lists ---------------------------------------------------------------------------------------------------------------------------------------------------


_KINDS: Mapping[Kind, str] = {"first": "Prénoms", "surname": "Noms de famille", "full": "Noms de personnes"}
_NAME_FIX = (
    "Un nom ne se publie qu’avec l’accord de la personne ou si un texte le prévoit (élus, organigrammes, listes de promotion : CRPA, article D312-1-3) ; "
    "sinon supprimez la colonne."
)


def _people(look: _Look, names: Mapping[str, Named], about: About) -> Iterator[Sighting]:
    """Columns of names. Alone, first names point at nobody; those of elected people are public."""
    alone = {n.kind for n in names.values()} == {"first"}
    for name, named in names.items():
        count, rows = look.filled(name)
        level = Sensitivity.INDIRECT if alone else Sensitivity.DIRECT
        severity: Severity = "warning" if alone or about.ground else "error"
        told = ""
        if alone:
            told = " Sans nom de famille à côté, ils ne désignent personne."
        elif about.elected:
            told = " Les noms et mandats des élus sont publics."
        elif about.directory:
            told = " La loi laisse publier annuaires, organigrammes et listes de promotion."
        message = f"{_KINDS[named.kind]} dans la colonne « {name} » : {french_number(count)} cellules remplies.{told}"
        personal = Sensitivity.NONE if about.ground and not alone else level
        ground = "prénoms seuls : sans nom de famille, ils ne désignent personne" if alone else about.ground
        yield Sighting("person-name", name, Sensitivity.DIRECT, personal, severity, count, count, named.confidence, message, _NAME_FIX, rows, ground)


_BIRTH_FIX = "Gardez l’année ou une tranche d’âge : avec le sexe et la commune, une date de naissance suffit à désigner quelqu’un."


def _births(look: _Look, names: Mapping[str, Named], about: About) -> Iterator[Sighting]:
    """Columns that their header calls a birth, a birth in three columns; beside people, dates that span their ages."""
    parts = _in_parts(look) if about.named else frozenset[str]()
    for column in look.schema.columns:
        said = (says_birth(column.name) and not says_count(column.name)) or column.name in parts
        if column.name in names:  # « nom de naissance »
            continue
        dated = column.type in ("date", "datetime")
        if not (said and (dated or column.type in ("text", "year", "integer"))) and not (dated and about.persons and not says_event(column.name)):
            continue
        evidence: dict[str, float] = {"header": said, "people": about.persons}
        if not said:
            evidence |= _ages(look, column.name)
        sure = confidence("birth", evidence)
        if sure < SURE:
            continue
        count, rows = look.filled(column.name)
        level = Sensitivity.DIRECT if about.named else Sensitivity.INDIRECT
        message = f"Dates ou lieux de naissance dans la colonne « {column.name} » : {french_number(count)} cellules remplies."
        severity: Severity = "error" if about.named else "warning"
        seen = Sighting("birth-date", column.name, Sensitivity.INDIRECT, level, severity, count, count, sure, message, _BIRTH_FIX, rows)
        yield seen.allowed(about.ground, severity="warning") if about.elected else seen


def _in_parts(look: _Look) -> frozenset[str]:
    """The columns of a date that was cut into day, month and year, when its years could be those of births."""
    found = {birth_part(c.name): c.name for c in look.schema.columns if c.type in ("integer", "year", "text", "number") and birth_part(c.name)}
    if len(found) < 3:
        return frozenset()
    whole = any(says_birth(name) for name in found.values())
    year = exp.TryCast(this=cell_of(found["year"]), to=exp.DataType.build("BIGINT"))
    ends = (call("quantile_cont", year.copy(), exp.Literal.number(q)) for q in ("0.05", "0.95"))
    early, late = look.con.execute(exp.select(*ends).from_(rows_of(look.paths)).sql("duckdb")).fetchone() or (None, None)
    born = early is not None and 1900 <= early <= 2030 and (whole or late - early >= SPREAD)
    return frozenset(found.values()) if born else frozenset()


SPREAD = 5
"""Years that dates in three columns must span to be births where nothing but the people beside them says so."""


EARLIEST, LATEST = 1905, 1995
"""Years between which the oldest people of a table are born."""
GENERATION = 25
"""Years that births span."""


def _years(profile: Sequence[ColumnProfile]) -> dict[str, tuple[int, int]]:
    """First and last year of the columns of dates, where their profile says it in clear."""
    ends = ((p.name, p.min or "", p.max or "") for p in profile if p.type in ("date", "datetime"))
    return {name: (int(low[:4]), int(high[:4])) for name, low, high in ends if _DAY.fullmatch(low) and _DAY.fullmatch(high)}


_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}(T.*)?")


def _ages(look: _Look, name: str) -> dict[str, float]:
    """Whether the dates of a column could be births: a generation apart, and as old as people are."""
    first, last = look.years.get(name, (0, 9999))
    if (first > LATEST or last < EARLIEST) and last - first < GENERATION:
        return {"ages": False, "spread": False}
    column = look.schema.column(name)
    moment = cell_of(name)
    if column is not None and column.type == "datetime":
        moment = call("make_timestamp", call("epoch_us", moment))  # in UTC; the year of an instant goes through a calendar, ten times slower
    year = call("year", moment)
    tenths = exp.Array(expressions=[exp.Literal.number(q) for q in ("0.05", "0.95")])
    row = look.con.execute(exp.select(call("quantile_cont", year, tenths)).from_(rows_of(look.paths)).sql("duckdb")).fetchone()
    if not row or not row[0]:
        return {}
    early, late = row[0]
    return {"ages": EARLIEST <= early <= LATEST, "spread": late - early >= GENERATION}


_ADDRESS_FIX = "Une adresse précise désigne un foyer : gardez la commune, le quartier ou l’IRIS."


def _addresses(look: _Look, names: Mapping[str, Named], about: About) -> Iterator[Sighting]:
    """Columns of addresses: somebody's in a table about people, a place's elsewhere."""
    for name in look.samples:
        values = look.values(name, WORDS)
        if name in names or not values:
            continue
        shape = shaped(values)
        said = says_address(name)
        apart = about.named and shape.street >= 0.5 and any(says_number(c.name) for c in look.schema.columns)  # the number has a column of its own
        if shape.numbered < 0.05 and not (said and shape.street >= 0.5) and not apart:
            continue
        numbered = shape.numbered + (shape.street if apart else 0.6 * shape.street if said and shape.numbered >= 0.02 else 0)
        sure = confidence("address", {"header": said, "shaped": numbered, "people": about.persons})
        if sure < SURE:
            continue
        count, rows = look.filled(name)
        theirs = says_home(name) or (about.persons and not about.bodies)
        message = _message("adresses postales", name, count, count, "" if theirs and not about.ground else _NOBODY)
        seen = Sighting("postal-address", name, Sensitivity.DIRECT, Sensitivity.DIRECT, "error", count, count, sure, message, _ADDRESS_FIX, rows)
        yield seen if theirs and not about.ground else seen.allowed(about.ground or NO_PERSON)


_NOBODY = " Rien ne dit que ce soit chez quelqu’un."


# --- words ---------------------------------------------------------------------------------------------------------------------------------------------------


def _vocabularies(look: _Look, names: Mapping[str, Named], about: About) -> Iterator[Sighting]:
    wanted = [v for v in known_vocabularies().values() if _concerns(v, about)]
    for column in look.schema.columns:
        if column.name in names or not wanted:
            continue
        header = spoken(column.name)
        counted = says_count(column.name) or (column.type in ("integer", "number") and header.startswith("nb"))
        values = {v: fold(v) for v in look.values(column.name, WORDS)}
        for each in wanted:
            said = vocabulary.says(each, header)
            words = vocabulary.worded(each, values) if values else []
            share = min(1.0, len(words) / len(values)) if values else 0.0
            sure = confidence("vocabulary", {"header": said, "worded": share, "counted": counted})
            if sure >= SURE:
                yield _worded(look, column.name, each, words, sure, said=said, named=about.named)


def _concerns(each: Vocabulary, about: About) -> bool:
    """Whether a table is about what a vocabulary speaks of. Elected people's opinions are public."""
    if each.of == "people":
        return about.persons and not about.elected
    if each.of == "sites":
        return about.placed
    return each.of == "anything" or about.bodies


def _worded(look: _Look, name: str, each: Vocabulary, words: Sequence[str], sure: float, *, said: bool, named: bool) -> Sighting:
    cells = number_filled(look.con, look.paths, name)
    count, rows = look.filled(name) if said else those(look.con, look.paths, name, words, stars)
    message = _message(each.title, name, count, cells)
    level = Sensitivity.DIRECT if named and each.sensitivity is Sensitivity.INDIRECT else each.sensitivity  # beside a name, it is that person's
    return Sighting(each.name, name, each.sensitivity, level, each.severity, count, cells, sure, message, each.article, rows)


# --- places --------------------------------------------------------------------------------------------------------------------------------------------------


_HOME_FIX = "Un point exact à côté d’une personne montre où elle vit : agrégez par quartier ou par maille, ou déplacez les points."


def _homes(look: _Look, about: About) -> Iterator[Sighting]:
    """Coordinates beside people: where they live."""
    if not about.persons or about.bodies or about.ground:
        return
    sure = confidence("home", {"people": 1})
    placed = [c.name for c in look.schema.columns if _point(c)]
    for name in placed:
        cells = number_filled(look.con, look.paths, name)
        rows = tuple(Row("", 0, r, "•") for r in range(1, min(cells, 3) + 1))
        level, severity = (Sensitivity.DIRECT, "error") if about.named else (Sensitivity.INDIRECT, "warning")
        message = _message("points qui situent des personnes", name, cells, cells)
        yield Sighting("home-point", name, Sensitivity.DIRECT, level, severity, cells, cells, sure, message, _HOME_FIX, rows)


_TRADER_FORMS = re.compile(r"\bforme jur|\bcategorie jur|\bnature jur|\bstatut jur|\btype (?:d )?(?:entreprise|structure)|\blegal form")
_TRADER = re.compile(
    r"\bentrepreneur individuel|\bentreprise individuelle|^ei\b|\bmicro[- ]?entre|\bauto[- ]?entre|^1000$|\bartisan\b|\bprofession liberale"
    r"|\bcommercant\b|\bexploitant agricole"
)
_TRADER_FIX = (
    "Le SIRET d’un entrepreneur individuel désigne une personne : l’annuaire SIRENE le publie sauf opposition (code de commerce, A123-96) ; "
    "vérifiez qu’il y est diffusé, ou supprimez ces lignes."
)


def _traders(look: _Look, names: Mapping[str, Named]) -> Iterator[Sighting]:
    """SIRET of people who trade in their own name: told by the legal form, or by a column of bodies that holds names of people."""
    numbers = [c.name for c in look.schema.columns if c.meaning in ("siret", "siren")]
    if not numbers:
        return
    cells = number_filled(look.con, look.paths, numbers[0])
    for column, values in look.samples.items():
        if _TRADER_FORMS.search(spoken(column)):
            theirs = [v for v in values if _TRADER.search(fold(v))]
            count, rows = those(look.con, look.paths, column, theirs, stars) if theirs else (0, ())
        elif column in names and names[column].kind == "full" and names_body(column):
            count, rows = look.filled(column)
        else:
            continue
        if count:
            message = _message("numéros d’entrepreneurs individuels", numbers[0], count, cells)
            rows = tuple(replace(r, value="•") for r in rows)
            sure = confidence("vocabulary", {"header": 1, "worded": 0.3})
            seen = Sighting("sole-trader", numbers[0], Sensitivity.INDIRECT, Sensitivity.INDIRECT, "warning", count, cells, sure, message, _TRADER_FIX, rows)
            yield replace(seen, ground="annuaire SIRENE, sauf opposition de la personne")
            return


# --- headers -------------------------------------------------------------------------------------------------------------------------------------------------

_HEADER_FIX = "Une colonne porte le nom de quelqu’un : remplacez-le par un code, ou mettez une ligne par personne et retirez leurs noms."


def _headers(schema: Schema) -> Iterator[Sighting]:
    """Columns called after people: a timesheet with one column for each."""
    named = [c.name for c in schema.columns if any(s.kind == "person-in-text" for s in spans(c.name)) and not says_place(c.name)]
    if named:
        rows = tuple(Row("", 0, 0, stars(n)) for n in named[:3])
        message = f"En-têtes de colonnes qui nomment quelqu’un : {french_number(len(named))}."
        yield Sighting("header-name", "", Sensitivity.DIRECT, Sensitivity.DIRECT, "error", len(named), len(schema.columns), 0.9, message, _HEADER_FIX, rows)


# --- sentences -----------------------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Said:
    """How a kind of span is told. chance: share of sentences about nobody in which the lists see somebody."""

    title: str
    sensitivity: Sensitivity
    chance: float
    fix: str


_SAID: Mapping[str, _Said] = {
    "person-in-text": _Said(
        "personnes nommées", Sensitivity.DIRECT, 0.02, "Un nom dans une phrase désigne quelqu’un : masquez-le, ou remplacez la colonne par une catégorie."
    ),
    "birth-in-text": _Said("naissances", Sensitivity.DIRECT, 0.001, "Une date de naissance dans une phrase désigne quelqu’un : masquez-la."),
    "address-in-text": _Said("adresses de personnes", Sensitivity.DIRECT, 0.01, "Une adresse dans une phrase dit où quelqu’un vit : masquez-la."),
    "plate-in-text": _Said("plaques d’immatriculation", Sensitivity.INDIRECT, 0.001, "Une plaque désigne le titulaire du véhicule : masquez-la."),
}


def _sentences(look: _Look, columns: AbstractSet[str], signed: AbstractSet[str]) -> Iterator[Sighting]:
    """People inside sentences. columns: where there are any; signed: where some cell of the whole table bears a sign of somebody."""
    for name in columns:
        if not _nameable(look.schema, name):
            continue
        least = 3 if says_place(name) else 2
        texts = [v for v in look.values(name, SENTENCES) if v.count(" ") >= least]
        if name in signed:
            texts = list(dict.fromkeys((*texts, *_telling(look, name))))
        by_kind: dict[str, dict[str, Span]] = {}
        for text, modelled in zip(texts, people([t[:LONGEST] for t in texts]), strict=True):
            for span in (*modelled, *spans(text[:LONGEST])):
                known = by_kind.setdefault(span.kind, {})
                if text not in known or (span.sure and not known[text].sure):
                    known[text] = span
        if says_place(name) or names_body(name):  # they bear people's names: a list alone tells nobody there
            by_kind["person-in-text"] = {t: s for t, s in by_kind.get("person-in-text", {}).items() if s.sure}
        for kind, hits in by_kind.items():
            seen = _sentence(look, name, kind, hits, len(texts))
            if seen is not None:
                yield seen


TELLING = (
    "(?:^|[^\\p{L}])(?:M[.] ?[\\p{Lu}]|(?:Mme|MME|Mlle|Mr|MR|Monsieur|MONSIEUR|Madame|MADAME|mme|monsieur|madame) +[\\p{L}]|[Nn](?:é|ée|É) "
    "le|[Hh]abit|[Dd]omicili"
    "|[Ii]mmatricul|[Ss]oussign|m['’]appelle|[Dd]octeur )"
)
"""RE2: what a sentence about somebody often bears. Sought in every cell of a large table, for one such sentence in a million is a leak."""

FEW = 3_000
"""Sentences of a large table that are read for what they bear, beside the sampled ones."""


def _telling(look: _Look, name: str) -> list[str]:
    """Distinct values of a column that bear such a sign."""
    cell = aliased(cell_of(name), "v")
    source = exp.select(cell).from_(rows_of(look.paths))
    long = exp.GTE(this=call("strlen", exp.column("v")), expression=exp.Literal.number(8))
    sign = exp.Case(ifs=[exp.If(this=long, true=matches(exp.column("v"), TELLING))], default=exp.false())
    if name in look.again:  # grouped first: a city's columns repeat themselves
        values = exp.select("v").from_("u").with_("u", as_=source.distinct(), materialized=True).where(sign).limit(FEW)
    else:
        values = exp.select("v").distinct().from_(source.subquery("c")).where(sign).limit(FEW)
    return [str(v) for (v,) in look.con.execute(values.sql("duckdb")).fetchall()]


def _sentence(look: _Look, name: str, kind: str, hits: Mapping[str, Span], texts: int) -> Sighting | None:
    said = _SAID[kind]
    titled = any(s.sure for s in hits.values())
    luck = against_luck(tail(texts, len(hits), said.chance))
    sure = confidence("text", {"titled": titled, "listed": not titled, "luck": luck})
    if sure < SURE:
        return None
    count, rows = those(look.con, look.paths, name, tuple(hits), lambda text: _hidden(text, hits.get(text)))
    cells = number_filled(look.con, look.paths, name)
    message = _message(said.title, name, count, cells, free=True)
    return Sighting(kind, name, said.sensitivity, said.sensitivity, "error", count, cells, sure, message, said.fix, rows)


def _hidden(text: str, span: Span | None) -> str:
    """The masked piece of a sentence, nothing of what stands around it."""
    return stars(text[span.start : span.end]) if span is not None else "•"


__all__ = ["About", "Shares", "find", "known_detectors", "levels", "sightings"]
