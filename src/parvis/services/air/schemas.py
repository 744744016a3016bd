"""What the service of the air reads and publishes, column by column."""

from __future__ import annotations

from parvis.core.types import Column, Schema

POLLUTANTS = ("pm25", "pm10", "no2", "o3", "so2")

MEASURES = "mesures-air"
"""Schema of the measures, one of the library: a row a station, pollutant and hour. Other shapes are read too;
see `measures`.
"""

RELEVES = Schema(
    name="parvis/releves_air",
    version="1",
    geometry="point",
    columns=(
        Column("id_station", title="Station", description="Code de la station."),
        Column("nom_station", title="Nom de la station"),
        Column(
            "typologie",
            title="Typologie",
            description="Ce que la station représente, en un ou deux mots de la source : urbaine, fond, trafic…",
        ),
        Column("polluant", title="Polluant", description="pm25, pm10, no2, o3 ou so2."),
        Column("date_debut", "datetime", title="Début", description="Début de l’heure mesurée."),
        Column(
            "valeur",
            "number",
            title="Valeur",
            description="Vide quand l’appareil n’a rien donné, ou que la mesure est reprise.",
        ),
        Column("unite", title="Unité"),
        Column("validite", title="Validité", description="Ce que la source en dit, tel quel."),
        Column("code_insee", title="Zone", description="Code INSEE."),
        Column("lib_zone", title="Nom de la zone"),
    ),
)
"""One row a station, pollutant and hour: what a polled feed says, each row once, and again when it changes.
`measures.read` reads it like a file.
"""

AVIS = Schema(
    name="parvis/avis_air",
    version="1",
    columns=(
        Column("jour", "date", title="Jour"),
        Column("polluant", title="Polluant"),
        Column("code_zone", title="Zone"),
        Column(
            "surface_km2",
            "number",
            title="Surface exposée",
            unit="km²",
            description="Surface de la région où le seuil est passé, par modélisation.",
        ),
        Column(
            "habitants",
            "integer",
            title="Habitants exposés",
            description="Par modélisation, dans le département.",
        ),
        Column("habitants_departement", "integer", title="Habitants du département"),
        Column(
            "situation_locale",
            "boolean",
            title="Situation locale",
            description="Vallée, grand axe ou bassin industriel que l’arrêté préfectoral nomme.",
        ),
        Column(
            "meteo_maintient",
            "boolean",
            title="Météo défavorable",
            description="Le temps prévu rend probable le retour du seuil dans les deux jours.",
        ),
    ),
)
"""What an air-quality association says of a day beside the measures: how far a crossing reaches, and whether
the weather keeps it.
"""

METEO = Schema(
    name="parvis/meteo_prevue",
    version="1",
    geometry="point",
    columns=(
        Column(
            "emis_le",
            "datetime",
            title="Émise le",
            description="Quand la prévision a été faite : on n’apprend que de ce qui était connu à ce moment.",
        ),
        Column("heure", "datetime", title="Heure", description="Début de l’heure prévue."),
        Column("temperature", "number", title="Température", unit="°C"),
        Column("point_rosee", "number", title="Point de rosée", unit="°C"),
        Column("pression", "number", title="Pression", unit="hPa"),
        Column("vent_vitesse", "number", title="Vitesse du vent", unit="m/s"),
        Column(
            "vent_direction",
            "number",
            title="Direction du vent",
            unit="°",
            description="D’où il vient, depuis le nord et vers l’est.",
        ),
        Column("precipitations", "number", title="Précipitations", unit="mm"),
    ),
)
"""One row a forecast and an hour that it speaks of. An archive of past forecasts is what the forecast of the
air learns from: each issue stays.
"""

INDICE = Schema(
    name="parvis/indice_air",
    version="1",
    columns=(
        Column("date_ech", "date", title="Jour"),
        Column("code_zone", title="Zone", description="Code INSEE."),
        Column("lib_zone", title="Nom de la zone"),
        Column("nature", title="Nature", description="mesuré, en cours (jour qui n’est pas fini) ou prévu."),
        Column(
            "code_qual",
            "integer",
            title="Indice",
            description="De 1 (bon) à 6 (extrêmement mauvais) ; 0 quand rien n’est connu.",
        ),
        Column("lib_qual", title="Qualificatif"),
        Column("coul_qual", title="Couleur", description="#RRVVBB, celle de l’indice officiel."),
        *(
            Column(f"code_{p}", "integer", title=f"Sous-indice {n}")
            for p, n in zip(POLLUTANTS, ("PM2,5", "PM10", "NO2", "O3", "SO2"), strict=True)
        ),
        Column("polluants", title="Polluants en cause"),
        Column(
            "complet",
            "boolean",
            title="Complet",
            description="Faux quand un polluant manque : l’indice vrai peut être plus mauvais, jamais meilleur.",
        ),
        Column(
            "proba_mauvais",
            "number",
            title="Probabilité d’un indice mauvais",
            description="Probabilité que l’indice soit 4 ou plus ; pour un jour prévu.",
        ),
        Column("bareme", title="Barème", description="Texte dont les bornes sont prises."),
        Column("date_dif", "datetime", title="Calculé le"),
    ),
)
"""One row a zone and day; names of Atmo Data where it has them."""

