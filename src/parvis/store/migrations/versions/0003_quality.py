"""Quality over time: the gate of a resource, protocols of verification, nightly looks at what is published
and at its links, rounds in the field.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("resources", sa.Column("gate", sa.Text(), server_default="{}", nullable=False))
    op.create_table(
        "protocols",
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=True),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("margin", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["dataset"], ["datasets.id"], name=op.f("fk_protocols_dataset")),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisations.id"], name=op.f("fk_protocols_organisation")
        ),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_protocols_person")),
        sa.PrimaryKeyConstraint("dataset", name=op.f("pk_protocols")),
    )
    op.create_table(
        "rechecks",
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("errors", sa.Integer(), nullable=False),
        sa.Column("warnings", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("state IN ('sound', 'faulty', 'damaged')", name=op.f("ck_rechecks_state")),
        sa.ForeignKeyConstraint(["resource"], ["resources.id"], name=op.f("fk_rechecks_resource")),
        sa.PrimaryKeyConstraint("resource", name=op.f("pk_rechecks")),
    )
    op.create_table(
        "links",
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("state IN ('up', 'down', 'barred')", name=op.f("ck_links_state")),
        sa.ForeignKeyConstraint(["dataset"], ["datasets.id"], name=op.f("fk_links_dataset")),
        sa.PrimaryKeyConstraint("dataset", "url", name=op.f("pk_links")),
    )
    op.create_table(
        "rounds",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["dataset"], ["datasets.id"], name=op.f("fk_rounds_dataset")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
    )
    op.create_index(op.f("ix_rounds_dataset"), "rounds", ["dataset"], unique=False)
    op.create_table(
        "round_rows",
        sa.Column("round", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("said", sa.Text(), server_default="", nullable=False),
        sa.Column("actor", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("verdict IN ('exact', 'wrong', 'absent')", name=op.f("ck_round_rows_verdict")),
        sa.ForeignKeyConstraint(["round"], ["rounds.id"], name=op.f("fk_round_rows_round")),
        sa.PrimaryKeyConstraint("round", "position", name=op.f("pk_round_rows")),
    )
