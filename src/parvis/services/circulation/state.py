"""At each poll: how every arc runs now, and in half an hour."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from parvis.core.types import POINT
from parvis.methods.traffic.forecast import Forecasts, Learnt, ahead, naive
from parvis.methods.traffic.fundamental import Diagram, states
from parvis.methods.traffic.grid import DAY_S, KINDS, Floats
from parvis.methods.traffic.profile import anomalies, scores
from parvis.services.circulation import series
from parvis.services.circulation.detectors import DAYS, HORIZONS_MIN, WORKS
from parvis.services.circulation.series import Street
from parvis.services.declaration import Tables

NAMES = ("fluide", "pré-saturé", "saturé", "bloqué", "inconnu")
"""Of the states of `fundamental`, in order."""
STALE_MIN = 30
"""A measure that is older says nothing of now: grey, never green."""
DAYS_READ = 9
"""Eight days behind the forecast, and the one that goes on."""
AHEAD_MIN = 30


def work(tables: Tables, now: datetime) -> Tables:
    """States, and forecasts of the quarters of the hour to come."""
    one = series.street(series.formed(tables["mesures"]), days=DAYS_READ)
    if one is None:
        one = _nothing()
    kept, _ = series.clean(one)
    flat = series.coarse(kept)
    known = _Known.of(flat, tables)
    told = ahead(known.flow, flat.q, series.extended(flat.grid, max(known.flow.theta, default=0)))
    rates = ahead(known.rates, flat.k, series.extended(flat.grid, max(known.rates.theta, default=0)))
    return {
        "etat": _states(kept, flat, known, told, rates, now),
        "previsions": _forecasts(flat, told),
    }


def _nothing() -> Street:
    none = np.full((1, 0), np.nan)
    return Street((), (), (), series.grid(0, series.LEARNT_S, 1, series.PARIS), none, none, none)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the night learnt of these arcs, in their order; nan where it knows nothing."""

    flow: Learnt
    rates: Learnt
    usual: tuple[Floats, Floats]
    diagrams: tuple[Diagram, ...]
    detectors: tuple[str, ...]

    @staticmethod
    def of(flat: Street, tables: Tables) -> _Known:
        """From the tables that the night made."""
        profiles, weights = tables.get("profils"), tables.get("poids")
        at = {arc: n for n, arc in enumerate(flat.arcs)}
        slots, step = flat.grid.slots, flat.grid.step_s // 60
        cells = _cells(profiles, at, slots, step)
        diagrams = (
            {str(r["arc"]): r for r in tables["diagrammes"].to_pylist()} if "diagrammes" in tables else {}
        )
        detectors = (
            {str(r["arc"]): str(r["etat"]) for r in tables["capteurs"].to_pylist()}
            if "capteurs" in tables
            else {}
        )
        return _Known(
            _learnt(weights, "debit", at, step, cells("racine"), cells("ecart_racine")),
            _learnt(weights, "taux", at, step, cells("racine_taux"), cells("ecart_racine_taux")),
            (cells("debit"), cells("ecart")),
            tuple(_diagram(diagrams.get(arc)) for arc in flat.arcs),
            tuple(detectors.get(arc, "") for arc in flat.arcs),
        )


