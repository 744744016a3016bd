"""Which of its three forms a text of RDF is written in."""

from __future__ import annotations

import re


def kind_of(text: str) -> str:
    start = text.lstrip()[:1]
    return (
        "xml"
        if start == "<" and re.match(r"\s*<(\?xml|!DOCTYPE|!--|[\w.-]+:RDF\b|RDF\b)", text)
        else "json-ld"
        if start in ("{", "[")
        else "turtle"
    )
