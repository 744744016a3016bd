"""A dataset as other portals will see it, and the points that they will give: its reading, the nine criteria,
the 23 indicators.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from parvis.catalogue import data_gouv, dcat, mqa
from parvis.catalogue.data_gouv import Reading
from parvis.catalogue.entries import Catalogue, Entry
from parvis.catalogue.mqa import Answers, Mqa, Tally
from parvis.catalogue.scores import Score, score


@dataclass(frozen=True, slots=True)
class Described:
    """One dataset, read and scored. counted: its tallies, for the score of the catalogue. addresses: what was
    to be asked.
    """

    entry: Entry
    reading: Reading
    nine: Score
    mqa: Mqa
    counted: Mapping[str, Tally]
    addresses: tuple[str, ...]


def describe(catalogue: Catalogue, entry: Entry, answers: Answers, now: datetime) -> Described:
    """Read and score a dataset from the DCAT that we serve. answers: address to whether it answered; those
    never asked are absent.
    """
    graph, name = dcat.one(catalogue, entry), dcat.dataset_iri(catalogue.links, entry.id)
    reading = data_gouv.read(graph, name, now=now)
    answered = [answers.get(r.url) for r in reading.accepted]
    available = False if False in answered else None if None in answered else True
    return Described(
        entry,
        reading,
        score(reading, now, available=available),
        mqa.of_dataset(graph, name, answers),
        mqa.tallies(graph, name, answers),
        mqa.addresses(graph, name),
    )


def whole(described: Sequence[Described]) -> Mqa:
    """The score of the catalogue."""
    return mqa.of_catalogue([d.counted for d in described])
