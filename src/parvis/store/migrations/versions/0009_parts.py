"""Which resource each table of a file feeds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "parts",
        sa.Column("parent", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("resource", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["parent"], ["resources.id"], name=op.f("fk_parts_parent")),
        sa.ForeignKeyConstraint(["resource"], ["resources.id"], name=op.f("fk_parts_resource")),
        sa.PrimaryKeyConstraint("parent", "mark", name=op.f("pk_parts")),
    )
    op.create_index(op.f("ix_parts_resource"), "parts", ["resource"], unique=False)
