"""The registers of a town hall, service by service, as its agents head them, with what each column is.

Files beside this one: `@service`, then for each table `# title ; what a row is` (P person, H household, T whoever
trades in their own name, F body, L place, O thing, E event, S statistics, W work, M elected, R rule) and its
columns on one line, `label header|OTHER|header=values`: y helps to recognise somebody, q too since others know it of them without this file (a place,
a school, a service, a vehicle: decision 0079), n doesn't, ? depends.
`tables` draws each once for every way its headers are written.
"""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from parvis.core.text import fold
from parvis.privacy.names import FIRST, SURNAMES

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Register:
    """One table of a service. columns: label, ways to write the header, what the values look like."""

    service: str
    title: str
    unit: str
    columns: tuple[tuple[str, tuple[str, ...], str], ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A register with values, as a file of CSV, and the label of each column."""

    service: str
    title: str
    unit: str
    text: str
    truth: Mapping[str, str]


def registers() -> Iterator[Register]:
    for path in sorted(HERE.glob("*.txt")):
        service, title, unit = "", "", ""
        for line in filter(None, map(str.strip, path.read_text(encoding="utf-8").splitlines())):
            if line.startswith("@"):
                service = line[1:]
            elif line.startswith("#"):
                title, _, unit = (part.strip() for part in line[1:].rpartition(";"))
                title = title.strip()
            else:
                yield Register(service, title, unit, tuple(_column(part) for part in line.split(" ; ")))


def _column(part: str) -> tuple[str, tuple[str, ...], str]:
    """`y Nom|NOM=SUR` as its label, headers and values; ` ;` inside ends it."""
    label, _, rest = part.strip().partition(" ")
    headers, _, values = rest.rpartition("=")
    return label, tuple(headers.split("|")), values


def tables(seed: int = 1, ways: int = 3) -> Iterator[Drawn]:
    """Each register, once for each way to write its headers."""
    for register in registers():
        for way in range(ways):
            rng = random.Random(f"{seed} {register.service} {register.title} {way}")
            yield _drawn(register, way, rng)


_NAMING = frozenset(
    (
        "SUR",
        "first",
        "first2",
        "full",
        "FULL",
        "title",
        "pair",
        "fulltel",
        "init",
        "dr",
        "mail",
        "mailnom",
        "tel",
        "mob",
        "adr",
        "adrv",
        "nir",
        "iban",
        "plate",
        "login",
    )
)
"""Values that name people or reach them."""


def bare(seed: int = 1, ways: int = 3) -> Iterator[Drawn]:
    """The registers of people once more without the columns that name them or reach them, as extractions are."""
    for register in registers():
        left = tuple(c for c in register.columns if c[2].partition(":")[0] not in _NAMING)
        if (
            register.unit not in "PHT"
            or sum(c[0] == "y" for c in left) < 2
            or len(left) == len(register.columns)
        ):
            continue
        for way in range(ways):
            rng = random.Random(f"bare {seed} {register.service} {register.title} {way}")
            yield _drawn(Register(register.service, register.title, register.unit, left), way, rng)


def _drawn(register: Register, way: int, rng: random.Random) -> Drawn:
    rows = rng.choice((9, 12, 18, 25, 40, 60))
    truth: dict[str, str] = {}
    columns: list[list[str]] = []
    for label, headers, values in register.columns:
        header = headers[way % len(headers)]
        while header in truth:
            header += " 2"
        truth[header] = label
        columns.append(column(values, rows, rng))
    if columns and register.unit in "PHT":
        _together(register, columns, rng)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=rng.choice(";;;,"), lineterminator="\n")
    writer.writerow(truth)
    writer.writerows(zip(*columns, strict=True))
    return Drawn(register.service, register.title, register.unit, out.getvalue(), truth)


def _together(register: Register, columns: list[list[str]], rng: random.Random) -> None:
    """Mails as those who are named have them."""
    kinds = [values for _, _, values in register.columns]
    full = next((i for i, k in enumerate(kinds) if k in ("FULL", "full", "title", "SUR")), None)
    for i, kind in enumerate(kinds):
        if kind == "mail" and full is not None:
            for row, name in enumerate(columns[full]):
                last = [w for w in re.split(r"\W+", fold(name)) if len(w) > 2][-1:]
                if last and rng.random() < 0.7:
                    columns[i][row] = f"{last[0]}{rng.randint(1, 99)}@{rng.choice(_HOSTS)}"


_HOSTS = ("orange.fr", "gmail.com", "free.fr", "laposte.net", "proton.me", "sfr.fr")
_OTHER_FIRST = ("Maëlio", "Soumaya", "Ilyès", "Kerstin", "Nolhan", "Swann", "Bilkis", "Djibril", "Héloïne", "Ombeline", "Zofia", "Tugdual")  # fmt: skip
_OTHER_LAST = (
    "Brethomeau", "Guilbaudeau", "Pérocheau", "Drapeau-Rivière", "Vrignaud", "Arnaudet", "Coutansais", "Nguyen Van", "Szymczak", "El Amrani",
    "Tessereau", "Boisliveau", "Chaigneau", "Mbaye-Sow", "Ravon", "Le Bihannic", "Grimaud", "Papin", "Doussou", "Kervella",
)  # fmt: skip
_FIRSTS = sorted(w for w in FIRST if w.isalpha() and 3 < len(w) < 10)
_LASTS = sorted(w for w in SURNAMES if w.isalpha() and 3 < len(w) < 11)
_STREETS = (
    "rue du Port", "allée des Frênes", "avenue Jean Jaurès", "impasse de la Fontaine", "chemin des Vignes", "rue Pasteur", "place de l'Église",
    "boulevard de la Vallée", "rue Marcel Pagnol", "route de Nantes", "quai des Pêcheurs", "rue Louise Michel", "square Berthe Morisot", "rue du Moulin",
)  # fmt: skip
_CITIES = ("La Roche-sur-Yon", "Challans", "Montaigu-Vendée", "Les Herbiers", "Luçon", "Fontenay-le-Comte", "Aizenay", "Cholet", "Niort", "Clisson")  # fmt: skip
_PLACES = (
    "Gymnase des Oudairies", "Salle des fêtes", "Médiathèque Benjamin Rabier", "Espace Golly", "Crèche Les Petits Loups", "Stade Desgrange", "Maison de quartier Nord",
    "Hôtel de ville", "Parc des Oudairies", "Piscine Arago", "Château de la Flocellière", "Résidence Les Tilleuls", "Square Bayard", "Pôle associatif",
)  # fmt: skip
_SCHOOLS = ("Jean Zay", "Jacques Prévert", "Les Pyramides", "Flora Tristan", "Jean Moulin", "Pont Boileau", "Laënnec", "Marcel Pagnol")  # fmt: skip
_ASSOS = ("Judo Club du Bocage", "Les Amis du moulin", "Chorale À cœur joie", "Secours populaire", "Basket Vendée Sud", "Gym volontaire", "Banque alimentaire", "AMAP des Sources", "Comité des fêtes", "Les Godillots de l'Yon")  # fmt: skip
_FIRMS = ("Charier TP", "SARL Poissonnet", "Eiffage Route", "ETS Rabiller & Fils", "Bodin SAS", "Colas Ouest", "SMACL", "Veolia Eau", "Engie Solutions", "Merceron TP")  # fmt: skip
_SHOPS = ("Boulangerie Martin", "Le Petit Bar", "Chez Paulette", "Optique Yon", "La Cave du Port", "Coiffure Élégance", "Pharmacie Centrale", "Librairie 85000", "Kebab Istanbul", "Fleurs d'Ici")  # fmt: skip
_JOBS = ("infirmière", "retraité", "enseignant", "agriculteur", "cadre commercial", "ouvrier", "étudiante", "sans profession", "artisan", "employée")  # fmt: skip
_NOTES = (
    "Mon voisin M. {last} fait du bruit toutes les nuits", "Appeler Mme {last} au {tel}", "Je suis handicapée et le trottoir est impraticable",
    "Trou devant le 12 rue du Port", "Signalé par {first} {last}, attend une réponse", "Lampadaire éteint depuis lundi", "Ma fille {first} s'est blessée au parc",
    "", "Bac non ramassé", "Merci de me rappeler, {mail}", "Plus de lumière dans la rue, danger pour les enfants",
)  # fmt: skip


def first(rng: random.Random) -> str:
    return rng.choice(_OTHER_FIRST) if rng.random() < 0.15 else rng.choice(_FIRSTS).capitalize()


def last(rng: random.Random) -> str:
    return rng.choice(_OTHER_LAST) if rng.random() < 0.4 else rng.choice(_LASTS).capitalize()


def _pattern(pattern: str, rng: random.Random) -> str:
    return "".join(
        str(rng.randint(0, 9)) if c == "#" else rng.choice("ABCDEFGHJKLMNPRSTVWXYZ") if c == "@" else c
        for c in pattern
    )


def _phone(rng: random.Random, begins: str) -> str:
    digits = begins + "".join(str(rng.randint(0, 9)) for _ in range(8))
    joint = rng.choice((" ", ".", ""))
    return joint.join(digits[i : i + 2] for i in range(0, 10, 2))


def _nir(rng: random.Random) -> str:
    body = f"{rng.choice('12')}{rng.randint(50, 99)}{rng.randint(1, 12):02}{rng.randint(1, 95):02}{rng.randint(1, 600):03}{rng.randint(1, 400):03}"
    return f"{body}{97 - int(body) % 97:02}"


def _iban(rng: random.Random) -> str:
    bank, desk, account = (f"{rng.randint(0, 10**n - 1):0{n}}" for n in (5, 5, 11))
    key = 97 - (89 * int(bank) + 15 * int(desk) + 3 * int(account)) % 97
    bban = f"{bank}{desk}{account}{key:02}"
    check = 98 - int(bban + "152700") % 97
    return f"FR{check:02}{bban}"


def _siret(rng: random.Random) -> str:
    while True:
        number = f"{rng.randint(3, 9)}{rng.randint(0, 10**12 - 1):012}"
        total = sum(
            (2 * int(c) - 9 if 2 * int(c) > 9 else 2 * int(c)) if i % 2 == 1 else int(c)
            for i, c in enumerate(reversed(number + "0"))
        )
        return f"{number}{-total % 10}"


def _day(rng: random.Random, low: int, high: int) -> date:
    return date(low, 1, 1) + timedelta(rng.randrange((date(high, 12, 31) - date(low, 1, 1)).days))


def _address(rng: random.Random) -> str:
    return f"{rng.randint(1, 160)}{rng.choice(('', '', ' bis'))} {rng.choice(_STREETS)}"


def _named(kind: str, rng: random.Random) -> str:
    one, other = first(rng), last(rng)
    return {
        "full": f"{one} {other}",
        "FULL": f"{other.upper()} {one}",
        "title": f"{rng.choice(('M.', 'Mme'))} {one} {other}",
        "init": f"{one[0]}.{other[0]}.",
        "dr": f"Dr {other}",
        "fulltel": f"{one} {other} {_phone(rng, '06')}",
        "login": fold(one[0] + other).replace(" ", "").replace("-", ""),
        "mailnom": f"{fold(one)}.{fold(other).replace(' ', '')}@ville-exemple.fr",
        "pair": f"{other} / {last(rng)}",
        "device": rng.choice(
            (f"iPhone-de-{one}", f"Galaxy-{other}", f"PC-{other.upper()}", f"{fold(one)}-laptop")
        ),
        "SUR": other.upper(),
        "first": one,
        "first2": f"{one} {first(rng)}",
    }[kind]


_SIMPLE: Mapping[str, Callable[[random.Random], str]] = {
    "adr": _address,
    "adrv": lambda r: f"{_address(r)}, {85000 + 10 * r.randint(0, 80)} {r.choice(_CITIES)}",
    "street": lambda r: r.choice(_STREETS).capitalize(),
    "hamlet": lambda r: r.choice(
        ("L'Épinay", "La Tuilerie", "Le Bas Moulin", "La Brossière", "Les Landes", "Le Chêne Vert")
    ),
    "place": lambda r: r.choice(_PLACES),
    "school": lambda r: r.choice(_SCHOOLS),
    "city": lambda r: r.choice(_CITIES),
    "insee": lambda r: f"85{r.randint(1, 300):03}",
    "asso": lambda r: r.choice(_ASSOS),
    "firm": lambda r: r.choice(_FIRMS),
    "shop": lambda r: r.choice(_SHOPS),
    "job": lambda r: r.choice(_JOBS),
    "mail": lambda r: f"{fold(last(r)).replace(' ', '')}{r.randint(1, 99)}@{r.choice(_HOSTS)}",
    "mailpro": lambda r: (
        f"{r.choice(('accueil', 'contact', 'mairie', 'secretariat'))}@{r.choice(('asso-exemple.fr', 'ville-exemple.fr', 'bocage.org'))}"
    ),
    "tel": lambda r: _phone(r, r.choice(("02", "06", "07"))),
    "mob": lambda r: _phone(r, r.choice(("06", "07"))),
    "telfix": lambda r: _phone(r, "02"),
    "nir": _nir,
    "iban": _iban,
    "siret": _siret,
    "plate": lambda r: _pattern(r.choice(("@@-###-@@", "@@###@@")), r),
    "time": lambda r: f"{r.randint(7, 19):02}:{r.choice((0, 15, 30, 45)):02}",
    "month": lambda r: f"2026-{r.randint(1, 12):02}",
    "bool": lambda r: r.choice(("oui", "non")),
    "sex": lambda r: r.choice(("M", "F")),
    "grade": lambda r: r.choice(("PS", "MS", "GS", "CP", "CE1", "CE2", "CM1", "CM2")),
    "lat": lambda r: f"{46.6 + 0.1 * r.random():.6f}",
    "lon": lambda r: f"{-1.5 + 0.1 * r.random():.6f}",
    "ip": lambda r: f"{r.randint(77, 92)}.{r.randint(1, 250)}.{r.randint(1, 250)}.{r.randint(1, 250)}",
    "ip10": lambda r: f"10.85.{r.randint(1, 9)}.{r.randint(1, 250)}",
    "mac": lambda r: ":".join(f"{r.randint(0, 255):02x}" for _ in range(6)),
    "hash": lambda r: f"{r.getrandbits(64):016x}",
    "url": lambda r: f"https://www.{r.choice(('exemple', 'bocage', 'service'))}-{r.randint(1, 90)}.fr",
    "pwd": lambda r: _pattern("@@##-", r) + r.choice(("Soleil!", "hiver2", "X9$kq")),
}


def column(values: str, rows: int, rng: random.Random) -> list[str]:
    """The cells of a column. values: what they look like, `FULL`, `int:1-9`, `ch:oui/non`, `date:2026`…"""
    kind, _, of = values.partition(":")
    if kind == "seq":
        begin = rng.randint(1, 400)
        return [str(begin + i) for i in range(rows)]
    if kind == "ch":
        choices = of.split("/")
        return [rng.choice(choices) for _ in range(rows)]
    if kind == "code":
        return [_pattern(of, rng) for _ in range(rows)]
    if kind in ("int", "dec", "eur", "year"):
        low, _, high = of.rpartition("-")
        a, b = int(low.rstrip("-") or 0), int(high)
        if kind == "int" or kind == "year":
            return [str(rng.randint(min(a, b), max(a, b))) for _ in range(rows)]
        return [f"{rng.uniform(a, b):.2f}".replace(".", ",") for _ in range(rows)]
    if kind in ("date", "birth"):
        low, _, high = {"adult": "1940-2006", "child": "2010-2021", "senior": "1926-1952"}.get(
            of, of
        ).partition("-")
        written = rng.choice(("%d/%m/%Y", "%Y-%m-%d"))
        return [_day(rng, int(low), int(high or low)).strftime(written) for _ in range(rows)]
    if kind == "datetime":
        start = datetime(2026, 1, 5, 7, tzinfo=UTC)
        return [
            (start + timedelta(minutes=rng.randint(0, 300_000))).strftime("%Y-%m-%d %H:%M:%S")
            for _ in range(rows)
        ]
    if kind == "note_p":
        return [
            rng.choice(_NOTES).format(
                first=first(rng), last=last(rng), tel=_phone(rng, "06"), mail=_SIMPLE["mail"](rng)
            )
            for _ in range(rows)
        ]
    if kind in _SIMPLE:
        blank = 0.1 if kind in ("mail", "tel", "mob") else 0.0
        return ["" if rng.random() < blank else _SIMPLE[kind](rng) for _ in range(rows)]
    return [_named(kind, rng) for _ in range(rows)]


def loose(seed: int = 1, times: int = 3) -> Iterator[Drawn]:
    """Tables of people put together from headers that stand alone in `phrases.lst`: `label:values | header | …`,
    three that are somebody's or known of them and three that are not, each as agents write it: in words, in snake case, in capitals.
    """
    rng = random.Random(seed)
    given: dict[str, list[tuple[str, str]]] = {"y": [], "n": []}
    for line in filter(None, map(str.strip, (HERE / "phrases.lst").read_text(encoding="utf-8").splitlines())):
        kind, *headers = (part.strip() for part in line.split("|"))
        label, _, values = kind.partition(":")
        given["n" if label == "n" else "y"] += [(header, values) for header in headers]
    for time in range(times):
        for headers in given.values():
            rng.shuffle(headers)
        for at in range(0, max(map(len, given.values())), 3):
            chosen = [(k, *given[k][(at + i) % len(given[k])]) for i in range(3) for k in given]
            rng.shuffle(chosen)
            columns = tuple((k, (_written(h, time),), v) for k, h, v in chosen)
            yield _drawn(Register("loose", f"{time} {at}", "P", columns), 0, rng)


def _written(header: str, way: int) -> str:
    snake = re.sub(r"[^\w]+", "_", fold(header)).strip("_")
    return (header.capitalize(), snake, snake.upper())[way % 3]
