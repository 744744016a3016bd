"""What a French text of opening hours shows to whoever knows no grammar: which days, clocks, closings, parts of the day and of
the year it names, one after the other. Shares nothing with the table of productions but how letters are folded, so that what that
table makes of the text can be held against it (`french_check`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from parvis.methods.hours.french_numbers import clock_in_words
from parvis.methods.hours.french_words import fold, slip

Kind = Literal[
    "day",
    "every",
    "rest",
    "clock",
    "number",
    "counted",
    "closed",
    "except",
    "excluded",
    "part",
    "month",
    "date",
    "season",
    "school",
    "holiday",
    "parity",
    "nth",
    "booked",
    "until",
    "from",
    "only",
    "more",
    "link",
    "and",
    "comma",
    "colon",
    "break",
    "(",
    ")",
    "word",
    "negation",
    "hedge",
    "monthly",
]
"""day: weekdays, 0 is Monday; every: « tous les jours »; rest: « les autres jours »; clock: minutes; number: maybe an hour;
counted: one that stands by what it counts; except: before what is left out, excluded: behind it;
hedge: « parfois », « selon »; monthly: « du mois »; link: a dash, « à »;
part: 0 morning, 1 afternoon, 2 evening."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that the text names. at: where it begins in the folded text."""

    kind: Kind
    values: tuple[int, ...] = ()
    text: str = ""
    at: int = 0


