"""What the service of collection days promises."""

from __future__ import annotations

from parvis.core.sentence import mark
from parvis.core.types import Dataset
from parvis.services.answers import Ask
from parvis.services.collecte.answer import answer
from parvis.services.collecte.compute import work
from parvis.services.collecte.schemas import DAYS
from parvis.services.declaration import HERE, HERE_NAMED, Input, Output, Service, State

SERVICE = Service(
    name="collecte",
    title="Jours de collecte",
    question="Quel jour passe le camion des poubelles ?",
    inputs={"regles": Input("jours-collecte/jours-collecte", schema="jours-collecte")},
    outputs={
        "collectes": Output(
            Dataset(
                "prochaines-collectes", "Prochaines collectes, secteur par secteur",
                "Pour les six semaines à venir, chaque jour de collecte de chaque flux dans chaque secteur ; jours fériés et jours déplacés compris.",
                "proprete", themes=("ENVI",), keywords=("collecte", "poubelle", "calendrier", "ramassage"), frequency="daily",
                derived_from=("jours-collecte",),
            ),
            DAYS, "collecte", "collectes", label="flux", state="etat", brief=("jour", "secteur"),
            states=(
                State(mark("prévue"), "le jour de la règle", "ok"),
                State(mark("déplacée"), "un autre jour que d’habitude : la ville l’a dit", "warn"),
                State(mark("à vérifier"), "un jour férié dont la ville ne dit rien, ou une règle à deux lectures", "warn"),
            ),
        )
    },
    method="La règle de chaque secteur est lue comme la ville l’a écrite, puis ses jours fériés sont déplacés comme elle le dit. Votre secteur est celui dont "
    "la surface contient votre adresse, ou qui nomme votre rue.",
    caveats=(
        "Un jour férié dont la ville ne dit rien est donné « à vérifier », jamais comme sûr.",
        "Grève, neige ou travaux peuvent retarder un camion sans que la règle le sache.",
        "Une adresse à la limite de deux secteurs peut relever de l’autre.",
        "Les jours des conteneurs de rue ne sont pas ici : ils sont vidés selon leur remplissage.",
    ),
    work=work,
    every="day",
    asks=(
        Ask("lieu", "Où habitez-vous ?", "place", "Une rue, un quartier ou un équipement de la ville, ou votre position."),
        Ask("rue", "Nom de votre rue", "text", "Là où la ville donne ses jours rue par rue.", folded=True),
    ),
    about="home",
    found_by={
        "fr": ("poubelle", "ramassage", "collecte", "bac", "ordures ménagères", "jour de collecte",
            "encombrants", "sortir les poubelles", "déchets", "éboueurs", "végétaux", "compost"),
        "en": ("bin", "bin day", "collection", "rubbish", "garbage", "waste", "trash"),
    },
    at_home={"lieu": HERE, "rue": HERE_NAMED},
    at_home_rank=1,
    answer=answer,
    words=(
        "ordures ménagères", "emballages", "biodéchets", "verre", "papier", "encombrants", mark("végétaux"),
        mark("Jour de l’an"), mark("Lundi de Pâques"), mark("Fête du Travail"), mark("Victoire de 1945"), mark("Ascension"),
        mark("Lundi de Pentecôte"), mark("Fête nationale"), mark("Assomption"), mark("Toussaint"), mark("Armistice de 1918"),
        mark("Noël"), mark("Vendredi saint"), mark("Saint-Étienne"), mark("Abolition de l’esclavage"),
    ),
)  # fmt: skip
