"""What was understood of a French text, held against what the text shows (`french_evidence`): a second look that knows no grammar.

The table of productions finds a reading that its rules allow; whether that reading has used all that the text says, and
nothing that it does not say, is asked here, by counting: clocks, days, closings, parts of the day and of the year. One
contradiction is a doubt that is said, two are a refusal.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence

from parvis.core.sentence import mark
from parvis.methods.hours.french_answer import Answer
from parvis.methods.hours.french_check_days import (
    bare,
    closing_lost,
    day_added,
    day_lost,
    half_amiss,
    open_and_closed,
    twice,
    week_differs,
    without_ends_of_days,
)
from parvis.methods.hours.french_entries import HEAD, OVERLAP, TAIL, UNLESS
from parvis.methods.hours.french_evidence import Sign, evidence, of
from parvis.methods.hours.french_words import NotFrench, says_nothing
from parvis.methods.hours.values import Dates, Holiday, Hours, Months, Weekdays, Weeks

CLOCK_LOST = mark("Une heure écrite dans le texte ne se retrouve pas dans ce qui en est compris.")
CLOCK_ADDED = mark("Une heure comprise n’est pas écrite dans le texte.")
DAY_LOST = mark("Un jour nommé dans le texte ne se retrouve pas dans ce qui en est compris.")
DAY_ADDED = mark("Un jour est compris comme ouvert, que le texte ne nomme pas.")
CLOSING_LOST = mark("Une fermeture ou une exception du texte ne se retrouve pas dans ce qui en est compris.")
ORDER = mark("Les heures d’un même jour ne se suivent pas : l’une peut être une erreur, ou d’un autre jour.")
SEASON_LOST = mark(
    "Une période nommée dans le texte (mois, saison, vacances, jours fériés) ne se retrouve pas dans ce qui en est compris."
)
TURN_LOST = mark(
    "Une alternance ou un rang (« semaines paires », « 1er samedi ») ne se retrouve pas dans ce qui est compris du texte."
)
BOOKED_LOST = mark("Le texte parle de rendez-vous, et ce qui en est compris n’en dit rien.")
HALF_AMISS = mark("« Matin », « après-midi » ou « soir » ne s’accorde pas avec les heures dites.")
JOINED = mark(
    "Un jour et les vacances ou les jours fériés, joints par « et », se lisent ensemble ou chacun pour soi."
)
NEGATED = mark("Une négation du texte n’est pas comprise.")

WEEK = mark("Lu jour après jour, le texte donne d’autres heures que celles qui en sont comprises.")
BOTH = mark("Un jour est dit ouvert, et fermé.")
BARE = mark("Des jours sont nommés sans leurs heures.")
HEDGED = mark("Un mot du texte (« parfois », « selon », « environ ») laisse ses heures incertaines.")
WORD = mark("Des mots du texte ne sont pas connus : ils peuvent changer les horaires.")

_FAMILY = {
    CLOCK_LOST: "clocks", CLOCK_ADDED: "clocks", ORDER: "clocks", HALF_AMISS: "clocks",
    DAY_LOST: "days", DAY_ADDED: "days", WEEK: "days", OVERLAP: "days", BARE: "days",
    CLOSING_LOST: "closings", BOTH: "closings", NEGATED: "closings",
    SEASON_LOST: "year", TURN_LOST: "year", JOINED: "year", BOOKED_LOST: "year", WORD: "words", HEDGED: "words",
}  # fmt: skip
"""What one slip may set off several times counts once."""
_ASIDE = frozenset({TAIL, HEAD, UNLESS})
"""Doubts that say that some of the text was left out: what is missing then is no news."""


def checked(text: str, hours: Hours) -> tuple[str, ...]:
    """The doubts of the reading, and the one that this check adds. Raises NotFrench where more than one thing is amiss, or a negation
    was not understood.
    """
    if _ASIDE & {*hours.doubts}:
        return hours.doubts
    amiss = tuple(one for one in contradictions(text, hours) if one not in hours.doubts)
    if len({_FAMILY[one] for one in amiss} - {"words"}) > 1 or NEGATED in amiss:
        raise NotFrench("what is understood is not what the text shows", amiss[0])
    return (*hours.doubts, *amiss)


def contradictions(text: str, hours: Hours) -> tuple[str, ...]:
    """Where what was understood does not agree with what the text shows, as sentences in French; none where it does."""
    signs = evidence(text)
    answer = Answer((*hours.rules, *itertools.chain.from_iterable(hours.others)))
    return tuple(doubt for doubt, amiss in _CHECKS if amiss(signs, answer, hours))


Check = Callable[[Sequence[Sign], Answer, Hours], bool]


# --- clocks --------------------------------------------------------------------------------------------------


def _clock_lost(signs: Sequence[Sign], answer: Answer, hours: Hours) -> bool:
    """A clock of the text is neither a beginning nor an end."""
    known = answer.clocks
    return any(not {s.values[0] % 1440, (s.values[0] + 720) % 1440} & known for s in of(signs, "clock"))


def _clock_added(signs: Sequence[Sign], answer: Answer, hours: Hours) -> bool:
    """A beginning or end that no clock and no bare number of the text says."""
    said = {s.values[0] % 1440 for s in of(signs, "clock", "number")}
    return any(clock and clock not in said and (clock - 720) % 1440 not in said for clock in answer.clocks)


def _runs(signs: Sequence[Sign]) -> Iterator[list[Sign]]:
    """Clocks with nothing but signs between them."""
    run: list[Sign] = []
    for one in signs:
        if one.kind == "clock":
            run.append(one)
        elif one.kind not in ("link", "and", "comma") and not (
            one.kind == "word" and one.text in ("de", "entre")
        ):
            yield run
            run = []
    yield run


def _disordered(signs: Sequence[Sign], answer: Answer, hours: Hours) -> bool:
    """« 14h-18h et 9h-12h »; the last may be of the night."""
    for run in _runs(without_ends_of_days(signs)):
        minutes = [s.values[0] for s in run]
        back = [i for i in range(1, len(minutes)) if minutes[i] <= minutes[i - 1]]
        night = back == [len(minutes) - 1] and minutes[-1] % 1440 <= 6 * 60 and len(minutes) % 2 == 0
        if back and not night:
            return True
    return False


# --- parts of the year ---------------------------------------------------------------------------------------


_EVEN_THEN = re.compile(r"y compris|compris|comprises?|inclus\w*|meme|memes")


def _season_lost(signs: Sequence[Sign], answer: Answer, hours: Hours) -> bool:
    texts = " ".join(s.text for s in signs)
    even = bool(_EVEN_THEN.search(texts))
    months = {m for s in of(signs, "month", "date") for m in s.values}
    if months - answer.months:
        return True
    if (
        of(signs, "date", "season")
        and not answer.has(Dates)
        and not answer.has(Months)
        and not even
        and not answer.holiday("SH")
    ):
        return True
    if (
        of(signs, "school")
        and not even
        and not (answer.holiday("SH") or answer.has(Dates) or answer.has(Months))
    ):
        return True
    return bool(of(signs, "holiday")) and not even and not answer.holiday("PH")


def _turn_lost(signs: Sequence[Sign], answer: Answer, hours: Hours) -> bool:
    return (bool(of(signs, "parity")) and not answer.has(Weeks)) or (
        bool(of(signs, "nth", "monthly")) and not answer.nth and not answer.has(Dates)
    )


def _booked_lost(signs: Sequence[Sign], answer: Answer, hours: Hours) -> bool:
    """Not « sans rendez-vous », « avec ou sans rendez-vous »."""
    for i, one in enumerate(signs):
        ahead = {s.text for s in signs[max(0, i - 2) : i]}
        if one.kind == "booked" and not ahead & {"sans", "hors"} and "rendez-vous" not in answer.comments:
            return True
    return False


def _joined(signs: Sequence[Sign], answer: Answer, hours: Hours) -> bool:
    """« mercredi et vacances scolaires »: understood as the Wednesdays of the holidays."""
    both = any(
        any(isinstance(s, Holiday) and s.kind == "SH" for g in rule.dates for s in g)
        and any(isinstance(s, Weekdays) for g in rule.dates for s in g)
        for rule in hours.rules
    )
    if not both:
        return False
    for i, one in enumerate(signs):
        ahead = [s for s in signs[max(0, i - 4) : i] if s.kind != "word"]
        if (
            one.kind == "school"
            and [s.kind for s in ahead[-2:]] in (["day", "and"], ["day", "comma"])
            and not of(ahead, "except")
        ):
            return True
    return False


def _negated(signs: Sequence[Sign], answer: Answer, hours: Hours) -> bool:
    return bool(of(signs, "negation"))


def _hedged(signs: Sequence[Sign], answer: Answer, hours: Hours) -> bool:
    return bool(of(signs, "hedge"))


_NEUTRAL = frozenset((
    "accessible", "accessibles", "annuel", "annuelle", "annuelles", "appelez", "ascension", "attention", "autre", "autres", "avec", "b", "c", "ces",
    "cette", "composer", "continu", "continue", "courriel", "cours", "date", "dates", "dejeuner", "entre", "exceptionnel", "exceptionnelle",
    "exceptionnellement", "garde", "h", "habituelle", "habituelles", "hebdomadaire", "hebdomadaires", "heure", "heures", "hors", "important",
    "interruption", "jour", "journee", "jours", "mail", "meridienne", "min", "minutes", "non", "ou", "ouvert", "ouverte", "ouvertes", "ouverts",
    "ouverture", "ouvertures", "ouvrables", "ouvre", "ouvrent", "ouvres", "particuliers", "pont", "possible", "pour", "prise", "rappel",
    "reouverture", "reste", "restent", "saison", "sans", "semaine", "semaines", "stop", "sur", "tel", "telephone", "vous", "zone", "zones",
))  # fmt: skip
"""Words that stand in hours and change nothing, or whose changes are asked elsewhere."""
_PLACED = frozenset(("devant", "sous", "place", "quai", "rue", "avenue", "boulevard", "parking", "salle", "halle", "halles", "esplanade", "parvis",
                     "cours", "allee", "derriere", "face", "dans", "route", "chemin", "impasse", "bourg"))  # fmt: skip
_WORD_ITSELF = re.compile(r"[^\W\d_]+")


def _unknown_word(signs: Sequence[Sign], answer: Answer, hours: Hours) -> bool:
    """Behind the first day or time, a word of which nothing is known, and that is not of the name of a place."""
    begin = next(
        (
            i
            for i, s in enumerate(signs)
            if s.kind in ("day", "clock", "every", "closed", "month", "date", "number")
        ),
        0,
    )
    placed = False
    for one in signs[begin:]:
        if one.kind != "word":
            placed = placed and one.kind in ("link", "and", "counted")
            continue
        parts = (
            _WORD_ITSELF.findall(one.text)
            if not one.text[0].isdigit() and "@" not in one.text and "." not in one.text
            else []
        )
        placed |= bool(set(parts) & _PLACED)
        if not placed and any(p not in _NEUTRAL and not says_nothing(p) for p in parts):
            return True
    return False


_CHECKS: tuple[tuple[str, Check], ...] = (
    (CLOCK_LOST, _clock_lost),
    (CLOCK_ADDED, _clock_added),
    (ORDER, _disordered),
    (DAY_LOST, day_lost),
    (DAY_ADDED, day_added),
    (HALF_AMISS, half_amiss),
    (CLOSING_LOST, closing_lost),
    (SEASON_LOST, _season_lost),
    (TURN_LOST, _turn_lost),
    (BOOKED_LOST, _booked_lost),
    (JOINED, _joined),
    (NEGATED, _negated),
    (WEEK, week_differs),
    (BOTH, open_and_closed),
    (OVERLAP, twice),
    (BARE, bare),
    (HEDGED, _hedged),
    (WORD, _unknown_word),
)
