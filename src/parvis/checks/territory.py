"""The communes that a city knows: what a code, a postal code or a point can be held to. Read from the city's
own folder; without it nothing is assumed.

`communes.csv` (UTF-8, `;`): `code_insee;nom;codes_postaux`, the postal codes joined by `|`.
`communes.geojson`: one feature a commune, its code in the property `code` or `code_insee`. Both are the
city's to bring: the official lists are kept up to date by INSEE, IGN and La Poste, not by us.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence

LIST = "communes.csv"
LIMITS = "communes.geojson"
COLUMNS = ("code_insee", "nom", "codes_postaux")


@dataclass(frozen=True, slots=True)
class Territory:
    """Communes by INSEE code. limits: outline of each as GeoJSON, in WGS 84."""

    names: Mapping[str, str] = field(default_factory=dict[str, str])
    postcodes: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    limits: Mapping[str, str] = field(default_factory=dict[str, str])


NOWHERE = Territory()
"""Nothing is known."""


def load(folder: Path) -> Territory:
    """What a city's folder says of its territory; empty where it says nothing. Raises UsageError with file,
    line and fix when a file is not as it should be.
    """
    names, postcodes = _listed(folder / LIST)
    return Territory(names, postcodes, _outlines(folder / LIMITS))


def _listed(path: Path) -> tuple[dict[str, str], dict[str, frozenset[str]]]:
    """Name, and postcodes, of each commune of a `communes.csv`, by INSEE code; none when there is no file."""
    names: dict[str, str] = {}
    postcodes: dict[str, frozenset[str]] = {}
    if not path.is_file():
        return names, postcodes
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file, delimiter=";")
        header = next(rows, [])
        if tuple(header) != COLUMNS:
            raise UsageError(
                Sentence("« {name} », ligne 1 : colonnes {header}.", name=path.name, header=header),
                mend=Sentence("Écrivez « {list} », en UTF-8.", list=";".join(COLUMNS)),
            )
        for row in rows:
            if len(row) != len(COLUMNS) or len(row[0]) != 5:
                mend = Sentence("Une ligne : code INSEE, nom, codes postaux séparés par « | ».")
                raise UsageError(
                    Sentence(
                        "« {name} », ligne {line_num} : « {list} ».",
                        name=path.name,
                        line_num=rows.line_num,
                        list=";".join(row),
                    ),
                    mend=mend,
                )
            names[row[0]] = row[1]
            postcodes[row[0]] = frozenset(p for p in row[2].split("|") if p)
    return names, postcodes


def _outlines(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    mend = Sentence(
        "Donnez une FeatureCollection GeoJSON en WGS 84, avec le code INSEE de chaque commune dans la propriété « code »."
    )
    try:
        geojson = json.loads(path.read_text("utf-8-sig"))
        features = [
            (f["properties"].get("code") or f["properties"].get("code_insee"), f["geometry"])
            for f in geojson["features"]
        ]
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as bad:
        raise UsageError(
            Sentence("« {name} » n’est pas lisible : {bad}.", name=path.name, bad=bad), mend=mend
        ) from bad
    if not all(isinstance(code, str) for code, _ in features):
        raise UsageError(Sentence("« {name} » : une commune n’a pas de code.", name=path.name), mend=mend)
    return {str(code): json.dumps(geometry) for code, geometry in features}
