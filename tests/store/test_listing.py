"""The listing is what the other rows say, whoever wrote them, in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, RowMapping, Table, delete, inspect, select, text, update

from parvis.catalogue import lists
from parvis.catalogue.entries import entries, visible
from parvis.catalogue.links import Links
from parvis.core.types import (
    PUBLIC,
    Column,
    Dataset,
    File,
    Finding,
    Organisation,
    ReleaseRow,
    Report,
    Resource,
    Schema,
    Version,
)
from parvis.store import datasets, listing, releases, tables, versions
from parvis.store.database import Database

AT = datetime(2026, 11, 1, 8, tzinfo=UTC)
LINKS = Links("https://donnees.example")
COUNTED = (
    tables.listed,
    tables.listed_tables,
    tables.listed_words,
    tables.listed_sources,
    tables.listed_keywords,
    tables.comparisons,
)


CLEAN = Report()


def publish(conn: Connection, name: str, number: int = 1, *, report: Report = CLEAN) -> Version:
    """A version of `name/table`, read by everybody."""
    schema = Schema(columns=(Column("valeur", "integer"),))
    digest = versions.digest(f"{name}/table", schema, [f"{number:064d}"])
    made = Version(
        digest,
        f"{name}/table",
        AT + timedelta(days=number),
        number,
        10,
        (File(f"{number:064d}", 10, number),),
        schema,
        report,
        "r",
    )
    versions.save(conn, made)
    releases.save(conn, ReleaseRow(f"{name}-{number}", digest, PUBLIC, "open", "system", "", made.at))
    return made


def city(db: Database) -> None:
    with db.begin() as conn:
        datasets.save_organisation(conn, Organisation("voirie", "Voirie"))
        for name in ("arbres", "bancs"):
            datasets.save_dataset(
                conn,
                Dataset(
                    name,
                    name.title(),
                    "Texte.",
                    "voirie",
                    keywords=("rue", name),
                    state="published",
                    derived_from=("bancs",),
                ),
            )
            datasets.save_resource(conn, Resource(f"{name}/table", name, "Table"))
            publish(conn, name)


def rows(conn: Connection, table: Table) -> Sequence[RowMapping]:
    """All but the number of the state."""
    return (
        conn.execute(select(*(c for c in table.c if c.name != "seq")).order_by(*table.primary_key))
        .mappings()
        .all()
    )


def anew(db: Database) -> None:
    """What the listing is when it is made again is what it was."""
    with db.read() as conn:
        before = [rows(conn, t) for t in COUNTED]
    with db.begin() as conn:
        for table in COUNTED:
            conn.execute(delete(table))
        conn.execute(text("INSERT INTO changed (dataset) SELECT id FROM datasets"))
    with db.read() as conn:
        assert [rows(conn, t) for t in COUNTED] == before


def test_it_follows_whatever_is_written_and_can_be_made_again(database: Database) -> None:
    city(database)
    with database.read() as conn:
        assert lists.totals(conn) == lists.Totals(2, 2, 1, 0)
        assert listing.derived(conn, "bancs") == ["arbres", "bancs"]
        assert lists.with_keyword(conn, "rue") == ["arbres", "bancs"]
        assert [e.id for e in entries(conn, LINKS)] == ["arbres", "bancs"]
    anew(database)
    with database.begin() as conn:
        publish(conn, "arbres", 7)
    with database.read() as conn:
        assert lists.totals(conn).rows == 8
        assert lists.newest(conn, limit=9) == ["arbres", "bancs"]
        assert lists.by_organisation(conn) == {"voirie": 2}
    anew(database)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE datasets SET state = 'withdrawn' WHERE id = 'arbres'",
        "UPDATE datasets SET access = 'restricted' WHERE id = 'arbres'",
        "UPDATE releases SET withdrawn_at = at WHERE id = 'arbres-1'",
        "DELETE FROM releases WHERE id = 'arbres-1'",
        "UPDATE releases SET audience = 'ccas' WHERE id = 'arbres-1'",
    ],
)
def test_what_is_hidden_by_any_hand_leaves_every_count_with_the_commit(
    database: Database, statement: str
) -> None:
    """Not through our functions: the database marks it."""
    city(database)
    with database.begin() as conn:
        conn.execute(text(statement))
        assert [e.id for e in entries(conn, LINKS)] == ["bancs"], "and in its own transaction"
    with database.read() as conn:
        assert lists.totals(conn) == lists.Totals(1, 1, 1, 0)
        assert visible(conn, ("arbres", "bancs")) == {"bancs"}
        assert listing.derived(conn, "bancs") == ["bancs"]
        assert lists.with_keyword(conn, "arbres") == []
        assert listing.gone(conn, 0) == ["arbres"]
        assert {r["resource"] for r in rows(conn, tables.comparisons)} == {"bancs/table"}
    anew(database)


def test_what_comes_back_is_listed_again(database: Database) -> None:
    city(database)
    with database.read() as conn:
        number = listing.seq(conn)
    for state in ("withdrawn", "published"):
        with database.begin() as conn:
            conn.execute(update(tables.datasets).where(tables.datasets.c.id == "arbres").values(state=state))
    with database.read() as conn:
        assert visible(conn, ("arbres",)) == {"arbres"}
        assert (listing.gone(conn, 0), listing.touched(conn, number)) == ([], {"arbres"})
        assert listing.seq(conn) == number + 2


def test_a_transaction_that_writes_nothing_of_it_leaves_its_number(database: Database) -> None:
    city(database)
    with database.read() as conn:
        number = listing.seq(conn)
    with database.begin() as conn:
        conn.execute(update(tables.journal).values(seq=tables.journal.c.seq))
    with database.read() as conn:
        assert listing.seq(conn) == number


def test_a_worse_version_is_told_as_one_and_a_report_that_changed_is_read_again(database: Database) -> None:
    city(database)
    bad = Report((Finding("type-misfit", "Faux.", column="valeur", count=3),), rows=10)
    with database.begin() as conn:
        made = publish(conn, "arbres", 10, report=bad)
    with database.read() as conn:
        one = conn.execute(
            select(tables.comparisons).where(tables.comparisons.c.version == made.digest)
        ).one()
        assert (one.worse, one.errors) == (True, 3)
        assert (
            conn.execute(select(tables.listed.c.errors).where(tables.listed.c.dataset == "arbres")).scalar()
            == 3
        )
    anew(database)
    with database.begin() as conn:
        versions.tell(conn, made.digest, replace(bad, findings=()))
    with database.read() as conn:
        one = conn.execute(
            select(tables.comparisons).where(tables.comparisons.c.version == made.digest)
        ).one()
        assert (one.worse, one.errors) == (False, 0)
    anew(database)


def test_no_migration_loses_a_trigger(database: Database) -> None:
    """SQLite changes a table by writing it again, without its triggers."""
    kept = {"datasets", "resources", "versions", "releases", "organisations", "events"}
    with database.read() as conn:
        if database.sqlite:
            found = conn.execute(
                text("SELECT tbl_name, count(*) FROM sqlite_master WHERE type = 'trigger' GROUP BY 1")
            ).all()
            assert {r[0]: r[1] for r in found} == dict.fromkeys(kept - {"versions", "events"}, 3) | {
                "versions": 4,
                "events": 2,
            }
        else:
            found = conn.execute(
                text(
                    "SELECT DISTINCT event_object_table FROM information_schema.triggers WHERE trigger_schema = current_schema()"
                )
            )
            assert {*found.scalars()} == kept
        assert inspect(conn).has_table("changed")
