"""Names of people that are names of streets and flowers too, under a header that says whose they are."""

from __future__ import annotations

import pytest

from parvis.privacy.people import name_columns, shares

ORDINARY = ("Rose Martin", "Pierre Blanc", "Claire Fontaine")


@pytest.mark.parametrize(
    ("header", "fourth"),
    [
        *((h, f) for h in ("contact", "responsable") for f in ("Jean Moulin", "Paul Durand", "Victor Hugo")),
        *((h, "Paul Durand") for h in ("Référent", "référente", "adhérent", "résident")),
    ],
)
@pytest.mark.parametrize("bodies", [False, True])
def test_a_namesake_among_few_is_somebody(header: str, fourth: str, bodies: bool) -> None:
    """One that a street is called after sets no column aside whose header says whose names these are, in a table of
    associations too.
    """
    columns = {
        "association": shares(["Les Lilas", "Gym club", "Chorale", "Boules"]),
        header: shares([*ORDINARY, fourth]),
    }
    assert header in name_columns(columns, bodies=bodies)


@pytest.mark.parametrize("header", ["école", "équipement", "nom", "contact"])
def test_places_called_after_people_are_nobodys(header: str) -> None:
    columns = {header: shares(["Jean Moulin", "Victor Hugo", "Jules Ferry", "Louise Michel", "Pasteur"])}
    assert header not in name_columns(columns)
