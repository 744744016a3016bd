"""Files as a town hall exports them, made by seed with their truth: titles above, notes below, any encoding
and separator, all of the five facts right.
"""

from __future__ import annotations

import csv
import io
import random
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from parvis import readers
from parvis.core.reading import Workspace
from parvis.engine.scans import select_raw

STREETS = (
    "rue de l’Église",
    "avenue du Maréchal-Foch",
    "place de la Mairie",
    "chemin des Prés",
    "impasse du Moulin",
    "boulevard Gambetta",
    "allée des Érables",
)
TOWNS = ("Évry", "Orléans", "Saint-Étienne", "Mâcon", "Besançon", "Nîmes", "L’Haÿ", "Sète")
WORDS = (
    "voirie",
    "propreté",
    "éclairage public",
    "espaces verts",
    "réseau d’eau",
    "école maternelle",
    "crèche",
    "marché couvert",
    "théâtre, salle 2",
    "état civil",
)
NAMES = ("Martin", "Bernard", "Lefèvre", "Nuñez", "Müller", "Gérard", "Noël", "Aït Ali", "Dupré", "Zoé")

KINDS: dict[str, tuple[tuple[str, ...], Callable[[random.Random], str]]] = {
    "id": (("id", "Identifiant", "N°", "code_objet"), lambda d: f"{d.choice('ABC')}{d.randint(1, 9999):04d}"),
    "insee": (
        ("code_insee", "INSEE", "Code commune"),
        lambda d: f"{d.randint(1, 95):02d}{d.randint(1, 900):03d}",
    ),
    "town": (("commune", "Nom de la commune", "Ville"), lambda d: d.choice(TOWNS)),
    "street": (
        ("adresse", "Voie", "Libellé de la voie"),
        lambda d: f"{d.randint(1, 200)} {d.choice(STREETS)}",
    ),
    "word": (("service", "Catégorie", "Type d’équipement"), lambda d: d.choice(WORDS)),
    "name": (("nom", "Nom de l’agent", "Référent"), lambda d: d.choice(NAMES)),
    "euro": (
        ("montant", "Montant TTC (€)", "Crédits votés"),
        lambda d: f"{d.randint(0, 99999)},{d.randint(0, 99):02d}",
    ),
    "count": (("nombre", "Effectif", "Places"), lambda d: str(d.randint(0, 1500))),
    "day": (
        ("date", "Date de délibération", "Mise en service"),
        lambda d: f"{d.randint(1, 28):02d}/{d.randint(1, 12):02d}/{d.randint(1990, 2026)}",
    ),
    "yes": (("actif", "Accessible PMR", "Gratuit"), lambda d: d.choice(("oui", "non"))),
    "maybe": (
        ("observations", "Remarque", "Complément"),
        lambda d: d.choice(("", "", "", "à vérifier", "fermé l’été", "voir arrêté du 3 mai")),
    ),
}
TITLES = (
    "Ville de Fenouillet",
    "Liste des équipements",
    "Direction générale des services",
    "Données arrêtées au 31/12/2025",
    "Export du logiciel de gestion",
    "Exercice 2025 ; budget principal",
)
NOTES = (
    "Source : direction de la voirie",
    "Note : données provisoires",
    "* hors budget annexe",
    "Mise à jour : 12 mars 2026",
    "(1) en milliers d’euros",
)


@dataclass(frozen=True)
class Made:
    """A file and its truth."""

    content: bytes
    encodings: tuple[str, ...]
    separator: str
    header: int
    labels: list[str]
    rows: list[list[str]]
    recipe: str


