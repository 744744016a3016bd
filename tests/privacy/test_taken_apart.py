"""A number over several columns, in words, backwards or with letters for digits is found as if it stood whole;
codes, dates and hours side by side are left alone.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from parvis.core.types import Sensitivity
from parvis.engine import connect
from parvis.privacy.number_words import in_digits
from tests.privacy.test_find import look, nir

ROWS = 30
UNITS = [
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize", "quatorze", "quinze",
    "seize",
]  # fmt: skip
TENS = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante", 8: "quatre-vingt"}


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    opened = connect.processing(tmp_path_factory.mktemp("spool"), threads=1)
    yield opened
    opened.close()


def numerals(number: int) -> str:
    """A number under a thousand, as it is written in France."""
    if number >= 100:
        hundred = "cent" if number < 200 else f"{UNITS[number // 100]} cent"
        return f"{hundred} {numerals(number % 100)}" if number % 100 else hundred
    if number <= 16:
        return UNITS[number]
    if number < 20:
        return f"dix-{UNITS[number - 10]}"
    ten, unit = divmod(number, 10)
    if ten in (7, 9):
        ten, unit = ten - 1, unit + 10
    if not unit:
        return TENS[ten]
    return (
        f"{TENS[ten]} et {numerals(unit)}"
        if unit in (1, 11) and ten != 8
        else f"{TENS[ten]}-{numerals(unit)}"
    )


def mobile(rng: random.Random) -> str:
    return f"0{rng.choice('6671')}{rng.randrange(10**8):08}"


def account(rng: random.Random) -> str:
    bank, branch, number = rng.randrange(10_000, 20_000), rng.randrange(100_000), rng.randrange(10**11)
    return f"{bank:05}{branch:05}{number:011}{97 - (89 * bank + 15 * branch + 3 * number) % 97:02}"


def cut(numbers: Sequence[str], *widths: int) -> dict[str, Sequence[object]]:
    """Numbers over columns of these widths."""
    ends = [sum(widths[:i]) for i in range(len(widths) + 1)]
    return {f"c{i}": [n[a:b] for n in numbers] for i, (a, b) in enumerate(pairwise(ends))}


@pytest.mark.parametrize(
    ("kind", "widths"),
    [
        ("nir", (1, 2, 2, 2, 3, 3, 2)),
        ("nir", (7, 8)),
        ("nir", (13, 2)),
        ("nir", (5, 5, 5)),
        ("phone", (2, 2, 2, 2, 2)),
        ("phone", (4, 6)),
        ("bank-account", (5, 5, 11, 2)),
    ],
)
def test_a_number_over_several_columns(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, kind: str, widths: Sequence[int]
) -> None:
    rng = random.Random(7)
    draw = {"nir": nir, "phone": mobile, "bank-account": account}[kind]
    parts = cut([draw(rng) for _ in range(ROWS)], *widths)
    found, levels = look(con, tmp_path, {"ref": [f"A-{i}" for i in range(ROWS)], **parts})
    assert {c for check, c in found if check == f"privacy-{kind}"} == set(parts)
    assert all(levels[c] is not Sensitivity.NONE for c in parts)
    told = next(f for (check, c), f in found.items() if check == f"privacy-{kind}" and c == "c0")
    assert told.rows
    assert not any(char.isdigit() for row in told.rows for char in row.value or "")


def test_a_spreadsheet_takes_the_zeros_away(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    rng = random.Random(8)
    parts = cut([nir(rng) for _ in range(200)], 1, 2, 2, 2, 3, 3, 2)
    numbers: dict[str, Sequence[object]] = {
        name: [int(str(v)) for v in values] for name, values in parts.items()
    }
    found, _ = look(con, tmp_path, numbers, dict.fromkeys(numbers, "integer"))
    assert {c for check, c in found if check == "privacy-nir"} == set(numbers)


@pytest.mark.parametrize(("kind", "draw"), [("nir", nir), ("phone", mobile)])
def test_a_number_written_backwards(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, kind: str, draw: object
) -> None:
    rng = random.Random(9)
    found, _ = look(con, tmp_path, {"suite": [draw(rng)[::-1] for _ in range(ROWS)]})  # type: ignore[operator]
    assert (f"privacy-{kind}", "suite") in found


def test_names_written_backwards(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    rng = random.Random(10)
    names = [
        f"{rng.choice(('Marie', 'Paul', 'Sophie'))} {rng.choice(('Durand', 'Martin', 'Petit'))} {i}"
        for i in range(ROWS)
    ]
    found, _ = look(con, tmp_path, {"mot": [n[::-1] for n in names]})
    assert ("privacy-person-name", "mot") in found


def test_a_letter_box_and_its_host(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    rng = random.Random(11)
    columns: dict[str, Sequence[object]] = {
        "compte": [f"m.durand{i}" for i in range(ROWS)],
        "hote": [rng.choice(("orange.fr", "gmail.com", "ville.example")) for _ in range(ROWS)],
    }
    assert ("privacy-email", "compte") in look(con, tmp_path, columns)[0]
    sites = columns | {"hote": [f"site{i}.ville.example" for i in range(ROWS)]}
    assert ("privacy-email", "compte") not in look(con, tmp_path, sites)[0]


def test_a_number_in_words(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    rng = random.Random(12)

    def said(number: str) -> str:
        pairs = [number[i : i + 2] for i in range(0, len(number), 2)]
        return ", ".join(f"zéro {numerals(int(p))}" if p[0] == "0" else numerals(int(p)) for p in pairs)

    texts = [f"joindre au {said(mobile(rng))} le soir" for _ in range(ROWS)]
    assert ("privacy-phone", "note") in look(con, tmp_path, {"note": texts})[0]
    digits = [" ".join(UNITS[int(c)] for c in nir(rng)) for _ in range(ROWS)]
    assert ("privacy-nir", "note") in look(con, tmp_path, {"note": digits})[0]


def test_each_number_under_a_thousand_is_read_back() -> None:
    """After eight digits: a run of fewer than nine is left in words."""
    for number in range(1000):
        assert in_digits(f"un un un un un un un un, {numerals(number)}") == f"11111111{number}"


def test_letters_for_digits(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    rng = random.Random(13)
    disguised = [mobile(rng).replace("0", "O").replace("1", "l") for _ in range(ROWS)]
    assert ("privacy-phone", "suite") in look(con, tmp_path, {"suite": disguised})[0]


def alike(rng: random.Random) -> Mapping[str, Mapping[str, Sequence[object]]]:
    """What stands side by side and is no number of anybody."""
    moments = [
        datetime(2025, 6, 1, tzinfo=UTC) + timedelta(minutes=rng.randrange(87_000)) for _ in range(300)
    ]
    return {
        "hours": {
            "mois": [f"{t.month:02}" for t in moments],
            "jour": [f"{t.day:02}" for t in moments],
            "heure": [f"{t.hour:02}" for t in moments],
            "minute": [f"{t.minute:02}" for t in moments],
            "seconde": [f"{rng.randrange(60):02}" for _ in moments],
        },
        "postcodes": {
            "cp": [f"0{rng.choice('67')}{rng.randrange(100, 990)}" for _ in moments],
            "insee": [f"0{rng.choice('67')}{rng.randrange(1, 180):03}" for _ in moments],
        },
        "counts": {f"n{k}": [f"{rng.randrange(10**k):0{k}}" for _ in moments] for k in (5, 3, 2, 5, 8)},
    }


@pytest.mark.parametrize("name", ["hours", "postcodes", "counts"])
def test_what_stands_side_by_side_and_is_no_number(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, name: str
) -> None:
    found, _ = look(con, tmp_path, dict(alike(random.Random(14))[name]))
    assert not {check for check, _ in found} & {
        "privacy-phone", "privacy-nir", "privacy-nir-without-key", "privacy-bank-account", "privacy-tax-number",
    }  # fmt: skip
