"""A row of units below a header (« k€ », « (en m²) », « jj/mm/aaaa »), as reports have it: it belongs to the
header, not to the data.
"""

from __future__ import annotations

import re

_UNIT = re.compile(
    r"\([^()]{1,20}\)|\[[^\[\]]{1,20}\]"
    r"|(?:en )?(?:[km]?€|euros?|k?eur|milliers d.euros|%|‰|[cmk]?m|[ck]?m[²³23]|ha|ares?|kg|tonnes?|litres?|[kmg]?wh|kva|°c?|[µm]g/m[³3]|mg/l"
    r"|db(?:\(a\))?|hab(?:itants?)?\.?|hab/km[²2]|jj/mm/aaaa|aaaa-mm-jj|mm/aaaa|aaaa|hh:mm(?::ss)?)(?: (?:ttc|ht|hors taxes?))?"
)
_PLAIN = re.compile(r"[cmk]?m|ha")
"""Units that a value may be as well: they prove nothing by themselves."""


def unit(cell: str) -> bool:
    """Whether a cell is the unit of a column.

    >>> [unit(c) for c in ("k€", "(en m²)", "jj/mm/aaaa", "Voirie", "12")]
    [True, True, True, False, False]
    """
    return _UNIT.fullmatch(" ".join(cell.split()).casefold()) is not None


def proof(cell: str) -> bool:
    """Whether a unit could hardly be a value."""
    return unit(cell) and _PLAIN.fullmatch(cell.strip().casefold()) is None
