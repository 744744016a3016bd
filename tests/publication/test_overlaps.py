"""Protected tables beside the other tables of the city over the same people: what two tell together is held,
and says beside which.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

import numpy as np
import openpyxl
import pyarrow as pa
import pytest

from parvis.checks import tell
from parvis.cli.app import run
from parvis.core.errors import Refused
from parvis.core.language import language
from parvis.core.types import PUBLIC, Column, Dataset, Organisation, Resource, Schema
from parvis.methods.disclosure.subtraction import Side, subtracted
from parvis.privacy import batches
from parvis.publication import pipeline, policies, receiving, recipes, subtraction
from parvis.publication.city import City
from parvis.publication.drafting import Draft
from parvis.services.declaration import Batch
from parvis.store import datasets, deposits, live, versions
from parvis.store.deposits import Deposit
from parvis.work import jobs, polling
from tests.cities import canarycity
from tests.cities.canarycity import Clock, hand_in

LEAST = 11
BY_ZONE = '[guard]\nby = ["quartier"]\namounts = ["aide"]\nleast = 11\n'
BY_ZONE_AND_AGE = '[guard]\nby = ["quartier", "tranche"]\namounts = ["aide"]\nleast = 11\n'


def people(seed: int = 5, alone: bool = True) -> list[list[str]]:
    """Two quarters of 60 and 40 people, and in the second one person (or ten more, so that nobody is) of an
    age that is nobody else's there.
    """
    random = np.random.default_rng(seed)
    rows = [
        [
            f"dossier {seed} {i}",
            "Gare" if i < 60 else "Centre",
            ("18-29", "30-44")[i % 2],
            str(random.integers(200, 3000)),
        ]
        for i in range(100)
    ]
    rows += [[f"seul {i}", "Centre", "75 et plus", "1234"] for i in range(1 if alone else 11)]
    return rows + [
        [f"du nord {seed} {i}", "Gare", "75 et plus", str(random.integers(200, 3000))] for i in range(14)
    ]


def as_csv(rows: list[list[str]], columns: str = "dossier;quartier;tranche;aide") -> bytes:
    return "\n".join([columns, *(";".join(row) for row in rows), ""]).encode()


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = canarycity.build(tmp_path / "ville", Clock())
    with made.db.begin() as conn:
        datasets.save_organisation(conn, Organisation("agglo", "L’agglomération"))
        for name, owner in (("aides", "vivre"), ("bilan", "agglo"), ("autre", "vivre")):
            datasets.save_dataset(conn, Dataset(name, f"Jeu {name}", "", owner))
            datasets.save_resource(conn, Resource(f"{name}/t", name, "Table"))
    yield made
    made.engine.connection.close()
    made.db.close()


def told(city: City, deposit: Deposit) -> Mapping[str, str]:
    with city.db.read() as conn:
        version = versions.version(conn, deposit.version)
    assert version is not None
    findings = [f for f in version.report.findings if f.check.startswith("privacy-overlap")]
    for one in findings:  # whoever reads English reads it too
        words = tell(one, language("en"))
        assert words.language == "en"
        assert words.fix != one.fix
        assert not re.search(r"\b(?:table|tableau|groupe|cases?)s? (?:trop|montre|cach)", words.message)
    return {f.check: f.message for f in findings}


def test_two_breakdowns_of_one_file_under_two_organisations(city: City) -> None:
    policies.save(city, "aides/t", BY_ZONE, actor="agent")
    policies.save(city, "bilan/t", BY_ZONE_AND_AGE, actor="agent")
    assert hand_in(city, "aides/t", as_csv(people()), "aides.csv").state == "published"
    second = hand_in(city, "bilan/t", as_csv(people()), "aides.csv")
    assert second.state == "held"
    assert "« Jeu aides – Table », cette table montre par différence" in told(city, second)["privacy-overlap"]


def test_a_breakdown_that_leaves_nobody_alone_goes_out(city: City) -> None:
    policies.save(city, "aides/t", BY_ZONE, actor="agent")
    policies.save(city, "bilan/t", BY_ZONE_AND_AGE, actor="agent")
    assert hand_in(city, "aides/t", as_csv(people(alone=False)), "aides.csv").state == "published"
    assert hand_in(city, "bilan/t", as_csv(people(alone=False)), "aides.csv").state == "published"


@pytest.mark.parametrize("first", ["protected", "clear"])
def test_the_same_people_in_clear_before_or_after(city: City, first: str) -> None:
    """Renamed columns, another order of rows, a month of newcomers: the people are the same."""
    clear = [row[:3] for row in reversed(people())] + [[f"nouveau {i}", "Gare", "18-29"] for i in range(12)]
    policies.save(city, "aides/t", BY_ZONE_AND_AGE, actor="agent")
    sent = [("aides/t", as_csv(people())), ("bilan/t", as_csv(clear, "ordre;zone;tranche"))]
    one, two = sent if first == "protected" else sent[::-1]
    assert hand_in(city, *one, "un.csv").state == "published"
    second = hand_in(city, *two, "deux.csv")
    assert second.state == "held"
    assert ("est protégée" if first == "protected" else "sans protection") in told(city, second)[
        "privacy-overlap"
    ]


@pytest.mark.parametrize(
    "order", [("aides", "bilan", "autre"), ("bilan", "autre", "aides"), ("bilan", "aides", "autre")]
)
def test_three_tables_of_which_no_two_tell(city: City, order: tuple[str, ...]) -> None:
    """Everybody by quarter, and two files by age: what the first has more than both others is one person. The last one waits,
    whichever it is.
    """
    rows = people()
    sent = {
        "aides": rows,
        "bilan": [r for r in rows if r[2] == "18-29"],
        "autre": [r for r in rows if r[2] == "30-44"],
    }
    for name in sent:
        policies.save(city, f"{name}/t", BY_ZONE, actor="agent")
    first, second, third = (hand_in(city, f"{n}/t", as_csv(sent[n]), f"{n}.csv") for n in order)
    assert (first.state, second.state, third.state) == ("published", "published", "held")
    message = told(city, third)["privacy-overlap"]
    assert all(f"Jeu {name} – Table" in message for name in order[:2])


def test_two_steps_that_are_one_person_together(city: City) -> None:
    """Twelve more, then eleven of them less: each step is a group, and the third version beside the first is one person."""
    policies.save(city, "aides/t", BY_ZONE, actor="agent")
    rows = people(alone=False)
    more = [[f"nouveau {i}", "Gare", "18-29", str(400 + i)] for i in range(12)]
    states = [
        hand_in(city, "aides/t", as_csv(mine), f"{i}.csv").state
        for i, mine in enumerate((rows, rows + more, rows + more[:1]))
    ]
    assert states == ["published", "published", "held"]


def test_three_tables_that_leave_nobody_alone_go_out(city: City) -> None:
    rows = people(alone=False)
    for name, mine in {
        "aides": rows,
        "bilan": [r for r in rows if r[2] == "18-29"],
        "autre": [r for r in rows if r[2] == "30-44"],
    }.items():
        policies.save(city, f"{name}/t", BY_ZONE, actor="agent")
        assert hand_in(city, f"{name}/t", as_csv(mine), f"{name}.csv").state == "published"


def test_other_people_with_the_same_columns_go_out(city: City) -> None:
    policies.save(city, "aides/t", BY_ZONE_AND_AGE, actor="agent")
    policies.save(city, "bilan/t", BY_ZONE, actor="agent")
    assert hand_in(city, "aides/t", as_csv(people()), "aides.csv").state == "published"
    assert (
        hand_in(
            city, "bilan/t", as_csv([[f"x{r[0]}", *r[1:]] for r in people(8, alone=False)]), "autres.csv"
        ).state
        == "published"
    )
    assert (
        hand_in(
            city,
            "autre/t",
            as_csv([[f"z{i}", ("Gare", "Centre")[i % 2], "18-29", str(i * 7)] for i in range(300)]),
            "ailleurs.csv",
        ).state
        == "published"
    )


def test_a_recipe_that_filters_the_same_source(city: City) -> None:
    """All but those of 75 and more, protected under another name: what is missing of the first table is who
    they are.
    """
    with city.db.begin() as conn:
        datasets.save_resource(conn, Resource("autre/t", "autre", "Table", policy="open"))
    recipes.save(city, "autre/t", ({"step": "filter", "where": "tranche != '75 et plus'"},), actor="agent")
    for name in ("aides/t", "autre/t"):
        policies.save(city, name, BY_ZONE, actor="agent")
    assert hand_in(city, "aides/t", as_csv(people()), "aides.csv").state == "published"
    second = hand_in(city, "autre/t", as_csv(people()), "aides.csv")
    assert second.state == "held"
    assert "privacy-overlap" in told(city, second)


def test_the_sheets_of_one_workbook(city: City) -> None:
    book = openpyxl.Workbook()
    for sheet, keep in ((book.active, (0, 1, 2, 3)), (book.create_sheet("Suivi"), (0, 1, 2))):
        assert sheet is not None
        for row in [["dossier", "quartier", "tranche", "aide"], *people()]:
            sheet.append([row[i] for i in keep])
    bytes_ = io.BytesIO()
    book.save(bytes_)
    policies.save(city, "aides/t", BY_ZONE_AND_AGE, actor="agent")
    done = hand_in(city, "aides/t", bytes_.getvalue(), "aides.xlsx")
    assert done.state == "held"
    with city.db.read() as conn:
        assert versions.serving(conn, PUBLIC) == {}


def test_counts_made_by_tabulate(city: City, tmp_path: Path) -> None:
    (tmp_path / "aides.csv").write_bytes(as_csv(people()))
    out = tmp_path / "comptes.csv"
    assert (
        run(
            [
                "tabulate",
                str(tmp_path / "aides.csv"),
                "--by",
                "quartier",
                "--preset",
                "personnes",
                "-o",
                str(out),
            ]
        )
        == 0
    )
    policies.save(city, "aides/t", BY_ZONE_AND_AGE, actor="agent")
    assert hand_in(city, "bilan/t", out.read_bytes(), "comptes.csv").state == "published"
    second = hand_in(city, "aides/t", as_csv(people()), "aides.csv")
    assert second.state == "held"
    assert "par différence" in told(city, second)["privacy-overlap"]


def test_every_public_version_of_before_is_compared(city: City) -> None:
    """The newest differs by many, the one before it by one person."""
    policies.save(city, "aides/t", BY_ZONE, actor="agent")
    assert hand_in(city, "aides/t", as_csv(people()), "janvier.csv").state == "published"
    many = people() + [[f"février {i}", "Gare", "18-29", "500"] for i in range(20)]
    assert hand_in(city, "aides/t", as_csv(many), "février.csv").state == "published"
    third = hand_in(city, "aides/t", as_csv([*people(), ["mars", "Gare", "30-44", "700"]]), "mars.csv")
    assert third.state == "held"


# --- what waits for a decision while others come out ----------------------------------------------------------


def waiting(city: City, resource_id: str, content: bytes) -> Deposit:
    """A file of a resource whose policy wants a person's word."""
    with city.db.begin() as conn:
        resource = datasets.resource(conn, resource_id)
        assert resource is not None
        datasets.save_resource(conn, replace(resource, policy="hold"))
    deposit = hand_in(city, resource_id, content, "attend.csv")
    assert deposit.state == "held"
    return deposit


