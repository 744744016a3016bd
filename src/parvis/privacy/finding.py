"""What is personal or secret in a table of typed cells: forms in every cell, lists and words on a sample; nothing readable in the answer.

Forms come first (`forms`), for they need nobody's opinion; then names, which say whether the table is about people; then what depends on it: addresses, births,
special categories, homes. Each piece of evidence is weighed (`weighing`), and what is allowed out says on what ground.
"""

from __future__ import annotations

import re
import tempfile
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
from parvis.privacy.eponyms import EPONYMS
from parvis.privacy.forms import Seen
from parvis.privacy.headers import (
    about_bodies,
    about_elected,
    about_outsiders,
    about_vehicles,
    birth_part,
    creators,
    names_body,
    says_birth,
    says_count,
    says_directory,
    says_elected,
    says_event,
    says_nothing,
    says_number,
    says_persons,
    says_place,
    says_point,
    spoken,
)
from parvis.privacy.identifiers import hardware, identifying, logins, numbered, says_account, says_number_of
from parvis.privacy.inner import inner_tables
from parvis.privacy.names import FIRST, SURNAMES
from parvis.privacy.people import Kind, Named, Shares, name_columns, says_whose, shares
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

NAMED_ELSE = frozenset({"siret", "siren", "commune_insee", "code_postal"})
"""Meanings whose texts are no names. A column that its header calls a telephone may hold names all the same."""

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
    located = bool(schema.geometry) or any(_point(c) for c in schema.columns)
    seen = {n: shares(v, min(rows, SAMPLE)) for n, v in look.samples.items() if _nameable(schema, n)}
    names = name_columns(seen, bodies=about_bodies(schema), placed=located)
    bodied = frozenset(n for n, s in seen.items() if n not in names and s.distinct >= FEW_BODIES and s.body + s.place >= 0.6)
    about = _about(schema, called, names, look.samples, min(rows, SAMPLE), bodied)
    prose = {n: "" if look.whole else TELLING for n, v in look.samples.items() if n not in names and any(t.count(" ") >= 2 for t in v[:SENTENCES])}
    found, signed = _forms(look, every, prose, about)
    found = [s for s in found if s.kind != "phone" or not _codes(look, s, about)]
    found = [_of_services(look, s, about) for s in found]
    if not about.persons and any(_of_people(look, s, about) for s in found):
        about = replace(about, persons=True)  # only people have one
    found = [s.allowed(SERVICE) if s.kind == "phone" and about.placed and not about.persons and _landlines(look, s) else s for s in found]
    reached = any(s.personal in (Sensitivity.DIRECT, Sensitivity.SPECIAL, Sensitivity.SECRET) and s.kind in _REACH for s in found)
    found += _people(look, names, about, reached=reached)
    found += (theirs := list(_identifiers(look, names, about, found, rows)))
    if theirs:
        about = replace(about, persons=True)  # each row is of somebody who bears one
    found += _births(look, names, about)
    found += (worded := list(_vocabularies(look, names, about)))
    if any(s.category is Sensitivity.SPECIAL and s.personal is not Sensitivity.NONE for s in worded):
        about = replace(about, persons=True)
    found += _addresses(look, names, about)
    found += _homes(look, about)
    found += _traders(look, names)
    told = {s.column for s in found if s.kind in ("person-name", "postal-address")}
    found += _sentences(look, prose.keys() - told, signed)
    found += _headers(schema)
    found += _inner(con, paths, schema, found, called)
    rank: Mapping[Severity, int] = {"error": 0, "warning": 1, "info": 2}
    return tuple(sorted((s for s in found if s.count), key=lambda s: (rank[s.severity], s.kind, s.column)))