def _cells(rows: pa.Table | None, at: Mapping[str, int], slots: int, step: int) -> Callable[[str], Floats]:
    """Columns of the profiles as arrays, shape (KINDS, slots, arcs)."""
    shape = (KINDS, slots, len(at))
    if rows is None or not rows.num_rows:
        return lambda name: np.full(shape, np.nan)
    arc = np.array([at.get(str(a), -1) for a in rows["arc"].to_pylist()], np.int64)
    kind = np.array([DAYS.index(d) for d in rows["jour"].to_pylist()], np.int64)
    minute = np.asarray(rows["minute"].to_numpy(), np.int64)
    fits = (arc >= 0) & (minute % step == 0)

    def column(name: str) -> Floats:
        made = np.full(shape, np.nan)
        values = np.asarray(rows[name].to_numpy(), np.float64)
        made[kind[fits], minute[fits] // step, arc[fits]] = values[fits]
        return made

    return column


def _learnt(
    rows: pa.Table | None, quantity: str, at: Mapping[str, int], step: int, root: Floats, spread: Floats
) -> Learnt:
    """Weights of one quantity, by horizon in steps."""
    theta, worth, width = dict[int, Floats](), dict[int, Floats](), dict[int, Floats]()
    if rows is not None:
        found = [
            r
            for r in rows.to_pylist()
            if r["grandeur"] == quantity and r["pas_min"] == step and r["arc"] in at
        ]
        for horizon in sorted({r["horizon_min"] // step for r in found}):
            values = np.full((len(at), 10), np.nan)
            for r in found:
                if r["horizon_min"] // step == horizon and r["poids"] is not None and r["rang"] < 10:
                    values[at[r["arc"]], r["rang"]] = r["poids"]
            theta[horizon] = np.nan_to_num(values[:, :7])
            worth[horizon] = np.where(np.isnan(values[:, 7:9]), 1.0, np.maximum(values[:, 7:9], 1e-3))
            width[horizon] = values[:, 9]
    return Learnt(root, spread, theta, worth, width)


def _diagram(row: Mapping[str, float | None] | None) -> Diagram:
    def said(name: str) -> float:
        value = row.get(name) if row else None
        return float("nan") if value is None else float(value)

    return Diagram(
        said("vitesse_libre"), said("capacite"), said("taux_critique"), said("onde"), said("qualite"), said("erreur"),
        int(np.nan_to_num(said("libres"))), int(np.nan_to_num(said("congestion"))),
    )  # fmt: skip


def _states(
    one: Street,
    flat: Street,
    known: _Known,
    told: Mapping[int, Forecasts],
    rates: Mapping[int, Forecasts],
    now: datetime,
) -> pa.Table:
    arcs = len(one.arcs)
    spoke = ~np.isnan(one.q) | ~np.isnan(one.k)
    last = np.where(spoke.any(axis=0), one.grid.steps - 1 - spoke[::-1].argmax(axis=0), -1)
    at = np.arange(arcs)
    ended = one.grid.start_s + (last + 1) * one.grid.step_s
    age = np.maximum(0, (int(now.timestamp()) - ended) // 60)
    stale = (last < 0) | (age > max(STALE_MIN, 2 * one.grid.step_s // 60))
    q = np.where(last >= 0, one.q[last, at], np.nan) if arcs else np.zeros(0)
    k = np.where(last >= 0, one.k[last, at], np.nan) if arcs else np.zeros(0)
    state, doubt = list[str](), np.ones(arcs)
    for n in range(arcs):
        found, unsure = states(k[n : n + 1], q[n : n + 1], known.diagrams[n])
        distrusted = stale[n] or known.detectors[n] not in ("", WORKS)
        state.append(NAMES[-1] if distrusted else NAMES[int(found[0])])
        doubt[n] = 1.0 if distrusted else unsure[0]
    middle, deviation = (c[flat.grid.kind, flat.grid.slot] for c in known.usual)
    z = scores(flat.q, middle, deviation, least=30.0)
    odd = anomalies(z)[-1] if arcs else np.zeros(0, np.int64)
    half = max(1, AHEAD_MIN * 60 // flat.grid.step_s)
    nothing = Forecasts(*(np.full((1, arcs), np.nan) for _ in range(3)))
    later, rate = told.get(half, nothing), rates.get(half, nothing)
    coming = [
        NAMES[-1]
        if stale[n] or np.isnan(rate.value[0, n])
        else NAMES[int(states(rate.value[:, n], later.value[:, n], known.diagrams[n])[0][0])]
        for n in range(arcs)
    ]
    moment = pa.timestamp("us", "UTC")
    return pa.table(
        {
            "arc": pa.array(one.arcs, pa.string()),
            "nom": pa.array(one.names, pa.string()),
            "etat": pa.array(state, pa.string()),
            "doute": series.rounded(doubt, 3),
            "debit": series.rounded(q, 0),
            "taux": series.rounded(k, 1),
            "debit_habituel": series.rounded(middle[-1] if arcs else [], 0),
            "anomalie": pa.array(["" if stale[n] else ("moins", "", "plus")[int(odd[n]) + 1] for n in range(arcs)], pa.string()),
            "prevu_30": series.rounded(later.value[0], 0),
            "prevu_30_bas": series.rounded(later.low[0], 0),
            "prevu_30_haut": series.rounded(later.high[0], 0),
            "etat_30": pa.array(coming, pa.string()),
            "capteur": pa.array(known.detectors, pa.string()),
            "age_min": pa.array([int(a) if n >= 0 else None for a, n in zip(age, last, strict=True)], pa.int64()),
            "mesure_le": pa.array(
                [datetime.fromtimestamp(int(e), UTC) if n >= 0 else None for e, n in zip(ended, last, strict=True)], moment
            ),
            POINT: series.points(one),
        }
    )  # fmt: skip


def _forecasts(flat: Street, told: Mapping[int, Forecasts]) -> pa.Table:
    return pa.concat_tables([*_horizons(flat, told), _no_forecast()])


def _no_forecast() -> pa.Table:
    number, moment = pa.float64(), pa.timestamp("us", "UTC")
    kinds = {
        "arc": pa.string(), "nom": pa.string(), "horizon_min": pa.int64(), "debut": moment, "debit": number, "bas": number, "haut": number, "semaine": number,
        "dernier": number, POINT: pa.struct([("lon", pa.float64()), ("lat", pa.float64())]),
    }  # fmt: skip
    return pa.table({name: pa.array([], kind) for name, kind in kinds.items()})


def _horizons(flat: Street, told: Mapping[int, Forecasts]) -> Iterator[pa.Table]:
    arcs = len(flat.arcs)
    step = flat.grid.step_s
    for h, said in told.items():
        if h * step // 60 > max(HORIZONS_MIN):
            continue
        begins = datetime.fromtimestamp(flat.end_s + (h - 1) * step, UTC)
        longer = np.concatenate([flat.q, np.full((h, arcs), np.nan)])
        week, last = naive(longer[-7 * DAY_S // step - h :], series.extended(flat.grid, h), h)
        yield pa.table(
            {
                "arc": pa.array(flat.arcs, pa.string()),
                "nom": pa.array(flat.names, pa.string()),
                "horizon_min": pa.array([h * step // 60] * arcs, pa.int64()),
                "debut": pa.array([begins] * arcs, pa.timestamp("us", "UTC")),
                "debit": series.rounded(said.value[0], 0),
                "bas": series.rounded(said.low[0], 0),
                "haut": series.rounded(said.high[0], 0),
                "semaine": series.rounded(week[-1], 0),
                "dernier": series.rounded(last[-1], 0),
                POINT: series.points(flat),
            }
        )
