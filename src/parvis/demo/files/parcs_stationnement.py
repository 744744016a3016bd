"""Car parks: the national schema, one for subscribers alone, one without a limit of height."""

from __future__ import annotations

from parvis.demo.parking import parks
from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.siret import siret
from parvis.demo.world import INSEE, World
from parvis.demo.writing import text_table


def write(world: World) -> tuple[bytes, Truth]:
    """The parks of the city."""
    owner = siret(world.rng("parcs"))
    rows = [
        [
            p.id, p.name, INSEE, p.address, "", "abonnés" if p.subscribers else "tous", "true" if p.free else "false", p.places, p.places if p.relay else 0,
            p.disabled, p.electric, 20, 0, 2, 8, 4, str(p.height_cm) if p.height_cm else "N/A", owner, f"{p.lon:.6f}", f"{p.lat:.6f}",
            "normal_payant", *([f"{p.price * h:.2f}" for h in (1, 2, 3, 4)] if not p.free else ["0"] * 4), "" if p.free else "14.00", "", "",
            "enclos_en_surface" if p.free else "ouvrage", p.info,
        ]
        for p in parks(world)
    ]  # fmt: skip
    header = [
        "id", "nom", "insee", "adresse", "url", "type_usagers", "gratuit", "nb_places", "nb_pr", "nb_pmr", "nb_voitures_electriques", "nb_velo", "nb_2r_el",
        "nb_autopartage", "nb_2_rm", "nb_covoit", "hauteur_max", "num_siret", "Xlong", "Ylat", "tarif_pmr", "tarif_1h", "tarif_2h", "tarif_3h", "tarif_4h",
        "tarif_24h", "abo_resident", "abo_non_resident", "type_ouvrage", "info",
    ]  # fmt: skip
    types = {
        "id": "text",
        "nb_places": "integer",
        "gratuit": "boolean",
        "hauteur_max": "text",
        "tarif_1h": "number",
        "Xlong": "number",
    }
    return text_table(header, rows, separator=",", newline="\n"), Truth(
        "csv", encoding="utf-8", separator=",", header_row=1, rows=len(rows), types=types, geometry="point"
    )


FILE = RawFile(
    "parcs-stationnement.csv",
    "Parcs de stationnement",
    Dossier(
        "parcs-stationnement",
        "Parcs de stationnement",
        "Les parcs de stationnement hors voirie de la ville : places, hauteur permise, tarifs et position, au schéma national.",
        "mobilites",
        ("TRAN",),
        ("stationnement", "parking"),
        "annual",
        about="Une ligne par parc, aux noms du schéma national.",
        schema="stationnement",
        period=("{year}-01-01", "{today}"),
    ),
    write,
)
