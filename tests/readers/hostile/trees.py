"""JSON and XML: records at any depth, marks, blank lines, members that come and go."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.readers.hostile.case import Case

ROWS: list[dict[str, Any]] = [
    {
        "code": f"{n:05d}",
        "nom": "Évry",
        "n": n,
        "prix": n + 0.5,
        "ouvert": n % 2 == 0,
        "jour": f"2025-03-{n + 9:02d}",
    }
    for n in range(1, 21)
]
NAMES = ("code", "nom", "n", "prix", "ouvert", "jour")
TYPES = ("text", "text", "integer", "number", "boolean", "date")
FIRST = ("00001", "Évry", "1", "1.5", "false", "2025-03-10")


def _whole(name: str, content: str | bytes, kind: str = "json", **more: Any) -> Case:
    truth: dict[str, Any] = {"rows": 20, "names": NAMES, "types": TYPES, "first": FIRST}
    return Case(name, content if isinstance(content, bytes) else content.encode(), kind, **{**truth, **more})


def jsons() -> Iterator[Case]:
    """Whatever an API or a program calls JSON."""
    plain = json.dumps(ROWS, ensure_ascii=False)
    yield _whole("records", plain)
    yield _whole("records, pretty, with a mark", b"\xef\xbb\xbf" + json.dumps(ROWS, indent=2).encode())
    yield _whole("records in utf-16", json.dumps(ROWS, ensure_ascii=False).encode("utf-16"))
    yield _whole("records in cp1252", plain.encode("cp1252"))
    yield _whole("below « data »", json.dumps({"data": ROWS}))
    yield _whole(
        "below « data », with counts",
        json.dumps({"meta": {"page": 1, "total": 20}, "links": [], "data": ROWS}),
    )
    yield _whole("below two names", json.dumps({"reponse": {"statut": "ok", "resultats": ROWS}}))
    yield _whole(
        "records of Explore v1",
        json.dumps(
            {
                "nhits": 20,
                "parameters": {"dataset": "d"},
                "records": [{"datasetid": "d", "recordid": str(r["n"]), "fields": r} for r in ROWS],
            }
        ),
        names=(),
        types=(),
        first=(),
    )
    yield _whole("results of Explore v2", json.dumps({"total_count": 20, "results": ROWS}))
    yield _whole("columns", json.dumps({name: [r[name] for r in ROWS] for name in NAMES}))
    yield _whole(
        "columns by index, as pandas writes",
        json.dumps({name: {str(i): r[name] for i, r in enumerate(ROWS)} for name in NAMES}),
    )
    yield _whole(
        "split, as pandas writes",
        json.dumps(
            {"columns": list(NAMES), "index": list(range(20)), "data": [[r[n] for n in NAMES] for r in ROWS]}
        ),
    )
    yield _whole(
        "lists with a first one of labels", json.dumps([list(NAMES), *([r[n] for n in NAMES] for r in ROWS)])
    )
    yield _whole("records by key", json.dumps({r["code"]: r for r in ROWS}), names=(), types=(), first=())
    nested = [
        {
            "id": r["n"],
            "adresse": {"rue": "rue Foch", "ville": {"nom": "Évry", "code": "91228"}},
            "mots": ["a", "b"],
        }
        for r in ROWS
    ]
    yield Case(
        "nested",
        json.dumps(nested).encode(),
        "json",
        rows=20,
        names=("id", "adresse.rue", "adresse.ville.nom", "adresse.ville.code", "mots"),
    )
    ragged = [{"a": 1}, {"b": "x", "a": 2}, {}, {"c": None, "a": 3}, {"a": 4, "d": [1]}]
    yield Case("members that come and go", json.dumps(ragged).encode(), "json", names=("a", "b", "c", "d"))
    yield _whole("lines", "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in ROWS), "jsonl")
    yield _whole("lines with blank ones", "".join(json.dumps(r) + "\r\n\r\n" for r in ROWS), "jsonl")
    yield _whole(
        "lines with a mark", b"\xef\xbb\xbf" + "".join(json.dumps(r) + "\n" for r in ROWS).encode(), "jsonl"
    )
    yield _whole(
        "lines as lists",
        "".join(json.dumps(list(v)) + "\n" for v in (NAMES, *(r.values() for r in ROWS))),
        "jsonl",
    )
    broken = (
        "".join(json.dumps(r) + "\n" for r in ROWS[:10])
        + '{"code": "00011", "nom": \n'
        + "".join(json.dumps(r) + "\n" for r in ROWS[11:])
    )
    yield Case("lines, one broken", broken.encode(), "jsonl", rows=19, codes=("bad-line",))
    yield Case("cut", plain[:-40].encode(), "json", refused=("json",))
    yield Case("a comma at the end", (plain[:-1] + ",]").encode(), "json", rows=20)
    yield Case("NaN, as Python writes it", plain.replace(": 1.5", ": NaN").encode(), "json", rows=20)
    yield Case("an empty list", b"[]", "json", refused=("",))
    yield Case("an empty object", b"{}", "json", refused=("",))
    yield Case("a number", b"12", refused=())
    yield Case("one object", json.dumps(ROWS[0]).encode(), "json", rows=1)
    yield Case("a fault of a server", b'{"error": {"code": 404, "message": "Not found"}}', "json", rows=1)
    yield Case("deep", ("[" * 5000 + "]" * 5000).encode(), "json", refused=("",))
    yield Case(
        "numbers too long",
        json.dumps([{"id": 12345678901234567890123, "n": 1}, {"id": 2, "n": 2}]).encode(),
        "json",
        rows=2,
        first=("12345678901234567890123", "1"),
    )
    yield Case("the same member twice", b'[{"a": 1, "a": 2}, {"a": 3}]', "json", rows=2)
    point = [{"nom": r["nom"], "geo_point_2d": {"lon": 3.87, "lat": 43.6}} for r in ROWS]
    yield Case(
        "a point in each record",
        json.dumps(point).encode(),
        "json",
        rows=20,
        geometry="point",
        place=(3.87, 43.6),
    )


def _xml(rows: str, root: str = "<lieux>", end: str = "</lieux>") -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{root}{rows}{end}'


def xmls() -> Iterator[Case]:
    """Elements that come again."""
    rows = "".join(
        f"<lieu><code>{r['code']}</code><nom>Évry</nom><prix>{r['prix']}</prix></lieu>" for r in ROWS
    )
    truth: dict[str, Any] = {
        "rows": 20,
        "names": ("code", "nom", "prix"),
        "types": ("text", "text", "number"),
        "first": ("00001", "Évry", "1.5"),
    }
    yield Case("elements", _xml(rows).encode(), "xml", **truth)
    yield Case(
        "elements in a namespace",
        _xml(rows, '<lieux xmlns="http://exemple.fr/lieux">').encode(),
        "xml",
        **truth,
    )
    spaced = rows.replace("<lieu>", "<v:lieu>").replace("</lieu>", "</v:lieu>")
    yield Case(
        "elements with a prefix",
        _xml(spaced, '<v:lieux xmlns:v="http://exemple.fr/lieux">', "</v:lieux>").encode(),
        "xml",
        **truth,
    )
    attributes = "".join(f'<lieu code="{r["code"]}" nom="Évry" prix="{r["prix"]}"/>' for r in ROWS)
    yield Case("attributes", _xml(attributes).encode(), "xml", **truth)
    yield Case(
        "iso-8859-1, as it says",
        _xml(rows).replace("UTF-8", "ISO-8859-1").encode("iso-8859-1"),
        "xml",
        **truth,
    )
    yield Case("utf-16", _xml(rows).replace("UTF-8", "UTF-16").encode("utf-16"), "xml", **truth)
    yield Case(
        "says utf-8, is cp1252", _xml(rows).encode("cp1252"), "xml", rows=20, names=("code", "nom", "prix")
    )
    yield Case(
        "below a head",
        _xml(f"<entete><date>2025-03-12</date></entete><corps>{rows}</corps>").encode(),
        "xml",
        **truth,
    )
    deep = "".join(
        f"<lieu><id>{r['code']}</id><adresse><rue>Foch</rue><ville>Évry</ville></adresse></lieu>"
        for r in ROWS
    )
    yield Case("nested", _xml(deep).encode(), "xml", rows=20, names=("id", "adresse.rue", "adresse.ville"))
    yield Case(
        "with CDATA and comments",
        _xml(rows.replace("Évry", "<![CDATA[Évry]]>").replace("<code>", "<!-- c --><code>")).encode(),
        "xml",
        **truth,
    )
    entity = (
        '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY e SYSTEM "file:///etc/hostname">]><lieux>'
        + rows.replace("Évry", "&e;")
        + "</lieux>"
    )
    yield Case("an entity that reads a file", entity.encode(), "xml", refused=("entité",))
    yield Case("cut", _xml(rows)[:-60].encode(), "xml", refused=("xml",))
    yield Case("nothing below the root", _xml("").encode(), "xml", refused=("",))


FAMILIES = {"json": jsons, "xml": xmls}
