"""What the service of charging points promises."""

from __future__ import annotations

from parvis.core.types import Dataset
from parvis.services.answers import Ask
from parvis.services.declaration import HERE, Input, Output, Service
from parvis.services.recharge.answer import ANY, PLUG_CHOICES, POWERS, answer
from parvis.services.recharge.schemas import STATES, STATIONS
from parvis.services.recharge.stations import work

SERVICE = Service(
    name="recharge",
    title="Recharger une voiture",
    question="Où recharger ma voiture, maintenant, près d’ici ?",
    inputs={"points": Input("bornes-recharge/irve", schema="irve")},
    shows={
        "etats": Input("etat-bornes-recharge/etats", schema=STATES.name, optional=True),
        "rues": Input("reseau-pieton/troncons", schema="reseau-pieton", optional=True),
    },
    outputs={
        "stations": Output(
            Dataset(
                "stations-recharge", "Stations de recharge",
                "Les stations où une voiture électrique se recharge, les points de chacune ensemble : prises, puissance, horaires et tarif.",
                "mobilites", themes=("TRAN", "ENER"), keywords=("borne de recharge", "véhicule électrique", "irve"), frequency="irregular",
                derived_from=("bornes-recharge",),
            ),
            STATIONS, "station", "stations", label="nom", brief=("points", "puissance"),
        )
    },
    method="Les points de charge sont ceux du fichier national que la ville publie ; leur état vient du fichier dynamique de l’opérateur, point par point. "
    "Un point qui ne dit rien depuis un jour, ou un fichier où rien ne change depuis une heure, n’est pas cru.",
    caveats=(
        "Un point dit libre peut être pris avant votre arrivée, ou la place devant lui occupée par une voiture qui ne charge pas.",
        "L’heure dite est celle du dernier changement chez la plupart des opérateurs : un point peut être libre depuis longtemps.",
        "Là où personne ne dit l’état, la station est dite inconnue, jamais en vert.",
        "La puissance est celle du point ; la voiture, la batterie et le froid en laissent souvent moins.",
        "Le service informe ; il ne décide rien d’une personne et ne retient pas où elle va.",
    ),
    work=work,
    asks=(
        Ask("lieu", "Où êtes-vous ?", "place", "Une rue, un quartier ou un équipement de la ville, ou votre position."),
        Ask("prise", "Quelle prise ?", "choice", default=ANY, choices=PLUG_CHOICES),
        Ask("puissance", "Quelle puissance ?", "choice", default="0", choices=POWERS, folded=True),
        Ask("gratuit", "Gratuit seulement", "tick", folded=True),
    ),
    about="move",
    found_by={
        "fr": ("recharge", "recharger", "borne", "voiture électrique", "point de charge", "prise"),
        "en": ("charging", "charge", "charger", "electric car", "plug"),
    },
    at_home={"lieu": HERE},
    answer=answer,
)  # fmt: skip
