"""What people write where the grammar has a word of its own: other languages, other dashes, « 9h », « a.m. »."""

from __future__ import annotations

import re

WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_DAY_WORDS = (
    "mon monday mondays lun lundi lundis montag montags mo luni lunes lunedi lunedì maandag ma segunda segunda-feira понедельник пн poniedziałek pondělí",
    "tue tues tuesday tuesdays mardi mardis dienstag dienstags di martes martedi martedì dinsdag terça terça-feira вторник вт wtorek úterý",
    "wed wednes wednesday wednesdays mer mercredi mercredis mittwoch mittwochs mi miércoles miercoles mercoledi "
    "mercoledì woensdag quarta quarta-feira среда ср środa středa",
    "thu thur thurs thursday thursdays jeu jeudi jeudis donnerstag donnerstags do jueves giovedi giovedì donderdag "
    "quinta quinta-feira четверг чт czwartek čtvrtek",
    "fri friday fridays ven vendredi vendredis freitag freitags viernes venerdi venerdì vrijdag sexta sexta-feira пятница пт piątek pátek",
    "sat satur saturday saturdays sam samedi samedis samstag samstags sonnabend sabado sábado sabato zaterdag суббота сб sobota",
    "sun sunday sundays dim dimanche dimanches sonntag sonntags sonn so domingo domenica zondag воскресенье вс niedziela neděle",
)
_MONTH_WORDS = (
    "january januar jänner janvier janv enero gennaio janeiro januari января январь",
    "february februar feber février fevrier févr fevr fév febrero febbraio fevereiro februari февраль",
    "march märz maerz mrz mars marzo março maart март",
    "april avril avr abril aprile апрель",
    "mai mayo maggio maio mei май",
    "june juni juin junio giugno junho июнь",
    "july juli juillet juil julio luglio julho июль",
    "august août aout agosto augustus август",
    "september sept septembre septiembre settembre setembro сентябрь",
    "october oktober okt octobre octubre ottobre outubro октябрь",
    "november novembre noviembre novembro ноябрь",
    "december dezember dez décembre decembre déc diciembre dicembre dezembro ноября декабрь",
)

NAMES: dict[str, str] = {}
for _code, _said in (*zip(WEEKDAYS, _DAY_WORDS, strict=True), *zip(MONTHS, _MONTH_WORDS, strict=True)):
    NAMES.update(dict.fromkeys(_said.split(), _code))
for _code in (*WEEKDAYS, *MONTHS):
    NAMES[_code.lower()] = _code
NAMES.update(
    {
        "ph": "PH",
        "sh": "SH",
        "easter": "easter",
        "pâques": "easter",
        "paques": "easter",
        "ostern": "easter",
        "week": "week",
        "weeks": "week",
        "semaine": "week",
        "semaines": "week",
        "kw": "week",
        "woche": "week",
        "day": "day",
        "days": "day",
        "jour": "day",
        "jours": "day",
    }
)
NAMES.update(
    dict.fromkeys(
        (
            "off",
            "closed",
            "close",
            "fermé",
            "ferme",
            "fermée",
            "geschlossen",
            "ruhetag",
            "cerrado",
            "chiuso",
            "fechado",
            "оff",
            "gesloten",
            "geschl",
        ),
        "off",
    )
)
NAMES.update(
    dict.fromkeys(("open", "ouvert", "ouverte", "offen", "geöffnet", "abierto", "aperto", "aberto"), "open")
)
NAMES.update(dict.fromkeys(("unknown", "inconnu", "unbekannt"), "unknown"))
NAMES.update({w: w for w in ("dawn", "sunrise", "sunset", "dusk")})
NAMES.update(
    {
        "sunup": "sunrise",
        "sundown": "sunset",
        "aube": "dawn",
        "crépuscule": "dusk",
        "sonnenaufgang": "sunrise",
        "sonnenuntergang": "sunset",
    }
)
FRENCH: dict[str, str] = dict(
    zip(("lu", "ma", "me", "je", "ve", "sa", "di", "mar"), (*WEEKDAYS, "Tu"), strict=True)
)
"""Short French days that mean something else elsewhere (« ma », « di », « mar »): they count beside another
French day.
"""
_FRENCH_DAYS = re.compile(
    r"(?<![^\W\d_])(?:lun|mer|jeu|ven|sam|dim|lu|me|je|ve)\.?(?![^\W\d_])", re.IGNORECASE
)
_FRENCH_BESIDE = re.compile(
    r"(?<![^\W\d_])ma(?![^\W\d_]).*(?<![^\W\d_])sa(?![^\W\d_])|(?<![^\W\d_])sa ?(?:[-,/&+]|et) ?di(?![^\W\d_])",
    re.IGNORECASE,
)
"""« ma-sa », « sa, di »: no other language has both, in this order."""
_CODES = re.compile(r"(?<![^\W\d_])[^\W\d_]+(?![^\W\d_])")
_FRENCH_HOURS = re.compile(r"(?<![^\W\d_])(?:ma|di)(?![^\W\d_]).*\d ?h(?![^\W\d_])", re.IGNORECASE)

