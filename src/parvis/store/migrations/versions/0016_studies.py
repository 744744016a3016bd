"""What was asked of studies, and how far it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "study_runs",
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("study", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False, server_default=""),
        sa.Column("message", sa.Text(), nullable=False, server_default=""),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("inputs", sa.Text(), nullable=False),
        sa.Column("kept", sa.Text(), nullable=False, server_default=""),
        sa.Column("parts", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'failed', 'cancelled', 'destroyed')",
            name=op.f("ck_study_runs_state"),
        ),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_study_runs_run")),
        sa.PrimaryKeyConstraint("run", name=op.f("pk_study_runs")),
    )
    op.create_index(op.f("ix_study_runs_study_at"), "study_runs", ["study", "at"])
    op.create_index(op.f("ix_study_runs_state"), "study_runs", ["state"])
