"""The scores that are kept are those that are made from nothing, whatever was written since."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from parvis.catalogue import description_scores, entries, metadata
from parvis.catalogue.description_scores import Follower
from parvis.store import datasets, quality, tables
from parvis.store.quality import Link
from tests.cities import explorecity
from tests.cities.explorecity import NOW, City


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = explorecity.build(tmp_path)
    yield made
    made.db.close()


def follow(city: City) -> int:
    """Score until nothing is left; how many were."""
    follower, many = Follower(city.db, city.settings), 0
    while scored := follower.turn(NOW):
        many += scored
    assert not follower.behind
    return many


def link(name: str, url: str, *, up: bool) -> Link:
    return Link(name, url, "distribution", "up" if up else "down", NOW, NOW)


def agrees(city: City, now: datetime = NOW) -> None:
    """What is kept, beside every description read and scored anew."""
    with city.db.read() as conn:
        known = entries.catalogue(conn, city.settings)
        every = [
            metadata.describe(known, e, description_scores.answers_of(conn, e.id), now)
            for e in known.datasets
        ]
        whole = description_scores.sums(conn, now)
        lines = {line.dataset: line for line in description_scores.lines(conn, now, limit=100)}
    assert (whole.scored, whole.waiting) == (len(every), 0)
    assert whole.mqa == metadata.whole(every)
    assert whole.nine == pytest.approx(sum(d.nine.points for d in every) / len(every))
    assert set(lines) == {d.entry.id for d in every}
    for d in every:
        line = lines[d.entry.id]
        assert (line.low, line.high, line.nine) == (d.mqa.low, d.mqa.high, d.nine.points)
        assert line.gain == (d.mqa.fixes[0].indicator if d.mqa.fixes else None)
    assert [line.low for line in lines.values()] == sorted(line.low for line in lines.values())


def test_what_is_kept_is_what_would_be_made_anew(city: City) -> None:
    with city.db.read() as conn:
        assert description_scores.sums(conn, NOW).waiting == 4, "nothing is scored before the worker comes"
    assert follow(city) == 4
    agrees(city)
    assert follow(city) == 0
    with city.db.begin() as conn:
        before = datasets.dataset(conn, "velo")
        assert before is not None
        datasets.save_dataset(conn, replace(before, keywords=(), frequency="daily", themes=()))
    assert follow(city) == 1, "that one alone"
    agrees(city)
    agrees(city, NOW + timedelta(days=400))  # late since, though nobody scored it again


def test_a_link_that_changes_scores_its_dataset_again(city: City) -> None:
    follow(city)
    url = f"{explorecity.BASE}/jeux/velo"
    for up in (True, False):
        with city.db.begin() as conn:
            quality.save_link(conn, link("velo", url, up=up))
        assert follow(city) == 1
        agrees(city)
    with city.db.begin() as conn:
        quality.save_link(conn, replace(link("velo", url, up=False), at=NOW + timedelta(hours=1)))
    assert follow(city) == 0, "it says what it said"
    with city.db.begin() as conn:
        quality.forget_links(conn, "velo", NOW + timedelta(days=1))
    assert follow(city) == 1
    agrees(city)


def test_a_link_that_changes_while_it_is_counted_is_counted_again(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the moment that is read and the one that is written."""
    follow(city)
    url = f"{explorecity.BASE}/jeux/velo"
    with city.db.begin() as conn:
        quality.save_link(conn, link("velo", url, up=True))
    describe = metadata.describe
    calls: list[str] = []

    def late(*given: object, **named: object) -> object:
        if not calls:
            calls.append("once")
            with city.db.begin() as conn:
                quality.save_link(conn, link("velo", url, up=False))
        return describe(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(metadata, "describe", late)
    follow(city)
    monkeypatch.undo()
    agrees(city)


def test_what_is_withdrawn_leaves_lists_and_sums_at_once(city: City) -> None:
    follow(city)
    with city.db.begin() as conn:
        conn.execute(update(tables.datasets).where(tables.datasets.c.id == "velo").values(state="withdrawn"))
    agrees(city)
    follow(city)
    with city.db.read() as conn:
        assert conn.execute(tables.description_scores.select()).mappings().all()
        assert "velo" not in {
            r["dataset"] for r in conn.execute(tables.description_scores.select()).mappings()
        }


def test_other_settings_score_everything_again(city: City) -> None:
    follow(city)
    other = replace(city.settings, city=replace(city.settings.city, contact="donnees@montclair.example"))
    moved = replace(city, settings=other)
    assert follow(moved) == 4
    agrees(moved)
