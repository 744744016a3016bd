"""What the service of the air says, in English."""

from __future__ import annotations

from collections.abc import Mapping

ENGLISH: Mapping[str, str] = {
    # the declaration
    "L’air que je respire": "The air I breathe",
    "Comment est l’air aujourd’hui et demain, et que dois-je faire ?": "How is the air today and tomorrow, and what should I do?",
    "Chaque jour prend, par polluant, la moyenne ou le maximum de ses heures à la station de fond la plus chargée, puis les bornes officielles en vigueur "
    "ce jour-là. La prévision est une régression sur les heures passées et, s’il est donné, sur le temps prévu, refaite à chaque calcul et jugée sur des jours "
    "qu’elle ne connaissait pas.": (
        "Each day takes, for each pollutant, the mean or the highest of its hours at the background station with the most of it, then the official bounds in "
        "force on that day. The forecast is a regression on past hours and, where it is given, on the weather forecast, made anew each time and judged on days "
        "that it did not know."
    ),
    "L’indice officiel est celui de l’association agréée, calculé sur toute la commune par un modèle ; celui-ci ne connaît que les stations.": (
        "The official index is that of the approved association, computed over the whole commune by a model; this one knows the stations only."
    ),
    "Seul le préfet déclare un épisode de pollution : un seuil passé ici n’en est pas un.": (
        "Only the prefect declares a pollution episode: a threshold crossed here is not one."
    ),
    "Sans avis sur l’étendue d’un dépassement, celui d’une station de fond est pris pour une situation locale : il peut y en avoir un de trop.": (
        "Without an opinion on how far a crossing reaches, one at a background station is taken for a local situation: there may be one too many."
    ),
    "Les mesures sont provisoires : une validation peut les changer après coup.": "Measurements are provisional: validation may change them afterwards.",
    "Sans prévision de la météo, celle de l’air ne connaît pas le temps à venir : un changement de temps la trompe.": (
        "Without a forecast of the weather, that of the air does not know what is to come: a change of weather misleads it."
    ),
    "Entre les stations, l’air est deviné : près d’un grand axe il est plus mauvais que la carte ne le dit.": (
        "Between stations the air is a guess: near a main road it is worse than the map says."
    ),
    "Indice de la qualité de l’air, jour par jour": "Air quality index, day by day",
    "Prévisions de la qualité de l’air": "Air quality forecasts",
    "Seuils d’information et d’alerte, jour par jour": "Information and alert thresholds, day by day",
    "Carte de la qualité de l’air entre les stations": "Map of air quality between the stations",
    "jour": "day",
    "jours": "days",
    "prévision": "forecast",
    "prévisions": "forecasts",
    "point": "point",
    "points": "points",
    "Quel polluant sur la carte ?": "Which pollutant on the map?",
    # columns
    "Jour": "Day",
    "Zone": "Zone",
    "Nom de la zone": "Name of the zone",
    "Nature": "Nature",
    "Indice": "Index",
    "Qualificatif": "Class",
    "Couleur": "Colour",
    "Sous-indice PM2,5": "PM2.5 sub-index",
    "Sous-indice PM10": "PM10 sub-index",
    "Sous-indice NO2": "NO2 sub-index",
    "Sous-indice O3": "O3 sub-index",
    "Sous-indice SO2": "SO2 sub-index",
    "Polluants en cause": "Pollutants that make it",
    "Complet": "Whole",
    "Probabilité d’un indice mauvais": "Probability of a poor index",
    "Barème": "Table of bounds",
    "Calculé le": "Computed on",
    "Polluant": "Pollutant",
    "Station": "Station",
    "Échéance": "Lead",
    "Statistique": "Statistic",
    "Prévision": "Forecast",
    "Borne basse": "Low bound",
    "Borne haute": "High bound",
    "Probabilité de passer le seuil d’information": "Probability of crossing the information threshold",
    "Passage annoncé": "Crossing announced",
    "Jours appris": "Days learnt from",
    "Jours jugés": "Days judged",
    "Erreur moyenne": "Mean error",
    "Gain sur la persistance": "Gain over persistence",
    "Meilleure persistance": "Best persistence",
    "Couverture": "Coverage",
    "Niveau": "Level",
    "Connu par": "Known by",
    "Valeur": "Value",
    "Échelon": "Step",
    "Critère": "Criterion",
    "Météo défavorable": "Weather against it",
    "État": "State",
    "Motif": "Reason",
    "Texte": "Text",
    "En vigueur depuis": "In force since",
    "Dernière mesure": "Last measurement",
    "Doute": "Doubt",
    "Stations": "Stations",
    "Latitude": "Latitude",
    "Longitude": "Longitude",
    "µg/m³": "µg/m³",
    "Seuils de l’air en vigueur, de la loi et de la ville": "Air thresholds in force, of the law and of the city",
    "seuil": "threshold",
    "seuils": "thresholds",
    "Cadre": "Whose",
    "Seuil": "Threshold",
    "Mesure": "Measured as",
    "Heures de suite": "Hours running",
    "Jusqu’au": "Until",
    "Ce que fait la ville": "What the city does",
    "Ce que fait la ville, en anglais": "What the city does, in English",
    # the answer
    "Loi": "Law",
    "Ville": "City",
    "Textes dont ils sont pris": "Texts that they are taken from",
    "en vigueur depuis le %(day)s": "in force since %(day)s",
    "information": "information",
    "alerte": "alert",
    "moyenne du jour": "mean of the day",
    "moyenne d’une heure": "mean of an hour",
    "moyenne d’une heure, %(n)s heures de suite": "mean of an hour, %(n)s hours running",
    "Seuils en vigueur": "Thresholds in force",
    "Un seuil est passé au-dessus de sa valeur. Ceux de la ville s’ajoutent à ceux de la loi, ils ne les remplacent pas.": (
        "A threshold is crossed above its value. Those of the city come on top of those of the law, they do not replace them."
    ),
    "%(name)s : seuil d’information de la ville passé %(day)s (%(known)s).": "%(name)s: the city’s information threshold is crossed %(day)s (%(known)s).",
    "%(name)s : seuil d’alerte de la ville passé %(day)s (%(known)s).": "%(name)s: the city’s alert threshold is crossed %(day)s (%(known)s).",
    "particules PM10": "PM10 particles",
    "particules fines PM2,5": "PM2.5 fine particles",
    "dioxyde d’azote": "nitrogen dioxide",
    "ozone": "ozone",
    "dioxyde de soufre": "sulphur dioxide",
    "la veille": "the day before",
    "la soirée": "the evening",
    "la moyenne du mois": "the mean of the month",
    "la moyenne de la semaine": "the mean of the week",
    "Bon": "Good",
    "Moyen": "Fair",
    "Dégradé": "Degraded",
    "Mauvais": "Poor",
    "Très mauvais": "Very poor",
    "Extrêmement mauvais": "Extremely poor",
    "Absent": "Absent",
    "mesuré": "measured",
    "prévu": "forecast",
    "moyenne": "mean",
    "maximum": "highest hour",
    "aujourd’hui": "today",
    "demain": "tomorrow",
    "Aucune mesure ne permet de calculer l’indice.": "No measurement lets the index be computed.",
    "L’indice d’aujourd’hui n’est pas connu.": "Today’s index is not known.",
    "L’indice d’aujourd’hui n’est pas connu. Le dernier, du %(day)s, était %(word)s (%(code)s sur 6).": (
        "Today’s index is not known. The last one, of %(day)s, was %(word)s (%(code)s out of 6)."
    ),
    "Aujourd’hui, l’air est %(word)s (indice %(code)s sur 6), à cause de : %(why)s.": (
        "Today the air is %(word)s (index %(code)s out of 6), because of: %(why)s."
    ),
    "Demain, il devrait être %(word)s (%(code)s sur 6) ; il y a %(chance)s de chances qu’il soit mauvais ou pire.": (
        "Tomorrow it should be %(word)s (%(code)s out of 6); the chance that it is poor or worse is %(chance)s."
    ),
    "Tous les polluants ne sont pas mesurés ici : l’indice vrai peut être plus mauvais, jamais meilleur.": (
        "Not all pollutants are measured here: the true index may be worse, never better."
    ),
    "%(name)s : niveau d’information %(day)s (%(known)s).": "%(name)s: information level %(day)s (%(known)s).",
    "%(name)s : niveau d’alerte %(day)s (%(known)s).": "%(name)s: alert level %(day)s (%(known)s).",
    "%(name)s : les mesures d’alerte restent %(day)s, le temps pouvant ramener le seuil.": (
        "%(name)s: the alert measures stay %(day)s, as the weather may bring the threshold back."
    ),
    "C’est une alerte sur persistance : le seuil d’information est passé plusieurs jours de suite.": (
        "This is an alert by persistence: the information threshold is crossed several days running."
    ),
    "C’est un calcul de la ville : seul le préfet déclare un épisode de pollution.": (
        "This is computed by the city: only the prefect declares a pollution episode."
    ),
    "Aucun seuil d’information ou d’alerte n’est passé, ni prévu pour demain.": "No information or alert threshold is crossed, nor forecast for tomorrow.",
    "Aucun seuil de la loi, d’information ou d’alerte, n’est passé, ni prévu pour demain.": (
        "No threshold of the law, of information or alert, is crossed, nor forecast for tomorrow."
    ),
    "Que faire ? %(who)s": "What to do? %(who)s",
    "Prévisions d’aujourd’hui et de demain": "Forecasts for today and tomorrow",
    "Pas de prévision : il faut les mesures de 120 jours au moins, et de moins d’un jour.": (
        "No forecast: it takes measurements of at least 120 days, the last less than a day old."
    ),
    "Elle tient compte du temps prévu, annoncé le %(at)s.": "It takes into account the weather forecast of %(at)s.",
    "Météo prévue le": "Weather forecast of",
    "La valeur doit tomber entre les deux bornes neuf fois sur dix.": "The value should fall between the two bounds nine times in ten.",
    "Deux semaines de %(name)s et les jours à venir": "Two weeks of %(name)s and the days to come",
    "Un point par jour ; la barre des jours prévus est l’intervalle qui doit contenir la valeur neuf fois sur dix.": (
        "One point a day; the bar of the days that are forecast is the interval that should hold the value nine times in ten."
    ),
    "Indice jour par jour": "Index day by day",
    "Carte du dernier jour entier": "Map of the last whole day",
    "Pas de carte pour ce polluant : il faut au moins quatre stations de fond qui le mesurent.": (
        "No map of this pollutant: at least four background stations must measure it."
    ),
    "entre %(low)s et %(high)s µg/m³": "between %(low)s and %(high)s µg/m³",
    "Entre les stations : %(name)s": "Between the stations: %(name)s",
    "bon ou moyen": "good or fair",
    "dégradé": "degraded",
    "mauvais ou pire": "poor or worse",
    "Les quarante points les plus sûrs ; tous sont dans le jeu de données. Plus un point est pâle, moins on en sait.": (
        "The forty surest points; all are in the dataset. The paler a point, the less is known there."
    ),
    "La prévision n’a pas encore été jugée sur assez de jours.": "The forecast has not been judged on enough days yet.",
    "d’erreur en moins que la meilleure persistance": "less error than the best persistence",
    "%(name)s, %(day)s": "%(name)s, %(day)s",
    "Chaque jour jugé a été prévu sans le connaître. Un gain négatif dit que la prévision fait pire que de répéter.": (
        "Each day judged was forecast without knowing it. A negative gain says that the forecast does worse than repeating."
    ),
    "Ce que vaut la prévision": "What the forecast is worth",
    "aujourd’hui et demain": "today and tomorrow",
    "%(who)s (%(are)s)": "%(who)s (%(are)s)",
    "%(who)s, en plus (%(are)s)": "%(who)s, besides (%(are)s)",
    "Ces conseils viennent de l’%(source)s.": "This advice is from the French order: %(source)s.",
}
"""By French text."""
