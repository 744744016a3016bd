"""Anonymisation by policy: TOML says what is done to each column and what every class must hold; the table
comes out with its risk and its loss.

Nothing here publishes: what comes out goes the way of every version, and is released by `privacy.release()`
alone.
"""

from parvis.privacy.anonymising.applying import Anonymised, anonymise
from parvis.privacy.anonymising.policy import (
    Guard,
    Place,
    Policy,
    Rule,
    from_toml,
    ladders,
    load,
    preset,
    presets,
    text,
    to_toml,
)
from parvis.privacy.anonymising.proposing import proposed, without
from parvis.privacy.anonymising.utility import Done, Loss

__all__ = [
    "Anonymised", "Done", "Guard", "Loss", "Place", "Policy", "Rule", "anonymise", "from_toml", "ladders", "load", "preset", "presets",
    "proposed", "text", "to_toml", "without",
]  # fmt: skip
