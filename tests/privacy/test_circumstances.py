"""What the row of somebody tells of where they live, come from and do: theirs; the same headers of things: nobody's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from parvis.inspection.file_check import opened
from parvis.inspection.scanning import scan
from parvis.privacy.answer import Scan

ROWS = 12
NAMES = [
    "MERCIER Lucie", "ROUSSEL Hugo", "FAURE Inès", "GIRARD Paul", "LAMBERT Zoé", "FONTAINE Léon",
    "CHEVALIER Emma", "ROBIN Jules", "MASSON Alice", "SANCHEZ Noé", "MULLER Jeanne", "BLANC Adam",
]  # fmt: skip


def seen(folder: Path, columns: Mapping[str, Sequence[str]]) -> Scan:
    """A table of texts, as a file of CSV, searched."""
    path = folder / "table.csv"
    lines = [";".join(columns), *(";".join(row) for row in zip(*columns.values(), strict=True))]
    path.write_text("\n".join(lines), "utf-8")
    with opened(path, name="table.csv") as desk:
        return scan(desk)


def held(answer: Scan) -> set[str]:
    return {c.name for c in answer.columns if c.verdict != "publish"}


def again(*values: str) -> list[str]:
    return [values[i % len(values)] for i in range(ROWS)]


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("Quartier de résidence", again("Bastide", "Prairie", "Vieux port")),
        ("QPV", again("oui", "hors QPV")),
        ("Lieu naiss.", again("Troyes", "Porto", "Lille", "Oran")),
        ("DEPNAIS", again("10", "59", "99")),
        ("CSP", again("cadre", "ouvrier", "empl.")),
        ("SITFAM", again("C", "M", "D")),
        ("Statut", again("propriétaire", "locataire", "hébergé")),
        ("Enf.", again("0", "2", "3", "1")),
        ("APL", again("120", "", "244", "")),
        ("RAV", again("120", "84", "244", "310")),
        ("OPPOS.", again("", "SATD", "Pens. alim.")),
        ("Dû T3", again("12.5", "0", "48.2")),
        ("Civ.", again("M.", "Mme", "Mme")),
        ("DCD le", again("12/03/2025", "04/04/2026", "28/01/2026")),
        ("Étage", again("1", "3", "RDC")),
        ("Clé chez", again("fils", "voisine", "SSIAD")),
        ("Arrêt", again("Mairie", "Stade", "Les Ormes")),
        ("Rue", again("rue du Four", "place du Foirail", "chemin des Vignes")),
        ("Commune", again("Castres", "Albi", "Lavaur")),
        ("Parcelle", again("AB 14", "ZC 112", "AK 7")),
        ("Catégorie", again("minime", "poussin", "vétéran")),
        ("Cat", again("JUM", "V1M", "SEF")),
        ("Etab", again("CLG Camus", "LYC Rotrou", "EP Curie")),
        ("Inv_nat", again("SEN", "DZA", "MAR")),
        ("N° pièce", [f"{514569711620 + 7919 * n * n}" for n in range(ROWS)]),
        ("Inv_passp", [f"Z{9932215 + 7919 * n * n}" for n in range(ROWS)]),
    ],
)
def test_a_circumstance_in_the_row_of_somebody_is_theirs(
    tmp_path: Path, header: str, values: list[str]
) -> None:
    answer = seen(tmp_path, {"Bénéficiaire": NAMES, header: values})
    assert {"Bénéficiaire", header} <= held(answer)


def test_where_somebody_works_or_something_happened_is_not_where_they_live(tmp_path: Path) -> None:
    answer = seen(
        tmp_path, {"Bénéficiaire": NAMES, "Commune d’intervention": again("Auxerre", "Joigny", "Sens")}
    )
    assert "Commune d’intervention" not in held(answer)


def test_where_one_lives_is_not_where_a_day_tells_that_something_happened(tmp_path: Path) -> None:
    holes = {
        "Signalé par": NAMES,
        "Signalé le": [f"2026-03-{n + 1:02}" for n in range(ROWS)],
        "Commune": again("Castres", "Albi"),
        "Rue": again("rue du Four", "place du Foirail", "chemin des Vignes"),
    }
    assert {"Commune", "Rue"}.isdisjoint(held(seen(tmp_path, holes)))


def test_the_place_behind_a_birth_is_that_of_the_birth(tmp_path: Path) -> None:
    jurors = {
        "Juré": NAMES,
        "né le": [f"{n + 1:02}/04/{1950 + 4 * n}" for n in range(ROWS)],
        "à": again("Oran", "Dreux", "Lyon"),
    }
    assert "à" in held(seen(tmp_path, jurors))


def test_the_number_of_a_firm_is_that_of_the_only_one_who_is_named(tmp_path: Path) -> None:
    sellers = {
        "Commerçant": NAMES,
        "Activité": again("miel", "fromages", "vêtements"),
        "SIRET": [f"{752525972 + 7919 * n}000{28 + n}" for n in range(ROWS)],
        "Portable": [f"06 {n + 10} 24 21 08" for n in range(ROWS)],
    }
    assert "SIRET" in held(seen(tmp_path, sellers))
    firms = {
        "Société": again("EIFFAGE", "COLAS", "SPIE", "SOGEA"),
        "Contact": NAMES,
        "SIRET": sellers["SIRET"],
    }
    assert "SIRET" not in held(seen(tmp_path, firms))


def test_what_is_owed_for_a_plot_is_owed_by_who_is_named(tmp_path: Path) -> None:
    lent = {
        "Exploitation": [f"Ferme {n} du Mas" for n in range(ROWS)],
        "Jardinier": NAMES,
        "Retard": again("12.5", "0", "48.2"),
    }
    assert "Retard" in held(seen(tmp_path, lent))


def test_a_section_of_two_letters_is_of_the_cadastre(tmp_path: Path) -> None:
    tanks = {
        "Propriétaire": NAMES,
        "Section": [f"ZC {7 * n + 3}" for n in range(ROWS)],
        "Contrôle": ["12/03/2025"] * ROWS,
    }
    assert "Section" in held(seen(tmp_path, tanks))


def test_keys_that_are_numbered_and_stops_at_a_moment_are_not_where_somebody_lives(tmp_path: Path) -> None:
    lent = {"Agent": NAMES, "Clé": again("K1", "K2", "K3")}
    assert "Clé" not in held(seen(tmp_path, lent))
    rides = {
        "Agent": NAMES,
        "Arrêt": again("Gare", "Halles"),
        "Heure": [f"2026-03-{n + 1:02} 08:10" for n in range(ROWS)],
    }
    assert "Arrêt" not in held(seen(tmp_path, rides))


def test_pieces_of_accounts_run_and_are_nobodys(tmp_path: Path) -> None:
    paid = {"Bénéficiaire": NAMES, "N° pièce": [f"{202600100 + n}" for n in range(ROWS)]}
    assert "N° pièce" not in held(seen(tmp_path, paid))


def test_categories_of_firms_and_plots_of_gardens_are_no_traits(tmp_path: Path) -> None:
    lent = {
        "Jardinier": NAMES,
        "Parcelle": [f"J{n:02}" for n in range(ROWS)],
        "Catégorie": again("potager", "verger"),
    }
    assert {"Parcelle", "Catégorie"}.isdisjoint(held(seen(tmp_path, lent)))


def test_things_have_a_part_of_town_and_a_state_too(tmp_path: Path) -> None:
    benches = {
        "N° inventaire": [f"BAN{i:04}" for i in range(ROWS)],
        "Quartier": again("Bastide", "Prairie", "Vieux port"),
        "Statut": again("en place", "déposé"),
    }
    assert seen(tmp_path, benches).verdict == "publish"


def test_days_written_together_under_a_letter_are_births_of_those_who_are_named(tmp_path: Path) -> None:
    days = [f"{1941 + 6 * i}{1 + i % 12:02}{3 + i:02}" for i in range(ROWS)]
    columns = {
        "c1": [n.split()[0] for n in NAMES],
        "c2": [n.split()[1] for n in NAMES],
        "c3": days,
    }
    assert {"c1", "c2", "c3"} <= held(seen(tmp_path, columns))


def test_recent_days_written_together_are_no_births(tmp_path: Path) -> None:
    days = [f"2025{1 + i % 12:02}{3 + i:02}" for i in range(ROWS)]
    assert "c3" not in held(
        seen(tmp_path, {"c1": [n.split()[0] for n in NAMES], "c2": [n.split()[1] for n in NAMES], "c3": days})
    )


def test_a_year_of_birth_and_a_gender_in_english_make_rows_people(tmp_path: Path) -> None:
    columns = {
        "PatID": [f"P-{311 + i}" for i in range(ROWS)],
        "YOB": [str(1938 + 5 * i) for i in range(ROWS)],
        "Gender": again("f", "m"),
        "Lot": again("X12", "X14"),
    }
    assert {"PatID", "YOB", "Gender"} <= held(seen(tmp_path, columns))


def test_a_mean_age_beside_numbers_of_women_and_men_is_nobodys(tmp_path: Path) -> None:
    staff = {
        "Filière": again("technique", "administrative", "animation"),
        "Cat.": again("A", "B", "C"),
        "H": [str(11 + 5 * i) for i in range(ROWS)],
        "F": [str(70 - 4 * i) for i in range(ROWS)],
        "Âge moyen": [f"{38 + i},4" for i in range(ROWS)],
    }
    assert seen(tmp_path, staff).verdict == "publish"


def test_mails_of_halls_and_services_are_no_persons(tmp_path: Path) -> None:
    rooms = {
        "Salle": ["Salle des fêtes", "Foyer", "Salle du conseil"],
        "Catégorie": ["L", "L", "W"],
        "Réservation": ["salles@ville.example", "salles@ville.example", "sig@agglo.example"],
    }
    assert seen(tmp_path, rooms).verdict == "publish"


def test_roses_are_called_after_people_and_are_nobody(tmp_path: Path) -> None:
    roses = {
        "Cultivar": [
            "Pierre de Ronsard", "Madame Alfred Carrière", "Mme Meilland", "Gertrude Jekyll", "Charles de Mills", "Albéric Barbier",
            "Cardinal de Richelieu", "Souvenir du Docteur Jamain", "Ghislaine de Féligonde", "Marie Pavié", "Paul Bocuse", "Jacques Cartier",
        ],
        "Obtenteur": again("Meilland", "Barbier", "Schwartz"),
        "Pieds": [str(1 + i) for i in range(ROWS)],
    }  # fmt: skip
    assert seen(tmp_path, roses).verdict == "publish"


def test_firms_that_come_again_under_a_holder_are_no_names(tmp_path: Path) -> None:
    contracts = {
        "Objet": [f"Réfection de la voie {i}" for i in range(ROWS)],
        "Titulaire": again("EUROVIA", "COLAS IDF", "ELIOR", "SAS MOULIN ET FILS"),
        "SIRET": again("55210055400013", "32902548000026", "40316854500017", "41098176000013"),
        "Montant HT": [str(9100 + 731 * i) for i in range(ROWS)],
    }
    assert "Titulaire" not in held(seen(tmp_path, contracts))
