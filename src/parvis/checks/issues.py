"""Turns the issues of a reader into findings: how grave each is, and how to mend it, stands with its code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from parvis.checks.checking import finding
from parvis.checks.codes import codes
from parvis.checks.condition_scan import Hits
from parvis.checks.rules.blank_row import blank_row
from parvis.core.reading import Issue, RawTable
from parvis.core.types import Finding, Row


def as_findings(issues: Iterable[Issue]) -> tuple[Finding, ...]:
    """One finding an issue, in their order, with the lines that it names."""
    return tuple(_finding(i) for i in issues)


def as_errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings of a reader on a file that is checked against a schema: rows of another width are errors
    there, as other validators say.
    """
    return tuple(replace(f, severity="error") if f.check in _STRICT else f for f in findings)


_STRICT = frozenset({"file-ragged-rows"})

NO_RECORD = "file-no-record"


def no_record(raw: RawTable, tables: Sequence[RawTable]) -> tuple[Finding, ...]:
    """The finding on a table without any record, or of one cell alone; none for another.

    tables: all of its file. An error where none of them holds a record; a warning for one beside others that
    do.
    """
    if not _hollow(raw):
        return ()
    if raw.rows:
        issue = Issue("no-record", "Le fichier tient en une seule cellule : ce n’est pas une table.")
    elif len(tables) == 1:
        issue = Issue(
            "no-record", "Le fichier n’a aucun enregistrement : il n’y a rien sous la ligne d’en-tête."
        )
    else:
        issue = Issue("no-record", f"La table « {raw.name} » n’a aucun enregistrement.")
    whole = _finding(issue)
    return (whole if all(map(_hollow, tables)) else replace(whole, severity="warning"),)


def _hollow(raw: RawTable) -> bool:
    return raw.rows == 0 or (raw.rows == 1 and len(raw.columns) == 1 and raw.header_row == 0)


def with_blanks(findings: Sequence[Finding], raw: RawTable, limit: int) -> tuple[Finding, ...]:
    """The findings on a table checked against a schema, with the blank records that the reader passed over:
    to who asks for the schema they are faults of the file.
    """
    if not raw.blanks:
        return tuple(findings)
    judged = [f for f in findings if f.check == blank_row.name]
    all_told = Hits(raw.blanks + sum(f.count for f in judged))
    rows = (*(Row(raw.name, line, 0, None) for line in raw.blank_lines), *(r for f in judged for r in f.rows))
    whole = replace(
        finding(blank_row, blank_row.severity, "", all_told, raw.name, {}),
        rows=tuple(sorted(rows, key=lambda r: r.line))[:limit],
    )
    return (whole, *(f for f in findings if f not in judged))


def _finding(issue: Issue) -> Finding:
    code = f"file-{issue.code}"
    message = issue.message + (f" ({issue.where})" if issue.where else "")
    rows = tuple(Row("", line, 0, None) for line in issue.lines)
    known = codes().get(code)
    if known is None:
        return Finding(
            check=code,
            message=message,
            severity="info",
            dimension="consistency",
            count=issue.count,
            rows=rows,
        )
    return Finding(
        check=code,
        message=message,
        severity=known.severity,
        dimension=known.dimension,
        count=issue.count,
        rows=rows,
        fix=known.fix,
    )
