"""What the service of bikes promises."""

from __future__ import annotations

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.types import Column, Dataset, Schema
from parvis.services.declaration import Need, Output, Service, State
from parvis.services.velos.compute import FEW, SILENT_MIN, compute
from parvis.services.velos.english import ENGLISH

RELEVES = Schema(
    name="parvis/releves_velos",
    version="1",
    geometry="point",
    columns=(
        Column("station_id", title="Station", description="Identifiant de la station dans le flux."),
        Column("nom", title="Nom", description="Nom affiché sur la borne."),
        Column("capacite", "integer", title="Capacité", description="Nombre de points d’attache annoncé."),
        Column("velos", "integer", title="Vélos", description="Vélos que l’on peut prendre."),
        Column("mecaniques", "integer", title="Vélos mécaniques", description="Part mécanique, quand le flux la donne."),
        Column("electriques", "integer", title="Vélos électriques", description="Part électrique, quand le flux la donne."),
        Column("places", "integer", title="Places", description="Points d’attache libres."),
        Column("installee", "boolean", title="Installée", description="La station est en place."),
        Column("prend", "boolean", title="Prêt ouvert", description="On peut y prendre un vélo."),
        Column("rend", "boolean", title="Retour ouvert", description="On peut y laisser un vélo."),
        Column("releve_le", "datetime", title="Relevé de la station", description="Dernière nouvelle de la station elle-même."),
        Column("flux_du", "datetime", title="Moment du flux", description="Moment dont parle le flux."),
    ),
)
"""One row a station and a poll: what the feed says, as it says it."""

ETAT = Schema(
    name="parvis/etat_stations_velos",
    version="1",
    geometry="point",
    columns=(
        *RELEVES.columns[:7],
        Column("etat", title="État", description="ok, peu de vélos, vide, plein, prêt seul, retour seul, fermée ou sans nouvelles."),
        Column("age_min", "integer", title="Âge", unit="min", description="Minutes entre la dernière nouvelle de la station et le moment du flux."),
        Column("releve_le", "datetime", title="Relevé de la station", description="Dernière nouvelle de la station elle-même."),
        Column("flux_du", "datetime", title="Moment du flux", description="Moment dont parle le flux."),
    ),
)
"""One row a station: can a rider take or leave a bike there?"""


def _available(count: str, *closed: str) -> Expr:
    """There is at least one, at a station that gives news and is not in one of these states."""
    states = [exp.Literal.string(s) for s in ("sans nouvelles", "fermée", *closed)]
    return exp.and_(exp.GT(this=exp.column(count, quoted=True), expression=exp.Literal.number(0)), exp.not_(exp.column("etat", quoted=True).isin(*states)))


SERVICE = Service(
    name="velos",
    title="Vélos en libre-service",
    question="Où trouver un vélo, ou une place pour le rendre ?",
    inputs={"releves": "velos-libre-service/releves"},
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
                State("ok", "on peut y prendre un vélo et en rendre un", "ok"),
                State("peu de vélos", f"{FEW} vélos au plus : il peut n’en rester aucun à votre arrivée", "warn"),
                State("vide", "aucun vélo à prendre", "bad"),
                State("plein", "aucune place pour rendre un vélo", "bad"),
                State("prêt seul", "on ne peut pas y rendre de vélo", "warn"),
                State("retour seul", "on ne peut pas y prendre de vélo", "warn"),
                State("fermée", "hors service", "bad"),
                State("sans nouvelles", f"muette depuis plus de {SILENT_MIN} minutes : ses nombres ne sont pas sûrs", "bad"),
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
    ),
    needs=(
        Need("velo", "un vélo à prendre", _available("velos", "retour seul")),
        Need("electrique", "un vélo électrique", _available("electriques", "retour seul")),
        Need("place", "une place libre", _available("places", "prêt seul")),
    ),
    live=True,
    english=ENGLISH,
)
