"""One category spelt in several ways: « Gymnase », « gymnase  », « GYMNASE ». Counts and filters take them for three."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from parvis.checks.declaration import Check, English, Example
from parvis.checks.ground import IDENTIFIERS, PLACES, Blame, Ground, cell
from parvis.checks.spelling import key
from parvis.checks.sql import one_of
from parvis.core.text import french_number

MANY = 1000
"""Distinct values above which a column is no list of categories."""
REPEATED = 3
"""Rows a value, in the mean, from which a column is one."""


def _look(ground: Ground) -> Iterator[Blame]:
    for column, known in ground.columns("text"):
        filled = ground.rows - known.nulls
        if ground.series is not None and column.name in ground.series.keys:
            continue  # names of sensors: two of them may differ by an accent alone
        if column.meaning in IDENTIFIERS | PLACES or not 2 <= known.distinct <= MANY or filled < REPEATED * known.distinct:
            continue
        groups: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        for value, count in ground.values(column.name).items():
            if sum(c.isalpha() for c in value) >= 3:
                groups[key(value)].append((count, value))
        mixed = [sorted(spellings, key=lambda s: (-s[0], s[1])) for spellings in groups.values() if len(spellings) > 1]
        late = [value for spellings in mixed for _, value in spellings[1:]]
        found = ground.where(one_of(cell(column.name), tuple(late)), column.name) if late else None
        if found is not None:
            first = max(mixed, key=lambda spellings: sum(c for c, _ in spellings))
            shown = ", ".join(f"« {value} » ({french_number(count)})" for count, value in first[:4])
            yield Blame(column.name, found.count, found.rows, {"n": french_number(found.count), "shown": shown, "kept": f"« {first[0][1]} »"})


category_spelling = Check(
    name="category-spelling",
    title="Catégorie écrite de plusieurs façons",
    message="Colonne « {column} » : {n} cellules écrivent autrement une même catégorie, par exemple {shown}.",
    fix="Écrivez chaque catégorie toujours de la même façon, la plus fréquente : {kept}.",
    why="Un filtre ou un compte par catégorie oublie les autres écritures.",
    english=English(
        title="Category spelt in several ways",
        message="Column “{column}”: {n} cells spell one category in another way, for instance {shown}.",
        fix="Always spell each category in the same way, the most frequent one: {kept}.",
        why="A filter or a count by category forgets the other spellings.",
    ),
    severity="warning",
    dimension="consistency",
    look=_look,
    examples=(
        Example(
            {}, ("type", "n"),
            (*(("Gymnase", str(i)) for i in range(8)), ("gymnase ", "9"), ("GYMNASE", "10"), *(("Piscine", str(i)) for i in range(11, 19)), ("École", "1")) * 1,
            (9, 10),
        ),
        Example({}, ("type", "n"), tuple((("École", "Crèche", "A1", "a1")[i % 4], str(i)) for i in range(40)), ()),
        Example(
            {}, ("energie", "n"),
            (*(("Gaz de ville", str(i)) for i in range(9)), ("gaz-de-ville", "9"), *(("Fioul", str(i)) for i in range(6))), (10,),
        ),
    ),
)  # fmt: skip
