"""A feed whose last batch is held, for what it says of people."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"

STATES = "state IN ('up', 'stale', 'down', 'malformed', 'held')"


def upgrade() -> None:
    # SQLite changes a check by writing the table again, and the copy keeps no check of the old one.
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table("feeds", recreate="always") as table:
            table.create_check_constraint(op.f("ck_feeds_state"), STATES)
        return
    op.drop_constraint(op.f("ck_feeds_state"), "feeds", type_="check")
    op.create_check_constraint(op.f("ck_feeds_state"), "feeds", STATES)
