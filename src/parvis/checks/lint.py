"""What is wrong with a schema itself: odd keys, contradictions, values that break their own rules. Each with
where it stands and how to mend it.

A schema with faults is applied all the same, as its author meant it (see `table_schema`); other tools do not,
so that the author has to be told.
"""

from __future__ import annotations

import csv
import difflib
import json
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from sqlglot import exp

from parvis.checks.bounds import ORDERED
from parvis.checks.checking import check, checks
from parvis.checks.custom import column, columns
from parvis.checks.declaration import called
from parvis.checks.patterns import for_engine, one_by_one
from parvis.checks.table_schema import load
from parvis.checks.typed import typed
from parvis.core.reading import CsvScan, RawColumn, RawTable
from parvis.core.types import Column, Json, Schema, Severity
from parvis.engine import connect


@dataclass(frozen=True, slots=True)
class Flaw:
    """One fault of a schema. code: stable slug; where: the place, as a path of keys; what, fix: French
    sentences.
    """

    code: str
    where: str
    what: str
    fix: str
    severity: Severity = "warning"


TYPES = (
    "string", "number", "integer", "boolean", "object", "array", "list", "date", "time", "datetime", "year", "yearmonth", "duration", "geopoint",
    "geojson", "any",
)  # fmt: skip
"""Types of Table Schema 2."""

TOP = frozenset({
    "$schema", "name", "title", "description", "version", "fields", "fieldsMatch", "primaryKey", "foreignKeys", "uniqueKeys", "missingValues", "licenses",
    "contributors", "sources", "homepage", "path", "created", "updated", "lastModified", "image", "keywords", "resources", "countryCode", "example", "examples",
    "uri", "contact", "custom_checks", "id", "profile",
})  # fmt: skip
"""Keys of a schema: those of the standard, of data packages, and of the guide of schema.data.gouv.fr."""

FIELD = frozenset({
    "name", "title", "description", "type", "format", "constraints", "example", "examples", "rdfType", "missingValues", "categories", "categoriesOrdered",
    "decimalChar", "groupChar", "bareNumber", "trueValues", "falseValues", "delimiter", "itemType", "unit",
})  # fmt: skip
_LIMITS = (
    "required",
    "unique",
    "enum",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "jsonSchema",
)
_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_LONG = frozenset({"string", "array", "list", "object"})
_FORMATS: Mapping[str, tuple[str, ...]] = {
    "string": ("default", "email", "uri", "uuid", "binary"),
    "geopoint": ("default", "array", "object"),
    "geojson": ("default", "topojson"),
    "date": ("any",),
    "time": ("any",),
    "datetime": ("any",),
}
_ITEMS = ("string", "integer", "boolean", "number", "datetime", "date", "time")
_MATCHES = ("exact", "equal", "subset", "superset", "partial")


def lint(content: Mapping[str, Json] | bytes, *, version: str = "") -> tuple[Flaw, ...]:
    """Every fault of a Table Schema. content: its JSON. version: the one that a catalogue announces, "" when
    none does.

    Raises UsageError when it is no Table Schema at all.
    """
    schema = load(content)
    descriptor = (
        cast(Mapping[str, Json], json.loads(content.decode("utf-8-sig")))
        if isinstance(content, bytes)
        else content
    )
    fields = [f for f in _list(descriptor.get("fields")) if isinstance(f, dict)]
    flaws = [*_top(descriptor, version), *_keys(descriptor, schema), *_custom(schema)]
    for place, (field, known) in enumerate(zip(fields, schema.columns, strict=True)):
        where = f"fields[{place}] « {known.name} »"
        flaws += [
            *_strange_keys(field, where),
            *_type(field, known, where),
            *_limits(field, known, where),
            *_values(field, known, where),
        ]
    flaws += _examples(fields, schema)
    return tuple(flaws)


# --- the schema as a whole ----------------------------------------------------------------------------------


