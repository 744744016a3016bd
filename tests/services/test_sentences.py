"""Every sentence of every service is read with none, one and two, with a word that begins with a vowel and with an
h: nothing is counted wrongly, nothing is left unelided.

What stands at a place of a sentence is known from the call that fills it: a number, a day or an hour, or words.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from parvis import services
from parvis.core.language import language

ROOT = Path(services.__file__).parent

NUMBERS = {
    "number",
    "percent",
    "len",
    "round",
    "_pct",
    "_mwh",
    "_tonnes",
    "_min",
    "_m",
    "_minutes",
    "_chance",
}
"""What writes a number."""
DAYS = {"day", "hour", "_hour", "moment", "_moment", "_month", "_day", "short_day"}
"""What writes a day or an hour."""

COUNTED = re.compile(r"(?<![\d,.])\b([01])[ \u00a0\u202f](?P<word>[a-zàâéèêîôûç’-]+)")
INVARIABLE = re.compile(
    r"(?:mois|fois|pas|plus|moins|dans|sur|tous|temps|sous|vers|ans?|sans|puis|très|hors|chances|cas|s)"
)
"""Words that end so whatever their number, « chances », whose numbers are percentages, and the sign of seconds."""
HARD = re.compile(
    r"\b(?:de|le|la|que|ne|se|je|jusque|lorsque|puisque) (?=Abbaye|Hôpital)|\b(?:du|au) (?=Abbaye|Hôpital)",
    re.IGNORECASE,
)
"""What does not stand before a vowel or an h: « de Abbaye »."""


@dataclass(frozen=True)
class Sentence:
    """One sentence, where it is said, and what fills its places."""

    file: str
    one: str
    many: str
    kinds: Mapping[str, str]


DATED = {"first", "last", "since", "until", "start", "end", "year", "day"}
"""Places of years, days and hours, whatever they are called where they come from."""
NUMBERED = {"number", "low", "high", "code", "cycle"}

GUARDED = {
    "moyenne d’une heure, %(n)s heures de suite",  # said from two hours on
    "%(n)s lieux ouverts à %(hour)s pour %(what)s.",  # one place is said by its name
    "Les %(n)s premières ; toutes sont dans les fichiers.",  # a constant of sixty
    "Intervalle à 95 %% sur %(n)s tirages : %(low)s à %(high)s %%.",  # said from two draws on
}
"""Sentences that are said for several only, by the code around them."""


def kind(value: ast.expr, name: str = "") -> str:
    """What an expression writes at the place of that name."""
    if isinstance(value, ast.Call):
        called = value.func.attr if isinstance(value.func, ast.Attribute) else getattr(value.func, "id", "")
        if called in NUMBERS:
            return "number"
        if called in DAYS:
            return "day"
    if isinstance(value, ast.Constant) and isinstance(value.value, int | float):
        return "number"
    if name in DATED or name in NUMBERED:
        return "day" if name in DATED else "number"
    if isinstance(value, ast.Subscript | ast.Name | ast.Attribute):
        text = ast.unparse(value)
        if re.search(r"annee|year|_pct|code|first\b|low|high|part|level|week", text):
            return "number"
    return "words"


def sentences() -> Iterator[Sentence]:
    for file in sorted(ROOT.rglob("*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        values = {
            key.value: kind(value, key.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Dict)
            for key, value in zip(node.keys, node.values, strict=True)
            if isinstance(key, ast.Constant) and isinstance(key.value, str)
        }
        for node in ast.walk(tree):
            if not (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("say", "count")
            ):
                continue
            texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            if not texts:
                continue
            one, many = (
                (texts[0], texts[1]) if node.func.attr == "count" and len(texts) > 1 else (texts[0], "")
            )
            given = {k.arg: kind(k.value, k.arg) for k in node.keywords if k.arg}
            names = re.findall(r"%\((\w+)\)s", one + many)
            kinds = {name: given.get(name, values.get(name, "words")) for name in names}
            yield Sentence(
                file.relative_to(ROOT).as_posix(), one, many, kinds | ({"n": "number"} if many else {})
            )


EVERY = tuple(sentences())


def read(said: Sentence, n: int, word: str) -> str:
    """The sentence with its places filled, as the French page says it."""
    french = language("fr")
    of = {"number": str(n), "day": "3 mars 2026", "words": word}
    values = {name: of[what] for name, what in said.kinds.items()}
    if said.many:
        return french.count(said.one, said.many, n, **{k: v for k, v in values.items() if k != "n"})
    return french.say(said.one, **values) if values else said.one


def test_sentences_are_found() -> None:
    assert len(EVERY) > 300
    assert {s.file.partition("/")[0] for s in EVERY} >= {
        "air",
        "eau",
        "soins",
        "sorties",
        "velos",
        "finances",
    }


@pytest.mark.parametrize("n", [0, 1])
def test_none_and_one_are_singular(n: int) -> None:
    """« 1 station », never « 1 stations »; none counts as one in French."""
    wrong = [
        f"{s.file}: {said}"
        for s in EVERY
        if s.one not in GUARDED
        for said in [read(s, n, "Abbaye")]
        for found in COUNTED.finditer(said)
        if re.search(r"[sx]$", found["word"]) and not INVARIABLE.fullmatch(found["word"])
    ]
    assert wrong == []


def test_two_are_plural() -> None:
    """A sentence that counts says another word for two than for one."""
    counting = [s for s in EVERY if s.many]
    assert len(counting) > 10
    assert [s.one for s in counting if read(s, 2, "Abbaye") == read(s, 1, "Abbaye").replace("1", "2")] == []


@pytest.mark.parametrize("word", ["Abbaye", "Hôpital"])
def test_what_is_named_is_elided(word: str) -> None:
    """« de Abbaye » is never said: names stand where nothing has to be elided."""
    wrong = [f"{s.file}: {said}" for s in EVERY if HARD.search(said := read(s, 2, word))]
    assert wrong == []
