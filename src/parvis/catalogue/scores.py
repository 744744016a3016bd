"""How complete a dataset's description is, by the nine criteria of data.gouv.fr. Pure.

Source: the quality rules of udata 17 (`core/dataset/models.py`), behaviour only. A score alone invites gaming: each missing criterion comes with what to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from parvis.catalogue import vocabularies
from parvis.catalogue.entries import Catalogue, Entry, freshness

DESCRIPTION = 100
"""A description must have more characters than this."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One of the nine."""

    name: str
    """As data.gouv.fr names it."""
    title: str
    met: bool
    todo: str
    """How to meet it."""


@dataclass(frozen=True, slots=True)
class Score:
    """Nine criteria, one point each."""

    criteria: tuple[Criterion, ...]

    @property
    def points(self) -> int:
        return sum(c.met for c in self.criteria)

    @property
    def share(self) -> float:
        """Points over nine, between 0 and 1."""
        return self.points / len(self.criteria)

    @property
    def missing(self) -> tuple[Criterion, ...]:
        return tuple(c for c in self.criteria if not c.met)


def score(catalogue: Catalogue, entry: Entry, now: datetime, *, available: bool = True) -> Score:
    """The score that data.gouv.fr gives to the dataset as our DCAT describes it. available: whether every download answers."""
    d = entry.dataset
    given = [o for i in entry.items for o in i.offers]
    known = vocabularies.frequency(d.frequency)
    return Score((
        Criterion("license", "Licence connue", d.licence in vocabularies.LICENCES, "Choisissez une licence : Licence Ouverte 2.0 ou ODbL."),
        Criterion("temporal_coverage", "Période couverte", d.temporal is not None and any(d.temporal), "Indiquez la période que couvrent les données."),
        Criterion("spatial", "Territoire couvert", catalogue.box is not None, "Indiquez l’emprise de la collectivité dans les réglages ([city] bbox)."),
        Criterion("update_frequency", "Fréquence annoncée", known.code != "UNKNOWN", "Annoncez la fréquence de mise à jour."),
        Criterion(
            "update_fulfilled_in_time", "Fréquence tenue", freshness(d, entry.modified, now) != "late",
            "Publiez une nouvelle version, ou annoncez une autre fréquence.",
        ),
        Criterion(
            "dataset_description_quality", "Description développée", len(d.description) > DESCRIPTION, f"Décrivez le jeu en plus de {DESCRIPTION} caractères."
        ),
        Criterion("has_open_format", "Format ouvert", any(vocabularies.FORMATS[o.format].open for o in given), "Proposez un format ouvert, par exemple CSV."),
        Criterion("all_resources_available", "Fichiers accessibles", bool(given) and available, "Rétablissez les téléchargements qui ne répondent plus."),
        Criterion(
            "resources_documentation", "Fichiers documentés", any(i.resource.description for i in entry.items),
            "Décrivez au moins une ressource : colonnes, source, méthode.",
        ),
    ))  # fmt: skip
