"""The page of a study of real-time control."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from parvis.core.late import late
from parvis.core.sentence import mark
from parvis.services.answers import Asked, Block, Blocks, Figure, Figures, Point, Points, Rows, Said, Take
from parvis.services.feux import realtime

if TYPE_CHECKING:
    from scipy import stats
else:
    stats = late("scipy.stats")


def answer(request: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """What is gained and how sure that is, each draw, queues by lane, decisions by signal, what would make it wrong."""
    rows: list[dict[str, Any]] = tables["essais"].to_pylist()
    plan = [r for r in rows if r["commande"] == "plan"]
    ours = [r for r in rows if r["commande"] == "temps réel"]
    blocks: list[Block] = [_first(request, plan, ours)]
    if any(r["bloque"] for r in ours):
        blocks.append(
            Said(
                request.say(
                    "Sur un tirage au moins, le temps réel bloque le réseau : ne l’essayez pas dans la rue."
                ),
                "bad",
            )
        )
    blocks.append(Figures(tuple(_figures(request, plan, ours))))
    blocks.append(
        Rows(
            request.say("Tirage par tirage"), request.titled(realtime.TRIALS.columns), tuple(rows),
            request.say("Le retard compte tous les véhicules, aussi ceux qui n’ont pas pu entrer. Un même tirage sert aux deux commandes."),
        )
    )  # fmt: skip
    queues: list[dict[str, Any]] = tables["files"].to_pylist()
    blocks.append(
        Rows(
            request.say("Files par voie"), request.titled(realtime.QUEUES.columns), tuple(queues),
            request.say("Une file au plus long qui atteint la place de sa voie remonte dans le carrefour précédent."),
        )
    )  # fmt: skip
    blocks.append(
        Rows(
            request.say("Décisions par carrefour"),
            request.titled(realtime.SIGNALS.columns),
            tuple(tables["carrefours"].to_pylist()),
        )
    )
    blocks.append(
        Points(
            request.say("Avant de l’essayer dans la rue"),
            tuple(
                Point(request.say(text))
                for text in (
                    mark(
                        "Un ingénieur vérifie les interverts, les verts minimaux et le rouge maximal de chaque carrefour."
                    ),
                    mark(
                        "Comparez les files simulées sous le plan à celles que l’on voit dans la rue : si elles diffèrent, le gain aussi."
                    ),
                    mark("Recommencez avec un dixième de trafic de plus, et avec des boucles en panne."),
                )
            ),
        )
    )
    blocks += [Take(request.say(file.title), file.name) for file in realtime.FILES]
    return blocks


def _first(request: Asked, plan: list[dict[str, Any]], ours: list[dict[str, Any]]) -> Said:
    """The mean gain over the draws that both controls ended, with its interval (Student) where there are two
    or more.
    """
    if not ours:
        return Said(request.say("Aucun essai n’est allé à son terme."), "warn")
    before, after = (np.array([r["retard"] for r in rows]) for rows in (plan[: len(ours)], ours))
    gains = 100 * (1 - after / np.maximum(before, 1e-9))
    values = {
        "now": request.number(float(after.mean()), 1), "before": request.number(float(before.mean()), 1), "gain": request.number(abs(float(gains.mean())), 0),
    }  # fmt: skip
    worse = gains.mean() < 0
    text = (
        mark(
            "En simulation, un véhicule perd %(now)s s au lieu de %(before)s : %(gain)s %% de plus. Gardez les plans."
        )
        if worse
        else mark("En simulation, un véhicule perd %(now)s s au lieu de %(before)s : %(gain)s %% de moins.")
    )
    sentence = request.say(text, **values)
    if len(gains) > 1:
        half = float(stats.t.ppf(0.975, len(gains) - 1)) * float(gains.std(ddof=1)) / len(gains) ** 0.5
        sentence += " " + request.say(
            "Intervalle à 95 %% sur %(n)s tirages : %(low)s à %(high)s %%.",
            n=request.number(len(gains)), low=request.number(float(gains.mean()) - half, 0), high=request.number(float(gains.mean()) + half, 0),
        )  # fmt: skip
    return Said(sentence, "warn" if worse else "ok")


def _figures(request: Asked, plan: list[dict[str, Any]], ours: list[dict[str, Any]]) -> list[Figure]:
    """The longest standing of a vehicle and those that never came in, at the worst draw, beside the plans."""
    if not ours:
        return []
    measures = (
        ("plus_long_arret", request.say("plus long temps à l’arrêt d’un véhicule"), " s"),
        ("jamais_entres", request.say("véhicules jamais entrés, au pire tirage"), ""),
    )
    return [
        Figure(
            f"{request.number(max(r[column] for r in ours), 0)}{unit}",
            title,
            request.say(
                "sous les plans : %(n)s", n=f"{request.number(max(r[column] for r in plan), 0)}{unit}"
            ),
        )
        for column, title, unit in measures
    ]
