"""How far a deposit that is being read has come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.add_column("deposits", sa.Column("step", sa.Text(), nullable=False, server_default=""))
