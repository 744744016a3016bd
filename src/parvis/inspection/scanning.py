"""A file searched for personal data and secrets, nothing published and nothing kept: what the command, the
page and the API answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice

from parvis import checks, privacy
from parvis.core.errors import UsageError
from parvis.core.reading import RawTable
from parvis.core.sentence import IN_FRENCH, Sentence, Speaker, either, fill
from parvis.core.text import french_number
from parvis.core.types import Sensitivity
from parvis.inspection.file_check import OpenFile
from parvis.inspection.inspection import Expected
from parvis.privacy.answer import Found, Scan, ScannedColumn, Together, Verdict, finding_of, worst
from parvis.privacy.answer import verdict as verdict_of
from parvis.privacy.containers import beside
from parvis.privacy.detection import Detection
from parvis.privacy.quasi import combinations

ALONE = 0.05
"""Share of rows singled out by a few columns from which a table about people waits for a person."""
BORNE = 0.3
"""Share of the rows that bear what points at somebody, from which rows are people's."""

WHY: Mapping[str, tuple[str, str]] = {
    "refuse": ("Ne peut pas sortir tel quel : {columns}.", "Cannot go out as it is: {columns}."),
    "hold": ("Une personne doit décider : {columns}.", "A person must decide: {columns}."),
    "together": (
        "Ces colonnes prises ensemble isolent {share} % des lignes : {columns}.",
        "These columns together single out {share}% of the rows: {columns}.",
    ),
    "relates": (
        "Chaque ligne est celle d’une personne : les autres colonnes se rapportent à elle aussi, et restent personnelles tant que quelque "
        "chose la désigne.",
        "Each row is somebody's: the other columns are about them too, and stay personal as long as something points at them.",
    ),
    "file": ("Le fichier en dit plus que ses tables : {said}", "The file tells more than its tables: {said}"),
    "publish": (
        "Rien de personnel ni de secret n’a été reconnu. Ce n’est pas une preuve d’absence : relisez les textes libres et signez la liste "
        "de contrôle.",
        "Nothing personal or secret was recognised. That proves nothing: read the free texts again and sign the checklist.",
    ),
    "allowed": (
        "Ce qui a été reconnu peut sortir : {columns}.",
        "What was recognised may go out: {columns}.",
    ),
    "of": ("{kind} dans « {column} »", "{kind} in “{column}”"),
}
"""Why the verdict is what it is, in French and English."""


def _say(name: str, language: Speaker, **values: str) -> str:
    return fill(either(WHY[name], language), values)


_GROUNDS = {
    "coordonnées d’un service ou d’un organisme, non d’une personne": "contact of a service or an organisation, not of a person",
    "aucune personne dans la table : une adresse ou un lieu seul ne désigne personne": "nobody in the table: an address or a place alone points at nobody",
    "chaque ligne décrit autre chose qu’une personne, et rien d’autre n’y désigne "
    "quelqu’un": "each row describes something else than a person, and nothing else there points at anybody",
    "mandat électif : les noms et mandats des élus sont publics": "elected office: names and mandates of elected people are public",
    "annuaire, organigramme ou liste de promotion : publiables tels quels "
    "(CRPA, D312-1-3)": "directory, organisation chart or promotion list: may be published (CRPA, D312-1-3)",
    "prénoms seuls : sans nom de famille, ils ne désignent personne": "first names alone: without a surname they point at nobody",
    "candidature officielle : les candidats et leurs résultats sont publics": "official candidacy: candidates and their results are public",
    "auteurs et artistes : leur nom fait partie de l’œuvre publiée": "authors and artists: their name is part of the published work",
    "personnes mortes depuis longtemps : leurs données ne sont plus personnelles "
    "(RGPD, considérant 27)": "people who died long ago: their data are no longer personal (GDPR, recital 27)",
    "annuaire SIRENE, sauf opposition de la personne": "SIRENE directory, unless the person objected",
}
"""The grounds of `privacy.finding` in English."""


def scan(desk: OpenFile, language: Speaker = IN_FRENCH, *, persons: str = "") -> Scan:
    """Search every table of a file, and what the file says beside them.

    persons: column that says whose each row is, in the tables that have it: combinations then single out
    people, not rows. Raises UsageError where none has it.
    """
    around = beside(desk.file, desk.name, above=_above(desk))
    beside_findings = tuple(_finding(s, language) for s in around)
    tables = [
        _table(desk, raw, position, language, beside_findings if position == 0 else (), persons)
        for position, raw in enumerate(desk.reading.tables)
    ]
    if persons and not any(c.name == persons for t in tables for c in t.columns):
        raise UsageError(
            Sentence("La colonne des personnes « {persons} » n’est pas dans le fichier.", persons=persons),
            mend="« parvis inspect » dit ses colonnes.",
        )
    if not tables:
        return Scan(
            0,
            (),
            (),
            worst([f.verdict for f in beside_findings]),
            _say("publish", language),
            file=beside_findings,
        )
    if len(tables) == 1:
        return tables[0]
    # A file goes out whole: what holds one of its tables holds it, be it on another sheet or below the first.
    verdict = worst([t.verdict for t in tables])
    grave = next(t for t in tables if t.verdict == verdict)
    return replace(tables[0], verdict=verdict, why=grave.why, tables=tuple(tables))


