"""Texts inside XML: in a query, and here."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from sqlglot.expressions.core import Expr

from parvis.engine import trees as t

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
NOT_XML = r"[\x{0}-\x{8}\x{b}\x{c}\x{e}-\x{1f}\x{fffe}\x{ffff}]"
"""What no XML file may hold, as the engine's regular expressions say it."""
_NOT_XML_HERE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def written(value: Expr) -> Expr:
    """A text value as the content of an element; characters that XML can't hold are dropped."""
    content = value
    for mark, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        content = t.call("replace", content, t.text(mark), t.text(entity))
    return t.call("regexp_replace", content, t.text(NOT_XML), t.text(""), t.text("g"))


def text(value: str) -> str:
    """The same, of a text that is known here."""
    return escape(_NOT_XML_HERE.sub("", value))


def attribute(value: str) -> str:
    """The same between quotes, as the value of an attribute."""
    return quoteattr(_NOT_XML_HERE.sub("", value))
