"""Tables that the services of outbreaks make: what coordinators read, what is published, what citizens are told."""

from __future__ import annotations

from parvis.core.types import Column, Schema

SERIES = {
    "cas": "cas déclarés",
    "ecole": "malades dans les écoles",
    "creche": "malades dans les crèches",
    "ehpad": "malades dans les Ehpad",
}
"""What is counted by place, by the name of its series, as it is published."""

_SERIES = Column("serie", title="Ce qui est compté")
_LEVEL = Column("niveau", title="Niveau", description="lieu, secteur ou ville.")
_ZONE = Column("zone", title="Zone", description="Identifiant du lieu, nom du secteur, ou « ville ».")
_NAME = Column("nom", title="Nom")
_WITHIN = Column("dans", title="Dans", description="La zone plus large qui la contient ; vide pour la ville.")
_FROM = Column("debut", "date", title="À partir du", description="Un lundi.")
_WEEKS = Column("semaines", "integer", title="Semaines", description="Une semaine, ou quatre réunies.")
_COUNTED = Column(
    "comptes",
    "integer",
    title="Lieux comptés",
    description="Semaines de lieux comptées dans la zone et la période.",
)

METHOD = Column(
    "methode",
    title="Méthode",
    description="saisons : semaine contre la même saison (Farrington) ; cumul : écarts cumulés (CUSUM), où moins de deux ans précèdent.",
)
ADMITTED = Column(
    "admises",
    "number",
    title="Fausses alertes admises",
    description="Par an, du fait du hasard seul ; la méthode est réglée sur elles.",
)
LEARNT = Column(
    "apprises",
    "integer",
    title="Semaines apprises",
    description="Semaines d’avant dont l’habitude est apprise.",
)

REGISTER = Schema(
    "parvis/registre-cas-par-zone", "1",
    (
        _SERIES, _LEVEL, _ZONE, _NAME, _WITHIN, _FROM, _WEEKS,
        Column("cas", "integer", title="Cas", description="Tels qu’ils étaient connus quand la semaine a été arrêtée."),
        _COUNTED,
        Column("montre", "boolean", title="Publié", description="Faux : le nombre n’est pas publié, pour qu’aucun petit nombre ne se retrouve."),
    ),
)  # fmt: skip
"""All that was closed, shown or not: for the group alone. What is published of a week never changes after."""

PUBLISHED = Schema(
    "parvis/cas-par-zone", "1",
    (
        _SERIES, _LEVEL, _ZONE, _NAME, _WITHIN, _FROM, _WEEKS,
        Column("cas", "integer", title="Cas", description="Vide : non compté, ou trop peu pour être montré."),
        _COUNTED,
        Column("etat", title="État", description="publié, trop peu (voir la zone plus large ou les quatre semaines), non compté."),
    ),
)  # fmt: skip

SIGNALS = Schema(
    "parvis/signaux-sanitaires", "1",
    (
        _SERIES, _LEVEL, _ZONE, _NAME,
        Column("semaine", "date", title="Semaine du"),
        Column("cas", "integer", title="Cas"),
        Column("habituels", "number", title="Habituels"),
        Column("seuil", "number", title="Seuil"),
        Column("depuis", "date", title="Inhabituel depuis la semaine du"),
        Column("etat", title="État"),
        METHOD,
        LEARNT,
        ADMITTED,
        Column("dit", title="Ce qui ne peut être dit"),
        Column("declares", "integer", title="Cas déclarés à ce jour", description="De la semaine, dans toute la ville."),
        Column("attendus", "number", title="Cas attendus une fois tout déclaré"),
        Column("attendus_bas", "number", title="Au moins"),
        Column("attendus_haut", "number", title="Au plus"),
    ),
    geometry="point",
)  # fmt: skip
"""One row a series and an area, for the group: its last week."""

MEASURES = Schema(
    "parvis/mesures-sanitaires", "1",
    (
        Column("mesure", title="Mesure"),
        _SERIES, _ZONE, _NAME,
        Column("texte", title="Mesure, en mots"),
        Column("texte_en", title="Mesure, en anglais"),
        Column("qui", title="Qui"),
        Column("qui_en", title="Qui, en anglais"),
        Column("source", title="Source"),
        Column("raison", title="Raison"),
        Column("depuis", "date", title="Depuis la semaine du"),
        Column("proposition", title="Proposition"),
        Column("accord", "boolean", title="Accord", description="Ce qu’un membre a répondu ; vide : personne."),
        Column("le", "datetime", title="Répondu le"),
    ),
)  # fmt: skip
"""Preventive measures that a rule calls for."""

SITUATION = Schema(
    "parvis/situation-epidemies", "1",
    (
        Column("quoi", title="Ce qui est suivi"),
        Column("niveau", title="Niveau"),
        Column("code", title="Code"),
        Column("zone", title="Zone"),
        Column("dans", title="Dans"),
        Column("debut", "date", title="À partir du"),
        Column("semaines", "integer", title="Semaines"),
        Column("valeur", "number", title="Valeur"),
        Column("unite", title="Unité"),
        Column("habituel", "number", title="D’habitude"),
        Column("rang", "number", title="Semaines passées plus basses", unit="%"),
        Column("etat", title="État"),
        Column("depuis", "date", title="Depuis la semaine du"),
        Column("tendance", title="Tendance"),
        METHOD,
        LEARNT,
        ADMITTED,
        Column("connues", "integer", title="Semaines connues"),
        Column("premiere", "date", title="Première semaine connue"),
        Column("source", title="Source"),
        Column("url", title="Adresse de la source"),
    ),
)  # fmt: skip
"""One row a series and a zone: what citizens are told of it."""
