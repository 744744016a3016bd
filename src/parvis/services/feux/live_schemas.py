"""Tables of live choice among approved plans."""

from __future__ import annotations

from parvis.core.types import Column, Schema

_JUNCTION = Column("carrefour", title="Carrefour")
_START = Column("debut", "datetime", title="Début", description="Début de l’intervalle décidé.")
_PLAN = Column("plan", title="Plan", description="Plan en vigueur dans cet intervalle.")
_SCHEDULED = Column("plan_horaire", title="Plan à l’heure", description="Plan que l’horloge voudrait.")

STATE = Schema(
    "parvis/feux-choix-etat", "1",
    (
        _JUNCTION, _PLAN, _SCHEDULED,
        Column("raison", title="Raison"),
        _START,
        Column("voulu", title="Plan voulu", description="Celui dont le retard attendu est le moindre, s’il l’est nettement."),
        Column("proposition", title="Proposition", description="Changement qui attend l’accord d’une personne ; vide sinon."),
        Column("attendu", "number", title="Retard attendu", unit="s", description="Par personne, avec le plan en vigueur."),
        Column("attendu_horaire", "number", title="Retard attendu, plan à l’heure", unit="s"),
        Column("attendu_voulu", "number", title="Retard attendu, plan voulu", unit="s"),
        Column("vus", "integer", title="Groupes comptés", description="Groupes que leurs boucles ont comptés au dernier intervalle."),
        Column("groupes", "integer", title="Groupes à boucles"),
        Column("ecartes", title="Plans écartés", description="Plans publiés qui ne sont pas sûrs : ils ne sont jamais choisis."),
        Column("a_corriger", title="À corriger", description="Ce que les tables disent de faux, quand rien ne peut être choisi."),
    ),
    geometry="point",
)  # fmt: skip
"""One row a junction: what runs now, and why."""

DECISIONS = Schema(
    "parvis/feux-choix-decisions", "1",
    (
        _JUNCTION, _START, Column("decide", "datetime", title="Décidé"), _PLAN, _SCHEDULED,
        Column("voulu", title="Plan voulu"),
        Column("raison", title="Raison"),
        Column("proposition", title="Proposition"),
        Column("accord", "boolean", title="Accord", description="Ce qu’une personne a répondu à la proposition ; vide sinon."),
        Column("attendu", "number", title="Retard attendu", unit="s"),
        Column("attendu_horaire", "number", title="Retard attendu, plan à l’heure", unit="s"),
        Column("attendu_voulu", "number", title="Retard attendu, plan voulu", unit="s"),
        Column("comptes", "number", title="Comptés", description="Passages du dernier intervalle, aux groupes comptés."),
        Column("habituels", "number", title="Habituels", description="Les mêmes, d’un jour habituel."),
        Column("tenu", "integer", title="Tenu", description="Intervalles depuis que le plan s’écarte de l’heure ; -1 : il ne s’en écarte pas."),
        Column("candidat", title="Candidat", description="Plan qui perdrait moins, au fil des intervalles."),
        Column("fois", "integer", title="Fois", description="Intervalles de suite où il l’a été."),
        Column("changements", "integer", title="Changements", description="Depuis minuit."),
    ),
)  # fmt: skip
"""One row a junction and a decision: the log, and all that the next decision needs of this one."""

AUDITED = Schema(
    "parvis/feux-choix-controles", "1",
    (
        _JUNCTION, _START, _PLAN, _SCHEDULED,
        Column("passages", "number", title="Passages", description="Comptés, ou habituels où personne n’a compté."),
        Column("retard", "number", title="Retard", unit="s", description="Par personne, calculé sous ce qui est venu, avec le plan en vigueur."),
        Column("retard_horaire", "number", title="Retard, plan à l’heure", unit="s"),
    ),
)  # fmt: skip
"""One row a junction and an interval that is over: what the decision was worth under what came."""

HOURS = Schema(
    "parvis/feux-choix-heures", "1",
    (
        Column("heure", "datetime", title="Heure", description="Son début."),
        Column("carrefours", "integer", title="Carrefours"),
        Column("changements", "integer", title="Changements", description="Plans changés sur comptages dans l’heure."),
        Column("passages", "number", title="Passages"),
        Column("retard", "number", title="Retard", unit="s", description="Par personne, calculé sous ce qui est venu, plans en vigueur."),
        Column("retard_horaire", "number", title="Retard, plans à l’heure", unit="s"),
    ),
)  # fmt: skip
"""One row an hour, all junctions together: the part that everybody reads."""
