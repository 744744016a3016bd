"""Library loans by title: Parquet."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.parquet as pq

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World


def write(world: World) -> tuple[bytes, Truth]:
    """Loans a month by branch and kind of document: no person in it."""
    rng = world.rng("prets")
    months, branches, kinds = (
        [m.isoformat() for m in world.days.months(10)],
        ("Centre", "Les Tanneries", "La Plaine"),
        ("Livre adulte", "Livre jeunesse", "BD", "Film", "Musique", "Jeu"),
    )
    rows = [(m, b, k, int(rng.poisson(420))) for m in months for b in branches for k in kinds]
    table = pa.table(
        {
            "mois": pa.array([r[0] for r in rows]).cast(pa.date32()),
            "mediatheque": [r[1] for r in rows],
            "support": [r[2] for r in rows],
            "prets": pa.array([r[3] for r in rows], pa.int64()),
        }
    )
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue(), Truth(
        "parquet", rows=len(rows), types={"mois": "date", "mediatheque": "text", "prets": "integer"}
    )


FILE = RawFile(
    "prets_mediatheques.parquet",
    "Prêts des médiathèques",
    Dossier(
        "prets-mediatheques",
        "Prêts des médiathèques, par mois",
        "Nombre de prêts chaque mois par médiathèque et par type de document. Aucune donnée sur les emprunteurs.",
        "culture",
        ("EDUC",),
        ("bibliothèque", "médiathèque", "prêt", "livre"),
        "monthly",
        about="Une ligne par mois et par médiathèque ; prêts des dix derniers mois.",
    ),
    write,
)
