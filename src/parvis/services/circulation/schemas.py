"""Tables of the street."""

from __future__ import annotations

from parvis.core.types import Column, Schema

MEASURES = Schema(
    "mesures-trafic",
    "1",
    (
        Column("arc", title="Arc", description="Identifiant de l’arc ou de la station de mesure."),
        Column("nom", title="Nom", description="Voie, et sens s’il est connu."),
        Column("debut", "datetime", title="Début", description="Début de la période mesurée."),
        Column("minutes", "integer", title="Durée", unit="min"),
        Column(
            "debit",
            "number",
            title="Débit",
            unit="véh/h",
            description="Vide : rien n’a été mesuré, ce n’est pas zéro.",
        ),
        Column(
            "taux",
            "number",
            title="Taux d’occupation",
            unit="%",
            description="Part du temps où la boucle est occupée.",
        ),
        Column("vitesse", "number", title="Vitesse mesurée", unit="km/h"),
    ),
    geometry="point",
)
"""One row an arc and a period; the name is that of the schema that a clerk's file follows."""

STATE = Schema(
    "parvis/etat-circulation",
    "1",
    (
        Column("arc", title="Arc"),
        Column("nom", title="Nom"),
        Column("etat", title="État"),
        Column(
            "doute", "number", title="Doute", description="Probabilité que l’état soit un autre, de 0 à 1."
        ),
        Column("debit", "number", title="Débit", unit="véh/h"),
        Column("taux", "number", title="Taux d’occupation", unit="%"),
        Column("debit_habituel", "number", title="Débit habituel", unit="véh/h"),
        Column("anomalie", title="Écart à l’habitude", description="plus, moins, ou vide."),
        Column("prevu_30", "number", title="Débit dans 30 minutes", unit="véh/h"),
        Column(
            "prevu_30_bas",
            "number",
            title="Borne basse",
            unit="véh/h",
            description="L’intervalle doit contenir le débit quatre fois sur cinq.",
        ),
        Column("prevu_30_haut", "number", title="Borne haute", unit="véh/h"),
        Column("etat_30", title="État dans 30 minutes"),
        Column("capteur", title="Capteur", description="en service, ou son défaut."),
        Column("age_min", "integer", title="Âge", unit="min"),
        Column("mesure_le", "datetime", title="Mesuré le"),
    ),
    geometry="point",
)
"""One row an arc."""

FORECASTS = Schema(
    "parvis/previsions-circulation",
    "1",
    (
        Column("arc", title="Arc"),
        Column("nom", title="Nom"),
        Column("horizon_min", "integer", title="Horizon", unit="min"),
        Column("debut", "datetime", title="Début", description="Début de la période prévue."),
        Column("debit", "number", title="Débit prévu", unit="véh/h"),
        Column("bas", "number", title="Borne basse", unit="véh/h"),
        Column("haut", "number", title="Borne haute", unit="véh/h"),
        Column("semaine", "number", title="Même heure, une semaine avant", unit="véh/h"),
        Column("dernier", "number", title="Dernière valeur", unit="véh/h"),
    ),
    geometry="point",
)

DETECTORS = Schema(
    "parvis/capteurs-circulation",
    "1",
    (
        Column("arc", title="Arc"),
        Column("nom", title="Nom"),
        Column("etat", title="État", description="en service, ou son défaut."),
        Column("depuis", "datetime", title="Depuis"),
        Column(
            "ampleur",
            "number",
            title="Ampleur",
            description="Facteur du changement ; heures, pour un capteur muet ou bloqué.",
        ),
        Column(
            "mesures",
            "integer",
            title="Mesures",
            description="Périodes mesurées, sur celles qui auraient pu l’être.",
        ),
        Column("attendues", "integer", title="Périodes"),
        Column("ecartees", "integer", title="Écartées", description="Mesures qu’une règle écarte."),
    ),
    geometry="point",
)

DIAGRAMS = Schema(
    "parvis/diagrammes-circulation",
    "1",
    (
        Column("arc", title="Arc"),
        Column("nom", title="Nom"),
        Column("vitesse_libre", "number", title="Vitesse libre", unit="km/h"),
        Column("capacite", "number", title="Capacité", unit="véh/h"),
        Column(
            "taux_critique",
            "number",
            title="Taux critique",
            unit="%",
            description="Taux d’occupation au débit le plus haut.",
        ),
        Column("onde", "number", title="Vitesse de l’onde", unit="km/h"),
        Column(
            "qualite",
            "number",
            title="Qualité",
            description="Part de la variance de la branche libre qui est expliquée.",
        ),
        Column("erreur", "number", title="Erreur relative du taux critique"),
        Column("libres", "integer", title="Points libres"),
        Column("congestion", "integer", title="Points en congestion"),
    ),
    geometry="point",
)

PROFILES = Schema(
    "parvis/profils-circulation",
    "1",
    (
        Column("arc", title="Arc"),
        Column("jour", title="Jour", description="ouvré, samedi ou chômé."),
        Column("minute", "integer", title="Minute du jour", unit="min"),
        Column("debit", "number", title="Débit habituel", unit="véh/h", description="Médiane."),
        Column("ecart", "number", title="Écart", unit="véh/h", description="Écart absolu médian."),
        Column(
            "racine",
            "number",
            title="Racine attendue",
            description="De la racine du débit, ces dernières semaines.",
        ),
        Column("ecart_racine", "number", title="Écart de la racine"),
        Column("racine_taux", "number", title="Racine attendue du taux"),
        Column("ecart_racine_taux", "number", title="Écart de la racine du taux"),
    ),
)
"""What the night learns of each slot of a day."""

WEIGHTS = Schema(
    "parvis/poids-circulation",
    "1",
    (
        Column("arc", title="Arc"),
        Column("grandeur", title="Grandeur", description="debit ou taux."),
        Column("pas_min", "integer", title="Pas", unit="min"),
        Column("horizon_min", "integer", title="Horizon", unit="min"),
        Column("rang", "integer", title="Rang"),
        Column("poids", "number", title="Poids"),
    ),
)
"""Weights of the forecast, its trust in both ways of saying, and the width of its interval, in order."""

SCORES = Schema(
    "parvis/scores-circulation",
    "1",
    (
        Column("jour", "date", title="Jour"),
        Column("horizon_min", "integer", title="Horizon", unit="min"),
        Column("previsions", "integer", title="Prévisions"),
        Column("erreur", "number", title="Erreur moyenne", unit="véh/h"),
        Column("erreur_semaine", "number", title="Erreur, même heure une semaine avant", unit="véh/h"),
        Column("erreur_derniere", "number", title="Erreur, dernière valeur", unit="véh/h"),
        Column(
            "couverture", "number", title="Couverture", description="Part dans l’intervalle ; 0,8 attendu."
        ),
    ),
)
