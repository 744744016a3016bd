"""What the service of bikes says, in English."""

from __future__ import annotations

from collections.abc import Mapping

from parvis.services.velos.compute import FEW, SILENT_MIN

ENGLISH: Mapping[str, str] = {
    "Vélos en libre-service": "Bike share",
    "Où trouver un vélo, ou une place pour le rendre ?": "Where can I find a bike, or a dock to return it?",
    "L’état vient du dernier relevé du flux GBFS de l’exploitant. Une station est dite sans nouvelles quand son dernier relevé a plus de trente minutes.": (
        "The state comes from the latest reading of the operator’s GBFS feed. A station is said to be silent when its own last report is more than thirty "
        "minutes old."
    ),
    "Un vélo compté peut être en panne : le flux ne le dit pas.": "A bike that is counted may be broken: the feed does not say.",
    "Une station fermée ou sans nouvelles n’est jamais proposée, quoi qu’elle annonce.": "A closed or silent station is never suggested, whatever it reports.",
    "Entre deux relevés, une minute au moins s’écoule : aux heures de pointe une station se vide plus vite.": (
        "At least a minute passes between two readings: at rush hour a station empties faster than that."
    ),
    "Les distances sont à vol d’oiseau, non par les rues.": "Distances are as the crow flies, not along streets.",
    "Les temps à pied suivent le réseau piéton que la ville publie ; là où il n’est pas connu, ils sont à vol d’oiseau, trois dixièmes de plus.": (
        "Walking times follow the walking network that the city publishes; where it is not known they are as the crow flies, and three tenths more."
    ),
    "Les chances viennent des quatre dernières semaines : la météo, une fête, une grève ou un camion qui vide la station les démentent.": (
        "Chances come from the last four weeks: weather, a festival, a strike or a truck that empties the station prove them wrong."
    ),
    "Les chances d’un vélo au départ et d’une place à l’arrivée sont dites chacune pour elle-même.": (
        "The chance of a bike at the start and of a dock at the end are each told by itself."
    ),
    "un vélo à prendre": "a bike to take",
    "un vélo électrique": "an electric bike",
    "une place libre": "a free dock",
    "station": "station",
    "stations": "stations",
    "État des stations de vélos": "State of the bike stations",
    "on peut y prendre un vélo et en rendre un": "bikes can be taken and returned",
    f"{FEW} vélos au plus : il peut n’en rester aucun à votre arrivée": f"{FEW} bikes at most: none may be left when you get there",
    "aucun vélo à prendre": "no bike to take",
    "aucune place pour rendre un vélo": "no dock to return a bike",
    "on ne peut pas y rendre de vélo": "bikes cannot be returned there",
    "on ne peut pas y prendre de vélo": "bikes cannot be taken there",
    "hors service": "out of service",
    f"muette depuis plus de {SILENT_MIN} minutes : ses nombres ne sont pas sûrs": f"silent for more than {SILENT_MIN} minutes: its numbers are not reliable",
    "Station": "Station",
    "Nom": "Name",
    "Capacité": "Capacity",
    "Vélos": "Bikes",
    "Vélos mécaniques": "Mechanical bikes",
    "Vélos électriques": "Electric bikes",
    "Places": "Docks",
    "État": "State",
    "Âge": "Age",
    "min": "min",
    "Relevé de la station": "Station reported",
    "Moment du flux": "Feed time",
    "S’il n’y en a plus : « %(name)s », à %(walk)s min de là à pied, %(chance)s de chances.": (
        "Should none be left: “%(name)s”, %(walk)s min away on foot, %(chance)s chance."
    ),
    "Si elle est pleine : « %(name)s », à %(walk)s min de là à pied, %(chance)s de chances d’une place.": (
        "Should it be full: “%(name)s”, %(walk)s min away on foot, %(chance)s chance of a dock."
    ),
    "Temps à pied par les rues.": "Walking times along the streets.",
    "Temps à pied à vol d’oiseau, trois dixièmes de plus : le réseau piéton n’est pas connu partout ici.": (
        "Walking times as the crow flies, and three tenths more: the walking network is not known everywhere here."
    ),
    # what the form asks
    "D’où partez-vous ?": "Where do you start from?",
    "Où allez-vous ?": "Where do you go?",
    "Une rue, un quartier ou un équipement de la ville, ou votre position.": "A street, a district or a facility of the city, or your position.",
    "Pour trouver aussi une place à l’arrivée.": "To find a dock at the other end as well.",
    "À quelle heure prendrez-vous le vélo ?": "When will you take the bike?",
    "Maintenant si vous ne dites rien.": "Now if you say nothing.",
    "Quel vélo ?": "Which bike?",
    "n’importe lequel": "any",
    "mécanique": "mechanical",
    "électrique": "electric",
    # what the answer says
    "Vers %(hour)s, %(n)s stations sur %(total)s vous donneront très probablement ce que vous cherchez. Dites d’où vous partez pour savoir laquelle.": (
        "Around %(hour)s, %(n)s of %(total)s stations will very likely have what you look for. Say where you start from to know which one."
    ),
    "Aucune station ouverte à moins de vingt minutes à pied de « %(place)s ».": "No open station within twenty minutes’ walk of “%(place)s”.",
    "À l’arrivée, aucune station ouverte à moins de vingt minutes à pied de « %(place)s ».": (
        "At the other end, no open station within twenty minutes’ walk of “%(place)s”."
    ),
    "Vers %(hour)s, on trouve d’habitude %(what)s à « %(name)s » %(chance)s du temps, à %(walk)s min à pied.": (
        "Around %(hour)s there usually is %(what)s at “%(name)s” %(chance)s of the time, %(walk)s min on foot."
    ),
    "%(hour)s demain": "%(hour)s tomorrow",
    "D’habitude vers %(hour)s, on trouve %(what)s à « %(from)s » %(chance)s du temps, à %(walk)s min à pied ; "
    "à l’arrivée vers %(there)s, une place à « %(to)s » %(dock)s du temps, à %(last)s min à pied.": (
        "Around %(hour)s there usually is %(what)s at “%(from)s” %(chance)s of the time, %(walk)s min on foot; "
        "at the other end around %(there)s, a dock at “%(to)s” %(dock)s of the time, %(last)s min on foot."
    ),
    "À %(hour)s, %(chance)s de chances de trouver %(what)s à « %(from)s », à %(walk)s min à pied ; "
    "à l’arrivée vers %(there)s, %(dock)s de chances de trouver une place à « %(to)s », à %(last)s min à pied.": (
        "At %(hour)s, a %(chance)s chance of %(what)s at “%(from)s”, %(walk)s min on foot; "
        "at the other end around %(there)s, a %(dock)s chance of a dock at “%(to)s”, %(last)s min on foot."
    ),
    "À %(hour)s, %(chance)s de chances de trouver %(what)s à « %(name)s », à %(walk)s min à pied.": (
        "At %(hour)s, a %(chance)s chance of %(what)s at “%(name)s”, %(walk)s min on foot."
    ),
    "À l’arrivée vers %(hour)s, on trouve d’habitude une place à « %(name)s » %(chance)s du temps, à %(walk)s min à pied.": (
        "At the other end around %(hour)s there usually is a dock at “%(name)s” %(chance)s of the time, %(walk)s min on foot."
    ),
    "À l’arrivée vers %(hour)s, %(chance)s de chances de trouver une place à « %(name)s », à %(walk)s min à pied.": (
        "At the other end around %(hour)s, a %(chance)s chance of a dock at “%(name)s”, %(walk)s min on foot."
    ),
    "« %(name)s » est plus près (%(walk)s min), mais %(chance)s de chances seulement.": (
        "“%(name)s” is nearer (%(walk)s min), but with a %(chance)s chance only."
    ),
    "Plus sûr : « %(name)s », à %(walk)s min, %(chance)s de chances.": "Safer: “%(name)s”, %(walk)s min, a %(chance)s chance.",
    "votre position": "your position",
    "un vélo": "a bike",
    "un vélo mécanique": "a mechanical bike",
    "Où prendre un vélo": "Where to take a bike",
    "Où laisser le vélo": "Where to leave the bike",
    "À pied": "On foot",
    "Chances": "Chance",
    "En ce moment": "Right now",
    "La première est celle où l’on perd le moins de temps, marche et déconvenue comptées.": (
        "The first is where least time is lost, the walk and the disappointment counted."
    ),
    "vous": "you",
    "votre but": "your destination",
    "Autour de « %(place)s »": "Around “%(place)s”",
    "8 chances sur 10 ou plus": "8 chances in 10 or more",
    "de 5 à 8 sur 10": "5 to 8 in 10",
    "moins d’une sur deux": "less than one in two",
    "Chances, station par station": "Chances, station by station",
    "Chances à chaque station": "Chances at each station",
    "Les moins sûres d’abord.": "The least certain first.",
    "vélos attendus à « %(name)s » dans une demi-heure": "bikes expected at “%(name)s” in half an hour",
    "%(low)s à %(high)s vélos, %(mass)s du temps": "%(low)s to %(high)s bikes, %(mass)s of the time",
    "Dans": "In",
    "Un vélo": "A bike",
    "Une place": "A dock",
    "chances sur cent": "chances in a hundred",
    "minutes à venir": "minutes to come",
    "À « %(name)s » : en trait plein, les chances d’un vélo ; en tirets, celles d’une place.": (
        "At “%(name)s”: the solid line is the chance of a bike, the dashed one that of a dock."
    ),
    "Les deux heures à venir": "The next two hours",
    "rien n’y bouge": "nothing moves there",
    "vélos qui ne partent jamais": "bikes that never leave",
    "places qui ne servent jamais": "docks that are never used",
    "Doute": "Doubt",
    "Nombre": "Number",
    "Trop longtemps immobile au vu de la demande : la station ou ces vélos sont peut-être en panne. Les chances ne le savent pas.": (
        "Still for too long given the demand: the station or these bikes may be out of order. The chances do not know it."
    ),
    "Nombres douteux": "Doubtful numbers",
    "Prévision": "Forecast",
    "À l’avance": "Ahead",
    "Erreur en moins sur « il n’y en aura pas »": "Less error on “there will be none”",
    "Erreur en moins sur le nombre": "Less error on the number",
    "Dans l’intervalle à 80 %": "Within the 80% interval",
    "Prévisions": "Forecasts",
    "vélos": "bikes",
    "places": "docks",
    "Comparé à qui dirait que rien ne changera. Le modèle n’avait pas vu cette journée. "
    "Défaut de calage : 0 quand ce qui est dit arriver une fois sur dix arrive une fois sur dix.": (
        "Compared with saying that nothing will change. The model had not seen that day. "
        "Calibration error: 0 when what is said to happen once in ten does happen once in ten."
    ),
    "Défaut de calage": "Calibration error",
    "Ce que valaient nos prévisions du %(day)s": "What our forecasts of %(day)s were worth",
    "sans objet": "not applicable",
    "aucune": "none",
}
"""By French text."""

