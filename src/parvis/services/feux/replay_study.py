"""The study of live choice among approved plans: played again on the days that were counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from parvis.core.sentence import mark
from parvis.services.answers import Ask, Asked, Block, Blocks, Point, Points, Rows, Said, Take
from parvis.services.declaration import Input
from parvis.services.feux import replay
from parvis.services.study import Study

REASONS: Mapping[str, str] = {
    "changed": mark("un autre plan perd nettement moins"),
    "returned": mark("le plan à l’heure ne perd pas plus"),
    "confirming": mark("à confirmer"),
    "held": mark("changé il y a peu"),
    "bounded": mark("trop de changements ce jour"),
    "asked": mark("attend l’accord d’une personne"),
    "no_counts": mark("plus de comptages"),
}


def answer(request: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """What it would have gained, day by day, each change with its reason, and what stays with a person."""
    days: list[dict[str, Any]] = tables["jours"].to_pylist()
    blocks: list[Block] = [_first(request, days)]
    blocks.append(Rows(request.say("Jour par jour"), request.titled(replay.DAYS_SEEN.columns), tuple(days)))
    rows = tuple({**r, "raison": request.say(REASONS[r["raison"]])} for r in tables["choix"].to_pylist())
    blocks.append(
        Rows(request.say("Quand le choix s’écarte de l’heure"), request.titled(replay.CHOICES.columns), rows)
    )
    blocks.append(
        Points(
            request.say("Avant de le mettre en service"),
            tuple(
                Point(request.say(text))
                for text in (
                    mark(
                        "Chaque plan reste celui qu’un ingénieur a approuvé : rien n’est inventé entre deux plans."
                    ),
                    mark("Sans comptages depuis une demi-heure, les plans à l’heure reprennent."),
                    mark("Regardez les jours qui perdent : un comptage en panne s’y voit souvent."),
                )
            ),
        )
    )
    blocks += [Take(request.say(file.title), file.name) for file in replay.FILES]
    return blocks


def _first(request: Asked, days: list[dict[str, Any]]) -> Said:
    """The mean gain over the days that were counted, and that of the worst day."""
    before, after = (sum(r[k] for r in days) / max(len(days), 1) for k in ("retard_horaire", "retard_choisi"))
    worst = min((r["gain"] for r in days), default=0.0)
    gain = 100 * (1 - after / before) if before > 0 else 0.0
    return Said(
        request.count(
            "Sur %(n)s jour compté, le choix en direct aurait fait perdre %(now)s s par personne au lieu de %(before)s (%(gain)s %% de moins) ; "
            "au pire jour, %(worst)s %%.",
            "Sur %(n)s jours comptés, le choix en direct aurait fait perdre %(now)s s par personne au lieu de %(before)s (%(gain)s %% de moins) ; "
            "au pire jour, %(worst)s %%.",
            len(days), now=request.number(after, 1), before=request.number(before, 1), gain=request.number(gain, 1), worst=request.number(worst, 1),
        ),
        "ok" if gain > 0 and worst > -2 else "warn",
    )  # fmt: skip


LIVE_CHOICE = Study(
    name="choix-de-plan",
    title="Choix en direct parmi les plans de feux",
    question="Que gagnerait ce carrefour à choisir son plan toutes les quinze minutes d’après les comptages ?",
    inputs={
        "groupes": Input("feux/groupes", schema="groupes-feux"),
        "interverts": Input("feux/interverts", schema="interverts-feux"),
        "comptages": Input("feux/comptages", schema="comptages-feux"),
        "plans": Input("feux/plans", schema="plans-feux"),
    },
    outputs={"jours": replay.DAYS_SEEN, "choix": replay.CHOICES},
    method="Chaque jour compté est rejoué. Le trafic attendu est celui des autres jours, corrigé par ce qui vient d’être compté ; un plan approuvé remplace "
    "celui de l’heure quand il ferait perdre nettement moins, aussi s’il vient plus de monde que prévu. Le retard de chaque plan est calculé (HCM 6) "
    "sous ce qui fut vraiment compté.",
    caveats=(
        "Les retards sont calculés, non mesurés ; une file qui reste d’un quart d’heure à l’autre n’est pas reportée.",
        "Les comptages d’un jour saturé mesurent ce qui passe, non ce qui voudrait passer.",
        "Un rejeu, qui ne commande aucun feu : un ingénieur approuve les plans et la mise en service. Aucune décision sur une personne n’en dépend.",
    ),
    asks=(
        Ask("carrefour", "Carrefour", "row", rows="groupes.carrefour"),
        Ask("jours", "Jours", "choice", default="ouvrés", choices={"ouvrés": "du lundi au vendredi", "samedi": "samedi", "dimanche": "dimanche"}),
        Ask("gain_min", "Gain qui vaut un changement", "number", hint="en pour cent du retard attendu", default="10", least=1, most=50),
        Ask("tenue", "Un plan choisi tient au moins", "number", hint="en intervalles de comptage", default="2", least=0, most=12, folded=True),
        Ask("changements", "Changements par jour, au plus", "number", default="12", least=0, most=96, folded=True),
    ),
    run=replay.run,
    answer=answer,
    files=replay.FILES,
    steps=(replay.REPLAYED,),
)  # fmt: skip
