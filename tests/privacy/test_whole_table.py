"""What the whole table says of a column: keys that say one another, codes beside names, who has a column of
their own, of what works are made, who sits for a council.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from parvis.core.types import Column, ColumnType, Schema, Sensitivity
from parvis.engine import connect
from parvis.privacy.detection import Detection
from parvis.privacy.finding import search
from parvis.privacy.identifiers import coded, says_number_of, shortened
from parvis.privacy.rows import About

PEOPLE = [
    "Tiphaine Barbotin", "Samir Mercadier", "Odile Carpentier", "Quentin Vasseur", "Khadija Lopez", "Bruno Tessier", "Régine Faucher", "Ismaël Thomas",
    "Yvette Delmas", "Moussa Traoré", "Corentin Quéré", "Fatiha Benali",
]  # fmt: skip
CODES = ["B48217", "B51930", "B20446", "B77105", "B39082", "B64551", "B10873", "B92640", "B58318", "B33729", "B81094", "B46607"]  # fmt: skip


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    made = connect.processing(tmp_path_factory.mktemp("spool"), threads=1)
    yield made
    made.close()


def seen(
    con: duckdb.DuckDBPyConnection, path: Path, columns: dict[str, Sequence[object]]
) -> tuple[About, dict[tuple[str, str], Detection]]:
    """What the rows of a small table are, and what is seen, by (kind, column)."""
    kinds: dict[str, ColumnType] = {
        n: "integer" if isinstance(v[0], int) else "number" if isinstance(v[0], float) else "text"
        for n, v in columns.items()
    }
    pq.write_table(pa.table({n: pa.array(list(v)) for n, v in columns.items()}), path / "v.parquet")
    schema = Schema(columns=tuple(Column(n, kinds[n]) for n in columns))
    about, found = search(con, path / "v.parquet", schema, len(next(iter(columns.values()))))
    return about, {(s.kind, s.column): s for s in found}


def held(found: dict[tuple[str, str], Detection]) -> set[str]:
    return {c for (_, c), s in found.items() if s.personal is not Sensitivity.NONE}


def test_the_code_of_a_school_says_no_more_than_its_name(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """Classes by school and level are counts, with one key for a school or with two; pupils, one a row, are
    not, though their school has a code.
    """
    schools = ["Condorcet", "Pasteur", "Les Pins"]
    keys = list(product(range(3), ["PS", "MS", "GS", "CP", "CE1"]))
    about, found = seen(
        con,
        tmp_path,
        {
            "site": [schools[s] for s, _ in keys],
            "code": [f"A{s}" for s, _ in keys],
            "niv": [n for _, n in keys],
            "eff": [14 + i for i in range(15)],
        },
    )
    assert (about.counts, held(found)) == (True, set())
    about, _ = seen(
        con,
        tmp_path,
        {
            "site": [schools[i % 3] for i in range(15)],
            "code": [f"A{i % 3}" for i in range(15)],
            "niv": ["PS", "MS", "MS", "CP", "CE1"] * 3,
            "points": [14 + i for i in range(15)],
        },
    )
    assert about.persons


def test_who_bears_a_number_is_not_counted(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Days of absence by agent, above any count of one person, are still those of one."""
    about, found = seen(
        con,
        tmp_path,
        {
            "Matr": [10_233, 10_271, 10_291, 10_334, 10_402, 10_455, 10_460, 10_502, 10_538, 10_571],
            "Unité": ["Voirie", "Magasin"] * 5,
            "Nature": ["CLM", "Maternité", "Accident de service", "CLM", "COVID"] * 2,
            "Nb jrs": [65, 60, 90, 41, 5, 12, 30, 44, 18, 27],
        },
    )
    assert about.persons
    assert {"Matr", "Nature"} <= held(found)


