"""The type and meaning of a column, from its header and the evidence on its cells.

A column has a type when nine cells in ten read as it (one bad cell is always let by from five on): bad cells
never decide. In a small table a header that names the type counts for cells that are not there
(`vocabulary`). Codes come first, since a number that is a code must stay text.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache

import parvis.columns.meanings as known
from parvis.columns.evidence import Evidence, gather
from parvis.columns.form import GROUP, Form, compiled
from parvis.columns.forms import booleans, dates, datetimes, degrees, numbers, times
from parvis.columns.meaning import Meaning
from parvis.columns.vocabulary import Kind, announced
from parvis.columns.words import joined, words
from parvis.core.registry import declared
from parvis.core.types import ColumnType


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that the cells do not settle. code: check name of the finding; message, fix: French
    sentences.
    """

    code: str
    message: str
    fix: str


@dataclass(frozen=True, slots=True)
class Guess:
    """How a column is to be read. forms: tried in this order on each cell; none for a text."""

    type: ColumnType = "text"
    forms: tuple[Form, ...] = ()
    meaning: str = ""
    unit: str = ""
    missing: tuple[str, ...] = ()
    """Cells that a schema declares to be no value."""
    doubts: tuple[Doubt, ...] = ()
    fixed: bool = False
    """True when a publisher or a schema said the type: the cells can't change it."""


TEXT = Guess()

UNMISTAKABLE = 6
"""Fitting cells that dates are worth whatever the header: nothing else is written so. Three of four make a
column of dates.
"""

_COUNT = re.compile(
    r"_(nb|nbr|nbre|nombre|total|tot|quantites?|qte|effectifs?|somme|count|num|numero|no|n|ids?|identifiant|code|rang|ordre|niveau|etages?|score|note"
    r"|indice|classe|"
    r"places?|capacite|montant|prix|age|jour|mois|heures?|surface|longueur|largeur|hauteur|version|sequence|zone|secteur|lot|groupe|pop|population|duree"
    r"|valeur|"
    r"absents?|presents?|inscrits?|votants?|voix|enfants?|logements?|annee|position|index|poids|volume|taux|part|categorie|type)_"
)
_FLAG = re.compile(
    r"_(est|is|has|a(?=_[a-z])|avec|sans|presence|accessible|accessibilite|acces|gratuit|gratuite|actif|active|certifie|certification|certification_commune|ouvert"
    r"|ouverte|payant|"
    r"public|pmr|reservation|bool|boolean|booleen|flag|valide|obligatoire|oblige|couvert|eclaire|disponible|oui_non|on|existe|visible|publie)[0-9_]"
)
_YEAR = re.compile(
    r"_(annees?|an|ans|years?|millesime|exercice|ann|campagne|promotion|session|rentree|construction|annee_.*|.*_annee)_"
)
_DATE = re.compile(r"_(date|dates|dt|dat|jour|day|debut|fin|maj|naissance|creation|le)_|_(date|dt|dat)")
_SHARED_OUT = re.compile(r"_(ratio|echelle|scale|proportion|rapport|cote|score|resultat)_")
"""Headers under which « 1:25 » is no hour."""
_INSTANT = re.compile(r"_(horodat[a-z]*|heures?|time|datetime|timestamp|instant|hour|h)_")
_CODE = re.compile(
    r"_(code|codes|cod|cd|cle|nomenclature|naf|ape|rivoli|fantoir|cog|insee|isbn|issn|ean|ean13|gtin"
    # of accounts; of meters
    r"|couleurs?|colou?r|article|chapitre|compte|imputation|nature|fonction|sous_fonction|pdl|prm|pce)_"
)
_DOTTED = re.compile(r"_(code|cod|nomenclature|naf|ape|chapitre|article|matiere_code|rubrique)_")
_REFERENCE = re.compile(
    r"_(ref|reference|references|num|numero|no|n|matricule|id|identifiant|dossier|contrat|facture|badge|siret|parcelle)_"
)
_NAMED_NUMBER = re.compile(r"_(nb|nbr|nbre|nombre|total|montant|prix)_")