def read_again(city: City, waits: Deposit) -> Deposit:
    """The file that a decision had read again, once the worker has."""
    jobs.decide(city, waits.id, jobs.draft(city, waits.id))
    with city.db.read() as conn:
        again = deposits.get(conn, waits.id)
    assert again is not None
    assert (again.attempt, again.version) == (waits.attempt + 1, waits.version)
    return again


def test_what_came_out_while_a_version_waited_is_looked_at_before_it_goes_out(city: City) -> None:
    policies.save(city, "aides/t", BY_ZONE_AND_AGE, actor="agent")
    waits = waiting(city, "bilan/t", as_csv([row[:3] for row in people()], "ordre;zone;tranche"))
    assert "privacy-overlap" not in told(city, waits)
    assert hand_in(city, "aides/t", as_csv(people()), "aides.csv").state == "published"
    with pytest.raises(Refused, match="publié depuis qu’elle attend"):
        canarycity.let_out(city, waits.version)
    assert "est protégée" in told(city, read_again(city, waits))["privacy-overlap"]


def test_of_two_that_wait_the_second_is_compared_with_the_first(city: City) -> None:
    policies.save(city, "aides/t", BY_ZONE, actor="agent")
    policies.save(city, "bilan/t", BY_ZONE_AND_AGE, actor="agent")
    one, two = (waiting(city, name, as_csv(people())) for name in ("aides/t", "bilan/t"))
    canarycity.let_out(city, one.version)
    with pytest.raises(Refused, match="publié depuis qu’elle attend"):
        canarycity.let_out(city, two.version)


