"""A PDF that somebody named .csv. It must be refused, in plain words."""

from __future__ import annotations

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World


def write(world: World) -> tuple[bytes, Truth]:
    """The smallest PDF that a reader opens."""
    body = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
    return body + b"trailer<</Root 1 0 R>>\n%%EOF\n", Truth("pdf", "refused")


FILE = RawFile(
    "rapport_activite.csv",
    "Rapport d’activité",
    Dossier(
        "rapport-activite",
        "Rapport d’activité {last_year}",
        "Le rapport d’activité des services en {last_year}.",
        "assemblees",
        ("GOVE",),
        ("rapport",),
        "annual",
    ),
    write,
)