_E, _Z = r"(?<![^\W_])", r"(?![^\W_])"
_DAY = r"lun(?:dis?)?|mar(?:dis?)?|mer(?:c(?:r(?:edis?)?)?)?|jeu(?:d(?:is?)?)?|ven(?:d(?:r(?:edis?)?)?)?|sam(?:e(?:dis?)?)?|dim(?:a(?:nches?)?)?"
_DAYS = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")
_SHORT = ("lu", "ma", "me", "je", "ve", "sa", "di")
_MONTH = r"janv(?:ier)?|fevr?(?:ier)?|mars|avr(?:il)?|mai|juin|juil(?:let)?|aout|sept?(?:embre)?|oct(?:obre)?|nov(?:embre)?|dec(?:embre)?"
_MONTHS = ("jan", "fev", "mars", "avr", "mai", "juin", "juil", "aou", "sep", "oct", "nov", "dec")
_COUNTED = (
    r"ans?|euros?|€|%|m2|m²|m|km|kg|t|ha|l|places?|personnes?|pers\.?|minutes?|min|mn|jours?|semaines?|mois|annees?|fois|habitants?|enfants?|eme|e|er|"
    r"rue|avenue|av\.?|place|boulevard|bd|chemin|route|impasse|quai|allee|bis|ter|etages?|salles?|terrains?|lits?|velos?|postes?|livres|documents|"
    r"degres|°c?|x|passages?|visites?|seances?|cours|heures? (?:par|avant|apres)"
)
_NUMBERED = re.compile(
    r"(?:n[°o]|numeros?|etage|salle|bureau|ligne|bus|porte|batiment|bat\.?|guichet|niveau|article|art\.?|zone|secteur|quai|lot|hall|box|appt|cs|bp"
    r"|tel\.?|age)\s*:?\s*$"
)
_LENGTH = r"(?! ?(?:avant|apres|plus tot|par (?:jour|semaine|mois)|/ ?(?:jour|semaine)|hebdo|gratuit|offert|de (?:stationnement|parking|retard|visite)))"
_NOT_WITHIN = "non (?:compris|inclus)(?:es?)?"
_PATTERNS: tuple[tuple[Kind, str], ...] = (
    ("word", r"(?:\+33 ?|(?<!\d)0)[1-9](?:[ .-]?\d\d){4}(?!\d)|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?://\S+|www\.\S+"),
    ("word", r"(?:[ldnsjmtc]|qu)'(?=\w)"),
    ("counted", rf"{_E}(?:derni(?:er|ere)s? (?:[^\W\d_]{{4,}} )|(?:fermeture|evacuation) (?:des|de la) [^\W\d_]{{4,}} )[^.;,\n()]*?avant(?: (?:la "
                rf"|l')?(?:fermeture|heure))?{_Z}"),
    ("counted", rf"{_E}derni(?:er|ere)s? (?:[^\W\d_]{{4,}} ){{1,3}}(?:a |: ?)?\d{{1,2}} ?[h:](?: ?\d\d)?{_Z}"),
    ("every", r"7 ?j(?:ours)?? ?(?:/|sur) ?7(?: ?j(?:ours)?)?|24 ?h?(?:eures)? ?(?:/|sur) ?24(?: ?h(?:eures)?)?|h24|365 ?j(?:ours)? ?(?:/|sur"
              r"|par) ?(?:365|an)"),
    ("every", rf"{_E}(?:(?:tous|tts?|ts) les jours|chaque jour|quotidien\w*|tlj|t\.l\.j\.?|jours? ouvr(?:es?|ables?)|jours de (?:la )?semaine"
              rf"|en semaine|la semaine|l(?P<by>[-, ./]{{0,2}})m(?P=by)m(?P=by)j(?P=by)v|"
              rf"(?:les |le )?week-? ?ends?|w\.?[/-]?e\.?|du l au v|l-v|l-s|l-d|jour et nuit|en permanence|toute la semaine|toutes? l'annee(?= ?(?:de"
              rf"|:|,|-)? ?\d))"),
    ("rest", rf"{_E}(?:autres jours|reste de la semaine|autres (?:lundis|mardis|mercredis|jeudis|vendredis|samedis|dimanches)){_Z}"),
    ("date", r"(?<![\d/])(?:0?[1-9]|[12]\d|3[01])[/.](?:0?[1-9]|1[0-2])[/.](?:20)?\d\d(?![\d/])"),
    ("date", r"(?<![\d/:.h])(?:0?[1-9]|[12]\d|3[01])/(?:0[1-9]|1[0-2])(?![\d/h])"),
    ("date", rf"{_E}(?:1er|\d{{1,2}})(?: ?(?:,|et|au|-) ?(?:1er|\d{{1,2}}))* ?(?P<month>{_MONTH}){_Z}\.?(?: (?:19|20)\d\d)?"),
    ("date", rf"{_E}(?:noel|paques|pentecote|ascension|toussaint|assomption|armistice|jour de l'an|nouvel an|saint-sylvestre|fete (?:du travail"
             rf"|nationale)|rentree){_Z}"),
    ("month", rf"{_E}(?P<month>{_MONTH}){_Z}\.?"),
    ("word", r"(?:19|20)\d\d(?!\d)"),
    ("booked", rf"{_E}(?:rdv|rendez[- ]vous|reservation|r\.d\.v\.?){_Z}"),
    ("parity", rf"{_E}(?:im)?paire?s?{_Z}|{_E}sur (?:deux|2){_Z}|{_E}(?:tous les|toutes les) (?:15|quinze) jours{_Z}|{_E}quinzaine{_Z}(?! d)|{_E}altern\w+"
               rf"|{_E}toutes les (?:deux|2|trois|3|quatre|4) semaines{_Z}|{_E}une semaine sur{_Z}|{_E}bimensuel\w*"),
    ("nth", rf"{_E}(?:1ere?s?|[2-5] ?(?:eme|e|nd|nde)s?|premiere?s?|deuxiemes?|seconde?s?|troisiemes?|quatriemes?|(?:avant-)?derni(?:er|ere)s?){_Z}"
            rf"(?= ?(?:(?:,|et|&|/|-) ?(?:le |les )?(?:\w+) ?){{0,4}}(?:{_DAY}){_Z})"),
    ("holiday", rf"{_E}(?:jours? )?feries?{_Z}|{_E}j\.?f\.?{_Z}|(?<!salle des )(?<!comite des ){_E}fetes{_Z}"),
    ("school", rf"{_E}(?:vacances|conges)(?: scolaires)?{_Z}|{_E}(?:periodes?|temps) scolaires?{_Z}|{_E}hors scolaire{_Z}"),
    ("season", rf"{_E}(?:ete|hiver|printemps|automne|estivale?s?|hivernale?s?|hors[ -]saison|saison|reste de l'annee|(?:haute|basse|moyenne"
               rf"|pleine) saison){_Z}"),
    ("part", rf"{_E}(?:matins?|matinees?){_Z}"),
    ("part", rf"{_E}(?:apres[- ]?midis?|aprems?|ap[-. ]midi){_Z}"),
    ("part", rf"{_E}(?:soirs?|soirees?|nocturnes?){_Z}"),
    ("excluded", rf"{_E}(?:excepte[es]*|exclue?s?|{_NOT_WITHIN}|mise?s? a part){_Z}"
                 rf"(?= *(?:$|[,;.:()|\n]|(?:de )?\d{{1,2}} ?(?:h|:)|et{_Z}))"),
    ("except", rf"{_E}(?:sauf|hors|hormis|excepte[es]*|exception(?: faite)?|exclusion|sf|en dehors|exclus?|si ce n'est|sans compter|{_NOT_WITHIN}"
               rf"|(?:mise?s? )?a part){_Z}"),
    ("closed", rf"{_E}pas d(?:'accueil|'ouverture|e permanence|e reception|e marche){_Z}"),
    ("closed", rf"{_E}(?:fermee?s?|fermetures?|fermes?|ferm\.?|ferment|relache|repos|closed?|off|clos){_Z}"),
    ("until", rf"{_E}(?:jusqu'?(?:a|au|aux)?|jusque|fin|cloture){_Z}"),
    ("from", rf"{_E}(?:des|a partir|a compter|depuis|ouvre|debut){_Z}"),
    ("only", rf"{_E}(?:uniquement|seulement|exclusivement|que|seule?s?){_Z}"),
    ("more", rf"{_E}(?:aussi|egalement|en plus|supplementaires?|plus(?= (?:le|les|du|tous)))|{_E}idem{_Z}|{_E}memes?{_Z}|{_E}comme{_Z}"),
    ("negation", rf"{_E}(?:ne|pas|jamais|aucune?s?|ni|sans(?! (?:rdv|rendez|interruption|coupure|pause|limite|reservation)))"
                 rf"{_Z}|{_E}n'(?!hesitez)"),
    ("monthly", rf"{_E}(?:du|de chaque|chaque|par|des|tous les) mois{_Z}"),
    ("hedge", rf"{_E}(?:parfois|souvent|rarement|certaine?s?|quelques|selon|suivant|variables?|varient|peu(?:t|vent)|environ|vers|si|habituellement"
              rf"|generalement|"
              rf"normalement|principe|provisoire\w*|temporaire\w*|susceptibles?|annule\w*|suspendu\w*|reporte\w*|deplace\w*){_Z}"),
    ("day", rf"{_E}(?P<day>{_DAY}){_Z}\.?"),
    ("and", rf"{_E}(?:et|puis|ainsi que){_Z}|[&+]"),
    ("link", rf"{_E}(?:a|au){_Z}|[-/~]"),
    ("comma", ","),
    ("colon", ":"),
    ("break", r"[.;\n|!?*]"),
    ("(", r"[(\[]"),
    (")", r"[)\]]"),
)  # fmt: skip
_COMPILED: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern)) for kind, pattern in _PATTERNS
)
_CLOCK = re.compile(
    rf"(?<![\d.,])(?<!\d:)(?P<h>\d{{1,2}}) ?(?:h(?:eures?|rs?|s)?)(?![^\W\d_]) ?(?P<m>[0-5]\d(?!\d| ?h)(?: ?mi?n)?)?{_LENGTH}"
    r"|(?<![\d.:,/])(?P<h2>\d{1,2})[:.](?P<m2>[0-5]\d)(?![\d]|[.:/]\d|,\d| ?(?:€|euros?|m\b|km))(?: ?h)?"
)
_JOINED = re.compile(
    r"(?<![\d:/])(?P<h>[01]\d|2[0-4])(?P<m>[0-5]\d) ?(?:-|a) ?(?=[0-2]\d[0-5]\d(?!\d))|(?<=\d[-a ])(?P<h2>[01]\d|2[0-4])(?P<m2>[0-5]\d)(?![\d:])"
)
_ENDS, _GOES_ON = re.compile(r"\d ?h? ?(?:-|a) ?$"), re.compile(r" ?(?:-|a) ?\d")
_MINUTES = {"trente": 30, "quinze": 15, "quarante-cinq": 45, "et demie": 30, "et quart": 15}
_IN_WORDS = re.compile(rf" ?({'|'.join(_MINUTES)}){_Z}")
_SHIFTED = re.compile(r" ?(?:du soir|de l'apres-midi)")
_NUMBER = re.compile(r"(?<![\d.,])\d+(?:[.,]\d+)?(?: ?h(?:eures?)?(?![^\W\d_]))?")
"""With « h » behind it and no clock before, a length of time."""
_BY = re.compile(rf" ?(?:{_COUNTED})(?![^\W_])| ?[€%°²³]| [^\W\d_]{{5,}}(?<!midi)(?<!matin)(?<!jusque)")
_WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*'?")
_SIGNS = str.maketrans({"’": "'", "‘": "'", "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "→": "-", ">": "-", "•": ";", "·": ";", "\r": "\n",
                        "\xa0": " ", "\u202f": " ", "\u2009": " ", "\t": " "})  # fmt: skip
