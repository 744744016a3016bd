"""`parvis scan` as whoever scripts it meets it: the contract, what each kind of file has to hide, and what
the same search holds back at publication.
"""

from __future__ import annotations

import json
import random
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from bench.personal import iban, mobile, nir, tax_number
from openpyxl.comments import Comment

from parvis.cli.app import run
from parvis.cli.output import plain
from parvis.cli.scan import as_object
from parvis.inspection.file_check import opened
from parvis.inspection.scanning import scan
from tests.acceptance.commands import Said, parvis
from tests.privacy.test_containers import photo

FIRST = ("Julie", "Nathan", "Océane", "Yanis", "Brigitte", "Gérard", "Maëlle", "Inès")
LAST = ("Zylberstein", "Quéré", "Prudhomme", "Kowalczyk", "Ozanne", "Trinquet", "Escande", "Teissèdre")


def agents(folder: Path) -> tuple[Path, list[str]]:
    """A table of staff, and what of it must never be shown."""
    rng = random.Random(7)
    rows, secrets = (
        ["matricule;nom;prenom;secu;compte;portable;naissance;adresse;mutuelle;observations"],
        list[str](),
    )
    for i in range(24):
        number, account, phone, born = nir(rng), iban(rng), mobile(rng), f"{1 + i:02}/03/{1955 + i}"
        rows.append(
            f"{i};{LAST[i % 8]};{FIRST[i % 8]};{number};{account};{phone};{born};{i + 1} rue des Micocouliers;{'diabète' if i % 3 else 'aucune'};"
            f"{'vu avec Mme Trinquet' if i % 5 == 0 else 'RAS'}"
        )
        secrets += [number, account, phone, LAST[i % 8]]
    path = folder / "agents.csv"
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return path, secrets


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Said, list[str]]:
    """The staff, scanned."""
    path, secrets = agents(tmp_path_factory.mktemp("scan"))
    return parvis("scan", path, "--json", cwd=path.parent), secrets


def search(path: Path) -> dict[str, Any]:
    """The object that the command prints, without its process."""
    with opened(path) as desk:
        return json.loads(json.dumps(plain(as_object(scan(desk)))))


def columns(said: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {c["name"]: c for c in said["columns"]}


def test_the_contract(scanned: tuple[Said, list[str]]) -> None:
    """Keys, kinds by column, categories, shares and confidence between 0 and 1, verdicts, why; exit 3, for it
    can’t go out.
    """
    said, _ = scanned
    assert (said.code, said.json["rows"], list(said.json)) == (
        3,
        24,
        ["rows", "columns", "combinations", "verdict", "why"],
    )
    kinds = {
        n: {f["kind"]: f["category"] for f in c["findings"]}
        for n, c in columns(said.json).items()
        if c["findings"]
    }
    assert kinds == {
        "matricule": {"person-trait": "indirect"},
        "nom": {"person-name": "direct"},
        "prenom": {"person-name": "direct"},
        "secu": {"nir": "special"},
        "compte": {"iban": "secret"},
        "portable": {"phone": "direct"},
        "naissance": {"birth-date": "indirect"},
        "adresse": {"postal-address": "direct"},
        "mutuelle": {"health": "special"},
        "observations": {
            "person-in-text": "direct",
            "health": "special",
        },  # of named people, beside what they suffer from
    }
    for column in columns(said.json).values():
        assert {"name", "findings", "verdict", "relates"} == set(column)
        for found in column["findings"]:
            assert set(found) >= {"kind", "category", "share", "confidence", "evidence"}
            assert (0 < found["share"] <= 1, 0.5 <= found["confidence"] <= 1, bool(found["evidence"])) == (
                True,
                True,
                True,
            )
    verdicts = {n: c["verdict"] for n, c in columns(said.json).items()}
    assert (verdicts["secu"], verdicts["nom"], verdicts["matricule"], said.json["verdict"]) == (
        "refuse",
        "hold",
        "hold",
        "refuse",
    )
    assert "secu" in said.json["why"]


def test_the_evidence_is_masked(scanned: tuple[Said, list[str]]) -> None:
    """No number, account, telephone or surname of the file, neither in the answer nor beside it."""
    said, secrets = scanned
    assert not [s for s in secrets if s in said.out + said.err]


def test_few_columns_single_people_out(tmp_path: Path) -> None:
    """No name, and the same: sex, birth and district together point at people, so a person decides."""
    rng = random.Random(3)
    rows = [
        f"{rng.choice('FM')};{rng.randrange(18, 80)};Q{rng.randrange(12)};{rng.choice(('A', 'B', 'C'))}"
        for _ in range(400)
    ]
    (tmp_path / "t.csv").write_text("sexe;age;quartier;categorie\n" + "\n".join(rows) + "\n", "utf-8")
    said = search(tmp_path / "t.csv")
    assert said["verdict"] == "hold"
    sets = {tuple(c["columns"]): c["unique_share"] for c in said["combinations"]}
    assert any({"age", "quartier"} <= set(c) for c in sets)
    assert all(0 < share <= 1 for share in sets.values())
    assert "isolent" in said["why"]


def test_a_harmless_file_may_go_out(tmp_path: Path) -> None:
    """Trees, whose species are first names, along streets that bear people's; the answer says that it proves
    nothing.
    """
    rows = [
        f"{i};{('Olivier', 'Rose', 'Prune', 'Platane')[i % 4]};Rue {FIRST[i % 8]} {LAST[i % 8]};RAS"
        for i in range(40)
    ]
    (tmp_path / "arbres.csv").write_text("id;essence;voie;observations\n" + "\n".join(rows) + "\n", "utf-8")
    said = search(tmp_path / "arbres.csv")
    assert (said["verdict"], [c for c in columns(said).values() if c["findings"]]) == ("publish", [])
    assert "pas une preuve" in said["why"]


def test_elected_people_and_services_may_go_out_and_it_says_why(tmp_path: Path) -> None:
    """Names beside a mandate, the address of a service: told, with the ground, and nothing holds them."""
    rows = [f"{LAST[i]};{FIRST[i]};adjoint;mairie{i}@ville.example" for i in range(8)]
    (tmp_path / "elus.csv").write_text("nom;prenom;mandat;courriel\n" + "\n".join(rows) + "\n", "utf-8")
    said = search(tmp_path / "elus.csv")
    assert {c["verdict"] for c in columns(said).values()} == {"publish"}
    assert all(f["ground"] for c in columns(said).values() for f in c["findings"])


def test_spreadsheets_and_archives_say_more_than_their_tables(tmp_path: Path) -> None:
    """Author, comment and hidden sheet of a workbook, which is read as a table of its own; a photo in a zip
    that tells where it was taken.
    """
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["lieu", "places"])
    sheet.append(["Gymnase", 12])
    sheet["A1"].comment = Comment("à relire", "x")
    hidden = book.create_sheet("brouillon")
    hidden.append(["fiscal", "x"])
    for k in range(12):
        hidden.append([tax_number(random.Random(k)), k])
    hidden.sheet_state = "hidden"
    book.properties.creator = "Hélène Trinquet"
    book.save(tmp_path / "lieux.xlsx")
    said = search(tmp_path / "lieux.xlsx")
    assert {f["kind"] for f in said["file"]} >= {"file-author", "file-comments", "hidden-sheet"}
    assert [(t["name"], t["verdict"]) for t in said["tables"]][-1] == ("brouillon", "refuse")
    assert "Trinquet" not in str(said)
    with zipfile.ZipFile(tmp_path / "lieux.zip", "w") as z:
        z.writestr("lieux.csv", "lieu;places\nGymnase;12\nStade;40\n")
        z.writestr("facade.jpg", photo(0x8825))
    assert [f["kind"] for f in search(tmp_path / "lieux.zip")["file"]] == ["image-position"]