HIGHEST = 50
"""Lines above a header that are read."""


def _above(desk: OpenFile) -> tuple[str, ...]:
    """The lines of a text file that stand above its header, which are no part of its table."""
    first = desk.reading.tables[0] if desk.reading.tables else None
    if first is None or desk.reading.format != "csv" or first.encoding is None or first.header_row < 2:
        return ()
    with desk.file.open(encoding=first.encoding, errors="replace") as lines:
        return tuple(line.strip() for line in islice(lines, min(HIGHEST, first.header_row - 1)))


def _table(
    desk: OpenFile,
    raw: RawTable,
    position: int,
    language: Speaker,
    around: tuple[Found, ...],
    persons: str,
) -> Scan:
    out = desk.spool / f"scanned-{position}.parquet"
    typed = Expected(datetime.now(UTC).date()).typed(raw, out, desk.con)
    row, seen = privacy.search(
        desk.con,
        out,
        typed.schema,
        typed.rows,
        profile=typed.profile,
        called=f"{desk.name} {raw.name}",
        thorough=True,
    )
    direct = [
        s.column
        for s in seen
        if s.column and s.category is not Sensitivity.INDIRECT and s.personal is not Sensitivity.NONE
    ]
    measured = combinations(desk.con, out, typed.schema, typed.rows, but=direct, persons=persons)
    together = tuple(Together(c.columns, round(c.unique_share, 4)) for c in (*measured.alone, *measured.sets))
    around = (*around, *(_finding(s, language) for s in seen if not s.column))
    every = tuple(_column(name, seen, language) for name in typed.schema.names)
    # of elected people and authors, whose names go out, no row is a secret
    cleared = any(s.kind == "person-name" and s.ground and s.personal is Sensitivity.NONE for s in seen)
    of_persons = any(
        s.category is not Sensitivity.SECRET and s.personal is not Sensitivity.NONE and s.severity == "error"
        for s in seen
    )
    people = not row.counts and (of_persons or (row.persons and not cleared))
    strongest = max((t for t in together if len(t.columns) > 1), key=lambda t: t.unique_share, default=None)
    single = strongest if people and strongest is not None and strongest.unique_share >= ALONE else None
    verdict = worst(
        [*(c.verdict for c in every), *(f.verdict for f in around), *(["hold"] if single is not None else [])]
    )
    why = _why(seen, every, around, single, language)
    if verdict != "publish" and not row.counts and not cleared and (row.persons or _borne(seen, typed.rows)):
        every = tuple(replace(c, relates=True) for c in every)
        if any(c.verdict == "publish" for c in every):
            why = f"{why} {_say('relates', language)}"
    return Scan(typed.rows, every, together, verdict, why, raw.name, around)


def _borne(seen: Sequence[Detection], rows: int) -> bool:
    """Whether most rows bear what points at somebody: a table is not about people for a name in one remark."""
    return any(
        s.count >= BORNE * rows
        for s in seen
        if s.column and s.category is not Sensitivity.SECRET and verdict_of(s) != "publish"
    )


def _column(name: str, seen: Sequence[Detection], language: Speaker) -> ScannedColumn:
    mine = tuple(_finding(s, language) for s in seen if s.column == name)
    return ScannedColumn(name, mine, worst([f.verdict for f in mine]))


def _finding(seen: Detection, language: Speaker) -> Found:
    words = checks.tell(seen.finding, language)
    result = finding_of(seen, words.message, words.fix)
    return replace(result, ground=either((result.ground, _GROUNDS.get(result.ground, "")), language))


def _why(
    seen: Sequence[Detection],
    every: Sequence[ScannedColumn],
    around: Sequence[Found],
    single: Together | None,
    language: Speaker,
) -> str:
    """Why the verdict is what it is: the gravest first, then what columns do together, then what the file
    says.
    """
    sentences: list[str] = []
    verdicts: tuple[Verdict, ...] = ("refuse", "hold")
    for verdict in verdicts:
        kinds = [_of(f.kind, c.name, language) for c in every for f in c.findings if f.verdict == verdict]
        if kinds:
            sentences.append(_say(verdict, language, columns=", ".join(kinds)))
    if single is not None:
        share = french_number(100 * single.unique_share, 1)
        if language.code == "en":
            share = f"{100 * single.unique_share:.1f}"
        sentences.append(_say("together", language, share=share, columns=", ".join(single.columns)))
    if around:
        sentences.append(_say("file", language, said=" ".join(f.said for f in around)))
    if sentences:
        return " ".join(sentences)
    allowed = [_of(s.kind, s.column, language) for s in seen if s.column]
    return _say("allowed", language, columns=", ".join(allowed)) if allowed else _say("publish", language)


def _of(kind: str, column: str, language: Speaker) -> str:
    code = checks.codes().get(f"privacy-{kind}")
    title = kind if code is None else either((code.title, code.english.title), language)
    return _say("of", language, kind=title[:1].lower() + title[1:], column=column)
