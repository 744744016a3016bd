"""Persons are kept out by construction: a column or a text that is not on the list refuses the whole table."""

from __future__ import annotations

import csv
import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from parvis.core.errors import UsageError
from parvis.services.incidents.guard import Incidents, Rejected, accepted
from parvis.services.incidents.rules import read, shipped

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
ROW = {
    "nature": "vol de vélo", "du": datetime(2026, 3, 1, 18, tzinfo=UTC), "au": datetime(2026, 3, 2, 7, tzinfo=UTC), "latitude": 43.6, "longitude": 3.87,
    "nombre": 1, "origine": "signalement",
}  # fmt: skip

HEADERS = """"
nom prenom prénom nom_de_naissance nom_usage victime auteur suspect mis_en_cause temoin plaignant requerant requérant civilite sexe genre age âge
date_naissance ddn ne_le lieu_naissance nationalite pays_naissance ethnie race gender sex preRace religion opinion syndicat handicap sante adresse
adresse_suspect domicile residence telephone tel portable mobile courriel email mail nir numero_secu insee_personne plaque immatriculation vin permis
passeport cni iban rib profession employeur situation_familiale enfants taille poids cheveux yeux photo signalement_individu antecedents condamnation
casier fichier_taj gang bande surnom alias pseudo compte_instagram ip imei id_personne uid_victime matricule agent policier idNum citationIssued
personSearch vehicleSearch commentaire observations résumé narratif procès-verbal NOM Prénom Sexe VICTIME Âge DateOfBirth first_name last_name fullname
"""
VALUES = """
Dupont|Marie Dupont|M. Jean Martin|Mme Leroy, 12 rue du Four|jean.martin@exemple.fr|06 12 34 56 78|+33612345678|1 85 07 34 172 001 42|185073417200142|AB-123-CD|1234 XY 34|
né le 12/03/1987|12/03/1987|FR76 3000 6000 0112 3456 7890 189|homme noir 30 ans|Black|White|Male|femme|mineur|Roma|vol de vélo par Dupont|vol de vélo (victime : Leroy)|
cambriolage chez M. Durand|le fils Martin|@tagueur34|78.193.12.4|Kevin|DUPONT Jean|O'Brien|N° 17-000003|suspicious|
""".replace("\n", "").split("|")  # fmt: skip


def table(**more: object) -> pa.Table:
    return pa.Table.from_pylist([{**dict.fromkeys(more), **ROW}, {**ROW, **more}])


def test_what_is_a_place_is_taken() -> None:
    got = accepted(table(), shipped(), NOW)
    assert isinstance(got, Incidents)
    assert got.nature == ("vol de vélo", "vol de vélo")
    assert got.middle[0] == datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
    assert isinstance(accepted(table(nature="Vol de VELO"), shipped(), NOW), Incidents)


@pytest.mark.parametrize("header", HEADERS.split())
def test_every_column_of_persons_refuses_the_table(header: str) -> None:
    for value in ("x", 34):
        got = accepted(table(**{header: value}), shipped(), NOW)
        assert isinstance(got, Rejected)
        assert got.columns == (header,)


@pytest.mark.parametrize("value", [v for v in VALUES if v])
def test_every_person_in_a_text_refuses_the_table(value: str) -> None:
    for column in ("nature", "origine"):
        assert isinstance(accepted(table(**{column: value}), shipped(), NOW), Rejected)


@pytest.mark.parametrize(
    "more",
    [
        {"nombre": 1987}, {"nombre": 612345678}, {"nombre": 0}, {"latitude": 185073417200142.0}, {"latitude": None}, {"longitude": 612345678.0},
        {"du": datetime(1987, 3, 12, tzinfo=UTC)}, {"du": None}, {"au": datetime(2026, 2, 1, tzinfo=UTC)}, {"au": NOW + timedelta(days=9)},
    ],
)  # fmt: skip
def test_numbers_and_dates_that_are_no_incident_refuse_the_table(more: dict[str, object]) -> None:
    got = accepted(table(**more), shipped(), NOW)
    assert isinstance(got, Rejected)
    assert got.values == 1


def test_real_stops_with_race_and_gender_are_refused(shared: Path) -> None:
    with gzip.open(shared / "data" / "safety" / "mpls_stops_2017.csv.gz", "rt") as file:
        rows = list(csv.DictReader(file))[:200]
    got = accepted(pa.Table.from_pylist(rows), shipped(), NOW)
    assert isinstance(got, Rejected)
    assert {"race", "gender", "preRace", "personSearch"} <= set(got.columns)


def test_what_follows_patrols_or_points_at_a_home_is_left_out_and_said() -> None:
    rows = [
        ROW, {**ROW, "nature": "usage de stupéfiants"}, {**ROW, "nature": "contrôle d'identité"}, {**ROW, "nature": "violences intrafamiliales"},
        {**ROW, "origine": "patrouille"},
    ]  # fmt: skip
    got = accepted(pa.Table.from_pylist(rows), shipped(), NOW)
    assert isinstance(got, Incidents)
    assert len(got.nature) == 1
    assert got.left_out == {
        "usage de stupéfiants": 1,
        "contrôle d’identité": 1,
        "violences intrafamiliales": 1,
    }
    assert (got.by_patrol, got.share_left_out) == (1, 0.8)


def test_a_city_adds_natures_and_takes_no_guard_away() -> None:
    own = read('[[nature]]\nname = "trottinette jetée"\n', "reglages/points-chauds.toml")
    assert isinstance(accepted(table(nature="Trottinette jetée"), own, NOW), Incidents)
    for text in (
        '[[nature]]\nname = "usage de stupéfiants"\n',
        "cell_m = 150\n",
        "least = 1\n",
        "watched_pct = 90\n",
    ):
        with pytest.raises(UsageError, match="reglages"):
            read(text, "reglages/points-chauds.toml")
