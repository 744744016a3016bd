"""What the service of the air promises."""

from __future__ import annotations

from parvis.core.types import Dataset
from parvis.services.air.answer import ASKS, answer
from parvis.services.air.city import read
from parvis.services.air.compute import LEARNT_DAYS, work
from parvis.services.air.schemas import (
    AVIS,
    CARTE,
    INDICE,
    MEASURES,
    METEO,
    PREVISIONS,
    PROCEDURES,
    RELEVES,
    SEUILS,
)
from parvis.services.declaration import Input, Output, Service

_THEMES = ("ENVI", "HEAL")


def _dataset(id_: str, title: str, description: str, *keywords: str) -> Dataset:
    return Dataset(
        id=id_,
        title=title,
        description=description,
        publisher="environnement",
        themes=_THEMES,
        keywords=("air", "pollution", *keywords),
        frequency="daily",
        derived_from=("stations-air",),
    )


SERVICE = Service(
    name="air",
    title="L’air que je respire",
    question="Comment est l’air aujourd’hui et demain, et que dois-je faire ?",
    inputs={
        "mesures": Input("stations-air/mesures-air", schema=MEASURES, days=LEARNT_DAYS, optional=True),
        "releves": Input("stations-air/releves", schema=RELEVES.name, days=LEARNT_DAYS, optional=True),
        "avis": Input("stations-air/avis", schema=AVIS.name, optional=True),
        "meteo": Input("meteo/previsions", schema=METEO.name, days=LEARNT_DAYS, optional=True),
    },
    outputs={
        "indice": Output(
            _dataset(
                "indice-air",
                "Indice de la qualité de l’air, jour par jour",
                "Pour chaque zone et chaque jour : l’indice, les sous-indices et ce qui les fait. Calculé par la ville avec les bornes officielles sur les "
                "mesures publiées ; aujourd’hui et demain sont des prévisions.",
                "indice",
            ),
            INDICE,
            one="jour",
            many="jours",
            label="lib_zone",
            brief=("code_qual", "polluants"),
        ),
        "previsions": Output(
            _dataset(
                "previsions-air",
                "Prévisions de la qualité de l’air",
                "Pour chaque polluant et zone : la valeur attendue aujourd’hui et demain, son intervalle, et ce que la méthode a valu les mois passés.",
                "prévision",
            ),
            PREVISIONS,
            one="prévision",
            many="prévisions",
            label="polluant",
        ),
        "procedures": Output(
            _dataset(
                "procedures-air",
                "Seuils d’information et d’alerte, jour par jour",
                "Pour chaque polluant et zone : le seuil passé, mesuré ou prévu, et l’état qui en résulte. Ce n’est pas une décision préfectorale.",
                "seuil",
                "alerte",
            ),
            PROCEDURES,
            one="jour",
            many="jours",
            label="polluant",
        ),
        "seuils": Output(
            _dataset(
                "seuils-air",
                "Seuils de l’air en vigueur, de la loi et de la ville",
                "Pour chaque polluant et niveau : le seuil de la loi, celui que la ville s’est donné, leur texte et leur date, et ce que fait la ville quand "
                "l’un est passé.",
                "seuil",
            ),
            SEUILS,
            one="seuil",
            many="seuils",
            label="polluant",
        ),
        "carte": Output(
            _dataset(
                "carte-air",
                "Carte de la qualité de l’air entre les stations",
                "Le dernier jour entier, entre les stations de fond : valeur et intervalle à chaque point d’une grille.",
                "carte",
            ),
            CARTE,
            one="point",
            many="points",
            label="polluant",
        ),
    },
    method="Chaque jour prend, par polluant, la moyenne ou le maximum de ses heures à la station de fond la plus chargée, puis les bornes officielles en "
    "vigueur ce jour-là. La prévision est une régression sur les heures passées et, s’il est donné, sur le temps prévu, refaite à chaque calcul et jugée sur "
    "des jours qu’elle ne connaissait pas.",
    caveats=(
        "L’indice officiel est celui de l’association agréée, calculé sur toute la commune par un modèle ; celui-ci ne connaît que les stations.",
        "Seul le préfet déclare un épisode de pollution : un seuil passé ici n’en est pas un.",
        "Sans avis sur l’étendue d’un dépassement, celui d’une station de fond est pris pour une situation locale : il peut y en avoir un de trop.",
        "Les mesures sont provisoires : une validation peut les changer après coup.",
        "Sans prévision de la météo, celle de l’air ne connaît pas le temps à venir : un changement de temps la trompe.",
        "Entre les stations, l’air est deviné : près d’un grand axe il est plus mauvais que la carte ne le dit.",
    ),
    work=work,
    tune=read,
    asks=ASKS,
    about="health",
    found_by={
        "fr": ("pollution", "atmo", "ozone", "particules", "qualité de l’air", "pic"),
        "en": ("air", "pollution", "smog", "ozone"),
    },
    at_home={},
    at_home_rank=5,
    answer=answer,
    words=(
        "Bon",
        "Dégradé",
        "Extrêmement mauvais",
        "Mauvais",
        "Moyen",
        "Très mauvais",
        "alerte",
        "information",
        "maximum",
        "moyenne",
    ),
)
