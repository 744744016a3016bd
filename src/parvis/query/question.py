"""A question as its caller wrote it, and how much of an answer may be asked for at once."""

from __future__ import annotations

from dataclasses import dataclass

from parvis.core.errors import BadQuery

PAGE = 100
"""Most records in a page."""
REACH = 10_000
"""offset + limit, ungrouped."""
GROUPS = 20_000
"""Most groups, and offset + limit, grouped."""


@dataclass(frozen=True, slots=True)
class Ask:
    """The clauses as the caller wrote them. limit None: the default of the place; whole: an export, without
    page nor cap.
    """

    select: str = ""
    where: tuple[str, ...] = ()
    group_by: str = ""
    order_by: str = ""
    limit: int | None = None
    offset: int = 0
    refine: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    timezone: str = "UTC"
    lang: str = "fr"
    whole: bool = False


def bounded(ask: Ask, *, grouped: bool) -> int:
    """The limit that holds, -1 for all. Raises BadQuery past a cap, and says which."""
    if ask.offset < 0:
        raise _out_of_range("offset", ask.offset, "0 <= offset")
    if ask.whole:
        if ask.limit is not None and ask.limit < -1:
            raise _out_of_range("limit", ask.limit, "-1 <= limit")
        return -1 if ask.limit is None else ask.limit
    most = GROUPS if grouped else PAGE
    limit = 10 if ask.limit is None else ask.limit
    if not -1 <= limit <= most:
        raise _out_of_range("limit", limit, f"-1 <= limit <= {most}")
    limit = most if limit == -1 else limit
    reach = GROUPS if grouped else REACH
    if ask.offset + limit > reach:
        raise _out_of_range("sum of offset + limit", ask.offset + limit, f"<= {reach}")
    return limit


def _out_of_range(name: str, given: int, expected: str) -> BadQuery:
    more = "" if name == "offset" else " Use /exports to read a whole table."
    return BadQuery(
        f"Invalid value for {name} API parameter: {given} was found but {expected} is expected.{more}",
        code="InvalidRESTParameterError",
        clause="limit",
    )
