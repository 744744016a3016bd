"""A document to keep or print, as PDF/UA-1: tagged, in its language, with real text, so that a screen reader reads it too. Set by Typst, without network.

What people wrote comes in as data and never as markup.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import typst

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


def pdf(title: str, parts: Sequence[Part], *, language: str, author: str, opening: str, head: tuple[str, str]) -> bytes:
    """The document. head: names of the two columns of every table."""
    said = {"title": title, "language": language, "author": author, "opening": opening, "head": head, "parts": [asdict(p) for p in parts]}
    return typst.compile(SOURCE, format="pdf", sys_inputs={"said": json.dumps(said)}, ignore_system_fonts=True, pdf_standards=["ua-1"])