_UNITS = re.compile(
    r"(?:[+-]|−)?[0-9](?:[0-9., \u00a0\u2009\u202f]*[0-9])?[ \u00a0\u2009\u202f]*"
    r"(%|‰|€[ \u00a0]?(?:HT|TTC|H\.T\.|T\.T\.C\.)|€|EUR|euros?|Euros?|k€|K€|M€|\$|£|km/h"
    r"|m²|m2|m³|m3|km²|km2|km|cm|mm|m|ha|kg|g|t|tonnes?|°C|°|kWh|MWh|GWh|kWc|kW|MW|Wh|W|kVA|V|A|dB\(A\)|dB|mg/l"
    r"|µg/m³|µg/m3|l|L|hl|"
    r"mn|min|s|ans|an|mois|jours?|j|h|pers\.|personnes?|places?|habitants?|hab\.?|Mo|Go|Ko)"
)


def _any(forms: Sequence[Form]) -> str:
    return "|".join(f"(?:{f.pattern})" for f in forms)


_BIG = _any(dates.BIG_ENDIAN)
_DMY = _any(dates.DAY_FIRST)
_MDY = _any(dates.MONTH_FIRST)
_SPOKEN = (dates.DMY_WORDS, dates.DMY_DASH_WORDS, dates.ENGLISH_WORDS, dates.DMY_SPACED)
_WORDS = _any(_SPOKEN)
_INSTANTS = _any((*datetimes.LOCAL, *datetimes.DAY_FIRST_TIMES))
_MIDNIGHT = _any((dates.ISO_MIDNIGHT, dates.DMY_MIDNIGHT))


_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}"
_PERIOD = rf"(?:{_DAY})(?:T[0-9:]+)?(?:/| *- *| +au +| +à +)(?:{_DAY})(?:T[0-9:]+)?|[Dd]u .* au .*"


@cache
def meanings() -> tuple[Meaning, ...]:
    """Every meaning, in the order in which they are tried."""
    return tuple(sorted(declared(known, Meaning).values(), key=lambda m: m.rank))


def guess(label: str, evidence: Evidence, decimal: str | None = None) -> Guess:
    """How a column is read. label: its header; decimal: the mark that the numbers of the table use, None when
    unknown.
    """
    if evidence.n == 0:
        return TEXT
    for meaning in meanings():
        if meaning.rank < 40 and meaning.holds(label, evidence):
            return Guess(meaning=meaning.name.split("-by-")[0])
    for rule in (_boolean, _json, _moment, _year, _angle):
        ruled = rule(label, evidence)
        if ruled is not None:
            return _meant(label, evidence, ruled)
    return _meant(label, evidence, _number(label, evidence, decimal) or TEXT)


def _under(label: str, evidence: Evidence, kind: Kind) -> Evidence:
    """The evidence with what the header is worth, when it announces that kind."""
    announcement = announced(label, kind)
    return evidence.with_worth(announcement.worth) if announcement is not None else evidence


def _slips(label: str, evidence: Evidence, kind: Kind, pattern: str) -> int:
    """Cells under a header that announces that kind which were meant to be of it, and do not meet the
    pattern.
    """
    announcement = announced(label, kind)
    if announcement is None or not announcement.slip:
        return 0
    slip, good = compiled(announcement.slip), compiled(pattern)
    return evidence.where(lambda cell: slip.fullmatch(cell) is not None and good.fullmatch(cell) is None)


def _meant(label: str, evidence: Evidence, typed: Guess) -> Guess:
    """The guess with its meaning, when the type leaves room for one."""
    if typed.meaning:
        return typed
    if typed.type in ("number", "integer") and typed.unit[:1] in ("%", "€"):
        return replace(typed, meaning="percent" if typed.unit == "%" else "money")
    for meaning in meanings():
        if meaning.rank >= 40 and typed.type in meaning.types and meaning.holds(label, evidence):
            return replace(typed, meaning=meaning.name.split("-by-")[0])
    return typed


