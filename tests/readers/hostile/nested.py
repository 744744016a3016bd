"""JSON, XML and archives with tables further inside."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from parvis.readers.minimal_files import zipped
from tests.readers.hostile.case import Case
from tests.readers.hostile.requests import HEAD, ROWS, TYPES
from tests.readers.hostile.text import lines


def trees() -> Iterator[Case]:
    """JSON, XML, archives."""
    records = [dict(zip(HEAD, r, strict=True)) for r in ROWS]

    def js(name: str, value: object, **more: Any) -> Case:
        truth: dict[str, Any] = {"format": "json", "rows": 20}
        return Case(
            name,
            value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False).encode(),
            **{**truth, **more},
        )

    yield js("by identifier", {r["reference"]: r for r in records})
    yield js("by column", {h: [r[h] for r in records] for h in HEAD})
    yield js("labels, then lists", [list(HEAD), *ROWS])
    yield js(
        "SPARQL",
        {
            "head": {"vars": list(HEAD)},
            "results": {
                "bindings": [{k: {"type": "literal", "value": v} for k, v in r.items()} for r in records]
            },
        },
    )
    yield js(
        "Opendatasoft, first version",
        {
            "nhits": 20,
            "records": [{"datasetid": "d", "recordid": str(n), "fields": r} for n, r in enumerate(records)],
        },
    )
    yield js("Opendatasoft, second version", {"total_count": 20, "results": records})
    yield js("DKAN, deep", {"status": 200, "data": {"page": {"items": records}}})
    yield js("with a mark of UTF-8", b"\xef\xbb\xbf" + json.dumps(records).encode())
    yield js(
        "with comments and a last comma",
        ("[\n" + ",\n".join(json.dumps(r) for r in records) + ",\n]").encode(),
    )
    yield Case(
        "lines with a blank one",
        ("\n\n".join(json.dumps(r) for r in records) + "\n").encode(),
        "jsonl",
        rows=20,
        names=HEAD,
    )
    attributes = (
        "<demandes>"
        + "".join("<demande " + " ".join(f'{k}="{v}"' for k, v in r.items()) + "/>" for r in records)
        + "</demandes>"
    )
    yield Case("attributes only", attributes.replace("N'Diaye", "N&#39;Diaye").encode(), "xml", rows=20)
    deep = (
        '<?xml version="1.0" encoding="ISO-8859-1"?><export><entete><date>2024</date></entete><corps>'
        + "".join("<d>" + "".join(f"<{k}>{v}</{k}>" for k, v in r.items()) + "</d>" for r in records)
        + "</corps></export>"
    )
    yield Case(
        "a head, then a body, ISO-8859-1",
        deep.replace("œ", "oe").encode("iso-8859-1"),
        "xml",
        rows=20,
        names=HEAD,
        types=TYPES,
    )
    yield Case(
        "a zip of one table with its notice",
        zipped(
            {
                "export/demandes.csv": lines([HEAD, *ROWS]),
                "export/LISEZMOI.txt": "Bonjour.\nFin.\n",
                "__MACOSX/._x": b"\x00\x05",
            }
        ),
        "zip+csv",
        rows=20,
        names=HEAD,
    )


FAMILIES = {"nested": trees}
