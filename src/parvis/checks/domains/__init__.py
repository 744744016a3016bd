"""Standards that say more than a table can: transport feeds, addresses, catalogues, packages. One file or one
small package a domain.

Each module declares a `Domain` with its own notices and examples; it is found by walking the package. To add
a standard, add a module.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache

from parvis.checks.domains.declaration import Domain, Notice, Outcome, Package
from parvis.core.registry import declared

__all__ = ["Domain", "Notice", "Outcome", "Package", "domains", "named", "recognise"]


@cache
def domains() -> Mapping[str, Domain]:
    """Every domain, by name."""
    return declared(sys.modules[__name__], Domain)


def named(schema: str) -> tuple[Domain, str] | None:
    """The domain that a schema's name asks for, with the profile: `gtfs`, `bal` (its first profile),
    `bal-1.5`. None when it names none.
    """
    for domain in domains().values():
        if schema == domain.name:
            return domain, domain.profiles[0] if domain.profiles else ""
        profile = schema.removeprefix(f"{domain.name}-")
        if profile != schema and profile in domain.profiles:
            return domain, profile
    return None


def recognise(package: Package) -> tuple[Domain, str] | None:
    """The domain whose marks the content has, with the profile that fits it; None when it is a table like any
    other.
    """
    for domain in domains().values():
        profile = domain.recognises(package)
        if profile is not None:
            return domain, profile
    return None
