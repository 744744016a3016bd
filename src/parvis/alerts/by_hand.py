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
    english={
        "Santé publique": "Public health",
        "Un message écrit par la ville : campagne, eau impropre, maladie à surveiller. Il ne remplace pas le 15.": "A message written by the city: a campaign, unsafe water, an illness to watch for. It does not replace calling 15.",  # noqa: E501
        "Moustique tigre : videz les eaux qui dorment": "Tiger mosquito: empty standing water",
    },
)

HEAT = Alert(
    "chaleur",
    "Fortes chaleurs",
    "heat",
    "Un message quand la ville ouvre son plan de fortes chaleurs. La vigilance est celle de Météo-France.",
    ("Met", "Health"),
    "each",
    ("Fortes chaleurs : les salles fraîches sont ouvertes",),
    english={
        "Fortes chaleurs": "Heatwaves",
        "Un message quand la ville ouvre son plan de fortes chaleurs. La vigilance est celle de Météo-France.": "A message when the city starts its heat plan. The official warning is that of Météo-France.",  # noqa: E501
        "Fortes chaleurs : les salles fraîches sont ouvertes": "Heatwave: cool rooms are open",
    },
)

WATER = Alert(
    "eau",
    "Coupures et qualité de l’eau",
    "water",
    "Un message avant une coupure, ou quand l’eau n’est pas à boire dans un secteur.",
    ("Infra", "Health"),
    "each",
    ("Eau coupée rue du Moulin de 9 h à 12 h",),
    english={
        "Coupures et qualité de l’eau": "Water cuts and quality",
        "Un message avant une coupure, ou quand l’eau n’est pas à boire dans un secteur.": "A message before a cut, or when water is not fit to drink in an area.",  # noqa: E501
        "Eau coupée rue du Moulin de 9 h à 12 h": "Water cut in rue du Moulin from 9 to 12",
    },
)

WORKS = Alert(
    "travaux",
    "Travaux et rues fermées",
    "works",
    "Un message quand des travaux ferment une rue ou une ligne.",
    ("Transport", "Infra"),
    "each",
    ("Pont Vieux fermé jusqu’à vendredi",),
    english={
        "Travaux et rues fermées": "Works and closed streets",
        "Un message quand des travaux ferment une rue ou une ligne.": "A message when works close a street or a line.",
        "Pont Vieux fermé jusqu’à vendredi": "Pont Vieux closed until Friday",
    },
)
