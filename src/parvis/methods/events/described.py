"""What the rows of agendas say of an event but its times: kind, state, price, ages, access, place. Codes and
words of several sources, one table each.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast

from parvis.core.text import fold
from parvis.methods.events.entry import ACCESS, CATEGORIES, Entry
from parvis.methods.events.fields import Row, first, json_of, real, text

_FLAGS = {
    "pmr": "fauteuil",
    "blind": "audiodescription",
    "deaf": "lsf",
    "sign_language": "lsf",
    "mental": "facile",
}
"""Columns of yes and no of Explore portals."""
_CODES = {
    "mi": "fauteuil", "hi": "boucle", "vi": "audiodescription", "ii": "facile", "pi": "facile", "sl": "lsf",
    "handicap moteur": "fauteuil", "handicap visuel": "audiodescription", "handicap auditif": "boucle", "handicap intellectuel": "facile",
    "handicap psychique": "facile", "langue des signes": "lsf", "langue des signes francaise": "lsf", "fauteuil roulant": "fauteuil", "pmr": "fauteuil",
}  # fmt: skip
"""Codes and labels of accessibility of OpenAgenda and others."""
_STATES = {
    "2": "prévu", "3": "prévu", "4": "prévu", "5": "complet", "6": "annulé", "1": "prévu",
    "confirmed": "prévu", "tentative": "prévu", "cancelled": "annulé", "canceled": "annulé", "annule": "annulé", "annulee": "annulé", "reporte": "reporté",
    "reportee": "reporté", "postponed": "reporté", "rescheduled": "reporté", "complet": "complet", "sold out": "complet", "sold_out": "complet",
    "deprogramme": "annulé", "eventcancelled": "annulé", "eventpostponed": "reporté", "eventrescheduled": "reporté",
}  # fmt: skip
"""States in folded words. OpenAgenda's codes: 1 scheduled, 2 rescheduled, 3 moved online, 4 postponed, 5
full, 6 cancelled.
"""
_KINDS: Mapping[str, tuple[str, ...]] = {
    "concert": ("concert", "musique", "opera", "jazz", "chanson", "recital", "chorale", "choeur"),
    "spectacle": ("spectacle", "theatre", "danse", "cirque", "humour", "marionnette", "conte"),
    "exposition": ("expo", "exposition", "vernissage", "musee"),
    "cinéma": ("cinema", "projection", "film"),
    "atelier": ("atelier", "stage", "initiation", "cours"),
    "visite": ("visite", "balade", "promenade", "patrimoine", "parcours"),
    "conférence": ("conference", "debat", "rencontre", "colloque", "table ronde"),
    "lecture": ("lecture", "litterature", "poesie", "livre", "dedicace"),
    "fête": ("fete", "bal", "festival", "carnaval", "animation", "soiree", "feu d'artifice"),
    "sport": ("sport", "course", "tournoi", "match", "yoga", "randonnee"),
    "marché": ("marche", "brocante", "vide-grenier", "salon", "braderie"),
}
_AGE = re.compile(
    r"(?:des|a partir de|plus de|des l'age de)\s+(\d{1,2})\s*ans|(?:de\s+)?(\d{1,2})\s*(?:ans\s*)?(?:a|-|/)\s*(\d{1,2})\s*ans|(\d{1,2})\s*\+"
)
_MONTHS = re.compile(r"(\d{1,2})\s*mois")
_PRICE = re.compile(r"\d\s*(?:€|euro)")
_SOME = r"(?:(?:pour|aux|des|les|-|:)\s*)*(?:moins|enfants?|etudiants?|adherents?|habitants?|scolaires?|\d)"
_FREE = re.compile(
    rf"\b(gratuit\w*|entree libre|acces libre|free)\b(?!\s*(?:pour (?!tou)|jusqu|{_SOME}))|^\s*0\s*(?:€|euros?)\s*$"
)
"""Free for all: « gratuit pour les moins de 12 ans » says that others pay, or nothing."""


def describe(row: Row, agenda: str, title: str) -> Entry:
    """All that is said of an event but its times."""
    price, audience = text(row, "price"), text(row, "audience")
    lat, lon = _place(row)
    low, high = _number(first(row, "age_min")), _number(first(row, "age_max"))
    if low is None and high is None:
        low, high = _ages(f"{audience} {title}")
    address = text(row, "address")
    city = text(row, "city")
    where = f"{address}, {city}" if city and address and fold(city) not in fold(address) else address or city
    return Entry(
        id=text(row, "id"),
        agenda=agenda,
        title=title[:300],
        times=(),
        text=text(row, "text")[:2000],
        category=_category(text(row, "category"), title),
        state=_state(first(row, "state")),
        place=text(row, "place"),
        address=where,
        lat=lat,
        lon=lon,
        free=_free(first(row, "free"), price),
        price=price[:200],
        age_min=low,
        age_max=high,
        access=_access(row),
        organiser=text(row, "organiser"),
        url=_web(text(row, "url")),
        image=_web(text(row, "image")),
    )


def _web(address: str) -> str:
    return address if address.startswith(("https://", "http://")) else ""


def _number(value: object) -> int | None:
    try:
        number = float(str(value).replace(",", "."))
    except ValueError:
        return None
    return int(number) if 0 <= number <= 120 else None


def _ages(words: str) -> tuple[int | None, int | None]:
    """Ages that a text invites; children where it names them without a number.

    >>> _ages("Enfants de 6 à 10 ans"), _ages("dès 3 ans"), _ages("18 mois à 3 ans"), _ages("Tout public")
    ((6, 10), (3, None), (1, 3), (None, None))
    """
    plain = _MONTHS.sub(lambda match: f"{int(match[1]) // 12} ans", fold(words))
    if age_match := _AGE.search(plain):
        since, low, high, plus = age_match.groups()
        return (int(low), int(high)) if low else (int(since or plus), None)
    if re.search(r"\b(enfants?|jeune public|en famille|tout-petits?|bebes?)\b", plain):
        return 0, 12
    return None, None


def _category(keyword: str, title: str) -> str:
    for words in (fold(keyword), fold(title)):
        exact = next((c for c in CATEGORIES if fold(c) == words), "")
        if exact:
            return exact
        for category, roots in _KINDS.items():
            if any(re.search(rf"\b{re.escape(r)}s?\b", words) for r in roots):
                return category
    return "autre"


def _state(value: object) -> str:
    if isinstance(value, dict):
        value = cast(Row, value).get("id", "")
    text = fold(str(value)).rsplit("/", 1)[-1].strip() if value is not None else ""
    if text == "4":
        return "reporté"
    return _STATES.get(text, "prévu")


def _free(stated: object, price: str) -> bool | None:
    if isinstance(stated, bool):
        return stated
    words = fold(f"{stated if stated is not None else ''} {price}")
    if re.search(r"\b(payant|paid)", words):
        return False
    if fold(str(stated)) in ("oui", "vrai", "true", "1", "gratuit"):
        return True
    if fold(str(stated)) in ("non", "faux", "false", "0"):
        return False
    if _PRICE.search(words) and not re.search(r"\b0\s*(?:€|euro)", words):
        return False
    return True if _FREE.search(words) else None


def _access(row: Row) -> frozenset[str]:
    codes = {
        kind
        for column, kind in _FLAGS.items()
        if str(row.get(column, "")).casefold() in ("1", "true", "oui", "vrai")
    }
    stated = first(row, "access")
    if isinstance(stated, str) and stated[:1] in "[{":
        stated = json_of(stated)
    parts: list[object] = []
    if isinstance(stated, dict):
        parts += [k for k, v in cast(Row, stated).items() if v is True or v == 1]
    elif isinstance(stated, list):
        parts += cast(list[object], stated)
    elif isinstance(stated, str):
        parts += re.split(r"[|;,]", stated)
    for code in ("hi", "ii", "mi", "pi", "vi", "sl"):
        if row.get(f"accessibility.{code}") in (True, "true", "True", 1):
            parts.append(code)
    for part in parts:
        word = fold(str(part)).strip()
        kind = word if word in ACCESS else _CODES.get(word, "")
        if kind:
            codes.add(kind)
    return frozenset(codes)


def _place(row: Row) -> tuple[float | None, float | None]:
    """Latitude and longitude, (None, None) where they are missing, out of the world, or the point 0, 0."""
    lat, lon = real(first(row, "lat")), real(first(row, "lon"))
    point = first(row, "point")
    if (lat is None or lon is None) and point is not None:
        if isinstance(point, str) and point[:1] in "{[":
            point = json_of(point)
        if isinstance(point, dict):
            where = cast(Row, point)
            lat, lon = (
                real(where.get("lat", where.get("latitude"))),
                real(where.get("lon", where.get("longitude", where.get("lng")))),
            )
        elif isinstance(point, (list, tuple)) and len(cast(list[object], point)) == 2:
            lat, lon = (real(v) for v in cast(list[object], point))
        elif isinstance(point, str):
            parts = re.split(r"[;,\s]+", point.strip())
            lat, lon = (real(p) for p in parts) if len(parts) == 2 else (None, None)
    if lat is None or lon is None or not (-90 <= lat <= 90 and -180 <= lon <= 180) or (lat == 0 and lon == 0):
        return None, None
    return lat, lon
