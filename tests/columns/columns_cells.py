"""Cells for the tests of columns: labelled columns and what fills them, seeded."""

from __future__ import annotations

import csv
import random
import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from parvis.core.reading import ParquetScan, RawColumn, RawTable
from tests.conftest import DATA

LABELS = DATA / "typing_labels.tsv"
BAD = (
    "???",
    "#REF!x",
    "voir mairie",
    "erreur",
    "12/34/5678x",
    "à vérifier",
    "12.5.3",
    "--x",
    "<b>",
    "2020-13-45",
    "99:99",
    "peut-être",
    "x",
    "1001 ou 1002",
)
"""Cells that fit no type: what people type when they have no value to give."""


@dataclass(frozen=True)
class Label:
    """A column with the type that it must have. source: "own", or a file of the conformance material
    (`path#member`).
    """

    source: str
    column: str
    type: str
    meaning: str
    values: str


def labels() -> list[Label]:
    """The label file, in order."""
    with LABELS.open(encoding="utf-8", newline="") as file:
        return [Label(**row) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def cells(label: Label, rows: int, seed: int = 7) -> list[str]:
    """Cells of an own column: its values in turn, shuffled, or those of its generator (`@siret`)."""
    rng = random.Random(f"{seed}{label.column}{label.values}")
    if label.values.startswith("@"):
        name, arguments = re.fullmatch(r"@(\w+)(?:\((.*)\))?", label.values).groups()  # type: ignore[union-attr]
        return [
            _GENERATORS[name](rng, *(int(a) for a in (arguments or "").split(",") if a)) for _ in range(rows)
        ]
    values = [v.strip(" ") if v != " " else v for v in label.values.split(" ¦ ")]
    made = [values[i % len(values)] for i in range(rows)]
    rng.shuffle(made)
    return made


def spoilt(made: Sequence[str], share: float = 0.05, seed: int = 3) -> list[str]:
    """The same cells, a share of them replaced by bad ones."""
    rng = random.Random(seed)
    where = set(rng.sample(range(len(made)), round(share * len(made))))
    return [rng.choice(BAD) if i in where else cell for i, cell in enumerate(made)]


def table(path: Path, columns: dict[str, Sequence[str | None]], *, lines: bool = False) -> RawTable:
    """A raw table of text cells, as a reader leaves it in the spool."""
    rows = max((len(v) for v in columns.values()), default=0)
    arrays = {f"c{i}": pa.array(list(v), pa.string()) for i, v in enumerate(columns.values())}
    if lines:
        arrays["_line"] = pa.array(range(2, rows + 2), pa.int64())
    pq.write_table(pa.table(arrays), path, row_group_size=20_480)
    return RawTable("", tuple(RawColumn(n, n) for n in columns), ParquetScan(path, lines), rows, 1)


def _luhn(digits: str) -> str:
    total = sum(
        int(d) if i % 2 else (2 * int(d) if int(d) < 5 else 2 * int(d) - 9)
        for i, d in enumerate(reversed(digits))
    )
    return digits + str(-total % 10)


def _digits(rng: random.Random, n: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(n))


def _siren(rng: random.Random) -> str:
    return _luhn(rng.choice("2345678") + _digits(rng, 7))


def _siret(rng: random.Random) -> str:
    return _luhn(_siren(rng) + "000" + str(rng.randint(1, 9)))


def _spaced(text: str, *sizes: int) -> str:
    parts, at = list[str](), 0
    for size in sizes:
        parts.append(text[at : at + size])
        at += size
    return " ".join(p for p in (*parts, text[at:]) if p)


def _nir(rng: random.Random) -> str:
    body = (
        rng.choice("12")
        + f"{rng.randint(0, 99):02}{rng.randint(1, 12):02}{rng.randint(1, 95):02}"
        + _digits(rng, 6)
    )
    return f"{body}{97 - int(body) % 97:02}"


def _iban(rng: random.Random) -> str:
    bban = _digits(rng, 23)
    return f"FR{98 - int(bban + '152700') % 97:02}{bban}"


def _uai(rng: random.Random) -> str:
    number = f"034{_digits(rng, 4)}"
    return number + "ABCDEFGHJKLMNPRSTUVWXYZ"[int(number) % 23]


def _day(rng: random.Random) -> date:
    return date(2010, 1, 1) + timedelta(days=rng.randint(0, 5000))


_GENERATORS: dict[str, Callable[..., str]] = {
    "siret": _siret, "siren": _siren, "nir": _nir, "iban": _iban, "uai": _uai,
    "siret_spaced": lambda r: _spaced(_siret(r), 3, 3, 3), "siren_spaced": lambda r: _spaced(_siren(r), 3, 3),
    "nir_spaced": lambda r: _spaced(_nir(r), 1, 2, 2, 2, 3, 3), "iban_spaced": lambda r: _spaced(_iban(r), 4, 4, 4, 4, 4, 4),
    "uuid": lambda r: str(uuid.UUID(int=r.getrandbits(128), version=4)), "code": lambda r, n: r.choice("123456789") + _digits(r, n - 1),
    "int": lambda r, low, high: str(r.randint(low, high)), "insee": lambda r: f"{r.randint(1, 95):02}{r.randint(1, 400):03}",
    "cp": lambda r: f"{r.randint(1, 95):02}{r.randint(0, 99) * 10:03}", "email": lambda r: f"agent{r.randint(1, 900)}@ville.fr",
    "date_fr": lambda r: f"{_day(r):%d/%m/%Y}", "date_iso": lambda r: _day(r).isoformat(),
    "datetime": lambda r: (datetime(2024, 1, 1) + timedelta(seconds=r.randint(0, 10**8))).isoformat(),  # noqa: DTZ001
}  # fmt: skip
