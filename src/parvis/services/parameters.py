"""What was typed to the questions of a study, as values, and these values as JSON that a run keeps.

Unlike the form of a service, which never refuses, a study asked for with a wrong parameter is not begun: it
would take minutes to answer another question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from typing import cast

from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence, spoken
from parvis.core.suggestions import near
from parvis.core.types import Json
from parvis.services.answers import Ask, Attached, Spot, Value

Find = Callable[[str], Spot | None]
"""Where a place lies that is called so; None when nobody knows."""

_POSITION = re.compile(r"\s*(-?\d{1,2}(?:[.,]\d+)?)\s*[,; ]\s*(-?\d{1,3}(?:[.,]\d+)?)\s*")
MANY = 500
"""Places or rows said to one question, at most."""


def position(text: str) -> Spot | None:
    """A place written as latitude and longitude in degrees.

    >>> position("43.61, 3.87")
    Spot(name='43.61, 3.87', lon=3.87, lat=43.61)
    """
    found = _POSITION.fullmatch(text)
    if found is None:
        return None
    lat, lon = (float(one.replace(",", ".")) for one in found.groups())
    return Spot(f"{lat:.8g}, {lon:.8g}", lon, lat) if abs(lat) <= 90 and abs(lon) <= 180 else None


def value(ask: Ask, said: Sequence[str], choices: Sequence[str] = (), find: Find = position) -> Value | None:
    """What was said to a question; None when it was left open and has no default. said: what was typed, one
    text for each value; choices: of rows.

    Raises UsageError that says what is wrong and what could stand there.
    """
    typed = [one for text in said if (one := " ".join(text.split()))] or (
        [ask.default] if ask.default else []
    )
    if ask.kind == "tick":
        return typed[-1:] == ["oui"]
    if not typed:
        if ask.needed:
            raise unsaid(ask)
        return None
    match ask.kind:
        case "rows":
            return tuple(_chosen(ask, one, choices) for one in dict.fromkeys(typed[:MANY]))
        case "places":
            lines = [line for text in said for line in re.split(r"[\n|]", text) if line.strip()]
            return tuple(_place(ask, " ".join(one.split()), find) for one in lines[:MANY])
        case "row":
            return _chosen(ask, typed[0], choices)
        case "place":
            return _place(ask, typed[0], find)
        case "choice":
            return _chosen(ask, typed[0], tuple(ask.choices))
        case "number":
            return _number(ask, typed[0])
        case "day":
            return _day(ask, typed[0])
        case "time":
            return _time(ask, typed[0])
        case _:
            return typed[0]


def unsaid(ask: Ask) -> UsageError:
    """A question that was left open, and is needed."""
    return UsageError(Sentence("« {title} » : une réponse est attendue.", title=spoken(ask.title)))


def _chosen(ask: Ask, text: str, choices: Sequence[str]) -> str:
    if text in choices:
        return text
    if not choices:
        raise UsageError(
            Sentence("« {title} » : il n’y a rien à choisir.", title=spoken(ask.title)),
            mend="Publiez d’abord la table.",
        )
    raise UsageError(
        Sentence("« {title} » : « {text} » n’est pas un choix.", title=spoken(ask.title), text=text),
        mend=near(text, choices, Sentence("Par exemple « {choices} ».", choices=choices[0])),
    )


def _place(ask: Ask, text: str, find: Find) -> Spot:
    found = position(text) or find(text)
    if found is None:
        raise UsageError(
            Sentence("« {title} » : « {text} » n’a pas été trouvé.", title=spoken(ask.title), text=text),
            mend="Écrivez une latitude et une longitude, par exemple « 43.61, 3.87 ».",
        )
    return found


def _number(ask: Ask, text: str) -> float:
    try:
        said = float(re.sub(r"[\s\u202f\u00a0]", "", text).replace(",", "."))
    except ValueError:
        said = float("nan")
    if not ask.least <= said <= ask.most:
        raise UsageError(
            Sentence(
                "« {title} » : « {text} » n’est pas un nombre de {least} à {most}.",
                title=spoken(ask.title),
                text=text,
                least=f"{ask.least:g}",
                most=f"{ask.most:g}",
            )
        )
    return said


def _day(ask: Ask, text: str) -> date:
    french = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)
    try:
        return date(int(french[3]), int(french[2]), int(french[1])) if french else date.fromisoformat(text)
    except ValueError:
        raise UsageError(
            Sentence("« {title} » : « {text} » n’est pas un jour.", title=spoken(ask.title), text=text),
            mend="Par exemple « 2026-03-31 ».",
        ) from None


def _time(ask: Ask, text: str) -> time:
    clock = re.fullmatch(r"(\d{1,2})\s*(?:[:hH]\s*(\d{2})?)?", text)
    if clock is None or int(clock[1]) > 23 or int(clock[2] or 0) > 59:
        raise UsageError(
            Sentence("« {title} » : « {text} » n’est pas une heure.", title=spoken(ask.title), text=text),
            mend="Par exemple « 09:30 ».",
        )
    return time(int(clock[1]), int(clock[2] or 0))


def sends_file(said: Json) -> bool:
    """Whether an answer, as it is kept, is a file that was sent along.

    >>> sends_file({"name": "reseau.inp", "file": "9f86d0"}), sends_file({"lon": 3.9, "lat": 43.6}), sends_file("file")
    (True, False, False)
    """
    return isinstance(said, dict) and "file" in said


def written(said: Value, kept: Callable[[Attached], str]) -> Json:
    """A value as a run keeps it. kept: digest under which a file was kept."""
    match said:
        case Spot():
            return {"name": said.name, "lon": said.lon, "lat": said.lat}
        case Attached():
            return {"name": said.name, "file": kept(said)}
        case tuple():
            return [written(one, kept) for one in said]
        case time():
            return f"{said:%H:%M}"
        case date():
            return said.isoformat()
        case _:
            return said


def reread(ask: Ask, said: Json, opened: Callable[[str], bytes]) -> Value:
    """The value that `written` made JSON of. opened: the bytes of a kept file."""
    if isinstance(said, list):
        return cast(Value, tuple(_spot(one) if isinstance(one, dict) else str(one) for one in said))
    if isinstance(said, dict):
        return Attached(str(said["name"]), opened(str(said["file"]))) if "file" in said else _spot(said)
    match ask.kind:
        case "time":
            return time.fromisoformat(str(said))
        case "day":
            return date.fromisoformat(str(said))
        case _:
            return said if isinstance(said, bool | int | float) else str(said)


def _spot(said: Mapping[str, Json]) -> Spot:
    return Spot(str(said["name"]), float(cast(float, said["lon"])), float(cast(float, said["lat"])))


def texts(said: Json) -> tuple[str, ...]:
    """What one would type to say this value again.

    >>> texts(0.5), texts(True), texts([{"name": "43.61, 3.87", "lon": 3.87, "lat": 43.61}])
    (('0.5',), ('oui',), ('43.61, 3.87',))
    """
    match said:
        case None | False:
            return ()
        case True:
            return ("oui",)
        case list():
            return tuple(one for each in said for one in texts(each))
        case dict():
            if "lat" in said:
                spot = _spot(said)
                return (f"{spot.lat:.8g}, {spot.lon:.8g}",)
            return (str(said["name"]),)
        case float() | int():
            return (f"{said:.15g}",)
        case _:
            return (said,)
