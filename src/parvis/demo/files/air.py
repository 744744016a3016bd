"""Air: hourly measures with decimal commas, NA as text, dates as offices write them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import numpy as np

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World
from parvis.demo.writing import text_table


def write(world: World) -> tuple[bytes, Truth]:
    """Two stations, 120 days."""
    rng = world.rng("air")
    rows: list[list[str]] = []
    missing: list[int] = []
    start = datetime.combine(world.days.on(date(2026, 7, 20)), time())
    for station, base in (("RIV-Centre", 24.0), ("RIV-Université", 14.0)):
        level = 0.0
        for h in range(24 * 120):
            level = 0.94 * level + float(rng.normal(0, 1.6))
            rush = 9 * np.exp(-0.5 * ((h % 24 - 8) / 2) ** 2) + 8 * np.exp(-0.5 * ((h % 24 - 19) / 2) ** 2)
            no2, o3 = (
                max(1.0, base + level + rush),
                max(2.0, 62 - level + 22 * np.sin((h % 24 - 9) / 24 * 6.28)),
            )
            values = [f"{no2:.1f}", f"{o3:.1f}", f"{max(2.0, 0.5 * base + level / 2 + 6):.1f}"]
            if rng.random() < 0.01:
                values[2] = "NA"
                missing.append(len(rows) + 1)
            rows.append(
                [
                    station,
                    f"{start + timedelta(hours=h):%d/%m/%Y %H:%M}",
                    *(v.replace(".", ",") for v in values),
                ]
            )
    header = ["Station", "Date et heure", "NO2 (µg/m³)", "O3 (µg/m³)", "PM10 (µg/m³)"]
    types = {
        "Station": "text",
        "Date et heure": "datetime",
        "NO2 (µg/m³)": "number",
        "O3 (µg/m³)": "number",
        "PM10 (µg/m³)": "number",
    }
    content = text_table(header, rows, encoding="iso-8859-15")
    truth = Truth(
        "csv",
        encoding="cp1252",
        separator=";",
        header_row=1,
        rows=len(rows),
        types=types,
        planted={"missing-marker:PM10 (µg/m³)": tuple(missing)},
    )
    return content, truth


FILE = RawFile(
    "mesures_air_{year}.csv",
    "Mesures horaires de la qualité de l’air",
    Dossier(
        "qualite-air",
        "Qualité de l’air, mesures horaires",
        "Concentrations horaires de dioxyde d’azote, d’ozone et de particules à deux stations de la ville, depuis quatre mois. "
        "Mesures brutes, non validées ; heures légales de Paris.",
        "environnement",
        ("ENVI", "HEAL"),
        ("air", "pollution", "ozone", "particules"),
        "daily",
        about="Une ligne par station et par heure ; concentrations en microgrammes par mètre cube, NA quand l’appareil n’a rien donné.",
    ),
    write,
)
