"""A table that may be read, by whom: minted by `privacy`, checked by `engine`.

There is no public constructor. Each value carries a seal that only this process can make and that binds
versions, audience and release rows; `engine.read` checks it, so that a value put together by hand
(constructor, copy, pickle, `object.__new__`) opens nothing. The seal is no defence against hostile code
inside the process; it makes every accident and every shortcut loud.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import replace
from typing import NoReturn, Self, SupportsIndex, TypeVar

from sqlglot.expressions.core import Expr

from parvis.core.query_scope import confine
from parvis.core.types import Audience, ReleaseRow, Schema, Table

_KEY = secrets.token_bytes(32)


class Released:
    """A `Table` for an audience, backed by a release row for each of its versions."""

    __slots__ = ("audience", "rows", "seal", "table")

    table: Table
    audience: Audience
    rows: tuple[ReleaseRow, ...]
    seal: bytes

    def __init__(self) -> None:
        raise TypeError("Released is minted by privacy.release() or privacy.reopen(), never constructed")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("Released is frozen")

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError("Released can't be copied or pickled: reopen the version where it is served")

    @property
    def schema(self) -> Schema:
        return self.table.schema

    @property
    def versions(self) -> tuple[str, ...]:
        return tuple(s.version for s in self.table.sources)

    def querying(self, tree: Expr, schema: Schema | None = None) -> Self:
        """The same release seen through a query over its own versions and nothing else.

        The tree is copied: what the caller does to it afterwards changes nothing. Raises Refused when it
        reads anything but the released versions: another table, a table function, a CTE out of its scope, raw
        text; see `core/confine.py`.
        """
        table = verify(self)
        confine(tree, self.versions)
        return _mint(
            type(self),
            replace(table, tree=tree.copy(), schema=schema or table.schema),
            self.audience,
            self.rows,
        )


class Public(Released):
    """A table that everybody may read."""

    __slots__ = ()


R = TypeVar("R", bound=Released)


def _seal(kind: type[Released], table: Table, audience: Audience, rows: tuple[ReleaseRow, ...]) -> bytes:
    sealed = repr(
        (
            kind.__qualname__,
            table.sources,
            table.tree.sql("duckdb") if table.tree is not None else "",
            audience,
            rows,
        )
    )
    return hmac.new(_KEY, sealed.encode(), hashlib.sha256).digest()


def _mint(kind: type[R], table: Table, audience: Audience, rows: tuple[ReleaseRow, ...]) -> R:
    released = object.__new__(kind)
    for name, value in (
        ("table", table),
        ("audience", audience),
        ("rows", rows),
        ("seal", _seal(kind, table, audience, rows)),
    ):
        object.__setattr__(released, name, value)
    return released


def verify(released: Released) -> Table:
    """The table inside, when the seal holds. Raises TypeError for anything that was not minted here: that is
    a fault, not bad data.

    The seal binds the class too: a table for a group does not become `Public` by being put into another
    shell.
    """
    if type(released) not in (Released, Public):
        raise TypeError(f"not a Released: {type(released).__name__}")
    if not all(hasattr(released, name) for name in Released.__slots__):
        raise TypeError("this Released was not minted by privacy: it is hollow")
    if not hmac.compare_digest(
        released.seal, _seal(type(released), released.table, released.audience, released.rows)
    ):
        raise TypeError("this Released was not minted by privacy: its seal does not hold")
    return released.table