def _inner(con: duckdb.DuckDBPyConnection, paths: Sequence[Path], schema: Schema, found: Sequence[Sighting], called: str) -> Iterator[Sighting]:
    """What the texts say that lie in columns of another type, and inside lists and objects. Their forms were sought already, in every cell."""
    known = {(s.kind, s.column) for s in found if s.severity == "error"}
    for table in inner_tables(con, paths, schema, SAMPLE):
        with tempfile.TemporaryDirectory(dir=_scratch(con)) as folder:
            path = Path(folder) / "inner.parquet"
            table.write(path)
            seen = sightings(con, path, table.schema, table.rows, called=called)
        for one in seen:
            owner = table.owners.get(one.column) or (next(iter(table.owners.values())) if not one.column and not table.records else "")
            if owner and one.kind not in known_detectors() and (one.kind, owner) not in known:
                known |= {(one.kind, owner)} if one.severity == "error" else set()
                rows = tuple(replace(r, record=table.records[r.record - 1]) for r in one.rows) if table.records else ()
                yield replace(one, column=owner, rows=rows)


def _scratch(con: duckdb.DuckDBPyConnection) -> Path | None:
    """The folder where a connection may spill; None: that of the system."""
    said = con.execute("SELECT current_setting('temp_directory')").fetchone()
    folder = Path(str(said[0])).parent if said and said[0] else Path()
    return folder if folder.is_absolute() and folder.is_dir() else None


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


FEW_BODIES = 5
"""Different bodies or buildings from which a column makes the rows theirs."""


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


def _about(schema: Schema, called: str, names: Mapping[str, Named], samples: Mapping[str, Sequence[str]], rows: int, bodied: AbstractSet[str]) -> About:
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
    placed = bool(schema.geometry) or any(_point(c) or says_address(c.name) for c in schema.columns)
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


_BARE = re.compile("0[1-9][0-9]{8}")
_CODE = re.compile(
    r"\b(?:ref|reference|references|article|articles|art|code|codes|id|ident|identifiant|n|no|num|numero|cote|lot|serie"
    r"|gencod|sku|item|produit|marche|engagement|bon|commande|facture|dossier"
    r"|compteur|pce|pdl|prm|ts|timestamp|epoch|parcelle|inventaire|immo|imputation|compte|nomenclature|section|cle)\b"
)


def _of_people(look: _Look, seen: Sighting, about: About) -> bool:
    """Whether a form is there that only people have, in a good part of the rows. Buildings and bodies have a landline too."""
    if seen.kind not in _OF_PEOPLE or seen.share <= 0.3 or seen.personal is Sensitivity.NONE:
        return False
    return seen.kind == "nir" or not (about.bodies or (seen.kind == "phone" and about.placed and _landlines(look, seen)))


def _landlines(look: _Look, seen: Sighting) -> bool:
    """Whether nearly all the telephones of a column are landlines or short numbers."""
    values = ["".join(c for c in v if c.isdigit()).removeprefix("0033").removeprefix("33").lstrip("0") for v in look.samples.get(seen.column, ())]
    filled = [v for v in values if v]
    return bool(filled) and sum(v[0] in "67" for v in filled) < 0.05 * len(filled)


def _codes(look: _Look, seen: Sighting, about: About) -> bool:
    """Whether what look like telephones are codes.

    Ten bare digits that begin with a nought are a telephone or the code of an article: the header, or how telephones are given out, tells.

    In a town most people have a mobile (06, 07) and the others the prefix of their region; the second digit of codes is any, or all codes begin alike.
    """
    said = spoken(seen.column)
    if re.search(known_detectors()["phone"].headers, said):
        return False
    values = [v.strip() for v in look.samples.get(seen.column, ())]
    bare = [v for v in values if _BARE.fullmatch(v)]
    if len(bare) < 0.8 * max(1, len([v for v in values if sum(map(str.isdigit, v)) >= 9])):
        return False
    second = [sum(v[1] == d for v in bare) / len(bare) for d in "123456789"]
    given = second[5] + second[6] >= 0.4 or max(second) >= 0.6
    alike = len(bare) >= 8 and len({v[:4] for v in bare}) == 1
    named = about.named or says_nothing(seen.column)
    return not given or alike or (not named and _CODE.search(said) is not None)