def _top(document: Mapping[str, Json], version: str) -> Iterator[Flaw]:
    for key in document.keys() - TOP:
        yield Flaw("unknown-key", key, f"clé inconnue « {key} »", _near(key, TOP), "info")
    spoken = document.get("version")
    if isinstance(spoken, str) and re.match(r"v\d", spoken):
        yield Flaw(
            "version-prefix",
            "version",
            f"la version « {spoken} » commence par un v",
            f"Écrivez « {spoken[1:]} »: le v n’est que dans l’étiquette git.",
        )
    number = str(spoken or "").removeprefix("v")
    path = re.search(r"/v?(\d+\.\d+\.\d+)/", str(document.get("path") or ""))
    for other, source in (
        (path[1] if path else "", "l’adresse « path »"),
        (version.removeprefix("v"), "le catalogue"),
    ):
        if other and number and other != number:
            yield Flaw(
                "version-mismatch",
                "version",
                f"la version dit {number}, {source} dit {other}",
                "Donnez partout le même numéro de version.",
            )
    names = Counter(f.get("name") for f in _list(document.get("fields")) if isinstance(f, dict))
    for name, times in names.items():
        if times > 1:
            yield Flaw(
                "duplicate-field",
                "fields",
                f"{times} champs s’appellent « {name} »",
                "Donnez un nom différent à chaque champ.",
                "error",
            )
    match = document.get("fieldsMatch")
    if match is not None and (match[0] if isinstance(match, list) and match else match) not in _MATCHES:
        yield Flaw(
            "fields-match",
            "fieldsMatch",
            f"valeur inconnue « {match} »",
            f"Écrivez l’une de : {', '.join(_MATCHES)}.",
        )
    missing = document.get("missingValues")
    if missing is not None and not isinstance(missing, list):
        yield Flaw(
            "missing-values-form",
            "missingValues",
            "missingValues n’est pas une liste",
            'Écrivez une liste : ["", "NA"].',
        )


def _keys(document: Mapping[str, Json], schema: Schema) -> Iterator[Flaw]:
    known = set(schema.names)
    key = document.get("primaryKey")
    for name in key if isinstance(key, list) else [key] if isinstance(key, str) and key else []:
        if name not in known:
            yield Flaw(
                "unknown-column",
                "primaryKey",
                f"la clé nomme une colonne inconnue « {name} »",
                _near(str(name), schema.names),
                "error",
            )
    for place, group in enumerate(_list(document.get("uniqueKeys"))):
        for name in group if isinstance(group, list) else [group]:
            if name not in known:
                what = f"le groupe nomme une colonne inconnue « {name} »"
                yield Flaw(
                    "unknown-column", f"uniqueKeys[{place}]", what, _near(str(name), schema.names), "error"
                )
    for place, link in enumerate(schema.foreign_keys):
        for name in link.columns:
            if name not in known:
                yield Flaw(
                    "unknown-column",
                    f"foreignKeys[{place}]",
                    f"le lien nomme une colonne inconnue « {name} »",
                    _near(name, schema.names),
                    "error",
                )
        if len(link.columns) != len(link.references):
            yield Flaw(
                "foreign-key-form",
                f"foreignKeys[{place}]",
                "le lien n’a pas autant de colonnes des deux côtés",
                "Nommez les colonnes deux à deux.",
                "error",
            )


def _custom(schema: Schema) -> Iterator[Flaw]:
    names = sorted({c.custom for c in checks().values() if c.custom})
    for place, custom in enumerate(schema.custom_checks):
        where, name = f"custom_checks[{place}]", str(custom.get("name"))
        params = custom.get("params")
        if name not in names:
            yield Flaw("unknown-check", where, f"contrôle inconnu « {name} »", _near(name, names), "error")
        spoken = params if isinstance(params, dict) else {}
        for key in ("column", "column1", "column2", "columns", "othercolumns", "other_columns"):
            for each in columns(spoken, key) if isinstance(spoken.get(key), list) else (column(spoken, key),):
                if each and each not in schema.names:
                    yield Flaw(
                        "unknown-column",
                        where,
                        f"le contrôle nomme une colonne inconnue « {each} »",
                        _near(each, schema.names),
                        "error",
                    )


# --- one field ----------------------------------------------------------------------------------------------


