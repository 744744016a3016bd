"""Addresses that are made: a file in BAN format, and the same addresses as clerks type them, with planted
typos and the row that each one means. Seeded.
"""

from __future__ import annotations

import csv
import random
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

COMMUNES = (
    "Montclair", "Castelnau-le-Lez", "Saint-Jean-de-Védas", "Saint-Jean-de-Cornies", "Le Crès", "Lattes", "Pérols", "Juvignac", "Grabels", "Saint-Georges-d’Orques",
    "Villeneuve-lès-Maguelone", "Villeneuve-lès-Béziers", "Fabrègues", "Pignan", "Cournonterral", "Cournonsec", "Baillargues", "Vendargues", "Jacou", "Clapiers",
    "Prades-le-Lez", "Montferrier-sur-Lez", "Saint-Clément-de-Rivière", "Saint-Gély-du-Fesc", "Les Matelles", "Le Triadou", "Saint-Brès", "Castries", "Sussargues",
    "Beaulieu", "Restinclières", "Saint-Drézéry", "Saint-Geniès-des-Mourgues", "Montaud", "Mauguio", "Palavas-les-Flots", "Carnon", "La Grande-Motte", "Murviel-lès-Montpellier",
    "Lavérune",
)  # fmt: skip
TYPES = (
    ("rue", 40), ("avenue", 10), ("boulevard", 4), ("chemin", 12), ("impasse", 12), ("allée", 8), ("place", 5), ("route", 3), ("passage", 2), ("square", 1), ("quai", 1),
    ("cours", 1), ("montée", 1), ("traverse", 1), ("lotissement", 2), ("résidence", 2),
)  # fmt: skip
WORDS = ["Lilas", "Mimosas", "Pins", "Vignes", "Oliviers", "Amandiers", "Cigales", "Micocouliers", "Cyprès", "Chênes", "Platanes", "Tilleuls", "Acacias", "Roses", "Violettes", "Bleuets", "Coquelicots", "Genêts", "Romarins", "Lavandes", "Thyms", "Hirondelles", "Mésanges", "Fauvettes", "Rossignols", "Alouettes", "Écoles", "Moulins", "Puits", "Lavoirs", "Remparts", "Carrières", "Jardins", "Prés", "Champs", "Sources", "Aires", "Bergers", "Tonneliers", "Tanneurs", "Tisserands", "Meuniers", "Vendangeurs", "Horts", "Garrigues", "Capitelles", "Aubépines", "Bruyères", "Glycines", "Jonquilles", "Pervenches", "Tamaris", "Arbousiers", "Figuiers", "Grenadiers", "Cerisiers", "Pêcheurs", "Marins", "Sauniers", "Étangs"]  # fmt: skip
SINGLE = [
    "Mairie",
    "Fontaine",
    "Gare",
    "Poste",
    "Paix",
    "Liberté",
    "République",
    "Résistance",
    "Libération",
    "Fraternité",
    "Concorde",
    "Chapelle",
    "Croix",
    "Plage",
    "Rivière",
    "Combe",
    "Source",
    "Garrigue",
    "Méditerranée",
    "Tour",
]
MASCULINE = [
    "Moulin",
    "Château",
    "Lavoir",
    "Stade",
    "Marché",
    "Port",
    "Pont",
    "Puits",
    "Four",
    "Cimetière",
    "Levant",
    "Couchant",
    "Midi",
    "Mas",
    "Ruisseau",
    "Pioch",
    "Vallon",
    "Bosquet",
    "Verger",
    "Foirail",
    "Temple",
    "Peyrou",
]
ELIDED = [
    "Église",
    "École",
    "Olivette",
    "Abreuvoir",
    "Aqueduc",
    "Horloge",
    "Occitanie",
    "Europe",
    "Égalité",
    "Amandier",
    "Arbousier",
    "Orangerie",
    "Étang",
    "Aire",
]
FIRST = [
    "Jean",
    "Victor",
    "Marie",
    "Louis",
    "Pierre",
    "Georges",
    "Henri",
    "Paul",
    "Émile",
    "Jules",
    "Lucie",
    "Simone",
    "Rosa",
    "Frédéric",
    "Camille",
    "Auguste",
    "Claude",
    "Hector",
    "Anatole",
    "Marcel",
    "Olympe",
    "Ada",
    "Irène",
    "Joséphine",
]
LAST = ["Jaurès", "Hugo", "Curie", "Pasteur", "Brossolette", "Clemenceau", "Matisse", "Verlaine", "Zola", "Ferry", "Aubrac", "Veil", "Parks", "Mistral", "Saint-Saëns", "Comte", "Debussy", "Berlioz", "France", "Pagnol", "Gouges", "Lovelace", "Bazille", "Vernet", "Cézanne", "Rimbaud", "Baudelaire", "Lamartine", "Renoir", "Monet", "Moulin", "Moulins", "Prévert", "Éluard", "Desnos", "Giono", "Daudet", "Valéry", "Brassens", "Trenet", "Piaf", "Brel", "Ferrat", "Laënnec", "Chaptal", "Planchon"]  # fmt: skip
TITLED = ("Général de Gaulle", "Général Leclerc", "Maréchal Foch", "Maréchal Juin", "Docteur Schweitzer", "Docteur Calmette", "Président Wilson", "Commandant Cousteau",
          "Capitaine Nemo", "Professeur Grasset", "Colonel Fabien")  # fmt: skip
