"""What an answer says of a fault beyond the words of its rule."""

from __future__ import annotations

import pytest

from parvis.checks.answer import Examined, fault
from parvis.core.language import language as spoken
from parvis.core.sentence import IN_FRENCH
from parvis.core.types import Finding, Row
from parvis.inspection import file_check

EN = spoken("en")


def finding(*values: str, check: str = "constraint-pattern") -> Finding:
    rows = tuple(Row("", i + 2, i + 1, v) for i, v in enumerate(values))
    return Finding(check, "Hors du motif.", column="siret", count=len(rows), rows=rows)


@pytest.mark.parametrize(
    ("values", "lost"),
    [
        (("2,13E+13", "2.1340E+13", "x"), True),
        (
            ("2,1340172201787E+13", "2.1690123100011e13"),
            False,
        ),  # nothing is lost: the mended copy writes them out
        (("2134", "ABC"), False),
        ((), False),
    ],
)
def test_digits_that_a_spreadsheet_dropped_are_told(values: tuple[str, ...], lost: bool) -> None:
    """Who sees only a pattern would not know that the file itself has lost them."""
    for language, word in ((IN_FRENCH, "notation scientifique"), (EN, "scientific notation")):
        assert (word in fault(finding(*values), Examined("", ("siret",), 40, (), ()), language).fix) == lost  # type: ignore[arg-type]


def test_a_renamed_column_is_told_in_words() -> None:
    """No code of ours stands in what people read."""
    assert file_check._title("column-name", IN_FRENCH) == "Nom de colonne récrit comme le schéma l’écrit"
    assert file_check._title("column-name", EN) == "Column name written as the schema has it"
