"""JSON and XML that a strict program would refuse, or read as something else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from tests.readers.hostile.case import Case

_TREE = [{"code": f"{n:05d}", "nom": "Évry", "n": n, "prix": n + 0.5} for n in range(1, 6)]


_TREE_TRUTH: dict[str, Any] = {
    "rows": 5,
    "names": ("code", "nom", "n", "prix"),
    "types": ("text", "text", "integer", "number"),
    "first": ("00001", "Évry", "1", "1.5"),
}


def trees() -> Iterator[Case]:
    """JSON and XML that a strict program would refuse, or read as something else."""

    def js(name: str, value: object, kind: str = "json", **more: Any) -> Case:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        return Case(name, text.encode(), kind, **{**_TREE_TRUTH, **more})

    def columns(
        name: str, cells: Sequence[object], kind: str, first: str | None, label: str = "code_postal"
    ) -> Case:
        return js(
            name,
            [{label: cell} for cell in cells],
            rows=len(cells),
            names=(label,),
            types=(kind,),
            first=(first,),
        )

    plain = json.dumps(_TREE, ensure_ascii=False)
    yield js("a comment above", "// export du 3 mars\n" + plain, codes=("loose-json",))
    yield js("comments between", plain.replace("}, {", "}, /* suite */ {"), codes=("loose-json",))
    yield js("a comma before each brace", plain.replace("}", ",}"), codes=("loose-json",))
    yield js(
        "an address is no comment",
        [{"url": "https://exemple.fr//a/*b*/,}"}, {"url": "x"}],
        rows=2,
        names=("url",),
        types=("text",),
        first=("https://exemple.fr//a/*b*/,}",),
    )
    yield js(
        "line ends inside a text",
        '[{"avis": "a\tb\nc"}, {"avis": "d"}]',
        rows=2,
        names=("avis",),
        types=("text",),
        first=("a\tb\nc",),
    )
    yield js(
        "half of a character",
        '[{"avis": "bien \\ud83d", "\\udc00": 1}, {"avis": "\\ud83d\\ude00"}]',
        rows=2,
        names=(),
        types=(),
        first=("bien \ufffd", "1"),
        last=("😀", None),
    )
    yield js(
        "half of a character on a line",
        '{"avis": "\\ud83d"}\n{"avis": "b"}\n',
        "jsonl",
        rows=2,
        names=("avis",),
        types=("text",),
        first=("\ufffd",),
    )
    yield columns("post codes as numbers", [34000, 1000, 75011], "text", "34000")
    yield columns("sirets as numbers", [21340172201787, 21310555400017], "text", "21340172201787", "siret")
    yield columns("numbers that count", [34000, 1000, 75011], "integer", "34000", "montant")

    meteo = {"latitude": 43.6, "units": {"time": "iso"}, "hourly": {"code": ["1", "2"], "temp": [12.5, 13.5]}}
    yield js(
        "columns under a key",
        meteo,
        rows=2,
        names=("code", "temp"),
        types=("text", "number"),
        first=("1", "12.5"),
    )

    def xml(name: str, body: str, **more: Any) -> Case:
        return Case(
            name, f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'.encode(), "xml", **{**_TREE_TRUTH, **more}
        )

    cells = "".join(f"<{k}>{v}</{k}>" for k, v in _TREE[0].items())
    yield xml("one record alone", f"<lieux><lieu>{cells}</lieu></lieux>", rows=1)
    cells = "".join(
        f"<lieu><code>{r['code']}</code><nom>Évry</nom><n>{r['n']}</n><prix>{r['prix']}</prix></lieu>"
        for r in _TREE
    )
    loose: dict[str, Any] = {"codes": ("loose-xml",)}
    yield xml("a blank line above the declaration", f'<?xml version="1.0"?><lieux>{cells}</lieux>', **loose)
    yield xml(
        "a bare ampersand",
        f"<lieux>{cells.replace('Évry', 'Dupont & Cie', 1)}</lieux>",
        first=("00001", "Dupont & Cie", "1", "1.5"),
        **loose,
    )
    yield xml("letters by their names", f"<lieux>{cells.replace('Évry', '&Eacute;vry')}</lieux>", **loose)
    yield xml(
        "an ampersand beside a CDATA",
        f"<lieux>{cells.replace('Évry', '<![CDATA[A & B]]>', 1).replace('Évry', 'C & D')}</lieux>",
        first=("00001", "A & B", "1", "1.5"),
        **loose,
    )
    yield xml(
        "prefixes that nobody declared",
        f'<x:lieux xs:v="1">{cells.replace("<lieu>", "<x:lieu>").replace("</lieu>", "</x:lieu>")}</x:lieux>',
        **loose,
    )
    yield xml("a sign of control", f"<lieux>{cells.replace('Évry', chr(1) + 'Évry', 1)}</lieux>", **loose)
    rows = "".join(
        "<row>" + "".join(f'<field name="{k}">{v}</field>' for k, v in r.items()) + "</row>" for r in _TREE
    )
    yield xml("labels in attributes", f"<resultset>{rows}</resultset>")
    docs = "".join(
        f'<doc><str name="code">{r["code"]}</str><str name="nom">Évry</str><int name="n">{r["n"]}</int><float name="prix">{r["prix"]}</float></doc>'
        for r in _TREE
    )
    yield xml("labels in attributes, a tag a type", f"<result>{docs}</result>")


FAMILIES = {"loose trees": trees}