def _by_weight(evidence: Evidence, forms: Sequence[Form]) -> tuple[Form, ...]:
    """The forms, the most met first: the first is the one that costs least."""
    return tuple(sorted(forms, key=lambda f: -evidence.weight(f.pattern)))


# --- yes and no ---------------------------------------------------------------------------------------------


def _boolean(label: str, evidence: Evidence) -> Guess | None:
    if len(evidence.cells) > 400 and not any(len(text) <= 5 for text, _ in evidence.cells[:400]):
        return None
    evidence = _under(label, evidence, "boolean")
    folded: Counter[str] = Counter()
    for text, count in evidence.cells:
        if len(text) <= 5:
            folded[text.lower()] += count
    clear = sum(folded[w] for w in ("oui", "non", "vrai", "faux", "true", "false", "yes", "no"))
    pairs = [(folded[a], folded[b]) for a, b in (("o", "n"), ("y", "n"), ("v", "f"), ("t", "f"))]
    letters = max((a + b for a, b in pairs if a and b), default=0)
    digits = folded["0"] + folded["1"]
    flag = bool(_FLAG.search(joined(label) + "_"))
    both = bool(folded["0"] and folded["1"])
    lone = max(folded["o"], folded["1"] + folded["0"]) if flag else 0
    counted = bool(_COUNT.search(joined(label))) and not (flag and not _NAMED_NUMBER.search(joined(label)))
    parts = clear + letters if not digits else max(clear, letters) + digits
    if (
        (clear and evidence.fits(clear))
        or (letters and evidence.fits(letters))
        or (clear and (clear + letters) * 2 > evidence.n and evidence.fits(parts))
    ):
        return Guess("boolean", (booleans.WORDS,))
    if not counted and (both or lone) and evidence.fits(max(digits, lone)):
        return Guess("boolean", (booleans.WORDS,))
    ticked = sum(folded[mark] for mark in "x✓✔☑")
    if (
        ticked and evidence.fits(ticked) and (flag or evidence.empty or ticked > 2)
    ):  # a box ticked, or nothing
        return Guess("boolean", (booleans.CROSS, booleans.WORDS))
    return None


# --- structures ---------------------------------------------------------------------------------------------


def _json(label: str, evidence: Evidence) -> Guess | None:
    if not evidence.fits(evidence.weight("(?s)[\\[{].*[\\]}]")):
        return None
    return Guess(meaning="json") if evidence.fits(evidence.where(_is_json)) else None


def _is_json(cell: str) -> bool:
    try:
        return isinstance(json.loads(cell), dict | list)
    except (ValueError, RecursionError):
        return False


# --- the calendar -------------------------------------------------------------------------------------------


