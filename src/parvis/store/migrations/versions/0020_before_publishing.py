"""A file that its sender looks at before it is published: who it waits for, how it was read, and the header
line that the publisher chose.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.add_column("deposits", sa.Column("look", sa.Text(), nullable=False, server_default=""))
    op.add_column("deposits", sa.Column("understood", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("resources", sa.Column("header_row", sa.Integer(), nullable=True))
