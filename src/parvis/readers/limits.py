"""Say which limit a file goes past, and how to mend it: one sentence for each setting of `[limits]`."""

from __future__ import annotations

from parvis.core.errors import Unreadable
from parvis.core.text import french_number

MB = 1_000_000
"""The settings count in Mo: millions of bytes."""


def past(limit: str, allowed: int, message: str, *, unit: str = "", line: int = 0) -> Unreadable:
    """The error for a file that goes past the setting `limit`. message: a French sentence without its full
    stop; unit: « Mo » or empty.
    """
    shown = f"{french_number(allowed)} {unit}".strip()
    return Unreadable(
        f"{message} : la limite est de {shown}.",
        mend=f"Découpez le fichier, ou relevez le réglage « {limit} » de la section [limits].",
        line=line,
        limit=limit,
    )
