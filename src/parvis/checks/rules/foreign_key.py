"""A key that points to a record of another table (or of this one) which is not there."""

from __future__ import annotations

from collections.abc import Iterable

from parvis.checks.declaration import Check, English, Example
from parvis.core.types import ForeignKey, Schema


def _links(schema: Schema) -> Iterable[ForeignKey]:
    return schema.foreign_keys


_STATIONS = Example(
    {"fields": [{"name": "id", "type": "integer"}, {"name": "nom"}]},
    ("nom", "id"),
    (("Comédie", "01"), ("Gare", "2")),
)
_LINES = Example({"fields": [{"name": "a"}, {"name": "b"}]}, ("a", "b"), (("1", "x"), ("1", "y"), ("2", "")))

foreign_key = Check(
    name="foreign-key",
    title="Lien vers une ligne qui n’existe pas",
    message="{values} de la colonne « {column} » sans ligne correspondante dans « {resource} ».",
    fix="Corrigez ces valeurs, ou ajoutez les lignes qui manquent dans « {resource} » (colonne « {references} »).",
    why="Une ligne qui renvoie à rien disparaît des jointures : elle n’est comptée nulle part.",
    english=English(
        title="Link to a row that does not exist",
        message="{values} of column “{column}” without a matching row in “{resource}”.",
        fix="Mend these values, or add the missing rows to “{resource}” (column “{references}”).",
        why="A row that points to nothing drops out of joins: it is counted nowhere.",
    ),
    dimension="consistency",
    links=_links,
    examples=(
        Example(
            {
                "fields": [{"name": "station", "type": "integer"}, {"name": "x"}],
                "foreignKeys": [{"fields": "station", "reference": {"resource": "stations", "fields": "id"}}],
            },
            ("station", "x"),
            (("1", "a"), ("02", "a"), ("3", "a"), ("", "a"), ("n", "a")),
            (3,),
            {"stations": _STATIONS},
        ),
        Example(
            {
                "fields": [{"name": "p"}, {"name": "q"}, {"name": "x"}],
                "foreignKeys": [
                    {"fields": ["p", "q"], "reference": {"resource": "lines", "fields": ["a", "b"]}}
                ],
            },
            ("p", "q", "x"),
            (("1", "x", "z"), ("1", "z", "z"), ("2", "", "z"), ("", "", "z"), ("2", "y", "z")),
            (2, 5),
            {"lines": _LINES},
        ),
        Example(
            {
                "fields": [{"name": "id"}, {"name": "parent"}],
                "foreignKeys": [{"fields": ["parent"], "reference": {"resource": "", "fields": ["id"]}}],
            },
            ("id", "parent"),
            (("1", ""), ("2", "1"), ("3", "4")),
            (3,),
        ),
    ),
)
