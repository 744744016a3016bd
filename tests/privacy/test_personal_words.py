"""Words that stand beside cells are searched like cells, and what outlives the data is drawn from none that
points at somebody.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from parvis.catalogue import manifest
from parvis.cli import publish
from parvis.core.errors import UsageError
from parvis.core.reading import ParquetScan, RawColumn, RawTable
from parvis.privacy import surrounding_words
from parvis.publication import describing
from parvis.publication.city import SYSTEM
from parvis.publication.file_tables import assign
from parvis.store import datasets
from tests.cities import canarycity
from tests.cities.canarycity import EMAILS, IBANS, NIRS, PHONES, Clock, hand_in

TOLD = {
    "nir": f"Dossier {NIRS[0]}", "file": f"releve_{NIRS[1]}.csv", "mail": f"Écrire à {EMAILS[0]}", "phone": f"Joindre le {PHONES[0]}", "iban": f"Compte {IBANS[0]}",
    "person": "Plainte de Mme Lefebvre", "spoken": "dupont_jean_2024", "born": "Jean Dupont né le 12/03/1980", "home": "Chez M. Martin, 12 rue des Lilas",
}  # fmt: skip
SPARED = {
    str(i): text
    for i, text in enumerate(
        (
            "Stations de vélos en libre-service",
            "Budget primitif de la ville depuis 2019",
            "École maternelle Jean-Macé",
            "Rue du Docteur Roux : travaux",
            "Équipements sportifs 2026",
            "donnees@montclair.example",
            "Feuille 1",
            "Effectifs scolaires 2026-2027",
            "Qualité de l’air : mesures horaires",
            "Prix Marie-Curie",
            "arbres.csv",
            "liste_des_marches_2025",
            "SIRET 732 829 320 00074",
            "Zone 30",
            "Mairie, 1 place de la République",
        )
    )
}


def test_words_are_searched_as_they_are_written_and_as_they_are_spoken() -> None:
    assert set(surrounding_words.says(TOLD)) == set(TOLD)
    assert surrounding_words.says(SPARED) == {}


def test_identifiers_are_drawn_from_no_word_that_points_at_somebody(tmp_path: Path) -> None:
    assert surrounding_words.identifier("Stations de vélos", "jeu") == "stations-de-velos"
    assert surrounding_words.identifier(TOLD["nir"], "jeu") == "jeu"
    city = canarycity.build(tmp_path / "city", Clock())
    tables = [
        RawTable(name, (RawColumn(f"c{i}", f"c{i}"),), ParquetScan(Path("x")), 1)
        for i, name in enumerate(("Arbres", TOLD["nir"], TOLD["spoken"], "Bancs"))
    ]
    with city.db.read() as conn:
        parent = datasets.resource(conn, "arbres/arbres")
        assert parent is not None
        made = [p.resource.id for p in assign(conn, parent, tables, guarded=lambda _: False)]
    assert made == [
        "arbres/arbres",
        "arbres/arbres-feuille",
        "arbres/arbres-feuille-2",
        "arbres/arbres-bancs",
    ]
    file = tmp_path / f"{TOLD['spoken']}.csv"
    file.write_bytes(canarycity.INNOCENT)
    with pytest.raises(UsageError, match="désigne quelqu’un"):
        publish.plan(city, [file])
    city.db.close()


@pytest.mark.parametrize(
    "words",
    [
        'title = "Arbres de Mme Lefebvre"',
        f'title = "Arbres"\ndescription = "Écrire à {EMAILS[0]}"',
        f'title = "Arbres"\nkeywords = ["{PHONES[1]}"]',
    ],
)
def test_a_published_dataset_takes_no_words_that_point_at_somebody(words: str, tmp_path: Path) -> None:
    city = canarycity.build(tmp_path / "city", Clock())
    hand_in(city, "arbres/arbres", canarycity.INNOCENT, "arbres.csv")
    file = tmp_path / "datasets.toml"
    said = f'[[organisation]]\nid = "vivre"\nname = "Vie des quartiers"\n\n[[dataset]]\nid = "arbres"\n{words}\npublisher = "vivre"\n'
    file.write_text(said, "utf-8")
    with pytest.raises(UsageError, match="jeu « arbres »"):
        describing.keep(city, manifest.load(file), actor=SYSTEM)
    with city.db.read() as conn:
        kept = datasets.dataset(conn, "arbres")
    assert kept is not None
    assert (kept.title, kept.description) == ("Arbres par quartier", "Comptés chaque hiver.")
    file.write_text(said.replace(words, 'title = "Arbres comptés"'), "utf-8")
    describing.keep(city, manifest.load(file), actor=SYSTEM)
    city.db.close()


ORDINARY = (
    "Exploitant du réseau de bus.", "Schéma directeur des infrastructures de recharge", "nom du maître d'ouvrage", "code_iris_insee", "nom_iris", "ecole jean moulin",
    "Bénéficiaire des aides", "plan marine nationale", "marche rose", "gymnase_leo_lagrange.csv", "bilan-france-2024.xlsx",
)  # fmt: skip


def test_ordinary_words_are_nobody() -> None:
    """What is written small is read with capitals too, as the name of a file hides a person's; that makes
    nobody of a role, a code or a place.
    """
    assert surrounding_words.says({text: text for text in ORDINARY}) == {}
    assert set(
        surrounding_words.says(
            {
                text: text
                for text in ("dupont_jean-2024", "plainte contre marie lefevre", "dossier-martin_paul.pdf")
            }
        )
    ) == {
        "dupont_jean-2024",
        "plainte contre marie lefevre",
        "dossier-martin_paul.pdf",
    }
