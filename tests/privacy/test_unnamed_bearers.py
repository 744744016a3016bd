"""Rows of people whom nothing names: a mail under the name of a role, a digest of what reaches somebody, numbers that
pupils and staff bear, initials. What looks like it and is nobody's stays out.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from parvis.inspection.file_check import opened
from parvis.inspection.scanning import scan
from tests.privacy.test_circumstances import ROWS, again, held, seen

DIGESTS = [hashlib.md5(f"{n}".encode()).hexdigest() for n in range(ROWS)]
NUMBERS = [str(88120 + n) for n in range(ROWS)]


def test_a_mail_under_the_name_of_a_role_makes_no_body_of_its_rows(tmp_path: Path) -> None:
    sold = {
        "cmd": [f"WEB{n}" for n in range(ROWS)],
        "acheteur": [f"{n}.{s}@orange.fr" for n, s in zip(
            ("lucie", "hugo", "ines", "paul", "zoe", "leon", "emma", "jules", "alice", "noe", "jeanne", "adam"),
            ("mercier", "roussel", "faure", "girard", "lambert", "fontaine", "chevalier", "robin", "masson", "sanchez", "muller", "blanc"), strict=True)],
        "place": [f"H{n}" for n in range(ROWS)],
    }  # fmt: skip
    assert "acheteur" in held(seen(tmp_path, sold))


@pytest.mark.parametrize("header", ["hash_tel", "email_sha256", "id_pseudo", "usager_hash"])
def test_a_digest_of_what_reaches_somebody_is_their_number(tmp_path: Path, header: str) -> None:
    digests = [hashlib.sha256(d.encode()).hexdigest() for d in DIGESTS] if "256" in header else DIGESTS
    answer = seen(tmp_path, {"choix": again("P1", "P2", "P3"), header: digests})
    assert header in held(answer)


@pytest.mark.parametrize("header", ["hash_fichier", "sha256", "md5", "hash_commit", "etag"])
def test_digests_of_files_are_nobodys(tmp_path: Path, header: str) -> None:
    answer = seen(tmp_path, {"format": again("csv", "json"), header: DIGESTS})
    assert answer.verdict == "publish"


def test_numbers_of_pupils_that_run_but_do_not_count_their_rows(tmp_path: Path) -> None:
    carried = {"id_eleve": NUMBERS, "arret": again("Moulin", "Mairie"), "circuit": again("C12", "C14")}
    assert "id_eleve" in held(seen(tmp_path, carried))


def test_numbers_that_count_their_rows_point_at_nobody(tmp_path: Path) -> None:
    carried = {"id_eleve": [str(n + 1) for n in range(ROWS)], "circuit": again("C12", "C14")}
    assert "id_eleve" not in held(seen(tmp_path, carried))


def test_a_badge_cut_short_is_that_of_who_clocks_in(tmp_path: Path) -> None:
    clocked = {
        "bdg": [str(517 + 3 * n) for n in range(ROWS)],
        "dt": [f"2026-01-{n + 1:02}" for n in range(ROWS)],
        "e1": again("08:00", "08:14", "08:31"),
        "s1": again("12:20", "12:09"),
    }
    assert "bdg" in held(seen(tmp_path, clocked))


def test_how_many_hold_a_badge_is_nobodys_number(tmp_path: Path) -> None:
    lent = {
        "mois": [f"2026-{n + 1:02}" for n in range(ROWS)],
        "badge": [str(3 + 11 * n) for n in range(ROWS)],
    }
    assert seen(tmp_path, lent).verdict == "publish"


def test_a_few_numbers_of_staff_are_theirs(tmp_path: Path) -> None:
    tickets = {
        "immat": [f"A{chr(66 + n)}-{100 + 7 * n}-CD" for n in range(ROWS)],
        "matr_agent": again("4021", "4022", "4037"),
        "montant": again("35", "17"),
    }
    assert "matr_agent" in held(seen(tmp_path, tickets))


def test_few_cards_of_who_comes_again_are_theirs(tmp_path: Path) -> None:
    driven = {
        "carte": again("40533", "40118", "40309"),
        "motif": again("dialyse", "courses", "kiné"),
        "jour": [f"2026-05-{n + 1:02}" for n in range(ROWS)],
    }
    assert "carte" in held(seen(tmp_path, driven))


def test_initials_are_somebody(tmp_path: Path) -> None:
    swum = {
        "Init.": ["ÉL", "AH", "FR", "BB", "MC", "TZ", "AL", "OP", "RS", "JB", "CV", "NK"],
        "Sx": again("G", "F", "F"),
        "Niveau": again("débutant", "débrouillé", "nageur"),
    }
    assert {"Init.", "Sx"} <= held(seen(tmp_path, swum))


def test_an_initial_amount_is_no_initials(tmp_path: Path) -> None:
    bought = {"poste": again("voirie", "écoles"), "Init.": [str(1000 + 37 * n) for n in range(ROWS)]}
    assert seen(tmp_path, bought).verdict == "publish"


def test_the_height_of_the_points_of_a_track_is_no_pupils_number(tmp_path: Path) -> None:
    climbed = {
        "ele": [str(250 + 3 * n) for n in range(ROWS)],
        "time": [f"2026-05-01T09:{n:02}:00Z" for n in range(ROWS)],
        "latitude": [f"{46.12 + n / 1000:.4f}" for n in range(ROWS)],
        "longitude": [f"{3.41 + n / 900:.4f}" for n in range(ROWS)],
    }
    assert "ele" not in held(seen(tmp_path, climbed))
    assert "ele" in held(seen(tmp_path, {**climbed, "ele": NUMBERS})), "no place is so high"
    driven = {"ele": climbed["ele"], "circuit": again("C12", "C14")}
    assert "ele" in held(seen(tmp_path, driven)), "without a place"


def test_a_track_of_a_walk_is_not_held_for_its_heights(tmp_path: Path) -> None:
    """Its places are a geometry, which is no column."""
    points = "".join(
        f'<trkpt lat="{46.12 + n / 1000:.4f}" lon="{3.41 + n / 900:.4f}"><ele>{250 + n}</ele><time>2026-05-01T09:{n:02}:00Z</time></trkpt>'
        for n in range(ROWS)
    )
    path = tmp_path / "tour.gpx"
    path.write_text(
        f'<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><trk><name>Tour</name><trkseg>{points}</trkseg></trk></gpx>'
    )
    with opened(path, name="tour.gpx") as desk:
        answer = scan(desk)
    assert [one.verdict for one in (answer, *answer.tables)] == ["publish"] * (1 + len(answer.tables))
    assert "ele" in {c.name for one in (answer, *answer.tables) for c in one.columns}
