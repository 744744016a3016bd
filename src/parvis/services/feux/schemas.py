"""Tables that a study of signal plans makes."""

from __future__ import annotations

from parvis.core.types import Column, Schema

PERIODS = Schema(
    "parvis/feux-periodes", "1",
    (
        Column("periode", title="Période"), Column("de", title="De"), Column("a", title="À"),
        Column("cycle", "integer", title="Cycle", unit="s"), Column("phases", "integer", title="Phases"),
        Column("retard_aujourdhui", "number", title="Retard aujourd’hui", unit="s/véh"),
        Column("retard_propose", "number", title="Retard proposé", unit="s/véh"),
        Column("gain", "number", title="Gain", unit="%"), Column("reserve", "number", title="Réserve de capacité", unit="%"),
        Column("attente_pietons", "number", title="Attente des piétons", unit="s"),
    ),
)  # fmt: skip

MOVEMENTS = Schema(
    "parvis/feux-mouvements", "1",
    (
        Column("periode", title="Période"), Column("groupe", title="Groupe"), Column("entree", title="Entrée"), Column("nature", title="Nature"),
        Column("debit", "number", title="Débit", unit="véh/h"), Column("vert_aujourdhui", "number", title="Vert aujourd’hui", unit="s"),
        Column("vert_propose", "number", title="Vert proposé", unit="s"), Column("charge_aujourdhui", "number", title="Charge aujourd’hui", unit="%"),
        Column("charge_proposee", "number", title="Charge proposée", unit="%"), Column("retard_aujourdhui", "number", title="Retard aujourd’hui", unit="s"),
        Column("retard_propose", "number", title="Retard proposé", unit="s"), Column("niveau", title="Niveau de service"),
    ),
)  # fmt: skip

PLANS = Schema(
    "parvis/feux-plans-proposes", "1",
    (
        Column("carrefour", title="Carrefour"), Column("plan", title="Plan"), Column("jours", title="Jours"), Column("de", title="De"), Column("a", title="À"),
        Column("cycle", "integer", title="Cycle", unit="s"), Column("decalage", "integer", title="Décalage", unit="s"), Column("groupe", title="Groupe"),
        Column("debut", "integer", title="Début du vert", unit="s"), Column("duree", "integer", title="Durée du vert", unit="s"),
    ),
)  # fmt: skip

TRIALS = Schema(
    "parvis/feux-epreuves", "1",
    (
        Column("periode", title="Période"), Column("trafic", "integer", title="Trafic", unit="% du compté"),
        Column("tirages", "integer", title="Tirages"),
        Column("retard_aujourdhui", "number", title="Retard aujourd’hui", unit="s/véh"),
        Column("retard_calcule", "number", title="Retard du plan calculé", unit="s/véh"),
        Column("retard_propose", "number", title="Retard proposé", unit="s/véh"),
        Column("gain", "number", title="Gain", unit="%"), Column("gain_bas", "number", title="Gain, au moins", unit="%"),
        Column("gain_haut", "number", title="Gain, au plus", unit="%"), Column("poli", "boolean", title="Poli par simulation"),
    ),
)  # fmt: skip

BROKEN_RULES = Schema(
    "parvis/feux-regles", "1",
    (
        Column("plan", title="Plan"), Column("regle", title="Règle"), Column("groupe", title="Groupe"), Column("autre", title="Autre groupe"),
        Column("montre", "number", title="Montré", unit="s"), Column("voulu", "number", title="Voulu", unit="s"),
    ),
)  # fmt: skip
