"""Twenty files of public money through their readers: totals to the cent are the files' own, and each planted
error is named, no other.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from parvis import readers
from parvis.core.reading import RawTable, Workspace
from parvis.engine.scans import select_raw
from parvis.methods.money import budget, records
from parvis.methods.money.amounts import cents, explanation
from parvis.methods.money.deadlines import due, rule
from parvis.methods.money.faults import Fault
from parvis.methods.money.national import BUDGET, GRANTS, national
from tests.acceptance.commands import parvis
from tests.methods import moneyfiles


def rows_of(table: RawTable) -> list[dict[str, Any]]:
    found = duckdb.sql(select_raw(table.scan, len(table.columns)).sql("duckdb")).fetchall()
    return [{c.name: v for c, v in zip(table.columns, row, strict=True) if v is not None} for row in found]


def tables(file: moneyfiles.MoneyFile, folder: Path) -> tuple[str, list[RawTable]]:
    path = folder / file.name
    path.write_bytes(file.content)
    reading = readers.read(path, Workspace(folder / "spool"))
    return reading.format, list(reading.tables)


@pytest.mark.parametrize("seed", range(20))
def test_totals_are_the_files_own_and_each_error_is_named(seed: int, tmp_path: Path) -> None:
    file = moneyfiles.make(seed)
    _, read = tables(file, tmp_path)
    rows = rows_of(read[0])
    if file.kind == "budget":
        found = budget.read(rows)
        faults = list(found.faults)
        stated = next((t for t in read if t.name == "totaux"), None)
        if stated is not None:
            declared = budget.read(rows_of(stated)).declared
            faults += [Fault(f.code, 1_000_000 + f.row) for f in budget.totals_wrong(found.lines, declared)]
        column = next(c for c in file.totals if c != "income")
        assert found.total(column, way="dépense") == file.totals[column]
        assert found.total(column, way="recette") == file.totals["income"]
    elif file.kind == "grants":
        some, faults, said = records.grants(rows)
        assert sum(g.amount for g in some if g.amount is not None) == file.totals["sum"]
        assert said == file.totals["stated"]
        assert "Durand" not in repr(some)
    else:
        made, faults, _ = records.contracts(rows)
        assert sum(c.amount for c in made if c.amount is not None) == file.totals["sum"]
        assert len(made) == 30
    assert {(f.code, f.row) for f in faults} == file.planted


def test_people_in_the_annexes_of_a_budget_lose_their_names(tmp_path: Path) -> None:
    kind, read = tables(moneyfiles.make(2), tmp_path)
    assert kind == "totem"
    grants = rows_of(next(t for t in read if t.name == "subventions"))
    assert [(g["nomBeneficiaire"], g["montant"]) for g in grants] == [
        ("Vélo Cité", "500.0"),
        (records.PERSON, "120.0"),
    ]
    assert "Durand".upper() not in json.dumps([rows_of(t) for t in read])


def test_from_business_software_to_the_national_schema_without_names(tmp_path: Path) -> None:
    """As it is, the file waits for a decision, as it names a person; by the recipe it is published under
    national names, the person masked, the total gone.
    """
    (tmp_path / "aides.csv").write_bytes(moneyfiles.make(3).content)
    (tmp_path / "recette.toml").write_text('[[steps]]\nstep = "national"\nkind = "subventions"\n', "utf-8")
    assert parvis("init", "ville", cwd=tmp_path).code == 0
    said = parvis("publish", "aides.csv", "-C", "ville", "--json", cwd=tmp_path)
    assert said.json["deposits"][0]["state"] == "held"
    said = parvis("publish", "aides.csv", "--recipe", "recette.toml", "-C", "ville", "--json", cwd=tmp_path)
    assert said.json["deposits"][0]["state"] == "published"
    out = tmp_path / "aides-publiees.csv"
    assert parvis("prepare", "aides.csv", "--recipe", "recette.toml", "-o", out, cwd=tmp_path).code == 0
    lines = out.read_text("utf-8-sig").splitlines()
    assert lines[0] == "dateConvention;nomBeneficiaire;idBeneficiaire;objet;montant"
    assert sum("personne physique" in x for x in lines) == 1
    assert "Durand" not in out.read_text("utf-8-sig")
    assert not any("TOTAL" in x for x in lines)


def test_a_budget_document_and_contracts_by_command(tmp_path: Path) -> None:
    """What TotEM and the declarations of contracts say, published under our schemas, is what the service adds
    up, to the cent.
    """
    assert parvis("init", "ville", cwd=tmp_path).code == 0
    wanted: dict[str, int] = {}
    for seed, schema in ((2, "budget"), (5, "marches")):
        file = moneyfiles.make(seed)
        (tmp_path / file.name).write_bytes(file.content)
        said = parvis("publish", file.name, "--schema", schema, "-C", "ville", "--json", cwd=tmp_path)
        assert said.json["deposits"][0]["state"] == "published", said.json
        wanted |= {f"{schema}-{k}": v for k, v in file.totals.items()}
    assert parvis("service", "run", "finances", "-C", "ville", cwd=tmp_path).code == 0
    made: list[list[dict[str, Any]]] = []
    for dataset in ("budget-national", "beneficiaires-argent-public"):
        assert (
            parvis(
                "export", dataset, "--format", "jsonl", "-o", tmp_path / dataset, "-C", "ville", cwd=tmp_path
            ).code
            == 0
        )
        (file,) = (tmp_path / dataset).rglob("*.jsonl")
        made.append([json.loads(x) for x in file.read_text("utf-8").splitlines()])
    lines, paid = made
    assert (
        round(sum(x["BGT_MTPREV"] for x in lines if x["BGT_CODRD"] == "dépense") * 100)
        == wanted["budget-voted"]
    )
    assert all(x["BGT_CONTNAT_LABEL"] and x["BGT_NATURE_LABEL"] for x in lines)
    assert round(sum(x["montant"] for x in paid) * 100) == wanted["marches-sum"]


def _line(year: str, spent: str, nature: str = "60612") -> dict[str, object]:
    return {
        "BGT_NATDEC": "compte administratif",
        "BGT_ANNEE": year,
        "BGT_SECTION": "fonctionnement",
        "BGT_CODRD": "dépense",
        "BGT_NATURE": nature,
        "BGT_MTPREV": "120",
        "BGT_MTREAL": spent,
    }


def test_a_line_without_its_year_or_its_amount_among_others_that_have_them() -> None:
    lines = [_line("2024", f"{n}.5", f"606{n}") for n in range(1, 9)]
    assert budget.read(lines).faults == ()
    told = budget.read(
        [*lines, _line("", "700", "6574"), _line("2024", "", "6575"), _line("2024", "7O0", "6576")]
    ).faults
    assert {(f.code, f.row, f.column) for f in told} == {
        ("year-missing", 9, "BGT_ANNEE"),
        ("amount-missing", 10, "BGT_MTREAL"),
        ("amount-unreadable", 11, "BGT_MTREAL"),
    }
    assert budget.read([{**x, "BGT_ANNEE": ""} for x in lines]).faults == (), (
        "a file that says no year on its lines says it elsewhere"
    )


def test_a_total_with_tax_over_lines_without() -> None:
    amounts = [(1, 100_050), (2, 200_025)]
    assert [
        explanation(round(300_075 * rate) - 300_075, amounts)[0] for rate in (1.2, 1.1, 1.055, 1 / 1.2, 1.07)
    ] == ["tax", "tax", "tax", "tax", "missing"]


def test_a_reason_is_given_for_a_wrong_total() -> None:
    lines = [(1, 100_00), (2, 250_50), (3, 250_50), (4, 70_00), (5, 19_99)]
    total = sum(a for _, a in lines)
    assert explanation(-250_50, lines) == ("twice", 3)
    assert explanation(-140_00, lines) == ("sign", 4)
    assert explanation(19_99 * 99, lines) == ("shift", 5)
    assert explanation(-63_00, lines) == ("shift", 4)  # 70 typed for 7
    assert explanation(27_00, [(1, 123_45)]) == ("swap", 0)
    assert explanation(5_01, lines) == ("missing", 0)
    assert explanation(-5_01, lines) == ("extra", 0)
    assert total == 690_99


@pytest.mark.parametrize(
    "bad",
    [
        "douze",
        "1,234",
        "12.345",
        "1 2 3,4 5 6",
        "--3",
        "12,5%",
        "3€4",
        "inf",
        "1e9",
        True,
        1.005,
        "1.2.3",
        float("inf"),
        float("nan"),
        10**30,
    ],
)
def test_what_is_no_amount_is_refused(bad: object) -> None:
    """An amount with three decimals could be a thousand times another: nobody guesses."""
    with pytest.raises(ValueError):
        cents(bad)


@pytest.mark.parametrize(
    ("good", "wanted"),
    [
        ("1\u202f234,5", 123450),
        ("−12,00 €", -1200),
        ("0", 0),
        (12, 1200),
        (0.07, 7),
        (1e7 / 3 * 3, 10**9),
        ("  ", None),
        ("EUR 5", 500),
        ("1,234.50", 123450),
    ],
)
def test_amounts_as_software_writes_them(good: object, wanted: int | None) -> None:
    assert cents(good) == wanted


def test_software_s_headers_become_national_ones() -> None:
    found = national(
        [
            {
                "Exercice": "2026",
                "Sens": "D",
                "Section": "F",
                "Chapitre": "65",
                "Mouvement": "0",
                "Voté": "12,00",
                "Couleur": "bleu",
            }
        ],
        BUDGET,
    )
    assert dict(found.rows[0][1]) == {
        "BGT_ANNEE": "2026",
        "BGT_CODRD": "dépense",
        "BGT_SECTION": "fonctionnement",
        "BGT_CONTNAT": "65",
        "BGT_OPBUDG": "réel",
        "BGT_MTPREV": "12,00",
    }
    assert found.left == ("Couleur",)
    grant = national(
        [{"Nom association": "x", "N° SIRET": "123 456", "SIRET": "732 829 320 00074", "Montant voté": 3}],
        GRANTS,
    )
    assert grant.rows[0][1]["idBeneficiaire"] == "73282932000074"


def test_where_the_money_goes() -> None:
    rows = [
        {
            "BGT_SECTION": "fonctionnement",
            "BGT_CODRD": "dépense",
            "BGT_FONCTION": "211",
            "BGT_CONTNAT": "011",
            "BGT_MTPREV": 100.1,
            "BGT_MTREAL": 120.0,
        },
        {
            "BGT_SECTION": "fonctionnement",
            "BGT_CODRD": "dépense",
            "BGT_FONCTION": "30",
            "BGT_CONTNAT": "65",
            "BGT_MTPREV": 300.0,
            "BGT_MTREAL": 10.05,
        },
        {
            "BGT_SECTION": "fonctionnement",
            "BGT_CODRD": "dépense",
            "BGT_FONCTION": "28",
            "BGT_CONTNAT": "65",
            "BGT_MTPREV": 1.0,
            "BGT_MTREAL": 0,
        },
        {
            "BGT_SECTION": "fonctionnement",
            "BGT_CODRD": "dépense",
            "BGT_FONCTION": "01",
            "BGT_CONTNAT": "042",
            "BGT_OPBUDG": "ordre",
            "BGT_MTPREV": 9.0,
            "BGT_MTREAL": 9.0,
        },
    ]
    found = budget.read(rows)
    shares = budget.shares(found.lines, "function")
    assert [(s.key, s.label, s.voted, s.spent, s.rows) for s in shares] == [
        ("3", "Culture, vie sociale, jeunesse, sports, loisirs", 30000, 1005, 1),
        ("2", "Enseignement, formation", 10110, 12000, 2),
    ]
    assert budget.overspent(found.lines) == [("fonctionnement", "011", 10010, 12000)]


def test_legal_dates() -> None:
    grants = rule("subventions")
    signed = date(2026, 1, 31)
    assert (
        due(grants, signed, None, date(2026, 4, 30), 3_000_000).state,
        due(grants, signed, None, date(2026, 4, 30), 3_000_000).by,
    ) == (
        "attente",
        date(2026, 4, 30),
    )
    assert due(grants, signed, None, date(2026, 5, 2), 3_000_000) == due(
        grants, signed, date(2026, 5, 2), date(2026, 6, 1), 3_000_000
    ).__class__(date(2026, 4, 30), "retard", 2)
    assert due(grants, signed, date(2026, 5, 2), date(2026, 6, 1), 3_000_000).state == "tard"
    assert due(grants, signed, date(2026, 4, 30), date(2026, 6, 1), 3_000_000).state == "fait"
    assert (
        due(grants, signed, None, date(2026, 6, 1), 2_300_000).state == "libre"
    )  # 23 000 € are not more than 23 000 €
    assert due(rule("marches"), date(2026, 1, 1), None, date(2026, 3, 2), 4_000_000).state == "retard"
    assert due(rule("deliberations"), date(2026, 1, 1), None, date(2026, 1, 8)).state == "attente"
    with pytest.raises(KeyError):
        rule("autre")


def test_each_amendment_in_rows_of_its_own_is_one_contract() -> None:
    """The consolidated national file repeats a contract at each amendment: what is due is said last, the
    holders are those of the last stage.
    """
    buyer, other = "21340172201787", "55208131766522"
    rows = [
        {
            "id": "1",
            "acheteur_id": buyer,
            "objet": "Toiture",
            "montant": said,
            "titulaire_id": holder,
            "modification_id": stage,
        }
        for said, holder, stage in (("1000", other, "0"), ("1 500,00", buyer, "1"), ("1 500,00", other, "1"))
    ]
    for some in (rows, rows[::-1]):
        ((contract,), faults, _) = records.contracts(some)
        assert (
            contract.first_amount,
            contract.amount,
            {i for i, _ in contract.holders},
            len(contract.rows),
        ) == (100_000, 150_000, {buyer, other}, 3)
        assert faults == []
    alone = [{**row, "modification_id": ""} for row in rows]
    assert {f.code for f in records.contracts(alone)[1]} == {"contract-differs", "line-twice"}


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("Marie-Paule Martin", True),
        ("PAUL MARTIN (particulier)", True),
        ("Indivision Martin", True),
        ("Docteur Martin", True),
        ("Mr et Mme Martin", True),
        ("EARL Paul Martin", False),
        ("École Jean Moulin", False),
        ("Les amis de Paul", False),
        ("Vélo Cité", False),
    ],
)
def test_who_is_a_person_among_beneficiaries(name: str, masked: bool) -> None:
    ((grant,), _, _) = records.grants(
        [{"nomBeneficiaire": name, "montant": "10"}], first_names={"marie", "paul", "jean"}
    )
    assert (grant.person, name in repr(grant)) == (masked, not masked)


@pytest.mark.parametrize(
    ("year", "nature", "chapter", "label"),
    [
        ("2026", "6574", "65", "Transports"),  # M57 since 2024, whatever an old account says
        ("2022", "6574", "65", "Aménagement et services urbains, environnement"),
        ("2022", "65748", "65", "Transports"),
        ("2022", "", "731", "Transports"),
        ("", "6531", "65", "Aménagement et services urbains, environnement"),
        ("2022", "6411", "012", ""),  # either: a digit, and no wrong name
    ],
)
def test_a_function_has_its_name_from_the_nomenclature_of_its_budget(
    year: str, nature: str, chapter: str, label: str
) -> None:
    """8 is transport in M57, planning in M14."""
    rows = [
        {**_line(year, "10", nature), "BGT_CONTNAT": chapter, "BGT_FONCTION": "81"},
        {**_line(year, "10", "6411"), "BGT_CONTNAT": "012", "BGT_FONCTION": "81"},
    ]
    (share,) = budget.shares(budget.read(rows).lines, "function")
    assert (share.key, share.label) == ("8", label)