def _moment(label: str, evidence: Evidence) -> Guess | None:
    evidence = _under(label, evidence, "date")
    if evidence.worth and evidence.weight(_PERIOD):
        evidence = replace(
            evidence, worth=0
        )  # from a day to another: the header of a small table announced periods
    weight = evidence.weight
    named = bool(_DATE.search(joined(label)))
    compact = weight(dates.COMPACT.pattern) if named else 0
    if compact and evidence.fits(compact):
        return Guess("date", (dates.COMPACT, dates.ISO, *dates.DAY_FIRST))
    digits = weight(datetimes.DIGITS.pattern) if named or _INSTANT.search(joined(label)) else 0
    if digits and evidence.fits(digits):
        return Guess("datetime", (datetimes.DIGITS, *datetimes.LOCAL, *datetimes.DAY_FIRST_TIMES))
    clocks = (times.CLOCK, times.HOURS, times.NOON)
    clock = weight(_any(clocks))
    if clock and not _SHARED_OUT.search(joined(label)) and _under(label, evidence, "time").fits(clock):
        return Guess("time", _by_weight(evidence, clocks))
    day_first, month_first = weight(_DMY), weight(_MDY)
    american = weight(datetimes.MDY.pattern)
    short = weight(dates.DMY_SHORT.pattern)
    shortened = weight(datetimes.DMY_SHORT.pattern)
    short_american = weight(dates.MDY_SHORT.pattern)
    days = weight(f"{_BIG}|{_DMY}|{_MDY}|{_WORDS}") + max(short, short_american)
    moments = weight(f"{_INSTANTS}|(?:{datetimes.MDY.pattern})|(?:{datetimes.DMY_SHORT.pattern})")
    every = f"{_BIG}|{_DMY}|{_MDY}|{_WORDS}|{_INSTANTS}|(?:{datetimes.MDY.pattern})|(?:{dates.DMY_SHORT.pattern})|(?:{dates.MDY_SHORT.pattern})"
    meant = days + moments + _slips(label, evidence, "date", every)
    if not meant or not (evidence.fits(meant) or evidence.with_worth(UNMISTAKABLE).fits(days + moments)):
        return None
    turned, doubts = _order(evidence, day_first, month_first, short, short_american, american)
    if short + short_american + shortened:
        doubts = (*doubts, _two_digits(max(short, short_american, shortened)))
    if moments >= 0.1 * (days + moments) and not _only_midnights(label, evidence, moments):
        fluent = (
            (datetimes.MDY,)
            if turned
            else (*datetimes.DAY_FIRST_TIMES, *((datetimes.DMY_SHORT,) if shortened else ()))
        )
        bare = [
            datetimes.DAYS[f.name]
            for f in (
                *dates.BIG_ENDIAN,
                *((dates.MDY_SLASH,) if turned else dates.DAY_FIRST),
                dates.DMY_WORDS,
            )
        ]
        return Guess("datetime", (*_by_weight(evidence, (*datetimes.LOCAL, *fluent)), *bare), doubts=doubts)
    orders = (*dates.MONTH_FIRST, dates.MDY_SHORT) if turned else (*dates.DAY_FIRST, dates.DMY_SHORT)
    if not short + short_american:
        orders = orders[:-1]
    forms = _by_weight(
        evidence, (*dates.BIG_ENDIAN, *orders, *_SPOKEN, dates.ISO_MIDNIGHT, dates.DMY_MIDNIGHT)
    )
    return Guess("date", forms, doubts=doubts)


def _order(
    evidence: Evidence, day_first: int, month_first: int, short: int, short_american: int, american: int
) -> tuple[bool, tuple[Doubt, ...]]:
    """Whether the month comes first, and the doubt when no cell decides. Bad cells do not turn a column: a
    tenth of it must speak for the rarer order.
    """
    first = day_first + short + evidence.weight(_any(datetimes.DAY_FIRST_TIMES))
    second = month_first + short_american + american
    if not first and not second:
        return False, ()
    union = evidence.weight(
        f"{_DMY}|{_MDY}|(?:{dates.DMY_SHORT.pattern})|(?:{dates.MDY_SHORT.pattern})|(?:{datetimes.MDY.pattern})|{_any(datetimes.DAY_FIRST_TIMES)}"
    )
    only_first, only_second = union - second, union - first
    noon = evidence.weight("(?s).*[AaPp][Mm]")
    if (only_second > only_first and only_second >= 0.1 * union) or noon * 2 > union:
        return True, ()
    if only_first == 0:
        return False, (
            Doubt(
                "date-order-ambiguous",
                "Rien ne dit si le jour ou le mois vient d’abord : aucun jour ne dépasse 12. Les dates sont lues jour/mois/année.",
                "Si le mois vient d’abord, corrigez le type de la colonne en « date:%m/%d/%Y ».",
            ),
        )
    return False, ()


