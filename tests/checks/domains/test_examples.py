"""Every domain, on its own examples; words of every notice; names that `--schema` may ask for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from parvis.checks import checks
from parvis.checks.domains import domains, named, recognise
from parvis.checks.domains.declaration import Example
from tests.checks.domains.domain_packages import package

CASES = [(name, place) for name, domain in domains().items() for place in range(len(domain.examples))]


@pytest.mark.parametrize(("name", "place"), CASES)
def test_an_example_is_told_what_it_declares(tmp_path: Path, name: str, place: int) -> None:
    """All codes that are not information, and no other; and the content is recognised for what it is."""
    domain = domains()[name]
    example: Example = domain.examples[place]
    made = package(example.files, tmp_path)
    outcome = domain.check(made, example.profile or (domain.profiles[0] if domain.profiles else ""))
    assert {f.check for f in outcome.findings if f.severity != "info"} == example.codes
    assert recognise(made) is not None
    assert recognise(made)[0].name == name  # type: ignore[index]


@pytest.mark.parametrize("name", list(domains()))
def test_a_domain_has_words_and_both_kinds_of_examples(name: str) -> None:
    """A right example and a wrong one; every notice has its French and its English."""
    domain = domains()[name]
    assert any(not e.codes for e in domain.examples)
    assert any(e.codes for e in domain.examples)
    for code, notice in domain.notices.items():
        assert notice.code == code
        assert all((notice.fr, notice.en, notice.fix, notice.mend)), code
        assert notice.title(), code
        for template in (notice.fr, notice.en, notice.fix, notice.mend):
            assert re.sub(r"\{[a-z]+\}", "", template).count("{") == 0, (code, template)
    assert {c for e in domain.examples for c in e.codes} <= domain.notices.keys() | checks().keys()
    for profile, severities in domain.severities.items():
        assert profile in domain.profiles
        assert severities.keys() <= domain.notices.keys()


def test_codes_belong_to_one_domain() -> None:
    """A code names one thing wherever it is met."""
    every = [code for domain in domains().values() for code in domain.notices]
    assert len(every) == len(set(every))


def test_a_schema_names_a_domain_and_a_profile() -> None:
    """`gtfs`, `bal` (the usual profile), `bal-1.5`; a path is none."""
    assert named("gtfs") == (domains()["gtfs"], "")
    assert named("bal") == (domains()["bal"], "1.4")
    assert named("bal-1.5") == (domains()["bal"], "1.5")
    assert named("bal-9") is None
    assert named("schemas/gtfs.json") is None


def test_a_table_like_any_other_is_no_domain(tmp_path: Path) -> None:
    """Columns that happen to bear a familiar name are not enough."""
    assert recognise(package({"a.csv": "nom;numero;commune_insee\nA;1;34172\n"}, tmp_path)) is None
