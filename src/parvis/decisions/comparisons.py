"""What the report of a later version quotes of an earlier one that is taken down: the values that went from one to the other
are what somebody has just corrected.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from parvis.checks.gate import DRIFT
from parvis.core.sentence import Sentence
from parvis.core.types import Finding, Version
from parvis.inspection import reporting
from parvis.privacy.withdrawing import Scope
from parvis.store import deposits, versions

COMPARED_WITH_GONE = Sentence("Ce qui a changé n’est plus dit : la version d’avant a été retirée.")


def forget(conn: Connection, scope: Scope) -> None:
    """Leave out of what stays what it tells of the versions of a scope, in the transaction that takes them down: in reports
    of later versions of their resources the kind of a change and its count stay, its words go; so does what the sender of
    such a file was told. Live resources have no such reports.
    """
    since = {v.resource: v.at for v in sorted(scope.versions, key=lambda v: v.at, reverse=True) if v.received}
    for resource, at in since.items():
        for version in versions.history(conn, resource):
            if version.at >= at and any(_compares(f) for f in version.report.findings):
                _forget_in(conn, version)


def _compares(finding: Finding) -> bool:
    return finding.check.startswith(DRIFT)


def _forget_in(conn: Connection, version: Version) -> None:
    findings = tuple(
        reporting.kind_of_change(f, version.schema) if _compares(f) else f for f in version.report.findings
    )
    versions.tell(conn, version.digest, replace(version.report, findings=findings))
    deposit = deposits.get(conn, version.run)
    if deposit is not None and "«" in deposit.message:
        deposits.save(conn, replace(deposit, message=COMPARED_WITH_GONE))
