"""Checks JSON documents against a JSON Schema (draft 4 to 2020-12), each fault with the pointer and the line
of its value. Nothing is fetched from the network.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import regex

from parvis.checks.domains.declaration import Domain, Example, Outcome, Package, read_notices
from parvis.checks.domains.json_places import (
    NotJson,
    Place,
    evidence,
    lines,
    parse,
    pattern,
    pointer,
    record,
    text_of,
)
from parvis.checks.domains.tally import Tally
from parvis.core.errors import UsageError
from parvis.core.late import late
from parvis.core.sentence import Sentence
from parvis.core.types import Json, Row

# the library is read when a document is judged: its formats may take a second, and every command passes here
if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator
    from referencing import exceptions as references
else:
    references = late("referencing.exceptions")

MOST = 1_000_000
"""Faults after which a document is told no more: it is of another schema."""

PATIENCE_S = 0.5
"""Seconds that a pattern of the schema may take on one text."""

SCHEMA = "schema.json"

_TYPES: Mapping[str, str] = {
    "string": "un texte",
    "number": "un nombre",
    "integer": "un nombre entier",
    "boolean": "true ou false",
    "object": "un objet",
    "array": "une liste",
    "null": "null",
}

NOTICES = read_notices(__file__)


def is_json_schema(document: Json) -> bool:
    """Whether a document is a JSON Schema, and no Table Schema: a dialect, properties, or parts of one."""
    if not isinstance(document, dict) or isinstance(document.get("fields"), list):
        return False
    dialect = document.get("$schema")
    if isinstance(dialect, str) and "json-schema.org" in dialect:
        return True
    return (
        isinstance(document.get("properties"), dict)
        or any(isinstance(document.get(k), list) for k in ("oneOf", "anyOf", "allOf"))
        or "$ref" in document
    )


def load(path: Path) -> Json:
    """A schema from its file. Raises UsageError when it is no JSON Schema."""
    try:
        document = parse(text_of(path))
    except NotJson as wrong:
        raise UsageError(
            Sentence(
                "Le schéma « {name} » n’est pas du JSON lisible (ligne {line}) : {why}.",
                name=path.name,
                line=wrong.line,
                why=wrong.why,
            )
        ) from wrong
    if not is_json_schema(document):
        raise UsageError(
            Sentence("« {name} » n’est pas un schéma JSON Schema.", name=path.name),
            mend="Donnez un fichier qui dit $schema ou properties.",
        )
    return document


def hold(package: Package, schema: Json) -> Outcome:
    """Hold every JSON document of a package to a schema. Raises UsageError when the schema itself is not well
    formed.
    """
    tally = Tally(NOTICES, limit=package.limit)
    validator = _validator(schema)
    rows = 0
    for name, path in package.files.items():
        try:
            text = text_of(path)
            document = parse(text)
        except NotJson as wrong:
            tally.hit("json-schema-not-json", table=name, line=wrong.line, why=wrong.why)
            continue
        rows += _records(document)
        _judge(name if len(package.files) > 1 else "", text, document, validator, tally, package.limit)
    return Outcome(tally.findings(), (), rows)


def _records(document: Json) -> int:
    """Elements of the longest list near the top; 1 for a document without."""
    lists = [document, *(document.values() if isinstance(document, dict) else ())]
    return max((len(part) for part in lists if isinstance(part, list)), default=1)


def _validator(schema: Json) -> Validator:
    from jsonschema import FormatChecker
    from jsonschema.exceptions import SchemaError
    from jsonschema.validators import Draft202012Validator, extend, validator_for
    from jsonschema_specifications import REGISTRY as SPECIFICATIONS

    kind = cast(Any, validator_for(cast(Any, schema), default=Draft202012Validator))
    try:
        kind.check_schema(schema)
    except SchemaError as wrong:
        place = pointer(tuple(wrong.absolute_path))
        raise UsageError(
            Sentence("Le schéma n’est pas un JSON Schema bien formé, à « {place} ».", place=place or "/"),
            mend="Signalez-le à son auteur.",
        ) from wrong
    # The specifications alone: what a schema refers to elsewhere is not fetched.
    return extend(kind, {"pattern": _pattern})(
        schema, registry=SPECIFICATIONS, format_checker=FormatChecker()
    )


def judge(schema: Json) -> Callable[[Json], bool] | None:
    """A function that says whether a value keeps to a JSON Schema; None when the schema is malformed. A part
    of it that stands elsewhere forbids nothing.
    """
    try:
        validator = _validator(schema)
    except UsageError:
        return None

    def keeps(value: Json) -> bool:
        try:
            return next(iter(validator.iter_errors(value)), None) is None
        except (references.Unresolvable, RecursionError):
            return True

    return keeps


def _pattern(_: Validator, wanted: str, value: Json, __: Json) -> Iterator[ValidationError]:
    """A pattern that runs out of time says nothing of the text."""
    from jsonschema.exceptions import ValidationError

    if isinstance(value, str):
        try:
            match = regex.search(wanted, value, timeout=PATIENCE_S)
        except (TimeoutError, regex.error):
            return
        if match is None:
            yield ValidationError(wanted)


def _judge(name: str, text: str, document: Json, validator: Validator, tally: Tally, limit: int) -> None:
    faults: list[tuple[str, Place, str | None, tuple[tuple[str, str], ...]]] = []
    try:
        for error in itertools.islice(validator.iter_errors(document), MOST):
            faults += _faults(error)
    except references.Unresolvable as lost:
        tally.hit(
            "json-schema-not-applied", table=name, why=f"« {str(lost.ref)[:120]} » n’est pas dans le fichier"
        )
    except RecursionError:
        tally.hit("json-schema-not-applied", table=name, why="le document imbrique trop d’objets")
    counts = Counter[tuple[str, str, tuple[tuple[str, str], ...]]]()
    places: set[Place] = set()
    for code, place, _, params in faults:
        counts[code, pattern(place), params] += 1
        if counts[code, pattern(place), params] <= limit:
            places.add(place)
    where = lines(text, places)
    for code, place, value, params in faults:
        value_at = f"{pointer(place)} : {value}" if value is not None else pointer(place)
        tally.many(
            code,
            1,
            [Row(name, where.get(place, 0), record(place), value_at)],
            table=name,
            column=pattern(place),
            **dict(params),
        )


def _faults(error: ValidationError) -> Iterator[tuple[str, Place, str | None, tuple[tuple[str, str], ...]]]:
    """Code, place, value and words of one error of the library."""
    place = tuple(error.absolute_path)
    rule, wanted = str(error.validator), error.validator_value
    value = evidence(cast(Json, error.instance))
    if rule == "required":
        missing = [
            n
            for n in cast("list[str]", wanted if isinstance(wanted, list) else [])
            if isinstance(error.instance, dict) and n not in error.instance
        ]
        name = next((n for n in missing if f"'{n}'" in error.message), missing[0] if missing else "")
        yield "json-schema-required", place, None, (("name", name),)
    elif rule == "type":
        kinds = [wanted] if isinstance(wanted, str) else cast("list[str]", wanted)
        yield "json-schema-type", place, value, (("expected", " ou ".join(_TYPES.get(k, k) for k in kinds)),)
    elif rule in ("enum", "const"):
        allowed = cast("list[Json]", wanted) if rule == "enum" else [cast(Json, wanted)]
        members = ", ".join(str(evidence(a)) for a in allowed[:10]) + ("…" if len(allowed) > 10 else "")
        yield "json-schema-enum", place, value, (("list", members),)
    elif rule == "pattern":
        yield "json-schema-pattern", place, value, (("pattern", str(wanted)),)
    elif rule == "format":
        yield "json-schema-format", place, value, (("name", str(wanted)),)
    elif rule in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"):
        yield "json-schema-range", place, value, (("bound", f"{rule} {wanted}"),)
    elif rule in (
        "minLength",
        "maxLength",
        "minItems",
        "maxItems",
        "minProperties",
        "maxProperties",
        "contains",
    ):
        yield "json-schema-length", place, value, (("bound", f"{rule} {wanted}"),)
    elif rule == "uniqueItems":
        yield "json-schema-unique", place, None, ()
    elif rule in ("additionalProperties", "unevaluatedProperties", "additionalItems"):
        known = (
            set(cast("dict[str, dict[str, object]]", error.schema).get("properties", {}))
            if isinstance(error.schema, dict)
            else set[str]()
        )
        names = (
            [n for n in error.instance if n not in known and f"'{n}'" in error.message]
            if isinstance(error.instance, dict)
            else []
        )
        for unknown in names or [""]:
            yield "json-schema-unknown", (*place, unknown) if unknown else place, None, ()
    elif rule in ("anyOf", "oneOf", "not"):
        yield "json-schema-choice", place, value, ()
    else:
        yield "json-schema-rule", place, value, (("name", rule),)


def check(package: Package, _profile: str) -> Outcome:
    """Hold the documents of a package to the `schema.json` beside them."""
    beside = package.below(SCHEMA)
    rest = {
        name: path
        for name, path in beside.items()
        if name != SCHEMA and name.lower().endswith((".json", ".geojson"))
    }
    return hold(Package(rest, package.spool, package.read, package.now, package.limit), load(beside[SCHEMA]))


def recognises(package: Package) -> str | None:
    """A JSON Schema named `schema.json` with JSON documents, and nothing else, beside it."""
    beside = package.below(SCHEMA)
    rest = [n for n in beside if n != SCHEMA]
    if (
        not beside
        or not rest
        or not all(n.lower().endswith((".json", ".geojson")) for n in rest)
        or "datapackage.json" in rest
    ):
        return None
    try:
        return "" if is_json_schema(parse(text_of(beside[SCHEMA]))) else None
    except NotJson:
        return None


_SCHEMA = (
    b'{"$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "required": ["chantiers"], "properties": {"chantiers": {"type": "array",'
    b' "items": {"type": "object", "required": ["id", "debut"], "additionalProperties": false, "properties": {"id": {"type": "string", "pattern": "^C[0-9]+$"},'
    b' "debut": {"type": "string", "format": "date"}, "gene": {"enum": ["faible", "forte"]}, "duree": {"type": "integer", "minimum": 1}}}}}}'
)


def _works(item: str) -> dict[str, bytes]:
    return {"schema.json": _SCHEMA, "chantiers.json": ('{"chantiers": [\n  {' + item + "}\n]}").encode()}


JSON_SCHEMA = Domain(
    name="json-schema",
    title="JSON Schema",
    recognises=recognises,
    check=check,
    notices=NOTICES,
    tables=False,
    examples=(
        Example("un chantier", _works('"id": "C1", "debut": "2026-03-01", "gene": "forte", "duree": 12')),
        Example("sans début", _works('"id": "C1"'), frozenset({"json-schema-required"})),
        Example(
            "une durée en texte",
            _works('"id": "C1", "debut": "2026-03-01", "duree": "12"'),
            frozenset({"json-schema-type"}),
        ),
        Example(
            "une date impossible",
            _works('"id": "C1", "debut": "2026-02-30"'),
            frozenset({"json-schema-format"}),
        ),
        Example(
            "un champ mal écrit",
            _works('"id": "C1", "debut": "2026-03-01", "géne": "forte"'),
            frozenset({"json-schema-unknown"}),
        ),
    ),
)