MODEL_ENGLISH: Mapping[str, str] = {
    "Station": "Station",
    "Nom": "Name",
    "Vélos": "Bikes",
    "Vélos mécaniques": "Mechanical bikes",
    "Vélos électriques": "Electric bikes",
    "Places": "Docks",
    "Ouverte": "Open",
    "Moment du flux": "Feed time",
    "Mouvements des vélos": "Movements of bikes",
    "Qu’est-ce qui a changé à chaque station ?": "What changed at each station?",
    "Mouvements aux stations de vélos": "Movements at the bike stations",
    "mouvement": "movement",
    "mouvements": "movements",
    "Les relevés sont pris dans l’ordre du temps, station par station. Un relevé qui répète le précédent est laissé de côté.": (
        "Readings are taken in order of time, station by station. One that repeats the one before is left out."
    ),
    "Deux vélos échangés entre deux relevés ne se voient pas.": "Two bikes exchanged between two readings are not seen.",
    "Ce que la nuit apprend des vélos": "What the night learns about bikes",
    "Comment les stations se remplissent-elles et se vident-elles ?": "How do stations fill and empty?",
    "Une file d’attente par station, aux taux appris sans compter le temps où elle était vide ou pleine, donne la loi du nombre de vélos ; une "
    "correction apprise sur des jours non vus l’accorde avec ce qui s’est passé. Chaque nuit tout est réappris sur quatre semaines, et la veille est notée.": (
        "A queue for each station, with rates learned without counting the time when it was empty or full, gives the law of the number of bikes; a correction "
        "learned on unseen days makes it agree with what happened. Every night all is learned again over four weeks, and the day before is scored."
    ),
    "La météo, les grèves et les fêtes ne sont pas connues du modèle.": "The model knows nothing of weather, strikes and festivals.",
    "Un camion qui vide ou remplit une station n’est pas prévu.": "A truck that empties or fills a station is not foreseen.",
    "Modèle de prévision des vélos": "Forecast model of bikes",
    "Correction des prévisions de vélos": "Correction of the forecasts of bikes",
    "Fiabilité des stations de vélos": "Reliability of the bike stations",
    "Ce que valaient les prévisions de vélos": "What the forecasts of bikes were worth",
    "Stations et vélos douteux": "Doubtful stations and bikes",
    "tranche": "slot",
    "tranches": "slots",
    "poids": "weight",
    "heure": "hour",
    "heures": "hours",
    "score": "score",
    "scores": "scores",
    "doute": "doubt",
    "doutes": "doubts",
    "Quantité": "Quantity",
    "Jour": "Day",
    "Heure": "Time",
    "min": "min",
    "h": "h",
    "part": "share",
    "par heure": "an hour",
    "Arrivées": "Arrivals",
    "Départs": "Departures",
    "Nombre habituel": "Usual number",
    "Taille": "Size",
    "Horizon": "Horizon",
    "Fonction": "Function",
    "Contexte": "Context",
    "Poids": "Weight",
    "Avec un vélo": "With a bike",
    "Avec un vélo électrique": "With an electric bike",
    "Avec un vélo mécanique": "With a mechanical bike",
    "Avec une place": "With a dock",
    "Heures connues": "Hours known",
    "Prévisions": "Forecasts",
    "Brier, vide": "Brier, empty",
    "Brier, si rien ne changeait": "Brier, if nothing changed",
    "CRPS": "CRPS",
    "CRPS, si rien ne changeait": "CRPS, if nothing changed",
    "Erreur quadratique": "Root mean square error",
    "Erreur quadratique, si rien ne changeait": "Root mean square error, if nothing changed",
    "Couverture": "Coverage",
    "Écart à l’uniforme": "Distance from uniform",
    "Doute": "Doubt",
    "Nombre": "Number",
    "Depuis": "Since",
    "Mouvements attendus": "Movements expected",
    "Prévisions aux stations de vélos": "Forecasts at the bike stations",
    "Y aura-t-il un vélo, ou une place ?": "Will there be a bike, or a dock?",
    "prévision": "forecast",
    "prévisions": "forecasts",
    "Chance d’un vélo": "Chance of a bike",
    "Chance d’un vélo mécanique": "Chance of a mechanical bike",
    "Chance d’un vélo électrique": "Chance of an electric bike",
    "Chance d’une place": "Chance of a dock",
    "Vélos attendus": "Bikes expected",
    "Vélos, bas": "Bikes, low",
    "Vélos, haut": "Bikes, high",
    "Probabilité de l’intervalle": "Probability of the interval",
    "Dernier changement": "Last change",
    "Nombres vus": "Numbers seen",
    "La loi du nombre de vélos part du dernier relevé et suit la file d’attente de la station jusqu’à l’heure demandée, puis la correction de la nuit. "
    "Vélos, mécaniques, électriques et places ont chacun leur loi.": (
        "The law of the number of bikes starts from the latest reading and follows the station’s queue up to the time asked for, then the night’s correction. "
        "Bikes, mechanical and electric ones, and docks each have a law of their own."
    ),
    # the neighbours
    "Stations de vélos voisines à pied": "Neighbouring bike stations on foot",
    "Si la station est vide ou pleine, où est la suivante ?": "If a station is empty or full, where is the next one?",
    "Les plus courts chemins à pied sur le réseau piéton, de porte à porte, à 4,3 km/h. Une station à plus de 300 m de toute rue est mesurée à vol "
    "d’oiseau, le temps compté pour trois dixièmes de plus.": (
        "The shortest ways on foot along the walking network, from door to door, at 4.3 km/h. A station more than 300 m from every street is measured as the "
        "crow flies, its time counted three tenths longer."
    ),
    "Un passage fermé, des travaux ou une pente ne sont pas tous dans le réseau piéton.": "A closed passage, works or a slope may be missing there.",
    "voisine": "neighbour",
    "voisines": "neighbours",
    "Rang": "Rank",
    "Station voisine": "Neighbouring station",
    "Distance": "Distance",
    "m": "m",
    "À pied": "On foot",
    "s": "s",
    "Par les rues": "Along streets",
}
"""What the three services behind the page say, by French text."""
