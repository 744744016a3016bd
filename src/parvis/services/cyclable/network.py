"""Sections made for bicycles, from the table of the national schema: what protects most on either side, how long, in
which state.

A section is one axis with two sides. Its length counts once, whatever is on one side or on both, so that the sum is
kilometres of streets and ways, not of lanes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import shapely

from parvis.core.arrow import arrow_table
from parvis.core.sentence import mark
from parvis.core.types import SHAPE
from parvis.methods import ellipsoid
from parvis.services.cyclable.schemas import SECTIONS

SEPARATE, MARKED, SHARED = mark("séparée"), mark("sur la chaussée"), mark("partagée")
OPEN, PROVISIONAL, WORKS = mark("en service"), mark("provisoire"), mark("en travaux")

FACILITIES: Mapping[str, tuple[str, str]] = {
    "PISTE CYCLABLE": (mark("piste cyclable"), SEPARATE),
    "DOUBLE SENS CYCLABLE PISTE": (mark("piste à contresens"), SEPARATE),
    "VOIE VERTE": (mark("voie verte"), SEPARATE),
    "BANDE CYCLABLE": (mark("bande cyclable"), MARKED),
    "DOUBLE SENS CYCLABLE BANDE": (mark("bande à contresens"), MARKED),
    "COULOIR BUS+VELO": (mark("couloir de bus ouvert aux vélos"), MARKED),
    "CHAUSSEE A VOIE CENTRALE BANALISEE": (mark("chaussée à voie centrale"), MARKED),
    "ACCOTEMENT REVETU HORS CVCB": (mark("accotement revêtu"), MARKED),
    "VELO RUE": (mark("vélorue"), SHARED),
    "DOUBLE SENS CYCLABLE NON MATERIALISE": (mark("contresens sans marquage"), SHARED),
    "AMENAGEMENT MIXTE PIETON VELO HORS VOIE VERTE": (mark("chemin partagé avec les piétons"), SHARED),
    "RAMPE": (mark("rampe"), SHARED),
    "GOULOTTE": (mark("goulotte d’escalier"), SHARED),
    "AUTRE": (mark("autre aménagement"), SHARED),
}
"""By the value of the national schema: in plain words, and how far from cars. « AUCUN » is none."""

_SAFEST = {SEPARATE: 0, MARKED: 1, SHARED: 2}
_STATES = {"EN TRAVAUX": WORKS, "PROVISOIRE": PROVISIONAL}


def sections(table: pa.Table) -> pa.Table:
    """What is made for bicycles, as `SECTIONS`. table: rows of « amenagements-cyclables », with their lines. A row
    without a line, or with nothing on either side, is left out.
    """
    rows = [row for r in table.to_pylist() if (row := _section(r)) is not None]
    return arrow_table(SECTIONS, rows)


def _section(row: Mapping[str, Any]) -> dict[str, object] | None:
    shape = row.get(SHAPE)
    sides = sorted(
        (_SAFEST[FACILITIES[row[f"ame_{s}"]][1]], s) for s in "dg" if row.get(f"ame_{s}") in FACILITIES
    )
    if shape is None or not sides:
        return None
    rank, best = sides[0]
    facility, kind = FACILITIES[row[f"ame_{best}"]]
    return {
        "id": row["id_local"],
        "nom": row.get("nom_loc"),
        "amenagement": facility,
        "genre": kind,
        "etat": _STATES.get(row.get(f"statut_{best}") or "", OPEN),
        "deux_sens": _both_ways(row, best, alike=len(sides) == 2 and sides[1][0] == rank),
        "eclaire": row.get("lumiere"),
        "annee": row.get("d_service"),
        "longueur_m": round(ellipsoid.length(shapely.from_wkb(shape))),
        SHAPE: shape,
    }


def _both_ways(row: Mapping[str, Any], best: str, *, alike: bool) -> bool | None:
    """Whether one rides both ways on it: by itself, or each way on its side. None where nobody says so."""
    if row.get(f"sens_{best}") == "BIDIRECTIONNEL" or alike:
        return True
    return False if row.get(f"sens_{best}") == "UNIDIRECTIONNEL" else None
