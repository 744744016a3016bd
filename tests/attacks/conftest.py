"""One city for all attacks: something of everything in one organisation, and beside it another one with a person of
each role, who attack it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from parvis.core.types import Dataset, Resource
from parvis.people import accounts, groups, sessions
from parvis.people.rights import ROLES
from parvis.store import datasets, study_runs
from parvis.store.deposits import Deposit
from tests.acceptance.test_route_matrix import Story, standing
from tests.cities.canarycity import INNOCENT, NOW, hand_in

OTHERS = tuple(f"other-{role}" for role in ROLES)
"""Accounts of the other organisation, one a role."""
OUTSIDER = "outsider"
"""A member of another group, without a role."""
OTHER_GROUP = "voisins"
OTHER_DATASET = "fontaines"


@dataclass(frozen=True)
class Town:
    """The story of the matrix, with a neighbour."""

    story: Story
    home: tuple[str, ...]
    """Names of things of the organisation that is attacked, and of what somebody of it asked for."""
    theirs: Deposit
    """A deposit of the other organisation, published."""
    file_run: str
    """A run of a study that holds a file which somebody of `vivre` sent along."""


@pytest.fixture(scope="package")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with standing(tmp_path_factory.mktemp("attacks") / "ville") as story:
        city = story.city
        with city.db.begin() as conn:
            for name in (*OTHERS, OUTSIDER):
                accounts.make(
                    conn, email=f"{name}@ville.example", name=name, password_hash="", actor="system", at=NOW, person_id=name
                )  # fmt: skip
            for name, role in zip(OTHERS, ROLES, strict=True):
                accounts.give_role(conn, name, "ailleurs", role, actor="system", at=NOW)
            groups.make(conn, OTHER_GROUP, "Voisins", "ailleurs", actor="system", at=NOW)
            groups.enrol(conn, OTHER_GROUP, f"{OUTSIDER}@ville.example", actor="system", at=NOW)
            datasets.save_dataset(conn, Dataset(OTHER_DATASET, "Fontaines", "", "ailleurs"))
            datasets.save_resource(conn, Resource(f"{OTHER_DATASET}/liste", OTHER_DATASET, "Liste"))
            run = study_runs.get(conn, story.named["study_run"])
            assert run is not None
            sent = study_runs.StudyRun(
                "f" * 32, run.study, "sender", NOW, parameters={"reseau": {"name": "reseau.inp", "file": "0" * 64}}, state="running",
            )  # fmt: skip
            study_runs.save(conn, sent)
            for name in (*OTHERS, OUTSIDER):
                story.cookies[name] = sessions.start(conn, name, now=city.now())  # type: ignore[index]
        theirs = hand_in(city, f"{OTHER_DATASET}/liste", INNOCENT.replace(b"Port", b"Pont"), "fontaines.csv")
        home = (
            "vivre", "signalements", "signalements/table", "guichet", *(v for k, v in story.named.items()), "f" * 32,
        )  # fmt: skip
        yield Town(story, home, theirs, "f" * 32)
