"""Files as they come when nobody meant well, or nobody thought: each hides somebody where a search looks
last. All names and numbers are invented.
"""

from __future__ import annotations

import json
import random
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from bench.clerks import account
from bench.personal import card, nir, nir_body, tax_number
from openpyxl.comments import Comment

from parvis.cli.output import plain
from parvis.cli.scan import as_object
from parvis.inspection.file_check import opened
from parvis.inspection.scanning import scan
from tests.privacy.test_containers import photo

SURNAMES = (
    "OZANNE",
    "TRINQUET",
    "ESCANDE",
    "QUÉMÉNEUR",
    "DIAKHATÉ",
    "LE GOAZIOU",
    "SZYMCZAK",
    "BENMOKHTAR",
    "FABRÈGUES",
    "ROUMÉGOUS",
    "PUECH",
    "TROADEC",
)
GIVEN = (
    "Julie",
    "Nathan",
    "Brigitte",
    "Gérard",
    "Maëlle",
    "Inès",
    "Oihana",
    "Souleymane",
    "Thi Mai",
    "Kateryna",
    "Jean-Loup",
    "Solveig",
)
ROWS = 24


@dataclass(frozen=True)
class File:
    """A file and what is hidden in it. make: writes it, returns its path; hides: kinds by column ("" for the
    file itself); secrets: what no answer may show.
    """

    make: Callable[[Path, random.Random], Path]
    hides: Mapping[str, str]
    secrets: tuple[str, ...] = ()