_SHORT_DAY = re.compile(rf"{_E}(?:{'|'.join(_SHORT)}){_Z}\.?")
_LONG_DAY = re.compile(rf"{_E}(?:lundi|mardi|mercredi|jeudi|vendredi){_Z}")
_LETTER = re.compile(rf"{_E}[sd](?= ?:? ?\d{{1,2}} ?(?:h|[:.]\d\d))")
"""« S : 9h-12h »"""
_PARTS = {"m": 0, "a": 1, "s": 2, "n": 2}


def evidence(text: str) -> list[Sign]:
    """All that the text names, in its order; words of which nothing is known as « word ».

    >>> [(s.kind, s.values) for s in evidence("Du lundi au jeudi : 9h-12h30, sauf août")]
    [('word', ()), ('day', (0, 1, 2, 3)), ('colon', ()), ('clock', (540,)), ('link', ()), ('clock', (750,)), ('comma', ()), ('except', ()), ('month', (8,))]
    """
    folded = fold(text.translate(_SIGNS))
    found = set(_SHORT_DAY.findall(folded))
    short = len(found) > 1 and (len(found) > 2 or not _LONG_DAY.search(folded))
    return _ranges(_counts(list(_signs(folded, short=short))))


def of(signs: Sequence[Sign], *kinds: str) -> list[Sign]:
    """Those of these kinds."""
    return [s for s in signs if s.kind in kinds]


