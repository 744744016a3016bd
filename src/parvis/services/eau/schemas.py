"""What the service of water publishes, column by column."""

from __future__ import annotations

from parvis.core.types import Column, Schema

INDICATEURS = Schema(
    "parvis/eau_indicateurs",
    "1",
    (
        Column("annee", "year", title="Année"),
        Column("distribue_m3", "number", title="Mis en distribution", unit="m³", description="Produit et acheté, moins vendu en gros."),
        Column("autorise_m3", "number", title="Consommation autorisée", unit="m³", description="Comptée ou non, usages de service compris."),
        Column("non_compte_m3", "number", title="Non compté", unit="m³"),
        Column("pertes_m3", "number", title="Pertes", unit="m³", description="Distribué, moins autorisé."),
        Column("apparentes_m3", "number", title="Pertes apparentes", unit="m³", description="Vols, compteurs lents ; vide si ce n’est pas connu."),
        Column("reelles_m3", "number", title="Pertes réelles", unit="m³", description="Pertes moins pertes apparentes connues."),
        Column("p104_3", "number", title="Rendement (P104.3)", unit="%"),
        Column("p105_3", "number", title="Volumes non comptés (P105.3)", unit="m³/km/j"),
        Column("p106_3", "number", title="Pertes en réseau (P106.3)", unit="m³/km/j"),
        Column("ilc", "number", title="Indice de consommation (ILC)", unit="m³/km/j"),
        Column("ili", "number", title="Indice de fuite (ILI)", description="Pertes réelles sur pertes inévitables ; vide sans pression ni branchements."),
        Column("p106_3_repere", "number", title="Repère de bon état", unit="m³/km/j", description="Selon les abonnés par kilomètre."),
        Column("seuil", "number", title="Seuil du décret", unit="%"),
        Column("etat", title="Face au seuil"),
        Column("valeur_pertes", "number", title="Valeur des pertes", unit="€", description="Au coût d’un m³ donné pour l’année ; vide sans lui."),
        Column("seuil_source", title="Texte du seuil"),
        Column("source", title="Source des volumes"),
    ),
)  # fmt: skip

SECTEURS = Schema(
    "parvis/eau_secteurs",
    "1",
    (
        Column("secteur", title="Secteur"),
        Column("mois", "date", title="Mois", description="Son premier jour."),
        Column("jours", "integer", title="Nuits connues", unit="j"),
        Column("jours_du_mois", "integer", title="Jours du mois", unit="j", description="Jusqu’à la dernière mesure pour le mois en cours."),
        Column("entree_m3j", "number", title="Entré par jour", unit="m³/j"),
        Column("nuit_m3h", "number", title="Débit de nuit", unit="m³/h", description="Moyenne de 1 h 30 à 4 h 30."),
        Column("legitime_m3h", "number", title="Usages légitimes de nuit", unit="m³/h"),
        Column("fuite_m3h", "number", title="Fuite de nuit", unit="m³/h"),
        Column("perdu_m3j", "number", title="Perdu par jour", unit="m³/j", description="La fuite de nuit, ramenée à la pression du jour."),
        Column("perdu_pct", "number", title="Part perdue", unit="%"),
        Column("perdu_m3kmj", "number", title="Perdu par km et jour", unit="m³/km/j"),
        Column("perdu_euros", "number", title="Valeur perdue dans le mois", unit="€", description="Au coût d’un m³ de la dernière année connue."),
        Column("logements", "integer", title="Logements"),
        Column("visible_m3h", "number", title="Plus petite fuite visible en une semaine", unit="m³/h"),
    ),
)  # fmt: skip

QUALITE = Schema(
    "parvis/eau_robinet",
    "1",
    (
        Column("code_parametre", title="Code Sandre"),
        Column("parametre", title="Paramètre"),
        Column("jour", "date", title="Dernier prélèvement"),
        Column("resultat", title="Résultat"),
        Column("valeur", "number", title="Valeur", description="Vide où le résultat n’est pas un nombre."),
        Column("unite", title="Unité"),
        Column("limite", title="Limite de qualité"),
        Column("reference", title="Référence de qualité"),
        Column("tenue", title="Face à la limite"),
        Column("analyses", "integer", title="Analyses sur douze mois"),
        Column("hors_limite", "integer", title="Hors limite sur douze mois"),
        Column("commune", title="Commune"),
    ),
)  # fmt: skip