def _strange_keys(field: Mapping[str, Json], where: str) -> Iterator[Flaw]:
    for key in field:
        if key in _LIMITS:
            yield Flaw(
                "misplaced-constraint",
                where,
                f"« {key} » est hors de « constraints » : les autres outils l’ignorent",
                f"Déplacez-le dans constraints.{key}.",
            )
        elif key in ("contraints", "contraintes", "constraint"):
            yield Flaw(
                "misspelt-constraints",
                where,
                f"« {key} » au lieu de « constraints » : les autres outils l’ignorent",
                "Renommez la clé en « constraints ».",
            )
        elif key == "arrayItem":
            yield Flaw(
                "array-item",
                where,
                "« arrayItem » n’est pas du standard",
                "Écrivez « itemType » (type « list », Table Schema 2) ou décrivez-le en toutes lettres.",
            )
        elif key not in FIELD:
            yield Flaw(
                "unknown-key", where, f"clé inconnue « {key} »", _near(key, FIELD | {"constraints"}), "info"
            )
    limits = field.get("constraints")
    for key in limits if isinstance(limits, dict) else {}:
        if key not in _LIMITS:
            yield Flaw(
                "unknown-constraint",
                f"{where}.constraints",
                f"contrainte inconnue « {key} »",
                _near(key, _LIMITS),
            )


def _type(field: Mapping[str, Json], known: Column, where: str) -> Iterator[Flaw]:
    spoken = field.get("type")
    if spoken is None:
        yield Flaw(
            "no-type",
            where,
            "le champ n’a pas de type : c’est un texte par défaut",
            'Écrivez son type, par exemple "type": "string".',
            "info",
        )
    elif spoken not in TYPES:
        yield Flaw("unknown-type", where, f"type inconnu « {spoken} »", _near(str(spoken), TYPES), "error")
    kind = called(known)
    if known.format != "default" and known.format not in _FORMATS.get(kind, ()):
        if kind in ("date", "time", "datetime"):
            if not typed(known, exp.column("v")).usable:
                yield Flaw(
                    "bad-format",
                    where,
                    f"format de {kind} incompris « {known.format} »",
                    "Écrivez un motif strptime : %d/%m/%Y, %Y-%m-%dT%H:%M:%S.",
                    "error",
                )
            elif "%" not in known.format or known.format.startswith("fmt:"):
                yield Flaw(
                    "old-format",
                    where,
                    f"format ancien « {known.format} »",
                    "Écrivez un motif strptime : %d/%m/%Y.",
                )
        else:
            formats = _FORMATS.get(kind, ("default",))
            yield Flaw(
                "bad-format",
                where,
                f"format inconnu « {known.format} » pour le type {kind}",
                f"Les formats sont : {', '.join(formats)}.",
            )
    true, false = _list(field.get("trueValues")), _list(field.get("falseValues"))
    for both in [v for v in true if v in false]:
        yield Flaw(
            "true-and-false",
            where,
            f"« {both} » est à la fois dans trueValues et falseValues",
            "Gardez-le d’un seul côté.",
            "error",
        )
    mark = field.get("groupChar")
    if kind == "number" and mark and mark == (field.get("decimalChar") or "."):
        yield Flaw(
            "one-mark",
            where,
            f"« {mark} » est à la fois le séparateur de milliers et celui des décimales",
            "Choisissez deux signes.",
            "error",
        )
    items = field.get("itemType")
    if items is not None and items not in _ITEMS:
        yield Flaw(
            "unknown-type", where, f"type d’élément inconnu « {items} »", _near(str(items), _ITEMS), "error"
        )


def _limits(field: Mapping[str, Json], known: Column, where: str) -> Iterator[Flaw]:
    kind, limits = called(known), known.constraints
    written = field.get("constraints")
    for key in ("required", "unique"):
        value = written.get(key) if isinstance(written, dict) else None
        if value is not None and not isinstance(value, bool):
            yield Flaw(
                "not-boolean",
                f"{where}.constraints.{key}",
                f"{key} vaut « {value} », qui n’est ni true ni false",
                f'Écrivez "{key}": true, sans guillemets.',
            )
    for key in limits:
        wrong = (
            (key in _BOUNDS and kind not in ORDERED)
            or (key in ("minLength", "maxLength") and kind not in _LONG)
            or (key == "pattern" and kind != "string")
        )
        if wrong and kind != "any":
            yield Flaw(
                "constraint-type",
                f"{where}.constraints",
                f"« {key} » ne va pas avec le type {kind}",
                "Retirez-le, ou changez le type du champ.",
            )
    for key in (k for k in _BOUNDS if k in limits and kind in ORDERED):
        bound = limits[key]
        if isinstance(bound, str) and kind in ("integer", "number", "year"):
            yield Flaw(
                "bound-as-text",
                f"{where}.constraints.{key}",
                f"la borne « {bound} » est un texte",
                f'Écrivez le nombre sans guillemets : "{key}": {bound}.',
            )
        if not _fits(known, bound):
            yield Flaw(
                "bad-bound",
                f"{where}.constraints.{key}",
                f"la borne « {bound} » n’est pas du type {kind}",
                "Écrivez la borne comme une valeur du champ.",
                "error",
            )
    for low, high in (
        ("minimum", "maximum"),
        ("minLength", "maxLength"),
        ("exclusiveMinimum", "maximum"),
        ("minimum", "exclusiveMaximum"),
        ("exclusiveMinimum", "exclusiveMaximum"),
    ):
        one, other = _number(limits.get(low)), _number(limits.get(high))
        if (
            one is not None
            and other is not None
            and (one > other or (one == other and "exclusive" in low + high))
        ):
            yield Flaw(
                "impossible-bounds",
                f"{where}.constraints",
                f"{low} ({one:g}) dépasse {high} ({other:g}) : rien n’est permis",
                "Échangez les deux bornes.",
                "error",
            )
    pattern = limits.get("pattern")
    if isinstance(pattern, str):
        yield from _pattern(pattern, f"{where}.constraints.pattern")


