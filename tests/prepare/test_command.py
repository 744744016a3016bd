"""`parvis prepare` and `parvis publish --recipe`, typed as a user types them."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench import addresses as made

from tests.acceptance.commands import parvis

FILE = "Nom;Adr.;2024;2025;mail\nGymnase;12 av Gal de Gaule;10;12;a@ville.example\nPiscine;3 rue des lials;;7;b@ville.example\n"
RECIPE = """
[[steps]]
step = "rename"
columns = { "Adr." = "adresse" }

[[steps]]
step = "drop"
columns = ["mail"]

[[steps]]
step = "geocode"
with = "file:ban.csv"
address = ["adresse"]
in = "34172"

[[steps]]
step = "unpivot"
columns = ["2024", "2025"]
name = "annee"
value = "visites"
"""
BAN = [
    made.Address(
        "12", "", "Avenue du Général de Gaulle", "34000", "34172", "Montclair", "3.870001", "43.610001"
    ),
    made.Address("3", "", "Rue des Lilas", "34000", "34172", "Montclair", "3.880000", "43.620000"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "lieux.csv").write_text(FILE, "utf-8")
    (tmp_path / "recette.toml").write_text(RECIPE, "utf-8")
    made.write(BAN, tmp_path / "ban.csv")
    return tmp_path


def test_a_file_goes_through_a_recipe_and_nothing_is_published(folder: Path) -> None:
    said = parvis("prepare", "lieux.csv", "--recipe", "recette.toml", "-o", "pret.csv", "--json", cwd=folder)
    assert (said.code, said.json["rows_read"], said.json["rows"], said.json["findings"]) == (0, 2, 3, [])
    assert (folder / "pret.csv").read_text("utf-8").splitlines() == [
        "Nom;adresse;geo_lon;geo_lat;geo_score;geo_adresse;geo_type;annee;visites",
        "Gymnase;12 av Gal de Gaule;3.870001;43.610001;0.87;12 Avenue du Général de Gaulle 34000 Montclair;housenumber;2024;10",
        "Gymnase;12 av Gal de Gaule;3.870001;43.610001;0.87;12 Avenue du Général de Gaulle 34000 Montclair;housenumber;2025;12",
        "Piscine;3 rue des lials;3.880000;43.620000;0.88;3 Rue des Lilas 34000 Montclair;housenumber;2025;7",
    ]
    (folder / "lieux.csv").write_text(FILE.replace("Adr.", "Adresse"), "utf-8")
    said = parvis("prepare", "lieux.csv", "--recipe", "recette.toml", "-o", "autre.csv", "--json", cwd=folder)
    assert (said.code, said.json["error"]) == (3, "Unfit")
    assert "Colonnes présentes : Nom, Adresse, 2024, 2025, mail" in said.json["message"]
    assert not (folder / "autre.csv").exists()
    (folder / "recette.toml").write_text(RECIPE.replace("unpivot", "unpivo"), "utf-8")
    said = parvis("prepare", "lieux.csv", "-R", "recette.toml", "-o", "autre.csv", cwd=folder)
    assert (said.code, said.out) == (64, "")
    assert "Étape 4 : étape inconnue « unpivo »" in said.err


def test_a_published_recipe_is_kept_replayed_and_mended(folder: Path) -> None:
    assert parvis("init", "ville", cwd=folder).code == 0
    here = ("-C", "ville", "--json")
    said = parvis("publish", "lieux.csv", "--recipe", "recette.toml", *here, cwd=folder)
    assert (said.code, said.json["deposits"][0]["state"]) == (0, "published")
    (folder / "lieux.csv").write_text(FILE.replace("Adr.", "Adresse").replace("Piscine", "Bassin"), "utf-8")
    said = parvis("publish", "lieux.csv", *here, cwd=folder)
    assert (said.code, said.json["deposits"][0]["state"]) == (3, "held")
    assert "S’appelle-t-elle maintenant « Adresse »" in said.json["deposits"][0]["message"]
    (folder / "recette.toml").write_text(RECIPE.replace('"Adr."', '"Adresse"'), "utf-8")
    said = parvis("publish", "lieux.csv", "--recipe", "recette.toml", *here, cwd=folder)
    assert (said.code, said.json["deposits"][0]["state"]) == (0, "published")
