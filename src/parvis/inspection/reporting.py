"""What a report says, and what of it may be read: readers' issues as findings, the physical line of each row,
values masked where a column is personal.

All of it is functions of values; `pipeline` and whoever looks at a file or a version again tell by them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from parvis import checks, privacy
from parvis.checks.domains import Outcome
from parvis.checks.issues import as_findings, no_record
from parvis.core.reading import RawTable, Reading
from parvis.core.types import ColumnProfile, Finding, Report, Schema, Sensitivity
from parvis.readers.lines import physical_lines

MASKED = frozenset({Sensitivity.DIRECT, Sensitivity.SPECIAL, Sensitivity.SECRET})


def issues_as_findings(reading: Reading, raw: RawTable) -> tuple[Finding, ...]:
    """What the reader had to tell of one table of a reading, as findings; how grave each is, and how to mend
    it, stands with its code.

    Each thing is told once: by the first table that it speaks of, or, when it speaks of none (an empty
    sheet), by the first of the file.
    """
    names = [t.name for t in reading.tables]
    place = names.index(raw.name) if raw.name in names else 0
    before = {i for t in reading.tables[:place] for i in t.issues}
    theirs = {i for t in reading.tables for i in t.issues}
    issues = (
        *(i for i in reading.issues if place == 0 and i not in theirs),
        *(i for i in dict.fromkeys(raw.issues) if i not in before),
    )
    findings = [
        replace(f, rows=tuple(replace(r, table=raw.name) for r in f.rows)) for f in as_findings(issues)
    ]
    findings += no_record(raw, reading.tables)
    if raw.encoding is not None and raw.encoding not in _UTF8:
        findings.append(
            _reading_note("file-not-utf8", f"Le fichier est encodé en {raw.encoding}, non en UTF-8.")
        )
    unnamed = next((i for i, c in enumerate(reversed(raw.columns)) if c.label.strip()), 0)
    if raw.separator is not None and raw.header_row and unnamed:
        findings.append(
            _reading_note(
                "file-more-cells",
                f"Les lignes ont {unnamed} cellule{'s' if unnamed > 1 else ''} de plus que l’en-tête.",
            )
        )
    return tuple(findings)


_UTF8 = frozenset({"ascii", "utf-8", "utf-8-sig"})


def _reading_note(code: str, message: str) -> Finding:
    known = checks.codes().get(code)
    if known is None:
        return Finding(check=code, message=message, severity="info", dimension="consistency", count=1)
    return Finding(
        check=code,
        message=message,
        severity=known.severity,
        dimension=known.dimension,
        count=1,
        fix=known.fix,
    )


def with_lines(finding: Finding, raw: RawTable) -> Finding:
    """The finding with the physical line of each of its rows."""
    wanted = [r.record for r in finding.rows if r.line == 0 and r.record > 0]
    if not wanted:
        return finding
    lines = physical_lines(raw, wanted)
    return replace(
        finding, rows=tuple(replace(r, line=r.line or lines.get(r.record, 0)) for r in finding.rows)
    )


def mask(finding: Finding, schema: Schema) -> Finding:
    """The finding without readable values where its column is personal or secret."""
    column = schema.column(finding.column)
    hidden = finding.column and (column is None or column.sensitivity in MASKED)
    return replace(finding, rows=tuple(replace(r, value=None) for r in finding.rows)) if hidden else finding


def kind_of_change(finding: Finding, schema: Schema) -> Finding:
    """What a finding tells of another version than its own, without the words of that one: its kind and its count."""
    code = checks.codes().get(finding.check)
    return replace(
        finding,
        message=code.title if code is not None else finding.check,
        column=finding.column if schema.column(finding.column) is not None else "",
        rows=(),
        fix="",
        said={},
    )


def shield(schema: Schema, personal: Sequence[Finding]) -> Schema:
    """The schema by which a report is masked: a column that holds the version back shows no value, however
    indirectly it speaks of people.
    """
    named = {f.column for f in privacy.holding(personal)}
    return replace(
        schema,
        columns=tuple(
            replace(c, sensitivity=Sensitivity.DIRECT) if c.name in named else c for c in schema.columns
        ),
    )


def shielded(report: Report, schema: Schema) -> Report:
    """A report to which a later look added findings, with the values of the columns that they name masked
    too.
    """
    by = shield(schema, report.findings)
    return replace(
        report,
        findings=tuple(mask(f, by) for f in report.findings),
        profile=masked_profiles(report.profile, by),
    )


def masked_profiles(profiles: Iterable[ColumnProfile], schema: Schema) -> tuple[ColumnProfile, ...]:
    """What is known of columns, without the values that they hold where they are personal or secret."""
    hidden = {c.name for c in schema.columns if c.sensitivity in MASKED}
    return tuple(
        replace(p, distinct=0, min=None, max=None, mean=None, top=(), examples=(), histogram=())
        if p.name in hidden
        else p
        for p in profiles
    )


def with_standard(
    report: Report, schema: Schema, outcome: Outcome, table: str, tables: Collection[str], *, first: bool
) -> Report:
    """The report with what a standard says of one table; the first one's bears what it says of the whole, and
    of files that are no table.

    Values are kept for columns that are known not to be personal.
    """

    def mine(finding: Finding) -> bool:
        where = finding.rows[0].table if finding.rows else ""
        return where == table or (first and where not in tables)

    findings = tuple(
        mask(f, schema)
        if schema.column(f.column)
        else replace(f, rows=tuple(replace(r, value=None) for r in f.rows))
        for f in outcome.findings
        if mine(f)
    )
    return replace(
        report,
        findings=(*report.findings, *findings),
        not_checked=(*report.not_checked, *(outcome.not_checked if first else ())),
    )