_PHRASES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), to)
    for pattern, to in (
        (r"(?<!\w)(?:one )?day after (?:the )?public holidays?(?!\w)", "PH +1 day"),
        (r"(?<!\w)(?:one )?day before (?:the )?public holidays?(?!\w)", "PH -1 day"),
        (
            r"(?<!\w)(?:school[ _-]?holidays?|schulferien|ferien|vacances(?: scolaires)?|vacanze scolastiche)(?!\w)",
            "SH",
        ),
        (
            r"(?<!\w)(?:(?:public|bank)[ _-]?holidays?|holidays?|feiertage?s?|(?:an )?feiertagen|"
            r"jours? fériés?|fériés?|jours feries?|feries?|festivos|festivi|feriados?)(?!\w)",
            "PH",
        ),
        (
            r"(?<!\w)(?:24 ?h(?:eures|ours|rs?)? ?(?:/|sur) ?24(?: ?h)?(?:[ ,]*(?:et )?7 ?j? ?(?:/|sur) ?7 ?j?)?|24/24|24 hours|nonstop|"
            r"always(?: open)?|jour et nuit|24x7|0-24/7)(?!\w)",
            "24/7",
        ),
        (
            r"(?<!\w)(?:7 ?days?(?: a |/| per )week|7 ?j(?:ours)? ?(?:/|sur) ?7 ?j?|7/7|daily|every ?day|all days|täglich|"
            r"tous les jours|ogni giorno|todos los días)(?!\w)",
            "Mo-Su",
        ),
        (r"(?<!\w)(?:weekends?|week-ends?|wochenende)(?!\w)", "Sa-Su"),
        (r"(?<!\w)(?:weekdays?|working days|jours ouvrables|werktags?)(?!\w)", "Mo-Fr"),
        (r"(?<!\w)(?:de|from|von|du|le|les)(?!\w) ?", ""),
        (r"(?<!\w)(?:daylight|lever(?: soleil)?(?: au |-)coucher(?: soleil)?)(?!\w)", "sunrise-sunset"),
        (r"(?<!\w)(?:midnight|minuit|mitternacht)(?!\w)", "00:00"),
        (r"(?<!\w)(?:noon|(?<!après-)midi|mittag)(?!\w)", "12:00"),
        (
            r" ?(?:-|(?<!\w)(?:til|till|until|bis|to|jusqu'à)(?!\w)) ?(?:late|open ?end|openend|ende offen)(?!\w)",
            "+",
        ),
        (r"(?<!\w)(?:open[ _]?end|openend)(?!\w)", "+"),
        (
            r"(?<!\w)\(?(?<!\w)(?:on[ _]appointment|by[ _]appointment|sur (?:rdv|rendez-vous)(?: uniquement| seulement)?|nach vereinbarung)(?!\w)\)?",
            '"on appointment"',
        ),
        (rf"(?<![^-;, ])(?<![a-z0-9] )(\d{{1,2}}) ({'|'.join(MONTHS)})(?!\w)(?! ?\d)", r"\2 \1"),
        (r"(?<=\d)\.$", ""),
    )
)
_DASHES = re.compile("[→‐‑‒–−—ー=~]")
_TO = re.compile(
    r"(?<=[\w. ]) ?(?<!\w)(?:to|till|til|until|bis|à|às|á|ás|as|a|au|ate|até|"
    r"(?<!mo )(?<!di )(?<!mi )(?<!, )(?<!,)do|до|tot|al)(?!\w)\.? ?(?=[\w])",
    re.IGNORECASE,
)
_AND = re.compile(r" ?& ?| (?:and|und|et|y|e|i|и|en) ", re.IGNORECASE)
_GLUED = re.compile(r"(?<!\w)([PS]H)(?=(?:Mo|Tu|We|Th|Fr|Sa|Su)(?!\w))")
_HALF = re.compile(r"(\d{1,2})(?:[.:](\d\d))? ?([ap])\.? ?m\.?(?!\w)", re.IGNORECASE)
_HOUR_H = re.compile(r"(?<![\w:])(\d{1,2}) ?(?:h|uhr|heures?)(?: ?(\d\d))?(?![\w:])", re.IGNORECASE)
_DOTTED = re.compile(r"(?<![\w.:/])(\d{1,2})\.(\d\d)(?![\d.])")
_SMALL = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_RAISED = re.compile("(?<![\\d:])([0-2]?\\d)([⁰¹²³⁴⁵⁶⁷⁸⁹]{2}|[°º]{2}|[oO]{2})(?!\\w)")
_WIDE = str.maketrans("：；，、（）", ":;,,()")
_JOINED = re.compile(r"(?<![\w:/])([01]\d)([0-5]\d)-([01]\d|2[0-4])([0-5]\d)(?![\w:])")
_SPACES = re.compile(r"\s+")
_SLASHED = re.compile(r"(?<=-\d\d:\d\d) ?/ ?(?=\d\d:\d\d-\d\d:\d\d)")
_CLOCK_WORD = re.compile(r"(?<=\d) ?(?:o'clock|uhr|hrs?)(?!\w)", re.IGNORECASE)


