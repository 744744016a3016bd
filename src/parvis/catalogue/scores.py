"""How complete a dataset's description is, by the nine criteria of data.gouv.fr, as it would read it. Pure.

Source: the quality rules of udata 17 (`core/dataset/models.py`), behaviour only. A score alone invites
gaming: each missing criterion comes with what to do, and what nobody looked at is said not to be checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from parvis.catalogue import vocabularies
from parvis.catalogue.data_gouv import CLOSED, Reading
from parvis.catalogue.entries import GRACE
from parvis.catalogue.vocabularies import Label

OF_THE_DAY = "update_fulfilled_in_time"
"""The one criterion that may be met one day and not the next, while nothing changes."""

DESCRIPTION = 100
"""A description must have more characters than this."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One of the nine. met: None when it was not checked."""

    name: str
    """As data.gouv.fr names it."""
    title: Label
    met: bool | None
    todo: Label
    """How to meet it."""


@dataclass(frozen=True, slots=True)
class Score:
    """Nine criteria, one point each."""

    criteria: tuple[Criterion, ...]

    @property
    def points(self) -> int:
        """Points that are sure."""
        return sum(c.met is True for c in self.criteria)

    @property
    def lasting(self) -> int:
        """Points that are sure whatever the day."""
        return sum(c.met is True for c in self.criteria if c.name != OF_THE_DAY)

    @property
    def share(self) -> float:
        """Points over nine, between 0 and 1."""
        return self.points / len(self.criteria)

    @property
    def missing(self) -> tuple[Criterion, ...]:
        return tuple(c for c in self.criteria if c.met is False)

    @property
    def unchecked(self) -> tuple[Criterion, ...]:
        return tuple(c for c in self.criteria if c.met is None)


def score(reading: Reading, now: datetime, *, available: bool | None = None) -> Score:
    """The score that data.gouv.fr would give. available: whether every file answers, None when nobody asked
    them.
    """
    resources = reading.accepted
    delay = vocabularies.frequency(reading.frequency).delay
    in_time = delay is None or (reading.modified is not None and now <= reading.modified + delay + GRACE)
    documented = any(r.kind == "documentation" or r.description for r in resources)
    answers = available if resources else False
    return Score(
        (
            Criterion(
                "license",
                Label("Licence connue", "Known licence"),
                bool(reading.licence),
                Label(
                    "Choisissez une licence : Licence Ouverte 2.0 ou ODbL.",
                    "Choose a licence: Licence Ouverte 2.0 or ODbL.",
                ),
            ),
            Criterion(
                "temporal_coverage",
                Label("Période couverte", "Period covered"),
                reading.temporal,
                Label("Indiquez la période que couvrent les données.", "Say which period the data cover."),
            ),
            Criterion(
                "spatial",
                Label("Territoire couvert", "Area covered"),
                reading.spatial,
                Label(
                    "Indiquez l’emprise de la collectivité dans les réglages ([city] bbox).",
                    "Give the extent of the city in the settings ([city] bbox).",
                ),
            ),
            Criterion(
                "update_frequency",
                Label("Fréquence annoncée", "Frequency announced"),
                reading.frequency != "unknown",
                Label("Annoncez la fréquence de mise à jour.", "Announce how often it is updated."),
            ),
            Criterion(
                OF_THE_DAY,
                Label("Fréquence tenue", "Frequency kept"),
                in_time,
                Label(
                    "Publiez une nouvelle version, ou annoncez une autre fréquence.",
                    "Publish a new version, or announce another frequency.",
                ),
            ),
            Criterion(
                "dataset_description_quality",
                Label("Description développée", "Full description"),
                len(reading.description) > DESCRIPTION,
                Label(
                    f"Décrivez le jeu en plus de {DESCRIPTION} caractères.",
                    f"Describe the dataset in more than {DESCRIPTION} characters.",
                ),
            ),
            Criterion(
                "has_open_format",
                Label("Format ouvert", "Open format"),
                any(r.format and r.format not in CLOSED for r in resources),
                Label(
                    "Proposez un format ouvert, par exemple CSV.", "Offer an open format, CSV for instance."
                ),
            ),
            Criterion(
                "all_resources_available",
                Label("Fichiers accessibles", "Files that answer"),
                answers,
                Label(
                    "Rétablissez les téléchargements qui ne répondent plus.",
                    "Restore the downloads that no longer answer.",
                ),
            ),
            Criterion(
                "resources_documentation",
                Label("Fichiers documentés", "Files described"),
                documented,
                Label(
                    "Décrivez au moins une ressource : colonnes, source, méthode.",
                    "Describe at least one resource: columns, source, method.",
                ),
            ),
        )
    )
