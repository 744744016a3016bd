"""What the service of waste promises."""

from __future__ import annotations

from parvis.core.sentence import mark
from parvis.core.types import Dataset
from parvis.services.answers import Ask, Download
from parvis.services.dechets.answer import answer
from parvis.services.dechets.compute import WATCH, WEEKS, work
from parvis.services.dechets.schemas import BILAN, REMPLISSAGE, RUES, TOURNEES, TRACES
from parvis.services.dechets.sheets import gpx, pdf
from parvis.services.declaration import HERE, Input, Output, Service, State

FROM = ("conteneurs-collecte", "releves-conteneurs", "moyens-collecte", "reseau-routier")

SERVICE = Service(
    name="dechets",
    title="Collecte des déchets",
    question="Quels conteneurs vont déborder, et qui les vide aujourd’hui ?",
    inputs={
        "conteneurs": Input("conteneurs-collecte/points-apport", schema="points-apport"),
        "releves": Input("releves-conteneurs/releves-conteneurs", schema="releves-conteneurs"),
        "moyens": Input("moyens-collecte/moyens-collecte", schema="moyens-collecte"),
        "reseau": Input("reseau-routier/troncons-routiers", schema="reseau-routier", optional=True),
        "faites": Input("tournees-faites/tournees-faites", schema="tournees-dechets", optional=True),
    },
    outputs={
        "remplissage": Output(
            Dataset(
                id="remplissage-conteneurs",
                title="Remplissage prévu des conteneurs",
                description="Pour chaque conteneur : le niveau attendu, le risque qu’il déborde ce soir et les jours suivants, et s’il est vidé aujourd’hui.",
                publisher="proprete",
                themes=("ENVI",),
                keywords=("conteneur", "remplissage", "prévision", "débordement"),
                frequency="daily",
                derived_from=FROM,
            ),
            REMPLISSAGE,
            one="conteneur",
            many="conteneurs",
            label="adresse",
            state="etat",
            states=(
                State(mark("à vider"), "une tournée du jour le vide", "bad"),
                State(
                    mark("à surveiller"),
                    f"risque d’au moins {100 * WATCH:.0f} % de déborder dans les trois jours",
                    "warn",
                ),
                State(mark("ça va"), "il devrait avoir de la place", "ok"),
            ),
            brief=("niveau_pct", "risque_soir_pct"),
        ),
        "tournees": Output(
            Dataset(
                id="tournees-collecte",
                title="Tournées de collecte du jour",
                description="Les tournées calculées pour le jour : chaque arrêt, son heure, son rang, la distance depuis le précédent.",
                publisher="proprete",
                themes=("ENVI", "TRAN"),
                keywords=("collecte", "tournée", "camion"),
                frequency="daily",
                derived_from=FROM,
            ),
            TOURNEES,
            one="arrêt",
            many="arrêts",
            label="lieu",
            brief=("heure_prevue", "km"),
        ),
        "bilan": Output(
            Dataset(
                id="bilan-collecte",
                title="Collecte : tournées d’aujourd’hui et tournées selon le remplissage",
                description="Distance, temps, CO2, vidages et débordements par semaine : les tournées que les camions ont faites, ou leurs jours de passage, "
                f"et les tournées calculées chaque matin, sur les mêmes {WEEKS} semaines simulées.",
                publisher="proprete",
                themes=("ENVI",),
                keywords=("collecte", "bilan", mark("CO2")),
                frequency="daily",
                derived_from=(*FROM, "tournees-faites"),
            ),
            BILAN,
            one="indicateur",
            many="indicateurs",
            label="indicateur",
        ),
        "traces": Output(
            Dataset(
                id="traces-collecte",
                title="Trajets des tournées du jour",
                description="Le trajet de chaque tournée du jour, de son dépôt à son dépôt, par les rues quand le réseau routier est publié.",
                publisher="proprete",
                themes=("ENVI", "TRAN"),
                keywords=("collecte", "tournée", "trajet"),
                frequency="daily",
                derived_from=FROM,
            ),
            TRACES,
            one="tournée",
            many="tournées",
            label="tournee",
        ),
        "rues": Output(
            Dataset(
                id="tournees-porte-a-porte",
                title="Porte à porte : tours d’un jour de collecte",
                description="L’ordre et le sens dans lesquels les camions servent les rues collectées en porte à porte, et la longueur de chaque tour.",
                publisher="proprete",
                themes=("ENVI", "TRAN"),
                keywords=("collecte", "porte à porte", "rue"),
                frequency="irregular",
                derived_from=("reseau-routier", "moyens-collecte"),
            ),
            RUES,
            one="rue",
            many="rues",
            label="rue",
        ),
    },
    method="Le remplissage de chaque conteneur est appris de ses vidages et de sa sonde, jour de semaine par jour de semaine, avec son incertitude ; on "
    "vide ceux "
    "dont le risque de déborder vaut le détour. Les tournées respectent camions, capacités, horaires, pauses et exutoires, par le réseau routier publié.",
    caveats=(
        "Un marché, une fête ou un dépôt sauvage remplit un conteneur que rien n’annonçait.",
        "Un niveau noté de mémoire par le conducteur, ou une sonde déréglée, fausse le rythme appris.",
        "Les durées ne connaissent ni embouteillages ni travaux.",
        "Le bilan vient de semaines simulées : il est optimiste par construction.",
        "Les kilomètres notés par les camions et ceux du réseau publié ne se mesurent pas de la même façon : le bilan donne les deux.",
        "Le CO2 suit le facteur par kilomètre que la ville déclare pour ses camions.",
        "Sans réseau routier publié, les distances sont à vol d’oiseau, allongées de 30 %.",
    ),
    work=work,
    asks=(
        Ask("lieu", "Près de", "place"),
        Ask(
            "tournee", "Feuille de route de la tournée", "text", "Son nom dans la table des tournées du jour."
        ),
    ),
    about="home",
    found_by={
        "fr": ("poubelle", "ordures", "benne", "verre", "emballages", "ramassage", "éboueur", "conteneur"),
        "en": ("bin", "waste", "rubbish", "garbage", "trash", "glass"),
    },
    at_home={"lieu": HERE},
    answer=answer,
    files=(
        Download("feuille-de-route.pdf", "Feuille de route", "application/pdf", pdf),
        Download("tournee.gpx", "Trajet de la tournée", "application/gpx+xml", gpx),
    ),
    words=(
        "biodéchets",
        "distance",
        "départ",
        "emballages",
        "encombrants",
        "papier",
        "retour",
        "textile",
        "verre",
        "vidages",
    ),
)
