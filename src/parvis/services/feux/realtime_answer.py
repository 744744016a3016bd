"""What a study of real-time control says."""

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


def answer(asked: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """What is gained and how sure that is, each draw, queues by lane, decisions by signal, what would make it wrong."""
    rows: list[dict[str, Any]] = tables["essais"].to_pylist()
    plan = [r for r in rows if r["commande"] == "plan"]
    ours = [r for r in rows if r["commande"] == "temps réel"]
    blocks: list[Block] = [_first(asked, plan, ours)]
    if any(r["bloque"] for r in ours):
        blocks.append(
            Said(
                asked.say(
                    "Sur un tirage au moins, le temps réel bloque le réseau : ne l’essayez pas dans la rue."
                ),
                "bad",
            )
        )
    blocks.append(Figures(tuple(_figures(asked, plan, ours))))
    blocks.append(
        Rows(
            asked.say("Tirage par tirage"), asked.titled(realtime.TRIALS.columns), tuple(rows),
            asked.say("Le retard compte tous les véhicules, aussi ceux qui n’ont pas pu entrer. Un même tirage sert aux deux commandes."),
        )
    )  # fmt: skip
    queues: list[dict[str, Any]] = tables["files"].to_pylist()
    blocks.append(
        Rows(
            asked.say("Files par voie"), asked.titled(realtime.QUEUES.columns), tuple(queues),
            asked.say("Une file au plus long qui atteint la place de sa voie remonte dans le carrefour précédent."),
        )
    )  # fmt: skip
    blocks.append(
        Rows(
            asked.say("Décisions par carrefour"),
            asked.titled(realtime.SIGNALS.columns),
            tuple(tables["carrefours"].to_pylist()),
        )
    )
    blocks.append(
        Points(
            asked.say("Avant de l’essayer dans la rue"),
            tuple(
                Point(asked.say(text))
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
    blocks += [Take(asked.say(file.title), file.name) for file in realtime.FILES]
    return blocks


def _first(asked: Asked, plan: list[dict[str, Any]], ours: list[dict[str, Any]]) -> Said:
    if not ours:
        return Said(asked.say("Aucun essai n’est allé à son terme."), "warn")
    before, after = (np.array([r["retard"] for r in rows]) for rows in (plan[: len(ours)], ours))
    gains = 100 * (1 - after / np.maximum(before, 1e-9))
    values = {
        "now": asked.number(float(after.mean()), 1), "before": asked.number(float(before.mean()), 1), "gain": asked.number(abs(float(gains.mean())), 0),
    }  # fmt: skip
    worse = gains.mean() < 0
    text = (
        mark(
            "En simulation, un véhicule perd %(now)s s au lieu de %(before)s : %(gain)s %% de plus. Gardez les plans."
        )
        if worse
        else mark("En simulation, un véhicule perd %(now)s s au lieu de %(before)s : %(gain)s %% de moins.")
    )
    said = asked.say(text, **values)
    if len(gains) > 1:
        half = float(stats.t.ppf(0.975, len(gains) - 1)) * float(gains.std(ddof=1)) / len(gains) ** 0.5
        said += " " + asked.say(
            "Intervalle à 95 %% sur %(n)s tirages : %(low)s à %(high)s %%.",
            n=asked.number(len(gains)), low=asked.number(float(gains.mean()) - half, 0), high=asked.number(float(gains.mean()) + half, 0),
        )  # fmt: skip
    return Said(said, "warn" if worse else "ok")


def _figures(asked: Asked, plan: list[dict[str, Any]], ours: list[dict[str, Any]]) -> list[Figure]:
    if not ours:
        return []
    shown = (
        ("plus_long_arret", asked.say("plus long temps à l’arrêt d’un véhicule"), " s"),
        ("jamais_entres", asked.say("véhicules jamais entrés, au pire tirage"), ""),
    )
    return [
        Figure(
            f"{asked.number(max(r[column] for r in ours), 0)}{unit}",
            title,
            asked.say("sous les plans : %(n)s", n=f"{asked.number(max(r[column] for r in plan), 0)}{unit}"),
        )
        for column, title, unit in shown
    ]
