"""Columns that tell a special or secret kind by their words, where the rows are of what it speaks of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from parvis.core.text import fold
from parvis.core.types import Sensitivity
from parvis.privacy import vocabulary
from parvis.privacy.cells import number_filled, those
from parvis.privacy.confidence import confidence
from parvis.privacy.declaration import stars
from parvis.privacy.detection import Detection
from parvis.privacy.headers import says_count, says_trade, spoken
from parvis.privacy.looking import LABEL, SURE, WORDS, Look, message_of
from parvis.privacy.people import Named
from parvis.privacy.rows import About
from parvis.privacy.vocabulary import Vocabulary, known_vocabularies


def worded(
    look: Look, names: Mapping[str, Named], about: About, *, borne: bool = False
) -> Iterator[Detection]:
    """borne: whether each row bears what points at one person, a plate, though it is of what happened."""
    persons = about.persons or borne
    wanted = [v for v in known_vocabularies().values() if _concerns(v, about, persons)]
    named_kinds: set[str] = set()
    unsaid: list[tuple[str, Vocabulary]] = []
    for column in look.schema.columns:
        if column.name in names or not wanted or says_trade(column.name):
            continue
        header = spoken(column.name)
        counted = says_count(column.name) or (
            column.type in ("integer", "number") and header.startswith("nb")
        )
        values = {v: fold(v) for v in look.values(column.name, WORDS)}
        labels = sum(v.count(" ") <= LABEL for v in values) >= 0.6 * len(
            values
        )  # in the sentences of a plan such words are its subjects
        for each in wanted:
            theirs = each.of != "people" or persons
            by_header = theirs and vocabulary.says(each, header, numbers=vocabulary.may_be_amounts(values))
            words = vocabulary.worded(each, values, at_home=not theirs) if values else []
            share = min(1.0, len(words) / len(values)) if values and (each.alone or len(words) > 1) else 0.0
            # one row in ten that tells an illness tells somebody's
            some = (
                each.of == "people"
                and (about.named or labels)
                and (len(words) > 1 or (each.alone and share >= SOME))
            )
            sure = confidence(
                "vocabulary",
                {"header": by_header, "worded": max(share, 0.5) if some else share, "counted": counted},
            )
            if sure >= SURE:
                named_kinds.add(each.name)
                yield _worded(look, column.name, each, words, sure, by_header=by_header, theirs=persons)
            elif theirs and not counted and vocabulary.nearly(each, header):
                unsaid.append((column.name, each))
    for name, each in unsaid:
        if each.name in named_kinds:
            yield _worded(
                look, name, each, (), confidence("vocabulary", {"header": 1}), by_header=True, theirs=persons
            )


SOME = 0.1
"""Share of the distinct values of a column that, beside people, speaks of each of them."""


def _concerns(each: Vocabulary, about: About, persons: bool) -> bool:
    """Whether a table is about what a vocabulary speaks of. Elected people's opinions are public; where a
    crime was, its victim may live.
    """
    if each.of == "people" and (
        about.past or about.counts or (about.candidacies and each.name == "politics")
    ):
        return False
    if each.of == "people":
        return (persons and not about.elected) or (about.incidents and bool(each.at_home))
    if each.of == "sites":
        return about.placed
    return each.of == "anything" or about.bodies


def _worded(
    look: Look,
    name: str,
    each: Vocabulary,
    words: Sequence[str],
    sure: float,
    *,
    by_header: bool,
    theirs: bool,
) -> Detection:
    cells = number_filled(look.con, look.paths, name)
    count, rows = look.filled(name) if by_header else those(look.con, look.paths, name, words, stars)
    message = message_of(each.title, name, count, cells)
    own = (
        theirs and each.of == "people" and each.sensitivity is Sensitivity.INDIRECT
    )  # in the row of one person, it is that person's
    level: Sensitivity = Sensitivity.DIRECT if own else each.sensitivity
    return Detection(
        each.name,
        name,
        each.sensitivity,
        level,
        "error" if own else each.severity,
        count,
        cells,
        sure,
        message,
        each.article,
        rows,
    )
