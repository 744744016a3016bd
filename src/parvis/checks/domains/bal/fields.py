"""The columns of a BAL file: what one cell must be, and the value it is corrected to when that is sure.

Source: specification of the Base Adresse Locale (AITF) 1.3 to 1.5, with the rule codes of the national
validator (version 3.5.2).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from parvis.core.text import fold

Value = str | int | float | bool | tuple[str, ...]

PLACE = 99_999
"""Number of a place without numbers."""

FORMATS = ("1.3", "1.4", "1.5")

LANGUAGES = (
    "fra", "bre", "eus", "gsw", "cos", "gcr", "gcf", "rcf", "swb", "oci", "cat", "pcd", "vls", "frp",
)  # fmt: skip
"""Languages that a column may end with: `voie_nom_bre`."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """One cell understood. value: None when empty or unreadable. codes: what is wrong, without the column.
    mended: the sure correction, "" when none.
    """

    value: Value | None = None
    codes: tuple[str, ...] = ()
    mended: str = ""
    parts: Mapping[str, str] = field(default_factory=dict[str, str])
    """What a key or a group of identifiers is made of."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column. formats: versions that have it. spoken: whether it may be given in other languages too."""

    name: str
    parse: Callable[[str, date], Parsed]
    formats: tuple[str, ...] = FORMATS
    required: bool = False
    spoken: bool = False


def cell(each: Field, raw: str, today: date, *, other_language: bool = False) -> Parsed:
    """Judge one cell of a column, white space around it reported by a code of its own."""
    text = raw.strip()
    around = ("espaces_debut_fin",) if text != raw else ()
    if not text:
        return Parsed(
            codes=(*around, *(("valeur_manquante",) if each.required and not other_language else ()))
        )
    parsed = each.parse(text, today)
    return Parsed(
        parsed.value, (*around, *parsed.codes), parsed.mended or (text if around else ""), parsed.parts
    )


def commune(code: str) -> bool:
    """Whether a code has the form of a French commune's, in a department that exists.

    >>> [commune(c) for c in ("34172", "2A004", "97411", "00000", "20004", "A7482", "96001")]
    [True, True, True, False, False, False, False]
    """
    return (
        re.fullmatch(
            r"(?:0[1-9]|1[0-9]|2[1-9AB]|[3-8][0-9]|9[0-5])[0-9]{3}|97[1-8][0-9]{2}|98[46-8][0-9]{2}", code
        )
        is not None
    )


def _key(text: str, _: date) -> Parsed:
    codes = [] if text == text.lower() else ["casse_invalide"]
    parts = text.split("_")
    if len(parts) < 3 or not all(parts):
        return Parsed(codes=(*codes, "structure_invalide"))
    code, street, number = parts[0].upper(), parts[1], parts[2]
    if not commune(code):
        codes.append("commune_invalide")
    if len(street) != 4:
        codes.append("voie_invalide")
        street = ""
    elif street.upper() in ("XXXX", "0000"):
        codes.append("voie_non_renseignee")
        street = ""
    if not re.fullmatch(r"[0-9]+", number):
        return Parsed(codes=(*codes, "numero_invalide"))
    if len(number) != 5:
        codes.append("numero_prefixe_manquant")
    whole = "_".join((code, parts[1], number.zfill(5), *parts[3:])).lower()
    return Parsed(
        whole,
        tuple(codes),
        whole if whole != text else "",
        {"commune": code, "voie": street.upper(), "numero": number},
    )


_UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE)


def _uuid(text: str, _: date) -> Parsed:
    return Parsed(text) if _UUID4.fullmatch(text) else Parsed(codes=("type_invalide",))


def _identifiers(text: str, _: date) -> Parsed:
    """Three identifiers in one cell: `@c:… @v:… @a:…`."""
    identifiers = {
        letter.lower(): value for letter, value in re.findall(r"@([cva]):(\S+)", text, re.IGNORECASE)
    }
    if not all(_UUID4.fullmatch(value) for value in identifiers.values()):
        return Parsed(codes=("type_invalide",))
    names = {"c": "id_ban_commune", "v": "id_ban_toponyme", "a": "id_ban_adresse"}
    return Parsed(text, parts={names[letter]: value for letter, value in identifiers.items()})


def _street(text: str, _: date) -> Parsed:
    if len(text) < 3:
        return Parsed(codes=("trop_court",))
    if len(text) > 200:
        return Parsed(codes=("trop_long",))
    if "\ufffd" in text:
        return Parsed(codes=("caractere_invalide",))
    spaced = text.replace("_", " ")
    codes = (
        *(("contient_tiret_bas",) if spaced != text else ()),
        *(("casse_incorrecte",) if spaced == spaced.upper() else ()),
    )
    return Parsed(spaced, codes, spaced if spaced != text else "")


def _plain(text: str, _: date) -> Parsed:
    return Parsed(text)


def _commune_name(text: str, _: date) -> Parsed:
    return Parsed(text, ("casse_incorrecte",) if text in (text.lower(), text.upper()) else ())


def _number(text: str, _: date) -> Parsed:
    if not re.fullmatch(r"[0-9]+", text):
        return Parsed(codes=("type_invalide",))
    if len(text.lstrip("0")) > 5:
        return Parsed(codes=("trop_grand",))
    number = int(text)
    if number == 0:
        return Parsed(0, ("not_to_be_zero",))
    return Parsed(number, ("contient_prefixe",), str(number)) if text.startswith("0") else Parsed(number)


