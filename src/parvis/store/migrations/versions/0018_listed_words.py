"""The words of what everybody may see (`store.listing`)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "listed_words",
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("keywords", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("others", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("dataset", "resource", name=op.f("pk_listed_words")),
    )
    op.execute(
        "INSERT INTO changed (dataset) SELECT id FROM datasets WHERE id NOT IN (SELECT dataset FROM changed)"
    )
