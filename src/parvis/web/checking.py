"""What is done with a file that somebody sent to be checked or searched: by a process of its own (`limited_process`),
from plain values to plain values.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, BinaryIO, Literal

from parvis import checks, schemas
from parvis.checks.answer import Answer, ChangedCell, Fault, Repaired, Summary, Unchecked, unfit
from parvis.core.errors import UsageError
from parvis.core.language import language
from parvis.core.limits import Limits
from parvis.core.scores import Score
from parvis.core.sentence import FRENCH, IN_FRENCH, Sentence, Speaker
from parvis.core.types import Row, Schema
from parvis.inspection import file_check
from parvis.inspection.scanning import scan
from parvis.privacy.answer import Found, Scan, ScannedColumn, Together
from parvis.web.page import dump

Wanted = Literal["page", "json", "annote", "copie", "changements", "scan", "scan-json"]

SHOWN = 100
"""Rows of each fault."""
ROWS = 5_000
FAULTS = 500
COLUMNS = 1_000
"""Rows of all faults, faults of a severity, columns of a scan, that a page shows: a browser makes nothing of
more. The JSON holds all of them.
"""

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


@dataclass(frozen=True, slots=True)
class Job:
    """A file, and what is wanted of it. folder: where to work; schema: name of one of the city's library;
    own: path of one that was sent, with its name.
    """

    file: Path
    name: str
    folder: Path
    wanted: Wanted
    language: str
    limits: Limits
    city: Path
    bbox: tuple[float, ...] = ()
    limit: int = SHOWN
    schema: str = ""
    own: tuple[Path, str] | None = None
    translations: tuple[Path, ...] = ()
    """Where those of the city lie."""

    @property
    def speaker(self) -> Speaker:
        """The language of the answer."""
        return IN_FRENCH if self.language == FRENCH else language(self.language, folders=self.translations)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A schema that seems to fit the file."""

    name: Annotated[str, "Nom du schéma."]
    title: Annotated[str, "Titre du schéma."]
    why: Annotated[str, "Pourquoi il conviendrait."]


@dataclass(frozen=True, slots=True)
class Checked:
    """What the page of a check shows. schema: what the file was held to."""

    schema: str
    answer: Answer
    repaired: Repaired
    fits: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """A file to send back, and what it is."""

    path: str
    extension: str


VALUES: frozenset[type] = frozenset({
    Checked, Made, Suggestion, Answer, ChangedCell, Fault, Repaired, Summary, Unchecked, Score, Row, Found, Scan, ScannedColumn, Together,
})  # fmt: skip
"""The classes that an answer is made of."""


def work(job: Job) -> Checked | Scan | Made:
    """Do it. Raises Unreadable, and UsageError for a schema that is none."""
    asked, schema = _schema(job)
    wish = file_check.CheckRequest(schema, asked, job.limit, personal=True, bbox=job.bbox, folder=job.city)
    with file_check.opened(job.file, name=job.name, limits=job.limits, folder=job.folder) as desk:
        match job.wanted:
            case "scan":
                return _few_columns(scan(desk, job.speaker))
            case "scan-json":
                return _json(job, scan(desk, job.speaker))
            case "json":
                return _json(job, file_check.answered(desk, wish, job.speaker))
            case "page":
                return _page(desk, wish, job)
            case "annote" | "copie" | "changements":
                return _file(desk, wish, job)


def _json(job: Job, said: object) -> Made:
    path = job.folder / "made"
    path.write_bytes(dump(said))
    return Made(str(path), "json")


def _file(desk: file_check.OpenFile, wish: file_check.CheckRequest, job: Job) -> Made:
    path = job.folder / "made"
    with path.open("w+b") as out:
        return Made(str(path), _written(desk, wish, job, out))


def _written(desk: file_check.OpenFile, wish: file_check.CheckRequest, job: Job, out: BinaryIO) -> str:
    if job.wanted == "annote":
        return file_check.write_annotated(desk, wish, out, job.speaker)
    done = file_check.mended(desk, wish)
    if job.wanted == "copie":
        return file_check.write_mended(desk, done, out)
    file_check.write_changes(done, out, job.speaker)
    return "csv"


def _page(desk: file_check.OpenFile, wish: file_check.CheckRequest, job: Job) -> Checked:
    found = file_check.examined(desk, wish)
    said = file_check.answered(desk, wish, job.speaker, tables=found)
    done = file_check.mended(desk, wish)
    said, repaired = file_check.with_fixes(said, done, job.speaker), file_check.repaired(done, job.speaker)
    fits = _fits(job, desk) if wish.schema is None or unfit(said) is not None else ()
    return Checked(
        wish.schema_name, few(said, job.speaker), replace(repaired, left=_shortened(repaired.left)), fits
    )


def _fits(job: Job, desk: file_check.OpenFile) -> tuple[Suggestion, ...]:
    """Schemas that the headers and values of the first table speak for."""
    if not desk.reading.tables:
        return ()
    ranked = schemas.rank(desk.reading.tables[0], desk.con, schemas.library(job.city).newest)
    return tuple(Suggestion(f.name, f.title, f.why) for f in ranked[:3] if f.likely)


def _schema(job: Job) -> tuple[str, Schema | None]:
    """What the file is held to: a schema that was sent along, one of the city's library by its name, or
    nothing. Never a path of the sender's.
    """
    if job.own is not None:
        path, name = job.own
        return name, checks.load_schema(path.read_bytes(), source=name)
    return (job.schema, schemas.library(job.city).find(job.schema).schema) if job.schema else ("", None)


def few(said: Answer, language: Speaker) -> Answer:
    """As much of an answer as a page can show; what is left out is told."""
    every = len(said.errors) + len(said.warnings) + len(said.notes)
    errors, warnings, notes = (_shortened(of) for of in (said.errors, said.warnings, said.notes))
    shown = len(errors) + len(warnings) + len(notes)
    if shown == every:
        return replace(said, errors=errors, warnings=warnings, notes=notes)
    told = Sentence(
        "Cette page montre {shown} constats sur {every} : le rapport JSON les contient tous.",
        shown=shown,
        every=every,
    )
    return replace(
        said,
        errors=errors,
        warnings=warnings,
        notes=notes,
        unchecked=(Unchecked("", told.said_in(language)), *said.unchecked),
    )


def _shortened(faults: tuple[Fault, ...]) -> tuple[Fault, ...]:
    kept = faults[:FAULTS]
    rows = max(1, ROWS // max(1, len(kept)))
    return tuple(replace(f, rows=f.rows[:rows]) if len(f.rows) > rows else f for f in kept)


def _few_columns(said: Scan) -> Scan:
    tables = tuple(_few_columns(one) for one in said.tables)
    if len(said.columns) <= COLUMNS:
        return replace(said, tables=tables)
    telling = [c for c in said.columns if c.findings]
    return replace(said, columns=tuple((telling or list(said.columns))[:COLUMNS]), tables=tables)


def no_such_limit(text: str) -> UsageError:
    """The limit of rows that was asked for is none."""
    return UsageError(
        Sentence("« limite={text} » : un nombre entier de 0 à 10 000 est attendu.", text=text[:20])
    )
