"""The two things that every table of the store does with a row. Both rely on `Database.begin()`: one writer
at a time.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, Table, and_, insert, select, update


def put(conn: Connection, table: Table, values: Mapping[str, object]) -> None:
    """Insert the row, or change the one that has its primary key."""
    keys = [c.name for c in table.primary_key]
    same = and_(*(table.c[k] == values[k] for k in keys))
    rest = {k: v for k, v in values.items() if k not in keys}
    if conn.execute(update(table).where(same).values(rest)).rowcount == 0:
        conn.execute(insert(table).values(dict(values)))


def add(conn: Connection, table: Table, values: Mapping[str, object]) -> bool:
    """Insert the row unless its primary key is there already; say whether it was inserted."""
    keys = [c.name for c in table.primary_key]
    if (
        conn.execute(select(table.c[keys[0]]).where(and_(*(table.c[k] == values[k] for k in keys)))).first()
        is not None
    ):
        return False
    conn.execute(insert(table).values(dict(values)))
    return True
