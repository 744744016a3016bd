"""What numbers count, and the words of the calendar."""

from __future__ import annotations

from parvis.columns.meaning import Meaning
from parvis.core.text import fold

_MONTHS = frozenset(
    [
        "janvier",
        "fevrier",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "aout",
        "septembre",
        "octobre",
        "novembre",
        "decembre",
        "janv",
        "fevr",
        "avr",
        "juil",
        "sept",
        "oct",
        "nov",
        "dec",
    ]
)
_DAYS = frozenset(
    [
        "lundi",
        "mardi",
        "mercredi",
        "jeudi",
        "vendredi",
        "samedi",
        "dimanche",
        "lun",
        "mar",
        "mer",
        "jeu",
        "ven",
        "sam",
        "dim",
    ]
)


def _month(cell: str) -> bool:
    return fold(cell).rstrip(".") in _MONTHS


def _day(cell: str) -> bool:
    return fold(cell).rstrip(".") in _DAYS


MONTH = Meaning(
    "month",
    "Mois de l’année",
    ("integer", "text"),
    r"_(mois|month|num_mois|mois_.*)_",
    "0?[1-9]|1[0-2]",
    rank=62,
    right=("1", "12", "07"),
    wrong=("13", "0"),
    labels=("mois", "Month"),
)
MONTH_NAME = Meaning(
    "month-by-name",
    "Mois de l’année",
    ("text",),
    "",
    "[A-Za-zéûÉÛ.]{3,10}",
    _month,
    alone=0.9,
    rank=43,
    right=("janvier", "Août", "déc."),
    wrong=("lundi", "12"),
)
DAY_OF_WEEK = Meaning(
    "day_of_week",
    "Jour de la semaine",
    ("text",),
    r"_(jours?|day|jour_semaine|jour_de_la_semaine|weekday)_",
    "[A-Za-z.]{3,8}",
    _day,
    alone=0.9,
    rank=44,
    right=("lundi", "Mar.", "DIMANCHE"),
    wrong=("mars", "1"),
    labels=("jour",),
)
MONEY = Meaning(
    "money",
    "Montant en euros",
    ("number", "integer"),
    r"_(montants?|prix|couts?|tarifs?|budget|euros?|eur|subventions?|recettes?|depenses?|loyers?|salaires?|remuneration|cotisations?|ttc|ht|credits?"
    r"|dotations?|valeur_fonciere|mandate|realise|vote|debit(?!_([ml]|l_?s|m3.*|max.*|moyen.*|horaire|d_eau)_)|solde)_",
    rank=63,
    right=("12,5",),
    labels=("Montant (€)", "montant_ttc", "prix", "Coût total"),
    not_labels=("prise", "nombre", "debit_m3h"),
)
PERCENT = Meaning(
    "percent",
    "Pourcentage",
    ("number", "integer"),
    r"_(taux|tx|pourcentages?|prct|pct|percent|pourcent|part_de|part_des|part_du|part_modale)_|_part_$",
    rank=64,
    right=("12,5",),
    labels=("Taux de participation", "pct_femmes"),
    not_labels=("parties", "partage"),
)
