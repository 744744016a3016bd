"""A number over several columns, in words, backwards or with letters for digits is found as if it stood whole;
codes, dates and hours side by side are left alone.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from parvis.core.types import Sensitivity
from parvis.engine import connect
from parvis.privacy import known_detectors
from parvis.privacy.arrangements import FORMS
from parvis.privacy.check_digits import CHECK_DIGITS
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


def unevenly(numbers: Sequence[str], rng: random.Random) -> dict[str, Sequence[object]]:
    """Each number cut in three at places of its own."""
    cuts = [sorted(rng.sample(range(1, len(n)), 2)) for n in numbers]
    ends = [(0, *c, len(n)) for n, c in zip(numbers, cuts, strict=True)]
    return {f"c{i}": [n[e[i] : e[i + 1]] for n, e in zip(numbers, ends, strict=True)] for i in range(3)}


def in_other_ways(numbers: Sequence[str], rng: random.Random) -> Mapping[str, Mapping[str, Sequence[object]]]:
    """Numbers of one length over cells, in ways that no form of one cell sees."""
    width = len(numbers[0])
    thirds = cut(numbers, 4, 5, width - 9)
    side = list(thirds)
    return {
        "unevenly": unevenly(numbers, rng),
        "right to left": dict(reversed(thirds.items())),
        "in another order": {n: thirds[n] for n in (side[1], side[0], side[2])},
        "with a column between": {
            side[0]: thirds[side[0]], "n": [str(rng.randrange(10, 99)) for _ in numbers], **{n: thirds[n] for n in side[1:]},
        },
        "a digit a cell": cut(numbers, *(1 for _ in range(width))),
        "over two rows": {"c": [p for n in numbers for p in (n[:6], n[6:])]},
        "a digit a row": {"c": [d for n in numbers for d in n]},
        "turned, a column each": {f"c{i}": list(n) for i, n in enumerate(numbers)},
        "backwards over columns": cut([n[::-1] for n in numbers], 4, 5, width - 9),
        "a digit and a space": {"c": [" ".join(n) for n in numbers]},
        "between stars": {"c": ["*".join(n) for n in numbers]},
        "with letters between": {"c": [f"a{n[:6]} b{n[6:]}" for n in numbers]},
        "raised": {"c": ["".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(d)] for d in n) for n in numbers]},
        "encircled": {"c": ["".join("⓪①②③④⑤⑥⑦⑧⑨"[int(d)] for d in n) for n in numbers]},
        "in Thai": {"c": ["".join(chr(0xE50 + int(d)) for d in n) for n in numbers]},
        "with marks that nobody sees": {"c": ["\ufe0f".join(n) for n in numbers]},
        "with letters of another script": {"c": [n.translate({48: "О", 51: "З"}) for n in numbers]},
        "in words without gaps": {"c": ["".join(UNITS[int(d)] for d in n) for n in numbers]},
        "in words over columns": {f"c{i}": [UNITS[int(n[i])] for n in numbers] for i in range(width)},
        "in English": {"c": [" ".join(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"][int(d)] for d in n) for n in numbers]},
    }  # fmt: skip


def tax_number(rng: random.Random) -> str:
    first = f"{rng.randrange(4)}{rng.randrange(10**9):09}"
    return f"{first}{int(first) % 511:03}"


WAYS = tuple(in_other_ways([nir(random.Random(0))], random.Random(0)))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("kind", "draw"), [("nir", nir), ("tax-number", tax_number)])
def test_a_number_in_other_ways(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, kind: str, draw: Callable[[random.Random], str], way: str
) -> None:
    rng = random.Random(15)
    columns = in_other_ways([draw(rng) for _ in range(ROWS)], rng)[way]
    found, levels = look(con, tmp_path, dict(columns))
    mine = {column for check, column in found if check == f"privacy-{kind}"}
    assert mine
    assert all(levels[c] is not Sensitivity.NONE for c in mine)
    shown = [
        row.value or "" for (check, _), f in found.items() if check == f"privacy-{kind}" for row in f.rows
    ]
    assert not any(char.isdecimal() for value in shown if len(value) < 6 for char in value)


def test_two_numbers_over_columns_of_one_table(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    rng = random.Random(16)
    first, second = (
        cut([nir(rng) for _ in range(ROWS)], 7, 8),
        cut([tax_number(rng) for _ in range(ROWS)], 6, 7),
    )
    columns = (
        {f"a{n}": v for n, v in first.items()}
        | {"texte": ["rue"] * ROWS}
        | {f"b{n}": v for n, v in second.items()}
    )
    found, _ = look(con, tmp_path, columns)
    assert {("privacy-nir", "ac0"), ("privacy-nir", "ac1"), ("privacy-tax-number", "bc0")} <= set(found)


def test_check_digits_are_those_of_the_detectors() -> None:
    """The same examples hold both ways of asking."""
    for kind, holds in CHECK_DIGITS.items():
        detector = known_detectors()[kind]
        for cell, good in [*((c, True) for c in detector.right), *((c, False) for c in detector.bad)]:
            bare = re.sub(r"[\W_]", "", cell).upper()
            if FORMS[kind].fullmatch(bare):
                assert holds(bare) is good, (kind, cell)


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
        "yes or no": {f"q{k}": [str(int(rng.random() < 0.1)) for _ in moments] for k in range(12)},
        "one age": {"age": ["18" for _ in moments], "fin": [rng.choice(("25", "30")) for _ in moments]},
        "moments": {
            "le": [t.strftime("%Y-%m-%d %H:%M:%S") for t in moments],
            "a": [t.strftime("%d/%m %H:%M") for t in moments],
        },
        "notes": {f"n{k}": [str(rng.randrange(10)) for _ in moments] for k in range(15)},
        "companies": {"siret": [f"{rng.randrange(10**9):09}-{rng.randrange(10**5):05}" for _ in moments]},
        "series": {"heures": [" ".join(str(rng.randrange(10)) for _ in range(10)) for _ in moments]},
    }


@pytest.mark.parametrize(
    "name",
    ["hours", "postcodes", "counts", "yes or no", "one age", "moments", "notes", "companies", "series"],
)
def test_what_stands_side_by_side_and_is_no_number(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, name: str
) -> None:
    found, _ = look(con, tmp_path, dict(alike(random.Random(14))[name]))
    assert not {check for check, _ in found} & {
        "privacy-phone", "privacy-nir", "privacy-nir-without-key", "privacy-bank-account", "privacy-tax-number", "privacy-payment-card",
    }  # fmt: skip


def test_columns_that_are_codes_on_the_first_rows_only(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """Parts of telephones in the rows that are read first, words further on: read whole, a column is no code any more, and
    those of the first rows are telephones all the same.
    """
    rng = random.Random(15)
    parts = cut([mobile(rng) for _ in range(401)], 4, 6)
    parts["c1"] = [*parts["c1"][:320], *(f"section {rng.choice(('nord', 'sud'))}" for _ in range(81))]
    found, _ = look(con, tmp_path, parts)
    assert {c for check, c in found if check == "privacy-phone"} == {"c0", "c1"}
