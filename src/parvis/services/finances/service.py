"""What the service of public money promises."""

from __future__ import annotations

from parvis.core.sentence import mark
from parvis.core.types import Dataset
from parvis.services.answers import Ask
from parvis.services.declaration import Input, Output, Service, State
from parvis.services.finances.answer import BUDGET, DATES, PAID, WRONG, answer
from parvis.services.finances.compute import work
from parvis.services.finances.schemas import BENEFICIAIRES, CONTROLES, ECHEANCES, LIGNES

SERVICE = Service(
    name="finances",
    title="Où va l’argent",
    question="Où va l’argent de la ville, à qui, et est-ce publié à temps ?",
    inputs={
        "budget": Input("budget/budget", schema="budget", optional=True),
        "subventions": Input("subventions/subventions-associations", schema="subventions", optional=True),
        "marches": Input("marches-publics/decp", schema="marches", optional=True),
        "deliberations": Input("deliberations/deliberations", schema="deliberations", optional=True),
    },
    outputs={
        "lignes": Output(
            Dataset(
                id=BUDGET,
                title="Budget aux noms nationaux",
                publisher="finances",
                themes=("GOVE", "ECON"),
                keywords=("budget", "finances publiques"),
                frequency="annual",
                description="Les lignes du budget sous les noms du schéma national scdl/budget, quel que soit le logiciel qui les a écrites.",
            ),
            LIGNES,
            one="ligne",
            many="lignes",
            label="BGT_NATURE_LABEL",
            brief=("BGT_MTPREV", "BGT_MTREAL"),
        ),
        "beneficiaires": Output(
            Dataset(
                id=PAID,
                title="Bénéficiaires de l’argent public",
                publisher="finances",
                themes=("GOVE", "ECON"),
                keywords=("subvention", "marché public"),
                frequency="quarterly",
                description="Subventions et marchés, une ligne par convention ou marché ; les personnes physiques n’y sont pas nommées.",
            ),
            BENEFICIAIRES,
            one="paiement",
            many="paiements",
            label="beneficiaire",
            brief=("montant",),
        ),
        "controles": Output(
            Dataset(
                id=WRONG,
                title="Contrôles des finances publiées",
                publisher="finances",
                themes=("GOVE",),
                keywords=("qualité", "finances publiques"),
                frequency="quarterly",
                description="Ce qui ne va pas dans les fichiers publiés de budget, subventions, marchés et délibérations, ligne par ligne.",
            ),
            CONTROLES,
            one="contrôle",
            many="contrôles",
            label="phrase",
        ),
        "echeances": Output(
            Dataset(
                id=DATES,
                title="Dates légales de publication",
                publisher="finances",
                themes=("GOVE", "JUST"),
                keywords=("obligation", "publication"),
                frequency="daily",
                description="Pour chaque convention, marché et séance : jusqu’à quand la loi demande de publier, et ce qu’il en est.",
            ),
            ECHEANCES,
            one="échéance",
            many="échéances",
            label="obligation",
            state="etat",
            states=(
                State(mark("à temps"), "publié dans le délai", "ok"),
                State(mark("publié, jour inconnu"), "publié, le fichier ne dit pas quand", ""),
                State(mark("à publier"), "le délai court encore", "warn"),
                State(mark("publié en retard"), "publié après le délai", "bad"),
                State(mark("délai passé"), "le délai est passé", "bad"),
            ),
            brief=("limite", "retard"),
        ),
    },
    work=work,
    method="Les fichiers de la ville sont mis aux noms des schémas nationaux, additionnés au centime et contrôlés ligne à ligne. Un marché compte une fois "
    "quel que soit le nombre de ses titulaires, au montant de son dernier avenant.",
    caveats=(
        "Un budget voté n’est pas une dépense : seul le réalisé a été payé.",
        "Les opérations d’ordre, qui ne donnent lieu à aucun paiement, ne sont pas comptées.",
        "Une personne physique est reconnue à sa catégorie, à son titre ou à son prénom : un nom d’association peut être masqué à tort.",
        "Les délais légaux sont ceux des textes cités ; un fichier sans date de publication ne dit pas s’il les a tenus.",
        "Budgets annexes et régies manquent s’ils ne sont pas dans les fichiers publiés.",
    ),
    asks=(
        Ask("annee", "Quelle année ?", "text", "La dernière du budget, sinon."),
        Ask(
            "par",
            "Par",
            "choice",
            default="fonction",
            choices={"fonction": "fonction", "chapitre": "chapitre", "section": "section"},
        ),
        Ask(
            "habitants",
            "Nombre d’habitants",
            "number",
            "Pour ramener les sommes à chacun.",
            least=1,
            most=20_000_000,
            folded=True,
        ),
        Ask("beneficiaire", "Un bénéficiaire", "text", "Son nom, une partie, ou l’objet."),
    ),
    shows={"population": Input("population/population", schema="population", optional=True)},
    about="town",
    found_by={
        "fr": (
            "budget",
            "dépenses",
            "impôts",
            "taxe foncière",
            "taxe",
            "fiscalité",
            "conseil municipal",
            "délibération",
            "élus",
            "association",
            "dette",
            "subvention",
            "marché public",
            "argent",
        ),
        "en": ("budget", "spending", "money", "tax", "subsidy", "grant"),
    },
    answer=answer,
    words=(
        "budget",
        "délibérations",
        "dépense",
        "fonctionnement",
        "investissement",
        "marchés",
        "recette",
        "subvention",
        "subventions",
    ),
)
