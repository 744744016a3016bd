"""The study of real-time control of signals, in simulation."""

from __future__ import annotations

from parvis.services.answers import Ask
from parvis.services.feux import realtime
from parvis.services.feux.realtime_answer import answer
from parvis.services.study import Study

REALTIME = Study(
    name="feux-temps-reel",
    title="Feux en temps réel, en simulation",
    question="Que gagneraient ces carrefours à suivre le trafic seconde par seconde plutôt que leurs plans ?",
    inputs={},
    outputs={"essais": realtime.TRIALS, "files": realtime.QUEUES, "carrefours": realtime.SIGNALS},
    method="Le réseau et son trafic sont simulés par SUMO, sous les plans du réseau puis en temps réel, sur les mêmes tirages. En temps réel, chaque feu "
    "estime ses files par des boucles au sol, joue jusqu’au bout chaque façon de continuer et prend la moins coûteuse, dans les limites des verts "
    "minimaux, des interverts et du rouge maximal ; un feu dont une boucle tombe en panne suit son plan.",
    caveats=(
        "Une simulation n’est pas la rue : le gain vaut ce que valent le réseau et le trafic donnés.",
        "Les conducteurs gardent leur chemin ; des livraisons ou un bus à l’arrêt n’y sont que si le trafic les contient.",
        "L’attente des piétons n’est comptée que par le rouge maximal de leurs feux.",
        "Une étude, qui ne commande aucun feu. Mise en service, une telle commande pourrait être un composant de sécurité au sens du règlement européen "
        "sur l’IA (annexe III, point 2) : faites-la classer avant. Elle n’apprend rien et ne décide rien d’une personne.",
    ),
    asks=(
        Ask("reseau", "Réseau de SUMO", "file", hint="un fichier .net.xml, avec les programmes des feux", needed=True),
        Ask("trafic", "Trafic de SUMO", "file", hint="un fichier .rou.xml : départs et chemins", needed=True),
        Ask("debut", "Début", "number", hint="seconde de l’horloge du trafic", default="0", least=0, most=604_800),
        Ask("fin", "Fin", "number", hint="seconde de l’horloge du trafic", default="3600", least=60, most=604_800),
        Ask("tirages", "Tirages", "number", hint="simulations par commande", default="5", least=1, most=20),
        Ask("demande", "Trafic", "number", hint="en pour cent du trafic donné", default="100", least=20, most=200, folded=True),
        Ask("boucles", "Boucles avancées", "number", hint="mètres avant la ligne", default="100", least=20, most=300, folded=True),
        Ask("vert_min", "Vert minimal", "number", hint="en secondes", default="6", least=4, most=20, folded=True),
        Ask("rouge_max", "Rouge maximal", "number", hint="en secondes, pour qui attend", default="110", least=40, most=120, folded=True),
        Ask("pannes", "Boucles en panne", "number", hint="en pour cent des boucles avancées", default="0", least=0, most=100, folded=True),
    ),
    run=realtime.run,
    answer=answer,
    files=realtime.FILES,
    steps=(realtime.SIMULATED,),
)  # fmt: skip
