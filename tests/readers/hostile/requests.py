"""Twenty requests to a town hall, as each program writes them."""

from __future__ import annotations

from typing import Any

from tests.readers.hostile.case import Case

HEAD = ("reference", "quartier", "agent", "duree_min", "cout", "cree_le")


_AREAS = ("Les Aubiers", "Saint-Étienne", "Cœur de ville", "Prés d'Arènes", "Île-aux-Moines")


ROWS = [
    [
        f"R-{n:04d}",
        _AREAS[n % 5],
        ("Dupré", "Müller", "N'Diaye")[n % 3],
        str(n * 5),
        f"{n},{n % 10}0",
        f"2024-0{n % 9 + 1}-{n % 18 + 10}",
    ]
    for n in range(1, 21)
]


TYPES = ("text", "text", "text", "integer", "number", "date")


START = ("R-0001", "Saint-Étienne", "Müller", "5", "1.1", "2024-02-11")


def whole(name: str, content: str | bytes, **more: Any) -> Case:
    truth: dict[str, Any] = {
        "header": 1,
        "rows": 20,
        "names": HEAD,
        "types": TYPES,
        "first": START,
        "separator": ";",
        "decimal": ",",
    }
    return Case(name, content.encode() if isinstance(content, str) else content, **{**truth, **more})
