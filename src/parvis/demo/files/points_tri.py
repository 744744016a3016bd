"""Recycling points: KML."""

from __future__ import annotations

from xml.sax.saxutils import escape

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World, lonlat


def write(world: World) -> tuple[bytes, Truth]:
    """95 points."""
    rng = world.rng("tri")
    marks: list[str] = []
    for record, (x, y, address, district) in enumerate(world.places(rng, 95), 1):
        lon, lat = lonlat(x, y)
        flow = ("Verre", "Emballages", "Textile")[record % 3]
        data = "".join(
            f'<Data name="{k}"><value>{escape(v)}</value></Data>'
            for k, v in (
                ("flux", flow),
                ("quartier", district),
                ("volume_l", str(int(rng.choice([2000, 3000, 4000])))),
            )
        )
        marks.append(
            f"<Placemark><name>PAV {record:03d}</name><description>{escape(address)}</description><ExtendedData>{data}</ExtendedData><Point><coordinates>{lon:.6f},{lat:.6f}</coordinates></Point></Placemark>"
        )
    content = f'<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>Points de tri</name>{"".join(marks)}</Document></kml>'
    return content.encode(), Truth("kml", rows=95, geometry="point")


FILE = RawFile(
    "points_tri.kml",
    "Points d’apport volontaire",
    Dossier(
        "points-apport-volontaire",
        "Points d’apport volontaire",
        "Où déposer le verre, les emballages et les textiles : position, adresse et volume de chaque conteneur. Mis à jour à "
        "chaque pose ou retrait.",
        "proprete",
        ("ENVI",),
        ("tri", "verre", "conteneur", "poubelle"),
        "monthly",
        about="Une ligne par conteneur : flux, volume, adresse et position.",
        period=("{year}-01-01", "{today}"),
    ),
    write,
)
