"""Special categories, and what public security, companies and third parties protect: told by headers and
words, in the tables that they are about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from parvis.core.types import Column, ColumnProfile, Schema, Sensitivity
from parvis.engine import connect
from parvis.privacy import detections
from parvis.privacy.detection import Detection
from parvis.privacy.vocabulary import known_vocabularies

BESIDE = {
    "people": {"prenom": ["Julie", "Nathan", "Océane"], "sexe": ["F", "M", "F"]},
    "sites": {"adresse": ["Nord", "Sud", "Est"]},
    "bodies": {"raison_sociale": ["Club", "Comité", "Amicale"]},
    "anything": {"n": ["a", "b", "c"]},
}
"""A column that makes a table one of what a vocabulary speaks of."""


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A processing connection, as the pipeline makes it."""
    made = connect.processing(tmp_path_factory.mktemp("spool"), threads=2)
    yield made
    made.close()


def look(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    columns: dict[str, Sequence[str]],
    *,
    geometry: bool = False,
    **meanings: str,
) -> tuple[Detection, ...]:
    """What is seen in a small table of texts."""
    pq.write_table(
        pa.table({n: pa.array(list(v), pa.string()) for n, v in columns.items()}), path / "v.parquet"
    )
    schema = Schema(
        columns=tuple(Column(n, meaning=meanings.get(n, "")) for n in columns),
        geometry="point" if geometry else "",
    )
    return detections(con, path / "v.parquet", schema, len(next(iter(columns.values()))))


CASES = [
    (name, header, cells, good)
    for name, v in known_vocabularies().items()
    for good, some in ((True, v.right), (False, v.bad))
    for header, cells in some
]


@pytest.mark.parametrize(("name", "header", "cells", "good"), CASES)
def test_declared_columns(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, name: str, header: str, cells: tuple[str, ...], good: bool
) -> None:
    """Each right column is told, masked, each look-alike left alone."""
    kind = known_vocabularies()[name]
    found = [s for s in look(con, tmp_path, {header: cells, **BESIDE[kind.of]}) if s.kind == name]
    assert [s.column for s in found] == ([header] if good else [])
    if good:
        assert found[0].confidence >= 0.5
        assert not [c for c in cells if len(c) > 3 and any(c in (r.value or "") for r in found[0].rows)]


