"""What the service of car parks promises."""

from __future__ import annotations

from parvis.core.sentence import mark
from parvis.core.types import Dataset
from parvis.services.answers import Ask
from parvis.services.declaration import HERE, Input, Output, Service
from parvis.services.stationnement.answer import answer
from parvis.services.stationnement.parks import OLD, work
from parvis.services.stationnement.schemas import FREE, PARKS

SERVICE = Service(
    name="stationnement",
    title="Se garer",
    question="Où me garer, maintenant, près d’ici ?",
    inputs={"parcs": Input("parcs-stationnement/parcs-stationnement", schema="stationnement")},
    shows={
        "places": Input("places-stationnement/places", schema=FREE.name, optional=True),
        "rues": Input("reseau-pieton/troncons", schema="reseau-pieton", optional=True),
    },
    outputs={
        "ouverts": Output(
            Dataset(
                "parcs-ouverts-a-tous", "Parcs de stationnement ouverts à tous",
                "Les parcs hors voirie où chacun peut se garer : places, hauteur permise et prix d’une heure. Ceux des seuls abonnés n’y sont pas.",
                "mobilites", themes=("TRAN",), keywords=("stationnement", "parking", "voiture"), frequency="irregular",
                derived_from=("parcs-stationnement",),
            ),
            PARKS, "parc", "parcs", label="nom", brief=("places", "tarif_1h"),
        )
    },
    method="Les parcs sont ceux que la ville publie ; leurs places libres viennent du flux de l’exploitant, rapproché par l’identifiant ou le nom du parc. "
    f"Un compte de plus de {OLD.seconds // 60} minutes, ou impossible, n’est pas cru.",
    caveats=(
        "Les barrières comptent des passages : le compte peut se tromper de quelques places.",
        "Une place comptée libre peut être prise avant votre arrivée, ou réservée à un abonné.",
        "Les places des rues ne sont pas comptées : rien n’en est dit.",
        "Là où personne ne compte, le parc est dit inconnu, jamais en vert.",
        "Le service informe ; il ne décide rien d’une personne et ne retient pas où elle va.",
    ),
    work=work,
    asks=(
        Ask("lieu", "Où allez-vous ?", "place", "Une rue, un quartier ou un équipement de la ville, ou votre position."),
        Ask("hauteur", "Hauteur du véhicule", "number", "En mètres.", least=0.5, most=5, folded=True),
        Ask("pmr", "Avec une place pour personne à mobilité réduite", "tick", folded=True),
        Ask("gratuit", "Gratuit seulement", "tick", folded=True),
    ),
    about="move",
    found_by={
        "fr": ("stationnement", "parking", "parc relais", "garer", "voiture", "place libre", "se garer", "parc de stationnement", "place de parking"),
        "en": ("parking", "car park", "park"),
    },
    at_home={"lieu": HERE},
    at_home_rank=4,
    answer=answer,
    words=(
        mark("de la place"), mark("presque plein"), mark("plein"), mark("fermé"), mark("douteux"), mark("sans nouvelles"), mark("non compté"),
    ),
)  # fmt: skip
