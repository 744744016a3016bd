"""Alerts that a person of the town hall writes: no service of ours knows them yet."""

from __future__ import annotations

from parvis.alerts.declaration import Alert

HEALTH = Alert(
    "sante",
    "Santé publique",
    "health",
    "Un message écrit par la ville : campagne, eau impropre, maladie à surveiller. Il ne remplace pas le 15.",
    ("Health",),
    "each",
    ("Moustique tigre : videz les eaux qui dorment",),
)

HEAT = Alert(
    "chaleur",
    "Fortes chaleurs",
    "heat",
    "Un message quand la ville ouvre son plan de fortes chaleurs. La vigilance est celle de Météo-France.",
    ("Met", "Health"),
    "each",
    ("Fortes chaleurs : les salles fraîches sont ouvertes",),
)

WATER = Alert(
    "eau",
    "Coupures et qualité de l’eau",
    "water",
    "Un message avant une coupure, ou quand l’eau n’est pas à boire dans un secteur.",
    ("Infra", "Health"),
    "each",
    ("Eau coupée rue du Moulin de 9 h à 12 h",),
)

WORKS = Alert(
    "travaux",
    "Travaux et rues fermées",
    "works",
    "Un message quand des travaux ferment une rue ou une ligne.",
    ("Transport", "Infra"),
    "each",
    ("Pont Vieux fermé jusqu’à vendredi",),
)