def test_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On a terminal: verdict, why, each finding with its fix; masked too."""
    path, secrets = agents(tmp_path)
    assert run(["scan", str(path)]) == 3
    said = capsys.readouterr().out
    assert "ne peut pas sortir tel quel" in said
    assert "Numéros de sécurité sociale" in said
    assert not [s for s in secrets if s in said]


def test_the_exit_says_whether_it_may_go_out(tmp_path: Path) -> None:
    """0 for what may be published, 3 for what waits for a person or can't go out; 2 for what is unreadable
    and 64 for what is missing, as every command does.
    """
    (tmp_path / "lieux.csv").write_text("lieu;places\nGymnase;12\nStade;40\n", "utf-8")
    assert run(["scan", str(tmp_path / "lieux.csv"), "--json"]) == 0
    path, _ = agents(tmp_path)
    assert run(["scan", str(path), "--json"]) == 3
    (tmp_path / "x.pdf").write_bytes(b"%PDF-1.7\n" + bytes(500))
    assert run(["scan", str(tmp_path / "x.pdf"), "--json"]) == 2
    assert run(["scan", str(tmp_path / "absent.csv"), "--json"]) == 64


def test_the_same_search_holds_a_publication(tmp_path: Path) -> None:
    """Staff are held, cameras with their places too; the same table without places goes out."""
    assert parvis("init", "ville", cwd=tmp_path).code == 0
    agents(tmp_path)
    places = "\n".join(f"C{i};caméra dôme;{43.6 + i / 1000:.4f};{3.8 + i / 1000:.4f}" for i in range(12))
    (tmp_path / "equipements.csv").write_text(f"id;equipement;latitude;longitude\n{places}\n", "utf-8")
    (tmp_path / "materiel.csv").write_text(
        "id;equipement\n" + "\n".join(f"C{i};caméra dôme" for i in range(12)) + "\n", "utf-8"
    )
    said = parvis(
        "publish", "agents.csv", "equipements.csv", "materiel.csv", "--city", "ville", "--json", cwd=tmp_path
    )
    assert {d["file"]: d["state"] for d in said.json["deposits"]} == {
        "agents.csv": "held",
        "equipements.csv": "held",
        "materiel.csv": "published",
    }
