"""`parvis anonymise` as an outsider scripts against it."""

from __future__ import annotations

import csv
import json
import random
from collections import Counter
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from bench.personal import nir

from parvis.cli.app import run
from tests.methods import adult

POLICY = """
[models]
k = 3
[[columns]]
names = ["nom"]
treatment = "pseudonymise"
rotate = "never"
[[columns]]
names = ["age"]
treatment = "generalise"
hierarchy = "ages"
[[columns]]
names = ["ville"]
treatment = "generalise"
hierarchy = "none"
"""
NAMES = [f"Zyx{i}" for i in range(40)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    lines = [
        "nom;age;ville",
        *(f"{name};{20 + i % 17};{('Sète', 'Lunel', 'Lattes')[i % 3]}" for i, name in enumerate(NAMES)),
    ]
    path = tmp_path / "gens.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    (tmp_path / "p.toml").write_text(POLICY, "utf-8")
    return path


def answer(capfd: pytest.CaptureFixture[str]) -> dict[str, dict[str, object]]:
    return json.loads(capfd.readouterr().out)


def test_the_answer_has_the_agreed_shape(
    file: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert (
        run(
            [
                "anonymise",
                str(file),
                "--policy",
                str(tmp_path / "p.toml"),
                "-o",
                str(tmp_path / "out.csv"),
                "--json",
            ]
        )
        == 0
    )
    said = answer(capfd)
    assert set(said) == {"before", "after", "seconds"}
    assert set(said["before"]) == {"k", "l", "t", "risk"}
    assert set(said["after"]) == {"k", "l", "t", "risk", "loss"}
    assert set(said["after"]["risk"]) == {"prosecutor", "journalist", "marketer"}  # type: ignore[call-overload]
    assert set(said["after"]["loss"]) == {"ncp", "suppressed_rows"}  # type: ignore[call-overload]
    assert said["before"]["k"] == 1
    text = (tmp_path / "out.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines(), delimiter=";"))
    assert min(Counter((r["age"], r["ville"]) for r in rows).values()) == said["after"]["k"] >= 3  # type: ignore[operator]
    assert "Zyx" not in text
    assert [p.name for p in tmp_path.iterdir() if "partial" in p.name] == []


def test_what_a_policy_keeps_is_searched(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A number of social security under a name that says nothing, kept by a policy that did not know: it is
    told, masked, and nothing of what is harmless.
    """
    rng = random.Random(4)
    numbers = [nir(rng, spaced=i % 2 == 0) for i in range(30)]
    (tmp_path / "t.csv").write_text(
        "ref;age;note\n" + "".join(f"{n};{20 + i % 3};RAS\n" for i, n in enumerate(numbers)), "utf-8"
    )
    (tmp_path / "p.toml").write_text(
        'others = "keep"\n[models]\nk = 3\n[[columns]]\nnames = ["age"]\ntreatment = "generalise"\nhierarchy = "ages"\n',
        "utf-8",
    )
    assert (
        run(
            [
                "anonymise",
                str(tmp_path / "t.csv"),
                "--policy",
                str(tmp_path / "p.toml"),
                "-o",
                str(tmp_path / "o.csv"),
                "--json",
                "--details",
            ]
        )
        == 0
    )
    said = capfd.readouterr()
    assert "sécurité sociale dans la colonne « ref »" in said.err
    warned = " ".join(json.loads(said.out)["warnings"])
    assert "« ref »" in warned
    assert "« note »" not in said.err
    assert not [n for n in numbers if n in warned + said.err]


@pytest.mark.parametrize("suffix", ["parquet", "xlsx"])
def test_other_formats_hold_the_same_table(
    file: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], suffix: str
) -> None:
    out = tmp_path / f"out.{suffix}"
    assert (
        run(["anonymise", str(file), "-P", str(tmp_path / "p.toml"), "-o", str(out), "--json", "--details"])
        == 0
    )
    said = answer(capfd)
    rows = pq.read_table(out).to_pylist() if suffix == "parquet" else _sheet(out)
    assert len(rows) == 40
    assert min(Counter((r["age"], r["ville"]) for r in rows).values()) == said["after"]["k"]
    assert {c["column"]: c["personal"] for c in said["columns"]} == {
        "nom": True,
        "age": False,
        "ville": False,
    }  # type: ignore[index]
    assert any("pseudonyme" in w for w in said["warnings"])
    assert 0 <= said["utility"]["ncp"] <= 1  # type: ignore[operator]


def _sheet(path: Path) -> list[dict[str, object]]:
    head, *rows = openpyxl.load_workbook(path).active.iter_rows(values_only=True)  # type: ignore[union-attr]
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def test_the_codes_of_a_city_are_the_same_next_time(file: Path, tmp_path: Path) -> None:
    city = tmp_path / "ville"
    assert run(["init", str(city)]) == 0
    codes = []
    for turn in ("a", "b"):
        assert (
            run(
                [
                    "anonymise",
                    str(file),
                    "-P",
                    str(tmp_path / "p.toml"),
                    "-o",
                    str(tmp_path / f"{turn}.parquet"),
                    "--city",
                    str(city),
                    "--json",
                ]
            )
            == 0
        )
        codes.append(sorted(pq.read_table(tmp_path / f"{turn}.parquet").column("nom").to_pylist()))
    assert codes[0] == codes[1]
    assert (city / "var" / "key").stat().st_mode & 0o077 == 0
    assert (
        run(
            [
                "anonymise",
                str(file),
                "-P",
                str(tmp_path / "p.toml"),
                "-o",
                str(tmp_path / "c.parquet"),
                "--json",
                "--city",
                str(tmp_path),
            ]
        )
        == 0
    )
    assert not set(codes[0]) & set(pq.read_table(tmp_path / "c.parquet").column("nom").to_pylist())


def test_wrong_calls_say_what_to_do_and_write_nothing(
    file: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out, policy = tmp_path / "out.csv", tmp_path / "p.toml"
    strict = tmp_path / "strict.toml"
    strict.write_text(POLICY.replace("k = 3", "k = 41"), "utf-8")
    for arguments, code, words in (
        ([str(file), "-P", "prenom", "-o", str(out)], 64, "prenoms"),
        ([str(file), "-P", str(policy), "-o", str(tmp_path / "out.doc")], 64, ".csv"),
        ([str(file), "-P", str(policy)], 64, "--out"),
        ([str(tmp_path / "absent.csv"), "-P", str(policy), "-o", str(out)], 64, "introuvable"),
        ([str(file), "-P", str(policy), "-o", str(file)], 64, "lui-même"),
        ([str(file), "-P", str(strict), "-o", str(out)], 3, "Baissez k"),
        (
            [str(file), "-P", str(policy), "-o", str(tmp_path / "nulle" / "part.csv")],
            64,
            "Impossible d’écrire",
        ),
    ):
        assert run(["anonymise", *arguments]) == code
        said = capfd.readouterr()
        assert words in said.err
        assert "Zyx" not in said.err + said.out
        assert not out.exists()


def test_presets_are_listed_with_their_rule(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["anonymise", "--list", "--json"]) == 0
    said = json.loads(capfd.readouterr().out)["policies"]
    assert {"prenoms", "signalements"} <= {p["name"] for p in said}
    assert all(p["source"] for p in said)


def test_at_the_terminal_risk_stands_before_and_after(
    file: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["anonymise", str(file), "-P", str(tmp_path / "p.toml"), "-o", str(tmp_path / "out.csv")]) == 0
    said = capfd.readouterr()
    assert "procureur" in said.out
    assert "robust" in said.err  # the attack that the cheapest release is open to, and what answers it


@pytest.mark.shared
def test_adult_by_command_as_the_peer_is_asked(
    shared: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    blocks = [f'[[columns]]\nnames = ["{adult.SENSITIVE}"]\ntreatment = "keep"\nsensitive = true\n']
    blocks += [
        f'[[columns]]\nnames = ["{q}"]\ntreatment = "generalise"\nhierarchy = "file"\nfile = "{adult.levels(shared, q).resolve()}"\n'
        for q in adult.QUASI
    ]
    for models, ncp, suppressed in (
        ('mode = "full-domain"', 0.6608, 0),
        ('mode = "full-domain"\nsuppression = 0.05', 0.2795, 1458),
    ):
        (tmp_path / "adult.toml").write_text(f"[models]\nk = 5\n{models}\n" + "".join(blocks), "utf-8")
        assert (
            run(
                [
                    "anonymise",
                    str(adult.table(shared)),
                    "-P",
                    str(tmp_path / "adult.toml"),
                    "-o",
                    str(tmp_path / "out.parquet"),
                    "--json",
                ]
            )
            == 0
        )
        said = answer(capfd)
        assert round(said["after"]["loss"]["ncp"], 4) == ncp  # type: ignore[call-overload,index]
        assert said["after"]["loss"]["suppressed_rows"] == suppressed  # type: ignore[call-overload,index]
        assert round(said["before"]["t"], 6) == 0.751078  # type: ignore[call-overload]