def _suffix(text: str, _: date) -> Parsed:
    if not re.match(r"[0-9a-zA-Z]", text):
        return Parsed(codes=("debut_invalide",))
    if len(text) > 9:
        return Parsed(codes=("trop_long",))
    return Parsed(text, () if all(c.isalnum() or c.isspace() for c in text) else ("caractere_invalide",))


def _commune_code(text: str, _: date) -> Parsed:
    code = text.upper()
    return (
        Parsed(code, mended=code if code != text else "")
        if commune(code)
        else Parsed(codes=("commune_invalide",))
    )


POSITIONS = (
    "entrée",
    "bâtiment",
    "cage d’escalier",
    "logement",
    "service technique",
    "délivrance postale",
    "parcelle",
    "segment",
)
_FUZZY = {re.sub(r"\W+", " ", fold(p)).strip(): p for p in POSITIONS}


def _position(text: str, _: date) -> Parsed:
    known = _FUZZY.get(re.sub(r"\W+", " ", fold(text)).strip())
    if known is None:
        return Parsed(codes=("valeur_invalide",))
    return (
        Parsed(known)
        if unicodedata.normalize("NFC", text) == known
        else Parsed(known, ("enum_fuzzy",), known)
    )


def _float(text: str, _: date) -> Parsed:
    if re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", text):
        return Parsed(float(text))
    if re.fullmatch(r"-?(0|[1-9][0-9]*)(,[0-9]+)?", text):
        mended = text.replace(",", ".")
        return Parsed(float(mended), ("separateur_decimal_invalide",), mended)
    return Parsed(codes=("valeur_invalide",))


def _parcels(text: str, _: date) -> Parsed:
    bare = text.strip("|")
    codes = ("pipe_debut_fin",) if bare != text else ()
    parcels = bare.split("|") if bare else []
    if not parcels or any(len(p) not in (14, 15) for p in parcels):
        return Parsed(codes=(*codes, "valeur_invalide"))
    return Parsed(tuple(p if len(p) == 14 else p[:2] + p[3:] for p in parcels), codes, bare if codes else "")


_MONTHS = (
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
)
_DATES = (
    "%d/%m/%y",
    "%d/%m/%Y",
    "%Y/%m/%d",
    "%d-%m-%Y",
    "%Y-%m-%d",
    "%d %m %Y",
    "%Y %m %d",
    "%Y-%m-%d %H:%M",
)
_FIRST = date(2010, 1, 1)


def _updated(text: str, today: date) -> Parsed:
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return Parsed(codes=("date_invalide",))
        if day > today:
            return Parsed(codes=("date_future",))
        return Parsed(text, ("date_ancienne",) if day < _FIRST else ())
    day = _day(text)
    return Parsed(
        codes=("date_invalide",), mended=day.isoformat() if day is not None and _FIRST < day < today else ""
    )


def _day(text: str) -> date | None:
    """A date in another of the forms that people write.

    >>> [str(_day(t)) for t in ("25/12/2023", "25/12/23", "16 juillet 2023", "2023.01.26")]
    ['2023-12-25', '2023-12-25', '2023-07-16', 'None']
    """
    words = re.fullmatch(r"([0-9]{1,2}) (\w+) ([0-9]{4})", fold(text))
    if words is not None and words[2] in _MONTHS:
        text = f"{int(words[1]):02d}/{_MONTHS.index(words[2]) + 1:02d}/{words[3]}"
    for form in _DATES:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None


def _certified(text: str, _: date) -> Parsed:
    return Parsed(text == "1") if text in ("0", "1") else Parsed(codes=("valeur_invalide",))


FIELDS: Mapping[str, Field] = {
    each.name: each
    for each in (
        Field("cle_interop", _key, ("1.3", "1.4"), required=True),
        Field("uid_adresse", _identifiers, ("1.3",)),
        Field("id_ban_commune", _uuid, ("1.4", "1.5")),
        Field("id_ban_toponyme", _uuid, ("1.4", "1.5")),
        Field("id_ban_adresse", _uuid, ("1.4", "1.5")),
        Field("voie_nom", _street, ("1.3", "1.4"), spoken=True),
        Field("toponyme", _street, ("1.5",), spoken=True),
        Field("lieudit_complement_nom", _plain, spoken=True),
        Field("numero", _number, required=True),
        Field("suffixe", _suffix),
        Field("commune_insee", _commune_code, required=True),
        Field("commune_nom", _commune_name, required=True, spoken=True),
        Field("commune_deleguee_insee", _commune_code),
        Field("commune_deleguee_nom", _plain, spoken=True),
        Field("position", _position),
        Field("x", _float),
        Field("y", _float),
        Field("long", _float),
        Field("lat", _float),
        Field("cad_parcelles", _parcels),
        Field("source", _plain, required=True),
        Field("date_der_maj", _updated, required=True),
        Field("certification_commune", _certified),
    )
}
"""Every column by name, in the order of the specification."""


def column(label: str) -> tuple[Field, str] | None:
    """The column that a header names, with its language ("" for French)."""
    if label in FIELDS:
        return FIELDS[label], ""
    name, _, language = label.rpartition("_")
    if language in LANGUAGES and name in FIELDS and FIELDS[name].spoken:
        return FIELDS[name], language
    return None
