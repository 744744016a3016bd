"""What the service of care promises."""

from __future__ import annotations

from parvis.core.types import Dataset
from parvis.services.answers import Ask
from parvis.services.declaration import HERE, Input, Output, Service, State
from parvis.services.open_places import MAYBE, OPEN, UNREAD
from parvis.services.soins.answer import KINDS, LANGUAGES, answer
from parvis.services.soins.compute import DAYS, DUTY, work
from parvis.services.soins.schemas import OUVERTURES

SERVICE = Service(
    name="soins",
    title="Soins près de chez moi",
    question="Qu’est-ce qui est ouvert maintenant, près de moi, à pied ?",
    inputs={
        "lieux": Input("lieux-soins/lieux-soins", schema="lieux-soins"),
        "garde": Input("pharmacies-garde/pharmacies-garde", schema="pharmacies-garde", optional=True),
    },
    shows={
        "rues": Input("reseau-pieton/troncons", schema="reseau-pieton", optional=True),
        "campagnes": Input(
            "campagnes-vaccination/campagnes-vaccination", schema="campagnes-vaccination", optional=True
        ),
        "indicateurs": Input(
            "indicateurs-sante/indicateurs-sante", schema="indicateurs-sante", optional=True
        ),
        "air": Input("indice-air/indice", optional=True),
    },
    outputs={
        "ouvertures": Output(
            Dataset(
                id="ouvertures-soins",
                title="Ouverture des lieux de soins, jour par jour",
                description=f"Pour les {DAYS} jours à venir, quand chaque lieu de soins est ouvert ou de garde : horaires "
                "dépliés, jours fériés et vacances scolaires compris.",
                publisher="sante",
                themes=("HEAL",),
                keywords=("pharmacie", "santé", "horaires", "garde"),
                frequency="daily",
                derived_from=("lieux-soins", "pharmacies-garde"),
            ),
            OUVERTURES,
            one="plage",
            many="plages",
            label="nom",
            state="etat",
            states=(
                State(OPEN, "le lieu est ouvert", "ok"),
                State(DUTY, "de garde selon le tour publié : appelez avant de venir", "ok"),
                State(MAYBE, "peut-être ouvert : la note dit à quelle condition", "warn"),
                State(UNREAD, "le texte des horaires n’est pas compris : appelez", "bad"),
            ),
            brief=("debut", "fin"),
        )
    },
    method="Les horaires publiés sont lus selon la grammaire d’OpenStreetMap, avec les jours fériés et les vacances scolaires du lieu ; la garde vient du "
    "tour publié, jamais des horaires. Les plus proches sont ceux du plus court chemin à pied, de porte à porte, encore ouverts à l’heure où l’on arrive.",
    caveats=(
        "Un lieu peut fermer sans le dire : la date de la dernière vérification est à côté de chacun.",
        "Un texte d’horaires qui n’est pas compris n’est jamais dit « fermé » : il est montré tel quel.",
        "Après la dernière date connue du calendrier scolaire, les horaires qui en dépendent sont dits inconnus.",
        "Le chemin suit le réseau piéton publié : un passage fermé, des travaux ou une pente n’y sont pas tous.",
        "Rien ici ne pose un diagnostic : en cas d’urgence, appelez le 15 ou le 112.",
    ),
    work=work,
    every="day",
    asks=(
        Ask(
            "lieu",
            "Où êtes-vous ?",
            "place",
            "Une rue, un quartier ou un équipement de la ville, ou votre position.",
        ),
        Ask("quoi", "Que cherchez-vous ?", "choice", default="pharmacie", choices=KINDS),
        Ask("heure", "À quelle heure ?", "time", "Maintenant si vous ne dites rien."),
        Ask(
            "pas",
            "Votre pas",
            "choice",
            default="normal",
            choices={"normal": "normal (4,5 km/h)", "lent": "lent (2,7 km/h)"},
            folded=True,
        ),
        Ask("fauteuil", "Accessible en fauteuil, sans marches", "tick", folded=True),
        Ask("langue", "Langue parlée", "choice", choices=LANGUAGES, folded=True),
    ),
    about="health",
    found_by={
        "fr": (
            "pharmacie",
            "médecin",
            "docteur",
            "vaccination",
            "se faire vacciner",
            "dentiste",
            "infirmière",
            "sage-femme",
            "samu",
            "vaccin",
            "garde",
            "urgences",
            "santé",
            "laboratoire",
            "hôpital",
        ),
        "en": ("pharmacy", "chemist", "doctor", "vaccine", "health", "emergency"),
    },
    at_home={"lieu": HERE, "quoi": "pharmacie"},
    at_home_rank=2,
    answer=answer,
    words=(
        "adultes",
        "nourrissons",
    ),
)
