"""BAL: the same verdicts and codes as the national validator's on 72 files of ours and on its own 28
examples, by profile, level and record.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bench.oracle_bal import HEADER, ROW, cases

from parvis.checks.domains import domains, recognise
from tests.checks.domains.domain_packages import package
from tests.conftest import DATA

RECORD = json.loads((DATA / "oracles" / "bal.json").read_text("utf-8"))
BAL = domains()["bal"]
LEVELS = {"E": "error", "W": "warning", "I": "info"}

EXPLAINED = {
    # It compares two names that are both absent, and finds them equal.
    "row.voie_nom_have_same_lieudit_complement_nom",
    # It knows the official list of communes, and asks a service for their identifiers: we work offline, and
    # say so.
    "row.commune_nom_invalide",
    "row.cog_no_match_id_ban_commune",
}


def _differences(data: bytes, folder: Path, profile: str, said: dict[str, object]) -> set[str]:
    outcome = BAL.check(package({"bal.csv": data}, folder), profile)
    valid = not any(f.severity == "error" for f in outcome.findings)
    assert valid == said["valid"]
    ours = {
        (f.check, f.severity, tuple(sorted({r.record - 1 for r in f.rows if r.record})))
        for f in outcome.findings
    }
    codes: dict[str, tuple[str, list[int]]] = said["codes"]  # type: ignore[assignment]
    theirs = {(code, LEVELS[level], tuple(sorted(rows))) for code, (level, rows) in codes.items()}
    # Of columns that a version has not, the national validator counts the errors in its verdict without
    # listing them: we list them.
    unlisted = {
        code
        for code, severity, _ in ours - theirs
        if severity == "error" and code.split(".")[0] in ("cle_interop", "uid_adresse", "voie_nom")
    }
    return {code for code, _, _ in ours ^ theirs} - EXPLAINED - unlisted


@pytest.mark.parametrize("profile", ["1.3", "1.4", "1.5"])
@pytest.mark.parametrize("name", list(cases()))
def test_a_broken_file_has_the_verdict_and_codes_of_the_national_validator(
    tmp_path: Path, name: str, profile: str
) -> None:
    """The record was made by `python -m bench.oracles bal`."""
    assert _differences(cases()[name], tmp_path, profile, RECORD["files"][name][profile]) == set()


@pytest.mark.shared
@pytest.mark.parametrize("profile", ["1.3", "1.4", "1.5"])
@pytest.mark.parametrize("name", list(RECORD["samples"]))
def test_an_example_of_the_validator_has_its_verdict_and_codes(
    shared: Path, tmp_path: Path, name: str, profile: str
) -> None:
    """All 28 of them."""
    assert (
        _differences(
            (shared / "standards" / "bal" / name).read_bytes(),
            tmp_path,
            profile,
            RECORD["samples"][name][profile],
        )
        == set()
    )


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("1.4-bad-id-ban-adresse", "id_ban_adresse.type_invalide"),
        ("1.4-bad-id-ban-commune", "id_ban_commune.type_invalide"),
        ("1.4-bad-id-ban-toponyme", "id_ban_toponyme.type_invalide"),
        ("1.4-cog-no-match-id_ban_commune", "row.cog_no_match_id_ban_commune"),
        ("1.4-without-ban-adresse", "row.lack_of_id_ban"),
        ("1.4-bad-dependance-id-ban", "row.lack_of_id_ban"),
        ("1.4-no-ids-ban-every", "rows.every_line_required_id_ban"),
        ("1.3-invalid-uid_adresse", "uid_adresse.type_invalide"),
    ],
)
def test_the_fault_that_a_file_is_named_after_is_told(
    shared: Path, tmp_path: Path, name: str, code: str
) -> None:
    """As an error, on its record."""
    outcome = BAL.check(
        package({"bal.csv": (shared / "standards" / "bal" / "1.4" / f"{name}.csv").read_bytes()}, tmp_path),
        "1.4",
    )
    assert code in {f.check for f in outcome.findings if f.severity == "error"}


@pytest.mark.parametrize(
    ("old", "new", "code", "shown"),
    [
        ("2024-03-01", "25/12/2023", "date_der_maj.date_invalide", "25/12/2023 → 2023-12-25"),
        ("2024-03-01", "16 juillet 2023", "date_der_maj.date_invalide", "16 juillet 2023 → 2023-07-16"),
        ("2024-03-01", "25/12/23", "date_der_maj.date_invalide", "25/12/23 → 2023-12-25"),
        (";12;", ";0012;", "numero.contient_prefixe", "0012 → 12"),
        ("entrée", "Entree", "position.enum_fuzzy", "Entree → entrée"),
        ("43.61276", "43,61276", "lat.separateur_decimal_invalide", "43,61276 → 43.61276"),
        (
            "Rue de l’A",
            "Rue_de l’A",
            "voie_nom.contient_tiret_bas",
            "Rue_de l’Aiguillerie → Rue de l’Aiguillerie",
        ),
        (
            "34172_0410_00012",
            "34172_0410_12",
            "cle_interop.numero_prefixe_manquant",
            "34172_0410_12 → 34172_0410_00012",
        ),
        ("2024-03-01", "bientôt", "date_der_maj.date_invalide", "bientôt"),
    ],
)
def test_a_sure_correction_is_given_with_its_value(
    tmp_path: Path, old: str, new: str, code: str, shown: str
) -> None:
    """What the file says, and what it becomes."""
    outcome = BAL.check(package({"bal.csv": HEADER + ROW.replace(old, new, 1)}, tmp_path), "1.4")
    assert [r.value for f in outcome.findings if f.check == code for r in f.rows] == [shown]


@pytest.mark.parametrize(
    ("header", "profile"),
    [
        (HEADER, "1.4"),
        (HEADER.replace("voie_nom", "toponyme").replace("cle_interop;", ""), "1.5"),
        (HEADER.replace("id_ban_commune;", ""), "1.4"),
    ],
)
def test_a_header_calls_for_its_profile(tmp_path: Path, header: str, profile: str) -> None:
    """Without being asked."""
    found = recognise(package({"bal.csv": header}, tmp_path))
    assert found is not None
    assert (found[0].name, found[1]) == ("bal", profile)