def test_a_code_beside_a_name_is_theirs(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """One code of its own for each person, whatever it is called; not the number of the plot, nor a run of
    numbers, nor where rows are objects that somebody brought.
    """
    people = {"nom complet": PEOPLE}
    assert "agrt" in held(seen(con, tmp_path, {**people, "agrt": CODES})[1])
    for header, cells in (
        ("parcelle", CODES),
        ("agrt", [f"B{i:05}" for i in range(12)]),
        ("agrt", ["B48217", "B51930"] * 6),
    ):
        assert header not in held(seen(con, tmp_path, {**people, header: cells})[1])
    objects = ["article trouvé", "clés", "sac"] * 4
    assert "ref ot" not in held(seen(con, tmp_path, {**people, "ref ot": CODES, "article": objects})[1])


def test_codes_of_one_making() -> None:
    assert coded(CODES)
    assert not coded(["rue Foch", *CODES[:3], "12", "x", "y", "z", "t"])
    assert not coded([c[:3] for c in CODES])


@pytest.mark.parametrize("cut", ["agt", "agent", "ag"])
def test_words_cut_to_their_consonants(cut: str) -> None:
    assert shortened(cut, "agent")
    assert not shortened("art", "agent")
    assert not shortened("art", "adherent")
    assert says_number_of("N° agt")
    assert not says_number_of("art.")


def test_elected_people_have_a_column_of_their_own(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Whom they receive is not elected; where nothing else says who the elected are, the names are theirs."""
    found = seen(con, tmp_path, {"élu": ["M. le Maire", "Mme Estève, adjointe"] * 6, "reçoit": PEOPLE})[1]
    assert "reçoit" in held(found)
    found = seen(con, tmp_path, {"nom": PEOPLE, "fonction": ["1er adjoint", "Conseiller municipal"] * 6})[1]
    assert "nom" not in held(found)


def test_who_sits_for_a_council(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A deliberation sends elected people to a syndicate of communes; staff elect their delegates, and juries
    are drawn.
    """
    seats = {"qualité": ["Titulaire", "Suppléant"] * 6}
    bodies = {"syndicat": ["Vendée Eau", "SIVU", "Trivalis"] * 4}
    voted = {"délib": ["2026-12", "2026-14"] * 6}
    assert held(seen(con, tmp_path, {**bodies, "délégué": PEOPLE, **seats, **voted})[1]) == set()
    for header, beside in (("délégué du personnel", voted), ("délégué", {}), ("juré", voted)):
        assert header in held(seen(con, tmp_path, {header: PEOPLE, **seats, **beside})[1])


def test_works_are_known_by_what_they_are_made_of(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A museum's author is named with the work; who gave it is not, nor the author of a complaint."""
    made = {"tech": ["Huile sur toile", "Encre", "Bronze"] * 4}
    found = seen(con, tmp_path, {"auteur": PEOPLE, "donateur": PEOPLE[::-1], **made})[1]
    assert held(found) == {"donateur"}
    found = seen(con, tmp_path, {"auteur": PEOPLE, "motif": ["bruit", "odeur", "chien"] * 4})[1]
    assert "auteur" in held(found)


def test_ranks_and_first_names_of_who_works(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """« Brig. Diakhaté » is somebody, « Brigadier chef principal » a grade; first names under a part are
    those of who has it.
    """
    ranked = ["Brig. Diakhaté", "Adj. Poujade", "Gendarme ROUVIER", "Brig. Vidalenc"] * 3
    assert "OPJ" in held(seen(con, tmp_path, {"OPJ": ranked, "cam": ["C1", "C2", "C3"] * 4})[1])
    grades = ["Brigadier chef principal", "Adj. technique", "Gardien", "Brigadier"] * 3
    assert held(seen(con, tmp_path, {"grade": grades, "cam": ["C1", "C2", "C3"] * 4})[1]) == set()
    given = {"interv.": ["Sandrine", "Karim", "Josiane"] * 4}
    assert "interv." in held(seen(con, tmp_path, {"bénéf.": PEOPLE, **given})[1])


def test_two_first_names_may_be_a_name(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Surnames that are first names too are surnames beside one: a third of France bears one."""
    mixed = ["Philippe Richard", "Mary Thibault", "Bernard Simon", "MAIF", "ENEDIS", *PEOPLE[:7]]
    assert "tiers lésé" in held(seen(con, tmp_path, {"tiers lésé": mixed, "n": list(range(12))})[1])


def test_three_values_of_which_one_is_nobody(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    pools = ["Neptune", "Jean Taris", "Suzanne Berlioux"] * 8
    assert held(seen(con, tmp_path, {"bassin": pools, "public": list(range(40, 64))})[1]) == set()
    assert "bassin" in held(seen(con, tmp_path, {"bassin": PEOPLE[:3] * 8, "public": list(range(24))})[1])


def test_what_somebody_owes_is_his(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    amounts = [12.5 * i for i in range(12)]
    for header in ("SOLDE", "Ress. mensuelles", "reste à recouvrer", "brut"):
        assert header in held(seen(con, tmp_path, {"redevable": PEOPLE, header: amounts})[1])
        assert (
            held(seen(con, tmp_path, {"chapitre": [f"0{i}" for i in range(12)], header: amounts})[1]) == set()
        )


def test_for_whom_a_place_is_fit_is_nobody_s_illness(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Ages for which a game is made and its accessibility are those of a thing; the age and the disability
    of those who ask for transport are not.
    """
    about, found = seen(
        con,
        tmp_path,
        {
            "parc": ["Square Monnet", "Parc Piaf"] * 6,
            "age": ["2-6", "6-12", "3-8"] * 4,
            "fabricant": ["Kompan", "Proludic"] * 6,
            "accessible": ["PMR", "handicap moteur", "non"] * 4,
        },
    )
    assert (about.persons, held(found)) == (False, set())
    _, found = seen(
        con, tmp_path, {"age": list(range(20, 32)), "handicap": ["handicap moteur", "surdité", "cécité"] * 4}
    )
    assert "handicap" in held(found)


def test_tickets_by_tariff_are_counts(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    days = [f"2026-03-{d:02}" for d in range(1, 25)]
    about, found = seen(
        con,
        tmp_path,
        {
            "mois": days,
            "régie": ["Piscine", "Musée", "Zoo"] * 8,
            "plein tarif": list(range(40, 64)),
            "tarif RSA": list(range(5, 29)),
            "handicap": list(range(3, 27)),
        },
    )
    assert (about.counts, held(found)) == (True, set())


def test_what_was_voted_upon_is_nobody_s(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Deliberations speak of urgent care and of feasts; the same words, of applications, are of who asks."""
    what = {"objet": ["Soutien aux urgences psychiatriques", "Tarifs", "Addictions : convention"] * 4}
    votes = {"pour": [24, 20, 22] * 4, "contre": [0, 3, 1] * 4}
    about, found = seen(con, tmp_path, {**what, **votes})
    assert (about.persons, held(found)) == (False, set())
    assert held(
        seen(con, tmp_path, {"motif": ["sevrage alcool", "suivi psychiatrique", "dépression"] * 4})[1]
    )


def test_the_trade_of_a_doctor_is_no_illness(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A directory of practices goes out with its telephones; that of a club keeps those of its members."""
    doctors = [f"Dr {n}" for n in PEOPLE]
    phones = [f"02 51 6{i % 10} 1{i % 7} {20 + i}" for i in range(12)]
    trades = {"spécialité": ["cardiologue", "psychiatre", "généraliste"] * 4}
    assert held(seen(con, tmp_path, {"annuaire": doctors, **trades, "tél.": phones})[1]) == set()
    assert "tél." in held(seen(con, tmp_path, {"adhérent": PEOPLE, "tél.": phones})[1])
    assert "suivi" in held(seen(con, tmp_path, {"patient": PEOPLE, "suivi": trades["spécialité"]})[1])


def test_first_names_beside_a_number_point_at_somebody(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """First names alone are nobody's; beside what one of them bears, they are his."""
    given = {"bébé": [n.split()[0] for n in PEOPLE]}
    numbers = [4_343_693 + 7_919 * i for i in range(12)]
    assert {"bébé", "allocataire CAF"} <= held(seen(con, tmp_path, {**given, "allocataire CAF": numbers})[1])
    alone = seen(con, tmp_path, {**given, "section": ["moyens", "grands"] * 6})[1]
    assert alone[("person-name", "bébé")].ground


def test_a_long_number_of_each_of_some_people(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """People whom nothing names are followed by a number of their own, whatever it is called; accidents
    have a number too.
    """
    numbers = [f"0859{(i * 7_654_321) % 100_000_000:08}" for i in range(12)]
    facts = {"fait": ["violences conjugales", "expulsion", "sortie d'hospitalisation"] * 4}
    assert "NUD" in held(seen(con, tmp_path, {"NUD": numbers, **facts})[1])
    assert "NUM_ACC" not in held(seen(con, tmp_path, {"NUM_ACC": numbers, "sexe": ["1", "2"] * 6})[1])


def test_a_mark_is_of_who_sat_for_it(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    marks = [4 + i for i in range(12)]
    assert "note /20" in held(seen(con, tmp_path, {"candidat": PEOPLE, "note /20": marks})[1])
    assert held(seen(con, tmp_path, {"parc": [f"p{i}" for i in range(12)], "note /20": marks})[1]) == set()


def test_surnames_letter_by_letter_alone(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """What is written so is hidden from machines: names, though no list knows most of them."""
    spelt = [" ".join(n.split()[1].upper()) for n in PEOPLE]
    assert "adh" in held(seen(con, tmp_path, {"n": list(range(12)), "adh": spelt})[1])
    plan = [f"A {i} - B {i}" for i in range(12)]
    assert held(seen(con, tmp_path, {"n": list(range(12)), "plan": plan})[1]) == set()


def test_the_telephone_of_who_called(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Ten digits under somebody's part are a telephone; under an article they are a code."""
    digits = [f"0{6 + i % 2}{(i * 97_654_321) % 100_000_000:08}" for i in range(12)]
    assert "N_APPELANT" in held(seen(con, tmp_path, {"N_APPELANT": digits})[1])
    assert held(seen(con, tmp_path, {"art.": digits, "désign.": ["regard", "bordure"] * 6})[1]) == set()


def test_names_beside_places_of_a_map(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Stations of a map bear names of people and of streets; those who were counted there would not."""
    stations = ["Rue Jules Ferry", "Émile Combes", "Place Albert 1er", "Jean de Beins", "Louis Blanc"]
    placed = {"lat": [43.61 + i / 1000 for i in range(10)], "lng": [3.87 + i / 1000 for i in range(10)]}
    assert held(seen(con, tmp_path, {"nom": stations * 2, **placed})[1]) == set()
    assert "nom" in held(seen(con, tmp_path, {"nom": PEOPLE[:10], **placed})[1])


def test_who_is_honoured_and_who_won(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Names on a plaque of the dead, readers of recorded books; not who complains, nor who keyed it in."""
    dead = {"stèle": [f"À la mémoire de {n}" for n in PEOPLE], "décès": [1940 + i % 5 for i in range(12)]}
    assert held(seen(con, tmp_path, dead)[1]) == set()
    living = {"plainte": [f"Troubles causés par Mme {n}" for n in PEOPLE]}
    assert "plainte" in held(seen(con, tmp_path, living)[1])
    read = {"titre": ["Sapiens", "La Tresse"] * 6, "aut.": PEOPLE, "lu par": PEOPLE[::-1]}
    assert held(seen(con, tmp_path, {**read, "éd.": ["Lizzie", "Audiolib"] * 6})[1]) == set()
    asked = {"titre": ["Banc", "Voirie"] * 6, "aut.": PEOPLE, "saisi par": PEOPLE[::-1]}
    assert held(seen(con, tmp_path, asked)[1]) == {"aut.", "saisi par"}


def test_the_telephone_of_a_service(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Landlines beside boxes of services are theirs; mobiles are somebody's, and so are landlines beside
    somebody's address.
    """
    landlines = [f"02.51.6{i % 10}.1{i % 7}.{20 + i}" for i in range(12)]
    boxes = {"BAL": ["culture@ville.example", "sports@ville.example", "urba@ville.example"] * 4}
    assert held(seen(con, tmp_path, {**boxes, "Std": landlines})[1]) == set()
    mobiles = [f"06.51.6{i % 10}.1{i % 7}.{20 + i}" for i in range(12)]
    assert "Std" in held(seen(con, tmp_path, {**boxes, "Std": mobiles})[1])
    own = {"BAL": [f"{n.split()[0].lower()}.{i}@ville.example" for i, n in enumerate(PEOPLE)]}
    assert "Std" in held(seen(con, tmp_path, {**own, "Std": landlines})[1])


def test_who_stands_in_is_named_as_who_is_on_duty(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """The same surnames in two columns, one of which says whose they are."""
    team = ["MARTIN", "BERNARD", "LEROY", "MOREAU", "GARNIER", "FOFANA"]
    duty = {"nom de l'agent": team * 2, "le": [f"sem. {i}" for i in range(12)]}
    assert "rempl." in held(seen(con, tmp_path, {**duty, "rempl.": team[3:] * 4})[1])
    towns = ["LUNEL", "SÈTE", "AGDE"] * 4
    assert "rempl." not in held(seen(con, tmp_path, {**duty, "rempl.": towns})[1])
