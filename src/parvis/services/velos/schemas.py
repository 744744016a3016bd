"""What the feed of bikes says, and what the service makes of it: the columns of both."""

from __future__ import annotations

from parvis.core.types import Column, Schema

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
