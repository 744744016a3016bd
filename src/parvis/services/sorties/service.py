"""What the services of going out promise: one for who goes out, one for the city that wants to know where
nobody can.
"""

from __future__ import annotations

from parvis.core.types import Dataset
from parvis.methods.events.coverage import DAYS, PARTS
from parvis.methods.events.entry import CATEGORIES
from parvis.services.answers import Ask, Download
from parvis.services.declaration import HERE, Input, Output, Service, State
from parvis.services.sorties.answer import ACCESS_WORDS, WINDOWS, answer, coverage_answer
from parvis.services.sorties.compute import cover, work
from parvis.services.sorties.feeds import atom, calendar, json_ld
from parvis.services.sorties.schemas import COUVERTURE, DOUBLONS, SORTIES

SORTIES_SERVICE = Service(
    name="sorties",
    title="Sortir",
    question="Que faire ce soir, ce week-end, près de chez moi ?",
    inputs={
        "agenda": Input("agenda-culturel/agenda", schema="evenements", optional=True),
        "openagenda": Input("openagenda/openagenda", schema="agenda-openagenda", optional=True),
        "quefaire": Input("que-faire/que-faire", optional=True),
        "calendrier": Input("agenda-associations/calendrier", schema="agenda-icalendar", optional=True),
    },
    outputs={
        "sorties": Output(
            Dataset(
                id="sorties",
                title="Sorties",
                description="Chaque date de chaque événement annoncé dans la ville pour treize mois : agendas réunis, événements répétés développés, doublons "
                "fusionnés, avec lieu, prix, âge et accessibilité.",
                publisher="culture",
                themes=("EDUC",),
                keywords=("agenda", "événement", "sortie", "culture"),
                frequency="daily",
            ),
            SORTIES,
            one="date",
            many="dates",
            label="titre",
            state="statut",
            states=(
                State("prévu", "a lieu comme annoncé", "ok"),
                State("complet", "il n’y a plus de place", "warn"),
                State("reporté", "aura lieu un autre jour", "bad"),
                State("annulé", "n’aura pas lieu", "bad"),
            ),
            brief=("debut", "lieu", "tarif"),
        ),
        "doublons": Output(
            Dataset(
                id="sorties-doublons",
                title="Annonces réunies",
                description="Les paires d’annonces que le service a prises pour un seul événement, pour que chacun puisse le contester.",
                publisher="culture",
                themes=("EDUC",),
                keywords=("agenda", "doublon", "qualité"),
                frequency="daily",
            ),
            DOUBLONS,
            one="paire",
            many="paires",
            label="titre",
            brief=("ressemblance",),
        ),
    },
    work=work,
    method="Les agendas de la ville sont lus chaque fois qu’ils changent, leurs répétitions développées selon RFC 5545, et les annonces du même événement "
    "réunies d’après leurs titres, leurs heures et leurs lieux. Une recherche filtre ces dates ; elle n’est pas conservée.",
    caveats=(
        "Seul ce qui est annoncé dans les agendas publiés est ici : une sortie absente n’y est peut-être pas annoncée.",
        "Une annulation de dernière minute n’est connue que si l’agenda l’écrit.",
        "Gratuité, âge et accessibilité sont ceux que l’organisateur annonce ; vides, ils ne sont pas connus.",
        "Deux annonces très ressemblantes peuvent être réunies à tort : elles sont toutes publiées avec leur ressemblance.",
        "Les distances sont à vol d’oiseau, non par les rues.",
    ),
    asks=(
        Ask("quand", "Quand ?", "choice", default="ce-soir", choices=WINDOWS),
        Ask("jour", "Ou quel jour ?", "day", "Ce jour-là l’emporte sur le choix d’avant.", folded=True),
        Ask("lieu", "Près de", "place", "Une rue, un quartier, un équipement."),
        Ask(
            "rayon",
            "À moins de combien de mètres ?",
            "number",
            default="2000",
            least=100,
            most=30_000,
            folded=True,
        ),
        Ask("genre", "Quel genre ?", "choice", choices={"": "tous", **{c: c for c in CATEGORIES}}),
        Ask("gratuit", "Gratuit", "tick"),
        Ask("enfants", "Pour les enfants", "tick"),
        Ask("acces", "Accessible", "choice", choices={"": "peu importe", **ACCESS_WORDS}, folded=True),
        Ask("mots", "Avec ces mots", "text", folded=True),
        Ask(
            "evenement",
            "Un seul événement",
            "text",
            "Son identifiant, tel que les données le donnent.",
            folded=True,
        ),
    ),
    about="outings",
    found_by={
        "fr": ("agenda", "spectacle", "concert", "fête", "musée", "loisirs", "enfants", "événement"),
        "en": ("event", "concert", "show", "going out", "tonight"),
    },
    at_home={"lieu": HERE, "quand": "semaine"},
    answer=answer,
    files=(
        Download(
            "sorties.ics", "Agenda de ces sorties (iCalendar)", "text/calendar; charset=utf-8", calendar
        ),
        Download("sorties.atom", "Flux de ces sorties (Atom)", "application/atom+xml", atom),
        Download("sorties.jsonld", "Ces sorties en schema.org (JSON-LD)", "application/ld+json", json_ld),
    ),
    words=(
        "annulé",
        "reporté",
    ),
)

COUVERTURE_SERVICE = Service(
    name="couverture-sorties",
    title="Où et quand il ne se passe rien",
    question="Quels quartiers, à quels moments, n’ont aucune sortie ?",
    found_by={"fr": ("désert culturel", "quartier sans sortie"), "en": ("cultural desert", "nothing to do")},
    inputs={"sorties": Input("sorties/sorties", schema=SORTIES.name)},
    outputs={
        "couverture": Output(
            Dataset(
                id="couverture-sorties",
                title="Couverture des sorties",
                description="Par carreau d’un kilomètre, jour et moment de la semaine : dates annoncées pour les huit semaines à venir, et semaines où il se "
                "passe quelque chose.",
                publisher="culture",
                themes=("EDUC", "SOCI"),
                keywords=("agenda", "couverture", "quartier"),
                frequency="daily",
                derived_from=("sorties",),
            ),
            COUVERTURE,
            one="moment d’un carreau",
            many="moments de carreaux",
            label="carreau",
            brief=("dates", "semaines"),
        )
    },
    work=cover,
    method="Les dates à venir sont comptées par carreau, jour et moment de la semaine, sans ce qui est annulé ni ce qui dure plus d’un jour. Les carreaux sont "
    "ceux que l’enveloppe des lieux connus contient.",
    caveats=(
        "Un carreau vide au-delà des lieux connus n’est pas dessiné, et un carreau vide peut être un parc ou un fleuve.",
        "Un lieu sans coordonnées ne compte nulle part.",
        "Ce qui n’est annoncé dans aucun agenda publié manque.",
    ),
    asks=(
        Ask(
            "jour_semaine", "Quel jour ?", "choice", choices={"": "toute la semaine", **{d: d for d in DAYS}}
        ),
        Ask("moment", "À quel moment ?", "choice", choices={"": "toute la journée", **{p: p for p in PARTS}}),
    ),
    about="outings",
    answer=coverage_answer,
    words=(
        "annulé",
        "reporté",
    ),
)
