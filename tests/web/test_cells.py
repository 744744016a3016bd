"""How a cell of a table is written for people."""

from __future__ import annotations

import pytest

from parvis.core.language import language
from parvis.core.types import Column
from parvis.web.render import kind_of, written


@pytest.mark.parametrize(
    ("column", "text"),
    [
        (Column("an", "integer", title="Année"), "12345"),
        (Column("annee_construction", "integer"), "12345"),
        (Column("Numéro de dossier", "integer"), "12345"),
        (Column("id_station", "integer"), "12345"),
        (Column("code_postal", "integer"), "12345"),
        (Column("an", "year"), "12345"),
        (Column("habitants", "integer"), "12 345"),
        (Column("nombre de dossiers", "integer"), "12 345"),
        (Column("n_sites", "integer", title="Nombre de sites"), "12 345"),
        (Column("numero", "number"), "12 345"),
    ],
)
def test_only_amounts_have_their_thousands_apart(column: Column, text: str) -> None:
    assert str(written(12345, kind_of(column), language("fr"))).replace("\u202f", " ") == text
