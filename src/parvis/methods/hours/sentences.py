"""French sentences of opening hours, as town halls write them, put into the order of the grammar: « tous les jours sauf le mardi de 10 h à 18 h ».

What is not recognised is left as it stands, and then refused by the reader: nothing is dropped but words that say nothing of time.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from parvis.methods.hours.words import MONTHS, WEEKDAYS

_DAYS = ("lundi|lun", "mardi", "mercredi|mer", "jeudi|jeu", "vendredi|ven", "samedi|sam", "dimanche|dim")
_MONTHS = ("janvier|janv", "février|fevrier|févr|fév", "mars", "avril|avr", "mai", "juin", "juillet|juil", "août|aout", "septembre|sept", "octobre|oct",
           "novembre|nov", "décembre|decembre|déc")  # fmt: skip
_PROSE = re.compile(
    r"(?<!\w)(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|tous les jours|sauf|hors|ferm[ée]|ouvert|semaine|week-?end|"
    r"vacances|mois|veilles?|tlj|t\.l\.j|à partir de|dès|"
    r"lun|mer|jeu|ven|sam|dim|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre)",
    re.IGNORECASE,
)
_DAY = r"(?-i:(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|SH)(?!\w))"
_ON = rf"{_DAY}(?:\[[\d,-]+\])?(?:(?:-|,){_DAY}(?:\[[\d,-]+\])?)*"
_MONTH = rf"(?-i:(?:{'|'.join(MONTHS)})(?!\w))"
_CLOCK = r"\d\d:\d\d"
_SPAN = rf"{_CLOCK}-{_CLOCK}"
_DOT = r"(?-i:\.(?!\s+[A-ZÉ]))?"  # of an abbreviation, not of a sentence
_WHEN = rf"{_SPAN}(?:,{_SPAN})*"
_NTH = {"1er": 1, "premier": 1, "1": 1, "2e": 2, "2ème": 2, "2eme": 2, "2nd": 2, "deuxième": 2, "second": 2, "3e": 3, "3ème": 3, "3eme": 3, "troisième": 3,
        "4e": 4, "4ème": 4, "4eme": 4, "quatrième": 4, "dernier": -1}  # fmt: skip
_WHICH = "|".join(sorted(_NTH, key=len, reverse=True))
RDV = '"sur rendez-vous"'
NOT_SAID = '"heures non dites"'


_To = str | Callable[[re.Match[str]], str]


def _sub(pattern: str, to: _To) -> tuple[re.Pattern[str], _To]:
    return re.compile(pattern, re.IGNORECASE), to


_WORDS: tuple[tuple[re.Pattern[str], _To], ...] = (
    _sub(r"[’‘]", "'"),
    _sub(r"\s*[\r\n•|;]+\s*", " ; "),
    _sub(r"[–—−→]", "-"),
    _sub(r"\s+", " "),
    _sub(r"(?<!\w)(le|du|au) (\d{1,2})/(0?[1-9]|1[0-2])(?![\w/:]| ?h)", lambda found: f"{found[1]} {found[2]} {MONTHS[int(found[3]) - 1]}"),
    _sub(r"(?<!\w)(?:7 ?j? ?(?:/|sur) ?7 ?j?,? (?:et )?)?24 ?h? ?(?:/|sur) ?24 ?h?(?:,? (?:et )?7 ?j? ?(?:/|sur) ?7 ?j?)?(?!\w)", "Mo-Su 00:00-24:00"),
    _sub(r"(?<!\w)sf(?!\w)\.?", "sauf"),
    _sub(r",? ?(?<!\w)toute l'année(?!\w),?", ""),
    _sub(
        r"(?<!\w)(?:7 ?j(?:ours)? ?(?:/|sur) ?7 ?j?(?:ours)?|tous les (?:jours|matins|soirs|après-midis?)|tlj|t\.l\.j\.?|"
        r"chaque jour|du lundi au dimanche)(?: de l'année)?(?!\w)",
        "Mo-Su",
    ),
    _sub(r"(?<!\w)(?:(?:les? )?week-?ends?)(?!\w)", "Sa-Su"),
    _sub(r"(?<!\w)en semaine(?!\w)", "Mo-Fr"),
    _sub(r"(?<!\w)(?:(?:pendant|durant|en|les|des) )*(?:périodes? de )?vacances(?: scolaires)?(?!\w)", "SH"),
    _sub(r"(?<!\w)(?:les |la )?veilles? (?:de |des )?(?:jours? )?f[ée]ri[ée]s?(?!\w)", "PH -1 day"),
    _sub(r"(?<!\w)(?:les |des )*jours? f[ée]ri[ée]s?(?!\w)", "PH"),
    *(_sub(rf"(?<!\w)(?:{said})s?(?!\w){_DOT}", code) for said, code in zip(_DAYS, WEEKDAYS, strict=True)),
    _sub(rf"(?<!\w)mar\.(?=[ -]*(?:au|à|-|et|,|:|\d|{_DAY}))", "Tu"),
    _sub(rf"({_DAY} ?[/,] ?)mar(?!\w)", r"\1Tu"),
    *(_sub(rf"(?<!\w)(?:{said})(?!\w){_DOT}", code) for said, code in zip(_MONTHS, MONTHS, strict=True)),
    _sub(r"(?<![\w:])(\d{1,2}) ?(?:h(?:eures?)?|:) ?(\d\d)(?!\d)", r"\1:\2"),
    _sub(r"(?<![\w:])(\d{1,2}) ?h(?:eures?)?(?!\w)", r"\1:00"),
    _sub(r"(?<![\w:])(\d):(\d\d)", r"0\1:\2"),
    _sub(r"(?<!\w)(?:à )?minuit(?!\w)", "24:00"),
    _sub(r"(?<!\w)(?<!après-)midi(?!\w)", "12:00"),
    _sub(rf"(?<!\w)(?:de )?({_CLOCK}) ?/ ?({_CLOCK}) ?- ?({_CLOCK}) ?/ ?({_CLOCK})", r"\1-\2,\3-\4"),
    _sub(rf"(?<!\w)(?:de )?({_CLOCK}) ?(?:-|à|a|jusqu'à) ?({_CLOCK})", r"\1-\2"),
    _sub(rf"(?<![-:\d])({_CLOCK}) ?/ ?({_CLOCK})(?! ?[-:\d])", r"\1-\2"),
    _sub(rf"({_SPAN}) ?(?:/|,|;|-|et|puis|&) ?(?:de )?(?={_SPAN})", r"\1,"),
    _sub(rf"(?<!\w)(?:à partir de|dès) ({_CLOCK})", r"\1+"),
    _sub(r"(?<!\w)(?:sans interruption|non[- ]stop|en (?:journée )?continue?|journée continue)(?!\w)", ""),
    _sub(rf"(?<!\w)(?:matins?|après-midis?|soirs?)(?: ?:)? (?={_CLOCK})", ""),
    _sub(
        r"(?<!\w)(?:(?:(?:la )?mairie|secrétariat|bibliothèque|médiathèque|déch[eè]terie|piscine)(?: est)?|(?:l')?accueil(?: du public)?|"
        r"permanences?|horaires?(?: d'ouverture)? ?:|horaires? d'ouverture)(?!\w) ?:?",
        "",
    ),
    _sub(r"[, ]*(?:mais )?(?<!\w)(?=ouverte?s? (?:du|de|le|les|tous|tout|Mo|Tu|We|Th|Fr|Sa|Su))", " ; "),
    _sub(r"(?<!\w)ouvert(?:e|s|es|ure)?(?!\w) ?:?", ""),
    _sub(rf"(?<!\w)(?:le |du )?(\d{{1,2}})(?:er)? (?:au|-|à) (?:le )?(\d{{1,2}})(?:er)? ({_MONTH})", r"\3 \1-\2"),
    _sub(rf"(?<!\w)(?:du |le )?(\d{{1,2}})(?:er)? ({_MONTH}) (?:au|à|-) (\d{{1,2}})(?:er)? ({_MONTH})", r"\2 \1-\4 \3"),
    _sub(rf"(?<!\w)(?:le )?(\d{{1,2}})(?:er)? ({_MONTH})(?! ?\d)", r"\2 \1"),
    _sub(rf"(?<!\w)(?:de |d'|du mois de |en )?({_MONTH}) ?(?:à|au|-) ?({_MONTH})(?! ?\d)", r"\1-\2"),
    _sub(rf"(?<!\w)(?:en )?({_MONTH}) (?:et|,) (?:en )?({_MONTH})(?! ?\d)", r"\1,\2"),
    _sub(rf"(?<![-\w]){_DAY}(?:-{_DAY}){{2,}}(?![-\w])", lambda chain: chain[0].replace("-", ",")),
    _sub(rf"\(({_ON})\)", r"\1"),
    _sub(rf" ?\(({_ON}) ?:? ?({_WHEN})\)", r" ; \1 \2"),
    _sub(rf"(?<!\w)(?:du |de |les? )?({_DAY}) ?(?:au|à|a|-) ?({_DAY})(?!\w)", r"\1-\2"),
    _sub(rf"({_DAY}) ?(?:et(?: l[ea]s?)?|ou|,|&|/) ?(?:les? |le )?(?={_DAY})", r"\1,"),
    _sub(rf"(?<!\w)(?:les?|du|de|chaque) (?={_DAY})", ""),
    _sub(rf"({_DAY}|{_MONTH}(?: \d{{1,2}})?) ?[:,] ?(?:de )?(?={_CLOCK})", r"\1 "),
    _sub(rf"({_DAY}) ?: ?(?=ferm)", r"\1 "),
    _sub(rf"({_DAY}) ?: ?-+ ?(?=;|$)", r"\1 off "),
    _sub(rf"({_SPAN}|ferm[ée]e?s?) ?(?:,|-|/|\bet\b|\.) ?(?:le )?(?={_DAY})", r"\1 ; "),
    _sub(r"\.\s+(?=\S)", " ; "),
)
_OF_MONTH = re.compile(
    rf"(?<!\w)(?:les? )?((?:{_WHICH})(?:(?:,| et| et le|, le|,? ?&) ?(?:{_WHICH}))*) ({_DAY}) (?:du|de chaque|de tous les|des) mois(?: ?[:,])?", re.IGNORECASE
)
_PARITY = re.compile(r"(?:,? ?(?:des|les|en|\() ?)?semaines? (im)?paires?\)? ?:?", re.IGNORECASE)
_BUT_DAY = re.compile(rf"^(.*?)(?:,? ?(?:sauf|hors|excepté)) (?:les? )?({_ON})[ ,:]+({_WHEN})$", re.IGNORECASE)
_SHUT = re.compile(
    r"^(.*?)[, (]*ferm(?:eture(?: annuelle)?|[ée]e?s?)(?!\w) ?:? ?(?:le |les |du |en |pendant |au mois d['e] ?|tout le mois d['e] ?)?(.+?)\)?$", re.IGNORECASE
)
_AT_NOON = re.compile(rf"^(.*?),? ?ferm[ée]e? (?:entre |de )?({_CLOCK})(?: et |-| à )({_CLOCK})$", re.IGNORECASE)
_DATE = rf"{_MONTH} \d{{1,2}}(?:-(?:{_MONTH} )?\d{{1,2}})?"
_BUT = re.compile(
    rf"^(.*?)[ ,(]*(?:sauf|hors|excepté|à l'exception d(?:es|u|e)) (?:les? |en )?"
    rf"({_ON}|{_DATE}(?:(?:,| et(?: le)?) ?{_DATE})*|{_MONTH}(?:[-,]{_MONTH})*)[ )]*$",
    re.IGNORECASE,
)
_SOME_DAYS = re.compile(rf"^(?:{_ON}|{_DATE}(?:(?:,| et(?: le)?) ?{_DATE})*|{_MONTH}(?:[-,]{_MONTH})*)$", re.IGNORECASE)
_LATE_DAYS = re.compile(rf"^(.*?)({_WHEN}) (?:le |les )?({_ON})$")
_LATE_MONTHS = re.compile(rf"^(.*{_CLOCK}) ({_MONTH}(?:[-,]{_MONTH})*)$")
_APPOINTMENT = re.compile(r"[,( ]*(?:uniquement |seulement )?sur (?:rdv|rendez-vous)(?: uniquement| seulement)?\)?", re.IGNORECASE)
_HOLIDAYS_LAST = re.compile(rf"^({_ON}) SH ?:? ?({_WHEN})$")
_TERM = re.compile(r"(?:(?:en )?période scolaire|hors SH) ?:? ?", re.IGNORECASE)
_DAYS_SHUT = re.compile(r"^(.+?) ?:? off$")


def ordered(text: str) -> str:
    """A French text in the order of the grammar; the text itself when it is no French sentence, or has a comment already.

    >>> ordered("Tous les jours sauf le mardi de 10h à 18h"), ordered("1er samedi du mois de 9h à 12h"), ordered("Mo-Fr 09:00-12:00")
    ('Mo-Su 10:00-18:00; Tu off', 'Sa[1] 09:00-12:00', 'Mo-Fr 09:00-12:00')
    """
    if '"' in text or "«" in text or "||" in text or not _PROSE.search(text):
        return text
    out = text
    for pattern, to in _WORDS:
        out = pattern.sub(to, out)
    out = _OF_MONTH.sub(_nth, out)
    rules: list[str] = []
    ends: list[str] = []
    for part in out.split(" ; "):
        said, later = _rule(part.strip(" ,;.:"))
        rules += said
        ends += later
    if not rules and ends and text.strip().lower().startswith("ferm"):
        rules = [NOT_SAID]  # « fermé le dimanche » says nothing of the other days
    if "SH off" in ends and (first := next((i for i, rule in enumerate(rules) if rule.startswith("SH")), None)) is not None:
        ends.remove("SH off")  # of the hours in term time: those of the holidays come after it
        rules.insert(first, "SH off")
    # Where a night runs past midnight, days that have nothing in common are joined by a comma: by « ; » the next day would cut it.
    days = [_weekdays(rule) for rule in rules]
    if any(first >= last for rule in rules for first, last in re.findall(rf"({_CLOCK})-({_CLOCK})", rule)) and all(days):
        open_ = set().union(*days)  # « fermé le dimanche » after a Saturday night does not cut it
        ends = [end for end in ends if not (shut := _weekdays(end.replace(" off", " 00:00-24:00"))) or shut & open_]
        said = rules[0] + "".join((", " if days[i].isdisjoint(set().union(*days[:i])) else "; ") + rules[i] for i in range(1, len(rules)))
        rules = [said]
    return "; ".join(rule for rule in (*rules, *ends) if rule)


def _weekdays(rule: str) -> set[int]:
    """The weekdays of a rule of nothing but weekdays and hours; none of any other."""
    found = re.match(rf"^({_ON}) {_WHEN}$", rule)
    if not found or re.search(r"\[|PH|SH", found[1]):
        return set()
    spans = [[WEEKDAYS.index(day) for day in one.split("-")] for one in found[1].split(",")]
    return {(span[0] + n) % 7 for span in spans for n in range((span[-1] - span[0]) % 7 + 1)}


def _nth(found: re.Match[str]) -> str:
    which = [_NTH[one] for one in re.findall(_WHICH, found[1].lower())]
    return f"{found[2]}[{','.join(map(str, which))}]"


def _rule(part: str) -> tuple[list[str], list[str]]:
    """The rules of a sentence, and those that must come last."""
    later: list[str] = []
    if found := _AT_NOON.match(part):
        return _rule(found[1])[0], [f"Mo-Su {found[2]}-{found[3]} off"]
    if found := _BUT_DAY.match(part):
        later.append(f"{found[2]} off")
        part = f"{found[1]} {found[3]}"
    elif found := _BUT.match(part):
        part = found[1].strip(" ,(")
        days = re.search(_ON, part)
        if re.match(_DATE, found[2]):
            later += _each_off(found[2])
        else:
            narrow = found[2] if (re.match(_DAY, found[2]) and found[2] != "SH") or not days else f"{found[2]} {days[0]}"
            later.append(f"{narrow} off")
    if found := _TERM.match(part):
        part, later = part[found.end() :], [*later, "SH off"]
    if (found := _SHUT.match(part)) and _SOME_DAYS.match(found[2]):
        later += _each_off(found[2])
        part = found[1].strip(" ,-")
    else:
        part = re.sub(r"ferm[ée]e?s?", "off", part, flags=re.IGNORECASE)
    if (found := _DAYS_SHUT.match(part)) and _SOME_DAYS.match(found[1]):
        return [], [*later, f"{found[1]} off"]
    comment = ""
    if _APPOINTMENT.search(part):
        part, comment = _APPOINTMENT.sub("", part).strip(" ,:"), f" {RDV}"
    if found := _HOLIDAYS_LAST.match(part):
        part = f"SH {found[1]} {found[2]}"
    week = ""
    if found := _PARITY.search(part):
        week = "week 1-53/2 " if found[1] else "week 2-52/2 "
        part = _PARITY.sub(" ", part).strip()
    if found := _LATE_DAYS.match(part):
        part = f"{found[1]}{found[3]} {found[2]}"
    if found := _LATE_MONTHS.match(part):
        part = f"{found[2]} {found[1]}"
    part = re.sub(rf"({_MONTH}(?: \d{{1,2}})?|SH) ?: ?(?={_DAY}|{_CLOCK})", r"\1 ", part)
    if _SOME_DAYS.match(part) and not comment:
        comment = f" {NOT_SAID}"  # « ouvert de mai à septembre » is not open at night
    part = re.sub(r"\s+", " ", f"{week}{part}{comment}").strip()
    return ([part] if part else []), later


def _each_off(days: str) -> list[str]:
    return [f"{one.strip()} off" for one in re.split(r",(?=[A-Z][a-z]{2} \d)| et(?: le)? ?", days)]
