"""Codes of the official geography, cut to wider and wider areas.

Department to region: INSEE, code officiel géographique, regions of 1 January 2016. The communes of an EPCI
change each year: that list is the city's to bring.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence

from parvis.privacy.anonymising.declaration import Key, Ladder, Params, Scale, Value, labelled

OTHER = "(autre)"
ABROAD = "étranger"

_REGIONS: Mapping[str, str] = {
    "Auvergne-Rhône-Alpes": "01 03 07 15 26 38 42 43 63 69 73 74", "Bourgogne-Franche-Comté": "21 25 39 58 70 71 89 90", "Bretagne": "22 29 35 56",
    "Centre-Val de Loire": "18 28 36 37 41 45", "Corse": "2A 2B 20", "Grand Est": "08 10 51 52 54 55 57 67 68 88", "Hauts-de-France": "02 59 60 62 80",
    "Île-de-France": "75 77 78 91 92 93 94 95", "Normandie": "14 27 50 61 76", "Nouvelle-Aquitaine": "16 17 19 23 24 33 40 47 64 79 86 87",
    "Occitanie": "09 11 12 30 31 32 34 46 48 65 66 81 82", "Pays de la Loire": "44 49 53 72 85", "Provence-Alpes-Côte d’Azur": "04 05 06 13 83 84",
    "Guadeloupe": "971", "Martinique": "972", "Guyane": "973", "La Réunion": "974", "Mayotte": "976",
}  # fmt: skip
REGION = {
    department: region for region, departments in _REGIONS.items() for department in departments.split()
}


def department(code: str) -> str:
    """The department of a commune, postal or IRIS code; "" when it is none.

    >>> department("34172"), department("2A004"), department("97411"), department("20200"), department("99100")
    ('34', '2A', '974', '20', '')
    """
    code = code.strip().upper().replace(" ", "")
    if re.fullmatch(r"[0-9]{4}", code):
        code = f"0{code}"  # a spreadsheet took the zero away
    if not re.fullmatch(r"([0-9]{2}|2[AB])[0-9]{3}([0-9]{4})?", code):
        return ""
    prefix = code[:3] if code.startswith("97") else code[:2]
    return prefix if prefix in REGION else ""


def _up(code: str) -> tuple[str, str]:
    code_ = department(code)
    return (code_, REGION[code_]) if code_ else (OTHER, OTHER)


def _communes(values: Sequence[Value], params: Params) -> Scale:
    """Commune to EPCI (where the file says it), department, region."""
    members = _members(params) if params.text("file") else None

    def chain(value: Value) -> tuple[str, ...]:
        code = str(value).strip().upper()
        wider = _up(code)
        if members is None:
            return wider
        return (members.get(code) or f"hors liste ({wider[0]})", *wider)

    scale = labelled(values, chain, 2 if members is None else 3)
    if (
        members is not None
    ):  # an EPCI may lie in two departments: the whole of it goes with the first of its communes
        scale = Scale(scale.leaves, _nested(scale.levels))
    return scale


def _nested(levels: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    """Each level said by the one below: the first label that stands above a group is the label of all of it."""
    below, rest = levels[0], list[tuple[str, ...]]()
    for level in levels[1:]:
        first: dict[str, str] = {}
        for low, high in zip(below, level, strict=True):
            first.setdefault(low, high)
        below = tuple(first[low] for low in below)
        rest.append(below)
    return (levels[0], *rest)


def _members(params: Params) -> Mapping[str, str]:
    path = params.file("file")
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines, delimiter=";")
        names = rows.fieldnames or []
        epci = next((n for n in ("epci", "nom_epci", "code_epci") if n in names), "")
        if "code_insee" not in names or not epci:
            raise params.wrong(
                f"« {path.name} » n’a pas les colonnes code_insee et epci.",
                "Écrivez « code_insee;epci », en UTF-8.",
            )
        return {str(row["code_insee"]).strip().upper(): str(row[epci]).strip() for row in rows}


_FILE = Key(
    "file",
    "text",
    "Fichier CSV « code_insee;epci » (UTF-8) : à quelle intercommunalité appartient chaque commune.",
)

COMMUNES = Ladder(
    "communes",
    "Code INSEE de commune, puis intercommunalité (si son fichier est donné), département, région",
    (),
    (_FILE,),
    _communes,
    examples=(
        ("34172", ("34", "Occitanie")),
        ("2A004", ("2A", "Corse")),
        ("97411", ("974", "La Réunion")),
        ("99352", ("(autre)", "(autre)")),
    ),
)
POSTCODES = Ladder(
    "postcodes",
    "Code postal, puis département, région",
    ("departement", "region"),
    (),
    lambda values, params: labelled(values, lambda v: _up(str(v)), 2),
    examples=(
        ("34000", ("34", "Occitanie")),
        (1000, ("01", "Auvergne-Rhône-Alpes")),
        ("20200", ("20", "Corse")),
    ),
)
IRIS = Ladder(
    "iris",
    "Code IRIS, puis commune, département, région",
    ("commune", "departement", "region"),
    (),
    lambda values, params: labelled(
        values, lambda v: (str(v).strip()[:5] if department(str(v)) else OTHER, *_up(str(v))), 3
    ),
    examples=(("341720101", ("34172", "34", "Occitanie")),),
)