def _of_services(look: _Look, seen: Sighting, about: About) -> Sighting:
    """Addresses of bodies whose local part names nobody go out, whatever role it names (no first name, no initial before a surname), and those of mandates."""
    if seen.kind == "email" and about.elected and look.whole:
        hosts = {v.rpartition("@")[2].strip().lower() for v in look.samples.get(seen.column, ()) if "@" in v}
        return seen.allowed(ELECTED) if len(hosts) == 1 else seen  # the town's own: that of the office
    if seen.kind != "email" or not about.bodies or seen.severity != "warning" or not look.whole:
        return seen
    locals_ = {fold(v.partition("@")[0].strip()) for v in look.samples.get(seen.column, ()) if v.count("@") == 1}
    if not locals_ or any(_of_somebody(part) for part in locals_):
        return seen
    return seen.allowed(SERVICE)


_BEARS = frozenset(
    {"saint", "sainte", "st", "ste", "notre", "ecole", "college", "lycee", "creche", "mairie", "eglise", "paroisse", "club", "amicale", "comite", "gymnase"}
)
"""What bears somebody's name in an address: « ecole.ste-therese@ », « college-ferry@ »."""


def _of_somebody(local: str) -> bool:
    """Whether the local part of an address may be somebody's name."""
    words = [w for w in re.split(r"[^a-z]+", local) if w]
    if not _BEARS.isdisjoint(words) or " ".join(w for w in words if len(w) > 1) in EPONYMS:
        return False
    whole = "".join(words)
    known = any((w in FIRST and len(w) > 2) or (w in SURNAMES and len(w) > 3) for w in words)
    return known or whole[1:] in SURNAMES or any(len(w) == 1 for w in words)


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


_ALLOWED: Mapping[str, str] = {
    ELECTED: " Les noms et mandats des élus sont publics.",
    DIRECTORY: " La loi laisse publier annuaires, organigrammes et listes de promotion.",
    WORK: " Le nom de qui a fait une œuvre en fait partie.",
    TRADER: " L’annuaire SIRENE publie qui exerce en son nom, sauf opposition.",
}


_REACH = frozenset({"email", "phone", "nir", "iban", "nir-without-key", "tax-number", "identity-document"})
"""Kinds beside which a first name points at somebody."""


def _people(look: _Look, names: Mapping[str, Named], about: About, *, reached: bool) -> Iterator[Sighting]:
    """Columns of names. Alone, first names point at nobody; those of elected people are public. reached: a telephone or the like stands beside them."""
    alone = {n.kind for n in names.values()} == {"first"} and not reached
    for name, named in names.items():
        count, rows = look.filled(name)
        level = Sensitivity.INDIRECT if alone else Sensitivity.DIRECT
        ground = about.grounds.get(name) or (DIRECTORY if about.directory else "")
        severity: Severity = "warning" if alone or ground else "error"
        told = " Sans nom de famille à côté, ils ne désignent personne." if alone else _ALLOWED.get(ground, "")
        message = f"{_KINDS[named.kind]} dans la colonne « {name} » : {french_number(count)} cellules remplies.{told}"
        personal = Sensitivity.NONE if ground and not alone else level
        ground = "prénoms seuls : sans nom de famille, ils ne désignent personne" if alone else ground
        yield Sighting("person-name", name, Sensitivity.DIRECT, personal, severity, count, count, named.confidence, message, _NAME_FIX, rows, ground)


_IDENTIFIER_FIX = (
    "Un numéro ou un compte qui suit quelqu’un le désigne, même sans son nom : supprimez la colonne, ou comptez par jour, par lieu ou par tranche."
)


