"""The settings of `[limits]`, apart from the others: what reads a file asks for them, and for nothing else of
a city.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True, slots=True)
class Limits:
    """[limits] against hostile or unwise files."""

    upload_mb: Annotated[int, "Taille maximale d’un fichier reçu, en Mo."] = 4096
    check_mb: Annotated[
        int, "Taille maximale d’un fichier vérifié sur la page publique, sans compte, en Mo."
    ] = 50
    check_s: Annotated[
        float,
        "Durée maximale de la vérification d’un fichier sur la page publique, schéma compris, en secondes.",
    ] = 45.0
    check_memory_mb: Annotated[
        int, "Mémoire maximale du processus qui vérifie un fichier sur la page publique, en Mo."
    ] = 1500
    study_s: Annotated[float, "Durée maximale du calcul d’une étude, reprises comprises, en secondes."] = (
        3600.0
    )
    study_memory_mb: Annotated[int, "Mémoire maximale du processus qui calcule une étude, en Mo."] = 2000
    deposit_s: Annotated[
        float,
        "Durée maximale du traitement d’un fichier déposé, et d’une commande check, scan ou inspect, en secondes.",
    ] = 1800.0
    deposit_memory_mb: Annotated[
        int,
        "Mémoire maximale du processus qui traite un fichier déposé, essaie une recette ou répond à check, scan ou inspect, en Mo ; ceux qui "
        "travaillent en même temps se la partagent.",
    ] = 3000
    trial_s: Annotated[
        float, "Durée maximale d’un essai sur les pages de recette et d’anonymisation, en secondes."
    ] = 60.0
    unpacked_mb: Annotated[int, "Taille maximale d’une archive une fois ouverte, en Mo."] = 16384
    ratio: Annotated[int, "Taux de compression maximal d’une archive au-delà de 100 Mo."] = 200
    members: Annotated[int, "Nombre maximal de fichiers dans une archive."] = 10_000
    columns: Annotated[int, "Nombre maximal de colonnes d’une table."] = 16_384
    cells: Annotated[int, "Nombre maximal de cellules d’une feuille de tableur."] = 50_000_000
    line_mb: Annotated[int, "Longueur maximale d’une ligne de texte, en Mo."] = 8
    nesting: Annotated[int, "Profondeur maximale d’un JSON ou d’un XML."] = 200
    memory_mb: Annotated[int, "Mémoire maximale du moteur pendant un traitement, en Mo."] = 700
    threads: Annotated[int, "Fils d’exécution du moteur pendant un traitement ; 0 : autant que de cœurs."] = 0
