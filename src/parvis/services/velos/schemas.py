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
        Column(
            "mecaniques",
            "integer",
            title="Vélos mécaniques",
            description="Part mécanique, quand le flux la donne.",
        ),
        Column(
            "electriques",
            "integer",
            title="Vélos électriques",
            description="Part électrique, quand le flux la donne.",
        ),
        Column("places", "integer", title="Places", description="Points d’attache libres."),
        Column("installee", "boolean", title="Installée", description="La station est en place."),
        Column("prend", "boolean", title="Prêt ouvert", description="On peut y prendre un vélo."),
        Column("rend", "boolean", title="Retour ouvert", description="On peut y laisser un vélo."),
        Column(
            "releve_le",
            "datetime",
            title="Relevé de la station",
            description="Dernière nouvelle de la station elle-même.",
        ),
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
        Column(
            "etat",
            title="État",
            description="ok, peu de vélos, vide, plein, prêt seul, retour seul, fermée ou sans nouvelles.",
        ),
        Column(
            "age_min",
            "integer",
            title="Âge",
            unit="min",
            description="Minutes entre la dernière nouvelle de la station et le moment du flux.",
        ),
        Column(
            "releve_le",
            "datetime",
            title="Relevé de la station",
            description="Dernière nouvelle de la station elle-même.",
        ),
        Column("flux_du", "datetime", title="Moment du flux", description="Moment dont parle le flux."),
    ),
)
"""One row a station: can a rider take or leave a bike there?"""

MOUVEMENTS = Schema(
    name="parvis/mouvements_velos",
    version="1",
    geometry="point",
    columns=(
        RELEVES.columns[0],
        *RELEVES.columns[3:7],
        Column(
            "ouverte",
            "boolean",
            title="Ouverte",
            description="La station est en place, prête et reprend des vélos.",
        ),
        RELEVES.columns[11],
    ),
)
"""One row a station and a change: what the feed says, without repeating itself."""

_WHEN = (
    Column("jour", title="Jour", description="ouvré, ou chômé : samedi, dimanche et jours fériés."),
    Column(
        "minute",
        "integer",
        title="Heure",
        unit="min",
        description="Début de la tranche, en minutes depuis minuit.",
    ),
)

DEMANDE = Schema(
    name="parvis/demande_velos",
    version="1",
    columns=(
        RELEVES.columns[0],
        Column("quantite", title="Quantité", description="velos, mecaniques, electriques ou places."),
        *_WHEN,
        Column(
            "arrivees",
            "number",
            title="Arrivées",
            unit="par heure",
            description="Combien il en arrive quand il y a de la place.",
        ),
        Column(
            "departs",
            "number",
            title="Départs",
            unit="par heure",
            description="Combien il en part quand il y en a.",
        ),
        Column("habituel", "number", title="Nombre habituel", description="Nombre moyen à cette heure."),
        Column("taille", "integer", title="Taille", description="Taille habituelle de la station."),
    ),
)
"""One row a station, quantity, kind of day and half-hour: the rates that the night has learned."""

CORRECTION = Schema(
    name="parvis/correction_velos",
    version="1",
    columns=(
        Column("quantite", title="Quantité", description="velos, mecaniques, electriques ou places."),
        Column(
            "horizon_min",
            "integer",
            title="Horizon",
            unit="min",
            description="Minutes à l’avance ; 0 : la part de l’âge du relevé qui compte.",
        ),
        Column(
            "base",
            "integer",
            title="Fonction",
            description="Rang de la fonction du nombre ; 6 : le niveau des intervalles.",
        ),
        Column("contexte", "integer", title="Contexte", description="Rang du contexte."),
        Column("poids", "number", title="Poids", description="Poids de la fonction dans ce contexte."),
    ),
)
"""The weights of the correction: see `methods.bikes.model`."""

FIABILITE = Schema(
    name="parvis/fiabilite_velos",
    version="1",
    geometry="point",
    columns=(
        RELEVES.columns[0],
        *_WHEN,
        Column(
            "avec_velo",
            "number",
            title="Avec un vélo",
            unit="part",
            description="Part du temps avec un vélo au moins.",
        ),
        Column(
            "avec_electrique",
            "number",
            title="Avec un vélo électrique",
            unit="part",
            description="Part du temps avec un vélo électrique au moins.",
        ),
        Column(
            "avec_mecanique",
            "number",
            title="Avec un vélo mécanique",
            unit="part",
            description="Part du temps avec un vélo mécanique au moins.",
        ),
        Column(
            "avec_place",
            "number",
            title="Avec une place",
            unit="part",
            description="Part du temps avec une place libre au moins.",
        ),
        Column(
            "heures",
            "number",
            title="Heures connues",
            unit="h",
            description="Heures sur lesquelles la part est mesurée.",
        ),
    ),
)
"""One row a station, kind of day and hour: how often one finds what one came for."""

