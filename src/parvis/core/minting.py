"""The one door by which a `Released` comes to be. Only `privacy` may import this module: import-linter holds
it.
"""

from __future__ import annotations

from parvis.core.errors import Refused
from parvis.core.released import Public, Released, _mint  # pyright: ignore[reportPrivateUsage]
from parvis.core.types import PUBLIC, Audience, ReleaseRow, Table


def mint(table: Table, audience: Audience, rows: tuple[ReleaseRow, ...]) -> Released:
    """Make a Released. Raises Refused when a version has no release row, still in force, for this audience."""
    covered = {r.version for r in rows if r.withdrawn_at is None and r.audience == audience}
    if {s.version for s in table.sources} - covered:
        raise Refused("Aucune décision de publication ne couvre ces données.")
    return _mint(Public if audience == PUBLIC else Released, table, audience, rows)