def _pattern(pattern: str, where: str) -> Iterator[Flaw]:
    if one_by_one(pattern) is None:
        yield Flaw(
            "bad-pattern",
            where,
            f"motif que personne ne comprend : {pattern}",
            "Essayez-le sur quelques valeurs, et refermez parenthèses et crochets.",
            "error",
        )
        return
    if for_engine(pattern) is None or re.search(r"\(\?[=!<]|\\[1-9]", pattern):
        fix = "Si vous le pouvez, écrivez-le sans regard en avant ni renvoi (\\1)."
        yield Flaw(
            "slow-pattern",
            where,
            "motif à renvoi ou à regard en avant : beaucoup d’outils le refusent",
            fix,
            "info",
        )
    if _alternatives(pattern):
        fix = f"Mettez l’alternative entre parenthèses : ^(?:{pattern.removeprefix('^').removesuffix('$')})$."
        yield Flaw(
            "loose-pattern",
            where,
            "alternative sans parenthèses : certains outils laissent passer ce qui commence seulement ainsi",
            fix,
        )


def _alternatives(pattern: str) -> bool:
    """Whether there is a `|` outside any group or class."""
    depth, inside, place = 0, False, 0
    while place < len(pattern):
        char = pattern[place]
        if char == "\\":
            place += 1
        elif inside:
            inside = char != "]"
        elif char == "[":
            inside = True
        elif char in "()":
            depth += 1 if char == "(" else -1
        elif char == "|" and depth == 0:
            return True
        place += 1
    return False


def _values(field: Mapping[str, Json], known: Column, where: str) -> Iterator[Flaw]:
    written = field.get("constraints")
    listed = written.get("enum") if isinstance(written, dict) else None
    if listed is not None and (not isinstance(listed, list) or not listed):
        yield Flaw(
            "enum-form",
            f"{where}.constraints.enum",
            "enum n’est pas une liste de valeurs",
            'Écrivez une liste : ["a", "b"].',
            "error",
        )
    members = known.constraints.get("enum")
    for member in members if isinstance(members, list) and called(known) not in ("array", "list") else ():
        if not isinstance(member, (list, dict)) and not _fits(known, member):
            what = f"la valeur permise « {member} » n’est pas du type {called(known)}"
            yield Flaw(
                "enum-type",
                f"{where}.constraints.enum",
                what,
                "Écrivez-la comme une valeur du champ, ou changez le type.",
                "error",
            )
    texts = [str(m) for m in members if isinstance(m, (str, int, float))] if isinstance(members, list) else []
    for member, times in Counter(texts).items():
        if times > 1:
            yield Flaw(
                "enum-twice",
                f"{where}.constraints.enum",
                f"la valeur permise « {member} » est écrite {times} fois",
                "Ne la gardez qu’une fois.",
                "info",
            )
    for member in dict.fromkeys(texts):
        if member != member.strip():
            yield Flaw(
                "enum-blank",
                f"{where}.constraints.enum",
                f"la valeur permise « {member} » a un blanc au bord",
                "Retirez ce blanc.",
            )


# --- what the engine judges ---------------------------------------------------------------------------------


