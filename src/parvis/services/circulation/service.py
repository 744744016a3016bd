"""What the service of the street promises."""

from __future__ import annotations

from parvis.core.sentence import mark
from parvis.core.types import Dataset
from parvis.services.answers import Ask, Download
from parvis.services.circulation.answer import MODES, answer
from parvis.services.circulation.datex import export
from parvis.services.circulation.schemas import (
    DETECTORS,
    DIAGRAMS,
    FORECASTS,
    MEASURES,
    PROFILES,
    STATE,
    WEIGHTS,
)
from parvis.services.circulation.state import DAYS_READ, work
from parvis.services.declaration import HERE, Input, Output, Service, State

FROM = ("comptages-trafic",)

SERVICE = Service(
    name="circulation",
    title="La circulation maintenant et dans 30 minutes",
    question="Comment roule-t-on en ville, maintenant et dans 30 minutes ?",
    inputs={
        "mesures": Input("comptages-trafic/mesures", schema=MEASURES.name, days=DAYS_READ),
        "capteurs": Input("capteurs-circulation/capteurs", schema=DETECTORS.name, optional=True),
        "diagrammes": Input("diagrammes-circulation/diagrammes", schema=DIAGRAMS.name, optional=True),
        "profils": Input("profils-circulation/profils", schema=PROFILES.name, optional=True),
        "poids": Input("poids-circulation/poids", schema=WEIGHTS.name, optional=True),
    },
    outputs={
        "etat": Output(
            Dataset(
                "etat-circulation",
                "État de la circulation",
                "Pour chaque arc mesuré : fluide, pré-saturé, saturé ou bloqué, avec le doute ; le débit, son écart à "
                "l’habitude, et ce qui est prévu dans trente minutes.",
                "mobilites",
                themes=("TRAN",),
                keywords=("trafic", "circulation", "temps réel"),
                frequency="continuous",
                derived_from=FROM,
            ),
            STATE,
            "arc",
            "arcs",
            label="nom",
            state="etat",
            states=(
                State("fluide", "moins de six dixièmes de la densité critique", "ok"),
                State("pré-saturé", "près de la densité critique", "warn"),
                State("saturé", "au-delà de la densité critique", "bad"),
                State("bloqué", "plus de deux fois la densité critique, ou presque à l’arrêt", "bad"),
                State(
                    "inconnu",
                    "mesure trop vieille, capteur en défaut, ou arc que la nuit ne connaît pas encore",
                    "",
                ),
            ),
            brief=("debit", "prevu_30"),
        ),
        "previsions": Output(
            Dataset(
                "previsions-circulation",
                "Prévisions de circulation",
                "Pour chaque arc, de quinze minutes à une heure : le débit prévu, son intervalle à 80 %, à côté de la "
                "dernière valeur et de la même heure une semaine avant.",
                "mobilites",
                themes=("TRAN",),
                keywords=("trafic", "prévision"),
                frequency="continuous",
                derived_from=FROM,
            ),
            FORECASTS,
            "prévision",
            "prévisions",
            label="nom",
            brief=("debit",),
        ),
    },
    method="L’état d’un arc vient de son taux d’occupation et de son diagramme fondamental, appris la nuit. La prévision part du jour habituel, de "
    "l’écart du moment et des jours d’avant ; son intervalle est réglé pour contenir la mesure quatre fois sur cinq.",
    caveats=(
        "Un capteur ne voit qu’un point de l’arc : une file qui n’y arrive pas lui échappe.",
        "Une mesure de plus de trente minutes ne dit rien de maintenant : l’arc est gris, jamais vert.",
        "Un accident ou une manifestation n’est pas prévu ; un chantier l’est s’il est publié.",
        "Sous congestion, un débit mesure ce qui passe, non ce qui voudrait passer.",
        "Le service informe ; il ne commande aucun feu et ne décide rien d’une personne.",
    ),
    work=work,
    live=True,
    asks=(
        Ask(
            "lieu",
            "Près de",
            "place",
            "Une rue, un quartier ou un équipement de la ville, ou votre position.",
        ),
        Ask("mode", "Comment allez-vous ?", "choice", default="voiture", choices=MODES),
    ),
    about="move",
    found_by={
        "fr": ("bouchon", "embouteillage", "trafic", "route", "travaux",
            "chantier", "déviation", "rue fermée", "ralentissement", "rue barrée", "voiture"),
        "en": ("traffic", "jam", "roadworks", "street", "car"),
    },
    at_home={"lieu": HERE, "mode": "pied"},
    answer=answer,
    shows={
        "travaux": Input("travaux/travaux", schema="travaux", optional=True),
        "accidents": Input("accidents-corporels/caracteristiques", schema="accidents-corporels", optional=True),
    },
    files=(Download("circulation.xml", "L’état des arcs en DATEX II", "application/xml", export),),
    words=(
        "fluide", "pré-saturé", "saturé", "bloqué", "inconnu", mark("plus"), mark("moins"),
        mark("rue barrée"), mark("circulation alternée"), mark("stationnement interdit"), mark("trottoir réduit"), mark("arrêt de bus déplacé"), mark("aucune"),
        mark("voirie"), mark("réseau d’eau"), mark("gaz"), mark("électricité"), mark("télécommunications"), mark("chauffage urbain"), mark("tramway"),
        mark("bâtiment"), mark("espaces verts"), mark("manifestation"), mark("autre"),
    ),
)  # fmt: skip
