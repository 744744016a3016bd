"""A document to keep or print, as PDF/UA-1: tagged, in its language, with real text, so that a screen reader
reads it too. Set by Typst, without network.

What people wrote comes in as data and never as markup (`core.pdf`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from parvis.core.pdf import typeset
from parvis.core.text import printable

SOURCE = b"""
#let said = json(bytes(sys.inputs.said))
#set document(title: said.title, author: said.author, date: none)
#set text(lang: said.language, size: 10pt, hyphenate: true)
#set page(paper: "a4", margin: 2cm, numbering: "1 / 1")
#show heading.where(level: 1): set text(size: 13pt)
#title(said.title)
#said.opening
#for part in said.parts [
  #heading(level: 1, part.title)
  #if part.facts.len() > 0 {
    table(columns: (1fr, 2fr), stroke: 0.4pt, table.header(..said.head.map(x => strong(x))), ..part.facts.flatten().map(x => [#x]))
  }
]
"""


@dataclass(frozen=True, slots=True)
class Part:
    """One heading, and what is said below it: label and text."""

    title: str
    facts: tuple[tuple[str, str], ...]


def pdf(
    title: str, parts: Sequence[Part], *, language: str, author: str, opening: str, head: tuple[str, str]
) -> bytes:
    """The document. head: names of the two columns of every table."""
    told = [{"title": _named(p.title), "facts": [[label, text] for label, text in p.facts]} for p in parts]
    return typeset(
        SOURCE,
        {
            "title": _named(title),
            "language": language,
            "author": author,
            "opening": opening,
            "head": list(head),
            "parts": told,
        },
    )


def _named(title: str) -> str:
    """A title that is there: PDF/UA has no document and no heading without one."""
    return printable(title).strip() or "–"
