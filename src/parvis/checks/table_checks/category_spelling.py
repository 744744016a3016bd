"""One category spelt in several ways: « Gymnase », « gymnase  », « GYMNASE ». Counts and filters take them
for three.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from parvis.checks.declaration import Check, English, Example
from parvis.checks.similarity import bare, near
from parvis.checks.sql import one_of
from parvis.checks.typed_view import IDENTIFIERS, PLACES, RuleHit, TypedView, cell
from parvis.core.text import french_number

MANY = 1000
"""Distinct values above which a column is no list of categories."""
REPEATED = 3
"""Rows a value, in the mean, from which a column is one."""


def _look(view: TypedView) -> Iterator[RuleHit]:
    for column, known in view.columns("text"):
        filled = view.rows - known.nulls
        named = (
            view.series is not None and column.name in view.series.keys
        )  # names of sensors: two of them may differ by an accent alone
        if (
            column.meaning in IDENTIFIERS | PLACES
            or not 2 <= known.distinct <= MANY
            or filled < REPEATED * known.distinct
        ):
            continue
        groups: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        for value, count in view.values(column.name).items():
            if sum(c.isalpha() for c in value) >= 3:
                groups[bare(value)].append((count, value))
        _slips(groups)
        mixed = [
            sorted(spellings, key=lambda s: (-s[0], s[1]))
            for spellings in groups.values()
            if len(spellings) > 1
        ]
        mixed = [m for m in mixed if not named or all(rare(count, m[0][0]) for count, _ in m[1:])]
        late = [value for spellings in mixed for _, value in spellings[1:]]
        hit = view.where(one_of(cell(column.name), tuple(late)), column.name) if late else None
        if hit is not None:
            first = max(mixed, key=lambda spellings: sum(c for c, _ in spellings))
            variants = ", ".join(f"« {value} » ({french_number(count)})" for count, value in first[:4])
            yield RuleHit(
                column.name,
                hit.count,
                hit.rows,
                {"n": french_number(hit.count), "shown": variants, "kept": f"« {first[0][1]} »"},
            )


def rare(count: int, beside: int) -> bool:
    """Whether a value of so few rows, beside one of so many, may be a slip rather than a thing of its own."""
    return count <= SLIPS and beside >= TIMES * count


def _slips(groups: dict[str, list[tuple[int, str]]]) -> None:
    """Join the rare values that are one slip of the hand away from a frequent one to its group."""
    weight = {word: sum(count for count, _ in spellings) for word, spellings in groups.items()}
    frequent = [word for word, count in weight.items() if count >= TIMES]
    if len(weight) > FEW_WORDS:
        return
    for word in [w for w, count in weight.items() if count <= SLIPS]:
        close = [
            f
            for f in frequent
            if rare(weight[word], weight[f])
            and (near(word, f) or word in (f + "s", f + "x") or f in (word + "s", word + "x"))
        ]
        if len(close) == 1:
            groups[close[0]].extend(groups.pop(word))


SLIPS, TIMES = 3, 10
"""Rows of a slip at most, and how many times as many rows the right spelling has."""
FEW_WORDS = 200
"""Distinct words up to which slips are looked for: every rare one is compared with every frequent one."""

category_spelling = Check(
    name="category-spelling",
    title="Catégorie écrite de plusieurs façons",
    message="Colonne « {column} » : cellules qui écrivent autrement une même catégorie : {n}, par exemple {shown}.",
    fix="Écrivez chaque catégorie toujours de la même façon, la plus fréquente : {kept}.",
    why="Un filtre ou un compte par catégorie oublie les autres écritures.",
    english=English(
        title="Category spelt in several ways",
        message="Column “{column}”: cells that spell one category in another way: {n}, for instance {shown}.",
        fix="Always spell each category in the same way, the most frequent one: {kept}.",
        why="A filter or a count by category forgets the other spellings.",
    ),
    severity="warning",
    dimension="consistency",
    look=_look,
    examples=(
        Example(
            {},
            ("type", "n"),
            (
                *(("Gymnase", str(i)) for i in range(8)),
                ("gymnase ", "9"),
                ("GYMNASE", "10"),
                *(("Piscine", str(i)) for i in range(11, 19)),
                ("École", "1"),
            )
            * 1,
            (9, 10),
        ),
        Example(
            {},
            ("type", "n"),
            (
                *(("Piscine", str(i)) for i in range(20)),
                ("Picsine", "20"),
                ("Piscines", "21"),
                *(("Marché", str(i)) for i in range(12)),
                ("Marche", "9"),
            ),
            (21, 22, 35),
        ),
        Example(
            {}, ("type", "n"), tuple((("École", "Crèche", "A1", "a1")[i % 4], str(i)) for i in range(40)), ()
        ),
        Example(
            {},
            ("energie", "n"),
            (
                *(("Gaz de ville", str(i)) for i in range(9)),
                ("gaz-de-ville", "9"),
                *(("Fioul", str(i)) for i in range(6)),
            ),
            (10,),
        ),
    ),
)