def test_what_is_of_other_people_goes_out_once_it_was_compared(city: City) -> None:
    policies.save(city, "aides/t", BY_ZONE, actor="agent")
    policies.save(city, "bilan/t", BY_ZONE, actor="agent")
    others = as_csv([[f"x{r[0]}", *r[1:]] for r in people(8, alone=False)])
    waits = waiting(city, "bilan/t", others)
    assert hand_in(city, "aides/t", as_csv(people()), "aides.csv").state == "published"
    with pytest.raises(Refused):
        canarycity.let_out(city, waits.version)
    read_again(city, waits)
    canarycity.let_out(city, waits.version)


def drafted(city: City, resource_id: str, content: bytes) -> tuple[Deposit, tuple[Draft, ...]]:
    """A file read to its end by one worker, on which nothing was decided yet."""
    with NamedTemporaryFile() as sent:
        sent.write(content)
        sent.flush()
        deposit = pipeline.receive(city, Path(sent.name), name="aides.csv", resource=resource_id)
    return deposit, pipeline.draft(city, deposit)


@pytest.mark.parametrize(
    ("first", "second"),
    [(BY_ZONE, BY_ZONE_AND_AGE), (BY_ZONE_AND_AGE, "")],
    ids=["both protected", "one protected"],
)
def test_of_two_files_read_at_the_same_time_the_second_is_held(city: City, first: str, second: str) -> None:
    """Two files of other bytes over the same people: each was read before the other came out, while nobody had to decide."""
    policies.save(city, "aides/t", first, actor="agent")
    if second:
        policies.save(city, "bilan/t", second, actor="agent")
    one, ours = drafted(city, "aides/t", as_csv(people()))
    again = as_csv(people()[::-1]) if second else as_csv([r[:3] for r in people()], "ordre;quartier;tranche")
    two, theirs = drafted(city, "bilan/t", again)
    assert pipeline.decide(city, one.id, ours).state == "published"
    held = pipeline.decide(city, two.id, theirs)
    assert (held.state, held.message) == ("held", subtraction.LATE)
    assert "privacy-overlap" in told(city, read_again_by_hand(city, held))


