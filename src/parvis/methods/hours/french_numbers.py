"""Times of the clock in French words: « neuf heures trente », « midi et demi », « dix heures moins le quart
».
"""

from __future__ import annotations

import re

_UNITS = ("zero", "une?", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize", "quatorze", "quinze", "seize",
          "dix-sept", "dix-huit", "dix-neuf")  # fmt: skip
_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante"}
_NUMBERS: dict[int, str] = (
    dict(enumerate(_UNITS))
    | _TENS
    | {
        ten + unit: f"{word}(?:-et-| et |[- ]){_UNITS[unit]}"
        for ten, word in _TENS.items()
        for unit in range(1, 10)
    }
)


def _any(numbers: dict[int, str]) -> str:
    return "|".join(sorted(numbers.values(), key=len, reverse=True))


_MINUTES = rf"(?: ?(?P<part>et demie?|et quart|trois quarts|moins (?:le )?quart)| (?P<minutes>{_any({n: w for n, w in _NUMBERS.items() if n > 1})}|\d\d))?"
_IN_WORDS = re.compile(
    r"(?<!\w)(?<!les )(?<!pendant )(?<!durant )"
    rf"(?:(?P<noon>midi|minuit)|(?P<hour>{_any({n: w for n, w in _NUMBERS.items() if n <= 24})}) ?heures?){_MINUTES}(?!\w)"
    r"(?! (?:avant|apres|par|plus|de suite|gratuit))"
)
_PARTS = {"et quart": 15, "trois quarts": 45}
_OF_DAY = re.compile(r" du matin(?!\w)|(?P<later> du soir| de l'apres-midi)(?!\w)")


def clock_in_words(folded: str, at: int) -> tuple[int, int] | None:
    """Minutes since midnight of the time that stands here, and where it ends; None when none does. folded: lower case, without accents.

    >>> clock_in_words("de dix-huit heures trente", 3), clock_in_words("midi et demi", 0), clock_in_words("une heure avant", 0)
    ((1110, 25), (750, 12), None)
    """
    found = _IN_WORDS.match(folded, at)
    if found is None:
        return None
    hour = {"midi": 12, "minuit": 24}.get(found["noon"]) if found["noon"] else _number(found["hour"])
    if hour is None:
        return None
    end = found.end()
    if of_day := _OF_DAY.match(folded, end):
        hour, end = hour + 12 * (bool(of_day["later"]) and hour < 12), of_day.end()
    if found["part"] is not None:
        more = -15 if found["part"].startswith("moins") else _PARTS.get(found["part"], 30)
    else:
        more = _number(found["minutes"]) if found["minutes"] else 0
    minutes = 60 * hour + (more or 0)
    if minutes > 1440 and hour == 24:
        minutes -= 1440
    if hour == 1 and end == found.end() and not more:
        return None  # a length of time, more often
    return (minutes, end) if minutes <= 1440 and (more or 0) < 60 else None


def _number(said: str) -> int | None:
    return (
        int(said)
        if said.isdigit()
        else next((number for number, pattern in _NUMBERS.items() if re.fullmatch(pattern, said)), None)
    )
