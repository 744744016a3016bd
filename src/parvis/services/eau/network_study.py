"""Where a network leaks, by its hydraulic model and its sensors, and where the next sensors show most: the study that does it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from parvis.core.arrow import arrow_table
from parvis.core.errors import UsageError
from parvis.core.late import late
from parvis.core.sentence import Sentence, mark
from parvis.core.types import Column, Schema
from parvis.services.answers import Ask, Asked, Attached, Block, Blocks, Map, Mark, Rows, Said
from parvis.services.declaration import Tables
from parvis.services.eau.hydraulics import Hydraulics, hydraulics
from parvis.services.eau.leaks_study import GROUP
from parvis.services.eau.readings import read_readings
from parvis.services.eau.usual_days import UsualDays
from parvis.services.study import Parameters, Progress, Result, Stop, Study, amount

if TYPE_CHECKING:
    import pyproj

    from parvis.methods.water import leak_tracking, leaks_before, pressure
else:
    pyproj = late("pyproj")
    leaks_before = late("parvis.methods.water.leaks_before")
    leak_tracking = late("parvis.methods.water.leak_tracking")
    pressure = late("parvis.methods.water.pressure")

Array = NDArray[np.float64]

RUNS, BEFORE, MENDED = mark("coule"), mark("coulait déjà"), mark("réparée")
TRACKED, SENSED = mark("Nuit après nuit"), mark("Prochains capteurs")
SHOWN = 0.8
"""Share of the probability that the listed pipes of a leak hold together."""
LEAST_NIGHTS = 7
VISIBLE_M = 0.05
"""Metres of pressure that a sensor tells apart in the mean of some nights."""

LEAKS = Schema(
    "parvis/eau_fuites_reseau",
    "1",
    (
        Column("fuite", "integer", title="Fuite"),
        Column("vue", "date", title="Vue la nuit du"),
        Column("etat", title="État"),
        Column("reparee", "date", title="Ne coule plus depuis"),
        Column("debit_m3h", "number", title="Débit", unit="m³/h"),
        Column("conduite", title="Conduite où commencer"),
        Column("proche_pct", "number", title="Chance qu’elle soit à moins de 250 m", unit="%"),
    ),
)
PIPES = Schema(
    "parvis/eau_conduites_suspectes",
    "1",
    (
        Column("fuite", "integer", title="Fuite"),
        Column("conduite", title="Conduite"),
        Column("chance_pct", "number", title="Chance", unit="%"),
        Column("longueur_m", "number", title="Longueur", unit="m"),
        Column("cumul_pct", "number", title="Chance jusqu’à elle", unit="%"),
        Column("cumul_m", "number", title="Conduites à écouter jusqu’à elle", unit="m"),
        Column("lon", "number", title="Longitude", unit="°"),
        Column("lat", "number", title="Latitude", unit="°"),
    ),
)
SENSORS = Schema(
    "parvis/eau_prochains_capteurs",
    "1",
    (
        Column("rang", "integer", title="Rang"),
        Column("noeud", title="Nœud"),
        Column("gain_pct", "number", title="Fuites vues en plus", unit="%"),
        Column("vues_pct", "number", title="Fuites vues en tout", unit="%"),
    ),
)


@dataclass(slots=True)
class _Leak:
    seen: date
    flow: float
    node: int
    probability: Array
    mended: date | None = None
    running: bool = False
    """It ran before the first night that was watched."""


def run(tables: Tables, parameters: Parameters, seed: int, progress: Progress, stop: Stop) -> Result:
    """Leaks of all nights after the usual ones. Raises UsageError for files that are no network or no readings of it."""
    del tables, seed
    with hydraulics(_file(parameters, "reseau"), read_readings(_file(parameters, "mesures"))) as network:
        return _studied(network, parameters, progress, stop)


def _studied(network: Hydraulics, parameters: Parameters, progress: Progress, stop: Stop) -> Result:
    """The study of one open network, night by night; what is known so far where it is stopped."""
    usual, nights = round(amount(parameters, "habituelles")), network.readings.nights
    if nights <= usual:
        raise UsageError(
            Sentence("Nuits mesurées : {nights}. Il en faut plus que de nuits habituelles.", nights=nights),
            mend="Donnez des mesures plus longues, ou moins de nuits habituelles.",
        )
    before, normal, accuracy = began(network, range(usual))
    first = _day(network, usual)
    leaks: list[_Leak] = [
        _Leak(first, leak.flow, leak.node, leak.probability, running=True) for leak in before
    ]
    for event in leak_tracking.track(network, range(usual, nights), normal, accuracy, network.metres):
        if stop():
            break
        day = _day(network, event.night)
        progress(0.9 * (event.night - usual) / (nights - usual), TRACKED)
        if isinstance(event, leak_tracking.Found):
            leaks.append(_Leak(day, event.flow, event.node, event.probability))
        else:
            for leak in leaks:
                if leak.node == event.node and leak.mended is None:
                    leak.mended = day
    progress(0.95, SENSED)
    place = _places(network, round(amount(parameters, "projection")))
    return Result(
        {
            "fuites": arrow_table(LEAKS, [_leak_row(network, n, leak) for n, leak in enumerate(leaks, 1)]),
            "conduites": arrow_table(
                PIPES,
                [
                    row
                    for n, leak in enumerate(leaks, 1)
                    if leak.mended is None
                    for row in _pipe_rows(network, n, leak, place)
                ],
            ),
            "capteurs": arrow_table(SENSORS, _next_sensors(network, round(amount(parameters, "capteurs")))),
        }
    )


def began(
    network: Hydraulics, nights: range
) -> tuple[tuple[leak_tracking.Found, ...], Array, leak_tracking.Accuracy]:
    """(leaks that ran on the usual nights already, residual of these nights, how well it is known). Raises UsageError
    where too few nights were read whole.
    """
    alone = np.array([network.residual(night, {}) for night in nights])
    alone = alone[np.isfinite(alone).all(axis=1)]
    if len(alone) < LEAST_NIGHTS:
        raise UsageError(
            Sentence("Moins de sept nuits habituelles ont toutes leurs mesures."),
            mend="Ôtez les capteurs qui se taisent, ou donnez d’autres nuits.",
        )
    days = UsualDays(network, nights[-28:])
    before = leaks_before.running(days, nights.stop - 1) if days.whole else ()
    accuracy = leak_tracking.readings_accuracy(
        network.signatures({}, 3.0), network.demand, alone, len(network.sensors)
    )
    return before, alone[-28:].mean(axis=0), accuracy


def _file(parameters: Parameters, name: str) -> bytes:
    """The bytes of a file that was handed in. Raises TypeError where there is none."""
    given = parameters.get(name)
    if not isinstance(given, Attached):
        raise TypeError(f"no file is given to {name!r}")
    return given.data


def _day(network: Hydraulics, night: int) -> date:
    """The day of a night, counted from the first one read."""
    return cast("date", (network.readings.first + np.timedelta64(night, "D")).astype(object))


def _leak_row(network: Hydraulics, number: int, leak: _Leak) -> Mapping[str, object]:
    """The row of `fuites` of one leak: its likeliest pipe, and how probable it is within
    `leak_tracking.NEAR_M` of it.
    """
    pipe = leak_tracking.likeliest_pipe(leak.probability, network.metres, network.pipes)
    near = network.metres[network.pipes[pipe]].min(axis=0) < leak_tracking.NEAR_M
    return {
        "fuite": number,
        "vue": leak.seen,
        "etat": MENDED if leak.mended is not None else BEFORE if leak.running else RUNS,
        "reparee": leak.mended,
        "debit_m3h": round(leak.flow, 1),
        "conduite": network.pipe_names[pipe],
        "proche_pct": round(100 * float(leak.probability[near].sum()), 0),
    }


def _pipe_rows(
    network: Hydraulics, number: int, leak: _Leak, place: Array | None
) -> list[Mapping[str, object]]:
    """The rows of `conduites` of one leak: its pipes, the likeliest first, until they hold `SHOWN`."""
    chance = leak_tracking.pipe_probabilities(leak.probability, network.pipes, network.lengths)
    rows: list[Mapping[str, object]] = []
    sum_chance = sum_m = 0.0
    for pipe in np.argsort(-chance, kind="stable"):
        if sum_chance >= SHOWN or chance[pipe] <= 0:
            break
        sum_chance += float(chance[pipe])
        sum_m += float(network.lengths[pipe])
        lon, lat = place[pipe].tolist() if place is not None else (None, None)
        rows.append(
            {
                "fuite": number,
                "conduite": network.pipe_names[pipe],
                "chance_pct": round(100 * float(chance[pipe]), 1),
                "longueur_m": round(float(network.lengths[pipe]), 0),
                "cumul_pct": round(100 * sum_chance, 1),
                "cumul_m": round(sum_m, 0),
                "lon": lon,
                "lat": lat,
            }
        )
    return rows


def _places(network: Hydraulics, projection: int) -> Array | None:
    """Longitude and latitude of the middle of each pipe; None where the file's coordinates are those of no place."""
    if not projection:
        return None
    middle = network.xy[network.pipes].mean(axis=1)
    try:
        to = pyproj.Transformer.from_crs(projection, 4326, always_xy=True)
    except ValueError:
        raise UsageError(
            Sentence("Le code EPSG {code} est inconnu.", code=projection),
            mend="Donnez par exemple 2154, ou 0.",
        ) from None
    lon, lat = to.transform(middle[:, 0], middle[:, 1])
    place: Array = np.round(np.column_stack([lon, lat]).astype(np.float64), 5)
    return place if np.isfinite(place).all() else None


