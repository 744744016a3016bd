"""Say which limit a file goes past, and how to mend it: one sentence for each setting of `[limits]`."""

from __future__ import annotations

from parvis.core.errors import Unreadable
from parvis.core.sentence import Number, Sentence, spoken

MB = 1_000_000
"""The settings count in Mo: millions of bytes."""


def past(limit: str, allowed: int, message: str, *, unit: str = "", line: int = 0) -> Unreadable:
    """The error for a file that goes past the setting `limit`. message: a French sentence without its full
    stop; unit: « Mo » or empty.
    """
    limit_text = Number(allowed)
    return Unreadable(
        Sentence("{message} : la limite est de {shown} Mo.", message=spoken(message), shown=limit_text)
        if unit == "Mo"
        else Sentence("{message} : la limite est de {shown}.", message=spoken(message), shown=limit_text),
        mend=Sentence(
            "Découpez le fichier, ou relevez le réglage « {limit} » de la section [limits].", limit=limit
        ),
        line=line,
        limit=limit,
    )