def who(i: int) -> tuple[str, str]:
    return SURNAMES[i % len(SURNAMES)], GIVEN[(i * 5 + i // 12) % len(GIVEN)]


def table(
    *columns: tuple[str, Callable[[int, random.Random], str]], rows: int = ROWS, name: str = "fichier.csv"
) -> Callable[[Path, random.Random], Path]:
    """A CSV of such columns."""

    def make(folder: Path, rng: random.Random) -> Path:
        lines = [
            ";".join(c for c, _ in columns),
            *(";".join(of(i, rng) for _, of in columns) for i in range(rows)),
        ]
        path = folder / name
        path.write_text("\n".join(lines) + "\n", "utf-8")
        return path

    return make


def text(said: str, name: str = "fichier.csv") -> Callable[[Path, random.Random], Path]:
    def make(folder: Path, rng: random.Random) -> Path:
        path = folder / name
        path.write_text(said, "utf-8")
        return path

    return make


def keyed(body: str) -> str:
    return f"{body}{97 - int(body.replace('2A', '19').replace('2B', '18')) % 97:02}"


def spaced(number: str) -> str:
    return " ".join(
        (number[0], number[1:3], number[3:5], number[5:7], number[7:10], number[10:13], number[13:])
    )


def fours(number: str, between: str = " ") -> str:
    return between.join(number[i : i + 4] for i in range(0, len(number), 4))


def tail_of(rng: random.Random) -> str:
    return f"{rng.randrange(100000000):08}"


def line(i: int, rng: random.Random) -> str:
    return f"D{i:04}"


def remark(said: Callable[[int, random.Random], str], every: int = 6) -> Callable[[int, random.Random], str]:
    return lambda i, rng: (
        said(i, rng) if i % every == 2 else ("RAS", "fait", "à revoir", "banc cassé", "")[i % 5]
    )


NOTE = ("note", remark(lambda i, r: ""))


def workbook(
    fill: Callable[[openpyxl.Workbook, random.Random], None],
) -> Callable[[Path, random.Random], Path]:
    def make(folder: Path, rng: random.Random) -> Path:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.title = "bancs"
        sheet.append(["id", "type", "quartier"])
        for i in range(20):
            sheet.append([i, "banc", f"Q{i % 4}"])
        fill(book, rng)
        book.save(folder / "classeur.xlsx")
        return folder / "classeur.xlsx"

    return make


def _hidden_sheet(book: openpyxl.Workbook, rng: random.Random) -> None:
    sheet = book.create_sheet("masquée")
    sheet.append(["nom", "prenom", "nir"])
    for i in range(20):
        sheet.append([*who(i), nir(rng)])
    sheet.sheet_state = "veryHidden"


def _author(book: openpyxl.Workbook, rng: random.Random) -> None:
    book.properties.creator = "Solveig Trinquet"


def _comments(book: openpyxl.Workbook, rng: random.Random) -> None:
    book["bancs"]["B3"].comment = Comment("demandé par Mme Trinquet", "mairie")


def _hidden_column(book: openpyxl.Workbook, rng: random.Random) -> None:
    sheet = book["bancs"]
    sheet["D1"] = "signalé par"
    for i in range(20):
        sheet.cell(i + 2, 4, " ".join(who(i)))
    sheet.column_dimensions["D"].hidden = True


def _numbers(book: openpyxl.Workbook, rng: random.Random) -> None:
    """As a spreadsheet makes them: a NIR that became 1.85E+14, a telephone that lost its zero."""
    sheet = book["bancs"]
    sheet["D1"], sheet["E1"] = "n° ss", "tel portable"
    for i in range(20):
        made = nir_body(rng).replace("2A", "34").replace("2B", "34")
        sheet.cell(i + 2, 4, int(keyed(made)))
        sheet.cell(i + 2, 5, 600000000 + rng.randrange(99999999))


def _margins(book: openpyxl.Workbook, rng: random.Random) -> None:
    margin = book["bancs"].oddHeader
    assert margin is not None
    margin.left.text = "Établi par Mme Brigitte Trinquet"


def _second_table(book: openpyxl.Workbook, rng: random.Random) -> None:
    """People below the table, after empty rows."""
    sheet = book["bancs"]
    sheet.append([])
    sheet.append([])
    sheet.append(["Agent", "Téléphone", "Compte"])
    for i in range(12):
        sheet.append([" ".join(who(i)), f"06 12 34 {i + 10} 56", account(rng)])


def _zip(folder: Path, rng: random.Random) -> Path:
    path = folder / "photos.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("bancs.csv", "id;type\n1;banc\n2;borne\n")
        archive.writestr("photo1.jpg", photo(0x8825))
    return path


def _named_zip(folder: Path, rng: random.Random) -> Path:
    path = folder / "lot.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("dossier_Brigitte_TRINQUET.csv", "id;type\n1;banc\n2;borne\n")
    return path


def _geojson(folder: Path, rng: random.Random) -> Path:
    features = [
        {
            "type": "Feature",
            "properties": {"parcelle": f"AB{i:04}", "titulaire": " ".join(who(i))},
            "geometry": {"type": "Point", "coordinates": [3.8 + i / 500, 43.6]},
        }
        for i in range(ROWS)
    ]
    path = folder / "parcelles.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


def _nested(folder: Path, rng: random.Random) -> Path:
    rows = [
        {"id": i, "demandeur": {"nom": who(i)[0], "prenom": who(i)[1], "mobile": f"06123456{i + 10}"}}
        for i in range(ROWS)
    ]
    path = folder / "demandes.json"
    path.write_text(json.dumps(rows), "utf-8")
    return path


PEOPLE_ACROSS = (
    "service;"
    + ";".join(f"{who(i)[0]} {who(i)[1]}" for i in range(8))
    + "\n"
    + "\n".join(f"S{j};" + ";".join(str(7 + (i * j) % 3) for i in range(8)) for j in range(12))
    + "\n"
)
PREAMBLE = (
    "Relevé établi par Mme Brigitte TRINQUET, poste 4512\n\nid;type;quartier\n"
    + "\n".join(f"{i};banc;Q{i % 4}" for i in range(20))
    + "\n"
)

FORMS: Mapping[str, tuple[str, str, Callable[[int, random.Random], str]]] = {
    "nir-spaced": ("x1", "nir", lambda i, r: nir(r, spaced=True)),
    "nir-corsica-a": ("x2", "nir", lambda i, r: spaced(keyed(f"1{60 + i % 30}062A{tail_of(r)[:6]}"))),
    "nir-corsica-b-small": ("x3", "nir", lambda i, r: keyed(f"2{60 + i % 30}112B{tail_of(r)[:6]}").lower()),
    "nir-born-abroad": ("x4", "nir", lambda i, r: keyed(f"2{60 + i % 30}0399{tail_of(r)[:6]}")),
    "nir-temporary": ("x5", "nir", lambda i, r: keyed(f"{r.choice('78')}{60 + i % 30}0899{tail_of(r)[:6]}")),
    "nir-overseas": ("x6", "nir", lambda i, r: keyed(f"1{60 + i % 30}05974{tail_of(r)[:5]}")),
    "nir-hard-spaces": ("x7", "nir", lambda i, r: nir(r, spaced=True).replace(" ", "\u00a0")),
    "nir-slash-before-key": ("x8", "nir", lambda i, r: f"{(n := nir(r))[:13]}/{n[13:]}"),
    "nir-key-in-brackets": ("x9", "nir", lambda i, r: f"{(n := nir(r))[:13]} ({n[13:]})"),
    "nir-one-in-notes": ("x10", "nir", remark(lambda i, r: f"ss:{nir(r)}", 20)),
    "nir-and-key-apart": ("nir", "nir-without-key", lambda i, r: nir(random.Random(i))[:13]),
    "iban-small-spaced": ("x11", "iban", lambda i, r: fours(account(r)).lower()),
    "iban-hard-spaces": ("x12", "iban", lambda i, r: fours(account(r), "\u00a0")),
    "iban-glued": ("x13", "iban", lambda i, r: f"IBAN{account(r)}"),
    "iban-in-notes": ("x14", "iban", remark(lambda i, r: f"virement sur {fours(account(r))}")),
    "card-in-notes": ("x15", "payment-card", remark(lambda i, r: f"CB {card(r)}")),
    "tax-spaced": ("x16", "tax-number", lambda i, r: (t := tax_number(r))[:2] + f" {t[2:4]} {t[4:7]} {t[7:10]} {t[10:]}"),
    "mail-at": ("contact", "email", lambda i, r: f"{who(i)[1].lower().split('-')[0]}.{i} (at) ville.fr"),
    "mail-arobase": ("x17", "email", remark(lambda i, r: f"écrire à agent{i}.trinquet[arobase]ville[point]fr")),
    "mail-AT-DOT": ("x18", "email", remark(lambda i, r: f"solveig.trinquet{i} AT ville DOT fr")),
    "phone-plus-zero": ("x19", "phone", lambda i, r: f"+33(0)6{tail_of(r)}"),
    "phone-0033-zero": ("x20", "phone", lambda i, r: f"0033 (0)6 {fours(tail_of(r))}"),
    "phone-dots": ("x21", "phone", lambda i, r: f"06.{(t := tail_of(r))[:2]}.{t[2:4]}.{t[4:6]}.{t[6:]}"),
    "phone-slashes": ("x22", "phone", lambda i, r: f"06/{(t := tail_of(r))[:2]}/{t[2:4]}/{t[4:6]}/{t[6:]}"),
    "phone-two": ("x23", "phone", lambda i, r: f"06{tail_of(r)} / 07{tail_of(r)}"),
    "phone-threes": ("tel", "phone", lambda i, r: f"06{(t := tail_of(r))[:2]} {t[2:5]} {t[5:]}"),
    "plates-new": ("véhicule", "plate", lambda i, r: f"{r.choice('ABCDEFG')}{r.choice('ABCDEFG')}-{r.randrange(100, 999)}-{r.choice('HJKLM')}{r.choice('NPQRT')}"),
    "plates-small": ("immat", "plate", lambda i, r: f"{r.choice('abcdefg')}{r.choice('abcdefg')} {r.randrange(100, 999)} {r.choice('hjklm')}{r.choice('npqrt')}"),
    "plates-old": ("plaque", "plate", lambda i, r: f"{r.randrange(100, 9999)} {r.choice('ABCDEFG')}{r.choice('HJKLM')} {r.choice(('34', '30', '2A'))}"),
    "passports": ("n° passeport", "identity-document", lambda i, r: f"{r.randrange(10, 24)}{r.choice('ACDF')}{r.choice('KLPV')}{tail_of(r)[:5]}"),
    "cards-new": ("CNI", "identity-document", lambda i, r: f"{r.choice('XYZTW')}{tail_of(r)[:4]}{r.choice('ABCD')}{tail_of(r)[:2]}{r.choice('EF')}"),
}  # fmt: skip
"""Numbers and addresses as they are written, one a column of one table: header, kind, cells."""

FILES: Mapping[str, File] = {
    "birth-in-three": File(
        table(("nom", lambda i, r: who(i)[0]), ("prénom", lambda i, r: who(i)[1]), ("jour", lambda i, r: str(r.randrange(1, 29))), ("mois", lambda i, r: str(r.randrange(1, 13))), ("annee", lambda i, r: str(r.randrange(1940, 2010)))),
        {"nom": "person-name", "prénom": "person-name", "jour": "birth-date", "mois": "birth-date", "annee": "birth-date"},
    ),
    "birth-in-six": File(table(("agent", lambda i, r: " ".join(who(i))), ("ddn", lambda i, r: f"{r.randrange(1, 29):02}{r.randrange(1, 13):02}{r.randrange(50, 99)}")), {"agent": "person-name", "ddn": "birth-date"}),
    "names-apart": File(table(("c1", lambda i, r: who(i)[0]), ("c2", lambda i, r: who(i)[1]), ("total", lambda i, r: str(i))), {"c1": "person-name", "c2": "person-name"}, SURNAMES[:4]),
    "names-under-ref": File(table(("ref", lambda i, r: " ".join(who(i))), ("montant", lambda i, r: str(i))), {"ref": "person-name"}, SURNAMES[:4]),
    "names-initials": File(table(("responsable", lambda i, r: f"{who(i)[1][0]}. {who(i)[0].title()}"), ("montant", lambda i, r: str(i))), {"responsable": "person-name"}),
    "names-titled": File(table(("x", lambda i, r: f"{r.choice(('M.', 'Mme'))} {who(i)[0]}"), ("montant", lambda i, r: str(i))), {"x": "person-name"}, SURNAMES[:4]),
    "names-few-rows": File(table(("nom", lambda i, r: who(i)[0]), ("prénom", lambda i, r: who(i)[1]), rows=3), {"nom": "person-name", "prénom": "person-name"}, SURNAMES[:3]),
    "names-in-headers": File(text(PEOPLE_ACROSS), {"": "header-name"}),
    "names-before-the-table": File(text(PREAMBLE), {"": "margin-name"}, ("TRINQUET",)),
    "name-of-the-file": File(text("id;type\n1;banc\n2;borne\n", "recours_Brigitte_TRINQUET.csv"), {"": "file-name"}, ("TRINQUET",)),
    "notes-with-labels": File(
        table(("n", line), ("fiche", lambda i, r: f"Nom: {who(i)[0]}, Prénom: {who(i)[1]}, Né le: 12/03/19{50 + i}, Tél: 06{tail_of(r)}")), {"fiche": "person-in-text"}, SURNAMES[:4]
    ),
    "json-in-cells": File(table(("n", line), ("data", lambda i, r: json.dumps({"nom": who(i)[0], "prenom": who(i)[1], "tel": f"06{tail_of(r)}"}))), {"data": "phone"}, SURNAMES[:4]),
    "address-in-pieces": File(
        table(("nom", lambda i, r: who(i)[0]), ("prenom", lambda i, r: who(i)[1]), ("num", lambda i, r: str(i + 1)), ("voie", lambda i, r: f"rue des {('Tanneurs', 'Lilas', 'Carmes')[i % 3]}"), ("cp", lambda i, r: "34000")),
        {"nom": "person-name", "voie": "postal-address"},
    ),
    "numbers-of-a-spreadsheet": File(workbook(_numbers), {"n° ss": "nir", "tel portable": "phone"}),
    "hidden-sheet": File(workbook(_hidden_sheet), {"": "hidden-sheet", "nir": "nir", "nom": "person-name"}, SURNAMES[:4]),
    "author": File(workbook(_author), {"": "file-author"}, ("Trinquet",)),
    "comments": File(workbook(_comments), {"": "file-comments"}, ("Trinquet",)),
    "hidden-column": File(workbook(_hidden_column), {"": "hidden-column", "signalé par": "person-name"}, SURNAMES[:4]),
    "page-header": File(workbook(_margins), {"": "margin-name"}, ("Trinquet",)),
    "second-table": File(workbook(_second_table), {"*": "iban"}, SURNAMES[:4]),
    "photo": File(_zip, {"": "image-position"}),
    "member-of-an-archive": File(_named_zip, {"": "file-name"}),
    "features": File(_geojson, {"titulaire": "person-name"}, SURNAMES[:4]),
    "nested": File(_nested, {"*": "person-name"}, SURNAMES[:4]),
}  # fmt: skip


def search(path: Path) -> dict[str, Any]:
    with opened(path) as desk:
        return json.loads(json.dumps(plain(as_object(scan(desk)))))


def test_numbers_are_found_however_they_are_written(tmp_path: Path) -> None:
    """Spaced, cut, glued, in small letters, spelt out, in remarks, as foreigners and islanders bear them."""
    path = table(*((header, of) for header, _, of in FORMS.values()))(tmp_path, random.Random(5))
    said = search(path)
    told = {(c["name"], f["kind"]) for c in said["columns"] for f in c["findings"]}
    assert [name for name, (header, kind, _) in FORMS.items() if (header, kind) not in told] == []
    assert [
        name
        for name, (header, kind, _) in FORMS.items()
        for c in said["columns"]
        if c["name"] == header and c["verdict"] == "publish" and kind != "plate"
    ] == []
    cells = [
        cell
        for line in path.read_text("utf-8").splitlines()[1:]
        for cell in line.split(";")
        if sum(map(str.isdigit, cell)) >= 8
    ]
    shown = json.dumps(said, ensure_ascii=False)
    assert not [cell for cell in cells if cell in shown]


@pytest.mark.parametrize("name", FILES)
def test_what_is_hidden_is_found_held_and_masked(name: str, tmp_path: Path) -> None:
    """Each kind where it lies, a verdict that does not let the file out, and nothing readable in the answer."""
    case = FILES[name]
    said = search(case.make(tmp_path, random.Random(name)))
    told = {
        (c["name"], f["kind"])
        for t in (said, *said.get("tables", ()))
        for c in t["columns"]
        for f in c["findings"]
    }
    told |= {("", f["kind"]) for t in (said, *said.get("tables", ())) for f in t.get("file", ())}
    told |= {("*", kind) for _, kind in told}
    assert set(case.hides.items()) <= told, sorted(told)
    assert said["verdict"] in ("hold", "refuse")
    shown = json.dumps(said, ensure_ascii=False)
    assert not [s for s in case.secrets if s in shown]