PREVISIONS = Schema(
    name="parvis/previsions_air",
    version="1",
    columns=(
        Column("polluant", title="Polluant"),
        Column("code_zone", title="Zone"),
        Column("station", title="Station"),
        Column("jour", "date", title="Jour"),
        Column(
            "echeance", "integer", title="Échéance", unit="jours", description="0 : aujourd’hui ; 1 : demain."
        ),
        Column(
            "statistique",
            title="Statistique",
            description="moyenne ou maximum : ce que le jour retient de ses heures.",
        ),
        Column("valeur", "number", title="Prévision", unit="µg/m³"),
        Column(
            "bas",
            "number",
            title="Borne basse",
            unit="µg/m³",
            description="L’intervalle doit contenir la valeur neuf fois sur dix.",
        ),
        Column("haut", "number", title="Borne haute", unit="µg/m³"),
        Column("proba_information", "number", title="Probabilité de passer le seuil d’information"),
        Column(
            "annonce",
            "boolean",
            title="Passage annoncé",
            description="La probabilité atteint celle à partir de laquelle un passage est annoncé.",
        ),
        Column("jours_appris", "integer", title="Jours appris"),
        Column(
            "jours_juges",
            "integer",
            title="Jours jugés",
            description="Jours passés, prévus sans les connaître, puis comparés à ce qui est venu.",
        ),
        Column(
            "erreur",
            "number",
            title="Erreur moyenne",
            unit="µg/m³",
            description="Erreur quadratique moyenne sur ces jours.",
        ),
        Column(
            "gain",
            "number",
            title="Gain sur la persistance",
            description="1 − erreur / celle de la meilleure persistance ; négatif : elle fait pire.",
        ),
        Column("reference", title="Meilleure persistance", description="veille, soir, mois ou semaine."),
        Column(
            "couverture",
            "number",
            title="Couverture",
            description="Part de ces jours dont la valeur était dans l’intervalle ; 0,9 attendu.",
        ),
        Column(
            "meteo_du",
            "datetime",
            title="Météo prévue le",
            description="Quand a été annoncé le temps dont elle tient compte ; vide : aucun.",
        ),
    ),
)
"""One row a pollutant, zone and day to come: the station that is the highest."""

PROCEDURES = Schema(
    name="parvis/procedures_air",
    version="1",
    columns=(
        Column(
            "cadre",
            title="Cadre",
            description="loi : seuils du code de l’environnement ; ville : seuils que la ville s’est donnés.",
        ),
        Column("polluant", title="Polluant"),
        Column("code_zone", title="Zone"),
        Column("lib_zone", title="Nom de la zone"),
        Column("jour", "date", title="Jour"),
        Column(
            "niveau",
            "integer",
            title="Niveau",
            description="0 : aucun seuil passé ; 1 : information ; 2 : alerte ; vide : inconnu.",
        ),
        Column("connu", title="Connu par", description="mesuré ou prévu."),
        Column("valeur", "number", title="Valeur", unit="µg/m³"),
        Column(
            "echelon",
            "integer",
            title="Échelon",
            description="Échelon des mesures d’urgence (ozone), 0 s’il n’y en a pas.",
        ),
        Column(
            "critere",
            title="Critère",
            description="Pourquoi le passage compte : area, share, people, local ; sinon vide.",
        ),
        Column("maintien", "boolean", title="Météo défavorable"),
        Column(
            "etat", title="État", description="none, information, alert ou kept, après les jours d’avant."
        ),
        Column("motif", title="Motif", description="level, persistence, weather ou unknown."),
        Column("regle", title="Texte"),
        Column("regle_du", "date", title="En vigueur depuis"),
        Column("donnees_du", "datetime", title="Dernière mesure"),
    ),
)
"""One row a pollutant, zone and day, by the law and by the city's own thresholds: the last two weeks, today
and tomorrow.
"""

SEUILS = Schema(
    name="parvis/seuils_air",
    version="1",
    columns=(
        Column("polluant", title="Polluant"),
        Column("niveau", "integer", title="Niveau", description="1 : information ; 2 : alerte."),
        Column(
            "cadre",
            title="Cadre",
            description="loi : seuils du code de l’environnement ; ville : seuils que la ville s’est donnés.",
        ),
        Column("seuil", "number", title="Seuil", unit="µg/m³", description="Ce qui est passé au-dessus."),
        Column(
            "mesure",
            title="Mesure",
            description="jour : moyenne de la journée ; heure : moyenne d’une heure.",
        ),
        Column("heures", "integer", title="Heures de suite"),
        Column(
            "echelon",
            "integer",
            title="Échelon",
            description="Échelon des mesures d’urgence (ozone), 0 pour le niveau lui-même.",
        ),
        Column("depuis", "date", title="En vigueur depuis"),
        Column("jusque", "date", title="Jusqu’au"),
        Column("texte", title="Texte", description="Texte dont le seuil est pris."),
        Column("actions", title="Ce que fait la ville", description="Une action par ligne."),
        Column("actions_en", title="Ce que fait la ville, en anglais"),
    ),
)
"""One row a pollutant, level and text in force today, the law's and the city's side by side, with what the
city does.
"""

CARTE = Schema(
    name="parvis/carte_air",
    version="1",
    geometry="point",
    columns=(
        Column("polluant", title="Polluant"),
        Column("jour", "date", title="Jour"),
        Column("valeur", "number", title="Valeur", unit="µg/m³"),
        Column("bas", "number", title="Borne basse", unit="µg/m³"),
        Column("haut", "number", title="Borne haute", unit="µg/m³"),
        Column(
            "doute",
            "number",
            title="Doute",
            description="De 0 (sûr) à 1 : largeur de l’intervalle rapportée à la valeur.",
        ),
        Column("stations", "integer", title="Stations", description="Combien de stations ont servi."),
    ),
)
"""One row a point of a grid, for the last whole day."""