def _next_sensors(network: Hydraulics, count: int) -> list[Mapping[str, object]]:
    """The nodes where `count` more sensors see most pipes that none sees yet; a leak of 2 m³/h each."""
    falls = network.falls(2.0)
    weight = np.zeros(len(network.names))
    for side in (0, 1):
        np.add.at(weight, network.pipes[:, side], network.lengths / 2)
    placed = pressure.next_sensors(falls, VISIBLE_M, count, have=network.sensors.tolist(), weights=weight)
    return [
        {
            "rang": n,
            "noeud": network.names[one.place],
            "gain_pct": round(100 * one.gain, 1),
            "vues_pct": round(100 * one.seen, 1),
        }
        for n, one in enumerate(placed, 1)
    ]


def answer(request: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """The leaks and the pipe to listen to first; then all pipes, and where the next sensors go."""
    leaks = tables["fuites"].to_pylist()
    running = [r for r in leaks if r["etat"] != MENDED]
    pipes, sensors = tables["conduites"].to_pylist(), tables["capteurs"].to_pylist()
    if running:
        worst = max(running, key=lambda r: r["debit_m3h"])
        sentence = request.say(
            "Fuites qui coulent : %(n)s, pour %(flow)s m³ par heure. La plus forte se cherche d’abord à la conduite %(pipe)s.",
            n=request.number(len(running)),
            flow=request.number(sum(r["debit_m3h"] for r in running), 1),
            pipe=worst["conduite"],
        )
    else:
        sentence = request.say("Aucune nouvelle fuite ne se voit dans ces mesures.")
    blocks: list[Block] = [Said(sentence, "warn" if running else "ok")]
    if leaks:
        states = {state: request.say(state) for state in (RUNS, BEFORE, MENDED)}
        rows = tuple({**r, "etat": states[r["etat"]]} for r in leaks)
        blocks.append(Rows(request.say("Fuites vues"), request.titled(LEAKS.columns), rows))
    title = request.say("Conduites à écouter")
    if pipes:
        columns = [c for c in PIPES.columns if c.name not in ("lon", "lat")]
        blocks.append(Rows(title, request.titled(columns), tuple(pipes)))
        marks = tuple(
            Mark("point", ((r["lon"], r["lat"]),), r["conduite"], f"{request.number(r['chance_pct'], 1)} %", "bad", 1 - r["chance_pct"] / 100)
            for r in pipes
            if r["lon"] is not None
        )  # fmt: skip
        if marks:
            blocks.append(Map(title, marks, title))
    if sensors:
        blocks.append(
            Rows(
                request.say("Où poser les prochains capteurs"),
                request.titled(SENSORS.columns),
                tuple(sensors),
            )
        )
    return tuple(blocks)


NETWORK = Study(
    name="eau-fuites-reseau",
    title="Fuites par le modèle du réseau",
    question="Quelles conduites écouter d’abord, et où poser les prochains capteurs ?",
    inputs={},
    outputs={"fuites": LEAKS, "conduites": PIPES, "capteurs": SENSORS},
    method="EPANET calcule les pressions de chaque nuit avec les demandes du réseau, mises à l’échelle des débits mesurés. Ce que les "
    "capteurs lisent de plus ou de moins est comparé à ce qu’une fuite ferait à chaque nœud ; une fuite est dite quand son effet dure et que "
    "son lieu se tient. Les jours habituels sont d’abord comparés au modèle lui-même, de jour et de nuit : une fuite qui coulait déjà s’y "
    "voit quand elle explique plus que les erreurs du modèle. Les fuites connues sont recalculées chaque nuit, et quittées quand elles ne "
    "coulent plus. Un capteur de plus est mis là où il voit le plus de conduites que rien ne voit.",
    caveats=(
        "Le modèle vaut ce que valent ses rugosités, ses vannes et ses demandes : une vanne fermée qu’il croit ouverte ressemble à une fuite.",
        "Une fuite qui coulait déjà n’est cherchée que si l’on mesure aussi le jour et si le modèle est fidèle ; son lieu est moins sûr.",
        "Deux fuites proches se confondent ; une fuite de moins de 2 m³/h n’est pas dite.",
        "Seule l’écoute sur place fait foi.",
    ),
    asks=(
        Ask("reseau", "Réseau", "file", hint="un fichier EPANET .inp", needed=True),
        Ask("mesures", "Mesures", "file", hint="un CSV : le moment, puis une colonne par capteur, nommée comme dans le réseau ; mètres, m³/h", needed=True),
        Ask("habituelles", "Nuits habituelles", "number", hint="les premières, sans fuite nouvelle", default="28", least=14, most=366),
        Ask("capteurs", "Capteurs à poser", "number", default="3", least=0, most=20),
        Ask("projection", "Projection du réseau", "number", hint="code EPSG, par exemple 2154 ; 0 sans carte", default="0", least=0, most=99_999, folded=True),
    ),
    run=run,
    answer=answer,
    group=GROUP,
    steps=(TRACKED, SENSED),
)  # fmt: skip
"""For the group « eau »: pipes and candidate leaks are never public."""
