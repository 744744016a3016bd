"""Groups, opinions, checklists of secrets, the register of decisions, breaches; and the role of the
controller's delegate.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0003"

ROLES = "role IN ('admin', 'publisher', 'steward', 'dpo', 'delegate', 'reader')"


def upgrade() -> None:
    _roles()
    op.create_table(
        "groups",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["organisation"], ["organisations.id"], name=op.f("fk_groups_organisation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groups")),
    )
    op.create_table(
        "group_members",
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["group"], ["groups.id"], name=op.f("fk_group_members_group")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_group_members_person")),
        sa.PrimaryKeyConstraint("group", "person", name=op.f("pk_group_members")),
    )
    op.create_index(op.f("ix_group_members_person"), "group_members", ["person"], unique=False)
    op.create_index(op.f("ix_releases_audience"), "releases", ["audience"], unique=False)
    op.create_table(
        "opinions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('favourable', 'conditional', 'unfavourable')", name=op.f("ck_opinions_verdict")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinions")),
    )
    op.create_index(op.f("ix_opinions_version"), "opinions", ["version"], unique=False)
    op.create_table(
        "checklists",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklists")),
    )
    op.create_index(op.f("ix_checklists_version"), "checklists", ["version"], unique=False)
    op.create_table(
        "register",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register")),
    )
    op.create_index(op.f("ix_register_version"), "register", ["version"], unique=False)
    op.create_index(op.f("ix_register_organisation"), "register", ["organisation"], unique=False)
    op.create_table(
        "breaches",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisations.id"], name=op.f("fk_breaches_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breaches")),
    )


def _roles() -> None:
    """A role more. SQLite changes a check by writing the table again, and the copy keeps no check of the old
    one.
    """
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table("memberships", recreate="always") as table:
            table.create_check_constraint(op.f("ck_memberships_role"), ROLES)
        return
    op.drop_constraint(op.f("ck_memberships_role"), "memberships", type_="check")
    op.create_check_constraint(op.f("ck_memberships_role"), "memberships", ROLES)
