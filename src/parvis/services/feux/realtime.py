"""Real-time control beside the plans of a net, in simulation, seed by seed: what the study runs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pyarrow as pa

from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence
from parvis.core.types import Column, Schema
from parvis.services.answers import Attached
from parvis.services.declaration import Tables
from parvis.services.feux.sumo_net import read_net
from parvis.services.feux.sumo_trial import Control, Outcome, Trial, runnable, simulated
from parvis.services.study import Parameters, Progress, Result, ResultFile, Stop, amount

SIMULATED = "Simulation des plans et du temps réel"
JOURNAL, JSON = "decisions.csv", "essais.json"
FILES = (
    ResultFile(JOURNAL, "Les changements décidés, avec leur raison, en CSV", "text/csv; charset=utf-8"),
    ResultFile(JSON, "Tous les essais, en JSON", "application/json"),
)
BOTH: tuple[Control, Control] = ("plan", "temps réel")
GRIDLOCK = 0.9
"""Under this share of the vehicles that the plan lets arrive, the net is locked."""

TRIALS = Schema(
    "parvis/feux-essais", "1",
    (
        Column("tirage", "integer", title="Tirage"), Column("commande", title="Commande"),
        Column("retard", "number", title="Retard moyen", unit="s/véh"),
        Column("retard_95", "number", title="Retard dépassé par un sur vingt", unit="s"),
        Column("vehicules", "integer", title="Véhicules"),
        Column("jamais_entres", "integer", title="Jamais entrés"),
        Column("arrives", "integer", title="Arrivés"),
        Column("plus_long_arret", "number", title="Plus long temps à l’arrêt", unit="s"),
        Column("bloque", "boolean", title="Réseau bloqué"),
    ),
)  # fmt: skip
QUEUES = Schema(
    "parvis/feux-files", "1",
    (
        Column("carrefour", title="Carrefour"),
        Column("voie", title="Voie"),
        Column("file_plan", "number", title="File moyenne, plan", unit="véh"),
        Column("file_temps_reel", "number", title="File moyenne, temps réel", unit="véh"),
        Column("pointe_plan", "number", title="File au plus long, plan", unit="véh"),
        Column("pointe_temps_reel", "number", title="File au plus long, temps réel", unit="véh"),
        Column("place", "number", title="Place sur la voie", unit="véh"),
    ),
)  # fmt: skip
SIGNALS = Schema(
    "parvis/feux-decisions", "1",
    (
        Column("carrefour", title="Carrefour"), Column("phases", "integer", title="Phases possibles"),
        Column("changements", "integer", title="Changements"),
        Column("rouges_au_plus", "integer", title="Dont pour un rouge trop long"),
        Column("sans_capteurs", "number", title="Temps sur le plan, capteurs en panne", unit="%"),
    ),
)  # fmt: skip


def run(tables: Tables, parameters: Parameters, seed: int, progress: Progress, stop: Stop) -> Result:
    """Simulate both controls on the same draws of traffic. A trial that is done is kept.

    Raises UsageError for files that SUMO refuses, a net without a signal that changes, hours that hold nothing.
    """
    del tables
    net, trips = _file(parameters, "reseau"), _file(parameters, "trafic")
    first = Trial(
        "plan", 0, amount(parameters, "debut"), amount(parameters, "fin"), amount(parameters, "demande") / 100,
        amount(parameters, "boucles"), amount(parameters, "vert_min"), amount(parameters, "rouge_max"), broken=amount(parameters, "pannes") / 100,
    )  # fmt: skip
    read = read_net(net)
    signals = runnable(read, first)
    if not signals:
        raise UsageError(
            Sentence("Aucun feu de ce réseau ne change : rien n’est à comparer."),
            mend="Donnez un réseau avec ses programmes.",
        )
    if first.end <= first.begin:
        raise UsageError(Sentence("La fin vient avant le début."), mend="Corrigez les secondes simulées.")
    trials = [
        replace(first, control=control, seed=1 + (seed + k) % 100_000)
        for k in range(round(amount(parameters, "tirages")))
        for control in BOTH
    ]
    done: list[Outcome] = [Outcome(**one) for one in json.loads(progress.kept or b"[]")]
    for trial in trials[len(done) :]:
        if stop():
            break
        progress(len(done) / len(trials), SIMULATED)
        done.append(simulated(net, trips, trial))
        progress.keep(json.dumps([asdict(one) for one in done]).encode())
    if not done or not done[0].vehicles:
        raise UsageError(
            Sentence("Aucun véhicule ne part entre ces deux secondes."),
            mend="Donnez les secondes de l’horloge du trafic.",
        )
    pairs = list(zip(trials, done, strict=False))
    room = {lane: max(1.0, read.lanes[lane].length / 7.5) for one in signals for lane in one.lanes}
    at = {lane: one.signal.name for one in signals for lane in one.lanes}
    stages = {one.signal.name: len(one.layout.stages) for one in signals}
    return Result(
        {
            "essais": _table(TRIALS, _trials(pairs)),
            "files": _table(QUEUES, _queues(pairs, at, room)),
            "carrefours": _table(SIGNALS, _signals(pairs, stages)),
        },
        {
            JOURNAL: _journal(pairs),
            JSON: json.dumps([asdict(t) | asdict(o) for t, o in pairs], ensure_ascii=False).encode(),
        },
    )


def _file(parameters: Parameters, name: str) -> bytes:
    """The bytes of a file that was handed in. Raises TypeError where there is none."""
    attached = parameters.get(name)
    if not isinstance(attached, Attached):
        raise TypeError(f"no file is given to {name!r}")
    return attached.data


Pairs = Sequence[tuple[Trial, Outcome]]


def _trials(pairs: Pairs) -> list[Mapping[str, Any]]:
    """The rows of `essais`: each draw under each control; blocked where far fewer arrive than under the plans."""
    plan = {t.seed: o for t, o in pairs if t.control == "plan"}
    return [
        {
            "tirage": t.seed, "commande": t.control, "retard": round(o.delay, 2), "retard_95": round(o.p95, 1), "vehicules": o.vehicles,
            "jamais_entres": o.never, "arrives": o.arrived, "plus_long_arret": round(o.longest, 1),
            "bloque": o.arrived < GRIDLOCK * plan[t.seed].arrived,
        }
        for t, o in pairs
    ]  # fmt: skip


def _queues(pairs: Pairs, at: Mapping[str, str], room: Mapping[str, float]) -> list[Mapping[str, Any]]:
    """The rows of `files`, a lane each. at: its signal; room: vehicles that stand in it."""
    out: list[Mapping[str, Any]] = []
    for lane in sorted(at, key=lambda lane: (at[lane], lane)):
        mean, most = (
            {c: [o.queues[lane][k] for t, o in pairs if t.control == c and lane in o.queues] for c in BOTH}
            for k in (0, 1)
        )
        out.append({
            "carrefour": at[lane], "voie": lane, "file_plan": _mean(mean["plan"]), "file_temps_reel": _mean(mean["temps réel"]),
            "pointe_plan": max(most["plan"], default=None), "pointe_temps_reel": max(most["temps réel"], default=None),
            "place": round(room[lane], 1),
        })  # fmt: skip
    return out


def _mean(values: Sequence[float]) -> float | None:
    return round(float(np.mean(values)), 2) if values else None


def _signals(pairs: Pairs, stages: Mapping[str, int]) -> list[Mapping[str, Any]]:
    """The rows of `carrefours`: decisions of real time by signal, all draws together."""
    out: list[Mapping[str, Any]] = []
    ours = [o for t, o in pairs if t.control == "temps réel"]
    for name in sorted(stages):
        reasons = [o.reasons.get(name, {}) for o in ours]
        total = sum(sum(r.values()) for r in reasons)
        failed = sum(r.get("no_detector", 0) for r in reasons)
        out.append({
            "carrefour": name, "phases": stages[name], "changements": sum(r.get(why, 0) for r in reasons for why in ("changed", "max_red", "long_wait")),
            "rouges_au_plus": sum(r.get("max_red", 0) for r in reasons), "sans_capteurs": round(100 * failed / total, 1) if total else 0.0,
        })  # fmt: skip
    return out


def _journal(pairs: Pairs) -> bytes:
    """Every change of the first draw: when, where, why, what it costs against staying (vehicle seconds, weighted)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["seconde", "carrefour", "phase", "raison", "cout", "cout_sans_changer"])
    mine = [o for t, o in pairs if t.control == "temps réel"]
    for row in mine[0].changes if mine else ():
        writer.writerow(["" if value == -1 else value for value in row])
    return out.getvalue().encode()


_ARROW = {"integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_()}


def _table(schema: Schema, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(
        [dict(r) for r in rows],
        schema=pa.schema([(c.name, _ARROW.get(c.type, pa.string())) for c in schema.columns]),
    )
