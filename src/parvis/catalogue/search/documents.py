"""What the index holds of a dataset: its public words, each in three ways, and the values of its facets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import tantivy

from parvis.catalogue import french, vocabularies
from parvis.catalogue.entries import Entry, due
from parvis.core.text import fold

WEIGHTS: Mapping[str, float] = {
    "title": 5.0,
    "keywords": 4.0,
    "organisation": 2.0,
    "description": 1.5,
    "columns": 1.2,
}
"""Fields in order of worth."""

FACETS = ("theme", "organisation", "format", "licence", "keyword")
"""Facets that are words of the index; freshness is reckoned at the time of asking."""

NEVER_DUE = 253_402_300_799
"""Second of the end of the year 9999: a dataset that promises nothing is never late."""


@dataclass(frozen=True, slots=True)
class Document:
    """What the index knows of one dataset: public words and values of facets."""

    id: str
    title: str
    keywords: tuple[str, ...]
    organisation: tuple[str, str]
    """Id and name."""
    description: str
    columns: tuple[str, ...]
    themes: tuple[str, ...]
    formats: tuple[str, ...]
    licence: str
    modified: datetime
    due: datetime | None
    computed: bool = False
    """Services of the city make all of it: by date it comes after what people publish."""


def document(entry: Entry) -> Document:
    """The words of an entry: titles and descriptions of the dataset, its tables and their columns."""
    d = entry.dataset
    descriptions = [
        d.description,
        *(t for i in entry.items for t in (i.resource.title, i.resource.description)),
    ]
    names = [t for c in entry.columns for t in (c.title, c.name.replace("_", " "))]
    themes = [f"{vocabularies.THEMES[t].fr}" for t in d.themes if t in vocabularies.THEMES]
    return Document(
        id=d.id,
        title=d.title,
        keywords=d.keywords,
        organisation=(entry.organisation.id, entry.organisation.name),
        description="\n".join(t for t in descriptions if t),
        columns=tuple(dict.fromkeys(n for n in [*names, *themes] if n)),
        themes=d.themes,
        formats=entry.formats,
        licence=d.licence,
        modified=entry.modified,
        due=due(d.frequency, entry.modified),
        computed=entry.computed,
    )


TEXTS = tuple(WEIGHTS)
WAYS = ("words", "exact", "stem")


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, fast=True, tokenizer_name="raw", index_option="basic")
    for text in TEXTS:
        for way in WAYS:
            builder.add_text_field(f"{way}_{text}", tokenizer_name="words", index_option="freq")
    for facet in FACETS:
        builder.add_text_field(facet, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("sort_title", fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("organisation_name", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("newest", fast=True, indexed=True)
    builder.add_integer_field("due", fast=True, indexed=True)
    return builder.build()


SCHEMA = _schema()
_SNOWBALL = (
    tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw()).filter(tantivy.Filter.stemmer("french")).build()
)


def stem(root: str) -> str:
    """Snowball's French stem of a folded root."""
    stems = _SNOWBALL.analyze(root)
    return stems[0] if stems else root


def _forms(texts: Iterable[str], way: str) -> str:
    """The words of texts in one way, parted by blanks as the index wants them."""
    out: list[str] = []
    for text in texts:
        for unit in french.units(text):
            for word in unit.all:
                if word.stop:
                    continue
                if way == "exact":
                    out.append(word.exact)
                elif way == "stem":
                    out.append(stem(word.root))
                else:
                    out.extend(dict.fromkeys((word.root, word.plain)))
    return " ".join(out)


def stored(d: Document) -> tantivy.Document:
    indexed = tantivy.Document()
    indexed.add_text("id", d.id)
    texts = {
        "title": (d.title, d.id),
        "keywords": d.keywords,
        "organisation": (d.organisation[1],),
        "description": (d.description,),
        "columns": d.columns,
    }
    for text in TEXTS:
        for way in WAYS:
            indexed.add_text(f"{way}_{text}", _forms(texts[text], way))
    values = {
        "theme": d.themes,
        "organisation": (d.organisation[0],),
        "format": d.formats,
        "licence": (d.licence,),
        "keyword": d.keywords,
    }
    for facet in FACETS:
        for value in dict.fromkeys(values[facet]):
            indexed.add_text(facet, value)
    indexed.add_text("sort_title", fold(d.title))
    indexed.add_text("organisation_name", d.organisation[1])
    indexed.add_integer("newest", int(d.modified.timestamp()) - (NEVER_DUE if d.computed else 0))
    indexed.add_integer("due", NEVER_DUE if d.due is None else int(d.due.timestamp()))
    return indexed
