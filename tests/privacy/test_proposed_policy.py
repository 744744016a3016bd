"""The policy that is proposed for a table: what names somebody goes, what is left is published by groups."""

from __future__ import annotations

from dataclasses import replace

import pytest

from parvis.core.types import Column, ColumnProfile, ColumnType, Schema, Sensitivity
from parvis.privacy import anonymising

ROWS = 600


def column(
    name: str, kind: ColumnType, distinct: int, level: Sensitivity = Sensitivity.NONE, meaning: str = ""
) -> tuple[Column, ColumnProfile]:
    profile = ColumnProfile(name, kind, ROWS, 0, distinct, min="1", max=str(distinct))
    return replace(Column(name, kind), sensitivity=level, meaning=meaning), profile


def rules(*columns: tuple[Column, ColumnProfile], held: tuple[str, ...] = ()) -> dict[str, str]:
    """What becomes of each column."""
    policy = anonymising.proposed(
        Schema(columns=tuple(c for c, _ in columns)), tuple(p for _, p in columns), ROWS, held
    )
    assert policy is not None
    again = anonymising.from_toml(anonymising.to_toml(policy))
    return {r.names[0]: ":".join(w for w in (r.treatment, r.hierarchy, r.at_least) if w) for r in again.rules}


KINDS: dict[str, tuple[tuple[Column, ColumnProfile], str]] = {
    "a name": (column("nom", "text", 300, Sensitivity.DIRECT), "drop"),
    "a health": (column("allergie", "text", 4, Sensitivity.SPECIAL), "drop"),
    "a birth": (column("naissance", "date", 500, Sensitivity.DIRECT), "generalise:dates:annee"),
    "a day": (column("inscrit_le", "date", 300), "generalise:dates:mois"),
    "an age": (column("age", "integer", 60, Sensitivity.INDIRECT), "generalise:ages"),
    "a commune": (column("insee", "text", 30, meaning="commune_insee"), "generalise:communes"),
    "a postcode": (column("cp", "text", 30, meaning="code_postal"), "generalise:postcodes"),
    "an amount": (column("aide", "number", 580), "generalise:amounts"),
    "a small count": (column("enfants", "integer", 5), "generalise:none"),
    "a number in order": (column("numero", "integer", ROWS), "drop"),
    "a category": (column("quartier", "text", 9), "generalise:none"),
    "a sentence": (column("remarque", "text", 590), "drop"),
    "an identifier": (column("siret", "text", 20, meaning="siret"), "drop"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_column(kind: str) -> None:
    one, expected = KINDS[kind]
    assert rules(one, column("secteur", "text", 3)) == {one[0].name: expected, "secteur": "generalise:none"}


def test_no_column_is_left_as_it_is_and_those_to_come_go() -> None:
    every = [one for one, _ in KINDS.values()]
    assert {v.partition(":")[0] for v in rules(*every).values()} == {"drop", "generalise"}
    policy = anonymising.proposed(
        Schema(columns=tuple(c for c, _ in every)), tuple(p for _, p in every), ROWS, ()
    )
    assert policy is not None
    assert (policy.others, policy.mode, policy.models.k) == ("drop", "robust", 11)


def test_what_holds_for_another_reason_than_what_it_is_goes() -> None:
    told = rules(column("ilot", "text", 9), column("secteur", "text", 3), held=("ilot",))
    assert told["ilot"] == "drop"


@pytest.mark.parametrize(("distinct", "persons"), [(ROWS, ""), (200, "courriel")])
def test_k_counts_persons_where_one_has_several_rows(distinct: int, persons: str) -> None:
    every = [column("courriel", "text", distinct, Sensitivity.DIRECT), column("quartier", "text", 9)]
    policy = anonymising.proposed(
        Schema(columns=tuple(c for c, _ in every)), tuple(p for _, p in every), ROWS, ()
    )
    assert policy is not None
    assert policy.persons == persons


def test_nothing_is_proposed_where_nothing_would_be_left() -> None:
    one = column("nom", "text", 300, Sensitivity.DIRECT)
    assert anonymising.proposed(Schema(columns=(one[0],)), (one[1],), ROWS, ("nom",)) is None


def test_a_column_more_is_left_out_until_none_is() -> None:
    every = [column("secteur", "text", 3), column("quartier", "text", 9)]
    policy = anonymising.proposed(
        Schema(columns=tuple(c for c, _ in every)), tuple(p for _, p in every), ROWS, ()
    )
    assert policy is not None
    less = anonymising.without(policy, "quartier")
    assert less is not None
    assert [(r.names[0], r.treatment) for r in less.rules] == [
        ("secteur", "generalise"),
        ("quartier", "drop"),
    ]
    assert anonymising.without(less, "secteur") is None
