"""Every finding is told in both languages, from one table of codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from parvis.checks import check, checks, codes, load_schema, tell
from parvis.checks.codes import WHY, about
from parvis.checks.message import Told
from parvis.checks.phrases import PHRASES, backwards, fill
from parvis.core.language import language
from parvis.core.sentence import IN_FRENCH
from parvis.core.types import Finding, Schema
from parvis.engine import connect
from parvis.privacy import known_detectors
from tests.conftest import ROOT
from tests.tables.raw_tables import csv_table

FRENCH = re.compile(
    r"«|»|\b(?:colonne|valeurs?|lignes?|écrite?|cellules?|avec|dans|une|des|est|sont|pas|ne|le|les|du|pour|hors)\b",
    re.IGNORECASE,
)


EN = language("en")


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A processing connection."""
    made = connect.processing(tmp_path_factory.mktemp("spool"), threads=2)
    yield made
    made.close()


@pytest.mark.parametrize("name", sorted(codes()))
def test_every_code_has_its_words_in_both_languages(name: str) -> None:
    """Title, reason and fix, in French and in English, none of it empty, nothing French in the English."""
    code = codes()[name]
    for speaker in (IN_FRENCH, EN):
        said = about(code, speaker)
        assert said.language == speaker.code, f"{name} has no English"
        assert all((said.title, said.why, said.fix)), name
    english = about(code, EN)
    plain = re.sub(r"“[^”]*”|\([^)]*\)|\{[a-z_]+\}", "", f"{english.title} {english.why} {english.fix}")
    assert not re.search(r"\b(?:colonne|valeur|ligne|avec|dans|une|des|sont|pour)\b", plain), plain


def _found(con: duckdb.DuckDBPyConnection, folder: Path) -> Iterator[Finding]:
    """A finding of every rule, on its own examples."""
    for each in checks().values():
        for example in each.examples:
            if example.wrong:
                table = csv_table(folder / "t.csv", example.header, example.rows)
                yield from (
                    f for f in check(table, load_schema(example.schema), con=con) if f.check == each.name
                )
        if each.bad and each.meanings:
            (column,) = load_schema({"fields": [{**each.field, "name": "c"}]}).columns
            table = csv_table(folder / "t.csv", ("c",), tuple((v,) for v in each.bad))
            yield from check(
                table, Schema(columns=(replace(column, meaning=each.meanings[0]),)), con=con, inferred=True
            )


def test_findings_of_rules_are_told_in_english(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """With the words that they carry, and without them, as they were stored before there were any: the same
    sentence.
    """
    seen: set[str] = set()
    for finding in _found(con, tmp_path):
        said = tell(finding, EN)
        assert said.language == "en", finding
        assert not re.search(r"\{[a-z_]+\}", said.message + said.fix), said
        assert not FRENCH.search(re.sub(r"“[^”]*”|\([^)]*\)", "", said.message)), said.message
        old = tell(replace(finding, said={}), EN)
        assert (old.message, old.language) == (said.message, "en"), finding
        seen.add(finding.check)
    assert len(seen) > 25


def test_sentences_of_other_rooms_are_read_back() -> None:
    """Every French sentence of a told code, its placeholders filled, comes out in English with the same
    values.
    """
    values = {
        "n": "1\u202f234",
        "name": "École « A »",
        "share": "12,5",
        "width": "9",
        "where": "ligne 12",
        "list": "a, b",
    }
    tried = 0
    for code in codes().values():
        if isinstance(code.source, Told):
            for french, english in code.sentences:
                said = re.sub(r"\{([a-z_]+)\}", lambda m: values.get(m[1], "texte"), french)
                told = tell(Finding(code.name, said, count=2, fix=code.fix), EN)
                assert told.language == "en", said
                assert told.fix == code.english.fix, said
                assert told.message == fill(english, backwards(french, said) or {}, EN), said
                assert "1,234" in told.message or "{n}" not in english
                tried += 1
    assert tried > 80


def test_a_place_behind_a_readers_sentence_is_told_too() -> None:
    """A reader says where in brackets behind its sentence."""
    told = tell(
        Finding(
            "file-total-row",
            "La dernière ligne est un total : elle est gardée, mais fausserait une somme. (ligne 42)",
            "warning",
        ),
        EN,
    )
    assert told.message == "The last row is a total: it is kept, but would spoil a sum. (line 42)"


def test_every_detector_has_a_code() -> None:
    """What is found in a file has a page, also when it is personal."""
    assert {f"privacy-{name}" for name in known_detectors()} <= codes().keys()


def test_every_issue_of_a_reader_has_a_code() -> None:
    """A reader that tells something new gives it words: the slugs in the sources are all known."""
    sources = (ROOT / "src" / "parvis" / "readers").glob("*.py")
    told = {
        slug
        for source in sources
        for slug in re.findall(r"Issue\(\s*\"([a-z-]+)\"", source.read_text("utf-8"))
    }
    assert len(told) > 40
    assert {f"file-{slug}" for slug in told} - codes().keys() == set()


def test_an_unknown_code_is_told_in_french_as_it_is() -> None:
    """A report may hold codes of a later or an older version."""
    said = tell(Finding("ancien-code", "Une phrase.", fix="Une autre."), EN)
    assert (said.message, said.fix, said.language, said.why) == (
        "Une phrase.",
        "Une autre.",
        "fr",
        WHY["validity"][1],
    )


def test_phrases_are_read_back_one_way() -> None:
    """No French phrase stands twice with two English ones."""
    french = [fr for fr, _ in PHRASES]
    assert len(french) == len(set(french))


@pytest.mark.parametrize(
    ("french", "english"),
    [
        ("100,0", "100.0"),
        ("1\u202f234,5", "1,234.5"),
        ("-0,25", "-0.25"),
        ("4\u202f882", "4,882"),
        ("12", "12"),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(french: str, english: str) -> None:
    """In every placeholder that holds no data: shares, medians, lengths."""
    template = "{share} % des cellules"
    assert fill(template, {"share": french}, EN) == f"{english} % des cellules"
    assert fill(template, {"share": french}, IN_FRENCH) == f"{french} % des cellules"
    assert fill("{name}", {"name": french}, EN) == french, "a name is data"


def test_data_is_never_translated() -> None:
    """A column may be called like one of our phrases."""
    said = tell(
        Finding(
            "constraint-required",
            "3 cellules sans valeur dans la colonne obligatoire « une date ».",
            column="une date",
            count=3,
        ),
        EN,
    )
    assert said.message == "3 cells without a value in the required column “une date”."
