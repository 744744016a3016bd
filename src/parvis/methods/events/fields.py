"""The names that things go by in agendas, and how a cell is read; a row is read by the names that it has."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import cast

Row = Mapping[str, object]
"""Cells by name, names in lower case, empty cells left out."""

NAMES: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "uid", "uid_ics", "identifiant", "event_id", "recordid", "slug"),
    "title": ("titre", "title.fr", "title_fr", "title", "summary", "nom", "nom_evenement"),
    "text": (
        "description",
        "description.fr",
        "description_fr",
        "lead_text",
        "longdescription.fr",
        "longdescription_fr",
        "chapeau",
        "free_text",
    ),
    "category": (
        "categorie",
        "type",
        "category",
        "qfap_tags",
        "tags",
        "keywords.fr",
        "keywords_fr",
        "categories",
        "rubrique",
    ),
    "state": ("statut", "status", "status.label.fr", "etat"),
    "place": (
        "lieu",
        "location.name",
        "location_name",
        "placename",
        "address_name",
        "location",
        "nom_lieu",
        "lieu.nom",
    ),
    "address": (
        "adresse",
        "location.address",
        "location_address",
        "address",
        "address_street",
        "lieu.adresse",
    ),
    "city": ("location.city", "location_city", "address_city", "city", "ville", "commune"),
    "lat": ("lat", "latitude", "location.latitude", "lieu.lat"),
    "lon": ("lon", "lng", "longitude", "location.longitude", "lieu.lon"),
    "point": ("_point", "lat_lon", "latlon", "location_coordinates", "coordonnees", "geo_point_2d", "geo"),
    "free": ("gratuit", "price_type", "is_accessible_for_free", "isaccessibleforfree"),
    "price": (
        "tarif",
        "conditions.fr",
        "conditions_fr",
        "conditions",
        "price_detail",
        "pricing_info",
        "tarifs",
    ),
    "age_min": ("age_min", "age.min"),
    "age_max": ("age_max", "age.max"),
    "audience": ("audience", "public"),
    "access": (
        "accessibilite",
        "accessibility",
        "accessibility_label",
        "accessibility_label_fr",
        "accessibilite.label",
    ),
    "organiser": (
        "organisateur",
        "organizer",
        "originagenda_title",
        "originagenda.title",
        "contact_organisation_name",
    ),
    "url": ("url", "canonicalurl", "link", "lien", "event_url", "onlineaccesslink"),
    "image": ("image", "cover_url", "thumbnail", "originalimage"),
    "times": ("timings", "occurrences", "timetable", "horaires_iso"),
    "start": (
        "debut",
        "date_start",
        "firsttiming.begin",
        "firstdate_begin",
        "dtstart",
        "date_debut",
        "startdate",
        "start",
    ),
    "end": ("fin", "date_end", "lasttiming.end", "lastdate_end", "dtend", "date_fin", "enddate", "end"),
}
_TAG = re.compile(r"<[^>]{0,200}>")


def cells(row: Row) -> Row:
    """A row as it is read here."""
    return {k.casefold(): v for k, v in row.items() if v is not None and v != ""}


def first(row: Row, thing: str) -> object:
    """The cell of the first name that this thing goes by; None when the row has none."""
    return next((row[n] for n in NAMES[thing] if n in row), None)


def text(row: Row, thing: str) -> str:
    """The same in words: French where there are several languages, without tags."""
    value = first(row, thing)
    if isinstance(value, dict):
        value = next(
            (v for k in ("fr", "name", "label", "en") if (v := cast(Row, value).get(k))),
            next(iter(cast(Row, value).values()), ""),
        )
    if isinstance(value, list):
        value = ", ".join(str(v) for v in cast(list[object], value))
    return " ".join(_TAG.sub(" ", str(value)).split()) if value is not None else ""


def real(value: object) -> float | None:
    """A cell as a number, None when it is none."""
    try:
        return float(str(value).strip().replace(",", ".")) if value is not None else None
    except ValueError:
        return None


def json_of(text: str) -> object:
    """A cell that holds JSON, None when it does not."""
    try:
        return cast(object, json.loads(text))
    except ValueError:
        return None
