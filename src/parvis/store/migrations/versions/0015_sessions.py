"""How a session was opened, on what kind of device, and when it was last used: so that a second factor can be
demanded, and sessions be told apart.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("sessions", sa.Column("way", sa.Text(), nullable=False, server_default=""))
    op.add_column("sessions", sa.Column("device", sa.Text(), nullable=False, server_default=""))
    op.add_column("sessions", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
