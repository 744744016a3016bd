"""Files as town halls send them for a schema: its own columns, some renamed, left out, added or reordered,
with values as offices write them. Seeded.
"""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from parvis.core.text import fold
from parvis.core.types import Json

EXTRA = (
    "remarque",
    "ID interne",
    "Saisi par",
    "date de saisie",
    "Colonne1",
    "OBJECTID",
    "service",
    "commentaire",
)
_OPAQUE = ("champ_a", "donnée", "info 2")


def damaged(
    fields: Sequence[Mapping[str, Json]], seed: int, rows: Sequence[Sequence[str]] = ()
) -> tuple[list[str], list[list[str]]]:
    """Header and 12 rows. rows: known rows of the schema's columns, in order, used first."""
    rng = random.Random(seed)
    whole = [[*r] for r in rows][:6]
    while len(whole) < 12:
        whole.append([value(f, rng) for f in fields])
    required = [isinstance(c := f.get("constraints"), dict) and c.get("required") is True for f in fields]
    kept = [i for i in range(len(fields)) if required[i] or rng.random() > 0.35]
    if len(kept) > 4 and rng.random() < 0.4:
        kept.remove(rng.choice(kept))
    kept = kept or [0]
    if rng.random() < 0.7:
        rng.shuffle(kept)
    case = rng.choice((str, str, str.upper, str.lower))
    header = [renamed(fields[i], rng) if rng.random() < 0.25 else case(str(fields[i]["name"])) for i in kept]
    table = [[written(r[i], rng) for i in kept] for r in whole]
    for label in rng.sample(EXTRA, rng.randint(0, 3)):
        header.append(label)
        for r in table:
            r.append(rng.choice(("", "ok", "12", "à voir")))
    return header, table


def renamed(field: Mapping[str, Json], rng: random.Random) -> str:
    name, title = str(field["name"]), str(field.get("title") or "")
    parts = [p for p in re.split(r"[_\-. ]+|(?<=[a-z])(?=[A-Z])", name) if p]
    ways = [
        " ".join(parts).capitalize(),
        "".join(p.capitalize() for p in parts),
        "_".join(parts) + "_1",
        "_".join(fold(p)[:5] for p in parts),
        (title if 0 < len(title) < 40 else name).capitalize(),
        "Le " + " ".join(parts).lower(),
        rng.choice(_OPAQUE),
        name.replace("_", " ").upper(),
    ]
    return rng.choice(ways)


def value(field: Mapping[str, Json], rng: random.Random) -> str:
    """A plausible value of a field: from its list, its example, or its type."""
    constraints = field.get("constraints")
    said = constraints if isinstance(constraints, dict) else {}
    enum = said.get("enum", field.get("enum"))
    kind, example = str(field.get("type") or "string"), field.get("example")
    if rng.random() < 0.15 and said.get("required") is not True:
        return ""
    if isinstance(enum, list) and enum and kind != "array":
        return str(rng.choice(enum))
    if kind == "string" and example not in (None, "") and not isinstance(example, (dict, list, bool)):
        return str(example)
    day = f"{rng.randint(2015, 2026)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
    by_type = {
        "integer": str(rng.randint(0, 400)),
        "number": f"{rng.uniform(0, 90):.4f}",
        "boolean": rng.choice(("true", "false", "oui", "non")),
        "date": day,
        "datetime": f"{day}T{rng.randint(0, 23):02d}:00:00Z",
        "year": day[:4],
        "time": "08:30:00",
        "geopoint": f"[{rng.uniform(-4, 8):.5f},{rng.uniform(42, 51):.5f}]",
        "array": '["a", "b"]',
        "geojson": '{"type": "Point", "coordinates": [2.3, 48.8]}',
    }
    name = fold(str(field["name"]))
    guess = (
        "21340172201787"
        if "siret" in name
        else "34172"
        if "insee" in name
        else "a@ville.example"
        if "mail" in name
        else rng.choice(("Rivemont", "Le Vernet", "n° 4", "à préciser"))
    )
    return by_type.get(kind, guess)


def written(text: str, rng: random.Random) -> str:
    """As an office writes it: now and then a decimal comma, a date by day, an outer space."""
    if rng.random() < 0.1 and re.fullmatch(r"-?\d+\.\d+", text):
        return text.replace(".", ",")
    if rng.random() < 0.1 and (m := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text)):
        return f"{m[3]}/{m[2]}/{m[1]}"
    return text + " " if rng.random() < 0.03 else text


def write(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    """The table as a CSV with semicolons."""
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([header, *rows])
    path.write_text(out.getvalue(), "utf-8")
    return path
