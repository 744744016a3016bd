"""Files drawn by seed: any encoding with any separator, quotes, title, header and note, over columns of every
kind with five bad cells in a hundred.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.readers.hostile.case import Case

_PLACES = (
    "Évry",
    "Bœuf-en-Pré",
    "Saint-Rémy",
    "L'Île-d'Or",
    "Mâcon",
    "Sète",
    "Aÿ",
    "Vœgtlinshoffen",
    "Nîmes",
)
_THINGS = (
    "école élémentaire",
    "gymnase",
    "médiathèque",
    "crèche",
    "théâtre",
    "piscine",
    "marché couvert",
    "bibliothèque",
)
_MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
_BAD = ("voir mairie", "à préciser", "cf. note 2", "erreur")


@dataclass(frozen=True)
class Kind:
    """A kind of column: how it may be called, how its cells are drawn, and what type it has. spoils: bad
    cells may be mixed in.
    """

    labels: tuple[str, ...]
    cell: Callable[[random.Random], str]
    type: str
    spoils: bool = True


def _amount(d: random.Random, gap: str = "") -> str:
    whole = f"{d.randint(1, 2_000_000):,}".replace(",", gap) if gap else str(d.randint(1, 99_999))
    return f"{whole},{d.randint(1, 99):02d}"


KINDS = (
    Kind(("code", "Réf.", "REF_OBJET", "n° de dossier"), lambda d: f"{d.choice('ABCD')}{d.randint(0, 99999):05d}", "text", spoils=False),
    Kind(("insee", "CODE_INSEE", "Code commune", "codgeo"), lambda d: d.choice((f"{d.randint(1, 19):02d}{d.randint(1, 400):03d}", f"2A{d.randint(1, 300):03d}")), "text", spoils=False),
    Kind(("CP", "code_postal", "Code Postal"), lambda d: f"{d.randint(1, 95):02d}{d.randint(0, 99) * 10:03d}", "text", spoils=False),
    Kind(("commune", "Ville", "NOM_COM"), lambda d: d.choice(_PLACES), "text", spoils=False),
    Kind(("équipement", "type", "Catégorie", "champ 4"), lambda d: d.choice(_THINGS), "text", spoils=False),
    Kind(("Tél.", "telephone", "TEL_ACCUEIL"), lambda d: f"0{d.randint(1, 5)} 99 00 {d.randint(10, 99)} {d.randint(10, 99)}", "text", spoils=False),
    Kind(("montant", "Montant TTC (€)", "valeur", "col_7"), _amount, "number"),
    Kind(("budget", "Recettes", "total_2025"), lambda d: _amount(d, "\u00a0"), "number"),
    Kind(("Dépenses", "montant_vote"), lambda d: _amount(d, " "), "number"),
    Kind(("prix", "tarif plein"), lambda d: f"{d.randint(1, 90)},{d.randint(1, 99):02d} €", "number"),
    Kind(("taux", "Part (%)", "pct_reponse"), lambda d: f"{d.randint(0, 99)},{d.randint(1, 9)} %", "number"),
    Kind(("solde", "écart"), lambda d: f"{d.choice(('', '-'))}{d.randint(1, 9000)},{d.randint(1, 99):02d}", "number"),
    Kind(("nb_places", "Nombre de lits", "effectif", "POP"), lambda d: str(d.randint(2, 5000)), "integer"),
    Kind(("population municipale", "habitants"), lambda d: f"{d.randint(1000, 900_000):,}".replace(",", "\u202f"), "integer"),
    Kind(("date", "Date d'ouverture", "DT_MAJ", "le jour"), lambda d: f"{d.randint(1, 28):02d}/{d.randint(1, 12):02d}/{d.randint(1998, 2026)}", "date"),
    Kind(("date_fin", "Échéance", "champ_9"), lambda d: f"{d.randint(1990, 2026)}-{d.randint(1, 12):02d}-{d.randint(1, 28):02d}", "date"),
    Kind(("Date de la séance", "date"), lambda d: f"{d.randint(2, 28)} {d.choice(_MONTHS)} {d.randint(2001, 2026)}", "date"),
    Kind(("horodatage", "date_heure", "Dernière mise à jour"), lambda d: f"{d.randint(13, 28):02d}/{d.randint(1, 12):02d}/{d.randint(2015, 2026)} {d.randint(0, 23):02d}:{d.randint(0, 59):02d}", "datetime"),
    Kind(("maj", "updated_at"), lambda d: f"{d.randint(2015, 2026)}-{d.randint(1, 12):02d}-{d.randint(1, 28):02d}T{d.randint(0, 23):02d}:{d.randint(0, 59):02d}:00+01:00", "datetime"),
    Kind(("heure", "Heure de début"), lambda d: f"{d.randint(6, 22):02d}:{d.choice(('00', '15', '30', '45'))}", "time"),
    Kind(("ouverture", "h_debut"), lambda d: f"{d.randint(6, 22)}h{d.choice(('00', '15', '30', '45'))}", "time"),
    Kind(("année", "Exercice", "annee_construction"), lambda d: str(d.randint(1900, 2026)), "year"),
    Kind(("accessible PMR", "gratuit", "ouvert"), lambda d: d.choice(("oui", "non")), "boolean"),
    Kind(("actif", "est_public"), lambda d: d.choice(("1", "0")), "boolean"),
    Kind(("latitude", "lat", "geo_lat"), lambda d: f"43.{d.randint(500000, 700000)}", "number"),
    Kind(("longitude", "lon", "geo_lon"), lambda d: f"3.{d.randint(800000, 999999)}", "number"),
    Kind(("observations", "Commentaire", "remarque"), lambda d: d.choice(("", "", "à vérifier", "fermé l'été", "travaux jusqu'au 3 mai")), "text", spoils=False),
    Kind(("courriel", "E-mail"), lambda d: f"accueil{d.randint(1, 99)}@exemple.fr", "text", spoils=False),
    Kind(("geo_point_2d", "coordonnées"), lambda d: f"43.{d.randint(500000, 700000)}, 3.{d.randint(800000, 999999)}", "text", spoils=False),
    Kind(("siret", "N° SIRET"), lambda d: d.choice(("21340172201787", "21310555400017", "21130055300016", "21690123100011")), "text", spoils=False),
)  # fmt: skip
_TITLES = (
    ["Direction des services techniques"],
    ["Liste des équipements", ""],
    ["Ville de Crécy", "Exercice 2025", ""],
)
_NOTES = (
    ["Source : service des marchés"],
    ["", "Données provisoires, arrêtées au 31 décembre"],
    ["", "* hors budget annexe", "(1) estimation"],
)


def draw(seed: int) -> Case:
    """The file of a seed."""
    d = random.Random(seed)
    separator = d.choice((";", ";", ";", ",", "\t", "|"))
    codec = d.choice(
        ("utf-8", "utf-8", "utf-8-sig", "cp1252", "cp1252", "mac-roman", "cp850", "utf-16-le", "utf-16-be")
    )
    end = d.choice(("\n", "\r\n", "\r\n"))
    always = d.random() < 0.25
    count = d.randint(20, 120)
    kinds = [KINDS[d.choice((0, 3, 4))], *d.sample(KINDS, d.randint(2, 9))]
    labels: list[str] = []
    chosen: list[Kind] = []
    for kind in kinds:
        free = [label for label in kind.labels if label not in labels]
        if free and kind not in chosen:
            labels.append(d.choice(free))
            chosen.append(kind)
    columns = [[kind.cell(d) for _ in range(count)] for kind in chosen]
    missing = d.choice(("", "", "NC", "n.d."))
    misfits = 0
    for kind, cells in zip(chosen, columns, strict=True):
        if kind.spoils and d.random() < 0.4:
            for row in d.sample(range(count), max(1, count // 20)):
                cells[row] = d.choice(_BAD)
                misfits += 1
        if kind.spoils and missing and d.random() < 0.4:
            row = d.randrange(count)
            misfits -= cells[row] in _BAD
            cells[row] = missing

    def line(cells: list[str]) -> str:
        return separator.join(f'"{c}"' if always or separator in c else c for c in cells) + end

    title = d.choice((*_TITLES, [], [], []))
    note = d.choice((*_NOTES, [], [], []))
    body = "".join(line([column[row] for column in columns]) for row in range(count))
    text = "".join(t + end for t in title) + line(labels) + body + "".join(n + end for n in note)
    try:
        text.encode(codec)
    except UnicodeEncodeError:
        codec = "utf-8"
    plain = all(ord(c) < 128 for c in text)
    encoding = {"cp1252": ("cp1252", "iso-8859-1", "iso-8859-15")}.get(codec, (codec,))
    content = text.encode(codec)
    return Case(
        f"seed {seed}",
        content,
        encoding=() if plain else encoding,
        separator=separator,
        header=len(title) + 1,
        rows=count,
        names=tuple(labels),
        types=tuple(k.type for k in chosen),
        misfits=None
        if any(k.type in ("number",) and k.labels[0] in ("latitude", "longitude") for k in chosen)
        else misfits,
    )


def seeds(first: int, count: int) -> Callable[[], Iterator[Case]]:
    """A family of files drawn by seeds that follow each other."""
    return lambda: map(draw, range(first, first + count))


FAMILIES = {"drawn": seeds(1, 200)}