def _two_digits(count: int) -> Doubt:
    return Doubt(
        "two-digit-year",
        "Des années n’ont que deux chiffres : 69 à 99 sont lues 1969 à 1999, 00 à 68 sont lues 2000 à 2068.",
        "Écrivez les années avec quatre chiffres.",
    )


def _only_midnights(label: str, evidence: Evidence, moments: int) -> bool:
    """True for days that a spreadsheet dressed as instants."""
    return (
        bool(_DATE.search(joined(label)))
        and not _INSTANT.search(joined(label))
        and evidence.weight(_MIDNIGHT) >= 0.95 * moments
    )


def _year(label: str, evidence: Evidence) -> Guess | None:
    name = joined(label)
    named = _YEAR.search(name) or re.search(r"^_date_", name)
    counted = re.search(r"_(nb|nombre|total|age|duree)_", name)
    evidence = _under(label, evidence, "year")
    years = "1[5-9][0-9]{2}|20[0-9]{2}|21[0-9]{2}"
    if named and not counted and evidence.fits(evidence.weight(f"(?:{years})(?:[.,]0{{1,6}})?")):
        return Guess("year", _by_weight(evidence, (times.YEAR, times.YEAR_POINT_ZERO)), meaning="year")
    return None


def _angle(label: str, evidence: Evidence) -> Guess | None:
    """Degrees and minutes; degrees with a letter or a sign only where the header says latitude or longitude."""
    whole = evidence.weight(degrees.SEXAGESIMAL.pattern)
    named = announced(label, "latitude") or announced(label, "longitude")
    lettered = evidence.weight(degrees.LETTERED.pattern) if named else 0
    if not (whole or lettered) or not evidence.fits(whole + lettered):
        return None
    return Guess(
        "number", (*_by_weight(evidence, (degrees.SEXAGESIMAL, degrees.LETTERED)), numbers.DOT, numbers.COMMA)
    )


# --- numbers ------------------------------------------------------------------------------------------------


def _number(label: str, evidence: Evidence, decimal: str | None) -> Guess | None:
    evidence = _under(label, evidence, "number")
    unit, bare = _unit(evidence)
    if not bare.weight("([+\u2212\u2013(€-]|EUR){0,2}[ \u00a0\u202f]?[.,]?[0-9].*"):
        return None
    if not unit and _is_code(label, bare):
        return TEXT
    degrees = re.search(
        r"_(lat|latitude|lon|lng|long|longitude)",
        joined(label).replace("xlong", "x_long").replace("ylat", "y_lat"),
    )
    if degrees:  # which have no thousands: « 43,600 » is a decimal, whatever its three digits look like
        decimal = "," if bare.weight(".*,.*", probe=False) else "."
    mark, forms, doubts = _marks(bare, decimal)
    doubts = () if degrees else doubts
    # A column of nothing but « (1) », « (2) » refers to notes.
    bracketed = bare.weight(numbers.PARENTHESES.pattern, probe=False) <= 0.7 * bare.n
    if bracketed:
        forms = (*forms, numbers.PARENTHESES)
    reads = bare.weight(_any(forms))
    thousands = (
        numbers.INTEGER_DOTS if mark == "dots" else numbers.INTEGER_COMMAS if mark == "commas" else None
    )
    integers = (
        *numbers.INTEGERS,
        *((thousands,) if thousands else ()),
        *((numbers.INTEGER_PARENTHESES,) if bracketed else ()),
    )
    whole = bare.weight(_any(integers))
    rounded = bare.weight(numbers.INTEGER_POINT_ZERO.pattern) > 0.5 * bare.n and not _NAMED_NUMBER.search(
        joined(label)
    )
    if evidence.fits(reads) and (reads - whole > 0.001 * evidence.n or rounded):
        return Guess("number", _by_weight(bare, forms), unit=unit, doubts=doubts)
    if evidence.fits(whole):
        return Guess("integer", _by_weight(bare, integers), unit=unit, doubts=doubts)
    if evidence.fits(reads):
        return Guess("number", _by_weight(bare, forms), unit=unit, doubts=doubts)
    return None


