"""What the service of energy reads and publishes, column by column."""

from __future__ import annotations

from parvis.core.types import Column, Schema

ANNEES = Schema(
    "parvis/energie_annees",
    "1",
    (
        Column("batiment", title="Bâtiment"),
        Column("compteur", title="Compteur"),
        Column("poste", title="Poste", description="batiment, eclairage ou carburant."),
        Column("usage", title="Usage"),
        Column("energie", title="Énergie"),
        Column("annee", "year", title="Année"),
        Column("kwh", "number", title="Consommé", unit="kWh", description="Énergie finale des jours connus."),
        Column("jours_connus", "integer", title="Jours connus", unit="j"),
        Column("estime_pct", "number", title="Part estimée", unit="%"),
        Column("surface_m2", "number", title="Surface", unit="m²"),
        Column("co2_kg", "number", title="CO2", unit="kg", description="Vide où aucun facteur ne vaut."),
        Column("facteur", "number", title="Facteur", unit="kg/kWh"),
        Column("facteur_source", title="Source du facteur"),
    ),
)

MODELES = Schema(
    "parvis/energie_modeles",
    "1",
    (
        Column("batiment", title="Bâtiment"),
        Column("compteur", title="Compteur"),
        Column("usage", title="Usage"),
        Column("energie", title="Énergie"),
        Column("debut", "date", title="Appris du"),
        Column("fin", "date", title="Au"),
        Column("jours", "integer", title="Jours appris", unit="j"),
        Column(
            "cv_rmse_pct", "number", title="CV(RMSE)", unit="%", description="Selon ASHRAE 14, sur n - p."
        ),
        Column("nmbe_pct", "number", title="NMBE", unit="%", description="Sur les jours qui ont suivi."),
        Column("parametres", "integer", title="Paramètres"),
        Column("kwh_an", "number", title="Par an, au climat appris", unit="kWh"),
        Column("chauffage_pct", "number", title="Part du chauffage", unit="%"),
        Column("kwh_m2", "number", title="Par m² et par an", unit="kWh/m²"),
        Column(
            "ecart_pairs",
            "number",
            title="Écart aux pairs",
            description="En écarts types robustes, même usage.",
        ),
        Column("visible_pct", "number", title="Palier visible en trois semaines", unit="%"),
    ),
)

ANOMALIES = Schema(
    "parvis/energie_anomalies",
    "1",
    (
        Column("batiment", title="Bâtiment"),
        Column("compteur", title="Compteur"),
        Column("genre", title="Ce qui est anormal"),
        Column("depuis", "date", title="Depuis"),
        Column("vu_le", "date", title="Vu le"),
        Column("valeur_pct", "number", title="Mesure", unit="%"),
        Column("repere_pct", "number", title="Repère", unit="%"),
        Column("gain_kwh", "number", title="Gain attendu par an", unit="kWh"),
        Column("gain_bas", "number", title="Gain, borne basse", unit="kWh"),
        Column("gain_haut", "number", title="Gain, borne haute", unit="kWh"),
        Column("gain_euros", "number", title="Gain par an", unit="€"),
        Column("gain_co2", "number", title="CO2 évité par an", unit="kg"),
        Column("action", title="À faire"),
        Column(
            "cout", "number", title="Coût", unit="€", description="Celui que la ville donne ; vide sinon."
        ),
    ),
)

OBJECTIFS = Schema(
    "parvis/energie_objectifs",
    "1",
    (
        Column("loi", title="Loi"),
        Column("batiment", title="Bâtiment", description="Vide : toute la commune."),
        Column("annee", "year", title="Année"),
        Column("reference_annee", "year", title="Année de référence"),
        Column("reference_kwh", "number", title="Référence", unit="kWh"),
        Column("consomme_kwh", "number", title="Consommé", unit="kWh"),
        Column("permis_kwh", "number", title="Permis", unit="kWh"),
        Column("ecart_kwh", "number", title="Écart", unit="kWh", description="Consommé moins permis."),
        Column(
            "inventaire_m2",
            "number",
            title="Surface inventoriée",
            unit="m²",
            description="Des bâtiments plus grands que le seuil de la loi, où elle demande d’en rénover.",
        ),
        Column("a_renover_m2", "number", title="À rénover dans l’année", unit="m²"),
        Column(
            "renovee_m2",
            "number",
            title="Rénovée dans l’année",
            unit="m²",
            description="Selon les travaux ; jamais plus que la surface du bâtiment.",
        ),
        Column("etat", title="État"),
        Column("source", title="Texte"),
    ),
)

ECONOMIES = Schema(
    "parvis/energie_economies",
    "1",
    (
        Column("batiment", title="Bâtiment"),
        Column("action", title="Action"),
        Column("jour", "date", title="Depuis"),
        Column("jours", "integer", title="Jours vérifiés", unit="j"),
        Column("cout", "number", title="Coût", unit="€"),
        Column("attendu_pct", "number", title="Gain attendu", unit="%"),
        Column("economie_pct", "number", title="Économie", unit="%"),
        Column("economie_kwh", "number", title="Économie", unit="kWh"),
        Column("bas_kwh", "number", title="Borne basse", unit="kWh", description="Intervalle à 90 %."),
        Column("haut_kwh", "number", title="Borne haute", unit="kWh"),
        Column("co2_kg", "number", title="CO2 évité", unit="kg"),
        Column("etat", title="Ce qui se voit"),
    ),
)