def _signs(folded: str, *, short: bool) -> Iterator[Sign]:
    at = 0
    while at < len(folded):
        if folded[at] in " '":
            at += 1
            continue
        sign, at = _one(folded, at, short=short)
        if sign is not None:
            yield sign


def _one(folded: str, at: int, *, short: bool) -> tuple[Sign | None, int]:
    if short and (match := _SHORT_DAY.match(folded, at)):
        return Sign("day", (_SHORT.index(match[0][:2]),), match[0], at), match.end()
    if match := _LETTER.match(folded, at):
        return Sign("day", (5 if match[0] == "s" else 6,), match[0], at), match.end()
    for kind, pattern in _COMPILED[:8]:
        if match := pattern.match(folded, at):
            return Sign(kind, _values(kind, match), match[0], at), match.end()
    if folded[at].isdigit() and (match := _CLOCK.match(folded, at) or _JOINED.match(folded, at)):
        end = match.end("m") if match["m"] else match.end("m2") if match["m2"] else match.end()
        minutes = int(match["h"] or match["h2"]) * 60 + int((match["m"] or match["m2"] or "0")[:2])
        if (
            match["m"]
            and folded[match.start("m") - 1] == " "
            and _ENDS.search(folded, 0, at)
            and _GOES_ON.match(folded, end)
        ):
            minutes, end = minutes // 60 * 60, match.start("m")  # « 9-12h 14-17h »
        if not match["m"] and (more := _IN_WORDS.match(folded, end)):
            minutes, end = minutes + _MINUTES[more[1]], more.end()
        late = _SHIFTED.match(folded, end)
        shifted = minutes + 720 if late and minutes < 720 else minutes
        return Sign("clock", (shifted,), match[0], at), late.end() if late else end
    for kind, pattern in _COMPILED[8:]:
        if match := pattern.match(folded, at):
            return Sign(kind, _values(kind, match), match[0], at), match.end()
    if (in_words := clock_in_words(folded, at)) is not None:
        return Sign("clock", (in_words[0],), folded[at : in_words[1]], at), in_words[1]
    if match := _NUMBER.match(folded, at):
        whole = match[0].isdigit() and len(match[0]) < 3 and int(match[0]) <= 24
        by = _BY.match(folded, match.end()) or _NUMBERED.search(folded, max(0, at - 16), at)
        if whole and not by:
            return Sign("number", (int(match[0]) * 60,), match[0], at), match.end()
        return Sign("counted", (), match[0], at), match.end()
    if match := _WORD.match(folded, at):
        if (near := slip(match[0])) is not None:
            return Sign("day" if near.kind == "day" else "month", near.value, match[0], at), match.end()
        return Sign("word", (), match[0], at), match.end()
    return None, at + 1


