"""What the service of water promises."""

from __future__ import annotations

from parvis.core.sentence import mark
from parvis.core.types import Dataset, Schema
from parvis.services.answers import Ask, Download
from parvis.services.declaration import HERE_NAMED, Input, Output, Service, State
from parvis.services.eau.answer import CUTS, LOST, TAP, YEARS, answer, report
from parvis.services.eau.compute import BELOW, KEPT, NO_LIMIT, PASSED, REACHED, UNKNOWN, work
from parvis.services.eau.rules import read
from parvis.services.eau.schemas import INDICATEURS, QUALITE, SECTEURS


def _output(
    dataset: str,
    title: str,
    description: str,
    schema: Schema,
    derived: tuple[str, ...],
    row: tuple[str, str],
    label: str,
    brief: tuple[str, ...],
    state: str = "",
    states: tuple[State, ...] = (),
) -> Output:
    """A public dataset of the service. row: what a row is called, one and many."""
    about = Dataset(
        dataset,
        title,
        description,
        "eaux",
        frequency="daily",
        themes=("ENVI",),
        keywords=("eau potable", "réseau"),
        derived_from=derived,
    )
    return Output(about, schema, *row, label, state, states, brief)


SERVICE = Service(
    name="eau",
    title="L’eau : coupures et qualité",
    question="Mon eau sera-t-elle coupée, est-elle bonne, et combien s’en perd-il ?",
    inputs={
        "volumes": Input("volumes-eau/volumes-eau", schema="volumes-eau", optional=True),
        "secteurs": Input("secteurs-eau/secteurs-eau", schema="secteurs-eau", optional=True),
        "debits": Input(
            "debits-secteurs-eau/debits-secteurs-eau", schema="debits-secteurs-eau", optional=True
        ),
        "controle": Input(
            "controle-eau-robinet/controle-eau-robinet", schema="controle-eau-robinet", optional=True
        ),
        "travaux": Input("travaux-eau/travaux-eau", schema="travaux-eau", optional=True),
    },
    outputs={
        "indicateurs": _output(
            YEARS,
            "Eau potable : indicateurs du rapport annuel",
            "Par année, les indicateurs nationaux du service d’eau (P104.3, P105.3, P106.3, ILC, ILI), le seuil du décret et le bilan des volumes.",
            INDICATEURS,
            ("volumes-eau",),
            ("année", "années"),
            "source",
            ("annee", "p104_3"),
            "etat",
            (
                State(REACHED, "le rendement atteint le seuil du décret", "ok"),
                State(BELOW, "le rendement est sous le seuil du décret", "bad"),
                State(UNKNOWN, "les volumes ne permettent pas de le dire", "warn"),
            ),
        ),
        "secteurs": _output(
            LOST,
            "Eau potable : pertes des secteurs de distribution",
            "Par secteur et par mois, le débit entré, celui de la nuit, les usages légitimes, ce qui fuit et ce que cela vaut. "
            "Les secteurs de moins de dix logements n’y sont pas.",
            SECTEURS,
            ("debits-secteurs-eau", "secteurs-eau"),
            ("mois d’un secteur", "mois de secteurs"),
            "secteur",
            ("mois", "perdu_m3j"),
        ),
        "qualite": _output(
            TAP,
            "Eau potable : qualité au robinet",
            "Par paramètre du contrôle sanitaire, le dernier résultat, la limite qui vaut pour lui, et combien de résultats l’ont passée en douze mois.",
            QUALITE,
            ("controle-eau-robinet",),
            ("paramètre", "paramètres"),
            "parametre",
            ("valeur", "analyses"),
            "tenue",
            (
                State(KEPT, "le dernier résultat tient la limite de qualité", "ok"),
                State(PASSED, "le dernier résultat passe la limite de qualité", "bad"),
                State(NO_LIMIT, "aucune limite chiffrée n’accompagne ce résultat", ""),
            ),
        ),
    },
    work=work,
    tune=read,
    every="day",
    method="Les indicateurs suivent les définitions nationales, sur les volumes publiés. La perte d’un secteur est son débit de nuit "
    "(1 h 30 à 4 h 30, entrées moins sorties moins ce que prennent les réservoirs), moins ce que les logements et les usagers connus "
    "prennent la nuit, ramenée à la journée selon la pression.",
    caveats=(
        "Un rendement ne se compare pas d’une ville à l’autre sans les pertes par kilomètre : il monte avec la consommation.",
        "L’usage de nuit d’un logement est supposé, non mesuré : une ville qui arrose la nuit paraît perdre plus qu’elle ne perd.",
        "Sans réservoirs ni sorties mesurés, un secteur qui remplit un réservoir la nuit paraît fuir.",
        "La qualité est celle des prélèvements publiés, souvent vieux de plusieurs semaines, et non celle de votre robinet ; "
        "une consigne des autorités passe avant cette page.",
        "Une limite écrite en mots n’est pas jugée par la machine ; la conclusion de l’agence régionale de santé fait foi.",
        "Une casse imprévue n’est annoncée ici que si le service d’eau l’écrit dans son fichier.",
    ),
    asks=(
        Ask(
            "quoi",
            "Que voulez-vous savoir ?",
            "choice",
            choices={"": "si elle est bonne", CUTS: "si elle sera coupée"},
        ),
        Ask("rue", "Votre rue", "text", "Pour les coupures : son nom, sans le numéro."),
        Ask("secteur", "Un secteur", "text", "Pour les fuites : son nom, ou une partie.", folded=True),
    ),
    about="home",
    found_by={
        "fr": ("robinet", "potable", "coupure", "eau coupée", "fuite", "calcaire", "boire"),
        "en": ("water", "tap", "drinking", "leak", "cut", "outage"),
    },
    at_home={"quoi": CUTS, "rue": HERE_NAMED},
    answer=answer,
    shows={
        "zones": Input("eau-zones/zones", optional=True),
        "constats": Input("eau-constats/constats", optional=True),
    },
    files=(Download("rapport-annuel.csv", "Tableau du rapport annuel", "text/csv", report),),
    words=(
        mark("très douce"),
        mark("douce"),
        mark("plutôt dure"),
        mark("dure"),
        mark("très dure"),
        mark("rendement"),
        mark("fini"),
    ),
)
