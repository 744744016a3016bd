"""Hits gathered into findings: counted exactly, the first rows kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from parvis.checks.domains.declaration import Notice
from parvis.core.text import french_number
from parvis.core.types import Finding, Row, Severity

_ORDER: Mapping[Severity, int] = {"error": 0, "warning": 1, "info": 2}

VALUE = 200
"""Characters shown of a value."""


@dataclass(slots=True)
class _Group:
    params: Mapping[str, str]
    count: int = 0
    rows: list[Row] = field(default_factory=list[Row])


class Tally:
    """What one run of a domain has found so far: one finding for each code, table, column and wording."""

    def __init__(
        self, notices: Mapping[str, Notice], *, limit: int, severities: Mapping[str, Severity] | None = None
    ) -> None:
        """severities: the profile's own, by code; the notice's where it says nothing."""
        self._notices = notices
        self._limit = limit
        self._severities = severities or {}
        self._groups: dict[tuple[str, str, str, tuple[tuple[str, str], ...]], _Group] = {}

    def hit(
        self,
        code: str,
        *,
        table: str = "",
        column: str = "",
        line: int = 0,
        record: int = 0,
        value: str | None = None,
        **params: str,
    ) -> None:
        """One more. A hit without line, record or value has no row: it speaks of the whole file."""
        rows = (Row(table, line, record, _short(value)),) if line or record or value is not None else ()
        self.many(code, 1, rows, table=table, column=column, **params)

    def many(
        self, code: str, count: int, rows: Iterable[Row], *, table: str = "", column: str = "", **params: str
    ) -> None:
        """Many at once, with the first of their rows."""
        if not count:
            return
        group = self._groups.setdefault((code, table, column, tuple(sorted(params.items()))), _Group(params))
        group.count += count
        left = self._limit - len(group.rows)
        if left > 0:
            group.rows += list(rows)[:left]

    def severity(self, code: str) -> Severity:
        """How grave a code is here."""
        return self._severities.get(code, self._notices[code].severity)

    def findings(self) -> tuple[Finding, ...]:
        """What was found, the gravest first."""
        findings = [
            self._finding(code, table, column, group)
            for (code, table, column, _), group in self._groups.items()
        ]
        return tuple(
            sorted(
                findings,
                key=lambda f: (_ORDER[f.severity], f.check, f.rows[0].table if f.rows else "", f.column),
            )
        )

    def _finding(self, code: str, table: str, column: str, group: _Group) -> Finding:
        notice = self._notices[code]
        words = {"n": french_number(group.count), "table": table, "column": column, **group.params}
        if "{value}" in notice.fr + notice.fix:
            words["value"] = (group.rows[0].value if group.rows else None) or ""
        message, fix = notice.of(group.count).format_map(words), notice.fix.format_map(words)
        where = " – ".join(w for w in (table, column) if w and w not in message)
        if where:
            words["where"], message = where, f"{where} : {message}"
        return Finding(
            check=code,
            message=message,
            severity=self.severity(code),
            dimension=notice.dimension,
            column=column,
            count=group.count,
            rows=tuple(group.rows),
            fix=fix,
            said=words,
        )


def _short(value: str | None) -> str | None:
    return value if value is None or len(value) <= VALUE else value[: VALUE - 1] + "…"
