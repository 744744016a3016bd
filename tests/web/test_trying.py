"""What the pages of recipes and of anonymisation try is done in a process that can be ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from parvis import prepare
from parvis.cli.init import create
from parvis.core import settings
from parvis.core.errors import Busy, Unreadable
from parvis.core.types import Dataset, Organisation, Resource
from parvis.publication import pipeline, policies, recipes
from parvis.publication.city import City, open_city
from parvis.publication.recipes import Reader
from parvis.store import datasets
from parvis.web import trying

ANA = Reader("ana", unmasked=True)
POLICY = """
title = "Inscrits"
others = "drop"
source = "CRPA, L. 312-1-2"
[models]
k = 3
[[columns]]
names = ["age"]
treatment = "generalise"
hierarchy = "ages"
"""


def city_of(folder: Path, text: str, **limits: float) -> tuple[City, Resource]:
    create(folder, "Ville")
    said = settings.load(folder, {})
    city = open_city(replace(said, limits=replace(said.limits, **limits)))  # pyright: ignore[reportArgumentType]
    resource = Resource("jeu/table", "jeu", "Table")
    with city.db.begin() as conn:
        datasets.save_organisation(conn, Organisation("ville", "Ville"))
        datasets.save_dataset(conn, Dataset("jeu", "Jeu", "Une description.", "ville"))
        datasets.save_resource(conn, resource)
    file = folder / "f.csv"
    file.write_text(text, "utf-8")
    pipeline.receive(city, file, name="f.csv", resource="jeu/table")
    return city, resource


@pytest.fixture
def usual(tmp_path: Path) -> Iterator[tuple[City, Resource]]:
    rows = "".join(f"{('nord', 'sud')[i % 2]};{20 + i % 40};{i}\n" for i in range(120))
    made = city_of(tmp_path / "city", "quartier;age;montant\n" + rows)
    yield made
    made[0].db.close()


def test_a_recipe_tried_apart_tells_the_same(usual: tuple[City, Resource]) -> None:
    city, resource = usual
    recipe = prepare.read([{"step": "rename", "columns": {"montant": "euros"}}])
    assert trying.recipe(city, resource, recipe, 1, ANA) == recipes.attempt(city, resource, recipe, 1, ANA)
    wrong = prepare.read([{"step": "rename", "columns": {"nulle part": "euros"}}])
    here, there = recipes.attempt(city, resource, wrong, 1, ANA), trying.recipe(city, resource, wrong, 1, ANA)
    assert here is not None
    assert there is not None
    assert here.preview.stop is not None
    assert there.preview.stop is not None
    assert str(there.preview.stop.wrong) == str(here.preview.stop.wrong)
    digest = trying.save(city, "jeu/table", recipe, actor="ana", base="", reader=ANA)
    with city.db.read() as conn:
        (saved,) = recipes.history(conn, "jeu/table")
    assert saved.digest == digest


def test_a_policy_tried_apart_tells_the_same(usual: tuple[City, Resource]) -> None:
    city, resource = usual
    there, here = (
        trying.policy(city, resource, POLICY, ANA),
        policies.attempt(city, resource, POLICY, ANA),
    )
    assert there is not None
    assert here is not None
    assert (there.problem, there.schema, there.hidden) == (here.problem, here.schema, here.hidden)
    assert there.done is not None
    assert here.done is not None
    assert there.done.rows == here.done.table.num_rows
    assert list(there.done.names) == here.done.table.column_names
    assert (there.done.after, there.done.loss) == (here.done.after, here.done.loss)


def test_what_takes_too_long_is_ended_and_leaves_no_byte_in_clear(tmp_path: Path) -> None:
    wide = "\n".join(
        [";".join(f"c{i}" for i in range(9_000)), *(";".join(["12,5"] * 9_000) for _ in range(15))]
    )
    city, resource = city_of(tmp_path / "city", wide, trial_s=0.5)
    for trial in (
        lambda: trying.recipe(city, resource, (), 0, Reader("ana")),
        lambda: trying.policy(city, resource, POLICY, Reader("ana")),
    ):
        with pytest.raises(Unreadable) as seen:
            trial()
        assert seen.value.limit == "limits.trial_s"
        assert "0.5 secondes" in seen.value.message
    assert not [*city.settings.path(city.settings.storage.spool).iterdir()]
    city.db.close()


def test_one_person_does_not_take_the_last_place(
    usual: tuple[City, Resource], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has a trial going on waits for it, however many pages they have open; somebody else is served meanwhile."""
    city, resource = usual
    monkeypatch.setattr(trying, "WAIT_S", 0.01)
    with trying.GATE.enter("ana", 0.01, Busy("")):
        with pytest.raises(Busy):
            trying.recipe(city, resource, (), 0, ANA)
        with pytest.raises(Busy):
            trying.file_head(city, "liste.csv", b"nom;prix\na;1\n", "ana")
        assert trying.recipe(city, resource, (), 0, Reader("zoe")) is not None
        with trying.GATE.enter("zoe", 0.01, Busy("")), pytest.raises(Busy):
            trying.recipe(city, resource, (), 0, Reader("eve"))
    assert trying.recipe(city, resource, (), 0, ANA) is not None
