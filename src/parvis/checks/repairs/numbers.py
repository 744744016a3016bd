"""Numbers with the marks of another country: decimal comma or point, spaces between thousands, a typographic
minus.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from parvis.checks.declaration import English
from parvis.checks.repair import Example, Repair, Suspect

_SPACES = re.compile("[ \u00a0\u202f\u2009']")
_SPACED = re.compile("[+-]?[0-9]{1,3}(?:[ \u00a0\u202f\u2009'][0-9]{3})+(?:[.,][0-9]+)?")
_PLAIN = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
_BOTH = re.compile(r"[+-]?[0-9]{1,3}(?:(?:\.[0-9]{3})+,[0-9]+|(?:,[0-9]{3})+\.[0-9]+)")
_TWICE = re.compile(r"[+-]?[0-9]{1,3}(?:(?:\.[0-9]{3}){2,}|(?:,[0-9]{3}){2,})")
_UNCLEAR = re.compile(r"[+-]?[1-9][0-9]{0,2}([.,])[0-9]{3}")

Mark = Literal[",", "."]


def _mend(suspect: Suspect) -> Mapping[str, str]:
    if suspect.column.type not in ("number", "integer"):
        return {}
    wanted = suspect.column.options.get("decimalChar")
    mark = wanted if isinstance(wanted, str) and wanted else "."
    sure = {m for m in (",", ".") if any(_decimal(text, m) for text in (*suspect.known, *suspect.texts))}
    out: dict[str, str] = {}
    for text in suspect.texts:
        value = _read(text, sure)
        if value is None:
            continue
        whole, _, rest = value.partition(".")
        if suspect.column.type == "integer" and rest.strip("0"):
            continue
        good = whole if suspect.column.type == "integer" or not rest else f"{whole}{mark}{rest}"
        if good != text:
            out[text] = good
    return out


def _decimal(text: str, mark: str) -> bool:
    """Whether this text shows that the mark is a decimal one: it can't be read as thousands."""
    body = _SPACES.sub("", text.strip().replace("\u2212", "-"))
    return _PLAIN.fullmatch(body) is not None and mark in body and _UNCLEAR.fullmatch(body) is None


def _read(text: str, sure: set[str]) -> str | None:
    """The number with a point, None when it may be read in two ways, or in none."""
    body = text.strip().replace("\u2212", "-")
    if _SPACED.fullmatch(body):
        return _SPACES.sub("", body).replace(",", ".").removeprefix("+")
    if _BOTH.fullmatch(body):
        last = max(body.rfind(","), body.rfind("."))
        return (body[:last].replace(",", "").replace(".", "") + "." + body[last + 1 :]).removeprefix("+")
    if _TWICE.fullmatch(body):
        return body.replace(",", "").replace(".", "").removeprefix("+")
    unclear = _UNCLEAR.fullmatch(body)
    if unclear is not None and unclear[1] not in sure:
        return None
    return body.replace(",", ".").removeprefix("+") if _PLAIN.fullmatch(body) else None


numbers = Repair(
    name="numbers",
    title="Nombres récrits avec la marque décimale de la colonne",
    certain="« 1,234 » n’est récrit que si le reste de la colonne montre que la virgule est décimale.",
    english=English(
        title="Numbers rewritten with the decimal mark of the column",
        why="“1,234” is rewritten only when the rest of the column shows that the comma is a decimal mark.",
    ),
    turn=3,
    mend=_mend,
    examples=(
        Example(
            {"type": "number"},
            ("43,62", "1 234,5", "1.234,56", "12.5", "abc", "1\u202f000", "\u22125"),
            {
                "43,62": "43.62",
                "1 234,5": "1234.5",
                "1.234,56": "1234.56",
                "1\u202f000": "1000",
                "\u22125": "-5",
            },
        ),
        Example({"type": "number"}, ("1,234", "12.5"), {}),
        Example({"type": "number"}, ("1,234", "12,5"), {"1,234": "1.234", "12,5": "12.5"}),
        Example(
            {"type": "number", "decimalChar": ","},
            ("12.5", "3,5", "1 000"),
            {"12.5": "12,5", "1 000": "1000"},
        ),
        Example({"type": "integer"}, ("12.0", "12,5", "1 234"), {"12.0": "12", "1 234": "1234"}),
    ),
)
