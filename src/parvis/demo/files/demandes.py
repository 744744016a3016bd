"""Citizens' reports: names, e-mails and phones where they should not be. It must be held."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from parvis.demo.people import person
from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World, lonlat
from parvis.demo.writing import text_table

SUBJECTS = (
    "Nid-de-poule",
    "Dépôt sauvage",
    "Lampadaire en panne",
    "Tag",
    "Arbre tombé",
    "Stationnement gênant",
)


def write(world: World) -> tuple[bytes, Truth]:
    """400 reports."""
    rng = world.rng("demandes")
    rows: list[list[str]] = []
    for record, (x, y, address, district) in enumerate(world.places(rng, 400), 1):
        who = person(rng)
        lon, lat = lonlat(x, y)
        when = datetime.combine(world.days.on(date(2026, 6, 1)), time(8)) + timedelta(
            minutes=int(rng.integers(0, 230_000))
        )
        comment = f"Merci de me rappeler au {who.phone}" if record % 23 == 0 else ""
        rows.append(
            [
                f"S{record:05d}",
                f"{when:%d/%m/%Y %H:%M}",
                str(rng.choice(SUBJECTS)),
                address,
                district,
                f"{lat:.6f}",
                f"{lon:.6f}",
                who.last,
                who.first,
                who.email,
                who.phone,
                comment,
            ]
        )
    header = [
        "Numéro",
        "Reçu le",
        "Objet",
        "Adresse",
        "Quartier",
        "Latitude",
        "Longitude",
        "Nom",
        "Prénom",
        "Courriel",
        "Téléphone",
        "Commentaire",
    ]
    personal = ("Nom", "Prénom", "Courriel", "Téléphone", "Commentaire")
    return text_table(header, rows), Truth(
        "csv",
        "held",
        encoding="utf-8",
        separator=";",
        header_row=1,
        rows=400,
        types={"Reçu le": "datetime"},
        geometry="point",
        personal=personal,
    )


FILE = RawFile(
    "export_signalements.csv",
    "Signalements des habitants",
    Dossier(
        "signalements",
        "Signalements des habitants",
        "Signalements faits par les habitants depuis six mois : objet, lieu et date. Ce fichier attend d’être débarrassé des coordonnées des personnes.",
        "proximite",
        ("SOCI", "ENVI"),
        ("signalement", "voirie", "propreté"),
        "weekly",
        about="Une ligne par demande d’habitant.",
    ),
    write,
)