def _unit(evidence: Evidence) -> tuple[str, Evidence]:
    """The one unit that follows (nearly) every number, and the evidence without it; "" and the evidence as it
    is when there is none.
    """
    units: Counter[str] = Counter()
    for text, count in evidence.cells:
        match = _UNITS.fullmatch(text)
        if match:
            units[match[1]] += count
    if not units:
        return "", evidence
    unit, count = units.most_common(1)[0]
    if not (evidence if len(units) == 1 else replace(evidence, worth=0)).fits(
        count
    ):  # « 300 m » beside « 1,5 km »: no header makes them one
        return "", evidence
    ending = re.compile(f"{GROUP}*{re.escape(unit)}$")
    bare = gather((ending.sub("", text), count) for text, count in evidence.cells if ending.search(text))
    return unit, bare


def _is_code(label: str, evidence: Evidence) -> bool:
    """True when whole numbers are names: leading zeros, sixteen digits or more, a header that says so."""
    name = joined(label)
    if (
        _DOTTED.search(name)
        and evidence.fits(evidence.weight("[0-9]{1,3}([.][0-9]{1,3}){0,4}"))
        and evidence.weight("[0-9]+[.]0*[1-9].*")
    ):
        return True  # « 7.1 » is a heading of a nomenclature, and no other than « 7.10 »
    digits = evidence.weight("[0-9]+")
    if not digits or not evidence.fits(digits, share=0.85):
        return False
    zeros = evidence.weight("0[0-9]+", probe=False)
    lengths: Counter[int] = Counter()
    for text, count in evidence.cells:
        if text.isdigit():
            lengths[len(text)] += count
    length, same = lengths.most_common(1)[0]
    padded = evidence.weight(f"0[0-9]{{{length - 1}}}", probe=False) if length > 1 else 0
    if zeros > 0.05 * digits or (same >= 0.9 * digits and padded > 0.004 * digits):
        return True
    if sum(c for n, c in lengths.items() if n > 15) > 0.05 * digits:
        return True
    if _CODE.search(name) and not re.search(r"_(nb|nbr|nbre|nombre|total)_", name):
        return True
    regular = length >= 6 and same >= 0.95 * digits
    return (
        regular
        and bool(_REFERENCE.search(name))
        and not _NAMED_NUMBER.search(name)
        and words(label)[-1:] not in (("voie",), ("rue",))
    )