def read_again_by_hand(city: City, held: Deposit) -> Deposit:
    """The file of a held deposit read again, as its message asks."""
    with city.db.begin() as conn:
        receiving.read_again(conn, held.id, actor="agent", at=city.now())
    jobs.decide(city, held.id, jobs.draft(city, held.id))
    with city.db.read() as conn:
        again = deposits.get(conn, held.id)
    assert again is not None
    return again


# --- the method ---------------------------------------------------------------------------------------------


def test_whatever_two_tables_over_one_zone_tell_is_found() -> None:
    """An attacker who adds up both tables zone by zone: 200 pairs of tables, each protected alone."""
    random = np.random.default_rng(20261129)
    given_away = 0
    for _ in range(200):
        rows = int(random.integers(60, 400))
        zone = random.integers(0, 4, rows)
        other = random.choice(5, rows, p=(0.4, 0.35, 0.2, 0.03, 0.02))
        _, fine = np.unique(zone * 5 + other, return_inverse=True)
        sides: list[Side] = []
        for groups, columns in ((zone, (zone,)), (fine, (zone, other))):
            shown = np.bincount(groups, minlength=int(groups.max()) + 1) >= LEAST
            sides.append(Side(groups.astype(np.int64), shown, columns))
        left = [
            np.flatnonzero((zone == z) & ~sides[1].published[fine]) for z in range(4) if sides[0].published[z]
        ]
        truth = {r.tobytes() for r in left if 0 < len(r) < LEAST}
        found = subtracted(sides[0], sides[1], np.arange(rows), LEAST)
        assert truth <= {g.tobytes() for g in found.groups}
        assert not truth or found.groups
        assert all(len(g) < LEAST for g in found.groups)
        given_away += bool(truth)
    assert 50 < given_away < 200


def test_tables_that_share_no_column_tell_nothing_of_small_groups() -> None:
    random = np.random.default_rng(7)
    one, two = random.integers(0, 4, 400), random.integers(0, 5, 400)
    sides = [Side(g, np.ones(int(g.max()) + 1, bool), (g,)) for g in (one, two)]
    assert not subtracted(sides[0], sides[1], np.arange(400), LEAST).groups


def test_bands_that_overlap_are_subtracted_by_a_linear_program() -> None:
    """20-29, 30-39 and 20-24, 25-34, 35-39: of 184 people four are 25 to 29, which follows from the sums."""
    age = np.repeat([22, 27, 32, 37], [60, 4, 60, 60])
    first, second = (age >= 30).astype(np.int64), np.searchsorted([25, 35], age, side="right")
    # Both are bands of one column, so that their readers know which may meet.
    band = np.searchsorted([25, 30, 35], age, side="right")
    sides = [Side(first, np.ones(2, bool), (first,)), Side(second, np.ones(3, bool), (second,))]
    found = subtracted(sides[0], sides[1], np.arange(len(age)), LEAST)
    assert [np.unique(band[g]).tolist() for g in found.groups] == [[1]]