def make(seed: int) -> Made:
    draw = random.Random(seed)
    separator = draw.choice((";", ";", ";", ",", "\t", "|"))
    newline = draw.choice(("\n", "\r\n"))
    kinds = [draw.choice(("id", "insee", "count")), *draw.sample(sorted(KINDS), draw.randint(2, 7))]
    kinds = list(dict.fromkeys(kinds))
    labels = [draw.choice(KINDS[k][0]) for k in kinds]
    rows = [[KINDS[k][1](draw) for k in kinds] for _ in range(draw.choice((3, 8, 25, 120)))]
    width = len(labels)
    out = io.StringIO(newline="")
    quoting = draw.choice((csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    writer = csv.writer(out, delimiter=separator, lineterminator=newline, quoting=quoting)
    padded = draw.random() < 0.5  # spreadsheets pad titles and notes with separators
    recipe: list[str] = [repr(separator), "padded" if padded else "bare"]

    def loose(text: str) -> None:
        if padded:
            writer.writerow([text, *[""] * (width - 1)])
        else:
            out.write((text.replace(separator, " ") if text else "") + newline)

    lines = 0
    if draw.random() < 0.4:
        recipe.append("titles")
        for title in draw.sample(TITLES, draw.randint(1, 3)):
            loose(title)
            lines += 1
        if draw.random() < 0.5:
            loose("")
            lines += 1
    if draw.random() < 0.08:
        recipe.append("comments")
        out.write(f"# extrait le 3 mars 2026{newline}# contact : mairie{newline}")
        lines += 2
    headless = (
        draw.random() < 0.1 and len({"count", "euro", "day", "insee"} & set(kinds)) >= 2 and len(rows) > 3
    )
    if headless:
        recipe.append("headless")
    else:
        writer.writerow(labels)
    header = 0 if headless else lines + 1
    labels = [""] * width if headless else labels
    again_at = draw.randrange(len(rows)) if draw.random() < 0.06 and not headless else -1
    blank_at = draw.randrange(len(rows)) if draw.random() < 0.25 else -1
    for number, row in enumerate(rows):
        writer.writerow(row)
        if number == again_at:
            recipe.append("again")
            writer.writerow(labels)
        if number == blank_at:
            recipe.append("blank")
            writer.writerow([""] * width)
    if draw.random() < 0.3:
        recipe.append("notes")
        if draw.random() < 0.6:
            loose("")
        for note in draw.sample(NOTES, draw.randint(1, 2)):
            loose(note)
    text = out.getvalue()
    if draw.random() < 0.2:
        recipe.append("open end")
        text = text.removesuffix(newline)
    encoding = draw.choice(
        ("utf-8", "utf-8", "utf-8-sig", "cp1252", "cp1252", "utf-16", "iso-8859-15", "mac-roman", "cp850")
    )
    for letter, plainer in (("’", "'"), ("€", "euro")):
        try:
            letter.encode(encoding)
        except UnicodeEncodeError:
            text = text.replace(letter, plainer)
            labels = [c.replace(letter, plainer) for c in labels]
            rows = [[c.replace(letter, plainer) for c in row] for row in rows]
    content = text.encode(encoding)
    same = tuple(
        e
        for e in ("utf-8", "cp1252", "iso-8859-15", "mac-roman", "cp850")
        if not encoding.startswith("utf-16") and content.decode(e, "replace") == text
    )
    return Made(
        content,
        (encoding, *same),
        separator,
        header,
        labels,
        rows,
        " ".join([*recipe, encoding, str(len(rows))]),
    )


@pytest.mark.parametrize("first", range(0, 200, 50))
def test_files_made_by_seed_are_read_as_they_were_made(first: int) -> None:
    """Encoding, separator, header line, labels and every cell right, of each of fifty files."""
    wrong: list[str] = []
    with duckdb.connect(":memory:") as con:
        for seed in range(first, first + 50):
            made = make(seed)
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "recu"
                path.write_bytes(made.content)
                (table,) = readers.read(path, Workspace(Path(folder) / "spool")).tables
                cells = con.execute(select_raw(table.scan, len(table.columns)).sql("duckdb")).fetchall()
            seen = (
                table.encoding in made.encodings,
                table.separator,
                table.header_row,
                [c.label for c in table.columns],
                [list(r) for r in cells],
                table.rows,
            )
            if seen != (True, made.separator, made.header, made.labels, made.rows, len(made.rows)):
                wrong.append(
                    f"{seed} ({made.recipe}): {table.encoding} {table.separator!r} header {table.header_row} for {made.header}, {table.rows} rows of {len(made.rows)}"
                )
    assert not wrong, "\n".join(wrong)
