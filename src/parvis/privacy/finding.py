"""What is personal or secret in a table of typed cells: forms in every cell, lists and words on a sample;
nothing readable in the answer.

Forms come first (`forms`), for they need nobody's opinion; then names, which say whether the table is about
people; then what depends on it: addresses, births, special categories, homes. Each piece of evidence is
weighed (`confidence`), and what is allowed out says on what ground.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from parvis.core.text import fold, french_number
from parvis.core.types import ColumnProfile, Finding, Row, Schema, Sensitivity, Severity
from parvis.privacy import forms
from parvis.privacy.bearers import REACH, identified, people
from parvis.privacy.births import births
from parvis.privacy.careers import careers
from parvis.privacy.cells import number_filled, those
from parvis.privacy.circumstances import circumstances
from parvis.privacy.confidence import confidence
from parvis.privacy.declaration import Detector, known_detectors, stars
from parvis.privacy.detection import Detection
from parvis.privacy.headers import (
    about_ballot,
    about_bodies,
    creators,
    names_body,
    says_place,
    says_species,
    says_work,
    spoken,
)
from parvis.privacy.historic import historic
from parvis.privacy.hits import (
    accounts,
    codes,
    doctors,
    formed,
    landlines,
    names_events,
    of_people,
    of_services,
    switchboard,
)
from parvis.privacy.homes import addresses, homes
from parvis.privacy.joined_columns import joined
from parvis.privacy.looking import SAMPLE, SENTENCES, Look, message_of, nameable, samples_of, years_of
from parvis.privacy.nested_values import Inner, inner_tables
from parvis.privacy.offices import in_office
from parvis.privacy.people import Named, Shares, echoing, name_columns, of_animals, shares
from parvis.privacy.row_cells import point
from parvis.privacy.rows import FEW_BODIES, HONOURED, NOTHING, SERVICE, TRADER, WORK, About, about
from parvis.privacy.schedules import scheduled
from parvis.privacy.sentences import TELLING, among_numbers, said, titled
from parvis.privacy.text import spans
from parvis.privacy.trails import told, trails
from parvis.privacy.traits import traits
from parvis.privacy.unlisted import unlisted
from parvis.privacy.ways import street_names
from parvis.privacy.weighing import NOBODY, WEAK, weigh
from parvis.privacy.wording import worded

_ORDER = tuple(Sensitivity)

BORNE = 0.3
"""Share of the rows that bear a plate, from which each is of whoever drives."""


def find(
    con: duckdb.DuckDBPyConnection,
    files: Path | Sequence[Path],
    schema: Schema,
    rows: int,
    *,
    profile: Sequence[ColumnProfile] = (),
    known: Mapping[str, Detector] | None = None,
    called: str = "",
) -> tuple[tuple[Finding, ...], dict[str, Sensitivity]]:
    """Look for personal and secret data in the Parquet files of a version; see `detections`.

    Returns findings, worst first, with masked evidence, and the sensitivity of the columns that have any.
    """
    seen = detections(con, files, schema, rows, profile=profile, known=known, called=called)
    return tuple(s.finding for s in seen), levels(seen)


def levels(seen: Sequence[Detection]) -> dict[str, Sensitivity]:
    """The sensitivity of each column that has any."""
    worst: dict[str, Sensitivity] = {}
    for s in seen:
        if s.column and s.personal is not Sensitivity.NONE:
            worst[s.column] = max(worst.get(s.column, Sensitivity.NONE), s.personal, key=_ORDER.index)
    return worst


def detections(
    con: duckdb.DuckDBPyConnection,
    files: Path | Sequence[Path],
    schema: Schema,
    rows: int,
    *,
    profile: Sequence[ColumnProfile] = (),
    known: Mapping[str, Detector] | None = None,
    called: str = "",
    thorough: bool = False,
) -> tuple[Detection, ...]:
    """What is seen in the Parquet files of a version, worst first; see `search`."""
    return search(con, files, schema, rows, profile=profile, known=known, called=called, thorough=thorough)[1]


def search(
    con: duckdb.DuckDBPyConnection,
    files: Path | Sequence[Path],
    schema: Schema,
    rows: int,
    *,
    profile: Sequence[ColumnProfile] = (),
    known: Mapping[str, Detector] | None = None,
    called: str = "",
    thorough: bool = False,
    ruled: bool = False,
    strays: Collection[str] = (),
) -> tuple[About, tuple[Detection, ...]]:
    """What the rows of the Parquet files of a version are, and what is seen in them, worst first.

    files: in record order; schema: of the typed columns (their `_raw_` twins are read too); rows: records in
    all. profile: of the columns, where there is one: those whose values come again are looked at value by
    value. known: detectors, all declared by default. called: name of the file or of the sheet. thorough: read
    every sampled value of a larger table, not the first ones only. ruled: a table that lies within a schedule.
    strays: columns whose texts stand among numbers, dates or the like.
    """
    if not rows:
        return NOTHING, ()
    seen = detected(
        con,
        files,
        schema,
        rows,
        profile=profile,
        known=known,
        called=called,
        thorough=thorough,
        nested=True,
        ruled=ruled,
        strays=strays,
    )
    all_columns = weigh(seen.look, seen.shares, seen.about, seen.found, rows)
    found = list(all_columns.found)
    if all_columns.people:
        found = _told_of_people(seen, found, rows)
    found += _inner(seen, found, called)
    personal = any(s.personal is not Sensitivity.NONE for s in found)
    nobody = any(s.ground == NOBODY for s in found) and not personal
    about = replace(seen.about, persons=(seen.about.persons or all_columns.people) and not nobody)
    rank: Mapping[Severity, int] = {"error": 0, "warning": 1, "info": 2}
    return about, tuple(
        sorted((s for s in found if s.count), key=lambda s: (rank[s.severity], s.kind, s.column))
    )


@dataclass(frozen=True, slots=True)
class Detected:
    """What the detectors say of a table, each for itself. shares: what the texts of a column could be."""

    look: Look
    shares: Mapping[str, Shares]
    about: About
    found: Sequence[Detection]
    names: Mapping[str, Named]
    inner: Sequence[Inner] = ()
    """The tables inside its cells, where they were asked for."""


def _told_of_people(seen: Detected, found: Sequence[Detection], rows: int) -> list[Detection]:
    """What detectors tell of rows that all columns together call people, beside what was told: their homes, their traits."""
    row = replace(seen.about, persons=True)
    held = {s.column for s in found if s.personal is not Sensitivity.NONE}
    more = [s for s in births(seen.look, seen.names, row, datetime.now(UTC).year) if s.column not in held]
    more += [s for s in addresses(seen.look, seen.names, row) if s.column not in held]
    more += [s for s in homes(seen.look, row) if s.column not in held]
    more += _traits_of(seen.look, seen.names, row, held | {s.column for s in more}, rows)
    again = {(s.kind, s.column) for s in more}
    return [*(s for s in found if (s.kind, s.column) not in again), *more]


def _traits_of(
    look: Look, names: Mapping[str, Named], row: About, known: Collection[str], rows: int
) -> list[Detection]:
    """What rows tell of whoever they are of. known: columns of which something was told already."""
    every = list(traits(look, names, row, known, min(rows, SAMPLE)))
    every += careers(look, names, row, {*known, *(s.column for s in every)})
    return [*every, *circumstances(look, names, row, {*known, *(s.column for s in every)})]


def detected(
    con: duckdb.DuckDBPyConnection,
    files: Path | Sequence[Path],
    schema: Schema,
    rows: int,
    *,
    profile: Sequence[ColumnProfile] = (),
    known: Mapping[str, Detector] | None = None,
    called: str = "",
    thorough: bool = False,
    nested: bool = False,
    ruled: bool = False,
    strays: Collection[str] = (),
) -> Detected:
    """What the detectors say of the Parquet files of a version that has rows; see `search`. nested: whether the tables
    inside its cells are set out.
    """
    paths = [files] if isinstance(files, Path) else list(files)
    every = tuple((known_detectors() if known is None else known).values())
    again = frozenset(p.name for p in profile if p.distinct * forms.AGAIN <= rows)
    whole = rows <= SAMPLE
    look = Look(
        con,
        paths,
        schema,
        samples_of(con, paths, schema, rows),
        thorough or whole,
        whole,
        rows > forms.MANY,
        again,
        years_of(profile),
    )
    located = bool(schema.geometry) or any(point(c) for c in schema.columns)
    seen = {n: shares(v, min(rows, SAMPLE)) for n, v in look.samples.items() if nameable(schema, n)}
    names = name_columns(seen, bodies=about_bodies(schema), placed=located)
    names |= echoing(names, look.samples, seen)
    pets = of_animals(names, seen, [c.name for c in schema.columns])
    names = {n: one for n, one in names.items() if n not in pets}
    bodied = frozenset(
        n for n, s in seen.items() if n not in names and s.distinct >= FEW_BODIES and s.body + s.place >= 0.6
    )
    streets = street_names(look, names, rows)
    names = {n: one for n, one in names.items() if n not in streets}
    today = datetime.now(UTC).date()
    inner = (
        list(
            inner_tables(
                look.con,
                look.paths,
                look.schema,
                SAMPLE,
                {n: look.values(n, SENTENCES) for n in look.samples},
            )
        )
        if nested
        else []
    )
    rules = ruled or scheduled(look, inner)
    past = historic(look, names, rows, today)
    row = about(look, called, names, rows, bodied, past=past, scheduled=rules, streets=streets)
    strays = {*strays, *(n for n, v in look.samples.items() if n not in names and among_numbers(v))}
    prose = {
        n: "" if look.whole else TELLING
        for n, v in look.samples.items()
        if n not in names and any(t.count(" ") >= (1 if n in strays else 2) for t in v[:SENTENCES])
    }
    found, signed = formed(look, every, prose, row)
    if row.past and any(
        s.kind in REACH for s in found
    ):  # the dead have no telephone: somebody else stands beside them
        row = about(look, called, names, rows, bodied, scheduled=rules)
        found, signed = formed(look, every, prose, row)
    found += list(accounts(look, found))
    found = [s for s in found if s.kind != "phone" or not codes(look, s, row)]
    found = [s for s in found if s.kind != "email" or not names_events(look, s.column)]
    found = [of_services(look, s, row) for s in found]
    found = [s.allowed(SERVICE) if s.kind == "phone" and switchboard(look, s, rows) else s for s in found]
    boxed = any(s.kind == "email" and s.ground == SERVICE for s in found)
    if not row.persons and any(
        of_people(look, s, row) and not (boxed and s.kind == "phone" and landlines(look, s)) for s in found
    ):
        row = replace(row, persons=True)  # only people have one
    found = [
        s.allowed(SERVICE)
        if s.kind == "phone"
        and (((row.placed or boxed) and not row.persons) or (row.directory and doctors(look, names)))
        and landlines(look, s)
        else s
        for s in found
    ]
    together = list(joined(look, every, rows, found))
    found += together
    if together and not row.persons:
        row = replace(row, persons=True)  # only people have one
    reached = any(
        s.personal in (Sensitivity.DIRECT, Sensitivity.SPECIAL, Sensitivity.SECRET) and s.kind in REACH
        for s in found
    )
    theirs = list(identified(look, names, row, found, rows))
    days = {c.name for c in schema.columns if c.type in ("date", "datetime")}
    born = any(s.column in days for s in births(look, names, row, today.year))
    found += people(look, names, row, reached=reached or bool(theirs) or born)
    found += theirs
    followed = {s.column for s in found if s.personal is not Sensitivity.NONE} | names.keys()
    ways = () if row.past or names else tuple(trails(look, rows, followed))
    found += (s for way in ways for s in told(look, way))
    if theirs or ways:
        row = replace(row, persons=True)  # each row is of somebody who bears one
    found += births(look, names, row, today.year)
    borne = any(s.kind == "plate" and s.share > BORNE and s.personal is not Sensitivity.NONE for s in found)
    found += (told_by_words := list(worded(look, names, row, borne=borne)))
    animals = bool(pets) and not names and not any(s.kind in REACH for s in found)
    if animals:  # the sex, the health of an animal
        found, row = [s.allowed(NOBODY) if s.kind in WEAK else s for s in found], replace(row, persons=False)
    elif not borne and any(
        s.category is Sensitivity.SPECIAL and s.personal is not Sensitivity.NONE for s in told_by_words
    ):
        row = replace(row, persons=True)
    if row.persons or borne:
        seen_already = {s.column for s in found if s.personal is not Sensitivity.NONE}
        found += unlisted(look, names, row, min(rows, SAMPLE), seen_already)
    if row.persons:
        seen_already = {s.column for s in found if s.personal is not Sensitivity.NONE}
        found += _traits_of(look, names, row, seen_already, rows)
    found += addresses(look, names, row)
    found += () if any(way.points for way in ways) else homes(look, row)
    found += _traders(look, names, bodied, row.grounds)
    aside = {n for n in prose if in_office(look.values(n, SENTENCES))} | {
        s.column
        for s in found
        if s.kind == "person-name"
        or (s.kind == "postal-address" and not titled(look.values(s.column, SENTENCES)))
    }
    if WORK in row.grounds.values() or (
        row.past and creators(schema, look.samples)
    ):  # « La Famille Bélier »: whom a title names is nobody
        aside |= {n for n in prose if says_work(n)}
    aside |= {n for n in prose if says_species(n)}
    places = located and not (row.persons or row.incidents)
    found += said(look, prose.keys() - aside, signed, past=row.past, places=places, strays=strays)
    if not row.persons:
        found = [
            s.allowed(HONOURED) if s.kind == "person-in-text" and s.column in row.streets else s
            for s in found
        ]
    found += () if about_ballot(schema) else _headers(schema)
    return Detected(look, seen, row, found, names, inner)


def _inner(whole: Detected, found: Sequence[Detection], called: str) -> Iterator[Detection]:
    """What the texts say that lie in columns of another type, inside lists and objects (their forms were
    sought already, in every cell), or under the dress of a machine.
    """
    known = {(s.kind, s.column) for s in found if s.severity == "error"}
    con = whole.look.con
    for table in whole.inner:
        with tempfile.TemporaryDirectory(dir=_scratch(con)) as folder:
            path = Path(folder) / "inner.parquet"
            table.write(path)
            strays = table.owners.keys() if table.records else ()
            _, seen = search(
                con, path, table.schema, table.rows, called=called, ruled=whole.about.rules, strays=strays
            )
        for one in seen:
            owner = table.owners.get(one.column) or (
                next(iter(table.owners.values())) if not one.column and not table.records else ""
            )
            if (
                owner
                and (table.dressed or one.kind not in known_detectors())
                and (one.kind, owner) not in known
            ):
                known |= {(one.kind, owner)} if one.severity == "error" else set()
                rows = (
                    tuple(replace(r, record=table.records[r.record - 1]) for r in one.rows)
                    if table.records
                    else ()
                )
                message = one.message.replace(f"« {one.column} »", f"« {owner} »", 1)
                yield replace(one, column=owner, message=message, rows=rows)


def _scratch(con: duckdb.DuckDBPyConnection) -> Path | None:
    """The folder where a connection may spill; None: that of the system."""
    said = con.execute("SELECT current_setting('temp_directory')").fetchone()
    folder = Path(str(said[0])).parent if said and said[0] else Path()
    return folder if folder.is_absolute() and folder.is_dir() else None


_TRADER_FORMS = re.compile(
    r"\bforme jur|\bcategorie jur|\bnature jur|\bstatut jur|\btype (?:d )?(?:entreprise|structure)|\blegal form"
)
_TRADER = re.compile(
    r"\bentrepreneur individuel|\bentreprise individuelle|^ei\b|\bmicro[- ]?entre|\bauto[- ]?entre|^1000$|\bartisan\b|\bprofession liberale"
    r"|\bcommercant\b|\bexploitant agricole"
)
_TRADER_FIX = (
    "Le SIRET d’un entrepreneur individuel désigne une personne : l’annuaire SIRENE le publie sauf opposition (code de commerce, A123-96) ; "
    "vérifiez qu’il y est diffusé, ou supprimez ces lignes."
)


def _traders(
    look: Look, names: Mapping[str, Named], bodied: Collection[str], grounds: Mapping[str, str]
) -> Iterator[Detection]:
    """SIRET of people who trade in their own name: told by the legal form, by a column of bodies that
    holds names of people, or by one of people beside which no body is named: held where these names are. bodied: columns of
    bodies, by their values.
    """
    numbers = [c.name for c in look.schema.columns if c.meaning in ("siret", "siren")]
    if not numbers:
        return
    cells = number_filled(look.con, look.paths, numbers[0])
    alone = _only_named(look, names, bodied)
    held = False
    for column, values in look.samples.items():
        if _TRADER_FORMS.search(spoken(column)):
            theirs = [v for v in values if _TRADER.search(fold(v))]
            count, rows = those(look.con, look.paths, column, theirs, stars) if theirs else (0, ())
        elif column in names and names[column].kind == "full" and names_body(column):
            count, rows = look.filled(column)
            held = column not in grounds
        elif alone is not None and column == alone:
            count, rows = look.filled(numbers[0])
            held = column not in grounds
        else:
            continue
        if count:
            message = message_of("numéros d’entrepreneurs individuels", numbers[0], count, cells)
            rows = tuple(replace(r, value="•") for r in rows)
            sure = confidence("vocabulary", {"header": 1, "worded": 0.3})
            level = Sensitivity.INDIRECT
            yield Detection(
                "sole-trader",
                numbers[0],
                level,
                level,
                "error" if held else "warning",
                count,
                cells,
                sure,
                message,
                _TRADER_FIX,
                rows,
                "" if held else TRADER,
            )
            return


def _only_named(look: Look, names: Mapping[str, Named], bodied: Collection[str]) -> str | None:
    """The column of whole names where nothing else says whose firm a row is: no body is named, so its number is that of who
    is. A role (« contact », « gérant ») speaks for a firm.
    """
    if bodied or any(names_body(c.name) and c.meaning not in ("siret", "siren") for c in look.schema.columns):
        return None
    whole = [n for n, one in names.items() if one.kind == "full" and not _SPEAKS_FOR.search(spoken(n))]
    return whole[0] if len(whole) == 1 and len(names) == 1 else None


_SPEAKS_FOR = re.compile(
    r"\bcontacts?\b|\binterloc|\bresp(?:onsable)?s?\b|\bgerante?s?\b|\bpresidente?s?\b|\bpres\b|\bdirect|\brepresent|\breferente?s?\b|\bsign|\bdirigeante?s?\b"
)


_HEADER_FIX = "Une colonne porte le nom de quelqu’un : remplacez-le par un code, ou mettez une ligne par personne et retirez leurs noms."


def _headers(schema: Schema) -> Iterator[Detection]:
    """Columns called after people: a timesheet with one column for each."""
    named = [
        c.name
        for c in schema.columns
        if any(s.kind == "person-in-text" for s in spans(c.name)) and not says_place(c.name)
    ]
    if named:
        rows = tuple(Row("", 0, 0, stars(n)) for n in named[:3])
        message = f"En-têtes de colonnes qui nomment quelqu’un : {french_number(len(named))}."
        yield Detection(
            "header-name",
            "",
            Sensitivity.DIRECT,
            Sensitivity.DIRECT,
            "error",
            len(named),
            len(schema.columns),
            0.9,
            message,
            _HEADER_FIX,
            rows,
        )


__all__ = ["About", "Shares", "detections", "find", "known_detectors", "levels", "search"]