SCORES = Schema(
    name="parvis/scores_velos",
    version="1",
    columns=(
        Column("jour", "date", title="Jour", description="Jour prévu, que le modèle n’avait pas vu."),
        Column("quantite", title="Quantité", description="velos, mecaniques, electriques ou places."),
        Column("horizon_min", "integer", title="Horizon", unit="min", description="Minutes à l’avance."),
        Column(
            "previsions",
            "integer",
            title="Prévisions",
            description="Prévisions comparées à ce qui s’est passé.",
        ),
        Column(
            "brier_vide",
            "number",
            title="Brier, vide",
            description="Écart carré moyen entre la probabilité « aucun » et le fait ; 0 est parfait.",
        ),
        Column(
            "brier_vide_inchange",
            "number",
            title="Brier, si rien ne changeait",
            description="Le même, pour qui dirait que rien ne changera.",
        ),
        Column(
            "crps", "number", title="CRPS", description="Écart moyen de la loi prévue, en vélos ou en places."
        ),
        Column(
            "crps_inchange",
            "number",
            title="CRPS, si rien ne changeait",
            description="Le même, pour qui dirait que rien ne changera.",
        ),
        Column(
            "eqm", "number", title="Erreur quadratique", description="Racine de l’erreur quadratique moyenne."
        ),
        Column(
            "eqm_inchange",
            "number",
            title="Erreur quadratique, si rien ne changeait",
            description="Le même, pour qui dirait que rien ne changera.",
        ),
        Column(
            "couverture",
            "number",
            title="Couverture",
            unit="part",
            description="Part des cas dans l’intervalle à 80 %.",
        ),
        Column(
            "ecart_pit",
            "number",
            title="Écart à l’uniforme",
            description="Distance de Kolmogorov de la transformée à l’uniforme ; 0 est parfait.",
        ),
    ),
)
"""One row a day, quantity and horizon: what the forecasts of that day were worth."""

DOUTES = Schema(
    name="parvis/doutes_velos",
    version="1",
    geometry="point",
    columns=(
        RELEVES.columns[0],
        Column(
            "doute",
            title="Doute",
            description="figée : rien n’y bouge ; vélos : certains ne partent jamais ; places : certaines ne servent jamais.",
        ),
        Column(
            "nombre",
            "integer",
            title="Nombre",
            description="Vélos ou places en cause ; tous, pour une station figée.",
        ),
        Column(
            "depuis",
            "datetime",
            title="Depuis",
            description="Dernier mouvement, ou début de la période regardée.",
        ),
        Column(
            "attendus",
            "number",
            title="Mouvements attendus",
            description="Mouvements que la demande promettait et que personne n’a faits.",
        ),
    ),
)
"""One row a doubtful station or group of bikes or docks."""

VOISINES = Schema(
    name="parvis/voisines_velos",
    version="1",
    geometry="point",
    columns=(
        RELEVES.columns[0],
        Column("rang", "integer", title="Rang", description="1 : la plus proche."),
        Column(
            "voisine_id",
            title="Station voisine",
            description="Identifiant de la station voisine dans le flux.",
        ),
        Column(
            "metres",
            "integer",
            title="Distance",
            unit="m",
            description="De porte à porte, par les rues ou à vol d’oiseau.",
        ),
        Column(
            "duree_s",
            "integer",
            title="À pied",
            unit="s",
            description="À 4,3 km/h ; à vol d’oiseau, trois dixièmes de plus.",
        ),
        Column("par_les_rues", "boolean", title="Par les rues", description="Faux : à vol d’oiseau."),
    ),
)
"""One row a station and neighbour, the nearest first."""

PREVISIONS = Schema(
    name="parvis/previsions_velos",
    version="1",
    geometry="point",
    columns=(
        RELEVES.columns[0],
        RELEVES.columns[1],
        Column(
            "horizon_min",
            "integer",
            title="Horizon",
            unit="min",
            description="Minutes après le moment du flux.",
        ),
        Column(
            "velo",
            "number",
            title="Chance d’un vélo",
            unit="part",
            description="Probabilité d’un vélo au moins.",
        ),
        Column(
            "mecanique",
            "number",
            title="Chance d’un vélo mécanique",
            unit="part",
            description="Probabilité d’un vélo mécanique au moins.",
        ),
        Column(
            "electrique",
            "number",
            title="Chance d’un vélo électrique",
            unit="part",
            description="Probabilité d’un vélo électrique au moins.",
        ),
        Column(
            "place",
            "number",
            title="Chance d’une place",
            unit="part",
            description="Probabilité d’une place libre au moins.",
        ),
        Column("velos", "number", title="Vélos attendus", description="Nombre moyen de vélos attendu."),
        Column("velos_bas", "integer", title="Vélos, bas", description="Bas de l’intervalle."),
        Column("velos_haut", "integer", title="Vélos, haut", description="Haut de l’intervalle."),
        Column(
            "masse",
            "number",
            title="Probabilité de l’intervalle",
            unit="part",
            description="À chacun la sienne ; quatre tenus sur cinq, dès 15 min.",
        ),
        Column(
            "change_le",
            "datetime",
            title="Dernier changement",
            description="Depuis quand la station dit les mêmes nombres.",
        ),
        Column("vus", title="Nombres vus", description="Vélos, mécaniques, électriques et places du relevé."),
        RELEVES.columns[11],
    ),
)
"""One row a station and horizon: what may be found there. A station that is closed is not in it."""

HISTORIQUE = "historique-velos"
"""Name of the schema of an operator's archive (schemas/tables/historique-velos.json): past states of
stations, one row a station and moment.
"""
