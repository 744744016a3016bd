"""Addresses found in a file in BAN format: the bar on a seeded sample, the cases that must be refused, and
how addresses are read.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from bench import addresses as made

from parvis.prepare.geocoding import THRESHOLD, Address, Match, Places, find, gather
from parvis.prepare.geocoding.words import tokens

Row = tuple[str, str, str, str, str, str]


def places(rows: Sequence[made.Address]) -> Places:
    return gather(
        {
            "numero": [a.numero for a in rows],
            "rep": [a.rep for a in rows],
            "nom_voie": [a.voie for a in rows],
            "code_postal": [a.postcode for a in rows],
            "code_insee": [a.insee for a in rows],
            "nom_commune": [a.commune for a in rows],
            "lon": [a.lon for a in rows],
            "lat": [a.lat for a in rows],
        }
    )


@pytest.fixture(scope="module")
def file() -> list[made.Address]:
    return made.ban(20_000, seed=11)


@pytest.mark.parametrize("apart", [True, False])
def test_typos_are_seen_through_and_no_wrong_answer_is_given_as_sure(
    file: list[made.Address], apart: bool
) -> None:
    """97 of 100 right at the least, none wrong from the threshold on: postal code and commune in columns of
    their own, or all in one text.
    """
    typed = made.typed(file, 6_000, seed=12)
    asked = [
        Address(t.adresse, t.postcode, t.commune)
        if apart
        else Address(" ".join(p for p in (t.adresse, t.postcode, t.commune) if p))
        for t in typed
    ]
    found = find(places(file), asked)
    sure = [(t, f) for t, f in zip(typed, found, strict=True) if f.score >= THRESHOLD]
    assert [(t.adresse, t.commune, f.label) for t, f in sure if f.row != t.means] == []
    assert len(sure) >= 0.97 * len(typed)
    assert {typo for t in typed for typo in t.typos} == set(made.TYPOS)  # every kind was planted
    assert find(places(file), asked[:300]) == found[:300]


TOWN = [
    made.Address(n, rep, voie, cp, insee, commune, f"3.{i:06d}", f"43.{i:06d}")
    for i, (n, rep, voie, cp, insee, commune) in enumerate(
        (
            ("12", "", "Avenue du Général de Gaulle", "34000", "34172", "Montclair"),
            ("12", "bis", "Avenue du Général de Gaulle", "34000", "34172", "Montclair"),
            ("3", "", "Rue du 8 Mai 1945", "34000", "34172", "Montclair"),
            ("8", "", "Rue du 8 Mai 1945", "34000", "34172", "Montclair"),
            ("5", "", "Rue du Moulin", "34000", "34172", "Montclair"),
            ("5", "", "Rue des Moulins", "34000", "34172", "Montclair"),
            ("7", "", "Rue de l’Escale", "34000", "34172", "Montclair"),
            ("7", "a", "Rue Haute", "34000", "34172", "Montclair"),
            ("7", "", "Rue Haute", "34000", "34172", "Montclair"),
            ("5", "", "Rue des Lilas", "34110", "34333", "Saint-Roch"),
            ("5", "", "Rue des Lilas", "34120", "34334", "Sainte-Anne"),
            ("1", "", "Place de la Mairie", "01000", "01053", "Le Crès"),
        )
    )
]


@pytest.mark.parametrize(
    ("asked", "row"),
    [
        (Address("12bis, av. du Gal-de-Gaulle 34000 MONTCLAIR CEDEX 2"), 1),
        (Address("12 B avenue général de gaulle", "34000", "montclair"), 1),
        (Address("Appt 4, bât. C, 12 avenue du Général de Gaulle", "34000"), 0),
        (Address("3 rue du huit mai 1945", "34000", "Montclair"), 2),
        (Address("8 Mai 1945 rue du, 8", "34000", "Montclair"), 3),
        (Address("5 rue du Moulin", "", "Montclair"), 4),
        (Address("5 rue des Moulins", "34000", ""), 5),
        (Address("7 l’escale rue de", "34000", "Montclair"), 6),
        (Address("7a rue haute", "34000", "Montclair"), 7),
        (Address("5 rue des Lilas", "34110", "St Roch"), 9),
        (Address("5 rue des Lilas", "34999", "Ste-Anne"), 10),
        (Address("5 rue des lilas sainte-anne"), 10),
        (Address("5 rue des Lilas", insee="34333"), 9),
        (Address("1 pl. de la Mairie", "1000", "Le Crs"), 11),
    ],
)
def test_an_address_is_found_however_it_is_written(asked: Address, row: int) -> None:
    (found,) = find(places(TOWN), [asked])
    assert (found.row, found.score >= THRESHOLD) == (row, True), found
    assert (found.lon, found.lat) == (TOWN[row].lon, TOWN[row].lat)


@pytest.mark.parametrize(
    "asked",
    [
        Address("5 rue des Lilas"),
        Address("5 rue des Lilas", "34000", ""),
        Address("5 rue des moulin", "34000", "Montclair"),
        Address("99 rue Haute", "34000", "Montclair"),
        Address("7 ter rue Haute", "34000", "Montclair"),
        Address("5 bis rue du Moulin", "34000", "Montclair"),
        Address("rue Absente", "34000", "Montclair"),
        Address("", "34000", "Montclair"),
        Address(""),
        Address("12 avenue du Général de Gaulle", "75001", "Paris"),
        Address("5 d rue des Lilas", "34110", "Saint-Roch"),
    ],
)
def test_what_could_be_another_is_not_given_as_sure(asked: Address) -> None:
    (found,) = find(places(TOWN), [asked])
    assert found.score < THRESHOLD, found


def test_a_street_and_a_commune_are_answers_of_their_kind() -> None:
    street, commune, nothing = find(
        places(TOWN),
        [
            Address("rue des Lilas", "34110", "Saint-Roch"),
            Address("", "34110", "Saint-Roch"),
            Address("1 rue X", "99999", "Nulle part"),
        ],
    )
    assert (street.kind, street.score >= THRESHOLD) == ("street", True)
    assert (commune.kind, commune.label, commune.score < THRESHOLD) == ("municipality", "Saint-Roch", True)
    assert nothing == Match()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("12bis, Av. du Gal-de-Gaulle", "12 bis avenue du general de gaulle"),
        ("3-5 bd St-Éloi", "3 boulevard saint eloi"),
        ("Rés. les Pins bât. B 4 r. du Dr Calmette BP 123", "residence les pins 4 rue du docteur calmette"),
        ("N.-D. de l’Œuvre", "n d de l oeuvre"),
        ("1er Mai", "1 mai"),
    ],
)
def test_words_have_one_spelling(text: str, words: str) -> None:
    assert " ".join(tokens(text)) == words
