"""What the service of bikes promises."""

from __future__ import annotations

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.sentence import mark
from parvis.core.types import Dataset
from parvis.services.answers import Ask
from parvis.services.declaration import HERE, Input, Need, Output, Service, State
from parvis.services.velos.answer import BIKES, answer
from parvis.services.velos.compute import FEW, SILENT_MIN, compute
from parvis.services.velos.schemas import ETAT, RELEVES


def _available(count: str, *closed: str) -> Expr:
    """There is at least one, at a station that gives news and is not in one of these states."""
    states = [exp.Literal.string(s) for s in ("sans nouvelles", "fermée", *closed)]
    return exp.and_(
        exp.GT(this=exp.column(count, quoted=True), expression=exp.Literal.number(0)),
        exp.not_(exp.column("etat", quoted=True).isin(*states)),
    )


SERVICE = Service(
    name="velos",
    title="Vélos en libre-service",
    question="Où trouver un vélo, ou une place pour le rendre ?",
    inputs={"releves": Input("velos-libre-service/releves", schema=RELEVES.name)},
    outputs={
        "etat": Output(
            Dataset(
                id="etat-stations-velos",
                title="État des stations de vélos",
                description="Pour chaque station de vélos en libre-service : peut-on y prendre un vélo, peut-on en rendre un ? Calculé à chaque relevé du "
                "flux, avec l’âge de la dernière nouvelle de la station.",
                publisher="mobilites",
                themes=("TRAN",),
                keywords=("vélo", "libre-service", "station", "temps réel"),
                frequency="continuous",
                derived_from=("velos-libre-service",),
            ),
            ETAT,
            one="station",
            many="stations",
            label="nom",
            state="etat",
            states=(
                State(mark("ok"), "on peut y prendre un vélo et en rendre un", "ok"),
                State(
                    mark("peu de vélos"),
                    f"{FEW} vélos au plus : il peut n’en rester aucun à votre arrivée",
                    "warn",
                ),
                State("vide", "aucun vélo à prendre", "bad"),
                State("plein", "aucune place pour rendre un vélo", "bad"),
                State(mark("prêt seul"), "on ne peut pas y rendre de vélo", "warn"),
                State(mark("retour seul"), "on ne peut pas y prendre de vélo", "warn"),
                State(mark("fermée"), "hors service", "bad"),
                State(
                    "sans nouvelles",
                    f"muette depuis plus de {SILENT_MIN} minutes : ses nombres ne sont pas sûrs",
                    "bad",
                ),
            ),
            brief=("velos", "electriques", "places"),
        )
    },
    compute=compute,
    method="L’état vient du dernier relevé du flux GBFS de l’exploitant. "
    "Une station est dite sans nouvelles quand son dernier relevé a plus de trente minutes.",
    caveats=(
        "Un vélo compté peut être en panne : le flux ne le dit pas.",
        "Une station fermée ou sans nouvelles n’est jamais proposée, quoi qu’elle annonce.",
        "Entre deux relevés, une minute au moins s’écoule : aux heures de pointe une station se vide plus vite.",
        "Les distances sont à vol d’oiseau, non par les rues.",
        "Les temps à pied suivent le réseau piéton que la ville publie ; là où il n’est pas connu, ils sont à vol d’oiseau, trois dixièmes de plus.",
        "Les chances viennent des quatre dernières semaines : la météo, une fête, une grève ou un camion qui vide la station les démentent.",
        "Les chances d’un vélo au départ et d’une place à l’arrivée sont dites chacune pour elle-même.",
    ),
    needs=(
        Need("velo", "un vélo à prendre", _available("velos", "retour seul")),
        Need("electrique", "un vélo électrique", _available("electriques", "retour seul")),
        Need("place", "une place libre", _available("places", "prêt seul")),
    ),
    live=True,
    asks=(
        Ask(
            "depart",
            "D’où partez-vous ?",
            "place",
            "Une rue, un quartier ou un équipement de la ville, ou votre position.",
        ),
        Ask("arrivee", "Où allez-vous ?", "place", "Pour trouver aussi une place à l’arrivée."),
        Ask(
            "heure",
            "À quelle heure prendrez-vous le vélo ?",
            "time",
            "Maintenant si vous ne dites rien.",
            folded=True,
        ),
        Ask("velo", "Quel vélo ?", "choice", default="velo", choices=BIKES, folded=True),
    ),
    about="move",
    found_by={
        "fr": ("bicyclette", "vls", "borne", "station", "mobilité douce"),
        "en": ("bike", "bicycle", "cycle", "dock"),
    },
    at_home={"depart": HERE},
    at_home_rank=3,
    answer=answer,
    shows={
        "previsions": Input("previsions-velos/previsions", optional=True),
        "fiabilite": Input("fiabilite-stations-velos/fiabilite", optional=True),
        "scores": Input("scores-previsions-velos/scores", optional=True),
        "doutes": Input("doutes-stations-velos/doutes", optional=True),
        "voisines": Input("voisines-stations-velos/voisines", optional=True),
        "rues": Input("reseau-pieton/troncons", schema="reseau-pieton", optional=True),
    },
)
