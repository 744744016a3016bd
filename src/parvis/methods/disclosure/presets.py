"""Thresholds of publication in France, each with where it comes from and when it was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_INSEE = "Insee, manuel de protection des tableaux (InseeFrLab/manuel-protection-tableaux, chapters/annexes/regles.qmd), lu en 2026"


@dataclass(frozen=True, slots=True)
class Preset:
    """A rule of publication for tables. least: fewest units in a cell; share: most that one unit may make of
    a total, 0 where no rule says so.
    """

    name: str
    title: str
    least: int
    source: str
    share: float = 0.0
    years: int = 1
    """Years running, the last one included, in each of which `least` must be reached."""
    zone: int = 0
    """Inhabitants that a zone must have more than, 0 where no rule says so."""
    norm: bool = True
    """Whether a text or an institute says so; else it is our own prudence."""


PRESETS: Mapping[str, Preset] = {
    p.name: p
    for p in (
        Preset(
            "entreprises",
            "Tableaux sur des entreprises : 3 unités au moins, aucune au-delà de 85 % du total",
            3,
            _INSEE,
            share=0.85,
        ),
        Preset("fiscal", "Données fiscales sur des personnes : 11 au moins", 11, _INSEE),
        Preset(
            "ifi",
            "Impôt sur la fortune immobilière : 50 redevables au moins, communes de plus de 20 000 habitants",
            50,
            _INSEE,
            zone=20_000,
        ),
        Preset("carreaux", "Carreaux de 200 m : 11 ménages au moins", 11, "Cnis, 2009"),
        Preset(
            "delinquance",
            "Faits par commune : plus de 5 dans chacune de 3 années de suite",
            6,
            "SSMSI, bases communales de la délinquance",
            years=3,
        ),
        Preset(
            "prenoms",
            "Prénoms à l’état civil : 3 au moins, les plus rares réunis",
            3,
            "Insee, fichier des prénoms (à confirmer)",
        ),
        Preset(
            "personnes",
            "Personnes en général, santé comprise : 11 au moins",
            11,
            "notre règle, à défaut de norme",
            norm=False,
        ),
    )
}