def _marks(evidence: Evidence, decimal: str | None) -> tuple[str, tuple[Form, ...], tuple[Doubt, ...]]:
    """What the marks of the column's numbers are: "," "." or, for whole numbers in thousands, "dots"
    "commas"; the forms; the doubt when nothing tells.
    """
    weight = evidence.weight
    comma = weight(_any((numbers.STRAY_COMMA, numbers.DOTS_COMMA)), probe=False) + weight(
        f"[+-]?[0-9]{{1,3}}({GROUP}[0-9]{{3}})+,[0-9]+", probe=False
    )
    dot = weight(_any((numbers.STRAY_DOT, numbers.COMMAS_DOT)), probe=False) + weight(
        f"[+-]?[0-9]{{1,3}}({GROUP}[0-9]{{3}})+[.][0-9]+", probe=False
    )
    commas, dots = weight(numbers.COMMAS.pattern, probe=False), weight(numbers.DOTS.pattern, probe=False)
    if comma > dot and not weight(".*,.*", probe=False):
        return "dots", (*numbers.FRENCH, numbers.DOTS), ()  # 1.234.567 beside 1.234
    if dot > comma and not weight(".*[.].*", probe=False):
        return "commas", (*numbers.ENGLISH, numbers.COMMAS), ()
    if comma > dot:
        grouped = weight(numbers.DOTS_COMMA.pattern, probe=False)
        doubts = (_THOUSANDS["."],) if grouped and dots and _both(comma, dot) else ()
        return ",", (*numbers.FRENCH, *((numbers.DOTS,) if grouped else ())), doubts
    if dot > 0:
        grouped = weight(numbers.COMMAS_DOT.pattern, probe=False)
        doubts = (
            (_DECIMAL["."],)
            if dots and _both(comma, dot)
            else (_THOUSANDS[","],)
            if grouped and commas and _both(comma, dot)
            else ()
        )
        return ".", (*numbers.ENGLISH, *((numbers.COMMAS,) if grouped else ())), doubts
    grouped = _grouped(evidence)
    if dots and (decimal == "," or grouped or weight(numbers.DOTS_COMMA.pattern, probe=False)):
        return "dots", (*numbers.FRENCH, numbers.DOTS), ()
    if commas and (decimal == "." or grouped or weight("[0-9]{1,3}(,[0-9]{3}){2,}", probe=False)):
        return "commas", (*numbers.ENGLISH, numbers.COMMAS), ()
    mark = "." if dots > commas or (not commas and decimal == ".") else ","
    return (
        mark,
        numbers.ENGLISH if mark == "." else numbers.FRENCH,
        (_DECIMAL[mark],) if commas + dots else (),
    )


MIXED = 0.1
"""Share of the numbers whose decimal mark is plain from which the rarer mark is no slip."""


def _both(comma: int, dot: int) -> bool:
    """Whether a column is written with both marks: then its « 12.500 » may be of either kind. comma, dot: how many
    numbers show beyond doubt that it is their decimal mark.
    """
    return min(comma, dot) > MIXED * (comma + dot)


def _grouped(evidence: Evidence) -> bool:
    """True when whole numbers stop at 999, where the marks begin: `845` beside `1,234` and never `1234` nor
    `0,234` is thousands, not decimals.
    """
    small = evidence.weight("[1-9][0-9]{0,2}", probe=False)
    marked = evidence.weight("[1-9][0-9]{0,2}[.,][0-9]{3}", probe=False)
    return (
        marked >= 2
        and small >= 0.15 * evidence.n
        and evidence.weight("[+-]?[0-9]{4,}", probe=False) <= 0.01 * evidence.n
    )


def _ambiguous(written: str, reading: str) -> Doubt:
    return Doubt(
        "decimal-ambiguous",
        f"Des nombres comme « {written} » peuvent se lire de deux façons : {reading}.",
        "Écrivez les milliers sans séparateur, ou avec une espace.",
    )


_DECIMAL = {
    ",": _ambiguous(
        "1,234", "la virgule est prise pour la marque décimale, non pour un séparateur de milliers"
    ),
    ".": _ambiguous("1.234", "le point est pris pour la marque décimale, non pour un séparateur de milliers"),
}
"""Where a mark before three digits is read as the decimal one, though nothing tells; by mark."""
_THOUSANDS = {
    ",": _ambiguous(
        "1,234", "la virgule est prise pour un séparateur de milliers, non pour la marque décimale"
    ),
    ".": _ambiguous("1.234", "le point est pris pour un séparateur de milliers, non pour la marque décimale"),
}
"""Where it is read as one between thousands, in a column that has both decimal marks."""


def table_decimal(evidences: Sequence[Evidence], stated: str | None) -> str | None:
    """The decimal mark of a table: what its columns show beyond doubt, else what the reader said."""
    count: Callable[[Form], int] = lambda form: sum(  # noqa: E731
        1 for e in evidences if e.n and e.weight(form.pattern) > 0.3 * e.n
    )
    comma, dot = count(numbers.STRAY_COMMA), count(numbers.STRAY_DOT)
    return "," if comma > dot else "." if dot > comma else stated
