"""`parvis tabulate`, typed as a user types it; the attacker reads the file that was written, as anybody
would.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from parvis.cli.app import run
from parvis.core.errors import UsageError
from parvis.methods.disclosure.presets import PRESETS
from parvis.privacy.tables import LARGEST, TOTAL, Tabulated, tabulate
from tests.acceptance.commands import parvis
from tests.methods.disclosure.attacker import Attacker, Label

ZONES = {"Nord": ["IRIS 1", "IRIS 2", "IRIS 3"], "Sud": ["IRIS 4", "IRIS 5"]}
AGES = ["0-17", "18-64", "65 et plus"]


def residents(seed: int, count: int = 420) -> list[dict[str, str]]:
    """People by zone and age, few in some cells."""
    rng = np.random.default_rng(seed)
    iris = [(zone, one) for zone, names in ZONES.items() for one in names]
    chosen = rng.choice(len(iris), count, p=[0.3, 0.25, 0.02, 0.4, 0.03])
    ages = rng.choice(3, count, p=[0.3, 0.6, 0.1])
    return [
        {"quartier": iris[c][0], "iris": iris[c][1], "age": AGES[a], "aide": str(round(float(x), 1))}
        for c, a, x in zip(chosen, ages, rng.lognormal(5, 1, count), strict=True)
    ]


def write(rows: list[dict[str, str]], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, list(rows[0]), delimiter=";")
        out.writeheader()
        out.writerows(rows)


def published(path: Path) -> dict[tuple[str, ...], float | None]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    return {tuple(row[:-2]): float(row[-2]) if row[-2] else None for row in rows[1:]}


def attack(shown: dict[tuple[str, ...], float | None]) -> tuple[Attacker, dict[tuple[str, ...], Label]]:
    """Sums as a reader of (quartier, iris, age) knows them: over ages, over the IRIS of a zone, over zones."""
    number = {label: (i,) for i, label in enumerate(shown)}
    sums = []
    places = sorted({label[:2] for label in shown})
    ages = sorted({label[2] for label in shown} - {TOTAL})
    for place in places:
        sums.append((number[*place, TOTAL], [number[*place, a] for a in ages]))
    zones = sorted({p[0] for p in places} - {TOTAL})
    for age in (*ages, TOTAL):
        for zone in zones:
            sums.append(
                (
                    number[zone, TOTAL, age],
                    [number[(*p, age)] for p in places if p[0] == zone and p[1] != TOTAL],
                )
            )
        sums.append((number[TOTAL, TOTAL, age], [number[z, TOTAL, age] for z in zones]))
    return Attacker(sums, {number[label]: value for label, value in shown.items()}), number


def test_a_table_of_nested_zones_gives_nobody_away(tmp_path: Path) -> None:
    rows = residents(1)
    write(rows, tmp_path / "habitants.csv")
    said = parvis(
        "tabulate",
        "habitants.csv",
        "--by",
        "quartier>iris",
        "--by",
        "age",
        "--preset",
        "personnes",
        "-o",
        "table.csv",
        "--json",
        cwd=tmp_path,
    )
    assert said.code == 0, said.err
    answer = said.json
    assert (answer["cells"], answer["found"], answer["measure"]) == (32, 0, "nombre")
    assert answer["secret"] > answer["small"] > 0
    assert "notre règle" in answer["source"]
    shown = published(tmp_path / "table.csv")
    truth = Counter((r["quartier"], r["iris"], r["age"]) for r in rows)
    small = 0
    attacker, number = attack(shown)
    for label, value in shown.items():
        count = sum(
            n
            for cell, n in truth.items()
            if all(TOTAL in (part,) or part == own for part, own in zip(label, cell, strict=True))
        )
        assert value in (None, count)
        if 0 < count < 11:
            small += 1
            low, high = attacker.interval(number[label])
            assert low <= 1e-6
            assert high >= 11 - 1e-6
    assert small == answer["small"]
    assert shown[TOTAL, TOTAL, TOTAL] == 420


def shown_by(made: Tabulated) -> dict[tuple[str, ...], float | None]:
    table = made.published()
    labels = zip(*(table[c].to_pylist() for c in made.columns), strict=True)
    return dict(zip(labels, table[made.measure].to_pylist(), strict=True))


def arrow(rows: list[dict[str, str]]) -> pa.Table:
    return pa.Table.from_pylist(rows)


BY = [["quartier", "iris"], ["age"]]


def test_a_rounded_table_adds_up() -> None:
    shown = shown_by(tabulate(arrow(residents(2)), BY, base=5))
    assert all(v is not None and v % 5 == 0 for v in shown.values())
    for zone, names in ZONES.items():
        for age in (*AGES, TOTAL):
            assert shown[zone, TOTAL, age] == sum(shown[zone, one, age] or 0 for one in names)


def test_a_second_table_is_protected_from_the_first(tmp_path: Path) -> None:
    """One person more since the table of before: published without looking back, the difference is that
    person; with --before it is not, or nothing leaves.
    """
    rows = residents(3)
    newcomer = {"quartier": "Nord", "iris": "IRIS 1", "age": "18-64", "aide": "1.0"}
    first, careless = (
        shown_by(tabulate(arrow(r), BY, preset=PRESETS["personnes"])) for r in (rows, [*rows, newcomer])
    )
    assert [
        label
        for label, v in careless.items()
        if v is not None and first[label] is not None and v - (first[label] or 0) == 1
    ]
    write(rows, tmp_path / "avant.csv")
    write([*rows, newcomer], tmp_path / "maintenant.csv")
    by = ("--by", "quartier>iris", "--by", "age", "--preset", "personnes")
    said = parvis(
        "tabulate", "maintenant.csv", *by, "--before", "avant.csv", "-o", "avec.csv", "--json", cwd=tmp_path
    )
    assert said.code == 0, said.err
    careful = published(tmp_path / "avec.csv")
    assert not [
        label
        for label, v in careful.items()
        if v is not None and first[label] is not None and 0 < abs(v - (first[label] or 0)) < 11
    ]
    assert [v for v in careful.values() if v is not None]


def test_amounts_hide_who_makes_most_of_them() -> None:
    rng = np.random.default_rng(5)
    places = [f"q{i}" for i in rng.integers(0, 4, 120)]
    kinds = [f"s{i}" for i in rng.integers(0, 4, 120)]
    amounts = rng.lognormal(4, 0.5, 120).round(1)
    amounts[next(i for i, (p, k) in enumerate(zip(places, kinds, strict=True)) if (p, k) == ("q0", "s0"))] = (
        4_000.0
    )
    made = tabulate(
        pa.table({"quartier": places, "secteur": kinds, "montant": amounts}),
        [["quartier"], ["secteur"]],
        preset=PRESETS["entreprises"],
        amount="montant",
    )
    hidden = dict(zip(made.labels, made.hidden.tolist(), strict=True))
    assert hidden["q0", "s0"]
    assert made.small >= 1
    assert made.published()["montant"].null_count == sum(hidden.values()) > made.small


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"by": [["rue"]]}, "« rue »"),
        ({"by": []}, "une à trois"),
        ({"base": 5}, "l’un des deux"),
        ({"preset": None}, "l’un des deux"),
        ({"preset": PRESETS["delinquance"]}, "3 années"),
        ({"preset": None, "base": 2}, "3 près"),
        ({"amount": "quartier", "by": [["age"]]}, "pas une colonne de nombres"),
    ],
)
def test_a_wrong_call_is_told(more: dict[str, object], message: str) -> None:
    rows = pa.table({"quartier": ["a", "b"], "age": [1, 2]})
    with pytest.raises(UsageError, match=message):
        tabulate(rows, **{"by": [["quartier"]], "preset": PRESETS["personnes"], **more})  # type: ignore[arg-type]


def test_what_can_not_be_protected_does_not_leave() -> None:
    wide = pa.table({"a": [str(i) for i in range(200)], "b": [str(i) for i in range(200)]})
    with pytest.raises(UsageError, match=str(LARGEST)):
        tabulate(wide, [["a"], ["b"]], preset=PRESETS["personnes"])
    with pytest.raises(UsageError, match="négatifs"):
        tabulate(
            pa.table({"a": ["x", "y"], "m": [1.0, -2.0]}), [["a"]], preset=PRESETS["entreprises"], amount="m"
        )
    few = pa.table({"a": ["x", "y", "y"]})
    assert tabulate(few, [["a"]], preset=PRESETS["personnes"]).hidden.all()
    same = pa.table({"a": ["x"] * 30 + ["y"] * 40})
    more = pa.table({"a": ["x"] * 31 + ["y"] * 40})
    made = tabulate(more, [["a"]], preset=PRESETS["personnes"], earlier=same)
    assert made.hidden.any()


def test_wrong_rules_are_told_and_the_known_ones_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "un.csv").write_text("a\nx\n", "utf-8")
    assert (
        run(
            [
                "tabulate",
                str(tmp_path / "un.csv"),
                "--by",
                "a",
                "--preset",
                "personne",
                "-o",
                str(tmp_path / "o.csv"),
            ]
        )
        == 64
    )
    assert "Règle inconnue" in capsys.readouterr().err
    assert run(["tabulate", "--list", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {p["name"] for p in told["presets"]} == {
        "entreprises",
        "fiscal",
        "ifi",
        "carreaux",
        "prenoms",
        "personnes",
    }


def test_the_order_of_rows_changes_nothing() -> None:
    rows = pa.table({"q": [f"q{i % 5}" for i in range(120)], "a": [f"a{i % 7 % 3}" for i in range(120)]})
    mixed = rows.take(np.random.default_rng(1).permutation(120))
    made, again = (tabulate(t, [["q"], ["a"]], preset=PRESETS["personnes"]) for t in (rows, mixed))
    assert made.labels == again.labels
    assert made.hidden.tolist() == again.hidden.tolist()
    assert len(made.labels) == 24


def test_a_group_whose_people_all_have_the_same_value_is_hidden(tmp_path: Path) -> None:
    """Everybody in a street is on benefits: no small cell, and yet the table would tell it of each. By 40
    tables, seen by the attacker of the tests.
    """
    told = hidden = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        streets = rng.integers(0, 5, 300)
        helped = np.where(streets == 2, 0, rng.integers(0, 3, 300))  # all of street 2 have the first value
        rows = pa.table(
            {"rue": [f"rue {s}" for s in streets], "aide": [("RSA", "AAH", "aucune")[h] for h in helped]}
        )
        plain = tabulate(rows, [["rue"], ["aide"]], preset=PRESETS["personnes"])
        told += not plain.hidden[plain.labels.index(("rue 2", "RSA"))]
        made = tabulate(rows, [["rue"], ["aide"]], preset=PRESETS["personnes"], secret="aide")
        shown = {
            label: None if hide else float(value)
            for label, value, hide in zip(made.labels, made.values, made.hidden, strict=True)
        }
        place = {label: (i,) for i, label in enumerate(shown)}
        names, values = (sorted({label[k] for label in shown} - {TOTAL}) for k in (0, 1))
        sums = [(place[r, TOTAL], [place[r, v] for v in values]) for r in (*names, TOTAL)] + [
            (place[TOTAL, v], [place[r, v] for r in names]) for v in (*values, TOTAL)
        ]
        attacker = Attacker(sums, {place[label]: value for label, value in shown.items()})
        low, high = attacker.interval(place["rue 2", "RSA"])
        count = int(made.values[made.labels.index(("rue 2", "RSA"))])
        assert low <= count - 11 < count <= high
        # Nor is it told that nobody there has another value.
        others = [place["rue 2", v] for v in ("AAH", "aucune") if shown["rue 2", v] is None]
        assert any(attacker.interval(one)[1] >= 11 for one in others)
        assert shown["rue 2", TOTAL] == count, "how many live there is known anyway"
        hidden += int(made.hidden.sum())
    assert told == 40
    assert hidden < 40 * 12, "few others are hidden for it"


def helped(counts: dict[tuple[str, str], int]) -> pa.Table:
    people = [key for key, n in counts.items() for _ in range(n)]
    return pa.table(
        {
            "rue": [r for r, _ in people],
            "aide": [a for _, a in people],
            "montant": [100.0 + i % 7 for i in range(len(people))],
        }
    )


EVERYWHERE = {(r, a): 40 for r in ("a", "b", "c") for a in ("RSA", "AAH", "aucune")}


def test_totals_of_a_group_whose_people_all_have_the_same_value_are_hidden() -> None:
    """All of a street are on one benefit: the total of that benefit is the street's, and tells it of each."""
    rows = helped({k: n for k, n in EVERYWHERE.items() if k[0] != "b"} | {("b", "RSA"): 60})
    plain, made = (
        tabulate(rows, [["rue"], ["aide"]], preset=PRESETS["personnes"], amount="montant", secret=s)
        for s in ("", "aide")
    )
    at = made.labels.index
    assert not plain.hidden[at(("b", "RSA"))]
    assert made.hidden[at(("b", "RSA"))]
    assert made.hidden[at(("b", "aucune"))] or made.hidden[at(("b", "AAH"))], (
        "nor is it told that nobody there has another one"
    )
    assert not made.hidden[at(("b", TOTAL))]
    assert made.attacked > plain.attacked