def _identifiers(look: _Look, names: Mapping[str, Named], about: About, found: Sequence[Sighting], rows: int) -> Iterator[Sighting]:
    """Columns of numbers or accounts of people, where no form has told them."""
    known = {s.column for s in found if s.personal is not Sensitivity.NONE} | names.keys()
    logged = any(c.type == "datetime" for c in look.schema.columns)
    for column in look.schema.columns:
        if column.name in known or column.type not in ("text", "integer"):
            continue
        account, number = says_account(column.name), says_number_of(column.name)
        values = look.samples.get(column.name, ())
        if logged and hardware(values):
            count, first = look.filled(column.name)
            device = known_detectors()["mac"]
            message = _message(device.title, column.name, count, count)
            yield Sighting("mac", column.name, device.sensitivity, device.sensitivity, "error", count, count, 0.9, message, device.article, first)
            continue
        if column.type == "integer":
            values = _integers(look, column.name) if account or number else ()
        again = len(values) < 0.7 * rows  # one run of numbers that come again follows people, each from row to row
        made = logins(values) if column.type == "text" and (account or not says_place(column.name)) else 0.0
        if number and about.bodies and not about.named and not _BORNE.search(spoken(column.name)):
            continue
        said = (account or number) and identifying(values) and (not numbered(values) or again)
        sure = confidence("identifier", {"header": said, "made": made})
        if sure < SURE:
            continue
        count, first = look.filled(column.name)
        message = _message("numéros ou comptes de personnes", column.name, count, count)
        yield Sighting("person-number", column.name, Sensitivity.DIRECT, Sensitivity.DIRECT, "error", count, count, sure, message, _IDENTIFIER_FIX, first)


_BORNE = re.compile(r"\bmatricule|\bbadge|\bcaf\b|\balloc|\bpatient|\blecteur|\bine\b|\bnur\b|\bcarte")
"""Numbers that a person bears, not a body."""


def _integers(look: _Look, name: str) -> list[str]:
    """Some distinct values of a column of whole numbers, as texts: enough to tell identifiers from what numbers the rows."""
    present = exp.Not(this=exp.Is(this=cell_of(name), expression=exp.null()))
    asked = exp.select(exp.cast(cell_of(name), "VARCHAR")).distinct().from_(rows_of(look.paths)).where(present)
    return [str(v) for (v,) in look.con.execute(asked.limit(SAMPLE).sql("duckdb")).fetchall()]


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
        if said and column.type in ("integer", "year") and _long_ago(look, column.name):
            continue
        evidence: dict[str, float] = {"header": said, "people": about.persons}
        if not said:
            evidence |= _ages(look, column.name, children=about.named and _of_children(look))
        sure = confidence("birth", evidence)
        if sure < SURE:
            continue
        count, rows = look.filled(column.name)
        level = Sensitivity.DIRECT if about.named else Sensitivity.INDIRECT
        message = f"Dates ou lieux de naissance dans la colonne « {column.name} » : {french_number(count)} cellules remplies."
        severity: Severity = "error" if about.persons else "warning"
        seen = Sighting("birth-date", column.name, Sensitivity.INDIRECT, level, severity, count, count, sure, message, _BIRTH_FIX, rows)
        yield seen.allowed(about.ground, severity="warning") if about.elected else seen


def _long_ago(look: _Look, name: str) -> bool:
    """Whether the years of a column are those of people who are all dead: whom streets are called after, who lies in a register of old."""
    ends = call("quantile_cont", cell_of(name), exp.Literal.number("0.95"))
    row = look.con.execute(exp.select(ends).from_(rows_of(look.paths)).sql("duckdb")).fetchone()
    return bool(row) and row[0] is not None and 1000 <= row[0] < DEAD


DEAD = 1920
"""Year of birth before which nobody lives."""


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


_GRADES = re.compile(
    r"(?:toute )?(?:petite|moyenne|grande) section|[tpmg]s|cp|ce[12]|cm[12]|[3-6] ?(?:e|eme)|[1-3] ?(?:e|eme|ere|nde) (?:annee|maternelle)|2nde"
    r"|seconde|terminale|maternelle|elementaire|primaire"
)
"""What school children are in, folded."""


def _of_children(look: _Look) -> bool:
    """Whether some column tells what school children are in, or is called after them."""
    if any(re.search(r"\benfants?\b|\beleves?\b|\bclasses?\b|\bscolaire", spoken(c.name)) for c in look.schema.columns):
        return True
    return any(2 <= len(v) <= 30 and sum(_GRADES.fullmatch(fold(x)) is not None for x in v) >= 0.6 * len(v) for v in look.samples.values())


