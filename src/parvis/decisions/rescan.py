"""Everything looked at again when detectors improve: what an older set let through is told, and withdrawn
where the city's policy says so.

A version remembers by which set it was last looked at. What the new set finds is added to its report, masked;
the DPO is told, and nothing is taken away in silence. Killed anywhere, the next look begins with what is
left.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from parvis import privacy
from parvis.core.errors import Busy, NotFound, TooSlow, Unreadable, UsageError
from parvis.core.sentence import Sentence
from parvis.core.types import Finding, Version
from parvis.engine import connect
from parvis.inspection import reporting
from parvis.inspection.limited_process import Ended
from parvis.privacy.fingerprint import fingerprint
from parvis.publication import column_clearings, version_files
from parvis.publication.city import SYSTEM, City
from parvis.store import datasets, detector_scans, journal, versions

LOG = logging.getLogger("parvis.decisions.rescan")

POLICIES = ("alert", "withdraw")

FOUND = "rescan-found"
"""Verb of the event that tells the DPO."""

WHY = "De nouveaux détecteurs y ont trouvé des données personnelles ou secrètes (privacy.rescan = withdraw)."


@dataclass(frozen=True, slots=True)
class Seen:
    """What a later set found in a version. withdrawn: its releases were ended."""

    version: str
    resource: str
    findings: tuple[Finding, ...]
    withdrawn: bool


def policy(city: City) -> str:
    """What the city does with what is found. Raises UsageError for a word that is none."""
    choice = city.settings.privacy.rescan
    if choice not in POLICIES:
        raise UsageError(
            Sentence("privacy.rescan = « {said} » n’est pas un choix connu.", said=choice),
            mend=Sentence("Choix possibles : {list}.", list=", ".join(POLICIES)),
        )
    return choice


def due(city: City) -> list[Version]:
    """The versions that today's set has not looked at. Of a live resource or of what a service computes, the
    one that is served: it holds the others.
    """
    with city.db.read() as conn:
        versions_: list[Version] = []
        for digest in detector_scans.stale(conn, fingerprint()):
            version = versions.version(conn, digest)
            resource = datasets.resource(conn, version.resource) if version else None
            if version is None or resource is None:
                continue
            newest = versions.latest(conn, version.resource)
            if (resource.every_s or resource.source.startswith("service:")) and (
                newest is None or newest.digest != digest
            ):
                continue
            versions_.append(version)
    return versions_


Search = Callable[[City, Version], tuple[Finding, ...]]
"""What today's detectors see in a version. Raises NotFound when its bytes are not there; Unreadable, or Ended, when it
can't be looked at.
"""


def rescan(
    city: City, *, over: Callable[[], bool] = lambda: False, search: Search | None = None
) -> tuple[Seen, ...]:
    """Look again at whatever an older set of detectors looked at; returns what is new. over: asked before
    each version whether to stop; search: in this process by default.
    """
    withdraws = policy(city) == "withdraw"
    return tuple(
        seen
        for version in due(city)
        if not over() and (seen := _again(city, version, search or here, withdraws=withdraws)) is not None
    )


def here(city: City, version: Version) -> tuple[Finding, ...]:
    """What they see, looked for in this process. Raises NotFound."""
    spool = city.settings.path(city.settings.storage.spool)
    spool.mkdir(parents=True, exist_ok=True)
    limits = city.settings.limits
    con = connect.processing(spool, memory_mb=limits.memory_mb, threads=limits.threads)
    try:
        with version_files.opened(city, version) as paths:
            personal = privacy.find(con, paths, version.schema, version.rows, profile=version.report.profile)
            return column_clearings.judged(city, con, version.resource, paths, version.schema, personal)[0]
    finally:
        con.close()


def _again(city: City, version: Version, search: Search, *, withdraws: bool) -> Seen | None:
    try:
        findings = search(city, version)
    except NotFound:
        return None  # its bytes went while we came to it, or are lost: `doctor` tells that
    except TooSlow:
        return None  # this process ends: the next one goes on
    except (Unreadable, Busy, Ended) as stopped:
        LOG.error("version %s was not looked at again: %s", version.digest[:12], type(stopped).__name__)
        return None  # the next night tries again
    known = {(f.check, f.column) for f in version.report.findings}
    new = tuple(f for f in privacy.holding(findings) if (f.check, f.column) not in known)
    at = city.now()
    with city.db.begin() as conn:
        if versions.version(conn, version.digest) is None:
            return None
        detector_scans.note(conn, version.digest, fingerprint(), at)
        if not new:
            return None
        report = replace(
            version.report,
            findings=(
                *version.report.findings,
                *(replace(f, rows=tuple(replace(r, value=None) for r in f.rows)) for f in new),
            ),
        )
        versions.tell(conn, version.digest, reporting.shielded(report, version.schema))
        checks = ",".join(sorted({f.check for f in new}))[:300]
        journal.append(
            conn,
            at=at,
            actor=SYSTEM,
            verb=FOUND,
            subject=version.resource,
            ids={"version": version.digest, "checks": checks},
        )
        ended = privacy.withdraw(conn, version, at, WHY) if withdraws else ()
    if ended:
        version_files.settle(city, [version.resource])
    return Seen(version.digest, version.resource, new, bool(ended))