def _values(kind: Kind, match: re.Match[str]) -> tuple[int, ...]:
    if kind == "day":
        return (_DAYS.index(match[0][:3]),)
    if kind == "part":
        return (_PARTS[match[0][0]],)
    if kind in ("date", "month"):
        name = match.groupdict().get("month")
        if name:
            return tuple(n for n, begin in enumerate(_MONTHS, 1) if name.startswith(begin))
        numbers = re.split(r"[/.]", match[0])
        return (int(numbers[1]),) if len(numbers) > 1 and numbers[1].isdigit() else ()
    return ()


def _counts(signs: Sequence[Sign]) -> list[Sign]:
    """« de 6 à 12 ans »: both numbers count."""
    out = list(signs)
    for i in range(len(out) - 3, -1, -1):
        pair = [s.kind for s in out[i : i + 3]]
        if pair in (["number", "link", "counted"], ["number", "and", "counted"]):
            out[i] = Sign("counted", (), out[i].text, out[i].at)
    return out


def _ranges(signs: Sequence[Sign]) -> list[Sign]:
    """« du lundi au jeudi », « lundi - jeudi »: all that lies between; three days and more with signs between are a list."""
    out: list[Sign] = []
    i = 0
    while i < len(signs):
        end = i
        while [s.kind for s in signs[end : end + 3]] in (["day", "link", "day"], ["day", "until", "day"]):
            end += 2
        if end == i + 2:
            first, last = signs[i].values[0], signs[end].values[0]
            days = tuple((first + n) % 7 for n in range((last - first) % 7 + 1))
            out.append(Sign("day", days, "".join(s.text for s in signs[i : end + 1]), signs[i].at))
        else:
            out += signs[i : end + 1]
        i = end + 1
    return out
