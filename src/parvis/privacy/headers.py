"""What the header says before any value is read: bodies, elected people, births."""

from __future__ import annotations

import re

from parvis.core.text import fold
from parvis.core.types import Schema

_BODIES = re.compile(
    r"raison sociale|\bentreprise|\betablissement|\bequipement|\bassociation|\boperateur"
    r"|\benseigne|\bstructure\b|\borganisme|\bservice\b|\bmairie\b|\bstation\b"
    r"|\bsociete\b|\bcommerce|\bsiren\b|\bsiret\b|\brna\b|\bacheteur|\bcommune\b.*\bcontact|\blieu\b|\bsite\b|\bexploitant|\bamenageur|\bdae\b|\bnom etab"
)
_ELECTED = re.compile(r"\belus?\b|\belue?s?\b|\bmaires?\b|\badjoint|\bconseiller|\bdepute|\bsenateur|\bmandat\b")
_BIRTH = re.compile(r"\bnaissance\b|\bnais\b|\bne\(?e?\)? le\b|\bddn\b|\bbirth|\bdate nee?\b")


def spoken(name: str) -> str:
    """A header as words: folded, underscores and punctuation made spaces, camelCase cut."""
    return re.sub(r"[^a-z0-9()]+", " ", fold(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name))).strip()


def about_bodies(schema: Schema) -> bool:
    """Whether the rows are organisations or places: what they give as a contact is published on purpose."""
    return any(c.meaning in ("siret", "siren") or names_body(c.name) for c in schema.columns)


def names_body(name: str) -> bool:
    return _BODIES.search(spoken(name)) is not None


def about_elected(schema: Schema) -> bool:
    """Whether the rows are elected people, whose names and mandates are public."""
    return any(_ELECTED.search(spoken(c.name)) for c in schema.columns)


def says_birth(name: str) -> bool:
    return _BIRTH.search(spoken(name)) is not None