@pytest.mark.parametrize("more", [15, -15])
def test_newcomers_who_all_have_the_same_value_are_hidden(more: int) -> None:
    """Fifteen people came to a street, or left it, all on one benefit: the table and the one before tell it
    of each by subtraction.
    """
    before, after = helped(EVERYWHERE), helped(EVERYWHERE | {("b", "RSA"): 40 + more})
    plain, made = (
        tabulate(after, [["rue"], ["aide"]], preset=PRESETS["personnes"], earlier=before, secret=s)
        for s in ("", "aide")
    )
    at = made.labels.index
    assert not plain.hidden.any()
    assert made.hidden[at(("b", "RSA"))]
    assert made.hidden[at(("b", "aucune"))] or made.hidden[at(("b", "AAH"))]


def test_what_is_sensitive_is_a_breakdown(tmp_path: Path) -> None:
    rows = pa.table({"rue": ["a"] * 30, "aide": ["RSA"] * 15 + ["aucune"] * 15, "don": [1.0] * 30})
    for by in ([["rue"]], [["rue", "aide"]]):
        with pytest.raises(UsageError, match="ventilation"):
            tabulate(rows, by, preset=PRESETS["personnes"], secret="aide")
    with pytest.raises(UsageError, match="arrondi"):
        tabulate(rows, [["rue"], ["aide"]], base=5, secret="aide")
    write(
        [
            {"rue": f"r{i % 3}", "aide": "RSA" if i % 3 == 1 else ("RSA", "aucune")[i // 3 % 2]}
            for i in range(150)
        ],
        tmp_path / "aides.csv",
    )
    words = (
        "tabulate",
        "aides.csv",
        "--by",
        "rue",
        "--by",
        "aide",
        "--preset",
        "personnes",
        "--sensitive",
        "aide",
        "-o",
        "t.csv",
        "--json",
    )
    said = parvis(*words, cwd=tmp_path)
    assert said.code == 0, said.err
    assert said.json["secret"] >= 3
    assert published(tmp_path / "t.csv")["r1", "RSA"] is None
