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
}
"""By French text."""
