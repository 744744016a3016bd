"""TOML written by hand: each fault is told by its place and what to change, in both languages, and no value
is shown.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.checks import table_schema
from parvis.core.errors import UsageError
from parvis.core.language import language
from parvis.core.toml import key_written, parsed, written

SECRET = "mot-de-passe-42"


@pytest.mark.parametrize(
    ("written", "place", "mend"),
    [
        (f"[city]\nname = {SECRET}", "ligne 2, colonne 8", "entre guillemets"),
        ("[city]\nprix = 1,5", "ligne 2, colonne 9", "rien derrière"),
        ("[city]\nouvert = oui", "ligne 2, colonne 10", "true et false"),
        (f'[city]\nname = "{SECRET}', "à la fin", "guillemet"),
        (f'[city]\nname = "{SECRET}\nautre = 1', "ligne 2", "guillemet"),
        ('[city]\nname = "Ville"\nname = "Bourg"', "à la fin", "plus haut"),
        ("[city]\na = 1\n[city]\nb = 2", "ligne 3", "plus haut"),
        ("[city]\nname", "à la fin", "« = »"),
        ("[city]\nname : 'Ville'", "ligne 2, colonne 6", "« = »"),
        ('[storage]\nfiles = "C:\\Ville"', "ligne 2", "s’écrit deux fois"),
        ("[city\nname = 'Ville'", "ligne 1", "crochet"),
        ("[city]\nliste = [1, 2", "à la fin", "crochet"),
        ("[city]\n= 3", "ligne 2, colonne 1", "Une ligne est une section"),
        ("name = 'Orléans'".encode("cp1252"), "pas en UTF-8", "en UTF-8"),
    ],
)
def test_a_fault_is_told_by_its_place_and_its_cure(written: str | bytes, place: str, mend: str) -> None:
    with pytest.raises(UsageError) as caught:
        parsed(written, "parvis.toml")
    said = caught.value
    assert "« parvis.toml »" in said.message
    assert place in said.message
    assert mend in said.mend
    assert SECRET not in str(said)
    assert language("en").say(said.message) != said.message
    assert language("en").say(said.mend) != said.mend


def test_the_mark_of_an_editor_is_no_fault() -> None:
    assert parsed(b"\xef\xbb\xbf[city]\nname = 'Ville'", "parvis.toml") == {"city": {"name": "Ville"}}


_PLAIN = st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(
    st.recursive(
        _PLAIN | _TEXTS, lambda inner: st.lists(inner) | st.dictionaries(_TEXTS, inner), max_leaves=12
    )
)
def test_what_is_written_is_read_back(value: object) -> None:
    """On one line, whatever the text or the name holds."""
    line = f"{key_written('un nom')} = {written(value)}"  # type: ignore[arg-type]
    assert "\n" not in line
    assert parsed(line, "essai.toml") == {"un nom": value}


def test_a_number_without_a_fraction_may_be_written_whole() -> None:
    assert (written(4.0), written([4.0, 0.5], whole=True)) == ("4.0", "[4, 0.5]")


LONG = "9" * 5_000
DEEP = "[" * 100_000


@pytest.mark.parametrize("text", [f"a = {LONG}", f"a = {DEEP}"])
def test_numbers_and_lists_without_end_are_faults_of_who_wrote_them(text: str) -> None:
    """Python reads no number of more than 4,300 digits, and no list so deep: neither may end a page."""
    with pytest.raises(UsageError):
        parsed(text, "f.toml")


@pytest.mark.parametrize("text", [f'{{"fields": {LONG}}}', f'{{"fields": {DEEP}'])
def test_in_a_schema_too(text: str) -> None:
    with pytest.raises(UsageError):
        table_schema.load(text.encode(), "f.json")
