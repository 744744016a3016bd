"""What everybody may see, kept beside the rows that it is made from (`store.listing`)."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "listing",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_listing_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing")),
    )
    op.create_table(
        "changed",
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("dataset", name=op.f("pk_changed")),
    )
    op.create_table(
        "listed",
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("frequency", sa.Text(), nullable=False),
        sa.Column("themes", sa.Text(), nullable=False),
        sa.Column("issued", sa.DateTime(timezone=True), nullable=False),
        sa.Column("modified_us", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("computed", sa.Boolean(), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("change", sa.Float(), nullable=True),
        sa.Column("errors", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("dataset", name=op.f("pk_listed")),
    )
    for columns in (["publisher"], ["seq"], ["computed", "modified_us", "dataset"], ["score", "title"]):
        op.create_index(op.f(f"ix_listed_{'_'.join(columns)}"), "listed", columns, unique=False)
    op.create_table(
        "listed_tables",
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("first", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("geo", sa.Boolean(), nullable=False),
        sa.Column("dated", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("resource", name=op.f("pk_listed_tables")),
    )
    for columns in (["at"], ["dataset", "position"]):
        op.create_index(op.f(f"ix_listed_tables_{'_'.join(columns)}"), "listed_tables", columns, unique=False)
    for table, key in (("listed_sources", "source"), ("listed_keywords", "keyword")):
        op.create_table(
            table,
            sa.Column(key, sa.Text(), nullable=False),
            sa.Column("dataset", sa.Text(), nullable=False),
            sa.PrimaryKeyConstraint(key, "dataset", name=op.f(f"pk_{table}")),
        )
        op.create_index(op.f(f"ix_{table}_dataset"), table, ["dataset"], unique=False)
    op.create_table(
        "delisted",
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("dataset", name=op.f("pk_delisted")),
    )
    op.create_index(op.f("ix_delisted_seq"), "delisted", ["seq"], unique=False)
    op.create_table(
        "comparisons",
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("change", sa.Float(), nullable=True),
        sa.Column("errors", sa.BigInteger(), nullable=False),
        sa.Column("worse", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_comparisons")),
    )
    op.create_index(op.f("ix_comparisons_resource"), "comparisons", ["resource"], unique=False)
    op.create_index(op.f("ix_comparisons_worse_at"), "comparisons", ["worse", "at"], unique=False)
    op.create_index(op.f("ix_resources_schema_name"), "resources", ["schema_name"], unique=False)
    op.execute("INSERT INTO listing (id, seq) VALUES (1, 0)")
    op.execute("INSERT INTO changed (dataset) SELECT id FROM datasets")
    for statement in _postgresql() if op.get_bind().dialect.name == "postgresql" else _sqlite():
        op.execute(statement)


MARKED = {
    "datasets": "SELECT {row}.id",
    "resources": "SELECT {row}.dataset",
    "versions": "SELECT dataset FROM resources WHERE id = {row}.resource",
    "releases": "SELECT r.dataset FROM versions v JOIN resources r ON r.id = v.resource WHERE v.digest = {row}.version",
    "organisations": "SELECT id FROM datasets WHERE publisher = {row}.id",
}
"""Tables, and the datasets that the listing says something else of when a row of theirs is written."""

TOLD = "DELETE FROM comparisons WHERE version = NEW.digest OR before = NEW.digest"
"""What was found of a version since."""


def _sqlite() -> Iterator[str]:
    for table, datasets in MARKED.items():
        for verb, row in (("insert", "NEW"), ("update", "NEW"), ("delete", "OLD")):
            marks = f"INSERT OR IGNORE INTO changed (dataset) {datasets.format(row=row)}"
            yield f"CREATE TRIGGER {table}_listed_{verb} AFTER {verb.upper()} ON {table} BEGIN {marks}; END"
    yield f"CREATE TRIGGER versions_told AFTER UPDATE OF report ON versions BEGIN {TOLD}; END"


def _postgresql() -> Iterator[str]:
    for table, datasets in MARKED.items():
        marks = "INSERT INTO changed (dataset) {} ON CONFLICT DO NOTHING"
        body = f"IF TG_OP = 'DELETE' THEN {marks.format(datasets.format(row='OLD'))}; ELSE {marks.format(datasets.format(row='NEW'))}; END IF; RETURN NULL;"
        yield f"CREATE FUNCTION {table}_listed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
        yield f"CREATE TRIGGER {table}_listed AFTER INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_listed()"
    yield f"CREATE FUNCTION versions_told() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {TOLD}; RETURN NULL; END $$"
    yield "CREATE TRIGGER versions_told AFTER UPDATE OF report ON versions FOR EACH ROW EXECUTE FUNCTION versions_told()"
