"""Live resources: feeds, the open hour's batches, closed segments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "feeds",
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("polled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("state IN ('up', 'stale', 'down', 'malformed')", name=op.f("ck_feeds_state")),
        sa.ForeignKeyConstraint(["resource"], ["resources.id"], name=op.f("fk_feeds_resource")),
        sa.PrimaryKeyConstraint("resource", name=op.f("pk_feeds")),
    )
    op.create_table(
        "tips",
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["resource"], ["resources.id"], name=op.f("fk_tips_resource")),
        sa.PrimaryKeyConstraint("resource", "at", name=op.f("pk_tips")),
    )
    op.create_table(
        "segments",
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("span", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("span IN ('hour', 'day', 'month')", name=op.f("ck_segments_span")),
        sa.ForeignKeyConstraint(["resource"], ["resources.id"], name=op.f("fk_segments_resource")),
        sa.PrimaryKeyConstraint("resource", "start", "span", name=op.f("pk_segments")),
    )
