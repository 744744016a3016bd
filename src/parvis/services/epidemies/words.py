"""Words that the published series of outbreaks are written with: the illness, what is counted, the unit. A table
writes them in French; a page in another language says those that are known here, and leaves the others as written.
"""

from __future__ import annotations

from parvis.core.language import language
from parvis.core.sentence import mark
from parvis.core.text import fold
from parvis.services.answers import Asked

ILLNESSES = (
    mark("allergie"),
    mark("asthme"),
    mark("bronchiolite"),
    mark("bronchite aiguë"),
    mark("coqueluche"),
    mark("covid-19"),
    mark("dengue"),
    mark("diarrhée aiguë"),
    mark("gastro-entérite"),
    mark("grippe"),
    mark("infection respiratoire aiguë"),
    mark("infections respiratoires aiguës"),
    mark("pneumopathie"),
    mark("rougeole"),
    mark("scarlatine"),
    mark("syndrome grippal"),
    mark("varicelle"),
)
MEASURES = (
    mark("actes SOS Médecins"),
    mark("cas confirmés"),
    mark("consultations"),
    mark("décès"),
    mark("hospitalisations"),
    mark("hospitalisations après passage aux urgences"),
    mark("passages aux urgences"),
    mark("taux d’incidence"),
)
UNITS = (
    mark("pour 1 000 habitants"),
    mark("pour 10 000 actes"),
    mark("pour 10 000 passages"),
    mark("pour 100 000 habitants"),
    mark("copies par litre"),
)
KNOWN = (*ILLNESSES, *MEASURES, *UNITS)


def _key(text: str) -> str:
    return " ".join(fold(text).split())


_BY_KEY = {_key(known): known for known in KNOWN}


def word(asked: Asked, written: str) -> str:
    """One word of a series, in the visitor's language."""
    return asked.say(_BY_KEY.get(_key(written), written)) if asked.speech.code != "fr" else written


def in_english(written: str) -> str:
    """What a series follows, or its unit, for a message that goes out in both languages; as written where it is not known.

    >>> in_english("Bronchiolite : passages aux urgences")
    'bronchiolitis: emergency visits'
    """
    speech = language("en").of("epidemies")
    return ": ".join(speech.say(_BY_KEY[_key(p)]) if _key(p) in _BY_KEY else p for p in written.split(" : "))


def followed(asked: Asked, what: str) -> str:
    """What a series follows: what the city counts, or « maladie : mesure » as `situation` joins them."""
    illness, _, measure = what.partition(" : ")
    if not measure:
        return word(asked, what)
    return asked.say("%(illness)s : %(measure)s", illness=word(asked, illness), measure=word(asked, measure))
