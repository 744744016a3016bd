"""The file of next month, as a town types it: another name, the same resource; and what a slip of the hand is
told.
"""

from __future__ import annotations

from pathlib import Path

from parvis.cli import publish
from tests.acceptance.commands import parvis

OCTOBER = "date;compteur;passages\n01/10/2026;Rue de Caen;12\n02/10/2026;Rue de Caen;15\n"
NOVEMBER = OCTOBER.replace("/10/", "/11/") + "03/11/2026;Rue de Caen;9\n"


def test_the_file_of_next_month_is_a_new_version(tmp_path: Path) -> None:
    """With --resource the name of the file says nothing. Without, it is a resource beside the first, and the
    command says so.
    """
    ville = tmp_path / "ville"
    assert parvis("init", "ville", cwd=tmp_path).code == 0
    (tmp_path / "octobre.csv").write_text(OCTOBER, "utf-8")
    (tmp_path / "novembre.csv").write_text(NOVEMBER, "utf-8")
    first = parvis("publish", "../octobre.csv", "--dataset", "comptages", "--json", cwd=ville).json[
        "deposits"
    ][0]
    said = parvis(
        "publish", "../novembre.csv", "--dataset", "comptages", "--resource", "octobre", "--json", cwd=ville
    )
    (after,) = said.json["deposits"]
    assert (said.code, after["resource"], after["state"], after["version"] != first["version"]) == (
        0,
        "comptages/octobre",
        "published",
        True,
    )
    assert (
        parvis("publish", "../novembre.csv", "--resource", "comptages/octobre", "--json", cwd=ville).json[
            "deposits"
        ][0]["state"]
        == "unchanged"
    )
    grown = parvis("publish", "../novembre.csv", "--dataset", "comptages", cwd=ville)
    assert (
        "comptages/novembre est une nouvelle ressource, à côté de « octobre ». Si c’est la suite de l’une d’elles : --resource NOM"
        in grown.out
    )
    (tmp_path / "plan.pdf").write_bytes(b"%PDF-1.7\n1 0 obj\n")
    refused = parvis("publish", "../plan.pdf", "--dataset", "comptages", cwd=ville)
    assert refused.code != 0
    assert "nouvelle ressource" not in refused.out
    for wrong, told in (
        (
            ("publish", "../novembre.csv", "--dataset", "Comptages/octobre"),
            "Écrivez par exemple « comptages-octobre ».",
        ),
        (
            ("publish", "../novembre.csv", "--dataset", "comptages", "--resource", "mai"),
            "Celles du jeu « comptages » : comptages/novembre, comptages/octobre, comptages/plan.",
        ),
        (
            ("publish", "../novembre.csv", "--dataset", "nouveau", "--resource", "mai"),
            "Le jeu « nouveau » n’en a pas encore : sans --resource, la commande crée celle du fichier.",
        ),
        (("publish", "../novembre.csv", "--resource", "mai"), "Donnez aussi --dataset JEU"),
        (("withdraw", "comptage", "--why", "essai"), "Vouliez-vous dire « comptages » ?"),
        (("export", "comptage", "-o", "x.csv"), "Vouliez-vous dire « comptages » ?"),
    ):
        said = parvis(*wrong, "--json", cwd=ville)
        assert (said.code, told in said.json["mend"], told in said.err) == (64, True, True), said


def test_a_portal_has_a_name_of_its_own(tmp_path: Path) -> None:
    """Below a path its pages would lead elsewhere: it says so rather than serve them."""
    assert parvis("init", "ville", cwd=tmp_path).code == 0
    said = parvis(
        "serve", cwd=tmp_path / "ville", env={"PARVIS_SERVE_BASE_URL": "https://www.ville.fr/opendata/"}
    )
    assert (said.code, "serve.base_url a un chemin (« /opendata »)" in said.err) == (64, True)


def test_a_check_says_which_schema_the_columns_call_for(tmp_path: Path) -> None:
    """And that it does not look for personal data. Not once a schema is given."""
    (tmp_path / "prénoms 2025.csv").write_text(
        "annee;sexe;prenom;nombre\n2025;F;Jade;7\n2025;M;Léo;5\n2025;F;Louise;4\n", "utf-8"
    )
    said = parvis("check", "prénoms 2025.csv", cwd=tmp_path)
    assert "(Prénoms des nouveau-nés) : parvis check 'prénoms 2025.csv' --schema prenoms\n" in said.out
    assert "parvis scan 'prénoms 2025.csv'" in said.out
    assert "parvis scan" not in parvis("check", "prénoms 2025.csv", "--schema", "prenoms", cwd=tmp_path).out


def test_a_message_names_a_few_resources_of_many() -> None:
    """A dataset of sixty is not listed whole."""
    assert publish._some("abc") == "a, b, c"  # pyright: ignore[reportPrivateUsage]
    assert publish._some(f"r{i}" for i in range(60)) == "r0, r1, r2, r3, r4, et 55 autres"  # pyright: ignore[reportPrivateUsage]