def _fits(known: Column, value: Json) -> bool:
    """Whether a value written in the schema is of the column's type."""
    kind = called(known)
    if kind in ("integer", "year"):
        return _number(value) is not None and float(cast(float, _number(value))).is_integer()
    if kind == "number":
        return _number(value) is not None
    if kind == "boolean":
        return isinstance(value, bool) or value in (
            *_list(known.options.get("trueValues")),
            *_list(known.options.get("falseValues")),
            "true",
            "false",
        )
    if kind in ("date", "datetime", "time", "yearmonth"):
        return isinstance(value, str) and any(c.isdigit() for c in value)
    return True


def _examples(fields: Sequence[Mapping[str, Json]], schema: Schema) -> Iterator[Flaw]:
    """Examples that break the rules of their own field: the schema tried on itself."""
    examples = [(place, text) for place, field in enumerate(fields) for text in _spoken(field)]
    members = [(place, text) for place, column in enumerate(schema.columns) for text in _permitted(column)]
    every = examples + members
    if not every:
        return
    alone = Schema(columns=schema.columns, missing_values=("",), custom_checks=())
    rows = [[text if i == place else "" for i in range(len(fields))] + ["x"] for place, text in every]
    header = [*schema.names, "_"]
    with tempfile.TemporaryDirectory(prefix="parvis-") as name:
        path = Path(name) / "examples.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(
                [header, *rows]
            )
        table = RawTable(
            "",
            tuple(RawColumn(n if header.index(n) == i else f"{n}_{i}", n) for i, n in enumerate(header)),
            CsvScan(path, ";", skip=1),
            len(rows),
        )
        con = connect.processing(Path(name), threads=1)
        try:
            findings = check(table, alone, con=con, limit=len(rows), compiler="duckdb")
        finally:
            con.close()
    for finding in findings:
        if finding.check != "constraint-required" and (
            finding.check == "type-error" or finding.check.startswith("constraint-")
        ):
            for row in finding.rows:
                place, text = every[row.record - 1]
                if schema.columns[place].name != finding.column or (
                    finding.check == "type-error" and row.record > len(examples)
                ):
                    continue
                where = f"fields[{place}] « {finding.column} »"
                if row.record > len(examples):
                    what = f"« {text} » est permis par une règle et interdit par une autre ({finding.check})"
                    yield Flaw(
                        "contradiction",
                        f"{where}.constraints",
                        what,
                        "Accordez les règles du champ : personne ne peut écrire cette valeur.",
                        "error",
                    )
                else:
                    where = f"{where}.example"
                    yield Flaw(
                        "bad-example",
                        where,
                        f"l’exemple « {text} » enfreint son propre champ ({finding.check})",
                        "Corrigez l’exemple, ou la règle.",
                    )


def _permitted(column: Column) -> Iterator[str]:
    """What the rules of a column say that one may write: its closed list, the bounds that it includes."""
    listed = column.constraints.get("enum")
    members = listed[:PERMITTED] if isinstance(listed, list) else []
    ordered = called(column) in ("date", "time", "datetime", "yearmonth", "duration")
    for value in (
        *members,
        *((column.constraints.get("minimum"), column.constraints.get("maximum")) if ordered else ()),
    ):
        if isinstance(value, (str, int, float)) and not isinstance(value, bool) and value != "":
            yield str(value)


PERMITTED = 200
"""Members of a closed list that are tried on the other rules."""


def _spoken(field: Mapping[str, Json]) -> Iterator[str]:
    """The examples of a field as a file would write them."""
    several = _list(field.get("examples"))
    for value in [field["example"], *several] if field.get("example") is not None else several:
        if isinstance(value, bool):
            true, false = _list(field.get("trueValues")), _list(field.get("falseValues"))
            yield str((true or ["true"])[0] if value else (false or ["false"])[0])
        elif isinstance(value, (list, dict)):
            yield json.dumps(value, ensure_ascii=False)
        elif value not in (None, ""):
            yield str(value)


def _number(value: Json) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        return float(str(value).strip().replace(",", "."))
    except ValueError:
        return None


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _near(word: str, known: Sequence[str] | frozenset[str]) -> str:
    close = difflib.get_close_matches(word, sorted(known), 1, 0.7)
    return (
        f"Vouliez-vous « {close[0]} » ?"
        if close
        else "Retirez-la, ou mettez ce qu’elle dit dans une description."
    )
