"""Made-up people, with numbers that pass their keys and belong to nobody."""

from __future__ import annotations

from dataclasses import dataclass

from numpy.random import Generator

from parvis.core.text import slug

FIRST = (
    "Marie",
    "Jean",
    "Camille",
    "Lucas",
    "Emma",
    "Hugo",
    "Léa",
    "Louis",
    "Chloé",
    "Nathan",
    "Inès",
    "Gabriel",
    "Fatima",
    "Mohamed",
    "Sarah",
    "Thomas",
    "Julie",
    "Antoine",
    "Élodie",
    "Nicolas",
)
LAST = (
    "Martin",
    "Bernard",
    "Dubois",
    "Thomas",
    "Robert",
    "Richard",
    "Petit",
    "Durand",
    "Leroy",
    "Moreau",
    "Simon",
    "Laurent",
    "Lefebvre",
    "Michel",
    "Garcia",
    "David",
    "Bertrand",
    "Roux",
    "Vincent",
    "Fournier",
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist. The phone stands in the range that fiction may use, the mail at a reserved
    domain.
    """

    first: str
    last: str
    email: str
    phone: str


def person(rng: Generator) -> Person:
    """Draw one."""
    first, last = FIRST[int(rng.integers(len(FIRST)))], LAST[int(rng.integers(len(LAST)))]
    number = int(rng.integers(0, 10_000))
    return Person(
        first,
        last,
        f"{slug(first)}.{slug(last)}{int(rng.integers(1, 99))}@courriel.example",
        f"06 39 98 {number // 100:02d} {number % 100:02d}",
    )


def nir(rng: Generator) -> str:
    """15 digits with a right key, written as on a card. Department 99 with an unused country code: nobody
    bears it.
    """
    sex, year, month = int(rng.integers(1, 3)), int(rng.integers(60, 99)), int(rng.integers(1, 13))
    body = f"{sex}{year:02d}{month:02d}99{int(rng.integers(990, 1000)):03d}{int(rng.integers(1, 999)):03d}"
    key = 97 - int(body) % 97
    return f"{body[0]} {body[1:3]} {body[3:5]} {body[5:7]} {body[7:10]} {body[10:13]} {key:02d}"


def iban(rng: Generator) -> str:
    """A French IBAN with a right key, at a bank code that is not attributed."""
    account = "00000" + "".join(str(d) for d in rng.integers(0, 10, 18))
    rearranged = int(account + "1527" + "00")
    return f"FR{98 - rearranged % 97:02d}{account}"
