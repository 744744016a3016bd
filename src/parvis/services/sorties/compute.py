"""From the agendas of a city to the times that one can go to: read, doubles merged, one row a time."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import shapely

from parvis.core.arrow import arrow_schema
from parvis.core.text import slug
from parvis.methods.events.coverage import DAYS, PARTS, coverage
from parvis.methods.events.duplicates import groups, merged, pairs
from parvis.methods.events.entry import ACCESS, Entry
from parvis.methods.events.sources import entries
from parvis.services.declaration import Tables
from parvis.services.sorties.schemas import COUVERTURE, DOUBLONS, SORTIES

PARIS = ZoneInfo("Europe/Paris")
AHEAD = timedelta(days=396)
"""Thirteen months: this month of next year is seen."""
LASTING_H, LASTING_TIMES = 24, 60
"""An event of more hours, or of more times within thirteen months, goes on for long: it does not stand before
tonight's concert.
"""
WEEKS = 8
"""Weeks that the coverage looks at."""
SIDE_M = 1000.0


def gathered(tables: Tables, now: datetime) -> list[Entry]:
    """The events of all agendas from today on, as each agenda has them."""
    begin = datetime.combine(now.astimezone(PARIS).date(), time(), PARIS)
    return [
        e for name, table in tables.items() for e in entries(table.to_pylist(), name, begin, begin + AHEAD)
    ]


def work(tables: Tables, now: datetime) -> Tables:
    """One row a time, and one row a pair of announcements that were taken for one event."""
    some = gathered(tables, now)
    found = pairs(some)
    together = groups(len(some), found)
    names = {i: identifier([some[k] for k in group]) for group in together for i in group}
    whole = [
        (names[group[0]], merged([some[i] for i in group]) if len(group) > 1 else some[group[0]])
        for group in together
    ]
    doubles = [
        {
            "evenement": names[p.first],
            "titre": some[p.first].title,
            "autre_titre": some[p.second].title,
            "agenda": some[p.first].agenda,
            "autre_agenda": some[p.second].agenda,
            "lieu": some[p.first].place,
            "autre_lieu": some[p.second].place,
            "ressemblance": round(p.score, 3),
        }
        for p in found
    ]
    return {
        "sorties": occurrences(whole),
        "doublons": pa.Table.from_pylist(doubles, schema=arrow_schema(DOUBLONS)),
    }


def identifier(group: Sequence[Entry]) -> str:
    """A name for an event that stays the same while its announcements do: of the first agenda that gives one,
    else of its title and place.
    """
    first = min(group, key=lambda e: (e.agenda, e.id, e.title))
    said = (
        f"{first.agenda}|{first.id}"
        if first.id
        else f"{first.title}|{first.place}|{first.times[0][0].isoformat()}"
    )
    return f"{slug(first.title, limit=40)}-{hashlib.sha256(said.encode()).hexdigest()[:8]}"


def occurrences(whole: Sequence[tuple[str, Entry]]) -> pa.Table:
    """One row a time, by start."""
    rows: list[Mapping[str, object]] = []
    for name, e in whole:
        lasting = len(e.times) > LASTING_TIMES
        about = {
            "evenement": name,
            "titre": e.title,
            "description": e.text,
            "categorie": e.category,
            "statut": e.state,
            "lieu": e.place,
            "adresse": e.address,
            "gratuit": e.free,
            "tarif": e.price,
            "age_min": e.age_min,
            "age_max": e.age_max,
            "enfants": e.children,
            "organisateur": e.organiser,
            "accessibilite": "|".join(a for a in ACCESS if a in e.access),
            "url": e.url,
            "image": e.image,
            "agendas": e.agenda,
            "_point": {"lon": e.lon, "lat": e.lat} if e.lat is not None and e.lon is not None else None,
        }
        for start, end in e.times:
            long = lasting or end - start > timedelta(hours=LASTING_H)
            rows.append(
                {
                    "id": f"{name}-{start:%Y%m%dT%H%M}",
                    "debut": start,
                    "fin": end,
                    "duree_longue": long,
                    **about,
                }
            )
    seen: Counter[str] = Counter()
    unique = [
        r
        for r in sorted(rows, key=lambda r: (str(r["debut"]), str(r["id"])))
        if not seen.update([str(r["id"])]) and seen[str(r["id"])] == 1
    ]
    return pa.Table.from_pylist(unique, schema=arrow_schema(SORTIES))


def cover(tables: Tables, now: datetime) -> Tables:
    """Squares of the city by part of the week, over the coming weeks. Cancelled times and those that go on
    for long bring nobody out at an hour.
    """
    table = tables["sorties"]
    local = [d.astimezone(PARIS) for d in table["debut"].to_pylist() if d is not None]
    kept = [
        s not in ("annulé", "reporté") and not long
        for s, long in zip(table["statut"].to_pylist(), table["duree_longue"].to_pylist(), strict=True)
    ]
    points = table["_point"].to_pylist()
    first = now.astimezone(PARIS).date()
    epoch = datetime(1970, 1, 1, tzinfo=PARIS).date()
    chosen = [(d, p) for d, p, k in zip(local, points, kept, strict=True) if k and p]
    seen = coverage(
        np.array([(d.date() - epoch).days for d, _ in chosen], np.int64),
        np.array([d.hour for d, _ in chosen], np.int64),
        np.array([p["lat"] for _, p in chosen], np.float64),
        np.array([p["lon"] for _, p in chosen], np.float64),
        first=(first - epoch).days,
        weeks=WEEKS,
        side=SIDE_M,
    )
    rows: list[Mapping[str, object]] = []
    down = seen.side / 111_195 / 2
    for i, (lat, lon) in enumerate(zip(seen.lat.tolist(), seen.lon.tolist(), strict=True)):
        across = down / np.cos(np.radians(lat))
        square = shapely.to_wkb(shapely.box(lon - across, lat - down, lon + across, lat + down))
        for day, name in enumerate(DAYS):
            for part, moment in enumerate(PARTS):
                counts = {
                    "dates": int(seen.counts[i, day, part]),
                    "semaines": int(seen.weeks[i, day, part]),
                    "sur": seen.of,
                }
                rows.append(
                    {
                        "carreau": f"{lat:.4f}, {lon:.4f}",
                        "jour": name,
                        "moment": moment,
                        **counts,
                        "_shape": square,
                    }
                )
    return {"couverture": pa.Table.from_pylist(rows, schema=arrow_schema(COUVERTURE))}
