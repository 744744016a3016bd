"""Opening hours that a program wrote, a day a field or a record: put into the lines that a person would write.

Read: `{"lundi": "09:00-12:00", …}`, records with a first and a last day and times by number, as the directory of
service-public.fr gives them, and `monday:09:00-12:00|tuesday:…`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from parvis.methods.hours.french_entries import DAY_NAMES
from parvis.methods.hours.french_words import fold

_ENGLISH = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = {**{name: name for name in DAY_NAMES}, **dict(zip(_ENGLISH, DAY_NAMES, strict=True))}
_CLOCK = re.compile(r"(\d{1,2})[:hH](\d\d)(?::\d\d)?")
_RANGES = re.compile(r"[\d:hH]+ ?(?:-|–|à|a|to) ?[\d:hH]+")
_PIPED = re.compile(rf"(?:(?:{'|'.join(_ENGLISH)}) ?: ?+[\d:, -]*+(?:\||$))+", re.IGNORECASE)
_SHUT = frozenset({"", "ferme", "closed", "null", "none", "-", "false"})


def without_records(text: str) -> str:
    """The same hours in lines; a text that is no such record is left as it is.

    >>> without_records('{"lundi": "09:00-12:00", "mardi": null}')
    'lundi : 09h00-12h00\\nmardi : fermé'
    >>> without_records("monday:09:00-12:00|friday:09:00-12:00,14:00-18:00")
    'lundi : 09h00-12h00\\nvendredi : 09h00-12h00, 14h00-18h00'
    """
    bare = text.strip()
    if _PIPED.fullmatch(bare):
        cells = (cell.partition(":") for cell in bare.split("|") if cell)
        return "\n".join(_line(_DAY[day.strip().lower()], hours) for day, _, hours in cells)
    if bare[:1] not in ("{", "["):
        return text
    try:
        found: object = json.loads(bare)
    except ValueError:
        return text
    lines = list(_lines(found))
    return "\n".join(lines) if lines and all(lines) else text


def _lines(found: object) -> Iterator[str]:
    """A line a day or record; an empty one where it is not known what a part says."""
    if isinstance(found, dict):
        fields = {fold(str(key)): value for key, value in found.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        if fields and all(key in _DAY for key in fields):
            for key, value in fields.items():  # pyright: ignore[reportUnknownVariableType]
                yield _line(_DAY[key], " ".join(_texts(value)) if _texts(value) else "")
        else:
            yield _record(fields)
    elif isinstance(found, list):
        for one in found:  # pyright: ignore[reportUnknownVariableType]
            yield from _lines(one)  # pyright: ignore[reportUnknownArgumentType]
    else:
        yield ""


def _record(fields: dict[str, object]) -> str:
    """« nom_jour_debut, nom_jour_fin, valeur_heure_debut_1, … »: of these days, at these times."""
    said = [(key, str(value).strip()) for key, value in fields.items() if value not in (None, "", False)]
    days = [_DAY[fold(value)] for _, value in said if fold(value) in _DAY]
    times = [value for _, value in said if _CLOCK.fullmatch(value)]
    ranges = [value for _, value in said if _RANGES.search(value) and not _CLOCK.fullmatch(value)]
    rest = [value for _, value in said if fold(value) not in _DAY and value not in (*times, *ranges)]
    shut = [value for value in rest if value == "True" or fold(value) in _SHUT]
    if not 1 <= len(days) <= 2 or len(times) % 2 or bool(times) == bool(ranges) == (not shut):
        return ""
    pairs = [f"{times[i]}-{times[i + 1]}" for i in range(0, len(times), 2)]
    head = days[0] if len(set(days)) == 1 else f"du {days[0]} au {days[1]}"
    note = [value for value in rest if value not in shut and not value.isdigit()]
    return _line(head, ", ".join((*pairs, *ranges)), *note)


def _texts(value: object) -> list[str]:
    """The times of a field, in their order: of a text, of lists, of records of a beginning and an end."""
    if isinstance(value, list | dict):
        inner: Iterable[object] = value.values() if isinstance(value, dict) else value  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
        parts = [text for one in inner for text in _texts(one)]
        pair = len(parts) == 2 and all(_CLOCK.fullmatch(part) for part in parts)
        return ["-".join(parts)] if pair else [", ".join(parts)] if parts else []
    return [] if value in (None, False) else [str(value)]


def _line(days: str, hours: str, *notes: str) -> str:
    said = "fermé" if fold(hours.strip()) in _SHUT else _CLOCK.sub(r"\1h\2", hours.strip())
    said = re.sub(r",(?=\d)", ", ", said)
    return f"{days} : {said}" + "".join(f" ({note})" for note in notes)
