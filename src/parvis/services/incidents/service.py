"""What the public page of incidents promises."""

from __future__ import annotations

from datetime import datetime

from parvis.core.arrow import arrow_table
from parvis.core.sentence import mark
from parvis.core.types import Dataset
from parvis.services.answers import Ask
from parvis.services.declaration import Input, Output, Service, State, Tables
from parvis.services.incidents.answer import answer
from parvis.services.incidents.prevention import SEEN, TOO_FEW, VERIFIED, WAITING, verified


def work(tables: Tables, now: datetime) -> Tables:
    """What became of each measure of prevention."""
    measures = tables["mesures"].to_pylist() if "mesures" in tables else []
    cells, months = (tables[name].to_pylist() if name in tables else [] for name in ("mailles", "mois"))
    return {"prevention": arrow_table(VERIFIED, verified(measures, cells, months))}


SERVICE = Service(
    name="incidents",
    title="Incidents et prévention",
    found_by={
        "fr": ("bruit", "tapage", "nuisance", "incivilité", "dégradation", "vol", "cambriolage", "délinquance", "sécurité", "police"),
        "en": ("noise", "nuisance", "burglary", "theft", "crime", "safety", "police"),
    },
    question="Que se passe-t-il autour de chez moi, plus ou moins qu’avant, et qu’y fait la ville ?",
    inputs={
        "mailles": Input("incidents-mailles/mailles", optional=True),
        "mois": Input("incidents-mois/mois", optional=True),
        "mesures": Input("mesures-prevention/mesures-prevention", schema="mesures-prevention", optional=True),
    },
    outputs={
        "prevention": Output(
            Dataset(
                "prevention-verifiee", "Mesures de prévention, vérifiées",
                "Pour chaque mesure de prévention : le lieu, l’effet attendu avec son doute et sa source, puis ce que devinrent les incidents "
                "alentour, comparés au reste de la ville.",
                "proximite", frequency="annual", themes=("JUST",), keywords=("prévention", "incidents", "évaluation"), derived_from=("mesures-prevention",),
            ),
            VERIFIED, "mesure", "mesures", label="mesure", state="etat",
            states=(
                State(SEEN, "une année entière d’avant et une d’après sont comparées", "ok"),
                State(WAITING, "l’année entière qui suit la mesure n’est pas encore close", ""),
                State(TOO_FEW, "moins de dix incidents montrés avant ou après", "warn"),
            ),
            brief=("attendu_pct", "effet_pct"),
        ),
    },
    method="La page ne lit que ce que tout le monde lit : des mailles d’au moins cinq incidents dans l’année et des mois clos. Les tendances ôtent la "
    "saison et disent leur intervalle ; "
    "une maille passe pour un foyer quand une loi binomiale négative ne l’explique pas, un faux sur vingt au plus.",
    caveats=(
        "La carte montre ce qui fut signalé, non ce qui est arrivé ; on signale plus dans certains quartiers que dans d’autres.",
        "Ce que les patrouilles constatent elles-mêmes n’est pas compté : la carte ne dit rien de ces infractions.",
        "Une maille sans nombre n’est pas une maille sans incident : moins de cinq dans l’année ne sont pas montrés.",
        "Un foyer n’est pas une cause, et ne dit rien de ceux qui y vivent. Aucune décision sur une personne n’en dépend.",
        "Classé le 1er décembre 2026 : aucune personne n’est évaluée (règlement européen sur l’IA, art. 5, 1, d) ; pour un service répressif, "
        "l’annexe III est à examiner avant tout usage.",
    ),
    work=work,
    every="day",
    asks=(
        Ask("lieu", "Près de", "place", "Une rue, un quartier ou un équipement de la ville, ou votre position."),
        Ask("nature", "Nature", "text", "Cambriolage, bruit, feu de poubelle…"),
    ),
    answer=answer,
    shows={
        "tendances": Input("incidents-tendances/tendances", optional=True),
        "examens": Input("incidents-examens/examens", optional=True),
    },
    words=(
        SEEN, WAITING, TOO_FEW, mark("refusé"), mark("sans épreuve"), mark("éprouvé"), mark("compte qui s’efface"), mark("compte"), mark("noyau"),
        mark("noyau du compte qui s’efface"),
        mark("cambriolage de logement"), mark("cambriolage de local"), mark("vol de véhicule"), mark("vol dans un véhicule"), mark("vol d’accessoire "
        "sur véhicule"),
        mark("vol de vélo"), mark("vol sans violence"), mark("vol avec violence"), mark("dégradation"), mark("tag"), mark("bruit"), mark("dépôt sauvage"),
        mark("rixe"), mark("feu de poubelle"), mark("feu de véhicule"), mark("feu de bâtiment"), mark("feu de végétation"), mark("fuite de gaz"),
        mark("usage de stupéfiants"), mark("trafic de stupéfiants"), mark("contrôle d’identité"), mark("contrôle routier"), mark("infraction routière"),
        mark("outrage ou rébellion"), mark("port d’arme"), mark("recel"), mark("vente à la sauvette"), mark("séjour irrégulier"), mark("racolage"),
        mark("violences intrafamiliales"), mark("violences sexuelles"),
    ),
)  # fmt: skip
