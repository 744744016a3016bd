"""What a reader had to tell of a file's form, as findings: how grave each is, and how to mend it, stands with its code."""

from __future__ import annotations

from collections.abc import Iterable

from parvis.checks.codes import codes
from parvis.core.reading import Issue
from parvis.core.types import Finding


def as_findings(issues: Iterable[Issue]) -> tuple[Finding, ...]:
    """One finding an issue, in their order."""
    return tuple(_told(f"file-{i.code}", i.message + (f" ({i.where})" if i.where else "")) for i in issues)


def _told(code: str, message: str) -> Finding:
    known = codes().get(code)
    if known is None:
        return Finding(check=code, message=message, severity="info", dimension="consistency", count=1)
    return Finding(check=code, message=message, severity=known.severity, dimension=known.dimension, count=1, fix=known.fix)
