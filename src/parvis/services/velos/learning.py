"""Between tables and the methods: histories out of movements, a model into tables and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from parvis.core.types import POINT
from parvis.methods.bikes import Calendar, History, Model, calendar, history
from parvis.methods.bikes.calendar import DAY_S, KINDS, SLOT_S, SLOTS
from parvis.methods.bikes.history import Flags, Floats, Ints
from parvis.methods.bikes.model import BASES, CONTEXTS
from parvis.methods.hours.calendars import french_public
from parvis.services.velos import arrays

QUANTITIES = ("velos", "mecaniques", "electriques", "places")
"""Counts that are forecast, each by a model of its own."""

GONE_S = 3 * DAY_S
"""A station of a feed that was not heard for so long has left it."""

KIND_NAMES = ("ouvré", "chômé")

_ZONES = (
    ("Europe/Paris", -6.0, 41.0, 10.0, 51.5),
    ("Indian/Reunion", 55.0, -21.5, 56.0, -20.8),
    ("Indian/Mayotte", 44.9, -13.1, 45.4, -12.5),
    ("America/Guadeloupe", -63.2, 15.8, -61.0, 18.2),
    ("America/Martinique", -61.3, 14.3, -60.8, 14.9),
    ("America/Cayenne", -55.0, 2.0, -51.5, 6.0),
    ("Pacific/Noumea", 163.0, -23.0, 169.0, -19.0),
    ("Pacific/Tahiti", -155.0, -28.0, -134.0, -7.0),
)
"""Name, west, south, east, north. The table of a feed bears no time zone, but its stations lie somewhere."""


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of a network. stations: their ids, in the order of the histories; points: (stations, 2)
    lon, lat, NaN where nobody said; by quantity.
    """

    stations: tuple[str, ...]
    points: Floats
    histories: Mapping[str, History]
    calendar: Calendar
    since_s: int
    until_s: int


def zone_of(points: Floats) -> str:
    """The time zone of a network, from where its stations lie; a whole number of hours from UTC where we know no better.

    >>> zone_of(np.array([[2.35, 48.85]])), zone_of(np.array([[55.45, -20.88]])), zone_of(np.array([[-71.06, 42.36]])), zone_of(np.empty((0, 2)))
    ('Europe/Paris', 'Indian/Reunion', 'Etc/GMT+5', 'Europe/Paris')
    """
    known = points[~np.isnan(points).any(1)]
    if not len(known):
        return "Europe/Paris"
    lon, lat = (float(v) for v in np.median(known, axis=0))
    for name, west, south, east, north in _ZONES:
        if west <= lon <= east and south <= lat <= north:
            return name
    ahead = round(lon / 15)
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


def ended(movements: pa.Table) -> pa.Table:
    """The movements, and a last row that closes each station which has left the feed, a day after it was last
    heard.

    Of a station that stands still the first row of each day is there: one that was not heard for `GONE_S` has
    gone, and is neither still nor stuck since.
    """
    if not movements.num_rows:
        return movements
    station, _ = arrays.coded(movements, "station_id")
    at = arrays.seconds(movements, "flux_du")
    rows = np.lexsort((at, station))
    gone = np.zeros(len(at), np.bool_)
    gone[rows[np.r_[np.flatnonzero(np.diff(station[rows])), len(rows) - 1]]] = True
    gone &= at < at.max() - GONE_S
    closing = arrays.where(movements, gone)
    said = {
        "flux_du": pa.array((at[gone] + DAY_S) * 1_000_000, pa.int64()).cast(pa.timestamp("us", "UTC")),
        "ouverte": pa.array([False] * closing.num_rows),
    }
    for name, values in said.items():
        closing = closing.set_column(
            closing.column_names.index(name), name, values.cast(movements.schema.field(name).type)
        )
    return pa.concat_tables([movements, closing])


def past(tables: Sequence[pa.Table]) -> Past | None:
    """The histories of what several tables say, in the columns of `MOUVEMENTS`; None when they say nothing.
    An archive may lack columns, and says no place.
    """
    said = [t for t in tables if t.num_rows]
    if not said:
        return None
    table = pa.concat_tables([_in_columns(t) for t in said])
    if not table.num_rows:
        return None
    station, ids = arrays.coded(table, "station_id")
    at, open_ = arrays.seconds(table, "flux_du"), arrays.flags(table, "ouverte", empty=True)
    counts = {q: arrays.counts(table, q) for q in QUANTITIES}
    size = _sizes(station, counts, len(ids))
    histories: dict[str, History] = {}
    for quantity, count in counts.items():
        told = count >= 0
        if told.any():
            histories[quantity] = history(
                station[told], at[told], count[told], size[told], open_[told], len(ids)
            )
    since, until = int(at.min()), int(at.max())
    points = _points(said, ids)
    years = range(datetime.fromtimestamp(since, UTC).year, datetime.fromtimestamp(until, UTC).year + 2)
    free = [day for year in years for day in french_public(year)]
    return Past(
        ids, points, histories, calendar(zone_of(points), since - 86_400, until + 86_400, free), since, until
    )


_SAID = pa.schema(
    [
        *((q, pa.int64()) for q in QUANTITIES),
        ("station_id", pa.string()),
        ("ouverte", pa.bool_()),
        ("flux_du", pa.timestamp("us", "UTC")),
    ]
)


def _in_columns(table: pa.Table) -> pa.Table:
    """What a table says in the columns of `_SAID`; unknown where it has none. A row without station or moment
    says nothing.
    """
    columns = {
        f.name: table[f.name].cast(f.type)
        if f.name in table.column_names
        else pa.nulls(table.num_rows, f.type)
        for f in _SAID
    }
    made = pa.table(columns, schema=_SAID)
    lame = [np.asarray(made[name].is_null().to_numpy(), np.bool_) for name in ("station_id", "flux_du")]
    return arrays.where(made, ~(lame[0] | lame[1]))


