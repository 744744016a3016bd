"""What a driver takes along: a sheet to print (PDF/UA-1, by Typst, without network) and a track for the
satellite navigator (GPX 1.1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import shapely
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from parvis.core.errors import NotFound
from parvis.core.pdf import typeset
from parvis.core.sentence import Sentence, mark
from parvis.core.text import printable
from parvis.services.answers import Asked

SOURCE = b"""
#let said = json(bytes(sys.inputs.said))
#set document(title: said.title, author: said.author, date: none)
#set text(lang: said.language, size: 9.5pt)
#set page(paper: "a4", margin: 1.6cm, numbering: "1 / 1")
#title(said.title)
#said.opening
#table(columns: (auto, auto, auto, 1fr, auto, auto), stroke: 0.4pt, table.header(..said.head.map(x => strong(x))), ..said.rows.flatten().map(x => [#x]))
#said.closing
"""

GPX = "http://www.topografix.com/GPX/1/1"


def chosen(asked: Asked, tables: Mapping[str, pa.Table]) -> list[dict[str, Any]]:
    """The stops of the round asked for, in order; of the first when none was. Raises NotFound when there is
    no round of that name.
    """
    rows = rounds(tables)
    name = asked.text("tournee") or next(iter(rows), "")
    if name not in rows:
        raise NotFound(
            Sentence(
                "Aucune tournée ne s’appelle « {name} » ce jour-là. La page du service liste celles qui existent.",
                name=name,
            )
        )
    return rows[name]


def rounds(tables: Mapping[str, pa.Table]) -> dict[str, list[dict[str, Any]]]:
    """Stops by round, each in order."""
    made: dict[str, list[dict[str, Any]]] = {}
    if "tournees" in tables:
        for row in sorted(tables["tournees"].to_pylist(), key=lambda r: (r["tournee"], r["ordre"])):
            made.setdefault(row["tournee"], []).append(row)
    return made


def pdf(asked: Asked, tables: Mapping[str, pa.Table]) -> bytes:
    """The driver's sheet: a line a stop, its hour, its place, the way to it and what it should hold."""
    rows = chosen(asked, tables)
    total = sum(r["km"] for r in rows)
    said = {
        "title": asked.say("Tournée %(name)s", name=rows[0]["tournee"]),
        "author": "Parvis",
        "language": asked.speech.code,
        "opening": asked.say(
            "%(day)s, %(truck)s : %(km)s km, conteneurs : %(stops)s, départ %(start)s, retour %(end)s.",
            day=asked.day(rows[0]["jour"]),
            truck=rows[0]["vehicule"],
            stops=asked.number(sum(r["type_arret"] == "collecte" for r in rows)),
            km=asked.number(total, 1),
            start=rows[0]["heure_prevue"],
            end=rows[-1]["heure_prevue"],
        ),
        "head": [
            asked.say(t)
            for t in ("Ordre", "Heure", "Arrêt", "Lieu", mark("Distance (km)"), mark("Volume attendu (l)"))
        ],
        "rows": [
            [
                str(r["ordre"]),
                r["heure_prevue"],
                asked.say(r["type_arret"]),
                f"{r['lieu']} {'(' + r['id_point'] + ')' if r['id_point'] else ''}".strip(),
                asked.number(r["km"], 2),
                "" if r["volume_l"] is None else asked.number(r["volume_l"]),
            ]
            for r in rows
        ],
        "closing": asked.say(
            "Les volumes sont des prévisions. Un conteneur plein avant son tour se signale à la régulation."
        )
        + _ground(asked, rows),
    }
    return typeset(SOURCE, said)


def _ground(asked: Asked, rows: Sequence[Mapping[str, Any]]) -> str:
    if all(r["par_les_rues"] for r in rows):
        return ""
    return " " + asked.say("Une partie des distances est à vol d’oiseau, allongée de 30 %.")


def gpx(asked: Asked, tables: Mapping[str, pa.Table]) -> bytes:
    """Stops as waypoints, and the way between them as a track: along the streets where the network is
    published, straight where it is not.
    """
    rows = chosen(asked, tables)
    root = etree.Element(f"{{{GPX}}}gpx", {"version": "1.1", "creator": "Parvis"}, {None: GPX})
    spots = [(float(r["_point"]["lon"]), float(r["_point"]["lat"])) for r in rows]
    for row, (lon, lat) in zip(rows, spots, strict=True):
        if row["type_arret"] != "pause":
            point = etree.SubElement(root, f"{{{GPX}}}wpt", {"lat": f"{lat:.6f}", "lon": f"{lon:.6f}"})
            etree.SubElement(point, f"{{{GPX}}}name").text = printable(
                f"{row['ordre']} {row['id_point'] or asked.say(row['type_arret'])}"
            )
            etree.SubElement(point, f"{{{GPX}}}desc").text = printable(
                f"{row['heure_prevue']} {row['lieu']}"
            ).strip()
    track = etree.SubElement(root, f"{{{GPX}}}trk")
    etree.SubElement(track, f"{{{GPX}}}name").text = printable(rows[0]["tournee"])
    segment = etree.SubElement(track, f"{{{GPX}}}trkseg")
    for lon, lat in track_of(tables, rows[0]["tournee"], spots):
        etree.SubElement(segment, f"{{{GPX}}}trkpt", {"lat": f"{lat:.6f}", "lon": f"{lon:.6f}"})
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def track_of(
    tables: Mapping[str, pa.Table], name: str, spots: Sequence[tuple[float, float]]
) -> list[tuple[float, float]]:
    """(lon, lat) along a round as it was published; from stop to stop where no track was."""
    found = tables["traces"].to_pylist() if "traces" in tables else []
    shape = next((r["_shape"] for r in found if r["tournee"] == name and r.get("_shape")), None)
    return [(float(x), float(y)) for x, y in shapely.from_wkb(shape).coords] if shape else list(spots)