def test_health_of_nobody_is_no_personal_datum(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A table of establishments by illness treated speaks of nobody's."""
    columns = {"etablissement": ["A", "B", "C"], "pathologie": ["diabète", "asthme", "cancer"]}
    assert [s.kind for s in look(con, tmp_path, columns)] == []


def test_cameras_without_a_place_are_no_secret(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A price list names cameras; where they stand is the secret, whether by a column of addresses or by a
    geometry.
    """
    columns = {"equipement": ["caméra dôme", "caméra fixe", "caméra LAPI"], "prix": ["a", "b", "c"]}
    assert look(con, tmp_path, columns) == ()
    (found,) = look(con, tmp_path, columns, geometry=True)
    assert (found.kind, found.severity, found.personal) == ("camera-sites", "error", Sensitivity.SECRET)


def test_a_point_beside_a_person_is_a_home(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Both coordinates; beside an organisation they are its premises."""
    places = {"latitude": ["43.6", "43.7", "43.8"], "longitude": ["3.8", "3.9", "3.7"]}
    meant = {"latitude": "latitude", "longitude": "longitude"}
    people = {"nom": ["Zylberstein", "Quéré", "Prudhomme"], "prenom": ["Julie", "Nathan", "Océane"]}
    assert {
        s.column for s in look(con, tmp_path, {**people, **places}, **meant) if s.kind == "home-point"
    } == {"latitude", "longitude"}
    assert [
        s
        for s in look(con, tmp_path, {"raison_sociale": ["A", "B", "C"], **places}, **meant)
        if s.kind == "home-point"
    ] == []


def test_sole_traders_by_their_legal_form(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Only their rows count, and the ground is told."""
    columns = {"siret": ["1", "2", "3"], "forme_juridique": ["SARL", "Entrepreneur individuel", "SAS"]}
    (found,) = (s for s in look(con, tmp_path, columns, siret="siret") if s.kind == "sole-trader")
    assert (found.column, found.count, found.severity) == ("siret", 1, "warning")
    assert "SIRENE" in found.ground


@pytest.mark.parametrize(("amount", "held"), [("Redevance €", True), ("Surface m²", False)])
def test_what_a_trader_is_charged_is_in_no_directory(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, amount: str, held: bool
) -> None:
    """Names beside their SIRET go out as the directory of firms has them; what each of them pays for a terrace does not."""
    columns = {
        "Établissement": ["Le Balto", "Chez Mimi", "L'Ardoise", "Le Fournil"],
        "Exploitant": ["Yasmine Legendre", "Ismaël Moulin", "Ludivine Lacroix", "Noa Teixeira"],
        "SIRET": ["39893208700008", "85366999200028", "49437562900057", "86701741000046"],
        amount: ["137,57", "431,85", "374,10", "670,13"],
    }
    seen = look(con, tmp_path, columns, SIRET="siret")
    assert {s.column for s in seen if s.personal is not Sensitivity.NONE} >= (
        {"Exploitant", "SIRET"} if held else set()
    )
    assert any(s.severity == "error" for s in seen) is held


def test_addresses_of_people_and_of_places(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Beside names they hold; of equipment they go out, and the ground says why; a list of streets is none."""
    cells = ["12 rue des Lilas", "3 bis avenue de la Gare", "7, impasse du Puits 34000 Montpellier"]
    people = {"nom": ["Zylberstein", "Quéré", "Prudhomme"], "prenom": ["Julie", "Nathan", "Océane"]}
    (theirs,) = (s for s in look(con, tmp_path, {**people, "adresse": cells}) if s.kind == "postal-address")
    assert (theirs.severity, theirs.personal, theirs.count) == ("error", Sensitivity.DIRECT, 3)
    (its,) = (
        s
        for s in look(con, tmp_path, {"equipement": ["a", "b", "c"], "adresse": cells})
        if s.kind == "postal-address"
    )
    assert (its.severity, its.personal) == ("info", Sensitivity.NONE)
    assert its.ground
    assert look(con, tmp_path, {"voie": ["rue des Lilas", "avenue de la Gare", "impasse du Puits"]}) == ()


def test_births_without_a_header_beside_names(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Dates a generation apart beside names are births; a date of hiring is none, whatever its years."""
    first = ["Julie", "Nathan", "Océane", "Yanis", "Brigitte", "Gérard", "Maëlle", "Inès"] * 5
    days = pa.array([800 * k - 15_000 for k in range(40)], pa.int32()).cast(pa.date32())
    for header, told in (("jour", True), ("date_embauche", False)):
        pq.write_table(
            pa.table(
                {"prenom": first, "nom": [f"Quéré{'abcdefgh'[i % 8]}" for i in range(40)], header: days}
            ),
            tmp_path / "v.parquet",
        )
        schema = Schema(columns=(Column("prenom"), Column("nom"), Column(header, "date")))
        assert ("birth-date" in {s.kind for s in detections(con, tmp_path / "v.parquet", schema, 40)}) is told


def test_one_named_person_in_a_large_column_of_comments_is_found(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """Sentences are sampled, signs of somebody are not: one line in 60,000, with and without a profile that
    says that values come again.
    """
    cells = [f"passage de la balayeuse, secteur {i % 9000}" for i in range(60_000)]
    cells[41_234] = "Mme Trinquet demande une place"
    pq.write_table(pa.table({"observations": cells}), tmp_path / "v.parquet", row_group_size=20_480)
    schema = Schema(columns=(Column("observations"),))
    for profile in ((), (ColumnProfile("observations", "text", 60_000, 0, 9001),)):
        (found,) = detections(con, tmp_path / "v.parquet", schema, 60_000, profile=profile)
        assert (found.kind, found.count, [r.record for r in found.rows]) == ("person-in-text", 1, [41_235])
