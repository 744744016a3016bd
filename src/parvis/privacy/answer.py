"""What a scan answers: column by column, what was found, how sure that is, and what follows for publication.
The evidence is masked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from parvis.core.types import Sensitivity
from parvis.privacy.detection import Detection

Verdict = Literal["publish", "hold", "refuse"]
WORST: tuple[Verdict, ...] = ("publish", "hold", "refuse")
SHOWN = 5
"""Pieces of evidence of a finding."""


@dataclass(frozen=True, slots=True)
class Found:
    """One kind of datum in one place."""

    kind: Annotated[str, "Ce qui est reconnu : nir, email, person-name, health…"]
    category: Annotated[str, "direct, indirect, special (RGPD, articles 9 et 10) ou secret."]
    share: Annotated[float, "Part des cellules remplies, de 0 à 1."]
    confidence: Annotated[float, "Probabilité que ce soit bien cela, de 0 à 1."]
    evidence: Annotated[tuple[str, ...], "Les premières valeurs, masquées."]
    count: Annotated[int, "Nombre de cellules."]
    said: Annotated[str, "Une phrase."]
    fix: Annotated[str, "Que faire."]
    ground: Annotated[str, "Ce qui permettrait de le publier, vide sinon."]
    verdict: Annotated[Verdict, "publish, hold ou refuse."]


@dataclass(frozen=True, slots=True)
class ScannedColumn:
    """A column of the table."""

    name: Annotated[str, "Nom de la colonne."]
    findings: Annotated[tuple[Found, ...], "Ce qui y est reconnu."]
    verdict: Annotated[Verdict, "Le plus grave de ce qui y est reconnu."]
    relates: Annotated[
        bool,
        "Chaque ligne est celle d’une personne : la colonne se rapporte à elle (RGPD, article 4), qu’elle aide ou non à la reconnaître.",
    ] = False


@dataclass(frozen=True, slots=True)
class Together:
    """Columns that single rows out."""

    columns: Annotated[tuple[str, ...], "Colonnes prises ensemble."]
    unique_share: Annotated[float, "Part des lignes qu’aucune autre n’égale sur ces colonnes."]


@dataclass(frozen=True, slots=True)
class Scan:
    """What was found in a table, and what follows."""

    rows: Annotated[int, "Lignes de la table."]
    columns: Annotated[tuple[ScannedColumn, ...], "Chaque colonne."]
    combinations: Annotated[tuple[Together, ...], "Petits groupes de colonnes qui isolent des lignes."]
    verdict: Annotated[
        Verdict,
        "publish : rien ne retient ; hold : une personne doit décider ; refuse : ne peut pas sortir tel quel.",
    ]
    why: Annotated[str, "Pourquoi, en une phrase ou deux."]
    name: Annotated[str, "Nom de la table dans le fichier."] = ""
    file: Annotated[
        tuple[Found, ...],
        "Ce que le fichier dit à côté de ses tables : auteur, commentaires, feuilles masquées…",
    ] = ()
    tables: Annotated[
        tuple[Scan, ...], "Toutes les tables, quand il y en a plusieurs ; la première est aussi au-dessus."
    ] = ()

    @property
    def findings(self) -> tuple[Found, ...]:
        """All that was found in the columns."""
        return tuple(f for c in self.columns for f in c.findings)


def verdict(seen: Detection) -> Verdict:
    """What one thing seen means for publication."""
    if seen.severity == "error":
        return "refuse" if seen.personal in (Sensitivity.SPECIAL, Sensitivity.SECRET) else "hold"
    return "hold" if seen.personal is Sensitivity.SECRET or not seen.column else "publish"


def finding_of(seen: Detection, message: str, fix: str) -> Found:
    """As it is told. message, fix: in the language of the answer."""
    evidence = tuple(r.value for r in seen.rows[:SHOWN] if r.value)
    share, sure = round(seen.share, 4), round(seen.confidence, 3)
    return Found(
        seen.kind,
        seen.category.value,
        share,
        sure,
        evidence,
        seen.count,
        message,
        fix,
        seen.ground,
        verdict(seen),
    )


def worst(verdicts: list[Verdict]) -> Verdict:
    """The gravest, "publish" when there is none."""
    return WORST[max((WORST.index(v) for v in verdicts), default=0)]
