"""A takedown stops at the door of other organisations, and asks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("takedowns", sa.Column("organisations", sa.Text(), nullable=False, server_default="[]"))
    op.create_table(
        "agreements",
        sa.Column("takedown", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("versions", sa.Text(), nullable=False),
        sa.Column("derived", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'agreed', 'refused')", name=op.f("ck_agreements_state")),
        sa.ForeignKeyConstraint(["takedown"], ["takedowns.id"], name=op.f("fk_agreements_takedown")),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisations.id"], name=op.f("fk_agreements_organisation")
        ),
        sa.PrimaryKeyConstraint("takedown", "organisation", name=op.f("pk_agreements")),
    )
    op.create_index(op.f("ix_agreements_state"), "agreements", ["state"], unique=False)
