"""What the sources of a service name: enough to know, without loading it, that nothing in a city is for it.

A service says which resources it reads, and the schemas that such resources follow, in plain texts of its own
files. A command that publishes a file asks here whether any service may be concerned before it loads them.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from parvis import services

_TEXT = re.compile(r'"([\w@.-]+(?:/[\w@.-]+)*)"')


@cache
def named() -> frozenset[str]:
    """Every text in the files of services that could be the id of a resource or the name of a schema."""
    files = sorted(file for root in services.__path__ for file in Path(root).rglob("*.py"))
    return frozenset(text for file in files for text in _TEXT.findall(file.read_text("utf-8")))
