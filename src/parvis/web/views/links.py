"""Ways from a page: to another dataset, and to take a table home."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True, slots=True)
class Link:
    """Another dataset."""

    id: Annotated[str, "Identifiant du jeu."]
    title: Annotated[str, "Titre du jeu."]


@dataclass(frozen=True, slots=True)
class Download:
    """One way to take the table home."""

    format: Annotated[str, "Nom du format."]
    url: Annotated[str, "Adresse de téléchargement, avec les filtres s’ils s’y disent."]
    bytes: Annotated[int | None, "Taille en octets, si elle est connue."]
    label: Annotated[str, "Nom du format pour les personnes."] = ""
    further: Annotated[bool, "Vrai pour un format que le catalogue DCAT n’annonce pas."] = False
