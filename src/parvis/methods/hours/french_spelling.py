"""How a French text is spelt before its words are known: days and times without a blank between, clocks of twelve hours, days
said in English beside French words.
"""

from __future__ import annotations

import re

from parvis.methods.hours.french_entries import DAY_NAMES
from parvis.methods.hours.french_words import fold

_SHORTENED = (
    (re.compile(r"\bvac\.? ?scol\.?(?!\w)", re.IGNORECASE), "vacances scolaires"),
    (re.compile(r"\bvac\.(?= ?[^\W\d]| ?:)", re.IGNORECASE), "vacances"),
    (re.compile(r"\bp[ée]r\. ?scol\.?(?!\w)", re.IGNORECASE), "période scolaire"),
)
_BUT_THEN = r"(?:sauf|excepté|hormis) (?:[^,;.\n()\d]|\d(?! ?h))*?"
_THERE = r" où (?:[^,;.\n()\d])*?"
_ENDS_THEN = re.compile(rf"(?P<but>{_BUT_THEN}){_THERE}ferme(?:nt)? à (?=\d)", re.IGNORECASE)
"""« sauf le mercredi où les bureaux ferment à 12h »"""
_CLOSED_THEN = re.compile(
    r"(?:sauf|excepté|hormis) (?P<by>en |pendant |durant )?(?P<when>[^,;.\n()\d]*?)"
    rf"{_THERE}(?:est|sont|sera|seront) fermée?s? (?:le |les )(?P<day>{'|'.join(DAY_NAMES)})s?\b",
    re.IGNORECASE,
)
"""« sauf en août où la mairie est fermée le samedi »"""
_CLOSED_THEN_ALL = re.compile(
    rf"(?P<but>{_BUT_THEN}){_THERE}(?:est|sont|sera|seront) fermée?s?(?=\s*(?:[,;.)\n]|$))", re.IGNORECASE
)
_DAY = rf"(?:{'|'.join(DAY_NAMES)}|lun|mar|mer|jeu|ven|sam|dim)"
_ARROWS = re.compile("[➜➔➝➞➡⇒⟶⮕►▶]\ufe0f?")
_LONG_ARROW = re.compile(r"[-–—=]{2,}>|=>")
_POINTS = re.compile(r"(?<=[\dhH]) ?(?:…|\.{2,}) ?(?=\d)")
"""« 9h…12h »: from one to the other."""
_GLUED_DAY = re.compile(rf"(?<![^\W\d_])({_DAY}s?)(?=\d{{1,2}} ?[h:])", re.IGNORECASE)
_GLUED_TIME = re.compile(rf"(?<=\d)([hH](?:\d\d)?)(?=(?:{'|'.join(DAY_NAMES)})(?![^\W\d_]))", re.IGNORECASE)
_GLUED_WORD = re.compile(r"(?<=\d)([hH](?:\d\d)?)(?=(?:ferm|ouv|sauf|du |le |et |puis)[^\W\d_]*)")
"""« 13h-19hfermé le dimanche »"""
_WRAPPED = re.compile(
    r"(?<=[^\s.;:|-]) *((?: (?:à|au|de|du|et|ou|le|la|les|des|sauf|entre)|,)) *\n+ *(?=[^\s*•|-])|(?<=[^\s.;:|-]) *\n+ *(?=(?:et|à|au|puis) [^\n|]*\d)"
)
"""A line that ends within a sentence: behind « à », « et », a comma, or before « et de 14h »."""
_ORDINAL = re.compile(
    r"\b([1-5]) (ers?|e|ème|eme|ère|nde?)(?= (?:et|,|ou)? ?(?:\d|les? |du |dimanche|lundi|mardi|mercredi|jeudi|vendredi|samedi))"
)
_FROM_TO = re.compile(
    r"\bouverture(?P<half> (?:le |du )?(?:matin|midi|après-midi|soir))? ?:? ?(?:à )?(?P<from>\d{1,2} ?[h:.] ?(?:\d\d)?)[ ,;/-]*"
    r"fermeture(?: (?:le |du )?(?:matin|midi|après-midi|soir))? ?:? +?(?:à )?(?P<to>\d{1,2} ?[h:.] ?(?:\d\d)?)(?=\W|$)",
    re.IGNORECASE,
)
"""« Ouverture matin : 10h Fermeture matin : 12h30 », as forms have it."""
_TWELVE = re.compile(
    r"(?<![\d:.h])(?P<hour>1[0-2]|0?[1-9])(?:[:.h](?P<minute>[0-5]\d))? ?(?P<half>[ap])\.?m\b\.?",
    re.IGNORECASE,
)
"""« 9am », « 1:30 p.m. »"""
_HALF = re.compile(rf"(\b{_DAY}s?\.?) (?:(am|a\.m\.?|mat\.?)|(?:pm|p\.m\.?))(?=[ :,)]|$)", re.IGNORECASE)
"""« lundi AM », « mardi mat. »: half of a day, where no figure stands before it."""
_TO = re.compile(r"(?<=[\dhH]) ?[àÀ] ?(?=\d)")
_LATE = re.compile(
    rf"\bnocturnes? ((?:(?:le|les|du|de|des|tous|chaque|1ers?|[1-5]e?(?:me)?s?|premiers?|derniers?|mois|{_DAY}s?)\.? ?)+?)"
    r" ?\(?(\d{1,2} ?h(?: ?\d\d)?)\)?(?! ?(?:-|–|à|a|/|et|\d))",
    re.IGNORECASE,
)
"""« nocturne le jeudi 22h », « nocturnes les 1ers jeudis du mois (21h) »: until then."""
_ENGLISH_DAYS: dict[str, str] = dict(
    zip(
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), DAY_NAMES, strict=True
    )
)
_ENGLISH_DAY = re.compile(rf"\b(?:on )?({'|'.join(_ENGLISH_DAYS)})s?\b", re.IGNORECASE)
_OPEN = re.compile(rf"\bopen(?= (?:du|de|le|les|{_DAY})\b)", re.IGNORECASE)
_LAST = re.compile(r"\blast (?:admissions?|entry|entries|entrance)\b", re.IGNORECASE)
_TWICE = re.compile(rf"\b({'|'.join(DAY_NAMES)}) ?[-/|(] ?\1\b\)?", re.IGNORECASE)
"""« lundi / Monday », once both are French."""


