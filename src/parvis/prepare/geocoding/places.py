"""What a file of national addresses holds, laid out to be looked up: communes, their streets, the numbers of
each street.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from parvis.prepare.geocoding.words import name_tokens, tokens, weight

COLUMNS: Mapping[str, bool] = {
    "numero": True, "rep": False, "nom_voie": True, "code_postal": False, "code_insee": True, "nom_commune": True, "nom_ancienne_commune": False,
    "libelle_acheminement": False, "nom_ld": False, "lon": True, "lat": True,
}  # fmt: skip
"""Columns of the BAN format that are read, and whether a file must have them."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where something lies, degrees in WGS 84, as the file writes them."""

    lon: str
    lat: str


@dataclass(slots=True)
class Street:
    """A street of a commune. houses: (number, suffix) to its row in the file; numbers: number to its first
    row.
    """

    name: str
    commune: int
    words: tuple[str, ...]
    whole: float
    """Weight of all its words."""
    houses: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])
    numbers: dict[str, int] = field(default_factory=dict[str, int])


@dataclass(slots=True)
class Commune:
    """A commune, all the names that it goes by and its postal codes."""

    code: str
    name: str
    names: set[str] = field(default_factory=set[str])
    postcodes: set[str] = field(default_factory=set[str])
    streets: list[int] = field(default_factory=list[int])


@dataclass(frozen=True, slots=True)
class Places:
    """The whole file. Rows keep their place: lon[i], lat[i] and postcode[i] are those of row i."""

    communes: Sequence[Commune]
    streets: Sequence[Street]
    lon: Sequence[str]
    lat: Sequence[str]
    postcode: Sequence[str]
    by_code: Mapping[str, int]
    by_name: Mapping[str, tuple[int, ...]]
    """Commune name, words joined by spaces, to its communes."""
    by_postcode: Mapping[str, tuple[int, ...]]
    exact: Mapping[tuple[int, str], int]
    """(commune, street in one spelling) to the street."""

    def middle(self, rows: Sequence[int]) -> Position:
        """Middle of some rows that have a position."""
        lon, lat = (np.median([float(values[i]) for i in rows]) for values in (self.lon, self.lat))
        return Position(f"{lon:.6f}", f"{lat:.6f}")


def gather(columns: Mapping[str, Sequence[str | None]]) -> Places:
    """Lay out a file. columns: the texts of COLUMNS, rows in order; those that are not needed may be missing.
    Rows without a position are left out.
    """
    size = len(columns["nom_voie"])
    nothing: Sequence[str | None] = [None] * size

    def texts(name: str) -> list[str]:
        return [v.strip() if v else "" for v in columns.get(name, nothing)]

    numbers, suffixes, ways, postcodes = (
        texts("numero"),
        texts("rep"),
        texts("nom_voie"),
        texts("code_postal"),
    )
    codes, names, former, mail = (
        texts("code_insee"),
        texts("nom_commune"),
        texts("nom_ancienne_commune"),
        texts("libelle_acheminement"),
    )
    lon, lat, localities = texts("lon"), texts("lat"), texts("nom_ld")
    communes: list[Commune] = []
    streets: list[Street] = []
    by_code: dict[str, int] = {}
    exact: dict[tuple[int, str], int] = {}
    for row in range(size):
        if not (_degrees(lon[row], 180) and _degrees(lat[row], 90) and (ways[row] or localities[row])):
            continue
        code = codes[row] or names[row]
        at = by_code.get(code)
        if at is None:
            at = by_code[code] = len(communes)
            communes.append(Commune(code, names[row]))
        commune = communes[at]
        for name in (names[row], former[row], mail[row]):
            if name:
                commune.names.add(name)
        if postcodes[row]:
            commune.postcodes.add(postcodes[row])
        way = ways[row] or localities[row]
        words = tokens(way)
        key = (at, " ".join(words))
        place = exact.get(key)
        if place is None:
            place = exact[key] = len(streets)
            streets.append(Street(way, at, words, sum(map(weight, words))))
            commune.streets.append(place)
        number = numbers[row].lstrip("0")
        streets[place].houses.setdefault((number, suffixes[row].lower()), row)
        streets[place].numbers.setdefault(number, row)
    by_name: dict[str, tuple[int, ...]] = {}
    by_postcode: dict[str, tuple[int, ...]] = {}
    for at, commune in enumerate(communes):
        for key in sorted({" ".join(name_tokens(n)) for n in commune.names}):
            by_name[key] = (*by_name.get(key, ()), at)
        for postcode in sorted(commune.postcodes):
            by_postcode[postcode] = (*by_postcode.get(postcode, ()), at)
    return Places(communes, streets, lon, lat, postcodes, by_code, by_name, by_postcode, exact)


def _degrees(text: str, most: float) -> bool:
    try:
        return abs(float(text)) <= most
    except ValueError:
        return False
