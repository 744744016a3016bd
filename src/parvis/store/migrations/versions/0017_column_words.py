"""What people say of the columns of a resource, beside its versions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "column_words",
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("column", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False, server_default=""),
        sa.Column("description", sa.Text(), nullable=False, server_default=""),
        sa.Column("unit", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["resource"], ["resources.id"], name=op.f("fk_column_words_resource")),
        sa.PrimaryKeyConstraint("resource", "column", name=op.f("pk_column_words")),
    )
