"""What the search saw: one kind of datum in one column, how sure it is, and what that means for publication.
Nothing in it is readable.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from parvis.core.types import Finding, Row, Sensitivity, Severity


@dataclass(frozen=True, slots=True)
class Detection:
    """One kind of personal or secret datum in one column ("" for the file or the table as a whole)."""

    kind: str
    column: str
    category: Sensitivity
    """What the kind is."""
    personal: Sensitivity
    """What it makes of the column: NONE where it is allowed out (a service's address, an elected person)."""
    severity: Severity
    count: int
    cells: int
    """Filled cells of the column."""
    confidence: float
    message: str
    """French sentence."""
    fix: str
    rows: tuple[Row, ...] = ()
    """The first ones, masked."""
    ground: str = ""
    """On what ground it may go out, "" where there is none."""

    @property
    def share(self) -> float:
        """Share of the filled cells, from 0 to 1."""
        return min(1.0, self.count / self.cells) if self.cells else 0.0

    @property
    def finding(self) -> Finding:
        """As the report of a version has it."""
        return Finding(
            f"privacy-{self.kind}",
            self.message,
            self.severity,
            "confidentiality",
            self.column,
            self.count,
            self.rows,
            self.fix,
        )

    def allowed(self, ground: str, *, severity: Severity = "info") -> Detection:
        """The same, let out on a ground."""
        return replace(self, personal=Sensitivity.NONE, severity=severity, ground=ground)
