"""The vaccination calendar of the data file, as it is sent to the browser and as Python reads it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import cast

from parvis.core.types import Json
from parvis.methods.vaccination import rules
from parvis.methods.vaccination.rules import Calendar


@cache
def data() -> Mapping[str, Json]:
    """The file itself: rules with dates and sources, names in both languages."""
    text = resources.files("parvis.services.soins").joinpath("calendrier.json").read_text(encoding="utf-8")
    return cast("Mapping[str, Json]", json.loads(text))


@cache
def calendar() -> Calendar:
    """The same, read. Raises KeyError, ValueError or TypeError when the file is not of its form."""
    return rules.read(data())
