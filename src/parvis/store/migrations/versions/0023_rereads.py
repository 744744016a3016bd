"""Files at an address that are read again by themselves, and how each goes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.create_table(
        "rereads",
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("every_s", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), server_default="", nullable=False),
        sa.Column("received", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("state IN ('up', 'down', 'refused', 'waiting')", name=op.f("ck_rereads_state")),
        sa.ForeignKeyConstraint(["resource"], ["resources.id"], name=op.f("fk_rereads_resource")),
        sa.PrimaryKeyConstraint("resource", name=op.f("pk_rereads")),
    )
