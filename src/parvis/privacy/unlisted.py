"""Columns of people that speak of their private life in words that no vocabulary lists.

In a table of people whatever differs from row to row is theirs. A text that comes again tells a kind: of a
service, a place, a thing, a step of a file, which may stay, or of somebody. `families` says which, by how like
the cells and the header are to phrases of either.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from parvis.core.types import Sensitivity
from parvis.privacy.cells import number_filled, those
from parvis.privacy.declaration import stars
from parvis.privacy.detection import Detection
from parvis.privacy.families import private
from parvis.privacy.looking import SURE, Look, message_of
from parvis.privacy.people import Named
from parvis.privacy.private_life import KINDS, LOUD, READ, private_life
from parvis.privacy.rows import About
from parvis.privacy.vocabulary import known_vocabularies


def unlisted(
    look: Look, names: Mapping[str, Named], about: About, rows: int, known: Collection[str]
) -> Iterator[Detection]:
    """What no vocabulary has told in a table of people. known: columns of which something was told already."""
    if about.past or about.counts or about.ground or about.candidacies or (about.bodies and about.apart):
        return
    for column in look.schema.columns:
        if column.name in names or column.name in known or column.name in about.grounds:
            continue
        sure, of = private_life(look, column, rows)
        if sure < SURE:
            continue
        each = known_vocabularies()[KINDS[of]]
        values = [v for v in look.values(column.name, READ) if private(v) >= LOUD]
        count, first = (
            those(look.con, look.paths, column.name, values, stars) if values else look.filled(column.name)
        )
        cells = number_filled(look.con, look.paths, column.name)
        yield Detection(
            each.name,
            column.name,
            each.sensitivity,
            Sensitivity.DIRECT if each.sensitivity is Sensitivity.INDIRECT else each.sensitivity,
            "error",
            count,
            cells,
            sure,
            message_of(each.title, column.name, count, cells),
            each.article,
            first,
        )