def _sizes(station: Ints, counts: Mapping[str, Ints], stations: int) -> Ints:
    """The most that each station could hold at each record: bikes and docks; where no dock is told, the most
    bikes ever seen there.
    """
    most = np.zeros(stations, np.int64)
    np.maximum.at(most, station, counts["velos"])
    both = np.maximum(counts["velos"], 0) + np.maximum(counts["places"], 0)
    return np.where((counts["velos"] >= 0) & (counts["places"] >= 0), both, most[station])


def _points(tables: Sequence[pa.Table], ids: Sequence[str]) -> Floats:
    """Where each station was last seen."""
    found = np.full((len(ids), 2), np.nan)
    rank = {station: number for number, station in enumerate(ids)}
    for table in tables:
        if POINT in table.column_names:
            station, names = arrays.coded(table, "station_id")
            last = np.zeros(len(names), np.int64)
            last[station] = np.arange(len(station))  # of several rows of a station, the last one stays
            found[[rank[n] for n in names]] = arrays.points(table.take(last))
    return found


# --- a model as tables --------------------------------------------------------------------------------------


def demand_rows(known: Past, quantity: str, model: Model) -> pa.Table:
    """The rates of one quantity, in the columns of `DEMANDE`."""
    stations = len(known.stations)
    cells = stations * KINDS * SLOTS
    per_station = KINDS * SLOTS
    return pa.table(
        {
            "station_id": pa.array(
                np.repeat(np.array(known.stations, dtype=object), per_station), pa.string()
            ),
            "quantite": pa.array([quantity] * cells, pa.string()),
            "jour": pa.array(
                np.tile(np.repeat(np.array(KIND_NAMES, dtype=object), SLOTS), stations), pa.string()
            ),
            "minute": pa.array(np.tile(np.arange(SLOTS) * (SLOT_S // 60), stations * KINDS), pa.int64()),
            "arrivees": pa.array(np.round(model.hourly[0].reshape(-1), 5)),
            "departs": pa.array(np.round(model.hourly[1].reshape(-1), 5)),
            "habituel": pa.array(np.round(model.usual.reshape(-1), 4)),
            "taille": pa.array(np.repeat(model.top, per_station), pa.int64()),
        }
    )


def correction_rows(quantity: str, model: Model) -> pa.Table:
    """The weights of one quantity, in the columns of `CORRECTION`; then the level of its bands, as a function
    of rank `BASES`.
    """
    minutes = (model.horizons_s // 60).tolist()
    horizons, bases, contexts = (
        v.reshape(-1)
        for v in np.meshgrid(model.horizons_s // 60, np.arange(BASES), np.arange(CONTEXTS), indexing="ij")
    )
    return pa.table(
        {
            "quantite": pa.array([quantity] * (len(horizons) + 1 + len(minutes)), pa.string()),
            "horizon_min": pa.array([0, *horizons.tolist(), *minutes], pa.int64()),
            "base": pa.array([0, *bases.tolist(), *[BASES] * len(minutes)], pa.int64()),
            "contexte": pa.array([0, *contexts.tolist(), *[0] * len(minutes)], pa.int64()),
            "poids": pa.array(
                [
                    model.age_share,
                    *np.round(model.weights.reshape(-1), 6).tolist(),
                    *np.round(model.bands, 4).tolist(),
                ],
                pa.float64(),
            ),
        }
    )


def models(demand: pa.Table, correction: pa.Table) -> tuple[tuple[str, ...], Mapping[str, Model]]:
    """Station ids, and the model of each quantity, out of the two tables."""
    station, ids = arrays.coded(demand, "station_id")
    quantity_of, quantities = arrays.coded(demand, "quantite")
    kind_of, kinds = arrays.coded(demand, "jour")
    kind = np.array([KIND_NAMES.index(k) for k in kinds], np.int64)[kind_of] if kinds else kind_of
    slot = arrays.counts(demand, "minute") * 60 // SLOT_S
    values = {name: arrays.numbers(demand, name) for name in ("arrivees", "departs", "habituel", "taille")}
    owner = np.array(arrays.texts(correction, "quantite"), dtype=object)
    made: dict[str, Model] = {}
    for number, quantity in enumerate(quantities):
        weights = arrays.where(correction, owner == quantity)
        if weights.num_rows > 1:
            made[quantity] = _model(station, kind, slot, values, quantity_of == number, len(ids), weights)
    return ids, made


def _model(
    station: Ints,
    kind: Ints,
    slot: Ints,
    values: Mapping[str, Floats],
    rows: Flags,
    stations: int,
    weights: pa.Table,
) -> Model:
    at = station[rows], kind[rows], slot[rows]

    def laid(name: str) -> Floats:
        out = np.zeros((stations, KINDS, SLOTS))
        out[at] = values[name][rows]
        return out

    horizon, base, context = (arrays.counts(weights, c) for c in ("horizon_min", "base", "contexte"))
    weight = arrays.numbers(weights, "poids")
    learned = np.unique(horizon[horizon > 0])
    table = np.zeros((len(learned), BASES, CONTEXTS))
    level = base == BASES
    bands = weight[level][np.argsort(horizon[level], kind="stable")]
    kept = (horizon > 0) & ~level
    table[np.searchsorted(learned, horizon[kept]), base[kept], context[kept]] = weight[kept]
    top = laid("taille").max((1, 2)).astype(np.int64)
    hourly = np.stack([laid("arrivees"), laid("departs")])
    return Model(
        hourly,
        laid("habituel"),
        top,
        np.zeros((KINDS, SLOTS)),
        learned * 60,
        table,
        float(weight[horizon == 0].sum()),
        bands,
    )