# --- live resources -----------------------------------------------------------------------------------------


def batch(city: City, rows: list[list[str]]) -> Batch:
    """A batch of a feed that lists open cases by quarter and age, without a name."""
    table = pa.table({"quartier": [r[1] for r in rows], "tranche": [r[2] for r in rows]})
    schema = Schema(columns=(Column("quartier", "text"), Column("tranche", "text")))
    return Batch(city.now(), table, schema)


@pytest.fixture
def feed(city: City) -> Resource:
    resource = Resource("bilan/t", "bilan", "En direct", source="https://exemple.fr/flux", every_s=60)
    with city.db.begin() as conn:
        datasets.save_resource(conn, resource)
    return resource


def test_a_live_resource_beside_a_protected_table_that_is_out(city: City, feed: Resource) -> None:
    policies.save(city, "aides/t", BY_ZONE_AND_AGE, actor="agent")
    assert hand_in(city, "aides/t", as_csv(people()), "aides.csv").state == "published"
    said = polling.poll(city, feed, lambda: batch(city, people()))
    assert said.state == "held"
    assert "à côté d’une table protégée" in said.message
    with city.db.read() as conn:
        assert live.readable(conn, feed.id) == []


def test_a_protected_table_beside_the_last_batch_of_a_live_resource(city: City, feed: Resource) -> None:
    assert polling.poll(city, feed, lambda: batch(city, people())).state == "up"
    policies.save(city, "aides/t", BY_ZONE_AND_AGE, actor="agent")
    second = hand_in(city, "aides/t", as_csv(people()), "aides.csv")
    assert second.state == "held"
    assert "sans protection" in told(city, second)["privacy-overlap"]


def test_a_live_resource_of_other_people_goes_on(city: City, feed: Resource) -> None:
    policies.save(city, "aides/t", BY_ZONE_AND_AGE, actor="agent")
    assert hand_in(city, "aides/t", as_csv(people()), "aides.csv").state == "published"
    others = [[f"z{i}", ("Gare", "Centre")[i % 2], "18-29", ""] for i in range(300)]
    assert polling.poll(city, feed, lambda: batch(city, others)).state == "up"


def test_what_a_live_resource_says_next_is_put_beside_it_too(city: City, feed: Resource) -> None:
    """A harmless batch opened the hour for whatever came after it."""
    policies.save(city, "aides/t", BY_ZONE_AND_AGE, actor="agent")
    assert hand_in(city, "aides/t", as_csv(people()), "aides.csv").state == "published"
    clock, memory = city.now, batches.Memory()
    assert isinstance(clock, Clock)
    others = [[f"z{i}", ("Gare", "Centre")[i % 2], "18-29", ""] for i in range(300)]
    assert polling.poll(city, feed, lambda: batch(city, others), memory).state == "up"
    clock.pass_by(minutes=5)
    assert polling.poll(city, feed, lambda: batch(city, people()), memory).state == "held"
    with city.db.read() as conn:
        assert [tip.file.rows for tip in live.readable(conn, feed.id)] == [300]
    clock.pass_by(minutes=5)
    assert polling.poll(city, feed, lambda: batch(city, others), memory).state == "up"


def test_a_batch_that_is_not_compared_yet_is_not_shown(city: City, feed: Resource) -> None:
    """Sources of protected tables are not read again at every beat of a feed: what it says meanwhile waits."""
    policies.save(city, "aides/t", BY_ZONE_AND_AGE, actor="agent")
    assert hand_in(city, "aides/t", as_csv(people()), "aides.csv").state == "published"
    clock, memory = city.now, batches.Memory()
    assert isinstance(clock, Clock)
    others = [[f"z{i}", ("Gare", "Centre")[i % 2], "18-29", ""] for i in range(300)]
    assert polling.poll(city, feed, lambda: batch(city, others), memory).state == "up"
    memory.beside_rest = timedelta(minutes=2)
    clock.pass_by(minutes=1)
    polling.poll(city, feed, lambda: batch(city, people()), memory)
    with city.db.read() as conn:
        assert [tip.file.rows for tip in live.readable(conn, feed.id)] == [300]
    clock.pass_by(minutes=2)
    assert polling.poll(city, feed, lambda: batch(city, people()), memory).state == "held"
