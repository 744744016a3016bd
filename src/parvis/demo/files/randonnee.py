"""A walk: a GPX track."""

from __future__ import annotations

import numpy as np

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World, lonlat


def write(world: World) -> tuple[bytes, Truth]:
    """One loop along the river, with four points of interest."""
    along = np.linspace(0.05, 0.95, 180)
    points = [
        lonlat(p.x, p.y + 25) for p in (world.river.interpolate(float(t), normalized=True) for t in along)
    ]
    track = "".join(
        f'<trkpt lat="{lat:.6f}" lon="{lon:.6f}"><ele>{40 + 12 * np.sin(i / 20):.1f}</ele></trkpt>'
        for i, (lon, lat) in enumerate(points)
    )
    names = ("Pont-Vieux", "Lavoir", "Belvédère", "Ancien moulin")
    marks = "".join(
        f'<wpt lat="{points[40 * i][1]:.6f}" lon="{points[40 * i][0]:.6f}"><name>{n}</name></wpt>'
        for i, n in enumerate(names)
    )
    content = f'<?xml version="1.0" encoding="UTF-8"?><gpx version="1.1" creator="Rivemont" xmlns="http://www.topografix.com/GPX/1/1">{marks}<trk><name>Boucle de l’Ansonne</name><trkseg>{track}</trkseg></trk></gpx>'
    return content.encode(), Truth("gpx", rows=4, geometry="point")


FILE = RawFile(
    "boucle_ansonne.gpx",
    "Boucle de l’Ansonne",
    Dossier(
        "sentiers",
        "Sentiers de promenade",
        "Tracé et points remarquables de la boucle de l’Ansonne, à pied, sans difficulté. Le chemin de halage est fermé en cas de crue.",
        "espaces-verts",
        ("ENVI", "EDUC"),
        ("randonnée", "sentier", "promenade", "loisirs"),
        "annual",
        resource="Points remarquables",
        about="Points de repère et tracé de chaque sentier, relevés au GPS.",
        period=("{year}-01-01", "{today}"),
    ),
    write,
)
