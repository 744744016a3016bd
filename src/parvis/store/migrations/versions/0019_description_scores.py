"""How complete each description is for other portals, kept beside the listing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "description_scores",
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("made_with", sa.Text(), nullable=False),
        sa.Column("low", sa.Float(), nullable=False),
        sa.Column("high", sa.Float(), nullable=False),
        sa.Column("lasting", sa.Integer(), nullable=False),
        sa.Column("gain", sa.Text(), nullable=False),
        sa.Column("tallies", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("dataset", name=op.f("pk_description_scores")),
    )
    op.create_index(op.f("ix_description_scores_seq"), "description_scores", ["seq"], unique=False)
    op.create_index(
        op.f("ix_description_scores_low_dataset"), "description_scores", ["low", "dataset"], unique=False
    )
