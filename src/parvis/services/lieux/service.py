"""What the service of public places promises."""

from __future__ import annotations

from parvis.core.types import Dataset
from parvis.services.answers import Ask
from parvis.services.declaration import HERE, Input, Output, Service, State
from parvis.services.lieux.answer import KINDS, answer
from parvis.services.lieux.compute import DAYS, work
from parvis.services.lieux.schemas import OUVERTURES
from parvis.services.open_places import MAYBE, OPEN, UNREAD

SERVICE = Service(
    name="lieux",
    title="Horaires des lieux publics",
    question="La mairie, la médiathèque ou la piscine est-elle ouverte, et quand ouvre-t-elle ?",
    inputs={"lieux": Input("lieux-ouverts/lieux-ouverts", schema="lieux-ouverts")},
    shows={"rues": Input("reseau-pieton/troncons", schema="reseau-pieton", optional=True)},
    outputs={
        "ouvertures": Output(
            Dataset(
                id="ouvertures-lieux",
                title="Ouverture des lieux publics, jour par jour",
                description=f"Pour les {DAYS} jours à venir, quand chaque lieu public est ouvert : horaires dépliés, jours fériés, vacances "
                "scolaires et fermetures annoncées compris.",
                publisher="culture",
                themes=("GOVE",),
                keywords=("horaires", "mairie", "médiathèque", "piscine"),
                frequency="daily",
                derived_from=("lieux-ouverts",),
            ),
            OUVERTURES,
            one="plage",
            many="plages",
            label="nom",
            state="etat",
            states=(
                State(OPEN, "le lieu est ouvert", "ok"),
                State(MAYBE, "peut-être ouvert : la note dit à quelle condition", "warn"),
                State(UNREAD, "le texte des horaires n’est pas compris : appelez", "bad"),
            ),
            brief=("debut", "fin"),
        )
    },
    method="Les horaires publiés sont lus selon la grammaire d’OpenStreetMap ou en français, avec les jours fériés et les vacances scolaires du lieu. Une "
    "fermeture exceptionnelle qui nomme ses jours en est retirée ; une autre phrase rend l’ouverture « à vérifier ».",
    caveats=(
        "Un lieu peut fermer sans le dire : la date de la dernière vérification est à côté de chacun.",
        "Un guichet peut fermer avant le lieu, ou ne recevoir que sur rendez-vous.",
        "Une fermeture écrite sans son année vaut pour chaque année.",
    ),
    work=work,
    every="day",
    asks=(
        Ask(
            "lieu",
            "Où êtes-vous ?",
            "place",
            "Une rue, un quartier ou un équipement de la ville, ou votre position.",
        ),
        Ask("quoi", "Que cherchez-vous ?", "choice", default="mairie", choices=KINDS),
        Ask("heure", "À quelle heure ?", "time", "Maintenant si vous ne dites rien."),
        Ask("fauteuil", "Accessible en fauteuil", "tick", folded=True),
        Ask("gratuit", "Sans rien payer", "tick", folded=True),
    ),
    about="town",
    found_by={
        "fr": (
            "mairie",
            "hôtel de ville",
            "horaires",
            "état civil",
            "carte d’identité",
            "passeport",
            "nager",
            "baignade",
            "déchetterie",
            "sport",
            "halle",
            "heures d’ouverture",
            "ouvert",
            "guichet",
            "médiathèque",
            "bibliothèque",
            "piscine",
            "gymnase",
            "musée",
            "déchèterie",
            "marché",
            "lieu frais",
        ),
        "en": ("town hall", "opening hours", "open", "library", "pool", "museum", "market", "cool place"),
    },
    at_home={"lieu": HERE, "quoi": "mairie"},
    answer=answer,
)