def plain(text: str) -> str:
    """A piece of text outside quotes, with the foreign words and signs that stand for one of the grammar's put into it; days and months are left to the reader.

    >>> plain("lundi – vendredi : 9h–12h30 et 14h-18h")
    'lundi - vendredi : 09:00-12:30,14:00-18:00'
    """
    out = _SPACES.sub(" ", _DASHES.sub("-", text)).translate(_WIDE)
    out = _RAISED.sub(
        lambda m: f"{int(m[1]):02d}:{m[2].translate(_SMALL) if m[2][0] in '⁰¹²³⁴⁵⁶⁷⁸⁹' else '00'}", out
    )
    out = _JOINED.sub(lambda m: f"{m[1]}:{m[2]}-{m[3]}:{m[4]}" if int(m[1] + m[2]) < 1900 else m[0], out)
    for pattern, to in _PHRASES:
        out = pattern.sub(to, out)
    out = _GLUED.sub(r"\1 ", out)
    out = _HALF.sub(_half, out)
    out = _HOUR_H.sub(lambda m: f"{int(m[1]):02d}:{m[2] or '00'}", out)
    out = _DOTTED.sub(lambda m: f"{int(m[1]):02d}:{m[2]}", out)
    out = _SLASHED.sub(",", _CLOCK_WORD.sub("", out))
    out = _AND.sub(",", out)
    return _TO.sub("-", out)


def french(text: str) -> bool:
    """Days are said in French, so that « mar » is Tuesday; hours are, so that « ma » is.

    >>> french("lun, mar 9h-12h"), french("Ma-Sa 9h00-12h30"), french("Mar-Oct 09:00-12:00")
    (True, True, False)
    """
    return bool(_FRENCH_DAYS.search(text) or _FRENCH_HOURS.search(text) or _FRENCH_BESIDE.search(text))


def two_languages(text: str) -> bool:
    """« ma-di 9:00-12:00 »: from Tuesday on in French, on Monday and Tuesday in Dutch, and nothing else tells which.

    >>> two_languages("ma-di 9:00-12:00"), two_languages("ma-sa 9:00-12:00")
    (True, False)
    """
    codes = {code.lower() for code in _CODES.findall(text)}
    return bool(codes) and codes <= {"ma", "di"}


def _half(said: re.Match[str]) -> str:
    hour, afternoon = int(said[1]), said[3].lower() == "p"
    if hour > 23 or (hour > 12 and not afternoon):
        return said[0]  # « 25am » is no time
    return f"{hour if hour > 12 else hour % 12 + 12 * afternoon:02d}:{said[2] or '00'}"
