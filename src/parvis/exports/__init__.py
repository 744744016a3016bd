"""Files to take home: the whole table, in each format, as bytes that come as they are made. One module a
format.

A value that does not fit its column's type is never lost: CSV and spreadsheets show its original text; JSON
and Parquet, which are typed, hold null and bring `_raw_<name>` when asked (`Options.raw`).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import lru_cache

from parvis.core.errors import UsageError
from parvis.core.registry import declared
from parvis.core.sentence import Sentence
from parvis.exports.declaration import Exporter, Options

__all__ = ["Exporter", "Options", "exporter", "exporters"]


@lru_cache(maxsize=1)
def exporters() -> Mapping[str, Exporter]:
    """Every format, by name."""
    return declared(sys.modules[__name__], Exporter)


def exporter(name: str) -> Exporter:
    """The format of that name. Raises UsageError, with those there are."""
    match = exporters().get(name)
    if match is None:
        raise UsageError(
            Sentence("Format d’export inconnu : « {name} ».", name=name),
            mend=Sentence("Formats : {list}.", list=", ".join(exporters())),
        )
    return match
