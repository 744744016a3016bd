"""TOML as people write it by hand: a fault is told in French, by line and column, with what to change. No
value is ever shown: one of them may be a key. And values as TOML has them, each on one line, for the files
that the program writes for people.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence

from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_AT = re.compile(r"\(at line (\d+), column (\d+)\)")

_MEND = (
    (
        r"overwrite|twice|mutate",
        Sentence("Cette clé ou cette section est déjà écrite plus haut : gardez-en une."),
    ),
    (r"Expected ['\"]=['\"]", Sentence("Après une clé vient le signe « = ».")),
    (
        r"Unescaped|hex value|escape",
        Sentence(
            "Dans un texte entre guillemets doubles, la barre oblique inversée s’écrit deux fois ; ou mettez des guillemets simples."
        ),
    ),
    (r"Unterminated|Illegal character", Sentence("Un guillemet n’est pas refermé.")),
    (r"Unclosed|Expected ['\"]\]", Sentence("Un crochet ou une accolade n’est pas refermé.")),
    (r"Expected newline", Sentence("Une seule clé par ligne, et rien derrière sa valeur.")),
    (
        r"Invalid value|Invalid date",
        Sentence(
            "Un texte se met entre guillemets ; oui et non s’écrivent true et false ; un nombre a un point, jamais de virgule."
        ),
    ),
)
"""What the parser says, and what whoever wrote the file changes."""


def parsed(written: str | bytes, name: str) -> dict[str, object]:
    """A document of TOML, with or without the mark that some editors put first. name: of the file, for the
    error. Raises UsageError.
    """
    try:
        text = written if isinstance(written, str) else written.decode("utf-8")
    except UnicodeDecodeError as bad:
        raise UsageError(
            Sentence("« {name} » n’est pas en UTF-8.", name=name), mend="Enregistrez le fichier en UTF-8."
        ) from bad
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except (
        ValueError,
        RecursionError,
    ) as bad:  # numbers of thousands of digits and lists without end are no faults of ours
        place = _AT.search(str(bad))
        mend = next(
            (mend for pattern, mend in _MEND if re.search(pattern, str(bad))),
            Sentence("Une ligne est une section [nom], ou une clé, « = » et sa valeur."),
        )
        if place is None:
            raise UsageError(
                Sentence("« {name} », à la fin du fichier : ce n’est pas du TOML.", name=name), mend=mend
            ) from bad
        raise UsageError(
            Sentence(
                "« {name} », ligne {place}, colonne {place2} : ce n’est pas du TOML.",
                name=name,
                place=place[1],
                place2=place[2],
            ),
            mend=mend,
        ) from bad


Writable = None | bool | int | float | str | Sequence["Writable"] | Mapping[str, "Writable"]


def written(value: Writable, *, whole: bool = False) -> str:
    """A value on one line. Its texts are JSON's, but for the one control character that JSON leaves as it is.
    whole: write a number without a fraction as an integer.
    """
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{key_written(k)} = {written(v, whole=whole)}" for k, v in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, Sequence):
        return f"[{', '.join(written(v, whole=whole) for v in value)}]"
    return str(int(value)) if whole and isinstance(value, float) and value.is_integer() else json.dumps(value)


def key_written(name: str) -> str:
    """A key, between quotes where it needs them."""
    return name if _BARE.fullmatch(name) else written(name)