def respelt(text: str) -> str:
    """The text as a French hand would have spelt it.

    >>> respelt("lundi8h30-12hmardi14h-17h"), respelt("Open du lundi au vendredi 9am - 5:30 pm")
    ('lundi 8h30-12h mardi 14h-17h', 'ouvert du lundi au vendredi 9h00 - 17h30')
    """
    for pattern, whole in _SHORTENED:
        text = pattern.sub(whole, text)
    text = _CLOSED_THEN.sub(_closed_then, _ENDS_THEN.sub(r"\g<but> jusqu'à ", text))
    text = _CLOSED_THEN_ALL.sub(r"\g<but>", text)
    text = _POINTS.sub("-", _LONG_ARROW.sub("→", _ARROWS.sub("→", text)))
    text = _FROM_TO.sub(r"\g<from> - \g<to>,", _ORDINAL.sub(r"\1\2", _WRAPPED.sub(r"\1 ", text)))
    text = _GLUED_WORD.sub(r"\1 ", text)
    text = _GLUED_TIME.sub(r"\1 ", _GLUED_DAY.sub(r"\1 ", text))
    text = _LATE.sub(r"\1 jusqu'à \2", _TWELVE.sub(_clock, _TO.sub(" à ", text)))
    text = _HALF.sub(lambda match: f"{match[1]} {'matin' if match[2] else 'après-midi'}", text)
    text = _LAST.sub("dernière entrée", _OPEN.sub("ouvert", text))
    return _TWICE.sub(r"\1", _ENGLISH_DAY.sub(lambda match: _ENGLISH_DAYS[match[1].lower()], text))


def _closed_then(match: re.Match[str]) -> str:
    """Of a day that was just said the season is enough."""
    before = re.findall("|".join(DAY_NAMES), match.string[: match.start()], re.IGNORECASE)
    same = bool(before) and before[-1].lower() == match["day"].lower()
    when = f"{match['by'] or 'en '}{match['when']}"
    return f"sauf {when}" if same else f"sauf le {match['day']} {when}"


def _clock(match: re.Match[str]) -> str:
    hour = int(match["hour"]) % 12 + 12 * (fold(match["half"]) == "p")
    return f"{hour}h{match['minute'] or '00'}"
