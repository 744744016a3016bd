"""What a city sets of live choice among plans, `reglages/choix-en-direct.toml`:

gain_min = 10          # per cent of the expected delay that a change must save
confirmations = 1      # intervals in a row in which it would
tenue = 2              # intervals that a plan chosen so stays at least
changements = 12       # in a day and a junction, at most
sans_comptages = 2     # intervals without counts after which the timetable holds
accord = true          # a change waits for somebody of the group to agree
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pyarrow as pa

from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence
from parvis.core.toml import parsed
from parvis.methods.signals.plan_choice import Rules

NAME = "reglages/choix-en-direct.toml"
BOUNDS: Mapping[str, tuple[int, int]] = {
    "gain_min": (1, 50),
    "confirmations": (1, 12),
    "tenue": (0, 12),
    "changements": (0, 96),
    "sans_comptages": (1, 12),
}
"""Of each number, the least and the most."""


def of(tables: Mapping[str, pa.Table]) -> Rules:
    """The rules of the city, or those that hold where it says nothing."""
    return read(str(tables["reglages"]["texte"][0].as_py()), NAME) if "reglages" in tables else Rules()


def read(text: str, name: str) -> Rules:
    """The rules of the file. Raises UsageError for a key that nobody knows, or a value out of its bounds."""
    document = parsed(text, name)
    known = {*BOUNDS, "accord"}
    for key in document:
        if key not in known:
            raise UsageError(
                Sentence("{where} : clé inconnue « {key} ».", where=name, key=key),
                mend=Sentence("Clés connues : {list}.", list=", ".join(sorted(known))),
            )
    person = document.get("accord", False)
    if not isinstance(person, bool):
        raise UsageError(
            Sentence("{where} : « accord » est true ou false.", where=name), mend="Écrivez accord = true."
        )
    usual = Rules()
    numbers = {key: _whole(document[key], key, name) for key in BOUNDS if key in document}
    return replace(
        usual,
        least_gain=numbers["gain_min"] / 100 if "gain_min" in numbers else usual.least_gain,
        confirm=numbers.get("confirmations", usual.confirm),
        hold=numbers.get("tenue", usual.hold),
        changes=numbers.get("changements", usual.changes),
        missing=numbers.get("sans_comptages", usual.missing),
        person=person,
    )


def _whole(value: object, key: str, name: str) -> int:
    """The number of a key. Raises UsageError where it is none, or out of `BOUNDS`."""
    least, most = BOUNDS[key]
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise UsageError(
            Sentence(
                "{where} : « {key} » est un nombre entier de {least} à {most}.",
                where=name, key=key, least=least, most=most,
            ),
            mend="Corrigez ce nombre, ou retirez la ligne.",
        )  # fmt: skip
    return value
