"""The codes that are ours, whatever declares them: a plugin's check or message may bear none of them."""

from __future__ import annotations

from collections import Counter
from functools import cache

from parvis.core.registry import own


@cache
def own_codes() -> frozenset[str]:
    """Names of our rules, messages, drifts and notices. Raises RuntimeError when two of them bear one.

    Asked for when a plugin brings a check, or for the page of a code: it imports what quick commands do
    without.
    """
    from parvis.checks import domains, drifts, messages, rules, table_checks
    from parvis.checks.declaration import Check
    from parvis.checks.domains.declaration import Domain
    from parvis.checks.drift import Drift
    from parvis.checks.message import Told

    counts = Counter[str]()
    for names in (own(rules, Check), own(table_checks, Check), own(drifts, Drift), own(messages, Told)):
        counts.update(names.keys())
    counts.update({code for domain in own(domains, Domain).values() for code in domain.notices})
    twice = sorted(name for name, times in counts.items() if times > 1)
    if twice:
        raise RuntimeError(f"codes declared twice: {', '.join(twice)}")
    return frozenset(counts)
