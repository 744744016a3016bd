"""Alembic's entry: run by `Database.migrate()` on the connection it hands over, inside that connection's
transaction.
"""

from __future__ import annotations

from alembic import context

from parvis.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
