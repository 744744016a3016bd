"""The study of signal plans from counts."""

from __future__ import annotations

from parvis.core.types import Dataset
from parvis.services.answers import Ask
from parvis.services.declaration import Input, Output
from parvis.services.feux import planning, schemas, sheets
from parvis.services.feux.answer import answer
from parvis.services.study import Study

PLANS = Study(
    name="plans-de-feux",
    title="Plans de feux d’un carrefour",
    question="Quels plans de feux feraient perdre le moins de temps à ce carrefour ?",
    inputs={
        "groupes": Input("feux/groupes", schema="groupes-feux"),
        "interverts": Input("feux/interverts", schema="interverts-feux"),
        "comptages": Input("feux/comptages", schema="comptages-feux"),
        "plans": Input("feux/plans", schema="plans-feux", optional=True),
    },
    outputs={
        "periodes": schemas.PERIODS,
        "mouvements": schemas.MOVEMENTS,
        "regles": schemas.BROKEN_RULES,
        "epreuves": schemas.TRIALS,
        "plans": Output(
            Dataset(
                "plans-de-feux-proposes", "Plans de feux proposés", "Les plans de feux qu’une étude propose pour un carrefour, par période de la journée.",
                "voirie", frequency="irregular", themes=("TRAN",), keywords=("feux", "carrefour", "plan"), derived_from=("feux",),
            ),
            schemas.PLANS, "vert", "verts",
        ),
    },
    method="Les comptages d’un jour moyen sont découpés en périodes ; pour chacune, l’ordre des phases, le cycle"
" et les verts de moindre retard (HCM 6) sont cherchés parmi tous ceux qui tiennent la matrice des "
"interverts, les verts minimaux et les rouges maximaux. Les tourne-à-gauche qui cèdent comptent par "
"créneaux acceptés. Là où SUMO est installé, le carrefour que décrivent les tables est simulé : les plans y "
"sont polis, puis jugés sur des tirages qui ne les ont pas choisis, au trafic compté et à un cinquième de "
"moins et de plus.",
    caveats=(
        "Les retards sont calculés, non mesurés : bus à l’arrêt, livraisons, files qui remontent d’un "
"carrefour voisin n’y sont pas.",
        "Un comptage fait sous congestion mesure ce qui passe, non ce qui voudrait passer : les plans sont "
"alors trop courts.",
        "La simulation est celle d’un carrefour seul : chaque groupe y a sa rue, sans dessin ni file qui remonte ; "
"les piétons n’y marchent pas, leur attente est calculée.",
        "Les plans d’un carrefour ne sont pas coordonnés avec ses voisins.",
        "Une aide à l’étude, qui ne commande aucun feu : un ingénieur vérifie et approuve. Elle n’est pas un "
"composant de sécurité au sens du règlement européen sur l’IA (annexe III, point 2) ; aucune décision"
" sur une personne n’en dépend.",
    ),
    asks=(
        Ask("carrefour", "Carrefour", "row", rows="groupes.carrefour"),
        Ask("jours", "Jours", "choice", default="ouvrés", choices={"ouvrés": "du lundi au vendredi", "samedi": "samedi", "dimanche": "dimanche"}),
        Ask("cycle_min", "Cycle le plus court", "number", hint="en secondes", default="40", least=30, most=180, folded=True),
        Ask("cycle_max", "Cycle le plus long", "number", hint="en secondes", default="110", least=30, most=180, folded=True),
        Ask("plans", "Plans dans la journée, au plus", "number", default="6", least=1, most=10, folded=True),
        Ask("pietons", "Poids d’un piéton qui attend", "number", hint="Un piéton qui attend compte pour tant de véhicules.",
            default="1", least=0, most=20, folded=True),
        Ask("eprouver", "Éprouver et polir en simulation", "choice", default=planning.TRY,
            choices={planning.TRY: "oui, là où SUMO est installé : quelques minutes", "non": "non"}, folded=True),
    ),
    run=planning.run,
    answer=answer,
    files=sheets.FILES,
    steps=(planning.SEARCHED, planning.POLISHED),
)  # fmt: skip
