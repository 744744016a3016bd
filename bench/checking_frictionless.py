"""Run by the environment of frictionless: `python checking_frictionless.py FILE SCHEMA`. Prints its counts by
kind and field.
"""

import json
import os
import sys
from collections import Counter
from importlib.metadata import version
from pathlib import Path

from frictionless import Dialect, Resource, Schema
from frictionless.formats import CsvControl

table, schema = sys.argv[1:]
with open(schema, encoding="utf-8") as file:
    said = Schema.from_descriptor(json.load(file))
os.chdir(Path(table).parent)  # it takes no absolute path
resource = Resource(path=Path(table).name, schema=said, dialect=Dialect(controls=[CsvControl(delimiter=";")]))
report = resource.validate(limit_errors=10_000_000)
counts = Counter((e.type, getattr(e, "field_name", "") or "") for t in report.tasks for e in t.errors)
print(
    json.dumps(
        {"version": version("frictionless"), "counts": [[k, f, n] for (k, f), n in sorted(counts.items())]}
    )
)