def _ages(look: _Look, name: str, *, children: bool) -> dict[str, float]:
    """Whether the dates of a column could be births: a generation apart, and as old as people are; of children, several years apart."""
    first, last = look.years.get(name, (0, 9999))
    if not children and (first > LATEST or last < EARLIEST) and last - first < GENERATION:
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
    if children and early >= LATEST and late - early >= SPREAD:
        return {"ages": True, "spread": True}
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
    told: set[str] = set()
    unsaid: list[tuple[str, Vocabulary]] = []
    for column in look.schema.columns:
        if column.name in names or not wanted:
            continue
        header = spoken(column.name)
        counted = says_count(column.name) or (column.type in ("integer", "number") and header.startswith("nb"))
        values = {v: fold(v) for v in look.values(column.name, WORDS)}
        labels = sum(v.count(" ") <= LABEL for v in values) >= 0.6 * len(values)  # in the sentences of a plan such words are its subjects
        for each in wanted:
            theirs = each.of != "people" or about.persons
            said = theirs and vocabulary.says(each, header)
            words = vocabulary.worded(each, values, at_home=not theirs) if values else []
            share = min(1.0, len(words) / len(values)) if values and (each.alone or len(words) > 1) else 0.0
            # one row in ten that tells an illness tells somebody's
            some = each.of == "people" and (about.named or labels) and (len(words) > 1 or (each.alone and share >= SOME))
            sure = confidence("vocabulary", {"header": said, "worded": max(share, 0.5) if some else share, "counted": counted})
            if sure >= SURE:
                told.add(each.name)
                yield _worded(look, column.name, each, words, sure, said=said, named=about.named)
            elif theirs and not counted and vocabulary.nearly(each, header):
                unsaid.append((column.name, each))
    for name, each in unsaid:
        if each.name in told:
            yield _worded(look, name, each, (), confidence("vocabulary", {"header": 1}), said=True, named=about.named)


SOME = 0.1
"""Share of the distinct values of a column that, beside people, speaks of each of them."""


def _concerns(each: Vocabulary, about: About) -> bool:
    """Whether a table is about what a vocabulary speaks of. Elected people's opinions are public; where a crime was, its victim may live."""
    if each.of == "people":
        return (about.persons and not about.elected) or (about.incidents and bool(each.at_home))
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
        level: Sensitivity = Sensitivity.DIRECT if about.named else Sensitivity.INDIRECT
        severity: Severity = "error" if about.persons else "warning"
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
            level = Sensitivity.INDIRECT
            yield Sighting("sole-trader", numbers[0], level, level, "warning", count, cells, sure, message, _TRADER_FIX, rows, TRADER)
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
        hits = by_kind.get("person-in-text", {})
        if says_place(name) or names_body(name):  # they bear people's names: a list alone tells nobody there
            by_kind["person-in-text"] = {t: s for t, s in hits.items() if s.sure}
        else:
            by_kind["person-in-text"] = {t: s for t, s in hits.items() if s.sure or fold(t[s.start : s.end]) not in EPONYMS}
        labels = sum(t.count(" ") <= LABEL for t in texts) >= 0.8 * len(texts)
        for kind, hits in by_kind.items():
            seen = _sentence(look, name, kind, hits, len(texts), labels=labels)
            if seen is not None:
                yield seen.allowed(ELECTED) if kind == "person-in-text" and says_elected(name) else seen


LABEL = 4
"""Spaces of a cell up to which it is the name of something, not a sentence: names of places are made of people's."""
NAMESAKE = 0.2
"""Share of the names of things in which the lists see somebody: « Vincent de Tyrosse », « Julien en Genevois »."""


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


def _sentence(look: _Look, name: str, kind: str, hits: Mapping[str, Span], texts: int, *, labels: bool) -> Sighting | None:
    said = _SAID[kind]
    titled = any(s.sure for s in hits.values())
    luck = against_luck(tail(texts, len(hits), NAMESAKE if labels and not titled and kind == "person-in-text" else said.chance))
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