DATES = (
    "8 Mai 1945",
    "11 Novembre 1918",
    "14 Juillet",
    "19 Mars 1962",
    "4 Septembre",
    "22 Août 1944",
    "1er Mai",
)
SAINTS = (
    "Saint-Martin",
    "Saint-Roch",
    "Sainte-Anne",
    "Saint-Pierre",
    "Sainte-Lucie",
    "Saint-Sauveur",
    "Saint-Éloi",
    "Notre-Dame",
)
REPETITIONS = ("bis", "ter", "quater", "a", "b")
FIELDS = (
    "id", "id_fantoir", "numero", "rep", "nom_voie", "code_postal", "code_insee", "nom_commune", "code_insee_ancienne_commune", "nom_ancienne_commune", "x", "y", "lon", "lat",
    "type_position", "alias", "nom_ld", "libelle_acheminement", "nom_afnor", "source_position", "source_nom_voie", "certification_commune", "cad_parcelles",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Address:
    """One row of the file."""

    numero: str
    rep: str
    voie: str
    postcode: str
    insee: str
    commune: str
    lon: str
    lat: str


@dataclass(frozen=True, slots=True)
class Typed:
    """An address as somebody typed it, the row that it means and what was done to it."""

    adresse: str
    postcode: str
    commune: str
    means: int
    typos: tuple[str, ...]


def _street(rng: random.Random) -> str:
    kind = rng.choices([t for t, _ in TYPES], [w for _, w in TYPES])[0]
    how = rng.random()
    if how < 0.30:
        name = f"des {rng.choice(WORDS)}"
    elif how < 0.40:
        name = f"de la {rng.choice(SINGLE)}"
    elif how < 0.50:
        name = f"du {rng.choice(MASCULINE)}"
    elif how < 0.58:
        name = f"de l’{rng.choice(ELIDED)}"
    elif how < 0.86:
        name = f"{rng.choice(FIRST)} {rng.choice(LAST)}"
    elif how < 0.91:
        name = f"du {rng.choice(TITLED)}"
    elif how < 0.95:
        name = f"du {rng.choice(DATES)}"
    else:
        name = rng.choice(SAINTS)
    return f"{kind} {name}"


def ban(size: int = 200_000, *, seed: int = 34) -> list[Address]:
    """So many addresses in forty communes. The same street names come again from commune to commune;
    neighbours share a postal code; the town has several.
    """
    rng = random.Random(seed)
    weights = [8.0, *(2.5 if i < 8 else 1.0 for i in range(1, len(COMMUNES)))]
    made: list[Address] = []
    for i, name in enumerate(COMMUNES):
        codes = [f"34{90 + n:02d}0" for n in range(3)] if i == 0 else [f"34{100 + (i + 1) // 2 * 3}"]
        lon, lat = 3.6 + (i % 8) * 0.06, 43.5 + (i // 8) * 0.05
        wanted = round(size * weights[i] / sum(weights)) if i < len(COMMUNES) - 1 else size - len(made)
        count, streets = 0, set[str]()
        while count < wanted:
            street = _street(rng)
            if street in streets:
                continue
            streets.add(street)
            code = rng.choice(codes)
            x, y = lon + rng.uniform(-0.025, 0.025), lat + rng.uniform(-0.02, 0.02)
            number = 0
            for _ in range(min(wanted - count, rng.randint(4, 46))):
                number += rng.choice((1, 1, 2, 2, 3))
                forms = ["", rng.choice(REPETITIONS)] if rng.random() < 0.06 else [""]
                for rep in forms[: wanted - count]:
                    at = (f"{x + number * 2e-5 + len(rep) * 1e-6:.6f}", f"{y + number * 1e-5:.6f}")
                    made.append(Address(str(number), rep, street, code, f"34{i + 1:03d}", name, *at))
                    count += 1
    return made


def write(addresses: Sequence[Address], path: Path) -> Path:
    """The file in BAN format."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter=";", lineterminator="\n")
        writer.writerow(FIELDS)
        for i, a in enumerate(addresses):
            key = f"{a.insee}_{i:06d}"
            writer.writerow(
                (
                    key,
                    "",
                    a.numero,
                    a.rep,
                    a.voie,
                    a.postcode,
                    a.insee,
                    a.commune,
                    "",
                    "",
                    "",
                    "",
                    a.lon,
                    a.lat,
                    "entrée",
                    "",
                    "",
                    plain(a.commune).upper(),
                    "",
                    "commune",
                    "commune",
                    "1",
                    "",
                )
            )
    return path


def plain(text: str) -> str:
    """Without accents."""
    return "".join(
        c
        for c in unicodedata.normalize("NFKD", text.replace("’", "'").replace("œ", "oe"))
        if not unicodedata.combining(c)
    )


SHORT = {
    "avenue": ("av", "av.", "ave"), "boulevard": ("bd", "bld", "bd.", "boul."), "rue": ("r", "r."), "chemin": ("ch", "chem.", "che"), "impasse": ("imp", "imp."),
    "allée": ("all", "all."), "place": ("pl", "pl."), "route": ("rte",), "passage": ("pass.", "psg"), "square": ("sq",), "lotissement": ("lot", "lot."),
    "résidence": ("res", "rés."), "quai": ("q.",), "cours": ("crs",), "montée": ("mte",), "traverse": ("trav.",), "Général": ("Gal", "Gén."), "Maréchal": ("Mal",),
    "Docteur": ("Dr", "Dr."), "Président": ("Pdt",), "Commandant": ("Cdt",), "Capitaine": ("Cap.",), "Professeur": ("Pr", "Prof."),
    "Saint": ("St", "St."), "Sainte": ("Ste",), "Jean": ("J.",),
}  # fmt: skip


def swapped(word: str, rng: random.Random) -> str:
    """Two neighbouring letters the wrong way round, where that changes something."""
    places = [
        i
        for i in range(len(word) - 1)
        if word[i].isalpha() and word[i + 1].isalpha() and word[i].lower() != word[i + 1].lower()
    ]
    if not places:
        return word
    i = rng.choice(places)
    return word[:i] + word[i + 1] + word[i] + word[i + 2 :]


def shortened(word: str, rng: random.Random) -> str:
    """A letter less."""
    places = [i for i, c in enumerate(word) if c.isalpha()]
    i = rng.choice(places)
    return word[:i] + word[i + 1 :]


TYPOS = (
    "swap",
    "missing-letter",
    "abbreviation",
    "accents",
    "postcode-wrong",
    "postcode-missing",
    "bis",
    "case",
    "order",
    "commune-typo",
)


def typed(addresses: Sequence[Address], count: int, *, seed: int = 1) -> list[Typed]:
    """So many addresses of the file as somebody types them, one to three typos in each."""
    rng = random.Random(seed)
    postcodes = sorted({a.postcode for a in addresses})
    return [_typed(addresses, rng.randrange(len(addresses)), rng, postcodes) for _ in range(count)]


def _typed(addresses: Sequence[Address], means: int, rng: random.Random, postcodes: Sequence[str]) -> Typed:
    a = addresses[means]
    typos = rng.sample(TYPOS, rng.choice((1, 1, 2, 2, 3)))
    words, postcode, commune = a.voie.split(" "), a.postcode, a.commune
    done: list[str] = []
    for typo in typos:
        before = (list(words), postcode, commune)
        if typo in ("swap", "missing-letter"):
            long = [i for i, w in enumerate(words) if sum(c.isalpha() for c in w) > 3]
            if long:
                i = rng.choice(long)
                words[i] = (swapped if typo == "swap" else shortened)(words[i], rng)
        elif typo == "commune-typo" and len(commune) > 5:
            commune = (swapped if rng.random() < 0.5 else shortened)(commune, rng)
        elif typo == "postcode-wrong":
            postcode = rng.choice([p for p in postcodes if p != a.postcode] + [str(int(a.postcode) + 7)])
        elif typo == "postcode-missing":
            postcode = ""
        elif typo == "abbreviation":
            words = [rng.choice(SHORT[w]) if w in SHORT else w for w in words]
            if rng.random() < 0.5:
                commune = commune.replace("Sainte-", "Ste ").replace("Saint-", "St ")
        elif typo == "accents":
            words, commune = [plain(w) for w in words], plain(commune)
        elif typo == "case":
            how = rng.choice((str.upper, str.lower, str.title))
            words, commune = [how(w) for w in words], how(commune)
        elif typo == "order" and len(words) > 2:
            cut = rng.randrange(1, len(words))
            words = words[cut:] + words[:cut]
        if before != (words, postcode, commune):
            done.append(typo)
    number = f"{a.numero}{rng.choice((' ', '')) if a.rep and 'bis' in typos else ' ' if a.rep else ''}{_suffix(a.rep, typos, rng)}"
    if "bis" in typos and a.rep:
        done.append("bis")
    comma = rng.choice((" ", ", ", " "))
    return Typed(f"{number}{comma}{' '.join(words)}", postcode, commune, means, tuple(done))


def _suffix(rep: str, typos: Sequence[str], rng: random.Random) -> str:
    """A repetition as people write it: « 12 bis », « 12bis », « 12 BIS »; « 12B » only where the file itself
    has no letter b.
    """
    return rng.choice((rep.upper(), rep.capitalize(), rep)) if "bis" in typos else rep
