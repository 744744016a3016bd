"""Which schema fits a file: the right one first, for files as town halls send them."""

from __future__ import annotations

import csv
import json
import zlib
from pathlib import Path

import pytest

from parvis import readers, schemas
from parvis.core.reading import Workspace
from parvis.engine import connect
from parvis.schemas import Fit, Known
from parvis.schemas.headers import alike, header
from parvis.schemas.ranking import judge
from tests.schemas.schemafiles import damaged, write

SEED = 2026
OURS = schemas.library().newest
SIBLINGS = frozenset({"releves-eau", "releves-energie"})
"""Readings of two kinds of meters: the same columns but for the one that is read."""
CASES = frozenset({"liste-de-cas", "declarations-par-lieu"})
"""Cases one by one, and added up: the same columns but for their number."""
PLAIN = frozenset({"postes-possibles"})
"""Places with a name and one column of their own: without that one they are places like all others."""


def official(shared: Path) -> list[Known]:
    """The 60 Table Schemas of the national catalogue."""
    root = shared / "standards" / "schema.data.gouv.fr"
    index = json.loads((root / "schemas.json").read_text("utf-8"))["schemas"]
    found: list[Known] = []
    for each in index:
        if each["schema_type"] == "tableschema":
            file = next((root / "schemas" / each["name"] / "latest").glob("*.json"))
            found.append(
                schemas.national(
                    json.loads(file.read_text("utf-8-sig")),
                    each["name"],
                    each["versions"][-1]["version_name"],
                    file,
                )
            )
    return found


def of_file(path: Path, known: list[Known], spool: Path) -> tuple[Fit, ...]:
    spool.mkdir(exist_ok=True)
    raw = readers.read(path, Workspace(spool), name=path.name).tables[0]
    con = connect.processing(spool, threads=1)
    fits = schemas.rank(raw, con, known)
    con.close()
    return fits


def known_rows(shared: Path, known: Known) -> list[list[str]]:
    """The example row that stands for this schema in the material, in the order of its fields; none for
    twenty of them.
    """
    file = shared / "standards" / "validata-oracle" / "example-rows" / f"{known.name.replace('/', '__')}.csv"
    if not file.is_file():
        return []
    with file.open(newline="", encoding="utf-8") as lines:
        return [[row.get(str(f["name"])) or "" for f in known.fields] for row in csv.DictReader(lines)]


@pytest.mark.shared
def test_the_right_one_comes_first_for_nine_files_in_ten(shared: Path) -> None:
    """60 files, each of one official schema: columns renamed, left out, added, reordered, cells as offices
    write them. All 60 and ours are candidates.
    """
    sixty = official(shared)
    assert len(sixty) == 60
    missed: list[str] = []
    for known in sixty:
        header_, rows = damaged(
            known.fields, SEED + zlib.crc32(known.name.encode()) % 1000, known_rows(shared, known)
        )
        samples = [
            list(dict.fromkeys(cell.strip() for r in rows if (cell := r[i]).strip()))
            for i in range(len(header_))
        ]
        fits = judge(header_, samples, [*sixty, *OURS])
        if not fits or fits[0].name != known.name:
            missed.append(f"{known.name}: {fits[0].name if fits else 'none'}")
    assert len(missed) <= 6, missed


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("etalab/schema-irve/statique/exemple-valide-statique.csv", "etalab/schema-irve-statique"),
        ("etalab/schema-irve/dynamique/exemple-valide-dynamique.csv", "etalab/schema-irve-dynamique"),
        ("etalab/schema-lieux-covoiturage/exemple-valide.csv", "etalab/schema-lieux-covoiturage"),
        ("etalab/schema-lieux-covoiturage/exemple-invalide.csv", "etalab/schema-lieux-covoiturage"),
        ("etalab/schema-stationnement/exemple-invalide.csv", "etalab/schema-stationnement"),
        ("etalab/schema-stationnement/exemple-valide.oldcols.csv", "etalab/schema-stationnement"),
        ("etalab/schema-stationnement-cyclable/exemple-valide.csv", "etalab/schema-stationnement-cyclable"),
        ("bal/1.4/1.4-valid.csv", "adresses"),
        ("bal/1.5/1.5-valid.csv", "adresses"),
        ("bal/common/sample.csv", "adresses"),
        ("bal/common/aliases.csv", "adresses"),
    ],
)
def test_official_examples_find_their_schema(shared: Path, tmp_path: Path, file: str, expected: str) -> None:
    fits = of_file(shared / "standards" / file, [*official(shared), *OURS], tmp_path / "spool")
    assert fits[0].name == expected
    assert fits[0].likely


@pytest.mark.parametrize("name", [k.name for k in OURS])
def test_ours_find_themselves(name: str, tmp_path: Path) -> None:
    known = next(k for k in OURS if k.name == name)
    fits = of_file(
        write(tmp_path / "f.csv", *damaged(known.fields, SEED + len(name))), [*OURS], tmp_path / "spool"
    )
    if (
        name in SIBLINGS | CASES | PLAIN
    ):  # damage may take the one column that tells them apart: as it is, each finds itself
        whole = write(
            tmp_path / "whole.csv",
            [str(f["name"]) for f in known.fields],
            [[str(f.get("example", "")) for f in known.fields]] * 3,
        )
        assert of_file(whole, [*OURS], tmp_path / "spool")[0].name == name
        assert {f.name for f in fits[:3]} & (
            {name} | next((s for s in (SIBLINGS, CASES) if name in s), set[str]())
        )
        return
    assert fits[0].name == name, [(f.name, f.score) for f in fits[:3]]


def test_what_fits_nothing_gets_no_likely_schema(tmp_path: Path) -> None:
    file = write(
        tmp_path / "f.csv",
        ["tiroir", "couleur préférée", "n° de clé"],
        [["a", "bleu", "4"], ["b", "vert", "7"]],
    )
    assert not any(f.likely for f in of_file(file, [*OURS], tmp_path / "spool"))


def test_the_reasons_are_told(tmp_path: Path) -> None:
    file = write(
        tmp_path / "f.csv",
        ["ID_ARBRE", "Nom latin", "hauteur (m)", "remarque"],
        [["A1", "Celtis australis", "11,5", ""], ["A2", "Tilia cordata", "9", "à élaguer"]],
    )
    best = of_file(file, [*OURS], tmp_path / "spool")[0]
    assert best.name == "arbres"
    assert {m.field: m.label for m in best.matches} == {
        "id_arbre": "ID_ARBRE",
        "nom_latin": "Nom latin",
        "hauteur_m": "hauteur (m)",
    }
    assert best.missing == ("essence",)
    assert best.unknown == ("remarque",)
    assert best.why == "3 colonnes sur 4 reconnues ; il manque essence ; 100 % des valeurs vues conviennent."


def test_likeness_of_headers() -> None:
    assert alike(header("Code INSEE de la commune"), header("code_insee_commune")) == 1.0
    assert alike(header("nbre_pdc"), header("nombre de pdc")) < 0.9
    assert alike(header(""), header("x")) == 0.0
