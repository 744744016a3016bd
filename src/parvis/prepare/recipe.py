"""A recipe as data: a tuple of `{step, …parameters}`, read from TOML, JSON or a form, checked before it is
kept, and written again.

[[steps]] step = "rename" columns = { "Adr." = "adresse" }
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import cast

from parvis.core.errors import UsageError
from parvis.core.registry import declared
from parvis.core.sentence import Sentence, placed, spoken
from parvis.core.suggestions import near
from parvis.core.toml import key_written, parsed, written
from parvis.core.types import POINT, RAW_PREFIX, SHAPE, Json
from parvis.prepare import expressions, steps
from parvis.prepare.declaration import Parameter, Step, Values

Recipe = tuple[Mapping[str, Json], ...]

MOST = 60
"""Steps of a recipe."""
LONGEST = 100_000
"""Characters of a recipe, as JSON: what is longer is a table of its own."""


@cache
def known_steps() -> Mapping[str, Step]:
    """Every declared step, by name."""
    return declared(steps, Step)


def read(document: Json) -> Recipe:
    """A recipe that was written as data, checked: each step known, each parameter known and of its kind,
    defaults left out.

    Raises UsageError that names the step, the parameter and how to mend it.
    """
    listed = document.get("steps", document.get("recipe")) if isinstance(document, dict) else document
    if not isinstance(listed, list):
        raise UsageError(
            "Une recette est une liste d’étapes.",
            mend='En TOML, chaque étape commence par [[steps]] et une ligne step = "…".',
        )
    if len(listed) > MOST:
        raise UsageError(
            Sentence("Une recette a {most} étapes au plus ; celle-ci en a {n}.", most=MOST, n=len(listed))
        )
    checked_steps = tuple(_step(one, number) for number, one in enumerate(listed, 1))
    if len(json.dumps(checked_steps, ensure_ascii=False)) > LONGEST:
        raise UsageError(
            "Cette recette est trop longue.",
            mend="Mettez les longues listes de correspondances dans un fichier, et joignez-le (étape join).",
        )
    return checked_steps


def from_toml(text: str, *, name: str = Sentence("La recette")) -> Recipe:
    """A recipe in TOML. Raises UsageError."""
    return read(cast(Json, parsed(text, name)))


def to_toml(recipe: Recipe) -> str:
    """The recipe as TOML: what `from_toml` reads back."""
    blocks: list[str] = []
    for one in recipe:
        lines = ["[[steps]]", *(f"{key_written(k)} = {written(v)}" for k, v in one.items())]
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def digest(recipe: Recipe) -> str:
    """SHA-256 of a recipe: equal recipes have equal digests, and only they."""
    return hashlib.sha256(
        json.dumps(recipe, ensure_ascii=True, separators=(",", ":"), sort_keys=True).encode()
    ).hexdigest()


def values(one: Mapping[str, Json]) -> tuple[Step, Values]:
    """The step that a checked line of a recipe names, and all that it says, defaults included."""
    step = known_steps()[str(one["step"])]
    return step, Values({p.name: one.get(p.name, p.default) for p in step.parameters})


def references(recipe: Recipe) -> tuple[str, ...]:
    """The other tables that a recipe names, each once, in order."""
    names: dict[str, None] = {}
    for one in recipe:
        step, params = values(one)
        names.update(dict.fromkeys(params.text(p.name) for p in step.parameters if p.kind == "source"))
    return tuple(names)


def _step(one: Json, number: int) -> Mapping[str, Json]:
    where = Sentence("Étape {number}", number=number)
    if not isinstance(one, dict) or not isinstance(one.get("step"), str):
        raise UsageError(
            placed(where, Sentence("il manque « step », le nom de l’étape.")),
            mend=Sentence("Étapes connues : {list}.", list=", ".join(known_steps())),
        )
    name = str(one["step"])
    step = known_steps().get(name)
    if step is None:
        raise UsageError(
            placed(where, Sentence("étape inconnue « {name} ».", name=name)),
            mend=_near(name, list(known_steps()), Sentence("Étapes connues")),
        )
    where = Sentence("{where} ({title})", where=where, title=spoken(step.title))
    parameters = {p.name: p for p in step.parameters}
    for key in one:
        if key != "step" and key not in parameters:
            raise UsageError(
                placed(where, Sentence("paramètre inconnu « {key} ».", key=key)),
                mend=_near(key, list(parameters), Sentence("Paramètres connus")),
            )
    checked: dict[str, Json] = {"step": name}
    for parameter in step.parameters:
        value = one.get(parameter.name)
        if value is None or (value in ("", [], {}) and parameter.default is None):
            if parameter.default is None:
                raise UsageError(
                    placed(where, Sentence("« {title} » manque.", title=spoken(parameter.title))),
                    mend=parameter.hint or Sentence("Donnez « {name} ».", name=parameter.name),
                )
            continue
        read_value = _value(value, parameter, where)
        if read_value != parameter.default:
            checked[parameter.name] = read_value
    return checked


def _value(value: Json, parameter: Parameter, where: str) -> Json:
    """The value in the one way that its kind is kept. Raises UsageError."""
    wrong = UsageError(
        placed(where, Sentence("« {title} » n’est pas valable.", title=spoken(parameter.title))),
        mend=parameter.hint,
    )
    match parameter.kind:
        case "text":
            if not isinstance(value, str):
                raise wrong
            return value
        case "column" | "source":
            if not isinstance(value, str) or not value.strip():
                raise wrong
            return value
        case "name":
            return _name(value, where, parameter)
        case "choice":
            if not any(c.value == value for c in parameter.choices):
                raise UsageError(
                    placed(where, Sentence("« {value} » n’est pas un choix.", value=value)),
                    mend=Sentence("Choix : {list}.", list=", ".join(c.value for c in parameter.choices)),
                )
            return value
        case "columns" | "names":
            listed: list[Json] = value if isinstance(value, list) else [value]
            if not all(isinstance(v, str) and v.strip() for v in listed):
                raise wrong
            if len(set(map(str, listed))) < len(listed):
                raise UsageError(
                    placed(
                        where,
                        Sentence("« {title} » dit deux fois la même colonne.", title=spoken(parameter.title)),
                    )
                )
            return [_name(v, where, parameter) for v in listed] if parameter.kind == "names" else listed
        case "number":
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise wrong
            return value
        case "flag":
            if not isinstance(value, bool):
                raise UsageError(
                    placed(where, Sentence("« {title} » vaut true ou false.", title=spoken(parameter.title)))
                )
            return value
        case "pairs":
            if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
                raise wrong
            return dict(value)
        case "expression":
            if not isinstance(value, str):
                raise wrong
            try:
                expressions.columns_of(value)
            except UsageError as bad:
                raise UsageError(placed(where, bad.message), mend=bad.mend) from bad
            return value


def _name(value: Json, where: str, parameter: Parameter) -> str:
    """A name that a column may have: some characters, none of them a control, not one of our own."""
    if (
        not isinstance(value, str)
        or not value.strip()
        or len(value) > 200
        or re.search(r"[\x00-\x1f\x7f]", value)
    ):
        raise UsageError(
            placed(
                where, Sentence("« {title} » n’est pas un nom de colonne.", title=spoken(parameter.title))
            ),
            mend="Un nom a de 1 à 200 caractères, sur une ligne.",
        )
    if value.lower() in (POINT, SHAPE) or value.lower().startswith(RAW_PREFIX):
        raise UsageError(placed(where, Sentence("« {value} » est un nom réservé.", value=value)))
    return value.strip()


def _near(name: str, known: Sequence[str], listed: str) -> str:
    return near(name, known, Sentence("{listed} : {list}.", listed=listed, list=", ".join(known)))
