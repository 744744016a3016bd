"""Council decisions: commas, quoted line breaks, every cell quoted."""

from __future__ import annotations

from datetime import date, timedelta

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World
from parvis.demo.writing import text_table

THEMES = (
    "Finances locales/Subventions",
    "Urbanisme/Documents d'urbanisme",
    "Commande publique/Marchés publics",
    "Domaine et patrimoine/Acquisitions",
)
CODES = ("7.5", "2.1", "1.1", "3.1")
"""Of each theme in the nomenclature of acts."""
CITY, SIRET = "Rivemont", "21340990700010"
PRESENT = 29


def write(world: World) -> tuple[bytes, Truth]:
    """120 decisions, one in four with a line break in its object, one in three of a street."""
    rng = world.rng("deliberations")
    streets = sorted({street.name for street in world.streets})
    rows: list[list[str | int]] = []
    for record in range(1, 121):
        day = world.days.on(date(2025, 7, 21)) + timedelta(days=28 * (record // 7))
        place = int(rng.integers(len(THEMES)))
        theme = THEMES[place]
        for_ = int(rng.integers(20, 30))
        against = min(int(rng.integers(0, 5)), PRESENT - for_)
        where = f", {streets[record * 7 % len(streets)]}" if record % 3 == 0 else ""
        extra = "\navec une annexe, jointe" if record % 4 == 0 else ""
        rows.append(
            [
                CITY,
                SIRET,
                f"DEL-{day.year}-{record:03d}",
                day.isoformat(),
                CODES[place],
                theme,
                f"Délibération relative à « {theme.split('/')[1].lower()} »{where}{extra}",
                33,
                PRESENT,
                for_,
                against,
                PRESENT - for_ - against,
            ]
        )
    header = [
        "COLL_NOM",
        "COLL_SIRET",
        "DELIB_ID",
        "DELIB_DATE",
        "DELIB_MATIERE_CODE",
        "DELIB_MATIERE_NOM",
        "DELIB_OBJET",
        "VOTE_EFFECTIF",
        "VOTE_REEL",
        "VOTE_POUR",
        "VOTE_CONTRE",
        "VOTE_ABSTENTION",
    ]
    types = {"DELIB_ID": "text", "DELIB_DATE": "date", "DELIB_OBJET": "text", "VOTE_POUR": "integer"}
    content = text_table(header, rows, separator=",", quote_all=True, newline="\n")
    return content, Truth("csv", encoding="utf-8", separator=",", header_row=1, rows=120, types=types)


FILE = RawFile(
    "deliberations.csv",
    "Délibérations du conseil municipal",
    Dossier(
        "deliberations",
        "Délibérations du conseil municipal",
        "Délibérations adoptées depuis plus d’un an : date, matière, objet et résultat du vote. Les noms des élus qui "
        "ont voté ne figurent pas ici ; ils sont aux procès-verbaux.",
        "assemblees",
        ("GOVE", "JUST"),
        ("délibération", "conseil municipal", "vote", "élus"),
        "monthly",
        about="Une ligne par délibération, aux noms de colonnes du schéma national ; nombre de votes, sans les noms.",
        schema="deliberations",
    ),
    write,
)
